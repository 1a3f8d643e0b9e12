-- Who is shown whose data: masks by role, the log of readings, its limits, exports. Roles are of the cluster: they go at the end.
\set ECHO none
\getenv test PG_ABS_SRCDIR
-- The log is of what was committed, and residences stay: in a database of its own.
\set database :DBNAME
SET client_min_messages = warning;
DROP DATABASE IF EXISTS residency_read_test;
CREATE DATABASE residency_read_test TEMPLATE template0;
\c residency_read_test
\i :test/lib/register.sql
\set VERBOSITY terse
\set SHOW_CONTEXT never
SET client_min_messages = warning;
SET datestyle = 'ISO';

-- What stands already is used.
DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY '{residency_clerk,residency_collector,residency_analyst,residency_read_test}'::text[] LOOP
        IF to_regrole(name) IS NULL THEN
            EXECUTE format('CREATE ROLE %I', name);
            EXECUTE format('COMMENT ON ROLE %I IS ''made by test read''', name);
        END IF;
    END LOOP;
    FOREACH name IN ARRAY '{read_clerk,read_boss,read_collector,read_analyst}'::text[] LOOP
        EXECUTE format('DROP ROLE IF EXISTS %I', name);
        EXECUTE format('CREATE ROLE %I LOGIN', name);
    END LOOP;
END $$;
GRANT residency_clerk, residency_read_test TO read_clerk, read_boss;
GRANT residency_collector TO read_collector;
GRANT residency_analyst TO read_analyst;
GRANT USAGE ON SCHEMA residency, api, registry, ledger, code, policy TO residency_read_test, read_clerk, read_boss, read_collector, read_analyst;
GRANT SELECT ON api.current_resident, api.permit TO read_clerk, read_collector, read_analyst;
GRANT SELECT ON ALL TABLES IN SCHEMA code TO read_clerk, read_boss, read_collector, read_analyst;
-- the owner is a superuser here, who grants nothing by itself
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA api, registry, ledger TO residency_read_test, read_clerk, read_boss, read_collector, read_analyst;
GRANT SELECT ON ALL TABLES IN SCHEMA registry TO read_clerk;
GRANT SELECT, INSERT, UPDATE ON ledger.export, ledger.request TO read_clerk, read_boss;
GRANT SELECT ON ledger.export_reading TO read_clerk;

INSERT INTO registry.dwelling (dwelling_id, kind, address, division, let_state, safety_letter_on) OVERRIDING SYSTEM VALUE VALUES
    (9901, 'building', '查阅路1号', '460105001001', 'lettable', '2020-01-01');
INSERT INTO registry.person (person_id, name, birth_date, phone) OVERRIDING SYSTEM VALUE
SELECT 9900 + n, '查阅' || substr('甲乙丙丁戊己庚辛壬癸', n % 10 + 1, 1), '1980-02-03', '13812345678' FROM generate_series(1, 150) n;
UPDATE registry.person SET resident_id = '460105199001010117', birth_date = '1990-01-01', sex = '1' WHERE person_id = 9901;
INSERT INTO registry.residence (person_id, dwelling_id, arrived_on, state, reason)
SELECT 9900 + n, 9901, '2024-01-01', 'reported', '02' FROM generate_series(1, 150) n;

INSERT INTO registry.operator (account, name) SELECT unnest('{read_clerk,read_boss,read_collector,read_analyst}'::text[]), 'operator';
INSERT INTO registry.operator_scope (operator_id, division, role, period)
SELECT o.operator_id, '460105', CASE o.account WHEN 'read_boss' THEN 'clerk' ELSE split_part(o.account, '_', 2) END, '[2020-01-01,)' FROM registry.operator o;

