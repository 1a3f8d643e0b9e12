-- Grids and divisions that change: acts past and to come, lineage, refusals; and the counts of every day of ten years.
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

-- rectangles of hundredths of a degree, counted from 113.30 E 22.90 N; days counted from today
CREATE FUNCTION pg_temp.box(x1 float8, y1 float8, x2 float8, y2 float8) RETURNS geometry LANGUAGE sql AS $$
    SELECT ST_Multi(ST_MakeEnvelope(113.3 + x1 / 100, 22.9 + y1 / 100, 113.3 + x2 / 100, 22.9 + y2 / 100, 4490))
$$;
CREATE FUNCTION pg_temp.spot(x float8, y float8) RETURNS geometry LANGUAGE sql AS $$
    SELECT ST_SetSRID(ST_MakePoint(113.3 + x / 100, 22.9 + y / 100), 4490)
$$;
CREATE FUNCTION pg_temp.features(VARIADIC parts jsonb[]) RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_build_object('type', 'FeatureCollection', 'features', to_jsonb(parts))
$$;
CREATE FUNCTION pg_temp.feature(outline geometry, code text DEFAULT NULL, name text DEFAULT NULL) RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_build_object('type', 'Feature', 'geometry', ST_AsGeoJSON(outline, 15)::jsonb, 'properties', jsonb_build_object('grid_code', code, 'name', name))
$$;
CREATE FUNCTION pg_temp.grids("on" date DEFAULT today()) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(right(g.grid_code, 6) || ' ' || v.name || ' ' || round(ST_Area(v.outline) * 10000)::text, ', ' ORDER BY g.grid_code)
    FROM registry.grid g JOIN registry.grid_version v USING (grid_id)
    WHERE g.period @> "on" AND v.period @> "on" AND g.division <@ '440113007'
$$;
CREATE FUNCTION pg_temp.lineage(act bigint) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(concat_ws(' ', right(from_code, 3), '>', COALESCE(right(to_code, 3), '-'), round(area_share, 2), residents, round(resident_share, 2)), ', ' ORDER BY from_code, to_code)
    FROM api.grid_lineage WHERE grid_act_id = act
$$;
CREATE FUNCTION pg_temp.grid_of(address text) RETURNS text LANGUAGE sql AS $$
    SELECT right(g.grid_code, 6) FROM registry.dwelling d LEFT JOIN registry.grid g USING (grid_id) WHERE d.address = $1
$$;
-- accepted with the warning, or the code of the refusal
CREATE FUNCTION pg_temp.says(answer api.answer) RETURNS text LANGUAGE sql AS $$
    SELECT CASE WHEN answer.accepted THEN COALESCE(answer.warning, 'accepted') ELSE answer.code END
$$;
SELECT today() - 100 AS d100, today() - 50 AS d50, today() - 20 AS d20, today() - 10 AS d10, today() AS d0, today() + 10 AS soon, today() + 20 AS later \gset

INSERT INTO registry.grid (grid_code, name, division, outline, period)
SELECT '44011300700300' || n, 'G' || n, '440113007003', pg_temp.box(n - 1, 0, n, 2), daterange(:'d100', NULL) FROM generate_series(1, 4) n;
INSERT INTO registry.dwelling (dwelling_id, address, division, location, let_state) OVERRIDING SYSTEM VALUE
SELECT 9700 + n, 'Place ' || n, '440113007003', pg_temp.spot(0.5 * n - 0.25, 0.5), 'owner_occupied' FROM generate_series(1, 8) n;
INSERT INTO registry.dwelling (dwelling_id, address, division, let_state) OVERRIDING SYSTEM VALUE VALUES (9709, 'Nowhere', '440113007003', 'owner_occupied');
INSERT INTO registry.person (person_id, name, birth_date) OVERRIDING SYSTEM VALUE SELECT 9700 + n, 'Person ' || n, '1980-01-01' FROM generate_series(1, 20) n;
INSERT INTO registry.residence (person_id, dwelling_id, arrived_on, state) SELECT 9700 + n, 9700 + CASE WHEN n > 9 THEN 1 ELSE n END, :'d100', 'active' FROM generate_series(1, 10) n;
SELECT is(count(*), 4::bigint, 'each grid has its version') FROM registry.grid_version v JOIN registry.grid g USING (grid_id) WHERE g.division = '440113007003';

