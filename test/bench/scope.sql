-- Row security: a register of its own, as its owner must be an ordinary role, and a copy of it without row security. Villages take turns,
-- so that the rows of one lie everywhere in their tables.
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
FROM registry.person p JOIN registry.dwelling d ON d.dwelling_id = p.person_id - 1 WHERE p.person_id > 4 ORDER BY p.person_id;
-- who is to arrive
CREATE SEQUENCE public.next_person START 1000000;
GRANT USAGE ON SEQUENCE public.next_person TO test_clerk_a;
INSERT INTO registry.person (person_id, name, sex, birth_date, division) OVERRIDING SYSTEM VALUE
SELECT 1000000 + i, '来' || i, '1', '1990-01-01', '460105001001' FROM generate_series(0, 200000) i;
-- nobody reads so much in a day
UPDATE policy.setting SET value = NULL WHERE key IN ('bulk_read_rows', 'daily_read_rows');
SET session_replication_role = origin;
INSERT INTO registry.operator_scope (operator_id, division, role, period) VALUES (1, '460105', 'clerk', daterange(residency.today(), NULL));
CREATE TABLE public.round (query text, protocol text, side text, ms float8);
VACUUM ANALYZE;
\c postgres
CREATE DATABASE bench_scope_bare TEMPLATE bench_scope;
\c bench_scope_bare
SELECT format('ALTER TABLE %s DISABLE ROW LEVEL SECURITY', polrelid::regclass) FROM pg_policy WHERE polname = 'scope' \gexec