-- what was logged, without what differs from run to run
CREATE TEMP VIEW logged AS
SELECT r.actor, r.login = session_user AS own_login, r.purpose, r.object, r.asked - 'on' AS asked, r.shown, r.plain, cardinality(r.persons) AS persons, r.row_count, r.plain_rows, r.bulk, r.export_id IS NOT NULL AS export, r.rolled_back
FROM ledger.read r ORDER BY r.read_at, r.read_id;
CREATE TEMP TABLE seen (n integer);
CREATE FUNCTION pg_temp.forget() RETURNS void LANGUAGE plpgsql AS $$
DECLARE part regclass;
BEGIN
    FOR part IN SELECT inhrelid FROM pg_inherits WHERE inhparent = 'ledger.read'::regclass LOOP
        EXECUTE format('DROP TABLE %s', part);
    END LOOP;
END $$;
SELECT pg_temp.forget() \g /dev/null

\echo # the owner sees everything, is asked for no purpose, and is not logged
SELECT name, resident_id, birth_date, address FROM api.current_resident WHERE person_id = 9901;
SELECT count(*) FROM ledger.read;

\echo # default deny: nothing is plain, and that is logged without a purpose
SET ROLE read_analyst;
SELECT name, resident_id, birth_date, address FROM api.current_resident WHERE person_id = 9901;
RESET ROLE;
TABLE logged;
SELECT pg_temp.forget() \g /dev/null

\echo # plain needs a purpose
SET ROLE read_collector;
SELECT name FROM api.current_resident WHERE person_id = 9901;
SET residency.purpose = '  ';
SELECT name FROM api.current_resident WHERE person_id = 9901;
SET residency.purpose = 'case 7';
SELECT name, resident_id, birth_date, address FROM api.current_resident WHERE person_id = 9901;
\echo # a count shows nobody, and is not logged; names in an aggregate are, each
SELECT count(*) FROM api.current_resident WHERE dwelling_id = 9901;
SELECT length(string_agg(name, '')) FROM api.current_resident WHERE person_id BETWEEN 9901 AND 9905;
\echo # sorted and cut first, shown afterwards: three are noted, not 150
SELECT count(*) FROM (SELECT name FROM api.current_resident WHERE dwelling_id = 9901 ORDER BY person_id LIMIT 3) AS few;
\echo # read only, a cursor, a function
BEGIN READ ONLY;
SELECT name FROM api.current_resident WHERE person_id = 9902;
COMMIT;
BEGIN;
DECLARE c CURSOR FOR SELECT name FROM api.current_resident WHERE dwelling_id = 9901 ORDER BY person_id;
FETCH 2 FROM c;
COMMIT;
RESET ROLE;
TABLE logged;
SELECT pg_temp.forget() \g /dev/null

\echo # where it could not be logged it is refused
SET ROLE read_collector;
BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY;
SELECT name FROM api.current_resident WHERE person_id = 9902;
ROLLBACK;
\echo # rolled back: a line in the log of the server, and written with the next commit
BEGIN;
SELECT name FROM api.current_resident WHERE person_id = 9903;
SET client_min_messages = log;
ROLLBACK;
SET client_min_messages = warning;
BEGIN;
SAVEPOINT a;
SELECT name FROM api.current_resident WHERE person_id = 9904;
ROLLBACK TO a;
COMMIT;
\echo # and not in a transaction that is prepared, with which it could be rolled back
BEGIN;
SELECT name FROM api.current_resident WHERE person_id = 9905;
PREPARE TRANSACTION 'read_test';
ROLLBACK PREPARED 'read_test';
RESET ROLE;
TABLE logged;
SELECT pg_temp.forget() \g /dev/null

