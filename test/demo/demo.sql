-- demo.sql: what `make demo` shows; see demo.sh.
\set ON_ERROR_STOP on
\pset footer off
\pset linestyle unicode
\pset border 1
\pset null ''

-- :done prints how long something took since :started
\set start 'SELECT clock_timestamp() AS started \\gset'
:start
CREATE EXTENSION residency CASCADE;
CALL residency.migrate();
SET search_path = residency, public;
\echo == 建库 the register is built: CREATE EXTENSION residency CASCADE; CALL residency.migrate();
SELECT format('    %s 个区划 divisions, %s 个代码 codes, %s 条拒绝规则 refusals; %s s',
              (SELECT count(*) FROM code.division), (SELECT count(*) FROM code.value), (SELECT count(*) FROM code.error),
              round(extract(epoch FROM clock_timestamp() - :'started'), 1)) AS line \gset
\echo :line

\i test/demo/made_up.sql
SET search_path = residency, public;
-- a rule of the city, as it would be entered
INSERT INTO policy.setting (key, division, period, value, legal_basis) VALUES
    ('area_per_person_single', '4601', '[2020-01-01,)', '5', 'made up for the demonstration'),
    ('area_per_person_shared', '4601', '[2020-01-01,)', '5', 'made up for the demonstration'),
    ('manager_from',           '4601', '[2020-01-01,)', '25', 'made up for the demonstration');

\echo
\echo == 网格 grids are drawn from GeoJSON: api.import_grids()
:start
SELECT format('    %s 个网格 grids%s; %s s', count(*) FILTER (WHERE accepted),
              COALESCE(', ' || NULLIF(count(*) FILTER (WHERE NOT accepted), 0) || ' refused', ''),
              round(extract(epoch FROM clock_timestamp() - :'started'), 1)) AS line
FROM api.import_grids((
    SELECT jsonb_build_object('type', 'FeatureCollection', 'features', jsonb_agg(jsonb_build_object(
        'type', 'Feature', 'properties', jsonb_build_object('grid_code', grid_code, 'name', name),
        'geometry', ST_AsGeoJSON(outline, 7)::jsonb)))
    FROM made_up.grid), valid_from => today() - 900) \gset
\echo :line

\echo
\echo == 房屋 dwellings: buildings, units and rooms; each finds its grid
:start
INSERT INTO registry.dwelling (kind, address, division, location, let_state, safety_letter_on)
SELECT kind, address, division, location, let_state, safety_letter_on FROM made_up.dwelling WHERE kind = 'building' ORDER BY dwelling;
ANALYZE registry.dwelling;
INSERT INTO registry.dwelling (parent_id, kind, address, division, location, let_state)
SELECT w.dwelling_id, d.kind, d.address, d.division, d.location, d.let_state
FROM made_up.dwelling d JOIN made_up.dwelling whole ON whole.dwelling = d.whole
JOIN registry.dwelling w ON w.division = whole.division AND w.address = whole.address
WHERE d.kind = 'unit' ORDER BY d.dwelling;
ANALYZE registry.dwelling;
INSERT INTO registry.dwelling (parent_id, kind, address, division, location, usable_area, rental_kind, let_state)
SELECT w.dwelling_id, d.kind, d.address, d.division, d.location, d.usable_area, d.rental_kind, d.let_state
FROM made_up.dwelling d JOIN made_up.dwelling whole ON whole.dwelling = d.whole
JOIN registry.dwelling w ON w.division = whole.division AND w.address = whole.address
WHERE d.kind = 'room' ORDER BY d.dwelling;
ANALYZE registry.dwelling;
SELECT format('    %s 处房屋 dwellings, %s 处已归网格 in a grid, %s 处在网格外 outside, %s 处未定位 not located; %s s',
              count(*), count(grid_id), (SELECT count(*) FROM map.dwelling_without_grid),
              (SELECT count(*) FROM map.dwelling_without_location),
              round(extract(epoch FROM clock_timestamp() - :'started'), 1)) AS line
FROM registry.dwelling \gset
\echo :line

\echo
\echo == 人来登记 people arrive: api.register_persons(), api.register_arrivals(), api.verify_residences()
:start
SELECT count(*) AS n, count(*) FILTER (WHERE accepted) AS good
FROM api.register_persons((
    SELECT jsonb_agg(jsonb_build_object('resident_id', resident_id, 'name', name, 'ethnic_group', ethnic_group,
                                        'household_division', household_division, 'phone', phone) ORDER BY person)
    FROM made_up.person)) \gset
