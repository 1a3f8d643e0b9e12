-- Splitting, merging, redrawing, renaming and retiring grids: one way for all of them, from the grids before to the grids after.

CREATE OR REPLACE FUNCTION registry.open_boundaries(reason text)
    RETURNS void
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        -- a version that waits for its day changes no row of registry.grid: an older snapshot would not notice it
        IF current_setting('transaction_isolation') <> 'read committed' THEN
            PERFORM refuse('RG245', ARRAY[current_setting('transaction_isolation')], 'registry.grid');
        ELSIF is_plain_text(reason, 200) IS NOT TRUE THEN
            PERFORM refuse('RG259', '{}', 'registry.grid_act', 'reason');
        END IF;
        PERFORM grid_lock(NULL);
    END $$;
COMMENT ON FUNCTION registry.open_boundaries(text) IS
    'Begins an act on grids or divisions (开始边界调整): one at a time, and nobody locates a dwelling meanwhile. RG245, RG259';

CREATE OR REPLACE FUNCTION registry.changeable_grids(codes text[], effective_on date)
    RETURNS registry.grid[]
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        code  text;
        entry registry.grid;
        taken registry.grid[];
        last  date;
    BEGIN
        FOREACH code IN ARRAY codes LOOP
            SELECT * INTO entry FROM registry.grid g WHERE g.grid_code = code;
            IF NOT FOUND THEN
                PERFORM refuse('RG246', ARRAY[left(code, 20)], 'registry.grid', 'grid_code');
            ELSIF NOT (entry.period @> effective_on AND upper_inf(entry.period)) THEN
                PERFORM refuse('RG247', ARRAY[code, entry.period::text, effective_on::text], 'registry.grid', 'period');
            END IF;
            SELECT max(change.day) INTO last
            FROM (
                SELECT lower(entry.period) AS day
                UNION ALL
                SELECT lower(v.period) FROM registry.grid_version v WHERE v.grid_id = entry.grid_id
            ) AS change
            WHERE change.day >= effective_on;
            -- its division may be going to change before that day
            IF last IS NULL THEN
                SELECT min(l.effective_on) INTO last FROM code.division_lineage l
                WHERE l.taken_at IS NULL AND l.from_division = entry.division AND l.from_division <> l.to_division
                  AND l.effective_on <= changeable_grids.effective_on;
            END IF;
            IF last IS NOT NULL THEN
                PERFORM refuse('RG248', ARRAY[code, last::text, effective_on::text], 'registry.grid', 'period');
            END IF;
            SELECT v.name, v.outline INTO entry.name, entry.outline
            FROM registry.grid_version v WHERE v.grid_id = entry.grid_id AND v.period @> effective_on;
            taken := taken || entry;
        END LOOP;
        RETURN taken;
    END $$;
COMMENT ON FUNCTION registry.changeable_grids(text[], date) IS
    'Grids by their codes as they are on the day from which a change shall hold (可调整的网格): RG246 there is none such, RG247 not valid then, or its end is set, RG248 it changes on that day or after it, or its division does before';

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

CREATE OR REPLACE FUNCTION registry.new_grid_codes(division division_code, many integer)
    RETURNS text[]
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        used CONSTANT integer[] := ARRAY(
            SELECT substr(g.grid_code, 13)::integer FROM registry.grid g
            WHERE g.grid_code LIKE new_grid_codes.division::text || '%' AND substr(g.grid_code, 13) ~ '^[0-9]+$');
        last CONSTANT integer := COALESCE((SELECT max(n) FROM unnest(used) AS n), 0);
        free integer[];
    BEGIN
        free := ARRAY(SELECT n FROM generate_series(1, 999) AS n WHERE n <> ALL (used) ORDER BY n < last, n LIMIT many);
        IF cardinality(free) < many THEN
            PERFORM refuse('RG254', ARRAY[division::text, '001', '999'], 'registry.grid', 'grid_code');
        END IF;
        RETURN ARRAY(SELECT division::text || lpad(n::text, 3, '0') FROM unnest(free) WITH ORDINALITY AS f (n, place) ORDER BY place);
    END $$;
