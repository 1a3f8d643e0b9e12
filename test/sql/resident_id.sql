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
SET LOCAL datestyle = 'ISO';
SELECT plan(109);

-- numbers that are right (facts of the standards; made-up people)
SELECT is(t::resident_id::text, shown, format('%L is shown as %s', t, shown))
FROM (VALUES
    ('610104620927690', '610104196209276908'), ('130503670401001', '130503196704010016'),
    ('110105990101998', '110105189901019986'),
    ('11010519491231002X', '11010519491231002X'), ('11010519491231002x', '11010519491231002X'),
    ('１１０１０５１９４９１２３１００２Ｘ', '11010519491231002X'), ('１1０１０５１９４９１２３１００２ｘ', '11010519491231002X'),
    (U&'\3000 440308199901101512 \3000', '440308199901101512'), (chr(9) || '６１０１０４６２０９２７６９０ ', '610104196209276908')
) v (t, shown);
SELECT is(t::resident_id::text, t, t || ' is right')
FROM unnest(ARRAY[
    '440308199901101512', '110101199003078670', '360426199101010071', '500154199804106120',
    '460106199001011239', '460400200001010010', '469003198808082029', '440113198502281232', '440113200402290035',
    '46010519851111777X', '44040119580101000X', '140120197901010008',
    '810000199408230021', '830000199201300022', '820000198806051018', '830000200002291114',
    '911398199012310021', '911124198108030024', '911156199508150020', '944156198502280047', '94684019900101123X']) t;

-- numbers that are wrong, and the first rule that each breaks
SELECT is(resident_id_problem(t), problem, format('%L: %s', t, problem))
FROM (VALUES
    ('', 'length'), ('   ', 'length'), ('44030819990110151', 'length'), ('4403081999011015122', 'length'),
    ('61010462092769', 'length'), ('440308 199901101512', 'length'),
    ('KAZ110090123105', 'character'), ('44030819990110151A', 'character'), ('X40308199901101512', 'character'),
    ('4403081999011O1512', 'character'), ('44030819990110１51Ｙ', 'character'), ('61010462092769X', 'character'),
    ('44030819990110151:', 'character'), ('四四〇三〇八一九九九〇一一〇一五一二', 'character'),
    ('990308199901101512', 'province'), ('000000199901101512', 'province'), ('160104196209276908', 'province'),
    ('810001199408230021', 'province'), ('840000199408230021', 'province'), ('971156199508150020', 'province'),
    ('916156199508150020', 'province'), ('981156199508150020', 'province'), ('810000940823002', 'province'),
    ('911398901231002', 'province'),
    ('911000199508150020', 'country'), ('911999199508150020', 'country'), ('911891199508150020', 'country'),
    ('440308199902301512', 'date'), ('440113199002290014', 'date'), ('110105190002290013', 'date'),
    ('440308199900101512', 'date'), ('440308199913101512', 'date'), ('440308199901001512', 'date'),
    ('440308179901101512', 'date'), ('440308220001101512', 'date'), ('110105000229001', 'date'),
    ('911398199002300021', 'date'),
    ('440308199901101513', 'check'), ('111111199901101512', 'check'), ('11010519491231002０', 'check'),
    ('911398199012310022', 'check'), ('810000199408230022', 'check')
) v (t, problem);
SELECT ok(is_resident_id('440308199901101512') AND NOT is_resident_id('440308199901101513'), 'is_resident_id answers for both');
SELECT ok(is_resident_id(NULL) IS NULL AND resident_id_problem(NULL) IS NULL AND resident_id_problem('440308199901101512') IS NULL,
    'nothing is wrong with nothing, nor with a number');

-- what a number says
SELECT is(ROW(kind(id), division(id), nationality(id), birth_date(id), sex(id), mask(id))::text, says, id::text || ' says what it says')
FROM (VALUES
    ('440113200402290035'::resident_id, '(citizen,440113,,2004-02-29,1,440113********0035)'),
    ('110105990101998', '(citizen,110105,,1899-01-01,2,110105********9986)'),
    ('44040119580101000X', '(citizen,440401,,1958-01-01,2,440401********000X)'),
    ('810000199408230021', '(hong_kong,810000,,1994-08-23,2,810000********0021)'),
    ('820000198806051018', '(macao,820000,,1988-06-05,1,820000********1018)'),
    ('830000200002291114', '(taiwan,830000,,2000-02-29,1,830000********1114)'),
    ('911398199012310021', '(foreigner,110000,398,1990-12-31,2,911398********0021)'),
    ('94684019900101123X', '(foreigner,460000,840,1990-01-01,1,946840********123X)')
) v (id, says);
SELECT is(age('440113200402290035', "on"), years, format('29 February 2004: %s on %s', years, "on"))
FROM (VALUES ('2004-02-29'::date, 0), ('2005-02-28', 0), ('2005-03-01', 1), ('2008-02-28', 3), ('2008-02-29', 4),
    ('2020-02-28', 15), ('2020-02-29', 16), ('2104-02-28', 99)) v ("on", years);