-- a split in the past: who lived where, then and now
SELECT * FROM api.split_grid('440113007003001', pg_temp.features(pg_temp.feature(pg_temp.box(0.4, 0, 1, 2)), pg_temp.feature(pg_temp.box(0, 0, 0.4, 2), NULL, 'West')), 'too large', :'d50') \gset a_
SELECT is(:'a_accepted'::text, 't', 'split');
SELECT is(pg_temp.grids(), '003002 G2 2, 003003 G3 2, 003004 G4 2, 003005 West 1, 003006 G1-2 1', 'numbered anew, from the west');
SELECT is(pg_temp.lineage(:a_record_id), '001 > 005 0.40 2 0.67, 001 > 006 0.60 1 0.33', 'shares of area and residents');
SELECT is(pg_temp.grids(:'d50'::date - 1), '003001 G1 2, 003002 G2 2, 003003 G3 2, 003004 G4 2', 'the day before it was one');
SELECT is(concat_ws(' ', pg_temp.grid_of('Place 1'), pg_temp.grid_of('Place 2')), '003005 003006', 'the dwellings follow');
SELECT is(string_agg(concat_ws(' ', right(grid_code, 3), residents), ', '), '001 3, 002 2, 003 2, 004 2, 1', 'in the grids of that day, and without one') FROM stat.resident_by_grid_on(:'d50'::date - 1);
SELECT is(string_agg(concat_ws(' ', right(grid_code, 3), residents), ', '), '002 2, 003 2, 004 2, 005 2, 006 1, 1', 'in the grids of today') FROM stat.resident_by_grid_on(:'d50'::date - 1, 'now');
SELECT set_eq($$SELECT grid_code COLLATE "C", residents FROM stat.resident_by_grid_on(today()) WHERE grid_id IS NOT NULL$$,
              $$SELECT grid_code, residents::bigint FROM stat.resident_by_grid$$, 'today agrees with stat.resident_by_grid');

