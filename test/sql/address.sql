-- Texts read as addresses: cut, normalised, explained; the gazetteer that they are read by.
\set ECHO none
\getenv test PG_ABS_SRCDIR
\i :test/lib/register.sql

BEGIN;
SET LOCAL search_path = public, residency;
SELECT no_plan();

-- the fixtures
CREATE TEMP TABLE fixture (text text, canonical text);
INSERT INTO fixture VALUES
    ('广州市番禺区南村镇里仁洞村三坊大街１２号之一３０２房', '广东省 广州市 番禺区 南村镇 里仁洞村 三坊大街 12号之1 302房 (440113102208)'),
    ('番禺南村里仁洞三坊大街12-1号302', '广东省 广州市 番禺区 南村镇 里仁洞村 三坊大街 12号之1 302 (440113102208)'),
    ('海口龙华区金贸街道玉沙社区国贸路5号(玉沙广场)3栋二单元1503室', '海南省 海口市 龙华区 金贸街道 玉沙社区 国贸路 5号 3栋 2单元 1503室 附:玉沙广场 (460106003010)'),
    ('海南省海口市龙华区金贸街道玉沙社区国贸路5号3栋2单元1503', '海南省 海口市 龙华区 金贸街道 玉沙社区 国贸路 5号 3栋 2单元 1503 (460106003010)'),
    ('海南省省直辖县级行政区划琼海市博鳌镇朝阳村委会大路坡村18号', '海南省 县:琼海市 博鳌镇 朝阳村 大路坡村 18号 (469002104)'),
    ('东莞市长安镇乌沙社区兴发南路38号A座五楼', '广东省 东莞市 长安镇 乌沙社区 兴发南路 38号 A座 5层 (441900119)'),
    ('儋州市那大镇中兴大街西12-3-402', '海南省 儋州市 那大镇 路:中兴大街西 栋:12 单元:3 402 (460400100)'),
    ('三亚市天涯区解放路八一大厦8楼', '海南省 三亚市 天涯区 解放路 八一大厦 8层 (460204)'),
    ('新村镇新村村委会', '海南省 陵水黎族自治县 新村镇 新村村 (469028107001)'),
    ('地址:番禺区大石街道礼村13800138000联系张先生', '广东省 广州市 番禺区 大石街道 礼村村 (440113012202)'),
    ('海南省琼海市博鳌镇朝阳村委会大路坡村18号', '海南省 县:琼海市 博鳌镇 朝阳村 大路坡村 18号 (469002104)'),
    ('番禺区南村镇里仁洞村村委会', '广东省 广州市 番禺区 南村镇 里仁洞村 (440113102208)'),
    ('安徽省六安市寿县寿春镇', '安徽省 淮南市 寿县 寿春镇 (340422100)'),
    ('云南省昆明市西山区（海口街道）', '云南省 昆明市 西山区 海口街道 (530112009)'),
    ('苏州工业园区星湖街328号', '江苏省 苏州市 县:苏州工业园区 星湖街 328号 (320576)'),
    ('山东青岛市北区山东省青岛市市北区水清沟街道九江路20号大都会3号楼2单元1303', '山东省 青岛市 市北区 水清沟街道 九江路 20号 大都会 3号楼 2单元 1303 (370203030)');
