-- Rights of the person: what is held and shown, corrections and what they contradict, restriction, legal hold, emergency copies.
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

-- a father, his child, a landlord, a clerk's household; a dwelling in Haikou
INSERT INTO registry.person (person_id, resident_id, name, sex, birth_date, phone, household_division) OVERRIDING SYSTEM VALUE VALUES
    (9001, '11010519491231002X', '王小明', NULL, NULL, '13800000001', '430102'),
    (9002, NULL, '王明明', '1', '2015-05-05', NULL, '430102'),
    (9003, NULL, '欧阳房东', '2', '1970-01-01', '13800000003', '460105'),
    (9004, NULL, '李四', '1', '1980-01-01', NULL, '430102');
INSERT INTO registry.identity_document (person_id, document_type, document_number) VALUES (9001, '414', 'E1234567');
INSERT INTO registry.dwelling (dwelling_id, kind, address, division, safety_letter_on, let_state, landlord_person_id) OVERRIDING SYSTEM VALUE VALUES
    (9001, 'unit', 'Right Road 1', '460105001001', '2020-01-01', 'let', 9003);
INSERT INTO registry.residence (residence_id, person_id, dwelling_id, arrived_on, state, guardian_person_id, reporter_person_id) OVERRIDING SYSTEM VALUE VALUES
    (9001, 9001, 9001, '2024-01-01', 'active', NULL, 9003), (9002, 9002, 9001, '2024-01-01', 'active', 9001, NULL), (9004, 9004, 9001, '2024-01-01', 'active', NULL, NULL);
INSERT INTO registry.tenancy (tenancy_id, dwelling_id, person_id, landlord_person_id, starts_on, monthly_rent) OVERRIDING SYSTEM VALUE VALUES (9001, 9001, 9001, 9003, '2024-01-01', 2000);
INSERT INTO registry.contact (residence_id, kind, happened_on, reached) VALUES (9001, 'visit', '2024-02-01', true);
INSERT INTO registry.access_credential (token, person_id, period) VALUES ('00000000-0000-0000-0000-000000009001', 9001, '[2024-01-01,)');
INSERT INTO ledger.change (changed_at, actor, act, table_name, key, operation, image, salt) VALUES
    ('2024-01-01 01:00+00', 'clerk', 'register_person', 'registry.person', '{"person_id": 9001}', 'I', '{"person_id": 9001, "name": "王小"}', gen_random_uuid()),
    ('2024-01-02 01:00+00', 'clerk', 'register_arrival', 'registry.residence', '{"residence_id": 9001}', 'I', '{"residence_id": 9001, "person_id": 9001, "reporter_person_id": 9003}', gen_random_uuid());

-- what is held: nothing is left undecided
SELECT is_empty($$
    SELECT c.oid::regclass, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relnamespace IN ('registry'::regnamespace, 'ledger'::regnamespace, 'code'::regnamespace, 'policy'::regnamespace)
      AND c.relkind IN ('r', 'p') AND NOT c.relispartition
      AND (a.attname ~ 'person|resident_id' OR a.atttypid = 'resident_id'::regtype
           OR EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'f' AND k.confrelid = 'registry.person'::regclass AND a.attnum = ANY (k.conkey)))
      AND a.attname <> ALL ('{spot_check_person_id,person_merge_id,removed_person_id}')
      AND NOT (c.oid = 'registry.person'::regclass AND a.attname = 'resident_id')
      -- who has read is told by api.access_log()
      AND c.oid <> 'ledger.read'::regclass
      AND NOT EXISTS (SELECT FROM code.person_data d WHERE d.table_name::regclass = c.oid AND d.column_name = a.attname)$$,
    'of every column that names a person it is decided whose data it is: code.person_data');
SELECT is_empty($$
    SELECT DISTINCT k.conrelid::regclass, k.confrelid::regclass FROM pg_constraint k
    WHERE k.contype = 'f' AND k.conparentid = 0
      AND k.confrelid IN (SELECT d.table_name::regclass FROM code.person_data d WHERE d.role = 'subject')
      AND k.confrelid NOT IN ('registry.person'::regclass, 'registry.clock'::regclass)
      AND NOT EXISTS (SELECT FROM code.person_data d WHERE d.table_name::regclass = k.conrelid)
      -- what hangs on observations and merges says nothing more
      AND k.conrelid NOT IN ('registry.conflict'::regclass, 'registry.person_merge_row'::regclass)$$,
    'and of every table that hangs on such a record');
