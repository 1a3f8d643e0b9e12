-- Vector tiles (MVT) for maps in a browser: functions as pg_tileserv and martin find them, (z, x, y, query_params json) to bytea.
-- An index is asked with the tile's own box in degrees; no column is transformed to find out what lies in a tile.

CREATE OR REPLACE FUNCTION map.tile_box(z integer, x integer, y integer, margin float8 DEFAULT 0.0625)
    RETURNS geometry
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        tiles CONSTANT float8 := 2.0 ^ z;
    BEGIN
        IF (z BETWEEN 0 AND 22 AND x BETWEEN 0 AND 2 ^ z - 1 AND y BETWEEN 0 AND 2 ^ z - 1) IS NOT TRUE THEN
            PERFORM refuse('RG300', ARRAY[COALESCE(z::text, 'NULL'), COALESCE(x::text, 'NULL'), COALESCE(y::text, 'NULL')]);
        END IF;
        -- there is nothing east or west of the whole earth
        RETURN ST_MakeEnvelope(
            360 * greatest((x - margin) / tiles, 0) - 180, degrees(atan(sinh(pi() * (1 - 2 * (y + 1 + margin) / tiles)))),
            360 * least((x + 1 + margin) / tiles, 1) - 180, degrees(atan(sinh(pi() * (1 - 2 * (y - margin) / tiles)))), 4490);
    END $$;
COMMENT ON FUNCTION map.tile_box(integer, integer, integer, float8) IS
    'What a tile of the web (XYZ) covers, in degrees (瓦片经纬度范围), SRID 4490. margin: how much more on each side, in tiles. Errors: RG300';

CREATE OR REPLACE FUNCTION map.places(area geometry)
    RETURNS TABLE (dwelling_id bigint, grid_id bigint, kind text, address text, let_state text,
                   dwellings integer, let_dwellings integer, residents integer, open_tasks integer, late_tasks integer, location geometry)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    SET jit = off
    SET plan_cache_mode = force_custom_plan
    AS $$
    #variable_conflict use_column
    BEGIN
        RETURN QUERY
        WITH RECURSIVE standing AS (
            -- who has no location of its own stands where its whole stands: so nobody counts twice
            SELECT d.dwelling_id, d.location, d.let_state FROM registry.dwelling d WHERE d.location && area AND acts_in(d.division)
            UNION ALL
            SELECT d.dwelling_id, standing.location, d.let_state
            FROM standing JOIN registry.dwelling d ON d.parent_id = standing.dwelling_id AND d.location IS NULL
        ), outermost AS (
            SELECT DISTINCT ON (d.location) d.dwelling_id, d.grid_id, d.kind, d.address, d.location
            FROM registry.dwelling d WHERE d.location && area AND acts_in(d.division)
            ORDER BY d.location, array_position('{building,unit,room,bed}', d.kind), d.dwelling_id
        ), tally AS (
            SELECT s.location, 1 AS dwellings, array_position('{let,prohibited,lettable,owner_occupied}', s.let_state) AS let_rank,
                   0 AS residents, 0 AS open_tasks, 0 AS late_tasks
            FROM standing s
            WHERE s.let_state <> 'demolished'
              AND NOT EXISTS (SELECT FROM registry.dwelling part WHERE part.parent_id = s.dwelling_id)
            UNION ALL
            SELECT s.location, 0, NULL, 1, 0, 0
            FROM standing s JOIN registry.residence r ON r.dwelling_id = s.dwelling_id AND residence_is_current(r.state)
            WHERE r.person_id <> ALL ((SELECT registry.withheld_persons())::bigint[])
            UNION ALL
            SELECT s.location, 0, NULL, 0, 1, (t.due_on < today())::integer
            FROM standing s JOIN registry.patrol_task t ON t.dwelling_id = s.dwelling_id AND t.state = 'open'
        ), total AS (
            SELECT tally.location, min(tally.let_rank) AS let_rank, sum(tally.dwellings)::integer AS dwellings,
                   (count(*) FILTER (WHERE tally.let_rank = 1))::integer AS let_dwellings, sum(tally.residents)::integer AS residents,
                   sum(tally.open_tasks)::integer AS open_tasks, sum(tally.late_tasks)::integer AS late_tasks
            FROM tally GROUP BY tally.location
        )
        SELECT o.dwelling_id, o.grid_id, o.kind::text, o.address,
               COALESCE(('{let,prohibited,lettable,owner_occupied}'::text[])[total.let_rank], 'demolished'),
               COALESCE(total.dwellings, 0), COALESCE(total.let_dwellings, 0), COALESCE(total.residents, 0),
               COALESCE(total.open_tasks, 0), COALESCE(total.late_tasks, 0), o.location
        FROM outermost o LEFT JOIN total ON total.location = o.location;
    END $$;
