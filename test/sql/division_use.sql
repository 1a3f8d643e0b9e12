-- Who follows when divisions change, and who keeps what they were: every column is decided on, and does as decided.
\set ECHO none
\getenv test PG_ABS_SRCDIR
\i :test/lib/register.sql
\set ON_ERROR_ROLLBACK on
\set VERBOSITY sqlstate

BEGIN;
SET LOCAL search_path = public, residency;
SET LOCAL datestyle = 'ISO';
SET LOCAL client_min_messages = warning;
SELECT no_plan();

-- a table that comes later must decide, too: columns of our types, or that are called as such columns are; and what refers to grids
CREATE TEMP VIEW named AS
SELECT a.attrelid::regclass::text AS at_table, a.attname::text AS at_column
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_type t ON t.oid = a.atttypid
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped
  AND n.nspname IN ('code', 'policy', 'registry', 'casework', 'exchange', 'ledger', 'stat', 'map')
  AND ('{residency.division_code, residency.address}'::regtype[] && ARRAY[a.atttypid::regtype, t.typelem::regtype, t.typbasetype::regtype]
       OR a.attname ~ '(^|_)division$'
       OR EXISTS (SELECT FROM pg_constraint k WHERE k.contype = 'f' AND k.conrelid = c.oid AND k.confrelid IN ('code.division'::regclass, 'registry.grid'::regclass)
                    AND a.attnum = ANY (k.conkey)));
SELECT is_empty('SELECT at_table, at_column FROM named EXCEPT SELECT at_table, at_column FROM registry.division_use()', 'every column is decided on: add a row to registry.division_use()');
SELECT is_empty('SELECT at_table, at_column FROM registry.division_use() EXCEPT SELECT at_table, at_column FROM named', 'and there is every one of them');
SELECT is_empty($$SELECT * FROM registry.division_use() WHERE fate NOT IN ('follows', 'moves', 'keeps') OR (fate = 'follows') <> (which IS NOT NULL) OR why = ''$$, 'each in one of three ways');
SELECT is_empty('SELECT at_table, at_column FROM registry.division_use() GROUP BY 1, 2 HAVING count(*) > 1', 'once');

CREATE TABLE registry.forgotten (place residency.division_code, homes residency.address[], grid bigint REFERENCES registry.grid, school_division text);
SELECT is(string_agg(at_column, ' ' ORDER BY at_column), 'grid homes place school_division', 'none would be overlooked') FROM named WHERE at_table = 'registry.forgotten';
DROP TABLE registry.forgotten;

CREATE FUNCTION pg_temp.says(answer api.answer) RETURNS text LANGUAGE sql AS $$
    SELECT CASE WHEN answer.accepted THEN COALESCE(answer.warning, 'accepted') ELSE concat_ws(' ', answer.code, answer.detail) END
$$;
CREATE FUNCTION pg_temp.address(home bigint) RETURNS text LANGUAGE sql AS $$ SELECT standard_address::text FROM registry.dwelling WHERE dwelling_id = home $$;
SELECT today() - 10 AS d10, today() - 5 AS d5 \gset

-- Two homes of Nancun in Panyu: one by its number, which has replaced another, the other of a road that only the register knows
INSERT INTO registry.road (division, name, dwellings) VALUES ('440113102208', '飞鹅', 3), ('440113102205', '飞鹅', 2);
INSERT INTO registry.estate (division, name, dwellings) VALUES ('440113102', '雅居', 7);
INSERT INTO code.division_alias (alias, division, kind) VALUES ('里仁', '440113102208', 'alias');
SELECT (api.apply_door_plate('440113102208', '三坊大街', '12号', 'active', '2024-05-06')).record_id AS old_plate \gset
INSERT INTO registry.dwelling (dwelling_id, kind, address, division, safety_letter_on, let_state, parent_id) OVERRIDING SYSTEM VALUE VALUES
    (9401, 'building', '三坊大街12号', '440113102208', '2020-01-01', 'let', NULL), (9402, 'room', '302室', '440113102208', '2020-01-01', 'let', 9401),
    (9403, 'unit', '里仁洞村飞鹅7号', '440113102208', '2020-01-01', 'let', NULL), (9404, 'unit', '三坊大街1号', '440113102205', '2020-01-01', 'let', NULL);
