-- Policy settings and code lists, and the copies that sessions keep of them.
\set ECHO none
\getenv test PG_ABS_SRCDIR
\i :test/lib/register.sql

SELECT plan(47);

INSERT INTO policy.rule (key, value_type, governs, governs_zh, counts_on)
SELECT key, value_type, 'a test', '测试', 'today'
FROM (VALUES ('test_days', 'integer'), ('test_days_more', 'integer'), ('test_size', 'numeric'),
             ('test_yes', 'boolean'), ('test_span', 'interval'), ('test_none', 'text')) v (key, value_type);
INSERT INTO policy.setting (key, division, period, value, legal_basis)
SELECT key, division::residency.division_code, period::daterange, value, 'a test'
FROM (VALUES
    ('test_days', NULL,        '[2000-01-01,)',           '30'),
    ('test_days', '4401',      '[2010-01-01,2020-01-01)', '10'),
    ('test_days', '4401',      '[2020-01-01,)',           '7'),
    ('test_days', '440106',    '[2015-01-01,2021-01-01)', NULL),
    ('test_days', '440106003', '[2022-01-01,infinity)',   '3'),
    ('test_days_more', '4401', '(,2000-01-01)',           '99'),
    ('test_size', NULL,        '(,)',                     '4.50'),
    ('test_yes',  NULL,        '(,)',                     'yes'),
    ('test_span', NULL,        '(,)',                     '-1 days 02:00'),
    ('test_none', NULL,        '(,)',                     NULL)
) v (key, division, period, value);

-- by place
SELECT is(residency.policy_text('test_days', NULL, '2024-01-01'), '30', 'no division: the country');
SELECT is(residency.policy_text('test_days', '4403', '2024-01-01'), '30', 'a division without its own: the country');
SELECT is(residency.policy_text('test_days', '44', '2024-01-01'), '30', 'what is set beneath a division does not hold in it');
SELECT is(residency.policy_text('test_days', '4401', '2024-01-01'), '7', 'a city''s own');
SELECT is(residency.policy_text('test_days', '440105', '2024-01-01'), '7', 'a county of the city');
SELECT is(residency.policy_text('test_days', '440106003', '2024-01-01'), '3', 'a township''s own');
SELECT is(residency.policy_text('test_days', '440106003017', '2024-01-01'), '3', 'a village of the township');

-- by day
SELECT is(residency.policy_text('test_days', '4401', '2019-12-31'), '10', 'the last day of a setting');
SELECT is(residency.policy_text('test_days', '4401', '2020-01-01'), '7', 'the first day of the next');
SELECT is(residency.policy_text('test_days', '4401', '2009-12-31'), '30', 'before the city had its own: the country');
SELECT is(residency.policy_text('test_days', '440106', '2021-01-01'), '7', 'when the county''s has ended: the city');
SELECT is(residency.policy_text('test_days', '440106003', '2012-01-01'), '10', 'over two levels that do not hold');
SELECT is(residency.policy_text('test_days', '440106003', '9999-12-31'), '3', 'until the day infinity');
SELECT is(residency.policy_text('test_days_more', '4401', '-infinity'), '99', 'an open start');

-- no limit is a value, no setting is a refusal
SELECT is(residency.policy_text('test_days', '440106', '2018-01-01'), NULL, 'NULL of a county says no limit, though the city has one');
SELECT is(residency.policy_int('test_none', NULL, '2018-01-01'), NULL, 'no limit, read as a number');
SELECT throws_ok($$SELECT residency.policy_text('test_days', '440105', '1999-12-31')$$, 'RG090', 'no policy is set for this');
SELECT throws_ok($$SELECT residency.policy_text('test_days_more', '4401', '2000-01-01')$$, 'RG090');
SELECT throws_ok($$SELECT residency.policy_text('test', '4401', '2000-01-01')$$, 'RG090');
SELECT throws_ok($$SELECT residency.policy_bool(NULL, NULL, NULL)$$, 'RG090');