COMMENT ON FUNCTION registry.new_grid_codes(division_code, integer) IS
    'Codes of 15 digits that no grid of the division has ever had (新网格编码): after the last one, and once 999 is reached those left out before. RG254';

CREATE OR REPLACE FUNCTION registry.grid_succession(before registry.grid[], after registry.grid[], "on" date)
    RETURNS TABLE (from_grid_id bigint, to_code text, area double precision, residents bigint)
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        WITH home AS MATERIALIZED (
            SELECT d.grid_id, standing.place, count(*) AS residents
            FROM registry.dwelling d
            JOIN registry.dwelling_standing standing USING (dwelling_id)
            JOIN registry.residence r ON r.dwelling_id = d.dwelling_id AND r.period @> "on" AND r.state NOT IN ('rejected', 'voided')
            WHERE d.grid_id = ANY (ARRAY(SELECT b.grid_id FROM unnest(before) AS b))
            GROUP BY d.grid_id, standing.place
        ), people AS (
            SELECT home.grid_id, heir.grid_code, sum(home.residents)::bigint AS residents
            FROM home
            LEFT JOIN LATERAL (SELECT a.grid_code FROM unnest(after) AS a WHERE ST_Covers(a.outline, home.place)
                               ORDER BY a.grid_code LIMIT 1) AS heir ON true
            GROUP BY home.grid_id, heir.grid_code
        ), land AS (
            SELECT b.grid_id, a.grid_code, ST_Intersection(b.outline, a.outline) AS shared, b.division
            FROM unnest(before) AS b JOIN unnest(after) AS a ON ST_Relate(b.outline, a.outline, '2********')
            UNION ALL
            SELECT b.grid_id, NULL,
                   COALESCE(ST_Difference(b.outline, (SELECT ST_Union(a.outline) FROM unnest(after) AS a)), b.outline), b.division
            FROM unnest(before) AS b
        ), lot AS (
            SELECT land.grid_id, land.grid_code, ST_Area(land.shared::geography) AS area
            FROM land
            -- where people went over, the land does in any case
            WHERE grid_matters(land.shared, land.division)
               OR EXISTS (SELECT FROM people p WHERE p.grid_id = land.grid_id AND p.grid_code IS NOT DISTINCT FROM land.grid_code)
        )
        SELECT lot.grid_id, lot.grid_code, lot.area, COALESCE(people.residents, 0)
        FROM lot
        LEFT JOIN people ON people.grid_id = lot.grid_id AND people.grid_code IS NOT DISTINCT FROM lot.grid_code
    $$;
COMMENT ON FUNCTION registry.grid_succession(registry.grid[], registry.grid[], date) IS
    'How much of each grid before goes to each grid after, in m² and residents of a day (网格沿革测算); to_code NULL: to none. While dwellings still are in the grids before';