SELECT (api.replace_door_plate(:old_plate, '20号', reason => '整编')).record_id AS new_plate \gset
-- a house that was given the old number, and so must stay apart from the first
SELECT (api.apply_door_plate('440113102208', '三坊大街', '12号', 'active')).record_id AS other_plate \gset
INSERT INTO registry.dwelling (dwelling_id, kind, address, division, let_state) OVERRIDING SYSTEM VALUE VALUES (9405, 'unit', '三坊大街12号', '440113102208', 'owner_occupied');
SELECT (api.apply_door_plate('440113102208', '三坊大街', '99号', applied_on => '2024-05-06')).record_id AS asked \gset
SELECT is(pg_temp.address(9402), '广东省 广州市 番禺区 南村镇 里仁洞村 三坊大街 20号 302室 (440113102208)', 'where it was');
SELECT is(pg_temp.address(9403), '广东省 广州市 番禺区 南村镇 里仁洞村 路:飞鹅 7号 (440113102208)', 'by a road of the register');
INSERT INTO registry.person (person_id, name, birth_date, household_division) OVERRIDING SYSTEM VALUE
SELECT 9400 + n, 'Person ' || n, '1990-01-01', CASE n WHEN 3 THEN '440115' WHEN 4 THEN '440113102208' ELSE '430102' END::division_code FROM generate_series(1, 5) n;
INSERT INTO registry.residence (residence_id, person_id, dwelling_id, arrived_on, departed_on, state, reported_at) OVERRIDING SYSTEM VALUE VALUES
    (9400, 9401, 9403, '2022-01-01', '2023-01-01', 'departed', '2022-01-01'), (9401, 9401, 9402, '2024-01-01', NULL, 'active', '2024-01-02 12:00+08'),
    (9402, 9402, 9404, '2024-01-01', NULL, 'active', '2024-01-02 12:00+08');
INSERT INTO registry.employer (employer_id, registration_number, name, division, state, closed_on) OVERRIDING SYSTEM VALUE VALUES
    (9401, '110108000000016', 'Works', '440113102208', 'open', NULL), (9402, '440113000012346', 'Bygone', '440113102208', 'revoked', '2024-01-01');
INSERT INTO registry.employment (person_id, employer_id, kind, hired_on) VALUES (9401, 9401, 'contract', '2024-01-05'), (9402, 9401, 'contract', '2024-01-05');
INSERT INTO registry.schooling (person_id, school_name, division, level, starts_on, ends_on) VALUES
    (9401, 'School', '440113102208', 'senior', '2020-01-01', '2021-01-01'), (9402, 'School', '440113102208', 'senior', '2024-01-01', NULL);
INSERT INTO policy.setting (key, division, period, value, legal_basis) VALUES
    ('room_limit', '440113102208', '[2020-01-01,)', '3', 'a test'), ('room_limit', '440115', '[2020-01-01,2022-01-01)', '4', 'a test'), ('room_limit', '440115', '[2022-01-01,)', '5', 'a test');
INSERT INTO registry.sweep (name, division, period) VALUES ('Sweep', '440113102208', daterange(:'d10', :'d5'));
-- a permit with its number, and one that is still asked for
CREATE FUNCTION pg_temp.permit(person bigint, VARIADIC events text[]) RETURNS bigint LANGUAGE plpgsql AS $$
    DECLARE
        made bigint; step text;
    BEGIN
        INSERT INTO registry.permit (person_id, applied_on, ground) VALUES (person, '2024-08-01', 'employment') RETURNING permit_id INTO made;
        FOREACH step IN ARRAY events LOOP
            INSERT INTO registry.permit_event (permit_id, event, happened_on, evidence)
            VALUES (made, step, '2024-08-05', CASE step WHEN 'accept' THEN '{"materials": ["id_card", "photo", "employment_proof"]}' ELSE '{}' END::jsonb);
        END LOOP;
        RETURN made;
    END $$;
