-- Dwellings: what one can be, what it can be part of, and what cannot happen to it while people live there.
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
SELECT plan(88);

INSERT INTO registry.person (person_id, name, birth_date) OVERRIDING SYSTEM VALUE
SELECT 9000 + n, 'Resident ' || n, '1990-01-01' FROM generate_series(1, 9) n;
INSERT INTO registry.grid (grid_id, grid_code, name, division, outline) OVERRIDING SYSTEM VALUE VALUES
    (9001, '46010500100101', 'Test', '460105001001', ST_Multi(ST_MakeEnvelope(110.1, 20.0, 110.2, 20.1, 4490)));
INSERT INTO registry.dwelling (dwelling_id, parent_id, kind, address, division, location, safety_letter_on, let_state) OVERRIDING SYSTEM VALUE VALUES
    (9001, NULL, 'building', 'Seaside Road 1',          '460105001001', ST_SetSRID(ST_MakePoint(110.15, 20.05), 4490), '2020-01-01', 'let'),
    (9002, 9001, 'unit',     ' Seaside Road 1, unit 1 ', '460105001001', NULL, NULL, 'let'),
    (9003, 9002, 'room',     'Seaside Road 1, 1-101',   '460105001001', NULL, NULL, 'lettable'),
    (9004, 9003, 'bed',      'Seaside Road 1, 1-101-1', '460105001001', NULL, NULL, 'let'),
    (9005, NULL, 'building', 'Hill Road 2',             '440113007003', NULL, NULL, 'owner_occupied'),
    (9006, 9001, 'room',     'Seaside Road 1, roof',    '460105001001', NULL, '2021-01-01', 'let'),
    (9007, NULL, 'unit',     'Without records',         '460105001001', NULL, NULL, 'prohibited'),
    (9008, NULL, 'building', 'Closed Road 3',           '460105001001', NULL, '2020-01-01', 'prohibited'),
    (9009, NULL, 'building', 'Letterless Road 4',       '460105001001', NULL, NULL, 'let');

-- what is filled in
SELECT is(address, 'Seaside Road 1, unit 1', 'blanks around the address go') FROM registry.dwelling WHERE dwelling_id = 9002;
SELECT is(grid_id, 9001::bigint, 'the grid is that of the location') FROM registry.dwelling WHERE dwelling_id = 9001;
UPDATE registry.dwelling SET grid_id = NULL WHERE dwelling_id = 9001;
SELECT is(grid_id, 9001::bigint, 'whatever the client says') FROM registry.dwelling WHERE dwelling_id = 9001;
INSERT INTO registry.dwelling (address, division) VALUES ('Plain', '460105001001') RETURNING kind || ' ' || let_state AS defaults \gset
SELECT is(:'defaults'::text, 'unit lettable', 'what nobody says: a unit that may be let');
SELECT results_eq('SELECT whole_id, count(*) FROM registry.dwelling_part WHERE whole_id BETWEEN 9001 AND 9005 GROUP BY whole_id ORDER BY whole_id',
    'VALUES (9001::bigint, 5::bigint), (9002, 3), (9003, 2), (9004, 1), (9005, 1)', 'the parts of each');
SELECT results_eq('SELECT whole_ids, letter_on FROM registry.dwelling_standing WHERE dwelling_id IN (9004, 9006) ORDER BY 1',
    $$VALUES ('{9004,9003,9002,9001}'::bigint[], '2020-01-01'::date), ('{9006,9001,NULL,NULL}', '2021-01-01')$$, 'what each is part of, and its letter');
SELECT lives_ok(format('INSERT INTO registry.dwelling (address, division, usable_area) VALUES (%L, ''460105001001'', %L)', address, area),
    'fine: ' || left(address, 20) || ', ' || area)
FROM (VALUES ('海府路1号😀', 1), (repeat('路', 200), 100000), ('1''); DROP TABLE registry.dwelling;--', 99999.99)) v (address, area);

-- people live in the bed, in the room on the roof, and in what the owner occupies
INSERT INTO registry.residence (residence_id, person_id, dwelling_id, arrived_on, state) OVERRIDING SYSTEM VALUE VALUES
    (9001, 9001, 9004, '2024-01-01', 'active'), (9002, 9002, 9006, '2024-01-01', 'reported'), (9003, 9003, 9005, '2024-01-01', 'verifying');

