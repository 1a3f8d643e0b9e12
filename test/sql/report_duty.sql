-- Duties to report: whose, until when, under which clause, and who is late.
\set ECHO none
\getenv test PG_ABS_SRCDIR
\i :test/lib/register.sql

BEGIN;
SET LOCAL datestyle = 'ISO';
SET LOCAL client_min_messages = warning;
SELECT no_plan();

-- a district with rules of its own in spring 2024 (no holidays in March), and two villages in it that differ
INSERT INTO policy.setting (key, division, period, value, legal_basis)
SELECT key, division::residency.division_code, '[2024-01-01,2025-01-01)', value, basis
FROM (VALUES
    ('arrival_report_occupant',     '460105', '3 working days', '甲 Art. 1'),
    ('change_report_occupant',      '460105', '10 days',        '甲 Art. 2'),
    ('departure_report_occupant',   '460105', '3 working days', '甲 Art. 3'),
    ('arrival_report_landlord',     '460105', '3 working days', '甲 Art. 4'),
    ('arrival_report_landlord_from', '460105', 'arrival',       '甲 Art. 4'),
    ('departure_report_landlord',   '460105', '3 working days', '甲 Art. 5'),
    ('arrival_report_employer',     '460105', '7 days',         '甲 Art. 6'),
    ('departure_report_employer',   '460105', '7 days',         '甲 Art. 6'),
    ('arrival_report_hotel',        '460105', '24 hours',       '甲 Art. 7'),
    ('departure_report_hotel',      '460105', NULL,             '甲 Art. 7'),
    ('hire_report_employer',        '460105', '30 days',        '甲 Art. 8'),
    ('termination_report_employer', '460105', '15 days',        '甲 Art. 9'),
    ('lease_report_agent',          '460105', '3 working days', '甲 Art. 10'),
    ('exempt_hotel',                '460105', 'true',           '甲 Art. 11'),
    ('arrival_reported_once',       '460105', 'false',          '甲 Art. 12'),
    ('arrival_reported_once',       '460105001002', 'true',     '乙村 1'),
    ('arrival_report_landlord_from', '460105001002', 'contract', '乙村 2'),
    ('arrival_report_occupant',     '460105001002', NULL,       '乙村 3')
) v (key, division, value, basis);
INSERT INTO registry.person (person_id, name, birth_date) OVERRIDING SYSTEM VALUE
SELECT 9500 + n, '人' || n, '1980-01-01' FROM generate_series(1, 19) n;
INSERT INTO registry.person (person_id, name, birth_date) OVERRIDING SYSTEM VALUE VALUES (9520, '孩', '2015-01-01'), (9521, '房东', '1960-01-01');
INSERT INTO registry.employer (employer_id, credit_code, name, division) OVERRIDING SYSTEM VALUE VALUES
    (9501, '91460106MA5T000109', '甲厂', '460105001001'), (9502, '92440113MA59K12337', '人4小吃', '460105001001');
INSERT INTO registry.dwelling (dwelling_id, kind, address, division, let_state, rental_kind, safety_letter_on, landlord_person_id, landlord_credit_code, parent_id) OVERRIDING SYSTEM VALUE VALUES
    (9501, 'building', '一号', '460105001001', 'let', 'whole', '2020-01-01', 9521, NULL, NULL),
    (9502, 'unit', '一号1', '460105001001', 'let', 'whole', NULL, NULL, NULL, 9501),
    (9503, 'building', '旅馆', '460105001001', 'let', 'hotel_style', '2020-01-01', NULL, '91110000600037341L', NULL),
    (9504, 'building', '宿舍', '460105001001', 'let', 'dormitory', '2020-01-01', NULL, '91460106MA5T000109', NULL),
    (9505, 'building', '乙村一号', '460105001002', 'let', 'whole', '2020-01-01', 9521, NULL, NULL),
    (9506, 'building', '自住', '460105001001', 'owner_occupied', NULL, NULL, NULL, NULL, NULL);