-- a border to come, and a name
SELECT is(pg_temp.says(api.move_border(pg_temp.features(pg_temp.feature(pg_temp.box(1, 0, 2.4, 2), '440113007003002'), pg_temp.feature(pg_temp.box(2.4, 0, 3, 2), '440113007003003')), 'a new road', :'soon')), 'accepted', 'a border that will move');
SELECT is(pg_temp.grids(), '003002 G2 2, 003003 G3 2, 003004 G4 2, 003005 West 1, 003006 G1-2 1', 'not yet');
SELECT is(pg_temp.grids(:'soon'), '003002 G2 3, 003003 G3 1, 003004 G4 2, 003005 West 1, 003006 G1-2 1', 'on the day');
SELECT throws_ok($$UPDATE registry.grid SET name = 'X' WHERE grid_code = '440113007003002'$$, 'RG248', NULL, 'nobody redraws it meanwhile');
SELECT is(pg_temp.says(api.rename_grid('440113007003002', 'X', 'r', today(), dry_run => true)), 'RG248', 'nor does an act before it');
SELECT is(pg_temp.says(api.rename_grid('440113007003002', 'Two', 'as people call it', :'later')), 'accepted', 'after it, yes');
SELECT is(pg_temp.says(api.split_grid('440113007003004', pg_temp.features(pg_temp.feature(pg_temp.box(3, 0, 4, 1)), pg_temp.feature(pg_temp.box(3, 1, 4, 2))), 'too large', :'later')), 'accepted', 'a split to come');
SELECT is(pg_temp.grid_of('Place 8'), '003004', 'whose dwellings stay until then');
SELECT is(error, NULL, 'the nightly job'), is(done, 0, 'has nothing to do yet') FROM registry.due_batch('due_boundaries', today(), 1000);
-- the days pass: all that was entered moves back by 25 days, past the split and the first days alike
UPDATE registry.grid_version SET period = daterange(lower(period) - 25, upper(period) - 25) WHERE lower(period) > today() OR upper(period) > today();
SET LOCAL session_replication_role = replica;
UPDATE registry.grid SET period = daterange(CASE WHEN lower(period) > today() THEN lower(period) - 25 ELSE lower(period) END, upper(period) - 25)
WHERE lower(period) > today() OR upper(period) > today();
SET LOCAL session_replication_role = origin;
-- what the triggers did not see
SELECT cover_grids(array_agg(grid_id)) > 0 AS covered FROM registry.grid \gset
UPDATE registry.grid_act SET effective_on = effective_on - 25 WHERE effective_on > today();
SELECT is(error, NULL, 'the nightly job'), is(done, 3, 'does what is due, in one go') FROM registry.due_batch('due_boundaries', today(), 1000);
SELECT is(done, 0, 'once') FROM registry.due_batch('due_boundaries', today(), 1000);
SELECT is(pg_temp.grids(), '003002 Two 3, 003003 G3 1, 003005 West 1, 003006 G1-2 1, 003007 G4-1 1, 003008 G4-2 1', 'the map of today');
SELECT is(g.name || round(ST_Area(g.outline) * 10000), 'Two3', 'also in registry.grid') FROM registry.grid g WHERE grid_code = '440113007003002';
SELECT is(concat_ws(' ', pg_temp.grid_of('Place 5'), pg_temp.grid_of('Place 6'), pg_temp.grid_of('Place 8')), '003002 003003 003008', 'and the dwellings, numbered from the north');

-- merge, retire, redraw directly
SELECT is(pg_temp.says(api.merge_grids('{440113007003007,440113007003008}', 'as before', 'Four')), 'accepted', 'merged today');
SELECT is(pg_temp.grids(), '003002 Two 3, 003003 G3 1, 003005 West 1, 003006 G1-2 1, 003009 Four 2', 'under a new number');
SELECT is(pg_temp.grid_of('Place 8'), '003009', 'with its dwellings');
SELECT is(pg_temp.says(api.retire_grid('440113007003006', 'r', dry_run => true)), 'gap', 'what is retired leaves a gap');
SELECT is((api.retire_grid('440113007003006', 'r', dry_run => true)).record_id, NULL, 'a rehearsal names no act');
SELECT is(pg_temp.says(api.retire_grid('440113007003006', 'drawn twice', today() - 1)), 'gap', 'retired as of yesterday');
SELECT is(pg_temp.grid_of('Place 2'), NULL, 'who lives there has no grid');
SELECT is(l.reason || (l.to_code IS NULL) || l.residents, 'drawn twicetrue1', 'the void number has its reason') FROM api.grid_lineage l WHERE from_code = '440113007003006' AND kind = 'retire';
UPDATE registry.grid SET outline = pg_temp.box(2.4, 0, 3, 1.5) WHERE grid_code = '440113007003003';
SELECT is(string_agg(concat_ws(' ', upper(v.period) - today(), round(ST_Area(v.outline) * 100000)), ', ' ORDER BY v.period), '-15 20, 0 12, 9', 'a direct redrawing keeps what was')
FROM registry.grid_version v JOIN registry.grid g USING (grid_id) WHERE g.grid_code = '440113007003003';
INSERT INTO registry.grid (grid_code, name, division, outline) VALUES
    ('440113007003100', 'Ring', '440113007003', ST_Multi(ST_Difference(pg_temp.box(10, 0, 13, 3), pg_temp.box(11, 1, 12, 2))));
