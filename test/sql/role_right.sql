-- The past, the rights of the person, emergencies and exports in the hands of those whose work they are: allowed at home, refused elsewhere and to the wrong role.
\set ECHO none
\getenv test PG_ABS_SRCDIR
\set database residency_role_right
\i :test/lib/role.sql
DO $$
DECLARE
    account text;
BEGIN
    FOREACH account IN ARRAY '{test_manager_b,test_manager_city}'::text[] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = account) THEN
            EXECUTE format('CREATE ROLE %I LOGIN', account);
        END IF;
        EXECUTE format('GRANT residency_manager TO %I', account);
    END LOOP;
END $$;
SET SESSION AUTHORIZATION test_owner;
-- the city of Haikou has both towns
SELECT api.register_operator('test_manager_b', '乙镇主管'), api.register_operator('test_manager_city', '市主管') \g /dev/null
SELECT api.grant_scope(o.operator_id, CASE WHEN o.account LIKE '%b' THEN '460106003' ELSE '4601' END, 'manager')
FROM registry.operator o WHERE o.account IN ('test_manager_b', 'test_manager_city') \g /dev/null
-- 5 lived in town A for a month, and now lives in B
SELECT api.register_person('曾住者', birth_date => '1992-02-02'),
       api.register_arrival(5, 2, residency.today() - 30, verified => true), api.change_residence(5, 3, residency.today() - 5, verified => true) \g /dev/null
-- 6 of town A and 7 of B, who has left, are one
SELECT api.register_person('同一人', birth_date => '1980-03-03', phone => '13900000006'), api.register_person('同一人', birth_date => '1980-03-03', phone => '13900000006'),
       api.register_arrival(6, 1, residency.today() - 10), api.register_arrival(7, 3, residency.today() - 40), api.register_departure(7, residency.today() - 20) \g /dev/null
UPDATE registry.dwelling SET location = 'SRID=4490;POINT(110.3 20.0)' WHERE dwelling_id = 1;
UPDATE registry.dwelling SET landlord_person_id = 3 WHERE dwelling_id = 2;
-- what a tile draws from, as who acts
CREATE FUNCTION public.places() RETURNS SETOF text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = residency, public
    AS $$ SELECT format('%s: %s', p.address, p.residents) FROM map.places(ST_MakeEnvelope(110, 19, 111, 21, 4490)) p $$;
-- 8, a child of town A who has left
SELECT api.register_person('幼童', birth_date => '2020-01-01'), api.register_arrival(8, 1, residency.today() - 60, guardian_person_id => 6),
       api.register_departure(8, residency.today() - 50) \g /dev/null
RESET SESSION AUTHORIZATION;
CREATE FUNCTION public.elsewhere(account text, thing text) RETURNS text LANGUAGE sql AS $$
    SELECT format('RG330 this is not yours to look at or to change %s: nothing of that is in the divisions where %s acts today.', thing, account) $$;
SELECT * FROM no_plan();