-- what is refused
CREATE TEMP TABLE attempt (n integer GENERATED ALWAYS AS IDENTITY, code text, statement text, what text);
INSERT INTO attempt (code, what, statement) VALUES
('RG006', 'INSERT of a kind unknown',    $$INSERT INTO registry.dwelling (kind, address, division) VALUES ('castle', 'A', '460105001001')$$),
('RG006', 'UPDATE to a state unknown',   $$UPDATE registry.dwelling SET let_state = 'LET' WHERE dwelling_id = 9001$$),
('RG006', 'UPDATE to a way unknown',     $$UPDATE registry.dwelling SET rental_kind = '' WHERE dwelling_id = 9001$$),
('RG006', 'a kind of a megabyte',        $$UPDATE registry.dwelling SET kind = repeat('栋', 350000) WHERE dwelling_id = 9001$$),
('RG011', 'INSERT into what is not there', $$INSERT INTO registry.dwelling (parent_id, kind, address, division) VALUES (-9223372036854775808, 'bed', 'A', '460105001001')$$),
('RG011', 'UPDATE into what is not there', $$UPDATE registry.dwelling SET parent_id = 9223372036854775807 WHERE dwelling_id = 9002$$),
('RG011', 'INSERT into itself',          $$INSERT INTO registry.dwelling (dwelling_id, parent_id, address, division) OVERRIDING SYSTEM VALUE VALUES (9100, 9100, 'A', '460105001001')$$),
('RG011', 'INSERT of the part first',    $$INSERT INTO registry.dwelling (dwelling_id, parent_id, kind, address, division) OVERRIDING SYSTEM VALUE
                                           VALUES (9100, 9101, 'room', 'A', '460105001001'), (9101, NULL, 'bed', 'B', '460105001001')$$),
