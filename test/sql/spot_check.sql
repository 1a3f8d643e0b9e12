-- Spot checks: samples that can be drawn again, results as the register stood, intervals; estimates from several lists.
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
SELECT set_config('search_path', 'public, residency', true) \g /dev/null
SELECT no_plan();

-- the normal quantile, against sixteen digits of Python's statistics.NormalDist and of tables
SELECT is_empty($$
    SELECT p, z, residency.normal_quantile(p) FROM (VALUES
        (0.5::float8, 0::float8), (0.9, 1.2815515655446004), (0.95, 1.6448536269514722), (0.975, 1.9599639845400545), (0.99, 2.3263478740408408),
        (0.995, 2.5758293035489004), (0.9995, 3.2905267314919255), (0.07, -1.4757910281791706), (0.075, -1.4395314709384563), (0.925, 1.4395314709384563),
        (1e-3, -3.090232306167814), (1e-6, -4.753424308822899), (1e-9, -5.9978070150076865), (1e-12, -7.034483825301132), (1e-20, -9.262340089798408),
        (1e-100, -21.27345356096532), (1e-300, -37.0470962993612)) AS known (p, z)
    WHERE abs(residency.normal_quantile(p) - z) > 1e-9$$, 'quantiles to nine decimals and more');
SELECT is_empty($$SELECT n FROM generate_series(1, 999) n WHERE abs(residency.normal_quantile(n / 1000.0) + residency.normal_quantile(1 - n / 1000.0)) > 1e-9$$, 'symmetrical');
SELECT is_empty($$SELECT n FROM generate_series(1, 998) n WHERE residency.normal_quantile(n / 1000.0) >= residency.normal_quantile((n + 1) / 1000.0)$$, 'rising');
SELECT throws_ok($$SELECT residency.normal_quantile(0)$$, '22023', NULL, 'of a probability');
SELECT throws_ok($$SELECT residency.normal_quantile('NaN')$$, '22023', NULL, 'and no other number');
SELECT is(residency.normal_quantile(NULL), NULL, 'NULL of NULL');

-- Wilson
SELECT results_eq($$SELECT round(lower(w), 4), round(upper(w), 4) FROM (VALUES (0, 10), (10, 10), (50, 100), (98, 100), (981, 1000)) a (s, n), residency.wilson_interval(s, n) w$$,
    $$VALUES (0.0, 0.2775), (0.7225, 1.0), (0.4038, 0.5962), (0.9300, 0.9945), (0.9705, 0.9878)$$, 'intervals as published');
SELECT is(residency.wilson_interval(0, 0), '[0,1]'::numrange, 'nothing tried, nothing known');
SELECT is_empty($$SELECT n, s FROM generate_series(1, 40) n, generate_series(0, n) s
    WHERE NOT residency.wilson_interval(s, n) @> round(s::numeric / n, 9) OR NOT residency.wilson_interval(s, n) <@ residency.wilson_interval(s, n, 0.99)
       OR abs(lower(residency.wilson_interval(s, n)) - (1 - upper(residency.wilson_interval(n - s, n)))) > 1e-11
       OR NOT residency.wilson_interval(s * 2, n * 2) <@ numrange(lower(residency.wilson_interval(s, n)), upper(residency.wilson_interval(s, n)), '[]')$$,
    'holds the share, is wider when it is to be surer, narrower with more, the same from both ends');
-- where the limit is p, the share found is z standard errors away from it
SELECT is_empty($$SELECT s FROM generate_series(1, 29) s, LATERAL (SELECT lower(residency.wilson_interval(s, 30))::float8) l (p)
    WHERE abs((s / 30.0 - p) / sqrt(p * (1 - p) / 30) - residency.normal_quantile(0.975)) > 1e-9$$, 'solves what it is defined by');
SELECT throws_ok($$SELECT residency.wilson_interval(3, 2)$$, '22023', NULL, 'not more than were tried');
SELECT throws_ok($$SELECT residency.wilson_interval(1, 0)$$, '22023', NULL, 'nor any of none');
SELECT throws_ok($$SELECT residency.wilson_interval(1, 'Infinity')$$, '22023', NULL, 'nor of infinitely many');
SELECT throws_ok($$SELECT residency.wilson_interval(1, 2, 1)$$, '22023', NULL, 'nothing is certain');

-- Chapman
SELECT results_eq($$SELECT round(estimate::numeric, 6), round(variance::numeric, 6) FROM residency.chapman_estimate(200, 150, 30)$$,
    $$VALUES (round(201 * 151 / 31.0 - 1, 6), round(201 * 151 * 170 * 120 / (31.0 * 31 * 32), 6))$$, 'Chapman''s formula and its variance');
SELECT results_eq($$SELECT estimate, variance, low, high FROM residency.chapman_estimate(40, 40, 40)$$, $$VALUES (40::float8, 0::float8, 40::float8, 40::float8)$$, 'all on both lists');
SELECT ok((SELECT bool_and(low BETWEEN n1 + n2 - m AND estimate AND estimate <= high) FROM generate_series(1, 60, 7) n1, generate_series(1, 60, 7) n2,
           LATERAL (SELECT generate_series(0, least(n1, n2))) x (m), residency.chapman_estimate(n1, n2, m)), 'never fewer than were seen');
SELECT throws_ok($$SELECT residency.chapman_estimate(5, 4, 5)$$, '22023', NULL, 'not more on both than on one');
-- 200 made-up populations of 600: a list of 40 %, another of 30 %, fixed by their numbers
CREATE TEMP TABLE simulated AS
SELECT t.trial, e.*
FROM (SELECT trial, count(*) FILTER (WHERE a) AS n1, count(*) FILTER (WHERE b) AS n2, count(*) FILTER (WHERE a AND b) AS m
      FROM (SELECT trial, ('x' || substr(h, 1, 7))::bit(28)::int < 0.4 * (1 << 28) AS a, ('x' || substr(h, 9, 7))::bit(28)::int < 0.3 * (1 << 28) AS b
            FROM generate_series(1, 200) trial, generate_series(1, 600) who, LATERAL (SELECT md5('spot' || trial || ':' || who)) m (h)) s
      GROUP BY trial) t,
     residency.chapman_estimate(n1, n2, m) e;
