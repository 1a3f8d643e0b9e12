\unset ECHO
\set QUIET 1
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS residency CASCADE;
CREATE EXTENSION IF NOT EXISTS pgtap;
RESET client_min_messages;
\pset format unaligned
\pset tuples_only true
BEGIN;
SET search_path = residency, public;
SET jit = off;
SELECT plan(45);

-- GB/T 39409-2020: its own examples, and others worked out by hand
CREATE TEMP TABLE vector (lon numeric, lat numeric, code text);
INSERT INTO vector VALUES
    (116 + 18 / 60.0 + 45.37 / 3600, 39 + 59 / 60.0 + 35.38 / 3600, 'N50J47539B8255346152'),
    (-(116 + 18 / 60.0 + 45.37 / 3600), 39 + 59 / 60.0 + 35.38 / 3600, 'N11J47539B8255346152'),
    (116 + 18 / 60.0 + 45.37 / 3600, -(39 + 59 / 60.0 + 35.38 / 3600), 'S50J47539B8255346152'),
    (-(116 + 18 / 60.0 + 45.37 / 3600), -(39 + 59 / 60.0 + 35.38 / 3600), 'S11J47539B8255346152'),
    (116 + 19 / 60.0 + 14.3184 / 3600, 39 + 59 / 60.0 + 56.1444 / 3600, 'N50J475493E'),
    (116 + 19 / 60.0 + 5.9808 / 3600, 39 + 59 / 60.0 + 59.7012 / 3600, 'N50J475491E'),
    (116 + 19 / 60.0 + 9.3540 / 3600, 39 + 59 / 60.0 + 56.5260 / 3600, 'N50J475492E'),
    (110.198, 20.044, 'N49F400B2D9231144663'), (113.384, 22.937, 'N49FA558603114466331'),
    (112.355, 28.554, 'N49H8116343301040603'), (112.3384, 16.8342, 'N49E8155040304735635'),
    (0, 0, 'N31A0000000000000000'), (-74.0060, 40.7128, 'N18K412025B260321443'),
    (151.2093, -33.8688, 'S56I234C281256752670'), (-43.1729, -22.9068, 'S23F254A456111670257'),
    (179.999999, 87.999999, 'N60VB75E9EE377777700'),
    -- 180 degrees is one meridian, an edge the farther cell's, and no double holds 116.1
    (180, 0, 'N01AB01E0E0170707070'), (-180, 0, 'N01AB01E0E0170707070'), (116.1, 40.1, 'N50K4006600000000000');
SELECT is(beidou_cell(ST_Point(lon, lat, 4490), level(code::beidou_cell))::text, code, format('%s %s is in %s', round(lon, 6), round(lat, 6), code))
FROM vector;
SELECT is_empty($$SELECT code, l, cell FROM (
        SELECT code, l, beidou_cell(ST_Point(lon, lat, 4490), l) AS cell, (ARRAY[4,6,7,9,11,12,14,16,18,20])[l] AS length
        FROM vector, generate_series(1, 10) l WHERE length(code) = 20) v
    WHERE cell::text <> left(code, length) OR cell <> parent(code::beidou_cell, l) OR level(cell) <> l$$,
    'the codes of coarser cells are the beginnings of those of finer ones');
SELECT is(beidou_cell('N36J93078B3101524314')::text, 'N36J93078B3101524314', 'the sample of the standard');

-- the standard by its words: in decimals, level by level
CREATE FUNCTION pg_temp.encode(lon numeric, lat numeric) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    -- in seconds: a division of decimals would round
    x numeric := abs(lon) * 3600 % 21600;
    y numeric := abs(lat) * 3600 % 14400;
    code text := CASE WHEN lat >= 0 THEN 'N' ELSE 'S' END
        || lpad((CASE WHEN lon >= 0 THEN floor(lon / 6) + 31 ELSE 30 - floor(-lon / 6) END)::text, 2, '0')
        || substr('ABCDEFGHIJKLMNOPQRSTUV', floor(abs(lat) / 4)::integer + 1, 1);
    l record;
    i integer;
    j integer;
BEGIN
    FOR l IN SELECT * FROM (VALUES (1800, 1800, false), (900, 600, true), (60, 60, false), (4, 4, false), (2, 2, true),
            (0.25, 0.25, false), (1 / 32.0, 1 / 32.0, false), (1 / 256.0, 1 / 256.0, false), (1 / 2048.0, 1 / 2048.0, false)) v (dx, dy, single) LOOP
        i := div(x, l.dx);
        j := div(y, l.dy);
        code := code || CASE WHEN l.single THEN (j * 2 + i)::text ELSE upper(to_hex(i) || to_hex(j)) END;
        x := x - i * l.dx;
        y := y - j * l.dy;
    END LOOP;
    RETURN code;