-- the past: who may look at the present may look at the past there
SELECT is(as_role('test_clerk_a', 'SELECT name, phone, extract(year FROM birth_date), known_through FROM api.person_as_of(1)'), '(甲一,13800000001,1949,)', 'a person as they were known');
SELECT is(as_role('test_collector_a', 'SELECT name, phone, birth_date FROM api.person_as_of(1)'), '(甲一,13800000001,)', 'masked as today');
SELECT is(as_role('test_manager_a', 'SELECT name, resident_id, phone FROM api.person_as_of(1)'), '(甲一,110105********002X,138****0001)', 'for each role');
SELECT is(as_role('test_clerk_a', 'SELECT name FROM api.person_as_of(2)'), elsewhere('test_clerk_a', 'person 2'), 'not of elsewhere');
SELECT is(as_role('test_clerk_a', 'SELECT name FROM api.person_as_of(999)'), elsewhere('test_clerk_a', 'person 999'), 'in the same words as of nobody');
SELECT is(as_role('test_analyst_a', 'SELECT name FROM api.person_as_of(1)'), '42501 permission denied for function person_as_of', 'not for who counts');
SELECT is(as_role('test_auditor', 'SELECT name FROM api.person_as_of(1)'), '42501 permission denied for function person_as_of', 'not for auditors');
SELECT is(as_role('test_clerk_a', 'SELECT person_id, state FROM api.residence_as_of(1)'), '(1,active)', 'a residence');
SELECT is(as_role('test_clerk_a', 'SELECT person_id FROM api.residence_as_of(2)'), elsewhere('test_clerk_a', 'residence 2'), 'not of elsewhere');
SELECT is(as_role('test_collector_a', 'SELECT address FROM api.dwelling_as_of(1)'), '(甲路1号)', 'a dwelling');
SELECT is(as_role('test_clerk_a', 'SELECT address FROM api.dwelling_as_of(3)'), elsewhere('test_clerk_a', 'dwelling 3'), 'not of elsewhere');
SELECT is(as_role('test_police_a', 'SELECT state FROM api.permit_as_of(1)'), elsewhere('test_police_a', 'permit 1'), 'a permit that is not there');
SELECT is(as_role('test_collector_a', 'SELECT state FROM api.permit_as_of(1)'), '42501 permission denied for function permit_as_of', 'permits are not for collectors');
SELECT is(as_role('test_clerk_a', 'SELECT person_id, name FROM api.resident_on(''4601'', residency.today() - 8)'), '(5,) (6,同一人)',
    'who lived in the own town; of who has moved away the residence alone');
SELECT is(as_role('test_clerk_b', 'SELECT person_id, name FROM api.resident_on(''4601'', residency.today() - 8)'), '-', 'who comes later is not told where they lived');
SELECT is(as_role('test_clerk_b', 'SELECT person_id, name FROM api.resident_on(''4601'', residency.today() - 4)'), '(5,曾住者)', 'but what is theirs');
SELECT is(as_role('test_manager_city', 'SELECT person_id, name FROM api.resident_on(''460105001'', residency.today() - 8)'), '(5,曾住者) (6,同一人)', 'who has both towns sees both');
SELECT results_eq($$SELECT DISTINCT object, asked - 'known_at', persons FROM ledger.read WHERE actor = 'test_clerk_a' AND object ~ '^api[.](person_as|resident_on)' AND persons <> '{}' ORDER BY 1$$,
    format($$VALUES ('api.person_as_of' COLLATE "C", '{"person_id": 1}'::jsonb, '{1}'::bigint[]), ('api.resident_on', '{"division": "460100", "valid_on": "%s"}', '{5,6}')$$, to_char(residency.today() - 8, 'YYYY-MM-DD')),
    'readings of the past are kept');
BEGIN;
SET LOCAL residency.purpose = '';
SELECT is(as_role('test_clerk_a', 'SELECT name FROM api.person_as_of(1)'), 'RG340 say what personal data are read for api.person_as_of shows personal data plain, and the session says no purpose.', 'and want a purpose');
COMMIT;

-- what is in doubt
SELECT is(as_role('test_clerk_a', $$SELECT (api.open_investigation('dwelling', 1, '门牌不符')).record_id$$), '(1)', 'a clerk opens an investigation');
SELECT is(as_role('test_clerk_a', $$SELECT (api.open_investigation('person', 2, 'x')).record_id$$), elsewhere('test_clerk_a', 'person 2'), 'not elsewhere');
SELECT is(as_role('test_manager_a', $$SELECT (api.open_investigation('person', 1, 'x')).record_id$$), '42501 permission denied for function open_investigation', 'a manager does not');
SELECT is(as_role('test_clerk_b', $$SELECT (api.close_investigation(1, 'x')).state$$), elsewhere('test_clerk_b', 'investigation 1'), 'which others do not close');
SELECT is(as_role('test_clerk_b', $$SELECT (api.close_investigation(99, 'x')).state$$), elsewhere('test_clerk_b', 'investigation 99'), 'nor learn of');
SELECT is(as_role('test_police_a', $$SELECT (api.close_investigation(1, '属实')).state$$), '(closed)', 'the police of the town does');
SELECT is(as_role('test_clerk_a', $$SELECT accepted, code FROM api.submit('open_investigation', '[{"record": "person", "record_id": 1, "reason": "x"}, {"record": "person", "record_id": 2, "reason": "x"}]')$$),
    '(f,RG330) (t,)', 'in batches as well');

