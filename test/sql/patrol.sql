-- Patrol: staff, tasks, visits, and what phones observe without a network: the same end in whatever order it comes.
\set ECHO none
\getenv test PG_ABS_SRCDIR
\i :test/lib/register.sql
\set VERBOSITY terse
\set ON_ERROR_ROLLBACK on
\set SHOW_CONTEXT never

BEGIN;
SET LOCAL datestyle = 'ISO';
SET LOCAL timezone = 'UTC';
SET LOCAL client_min_messages = warning;
SELECT no_plan();

INSERT INTO registry.person (person_id, name, birth_date) OVERRIDING SYSTEM VALUE
SELECT 9700 + n, '人' || n, '1980-01-01' FROM generate_series(0, 9) n;
INSERT INTO registry.grid (grid_id, grid_code, name, division, outline, period) OVERRIDING SYSTEM VALUE VALUES
    (9701, '460105001001981', '东格', '460105001001', 'SRID=4490;MULTIPOLYGON(((110.30 20.00,110.31 20.00,110.31 20.01,110.30 20.01,110.30 20.00)))', '[2020-01-01,)'),
    (9702, '460105001001982', '西格', '460105001001', 'SRID=4490;MULTIPOLYGON(((110.29 20.00,110.30 20.00,110.30 20.01,110.29 20.01,110.29 20.00)))', '[2020-01-01,)');
INSERT INTO registry.dwelling (dwelling_id, parent_id, kind, address, division, let_state, rental_kind, usable_area, safety_letter_on, location) OVERRIDING SYSTEM VALUE VALUES
    (9701, NULL, 'building', '巡查路1号', '460105001001', 'lettable', 'whole', 200, '2020-01-01', 'SRID=4490;POINT(110.305 20.005)'),
    (9702, 9701, 'unit', '巡查路1号1', '460105001001', 'lettable', 'whole', 40, NULL, NULL),
    (9703, 9701, 'unit', '巡查路1号2', '460105001001', 'let', 'shared', 60, NULL, NULL),
    (9704, NULL, 'unit', '巡查路2号', '460105001001', 'lettable', NULL, NULL, '2020-01-01', 'SRID=4490;POINT(110.295 20.005)'),
    (9705, NULL, 'unit', '巡查路3号', '460105001001', 'lettable', NULL, NULL, '2020-01-01', NULL);
INSERT INTO registry.residence (residence_id, person_id, dwelling_id, arrived_on, reported_at, state) OVERRIDING SYSTEM VALUE VALUES
    (9701, 9705, 9703, '2024-01-01', '2024-01-01 12:00+08', 'active'),
    (9702, 9706, 9704, '2024-06-01', '2024-06-01 12:00+08', 'active');

-- staff
INSERT INTO registry.grid_staff (person_id, grid_id, role, period, account) VALUES
    (9701, 9701, 'worker', '[2023-01-01,)', 'phone_1'), (9702, 9701, 'leader', '[2023-01-01,2025-01-01)', NULL), (9702, 9702, 'worker', '[2023-01-01,)', NULL);
SELECT throws_ok($$INSERT INTO registry.grid_staff (person_id, grid_id, period) VALUES (9701, 9701, '[2024-01-01,2024-02-01)')$$, 'RG265', NULL, 'one role in one grid at a time');
SELECT lives_ok($$INSERT INTO registry.grid_staff (person_id, grid_id, role, period) VALUES (9701, 9701, 'assistant', '[2024-01-01,2024-02-01)')$$, 'another role may be');
SELECT throws_ok($$INSERT INTO registry.grid_staff (person_id, grid_id, period) VALUES (9703, 9701, 'empty')$$, 'RG266', NULL, 'a period has days');
SELECT throws_ok($$INSERT INTO registry.grid_staff (person_id, grid_id, period) VALUES (9703, 9701, '(,2024-01-01)')$$, 'RG266', NULL, 'and a first one');
SELECT throws_ok($$INSERT INTO registry.grid_staff (person_id, grid_id) VALUES (9703, 1)$$, 'RG268', NULL, 'a grid that is there');
SELECT throws_ok($$INSERT INTO registry.grid_staff (person_id, grid_id) VALUES (1, 9701)$$, 'RG010', NULL, 'a person who is there');
SELECT throws_ok($$INSERT INTO registry.grid_staff (person_id, grid_id, role) VALUES (9703, 9701, 'king')$$, 'RG006', NULL, 'a role of the list');

-- letting categories and the tasks that follow
INSERT INTO registry.observation (dwelling_id, attribute, value, observed_at) VALUES (9702, 'letting_category', 'A', '2024-01-10 12:00+08');
SELECT results_eq($$SELECT category, period FROM registry.dwelling_category WHERE dwelling_id = 9702$$, $$VALUES ('A' COLLATE "C", daterange('2024-01-10', NULL))$$, 'a category, from the day it was given');
SELECT is(registry.due_visits('2024-03-01', 1000), 0, 'no visit is due yet');
SELECT is(registry.due_visits('2024-04-03', 1), 1, 'a week ahead it is on the list');
SELECT is(registry.due_visits('2024-04-03', 1000), 0, 'once');
SELECT results_eq($$SELECT dwelling_id, grid_id, kind, opened_on, due_on, state FROM registry.patrol_task$$,
    $$VALUES (9702::bigint, 9701::bigint, 'routine' COLLATE "C", date '2024-04-03', date '2024-04-10', 'open' COLLATE "C")$$, 'three months after');
SELECT is(registry.due_visits('2025-06-05', 1000), 2, 'after a year without contact, the residents');
SELECT results_eq($$SELECT dwelling_id, due_on FROM registry.patrol_task WHERE kind = 'non_contact' ORDER BY 1$$,
    $$VALUES (9703::bigint, date '2025-01-01'), (9704, date '2025-06-01')$$, 'of both homes');