SELECT is(division || ' ' || round(area / 1e6, 1), '440113007003 1.1', 'a hole is reported') FROM map.grid_gap;
INSERT INTO registry.grid (grid_code, name, division, outline) VALUES ('440113007003101', 'Hole', '440113007003', pg_temp.box(11, 1, 12, 2));
SELECT is_empty('SELECT * FROM map.grid_gap', 'until it is covered');

-- the same number of a request answers the same, once
SELECT is((api.rename_grid('440113007003005', 'Westend', 'r', :'d10', '6f1de3a5-6f1c-4f30-9f3b-0a5a5b0f9d01')).record_id, (api.rename_grid('440113007003005', 'Westend', 'r', :'d10', '6f1de3a5-6f1c-4f30-9f3b-0a5a5b0f9d01')).record_id, 'sent twice, done once');

-- refusals
CREATE TEMP TABLE no (n integer GENERATED ALWAYS AS IDENTITY, code text, what text, act text);
INSERT INTO no (code, what, act) VALUES
    ('RG246', 'an unknown grid', $$api.rename_grid('440113007003888', 'X', 'r')$$),
    ('RG247', 'a grid that has ended', $$api.rename_grid('440113007003001', 'X', 'r')$$),
    ('RG247', 'before it began', $$api.rename_grid('440113007003009', 'X', 'r', today() - 30)$$),
    ('RG248', 'on the day it began', $$api.rename_grid('440113007003009', 'X', 'r')$$),
    ('RG248', 'before its last change', $$api.rename_grid('440113007003005', 'X', 'r', today() - 12)$$),
    ('RG059', 'no name', $$api.rename_grid('440113007003005', '', 'r')$$),
    ('RG085', 'no grid', $$api.rename_grid(NULL, 'X', 'r')$$),
    ('RG259', 'no reason', $$api.rename_grid('440113007003005', 'X', '')$$),
    ('RG249', 'one part', $$api.split_grid('440113007003005', pg_temp.features(pg_temp.feature(pg_temp.box(0, 0, 0.4, 2))), 'r')$$),
    ('RG070', 'no features', $$api.split_grid('440113007003005', '{}', 'r')$$),
    ('RG070', 'a point', $$api.split_grid('440113007003005', pg_temp.features(pg_temp.feature(pg_temp.spot(0, 0)), '3'), 'r')$$),
    ('RG070', 'a number', $$api.split_grid('440113007003005', pg_temp.features('3', '4'), 'r')$$),
    ('RG250', 'beyond', $$api.split_grid('440113007003005', pg_temp.features(pg_temp.feature(pg_temp.box(0, 0, 0.2, 2)), pg_temp.feature(pg_temp.box(0.2, 0, 0.5, 2))), 'r')$$),
    ('RG063', 'parts that overlap', $$api.split_grid('440113007003005', pg_temp.features(pg_temp.feature(pg_temp.box(0, 0, 0.3, 2)), pg_temp.feature(pg_temp.box(0.2, 0, 0.4, 2))), 'r', today() + 5)$$),
    ('RG061', 'a bow tie', $$api.split_grid('440113007003005', pg_temp.features(pg_temp.feature(pg_temp.box(0, 0, 0.2, 2)), pg_temp.feature('SRID=4490;POLYGON((113 22,114 23,114 22,113 23,113 22))')), 'r', today() + 5)$$),
    ('RG069', 'a number of another grid', $$api.split_grid('440113007003005', pg_temp.features(pg_temp.feature(pg_temp.box(0, 0, 0.2, 2), '440113007003001'), pg_temp.feature(pg_temp.box(0.2, 0, 0.4, 2))), 'r')$$),
    ('gap',   'a gap is reported', $$api.split_grid('440113007003005', pg_temp.features(pg_temp.feature(pg_temp.box(0, 0, 0.2, 1)), pg_temp.feature(pg_temp.box(0.2, 0, 0.4, 2))), 'r', today() + 5, dry_run => true)$$),
    ('RG069', 'a part that keeps the number', $$api.split_grid('440113007003005', pg_temp.features(pg_temp.feature(pg_temp.box(0, 0, 0.2, 2), '440113007003005'), pg_temp.feature(pg_temp.box(0.2, 0, 0.4, 2))), 'r', today() + 5, dry_run => true)$$),
    ('RG249', 'merged with nothing', $$api.merge_grids('{440113007003005,440113007003005}', 'r')$$),
    ('RG253', 'merged across another', $$api.merge_grids('{440113007003005,440113007003009}', 'r', effective_on => today() + 5)$$),
    ('RG249', 'a border of nothing', $$api.move_border(pg_temp.features(VARIADIC '{}'), 'r')$$),
    ('RG250', 'a border into a neighbour', $$api.move_border(pg_temp.features(pg_temp.feature(pg_temp.box(0, 0, 1.4, 2), '440113007003005')), 'r')$$);
