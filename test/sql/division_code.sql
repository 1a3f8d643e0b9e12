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
SELECT plan(43);

-- what is taken, and what it becomes
SELECT is(t::division_code::text, shown, format('%L is shown as %s', t, shown))
FROM (VALUES
    ('46', '460000'), ('4601', '460100'), ('460105', '460105'), ('460105001', '460105001'),
    ('460105001002', '460105001002'), ('460100000000', '460100'), ('460105001000', '460105001'),
    ('460003', '460003'), ('441900003', '441900003'), ('460400100201', '460400100201'),
    ('83', '830000'), ('  4601' || chr(9), '460100'), ('４６０１０５', '460105'), (U&'\3000710000\3000', '710000')
) v (t, shown);

-- what is not
SELECT is(division_code_problem(t), problem, format('%L: %s', t, problem))
FROM (VALUES
    ('', 'length'), ('4', 'length'), ('460', 'length'), ('46010', 'length'), ('4601050010021', 'length'),
    ('46o1', 'character'), ('46-105', 'character'), ('海口', 'character'), ('४६', 'character'),
    ('99', 'province'), ('160000', 'province'), ('910000', 'province'), ('00', 'province'),
    ('460000001', 'structure'), ('460105000001', 'structure'), ('460000000001', 'structure')
) v (t, problem);
SELECT ok(is_division_code('4601') AND NOT is_division_code('4602x'), 'is_division_code answers for both');
SELECT ok(is_division_code(NULL) IS NULL AND division_code_problem(NULL) IS NULL AND division_code_problem('46') IS NULL,
    'nothing is wrong with nothing, nor with a code');
-- every level, made up from the digits' side by side with the functions
CREATE TEMP TABLE sample AS
SELECT DISTINCT p || ci || co || tw || vi AS digits, (p || ci || co || tw || vi)::division_code AS code
FROM unnest(ARRAY['11', '44', '46', '83']) p, unnest(ARRAY['00', '01', '19', '90']) ci, unnest(ARRAY['00', '03', '05']) co,
    unnest(ARRAY['000', '001', '100']) tw, unnest(ARRAY['000', '001', '398']) vi
WHERE is_division_code(p || ci || co || tw || vi);
CREATE TEMP VIEW naive AS
SELECT code, digits, CASE
    WHEN right(digits, 3) <> '000' THEN digits
    WHEN right(digits, 6) <> '000000' THEN left(digits, 9)
    WHEN right(digits, 8) <> '00000000' THEN left(digits, 6)
    WHEN right(digits, 10) <> '0000000000' THEN left(digits, 4)
    ELSE left(digits, 2) END AS significant
FROM sample;
SELECT cmp_ok(count(*), '>', 150::bigint, 'the sample is worth it') FROM sample;
SELECT is_empty($$SELECT * FROM naive WHERE level(code) <> array_position(ARRAY[2, 4, 6, 9, 12], length(significant))$$,
    'level: by the last digits that are not zero');
SELECT is_empty($$SELECT a.code, b.code FROM naive a, naive b WHERE (a.code <@ b.code) <> starts_with(a.digits, b.significant)$$,
    '<@: by the significant digits');
SELECT is_empty($$SELECT a.code, b.code FROM naive a, naive b WHERE (a.code <@ b.code) <> (b.code @> a.code)$$,
    '@> is <@ the other way round');
SELECT is_empty($$SELECT a.code, b.code FROM naive a, naive b
    WHERE (a.code <@ b.code) <> (a.code >= b.code AND a.code <= last_within(b.code))$$,
    'last_within ends the range of a division');
SELECT is_empty($$SELECT a.code, b.code FROM naive a, naive b WHERE (a.code <@ b.code) <> (b.code = ANY (lineage(a.code)))$$,
    'lineage holds all that contain a division');
SELECT is_empty($$SELECT code FROM naive a WHERE parent(code) IS DISTINCT FROM
    (SELECT max(b.significant) FROM naive b WHERE starts_with(a.significant, b.significant) AND b.significant <> a.significant)::division_code$$,
    'parent is the nearest above');
SELECT is_empty($$SELECT a.code, b.code FROM naive a, naive b WHERE (a.code < b.code) <> (a.digits COLLATE "C" < b.digits COLLATE "C")$$,
    'the order is that of the digits');
SELECT is_empty($$SELECT code FROM sample WHERE code::text::division_code <> code OR code::text <> format('%s', code)
    OR division_code_send(code) <> int8send(digits::bigint) OR code::bigint <> digits::bigint$$,
    'text, binary and number lead to the same code');
SELECT is((SELECT count(DISTINCT hashtextextended(code::text, 0)) FROM sample), (SELECT count(DISTINCT division_code_hash_extended(code, 0)) FROM sample),
    'equal codes and no others have equal hashes');
SELECT is((SELECT ROW(min(code), max(code))::text FROM sample), (SELECT ROW(min(digits)::division_code, max(digits)::division_code)::text FROM sample),
    'min and max');
SELECT * FROM finish();
ROLLBACK;

-- What a user sees: from here on everything is shown.
\pset format aligned
\pset tuples_only false
\set ECHO all
SET search_path = residency, public;

