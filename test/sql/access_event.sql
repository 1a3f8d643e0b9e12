-- Access control: feeds that come late, twice and from nowhere; months that are made and dropped; candidates against brute force;
-- what somebody decides on them.
\set ECHO none
\getenv test PG_ABS_SRCDIR
\i :test/lib/register.sql
\set VERBOSITY terse
\set ON_ERROR_ROLLBACK on
\set SHOW_CONTEXT never

BEGIN;
SET LOCAL datestyle = 'ISO';
SET LOCAL timezone = 'UTC';
SET LOCAL client_min_messages = warning;
SET LOCAL search_path = public, residency;
SELECT no_plan();
DELETE FROM registry.access_mark;
DELETE FROM registry.access_batch;

-- everything that is due
CREATE FUNCTION pg_temp.count_all() RETURNS integer LANGUAGE plpgsql AS $$
DECLARE done integer; total integer := 0;
BEGIN
    LOOP
        done := registry.due_presence(today(), 1000);
        EXIT WHEN done = 0;
        total := total + done;
    END LOOP;
    RETURN total;
END $$;
-- noon in China, so many days ago
CREATE FUNCTION pg_temp.ago(days integer) RETURNS timestamptz LANGUAGE sql AS $$ SELECT registry.day_start(today() - days) + interval '12 hours' $$;

INSERT INTO registry.person (person_id, name, birth_date) OVERRIDING SYSTEM VALUE SELECT 9800 + n, '人' || n, '1980-01-01' FROM generate_series(0, 40) n;
INSERT INTO registry.dwelling (dwelling_id, parent_id, kind, address, division, let_state, safety_letter_on) OVERRIDING SYSTEM VALUE VALUES
    (9801, NULL, 'building', '门禁路1号', '460105001001', 'lettable', '2020-01-01'),
    (9802, 9801, 'unit', '门禁路1号101', '460105001001', 'lettable', NULL),
    (9803, 9801, 'unit', '门禁路1号102', '460105001001', 'lettable', NULL),
    (9804, NULL, 'unit', '门禁路2号', '460105001001', 'lettable', '2020-01-01');
INSERT INTO registry.access_device (access_device_id, device_code, name) OVERRIDING SYSTEM VALUE VALUES (9801, 'HK-1', '1号东门'), (9802, 'HK-2', '2号门'), (9803, 'HK-3', NULL);

-- guards
SELECT throws_ok($$INSERT INTO registry.access_device (device_code) VALUES (E'a\nb')$$, 'RG125', NULL, 'a code is one line');
SELECT throws_ok($$INSERT INTO registry.access_device (device_code, state) VALUES ('x', 'gone')$$, 'RG006', NULL, 'a state of the list');
SELECT throws_ok($$UPDATE registry.access_device SET device_code = 'HK-9' WHERE access_device_id = 9801$$, 'RG289', NULL, 'the code stays');
SELECT lives_ok($$INSERT INTO registry.access_binding (access_binding_id, access_device_id, dwelling_id, period) OVERRIDING SYSTEM VALUE VALUES (9801, 9801, 9801, '[2020-01-01,)')$$, 'bound');
SELECT throws_ok($$INSERT INTO registry.access_binding (access_device_id, dwelling_id, period) VALUES (9801, 9804, '[2021-01-01,)')$$, 'RG287', NULL, 'one dwelling at a time');
SELECT throws_ok($$INSERT INTO registry.access_binding (access_device_id, dwelling_id) VALUES (-1, 9804)$$, 'RG288', NULL, 'a device that is there');
SELECT throws_ok($$INSERT INTO registry.access_binding (access_device_id, dwelling_id) VALUES (9802, -1)$$, 'RG011', NULL, 'a dwelling that is there');
SELECT throws_ok($$INSERT INTO registry.access_binding (access_device_id, dwelling_id, period) VALUES (9802, 9804, 'empty')$$, 'RG266', NULL, 'a period with days');
SELECT throws_ok($$INSERT INTO registry.access_credential (token) VALUES (gen_random_uuid())$$, 'RG291', NULL, 'a person or a dwelling');
SELECT throws_ok($$INSERT INTO registry.access_credential (token, person_id) VALUES (gen_random_uuid(), -1)$$, 'RG010', NULL, 'a person who is there');
INSERT INTO registry.access_credential (token, person_id, dwelling_id) SELECT md5(n::text)::uuid, 9800 + n, CASE WHEN n = 1 THEN 9802 END FROM generate_series(1, 4) n;
SELECT throws_ok($$INSERT INTO registry.access_credential (token, person_id) VALUES (md5('1')::uuid, 9802)$$, 'RG290', NULL, 'one bearer at a time');
SELECT isnt(access_token('secret', '0012345678'), access_token('other', '0012345678'), 'a pseudonym needs its secret');

