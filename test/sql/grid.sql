-- Grids: what one can be, that they do not overlap, and that every located dwelling has the one that covers it.
\set ECHO none
\getenv test PG_ABS_SRCDIR
\i :test/lib/register.sql
-- a refusal shall not end the transaction; that of a COPY shows its SQLSTATE alone
\set ON_ERROR_ROLLBACK on
\set VERBOSITY sqlstate

BEGIN;
SET LOCAL search_path = public, residency;
SET LOCAL datestyle = 'ISO';
SET LOCAL client_min_messages = warning;
SELECT no_plan();

-- squares of a hundredth of a degree, counted from 113.30 E 22.90 N
CREATE FUNCTION pg_temp.square(x float8, y float8, width float8 DEFAULT 1, height float8 DEFAULT 1) RETURNS geometry LANGUAGE sql AS $$
    SELECT ST_Multi(ST_MakeEnvelope(113.3 + x / 100, 22.9 + y / 100, 113.3 + (x + width) / 100, 22.9 + (y + height) / 100, 4490))
$$;
CREATE FUNCTION pg_temp.spot(x float8, y float8) RETURNS geometry LANGUAGE sql AS $$
    SELECT ST_SetSRID(ST_MakePoint(113.3 + x / 100, 22.9 + y / 100), 4490)
$$;
CREATE FUNCTION pg_temp.ring(VARIADIC at float8[]) RETURNS geometry LANGUAGE sql AS $$
    SELECT ST_Multi(ST_SetSRID(ST_MakePolygon(ST_MakeLine(ST_MakePoint(at[2 * n - 1], at[2 * n]) ORDER BY n)), 4490))
    FROM generate_series(1, cardinality(at) / 2) n
$$;
CREATE FUNCTION pg_temp.grid_of(address text) RETURNS text LANGUAGE sql AS $$
    SELECT right(g.grid_code, 3) FROM registry.dwelling d LEFT JOIN registry.grid g USING (grid_id) WHERE d.address = $1
$$;
CREATE FUNCTION pg_temp.locate(address text, x float8, y float8) RETURNS void LANGUAGE sql AS $$
    INSERT INTO registry.dwelling (address, division, location) VALUES (address, '440113007003', pg_temp.spot(x, y))
$$;

INSERT INTO registry.grid (grid_id, grid_code, name, division, outline) OVERRIDING SYSTEM VALUE VALUES
    (9001, '440113007003001', 'One', '440113007003', pg_temp.square(0, 0));
SELECT is(kind, 'management', 'what nobody says: a management grid') FROM registry.grid WHERE grid_id = 9001;
SELECT is(period, daterange(today(), NULL), 'valid from today') FROM registry.grid WHERE grid_id = 9001;

-- what may be
SELECT lives_ok(format('INSERT INTO registry.grid (grid_code, name, division, outline) VALUES (%L, %L, %L, %L)', code, name, left(code, 12), outline), name)
FROM (VALUES
    ('44011300700302',  'a code of 14 characters, next to the other', pg_temp.square(1, 0)),
    ('440113007003003', 'a strip of ten centimetres is shared',      pg_temp.square(-1, 0, 1.000098)),
    ('440113007003004', 'with a hole',                               ST_Multi(ST_Difference(pg_temp.square(0, 1, 3, 3), pg_temp.square(1, 2)))),
    ('440113007003005', 'in the hole',                               pg_temp.square(1, 2)),
    ('440113007003006', 'of two parts',                              ST_Union(pg_temp.square(3, 0), pg_temp.square(5, 0))),
    ('440113007003007', 'between the two parts',                     pg_temp.square(4, 0)),
    ('44011300700500A', 'a letter in the sequence, another village', pg_temp.square(6, 0)),
    ('440113007003008', 'touching at a corner',                      pg_temp.square(2, -1)),
    ('440113007003009', '名称<&>"''😀',                               pg_temp.square(7, -1))) v (code, name, outline);
SELECT lives_ok($$INSERT INTO registry.grid (grid_code, name, division, kind, outline)
    VALUES ('440113007003901', 'another kind', '440113007003', 'unit', pg_temp.square(0, 0))$$, 'another kind in the same place');
SELECT lives_ok($$INSERT INTO registry.grid (grid_code, name, division, outline, period)
    VALUES ('440113007003902', 'another time', '440113007003', pg_temp.square(0, 0), daterange('2020-01-01', today()))$$, 'another time in the same place');
