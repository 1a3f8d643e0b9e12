-- Search: how names read, every rung of the ladder, who comes first, common names, plans, and what is refused.
\set ECHO none
\getenv test PG_ABS_SRCDIR
\i :test/lib/register.sql
\set ON_ERROR_ROLLBACK on
\set VERBOSITY default
\set SHOW_CONTEXT never

BEGIN;
SET LOCAL search_path = public, residency;
SET LOCAL datestyle = 'ISO';
SELECT plan(131);

-- pinyin
SELECT is(pinyin(entry), reads, entry || ' reads ' || reads) FROM (VALUES
    ('林海路12号', 'lin hai lu 12 hao'), ('重庆', 'chong qing'), ('厦门', 'xia men'), ('大厦', 'da sha'), ('六安', 'lu an'), ('台州', 'tai zhou'),
    ('东莞', 'dong guan'), ('番禺', 'pan yu'), ('乐东', 'le dong'), ('乐清', 'yue qing'), ('蚌埠', 'beng bu'), ('儋州', 'dan zhou'),
    ('长沙', 'chang sha'), ('村长', 'cun zhang'), ('罗兴', 'luo xing'), ('绿地', 'lv di'), ('单元', 'dan yuan'), ('', ''), ('%_', '')) v (entry, reads);
SELECT is(pinyin_name(entry), reads, entry || ' is called ' || reads) FROM (VALUES
    ('单雄信', 'shan xiong xin'), ('仇和', 'qiu he'), ('曾志伟', 'zeng zhi wei'), ('尉迟恭', 'yu chi gong'), ('解晓东', 'xie xiao dong'),
    ('任长霞', 'ren chang xia'), ('区志强', 'ou zhi qiang'), ('查良镛', 'zha liang yong'), ('盖叫天', 'ge jiao tian'), ('万俟卨', 'mo qi xie'),
    ('李单', 'li dan'), ('Anna Berg', 'anna berg')) v (entry, reads);
SELECT is(pinyin('女儿林海', true), 'nǚ ér lín hǎi', 'with tones');
SELECT is(pinyin_name('任正非', true), 'rén zhèng fēi', 'a surname with its tone');
SELECT is(pinyin_initials('林海路12号A座'), 'lhl12haz', 'initials');
SELECT is(search_text('林海路 １２号（A－3）12－3'), '林海路12号a312-3', 'what is compared');
SELECT is_empty($$SELECT name, pinyin(name) FROM code.division WHERE pinyin(name) ~ '[^a-z0-9 -]'$$, 'every division can be read');
SELECT is((search_keys('林海路') @> search_keys('海路')), true, 'a fragment has no key that the whole has not');
SELECT is(search_keys(''), '{}', 'nothing has no keys');
SELECT is(search_score('林海路', '林海路', 'prefix'), 1::real, 'the name itself scores 1');
SELECT is(search_score('林海路', '林海路', 'no rung'), NULL, 'an unknown rung none');
SELECT is(count(*), 0::bigint, 'no steps for nothing') FROM search_steps('。');

-- a town
INSERT INTO registry.dwelling (dwelling_id, address, division, safety_letter_on) OVERRIDING SYSTEM VALUE VALUES
    (9101, '林海路12号3栋2单元1503室', '460105001001', '2020-01-01'),
    (9102, '凌海路1号',               '460105001001', '2020-01-01'),
    (9103, '林诲路3号',               '460105001001', '2020-01-01'),
    (9104, '海府路8号林海花园5栋',     '460105001002', '2020-01-01'),
    (9105, '西安路5号',               '460105001001', '2020-01-01'),
    (9106, '先烈路5号',               '460105001001', '2020-01-01'),
    (9107, '重庆路7号',               '460105001001', '2020-01-01'),
    (9108, '林海路',                  '460105001001', '2020-01-01'),
    (9109, 'Harbour Road 6',          '460105001001', '2020-01-01'),
    (9110, '林海路12号之1 302房',      '440113007003', '2020-01-01');
