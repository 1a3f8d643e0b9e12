-- Patrol: who looks after a grid, which dwellings are to be visited, what a visit found, and what phones
-- say that had no network: observations, the facts that follow from them, and where they contradict each other.

INSERT INTO code.list (list, name, name_en, source, confidence, note) VALUES
('grid_staff_role', '网格人员角色', 'role of grid staff', 'grid_practice', 'design', 'GB/T 34300: one 网格员 at least per grid, plus a 网格长'),
('letting_category', '出租屋分类', 'category of a let dwelling', 'house', 'design', 'No public criteria were found: each place sets its own, and how often each category is visited (policy patrol_interval_a …)'),
('patrol_kind', '巡查任务类型', 'kind of patrol task', 'house', 'design', NULL),
('patrol_state', '巡查任务状态', 'state of a patrol task', 'house', 'design', NULL),
('visit_outcome', '走访结果', 'outcome of a visit', 'house', 'design', 'met, vacant and wrong_address end a task; nobody_home and refused leave it open'),
('visit_finding', '走访发现', 'finding of a visit', 'house', 'design', NULL),
('visit_distance', '走访位置判定', 'how far from the dwelling a visit was', 'house', 'design', NULL),
('fact_attribute', '观察事项', 'what is observed', 'house', 'design', NULL),
('presence', '在住情况', 'presence of a resident', 'house', 'design', 'An observation, not a departure: it closes nothing by itself'),
('observation_source', '观察来源', 'where an observation comes from', 'house', 'design', NULL),
('conflict_rule', '冲突裁决规则', 'what decides between contradicting observations', 'house', 'design', NULL),
('conflict_state', '冲突状态', 'state of a conflict', 'house', 'design', NULL)
ON CONFLICT DO NOTHING;

INSERT INTO code.value (list, code, name, name_en, sort, confidence) VALUES
('grid_staff_role', 'leader',    '网格长', 'leader of the grid', 1, 'design'),
('grid_staff_role', 'worker',    '网格员', 'grid worker', 2, 'design'),
('grid_staff_role', 'assistant', '协管员', 'assistant', 3, 'design'),
('grid_staff_role', 'police',    '社区民警', 'community police officer', 4, 'design'),
('grid_staff_role', 'volunteer', '志愿者', 'volunteer', 5, 'design'),
('letting_category', 'A', '放心类', 'A: nothing to worry about', 1, 'design'),
('letting_category', 'B', '关注类', 'B: to be watched', 2, 'design'),
('letting_category', 'C', '严管类', 'C: strictly supervised', 3, 'design'),
('letting_category', 'D', '禁租类', 'D: not to be let', 4, 'design'),
('patrol_kind', 'routine',              '日常巡查', 'routine visit', 1, 'design'),
('patrol_kind', 'overdue_registration', '逾期申报核查', 'a report is overdue', 2, 'design'),
('patrol_kind', 'non_contact',          '失联核查', 'nobody has been met for long', 3, 'design'),
('patrol_kind', 'sweep',                '集中清查', 'sweep', 4, 'design'),
('patrol_state', 'open', '待办', 'open', 1, 'design'),
('patrol_state', 'done', '已办', 'done', 2, 'design'),
('patrol_state', 'void', '作废', 'void', 3, 'design'),
('visit_outcome', 'met',           '已见面', 'somebody was met', 1, 'design'),
('visit_outcome', 'nobody_home',   '无人在家', 'nobody was at home', 2, 'design'),
('visit_outcome', 'refused',       '拒绝配合', 'refused', 3, 'design'),
('visit_outcome', 'vacant',        '空置', 'nobody lives there', 4, 'design'),
('visit_outcome', 'wrong_address', '地址有误', 'no such dwelling at this address', 5, 'design'),
('visit_finding', 'unregistered',   '有未登记人员', 'somebody lives there unregistered', 1, 'design'),
('visit_finding', 'departed',       '人员已搬离', 'a resident has left', 2, 'design'),
('visit_finding', 'overcrowded',    '超员居住', 'too many live there', 3, 'design'),
('visit_finding', 'partitioned',    '违规隔断', 'illegal partitions', 4, 'design'),
('visit_finding', 'fire',           '消防隐患', 'fire hazard', 5, 'design'),
('visit_finding', 'gas_electric',   '用气用电隐患', 'gas or electrical hazard', 6, 'design'),
('visit_finding', 'dispute',        '矛盾纠纷', 'dispute', 7, 'design'),
('visit_finding', 'no_letter',      '未签治安责任书', 'no safety letter', 8, 'design'),
('visit_finding', 'other',          '其他', 'other', 99, 'design'),
('visit_distance', 'near',    '在房屋附近', 'at the dwelling', 1, 'design'),
('visit_distance', 'far',     '远离房屋', 'away from the dwelling', 2, 'design'),
('visit_distance', 'unknown', '无法判定', 'cannot be told', 3, 'design'),
('fact_attribute', 'rental_kind',      '出租方式', 'how a dwelling is let', 1, 'design'),
('fact_attribute', 'let_state',        '出租状态', 'let state', 2, 'design'),
('fact_attribute', 'usable_area',      '使用面积', 'usable area in m²', 3, 'design'),
('fact_attribute', 'letting_category', '出租屋分类', 'letting category', 4, 'design'),
('fact_attribute', 'presence',         '在住情况', 'whether a resident is still there', 5, 'design'),
('presence', 'there', '仍在住', 'still there', 1, 'design'),
('presence', 'gone',  '已离开', 'gone', 2, 'design'),
('observation_source', 'phone',      '移动终端', 'phone of a grid worker', 1, 'design'),
('observation_source', 'register',   '登记系统', 'written to the register', 2, 'design'),
('observation_source', 'settlement', '冲突裁决', 'settlement of a conflict', 3, 'design'),
('conflict_rule', 'ask',               '人工裁决', 'somebody settles it; until then the value agreed before holds', 1, 'design'),
('conflict_rule', 'later_observation', '以较晚观察为准', 'the later observation holds', 2, 'design'),
('conflict_rule', 'register',          '登记规则不允许', 'a rule of the register is against the value', 3, 'design'),
('conflict_state', 'open',    '待裁决', 'open', 1, 'design'),
('conflict_state', 'decided', '已按规则确定', 'decided by the rule', 2, 'design'),
('conflict_state', 'settled', '已裁决', 'settled by somebody', 3, 'design')
ON CONFLICT DO NOTHING;