SELECT format('SELECT is(pg_temp.says(%s), %L, %L);', regexp_replace(act, '\)$', CASE WHEN act ~ 'dry_run' THEN ')' ELSE ', dry_run => true)' END), code, what) FROM no ORDER BY n \gexec
INSERT INTO policy.setting (key, division, period, value, legal_basis) VALUES ('grid_coverage', '440113', '(,)', 'refuse', 'a test');
SELECT is(pg_temp.says(api.retire_grid('440113007003005', 'r', dry_run => true)), 'RG251', 'where policy says so, a gap is refused');
DELETE FROM policy.setting WHERE key = 'grid_coverage' AND division = '440113';
INSERT INTO registry.grid (grid_code, name, division, outline, period) VALUES ('440113007007999', 'Other', '440113007007', pg_temp.box(4, 0, 5, 2), daterange(:'d100', NULL));
SELECT is(pg_temp.says(api.merge_grids('{440113007003009,440113007007999}', 'r', effective_on => today() + 5, dry_run => true)), 'RG252', 'grids of two villages');
INSERT INTO registry.grid (grid_code, name, division, kind, outline, period)
SELECT '440113007005' || lpad(n::text, 3, '0'), 'U', '440113007005', 'unit', pg_temp.box(20, n, 21, n + 0.9), '[2020-01-01,)' FROM generate_series(1, 998) n WHERE n IN (1, 998);
SELECT is(registry.new_grid_codes('440113007005', 2), '{440113007005999,440113007005002}', 'the last number, then those left out');
SELECT throws_ok($$SELECT registry.new_grid_codes('440113007005', 998)$$, 'RG254', NULL, 'all of them used');
SELECT throws_ok('SELECT * FROM stat.resident_by_grid_on(today() + 1)', 'RG260', NULL, 'a day to come has no residents');
SELECT throws_ok($$SELECT * FROM stat.resident_by_grid_on(today(), 'later')$$, 'RG006', NULL, 'then or now');
SELECT throws_ok('DELETE FROM registry.grid_act', 'RG035', NULL, 'acts stay'), throws_ok('DELETE FROM registry.grid_lineage', 'RG035', NULL, 'and lineage'), throws_ok('DELETE FROM code.division_lineage', 'RG035', NULL, 'of divisions, too'), throws_ok('DELETE FROM code.division_act', 'RG035', NULL, 'and theirs');


-- divisions: a village gets another name and code, takes up another, is cut in two
CREATE FUNCTION pg_temp.village(address text) RETURNS text LANGUAGE sql AS $$ SELECT right(division::text, 3) FROM registry.dwelling d WHERE d.address = $1 $$;
CREATE FUNCTION pg_temp.counts("on" date, boundaries text DEFAULT 'then') RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(concat_ws(' ', right(division, 3), right(grid_code, 3), residents), ', ')
    FROM stat.resident_by_grid_on("on", boundaries) WHERE division ~ '^440113' AND residents > 0