INSERT INTO registry.person (person_id, resident_id, name, phone) OVERRIDING SYSTEM VALUE VALUES
    (9101, '11010519491231002X', '林海峰', '0898-66001234'), (9102, '130503196704010016', '单雄信', NULL), (9103, NULL, '欧阳海', NULL),
    (9104, NULL, '张伟', NULL), (9105, NULL, '张伟明', NULL), (9106, NULL, 'Anna Berg', '138 0013 8000'), (9107, NULL, '阿里·买买提', NULL),
    (9108, NULL, '林嗨锋', NULL), (9109, NULL, '章薇', NULL);
INSERT INTO registry.identity_document (person_id, document_type, document_number) VALUES (9106, '414', 'E 123-4567');
INSERT INTO registry.employer (employer_id, name, credit_code, division) OVERRIDING SYSTEM VALUE VALUES
    (9101, '海口林海科技有限公司', '91460106MA5T000109', '460106'), (9102, '广州林海餐饮管理有限公司', '91110000600037341L', '440113');
INSERT INTO registry.residence (person_id, dwelling_id, arrived_on, state) VALUES (9101, 9101, '2024-01-01', 'active'), (9104, 9110, '2024-01-01', 'active');

CREATE FUNCTION pg_temp.found(kind text, query text, within text DEFAULT NULL, most integer DEFAULT 20) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(concat_ws(' ', s.rung, s.keys), ', ' ORDER BY s.best DESC)
    FROM (SELECT s.rung, string_agg((s.key - 9100)::text, ' ' ORDER BY s.score DESC, s.key) AS keys, max(s.score) AS best
          FROM registry.search(kind, query, within::residency.division_code, most) s WHERE s.key BETWEEN 9101 AND 9199 GROUP BY s.rung) s
$$;
SELECT is(pg_temp.found('dwelling', query), answer, format('%L: %s', query, answer)) FROM (VALUES
    ('林海路',          'exact 8, prefix 10 1, one_wrong 2 3 4'),
    ('林海路12号',      'prefix 10 1'),
    ('林海路１２号',    'prefix 10 1'),
    ('海路12',          'fragment 10 1'),
    ('林海花园',        'fragment 4'),
    ('路',              'fragment 8 2 3 5 6 7 4 10 1'),
    ('庆',              'fragment 7'),
    ('1503',            'fragment 1'),
    ('3栋2单元1503',    'fragment 1'),
    ('503室',           'fragment 1'),
    ('1530',            NULL),
    ('harbour',         'prefix 9'),
    ('ROAD 6',          'fragment 9'),
    ('linhailu',        'pinyin 8 10 1'),
    ('lin hai',         'pinyin 8 10 1 4'),
    ('Lín Hǎi',         'pinyin 8 10 1 4'),
    ('linhail',         'pinyin 8 10 1'),
    ('linhailu12',      'pinyin 10 1'),
    ('林hai路',         'pinyin 8 10 1'),
    ('xian',            'pinyin 5 6'),
    ('xi''an',          'pinyin 5'),
    ('chongqing',       'pinyin 7'),
    ('zhongqinglu',     'pinyin 7'),
    ('lhl',             'initials 8 2 3 10 1'),
    ('lhl12h',          'initials 10 1'),
    ('hy',              'initials 4'),
    ('林海璐',          'homophone 8 10 1, one_wrong 4'),
    ('琳嗨璐12号',      'homophone 10 1'),
    ('林海路13号',      NULL),
    ('林诲路',          'prefix 3, one_wrong 8 10 1'),
    ('海福路8号',       'homophone 4')) v (query, answer);
SELECT is(pg_temp.found('dwelling', '%林%海%路_'), pg_temp.found('dwelling', '林海路'), 'wildcards are not needed, and do no harm');
SELECT is(pg_temp.found('dwelling', '林''海"\路;--'), pg_temp.found('dwelling', '林海路'), 'nor do quotes');
SELECT is(pg_temp.found('dwelling', '林海路', '44'), 'prefix 10', 'within Guangdong');
SELECT is(pg_temp.found('dwelling', '林海路', '460105001002'), 'one_wrong 4', 'within a village');
SELECT is(pg_temp.found('dwelling', '林海路', NULL, 2), 'exact 8, prefix 10', 'the best two');
SELECT is(pg_temp.found('dwelling', '林海路', NULL, 1), 'exact 8', 'the best');