SELECT results_eq($$SELECT dwelling_id, kind, late_days, residents -> 0 ->> 'name' FROM api.my_tasks(9701, "on" => '2025-06-05') ORDER BY 1$$,
    $$VALUES (9702::bigint, 'routine', 421, NULL), (9703, 'non_contact', 155, '人5')$$, 'the tasks of a grid');
SELECT results_eq($$SELECT dwelling_id FROM api.my_tasks(staff_person_id => 9702, "on" => '2025-06-05')$$, 'VALUES (9704::bigint)', 'of somebody, in the grids of that day');
SELECT results_eq($$SELECT dwelling_id FROM api.my_tasks(staff_person_id => 9702, "on" => '2024-06-05')$$, 'VALUES (9702::bigint)', 'as it was on another day');

-- visits
SELECT is((api.record_visit(9703, 9701, 'nobody_home', '2025-06-06 12:00+08')).state, 'taken', 'a visit in vain');
SELECT is((SELECT state FROM registry.patrol_task WHERE dwelling_id = 9703), 'open', 'leaves the task open');
SELECT is((api.record_visit(9703, 9701, 'met', '2025-06-10 12:00+08', visit_uuid => '00000000-0000-0000-0000-000000009710')).accepted, true, 'a visit');
SELECT is((api.record_visit(9703, 9701, 'met', '2025-06-08 12:00+08', visit_uuid => '00000000-0000-0000-0000-000000009708')).accepted, true, 'and one before it that comes in later');
SELECT is((SELECT v.visit_uuid FROM registry.patrol_task t JOIN registry.visit v USING (visit_id) WHERE t.dwelling_id = 9703), '00000000-0000-0000-0000-000000009708', 'the first that was made has done the task');
SELECT is((api.record_visit(9703, 9701, 'met', '2025-06-08 12:00+08', visit_uuid => '00000000-0000-0000-0000-000000009708')).state, 'known', 'sent again, it is known');
SELECT is((SELECT count(*) FROM registry.visit WHERE dwelling_id = 9703), 3::bigint, 'and there once');
SELECT throws_ok($$SELECT api.record_visit(9703, 9701, 'vacant', '2025-06-08 12:00+08', visit_uuid => '00000000-0000-0000-0000-000000009708')$$, 'RG273', NULL, 'a number has one content');
SELECT is(registry.due_visits('2025-06-12', 1000), 0, 'nothing new is due');
SELECT is((api.record_visit(9704, 9701, 'met', '2025-06-04 12:00+08')).accepted, true, 'a visit before the task was made comes in late');
SELECT is(registry.due_visits('2025-06-12', 1000), 1, 'so the task is no longer needed');
SELECT results_eq($$SELECT state, void_reason FROM registry.patrol_task WHERE dwelling_id = 9704$$, $$VALUES ('void' COLLATE "C", '已无需走访')$$, 'it is void');
-- where
CREATE TEMP TABLE made AS
SELECT n, r.*
FROM (VALUES (1, 110.305, 20.0055, 10, 9702), (2, 110.305, 20.0055, 80, 9702), (3, 110.305, 20.015, 10, 9702), (4, NULL, NULL, NULL, 9702), (5, 110.305, 20.0055, NULL, 9705)) AS t (n, x, y, a, d)
CROSS JOIN LATERAL api.record_visit(d, 9701, 'nobody_home', '2025-06-20 12:00+08', longitude => x, latitude => y, accuracy => a) AS r;
INSERT INTO made SELECT 6, r.* FROM api.record_visit(9702, 9701, 'nobody_home', '2025-06-20 12:00+08', longitude => 110.3095, latitude => 20.0022, location_datum => 'gcj02') r;
INSERT INTO made SELECT 7, r.* FROM api.record_visit(9702, 9701, 'refused', '2025-06-20 12:00+08', '2025-06-20 12:10+08',
    track => '[[110.3, 20.0, 1750392000], [110.301, 20.001, 1750392060]]', findings => '["gas_electric", "fire", "fire"]',
    photos => jsonb_build_array(jsonb_build_object('uri', 'https://x/1.jpg', 'sha256', repeat('a', 64)))) r;
SELECT results_eq($$SELECT v.distance_kind, round(v.distance), m.warning FROM made m JOIN registry.visit v ON v.visit_id = m.record_id WHERE n < 6 ORDER BY n$$,
    $$VALUES ('near' COLLATE "C", 55::numeric, NULL), ('unknown', 55, NULL), ('far', 1107, 'far_from_dwelling'), ('unknown', NULL, NULL), ('unknown', NULL, NULL)$$, 'near and far are said only where they are sure');
SELECT is((SELECT ST_X(v.location) BETWEEN 110.3 AND 110.308 FROM made m JOIN registry.visit v ON v.visit_id = m.record_id WHERE n = 6), true, 'a point of GCJ-02 is converted');
SELECT is((SELECT ST_AsText(v.track) || v.findings::text || v.photos FROM made m JOIN registry.visit v ON v.visit_id = m.record_id WHERE n = 7),
    'LINESTRING M (110.3 20 1750392000,110.301 20.001 1750392060){fire,gas_electric}[{"uri": "https://x/1.jpg", "sha256": "' || repeat('a', 64) || '"}]', 'track, findings, photos');