$$;
INSERT INTO registry.dwelling (dwelling_id, address, kind, parent_id, division, location, let_state) OVERRIDING SYSTEM VALUE VALUES
    (9720, 'House', 'building', NULL, '440113007007', pg_temp.spot(4.5, 0.5), 'owner_occupied'), (9721, 'Room', 'room', 9720, '440113007007', NULL, 'owner_occupied');
INSERT INTO registry.residence (person_id, dwelling_id, arrived_on, state) VALUES (9711, 9721, :'d100', 'active');
SELECT is(pg_temp.says(api.rename_division('440113007007', '新学社区居民委员会', '更名', :'d20')), 'accepted', 'renamed');
SELECT is(name, '新学社区居民委员会', 'at once') FROM code.division WHERE division = '440113007007';
SELECT is(from_name || '>' || to_name, '社学社区居民委员会>新学社区居民委员会', 'what it was called is kept') FROM code.division_lineage WHERE from_division = '440113007007';
SELECT is(pg_temp.counts(:'d20'), '003 002 2, 003 003 2, 003 004 2, 003 005 2, 003 006 1, 003 1, 007 999 1', 'before');
INSERT INTO registry.grid (grid_code, name, division, kind, outline, period) VALUES ('440113007007U01', 'Unit', '440113007007', 'unit', pg_temp.box(4, 0, 5, 2), daterange(:'d100', NULL));
SELECT record_id AS recoded FROM api.recode_division('440113007007', '440113007998', 'r', effective_on => :'d10') \gset
SELECT is(after, '{440113007998}', 'another code') FROM api.division_act WHERE division_act_id = :recoded;
SELECT is(concat_ws(' ', pg_temp.village('House'), pg_temp.village('Room'), pg_temp.grid_of('Room')), '998 998 998999', 'house, room and grid follow');
SELECT is(string_agg(kind || ' ' || right(grid_code, 3), ', ' ORDER BY kind), 'management 999, unit U01', 'grids of every kind') FROM registry.grid WHERE division = '440113007998' AND period @> today();
SELECT is(r.division::text, '440113007998', 'so does who lives there') FROM registry.residence r WHERE person_id = 9711;
SELECT throws_ok($$UPDATE registry.residence SET division = '440113007003' WHERE person_id = 9711$$, 'RG037', NULL, 'and by nothing else');
SELECT is(upper(period)::text || superseded_by, :'d10' || '440113007998', 'the old code has ended') FROM code.division WHERE division = '440113007007';
SELECT is(pg_temp.counts(:'d10'::date - 1), '003 002 3, 003 003 1, 003 004 2, 003 005 2, 003 006 1, 003 1, 007 999 1', 'in the past it is what it was');
SELECT is(pg_temp.counts(:'d10'), '003 002 3, 003 003 1, 003 004 2, 003 005 2, 003 006 1, 003 1, 998 999 1', 'from that day on the new one');
SELECT is(pg_temp.counts(:'d10'::date - 1, 'now') ~ '998 999 1$', true, 'seen from today, before as well');
SELECT is(pg_temp.says(api.merge_divisions('{440113007003,440113007998}', '440113007003', 'r', '德兴新社区', :'soon')), 'accepted', 'to come: a village takes up another');
SELECT is(pg_temp.village('Room'), '998', 'not yet');
SELECT is(pg_temp.says(api.rename_grid('440113007998999', 'X', 'r', :'later', dry_run => true)), 'RG248', 'after it its grids have other numbers');
UPDATE code.division_act SET effective_on = effective_on - 11 WHERE effective_on > today();
SELECT is(error, NULL, 'the night after'), is(done, 1, 'two villages and a name') FROM registry.due_batch('due_boundaries', today(), 1000);
SELECT is(concat_ws(' ', pg_temp.village('House'), pg_temp.village('Room'), pg_temp.grid_of('Room')), '003 003 003999', 'they lie in it now');
SELECT is(name, '德兴新社区', 'which has its new name') FROM code.division WHERE division = '440113007003';
INSERT INTO registry.grid (grid_code, name, division, outline, period) SELECT '44011300701200' || n, 'S' || n, '440113007012', pg_temp.box(5 + n, 0, 6 + n, 2), daterange(:'d100', NULL) FROM generate_series(1, 2) n;
INSERT INTO registry.dwelling (dwelling_id, address, division, location, let_state) OVERRIDING SYSTEM VALUE
VALUES (9730, 'Goes', '440113007012', pg_temp.spot(6.5, 0.5), 'owner_occupied'), (9731, 'Stays', '440113007012', pg_temp.spot(7.5, 0.5), 'owner_occupied'), (9732, 'Free', '440113007012', NULL, 'owner_occupied');
SELECT is(pg_temp.says(api.split_division('440113007012', '[{"division": "440113007007", "name": "新社区", "members": ["440113007012001"]}]', 'r', :'d10')), 'accepted', 'cut in two, a code is used again');
SELECT is(pg_temp.village('Goes') || pg_temp.village('Stays') || pg_temp.village('Free'), '007012012', 'what is named goes, the rest stays');
SELECT is(pg_temp.grid_of('Goes') || ' ' || pg_temp.grid_of('Stays'), '007001 012002', 'so do the grids');
SELECT is(string_agg(concat_ws(' ', kind, right(from_division::text, 3), right(to_division::text, 3)), ', ' ORDER BY division_lineage_id), 'rename 007 007, recode 007 998, reuse 007 007, split 012 007', 'what the code has meant')
FROM code.division_lineage WHERE '440113007007' IN (from_division, to_division);
SELECT is(pg_temp.says(api.split_division('440113007012', '[{"division": "440113007997", "name": "末社区", "members": ["440113007012002"]}]', 'r', today() - 5)), 'accepted', 'all that is left goes');
SELECT is(pg_temp.village('Stays') || pg_temp.village('Free'), '997997', 'with what is in no grid') FROM code.division WHERE division = '440113007012' AND upper(period) = today() - 5;
SELECT is(string_agg(until - today() || ' ' || right(division::text, 3), ', ' ORDER BY until), '-10 007, -1 998', 'where the room lay until when') FROM registry.dwelling_past_division WHERE dwelling_id = 9721;
SELECT is_empty($$SELECT d, boundaries, sum(residents)
    FROM generate_series(today() - 25, today(), '1 day') d, unnest('{then,now}'::text[]) boundaries, stat.resident_by_grid_on(d::date, boundaries)
    GROUP BY d, boundaries HAVING sum(residents) <> 11$$, 'nobody is lost on any day');
