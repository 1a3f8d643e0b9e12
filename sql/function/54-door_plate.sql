-- door_plate: a house number, what it can become, and the dwellings that follow it.

CREATE OR REPLACE FUNCTION residency.door_plate_end(door_plate_id bigint)
    RETURNS bigint
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
        WITH RECURSIVE chain AS (
            SELECT p.door_plate_id, p.replaced_by_id, 1 AS step FROM registry.door_plate p WHERE p.door_plate_id = $1
            UNION ALL
            SELECT p.door_plate_id, p.replaced_by_id, chain.step + 1
            FROM chain JOIN registry.door_plate p ON p.door_plate_id = chain.replaced_by_id
        )
        SELECT chain.door_plate_id FROM chain WHERE chain.replaced_by_id IS NULL
    $$;
COMMENT ON FUNCTION residency.door_plate_end(bigint) IS
    'The plate that a house has at last whose plate was replaced, perhaps several times (现行门牌): itself if it was not replaced';

CREATE OR REPLACE FUNCTION residency.door_plate_at(address residency.address)
    RETURNS bigint
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    AS $$
    DECLARE
        found record;
    BEGIN
        IF address IS NULL THEN
            RETURN NULL;
        END IF;
        -- whoever has the number now; else the last who had it, by what he has instead
        SELECT p.door_plate_id, p.state INTO found
        FROM registry.door_plate p
        WHERE p.address OPERATOR(residency.=) $1 AND p.state IN ('active', 'temporary', 'replaced')
        ORDER BY p.state = 'replaced', p.ended_on DESC, p.door_plate_id DESC
        LIMIT 1;
        RETURN CASE found.state WHEN 'replaced' THEN residency.door_plate_end(found.door_plate_id) ELSE found.door_plate_id END;
    END $$;
COMMENT ON FUNCTION residency.door_plate_at(residency.address) IS
    'The plate of the house at this road and number (门牌查找): the one in force, else what has replaced the last one; NULL where the register knows none';

CREATE OR REPLACE FUNCTION residency.door_plate_address(division residency.division_code, road text, number text)
    RETURNS residency.address
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
        SELECT residency.part_address(residency.division_address(division),
                                      residency.normalize_address(road || regexp_replace(number, '^([0-9]+)$', '\1号'), division))
        WHERE number !~ '(之|-|附).*(之|-|附)'
    $$;
COMMENT ON FUNCTION residency.door_plate_address(residency.division_code, text, text) IS
    'Standard address of a number of a road, or of a village group, in a village-level division (标准门牌地址); NULL where it reads as none, or is the sub-number of a sub-number';

