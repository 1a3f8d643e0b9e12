-- Tiles and sheets: what is in them is decoded here, as far as SQL can: the wire format of protocol buffers, keys, values, ids.
\set ECHO none
\getenv test PG_ABS_SRCDIR
\i :test/lib/register.sql

BEGIN;
SET LOCAL search_path = public, residency;
SET LOCAL datestyle = 'ISO';
SET LOCAL client_min_messages = warning;
SELECT no_plan();

-- a reader of vector tiles: fields of a message, by number; varints as numbers, all else as bytes
CREATE FUNCTION pg_temp.varint(message bytea, INOUT at integer, OUT value bigint) LANGUAGE plpgsql AS $$
DECLARE
    shift integer := 0;
    one   integer;
BEGIN
    value := 0;
    LOOP
        one := get_byte(message, at);
        at := at + 1;
        value := value | ((one & 127)::bigint << shift);
        EXIT WHEN one < 128;
        shift := shift + 7;
    END LOOP;
END $$;
CREATE FUNCTION pg_temp.fields(message bytea) RETURNS TABLE (field integer, number bigint, bytes bytea) LANGUAGE plpgsql AS $$
DECLARE
    at   integer := 0;
    head bigint;
    size bigint;
BEGIN
    WHILE at < length(message) LOOP
        SELECT v.at, v.value INTO at, head FROM pg_temp.varint(message, at) v;
        field := head >> 3; number := NULL; bytes := NULL;
        CASE head & 7
            WHEN 0 THEN SELECT v.at, v.value INTO at, number FROM pg_temp.varint(message, at) v;
            WHEN 2 THEN SELECT v.at, v.value INTO at, size FROM pg_temp.varint(message, at) v;
                bytes := substr(message, at + 1, size::integer); at := at + size::integer;
        END CASE;
        RETURN NEXT;
    END LOOP;
END $$;
CREATE FUNCTION pg_temp.numbers(packed bytea) RETURNS bigint[] LANGUAGE plpgsql AS $$
DECLARE
    at  integer := 0;
    one bigint;
    every bigint[] := '{}';
BEGIN
    WHILE at < length(packed) LOOP
        SELECT v.at, v.value INTO at, one FROM pg_temp.varint(packed, at) v;
        every := every || one;
    END LOOP;
    RETURN every;
END $$;
-- features of all layers, with what is said of them and the commands that draw them
CREATE FUNCTION pg_temp.features(tile bytea) RETURNS TABLE (layer text, id bigint, kind bigint, said jsonb, drawn bigint[]) LANGUAGE sql AS $$
    WITH layer AS (
        SELECT row_number() OVER () AS n, l.bytes AS message FROM pg_temp.fields(tile) l WHERE l.field = 3
    ), part AS (
        SELECT layer.n, f.*, row_number() OVER (PARTITION BY layer.n, f.field) - 1 AS at FROM layer, pg_temp.fields(layer.message) WITH ORDINALITY AS f (field, number, bytes, ordinal)
    )
    SELECT (SELECT convert_from(p.bytes, 'UTF8') FROM part p WHERE p.n = f.n AND p.field = 1),
           (SELECT p.number FROM pg_temp.fields(f.bytes) p WHERE p.field = 1),
           (SELECT p.number FROM pg_temp.fields(f.bytes) p WHERE p.field = 3),
           (SELECT jsonb_object_agg(convert_from(k.bytes, 'UTF8'), CASE WHEN v.bytes IS NULL THEN to_jsonb(v.number) ELSE to_jsonb(convert_from(v.bytes, 'UTF8')) END)
            FROM (SELECT pg_temp.numbers(p.bytes) AS tags FROM pg_temp.fields(f.bytes) p WHERE p.field = 2) t,
                 generate_series(1, cardinality(tags), 2) i
            JOIN LATERAL (SELECT p.bytes FROM part p WHERE p.n = f.n AND p.field = 3 AND p.at = tags[i]) k ON true
            JOIN LATERAL (SELECT w.* FROM part p, pg_temp.fields(p.bytes) w WHERE p.n = f.n AND p.field = 4 AND p.at = tags[i + 1]) v ON true),
           (SELECT pg_temp.numbers(p.bytes) FROM pg_temp.fields(f.bytes) p WHERE p.field = 4)
    FROM part f WHERE f.field = 2
    ORDER BY 1, 2