INSERT INTO code.error (code, message, message_zh, detail, detail_zh, hint, hint_zh, legal_basis, constraint_name) VALUES
('RG265', 'this person has that role in the grid already', '该人员该时段已在此网格任同一角色',
          'Person %s is %s in grid %s in that time: grid_staff %s.', '人员 %s 该时段在网格 %3$s 已任 %2$s(记录 %4$s)。',
          'End the one first, or correct its period.', '请先终止原记录或更正其有效期。', NULL, 'grid_staff_no_overlap'),
('RG266', 'a period needs days', '有效期无效',
          'The period of %s is %s.', '%s 的有效期为 %s。',
          'Give the first day, and the day after the last, or leave the end open.', '请填写起始日期和终止次日,或终止日期留空。', NULL, NULL),
('RG267', 'this person is not grid staff on that day', '该人员当日不是网格工作人员',
          'Person %s on %s.', '人员 %s,日期 %s。',
          'Enter them in registry.grid_staff with their period; then send again: what the phone holds is kept there.', '请先在 registry.grid_staff 登记其任职,再由终端重新上传,数据仍保存在终端。', NULL, NULL),
('RG268', 'there is no such grid', '没有此网格',
          'Grid %s is not in the register.', '网格 %s 未登记。',
          'Look it up in map.grid.', '请在 map.grid 中查询。', NULL, NULL),
('RG269', 'these times cannot be', '时间无效',
          'From %s to %s; the register''s clock shows %s.', '起 %s,止 %s;系统时间 %s。',
          'Correct them, or the clock of the phone: it may be ahead by policy patrol_clock_ahead at most.', '请更正时间或校准终端时钟(最多可超前政策参数 patrol_clock_ahead)。', NULL, NULL),
('RG270', 'this is no place or track', '位置或轨迹无效',
          'The %s of the visit cannot be used.', '走访的 %s 无法使用。',
          'Longitude and latitude in degrees, accuracy in metres, a track of at least two points [longitude, latitude, seconds since 1970].', '经纬度以度为单位,精度以米为单位,轨迹至少两点:[经度, 纬度, 1970年以来的秒数]。', NULL, NULL),
('RG271', 'photos are named by address and checksum', '照片引用格式不符',
          'Photo %s lacks uri or sha256, or has more.', '第 %s 张照片缺少 uri 或 sha256,或含有其他字段。',
          'Write [{"uri": "https://…", "sha256": "64 hexadecimal digits"}].', '写法:[{"uri": "https://…", "sha256": "64位十六进制"}]。', NULL, NULL),
('RG272', 'what was seen stays as it was entered', '观察和走访记录不得更改',
          'A row of %s was to be changed.', '%s 中的记录不得更改。',
          'Enter what is so now as a new row.', '请以新记录填写现状。', NULL, NULL),