CREATE OR REPLACE FUNCTION registry.check_redrawing(before registry.grid[], after registry.grid[], effective_on date)
    RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        at      constant text := 'registry.grid';
        village constant division_code := before[1].division;
        named   constant text := (SELECT string_agg(b.grid_code, ' ') FROM unnest(before[:9]) AS b);
        whole   geometry;
        parts   geometry;
    BEGIN
        PERFORM check_outline(a.grid_code, a.outline, a.division) FROM unnest(after) AS a;
        PERFORM refuse('RG252', ARRAY[before[1].grid_code, b.grid_code], at)
        FROM unnest(before) AS b WHERE b.division <> village OR b.kind <> before[1].kind LIMIT 1;
        PERFORM refuse('RG069', ARRAY[a.grid_code], at, 'grid_code')
        FROM unnest(after) AS a JOIN registry.grid g USING (grid_code)
        -- either all go on under their codes, or all have new ones
        WHERE EXISTS (SELECT FROM unnest(after) AS x WHERE x.grid_code <> ALL (ARRAY(SELECT b.grid_code FROM unnest(before) AS b))) LIMIT 1;
        PERFORM refuse('RG063', ARRAY[a.grid_code, b.grid_code, round(ST_Area(ST_Intersection(a.outline, b.outline)::geography)::numeric, 1)::text], at, 'outline')
        FROM unnest(after) WITH ORDINALITY AS a JOIN unnest(after) WITH ORDINALITY AS b ON a.ordinality < b.ordinality
        WHERE ST_Relate(a.outline, b.outline, '2********') AND grid_matters(ST_Intersection(a.outline, b.outline), village) LIMIT 1;

        whole := (SELECT ST_Union(b.outline) FROM unnest(before) AS b);
        parts := COALESCE((SELECT ST_Union(a.outline) FROM unnest(after) AS a), ST_GeomFromText('MULTIPOLYGON EMPTY', 4490));
        IF grid_matters(ST_Difference(parts, whole), village) THEN
            PERFORM refuse('RG250', ARRAY[named, round(ST_Area(ST_Difference(parts, whole)::geography)::numeric, 1)::text], at, 'outline');
        ELSIF NOT grid_matters(ST_Difference(whole, parts), village) THEN
            RETURN NULL;
        ELSIF policy_text('grid_coverage', village, effective_on) = 'refuse' THEN
            PERFORM refuse('RG251', ARRAY[named, round(ST_Area(ST_Difference(whole, parts)::geography)::numeric, 1)::text], at, 'outline');
        END IF;
        RETURN 'gap';
    END $$;
COMMENT ON FUNCTION registry.check_redrawing(registry.grid[], registry.grid[], date) IS
    'Whether grids may become others (网格调整校验): RG061, RG062, RG065, RG066 an outline that cannot be, RG063 they overlap, RG069 a code is in use, RG250 they reach beyond, RG251 they leave a gap where policy grid_coverage refuses it, RG252 not of one village and kind. Answers gap where they leave one, else NULL';

CREATE OR REPLACE FUNCTION registry.redraw_grids(
        kind text, before registry.grid[], after registry.grid[], effective_on date, reason text,
        OUT grid_act_id bigint, OUT warning text)
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        comes CONSTANT boolean := effective_on > today();
        kept  CONSTANT text[] := ARRAY(SELECT b.grid_code FROM unnest(before) AS b INTERSECT SELECT a.grid_code FROM unnest(after) AS a);
        drawn registry.grid[];
        entry registry.grid;
        links jsonb;
    BEGIN
        warning := registry.check_redrawing(before, after, effective_on);
        SELECT jsonb_agg(to_jsonb(s)) INTO links FROM registry.grid_succession(before, after, least(effective_on, today())) s;

        FOREACH entry IN ARRAY after LOOP
            IF entry.grid_code = ANY (kept) THEN
                UPDATE registry.grid_version v SET period = daterange(lower(v.period), redraw_grids.effective_on)
                WHERE v.grid_id = entry.grid_id AND v.period @> redraw_grids.effective_on;
                INSERT INTO registry.grid_version (grid_id, period, name, outline)
                VALUES (entry.grid_id, daterange(effective_on, NULL), entry.name, entry.outline);
                CONTINUE WHEN comes;
            ELSE
                entry.period := daterange(effective_on, NULL);
            END IF;
            drawn := drawn || entry;
        END LOOP;
        FOR entry IN SELECT g.* FROM unnest(before) AS b JOIN registry.grid g USING (grid_id) WHERE b.grid_code <> ALL (kept) LOOP
            entry.period := daterange(lower(entry.period), effective_on);
            drawn := drawn || entry;
        END LOOP;
        -- at once: they are judged together, and the dwellings follow
        PERFORM registry.draw_grids(drawn);

        INSERT INTO registry.grid_act (kind, effective_on, reason, taken_at)
        VALUES (kind, effective_on, reason, CASE WHEN NOT comes THEN now() END)
        RETURNING registry.grid_act.grid_act_id INTO grid_act_id;
        INSERT INTO registry.grid_lineage (grid_act_id, from_grid_id, to_grid_id, area, area_share, residents, resident_share)
        SELECT redraw_grids.grid_act_id, s.from_grid_id, g.grid_id, s.area, s.area / NULLIF(sum(s.area) OVER same, 0),
               s.residents, s.residents::numeric / NULLIF(sum(s.residents) OVER same, 0)
        FROM jsonb_to_recordset(links) AS s (from_grid_id bigint, to_code text, area double precision, residents integer)
        LEFT JOIN registry.grid g ON g.grid_code = s.to_code
        WINDOW same AS (PARTITION BY s.from_grid_id)
        ORDER BY s.from_grid_id, s.to_code;
    END $$;
