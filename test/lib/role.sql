-- What a test of roles begins with: a register that a plain owner has made, as row security asks for, with two towns and their operators.
-- Roles belong to the cluster: they are made if they are not there, and stay.
\set QUIET 1
\pset format unaligned
\pset tuples_only true
SET client_min_messages = error;
DO $$
DECLARE
    account text;
BEGIN
    FOREACH account IN ARRAY '{test_owner,test_clerk_a,test_clerk_b,test_manager_a,test_police_a,test_collector_a,test_agency_a,test_analyst_a,test_auditor,test_dba,test_citizen,test_kiosk_a,test_nobody,test_pool}'::text[] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = account) THEN
            EXECUTE format('CREATE ROLE %I LOGIN', account);
        END IF;
    END LOOP;
    ALTER ROLE test_pool NOINHERIT;
END $$;
\set home :DBNAME
DROP DATABASE IF EXISTS :database;
CREATE DATABASE :database TEMPLATE template0 OWNER test_owner;
\c :database
SET client_min_messages = error;
CREATE EXTENSION residency CASCADE;
CREATE EXTENSION pgtap;
ALTER DATABASE :database SET residency.purpose = 'case 1';
SET residency.purpose = 'case 1';
SELECT residency.make_group_roles() \g /dev/null
DO $$
DECLARE
    account text;
BEGIN
    FOR account IN SELECT rolname FROM pg_roles WHERE rolname LIKE 'test\_%' AND rolname NOT IN ('test_owner', 'test_nobody', 'test_pool') LOOP
        EXECUTE format('GRANT %I TO %I', 'residency_' || split_part(account, '_', 2), account);
        EXECUTE format('GRANT %I TO test_pool', account);
    END LOOP;
END $$;
SET SESSION AUTHORIZATION test_owner;
CALL residency.migrate();
-- town A is 460105001, town B 460106003
INSERT INTO registry.dwelling (address, division, usable_area, safety_letter_on) VALUES
('甲路1号', '460105001001', 100, '2020-01-01'), ('甲路2号', '460105001001', 100, '2020-01-01'), ('乙路1号', '460106003010', 100, '2020-01-01');
INSERT INTO registry.person (name, resident_id, phone) VALUES
('甲一', '11010519491231002X', '13800000001'), ('乙一', '440524188001010014', '13800000002');
INSERT INTO registry.person (name, birth_date) VALUES ('迁徙者', '1990-01-01'), ('本人', '1991-01-01');
SELECT api.register_arrival(person_id => 1, dwelling_id => 1, verified => true),
       api.register_arrival(person_id => 2, dwelling_id => 3, verified => true),
       api.register_arrival(person_id => 3, dwelling_id => 2, verified => true),
       api.register_arrival(person_id => 4, dwelling_id => 1, verified => true) \g /dev/null
SELECT api.register_operator('test_' || r || '_a', r, '甲镇') FROM unnest('{clerk,manager,police,collector,agency,analyst,kiosk}'::text[]) r \g /dev/null
SELECT api.register_operator('test_clerk_b', '乙镇经办'), api.register_operator('test_citizen', '本人', NULL, 4) \g /dev/null
SELECT api.grant_scope(o.operator_id, CASE WHEN o.account LIKE '%b' THEN '460106003' ELSE '460105001' END, split_part(o.account, '_', 2))
FROM registry.operator o WHERE o.person_id IS NULL \g /dev/null
RESET SESSION AUTHORIZATION;
SET client_min_messages = notice;
-- what a query gives, or how it is refused, as an account sees it
CREATE FUNCTION public.as_role(account text, query text, OUT answer text) LANGUAGE plpgsql AS $$
DECLARE
    detail text;
BEGIN
    EXECUTE format('SET LOCAL ROLE %I', account);
    EXECUTE format('SELECT COALESCE(string_agg(x::text, '' '' ORDER BY x::text), ''-'') FROM (%s) x', query) INTO answer;
    SET LOCAL ROLE NONE;
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
    answer := concat_ws(' ', SQLSTATE, SQLERRM, NULLIF(detail, ''));
END $$;
