-- Purge with fresh eyes: what holds it in every path, by which place's policy, and that nothing is left anywhere of who is purged.
\set ECHO none
\getenv test PG_ABS_SRCDIR
\i :test/lib/register.sql
\set ON_ERROR_ROLLBACK on
\set VERBOSITY default
\set SHOW_CONTEXT never

BEGIN;
SET LOCAL search_path = public, residency;
SET LOCAL datestyle = 'ISO';
SET LOCAL timezone = 'UTC';
SET LOCAL client_min_messages = warning;
SELECT no_plan();
\i :test/lib/retention.sql
INSERT INTO policy.setting (key, division, period, value, legal_basis) VALUES
    ('retention_credential', '460105', '[1949-10-01,)', '30 years', 'a place of its own'), ('retention_spot_check', '460105', '[1949-10-01,)', '30 years', 'a place of its own');
INSERT INTO registry.grid (grid_id, grid_code, name, division, outline) OVERRIDING SYSTEM VALUE VALUES
    (9001, '46010500100101', 'Test', '460105001001', ST_Multi(ST_MakeEnvelope(110.1, 20.0, 110.2, 20.1, 4490))),
    (9002, '46010600301001', 'Other', '460106003010', ST_Multi(ST_MakeEnvelope(110.3, 20.0, 110.4, 20.1, 4490)));
INSERT INTO registry.dwelling (dwelling_id, parent_id, kind, address, division, safety_letter_on, let_state, location) OVERRIDING SYSTEM VALUE VALUES
    (9001, NULL, 'building', 'Hold Road 1', '460105001001', '2010-01-01', 'let', 'SRID=4490;POINT(110.15 20.05)'), (9002, 9001, 'unit', 'Hold Road 1-1', '460105001001', '2010-01-01', 'let', NULL),
    (9003, NULL, 'unit', 'Hold Road 3', '460106003010', '2010-01-01', 'let', 'SRID=4490;POINT(110.35 20.05)');
INSERT INTO registry.employer (employer_id, registration_number, name, division) OVERRIDING SYSTEM VALUE VALUES (9001, '110108000000016', 'Works', '460105');
INSERT INTO registry.person (person_id, name, birth_date, phone, created_at) OVERRIDING SYSTEM VALUE
SELECT 9000 + n, '秘某' || n, '1980-06-15', '138000000' || n + 10, CASE WHEN n = 3 THEN now() ELSE '2010-01-01' END FROM generate_series(1, 8) n;
INSERT INTO registry.residence (residence_id, person_id, dwelling_id, arrived_on, departed_on, state, close_reason, reported_at, closed_at) OVERRIDING SYSTEM VALUE
SELECT 9000 + n, 9000 + n, 9002, date '2012-01-01', date '2015-01-01', 'departed', '秘事', '2012-01-01', '2015-01-01' FROM generate_series(1, 8) n WHERE n <> 3;
INSERT INTO registry.grid_staff (person_id, grid_id, role, period) SELECT 9007, g, min(code), '[2010-01-01,)' FROM code.value, unnest('{9001,9002}'::bigint[]) g WHERE list = 'grid_staff_role' GROUP BY g;
INSERT INTO registry.grid_staff (person_id, grid_id, role, period) SELECT 9008, g, min(code), '[2010-01-01,)' FROM code.value, unnest('{9001,9002}'::bigint[]) g WHERE list = 'grid_staff_role' GROUP BY g;
CREATE FUNCTION pg_temp.purge("on" date) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM registry.reopen_purges("on");
    WHILE registry.due_purges("on", 1000) > 0 LOOP NULL; END LOOP;
    RETURN (SELECT string_agg(p.retention_kind || ' ' || p.purged, ', ' ORDER BY p.purge_id) FROM ledger.purge p WHERE p."on" = purge."on" AND p.purged > 0);
