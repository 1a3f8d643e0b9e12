-- Both axes of time against a model: 10 000 acts with corrections and backdating on persons, dwellings and residences. The model keeps
-- in plain tables what each act has written; then days and moments are drawn, and api.resident_on() must say what the model says.
\set ECHO none
\getenv test PG_ABS_SRCDIR
\i :test/lib/register.sql
BEGIN;
SET LOCAL search_path = residency, public;
SELECT plan(8);
SELECT setseed(0.20240503) \g /dev/null
INSERT INTO registry.person (person_id, name) OVERRIDING SYSTEM VALUE SELECT 700000 + n, '人' || n FROM generate_series(1, 300) n;
INSERT INTO registry.dwelling (dwelling_id, address, division, safety_letter_on) OVERRIDING SYSTEM VALUE
SELECT 700000 + n, '测试路' || n || '号', CASE n % 2 WHEN 0 THEN '460105001001' ELSE '460105001002' END::division_code, '2020-01-01' FROM generate_series(1, 40) n;

-- when the n-th act was done, and when the next one began
CREATE TEMP TABLE moment (n integer PRIMARY KEY, done timestamptz, next timestamptz);
CREATE TEMP TABLE word (kind text, id bigint, n integer, word text);
CREATE TEMP TABLE stay (id bigint, n integer, person bigint, place bigint, arrived date, departed date, state text, arrived_in daterange, departed_in daterange);
CREATE TEMP TABLE latest (LIKE stay, PRIMARY KEY (id));
INSERT INTO word SELECT 'person', person_id, 0, name FROM registry.person WHERE person_id > 700000 AND person_id < 701000
UNION ALL SELECT 'dwelling', dwelling_id, 0, address FROM registry.dwelling WHERE dwelling_id > 700000 AND dwelling_id < 701000;
CREATE TEMP TABLE answer (act text, outcome text);

CREATE FUNCTION pg_temp.a_day(since date, days integer) RETURNS date LANGUAGE sql VOLATILE AS $$ SELECT since + floor(random() * days)::integer $$;
-- a doubt among whose days the working date no longer is, is over
CREATE FUNCTION pg_temp.settle(s stay) RETURNS stay LANGUAGE plpgsql AS $$ BEGIN
    IF NOT s.arrived_in @> s.arrived THEN s.arrived_in := NULL; END IF;
    IF s.departed IS NULL OR NOT s.departed_in @> s.departed THEN s.departed_in := NULL; END IF;
    RETURN s;
END $$;
CREATE FUNCTION pg_temp.write(act text, s stay) RETURNS text LANGUAGE plpgsql AS $$ BEGIN
    CASE act
        WHEN 'arrive', 'past' THEN
            INSERT INTO registry.residence (residence_id, person_id, dwelling_id, arrived_on, departed_on, state) OVERRIDING SYSTEM VALUE
            VALUES (s.id, s.person, s.place, s.arrived, s.departed, s.state);
        WHEN 'doubt' THEN
            INSERT INTO registry.inexact_date VALUES (s.id, s.arrived_in, s.departed_in)
            ON CONFLICT (residence_id) DO UPDATE SET arrived_between = excluded.arrived_between, departed_between = excluded.departed_between;
        WHEN 'certain' THEN DELETE FROM registry.inexact_date WHERE residence_id = s.id;
        ELSE
            UPDATE registry.residence SET arrived_on = s.arrived, departed_on = s.departed, state = s.state, close_reason = 'a test' WHERE residence_id = s.id;
    END CASE;
    RETURN 'done';
EXCEPTION WHEN OTHERS THEN
    RETURN CASE WHEN SQLSTATE ~ '^(RG|23)' THEN SQLSTATE ELSE SQLSTATE || ' ' || SQLERRM END;
