\unset ECHO
\set QUIET 1
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS residency CASCADE;
CREATE EXTENSION IF NOT EXISTS pgtap;
RESET client_min_messages;
\pset format unaligned
\pset tuples_only true
BEGIN;
SET search_path = residency, public;
SELECT * FROM no_plan();

-- canonical text needs no dictionary: nothing has been migrated here
SELECT is(t::address::text, shown, t) FROM (VALUES
    ('广东省 广州市 番禺区 南村镇 里仁洞村 三坊大街 12号之1 302室 (440113102207)', '广东省 广州市 番禺区 南村镇 里仁洞村 三坊大街 12号之1 302室 (440113102207)'),
    (' 三坊大街   12号 (-)' || chr(10), '三坊大街 12号 (-)'),
    ('(460100000000)', '(460100)'),
    ('海南省 县:琼海市 博鳌镇 朝阳村 大路坡村 18号 (469002104)', '海南省 县:琼海市 博鳌镇 朝阳村 大路坡村 18号 (469002104)'),
    ('省:海南省 市:儋州市 那大镇 路:中兴大街西 栋:12 单元:3 室:402 (460400100)', '海南省 儋州市 那大镇 路:中兴大街西 栋:12 单元:3 402 (460400100)'),
    ('国贸路 5号 玉沙广场 3栋 2单元 5层 1503室 附:旁 (460106003)', '国贸路 5号 玉沙广场 3栋 2单元 5层 1503室 旁 (460106003)'),
    ('北京市 海淀区 (110108)', '北京市 海淀区 (110108)')
) v (t, shown);

-- every element, every question
CREATE TEMP TABLE one AS SELECT
    '广东省 广州市 番禺区 功能区:南沙开发区 南村镇 里仁洞村 3组 三坊大街 12号之1 锦绣花园 3栋 2单元 5层 302房 附:旁 (440113102207)'::address AS a;
SELECT is(ARRAY[province(a), city(a), county(a), devzone(a), township(a), community(a), village_group(a), road(a), road_no(a),
                estate(a), building(a), unit(a), floor(a), room(a), detail(a)],
    '{广东省,广州市,番禺区,南沙开发区,南村镇,里仁洞村,3组,三坊大街,12号之1,锦绣花园,3栋,2单元,5层,302房,旁}', 'every element by its function') FROM one;
SELECT results_eq('SELECT e.* FROM one, elements(a) e', $$VALUES (1, 'province', '广东省'), (2, 'city', '广州市'), (3, 'county', '番禺区'),
    (4, 'devzone', '南沙开发区'), (5, 'township', '南村镇'), (6, 'community', '里仁洞村'), (7, 'village_group', '3组'), (8, 'road', '三坊大街'),
    (9, 'road_no', '12号之1'), (10, 'estate', '锦绣花园'), (11, 'building', '3栋'), (12, 'unit', '2单元'), (13, 'floor', '5层'),
    (14, 'room', '302房'), (15, 'detail', '旁')$$, 'and all in a row');
SELECT is(full_address(a), '广东省广州市番禺区南沙开发区南村镇里仁洞村3组三坊大街12号之1锦绣花园3栋2单元5层302房（旁）', 'as on a letter') FROM one;
SELECT is(full_address('路:中兴大街西 栋:12 单元:3 402 (460400)'), '中兴大街西12-3-402', 'numbers stay apart');
SELECT is(division(a), '440113102207', 'division') FROM one;
SELECT ok(province(a) IS NULL AND room(a) IS NULL AND detail(a) IS NULL AND division(a) IS NULL AND city(a) IS NULL, 'what is not there is NULL')
FROM (VALUES ('三坊大街 (-)'::address)) v (a);
SELECT is(city('北京市 海淀区 (110108)'::address), '北京市', 'a municipality is its own city');
SELECT ok(city('海南省 县:琼海市 (469002)'::address) IS NULL, 'a county of the province has none');
SELECT is(level(a::address), level, a) FROM (VALUES ('(440000)', 1), ('(440113)', 3), ('(440113102)', 5), ('(440113102207)', 6), ('三坊大街 (440000)', 8),
    ('12号 附:旁 (-)', 9), ('附:旁 (-)', NULL), ('附:旁 (440113)', 3)) v (a, level);

