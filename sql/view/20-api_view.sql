-- What applications look at: who lives where, and what room there is.
-- Names of codes are sub-selects, so that a query which does not ask for them does not pay for them.

CREATE OR REPLACE VIEW api.current_resident AS
SELECT r.residence_id,
       r.person_id,
       shown_resident_id(p.resident_id, p.person_id, 'api.current_resident') AS resident_id,
       shown('name', p.name, p.person_id, 'api.current_resident') AS name,
       p.sex,
       (SELECT v.name FROM code.value v WHERE v.list = 'sex' AND v.code = p.sex) AS sex_name,
       shown_birth_date(p.birth_date, p.person_id, 'api.current_resident') AS birth_date,
       age(p.birth_date, today()) AS age,
       p.household_division::text AS household_division,
       division_name(p.household_division) AS household_division_name,
       r.dwelling_id,
       shown('address', d.address, p.person_id, 'api.current_resident') AS address,
       d.division::text AS division,
       (SELECT c.name FROM code.division c WHERE c.division = parent(parent(d.division))) AS county,
       (SELECT c.name FROM code.division c WHERE c.division = parent(d.division)) AS township,
       (SELECT c.name FROM code.division c WHERE c.division = d.division) AS village,
       d.grid_id,
       g.grid_code,
       g.name AS grid_name,
       r.arrived_on,
       r.state,
       (SELECT v.name FROM code.value v WHERE v.list = 'residence_state' AND v.code = r.state) AS state_name,
       r.reason,
       (SELECT v.name FROM code.value v WHERE v.list = 'residence_reason' AND v.code = r.reason) AS reason_name,
       r.intended_stay,
       (SELECT v.name FROM code.value v WHERE v.list = 'intended_stay' AND v.code = r.intended_stay) AS intended_stay_name,
       r.guardian_person_id,
       r.half_year_from,
       half_year_on(r.half_year_from, r.division) AS half_year_on,
       r.channel,
       (SELECT v.name FROM code.value v WHERE v.list = 'channel' AND v.code = r.channel) AS channel_name,
       r.reported_at,
       r.verified_at,
       EXISTS (SELECT FROM registry.investigation i WHERE i.closed_at IS NULL AND (i.record = 'residence' AND i.record_id = r.residence_id OR i.record = 'person' AND i.record_id = r.person_id)) AS under_investigation
FROM registry.residence r
JOIN registry.person p ON p.person_id = r.person_id
JOIN registry.dwelling d ON d.dwelling_id = r.dwelling_id
LEFT JOIN registry.grid g ON g.grid_id = d.grid_id
WHERE residence_is_current(r.state) AND r.person_id <> ALL ((SELECT registry.withheld_persons())::bigint[]);
COMMENT ON VIEW api.current_resident IS
    'Who lives where now (在住人员): residences that are reported, verifying or active, one row per person. Division and grid are those of the dwelling today';