SELECT lives_ok($$INSERT INTO registry.grid (grid_code, name, division, outline)
    VALUES ('440113007003903', 'an area below the tolerance', '440113007003', pg_temp.square(-1, -1, 1.00005, 1.00005))$$, 'a corner of less than a square metre is shared');

-- what is refused, from INSERT and UPDATE
CREATE TEMP TABLE wrong (n integer GENERATED ALWAYS AS IDENTITY, code text, what text, grid_code text DEFAULT '440113007003100',
    name text DEFAULT 'G', division division_code DEFAULT '440113007003', kind text DEFAULT 'management',
    outline geometry DEFAULT pg_temp.square(20, 20), period daterange DEFAULT '[2020-01-01,)');
INSERT INTO wrong (code, what, name) VALUES ('RG059', 'no name', ''), ('RG059', 'a name of two lines', E'a\nb'), ('RG059', 'a long name', repeat('名', 101));
INSERT INTO wrong (code, what, grid_code) VALUES
    ('RG060', 'a short code', '4401130070031'), ('RG060', 'a long code', '4401130070030001'), ('RG060', 'a small letter', '44011300700300a'),
    ('RG060', 'an empty code', ''), ('RG060', 'SQL for a code', '''; DROP TABLE registry.grid; --'), ('RG064', 'the code of another village', '440113007004100'),
    ('RG069', 'a code that is in use', '440113007003001'), ('RG069', 'a code that was in use', '440113007003902');
INSERT INTO wrong (code, what, grid_code, division) VALUES
    ('RG064', 'under a township', '440113007000001', '440113007'), ('RG064', 'under no village', '440113007999001', '440113007999');
INSERT INTO wrong (code, what, kind) VALUES ('RG006', 'a kind unknown', 'garden');
INSERT INTO wrong (code, what, period) VALUES ('RG067', 'never valid', 'empty'), ('RG067', 'ends where it begins', '[2020-01-01,2020-01-01)');
INSERT INTO wrong (code, what, outline) VALUES
    ('RG061', 'a bow tie', pg_temp.ring(113, 22, 114, 23, 114, 22, 113, 23, 113, 22)),
    ('RG061', 'a hole outside', ST_Multi(ST_SetSRID(ST_MakePolygon(ST_ExteriorRing(ST_MakeEnvelope(113, 22, 113.1, 22.1)),
                                         ARRAY[ST_ExteriorRing(ST_MakeEnvelope(114, 22, 114.1, 22.1))]), 4490))),
    ('RG061', 'parts that overlap', ST_Collect(ST_MakeEnvelope(113, 22, 113.2, 22.2, 4490), ST_MakeEnvelope(113.1, 22.1, 113.3, 22.3, 4490))),
    ('RG061', 'a line there and back', pg_temp.ring(113, 22, 114, 23, 113, 22, 113, 22)),
    ('RG062', 'nothing', 'SRID=4490;MULTIPOLYGON EMPTY'),
    ('RG062', 'a polygon of nothing', 'SRID=4490;MULTIPOLYGON(EMPTY)'),
    ('RG063', 'the same outline', pg_temp.square(0, 0)),
    ('RG063', 'across a border', pg_temp.square(0.5, 0)),
    ('RG063', 'around everything', pg_temp.square(-10, -10, 40, 40)),
    ('RG063', 'within', pg_temp.square(0.4, 0.4, 0.1, 0.1)),
    ('RG063', 'a strip of one metre', pg_temp.square(-1, -1.2, 0.999, 0.20001 + 0.001)),
    ('RG063', 'a long strip and one place where it is wide', ST_Multi(ST_Union(pg_temp.square(0, -1, 1, 1.00005), pg_temp.square(0.5, 0, 0.005, 0.005)))),
    ('RG065', 'beyond the date line', pg_temp.ring(179, 22, 181, 22, 181, 23, 179, 22)),
    ('RG065', 'axes swapped', pg_temp.ring(22, 113, 23, 113, 23, 114, 22, 113)),
    ('RG065', 'metres', pg_temp.ring(38400000, 2500000, 38400100, 2500000, 38400100, 2500100, 38400000, 2500000)),
    ('RG065', 'infinity', pg_temp.ring(113, 22, 'Infinity', 22, 114, 23, 113, 22)),
    ('RG065', 'minus infinity', pg_temp.ring(113, '-Infinity', 114, 22, 114, 23, 113, '-Infinity')),
    ('RG065', 'NaN', pg_temp.ring(113, 22, 'NaN', 22, 114, 23, 113, 22)),
    ('RG065', 'NaN alone', pg_temp.ring('NaN', 'NaN', 'NaN', 'NaN', 'NaN', 'NaN', 'NaN', 'NaN'));
INSERT INTO wrong (code, what, outline)
SELECT 'RG066', 'a million points', ST_Multi(ST_SetSRID(ST_MakePolygon(ST_MakeLine(ST_MakePoint(100 + cos(2 * pi() * (n % 1000000) / 1e6), 30 + sin(2 * pi() * (n % 1000000) / 1e6)) ORDER BY n)), 4490))
FROM generate_series(0, 1000000) n;

SELECT clock_timestamp() AS started \gset
SELECT throws_ok(format('INSERT INTO registry.grid (grid_code, name, division, kind, outline, period)
    SELECT grid_code, name, division, kind, outline, period FROM wrong WHERE n = %s', n), code, NULL, 'INSERT: ' || what) FROM wrong ORDER BY n;
INSERT INTO registry.grid (grid_id, grid_code, name, division, outline) OVERRIDING SYSTEM VALUE VALUES
    (9100, '440113007003100', 'Right', '440113007003', pg_temp.square(20, 20));
SELECT throws_ok(format('UPDATE registry.grid g SET grid_code = w.grid_code, name = w.name, division = w.division, kind = w.kind, outline = w.outline, period = w.period
    FROM wrong w WHERE w.n = %s AND g.grid_id = 9100', n), code, NULL, 'UPDATE: ' || what) FROM wrong ORDER BY n;
SELECT throws_ok('DELETE FROM registry.grid WHERE grid_id = 9001', 'RG068', NULL, 'a grid is retired, not deleted');
SELECT throws_ok(format('INSERT INTO registry.grid (grid_code, name, division, outline) VALUES (%L, %L, %L, %L)', '440113007003199', 'G', '440113007003', outline), state, NULL, what)
FROM (VALUES ('22023', 'in another SRID', ST_SetSRID(pg_temp.square(0, 9), 4326)), ('22023', 'a line', ST_SetSRID(ST_MakeLine(pg_temp.spot(0, 9), pg_temp.spot(1, 9)), 4490)),
             ('22023', 'with heights', ST_Force3D(pg_temp.square(0, 9))), ('23502', 'without outline', NULL)) v (state, what, outline);

-- from COPY
\echo '(RG059)' COPY without a name
COPY registry.grid (grid_code, name, division, outline) FROM stdin;
440113007003101	Copied	440113007003	SRID=4490;MULTIPOLYGON(((113.5 23,113.6 23,113.6 23.1,113.5 23)))
440113007003102		440113007003	SRID=4490;MULTIPOLYGON(((113.6 23,113.7 23,113.7 23.1,113.6 23)))
\.
\echo '(RG063)' COPY of two that overlap
COPY registry.grid (grid_code, name, division, outline) FROM stdin;
440113007003101	Copied	440113007003	SRID=4490;MULTIPOLYGON(((113.5 23,113.6 23,113.6 23.1,113.5 23)))
440113007003102	Copied	440113007003	SRID=4490;MULTIPOLYGON(((113.55 23,113.7 23,113.7 23.1,113.55 23)))
\.
SELECT is_empty('SELECT FROM registry.grid WHERE name = ''Copied''', 'nothing of what was refused is kept');
COPY registry.grid (grid_code, name, division, outline) FROM stdin;
440113007003101	Copied	440113007003	SRID=4490;MULTIPOLYGON(((113.5 23,113.6 23,113.6 23.1,113.5 23)))
440113007003102	Copied	440113007003	SRID=4490;MULTIPOLYGON(((113.6 23,113.7 23,113.7 23.1,113.6 23)))
\.
SELECT is(count(*), 2::bigint, 'COPY of two neighbours') FROM registry.grid WHERE name = 'Copied';

