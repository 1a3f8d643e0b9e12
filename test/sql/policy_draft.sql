-- Policy with care: typed settings, what is seeded, test cases, drafts and their publication.
\set ECHO none
\getenv test PG_ABS_SRCDIR
\i :test/lib/register.sql

BEGIN;
SET LOCAL DateStyle = ISO;
SELECT plan(76);

-- the seed
SELECT is_empty('SELECT * FROM policy.failed_test_case', 'policy answers every stored case');
SELECT is_empty('SELECT key FROM policy.rule EXCEPT SELECT key FROM policy.test_case', 'every parameter has a case');
SELECT is_empty('SELECT key FROM policy.rule EXCEPT SELECT key FROM policy.setting WHERE division IS NULL AND upper_inf(period)',
    'every parameter is set for the country, and still');
SELECT is_empty($$SELECT s.key, s.value FROM policy.setting s JOIN policy.rule r USING (key)
                  WHERE NOT residency.reads_as(s.value, r.value_type) OR s.value <> ALL (r.choices)$$, 'every setting reads as its rule says');
SELECT is_empty($$SELECT s.key, s.division FROM policy.setting s WHERE NOT EXISTS (
                      SELECT FROM policy.test_case t WHERE t.key = s.key AND residency.policy_setting(t.key, t.division, t."on") = s.setting_id)
                  AND s.key NOT LIKE 'penalty\_%' AND s.division IS NOT NULL$$, 'every local setting has a case that it answers');
SELECT cmp_ok(count(*), '>=', 70::bigint, 'duties, permits, thresholds and fines') FROM policy.rule
WHERE key ~ '^(arrival|change|departure|landlord|hire|termination|lease|sublease|verify|exempt|permit|supplement|endorse|anniv|gap|suspended|refused|contact|reverify|deposit|let|collection|attention|visit|penalty)_';
SELECT throws_ok($$SELECT residency.policy_bool('permit_issued', '460105', '2014-06-01')$$, 'RG090', NULL, 'what is not known is refused, not guessed');

-- pilots: the same question, other places and days
SELECT is(string_agg(residency.policy_text('permit_issued', d, day)::text, ' ' ORDER BY d, day), 'false false false true false true', 'a pilot from its own day on')
FROM unnest('{460105,469028,469030}'::residency.division_code[]) d, unnest('{2012-11-30,2012-12-01}'::date[]) day;
SELECT results_eq($$SELECT place, valid_from, value, wins, why FROM residency.explain_policy('permit_issued', '469028', '2012-12-15')$$,
    $$VALUES ('469028', '2012-12-01'::date, 'true', true, 'wins: the most specific division that has a setting on this day'),
             ('460000', '2012-01-01', 'false', false, 'holds on this day, but gives way to a more specific division'),
             (NULL, '2016-01-01', 'true', false, 'does not begin before 2016-01-01')$$, 'explained in the pilot county');
SELECT results_eq($$SELECT place, wins FROM residency.explain_policy('permit_issued', '460105', '2012-12-15')$$,
    $$VALUES ('460000', true), (NULL, false)$$, 'in the rest of the province');
SELECT results_eq($$SELECT place, wins, why FROM residency.explain_policy('permit_issued', '469028', '2012-11-30')$$,
    $$VALUES ('469028', false, 'does not begin before 2012-12-01'), ('460000', true, 'wins: the most specific division that has a setting on this day'),
             (NULL, false, 'does not begin before 2016-01-01')$$, 'and in the pilot county the day before');
SELECT results_eq($$SELECT wins, why FROM residency.explain_policy('permit_issued', '460105', '2014-06-01')$$,
    $$VALUES (false, 'ended before 2013-01-01'), (false, 'does not begin before 2016-01-01')$$, 'where nothing is set, nothing wins');
SELECT results_eq($$SELECT place, value, wins FROM residency.explain_policy('arrival_report_occupant', NULL, '2020-01-01')$$,
    $$VALUES (NULL, '3 days', true), (NULL, NULL, false)$$, 'for the country the country''s alone');
SET LOCAL residency.language = 'zh';
SELECT results_eq($$SELECT place_name, why FROM residency.explain_policy('permit_issued', '460105', '2012-12-15')$$,
    $$VALUES ('海南省', '适用:当日有设定的最具体区划'), (NULL, '2016-01-01 起生效')$$, 'in Chinese');