SELECT format('    登记人员 %s persons: %s s, %s/s', :'good', round(t, 1), round(:n / t)) AS line
FROM extract(epoch FROM clock_timestamp() - :'started') AS t \gset
\echo :line
ANALYZE registry.person;

CREATE TABLE made_up.stay AS
SELECT p.person, p.family, r.person_id, g.person_id AS guardian_person_id, w.dwelling_id,
       today() - 2 - floor(made_up.dice(p.family, 30) * 600)::integer AS arrived_on,
       made_up.pick('{02,02,02,03,12,12,31,31,31,32,34,36,37,80,83}', p.family, 31) AS reason,
       made_up.pick('{2,3,3,3,4,5}', p.family, 32) AS intended_stay,
       made_up.pick('{window,online,online,landlord,employer,grid_staff}', p.family, 33) AS channel
FROM made_up.person p
JOIN made_up.dwelling home ON home.family = p.family
JOIN registry.dwelling w ON w.division = home.division AND w.address = home.address
JOIN registry.person r ON r.resident_id = p.resident_id
LEFT JOIN made_up.person guardian ON guardian.person = p.guardian
LEFT JOIN registry.person g ON g.resident_id = guardian.resident_id;
:start
CREATE TABLE made_up.answer AS
SELECT a.* FROM api.register_arrivals((
    SELECT jsonb_agg(jsonb_build_object('person_id', person_id, 'dwelling_id', dwelling_id, 'arrived_on', arrived_on,
                                        'reason', reason, 'intended_stay', intended_stay, 'place_kind', '34',
                                        'guardian_person_id', guardian_person_id, 'channel', channel) ORDER BY person)
    FROM made_up.stay)) AS a;
SELECT format('    到达登记 %s arrivals: %s s, %s/s; %s 件被拒 refused:', count(*) FILTER (WHERE accepted), round(t, 1), round(count(*) / t),
              count(*) FILTER (WHERE NOT accepted)) AS line
FROM made_up.answer, extract(epoch FROM clock_timestamp() - :'started') AS t GROUP BY t \gset
\echo :line
ANALYZE registry.residence;
SELECT a.code, e.message_zh AS "原因", e.message AS reason, count(*) AS "件数"
FROM made_up.answer a LEFT JOIN code.error e USING (code) WHERE NOT accepted GROUP BY 1, 2, 3 ORDER BY 4 DESC;

:start
SELECT count(*) FILTER (WHERE accepted) AS good
FROM api.verify_residences((SELECT jsonb_agg(jsonb_build_object('residence_id', residence_id))
                            FROM registry.residence WHERE residence_id % 8 <> 0)) \gset
SELECT format('    核实 %s verified: %s s, %s/s', :'good', round(t, 1), round(:good / t)) AS line
FROM extract(epoch FROM clock_timestamp() - :'started') AS t \gset
\echo :line

\echo
\echo == 人走注销 people leave and move: api.register_departures(), api.change_residences()
:start
SELECT count(*) FILTER (WHERE accepted) AS good
FROM api.register_departures((SELECT jsonb_agg(jsonb_build_object('residence_id', residence_id, 'reason', '回乡'))
                              FROM registry.residence WHERE dwelling_id % 9 = 0 AND residence_is_current(state))) \gset
SELECT format('    离开注销 %s departures: %s s, %s/s', :'good', round(t, 1), round(:good / t)) AS line
FROM extract(epoch FROM clock_timestamp() - :'started') AS t \gset
\echo :line
-- whole homes move into rooms that stand empty, in the order of their keys
CREATE TABLE made_up.move AS
WITH leaving AS (
    SELECT dwelling_id, row_number() OVER (ORDER BY dwelling_id) AS n, count(*) AS people
    FROM registry.residence WHERE dwelling_id % 23 = 1 AND residence_is_current(state) GROUP BY dwelling_id
), empty AS (
    SELECT o.dwelling_id, row_number() OVER (ORDER BY o.dwelling_id) AS n
    FROM api.dwelling_occupancy o
    WHERE o.kind = 'room' AND o.let_state = 'lettable' AND o.residents = 0 AND NOT o.needs_safety_letter AND o.usable_area > 30
)
SELECT r.residence_id, empty.dwelling_id
FROM leaving JOIN empty USING (n) JOIN registry.residence r ON r.dwelling_id = leaving.dwelling_id AND residence_is_current(r.state);
:start
SELECT count(*) FILTER (WHERE accepted) AS good
FROM api.change_residences((SELECT jsonb_agg(jsonb_build_object('residence_id', residence_id, 'dwelling_id', dwelling_id, 'verified', true))
                            FROM made_up.move)) \gset