-- the line above
CREATE TEMP TABLE above AS
WITH RECURSIVE up AS (SELECT 1 AS i, a FROM one UNION ALL SELECT i + 1, parent(a) FROM up WHERE a IS NOT NULL) SELECT * FROM up WHERE a IS NOT NULL;
SELECT is((SELECT array_agg(a ORDER BY i DESC)::text FROM above), (SELECT lineage(a)::text FROM one), 'lineage is parent after parent');
SELECT is((SELECT array_agg(a::text ORDER BY i) FROM above WHERE i > 9), ARRAY[
    '广东省 广州市 番禺区 南沙开发区 南村镇 里仁洞村 (440113102207)', '广东省 广州市 番禺区 南村镇 里仁洞村 (440113102207)',
    '广东省 广州市 番禺区 南村镇 (440113102)', '广东省 广州市 番禺区 (440113)', '广东省 广州市 (440100)', '广东省 (440000)'],
    'names go with their divisions');

-- a sample, and what it is made of
CREATE TEMP TABLE sample AS
SELECT row_number() OVER () AS id, d.division::division_code AS division, p.parts[:n.n] AS parts,
       (concat_ws(' ', VARIADIC ARRAY(SELECT unnest(p.parts[:n.n])) || format('(%s)', COALESCE(d.division, '-'))))::address AS a
FROM (VALUES ('440000'), ('440100'), ('440113'), ('440113102'), ('440113102207'), ('441900003'), (NULL)) d (division),
    (SELECT ARRAY['路:' || r, no, '室:' || ro] AS parts FROM unnest(ARRAY['三坊大街', '一街', '八一路']) r, unnest(ARRAY['9号', '12号', '012号', '12号之1']) no,
            unnest(ARRAY['9', '302', 'A座']) ro) p,
    generate_series(0, 3) n (n)
WHERE d.division IS NOT NULL OR n.n > 0
GROUP BY 2, 3, 4;
SELECT cmp_ok(count(*), '>', 300::bigint, 'the sample is worth it') FROM sample;
CREATE TEMP VIEW pair AS SELECT x.id AS x_id, y.id AS y_id, x.a AS x, y.a AS y,
    CASE WHEN x.parts = '{}' THEN COALESCE(y.division <@ x.division, false)
         ELSE x.division IS NOT DISTINCT FROM y.division AND x.parts = y.parts[:cardinality(x.parts)] END AS contains,
    (x.division IS NULL OR y.division <@ x.division) AND y.parts @> x.parts AS has