-- dwellings and grids: whichever comes first
SELECT pg_temp.locate('inside', 0.5, 0.5), pg_temp.locate('border', 1, 0.5), pg_temp.locate('corner', 1, 1), pg_temp.locate('far', 50, 50),
       pg_temp.locate('in the hole', 1.5, 2.5), pg_temp.locate('rim of the hole', 1, 2.5), pg_temp.locate('second part', 5.5, 0.5), pg_temp.locate('to come', 30.5, 0.5) \g /dev/null
SELECT is(pg_temp.grid_of(address), grid, address || ' lies in ' || coalesce(grid, 'none'))
FROM (VALUES ('inside', '001'), ('border', '001'), ('corner', '001'), ('far', NULL), ('in the hole', '005'), ('rim of the hole', '004'), ('second part', '006')) v (address, grid);
UPDATE registry.dwelling SET location = pg_temp.spot(1.5, 0.5) WHERE address = 'inside';
SELECT is(pg_temp.grid_of('inside'), '302', 'a dwelling that moves changes its grid');
UPDATE registry.dwelling SET location = NULL WHERE address = 'inside';
SELECT is(pg_temp.grid_of('inside'), NULL, 'without a location it has none');
UPDATE registry.dwelling SET location = pg_temp.spot(0.5, 0.5), grid_id = 9100 WHERE address = 'inside';
SELECT is(pg_temp.grid_of('inside'), '001', 'the client''s own word does not count');
UPDATE registry.dwelling SET grid_id = NULL WHERE address = 'inside';
SELECT is(pg_temp.grid_of('inside'), '001', 'nor that there is none');
CREATE FUNCTION pg_temp.copy_dwelling() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO registry.dwelling (address, division, location, grid_id) VALUES ('by trigger', '440113007003', pg_temp.spot(0.5, 0.5), 9100); RETURN NULL; END $$;
CREATE TEMP TABLE elsewhere (a int);
CREATE TRIGGER t AFTER INSERT ON elsewhere FOR EACH ROW EXECUTE FUNCTION pg_temp.copy_dwelling();
INSERT INTO elsewhere VALUES (1);
SELECT is(pg_temp.grid_of('by trigger'), '001', 'nor that of somebody''s trigger');