-- correction: who takes does not decide
SELECT is(as_role('test_clerk_a', $$SELECT (api.correct_person(1, '{"phone": "13800000011"}')).state$$), '(asked)', 'the window takes a correction');
SELECT is(as_role('test_clerk_a', $$SELECT (api.correct_person(2, '{"phone": "13800000011"}')).state$$), elsewhere('test_clerk_a', 'person 2'), 'of their own people');
SELECT is(as_role('test_clerk_a', $$SELECT code FROM api.submit('correct_person', '[{"person_id": 2, "corrected": {"phone": "13800000011"}}]')$$), '(RG330)', 'in batches as well');
SELECT is(as_role('test_collector_a', $$SELECT (api.correct_person(1, '{"phone": "13800000011"}')).state$$), '42501 permission denied for function correct_person', 'collectors do not');
SELECT is(as_role('test_clerk_a', 'SELECT (api.decide_correction(1)).state'), '42501 permission denied for function decide_correction', 'nor decide it');
SELECT is(as_role('test_clerk_a', $$SELECT accepted FROM api.submit('decide_correction', '[{"correction_id": 1}]')$$), '42501 permission denied for function decide_correction', 'by no way');
SELECT is(as_role('test_manager_b', 'SELECT (api.decide_correction(1)).state'), elsewhere('test_manager_b', 'correction 1'), 'nobody of elsewhere decides');
SELECT is(as_role('test_manager_b', 'SELECT (api.decide_correction(99)).state'), elsewhere('test_manager_b', 'correction 99'), 'or learns what is there');
SELECT is(as_role('test_manager_a', 'SELECT (api.decide_correction(1)).state'), '(granted)', 'the manager does');
SELECT is(as_role('test_police_a', $$SELECT (api.correct_person(1, '{"phone": "13800000012"}')).record_id$$), '(2)', 'the police take, too');
SELECT is(as_role('test_police_a', 'SELECT (api.decide_correction(2)).state'), 'RG367 somebody else decides on this registry.correction 2 was entered by the same account.', 'and then do not decide');
SELECT is(as_role('test_clerk_a', 'SELECT correction_id, state FROM api.correction'), '(1,granted) (2,asked)', 'corrections of the own town');
SELECT is(as_role('test_clerk_b', 'SELECT correction_id, state FROM api.correction'), '-', 'are shown there alone');
BEGIN;
SELECT is(as_role('test_clerk_b', 'SELECT (api.change_residence(1, 3, residency.today(), verified => true)).state'), '(active)', 'who moves');
SELECT is(as_role('test_clerk_b', 'SELECT correction_id, due_on > asked_on FROM api.correction'), '(1,t) (2,t)', 'takes them along');
SELECT is(as_role('test_clerk_a', 'SELECT correction_id FROM api.correction'), '-', 'and leaves none');
ROLLBACK;

-- restriction and hold: whoever begins does not end
SELECT is(as_role('test_clerk_b', $$SELECT (api.restrict_person(1, 'accuracy')).state$$), elsewhere('test_clerk_b', 'person 1'), 'nobody restricts people of elsewhere');
SELECT is(as_role('test_police_a', $$SELECT (api.restrict_person(1, 'accuracy')).state$$), '(running)', 'the police restrict');
SELECT is(as_role('test_clerk_a', 'SELECT name FROM api.person_as_of(1)'), 'RG354 the act is not for this person''s data now Person 1 is restricted since ' || residency.today() || '; the act is person_as_of.',
    'then the past is not shown either');