COMMENT ON FUNCTION map.places(geometry) IS
    'The places with dwellings in a box, each once (房屋点位): key, kind and address of the outermost dwelling there, and of all that stand there, parts without a location of their own included, how many have no parts and are not demolished, how many of them are let, residents but for those whose data is withheld, open tasks and those late. let_state: let where anything is, else prohibited, else lettable, else owner_occupied; demolished where nothing else is. area: SRID 4490, its box counts';

CREATE OR REPLACE FUNCTION map.tile_params(query_params json)
    RETURNS TABLE (day date, kind text)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    #variable_conflict use_column
    BEGIN
        -- what else stands in a request is not ours
        IF json_typeof(query_params) <> 'object' THEN
            PERFORM refuse('RG302', ARRAY[json_typeof(query_params)]);
        END IF;
        day := COALESCE(NULLIF(query_params ->> 'on', '')::date, today());
        kind := checked_code('grid_kind', COALESCE(query_params ->> 'kind', 'management'), 'map.grid_tile', 'kind');
        IF day > today() THEN
            PERFORM refuse('RG260', ARRAY[day::text, today()::text]);
        END IF;
        RETURN NEXT;
    END $$;
COMMENT ON FUNCTION map.tile_params(json) IS
    'Reads the parameters of map.grid_tile() (瓦片参数). Errors: RG006, RG260, RG302, 22007';


CREATE OR REPLACE FUNCTION map.grid_layers(z integer, x integer, y integer, day date, kind text)
    RETURNS bytea
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    SET jit = off
    SET plan_cache_mode = force_custom_plan
    AS $$
    DECLARE
        extent CONSTANT integer := 4096;
        box    CONSTANT geometry := map.tile_box(z, x, y);
        inside CONSTANT geometry := map.tile_box(z, x, y, 0);
        frame  CONSTANT geometry := ST_TileEnvelope(z, x, y);
        -- in degrees, half a pixel where a tile is drawn 512 pixels wide
        grain  CONSTANT float8 := 360 / 2.0 ^ z / 1024;
        layers bytea;
    BEGIN
        WITH near AS MATERIALIZED (
            SELECT g.grid_id, g.grid_code::text AS grid_code, v.name, g.division::text AS division, v.outline, grid_layers.day = today() AND acts_in(g.division) AS counted
            FROM registry.grid_version v
            JOIN registry.grid g USING (grid_id)
            WHERE v.outline && box AND v.period @> grid_layers.day AND g.period @> grid_layers.day AND g.kind = grid_layers.kind
        ), shape AS (
            SELECT near.grid_id, grid_code, name, division,
                   CASE WHEN counted THEN
                       (SELECT count(*)::integer
                        FROM registry.dwelling d JOIN registry.residence r ON r.dwelling_id = d.dwelling_id AND residence_is_current(r.state)
                        WHERE d.grid_id = near.grid_id) END AS residents,
                   CASE WHEN counted THEN
                       (SELECT count(*)::integer FROM registry.dwelling d
                        WHERE d.grid_id = near.grid_id AND d.let_state <> 'demolished'
                          AND NOT EXISTS (SELECT FROM registry.dwelling part WHERE part.parent_id = d.dwelling_id)) END AS dwellings,
                   task.open_tasks, task.late_tasks,
                   ST_AsMVTGeom(ST_Transform(ST_Simplify(near.outline, grain, true), 3857), frame, extent, extent / 16) AS outline
            FROM near
            LEFT JOIN LATERAL (
                SELECT count(*)::integer, (count(*) FILTER (WHERE t.due_on < today()))::integer
                FROM registry.dwelling d JOIN registry.patrol_task t ON t.dwelling_id = d.dwelling_id AND t.state = 'open'
                WHERE d.grid_id = near.grid_id AND near.counted
                HAVING near.counted
            ) AS task (open_tasks, late_tasks) ON true
        ), label AS (
            -- in one tile only, so that a map writes a name once
            SELECT near.grid_id, grid_code, name, ST_AsMVTGeom(ST_Transform(spot, 3857), frame, extent, 0) AS place
            FROM near, ST_PointOnSurface(near.outline) AS spot WHERE spot && inside
        )
        SELECT COALESCE((SELECT ST_AsMVT(shape, 'grid', extent, 'outline', 'grid_id') FROM shape WHERE outline IS NOT NULL), '')
            || COALESCE((SELECT ST_AsMVT(label, 'grid_label', extent, 'place', 'grid_id') FROM label WHERE place IS NOT NULL), '') INTO layers;
        RETURN layers;
    END $$;