SELECT is(pg_temp.found('person', query), answer, format('%L: %s', query, answer)) FROM (VALUES
    ('林海峰',               'exact 1, homophone 8'),
    ('欧阳',                 'prefix 3'),
    ('买买提',               'fragment 7'),
    ('阿里买买提',           'exact 7'),
    ('berg',                 'fragment 6'),
    ('linhaifeng',           'pinyin 1 8'),
    ('shanxiongxin',         'pinyin 2'),
    ('danxiongxin',          'pinyin 2'),
    ('sxx',                  'initials 2'),
    ('zhangwei',             'pinyin 4 9 5'),
    ('zw',                   'initials 4 9 5'),
    ('张维',                 'homophone 4 9 5'),
    ('单熊信',               'homophone 2'),
    ('林每峰',               'one_wrong 1'),
    ('11010519491231002x',   'number 1'),
    ('130503670401001',      'number 2'),
    ('0898 66001234',        'number 1'),
    ('13800138000',          'number 6'),
    ('e1234567',             'number 6'),
    ('002X',                 NULL),
    ('6600',                 NULL)) v (query, answer);
SELECT is(pg_temp.found('person', '张伟', '44'), 'exact 4', 'persons who live in Guangdong');
SELECT is(pg_temp.found('person', '11010519491231002X', '44'), NULL, 'a number does not lead out of the division');
SELECT is(pg_temp.found('employer', query), answer, format('%L: %s', query, answer)) FROM (VALUES
    ('海口林海',             'prefix 1'),
    ('有限公司',             'fragment 1 2'),
    ('林海科技',             'fragment 1'),
    ('linhaicanyin',         'pinyin 2'),
    ('lhkj',                 'initials 1'),
    ('海口林海科枝有限公司', 'one_wrong 1'),
    ('91460106MA5T000109',   'number 1')) v (query, answer);

-- what a screen shows
SELECT results_eq($$SELECT person_id, name, resident_id, sex, birth_date, dwelling_id, division, rung, score FROM api.search_person('林海峰', "limit" => 1)$$,
    $$VALUES (9101::bigint, '林海峰', '110105********002X', '2', '1949-12-31'::date, 9101::bigint, '460105001001', 'exact', 1::real)$$, 'a person, masked');
SELECT results_eq($$SELECT dwelling_id, address, division, kind, let_state, rung FROM api.search_dwelling('lhl', '44')$$,
    $$VALUES (9110::bigint, '林海路12号之1 302房', '440113007003', 'unit', 'lettable', 'initials')$$, 'a dwelling');
SELECT results_eq($$SELECT employer_id, name, credit_code, division, state, rung FROM api.search_employer('linhai', '4601')$$,
    $$VALUES (9101::bigint, '海口林海科技有限公司', '91460106MA5T000109', '460106', 'open', 'pinyin')$$, 'an employer');
SELECT is(array_agg(score ORDER BY n), array_agg(score ORDER BY score DESC), 'the best first') FROM api.search_dwelling('林海路') WITH ORDINALITY AS s
    (dwelling_id, address, division, division_name, kind, let_state, rung, score, n);

-- what is refused
SELECT api.search_person('');
SELECT api.search_person(NULL);
SELECT api.search_dwelling('%%%');
SELECT api.search_dwelling('a');
SELECT api.search_employer('７');
SELECT api.search_person(repeat('号', 65));
SELECT api.search_person(repeat('号', 350000));
SELECT api.search_person('张伟', "limit" => 0);
SELECT api.search_person('张伟', "limit" => 1001);
SELECT api.search_person('张伟', "limit" => NULL);
SELECT api.search_person('张伟', 'Haikou');
SET LOCAL residency.language = 'zh';
SELECT api.search_person('a');
RESET residency.language;
SELECT is(count(*), 0::bigint, 'a megabyte of blanks around nothing found') FROM api.search_person(repeat(' ', 1000000) || '龘龘');

