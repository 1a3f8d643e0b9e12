-- Residences: who may live where and from when, which states follow which, what the register fills in.
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
SELECT no_plan();

-- people: 9001 to 9060 were born in 1990; then a child, one who turns 16 and one who turns 18 on 2024-06-15, one of unknown birth
INSERT INTO registry.person (person_id, name, birth_date) OVERRIDING SYSTEM VALUE
SELECT 9000 + n, 'Resident ' || n, '1990-01-01' FROM generate_series(1, 60) n;
INSERT INTO registry.person (person_id, name, birth_date) OVERRIDING SYSTEM VALUE VALUES
    (9101, 'Child', '2015-03-03'), (9102, 'Sixteen', '2008-06-15'), (9103, 'Eighteen', '2006-06-15'), (9104, 'Unknown', NULL),
    (9105, 'Second child', '2020-02-29'), (9106, 'Old', '1800-01-01');
INSERT INTO code.division (division, parent, level, name, source)
VALUES ('440604003001', '440604', 5, 'A village of Foshan', 'nbs');
INSERT INTO registry.grid (grid_id, grid_code, name, division, outline) OVERRIDING SYSTEM VALUE VALUES
    (9001, '46010500100101', 'Test', '460105001001', ST_Multi(ST_MakeEnvelope(110.1, 20.0, 110.2, 20.1, 4490)));
INSERT INTO registry.dwelling (dwelling_id, parent_id, kind, address, division, usable_area, safety_letter_on, let_state) OVERRIDING SYSTEM VALUE VALUES
    -- a house in Haikou
    (9001, NULL, 'building', 'Seaside Road 1',       '460105001001', NULL, '2020-01-01', 'let'),
    (9002, 9001, 'unit',     'Seaside Road 1, 1',    '460105001001', NULL, NULL, 'let'),
    (9003, 9002, 'room',     'Seaside Road 1, 1-1',  '460105001001', NULL, NULL, 'let'),
    (9004, 9002, 'room',     'Seaside Road 1, 1-2',  '460105001001', NULL, NULL, 'let'),
    (9005, 9001, 'unit',     'Seaside Road 1, 2',    '460105001001', NULL, NULL, 'let'),
    (9006, 9003, 'bed',      'Seaside Road 1, 1-1A', '460105001001', NULL, NULL, 'let'),
    -- two in Haikou, two in Wenchang, one in Qionghai
    (9010, NULL, 'unit', 'Road 10', '460105001001', NULL, '2020-01-01', 'let'),
    (9011, NULL, 'unit', 'Road 11', '460106001002', NULL, '2020-01-01', 'let'),
    (9012, NULL, 'unit', 'Road 12', '469005100001', NULL, '2020-01-01', 'let'),
    (9013, NULL, 'unit', 'Road 13', '469005100002', NULL, '2020-01-01', 'let'),
    (9014, NULL, 'unit', 'Road 14', '469002100001', NULL, '2020-01-01', 'let'),
    -- by area: Guangzhou 5 m² each; Foshan 5 m² for one, 3 m² each for more; Haikou knows no standard
    (9020, NULL, 'unit', 'Road 20', '440113007003', 14.99, '2020-01-01', 'let'),
    (9021, NULL, 'unit', 'Road 21', '440113007003', 4.99, '2020-01-01', 'let'),
    (9022, NULL, 'unit', 'Road 22', '440113007003', NULL, '2020-01-01', 'let'),
    (9023, NULL, 'unit', 'Road 23', '440113007003', 10, '2020-01-01', 'let'),
    (9024, 9023, 'room', 'Road 23, 1', '440113007003', 10, NULL, 'let'),
    (9025, 9023, 'room', 'Road 23, 2', '440113007003', 10, NULL, 'let'),
    (9026, NULL, 'unit', 'Road 26', '440604003001', 4, '2020-01-01', 'let'),
    (9027, NULL, 'unit', 'Road 27', '440604003001', 5, '2020-01-01', 'let'),
    (9028, NULL, 'unit', 'Road 28', '440604003001', 9, '2020-01-01', 'let'),
    (9029, NULL, 'unit', 'Road 29', '460105001001', 1, '2020-01-01', 'let'),
    -- not to be lived in
    (9030, NULL, 'unit',     'Road 30', '460105001001', NULL, '2020-01-01', 'prohibited'),
    (9031, NULL, 'unit',     'Road 31', '460105001001', NULL, '2020-01-01', 'demolished'),
    (9032, NULL, 'unit',     'Road 32', '460105001001', NULL, NULL, 'let'),
    (9033, NULL, 'unit',     'Road 33', '460105001001', NULL, NULL, 'owner_occupied'),
    (9034, NULL, 'building', 'Road 34', '460105001001', NULL, '2020-01-01', 'prohibited'),
    (9035, 9034, 'unit',     'Road 34, 1', '460105001001', NULL, '2020-01-01', 'let'),
    (9036, 9035, 'room',     'Road 34, 1-1', '460105001001', NULL, NULL, 'owner_occupied'),
    (9037, NULL, 'building', 'Road 37', '460105001001', NULL, '2020-01-01', 'demolished'),
    (9038, 9037, 'bed',      'Road 37, 1', '460105001001', NULL, NULL, 'lettable'),
    (9039, NULL, 'building', 'Road 39', '460105001001', NULL, NULL, 'let'),
    (9040, 9039, 'room',     'Road 39, 1', '460105001001', NULL, NULL, 'lettable');
UPDATE registry.dwelling SET location = ST_SetSRID(ST_MakePoint(110.15, 20.05), 4490) WHERE dwelling_id = 9010;

-- Arrives; answers the key of the residence.
CREATE FUNCTION pg_temp.arrive(person bigint, dwelling bigint, "on" date, state text = 'active', until date = NULL,
                               reported timestamptz = now(), guardian bigint = NULL, closed timestamptz = NULL) RETURNS bigint
LANGUAGE sql AS $$
    INSERT INTO registry.residence (person_id, dwelling_id, arrived_on, departed_on, state, reported_at, guardian_person_id, closed_at, close_reason)
    VALUES (person, dwelling, "on", until, state, reported, guardian, closed, CASE WHEN state = 'auto_closed' THEN 'not met' END)
    RETURNING residence_id
$$;
-- Does something and takes it back; answers the SQLSTATE, 00000 if it was done.
-- A statement may use as $1 what another one answers before it.
CREATE FUNCTION pg_temp.outcome(statement text, before text = NULL) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    key  bigint;
    code text;
BEGIN
    IF before IS NOT NULL THEN
        EXECUTE before INTO key;
    END IF;
    BEGIN
        IF key IS NULL THEN
            EXECUTE statement;
        ELSE
            EXECUTE statement USING key;
        END IF;
        SET CONSTRAINTS ALL IMMEDIATE;
        code := '00000';
    EXCEPTION WHEN OTHERS THEN
        code := SQLSTATE;
    END;
    RAISE EXCEPTION '%', code USING ERRCODE = 'XX999';