SELECT format('    变更住址 %s changes of address: %s s, %s/s', :'good', round(t, 1), round(:good / t)) AS line
FROM extract(epoch FROM clock_timestamp() - :'started') AS t \gset
\echo :line
:start
DO $$
DECLARE
    one record;
BEGIN
    FOR one IN SELECT person_id, residence_id, dwelling_id FROM registry.residence
               WHERE state = 'active' AND dwelling_id % 9 = 1 AND guardian_person_id IS NULL
                 AND NOT EXISTS (SELECT FROM registry.residence c WHERE c.guardian_person_id = registry.residence.person_id) LIMIT 1000 LOOP
        PERFORM api.register_departure(one.person_id);
        COMMIT;
        PERFORM api.register_arrival(one.person_id, one.dwelling_id, verified => true);
        COMMIT;
    END LOOP;
END $$;
SELECT format('    逐件办理 1000 departures and 1000 arrivals one by one, each committed: %s s, %s/s', round(t, 1), round(2000 / t)) AS line
FROM extract(epoch FROM clock_timestamp() - :'started') AS t \gset
\echo :line
ANALYZE registry.residence;

\echo
\echo == 窗口所见 what a clerk meets when something is wrong
\set SHOW_CONTEXT never
SELECT r.person_id AS person, r.dwelling_id AS home, d.parent_id AS unit, d.usable_area
FROM registry.residence r JOIN registry.dwelling d USING (dwelling_id)
WHERE r.state = 'active' ORDER BY d.usable_area DESC LIMIT 1 \gset
SELECT min(person_id) AS free FROM registry.person p
WHERE birth_date < '1990-01-01' AND NOT EXISTS (SELECT FROM registry.residence r WHERE r.person_id = p.person_id AND residence_is_current(r.state)) \gset
SELECT min(person_id) AS child FROM registry.person p
WHERE birth_date > '2015-01-01' AND NOT EXISTS (SELECT FROM registry.residence r WHERE r.person_id = p.person_id AND residence_is_current(r.state)) \gset
SELECT min(dwelling_id) FILTER (WHERE free_places = 0 AND residents > 0 AND kind = 'room') AS full_room,
       min(dwelling_id) FILTER (WHERE free_places > 1 AND let_state = 'lettable' AND NOT needs_safety_letter AND kind = 'room') AS room,
       min(dwelling_id) FILTER (WHERE kind = 'room' AND needs_safety_letter) AS unsafe,
       min(dwelling_id) FILTER (WHERE kind = 'room' AND let_state = 'prohibited') AS banned
FROM api.dwelling_occupancy \gset
SELECT min(grid_code) AS grid FROM registry.grid WHERE division <@ '460106' \gset
SET residency.language = 'zh';
\set ON_ERROR_STOP off
\set ECHO queries
SELECT api.register_person('王小明', resident_id => '460106199001011238');
SELECT api.register_arrival(:person, :room);
SELECT api.register_arrival(:free, :room, arrived_on => residency.today() + 7);
SELECT api.register_arrival(:free, :banned);
SELECT api.register_arrival(:free, :unsafe);
SELECT api.register_arrival(:free, :full_room);
SELECT api.register_arrival(:child, :room);
UPDATE registry.dwelling SET let_state = 'demolished' WHERE dwelling_id = :home;
DELETE FROM registry.residence WHERE person_id = :person;
UPDATE registry.grid SET outline = ST_Multi(ST_Buffer(outline, 0.001)) WHERE grid_code = :'grid';
RESET residency.language;
SELECT api.register_departure(:person, departed_on => residency.today() + 1);
INSERT INTO registry.residence (person_id, dwelling_id, arrived_on) VALUES (:free, :banned, residency.today());
\set ECHO none
\set ON_ERROR_STOP on

\echo
\echo == 按地址登记 arrivals by address, as people write it: api.find_dwelling(), dwelling_address
SELECT '海口' || county(standard_address) || replace(road(standard_address) || road_no(standard_address), '号', '號')
           || unit(standard_address) || replace(room(standard_address), '室', '') AS written,
       road(standard_address) || road_no(standard_address) || unit(standard_address) AS half_written, division::text AS village
