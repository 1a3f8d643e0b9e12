-- Acts on grids and divisions that are called off before their day: nothing is left of them but the record and the numbers.
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
CREATE FUNCTION pg_temp.features(VARIADIC outlines geometry[]) RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_build_object('type', 'FeatureCollection', 'features', jsonb_agg(jsonb_build_object('type', 'Feature', 'geometry', ST_AsGeoJSON(o, 15)::jsonb, 'properties', NULL)))
    FROM unnest(outlines) AS o
$$;
CREATE FUNCTION pg_temp.says(answer api.answer) RETURNS text LANGUAGE sql AS $$
    SELECT CASE WHEN answer.accepted THEN COALESCE(answer.warning, 'accepted') ELSE answer.code END
$$;
-- all that an act may have touched, but the record itself: numbers that were given stay, without a day
CREATE FUNCTION pg_temp.world() RETURNS SETOF text LANGUAGE sql AS $$
    SELECT to_jsonb(g)::text FROM registry.grid g WHERE g.division <@ '440113007' AND NOT isempty(g.period)
    UNION ALL SELECT (to_jsonb(v) - 'grid_version_id')::text FROM registry.grid_version v JOIN registry.grid g USING (grid_id) WHERE NOT isempty(g.period)
    UNION ALL SELECT to_jsonb(d)::text FROM code.division d WHERE d.division <@ '440113' AND NOT isempty(d.period)
    UNION ALL SELECT to_jsonb(f)::text FROM code.former_division f WHERE f.division <@ '4401'
    UNION ALL SELECT to_jsonb(d)::text FROM registry.dwelling d
    UNION ALL SELECT to_jsonb(r)::text FROM registry.residence r
    UNION ALL SELECT to_jsonb(s)::text FROM registry.grid_staff s
    UNION ALL SELECT to_jsonb(c)::text FROM registry.grid_cover c
    UNION ALL SELECT to_jsonb(l)::text FROM api.grid_lineage l
    UNION ALL SELECT to_jsonb(s)::text FROM policy.setting s WHERE s.division IS NOT NULL
    UNION ALL SELECT to_jsonb(s)::text FROM stat.resident_by_grid_on(today()) s
$$;
SELECT today() + 10 AS soon, today() + 20 AS later, today() - 100 AS d100 \gset

INSERT INTO registry.grid (grid_code, name, division, outline, period)
SELECT '44011300700300' || n, 'G' || n, '440113007003', pg_temp.box(n - 1, 0, n, 2), daterange(:'d100', NULL) FROM generate_series(1, 4) n;
INSERT INTO registry.dwelling (dwelling_id, address, division, location, let_state) OVERRIDING SYSTEM VALUE
SELECT 9500 + n, 'Place ' || n, '440113007003', ST_SetSRID(ST_MakePoint(113.2975 + n * 0.005, 22.905), 4490), 'owner_occupied' FROM generate_series(1, 8) n;
INSERT INTO registry.person (person_id, name, birth_date) OVERRIDING SYSTEM VALUE SELECT 9500 + n, 'Person ' || n, '1980-01-01' FROM generate_series(1, 8) n;
INSERT INTO registry.residence (person_id, dwelling_id, arrived_on, state) SELECT 9500 + n, 9500 + n, :'d100', 'active' FROM generate_series(1, 8) n;
INSERT INTO registry.grid_staff (person_id, grid_id, period)
SELECT 9501, g.grid_id, daterange(:'d100', NULL) FROM registry.grid g WHERE g.grid_code IN ('440113007003001', '440113007003002');
-- a code that has meant something before
SELECT is(pg_temp.says(api.recode_division('440113007005', '440113007905', 'r', effective_on => today() - 3)), 'accepted', 'a code is free again');
CREATE TEMP TABLE before AS SELECT w FROM pg_temp.world() w;

