-- Permits: every step of the procedure and no other, what must be true before each, what follows, for every client.
\set ECHO none
\getenv test PG_ABS_SRCDIR
\i :test/lib/register.sql
\set ON_ERROR_ROLLBACK on
\set VERBOSITY sqlstate

BEGIN;
SET LOCAL search_path = public, residency;
SET LOCAL datestyle = 'ISO';
SET LOCAL client_min_messages = warning;
SELECT no_plan();

-- the type
SELECT is(string_agg(state::text, ' ' ORDER BY state),
    'draft submitted correction not_accepted accepted review refused making make_failed ready valid suspended lost replaced cancelled revoked',
    'sixteen states, in the order of the procedure') FROM permit_states();
SELECT is(array_agg(name_zh ORDER BY state), '{初录,待受理,补正,不予受理,已受理,审核中,不予办理,制证中,制证失败,可发证,有效,使用功能中止,挂失,已换领补领,注销,撤销收缴}',
    'with their Chinese names') FROM permit_states();
SELECT throws_ok(format('SELECT %L::permit_state', t), '22P02', NULL, format('%L is no state', left(t, 20)))
FROM unnest(ARRAY['', 'Valid', ' valid', 'valid ', '有效', repeat('x', 1000000)]) t;
SELECT ok(is_permit_state('lost') AND NOT is_permit_state('found') AND 'valid'::permit_state < 'suspended' AND 'valid'::text::permit_state::int2 = 11,
    'read, compared and kept as a number');
SELECT is(count(*), 44::bigint, 'forty-four steps') FROM permit_transitions();
SELECT is_empty($$
    SELECT s.state, e.event FROM (SELECT state FROM permit_states() UNION ALL SELECT NULL) s CROSS JOIN (SELECT DISTINCT event FROM permit_transitions()) e
    WHERE permit_next(s.state, e.event) IS DISTINCT FROM
          (SELECT t.to_state FROM permit_transitions() t WHERE t.from_state IS NOT DISTINCT FROM s.state AND t.event = e.event)$$,
    'permit_next() is the table, for every pair');
SELECT ok(permit_next('valid', NULL) IS NULL AND permit_next('valid', 'no such event') IS NULL AND permit_next(NULL, NULL) IS NULL, 'and nothing else');
SELECT is_empty($$SELECT state FROM permit_states() WHERE (phase = 'end') <> (permit_next(state, 'revoke') IS NULL AND state <> 'draft')$$,
    'from an end nothing leads on');

-- people of other provinces in Haikou, two homes there, one in Wenchang; an employer
INSERT INTO registry.person (person_id, name, birth_date, household_division) OVERRIDING SYSTEM VALUE
SELECT 8000 + n, 'Resident ' || n, '1990-01-01', '430102' FROM generate_series(1, 60) n;
INSERT INTO registry.person (person_id, name, birth_date, household_division) OVERRIDING SYSTEM VALUE VALUES
    (8101, 'Child', '2012-03-03', '430102'), (8102, 'Local', '1990-01-01', '460107'), (8103, 'From Wenchang', '1990-01-01', '469005'),
    (8104, 'Unknown', '1990-01-01', NULL), (8105, 'Jobless', '1990-01-01', '430102');
INSERT INTO registry.dwelling (dwelling_id, kind, address, division, safety_letter_on, let_state) OVERRIDING SYSTEM VALUE VALUES
    (8001, 'unit', 'Road 1', '460105001001', '2020-01-01', 'let'), (8002, 'unit', 'Road 2', '460106001002', '2020-01-01', 'let'),
    (8003, 'unit', 'Road 3', '469005100001', '2020-01-01', 'let');
INSERT INTO registry.employer (employer_id, registration_number, name, division) OVERRIDING SYSTEM VALUE VALUES (8001, '110108000000016', 'Works', '460105');
INSERT INTO registry.residence (residence_id, person_id, dwelling_id, arrived_on, state, reported_at, guardian_person_id) OVERRIDING SYSTEM VALUE
SELECT person_id, person_id, 8001, '2024-01-01', 'active', '2024-01-02 12:00+08', CASE person_id WHEN 8101 THEN 8001 END
FROM registry.person WHERE person_id BETWEEN 8001 AND 8105;
INSERT INTO registry.employment (person_id, employer_id, kind, hired_on)
SELECT person_id, 8001, 'contract', '2024-01-05' FROM registry.person WHERE person_id BETWEEN 8001 AND 8104;
INSERT INTO policy.setting (key, division, period, value, legal_basis) VALUES ('permit_replacement_fee', '4601', '[2016-01-01,)', '20', 'test');

CREATE FUNCTION pg_temp.enter(person bigint, "on" date DEFAULT '2024-08-01', proxy bigint DEFAULT NULL, ground text DEFAULT 'employment') RETURNS bigint LANGUAGE sql AS $$
    INSERT INTO registry.permit (person_id, applied_on, proxy_person_id, ground) VALUES (person, "on", proxy, ground) RETURNING permit_id $$;
