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
        IF isempty(NEW.period) AND NOT (TG_OP = 'UPDATE' AND residency.is_called_off(NEW.grid_id)) THEN
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

CREATE OR REPLACE FUNCTION residency.grid_cells(outline geometry, OUT cell bigint, OUT part bytea)
    RETURNS SETOF record
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_grid_cells';
COMMENT ON FUNCTION residency.grid_cells(geometry) IS
    'The cells of the register''s own mesh that an outline meets (网格边界的索引单元), as registry.grid_cover keeps them: part is NULL where the whole cell lies inside. Polygon or MultiPolygon in degrees, valid; of anything else no row';

CREATE OR REPLACE FUNCTION residency.cover_grids(grids bigint[])
    RETURNS bigint
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET plan_cache_mode = force_custom_plan
    AS $$
    DECLARE
        cells bigint;
    BEGIN
        DELETE FROM registry.grid_cover c WHERE c.grid_id = ANY (grids);
        -- a cell's rows side by side, as they are read
        INSERT INTO registry.grid_cover (cell, grid_id, valid_from, valid_to, part)
        SELECT own.cell, g.grid_id, COALESCE(lower(g.period), '-infinity'), COALESCE(upper(g.period), 'infinity'), own.part
        FROM registry.grid g CROSS JOIN LATERAL residency.grid_cells(g.outline) AS own
        WHERE g.grid_id = ANY (grids) AND g.kind = 'management' AND NOT isempty(g.period)
        ORDER BY own.cell;
        GET DIAGNOSTICS cells = ROW_COUNT;
        RETURN cells;
    END $$;
COMMENT ON FUNCTION residency.cover_grids(bigint[]) IS
    'Makes the cover of these grids anew (重建网格索引单元), and answers how many cells they have. The triggers of registry.grid do it; this mends what they did not see';

CREATE OR REPLACE FUNCTION residency.grid_cover()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        PERFORM residency.cover_grids(ARRAY(SELECT c.grid_id FROM changed c));
        RETURN NULL;
    END $$;
COMMENT ON FUNCTION residency.grid_cover() IS
    'Statement trigger of registry.grid (新网格建立索引单元): new grids get their cover';

CREATE OR REPLACE FUNCTION residency.grid_cover_again()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        -- not where the name alone has changed
        PERFORM residency.cover_grids(ARRAY(
            SELECT c.grid_id FROM changed c
            EXCEPT
            SELECT c.grid_id FROM changed c JOIN former f USING (grid_id)
            WHERE c.kind = f.kind AND c.period = f.period AND ST_OrderingEquals(c.outline, f.outline)));
        RETURN NULL;
    END $$;
COMMENT ON FUNCTION residency.grid_cover_again() IS
    'Statement trigger of registry.grid (网格变更后重建索引单元): the cover follows outlines, kinds and periods';

CREATE OR REPLACE FUNCTION residency.grid_at(place geometry)
    RETURNS bigint
    LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_grid_at';
COMMENT ON FUNCTION residency.grid_at(geometry) IS
    'The management grid that covers a point today (点落网格), NULL where there is none; on a border the lower grid code. As ST_Covers says, from registry.grid_cover. Point in SRID 4490. Errors: 22023 another SRID, XX000 no point, 55000 migrate() has not made the cover';

CREATE OR REPLACE FUNCTION residency.grids_at(places geometry[])
    RETURNS bigint[]
    LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_grids_at';
COMMENT ON FUNCTION residency.grids_at(geometry[]) IS
    'What residency.grid_at() answers for each of many points, in their order (批量点落网格): several times as fast for a hundred thousand. Points in SRID 4490. Errors: 22023 another SRID, XX000 no point';

CREATE OR REPLACE FUNCTION residency.place_dwellings(grids bigint[])
    RETURNS bigint
    LANGUAGE plpgsql VOLATILE
    SET search_path FROM CURRENT
    SET jit = off
    SET plan_cache_mode = force_custom_plan
    AS $$
    DECLARE
        ids     bigint[];
        present bigint[];
        places  geometry[];
        targets bigint[];
    BEGIN
        SELECT array_agg(touched.dwelling_id), array_agg(touched.grid_id), array_agg(touched.location)
        INTO ids, present, places
        FROM (
            SELECT d.dwelling_id, d.grid_id, d.location
            FROM unnest(grids) AS k(grid_id)
            JOIN registry.grid g USING (grid_id)
            JOIN registry.dwelling d ON d.location && g.outline
            UNION
            SELECT d.dwelling_id, d.grid_id, d.location
            FROM registry.dwelling d
            WHERE d.grid_id = ANY (grids) AND d.location IS NOT NULL
        ) AS touched;
        SELECT array_agg(placed.dwelling_id), array_agg(placed.target)
        INTO ids, targets
        FROM unnest(ids, present, residency.grids_at(places)) AS placed (dwelling_id, grid_id, target)
        WHERE placed.grid_id IS DISTINCT FROM placed.target;

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
