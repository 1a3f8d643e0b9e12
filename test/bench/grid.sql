-- Dwelling to grid: 900 grids of 160 points, 20 000 dwellings; the register's trigger and its set-based placing
-- against ST_Covers in a PL/pgSQL trigger and against the set-based join.

INSERT INTO registry.grid (grid_code, name, division, outline)
SELECT '460108001001' || lpad((x * 30 + y + 1)::text, 3, '0'), 'grid ' || x || '-' || y, '460108001001',
       ST_Multi(ST_Segmentize(ST_MakeEnvelope(110.3 + x * 0.001, 20.0 + y * 0.001, 110.301 + x * 0.001, 20.001 + y * 0.001, 4490), 0.000025))
FROM generate_series(0, 29) AS x, generate_series(0, 29) AS y;

CREATE TABLE bench.located AS
SELECT n, ST_SetSRID(ST_MakePoint(110.3 + random() * 0.03, 20.0 + random() * 0.03), 4490)::geometry(Point, 4490) AS location
FROM generate_series(1, 20000) AS n;

CREATE TABLE bench.dwelling (LIKE registry.dwelling INCLUDING DEFAULTS INCLUDING IDENTITY INCLUDING INDEXES);
CREATE FUNCTION bench.place() RETURNS trigger
    LANGUAGE plpgsql AS $$
    BEGIN
        SELECT g.grid_id INTO NEW.grid_id FROM registry.grid g WHERE ST_Covers(g.outline, NEW.location);
        RETURN NEW;
    END $$;
CREATE TRIGGER place BEFORE INSERT ON bench.dwelling FOR EACH ROW EXECUTE FUNCTION bench.place();
VACUUM ANALYZE registry.grid, bench.located;

SELECT format('CALL bench.measure(%L, %L, 20000, %L);', topic, side, statement)
FROM generate_series(1, :rounds) AS round,
     (VALUES
        (1, 'dwelling to grid, one by one', 'rules',
         'INSERT INTO registry.dwelling (address, division, location) SELECT ''bench '' || n, ''460108001001'', location FROM bench.located'),
        (2, 'dwelling to grid, one by one', 'ST_Covers in PL/pgSQL',
         'INSERT INTO bench.dwelling (address, division, location) SELECT ''bench '' || n, ''460108001001'', location FROM bench.located'),
        (3, 'dwelling to grid, one by one', 'no grid',
         'INSERT INTO bench.dwelling (address, division) SELECT ''bench '' || n, ''460108001001'' FROM bench.located')
     ) AS side (sort, topic, side, statement)
ORDER BY round, CASE round % 2 WHEN 0 THEN sort ELSE -sort END
\gexec
VACUUM ANALYZE registry.dwelling;
VACUUM ANALYZE bench.dwelling;

-- all dwellings placed anew: both sides begin with none placed
CREATE PROCEDURE bench.forget_grids(side text)
    LANGUAGE plpgsql AS $$
    BEGIN
        SET LOCAL session_replication_role = replica;
        IF side = 'rules' THEN
            UPDATE registry.dwelling SET grid_id = NULL WHERE grid_id IS NOT NULL;
        ELSE
            UPDATE bench.dwelling SET grid_id = NULL WHERE grid_id IS NOT NULL;
        END IF;
    END $$;
SELECT unnest(ARRAY[
           format('CALL bench.forget_grids(%L);', side),
           format('VACUUM ANALYZE %s;', CASE side WHEN 'rules' THEN 'registry.dwelling' ELSE 'bench.dwelling' END),
           format('CALL bench.measure(''dwelling to grid, as a set'', %L, 100000, %L);', side, statement)])
FROM generate_series(1, :rounds) AS round,
     (VALUES
        (1, 'rules', 'SELECT residency.place_dwellings(ARRAY(SELECT grid_id FROM registry.grid))'),
        (2, 'set join', 'UPDATE bench.dwelling d SET grid_id = g.grid_id FROM registry.grid g WHERE ST_Covers(g.outline, d.location)')
     ) AS side (sort, side, statement)
ORDER BY round, CASE round % 2 WHEN 0 THEN sort ELSE -sort END
\gexec