RESET residency.language;
SELECT is_empty($$SELECT t.key, t.division, t."on" FROM policy.test_case t
                  WHERE residency.policy_setting(t.key, t.division, t."on")
                        IS DISTINCT FROM (SELECT e.setting_id FROM residency.explain_policy(t.key, t.division, t."on") e WHERE e.wins)$$,
    'the one that wins is the one that is asked');
SELECT is(residency.policy_setting('permit_issued', '460105', '2014-06-01'), NULL, 'no setting');
SELECT is(residency.policy_setting(NULL, NULL, NULL), NULL, 'nothing asked');
SELECT throws_ok($$SELECT * FROM residency.explain_policy('permit_isued', '460105', '2014-06-01')$$, 'RG097');

SELECT is(string_agg(residency.half_year_on(day, '440106')::text, ' ' ORDER BY day), '2016-02-29 2024-02-29 2025-02-28 2026-07-15', 'six months, at the end of a month too')
FROM unnest('{2015-08-31,2023-08-31,2024-08-31,2026-01-15}'::date[]) day;

-- values read as their rule says
SELECT is(string_agg(residency.reads_as(v, t)::int::text, '' ORDER BY n), '1111011100000000', 'terms')
FROM unnest('{3 working days,15 days,1 day,6 months,-1 month,24 hours,1 year,0 days,days,1.5 days,3 work days,3  days,15,1 fortnight,3 days and more," 3 days"}'::text[])
     WITH ORDINALITY a (v, n), (VALUES ('term')) x (t);
SELECT is(string_agg(residency.reads_as(v, t)::int::text, '' ORDER BY n), '111111110000000', 'other types')
FROM (VALUES (1, '30', 'integer'), (2, '-1', 'integer'), (3, '4.5', 'numeric'), (4, 'true', 'boolean'), (5, 'no', 'boolean'),
             (6, '1 day 12:00', 'interval'), (7, 'anything', 'text'), (8, NULL, 'integer'),
             (9, '4.5', 'integer'), (10, '3000000000', 'integer'), (11, 'NaN', 'numeric'), (12, 'five', 'numeric'), (13, 'perhaps', 'boolean'),
             (14, 'soon', 'interval'), (15, '', 'integer')) v (n, v, t);
INSERT INTO policy.rule (key, value_type, governs, governs_zh, counts_on, choices) VALUES
    ('test_term', 'term', 'a test', '测试', 'today', NULL), ('test_count', 'integer', 'a test', '测试', 'today', NULL),
    ('test_way', 'text', 'a test', '测试', 'today', '{left, right}');
SELECT throws_ok($$INSERT INTO policy.setting (key, period, value, legal_basis) VALUES ('test_term', '(,)', 'three days', 'a test')$$, 'RG091');
SELECT throws_ok($$INSERT INTO policy.setting (key, period, value, legal_basis) VALUES ('test_way', '(,)', 'middle', 'a test')$$, 'RG091');
SELECT lives_ok($$INSERT INTO policy.setting (key, period, value, legal_basis) VALUES ('test_way', '(,)', 'left', 'a test'),
    ('test_term', '(,2020-01-01)', NULL, 'a test'), ('test_term', '[2020-01-01,)', '5 days', 'a test'), ('test_count', '(,)', '7', 'a test')$$);
SELECT throws_ok($$UPDATE policy.setting SET value = 'seven' WHERE key = 'test_count'$$, 'RG091');
SELECT throws_ok($$UPDATE policy.rule SET value_type = 'term' WHERE key = 'test_count'$$, 'RG091', NULL, 'a rule does not leave its settings behind');
SELECT throws_ok($$UPDATE policy.rule SET choices = '{right}' WHERE key = 'test_way'$$, 'RG091');
SELECT lives_ok($$UPDATE policy.rule SET value_type = 'numeric' WHERE key = 'test_count'$$, 'a wider type is no harm');
SELECT throws_ok($$UPDATE policy.rule SET value_type = 'number' WHERE key = 'test_count'$$, '23514', NULL, 'an unknown type');