SELECT pg_temp.permit(9401, 'apply', 'accept', 'verify', 'approve') AS card, pg_temp.permit(9402, 'apply', 'accept') AS asked_for \gset
SELECT permit_number AS number FROM registry.permit WHERE permit_id = :card \gset
SELECT is(left(:'number', 6), '440113', 'a card of Panyu');

-- a village gets another code
SELECT is(pg_temp.says(api.recode_division('440113102208', '440113102908', 'r', effective_on => :'d10')), 'accepted', 'a village gets another code');
SELECT is(pg_temp.address(9402), '广东省 广州市 番禺区 南村镇 里仁洞村 三坊大街 20号 302室 (440113102908)', 'the room has its number still');
SELECT is(pg_temp.address(9403), '广东省 广州市 番禺区 南村镇 里仁洞村 路:飞鹅 7号 (440113102908)', 'roads are known there');
SELECT is(pg_temp.address(9405), '广东省 广州市 番禺区 南村镇 里仁洞村 三坊大街 12号 (440113102908)', 'and who has the old number since');
SELECT is(array_agg(door_plate_id::text ORDER BY dwelling_id), ARRAY[:'new_plate', :'new_plate', NULL, :'other_plate'], 'each with its plate')
FROM registry.dwelling WHERE dwelling_id IN (9401, 9402, 9403, 9405);
SELECT is(count(*), 4::bigint, 'plates follow, past ones, too'), is(count(*) FILTER (WHERE division(address) = '440113102908'), 4::bigint, 'with their addresses') FROM registry.door_plate WHERE division = '440113102908';
SELECT throws_ok(format($$UPDATE registry.door_plate SET division = '440113102205' WHERE door_plate_id = %s$$, :'other_plate'), 'RG218', NULL, 'and by nothing else');
SELECT is(dwelling_id, 9402::bigint, 'found by the number before') FROM api.find_dwelling('番禺区里仁洞村三坊大街12号302室', '440113102908') WHERE grade = 'exact';
SELECT is(string_agg(name || ' ' || dwellings, ', '), '飞鹅 3', 'roads') FROM registry.road WHERE division = '440113102908';
SELECT is_empty($$SELECT FROM registry.road WHERE division = '440113102208'$$, 'none is left');
SELECT is(division::text, '440113102908', 'other names') FROM code.division_alias WHERE alias = '里仁';
SELECT is(string_agg(right(division::text, 3), ' ' ORDER BY employer_id), '908 208', 'an employer, but not one that has closed') FROM registry.employer WHERE employer_id IN (9401, 9402);
SELECT is(string_agg(right(division::text, 3), ' ' ORDER BY starts_on), '208 908', 'studies, but not past ones') FROM registry.schooling WHERE school_name = 'School';
SELECT is(string_agg(right(division::text, 3), ' ' ORDER BY residence_id), '208 908', 'residences, but not past ones') FROM registry.residence WHERE person_id = 9401;
SELECT is(c.division::text || ' ' || c.term, '440113102908 15 working days', 'a clock that runs, with its limit') FROM registry.door_plate p JOIN registry.clock c USING (clock_id) WHERE p.door_plate_id = :asked;
SELECT throws_ok(format($$UPDATE registry.clock c SET division = '440113102205' FROM registry.door_plate p WHERE p.clock_id = c.clock_id AND p.door_plate_id = %s$$, :'asked'), 'RG114', NULL, 'and by nothing else');
SELECT is(household_division::text, '440113102908', 'households') FROM registry.person WHERE person_id = 9404;
SELECT is(policy_text('room_limit', '440113102908', today()), '3', 'settings hold under the new code'), is(policy_text('room_limit', '440113102908', '2023-01-01'), '3', 'as they did for the place'), is(policy_text('room_limit', '440113102208', today()), '3', 'and for what keeps the old one');
SELECT is(division::text, '440113102208', 'a sweep keeps it') FROM registry.sweep WHERE name = 'Sweep';

