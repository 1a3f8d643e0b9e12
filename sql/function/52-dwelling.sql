-- dwelling: what a dwelling can be, and what it can be part of.

CREATE OR REPLACE FUNCTION residency.dwelling_rank(kind text)
    RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT pg_catalog.array_position('{building,unit,room,bed}'::text[], kind) $$;
COMMENT ON FUNCTION residency.dwelling_rank(text) IS
    'Place of a kind in the order building, unit, room, bed (房屋层级): 1 to 4';

CREATE OR REPLACE FUNCTION residency.dwelling_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        at    constant text := 'registry.dwelling';
        whole text;
    BEGIN
        NEW.address := btrim(NEW.address, E' \t\u3000\u00a0');
        IF residency.is_plain_text(NEW.address, 200) IS NOT TRUE THEN
            PERFORM residency.refuse('RG057', '{}', at, 'address');
        END IF;
        NEW.kind := residency.checked_code('dwelling_kind', NEW.kind, at, 'kind');
        NEW.let_state := residency.checked_code('let_state', NEW.let_state, at, 'let_state');
        NEW.rental_kind := residency.checked_code('rental_kind', NEW.rental_kind, at, 'rental_kind');
        IF NEW.usable_area NOT BETWEEN 1 AND 100000 THEN
            PERFORM residency.refuse('RG055', ARRAY[NEW.usable_area::text], at, 'usable_area');
        END IF;
        IF NEW.safety_letter_on > residency.today() THEN
            PERFORM residency.refuse('RG056', ARRAY[NEW.safety_letter_on::text, residency.today()::text], at, 'safety_letter_on');
        END IF;
        IF ST_IsEmpty(NEW.location) OR NOT residency.is_on_earth(NEW.location) THEN
            PERFORM residency.refuse('RG054', ARRAY[COALESCE(ST_X(NEW.location)::text, '-'), COALESCE(ST_Y(NEW.location)::text, '-')],
                                     at, 'location');
        END IF;
        IF (TG_OP = 'INSERT' OR NEW.division::bigint <> OLD.division::bigint)
           AND (residency.level(NEW.division) <> 5
                OR NOT EXISTS (SELECT FROM code.division d
                               WHERE d.division OPERATOR(residency.=) NEW.division AND d.period @> residency.today())) THEN
            PERFORM residency.refuse('RG053', ARRAY[NEW.division::text], at, 'division');
        END IF;
        IF NEW.parent_id IS NOT NULL THEN
            -- The parent's kind must not change under the part. It is there before its parts: a row that comes
            -- later, or is its own parent, would be seen by the foreign key alone, which knows no kinds.
            SELECT p.kind INTO whole FROM registry.dwelling p WHERE p.dwelling_id = NEW.parent_id FOR SHARE;
            IF NOT FOUND THEN
                PERFORM residency.refuse('RG011', ARRAY[NEW.parent_id::text], at, 'parent_id');
            ELSIF residency.dwelling_rank(NEW.kind) <= residency.dwelling_rank(whole) THEN
                PERFORM residency.refuse('RG052', ARRAY[NEW.kind, whole], at, 'parent_id');
            END IF;
        END IF;
        IF TG_OP = 'UPDATE' AND NEW.kind <> OLD.kind THEN
            SELECT p.kind INTO whole FROM registry.dwelling p
            WHERE p.parent_id = NEW.dwelling_id AND residency.dwelling_rank(p.kind) <= residency.dwelling_rank(NEW.kind);
            IF FOUND THEN
                PERFORM residency.refuse('RG052', ARRAY[whole, NEW.kind], at, 'kind');
            END IF;
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.dwelling_guard() IS
    'Trigger of registry.dwelling (房屋校验): what one dwelling must be (RG006, RG011, RG052-RG057)';

CREATE OR REPLACE FUNCTION residency.dwelling_place()
    RETURNS trigger
    LANGUAGE c AS 'MODULE_PATHNAME', 'residency_dwelling_place';
COMMENT ON FUNCTION residency.dwelling_place() IS
    'Trigger of registry.dwelling (房屋归属网格): the grid that covers the location; without a location that of the whole, which has its own from its whole';