-- twelve thousand people of whom two thousand have one name, as many dwellings
SET LOCAL session_replication_role = replica;
INSERT INTO registry.person (person_id, name) OVERRIDING SYSTEM VALUE
SELECT 100000 + n, CASE WHEN n % 6 = 0 THEN '张伟' ELSE chr(20000 + n % 701) || chr(20000 + n % 4993) || chr(20000 + n % 1009) END FROM generate_series(1, 12000) AS n;
INSERT INTO registry.dwelling (dwelling_id, address, division) OVERRIDING SYSTEM VALUE
SELECT 100000 + n, chr(20000 + n % 701) || chr(20000 + n % 4993) || '路' || n % 300 || '号' || n % 1999 || '室', '460105001001' FROM generate_series(1, 12000) AS n;
INSERT INTO registry.employer (employer_id, name, division) OVERRIDING SYSTEM VALUE
SELECT 100000 + n, chr(20000 + n % 701) || chr(20000 + n % 4993) || '科技有限公司', '460105' FROM generate_series(1, 12000) AS n;
SET LOCAL session_replication_role = origin;
ANALYZE registry.person, registry.dwelling, registry.employer;
SELECT is(count(*) FILTER (WHERE rung = 'exact' AND name = '张伟'), 20::bigint, 'a common name fills the list') FROM api.search_person('张伟');
SELECT is(count(*), 20::bigint, 'by its pinyin, too') FROM api.search_person('zhangwei');
SELECT ok(bool_or(name = '林海峰'), 'and hides nobody else') FROM api.search_person('linhaifeng');

-- Every rung by an index: the nodes that read a table, for usual queries.
CREATE FUNCTION pg_temp.scans(kind text, rung text, query text, within text DEFAULT NULL) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    keys constant integer[] := (SELECT s.keys FROM search_steps(query) s WHERE s.rung = scans.rung LIMIT 1);
    line text;
    said text[] := '{}';
BEGIN
    FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || registry.search_statement(kind, rung, within::division_code)
        USING query, rung, keys, '{}'::bigint[], ARRAY[9101::bigint], within::division_code, 20
    LOOP
        IF line ~ ' Scan ' AND line !~ 'Bitmap Heap' THEN
            said := said || substring(replace(line, 'Only ', '') FROM '(?:Index Scan using|Bitmap Index Scan on|Seq Scan on) \w+');
        END IF;
    END LOOP;
    RETURN array_to_string(said, ', ');
END $$;
SELECT is(pg_temp.scans('person', rung, query), 'Index Scan using person_search_text_idx', format('person, %s: %s', rung, query))
FROM (VALUES ('prefix', '林海峰'), ('prefix', '张')) v (rung, query);
SELECT is(pg_temp.scans('person', rung, query), 'Bitmap Index Scan on person_search_keys_idx', format('person, %s: %s', rung, query))
FROM (VALUES ('fragment', '海峰'), ('pinyin', 'linhaifeng'), ('initials', 'lhf'), ('homophone', '林海锋'), ('one_wrong', '林每峰')) v (rung, query);
SELECT is(pg_temp.scans('person', 'number', '13800138000'), 'Index Scan using person_pkey', 'person, number');
SELECT is(pg_temp.scans('dwelling', rung, query), scan, format('dwelling, %s: %s', rung, query))
FROM (VALUES ('prefix', '林海路', 'Index Scan using dwelling_search_text_idx'), ('fragment', '林海花园', 'Bitmap Index Scan on dwelling_search_keys_idx'),
             ('pinyin', 'linhailu', 'Bitmap Index Scan on dwelling_search_keys_idx'), ('initials', 'lhl12', 'Bitmap Index Scan on dwelling_search_keys_idx'),
             ('homophone', '林海璐', 'Bitmap Index Scan on dwelling_search_keys_idx'), ('one_wrong', '林诲路', 'Bitmap Index Scan on dwelling_search_keys_idx')) v (rung, query, scan);
SELECT is(pg_temp.scans('employer', 'fragment', '林海科技'), 'Bitmap Index Scan on employer_search_keys_idx', 'employer, fragment');
SELECT * FROM finish();
ROLLBACK;
