-- A random history of ten years: grids split, merged, redrawn, renamed and retired, villages recoded, merged and cut, people coming and
-- going, each entered long after its day; and now and then acts for days to come, all of which are called off. A plain model knows who was where; every day on which something changed is asked for, and so is the day before a change of the map.
\set ECHO none
\getenv test PG_ABS_SRCDIR
\i :test/lib/register.sql

-- rows that other tests have taken back: a plan for an empty table reads its whole index, theirs included
VACUUM ANALYZE registry.person, registry.dwelling, registry.residence, registry.grid, registry.grid_version;
BEGIN;
SET LOCAL search_path = public, residency;
SET LOCAL datestyle = 'ISO';
SET LOCAL client_min_messages = warning;
SELECT plan(13);
SELECT setseed(0.4711) \g /dev/null

-- Three villages of four grids each, drawn ten years ago; sixty dwellings, of which one in six has no place of its own and one in
-- six is a room of another; two hundred persons
INSERT INTO registry.grid (grid_code, name, division, outline, period)
SELECT v.code || lpad((1 + x)::text, 3, '0'), 'Grid ' || x, v.code::division_code,
       ST_Multi(ST_MakeEnvelope(113.3 + x * 0.01, 22.9 + v.y * 0.01, 113.3 + (x + 1) * 0.01, 22.9 + (v.y + 1) * 0.01, 4490)), daterange(today() - 3650, NULL)
FROM (VALUES ('440113007003', 0), ('440113007005', 1), ('440113007007', 2)) v (code, y), generate_series(0, 3) x;
INSERT INTO registry.dwelling (dwelling_id, address, division, location, let_state) OVERRIDING SYSTEM VALUE
SELECT 9800 + n, 'Home ' || n, ('{440113007003,440113007005,440113007007}'::text[])[1 + n % 3]::division_code,
       -- a few lie on borders, and outside
       ST_SetSRID(ST_MakePoint(113.3 + CASE n % 7 WHEN 0 THEN 0.01 * (n % 4) ELSE random() * 0.041 END, 22.9 + n % 3 * 0.01 + random() * 0.01), 4490), 'owner_occupied'
FROM generate_series(1, 60) n;
INSERT INTO registry.dwelling (dwelling_id, parent_id, kind, address, division, let_state) OVERRIDING SYSTEM VALUE
SELECT d.dwelling_id + 100, d.dwelling_id, 'room', d.address, d.division, 'owner_occupied' FROM registry.dwelling d WHERE d.dwelling_id BETWEEN 9801 AND 9812;
INSERT INTO registry.person (person_id, name, birth_date) OVERRIDING SYSTEM VALUE SELECT 9800 + n, 'Person ' || n, '1970-01-01' FROM generate_series(1, 260) n;

-- The model: the map after each act, with the day from which it holds, and where each dwelling lay
CREATE TEMP TABLE drawn (since date, grid_code text COLLATE "C", division text, outline geometry);
CREATE TEMP TABLE lay (since date, dwelling_id bigint, division text);
CREATE TEMP TABLE done (act text, answer api.answer, day date);
CREATE FUNCTION pg_temp.remember(since date) RETURNS void LANGUAGE sql AS $$
    INSERT INTO drawn SELECT since, g.grid_code, g.division::text, g.outline FROM registry.grid g
    WHERE g.period @> today() AND g.division <@ '440113007' AND g.kind = 'management';
    INSERT INTO lay SELECT since, d.dwelling_id, d.division::text FROM registry.dwelling d WHERE d.dwelling_id BETWEEN 9801 AND 9999;
$$;
SELECT pg_temp.remember(today() - 3650) \g /dev/null

CREATE FUNCTION pg_temp.live(day date) RETURNS void LANGUAGE plpgsql AS $$
    DECLARE
        came date; left_on date; who bigint;
    BEGIN
        -- arrivals entered now, of any day; some have ended already
        FOR n IN 1..4 LOOP
            SELECT p.person_id INTO who FROM registry.person p
            WHERE p.person_id BETWEEN 9801 AND 10060 AND NOT EXISTS (SELECT FROM registry.residence r WHERE r.person_id = p.person_id) ORDER BY random() LIMIT 1;
            EXIT WHEN NOT FOUND;
            came := today() - (random() * 3700)::integer;
            left_on := CASE WHEN random() < 0.6 THEN least(today(), came + (random() * 1500)::integer) END;
            INSERT INTO registry.residence (person_id, dwelling_id, arrived_on, departed_on, state)
            SELECT who, d.dwelling_id, came, left_on, CASE WHEN left_on IS NULL THEN 'active' ELSE 'departed' END
            FROM registry.dwelling d WHERE d.dwelling_id BETWEEN 9801 AND 9999 ORDER BY random() LIMIT 1;
        END LOOP;
        -- and departures, backdated as well
        UPDATE registry.residence r SET state = 'departed', departed_on = greatest(r.arrived_on, today() - (random() * 1000)::integer)
        WHERE r.residence_id = (SELECT x.residence_id FROM registry.residence x WHERE x.person_id BETWEEN 9801 AND 10060 AND x.state = 'active' ORDER BY random() LIMIT 1);
        UPDATE registry.residence r SET state = 'voided', close_reason = 'a mistake'
        WHERE random() < 0.2 AND r.residence_id = (SELECT x.residence_id FROM registry.residence x WHERE x.person_id BETWEEN 9801 AND 10060 AND x.state = 'departed' ORDER BY random() LIMIT 1);
    END $$;

