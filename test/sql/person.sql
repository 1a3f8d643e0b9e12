-- Persons and their documents: what the register takes from the resident ID, what it refuses, and that it keeps secrets.
\set ECHO none
\getenv test PG_ABS_SRCDIR
\i :test/lib/register.sql
-- a refusal shall not end the transaction; that of a COPY shows its SQLSTATE alone
\set ON_ERROR_ROLLBACK on
\set VERBOSITY sqlstate

BEGIN;
SET LOCAL search_path = public, residency;
SET LOCAL datestyle = 'ISO';
SET LOCAL client_min_messages = warning;
SELECT plan(80);

INSERT INTO registry.person (person_id, resident_id, name, phone) OVERRIDING SYSTEM VALUE VALUES
    (9001, '460105199001010010', '欧阳明月', '0898-66668888'), (9002, '11010519491231002X', 'Zhang San', NULL);
INSERT INTO registry.person (person_id, name, sex, birth_date) OVERRIDING SYSTEM VALUE VALUES
    (9003, 'Li Si', '2', '2001-02-03');
INSERT INTO registry.identity_document (document_id, person_id, document_type, document_number) OVERRIDING SYSTEM VALUE VALUES
    (9101, 9003, '414', 'Ｅ 1234-5678');

-- what is filled in
SELECT results_eq('SELECT sex COLLATE "default", birth_date FROM registry.person WHERE person_id BETWEEN 9001 AND 9003 ORDER BY person_id',
    $$VALUES ('1', '1990-01-01'::date), ('2', '1949-12-31'), ('2', '2001-02-03')$$, 'sex and birth date come from the resident ID');
INSERT INTO registry.person (resident_id, name, sex, birth_date) VALUES ('440113198505050042', ' 　Wang Wu	 ', '2', '1985-05-05');
SELECT results_eq($$SELECT sex COLLATE "default", birth_date, name FROM registry.person WHERE resident_id = '440113198505050042'$$,
    $$VALUES ('2', '1985-05-05'::date, 'Wang Wu')$$, 'the same entered again; blanks around the name go');
INSERT INTO registry.person (resident_id, name) VALUES ('810000199001010019', 'Chan Tai Man');
SELECT is(birth_date, '1990-01-01', 'a Hong Kong resident''s permit') FROM registry.person WHERE resident_id = '810000199001010019';
SELECT is(number_key, 'E12345678', 'a document''s number as it is compared') FROM registry.identity_document WHERE document_id = 9101;
INSERT INTO registry.person (name, sex) VALUES ('Nobody Knows', NULL) RETURNING sex AS unknown_sex \gset
SELECT is(:'unknown_sex'::text, '0', 'a sex of NULL is the unknown one');
INSERT INTO registry.person (person_id, name, created_at) OVERRIDING SYSTEM VALUE VALUES (NULL, 'Nobody', NULL)
RETURNING person_id IS NOT NULL AND created_at = now() AS keyed \gset
SELECT is(:'keyed'::boolean, true, 'a key and a moment of NULL are given by the register');
UPDATE registry.person SET resident_id = '460105199202020020', birth_date = NULL, sex = '0' WHERE person_id = 9003;
SELECT is(birth_date, '1992-02-02', 'an ID given afterwards speaks too') FROM registry.person WHERE person_id = 9003;
UPDATE registry.person SET resident_id = '460105199202020020' WHERE person_id = 9003;
SELECT pass('the same ID once more is no news');
SELECT lives_ok(format('INSERT INTO registry.person (name) VALUES (%L)', name), 'a name: ' || left(what, 20))
FROM (VALUES ('古丽·阿卜杜拉'), ('𠮷田'), ('O''Brien; -- '), ('😀'), (repeat('长', 100)), ('عائشة'), ('Robert''); DROP TABLE registry.person;--')) v (name),
     LATERAL (SELECT name) w (what);
SELECT lives_ok(format('INSERT INTO registry.person (name, phone) VALUES (''A'', %L)', phone), 'a telephone: ' || phone)
FROM unnest('{110,+86 (0898) 6666-8888,13800138000}'::text[]) phone;

