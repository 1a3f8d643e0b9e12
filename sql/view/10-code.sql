-- The dictionaries as clients read them: codes as text, validity as two days, half open.

CREATE OR REPLACE VIEW code.division_path AS
SELECT d.division::bigint AS division_id,
       d.division::text AS division,
       d.parent::text AS parent,
       d.level,
       d.name,
       d.heading,
       p.province,
       p.city,
       -- towns of cities without counties: the city stands in for the county, so that no group is NULL
       coalesce(p.county, CASE WHEN d.level > 3 THEN p.city END) AS county,
       p.township,
       p.village,
       (SELECT string_agg(n.name, '' ORDER BY n.level)
        FROM (VALUES (d.level, d.name, d.heading), (a1.level, a1.name, a1.heading), (a2.level, a2.name, a2.heading),
                     (a3.level, a3.name, a3.heading), (a4.level, a4.name, a4.heading)) AS n (level, name, heading)
        WHERE NOT n.heading) AS full_name,
       lower(d.period) AS valid_from,
       upper(d.period) AS valid_to,
       d.superseded_by::text AS superseded_by,
       d.source
FROM code.division d
LEFT JOIN code.division a1 ON a1.division OPERATOR(residency.=) d.parent
LEFT JOIN code.division a2 ON a2.division OPERATOR(residency.=) a1.parent
LEFT JOIN code.division a3 ON a3.division OPERATOR(residency.=) a2.parent
LEFT JOIN code.division a4 ON a4.division OPERATOR(residency.=) a3.parent
CROSS JOIN LATERAL (
    SELECT CASE 1 WHEN d.level THEN d.name WHEN a1.level THEN a1.name WHEN a2.level THEN a2.name
                  WHEN a3.level THEN a3.name WHEN a4.level THEN a4.name END AS province,
           CASE 2 WHEN d.level THEN d.name WHEN a1.level THEN a1.name WHEN a2.level THEN a2.name
                  WHEN a3.level THEN a3.name END AS city,
           CASE 3 WHEN d.level THEN d.name WHEN a1.level THEN a1.name WHEN a2.level THEN a2.name END AS county,
           CASE 4 WHEN d.level THEN d.name WHEN a1.level THEN a1.name END AS township,
           CASE 5 WHEN d.level THEN d.name END AS village
) p;
COMMENT ON VIEW code.division_path IS
    'Divisions with their path for clerks and BI (区划路径). Source: code.division';
COMMENT ON COLUMN code.division_path.division_id IS 'Division code as a number of 12 digits, the key (区划代码数值)';
COMMENT ON COLUMN code.division_path.division IS 'Division code of 6, 9 or 12 digits (区划代码)';
COMMENT ON COLUMN code.division_path.parent IS 'Code of the division above (上级区划代码)';
COMMENT ON COLUMN code.division_path.level IS '1 province to 5 village (级别)';
COMMENT ON COLUMN code.division_path.name IS 'Name without the divisions above (名称)';
COMMENT ON COLUMN code.division_path.heading IS 'A heading and no authority (汇总码)';
COMMENT ON COLUMN code.division_path.province IS 'Province (省级)';
COMMENT ON COLUMN code.division_path.city IS 'Prefecture, or the heading in its place: 市辖区, 省直辖县级行政区划 (地级); NULL for provinces';
COMMENT ON COLUMN code.division_path.county IS 'County; in cities without counties the city (县级); NULL above';
COMMENT ON COLUMN code.division_path.township IS 'Township (乡级); NULL above';
COMMENT ON COLUMN code.division_path.village IS 'Village or neighbourhood (村级); NULL above';
COMMENT ON COLUMN code.division_path.full_name IS 'Full name from the province down, without headings (区划全称)';
COMMENT ON COLUMN code.division_path.valid_from IS 'First day of validity, NULL: since before the list was taken over (生效日期)';
COMMENT ON COLUMN code.division_path.valid_to IS 'First day after validity, NULL: valid (失效日期)';
COMMENT ON COLUMN code.division_path.superseded_by IS 'Code of the division that took over its area (继承区划代码)';
COMMENT ON COLUMN code.division_path.source IS 'List the row comes from, see code.source (来源)';

CREATE OR REPLACE VIEW code.division_history AS
SELECT f.division::bigint / 1000000 * 10000 + lower(f.years) AS history_id,
       f.division::text AS division,
       residency.level(f.division) AS level,
       f.name,
       lower(f.years) AS year_from,
       upper(f.years) AS year_to,
       lower(f.seen) AS seen_from,
       upper(f.seen) AS seen_to,
       f.heading,
       f.successor::text AS successor,
       s.name AS successor_name,
       array_to_string(f.sources, ',') AS sources,
       f.note
