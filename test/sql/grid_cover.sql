-- The cover of grids: a point finds the grid that ST_Covers finds, whatever the outlines are like, and the cover follows the grids.
\set ECHO none
\getenv test PG_ABS_SRCDIR
\i :test/lib/register.sql
\set ON_ERROR_ROLLBACK on
\set VERBOSITY sqlstate

BEGIN;
SET LOCAL search_path = public, residency;
SET LOCAL client_min_messages = warning;
SELECT no_plan();
SELECT setseed(0.39409);

-- A degree's fraction that the mesh cuts exactly: 45/32768 of a degree is a cell of level 6, 113.203125 E 22.5 N a corner of cells.
CREATE FUNCTION pg_temp.spot(x float8, y float8) RETURNS geometry LANGUAGE sql AS $$
    SELECT ST_SetSRID(ST_MakePoint(113.203125 + x * 45 / 32768, 22.5 + y * 45 / 32768), 4490)
$$;
CREATE FUNCTION pg_temp.ring(VARIADIC at float8[]) RETURNS geometry LANGUAGE sql AS $$
    SELECT ST_Multi(ST_MakePolygon(ST_MakeLine(pg_temp.spot(at[2 * n - 1], at[2 * n]) ORDER BY n)))
    FROM generate_series(1, cardinality(at) / 2) n
$$;
CREATE FUNCTION pg_temp.box(x float8, y float8, width float8 DEFAULT 1, height float8 DEFAULT 1) RETURNS geometry LANGUAGE sql AS $$
    SELECT pg_temp.ring(x, y, x + width, y, x + width, y + height, x, y + height, x, y)
$$;
CREATE TEMP TABLE shape (name text, outline geometry(MultiPolygon, 4490));
INSERT INTO shape VALUES
    ('a square of one cell',         pg_temp.box(0, 0)),
    ('a square between cells',       pg_temp.box(0.3, 0.3, 5.1, 5.1)),
    ('borders on the sides of cells', pg_temp.box(-4, -4, 8, 8)),
    ('a diamond through corners',    pg_temp.ring(0, -5, 5, 0, 0, 5, -5, 0, 0, -5)),
    ('smaller than any cell',        pg_temp.box(0.5, 0.5, 1e-6, 1e-6)),
    ('a sliver',                     pg_temp.ring(-9, -8.9, 9, 9.1, 9.000001, 9.1, -9, -8.9)),
    ('a level sliver',               pg_temp.box(-20, 0.5, 40, 1e-7)),
    ('an upright sliver',            pg_temp.box(1, -20, 1e-7, 40)),
    ('with a hole of whole cells',   ST_Multi(ST_Difference(pg_temp.box(-6, -6, 12, 12), pg_temp.box(-2, -2, 4, 4)))),
    ('with holes that touch',        ST_Multi(ST_Difference(pg_temp.box(-6, -6, 12, 12),
                                                            ST_Collect(pg_temp.box(-3, -3, 3, 3), pg_temp.box(0, 0, 3, 3))))),
    ('an island in a hole',          ST_Union(ST_Difference(pg_temp.box(-8, -8, 16, 16), pg_temp.box(-4, -4, 8, 8)), pg_temp.box(-1, -1, 2, 2))),
    ('two parts far apart',          ST_Union(pg_temp.box(-30, -30), pg_temp.box(30, 30, 2, 2))),
    ('two parts that touch',         ST_Union(pg_temp.box(0, 0, 2, 2), pg_temp.box(2, 2, 2, 2))),
    ('a comb',                       (SELECT ST_Multi(ST_Union(ST_Union(pg_temp.box(n, 0, 0.5, 9)), pg_temp.box(0, -1, 20, 1))) FROM generate_series(0, 19) n)),
    ('a star of 3000 points',        (SELECT ST_Multi(ST_MakePolygon(ST_MakeLine(pg_temp.spot(r * cos(a), r * sin(a)) ORDER BY n)))
                                      FROM generate_series(0, 3000) n, LATERAL (SELECT CASE n % 2 WHEN 0 THEN 9 ELSE 8.5 END r, 2 * pi() * (n % 3000) / 3000 a) p)),
    ('many in one corner',           (SELECT ST_Multi(ST_MakePolygon(ST_AddPoint(ST_AddPoint(ST_MakeLine(pg_temp.spot(n * 1e-6, (n % 2) * 1e-6) ORDER BY n), pg_temp.spot(30, 30)), pg_temp.spot(0, 0))))
                                      FROM generate_series(0, 2000) n)),
    ('the whole country',            ST_Multi(ST_SetSRID(ST_MakePolygon('LINESTRING(73.5 39, 98 49, 119.9 53.5, 135 48, 121 39, 122.5 30, 110 18, 98 23, 79 30, 73.5 39)'), 4490))),
    ('across equator and Greenwich', ST_Multi(ST_SetSRID(ST_MakePolygon('LINESTRING(-0.01 -0.02, 0.03 -0.01, 0.007 0.03, -0.02 0.01, -0.01 -0.02)'), 4490))),
    ('to the date line and the pole', ST_Multi(ST_MakeEnvelope(179.5, 89, 180, 90, 4490))),
    ('the earth',                    ST_Multi(ST_MakeEnvelope(-180, -90, 180, 90, 4490)));