SELECT is(as_role('test_clerk_a', 'SELECT state FROM api.residence_as_of(1)'), 'RG354 the act is not for this person''s data now Person 1 is restricted since ' || residency.today() || '; the act is residence_as_of.', 'by whatever key');
SELECT is(as_role('test_clerk_a', 'SELECT person_id FROM api.resident_on(''460105001'')'), '(3) (4) (6)', 'nor in lists') ;
SELECT is(as_role('test_clerk_a', 'SELECT correction_id FROM api.correction'), '-', 'nor what was corrected');
SELECT is(as_role('test_clerk_a', 'SELECT api.export_person(1)'), 'RG354 the act is not for this person''s data now Person 1 is restricted since ' || residency.today() || '; the act is export_person.', 'nor a copy');
SELECT is(as_role('test_police_a', 'SELECT name FROM api.person_as_of(1)'), '(甲一)', 'but to who must see it');
SELECT is(as_role('test_police_a', $$SELECT (api.lift_restriction(1, 'x')).state$$), 'RG367 somebody else decides on this registry.restriction 1 was entered by the same account.', 'who has restricted does not lift it');
SELECT is(as_role('test_clerk_a', $$SELECT (api.lift_restriction(1, 'x')).state$$), '42501 permission denied for function lift_restriction', 'nor does the window');
SELECT is(as_role('test_manager_b', $$SELECT (api.lift_restriction(1, 'x')).state$$), elsewhere('test_manager_b', 'restriction 1'), 'nor another town');
SELECT is(as_role('test_manager_a', $$SELECT (api.lift_restriction(1, '已核实', residency.today())).state$$), '(ended)', 'the manager does');
SELECT is(as_role('test_clerk_a', $$SELECT (api.hold_person(1, '案件1')).state$$), '42501 permission denied for function hold_person', 'holds are not for the window');
SELECT is(as_role('test_manager_b', $$SELECT (api.hold_person(1, '案件1')).state$$), elsewhere('test_manager_b', 'person 1'), 'nor for another town');
SELECT is(as_role('test_police_a', $$SELECT (api.hold_person(1, '案件1')).state$$), '(running)', 'the police hold');
SELECT is(as_role('test_police_a', $$SELECT (api.release_hold(1, 'x')).state$$), 'RG367 somebody else decides on this registry.legal_hold 1 was entered by the same account.', 'and do not release');
SELECT is(as_role('test_manager_b', $$SELECT (api.release_hold(1, 'x')).state$$), elsewhere('test_manager_b', 'legal_hold 1'), 'nor does another town');
SELECT is(as_role('test_manager_a', $$SELECT code FROM api.submit('release_hold', '[{"legal_hold_id": 1, "reason": "结案"}]')$$), '()', 'the manager does');

-- restriction: whoever is alone in a dwelling is not told by a number either, totals stay
CREATE FUNCTION public.told(account text) RETURNS text[] LANGUAGE sql AS $$
    SELECT ARRAY[as_role(account, 'SELECT residents FROM api.dwelling_occupancy WHERE dwelling_id = 2'),
                 as_role(account, 'SELECT residents FROM map.dwelling_without_location WHERE dwelling_id = 2'),
                 as_role(account, 'SELECT residents FROM map.dwelling'), as_role(account, 'SELECT * FROM public.places()'),
                 as_role(account, 'SELECT title FROM api.dwelling_overview(2) WHERE link = ''landlord'''),
                 as_role(account, 'SELECT landlord_person_id FROM api.dwelling_as_of(2)')] $$;
SELECT is(told('test_clerk_a'), '{(1),(1),(2),"(\"甲路1号: 2\")",(迁徙者),(3)}'::text[], 'the person of today is withheld already');
SELECT is(as_role('test_manager_a', 'SELECT residents FROM stat.resident_by_division WHERE division = ''460105001'''), '(4)', 'and the town');
BEGIN;
SELECT is(as_role('test_police_a', $$SELECT (api.restrict_person(p, 'accuracy')).state FROM unnest('{3,6}'::bigint[]) p$$), '(running) (running)', 'two are restricted');
SELECT is(told('test_clerk_a'), '{(0),(0),(1),"(\"甲路1号: 1\")",-,()}'::text[], 'a dwelling counts without them, and names no landlord');
SELECT is(told('test_police_a'), '{(1),(1),(3),"(\"甲路1号: 3\")",(迁徙者),(3)}'::text[], 'but to who must see them');
SELECT is(as_role('test_manager_a', 'SELECT residents FROM stat.resident_by_division WHERE division = ''460105001'''), '(4)', 'the town has as many as before');
ROLLBACK;

