-- Clocks: what their events come to, against a count day by day; what cannot happen; alerts.
\set ECHO none
\getenv test PG_ABS_SRCDIR
\i :test/lib/register.sql

BEGIN;
SET LOCAL search_path = public, residency;
SET LOCAL DateStyle = ISO;
SELECT plan(56);

INSERT INTO policy.rule (key, value_type, governs, governs_zh, counts_on)
SELECT key, value_type, 'a test', '测试', 'day of the start'
FROM (VALUES ('test_decide', 'term'), ('test_issue', 'term'), ('test_half', 'term'), ('test_never', 'term'), ('test_hours', 'term'),
             ('test_number', 'integer')) v (key, value_type);
INSERT INTO policy.setting (key, division, period, value, legal_basis)
SELECT key, division::division_code, period::daterange, value, 'a test'
FROM (VALUES
    ('test_decide', NULL, '[2000-01-01,)', '20 working days'), ('test_decide', '4602', '[2000-01-01,2025-06-01)', '10 working days'),
    ('test_decide', '4602', '[2025-06-01,)', '5 working days'), ('test_issue', NULL, '[2000-01-01,)', '15 days'),
    ('test_half', NULL, '[2000-01-01,)', '6 months'), ('test_never', NULL, '[2000-01-01,)', NULL),
    ('test_hours', NULL, '[2000-01-01,)', '24 hours'), ('test_number', NULL, '[2000-01-01,)', '7')
) v (key, division, period, value);
CREATE FUNCTION pg_temp.now_is(id bigint) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', state, 'from', counts_from, 'used', elapsed, 'of', budget + extended, unit, 'due', due_on, 'stopped', stopped_on, '#' || last_sequence)
    FROM registry.clock WHERE clock_id = id
$$;

-- the life of a clock
SELECT registry.start_clock('test_decide', '460105', '2025-03-03') AS clock \gset
SELECT is(pg_temp.now_is(:clock), 'running from 2025-03-03 used 0 of 20 working days due 2025-04-01 stopped #1', 'it starts; the province rests on a day of its own');
SELECT is((registry.clock_step(:clock, 'suspend', '2025-03-10', reason => 'hearing', legal_basis => '行政许可法 Art. 45')).state, 'suspended', 'it is suspended');
SELECT is(pg_temp.now_is(:clock), 'suspended from used 5 of 20 working days due stopped #2', 'what was used is kept, and nothing is due');
SELECT is((registry.clock_step(:clock, 'resume', '2025-04-01')).due_on, legal_deadline('2025-04-01', 15, 'working days', '460105'), 'resumed: the rest of it');
SELECT is((registry.clock_step(:clock, 'extend', '2025-04-02', 10, 'approved', '行政许可法 Art. 42')).due_on, legal_deadline('2025-04-01', 25, 'working days', '460105'), 'extended');
SELECT is((registry.clock_step(:clock, 'stop', '2025-04-10', reason => 'decided')).state, 'stopped', 'it is stopped');
SELECT is(pg_temp.now_is(:clock), 'stopped from used 11 of 30 working days due 2025-05-09 stopped 2025-04-10 #5', 'how it ended');
SELECT results_eq(format($$SELECT sequence, previous, event COLLATE "default", happened_on, amount, state COLLATE "default", elapsed, extended, due_on FROM registry.clock_event WHERE clock_id = %s ORDER BY 1$$, :clock),
    $$VALUES (1, NULL, 'start', date '2025-03-03', NULL, 'running', 0, 0, date '2025-04-01'),
             (2, 1, 'suspend', '2025-03-10', NULL, 'suspended', 5, 0, NULL), (3, 2, 'resume', '2025-04-01', NULL, 'running', 5, 0, '2025-04-23'),
             (4, 3, 'extend', '2025-04-02', 10, 'running', 5, 10, '2025-05-09'), (5, 4, 'stop', '2025-04-10', NULL, 'stopped', 11, 10, '2025-05-09')$$,
    'the chain tells it all');
SELECT is(count(*), 5::bigint, 'who recorded it, and when') FROM registry.clock_event WHERE clock_id = :clock AND actor = session_user AND recorded_at = now();