COMMENT ON FUNCTION registry.redraw_grids(text, registry.grid[], registry.grid[], date, text) IS
    'Makes grids others from a day on (网格调整): those before whose codes are not among those after end, new ones begin, the others get a version; a day to come leaves dwellings where they are until then. Answers the act, and as warning gap. RG061-RG063, RG065, RG066, RG069, RG250-RG252 and what registry.grid refuses';

CREATE OR REPLACE FUNCTION registry.take_grid_acts()
    RETURNS integer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        acts  bigint[];
        grids bigint[];
    BEGIN
        PERFORM grid_lock(NULL);
        acts := ARRAY(SELECT a.grid_act_id FROM registry.grid_act a WHERE a.taken_at IS NULL AND a.effective_on <= today());
        IF acts <> '{}' THEN
            grids := ARRAY(SELECT l.from_grid_id FROM registry.grid_lineage l WHERE l.grid_act_id = ANY (acts)
                           UNION SELECT l.to_grid_id FROM registry.grid_lineage l WHERE l.grid_act_id = ANY (acts));
            -- all at once: what two acts in turn have made of neighbours fits together in the end
            UPDATE registry.grid g SET name = v.name, outline = v.outline
            FROM registry.grid_version v
            WHERE v.grid_id = g.grid_id AND v.period @> today() AND g.grid_id = ANY (grids)
              AND (g.name <> v.name OR NOT ST_OrderingEquals(g.outline, v.outline));
            PERFORM place_dwellings(array_remove(grids, NULL));
            UPDATE registry.grid_act a SET taken_at = now() WHERE a.grid_act_id = ANY (acts);
        END IF;
        RETURN cardinality(acts);
    END $$;
COMMENT ON FUNCTION registry.take_grid_acts() IS
    'Acts on grids whose day has come take effect (到期网格调整生效): outlines and names as of today, and the dwellings follow; how many';

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
        IF jsonb_typeof(parts -> 'features') IS DISTINCT FROM 'array' THEN
            PERFORM refuse('RG070', ARRAY[registry.in_language(
                'It is not a FeatureCollection with an array of features.', '不是含 features 数组的 FeatureCollection。')], 'registry.grid');
        END IF;
        FOR feature IN SELECT f FROM jsonb_array_elements(parts -> 'features') AS f LOOP
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
        answer api.answer;
    BEGIN
        answer.accepted := true;
        answer.act := act;
        SELECT r.grid_act_id, r.warning INTO answer.record_id, answer.warning
        FROM registry.redraw_grids(kind, before, after, effective_on, reason) r;
        RETURN answer;
    END $$;
COMMENT ON FUNCTION registry.grid_answer(text, text, registry.grid[], registry.grid[], date, text) IS 'Redraws grids and answers for the act (网格调整办理结果)';