END $$;
SELECT setseed(0.39409) \g /dev/null
CREATE TEMP TABLE point AS
SELECT lon::numeric, lat::numeric, ST_Point(lon, lat, 4490) AS place
FROM (SELECT round((random() * 360 - 180)::numeric, d), round((random() * 174 - 87)::numeric, d) FROM generate_series(1, 400), unnest(ARRAY[0, 1, 2, 3, 5, 9]) d) v (lon, lat);
SELECT is_empty('SELECT lon, lat, beidou_cell(place, 10), pg_temp.encode(lon, lat) FROM point
    WHERE abs(lon) < 180 AND beidou_cell(place, 10)::text <> pg_temp.encode(lon, lat)', 'decimals lead to the cell that the standard says, on edges as well');

-- random points, at every level
CREATE TEMP TABLE walk AS
SELECT ST_Point(random() * 360 - 180, random() * 176 - 88, 4490) AS place FROM generate_series(1, 100000);
CREATE TEMP TABLE cell AS
SELECT place, l, beidou_cell(place, l) AS cell FROM (SELECT place, (row_number() OVER ())::integer % 10 + 1 AS l FROM walk) w;
SELECT is_empty('SELECT * FROM cell WHERE level(cell) <> l OR cell::text::beidou_cell <> cell OR cell::bigint < 0', 'cells of 100 000 points: level and text');
SELECT is_empty('SELECT * FROM cell WHERE NOT ST_Intersects(outline(cell), place)', 'a cell holds its point');
SELECT is_empty('SELECT * FROM cell WHERE beidou_cell(center(cell), l) <> cell', 'and its centre');
SELECT is_empty('SELECT * FROM cell WHERE beidou_cell(place, 10) NOT BETWEEN first_within(cell) AND last_within(cell) OR NOT beidou_cell(place, 10) <@ cell
    OR NOT cell @> beidou_cell(place, 10) OR parent(beidou_cell(place, 10), l) <> cell OR (lineage(beidou_cell(place, 10)))[l] <> cell', 'and the finest cell');
SELECT is_empty('SELECT cell, p FROM cell, generate_series(1, l) p WHERE parent(cell, p) <> beidou_cell(place, p) OR NOT parent(cell, p) @> cell OR (p < l AND parent(cell, p) <@ cell)',
    'parents nest');
SELECT is_empty('SELECT a, b FROM (SELECT cell AS a, lead(cell) OVER (ORDER BY cell::text COLLATE "C") AS b FROM cell) o WHERE a > b', 'the order is that of the codes');
SELECT is_empty('SELECT a.cell, b.cell FROM (SELECT cell FROM cell LIMIT 500) a, (SELECT cell FROM cell LIMIT 2000) b
    WHERE (a.cell <@ b.cell) <> starts_with(a.cell::text, b.cell::text)', '<@ is by the beginnings of codes');
SELECT is_empty('SELECT cell FROM (SELECT cell FROM cell WHERE l >= 5 LIMIT 20000) c WHERE beidou_from_reference(beidou_reference(cell, cell)) <> cell', 'references from a cell to itself');

-- what lies within, and around
SELECT results_eq($$SELECT level(c), count(children) FROM unnest(lineage('N50J47539B8255346152'::beidou_cell)) c, children(c) GROUP BY 1 ORDER BY 1$$,
    'SELECT * FROM (VALUES (1, 96::bigint), (2, 6), (3, 150), (4, 225), (5, 4), (6, 64), (7, 64), (8, 64), (9, 64)) v', 'how many children');
SELECT is_empty($$SELECT c FROM unnest(lineage('S23F254A456111670257'::beidou_cell)) c
    WHERE level(c) < 10 AND (SELECT NOT ST_Equals(ST_Union(outline(k)), outline(c)) OR bool_or(parent(k, level(c)) <> c OR NOT k <@ c)
                             FROM children(c) k)$$, 'children make up the cell');
SELECT results_eq($$SELECT k FROM children('N50J47'::beidou_cell, 4) k$$,
    $$SELECT k FROM children('N50J47'::beidou_cell) c, children(c) k ORDER BY k$$, 'grandchildren are the children of children');
CREATE TEMP TABLE around AS
SELECT c, ST_XMin(o) AS west, greatest(ST_YMin(o), -87.99) AS south, ST_XMax(o) AS east, least(ST_YMax(o), 87.99) AS north
FROM (SELECT c, outline(c) AS o
      FROM (SELECT cell FROM cell LIMIT 1000) v (c)
      UNION SELECT c, outline(c) FROM unnest('{N31A00000,S30A00000,N01AB01E0E0,N60AB01E0,S60V,N12V17,N31A}'::beidou_cell[]) c) o;
SELECT is_empty($$SELECT c FROM around
    WHERE ARRAY(SELECT neighbours(c) ORDER BY 1) <> ARRAY(
        SELECT n FROM cells_meeting(west, south, east, north, level(c)) n WHERE n <> c
        UNION SELECT n FROM cells_meeting(-180, south, -180, north, level(c)) n WHERE east = 180
        UNION SELECT n FROM cells_meeting(180, south, 180, north, level(c)) n WHERE west = -180
        ORDER BY 1)$$, 'neighbours are the cells that touch, all around the earth');
SELECT is_empty($$SELECT c, n FROM (SELECT * FROM around WHERE level(c) > 3 LIMIT 100) a, neighbours(c) n
    WHERE NOT ST_Touches(outline(c), outline(n)) AND east <> 180 AND west <> -180$$, 'their outlines too');
SELECT is_empty($$SELECT c, n FROM unnest('{N50J47539B8,N31A0000000,S30A0000000,N01AB01E0E01}'::beidou_cell[]) c, neighbours(c) n
    WHERE beidou_from_reference(beidou_reference(n, c)) <> n$$, 'references to neighbours and back');
SELECT results_eq($$SELECT beidou_reference(c, 'N50J47539B8') FROM unnest('{N50J47539B8,N50J47539E1,N50J475394E}'::beidou_cell[]) c$$,
    $$VALUES ('N50J47539B8-00'), ('N50J47539B8-3G'), ('N50J47539B8-G6')$$, 'offsets: digits to the east and north, letters to the west and south');

-- covers against every cell of the box tested
CREATE TEMP TABLE shape AS
SELECT row_number() OVER ()::integer AS id, l, shape
FROM (
    -- blobs and holes about the size of ten cells, anywhere, over meridian and equator too
    SELECT l, ST_SetSRID(ST_Union(ARRAY(SELECT ST_Buffer(ST_Point(x + (random() - 0.5) * 8 * w, y + (random() - 0.5) * 8 * w), random() * 3 * w, 'quad_segs=3') FROM generate_series(1, 4), (SELECT i) dependent)), 4490) AS shape
    FROM generate_series(1, 12) i,
        (VALUES (3, 0.2), (5, 1 / 900.0), (6, 1 / 1800.0), (7, 1 / 14400.0), (8, 1 / 115200.0)) size (l, w),
        LATERAL (SELECT CASE WHEN i % 4 = 0 THEN 0 ELSE random() * 300 - 150 END, CASE WHEN i % 4 = 1 THEN 0 ELSE random() * 160 - 80 END) at (x, y)
    UNION ALL
    SELECT l, ST_Difference(ST_Buffer(c, 5 * w, 'quad_segs=2'), ST_Union(ST_Buffer(c, 3 * w, 'quad_segs=1'), ST_Buffer(ST_Translate(c, 4 * w, 0), 2 * w)))
    FROM generate_series(1, 8) i, (VALUES (4, 1 / 60.0), (6, 1 / 1800.0), (10, 1 / 7372800.0)) size (l, w),
        LATERAL (SELECT center(beidou_cell(ST_Point(random() * 300 - 150, random() * 160 - 80, 4490), 7))) at (c)
    -- cells themselves, their corners, a sliver, lines, points
    UNION ALL SELECT 6, outline('N49F400B2D9')
    UNION ALL SELECT 5, ST_Union(outline('N49F400B2D9'), outline('N49F400B2DA'))
    UNION ALL SELECT 7, ST_Boundary(outline('N49F400B2D9'))
    UNION ALL SELECT 6, ST_PointN(ST_ExteriorRing(outline('N49F400B2D9')), 1)
    UNION ALL SELECT 10, 'SRID=4490;MULTIPOINT(110.1 20.1, 110.100003 20.100005)'
    UNION ALL SELECT 5, ST_MakeEnvelope(110.1, 20.1, 110.2, 20.1000000001, 4490)
    UNION ALL SELECT 2, ST_MakeEnvelope(-179, -5, 180, 6, 4326)
    UNION ALL SELECT 6, 'SRID=4490;POLYGON EMPTY') s;
CREATE TEMP VIEW brute AS
SELECT id, cell, ST_Covers(ST_SetSRID(shape, 4490), outline(cell)) AS interior
FROM shape, cells_meeting(ST_XMin(shape), ST_YMin(shape), ST_XMax(shape), ST_YMax(shape), l) cell
WHERE ST_Intersects(ST_SetSRID(shape, 4490), outline(cell));
CREATE TEMP TABLE quick AS SELECT id, c.* FROM shape, cover(shape, l) c;
SELECT ok(count(*) FILTER (WHERE interior) > 1000 AND count(*) FILTER (WHERE NOT interior) > 1000, 'the covers are worth it') FROM quick;
SELECT results_eq('SELECT * FROM quick ORDER BY id, cell', 'SELECT * FROM brute ORDER BY id, cell',
    'a cover is the cells that ST_Intersects says, the interior those of ST_Covers');
SELECT results_eq('SELECT id, k, interior FROM shape, cover(shape, l, compact => true) c, children(cell, l) k ORDER BY id, k', 'SELECT * FROM quick ORDER BY id, cell',
    'compact says the same');
SELECT is_empty('SELECT id, cell FROM shape, cover(shape, l, compact => true) c WHERE NOT interior AND level(cell) <> l', 'and has borders of the level alone');
SELECT is_empty('SELECT id FROM (SELECT * FROM shape WHERE ST_Dimension(shape) = 2) s, LATERAL ST_Dump(ST_GeneratePoints(shape, 200, 7)) d
    WHERE ST_Covers(shape, d.geom) AND NOT EXISTS (SELECT FROM quick q WHERE q.id = s.id AND q.cell = beidou_cell(d.geom, l))', 'whoever is in the shape is in its cover');
SELECT is_empty('SELECT c.cell FROM shape, cover(shape, l, compact => true) c WHERE interior AND level(cell) > 1
    AND ST_Covers(ST_SetSRID(shape, 4490), outline(parent(cell, level(cell) - 1)))', 'its interior is as coarse as can be');
SELECT is((SELECT count(*) FROM cover(outline('N49F400B2D9'), 5)), 9::bigint, 'a cell needs those that it touches, too');
SELECT is((SELECT ROW(count(*), count(*) FILTER (WHERE interior))::text FROM cover(outline('N49F400B2D9'), 6, compact => true)), '(13,1)', 'or finer ones around it');
SELECT * FROM finish();
ROLLBACK;

-- What a user sees: from here on everything is shown.
\pset format aligned
\pset tuples_only false
\set ECHO all
SET search_path = residency, public;

SELECT '  n50j47539b8 '::beidou_cell, beidou_cell('Ｎ５０Ｊ'), ST_AsEWKT(outline('N50J475')), ST_AsEWKT(center('N50J475'::beidou_cell));
SELECT t, beidou_cell_problem(t), is_beidou_cell(t)
FROM unnest(ARRAY['', 'N50J4', 'M50J', 'N61J', 'N50W', 'N50JC0', 'N50J476', 'N50J47']) t;
SELECT 'N50J4'::beidou_cell;
SELECT 'X50J47539B8255346152'::beidou_cell;
SELECT 'N00J'::beidou_cell;
SELECT 'N0000'::beidou_cell;
SELECT 'N00Z'::beidou_cell;
SELECT 'N50Z'::beidou_cell;
SELECT 'N50J48'::beidou_cell;
SELECT beidou_from_reference('N50J47539B8+00');
SELECT beidou_from_reference('N50J47539-00');
SELECT beidou_from_reference('N60VB75E9EE-01');
SELECT beidou_reference('N50J47539B8', 'N50J47539');
SELECT beidou_cell(ST_Point(110, 88, 4490), 5);
SELECT beidou_cell(ST_Point(20, 110, 4490), 5);
SELECT beidou_cell('SRID=4490;POINT EMPTY', 5);
SELECT beidou_cell(ST_Point(double precision 'NaN', 0, 4490), 5);
SELECT beidou_cell(ST_Point(110, 20, 3857), 5);
SELECT beidou_cell('LINESTRING(1 1, 2 2)'::geometry, 5);
SELECT beidou_cell(ST_Point(110, 20, 4490), 11);
SELECT beidou_cell(ST_Point(110, 20, 4490), 0);
SELECT beidou_cell(ST_Point(110, 20), 5) = beidou_cell('SRID=4326;POINT ZM(110 20 5 6)', 5) AS same, beidou_cell(NULL::geometry, 5);
SELECT parent('N50J475'::beidou_cell, 4);
SELECT children('N50J475'::beidou_cell, 2);
SELECT count(*) FROM children('N50J47539B8255346152'::beidou_cell);
SELECT cells_meeting(1, 1, 0, 2, 5);
SELECT cover(ST_Point(110, 20, 4490), 11);
SELECT cover(ST_Point(110, 20, 3857), 5);
SELECT cover('SRID=4490;POLYGON((0 0, 1 1, 1 0, 0 1, 0 0))', 5);
SELECT cover('SRID=4490;GEOMETRYCOLLECTION(POINT(0 0))', 5);
SELECT cover(ST_MakeEnvelope(0, 80, 1, 89, 4490), 5);
SELECT cover(ST_MakeEnvelope(100, 20, 120, 40, 4490), 10);
SELECT cover(ST_MakeEnvelope(110, 20, 110.1, 20.1, 4490), 5, 100);
SELECT * FROM cover('SRID=4490;POLYGON EMPTY', 5);

-- binary input is checked as text is
CREATE TEMP TABLE received (cell beidou_cell);
\copy (SELECT 'N50J47539B8255346152'::residency.beidou_cell) TO 'results/beidou_cell.bin' (FORMAT binary)
\copy received FROM 'results/beidou_cell.bin' (FORMAT binary)
\copy (SELECT -1::bigint) TO 'results/beidou_cell.bin' (FORMAT binary)
\copy received FROM 'results/beidou_cell.bin' (FORMAT binary)
\copy (SELECT (residency.last_within('S60V'::residency.beidou_cell)::bigint + 1)) TO 'results/beidou_cell.bin' (FORMAT binary)
\copy received FROM 'results/beidou_cell.bin' (FORMAT binary)
TABLE received;

-- everything in a cell is a range of an index, with constants, parameters, tables joined
CREATE TEMP TABLE stop (id integer, location geometry(Point, 4490), cell beidou_cell);
INSERT INTO stop SELECT i, p, beidou_cell(p, 10) FROM generate_series(1, 5000) i, ST_Point(110 + i * 0.0007, 20 + i % 71 * 0.003, 4490) p;
CREATE INDEX stop_cell ON stop (cell);
CREATE INDEX stop_location ON stop (beidou_cell(location, 8));
ANALYZE stop;
SET enable_seqscan = off;
SET enable_bitmapscan = off;
EXPLAIN (COSTS OFF) SELECT * FROM stop WHERE cell <@ 'N49F400';
EXPLAIN (COSTS OFF) SELECT * FROM stop WHERE 'N49F40022' @> cell;
EXPLAIN (COSTS OFF) SELECT * FROM stop WHERE cell @> 'N49F40022';
EXPLAIN (COSTS OFF) SELECT * FROM stop WHERE beidou_cell(location, 8) <@ 'N49F400';
SET plan_cache_mode = force_generic_plan;
PREPARE within(beidou_cell) AS SELECT count(*) FROM stop WHERE cell <@ $1;
PREPARE above(beidou_cell) AS SELECT count(*) FROM stop WHERE cell @> $1;
EXPLAIN (COSTS OFF) EXECUTE within('N49F40');
EXPLAIN (COSTS OFF) EXECUTE above('N49F40');
EXECUTE within('N49F40');
EXPLAIN (COSTS OFF) SELECT s.id FROM cover(ST_Buffer(ST_Point(110.2, 20.1, 4490), 0.05), 5, compact => true) c JOIN stop s ON beidou_cell(s.location, 8) <@ c.cell
WHERE c.interior OR ST_Intersects(ST_Buffer(ST_Point(110.2, 20.1, 4490), 0.05), s.location);
SELECT count(*), count(*) FILTER (WHERE ST_Covers(ST_Buffer(ST_Point(110.2, 20.1, 4490), 0.05), s.location))
FROM cover(ST_Buffer(ST_Point(110.2, 20.1, 4490), 0.05), 5, compact => true) c JOIN stop s ON beidou_cell(s.location, 8) <@ c.cell
WHERE c.interior OR ST_Covers(ST_Buffer(ST_Point(110.2, 20.1, 4490), 0.05), s.location);
SELECT count(*) FROM stop WHERE ST_Covers(ST_Buffer(ST_Point(110.2, 20.1, 4490), 0.05), location);
SELECT count(*) FROM stop WHERE cell <@ 'N49F40' AND beidou_cell(location, 8) <@ 'N49F40';
SELECT count(*) FROM stop WHERE cell::text LIKE 'N49F40%';
DROP TABLE stop;
