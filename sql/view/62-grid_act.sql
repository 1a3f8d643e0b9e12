-- The acts on grids: each reads its arguments and makes of them the grids before and after.

CREATE OR REPLACE FUNCTION registry.in_reading_order(entries registry.grid[])
    RETURNS registry.grid[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        -- rows as high as a grid is on average, from the north; each from the west
        SELECT array_agg(e ORDER BY floor((size.top - ST_Y(ST_Centroid(e.outline))) / size.height), ST_X(ST_Centroid(e.outline)))
        FROM unnest(entries) AS e,
             (SELECT max(ST_YMax(x.outline)) AS top, NULLIF(avg(ST_YMax(x.outline) - ST_YMin(x.outline)), 0) AS height
              FROM unnest(entries) AS x) AS size
    $$;
COMMENT ON FUNCTION registry.in_reading_order(registry.grid[]) IS
    'Grids in the order in which they are numbered (编号顺序, 自西向东、自北向南): from west to east, row by row from north to south';

CREATE OR REPLACE FUNCTION registry.features(collection jsonb)
    RETURNS SETOF jsonb
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        IF jsonb_typeof(collection -> 'features') IS DISTINCT FROM 'array' THEN
            PERFORM refuse('RG070', ARRAY[registry.in_language(
                'It is not a FeatureCollection with an array of features.', '不是含 features 数组的 FeatureCollection。')], 'registry.grid');
        END IF;
        RETURN QUERY SELECT jsonb_array_elements(collection -> 'features');
    END $$;
COMMENT ON FUNCTION registry.features(jsonb) IS 'The features of a GeoJSON FeatureCollection (GeoJSON 要素): RG070 it is none';

CREATE OR REPLACE FUNCTION registry.read_parts(parts jsonb, whole registry.grid)
    RETURNS registry.grid[]
    LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        entries registry.grid[];
        entry   registry.grid;
        feature jsonb;
        codes   text[];
        given   CONSTANT text := '000';
    BEGIN
        FOR feature IN SELECT f FROM registry.features(parts) AS f LOOP
            -- a part without a code gets its own below
            entry := registry.read_grid(
                CASE WHEN jsonb_typeof(feature) = 'object' THEN feature || jsonb_build_object(
                    'properties', jsonb_build_object('grid_code', whole.division::text || given)
                                  || CASE jsonb_typeof(feature -> 'properties') WHEN 'object' THEN jsonb_strip_nulls(feature -> 'properties') ELSE '{}' END)
                ELSE feature END, whole.kind, NULL);
            entry.kind := whole.kind;
            entry.division := whole.division;
            entries := entries || entry;
        END LOOP;
        IF COALESCE(cardinality(entries), 0) < 2 THEN
            PERFORM refuse('RG249', ARRAY[COALESCE(cardinality(entries), 0)::text], 'registry.grid', 'outline');
        END IF;

        entries := registry.in_reading_order(entries);
        codes := registry.new_grid_codes(whole.division, cardinality(entries));
        FOR n IN 1..cardinality(entries) LOOP
            IF substr(entries[n].grid_code, 13) = given THEN
                entries[n].grid_code := codes[1];
                codes := codes[2:];
            END IF;
            entries[n].name := COALESCE(entries[n].name, whole.name || '-' || n);
        END LOOP;
        RETURN entries;
    END $$;
COMMENT ON FUNCTION registry.read_parts(jsonb, registry.grid) IS
    'The parts of a grid from GeoJSON (读取拆分部分): who has no grid_code gets a new one in reading order, who has no name that of the whole and a number. RG060, RG070, RG249, RG254';

CREATE OR REPLACE FUNCTION registry.share_border(a geometry, b geometry, division division_code)
    RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        -- both grown by a strip: where borders run together they share far more than where corners touch
        SELECT ST_Area(ST_Intersection(ST_Buffer(a, strip.width), ST_Buffer(b, strip.width))) > 20 * strip.width ^ 2
        FROM (SELECT policy_numeric('grid_overlap_width', division, today())::float8 / 111000) AS strip (width)
    $$;
COMMENT ON FUNCTION registry.share_border(geometry, geometry, division_code) IS
    'Whether two outlines have a border in common, and not a corner alone (是否相邻); as closely as rounded coordinates let them meet';

CREATE OR REPLACE FUNCTION registry.grid_answer(act text, kind text, before registry.grid[], after registry.grid[], effective_on date, reason text)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        done record;
    BEGIN
        done := registry.redraw_grids(kind, before, after, effective_on, reason);
        RETURN registry.act_answer(act, done.grid_act_id, done.warning);
    END $$;
COMMENT ON FUNCTION registry.grid_answer(text, text, registry.grid[], registry.grid[], date, text) IS 'Redraws grids and answers for the act (网格调整办理结果)';

CREATE OR REPLACE FUNCTION registry.split_grid(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        effective_on CONSTANT date := registry.open_boundaries(act, arguments, 'grid_code', 'parts');
        before       registry.grid[];
    BEGIN
        before := registry.changeable_grids(ARRAY[arguments ->> 'grid_code'], effective_on);
        RETURN registry.grid_answer(act, 'split', before, registry.read_parts(arguments -> 'parts', before[1]), effective_on, arguments ->> 'reason');
    END $$;
COMMENT ON FUNCTION registry.split_grid(text, jsonb) IS 'The act behind api.split_grid() (网格拆分)';

CREATE OR REPLACE FUNCTION registry.merge_grids(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        effective_on CONSTANT date := registry.open_boundaries(act, arguments, 'grid_codes');
        codes        CONSTANT text[] := ARRAY(SELECT DISTINCT c FROM jsonb_array_elements_text(
                                            CASE jsonb_typeof(arguments -> 'grid_codes') WHEN 'array' THEN arguments -> 'grid_codes' ELSE '[]' END) AS c ORDER BY c);
        before       registry.grid[];
        merged       registry.grid;
        near         geometry;
        apart        registry.grid[];
    BEGIN
        IF cardinality(codes) < 2 THEN
            PERFORM refuse('RG249', ARRAY[cardinality(codes)::text], 'registry.grid', 'grid_code');
        END IF;
        before := registry.changeable_grids(codes, effective_on);
        near := before[1].outline;
        apart := before[2:];
        WHILE apart <> '{}' LOOP
            SELECT ST_Union(near, ST_Union(g.outline)) INTO near FROM unnest(apart) AS g
            WHERE registry.share_border(g.outline, near, g.division) HAVING count(*) > 0;
            IF NOT FOUND THEN
                PERFORM refuse('RG253', ARRAY[apart[1].grid_code], 'registry.grid', 'outline');
            END IF;
            apart := ARRAY(SELECT g FROM unnest(apart) AS g WHERE NOT ST_Covers(near, ST_PointOnSurface(g.outline)));
        END LOOP;

        merged := before[1];
        merged.grid_id := NULL;
        merged.grid_code := COALESCE(arguments ->> 'new_grid_code', (registry.new_grid_codes(merged.division, 1))[1]);
        merged.name := COALESCE(arguments ->> 'name', merged.name);
        merged.outline := ST_Multi(ST_CollectionExtract(near, 3));
        RETURN registry.grid_answer(act, 'merge', before, ARRAY[merged], effective_on, arguments ->> 'reason');
    END $$;
COMMENT ON FUNCTION registry.merge_grids(text, jsonb) IS 'The act behind api.merge_grids() (网格合并)';

CREATE OR REPLACE FUNCTION registry.move_border(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        effective_on CONSTANT date := registry.open_boundaries(act, arguments, 'grids');
        drawn        registry.grid[];
        before       registry.grid[];
        after        registry.grid[];
    BEGIN
        drawn := ARRAY(SELECT registry.read_grid(f, NULL, NULL) FROM registry.features(arguments -> 'grids') AS f);
        IF cardinality(drawn) < 1 OR (SELECT count(DISTINCT d.grid_code) FROM unnest(drawn) AS d) < cardinality(drawn) THEN
            PERFORM refuse('RG249', ARRAY[(SELECT count(DISTINCT d.grid_code) FROM unnest(drawn) AS d)::text], 'registry.grid', 'grid_code');
        END IF;
        before := registry.changeable_grids(ARRAY(SELECT d.grid_code FROM unnest(drawn) AS d), effective_on);
        after := before;
        FOR n IN 1..cardinality(after) LOOP
            after[n].outline := drawn[n].outline;
        END LOOP;
        RETURN registry.grid_answer(act, 'move', before, after, effective_on, arguments ->> 'reason');
    END $$;
COMMENT ON FUNCTION registry.move_border(text, jsonb) IS 'The act behind api.move_border() (网格边界调整)';

CREATE OR REPLACE FUNCTION registry.rename_grid(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        effective_on CONSTANT date := registry.open_boundaries(act, arguments, 'grid_code');
        before       registry.grid[];
        after        registry.grid[];
    BEGIN
        IF is_plain_text(arguments ->> 'name', 100) IS NOT TRUE THEN
            PERFORM refuse('RG059', ARRAY[left(arguments ->> 'grid_code', 20)], 'registry.grid', 'name');
        END IF;
        before := registry.changeable_grids(ARRAY[arguments ->> 'grid_code'], effective_on);
        after := before;
        after[1].name := arguments ->> 'name';
        RETURN registry.grid_answer(act, 'rename', before, after, effective_on, arguments ->> 'reason');
    END $$;
COMMENT ON FUNCTION registry.rename_grid(text, jsonb) IS 'The act behind api.rename_grid() (网格更名)';

CREATE OR REPLACE FUNCTION registry.retire_grid(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        effective_on CONSTANT date := registry.open_boundaries(act, arguments, 'grid_code');
    BEGIN
        RETURN registry.grid_answer(act, 'retire', registry.changeable_grids(ARRAY[arguments ->> 'grid_code'], effective_on),
                                    ARRAY[]::registry.grid[], effective_on, arguments ->> 'reason');
    END $$;
COMMENT ON FUNCTION registry.retire_grid(text, jsonb) IS 'The act behind api.retire_grid() (网格作废)';

CREATE OR REPLACE FUNCTION registry.call_off_grid_act(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        entry    registry.grid_act;
        follower record;
        grids    bigint[];
    BEGIN
        PERFORM registry.open_boundaries(act, arguments, 'grid_act_id');
        SELECT * INTO entry FROM registry.grid_act a WHERE a.grid_act_id = (arguments ->> 'grid_act_id')::bigint FOR NO KEY UPDATE;
        IF NOT FOUND THEN
            PERFORM refuse('RG305', ARRAY[arguments ->> 'grid_act_id'], 'registry.grid_act', 'grid_act_id');
        END IF;
        grids := registry.grids_of_act(entry.grid_act_id);
        SELECT a.grid_act_id, a.effective_on INTO follower
        FROM registry.grid_lineage l JOIN registry.grid_act a USING (grid_act_id)
        WHERE l.from_grid_id = ANY (grids) AND a.grid_act_id <> entry.grid_act_id AND a.effective_on >= entry.effective_on AND a.called_off_at IS NULL
        UNION ALL
        -- a village that will be split names the grids that go
        SELECT a.division_act_id, a.effective_on
        FROM registry.grid g
        JOIN code.division_lineage l ON l.from_division = g.division AND g.grid_code = ANY (l.members)
        JOIN code.division_act a USING (division_act_id)
        WHERE g.grid_id = ANY (grids) AND lower(g.period) = entry.effective_on AND a.called_off_at IS NULL
        ORDER BY 2 DESC, 1 DESC
        LIMIT 1;
        PERFORM registry.check_recall(entry.grid_act_id, entry.effective_on, entry.taken_at, entry.called_off_at,
                                      follower.grid_act_id, follower.effective_on, 'registry.grid_act');

        UPDATE registry.grid_act a
        SET called_off_at = now(), called_off_by = residency.actor(), called_off_reason = arguments ->> 'reason'
        WHERE a.grid_act_id = entry.grid_act_id;
        -- as if it had never been entered, but that what would have begun keeps its number, and is valid on no day
        DELETE FROM registry.grid_version v WHERE v.grid_id = ANY (grids) AND lower(v.period) = entry.effective_on;
        UPDATE registry.grid_version v SET period = daterange(lower(v.period), NULL)
        WHERE v.grid_id = ANY (grids) AND upper(v.period) = entry.effective_on;
        UPDATE registry.grid g
        SET period = CASE lower(g.period) WHEN entry.effective_on THEN 'empty' ELSE daterange(lower(g.period), NULL) END
        WHERE g.grid_id = ANY (grids) AND entry.effective_on IN (lower(g.period), upper(g.period));
        RETURN registry.act_answer(act, entry.grid_act_id);
    END $$;
COMMENT ON FUNCTION registry.call_off_grid_act(text, jsonb) IS 'The act behind api.call_off_grid_act() (撤回网格调整)';
