-- Keys that tell which node issued them.
\set ECHO none
\getenv test PG_ABS_SRCDIR
\i :test/lib/register.sql

BEGIN;
SELECT plan(8);
SELECT throws_ok($$CALL residency.set_node('46')$$, '22023', 'a node is named by the four digits of a city', 'two digits are a province');
SELECT throws_ok($$CALL residency.set_node('9901')$$, '22023', NULL, 'no division begins like that');
SELECT throws_ok($$CALL residency.set_node('4601; DROP')$$, '22023', NULL, 'not even tried');
SELECT lives_ok($$CALL residency.set_node('4601')$$, 'Haikou becomes a node');
INSERT INTO registry.person (name) VALUES ('节点');
SELECT is(max(person_id), 4601000000000001, 'its first key') FROM registry.person;
SELECT ok(max(person_id) < 2::numeric ^ 53, 'JavaScript holds it exactly') FROM registry.person;
SELECT throws_ok($$CALL residency.set_node('4602')$$, '55000', 'table registry.person has keys already', 'a node does not change its name');
SELECT is((SELECT count(*) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attidentity <> ''
           JOIN pg_sequences s ON format('%I.%I', s.schemaname, s.sequencename) = pg_get_serial_sequence(c.oid::regclass::text, a.attname)
           WHERE c.relnamespace = 'registry'::regnamespace AND s.start_value <> 4601000000000001), 0::bigint,
          'every key of the registry begins alike');
SELECT * FROM finish();
ROLLBACK;
