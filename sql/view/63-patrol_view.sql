-- What has been observed, what contradicts, and how the patrols of each grid stand.

CREATE OR REPLACE VIEW api.dwelling_fact AS
SELECT f.fact_id, f.dwelling_id, f.residence_id, f.attribute,
       (SELECT v.name FROM code.value v WHERE v.list = 'fact_attribute' AND v.code = f.attribute) AS attribute_name,
       f.value,
       COALESCE((SELECT v.name FROM code.value v WHERE v.list = f.attribute AND v.code = f.value), f.value) AS value_name,
       f.versions AS seen_version, f.contested, f.observations,
       (SELECT max(o.observed_at) FROM registry.observation o WHERE o.fact_id = f.fact_id) AS last_observed_at
FROM registry.fact f;
COMMENT ON VIEW api.dwelling_fact IS 'What observations say of dwellings and residences (房屋与在住观察)';
COMMENT ON COLUMN api.dwelling_fact.fact_id IS 'Key (事实编号)';
COMMENT ON COLUMN api.dwelling_fact.dwelling_id IS 'Dwelling, or else (房屋)';
COMMENT ON COLUMN api.dwelling_fact.residence_id IS 'residence (居住登记)';
COMMENT ON COLUMN api.dwelling_fact.attribute IS 'What is observed, list fact_attribute (事项)';
COMMENT ON COLUMN api.dwelling_fact.attribute_name IS 'The same in words (事项名称)';
COMMENT ON COLUMN api.dwelling_fact.value IS 'Value in force (现值)';
COMMENT ON COLUMN api.dwelling_fact.value_name IS 'The same in words (现值名称)';
COMMENT ON COLUMN api.dwelling_fact.seen_version IS 'What a phone names as seen that reads this (版本)';
COMMENT ON COLUMN api.dwelling_fact.contested IS 'Whether observations contradict each other and somebody is to settle it (待裁决)';
COMMENT ON COLUMN api.dwelling_fact.observations IS 'How many there are (观察数)';
COMMENT ON COLUMN api.dwelling_fact.last_observed_at IS 'The latest (最近观察时间)';

CREATE OR REPLACE VIEW api.conflict AS
SELECT c.conflict_id,
       CASE WHEN f.residence_id IS NOT NULL THEN 'residence' WHEN f.attribute = 'letting_category' THEN 'dwelling_category' ELSE 'dwelling' END AS table_name,
       COALESCE(f.residence_id, f.dwelling_id) AS record_id,
       d.dwelling_id, d.division::text AS division, d.grid_id, d.address,
       f.attribute AS column_name,
       f.value AS value_in_force,
       CASE WHEN c.earlier_id IS NULL THEN register_value(f.attribute, d.rental_kind, d.let_state, d.usable_area) ELSE earlier.value END AS earlier_value,
       earlier.observed_at AS earlier_at, earlier.staff_person_id AS earlier_staff_person_id, earlier.source AS earlier_source, earlier.actor AS earlier_actor,
       later.value AS later_value,
       later.observed_at AS later_at, later.staff_person_id AS later_staff_person_id, later.source AS later_source, later.actor AS later_actor,
       c.rule, c.refusal, c.state, c.opened_at,
       settlement.value AS settled_value, settlement.reason AS settled_reason, settlement.actor AS settled_by, settlement.recorded_at AS settled_at
FROM registry.conflict c
JOIN registry.fact f ON f.fact_id = c.fact_id
JOIN registry.dwelling d ON d.dwelling_id = COALESCE(f.dwelling_id, (SELECT r.dwelling_id FROM registry.residence r WHERE r.residence_id = f.residence_id))
JOIN registry.observation later ON later.observation_id = c.later_id
LEFT JOIN registry.observation earlier ON earlier.observation_id = c.earlier_id
LEFT JOIN registry.observation settlement ON settlement.fact_id = c.fact_id AND settlement.settles = c.conflict_id;
COMMENT ON VIEW api.conflict IS 'Observations that contradict each other, with both sides (观察冲突): open ones wait for api.settle_conflict()';
COMMENT ON COLUMN api.conflict.conflict_id IS 'Key (冲突编号)';
COMMENT ON COLUMN api.conflict.table_name IS 'Table of the register that it is about (表)';
COMMENT ON COLUMN api.conflict.record_id IS 'Key there: a dwelling or residence (记录编号)';
COMMENT ON COLUMN api.conflict.dwelling_id IS 'Dwelling (房屋)';
COMMENT ON COLUMN api.conflict.division IS 'Its division (区划)';
COMMENT ON COLUMN api.conflict.grid_id IS 'Its grid (网格)';
COMMENT ON COLUMN api.conflict.address IS 'Its address (地址)';
COMMENT ON COLUMN api.conflict.column_name IS 'What is contested, list fact_attribute (事项)';
COMMENT ON COLUMN api.conflict.value_in_force IS 'What holds meanwhile (现值)';
COMMENT ON COLUMN api.conflict.earlier_value IS 'What the earlier observation says; where rule is register, what the register has (较早值)';
COMMENT ON COLUMN api.conflict.earlier_at IS 'When that was seen (较早观察时间)';
COMMENT ON COLUMN api.conflict.earlier_staff_person_id IS 'By whom (较早观察人)';
COMMENT ON COLUMN api.conflict.earlier_source IS 'Where it comes from, list observation_source (较早来源)';
COMMENT ON COLUMN api.conflict.earlier_actor IS 'Role that entered it (较早登记角色)';
COMMENT ON COLUMN api.conflict.later_value IS 'What the latest observation says (较晚值)';
COMMENT ON COLUMN api.conflict.later_at IS 'When that was seen (较晚观察时间)';
COMMENT ON COLUMN api.conflict.later_staff_person_id IS 'By whom (较晚观察人)';
COMMENT ON COLUMN api.conflict.later_source IS 'Where it comes from, list observation_source (较晚来源)';
COMMENT ON COLUMN api.conflict.later_actor IS 'Role that entered it (较晚登记角色)';
COMMENT ON COLUMN api.conflict.rule IS 'What decides, list conflict_rule (裁决规则)';
COMMENT ON COLUMN api.conflict.refusal IS 'Code of the register''s refusal where rule is register (拒绝代码)';
COMMENT ON COLUMN api.conflict.state IS 'open, decided or settled, list conflict_state (状态)';
COMMENT ON COLUMN api.conflict.opened_at IS 'When the register met it (发现时间)';
COMMENT ON COLUMN api.conflict.settled_value IS 'What it was settled to (裁决值)';
COMMENT ON COLUMN api.conflict.settled_reason IS 'Why (裁决理由)';
COMMENT ON COLUMN api.conflict.settled_by IS 'Role that settled it (裁决角色)';
COMMENT ON COLUMN api.conflict.settled_at IS 'When (裁决时间)';