SELECT is_empty($$SELECT d.table_name, d.column_name FROM code.person_data d
    WHERE NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = to_regclass(d.table_name) AND a.attname = d.column_name)$$, 'nothing is decided that there is not');
SELECT is_empty($$SELECT d.retention_kind FROM code.person_data d WHERE d.retention_kind IS NOT NULL AND NOT is_code('retention_kind', d.retention_kind)$$, 'every kind of data has its retention');
SELECT is_empty($$SELECT d.role FROM code.person_data d WHERE NOT is_code('person_role', d.role)$$, 'every role is in its list');
SELECT is_empty($$SELECT v.code FROM code.value v WHERE v.list = 'retention_kind' AND NOT EXISTS (SELECT FROM policy.rule r WHERE r.key = 'retention_' || v.code)$$, 'every kind of data has its policy');

-- what is shown
CREATE TEMP TABLE exported AS SELECT api.export_person(9001) AS e;
CREATE TEMP VIEW section AS SELECT s ->> 'table' AS name, s ->> 'column' AS col, s FROM exported, jsonb_array_elements(e -> 'sections') AS s;
SELECT results_eq('SELECT name, col, jsonb_array_length(s -> ''rows'') FROM section ORDER BY 1, 2',
    $$VALUES ('registry.access_credential', 'person_id', 1), ('registry.contact', 'residence_id', 1), ('registry.identity_document', 'person_id', 1),
             ('registry.person', 'person_id', 1), ('registry.residence', 'guardian_person_id', 1), ('registry.residence', 'person_id', 1), ('registry.tenancy', 'person_id', 1)$$,
    'everything held about a person');