-- events: twice, late, from the future, from nowhere
CREATE TEMP TABLE feed AS
SELECT pg_temp.ago(3) + n * interval '1 minute' AS happened_at, n::bigint AS serial, md5('1')::uuid AS token, 'HK-1' AS device_code, 'in' AS direction, 'card' AS method FROM generate_series(1, 5) n;
INSERT INTO registry.access_event (happened_at, serial, token, device_code, direction, method) SELECT * FROM feed;
INSERT INTO registry.access_event (happened_at, serial, token, device_code, direction, method) SELECT * FROM feed;
INSERT INTO registry.access_event (happened_at, device_code, token, method) VALUES
    (pg_temp.ago(3), 'HK-2', md5('2')::uuid, 'face'), (pg_temp.ago(3), 'nobody knows it', NULL, NULL), (now() + interval '1 day', 'HK-1', md5('2')::uuid, 'card'),
    ('1970-01-01', 'HK-1', md5('2')::uuid, 'card'), (pg_temp.ago(2), 'HK-1', NULL, 'teleport'), ('infinity', 'HK-1', NULL, 'key');
SELECT is(count(*), 16::bigint, 'nothing is refused') FROM registry.access_event;
SELECT throws_ok('UPDATE registry.access_event SET token = NULL', 'RG285', NULL, 'and nothing changed');
SELECT cmp_ok(pg_temp.count_all(), '>', 0, 'they are counted');
SELECT is(pg_temp.count_all(), 0, 'once');
SELECT is(count(*), 11::bigint, 'what came twice is there once') FROM registry.access_event;
SELECT results_eq($$SELECT device_code, today() - day, left(token::text, 4), dwelling_id, events FROM registry.presence_day ORDER BY day, device_code$$,
    $$VALUES ('HK-1' COLLATE "C", 3, 'c4ca', 9801::bigint, 5), ('HK-1', 2, '0000', 9801, 1)$$, 'who was where');
SELECT results_eq($$SELECT device_code, kind, events, left_out FROM api.access_fault ORDER BY device_code, kind, day$$,
    $$VALUES ('HK-1' COLLATE "C", 'future' COLLATE "C", 1, true), ('HK-1', 'future', 1, true), ('HK-1', 'too_late', 1, true), ('HK-1', 'unbound_device', 1, true), ('HK-1', 'unknown_code', 1, false),
             ('HK-2', 'unbound_device', 1, true), ('nobody knows it', 'unknown_device', 1, true)$$, 'what is odd is told');
INSERT INTO registry.access_binding (access_device_id, dwelling_id, period) VALUES (9802, 9804, daterange(today() - 30, NULL));
SELECT cmp_ok(pg_temp.count_all(), '>', 0, 'bound afterwards');
SELECT results_eq($$SELECT dwelling_id, person_id, events FROM registry.presence WHERE device_code = 'HK-2'$$, 'VALUES (9804::bigint, 9802::bigint, 1)', 'its events count');
SELECT is_empty($$SELECT FROM api.access_fault WHERE device_code = 'HK-2'$$, 'and are not odd any more');
UPDATE registry.access_binding SET period = daterange(today() - 1, NULL) WHERE access_device_id = 9802;
SELECT cmp_ok(pg_temp.count_all(), '>', 0, 'bound otherwise');
SELECT is_empty($$SELECT FROM registry.presence WHERE device_code = 'HK-2'$$, 'they do not');
DELETE FROM registry.access_event WHERE device_code = 'HK-1' AND serial = 5;
SELECT cmp_ok(pg_temp.count_all(), '>', 0, 'an event that had to go');
SELECT is((SELECT events FROM registry.presence_day WHERE token = md5('1')::uuid), 4, 'does not count');

-- months
SELECT results_eq($$SELECT tableoid::regclass::text, count(*) FROM registry.access_event GROUP BY 1$$, $$VALUES ('registry.access_event_default', 10::bigint)$$, 'before there are months');
CREATE TEMP TABLE made AS SELECT registry.due_access_months(today(), 1000) AS n FROM generate_series(1, 6);
SELECT is((SELECT count(*) FROM made WHERE n > 0), count(*), 'this month and the next two, and that of the events if it is another')
FROM (SELECT date_trunc('month', today() + m * interval '1 month') FROM generate_series(0, 2) m UNION SELECT date_trunc('month', today() - n) FROM unnest('{2,3}'::integer[]) n
      UNION SELECT date_trunc('month', local_day(now() + interval '1 day'))) AS month (month);
