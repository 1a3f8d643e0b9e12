-- Datums: GCJ-02 and BD-09 there and back, and locations of dwellings that are given in them.
\set ECHO none
\getenv test PG_ABS_SRCDIR
\i :test/lib/register.sql
-- a refusal shall not end the transaction
\set ON_ERROR_ROLLBACK on
\set VERBOSITY sqlstate

BEGIN;
SET LOCAL search_path = public, residency;
SET LOCAL client_min_messages = warning;
SELECT no_plan();

-- the functions
SELECT is(ST_AsEWKT(to_gcj02('SRID=4490;POINT(116.397451 39.909187)'), 9), 'POINT(116.403694625 39.91059051)', 'to GCJ-02, which has no SRID');
SELECT is(ST_AsEWKT(to_bd09('SRID=4326;POINT(116.397451 39.909187)'), 9), 'POINT(116.410067165 39.916929791)', 'to BD-09, from WGS-84');
SELECT is(ST_AsEWKT(from_gcj02('POINT(116.403694625 39.91059051)'), 6), 'SRID=4490;POINT(116.397451 39.909187)', 'from GCJ-02, to CGCS2000');
SELECT is(ST_AsEWKT(from_bd09('SRID=4326;POINT(116.410067165 39.916929791)'), 6), 'SRID=4490;POINT(116.397451 39.909187)', 'from BD-09, labelled as devices do');
SELECT ok(from_gcj02(NULL) IS NULL AND to_gcj02(NULL) IS NULL AND from_bd09(NULL) IS NULL AND to_bd09(NULL) IS NULL, 'NULL stays NULL');

CREATE TEMP TABLE shape (n integer GENERATED ALWAYS AS IDENTITY, wkt text);
INSERT INTO shape (wkt) VALUES
('POINT(113 23)'), ('POINT Z (113 23 5)'), ('POINT M (113 23 6)'), ('POINT ZM (113 23 5 6)'), ('POINT EMPTY'),
('LINESTRING(113 23,113.5 23.5,114 23)'), ('LINESTRING EMPTY'), ('LINESTRING ZM (113 23 1 2,114 24 3 4)'),
('POLYGON((113 23,114 23,114 24,113 24,113 23),(113.2 23.2,113.2 23.4,113.4 23.4,113.2 23.2))'), ('POLYGON EMPTY'),
('MULTIPOINT((113 23),EMPTY,(114 24))'), ('MULTILINESTRING((113 23,114 24),(113 24,114 23))'),
('MULTIPOLYGON(((113 23,114 23,114 24,113 23)),((115 23,116 23,116 24,115 23)))'),
('GEOMETRYCOLLECTION(POINT(113 23),GEOMETRYCOLLECTION(LINESTRING(113 23,114 24),POINT EMPTY),GEOMETRYCOLLECTION EMPTY)'),
('CIRCULARSTRING(113 23,113.5 23.5,114 23)'), ('COMPOUNDCURVE(CIRCULARSTRING(113 23,113.5 23.5,114 23),(114 23,115 23))'),
('CURVEPOLYGON(CIRCULARSTRING(113 23,113.5 23.5,114 23,113.5 22.5,113 23))'), ('MULTICURVE((113 23,114 24),CIRCULARSTRING(113 23,113.5 23.5,114 23))'),
('MULTISURFACE(CURVEPOLYGON(CIRCULARSTRING(113 23,113.5 23.5,114 23,113.5 22.5,113 23)),((115 23,116 23,116 24,115 23)))'),
('POLYHEDRALSURFACE Z (((113 23 0,114 23 0,114 24 1,113 23 0)))'), ('TIN(((113 23,114 23,114 24,113 23)))'), ('TRIANGLE((113 23,114 23,114 24,113 23))');
SELECT is(ST_AsText(from_gcj02(to_gcj02(wkt::geometry)), 9), ST_AsText(wkt::geometry, 9), 'GCJ-02 there and back: ' || left(wkt, 30)) FROM shape ORDER BY n;
SELECT is_empty($$SELECT wkt FROM shape WHERE ST_AsText(from_bd09(to_bd09(wkt::geometry)), 9) <> ST_AsText(wkt::geometry, 9)$$, 'BD-09 there and back, all of them');
SELECT is_empty($$SELECT wkt FROM shape WHERE ST_IsEmpty(wkt::geometry) <> (ST_AsEWKB(to_gcj02(wkt::geometry)) = ST_AsEWKB(wkt::geometry))
    AND NOT wkt ~ 'MULTI'$$, 'all that have points move');