-- read as other types
SELECT is(residency.policy_int('test_days', '4401', '2024-01-01'), 7, 'an integer');
SELECT is(residency.policy_numeric('test_size', '4401', '2024-01-01')::text, '4.50', 'a number keeps its scale');
SELECT is(residency.policy_numeric('test_days', '4401', '2024-01-01'), 7::numeric, 'an integer as a number');
SELECT is(residency.policy_bool('test_yes', '4401', '2024-01-01'), true, 'a truth value');
SET IntervalStyle = sql_standard;
SELECT is(residency.policy_interval('test_span', '4401', '2024-01-01'), make_interval(days => -1, hours => 2),
    'a length of time reads the same under every IntervalStyle');
SELECT is(current_setting('IntervalStyle'), 'sql_standard', 'and the session''s own is left alone');
RESET IntervalStyle;
SELECT throws_ok($$SELECT residency.policy_int('test_size', NULL, '2024-01-01')$$, '22P02');

-- one's own changes, and taking them back
CREATE FUNCTION pg_temp.days() RETURNS text LANGUAGE sql
    RETURN residency.policy_text('test_days', '4401', '2024-01-01');
BEGIN;
UPDATE policy.setting SET value = '8' WHERE key = 'test_days' AND value = '7';
SELECT pg_temp.days() AS changed \gset
SAVEPOINT s;
DELETE FROM policy.setting WHERE key = 'test_days' AND value = '8';
SELECT pg_temp.days() AS deleted \gset
ROLLBACK TO s;
SELECT pg_temp.days() AS to_savepoint \gset
TRUNCATE policy.setting;
SAVEPOINT t;
\set VERBOSITY sqlstate
SELECT pg_temp.days();
\set VERBOSITY default
ROLLBACK;
SELECT pg_temp.days() AS rolled_back \gset
SELECT is(:'changed'::text, '8', 'one''s own change before it is committed');
SELECT is(:'deleted'::text, '30', 'one''s own deletion');
SELECT is(:'to_savepoint'::text, '8', 'ROLLBACK TO takes the deletion back');
SELECT is(:'rolled_back'::text, '7', 'ROLLBACK takes TRUNCATE and the change back');

DO $$
BEGIN
    UPDATE policy.setting SET value = '9' WHERE key = 'test_days' AND value = '7';
    PERFORM pg_temp.days();
    RAISE EXCEPTION 'no' USING ERRCODE = 'RG999';
EXCEPTION WHEN SQLSTATE 'RG999' THEN
    NULL;
END $$;
SELECT is(pg_temp.days(), '7', 'an exception that is caught takes the change back');

-- a trigger that tries the new settings and refuses them, before and after ours
CREATE FUNCTION pg_temp.try() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_temp.days() = '11' THEN
        RAISE EXCEPTION 'eleven' USING ERRCODE = 'RG999';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER a_try AFTER UPDATE ON policy.setting FOR EACH ROW EXECUTE FUNCTION pg_temp.try();
SELECT throws_ok($$UPDATE policy.setting SET value = '11' WHERE key = 'test_days' AND value = '7'$$, 'RG999', 'eleven',
    'a row trigger sees the new setting');
SELECT is(pg_temp.days(), '7', 'and what it saw does not stay');
DROP TRIGGER a_try ON policy.setting;
CREATE TRIGGER a_try AFTER UPDATE ON policy.setting FOR EACH STATEMENT EXECUTE FUNCTION pg_temp.try();
SELECT throws_ok($$UPDATE policy.setting SET value = '11' WHERE key = 'test_days' AND value = '7'$$, 'RG999', 'eleven',
    'so does a statement trigger');
SELECT is(pg_temp.days(), '7', 'and what it saw does not stay either');
DROP TRIGGER a_try ON policy.setting;