-- a township goes over to another county
SELECT is(pg_temp.says(api.recode_division('440113102', '440114199', 'r', effective_on => :'d5')), 'accepted', 'a township goes over to another county');
SELECT is(p.division::text || ' ' || p.permit_number, '440114 ' || :'number', 'the permit belongs to the new county, and keeps its number') FROM registry.permit p WHERE p.permit_id = :card;
SELECT is(p.division::text, '440114', 'so does an application') FROM registry.permit p WHERE p.permit_id = :asked_for;
SELECT throws_ok(format($$UPDATE registry.permit SET division = '440115' WHERE permit_id = %s$$, :'card'), 'RG143', NULL, 'and by nothing else');
SELECT is(pg_temp.address(9402), '广东省 广州市 花都区 南村镇 里仁洞村 三坊大街 20号 302室 (440114199908)', 'addresses name the new county');
SELECT is(division::text, '440114199', 'estates of the township') FROM registry.estate WHERE name = '雅居';
SELECT is_empty($$SELECT d.dwelling_id FROM registry.dwelling d WHERE d.division <@ '440114199' AND d.door_plate_id IS NOT NULL
    AND d.division <> (SELECT p.division FROM registry.door_plate p WHERE p.door_plate_id = d.door_plate_id)$$, 'plates and dwellings are in one village');

-- it is called otherwise
SELECT is(pg_temp.says(api.rename_division('440114199', '北村镇', 'r', today() - 1)), 'accepted', 'it is called otherwise');
SELECT is(pg_temp.address(9402), '广东省 广州市 花都区 北村镇 里仁洞村 三坊大街 20号 302室 (440114199908)', 'so do the addresses');
SELECT is(address::text, '广东省 广州市 花都区 北村镇 里仁洞村 三坊大街 20号 (440114199908)', 'and the plates') FROM registry.door_plate WHERE door_plate_id = :new_plate;
SELECT is(normalize_address('花都区南村镇里仁洞村飞鹅7号')::text, '广东省 广州市 花都区 北村镇 里仁洞村 路:飞鹅 7号 (440114199908)', 'the old name is understood');
SELECT is_empty($$SELECT * FROM residency.check() WHERE topic = 'address' AND finding !~ 'one standard address|says division'$$, 'all is in order');

-- two villages that both have a number
SELECT (api.apply_door_plate('440114199205', '三坊大街', '1号', 'active')).record_id AS here, (api.apply_door_plate('440114199908', '三坊大街', '1号', 'active')).record_id AS there \gset
INSERT INTO registry.dwelling (dwelling_id, kind, address, division, let_state) OVERRIDING SYSTEM VALUE VALUES (9406, 'unit', '三坊大街1号', '440114199908', 'owner_occupied');
SELECT is(pg_temp.says(api.merge_divisions('{440114199205,440114199908}', '440114199205', 'r')), 'accepted', 'a village takes up another');
SELECT is(string_agg(right(division::text, 3), ' ' ORDER BY door_plate_id), '205 205 205 205 205 908', 'a number that another house has there stays behind') FROM registry.door_plate WHERE division <@ '440114199';
SELECT is(string_agg(name || ' ' || dwellings, ', '), '飞鹅 5', 'roads that both had are one') FROM registry.road WHERE division = '440114199205';
SELECT is(policy_text('room_limit', '440114199205', today()), NULL, 'settings are those of the one that stays');
SELECT is_empty($$SELECT FROM registry.residence r JOIN registry.dwelling d USING (dwelling_id) WHERE d.division = '440114199205' AND r.state = 'active' AND r.division <> d.division$$, 'residents are where their home is');