('RG273', 'this number has been used for something else', '该编号已用于其他内容',
          'Item %s has come before with other contents.', '编号 %s 的数据此前已收到,内容不同。',
          'Give every item a UUID of its own, and change none that has been sent.', '每项数据须有独立 UUID,已上传的不得更改。', NULL, NULL),
('RG274', 'there is no such conflict to settle', '没有待裁决的冲突',
          'Conflict %s is settled, or overtaken by what has been observed since.', '冲突 %s 已裁决,或已被后来的观察取代。',
          'Look at what is open now: SELECT * FROM api.conflict.', '请查看当前待裁决的冲突:SELECT * FROM api.conflict。', NULL, NULL),
('RG275', 'observations of this contradict each other', '该事项的观察相互矛盾',
          'The %s of dwelling %s is contested: conflict %s.', '房屋 %2$s 的 %1$s 有冲突(%3$s)待裁决。',
          'Settle it first: api.settle_conflict().', '请先裁决冲突:api.settle_conflict()。', NULL, NULL),
('RG276', 'a sweep finds no dwelling', '清查没有目标房屋',
          'In division %s no dwelling is as asked for.', '区划 %s 内没有符合条件的房屋。',
          'Widen let_states or categories, or the division.', '请放宽出租状态、分类或区划。', NULL, NULL),
('RG277', 'the list of a sweep is frozen', '清查名单已冻结',
          'Sweep %s began on its list at %s.', '清查 %s 的名单已于 %s 冻结。',
          'Start another sweep for other dwellings.', '如需增加房屋,请另行发起清查。', NULL, NULL),
('RG278', 'this is no value for what was observed', '观察值无效',
          '"%2$s" is no value of %1$s.', '"%2$s"不是 %1$s 的有效值。',
          'A usable area is a number of m² from 1 to 100000; everything else is a code of its list.', '使用面积为1至100000的数值(平方米),其余为代码表中的代码。', NULL, NULL),
('RG279', 'this follows from observations', '该数据由观察记录得出',
          'Table %s is kept by the register.', '表 %s 由系统维护。',
          'Insert what was observed into registry.observation.', '请将观察结果填入 registry.observation。', NULL, NULL),
('RG280', 'there is no such task for this dwelling', '该房屋没有此任务',
          'Task %s is not one of dwelling %s.', '任务 %s 不属于房屋 %s。',
          'Take the task from api.my_tasks(), or leave it out.', '请使用 api.my_tasks() 中的任务编号,或不填。', NULL, NULL)
ON CONFLICT DO NOTHING;

INSERT INTO policy.rule (key, value_type, unit, governs, governs_zh, counts_on, choices) VALUES
('patrol_interval_a', 'term', NULL, 'Time between routine visits to a dwelling of category A', 'A类出租屋巡查间隔', 'day of the list', NULL),
('patrol_interval_b', 'term', NULL, 'Time between routine visits to a dwelling of category B', 'B类出租屋巡查间隔', 'day of the list', NULL),
('patrol_interval_c', 'term', NULL, 'Time between routine visits to a dwelling of category C', 'C类出租屋巡查间隔', 'day of the list', NULL),
('patrol_interval_d', 'term', NULL, 'Time between routine visits to a dwelling of category D', 'D类出租屋巡查间隔', 'day of the list', NULL),
('patrol_non_contact', 'term', NULL, 'Time without a successful visit after which the residents of a dwelling are to be looked for', '未见面核查期限', 'day of the list', NULL),
('patrol_ahead', 'integer', 'days', 'Days before it is due on which a routine visit comes on the list', '巡查任务提前生成天数', 'day of the list', NULL),
('patrol_distance', 'numeric', 'm', 'Distance from the dwelling within which a visit took place at it', '走访位置允许偏差', 'day of the visit', NULL),
('patrol_conflict', 'text', NULL, 'What decides where observations contradict each other that were made from the same state', '离线数据冲突裁决规则', 'day of the latest of them', '{ask,later_observation}'),
('patrol_clock_ahead', 'interval', NULL, 'How far the clock of a phone may be ahead', '终端时钟允许超前', 'today', NULL)
ON CONFLICT DO NOTHING;

INSERT INTO policy.setting (key, division, period, value, legal_basis) VALUES
('patrol_interval_a', NULL, '[1949-10-01,)', '3 months', 'The register''s own; uncertain: no public rule of visit frequencies was found'),
('patrol_interval_b', NULL, '[1949-10-01,)', '1 month',  'The register''s own; uncertain: no public rule of visit frequencies was found'),
('patrol_interval_c', NULL, '[1949-10-01,)', '15 days',  'The register''s own; uncertain: no public rule of visit frequencies was found'),
('patrol_interval_d', NULL, '[1949-10-01,)', '1 month',  'The register''s own; uncertain: no public rule of visit frequencies was found'),
('patrol_non_contact', NULL, '[1949-10-01,)', '12 months', 'The register''s own: a registration without contact for a year is verified again'),
('patrol_ahead', NULL, '[1949-10-01,)', '7', 'The register''s own'),
('patrol_distance', NULL, '[1949-10-01,)', '100', 'The register''s own; uncertain: what phones reach between houses'),
('patrol_conflict', NULL, '[1949-10-01,)', 'ask', 'The register''s own: nothing is overwritten unless a place says so'),
('patrol_clock_ahead', NULL, '[1949-10-01,)', '10 minutes', 'The register''s own');