\echo # at most so many at once, and a day
SET ROLE read_collector;
SELECT count(name) FROM api.current_resident WHERE dwelling_id = 9901;
SELECT count(name) FROM api.current_resident WHERE person_id BETWEEN 9901 AND 10000;
RESET ROLE;
TABLE logged;
UPDATE policy.setting SET value = '250' WHERE key = 'daily_read_rows';
SET ROLE read_collector;
SELECT count(name) FROM api.current_resident WHERE person_id BETWEEN 9901 AND 9950;
SELECT name FROM api.current_resident WHERE person_id = 9901;
RESET ROLE;
UPDATE policy.setting SET value = '1000' WHERE key = 'daily_read_rows';
\echo # what is masked is not limited
SET ROLE read_analyst;
SELECT count(name) FROM api.current_resident WHERE dwelling_id = 9901;
RESET ROLE;
TABLE logged OFFSET 2;
SELECT pg_temp.forget() \g /dev/null

\echo # functions are logged with what they were asked, also where nobody is found
SET ROLE read_clerk;
SELECT person_id, name, resident_id, birth_date FROM api.search_person('查阅甲', "limit" => 2);
SELECT count(*) FROM api.search_person('13900000000');
SELECT link, title FROM api.person_overview(9901) WHERE link IN ('self', 'residence') ORDER BY 1;
RESET ROLE;
TABLE logged;

\echo # what the person is told
SELECT reader, purpose, object, plain, exported FROM api.access_log(9901);
SELECT api.my_access_log();
SET ROLE read_clerk;
RESET residency.purpose;
SELECT reader FROM api.access_log(9901);
SET residency.purpose = 'PIPL 45, at the counter';
SELECT reader, object FROM api.access_log(9901);
SELECT reader FROM api.access_log(-1);
RESET ROLE;
BEGIN;
CREATE ROLE read_person;
GRANT USAGE ON SCHEMA api, residency TO read_person;
GRANT EXECUTE ON FUNCTION api.my_access_log(date, date) TO read_person;
INSERT INTO registry.operator (account, name, person_id) VALUES ('read_person', 'citizen', 9901);
UPDATE policy.setting SET value = 'account' WHERE key = 'access_log_shows';
SET LOCAL ROLE read_person;
SELECT reader, object FROM api.my_access_log();
SELECT count(*) FROM api.my_access_log(to_day => '2020-01-01');
ROLLBACK;

\echo # the log stays
UPDATE ledger.read SET purpose = 'other';
DELETE FROM ledger.read;
TRUNCATE ledger.read;
SELECT pg_temp.forget() \g /dev/null