$$;
-- the tile in which a point lies
CREATE FUNCTION pg_temp.column_of(z integer, longitude float8) RETURNS integer LANGUAGE sql AS $$ SELECT floor((longitude + 180) / 360 * 2 ^ z)::integer $$;
CREATE FUNCTION pg_temp.row_of(z integer, latitude float8) RETURNS integer LANGUAGE sql AS $$ SELECT floor((1 - asinh(tan(radians(latitude))) / pi()) / 2 * 2 ^ z)::integer $$;

-- the box of a tile is that of PostGIS, in degrees
SELECT cmp_ok((SELECT max(abs(a - b)) FROM unnest(ARRAY[ST_XMin(own), ST_YMin(own), ST_XMax(own), ST_YMax(own)], ARRAY[ST_XMin(theirs), ST_YMin(theirs), ST_XMax(theirs), ST_YMax(theirs)]) AS u (a, b)),
              '<', 1e-9::float8, format('the box of %s/%s/%s', z, x, y))
FROM (VALUES (1, 0, 0), (1, 1, 1), (5, 26, 14), (12, 3302, 1815), (22, 3381000, 1858700)) AS t (z, x, y),
     LATERAL (SELECT map.tile_box(z, x, y, 0), ST_Transform(ST_TileEnvelope(z, x, y), 4326)) AS box (own, theirs);
SELECT is(ST_XMin(map.tile_box(0, 0, 0)) || ' ' || ST_XMax(map.tile_box(0, 0, 0)), '-180 180', 'there is nothing beyond the whole earth');

-- squares of a hundredth of a degree from 113.30 E 22.90 N: a village of four grids, another of one, one far away
CREATE FUNCTION pg_temp.square(x float8, y float8, width float8 DEFAULT 1) RETURNS geometry LANGUAGE sql AS $$
    SELECT ST_Multi(ST_MakeEnvelope(113.3 + x / 100, 22.9 + y / 100, 113.3 + (x + width) / 100, 22.9 + (y + width) / 100, 4490))
$$;
CREATE FUNCTION pg_temp.spot(x float8, y float8) RETURNS geometry LANGUAGE sql AS $$ SELECT ST_SetSRID(ST_MakePoint(113.3 + x / 100, 22.9 + y / 100), 4490) $$;
INSERT INTO registry.grid (grid_id, grid_code, name, division, outline, period, kind) OVERRIDING SYSTEM VALUE VALUES
    (9001, '440113007003001', '第一网格', '440113007003', pg_temp.square(0, 0), '[2020-01-01,)', 'management'),
    (9002, '440113007003002', '<二>&"网格"', '440113007003', pg_temp.square(1, 0), '[2020-01-01,)', 'management'),
    (9003, '440113007003003', '第三网格', '440113007003', pg_temp.square(0, 1), '[2020-01-01,)', 'management'),
    (9004, '440113007003004', '第四网格', '440113007003', pg_temp.square(1, 1), '[2020-01-01,)', 'management'),
    (9005, '440113007007001', '邻网格', '440113007007', pg_temp.square(2, 0, 2), '[2020-01-01,)', 'management'),
    (9006, '440113007003901', '单元网格', '440113007003', pg_temp.square(0, 0), '[2020-01-01,)', 'unit'),
    (9007, '440113007007002', '过去的网格', '440113007007', pg_temp.square(6, 0, 2), '[2015-01-01,2020-01-01)', 'management');