INSERT INTO shape
SELECT 'cell ' || row_number() OVER (), ST_Multi(d.geom)
FROM (SELECT ST_VoronoiPolygons(ST_Collect(pg_temp.spot(20 * random() - 10, 20 * random() - 10))) v FROM generate_series(1, 40)) s, ST_Dump(v) d;

-- where it goes wrong if it does: corners, edges, and a last digit beside them; corners of cells; anywhere
CREATE FUNCTION pg_temp.beside(degrees float8, steps integer) RETURNS float8 LANGUAGE sql AS $$
    SELECT degrees + steps * CASE WHEN abs(degrees) >= 64 THEN 2 ^ -46 WHEN abs(degrees) >= 16 THEN 2 ^ -48 ELSE 2 ^ -52 END
$$;
CREATE FUNCTION pg_temp.places(outline geometry) RETURNS SETOF geometry LANGUAGE sql AS $$
    WITH corner AS (SELECT path[1:2] AS ring, path[3] AS n, geom FROM ST_DumpPoints(outline) LIMIT 120),
    edge AS (SELECT a.geom AS a, b.geom AS b FROM corner a JOIN corner b ON b.ring = a.ring AND b.n = a.n + 1),
    known AS (
        SELECT ST_X(geom) AS x, ST_Y(geom) AS y FROM corner
        UNION ALL
        SELECT ST_X(a) + t * (ST_X(b) - ST_X(a)), ST_Y(a) + t * (ST_Y(b) - ST_Y(a)) FROM edge, unnest('{0.5,0.25,0.1,0.7}'::float8[]) t
        UNION ALL
        SELECT ST_X(a), ST_Y(b) FROM edge
        UNION ALL
        SELECT ST_X(pg_temp.spot(x / 2.0, y / 2.0)), ST_Y(pg_temp.spot(x / 2.0, y / 2.0)) FROM generate_series(-6, 6) x, generate_series(-6, 6) y
    )
    SELECT ST_SetSRID(ST_MakePoint(pg_temp.beside(x, i), pg_temp.beside(y, j)), 4490) FROM known, generate_series(-1, 1) i, generate_series(-1, 1) j
    UNION ALL
    SELECT ST_SetSRID(ST_MakePoint(ST_XMin(outline) + (random() * 1.2 - 0.1) * (ST_XMax(outline) - ST_XMin(outline)),
                                   ST_YMin(outline) + (random() * 1.2 - 0.1) * (ST_YMax(outline) - ST_YMin(outline))), 4490)
    FROM generate_series(1, 500)
$$;

-- one at a time in a register of its own: kinds and villages apart, no overlap to be refused
CREATE FUNCTION pg_temp.disagreement() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    one   record;
    wrong bigint;
    tried bigint;
    all_tried bigint := 0;
    said  text := '';
BEGIN
    INSERT INTO registry.grid (grid_id, grid_code, name, division, outline)
        OVERRIDING SYSTEM VALUE VALUES (9001, '440113007003001', 'G', '440113007003', pg_temp.box(100, 100));
    FOR one IN SELECT * FROM shape LOOP
        UPDATE registry.grid SET outline = one.outline WHERE grid_id = 9001;
        SELECT count(*), count(*) FILTER (WHERE (grid_at(place) IS NOT NULL) <> ST_Covers(one.outline, place)) INTO tried, wrong
        FROM pg_temp.places(one.outline) AS place
        WHERE abs(ST_X(place)) <= 180 AND abs(ST_Y(place)) <= 90;
        all_tried := all_tried + tried;
        IF wrong > 0 THEN
            said := said || format('%s: %s of %s; ', one.name, wrong, tried);
        END IF;
    END LOOP;
    DELETE FROM shape WHERE all_tried < 100000;
    RETURN said;