FROM code.former_division f
LEFT JOIN code.division s ON s.division OPERATOR(residency.=) f.successor;
COMMENT ON VIEW code.division_history IS
    'Codes of GB/T 2260 since 1980 and the years in which they held (历年县级以上行政区划). Source: code.former_division';
COMMENT ON COLUMN code.division_history.history_id IS 'Code of 6 digits and first year as one number, the key (编号)';
COMMENT ON COLUMN code.division_history.division IS 'Division code of 6 digits (区划代码)';
COMMENT ON COLUMN code.division_history.level IS '1 province, 2 prefecture, 3 county (级别)';
COMMENT ON COLUMN code.division_history.name IS 'Name without the divisions above (名称)';
COMMENT ON COLUMN code.division_history.year_from IS 'First year in which the code may have borne the name (起始年份)';
COMMENT ON COLUMN code.division_history.year_to IS 'First year in which it no longer did, NULL: it does today (终止年份)';
COMMENT ON COLUMN code.division_history.seen_from IS 'Year of the first dated list that shows it, NULL: none does (最早确证年份)';
COMMENT ON COLUMN code.division_history.seen_to IS 'Year after the last dated list that shows it (最晚确证年份之次年)';
COMMENT ON COLUMN code.division_history.heading IS 'A heading and no authority (汇总码)';
COMMENT ON COLUMN code.division_history.successor IS 'Code that carries on the name or the area (继承区划代码)';
COMMENT ON COLUMN code.division_history.successor_name IS 'Name of the successor (继承区划名称)';
COMMENT ON COLUMN code.division_history.sources IS 'Lists that show it, see code.source (来源)';
COMMENT ON COLUMN code.division_history.note IS 'What else is to be known (说明)';

CREATE OR REPLACE VIEW code.value_list AS
SELECT l.list, l.name AS list_name, l.name_en AS list_name_en,
       v.code, v.name, v.name_en, v.alternate_code,
       v.parent_list, v.parent, g.name AS parent_name,
       v.sort,
       lower(v.period) AS valid_from,
       upper(v.period) AS valid_to,
       v.confidence,
       l.source, s.standard, s.edition, s.licence,
       l.note
FROM code.value v
JOIN code.list l ON l.list = v.list
JOIN code.source s ON s.source = l.source
LEFT JOIN code.value g ON g.list = v.parent_list AND g.code = v.parent;
COMMENT ON VIEW code.value_list IS 'Values of all code lists with list, group, standard and year (代码表). Source: code.value, code.list, code.source';
COMMENT ON COLUMN code.value_list.list IS 'Name of the list; with code the key (代码表)';
COMMENT ON COLUMN code.value_list.list_name IS 'Chinese name of the list (代码表名称)';
COMMENT ON COLUMN code.value_list.list_name_en IS 'English name of the list (代码表英文名称)';
COMMENT ON COLUMN code.value_list.code IS 'Code (代码)';
COMMENT ON COLUMN code.value_list.name IS 'Chinese name (名称)';
COMMENT ON COLUMN code.value_list.name_en IS 'English name, where there is a usual one (英文名称)';
COMMENT ON COLUMN code.value_list.alternate_code IS 'Second code of the same thing (字母代码)';
COMMENT ON COLUMN code.value_list.parent_list IS 'List of the group (上级代码表)';
COMMENT ON COLUMN code.value_list.parent IS 'Code of the group (上级代码)';
COMMENT ON COLUMN code.value_list.parent_name IS 'Name of the group (上级名称)';
COMMENT ON COLUMN code.value_list.sort IS 'Place in the list when shown (排序)';
COMMENT ON COLUMN code.value_list.valid_from IS 'First day of use, NULL: always (生效日期)';
COMMENT ON COLUMN code.value_list.valid_to IS 'First day out of use, NULL: in use (失效日期)';
COMMENT ON COLUMN code.value_list.confidence IS 'How sure the value is, as in code.list (可信度)';
COMMENT ON COLUMN code.value_list.source IS 'Source of the list (来源)';
COMMENT ON COLUMN code.value_list.standard IS 'Standard behind the list (标准号)';
COMMENT ON COLUMN code.value_list.edition IS 'Year or version (版本)';
COMMENT ON COLUMN code.value_list.licence IS 'Licence of the copy (许可)';
COMMENT ON COLUMN code.value_list.note IS 'What a user of the list should know (说明)';