-- whose limit: place and day of the start
SELECT registry.start_clock('test_decide', '460203', '2025-05-30') AS one, registry.start_clock('test_decide', '460203', '2025-06-03') AS two \gset
SELECT is(pg_temp.now_is(:one), 'running from 2025-05-30 used 0 of 10 working days due 2025-06-16 stopped #1', 'the limit of a city on the day it starts');
SELECT is(pg_temp.now_is(:two), 'running from 2025-06-03 used 0 of 5 working days due 2025-06-10 stopped #1', 'and after it was changed');
-- plain SQL meets the same rules, and what it enters beside them counts for nothing
INSERT INTO registry.clock (matter, division, started_on, budget, unit, due_on, state, elapsed, extended, last_sequence)
VALUES ('test_issue', '460105', '2026-01-20', 900, 'hours', '2030-01-01', 'stopped', 7, 7, 7) RETURNING clock_id AS clock \gset
SELECT is(pg_temp.now_is(:clock), 'running from 2026-01-20 used 0 of 15 days due 2026-02-04 stopped #1', 'a plain INSERT');
INSERT INTO registry.clock_event (clock_id, event, happened_on, reason, legal_basis, sequence, state, elapsed, extended, due_on, actor, recorded_at)
VALUES (:clock, 'suspend', '2026-01-22', 'supplement', '行政许可法 Art. 32', 9, 'running', 99, 99, '2030-01-01', 'nobody', '2000-01-01');
SELECT is(pg_temp.now_is(:clock), 'suspended from used 2 of 15 days due stopped #2', 'a plain event');
SELECT is(actor, session_user::text, 'nobody else has recorded it') FROM registry.clock_event WHERE clock_id = :clock AND sequence = 2;
SELECT is((registry.clock_step(:clock, 'resume', '2026-02-03')).due_on, '2026-02-24', 'natural days give way to the Spring Festival, after a suspension too');
SELECT registry.start_clock('test_half', '460105', '2023-08-31') AS half \gset
SELECT is(pg_temp.now_is(:half), 'running from 2023-08-31 used 0 of 182 days due 2024-02-29 stopped #1', 'months are days once they start');
-- in the rest days that the end gives way to, nothing is used and nothing is late
SELECT registry.start_clock('test_issue', '460105', '2026-02-01') AS clock \gset
SELECT is(pg_temp.now_is(:clock), 'running from 2026-02-01 used 0 of 15 days due 2026-02-24 stopped #1', 'due after the festival');
SELECT registry.clock_step(:clock, 'suspend', '2026-02-20', reason => 'testing', legal_basis => 'Art. 45') \g /dev/null
SELECT is(pg_temp.now_is(:clock), 'suspended from used 15 of 15 days due stopped #2', 'suspended there: all is used');
SELECT is((registry.clock_step(:clock, 'resume', '2026-03-07')).due_on, '2026-03-09', 'resumed: due at once, or when the rest days are over');
-- who is late stays as late
SELECT registry.start_clock('test_decide', '460203', '2025-06-03') AS clock \gset
SELECT registry.clock_step(:clock, 'suspend', '2025-06-13', reason => 'testing', legal_basis => 'Art. 45') \g /dev/null
SELECT is(pg_temp.now_is(:clock), 'suspended from used 8 of 5 working days due stopped #2', 'suspended three days late');
SELECT is((registry.clock_step(:clock, 'resume', '2025-07-01')).due_on, '2025-06-26', 'resumed three days late');
SELECT is((registry.clock_step(:clock, 'extend', '2025-07-01', 5, 'approved', 'Art. 42')).due_on, '2025-07-03', 'extended by five');
SELECT is((registry.clock_step(:clock, 'stop', '2025-07-04')).elapsed, 11, 'stopped a day late');

-- against a count day by day
CREATE FUNCTION pg_temp.works(day date) RETURNS boolean LANGUAGE sql AS $$
    SELECT kind IN ('work', 'swap_work') FROM code.calendar_day c WHERE c.day = $1 AND region IS NULL
$$;
CREATE FUNCTION pg_temp.by_day(id bigint) RETURNS date LANGUAGE plpgsql AS $$
DECLARE
    c     registry.clock;
    e     registry.clock_event;
    total integer;
    used  integer := 0;
    runs  boolean := true;
    due   date;
    day   date;
BEGIN
    SELECT * INTO c FROM registry.clock WHERE clock_id = id;
    total := c.budget;
    day := c.started_on;
    LOOP
        FOR e IN SELECT * FROM registry.clock_event WHERE clock_id = id AND happened_on = day AND sequence > 1 ORDER BY sequence LOOP
            total := total + coalesce(e.amount, 0);
            runs := e.event <> 'suspend' AND (runs OR e.event = 'resume');
        END LOOP;
        EXIT WHEN runs AND used >= total AND pg_temp.works(day) AND NOT EXISTS (SELECT FROM registry.clock_event WHERE clock_id = id AND happened_on > day);
        EXIT WHEN day > '2026-12-30';
        day := day + 1;
        IF runs AND used < total AND (c.unit = 'days' OR pg_temp.works(day)) THEN
            used := used + 1;
        END IF;
    END LOOP;
    RETURN day;