END $$;
SELECT is((SELECT string_agg(name, ', ') FROM shape WHERE NOT ST_IsValid(outline)), NULL, 'the outlines are valid');
SELECT is(pg_temp.disagreement(), '', 'every outline covers the points that ST_Covers says, on borders and a last digit beside them');
SELECT isnt_empty('TABLE shape', 'a hundred thousand points were tried');
SELECT ok(count(*) FILTER (WHERE part IS NULL) > 10, 'a wide one has cells inside') FROM grid_cells(pg_temp.box(0, 0, 7, 7));
SELECT is(count(*), 0::bigint, 'an empty outline has no cells') FROM grid_cells('SRID=4490;MULTIPOLYGON EMPTY');
SELECT is(count(*), 0::bigint, 'a line neither') FROM grid_cells('SRID=4490;LINESTRING(1 1, 2 2)');
SELECT is(count(*), 0::bigint, 'nor what is not on the earth') FROM grid_cells(ST_Multi(ST_MakeEnvelope(170, 0, 190, 1, 4490)));

-- PostGIS passes over edges shorter than 1e-12 degrees in ST_Covers, and is wrong level with them; ST_Relate is not, and neither is the cover
SELECT ST_Multi(ST_SetSRID(ST_MakePolygon(ST_MakeLine(ARRAY[ST_MakePoint(113.2, 22.49), ST_MakePoint(113.21, 22.49), ST_MakePoint(113.21, 22.5),
    ST_MakePoint(113.21, pg_temp.beside(22.5, 1)), ST_MakePoint(113.21, 22.51), ST_MakePoint(113.2, 22.51), ST_MakePoint(113.2, 22.49)])), 4490)) AS short \gset
UPDATE registry.grid SET outline = :'short' WHERE grid_id = 9001;
SELECT is(count(*) FILTER (WHERE (grid_at(place) IS NULL) <> ST_Relate(:'short', place, 'FF*FF****')), 0::bigint, 'an edge of a last digit')
FROM pg_temp.places(:'short') AS place;

-- a mosaic whose borders are shared, of grids of all sizes: the lower code has the border
CREATE FUNCTION pg_temp.by_covers(place geometry) RETURNS bigint LANGUAGE sql AS $$
    SELECT g.grid_id FROM registry.grid g
    WHERE g.kind = 'management' AND g.period @> today() AND ST_Covers(g.outline, place) ORDER BY g.grid_code LIMIT 1
$$;
UPDATE registry.grid SET outline = pg_temp.box(100, 100) WHERE grid_id = 9001;
INSERT INTO registry.grid (grid_id, grid_code, name, division, outline) OVERRIDING SYSTEM VALUE
SELECT 9100 + n, '440113007003' || lpad((500 - n)::text, 3, '0'), 'M', '440113007003', outline
FROM (SELECT row_number() OVER () AS n, ST_Multi(d.geom) AS outline
      FROM (SELECT ST_VoronoiPolygons(ST_Collect(pg_temp.spot(20 * random() ^ 4, 20 * random() ^ 4)), 0, pg_temp.box(-1, -1, 22, 22)) v FROM generate_series(1, 60)) s,
           ST_Dump(v) d) m;
CREATE TEMP TABLE place AS
SELECT p AS place FROM registry.grid g, pg_temp.places(g.outline) p WHERE g.grid_id BETWEEN 9100 AND 9110;
SELECT ok((SELECT count(DISTINCT cell >> 52) > 1 FROM registry.grid_cover), 'cells of several sizes');
SELECT ok((SELECT count(*) > 20000 FROM place), 'points of a mosaic');
SELECT is((SELECT count(*) FROM place WHERE grid_at(place) IS DISTINCT FROM pg_temp.by_covers(place)), 0::bigint, 'each in the grid that covers it, on a border in that of the lower code');
SELECT is((SELECT count(*) FROM (SELECT array_agg(place ORDER BY n) AS places FROM (SELECT place, row_number() OVER () AS n FROM place) p) a,
                  unnest(places, grids_at(places)) AS at (place, grid_id) WHERE at.grid_id IS DISTINCT FROM grid_at(at.place)), 0::bigint, 'many at once: the same');
SELECT is(grids_at('{}'), '{}', 'none at all');
SELECT is(grids_at(ARRAY[NULL, 'SRID=4490;POINT EMPTY', 'SRID=4490;POINT(1 1)', ST_SetSRID(ST_MakePoint('NaN', 1), 4490)]::geometry[]), '{NULL,NULL,NULL,NULL}', 'nothing, nowhere, outside, no number');