-- each act by itself, entered and called off
CREATE TEMP TABLE act (n integer GENERATED ALWAYS AS IDENTITY, on_what text, act text);
INSERT INTO act (on_what, act) VALUES
    ('grid', $$api.split_grid('440113007003001', pg_temp.features(pg_temp.box(0, 0, 0.4, 2), pg_temp.box(0.4, 0, 1, 2)), 'r', today() + 10)$$),
    ('grid', $$api.merge_grids('{440113007003001,440113007003002}', 'r', effective_on => today() + 10)$$),
    ('grid', $$api.move_border(jsonb_build_object('type', 'FeatureCollection', 'features', jsonb_build_array(
        jsonb_build_object('type', 'Feature', 'geometry', ST_AsGeoJSON(pg_temp.box(0, 0, 1.4, 2))::jsonb, 'properties', '{"grid_code": "440113007003001"}'::jsonb),
        jsonb_build_object('type', 'Feature', 'geometry', ST_AsGeoJSON(pg_temp.box(1.4, 0, 2, 2))::jsonb, 'properties', '{"grid_code": "440113007003002"}'::jsonb))), 'r', today() + 10)$$),
    ('grid', $$api.rename_grid('440113007003001', 'X', 'r', today() + 10)$$),
    ('grid', $$api.retire_grid('440113007003001', 'r', today() + 10)$$),
    ('division', $$api.rename_division('440113007003', '新名社区', 'r', today() + 10)$$),
    ('division', $$api.rename_division('440113', '新番禺区', 'r', today() + 10)$$),
    ('division', $$api.recode_division('440113007003', '440113007903', 'r', effective_on => today() + 10)$$),
    ('division', $$api.recode_division('440113007003', '440113007005', 'r', effective_on => today() + 10)$$),
    ('division', $$api.recode_division('440113', '440199', 'r', effective_on => today() + 10)$$),
    ('division', $$api.merge_divisions('{440113007003,440113007007}', '440113007003', 'r', '并社区', today() + 10)$$),
    ('division', $$api.merge_divisions('{440113007003,440113007007}', '440113007904', 'r', effective_on => today() + 10)$$),
    ('division', $$api.split_division('440113007003', '[{"division": "440113007901", "name": "新社区", "members": ["440113007003001"]}]', 'r', today() + 10)$$);
CREATE FUNCTION pg_temp.there_and_back(on_what text, act text) RETURNS text LANGUAGE plpgsql AS $$
    DECLARE
        answer api.answer; changed bigint;
    BEGIN
        EXECUTE format('SELECT (a).* FROM (SELECT %s AS a) x', act) INTO answer;
        IF NOT answer.accepted THEN
            RETURN answer.code || ' ' || answer.detail;
        END IF;
        EXECUTE format('SELECT (a).* FROM (SELECT api.call_off_%s_act($1, $2) AS a) x', on_what) INTO answer USING answer.record_id, 'never mind';
        RETURN concat_ws(' ', pg_temp.says(answer), answer.detail);
    END $$;
SELECT format('SELECT is(pg_temp.there_and_back(%L, %L), ''accepted'', %L); SELECT set_eq(''SELECT w FROM pg_temp.world() w'', ''SELECT w FROM before'', ''as if never entered'');',
              on_what, act, n || ' ' || on_what) FROM act ORDER BY n \gexec
SELECT is(count(*), 5::bigint, 'the acts on grids stay on record'), is(count(*) FILTER (WHERE reason = 'r' AND called_off_reason = 'never mind' AND called_off_by = session_user AND called_off_at = now() AND taken_at IS NULL), 5::bigint, 'with both reasons')
FROM api.grid_act WHERE before && '{440113007003001}';
SELECT is(count(*), 8::bigint, 'so do those on divisions') FROM api.division_act WHERE called_off_reason = 'never mind';
SELECT is(string_agg(right(g.grid_code, 3), ' ' ORDER BY g.grid_code), '005 006 007', 'numbers stay used') FROM registry.grid g WHERE g.division = '440113007003' AND isempty(g.period);
SELECT is_empty($$SELECT * FROM residency.check() WHERE topic = 'grid'$$, 'the cover is whole');
SELECT is(a.done, 0, 'nothing is due'), is(a.error, NULL, 'now') FROM registry.due_batch('due_boundaries', today(), 1000) a;
SELECT is(pg_temp.says(api.split_grid('440113007003001', pg_temp.features(pg_temp.box(0, 0, 0.4, 2), pg_temp.box(0.4, 0, 1, 2)), 'again', :'soon')), 'accepted', 'the same act once more');
SELECT is(string_agg(right(to_code, 3), ' ' ORDER BY to_code), '008 009', 'has numbers of its own') FROM api.grid_lineage WHERE reason = 'again';
SELECT is(pg_temp.says(api.recode_division('440113007007', '440113007903', 'again', effective_on => :'soon')), 'accepted', 'a code that was called off may begin after all');

