-- What is said where the history, days that are not known and investigations refuse: through plain SQL, in English and Chinese.
\set ECHO none
\getenv test PG_ABS_SRCDIR
\i :test/lib/register.sql
\set ON_ERROR_ROLLBACK on
\set VERBOSITY default
\set SHOW_CONTEXT never
BEGIN;
SET LOCAL datestyle = 'ISO';
SET LOCAL timezone = 'Asia/Shanghai';
-- the beginning of the history, and today
UPDATE ledger.history SET began_at = '2024-01-01 00:00+00';
CREATE FUNCTION pg_temp.plain(said text) RETURNS text LANGUAGE sql AS $$ SELECT replace(said, residency.today()::text, '(today)') $$;
INSERT INTO registry.person (person_id, name) OVERRIDING SYSTEM VALUE VALUES (9700, '甲');
INSERT INTO registry.dwelling (dwelling_id, address, division, safety_letter_on) OVERRIDING SYSTEM VALUE VALUES (9700, 'Harbour Road 6', '460105001002', '2020-01-01');
INSERT INTO registry.residence (residence_id, person_id, dwelling_id, arrived_on) OVERRIDING SYSTEM VALUE VALUES (9700, 9700, 9700, '2024-05-01');
INSERT INTO registry.investigation (investigation_id, record, record_id, reason) OVERRIDING SYSTEM VALUE VALUES (9700, 'person', 9700, '身份存疑');

CREATE ROLE change_stranger;
CREATE TABLE public.theirs (id integer);
ALTER TABLE public.theirs OWNER TO change_stranger;
CREATE TRIGGER change_insert AFTER INSERT ON public.theirs REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION residency.change_note('full', 'id');

CREATE TEMP TABLE attempt (n serial, code text, statement text);
INSERT INTO attempt (code, statement) VALUES
('RG310', $$UPDATE ledger.change SET actor = 'nobody' WHERE table_name = 'registry.person'$$),
('RG310', $$UPDATE ledger.change SET image = NULL WHERE table_name = 'registry.person'$$),
('RG310', $$DELETE FROM ledger.change WHERE table_name = 'registry.person'$$),
('RG310', $$TRUNCATE ledger.change_default$$),
('RG311', $$SELECT * FROM residency.as_of('registry.person', '2023-12-31')$$),
('RG311', $$SELECT * FROM residency.as_of('registry.road')$$),
('RG311', $$SELECT * FROM api.resident_on('4601', '2020-01-01', '2020-01-01')$$),
('RG312', $$INSERT INTO registry.inexact_date VALUES (9700, '[2024-05-02,2024-05-04)')$$),
('RG312', $$INSERT INTO registry.inexact_date VALUES (9700, NULL, '[2024-05-02,2024-05-04)')$$),
('RG313', $$SELECT api.register_departure(9700, departed_earliest => '2024-06-02', departed_latest => '2024-06-01')$$),
('RG313', $$SELECT api.register_departure(9700, departed_earliest => '2024-06-02')$$),
('RG313', $$INSERT INTO registry.inexact_date VALUES (9700, '[2024-04-01,)')$$),
('RG314', $$SELECT api.open_investigation('person', 9799, '身份存疑')$$),
('RG314', $$SELECT api.open_investigation('grid', 1, '身份存疑')$$),
('RG315', $$SELECT api.open_investigation('person', 9700, '身份存疑')$$),
('RG316', $$SELECT api.close_investigation(9799, '核实')$$),
('RG317', $$SELECT api.open_investigation('dwelling', 9700, '')$$),
('RG317', $$SELECT api.close_investigation(9700, NULL)$$),
('RG318', $$UPDATE registry.investigation SET reason = '另有原因' WHERE investigation_id = 9700$$),
('42501', $$INSERT INTO public.theirs VALUES (1)$$);
CREATE FUNCTION pg_temp.caught(statement text, language text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE detail text; hint text;
BEGIN
    PERFORM set_config('residency.language', language, true);
    EXECUTE statement;
    RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
    RETURN pg_temp.plain(format(E'%s caught: %s\n  %s\n  %s', SQLSTATE, SQLERRM, detail, hint));
END $$;
SELECT format(E'%s\n%s', statement, pg_temp.caught(statement, l)) FROM attempt, unnest('{en,zh}'::text[]) l ORDER BY n, l;
SELECT statement, code FROM attempt WHERE pg_temp.caught(statement, 'en') NOT LIKE code || '%';
-- code that is newer than the tables
ALTER TABLE ledger.history RENAME TO gone;
SELECT pg_temp.caught($$SELECT * FROM residency.as_of('registry.person')$$, 'en');
ROLLBACK;