INSERT INTO policy.test_case (key, division, "on", expected, why) VALUES
('patrol_interval_a', NULL, '2024-05-01', '3 months', 'the register''s own'),
('patrol_interval_b', NULL, '2024-05-01', '1 month', 'the register''s own'),
('patrol_interval_c', NULL, '2024-05-01', '15 days', 'the register''s own'),
('patrol_interval_d', NULL, '2024-05-01', '1 month', 'the register''s own'),
('patrol_non_contact', NULL, '2024-05-01', '12 months', 'the register''s own'),
('patrol_ahead', NULL, '2024-05-01', '7', 'the register''s own'),
('patrol_distance', NULL, '2024-05-01', '100', 'the register''s own'),
('patrol_conflict', NULL, '2024-05-01', 'ask', 'nothing is overwritten unless a place says so'),
('patrol_clock_ahead', NULL, '2024-05-01', '10 minutes', 'the register''s own');

-- Staff
CREATE TABLE registry.grid_staff (
    grid_staff_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id     bigint NOT NULL REFERENCES registry.person,
    grid_id       bigint NOT NULL REFERENCES registry.grid,
    role          text COLLATE "C" NOT NULL DEFAULT 'worker',
    period        daterange NOT NULL DEFAULT daterange(residency.today(), NULL),
    account       text,
    CONSTRAINT grid_staff_no_overlap
        EXCLUDE USING gist (person_id WITH =, grid_id WITH =, role WITH =, period WITH &&)
);
COMMENT ON TABLE registry.grid_staff IS 'Who looks after a grid (网格人员, GB/T 34300), in which role and when';
COMMENT ON COLUMN registry.grid_staff.grid_staff_id IS 'Key';
COMMENT ON COLUMN registry.grid_staff.person_id IS 'Who (人员)';
COMMENT ON COLUMN registry.grid_staff.grid_id IS 'Grid (网格)';
COMMENT ON COLUMN registry.grid_staff.role IS 'Role, list grid_staff_role (角色)';
COMMENT ON COLUMN registry.grid_staff.period IS 'Days on which it holds, half-open (任职期)';
COMMENT ON COLUMN registry.grid_staff.account IS 'Account of the applications: a role of the database or any text (账号)';
COMMENT ON INDEX registry.grid_staff_no_overlap IS 'Grids of a person; and that nobody has one role in one grid twice at a time (同一角色任期不重叠)';
CREATE INDEX grid_staff_grid_id_idx ON registry.grid_staff (grid_id);
COMMENT ON INDEX registry.grid_staff_grid_id_idx IS 'Staff of a grid';
CREATE TRIGGER grid_staff_guard
    BEFORE INSERT OR UPDATE ON registry.grid_staff
    FOR EACH ROW EXECUTE FUNCTION residency.grid_staff_guard();

-- Visits and the tasks that they do
CREATE TABLE registry.sweep (
    sweep_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name       text NOT NULL,
    division   residency.division_code NOT NULL REFERENCES code.division,
    period     daterange NOT NULL,
    started_at timestamptz NOT NULL DEFAULT now(),
    started_by text NOT NULL DEFAULT residency.actor()
);
COMMENT ON TABLE registry.sweep IS 'Campaigns that visit a frozen list of dwellings (集中清查): its tasks are the list';
COMMENT ON COLUMN registry.sweep.sweep_id IS 'Key';
COMMENT ON COLUMN registry.sweep.name IS 'Name (名称)';
COMMENT ON COLUMN registry.sweep.division IS 'Division, with all beneath (区划)';
COMMENT ON COLUMN registry.sweep.period IS 'Days on which it is carried out, half-open (清查期)';
COMMENT ON COLUMN registry.sweep.started_at IS 'When its list was made and frozen (名单冻结时间)';
COMMENT ON COLUMN registry.sweep.started_by IS 'Role that started it (发起角色)';
CREATE TRIGGER sweep_guard
    BEFORE INSERT OR UPDATE ON registry.sweep
    FOR EACH ROW EXECUTE FUNCTION residency.sweep_guard();