SELECT throws_ok(format('SELECT api.record_visit(%s, %s, %L, %L %s)', d, p, o, t, more), code, NULL, code || ' ' || why)
FROM (VALUES
    ('RG011', 1, 9701, 'met', '2025-06-20', '', 'no such dwelling'),
    ('RG267', 9702, 9703, 'met', '2025-06-20', '', 'no staff'),
    ('RG267', 9702, 9701, 'met', '2022-06-20', '', 'not then'),
    ('RG006', 9702, 9701, 'seen', '2025-06-20', '', 'no such outcome'),
    ('RG006', 9702, 9701, 'met', '2025-06-20', ', findings => ''["ghost"]''', 'no such finding'),
    ('RG269', 9702, 9701, 'met', now() + interval '1 hour', '', 'to come'),
    ('RG269', 9702, 9701, 'met', '2025-06-20', ', ended_at => ''2025-06-19''', 'ends before'),
    ('RG269', 9702, 9701, 'met', 'infinity', '', 'never'),
    ('RG270', 9702, 9701, 'met', '2025-06-20', ', longitude => 190, latitude => 0', 'off the earth'),
    ('RG270', 9702, 9701, 'met', '2025-06-20', ', accuracy => -1', 'no accuracy'),
    ('RG270', 9702, 9701, 'met', '2025-06-20', ', track => ''[[1, 2, 3]]''', 'one point'),
    ('RG270', 9702, 9701, 'met', '2025-06-20', ', track => ''[[1, 2, "3"], [1, 2, 4]]''', 'no number'),
    ('RG270', 9702, 9701, 'met', '2025-06-20', ', track => ''{"a": 1}''', 'no track'),
    ('RG271', 9702, 9701, 'met', '2025-06-20', ', photos => ''[{"uri": "x"}]''', 'no checksum'),
    ('RG271', 9702, 9701, 'met', '2025-06-20', ', photos => ''"x"''', 'no photos'),
    ('RG280', 9704, 9701, 'met', '2025-06-20', ', patrol_task_id => ' || (SELECT min(patrol_task_id) FROM registry.patrol_task WHERE dwelling_id = 9702), 'a task of another')
) AS v (code, d, p, o, t, more, why);
SELECT throws_ok($$UPDATE registry.visit SET note = 'x'$$, 'RG272', NULL, 'visits stay');
SELECT throws_ok($$DELETE FROM registry.visit$$, 'RG035', NULL, 'and are kept');

-- sweeps
SELECT record_id AS sweep FROM api.start_sweep('夏季清查', '460105001001', '2025-07-31', '2025-07-01') \gset
SELECT results_eq(format('SELECT dwelling_id, opened_on, due_on FROM registry.patrol_task WHERE sweep_id = %s AND dwelling_id BETWEEN 9701 AND 9705 ORDER BY 1', :sweep),
    $$SELECT d, date '2025-07-01', date '2025-07-31' FROM unnest('{9702,9703,9704,9705}'::bigint[]) d$$, 'a sweep of what has no parts');
SELECT record_id AS sweep_a FROM api.start_sweep('A', '460105001001', '2025-07-31', '2025-07-01', categories => '{A}') \gset
SELECT results_eq(format('SELECT dwelling_id FROM registry.patrol_task WHERE sweep_id = %s', :sweep_a), 'VALUES (9702::bigint)', 'by category');
UPDATE registry.sweep SET name = '夏季大清查' WHERE sweep_id = :sweep;
SELECT is((api.record_visit(9705, 9701, 'vacant', '2025-07-02 12:00+08')).accepted, true, 'a visit does the sweep');
SELECT is((SELECT state FROM registry.patrol_task WHERE sweep_id = :sweep AND dwelling_id = 9705), 'done', 'for its dwelling');
SELECT throws_ok($$SELECT api.start_sweep('空', '460105001001', '2025-07-31', '2025-07-01', '{demolished}')$$, 'RG276', NULL, 'a sweep of nothing');
SELECT throws_ok($$SELECT api.start_sweep('倒', '460105001001', '2025-06-30', '2025-07-01')$$, 'RG266', NULL, 'a sweep without a day');
SELECT throws_ok(format('UPDATE registry.sweep SET started_at = started_at - interval %L WHERE sweep_id = %s', '1 day', :sweep), 'RG277', NULL, 'when a list was made is not changed');
SELECT is((api.start_sweep('试', '460105001001', '2025-07-31', '2025-07-01', dry_run => true)).accepted, true, 'rehearsed');

-- what phones observe
SELECT set_config('test.n', '0', true) \g /dev/null
CREATE FUNCTION pg_temp.u(n integer) RETURNS uuid LANGUAGE sql AS $$ SELECT ('00000000-0000-0000-0000-' || lpad(n::text, 12, '0'))::uuid $$;
CREATE FUNCTION pg_temp.item(n integer, d bigint, at timestamptz, seen integer[], vals jsonb, who bigint = 9701) RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_build_object('uuid', pg_temp.u(n), 'kind', 'dwelling_fact', 'dwelling_id', d, 'at', at, 'staff_person_id', who,
                              'seen_version', ARRAY(SELECT pg_temp.u(s) FROM unnest(seen) s), 'values', vals) $$;
CREATE FUNCTION pg_temp.known(d bigint) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', rental_kind, let_state, usable_area) FROM registry.dwelling WHERE dwelling_id = d $$;
CREATE FUNCTION pg_temp.said(d bigint) RETURNS SETOF text LANGUAGE sql AS $$
    SELECT concat_ws(' ', column_name, value_in_force, ':', earlier_value, 'or', later_value, rule, refusal, state, settled_value, settled_reason)
    FROM api.conflict WHERE dwelling_id = d ORDER BY column_name, earlier_at, later_at $$;
CREATE FUNCTION pg_temp.sync(VARIADIC items jsonb[]) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(COALESCE(a.code, a.state), ' ' ORDER BY a.line) FROM api.sync_patrol(to_jsonb(items)) a $$;