('RG050', 'UPDATE to prohibited',        $$UPDATE registry.dwelling SET let_state = 'prohibited' WHERE dwelling_id = 9004$$),
('RG050', 'UPDATE to demolished',        $$UPDATE registry.dwelling SET let_state = 'demolished' WHERE dwelling_id = 9005$$),
('RG050', 'the room around the bed',     $$UPDATE registry.dwelling SET let_state = 'demolished' WHERE dwelling_id = 9003$$),
('RG050', 'the unit around it',          $$UPDATE registry.dwelling SET let_state = 'prohibited' WHERE dwelling_id = 9002$$),
('RG050', 'the building around it',      $$UPDATE registry.dwelling SET let_state = 'prohibited' WHERE dwelling_id = 9001$$),
('RG050', 'all at once',                 $$UPDATE registry.dwelling SET let_state = 'demolished' WHERE dwelling_id BETWEEN 9001 AND 9006$$),
('RG050', 'into what is prohibited',     $$UPDATE registry.dwelling SET parent_id = 9008 WHERE dwelling_id = 9002$$),
('RG051', 'DELETE of a home',            $$DELETE FROM registry.dwelling WHERE dwelling_id = 9005$$),
('RG051', 'DELETE of a whole',           $$DELETE FROM registry.dwelling WHERE dwelling_id = 9001$$),
('RG052', 'INSERT of a unit in a unit',  $$INSERT INTO registry.dwelling (parent_id, kind, address, division) VALUES (9002, 'unit', 'A', '460105001001')$$),
('RG052', 'INSERT of a room in a bed',   $$INSERT INTO registry.dwelling (parent_id, kind, address, division) VALUES (9004, 'room', 'A', '460105001001')$$),
('RG052', 'UPDATE of the kind of a part',  $$UPDATE registry.dwelling SET kind = 'unit' WHERE dwelling_id = 9003$$),
('RG052', 'UPDATE of the kind of a whole', $$UPDATE registry.dwelling SET kind = 'room' WHERE dwelling_id = 9002$$),
('RG052', 'UPDATE into itself',          $$UPDATE registry.dwelling SET parent_id = 9002 WHERE dwelling_id = 9002$$),
('RG052', 'UPDATE into its part',        $$UPDATE registry.dwelling SET parent_id = 9004 WHERE dwelling_id = 9002$$),
('RG052', 'UPDATE of both at once',      $$UPDATE registry.dwelling SET kind = CASE kind WHEN 'unit' THEN 'bed' ELSE 'unit' END WHERE dwelling_id IN (9002, 9003)$$),
('RG053', 'INSERT into a county',        $$INSERT INTO registry.dwelling (address, division) VALUES ('A', '460105')$$),
('RG053', 'UPDATE to a township',        $$UPDATE registry.dwelling SET division = '440113007' WHERE dwelling_id = 9005$$),
('RG053', 'a village nobody knows',      $$INSERT INTO registry.dwelling (address, division) VALUES ('A', '460105001999')$$),
('RG053', 'nowhere',                     $$INSERT INTO registry.dwelling (address, division) VALUES ('A', NULL)$$),
('RG054', 'INSERT of longitude 181',     $$INSERT INTO registry.dwelling (address, division, location) VALUES ('A', '460105001001', ST_SetSRID(ST_MakePoint(181, 20), 4490))$$),
('RG054', 'UPDATE with swapped axes',    $$UPDATE registry.dwelling SET location = ST_SetSRID(ST_MakePoint(20, 110), 4490) WHERE dwelling_id = 9001$$),
('RG054', 'NaN',                         $$UPDATE registry.dwelling SET location = ST_SetSRID(ST_MakePoint('NaN', 20), 4490) WHERE dwelling_id = 9001$$),
('RG054', 'Infinity',                    $$UPDATE registry.dwelling SET location = ST_SetSRID(ST_MakePoint(110, '-Infinity'), 4490) WHERE dwelling_id = 9001$$),
('RG054', 'an empty point',              $$UPDATE registry.dwelling SET location = 'SRID=4490;POINT EMPTY' WHERE dwelling_id = 9001$$),
('RG055', 'INSERT of too little',        $$INSERT INTO registry.dwelling (address, division, usable_area) VALUES ('A', '460105001001', 0.99)$$),
('RG055', 'UPDATE to too much',          $$UPDATE registry.dwelling SET usable_area = 100000.01 WHERE dwelling_id = 9001$$),
('RG055', 'NaN',                         $$UPDATE registry.dwelling SET usable_area = 'NaN' WHERE dwelling_id = 9001$$),
('RG055', 'less than nothing',           $$UPDATE registry.dwelling SET usable_area = -5 WHERE dwelling_id = 9001$$),
('RG056', 'INSERT of a letter to come',  $$INSERT INTO registry.dwelling (address, division, safety_letter_on) VALUES ('A', '460105001001', residency.today() + 1)$$),
('RG056', 'UPDATE to infinity',          $$UPDATE registry.dwelling SET safety_letter_on = 'infinity' WHERE dwelling_id = 9001$$),
('RG057', 'INSERT without an address',   $$INSERT INTO registry.dwelling (address, division) VALUES (NULL, '460105001001')$$),
('RG057', 'UPDATE to blanks',            $$UPDATE registry.dwelling SET address = E'\u3000 \t' WHERE dwelling_id = 9001$$),
('RG057', '201 characters',              $$UPDATE registry.dwelling SET address = repeat('路', 201) WHERE dwelling_id = 9001$$),
('RG057', 'a megabyte',                  $$UPDATE registry.dwelling SET address = repeat('x', 1048576) WHERE dwelling_id = 9001$$),
('RG057', 'a line break',                $$UPDATE registry.dwelling SET address = E'Road\n1' WHERE dwelling_id = 9001$$),
('RG057', 'a mark right to left',        $$UPDATE registry.dwelling SET address = U&'Road \202E 1' WHERE dwelling_id = 9001$$),
('RG058', 'UPDATE takes the letter away', $$UPDATE registry.dwelling SET safety_letter_on = NULL WHERE dwelling_id = 9001$$),
('RG058', 'UPDATE lets what the owner lived in', $$UPDATE registry.dwelling SET let_state = 'let' WHERE dwelling_id = 9005$$),
('RG058', 'UPDATE out of what has one',  $$UPDATE registry.dwelling SET parent_id = NULL WHERE dwelling_id = 9002$$),
('RG058', 'UPDATE into what has none',   $$UPDATE registry.dwelling SET parent_id = 9009 WHERE dwelling_id = 9002$$),
('22003', 'an infinite area',            $$UPDATE registry.dwelling SET usable_area = 'Infinity' WHERE dwelling_id = 9001$$),
('22023', 'a location in metres of another datum', $$UPDATE registry.dwelling SET location = ST_SetSRID(ST_MakePoint(110, 20), 4326) WHERE dwelling_id = 9001$$),
('23503', 'a part that lies elsewhere',  $$INSERT INTO registry.dwelling (parent_id, kind, address, division) VALUES (9001, 'unit', 'A', '460105001002')$$),
('23503', 'a part that moves alone',     $$UPDATE registry.dwelling SET division = '460105001002' WHERE dwelling_id = 9002$$),
('23503', 'a landlord nobody knows',     $$UPDATE registry.dwelling SET landlord_person_id = 0 WHERE dwelling_id = 9001$$),
('23514', 'two landlords',               $$UPDATE registry.dwelling SET landlord_person_id = 9001, landlord_credit_code = '91350100M000100Y43' WHERE dwelling_id = 9001$$),
('23502', 'no kind',                     $$UPDATE registry.dwelling SET kind = NULL WHERE dwelling_id = 9007$$),
('0A000', 'TRUNCATE',                    $$TRUNCATE registry.dwelling$$),
('RG035', 'TRUNCATE with everything',    $$TRUNCATE registry.dwelling CASCADE$$);
SELECT throws_ok(statement, code, NULL, code || ': ' || what) FROM attempt ORDER BY n;

