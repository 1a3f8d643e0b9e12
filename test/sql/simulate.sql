-- What a draft of policy would change, over 100 000 residences: exactly what a recomputation of everything finds, and nothing is changed.
\unset ECHO
\set QUIET 1
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS residency CASCADE;
CREATE EXTENSION IF NOT EXISTS pgtap;
CALL residency.migrate();
RESET client_min_messages;
\pset format unaligned
\pset tuples_only true
-- rows that other tests have taken back: a plan for an empty table reads its whole index, theirs included
VACUUM ANALYZE registry.person, registry.dwelling, registry.residence;
BEGIN;
SELECT set_config('search_path', 'pg_catalog, residency, public, pg_temp', true) \g /dev/null
SET LOCAL DateStyle = ISO;
SELECT plan(30);

-- a register of 100 000: in Hainan, Guangzhou, Foshan, Zhongshan and Beijing
CREATE TEMP TABLE village AS
SELECT division, row_number() OVER (ORDER BY division) - 1 AS n FROM code.division 
WHERE level = 5 AND division::text ~ '^(46|4401)' OR level = 4 AND division::text ~ '^(4406|4420|1101)';
SET LOCAL session_replication_role = replica;
INSERT INTO registry.person (person_id, name, birth_date) OVERRIDING SYSTEM VALUE
SELECT 7000000 + i, '甲', date '1960-01-01' + i % 22000 FROM generate_series(1, 100000) i;
INSERT INTO registry.dwelling (dwelling_id, kind, address, division, usable_area, let_state) OVERRIDING SYSTEM VALUE
SELECT 7000000 + i, (ARRAY['unit', 'room', 'bed'])[1 + i % 3], i::text, v.division, 8 + i % 30, (ARRAY['let', 'lettable', 'owner_occupied'])[1 + i % 3]
FROM generate_series(1, 25000) i JOIN village v ON v.n = i % (SELECT count(*) FROM village);
UPDATE registry.dwelling d SET parent_id = w.dwelling_id, kind = 'room', division = w.division
FROM registry.dwelling w WHERE d.dwelling_id BETWEEN 7000001 AND 7020000 AND d.dwelling_id % 50 = 0 AND w.dwelling_id = d.dwelling_id + 1;
INSERT INTO registry.residence (residence_id, person_id, dwelling_id, arrived_on, departed_on, state, division, half_year_from, reported_at) OVERRIDING SYSTEM VALUE
SELECT 7000000 + i, 7000000 + i, w.dwelling_id, d.day, CASE i % 23 WHEN 0 THEN d.day + 100 END, CASE i % 23 WHEN 0 THEN 'departed' ELSE 'active' END,
       w.division, d.day + i % 5, d.day + i % 5
FROM generate_series(1, 100000) i
JOIN registry.dwelling w ON w.dwelling_id = 7000001 + i % 25000
CROSS JOIN LATERAL (SELECT date '2016-01-01' + i % 3300 AS day) d;
UPDATE registry.person SET household_division = '430102' WHERE person_id = 7000004;
SET LOCAL session_replication_role = origin;
ANALYZE registry.person, registry.dwelling, registry.residence;
SELECT is(count(*), 95653::bigint, 'current residences') FROM registry.residence WHERE residence_id > 7000000 AND state = 'active';