SELECT ok(avg((600 BETWEEN low AND high)::int) BETWEEN 0.90 AND 0.985, 'nine and a half of ten intervals hold the truth') FROM simulated;
SELECT ok(avg(estimate) BETWEEN 590 AND 610, 'on the average it is the truth') FROM simulated;
SELECT ok(avg(variance) / variance(estimate) BETWEEN 0.7 AND 1.4, 'and the variance is that of the estimates') FROM simulated;

-- sharing a sample out
SELECT results_eq($$SELECT residency.allocate_sample(sizes, size) FROM (VALUES ('{100,50,30,5,1,0}'::bigint[], 20), ('{100,50,30,5,1,0}', 4), ('{100,50}', 1000), ('{1,1,1}', 2), ('{33,33,34}', 10), ('{}', 3)) a (sizes, size)$$,
    $$VALUES ('{10,5,3,1,1,0}'::bigint[]), ('{2,1,1,0,0,0}'), ('{100,50}'), ('{1,1,0}'), ('{3,3,4}'), ('{}')$$, 'in proportion, one each at least');
CREATE TEMP TABLE shared AS
SELECT t.sizes, t.size, residency.allocate_sample(t.sizes, t.size) AS taken
FROM (SELECT n, array_agg(('x' || substr(md5(n || '/' || k), 1, 4))::bit(16)::bigint % (1 << (n % 9 + 1)) ORDER BY k) AS sizes, 1 + n % 97 AS size
      FROM generate_series(1, 400) n, LATERAL generate_series(1, 1 + n % 23) k GROUP BY n) t;
SELECT is_empty($$SELECT sizes, size, taken FROM shared
    WHERE (SELECT sum(a) FROM unnest(taken) a) <> least(size, (SELECT sum(s) FROM unnest(sizes) s))
       OR cardinality(taken) <> cardinality(sizes)
       OR EXISTS (SELECT FROM unnest(sizes, taken) u (s, a) WHERE a > s OR a < 0
                  OR a = 0 AND s > 0 AND size >= (SELECT count(*) FROM unnest(sizes) x WHERE x > 0))
       -- a larger stratum never gets less
       OR EXISTS (SELECT FROM unnest(sizes, taken) u (s, a), unnest(sizes, taken) v (s, a) WHERE u.s > v.s AND u.a < v.a)$$,
    'all of the size is shared out, nobody gives more than there is, everybody gives one while it lasts');
SELECT is_empty($$SELECT sizes, size, taken FROM shared CROSS JOIN LATERAL (SELECT sum(s) FROM unnest(sizes) s) t (total)
    WHERE size < total AND size < (SELECT count(*) FROM unnest(sizes) x WHERE x > 0)
      AND EXISTS (SELECT FROM unnest(sizes, taken) u (s, a) WHERE a NOT IN (floor(s * size / total), ceil(s * size / total)))$$, 'otherwise each its quota, rounded');

-- a frame: two townships, sixty homes
SELECT is(residency.sample_digest('2026', '1'), '3abf1d156a621ca2856562edc2ec155f15e6e56f022da49f91a8728b68cb590b', 'as printf %s 2026:1 | sha256sum prints it');
INSERT INTO registry.person (person_id, name, birth_date) OVERRIDING SYSTEM VALUE SELECT 9800 + n, '人' || n, '1980-01-01' FROM generate_series(0, 150) n;
INSERT INTO registry.dwelling (dwelling_id, kind, address, division, let_state, safety_letter_on) OVERRIDING SYSTEM VALUE
SELECT 98000 + n, CASE WHEN n = 61 THEN 'building' ELSE 'unit' END, '抽查路' || n || '号', CASE WHEN n <= 40 THEN '460105001001' ELSE '460105002001' END::residency.division_code,
       CASE WHEN n = 62 THEN 'demolished' WHEN n % 4 = 0 THEN 'lettable' ELSE 'let' END, '2020-01-01'
FROM generate_series(1, 62) n;
INSERT INTO registry.dwelling (dwelling_id, parent_id, kind, address, division, let_state) OVERRIDING SYSTEM VALUE VALUES (98099, 98061, 'unit', '抽查路61号1', '460105002001', 'let');
SELECT set_eq($$SELECT division, value, count(*) FROM registry.spot_check_frame('dwelling', '460105', 'township', 'let_state', NULL) GROUP BY 1, 2$$,
    $$VALUES ('460105001', 'let', 30::bigint), ('460105001', 'lettable', 10), ('460105002', 'let', 16), ('460105002', 'lettable', 5)$$, 'homes without parts, that stand');
SELECT set_eq($$SELECT division, value, count(*) FROM registry.spot_check_frame('dwelling', '460105', 'village', 'kind', '{lettable}') GROUP BY 1, 2$$,
    $$VALUES ('460105001001', 'unit', 10::bigint), ('460105002001', 'unit', 5)$$, 'those asked for');
CREATE FUNCTION pg_temp.draw(seed text, size integer DEFAULT 20) RETURNS bigint LANGUAGE sql AS $$
    SELECT record_id FROM api.draw_spot_check('460105', size, seed, '登记率抽查', '年度考核', strata_by => 'let_state') $$;
SELECT pg_temp.draw('2026') AS one, pg_temp.draw('2026') AS same, pg_temp.draw('2027') AS other \gset
SELECT results_eq(format('SELECT division::text, value, frame_units, sample_units FROM registry.spot_check_stratum WHERE spot_check_id = %s ORDER BY 1, 2', :one),
    $$VALUES ('460105001', 'let' COLLATE "C", 30, 10), ('460105001', 'lettable', 10, 3), ('460105002', 'let', 16, 5), ('460105002', 'lettable', 5, 2)$$, 'by the largest remainder');
