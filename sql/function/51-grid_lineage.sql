-- grid_lineage: what a change of grids keeps, and how much of it counts.

CREATE OR REPLACE FUNCTION residency.grid_matters(shape geometry, division residency.division_code)
    RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        SELECT ST_Area(shape::geography) > residency.policy_numeric('grid_overlap', division, residency.today())
           -- what rounded coordinates make is long and thin
           AND NOT ST_IsEmpty(ST_Buffer(shape, -residency.policy_numeric('grid_overlap_width', division, residency.today()) / 2 / 111000))
    $$;
COMMENT ON FUNCTION residency.grid_matters(geometry, residency.division_code) IS
    'Whether an area that grids share or leave out is more than what rounded coordinates make (网格重叠或空白是否超出容差): beyond policies grid_overlap, m², and grid_overlap_width, m';

CREATE OR REPLACE FUNCTION residency.check_outline(grid_code text, outline geometry, division residency.division_code)
    RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        points constant integer := ST_NPoints(outline);
        most            integer;
    BEGIN
        IF ST_IsEmpty(outline) THEN
            PERFORM residency.refuse('RG062', ARRAY[grid_code], 'registry.grid', 'outline');
        END IF;
        -- before the costly questions
        most := residency.policy_int('grid_points', division, residency.today());
        IF points > most THEN
            PERFORM residency.refuse('RG066', ARRAY[grid_code, points::text, most::text], 'registry.grid', 'outline');
        END IF;
        IF NOT residency.is_on_earth(outline) THEN
            PERFORM residency.refuse('RG065',
                ARRAY[grid_code, ST_XMin(outline)::text, ST_XMax(outline)::text, ST_YMin(outline)::text, ST_YMax(outline)::text],
                'registry.grid', 'outline');
        END IF;
        IF NOT ST_IsValid(outline) THEN
            PERFORM residency.refuse('RG061', ARRAY[grid_code, ST_IsValidReason(outline)], 'registry.grid', 'outline');
        END IF;
    END $$;
COMMENT ON FUNCTION residency.check_outline(text, geometry, residency.division_code) IS
    'Refuses an outline that no grid can have (网格边界校验): RG062 empty, RG066 too many points, RG065 off the earth, RG061 not valid';

CREATE OR REPLACE FUNCTION residency.grid_draw()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        PERFORM residency.grid_lock(NULL);
        RETURN NULL;
    END $$;
COMMENT ON FUNCTION residency.grid_draw() IS
    'Statement trigger of registry.grid before a row of it is locked (网格绘制先行加锁): who draws waits first, as acts on grids do, and then meets what is there now';

CREATE OR REPLACE FUNCTION residency.grid_keep_version()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        now_is record;
        today  constant date := residency.today();
    BEGIN
        IF TG_OP = 'INSERT' THEN
            INSERT INTO registry.grid_version (grid_id, name, outline) VALUES (NEW.grid_id, NEW.name, NEW.outline)
            ON CONFLICT DO NOTHING;
            RETURN NULL;
        END IF;
        SELECT v.grid_version_id, v.period, v.name, v.outline INTO now_is
        FROM registry.grid_version v WHERE v.grid_id = NEW.grid_id AND v.period @> today;
        -- an act has written the version before it changes the grid
        IF NEW.name = now_is.name AND ST_OrderingEquals(NEW.outline, now_is.outline) THEN
            RETURN NULL;
        END IF;
        IF NOT upper_inf(now_is.period) THEN
            PERFORM residency.refuse('RG248', ARRAY[NEW.grid_code, upper(now_is.period)::text, today::text], 'registry.grid',
                                     CASE WHEN NEW.name = now_is.name THEN 'outline' ELSE 'name' END);
        ELSIF lower(now_is.period) = today THEN
            UPDATE registry.grid_version v SET name = NEW.name, outline = NEW.outline WHERE v.grid_version_id = now_is.grid_version_id;
        ELSE
            UPDATE registry.grid_version v SET period = daterange(lower(v.period), today) WHERE v.grid_version_id = now_is.grid_version_id;
            INSERT INTO registry.grid_version (grid_id, period, name, outline)
            VALUES (NEW.grid_id, daterange(today, NULL), NEW.name, NEW.outline);
        END IF;
        RETURN NULL;
    END $$;