-- arrivals on Friday, 2024-03-01
INSERT INTO registry.residence (residence_id, person_id, dwelling_id, arrived_on, reported_at, departed_on, closed_at, state, channel, reporter_person_id, reporter_credit_code, guardian_person_id, place_kind) OVERRIDING SYSTEM VALUE VALUES
    (9501, 9501, 9502, '2024-03-01', '2024-03-06 23:59:59+08', NULL, NULL, 'active', 'window', NULL, NULL, NULL, NULL),
    (9502, 9502, 9502, '2024-03-01', '2024-03-07 00:00+08', NULL, NULL, 'active', 'landlord', NULL, NULL, NULL, NULL),
    (9503, 9503, 9503, '2024-03-01', '2024-03-03 12:00+08', '2024-03-05', '2024-03-20 12:00+08', 'departed', 'hotel', NULL, NULL, NULL, NULL),
    (9504, 9504, 9504, '2024-03-01', '2024-03-05 12:00+08', NULL, NULL, 'active', 'window', NULL, '91460106MA5T000109', NULL, NULL),
    (9505, 9520, 9502, '2024-03-01', '2024-03-06 12:00+08', NULL, NULL, 'active', 'window', 9521, NULL, 9501, NULL),
    (9506, 9506, 9505, '2024-03-01', '2024-03-12 12:00+08', NULL, NULL, 'active', 'window', NULL, NULL, NULL, NULL),
    (9507, 9521, 9501, '2024-03-01', '2024-03-01 12:00+08', NULL, NULL, 'active', 'window', NULL, NULL, NULL, NULL),
    (9508, 9508, 9506, '2024-03-01', '2024-03-01 12:00+08', '2024-03-11', '2024-03-18 12:00+08', 'departed', 'window', NULL, NULL, NULL, '02'),
    (9509, 9509, 9501, '2024-01-10', '2024-01-10 12:00+08', '2024-03-04', '2024-03-08 12:00+08', 'moved', 'landlord', NULL, NULL, NULL, NULL),
    (9510, 9509, 9506, '2024-03-04', '2024-03-15 12:00+08', NULL, NULL, 'active', 'window', NULL, NULL, NULL, NULL),
    (9511, 9511, 9501, '2024-03-01', '2024-03-01 12:00+08', '2024-03-05', '2024-03-18 12:00+08', 'departed', 'landlord', NULL, NULL, NULL, NULL),
    (9512, 9512, 9501, '2024-03-01', '2024-03-31 12:00+08', NULL, NULL, 'reported', 'window', NULL, NULL, NULL, NULL),
    (9513, 9513, 9501, '2024-03-01', '2024-03-31 12:00+08', NULL, NULL, 'reported', 'window', NULL, NULL, NULL, NULL);
UPDATE registry.residence SET state = 'voided', close_reason = 'x' WHERE residence_id = 9512;
UPDATE registry.residence SET state = 'rejected', close_reason = 'x' WHERE residence_id = 9513;
INSERT INTO registry.tenancy (tenancy_id, dwelling_id, person_id, landlord_person_id, starts_on, signed_on, agent_credit_code, reported_at) OVERRIDING SYSTEM VALUE VALUES
    -- a sub-lessor lets to 9501, and has reported the lease; an agent brings one about for 9506, signed before
    (9501, 9502, 9501, 9519, '2024-03-01', '2024-02-28', NULL, '2024-03-05 12:00+08'),
    (9502, 9505, 9506, NULL, '2024-03-01', '2024-02-26', '91350100M000100Y43', NULL),
    (9503, 9505, 9507, NULL, '2024-03-01', '2024-02-26', '91350100M000100Y43', NULL);
UPDATE registry.tenancy SET void_reason = 'x' WHERE tenancy_id = 9503;
INSERT INTO registry.employment (employment_id, employer_id, person_id, kind, hired_on, ended_on, hire_reported_at, end_reported_at) OVERRIDING SYSTEM VALUE VALUES
    (9501, 9501, 9501, 'contract', '2024-03-01', NULL, NULL, NULL),
    (9502, 9501, 9502, 'contract', '2024-03-01', '2024-03-15', '2024-03-20 12:00+08', '2024-04-03 12:00+08'),
    (9503, 9502, 9504, 'business', '2024-03-01', NULL, NULL, NULL),
    (9504, 9501, 9503, 'contract', '2024-03-01', NULL, NULL, NULL);
UPDATE registry.employment SET void_reason = 'x' WHERE employment_id = 9504;

-- every duty as it stood on 2024-04-03
CREATE FUNCTION pg_temp.duties("on" date, since date = '2024-01-01') RETURNS SETOF text LANGUAGE sql AS $$
    SELECT concat_ws(' ', duty, COALESCE(obligor_person_id::text, obligor_credit_code), CASE WHEN obligor = 'employer' THEN 'employer ' || obligor_employer_id END,
                     subject, subject_id, 'on', event_on, CASE WHEN counts_from <> event_on THEN 'from ' || counts_from END, 'in', term,
                     'by', due_on, COALESCE('reported ' || reported_on, 'open'), 'late', late_days, clause)
    FROM registry.report_duty('460105', "on", since)
    ORDER BY subject, subject_id, duty