-- a building with two rooms, one of them located by itself at the same place, a unit elsewhere, one outside all grids
INSERT INTO registry.dwelling (dwelling_id, parent_id, kind, address, division, location, let_state, safety_letter_on) OVERRIDING SYSTEM VALUE VALUES
    (9101, NULL, 'building', '一路1号', '440113007003', pg_temp.spot(0.5, 0.5), 'owner_occupied', '2020-01-01'),
    (9102, 9101, 'room', '一路1号101', '440113007003', NULL, 'let', '2020-01-01'),
    (9103, 9101, 'room', '一路1号102', '440113007003', pg_temp.spot(0.5, 0.5), 'lettable', '2020-01-01'),
    (9104, NULL, 'unit', '一路2号', '440113007003', pg_temp.spot(0.6, 0.5), 'prohibited', '2020-01-01'),
    (9105, NULL, 'building', '一路3号', '440113007003', pg_temp.spot(0.7, 0.7), 'demolished', '2020-01-01'),
    (9106, NULL, 'unit', '野外1号', '440113007003', pg_temp.spot(9, 9), 'lettable', '2020-01-01');
INSERT INTO registry.person (person_id, name, birth_date) OVERRIDING SYSTEM VALUE SELECT 9200 + n, '某人', '1990-01-01' FROM generate_series(1, 3) n;
INSERT INTO registry.residence (person_id, dwelling_id, arrived_on) VALUES (9201, 9102, '2024-01-01'), (9202, 9102, '2024-01-01'), (9203, 9103, '2024-01-01');
INSERT INTO registry.patrol_task (dwelling_id, kind, opened_on, due_on) VALUES (9102, 'routine', '2024-01-01', '2024-02-01'), (9104, 'routine', today(), today() + 9);

-- a place counts whoever stands there, once
SELECT results_eq($$SELECT dwelling_id, grid_id, kind, address, let_state, dwellings, let_dwellings, residents, open_tasks, late_tasks FROM map.places(pg_temp.square(0, 0, 2)) ORDER BY 1$$,
    $$VALUES (9101::bigint, 9001::bigint, 'building', '一路1号', 'let', 2, 1, 3, 1, 1), (9104, 9001, 'unit', '一路2号', 'prohibited', 1, 0, 0, 1, 0), (9105, 9001, 'building', '一路3号', 'demolished', 0, 0, 0, 0, 0)$$,
    'places: the outermost dwelling, figures of all that stand there');
SELECT is_empty($$SELECT FROM map.places(pg_temp.square(3, 3))$$, 'no places where there are none');

-- the tile of zoom 14 in which the four grids meet
SELECT pg_temp.column_of(14, 113.305) AS x, pg_temp.row_of(14, 22.905) AS y \gset
CREATE TEMP TABLE seen AS SELECT * FROM pg_temp.features(map.grid_tile(14, :x, :y));
SELECT is(id || ' ' || said::text, '9001 ' || jsonb_build_object('grid_code', '440113007003001', 'name', '第一网格', 'division', '440113007003', 'residents', 3,
    'dwellings', 3, 'open_tasks', 2, 'late_tasks', 1)::text, 'a grid with its id and what is said of it') FROM seen WHERE layer = 'grid' AND id = 9001;
SELECT is(array_agg(DISTINCT layer || ' ' || kind ORDER BY layer || ' ' || kind), '{"grid 3","grid_label 1"}', 'polygons, and points to write names') FROM seen;
SELECT ok(NOT EXISTS (SELECT FROM seen WHERE id IN (9006, 9007)), 'neither another kind nor what has ended');
SELECT is((SELECT string_agg(DISTINCT said ->> 'name', '') FROM pg_temp.features(map.grid_tile(14, :x, :y, '{"kind": "unit"}'))), '单元网格', 'another kind where asked for');
SELECT is((SELECT jsonb_agg(said) FROM pg_temp.features(map.grid_tile(14, :x, :y, '{"on": "2023-01-01"}')) WHERE layer = 'grid' AND id = 9001)::text,
    '[{"name": "第一网格", "division": "440113007003", "grid_code": "440113007003001"}]', 'of a day past: its grids without figures');