COMMENT ON COLUMN api.current_resident.residence_id IS 'Key of the residence (居住登记编号)';
COMMENT ON COLUMN api.current_resident.person_id IS 'Key of the person (人员编号)';
COMMENT ON COLUMN api.current_resident.resident_id IS 'Resident ID with its middle hidden (公民身份号码,脱敏), NULL for other documents';
COMMENT ON COLUMN api.current_resident.name IS 'Name (姓名)';
COMMENT ON COLUMN api.current_resident.sex IS 'Sex, list sex (性别代码, GB/T 2261.1)';
COMMENT ON COLUMN api.current_resident.sex_name IS 'Sex (性别)';
COMMENT ON COLUMN api.current_resident.birth_date IS 'Day of birth (出生日期); NULL to who may not see it';
COMMENT ON COLUMN api.current_resident.age IS 'Completed years today (周岁)';
COMMENT ON COLUMN api.current_resident.household_division IS 'Division of the household registration (户籍地区划代码)';
COMMENT ON COLUMN api.current_resident.household_division_name IS 'Its full name (户籍地)';
COMMENT ON COLUMN api.current_resident.dwelling_id IS 'Key of the dwelling (房屋编号)';
COMMENT ON COLUMN api.current_resident.address IS 'Address of the dwelling below the division (门牌地址)';
COMMENT ON COLUMN api.current_resident.division IS 'Village-level division of the dwelling (所在区划代码)';
COMMENT ON COLUMN api.current_resident.county IS 'County; in cities without counties the city (县级)';
COMMENT ON COLUMN api.current_resident.township IS 'Township (乡级)';
COMMENT ON COLUMN api.current_resident.village IS 'Village or neighbourhood (村级)';
COMMENT ON COLUMN api.current_resident.grid_id IS 'Key of the grid (网格编号), NULL outside all grids';
COMMENT ON COLUMN api.current_resident.grid_code IS 'Code of the grid (网格编码)';
COMMENT ON COLUMN api.current_resident.grid_name IS 'Name of the grid (网格名称)';
COMMENT ON COLUMN api.current_resident.arrived_on IS 'Day of arrival (到达日期)';
COMMENT ON COLUMN api.current_resident.state IS 'State, list residence_state (登记状态代码)';
COMMENT ON COLUMN api.current_resident.state_name IS 'State (登记状态)';
COMMENT ON COLUMN api.current_resident.reason IS 'Reason of the stay, list residence_reason (居住事由代码)';
COMMENT ON COLUMN api.current_resident.reason_name IS 'Reason of the stay (居住事由)';
COMMENT ON COLUMN api.current_resident.intended_stay IS 'How long it is meant to last, list intended_stay (拟居住期限代码)';
COMMENT ON COLUMN api.current_resident.intended_stay_name IS 'How long it is meant to last (拟居住期限)';
COMMENT ON COLUMN api.current_resident.guardian_person_id IS 'Key of the guardian of a minor (监护人编号)';
COMMENT ON COLUMN api.current_resident.half_year_from IS 'Day from which the half-year counts (半年起算日)';
COMMENT ON COLUMN api.current_resident.half_year_on IS 'Day on which the half-year is full (满半年之日, 居住证暂行条例 Art. 2)';
COMMENT ON COLUMN api.current_resident.channel IS 'By which way it was reported, list channel (申报渠道代码)';
COMMENT ON COLUMN api.current_resident.channel_name IS 'By which way it was reported (申报渠道)';
COMMENT ON COLUMN api.current_resident.reported_at IS 'When it was reported (申报时间)';
COMMENT ON COLUMN api.current_resident.verified_at IS 'When it was verified (核实时间), NULL: waits for it';
COMMENT ON COLUMN api.current_resident.under_investigation IS 'Whether the residence or the person is under investigation (是否存疑)';

CREATE OR REPLACE VIEW api.dwelling_occupancy AS
SELECT d.dwelling_id,
       d.parent_id,
       d.kind,
       (SELECT v.name FROM code.value v WHERE v.list = 'dwelling_kind' AND v.code = d.kind) AS kind_name,
       d.address,
       d.division::text AS division,
       (SELECT c.name FROM code.division c WHERE c.division = d.division) AS village,
       d.grid_id,
       (SELECT g.grid_code FROM registry.grid g WHERE g.grid_id = d.grid_id) AS grid_code,
       d.usable_area,
       (SELECT count(*)::integer
        FROM registry.dwelling_part part
        JOIN registry.residence r ON r.dwelling_id = part.dwelling_id
        WHERE part.whole_id = d.dwelling_id AND residence_is_current(r.state)
          AND r.person_id <> ALL ((SELECT registry.withheld_persons())::bigint[])) AS residents,
       least(area_allows(d.usable_area, d.division, today()), kind_allows(d.kind, d.division, today())) AS most_residents,
       (SELECT min(least(area_allows(w.usable_area, w.division, today()), kind_allows(w.kind, w.division, today()))
                   - (SELECT count(*)::integer
                      FROM registry.dwelling_part part
                      JOIN registry.residence r ON r.dwelling_id = part.dwelling_id
                      WHERE part.whole_id = w.dwelling_id AND residence_is_current(r.state)))
        FROM registry.dwelling_standing standing
        JOIN registry.dwelling w ON w.dwelling_id = ANY (standing.whole_ids)
        WHERE standing.dwelling_id = d.dwelling_id
          AND (w.usable_area IS NOT NULL OR w.kind IN ('room', 'bed'))) AS free_places,
       d.let_state,
       (SELECT v.name FROM code.value v WHERE v.list = 'let_state' AND v.code = d.let_state) AS let_state_name,
       (SELECT standing.letter_on
        FROM registry.dwelling_standing standing WHERE standing.dwelling_id = d.dwelling_id) AS safety_letter_on,
       needs_letter(d.let_state, d.division, today())
           AND (SELECT standing.letter_on IS NULL
                FROM registry.dwelling_standing standing WHERE standing.dwelling_id = d.dwelling_id) AS needs_safety_letter,
       d.parent_id IS NULL
           AND COALESCE((SELECT count(*)
                         FROM registry.dwelling_part part
                         JOIN registry.residence r ON r.dwelling_id = part.dwelling_id
                         WHERE part.whole_id = d.dwelling_id AND residence_is_current(r.state))
                        >= policy_int('manager_from', d.division, today()), false) AS needs_manager,
       EXISTS (SELECT FROM registry.investigation i WHERE i.closed_at IS NULL AND i.record = 'dwelling' AND i.record_id = d.dwelling_id) AS under_investigation