SELECT bag_eq(format('SELECT dwelling_id FROM registry.spot_check_dwelling WHERE spot_check_id = %s', :one),
    format('SELECT dwelling_id FROM registry.spot_check_dwelling WHERE spot_check_id = %s', :same), 'the same seed draws the same');
SELECT bag_ne(format('SELECT dwelling_id FROM registry.spot_check_dwelling WHERE spot_check_id = %s', :one),
    format('SELECT dwelling_id FROM registry.spot_check_dwelling WHERE spot_check_id = %s', :other), 'another seed others');
SELECT bag_eq(format('SELECT dwelling_id FROM registry.spot_check_dwelling WHERE spot_check_id = %s', :one), $$
    SELECT dwelling_id FROM (
        SELECT d.dwelling_id, f.take, row_number() OVER (PARTITION BY f.take, left(d.division::text, 9), d.let_state ORDER BY sha256(convert_to('2026:' || d.dwelling_id, 'UTF8'))) AS turn
        FROM registry.dwelling d JOIN (VALUES ('460105001', 'let', 10), ('460105001', 'lettable', 3), ('460105002', 'let', 5), ('460105002', 'lettable', 2)) f (township, state, take)
          ON left(d.division::text, 9) = township AND d.let_state = state
        WHERE d.dwelling_id <> 98061) t
    WHERE turn <= take$$, 'and who draws by hand gets that, too');
SELECT results_eq(format('SELECT frame_size, frame_checksum FROM registry.spot_check WHERE spot_check_id = %s', :one), $$
    SELECT 61, encode(sha256(convert_to(string_agg(left(division::text, 9) || ' ' || (let_state COLLATE "default") || ' ' || dwelling_id, E'\n' ORDER BY dwelling_id::text COLLATE "C"), 'UTF8')), 'hex') COLLATE "C"
    FROM registry.dwelling WHERE dwelling_id BETWEEN 98001 AND 98099 AND dwelling_id NOT IN (98061, 98062)$$, 'what it was drawn from is kept as a sum');
SELECT is_empty($$SELECT * FROM registry.spot_check_dwelling s JOIN registry.spot_check_stratum h USING (spot_check_stratum_id) JOIN registry.dwelling d USING (dwelling_id)
    WHERE abs(s.weight * h.probability - 1) > 1e-12 OR s.registered_let <> (d.let_state = 'let')$$, 'weights and what was registered');
INSERT INTO registry.dwelling (dwelling_id, address, division, let_state) OVERRIDING SYSTEM VALUE VALUES (98100, '抽查路100号', '460105002001', 'let');
SELECT pg_temp.draw('2026') AS later \gset
SELECT is((SELECT count(DISTINCT frame_checksum)::int FROM registry.spot_check WHERE spot_check_id IN (:one, :same, :later)), 2, 'one home more is another frame');
SELECT results_eq($$SELECT warning, record_id IS NULL, (SELECT count(*)::int FROM registry.spot_check) FROM api.draw_spot_check('460105', 2, 'x', '抽查', '考核', strata_by => 'let_state', dry_run => true)$$,
    $$VALUES ('strata_left_out', true, 4)$$, 'too small for all strata, and only tried');
SELECT is((SELECT warning FROM api.draw_spot_check('460105001', 100, 'x', '抽查', '考核', dry_run => true)), 'whole_frame', 'all there are');
SELECT record_id AS plain FROM api.draw_spot_check('460105', 5, 'x', '抽查', '考核') \gset
SELECT results_eq(format('SELECT area, strata_by FROM registry.spot_check WHERE spot_check_id = %s', :plain),
    $$VALUES ('township' COLLATE "C", 'category' COLLATE "C")$$, 'strata as policy says');
SELECT throws_ok($$SELECT api.draw_spot_check('460105003', 5, 'x', '抽查', '考核')$$, 'RG295', NULL, 'nothing to draw from');
SELECT throws_ok($$SELECT api.draw_spot_check('460105', 0, 'x', '抽查', '考核')$$, 'RG083', NULL, 'a size');
SELECT throws_ok($$SELECT api.draw_spot_check('460105', 5, NULL, '抽查', '考核')$$, 'RG085', NULL, 'a seed');
SELECT throws_ok($$SELECT api.draw_spot_check('460105', 5, 'x', '抽查', '考核', kind => 'street')$$, 'RG006', NULL, 'a kind');
SELECT throws_ok($$SELECT api.draw_spot_check('460105', 5, 'x', '抽查', '考核', area => 'moon')$$, 'RG006', NULL, 'an area');
SELECT throws_ok($$SELECT api.draw_spot_check('460105', 5, 'x', '抽查', '考核', let_states => '{empty}')$$, 'RG006', NULL, 'let states of the list');
SELECT throws_ok(format('UPDATE registry.spot_check SET seed = ''9'' WHERE spot_check_id = %s', :one), 'RG298', NULL, 'the seed stays');
SELECT throws_ok('UPDATE registry.spot_check_dwelling SET weight = 1', 'RG298', NULL, 'and the weights');
SELECT throws_ok('DELETE FROM registry.spot_check_dwelling', 'RG035', NULL, 'and the list');