COMMENT ON FUNCTION map.grid_layers(integer, integer, integer, date, text) IS
    'Layers grid and grid_label of a tile (网格图层瓦片): outlines with grid_code, name, division, and for today residents, dwellings, open_tasks and late_tasks; a point inside each to write its name. Called by map.grid_tile()';

CREATE OR REPLACE FUNCTION map.division_layers(z integer, x integer, y integer, day date, kind text)
    RETURNS bytea
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    SET jit = off
    SET plan_cache_mode = force_custom_plan
    AS $$
    DECLARE
        -- a unit is a quarter of a pixel where a tile is drawn 512 pixels wide
        extent CONSTANT integer := 2048;
        box    CONSTANT geometry := map.tile_box(z, x, y);
        frame  CONSTANT geometry := ST_TileEnvelope(z, x, y);
        grain  CONSTANT float8 := (ST_XMax(frame) - ST_XMin(frame)) / extent;
        layers bytea;
    BEGIN
        WITH piece AS MATERIALIZED (
            SELECT CASE WHEN z >= 10 THEN g.division WHEN z >= 8 THEN parent(g.division) ELSE parent(parent(g.division)) END AS division,
                   -- neighbours that part by a unit or two are brought together again by map.dissolve()
                   ST_SnapToGrid(ST_TransScale(ST_ClipByBox2D(ST_Transform(ST_Simplify(v.outline, 360 / 2.0 ^ z / extent, true), 3857),
                                                              ST_Expand(frame, grain * extent / 16)),
                                               -ST_XMin(frame), -ST_YMin(frame), 1 / grain, 1 / grain), 1) AS outline
            FROM registry.grid_version v
            JOIN registry.grid g USING (grid_id)
            WHERE v.outline && box AND v.period @> division_layers.day AND g.period @> division_layers.day AND g.kind = division_layers.kind
        ), unit AS MATERIALIZED (
            SELECT piece.division, map.dissolve(ST_SetSRID(ST_Collect(piece.outline), 0), 1) AS outline
            FROM piece GROUP BY piece.division
        ), shape AS (
            SELECT unit.division::bigint AS division_id, unit.division::text AS division, level(unit.division) AS level, c.name,
                   CASE WHEN division_layers.day = today() THEN
                       (SELECT count(*)::integer FROM registry.residence r
                        WHERE r.division <@ unit.division AND residence_is_current(r.state) AND acts_in(r.division)) END AS residents,
                   ST_AsMVTGeom(unit.outline, ST_MakeEnvelope(0, 0, extent, extent), extent, extent / 16) AS outline
            FROM unit LEFT JOIN code.division c ON c.division = unit.division
        ), label AS (
            SELECT unit.division::bigint AS division_id, map.short_name(c.name) AS name,
                   ST_AsMVTGeom(ST_Transform(middle.spot, 3857), frame, extent, 0) AS place
            FROM unit
            LEFT JOIN code.division c ON c.division = unit.division
            -- inside the grid that is nearest to the middle of all, whatever the tile shows of them
            CROSS JOIN LATERAL (
                SELECT ST_PointOnSurface(own.outline)
                FROM (SELECT each.outline, (each.x - avg(each.x) OVER ()) ^ 2 + (each.y - avg(each.y) OVER ()) ^ 2 AS away, each.grid_id
                      FROM (SELECT g.grid_id, v.outline, ST_X(centre) AS x, ST_Y(centre) AS y
                            FROM registry.grid g JOIN registry.grid_version v USING (grid_id), ST_Centroid(ST_Envelope(v.outline)) AS centre
                            WHERE g.division <@ unit.division AND v.period @> division_layers.day AND g.period @> division_layers.day
                              AND g.kind = division_layers.kind) AS each) AS own
                ORDER BY own.away, own.grid_id LIMIT 1
            ) AS middle (spot)
        )
        SELECT COALESCE((SELECT ST_AsMVT(shape, 'division', extent, 'outline', 'division_id') FROM shape WHERE outline IS NOT NULL), '')
            || COALESCE((SELECT ST_AsMVT(label, 'division_label', extent, 'place', 'division_id') FROM label WHERE place IS NOT NULL), '') INTO layers;
        RETURN layers;
    END $$;
