-- Counts for BI tools, taken from the register at the moment of asking.
-- Each row counts for itself, over the index range of its division or grid: a question for few divisions reads few rows.

CREATE OR REPLACE VIEW stat.resident_by_division AS
SELECT c.division::bigint AS division_id,
       c.division::text AS division,
       c.name,
       c.level,
       c.parent::text AS parent,
       who.residents,
       who.active,
       who.waiting,
       who.men,
       who.women,
       who.minors,
       place.dwellings,
       place.let_dwellings
FROM code.division c
CROSS JOIN LATERAL (
    SELECT count(*)::integer,
           (count(*) FILTER (WHERE r.state = 'active'))::integer,
           (count(*) FILTER (WHERE r.state <> 'active'))::integer,
           (count(*) FILTER (WHERE p.sex = '1'))::integer,
           (count(*) FILTER (WHERE p.sex = '2'))::integer,
           (count(*) FILTER (WHERE p.birth_date > today() - interval '16 years'))::integer
    FROM registry.dwelling d
    JOIN registry.residence r ON r.dwelling_id = d.dwelling_id AND residence_is_current(r.state)
    JOIN registry.person p ON p.person_id = r.person_id
    WHERE d.division <@ c.division
) AS who (residents, active, waiting, men, women, minors)
CROSS JOIN LATERAL (
    SELECT count(*)::integer, (count(*) FILTER (WHERE d.let_state = 'let'))::integer
    FROM registry.dwelling d
    WHERE d.division <@ c.division AND d.let_state <> 'demolished'
      AND NOT EXISTS (SELECT FROM registry.dwelling part WHERE part.parent_id = d.dwelling_id)
) AS place (dwellings, let_dwellings);
COMMENT ON VIEW stat.resident_by_division IS
    'Residents and dwellings now, by division of every level (各级区划在住人数); each row holds all that is beneath it, so add up rows of one level only';
COMMENT ON COLUMN stat.resident_by_division.division_id IS 'Division code as a number of 12 digits, the key (区划代码数值)';
COMMENT ON COLUMN stat.resident_by_division.division IS 'Division code of 6, 9 or 12 digits (区划代码)';
COMMENT ON COLUMN stat.resident_by_division.name IS 'Name without the divisions above (名称)';
COMMENT ON COLUMN stat.resident_by_division.level IS '1 province to 5 village (级别)';
COMMENT ON COLUMN stat.resident_by_division.parent IS 'Code of the division above (上级区划代码)';
COMMENT ON COLUMN stat.resident_by_division.residents IS 'Persons who live there now: active and waiting (在住人数); all of them, also restricted ones: a total names nobody and equals the facts';
COMMENT ON COLUMN stat.resident_by_division.active IS 'Of them verified (已核实)';
COMMENT ON COLUMN stat.resident_by_division.waiting IS 'Of them reported or in verification (待核实)';
COMMENT ON COLUMN stat.resident_by_division.men IS 'Of them men (男)';
COMMENT ON COLUMN stat.resident_by_division.women IS 'Of them women (女)';
COMMENT ON COLUMN stat.resident_by_division.minors IS 'Of them younger than 16 years today (未满16周岁)';
COMMENT ON COLUMN stat.resident_by_division.dwellings IS
    'Dwellings that have no further parts, without those demolished (房屋数): rooms, not also the building that they are in';
COMMENT ON COLUMN stat.resident_by_division.let_dwellings IS 'Of them let (已出租)';

CREATE OR REPLACE VIEW stat.resident_by_grid AS
SELECT g.grid_id,
       g.grid_code,
       g.name,
       g.division::text AS division,
       (SELECT c.name FROM code.division c WHERE c.division = parent(parent(g.division))) AS county,
       (SELECT c.name FROM code.division c WHERE c.division = parent(g.division)) AS township,
       (SELECT c.name FROM code.division c WHERE c.division = g.division) AS village,
       who.residents,
       who.active,
       who.waiting,
       who.men,
       who.women,
       who.minors,
       place.dwellings,
       place.let_dwellings
FROM registry.grid g
CROSS JOIN LATERAL (
    SELECT count(*)::integer,
           (count(*) FILTER (WHERE r.state = 'active'))::integer,
           (count(*) FILTER (WHERE r.state <> 'active'))::integer,
           (count(*) FILTER (WHERE p.sex = '1'))::integer,
           (count(*) FILTER (WHERE p.sex = '2'))::integer,
           (count(*) FILTER (WHERE p.birth_date > today() - interval '16 years'))::integer
    FROM registry.dwelling d
    JOIN registry.residence r ON r.dwelling_id = d.dwelling_id AND residence_is_current(r.state)
    JOIN registry.person p ON p.person_id = r.person_id
    WHERE d.grid_id = g.grid_id
) AS who (residents, active, waiting, men, women, minors)
CROSS JOIN LATERAL (
    SELECT count(*)::integer, (count(*) FILTER (WHERE d.let_state = 'let'))::integer
    FROM registry.dwelling d
    WHERE d.grid_id = g.grid_id AND d.let_state <> 'demolished'
      AND NOT EXISTS (SELECT FROM registry.dwelling part WHERE part.parent_id = d.dwelling_id)
) AS place (dwellings, let_dwellings)
WHERE g.kind = 'management' AND g.period @> today();
COMMENT ON VIEW stat.resident_by_grid IS
    'Residents and dwellings now, by management grid that is valid today (各网格在住人数); who lives outside all grids is in map.dwelling_without_grid and map.dwelling_without_location';
COMMENT ON COLUMN stat.resident_by_grid.grid_id IS 'Key of the grid (网格编号)';
COMMENT ON COLUMN stat.resident_by_grid.grid_code IS 'Code of the grid (网格编码)';
COMMENT ON COLUMN stat.resident_by_grid.name IS 'Name of the grid (网格名称)';
COMMENT ON COLUMN stat.resident_by_grid.division IS 'Village-level division (所属村居代码)';
COMMENT ON COLUMN stat.resident_by_grid.county IS 'County; in cities without counties the city (县级)';
COMMENT ON COLUMN stat.resident_by_grid.township IS 'Township (乡级)';
COMMENT ON COLUMN stat.resident_by_grid.village IS 'Village or neighbourhood (村级)';
COMMENT ON COLUMN stat.resident_by_grid.residents IS 'Persons who live there now: active and waiting (在住人数); all of them, also restricted ones';
COMMENT ON COLUMN stat.resident_by_grid.active IS 'Of them verified (已核实)';
COMMENT ON COLUMN stat.resident_by_grid.waiting IS 'Of them reported or in verification (待核实)';
COMMENT ON COLUMN stat.resident_by_grid.men IS 'Of them men (男)';
COMMENT ON COLUMN stat.resident_by_grid.women IS 'Of them women (女)';
COMMENT ON COLUMN stat.resident_by_grid.minors IS 'Of them younger than 16 years today (未满16周岁)';
COMMENT ON COLUMN stat.resident_by_grid.dwellings IS
    'Dwellings that have no further parts, without those demolished (房屋数)';
COMMENT ON COLUMN stat.resident_by_grid.let_dwellings IS 'Of them let (已出租)';
