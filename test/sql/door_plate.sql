-- Door plates: numbers, their states, and the dwellings that follow them; old numbers lead to the house.
\set ECHO none
\getenv test PG_ABS_SRCDIR
\i :test/lib/register.sql
\set ON_ERROR_ROLLBACK on
\set VERBOSITY sqlstate

BEGIN;
SET LOCAL search_path = public, residency;
SET LOCAL datestyle = 'ISO';
SET LOCAL client_min_messages = warning;
SELECT * FROM no_plan();

INSERT INTO registry.person (person_id, name, birth_date) OVERRIDING SYSTEM VALUE
SELECT 9000 + n, 'Resident ' || n, '1990-01-01' FROM generate_series(1, 3) n;
INSERT INTO registry.dwelling (dwelling_id, parent_id, kind, address, division, let_state) OVERRIDING SYSTEM VALUE VALUES
    (9001, NULL, 'building', '三坊大街12号',     '440113102207', 'owner_occupied'),
    (9002, 9001, 'room',     '302房',           '440113102207', 'owner_occupied'),
    (9003, NULL, 'unit',     '三坊大街14号101',  '440113102207', 'owner_occupied');
CREATE FUNCTION pg_temp.plate(number text, road text DEFAULT '三坊大街') RETURNS bigint LANGUAGE sql AS $$
    SELECT p.door_plate_id FROM registry.door_plate p WHERE p.road = $2 AND p.number = $1 ORDER BY 1 DESC LIMIT 1 $$;
CREATE FUNCTION pg_temp.told(id bigint) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', p.state, p.applied_on, p.decided_on, p.ended_on) FROM registry.door_plate p WHERE p.door_plate_id = id $$;
CREATE FUNCTION pg_temp.at(id bigint) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', road(standard_address), road_no(standard_address), room(standard_address)) FROM registry.dwelling WHERE dwelling_id = id $$;
CREATE FUNCTION pg_temp.found(address text, context text DEFAULT '440113') RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(dwelling_id || ' ' || grade, ', ' ORDER BY score DESC, dwelling_id) FROM api.find_dwelling($1, $2) WHERE grade <> 'community' $$;

-- applied for and decided
SELECT results_eq($$SELECT accepted, record_id = pg_temp.plate('12'), state FROM api.apply_door_plate('440113102207', '三坊大街', '12', applied_on => '2024-03-01')$$,
    $$VALUES (true, true, 'applied')$$, 'an application');
SELECT is((SELECT address::text FROM registry.door_plate WHERE door_plate_id = pg_temp.plate('12')), '广东省 广州市 番禺区 南村镇 江南村 三坊大街 12号 (440113102207)', 'in standard form');
SELECT results_eq($$SELECT decide_by, dwellings FROM api.door_plate WHERE door_plate_id = pg_temp.plate('12')$$, $$VALUES ('2024-03-22'::date, 0::bigint)$$,
    '15 working days to decide; no dwelling has it yet');
SELECT is((SELECT state FROM api.decide_door_plate(pg_temp.plate('12'), decided_on => '2024-03-10')), 'active', 'confirmed');
SELECT is(pg_temp.told(pg_temp.plate('12')), 'active 2024-03-01 2024-03-10', 'with its days');
SELECT is((SELECT c.state FROM registry.door_plate p JOIN registry.clock c USING (clock_id) WHERE p.door_plate_id = pg_temp.plate('12')), 'stopped', 'the limit is stopped');
SELECT is((SELECT dwellings FROM api.door_plate WHERE door_plate_id = pg_temp.plate('12')), 2::bigint, 'the dwellings there have it');
SELECT is((SELECT state FROM api.apply_door_plate('440113102207', '三坊大街', '16号', state => 'reserved', applied_on => '2024-01-05')), 'reserved', 'a number kept for a gap');
SELECT is((SELECT record_id FROM api.apply_door_plate('440113102207', '三坊大街', '16号', applied_on => '2024-02-01')), pg_temp.plate('16号'), 'is taken by who applies for it');
SELECT is((SELECT state FROM api.decide_door_plate(pg_temp.plate('16号'), 'cancelled', '2024-02-02', '退回')), 'cancelled', 'refused');
SELECT is((SELECT state FROM api.apply_door_plate('440113102207', '三坊大街', '16号', state => 'temporary', applied_on => '2024-02-03', reason => '临时建筑')), 'temporary', 'a cancelled number can be given again');
SELECT is((SELECT count(*) FROM registry.door_plate WHERE number = '16号'), 2::bigint, 'and both are on record');
SELECT is((SELECT state FROM api.decide_door_plate(pg_temp.plate('16号'), decided_on => '2024-03-01')), 'active', 'made permanent');
SELECT results_eq($$SELECT line, accepted, state, code FROM api.submit('apply_door_plate', '[
    {"division": "440113102207", "road": "三坊大街", "number": "12号之3", "state": "active", "applied_on": "2020-01-01"},
    {"division": "440113102207", "road": "三坊大街", "number": "12号附3号", "state": "active", "applied_on": "2020-01-01"},
    {"division": "469002104202", "road": "大路坡村", "number": "18号", "state": "active", "applied_on": "2020-01-01"}]')$$,
    $$VALUES (1, true, 'active', NULL), (2, false, NULL, 'RG215'), (3, true, 'active', NULL)$$, 'those that are there, in a batch');