CREATE FUNCTION pg_temp.feature(outline geometry, code text DEFAULT NULL) RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_build_object('type', 'Feature', 'geometry', ST_AsGeoJSON(outline, 15)::jsonb, 'properties', jsonb_build_object('grid_code', code))
$$;
-- a grid cut by a slanting line through it
CREATE FUNCTION pg_temp.cut(outline geometry) RETURNS geometry[] LANGUAGE sql AS $$
    SELECT array_agg(ST_Multi(part.geom))
    FROM (SELECT ST_XMin(outline) + (0.2 + 0.6 * random()) * (ST_XMax(outline) - ST_XMin(outline)) AS x,
                 ST_XMin(outline) + (0.2 + 0.6 * random()) * (ST_XMax(outline) - ST_XMin(outline)) AS x2) AS at,
         ST_Dump(ST_Split(outline, ST_SetSRID(ST_MakeLine(ST_MakePoint(at.x, ST_YMin(outline) - 0.001), ST_MakePoint(at.x2, ST_YMax(outline) + 0.001)), 4490))) AS part
$$;
CREATE FUNCTION pg_temp.change(day date) RETURNS void LANGUAGE plpgsql AS $$
    DECLARE
        grid registry.grid; other registry.grid; parts geometry[]; act text; answer api.answer; villages text[]; free text; members text[];
    BEGIN
        act := (ARRAY['split_grid', 'split_grid', 'merge_grids', 'merge_grids', 'move_border', 'move_border', 'move_border', 'rename_grid', 'retire_grid', 'recode_division', 'merge_divisions', 'split_division'])[1 + floor(random() * 12)];
        SELECT g.* INTO grid FROM registry.grid g WHERE g.division <@ '440113007' AND g.kind = 'management' AND upper_inf(g.period) ORDER BY random() LIMIT 1;
        SELECT g.* INTO other FROM registry.grid g
        WHERE g.division = grid.division AND upper_inf(g.period) AND g.grid_id <> grid.grid_id AND registry.share_border(g.outline, grid.outline, grid.division) ORDER BY random() LIMIT 1;
        villages := ARRAY(SELECT DISTINCT g.division::text FROM registry.grid g WHERE g.division <@ '440113007' AND upper_inf(g.period) ORDER BY 1);
        free := (SELECT c FROM (SELECT '440113007' || n AS c FROM generate_series(900, 990) n) x
                 WHERE NOT EXISTS (SELECT FROM code.division d WHERE d.division = x.c::division_code AND upper_inf(d.period)) ORDER BY random() LIMIT 1);
        IF act = 'split_grid' THEN
            answer := api.split_grid(grid.grid_code, (SELECT jsonb_build_object('type', 'FeatureCollection', 'features', jsonb_agg(pg_temp.feature(p))) FROM unnest(pg_temp.cut(grid.outline)) p), 'r', day);
        ELSIF act = 'rename_grid' THEN
            answer := api.rename_grid(grid.grid_code, 'Name ' || day, 'r', day);
        ELSIF act = 'retire_grid' THEN
            IF random() < 0.4 THEN answer := api.retire_grid(grid.grid_code, 'r', day); END IF;
        ELSIF act = 'recode_division' THEN
            answer := api.recode_division(grid.division::text, free, 'r', effective_on => day);
        ELSIF act = 'split_division' THEN
            members := ARRAY(SELECT g.grid_code FROM registry.grid g WHERE g.division = grid.division AND g.kind = 'management' AND upper_inf(g.period) ORDER BY g.grid_code);
            IF cardinality(members) > 2 THEN
                answer := api.split_division(grid.division::text, jsonb_build_array(jsonb_build_object('division', free, 'name', 'Village ' || free, 'members', members[:2])), 'r', effective_on => day);
            END IF;
        ELSIF act = 'merge_divisions' THEN
            IF cardinality(villages) > 1 AND random() < 0.5 THEN answer := api.merge_divisions(villages[:2], villages[1 + floor(random() * 2)], 'r', effective_on => day); END IF;
        ELSIF other.grid_id IS NOT NULL AND act = 'merge_grids' THEN
            answer := api.merge_grids(ARRAY[grid.grid_code, other.grid_code], 'r', effective_on => day);
        ELSIF other.grid_id IS NOT NULL THEN
            -- a part of one goes over to the other
            parts := pg_temp.cut(grid.outline);
            answer := api.move_border(jsonb_build_object('type', 'FeatureCollection', 'features', jsonb_build_array(
                pg_temp.feature(parts[1], grid.grid_code), pg_temp.feature(ST_Multi(ST_Union(other.outline, ST_Union(parts[2:]))), other.grid_code))), 'r', day);
        END IF;
        INSERT INTO done VALUES (act, answer, day);
    END $$;
