-- Thousands of random acts, judged by the register and by a simple model of the rules: each time both say the same.
\set ECHO none
\getenv test PG_ABS_SRCDIR
\i :test/lib/register.sql

-- rows that other tests have taken back: a plan for an empty table reads its whole index, theirs included
VACUUM ANALYZE registry.person, registry.dwelling, registry.residence;
BEGIN;
SET LOCAL search_path = public, residency;
SELECT plan(10);

-- A small world: two houses with parts, six single homes; sixteen adults and four children. Guangzhou: 5 m² for each.
INSERT INTO policy.setting (key, division, period, value, legal_basis) VALUES ('room_limit', '440113', '(,)', '2', 'a test');
INSERT INTO registry.person (person_id, name, birth_date) OVERRIDING SYSTEM VALUE
SELECT 8000 + n, 'Resident ' || n, CASE WHEN n > 16 THEN date '2015-01-01' ELSE '1990-01-01' END FROM generate_series(1, 20) n;
INSERT INTO registry.dwelling (dwelling_id, parent_id, kind, address, division, usable_area, safety_letter_on, let_state) OVERRIDING SYSTEM VALUE
SELECT id, parent, kind, 'Road ' || id, '440113007003', area, letter::date, let_state
FROM (VALUES
    (8001, NULL, 'building', NULL, '2020-01-01', 'let'), (8002, 8001, 'unit', 20, NULL, 'let'), (8003, 8002, 'room', NULL, NULL, 'let'),
    (8004, 8002, 'room', 9, NULL, 'lettable'), (8005, 8003, 'bed', NULL, NULL, 'let'), (8006, 8001, 'unit', 15, '2021-01-01', 'let'),
    (8007, NULL, 'building', 60, NULL, 'owner_occupied'), (8008, 8007, 'room', NULL, NULL, 'owner_occupied'), (8009, 8007, 'unit', NULL, '2020-01-01', 'let'),
    (8010, 8009, 'bed', NULL, NULL, 'let'), (8011, NULL, 'unit', 12, '2020-01-01', 'let'), (8012, NULL, 'unit', NULL, NULL, 'let'),
    (8013, NULL, 'unit', 30, '2020-01-01', 'prohibited'), (8014, NULL, 'room', NULL, '2020-01-01', 'lettable'), (8015, NULL, 'unit', NULL, '2020-01-01', 'let'),
    (8016, NULL, 'unit', 5, '2020-01-01', 'lettable')) v (id, parent, kind, area, letter, let_state);

-- The model: what is known, in plain tables without rules
CREATE TEMP TABLE place AS SELECT dwelling_id AS id, parent_id AS parent, kind::text, usable_area AS area, safety_letter_on AS letter, let_state::text AS state
    FROM registry.dwelling WHERE dwelling_id BETWEEN 8001 AND 8016;
CREATE TEMP TABLE stay (id bigint, person bigint, place bigint, arrived date, departed date, state text, guardian bigint);
CREATE TEMP TABLE legal_step (f text, t text);
INSERT INTO legal_step VALUES ('reported', 'verifying'), ('reported', 'active'), ('reported', 'rejected'), ('reported', 'departed'), ('reported', 'moved'), ('reported', 'voided'),
    ('verifying', 'active'), ('verifying', 'rejected'), ('verifying', 'departed'), ('verifying', 'moved'), ('verifying', 'voided'),
    ('active', 'moved'), ('active', 'departed'), ('active', 'auto_closed'), ('active', 'voided'), ('auto_closed', 'active'), ('auto_closed', 'voided'), ('departed', 'voided'), ('moved', 'voided');

CREATE FUNCTION pg_temp.is_open(state text) RETURNS boolean LANGUAGE sql AS $$ SELECT state IN ('reported', 'verifying', 'active') $$;
CREATE FUNCTION pg_temp.is_dead(state text) RETURNS boolean LANGUAGE sql AS $$ SELECT state IN ('rejected', 'voided') $$;
CREATE FUNCTION pg_temp.above(home bigint) RETURNS SETOF place LANGUAGE sql AS $$
    WITH RECURSIVE up AS (
        SELECT p FROM place p WHERE p.id = home
        UNION ALL
        SELECT w FROM up JOIN place w ON w.id = (up.p).parent)
    SELECT (p).* FROM up