-- everything decided, by nobody's leave but the law's words
CREATE FUNCTION pg_temp.decided(day date) RETURNS TABLE (subject text, subject_id bigint, decision text, value text) LANGUAGE sql AS $$
    SELECT 'residence', r.residence_id, d.* FROM registry.residence r JOIN registry.person p USING (person_id)
    CROSS JOIN LATERAL (VALUES
        ('half_year_on', (r.half_year_from + policy_text('permit_half_year', r.division, r.half_year_from)::interval)::date::text),
        ('guardian_needed', (p.birth_date + make_interval(years => policy_int('guarded_below_age', r.division, r.arrived_on)) > r.arrived_on)::text),
        ('report_within', policy_text('arrival_report_occupant', r.division, r.arrived_on))) d
    WHERE r.state IN ('reported', 'verifying', 'active')
    UNION ALL
    SELECT 'dwelling', w.dwelling_id, d.* FROM registry.dwelling w
    LEFT JOIN (SELECT COALESCE(whole, dwelling_id) AS dwelling_id, count(*) AS n
               FROM (SELECT r.dwelling_id, NULL::bigint AS whole FROM registry.residence r WHERE r.state IN ('reported', 'verifying', 'active')
                     UNION ALL
                     SELECT r.dwelling_id, w.parent_id FROM registry.residence r JOIN registry.dwelling w USING (dwelling_id)
                     WHERE r.state IN ('reported', 'verifying', 'active') AND w.parent_id IS NOT NULL) x
               GROUP BY 1) inside USING (dwelling_id)
    CROSS JOIN LATERAL (SELECT COALESCE(inside.n, 0) AS n, policy_numeric('area_per_person_single', w.division, day) AS single,
                               policy_numeric('area_per_person_shared', w.division, day) AS shared) a
    CROSS JOIN LATERAL (VALUES
        ('over_limit', (COALESCE(a.n = 1 AND w.usable_area < a.single AND NOT (w.usable_area >= 2 * a.shared) OR a.n > 1 AND w.usable_area < a.n * a.shared, false)
                        OR COALESCE(a.n > CASE w.kind WHEN 'room' THEN policy_int('room_limit', w.division, day) WHEN 'bed' THEN policy_int('bed_limit', w.division, day) END, false))::text),
        ('letter_missing', (w.let_state IN ('let', 'lettable') AND policy_bool('safety_letter_needed', w.division, day))::text),
        ('manager_needed', (w.parent_id IS NULL AND COALESCE(a.n >= policy_int('manager_from', w.division, day), false))::text)) d
$$;
-- tables that must be as they were
CREATE FUNCTION pg_temp.policy() RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', (SELECT sum(hashtextextended(s::text, 0)) FROM policy.setting s),
        (SELECT sum(hashtextextended(s::text, 0)) FROM policy.draft s), (SELECT sum(hashtextextended(s::text, 0)) FROM policy.draft_setting s),
        (SELECT count(*) FROM policy.replaced_setting), (SELECT sum(hashtextextended(s::text, 0)) FROM policy.test_case s))
$$;
CREATE FUNCTION pg_temp.register() RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', (SELECT sum(hashtextextended(s::text, 0)) FROM registry.residence s),
        (SELECT sum(hashtextextended(s::text, 0)) FROM registry.dwelling s), (SELECT sum(hashtextextended(s::text, 0)) FROM registry.person s))
$$;
SELECT pg_temp.register() AS register \gset
CREATE TEMP TABLE before AS SELECT * FROM pg_temp.decided('2026-06-01');
CREATE TEMP TABLE simulated (LIKE before, old text, new text, division text, reason text);

-- a draft, simulated, and then the brute way: published inside a savepoint, all decided again, compared, rolled back
CREATE FUNCTION pg_temp.try(draft bigint) RETURNS TABLE (changed bigint, missing bigint, wrong bigint, untouched boolean) LANGUAGE plpgsql AS $$
DECLARE
    stood text := pg_temp.policy();
BEGIN
    DELETE FROM simulated;
    INSERT INTO simulated SELECT s.subject, s.subject_id, s.decision, NULL, s.old, s.new, s.division, s.reason FROM policy.simulate(draft, '2026-06-01') s;
    untouched := pg_temp.policy() = stood;
    ANALYZE simulated;
    BEGIN
        PERFORM policy.publish(draft);
        WITH after AS MATERIALIZED (SELECT * FROM pg_temp.decided('2026-06-01')),
        found AS MATERIALIZED (
            SELECT b.subject, b.subject_id, b.decision, b.value AS old, a.value AS new
            FROM before b JOIN after a ON a.subject = b.subject AND a.subject_id = b.subject_id AND a.decision = b.decision
            WHERE a.value IS DISTINCT FROM b.value)
        SELECT (SELECT count(*) FROM found),
               (SELECT count(*) FROM (TABLE found EXCEPT ALL SELECT s.subject, s.subject_id, s.decision, s.old, s.new FROM simulated s) x),
               (SELECT count(*) FROM (SELECT s.subject, s.subject_id, s.decision, s.old, s.new FROM simulated s EXCEPT ALL TABLE found) x)
        INTO changed, missing, wrong;
        RAISE SQLSTATE 'RG999';
    EXCEPTION WHEN SQLSTATE 'RG999' THEN
        NULL;
    END;
    RETURN NEXT;
