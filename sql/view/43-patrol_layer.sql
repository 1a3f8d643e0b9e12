-- Layers of the patrol: where to go, and where somebody has been.

CREATE OR REPLACE VIEW map.patrol_task AS
SELECT t.patrol_task_id,
       t.kind,
       (SELECT v.name FROM code.value v WHERE v.list = 'patrol_kind' AND v.code = t.kind) AS kind_name,
       t.due_on,
       greatest(today() - t.due_on, 0) AS late_days,
       t.dwelling_id,
       d.address,
       d.division::text AS division,
       d.grid_id,
       (SELECT g.grid_code::text FROM registry.grid g WHERE g.grid_id = d.grid_id) AS grid_code,
       s.place::geometry(Point, 4490) AS location
FROM registry.patrol_task t
JOIN registry.dwelling d USING (dwelling_id)
JOIN registry.dwelling_standing s USING (dwelling_id)
WHERE t.state = 'open' AND s.place IS NOT NULL;
COMMENT ON VIEW map.patrol_task IS 'Open patrol tasks of dwellings that are located, themselves or with what they are part of (待办巡查任务图层), CGCS2000';
COMMENT ON COLUMN map.patrol_task.patrol_task_id IS 'Key of the task (任务编号)';
COMMENT ON COLUMN map.patrol_task.kind IS 'Why, list patrol_kind (任务类型代码)';
COMMENT ON COLUMN map.patrol_task.kind_name IS 'Why (任务类型)';
COMMENT ON COLUMN map.patrol_task.due_on IS 'Day by which it is due (应完成日期)';
COMMENT ON COLUMN map.patrol_task.late_days IS 'Days late, 0 while there is time (逾期天数)';
COMMENT ON COLUMN map.patrol_task.dwelling_id IS 'Key of the dwelling (房屋编号)';
COMMENT ON COLUMN map.patrol_task.address IS 'Address below the division (门牌地址)';
COMMENT ON COLUMN map.patrol_task.division IS 'Village-level division (所在区划代码)';
COMMENT ON COLUMN map.patrol_task.grid_id IS 'Key of the grid that it lies in now (网格编号), NULL outside all grids';
COMMENT ON COLUMN map.patrol_task.grid_code IS 'Its code (网格编码)';
COMMENT ON COLUMN map.patrol_task.location IS 'Where the dwelling stands (房屋位置)';

CREATE OR REPLACE VIEW map.visit AS
SELECT v.visit_id,
       v.dwelling_id,
       d.division::text AS division,
       d.grid_id,
       v.staff_person_id,
       v.started_at,
       local_day(v.started_at) AS visited_on,
       v.outcome,
       (SELECT o.name FROM code.value o WHERE o.list = 'visit_outcome' AND o.code = v.outcome) AS outcome_name,
       array_to_string(v.findings, ',') AS findings,
       v.distance,
       v.distance_kind,
       v.accuracy,
       v.location
FROM registry.visit v
JOIN registry.dwelling d USING (dwelling_id)
WHERE v.location IS NOT NULL;
COMMENT ON VIEW map.visit IS 'Visits by the place where the phone was (走访图层), CGCS2000';
COMMENT ON COLUMN map.visit.visit_id IS 'Key of the visit (走访编号)';
COMMENT ON COLUMN map.visit.dwelling_id IS 'Key of the dwelling (房屋编号)';
COMMENT ON COLUMN map.visit.division IS 'Its division (所在区划代码)';
COMMENT ON COLUMN map.visit.grid_id IS 'Key of the grid that the dwelling lies in now (网格编号)';
COMMENT ON COLUMN map.visit.staff_person_id IS 'Who visited (走访人)';
COMMENT ON COLUMN map.visit.started_at IS 'When (开始时间)';
COMMENT ON COLUMN map.visit.visited_on IS 'On which day in China (走访日期)';
COMMENT ON COLUMN map.visit.outcome IS 'Outcome, list visit_outcome (走访结果代码)';
COMMENT ON COLUMN map.visit.outcome_name IS 'Outcome (走访结果)';
COMMENT ON COLUMN map.visit.findings IS 'Codes of list visit_finding, with commas (走访发现)';
COMMENT ON COLUMN map.visit.distance IS 'Metres to the dwelling (距离)';
COMMENT ON COLUMN map.visit.distance_kind IS 'near, far or unknown, list visit_distance (位置判定)';
COMMENT ON COLUMN map.visit.accuracy IS 'How exact the place is, in metres (定位精度)';
COMMENT ON COLUMN map.visit.location IS 'Where the phone was (位置)';