CREATE OR REPLACE FUNCTION residency.dwelling_place_parts()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET enable_seqscan = off
    AS $$
    BEGIN
        -- Its own update fires it again for the next level; one without rows ends that.
        IF EXISTS (SELECT FROM changed) THEN
            -- One plan for one dwelling and for a hundred thousand: an array, as a join could be in the wrong order, and
            -- num_nulls(), as IS NULL could use the index on location. The whole as it is now: another trigger may have changed it.
            UPDATE registry.dwelling part
            SET grid_id = (SELECT whole.grid_id FROM registry.dwelling whole WHERE whole.dwelling_id = part.parent_id)
            WHERE part.parent_id = ANY (ARRAY(SELECT changed.dwelling_id FROM changed)) AND num_nulls(part.location) = 1
              AND part.grid_id IS DISTINCT FROM
                  (SELECT whole.grid_id FROM registry.dwelling whole WHERE whole.dwelling_id = part.parent_id);
        END IF;
        RETURN NULL;
    END $$;
COMMENT ON FUNCTION residency.dwelling_place_parts() IS
    'Statement trigger of registry.dwelling (下属房屋随整体归属网格): parts without a location follow the grid of their whole';

CREATE OR REPLACE FUNCTION residency.part_lock(keys bigint[])
    RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET enable_seqscan = off
    AS $$
    DECLARE
        level bigint[] := keys;
        parts bigint[] := ARRAY[]::bigint[];
    BEGIN
        LOOP
            level := ARRAY(SELECT part.dwelling_id FROM registry.dwelling part
                           WHERE part.parent_id = ANY (level) AND num_nulls(part.location) = 1);
            EXIT WHEN level = '{}';
            parts := parts || level;
        END LOOP;
        PERFORM FROM registry.dwelling d
        WHERE d.dwelling_id = ANY (parts)
        ORDER BY residency.dwelling_rank(d.kind) DESC, d.dwelling_id
        FOR NO KEY UPDATE;
    END $$;
COMMENT ON FUNCTION residency.part_lock(bigint[]) IS
    'Locks the parts that will follow these dwellings into another grid, from the inside out and before their wholes, as arrivals do (下属房屋加锁)';

CREATE OR REPLACE FUNCTION residency.place_parts()
    RETURNS bigint
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    -- whole tables are joined, whatever the planner thinks how few rows there are
    SET enable_nestloop = off
    AS $$
    DECLARE
        mended bigint;
    BEGIN
        WITH RECURSIVE placed AS (
            SELECT d.dwelling_id, CASE WHEN d.location IS NOT NULL THEN d.grid_id END AS grid_id
            FROM registry.dwelling d
            WHERE d.location IS NOT NULL OR d.parent_id IS NULL
            UNION ALL
            SELECT part.dwelling_id, placed.grid_id
            FROM placed JOIN registry.dwelling part ON part.parent_id = placed.dwelling_id
            WHERE part.location IS NULL
        )
        UPDATE registry.dwelling d
        SET grid_id = placed.grid_id
        FROM placed
        WHERE d.dwelling_id = placed.dwelling_id AND d.grid_id IS DISTINCT FROM placed.grid_id;
        GET DIAGNOSTICS mended = ROW_COUNT;
        RETURN mended;
    END $$;
COMMENT ON FUNCTION residency.place_parts() IS
    'Gives every dwelling without a location the grid of the nearest whole that has one (下属房屋归属网格修正); how many changed. The triggers keep it so; this mends what they did not see';

CREATE OR REPLACE FUNCTION residency.area_allows(usable_area numeric, division residency.division_code, "on" date)
    RETURNS integer
    LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_area_allows';
COMMENT ON FUNCTION residency.area_allows(numeric, residency.division_code, date) IS
    'How many may live on a usable area in m² (面积可住人数), by policies area_per_person_single and area_per_person_shared; NULL: no limit known';

CREATE OR REPLACE FUNCTION residency.kind_allows(kind text, division residency.division_code, "on" date)
    RETURNS integer
    LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_kind_allows';
COMMENT ON FUNCTION residency.kind_allows(text, residency.division_code, date) IS
    'How many may live in one room or bed (房间、床位人数上限), by policies room_limit and bed_limit; NULL: no limit';

CREATE OR REPLACE FUNCTION residency.dwelling_residents(dwelling bigint)
    RETURNS TABLE (residents integer)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
        SELECT count(*)::integer
        FROM registry.dwelling_part part
        JOIN registry.residence r ON r.dwelling_id = part.dwelling_id
        WHERE part.whole_id = dwelling AND residency.residence_is_current(r.state)
    $$;
COMMENT ON FUNCTION residency.dwelling_residents(bigint) IS
    'How many live in a dwelling and all its parts now (在住人数)';