-- what rests on it, is said
SELECT grid_act_id AS split FROM api.grid_act WHERE reason = 'again' \gset
SELECT is(pg_temp.says(api.rename_grid('440113007003008', 'West', 'later', :'later')), 'accepted', 'a later act on what begins');
SELECT grid_act_id AS renamed FROM api.grid_act WHERE reason = 'later' \gset
SELECT is(code, 'RG307', 'the one before cannot be called off'), is(detail, format('Act %s of %s rests on act %s.', :renamed, :'later', :split), 'and why') FROM api.call_off_grid_act(:split, 'r', dry_run => true);
SELECT is(pg_temp.says(api.call_off_grid_act(:renamed, 'r')), 'accepted', 'the later one first');
SELECT is(pg_temp.says(api.split_division('440113007003', '[{"division": "440113007906", "name": "新社区", "members": ["440113007003008"]}]', 'cut', today() + 15)), 'accepted', 'a village is cut along it');
SELECT division_act_id AS cut FROM api.division_act WHERE reason = 'cut' \gset
SELECT is(code || (detail ~ ('^Act ' || :cut)), 'RG307true', 'that rests on it, too') FROM api.call_off_grid_act(:split, 'r', dry_run => true);
SELECT is(pg_temp.says(api.rename_division('440113007906', 'Y', 'name', :'later')), 'accepted', 'the new village gets a name');
SELECT division_act_id AS named FROM api.division_act WHERE reason = 'name' \gset
SELECT is(code || (detail ~ ('^Act ' || :named)), 'RG307true', 'of divisions, too') FROM api.call_off_division_act(:cut, 'r', dry_run => true);
SELECT is(pg_temp.says(api.call_off_division_act(:named, 'r')), 'accepted', 'one by'), is(pg_temp.says(api.call_off_division_act(:cut, 'r')), 'accepted', 'one'), is(pg_temp.says(api.call_off_grid_act(:split, 'r', dry_run => true)), 'accepted', 'as asked beforehand');
SELECT is((api.call_off_grid_act(:split, 'r', '6f1de3a5-6f1c-4f30-9f3b-0a5a5b0f9d02')).record_id, (api.call_off_grid_act(:split, 'r', '6f1de3a5-6f1c-4f30-9f3b-0a5a5b0f9d02')).record_id, 'sent twice, done once');

SELECT is(pg_temp.says(api.rename_grid('440113007003002', 'Y', 'taken')), 'accepted', 'an act of today');
SELECT grid_act_id AS taken FROM api.grid_act WHERE reason = 'taken' \gset
SELECT division_act_id AS recoded FROM api.division_act WHERE taken_at IS NOT NULL ORDER BY 1 LIMIT 1 \gset
CREATE TEMP TABLE no (n integer GENERATED ALWAYS AS IDENTITY, code text, what text, act text);
INSERT INTO no (code, what, act) VALUES
    ('RG305', 'no such act', 'api.call_off_grid_act(-1, ''r'')'),
    ('RG305', 'nor of divisions', 'api.call_off_division_act(-1, ''r'')'),
    ('RG306', 'its day has come', format('api.call_off_grid_act(%s, ''r'')', :taken)),
    ('RG306', 'a division''s, too', format('api.call_off_division_act(%s, ''r'')', :recoded)),
    ('RG308', 'it has been', format('api.call_off_grid_act(%s, ''r'')', :split)),
    ('RG308', 'of divisions', format('api.call_off_division_act(%s, ''r'')', :cut)),
    ('RG259', 'no reason', format('api.call_off_grid_act(%s, '''')', :split)),
    ('RG085', 'no act', 'api.call_off_grid_act(NULL, ''r'')');
UPDATE no SET act = regexp_replace(act, '\)$', ', dry_run => true)');
SELECT format('SELECT is(pg_temp.says(%s), %L, %L);', act, code, what) FROM no ORDER BY n \gexec
SELECT throws_ok($$UPDATE registry.grid SET period = 'empty' WHERE grid_code = '440113007003001'$$, 'RG067', NULL, 'a period without a day is for what was called off alone');
SELECT throws_ok(format($$UPDATE registry.grid_act SET taken_at = now() WHERE grid_act_id = %s$$, :split), '23514', NULL, 'what was called off is never taken');
SELECT * FROM finish();

-- what the clerk reads; numbers and days are those of the machine
CREATE FUNCTION pg_temp.attempt(act text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    answer api.answer;
    speech text;
BEGIN
    FOREACH speech IN ARRAY '{en,zh}'::text[] LOOP
        PERFORM set_config('residency.language', speech, true);
        EXECUTE format('SELECT (a).* FROM (SELECT %s AS a) x', act) INTO answer;
        RETURN NEXT regexp_replace(regexp_replace(concat_ws(' | ', answer.code, answer.message, answer.detail, answer.hint), '\d{4}-\d\d-\d\d', 'DAY', 'g'), '(act|Act|编号为|调整|以调整) -?\d+', '\1 N', 'g');
    END LOOP;
END $$;
SELECT record_id AS first FROM api.rename_grid('440113007003003', 'A', 'r', :'soon') \gset
SELECT accepted AS second FROM api.rename_grid('440113007003003', 'B', 'r', :'later') \gset
INSERT INTO no (code, act) VALUES ('RG307', format('api.call_off_grid_act(%s, ''r'', dry_run => true)', :first));
SELECT pg_temp.attempt(act) FROM (SELECT DISTINCT ON (code) code, act FROM no WHERE code BETWEEN 'RG305' AND 'RG309' ORDER BY code, n) x ORDER BY code;
ROLLBACK;