-- what a site does to the table
BEGIN;
ALTER TABLE policy.setting ADD COLUMN a_note text, DROP COLUMN legal_basis;
SELECT pg_temp.days() AS altered \gset
ALTER TABLE policy.setting ALTER COLUMN value TYPE varchar(200);
SELECT pg_temp.days() AS varchar \gset
ROLLBACK;
SELECT is(:'altered'::text, '7', 'a column more and a column less do no harm');
SELECT is(:'varchar'::text, '7', 'nor does varchar for text');
CREATE FUNCTION pg_temp.without(change text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    BEGIN
        EXECUTE change;
        PERFORM pg_temp.days();
    EXCEPTION WHEN object_not_in_prerequisite_state THEN
        RETURN NEXT SQLERRM;
    END;
    RETURN NEXT pg_temp.days();
END $$;
SELECT results_eq($$SELECT pg_temp.without('ALTER TABLE policy.setting RENAME value TO worth')$$,
    ARRAY['table "policy.setting" has no column "value" that reads as text', '7'], 'without a column');
SELECT results_eq($$SELECT pg_temp.without('ALTER TABLE policy.setting ALTER value TYPE integer USING NULL')$$,
    ARRAY['table "policy.setting" has no column "value" that reads as text', '7'], 'a column of another type');
SELECT results_eq($$SELECT pg_temp.without('ALTER TABLE policy.setting RENAME TO was_setting')$$,
    ARRAY['table "policy.setting" does not exist', '7'], 'without the table');
SELECT results_eq($$SELECT pg_temp.without('ALTER TABLE policy.setting RENAME TO was_setting;
                                            CREATE VIEW policy.setting AS TABLE policy.was_setting')$$,
    ARRAY['"policy.setting" is not a table', '7'], 'a view in its place');

-- in a parallel worker, which sees what its leader has not committed yet
BEGIN;
UPDATE policy.setting SET value = '6' WHERE key = 'test_days' AND value = '7';
SELECT set_config(name, 'on', true) AS parallel FROM pg_settings
WHERE name IN ('force_parallel_mode', 'debug_parallel_query') \gset
SELECT residency.policy_text('test_days', '4401', '2024-01-01') AS worker \gset
EXPLAIN (COSTS OFF) SELECT residency.policy_text('test_days', '4401', '2024-01-01');
ROLLBACK;
SELECT is(:'worker'::text, '6', 'a worker sees its leader''s change');

-- codes
BEGIN;
INSERT INTO code.list SELECT (jsonb_populate_record(l, '{"list": "test_list"}')).* FROM code.list l WHERE list = 'sex';
INSERT INTO code.value SELECT (jsonb_populate_record(v, '{"list": "test_list", "code": "X", "period": "[2000-01-01,2010-01-01)"}')).*
FROM code.value v WHERE list = 'sex' AND code = '1';
SELECT string_agg(residency.is_code(list, code)::int::text, '') AS any_day
FROM (VALUES (1, 'sex', '1'), (2, 'sex', '7'), (3, 'se', 'x1'), (4, 'sexx', '1'), (5, 'test_list', 'X'), (6, '', '')) v (n, list, code) \gset
SELECT string_agg(COALESCE(residency.is_code('test_list', 'X', "on")::int::text, '-'), '') AS one_day
FROM unnest('{1999-12-31,2000-01-01,2009-12-31,2010-01-01,infinity,-infinity,NULL}'::date[]) "on" \gset
ROLLBACK;
SELECT is(:'any_day'::text, '100010', 'a code is in its list');
SELECT is(:'one_day'::text, '011000-', 'on a day');
SELECT is(residency.is_code('test_list', 'X'), false, 'ROLLBACK takes a list away');

-- the trigger's own guard
CREATE TEMP TABLE other (a int);
CREATE TRIGGER forget BEFORE INSERT ON other FOR EACH ROW EXECUTE FUNCTION residency.forget();
SELECT throws_ok('INSERT INTO other VALUES (1)', '39P01', 'residency.forget() is a trigger for statements, or after a row');

SELECT * FROM finish();

-- what a user reads
\set SHOW_CONTEXT never
SELECT residency.policy_int('test_days', '440106', '1990-01-01');
SET residency.language = 'zh';
SELECT residency.policy_int('test_days', NULL, '1990-01-01');
SET residency.language = 'fr';
RESET residency.language;
\unset SHOW_CONTEXT
SELECT residency.policy_int('test_size', '440106', '1990-01-01');

DELETE FROM policy.setting WHERE key LIKE 'test\_%';
DELETE FROM policy.rule WHERE key LIKE 'test\_%';