SELECT is(age('440308199901101512'::resident_id, "on" => '2017-01-10'), 18, 'a birthday completes the year');

-- many numbers, made up from digits side by side with the type
CREATE TEMP TABLE made AS
WITH stem AS (
    SELECT r || to_char('1901-03-01'::date + (i * 7919 % 43000), 'YYYYMMDD') || lpad((i % 1000)::text, 3, '0') AS stem
    FROM unnest(ARRAY['110105', '460000', '460003', '460105', '460106', '460398', '460400', '469002', '711234', '810000', '820000', '830000',
        '911398', '946398', '946840', '946004', '944156']) r, generate_series(1, 300) i)
SELECT stem || substr('10X98765432', 1 + (SELECT sum(substr(stem, i::int, 1)::int * w) FROM unnest(ARRAY[7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
    WITH ORDINALITY AS w (w, i))::int % 11, 1) AS digits
FROM stem;
SELECT is_empty('SELECT digits FROM made WHERE NOT is_resident_id(digits)', 'the check character is that of the standard''s table');
CREATE TEMP TABLE person AS SELECT digits, digits::resident_id AS id FROM made;
SELECT is_empty('SELECT digits FROM person WHERE id::text <> digits OR format(''%s'', id) <> digits', 'text leads to the type and back');
SELECT is_empty('SELECT digits FROM person WHERE digits !~ ''^9'' AND id::bigint::text <> left(digits, 17)', 'a citizen''s number is kept as it is written');
SELECT is_empty('SELECT digits FROM person WHERE resident_id_send(id) <> int8send(id::bigint)', 'binary form is that of the number');
SELECT is_empty('SELECT digits FROM person WHERE birth_date(id) <> substr(digits, 7, 8)::date OR sex(id) <> CASE WHEN substr(digits, 17, 1)::int % 2 = 1 THEN ''1'' ELSE ''2'' END',
    'birth date and sex are those of the digits');
SELECT is_empty('SELECT digits FROM person WHERE age(id, current_date) <> extract(year FROM pg_catalog.age(current_date, birth_date(id))) AND birth_date(id) <= current_date AND to_char(birth_date(id), ''MMDD'') <> ''0229''',
    'age is that of the server''s own arithmetic');
SELECT is_empty('SELECT digits FROM person WHERE mask(id) <> left(digits, 6) || ''********'' || right(digits, 4)', 'mask hides the birth date');
SELECT is((SELECT count(DISTINCT id) FROM person), (SELECT count(DISTINCT digits) FROM person), 'equal numbers and no others are equal');
SELECT is((SELECT count(DISTINCT resident_id_hash_extended(id, 7)) FROM person), (SELECT count(DISTINCT digits) FROM person), 'their hashes as well');
SELECT is_empty($$SELECT 1 FROM (SELECT division(id) AS d, lag(division(id)) OVER (ORDER BY id) AS before FROM person) o
    WHERE left(d::text, 2) < left(before::text, 2)$$, 'sorting goes by province, foreigners among the others');
SELECT is_empty($$SELECT a.digits, b.digits FROM person a JOIN person b ON right(a.digits, 3) = right(b.digits, 3)
    WHERE a.digits !~ '^9' AND b.digits !~ '^9' AND (a.id < b.id) <> (a.digits COLLATE "C" < b.digits COLLATE "C")$$,
    'citizens sort by their digits');
SELECT is((SELECT ROW(min(id), max(id))::text FROM person WHERE digits !~ '^9'), (SELECT ROW(min(digits), max(digits))::text FROM person WHERE digits !~ '^9'), 'min and max');

-- containment against its definition, with and without the index
CREATE TEMP TABLE area AS SELECT unnest(ARRAY['11', '1101', '110105', '1103', '46', '4601', '4603', '4600', '4604', '460105', '460106', '460398', '460003',
    '460105001', '460105001001', '4690', '71', '7112', '81', '8101', '810001', '82', '83', '830001', '830000001', '12']) AS d;
DELETE FROM area WHERE NOT is_division_code(d);
SELECT is_empty($$SELECT a.d, p.digits FROM area a, person p WHERE (p.id <@ a.d::division_code) <> (division(p.id) <@ a.d::division_code)$$,
    'a number lies within what its division lies within');
SELECT is_empty($$SELECT a.d, p.digits FROM area a, person p WHERE (p.id <@ a.d::division_code) <> (a.d::division_code @> p.id)$$, '@> is <@ the other way round');
SELECT is_empty($$SELECT a.d, p.digits FROM area a, person p WHERE p.id <@ a.d::division_code
    AND NOT (p.id >= first_resident_id(a.d::division_code) AND p.id <= last_resident_id(a.d::division_code))$$, 'the range of a division holds all within it');
SELECT is_empty($$SELECT d FROM area WHERE NOT is_resident_id(first_resident_id(d::division_code)::text) OR NOT is_resident_id(last_resident_id(d::division_code)::text)$$,
    'the ends of a range are numbers themselves');
CREATE TEMP TABLE expected AS SELECT a.d, count(p.id) FROM area a LEFT JOIN person p ON division(p.id) <@ a.d::division_code GROUP BY a.d;
CREATE INDEX ON person (id);
ANALYZE person;
SET LOCAL enable_seqscan = off;
CREATE FUNCTION pg_temp.by_index(d text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    n bigint;
BEGIN
    EXECUTE format('SELECT count(*) FROM person WHERE id <@ %L::residency.division_code', d) INTO n;
    RETURN n;
END $$;
SELECT is_empty('SELECT * FROM expected WHERE pg_temp.by_index(d) <> count', 'an index finds the same with a constant');
SELECT is_empty('SELECT e.d FROM expected e WHERE (SELECT count(*) FROM person p WHERE p.id <@ e.d::division_code) <> e.count', 'and with a value of another row');
SELECT * FROM finish();
ROLLBACK;

-- What a user sees: from here on everything is shown.
\pset format aligned
\pset tuples_only false
\set ECHO all
SET search_path = residency, public;

SELECT '44030819990110151'::resident_id;
SELECT resident_id('KAZ110090123105'::text);
SELECT resident_id('160104196209276908'::text);
SELECT resident_id('911999199508150020'::text);
SELECT resident_id('440308199902301512'::text);
SELECT resident_id('440308199901101513'::text);
\set VERBOSITY sqlstate
SELECT resident_id('440308199901101513'::text);
\set VERBOSITY terse

-- what is no number of a person is hidden whole, however long
SELECT resident_id('Correct horse 12 battery'::text);
SELECT resident_id('Passwort123!456789'::text);
SELECT resident_id('13800138000'::text);
SELECT resident_id('610104620927999X'::text);
SELECT resident_id('４４０３０８１９９９０１１０１５１３'::text);
SELECT resident_id(repeat('4', 1000000));
SELECT resident_id(repeat(' ', 1000000));
SELECT resident_id(repeat(U&'\3000', 300000) || '440308199901101512' || repeat(U&'\3000', 300000));
SELECT resident_id('440308199901101512''; DROP TABLE person; --'::text);
\set VERBOSITY default

-- an age needs a day after the birth
SELECT age('440308199901101512'::resident_id, '1999-01-09');
SELECT age('440308199901101512'::resident_id, 'infinity');
SELECT age('440308199901101512'::resident_id, '1999-01-10');
SELECT age('440308199901101512'::resident_id, '0044-01-10 BC');
SELECT age('440308199901101512'::resident_id, NULL);

-- binary input is checked as text is
CREATE TEMP TABLE received (id resident_id);
\copy (SELECT '911398199012310021'::residency.resident_id) TO 'results/resident_id.bin' (FORMAT binary)
\copy received FROM 'results/resident_id.bin' (FORMAT binary)
\copy (SELECT 44030819990230151) TO 'results/resident_id.bin' (FORMAT binary)
\copy received FROM 'results/resident_id.bin' (FORMAT binary)
\copy (SELECT 9223372036854775807) TO 'results/resident_id.bin' (FORMAT binary)
\copy received FROM 'results/resident_id.bin' (FORMAT binary)
\copy (SELECT -1::bigint) TO 'results/resident_id.bin' (FORMAT binary)
\copy received FROM 'results/resident_id.bin' (FORMAT binary)
-- a foreigner's number as it is written is not the packed one
\copy (SELECT 91139819901231002) TO 'results/resident_id.bin' (FORMAT binary)
\copy received FROM 'results/resident_id.bin' (FORMAT binary)
TABLE received;

-- no number becomes a resident ID without the checks
SELECT 44030819990110151::bigint::resident_id;
SELECT '440308199901101512'::resident_id::bigint;

-- containment becomes a range of an index
CREATE TEMP TABLE person (id resident_id);
INSERT INTO person SELECT '440308199901101512'::text::resident_id FROM generate_series(1, 1000);
CREATE INDEX person_id ON person (id);
ANALYZE person;
SET enable_seqscan = off;
SET enable_bitmapscan = off;
EXPLAIN (COSTS OFF) SELECT * FROM person WHERE id <@ '46';
EXPLAIN (COSTS OFF) SELECT * FROM person WHERE '460105' @> id;
EXPLAIN (COSTS OFF) SELECT * FROM person WHERE id <@ '4690';
-- foreigners' numbers may lie between those of a city: each is looked at
EXPLAIN (COSTS OFF) SELECT * FROM person WHERE id <@ '4601';
-- a township gives no numbers
EXPLAIN (COSTS OFF) SELECT * FROM person WHERE id <@ '460105001';
SET plan_cache_mode = force_generic_plan;
PREPARE within(division_code) AS SELECT count(*) FROM person WHERE id <@ $1;
EXPLAIN (COSTS OFF) EXECUTE within('4403');
EXECUTE within('4403');
EXECUTE within('4601');