CREATE TEMP VIEW place AS SELECT ST_SetSRID(ST_Point(73.5 + (n * 7919 % 61500) / 1000.0, 3.9 + (n * 104729 % 49600) / 1000.0), 4490) AS p
FROM generate_series(1, 20000) n;
SELECT ok(max(ST_DistanceSphere(from_gcj02(to_gcj02(p)), p)) < 0.001 AND max(ST_DistanceSphere(from_bd09(to_bd09(p)), p)) < 0.001,
    'all over China there and back to a millimetre') FROM place;
SELECT ok(ST_IsValid(s) AND ST_IsClosed(ST_ExteriorRing(s)) AND ST_NPoints(s) = 1001, 'an outline of a thousand points stays closed and valid')
FROM from_gcj02(ST_Buffer('POINT(113 23)'::geometry, 0.1, 250)) s;
SELECT is_empty($$SELECT p FROM unnest('{POINT(72 40),POINT(138 40),POINT(110 0.8),POINT(110 56),POINT(0 90),POINT(110 -90),POINT(-74 40.7),POINT(40 113)}'::text[]) p
    WHERE NOT from_gcj02(p) = ST_SetSRID(p::geometry, 4490) OR NOT to_gcj02(p) = p::geometry OR NOT from_bd09(p) = ST_SetSRID(p::geometry, 4490) OR NOT to_bd09(p) = p::geometry$$,
    'outside of the rectangle nothing moves');
SELECT is_empty($$SELECT x FROM unnest('{NaN,Infinity,-Infinity}'::float8[]) x
    WHERE ST_AsEWKB(to_gcj02(ST_MakePoint(x, 23))) <> ST_AsEWKB(ST_MakePoint(x, 23)) OR ST_AsEWKB(to_bd09(ST_MakePoint(113, x))) <> ST_AsEWKB(ST_MakePoint(113, x))$$,
    'nor what is no number');
SELECT throws_ok(format('SELECT %s(%L)', f, 'SRID=3857;POINT(12600000 2600000)'), '22023', NULL, f || '() of metres')
FROM unnest('{from_gcj02,to_gcj02,from_bd09,to_bd09}'::text[]) f;
CREATE DOMAIN pg_temp.spot AS geometry;
SELECT is(ST_AsText(to_gcj02('POINT(113 23)'::pg_temp.spot), 4), 'POINT(113.0053 22.9973)', 'a domain over geometry');
CREATE TEMP TABLE drawn AS SELECT p FROM place LIMIT 100;
CREATE INDEX ON drawn USING gist (to_gcj02(p));
SELECT ok(true, 'an index of what a map of Amap shows');

-- dwellings: P is where it stands, G and B are what a map of Amap and of Baidu say
\set P 'SRID=4490;POINT(113.3245904 23.1064994)'
\set G 'SRID=4490;POINT(113.330011796075 23.1038977369)'
\set B 'SRID=4490;POINT(113.336567871039 23.109602382192)'
INSERT INTO registry.grid (grid_code, name, division, outline)
VALUES ('440113007003951', 'where it stands', '440113007003', ST_Multi(ST_MakeEnvelope(113.324, 23.106, 113.325, 23.107, 4490)));
CREATE FUNCTION pg_temp.holds(expected text, what text, VARIADIC addresses text[] DEFAULT '{a}') RETURNS text LANGUAGE sql AS $$
    SELECT is(string_agg(format('%s %s %s', location_datum, COALESCE(ST_AsText(location, 7), '-'), COALESCE(name, 'no grid')), E'\n' ORDER BY address),
              expected, what)
    FROM registry.dwelling LEFT JOIN registry.grid USING (grid_id) WHERE address = ANY (addresses)
$$;
INSERT INTO registry.dwelling (address, division, location, location_datum)
VALUES ('a', '440113007003', :'G', 'gcj02'), ('b', '440113007003', :'B', 'bd09'), ('c', '440113007003', :'P', 'wgs84'), ('d', '440113007003', :'P', 'cgcs2000');
INSERT INTO registry.dwelling (address, division, location) VALUES ('e', '440113007003', :'P');
SELECT pg_temp.holds('from_gcj02 POINT(113.3245904 23.1064994) where it stands', 'given in GCJ-02', 'a');
SELECT pg_temp.holds('from_bd09 POINT(113.3245904 23.1064994) where it stands', 'given in BD-09', 'b');
SELECT pg_temp.holds('from_wgs84 POINT(113.3245904 23.1064994) where it stands', 'given in WGS-84', 'c');
SELECT pg_temp.holds(E'cgcs2000 POINT(113.3245904 23.1064994) where it stands\ncgcs2000 POINT(113.3245904 23.1064994) where it stands', 'given in CGCS2000, said or not', 'd', 'e');
INSERT INTO registry.dwelling (address, division, location, location_datum) VALUES ('f', '440113007003', NULL, 'gcj02'), ('g', '440113007003', :'P', NULL);
SELECT pg_temp.holds(E'cgcs2000 - no grid\ncgcs2000 POINT(113.3245904 23.1064994) where it stands', 'no location, no datum', 'f', 'g');