-- what is refused
CREATE TEMP TABLE attempt (n integer GENERATED ALWAYS AS IDENTITY, code text, statement text, what text);
INSERT INTO attempt (code, what, statement) VALUES
('RG001', 'INSERT without a name',      $$INSERT INTO registry.person (resident_id, name) VALUES ('460105197006060050', NULL)$$),
('RG001', 'UPDATE to blanks',           $$UPDATE registry.person SET name = E' \u3000\t' WHERE person_id = 9001$$),
('RG001', '101 characters',             $$INSERT INTO registry.person (name) VALUES (repeat('长', 101))$$),
('RG001', 'a megabyte',                 $$INSERT INTO registry.person (name) VALUES (repeat('x', 1048576))$$),
('RG001', 'a line break',               $$INSERT INTO registry.person (name) VALUES (E'Zhang\nSan')$$),
('RG001', 'an escape',                  $$INSERT INTO registry.person (name) VALUES (E'Zhang\x1b[31m')$$),
('RG001', 'a mark right to left',       $$INSERT INTO registry.person (name) VALUES (U&'Zhang \202Enas')$$),
('RG001', 'zero-width blanks alone',    $$INSERT INTO registry.person (name) VALUES (U&'\200B\2060\FEFF')$$),
('RG002', 'INSERT of a known ID',       $$INSERT INTO registry.person (resident_id, name) VALUES ('460105199001010010', '欧阳明月')$$),
('RG002', 'UPDATE to a known ID',       $$UPDATE registry.person SET resident_id = '460105199001010010', birth_date = NULL, sex = '0' WHERE person_id = 9002$$),
('RG002', 'twice in one statement',     $$INSERT INTO registry.person (resident_id, name) VALUES ('460105197006060050', 'A'), ('460105197006060050', 'A')$$),
('RG003', 'INSERT of another day',      $$INSERT INTO registry.person (resident_id, name, birth_date) VALUES ('460105197006060050', '欧阳明月', '1970-06-07')$$),
('RG003', 'UPDATE of the day',          $$UPDATE registry.person SET birth_date = '1990-01-02' WHERE person_id = 9001$$),
('RG003', 'infinity with an ID',        $$UPDATE registry.person SET birth_date = 'infinity' WHERE person_id = 9001$$),
('RG004', 'INSERT of another sex',      $$INSERT INTO registry.person (resident_id, name, sex) VALUES ('460105197006060050', '欧阳明月', '2')$$),
('RG004', 'UPDATE of the sex',          $$UPDATE registry.person SET sex = '2' WHERE person_id = 9001$$),
('RG004', 'a sex that is a novel',      $$UPDATE registry.person SET sex = repeat('女', 1000000) WHERE person_id = 9001$$),
('RG005', 'INSERT of a day to come',    $$INSERT INTO registry.person (name, birth_date) VALUES ('欧阳明月', residency.today() + 1)$$),
('RG005', 'UPDATE to long ago',         $$UPDATE registry.person SET resident_id = NULL, birth_date = '1799-12-31' WHERE person_id = 9001$$),
('RG005', 'infinity',                   $$INSERT INTO registry.person (name, birth_date) VALUES ('A', 'infinity')$$),
('RG005', '-infinity',                  $$INSERT INTO registry.person (name, birth_date) VALUES ('A', '-infinity')$$),
('RG005', 'before Christ',              $$INSERT INTO registry.person (name, birth_date) VALUES ('A', '0001-01-01 BC')$$),
('RG005', 'the last day there is',      $$INSERT INTO registry.person (name, birth_date) VALUES ('A', '5874897-12-31')$$),
('RG005', 'an ID from the future',      $$INSERT INTO registry.person (resident_id, name) VALUES ('460105209901010012', 'A')$$),
('RG006', 'INSERT of a sex unknown',    $$INSERT INTO registry.person (name, sex) VALUES ('欧阳明月', '3')$$),
('RG006', 'UPDATE of the ethnic group', $$UPDATE registry.person SET ethnic_group = 'Han' WHERE person_id = 9001$$),
('RG006', 'a code of a megabyte',       $$UPDATE registry.person SET ethnic_group = repeat('汉', 350000) WHERE person_id = 9001$$),
('RG006', 'an empty code',              $$UPDATE registry.person SET ethnic_group = '' WHERE person_id = 9001$$),
('RG006', 'a document of no kind',      $$INSERT INTO registry.identity_document (person_id, document_type, document_number) VALUES (9001, '999', 'E1')$$),
('RG006', 'a document without a type',  $$INSERT INTO registry.identity_document (person_id, document_type, document_number) VALUES (9001, NULL, 'E12345679')$$),
('RG006', 'UPDATE to no type',          $$UPDATE registry.identity_document SET document_type = NULL WHERE document_id = 9101$$),
('RG007', 'INSERT of a known document', $$INSERT INTO registry.identity_document (person_id, document_type, document_number) VALUES (9001, '414', 'e12345678')$$),
('RG007', 'UPDATE to a known one',      $$WITH d AS (INSERT INTO registry.identity_document (person_id, document_type, document_number) VALUES (9001, '990', 'E12345678') RETURNING 1)
                                          SELECT 1 FROM d; UPDATE registry.identity_document SET document_type = '414' WHERE person_id = 9001$$),