SELECT is(s #>> '{rows,0,name}', '王小明', 'as it is') FROM section WHERE name = 'registry.person';
SELECT is(s #> '{columns,birth_date}', '{"zh": "出生日期", "en": "Day of birth"}', 'in Chinese and English') FROM section WHERE name = 'registry.person';
SELECT is(ARRAY[s #>> '{rows,0,state_name}', s ->> 'name'], ARRAY['在住', '居住登记'], 'codes in words') FROM section WHERE name = 'registry.residence' AND col = 'person_id';
SELECT is(ARRAY[s #>> '{rows,0,landlord_person_id}', s #>> '{rows,0,person_id}'], ARRAY['欧**东', '9001'], 'the landlord is masked') FROM section WHERE name = 'registry.tenancy';
SELECT is(s #>> '{rows,0,person_id}', '王*明', 'so is the child; of its record only what concerns the guardian is shown') FROM section WHERE col = 'guardian_person_id';
SELECT is(s #> '{rows,0,channel}', NULL) FROM section WHERE col = 'guardian_person_id';
SELECT is(ARRAY[s #>> '{rows,0,history,0,act}', s #>> '{rows,0,history,0,actor}', s #>> '{rows,0,history,0,record,name}'], ARRAY['register_person', 'clerk', '王小'],
    'with its source and history') FROM section WHERE name = 'registry.person';
SELECT is(s #>> '{rows,0,history,0,record,reporter_person_id}', '欧**东', 'where others are masked, too') FROM section WHERE name = 'registry.residence' AND col = 'person_id';
SELECT is((SELECT count(*)::integer FROM exported WHERE e::text ~ '欧阳房东|王明明|13800000003'), 0, 'nothing of others comes through');
SELECT is_empty('SELECT name FROM section WHERE s ->> ''legal_basis'' IS NULL OR s ->> ''name'' IS NULL', 'every section says why it is held');
SELECT is(e -> 'legal_basis', '"个人信息保护法 Art. 45"') FROM exported;
SELECT is((SELECT count(*)::integer FROM jsonb_array_elements(api.export_person(9003) -> 'sections') AS s WHERE s ->> 'role' = 'party'), 3,
    'a landlord sees dwellings, leases and reports');
-- the citizen's own
CREATE ROLE right_citizen;
INSERT INTO registry.operator (account, name, person_id) VALUES ('right_citizen', 'citizen', 9004);
SELECT throws_ok('SELECT api.my_data()', 'RG349', NULL, 'who is nobody is shown nothing');
GRANT USAGE ON SCHEMA api, registry, code, ledger, policy, residency TO right_citizen;
GRANT SELECT ON ALL TABLES IN SCHEMA api, registry, code, ledger, policy TO right_citizen;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA api, registry, ledger TO right_citizen;
SET ROLE right_citizen;
SELECT is(api.my_data() ->> 'person_id', '9004', 'the citizen sees their own');
RESET ROLE;

-- an office that sees the place
CREATE ROLE right_clerk;
GRANT right_citizen TO right_clerk;
INSERT INTO registry.operator (account, name) VALUES ('right_clerk', 'clerk');
INSERT INTO registry.operator_scope (operator_id, division, role, period) SELECT operator_id, '460105', 'clerk', '[2020-01-01,)' FROM registry.operator WHERE account = 'right_clerk';
SET residency.purpose = 'case 1';

-- correction: asked for, decided, both versions kept
CREATE TEMP TABLE step (correction_id bigint);
INSERT INTO step SELECT (api.correct_person(9001, '{"phone": "13900000009", "name": "王晓明"}', '户口簿', asked_on => '2024-03-01')).record_id;
SELECT results_eq('SELECT state, items, due_on FROM api.correction WHERE correction_id = (SELECT max(correction_id) FROM step)',
    $$VALUES ('asked' COLLATE "C", '{name,phone}'::text[], '2024-03-22'::date)$$, 'fifteen working days');
SELECT is((api.decide_correction((SELECT max(correction_id) FROM step), decided_on => '2024-03-05')).state, 'granted');
SELECT results_eq('SELECT former, corrected, state FROM registry.correction WHERE correction_id = (SELECT max(correction_id) FROM step)',
    $$VALUES ('{"name": "王小明", "phone": "13800000001"}'::jsonb, '{"name": "王晓明", "phone": "13900000009"}'::jsonb, 'granted' COLLATE "C")$$, 'both versions');
SELECT is((SELECT c.state FROM registry.clock c JOIN registry.correction k USING (clock_id) WHERE k.correction_id = (SELECT max(correction_id) FROM step)), 'stopped', 'the clock stops');
SELECT is((SELECT name FROM registry.person WHERE person_id = 9001), '王晓明');
-- a wrong number: birth date and sex go with it, and what hung on them is told
INSERT INTO step SELECT (api.correct_person(9001, '{"resident_id": "440113201201011233"}', asked_on => '2024-03-01')).record_id;
SELECT is((api.decide_correction((SELECT max(correction_id) FROM step), decided_on => '2024-03-05')).warning, 'guardian_not_of_age, minor_without_guardian',
    'the guardian turns out to be a child');
SELECT results_eq('SELECT birth_date, sex FROM registry.person WHERE person_id = 9001', $$VALUES ('2012-01-01'::date, '1' COLLATE "C")$$, 'the number brings its birth date');
SELECT is((SELECT former ->> 'birth_date' FROM registry.correction WHERE correction_id = (SELECT max(correction_id) FROM step)), '1949-12-31', 'the former one is kept');
SELECT is((SELECT jsonb_array_length(contradictions) FROM api.correction WHERE correction_id = (SELECT max(correction_id) FROM step)), 2, 'and it stays on the list');
SELECT is((api.decide_correction((api.correct_person(9001, '{"resident_id": "11010519491231002X"}', asked_on => '2024-03-06')).record_id, decided_on => '2024-03-07')).warning, NULL, 'until it is put right');
SELECT is((SELECT contradictions FROM api.correction WHERE correction_id = (SELECT max(correction_id) FROM step)), NULL);
SELECT is((api.decide_correction((api.correct_person(9001, '{"birth_date": "1950-01-01"}', asked_on => '2024-03-06')).record_id, dry_run => true)).code, 'RG003', 'the rules of a person hold');
SELECT is((api.decide_correction((api.correct_person(9004, '{"birth_date": "2024-02-01"}', asked_on => '2024-03-06')).record_id, dry_run => true)).warning,
    'arrival_before_birth, minor_without_guardian', 'a rehearsal tells what would contradict');
SELECT is((api.decide_correction((api.correct_person(9004, '{"household_division": ""}', asked_on => '2024-03-06')).record_id, decided_on => '2024-03-07')).state, 'granted');
SELECT is((SELECT household_division FROM registry.person WHERE person_id = 9004), NULL, 'an empty text empties an item');
-- refused, and refusals
SELECT is((api.decide_correction((api.correct_person(9004, '{"name": "李五"}', asked_on => '2024-03-06')).record_id, false, '证明材料不足', '2024-03-07')).state, 'refused');
SELECT is((SELECT name FROM registry.person WHERE person_id = 9004), '李四');
INSERT INTO step SELECT (api.correct_person(9004, '{"name": "李五"}', asked_on => '2024-03-06')).record_id;
SELECT throws_ok('SELECT api.decide_correction(max(correction_id), false) FROM step', 'RG353');
SELECT throws_ok('SELECT api.decide_correction(min(correction_id)) FROM step', 'RG352');
SELECT api.correct_person(9004, '{"name": "李四"}');
SELECT api.correct_person(9004, '{"died_on": "2020-01-01"}');
UPDATE registry.correction SET corrected = '{}' WHERE correction_id = (SELECT max(correction_id) FROM step);
DELETE FROM registry.correction;

-- restriction: nobody sees it but who must, and no act but what the law asks for
SELECT is((api.restrict_person(9001, 'accuracy', '2024-01-01')).state, 'running');
SELECT is((SELECT count(*)::integer FROM api.current_resident WHERE person_id IN (9001, 9004)), 2, 'the owner sees it');
SET ROLE right_clerk;
SELECT is((SELECT string_agg(person_id::text, ' ') FROM api.current_resident WHERE person_id IN (9001, 9004)), '9004', 'others do not');
SELECT is((SELECT count(*)::integer FROM api.dwelling_overview(9001, '2024-02-01') WHERE entity = 'person' AND entity_id = 9001), 0, 'nor in overviews');
SELECT api.person_overview(9001);
SET LOCAL residency.language = 'zh';
SELECT api.person_overview(9001);
SET LOCAL residency.language = 'en';
RESET ROLE;
SELECT throws_ok('SELECT api.change_residence(9001, 9001)', 'RG354', NULL, 'no act goes on');
SELECT throws_ok('SELECT api.verify_residence(9001)', 'RG354', NULL, 'by whatever key');
SELECT throws_ok('SELECT api.verify_residence(999)', 'RG012', NULL, 'others are not concerned');
SELECT is((api.register_departure(9001, '2024-06-01', dry_run => true)).accepted, true, 'what the law asks for does');
SELECT throws_ok('SELECT api.restrict_person(9001, ''claim'')', 'RG355');
SELECT (api.lift_restriction((SELECT max(restriction_id) FROM registry.restriction), '已核实', '2024-03-01')).state;
SELECT throws_ok('SELECT api.lift_restriction(max(restriction_id), ''再次'') FROM registry.restriction', 'RG356');
SELECT throws_ok('SELECT api.lift_restriction(999999, ''x'')', 'RG137');
SELECT is((api.restrict_person(9002, 'claim', '2024-01-01', '2024-02-01')).accepted, true, 'a restriction of the past');
SELECT throws_ok($$SELECT api.restrict_person(9002, 'claim', '2024-02-01', '2024-02-01')$$, 'RG356', NULL, 'has its days');
SELECT throws_ok($$SELECT api.restrict_person(9999, 'claim')$$, 'RG010');
SELECT throws_ok($$SELECT api.restrict_person(9002, 'whim')$$, 'RG006');

SELECT is_empty($$
    SELECT c.oid::regclass FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'api'::regnamespace AND c.relkind = 'v' AND a.attname = 'person_id' AND pg_get_viewdef(c.oid) !~ 'withheld_persons'
      -- what somebody asked for on their own behalf
      AND c.relname <> 'correction'$$, 'every view of the api that shows persons withholds them');
-- nobody's account
SELECT api.my_data();

-- emergencies
CREATE TEMP TABLE crisis AS SELECT (api.begin_emergency('台风', 'natural_disaster', '460105', '转移安置', today() + 10, '2')).record_id AS id;
SELECT is((api.take_emergency_copy(id, 'resident')).state, 'taken', 'data is taken for an emergency') FROM crisis;
SELECT is((api.take_emergency_copy(id, 'dwelling', '460105001001')).state, 'taken') FROM crisis;
SELECT results_eq('SELECT kind, row_count, jsonb_array_length(rows), digest = sha256(convert_to(rows::text, ''UTF8'')) FROM registry.emergency_copy ORDER BY kind',
    $$VALUES ('dwelling' COLLATE "C", 1, 1, true), ('resident' COLLATE "C", 3, 3, true)$$);
SELECT throws_ok(format('SELECT api.take_emergency_copy(%s, ''resident'', ''4601'')', id), 'RG365') FROM crisis;
SELECT throws_ok('SELECT api.take_emergency_copy(999999, ''resident'')', 'RG137');
SELECT api.begin_emergency('聚集', 'social_security', '460105', '处置', today(), '1');
SELECT throws_ok($$SELECT api.begin_emergency('台风', 'natural_disaster', '460105', '转移', '2020-01-01', '2')$$, 'RG127', NULL, 'it has an end to come');
SELECT throws_ok('UPDATE registry.emergency_copy SET rows = ''[]''', 'RG350', NULL, 'a copy stays as it was taken');
SELECT throws_ok('DELETE FROM registry.emergency_copy', 'RG350', NULL, 'and is destroyed by its act alone');
SELECT is((api.keep_emergency_copy(min(emergency_copy_id), '案件1号')).state, 'kept', 'one is evidence') FROM registry.emergency_copy;
SELECT is((api.prolong_emergency(id, today() + 20)).state, 'running') FROM crisis;
SELECT is((api.end_emergency(id, '响应终止')).state, 'ended') FROM crisis;
SELECT results_eq('SELECT copies, kept_as_evidence, destroyed FROM api.emergency', $$VALUES (1::bigint, 1::bigint, 1::bigint)$$, 'the others are destroyed');
SELECT results_eq('SELECT kind, row_count, length(digest) FROM ledger.destruction', $$VALUES ('dwelling' COLLATE "C", 1, 32)$$, 'of which a certificate remains');
SELECT throws_ok('DELETE FROM ledger.destruction', 'RG350', NULL, 'for good');
SELECT throws_ok(format('SELECT api.end_emergency(%s, ''x'')', id), 'RG364') FROM crisis;
SELECT throws_ok(format('SELECT api.take_emergency_copy(%s, ''resident'')', id), 'RG364', NULL, 'then nothing is taken any more') FROM crisis;
SELECT is((api.keep_emergency_copy(min(emergency_copy_id))).state, 'released') FROM registry.emergency_copy;
SELECT cmp_ok(registry.due_purges(today(), 10), '=', 1, 'the nightly run destroys what is released');
SELECT results_eq('SELECT copies, destroyed FROM api.emergency', $$VALUES (0::bigint, 2::bigint)$$);
-- who forgot to end it
INSERT INTO registry.emergency (name, kind, division, purpose, began_at, ends_on) VALUES ('疫情', 'public_health', '460105', '流调', '2024-01-01 00:00+08', '2024-02-01');
SELECT throws_ok('SELECT api.take_emergency_copy(max(emergency_id), ''resident'') FROM registry.emergency', 'RG364', NULL, 'it has ended by itself');

-- no pass for others
SELECT is(rewrites(), false, 'nobody rewrites now');
SET ROLE right_citizen;
SELECT throws_ok('INSERT INTO ledger.rewrite (act) VALUES (''purge'')', '42501', NULL, 'and who is not the owner cannot');
RESET ROLE;
REVOKE ALL ON ALL TABLES IN SCHEMA ledger FROM right_citizen;
SET ROLE right_citizen;
SELECT is(rewrites(), false, 'nor who may not look');
RESET ROLE;
SELECT * FROM finish();
ROLLBACK;