SELECT is((SELECT count(*) FROM pg_temp.features(map.grid_tile(14, pg_temp.column_of(14, 113.37), pg_temp.row_of(14, 22.91), '{"on": "2018-01-01"}')) WHERE id = 9007 AND layer = 'grid'), 1::bigint, 'and those that have ended since');
SELECT is(length(map.grid_tile(14, 0, 0)), 0, 'an empty tile where there are no grids');
-- a name stands in one tile alone, whichever the zoom
SELECT is((SELECT count(*) FROM generate_series(pg_temp.column_of(z, 113.29), pg_temp.column_of(z, 113.35)) x, generate_series(pg_temp.row_of(z, 22.93), pg_temp.row_of(z, 22.89)) y,
           LATERAL pg_temp.features(map.grid_tile(z, x, y)) f WHERE f.layer LIKE '%label'), n, format('at zoom %s %s names', z, n))
FROM (VALUES (14, 5::bigint), (12, 5), (11, 2), (8, 1), (5, 1), (0, 1)) v (z, n);

-- below zoom 12: villages, townships, counties
SELECT is(said::text, want, format('zoom %s: %s', z, want))
FROM (VALUES (11, 440113007003, '{"name": "' || (SELECT name FROM code.division WHERE division = '440113007003') || '", "level": 5, "division": "440113007003", "residents": 3}'),
             (9, 440113007000, '{"name": "市桥街道", "level": 4, "division": "440113007", "residents": 3}'),
             (6, 440113000000, '{"name": "番禺区", "level": 3, "division": "440113", "residents": 3}')) v (z, id, want),
     LATERAL pg_temp.features(map.grid_tile(z, pg_temp.column_of(z, 113.305), pg_temp.row_of(z, 22.905))) f WHERE f.layer = 'division' AND f.id = v.id;
-- the village is one ring: moves once, closes once
SELECT is((SELECT count(*) FROM unnest(drawn) WITH ORDINALITY c (command, n) WHERE n = 1 AND command = 9 OR n = cardinality(drawn) AND command = 15), 2::bigint, 'four grids become one outline')
FROM pg_temp.features(map.grid_tile(10, pg_temp.column_of(10, 113.305), pg_temp.row_of(10, 22.905))) WHERE layer = 'division' AND id = 440113007003 AND cardinality(drawn) < 40;

-- dwellings: one by one from zoom 16, in cells before
SELECT pg_temp.column_of(16, 113.305) AS x, pg_temp.row_of(16, 22.905) AS y \gset
SELECT is(id || ' ' || said::text, '9101 ' || jsonb_build_object('kind', 'building', 'address', '一路1号', 'grid_code', '440113007003001', 'let_state', 'let', 'dwellings', 2,
    'let_dwellings', 1, 'residents', 3, 'open_tasks', 1, 'late_tasks', 1)::text, 'a place with its figures')
FROM pg_temp.features(map.dwelling_tile(16, :x, :y)) WHERE id = 9101;
SELECT is((SELECT string_agg(key, ' ' ORDER BY key) FROM (SELECT DISTINCT jsonb_object_keys(said) AS key FROM pg_temp.features(map.dwelling_tile(12, pg_temp.column_of(12, 113.305), pg_temp.row_of(12, 22.905)))) k),
    'dwellings late_tasks let_dwellings open_tasks places residents', 'cells say figures alone, no address, no grid');