('RG008', 'INSERT of an identity card', $$INSERT INTO registry.identity_document (person_id, document_type, document_number) VALUES (9001, '111', '460105199001010010')$$),
('RG008', 'UPDATE to one',              $$UPDATE registry.identity_document SET document_type = '111' WHERE document_id = 9101$$),
('RG009', 'INSERT of separators',       $$INSERT INTO registry.identity_document (person_id, document_type, document_number) VALUES (9001, '414', ' -.　')$$),
('RG009', 'UPDATE to nothing',          $$UPDATE registry.identity_document SET document_number = '' WHERE document_id = 9101$$),
('RG009', 'NULL',                       $$UPDATE registry.identity_document SET document_number = NULL WHERE document_id = 9101$$),
('RG009', '51 characters',              $$UPDATE registry.identity_document SET document_number = repeat('9', 51) WHERE document_id = 9101$$),
('RG009', 'a control character',        $$UPDATE registry.identity_document SET document_number = E'E1\x07' WHERE document_id = 9101$$),
('RG010', 'INSERT of nobody''s',        $$INSERT INTO registry.identity_document (person_id, document_type, document_number) VALUES (NULL, '414', 'E12345679')$$),
('RG010', 'UPDATE to nobody''s',        $$UPDATE registry.identity_document SET person_id = NULL WHERE document_id = 9101$$),
('RG013', 'INSERT of letters',          $$INSERT INTO registry.person (name, phone) VALUES ('欧阳明月', 'call me')$$),
('RG013', 'UPDATE to two digits',       $$UPDATE registry.person SET phone = '12' WHERE person_id = 9001$$),
('RG013', 'a line break',               $$UPDATE registry.person SET phone = E'13800138000\n' WHERE person_id = 9001$$),
('RG013', 'empty',                      $$UPDATE registry.person SET phone = '' WHERE person_id = 9001$$),
('23503', 'a document of a stranger',   $$INSERT INTO registry.identity_document (person_id, document_type, document_number) VALUES (9223372036854775807, '414', 'E12345679')$$),
('23503', 'DELETE of whom a document names', $$DELETE FROM registry.person WHERE person_id = 9003$$),
('22P02', 'an ID that is none',         $$INSERT INTO registry.person (resident_id, name) VALUES ('460105199001010011', '欧阳明月')$$),
('428C9', 'a key of one''s own',        $$INSERT INTO registry.person (person_id, name) VALUES (-9223372036854775808, 'A')$$);
SELECT throws_ok(statement, code, NULL, code || ': ' || what) FROM attempt ORDER BY n;

-- by COPY: the whole of it is refused, also where the last row is the wrong one
COPY registry.person (resident_id, name, sex) FROM stdin;
460105197006060050	A	0
460105199001010010	欧阳明月	0
\.
\echo '(RG002)' COPY of a known ID
COPY registry.person (name) FROM stdin;
A
 
