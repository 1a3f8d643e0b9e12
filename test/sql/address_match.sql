-- Whether two addresses are one place, and the dwellings that a text may mean, found by index.
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

-- the grades: both ways round, and never a better score for a worse grade
CREATE TEMP TABLE pair (n integer GENERATED ALWAYS AS IDENTITY, grade text, a text, b text);
INSERT INTO pair (grade, a, b) VALUES
('exact',     '番禺区 南村镇 三坊大街 12号之1 302房 (440113102)', '番禺区 三坊大街 12号之1 302房 (440113102207)'),
('exact',     '三坊大街 12号 (440113102207)',        '三坊大街 12号 (440113102207)'),
('exact',     '国贸路 5号 3栋 402室 附:玉沙广场 (460106003010)', '国贸路 5号 3栋 402室 (460106003010)'),
('room',      '三坊大街 12号之1 302房 (440113102207)', '三坊大街 12号之1 302 (440113102207)'),
('room',      '三坊大街 12号之1 302房 (440113102207)', '三坊大街 12号之1 302房 (-)'),
('room',      '国贸路 5号 3栋 2单元 402室 (460106003010)', '国贸路 5号 玉沙广场 栋:3号楼 单元:2门 室:402 (460106003010)'),
('building',  '国贸路 5号 3栋 2单元 402室 (460106003010)', '国贸路 5号 3幢 1单元 402室 (460106003010)'),
('building',  '国贸路 5号 3栋 2单元 402室 (460106003010)', '国贸路 5号 3栋 (460100)'),
('road_no',   '国贸路 5号 3栋 402室 (460106003010)', '国贸路 5号 4栋 402室 (460106003010)'),
('road_no',   '国贸路 5号 3栋 402室 (460106003010)', '国贸路 5号 402室 (460106003010)'),
('community', '国贸路 5号 (460106003010)',           '国贸路 7号 (460106003010)'),
('community', '国贸路 5号 (460106003010)',           '国贸路 (460100)'),
('community', '国贸路 5号 (460106003010)',           '海秀路 5号 (460106003010)'),
('none',      '国贸路 5号 (460106003010)',           '国贸路 5号 (460106003002)'),
('none',      '国贸路 5号 (460106)',                 '海秀路 5号 (460106003010)'),
('none',      '国贸路 5号 3栋 402室 (460100)',         '国贸路 5号 3栋 402室 (460200)');
SELECT is((address_match(a::address, b::address)).grade || ' ' || (address_match(b::address, a::address)).grade, grade || ' ' || grade,
          a || ', ' || b || ': ' || grade) FROM pair ORDER BY n;
SELECT is_empty($$SELECT * FROM pair x, pair y
    WHERE array_position('{none,community,road_no,building,room,exact}', x.grade) < array_position('{none,community,road_no,building,room,exact}', y.grade)
      AND (address_match(x.a::address, x.b::address)).score >= (address_match(y.a::address, y.b::address)).score$$, 'scores follow the grades');
SELECT ok((address_match('国贸路 5号 (460106)', '国贸路 7号 (460106)')).score > (address_match('国贸路 5号 (460106)', '国贸路 205号 (460106)')).score, 'a near number scores higher');
SELECT is((address_match(NULL, '国贸路 5号 (460106)')).grade, NULL, 'nothing is no match');

-- addresses put together
SELECT is(part_address('国贸路 5号 3栋 (460106003010)', '402室 (-)')::text, '国贸路 5号 3栋 402室 (460106003010)', 'a room of a building');
SELECT is(part_address('国贸路 5号 3栋 (460106003010)', '国贸路 5号 4栋 402室 (-)')::text, '国贸路 5号 4栋 402室 (460106003010)', 'one that says another building');
SELECT is(part_address('玉沙社区 (460106003010)', '里仁洞村 国贸路 (440113102208)')::text, '玉沙社区 国贸路 (460106003010)', 'the division of the whole counts');
SELECT is(plate_address('国贸路 5号 3栋 402室 (460106003010)')::text, '国贸路 5号 (460106003010)', 'the plate of a room');
SELECT is(plate_address('国贸路 3栋 402室 (460106003010)'), NULL, 'no number, no plate');
SELECT is(renumber_address('国贸路 5号 3栋 402室 (460100)', '国贸二路 7号 (460106003010)')::text, '国贸二路 7号 3栋 402室 (460106003010)', 'another number');
SELECT is(address_clues('海南省 国贸路 5号 玉沙广场 3栋 (460100)')::text, '{"国贸路 5号 (-)","玉沙广场 (-)","国贸路 (-)"}', 'by what to look for it');
SELECT is(address_clues('海南省 (460000)')::text, '{}', 'a province alone leads nowhere');
SELECT is(division_address('460106003010')::text, '海南省 海口市 龙华区 金贸街道 玉沙社区 (460106003010)', 'a division as an address');
SELECT is(division_address('460106003999')::text, (SELECT division_address('460106003999')::text), 'an unknown one does no harm');