-- what lies inside a tile, all tiles together, is everything
SELECT is((SELECT string_agg(z || ':' || total, ' ' ORDER BY z)
           FROM (SELECT z, COALESCE(sum((said ->> 'places')::integer)::text, '-') || '/' || sum((said ->> 'residents')::integer) || '/' || sum((said ->> 'dwellings')::integer)
                           || '/' || sum((said ->> 'let_dwellings')::integer) || '/' || sum((said ->> 'open_tasks')::integer) || '/' || sum((said ->> 'late_tasks')::integer) AS total
                 FROM unnest('{2,8,11,12,14}'::integer[]) z,
                      generate_series(pg_temp.column_of(z, 113.29), pg_temp.column_of(z, 113.40)) x, generate_series(pg_temp.row_of(z, 23), pg_temp.row_of(z, 22.89)) y,
                      LATERAL pg_temp.features(map.dwelling_tile(z, x, y)) f
                 -- zigzag: even numbers are not negative
                 WHERE f.drawn[2] % 2 = 0 AND f.drawn[3] % 2 = 0 AND f.drawn[2] < 8192 AND f.drawn[3] < 8192
                 GROUP BY z) t),
    '2:-/3/3/1/2/1 8:-/3/3/1/2/1 11:-/3/3/1/2/1 12:4/3/4/1/2/1 14:4/3/4/1/2/1', 'every place is counted in one tile of each zoom, before zoom 12 every grid');

-- an index is asked, the tables are not read whole
INSERT INTO registry.grid (grid_code, name, division, outline, period)
SELECT '440113007005' || lpad(n::text, 3, '0'), 'G', '440113007005', pg_temp.square(20 + n % 30, 20 + n / 30), '[2020-01-01,)' FROM generate_series(1, 900) n;
INSERT INTO registry.dwelling (kind, address, division, location)
SELECT 'unit', '二路' || n || '号', '440113007005', pg_temp.spot(20 + n % 30 + 0.5, 20 + n / 30 + 0.5) FROM generate_series(1, 900) n;
ANALYZE registry.grid, registry.grid_version, registry.dwelling;
CREATE TEMP VIEW read AS
    SELECT relname, seq_scan, idx_scan FROM pg_stat_xact_user_tables WHERE relid IN ('registry.grid_version'::regclass, 'registry.dwelling'::regclass);
SELECT jsonb_object_agg(relname, seq_scan) AS before FROM read \gset
SELECT length(map.grid_tile(16, :x, :y)), length(map.dwelling_tile(16, :x, :y)) \g /dev/null
SELECT is((SELECT jsonb_object_agg(relname, seq_scan) FROM read), :'before'::jsonb, 'a tile reads no table whole');
SELECT cmp_ok((SELECT count(*) FROM pg_temp.features(map.dwelling_tile(9, pg_temp.column_of(9, 113.6), pg_temp.row_of(9, 23.2)))), '<', 34 * 34::bigint, 'cells are few, however many dwellings');

-- how tile servers find them
SELECT results_eq($$SELECT proname::text COLLATE "default", pg_get_function_arguments(oid), provolatile::text, proparallel::text, obj_description(oid) IS NOT NULL FROM pg_proc
    WHERE pronamespace = 'map'::regnamespace AND prorettype = 'bytea'::regtype AND proname LIKE '%tile' ORDER BY 1$$,
    $$VALUES ('dwelling_tile', 'z integer, x integer, y integer', 's', 's', true), ('grid_tile', 'z integer, x integer, y integer, query_params json DEFAULT ''{}''::json', 's', 's', true)$$,
    'functions (z, x, y) to bytea');
SELECT lives_ok($$SELECT map.grid_tile(z => 3, x => 1, y => 1, query_params => '{"token": "x", "on": ""}')$$, 'what else stands in a request is not ours');

-- layers: an integer key first, a geometry with its type
SELECT is_empty($$SELECT v.relname, a.attname FROM pg_class v JOIN pg_attribute a ON a.attrelid = v.oid AND a.attnum = 1
    WHERE v.relnamespace = 'map'::regnamespace AND v.relkind = 'v' AND a.atttypid <> 'bigint'::regtype$$, 'every layer begins with an integer key');
