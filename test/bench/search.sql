-- Search: a million people, a million dwellings, 100 000 employers, made up with the skew of real ones (a tenth of the people
-- have one name); the indexes and their sizes; the median and the worst of usual queries on every rung, and two plans.
-- For a database of its own.

\set QUIET on
\pset footer off
CREATE EXTENSION residency CASCADE;
CALL residency.migrate();
SELECT setseed(0.5) \g /dev/null
CREATE SCHEMA bench;

-- the earlier in the list, the more frequent
CREATE FUNCTION bench.pick(list text, skew float8) RETURNS text LANGUAGE sql VOLATILE AS
    $$ SELECT substr(list, 1 + floor(length(list) * pow(random(), skew))::integer, 1) $$;
CREATE FUNCTION bench.given() RETURNS text LANGUAGE sql VOLATILE AS
    $$ SELECT bench.pick('伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红建文国春梅兰云海志林永峰辉波宁福生龙元全胜学祥才发武新利清飞彬富顺信子昌成康星光天达安岩中茂进有坚和彪博诚先敬震振壮会思群豪心邦承乐绍功松善厚庆磊民友裕河哲江浩亮政谦亨奇固之轮翰朗伯宏言若鸣朋斌梁栋维启克伦翔旭鹏泽晨辰士以家致树炎德行时泰盛雄琛钧冠策腾楠榕风航弘', 1.5) $$;
CREATE FUNCTION bench.surname() RETURNS text LANGUAGE sql VOLATILE AS
    $$ SELECT bench.pick('王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常单区仇解查', 2.0) $$;

SET maintenance_work_mem = '256MB';
SET session_replication_role = replica;
DROP INDEX registry.person_search_text_idx, registry.person_search_keys_idx, registry.person_phone_idx,
           registry.dwelling_search_text_idx, registry.dwelling_search_keys_idx,
           registry.employer_search_text_idx, registry.employer_search_keys_idx;
INSERT INTO registry.person (name, phone)
SELECT CASE WHEN n % 10 = 0 THEN '张伟' ELSE bench.surname() || bench.given() || CASE WHEN random() < 0.8 THEN bench.given() ELSE '' END END,
       '1' || (3000000000 + n * 97)::text
FROM generate_series(1, 1000000) AS n;
CREATE TABLE bench.road AS
SELECT n, CASE WHEN n = 77 THEN '林海路' ELSE bench.given() || bench.given() || (ARRAY['路', '路', '路', '街', '大道', '巷', '横街'])[1 + floor(7 * random())] END AS name,
       (SELECT array_agg(bench.given() || bench.given() || (ARRAY['花园', '小区', '大厦', '苑', '新村'])[1 + floor(5 * random())])
        FROM generate_series(1, 3 + n * 0)) AS estate
FROM generate_series(0, 2999) AS n;
INSERT INTO registry.dwelling (address, division)
SELECT r.name || 1 + floor(300 * random()) || '号' || CASE WHEN random() < 0.4 THEN r.estate[1 + floor(3 * random())] ELSE '' END
       || 1 + floor(20 * random()) || '栋' || 1 + floor(4 * random()) || '单元' || (1 + floor(20 * random())) * 100 + 1 + floor(6 * random()) || '室',
       '460108001001'
FROM (SELECT floor(3000 * pow(random(), 1.5))::integer AS road FROM generate_series(1, 1000000)) AS d
JOIN bench.road r ON r.n = d.road;
INSERT INTO registry.employer (name, division)
SELECT (ARRAY['海口', '广州', '海南', '番禺', '三亚'])[1 + floor(5 * random())] || bench.given() || bench.given()
       || (ARRAY['科技', '建筑工程', '餐饮管理', '物业服务', '商贸', '制衣'])[1 + floor(6 * random())] || '有限公司', '460108'
FROM generate_series(1, 100000);
SET session_replication_role = origin;

\set QUIET off
\timing on
\i ../../sql/schema/0043-index_person.sql
\i ../../sql/schema/0043-index_dwelling.sql
\i ../../sql/schema/0043-index_employer.sql
\timing off
\set QUIET on
VACUUM ANALYZE registry.person, registry.dwelling, registry.employer;
SELECT c.relname AS index, pg_size_pretty(pg_relation_size(c.oid)) AS size, pg_size_pretty(pg_relation_size(i.indrelid)) AS of_table
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE c.relname ~ '_search_|_phone_' ORDER BY c.relname;

CREATE FUNCTION bench.plan(kind text, rung text, query text) RETURNS SETOF text LANGUAGE plpgsql SET search_path = pg_catalog, residency, public AS $$
DECLARE
    keys constant integer[] := (SELECT s.keys FROM residency.search_steps(query) AS s WHERE s.rung = plan.rung LIMIT 1);
BEGIN
    RETURN QUERY EXECUTE 'EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, BUFFERS) ' || registry.search_statement(kind, rung, NULL)
        USING query, rung, keys, '{}'::bigint[], '{}'::bigint[], NULL::residency.division_code, 20;