FROM sample x, sample y;
SELECT is_empty('SELECT x, y FROM pair WHERE (x @> y) IS DISTINCT FROM contains', '@>: the same division and the same beginning, or a division around');
SELECT is_empty('SELECT x, y FROM pair WHERE (y <@ x) <> contains', '<@ is @> the other way round');
SELECT is_empty('SELECT x, y FROM pair WHERE (x <= y AND y <= last_within(x)) <> contains', 'what lies in an address is a range');
SELECT is_empty('SELECT x, y FROM pair WHERE (x = ANY (lineage(y))) <> contains', 'lineage has all that contain an address');
SELECT is_empty('SELECT x, y FROM pair WHERE (y @@ x) IS DISTINCT FROM COALESCE(has, false)', '@@: all elements, in any division that fits');
SELECT is_empty('SELECT x, y FROM pair WHERE (x = y) <> (x_id = y_id) OR (x <> y) <> (x_id <> y_id)', 'different elements, different addresses');
SELECT is_empty('SELECT x, y FROM pair WHERE (x < y)::int + (x > y)::int + (x = y)::int <> 1 OR (x <= y) <> (x < y OR x = y) OR (x >= y) <> (y <= x)
    OR address_cmp(x, y) <> -address_cmp(y, x)', 'an address is before, after or equal');
SELECT is_empty('SELECT a FROM (SELECT a, lag(a) OVER (ORDER BY a) AS before FROM sample) s WHERE before >= a', 'sorting is by that order');
SELECT results_eq($$SELECT parts[2] FROM sample WHERE division = '440113' AND parts[1] = '路:一街' AND cardinality(parts) = 2 ORDER BY a$$,
    ARRAY['9号', '012号', '12号', '12号之1'], 'numbers are in the order of numbers');
SELECT is((SELECT count(DISTINCT address_hash_extended(a, 0)) FROM sample), (SELECT count(*) FROM sample), 'no two hashes alike');
SELECT is_empty('SELECT a FROM sample WHERE (address_hash_extended(a, 0) & 4294967295) <> (address_hash(a)::bigint & 4294967295)', 'the hash is half of that with a seed');
SELECT is_empty('SELECT a FROM sample WHERE a::text::address::text <> a::text OR a::text <> format(''%s'', a)', 'text leads to the same address');
SELECT ok(a = b AND a::text <> b::text AND address_hash(a) = address_hash(b) AND address_hash_extended(a, 5) = address_hash_extended(b, 5),
    'names that follow from the code are no difference')
FROM (VALUES ('广东省 广州市 三坊大街 (440100)'::address, '路:三坊大街 (440100)'::address)) v (a, b);

-- indexes find what reading all rows finds
CREATE TEMP TABLE home (id integer, a address);
INSERT INTO home SELECT i, format('广东省 广州市 番禺区 南村镇 路:%s街 %s号 %s室 (440113102%s)', chr(19968 + i % 40), 1 + i % 97, i % 13, 200 + i % 20)::address
FROM generate_series(1, 4000) i;
INSERT INTO home SELECT 5000 + i, format('路:%s街 %s号 (-)', chr(19968 + i % 40), i)::address FROM generate_series(1, 100) i;
CREATE TEMP TABLE question (a address);
INSERT INTO question SELECT unnest(ARRAY['(440113)', '(440113102)', '(440113102205)', '路:丁街 (440113102201)', '路:丁街 44号 (440113102201)', '路:丁街 44号 10室 (440113102201)',
    '路:丁街 (-)', '路:丁街 44号 (-)', '44号 (440113102)', '番禺区 44号 (-)', '番禺区 (-)', '(440114)', '路:没有街 (-)']::address[]);
CREATE TEMP VIEW answer AS SELECT q.a AS q, (SELECT array_agg(id ORDER BY id) FROM home h WHERE h.a <@ q.a) AS within,
    (SELECT array_agg(id ORDER BY id) FROM home h WHERE h.a @> last_within(q.a)) AS around,
    (SELECT array_agg(id ORDER BY id) FROM home h WHERE h.a @@ q.a) AS fitting,
    (SELECT array_agg(id ORDER BY id) FROM home h WHERE h.a = q.a) AS equal FROM question q;
CREATE TEMP TABLE plain AS SELECT * FROM answer;
SELECT results_eq('SELECT cardinality(within), cardinality(fitting) FROM plain',
    'VALUES (4000, 4000), (4000, 4000), (200, 200), (100, 100), (1, 1), (1, 1), (3, 103), (NULL, 1), (NULL, 41), (NULL, 41), (NULL, 4000), (NULL, NULL), (NULL, NULL)',
    'as many as there should be');
CREATE INDEX home_address ON home (a);
CREATE INDEX home_parts ON home USING gin (a);
ANALYZE home;
SET LOCAL enable_seqscan = off;
SELECT results_eq('TABLE answer', 'TABLE plain', 'by btree and GIN the same');
DROP INDEX home_address;
CREATE INDEX home_address ON home USING hash (a);
SELECT results_eq('TABLE answer', 'TABLE plain', 'by hash the same');
SET LOCAL enable_seqscan = on;
CREATE TEMP TABLE part (a address) PARTITION BY HASH (a);
CREATE TEMP TABLE part0 PARTITION OF part FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TEMP TABLE part1 PARTITION OF part FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO part SELECT a FROM home;
SELECT cmp_ok((SELECT count(*) FROM part0), '>', 1500::bigint, 'partitions by hash are even');
SELECT is((SELECT count(*) FROM home x JOIN home y ON x.a = y.a), 4100::bigint, 'addresses join');

-- what the catalogue says of it
SELECT is_empty($$SELECT opcname FROM pg_opclass WHERE CASE WHEN opcintype = 'address'::regtype THEN NOT amvalidate(oid) END$$, 'operator classes are valid');
SELECT is((SELECT array_agg(am.amname ORDER BY am.amname)::text FROM pg_opclass c JOIN pg_am am ON am.oid = c.opcmethod
    WHERE c.opcintype = 'address'::regtype AND c.opcdefault), '{btree,gin,hash}', 'there are three');
SELECT is_empty($$SELECT o.oid::regoperator FROM pg_operator o JOIN pg_proc p ON p.oid = o.oprcode WHERE o.oprleft = 'address'::regtype
    AND NOT (p.proleakproof AND p.proisstrict AND p.provolatile = 'i' AND p.proparallel = 's' AND o.oprrest <> 0 AND o.oprjoin <> 0)$$,
    'operators are leakproof, strict, immutable, parallel safe, and have estimates');

-- damage
CREATE CAST (bytea AS address) WITHOUT FUNCTION;
CREATE CAST (address AS bytea) WITHOUT FUNCTION;
CREATE TEMP TABLE damaged AS
SELECT ('\x' || left(encode(a::bytea, 'hex'), 2 * n))::bytea::address AS a FROM one, generate_series(0, 8 + 9 + 2) n WHERE n NOT IN (8, 8 + 11)
UNION ALL SELECT overlay(a::bytea PLACING v.b FROM v.at)::address FROM one, (VALUES ('\x00'::bytea, 9), ('\x10', 9), ('\x05', 9), ('\xff', 10), ('\x00', 10), ('\x01', 1), ('\xff', 1)) v (b, at)
UNION ALL SELECT '\x0000000000000000'::bytea::address UNION ALL SELECT ''::bytea::address;
SELECT throws_ok(format('SELECT %s FROM (SELECT a FROM damaged OFFSET %s LIMIT 1) d', f, i), 'XX001', NULL, format('damage %s: %s', i, f))
FROM generate_series(0, (SELECT count(*) FROM damaged) - 1) i, unnest(ARRAY['text(a)', 'parent(a)', 'room(a)']) f;
SELECT lives_ok('SELECT x.a < y.a, x.a @> y.a, y.a @@ x.a, address_hash(x.a) FROM damaged x, damaged y', 'comparing what is damaged does no harm');
SELECT lives_ok('CREATE INDEX ON damaged (a)', 'nor does an index of it');
SELECT lives_ok('CREATE INDEX ON damaged USING gin (a)', 'nor one by parts');
SELECT * FROM finish();
ROLLBACK;

-- What a user sees: from here on everything is shown.
\pset format aligned
\pset tuples_only false
\set ECHO all
SET search_path = residency, public;

\set VERBOSITY default
SELECT address('三坊大街 (470000)'::text);
SELECT address('12号 三坊大街 (440113)'::text);
SELECT address('户:302 (440113)'::text);
SELECT address('路: 12号 (440113)'::text);
SELECT address('路:三坊:大街 (440113)'::text);
SELECT address('(-)'::text);
SELECT '(-)'::address;
\set VERBOSITY terse
SELECT address(format('路:%s (-)', repeat('坊', 86)));
SELECT level(address(format('路:%s (-)', repeat('坊', 85))));
-- much of anything is refused at once
SELECT address(repeat('号', 350000) || ' (-)');
SELECT address(repeat('1号 ', 250000) || '(-)');
SELECT address(repeat('(', 1000000) || ' (440113)');
SELECT address(repeat(':', 1000000) || ' (440113)');
SELECT address(repeat(' ', 1000000) || '(440113)');
\set VERBOSITY default

-- binary: division, number of elements, of each its level, length and text
SELECT address_send('三坊大街 12号 (440113)');
CREATE TEMP TABLE received (a address);
\copy (SELECT '广东省 广州市 番禺区 南村镇 里仁洞村 三坊大街 12号之1 302室 附:旁 (440113102207)'::residency.address) TO 'results/address.bin' (FORMAT binary)
\copy received FROM 'results/address.bin' (FORMAT binary)
\copy (SELECT '三坊大街 (-)'::residency.address) TO 'results/address.bin' (FORMAT binary)
\copy received FROM 'results/address.bin' (FORMAT binary)
-- what is no address is refused
CREATE FUNCTION pg_temp.binary_address(division bigint, elements text) RETURNS bytea LANGUAGE sql AS
$$SELECT int8send(division) || int2send(count(part)::smallint) || COALESCE(string_agg(int2send(split_part(part, ':', 1)::smallint)
      || int4send(octet_length(substr(part, strpos(part, ':') + 1))) || convert_to(substr(part, strpos(part, ':') + 1), 'UTF8'), ''), '')
  FROM string_to_table(elements, '/') part WHERE part <> ''$$;
\copy (SELECT pg_temp.binary_address(440113000000, '8:街/9:1号')) TO 'results/address.bin' (FORMAT binary)
\copy received FROM 'results/address.bin' (FORMAT binary)
\copy (SELECT pg_temp.binary_address(470000000000, '8:街')) TO 'results/address.bin' (FORMAT binary)
\copy received FROM 'results/address.bin' (FORMAT binary)
\copy (SELECT pg_temp.binary_address(440113000000, '9:1号/8:街')) TO 'results/address.bin' (FORMAT binary)
\copy received FROM 'results/address.bin' (FORMAT binary)
\copy (SELECT pg_temp.binary_address(440113000000, '16:街')) TO 'results/address.bin' (FORMAT binary)
\copy received FROM 'results/address.bin' (FORMAT binary)
\copy (SELECT pg_temp.binary_address(440113000000, '8:')) TO 'results/address.bin' (FORMAT binary)
\copy received FROM 'results/address.bin' (FORMAT binary)
\copy (SELECT pg_temp.binary_address(440113000000, '8:' || repeat('x', 256))) TO 'results/address.bin' (FORMAT binary)
\copy received FROM 'results/address.bin' (FORMAT binary)
\copy (SELECT pg_temp.binary_address(440113000000, '8:三坊 大街')) TO 'results/address.bin' (FORMAT binary)
\copy received FROM 'results/address.bin' (FORMAT binary)
\copy (SELECT pg_temp.binary_address(0, '')) TO 'results/address.bin' (FORMAT binary)
\copy received FROM 'results/address.bin' (FORMAT binary)
\copy (SELECT int8send(440113000000) || int2send(16::smallint)) TO 'results/address.bin' (FORMAT binary)
\copy received FROM 'results/address.bin' (FORMAT binary)
\copy (SELECT int8send(440113000000) || int2send(1::smallint) || int2send(8::smallint) || int4send(2) || '\xe4b8'::bytea) TO 'results/address.bin' (FORMAT binary)
\copy received FROM 'results/address.bin' (FORMAT binary)
TABLE received;

-- a damaged value is seen when it is taken apart
BEGIN;
CREATE CAST (bytea AS address) WITHOUT FUNCTION;
SELECT '\x00000066780d7a4008ff'::bytea::address;
ROLLBACK;

-- containment becomes a range of an index, parts are found by GIN
CREATE TEMP TABLE home (id integer, a address);
INSERT INTO home SELECT i, format('广东省 路:%s街 %s号 %s室 (440113102%s)', chr(19968 + i % 40), 1 + i % 97, i % 13, 200 + i % 20)::address
FROM generate_series(1, 4000) i;
CREATE INDEX home_address ON home (a);
CREATE INDEX home_parts ON home USING gin (a);
ANALYZE home;
SET enable_seqscan = off;
SET enable_bitmapscan = off;
EXPLAIN (COSTS OFF) SELECT * FROM home WHERE a <@ '(440113102)';
EXPLAIN (COSTS OFF) SELECT * FROM home WHERE '路:丁街 (440113102201)' @> a;
EXPLAIN (COSTS OFF) SELECT * FROM home WHERE a @> '路:丁街 44号 (440113102201)';
EXPLAIN (COSTS OFF) SELECT id FROM home WHERE a <@ '(440113102)' ORDER BY a LIMIT 1;
SET plan_cache_mode = force_generic_plan;
PREPARE within(address) AS SELECT count(*) FROM home WHERE a <@ $1;
EXPLAIN (COSTS OFF) EXECUTE within('(440113102)');
EXECUTE within('(440113102)');
EXECUTE within('路:丁街 (440113102201)');
EXECUTE within(NULL);
EXPLAIN (COSTS OFF) SELECT h.id FROM (VALUES ('(440113102203)'::address), ('路:丁街 (440113102201)')) v (a) JOIN home h ON h.a <@ v.a;
EXPLAIN (COSTS OFF) SELECT h.id FROM (VALUES ('(440113102203)'::address), ('路:丁街 (440113102201)')) v (a) JOIN home h ON h.a @> v.a;
SET enable_bitmapscan = on;
EXPLAIN (COSTS OFF) SELECT * FROM home WHERE a @@ '路:丁街 44号 (-)';
SELECT id, a FROM home WHERE a @@ '路:丁街 44号 10室 (-)' ORDER BY id;
DROP TABLE home;
