-- grid: outlines that tile a village, and the dwellings in them.

CREATE OR REPLACE FUNCTION residency.is_on_earth(shape geometry)
    RETURNS boolean
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        -- NaN is greater than every number, so it fails here too; the box of an area may pass over it, its perimeter does not
        SELECT ST_XMin(shape) >= -180 AND ST_XMax(shape) <= 180 AND ST_YMin(shape) >= -90 AND ST_YMax(shape) <= 90
           AND ST_Perimeter(shape) < 'Infinity'
    $$;
COMMENT ON FUNCTION residency.is_on_earth(geometry) IS
    'Whether all coordinates are degrees of longitude and latitude (坐标范围校验); NaN and infinite values are not';

CREATE OR REPLACE FUNCTION residency.grid_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        IF NEW.grid_code !~ '^[0-9]{12}[0-9A-Z]{2,3}$' THEN
            PERFORM residency.refuse('RG060', ARRAY[left(NEW.grid_code, 20)], 'registry.grid', 'grid_code');
        END IF;
        IF residency.is_plain_text(NEW.name, 100) IS NOT TRUE THEN
            PERFORM residency.refuse('RG059', ARRAY[NEW.grid_code], 'registry.grid', 'name');
        END IF;
        NEW.kind := residency.checked_code('grid_kind', NEW.kind, 'registry.grid', 'kind');
        IF residency.level(NEW.division) <> 5
           OR left(NEW.grid_code, 12) <> NEW.division::text
           OR NOT EXISTS (SELECT FROM code.division d
                          WHERE d.division = NEW.division AND d.period @> residency.today()) THEN
            PERFORM residency.refuse('RG064', ARRAY[NEW.grid_code, NEW.division::text], 'registry.grid', 'division');
        END IF;
        IF isempty(NEW.period) THEN
            PERFORM residency.refuse('RG067', ARRAY[NEW.grid_code], 'registry.grid', 'period');
        END IF;
        IF EXISTS (SELECT FROM registry.grid g
                   WHERE g.grid_code = NEW.grid_code AND g.grid_id <> NEW.grid_id) THEN
            PERFORM residency.refuse('RG069', ARRAY[NEW.grid_code], 'registry.grid', 'grid_code');
        END IF;

        IF TG_OP = 'UPDATE' AND ST_OrderingEquals(NEW.outline, OLD.outline) THEN
            RETURN NEW;
        END IF;
        PERFORM residency.check_outline(NEW.grid_code, NEW.outline, NEW.division);
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.grid_guard() IS
    'Trigger of registry.grid (网格校验): code, name, division and outline of one grid (RG059-RG062, RG064-RG067, RG069)';

CREATE OR REPLACE FUNCTION residency.grid_lock(keys bigint[])
    RETURNS void
    LANGUAGE sql VOLATILE
    AS $$
        -- Drawing is rare, and any two grids may meet: one draws at a time.
        SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('residency.grid', 0))
    $$;
COMMENT ON FUNCTION residency.grid_lock(bigint[]) IS 'Makes transactions that draw grids follow one another (网格绘制加锁)';

CREATE OR REPLACE FUNCTION residency.grid_violation(keys bigint[])
    RETURNS TABLE (code text, facts text[], at_table text, at_column text)
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        WITH pair AS MATERIALIZED (
            SELECT a.grid_code AS code_a, b.grid_code AS code_b, a.division, ST_Intersection(a.outline, b.outline) AS shared
            FROM unnest(keys) AS k(grid_id)
            JOIN registry.grid a USING (grid_id)
            JOIN registry.grid b
              ON b.kind = a.kind AND b.grid_id <> a.grid_id
             AND b.period && a.period
             -- their interiors share an area, not just a border
             AND b.outline && a.outline AND ST_Relate(a.outline, b.outline, '2********')
        ), overlap AS MATERIALIZED (
            SELECT pair.*, ST_Area(shared::geography) AS area FROM pair
        )
        SELECT 'RG063', ARRAY[code_a, code_b, round(area::numeric, 1)::text], 'registry.grid', 'outline'
        FROM overlap
        WHERE area > residency.policy_numeric('grid_overlap', division, residency.today())
          -- rounded coordinates make strips, long and thin: nothing is left of them when their edges draw in (a degree has 111 km)
          AND NOT ST_IsEmpty(ST_Buffer(shared, -residency.policy_numeric('grid_overlap_width', division, residency.today()) / 2 / 111000))
        ORDER BY code_a, code_b
    $$;
COMMENT ON FUNCTION residency.grid_violation(bigint[]) IS
    'Which of these grids overlap another of their kind while both are valid (网格重叠校验): RG063, beyond policies grid_overlap and grid_overlap_width';