FROM registry.dwelling WHERE dwelling_id = :room \gset
SET residency.language = 'zh';
\set ON_ERROR_STOP off
\set ECHO queries
SELECT dwelling_id, grade, score, kind, standard_address FROM api.find_dwelling(:'written', :'village', 4);
SELECT api.register_arrival(:free, dwelling_address => :'half_written', dwelling_division => :'village');
SELECT api.register_arrival(:free, dwelling_address => :'written');
SELECT (api.register_arrival(:free, dwelling_address => :'written', dwelling_division => :'village', dry_run => true)).dwelling_id;
SELECT dwelling_id, address, rung FROM api.search_dwelling('xcl') LIMIT 3;
\set ECHO none
\set ON_ERROR_STOP on
RESET residency.language;

\echo
\echo == 在住人员 api.current_resident
SELECT residence_id, name, resident_id, sex_name, age, township || village AS village, address, arrived_on, state_name, half_year_on
FROM api.current_resident ORDER BY residence_id LIMIT 5;

\echo == 各区人数 stat.resident_by_division
SELECT clock_timestamp() AS started \gset
SELECT division, name, residents, active, waiting, men, women, minors, dwellings, let_dwellings
FROM stat.resident_by_division WHERE parent = '460100' OR division = '460100' ORDER BY level, division;
SELECT format('    %s s', round(extract(epoch FROM clock_timestamp() - :'started'), 2)) AS line \gset
\echo :line
SELECT clock_timestamp() AS started \gset
SELECT count(*) AS n, sum(residents) FILTER (WHERE level = 1) AS people FROM stat.resident_by_division \gset
SELECT format('    全国 %s 个区划 all divisions of the country: %s s', :'n', round(extract(epoch FROM clock_timestamp() - :'started'), 2)) AS line \gset
\echo :line

\echo
\echo == 人数最多的网格 stat.resident_by_grid
SELECT grid_code, name, county, township, residents, waiting, minors, dwellings
FROM stat.resident_by_grid ORDER BY residents DESC, grid_code LIMIT 5;

\echo == 人数最多的房屋 api.dwelling_occupancy
SELECT dwelling_id, kind_name, village, address, residents, let_state_name, safety_letter_on, needs_manager
FROM api.dwelling_occupancy WHERE kind = 'building' ORDER BY residents DESC, dwelling_id LIMIT 5;

\echo == 网格外与未定位的房屋 map.dwelling_without_grid, map.dwelling_without_location
SELECT reason_zh, reason_en, count(*) AS dwellings, sum(residents) AS residents, max(nearest_metres) AS furthest_metres
FROM map.dwelling_without_grid GROUP BY 1, 2
UNION ALL
SELECT reason_zh, reason_en, count(*), sum(residents), NULL FROM map.dwelling_without_location GROUP BY 1, 2;

\echo
\echo == 居住证 permits: api.apply_permit() … api.endorse_permit(), CALL residency.run_due()
-- a year whose notice has not been announced yet gets its weekends, for the demonstration alone
INSERT INTO code.calendar_notice (notice, year, title, source, confidence)
SELECT 'demo_' || y.year, y.year, 'made up for the demonstration', 'house', 'design'
FROM generate_series(extract(year FROM today())::integer - 2, extract(year FROM today())::integer + 1) AS y (year)
WHERE NOT EXISTS (SELECT FROM code.calendar_notice n WHERE n.year = y.year AND n.region IS NULL);
INSERT INTO code.calendar_day (day, kind, notice)
SELECT d.day, d.kind, n.notice
FROM code.calendar_notice n
CROSS JOIN LATERAL calendar_year(n.year, datemultirange(daterange(make_date(n.year, 1, 1), make_date(n.year, 1, 2)))) AS d
WHERE n.notice LIKE 'demo%';
-- a factory with a dormitory, and workers who have lived there for more than a year
SELECT record_id AS factory FROM api.register_employer('椰岛电子厂', registration_number => '110108000000016', division => '460105') \gset
INSERT INTO registry.dwelling (kind, address, division, let_state) VALUES ('building', '椰岛电子厂宿舍', '460105001001', 'owner_occupied') RETURNING dwelling_id AS dormitory \gset
CREATE TABLE made_up.worker AS
SELECT p.person_id, row_number() OVER (ORDER BY p.person_id)::integer AS n
FROM registry.person p
WHERE p.birth_date < '2000-01-01' AND NOT p.household_division <@ '46'
  AND NOT EXISTS (SELECT FROM registry.residence r WHERE r.person_id = p.person_id)
