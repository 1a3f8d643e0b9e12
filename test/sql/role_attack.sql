-- What an operator may try, and what comes of it. test_clerk_a acts in town A; 乙一, her telephone 13800000002 and dwelling 3 belong to town B.
\set ECHO none
\getenv test PG_ABS_SRCDIR
\set database residency_attack
\i :test/lib/role.sql
-- the worst case for row security: an account that can name the tables themselves
SET SESSION AUTHORIZATION test_owner;
GRANT USAGE ON SCHEMA registry TO test_clerk_a;
GRANT SELECT ON ALL TABLES IN SCHEMA registry TO test_clerk_a;
RESET SESSION AUTHORIZATION;
GRANT CREATE, TEMPORARY ON DATABASE residency_attack TO test_clerk_a;
CREATE TABLE public.heard (said text);
GRANT ALL ON public.heard TO PUBLIC;
VACUUM ANALYZE;
\set owner :USER

\c - test_clerk_a
SELECT * FROM no_plan();
CREATE SCHEMA attack;

-- a function in WHERE that tells what it is shown: it is shown nothing that the policy hides
CREATE FUNCTION attack.leak(text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS $$
BEGIN
    INSERT INTO public.heard VALUES ($1);
    RETURN true;
END $$;
SELECT count(*) FROM api.current_resident WHERE attack.leak(name) \g /dev/null
SELECT count(*) FROM api.current_resident WHERE attack.leak(address) \g /dev/null
SELECT count(*) FROM registry.person WHERE attack.leak(name) AND attack.leak(phone) \g /dev/null
SELECT count(*) FROM registry.dwelling WHERE attack.leak(address) \g /dev/null
SELECT count(*) FROM registry.identity_document WHERE attack.leak(document_number) \g /dev/null
SELECT is_empty($$SELECT said FROM public.heard WHERE said ~ '乙|13800000002'$$, 'a leaky function hears of the own town alone');
SELECT ok(count(*) > 5, '... of that it does') FROM public.heard;
-- as an operator of their own
CREATE OPERATOR attack.=== (FUNCTION = texteq, LEFTARG = text, RIGHTARG = text, RESTRICT = eqsel);
SELECT is(count(*), 0::bigint, 'an operator finds nobody') FROM registry.person WHERE name OPERATOR(attack.===) '乙一';

-- errors that depend on rows which are hidden
SELECT lives_ok($$SELECT 1 / (CASE WHEN name = '乙一' THEN 0 ELSE 1 END) FROM api.current_resident$$, 'no division by zero at a hidden row');
SELECT lives_ok($$SELECT count(*) FROM registry.person WHERE 1 / (CASE WHEN name = '乙一' THEN 0 ELSE 1 END) = 1$$, '... in a condition');
SELECT lives_ok($$SELECT count(*) FROM registry.person WHERE CASE WHEN phone = '13800000002' THEN name::int END > 0$$, 'no cast that fails at one');
SELECT throws_ok($$SELECT 1 / (CASE WHEN name = '甲一' THEN 0 ELSE 1 END) FROM api.current_resident$$, '22012', NULL, '... as it does at one that is shown');

-- EXPLAIN (ANALYZE) counts the rows that a filter removed: not those outside of the range, and never by a condition of the own
CREATE FUNCTION attack.plan(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY EXECUTE 'EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) ' || query;
END $$;
SET enable_seqscan = off;
SELECT is((SELECT string_agg(line, ' ') FROM attack.plan($$SELECT FROM registry.dwelling WHERE address = '乙路1号'$$) line WHERE line ~ 'Removed|rows=[1-9]'),
          (SELECT string_agg(line, ' ') FROM attack.plan($$SELECT FROM registry.dwelling WHERE address = '丙路9号'$$) line WHERE line ~ 'Removed|rows=[1-9]'),
          'a plan says the same of what is hidden and of what is not there');
RESET enable_seqscan;

-- statistics of columns
SELECT is_empty($$SELECT attname FROM pg_stats WHERE schemaname = 'registry' AND tablename IN ('person', 'dwelling', 'residence', 'identity_document')$$, 'pg_stats shows no statistics under row security');
SELECT throws_ok('SELECT stavalues1 FROM pg_statistic', '42501', NULL, 'nor does pg_statistic');

-- other roles
SELECT throws_ok('SET ROLE test_clerk_b', '42501', NULL, 'no other role');
SELECT throws_ok('SET ROLE test_owner', '42501', NULL, 'not the owner');
SELECT throws_ok('SET SESSION AUTHORIZATION test_clerk_b', '42501', NULL, 'nor another session');
SELECT throws_ok($$SELECT set_config('role', 'test_clerk_b', false)$$, '42501', NULL, 'not as a setting');
SELECT throws_ok($$SELECT set_config('session_authorization', 'test_clerk_b', false)$$, '42501', NULL, 'not the session as one');
SELECT lives_ok('SET ROLE residency_clerk', 'the group role itself');
SELECT is((SELECT count(*) FROM api.current_resident), 0::bigint, '... acts nowhere');
RESET ROLE;
SET client_min_messages = warning;
CREATE FUNCTION attack.as_b() RETURNS bigint LANGUAGE sql SET role = 'residency_clerk' AS 'SELECT count(*) FROM api.current_resident';
SELECT is(attack.as_b(), 0::bigint, 'nor does a function that sets it');
SELECT throws_ok($$CREATE FUNCTION attack.as_c() RETURNS bigint LANGUAGE sql SET role = 'test_clerk_b' AS 'SELECT count(*) FROM api.current_resident'$$, '42501', NULL, 'one that sets another is refused');

-- settings that look as if they meant something
SELECT set_config('request.jwt.claims', '{"role": "test_owner", "division": "46"}', false), set_config('residency.purpose', 'all', false),
       set_config('residency.act', 'x', false), set_config('residency.request_id', '00000000-0000-0000-0000-000000000001', false), set_config('row_security', 'on', false) \g /dev/null
SELECT throws_ok($$SET residency.request_id = 'x'$$, '22023', NULL, 'a request number is one');
SELECT is((SELECT count(*) FROM api.current_resident), 3::bigint, 'settings grant nothing');
SELECT throws_ok($$SELECT set_config('residency.division', '46', false)$$, '42602', NULL, 'those that the register does not have can''t even be set');
SELECT throws_ok($$SET row_security = off; SELECT count(*) FROM registry.person$$, '42501', NULL, 'row security is not switched off');
RESET row_security;
SELECT throws_ok('SET session_replication_role = replica', '42501', NULL, 'nor triggers');

-- names in front of ours
CREATE TEMP TABLE operator_scope (operator_id bigint, division residency.division_code, period daterange);
CREATE TEMP TABLE person (person_id bigint, division residency.division_code);
CREATE FUNCTION attack.in_scope(residency.division_code) RETURNS boolean LANGUAGE sql AS 'SELECT true';
CREATE FUNCTION attack.acts_in(residency.division_code) RETURNS boolean LANGUAGE sql AS 'SELECT true';
CREATE FUNCTION attack.actor() RETURNS text LANGUAGE sql AS $$SELECT 'test_owner'$$;
CREATE FUNCTION attack.today() RETURNS date LANGUAGE sql AS $$SELECT date '1900-01-01'$$;
CREATE FUNCTION pg_temp.acts_in(residency.division_code) RETURNS boolean LANGUAGE sql AS 'SELECT true';
SET search_path = attack, pg_temp, residency, registry, public;
SELECT is((SELECT count(*) FROM api.current_resident), 3::bigint, 'names in front of ours change nothing in views');
SELECT is((SELECT count(*) FROM api.search_person('乙一')), 0::bigint, 'nor in functions');
SELECT throws_ok('SELECT api.register_arrival(1, 3)', 'RG330', NULL, 'nor in acts');
RESET search_path;

-- what writes the log of readings runs as its owner, and where no error may keep it from writing
CREATE FUNCTION pg_temp.runs(pg_catalog.uuid) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.heard VALUES ('as ' || current_user);
    RETURN true;
END $$;
CREATE DOMAIN pg_temp.uuid AS pg_catalog.uuid CHECK (pg_temp.runs(VALUE));
SELECT count(name) FROM api.current_resident \g /dev/null
DROP DOMAIN pg_temp.uuid;
SELECT is_empty($$SELECT said FROM public.heard WHERE said = 'as test_owner'$$, 'nor in the log of readings');
BEGIN;
SELECT count(name) FROM api.current_resident WHERE residence_id = 1 \g /dev/null
SET LOCAL row_security = off;
COMMIT;
-- writing, by every way there is
SELECT throws_ok(format('INSERT INTO %s DEFAULT VALUES', t), '42501', NULL, 'no INSERT into ' || t),
       throws_ok(format('DELETE FROM %s', t), '42501', NULL, '... DELETE'),
       throws_ok(format('TRUNCATE %s', t), '42501', NULL, '... TRUNCATE'),
       throws_ok(format('COPY %s FROM PROGRAM ''true''', t), '42501', NULL, '... COPY'),
       throws_ok(format('CREATE TRIGGER x BEFORE INSERT ON %s FOR EACH ROW EXECUTE FUNCTION residency.forget()', t), '42501', NULL, '... trigger'),
       throws_ok(format('CREATE POLICY x ON %s USING (true)', t), '42501', NULL, '... policy'),
       throws_ok(format('ALTER TABLE %s DISABLE ROW LEVEL SECURITY', t), '42501', NULL, '... switching off')
FROM unnest('{registry.person,registry.residence,registry.operator_scope,api.current_resident,ledger.request}'::text[]) t WHERE t !~ '^(api|ledger)';
SELECT throws_ok('UPDATE registry.operator_scope SET division = ''46''', '42501', NULL, 'nobody widens the own scope');
SELECT throws_ok('UPDATE api.current_resident SET name = ''x''', NULL, NULL, 'views are for looking');
SELECT throws_ok('SELECT api.grant_scope(1, ''46'', ''manager'')', '42501', NULL, 'nor by an act');
SELECT throws_ok('CREATE FUNCTION api.x() RETURNS int LANGUAGE sql AS ''SELECT 1''', '42501', NULL, 'nothing is made in our schemas');
SELECT throws_ok('CREATE TABLE registry.x ()', '42501', NULL, '... no table');
SELECT throws_ok('CREATE FUNCTION residency.x() RETURNS int LANGUAGE sql AS ''SELECT 1''', '42501', NULL, '... nothing in the extension''s');
SELECT throws_ok('SELECT nextval(''registry.person_person_id_seq'')', '42501', NULL, 'no number is drawn');
SELECT throws_ok('SELECT last_value FROM registry.person_person_id_seq', '42501', NULL, 'nor looked at');
SELECT throws_ok('SELECT ledger.perform(''register_person'', ''{}'', NULL, false)', '42501', NULL, 'what stands behind the api is closed');
SELECT throws_ok('SELECT registry.may_act(''x'')', '42501', NULL, 'so are its helpers');
SELECT throws_ok($$SELECT api.submit('submit', '[]')$$, 'RG084', NULL, 'an act is an act');
SELECT throws_ok($$SELECT api.submit('register_person(''{}''); DROP TABLE x; --', '[]')$$, 'RG084', NULL, 'and no SQL');

-- keys that a foreign key would tell about
CREATE TABLE attack.probe (person_id bigint);
SELECT throws_ok('ALTER TABLE attack.probe ADD FOREIGN KEY (person_id) REFERENCES registry.person', '42501', NULL, 'no foreign key to a person');
SELECT throws_ok('SELECT api.register_departure(residence_id => 2)', 'RG330', NULL, 'an act says the same of a residence of elsewhere');
SELECT throws_ok('SELECT api.register_departure(residence_id => 99)', 'RG330', NULL, 'and of none');
SELECT is((SELECT (r).code || (r).detail FROM (SELECT api.register_departure(residence_id => 2, dry_run => true) AS r) x),
          'RG330residence 2: nothing of that is in the divisions where test_clerk_a acts today.', 'a rehearsal alike');

-- files, large objects, other connections, the eyes of the server
SELECT throws_ok('COPY (SELECT 1) TO PROGRAM ''true''', '42501', NULL, 'no program');
SELECT throws_ok('COPY (SELECT 1) TO ''/tmp/x''', '42501', NULL, 'no file');
SELECT throws_ok('SELECT pg_read_file(''postgresql.conf'')', '42501', NULL, 'none to read');
SELECT throws_ok('SELECT lo_import(''/etc/passwd'')', '42501', NULL, 'none as a large object');
SELECT throws_ok('CREATE EXTENSION dblink', '42501', NULL, 'no way to other databases');
SELECT is((SELECT count(*) FROM pg_stat_activity WHERE usename <> 'test_clerk_a' AND query <> '<insufficient privilege>' AND query <> ''), 0::bigint, 'no look at what others ask');
SELECT is_empty($$SELECT objid FROM pg_largeobject_metadata l(objid)$$, 'the register keeps nothing in large objects');

-- functions of the extension that read tables by themselves must not answer for them
SELECT throws_ok('SELECT residency.fact_home(1)', NULL, NULL, 'a member runs as who calls it') WHERE NOT has_table_privilege('registry.fact', 'SELECT');
SELECT * FROM finish();
\c - :owner
SELECT * FROM no_plan();
SELECT is((SELECT row_count || ' ' || rolled_back FROM ledger.read ORDER BY read_id DESC LIMIT 1), '1 false', 'who switches row security off before they commit is in the log of readings');
SELECT is_empty($$SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace = 'residency'::regnamespace AND p.prosecdef$$, 'no member runs as its owner');

-- the same without privileges on tables, as operators really are
SELECT * FROM finish();
\c - test_clerk_b
SELECT * FROM no_plan();
SELECT throws_ok('SELECT * FROM registry.person', '42501', NULL, 'no operator reads a table');
SELECT throws_ok('SELECT residency.fact_home(1)', '42501', NULL, 'nor through a function of the extension');
SELECT throws_ok('CREATE TABLE public.x ()', '42501', NULL, 'nor leaves anything in public');
-- cached plans do not outlive the role that they were made for
SELECT * FROM finish();
-- behind a pool: a login that is nobody, and SET ROLE
\c - test_pool
SELECT * FROM no_plan();
SELECT throws_ok('SELECT count(*) FROM api.current_resident', '42501', NULL, 'the pool itself sees nothing');
SET ROLE test_clerk_a;
PREPARE seen AS SELECT count(*) FROM api.current_resident;
SET plan_cache_mode = force_generic_plan;
EXECUTE seen;
SET ROLE test_clerk_b;
EXECUTE seen;
SET ROLE test_auditor;
SELECT throws_ok('EXECUTE seen', '42501', NULL, 'a plan is not lent');
RESET ROLE;
SELECT throws_ok('EXECUTE seen', '42501', NULL, 'nor to the pool');
SELECT * FROM finish();
\c :home :owner
DROP DATABASE residency_attack;
