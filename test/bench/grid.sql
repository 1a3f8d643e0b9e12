-- Dwelling to grid: 20 000 irregular grids, 50 points each; the register's answer from the cover of cells against ST_Covers, in a trigger
-- (the same answer in PL/pgSQL), as a set (the planner's best plan: grids outside, points by GiST), and what a redrawn grid costs.

CREATE TABLE bench.outline AS
SELECT row_number() OVER () AS n, ST_Multi(ST_Segmentize(cell.geom, 0.0003)) AS outline
FROM (SELECT ST_VoronoiPolygons(ST_Collect(ST_SetSRID(ST_MakePoint(110 + (x + random() * 0.9) * 0.005, 20 + (y + random() * 0.9) * 0.005), 4490)),
                                0, ST_MakeEnvelope(110, 20, 110.705, 20.705, 4490)) AS cells
      FROM generate_series(0, 141) AS x, generate_series(0, 140) AS y) AS drawn, ST_Dump(drawn.cells) AS cell;
-- without the triggers, which judge overlaps; only the cover is made
SET session_replication_role = replica;
INSERT INTO registry.grid (grid_code, name, division, outline)
SELECT '460108001001' || digit[n / 1296 + 1] || digit[n / 36 % 36 + 1] || digit[n % 36 + 1], 'grid ' || n, '460108001001', outline
FROM bench.outline, regexp_split_to_array('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ', '') AS digit;
SET session_replication_role = origin;
CALL bench.measure('cover of a grid', 'made', 20000, 'SELECT residency.cover_grids(ARRAY(SELECT grid_id FROM registry.grid))');

CREATE TABLE bench.located AS
SELECT n, ST_SetSRID(ST_MakePoint(110 + random() * 0.7, 20 + random() * 0.7), 4490)::geometry(Point, 4490) AS location
FROM generate_series(1, 1000000) AS n;
CREATE INDEX ON bench.located USING gist (location);

-- nothing but the trigger is measured
CREATE TABLE bench.by_cover (n bigint, location geometry(Point, 4490), parent_id bigint, grid_id bigint);
CREATE TABLE bench.by_covers (LIKE bench.by_cover);
CREATE TRIGGER place BEFORE INSERT ON bench.by_cover FOR EACH ROW EXECUTE FUNCTION residency.dwelling_place();
CREATE TRIGGER place BEFORE INSERT ON bench.by_covers FOR EACH ROW EXECUTE FUNCTION bench.place();
VACUUM ANALYZE registry.grid, registry.grid_cover, bench.located;
SET max_parallel_workers_per_gather = 0;
SET jit = off;

SELECT format('CALL bench.measure(%L, %L, %s, %L);', topic, side, items, statement)
FROM generate_series(1, :rounds) AS round,
     (VALUES
        (1, 'point to grid, in a trigger', 'cover', 50000,
         'INSERT INTO bench.by_cover (n, location) SELECT n, location FROM bench.located WHERE n <= 50000'),
        (2, 'point to grid, in a trigger', 'ST_Covers in PL/pgSQL', 50000,
         'INSERT INTO bench.by_covers (n, location) SELECT n, location FROM bench.located WHERE n <= 50000'),
        (3, 'point to grid, as a set', 'cover', 1000000,
         'SELECT count(*) FROM (SELECT unnest(ns), unnest(residency.grids_at(places)) FROM (SELECT array_agg(n) AS ns, array_agg(location) AS places FROM bench.located) AS a) AS placed'),
        (4, 'point to grid, as a set', 'ST_Covers, grids outside', 1000000,
         'SELECT count(*) FROM registry.grid g CROSS JOIN LATERAL (SELECT l.n FROM bench.located l WHERE ST_Covers(g.outline, l.location) OFFSET 0) AS inside')
     ) AS side (sort, topic, side, items, statement)
ORDER BY round, CASE round % 2 WHEN 0 THEN sort ELSE -sort END
\gexec
DO $$
BEGIN
    -- all of them: EXISTS hopes for an early one, and is planned so
    IF (SELECT count(*) FROM bench.by_cover a JOIN bench.by_covers b USING (n) WHERE a.grid_id IS DISTINCT FROM b.grid_id) > 0 THEN
        RAISE EXCEPTION 'the cover and ST_Covers do not agree';
    END IF;
END $$;

-- One grid redrawn, a million dwellings around, against one of another kind, which has neither cover nor dwellings.
SET session_replication_role = replica;
INSERT INTO registry.dwelling (kind, address, division, let_state, location, grid_id)
SELECT 'building', 'bench ' || placed.n, '460108001001', 'lettable', placed.location, placed.grid_id
FROM (SELECT array_agg(n) AS ns, array_agg(location) AS places FROM bench.located) AS a,
     unnest(a.ns, a.places, residency.grids_at(a.places)) AS placed (n, location, grid_id);
INSERT INTO registry.grid (grid_code, name, kind, division, outline)
SELECT '460108001001Z' || lpad((n % 100)::text, 2, '0'), 'another kind', 'unit', '460108001001', outline FROM bench.outline WHERE n BETWEEN 200 AND 299;
SET session_replication_role = origin;
VACUUM ANALYZE registry.dwelling, registry.grid;
SELECT format('CALL bench.measure(''one grid redrawn among 20 000'', %L, 1, %L);', kind,
              format('UPDATE registry.grid SET outline = ST_Multi(ST_Buffer(outline, -0.0002, 2)) WHERE grid_id = %s', grid_id))
FROM (SELECT kind, grid_id, row_number() OVER (PARTITION BY kind ORDER BY grid_id DESC) AS n
      FROM registry.grid WHERE kind = 'unit' OR grid_code LIKE '460108001001%5') AS one
WHERE n % 10 = 0 AND n <= 10 * :rounds
ORDER BY n, kind
\gexec