END $$;
CREATE FUNCTION pg_temp.gone() RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(person_id::text, ' ' ORDER BY person_id) FROM registry.person WHERE pseudonymised_on IS NOT NULL $$;
-- where a word still stands: in every table of the register, its history with it
CREATE FUNCTION pg_temp.still_says(word text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    place regclass; says text; n integer;
BEGIN
    FOR place IN SELECT c.oid FROM pg_class c WHERE c.relnamespace IN ('registry'::regnamespace, 'ledger'::regnamespace) AND c.relkind IN ('r', 'p') AND NOT c.relispartition LOOP
        EXECUTE format('SELECT count(*) FROM %s t WHERE t::text ~ $1', place) INTO n USING word;
        says := CASE WHEN n > 0 THEN concat_ws(', ', says, place || ' ' || n) ELSE says END;
    END LOOP;
    RETURN says;
END $$;

-- a hold of today stops a purge for a day past
SELECT is((api.hold_person(9001, '案件1')).accepted AND (api.restrict_person(9002, 'claim')).accepted, true, 'held and restricted from today on');
-- staff who are held keep their visits, and so does a building in which somebody was held
INSERT INTO registry.visit (visit_id, dwelling_id, staff_person_id, started_at, outcome, note) OVERRIDING SYSTEM VALUE VALUES
    (9001, 9001, 9007, '2013-06-01', 'met', '秘记'), (9002, 9003, 9008, '2013-06-01', 'met', '记'), (9003, 9003, 9007, '2013-06-01', 'met', '记');
SELECT is((api.hold_person(9008, '案件8')).accepted, true);
-- a number on a list that has become somebody's who is held
INSERT INTO registry.department_list (department_list_id, source, name, division, listed_on, imported_at) OVERRIDING SYSTEM VALUE VALUES (9001, 'education', '在校生', '460105', '2014-01-01', '2014-01-02');
INSERT INTO registry.department_list_entry (department_list_id, line, resident_id) VALUES (9001, 1, '440113201201011233'), (9001, 2, '440524188001010014');
INSERT INTO registry.person (person_id, resident_id, name) OVERRIDING SYSTEM VALUE VALUES (9010, '440524188001010014', '后来者');
SELECT is((api.hold_person(9010, '案件10')).accepted, true);
-- credentials of two places
INSERT INTO registry.access_credential (token, person_id, dwelling_id, period) VALUES
    ('00000000-0000-0000-0000-000000009001', NULL, 9001, '[2012-01-01,2015-01-01)'), ('00000000-0000-0000-0000-000000009003', NULL, 9003, '[2012-01-01,2015-01-01)');
-- who is under investigation
SELECT (api.open_investigation('residence', 9004, '秘疑')).record_id AS doubt \gset
SELECT is(pg_temp.purge('2024-05-01'), 'visit 1, credential 1, department_list 1, person 2', 'what goes');
SELECT is(pg_temp.gone(), '9005 9006', 'who is not held, restricted, under investigation, staff');
SELECT is((SELECT string_agg(visit_id::text, ' ') FROM registry.visit WHERE note IS NULL), '9003', 'of visits those that concern nobody held');
SELECT is((SELECT string_agg(dwelling_id::text, ' ') FROM registry.access_credential), '9001', 'a credential by the policy of its place');
SELECT is((SELECT string_agg(line::text, ' ') FROM registry.department_list_entry WHERE resident_id IS NOT NULL), '2', 'a number of nobody');

-- numbers found in spot checks, by the policy of the place and while nobody held has them
SELECT (api.draw_spot_check(place, 5, 'x', '抽查', '考核')).state FROM unnest('{460105,460106}'::text[]) AS place \g /dev/null
CREATE TEMP TABLE checked AS SELECT s.spot_check_id, s.dwelling_id, s.spot_check_dwelling_id FROM registry.spot_check_dwelling s;
SELECT is(count(*) FILTER (WHERE (api.record_spot_check(c.spot_check_id, 'checked', 9007, c.dwelling_id, people_counted => 1, counted_registered => 0, found_let => true,
          people => '[{"resident_id": "460105199001020219"}]')).accepted), 2::bigint, 'two checks found somebody') FROM checked c WHERE c.dwelling_id IN (9002, 9003);
SELECT is(pg_temp.purge(today() + 400) ~ 'spot_check 1', true, 'of which one goes');
SELECT is((SELECT string_agg(c.dwelling_id::text, ' ') FROM registry.spot_check_person p JOIN registry.spot_check_result r USING (spot_check_result_id)
           JOIN checked c USING (spot_check_dwelling_id) WHERE p.resident_id IS NOT NULL), '9002', 'where the policy of the country holds');

-- nothing is left: not of what was voided, investigated, corrected, merged, nor of merges that were undone
SELECT is((api.close_investigation(:doubt, '秘论')).state, 'closed', 'the investigation is closed');
INSERT INTO registry.employment (employment_id, employer_id, person_id, hired_on, ended_on, contract_number) OVERRIDING SYSTEM VALUE VALUES (9001, 9001, 9004, '2012-01-01', '2014-01-01', '秘-1');
SELECT is((api.void_record('employment', 9001, '秘由')).accepted, true, 'a record is void');
SELECT is((api.decide_correction((api.correct_person(9004, '{"phone": "13800000099"}', '秘据')).record_id, false, '秘拒')).state, 'refused');
SELECT is((api.undo_merge((api.merge_persons(9004, 9003, '秘同')).record_id)).state, 'undone', 'a merge was undone');
SELECT is((api.merge_persons(9004, 9003, '秘同')).state, 'merged', 'and done again');
SELECT ok(pg_temp.still_says('秘某4|秘某3|秘[疑论由据拒同]|秘-1') ~ 'registry.person .*ledger.change', 'much is known');
-- images of what this transaction has written stay until the next one: as if a day had passed
ALTER TABLE ledger.change DISABLE TRIGGER USER;
UPDATE ledger.change SET transaction = '3';
ALTER TABLE ledger.change ENABLE TRIGGER USER;
SELECT is(pg_temp.purge('2045-01-01') ~ 'person', true, 'years later');
SELECT is((SELECT pseudonymised_on FROM registry.person WHERE person_id = 9004), '2045-01-01'::date, 'the person goes');
SELECT left(c::text, 300) FROM ledger.change c WHERE c::text ~ '秘某4|秘某3|秘[疑论由据拒同]|秘-1|13800000014|13800000013';
SELECT is(pg_temp.still_says('秘某4|秘某3|秘[疑论由据拒同]|秘-1|13800000014|13800000013'), NULL, 'and nothing is left of them anywhere');
SELECT is((SELECT void_reason FROM registry.employment WHERE employment_id = 9001), '已清除', 'what was void still is');

-- answers
CREATE ROLE hold_other;
SELECT is((api.register_person('新来', request_id => '00000000-0000-0000-0000-000000000002')).accepted, true, 'a numbered request');
SELECT (api.register_person('留住', request_id => '00000000-0000-0000-0000-000000000003')).person_id AS held \gset
SELECT is((api.hold_person(:held, '案件')).accepted, true, 'and one that names who is held');
SELECT is((api.register_person('新来', request_id => '00000000-0000-0000-0000-000000000002')).accepted, true, 'is answered again');
UPDATE ledger.request SET requested_by = 'hold_other' WHERE request_id = '00000000-0000-0000-0000-000000000003';
SELECT throws_ok($$SELECT api.register_person('留住', request_id => '00000000-0000-0000-0000-000000000003')$$, 'RG080', NULL, 'but not to others');
SELECT is(pg_temp.purge(today() + 150), NULL, 'half a year it is kept');
SELECT is(pg_temp.purge(today() + 190) ~ 'answer 1$', true, 'then it goes');
SELECT is((SELECT count(*)::integer FROM ledger.request WHERE answer IS NULL), 1, 'but for who is held');
UPDATE ledger.request SET requested_at = '2024-03-01' WHERE answer IS NULL;
SELECT api.register_person('新来', request_id => '00000000-0000-0000-0000-000000000002');
SET LOCAL residency.language = 'zh';
SELECT api.register_person('新来', request_id => '00000000-0000-0000-0000-000000000002');
SET LOCAL residency.language = 'en';

-- what cannot become one: told before it is tried
INSERT INTO registry.person (person_id, name) OVERRIDING SYSTEM VALUE VALUES (9021, '甲'), (9022, '乙');
CREATE ROLE hold_self;
INSERT INTO registry.operator (operator_id, account, name, person_id) OVERRIDING SYSTEM VALUE VALUES (9021, 'hold_other', '甲', 9021), (9022, 'hold_self', '乙', 9022);
INSERT INTO registry.restriction (restriction_id, person_id, ground, period) OVERRIDING SYSTEM VALUE VALUES (9021, 9021, 'claim', '[2020-01-01,2021-01-01)'), (9022, 9022, 'claim', '[2020-06-01,2021-06-01)');
INSERT INTO registry.legal_hold (legal_hold_id, person_id, legal_basis, period) OVERRIDING SYSTEM VALUE VALUES (9021, 9021, '案', '[2020-01-01,2021-01-01)'), (9022, 9022, '案', '[2020-06-01,2021-06-01)'), (9023, 9022, '后', '[2999-01-01,)');
INSERT INTO registry.investigation (investigation_id, record, record_id, reason) OVERRIDING SYSTEM VALUE VALUES (9022, 'person', 9022, '疑');
SELECT results_eq('SELECT * FROM registry.merge_conflict(9021, 9022) ORDER BY 1, 2',
    $$VALUES ('investigation', 9022::bigint, 9022::bigint), ('legal_hold', 9021, 9022), ('legal_hold', 9023, 9023), ('operator', 9021, 9022), ('restriction', 9021, 9022)$$,
    'holds and restrictions of one time or to come, an open investigation, two accounts');

-- whoever is restricted is so by every key of their records
INSERT INTO registry.person (person_id, name) OVERRIDING SYSTEM VALUE VALUES (9031, '丙');
INSERT INTO registry.employment (employment_id, employer_id, person_id, hired_on) OVERRIDING SYSTEM VALUE VALUES (9031, 9001, 9031, '2024-01-01');
INSERT INTO registry.tenancy (tenancy_id, dwelling_id, person_id, landlord_person_id, starts_on) OVERRIDING SYSTEM VALUE VALUES (9031, 9003, 9031, 9021, '2024-01-01');
INSERT INTO registry.ownership (ownership_id, dwelling_id, person_id, starts_on) OVERRIDING SYSTEM VALUE VALUES (9031, 9003, 9031, '2024-01-01');
INSERT INTO registry.schooling (schooling_id, person_id, school_name, division, level, starts_on) OVERRIDING SYSTEM VALUE SELECT 9031, 9031, '小学', '460105', min(code), '2024-01-01' FROM code.value WHERE list = 'school_level';
SELECT is((api.restrict_person(9031, 'claim')).accepted, true);
SELECT throws_ok('SELECT api.end_employment(9031, ''2024-06-01'')', 'RG354', NULL, 'not their work');
SELECT throws_ok('SELECT api.end_tenancy(9031, ''2024-06-01'')', 'RG354', NULL, 'nor their lease');
SELECT throws_ok('SELECT api.end_ownership(9031, ''2024-06-01'')', 'RG354', NULL, 'nor what they own');
SELECT throws_ok('SELECT api.end_schooling(9031, ''2024-06-01'')', 'RG354', NULL, 'nor their studies');
SELECT * FROM finish();
ROLLBACK;