SELECT is(count(*), 2::bigint, 'what has a month is there') FROM registry.access_event_default;
SELECT is(count(*), 10::bigint, 'nothing is lost') FROM registry.access_event;
SELECT is(registry.due_access_months((today() + interval '5 months')::date, 1000), 1, 'half a year later');
SELECT is((SELECT count(*) FROM ledger.access_purge), 0::bigint, 'nothing is dropped before its time');
CREATE TEMP TABLE later AS SELECT registry.due_access_months((date_trunc('month', today()) + interval '9 months')::date, 1000) AS n FROM generate_series(1, 20);
SELECT is((SELECT n FROM later ORDER BY ctid DESC LIMIT 1), 0, 'all is done');
SELECT is(sum(events), 10::numeric, 'dropped and on record') FROM ledger.access_purge;
SELECT is(count(*), 0::bigint, 'and gone') FROM registry.access_event;
SELECT isnt(count(*), 0::bigint, 'what was counted stays') FROM registry.presence_day;
INSERT INTO registry.access_event (happened_at, device_code, token, method) VALUES ((today() - interval '8 months')::date, 'HK-1', md5('1')::uuid, 'card');
SELECT cmp_ok(pg_temp.count_all(), '>', 0, 'an event older than what is kept');
SELECT is((SELECT max(kind) FROM registry.access_fault WHERE day = (today() - interval '8 months')::date), 'too_late', 'is told and not counted');
-- registry.due_presence drops what is older than presence_retention
INSERT INTO registry.presence_day VALUES ('HK-1', today() - 500, md5('1')::uuid, 9801, 1, now(), now());
SELECT is(registry.due_presence(today(), 1000), 1, 'old days');
SELECT is_empty($$SELECT FROM registry.presence_day WHERE day < today() - 400$$, 'are dropped');
TRUNCATE registry.access_event, registry.presence_day, registry.access_fault, registry.access_mark, registry.access_batch;

-- the model
SELECT is(round(presence_probability(0.3, 0.5, 0.1, 0.1, 7, 25)::numeric, 3), 0.434, 'seven of 25 days');
SELECT is(round(presence_probability(0.3, 0.5, 0.1, 0.1, 12, 20)::numeric, 3), 1.000, 'twelve of 20');
SELECT is(round(presence_probability(0.8, 0.5, 0, 0.1, 0, 30)::numeric, 3), 0.286, 'none of 30, who has gone passes never');
SELECT is(round(presence_probability(0.3, 0.5, 0.1, 0.1, 1000, 20000)::numeric, 3), 0.000, 'many days do not overflow');
SELECT is(round(presence_probability(0, 1, 0, 2, 0, 30)::numeric, 3), 0.000, 'nor do odd settings');

-- candidates against brute force, from the events themselves
SELECT setseed(0.5) \g /dev/null
INSERT INTO registry.access_credential (token, person_id, period)
SELECT md5(n::text)::uuid, 9800 + n, CASE n % 3 WHEN 0 THEN daterange(today() - 20, NULL) ELSE daterange(NULL, NULL) END FROM generate_series(5, 30) n;
UPDATE registry.access_binding SET period = daterange(today() - 70, today() - 10) WHERE access_device_id = 9802;
INSERT INTO registry.access_binding (access_device_id, dwelling_id, period) VALUES (9802, 9803, daterange(today() - 10, NULL)), (9803, 9802, daterange(today() - 90, NULL));
INSERT INTO registry.residence (person_id, dwelling_id, arrived_on, state)
SELECT 9800 + n, (ARRAY[9804, 9802, 9801, 9803])[1 + n % 4], today() - 65, 'active' FROM generate_series(8, 22) n;
INSERT INTO registry.access_event (happened_at, token, device_code, method)
SELECT registry.day_start(today() - day) + random() * interval '24 hours', CASE WHEN n < 38 THEN md5(n::text)::uuid END, 'HK-' || 1 + (n + (random() < 0.2)::integer) % 3, 'card'
FROM generate_series(1, 39) n, generate_series(0, 62) day
WHERE random() < CASE n % 4 WHEN 0 THEN 0.8 WHEN 1 THEN 0.25 WHEN 2 THEN CASE WHEN day > 33 THEN 0.6 ELSE 0 END ELSE 0.05 END;
SELECT cmp_ok(pg_temp.count_all(), '>', 100, 'random events');