END $$;
CREATE FUNCTION pg_temp.live(matter text, started date, seed integer) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    id    bigint := registry.start_clock(matter, '440105', started);
    c     registry.clock;
    day   date := started;
BEGIN
    FOR i IN 1 .. 6 LOOP
        seed := (seed::bigint * 48271 % 2147483647)::integer;
        day := day + seed / 7 % 6;
        SELECT * INTO c FROM registry.clock WHERE clock_id = id;
        -- what is late is another matter: see above
        EXIT WHEN day > c.due_on;
        IF c.state = 'suspended' THEN
            PERFORM registry.clock_step(id, 'resume', day);
        ELSIF seed % 4 = 0 THEN
            PERFORM registry.clock_step(id, 'extend', day, 1 + seed % 5, 'approved', 'Art. 42');
        ELSE
            PERFORM registry.clock_step(id, 'suspend', day, NULL, 'hearing', 'Art. 45');
        END IF;
    END LOOP;
    IF (SELECT state FROM registry.clock WHERE clock_id = id) = 'suspended' THEN
        PERFORM registry.clock_step(id, 'resume', day);
    END IF;
    RETURN id;
END $$;
CREATE TEMP TABLE lived AS
SELECT pg_temp.live(CASE WHEN i % 2 = 0 THEN 'test_decide' ELSE 'test_issue' END, date '2025-01-02' + i * 5, i * 7919) AS id FROM generate_series(1, 120) i;
SELECT is_empty($$
    SELECT c.* FROM lived JOIN registry.clock c ON c.clock_id = id WHERE c.due_on <> pg_temp.by_day(id)$$, '120 lives: due on the day that a count day by day finds');
SELECT cmp_ok(count(*), '>', 300::bigint, 'and they were eventful') FROM registry.clock_event WHERE event IN ('suspend', 'resume', 'extend');

-- a second notice: what runs is due by the new calendar, and the chain says so
SELECT registry.start_clock('test_issue', '440105', '2026-06-03') AS moved, registry.start_clock('test_decide', '440105', '2026-03-02') AS before \gset
SELECT is(registry.recount_clocks(), 0, 'as long as the calendar stays');
UPDATE code.calendar_day SET kind = 'holiday', name = '测试' WHERE region IS NULL AND day = '2026-06-18';
SELECT registry.recount_clocks() AS recounted \gset
SELECT is(count(*), :recounted::bigint, 'it says how many') FROM registry.clock_event WHERE event = 'recount';
SELECT is((SELECT string_agg(event || ' ' || due_on, ', ' ORDER BY sequence) FROM registry.clock_event WHERE clock_id = :moved), 'start 2026-06-18, recount 2026-06-22', 'the last day gives way');
SELECT is(count(*), 1::bigint, 'others are left alone') FROM registry.clock_event WHERE clock_id = :before;

-- the chain holds without its triggers; the clock holds against a plain UPDATE
SELECT throws_ok($do$DO $d$ BEGIN
    ALTER TABLE registry.clock_event DISABLE TRIGGER USER;
    INSERT INTO registry.clock_event (clock_id, sequence, event, happened_on, actor, recorded_at, state, elapsed, extended)
    SELECT clock_id, last_sequence + 2, 'stop', '2026-01-01', 'x', now(), 'stopped', 0, 0 FROM registry.clock ORDER BY clock_id LIMIT 1;
    SET CONSTRAINTS ALL IMMEDIATE;
END $d$ $do$, '23503', NULL, 'a link that is missing');
SELECT lives_ok(format($$UPDATE registry.clock SET due_on = due_on, matter = matter WHERE clock_id = %s$$, :clock), 'an UPDATE that changes nothing');
SELECT throws_ok(format($$UPDATE registry.clock SET due_on = due_on + 1 WHERE clock_id = %s$$, :clock), 'RG114', NULL, 'another last day');
SELECT throws_ok(format($$UPDATE registry.clock SET state = 'running', counts_from = '2025-07-01', stopped_on = NULL WHERE clock_id = %s$$, :clock), 'RG114', NULL, 'another state');
SELECT throws_ok(format($$UPDATE registry.clock SET last_sequence = 3 WHERE clock_id = %s$$, :clock), 'RG114', NULL, 'back to an earlier event');
SELECT throws_ok(format($$UPDATE registry.clock SET budget = 99 WHERE clock_id = %s$$, :clock), 'RG114', NULL, 'another limit');
SELECT throws_ok(format($$UPDATE registry.clock SET division = '46' WHERE clock_id = %s$$, :clock), 'RG114', NULL, 'another place');
SELECT throws_ok(format($$DELETE FROM registry.clock WHERE clock_id = %s$$, :clock), 'RG114', NULL, 'no clock is deleted');
SET LOCAL client_min_messages = warning;
SELECT throws_ok('TRUNCATE registry.clock CASCADE', 'RG114', NULL, 'nor all of them');
RESET client_min_messages;
SELECT throws_ok($$UPDATE registry.clock_event SET amount = 1$$, 'RG114', NULL, 'no event is changed');
SELECT throws_ok($$DELETE FROM registry.clock_event$$, 'RG114', NULL, 'or deleted');