END $$;
CREATE FUNCTION pg_temp.draft(draft bigint, settings text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO policy.draft (draft_id, title) OVERRIDING SYSTEM VALUE VALUES (draft, 'a test');
    EXECUTE format('INSERT INTO policy.draft_setting (draft_id, key, division, period, value, legal_basis)
                    SELECT %s, k, d::residency.division_code, p::daterange, v, ''clause '' || n FROM (VALUES %s) x (n, k, d, p, v)', draft, settings);
END $$;
-- the drafts go where stored cases are: those stand back
DELETE FROM policy.test_case;

-- one parameter, a province and in it a city with another value, from a day on
SELECT pg_temp.draft(9101, $$(1, 'permit_half_year', '46', '[2020-01-01,)', '3 months'), (2, 'permit_half_year', '4601', '[2020-01-01,2022-01-01)', '12 months')$$) \g /dev/null
SELECT changed, missing, wrong, untouched FROM pg_temp.try(9101) \gset
SELECT cmp_ok(:changed, '>', 10000, 'a province: many change');
SELECT is(:missing, 0, 'and none is missed');
SELECT is(:wrong, 0, 'none is listed that does not');
SELECT ok(:'untouched', 'nothing is changed');
SELECT is_empty($$SELECT * FROM simulated WHERE division !~ '^46' OR old IS NOT DISTINCT FROM new OR reason IS NULL$$, 'all in the province, each with its reason');
SELECT is_empty($$SELECT s.* FROM simulated s JOIN registry.residence r ON r.residence_id = s.subject_id
                  WHERE s.subject <> 'residence' OR s.reason <> 'permit_half_year: 6 months [居住证暂行条例 Art. 2, 公通字〔2015〕38号; registered time before 2016 counts] → '
                        || CASE WHEN s.division ~ '^4601' AND r.half_year_from < '2022-01-01' THEN '12 months [clause 2]' ELSE '3 months [clause 1]' END$$,
    'the reason names parameter, values and clauses');
SELECT results_eq($$SELECT count(*) FROM simulated$$, $$SELECT count(*) FROM registry.residence r
                    WHERE r.division <@ '46' AND r.state = 'active' AND r.half_year_from >= '2020-01-01'$$, 'whom it concerns, counted by hand');

-- every decision at once, for the country and beneath what a city has set already
SELECT pg_temp.draft(9102, $$(1, 'area_per_person_shared', NULL, '[2020-01-01,)', '4'), (2, 'area_per_person_single', NULL, '[2020-01-01,)', '9'),
    (3, 'guarded_below_age', NULL, '[2018-01-01,)', '18'), (4, 'arrival_report_occupant', '44', '[2019-01-01,2024-01-01)', '7 days'),
    (5, 'permit_half_year', NULL, '(,)', '5 months'), (6, 'bed_limit', '4401', '[2020-01-01,)', '4'), (7, 'room_limit', '460105', '[2020-01-01,)', '2'),
    (8, 'safety_letter_needed', '110101001', '[2020-01-01,)', 'false'), (9, 'manager_from', '46', '[2020-01-01,)', '5')$$) \g /dev/null
SELECT changed, missing, wrong, untouched FROM pg_temp.try(9102) \gset
SELECT cmp_ok(:changed, '>', 95653, 'the country: very many change');
SELECT is(:missing, 0, 'and none is missed');
SELECT is(:wrong, 0, 'none is listed that does not');
SELECT ok(:'untouched', 'nothing is changed');
SELECT set_eq('SELECT DISTINCT subject, decision FROM simulated', $$VALUES ('residence', 'half_year_on'), ('residence', 'guardian_needed'), ('residence', 'report_within'),
    ('dwelling', 'over_limit'), ('dwelling', 'letter_missing'), ('dwelling', 'manager_needed')$$, 'of every kind');
SELECT is_empty('SELECT * FROM simulated WHERE reason IS NULL', 'each with its reason');
SELECT is_empty($$SELECT * FROM simulated WHERE decision = 'report_within' AND division ~ '^4420'$$, 'a city''s own setting goes on winning');
SELECT is_empty($$SELECT * FROM simulated WHERE decision = 'over_limit' AND reason ~ 'area' AND division ~ '^44(01|06)'$$, 'also for one of several parameters');
SELECT isnt_empty($$SELECT * FROM simulated WHERE decision = 'over_limit' AND reason ~ 'area_per_person_shared.*; area_per_person_single'$$, 'two that changed are both named');

-- a day to come
SELECT pg_temp.draft(9103, $$(1, 'room_limit', '469028', '[2030-01-01,)', '1')$$) \g /dev/null
SELECT is_empty($$SELECT * FROM policy.simulate(9103, '2029-12-31')$$, 'what begins later changes nothing yet');
SELECT isnt_empty($$SELECT * FROM policy.simulate(9103, '2030-01-01')$$, 'but from that day on');

-- where it looks
SELECT results_eq('SELECT * FROM policy.draft_range(9101) ORDER BY first LIMIT 3',
    $$VALUES ('460000'::division_code, '460000'::division_code), ('460100', '460100'), ('460105', '460105999999')$$, 'county by county');
SELECT pg_temp.draft(9104, $$(1, 'room_limit', '110101001', '(,)', '1'), (2, 'room_limit', '110101003', '(,)', '1'), (3, 'bed_limit', '110102', '(,)', '2')$$) \g /dev/null
SELECT results_eq('SELECT * FROM policy.draft_range(9104) ORDER BY first',
    $$VALUES ('110101001'::division_code, '110101003999'::division_code), ('110102', '110102999999')$$, 'no further than need be');

-- limits that run, one of them suspended for a while, one extended: what has elapsed stays elapsed, and a rule that refuses answers, too
SELECT registry.start_clock('permit_issue', '460105', '2026-03-02') AS plain, registry.start_clock('permit_issue', '460105', '2026-03-02') AS paused,
       registry.start_clock('permit_issue', '460105', '2026-03-02') AS longer \gset
SELECT registry.clock_step(:paused, 'suspend', '2026-03-12', reason => 'hearing', legal_basis => 'a test') \g /dev/null
SELECT registry.clock_step(:paused, 'resume', '2026-03-20') \g /dev/null
SELECT registry.clock_step(:longer, 'extend', '2026-03-12', 10, 'approved', 'a test') \g /dev/null
CREATE FUNCTION pg_temp.due(term text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    UPDATE policy.draft_setting SET value = term WHERE draft_id = 9106;
    RETURN (SELECT string_agg(concat_ws(' → ', s.old, COALESCE(s.new, 'none')), ', ' ORDER BY s.subject_id) FROM policy.simulate(9106) s WHERE s.subject = 'clock');
END $$;
SELECT pg_temp.draft(9106, $$(1, 'permit_issue', '460105', '[2026-01-01,)', '20 days')$$) \g /dev/null
SELECT is(pg_temp.due('5 days'), '2026-03-17 → 2026-03-09, 2026-03-25 → 2026-03-15, 2026-03-27 → 2026-03-17', 'a shorter limit may have run out before the suspension');
SELECT is(pg_temp.due('1 month'), '2026-03-17 → 2026-04-02, 2026-03-25 → 2026-04-10, 2026-03-27 → 2026-04-13', 'a month is as long as from the start, and an extension is one of days');
SELECT is(pg_temp.due('5 working days'), '2026-03-17 → 2026-03-09, 2026-03-25 → none, 2026-03-27 → none', 'days that have been counted are no working days');
SELECT is(pg_temp.due('9999 working days'), '2026-03-17 → RG100: there is no calendar for this year, 2026-03-25 → none, 2026-03-27 → none', 'beyond the calendar');

-- permits: those whose day lies in a year without a calendar, or before there was a rule, do not hide the others
SET LOCAL session_replication_role = replica;
INSERT INTO registry.permit (permit_id, person_id, division, city, applied_on, last_sequence, state, residence_id, ground, issued_on, count_from, endorsed_until, residence_years)
OVERRIDING SYSTEM VALUE
SELECT r.residence_id, r.person_id, '460105', '4601', '2020-01-01', 1, 'valid', r.residence_id, 'employment', v.issued_on, '2020-01-01', v.endorsed_until, 1
FROM (VALUES (7000001, date '2020-02-03', date '2020-03-31'), (7000002, '2020-02-04', '2141-03-31'), (7000003, '2013-02-05', '2021-03-31')) v (id, issued_on, endorsed_until)
JOIN registry.residence r ON r.residence_id = v.id;
SET LOCAL session_replication_role = origin;
SELECT pg_temp.draft(9107, $$(1, 'endorse_window', '460105', '[2016-01-01,)', '20 working days'), (2, 'anniv_basis', '460105', '[2010-01-01,)', 'issue_date')$$) \g /dev/null
SELECT set_eq($$SELECT s.subject_id, s.decision, CASE WHEN s.decision = 'count_from' AND s.old !~ '^RG' THEN 'the residence' ELSE s.old END, s.new FROM policy.simulate(9107) s$$,
    $$VALUES (7000001::bigint, 'endorse_from', '2020-02-29', '2020-03-03'), (7000002, 'endorse_from', '2141-02-28', 'RG100: there is no calendar for this year'),
             (7000003, 'endorse_from', '2021-02-28', '2021-03-03'),
             (7000001, 'count_from', 'the residence', '2020-02-03'), (7000002, 'count_from', 'the residence', '2020-02-04'),
             (7000003, 'count_from', 'RG090: no policy is set for this', '2013-02-05')$$, 'permits, each with its own answer');
-- an application: the half-year is that of the day on which it began
SET LOCAL session_replication_role = replica;
INSERT INTO registry.ownership (person_id, dwelling_id, starts_on) SELECT person_id, dwelling_id, '2015-01-01' FROM registry.residence WHERE residence_id = 7000004;
INSERT INTO registry.permit (permit_id, person_id, division, city, applied_on, last_sequence, state, residence_id, ground, residence_years) OVERRIDING SYSTEM VALUE
SELECT r.residence_id, r.person_id, county(r.division), city(r.division), '2016-10-01', 2, 'submitted', r.residence_id, 'dwelling', 0
FROM registry.residence r WHERE r.residence_id = 7000004;
SET LOCAL session_replication_role = origin;
SELECT pg_temp.draft(9108, $$(1, 'permit_half_year', NULL, '[2016-01-01,2016-02-01)', '12 months')$$) \g /dev/null
SELECT results_eq($$SELECT s.decision, s.old, s.new, s.reason FROM policy.simulate(9108) s WHERE s.subject = 'permit'$$,
    $$VALUES ('eligible', 'true', 'false', 'permit_half_year: 12 months [clause 1]')$$, 'an application, with its reason');
SELECT throws_ok('SELECT * FROM policy.simulate(9999)', 'RG094');
INSERT INTO policy.draft (draft_id, title) OVERRIDING SYSTEM VALUE VALUES (9105, 'empty');
SELECT throws_ok('SELECT * FROM policy.simulate(9105)', 'RG095');
SELECT is(pg_temp.register(), :'register', 'the register is as it was');
SELECT * FROM finish();
ROLLBACK;