CREATE TEMP TABLE pass AS
SELECT local_day(e.happened_at) AS day, e.happened_at, e.token, c.person_id, b.dwelling_id
FROM registry.access_event e
JOIN registry.access_device d USING (device_code)
JOIN registry.access_binding b ON b.access_device_id = d.access_device_id AND b.period @> local_day(e.happened_at)
LEFT JOIN registry.access_credential c ON c.token = e.token AND c.period @> local_day(e.happened_at);
CREATE TEMP TABLE chain (a bigint, b bigint);
INSERT INTO chain VALUES (9801, 9801), (9801, 9802), (9801, 9803), (9802, 9801), (9803, 9801), (9802, 9802), (9803, 9803), (9804, 9804);
CREATE TEMP TABLE expected AS
SELECT 'probably_arrived' AS kind, s.dwelling_id, s.person_id, s.token, s.events, s.seen_days,
       (SELECT count(DISTINCT o.day) FROM pass o WHERE o.dwelling_id = s.dwelling_id AND o.day >= s.first_day AND o.day < today()) AS open_days
FROM (SELECT p.dwelling_id, p.person_id, CASE WHEN p.person_id IS NULL THEN p.token END AS token, count(*) AS events, count(DISTINCT p.day) AS seen_days, min(p.day) AS first_day
      FROM pass p WHERE p.token IS NOT NULL AND p.day BETWEEN today() - 30 AND today() - 1
      GROUP BY 1, 2, 3) AS s
WHERE s.seen_days >= 7
  AND NOT EXISTS (SELECT FROM registry.residence r JOIN chain ON chain.a = r.dwelling_id AND chain.b = s.dwelling_id WHERE r.person_id = s.person_id)
UNION ALL
SELECT 'probably_left', r.dwelling_id, r.person_id, NULL, count(*), count(DISTINCT p.day), max(o.open_days)
FROM registry.residence r
JOIN chain ON chain.a = r.dwelling_id
JOIN pass p ON p.dwelling_id = chain.b AND p.person_id = r.person_id AND p.day >= r.arrived_on
CROSS JOIN LATERAL (
    SELECT count(DISTINCT o.day) AS open_days
    FROM pass o
    WHERE o.dwelling_id IN (SELECT q.dwelling_id FROM pass q JOIN chain k ON k.b = q.dwelling_id AND k.a = r.dwelling_id WHERE q.person_id = r.person_id AND q.day >= r.arrived_on)
      AND o.day > (SELECT max(q.day) FROM pass q JOIN chain k ON k.b = q.dwelling_id AND k.a = r.dwelling_id WHERE q.person_id = r.person_id AND q.day >= r.arrived_on)
      AND o.day < today()) AS o
GROUP BY r.residence_id, r.dwelling_id, r.person_id
HAVING max(o.open_days) >= 30;
SELECT set_eq('SELECT kind, dwelling_id, person_id, token, events::bigint, seen_days::bigint, open_days::bigint FROM api.presence_candidate',
    'SELECT kind COLLATE "C", dwelling_id, person_id, token, events, seen_days, open_days FROM expected', 'the candidates are those of brute force');
SELECT cmp_ok(count(*), '>=', 3::bigint, kind || ': there are some') FROM expected GROUP BY kind ORDER BY kind;
SELECT cmp_ok(count(*), '>=', 1::bigint, 'unknown bearers among them') FROM expected WHERE token IS NOT NULL;
SELECT is_empty('SELECT FROM api.presence_candidate WHERE probability NOT BETWEEN 0 AND 1 OR probability IS NULL', 'each with its probability');
SELECT is_empty($$SELECT FROM api.presence_candidate c CROSS JOIN jsonb_array_elements(c.sample) AS s
    WHERE NOT EXISTS (SELECT FROM registry.access_event e WHERE e.device_code = s ->> 'device_code' AND e.happened_at = (s ->> 'happened_at')::timestamptz)$$, 'and events that are there');
SELECT is_empty($$SELECT FROM api.presence_candidate c WHERE jsonb_array_length(c.sample) NOT BETWEEN 1 AND 5$$, 'some of them');

