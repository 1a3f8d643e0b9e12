-- Row security: what the main queries of a clerk cost with it, and without, in turn. A register of its own, as its owner must be an ordinary role.
\set database bench_scope
\i ../lib/role.sql
SET client_min_messages = warning;
SET session_replication_role = replica;
INSERT INTO registry.dwelling (address, division, safety_letter_on)
SELECT '路' || i, v.codes[1 + i % cardinality(v.codes)], '2020-01-01'
FROM (SELECT array_agg(division ORDER BY division) AS codes FROM code.division WHERE level = 5 AND division::text LIKE '4601%') v, generate_series(1, 100000) i;
INSERT INTO registry.person (name, sex, birth_date) SELECT '人' || i, '1', '1990-01-01' FROM generate_series(1, 100000) i;
INSERT INTO registry.residence (person_id, dwelling_id, arrived_on, state, half_year_from, division)
SELECT p.person_id, d.dwelling_id, '2025-01-01', 'active', '2025-01-01', d.division
FROM registry.person p JOIN registry.dwelling d ON d.dwelling_id = p.person_id - 1 WHERE p.person_id > 4;
SET session_replication_role = origin;
INSERT INTO registry.operator_scope (operator_id, division, role, period) VALUES (1, '460105', 'clerk', daterange(residency.today(), NULL));
VACUUM ANALYZE;
CREATE TABLE public.round (query text, side text, ms float8);
CREATE FUNCTION public.row_security(wanted boolean) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    t regclass;
BEGIN
    FOR t IN SELECT polrelid::regclass FROM pg_policy WHERE polname = 'scope' LOOP
        EXECUTE format('ALTER TABLE %s %s ROW LEVEL SECURITY', t, CASE WHEN wanted THEN 'ENABLE' ELSE 'DISABLE' END);
    END LOOP;
END $$;
CREATE PROCEDURE public.turn(rounds integer) LANGUAGE plpgsql AS $$
DECLARE
    q record; started timestamptz;
BEGIN
    FOR round IN 1..rounds LOOP
        FOR q IN SELECT * FROM (VALUES
            ('a town''s residents', 'SELECT count(name) FROM api.current_resident WHERE division::residency.division_code OPERATOR(residency.<@) ''460105001''', 5),
            ('residents of a town, all columns', 'SELECT count(x::text) FROM api.current_resident x WHERE division::residency.division_code OPERATOR(residency.<@) ''460105001''', 2),
            ('dwellings of a town', 'SELECT count(address) FROM api.dwelling_occupancy x WHERE division::residency.division_code OPERATOR(residency.<@) ''460105001''', 2),
            ('one residence by key', 'SELECT count(name) FROM api.current_resident WHERE residence_id = 20', 200)) AS v (name, query, times) LOOP
            FOR side IN 0..1 LOOP
                PERFORM public.row_security(side = 1);
                COMMIT;
                SET LOCAL ROLE test_clerk_a;
                SET LOCAL jit = off; SET LOCAL max_parallel_workers_per_gather = 0;
                EXECUTE q.query;
                started := clock_timestamp();
                FOR i IN 1..q.times LOOP EXECUTE q.query; END LOOP;
                RESET ROLE;
                INSERT INTO public.round VALUES (q.name, CASE side WHEN 1 THEN 'with' ELSE 'without' END, 1000 * extract(epoch FROM clock_timestamp() - started) / q.times);
                COMMIT;
            END LOOP;
        END LOOP;
    END LOOP;
END $$;
CALL public.turn(:rounds);
\pset tuples_only off
SELECT query, round(percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) FILTER (WHERE side = 'without')::numeric, 3) AS without_ms,
       round(percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) FILTER (WHERE side = 'with')::numeric, 3) AS with_ms,
       round((percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) FILTER (WHERE side = 'with') / percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) FILTER (WHERE side = 'without'))::numeric, 3) AS ratio
FROM public.round GROUP BY query ORDER BY query;