INSERT INTO registry.grid (grid_code, name, division, outline) VALUES ('440113007003201', 'Drawn', '440113007003', pg_temp.square(30, 0));
SELECT is(pg_temp.grid_of('to come'), '201', 'a grid that is drawn takes its dwellings');
UPDATE registry.grid SET outline = pg_temp.square(31, 0) WHERE grid_code = '440113007003201';
SELECT is(pg_temp.grid_of('to come'), NULL, 'and loses them when it is drawn elsewhere');
UPDATE registry.grid SET outline = pg_temp.square(30, 0, 2) WHERE grid_code = '440113007003201';
UPDATE registry.grid SET period = daterange(today(), today() + 1) WHERE grid_code = '440113007003201';
SELECT is(pg_temp.grid_of('to come'), '201', 'valid for today');
-- split: both in one statement
SELECT pg_temp.locate('east', 31.5, 0.5), pg_temp.locate('middle', 31, 0.5) \g /dev/null
UPDATE registry.grid SET period = daterange(today() - 30, today() - 20) WHERE grid_code = '440113007003201';
SELECT is(pg_temp.grid_of('to come'), NULL, 'retired');
INSERT INTO registry.grid (grid_code, name, division, outline) VALUES
    ('440113007003203', 'East', '440113007003', pg_temp.square(31, 0)), ('440113007003202', 'West', '440113007003', pg_temp.square(30, 0));
SELECT is(ARRAY[pg_temp.grid_of('to come'), pg_temp.grid_of('middle'), pg_temp.grid_of('east')], '{202,202,203}', 'split: the border goes to the lower code');
UPDATE registry.grid SET grid_code = '440113007003204' WHERE grid_code = '440113007003202';
SELECT is(pg_temp.grid_of('middle'), '203', 'and follows when codes change');
UPDATE registry.grid SET kind = 'unit' WHERE grid_code = '440113007003203';
SELECT is(ARRAY[pg_temp.grid_of('middle'), pg_temp.grid_of('east')], '{204,NULL}', 'dwellings belong to management grids alone');

-- days pass
INSERT INTO registry.grid (grid_code, name, division, outline, period) VALUES
    ('440113007003205', 'Tomorrow', '440113007003', pg_temp.square(31, 0), daterange(today() + 1, NULL));
SELECT is(pg_temp.grid_of('east'), NULL, 'a grid of tomorrow takes nothing today');
SELECT throws_ok($$INSERT INTO registry.grid (grid_code, name, division, outline) VALUES ('440113007003206', 'G', '440113007003', pg_temp.square(31, 0))$$,
    'RG063', NULL, 'but is in the way of who would be there tomorrow');
ALTER TABLE registry.grid DISABLE TRIGGER grid_place_update;
UPDATE registry.grid SET period = daterange(today(), NULL) WHERE grid_code = '440113007003205';
UPDATE registry.grid SET period = daterange(today() - 9, today()) WHERE grid_code = '440113007003204';
ALTER TABLE registry.grid ENABLE TRIGGER grid_place_update;
SELECT results_eq($$SELECT address, reason FROM map.dwelling_without_grid WHERE division = '440113007003' ORDER BY 1$$,
    $$VALUES ('east', 'not_assigned'), ('far', 'outside'), ('middle', 'retired'), ('to come', 'retired')$$, 'what a day has changed stands in the view, with the reason');