-- from now on it was drawn in spring 2024
SET LOCAL session_replication_role = replica;
UPDATE registry.spot_check SET drawn_at = '2024-03-01 08:00+08', drawn_on = '2024-03-01';
RESET session_replication_role;
SELECT throws_ok(format('INSERT INTO registry.spot_check_dwelling (spot_check_id, spot_check_stratum_id, dwelling_id, weight)
    SELECT spot_check_id, min(spot_check_stratum_id), 98100, 1 FROM registry.spot_check_stratum WHERE spot_check_id = %s GROUP BY 1', :one), 'RG298', NULL, 'nobody is added to a sample');
SELECT throws_ok(format('INSERT INTO registry.spot_check_stratum (spot_check_id, division, value, frame_units, sample_units) VALUES (%s, ''460105003'', ''-'', 1, 1)', :one), 'RG298', NULL, 'nor a stratum');

-- judged as the register stood at the moment
SELECT min(s.dwelling_id) AS home, max(s.dwelling_id) AS beside FROM registry.spot_check_dwelling s JOIN registry.dwelling d USING (dwelling_id)
WHERE spot_check_id = :one AND d.division = '460105001001' AND d.let_state = 'let' \gset
SELECT min(dwelling_id) AS undrawn FROM registry.dwelling d WHERE division = '460105001001' AND NOT EXISTS (SELECT FROM registry.spot_check_dwelling s WHERE s.spot_check_id = :one AND s.dwelling_id = d.dwelling_id) \gset
INSERT INTO registry.residence (person_id, dwelling_id, arrived_on, departed_on, reported_at, state, closed_at) VALUES
    (9801, :home, '2024-01-01', NULL, '2024-01-02 12:00+08', 'active', NULL),          -- registered
    (9802, :home, '2024-01-01', NULL, '2024-03-05 12:01+08', 'active', NULL),          -- reported a minute after the check, backdated
    (9803, :beside, '2024-01-01', NULL, '2024-01-02 12:00+08', 'active', NULL),        -- elsewhere
    (9804, :home, '2024-01-01', NULL, '2024-03-02 12:00+08', 'active', NULL),          -- between draw and check
    (9805, :home, '2024-01-01', '2024-02-01', '2024-01-02 12:00+08', 'departed', NULL);-- gone
SET LOCAL session_replication_role = replica;
UPDATE registry.residence SET closed_at = '2024-02-01 12:00+08' WHERE person_id = 9805;
RESET session_replication_role;
-- closed since, with a day before the check: then, it stood
INSERT INTO registry.residence (residence_id, person_id, dwelling_id, arrived_on, reported_at, state) OVERRIDING SYSTEM VALUE VALUES (98006, 9806, :home, '2024-01-01', '2024-01-02 12:00+08', 'active');
UPDATE registry.residence SET state = 'departed', departed_on = '2024-02-15' WHERE residence_id = 98006;
UPDATE registry.person SET resident_id = '460105199001010117', birth_date = '1990-01-01' WHERE person_id = 9801;
SELECT results_eq(format($$SELECT state, warning, dwelling_id FROM api.record_spot_check(%s, 'checked', 9800, %s, found_let => true, checked_at => '2024-03-05 12:00+08', people_counted => 2, counted_registered => 1,
    people => '[{"resident_id": "460105199001010117"}, {"person_id": 9801}, {"person_id": 9802}, {"person_id": 9803}, {"person_id": 9804}, {"person_id": 9805}, {"person_id": 9806}, {"resident_id": "460105199001020219"}]')$$, :one, :home),
    format($$VALUES ('checked', 'unregistered_people', %s::bigint)$$, :home), 'what was found');
SELECT results_eq($$SELECT person_id, resident_id_masked, judgement, since_draw FROM api.spot_check_person ORDER BY 1 NULLS LAST$$, $$VALUES
    (9801::bigint, residency.mask('460105199001010117'::residency.resident_id), 'registered' COLLATE "C", false), (9802, NULL, 'unregistered', false), (9803, NULL, 'elsewhere', false), (9804, NULL, 'registered', true),
    (9805, NULL, 'unregistered', false), (9806, NULL, 'registered', false), (NULL, residency.mask('460105199001020219'::residency.resident_id), 'unregistered', false)$$,
    'each once: registered before, not after, elsewhere, gone');
SELECT results_eq(format('SELECT people_found, people_registered, registered_since_draw FROM registry.spot_check_answer WHERE spot_check_id = %s AND dwelling_id = %s', :one, :home),
    'VALUES (9, 4, 1)', 'named and counted together');
-- who is registered in the whole, or in a part, is registered there
SELECT spot_check_id AS building_check FROM registry.spot_check_dwelling WHERE dwelling_id = 98099 LIMIT 1 \gset
INSERT INTO registry.residence (person_id, dwelling_id, arrived_on, reported_at, state) VALUES (9807, 98061, '2024-01-01', '2024-01-02 12:00+08', 'active');
SELECT api.record_spot_check(:building_check, 'checked', 9800, 98099, found_let => true, checked_at => '2024-03-06 12:00+08', people => '[{"person_id": 9807}]') \g /dev/null
SELECT is((SELECT judgement FROM registry.spot_check_person WHERE person_id = 9807), 'registered', 'registered in the building');

-- corrections
SELECT results_eq(format($$SELECT state FROM api.record_spot_check(%s, 'nobody_home', 9800, %s, checked_at => '2024-03-07 12:00+08')$$, :one, :home), $$VALUES ('checked')$$, 'an answer stays when nobody opens later');
SELECT results_eq(format($$SELECT state, warning FROM api.record_spot_check(%s, 'checked', 9800, %s, found_let => true, checked_at => '2024-03-08 12:00+08', people_counted => 3, counted_registered => 3)$$, :one, :home),
    $$VALUES ('checked', NULL)$$, 'a later answer corrects');
SELECT is((SELECT count(*)::int FROM registry.spot_check_result r JOIN registry.spot_check_dwelling s USING (spot_check_dwelling_id) WHERE s.spot_check_id = :one AND s.dwelling_id = :home), 3, 'all three are kept');
SELECT results_eq(format('SELECT people_found, people_registered FROM registry.spot_check_answer WHERE spot_check_id = %s AND dwelling_id = %s', :one, :home), 'VALUES (3, 3)', 'the last counts');
SELECT is_empty(format('SELECT FROM api.spot_check_dwelling WHERE spot_check_id = %s AND outcome IS NULL AND num_nonnulls(registered_let, registered_people) > 0', :one), 'who checks does not see what is expected');
SELECT throws_ok(format($$SELECT api.record_spot_check(%s, 'checked', 9800, %s, found_let => true)$$, :one, :undrawn), 'RG296', NULL, 'not what was not drawn');
SELECT throws_ok(format($$SELECT api.record_spot_check(%s, 'checked', 9800, grid_id => 1, address => '无名路1号', found_let => true)$$, :one), 'RG296', NULL, 'nor what lies beside');
SELECT throws_ok(format($$SELECT api.record_spot_check(%s, 'checked', 9800, %s)$$, :one, :beside), 'RG297', NULL, 'let or not');
SELECT throws_ok(format($$SELECT api.record_spot_check(%s, 'refused', 9800, %s, people_counted => 2)$$, :one, :beside), 'RG297', NULL, 'nobody behind a closed door');
SELECT throws_ok(format($$SELECT api.record_spot_check(%s, 'refused', 9800, %s, people => '[{"person_id": 9801}]')$$, :one, :beside), 'RG297', NULL, 'nor named');
SELECT throws_ok(format($$SELECT api.record_spot_check(%s, 'checked', 9800, %s, found_let => true, people_counted => 2, counted_registered => 3)$$, :one, :beside), 'RG297', NULL, 'not more registered than there');
SELECT throws_ok(format($$SELECT api.record_spot_check(%s, 'checked', 9800, %s, found_let => true, people => '[{}]')$$, :one, :beside), 'RG299', NULL, 'somebody');
SELECT throws_ok(format($$SELECT api.record_spot_check(%s, 'checked', 9800, %s, found_let => true, people => '[{"name": "x"}]')$$, :one, :beside), 'RG082', NULL, 'by key or number');
SELECT throws_ok(format($$SELECT api.record_spot_check(%s, 'checked', 9800, %s, found_let => true, people => '[{"person_id": 9802, "resident_id": "460105199001010117"}]')$$, :one, :beside), 'RG086', NULL, 'one person');
SELECT throws_ok(format($$SELECT api.record_spot_check(%s, 'checked', 1, %s, found_let => true)$$, :one, :beside), 'RG010', NULL, 'by somebody');
SELECT throws_ok(format($$SELECT api.record_spot_check(%s, 'checked', 9800, %s, found_let => true, checked_at => '2024-02-01')$$, :one, :beside), 'RG269', NULL, 'after the draw');
SELECT throws_ok(format($$SELECT api.record_spot_check(%s, 'checked', 9800, %s, found_let => true, checked_at => now() + interval '1 day')$$, :one, :beside), 'RG269', NULL, 'not to come');
SELECT throws_ok($$UPDATE registry.spot_check_result SET outcome = 'refused'$$, 'RG272', NULL, 'what was found stays');

-- what it proves: against a computation by hand, row by row
CREATE FUNCTION pg_temp.check_all(spot bigint, outcome_of text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    s record;
BEGIN
    FOR s IN EXECUTE format('SELECT a.dwelling_id AS d, r.* FROM registry.spot_check_dwelling a CROSS JOIN LATERAL (%s) r WHERE a.spot_check_id = %s', outcome_of, spot) LOOP
        PERFORM api.record_spot_check(spot, s.outcome, 9800, s.d, found_let => s.found_let, people_counted => s.people, counted_registered => s.registered, checked_at => '2024-04-01 12:00+08');
    END LOOP;
END $$;
-- every seventh does not answer; every third that is let was let without the register's knowing
SELECT pg_temp.check_all(:other, $$
    SELECT CASE WHEN a.dwelling_id % 7 = 0 THEN 'nobody_home' WHEN a.dwelling_id % 11 = 0 THEN 'not_found' ELSE 'checked' END AS outcome,
           CASE WHEN a.dwelling_id % 7 > 0 AND a.dwelling_id % 11 > 0 THEN a.dwelling_id % 4 > 0 OR a.dwelling_id % 8 = 0 END AS found_let,
           CASE WHEN a.dwelling_id % 7 > 0 AND a.dwelling_id % 11 > 0 THEN (a.dwelling_id % 4)::int END AS people,
           CASE WHEN a.dwelling_id % 7 > 0 AND a.dwelling_id % 11 > 0 THEN (a.dwelling_id % 4 * (a.dwelling_id % 5) / 4)::int END AS registered$$) \g /dev/null
CREATE TEMP VIEW by_hand AS
WITH answer AS (
    SELECT a.*, h.frame_units::float8 / count(*) OVER (PARTITION BY h.spot_check_stratum_id) AS w, h.spot_check_stratum_id AS h
    FROM registry.spot_check_answer a JOIN registry.spot_check_stratum h USING (spot_check_stratum_id)
    WHERE a.outcome IN ('checked', 'not_found')
), value AS (
    SELECT a.spot_check_id, a.h, a.w, m.* FROM answer a CROSS JOIN LATERAL (VALUES
        ('dwelling', COALESCE(a.found_let::int, 0), COALESCE((a.found_let AND a.registered_let)::int, 0)), ('person', a.people_found, a.people_registered)) m (measure, x, y)
), ratio AS (
    SELECT spot_check_id, measure, sum(w * y) / sum(w * x) AS p, sum(w * x) AS total, sum(x) AS n, sum(y) AS k FROM value GROUP BY 1, 2
), residual AS (
    SELECT v.spot_check_id, v.measure, v.h, count(*) AS c, var_samp(v.w * (v.y - r.p * v.x)) AS s FROM value v JOIN ratio r USING (spot_check_id, measure) GROUP BY 1, 2, 3
), variance AS (
    SELECT spot_check_id, measure, sum(c * s) AS v FROM residual GROUP BY 1, 2
)
SELECT spot_check_id, measure, n::bigint AS found, k::bigint AS registered, p, n / greatest(1, v / total ^ 2 / (p * (1 - p) / n)) AS effective FROM ratio JOIN variance USING (spot_check_id, measure);
SELECT results_eq(format('SELECT measure, found, registered, rate, effective_size, rate_low, rate_high FROM stat.spot_check WHERE spot_check_id = %s AND stratum_division IS NULL ORDER BY 1', :other),
    format('SELECT measure, found, registered, round(p::numeric, 4), round(effective::numeric, 1), round(lower(w), 4), round(upper(w), 4)
            FROM by_hand, LATERAL residency.wilson_interval(p * effective, effective) w WHERE spot_check_id = %s ORDER BY 1', :other), 'weighted rate, effective size and interval');
SELECT results_eq(format('SELECT frame_units, sample_units, dwellings, answered, nobody_home, refused, not_found, unvisited FROM stat.spot_check WHERE spot_check_id = %s AND stratum_division IS NULL AND measure = ''person''', :other),
    format($$SELECT 61::bigint, 20::bigint, 20::bigint, 20 - n, n, 0::bigint, m, 0::bigint FROM (SELECT count(*) FILTER (WHERE dwelling_id %% 7 = 0), count(*) FILTER (WHERE dwelling_id %% 11 = 0 AND dwelling_id %% 7 > 0)
        FROM registry.spot_check_dwelling WHERE spot_check_id = %s) c (n, m)$$, :other), 'who did not answer shows');
SELECT results_eq(format('SELECT sum(found), sum(registered), sum(answered), count(*) FROM stat.spot_check WHERE spot_check_id = %s AND stratum_division IS NOT NULL AND measure = ''dwelling''', :other),
    format('SELECT found::numeric, registered::numeric, answered::numeric, 4::bigint FROM stat.spot_check WHERE spot_check_id = %s AND stratum_division IS NULL AND measure = ''dwelling''', :other), 'the strata add up');
SELECT results_eq(format('SELECT represented, rate, rate_low, rate_high, effective_size FROM stat.spot_check WHERE spot_check_id = %s AND stratum_division IS NULL AND measure = ''person''', :later),
    'VALUES (0.0000, NULL::numeric, 0.0000, 1.0000, 0.0)', 'nobody has been there: nothing is known');

-- many draws: on the average the truth, and mostly within the interval
CREATE FUNCTION pg_temp.truth(d bigint) RETURNS TABLE (outcome text, found_let boolean, people integer, registered integer) LANGUAGE sql AS $$
    SELECT 'checked', d % 5 > 0, (d % 4)::int, least(d % 4, d * 7 % 5)::int $$;
CREATE TEMP TABLE drawn AS SELECT pg_temp.draw('seed ' || n, 24) AS spot_check_id FROM generate_series(1, 60) n;
SET LOCAL session_replication_role = replica;
UPDATE registry.spot_check SET drawn_at = '2024-03-01 08:00+08';
INSERT INTO registry.spot_check_result (spot_check_dwelling_id, outcome, found_let, people_counted, counted_registered, checked_at, staff_person_id)
SELECT s.spot_check_dwelling_id, t.*, '2024-04-01 12:00+08', 9800 FROM drawn JOIN registry.spot_check_dwelling s USING (spot_check_id) CROSS JOIN LATERAL pg_temp.truth(s.dwelling_id) t;
RESET session_replication_role;
CREATE TEMP TABLE true_rate AS
SELECT m.measure, sum(m.y)::float8 / sum(m.x) AS rate
FROM registry.spot_check_frame('dwelling', '460105', 'township', 'let_state', NULL) f JOIN registry.dwelling d ON d.dwelling_id = f.unit_key::bigint
CROSS JOIN LATERAL pg_temp.truth(d.dwelling_id) t
CROSS JOIN LATERAL (VALUES ('dwelling', t.found_let::int, (t.found_let AND d.let_state = 'let')::int), ('person', t.people, t.registered)) m (measure, x, y)
GROUP BY m.measure;
SELECT ok(abs(avg(e.rate) - min(t.rate)) < 0.03 AND avg((t.rate BETWEEN e.rate_low AND e.rate_high)::int) >= 0.93, 'sixty samples of 24: the rate of ' || t.measure || 's')
FROM drawn JOIN stat.spot_check e USING (spot_check_id) JOIN true_rate t ON t.measure = e.measure WHERE e.stratum_division IS NULL GROUP BY t.measure ORDER BY t.measure;
SELECT pg_temp.draw('all', 1000) AS census \gset
SELECT pg_temp.check_all(:census, 'SELECT * FROM pg_temp.truth(a.dwelling_id)') FROM (SELECT set_config('session_replication_role', 'replica', true)) x \g /dev/null
RESET session_replication_role;
SELECT results_eq(format('SELECT measure, rate FROM stat.spot_check WHERE spot_check_id = %s AND stratum_division IS NULL ORDER BY 1', :census),
    'SELECT measure, round(rate::numeric, 4) FROM true_rate ORDER BY 1', 'who checks all has the truth');
-- all registered: a hundred percent, of so many
SELECT pg_temp.draw('full', 30) AS full \gset
INSERT INTO registry.spot_check_result (spot_check_dwelling_id, outcome, found_let, people_counted, counted_registered, staff_person_id)
SELECT spot_check_dwelling_id, 'checked', registered_let, 2, 2, 9800 FROM registry.spot_check_dwelling WHERE spot_check_id = :full;
SELECT results_eq(format('SELECT measure, found, rate, effective_size <= found, abs(rate_low - lower(residency.wilson_interval(effective_size, effective_size))) < 0.001 FROM stat.spot_check WHERE spot_check_id = %s AND stratum_division IS NULL ORDER BY 1', :full),
    $$SELECT 'dwelling', count(*) FILTER (WHERE registered_let), 1.0000, true, true FROM registry.spot_check_dwelling WHERE spot_check_id = (SELECT max(spot_check_id) FROM registry.spot_check)
      UNION ALL VALUES ('person', 60::bigint, 1.0000, true, true)$$, 'a hundred percent has a lower end');
SELECT ok((SELECT effective_size BETWEEN 28 AND 30 FROM stat.spot_check WHERE spot_check_id = :full AND stratum_division IS NULL AND measure = 'person'), 'people of one home count as one answer where all are alike');

-- whole grids
INSERT INTO registry.grid (grid_id, grid_code, name, division, outline, period)  OVERRIDING SYSTEM VALUE
SELECT 9800 + n, '46010500200198' || n, '格' || n, '460105002001', ST_Multi(ST_SetSRID(ST_MakeEnvelope(110.30 + n * 0.01, 20, 110.31 + n * 0.01, 20.01), 4490)), '[2020-01-01,)' FROM generate_series(1, 4) n;
UPDATE registry.dwelling SET location = ST_SetSRID(ST_MakePoint(110.305 + (1 + dwelling_id % 4) * 0.01, 20.005), 4490) WHERE dwelling_id BETWEEN 98041 AND 98060;
SELECT record_id AS walk FROM api.draw_spot_check('460105', 2, 'grids', '整群抽查', '考核', kind => 'grid') \gset
SELECT results_eq(format('SELECT h.division::text, h.frame_units, h.sample_units, (SELECT count(*)::int FROM registry.spot_check_grid g WHERE g.spot_check_id = h.spot_check_id) FROM registry.spot_check_stratum h WHERE spot_check_id = %s', :walk),
    $$VALUES ('460105002', 4, 2, 2)$$, 'two of four grids');
SELECT bag_eq(format('SELECT g.grid_code FROM registry.spot_check_grid s JOIN registry.grid g USING (grid_id) WHERE s.spot_check_id = %s', :walk),
    $$SELECT grid_code FROM registry.grid WHERE grid_id BETWEEN 9801 AND 9804 ORDER BY residency.sample_digest('grids', grid_code) COLLATE "C" LIMIT 2$$, 'by their codes');
SELECT bag_eq(format('SELECT dwelling_id, weight FROM registry.spot_check_dwelling WHERE spot_check_id = %s', :walk),
    format('SELECT dwelling_id, 2::float8 FROM registry.dwelling WHERE grid_id IN (SELECT grid_id FROM registry.spot_check_grid WHERE spot_check_id = %s)', :walk), 'with all their dwellings');
SET LOCAL session_replication_role = replica;
UPDATE registry.spot_check SET drawn_at = '2024-03-01 08:00+08' WHERE spot_check_id = :walk;
RESET session_replication_role;
SELECT pg_temp.check_all(:walk, $$SELECT 'checked' AS outcome, a.registered_let AS found_let, 1 AS people, 1 AS registered$$) \g /dev/null
SELECT min(grid_id) AS grid FROM registry.spot_check_grid WHERE spot_check_id = :walk \gset
SELECT results_eq(format($$SELECT state, warning, dwelling_id FROM api.record_spot_check(%s, 'checked', 9800, grid_id => %s, address => '后院棚屋', found_let => true, people_counted => 2, checked_at => '2024-04-02 12:00+08')$$, :walk, :grid),
    $$VALUES ('checked', 'unregistered_people', NULL::bigint)$$, 'what nobody had registered');
SELECT api.record_spot_check(:walk, 'checked', 9800, grid_id => :grid, address => '后院棚屋', found_let => true, people_counted => 3, checked_at => '2024-04-03 12:00+08') \g /dev/null
SELECT results_eq(format('SELECT outside, found - registered, rate < 1, rate = raw_rate, effective_size <= found FROM stat.spot_check WHERE spot_check_id = %s AND stratum_division IS NULL ORDER BY measure', :walk),
    'VALUES (1::bigint, 1::bigint, true, true, true), (1, 3, true, true, true)', 'counts once, against the register, and grids are clusters');
SELECT throws_ok(format($$SELECT api.record_spot_check(%s, 'checked', 9800, grid_id => -1, address => '后院棚屋', found_let => true)$$, :walk), 'RG296', NULL, 'in a grid that was drawn');
SELECT throws_ok(format($$SELECT api.record_spot_check(%s, 'checked', 9800, found_let => true)$$, :walk), 'RG085', NULL, 'somewhere');

-- closed
SELECT results_eq(format($$SELECT state, warning, record_id FROM api.close_spot_check(%s, '已核查完毕')$$, :one), format($$VALUES ('closed', 'not_all_checked', %s::bigint)$$, :one), 'closed, and says what is missing');
SELECT throws_ok(format($$SELECT api.record_spot_check(%s, 'refused', 9800, %s)$$, :one, :beside), 'RG294', NULL, 'nothing more is entered');
SELECT throws_ok(format($$SELECT api.close_spot_check(%s, '再次')$$, :one), 'RG294', NULL, 'nor closed again');
SELECT throws_ok(format($$UPDATE registry.spot_check SET closed_at = NULL WHERE spot_check_id = %s$$, :one), 'RG294', NULL, 'nor opened');
SELECT throws_ok($$SELECT api.close_spot_check(-1, '无')$$, 'RG293', NULL, 'one that is there');
SELECT throws_ok($$SELECT api.record_spot_check(-1, 'refused', 9800, 1)$$, 'RG293', NULL, 'nor entered');
SELECT isnt((SELECT closed_on FROM stat.spot_check WHERE spot_check_id = :one LIMIT 1), NULL, 'the figures stand');

-- lists of departments
SELECT results_eq($$SELECT accepted, state FROM api.import_list('education', '460105002005', '2024-05-20', '[{"person_id": 9810}, {"resident_id": "460105199001010117"}, {"resident_id": "460105199001030310"}]', '在校学生家长')$$,
    $$VALUES (true, 'taken')$$, 'a list');
SELECT results_eq($$SELECT line, person_id, resident_id::text FROM registry.department_list_entry ORDER BY line$$, $$VALUES (1, 9810::bigint, NULL), (2, 9801, NULL), (3, NULL, '460105199001030310')$$, 'a number is kept where the register does not know it');
SELECT throws_ok($$SELECT api.import_list('education', '460105002005', '2024-05-20', '[{"person_id": 9810}, {"resident_id": "460105199001030311"}]', '名单')$$, 'RG299', NULL, 'not half a list');
SELECT throws_ok($$SELECT api.import_list('mars', '460105002005', '2024-05-20', '[]', '名单')$$, 'RG006', NULL, 'of a department');
SELECT throws_ok($$SELECT api.import_list('education', '460105002005', '2099-05-20', '[]', '名单')$$, 'RG126', NULL, 'of a day that has been');
SELECT throws_ok($$SELECT api.import_list('education', '460105002005', '2024-05-20', '{}', '名单')$$, 'RG083', NULL, 'a list');
SELECT results_eq($$SELECT record_id IS NULL, (SELECT count(*)::int FROM registry.department_list) FROM api.import_list('tax', '460105002005', '2024-05-20', '[]', '名单', dry_run => true)$$, 'VALUES (true, 1)', 'only tried');

-- one village, a hundred people: what each source knows
INSERT INTO registry.dwelling (dwelling_id, address, division, let_state, safety_letter_on) OVERRIDING SYSTEM VALUE SELECT 98200 + n, '重捕路' || n || '号', '460105002002', 'let', '2020-01-01' FROM generate_series(0, 9) n;
INSERT INTO registry.residence (person_id, dwelling_id, arrived_on, reported_at, state) SELECT 9820 + n, 98200 + n % 10, '2024-01-01', '2024-01-02 12:00+08', 'active' FROM generate_series(0, 59) n;
SELECT api.import_list('utility', '460105002002', '2024-06-15', (SELECT jsonb_agg(jsonb_build_object('person_id', 9820 + n)) FROM generate_series(40, 99) n), '用水户') \g /dev/null
SELECT api.import_list('telecom', '460105002002', '2024-06-20', (SELECT jsonb_agg(jsonb_build_object('person_id', 9820 + n)) FROM generate_series(57, 80) n), '用户') \g /dev/null
SELECT api.import_list('tax', '460105002002', '2024-01-20', (SELECT jsonb_agg(jsonb_build_object('person_id', 9820 + n)) FROM generate_series(0, 20) n), '纳税人') \g /dev/null
SELECT results_eq($$SELECT first_source, second_source, first_count, second_count, both_count, seen, estimate, warning FROM stat.capture_recapture_on('460105002002', '2024-06-30')$$, $$VALUES
    ('register', 'utility', 60::bigint, 60::bigint, 20::bigint, 100::bigint, round(61 * 61 / 21.0 - 1, 1), NULL), ('register', 'telecom', 60, 24, 3, 81, round(61 * 25 / 4.0 - 1, 1), 'few_matches'),
    ('utility', 'telecom', 60, 24, 24, 60, 60.0, 'contained')$$, 'pairs of sources, and what speaks against them; not what is long ago');
SELECT results_eq($$SELECT estimate_low <= estimate AND estimate <= estimate_high AND estimate_low >= seen, registered, coverage = round(60 / (61 * 61 / 21.0 - 1), 4), coverage_low < coverage AND coverage < coverage_high
    FROM stat.capture_recapture_on('460105002002', '2024-06-30') WHERE second_source = 'utility'$$, 'VALUES (true, 60::bigint, true, true)', 'how much of it the register covers');
-- doors, patrol and both kinds of checks, by policy
INSERT INTO registry.access_credential (token, person_id, dwelling_id, period) SELECT ('00000000-0000-0000-0000-0000000098' || lpad(n::text, 2, '0'))::uuid, 9820 + n, 98200, '[2024-01-01,)' FROM generate_series(30, 79) n;
INSERT INTO registry.presence_day (device_code, day, token, dwelling_id, events, first_at, last_at)
SELECT 'gate', d::date, ('00000000-0000-0000-0000-0000000098' || lpad(n::text, 2, '0'))::uuid, 98200, 2, d, d
FROM generate_series(30, 79) n CROSS JOIN LATERAL generate_series(timestamptz '2024-06-30 12:00+08' - CASE WHEN n < 70 THEN interval '6 days' ELSE interval '5 days' END, '2024-06-30 12:00+08', interval '1 day') d;
INSERT INTO registry.observation (residence_id, attribute, value, observed_at)
SELECT residence_id, 'presence', CASE WHEN person_id < 9830 THEN 'there' ELSE 'gone' END, '2024-06-20 12:00+08' FROM registry.residence WHERE person_id BETWEEN 9820 AND 9834;
SELECT record_id AS village FROM api.draw_spot_check('460105002002', 10, 'v', '抽查', '考核') \gset
SET LOCAL session_replication_role = replica;
UPDATE registry.spot_check SET drawn_at = '2024-06-01 08:00+08' WHERE spot_check_id = :village;
RESET session_replication_role;
SELECT api.record_spot_check(:village, 'checked', 9800, 98200, found_let => true, people => (SELECT jsonb_agg(jsonb_build_object('person_id', 9820 + n)) FROM generate_series(0, 7) n), checked_at => '2024-06-30 23:30+08') \g /dev/null
SELECT api.record_spot_check(:village, 'checked', 9800, 98201, found_let => true, people => '[{"person_id": 9899}]', checked_at => '2024-07-01 00:30+08') \g /dev/null
SELECT set_eq($$SELECT source, count(*) FROM registry.captured('460105002002', '2024-06-30') GROUP BY 1$$,
    $$VALUES ('register', 60::bigint), ('access', 40), ('dwelling_check', 8), ('patrol', 10), ('utility', 60), ('telecom', 24)$$, 'whom each has seen, often enough and in time');
SELECT results_eq($$SELECT second_source, both_count, warning FROM stat.capture_recapture_on('460105002002', '2024-06-30') WHERE first_source = 'register'$$,
    $$VALUES ('access', 30::bigint, NULL), ('dwelling_check', 8, 'contained, dependent'), ('patrol', 10, 'contained, dependent'), ('utility', 20, NULL), ('telecom', 3, 'few_matches')$$, 'patrol only knows those who are registered');
-- somebody who is registered later is the same person
SELECT api.import_list('education', '460105002002', '2024-06-20', '[{"resident_id": "460105199001040412"}]', '名单') \g /dev/null
UPDATE registry.person SET resident_id = '460105199001040412', birth_date = '1990-01-04' WHERE person_id = 9820;
SELECT results_eq($$SELECT both_count FROM stat.capture_recapture_on('460105002002', '2024-06-30') WHERE first_source = 'register' AND second_source = 'education'$$, 'VALUES (1::bigint)', 'matched by the number');
SELECT is_empty($$SELECT FROM stat.capture_recapture WHERE division = '460105002003'$$, 'where nobody is known, nothing is estimated');
SELECT * FROM finish();
ROLLBACK;