END $$;
CREATE FUNCTION pg_temp.play(acts integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    act     text;
    s       stay;
    outcome text;
    last    integer;
    who     bigint;
    what    text;
BEGIN
    FOR n IN 1 .. acts LOOP
        UPDATE moment m SET next = clock_timestamp() WHERE m.n = last;
        act := ('{arrive,arrive,arrive,past,depart,depart,correct,correct,until,void,doubt,doubt,certain,person,dwelling}'::text[])[1 + floor(random() * 15)];
        IF act IN ('person', 'dwelling') THEN
            who := 700001 + floor(random() * CASE act WHEN 'person' THEN 300 ELSE 40 END)::bigint;
            what := CASE act WHEN 'person' THEN '名' ELSE '新路' END || n;
            IF act = 'person' THEN UPDATE registry.person SET name = what WHERE person_id = who;
            ELSE UPDATE registry.dwelling SET address = what WHERE dwelling_id = who;
            END IF;
            INSERT INTO word VALUES (act, who, n, what);
            outcome := 'done';
        ELSE
            IF act IN ('arrive', 'past') THEN
                s := ROW(700000 + n, n, 700001 + floor(random() * 300), 700001 + floor(random() * 40), pg_temp.a_day('2024-01-01', 300), NULL, 'active', NULL, NULL);
                IF act = 'past' THEN
                    s.departed := pg_temp.a_day(s.arrived, 60);
                    s.state := 'departed';
                END IF;
            ELSE
                SELECT * INTO s FROM latest l WHERE l.state <> 'voided' ORDER BY (l.state = 'active') = (act = 'depart') DESC, random() LIMIT 1;
                CONTINUE WHEN NOT FOUND;
                IF act = 'depart' THEN
                    s.departed := pg_temp.a_day(s.arrived, 90);
                    s.state := 'departed';
                ELSIF act = 'correct' THEN
                    s.arrived := pg_temp.a_day(s.arrived - 20, 40);
                ELSIF act = 'until' AND s.departed IS NOT NULL THEN
                    s.departed := pg_temp.a_day(s.departed - 20, 40);
                ELSIF act = 'void' THEN
                    s.state := 'voided';
                ELSIF act = 'doubt' THEN
                    s.arrived_in := daterange(pg_temp.a_day(s.arrived - 15, 15), pg_temp.a_day(s.arrived + 1, 15));
                    s.departed_in := daterange(pg_temp.a_day(s.departed - 15, 15), pg_temp.a_day(s.departed + 1, 15));
                    IF s.departed IS NULL THEN s.departed_in := NULL; END IF;
                ELSIF act = 'certain' THEN
                    s.arrived_in := NULL;
                    s.departed_in := NULL;
                END IF;
            END IF;
            outcome := pg_temp.write(act, s);
            IF outcome = 'done' THEN
                s := pg_temp.settle(s);
                s.n := n;
                INSERT INTO stay SELECT s.*;
                DELETE FROM latest l WHERE l.id = s.id;
                INSERT INTO latest SELECT s.*;
            END IF;
        END IF;
        INSERT INTO answer VALUES (act, outcome);
        INSERT INTO moment VALUES (n, clock_timestamp(), NULL);
        last := n;
    END LOOP;
    UPDATE moment m SET next = clock_timestamp() WHERE m.n = last;
END $$;
SELECT pg_temp.play(10000) \g /dev/null
SELECT is_empty($$SELECT DISTINCT outcome FROM answer WHERE outcome <> 'done' AND outcome !~ '^(RG020|RG021|RG023|RG312|23P01|23505)$'$$, 'refused is what contradicts');
SELECT cmp_ok((SELECT min(n) FROM (SELECT count(*) AS n FROM answer WHERE outcome = 'done' GROUP BY act) t), '>', 100::bigint, 'each act was done a hundred times');

-- the model's own answer
CREATE INDEX ON stay (id, n);
CREATE INDEX ON word (kind, id, n);
CREATE FUNCTION pg_temp.model(division text, day date, known integer) RETURNS SETOF text LANGUAGE sql AS $$
    WITH s AS (SELECT DISTINCT ON (id) * FROM stay WHERE n <= known ORDER BY id, n DESC)
    SELECT concat_ws(' ', s.id, s.person, p.word, s.place, d.word, s.arrived, s.departed, s.state,
                     CASE WHEN day >= s.arrived AND (s.arrived_in IS NULL OR day >= upper(s.arrived_in) - 1)
                           AND (s.departed IS NULL OR day < s.departed AND (s.departed_in IS NULL OR day < lower(s.departed_in))) THEN 'certain' ELSE 'possible' END)
    FROM s
    CROSS JOIN LATERAL (SELECT word FROM word w WHERE w.kind = 'person' AND w.id = s.person AND w.n <= known ORDER BY w.n DESC LIMIT 1) p
    CROSS JOIN LATERAL (SELECT word FROM word w WHERE w.kind = 'dwelling' AND w.id = s.place AND w.n <= known ORDER BY w.n DESC LIMIT 1) d
    WHERE s.state <> 'voided' AND CASE s.place % 2 WHEN 0 THEN '460105001001' ELSE '460105001002' END LIKE division || '%'
      AND EXISTS (SELECT FROM generate_series(COALESCE(lower(s.arrived_in), s.arrived)::timestamp,
                                              COALESCE(upper(s.departed_in) - 1, s.departed, date '2026-01-01')::timestamp - interval '1 day', interval '1 day') g WHERE g::date = day)
$$;
-- from the first act to the last, and between: when one was just done, when the next was about to begin, and somewhere between these
CREATE TEMP TABLE drawn AS
SELECT ('{460105,460105001001,460105001002}'::text[])[1 + floor(random() * 3)] AS division, pg_temp.a_day('2023-12-15', 340) AS day, m.n AS known,
       CASE m.turn % 3 WHEN 0 THEN m.done WHEN 1 THEN m.next ELSE m.done + random() * (m.next - m.done) END AS at
FROM (SELECT *, row_number() OVER (ORDER BY n) AS turn FROM moment) m
WHERE m.turn % 20 = 1;
CREATE TEMP TABLE said AS
SELECT d.*, m.rows AS model, r.rows AS register
FROM drawn d
CROSS JOIN LATERAL (SELECT array_agg(x ORDER BY x COLLATE "C") AS rows FROM pg_temp.model(d.division, d.day, d.known) x) m
CROSS JOIN LATERAL (
    SELECT array_agg(x ORDER BY x COLLATE "C") AS rows
    FROM (SELECT concat_ws(' ', q.residence_id, q.person_id, q.name, q.dwelling_id, q.address, q.arrived_on, q.departed_on, q.state, q.answer)
          FROM api.resident_on(d.division, d.day, d.at) q
          WHERE q.residence_id BETWEEN 700001 AND 710000) AS q (x)) r;
SELECT is_empty('SELECT division, day, known, at FROM said WHERE model IS DISTINCT FROM register', 'who lived where, as was known: what the model says');
SELECT cmp_ok((SELECT count(*) FROM said WHERE model IS NOT NULL), '>', 400::bigint, 'at 400 moments somebody did');
SELECT is_empty('SELECT part FROM generate_series(0, 9) part WHERE NOT EXISTS (SELECT FROM said WHERE known / 1000 = part AND model IS NOT NULL)', 'of all of the run');
SELECT cmp_ok((SELECT count(*) FROM said, unnest(model) m WHERE m LIKE '%possible'), '>', 100::bigint, 'some of it only possible');
SELECT is((SELECT string_agg(DISTINCT table_name, ' ') FROM ledger.change WHERE transaction = pg_current_xact_id()),
    'registry.dwelling registry.inexact_date registry.person registry.residence', 'tables that the run has changed');
SELECT is_empty('SELECT h.table_name FROM ledger.history h CROSS JOIN LATERAL ledger.unnoted(h.table_name)', 'all tables agree with their histories');
SELECT * FROM finish();
ROLLBACK;