-- what grid_at() is asked
SELECT is(grid_at('SRID=4490;POINT EMPTY'), NULL, 'nowhere');
SELECT is(grid_at(ST_SetSRID(ST_MakePoint('NaN', 22.5), 4490)), NULL, 'no number');
SELECT is(grid_at(ST_SetSRID(ST_MakePoint('Infinity', '-Infinity'), 4490)), NULL, 'beyond the earth');
SELECT throws_ok('SELECT residency.grid_at(''SRID=4326;POINT(113 22)'')', '22023', NULL, 'a point of another datum');
SELECT throws_ok('SELECT residency.grid_at(pg_temp.box(0, 0))', 'XX000', NULL, 'no point');

-- the cover follows the grid
CREATE FUNCTION pg_temp.at(x float8, y float8) RETURNS bigint LANGUAGE sql AS $$ SELECT grid_at(pg_temp.spot(x, y)) $$;
SELECT is(pg_temp.at(100.5, 100.5), 9001::bigint, 'drawn');
UPDATE registry.grid SET outline = pg_temp.box(200, 200) WHERE grid_id = 9001;
SELECT results_eq($$SELECT pg_temp.at(100.5, 100.5), pg_temp.at(200.5, 200.5)$$, $$VALUES (NULL::bigint, 9001::bigint)$$, 'redrawn');
SAVEPOINT before;
UPDATE registry.grid SET outline = pg_temp.box(300, 300) WHERE grid_id = 9001;
ROLLBACK TO before;
SELECT results_eq($$SELECT pg_temp.at(300.5, 300.5), pg_temp.at(200.5, 200.5)$$, $$VALUES (NULL::bigint, 9001::bigint)$$, 'what is undone is undone');
UPDATE registry.grid SET period = daterange(today() + 1, NULL) WHERE grid_id = 9001;
SELECT is(pg_temp.at(200.5, 200.5), NULL, 'valid from tomorrow');
UPDATE registry.grid SET period = daterange(NULL, today()) WHERE grid_id = 9001;
SELECT is(pg_temp.at(200.5, 200.5), NULL, 'until yesterday');
UPDATE registry.grid SET period = daterange(NULL, today() + 1) WHERE grid_id = 9001;
SELECT is(pg_temp.at(200.5, 200.5), 9001::bigint, 'until today');
UPDATE registry.grid SET kind = 'unit' WHERE grid_id = 9001;
SELECT is(pg_temp.at(200.5, 200.5), NULL, 'of another kind');
UPDATE registry.grid SET kind = 'management', period = '(,)' WHERE grid_id = 9001;
SELECT is(pg_temp.at(200.5, 200.5), 9001::bigint, 'for ever');
SELECT ctid AS at FROM registry.grid_cover WHERE grid_id = 9001 ORDER BY cell LIMIT 1 \gset
UPDATE registry.grid SET name = 'Another' WHERE grid_id = 9001;
SELECT is(ctid, :'at', 'a name alone leaves the cover as it is') FROM registry.grid_cover WHERE grid_id = 9001 ORDER BY cell LIMIT 1;

-- check() compares
SELECT is_empty($$SELECT FROM residency.check() WHERE topic = 'grid'$$, 'all is well');
DELETE FROM registry.grid_cover WHERE ctid = :'at';
SELECT results_eq($$SELECT finding COLLATE "default", remedy COLLATE "default" FROM residency.check() WHERE topic = 'grid'$$,
    $$VALUES ('the cover of grid 9001 is not that of its outline, kind and period', 'SELECT residency.cover_grids(''{9001}''); SELECT residency.place_dwellings(''{9001}'');')$$, 'a cell is missing');
SELECT ok(cover_grids('{9001}') > 0, 'made anew');
SELECT is_empty($$SELECT FROM residency.check() WHERE topic = 'grid'$$, 'all is well again');
UPDATE registry.grid_cover SET valid_to = today() WHERE grid_id = 9001;
INSERT INTO registry.grid_cover VALUES (0, 9002, today(), 'infinity', NULL);
SELECT results_eq($$SELECT finding COLLATE "default" FROM residency.check() WHERE topic = 'grid' ORDER BY 1$$,
    $$VALUES ('the cover of grid 9001 is not that of its outline, kind and period'), ('the cover of grid 9002 is not that of its outline, kind and period')$$, 'other days, and a grid that is not there');
SELECT * FROM finish();
ROLLBACK;