$$;
CREATE FUNCTION pg_temp.below(whole bigint) RETURNS SETOF bigint LANGUAGE sql AS $$
    WITH RECURSIVE down AS (
        SELECT p.id FROM place p WHERE p.id = whole
        UNION ALL
        SELECT p.id FROM down JOIN place p ON p.parent = down.id)
    SELECT id FROM down
$$;
CREATE FUNCTION pg_temp.in_homes(whole bigint, but bigint) RETURNS bigint LANGUAGE sql AS $$
    SELECT count(*) FROM stay s WHERE s.place IN (SELECT pg_temp.below(whole)) AND pg_temp.is_open(s.state) AND s.id <> but
$$;
CREATE FUNCTION pg_temp.rank(kind text) RETURNS integer LANGUAGE sql AS $$ SELECT position(left(kind, 2) IN 'bu un ro be') $$;

-- Which rules a residence breaks that begins, or begins anew, or takes more time.
CREATE FUNCTION pg_temp.arrival_breaks(n stay) RETURNS SETOF text LANGUAGE sql AS $$
    SELECT 'RG041' WHERE n.guardian = n.person
    UNION ALL
    SELECT 'RG031' WHERE n.departed IS NULL AND n.guardian IS NULL AND n.person > 8016
    UNION ALL
    SELECT CASE WHEN n.departed IS NULL AND s.departed IS NULL THEN 'RG020' ELSE 'RG021' END
    FROM stay s
    WHERE s.person = n.person AND s.id <> n.id AND NOT pg_temp.is_dead(s.state)
      AND EXISTS (SELECT FROM generate_series(date '2024-01-01', '2024-03-31', '1 day') d
                  WHERE d >= n.arrived AND d < COALESCE(n.departed, 'infinity') AND d >= s.arrived AND d < COALESCE(s.departed, 'infinity'))
    UNION ALL
    SELECT CASE a.state WHEN 'prohibited' THEN 'RG026' ELSE 'RG027' END
    FROM pg_temp.above(n.place) a WHERE n.departed IS NULL AND a.state IN ('prohibited', 'demolished')
    UNION ALL
    SELECT 'RG028'
    FROM place p WHERE p.id = n.place AND n.departed IS NULL AND p.state IN ('let', 'lettable')
      AND NOT EXISTS (SELECT FROM pg_temp.above(n.place) a WHERE a.letter IS NOT NULL)
    UNION ALL
    SELECT 'RG029' FROM pg_temp.above(n.place) a WHERE n.departed IS NULL AND (pg_temp.in_homes(a.id, n.id) + 1) * 5 > a.area
    UNION ALL
    SELECT 'RG030' FROM pg_temp.above(n.place) a
    WHERE n.departed IS NULL AND pg_temp.in_homes(a.id, n.id) + 1 > CASE a.kind WHEN 'room' THEN 2 WHEN 'bed' THEN 1 END
$$;
CREATE FUNCTION pg_temp.guardian_breaks(n stay) RETURNS SETOF text LANGUAGE sql AS $$
    SELECT 'RG033' WHERE n.person > 8016 AND n.guardian > 8016
    UNION ALL
    SELECT 'RG032'
    WHERE n.person > 8016 AND NOT EXISTS (
        SELECT FROM stay g
        WHERE g.person = n.guardian AND pg_temp.is_open(g.state) AND g.id <> n.id
          AND (g.place = n.place OR EXISTS (SELECT FROM pg_temp.above(g.place) x JOIN pg_temp.above(n.place) y USING (id) WHERE x.kind <> 'building')))
$$;
CREATE FUNCTION pg_temp.day_breaks(n stay) RETURNS SETOF text LANGUAGE sql AS $$
    SELECT 'RG023' WHERE n.departed < n.arrived
    UNION ALL
    SELECT 'RG038' WHERE NOT pg_temp.is_dead(n.state) AND pg_temp.is_open(n.state) <> (n.departed IS NULL)
