-- The standard address of dwellings: kept whatever happens to them; arrivals by address; what is learnt.
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
SELECT 9000 + n, 'Resident ' || n, '1990-01-01' FROM generate_series(1, 9) n;
CREATE FUNCTION pg_temp.standard(id bigint) RETURNS text LANGUAGE sql AS $$
    SELECT regexp_replace(standard_address::text, '^海南省 海口市 龙华区 金贸街道 |^广东省 广州市 番禺区 南村镇 ', '') FROM registry.dwelling WHERE dwelling_id = id $$;

-- what is filled in
INSERT INTO registry.dwelling (dwelling_id, parent_id, kind, address, division, let_state, safety_letter_on) OVERRIDING SYSTEM VALUE VALUES
    (9001, NULL, 'building', '国贸路５號３栋',          '460106003010', 'let', '2020-01-01'),
    (9002, 9001, 'unit',     '二单元402室',            '460106003010', 'let', NULL),
    (9003, 9002, 'room',     'A房',                    '460106003010', 'let', NULL),
    (9008, 9001, 'unit',     '二单元403室',            '460106003010', 'let', NULL),
    (9004, NULL, 'unit',     '海口市龙华区金贸街道玉沙社区国贸路5号4栋101', '460106003010', 'let', '2020-01-01'),
    (9005, NULL, 'unit',     '三坊大街12号附1号302',     '440113102207', 'let', '2020-01-01'),
    (9006, NULL, 'building', '???',                    '440113102207', 'let', '2020-01-01'),
    (9007, NULL, 'unit',     '国贸路6号101室',          '460106003010', 'prohibited', '2020-01-01');
SELECT is(pg_temp.standard(9001), '玉沙社区 国贸路 5号 3栋 (460106003010)', 'a building');
SELECT is(pg_temp.standard(9002), '玉沙社区 国贸路 5号 3栋 2单元 402室 (460106003010)', 'a unit that leaves out where it is');
SELECT is(pg_temp.standard(9003), '玉沙社区 国贸路 5号 3栋 2单元 402室A房 (460106003010)', 'a room of it');
SELECT is(pg_temp.standard(9004), '玉沙社区 国贸路 5号 4栋 101 (460106003010)', 'one that says it all');
SELECT is(pg_temp.standard(9005), '江南村 三坊大街 12号之1 302 (440113102207)', 'a sub-number');
SELECT is((SELECT division(standard_address) FROM registry.dwelling WHERE dwelling_id = 9006), '440113102207', 'what cannot be read is in its village');

-- what changes
UPDATE registry.dwelling SET address = '国贸路7号B栋' WHERE dwelling_id = 9001;
SELECT is(pg_temp.standard(9002), '玉沙社区 国贸路 7号 B栋 2单元 402室 (460106003010)', 'parts follow their whole');
SELECT is(pg_temp.standard(9003), '玉沙社区 国贸路 7号 B栋 2单元 402室A房 (460106003010)', 'and their parts');
UPDATE registry.dwelling SET standard_address = '国贸路 99号 (460106003010)' WHERE dwelling_id = 9001;
SELECT is(pg_temp.standard(9001), '玉沙社区 国贸路 7号 B栋 (460106003010)', 'what a client says does not count');
UPDATE registry.dwelling SET division = '460106003002' WHERE dwelling_id = 9001;
SELECT is(division(standard_address), '460106003002'::division_code, 'a part moves with its whole') FROM registry.dwelling WHERE dwelling_id = 9003;
UPDATE registry.dwelling SET division = '460106003010', address = '国贸路5号3栋' WHERE dwelling_id = 9001;
UPDATE registry.dwelling SET parent_id = NULL, address = '国贸路5号3栋2单元402室', safety_letter_on = '2020-01-01' WHERE dwelling_id = 9002;
SELECT is(pg_temp.standard(9002), '玉沙社区 国贸路 5号 3栋 2单元 402室 (460106003010)', 'a part that is none any more');

