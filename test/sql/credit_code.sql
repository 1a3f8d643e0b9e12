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
SELECT plan(50);

-- codes that are right
SELECT is(t::credit_code::text, shown, format('%L is shown as %s', t, shown))
FROM (VALUES
    ('91350100M000100Y43', '91350100M000100Y43'), ('91110000600037341L', '91110000600037341L'),
    ('9135052155323005XL', '9135052155323005XL'), ('91310230MA1K314J7C', '91310230MA1K314J7C'),
    ('11440113007512340T', '11440113007512340T'), ('91460106MA5T000109', '91460106MA5T000109'),
    ('92440113MA59K12337', '92440113MA59K12337'), ('12460000428200003X', '12460000428200003X'),
    ('52440113MJ8D000144', '52440113MJ8D000144'),
    ('52440113mj8d000144', '52440113MJ8D000144'), (U&'\3000 91350100m000100y43 ', '91350100M000100Y43'),
    ('９１３５０１００Ｍ０００１００Ｙ４３', '91350100M000100Y43'), ('９１３５０１００ｍ０００１００ｙ４３', '91350100M000100Y43')
) v (t, shown);

-- codes that are wrong, and the first rule that each breaks
SELECT is(credit_code_problem(t), problem, format('%L: %s', t, problem))
FROM (VALUES
    ('', 'length'), ('91350100M000100Y4', 'length'), ('91350100M000100Y433', 'length'), ('440113000012342', 'length'),
    ('9135 0100M000100Y43', 'length'),
    ('91350100I000100Y43', 'character'), ('91350100O000100Y43', 'character'), ('91350100S000100Y43', 'character'),
    ('91350100V000100Y43', 'character'), ('91350100Z000100Y43', 'character'), ('91350100-000100Y43', 'character'),
    ('企业五〇一〇〇〇M000100Y43', 'character'),
    ('9135010AM000100Y43', 'division'), ('91990100M000100Y43', 'division'), ('91000000M000100Y43', 'division'),
    ('91100001M000100Y43', 'division'),
    ('91440101618404585Q', 'check'), ('91350100M000100Y44', 'check'), ('19350100M000100Y43', 'check')
) v (t, problem);
SELECT ok(is_credit_code('91350100M000100Y43') AND NOT is_credit_code('91350100M000100Y44'), 'is_credit_code answers for both');
SELECT ok(is_credit_code(NULL) IS NULL AND credit_code_problem(NULL) IS NULL AND credit_code_problem('91350100M000100Y43') IS NULL,
    'nothing is wrong with nothing, nor with a code');
-- codes made up from characters side by side with the type
CREATE TEMP TABLE made AS
WITH stem AS (
    SELECT a || d || substr(upper(translate(md5(i::text), 'abcdef', 'mnprty')), 1, 9) AS stem
    FROM unnest(ARRAY['11', '52', '91', '92', 'A1', 'N3', 'Y1', '9W']) a, unnest(ARRAY['100000', '460100', '440113', '810000']) d, generate_series(1, 50) i)
SELECT stem || substr('0123456789ABCDEFGHJKLMNPQRTUWXY', 1 + (31 - (SELECT sum((strpos('0123456789ABCDEFGHJKLMNPQRTUWXY', substr(stem, i::int, 1)) - 1) * w)
    FROM unnest(ARRAY[1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]) WITH ORDINALITY AS w (w, i))::int % 31) % 31, 1) AS digits
FROM stem;
SELECT is_empty('SELECT digits FROM made WHERE NOT is_credit_code(digits)', 'the check character is that of the standard''s table');
CREATE TEMP TABLE firm AS SELECT digits, digits::credit_code AS code FROM made;
SELECT is_empty('SELECT digits FROM firm WHERE code::text <> digits OR format(''%s'', code) <> digits', 'text leads to the type and back');
SELECT is_empty('SELECT digits FROM firm WHERE credit_code_send(code) <> convert_to(digits, ''UTF8'')', 'binary form is the text');
SELECT is_empty('SELECT digits FROM firm WHERE authority(code) || category(code) || coalesce(division(code)::text, ''100000'') || organization_code(code) <> left(digits, 17)',
    'the parts make up the whole');
SELECT is_empty('SELECT digits FROM firm WHERE (division(code) IS NULL) <> (substr(digits, 3, 6) = ''100000'')', 'the whole state is no division');
SELECT is_empty($$SELECT digits FROM firm f WHERE organization_code_matches(code) <> (substr(digits, 17, 1) = substr('0X987654321', 1 + (
    SELECT sum((strpos('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ', substr(digits, 8 + i::int, 1)) - 1) * w)
    FROM unnest(ARRAY[3, 7, 9, 10, 5, 8, 4, 2]) WITH ORDINALITY AS w (w, i))::int % 11, 1))$$, 'the inner check is that of GB 11714');