FROM registry.dwelling d;
COMMENT ON VIEW api.dwelling_occupancy IS
    'Dwellings, how many live in each and how many may (房屋居住情况); residents of the parts are counted in the whole too';
COMMENT ON COLUMN api.dwelling_occupancy.dwelling_id IS 'Key of the dwelling (房屋编号)';
COMMENT ON COLUMN api.dwelling_occupancy.parent_id IS 'Key of the dwelling that it is part of (所属房屋编号)';
COMMENT ON COLUMN api.dwelling_occupancy.kind IS 'Kind, list dwelling_kind (房屋层级代码)';
COMMENT ON COLUMN api.dwelling_occupancy.kind_name IS 'Kind (房屋层级)';
COMMENT ON COLUMN api.dwelling_occupancy.address IS 'Address below the division (门牌地址)';
COMMENT ON COLUMN api.dwelling_occupancy.division IS 'Village-level division (所在区划代码)';
COMMENT ON COLUMN api.dwelling_occupancy.village IS 'Its name (村居)';
COMMENT ON COLUMN api.dwelling_occupancy.grid_id IS 'Key of the grid (网格编号), NULL outside all grids';
COMMENT ON COLUMN api.dwelling_occupancy.grid_code IS 'Code of the grid (网格编码)';
COMMENT ON COLUMN api.dwelling_occupancy.usable_area IS 'Usable area in m² (使用面积)';
COMMENT ON COLUMN api.dwelling_occupancy.residents IS
    'Persons who live in it and its parts now (在住人数), without restricted ones where they are withheld; free_places counts all, as the rules do';
COMMENT ON COLUMN api.dwelling_occupancy.most_residents IS
    'Most who may, by area and by kind (可住人数; policies area_per_person_single, area_per_person_shared, room_limit, bed_limit); NULL: no limit known';
COMMENT ON COLUMN api.dwelling_occupancy.free_places IS
    'How many more may arrive, the limits of what it is part of included (空余床位); below zero: so many too many; NULL: no limit known';
COMMENT ON COLUMN api.dwelling_occupancy.let_state IS 'State, list let_state (出租状态代码)';
COMMENT ON COLUMN api.dwelling_occupancy.let_state_name IS 'State (出租状态)';
COMMENT ON COLUMN api.dwelling_occupancy.safety_letter_on IS
    'Day of the safety letter, its own or that of what it is part of (治安责任书签订日期)';
COMMENT ON COLUMN api.dwelling_occupancy.needs_safety_letter IS 'Whether a letter is needed and missing (缺治安责任书)';
COMMENT ON COLUMN api.dwelling_occupancy.needs_manager IS
    'Whether so many live in the building or house that it must have a full-time manager (须配专职管理人; policy manager_from)';
COMMENT ON COLUMN api.dwelling_occupancy.under_investigation IS 'Whether the dwelling is under investigation (是否存疑)';