SELECT is(api.assign_grids(today() + 1), 0::bigint, 'since a day to come: nothing to do');
SELECT is(api.assign_grids(today()), 3::bigint, 'the nightly job');
SELECT is(ARRAY[pg_temp.grid_of('to come'), pg_temp.grid_of('middle'), pg_temp.grid_of('east')], '{NULL,205,205}', 'does what the day asks for');
SELECT is(api.assign_grids(), 0::bigint, 'once');
INSERT INTO registry.dwelling (kind, address, division) VALUES ('building', 'unknown', '440113007005');
INSERT INTO registry.dwelling (parent_id, kind, address, division) SELECT dwelling_id, 'room', 'room of far', division FROM registry.dwelling WHERE address = 'far' AND kind = 'building';
INSERT INTO registry.dwelling (address, division, location) VALUES ('no grid', '440113007012', pg_temp.spot(60, 0));
SELECT results_eq($$SELECT address, reason, nearest_grid_code COLLATE "default", nearest_metres > 1000 FROM map.dwelling_without_grid WHERE address = 'no grid'$$,
    $$VALUES ('no grid', 'no_grid', '440113007003102', true)$$, 'a village without grids');
SELECT results_eq($$SELECT reason, reason_en <> '' AND reason_zh <> '' FROM map.dwelling_without_location WHERE address = 'unknown'$$,
    $$VALUES ('never_located', true)$$, 'not on the map');

-- as brute force says: dwellings before and after the grids, points on borders and corners
INSERT INTO registry.dwelling (address, division, location)
SELECT 'random ' || n, '440113007007', pg_temp.spot(100 + floor(x * 60) / 10, floor(y * 60) / 10)
FROM (SELECT n, hashint8extended(n, 1) & 65535, hashint8extended(n, 2) & 65535 FROM generate_series(1, 1500) n) v (n, a, b), LATERAL (SELECT a / 65536.0, b / 65536.0) w (x, y);
INSERT INTO registry.grid (grid_code, name, division, outline)
SELECT '440113007007' || to_char(1 + (n * 7) % 25, 'FM000'), 'Tile', '440113007007', pg_temp.square(100 + n % 5, n / 5) FROM generate_series(0, 24) n;
INSERT INTO registry.dwelling (address, division, location)
SELECT 'later ' || dwelling_id, division, location FROM registry.dwelling WHERE address LIKE 'random%';
CREATE VIEW pg_temp.brute AS
SELECT d.dwelling_id, d.grid_id, (SELECT g.grid_id FROM registry.grid g WHERE g.kind = 'management' AND g.period @> today() AND ST_Covers(g.outline, d.location) ORDER BY grid_code LIMIT 1) AS right_id
FROM registry.dwelling d WHERE d.division = '440113007007';
SELECT is(count(*) FILTER (WHERE grid_id IS DISTINCT FROM right_id), 0::bigint, 'drawn: as brute force says')  FROM pg_temp.brute;
SELECT ok(count(*) FILTER (WHERE right_id IS NULL) > 100 AND count(right_id) > 2000, 'some inside, some outside') FROM pg_temp.brute;
UPDATE registry.grid SET outline = ST_Translate(outline, 0.005, 0.005) WHERE division = '440113007007';
SELECT is(count(*) FILTER (WHERE grid_id IS DISTINCT FROM right_id), 0::bigint, 'all redrawn') FROM pg_temp.brute;
UPDATE registry.grid SET period = daterange('2020-01-01', today()) WHERE division = '440113007007' AND right(grid_code, 2)::integer % 3 = 0;
SELECT is(count(*) FILTER (WHERE grid_id IS DISTINCT FROM right_id), 0::bigint, 'a third retired') FROM pg_temp.brute;
UPDATE registry.grid SET outline = ST_Multi(ST_Buffer(outline, -0.002)) WHERE division = '440113007007' AND right(grid_code, 2)::integer % 2 = 0;
SELECT is(count(*) FILTER (WHERE grid_id IS DISTINCT FROM right_id), 0::bigint, 'half made smaller') FROM pg_temp.brute;
SELECT is(count(*), 0::bigint, 'stat: as many residents as live there') FROM stat.resident_by_grid WHERE residents <> 0 AND division LIKE '440113%';