SELECT ok(bool_or(organization_code_matches(code)) AND NOT bool_and(organization_code_matches(code)), 'the sample has both') FROM firm;
SELECT is((SELECT count(DISTINCT code) FROM firm), (SELECT count(DISTINCT digits) FROM firm), 'equal codes and no others are equal');
SELECT is((SELECT count(DISTINCT credit_code_hash_extended(code, 7)) FROM firm), (SELECT count(DISTINCT digits) FROM firm), 'their hashes as well');
SELECT is_empty($$SELECT a.digits, b.digits FROM firm a, firm b WHERE a.digits < 'A' AND ROW(a.code < b.code, a.code <= b.code, a.code = b.code, a.code <> b.code, a.code >= b.code, a.code > b.code, sign(credit_code_cmp(a.code, b.code)))
    <> ROW(a.digits COLLATE "C" < b.digits, a.digits COLLATE "C" <= b.digits, a.digits = b.digits, a.digits <> b.digits, a.digits COLLATE "C" >= b.digits, a.digits COLLATE "C" > b.digits,
        CASE WHEN a.digits COLLATE "C" < b.digits THEN -1 WHEN a.digits = b.digits THEN 0 ELSE 1 END::double precision)$$, 'the order is that of the bytes');
SELECT is((SELECT ROW(min(code), max(code))::text FROM firm), (SELECT ROW(min(digits COLLATE "C"), max(digits COLLATE "C"))::text FROM firm), 'min and max');
SELECT ok(organization_code_matches('91350100M000100Y43') AND organization_code_matches('91110000600037341L') AND organization_code_matches('9135052155323005XL')
    AND organization_code_matches('91310230MA1K314J7C'), 'known codes match within');

-- indexes of every kind find the same
SET LOCAL enable_seqscan = off;
CREATE INDEX ON firm USING hash (code);
SELECT is((SELECT count(*) FROM made m JOIN LATERAL (SELECT FROM firm f WHERE f.code = m.digits::credit_code) f ON true), (SELECT count(*) FROM made m JOIN made n USING (digits)), 'hash');
DROP INDEX firm_code_idx;
CREATE INDEX ON firm (code);
SELECT is((SELECT count(*) FROM firm WHERE code BETWEEN '52440113MJ8D000144' AND '91350100M000100Y43'),
    (SELECT count(*) FROM made WHERE digits COLLATE "C" BETWEEN '52440113MJ8D000144' AND '91350100M000100Y43'), 'btree');
DROP INDEX firm_code_idx;
CREATE INDEX ON firm USING brin (code);
SELECT is((SELECT count(*) FROM firm WHERE code BETWEEN '52440113MJ8D000144' AND '91350100M000100Y43'),
    (SELECT count(*) FROM made WHERE digits COLLATE "C" BETWEEN '52440113MJ8D000144' AND '91350100M000100Y43'), 'BRIN');
CREATE TABLE parted (code credit_code) PARTITION BY HASH (code);
CREATE TABLE parted_0 PARTITION OF parted FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO parted SELECT code FROM firm;
SELECT is((SELECT count(*) FROM parted), (SELECT count(*) FROM firm), 'partitions take them by their hashes');
SELECT * FROM finish();
ROLLBACK;

-- What a user sees: from here on everything is shown.
\pset format aligned
\pset tuples_only false
\set ECHO all
SET search_path = residency, public;

SELECT '91350100M000100Y4'::credit_code;
SELECT credit_code('91350100I000100Y43'::text);
SELECT credit_code('91990100M000100Y43'::text);
SELECT credit_code('91440101618404585Q'::text);
\set VERBOSITY sqlstate
SELECT credit_code('91440101618404585Q'::text);
\set VERBOSITY terse
SELECT credit_code(repeat('9', 1000000));
\set VERBOSITY default

-- binary input is checked as text is, and has one form
CREATE TEMP TABLE received (code credit_code);
\copy (SELECT '91350100M000100Y43'::text) TO 'results/credit_code.bin' (FORMAT binary)
\copy received FROM 'results/credit_code.bin' (FORMAT binary)
\copy (SELECT '91350100m000100y43'::text) TO 'results/credit_code.bin' (FORMAT binary)
\copy received FROM 'results/credit_code.bin' (FORMAT binary)
\copy (SELECT '91350100M000100Y44'::text) TO 'results/credit_code.bin' (FORMAT binary)
\copy received FROM 'results/credit_code.bin' (FORMAT binary)
\copy (SELECT '91350100M000100Y'::text) TO 'results/credit_code.bin' (FORMAT binary)
\copy received FROM 'results/credit_code.bin' (FORMAT binary)
TABLE received;