CREATE FUNCTION pg_temp.take(permit bigint, event text, "on" date DEFAULT NULL, evidence jsonb DEFAULT '{}', reason text DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
    INSERT INTO registry.permit_event (permit_id, event, happened_on, evidence, reason) VALUES (permit, event, "on", evidence, reason) RETURNING to_state::text $$;
-- a permit of that person that has come so far
CREATE FUNCTION pg_temp.bring(person bigint, until text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    p bigint := pg_temp.enter(person);
    s text;
BEGIN
    FOREACH s IN ARRAY ARRAY['submitted', 'accepted', 'review', 'making', 'ready', 'valid', 'suspended'] LOOP
        EXIT WHEN until = 'draft';
        PERFORM pg_temp.take(p, permit_step.event, permit_step."on", permit_step.evidence)
        FROM (VALUES
            ('submitted', 'apply', date '2024-08-01', '{}'::jsonb),
            ('accepted', 'accept', '2024-08-01', '{"materials": ["id_card", "photo", "employment_proof"]}'),
            ('review', 'verify', '2024-08-02', '{}'), ('making', 'approve', '2024-08-05', '{}'), ('ready', 'make', '2024-08-07', '{}'),
            ('valid', 'deliver', '2024-08-08', '{"collector": "himself"}'), ('suspended', 'suspend', '2025-01-03', '{}')) AS permit_step (state, event, "on", evidence)
        WHERE permit_step.state = s;
        EXIT WHEN s = until;
    END LOOP;
    RETURN p;
END $$;
CREATE FUNCTION pg_temp.outcome(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE statement;
    RAISE SQLSTATE 'RG999';
EXCEPTION WHEN SQLSTATE 'RG999' THEN
    RETURN '00000';
WHEN OTHERS THEN
    RETURN SQLSTATE;
END $$;
CREATE FUNCTION pg_temp.refused(permit bigint, event text, "on" date DEFAULT NULL, evidence jsonb DEFAULT '{}', reason text DEFAULT NULL) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_temp.take(permit, event, "on", evidence, reason);
    RETURN 'done';
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE;
END $$;

-- the way of most: applied, accepted, checked, approved, made, delivered
SELECT pg_temp.bring(8001, 'valid') AS p \gset
SELECT is(string_agg(event || '>' || to_state, ' ' ORDER BY sequence),
    'enter>draft apply>submitted accept>accepted verify>review approve>making make>ready deliver>valid', 'every event is on record')
FROM registry.permit_event WHERE permit_id = :p;
SELECT is(concat_ws(' ', division, city, state, issued_on, count_from, endorsed_until, residence_years, last_sequence),
    '460105 460100 valid 2024-08-05 2024-01-02 2025-01-02 0 7', 'signed on approval; years count from the registration')
FROM registry.permit WHERE permit_id = :p;
SELECT matches(permit_number::text, '^4601052024[0-9]{6}$', 'its number: county, year, sequence') FROM registry.permit WHERE permit_id = :p;
SELECT is(concat_ws(' ', c.state, c.started_on, c.stopped_on), 'stopped 2024-08-01 2024-08-08', 'the time limit has ended')
FROM registry.clock c JOIN registry.permit p USING (clock_id) WHERE p.permit_id = :p;
SELECT ok(granted AND jsonb_array_length(criteria) = 10 AND NOT jsonb_path_exists(criteria, '$[*] ? (@.required == true && @.holds != true)'), 'the decision says why')
FROM registry.decision WHERE permit_id = :p;
SELECT ok(bool_and(recorded_at = now() AND actor = session_user), 'who and when') FROM registry.permit_event WHERE permit_id = :p;

-- the other steps
SELECT is(pg_temp.take(:p, 'endorse', '2025-01-02'), 'valid', 'endorsed on the anniversary');
SELECT is(concat_ws(' ', endorsed_until, residence_years, count_from), '2026-01-02 1 2024-01-02', 'another year') FROM registry.permit WHERE permit_id = :p;
SELECT is(pg_temp.take(:p, 'refuse_endorsement', '2025-12-05', '{}', 'no longer employed'), 'valid', 'a refused endorsement leaves it valid');
SELECT is(pg_temp.take(:p, 'suspend', '2026-01-05'), 'suspended', 'suspended after the anniversary');
SELECT is(suspended_on, date '2026-01-05', 'which was a Friday of a holiday: Sunday the 4th was worked') FROM registry.permit WHERE permit_id = :p;
SELECT is(pg_temp.take(:p, 'refuse_endorsement', '2026-01-06', '{}', 'no longer employed'), 'suspended', 'refused again');
SELECT is(pg_temp.take(:p, 'endorse_late', '2026-02-06'), 'valid', 'endorsed late');
SELECT is(pg_temp.take(:p, 'report_lost', '2026-02-07'), 'lost', 'lost');
SELECT is(pg_temp.take(:p, 'find', '2026-02-08'), 'valid', 'found');
SELECT is(pg_temp.take(:p, 'report_lost', '2026-02-09'), 'lost', 'lost again');
SELECT is(pg_temp.take(:p, 'replace', '2026-02-09', '{"fee_paid": true}'), 'replaced', 'replaced');
SELECT permit_id AS q FROM registry.permit WHERE replaces_id = :p \gset
SELECT is(concat_ws(' ', n.state, n.residence_years, n.endorsed_until, n.count_from, n.residence_id, n.permit_number <> o.permit_number),
    concat_ws(' ', 'making', o.residence_years, o.endorsed_until, o.count_from, o.residence_id, true), 'the new card has the years of the old one')
FROM registry.permit n JOIN registry.permit o ON o.permit_id = n.replaces_id WHERE n.permit_id = :q;
SELECT is(pg_temp.take(:q, 'fail', '2026-02-10', '{}', 'printer'), 'make_failed', 'it failed');
SELECT is(pg_temp.take(:q, 'remake', '2026-02-11'), 'making', 'made again');
SELECT is(pg_temp.take(:q, 'make', '2026-02-12'), 'ready', 'and made');
SELECT is(pg_temp.take(:q, 'deliver', '2026-02-13', '{"tracking_number": "EMS 1"}'), 'valid', 'sent');
SELECT is(concat_ws(' ', n.endorsed_until, n.residence_years), concat_ws(' ', o.endorsed_until, o.residence_years), 'the years stay') FROM registry.permit n JOIN registry.permit o ON o.permit_id = n.replaces_id WHERE n.permit_id = :q;
SELECT is(pg_temp.take(:q, 'cancel', '2026-02-14', '{}', 'other'), 'cancelled', 'cancelled');
SELECT is(pg_temp.take(pg_temp.enter(8001, '2026-02-20'), 'apply', '2026-02-20'), 'submitted', 'after that a new application');

SELECT pg_temp.bring(8002, 'submitted') AS p \gset
SELECT is(pg_temp.take(:p, 'request_supplement', '2024-08-02', '{"missing": ["photo"]}'), 'correction', 'something is missing');
SELECT is(pg_temp.take(:p, 'supplement', '2024-08-09', '{"delivered": "photo"}'), 'accepted', 'and is delivered');
SELECT is(started_on, date '2024-08-09', 'the time limit starts then') FROM registry.clock JOIN registry.permit USING (clock_id) WHERE permit_id = :p;
SELECT is(pg_temp.take(:p, 'withdraw', '2024-08-10'), 'draft', 'withdrawn');
SELECT is(concat_ws(' ', c.state, c.stopped_on), 'stopped 2024-08-10', 'which stops it') FROM registry.clock c JOIN registry.permit p USING (clock_id) WHERE p.permit_id = :p;
SELECT is(pg_temp.take(:p, 'apply', '2024-08-20'), 'submitted', 'and applied anew');
SELECT is(pg_temp.take(:p, 'refuse_acceptance', '2024-08-20', '{}', 'not our county'), 'not_accepted', 'not accepted');
SELECT pg_temp.bring(8003, 'review') AS p \gset
SELECT is(pg_temp.take(:p, 'refuse', '2024-08-20', '{}', 'the contract is forged'), 'refused', 'refused');
SELECT is(concat_ws(' ', matter, granted, reason, remedy IS NOT NULL), 'refuse f the contract is forged t', 'with reason and remedy') FROM registry.decision WHERE permit_id = :p;
SELECT is(pg_temp.take(pg_temp.bring(8004, 'suspended'), 'cancel', '2025-02-01', '{}', 'other'), 'cancelled', 'a suspended one is cancelled');
SELECT is(pg_temp.take(pg_temp.bring(8005, 'suspended'), 'report_lost', '2025-02-01'), 'lost', 'or lost');
SELECT is(pg_temp.take(pg_temp.bring(8006, 'valid'), 'cancel', '2024-09-01', '{}', 'other'), 'cancelled', 'a lost one'), is(pg_temp.take(permit_id, 'cancel', '2025-02-02', '{}', 'other'), 'cancelled', 'is cancelled too')
FROM registry.permit WHERE person_id = 8005;
SELECT is(pg_temp.take(pg_temp.bring(8007 + n, s), 'revoke', '2025-02-01', '{"penalty_decision": "海公罚字〔2025〕1号"}'), 'revoked', 'revoked when ' || s)
FROM unnest(ARRAY['submitted', 'accepted', 'review', 'making', 'ready', 'valid', 'suspended']) WITH ORDINALITY AS v (s, n);
SELECT is(pg_temp.take(pg_temp.bring(8020, 'valid'), 'replace', '2024-10-01', '{"fee_paid": true, "returned_card": true}'), 'replaced', 'a damaged card is replaced');
-- lapse: where the place has the rule
INSERT INTO policy.setting (key, division, period, value, legal_basis) VALUES ('suspended_lapse', '460105', '[2024-01-01,)', '1 year', 'test');
SELECT pg_temp.bring(8021, 'suspended') AS p \gset
SELECT is(pg_temp.refused(:p, 'lapse', '2026-01-02'), 'RG160', 'not before its day');
SELECT is(pg_temp.take(:p, 'lapse', '2026-01-03'), 'cancelled', 'a suspension has its end');
DELETE FROM policy.setting WHERE legal_basis = 'test' AND key = 'suspended_lapse';
SELECT is(pg_temp.refused(pg_temp.bring(8022, 'suspended'), 'lapse', '2026-08-01'), 'RG160', 'without such a rule it has none');
-- change of address
SELECT pg_temp.bring(8023, 'valid') AS p \gset
SELECT is(pg_temp.refused(:p, 'change_address', '2024-09-01'), 'RG161', 'who has not moved changes nothing');
UPDATE registry.residence SET state = 'moved', departed_on = '2024-09-10' WHERE residence_id = 8023;
SELECT is(pg_temp.refused(:p, 'change_address', '2024-09-12'), 'RG144', 'who lives nowhere neither');
INSERT INTO registry.residence (residence_id, person_id, dwelling_id, arrived_on, state) OVERRIDING SYSTEM VALUE VALUES (8223, 8023, 8002, '2024-09-10', 'active');
SELECT is(pg_temp.refused(:p, 'endorse', '2025-01-02'), 'RG157', 'nor is it endorsed at the old address');
SELECT is(pg_temp.take(:p, 'change_address', '2024-09-12'), 'valid', 'moved within the city');
SELECT is(residence_id, 8223::bigint, 'to the new residence') FROM registry.permit WHERE permit_id = :p;
SELECT is(pg_temp.take(:p, 'suspend', '2025-01-03'), 'suspended', 'suspended');
UPDATE registry.residence SET state = 'moved', departed_on = '2025-02-10' WHERE residence_id = 8223;
INSERT INTO registry.residence (residence_id, person_id, dwelling_id, arrived_on, state) OVERRIDING SYSTEM VALUE VALUES (8323, 8023, 8001, '2025-02-10', 'active');
SELECT is(pg_temp.take(:p, 'change_address', '2025-02-12'), 'suspended', 'and moved again');
UPDATE registry.residence SET state = 'moved', departed_on = '2025-03-10' WHERE residence_id = 8323;
INSERT INTO registry.residence (residence_id, person_id, dwelling_id, arrived_on, state) OVERRIDING SYSTEM VALUE VALUES (8423, 8023, 8003, '2025-03-10', 'active');
SELECT is(pg_temp.refused(:p, 'change_address', '2025-03-12'), 'RG161', 'in another city it is no change of this permit');

-- all forty-four have been taken
SELECT is_empty($$
    SELECT t.from_state, t.event FROM permit_transitions() t
    WHERE NOT EXISTS (SELECT FROM registry.permit_event e WHERE e.event = t.event AND e.from_state IS NOT DISTINCT FROM t.from_state)
    EXCEPT VALUES ('correction'::permit_state, 'revoke'), ('correction', 'withdraw'), ('make_failed', 'revoke'), ('lost', 'revoke'),
                  ('submitted', 'withdraw'), ('review', 'withdraw'), ('suspended', 'change_address')$$, 'every step was taken');
SELECT pg_temp.bring(8030, 'submitted') AS p \gset
SELECT is(pg_temp.take(:p, 'request_supplement', '2024-08-02', '{"missing": ["photo"]}'), 'correction', 'once more'), is(pg_temp.take(:p, 'withdraw', '2024-08-02'), 'draft', 'withdrawn from correction');
SELECT is(pg_temp.take(pg_temp.bring(8031, 'submitted'), 'withdraw', '2024-08-02'), 'draft', 'from submitted'), is(pg_temp.take(pg_temp.bring(8032, 'review'), 'withdraw', '2024-08-03'), 'draft', 'from review');
SELECT pg_temp.bring(8033, 'submitted') AS p \gset
SELECT is(pg_temp.take(:p, 'request_supplement', '2024-08-02', '{"missing": ["photo"]}'), 'correction', 'in correction'), is(pg_temp.take(:p, 'revoke', '2024-08-02', '{"penalty_decision": "1"}'), 'revoked', 'revoked');
SELECT pg_temp.bring(8034, 'making') AS p \gset
SELECT is(pg_temp.take(:p, 'fail', '2024-08-06', '{}', 'printer'), 'make_failed', 'failed'), is(pg_temp.take(:p, 'revoke', '2024-08-06', '{"penalty_decision": "1"}'), 'revoked', 'revoked');
SELECT pg_temp.bring(8035, 'valid') AS p \gset
SELECT is(pg_temp.take(:p, 'report_lost', '2024-08-09'), 'lost', 'lost'), is(pg_temp.take(:p, 'revoke', '2024-08-10', '{"penalty_decision": "1"}'), 'revoked', 'revoked');

-- and no other: a permit in every state, every event that does not start there
CREATE TEMP TABLE standing AS SELECT DISTINCT ON (state) state, permit_id FROM registry.permit ORDER BY state, permit_id;
INSERT INTO standing SELECT v.state, pg_temp.bring(v.person, v.state::text) FROM (VALUES ('accepted'::permit_state, 8040), ('making', 8041), ('ready', 8042), ('valid', 8048)) v (state, person)
WHERE NOT EXISTS (SELECT FROM standing s WHERE s.state = v.state);
SELECT pg_temp.bring(8043, 'submitted') AS p \gset
SELECT pg_temp.take(:p, 'request_supplement', '2024-08-02', '{"missing": ["photo"]}') = 'x' AS x \gset
INSERT INTO standing SELECT 'correction', :p WHERE NOT EXISTS (SELECT FROM standing WHERE state = 'correction');
SELECT pg_temp.bring(8044, 'making') AS p \gset
SELECT pg_temp.take(:p, 'fail', '2024-08-06', '{}', 'printer') = 'x' AS x \gset
INSERT INTO standing SELECT 'make_failed', :p WHERE NOT EXISTS (SELECT FROM standing WHERE state = 'make_failed');
SELECT pg_temp.bring(8045, 'valid') AS p \gset
SELECT pg_temp.take(:p, 'report_lost', '2024-08-09') = 'x' AS x \gset
INSERT INTO standing SELECT 'lost', :p WHERE NOT EXISTS (SELECT FROM standing WHERE state = 'lost');
INSERT INTO standing SELECT 'review', pg_temp.bring(8046, 'review') WHERE NOT EXISTS (SELECT FROM standing WHERE state = 'review');
SELECT is(count(*), 16::bigint, 'a permit in every state') FROM standing s JOIN registry.permit p USING (permit_id, state);
CREATE TEMP TABLE pair AS
SELECT s.permit_id, s.state, e.event
FROM standing s CROSS JOIN (SELECT DISTINCT event FROM permit_transitions() UNION ALL SELECT 'no such event') e
WHERE NOT EXISTS (SELECT FROM permit_transitions() t WHERE t.from_state = s.state AND t.event = e.event);
SELECT is(count(*), (16 * 27 - 42)::bigint, 'three hundred and ninety pairs') FROM pair;
SELECT is_empty($$SELECT state, event, pg_temp.refused(permit_id, event) FROM pair WHERE pg_temp.refused(permit_id, event) <> 'RG140'$$,
    'every other pair of state and event is refused by plain SQL');
CREATE TEMP TABLE act (act text, event text, arguments jsonb);
INSERT INTO act VALUES
    ('apply_permit', 'apply', '{}'), ('accept_permit', 'accept', '{"materials": ["id_card", "photo", "employment_proof"]}'),
    ('request_supplement', 'request_supplement', '{"missing": ["photo"]}'), ('supplement_permit', 'supplement', '{"delivered": ["photo"]}'),
    ('deliver_permit', 'deliver', '{"collector": "x"}'), ('change_permit_address', 'change_address', '{}'), ('report_permit_lost', 'report_lost', '{}'),
    ('report_permit_lost', 'find', '{"turned_up": true}'), ('replace_permit', 'replace', '{"returned_card": true, "fee_paid": true}'),
    ('cancel_permit', 'cancel', '{"reason": "other"}'), ('revoke_permit', 'revoke', '{"penalty_decision": "1"}'), ('withdraw_permit', 'withdraw', '{}'),
    ('endorse_permit', 'refuse_endorsement', '{"granted": false, "reason": "x"}');
SELECT is_empty($$
    SELECT p.state, a.act, (ledger.perform(a.act, a.arguments || jsonb_build_object('permit_id', p.permit_id), NULL, true))[1].code
    FROM pair p JOIN act a USING (event)
    WHERE (ledger.perform(a.act, a.arguments || jsonb_build_object('permit_id', p.permit_id), NULL, true))[1].code IS DISTINCT FROM 'RG140'$$,
    'and through the api');

-- acts that choose among events: refused where none of them starts
SELECT is_empty($$
    SELECT s.state, a.act, (ledger.perform(a.act, a.arguments || jsonb_build_object('permit_id', s.permit_id), NULL, true))[1].code
    FROM standing s CROSS JOIN (VALUES ('decide_permit', '{"granted": true}'::jsonb, '{verify,approve}'::text[]), ('decide_permit', '{"granted": false, "reason": "x"}', '{verify,refuse,refuse_acceptance}'),
        ('produce_permit', '{"granted": true}', '{make,remake}'), ('produce_permit', '{"granted": false, "reason": "x"}', '{fail,remake}'), ('endorse_permit', '{"granted": true}', '{endorse,endorse_late}')) a (act, arguments, events)
    WHERE NOT EXISTS (SELECT FROM permit_transitions() t WHERE t.from_state = s.state AND t.event = ANY (a.events))
      AND (ledger.perform(a.act, a.arguments || jsonb_build_object('permit_id', s.permit_id), NULL, true))[1].code IS DISTINCT FROM 'RG140'$$,
    'and through the acts that choose their event');

-- guards
SELECT is(pg_temp.outcome('SELECT pg_temp.enter(8102)'), '00000', 'a local person can be entered');
SELECT is(pg_temp.refused(pg_temp.enter(8102), 'apply', '2024-08-01'), 'RG146', 'but the household is of this city: another district of Haikou');
SELECT is(pg_temp.take(pg_temp.enter(8103), 'apply', '2024-08-01'), 'submitted', 'Wenchang is another city: in Hainan every city and county counts as one');
SELECT is(pg_temp.refused(pg_temp.enter(8104), 'apply', '2024-08-01'), 'RG147', 'an unknown household');
SELECT is(pg_temp.refused(pg_temp.enter(8101), 'apply', '2024-08-01'), 'RG145', 'a child by itself');
SELECT is(pg_temp.take(pg_temp.enter(8101, proxy => 8001), 'apply', '2024-08-01'), 'submitted', 'a child by proxy');
SELECT is(pg_temp.outcome('SELECT pg_temp.enter(8060, ''2023-06-01'')'), 'RG144', 'before there was a residence');
SELECT is(pg_temp.outcome('SELECT pg_temp.enter(999999)'), 'RG144', 'nobody');
SELECT is(pg_temp.outcome('SELECT pg_temp.enter(8060, ground => ''luck'')'), 'RG006', 'no ground');
SELECT is(pg_temp.outcome('SELECT pg_temp.enter(8060, residency.today() + 1)'), 'RG141', 'to come');
SELECT pg_temp.bring(8050, 'submitted') AS p \gset
SELECT is(pg_temp.refused(pg_temp.enter(8050), 'apply', '2024-08-01'), 'RG148', 'one application at a time');
SELECT is(pg_temp.refused(:p, 'accept', '2024-08-01', '{"materials": ["id_card"]}'), 'RG149', 'not without materials');
SELECT is(pg_temp.refused(:p, 'accept', residency.today() + 1), 'RG141', 'not tomorrow');
SELECT is(pg_temp.refused(:p, 'accept', '2024-07-31'), 'RG142', 'not before the application');
SELECT is(pg_temp.refused(:p, 'request_supplement', '2024-08-01', '{"missing": []}'), 'RG150', 'missing: nothing');
SELECT is(pg_temp.refused(:p, 'request_supplement', '2024-08-01', '{"missing": ["luck"]}'), 'RG150', 'missing: what is not asked for');
SELECT is(pg_temp.refused(:p, 'request_supplement', '2024-08-09', '{"missing": ["photo"]}'), 'RG152', 'after five working days it is too late');
SELECT is(pg_temp.refused(:p, 'refuse_acceptance', '2024-08-01'), 'RG153', 'no refusal without a reason');
SELECT is(pg_temp.refused(:p, 'refuse_acceptance', '2024-08-09', '{}', 'too late'), 'RG152', 'nor is it not accepted then: by law it has been');
SELECT is(pg_temp.take(:p, 'request_supplement', '2024-08-08', '{"missing": ["photo", "id_card"]}'), 'correction', 'on the fifth it is in time');
SELECT is(pg_temp.refused(:p, 'supplement', '2024-08-09', '{"delivered": ["photo"]}'), 'RG149', 'not all of it');
SELECT is(pg_temp.take(:p, 'withdraw', '2024-08-09'), 'draft', 'withdrawn'), is(pg_temp.take(:p, 'apply', '2024-08-09'), 'submitted', 'and applied again');
SELECT is(pg_temp.take(:p, 'accept', '2024-09-01'), 'accepted', 'nobody asked in time: accepted as it is');
SELECT is(started_on, date '2024-08-09', 'from the day of receipt') FROM registry.clock JOIN registry.permit USING (clock_id) WHERE permit_id = :p;
SELECT pg_temp.bring(8051, 'ready') AS p \gset
SELECT is(pg_temp.refused(:p, 'deliver', '2024-08-08'), 'RG154', 'to nobody');
UPDATE registry.residence SET state = 'voided', close_reason = 'entered by mistake' WHERE person_id = 8051;
SELECT is(pg_temp.refused(:p, 'deliver', '2024-08-08', '{"collector": "x"}'), 'RG144', 'nor on a registration that was wrong');
-- half a year and a ground
INSERT INTO registry.person (person_id, name, birth_date, household_division) OVERRIDING SYSTEM VALUE
SELECT 8200 + n, 'Newcomer ' || n, '1990-01-01', '430102' FROM generate_series(1, 20) n;
INSERT INTO registry.residence (residence_id, person_id, dwelling_id, arrived_on, state, reported_at) OVERRIDING SYSTEM VALUE
SELECT 8500 + n, 8200 + n, 8001, '2023-08-30', 'active', '2023-08-31 12:00+08' FROM generate_series(1, 20) n;
INSERT INTO registry.employment (person_id, employer_id, kind, hired_on) SELECT 8200 + n, 8001, 'contract', '2023-09-01' FROM generate_series(1, 15) n;
CREATE FUNCTION pg_temp.upto_review(person bigint, "on" date) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE p bigint := pg_temp.enter(person, "on");
BEGIN
    PERFORM pg_temp.take(p, 'apply', "on");
    PERFORM pg_temp.take(p, 'accept', "on", '{"materials": ["id_card", "photo", "employment_proof"]}');
    PERFORM pg_temp.take(p, 'verify', "on");
    RETURN p;
END $$;
SELECT is(pg_temp.refused(pg_temp.upto_review(8201, '2024-02-28'), 'approve', '2024-03-05'), 'RG155', 'half a year of the 31st of August: not on the 28th of February');
SELECT is(pg_temp.take(pg_temp.upto_review(8202, '2024-02-29'), 'approve', '2024-03-05'), 'making', 'but on the 29th');
SELECT is(pg_temp.refused(pg_temp.upto_review(8216, '2024-06-01'), 'approve', '2024-06-05'), 'RG155', 'nor without employment, dwelling or study');
SELECT results_eq($$SELECT criterion, holds, since, holds_from FROM api.permit_eligibility(8203, '460105', '2024-02-01')$$,
    $$VALUES ('issued_here', true, NULL::date, NULL::date), ('age', true, date '2006-01-01', date '2006-01-01'), ('registration', true, '2023-08-30', NULL), ('other_city', true, NULL, NULL),
             ('half_year', false, NULL, '2024-02-29'), ('ground', true, '2023-09-01', NULL), ('employment', true, '2023-09-01', NULL),
             ('dwelling', false, NULL, NULL), ('study', false, NULL, NULL), ('no_other_permit', true, NULL, NULL)$$, 'a row a criterion, and when time makes it hold');
SELECT matches(setting, '^permit_half_year = 6 months \(.+\)$', 'by which setting') FROM api.permit_eligibility(8203, '460105', '2024-02-01') WHERE criterion = 'half_year';
SELECT is(pg_temp.outcome('SELECT api.permit_eligibility(1, ''4601'')'), 'RG010', 'nobody');
-- a lease counts once it is filed, one's own home at once, a school with its number
INSERT INTO registry.tenancy (person_id, dwelling_id, landlord_person_id, starts_on, ends_on, signed_on, filing_number, filed_on) VALUES (8217, 8001, 8001, '2023-08-30', NULL, '2023-08-30', '海房租备1', '2024-03-01');
INSERT INTO registry.ownership (person_id, dwelling_id, certificate_number, starts_on) VALUES (8218, 8002, '琼(2023)1', '2023-10-01');
INSERT INTO registry.schooling (person_id, school_name, division, level, student_number, starts_on) SELECT 8219, 'School', '460105', code, 'G1', '2023-09-01' FROM code.value WHERE list = 'school_level' LIMIT 1;
SELECT results_eq($$SELECT n, (SELECT string_agg(criterion, ',') FROM api.permit_eligibility(n, '460105', '2024-02-01') WHERE holds AND NOT required),
                               (SELECT string_agg(criterion, ',') FROM api.permit_eligibility(n, '460105', '2024-03-01') WHERE holds AND NOT required)
                    FROM unnest(ARRAY[8216, 8217, 8218, 8219, 8220]) n$$,
    $$VALUES (8216, NULL, NULL), (8217, NULL, 'dwelling'), (8218, 'dwelling', 'dwelling'), (8219, 'study', 'study'), (8220, NULL, NULL)$$, 'what entitles');

-- endorsement: a month before the anniversary, up to it or past the rest period that it falls in
SELECT pg_temp.bring(8052, 'valid') AS p \gset
SELECT is(pg_temp.refused(:p, 'endorse', '2024-12-01'), 'RG156', 'too early');
SELECT is(pg_temp.refused(:p, 'endorse', '2025-01-03'), 'RG168', 'too late');
SELECT is(pg_temp.refused(:p, 'endorse_late', '2025-01-03'), 'RG140', 'nor late while it is in force');
SELECT is(pg_temp.refused(:p, 'suspend', '2025-01-02'), 'RG159', 'nor suspended on the last day');
SELECT is(registry.endorse_by(d, '460105'), w, 'last day of ' || d) FROM (VALUES (date '2025-01-28', date '2025-02-05'), ('2026-10-01', '2026-10-08'), ('2025-01-02', '2025-01-02')) v (d, w);
SELECT is(registry.endorse_from(d, '460105'), w, 'first day of ' || d) FROM (VALUES (date '2025-03-31', date '2025-02-28'), ('2026-05-31', '2026-04-30'), ('2025-01-02', '2024-12-02')) v (d, w);
SELECT is(pg_temp.take(:p, 'endorse', '2024-12-02'), 'valid', 'on the first day of the window');
-- anniversaries are of the first day itself
SELECT is(anniversary_after(s, d), w, format('%s after %s', s, d))
FROM (VALUES (date '2024-02-29', date '2024-03-01', date '2025-02-28'), ('2024-02-29', '2025-02-28', '2026-02-28'), ('2024-02-29', '2027-02-28', '2028-02-29'),
             ('2024-01-02', '2024-01-02', '2025-01-02'), ('2024-01-02', '2025-01-01', '2025-01-02'), ('2024-01-02', '2025-01-02', '2026-01-02'),
             ('2024-08-01', '2024-01-01', '2025-08-01')) v (s, d, w);

-- late: years by the policy of the place
CREATE FUNCTION pg_temp.late(person bigint, gap text, basis text, "on" date) RETURNS text LANGUAGE plpgsql AS $$
DECLARE p bigint;
BEGIN
    DELETE FROM policy.setting WHERE legal_basis = 'gap test';
    INSERT INTO policy.setting (key, division, period, value, legal_basis) VALUES
        ('gap_policy', '460105', '[2024-01-01,)', gap, 'gap test'), ('anniv_basis', '460105', '[2024-01-01,)', basis, 'gap test');
    p := pg_temp.bring(person, 'valid');
    PERFORM pg_temp.take(p, 'endorse', (SELECT endorsed_until FROM registry.permit WHERE permit_id = p));
    PERFORM pg_temp.take(p, 'suspend', (SELECT registry.endorse_by(endorsed_until, division) + 1 FROM registry.permit WHERE permit_id = p));
    PERFORM pg_temp.take(p, 'endorse_late', "on");
    RETURN (SELECT concat_ws(' ', residence_years, count_from, endorsed_until) FROM registry.permit WHERE permit_id = p);
END $$;
SELECT is(pg_temp.late(8053, 'exclude_gap', 'residence_start', '2026-03-10'), '2 2026-03-10 2027-03-10', 'years kept, the suspended time not counted');
SELECT is(pg_temp.late(8054, 'tolerate_30', 'residence_start', '2026-02-01'), '2 2024-01-02 2027-01-02', 'within thirty days nothing is lost');
SELECT is(pg_temp.late(8055, 'tolerate_30', 'residence_start', '2026-02-02'), '0 2026-02-02 2027-02-02', 'after them the count begins anew');
SELECT is(pg_temp.late(8056, 'restart', 'residence_start', '2026-01-20'), '0 2026-01-20 2027-01-20', 'or at once');
SELECT is(pg_temp.late(8057, 'exclude_gap', 'issue_date', '2026-09-01'), '2 2026-09-01 2027-09-01', 'anniversaries from the day of signature');
DELETE FROM policy.setting WHERE legal_basis = 'gap test';
-- a refused endorsement ends the permit at once, where the place says so
INSERT INTO policy.setting (key, division, period, value, legal_basis) VALUES ('refused_endorsement_cancels', '460105', '[2024-01-01,)', 'true', 'gap test');
SELECT pg_temp.bring(8058, 'valid') AS p \gset
SELECT is(pg_temp.take(:p, 'refuse_endorsement', '2024-12-20', '{}', 'no longer employed'), 'valid', 'refused');
SELECT is(state::text, 'cancelled', 'and ended') FROM registry.permit WHERE permit_id = :p;
DELETE FROM policy.setting WHERE legal_basis = 'gap test';

-- cancellation
SELECT pg_temp.bring(8059, 'valid') AS p \gset
SELECT is(pg_temp.refused(:p, 'cancel', NULL, '{}', r), 'RG164', 'not for ' || COALESCE(r, 'nothing')) FROM unnest(ARRAY[NULL, 'whim', 'departure', 'local_household']) r;
SELECT is(pg_temp.refused(:p, 'revoke'), 'RG163', 'nor revoked without a decision');
SELECT is(pg_temp.refused(:p, 'replace'), 'RG162', 'nor replaced while in hand'), is(pg_temp.refused(:p, 'replace', NULL, '{"returned_card": true}'), 'RG167', 'or without the fee');
UPDATE registry.person SET household_division = '460108' WHERE person_id = 8059;
SELECT is(concat_ws(' ', p.state, e.reason, e.channel), 'cancelled local_household exchange', 'the household moved here')
FROM registry.permit_event e JOIN registry.permit p USING (permit_id) WHERE permit_id = :p AND sequence = last_sequence;
SELECT pg_temp.bring(8060, 'valid') AS p \gset
UPDATE registry.person SET died_on = '2025-05-05' WHERE person_id = 8060;
SELECT is(state::text, 'cancelled', 'death') FROM registry.permit WHERE permit_id = :p;
SELECT is(concat_ws(' ', person_id, state, departed_on, close_reason), concat_ws(' ', person_id, 'departed', CASE person_id WHEN 8060 THEN date '2025-05-05' ELSE today() END,
    CASE person_id WHEN 8060 THEN '死亡' ELSE '户籍迁入' END), 'and the residence has ended') FROM registry.residence WHERE person_id IN (8059, 8060);
UPDATE registry.person SET household_division = household_division WHERE person_id = 8102;
UPDATE registry.person SET household_division = '460105' WHERE person_id = 8102;
SELECT is(state, 'active', 'not that of who has been local before') FROM registry.residence WHERE person_id = 8102;
SELECT is(pg_temp.outcome(format('UPDATE registry.person SET died_on = %L WHERE person_id = 8050', d)), 'RG171', 'no death on ' || w)
FROM (VALUES (date '1989-12-31', 'a day before birth'), (today() + 1, 'a day to come')) v (d, w);
SELECT pg_temp.bring(8047, 'valid') AS p \gset
UPDATE registry.residence SET state = 'departed', departed_on = '2025-06-01' WHERE residence_id = 8047;
SELECT is(pg_temp.take(:p, 'cancel', NULL, '{}', 'departure'), 'cancelled', 'departure');

-- what nobody can do
SELECT is(pg_temp.outcome(format('UPDATE registry.permit SET %s WHERE permit_id = %s', s, permit_id)), 'RG143', s)
FROM registry.permit, unnest(ARRAY['state = ''revoked''', 'last_sequence = 1', 'endorsed_until = ''2030-01-01''', 'residence_years = 9', 'permit_number = ''1''',
    'person_id = 8002', 'count_from = NULL', 'suspended_on = now()', 'issued_on = NULL', 'ground = ''study''', 'clock_id = NULL', 'city = ''4602''', 'applied_on = ''2020-01-01''',
    'residence_id = 8002', 'replaces_id = permit_id', 'division = ''460200''']) s
WHERE permit_id = :p;
SET CONSTRAINTS ALL IMMEDIATE;
SELECT is(pg_temp.outcome(s), 'RG166', s) FROM unnest(ARRAY['DELETE FROM registry.permit', 'DELETE FROM registry.permit_event', 'UPDATE registry.permit_event SET reason = ''x''',
    'TRUNCATE registry.permit_event CASCADE', 'DELETE FROM registry.decision', 'UPDATE registry.decision SET granted = true', 'TRUNCATE registry.permit CASCADE']) s;
SELECT is(pg_temp.outcome('INSERT INTO registry.permit_event (permit_id, event) VALUES (-1, ''apply'')'), 'RG165', 'no such permit');
SELECT is(pg_temp.outcome('INSERT INTO registry.permit (person_id, replaces_id) SELECT person_id, permit_id FROM registry.permit WHERE state = ''cancelled'' LIMIT 1'), 'RG169', 'a replacement of nothing');
SELECT is(pg_temp.outcome(format($$INSERT INTO registry.permit_event (permit_id, sequence, event, from_state, to_state) VALUES (%s, 99, 'revoke', 'draft', 'valid')$$, :p)), 'RG140', 'nor write the chain by hand');
-- below the triggers the keys hold the chain together
SET LOCAL session_replication_role = replica;
SELECT pg_temp.outcome(format($$INSERT INTO registry.permit_event (permit_id, sequence, event, from_state, to_state, happened_on, actor, residence_id, ground, residence_years)
    VALUES (%s, 99, 'enter', 'draft', 'valid', now(), 'x', 1, 'x', 0)$$, :p)) AS r \gset
SELECT is(:'r'::text, '23514', 'a step that is none');
SET LOCAL session_replication_role = origin;
ALTER TABLE registry.permit_event DISABLE TRIGGER permit_event_guard;
ALTER TABLE registry.permit_event DISABLE TRIGGER permit_event_follow;
SELECT is(pg_temp.outcome(format($$INSERT INTO registry.permit_event (permit_id, sequence, event, from_state, to_state, happened_on, actor, residence_id, ground, residence_years)
    VALUES (%s, 99, 'apply', 'draft', 'submitted', now(), 'x', 1, 'x', 0)$$, :p)), '23503', 'an event without the one before');
SELECT is(pg_temp.outcome(format($$INSERT INTO registry.permit_event (permit_id, sequence, event, from_state, to_state, happened_on, actor, residence_id, ground, residence_years)
    VALUES (%s, (SELECT last_sequence + 1 FROM registry.permit WHERE permit_id = %1$s), 'apply', 'draft', 'submitted', now(), 'x', 1, 'x', 0)$$, :p)), '23503', 'an event from another state than the one before left');
ALTER TABLE registry.permit_event ENABLE TRIGGER permit_event_guard;
ALTER TABLE registry.permit_event ENABLE TRIGGER permit_event_follow;

-- numbers have no gaps
SELECT is_empty($$SELECT left(permit_number, 10) FROM registry.permit WHERE permit_number IS NOT NULL GROUP BY 1
    HAVING count(*) <> max(right(permit_number, 6)::int) OR min(right(permit_number, 6)::int) <> 1$$, 'numbers run from one without a gap');

-- a kiosk asks first
INSERT INTO registry.person (person_id, resident_id, name, household_division) OVERRIDING SYSTEM VALUE
SELECT 8600 + n, id::resident_id, 'Kiosk ' || n, '430102'
FROM unnest(ARRAY['110105199001010017', '110105199001010033', '11010519900101005X', '110105199001010076']) WITH ORDINALITY AS v (id, n)
WHERE is_resident_id(id);
SELECT is(concat_ws('|', code, message, message_zh, allow_on), 'F6|there is no current residence: register first|居住登记已注销,请先办理居住登记', 'nobody registered') FROM api.permit_precheck('11010519491231002X', 'apply', '460105');
SELECT is(pg_temp.outcome($$SELECT * FROM api.permit_precheck('11010519491231002X', 'dance', '460105')$$), 'RG083', 'no such action');
CREATE FUNCTION pg_temp.precheck(person bigint, action text, "on" date, division text DEFAULT '460105') RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', COALESCE(code, 'OK'), allow_on) FROM registry.precheck_code(person, action, division::division_code, "on") $$;
SELECT is(pg_temp.precheck(8204, 'apply', '2024-02-01'), 'N1 2024-02-29', 'come back when half a year is full');
SELECT is(pg_temp.precheck(8204, 'apply', '2024-03-01'), 'OK', 'now');
SELECT is(pg_temp.precheck(8220, 'apply', '2024-03-01'), 'N2', 'nothing entitles');
SELECT is(pg_temp.precheck(8204, 'apply', '2024-03-01', '469005'), 'F10', 'registered in another city');
SELECT is(pg_temp.precheck(8204, 'endorse', '2024-03-01'), 'F4', 'no permit');
SELECT is(pg_temp.precheck(8047, 'endorse', '2024-03-01'), 'F6', 'not registered any more');
SELECT pg_temp.bring(8205, 'submitted') AS p \gset
SELECT is(pg_temp.precheck(8205, a, '2024-08-10'), 'F1', 'in progress') FROM unnest(ARRAY['apply', 'endorse']) a;
SELECT pg_temp.bring(8206, 'valid') AS p \gset
SELECT is(pg_temp.precheck(8206, 'endorse', '2024-08-10'), 'OK', 'a year of residence is full on the 31st of August, a month after') ;
SELECT is(pg_temp.precheck(8206, 'apply', '2024-08-10'), 'F1', 'there is one'), is(pg_temp.precheck(8206, 'replace', '2024-08-10'), 'OK', 'which can be replaced');
SELECT is(pg_temp.precheck(8206, 'change_address', '2024-08-10'), 'N3', 'and has the right address');
SELECT pg_temp.bring(8207, 'valid') AS p \gset
SELECT is(pg_temp.take(:p, 'cancel', '2024-09-01', '{}', 'other'), 'cancelled', 'cancelled'), is(pg_temp.precheck(8207, 'endorse', '2024-09-10'), 'F7', 'cancelled');
SELECT pg_temp.bring(8208, 'valid') AS p \gset
SELECT is(pg_temp.take(:p, 'revoke', '2024-09-01', '{"penalty_decision": "1"}'), 'revoked', 'revoked'), is(pg_temp.precheck(8208, 'endorse', '2024-09-10'), 'F8', 'revoked');
SELECT pg_temp.bring(8209, 'valid') AS p \gset
SELECT is(pg_temp.precheck(8209, 'endorse', '2024-08-10', '460105'), 'OK', 'still here');
UPDATE registry.residence SET state = 'moved', departed_on = '2024-09-10' WHERE residence_id = 8509;
INSERT INTO registry.residence (residence_id, person_id, dwelling_id, arrived_on, state) OVERRIDING SYSTEM VALUE VALUES (8609, 8209, 8002, '2024-09-10', 'active');
SELECT is(pg_temp.precheck(8209, 'endorse', '2024-12-10'), 'F3', 'moved'), is(pg_temp.precheck(8209, 'change_address', '2024-12-10'), 'OK', 'which can be entered');
UPDATE registry.residence SET state = 'departed', departed_on = '2024-10-10' WHERE residence_id = 8609;
INSERT INTO registry.residence (residence_id, person_id, dwelling_id, arrived_on, state) OVERRIDING SYSTEM VALUE VALUES (8709, 8209, 8003, '2024-10-10', 'active');
SELECT is(pg_temp.precheck(8209, 'endorse', '2024-12-10', '469005'), 'F9', 'a permit elsewhere, none here');
INSERT INTO registry.residence (residence_id, person_id, dwelling_id, arrived_on, state) OVERRIDING SYSTEM VALUE SELECT 8710, person_id, 8001, '2024-10-10', 'reported' FROM registry.person WHERE person_id = 8601;
SELECT is(pg_temp.precheck(8601, 'apply', '2025-12-10'), 'I1', 'to be verified first') FROM registry.person WHERE person_id = 8601;

-- what comes in between: a card found or delivered after its last day is suspended at once, and the nightly job passes over nothing
INSERT INTO registry.person (person_id, name, birth_date, household_division) OVERRIDING SYSTEM VALUE
SELECT 8300 + n, 'Between ' || n, '1990-01-01', '430102' FROM generate_series(1, 30) n;
INSERT INTO registry.residence (residence_id, person_id, dwelling_id, arrived_on, state, reported_at) OVERRIDING SYSTEM VALUE
SELECT 8800 + n, 8300 + n, 8001, '2024-01-01', 'active', '2024-01-02 12:00+08' FROM generate_series(1, 30) n;
INSERT INTO registry.employment (person_id, employer_id, kind, hired_on) SELECT 8300 + n, 8001, 'contract', '2024-01-05' FROM generate_series(1, 30) n;
CREATE FUNCTION pg_temp.now_is(p bigint) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', state, suspended_on, residence_years) FROM registry.permit WHERE permit_id = p $$;
SELECT pg_temp.bring(8301, 'suspended') AS p \gset
SELECT is(pg_temp.take(:p, 'report_lost', '2025-02-01'), 'lost', 'suspended and lost'), is(pg_temp.take(:p, 'find', '2025-02-02'), 'valid', 'and found');
SELECT is(pg_temp.now_is(:p), 'suspended 2025-01-03 0', 'is suspended as before');
SELECT pg_temp.bring(8302, 'suspended') AS p \gset
SELECT is(pg_temp.take(:p, 'report_lost', '2025-02-01'), 'lost', 'suspended and lost'), is(pg_temp.take(:p, 'replace', '2025-02-02', '{"fee_paid": true}'), 'replaced', 'and replaced');
SELECT permit_id AS q FROM registry.permit WHERE replaces_id = :p \gset
SELECT pg_temp.take(:q, 'make', '2025-02-03') || pg_temp.take(:q, 'deliver', '2025-02-04', '{"collector": "", "tracking_number": "EMS 2"}') = 'x' AS x \gset
SELECT is(pg_temp.now_is(:q), 'suspended 2025-01-03 0', 'the new card is suspended as the old one was');
SELECT is((api.endorse_permit(permit_id => :q, happened_on => '2025-02-05')).state, 'valid', 'until it is endorsed');
SELECT pg_temp.bring(8303, 'valid') AS p \gset
SELECT is(pg_temp.take(:p, 'report_lost', '2024-12-31'), 'lost', 'lost in force'), is(pg_temp.take(:p, 'find', '2025-03-01'), 'valid', 'and found after the anniversary');
SELECT is(pg_temp.now_is(:p), 'suspended 2025-01-03 0', 'is suspended');
SELECT pg_temp.bring(8304, 'ready') AS p \gset
SELECT is(pg_temp.take(:p, 'deliver', '2025-03-01', '{"collector": "x"}'), 'valid', 'a card nobody collected before its first anniversary');
SELECT is(state::text, 'suspended', 'is suspended too') FROM registry.permit WHERE permit_id = :p;
SELECT pg_temp.bring(8305, 'valid') AS p \gset
UPDATE registry.residence SET state = 'moved', departed_on = '2025-01-10' WHERE residence_id = 8805;
INSERT INTO registry.residence (residence_id, person_id, dwelling_id, arrived_on, state) OVERRIDING SYSTEM VALUE VALUES (8905, 8305, 8002, '2025-01-10', 'active');
SELECT is(pg_temp.take(:p, 'change_address', '2025-01-11'), 'valid', 'moved after the anniversary, before the nightly job');
SELECT is((api.endorse_permit(permit_id => :p, happened_on => '2025-01-12', dry_run => true)).state, 'valid', 'can be endorsed late');
INSERT INTO policy.setting (key, division, period, value, legal_basis) VALUES ('suspended_lapse', '460105', '[2024-01-01,)', '1 year', 'between test');
SELECT pg_temp.bring(8306, 'suspended') AS q \gset
UPDATE registry.residence SET state = 'moved', departed_on = '2026-02-10' WHERE residence_id = 8806;
INSERT INTO registry.residence (residence_id, person_id, dwelling_id, arrived_on, state) OVERRIDING SYSTEM VALUE VALUES (8906, 8306, 8002, '2026-02-10', 'active');
SELECT is(pg_temp.take(:q, 'change_address', '2026-02-11'), 'suspended', 'moved after the suspension had come to its end');
SELECT is(pg_temp.refused(:q, 'endorse_late', '2026-02-12'), 'RG172', 'which no endorsement can follow');
SELECT is((api.endorse_permit(permit_id => :p, happened_on => '2026-02-12', dry_run => true)).code, 'RG172', 'nor where nobody has suspended it yet');
SELECT is(string_agg(concat_ws(' ', COALESCE(code, 'OK'), permit_id), ','), format('F7 %s,F7 %s,OK %2$s', :p, :q), 'as the kiosk knows')
FROM (VALUES (8305, date '2026-02-12'), (8306, '2026-02-12'), (8306, '2026-01-02')) v (person, day), registry.precheck_code(person, 'endorse', '460105', day);
SELECT is(error, NULL, 'the nightly job lets it lapse') FROM registry.due_batch('due_lapses', '2026-02-11', 1000);
SELECT is(concat_ws(' ', p.state, e.happened_on), 'cancelled 2026-02-11', 'on the day of the last event') FROM registry.permit p JOIN registry.permit_event e ON e.permit_id = p.permit_id AND e.sequence = p.last_sequence WHERE p.permit_id = :q;
DELETE FROM policy.setting WHERE legal_basis = 'between test';
SELECT is(error, NULL, 'and suspends the other') FROM registry.due_batch('due_suspensions', '2025-01-12', 1000);
SELECT is(pg_temp.now_is(:p) || ' ' || (SELECT max(happened_on) FROM registry.permit_event WHERE permit_id = :p), 'suspended 2025-01-03 0 2025-01-11', 'from the day on which it fell due');
-- who dies or becomes local before there is a card
SELECT pg_temp.bring(8307, 'review') AS p, pg_temp.bring(8308, 'ready') AS q, pg_temp.bring(8309, 'review') AS r, pg_temp.bring(8310, 'ready') AS s \gset
UPDATE registry.person SET died_on = '2025-01-01' WHERE person_id IN (8307, 8308);
UPDATE registry.person SET household_division = '460107' WHERE person_id IN (8309, 8310);
SELECT is(pg_temp.refused(:p, 'approve'), 'RG144', 'nothing is granted to the dead'), is(pg_temp.refused(:r, 'approve'), 'RG155', 'nor to who is local by now');
SELECT is(pg_temp.take(d, 'deliver', NULL, '{"collector": "x"}'), 'valid', 'a card that comes too late') FROM unnest(ARRAY[:q, :s]) d;
SELECT is(string_agg(p.state || ' ' || e.reason, ', ' ORDER BY permit_id), 'cancelled death, cancelled local_household', 'is cancelled at once')
FROM registry.permit p JOIN registry.permit_event e USING (permit_id) WHERE e.sequence = p.last_sequence AND permit_id IN (:q, :s);
-- withdrawn and applied again: the time limit has ended once, the list of what is missing is the new one, the ground and the address are those of now
SELECT pg_temp.bring(8311, 'accepted') AS p \gset
SELECT is(pg_temp.take(:p, 'withdraw', '2024-08-02'), 'draft', 'withdrawn'), is(pg_temp.take(:p, 'apply', '2024-08-02'), 'submitted', 'applied again'), is(pg_temp.take(:p, 'withdraw', '2024-08-03'), 'draft', 'withdrawn again');
UPDATE registry.residence SET state = 'moved', departed_on = '2024-08-04' WHERE residence_id = 8811;
INSERT INTO registry.residence (residence_id, person_id, dwelling_id, arrived_on, state) OVERRIDING SYSTEM VALUE VALUES (8911, 8311, 8001, '2024-08-04', 'active');
SELECT is((api.apply_permit(permit_id => :p, ground => 'dwelling', happened_on => '2024-08-05')).state, 'submitted', 'applied again, from another address and on another ground');
SELECT is(concat_ws(' ', ground, residence_id), 'dwelling 8911', 'which count') FROM registry.permit WHERE permit_id = :p;
SELECT is(pg_temp.take(:p, 'request_supplement', '2024-08-05', '{"missing": ["photo"]}') || pg_temp.take(:p, 'withdraw', '2024-08-06') || (api.apply_permit(permit_id => :p, happened_on => '2024-08-07')).state
          || pg_temp.take(:p, 'request_supplement', '2024-08-07', '{"missing": ["id_card"]}') || pg_temp.take(:p, 'supplement', '2024-08-07', '{"delivered": "id_card"}'),
          'correctiondraftsubmittedcorrectionaccepted', 'only the last list counts');
SELECT is(ground, 'dwelling', 'the ground of the draft stays where none is given') FROM registry.permit WHERE permit_id = :p;
SELECT is(pg_temp.outcome(format('INSERT INTO registry.permit_event (permit_id, event, evidence) VALUES (%s, ''apply'', ''{"ground": "luck"}'')', pg_temp.enter(8312))), 'RG006', 'no such ground');
UPDATE registry.residence SET state = 'moved', departed_on = '2024-08-20' WHERE residence_id = 8812;
INSERT INTO registry.residence (residence_id, person_id, dwelling_id, arrived_on, state) OVERRIDING SYSTEM VALUE VALUES (8912, 8312, 8002, '2024-08-20', 'active');
SELECT is(pg_temp.refused(pg_temp.enter(8312), 'apply', '2024-08-21'), 'RG157', 'in another county a draft is entered anew');
-- a time limit that somebody has stopped by hand is in nobody's way; a place with a limit for replacements has its clock
SELECT pg_temp.bring(8313, 'ready') AS p \gset
SELECT registry.clock_step(clock_id, 'stop', '2024-08-07') IS NULL AS x FROM registry.permit WHERE permit_id = :p \gset
SELECT is(pg_temp.take(:p, 'deliver', '2024-08-08', '{"collector": "x"}'), 'valid', 'delivered');
INSERT INTO policy.setting (key, division, period, value, legal_basis) VALUES ('permit_replace', '460105', '[2024-01-01,)', '10 working days', 'between test');
SELECT is(pg_temp.take(:p, 'replace', '2024-09-02', '{"returned_card": "yes", "fee_paid": true}'), 'replaced', 'replaced');
SELECT permit_id AS q FROM registry.permit WHERE replaces_id = :p \gset
SELECT is(concat_ws(' ', matter, c.state, due_on), 'permit_replace running 2024-09-14', 'within ten working days') FROM registry.clock c JOIN registry.permit USING (clock_id) WHERE permit_id = :q;
SELECT is(pg_temp.take(:q, 'make', '2024-09-03'), 'ready', 'made'), is(pg_temp.take(:q, 'deliver', '2024-09-04', '{"collector": "x"}'), 'valid', 'and delivered');
SELECT is(c.state, 'stopped', 'which ends them') FROM registry.clock c JOIN registry.permit USING (clock_id) WHERE permit_id = :q;
SELECT is(pg_temp.take(:q, 'report_lost', '2024-09-05') || pg_temp.take(:q, 'replace', '2024-09-06', '{"fee_paid": true}'), 'lostreplaced', 'a replacement of a replacement');
DELETE FROM policy.setting WHERE legal_basis = 'between test';
SELECT is((SELECT concat_ws(' ', state, count_from, endorsed_until) FROM registry.permit WHERE replaces_id = :q), 'making 2024-01-02 2025-01-02', 'has the same anniversaries');
-- odd evidence is none
SELECT pg_temp.bring(8314, 'submitted') AS p, pg_temp.bring(8315, 'ready') AS q, pg_temp.bring(8316, 'valid') AS r \gset
SELECT is(pg_temp.refused(v.permit, v.event, v.day, v.evidence), v.code, v.event || ' with ' || v.evidence)
FROM (VALUES (:p, 'accept', date '2024-08-01', '{"materials": [null]}'::jsonb, 'RG149'), (:p, 'accept', '2024-08-01', '{"materials": {"id_card": true}}', 'RG149'), (:p, 'accept', '2024-08-01', '{"materials": [["id_card"]]}', 'RG149'),
    (:p, 'accept', '2024-08-01', '7', 'RG149'), (:p, 'accept', '2024-08-01', 'null', 'RG149'), (:p, 'request_supplement', '2024-08-01', '{"missing": [null]}', 'RG150'), (:p, 'request_supplement', '2024-08-01', '{"missing": ""}', 'RG150'),
    (:p, 'request_supplement', '2024-08-01', '{"missing": [null, "photo", 7]}', 'RG150'), (:q, 'deliver', '2024-08-08', '{"collector": "  ", "tracking_number": ""}', 'RG154'), (:q, 'deliver', '2024-08-08', '["x"]', 'RG154'),
    (:r, 'replace', '2024-09-01', '{"returned_card": "perhaps"}', 'RG162'), (:r, 'replace', '2024-09-01', '{"returned_card": [true]}', 'RG162'), (:r, 'replace', '2024-09-01', '{"returned_card": true, "fee_paid": {"yuan": 20}}', 'RG167'),
    (:r, 'revoke', '2024-09-01', '{"penalty_decision": "　"}', 'RG163')) v (permit, event, day, evidence, code);
SELECT is(pg_temp.take(:p, 'accept', '2024-08-01', '{"materials": [null, "photo", "id_card", "employment_proof"], "clock_from": "2020-01-01"}'), 'accepted', 'accepted');
SELECT is(started_on, date '2024-08-01', 'nobody sets back a clock') FROM registry.clock JOIN registry.permit USING (clock_id) WHERE permit_id = :p;
-- a child is nobody's proxy, least of all its own; a proxy brings a card, too; an unknown birthday is no age
UPDATE registry.person SET birth_date = '2012-03-03' WHERE person_id = 8317;
SELECT is(pg_temp.refused(pg_temp.enter(8317, proxy => 8317), 'apply', '2024-08-01'), 'RG145', 'a child by itself');
SELECT pg_temp.enter(8317) AS p \gset
SELECT is((api.apply_permit(permit_id => :p, proxy_person_id => 8301, happened_on => '2024-08-01')).state, 'submitted', 'by proxy');
SELECT is(pg_temp.refused(:p, 'accept', '2024-08-01', '{"materials": ["id_card", "photo", "employment_proof"]}'), 'RG149', 'who shows no card');
SELECT is(pg_temp.take(:p, 'accept', '2024-08-01', '{"materials": ["id_card", "photo", "employment_proof", "proxy_id_card"]}'), 'accepted', 'who does');
SELECT is(pg_temp.outcome(format('UPDATE registry.permit SET proxy_person_id = 8302 WHERE permit_id = %s', :p)), 'RG143', 'and stays the proxy');
SELECT is(pg_temp.outcome('UPDATE registry.person SET birth_date = NULL WHERE person_id = 8318'), '00000', 'an unknown birthday');
UPDATE registry.person SET birth_date = NULL WHERE person_id = 8318;
SELECT is(pg_temp.refused(pg_temp.enter(8318), 'apply', '2024-08-01'), 'RG145', 'is no age');
SELECT is(concat_ws(' ', holds, evidence), 'f birthday unknown', 'nor in the criteria') FROM api.permit_eligibility(8318, '460105', '2024-08-01') WHERE criterion = 'age';
SELECT is(string_agg(evidence, ', '), 'no active residence in this city, not registered', 'what is not there is said') FROM api.permit_eligibility(8318, '4403', '2024-08-01') WHERE criterion IN ('registration', 'half_year');
-- a draft is not in the way of a card
SELECT pg_temp.bring(8319, 'valid') AS p \gset
SELECT pg_temp.enter(8319) IS NULL AS x \gset
SELECT is((api.endorse_permit(person_id => 8319, happened_on => '2024-12-10', dry_run => true)).state, 'valid', 'the card is meant, not the draft');
-- what the kiosk cannot know
INSERT INTO policy.setting (key, division, period, value, legal_basis) VALUES ('endorse_registered_months', '460105', '[2024-01-01,)', '13', 'between test');
SELECT is(pg_temp.precheck(8319, 'endorse', '2024-12-15'), 'F10', 'too few months registered');
DELETE FROM policy.setting WHERE legal_basis = 'between test';
SELECT is(pg_temp.outcome($$SELECT * FROM api.permit_precheck('11010519491231002X', 'apply', NULL)$$), 'RG085', 'nowhere'), is(pg_temp.outcome('SELECT * FROM api.permit_eligibility(8319, NULL)'), 'RG085', 'nowhere');
SELECT pg_temp.bring(8322, 'suspended') AS p, pg_temp.bring(8323, 'valid') AS q, pg_temp.bring(8324, 'review') AS r \gset
SELECT is(pg_temp.precheck(8322, 'replace', '2025-02-01'), 'F5', 'what is suspended is not replaced');
SELECT is(pg_temp.take(:q, 'report_lost', '2024-09-01'), 'lost', 'lost'), is(pg_temp.precheck(8323, 'replace', '2024-09-10'), 'OK', 'is replaced');
UPDATE registry.residence SET state = 'moved', departed_on = '2024-09-10' WHERE residence_id IN (8823, 8824);
INSERT INTO registry.residence (residence_id, person_id, dwelling_id, arrived_on, state) OVERRIDING SYSTEM VALUE VALUES (8923, 8323, 8002, '2024-09-10', 'active'), (8924, 8324, 8003, '2024-09-10', 'active');
SELECT is(pg_temp.precheck(8323, 'change_address', '2024-09-11'), 'F5', 'and gets no other address');
-- who lives in another city has left this one
SELECT is(pg_temp.refused(:r, 'approve', '2024-09-11'), 'RG144', 'no permit for who lives in another city by now');
UPDATE registry.residence SET state = 'moved', departed_on = '2024-10-10' WHERE residence_id = 8923;
INSERT INTO registry.residence (residence_id, person_id, dwelling_id, arrived_on, state) OVERRIDING SYSTEM VALUE VALUES (9023, 8323, 8003, '2024-10-10', 'active');
SELECT is(pg_temp.refused(:q, 'cancel', '2024-10-09', '{}', 'departure'), 'RG164', 'not departed yet'), is(pg_temp.take(:q, 'cancel', '2024-10-10', '{}', 'departure'), 'cancelled', 'departed to another city');
-- nobody's permit is taken for another's
SELECT is((ledger.perform(v.act, jsonb_build_object('permit_id', :p) || v.arguments, NULL, true))[1].code, v.code, v.act || ' ' || v.arguments)
FROM (VALUES ('report_permit_lost', '{"person_id": 8323}'::jsonb, 'RG086'), ('report_permit_lost', '{"person_id": 8322}', NULL), ('report_permit_lost', '{"permit_number": "1"}', 'RG165'), ('apply_permit', '{"person_id": 8323}', 'RG086')) v (act, arguments, code);
-- numbers go on past 999999; several events and several permits in one statement
UPDATE registry.permit_number SET last_number = 999998 WHERE division = '460105' AND year = 2024;
INSERT INTO registry.permit (permit_id, person_id, applied_on) OVERRIDING SYSTEM VALUE VALUES (8320, 8320, '2024-08-01'), (8321, 8321, '2024-08-01');
INSERT INTO registry.permit_event (permit_id, event, happened_on, evidence)
SELECT p, e.event, e.day, e.evidence
FROM (VALUES (1, 'apply', date '2024-08-01', '{}'::jsonb), (2, 'accept', '2024-08-01', '{"materials": "id_card photo, employment_proof"}'), (3, 'verify', '2024-08-02', '{}'), (4, 'approve', '2024-08-05', '{}'),
             (5, 'make', '2024-08-06', '{}'), (6, 'deliver', '2025-03-01', '{"collector": "x"}'), (7, 'suspend', '2025-03-01', '{}'), (8, 'endorse_late', '2025-03-02', '{}')) e (n, event, day, evidence)
CROSS JOIN generate_series(8320, 8321) p ORDER BY n, p;
SELECT is(string_agg(concat_ws(' ', permit_number, state, last_sequence), ', ' ORDER BY permit_id), '4601052024999999 valid 9, 46010520241000000 valid 9', 'all of it')
FROM registry.permit WHERE permit_id IN (8320, 8321);
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;

-- what time brings: the same in one go as day by day
CREATE FUNCTION pg_temp.due(task text, "on" date) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE done integer; total integer := 0; fault text;
BEGIN
    LOOP
        SELECT d.done, d.error INTO done, fault FROM registry.due_batch(task, "on", 3) d;
        IF fault IS NOT NULL THEN RAISE '%', fault; END IF;
        total := total + done;
        EXIT WHEN done = 0;
    END LOOP;
    RETURN total;
END $$;
SELECT cmp_ok(pg_temp.due('due_suspensions', '2026-11-01'), '>', 2, 'suspended, in batches of three');
SELECT is(pg_temp.due('due_suspensions', '2026-11-01'), 0, 'once');
SELECT is_empty($$SELECT * FROM registry.permit p WHERE p.state = 'valid' AND registry.endorsement_missed(p, '2026-11-01')$$, 'none is left');
SELECT is_empty($$SELECT * FROM registry.permit_event e JOIN registry.permit p USING (permit_id)
    JOIN registry.permit_event before ON before.permit_id = e.permit_id AND before.sequence = e.sequence - 1
    WHERE e.event = 'suspend' AND e.channel = 'system' AND (e.suspended_on <> registry.endorse_by(e.endorsed_until, p.division) + 1 OR e.happened_on <> greatest(e.suspended_on, before.happened_on))$$,
    'each on the day on which it fell due');
SELECT cmp_ok(pg_temp.due('due_acceptances', '2026-11-01'), '>', 0, 'applications nobody looked at count as accepted');
SELECT is_empty($$SELECT * FROM registry.permit p JOIN registry.clock c USING (clock_id) JOIN registry.permit_event e ON e.permit_id = p.permit_id AND e.sequence = p.last_sequence
    WHERE e.event = 'accept' AND e.channel = 'system' AND c.started_on <> p.applied_on$$, 'from the day of receipt');
UPDATE registry.residence SET verified_at = '2024-02-01' WHERE residence_id IN (8511, 8512, 8513, 8514, 8515);
INSERT INTO registry.contact (residence_id, kind, happened_on, reached) VALUES
    (8511, 'visit', '2024-03-01', false), (8511, 'visit', '2024-04-01', false), (8511, 'notice', '2024-05-01', false),
    (8512, 'visit', '2024-03-01', false), (8512, 'visit', '2024-04-01', false), (8512, 'notice', '2024-05-01', false), (8512, 'call', '2024-05-10', true),
    (8513, 'visit', '2024-03-01', false), (8513, 'notice', '2024-05-01', false),
    (8514, 'notice', '2024-03-01', false), (8514, 'visit', '2024-03-02', false), (8514, 'visit', '2024-04-01', false),
    (8515, 'visit', '2024-03-01', false), (8515, 'visit', '2024-07-15', false), (8515, 'notice', '2024-07-20', false);
SELECT is(registry.close_on(r), d, 'closed without contact: ' || w)
FROM registry.residence r JOIN (VALUES (8511, date '2024-07-30', 'half a year after the last sign of life'), (8512, NULL, 'not who has called back'), (8513, NULL, 'not after one visit'),
    (8514, NULL, 'not without a notice after the visits'), (8515, '2024-08-19', 'not before the notice has run out')) v (id, d, w) ON v.id = r.residence_id;
SELECT is(pg_temp.due('due_closings', '2024-08-18'), 1, 'one by the 18th'), is(pg_temp.due('due_closings', '2024-09-01'), 1, 'two by September'), is(pg_temp.due('due_closings', '2024-09-01'), 0, 'once');
SELECT is(concat_ws(' ', state, departed_on), 'auto_closed 2024-07-30', 'on its day') FROM registry.residence WHERE residence_id = 8511;
SELECT is(pg_temp.outcome($$INSERT INTO registry.contact (residence_id, kind, happened_on, reached) VALUES (8010, 'visit', residency.today() + 1, false)$$), 'RG180', 'no contact to come');
SELECT is(pg_temp.outcome($$INSERT INTO registry.contact (residence_id, kind, happened_on, reached) VALUES (8010, 'smoke', residency.today(), false)$$), 'RG006', 'nor by smoke');

-- the picture in the documentation is the one that the procedure draws
\set page `sed -n '/^stateDiagram-v2$/,/^[^ s]/p' docs/permit.md | sed '$d'`
SELECT is(:'page'::text, permit_picture(), 'docs/permit.md shows the procedure as it is');

-- same person, other place or day, other answer: the pilot counties of December 2012
SELECT results_eq($$SELECT v.division, v.day, c.holds, c.setting ~ 'pilot|Pilot|Lingshui|Qiongzhong' FROM (VALUES (1, '469028', date '2012-12-01'), (2, '469030', '2012-12-01'), (3, '469028', '2012-11-30'), (4, '460105', '2012-12-01'), (5, '460105', '2024-01-01')) v (n, division, day),
    registry.permit_criterion(8001, v.division::division_code, v.day) c WHERE c.criterion = 'issued_here' ORDER BY n$$,
    $$VALUES ('469028', date '2012-12-01', true, true), ('469030', '2012-12-01', true, true), ('469028', '2012-11-30', false, true), ('460105', '2012-12-01', false, true), ('460105', '2024-01-01', true, false)$$, 'where permits are issued');

-- what a change of policy would do to permits and limits
INSERT INTO policy.draft (title) VALUES ('Longer half-year') RETURNING draft_id AS draft \gset
INSERT INTO policy.draft_setting (draft_id, key, division, period, value, legal_basis) VALUES
    (:draft, 'permit_half_year', '4601', '[2020-01-01,)', '12 months', 'a draft'), (:draft, 'endorse_window', '4601', '[2020-01-01,)', '60 days', 'a draft'),
    (:draft, 'permit_issue', '4601', '[2020-01-01,)', '10 working days', 'a draft'), (:draft, 'suspended_lapse', '4601', '[2020-01-01,)', '2 years', 'a draft'),
    (:draft, 'anniv_basis', '4601', '[2020-01-01,)', 'issue_date', 'a draft'), (:draft, 'gap_policy', '4601', '[2020-01-01,)', 'exclude_gap', 'a draft');
CREATE TEMP TABLE was AS SELECT * FROM policy.decide((SELECT array_agg(key) FROM policy.draft_setting WHERE draft_id = :draft), '460100', '460199999999', '2026-11-01');
CREATE TEMP TABLE simulated AS SELECT * FROM policy.simulate(:draft, '2026-11-01');
SELECT is(policy.apply(:draft), 6, 'applied by force');
SELECT set_eq('SELECT subject, subject_id, decision, old, new FROM simulated', format($$SELECT d.subject, d.subject_id, d.decision, was.value AS old, d.value AS new
    FROM policy.decide((SELECT array_agg(key) FROM policy.draft_setting WHERE draft_id = %s), '460100', '460199999999', '2026-11-01') d JOIN was USING (subject, subject_id, decision)
    WHERE was.value IS DISTINCT FROM d.value$$, :draft), 'the simulation foretold exactly what changed');
SELECT is_empty($$SELECT * FROM simulated WHERE reason IS NULL OR reason !~ 'a draft'$$, 'each with its reason');
SELECT is(string_agg(DISTINCT decision, ' '), 'count_from due_on eligible endorse_from half_year_on lapse_on years_if_endorsed_late', 'every kind of decision') FROM simulated;
SELECT * FROM finish();
ROLLBACK;