CREATE OR REPLACE FUNCTION registry.split_grid(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        effective_on CONSTANT date := COALESCE((arguments ->> 'effective_on')::date, today());
        before       registry.grid[];
    BEGIN
        PERFORM registry.require_argument(act, arguments, 'grid_code');
        PERFORM registry.require_argument(act, arguments, 'parts');
        PERFORM registry.open_boundaries(arguments ->> 'reason');
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
        effective_on CONSTANT date := COALESCE((arguments ->> 'effective_on')::date, today());
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
        PERFORM registry.open_boundaries(arguments ->> 'reason');
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
        effective_on CONSTANT date := COALESCE((arguments ->> 'effective_on')::date, today());
        drawn        registry.grid[];
        before       registry.grid[];
        after        registry.grid[];
    BEGIN
        PERFORM registry.require_argument(act, arguments, 'grids');
        IF jsonb_typeof(arguments #> '{grids,features}') IS DISTINCT FROM 'array' THEN
            PERFORM refuse('RG070', ARRAY[registry.in_language(
                'It is not a FeatureCollection with an array of features.', '不是含 features 数组的 FeatureCollection。')], 'registry.grid');
        END IF;
        drawn := ARRAY(SELECT registry.read_grid(f, NULL, NULL) FROM jsonb_array_elements(arguments #> '{grids,features}') AS f);
        IF cardinality(drawn) < 1 OR (SELECT count(DISTINCT d.grid_code) FROM unnest(drawn) AS d) < cardinality(drawn) THEN
            PERFORM refuse('RG249', ARRAY[(SELECT count(DISTINCT d.grid_code) FROM unnest(drawn) AS d)::text], 'registry.grid', 'grid_code');
        END IF;
        PERFORM registry.open_boundaries(arguments ->> 'reason');
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
        effective_on CONSTANT date := COALESCE((arguments ->> 'effective_on')::date, today());
        before       registry.grid[];
        after        registry.grid[];
    BEGIN
        PERFORM registry.require_argument(act, arguments, 'grid_code');
        IF is_plain_text(arguments ->> 'name', 100) IS NOT TRUE THEN
            PERFORM refuse('RG059', ARRAY[left(arguments ->> 'grid_code', 20)], 'registry.grid', 'name');
        END IF;
        PERFORM registry.open_boundaries(arguments ->> 'reason');
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
        effective_on CONSTANT date := COALESCE((arguments ->> 'effective_on')::date, today());
    BEGIN
        PERFORM registry.require_argument(act, arguments, 'grid_code');
        PERFORM registry.open_boundaries(arguments ->> 'reason');
        RETURN registry.grid_answer(act, 'retire', registry.changeable_grids(ARRAY[arguments ->> 'grid_code'], effective_on),
                                    ARRAY[]::registry.grid[], effective_on, arguments ->> 'reason');
    END $$;
COMMENT ON FUNCTION registry.retire_grid(text, jsonb) IS 'The act behind api.retire_grid() (网格作废)';

CREATE OR REPLACE FUNCTION api.split_grid(
        grid_code text, parts jsonb, reason text, effective_on date DEFAULT NULL, request_id uuid DEFAULT NULL,
        dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('split_grid', jsonb_build_object(
            'grid_code', grid_code, 'parts', parts, 'reason', reason, 'effective_on', effective_on),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.split_grid(text, jsonb, text, date, uuid, boolean) IS
    'Splits a grid into parts (网格拆分). grid_code; parts: a GeoJSON FeatureCollection of Polygon or MultiPolygon in degrees of CGCS2000 that cover it, each with properties name and grid_code if need be – without, it is numbered anew from west to east and north to south. effective_on: first day on which it holds, past or to come, NULL is today; reason: why, in a line. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, the act, see api.grid_lineage; and as warning gap. Errors: RG061-RG066, RG069, RG080, RG085, RG245-RG248, RG250-RG252, RG259, RG249, RG254, RG070';

CREATE OR REPLACE FUNCTION api.merge_grids(
        grid_codes text[], reason text, name text DEFAULT NULL, new_grid_code text DEFAULT NULL,
        effective_on date DEFAULT NULL, request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('merge_grids', jsonb_build_object(
            'grid_codes', grid_codes, 'reason', reason, 'name', name, 'new_grid_code', new_grid_code, 'effective_on', effective_on),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.merge_grids(text[], text, text, text, date, uuid, boolean) IS
    'Merges neighbouring grids of a village into a new one (网格合并). grid_codes; name, NULL is that of the first; new_grid_code, NULL is the next number. effective_on: first day on which it holds, past or to come, NULL is today; reason: why, in a line. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, the act, see api.grid_lineage. Errors: RG061-RG066, RG069, RG080, RG085, RG245-RG248, RG250-RG252, RG259, RG060, RG249, RG253, RG254';

CREATE OR REPLACE FUNCTION api.move_border(
        grids jsonb, reason text, effective_on date DEFAULT NULL, request_id uuid DEFAULT NULL,
        dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('move_border', jsonb_build_object(
            'grids', grids, 'reason', reason, 'effective_on', effective_on),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.move_border(jsonb, text, date, uuid, boolean) IS
    'Redraws grids among themselves (网格边界调整). grids: a GeoJSON FeatureCollection with the new outlines, in degrees of CGCS2000, of all whose border moves, each with its grid_code; together they stay within what they covered. effective_on: first day on which it holds, past or to come, NULL is today; reason: why, in a line. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, the act, see api.grid_lineage; and as warning gap. Errors: RG061-RG066, RG069, RG080, RG085, RG245-RG248, RG250-RG252, RG259, RG060, RG070, RG249';

CREATE OR REPLACE FUNCTION api.rename_grid(
        grid_code text, name text, reason text, effective_on date DEFAULT NULL, request_id uuid DEFAULT NULL,
        dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('rename_grid', jsonb_build_object(
            'grid_code', grid_code, 'name', name, 'reason', reason, 'effective_on', effective_on),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.rename_grid(text, text, text, date, uuid, boolean) IS
    'Gives a grid another name (网格更名); its number stays. effective_on: first day on which it holds, past or to come, NULL is today; reason: why, in a line. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, the act, see api.grid_lineage. Errors: RG059, RG080, RG085, RG245-RG248, RG259';

CREATE OR REPLACE FUNCTION api.retire_grid(
        grid_code text, reason text, effective_on date DEFAULT NULL, request_id uuid DEFAULT NULL,
        dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('retire_grid', jsonb_build_object(
            'grid_code', grid_code, 'reason', reason, 'effective_on', effective_on),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.retire_grid(text, text, date, uuid, boolean) IS
    'Ends a grid that nothing takes the place of (网格作废): its number is kept with reason and time and never used again; who lives there has no grid. Policy grid_coverage may refuse it: merge it then. effective_on: first day on which it holds, past or to come, NULL is today; reason: why, in a line. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, the act, and as warning gap. Errors: RG080, RG085, RG245-RG248, RG251, RG259';

CREATE OR REPLACE VIEW api.grid_lineage AS
SELECT l.grid_lineage_id, l.grid_act_id, a.kind, a.effective_on, a.reason,
       b.grid_code AS from_code, old.name AS from_name, n.grid_code AS to_code, new.name AS to_name,
       l.area, l.area_share, l.residents, l.resident_share, a.actor, a.recorded_at, a.taken_at
FROM registry.grid_lineage l
JOIN registry.grid_act a USING (grid_act_id)
JOIN registry.grid b ON b.grid_id = l.from_grid_id
JOIN registry.grid_version old ON old.grid_id = l.from_grid_id AND old.period @> a.effective_on - 1
LEFT JOIN registry.grid n ON n.grid_id = l.to_grid_id
LEFT JOIN registry.grid_version new ON new.grid_id = l.to_grid_id AND new.period @> a.effective_on;
COMMENT ON VIEW api.grid_lineage IS 'What became of which grid, when and why (网格沿革), with area and residents that went over';
COMMENT ON COLUMN api.grid_lineage.grid_lineage_id IS 'Key (编号)';
COMMENT ON COLUMN api.grid_lineage.grid_act_id IS 'The act (调整编号)';
COMMENT ON COLUMN api.grid_lineage.kind IS 'What was done, list lineage_kind (调整类型)';
COMMENT ON COLUMN api.grid_lineage.effective_on IS 'First day on which it holds (生效日期)';
COMMENT ON COLUMN api.grid_lineage.reason IS 'Why (调整原因)';
COMMENT ON COLUMN api.grid_lineage.from_code IS 'Code before (原网格编码)';
COMMENT ON COLUMN api.grid_lineage.from_name IS 'Name before (原网格名称)';
COMMENT ON COLUMN api.grid_lineage.to_code IS 'Code after (新网格编码); NULL: no grid';
COMMENT ON COLUMN api.grid_lineage.to_name IS 'Name after (新网格名称)';
COMMENT ON COLUMN api.grid_lineage.area IS 'Area that went over, m² (面积)';
COMMENT ON COLUMN api.grid_lineage.area_share IS 'Its share of the grid before, 0 to 1 (面积占比)';
COMMENT ON COLUMN api.grid_lineage.residents IS 'Residents who went over (人数)';
COMMENT ON COLUMN api.grid_lineage.resident_share IS 'Their share of the grid before, 0 to 1 (人数占比)';
COMMENT ON COLUMN api.grid_lineage.actor IS 'Role that entered it (登记人)';
COMMENT ON COLUMN api.grid_lineage.recorded_at IS 'When it was entered (登记时间)';
COMMENT ON COLUMN api.grid_lineage.taken_at IS 'When it took effect in the register (执行时间); NULL: to come';

CREATE OR REPLACE VIEW map.grid_gap AS
WITH village AS (
    SELECT g.division, ST_Union(g.outline) AS outline
    FROM registry.grid g WHERE g.kind = 'management' AND g.period @> today() GROUP BY g.division
), hole AS (
    SELECT v.division,
           ST_Difference(ST_SetSRID(ST_MakePolygon(ST_ExteriorRing((ring).geom)), 4490),
               COALESCE((SELECT ST_Union(g.outline) FROM registry.grid g
                         WHERE g.kind = 'management' AND g.period @> today() AND g.outline && (ring).geom), ST_GeomFromText('POLYGON EMPTY', 4490))) AS outline
    FROM village v, ST_Dump(v.outline) AS part, ST_DumpRings(part.geom) AS ring
    WHERE (ring).path[1] > 0
)
SELECT row_number() OVER (ORDER BY hole.division, ST_XMin(hole.outline), ST_YMin(hole.outline)) AS grid_gap_id,
       hole.division::text AS division,
       round(ST_Area(hole.outline::geography)::numeric, 1) AS area,
       ST_Multi(ST_CollectionExtract(hole.outline, 3))::geometry(MultiPolygon, 4490) AS outline
FROM hole
WHERE grid_matters(hole.outline, hole.division);
COMMENT ON VIEW map.grid_gap IS
    'Holes between the management grids of a village that no grid covers today (网格空白区域). Overlaps cannot be: RG063. What an act leaves out at the edge stands in api.grid_lineage with no to_code';
COMMENT ON COLUMN map.grid_gap.grid_gap_id IS 'Number in this list (序号)';
COMMENT ON COLUMN map.grid_gap.division IS 'Village-level division (所属村居代码)';
COMMENT ON COLUMN map.grid_gap.area IS 'Area in m² (面积)';
COMMENT ON COLUMN map.grid_gap.outline IS 'Where it is (空白范围), CGCS2000';