-- a township, with all its villages
SELECT is(pg_temp.says(api.recode_division('440113007', '440113099', 'r', '新市桥街道', dry_run => true)), 'RG248', 'what is beneath has changed today');
SELECT count(*) AS villages FROM code.division WHERE parent = '440113008' AND upper_inf(period) \gset
SELECT is(pg_temp.says(api.merge_divisions('{440113008,440113009}', '440113008', 'r')), 'accepted', 'two townships become one');
SELECT is(upper(period), today(), 'one has ended') FROM code.division WHERE division = '440113009';
SELECT cmp_ok(count(*), '>', :villages::bigint, 'its villages lie in the other'), is(count(DISTINCT division), count(*), 'each with a code') FROM code.division WHERE parent = '440113008' AND upper_inf(period);
SELECT is_empty($$SELECT FROM code.division WHERE parent = '440113009' AND upper_inf(period)$$, 'and no longer in the old one');
SELECT is(pg_temp.says(api.rename_division('440113', '新番禺区', 'r', today() - 1, dry_run => true)), 'RG248', 'before what changed beneath');
SELECT is(pg_temp.says(api.rename_division('440115', '新南沙区', 'r')), 'accepted', 'a county');
SELECT is(string_agg(name, ' ' ORDER BY years), '南沙区 新南沙区', 'both names are among the former ones') FROM code.former_division WHERE division = '440115';
CREATE TEMP TABLE never (n integer GENERATED ALWAYS AS IDENTITY, code text, what text, act text);
INSERT INTO never (code, what, act) VALUES
    ('RG255', 'unknown', $$api.rename_division('440113007999', 'X', 'r')$$),
    ('RG255', 'ended', $$api.rename_division('440113009', 'X', 'r')$$),
    ('RG256', 'of another level', $$api.recode_division('440113010', '440113010001', 'r')$$),
    ('RG256', 'beneath nothing', $$api.recode_division('440113010', '440199010', 'r')$$),
    ('RG257', 'a code in use', $$api.recode_division('440113010', '440113011', 'r')$$),
    ('RG249', 'merged with itself', $$api.merge_divisions('{440113010,440113010}', '440113010', 'r')$$),
    ('RG256', 'merged with what lies beneath', $$api.merge_divisions('{440113010,440114}', '440114', 'r')$$),
    ('RG258', 'no parts', $$api.split_division('440113010', '[]', 'r')$$),
    ('RG258', 'parts that are none', $$api.split_division('440113010', '[{"division": "440113098"}]', 'r')$$),
    ('RG258', 'a village of another', $$api.split_division('440113010', '[{"division": "440113098", "name": "N", "members": ["440113007003"]}]', 'r')$$),
    ('RG259', 'no reason', $$api.rename_division('440113010', 'X', '')$$),
    ('22P02', 'no code', $$api.rename_division('Panyu', 'X', 'r')$$);
