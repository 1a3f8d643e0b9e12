-- dwelling: what a dwelling can be, and what it can be part of.

CREATE OR REPLACE FUNCTION residency.dwelling_rank(kind text)
    RETURNS integer
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
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
        PERFORM residency.require_code('dwelling_kind', NEW.kind, at, 'kind'),
                residency.require_code('let_state', NEW.let_state, at, 'let_state'),
                residency.require_code('rental_kind', NEW.rental_kind, at, 'rental_kind');
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
            -- the parent's kind must not change under the part
            SELECT p.kind INTO whole FROM registry.dwelling p WHERE p.dwelling_id = NEW.parent_id FOR SHARE;
            IF FOUND AND residency.dwelling_rank(NEW.kind) <= residency.dwelling_rank(whole) THEN
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
    'Trigger of registry.dwelling (房屋校验): what one dwelling must be (RG006, RG052-RG057)';

CREATE OR REPLACE FUNCTION residency.dwelling_place()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        NEW.grid_id := residency.grid_at(NEW.location);
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.dwelling_place() IS
    'Trigger of registry.dwelling (房屋归属网格): the grid that covers the location';

CREATE OR REPLACE FUNCTION residency.dwelling_and_parts(wholes bigint[])
    RETURNS TABLE (whole_id bigint, dwelling_id bigint)
    LANGUAGE sql STABLE
    AS $$
        WITH RECURSIVE part AS (
            SELECT w.dwelling_id AS whole_id, w.dwelling_id FROM pg_catalog.unnest(wholes) AS w(dwelling_id)
            UNION ALL
            SELECT part.whole_id, d.dwelling_id
            FROM part JOIN registry.dwelling d ON d.parent_id = part.dwelling_id
        )
        SELECT part.whole_id, part.dwelling_id FROM part
    $$;
COMMENT ON FUNCTION residency.dwelling_and_parts(bigint[]) IS
    'Each of these dwellings with itself and everything that is part of it (房屋及其下属房屋)';

CREATE OR REPLACE FUNCTION residency.dwelling_and_wholes(parts bigint[])
    RETURNS TABLE (part_id bigint, dwelling_id bigint)
    LANGUAGE sql STABLE
    AS $$
        WITH RECURSIVE whole AS (
            SELECT p.dwelling_id AS part_id, p.dwelling_id FROM pg_catalog.unnest(parts) AS p(dwelling_id)
            UNION ALL
            SELECT whole.part_id, d.parent_id
            FROM whole JOIN registry.dwelling d ON d.dwelling_id = whole.dwelling_id
            WHERE d.parent_id IS NOT NULL
        )
        SELECT whole.part_id, whole.dwelling_id FROM whole
    $$;
COMMENT ON FUNCTION residency.dwelling_and_wholes(bigint[]) IS
    'Each of these dwellings with itself and everything that it is part of (房屋及其所属房屋)';

CREATE OR REPLACE FUNCTION residency.dwelling_lock(keys bigint[])
    RETURNS void
    LANGUAGE sql VOLATILE
    AS $$
        SELECT FROM registry.dwelling d
        WHERE d.dwelling_id = ANY (ARRAY(SELECT w.dwelling_id FROM residency.dwelling_and_wholes(keys) w))
        ORDER BY d.dwelling_id
        FOR NO KEY UPDATE
    $$;
COMMENT ON FUNCTION residency.dwelling_lock(bigint[]) IS
    'Locks dwellings and what they are part of, in the order of their keys (房屋加锁): who lives in them is judged by one transaction at a time';

CREATE OR REPLACE FUNCTION residency.dwelling_without_letter(homes bigint[], "on" date)
    RETURNS TABLE (dwelling_id bigint)
    LANGUAGE sql STABLE
    AS $$
        SELECT home.dwelling_id
        FROM registry.dwelling home
        WHERE home.dwelling_id = ANY (homes)
          AND home.let_state IN ('let', 'lettable')
          AND home.safety_letter_on IS NULL
          AND residency.policy_bool('safety_letter_needed', home.division, "on")
          AND NOT EXISTS (SELECT FROM residency.dwelling_and_wholes(ARRAY[home.parent_id]) w
                          JOIN registry.dwelling d ON d.dwelling_id = w.dwelling_id
                          WHERE d.safety_letter_on IS NOT NULL)
    $$;
COMMENT ON FUNCTION residency.dwelling_without_letter(bigint[], date) IS
    'Which of these dwellings are let, need a safety letter by policy, and have none of their own nor on what they are part of (缺治安责任书)';

CREATE OR REPLACE FUNCTION residency.area_allows(usable_area numeric, division residency.division_code, "on" date)
    RETURNS integer
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
        SELECT CASE
            WHEN usable_area / residency.policy_numeric('area_per_person_shared', division, "on") >= 2
                THEN floor(usable_area / residency.policy_numeric('area_per_person_shared', division, "on"))
            WHEN residency.policy_numeric('area_per_person_single', division, "on") IS NULL THEN NULL
            WHEN usable_area >= residency.policy_numeric('area_per_person_single', division, "on") THEN 1
            WHEN usable_area IS NOT NULL THEN 0
        END::integer
    $$;
COMMENT ON FUNCTION residency.area_allows(numeric, residency.division_code, date) IS
    'How many may live on a usable area in m² (面积可住人数), by policies area_per_person_single and area_per_person_shared; NULL: no limit known';

CREATE OR REPLACE FUNCTION residency.kind_allows(kind text, division residency.division_code, "on" date)
    RETURNS integer
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
        SELECT CASE kind WHEN 'room' THEN residency.policy_int('room_limit', division, "on")
                         WHEN 'bed' THEN residency.policy_int('bed_limit', division, "on") END
    $$;
COMMENT ON FUNCTION residency.kind_allows(text, residency.division_code, date) IS
    'How many may live in one room or bed (房间、床位人数上限), by policies room_limit and bed_limit; NULL: no limit';

CREATE OR REPLACE FUNCTION residency.dwelling_violation(keys bigint[])
    RETURNS TABLE (code text, facts text[], at_table text, at_column text)
    LANGUAGE sql STABLE
    AS $$
        WITH counted AS (
            SELECT p.whole_id AS dwelling_id, count(*) AS residents, array_agg(DISTINCT p.dwelling_id) AS homes
            FROM residency.dwelling_and_parts(keys) p
            JOIN registry.residence r ON r.dwelling_id = p.dwelling_id AND residency.residence_is_current(r.state)
            GROUP BY p.whole_id
        )
        SELECT 'RG050', ARRAY[d.dwelling_id::text, c.residents::text, d.let_state], 'registry.dwelling', 'let_state'
        FROM counted c JOIN registry.dwelling d USING (dwelling_id)
        WHERE d.let_state IN ('prohibited', 'demolished')
        UNION ALL
        SELECT 'RG058', ARRAY[c.dwelling_id::text, c.residents::text], 'registry.dwelling', 'safety_letter_on'
        FROM counted c
        WHERE EXISTS (SELECT FROM residency.dwelling_without_letter(c.homes, residency.today()))
    $$;
COMMENT ON FUNCTION residency.dwelling_violation(bigint[]) IS
    'Which of these dwellings have residents though their state forbids it (有人在住房屋校验): RG050 prohibited or demolished, RG058 left without a safety letter';

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