-- a county
SELECT is(pg_temp.says(api.recode_division('440115', '440198', 'r', '新南沙区', today() - 1)), 'accepted', 'a county gets another code');
SELECT is(household_division::text, '440198', 'households') FROM registry.person WHERE person_id = 9403;
SELECT is(policy_text('room_limit', '440198001', '2021-01-01') || policy_text('room_limit', '440198', today()), '45', 'settings of every day');
-- one of another city comes to lie in this one: who is registered there has not moved here
UPDATE registry.person SET household_division = '440205' WHERE person_id = 9402;
SELECT is(pg_temp.says(api.recode_division('440205', '440197', 'r', effective_on => today() - 1)), 'accepted', 'a county of another city comes to this one');
SELECT is(p.household_division || ' ' || r.state || ' ' || m.state, '440197 active accepted', 'residence and permit go on') FROM registry.person p JOIN registry.residence r USING (person_id) JOIN registry.permit m USING (person_id) WHERE person_id = 9402;

-- grids: who looks after one that ends looks after what comes of it
CREATE FUNCTION pg_temp.box(x1 float8, x2 float8) RETURNS geometry LANGUAGE sql AS $$ SELECT ST_Multi(ST_MakeEnvelope(113.3 + x1 / 100, 22.9, 113.3 + x2 / 100, 22.92, 4490)) $$;
CREATE FUNCTION pg_temp.staff() RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(concat_ws(' ', s.person_id, right(g.grid_code, 3), s.role, lower(s.period) - today(), upper(s.period) - today()), ', ' ORDER BY s.person_id, g.grid_code, s.role, s.period)
    FROM registry.grid_staff s JOIN registry.grid g USING (grid_id)
$$;
INSERT INTO registry.grid (grid_code, name, division, outline, period)
SELECT '44011300700300' || n, 'G' || n, '440113007003', pg_temp.box(n - 1, n), daterange(today() - 100, NULL) FROM generate_series(1, 3) n;
INSERT INTO registry.grid_staff (person_id, grid_id, role, period)
SELECT v.person, g.grid_id, v.role, daterange(today() - v.ago, today() + v.ahead)
FROM (VALUES (9401, '001', 'worker', 50, NULL::integer), (9401, '002', 'worker', 40, 30), (9402, '002', 'leader', 5, NULL), (9403, '001', 'worker', 50, -20)) v (person, grid, role, ago, ahead)
JOIN registry.grid g ON g.grid_code = '440113007003' || v.grid;
SELECT is(pg_temp.says(api.merge_grids('{440113007003001,440113007003002}', 'r', effective_on => :'d10')), 'accepted', 'two grids become one');
SELECT is(pg_temp.staff(), '9401 001 worker -50 -10, 9401 002 worker -40 -10, 9401 004 worker -10, 9402 004 leader -5, 9403 001 worker -50 -20', 'who looked after both does so once, who came later came to the new one');
SELECT is(pg_temp.says(api.split_grid('440113007003004', jsonb_build_object('type', 'FeatureCollection', 'features', jsonb_build_array(
    jsonb_build_object('type', 'Feature', 'geometry', ST_AsGeoJSON(pg_temp.box(0, 0.5), 15)::jsonb), jsonb_build_object('type', 'Feature', 'geometry', ST_AsGeoJSON(pg_temp.box(0.5, 2), 15)::jsonb))), 'r', :'d5')), 'accepted', 'and two again');
SELECT is(pg_temp.staff() ~ '9401 004 worker -10 -5, 9401 005 worker -5, 9401 006 worker -5, 9402 005 leader -5, 9402 006 leader -5, 9403', true, 'both have who looked after it');
SELECT is(pg_temp.says(api.retire_grid('440113007003005', 'r')), 'gap', 'nothing takes its place');
SELECT is(pg_temp.staff() ~ '9401 005 worker -5 0', true, 'nobody looks after it');
SELECT is(pg_temp.says(api.recode_division('440113007003', '440113007903', 'r')), 'accepted', 'its village gets another code');
SELECT is(string_agg(g.grid_code, ' ' ORDER BY g.grid_code), '440113007903006', 'staff go along') FROM registry.grid_staff s JOIN registry.grid g USING (grid_id) WHERE s.person_id = 9402 AND s.period @> today();
SELECT is_empty($$SELECT s.grid_staff_id FROM registry.grid_staff s JOIN registry.grid g USING (grid_id) WHERE NOT s.period <@ g.period$$, 'nobody looks after a grid beyond its end');
SELECT * FROM finish();
ROLLBACK;