\set VERBOSITY default
SELECT '460'::division_code;
SELECT division_code('46o1'::text);
SELECT '99'::division_code;
SELECT '460105000001'::division_code;
\set VERBOSITY terse
-- numbers of people that end up here are not repeated
SELECT division_code('11010519491231002X'::text);
SELECT division_code('13800138000'::text);
SELECT division_code(repeat('4', 1000000));
\set VERBOSITY sqlstate
SELECT '460'::division_code;
SELECT division_code(convert_from('\xff'::bytea, 'UTF8'));
\set VERBOSITY default

-- binary input is checked as text is
CREATE TEMP TABLE received (code division_code);
\copy (SELECT 460105001002) TO 'results/division_code.bin' (FORMAT binary)
\copy received FROM 'results/division_code.bin' (FORMAT binary)
\copy (SELECT 460105000002) TO 'results/division_code.bin' (FORMAT binary)
\copy received FROM 'results/division_code.bin' (FORMAT binary)
\copy (SELECT -1::bigint) TO 'results/division_code.bin' (FORMAT binary)
\copy received FROM 'results/division_code.bin' (FORMAT binary)
TABLE received;

-- containment becomes a range of an index
CREATE TEMP TABLE place (id integer, code division_code);
INSERT INTO place SELECT i, (460100000000 + i % 9 * 1000000 + i % 5 * 1000)::text::division_code FROM generate_series(1, 5000) i;
CREATE INDEX place_code ON place (code);
ANALYZE place;
SET enable_seqscan = off;
SET enable_bitmapscan = off;
EXPLAIN (COSTS OFF) SELECT * FROM place WHERE code <@ '460105';
EXPLAIN (COSTS OFF) SELECT * FROM place WHERE '460105001' @> code;
EXPLAIN (COSTS OFF) SELECT * FROM place WHERE code @> '460105001002';
EXPLAIN (COSTS OFF) SELECT * FROM place WHERE '460105' <@ code;

-- with a parameter, a stable function, a table joined
SET plan_cache_mode = force_generic_plan;
PREPARE within(division_code) AS SELECT count(*) FROM place WHERE code <@ $1;
PREPARE above(division_code) AS SELECT count(*) FROM place WHERE code @> $1;
EXPLAIN (COSTS OFF) EXECUTE within('460105');
EXPLAIN (COSTS OFF) EXECUTE above('460105001');
EXECUTE within('460105');
EXECUTE within('4602');
EXECUTE within(NULL);
EXECUTE above('460105001');
CREATE FUNCTION pg_temp.my_scope() RETURNS division_code LANGUAGE sql STABLE AS
$$SELECT max(code) FROM place WHERE code < '460102'$$;
EXPLAIN (COSTS OFF) SELECT count(*) FROM place WHERE code <@ pg_temp.my_scope();
SELECT count(*) FROM place WHERE code <@ pg_temp.my_scope();
EXPLAIN (COSTS OFF) SELECT p.id FROM (VALUES ('460101'::division_code), ('460102')) v (d) JOIN place p ON p.code <@ v.d;
-- a volatile one is not
CREATE FUNCTION pg_temp.any_scope() RETURNS division_code LANGUAGE sql VOLATILE AS $$SELECT max(code) FROM place$$;
EXPLAIN (COSTS OFF) SELECT count(*) FROM place WHERE code <@ pg_temp.any_scope();

-- several values for a later column of an index would spoil its order: none are made
DROP INDEX place_code;
CREATE INDEX place_id_code ON place (id, code);
EXPLAIN (COSTS OFF) SELECT * FROM place WHERE id < 100 AND code @> '460105001' ORDER BY id;
EXPLAIN (COSTS OFF) SELECT * FROM place WHERE id = 100 AND code <@ '460105';

-- hash has no ranges, BRIN has
DROP INDEX place_id_code;
CREATE INDEX place_code ON place USING hash (code);
EXPLAIN (COSTS OFF) SELECT * FROM place WHERE code = '460105';
EXPLAIN (COSTS OFF) SELECT * FROM place WHERE code <@ '460105';
DROP INDEX place_code;
SET enable_bitmapscan = on;
CREATE INDEX place_code ON place USING brin (code);
EXPLAIN (COSTS OFF) SELECT * FROM place WHERE code <@ '460105';
EXPLAIN (COSTS OFF) SELECT * FROM place WHERE code @> '460105';
SELECT count(*) FROM place WHERE code <@ '460105';

SET enable_bitmapscan = off;
-- a policy's condition comes before the rest, and still becomes a range
DROP INDEX place_code;
CREATE INDEX place_code ON place (code);
ALTER TABLE place ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON place USING (code <@ current_setting('app.division')::residency.division_code);
CREATE ROLE regress_division_reader;
GRANT SELECT ON place TO regress_division_reader;
GRANT USAGE ON SCHEMA residency TO regress_division_reader;
SET ROLE regress_division_reader;
SET app.division = '460105';
EXPLAIN (COSTS OFF) SELECT * FROM place WHERE code <@ '460105001';
SELECT count(*), min(code::text), max(code::text) FROM place;
RESET ROLE;
DROP TABLE place;
REVOKE USAGE ON SCHEMA residency FROM regress_division_reader;
DROP ROLE regress_division_reader;