-- a copy for the person
SELECT is(as_role('test_clerk_a', 'SELECT jsonb_path_query_first(api.export_person(6), ''$.sections[0].rows[0].name'')'), '("""同一人""")', 'the window hands out a copy');
SELECT is(as_role('test_clerk_a', 'SELECT api.export_person(2)'), elsewhere('test_clerk_a', 'person 2'), 'of their own people');
SELECT is(as_role('test_collector_a', 'SELECT api.export_person(6)'), '42501 permission denied for function export_person', 'collectors do not');
SELECT results_eq($$SELECT plain, persons, plain_rows FROM ledger.read WHERE object = 'api.export_person' AND persons = '{6}'$$,
    $$VALUES ('{name,resident_id,document,phone,address,birth_date}'::text[], '{6}'::bigint[], 1::bigint)$$, 'and it is kept that they saw everything');
BEGIN;
SET LOCAL residency.purpose = '';
SELECT ok(as_role('test_clerk_a', 'SELECT api.export_person(6)') ~ '^RG340', 'for a purpose');
COMMIT;
BEGIN;
DELETE FROM policy.plain_data WHERE role = 'residency_clerk' AND data_kind = 'phone';
SELECT is(as_role('test_clerk_a', 'SELECT api.export_person(6)'), 'RG369 the copy holds what this account is not shown Account test_clerk_a does not see plain: phone.', 'who does not see all hands out nothing');
ROLLBACK;
SELECT is(as_role('test_citizen', 'SELECT api.my_data() ->> ''person_id'''), '(4)', 'a person takes their own');

-- deletion, merging: for managers, over the places of all who are concerned
SELECT is(as_role('test_police_a', $$SELECT (api.delete_minor(8, '监护人申请')).state$$), '42501 permission denied for function delete_minor', 'who registers does not delete');
SELECT is(as_role('test_manager_b', $$SELECT (api.delete_minor(8, '监护人申请')).state$$), elsewhere('test_manager_b', 'person 8'), 'nobody deletes elsewhere');
SELECT is(as_role('test_manager_a', $$SELECT (api.delete_minor(8, '监护人申请')).state$$), '(deleted)', 'a manager does');
SELECT is(as_role('test_manager_city', 'SELECT person_id, other_person_id FROM api.duplicate_person'), '(6,7)', 'who has both towns sees who may be one');
SELECT is(as_role('test_manager_a', 'SELECT person_id, other_person_id FROM api.duplicate_person'), '-', 'who has one does not');
SELECT is(as_role('test_manager_a', $$SELECT (api.merge_persons(6, 7, '同一人')).state$$), elsewhere('test_manager_a', 'person 7'), 'nor merges');
SELECT is(as_role('test_manager_b', $$SELECT (api.merge_persons(6, 7, '同一人')).state$$), elsewhere('test_manager_b', 'person 6'), 'from either side');
SELECT is(as_role('test_manager_a', $$SELECT code FROM api.submit('merge_persons', '[{"keep": 6, "remove": 7, "reason": "x"}]')$$), '(RG330)', 'in batches as well');
SELECT is(as_role('test_police_a', $$SELECT (api.merge_persons(6, 7, '同一人')).state$$), '42501 permission denied for function merge_persons', 'nor do the police');
SELECT is(as_role('test_manager_city', $$SELECT (api.merge_persons(6, 7, '同一人')).record_id$$), '(1)', 'but who has both');
SELECT is(as_role('test_manager_b', 'SELECT (api.undo_merge(1)).state'), elsewhere('test_manager_b', 'person_merge 1'), 'town B does not undo it');
SELECT is(as_role('test_manager_a', 'SELECT (api.undo_merge(1)).state'), elsewhere('test_manager_a', 'person 7'), 'nor does A, as somebody of B would be back');
SELECT is(as_role('test_manager_city', 'SELECT (api.undo_merge(1)).state'), '(undone)', 'but who has both');