SELECT is_empty('SELECT FROM registry.dwelling WHERE dwelling_id = 9100', 'nothing of what was refused is kept');

-- by COPY: all or nothing
COPY registry.dwelling (dwelling_id, parent_id, kind, address, division) FROM stdin;
9200	9001	unit	Copied	460105001001
9201	9200	unit	Copied	460105001001
\.
\echo '(RG052)' COPY of a unit in a unit, which comes in the same COPY
COPY registry.dwelling (dwelling_id, parent_id, kind, address, division) FROM stdin;
9200	9200	unit	Copied	460105001001
\.
\echo '(RG011)' COPY of what is part of itself
COPY registry.dwelling (dwelling_id, kind, address, division) FROM stdin;
9200	flat	Copied	460105001001
\.
\echo '(RG006)' COPY of a kind unknown
COPY registry.dwelling (dwelling_id, address, division) FROM stdin;
9200	Copied	460105001001
9201	Copied	460105
\.
\echo '(RG053)' COPY into a county
COPY registry.dwelling (dwelling_id, address, division, location) FROM stdin;
9200	Copied	460105001001	SRID=4490;POINT(110 91)
\.
\echo '(RG054)' COPY of latitude 91
COPY registry.dwelling (dwelling_id, address, division, usable_area) FROM stdin;
9200	Copied	460105001001	NaN
\.
\echo '(RG055)' COPY of no area
COPY registry.dwelling (dwelling_id, address, division, safety_letter_on) FROM stdin;
9200	Copied	460105001001	infinity
\.
\echo '(RG056)' COPY of a letter to come
COPY registry.dwelling (dwelling_id, address, division) FROM stdin;
9200		460105001001
\.
\echo '(RG057)' COPY without an address
SELECT is_empty('SELECT FROM registry.dwelling WHERE dwelling_id BETWEEN 9200 AND 9201', 'nothing of what was refused is kept');
COPY registry.dwelling (dwelling_id, parent_id, kind, address, division) FROM stdin;
9200	\N	building	Copied	460105001001
9201	9200	unit	Copied	460105001001
9202	9201	bed	Copied	460105001001
\.
SELECT is(whole_ids, '{9202,9201,9200,NULL}', 'COPY of a house with its parts, the whole first')
FROM registry.dwelling_standing WHERE dwelling_id = 9202;

-- what may happen
SELECT lives_ok('UPDATE registry.dwelling SET safety_letter_on = ''2022-01-01'' WHERE dwelling_id = 9001', 'a new letter');
SELECT lives_ok('UPDATE registry.dwelling SET safety_letter_on = NULL WHERE dwelling_id = 9006', 'the letter of a room, where the building has one');
SELECT lives_ok('UPDATE registry.dwelling SET let_state = ''owner_occupied'' WHERE dwelling_id = 9004', 'who owns the place needs no letter');
SELECT lives_ok('UPDATE registry.dwelling SET let_state = ''let'', safety_letter_on = ''2023-01-01'' WHERE dwelling_id = 9005', 'let with its letter');
SELECT lives_ok('UPDATE registry.dwelling SET let_state = ''demolished'' WHERE dwelling_id = 9007', 'nobody lives there');
SELECT lives_ok('DELETE FROM registry.dwelling WHERE dwelling_id = 9007', 'and nothing ever happened there: it may be deleted');
INSERT INTO policy.setting (key, division, period, value, legal_basis) VALUES ('safety_letter_needed', '4401', '(,)', 'false', 'a test');
SELECT lives_ok('UPDATE registry.dwelling SET safety_letter_on = NULL WHERE dwelling_id = 9005', 'a city that asks for no letter');

