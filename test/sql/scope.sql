-- Where an operator acts: in_scope() and its plans, at 120 000 dwellings in forty towns.
\set ECHO none
\getenv test PG_ABS_SRCDIR
\set database residency_scope
\i :test/lib/role.sql
SELECT * FROM no_plan();
SET SESSION AUTHORIZATION test_owner;

-- the owner sees everything, and who owns it by membership; others what they have, today
SELECT is(ARRAY[residency.in_scope('46'), residency.in_scope(NULL), residency.acts_in(NULL), residency.row_in_scope('dwelling', 99)], '{t,t,t,t}', 'the owner sees everything');
SELECT is(ARRAY[residency.acting_division()::text, residency.acting_person()::text], '{NULL,NULL}', 'and acts for no office');
RESET SESSION AUTHORIZATION;
SELECT is(as_role('test_clerk_a', $$SELECT residency.in_scope('460105001'), residency.in_scope('460105001003'), residency.in_scope('460105'), residency.in_scope('460105002'), residency.in_scope(NULL)$$),
    '(t,t,f,f,f)', 'a division with all beneath it, none above');
SELECT is(as_role('test_clerk_a', $$SELECT residency.scope_low(), residency.scope_high(), residency.acting_division()$$), '(460105001,460105001999,460105001)', 'as a range');
SELECT is(as_role('test_nobody', $$SELECT residency.in_scope('460105001'), residency.scope_low() > residency.scope_high(), residency.acts_in(NULL)$$), '42883 operator does not exist: residency.division_code > residency.division_code',
    'operators of our types want our schema in the path');
SET search_path = public, residency;
SELECT is(as_role('test_nobody', $$SELECT in_scope('460105001'), scope_low() > scope_high(), acts_in(NULL)$$), '(f,t,f)', 'who is no operator acts nowhere');
SELECT is(as_role('test_citizen', $$SELECT in_scope('460105001'), acting_person()$$), '(f,4)', 'nor does a person for themselves');
SELECT is(as_role('test_clerk_a', $$SELECT row_in_scope('dwelling', 1), row_in_scope('dwelling', 3), row_in_scope('dwelling', 99), row_in_scope('dwelling', NULL), row_in_scope('no_such', 1)$$),
    '(t,f,f,f,f)', 'rows by what they belong to; one that is not there is nobody''s');
SELECT is(as_role('test_clerk_a', $$SELECT row_in_scope('residence', 1), row_in_scope('person', 1), row_in_scope('person', 2), row_in_scope('operator_scope', 1)$$), '(t,t,f,t)', 'persons by where they live');

-- what a function that runs as its owner sees, and who acts
SET SESSION AUTHORIZATION test_owner;
CREATE SCHEMA probe;
GRANT USAGE ON SCHEMA probe TO PUBLIC;
CREATE FUNCTION probe.inside() RETURNS text LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, residency, pg_temp
    AS $$ SELECT concat_ws(' ', in_scope('46'), acts_in('46'), acts_in('460105001'), acts_on('dwelling', 1), acts_on('dwelling', 3), actor()) $$;
RESET SESSION AUTHORIZATION;
SELECT is(as_role('test_clerk_a', 'SELECT probe.inside()'), '("t f t t f test_clerk_a")', 'the rules see everything, and ask who acts');

-- days and several subtrees
SET SESSION AUTHORIZATION test_owner;
INSERT INTO registry.operator_scope (operator_id, division, role, period) VALUES
(1, '460106003', 'clerk', daterange(today() - 10, today())), (1, '460107', 'clerk', daterange(today() + 1, NULL)),
(1, '460105001001', 'clerk', daterange(today(), NULL)), (1, '460108', 'clerk', daterange(today(), today() + 1));
RESET SESSION AUTHORIZATION;
SELECT is(as_role('test_clerk_a', $$SELECT in_scope('460105001001'), in_scope('460106003010'), in_scope('460107001'), in_scope('460108001'), scope_low(), scope_high()$$),
    '(t,f,f,t,460105001,460108999999)', 'what begins today holds, what ended today does not, nor what begins tomorrow');
BEGIN;
UPDATE registry.operator_scope SET period = daterange(lower(period), lower(period) + 1) WHERE operator_id = 1 AND division = '460105001001';
DELETE FROM registry.operator_scope WHERE operator_id = 1 AND division <> '460105001001';
SELECT is(as_role('test_clerk_a', $$SELECT scope_low(), scope_high()$$), '(460105001001,460105001001)', 'a change holds for the next statement');
ROLLBACK;
SELECT is(as_role('test_clerk_a', $$SELECT scope_low(), scope_high()$$), '(460105001,460108999999)', 'and is taken back with the transaction');
ALTER ROLE test_clerk_a RENAME TO test_renamed;
SELECT is(as_role('test_renamed', $$SELECT in_scope('460105001')$$), '(f)', 'a role of another name is another account');
ALTER ROLE test_renamed RENAME TO test_clerk_a;
SELECT is(as_role('test_clerk_a', $$SELECT in_scope('460105001')$$), '(t)', 'it is found again');
GRANT test_owner TO test_agency_a;
SELECT is(as_role('test_agency_a', $$SELECT in_scope('46')$$), '(t)', 'who is made a member of the owner sees everything');
REVOKE test_owner FROM test_agency_a;
SELECT is(as_role('test_agency_a', $$SELECT in_scope('46')$$), '(f)', 'until that ends');

-- plans: a town is a range of the index, in a plan that is kept too
SET SESSION AUTHORIZATION test_owner;
DELETE FROM registry.operator_scope WHERE operator_id = 1 AND division IN ('460108', '460105001001');
ALTER TABLE registry.dwelling DISABLE TRIGGER USER;
INSERT INTO registry.dwelling (address, division, standard_address)
SELECT '路' || i, v.division, NULL
FROM (SELECT division, row_number() OVER (ORDER BY division) AS n, count(*) OVER () AS villages FROM code.division WHERE level = 5 AND division <@ '4601') v
JOIN generate_series(1, 120000) i ON i % v.villages = v.n - 1;
ALTER TABLE registry.dwelling ENABLE TRIGGER USER;
RESET SESSION AUTHORIZATION;
VACUUM ANALYZE registry.dwelling;
SET max_parallel_workers_per_gather = 0;
SET ROLE test_clerk_a;
\set ECHO queries
EXPLAIN (COSTS OFF) SELECT dwelling_id FROM api.dwelling_occupancy;
PREPARE town AS SELECT count(dwelling_id) FROM api.dwelling_occupancy;
SET plan_cache_mode = force_generic_plan;
EXECUTE town;
EXPLAIN (COSTS OFF) EXECUTE town;
SET ROLE test_clerk_b;
EXECUTE town;
\set ECHO none
SET SESSION AUTHORIZATION test_owner;
\set ECHO queries
-- the owner's own plans have nothing of it
EXPLAIN (COSTS OFF) SELECT count(*) FROM registry.dwelling;
\set ECHO none
-- and are not lent to others, where the table has no row security by which the server would make them anew
CREATE TABLE probe.town AS SELECT '460106003'::division_code AS division;
GRANT SELECT ON probe.town TO PUBLIC;
PREPARE probed AS SELECT count(*) FROM probe.town WHERE in_scope(division);
EXECUTE probed;
RESET SESSION AUTHORIZATION;
SET ROLE test_clerk_a;
EXECUTE probed;
RESET ROLE;
SELECT * FROM finish();
\c :home
DROP DATABASE residency_scope;