SAVEPOINT clean;
SELECT is(pg_temp.sync(pg_temp.item(1, 9702, '2025-08-01 10:00+08', '{}', '{"let_state": "let", "usable_area": 41.5}')), 'taken', 'a phone observes');
SELECT is(pg_temp.known(9702), 'whole let 41.50', 'and the register follows');
SELECT is(pg_temp.sync(pg_temp.item(1, 9702, '2025-08-01 10:00+08', '{}', '{"let_state": "let", "usable_area": 41.5}')), 'known', 'sent twice, it counts once');
SELECT is(pg_temp.sync(pg_temp.item(1, 9702, '2025-08-01 10:00+08', '{}', '{"let_state": "lettable"}')), 'RG273', 'its number means that and nothing else');
SELECT is(pg_temp.sync(pg_temp.item(2, 9702, '2025-08-02 10:00+08', '{1}', '{"let_state": "owner_occupied"}')), 'taken', 'who knew of it goes on');
SELECT is(pg_temp.sync(pg_temp.item(3, 9702, '2025-08-03 10:00+08', '{1}', '{"rental_kind": "shared", "let_state": "owner_occupied"}', 9702)), 'taken', 'another who did not, but agrees');
SELECT is(pg_temp.known(9702), 'shared owner_occupied 41.50', 'no conflict');
SELECT is(pg_temp.sync(pg_temp.item(4, 9702, '2025-08-01 12:00+08', '{1}', '{"let_state": "let", "usable_area": 39}', 9702)), 'conflict', 'a third who contradicts');
SELECT is(pg_temp.known(9702), 'shared let 39.00', 'what does not conflict is taken, what does goes back to what was agreed');
SELECT results_eq('SELECT pg_temp.said(9702)', $$VALUES ('let_state let : let or owner_occupied ask open')$$, 'with both sides');
SELECT throws_ok($$UPDATE registry.dwelling SET let_state = 'lettable' WHERE dwelling_id = 9702$$, 'RG275', NULL, 'nobody writes over a conflict');
SELECT lives_ok($$UPDATE registry.dwelling SET usable_area = 38 WHERE dwelling_id = 9702$$, 'the rest can be changed');
SELECT is(pg_temp.sync(pg_temp.item(5, 9702, '2025-08-04 10:00+08', '{1,2,3,4}', '{"usable_area": 37}')), 'conflict', 'which a phone did not know of');
SELECT is(pg_temp.known(9702), 'shared let 39.00', 'so that is contested, too, and the value that both knew of holds');
SELECT is((SELECT contested FROM stat.patrol_by_grid WHERE grid_id = 9701), 2, 'as the grid''s count says');
SELECT min(conflict_id) AS one, max(conflict_id) AS two FROM api.conflict WHERE dwelling_id = 9702 \gset
SELECT throws_ok(format('SELECT api.settle_conflict(%s, %L, %L)', :one, 'mine', 'x'), 'RG083', NULL, 'one of three');
SELECT throws_ok(format('SELECT api.settle_conflict(%s, %L, %L)', :one, 'later', ' '), 'RG125', NULL, 'with a reason');
SELECT throws_ok($$SELECT api.settle_conflict(-1, 'later', 'x')$$, 'RG274', NULL, 'of a conflict that is there');
SELECT is((api.settle_conflict(:one, 'later', '电话核实', dry_run => true)).state, 'settled', 'a rehearsal');
SELECT is((api.settle_conflict(:one, 'later', '电话核实')).state, 'settled', 'somebody settles it');
SELECT is((api.settle_conflict(:two, 'earlier', '现场复核')).state, 'settled', 'and the other');
SELECT is(pg_temp.known(9702), 'shared owner_occupied 37.00', 'so it is then: the clerk''s 38 was written today, after the phone''s 37');
SELECT results_eq('SELECT pg_temp.said(9702)', $$VALUES ('let_state owner_occupied : let or owner_occupied ask settled owner_occupied 电话核实'),
    ('usable_area 37.00 : 37.00 or 38.00 ask settled 37.00 现场复核')$$, 'on record with the reason');
SELECT throws_ok(format('SELECT api.settle_conflict(%s, %L, %L)', :one, 'later', 'again'), 'RG274', NULL, 'once');
SELECT is(pg_temp.sync(pg_temp.item(6, 9702, '2025-08-05 10:00+08', '{2}', '{"let_state": "let"}')), 'conflict', 'who knew of neither is asked about anew');
ROLLBACK TO clean;

-- three phones
SELECT is(pg_temp.sync(pg_temp.item(1, 9702, '2025-08-01 10:00+08', '{}', '{"let_state": "let"}'), pg_temp.item(2, 9702, '2025-08-02 10:00+08', '{}', '{"let_state": "owner_occupied"}'),
    pg_temp.item(3, 9702, '2025-08-03 10:00+08', '{}', '{"let_state": "prohibited"}')), 'taken conflict conflict', 'three phones say three things');
SELECT is(pg_temp.known(9702), 'whole lettable 40.00', 'what was, is');
SELECT min(conflict_id) AS one FROM api.conflict WHERE dwelling_id = 9702 AND earlier_value = 'let' \gset
SELECT is((api.settle_conflict(:one, 'later', '复核')).state, 'settled', 'one pair is settled');
SELECT results_eq('SELECT pg_temp.said(9702)', $$VALUES ('let_state lettable : let or prohibited ask settled prohibited 复核'), ('let_state lettable : owner_occupied or prohibited ask open')$$, 'the third is still asked about');
ROLLBACK TO clean;

-- by policy the later holds
INSERT INTO policy.setting (key, division, period, value, legal_basis) VALUES ('patrol_conflict', '460105001001', '[2025-08-01,)', 'later_observation', 'a test');
SELECT is(pg_temp.sync(pg_temp.item(2, 9702, '2025-08-02 10:00+08', '{}', '{"let_state": "owner_occupied"}'), pg_temp.item(1, 9702, '2025-08-01 10:00+08', '{}', '{"let_state": "let"}')), 'taken decided', 'the earlier comes later');
SELECT is(pg_temp.known(9702), 'whole owner_occupied 40.00', 'the later observation holds');
SELECT results_eq('SELECT pg_temp.said(9702)', $$VALUES ('let_state owner_occupied : let or owner_occupied later_observation decided')$$, 'and that is on record');
SELECT is((api.settle_conflict((SELECT min(conflict_id) FROM api.conflict WHERE dwelling_id = 9702), 'earlier', '复核')).state, 'settled', 'which somebody may still turn round');
SELECT is(pg_temp.known(9702), 'whole let 40.00', 'to the other');
ROLLBACK TO clean;