-- GeoJSON
CREATE FUNCTION pg_temp.feature(code text, name text, outline geometry, more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_build_object('type', 'Feature', 'properties', jsonb_strip_nulls(jsonb_build_object('grid_code', code, 'name', name) || more), 'geometry', ST_AsGeoJSON(outline)::jsonb)
$$;
CREATE FUNCTION pg_temp.import(VARIADIC features jsonb[]) RETURNS TABLE (line integer, done text, code text) LANGUAGE sql AS $$
    SELECT line, done, code FROM api.import_grids(jsonb_build_object('type', 'FeatureCollection', 'features', to_jsonb(features)))
$$;
SELECT results_eq($$SELECT * FROM pg_temp.import(
    pg_temp.feature('440113007003401', 'A', ST_GeometryN(pg_temp.square(40, 0), 1)), pg_temp.feature('440113007003402', 'B', pg_temp.square(41, 0)),
    pg_temp.feature('440113007003403', 'C', ST_Force3D(pg_temp.square(42, 0)), '{"kind": "unit", "valid_from": "2020-01-01", "valid_to": "2030-01-01"}'))$$,
    $$VALUES (1, 'drawn', NULL), (2, 'drawn', NULL), (3, 'drawn', NULL)$$, 'import: Polygon, MultiPolygon, with heights and dates');
SELECT is(period || kind, '[2020-01-01,2030-01-01)unit', 'with what the properties say') FROM registry.grid WHERE grid_code = '440113007003403';
SELECT results_eq($$SELECT * FROM pg_temp.import(
    pg_temp.feature('440113007003401', NULL, pg_temp.square(40, 0, 1.5)), pg_temp.feature('440113007003402', 'B2', pg_temp.square(41.5, 0, 0.5)))$$,
    $$VALUES (1, 'redrawn', NULL), (2, 'redrawn', NULL)$$, 'import: a border moves');
SELECT is(string_agg(name, ' ' ORDER BY name), 'A B2', 'a name that is left out stays') FROM registry.grid WHERE grid_code IN ('440113007003401', '440113007003402');
SELECT results_eq($$SELECT * FROM pg_temp.import(
    pg_temp.feature('440113007003401', NULL, pg_temp.square(40, 0, 1.7)), '{"type": "Feature"}', pg_temp.feature('440113007003402', NULL, pg_temp.square(41.7, 0, 0.3)),
    pg_temp.feature('440113007003404', 'D', pg_temp.square(41, 0)), pg_temp.feature('440113007003405', 'E', pg_temp.square(45, 0)), pg_temp.feature('440113007003405', 'E', pg_temp.square(46, 0)))$$,
    $$VALUES (1, 'redrawn', NULL), (2, NULL, 'RG070'), (3, 'redrawn', NULL), (4, NULL, 'RG063'), (5, 'drawn', NULL), (6, NULL, 'RG070')$$,
    'import: the good ones are kept, a border that moves among them');
SELECT results_eq($$SELECT accepted, done, grid_id, code FROM api.import_grids(jsonb_build_object('type', 'FeatureCollection', 'features', jsonb_build_array(
    pg_temp.feature('440113007003406', 'F', pg_temp.square(47, 0)), pg_temp.feature('440113007003407', 'G', pg_temp.square(47, 0)))), dry_run => true)$$,
    $$VALUES (true, 'drawn', NULL::bigint, NULL), (false, NULL, NULL, 'RG063')$$, 'a rehearsal answers');
SELECT is_empty($$SELECT FROM registry.grid WHERE grid_code IN ('440113007003406', '440113007003407')$$, 'and changes nothing');
-- every refusal there is, in one collection
SELECT is(a.code, w.code, 'import: ' || w.what)
FROM (SELECT w.*, row_number() OVER (ORDER BY n) AS line FROM wrong w WHERE what NOT IN ('a million points', 'never valid', 'under a township') AND code <> 'RG069'
      AND NOT (outline::text = ANY (SELECT outline::text FROM wrong WHERE what ~ 'infinity|NaN|nothing'))) w
FULL JOIN api.import_grids((
    SELECT jsonb_build_object('type', 'FeatureCollection', 'features', jsonb_agg(pg_temp.feature(
        CASE WHEN code = 'RG060' OR grid_code <> '440113007003100' THEN grid_code ELSE '440113007003' || to_char(500 + n, 'FM000') END, name, outline,
        jsonb_build_object('kind', kind, 'division', division::text) || CASE WHEN code = 'RG067' THEN '{"valid_from": "2020-01-02", "valid_to": "2020-01-01"}' ELSE '{}'::jsonb END) ORDER BY n))
    FROM wrong WHERE what NOT IN ('a million points', 'never valid', 'under a township') AND code <> 'RG069'
      AND NOT (outline::text = ANY (SELECT outline::text FROM wrong WHERE what ~ 'infinity|NaN|nothing')))) a USING (line)
ORDER BY line;
SELECT results_eq($$SELECT line, code FROM api.import_grids('{"type": "FeatureCollection", "features": [
    null, 1, "x", [], {}, {"type": "Feature", "properties": null, "geometry": null},
    {"type": "Feature", "properties": {"grid_code": "440113007003601", "name": "x"}, "geometry": {"type": "Point", "coordinates": [1, 2]}},
    {"type": "Feature", "properties": {"grid_code": "440113007003601", "name": "x"}, "geometry": {"type": "Polygon"}},
    {"type": "Feature", "properties": {"grid_code": "440113007003601", "name": "x"}, "geometry": {"type": "Polygon", "coordinates": []}},
    {"type": "Feature", "properties": {"grid_code": "440113007003601", "name": "x"}, "geometry": {"type": "Polygon", "coordinates": [[[1, 2], [3, 4], [5, 6]]]}},
    {"type": "Feature", "properties": {"grid_code": "440113007003601", "name": "x"}, "geometry": {"type": "Polygon", "coordinates": [[["a", "b"], [3, 4], [5, 6], [7, 8]]]}},
    {"type": "Feature", "properties": {"grid_code": "440113007003601", "name": "x"}, "geometry": {"type": "Polygon", "coordinates": "x"}},
    {"type": "Feature", "properties": {"grid_code": "440113007003601", "name": "x"}, "geometry": {"type": "Polygon", "coordinates": [[[113.9, 1e999], [114, 23], [114, 24], [113.9, 1e999]]]}},
    {"type": "Feature", "properties": {"grid_code": {"a": 1}, "name": []}, "geometry": {"type": "Polygon", "coordinates": [[[113.9, 23], [114, 23], [114, 24], [113.9, 23]]]}},
    {"type": "Feature", "properties": {"grid_code": "440113007003601", "name": "x", "valid_from": "soon"}, "geometry": {"type": "Polygon", "coordinates": [[[113.9, 23], [114, 23], [114, 24], [113.9, 23]]]}},
    {"type": "Feature", "properties": {"grid_code": "440113007003602", "name": "x", "division": "44"}, "geometry": {"type": "Polygon", "coordinates": [[[113.9, 23], [114, 23], [114, 24], [113.9, 23]]]}}]}')$$,
    $$VALUES (1, 'RG070'), (2, 'RG070'), (3, 'RG070'), (4, 'RG070'), (5, 'RG070'), (6, 'RG070'), (7, 'RG070'), (8, 'RG070'), (9, 'RG062'), (10, 'RG070'),
             (11, 'RG070'), (12, 'RG070'), (13, 'RG070'), (14, 'RG060'), (15, '22007'), (16, 'RG064')$$, 'import of what cannot be read');