SELECT is(normalize_address(text)::text, canonical, text) FROM fixture;
SELECT is(normalize_address('石壁街道都那村8巷2号', '4401')::text, '广东省 广州市 番禺区 石壁街道 都那村 8巷 2号 (440113014208)', 'a context decides');
SELECT is(normalize_address('石壁镇8巷2号', '46')::text, '海南省 县:琼海市 石壁镇 8巷 2号 (469002102)', 'another context');
SELECT is(normalize_address(text, '4401')::text, '广东省 广州市 番禺区 石壁街道 (440113014)', text || ' of Guangzhou') FROM unnest('{石壁街道,石壁镇}'::text[]) text;
SELECT is(normalize_address('石壁镇', '46')::text, '海南省 县:琼海市 石壁镇 (469002102)', 'of Hainan');
SELECT is(normalize_address(text)::text, text || ' (-)', text || ' without a context is either') FROM unnest('{石壁街道,石壁镇}'::text[]) text;
SELECT is(array_agg(division::text) @> '{440113014,469002102}', true, text || ': both are listed') FROM unnest('{石壁街道,石壁镇}'::text[]) text, explain_address(text) GROUP BY text;
SELECT is(array_agg(division::text ORDER BY rank) @> '{440113014208,469002102}' AND (array_agg(division::text ORDER BY rank))[1] = '440113014208', true,
    'a village decides, the other is listed') FROM explain_address('石壁街道都那村8巷2号');
SELECT is(normalize_address('鼓楼区中山路1号')::text, '鼓楼区 中山路 1号 (-)', 'four cities have it: none is guessed');
SELECT is(normalize_address('鼓楼区中山路1号', '3501')::text, '福建省 福州市 鼓楼区 中山路 1号 (350102)', 'a context decides between them');
SELECT is(normalize_address('福州鼓楼区中山路1号')::text, '福建省 福州市 鼓楼区 中山路 1号 (350102)', 'so does the text');
SELECT is(num_nulls(normalize_address(NULL), normalize_address(''), normalize_address('13800138000'), normalize_address('，。 -')), 4, 'no element, no address');
SELECT is(normalize_address(text), NULL, text || ' is no address') FROM unnest('{不详,无,未知,同上,138****1234}'::text[]) text;

-- what is normal stays as it is
CREATE FUNCTION pg_temp.again(a residency.address) RETURNS boolean LANGUAGE sql AS $$
    SELECT (residency.normalize_address(residency.full_address(a)), a::text::residency.address) IS NOT DISTINCT FROM (a, a) $$;
SELECT ok(pg_temp.again(normalize_address(text)), 'again: ' || text) FROM fixture;

-- a thousand made up, of every corner of the country, and the ways to write them
CREATE TEMP TABLE made AS
SELECT n, division, division_name(division) AS region, road, no, estate, building, unit, room,
       concat(division_name(division), road, no, estate, building, unit, room) AS text
FROM (
    SELECT row_number() OVER (ORDER BY division) AS n, division
    FROM code.division
    WHERE level = 4 AND NOT heading AND name ~ '(街道|镇|乡)$' AND division::bigint % 37 = 0
) town,
LATERAL (SELECT
    (ARRAY['人民路', '解放大道', '三坊大街', '兴发南路', '长安街', '五指山路', '沿江北路', '八一路'])[n % 8 + 1] AS road,
    (n % 200 + 1) || CASE WHEN n % 5 = 0 AND n % 7 IN (1, 3, 4, 6) THEN '号之' || n % 9 + 1 ELSE '号' END AS no,
    (ARRAY[NULL, '阳光花园', NULL, '八一大厦', '锦绣小区', NULL, '幸福家园'])[n % 7 + 1] AS estate,
    n % 30 + 1 || (ARRAY['栋', '幢', '号楼', '座'])[n % 4 + 1] AS building,
    CASE WHEN n % 3 > 0 THEN n % 4 + 1 || '单元' END AS unit,
    (n % 18 + 1) * 100 + n % 6 + 1 || (ARRAY['室', '房'])[n % 2 + 1] AS room
) part;
SELECT cmp_ok(count(*), '>', 900::bigint, 'made up') FROM made;
CREATE TEMP TABLE normal AS SELECT m.*, normalize_address(text) AS address FROM made m;
SELECT is(count(*) FILTER (WHERE residency.division(address) IS DISTINCT FROM n.division) * 1000 / count(*) < 10, true, 'the town of nearly all') FROM normal n;
SELECT is_empty($$SELECT text, address FROM normal
    WHERE (residency.road(address), road_no(address), residency.estate(address), residency.building(address), residency.unit(address), residency.room(address))
          IS DISTINCT FROM (road, no, estate, building, unit, room)$$, 'and everything below');