\.
\echo '(RG001)' COPY of a blank name
COPY registry.person (resident_id, name, birth_date) FROM stdin;
460105197006060050	A	1970-06-07
\.
\echo '(RG003)' COPY of another birth date
COPY registry.person (resident_id, name, sex) FROM stdin;
460105197006060050	A	2
\.
\echo '(RG004)' COPY of another sex
COPY registry.person (name, birth_date) FROM stdin;
A	infinity
\.
\echo '(RG005)' COPY of a birth on the day infinity
COPY registry.person (name, ethnic_group, phone) FROM stdin;
A	01	13800138000
A	汉	13800138000
\.
\echo '(RG006)' COPY of no code
COPY registry.person (name, ethnic_group, phone) FROM stdin;
A	01	no
\.
\echo '(RG013)' COPY of no telephone
COPY registry.identity_document (person_id, document_type, document_number) FROM stdin;
9001	990	X1
9001	414	E1234 5678
\.
\echo '(RG007)' COPY of a known document
COPY registry.identity_document (person_id, document_type, document_number) FROM stdin;
9001	990	X1
9001	111	460105199001010010
\.
\echo '(RG008)' COPY of an identity card
COPY registry.identity_document (person_id, document_type, document_number) FROM stdin;
9001	990	...
\.
\echo '(RG009)' COPY of no number
SELECT is_empty($$SELECT FROM registry.person WHERE resident_id = '460105197006060050'$$, 'nothing of what was refused is kept');
SELECT is_empty($$SELECT FROM registry.identity_document WHERE number_key = 'X1'$$, 'nor of the documents');
COPY registry.person (resident_id, name) FROM stdin;
460105197006060050	A
\.
SELECT is(sex::text || birth_date, '11970-06-06', 'COPY takes sex and birth date from the ID')
FROM registry.person WHERE resident_id = '460105197006060050';

-- who has no records may go
INSERT INTO registry.person (person_id, name) OVERRIDING SYSTEM VALUE VALUES (9009, 'Wrong Entry');
SELECT lives_ok('DELETE FROM registry.person WHERE person_id = 9009', 'a person without records can be deleted');
SELECT throws_ok('TRUNCATE registry.person', '0A000', NULL, 'TRUNCATE is for nobody');
SELECT throws_ok('TRUNCATE registry.person CASCADE', 'RG035', NULL, 'not with everything that hangs on it');

-- secrets
CREATE FUNCTION pg_temp.said(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    message text;
    detail  text;
    hint    text;
BEGIN
    EXECUTE statement;
    RETURN '';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
    RETURN concat_ws(' | ', message, detail, hint);
END $$;
SELECT is_empty($$SELECT what, pg_temp.said(statement) FROM attempt
                  WHERE pg_temp.said(statement) ~ '欧阳|明月|Zhang|460105(19|20)|E?1234.?567|66668888'$$,
    'no message holds a name, a number or a telephone of anybody');
SELECT is_empty($$SELECT what, length(pg_temp.said(statement)) FROM attempt WHERE length(pg_temp.said(statement)) > 500$$,
    'and none is long, whatever was sent');
SELECT is(residency.mask_number(n), m, 'masked: ' || m)
FROM (VALUES ('E12345678', 'E******78'), ('12345', '*****'), ('123456', '1***56'), ('', '')) v (n, m);
SELECT * FROM finish();

-- what the clerk reads
\set VERBOSITY default
\set SHOW_CONTEXT never
SELECT unnest(ARRAY[format('SELECT %L', code), $$SET residency.language = 'en'$$, statement, $$SET residency.language = 'zh'$$, statement])
FROM (SELECT DISTINCT ON (code) * FROM attempt WHERE code LIKE 'RG%' AND code <> 'RG005' ORDER BY code, n) a
\gexec
-- it names today
SET residency.language = 'en';
SELECT replace(pg_temp.said($$INSERT INTO registry.person (name, birth_date) VALUES ('A', 'infinity')$$), residency.today()::text, '(today)');
SET residency.language = 'zh';
SELECT replace(pg_temp.said($$INSERT INTO registry.person (name, birth_date) VALUES ('A', 'infinity')$$), residency.today()::text, '(today)');
RESET residency.language;
ROLLBACK;