-- emergencies: who declares one takes no data
SELECT is(as_role('test_manager_a', $$SELECT (api.begin_emergency('洪水', 'natural_disaster', '460106003', '转移', residency.today() + 10)).state$$), elsewhere('test_manager_a', 'division 460106003'), 'nobody declares one elsewhere');
SELECT is(as_role('test_police_a', $$SELECT (api.begin_emergency('洪水', 'natural_disaster', '460105001', '转移', residency.today() + 10)).state$$), '42501 permission denied for function begin_emergency', 'but the manager');
SELECT is(as_role('test_manager_a', $$SELECT (api.begin_emergency('洪水', 'natural_disaster', '460105001', '转移', residency.today() + 10)).state$$), '(running)', 'of the place');
SELECT is(as_role('test_manager_a', $$SELECT (api.take_emergency_copy(1, 'resident')).state$$), '42501 permission denied for function take_emergency_copy', 'who takes no data');
SELECT is(as_role('test_clerk_b', $$SELECT (api.take_emergency_copy(1, 'resident')).state$$), elsewhere('test_clerk_b', 'emergency 1'), 'nor does another town');
SELECT is(as_role('test_clerk_a', $$SELECT (api.take_emergency_copy(1, 'resident', '460106003')).state$$), elsewhere('test_clerk_a', 'division 460106003'), 'or of one');
SELECT is(as_role('test_clerk_a', $$SELECT (api.take_emergency_copy(1, 'resident')).state$$), '(taken)', 'the window does');
SELECT is(as_role('test_clerk_a', $$SELECT (api.keep_emergency_copy(1, '案件1')).state$$), '42501 permission denied for function keep_emergency_copy', 'which keeps none');
SELECT is(as_role('test_police_a', $$SELECT (api.keep_emergency_copy(99, '案件1')).state$$), elsewhere('test_police_a', 'emergency_copy 99'), 'a copy that is not there');
SELECT is(as_role('test_police_a', $$SELECT (api.keep_emergency_copy(1, '案件1')).state$$), '(kept)', 'the police keep evidence');
SELECT is(as_role('test_clerk_a', 'SELECT emergency_id, copies, kept_as_evidence FROM api.emergency'), '(1,1,1)', 'the town sees it');
SELECT is(as_role('test_clerk_b', 'SELECT emergency_id FROM api.emergency'), '-', 'others do not');
SELECT is(as_role('test_manager_b', 'SELECT (api.prolong_emergency(1, residency.today() + 20)).state'), elsewhere('test_manager_b', 'emergency 1'), 'nor prolong it');
SELECT is(as_role('test_manager_a', 'SELECT (api.prolong_emergency(1, residency.today() + 20)).state'), '(running)', 'the manager does');
SELECT is(as_role('test_manager_b', $$SELECT (api.end_emergency(1, 'x')).state$$), elsewhere('test_manager_b', 'emergency 1'), 'nobody of elsewhere ends it');
SELECT is(as_role('test_manager_a', $$SELECT (api.end_emergency(1, '结束')).state$$), '(ended)', 'the manager does');

-- exports: decided by who has all places of who asks
SELECT is(as_role('test_clerk_a', $$SELECT (api.request_export('report', 'current_resident', '{name}', '{"division": "460105001", "name": "甲一"}')).record_id$$), '(1)', 'a clerk asks');
SELECT is(as_role('test_manager_b', 'SELECT (api.decide_export(1, true)).state'), elsewhere('test_manager_b', 'export 1'), 'the manager of another town does not decide');
SELECT is(as_role('test_manager_b', $$SELECT code FROM api.submit('decide_export', '[{"export_id": 1, "granted": true}]')$$), '(RG330)', 'by no way');
SELECT is(as_role('test_manager_b', 'SELECT export_id FROM api.export'), '-', 'nor looks at it');
SELECT is(as_role('test_clerk_b', 'SELECT export_id FROM api.export'), '-', 'nor a clerk there');
SELECT is(as_role('test_clerk_a', 'SELECT export_id, filter ->> ''name'' FROM api.export'), '(1,甲一)', 'who asked does');
SELECT is(as_role('test_manager_a', 'SELECT export_id, filter ->> ''name'' FROM api.export'), '(1,甲一)', 'and who decides');
SELECT is(as_role('test_auditor', 'SELECT export_id, filter FROM api.export'), '(1,"{""name"": ""甲*"", ""division"": ""460105001""}")', 'and auditors, without the name');
BEGIN;
INSERT INTO registry.operator_scope (operator_id, division, role, period)
SELECT operator_id, '460106003', 'clerk', daterange(residency.today(), NULL) FROM registry.operator WHERE account = 'test_clerk_a';
SELECT is(as_role('test_manager_a', 'SELECT (api.decide_export(1, true)).state'), elsewhere('test_manager_a', 'export 1'), 'who asks acts elsewhere, too: their manager alone does not decide');
SELECT is(as_role('test_manager_city', 'SELECT (api.decide_export(1, true)).state'), '(approved)', 'but who has both towns');
ROLLBACK;
SELECT is(as_role('test_manager_a', 'SELECT (api.decide_export(1, true)).state'), '(approved)', 'the manager of the place does');