CREATE OR REPLACE FUNCTION residency.door_plate_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        at      constant text := 'registry.door_plate';
        today   constant date := residency.today();
        taken   bigint;
        other   record;
    BEGIN
        -- equal addresses may differ in the names of their divisions
        IF TG_OP = 'UPDATE' AND ((NEW.door_plate_id, NEW.road, NEW.number, NEW.clock_id)
               IS DISTINCT FROM (OLD.door_plate_id, OLD.road, OLD.number, COALESCE(OLD.clock_id, NEW.clock_id))
               OR (NEW.division <> OLD.division OR NEW.address <> OLD.address) AND NOT residency.division_went(OLD.division, NEW.division)) THEN
            PERFORM residency.refuse('RG218', ARRAY[OLD.door_plate_id::text], at, 'number');
        END IF;
        NEW.state := residency.checked_code('door_plate_state', NEW.state, at, 'state');
        IF (TG_OP = 'INSERT' OR NEW.state <> OLD.state)
           AND NOT EXISTS (SELECT FROM code.door_plate_transition t
                           WHERE t.to_state = NEW.state AND t.from_state IS NOT DISTINCT FROM CASE TG_OP WHEN 'UPDATE' THEN OLD.state END) THEN
            PERFORM residency.refuse('RG217', ARRAY[NEW.door_plate_id::text, CASE TG_OP WHEN 'UPDATE' THEN OLD.state ELSE '-' END, NEW.state], at, 'state');
        END IF;
        NEW.applied_on := COALESCE(NEW.applied_on, today);
        IF NEW.state IN ('replaced', 'cancelled') THEN
            NEW.ended_on := COALESCE(NEW.ended_on, today);
        ELSIF NEW.state IN ('active', 'temporary') THEN
            -- what is entered as given has been so since then
            NEW.decided_on := COALESCE(NEW.decided_on, CASE TG_OP WHEN 'INSERT' THEN NEW.applied_on ELSE today END);
        END IF;
        IF NEW.decided_on < NEW.applied_on OR NEW.ended_on < COALESCE(NEW.decided_on, NEW.applied_on)
           OR greatest(NEW.applied_on, NEW.decided_on, NEW.ended_on) > today THEN
            PERFORM residency.refuse('RG222', ARRAY[NEW.applied_on::text, COALESCE(NEW.decided_on::text, '-'), COALESCE(NEW.ended_on::text, '-'), today::text],
                                     at, 'applied_on');
        END IF;
        IF NEW.reason IS NULL AND NEW.state IN ('cancelled', 'temporary') OR residency.is_plain_text(NEW.reason, 200) IS FALSE THEN
            PERFORM residency.refuse('RG221', ARRAY[NEW.door_plate_id::text, NEW.state], at, 'reason');
        END IF;

        IF TG_OP = 'INSERT' THEN
            IF residency.level(NEW.division) <> 5 THEN
                PERFORM residency.refuse('RG053', ARRAY[NEW.division::text], at, 'division');
            END IF;
            NEW.address := residency.door_plate_address(NEW.division, NEW.road, NEW.number);
            IF residency.is_plain_text(NEW.road || NEW.number, 100) IS NOT TRUE OR NEW.address IS NULL
               OR residency.plate_address(NEW.address) IS DISTINCT FROM NEW.address
               OR residency.road_no(NEW.address) !~ '^[0-9]+号?[甲乙丙丁]?号?(之[0-9]+)?$' THEN
                PERFORM residency.refuse('RG216', ARRAY[COALESCE(residency.full_address(NEW.address), '-')], at, 'number');
            END IF;
            SELECT p.door_plate_id INTO taken FROM registry.door_plate p
            WHERE p.address OPERATOR(residency.=) NEW.address AND p.state NOT IN ('replaced', 'cancelled');
            IF FOUND THEN
                PERFORM residency.refuse('RG215', ARRAY[taken::text, NEW.division::text], at, 'number');
            END IF;
        ELSIF NEW.replaced_by_id IS DISTINCT FROM OLD.replaced_by_id THEN
            -- in force, and so not replaced itself: chains have an end
            SELECT * INTO other FROM registry.door_plate p WHERE p.door_plate_id = NEW.replaced_by_id FOR SHARE;
            IF OLD.replaced_by_id IS NOT NULL OR other.state IS DISTINCT FROM 'active' OR other.division::bigint <> NEW.division::bigint THEN
                PERFORM residency.refuse('RG220', ARRAY[NEW.door_plate_id::text, COALESCE(NEW.replaced_by_id::text, '-'), COALESCE(other.state, '-')],
                                         at, 'replaced_by_id');
            END IF;
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.door_plate_guard() IS
    'Trigger of registry.door_plate (门牌校验): what a house number is, what it can become (RG006, RG053, RG215-RG218, RG220-RG222)';

CREATE OR REPLACE FUNCTION residency.door_plate_follow()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    AS $$
    DECLARE
        moved CONSTANT boolean := NEW.state = 'replaced';
        keys  bigint[];
    BEGIN
        IF NOT moved AND NEW.state NOT IN ('active', 'temporary') THEN
            RETURN NULL;
        END IF;
        -- from the inside out, as arrivals do; a new plate finds the dwellings that were there before it
        keys := ARRAY(SELECT d.dwelling_id FROM registry.dwelling d
                      WHERE d.dwelling_id IN (
                          SELECT linked.dwelling_id FROM registry.dwelling linked WHERE moved AND linked.door_plate_id = NEW.door_plate_id
                          UNION ALL
                          SELECT free.dwelling_id FROM registry.dwelling free
                          WHERE NOT moved AND free.standard_address OPERATOR(residency.<@) NEW.address AND free.door_plate_id IS NULL)
                      ORDER BY residency.dwelling_rank(d.kind) DESC, d.dwelling_id
                      FOR NO KEY UPDATE);
        IF moved THEN
            INSERT INTO registry.dwelling_former_address (dwelling_id, address, door_plate_id, until)
            SELECT d.dwelling_id, d.standard_address, NEW.door_plate_id, NEW.ended_on
            FROM registry.dwelling d WHERE d.dwelling_id = ANY (keys);
        END IF;
        UPDATE registry.dwelling d SET door_plate_id = COALESCE(NEW.replaced_by_id, NEW.door_plate_id) WHERE d.dwelling_id = ANY (keys);
        RETURN NULL;
    END $$;
COMMENT ON FUNCTION residency.door_plate_follow() IS
    'Trigger of registry.door_plate (房屋随门牌变更): dwellings have the plate of their number, and follow it when it is replaced; their former address is kept';

CREATE OR REPLACE FUNCTION residency.door_plate_keep()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        PERFORM residency.refuse('RG218', ARRAY['-'], 'registry.door_plate');
    END $$;
COMMENT ON FUNCTION residency.door_plate_keep() IS 'Trigger of registry.door_plate (门牌档案不得删除): RG218';