CREATE OR REPLACE VIEW stat.patrol_by_grid AS
SELECT g.grid_id, g.grid_code, g.name, g.division::text AS division,
       (SELECT count(*)::integer FROM registry.grid_staff s WHERE s.grid_id = g.grid_id AND s.period @> today()) AS staff,
       task.open_tasks, task.late_tasks, task.done_tasks, task.done_late_tasks,
       seen.visits, seen.successful, seen.near, seen.far, seen.unknown_distance,
       (SELECT count(*)::integer
        FROM registry.dwelling d
        JOIN registry.fact f ON f.dwelling_id = d.dwelling_id AND f.contested
        WHERE d.grid_id = g.grid_id) AS contested
FROM registry.grid g
CROSS JOIN LATERAL (
    SELECT (count(*) FILTER (WHERE t.state = 'open'))::integer,
           (count(*) FILTER (WHERE t.state = 'open' AND t.due_on < today()))::integer,
           (count(*) FILTER (WHERE t.state = 'done'))::integer,
           (count(*) FILTER (WHERE t.state = 'done' AND local_day(v.started_at) > t.due_on))::integer
    FROM registry.dwelling d
    JOIN registry.patrol_task t ON t.dwelling_id = d.dwelling_id
    LEFT JOIN registry.visit v ON v.visit_id = t.visit_id
    WHERE d.grid_id = g.grid_id
) AS task (open_tasks, late_tasks, done_tasks, done_late_tasks)
CROSS JOIN LATERAL (
    SELECT count(*)::integer,
           (count(*) FILTER (WHERE visit_settles(v.outcome)))::integer,
           (count(*) FILTER (WHERE v.distance_kind = 'near'))::integer,
           (count(*) FILTER (WHERE v.distance_kind = 'far'))::integer,
           (count(*) FILTER (WHERE v.distance_kind = 'unknown'))::integer
    FROM registry.dwelling d
    JOIN registry.visit v ON v.dwelling_id = d.dwelling_id
    WHERE d.grid_id = g.grid_id
) AS seen (visits, successful, near, far, unknown_distance)
WHERE g.kind = 'management' AND g.period @> today();
COMMENT ON VIEW stat.patrol_by_grid IS 'How the patrols of each grid stand (网格巡查统计): tasks and visits of the dwellings that are in it now';
COMMENT ON COLUMN stat.patrol_by_grid.grid_id IS 'Key of the grid (网格编号)';
COMMENT ON COLUMN stat.patrol_by_grid.grid_code IS 'Its code (网格编码)';
COMMENT ON COLUMN stat.patrol_by_grid.name IS 'Its name (网格名称)';
COMMENT ON COLUMN stat.patrol_by_grid.division IS 'Its division (所属村居)';
COMMENT ON COLUMN stat.patrol_by_grid.staff IS 'Who looks after it today, by role and person (人员数)';
COMMENT ON COLUMN stat.patrol_by_grid.open_tasks IS 'Open tasks (待办任务)';
COMMENT ON COLUMN stat.patrol_by_grid.late_tasks IS 'Of them late (逾期任务)';
COMMENT ON COLUMN stat.patrol_by_grid.done_tasks IS 'Tasks done (已办任务)';
COMMENT ON COLUMN stat.patrol_by_grid.done_late_tasks IS 'Of them late (逾期办结)';
COMMENT ON COLUMN stat.patrol_by_grid.visits IS 'Visits (走访次数)';
COMMENT ON COLUMN stat.patrol_by_grid.successful IS 'Of them with a result (有效走访)';
COMMENT ON COLUMN stat.patrol_by_grid.near IS 'Of them surely at the dwelling (在房屋附近)';
COMMENT ON COLUMN stat.patrol_by_grid.far IS 'Of them surely away from it (远离房屋)';
COMMENT ON COLUMN stat.patrol_by_grid.unknown_distance IS 'Of them where it cannot be told (无法判定)';
COMMENT ON COLUMN stat.patrol_by_grid.contested IS 'Facts of its dwellings that wait to be settled (待裁决事项)';