-- never twice
SELECT location AS kept FROM registry.dwelling WHERE address = 'a' \gset
CREATE FUNCTION pg_temp.stays(kept geometry, what text) RETURNS text LANGUAGE sql AS $$
    SELECT is(location_datum || ' ' || ST_AsEWKT(location, 15), 'from_gcj02 ' || ST_AsEWKT(kept, 15), what) FROM registry.dwelling WHERE address = 'a'
$$;
UPDATE registry.dwelling SET usable_area = 50, grid_id = NULL WHERE address = 'a';
SELECT pg_temp.stays(:'kept', 'an update of another column');
UPDATE registry.dwelling SET location = location WHERE address = 'a';
SELECT pg_temp.stays(:'kept', 'the location set to itself');
UPDATE registry.dwelling SET address = address, division = division, location = location, location_datum = location_datum, usable_area = 51 WHERE address = 'a';
SELECT pg_temp.stays(:'kept', 'a row that is written back whole');
UPDATE registry.dwelling SET location = :'G', location_datum = 'gcj02' WHERE address = 'a';
SELECT pg_temp.stays(:'kept', 'the same point given again');
UPDATE registry.dwelling SET location = :'G', location_datum = 'gcj02' WHERE address = 'a';
SELECT pg_temp.stays(:'kept', 'and again');
CREATE TEMP TABLE kept AS SELECT * FROM registry.dwelling WHERE address = 'a';
DELETE FROM registry.dwelling WHERE address = 'a';
INSERT INTO registry.dwelling OVERRIDING SYSTEM VALUE SELECT * FROM kept;
SELECT pg_temp.stays(:'kept', 'a row that comes back with the triggers at work, as from a dump of the data alone');
INSERT INTO registry.dwelling OVERRIDING SYSTEM VALUE SELECT * FROM kept
ON CONFLICT (dwelling_id) DO UPDATE SET location = EXCLUDED.location, location_datum = EXCLUDED.location_datum;
SELECT pg_temp.stays(:'kept', 'or over itself');
MERGE INTO registry.dwelling d USING kept k ON d.dwelling_id = k.dwelling_id
WHEN MATCHED THEN UPDATE SET location = 'SRID=4490;POINT(113.330011796075 23.1038977369)', location_datum = 'gcj02';
SELECT pg_temp.stays(:'kept', 'MERGE');

-- another point
UPDATE registry.dwelling SET location = 'SRID=4490;POINT(113.3 23.1)' WHERE address = 'a';
SELECT pg_temp.holds('cgcs2000 POINT(113.3 23.1) no grid', 'a point without its datum is CGCS2000, whatever the one before was');
UPDATE registry.dwelling SET location = :'B', location_datum = 'bd09' WHERE address = 'a';
SELECT pg_temp.holds('from_bd09 POINT(113.3245904 23.1064994) where it stands', 'one in another datum');
UPDATE registry.dwelling SET location = 'SRID=4490;POINT(113.3 23.1)', location_datum = 'from_bd09' WHERE address = 'a';
SELECT pg_temp.holds('cgcs2000 POINT(113.3 23.1) no grid', 'moved on the map by a client that writes every column');
UPDATE registry.dwelling SET location = :'P', location_datum = 'wgs84' WHERE address = 'a';
UPDATE registry.dwelling SET location = :'P', location_datum = 'wgs84' WHERE address = 'a';
SELECT pg_temp.holds('from_wgs84 POINT(113.3245904 23.1064994) where it stands', 'WGS-84, twice');
UPDATE map.dwelling SET location = 'SRID=4490;POINT(113.3 23.1)' WHERE address = 'a';
SELECT pg_temp.holds('cgcs2000 POINT(113.3 23.1) no grid', 'moved on the layer map.dwelling');
UPDATE registry.dwelling SET location = :'G', location_datum = 'gcj02' WHERE address = 'a';
UPDATE registry.dwelling SET location = NULL WHERE address = 'a';
SELECT pg_temp.holds('cgcs2000 - no grid', 'nobody knows where');
UPDATE registry.dwelling SET location = :'G' WHERE address = 'a';
UPDATE registry.dwelling SET location = from_gcj02(location), location_datum = 'from_gcj02' WHERE address = 'a';
SELECT pg_temp.holds('from_gcj02 POINT(113.3245904 23.1064994) where it stands', 'entered without its datum, and mended');
UPDATE registry.dwelling SET location_datum = 'cgcs2000' WHERE address = 'a';
SELECT pg_temp.holds('cgcs2000 POINT(113.3245904 23.1064994) where it stands', 'what is confirmed as CGCS2000');