COMMENT ON FUNCTION map.division_layers(integer, integer, integer, date, text) IS
    'Layers division and division_label of a tile (区划图层瓦片): villages, at zoom 8 and 9 townships, beyond that counties, as their grids draw them, with division, level, name and for today residents; a point inside each to write its name. Called by map.grid_tile()';

CREATE OR REPLACE FUNCTION map.grid_tile(z integer, x integer, y integer, query_params json DEFAULT '{}')
    RETURNS bytea
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        asked record;
    BEGIN
        SELECT p.day, p.kind INTO asked FROM map.tile_params(COALESCE(query_params, '{}')) AS p;
        RETURN CASE WHEN z < 12 THEN map.division_layers(z, x, y, asked.day, asked.kind)
                    ELSE map.grid_layers(z, x, y, asked.day, asked.kind) END;
    END $$;
COMMENT ON FUNCTION map.grid_tile(integer, integer, integer, json) IS
    'Management grids as a vector tile of the web, MVT in EPSG:3857 (网格矢量瓦片). From zoom 12 layer grid (grid_code, name, division, residents, dwellings, open_tasks, late_tasks) with grid_label; below it layer division (division, level, name, residents) with division_label: villages, townships below zoom 10, counties below 8. Feature ids are grid_id and the division as a number. query_params: on, a day past, draws the grids of that day, without figures; kind, of list grid_kind. Errors: RG006, RG260, RG300, RG302, 22007';