-- what a day brings
UPDATE policy.setting SET value = '0.9' WHERE key = 'clock_yellow';
UPDATE policy.setting SET value = '1 working day' WHERE key = 'clock_reminder';
INSERT INTO policy.setting (key, division, period, value, legal_basis) VALUES ('clock_yellow', '4401', '(,)', NULL, 'a test');
SELECT registry.start_clock('test_decide', '460203', '2025-09-01') AS five, registry.start_clock('test_decide', '460105', '2025-09-01') AS twenty,
       registry.start_clock('test_decide', '440105', '2025-09-01') AS mild \gset
SELECT is(string_agg(format('%s:%s%s', to_char(day, 'MMDD'), coalesce(registry.clock_level(c, day), '-'), ''), ' ' ORDER BY day),
    '0901:- 0904:- 0905:reminder 0908:yellow 0909:red', 'a short limit: due on the 8th')
FROM registry.clock c, unnest('{2025-09-01,2025-09-04,2025-09-05,2025-09-08,2025-09-09}'::date[]) day WHERE c.clock_id = :five;
SELECT is(string_agg(format('%s:%s', to_char(day, 'MMDD'), coalesce(registry.clock_level(c, day), '-')), ' ' ORDER BY day),
    '0924:- 0925:yellow 0928:yellow 0929:red', 'a long one: 18 of 20 days, due on the 28th, a Sunday that works')
FROM registry.clock c, unnest('{2025-09-24,2025-09-25,2025-09-28,2025-09-29}'::date[]) day WHERE c.clock_id = :twenty;
SELECT is(string_agg(format('%s:%s', to_char(day, 'MMDD'), coalesce(registry.clock_level(c, day), '-')), ' ' ORDER BY day),
    '0925:- 0926:reminder 0928:reminder 0929:red', 'where there is no yellow card')
FROM registry.clock c, unnest('{2025-09-25,2025-09-26,2025-09-28,2025-09-29}'::date[]) day WHERE c.clock_id = :mild;
SELECT is(registry.clock_level(c, '2025-09-01'), NULL, 'what is stopped is not urgent') FROM registry.clock c WHERE c.clock_id = :clock;

CREATE FUNCTION pg_temp.raised(VARIADIC clocks bigint[]) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(format('%s %s', to_char(raised_on, 'MMDD'), level), ', ' ORDER BY array_position(clocks, clock_id), raised_on)
    FROM registry.clock_alert WHERE clock_id = ANY (clocks)
$$;
SELECT is(registry.raise_clock_alerts('2023-09-01'), 0, 'before anything is urgent');
CREATE TEMP TABLE raised AS SELECT day, registry.raise_clock_alerts(day) AS alerts FROM (SELECT date '2025-09-01' + i AS day FROM generate_series(0, 40) i OFFSET 0) d;
SELECT is(registry.raise_clock_alerts('2025-10-11'), 0, 'the same day again: nothing new');
SELECT is(pg_temp.raised(:five, :twenty, :mild), '0905 reminder, 0908 yellow, 0909 red, 0925 yellow, 0929 red, 0926 reminder, 0929 red', 'once for each level');
SELECT is(sum(alerts), (SELECT count(*) FROM registry.clock_alert), 'it says how many') FROM raised;
SELECT registry.clock_step(:twenty, 'extend', '2025-10-09', 10, 'approved', 'Art. 42') \g /dev/null
SELECT registry.raise_clock_alerts('2025-10-17') \g /dev/null
SELECT is(pg_temp.raised(:twenty), '0925 yellow, 0929 red, 1017 yellow', 'another last day has alerts of its own');
DELETE FROM registry.clock_alert;
CREATE TEMP TABLE batches AS SELECT i, registry.raise_clock_alerts('2025-10-17', 50) AS alerts FROM generate_series(1, 5) i;
SELECT is((SELECT alerts FROM batches WHERE i = 1) || ' ' || (SELECT alerts FROM batches WHERE i = 5), '50 0', 'in batches, until there are none');
SELECT is(count(*), (SELECT count(*) FROM registry.clock c WHERE registry.clock_level(c, '2025-10-17') IS NOT NULL), 'none is left out') FROM registry.clock_alert;