-- worked out anew
SET LOCAL session_replication_role = replica;
UPDATE registry.dwelling SET standard_address = NULL WHERE dwelling_id IN (9004, 9005);
SET LOCAL session_replication_role = origin;
SELECT is(restandardize_batch('{9001,9002,9003,9004,9005}'), 2::bigint, 'what is missing or out of date');
SELECT is(pg_temp.standard(9004), '玉沙社区 国贸路 5号 4栋 101 (460106003010)', 'is there again');
SELECT is(restandardize_batch('{9001,9002,9003,9004,9005}'), 0::bigint, 'and then nothing more');
SELECT throws_ok('CALL restandardize()', '25001', 'restandardize() cannot run inside a transaction block', '25001: restandardize() cannot run inside a transaction block');

-- what the check says
INSERT INTO registry.dwelling (dwelling_id, kind, address, division) OVERRIDING SYSTEM VALUE VALUES
    (9011, 'unit', '国贸路5号4栋101', '460106003010'), (9012, 'unit', '三亚市国贸路8号', '460106003010');
SELECT results_eq($$SELECT finding FROM residency.check() WHERE topic = 'address' ORDER BY finding COLLATE "C"$$, $$VALUES
    ('1 dwellings cannot be found by their address: it names no road, estate or village group, such as dwelling 9006'),
    ('dwellings 9004, 9011 have one standard address'),
    ('the address of dwelling 9012 says division 460200, but it is registered in 460106003010')$$, 'doubles, what leads nowhere, what says another city');
DELETE FROM registry.dwelling WHERE dwelling_id IN (9011, 9012);

-- arrivals by address
SELECT results_eq($$SELECT accepted, dwelling_id, state FROM api.register_arrival(9001, dwelling_address => '海南海口龙华国贸路5号3幢二单元403', verified => true)$$,
    $$VALUES (true, 9008::bigint, 'active')$$, 'the one room that it can be');
SELECT results_eq($$SELECT accepted, dwelling_id FROM api.register_arrival(9002, 9004, dwelling_address => '国贸路5号4栋101室', dwelling_division => '460106', dry_run => true)$$,
    $$VALUES (true, 9004::bigint)$$, 'with the key, and a division');
SELECT results_eq($$SELECT accepted, dwelling_id FROM api.change_residence(9001, dwelling_address => '国贸路5号4栋101', dwelling_division => '460106', verified => true)$$,
    $$VALUES (true, 9004::bigint)$$, 'a change of address');
INSERT INTO registry.dwelling (dwelling_id, kind, address, division, let_state) OVERRIDING SYSTEM VALUE VALUES
    (9021, 'unit', '国贸路8号101', '460106003010', 'owner_occupied'), (9022, 'unit', '国贸路8号101', '460106003010', 'owner_occupied'),
    (9023, 'unit', '国贸路8号102', '460106003010', 'owner_occupied');
SELECT results_eq($$SELECT line, accepted, dwelling_id, code, detail FROM api.register_arrivals('[
        {"person_id": 9002, "dwelling_address": "国贸路8号102室", "dwelling_division": "460106003010"},
        {"person_id": 9003, "dwelling_address": "国贸路8号101室", "dwelling_division": "460106003010"},
        {"person_id": 9003, "dwelling_address": "国贸路8号", "dwelling_division": "460106003010"}]')$$, $$VALUES
    (1, true, 9023::bigint, NULL, NULL),
    (2, false, NULL, 'RG211', 'Candidates: 3; the best, as dwelling (grade score): 9021 (room 0.95), 9022 (room 0.95), 9023 (road_no 0.63).'),
    (3, false, NULL, 'RG212', 'Candidates: 3; the best, as dwelling (grade score): 9021 (road_no 0.63), 9022 (road_no 0.63), 9023 (road_no 0.63).')$$, 'RG211, RG212: in a batch, too');