LIMIT 500;
INSERT INTO registry.residence (person_id, dwelling_id, arrived_on, state, reported_at, place_kind, reason, channel)
SELECT person_id, :dormitory, today() - 500, 'active', (today() - 498 - n % 3)::timestamp AT TIME ZONE 'Asia/Shanghai', '34', '02', 'employer'
FROM made_up.worker;
INSERT INTO registry.employment (person_id, employer_id, kind, hired_on) SELECT person_id, :factory, 'contract', today() - 499 FROM made_up.worker WHERE n % 20 <> 0;
:start
CREATE FUNCTION made_up.do_all(act text, back integer, extra jsonb DEFAULT '{}', states text[] DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
    SELECT format('%s (%s)', count(*) FILTER (WHERE a.accepted), count(*) FILTER (WHERE NOT a.accepted))
    FROM api.submit(act, (SELECT jsonb_agg(extra || jsonb_build_object('happened_on', residency.today() - back) ||
                                           CASE WHEN p.permit_id IS NULL THEN jsonb_build_object('person_id', w.person_id) ELSE jsonb_build_object('permit_id', p.permit_id) END)
                          FROM made_up.worker w LEFT JOIN registry.permit p USING (person_id)
                          WHERE states IS NULL OR p.state::text = ANY (states))) a $$;
SELECT format('    申领 applied %s, 受理 accepted %s, 准予 approved %s, 不予 refused %s, 制证 made %s, 发证 delivered %s; in brackets: 被拒 turned down',
    made_up.do_all('apply_permit', 300), made_up.do_all('accept_permit', 299, '{"materials": ["id_card", "photo", "employment_proof"]}'),
    made_up.do_all('decide_permit', 290), made_up.do_all('decide_permit', 290, '{"granted": false, "reason": "没有就业证明"}', '{accepted,review}'),
    made_up.do_all('produce_permit', 288, '{}', '{making}'), made_up.do_all('deliver_permit', 287, '{"collector": "本人"}', '{ready}')) AS line \gset
\echo :line
-- every fourth does not come
DELETE FROM made_up.worker WHERE n % 4 = 0;
SELECT format('    签注 endorsed %s; %s s', made_up.do_all('endorse_permit', 140, '{}', '{valid}'), round(extract(epoch FROM clock_timestamp() - :'started'), 1)) AS line \gset
\echo :line
CALL run_due();
SELECT task AS "到期任务", done AS "件数", error AS "错误", round(extract(epoch FROM took), 2) AS "秒" FROM ledger.last_due_run ORDER BY started_at;
SELECT permit_state_name(state) AS "状态", state, count(*) AS "件数", min(permit_number) AS "首号", max(permit_number) AS "末号" FROM registry.permit GROUP BY state ORDER BY state;
\echo == 为什么不予 why one was refused: api.permit_decision
SELECT min(permit_id) AS refused FROM registry.permit WHERE state = 'refused' \gset
SELECT criterion_zh AS "条件", holds AS "符合", since AS "自", holds_from AS "何时符合", evidence, clause AS "条款" FROM api.permit_decision WHERE permit_id = :refused ORDER BY sort;
\echo == 一证一史 what happened to one permit: api.permit_event
SELECT min(permit_id) AS suspended FROM registry.permit WHERE state = 'suspended' \gset
SELECT sequence AS "序号", happened_on AS "日期", event_name AS "事项", to_state_name AS "状态", endorsed_until AS "签注至", residence_years AS "年限" FROM api.permit_event WHERE permit_id = :suspended ORDER BY sequence;
\echo == 自助终端 a kiosk asks first: api.permit_precheck()
SELECT n.resident_id AS number, p.permit_id AS valid FROM registry.permit p JOIN registry.person n USING (person_id) WHERE p.state = 'valid' ORDER BY 2 LIMIT 1 \gset
SELECT action, c.code, c.message_zh, c.allow_on FROM unnest('{apply,endorse,change_address,replace}'::text[]) action, api.permit_precheck(:'number', action, '460105') c;
\echo == 窗口所见 and what a clerk meets
SET residency.language = 'zh';
\set ON_ERROR_STOP off
\set ECHO queries
SELECT api.endorse_permit(permit_id => :valid);
SELECT api.deliver_permit(permit_id => :refused, collector => '本人');
SELECT api.apply_permit(person_id => (SELECT person_id FROM registry.permit WHERE permit_id = :valid));
UPDATE registry.permit SET state = 'valid' WHERE permit_id = :suspended;
SELECT api.cancel_permit(permit_id => :valid, reason => 'departure');
\set ECHO none
\set ON_ERROR_STOP on
RESET residency.language;

\echo
\echo == 网格拆分 the fullest grid is split: api.split_grid(); who lives there stays the same
SELECT grid_code AS full, division AS village FROM stat.resident_by_grid ORDER BY residents DESC, grid_code LIMIT 1 \gset
SELECT map.community_svg(:'village') \g (format=unaligned tuples_only=on) tmp/demo/sheet_before.svg
\set counted 'SELECT grid_code AS "网格编码", name AS "网格", residents AS "在住人数", sum(residents) OVER () AS "村居合计" FROM stat.resident_by_grid_on'
\set here 'WHERE division = :''village'' ORDER BY grid_code'
\echo 拆分前 before, today
:counted (today()) :here;
SELECT jsonb_build_object('type', 'FeatureCollection', 'features', jsonb_agg(jsonb_build_object('type', 'Feature',
           'properties', jsonb_build_object('name', name || side), 'geometry', ST_AsGeoJSON(half, 9)::jsonb))) AS halves
FROM registry.grid, ST_Centroid(outline) AS c,
     LATERAL (VALUES ('西区', -1), ('东区', 1)) AS v (side, way),
     ST_Intersection(outline, ST_MakeEnvelope(ST_X(c), -90, ST_X(c) + way, 90, 4490)) AS half
WHERE grid_code = :'full' \gset
SELECT api.split_grid(:'full', :'halves', '户数过多') \g /dev/null
SELECT from_code AS "原网格", to_code AS "新网格", to_name AS "名称", residents AS "转入人数", round(area) AS "平方米", reason AS "原因" FROM api.grid_lineage ORDER BY to_code;
\echo 拆分后 after, today
:counted (today()) :here;
\echo 昨日人数 yesterday, in the grids of then and of today
SELECT shown AS "口径", grid_code AS "网格编码", name AS "网格", residents AS "在住人数", sum(residents) OVER (PARTITION BY boundaries) AS "村居合计"
FROM (VALUES ('then', '按昨日网格'), ('now', '按今日网格')) AS v (boundaries, shown), stat.resident_by_grid_on(today() - 1, boundaries)
WHERE division = :'village' ORDER BY boundaries DESC, grid_code;
SELECT map.community_svg(:'village') \g (format=unaligned tuples_only=on) tmp/demo/sheet_after.svg

\echo
\echo == 网格巡查 patrol: a grid worker, tasks by category, two phones without a network
SELECT grid_id AS grid, division AS village FROM stat.resident_by_grid WHERE grid_id IN (SELECT grid_id FROM registry.grid WHERE kind = 'management') ORDER BY residents DESC, grid_id LIMIT 1 \gset
SELECT min(person_id) AS worker, max(person_id) AS leader FROM registry.person WHERE birth_date < '1990-01-01' \gset
INSERT INTO registry.grid_staff (person_id, grid_id, role, period) VALUES (:worker, :grid, 'worker', daterange(today() - 400, NULL)), (:leader, :grid, 'leader', daterange(today() - 400, NULL));
:start
INSERT INTO registry.observation (dwelling_id, attribute, value, observed_at)
SELECT dwelling_id, 'letting_category', (ARRAY['A', 'A', 'B', 'C'])[1 + dwelling_id % 4], now() - interval '100 days' FROM registry.dwelling WHERE grid_id = :grid AND kind = 'room' AND let_state = 'let';
CALL run_due();
SELECT record_id AS sweep FROM api.start_sweep('消防清查', :'village', today() + 14) \gset
SELECT format('    %s 间房屋分类、任务、清查 rooms with a category, tasks and a sweep: %s s', (SELECT count(*) FROM registry.dwelling_category), round(extract(epoch FROM clock_timestamp() - :'started'), 1)) AS line \gset
\echo :line
SELECT kind_name AS "任务", count(*) AS "件数", min(due_on) - today() AS "最早(天)", max(due_on) - today() AS "最晚(天)" FROM api.my_tasks(staff_person_id => :worker) GROUP BY 1 ORDER BY 2 DESC;
SELECT dwelling_id AS home, to_jsonb(seen_version) AS seen, longitude + 0.0002 AS longitude, latitude FROM api.my_tasks(:grid) WHERE kind = 'sweep' AND longitude IS NOT NULL ORDER BY dwelling_id LIMIT 1 \gset
SELECT jsonb_build_object('items', jsonb_build_array(
    jsonb_build_object('uuid', gen_random_uuid(), 'kind', 'visit', 'dwelling_id', :home, 'staff_person_id', :worker, 'at', now() - interval '3 hours', 'values', jsonb_build_object('outcome', 'met', 'findings', '{fire}'::text[], 'longitude', :longitude, 'latitude', :latitude, 'accuracy', 8)),
    jsonb_build_object('uuid', gen_random_uuid(), 'kind', 'dwelling_fact', 'dwelling_id', :home, 'staff_person_id', :worker, 'at', now() - interval '3 hours', 'seen_version', :'seen'::jsonb, 'values', '{"usable_area": 33, "letting_category": "C"}'::jsonb),
    jsonb_build_object('uuid', gen_random_uuid(), 'kind', 'dwelling_fact', 'dwelling_id', :home, 'staff_person_id', :leader, 'at', now() - interval '2 hours', 'seen_version', :'seen'::jsonb, 'values', '{"usable_area": 36}'::jsonb))) AS batch \gset
SELECT line, state AS "结果", dwelling_id, code FROM api.sync_patrol(:'batch');
\echo 再次上传 sent again, it changes nothing
SELECT line, state AS "结果", dwelling_id, code FROM api.sync_patrol(:'batch');
SELECT conflict_id, column_name AS "事项", value_in_force AS "现值", earlier_value AS "较早", later_value AS "较晚", rule, state FROM api.conflict;
SELECT api.settle_conflict(min(conflict_id), 'later', '重新测量') AS settled FROM api.conflict WHERE state = 'open' \g /dev/null
SELECT column_name AS "事项", value_in_force AS "现值", settled_reason AS "理由", state FROM api.conflict;
SELECT grid_code AS "网格", staff AS "人员", open_tasks AS "待办", late_tasks AS "逾期", done_tasks AS "已办", visits AS "走访", successful AS "有效", contested AS "待裁决" FROM stat.patrol_by_grid WHERE grid_id = :grid;

\echo
\echo == 门禁 access control: the door of a building, who has probably arrived or left
SELECT r.dwelling_id AS flat, s.whole_ids[cardinality(array_remove(s.whole_ids, NULL))] AS door, r.person_id AS leaver
FROM registry.residence r JOIN registry.dwelling_standing s USING (dwelling_id) WHERE residence_is_current(r.state) AND r.arrived_on < today() - 60 ORDER BY r.residence_id LIMIT 1 \gset
SELECT person_id AS newcomer FROM registry.person p WHERE birth_date < '1990-01-01' AND NOT EXISTS (SELECT FROM registry.residence r WHERE r.person_id = p.person_id AND residence_is_current(r.state)) ORDER BY person_id LIMIT 1 \gset
INSERT INTO registry.access_device (device_code, name) VALUES ('HK-0001', '单元门');
INSERT INTO registry.access_binding (access_device_id, dwelling_id, period) SELECT access_device_id, :door, daterange(today() - 365, NULL) FROM registry.access_device WHERE device_code = 'HK-0001';
INSERT INTO registry.access_credential (token, person_id) VALUES (access_token('demo', '卡1'), :leaver), (access_token('demo', '卡2'), :newcomer);
INSERT INTO registry.access_event (happened_at, serial, token, device_code, direction, method)
SELECT now() - n * interval '1 day' + m * interval '1 minute', n * 10 + m, access_token('demo', '卡' || m), 'HK-0001', 'in', 'card'
FROM generate_series(1, 55) n, generate_series(1, 2) m WHERE CASE m WHEN 1 THEN n > 40 ELSE n < 40 AND n % 3 > 0 END;
INSERT INTO registry.access_event (happened_at, device_code, method) SELECT now() - n * interval '1 day', 'HK-0001', 'visitor' FROM generate_series(1, 60) n;
CALL run_due();
SELECT kind_name AS "线索", name AS "姓名", events AS "通行次数", seen_days AS "通行天数", open_days AS "有效天数", local_day(last_at) AS "末次", probability AS "概率" FROM api.presence_candidate ORDER BY kind;
SELECT decided.state AS "结果" FROM api.confirm_presence('probably_left', :flat, 'confirmed', :leaver) AS decided;
SELECT decided.state AS "结果" FROM api.confirm_presence('probably_arrived', :door, 'visit', :newcomer) AS decided;
\echo == 抽查 spot check: a sample by seed, what was found, the rate with its interval; two lists and how many there are
:start
SELECT left(:'village', 9) AS town, (SELECT min(person_id) FROM registry.person WHERE birth_date < '1990-01-01') AS checker \gset
SELECT record_id AS spot, warning AS spot_warning FROM api.draw_spot_check(:'town', 200, '2026-001', '季度抽查', '年度考核', strata_by => 'let_state', let_states => '{let,lettable}') \gset
-- made up: every ninth is not at home, every twentieth of those who live there never registered
SELECT count(api.record_spot_check(:spot, CASE WHEN d.dwelling_id % 9 = 0 THEN 'nobody_home' ELSE 'checked' END, :checker, d.dwelling_id,
    found_let => CASE WHEN d.dwelling_id % 9 > 0 THEN d.let_state = 'let' OR home.people > 0 END,
    people => CASE WHEN d.dwelling_id % 9 > 0 THEN home.named END, people_counted => CASE WHEN d.dwelling_id % 9 > 0 AND d.dwelling_id % 20 = 1 THEN 1 END))
FROM registry.spot_check_dwelling s JOIN registry.dwelling d USING (dwelling_id)
CROSS JOIN LATERAL (SELECT count(*) AS people, COALESCE(jsonb_agg(jsonb_build_object('person_id', r.person_id)), '[]') AS named
                    FROM registry.residence r WHERE r.dwelling_id = d.dwelling_id AND residence_is_current(r.state)) AS home
WHERE s.spot_check_id = :spot \g /dev/null
SELECT measure AS "指标", COALESCE(stratum_value, '合计') AS "分层", frame_units AS "抽样框", dwellings AS "应查", answered AS "已得结果", found AS "发现", registered AS "已登记",
       rate AS "登记率", rate_low AS "下限", rate_high AS "上限", design_effect AS "设计效应", effective_size AS "有效样本量"
FROM stat.spot_check WHERE spot_check_id = :spot ORDER BY measure, stratum_value NULLS LAST;
SELECT record_id AS list FROM api.import_list('utility', :'town', today(), (SELECT jsonb_agg(jsonb_build_object('person_id', r.person_id)) FROM registry.residence r JOIN registry.dwelling d USING (dwelling_id)
    WHERE d.division <@ :'town' AND residence_is_current(r.state) AND r.person_id % 3 = 0)
    -- and some whom the register does not know to live here
    || (SELECT jsonb_agg(jsonb_build_object('person_id', p.person_id)) FROM (SELECT person_id FROM registry.person WHERE person_id % 97 = 5 ORDER BY person_id LIMIT 12) AS p), '用水户') \gset
SELECT first_source AS "来源一", second_source AS "来源二", first_count AS n1, second_count AS n2, both_count AS m, estimate AS "估计人数", estimate_low AS "下限", estimate_high AS "上限", warning AS "提示"
FROM stat.capture_recapture_on(:'town', today());
SELECT api.close_spot_check(:spot, '已核查完毕') \g /dev/null
SELECT format('    %s s', round(extract(epoch FROM clock_timestamp() - :'started'), 1)) AS line \gset
\echo :line

\echo
\echo == 台账 ledger: a name is corrected, both versions stay; changes are sealed, and a superuser who touches one is found
:start
SELECT person_id AS person, p.name AS former_name, clock_timestamp() AS before_correction
FROM registry.person p JOIN registry.residence r USING (person_id) WHERE residence_is_current(r.state) ORDER BY person_id LIMIT 1 \gset
SELECT record_id AS correction FROM api.correct_person(:person, jsonb_build_object('name', left(:'former_name', 1) || '晓明'), '户口簿') \gset
SELECT api.decide_correction(:correction, true) \g /dev/null
SELECT asked.at AS "时点", v.name AS "姓名", v.known_through AS "经由"
FROM (VALUES (1, '更正前', :'before_correction'::timestamptz), (2, '现在', clock_timestamp())) AS asked (sort, at, moment), api.person_as_of(:person, asked.moment) v
ORDER BY asked.sort;
CALL residency.seal_changes();
SELECT a.block_id AS "区块", s.changes AS "变更数", left(a.root, 16) || '…' AS "默克尔根", (SELECT count(*) FROM residency.verify_ledger()) AS "异常"
FROM api.ledger_anchor() a, (SELECT count(*) FROM ledger.sealed) AS s (changes);
BEGIN;
SET LOCAL session_replication_role = replica;
UPDATE ledger.change c SET image = c.image || '{"name": "无名氏"}' WHERE c.table_name = 'registry.person' AND c.key = jsonb_build_object('person_id', :person) AND c.operation = 'U';
SELECT block_id AS "区块", change_id AS "变更", finding AS "发现", detail AS "说明" FROM residency.verify_ledger();
ROLLBACK;
SELECT format('    %s s', round(extract(epoch FROM clock_timestamp() - :'started'), 1)) AS line \gset
\echo :line