-- as it stands today, whenever that is: no calendar of this year is needed
SELECT is(elapsed || ' ' || remaining || ' ' || level || ' ' || (days_late = today() - due_on), '5 0 red true', 'late') FROM registry.clock_now WHERE clock_id = :five;
SELECT is(elapsed || ' ' || remaining || ' ' || days_late || ' ' || coalesce(level, '-') || ' ' || state_name, '11 -1 1 - 已停止', 'stopped late') FROM registry.clock_now WHERE clock_id = :clock;
SELECT registry.clock_step(:mild, 'suspend', '2025-10-09', reason => 'hearing', legal_basis => 'Art. 45') \g /dev/null
SELECT is(num_nulls(due_on, days_late, level) || ' ' || elapsed || ' ' || remaining, '3 23 -3', 'suspended late') FROM registry.clock_now WHERE clock_id = :mild;
SELECT is(count(*), (SELECT count(*) FROM registry.clock), 'every clock is there') FROM registry.clock_now;
SELECT is_empty('SELECT * FROM registry.clock_now WHERE elapsed > budget + extended AND state = ''running''', 'none has used more than it has');

SELECT * FROM finish();

-- what a user reads
\set SHOW_CONTEXT never
\set ON_ERROR_ROLLBACK on
CREATE FUNCTION pg_temp.say(id bigint, VARIADIC what text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    message text; detail text; hint text;
BEGIN
    PERFORM registry.clock_step(id, what[1], what[2]::date, what[3]::integer, what[4], what[5]);
    RAISE WARNING 'not refused';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
    RAISE INFO E'% %\n%\n%', SQLSTATE, message, replace(regexp_replace(detail, '(Clock|计时) \d+', '\1 N'), today()::text, 'TODAY'), hint;
END $$;
SELECT pg_temp.say(-1, 'stop', '2025-10-10');
SELECT pg_temp.say(:five, 'pause', '2025-10-10');
SELECT pg_temp.say(:five, 'suspend', '2025-10-10', NULL, 'tired', 'Art. 45');
SELECT pg_temp.say(:five, 'start', '2025-10-10');
SELECT pg_temp.say(:five, 'resume', '2025-10-10');
SELECT pg_temp.say(:clock, 'stop', '2025-10-10');
SELECT pg_temp.say(:five, 'stop', '2025-08-31');
SELECT pg_temp.say(:five, 'suspend', '9999-12-31', NULL, 'hearing', 'Art. 45');
SELECT pg_temp.say(:five, 'suspend', '2025-10-10', NULL, NULL, 'Art. 45');
SELECT pg_temp.say(:five, 'suspend', '2025-10-10', NULL, 'hearing');
SELECT pg_temp.say(:five, 'extend', '2025-10-10', '5', 'approved', ' ');
SELECT pg_temp.say(:five, 'extend', '2025-10-10', NULL, 'approved', 'Art. 42');
SELECT pg_temp.say(:five, 'extend', '2025-10-10', '0', 'approved', 'Art. 42');
SELECT pg_temp.say(:five, 'extend', '2025-10-10', '3651', 'approved', 'Art. 42');
SELECT pg_temp.say(:five, 'stop', '2025-10-10', '3');
SELECT registry.start_clock('test_never', '460105', '2025-10-10');
SELECT registry.start_clock('test_number', '460105', '2025-10-10');
SELECT registry.start_clock('test_nothing', '460105', '2025-10-10');
SELECT registry.start_clock('test_issue', '460105', '1999-10-10');
SELECT registry.start_clock('test_hours', '460105', '2025-10-10');
SELECT registry.start_clock('test_decide', '460105', '2101-12-10');
UPDATE registry.clock SET due_on = '2030-01-01' WHERE clock_id = :five;
SET residency.language = 'zh';
UPDATE registry.clock_event SET amount = 1;
SELECT pg_temp.say(:five, 'resume', '2025-10-10');
RESET residency.language;
ROLLBACK;