CREATE OR REPLACE FUNCTION map.dwelling_tile(z integer, x integer, y integer)
    RETURNS bytea
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SECURITY DEFINER
    SET search_path FROM CURRENT
    SET jit = off
    SET plan_cache_mode = force_custom_plan
    AS $$
    DECLARE
        extent CONSTANT integer := 4096;
        -- cells are counted from the corner of the world, so both tiles at a border show the same of the cells along it
        cells  CONSTANT integer := 32;
        tiles  CONSTANT float8 := 2.0 ^ z;
        box    CONSTANT geometry := map.tile_box(z, x, y, 1.0 / cells);
        layer  bytea;
    BEGIN
        IF z >= 16 THEN
            SELECT ST_AsMVT(shape, 'dwelling', extent, 'location', 'dwelling_id') INTO layer
            FROM (SELECT p.dwelling_id, p.kind, p.address, (SELECT g.grid_code::text FROM registry.grid g WHERE g.grid_id = p.grid_id) AS grid_code,
                         p.let_state, p.dwellings, p.let_dwellings, p.residents, p.open_tasks, p.late_tasks,
                         ST_AsMVTGeom(ST_Transform(p.location, 3857), ST_TileEnvelope(z, x, y), extent, extent / cells) AS location
                  FROM map.places(box) AS p) AS shape
            WHERE location IS NOT NULL;
        ELSIF z >= 12 THEN
            SELECT ST_AsMVT(shape, 'dwelling_cluster', extent, 'location', 'cell_id') INTO layer
            FROM (SELECT floor(own.y * cells)::bigint * (tiles * cells)::bigint + floor(own.x * cells)::bigint AS cell_id,
                         count(*)::integer AS places, sum(p.dwellings)::integer AS dwellings, sum(p.let_dwellings)::integer AS let_dwellings,
                         sum(p.residents)::integer AS residents, sum(p.open_tasks)::integer AS open_tasks, sum(p.late_tasks)::integer AS late_tasks,
                         ST_MakePoint(round((avg(own.x) - dwelling_tile.x) * extent), round((avg(own.y) - dwelling_tile.y) * extent)) AS location
                  FROM map.places(box) AS p
                  -- where it is, counted in tiles from the north-west
                  CROSS JOIN LATERAL (SELECT (ST_X(p.location) / 360 + 0.5) * tiles,
                                             (0.5 - asinh(tan(radians(ST_Y(p.location)))) / (2 * pi())) * tiles) AS own (x, y)
                  GROUP BY cell_id) AS shape;
        ELSE
            -- a million places are too many to look at one by one: each grid counts at its middle
            WITH near AS MATERIALIZED (
                SELECT g.grid_id, (ST_X(middle) / 360 + 0.5) * tiles AS x, (0.5 - asinh(tan(radians(ST_Y(middle)))) / (2 * pi())) * tiles AS y
                FROM registry.grid g, ST_Centroid(ST_Envelope(g.outline)) AS middle
                WHERE g.outline && box AND middle && box AND g.kind = 'management' AND g.period @> today() AND acts_in(g.division)
            ), tally AS (
                SELECT d.grid_id, count(*) AS dwellings, count(*) FILTER (WHERE d.let_state = 'let') AS let_dwellings, 0 AS residents, 0 AS open_tasks, 0 AS late_tasks
                FROM registry.dwelling d
                WHERE d.grid_id IN (SELECT near.grid_id FROM near) AND d.let_state <> 'demolished'
                  AND NOT EXISTS (SELECT FROM registry.dwelling part WHERE part.parent_id = d.dwelling_id)
                GROUP BY d.grid_id
                UNION ALL
                SELECT d.grid_id, 0, 0, count(*), 0, 0
                FROM registry.dwelling d JOIN registry.residence r ON r.dwelling_id = d.dwelling_id AND residence_is_current(r.state)
                WHERE d.grid_id IN (SELECT near.grid_id FROM near)
                GROUP BY d.grid_id
                UNION ALL
                SELECT d.grid_id, 0, 0, 0, count(*), count(*) FILTER (WHERE t.due_on < today())
                FROM registry.dwelling d JOIN registry.patrol_task t ON t.dwelling_id = d.dwelling_id AND t.state = 'open'
                WHERE d.grid_id IN (SELECT near.grid_id FROM near)
                GROUP BY d.grid_id
            )
            SELECT ST_AsMVT(shape, 'dwelling_cluster', extent, 'location', 'cell_id') INTO layer
            FROM (SELECT floor(near.y * cells)::bigint * (tiles * cells)::bigint + floor(near.x * cells)::bigint AS cell_id,
                         sum(tally.dwellings)::integer AS dwellings, sum(tally.let_dwellings)::integer AS let_dwellings,
                         sum(tally.residents)::integer AS residents, sum(tally.open_tasks)::integer AS open_tasks, sum(tally.late_tasks)::integer AS late_tasks,
                         ST_MakePoint(round((avg(near.x) - dwelling_tile.x) * extent), round((avg(near.y) - dwelling_tile.y) * extent)) AS location
                  FROM near JOIN tally USING (grid_id)
                  GROUP BY cell_id) AS shape;
        END IF;
        RETURN COALESCE(layer, '');
    END $$;
COMMENT ON FUNCTION map.dwelling_tile(integer, integer, integer) IS
    'Dwellings as a vector tile of the web, MVT in EPSG:3857 (房屋矢量瓦片). From zoom 16 layer dwelling, a point for each place: kind, address, grid_code, let_state, dwellings, let_dwellings, residents, open_tasks, late_tasks, of the outermost dwelling there and all that stand there (map.places()); feature id is dwelling_id. Below it layer dwelling_cluster: the same figures added up in cells of a thirty-second of a tile, without address; from zoom 12 by place, with the number of places, before by the middle of the grid that they belong to. Nothing about persons. Errors: RG300';