-- decisions
SELECT person_id AS gone, dwelling_id AS gone_from, residence_id FROM api.presence_candidate WHERE kind = 'probably_left' ORDER BY person_id LIMIT 1 \gset
SELECT person_id AS came, dwelling_id AS came_to FROM api.presence_candidate c WHERE kind = 'probably_arrived' AND person_id IS NOT NULL AND residence_id IS NULL ORDER BY person_id LIMIT 1 \gset
SELECT token AS unknown, dwelling_id AS unknown_at FROM api.presence_candidate WHERE token IS NOT NULL ORDER BY token LIMIT 1 \gset
SELECT is((api.confirm_presence('probably_left', :gone_from, 'visit', :gone)).state, 'visit', 'somebody shall look');
SELECT results_eq('SELECT kind, dwelling_id FROM registry.patrol_task', format('VALUES (''presence_check'' COLLATE "C", %s::bigint)', :gone_from), 'a task');
SELECT is(registry.due_overdue_visits(today(), 1000) + registry.due_visits(today(), 1000), 0, 'which the nightly run leaves alone');
SELECT is_empty(format('SELECT FROM api.presence_candidate WHERE kind = ''probably_left'' AND person_id = %s', :gone), 'hides the candidate');
UPDATE registry.patrol_task SET state = 'void', void_reason = 'x';
SELECT isnt_empty(format('SELECT FROM api.presence_candidate WHERE kind = ''probably_left'' AND person_id = %s', :gone), 'while it is open');
SELECT is((api.confirm_presence('probably_left', :gone_from, 'confirmed', :gone, dry_run => true)).state, 'departed', 'rehearsed');
SELECT is((api.confirm_presence('probably_left', :gone_from, 'confirmed', :gone)).state, 'departed', 'confirmed');
SELECT is((SELECT state FROM registry.residence WHERE residence_id = :residence_id), 'departed', 'it is closed');
SELECT throws_ok(format('SELECT api.confirm_presence(''probably_left'', %s, ''confirmed'', %s)', :gone_from, :gone), 'RG286', NULL, 'once');
SELECT throws_ok(format('SELECT api.confirm_presence(''probably_arrived'', %s, ''dismissed'', %s)', :came_to, :came), 'RG085', NULL, 'a dismissal has a reason');
SELECT is((api.confirm_presence('probably_arrived', :came_to, 'dismissed', :came, reason => '送餐员')).state, 'dismissed', 'dismissed');
SELECT is_empty(format('SELECT FROM api.presence_candidate WHERE kind = ''probably_arrived'' AND person_id = %s AND dwelling_id = %s', :came, :came_to), 'it does not come back');
SELECT is(hidden_until, today() + 90, 'for so long') FROM registry.presence_decision WHERE decision = 'dismissed';
SELECT throws_ok($$UPDATE registry.presence_decision SET reason = 'x'$$, 'RG272', NULL, 'a decision stays');
SELECT throws_ok(format('SELECT api.confirm_presence(''probably_arrived'', %s, ''confirmed'', token => %L)', :unknown_at, :'unknown'), 'RG085', NULL, 'an unknown bearer needs a name');
SELECT throws_ok(format('SELECT api.confirm_presence(''probably_arrived'', %s, ''confirmed'', 9800, %L, lives_in => %s)', :unknown_at, :'unknown', CASE :unknown_at WHEN 9804 THEN 9801 ELSE 9804 END),
    'RG292', NULL, 'and a home behind the door');
SELECT is((api.confirm_presence('probably_arrived', :unknown_at, 'confirmed', 9800, :'unknown')).state, 'reported', 'registered');
SELECT results_eq($$SELECT dwelling_id, state FROM registry.residence WHERE person_id = 9800$$, format('VALUES (%s::bigint, ''reported'' COLLATE "C")', :unknown_at), 'by the rules of an arrival');
SELECT results_eq(format('SELECT person_id FROM registry.access_credential WHERE token = %L', :'unknown'), 'VALUES (9800::bigint)', 'whose credential it is, is known');
SELECT is_empty(format('SELECT FROM api.presence_candidate WHERE token = %L', :'unknown'), 'no candidate any more');
-- from elsewhere
SELECT person_id AS moved, dwelling_id AS moved_to, residence_id AS old FROM api.presence_candidate WHERE kind = 'probably_arrived' AND residence_id IS NOT NULL AND person_id <> :gone ORDER BY person_id, dwelling_id LIMIT 1 \gset
SELECT is((api.confirm_presence('probably_arrived', :moved_to, 'confirmed', :moved)).dwelling_id, :moved_to::bigint, 'a change of address');
SELECT is((SELECT state FROM registry.residence WHERE residence_id = :old), 'moved', 'closes the old residence');
SELECT throws_ok('DELETE FROM registry.presence_decision', 'RG035', NULL, 'no decision is deleted');
SELECT * FROM finish();
ROLLBACK;