-- the dwellings that a text may mean
INSERT INTO registry.dwelling (dwelling_id, parent_id, kind, address, division) OVERRIDING SYSTEM VALUE VALUES
    (9001, NULL, 'building', '国贸路5号（玉沙广场）3栋', '460106003010'),
    (9002, 9001, 'unit',     '二单元1503室',            '460106003010'),
    (9003, 9001, 'unit',     '国贸路5号3号楼二单元1504', '460106003010'),
    (9004, NULL, 'building', '三坊大街12号之1',          '440113102207'),
    (9005, 9004, 'room',     '302房',                   '440113102207'),
    (9006, NULL, 'unit',     '三坊大街12号之一302房',    '440113102001'),
    (9007, NULL, 'building', '大路坡村18号',            '469002104202'),
    (9008, NULL, 'unit',     '滨江花园8栋1单元101',      '460106003010'),
    (9009, NULL, 'unit',     '国贸路9号',               '460106003010');
CREATE FUNCTION pg_temp.found(address text, context text DEFAULT NULL, "limit" integer DEFAULT 10) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(dwelling_id || ' ' || grade, ', ' ORDER BY score DESC, dwelling_id) FROM api.find_dwelling($1, $2, $3) $$;
SELECT is(pg_temp.found('海口龙华区金贸街道玉沙社区国贸路5号(玉沙广场)3栋二单元1503室'), '9002 exact, 9003 building, 9001 building', 'the fixture');
SELECT is(pg_temp.found('国贸路５號3幢2单元1503房', '460106'), '9002 room, 9003 building, 9001 building', 'written another way, in a district');
SELECT is(pg_temp.found('广州市番禺区南村镇三坊大街１２号之一３０２房'), '9005 exact, 9006 exact, 9004 road_no', 'two roads of one name, in two communities');
SELECT is(pg_temp.found('广州市番禺区南村镇三坊大街１２号之一３０２房', '440113102207'), '9005 exact, 9004 road_no', 'the context says which');
SELECT is(pg_temp.found('广州市番禺区南村镇三坊大街１２号之一３０２房', '460106'), '9005 exact, 9006 exact, 9004 road_no', 'what the text says counts, not the context');
SELECT is(pg_temp.found('三坊大街12-1号302', '440113102207'), '9005 room, 9004 road_no', 'the context, where the text says nothing');
SELECT is(pg_temp.found('佛山市三坊大街12号之1302房'), NULL, 'not in another city');
SELECT is(pg_temp.found('滨江花园8幢1单元101', '4601'), '9008 room', 'by an estate');
SELECT is(pg_temp.found('国贸路7号', '460106'), '9009 community, 9001 community, 9002 community, 9003 community', 'no such number: what is nearest');
SELECT is(pg_temp.found('国贸路7号', '460106', 1), '9009 community', 'as many as wanted');
SELECT is(pg_temp.found('大路坡村18号', '469002'), '9007 exact', 'a village without roads');
SELECT is(pg_temp.found('王府井大街1号'), NULL, 'none');
SELECT results_eq($$SELECT kind, address_entered, standard_address, division, let_state FROM api.find_dwelling('国贸路5号3栋二单元1503', '460106') LIMIT 1$$,
    $$VALUES ('unit', '二单元1503室', '海南省海口市龙华区金贸街道玉沙社区国贸路5号3栋2单元1503室（玉沙广场）', '460106003010', 'lettable')$$, 'what is told of it');
SELECT throws_ok(format('SELECT * FROM api.find_dwelling(%L)', address), 'RG213', NULL, 'RG213: ' || what)
FROM (VALUES (NULL, 'nothing'), ('', 'an empty text'), ('!?', 'signs'), (U&'\200B', 'what nobody sees')) v (address, what);
SELECT throws_ok($$SELECT * FROM api.find_dwelling('国贸路5号', '9999')$$, '22P02', NULL, '22P02: no division code');
SELECT throws_ok(format('SELECT * FROM api.find_dwelling(%L)', repeat('号', 100000)), 'RG200', NULL, 'RG200: no end of signs');

-- by index
CREATE FUNCTION pg_temp.plan(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE line text; plan text := '';
BEGIN
    FOR line IN EXECUTE 'EXPLAIN (COSTS off) ' || query LOOP plan := plan || line; END LOOP;
    RETURN plan;
END $$;
INSERT INTO registry.dwelling (address, division) SELECT '第' || n / 20 || '路' || n % 20 + 1 || '号', '460106003010' FROM generate_series(1, 1500) n;
ANALYZE registry.dwelling;
SET LOCAL enable_seqscan = off;
SELECT matches(pg_temp.plan($$SELECT FROM registry.dwelling d WHERE d.standard_address @@ '第3路 5号 (-)'$$), 'dwelling_clue_idx', 'by road and number');
SELECT matches(pg_temp.plan($$SELECT FROM registry.dwelling d WHERE d.standard_address <@ '18号 (460106003010)'$$), 'dwelling_standard_address_idx', 'by a prefix');
SELECT matches(pg_temp.plan($$SELECT FROM registry.door_plate p WHERE p.address @@ '国贸路 5号 (-)' AND p.state = 'replaced'$$), 'door_plate_clue_idx', 'former numbers');
SELECT matches(pg_temp.plan($$SELECT FROM registry.door_plate p WHERE p.address = '国贸路 5号 (460106003010)'$$), 'door_plate_(address_idx|live_key)', 'a number');
SELECT * FROM finish();
ROLLBACK;