CREATE TEMP TABLE attempt (n integer GENERATED ALWAYS AS IDENTITY, code text, arguments text, what text);
INSERT INTO attempt (code, what, arguments) VALUES
('RG085', 'neither is given',               $$9003$$),
('RG210', 'nothing there',                  $$9003, dwelling_address => '王府井大街1号'$$),
('RG210', 'in another district',            $$9003, dwelling_address => '国贸路8号102室', dwelling_division => '460105'$$),
('RG211', 'a room that is there twice',     $$9003, dwelling_address => '国贸路8号101室', dwelling_division => '460106'$$),
('RG212', 'the room is missing',            $$9003, dwelling_address => '国贸路5号3栋', dwelling_division => '460106'$$),
('RG212', 'another room',                   $$9003, dwelling_address => '国贸路8号103', dwelling_division => '460106'$$),
('RG212', 'a number beside it',             $$9003, dwelling_address => '国贸路11号103', dwelling_division => '460106'$$),
('RG213', 'no address',                     $$9003, dwelling_address => '???'$$),
('RG223', 'no city',                        $$9003, dwelling_address => '国贸路8号102室'$$),
('RG223', 'a province is not enough',       $$9003, dwelling_address => '国贸路8号102室', dwelling_division => '46'$$),
('RG214', 'another dwelling',               $$9003, 9004, dwelling_address => '国贸路8号102室', dwelling_division => '460106'$$),
('RG026', 'a home that is prohibited',      $$9007, dwelling_address => '国贸路6号101室', dwelling_division => '460106'$$),
('22P02', 'no division',                    $$9007, dwelling_address => '国贸路6号101室', dwelling_division => 'x'$$);
SELECT throws_ok(format('SELECT api.register_arrival(%s)', arguments), code, NULL, code || ': ' || what) FROM attempt ORDER BY n;
SELECT lives_ok($$SELECT api.register_arrival(9003, 9021, dwelling_address => '国贸路8号101', dwelling_division => '460106')$$, 'the key chooses between doubles');
-- a house whose rooms are registered is no home
INSERT INTO registry.dwelling (dwelling_id, parent_id, kind, address, division, let_state) OVERRIDING SYSTEM VALUE VALUES
    (9031, NULL, 'building', '国贸路10号', '460106003010', 'owner_occupied');
SELECT lives_ok($$SELECT api.register_arrival(9004, dwelling_address => '海口市国贸路10号')$$, 'a house of one family');
INSERT INTO registry.dwelling (dwelling_id, parent_id, kind, address, division, let_state) OVERRIDING SYSTEM VALUE VALUES
    (9032, 9031, 'room', '201', '460106003010', 'owner_occupied');
SELECT throws_ok($$SELECT api.register_arrival(9005, dwelling_address => '海口市国贸路10号')$$, 'RG212', NULL, 'RG212: one whose rooms are registered');
SELECT lives_ok($$SELECT api.register_arrival(9005, dwelling_address => '海口市国贸路10号201房')$$, 'and one of its rooms');

-- roads and estates are learnt from what is confirmed
INSERT INTO registry.dwelling (dwelling_id, kind, address, division, let_state) OVERRIDING SYSTEM VALUE VALUES
    (9041, 'unit', '滨江花园1栋101', '460106003010', 'owner_occupied');
INSERT INTO registry.residence (person_id, dwelling_id, arrived_on, state) VALUES (9006, 9041, '2024-01-01', 'reported');
SELECT is(registry.due_estates('2024-01-01', 1000), 0, 'not from a report');
UPDATE registry.residence SET state = 'active' WHERE person_id = 9006;
SELECT is(registry.due_roads('2024-01-01', 1000), 1, 'the roads of verified residences');
SELECT is(registry.due_estates('2024-01-01', 1000), 1, 'and the estates');
SELECT results_eq($$SELECT name, dwellings FROM registry.road WHERE division = '460106003010' UNION ALL SELECT name, dwellings FROM registry.estate WHERE division = '460106003010'$$,
    $$VALUES ('国贸路' COLLATE "C", 2), ('滨江花园', 1)$$, 'with how many dwellings they have');
SELECT is(registry.due_roads('2024-01-01', 1000) + registry.due_estates('2024-01-01', 1000), 0, 'again there is nothing more');
SELECT * FROM finish();
ROLLBACK;