-- the register's rules are against it
SELECT is(pg_temp.sync(pg_temp.item(1, 9703, '2025-08-01 10:00+08', '{}', '{"let_state": "prohibited", "usable_area": 61}')), 'conflict', 'somebody lives there');
SELECT is(pg_temp.known(9703), 'shared let 61.00', 'so that is not applied, the rest is');
SELECT results_eq('SELECT pg_temp.said(9703)', $$VALUES ('let_state prohibited : let or prohibited register RG050 open')$$, 'but kept, with the refusal');
SELECT throws_ok(format('SELECT api.settle_conflict(%s, %L, %L)', (SELECT min(conflict_id) FROM api.conflict WHERE dwelling_id = 9703), 'later', 'x'), 'RG050', NULL, 'who settles it meets the rule');
SAVEPOINT inside;
UPDATE registry.residence SET state = 'departed', departed_on = '2025-08-02' WHERE residence_id = 9701;
SELECT is((api.settle_conflict((SELECT min(conflict_id) FROM api.conflict WHERE dwelling_id = 9703), 'later', '已搬离')).state, 'settled', 'until they have left');
SELECT is(pg_temp.known(9703), 'shared prohibited 61.00', 'then it is so');
ROLLBACK TO inside;
SELECT is((api.settle_conflict((SELECT min(conflict_id) FROM api.conflict WHERE dwelling_id = 9703), 'earlier', '误报')).state, 'settled', 'or what the register has is right');
SELECT results_eq('SELECT pg_temp.said(9703)', $$VALUES ('let_state let : let or prohibited register RG050 settled let 误报')$$, 'and stays');
ROLLBACK TO clean;

-- a clerk's change is an observation of who knew of what was in force
UPDATE registry.dwelling SET let_state = 'let' WHERE dwelling_id = 9702;
SELECT is(pg_temp.sync(pg_temp.item(1, 9702, '2025-08-01 10:00+08', '{}', '{"let_state": "owner_occupied"}')), 'conflict', 'a phone that read the value before it does not overwrite it');
SELECT results_eq('SELECT pg_temp.said(9702)', $$VALUES ('let_state lettable : owner_occupied or let ask open')$$, 'and both are kept');
SELECT is(pg_temp.known(9702), 'whole lettable 40.00', 'the first value holds meanwhile');
ROLLBACK TO clean;
UPDATE registry.dwelling SET let_state = 'let' WHERE dwelling_id = 9702;
SELECT is((SELECT string_agg(COALESCE(a.code, a.state), ' ') FROM api.sync_patrol(jsonb_build_object('staff_person_id', 9701, 'device_uuid', pg_temp.u(77), 'items', jsonb_build_array(
    jsonb_build_object('uuid', pg_temp.u(1), 'kind', 'dwelling_fact', 'dwelling_id', 9702, 'at', '2025-08-01 10:00+08', 'values', '{"let_state": "owner_occupied"}'::jsonb,
        'seen_version', (SELECT seen_version FROM api.my_tasks(9701) WHERE dwelling_id = 9702 LIMIT 1))))) a), 'taken', 'one that read it since goes on from it');
SELECT is(pg_temp.known(9702), 'whole owner_occupied 40.00', 'as it says');
SELECT results_eq($$SELECT source, device_uuid FROM registry.observation WHERE dwelling_id = 9702 AND attribute = 'let_state' ORDER BY observation_id$$,
    $$VALUES ('register' COLLATE "C", NULL), ('phone', pg_temp.u(77))$$, 'the head of a batch counts for all its items');
ROLLBACK TO clean;

-- many dwellings at once: a statement is observed as a set, to the same end as one by one
CREATE FUNCTION pg_temp.facts() RETURNS SETOF text LANGUAGE sql AS $$
    SELECT concat_ws(' ', f.dwelling_id, f.attribute, f.root, '->', f.value, f.observations, cardinality(f.versions),
                     f.value IS NOT DISTINCT FROM fold.value AND f.versions = fold.versions AND f.contested = (fold.rule IS NOT DISTINCT FROM 'ask'))
    FROM registry.fact f CROSS JOIN LATERAL residency.fold_fact(f.fact_id) AS fold
    WHERE f.dwelling_id BETWEEN 9701 AND 9705 AND f.attribute <> 'letting_category' ORDER BY f.dwelling_id, f.attribute $$;
UPDATE registry.dwelling SET usable_area = dwelling_id - 9600, let_state = 'owner_occupied' WHERE dwelling_id BETWEEN 9702 AND 9704;
UPDATE registry.dwelling SET usable_area = dwelling_id - 9600 + dwelling_id % 2, address = address || '甲' WHERE dwelling_id BETWEEN 9702 AND 9705;
UPDATE registry.dwelling SET usable_area = usable_area, let_state = let_state WHERE dwelling_id BETWEEN 9702 AND 9705;
SELECT results_eq('SELECT pg_temp.facts()', $$VALUES ('9702 let_state lettable -> owner_occupied 1 1 t'), ('9702 usable_area 40.00 -> 102.00 1 1 t'),
    ('9703 let_state let -> owner_occupied 1 1 t'), ('9703 usable_area 60.00 -> 104.00 2 1 t'), ('9704 let_state lettable -> owner_occupied 1 1 t'),
    ('9704 usable_area -> 104.00 1 1 t'), ('9705 usable_area -> 106.00 1 1 t')$$, 'of each dwelling what has changed, each time');