EXCEPTION WHEN SQLSTATE 'XX999' THEN
    RETURN SQLERRM;
END $$;
CREATE FUNCTION pg_temp.half_year(key bigint) RETURNS text LANGUAGE sql AS $$
    SELECT half_year_from::text || CASE WHEN follows_id IS NULL THEN '' ELSE ' goes on' END FROM registry.residence WHERE residence_id = key
$$;

-- what is filled in
SELECT pg_temp.arrive(9001, 9010, '2024-03-01', reported => '2024-03-04 16:00+00') AS first \gset
SELECT results_eq(format('SELECT division::text, grid_id, half_year_from, follows_id, verified_at, closed_at, period, channel COLLATE "default" FROM registry.residence WHERE residence_id = %s', :first),
    $$VALUES ('460105001001', 9001::bigint, '2024-03-05'::date, NULL::bigint, now(), NULL::timestamptz, '[2024-03-01,)'::daterange, 'window')$$,
    'division and grid of the dwelling, half-year from the day of the report in China, verified now');
SELECT is(pg_temp.half_year(pg_temp.arrive(9002, 9010, '2024-03-01', reported => '2024-03-04 15:59:59+00')), '2024-03-04', 'one second before midnight in China');
SELECT is(pg_temp.half_year(pg_temp.arrive(9003, 9010, '2024-03-01', reported => '2024-02-01 00:00+08')), '2024-03-01', 'a report ahead: the half-year begins with the arrival');
SELECT is(pg_temp.half_year(pg_temp.arrive(9004, 9010, '2024-03-01', reported => '-infinity')), '2024-03-01', 'reported ages ago: the same');
INSERT INTO registry.residence (person_id, dwelling_id, arrived_on, state, division, grid_id, half_year_from, follows_id, closed_at)
VALUES (9005, 9011, '2024-03-01', 'reported', '460105001001', 9001, '2000-01-01', :first, now())
RETURNING division::text || COALESCE(grid_id, 0) || (half_year_from = residency.today())::text || COALESCE(follows_id, 0) || (verified_at IS NULL AND closed_at IS NULL)::text AS own \gset
SELECT is(:'own'::text, '4601060010020true0true', 'whatever the client says');
INSERT INTO registry.residence (person_id, dwelling_id, arrived_on) VALUES (9006, 9011, '2024-03-01') RETURNING state AS initial \gset
SELECT is(:'initial'::text, 'reported', 'what nobody says: reported');
UPDATE registry.residence SET state = 'active' WHERE person_id = 9006;
SELECT is(verified_at, now(), 'verified when it becomes active') FROM registry.residence WHERE person_id = 9006;
UPDATE registry.residence SET state = 'departed', departed_on = '2024-03-02' WHERE person_id = 9006;
SELECT is(closed_at, now(), 'closed when it ends') FROM registry.residence WHERE person_id = 9006;
UPDATE registry.residence SET closed_at = '2000-01-01' WHERE person_id = 9006;
SELECT is(closed_at, now(), 'which is the register''s word') FROM registry.residence WHERE person_id = 9006;
SELECT pg_temp.arrive(9007, 9010, '2023-01-01', 'departed', '2023-02-01') AS key \gset
SELECT is(closed_at, now(), 'one entered afterwards is closed now') FROM registry.residence WHERE residence_id = :key;
SELECT pg_temp.arrive(9007, 9010, '2022-01-01', 'moved', '2022-02-01', closed => '2023-02-05 00:00+08') AS key \gset
SELECT is(closed_at, '2023-02-05 00:00+08', 'or when it was') FROM registry.residence WHERE residence_id = :key;
SELECT pg_temp.arrive(9007, 9010, '2021-01-01', 'auto_closed', '2021-02-01', closed => 'infinity') AS key \gset
SELECT is(closed_at, now(), 'but not later than now') FROM registry.residence WHERE residence_id = :key;