SELECT results_eq($$SELECT accepted, record_id FROM api.apply_door_plate('440113102207', '三坊大街', '18号', applied_on => '2024-02-01', dry_run => true)$$,
    $$VALUES (true, NULL::bigint)$$, 'a rehearsal');
SELECT is((SELECT record_id FROM api.replace_door_plate(pg_temp.plate('12'), '18号', dry_run => true)), NULL, 'so has one of a replacement');
SELECT is(pg_temp.plate('18号'), NULL, 'leaves nothing');

-- replaced: the dwellings follow, the old number still leads to them
SELECT is((SELECT record_id FROM api.replace_door_plate(pg_temp.plate('12'), '20号', replaced_on => '2024-06-01', reason => '道路整编')), pg_temp.plate('20号'), 'another number');
SELECT is(pg_temp.told(pg_temp.plate('12')), 'replaced 2024-03-01 2024-03-10 2024-06-01', 'the old one is archived');
SELECT is(ARRAY[pg_temp.at(9001), pg_temp.at(9002)], '{三坊大街 20号,三坊大街 20号 302房}', 'the dwellings follow');
SELECT results_eq('SELECT dwelling_id, full_address(address), until FROM registry.dwelling_former_address ORDER BY 1',
    $$VALUES (9001::bigint, '广东省广州市番禺区南村镇江南村三坊大街12号', '2024-06-01'::date), (9002, '广东省广州市番禺区南村镇江南村三坊大街12号302房', '2024-06-01')$$, 'what they were called is kept');
SELECT is(pg_temp.found('三坊大街20号302'), '9002 room, 9001 road_no', 'found by the new number');
SELECT is(pg_temp.found('三坊大街12号302'), '9002 room, 9001 road_no', 'and by the old');
SELECT is((SELECT dwelling_id FROM api.register_arrival(9001, dwelling_address => '番禺区三坊大街12号302房')), 9002::bigint, 'an arrival by the old number');
UPDATE registry.dwelling SET address = '三坊大街12号(旧)' WHERE dwelling_id = 9001;
SELECT is(pg_temp.at(9001), '三坊大街 20号', 'who writes the old number means the house of today');
SELECT is(restandardize_batch('{9001,9002,9003}'), 0::bigint, 'working it out anew gives the same');
-- the freed number is given again: from then on the text alone does not decide
SELECT is((SELECT state FROM api.replace_door_plate(pg_temp.plate('16号'), '12号', replaced_on => '2024-07-01')), 'active', 'the freed number is given to another house');
INSERT INTO registry.dwelling (dwelling_id, kind, address, division, let_state) OVERRIDING SYSTEM VALUE VALUES (9004, 'unit', '三坊大街12号302房', '440113102207', 'owner_occupied');
SELECT is(pg_temp.at(9004), '三坊大街 12号 302房', 'a dwelling entered now is in that one');
SELECT is(pg_temp.at(9002), '三坊大街 20号 302房', 'the others stay where they are');
SELECT is(pg_temp.found('三坊大街12号302房'), '9002 exact, 9004 exact, 9001 road_no', 'both houses are meant');
SELECT throws_ok($$SELECT api.register_arrival(9002, dwelling_address => '番禺区三坊大街12号302房')$$, 'RG211', NULL, 'RG211: and it is asked back');
SELECT is(restandardize_batch('{9001,9002,9003,9004}'), 0::bigint, 'working it out anew confuses nothing');
-- in a chain, and onto another road
SELECT is((SELECT state FROM api.replace_door_plate(pg_temp.plate('20号'), '1号', '四坊大街', '2024-08-01')), 'active', 'once more, on another road');
SELECT is(pg_temp.found('三坊大街20号302'), '9002 room, 9001 road_no', 'the number in between leads there');
SELECT is(door_plate_end(pg_temp.plate('12')), pg_temp.plate('1号', '四坊大街'), 'so does the first');
SELECT is((SELECT state FROM api.cancel_door_plate(pg_temp.plate('1号', '四坊大街'), '已拆除', '2024-09-01')), 'cancelled', 'the building is gone');