SELECT is_empty($$SELECT text, address FROM normal WHERE NOT pg_temp.again(address)$$, 'normal is normal');

CREATE FUNCTION pg_temp.noisy(kind text, m made) RETURNS text LANGUAGE sql AS $$
    SELECT CASE kind
        WHEN 'blanks' THEN concat_ws(' ', m.region, m.road, m.no, m.estate, m.building, m.unit, m.room)
        WHEN 'wide blanks and signs' THEN concat_ws('　', '，' || m.region || '，', m.road || '。', m.no, m.estate, m.building, m.unit, m.room)
        WHEN 'full width' THEN translate(m.text, '0123456789', '０１２３４５６７８９')
        WHEN 'traditional' THEN translate(m.text, '号栋楼单东广区乡镇云门', '號棟樓單東廣區鄉鎮雲門')
        WHEN 'label' THEN '地址：' || m.text
        WHEN 'phone' THEN m.text || ' 13800138000'
        WHEN 'label, contact' THEN '现住' || m.text || '，联系人：张先生 13800138000'
        WHEN 'numerals' THEN coalesce(replace(m.text, m.unit, translate(m.unit, '1234', '一二三四')), m.text)
    END $$;
SELECT is_empty(format($$SELECT pg_temp.noisy(%L, m), address FROM made m JOIN normal USING (n)
                         WHERE normalize_address(pg_temp.noisy(%L, m)) IS DISTINCT FROM address$$, kind, kind), 'noise: ' || kind)
FROM unnest('{blanks,wide blanks and signs,full width,traditional,label,phone,"label, contact",numerals}'::text[]) kind;
SELECT is_empty($$SELECT text FROM normal WHERE detail(normalize_address(text || '(近公园)')) IS DISTINCT FROM '近公园'
                  OR normalize_address(text || '(近公园)') <> (address::text || '')::address AND NOT normalize_address(text || '(近公园)') <@ address$$,
    'a remark is kept beside');

-- pieces are those of the text
SELECT is_empty($$SELECT text, p FROM normal, parse_address(text) p WHERE substr(text, p."from", p."to" - p."from" + 1) <> p.value$$, 'a piece is where it says');
SELECT is_empty($$SELECT text FROM normal, LATERAL (SELECT string_agg(value, '' ORDER BY "from") AS whole FROM parse_address(text)) p WHERE whole <> text$$,
    'and the pieces are the text');
SELECT results_eq($$SELECT * FROM parse_address(' 地址: 🏠番禺区,１２號(旁) ')$$,
    $$VALUES ('label', '地址', 2, 3), ('county', '番禺区', 7, 9), ('road_no', '１２號', 11, 13), ('assist', '旁', 15, 15)$$, 'characters are counted, whatever they are');
SELECT throws_ok($$SELECT parse_address('解放路', 'ccks')$$, '22023', 'there is no scheme "ccks" of address elements');
SELECT is_empty($$SELECT * FROM parse_address(NULL)$$, 'nothing of nothing');

-- parallel workers have a copy of their own
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SELECT set_config(name, 'on', true) AS parallel, name AS forced FROM pg_settings WHERE name IN ('force_parallel_mode', 'debug_parallel_query') \gset
SELECT is(count(*) FILTER (WHERE division(normalize_address(name, division)) = division), count(*), 'in parallel') FROM code.division WHERE division <@ '440113' AND level < 5;
RESET :forced;