-- states: every one at first, and from every one to every other
CREATE TEMP TABLE state AS SELECT code AS state FROM code.value WHERE list = 'residence_state';
CREATE FUNCTION pg_temp.in_state(person bigint, wanted text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    key bigint := pg_temp.arrive(person, 9010, '2024-01-01', CASE WHEN wanted IN ('rejected', 'voided') THEN 'reported' ELSE wanted END,
                                 CASE WHEN wanted IN ('departed', 'moved', 'auto_closed') THEN date '2024-02-01' END);
BEGIN
    IF wanted IN ('rejected', 'voided') THEN
        UPDATE registry.residence SET state = wanted, close_reason = 'a test' WHERE residence_id = key;
    END IF;
    RETURN key;
END $$;
SELECT is(count(*), 8::bigint, 'eight states') FROM state;
SELECT results_eq(
    $$SELECT state::text FROM state WHERE pg_temp.outcome(format('SELECT pg_temp.arrive(9010, 9010, ''2024-01-01'', %L, %L)', state,
        CASE WHEN state IN ('departed', 'moved', 'auto_closed', 'rejected', 'voided') THEN '2024-02-01' END)) = '00000' ORDER BY 1$$,
    $$SELECT to_state::text FROM code.residence_transition WHERE from_state IS NULL ORDER BY 1$$, 'those in which a residence may begin');
SELECT results_eq(
    $$SELECT state::text, pg_temp.outcome(format('SELECT pg_temp.arrive(9010, 9010, ''2024-01-01'', %L, ''2024-02-01'')', state))
      FROM (VALUES ('rejected'), ('voided'), ('lost'), (''), ('ACTIVE'), (repeat('在', 350000))) v (state)
      WHERE state IS NOT NULL GROUP BY 1 HAVING pg_temp.outcome(format('SELECT pg_temp.arrive(9010, 9010, ''2024-01-01'', %L, ''2024-02-01'')', state)) <> 'RG034'$$,
    $$SELECT ''::text, ''::text WHERE false$$, 'no others');
CREATE TEMP TABLE step AS
SELECT f.state::text AS from_state, t.state::text AS to_state,
       pg_temp.outcome(format('UPDATE registry.residence SET state = %L, departed_on = %L, close_reason = ''a test'' WHERE residence_id = $1',
           t.state, CASE WHEN t.state IN ('reported', 'verifying', 'active') THEN NULL ELSE '2024-02-01' END),
           format('SELECT pg_temp.in_state(9010, %L)', f.state)) AS outcome
FROM state f, state t;
SELECT is(count(*), 64::bigint, 'all pairs tried') FROM step;
SELECT results_eq($$SELECT from_state, to_state FROM step WHERE outcome = '00000' AND from_state <> to_state ORDER BY 1, 2$$,
    $$SELECT from_state::text, to_state::text FROM code.residence_transition WHERE from_state IS NOT NULL ORDER BY 1, 2$$, 'exactly the steps of the list are taken');
SELECT is(string_agg(DISTINCT outcome, ','), 'RG034', 'the others are refused as such') FROM step WHERE outcome <> '00000';
SELECT is(count(*), 8::bigint, 'to stay is no step') FROM step WHERE from_state = to_state AND outcome = '00000';
SELECT is(count(*), 19::bigint, 'steps') FROM step WHERE from_state <> to_state AND outcome = '00000';
SELECT is(pg_temp.outcome('UPDATE registry.residence SET state = NULL WHERE residence_id = $1', $$SELECT pg_temp.in_state(9010, 'active')$$), '23502', 'a state of NULL');
SELECT is(pg_temp.outcome(format('UPDATE registry.residence SET state = %L, departed_on = %L WHERE residence_id = $1', t, d), format('SELECT pg_temp.in_state(9010, %L)', f)), code, f || ' to ' || t || ', departure ' || COALESCE(d, 'none'))
FROM (VALUES ('active', 'departed', NULL, 'RG038'), ('active', 'moved', NULL, 'RG038'), ('departed', 'departed', NULL, 'RG038'), ('reported', 'active', '2024-02-01', 'RG038'),
             ('active', 'voided', NULL, 'RG036'), ('active', 'auto_closed', '2024-02-01', 'RG036'), ('verifying', 'rejected', NULL, 'RG036'), ('active', 'departed', '2024-02-01', '00000')) v (f, t, d, code);
SELECT is(pg_temp.outcome(format('UPDATE registry.residence SET state = ''voided'', close_reason = %L WHERE residence_id = $1', reason), 'SELECT pg_temp.in_state(9010, ''active'')'), code, 'a reason: ' || left(COALESCE(reason, 'NULL'), 12))
FROM (VALUES ('entered twice', '00000'), ('', 'RG036'), (' ', 'RG036'), (NULL, 'RG036'), (repeat('x', 201), 'RG036'), (repeat('x', 1048576), 'RG036'), (E'two\nlines', 'RG036'), ('重复登记😀', '00000')) v (reason, code);
SELECT is(pg_temp.outcome('UPDATE registry.residence SET close_reason = NULL WHERE residence_id = $1', $$SELECT pg_temp.in_state(9010, 'voided')$$), 'RG036', 'the reason is not taken away afterwards');
SELECT is(pg_temp.outcome($$INSERT INTO registry.residence (person_id, dwelling_id, arrived_on, departed_on, state, close_reason) VALUES (9010, 9010, '2024-01-01', '2024-02-01', 'auto_closed', ' ')$$), 'RG036', 'one entered afterwards has its reason too');

-- days
SELECT is(pg_temp.outcome(format('SELECT pg_temp.arrive(%s, 9010, %s, %L, %s)', p, a, s, COALESCE(d, 'NULL'))), code, label)
FROM (VALUES
    (9010, 'residency.today()', 'active', NULL, '00000', 'today'),
    (9010, 'residency.today() + 1', 'active', NULL, 'RG022', 'tomorrow'),
    (9010, '''infinity''', 'active', NULL, 'RG022', 'arrival on the day infinity'),
    (9010, '''5874897-12-31''', 'reported', NULL, 'RG022', 'arrival on the last day there is'),
    (9010, '''-infinity''', 'active', NULL, 'RG025', 'arrival on the day -infinity'),
    (9010, '''0001-01-01 BC''', 'active', NULL, 'RG025', 'arrival before Christ'),
    (9104, '''4714-11-24 BC''', 'active', NULL, 'RG025', 'arrival on the first day there is, of a person of unknown birth'),
    (9010, '''1989-12-31''', 'active', NULL, 'RG025', 'arrival the day before birth'),
    (9106, '''1948-01-01''', 'active', NULL, 'RG090', 'arrival before any policy'),
    (9010, '''2024-01-02''', 'departed', '''2024-01-01''', 'RG023', 'departure before the arrival'),
    (9010, '''2024-01-02''', 'departed', '''-infinity''', 'RG023', 'departure on the day -infinity'),
    (9010, '''2024-01-02''', 'departed', '''2024-01-02''', '00000', 'departure on the day of arrival'),
    (9010, '''2024-01-02''', 'departed', 'residency.today()', '00000', 'departure today'),
    (9010, '''2024-01-02''', 'departed', 'residency.today() + 1', 'RG024', 'departure tomorrow'),
    (9010, '''2024-01-02''', 'departed', '''infinity''', 'RG024', 'departure on the day infinity'),
    (9010, '''2024-01-02''', 'active', '''infinity''', 'RG024', 'living there until the day infinity'),
    (9010, '''2024-01-02''', 'departed', '''5874897-12-31''', 'RG024', 'departure on the last day there is'),
    (9010, '''2024-01-02''', 'departed', NULL, 'RG038', 'departed without a day'),
    (9010, '''2024-01-02''', 'active', '''2024-01-03''', 'RG038', 'active with one'),
    (9010, 'NULL', 'active', NULL, '23502', 'no arrival')) v (p, a, s, d, code, label);
SELECT is(pg_temp.outcome(format('UPDATE registry.residence SET %s WHERE residence_id = $1', change), 'SELECT pg_temp.in_state(9010, ''departed'')'), code, 'departed: ' || change)
FROM (VALUES ('arrived_on = residency.today() + 1', 'RG022'), ('arrived_on = ''infinity''', 'RG022'), ('arrived_on = ''2024-02-02''', 'RG023'), ('arrived_on = ''-infinity''', 'RG025'),
             ('arrived_on = ''2024-02-01''', '00000'), ('arrived_on = ''1990-01-01''', '00000'), ('departed_on = ''2023-12-31''', 'RG023'), ('departed_on = residency.today() + 1', 'RG024'),
             ('departed_on = ''infinity''', 'RG024'), ('departed_on = residency.today()', '00000'), ('departed_on = NULL', 'RG038'), ('reported_at = ''infinity''', 'RG043'),
             ('reported_at = now() + ''1 day''', 'RG043'), ('reported_at = ''2024-01-03''', '00000'), ('reported_at = NULL', '23502')) v (change, code);
SELECT is(pg_temp.outcome('SELECT pg_temp.arrive(9010, 9010, ''2024-01-01'', reported => now() + ''1 day'')'), 'RG043', 'a report tomorrow');
SELECT is(pg_temp.outcome('SELECT pg_temp.arrive(9010, 9010, ''2024-01-01'', reported => ''infinity'')'), 'RG043', 'a report on the day infinity');

-- person, dwelling, codes
SELECT is(pg_temp.outcome(format('SELECT pg_temp.arrive(%s, %s, ''2024-01-01'')', p, d)), code, format('%s in %s', p, d))
FROM (VALUES (0::bigint, 9010::bigint, 'RG010'), (9223372036854775807, 9010, 'RG010'), (-9223372036854775808, 9010, 'RG010'), (9010, 0, 'RG011'),
             (9010, 9223372036854775807, 'RG011'), (9010, -9223372036854775808, 'RG011'), (9104, 9010, '00000')) v (p, d, code);
SELECT is(pg_temp.outcome(format('INSERT INTO registry.residence (person_id, dwelling_id, arrived_on, %I) VALUES (9010, 9010, ''2024-01-01'', %L)', col, val)), code, col || ' ' || left(val, 8))
FROM (VALUES ('channel', 'window', '00000'), ('channel', 'Window', 'RG006'), ('channel', '', 'RG006'), ('channel', repeat('窗', 350000), 'RG006'), ('reason', '01', '00000'), ('reason', '1', 'RG006'),
             ('intended_stay', '9', 'RG006'), ('place_kind', '''; DROP TABLE registry.residence;--', 'RG006'), ('place_kind', '34', '00000')) v (col, val, code);
SELECT is(pg_temp.outcome(format('UPDATE registry.residence SET %I = %L WHERE residence_id = %s', col, val, :first)), code, col || ' becomes ' || left(val, 8))
FROM (VALUES ('channel', 'kiosk', '00000'), ('channel', 'x', 'RG006'), ('reason', 'x', 'RG006'), ('intended_stay', 'x', 'RG006'), ('place_kind', 'x', 'RG006')) v (col, val, code);
SELECT is(pg_temp.outcome(format('UPDATE registry.residence SET %s WHERE residence_id = %s', change, :first)), code, 'fixed: ' || change)
FROM (VALUES ('person_id = 9011', 'RG037'), ('dwelling_id = 9011', 'RG037'), ('division = ''460106001002''', 'RG037'), ('grid_id = NULL', 'RG037'), ('half_year_from = ''2000-01-01''', 'RG037'),
             ('follows_id = residence_id', 'RG037'), ('residence_id = DEFAULT', 'RG037'), ('person_id = NULL', '23502'), ('intended_stay = ''1''', '00000')) v (change, code);
SELECT throws_ok('DELETE FROM registry.residence', 'RG035', NULL, 'DELETE');
SELECT throws_ok('DELETE FROM registry.residence WHERE false', 'RG035', NULL, 'DELETE of nothing');
SELECT throws_ok('TRUNCATE registry.residence CASCADE', 'RG035', NULL, 'TRUNCATE');
SELECT throws_ok('DELETE FROM registry.person WHERE person_id = 9001', '23503', NULL, 'DELETE of a person with residences');
SELECT throws_ok('DELETE FROM registry.dwelling WHERE dwelling_id = 9010', 'RG051', NULL, 'DELETE of a dwelling with residences');

-- one person, one place: past and open, in both orders
CREATE FUNCTION pg_temp.then(first text, second text) RETURNS text LANGUAGE sql AS $$
    SELECT pg_temp.outcome(format('SELECT pg_temp.arrive(9011, 9010, %s); SELECT pg_temp.arrive(9011, 9011, %s)', first, second))
$$;
SELECT is(pg_temp.then(a, b), code, a || ' then ' || b)
FROM (VALUES
    ('''2024-02-01''', '''2024-03-01''', 'RG020'),
    ('''2024-02-01''', '''2024-01-01''', 'RG020'),
    ('''2024-02-01'', ''reported''', '''2024-02-01'', ''verifying''', 'RG020'),
    ('''2024-02-01''', '''2024-01-01'', ''departed'', ''2024-02-01''', '00000'),
    ('''2024-02-01''', '''2024-01-01'', ''departed'', ''2024-02-02''', 'RG021'),
    ('''2024-02-01''', '''2024-03-01'', ''departed'', ''2024-04-01''', 'RG021'),
    ('''2024-02-01''', '''2024-03-01'', ''departed'', ''2024-03-01''', '00000'),
    ('''2024-01-01'', ''departed'', ''2024-02-01''', '''2024-02-01''', '00000'),
    ('''2024-01-01'', ''departed'', ''2024-02-02''', '''2024-02-01''', 'RG021'),
    ('''2024-01-01'', ''departed'', ''2024-02-02''', '''2023-02-01''', 'RG021'),
    ('''2024-01-01'', ''moved'', ''2024-02-01''', '''2024-01-15'', ''departed'', ''2024-01-16''', 'RG021'),
    ('''2024-01-15'', ''auto_closed'', ''2024-01-16''', '''2024-01-01'', ''moved'', ''2024-02-01''', 'RG021'),
    ('''2024-01-15'', ''departed'', ''2024-01-16''', '''2024-01-16'', ''departed'', ''2024-01-17''', '00000'),
    ('''2024-01-15'', ''departed'', ''2024-01-15''', '''2024-01-15''', '00000'),
    ('''2024-01-15'', ''departed'', ''2024-01-15''', '''2024-01-15'', ''moved'', ''2024-01-15''', '00000')) v (a, b, code);
SELECT pg_temp.arrive(9012, 9010, '2024-01-01', 'departed', '2024-02-01') AS jan \gset
SELECT pg_temp.arrive(9012, 9010, '2024-03-01', 'departed', '2024-04-01') AS mar \gset
SELECT pg_temp.arrive(9012, 9010, '2024-05-01') AS may \gset
SELECT is(pg_temp.outcome(format('UPDATE registry.residence SET %s WHERE residence_id = %s', change, key)), code, 'corrected: ' || change)
FROM (VALUES (:jan, 'departed_on = ''2024-03-01''', '00000'), (:jan, 'departed_on = ''2024-03-02''', 'RG021'), (:mar, 'arrived_on = ''2024-02-01''', '00000'), (:mar, 'arrived_on = ''2024-01-31''', 'RG021'),
             (:mar, 'departed_on = ''2024-05-02''', 'RG021'), (:may, 'arrived_on = ''2024-04-01''', '00000'), (:may, 'arrived_on = ''2024-03-31''', 'RG021'), (:may, 'arrived_on = ''2024-06-01''', '00000'),
             (:jan, 'arrived_on = ''2024-03-15'', departed_on = ''2024-03-20''', 'RG021')) v (key, change, code);
UPDATE registry.residence SET state = 'voided', close_reason = 'entered twice' WHERE residence_id = :mar;
SELECT is(pg_temp.outcome(format('UPDATE registry.residence SET departed_on = ''2024-04-15'' WHERE residence_id = %s', :jan)), '00000', 'what is voided is in nobody''s way');
SELECT is(pg_temp.outcome(format('UPDATE registry.residence SET departed_on = ''2024-06-15'' WHERE residence_id = %s', :mar)), '00000', 'nor is anybody in its way');
SELECT is(pg_temp.outcome($$WITH gone AS (UPDATE registry.residence SET state = 'rejected', close_reason = 'not found' WHERE residence_id = $1 RETURNING 1)
                            SELECT pg_temp.arrive(9011, 9011, '2024-01-01') FROM gone$$, $$SELECT pg_temp.arrive(9011, 9010, '2024-01-01', 'reported')$$), '00000', 'nor is what was rejected');
SELECT throws_ok($$INSERT INTO registry.residence (person_id, dwelling_id, arrived_on) VALUES (9011, 9010, '2024-01-01'), (9011, 9010, '2024-01-01')$$, 'RG020', NULL, 'twice in one statement');

-- the half-year goes on without a break, in one city
SELECT pg_temp.arrive(9013, 9010, '2024-01-10', 'moved', '2024-03-10', '2024-01-12 08:00+08') AS before \gset
SELECT pg_temp.arrive(9014, 9012, '2024-01-10', 'departed', '2024-03-10', '2024-01-12 08:00+08') AS wenchang \gset
CREATE FUNCTION pg_temp.change(person bigint, dwelling bigint, "on" date) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    answer text;
BEGIN
    answer := pg_temp.half_year(pg_temp.arrive(person, dwelling, "on", reported => '2024-04-01 08:00+08'));
    RAISE EXCEPTION '%', answer USING ERRCODE = 'XX999';
EXCEPTION WHEN SQLSTATE 'XX999' THEN
    RETURN SQLERRM;
END $$;
SELECT is(pg_temp.change(9013, 9011, '2024-03-10'), '2024-01-12 goes on', 'a change of address on one day, within Haikou');
SELECT is(pg_temp.change(9013, 9011, '2024-03-11'), '2024-04-01', 'a gap of one day');
SELECT is(pg_temp.change(9013, 9012, '2024-03-10'), '2024-04-01', 'to Wenchang, which is a city of its own');
SELECT is(pg_temp.change(9014, 9013, '2024-03-10'), '2024-01-12 goes on', 'within Wenchang');
SELECT is(pg_temp.change(9014, 9014, '2024-03-10'), '2024-04-01', 'from Wenchang to Qionghai, both 4690');
SELECT is(pg_temp.change(9013, 9020, '2024-03-10'), '2024-04-01', 'to Guangzhou');
INSERT INTO policy.setting (key, division, period, value, legal_basis) VALUES ('continuity_gap', '4601', '[2000-01-01,)', '3', 'a test');
SELECT is(pg_temp.change(9013, 9011, '2024-03-13'), '2024-01-12 goes on', 'a gap of three days, where policy grants them');
SELECT is(pg_temp.change(9013, 9011, '2024-03-14'), '2024-04-01', 'not four');
SELECT is(pg_temp.change(9014, 9013, '2024-03-11'), '2024-04-01', 'and not elsewhere');
UPDATE policy.setting SET value = '2147483647' WHERE legal_basis = 'a test' AND key = 'continuity_gap';
SELECT is(pg_temp.change(9013, 9011, '2024-05-01'), '2024-01-12 goes on', 'a gap without end');
SELECT is(pg_temp.half_year(pg_temp.arrive(9106, 9010, '1950-01-01', reported => '1950-01-02 08:00+08')), '1950-01-02', 'nor does it overflow');
DELETE FROM policy.setting WHERE legal_basis = 'a test' AND key = 'continuity_gap';
SELECT pg_temp.arrive(9013, 9010, '2024-03-10', 'departed', '2024-03-10', '2024-03-11 08:00+08') AS same_day \gset
SELECT is(follows_id, :before::bigint, 'a stay that ended on its first day goes on') FROM registry.residence WHERE residence_id = :same_day;
SELECT is(period, 'empty', 'and takes no time') FROM registry.residence WHERE residence_id = :same_day;
SELECT is(pg_temp.change(9013, 9011, '2024-03-10'), '2024-01-12 goes on', 'after it the half-year is the same');
UPDATE registry.residence SET state = 'voided', close_reason = 'false' WHERE residence_id IN (:before, :same_day);
SELECT is(pg_temp.change(9013, 9011, '2024-03-10'), '2024-04-01', 'what is voided is not continued');

-- closed without contact, and back again
CREATE FUNCTION pg_temp.back(person bigint, dwelling bigint, days integer) RETURNS text LANGUAGE sql AS $$
    SELECT pg_temp.outcome('UPDATE registry.residence SET state = ''active'', departed_on = NULL WHERE residence_id = $1',
        format('SELECT pg_temp.arrive(%s, %s, ''2024-01-01'', ''auto_closed'', residency.today() - 400, closed => now() - ''%s hours''::interval)', person, dwelling, 24 * days))
$$;
SELECT is(pg_temp.back(9015, 9010, days), code, 'closed ' || days || ' days ago')
FROM (VALUES (0, '00000'), (30, '00000'), (31, 'RG042'), (10000, 'RG042')) v (days, code);
INSERT INTO policy.setting (key, division, period, value, legal_basis) VALUES ('auto_close_undo', '4690', '[2000-01-01,)', '3', 'a test');
SELECT is(pg_temp.back(9015, 9012, 3), '00000', 'a policy of three days');
SELECT is(pg_temp.back(9015, 9012, 4), 'RG042', 'and not four');
UPDATE policy.setting SET value = NULL WHERE legal_basis = 'a test';
SELECT is(pg_temp.back(9015, 9012, 400), '00000', 'no limit');
SELECT pg_temp.arrive(9016, 9006, '2024-01-01') AS asleep \gset
UPDATE registry.residence SET state = 'auto_closed', departed_on = '2024-06-01', close_reason = 'not met' WHERE residence_id = :asleep;
SELECT pg_temp.arrive(9017, 9006, '2024-06-01') AS awake \gset
\set reappear 'UPDATE registry.residence SET state = ''active'', departed_on = NULL WHERE residence_id = ' :asleep
SELECT is(pg_temp.outcome(:'reappear'), 'RG030', 'the bed is taken');
UPDATE registry.residence SET state = 'departed', departed_on = '2024-07-01' WHERE residence_id = :awake;
SELECT is(pg_temp.outcome(:'reappear'), '00000', 'and free again');
SELECT is(pg_temp.outcome('SELECT pg_temp.arrive(9016, 9011, ''2024-08-01''); ' || :'reappear'), 'RG020', 'who lives elsewhere since');
SELECT is(pg_temp.outcome('SELECT pg_temp.arrive(9016, 9011, ''2024-08-01'', ''departed'', ''2024-09-01''); ' || :'reappear'), 'RG021', 'or has lived elsewhere meanwhile');
SELECT is(pg_temp.outcome('UPDATE registry.dwelling SET let_state = ''prohibited'' WHERE dwelling_id = 9001; ' || :'reappear'), 'RG026', 'the building is prohibited since');
SELECT is(pg_temp.outcome('UPDATE registry.dwelling SET safety_letter_on = NULL WHERE dwelling_id = 9001; ' || :'reappear'), 'RG028', 'its letter is gone since');
UPDATE registry.residence SET state = 'active', departed_on = NULL WHERE residence_id = :asleep;
SELECT ok(closed_at IS NULL AND close_reason IS NULL AND half_year_from = residency.today() AND period = '[2024-01-01,)', 'back without a gap')
FROM registry.residence WHERE residence_id = :asleep;

-- where nobody may live
SELECT is(pg_temp.outcome(format('SELECT pg_temp.arrive(9018, %s, ''2024-01-01'')', d)), code, 'dwelling ' || d)
FROM (VALUES (9030, 'RG026'), (9031, 'RG027'), (9032, 'RG028'), (9033, '00000'), (9034, 'RG026'), (9035, 'RG026'), (9036, 'RG026'), (9037, 'RG027'), (9038, 'RG027'), (9039, 'RG028'), (9040, 'RG028'), (9003, '00000')) v (d, code);
SELECT is(pg_temp.outcome(format('SELECT pg_temp.arrive(9018, %s, ''2024-01-01'', ''departed'', ''2024-02-01'')', d)), '00000', 'a past stay in dwelling ' || d)
FROM unnest('{9030,9031,9032}'::bigint[]) d;
SELECT is(pg_temp.outcome('UPDATE registry.dwelling SET safety_letter_on = ''2024-01-01'' WHERE dwelling_id = 9039; SELECT pg_temp.arrive(9018, 9040, ''2024-01-01'')'), '00000', 'a letter for the building is one for the room');
INSERT INTO policy.setting (key, division, period, value, legal_basis) VALUES ('safety_letter_needed', '4601', '[2000-01-01,2024-06-01)', 'false', 'a test');
SELECT is(pg_temp.outcome('SELECT pg_temp.arrive(9018, 9032, ''2024-05-31'')'), '00000', 'a city that asked for no letter on the day of arrival');
SELECT is(pg_temp.outcome('SELECT pg_temp.arrive(9018, 9032, ''2024-06-01'')'), 'RG028', 'and asks for one from the next day on');

-- how many
CREATE FUNCTION pg_temp.crowd(dwelling bigint, persons integer, "on" date) RETURNS text LANGUAGE sql AS $$
    SELECT pg_temp.outcome(format('INSERT INTO registry.residence (person_id, dwelling_id, arrived_on)
        SELECT 9022 + n, %s, %L FROM generate_series(1, %s) n', dwelling, "on", persons))
$$;
SELECT is(pg_temp.crowd(d, n, "on"), code, format('%s in %s from %s', n, d, "on"))
FROM (VALUES
    (9020, 2, '2024-01-01'::date, '00000'), (9020, 3, '2024-01-01', 'RG029'), (9020, 9, '2022-09-15', '00000'), (9020, 3, '2022-09-16', 'RG029'),
    (9021, 1, '2024-01-01', 'RG029'), (9022, 30, '2024-01-01', '00000'), (9026, 1, '2024-01-01', 'RG029'), (9027, 1, '2024-01-01', '00000'),
    (9027, 2, '2024-01-01', 'RG029'), (9028, 3, '2024-01-01', '00000'), (9028, 4, '2024-01-01', 'RG029'), (9029, 30, '2024-01-01', '00000'),
    (9006, 1, '2024-01-01', 'RG030'), (9004, 30, '2024-01-01', '00000')) v (d, n, "on", code);
SELECT is_empty('SELECT FROM registry.residence WHERE dwelling_id BETWEEN 9020 AND 9029', 'where the last one is one too many, nobody is kept');
SELECT pg_temp.arrive(9021, 9024, '2024-01-01') AS one, pg_temp.arrive(9022, 9025, '2024-01-01', 'reported') AS two \gset
SELECT is(pg_temp.outcome('SELECT pg_temp.arrive(9023, 9025, ''2024-01-01'')'), 'RG029', 'rooms with space in a unit without');
SELECT is(pg_temp.outcome('SELECT pg_temp.arrive(9023, 9023, ''2024-01-01'')'), 'RG029', 'the unit itself');
SELECT is(pg_temp.outcome('SELECT pg_temp.arrive(9023, 9025, ''2024-01-01'', ''departed'', ''2024-02-01'')'), '00000', 'a past stay takes no place');
SELECT is(pg_temp.outcome(format('UPDATE registry.residence SET state = ''%s'', departed_on = %L, close_reason = ''a test'' WHERE residence_id = %s; SELECT pg_temp.arrive(9023, 9025, ''2024-01-01'')', s, d, :two)), '00000', s || ' makes room')
FROM (VALUES ('departed', '2024-02-01'), ('moved', '2024-02-01'), ('rejected', NULL), ('voided', NULL)) v (s, d);
SELECT is(pg_temp.outcome(format('UPDATE registry.residence SET arrived_on = ''2023-12-01'' WHERE residence_id = %s', :one)), '00000', 'who lives there is not in the own way');
SELECT is(pg_temp.outcome(format('UPDATE registry.dwelling SET usable_area = 15 WHERE dwelling_id = 9023; SELECT pg_temp.arrive(9023, 9025, ''2024-01-01'')')), '00000', 'a corrected area makes room');
INSERT INTO policy.setting (key, division, period, value, legal_basis) VALUES ('room_limit', '460105', '(,)', '2', 'a test');
SELECT is(pg_temp.crowd(9004, n, '2024-01-01'), code, n || ' in a room of two') FROM (VALUES (2, '00000'), (3, 'RG030')) v (n, code);
SELECT is(pg_temp.outcome('SELECT pg_temp.arrive(9030, 9003, ''2024-01-01'')'), '00000', 'with the sleeper in the bed, one more in the room');
SELECT is(pg_temp.outcome('SELECT pg_temp.arrive(9030, 9003, ''2024-01-01''); SELECT pg_temp.arrive(9031, 9003, ''2024-01-01'')'), 'RG030', 'not two');
SELECT is(pg_temp.crowd(9002, 30, '2024-01-01'), '00000', 'the limit of a room is none of the unit');

-- minors: 9040 lives in room 9003, 9041 in the other unit
SELECT pg_temp.arrive(9040, 9003, '2024-01-01') AS guardian, pg_temp.arrive(9041, 9005, '2024-01-01') AS neighbour \gset
SELECT is(pg_temp.outcome(format('SELECT pg_temp.arrive(%s, %s, %L, guardian => %s)', p, d, "on", COALESCE(g::text, 'NULL'))), code, label)
FROM (VALUES
    (9101, 9004, '2024-06-01', NULL, 'RG031', 'a child alone'),
    (9101, 9004, '2024-06-01', 9101, 'RG041', 'the child as its own guardian'),
    (9042, 9004, '2024-06-01', 9042, 'RG041', 'an adult as the own guardian'),
    (9101, 9002, '2024-06-01', 9040, '00000', 'in the unit that the room is part of'),
    (9101, 9004, '2024-06-01', 9040, '00000', 'in another room of the unit'),
    (9101, 9005, '2024-06-01', 9040, 'RG032', 'in another unit of the building'),
    (9101, 9001, '2024-06-01', 9040, 'RG032', 'in the building'),
    (9101, 9010, '2024-06-01', 9040, 'RG032', 'elsewhere'),
    (9101, 9004, '2024-06-01', 9043, 'RG032', 'with a guardian who lives nowhere'),
    (9101, 9004, '2024-06-01', 8999, '23503', 'with a guardian nobody knows'),
    (9042, 9010, '2024-06-01', 9040, '00000', 'an adult may name one who lives elsewhere'),
    (9102, 9010, '2024-06-14', NULL, 'RG031', 'the day before the sixteenth birthday'),
    (9102, 9010, '2024-06-15', NULL, '00000', 'the sixteenth birthday'),
    (9104, 9010, '2024-06-15', NULL, '00000', 'of unknown birth'),
    (9101, 9010, '2024-06-15', 9104, 'RG032', 'with a guardian of unknown birth who lives nowhere')) v (p, d, "on", g, code, label);
SELECT is(pg_temp.outcome('SELECT pg_temp.arrive(9101, 9010, ''2024-06-01'', ''departed'', ''2024-07-01'')'), '00000', 'a past stay of a child');
SELECT is(pg_temp.outcome(format('SELECT pg_temp.arrive(9103, 9004, %L); SELECT pg_temp.arrive(9101, 9004, %L, guardian => 9103)', "on", "on")), code, label)
FROM (VALUES ('2024-06-14', 'RG033', 'a guardian the day before the eighteenth birthday'), ('2024-06-15', '00000', 'on it')) v ("on", code, label);
SELECT is(pg_temp.outcome(format('UPDATE registry.residence SET state = ''departed'', departed_on = ''2024-05-01'' WHERE residence_id = %s; SELECT pg_temp.arrive(9101, 9004, ''2024-06-01'', guardian => 9040)', :guardian)), 'RG032', 'when the guardian has departed');
SELECT lives_ok($$INSERT INTO registry.residence (person_id, dwelling_id, arrived_on, guardian_person_id) VALUES
    (9101, 9011, '2024-06-01', 9044), (9105, 9011, '2024-06-01', 9044), (9044, 9011, '2024-06-01', NULL)$$, 'a family in one statement, the children first');
SELECT is(pg_temp.outcome(format('UPDATE registry.residence SET guardian_person_id = %s WHERE person_id = 9101', COALESCE(g::text, 'NULL'))), code, 'the child''s guardian becomes ' || COALESCE(g::text, 'nobody'))
FROM (VALUES (NULL, 'RG031'), (9101, 'RG041'), (9041, 'RG032'), (9105, 'RG033'), (9044, '00000')) v (g, code);
SELECT is(pg_temp.outcome('UPDATE registry.residence SET guardian_person_id = person_id WHERE person_id = 9044'), 'RG041', 'an adult becomes the own guardian');
SELECT is(pg_temp.outcome('UPDATE registry.residence SET state = ''departed'', departed_on = ''2024-07-01'', guardian_person_id = NULL WHERE person_id = 9101'), '00000', 'who has left needs none');
SELECT throws_ok($$INSERT INTO registry.residence (person_id, dwelling_id, arrived_on, guardian_person_id) VALUES (9045, 9011, '2024-06-01', NULL), (9102, 9010, '2024-06-01', 9045)$$,
    'RG032', NULL, 'a family that parts');
SELECT is_empty('SELECT FROM registry.residence WHERE person_id = 9045', 'stays out');

-- by COPY: all or nothing
COPY registry.residence (person_id, dwelling_id, arrived_on, departed_on, state, guardian_person_id) FROM stdin;
9102	9010	2024-06-01	\N	active	9046
9046	9010	2024-06-01	\N	active	\N
9046	9010	2024-03-01	2024-04-01	moved	\N
9046	9010	2024-04-01	2024-06-01	departed	\N
\.
SELECT is(pg_temp.half_year(max(residence_id)) , residency.today() || ' goes on', 'COPY of a family, the child first, with the guardian''s past after the present')
FROM registry.residence WHERE person_id = 9046;
COPY registry.residence (person_id, dwelling_id, arrived_on) FROM stdin;
9047	9010	2024-06-01
9047	9011	2024-06-01
\.
\echo '(RG020)' COPY of two places
COPY registry.residence (person_id, dwelling_id, arrived_on, departed_on, state) FROM stdin;
9047	9010	2024-06-01	\N	active
9047	9011	2024-05-01	2024-06-02	departed
\.
\echo '(RG021)' COPY of two at a time
COPY registry.residence (person_id, dwelling_id, arrived_on) FROM stdin;
9047	9010	infinity
\.
\echo '(RG022)' COPY of the day infinity
COPY registry.residence (person_id, dwelling_id, arrived_on, departed_on, state) FROM stdin;
9047	9010	2024-06-02	2024-06-01	departed
\.
\echo '(RG023)' COPY of a departure before the arrival
COPY registry.residence (person_id, dwelling_id, arrived_on, departed_on, state) FROM stdin;
9047	9010	2024-06-02	infinity	active
\.
\echo '(RG024)' COPY of a departure on the day infinity
COPY registry.residence (person_id, dwelling_id, arrived_on) FROM stdin;
9047	9010	0001-01-01 BC
\.
\echo '(RG025)' COPY before Christ
COPY registry.residence (person_id, dwelling_id, arrived_on) FROM stdin;
9047	9036	2024-06-01
\.
\echo '(RG026)' COPY into what is prohibited
COPY registry.residence (person_id, dwelling_id, arrived_on) FROM stdin;
9047	9038	2024-06-01
\.
\echo '(RG027)' COPY into what is demolished
COPY registry.residence (person_id, dwelling_id, arrived_on) FROM stdin;
9047	9032	2024-06-01
\.
\echo '(RG028)' COPY into what has no letter
COPY registry.residence (person_id, dwelling_id, arrived_on) FROM stdin;
9047	9020	2024-06-01
9048	9020	2024-06-01
9049	9020	2024-06-01
\.
\echo '(RG029)' COPY of one too many for the area
COPY registry.residence (person_id, dwelling_id, arrived_on) FROM stdin;
9047	9004	2024-06-01
9048	9004	2024-06-01
9049	9004	2024-06-01
\.
\echo '(RG030)' COPY of one too many for the room
COPY registry.residence (person_id, dwelling_id, arrived_on) FROM stdin;
9102	9011	2024-06-01
\.
\echo '(RG020)' COPY of a child who lives elsewhere
COPY registry.residence (person_id, dwelling_id, arrived_on, guardian_person_id) FROM stdin;
9047	9012	2024-06-01	9047
\.
\echo '(RG041)' COPY of the own guardian
COPY registry.residence (person_id, dwelling_id, arrived_on, state) FROM stdin;
9047	9010	2024-06-01	voided
\.
\echo '(RG034)' COPY of what never was
COPY registry.residence (person_id, dwelling_id, arrived_on, departed_on, state) FROM stdin;
9047	9010	2024-06-01	2024-06-02	auto_closed
\.
\echo '(RG036)' COPY without a reason
COPY registry.residence (person_id, dwelling_id, arrived_on, state) FROM stdin;
9047	9010	2024-06-01	departed
\.
\echo '(RG038)' COPY without a departure
COPY registry.residence (person_id, dwelling_id, arrived_on, channel) FROM stdin;
9047	9010	2024-06-01	pigeon
\.
\echo '(RG006)' COPY of no code
COPY registry.residence (person_id, dwelling_id, arrived_on) FROM stdin;
-1	9010	2024-06-01
\.
\echo '(RG010)' COPY of nobody
COPY registry.residence (person_id, dwelling_id, arrived_on) FROM stdin;
9047	-1	2024-06-01
\.
\echo '(RG011)' COPY of nowhere
COPY registry.residence (person_id, dwelling_id, arrived_on, reported_at) FROM stdin;
9047	9010	2024-06-01	infinity
\.
\echo '(RG043)' COPY of a report at the end of time
SELECT is_empty('SELECT FROM registry.residence WHERE person_id BETWEEN 9047 AND 9049', 'nothing of what was refused is kept');
SELECT is_empty('SELECT FROM registry.residence a JOIN registry.residence b USING (person_id)
                 WHERE a.residence_id < b.residence_id AND a.period && b.period AND NOT ''{rejected,voided}'' && ARRAY[a.state::text, b.state::text]',
    'and nobody is in two places');
SELECT * FROM finish();

-- what the clerk reads
UPDATE registry.residence SET state = 'departed', departed_on = '2024-06-01' WHERE residence_id = :asleep;
INSERT INTO registry.residence (residence_id, person_id, dwelling_id, arrived_on, state) OVERRIDING SYSTEM VALUE VALUES
    (9900, 9050, 9010, '2024-06-01', 'active'), (9901, 9051, 9006, '2024-06-01', 'active'), (9902, 9052, 9020, '2024-06-01', 'active'), (9903, 9053, 9020, '2024-06-01', 'active');
UPDATE registry.residence SET state = 'departed', departed_on = '2024-06-01' WHERE residence_id = 9901;
INSERT INTO registry.residence (residence_id, person_id, dwelling_id, arrived_on, departed_on, state) OVERRIDING SYSTEM VALUE VALUES
    (9904, 9054, 9010, '2024-01-01', '2024-06-01', 'departed'), (9905, 9055, 9006, '2024-07-01', NULL, 'active');
INSERT INTO registry.residence (residence_id, person_id, dwelling_id, arrived_on, departed_on, state, closed_at, close_reason) OVERRIDING SYSTEM VALUE VALUES
    (9906, 9056, 9010, '2024-01-01', '2024-06-01', 'auto_closed', '2024-06-02 12:00+08', 'not met');
CREATE TEMP TABLE attempt (n integer GENERATED ALWAYS AS IDENTITY, code text, statement text);
INSERT INTO attempt (code, statement) VALUES
('RG006', $$UPDATE registry.residence SET channel = '窗口窗口窗口窗口窗口窗口窗口窗口窗口窗口窗口' WHERE residence_id = 9900$$),
('RG006', $$INSERT INTO registry.residence (person_id, dwelling_id, arrived_on, channel) VALUES (9057, 9010, '2024-06-01', '窗口窗口窗口窗口窗口窗口窗口窗口窗口窗口窗口')$$),
('RG010', $$SELECT pg_temp.arrive(9999, 9010, '2024-06-01')$$),
('RG011', $$SELECT pg_temp.arrive(9057, 9999, '2024-06-01')$$),
('RG020', $$SELECT pg_temp.arrive(9050, 9011, '2024-07-01')$$),
('RG021', $$SELECT pg_temp.arrive(9054, 9011, '2024-02-01')$$),
('RG021', $$SELECT pg_temp.arrive(9050, 9011, '2024-07-01', 'departed', '2024-08-01')$$),
('RG023', $$SELECT pg_temp.arrive(9057, 9010, '2024-02-01', 'departed', '2024-01-31')$$),
('RG023', $$UPDATE registry.residence SET state = 'departed', departed_on = '2024-05-31' WHERE residence_id = 9900$$),
('RG025', $$SELECT pg_temp.arrive(9057, 9010, '0044-03-15 BC')$$),
('RG026', $$SELECT pg_temp.arrive(9057, 9036, '2024-06-01')$$),
('RG027', $$SELECT pg_temp.arrive(9057, 9038, '2024-06-01')$$),
('RG028', $$SELECT pg_temp.arrive(9057, 9040, '2024-07-01')$$),
('RG029', $$SELECT pg_temp.arrive(9057, 9020, '2024-06-01')$$),
('RG030', $$SELECT pg_temp.arrive(9057, 9006, '2024-06-01')$$),
('RG031', $$SELECT pg_temp.arrive(9105, 9010, '2024-06-01')$$),
('RG032', $$SELECT pg_temp.arrive(9105, 9012, '2024-07-02', guardian => 9050)$$),
('RG033', $$UPDATE registry.residence SET guardian_person_id = 9102 WHERE person_id = 9101$$),
('RG034', $$SELECT pg_temp.arrive(9057, 9010, '2024-06-01', '离开离开离开离开离开离开离开离开离开离开离开离开')$$),
('RG034', $$UPDATE registry.residence SET state = 'active', departed_on = NULL WHERE residence_id = 9904$$),
('RG035', $$DELETE FROM registry.residence$$),
('RG036', $$UPDATE registry.residence SET state = 'voided' WHERE residence_id = 9900$$),
('RG037', $$UPDATE registry.residence SET dwelling_id = 9011 WHERE residence_id = 9900$$),
('RG038', $$UPDATE registry.residence SET state = 'departed' WHERE residence_id = 9900$$),
('RG038', $$SELECT pg_temp.arrive(9057, 9010, '2024-06-01', 'active', '2024-06-02')$$),
('RG041', $$SELECT pg_temp.arrive(9057, 9010, '2024-06-01', guardian => 9057)$$),
('RG042', $$UPDATE registry.residence SET state = 'active', departed_on = NULL WHERE residence_id = 9906$$);
UPDATE registry.residence SET state = 'departed', departed_on = '2024-07-01', guardian_person_id = NULL WHERE person_id = 9105;
UPDATE registry.person SET birth_date = '2020-02-29' WHERE person_id = 9105;
\set VERBOSITY default
\set SHOW_CONTEXT never
SELECT unnest(ARRAY[format('SELECT %L', code), $$SET residency.language = 'en'$$, statement, $$SET residency.language = 'zh'$$, statement])
FROM attempt ORDER BY n
\gexec
-- these name today
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
CREATE TEMP TABLE attempt_today (statement text);
INSERT INTO attempt_today VALUES ($$SELECT pg_temp.arrive(9057, 9010, '5874897-12-31')$$), ($$UPDATE registry.residence SET arrived_on = 'infinity' WHERE residence_id = 9904$$),
    ($$SELECT pg_temp.arrive(9057, 9010, '2024-06-01', 'departed', 'infinity')$$), ($$UPDATE registry.residence SET departed_on = 'infinity' WHERE residence_id = 9904$$),
    ($$SELECT pg_temp.arrive(9057, 9010, '2024-06-01', reported => 'infinity')$$), ($$UPDATE registry.residence SET reported_at = 'infinity' WHERE residence_id = 9904$$);
SET residency.language = 'en';
SELECT pg_temp.said(statement) FROM attempt_today;
SET residency.language = 'zh';
SELECT pg_temp.said(statement) FROM attempt_today;
RESET residency.language;
ROLLBACK;