CREATE TABLE registry.patrol_task (
    patrol_task_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    dwelling_id    bigint NOT NULL REFERENCES registry.dwelling,
    grid_id        bigint REFERENCES registry.grid,
    kind           text COLLATE "C" NOT NULL,
    sweep_id       bigint REFERENCES registry.sweep,
    opened_on      date NOT NULL DEFAULT residency.today(),
    due_on         date NOT NULL,
    state          text COLLATE "C" NOT NULL DEFAULT 'open',
    visit_id       bigint,
    void_reason    text,
    CONSTRAINT patrol_task_of_sweep CHECK ((kind = 'sweep') = (sweep_id IS NOT NULL)),
    CONSTRAINT patrol_task_done_by_visit CHECK ((state = 'done') = (visit_id IS NOT NULL))
);
COMMENT ON TABLE registry.patrol_task IS 'Dwellings to be visited (巡查任务): made by residency.run_due() from policy, or by a sweep';
COMMENT ON COLUMN registry.patrol_task.patrol_task_id IS 'Key';
COMMENT ON COLUMN registry.patrol_task.dwelling_id IS 'Dwelling (房屋)';
COMMENT ON COLUMN registry.patrol_task.grid_id IS 'Grid of the dwelling when the task was made (生成时网格)';
COMMENT ON COLUMN registry.patrol_task.kind IS 'Why, list patrol_kind (任务类型)';
COMMENT ON COLUMN registry.patrol_task.sweep_id IS 'Sweep that it belongs to (集中清查)';
COMMENT ON COLUMN registry.patrol_task.opened_on IS 'Day from which a visit counts for it (生成日期)';
COMMENT ON COLUMN registry.patrol_task.due_on IS 'Day by which it is due (应完成日期)';
COMMENT ON COLUMN registry.patrol_task.state IS 'open, done or void, list patrol_state (状态)';
COMMENT ON COLUMN registry.patrol_task.visit_id IS 'The first visit that did it (完成走访)';
COMMENT ON COLUMN registry.patrol_task.void_reason IS 'Why it is void (作废原因)';
CREATE UNIQUE INDEX patrol_task_one_open ON registry.patrol_task (dwelling_id, kind, COALESCE(sweep_id, 0)) WHERE state = 'open';
COMMENT ON INDEX registry.patrol_task_one_open IS 'Open tasks of a dwelling, one of a kind (同类待办任务唯一)';
CREATE INDEX patrol_task_dwelling_id_idx ON registry.patrol_task (dwelling_id);
COMMENT ON INDEX registry.patrol_task_dwelling_id_idx IS 'Tasks of a dwelling, done ones too';
CREATE INDEX patrol_task_sweep_id_idx ON registry.patrol_task (sweep_id, dwelling_id) WHERE sweep_id IS NOT NULL;
COMMENT ON INDEX registry.patrol_task_sweep_id_idx IS 'The list of a sweep';