-- two that wait for their day, the second perhaps on the first; what cannot be entered is refused. Then nothing of it was
CREATE FUNCTION pg_temp.never_mind() RETURNS void LANGUAGE plpgsql AS $$
    DECLARE
        waits record;
    BEGIN
        FOR n IN 1..2 LOOP
            BEGIN
                PERFORM pg_temp.change(today() + 10 * n);
            EXCEPTION WHEN OTHERS THEN
                IF NOT ledger.is_refusal(SQLSTATE) THEN RAISE; END IF;
            END;
        END LOOP;
        FOR waits IN SELECT 'grid' AS on_what, grid_act_id AS act_id, effective_on FROM registry.grid_act WHERE taken_at IS NULL AND called_off_at IS NULL
                     UNION ALL SELECT 'division', division_act_id, effective_on FROM code.division_act WHERE taken_at IS NULL AND called_off_at IS NULL
                     ORDER BY 3 DESC LOOP
            EXECUTE format('SELECT api.call_off_%s_act($1, ''never mind'')', waits.on_what) USING waits.act_id;
        END LOOP;
    END $$;
DO $$
    DECLARE
        day date := today() - 3640;
    BEGIN
        WHILE day < today() LOOP
            IF random() < 0.2 THEN
                PERFORM pg_temp.never_mind();
            END IF;
            PERFORM pg_temp.change(day);
            PERFORM pg_temp.remember(day);
            PERFORM pg_temp.live(day);
            day := day + 20 + (random() * 50)::integer;
        END LOOP;
    END $$;
SELECT cmp_ok(count(*), '>', 60::bigint, 'so many acts') FROM done WHERE (answer).accepted AND day <= today();
SELECT is(count(DISTINCT act), 8::bigint, 'of every kind') FROM done WHERE (answer).accepted AND day <= today();
SELECT cmp_ok(count(*), '>', 20::bigint, 'others were called off'), cmp_ok(count(DISTINCT act), '>', 5::bigint, 'of most kinds') FROM done WHERE (answer).accepted AND day > today();
SELECT cmp_ok(count(*), '>', 200::bigint, 'so many people') FROM registry.residence WHERE person_id BETWEEN 9801 AND 10060;

-- every day on which something begins or ends, and the day before
CREATE TEMP TABLE asked AS
SELECT DISTINCT day FROM (
    SELECT since AS day FROM drawn UNION SELECT since - 1 FROM drawn
    UNION SELECT arrived_on FROM registry.residence WHERE person_id BETWEEN 9801 AND 10060
    UNION SELECT departed_on FROM registry.residence WHERE person_id BETWEEN 9801 AND 10060
    UNION SELECT today()) AS d
WHERE day <= today();
-- in the boundaries of that day, and for every fifth in those of today
CREATE TEMP TABLE question AS
SELECT a.day, 'then' AS boundaries, greatest(a.day, today() - 3650) AS drawn_on FROM asked a
UNION ALL
SELECT a.day, 'now', today() FROM asked a WHERE (today() - a.day) % 5 = 0;
-- what other tests have left in these tables says nothing of this one
ANALYZE registry.dwelling, registry.dwelling_past_division, registry.residence, registry.grid, registry.grid_version, registry.grid_lineage, registry.grid_act;
CREATE TEMP TABLE counted AS
SELECT q.day, q.boundaries, s.division, s.grid_code, s.residents
FROM question q, stat.resident_by_grid_on(q.day, q.boundaries) s
WHERE s.division LIKE '440113007%';
-- what the model says
CREATE INDEX ON drawn (since);
CREATE TEMP TABLE stood AS
SELECT l.since, l.dwelling_id, l.division,
       (SELECT x.grid_code FROM drawn x WHERE x.since = l.since AND ST_Covers(x.outline, COALESCE(d.location, whole.location)) ORDER BY x.grid_code LIMIT 1) AS grid_code