SELECT throws_ok(format('SELECT * FROM api.import_grids(%L)', geojson), 'RG070', NULL, 'no collection: ' || coalesce(geojson, 'NULL'))
FROM (VALUES ('{}'), ('[]'), ('null'), ('1'), ('{"type": "Feature"}'), ('{"type": "FeatureCollection"}'), ('{"type": "FeatureCollection", "features": {}}'), (NULL),
    ('{"type": "FeatureCollection", "features": [], "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4549"}}}')) v (geojson);
SELECT is_empty($$SELECT * FROM api.import_grids('{"type": "FeatureCollection", "features": [], "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}}')$$, 'an empty collection');

-- the staging view
SELECT lives_ok($$INSERT INTO map.grid_import (grid_code, name, outline) VALUES ('440113007003701', 'S', ST_GeometryN(pg_temp.square(70, 0), 1))$$, 'staging: a polygon');
SELECT lives_ok($$INSERT INTO map.grid_import (grid_code, outline, valid_to) VALUES ('440113007003701', pg_temp.square(71, 0), today() + 9)$$, 'staging: again, redrawn');
SELECT is(name || ' ' || (upper(period) - today()), 'S 9', 'what is left empty stays') FROM registry.grid WHERE grid_code = '440113007003701';
SELECT throws_ok(format('INSERT INTO map.grid_import (grid_code, name, outline, valid_to) VALUES (%L, %L, %L, %L)', grid_code, name, outline, until), code, NULL, 'staging: ' || code)
FROM (VALUES ('RG060', 'x', 'S', pg_temp.square(72, 0), NULL), ('RG060', NULL, 'S', pg_temp.square(72, 0), NULL), ('RG059', '440113007003702', NULL, pg_temp.square(72, 0), NULL),
    ('RG062', '440113007003702', 'S', NULL, NULL), ('RG063', '440113007003702', 'S', pg_temp.square(71, 0), NULL), ('RG067', '440113007003702', 'S', pg_temp.square(72, 0), '2000-01-01'),
    ('22023', '440113007003702', 'S', ST_SetSRID(pg_temp.square(72, 0), 4549), NULL)) v (code, grid_code, name, outline, until);