INSERT INTO registry.observation (dwelling_id, attribute, value, seen)
SELECT f.dwelling_id, f.attribute, said, f.versions FROM registry.fact f CROSS JOIN unnest('{90,91}'::text[]) AS said WHERE f.dwelling_id = 9703 AND f.attribute = 'usable_area';
SELECT results_eq($$SELECT * FROM pg_temp.facts() AS f WHERE f LIKE '9703 u%'$$, $$VALUES ('9703 usable_area 60.00 -> 104.00 4 1 t')$$, 'two in one statement who knew of it, but not of each other');
SELECT throws_ok('UPDATE registry.dwelling SET usable_area = usable_area + 1, let_state = DEFAULT WHERE dwelling_id BETWEEN 9702 AND 9705', 'RG275', NULL, 'one that is contested stops them all');
SELECT is((SELECT count(*) FROM registry.observation WHERE dwelling_id BETWEEN 9702 AND 9705 AND attribute <> 'letting_category'), 10::bigint, 'nothing is noted of that');
-- one that somebody knew of before it came
SELECT is(pg_temp.sync(pg_temp.item(2, 9702, '2025-08-02 10:00+08', '{1}', '{"rental_kind": "shared"}')), 'taken', 'the second comes first');
SELECT is(pg_temp.sync(pg_temp.item(1, 9702, '2025-08-01 10:00+08', '{}', '{"rental_kind": "whole"}')), 'taken', 'then the one that it knew of');
SELECT results_eq($$SELECT * FROM pg_temp.facts() AS f WHERE f LIKE '9702 r%'$$, $$VALUES ('9702 rental_kind whole -> shared 2 1 t')$$, 'which has been overtaken');
ROLLBACK TO clean;

-- categories follow day by day, residents are never closed by it
SELECT is(pg_temp.sync(pg_temp.item(2, 9702, '2025-03-01 10:00+08', '{1}', '{"letting_category": "C"}'), pg_temp.item(3, 9702, '2025-05-01 10:00+08', '{2}', '{"letting_category": "B"}'),
    pg_temp.item(1, 9702, '2024-12-01 10:00+08', NULL, '{"letting_category": "B"}')), 'conflict conflict conflict', 'the first was not known to the phones');
SELECT results_eq($$SELECT category, period FROM registry.dwelling_category WHERE dwelling_id = 9702 ORDER BY period$$,
    $$VALUES ('A' COLLATE "C", daterange('2024-01-10', '2024-12-01'))$$, 'contested from then on');
SELECT is(pg_temp.sync(jsonb_build_object('uuid', pg_temp.u(10), 'kind', 'residence_fact', 'residence_id', 9701, 'at', '2025-08-01 10:00+08', 'staff_person_id', 9701, 'values', '{"presence": "gone"}'::jsonb),
    jsonb_build_object('uuid', pg_temp.u(11), 'kind', 'visit', 'dwelling_id', 9703, 'at', '2025-08-01 10:00+08', 'staff_person_id', 9701, 'values', '{"outcome": "met", "findings": ["departed"]}'::jsonb)),
    'taken taken', 'gone, says a visit');
SELECT is((SELECT state FROM registry.residence WHERE residence_id = 9701), 'active', 'which closes nothing');
SELECT is((SELECT value_name FROM api.dwelling_fact WHERE residence_id = 9701), '已离开', 'but can be read');
ROLLBACK TO clean;

-- refused: nothing is lost, the others are kept
SELECT is(pg_temp.sync(
    pg_temp.item(1, 9702, '2025-08-01 10:00+08', '{}', '{"let_state": "haunted"}'),
    pg_temp.item(2, 9702, '2025-08-01 10:00+08', '{}', '{"usable_area": "large"}'),
    pg_temp.item(3, 9702, now() + interval '1 day', '{}', '{"let_state": "let"}'),
    pg_temp.item(4, 9702, '2025-08-01 10:00+08', '{}', '{"let_state": "let"}', 9703),
    pg_temp.item(5, 1, '2025-08-01 10:00+08', '{}', '{"let_state": "let"}'),
    pg_temp.item(6, 9702, '2025-08-01 10:00+08', '{}', '{"colour": "red"}'),
    pg_temp.item(7, 9702, '2025-08-01 10:00+08', '{}', '{"presence": "gone"}'),
    pg_temp.item(8, 9702, '2025-08-01 10:00+08', '{}', '{}'),
    '{"uuid": 5}', '7',
    pg_temp.item(9, 9702, '2025-08-01 10:00+08', '{}', '{"let_state": "let"}') || '{"kind": "dream"}',
    pg_temp.item(10, 9702, '2025-08-01 10:00+08', '{}', '{"let_state": "let"}') || '{"kind": "residence_fact"}',
    pg_temp.item(11, 9702, '2025-08-01 10:00+08', '{}', '{"let_state": "let"}') - 'staff_person_id',
    pg_temp.item(12, 9702, '2025-08-01 10:00+08', '{}', '{"let_state": "let"}')),
    'RG278 RG278 RG269 RG267 RG011 RG082 RG082 RG083 RG083 RG081 RG083 RG085 RG085 taken', 'each answered for itself');