CREATE TABLE registry.visit (
    visit_id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    visit_uuid      uuid NOT NULL DEFAULT gen_random_uuid() CONSTRAINT visit_visit_uuid_key UNIQUE,
    device_uuid     uuid,
    patrol_task_id  bigint REFERENCES registry.patrol_task,
    dwelling_id     bigint NOT NULL REFERENCES registry.dwelling,
    staff_person_id bigint NOT NULL REFERENCES registry.person,
    started_at      timestamptz NOT NULL DEFAULT now(),
    ended_at        timestamptz,
    outcome         text COLLATE "C" NOT NULL,
    findings        text[] COLLATE "C" NOT NULL DEFAULT '{}',
    location        geometry(Point, 4490),
    accuracy        numeric(8, 1),
    track           geometry(LineStringM, 4490),
    photos          jsonb NOT NULL DEFAULT '[]',
    note            text,
    distance        numeric(10, 1),
    distance_kind   text COLLATE "C" NOT NULL DEFAULT 'unknown',
    recorded_at     timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE registry.visit IS 'Visits of grid staff to dwellings (走访记录): who, when, where, what was found; never changed';
COMMENT ON COLUMN registry.visit.visit_id IS 'Key';
COMMENT ON COLUMN registry.visit.visit_uuid IS 'Number that the phone gave it (走访编号)';
COMMENT ON COLUMN registry.visit.device_uuid IS 'Phone (终端编号)';
COMMENT ON COLUMN registry.visit.patrol_task_id IS 'Task for which it was made, if for one (任务)';
COMMENT ON COLUMN registry.visit.dwelling_id IS 'Dwelling (房屋)';
COMMENT ON COLUMN registry.visit.staff_person_id IS 'Who visited (走访人)';
COMMENT ON COLUMN registry.visit.started_at IS 'Begin (开始时间)';
COMMENT ON COLUMN registry.visit.ended_at IS 'End (结束时间)';
COMMENT ON COLUMN registry.visit.outcome IS 'Outcome, list visit_outcome (走访结果)';
COMMENT ON COLUMN registry.visit.findings IS 'What was found, codes of list visit_finding (走访发现)';
COMMENT ON COLUMN registry.visit.location IS 'Where the phone was (位置), CGCS2000';
COMMENT ON COLUMN registry.visit.accuracy IS 'How exact that is, in metres (定位精度)';
COMMENT ON COLUMN registry.visit.track IS 'The way there, with seconds since 1970 as measure (轨迹), CGCS2000';
COMMENT ON COLUMN registry.visit.photos IS 'Photos by address and checksum: [{"uri", "sha256"}] (照片引用)';
COMMENT ON COLUMN registry.visit.note IS 'In words (备注)';
COMMENT ON COLUMN registry.visit.distance IS 'Metres between phone and dwelling (距离); NULL where one of them is not known';
COMMENT ON COLUMN registry.visit.distance_kind IS 'near, far or unknown by policy patrol_distance and the accuracy, list visit_distance (位置判定)';
COMMENT ON COLUMN registry.visit.recorded_at IS 'When the register received it (接收时间)';
CREATE INDEX visit_dwelling_id_idx ON registry.visit (dwelling_id, started_at);
COMMENT ON INDEX registry.visit_dwelling_id_idx IS 'Visits to a dwelling by time';
CREATE INDEX visit_staff_person_id_idx ON registry.visit (staff_person_id, started_at);
COMMENT ON INDEX registry.visit_staff_person_id_idx IS 'Visits of somebody by time';
ALTER TABLE registry.patrol_task ADD CONSTRAINT patrol_task_visit_id_fkey FOREIGN KEY (visit_id) REFERENCES registry.visit;

CREATE TRIGGER patrol_task_guard
    BEFORE INSERT OR UPDATE ON registry.patrol_task
    FOR EACH ROW EXECUTE FUNCTION residency.patrol_task_guard();
CREATE TRIGGER visit_guard
    BEFORE INSERT ON registry.visit
    FOR EACH ROW EXECUTE FUNCTION residency.visit_guard();
CREATE TRIGGER visit_fold
    AFTER INSERT ON registry.visit
    FOR EACH ROW EXECUTE FUNCTION residency.visit_fold();

-- Observations, and what follows from them
CREATE TABLE registry.fact (
    fact_id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    dwelling_id  bigint REFERENCES registry.dwelling ON DELETE CASCADE,
    residence_id bigint REFERENCES registry.residence,
    attribute    text COLLATE "C" NOT NULL,
    root         text,
    value        text,
    versions     uuid[] NOT NULL DEFAULT '{}',
    contested    boolean NOT NULL DEFAULT false,
    observations integer NOT NULL DEFAULT 0,
    CONSTRAINT fact_of_one CHECK (num_nonnulls(dwelling_id, residence_id) = 1),
    CONSTRAINT fact_key UNIQUE NULLS NOT DISTINCT (dwelling_id, residence_id, attribute)
);
COMMENT ON TABLE registry.fact IS 'What observations say of a dwelling or residence, one row an attribute (观察事实): the fold of registry.observation, residency.fold_fact()';
COMMENT ON COLUMN registry.fact.fact_id IS 'Key';
COMMENT ON COLUMN registry.fact.dwelling_id IS 'Dwelling, or else (房屋)';
COMMENT ON COLUMN registry.fact.residence_id IS 'residence that it is about (居住登记)';
COMMENT ON COLUMN registry.fact.attribute IS 'What is observed, list fact_attribute (事项)';
COMMENT ON COLUMN registry.fact.root IS 'Value in the register before the first observation (原值)';
COMMENT ON COLUMN registry.fact.value IS 'Value in force (现值)';
COMMENT ON COLUMN registry.fact.versions IS 'The observations that it rests on: what a phone names as seen (版本); none: the first value';
COMMENT ON COLUMN registry.fact.contested IS 'Whether observations contradict each other and somebody is to settle it (待裁决)';
COMMENT ON COLUMN registry.fact.observations IS 'How many there are (观察数)';
CREATE INDEX fact_residence_id_idx ON registry.fact (residence_id) WHERE residence_id IS NOT NULL;
COMMENT ON INDEX registry.fact_residence_id_idx IS 'Facts of a residence';

CREATE TABLE registry.observation (
    observation_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    fact_id         bigint NOT NULL REFERENCES registry.fact ON DELETE CASCADE,
    dwelling_id     bigint,
    residence_id    bigint,
    attribute       text COLLATE "C" NOT NULL,
    value           text,
    seen            uuid[] NOT NULL DEFAULT '{}',
    item_uuid       uuid NOT NULL DEFAULT gen_random_uuid(),
    observed_at     timestamptz NOT NULL DEFAULT now(),
    source          text COLLATE "C" NOT NULL DEFAULT 'register',
    staff_person_id bigint REFERENCES registry.person,
    device_uuid     uuid,
    settles         bigint,
    reason          text,
    actor           text NOT NULL DEFAULT residency.actor(),
    recorded_at     timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT observation_item_key UNIQUE (item_uuid, attribute)
);
COMMENT ON TABLE registry.observation IS 'What somebody saw, and what they knew of before (观察记录): never changed, never deleted; the value in force follows from all of them, in whatever order they came';
COMMENT ON COLUMN registry.observation.observation_id IS 'Key';
COMMENT ON COLUMN registry.observation.fact_id IS 'Fact that it is about; the register finds it (事实)';
COMMENT ON COLUMN registry.observation.dwelling_id IS 'Dwelling, or else (房屋)';
COMMENT ON COLUMN registry.observation.residence_id IS 'residence that was observed (居住登记)';
COMMENT ON COLUMN registry.observation.attribute IS 'What was observed, list fact_attribute (事项)';
COMMENT ON COLUMN registry.observation.value IS 'Its value (观察值): a code of the list of that name, square metres with two decimals; NULL: none any more';
COMMENT ON COLUMN registry.observation.seen IS 'The items that the observer knew of (所见版本), registry.fact.versions when the phone last read them; those of other facts do not matter';
COMMENT ON COLUMN registry.observation.item_uuid IS 'Number that the phone gave the item (数据编号); one item may observe several attributes';
COMMENT ON COLUMN registry.observation.observed_at IS 'When it was so (观察时间)';
COMMENT ON COLUMN registry.observation.source IS 'phone, register or settlement, list observation_source (来源)';
COMMENT ON COLUMN registry.observation.staff_person_id IS 'Who observed it (观察人)';
COMMENT ON COLUMN registry.observation.device_uuid IS 'Phone (终端编号)';
COMMENT ON COLUMN registry.observation.settles IS 'Conflict that it settles (所裁决冲突)';
COMMENT ON COLUMN registry.observation.reason IS 'Why it was settled so (裁决理由)';
COMMENT ON COLUMN registry.observation.actor IS 'Role that entered it (登记人)';
COMMENT ON COLUMN registry.observation.recorded_at IS 'When the register received it (接收时间)';
CREATE INDEX observation_fact_id_idx ON registry.observation (fact_id);
COMMENT ON INDEX registry.observation_fact_id_idx IS 'Observations of a fact';

CREATE TABLE registry.conflict (
    conflict_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    fact_id     bigint NOT NULL REFERENCES registry.fact ON DELETE CASCADE,
    earlier_id  bigint REFERENCES registry.observation,
    later_id    bigint NOT NULL REFERENCES registry.observation,
    rule        text COLLATE "C" NOT NULL,
    refusal     text COLLATE "C",
    state       text COLLATE "C" NOT NULL,
    opened_at   timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT conflict_key UNIQUE NULLS NOT DISTINCT (fact_id, earlier_id, later_id)
);
COMMENT ON TABLE registry.conflict IS 'Observations that contradict each other, made without knowing of each other (观察冲突), or which the register''s rules forbid to apply; api.conflict shows both sides';
COMMENT ON COLUMN registry.conflict.conflict_id IS 'Key';
COMMENT ON COLUMN registry.conflict.fact_id IS 'What it is about (事实)';
COMMENT ON COLUMN registry.conflict.earlier_id IS 'The earlier observation (较早观察); NULL: the register itself, whose rules are against the later';
COMMENT ON COLUMN registry.conflict.later_id IS 'The latest observation (最晚观察)';
COMMENT ON COLUMN registry.conflict.rule IS 'What decides, list conflict_rule (裁决规则): policy patrol_conflict, or the register''s rules';
COMMENT ON COLUMN registry.conflict.refusal IS 'Code of the refusal where a rule of the register is against it, see code.error (拒绝代码)';
COMMENT ON COLUMN registry.conflict.state IS 'open, decided by the rule, settled by somebody, list conflict_state (状态)';
COMMENT ON COLUMN registry.conflict.opened_at IS 'When the register met it (发现时间)';
CREATE INDEX conflict_state_idx ON registry.conflict (fact_id) WHERE state = 'open';
COMMENT ON INDEX registry.conflict_state_idx IS 'What waits to be settled';
ALTER TABLE registry.observation ADD CONSTRAINT observation_settles_fkey FOREIGN KEY (settles) REFERENCES registry.conflict;

CREATE TABLE registry.dwelling_category (
    dwelling_category_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    dwelling_id          bigint NOT NULL REFERENCES registry.dwelling ON DELETE CASCADE,
    category             text COLLATE "C" NOT NULL,
    period               daterange NOT NULL,
    CONSTRAINT dwelling_category_no_overlap EXCLUDE USING gist (dwelling_id WITH =, period WITH &&)
);
COMMENT ON TABLE registry.dwelling_category IS 'Letting category of a dwelling and when it held (出租屋分类): follows from observations of letting_category';
COMMENT ON COLUMN registry.dwelling_category.dwelling_category_id IS 'Key';
COMMENT ON COLUMN registry.dwelling_category.dwelling_id IS 'Dwelling (房屋)';
COMMENT ON COLUMN registry.dwelling_category.category IS 'Category, list letting_category (分类)';
COMMENT ON COLUMN registry.dwelling_category.period IS 'Days on which it held, half-open (有效期)';
COMMENT ON INDEX registry.dwelling_category_no_overlap IS 'Categories of a dwelling by day, one at a time (同一时段分类唯一)';

-- a row that brings its fact comes from the register's own trigger, which has looked it up
CREATE TRIGGER observation_guard
    BEFORE INSERT ON registry.observation
    FOR EACH ROW WHEN (new.fact_id IS NULL OR pg_trigger_depth() = 0) EXECUTE FUNCTION residency.observation_guard();
CREATE TRIGGER observation_fold
    AFTER INSERT ON registry.observation REFERENCING NEW TABLE AS entered
    FOR EACH STATEMENT EXECUTE FUNCTION residency.observation_fold();
-- What anybody writes to the register is an observation, too. Transition tables bear no list of columns: it fires at every update.
CREATE TRIGGER dwelling_observe
    AFTER UPDATE ON registry.dwelling REFERENCING OLD TABLE AS former NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION residency.dwelling_observe();
CREATE TRIGGER dwelling_keep_seen
    BEFORE DELETE ON registry.dwelling
    FOR EACH ROW EXECUTE FUNCTION residency.dwelling_keep_seen();

DO $$
DECLARE
    kept text;
BEGIN
    FOREACH kept IN ARRAY '{observation,visit}'::text[] LOOP
        EXECUTE format('CREATE TRIGGER %1$s_frozen BEFORE UPDATE ON registry.%1$s
                            FOR EACH STATEMENT EXECUTE FUNCTION residency.refuse_change(''RG272'')', kept);
    END LOOP;
    -- with a dwelling that was entered by mistake goes what the register itself noted of it
    FOREACH kept IN ARRAY '{observation,visit,patrol_task,sweep}'::text[] LOOP
        EXECUTE format('CREATE TRIGGER %1$s_keep BEFORE DELETE OR TRUNCATE ON registry.%1$s
                            FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION residency.residence_keep()', kept);
    END LOOP;
    -- what follows from observations is written by their trigger alone
    FOREACH kept IN ARRAY '{fact,conflict,dwelling_category}'::text[] LOOP
        EXECUTE format('CREATE TRIGGER %1$s_derived BEFORE INSERT OR UPDATE OR DELETE ON registry.%1$s
                            FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION residency.refuse_change(''RG279'')', kept);
    END LOOP;
END $$;

-- What phones have sent: an item counts once, however often it comes.
CREATE TABLE ledger.sync_item (
    item_uuid       uuid PRIMARY KEY,
    kind            text COLLATE "C" NOT NULL,
    digest          bytea NOT NULL,
    device_uuid     uuid,
    staff_person_id bigint,
    received_at     timestamptz NOT NULL DEFAULT now(),
    received_from   text NOT NULL DEFAULT residency.actor()
);
COMMENT ON TABLE ledger.sync_item IS 'Items of phones that have been taken (离线数据接收台账); a refused one leaves no row and may be sent again';
COMMENT ON COLUMN ledger.sync_item.item_uuid IS 'Number that the phone gave it (数据编号)';
COMMENT ON COLUMN ledger.sync_item.kind IS 'visit, dwelling_fact or residence_fact (类型)';
COMMENT ON COLUMN ledger.sync_item.digest IS 'SHA-256 of its contents (内容摘要); the contents are where they belong';
COMMENT ON COLUMN ledger.sync_item.device_uuid IS 'Phone (终端编号)';
COMMENT ON COLUMN ledger.sync_item.staff_person_id IS 'Who sent it (上传人)';
COMMENT ON COLUMN ledger.sync_item.received_at IS 'When the transaction began that took it (接收时间)';
COMMENT ON COLUMN ledger.sync_item.received_from IS 'Role that sent it (接收角色)';

SELECT residency.join_node();