COMMENT ON FUNCTION residency.grid_keep_version() IS
    'Trigger of registry.grid (保留网格历史边界): who renames or redraws a grid directly does it as of today, and what it was before is kept. RG248 an act has been entered for a day to come';

CREATE OR REPLACE FUNCTION residency.is_called_off(grid bigint)
    RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
        SELECT EXISTS (SELECT FROM registry.grid_lineage l JOIN registry.grid_act a USING (grid_act_id)
                       WHERE l.to_grid_id = grid AND a.called_off_at IS NOT NULL
                         AND NOT EXISTS (SELECT FROM registry.grid_lineage was WHERE was.grid_act_id = l.grid_act_id AND was.from_grid_id = grid))
    $$;
COMMENT ON FUNCTION residency.is_called_off(bigint) IS 'Whether this grid would have begun by an act that was called off (网格调整是否已撤回)';

CREATE OR REPLACE FUNCTION residency.division_went(old residency.division_code, new residency.division_code)
    RETURNS boolean
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        -- code may be newer than the tables; as numbers: guards ask whatever their search_path
        RETURN old::bigint <> new::bigint AND to_regclass('code.division_act') IS NOT NULL
           AND EXISTS (SELECT FROM code.division_lineage l JOIN code.division_act a USING (division_act_id)
                       WHERE l.from_division OPERATOR(residency.=) old AND l.to_division OPERATOR(residency.=) new AND a.taken_at IS NOT NULL);
    END $$;
COMMENT ON FUNCTION residency.division_went(residency.division_code, residency.division_code) IS
    'Whether a division, or a part of it, has become the other by an act that has taken effect (区划是否已承接): guards let what is of today follow it';

CREATE OR REPLACE FUNCTION residency.grid_violation(keys bigint[])
    RETURNS TABLE (code text, facts text[], at_table text, at_column text)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    -- a plan made while there were few grids reads them all later
    SET plan_cache_mode = force_custom_plan
    AS $$
    BEGIN
        IF to_regclass('registry.grid_version') IS NULL THEN
            RAISE EXCEPTION 'the tables of grids are older than the rules for them'
                USING ERRCODE = 'object_not_in_prerequisite_state',
                      HINT = 'CALL residency.migrate() brings the database in step with the installed code.';
        END IF;
        RETURN QUERY
        WITH pair AS MATERIALIZED (
            SELECT a.grid_code AS code_a, b.grid_code AS code_b, a.division, ST_Intersection(av.outline, bv.outline) AS shared
            FROM unnest(keys) AS k(grid_id)
            JOIN registry.grid a ON a.grid_id = k.grid_id
            JOIN registry.grid_version av ON av.grid_id = a.grid_id
            JOIN registry.grid_version bv ON bv.grid_id <> av.grid_id AND bv.period && av.period
             -- their interiors share an area, not just a border
             AND bv.outline && av.outline AND ST_Relate(av.outline, bv.outline, '2********')
            JOIN registry.grid b ON b.grid_id = bv.grid_id AND b.kind = a.kind AND b.period * bv.period && a.period * av.period
        )
        SELECT 'RG063', ARRAY[code_a, code_b, round(ST_Area(shared::geography)::numeric, 1)::text], 'registry.grid', 'outline'
        FROM pair
        WHERE residency.grid_matters(shared, division)
        ORDER BY code_a, code_b;
    END $$;
COMMENT ON FUNCTION residency.grid_violation(bigint[]) IS
    'Which of these grids overlap another of their kind on a day on which both are valid, as they were drawn on that day (网格重叠校验): RG063, beyond policies grid_overlap and grid_overlap_width; 55000 before CALL residency.migrate()';