END $$;
CREATE TABLE bench.query (kind text, rung text, query text);
INSERT INTO bench.query
SELECT kind, rung, unnest(string_to_array(queries, ' '))
FROM (VALUES
    ('person', 'exact, a tenth of all', '张伟'),
    ('person', 'exact', '王芳 李敏静 陈志强 单雄信 仇永生 黄飞鸿 林海峰 罗志祥 曾国强 郑海涛'),
    ('person', 'prefix', '张 王 李国 陈志 单 欧'),
    ('person', 'fragment', '伟 芳 志强 海涛 国强 建军'),
    ('person', 'pinyin', 'zhangwei lihaiyang wangfang chenzhiqiang shanwei qiuyong zengguoqiang'),
    ('person', 'initials', 'zw lhf wf czq hfh'),
    ('person', 'homophone', '张维 王方 李闽静 陈致强 林嗨峰'),
    ('person', 'one wrong character', '陈至祥 李问静 王晓波 单熊信 郑诲涛'),
    ('person', 'number', '13000000097 13048500000'),
    ('dwelling', 'prefix', '林海路 林海路12号 伟芳路 海'),
    ('dwelling', 'fragment', '路 海路 12号 花园3栋 3栋2单元1503 503室 志强路 海'),
    ('dwelling', 'pinyin', 'linhailu linhai linhailu12 hailu huayuan xian'),
    ('dwelling', 'initials', 'lhl lhl12 hl wfl hy'),
    ('dwelling', 'homophone', '林海璐 林嗨路12号 伟方路'),
    ('dwelling', 'one wrong character', '林诲路 林诲路12号 伟芬路'),
    ('employer', 'prefix', '海口 海南伟芳'),
    ('employer', 'fragment', '有限公司 科技 芳 志强科技'),
    ('employer', 'pinyin', 'haikou zhiqiangkeji youxiangongsi'),
    ('employer', 'initials', 'hk zqkj yxgs'),
    ('employer', 'homophone', '海口志墙科技'),
    ('employer', 'one wrong character', '海口志墙科枝有限公司 海口志祸科技有限公司')
) AS q (kind, rung, queries);
CREATE TABLE bench.answer (kind text, rung text, query text, round integer, milliseconds float8, answers bigint, rungs text);
DO $$
DECLARE
    q       bench.query;
    started timestamptz;
    n       bigint;
    said    text;
BEGIN
    FOR round IN 0..5 LOOP
        FOR q IN SELECT * FROM bench.query LOOP
            started := clock_timestamp();
            EXECUTE format('SELECT count(*), string_agg(DISTINCT rung, '','') FROM api.search_%s($1)', q.kind) INTO n, said USING q.query;
            -- the first round warms up
            IF round > 0 THEN
                INSERT INTO bench.answer VALUES (q.kind, q.rung, q.query, round, 1000 * extract(epoch FROM clock_timestamp() - started), n, said);
            END IF;
        END LOOP;
    END LOOP;
END $$;
SELECT kind, rung, round(percentile_cont(0.5) WITHIN GROUP (ORDER BY ms)::numeric, 1) AS "median ms", round(max(ms)::numeric, 1) AS "worst ms",
       (array_agg(query ORDER BY ms DESC))[1] AS "worst query"
FROM (SELECT kind, rung, query, percentile_cont(0.5) WITHIN GROUP (ORDER BY milliseconds) AS ms FROM bench.answer GROUP BY kind, rung, query) AS q
GROUP BY kind, rung
ORDER BY kind DESC, min(ms);
\if :{?every}
SELECT kind, rung, query, round(min(milliseconds)::numeric, 1) AS best, round(max(milliseconds)::numeric, 1) AS worst, max(answers) AS answers, max(rungs) AS rungs
FROM bench.answer GROUP BY kind, rung, query ORDER BY kind, rung, query;
\endif

-- what the functions cost, and the indexes when something is entered
CREATE FUNCTION bench.seconds(statement text) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE
    started timestamptz := clock_timestamp();
BEGIN
    EXECUTE statement;
    RETURN extract(epoch FROM clock_timestamp() - started);
END $$;
CREATE TABLE bench.text AS SELECT address FROM registry.dwelling LIMIT 200000;
SELECT topic, round((200000 / least(bench.seconds(statement), bench.seconds(statement), bench.seconds(statement)))::numeric, -4) AS "rows a second"
FROM (VALUES
    ('read', 'SELECT max(length(address)) FROM bench.text'),
    ('pinyin', 'SELECT max(length(residency.pinyin(address))) FROM bench.text'),
    ('initials', 'SELECT max(length(residency.pinyin_initials(address))) FROM bench.text'),
    ('search_keys', 'SELECT max(cardinality(residency.search_keys(address))) FROM bench.text'),
    ('search_score, pinyin', 'SELECT max(residency.search_score(address, ''linhailu'', ''pinyin'')) FROM bench.text')) AS v (topic, statement);
SET session_replication_role = replica;
CREATE TABLE bench.dwelling (LIKE registry.dwelling INCLUDING DEFAULTS INCLUDING IDENTITY);
SELECT topic, round((bench.seconds(statement) * 1e6 / 20000)::numeric, 1) AS "microseconds a row"
FROM (VALUES
    ('dwelling without its indexes', 'INSERT INTO bench.dwelling (address, division) SELECT address, ''460108001001'' FROM bench.text LIMIT 20000'),
    ('with its search indexes', 'CREATE INDEX ON bench.dwelling (residency.search_text(address) COLLATE "C"); CREATE INDEX ON bench.dwelling USING gin (residency.search_keys(address));
                                 INSERT INTO bench.dwelling (address, division) SELECT address, ''460108001001'' FROM bench.text LIMIT 20000')) AS v (topic, statement);
SET session_replication_role = origin;

\pset tuples_only on
\pset format unaligned
\pset fieldsep '\n'
SELECT E'\n' || kind || ', ' || rung || ': ' || query, string_agg(line, E'\n')
FROM (VALUES ('dwelling', 'prefix', '林海路'), ('dwelling', 'fragment', '3栋2单元1503'), ('dwelling', 'pinyin', 'linhailu'),
             ('dwelling', 'initials', 'lhl'), ('person', 'homophone', '林嗨峰'), ('person', 'pinyin', 'zhangwei')) AS q (kind, rung, query)
CROSS JOIN LATERAL bench.plan(kind, rung, query) AS line
GROUP BY kind, rung, query;