SELECT ok(clock_timestamp() - :'started' < '60 seconds', 'a million points are refused before they cost anything');

-- the layers and the picture
SELECT results_eq($$SELECT f_table_name::text COLLATE "default", f_geometry_column::text COLLATE "default", srid, type::text COLLATE "default" FROM geometry_columns WHERE f_table_schema = 'map' ORDER BY 1$$,
    $$VALUES ('dwelling', 'location', 4490, 'POINT'), ('dwelling_without_grid', 'location', 4490, 'POINT'), ('grid', 'outline', 4490, 'MULTIPOLYGON'), ('grid_gap', 'outline', 4490, 'MULTIPOLYGON'), ('grid_import', 'outline', 4490, 'GEOMETRY'), ('patrol_task', 'location', 4490, 'POINT'), ('visit', 'location', 4490, 'POINT')$$,
    'layers with type and SRID');
SELECT is_empty($$SELECT grid_id FROM map.grid GROUP BY 1 HAVING count(*) > 1$$, 'the first column is a key');
SELECT ok(xml_is_well_formed_document(map.grid_svg(division)), 'a picture of ' || coalesce(division::text, 'NULL'))
FROM unnest('{44,440113,440113007003,440113007007,11,NULL}'::division_code[]) AS division;
SELECT alike(map.grid_svg('440113007003'), '%名称&lt;&amp;&gt;%', 'names are escaped');
SELECT alike(map.grid_svg('11'), '%此区划尚无有效网格%', 'no grids: it says so');
SELECT alike(map.grid_svg('440113', width), '<svg xmlns="http://www.w3.org/2000/svg" width="' || w || '"%', 'width ' || coalesce(width::text, 'NULL'))
FROM (VALUES (500, 500), (-1, 320), (2000000000, 8000), (NULL, 1000)) v (width, w);
SELECT is(map.class_bounds(numbers), bounds, 'classes of ' || numbers::text)
FROM (VALUES ('{}'::integer[], '{}'::integer[]), ('{0,0}', '{}'), ('{1}', '{}'), ('{1,2,3,4,5,6,7,8,9,10}', '{3,5,7,9}'), ('{5,5,5,5}', '{}'), ('{100,200,300,400,1000}', '{150,250,350,450}')) v (numbers, bounds);
SELECT * FROM finish();

-- what the clerk reads
UPDATE registry.grid SET grid_code = '440113007003199' WHERE grid_id = 9100;
CREATE FUNCTION pg_temp.attempt(statement text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    message text;
    detail  text;
    hint    text;
    speech  text;
BEGIN
    FOREACH speech IN ARRAY '{en,zh}'::text[] LOOP
        PERFORM set_config('residency.language', speech, true);
        BEGIN
            EXECUTE statement;
        EXCEPTION WHEN OTHERS THEN
            GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
            RETURN NEXT concat_ws(' | ', SQLSTATE, message, detail, hint);
        END;
    END LOOP;
END $$;
SELECT pg_temp.attempt(format('INSERT INTO registry.grid (grid_code, name, division, kind, outline, period)
    SELECT grid_code, name, division, kind, outline, period FROM wrong WHERE n = %s', n))
FROM (SELECT DISTINCT ON (code) code, n FROM wrong ORDER BY code, n) w ORDER BY code;
SELECT pg_temp.attempt('DELETE FROM registry.grid WHERE grid_id = 9001');
SELECT pg_temp.attempt('SELECT * FROM api.import_grids(''{}'')');
SET residency.language = 'zh';
SELECT code, detail FROM api.import_grids(jsonb_build_object('type', 'FeatureCollection', 'features', jsonb_build_array('{}'::jsonb,
    jsonb_build_object('type', 'Feature', 'geometry', '{"type": "Point"}'::jsonb),
    jsonb_build_object('type', 'Feature', 'properties', '{"grid_code": "440113007003801"}'::jsonb, 'geometry', '{"type": "Polygon", "coordinates": 1}'::jsonb),
    pg_temp.feature('440113007003401', NULL, pg_temp.square(40, 0)), pg_temp.feature('440113007003401', NULL, pg_temp.square(40, 0)))));
ROLLBACK;
