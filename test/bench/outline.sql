-- Point to grid on outlines as they are in the world: many corners, islands, shared borders drawn twice. :outlines is a file with lines
-- of "code <tab> GeoJSON" in GCJ-02. They are gone again before other grids are made.

CREATE TABLE bench.given (code text, geojson text);
\set copy '\\copy bench.given FROM ' :'outlines' ' (FORMAT csv, DELIMITER E''\\t'', QUOTE E''\\b'')'
:copy
SET session_replication_role = replica;
-- grids don't lie in each other: what consists of others goes, as a province or a city
DELETE FROM bench.given AS whole USING bench.given AS part WHERE part.code <> whole.code AND starts_with(part.code, regexp_replace(whole.code, '(00)+$', ''));
INSERT INTO registry.grid (grid_code, name, division, outline)
SELECT '460108001001' || lpad((row_number() OVER (ORDER BY code))::text, 3, '0'), code, '460108001001',
       residency.from_gcj02(ST_Multi(ST_CollectionExtract(ST_MakeValid(ST_SetSRID(ST_GeomFromGeoJSON(geojson), 4490)), 3)))
FROM bench.given;
SET session_replication_role = origin;
SELECT residency.cover_grids(ARRAY(SELECT grid_id FROM registry.grid)) \g /dev/null

-- within the box of all; of the sea, which is half of it, a tenth: dwellings are on land
CREATE TABLE bench.spot AS
SELECT row_number() OVER () AS n, location
FROM (SELECT ST_Extent(outline) AS box FROM registry.grid WHERE name LIKE '46%' AND ST_YMin(outline) > 18) AS land,
     generate_series(1, 500000) AS throw,
     LATERAL (SELECT ST_SetSRID(ST_MakePoint(ST_XMin(box) + random() * (ST_XMax(box) - ST_XMin(box)), ST_YMin(box) + random() * (ST_YMax(box) - ST_YMin(box)) + 0 * throw), 4490)::geometry(Point, 4490) AS location) AS thrown
WHERE residency.grid_at(location) IS NOT NULL OR throw % 10 = 0
LIMIT 200000;
CREATE INDEX ON bench.spot USING gist (location);
CREATE TABLE bench.outline_cover (n bigint, location geometry(Point, 4490), parent_id bigint, grid_id bigint);
CREATE TABLE bench.outline_covers (LIKE bench.outline_cover);
CREATE TRIGGER place BEFORE INSERT ON bench.outline_cover FOR EACH ROW EXECUTE FUNCTION residency.dwelling_place();
CREATE TRIGGER place BEFORE INSERT ON bench.outline_covers FOR EACH ROW EXECUTE FUNCTION bench.place();
VACUUM ANALYZE registry.grid, registry.grid_cover, bench.spot;
SET max_parallel_workers_per_gather = 0;
SET jit = off;
SELECT format('CALL bench.measure(%L, %L, %s, %L);', topic, side, items, statement)
FROM generate_series(1, :rounds) AS round,
     (VALUES
        (1, 'point to county outline, in a trigger', 'cover', 20000,
         'INSERT INTO bench.outline_cover (n, location) SELECT n, location FROM bench.spot WHERE n <= 20000'),
        (2, 'point to county outline, in a trigger', 'ST_Covers in PL/pgSQL', 20000,
         'INSERT INTO bench.outline_covers (n, location) SELECT n, location FROM bench.spot WHERE n <= 20000'),
        (3, 'point to county outline, as a set', 'cover', 200000,
         'SELECT count(*) FROM (SELECT unnest(ns), unnest(residency.grids_at(places)) FROM (SELECT array_agg(n) AS ns, array_agg(location) AS places FROM bench.spot) AS a) AS placed'),
        (4, 'point to county outline, as a set', 'ST_Covers, grids outside', 200000,
         'SELECT count(*) FROM registry.grid g CROSS JOIN LATERAL (SELECT l.n FROM bench.spot l WHERE ST_Covers(g.outline, l.location) OFFSET 0) AS inside')
     ) AS side (sort, topic, side, items, statement)
ORDER BY round, CASE round % 2 WHEN 0 THEN sort ELSE -sort END
\gexec
ANALYZE bench.outline_cover, bench.outline_covers;
DO $$
BEGIN
    -- all of them: EXISTS hopes for an early one, and is planned so
    IF (SELECT count(*) FROM bench.outline_cover a JOIN bench.outline_covers b USING (n) WHERE a.grid_id IS DISTINCT FROM b.grid_id) > 0 THEN
        RAISE EXCEPTION 'the cover and ST_Covers do not agree on given outlines';
    END IF;
END $$;

SET session_replication_role = replica;
DELETE FROM registry.grid_cover;
DELETE FROM registry.grid;
SET session_replication_role = origin;