\echo # exports: asked for
SET ROLE read_clerk;
SELECT api.request_export('quarterly report', 'current_resident', '{person_id,nothing}');
SELECT api.request_export('quarterly report', 'person', '{person_id}');
SELECT api.request_export('quarterly report', 'current_resident', '{person_id}', '{"person_id": [1]}');
SELECT api.request_export('quarterly report', 'current_resident', '{person_id}', row_limit => 0);
SELECT api.request_export('quarterly report', 'current_resident', '{person_id}', expires_on => '2999-01-01');
SELECT api.request_export('quarterly report', 'current_resident', '{person_id}', '{"division": "460105001"}', 200, dry_run => true) \g /dev/null
SELECT accepted, state, record_id AS export_id FROM api.request_export('quarterly report', 'current_resident', '{person_id,name,resident_id}', '{"division": "460105001", "dwelling_id": 9901}', 200) \gset export_
SELECT :'export_accepted', :'export_state';
\set id :export_export_id
CREATE FUNCTION pg_temp.said(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE detail text;
BEGIN
    EXECUTE statement;
    RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
    RETURN concat_ws(' ', SQLSTATE, SQLERRM, regexp_replace(detail, 'Export \d+', 'Export N'));
END $$;
GRANT EXECUTE ON FUNCTION pg_temp.said(text) TO PUBLIC;
SELECT pg_temp.said(format('SELECT * FROM api.export_rows(%s)', :id));
SELECT pg_temp.said('SELECT api.decide_export(-1, true)');
\echo # four eyes, also in the dress of a group role
SELECT pg_temp.said(format('SELECT api.decide_export(%s, true)', :id));
RESET ROLE;
SET SESSION AUTHORIZATION read_clerk;
SELECT registry.acting_account();
SET ROLE residency_read_test;
SELECT registry.acting_account();
RESET ROLE;
RESET SESSION AUTHORIZATION;
SET ROLE read_boss;
SELECT accepted, state FROM api.decide_export(:id, true, 'for the report');
SELECT pg_temp.said(format('SELECT api.decide_export(%s, false)', :id));
SELECT pg_temp.said(format('SELECT * FROM api.export_rows(%s)', :id));
RESET ROLE;
\echo # read: 150 rows at once, numbers plain, no limit, in an order of its own, counted
SET ROLE read_clerk;
SET residency.purpose = '';
CREATE TEMP TABLE given AS SELECT * FROM api.export_rows(:id);
SELECT count(*), count(DISTINCT watermark), bool_and(watermark LIKE :'id' || '-____________'), bool_or(content ->> 'resident_id' = '460105199001010117') FROM given;
RESET ROLE;
SELECT array_agg((content ->> 'person_id')::bigint ORDER BY line) <> array_agg((content ->> 'person_id')::bigint ORDER BY (content ->> 'person_id')::bigint) AS shuffled FROM given;
SELECT r.row_count, r.actor, r.digest = (SELECT sha256(convert_to(string_agg(concat_ws('|', g.line, g.content, g.watermark) || E'\n', '' ORDER BY g.line), 'UTF8')) FROM given g) AS digest
FROM ledger.export_reading r WHERE r.export_id = :id;
TABLE logged;
\echo # the order tells the export of an excerpt, and nothing of sorted rows
SET ROLE read_clerk;
SELECT accepted, record_id AS id FROM api.request_export('excerpt', 'current_resident', '{residence_id}', '{"dwelling_id": 9901}') \gset second_
RESET ROLE;
SET ROLE read_boss;
SELECT state FROM api.decide_export(:second_id, true);
RESET ROLE;
SET ROLE read_clerk;
CREATE TEMP TABLE excerpt AS SELECT line, (content ->> 'residence_id')::bigint AS key FROM api.export_rows(:second_id) WHERE line BETWEEN 41 AND 52;
RESET ROLE;
SELECT array_agg(t.export_id = :second_id) AS this, max(rows) AS rows, max(round(1 / by_chance)) AS one_in FROM api.trace_export((SELECT array_agg(key ORDER BY line) FROM excerpt)) t;
SELECT count(*) FROM api.trace_export((SELECT array_agg(key ORDER BY key) FROM excerpt));
\echo # a reading is not allowed by hand, and what was allowed ends with the call
SET ROLE read_clerk;
SELECT residency.allow_reading(:id);
SET residency.purpose = 'case 8';
SELECT count(name) FROM api.export_rows(:id) AS x, api.current_resident WHERE dwelling_id = 9901;
RESET ROLE;
-- and with an error, and the transaction: that of a later one in the same statement is not taken for it
SET client_min_messages = notice;
DO $$
BEGIN
    BEGIN
        PERFORM residency.allow_reading(1);
        RAISE EXCEPTION 'broken off';
    EXCEPTION WHEN raise_exception THEN
    END;
    COMMIT;
    BEGIN
        RAISE NOTICE '%', residency.shown_resident_id('11010519491231002X', 1, 'a test');
    EXCEPTION WHEN raise_exception THEN
    END;
END $$;
SET client_min_messages = warning;
\echo # more rows than were approved; withdrawn; refused; what was asked for stays
SET ROLE read_clerk;
SELECT record_id AS id FROM api.request_export('few', 'current_resident', '{name}', '{"dwelling_id": 9901}', 10) \gset third_
RESET ROLE;
SET ROLE read_collector;
SELECT pg_temp.said(format('SELECT * FROM api.withdraw_export(%s)', :third_id));
RESET ROLE;
SET ROLE read_boss;
SELECT state FROM api.decide_export(:third_id, true);
RESET ROLE;
SET ROLE read_clerk;
SELECT pg_temp.said(format('SELECT * FROM api.export_rows(%s)', :third_id));
SELECT state FROM api.withdraw_export(:third_id, 'not needed');
SELECT pg_temp.said(format('SELECT * FROM api.export_rows(%s)', :third_id));
SELECT record_id AS id FROM api.request_export('many', 'current_resident', '{name}') \gset fourth_
RESET ROLE;
SET ROLE read_boss;
SELECT state FROM api.decide_export(:fourth_id, false, 'too many');
RESET ROLE;
SELECT purpose, state, state_name, readings, requested_by, decided_by, closed_by FROM api.export WHERE export_id IN (:id, :second_id, :third_id, :fourth_id) ORDER BY export_id;
UPDATE ledger.export SET row_limit = 100000 WHERE export_id = :id;
UPDATE ledger.export SET decided_by = 'somebody' WHERE export_id = :id;
DELETE FROM ledger.export WHERE export_id = :id;
TRUNCATE ledger.export CASCADE;
DELETE FROM ledger.export_reading;
SELECT pg_temp.said($$INSERT INTO ledger.export (purpose, what, columns, filter, row_limit, expires_on, requested_by, state) VALUES ('x', 'permit', '{name}', '{}', 1, '2030-01-01', 'a', 'approved')$$) ~ '^RG345';
SELECT pg_temp.said($$INSERT INTO policy.plain_data VALUES ('residency_clerk', 'shoe_size', 'why')$$);

\echo # months: made ahead, dropped when their time is over, never within six months
SELECT registry.due_read_months(residency.today(), 1000) FROM generate_series(1, 4);
SELECT registry.due_read_months((residency.today() + interval '3 years')::date, 1000) = 1;
SELECT count(*) FROM ledger.read_purge;
BEGIN;
SELECT count(*) > 2 FROM (SELECT registry.due_read_months((residency.today() + interval '5 years')::date, 1000) AS n FROM generate_series(1, 20)) AS runs WHERE n > 0;
SELECT count(*), bool_and(retention = '36 months') FROM ledger.read_purge;
UPDATE policy.setting SET value = '1 day' WHERE key = 'read_retention';
SELECT registry.read_horizon('2026-05-10');
ROLLBACK;

\echo # what a caller gets wrong
SET ROLE read_analyst;
SELECT residency.shown('shoe_size', '42', 9901, 'test');
SELECT residency.shown('name', '42', 9901, NULL);
SELECT residency.shown('name', NULL, 9901, 'test') IS NULL, residency.shown('phone', '13812345678', 9901, 'test'), residency.shown('birth_date', '1980-02-03', 9901, 'test');
SELECT k AS kind, residency.sees_plain(k) FROM unnest('{name,shoe_size}'::text[]) k;
RESET ROLE;
SELECT registry.sees_plain('name');
SET ROLE read_clerk;
SELECT registry.sees_plain('name'), registry.sees_plain('bank_card');
RESET ROLE;

\echo # words
SET residency.language = 'en';
\set VERBOSITY default
DO $$
DECLARE entry code.error;
BEGIN
    FOR entry IN SELECT * FROM code.error WHERE code BETWEEN 'RG340' AND 'RG349' ORDER BY code LOOP
        RAISE WARNING E'%\n%\n%', entry.message, entry.detail, entry.hint;
    END LOOP;
END $$;

-- away with it
RESET ROLE;
DROP OWNED BY residency_read_test, read_clerk, read_boss, read_collector, read_analyst;
DROP ROLE read_clerk, read_boss, read_collector, read_analyst;
DO $$
DECLARE name text;
BEGIN
    FOR name IN SELECT r.rolname FROM pg_roles r WHERE shobj_description(r.oid, 'pg_authid') = 'made by test read' LOOP
        EXECUTE format('DROP ROLE %I', name);
    END LOOP;
END $$;
\c :database
DROP DATABASE residency_read_test;