-- the gazetteer: what is committed or done by oneself shows at once, and is taken back
SELECT is(division(normalize_address('羊城石壁街道'))::text, '440113014', 'before the alias there is the street alone');
SAVEPOINT s;
INSERT INTO code.division_alias (alias, division, kind) VALUES ('大番禺', '440113', 'alias');
SELECT is(normalize_address('大番禺市桥街道1号')::text, '广东省 广州市 番禺区 市桥街道 1号 (440113007)', 'an alias');
INSERT INTO registry.road (division, name) VALUES ('440113', '飞鹅岭');
INSERT INTO registry.estate (division, name) VALUES ('440113', '万科红');
SELECT is(normalize_address('番禺区飞鹅岭5号万科红3栋')::text, '广东省 广州市 番禺区 路:飞鹅岭 5号 万科红 3栋 (440113)', 'a road and an estate');
SELECT is(normalize_address('飞鹅岭5号万科红3栋', '440113102')::text, '路:飞鹅岭 5号 万科红 3栋 (-)', 'known by the context alone');
ROLLBACK TO s;
SELECT isnt(normalize_address('大番禺市桥街道1号')::text, '广东省 广州市 番禺区 市桥街道 1号 (440113007)', 'taken back');
SAVEPOINT s;
UPDATE code.division SET period = daterange(lower(period), residency.today()), superseded_by = '440113014' WHERE division = '440113102';
SELECT is(division(normalize_address('番禺区南村镇'))::text, '440113014', 'a division that has ended gives its name to the one that took over');
UPDATE code.division SET period = daterange(lower(period), residency.today() + 1), superseded_by = '440113014' WHERE division = '440113102';
SELECT is(division(normalize_address('番禺区南村镇'))::text, '440113102', 'not before its day');
ROLLBACK TO s;

-- a thousand times too long, broken, nested: every answer comes
SELECT is(max("to"), 512, 'as long as an address may be') FROM parse_address(repeat('园', 512));
SELECT is(max("to"), 1000000, 'a million') FROM parse_address(repeat('号', 1000000));
SELECT is((SELECT max("to") FROM parse_address(repeat('(', 10000) || repeat(')', 10000))), 20000, 'brackets');
SELECT cmp_ok(length(full_address(normalize_address(repeat('甲', 512)))), '<=', 85 + 2, 'an element has its end');
SELECT * FROM finish();

-- what a user reads
\set SHOW_CONTEXT never
\set ON_ERROR_ROLLBACK on
SELECT normalize_address(repeat('三坊大街', 200));
SELECT repeat('三坊大街', 200)::address;
SELECT explain_address(repeat('三坊大街', 200));
SELECT parse_address('解放路', 'ccks');
SET residency.language = 'zh';
SELECT normalize_address(repeat('三坊大街', 200));
RESET residency.language;
SAVEPOINT s;
SET LOCAL session_replication_role = replica;
DELETE FROM code.division;
SELECT normalize_address('解放路');
ROLLBACK TO s;
SELECT normalize_address('解放路');

\pset tuples_only false
\pset format aligned
SELECT rank, division, division_name, address, score > 0 AS scored, inferred, why FROM explain_address('鼓楼区中山路1号');
SELECT rank, division, division_name, address, score > 0 AS scored, inferred, why FROM explain_address('鼓楼区中山路1号', '3501');
SELECT rank, division, division_name, address, score > 0 AS scored, inferred, why FROM explain_address('儋县那大镇12号');
SELECT rank, division, division_name, address, score > 0 AS scored, inferred, why FROM explain_address('人民路12号');
SELECT rank, division, division_name, address, score > 0 AS scored, inferred, why FROM explain_address('张先生');
SET residency.language = 'zh';
SELECT rank, why FROM explain_address('鼓楼区中山路1号');
SELECT rank, why FROM explain_address('儋县那大镇12号');
SELECT rank, why FROM explain_address('人民路12号');
RESET residency.language;
SELECT * FROM parse_address('广州市番禺区南村镇里仁洞村三坊大街１２号之一３０２房');
SELECT * FROM parse_address('地址:番禺区大石街道礼村13800138000联系张先生', 'naacl2019');
SELECT * FROM parse_address('上海市新沪路58弄11-802(近公园)');
ROLLBACK;