-- logs and no data
SELECT is(as_role('test_auditor', 'SELECT block_id FROM api.ledger_anchor()'), '()', 'the auditor asks for the anchor');
SELECT ok(as_role('test_auditor', 'SELECT api.ledger_headers(1)') ~ '^RG322', 'and the chain');
SELECT is(as_role('test_clerk_a', 'SELECT block_id FROM api.ledger_anchor()'), '42501 permission denied for function ledger_anchor', 'others do not');
SELECT ok(as_role('test_auditor', 'SELECT object FROM api.access_log(6)') ~ 'api.export_person', 'who was shown somebody');
SELECT is(as_role('test_auditor', 'SELECT count(*) > 0 FROM api.access_log(5)'), '(t)', 'wherever they live');
SELECT is(as_role('test_clerk_a', 'SELECT count(*) > 0 FROM api.access_log(6)'), '(t)', 'a clerk prints it');
SELECT is(as_role('test_clerk_a', 'SELECT count(*) FROM api.access_log(5)'), elsewhere('test_clerk_a', 'person 5'), 'for the own people');
SELECT is(as_role('test_police_a', 'SELECT count(*) FROM api.access_log(6)'), '42501 permission denied for function access_log', 'nobody else does');
SELECT is(as_role('test_auditor', 'SELECT count(*) FROM api.trace_export(''{1,2}'')'), '(0)', 'and which export leaked');

-- whether a number of a card is in use is nobody's elsewhere
SET session_replication_role = replica;
INSERT INTO registry.permit (person_id, residence_id, division, city, state, ground, applied_on, permit_number)
SELECT r.person_id, r.residence_id, r.division, '4601', 'valid', 'dwelling', '2025-01-01', '460106202500001' FROM registry.residence r WHERE r.division::text LIKE '460106003%' LIMIT 1;
RESET session_replication_role;
SELECT is((SELECT count(*) FROM registry.permit WHERE permit_number = '460106202500001'), 1::bigint, 'a card of the other town');
SELECT is(as_role('test_clerk_a', $$SELECT (api.cancel_permit(permit_number => '460106202500001')).accepted$$), elsewhere('test_clerk_a', 'permit 460106202500001'), 'a card of elsewhere is refused');
SELECT is(as_role('test_clerk_a', $$SELECT (api.cancel_permit(permit_number => '460106202500002')).accepted$$), elsewhere('test_clerk_a', 'permit 460106202500002'), 'in the words of one that is not there');

-- one account, one side
SELECT is(as_role('test_owner', $$SELECT (api.grant_scope(1, '460105001', 'police')).accepted$$), 'RG335 one account can''t be both Account test_clerk_a already acts as clerk, which excludes police.', 'who takes does not decide');
SELECT is(as_role('test_owner', $$SELECT (api.grant_scope(1, '460105001', 'manager')).accepted$$), 'RG335 one account can''t be both Account test_clerk_a already acts as clerk, which excludes manager.', 'anything');
SELECT is(as_role('test_owner', $$SELECT (api.grant_scope(1, '460105001', 'collector', dry_run => true)).accepted$$), '(t)', 'who takes may collect');
SELECT is_empty($$SELECT finding FROM residency.check() WHERE topic = 'role'$$, 'roles are in order');
GRANT residency_police TO test_clerk_a;
SELECT is((SELECT finding FROM residency.check() WHERE topic = 'role'), 'account test_clerk_a is a member of residency_clerk and of residency_police, which exclude each other', 'check() sees who has both');
REVOKE residency_police FROM test_clerk_a;
SELECT * FROM finish();
\c :home
DROP DATABASE residency_role_right;