SELECT is_empty($$SELECT v.relname, a.attname FROM pg_class v JOIN pg_attribute a ON a.attrelid = v.oid AND a.attnum > 0
    WHERE v.relnamespace = 'map'::regnamespace AND v.relkind = 'v' AND (a.atttypid IN (SELECT oid FROM pg_type WHERE typtype IN ('r', 'm', 'd', 'e')) OR a.atttypid = 'geometry'::regtype AND a.atttypmod = -1)$$,
    'none has a column that GIS would drop');
SELECT is(late_days > 0 AND ST_Equals(location, pg_temp.spot(0.5, 0.5)), true, 'a task of a room stands where its building stands') FROM map.patrol_task WHERE dwelling_id = 9102;

-- the sheet
SELECT map.community_svg('440113007003') AS sheet \gset
SELECT ok(xml_is_well_formed_document(:'sheet'::text), 'the sheet is a document');
SELECT alike(:'sheet'::text, '%' || part || '%', 'the sheet has ' || part)
FROM unnest(ARRAY['width="210mm" height="297mm"', '&lt;二&gt;&amp;&quot;网格&quot;', '>001</text>', '比例尺 1:', '北</text>', 'href="#let"', 'href="#prohibited"', '在住 3 人']) part;
SELECT is((SELECT count(*) FROM regexp_matches(:'sheet'::text, '<use href="#[a-z_]+" x="[0-9.]+" y="[0-9.]+"/>', 'g')), 2::bigint, 'a dot for each place, none for what is demolished');
-- 1:N holds: a hundredth of a degree of latitude has 1107.6 m there
SELECT is(round(1107.6 * 1000 / replace(substring(:'sheet'::text FROM '比例尺 1:([0-9]+)'), ',', '')::numeric, 1),
          (SELECT round(max(abs(y)), 1)
           FROM (SELECT (regexp_matches(substring(:'sheet'::text FROM '<path d="M[^l"]*l([^"]*)"><title>第一网格'), '-?[0-9.]+ (-?[0-9.]+)', 'g'))[1]::numeric AS y) c), 'the scale is that of the paper');
SELECT alike(map.community_svg('440113007003', '2023-01-01'), '%房屋位置仅绘于当日图幅%', 'of a day past without dwellings');
SELECT alike(map.community_svg('440113007003', '2010-01-01'), '%当日无有效网格%', 'before there were grids: it says so');
SELECT ok(xml_is_well_formed_document(map.community_svg('440113007005')), 'a sheet of 900 grids'), alike(map.community_svg('440113007005'), '%另有 810 个网格未列出%', 'says what it leaves out');
SELECT * FROM finish();

-- what is refused
CREATE FUNCTION pg_temp.attempt(statement text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    message text;
    detail  text;
    hint    text;
BEGIN
    EXECUTE statement;
    RETURN NEXT 'accepted';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
    RETURN QUERY VALUES (SQLSTATE || ': ' || message), ('  DETAIL: ' || replace(detail, today()::text, 'today')), ('  HINT: ' || hint);
END $$;
SELECT pg_temp.attempt(statement) FROM unnest(ARRAY[
    $$SELECT map.grid_tile(3, 8, 0)$$, $$SELECT map.dwelling_tile(23, 0, 0)$$, $$SELECT map.dwelling_tile(-1, 0, 0)$$, $$SELECT map.grid_tile(5, -1, NULL)$$,
    $$SELECT map.grid_tile(0, 0, 0, '[1]')$$, $$SELECT map.grid_tile(0, 0, 0, '{"on": "2500-01-01"}')$$, $$SELECT map.grid_tile(0, 0, 0, '{"on": "soon"}')$$, $$SELECT map.grid_tile(0, 0, 0, '{"kind": "garden"}')$$,
    $$SELECT map.community_svg('440113')$$, $$SELECT map.community_svg(NULL)$$, $$SELECT map.community_svg('440113007003', '2500-01-01')$$]) AS statement;
ROLLBACK;