-- a draft
CREATE TEMP VIEW now AS
    SELECT s.key, s.division::text AS division, s.period::text AS period, s.value FROM policy.setting s WHERE s.key = 'test_term';
CREATE FUNCTION pg_temp.draft(draft bigint, settings text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO policy.draft (draft_id, title) OVERRIDING SYSTEM VALUE VALUES (draft, 'a test');
    EXECUTE format('INSERT INTO policy.draft_setting (draft_id, key, division, period, value, legal_basis)
                    SELECT %s, k, d::residency.division_code, p::daterange, v, ''a draft'' FROM (VALUES %s) x (k, d, p, v)', draft, settings);
END $$;
SELECT pg_temp.draft(9001, $$('test_term', NULL, '[2019-01-01,2021-01-01)', '9 days')$$) \g /dev/null
SELECT is(format('%s %s', state, published_at), 'draft ', 'a draft') FROM policy.draft WHERE draft_id = 9001 AND author = session_user;
SELECT is(residency.policy_text('test_term', NULL, '2020-06-01'), '5 days', 'changes nothing as yet');
SELECT throws_ok($$INSERT INTO policy.draft_setting (draft_id, key, period, value, legal_basis) VALUES (9001, 'test_term', '[2020-12-31,)', '1 day', 'x')$$, '23P01', NULL, 'two settings of one place and time');
SELECT throws_ok($$INSERT INTO policy.draft_setting (draft_id, key, period, value, legal_basis) VALUES (9001, 'test_term', '[2030-01-01,)', '1 week', 'x')$$, 'RG091', NULL, 'its values are typed, too');
SELECT is(policy.publish(9001), 1, 'is published');
SELECT set_eq('TABLE now', $$VALUES ('test_term', NULL, '(,2019-01-01)', NULL), ('test_term', NULL, '[2019-01-01,2021-01-01)', '9 days'),
                                    ('test_term', NULL, '[2021-01-01,)', '5 days')$$, 'and what was there is cut around it');
SELECT is(residency.policy_text('test_term', '460105', '2020-06-01'), '9 days', 'it holds');
SELECT results_eq($$SELECT draft_id, period::text, value FROM policy.replaced_setting WHERE draft_id = 9001 ORDER BY period$$,
    $$VALUES (9001::bigint, '(,2020-01-01)', NULL), (9001, '[2020-01-01,)', '5 days')$$, 'what held before is kept');
SELECT is(state::text, 'published', 'the draft is published') FROM policy.draft WHERE draft_id = 9001 AND published_at BETWEEN now() AND clock_timestamp();

-- split, replaced, another place, no limit
SELECT pg_temp.draft(9002, $$('test_term', NULL, '[2022-01-01,2023-01-01)', '2 days'), ('test_term', '46', '[2020-01-01,)', '4 days')$$) \g /dev/null
SELECT is(policy.publish(9002), 2, 'two settings');
SELECT set_eq('TABLE now', $$VALUES ('test_term', NULL, '(,2019-01-01)', NULL), ('test_term', NULL, '[2019-01-01,2021-01-01)', '9 days'),
    ('test_term', NULL, '[2021-01-01,2022-01-01)', '5 days'), ('test_term', NULL, '[2022-01-01,2023-01-01)', '2 days'),
    ('test_term', NULL, '[2023-01-01,)', '5 days'), ('test_term', '460000', '[2020-01-01,)', '4 days')$$, 'one splits, the other leaves the country alone');
SELECT pg_temp.draft(9003, $$('test_term', NULL, '(,)', NULL)$$) \g /dev/null
SELECT lives_ok('SELECT policy.publish(9003)');
SELECT set_eq('TABLE now', $$VALUES ('test_term', NULL, '(,)', NULL), ('test_term', '460000', '[2020-01-01,)', '4 days')$$, 'all replaced');
SELECT is((SELECT count(*) FROM policy.replaced_setting WHERE draft_id = 9003), 5::bigint, 'and kept');

-- test cases
INSERT INTO policy.test_case (test_case_id, key, division, "on", expected, why) OVERRIDING SYSTEM VALUE VALUES
    (9001, 'test_term', '460105', '2024-01-01', '4 days', 'a test'),
    (9002, 'test_term', '110101', '2024-01-01', NULL, 'a test');
SELECT is_empty('SELECT * FROM policy.failed_test_case', 'cases pass');
CREATE TEMP TABLE was AS TABLE policy.setting;
CREATE TEMP VIEW differs AS (TABLE was EXCEPT TABLE policy.setting) UNION ALL (TABLE policy.setting EXCEPT TABLE was);
SELECT pg_temp.draft(9004, $$('test_count', NULL, '(,)', '8'), ('test_term', '46', '[2024-01-01,2024-02-01)', '6 days')$$) \g /dev/null
SELECT throws_ok('SELECT policy.publish(9004)', 'RG092', 'a policy test case fails', 'a draft that breaks one is refused');
SELECT is_empty('SELECT * FROM differs', 'and nothing has changed');
SELECT is((SELECT state::text FROM policy.draft WHERE draft_id = 9004), 'draft', 'not the draft either');
INSERT INTO policy.test_case (test_case_id, key, division, "on", expected, why, draft_id) OVERRIDING SYSTEM VALUE VALUES (9003, 'test_count', '110101', '2024-01-01', '9', 'of the draft', 9004);
SELECT is_empty('SELECT * FROM policy.failed_test_case', 'a case of a draft does not count yet');
INSERT INTO policy.test_case (test_case_id, key, division, "on", expected, why, draft_id) OVERRIDING SYSTEM VALUE VALUES (9004, 'test_term', '460105', '2024-01-01', '6 days', 'overtaken', 9004);
SELECT throws_ok('SELECT policy.publish(9004)', 'RG092', NULL, 'its own case fails');
UPDATE policy.test_case SET expected = '8' WHERE draft_id = 9004 AND key = 'test_count';
SELECT is(policy.publish(9004), 2, 'a case of the draft takes the place of an older one');
SELECT is_empty('SELECT * FROM policy.failed_test_case', 'so all pass');
SELECT pg_temp.draft(9005, $$('test_term', '46', '[2024-01-01,2024-02-01)', '4 days')$$) \g /dev/null
SELECT throws_ok('SELECT policy.publish(9005)', 'RG092', NULL, 'and counts from then on');
UPDATE policy.setting SET value = '3' WHERE key = 'test_count';
SELECT is(string_agg(concat_ws(' ', key, division, expected, got), '; '), 'test_count 110101 8 3', 'what fails is listed') FROM policy.failed_test_case;
UPDATE policy.setting SET value = '8' WHERE key = 'test_count';
DELETE FROM policy.setting WHERE key = 'test_count';
SELECT is(string_agg(concat_ws(' ', key, division, expected, got, setting_id), '; '), 'test_count 110101 8', 'also that nothing is set') FROM policy.failed_test_case;
SELECT throws_ok('SELECT policy.publish(9005)', 'RG092');
INSERT INTO policy.setting (key, period, value, legal_basis) VALUES ('test_count', '(,)', '8', 'a test');

-- closed drafts stay as they are, whoever writes
SELECT throws_ok('SELECT policy.publish(9004)', 'RG093', NULL, 'not published twice');
SELECT throws_ok('SELECT policy.simulate(9004)', 'RG093');
SELECT throws_ok($$UPDATE policy.draft SET title = 'x' WHERE draft_id = 9004$$, 'RG093');
SELECT throws_ok($$DELETE FROM policy.draft WHERE draft_id = 9004$$, 'RG093');
SELECT throws_ok($$UPDATE policy.draft_setting SET value = '9' WHERE draft_id = 9004 AND key = 'test_count'$$, 'RG093');
SELECT throws_ok($$DELETE FROM policy.draft_setting WHERE draft_id = 9004$$, 'RG093');
SELECT throws_ok($$UPDATE policy.draft_setting SET draft_id = 9005 WHERE draft_id = 9004 AND key = 'test_count'$$, 'RG093');
SELECT throws_ok($$UPDATE policy.draft_setting SET draft_id = 9004 WHERE draft_id = 9005$$, 'RG093');
SELECT throws_ok($$UPDATE policy.test_case SET expected = '9' WHERE draft_id = 9004$$, 'RG093');
SELECT throws_ok($$UPDATE policy.draft SET state = 'published' WHERE draft_id = 9005$$, 'RG096', NULL, 'published by hand, its settings do not hold');
SELECT throws_ok($$INSERT INTO policy.draft (title, state) VALUES ('x', 'published')$$, 'RG096');
SELECT throws_ok('SELECT policy.publish(9999)', 'RG094');
SELECT throws_ok('SELECT policy.publish(NULL)', 'RG094');
INSERT INTO policy.draft (draft_id, title) OVERRIDING SYSTEM VALUE VALUES (9006, 'empty');
SELECT throws_ok('SELECT policy.publish(9006)', 'RG095');
SELECT lives_ok($$UPDATE policy.draft SET state = 'withdrawn' WHERE draft_id = 9005$$, 'withdrawn');
SELECT throws_ok('SELECT policy.publish(9005)', 'RG093');
SELECT lives_ok($$DELETE FROM policy.draft WHERE draft_id = 9006$$, 'an open draft may be thrown away');

-- infinity is no day: such a period has no end, and nothing comes after it
INSERT INTO policy.draft (draft_id, title) OVERRIDING SYSTEM VALUE VALUES (9011, 'infinity'), (9012, 'published last'), (9013, 'published first');
INSERT INTO policy.draft_setting (draft_id, key, division, period, value, legal_basis)
VALUES (9011, 'test_term', '469030', '[2030-01-01,infinity)', '4 days', 'x'), (9011, 'test_term', '469029', '[-infinity,infinity]', '4 days', 'x');
SELECT set_eq('SELECT period FROM policy.draft_setting WHERE draft_id = 9011', $${"[2030-01-01,)", "(,)"}$$::daterange[], 'without an end');
INSERT INTO policy.setting (key, division, period, value, legal_basis) VALUES ('test_term', '469030', '[2020-01-01,infinity)', '5 days', 'x');
SELECT is(policy.publish(9011), 2, 'published');
SELECT set_eq($$SELECT period, value FROM policy.setting WHERE key = 'test_term' AND division::text = '469030'$$,
    $$VALUES ('[2020-01-01,2030-01-01)'::daterange, '5 days'), ('[2030-01-01,)', '4 days')$$, 'and no piece is left behind');
-- which case gives way is a matter of the moment of publishing, also within one transaction
INSERT INTO policy.draft_setting (draft_id, key, division, period, value, legal_basis)
VALUES (9012, 'test_term', '469029', '(,)', '6 days', 'x'), (9013, 'test_term', '469029', '(,)', '7 days', 'x');
INSERT INTO policy.test_case (draft_id, key, division, "on", expected, why)
VALUES (9012, 'test_term', '469029', '2024-01-01', '6 days', 'x'), (9013, 'test_term', '469029', '2024-01-01', '7 days', 'x');
SELECT is(policy.publish(9013) + policy.publish(9012), 2, 'one after the other');

SELECT * FROM finish();

-- what a user reads
\set ON_ERROR_ROLLBACK on
\set SHOW_CONTEXT never
INSERT INTO policy.setting (key, period, value, legal_basis) VALUES ('test_term', '(,)', 'three days', 'a test');
INSERT INTO policy.setting (key, period, value, legal_basis) VALUES ('test_way', '(,)', 'middle', 'a test');
INSERT INTO policy.draft (draft_id, title) OVERRIDING SYSTEM VALUE VALUES (9007, 'a test');
SELECT policy.publish(9007);
INSERT INTO policy.draft_setting (draft_id, key, division, period, value, legal_basis) VALUES (9007, 'test_term', '46', '[2024-01-01,2024-02-01)', NULL, 'x');
SELECT policy.publish(9007);
SELECT policy.publish(9005);
SELECT policy.publish(9999);
UPDATE policy.draft SET state = 'published' WHERE draft_id = 9007;
SELECT * FROM residency.explain_policy('no_such_key', NULL, '2024-01-01');
SET LOCAL residency.language = 'zh';
INSERT INTO policy.setting (key, period, value, legal_basis) VALUES ('test_term', '(,)', 'three days', 'a test');
SELECT policy.publish(9007);
RESET residency.language;
ROLLBACK;
\set ON_ERROR_ROLLBACK off
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT policy.publish(1);
ROLLBACK;
BEGIN ISOLATION LEVEL SERIALIZABLE;
SELECT policy.simulate(1);
ROLLBACK;