UPDATE registry.dwelling SET division = '460105001002' WHERE dwelling_id = 9001;
SELECT is(string_agg(DISTINCT d.division::text, ','), '460105001002', 'a building takes its parts along when it moves')
FROM registry.dwelling_part p JOIN registry.dwelling d USING (dwelling_id) WHERE whole_id = 9001;
SELECT is(division, '460105001001', 'who lives there arrived where it was') FROM registry.residence WHERE residence_id = 9001;

UPDATE registry.residence SET state = 'departed', departed_on = '2024-02-01' WHERE residence_id IN (9001, 9002);
SELECT lives_ok('UPDATE registry.dwelling SET let_state = ''prohibited'', safety_letter_on = NULL WHERE dwelling_id = 9001', 'when all have left');
SELECT throws_ok('DELETE FROM registry.dwelling WHERE dwelling_id = 9004', 'RG051', NULL, 'its records stay, and so does the dwelling');

-- a village that is no more
UPDATE code.division SET period = '[2000-01-01,2020-01-01)' WHERE division = '460105001001';
SELECT throws_ok($$INSERT INTO registry.dwelling (address, division) VALUES ('A', '460105001001')$$, 'RG053', NULL, 'a village of the past takes no new dwelling');
SELECT lives_ok('UPDATE registry.dwelling SET usable_area = 20 WHERE dwelling_id = 9202', 'what is there can be corrected');

SELECT is(residency.dwelling_rank(kind), r, kind) FROM (VALUES ('building', 1), ('unit', 2), ('room', 3), ('bed', 4), ('flat', NULL)) v (kind, r);
SELECT * FROM finish();

-- what the clerk reads
INSERT INTO registry.dwelling (dwelling_id, address, division, safety_letter_on, let_state) OVERRIDING SYSTEM VALUE VALUES
    (9300, 'Harbour Road 5', '460105001002', '2020-01-01', 'let');
INSERT INTO registry.residence (residence_id, person_id, dwelling_id, arrived_on, state) OVERRIDING SYSTEM VALUE VALUES
    (9300, 9009, 9300, '2024-01-01', 'active');
TRUNCATE attempt;
INSERT INTO attempt (code, statement) VALUES
('RG006', $$UPDATE registry.dwelling SET let_state = 'LET' WHERE dwelling_id = 9300$$),
('RG011', $$UPDATE registry.dwelling SET parent_id = 9999 WHERE dwelling_id = 9300$$),
('RG050', $$UPDATE registry.dwelling SET let_state = 'demolished' WHERE dwelling_id = 9300$$),
('RG051', $$DELETE FROM registry.dwelling WHERE dwelling_id = 9300$$),
('RG052', $$UPDATE registry.dwelling SET parent_id = 9202 WHERE dwelling_id = 9201$$),
('RG053', $$UPDATE registry.dwelling SET division = '460105' WHERE dwelling_id = 9300$$),
('RG054', $$UPDATE registry.dwelling SET location = 'SRID=4490;POINT(20 110)' WHERE dwelling_id = 9300$$),
('RG054', $$UPDATE registry.dwelling SET location = 'SRID=4490;POINT EMPTY' WHERE dwelling_id = 9300$$),
('RG055', $$UPDATE registry.dwelling SET usable_area = 'NaN' WHERE dwelling_id = 9300$$),
('RG057', $$UPDATE registry.dwelling SET address = '' WHERE dwelling_id = 9300$$),
('RG058', $$UPDATE registry.dwelling SET safety_letter_on = NULL WHERE dwelling_id = 9300$$);
\set VERBOSITY default
\set SHOW_CONTEXT never
SELECT unnest(ARRAY[format('SELECT %L', code), $$SET residency.language = 'en'$$, statement, $$SET residency.language = 'zh'$$, statement])
FROM attempt ORDER BY n
\gexec
-- it names today
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
    RETURN replace(concat_ws(' | ', SQLSTATE, message, detail, hint), residency.today()::text, '(today)');
END $$;
SET residency.language = 'en';
SELECT pg_temp.said($$UPDATE registry.dwelling SET safety_letter_on = 'infinity' WHERE dwelling_id = 9300$$);
SET residency.language = 'zh';
SELECT pg_temp.said($$UPDATE registry.dwelling SET safety_letter_on = 'infinity' WHERE dwelling_id = 9300$$);
RESET residency.language;
ROLLBACK;