CREATE OR REPLACE FUNCTION residency.needs_letter(let_state text, division residency.division_code, "on" date)
    RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
        SELECT let_state IN ('let', 'lettable') AND residency.policy_bool('safety_letter_needed', division, "on")
    $$;
COMMENT ON FUNCTION residency.needs_letter(text, residency.division_code, date) IS
    'Whether people may live in a dwelling only with a safety letter (须签订治安责任书): where it is let, by policy safety_letter_needed';

CREATE OR REPLACE FUNCTION residency.dwelling_lock(keys bigint[])
    RETURNS void
    LANGUAGE plpgsql
    SET plan_cache_mode = force_generic_plan
    AS $$
    BEGIN
        PERFORM FROM registry.dwelling d
        WHERE d.dwelling_id IN (SELECT unnest(standing.whole_ids)
                                FROM unnest(keys) AS k(dwelling_id)
                                JOIN registry.dwelling_standing standing ON standing.dwelling_id = k.dwelling_id)
        ORDER BY residency.dwelling_rank(d.kind) DESC, d.dwelling_id
        FOR NO KEY UPDATE;
    END $$;
COMMENT ON FUNCTION residency.dwelling_lock(bigint[]) IS
    'Locks dwellings and what they are part of, from the inside out as arrivals do (房屋加锁): who lives in them is judged by one transaction at a time';

CREATE OR REPLACE FUNCTION residency.dwelling_violation(keys bigint[])
    RETURNS TABLE (code text, facts text[], at_table text, at_column text)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
        SELECT broken.code, broken.facts, 'registry.dwelling', broken.at_column
        FROM unnest(keys) AS k(dwelling_id)
        JOIN registry.dwelling d ON d.dwelling_id = k.dwelling_id
        JOIN registry.dwelling_standing AS whole ON whole.dwelling_id = d.dwelling_id
        CROSS JOIN LATERAL residency.dwelling_residents(d.dwelling_id) AS inside
        CROSS JOIN LATERAL (
            SELECT 'RG050', ARRAY[d.dwelling_id::text, inside.residents::text,
                                  CASE WHEN whole.prohibited_id IS NOT NULL THEN 'prohibited' ELSE 'demolished' END],
                   CASE WHEN d.dwelling_id IN (whole.prohibited_id, whole.demolished_id) THEN 'let_state' ELSE 'parent_id' END
            WHERE inside.residents > 0 AND COALESCE(whole.prohibited_id, whole.demolished_id) IS NOT NULL
            UNION ALL
            SELECT 'RG058', ARRAY[d.dwelling_id, inside.residents]::text[], 'safety_letter_on'
            FROM registry.dwelling_part part
            JOIN registry.dwelling home ON home.dwelling_id = part.dwelling_id
            JOIN registry.dwelling_standing standing ON standing.dwelling_id = home.dwelling_id
            WHERE part.whole_id = d.dwelling_id
              AND standing.letter_on IS NULL
              AND residency.needs_letter(home.let_state, home.division, residency.today())
              AND EXISTS (SELECT FROM registry.residence r
                          WHERE r.dwelling_id = home.dwelling_id AND residency.residence_is_current(r.state))
            UNION ALL
            SELECT 'RG052', ARRAY[part.kind, d.kind], 'kind'
            FROM registry.dwelling part
            WHERE part.parent_id = d.dwelling_id AND residency.dwelling_rank(part.kind) <= residency.dwelling_rank(d.kind)
        ) AS broken (code, facts, at_column)
    $$;
COMMENT ON FUNCTION residency.dwelling_violation(bigint[]) IS
    'Which of these dwellings have residents though their state, or that of what they are part of, forbids it (有人在住房屋裁决): RG050 prohibited or demolished, RG058 left without a safety letter; and which have parts of their own kind: RG052';

CREATE OR REPLACE FUNCTION residency.dwelling_keep()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        IF EXISTS (SELECT FROM registry.residence r WHERE r.dwelling_id = OLD.dwelling_id)
           OR EXISTS (SELECT FROM registry.dwelling d WHERE d.parent_id = OLD.dwelling_id) THEN
            PERFORM residency.refuse('RG051', ARRAY[OLD.dwelling_id::text], 'registry.dwelling');
        END IF;
        RETURN OLD;
    END $$;
COMMENT ON FUNCTION residency.dwelling_keep() IS 'Trigger of registry.dwelling (有记录的房屋不得删除): RG051';
