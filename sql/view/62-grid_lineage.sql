-- What became of which grid, and the holes there are today.

CREATE OR REPLACE VIEW api.grid_lineage AS
SELECT l.grid_lineage_id, l.grid_act_id, a.kind, a.effective_on, a.reason,
       b.grid_code AS from_code, old.name AS from_name, n.grid_code AS to_code, new.name AS to_name,
       l.area, l.area_share, l.residents, l.resident_share, a.actor, a.recorded_at, a.taken_at
FROM registry.grid_lineage l
JOIN registry.grid_act a ON a.grid_act_id = l.grid_act_id AND a.called_off_at IS NULL
JOIN registry.grid b ON b.grid_id = l.from_grid_id
JOIN registry.grid_version old ON old.grid_id = l.from_grid_id AND old.period @> a.effective_on - 1
LEFT JOIN registry.grid n ON n.grid_id = l.to_grid_id
LEFT JOIN registry.grid_version new ON new.grid_id = l.to_grid_id AND new.period @> a.effective_on;
COMMENT ON VIEW api.grid_lineage IS 'What became of which grid, when and why (网格沿革), with area and residents that went over';
COMMENT ON COLUMN api.grid_lineage.grid_lineage_id IS 'Key (编号)';
COMMENT ON COLUMN api.grid_lineage.grid_act_id IS 'The act (调整编号)';
COMMENT ON COLUMN api.grid_lineage.kind IS 'What was done, list lineage_kind (调整类型)';
COMMENT ON COLUMN api.grid_lineage.effective_on IS 'First day on which it holds (生效日期)';
COMMENT ON COLUMN api.grid_lineage.reason IS 'Why (调整原因)';
COMMENT ON COLUMN api.grid_lineage.from_code IS 'Code before (原网格编码)';
COMMENT ON COLUMN api.grid_lineage.from_name IS 'Name before (原网格名称)';
COMMENT ON COLUMN api.grid_lineage.to_code IS 'Code after (新网格编码); NULL: no grid';
COMMENT ON COLUMN api.grid_lineage.to_name IS 'Name after (新网格名称)';
COMMENT ON COLUMN api.grid_lineage.area IS 'Area that went over, m² (面积)';
COMMENT ON COLUMN api.grid_lineage.area_share IS 'Its share of the grid before, 0 to 1 (面积占比)';
COMMENT ON COLUMN api.grid_lineage.residents IS 'Residents who went over (人数)';
COMMENT ON COLUMN api.grid_lineage.resident_share IS 'Their share of the grid before, 0 to 1 (人数占比)';
COMMENT ON COLUMN api.grid_lineage.actor IS 'Role that entered it (登记人)';
COMMENT ON COLUMN api.grid_lineage.recorded_at IS 'When it was entered (登记时间)';
COMMENT ON COLUMN api.grid_lineage.taken_at IS 'When it took effect in the register (执行时间); NULL: to come';

CREATE OR REPLACE VIEW api.grid_act AS
SELECT a.grid_act_id, a.kind, a.effective_on, a.reason,
       ARRAY(SELECT DISTINCT g.grid_code FROM registry.grid_lineage l JOIN registry.grid g ON g.grid_id = l.from_grid_id
             WHERE l.grid_act_id = a.grid_act_id ORDER BY 1)::text[] AS before,
       ARRAY(SELECT DISTINCT g.grid_code FROM registry.grid_lineage l JOIN registry.grid g ON g.grid_id = l.to_grid_id
             WHERE l.grid_act_id = a.grid_act_id ORDER BY 1)::text[] AS after,
       a.actor, a.recorded_at, a.taken_at, a.called_off_at, a.called_off_by, a.called_off_reason
FROM registry.grid_act a;
COMMENT ON VIEW api.grid_act IS 'Acts that changed grids, will, or were called off (网格调整记录)';
COMMENT ON COLUMN api.grid_act.grid_act_id IS 'Key (调整编号)';
COMMENT ON COLUMN api.grid_act.kind IS 'What was done, list lineage_kind (调整类型)';
COMMENT ON COLUMN api.grid_act.effective_on IS 'First day on which it holds (生效日期)';
COMMENT ON COLUMN api.grid_act.reason IS 'Why (调整原因)';
COMMENT ON COLUMN api.grid_act.before IS 'Codes of the grids before (原网格编码)';
COMMENT ON COLUMN api.grid_act.after IS 'Codes of the grids after (新网格编码)';
COMMENT ON COLUMN api.grid_act.actor IS 'Role that entered it (登记人)';
COMMENT ON COLUMN api.grid_act.recorded_at IS 'When it was entered (登记时间)';
COMMENT ON COLUMN api.grid_act.taken_at IS 'When it took effect in the register (执行时间)';
COMMENT ON COLUMN api.grid_act.called_off_at IS 'When it was called off (撤回时间)';
COMMENT ON COLUMN api.grid_act.called_off_by IS 'Role that called it off (撤回人)';
COMMENT ON COLUMN api.grid_act.called_off_reason IS 'Why it was called off (撤回原因)';

CREATE OR REPLACE VIEW map.grid_gap AS
WITH village AS (
    SELECT g.division, ST_Union(g.outline) AS outline
    FROM registry.grid g WHERE g.kind = 'management' AND g.period @> today() GROUP BY g.division
), hole AS (
    SELECT v.division,
           ST_Difference(ST_SetSRID(ST_MakePolygon(ST_ExteriorRing((ring).geom)), 4490),
               COALESCE((SELECT ST_Union(g.outline) FROM registry.grid g
                         WHERE g.kind = 'management' AND g.period @> today() AND g.outline && (ring).geom), ST_GeomFromText('POLYGON EMPTY', 4490))) AS outline
    FROM village v, ST_Dump(v.outline) AS part, ST_DumpRings(part.geom) AS ring
    WHERE (ring).path[1] > 0
)
SELECT row_number() OVER (ORDER BY hole.division, ST_XMin(hole.outline), ST_YMin(hole.outline)) AS grid_gap_id,
       hole.division::text AS division,
       round(ST_Area(hole.outline::geography)::numeric, 1) AS area,
       ST_Multi(ST_CollectionExtract(hole.outline, 3))::geometry(MultiPolygon, 4490) AS outline
FROM hole
WHERE grid_matters(hole.outline, hole.division);
COMMENT ON VIEW map.grid_gap IS
    'Holes between the management grids of a village that no grid covers today (网格空白区域). Overlaps cannot be: RG063. What an act leaves out at the edge stands in api.grid_lineage with no to_code';
COMMENT ON COLUMN map.grid_gap.grid_gap_id IS 'Number in this list (序号)';
COMMENT ON COLUMN map.grid_gap.division IS 'Village-level division (所属村居代码)';
COMMENT ON COLUMN map.grid_gap.area IS 'Area in m² (面积)';
COMMENT ON COLUMN map.grid_gap.outline IS 'Where it is (空白范围), CGCS2000';