CREATE OR REPLACE FUNCTION residency.grid_at(place geometry)
    RETURNS bigint
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        SELECT g.grid_id
        FROM registry.grid g
        WHERE g.kind = 'management' AND g.period @> residency.today() AND ST_Covers(g.outline, place)
        ORDER BY g.grid_code
        LIMIT 1
    $$;
COMMENT ON FUNCTION residency.grid_at(geometry) IS
    'The management grid that covers a point today (点落网格), NULL where there is none; on a border the lower grid code. Point in SRID 4490';

CREATE OR REPLACE FUNCTION residency.place_dwellings(grids bigint[])
    RETURNS bigint
    LANGUAGE plpgsql VOLATILE
    SET search_path FROM CURRENT
    SET jit = off
    SET plan_cache_mode = force_custom_plan
    AS $$
    DECLARE
        ids     bigint[];
        targets bigint[];
    BEGIN
        WITH drawn AS MATERIALIZED (
            SELECT g.grid_id, g.outline
            FROM unnest(grids) AS k(grid_id) JOIN registry.grid g USING (grid_id)
            WHERE g.kind = 'management' AND g.period @> residency.today()
        ), near AS MATERIALIZED (
            -- whatever else covers a point of a grid has a box that meets the grid's
            SELECT n.grid_id, bool_or(n.grid_id = drawn.grid_id) AS is_drawn
            FROM drawn JOIN registry.grid n ON n.outline && drawn.outline
            WHERE n.kind = 'management' AND n.period @> residency.today()
            GROUP BY n.grid_id
        ), touched AS (
            SELECT d.dwelling_id, g.grid_id, g.grid_code, near.is_drawn
            FROM near
            JOIN registry.grid g USING (grid_id)
            JOIN registry.dwelling d ON ST_Covers(g.outline, d.location)
            UNION ALL
            SELECT d.dwelling_id, NULL, NULL, NULL FROM registry.dwelling d
            WHERE d.grid_id = ANY (grids) AND d.location IS NOT NULL
        ), placed AS (
            -- one sort of it all: an anti-join would hang on a wrong estimate
            SELECT t.dwelling_id,
                   CASE WHEN bool_or(t.is_drawn) THEN (array_agg(t.grid_id ORDER BY t.grid_code))[1]
                        ELSE (SELECT g.grid_id
                              FROM registry.dwelling d
                              JOIN registry.grid g ON ST_Covers(g.outline, d.location)
                              WHERE d.dwelling_id = t.dwelling_id AND g.kind = 'management' AND g.period @> residency.today()
                              ORDER BY g.grid_code
                              LIMIT 1)
                   END AS grid_id
            FROM touched t
            GROUP BY t.dwelling_id
            HAVING bool_or(t.is_drawn) OR bool_or(t.is_drawn IS NULL)
        )
        SELECT array_agg(d.dwelling_id), array_agg(placed.grid_id)
        INTO ids, targets
        FROM placed JOIN registry.dwelling d USING (dwelling_id)
        WHERE d.grid_id IS DISTINCT FROM placed.grid_id;

        PERFORM residency.part_lock(ids);
        UPDATE registry.dwelling d
        SET grid_id = placed.grid_id
        FROM unnest(ids, targets) AS placed (dwelling_id, grid_id)
        WHERE d.dwelling_id = placed.dwelling_id;
        RETURN COALESCE(cardinality(ids), 0);
    END $$;
COMMENT ON FUNCTION residency.place_dwellings(bigint[]) IS
    'Gives the dwellings located in or under these grids the grid that covers them today (房屋归属网格更新); how many changed, not counting the parts that go with them. What residency.grid_place() does when grids are drawn, and api.assign_grids() when days pass';

CREATE OR REPLACE FUNCTION residency.grid_place()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        PERFORM residency.place_dwellings(ARRAY(SELECT grid_id FROM changed));
        RETURN NULL;
    END $$;
COMMENT ON FUNCTION residency.grid_place() IS
    'Statement trigger of registry.grid (网格变更后房屋重新归属): dwellings follow the grids that were drawn, redrawn or retired';

CREATE OR REPLACE FUNCTION residency.grid_keep()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        PERFORM residency.refuse('RG068', ARRAY[OLD.grid_code], 'registry.grid');
    END $$;
COMMENT ON FUNCTION residency.grid_keep() IS 'Trigger of registry.grid (网格不得删除): RG068, codes are never used again';

CREATE OR REPLACE FUNCTION residency.grid_share()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        PERFORM pg_advisory_xact_lock_shared(hashtextextended('residency.grid', 0));
        RETURN NULL;
    END $$;
COMMENT ON FUNCTION residency.grid_share() IS
    'Statement trigger of registry.dwelling (房屋定位与网格绘制互斥): who locates dwellings, or puts one into another, waits for who draws grids, and the other way round, so that neither misses what the other does';