-- what is refused
CREATE TEMP TABLE attempt (n integer GENERATED ALWAYS AS IDENTITY, code text, statement text, what text);
INSERT INTO attempt (code, what, statement) VALUES
('RG006', 'a state unknown',                $$SELECT api.apply_door_plate('440113102207', '三坊大街', '30号', state => 'new')$$),
('RG053', 'a number in a town',             $$SELECT api.apply_door_plate('440113102', '三坊大街', '30号', state => 'active')$$),
('RG083', 'a decision that is none',        $$SELECT api.decide_door_plate(pg_temp.plate('12号'), 'reserved')$$),
('RG085', 'no number',                      $$SELECT api.apply_door_plate('440113102207', '三坊大街', NULL)$$),
('RG100', 'a limit in a year without calendar', $$SELECT api.apply_door_plate('440113102207', '三坊大街', '30号', applied_on => '1999-01-04')$$),
('RG215', 'a number that is in force',      $$SELECT api.apply_door_plate('440113102207', '三坊大街', '１２號', applied_on => '2024-02-01')$$),
('RG216', 'a sub-number of a sub-number',   $$SELECT api.apply_door_plate('440113102207', '三坊大街', '12号之1之2', state => 'active')$$),
('RG216', 'the same another way',           $$SELECT api.apply_door_plate('440113102207', '三坊大街', '12-1号附2', state => 'active')$$),
('RG216', 'a room',                         $$SELECT api.apply_door_plate('440113102207', '三坊大街', '12号302房', state => 'active')$$),
('RG216', 'no number',                      $$SELECT api.apply_door_plate('440113102207', '三坊大街', '号', state => 'active')$$),
('RG216', 'a name',                         $$SELECT api.apply_door_plate('440113102207', '玉沙广场', 'A座', state => 'active')$$),
('RG216', 'a megabyte',                     $$SELECT api.apply_door_plate('440113102207', repeat('路', 101), '1号', state => 'active')$$),
('RG217', 'decided twice',                  $$SELECT api.decide_door_plate(pg_temp.plate('12号'))$$),
('RG217', 'back from the archive',          $$UPDATE registry.door_plate SET state = 'active', replaced_by_id = NULL, ended_on = NULL WHERE number = '12'$$),
('RG217', 'new and cancelled',              $$INSERT INTO registry.door_plate (division, road, number, state) VALUES ('440113102207', '三坊大街', '40号', 'cancelled')$$),
('RG218', 'DELETE',                         $$DELETE FROM registry.door_plate WHERE number = '12'$$),
('RG218', 'another number',                 $$UPDATE registry.door_plate SET number = '13号' WHERE number = '12'$$),
('RG219', 'no such plate',                  $$SELECT api.cancel_door_plate(0, 'x')$$),
('RG220', 'by itself',                      $$SELECT api.replace_door_plate(pg_temp.plate('12号'), '12号')$$),
('RG220', 'by one applied for',             $q$DO $$ BEGIN PERFORM api.apply_door_plate('440113102207', '三坊大街', '50号', applied_on => '2024-02-01');
                                               PERFORM api.replace_door_plate(pg_temp.plate('12号'), '50号'); END $$$q$),
('RG220', 'by none',                        $$UPDATE registry.door_plate SET state = 'replaced', replaced_by_id = 0 WHERE door_plate_id = pg_temp.plate('12号')$$),
('RG220', 'by one of another village',      $$UPDATE registry.door_plate SET state = 'replaced', replaced_by_id = pg_temp.plate('18号', '大路坡村') WHERE door_plate_id = pg_temp.plate('12号')$$),
('RG221', 'cancelled without a reason',     $$SELECT api.cancel_door_plate(pg_temp.plate('12号'), NULL)$$),
('RG221', 'a reason of two lines',          $$SELECT api.cancel_door_plate(pg_temp.plate('12号'), E'a\nb')$$),
('RG222', 'applied for in the future',      $$SELECT api.apply_door_plate('440113102207', '三坊大街', '60号', state => 'active', applied_on => today() + 1)$$),
('RG222', 'replaced before it was given',   $$SELECT api.replace_door_plate(pg_temp.plate('12号'), '61号', replaced_on => '2001-01-01')$$),
('23514', 'replaced by nothing',            $$UPDATE registry.door_plate SET state = 'replaced' WHERE door_plate_id = pg_temp.plate('12号')$$),
('23503', 'a dwelling of another village',  $$UPDATE registry.dwelling SET door_plate_id = pg_temp.plate('18号', '大路坡村') WHERE dwelling_id = 9003$$);
SELECT throws_ok(statement, code, NULL, code || ': ' || what) FROM attempt ORDER BY n;
SELECT is((SELECT array_agg(f.key || ': ' || f.got) FROM policy.failed_test_case f WHERE f.key LIKE 'door%'), NULL, 'the limit is as its test case wants it');
SELECT * FROM finish();
ROLLBACK;