SELECT format('SELECT is(pg_temp.says(%s), %L, %L);', regexp_replace(act, '\)$', ', dry_run => true)'), code, 'a division: ' || what) FROM never ORDER BY n \gexec

SELECT * FROM finish();

-- what the clerk reads; days are those of the machine
CREATE FUNCTION pg_temp.attempt(statement text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    message text;
    detail  text;
    hint    text;
    speech  text;
BEGIN
    FOREACH speech IN ARRAY '{en,zh}'::text[] LOOP
        PERFORM set_config('residency.language', speech, true);
        BEGIN
            EXECUTE statement;
        EXCEPTION WHEN OTHERS THEN
            GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
            RETURN NEXT regexp_replace(concat_ws(' | ', SQLSTATE, message, detail, hint), '\d{4}-\d\d-\d\d', 'DAY', 'g');
        END;
    END LOOP;
END $$;
INSERT INTO policy.setting (key, division, period, value, legal_basis) VALUES ('grid_coverage', '440113', '(,)', 'refuse', 'a test');
INSERT INTO no (code, what, act) VALUES
    ('RG251', 'a gap', $$api.retire_grid('440113007003101', 'r', today() + 5)$$),
    ('RG252', 'two villages', $$api.merge_grids('{440113007997002,440113007007001}', 'r', effective_on => today() + 5)$$),
    ('RG254', 'used up', $$registry.new_grid_codes('440113007005', 998)$$),
    ('RG260', 'a day to come', $$stat.resident_by_grid_on(today() + 1)$$);
SELECT pg_temp.attempt('SELECT ' || act) FROM (SELECT DISTINCT ON (code) code, act FROM (SELECT code, n, act FROM no UNION ALL SELECT code, n, act FROM never) x
    WHERE code BETWEEN 'RG245' AND 'RG264' ORDER BY code, n) w ORDER BY code;
ROLLBACK;
BEGIN ISOLATION LEVEL REPEATABLE READ;
SET LOCAL search_path = residency, public;
SELECT concat_ws(' | ', code, message, detail, hint) FROM api.rename_grid('440113007003001', 'X', 'r', dry_run => true);
ROLLBACK;