-- what is refused
CREATE TEMP TABLE attempt (n integer GENERATED ALWAYS AS IDENTITY, code text, statement text, what text);
INSERT INTO attempt (code, what, statement) VALUES
('RG006', 'a datum that is in no list', $$UPDATE registry.dwelling SET location_datum = 'GCJ02' WHERE address = 'a'$$),
('RG235', 'a datum without a point',    $$UPDATE registry.dwelling SET location_datum = 'gcj02' WHERE address = 'a'$$),
('RG235', 'after a conversion',         $$UPDATE registry.dwelling SET location = location, location_datum = 'gcj02' WHERE address = 'b'$$),
('RG236', 'swapped axes',               $$UPDATE registry.dwelling SET location = 'SRID=4490;POINT(30 80)', location_datum = 'gcj02' WHERE address = 'a'$$),
('RG236', 'abroad',                     $$INSERT INTO registry.dwelling (address, division, location, location_datum) VALUES ('x', '440113007003', 'SRID=4490;POINT(-74 40.7)', 'bd09')$$),
('RG054', 'off the earth',              $$UPDATE registry.dwelling SET location = 'SRID=4490;POINT(12616000 2628000)', location_datum = 'bd09' WHERE address = 'a'$$),
('RG054', 'no number',                  $$UPDATE registry.dwelling SET location = ST_SetSRID(ST_MakePoint('NaN', 23), 4490), location_datum = 'gcj02' WHERE address = 'a'$$),
('RG054', 'an empty point',             $$UPDATE registry.dwelling SET location = 'SRID=4490;POINT EMPTY', location_datum = 'gcj02' WHERE address = 'a'$$);
SELECT throws_ok(statement, code, NULL, code || ': ' || what) FROM attempt ORDER BY n;
SELECT pg_temp.holds('cgcs2000 POINT(113.3245904 23.1064994) where it stands', 'and all is as it was');
ALTER TABLE registry.dwelling DISABLE TRIGGER dwelling_datum;
SELECT throws_ok($$INSERT INTO registry.dwelling (address, division, location, location_datum) VALUES ('x', '440113007003', 'SRID=4490;POINT(113 23)', 'gcj02')$$,
    '23514', NULL, 'where nothing converts, nothing goes in that would have to be');
ALTER TABLE registry.dwelling ENABLE TRIGGER dwelling_datum;

-- grids
CREATE FUNCTION pg_temp.drawn(crs text, shape geometry) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM api.import_grids(jsonb_build_object('type', 'FeatureCollection', 'crs', jsonb_build_object('type', 'name', 'properties', jsonb_build_object('name', crs)),
             'features', jsonb_build_array(jsonb_build_object('type', 'Feature', 'geometry', ST_AsGeoJSON(shape, 9)::jsonb,
                 'properties', jsonb_build_object('grid_code', '440113007003952', 'name', 'drawn on a map')))));
    RETURN (SELECT ST_AsText(outline, 6) FROM registry.grid WHERE grid_code = '440113007003952');
END $$;
\set square 'SRID=4490;POLYGON((113.4 23,113.41 23,113.41 23.01,113.4 23))'
SELECT is(pg_temp.drawn(crs, drawn), 'MULTIPOLYGON(((113.4 23,113.41 23,113.41 23.01,113.4 23)))', 'a grid in ' || crs)
FROM (VALUES ('GCJ-02', to_gcj02(:'square')), ('gcj02', to_gcj02(:'square')), ('BD-09', to_bd09(:'square')), ('urn:ogc:def:crs:EPSG::4490', :'square')) v (crs, drawn);
SELECT throws_ok($$SELECT pg_temp.drawn('BD09MC', 'POINT(1 1)')$$, 'RG070', NULL, 'RG070: metres of Baidu');
SELECT * FROM finish();

-- what is said
\set VERBOSITY default
\set SHOW_CONTEXT never
SELECT from_gcj02('SRID=3857;POINT(12600000 2600000)');
INSERT INTO registry.dwelling (dwelling_id, address, division, location) OVERRIDING SYSTEM VALUE VALUES (9001, 'z', '440113007003', :'G');
UPDATE registry.dwelling SET location_datum = 'gcj02' WHERE dwelling_id = 9001;
UPDATE registry.dwelling SET location = 'SRID=4490;POINT(30 80)', location_datum = 'bd09' WHERE dwelling_id = 9001;
SET LOCAL residency.language = 'zh';
UPDATE registry.dwelling SET location_datum = 'gcj02' WHERE dwelling_id = 9001;
UPDATE registry.dwelling SET location = 'SRID=4490;POINT(30 80)', location_datum = 'bd09' WHERE dwelling_id = 9001;
ROLLBACK;