$$;
\echo duties on 2024-04-03
SELECT pg_temp.duties('2024-04-03');
\echo as they stood on 2024-03-06
SELECT pg_temp.duties('2024-03-06');
\echo who is late on 2024-03-10, a Sunday
SELECT duty, duty_name IS NOT NULL AS named, obligor, obligor_person_id, obligor_employer_id, obligor_credit_code, obligor_name, subject, subject_id,
       person_id, division_code, event_on, due_on, reported_on, late_days, late_by, term, clause
FROM api.overdue_report('460105', '2024-03-10');
\echo in the village
SELECT duty, obligor_person_id, late_by, clause FROM api.overdue_report('460105001002', '2024-03-20');
\echo tests

-- the interfaces say the same
SELECT results_eq($$SELECT duty, subject_id, due_on, reported_on, late_days, clause FROM api.overdue_report('460105', '2024-04-03') ORDER BY 1, 2$$,
    $$SELECT duty, subject_id, due_on, reported_on, late_days, clause FROM registry.report_duty('460105', '2024-04-03') WHERE late_days > 0 ORDER BY 1, 2$$,
    'the report is the duties that are late');
SELECT is_empty($$SELECT d.* FROM registry.report_duty('460105', '2024-04-03') d
    WHERE d.term NOT LIKE '%hour%' AND (d.due_on <> residency.legal_deadline(d.counts_from, residency.policy_text(d.duty, d.division_code::residency.division_code, d.counts_from), d.division_code::residency.division_code)
       OR d.clause <> (SELECT e.legal_basis FROM policy.setting e WHERE e.setting_id = residency.policy_setting(d.duty, d.division_code::residency.division_code, d.counts_from)))$$,
    'each due day and clause is that of the policy');
SELECT is((SELECT count(*) FROM registry.report_duty(NULL, '2024-04-03', '2024-01-01') WHERE division_code LIKE '460105%'),
          (SELECT count(*) FROM registry.report_duty('460105', '2024-04-03', '2024-01-01')), 'everywhere holds the district');
SELECT is_empty($$SELECT * FROM registry.report_duty('460106', '2024-04-03')$$, 'another district');
SELECT is((SELECT min(event_on) FROM registry.report_duty('460105', '2024-04-03', '2024-03-01')), '2024-03-01'::date, 'since a day');
INSERT INTO policy.setting (key, division, period, value, legal_basis) VALUES ('report_looks_back', '460105', '[2024-01-01,2025-01-01)', '2 days', 'a test');
SELECT is((SELECT min(event_on) FROM registry.report_duty('460105', '2024-03-06')), '2024-03-04'::date, 'as far as policy looks back');
SELECT is((SELECT min(event_on) FROM registry.report_duty('460105', '2024-03-06', '-infinity')), '2024-01-10'::date, 'or from the beginning');
UPDATE policy.setting SET value = NULL WHERE key = 'report_looks_back' AND division IS NOT NULL;
SELECT is((SELECT min(event_on) FROM registry.report_duty('460105', '2024-03-06')), '2024-01-10'::date, 'no limit set');
SELECT is((SELECT array_agg(registry.report_due('2024-03-01', t, '460105') ORDER BY n) FROM unnest('{1 hour,24 hours,25 hours,48 hours,3 working days,NULL}'::text[]) WITH ORDINALITY AS u (t, n)),
    '{2024-03-02,2024-03-02,2024-03-03,2024-03-03,2024-03-06,NULL}'::date[], 'hours end on the day they reach');
SELECT is(registry.report_due('2025-10-01', '0 days', '460105'), '2025-10-01', 'at once is on the day itself, also on a holiday');
SELECT is((SELECT array_agg(registry.host_role(r, g, c::residency.credit_code) ORDER BY n)
           FROM (VALUES (1, 'whole', NULL, NULL), (2, NULL, '1', NULL), (3, 'daily', NULL, NULL), (4, 'hotel_style', '5', '91460106MA5T000109'),
                        (5, 'dormitory', '3', '91460106MA5T000109'), (6, 'dormitory', '3', NULL)) v (n, r, g, c)),
    '{landlord,hotel,hotel,hotel,employer,landlord}'::text[], 'who gives lodging');