SELECT is((SELECT count(*) FROM ledger.sync_item WHERE item_uuid < pg_temp.u(100)), 1::bigint, 'a refused one may come again');
SELECT throws_ok($$SELECT api.sync_patrol('{"items": 5}')$$, 'RG081', NULL, 'no batch');
SELECT is_empty($$SELECT api.sync_patrol('[]')$$, 'an empty one');
SELECT throws_ok($$UPDATE registry.observation SET value = 'let'$$, 'RG272', NULL, 'observations stay');
SELECT throws_ok($$DELETE FROM registry.observation$$, 'RG035', NULL, 'all of them');
SELECT throws_ok($$DELETE FROM registry.dwelling WHERE dwelling_id = 9702$$, 'RG051', NULL, 'with their dwelling');
SELECT throws_ok($$INSERT INTO registry.dwelling_category (dwelling_id, category, period) VALUES (9704, 'A', '[2024-01-01,)')$$, 'RG279', NULL, 'a category is observed');
SELECT throws_ok($$UPDATE registry.fact SET value = 'let' WHERE dwelling_id = 9702$$, 'RG279', NULL, 'facts follow');
SELECT throws_ok($$INSERT INTO registry.observation (attribute, value) VALUES ('let_state', 'let')$$, 'RG085', NULL, 'of something');
SELECT throws_ok($$INSERT INTO registry.observation (dwelling_id, attribute, value) VALUES (9702, 'presence', 'there')$$, 'RG085', NULL, 'of the right thing');
SELECT throws_ok($$INSERT INTO registry.observation (residence_id, attribute, value) VALUES (1, 'presence', 'there')$$, 'RG012', NULL, 'that is there');
ROLLBACK TO clean;

-- The property: the end is a function of the set of items, whatever the order in which they come, and how often.
CREATE FUNCTION pg_temp.state() RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(E'\n',
        (SELECT string_agg(concat_ws(' ', d.dwelling_id, d.rental_kind, d.let_state, d.usable_area), ', ' ORDER BY d.dwelling_id) FROM registry.dwelling d WHERE d.dwelling_id BETWEEN 9701 AND 9705),
        (SELECT string_agg(concat_ws(' ', f.dwelling_id, f.residence_id, f.attribute, f.root, '->', f.value, f.versions, f.contested, f.observations), ', ' ORDER BY f.dwelling_id, f.residence_id, f.attribute) FROM registry.fact f),
        (SELECT string_agg(concat_ws(' ', f.dwelling_id, f.attribute, a.item_uuid, b.item_uuid, c.rule, c.refusal, c.state), ', ' ORDER BY f.dwelling_id, f.attribute, a.item_uuid, b.item_uuid)
         FROM registry.conflict c JOIN registry.fact f USING (fact_id) LEFT JOIN registry.observation a ON a.observation_id = c.earlier_id JOIN registry.observation b ON b.observation_id = c.later_id),
        (SELECT string_agg(concat_ws(' ', c.dwelling_id, c.category, c.period), ', ' ORDER BY c.dwelling_id, c.period) FROM registry.dwelling_category c),
        (SELECT string_agg(concat_ws(' ', o.item_uuid, o.attribute, o.value), ', ' ORDER BY o.item_uuid, o.attribute) FROM registry.observation o WHERE o.source = 'phone'),
        (SELECT string_agg(concat_ws(' ', t.dwelling_id, t.kind, t.state, v.visit_uuid), ', ' ORDER BY t.dwelling_id, t.kind, t.opened_on) FROM registry.patrol_task t LEFT JOIN registry.visit v USING (visit_id)),
        (SELECT string_agg(v.visit_uuid::text, ', ' ORDER BY v.visit_uuid) FROM registry.visit v WHERE v.visit_uuid < pg_temp.u(1000000))) $$;
-- delivers items in an order, cut into batches of so many, and takes it all back
CREATE FUNCTION pg_temp.deliver(items jsonb, size integer) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    state text;
BEGIN
    BEGIN
        PERFORM api.sync_patrol((SELECT jsonb_agg(i ORDER BY n) FROM jsonb_array_elements(items) WITH ORDINALITY AS t (i, n) WHERE (n - 1) / size = part))
        FROM generate_series(0, (jsonb_array_length(items) - 1) / size) AS part;
        state := pg_temp.state();
        -- what was not folded anew is what folding comes to
        IF EXISTS (SELECT FROM registry.fact f CROSS JOIN LATERAL residency.fold_fact(f.fact_id) AS fold
                   WHERE (f.value, f.versions, f.contested) IS DISTINCT FROM (fold.value, fold.versions, fold.rule IS NOT DISTINCT FROM 'ask')) THEN
            RAISE 'a fact is not the fold of its observations';
        END IF;
        RAISE SQLSTATE 'RG999';
    EXCEPTION WHEN SQLSTATE 'RG999' THEN
        RETURN state;
    END;
END $$;
CREATE FUNCTION pg_temp.orders(things jsonb) RETURNS SETOF jsonb LANGUAGE sql AS $$
    WITH RECURSIVE taken AS (
        SELECT '{}'::integer[] AS path
        UNION ALL
        SELECT path || n FROM taken CROSS JOIN generate_series(0, jsonb_array_length(things) - 1) AS n WHERE n <> ALL (path)
    )
    SELECT (SELECT jsonb_agg(things -> p ORDER BY o) FROM unnest(path) WITH ORDINALITY AS x (p, o)) FROM taken WHERE cardinality(path) = jsonb_array_length(things) $$;

-- two phones over one dwelling: a chain on the one, the other in between, one that is refused by the register, a visit each
SELECT jsonb_build_array(
    pg_temp.item(1, 9703, '2025-08-01 10:00+08', '{}', '{"let_state": "lettable", "usable_area": 50, "letting_category": "B"}'),
    pg_temp.item(2, 9703, '2025-08-02 10:00+08', '{1}', '{"let_state": "let", "letting_category": "C"}'),
    pg_temp.item(3, 9703, '2025-08-01 11:00+08', '{}', '{"let_state": "prohibited", "usable_area": 55}', 9702),
    pg_temp.item(4, 9703, '2025-08-03 10:00+08', '{3}', '{"let_state": "owner_occupied"}', 9702),
    jsonb_build_object('uuid', pg_temp.u(5), 'kind', 'visit', 'dwelling_id', 9703, 'at', '2025-08-01 11:00+08', 'staff_person_id', 9702, 'values', '{"outcome": "met"}'::jsonb)) AS items \gset