$$;
CREATE FUNCTION pg_temp.new_breaks(n stay) RETURNS SETOF text LANGUAGE sql AS $$
    SELECT 'RG034' WHERE pg_temp.is_dead(n.state)
    UNION ALL SELECT * FROM pg_temp.day_breaks(n)
    UNION ALL SELECT * FROM pg_temp.arrival_breaks(n)
    UNION ALL SELECT * FROM pg_temp.guardian_breaks(n) WHERE n.guardian IS NOT NULL AND n.departed IS NULL
$$;
CREATE FUNCTION pg_temp.change_breaks(o stay, n stay) RETURNS SETOF text LANGUAGE sql AS $$
    SELECT * FROM pg_temp.day_breaks(n)
    UNION ALL
    SELECT 'RG034' WHERE n.state <> o.state AND NOT EXISTS (SELECT FROM legal_step l WHERE l.f = o.state AND l.t = n.state)
    UNION ALL
    SELECT 'RG031' WHERE pg_temp.is_open(n.state) AND o.guardian IS NOT NULL AND n.guardian IS NULL AND n.person > 8016
    UNION ALL
    SELECT 'RG041' WHERE n.guardian = n.person AND n.guardian IS DISTINCT FROM o.guardian
    UNION ALL
    SELECT * FROM pg_temp.arrival_breaks(n)
    WHERE NOT pg_temp.is_dead(n.state) AND (n.arrived < o.arrived OR o.departed IS NOT NULL AND (n.departed IS NULL OR n.departed > o.departed))
    UNION ALL
    SELECT * FROM pg_temp.guardian_breaks(n)
    WHERE n.guardian IS NOT NULL AND pg_temp.is_open(n.state) AND (o.departed IS NOT NULL OR n.guardian IS DISTINCT FROM o.guardian)
$$;
-- The world as it would be, when a dwelling has changed: asked after the model has changed it.
CREATE FUNCTION pg_temp.place_breaks(changed bigint) RETURNS SETOF text LANGUAGE sql AS $$
    SELECT 'RG052' FROM place p JOIN place w ON w.id = p.parent WHERE changed IN (p.id, w.id) AND pg_temp.rank(p.kind) <= pg_temp.rank(w.kind)
    UNION ALL
    SELECT 'RG050' FROM pg_temp.above(changed) a WHERE a.state IN ('prohibited', 'demolished') AND pg_temp.in_homes(changed, 0) > 0
    UNION ALL
    SELECT 'RG058' FROM pg_temp.below(changed) b JOIN place p ON p.id = b
    WHERE p.state IN ('let', 'lettable') AND NOT EXISTS (SELECT FROM pg_temp.above(b) a WHERE a.letter IS NOT NULL)
      AND EXISTS (SELECT FROM stay s WHERE s.place = b AND pg_temp.is_open(s.state))
$$;

CREATE FUNCTION pg_temp.one_of(choices anyarray) RETURNS anyelement LANGUAGE sql VOLATILE AS $$ SELECT choices[1 + floor(random() * cardinality(choices))] $$;
CREATE FUNCTION pg_temp.a_day() RETURNS date LANGUAGE sql VOLATILE AS $$ SELECT date '2024-01-01' + floor(random() * 20)::integer $$;