SELECT throws_ok($$SELECT * FROM api.overdue_report('nowhere')$$, '22P02');
SAVEPOINT s;
DELETE FROM policy.setting WHERE key = 'hire_report_employer';
SELECT throws_ok($$SELECT * FROM api.overdue_report('460105', '2024-04-03')$$, 'RG090', NULL, 'a duty without a policy is not guessed');
ROLLBACK TO s;

-- who let the dwelling
SELECT results_eq(format('SELECT landlord_person_id, landlord_credit_code::text FROM registry.landlord_on(%s, %s, %L)', d, p, o), format('VALUES (%s::bigint, %L)', COALESCE(l::text, 'NULL'), c), w)
FROM (VALUES (9502, 9501, '2024-03-01', 9519, NULL, 'by the lease of the tenant'), (9502, 9502, '2024-03-01', 9519, NULL, 'by another lease of it'),
             (9502, 9501, '2024-02-29', 9521, NULL, 'before it, the landlord of the whole'), (9504, 9501, '2024-03-01', NULL, '91460106MA5T000109', 'an organisation'),
             (9506, 9501, '2024-03-01', NULL, NULL, 'nobody known')) v (d, p, o, l, c, w);
SELECT is_empty('SELECT * FROM registry.landlord_on(-1, 9501, current_date)', 'no dwelling, no landlord');

-- many: the same as case by case
INSERT INTO registry.person (person_id, name, birth_date) OVERRIDING SYSTEM VALUE SELECT 95000 + n, '众' || n, '1980-01-01' FROM generate_series(1, 400) n;
INSERT INTO registry.dwelling (dwelling_id, kind, address, division, let_state, rental_kind, safety_letter_on, landlord_person_id) OVERRIDING SYSTEM VALUE
SELECT 95000 + n, 'unit', '众' || n, CASE n % 2 WHEN 0 THEN '460105001001' ELSE '460105001002' END::residency.division_code, 'let', 'whole', '2020-01-01',
       CASE WHEN n % 5 > 0 THEN 9521 END FROM generate_series(1, 100) n;
INSERT INTO registry.residence (person_id, dwelling_id, arrived_on, reported_at, state)
SELECT 95000 + n, 95001 + n % 100, date '2024-03-01' + n % 25, timestamptz '2024-03-01 12:00+08' + (n % 25 + n % 7) * interval '1 day', 'active'
FROM generate_series(1, 400) n;
CREATE FUNCTION pg_temp.case_by_case("on" date) RETURNS TABLE (duty text, person_id bigint, due_on date, late integer) LANGUAGE plpgsql AS $$
DECLARE
    r        registry.residence;
    landlord bigint;
    term     text;
    reported date;
BEGIN
    FOR r IN SELECT * FROM registry.residence x WHERE x.person_id > 95000 AND x.arrived_on <= "on" LOOP
        SELECT d.landlord_person_id INTO landlord FROM registry.dwelling d WHERE d.dwelling_id = r.dwelling_id;
        person_id := r.person_id;
        FOREACH duty IN ARRAY '{arrival_report_occupant,arrival_report_landlord}'::text[] LOOP
            term := residency.policy_text(duty, r.division, r.arrived_on);
            CONTINUE WHEN term IS NULL OR duty = 'arrival_report_landlord' AND landlord IS NULL;
            reported := residency.local_day(r.reported_at);
            IF duty = 'arrival_report_landlord' AND NOT residency.policy_bool('arrival_reported_once', r.division, r.arrived_on) OR reported > "on" THEN
                reported := "on";
            END IF;
            due_on := residency.legal_deadline(r.arrived_on, term, r.division);
            late := greatest(reported - due_on, 0);
            RETURN NEXT;
        END LOOP;
    END LOOP;
END $$;
SELECT results_eq($$SELECT duty, person_id, due_on, late_days FROM registry.report_duty('460105', '2024-03-20') WHERE person_id > 95000 ORDER BY 1, 2$$,
    $$SELECT * FROM pg_temp.case_by_case('2024-03-20') ORDER BY 1, 2$$, 'hundreds at once, the same as one by one');
SELECT cmp_ok((SELECT count(*) FROM pg_temp.case_by_case('2024-03-20') WHERE late > 0), '>', 100::bigint, 'of which many are late');
SELECT * FROM finish();
ROLLBACK;