SELECT is((SELECT count(*) FROM pg_temp.orders(:'items')), 120::bigint, 'every order of five items');
SELECT is((SELECT count(DISTINCT pg_temp.deliver(o, 1)) FROM pg_temp.orders(:'items') o), 1::bigint, '... one by one: one end');
SELECT is((SELECT count(DISTINCT pg_temp.deliver(o || (:'items')::jsonb, 3)) FROM (SELECT o FROM pg_temp.orders(:'items') WITH ORDINALITY AS x (o, n) WHERE n % 10 = 0) AS x), 1::bigint, '... and all of it twice, in threes: one end');
SELECT is(pg_temp.deliver((:'items')::jsonb || (:'items')::jsonb, 2), pg_temp.deliver(:'items', 5), '... the same as all at once');

-- random items of two phones over three dwellings: what they knew of is among their own, and among what they had read
CREATE FUNCTION pg_temp.made_up(run integer) RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_agg(
        CASE WHEN k < 1 THEN jsonb_build_object('uuid', pg_temp.u(100 + n), 'kind', 'visit', 'dwelling_id', d, 'at', at, 'staff_person_id', 9701, 'values', jsonb_build_object('outcome', (ARRAY['met', 'nobody_home', 'vacant'])[1 + floor(random() * 3)::integer]))
             WHEN k < 2 THEN jsonb_build_object('uuid', pg_temp.u(100 + n), 'kind', 'residence_fact', 'residence_id', 9701, 'at', at, 'staff_person_id', 9701, 'seen_version', to_jsonb(seen), 'values', jsonb_build_object('presence', (ARRAY['there', 'gone'])[1 + floor(random() * 2)::integer]))
             ELSE jsonb_build_object('uuid', pg_temp.u(100 + n), 'kind', 'dwelling_fact', 'dwelling_id', d, 'at', at, 'staff_person_id', 9701, 'seen_version', to_jsonb(seen),
                  'values', jsonb_build_object('let_state', (ARRAY['let', 'lettable', 'owner_occupied'])[1 + floor(random() * 3)::integer], 'letting_category', (ARRAY['A', 'B', 'C'])[1 + floor(random() * 3)::integer])) END)
    FROM (SELECT n, floor(random() * 6) AS k, 9702 + floor(random() * 3)::integer AS d, timestamptz '2025-08-01 10:00+08' + floor(random() * 6) * interval '8 hours' AS at,
                 ARRAY(SELECT pg_temp.u(100 + m) FROM generate_series(1, 8) m WHERE random() < 0.3 AND m + n > 0) AS seen
          FROM generate_series(1, 8) n) x $$;
SELECT setseed(0.5) \g /dev/null
SELECT is((SELECT count(*) FROM (
    SELECT run, count(DISTINCT pg_temp.deliver(shuffled.items, shuffled.size)) AS ends
    FROM (SELECT run, pg_temp.made_up(run) AS items FROM generate_series(1, 12) run OFFSET 0) AS made
    CROSS JOIN LATERAL (SELECT round, (SELECT jsonb_agg(i ORDER BY md5(i::text || round)) FROM jsonb_array_elements(made.items || made.items) i) AS items, 1 + round * 3 AS size
                        FROM generate_series(0, 2) round) AS shuffled
    GROUP BY run HAVING count(DISTINCT pg_temp.deliver(shuffled.items, shuffled.size)) > 1) AS differ), 0::bigint,
    'random items, some of which claim to have seen each other, each twice, in three orders: one end each');

-- overdue reports
INSERT INTO policy.setting (key, division, period, value, legal_basis) VALUES
    ('departure_report_landlord', '460105001001', '[2024-01-01,2025-01-01)', '3 working days', 'a test'), ('arrival_report_landlord', '460105001001', '[2024-01-01,2025-01-01)', '3 working days', 'a test'),
    ('arrival_report_landlord_from', '460105001001', '[2024-01-01,2025-01-01)', 'arrival', 'a test'), ('arrival_reported_once', '460105001001', '[2024-01-01,2025-01-01)', 'false', 'a test');
UPDATE registry.dwelling SET landlord_person_id = 9709 WHERE dwelling_id = 9704;
SELECT results_eq($$SELECT dwelling_id, kind, due_on FROM registry.overdue_wanted('2024-06-20') WHERE dwelling_id BETWEEN 9701 AND 9705$$, $$VALUES (9704::bigint, 'overdue_registration', date '2024-06-05')$$, 'a landlord who has not reported');
SELECT cmp_ok(registry.due_overdue_visits('2024-06-20', 1000), '>=', 1, 'is to be visited');
SELECT is(registry.due_overdue_visits('2024-06-20', 1000), 0, 'once');
SELECT is((api.record_visit(9704, 9702, 'met', '2024-06-21 12:00+08')).accepted, true, 'somebody goes');
SELECT is((SELECT state FROM registry.patrol_task WHERE dwelling_id = 9704 AND kind = 'overdue_registration'), 'done', 'the task is done');
SELECT is(registry.due_overdue_visits('2024-06-25', 1000), 0, 'and not made again');
SELECT * FROM finish();
ROLLBACK;

-- a list that was frozen in another transaction
SET client_min_messages = warning;
INSERT INTO registry.dwelling (dwelling_id, address, division, let_state) OVERRIDING SYSTEM VALUE VALUES (9790, '巡查路9号', '460105001003', 'lettable');
SELECT record_id AS sweep FROM api.start_sweep('冻结', '460105001003', '2025-07-31', '2025-07-01') \gset
INSERT INTO registry.patrol_task (dwelling_id, kind, sweep_id, due_on) VALUES (9790, 'sweep', :sweep, '2025-07-31');
BEGIN;
SET LOCAL session_replication_role = replica;
DELETE FROM registry.patrol_task WHERE dwelling_id = 9790;
DELETE FROM registry.sweep WHERE sweep_id = :sweep;
DELETE FROM registry.dwelling WHERE dwelling_id = 9790;
COMMIT;