CREATE TEMP TABLE answer (n integer, act text, statement text, breaks text[], outcome text);
CREATE FUNCTION pg_temp.try(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE statement;
    RETURN '00000';
EXCEPTION WHEN OTHERS THEN
    RETURN CASE WHEN SQLSTATE LIKE 'RG%' THEN SQLSTATE ELSE SQLSTATE || ' ' || SQLERRM END;
END $$;
CREATE FUNCTION pg_temp.insert_stay(s stay) RETURNS text LANGUAGE sql AS $$
    SELECT format('INSERT INTO registry.residence (residence_id, person_id, dwelling_id, arrived_on, departed_on, state, guardian_person_id, close_reason) '
                  'OVERRIDING SYSTEM VALUE VALUES (%s, %s, %s, %L, %L, %L, %L, ''a test'')', s.id, s.person, s.place, s.arrived, s.departed, s.state, s.guardian)
$$;
CREATE FUNCTION pg_temp.update_stay(s stay) RETURNS text LANGUAGE sql AS $$
    SELECT format('UPDATE registry.residence SET arrived_on = %L, departed_on = %L, state = %L, guardian_person_id = %L, close_reason = ''a test'' WHERE residence_id = %s',
                  s.arrived, s.departed, s.state, s.guardian, s.id)
$$;
CREATE FUNCTION pg_temp.play(acts integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    act       text;
    o         stay;
    s         stay;
    t         stay;
    was       place;
    now       place;
    breaks    text[];
    statement text;
    outcome   text;
BEGIN
    FOR n IN 1 .. acts LOOP
        act := pg_temp.one_of('{arrive,arrive,arrive,past,depart,move,state,state,correct,guardian,let,letter,area,part,kind,delete}'::text[]);
        s := ROW(800000 + n, 8001 + floor(random() * 20), 8001 + floor(random() * 17), pg_temp.a_day(), NULL, 'active', NULL);
        breaks := '{}';
        IF act IN ('arrive', 'past') THEN
            s.state := pg_temp.one_of(CASE act WHEN 'arrive' THEN '{reported,verifying,active,active,active,departed,voided}' ELSE '{departed,moved,auto_closed,active}' END::text[]);
            IF act = 'past' THEN
                s.departed := s.arrived + floor(random() * 8)::integer - 1;
            END IF;
            IF random() < (CASE WHEN s.person > 8016 THEN 0.9 ELSE 0.1 END) THEN
                s.guardian := 8001 + floor(random() * 20);
                SELECT COALESCE(max(g.place), s.place) INTO s.place FROM stay g WHERE g.person = s.guardian AND pg_temp.is_open(g.state) AND random() < 0.7;
            END IF;
            breaks := ARRAY(SELECT pg_temp.new_breaks(s));
            IF NOT EXISTS (SELECT FROM place WHERE id = s.place) THEN
                breaks := breaks || 'RG011'::text;
            END IF;
            statement := pg_temp.insert_stay(s);
            outcome := pg_temp.try(statement);
            IF outcome = '00000' THEN
                INSERT INTO stay SELECT s.*;
            END IF;
        ELSIF act IN ('depart', 'move', 'state', 'correct', 'guardian') THEN
            SELECT * INTO o FROM stay x WHERE act NOT IN ('depart', 'move') OR pg_temp.is_open(x.state) ORDER BY random() LIMIT 1;
            CONTINUE WHEN NOT FOUND;
            t := o;
            IF act IN ('depart', 'move') THEN
                t.state := CASE act WHEN 'move' THEN 'moved' ELSE 'departed' END;
                t.departed := o.arrived + floor(random() * 6)::integer - 1;
            ELSIF act = 'state' THEN
                t.state := pg_temp.one_of('{reported,verifying,active,rejected,moved,departed,auto_closed,voided}'::text[]);
                t.departed := CASE WHEN pg_temp.is_open(t.state) AND random() < 0.95 THEN NULL WHEN random() < 0.2 THEN o.departed
                                   ELSE COALESCE(o.departed, o.arrived + 2) END;
            ELSIF act = 'correct' THEN
                t.arrived := o.arrived + floor(random() * 7)::integer - 3;
                t.departed := CASE WHEN random() < 0.9 THEN o.departed + floor(random() * 7)::integer - 3 END;
            ELSE
                t.guardian := CASE WHEN random() < 0.8 THEN 8001 + floor(random() * 20) END;
            END IF;
            breaks := ARRAY(SELECT pg_temp.change_breaks(o, t));
            statement := pg_temp.update_stay(t);
            IF act = 'move' THEN
                -- one act: the old home is left and the new one entered, or nothing happens
                s.person := o.person;
                s.arrived := t.departed;
                s.guardian := o.guardian;
                IF breaks = '{}' THEN
                    UPDATE stay SET state = t.state, departed = t.departed WHERE id = t.id;
                    breaks := ARRAY(SELECT pg_temp.new_breaks(s));
                    IF NOT EXISTS (SELECT FROM place WHERE id = s.place) THEN
                        breaks := breaks || 'RG011'::text;
                    END IF;
                    UPDATE stay SET state = o.state, departed = o.departed WHERE id = o.id;
                END IF;
                statement := statement || '; ' || pg_temp.insert_stay(s);
            END IF;
            outcome := pg_temp.try(statement);
            IF outcome = '00000' THEN
                UPDATE stay SET arrived = t.arrived, departed = t.departed, state = t.state, guardian = t.guardian WHERE id = t.id;
                IF act = 'move' THEN
                    INSERT INTO stay SELECT s.*;
                END IF;
            END IF;
        ELSE
            SELECT * INTO was FROM place ORDER BY random() LIMIT 1;
            now := was;
            CASE act
                WHEN 'let' THEN
                    now.state := pg_temp.one_of('{let,let,let,lettable,lettable,owner_occupied,owner_occupied,owner_occupied,prohibited,demolished}'::text[]);
                    statement := format('UPDATE registry.dwelling SET let_state = %L WHERE dwelling_id = %s', now.state, was.id);
                WHEN 'letter' THEN
                    now.letter := CASE WHEN random() < 0.6 THEN date '2022-01-01' END;
                    statement := format('UPDATE registry.dwelling SET safety_letter_on = %L WHERE dwelling_id = %s', now.letter, was.id);
                WHEN 'area' THEN
                    now.area := CASE WHEN random() < 0.6 THEN 4 + floor(random() * 16) END;
                    statement := format('UPDATE registry.dwelling SET usable_area = %L WHERE dwelling_id = %s', now.area, was.id);
                WHEN 'part' THEN
                    now.parent := CASE WHEN random() < 0.6 THEN 8001 + floor(random() * 16) END;
                    statement := format('UPDATE registry.dwelling SET parent_id = %L WHERE dwelling_id = %s', now.parent, was.id);
                WHEN 'kind' THEN
                    now.kind := pg_temp.one_of('{building,unit,room,bed}'::text[]);
                    statement := format('UPDATE registry.dwelling SET kind = %L WHERE dwelling_id = %s', now.kind, was.id);
                WHEN 'delete' THEN
                    CONTINUE WHEN random() < 0.9;
                    statement := format('DELETE FROM registry.dwelling WHERE dwelling_id = %s', was.id);
            END CASE;
            IF act = 'delete' THEN
                breaks := ARRAY(SELECT 'RG051' FROM stay WHERE place = was.id UNION SELECT 'RG051' FROM place WHERE parent = was.id);
            ELSIF now.parent IS NOT NULL AND NOT EXISTS (SELECT FROM place WHERE id = now.parent) THEN
                breaks := '{RG011}';
            ELSIF now.parent = now.id OR EXISTS (SELECT FROM pg_temp.below(now.id) b WHERE b = now.parent) THEN
                breaks := '{RG052}';
            ELSE
                UPDATE place p SET state = now.state, letter = now.letter, area = now.area, parent = now.parent, kind = now.kind WHERE p.id = now.id;
                IF act <> 'area' THEN
                    breaks := ARRAY(SELECT pg_temp.place_breaks(now.id));
                END IF;
                UPDATE place p SET state = was.state, letter = was.letter, area = was.area, parent = was.parent, kind = was.kind WHERE p.id = was.id;
            END IF;
            outcome := pg_temp.try(statement);
            IF outcome = '00000' AND act = 'delete' THEN
                DELETE FROM place WHERE id = was.id;
            ELSIF outcome = '00000' THEN
                UPDATE place p SET state = now.state, letter = now.letter, area = now.area, parent = now.parent, kind = now.kind WHERE p.id = now.id;
            END IF;
        END IF;
        INSERT INTO answer VALUES (n, act, statement, breaks, outcome);
        -- now and then the slate is wiped, or all would end in ruins
        IF n % 250 = 0 THEN
            UPDATE registry.residence r SET state = 'voided', close_reason = 'a test'
            FROM stay x WHERE x.id = r.residence_id AND NOT pg_temp.is_dead(x.state);
            UPDATE stay SET state = 'voided' WHERE NOT pg_temp.is_dead(state);
            UPDATE registry.dwelling SET let_state = 'let', safety_letter_on = NULLIF('2020-01-01'::date, '2020-01-01'::date + (dwelling_id % 4)::integer), usable_area = NULL
            WHERE dwelling_id BETWEEN 8001 AND 8016;
            UPDATE place SET state = 'let', letter = NULLIF('2020-01-01'::date, '2020-01-01'::date + (id % 4)::integer), area = NULL;
        END IF;
    END LOOP;
END $$;
SELECT setseed(0.1);
SELECT pg_temp.play(2500) \g /dev/null

SELECT is_empty($$SELECT n, act, statement, breaks, outcome FROM answer WHERE (outcome = '00000') <> (breaks = '{}')$$, 'accepted and refused as by the model');
SELECT is_empty($$SELECT n, act, statement, breaks, outcome FROM answer WHERE outcome <> '00000' AND breaks <> '{}' AND outcome <> ALL (breaks)$$, 'and for a reason that the model gives');
SELECT ok(count(*) > 2000, 'thousands of acts') FROM answer;
SELECT is_empty($$SELECT act, count(*) FILTER (WHERE outcome = '00000') FROM answer GROUP BY act
                  HAVING act <> 'delete' AND count(*) FILTER (WHERE outcome = '00000') < 5 OR act NOT IN ('area', 'guardian') AND count(*) FILTER (WHERE outcome <> '00000') < 1$$, 'each act was accepted and refused');
SELECT is(string_agg(DISTINCT outcome, ' ' ORDER BY outcome), '00000 RG011 RG020 RG021 RG023 RG026 RG027 RG028 RG029 RG030 RG031 RG032 RG033 RG034 RG038 RG041 RG050 RG051 RG052 RG058',
    'every rule had its say') FROM answer;
SELECT is_empty($$(SELECT residence_id, person_id, dwelling_id, arrived_on, departed_on, state::text, guardian_person_id FROM registry.residence WHERE residence_id > 800000 AND residence_id < 900000
                   EXCEPT TABLE stay) UNION ALL (TABLE stay EXCEPT
                   SELECT residence_id, person_id, dwelling_id, arrived_on, departed_on, state::text, guardian_person_id FROM registry.residence WHERE residence_id > 800000 AND residence_id < 900000)$$,
    'the register holds what the model holds');
SELECT is_empty($$SELECT a.id, b.id FROM stay a JOIN stay b ON b.person = a.person AND b.id > a.id AND NOT pg_temp.is_dead(a.state) AND NOT pg_temp.is_dead(b.state)
                  WHERE daterange(a.arrived, a.departed) && daterange(b.arrived, b.departed)$$, 'nobody is in two places');
SELECT is_empty($$SELECT id FROM stay WHERE pg_temp.is_open(state) AND EXISTS (SELECT FROM pg_temp.above(place) a WHERE a.state IN ('prohibited', 'demolished'))$$, 'or where nobody may be');
SELECT is_empty($$SELECT s.id FROM stay s JOIN place p ON p.id = s.place WHERE pg_temp.is_open(s.state) AND p.state IN ('let', 'lettable')
                  AND NOT EXISTS (SELECT FROM pg_temp.above(s.place) a WHERE a.letter IS NOT NULL)$$, 'or where a letter is missing');
SELECT is_empty($$SELECT residence_id FROM registry.residence r WHERE residence_id > 800000 AND residence_id < 900000
                  AND (follows_id IS NOT NULL AND NOT EXISTS (SELECT FROM registry.residence f WHERE f.residence_id = r.follows_id AND f.person_id = r.person_id)
                       OR (state NOT IN ('reported', 'verifying', 'active')) <> (closed_at IS NOT NULL) OR state = 'active' AND verified_at IS NULL OR half_year_from < '2024-01-01')$$,
    'what the register fills in fits together');
SELECT * FROM finish();
ROLLBACK;