FROM lay l
JOIN registry.dwelling d USING (dwelling_id)
LEFT JOIN registry.dwelling whole ON whole.dwelling_id = d.parent_id;
CREATE INDEX ON stood (dwelling_id, since);
ANALYZE question, stood;
CREATE TEMP TABLE expected AS
SELECT q.day, q.boundaries, s.division, CASE WHEN q.boundaries = 'now' OR q.day = q.drawn_on THEN s.grid_code END AS grid_code, count(*) AS residents
FROM question q
JOIN registry.residence r ON r.person_id BETWEEN 9801 AND 10060 AND r.arrived_on <= q.day AND COALESCE(r.departed_on > q.day, true) AND r.state <> 'voided'
CROSS JOIN LATERAL (SELECT s.* FROM stood s WHERE s.dwelling_id = r.dwelling_id AND s.since <= q.drawn_on ORDER BY s.since DESC LIMIT 1) AS s
GROUP BY 1, 2, 3, 4;
SELECT cmp_ok(count(DISTINCT day), '>', 300::bigint, 'so many days') FROM counted;
SELECT is_empty($$(SELECT day, boundaries, division, grid_code, residents FROM counted WHERE residents > 0 EXCEPT SELECT day, boundaries, division, grid_code, residents FROM expected) ORDER BY 1 LIMIT 10$$,
    'no grid has more than it had');
SELECT is_empty($$(SELECT day, boundaries, division, grid_code, residents FROM expected EXCEPT SELECT day, boundaries, division, grid_code, residents FROM counted) ORDER BY 1 LIMIT 10$$,
    'nor fewer');

-- then places are lost: who lived there is told by lineage, and nobody gets lost
UPDATE registry.dwelling SET location = NULL WHERE dwelling_id BETWEEN 9801 AND 9860 AND dwelling_id % 3 = 0;
CREATE TEMP TABLE shared AS
SELECT a.day, a.boundaries, s.division, s.grid_code, s.residents
FROM (SELECT * FROM question ORDER BY random() LIMIT 100) a, stat.resident_by_grid_on(a.day, a.boundaries) s
WHERE s.division LIKE '440113007%';
SELECT is_empty($$SELECT day, boundaries, s.division, s.n, e.n
    FROM (SELECT day, boundaries, division, sum(residents) AS n FROM shared GROUP BY 1, 2, 3) s
    FULL JOIN (SELECT day, boundaries, division, sum(residents) AS n FROM expected JOIN (SELECT DISTINCT day, boundaries FROM shared) d USING (day, boundaries) GROUP BY 1, 2, 3) e USING (day, boundaries, division)
    WHERE COALESCE(s.n, 0) <> COALESCE(e.n, 0)$$, 'every division has on every day as many as before');
SELECT cmp_ok(sum(s.residents), '>', sum(e.residents) * 0.8, 'most of them in grids') FROM shared s
JOIN (SELECT day, boundaries, division, grid_code, residents FROM expected WHERE grid_code IS NOT NULL) e USING (day, boundaries, division, grid_code);
SELECT is_empty($$SELECT g.grid_id, n, d.day FROM registry.grid g, unnest('{1,2,7,1000003}'::bigint[]) n, (SELECT day FROM asked ORDER BY random() LIMIT 4) d, stat.grid_heirs(g.grid_id, n, d.day) h
    WHERE g.division <@ '440113007' GROUP BY 1, 2, 3 HAVING sum(h.heads) <> n OR min(h.heads) < 0$$, 'shares add up, whatever the number');
-- the other way round of lineage: what came in is what went out
SELECT is_empty($$SELECT l.grid_act_id, l.from_grid_id FROM registry.grid_lineage l JOIN registry.grid g ON g.grid_id = l.from_grid_id WHERE g.division <@ '440113007'
    GROUP BY 1, 2 HAVING abs(sum(l.area_share) - 1) > 0.00001$$, 'shares of an act are the whole');
SELECT set_eq($$SELECT grid_code COLLATE "C", sum(residents)::bigint FROM stat.resident_by_grid_on(today()) WHERE division LIKE '440113007%' AND grid_id IS NOT NULL AND division = left(grid_code, 12) GROUP BY 1$$,
    $$SELECT g.grid_code, (SELECT count(*) FROM registry.dwelling d JOIN registry.residence r USING (dwelling_id) WHERE d.grid_id = g.grid_id AND r.state = 'active' AND d.division = g.division)
      + (SELECT COALESCE(sum(h.heads), 0)::bigint FROM (SELECT r.grid_id, count(*) n FROM registry.dwelling d JOIN registry.residence r USING (dwelling_id)
         LEFT JOIN registry.dwelling w ON w.dwelling_id = d.parent_id WHERE d.division = g.division AND d.location IS NULL AND w.location IS NULL AND r.state = 'active' GROUP BY 1) lost,
         stat.grid_heirs(lost.grid_id, lost.n, today()) h WHERE h.grid_id = g.grid_id)
      FROM registry.grid g WHERE g.division <@ '440113007' AND g.period @> today() AND g.kind = 'management'$$, 'today agrees with what the register keeps');
SELECT * FROM finish();
ROLLBACK;
