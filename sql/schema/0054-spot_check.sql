-- Spot checks: a sample that anybody can draw again, what was found, and lists of other departments to compare with.

INSERT INTO code.list (list, name, name_en, source, confidence, note) VALUES
('spot_check_kind', '抽查方式', 'what a spot check draws', 'house', 'design', 'Dwellings tell who is missing in the dwellings that are registered; grids that are walked wholly tell which dwellings are missing, too'),
('spot_check_area', '抽查分层区域', 'division by which a spot check is stratified', 'house', 'design', NULL),
('spot_check_strata', '抽查分层依据', 'what else divides the strata of a spot check', 'house', 'design', NULL),
('spot_check_outcome', '抽查结果', 'outcome of a spot check', 'house', 'design', 'checked and not_found are answers; nobody_home and refused are shown as such'),
('spot_check_judgement', '抽查人员登记情况', 'how somebody who was found is registered', 'house', 'design', 'As the register stood at the moment of the check'),
('department', '数据提供部门', 'department that hands over lists', 'house', 'design', NULL),
('capture_source', '捕获再捕获来源', 'source of a capture-recapture estimate', 'house', 'design', 'Besides these, each department whose lists were imported is a source')
ON CONFLICT DO NOTHING;

INSERT INTO code.value (list, code, name, name_en, sort, confidence) VALUES
('spot_check_kind', 'dwelling', '房屋抽样', 'registered dwellings', 1, 'design'),
('spot_check_kind', 'grid',     '网格整群抽样', 'grids, walked wholly', 2, 'design'),
('spot_check_area', 'township', '乡镇街道', 'township', 1, 'design'),
('spot_check_area', 'village',  '村居', 'village or community', 2, 'design'),
('spot_check_strata', 'none',      '不再分层', 'nothing else', 1, 'design'),
('spot_check_strata', 'category',  '出租屋分类', 'letting category', 2, 'design'),
('spot_check_strata', 'kind',      '房屋类型', 'kind of dwelling', 3, 'design'),
('spot_check_strata', 'let_state', '出租状态', 'let state', 4, 'design'),
('spot_check_outcome', 'checked',     '已核查', 'checked', 1, 'design'),
('spot_check_outcome', 'nobody_home', '无人在家', 'nobody was at home', 2, 'design'),
('spot_check_outcome', 'refused',     '拒绝配合', 'refused', 3, 'design'),
('spot_check_outcome', 'not_found',   '查无此房', 'no such dwelling', 4, 'design'),
('spot_check_judgement', 'registered',   '已登记', 'registered there', 1, 'design'),
('spot_check_judgement', 'elsewhere',    '登记在他处', 'registered elsewhere', 2, 'design'),
('spot_check_judgement', 'unregistered', '未登记', 'not registered', 3, 'design'),
('department', 'human_resources', '人力资源和社会保障', 'human resources and social security', 1, 'design'),
('department', 'education',       '教育', 'education', 2, 'design'),
('department', 'health',          '卫生健康', 'health', 3, 'design'),
('department', 'housing',         '住房和城乡建设', 'housing and construction', 4, 'design'),
('department', 'tax',             '税务', 'taxation', 5, 'design'),
('department', 'civil_affairs',   '民政', 'civil affairs', 6, 'design'),
('department', 'market',          '市场监管', 'market regulation', 7, 'design'),
('department', 'utility',         '水电气公用事业', 'utilities', 8, 'design'),
('department', 'telecom',         '通信运营', 'telecommunication', 9, 'design'),
('department', 'other',           '其他', 'other', 99, 'design'),
('capture_source', 'register',       '居住登记', 'register', 1, 'design'),
('capture_source', 'access',         '门禁记录', 'access control', 2, 'design'),
('capture_source', 'grid_check',     '网格整群抽查', 'spot checks of whole grids', 3, 'design'),
('capture_source', 'dwelling_check', '房屋抽查', 'spot checks of registered dwellings', 4, 'design'),
('capture_source', 'patrol',         '走访见面', 'residents met on patrol', 5, 'design')
ON CONFLICT DO NOTHING;

INSERT INTO code.error (code, message, message_zh, detail, detail_zh, hint, hint_zh, legal_basis, constraint_name) VALUES
('RG293', 'there is no such spot check', '没有此抽查',
          'No spot check has the number %s.', '没有编号为 %s 的抽查。',
          'Look it up in stat.spot_check, or draw one: api.draw_spot_check().', '请在 stat.spot_check 中查询,或用 api.draw_spot_check() 抽取。', NULL, NULL),
('RG294', 'this spot check is closed', '抽查已结束',
          'Spot check %s was closed on %s.', '抽查 %s 已于 %s 结束。',
          'Its figures have been reported. Draw another one for what is to be checked now.', '其结果已上报。如需再查,请另行抽取。', NULL, NULL),
('RG295', 'there is nothing to draw from', '没有可供抽取的对象',
          'Division %s has no %s as asked for.', '区划 %s 内没有符合条件的对象(%s)。',
          'Widen let_states or the division; for grids, draw them first in registry.grid.', '请放宽出租状态或区划;按网格抽取须先划定网格。', NULL, NULL),
('RG296', 'this dwelling is not in the sample', '该房屋不在抽查名单中',
          '%s was not drawn in spot check %s.', '%s 未被抽查 %s 抽中。',
          'Who adds to a sample makes it worthless: check what was drawn. What is found in a grid that was drawn and is not registered is entered by grid_id and address.', '随意增加会使样本失效,请核查抽中的房屋。在抽中网格内发现的未登记房屋,请填写 grid_id 和 address。', NULL, NULL),
('RG297', 'these findings do not agree', '核查情况前后不符',
          'Outcome %s, found let: %s, counted: %s, of them registered: %s.', '结果 %s,是否出租 %s,清点 %s 人,其中已登记 %s 人。',
          'A dwelling that was checked has found_let true or false; nobody is counted anywhere else, and not more are registered than counted.', '已核查的须填写是否出租(found_let);其他结果不得有人数,已登记人数不得大于清点人数。', NULL, NULL),
('RG298', 'a sample stays as it was drawn', '样本抽取后不得更改',
          'A row of %s was to be changed or added.', '%s 不得更改或增加。',
          'Enter what was found as a result; draw another sample for other dwellings.', '请以核查结果填写;如需其他房屋,请另行抽取。', NULL, NULL),
('RG299', 'an entry names nobody', '条目未指明人员',
          'Entries that hold neither a key nor a valid resident ID: %s.', '以下条目没有人员编号或有效身份号码:%s。',
          'Correct them and send the whole list again: half a list would count as people who are not there.', '请更正后重新提交整份名单:名单不全会被当作人员不在。', NULL, NULL)
ON CONFLICT DO NOTHING;

INSERT INTO policy.rule (key, value_type, unit, governs, governs_zh, counts_on, choices) VALUES
('spot_check_confidence', 'numeric', NULL, 'Confidence of the intervals of spot checks and estimates', '抽查及估计的置信水平', 'day of the draw, or of the estimate', NULL),
('spot_check_area', 'text', NULL, 'Division by which spot checks are stratified', '抽查分层区域', 'day of the draw', '{township,village}'),
('spot_check_strata', 'text', NULL, 'What else divides the strata of spot checks of dwellings', '房屋抽查分层依据', 'day of the draw', '{none,category,kind,let_state}'),
('capture_window', 'integer', 'days', 'Days up to that of an estimate within which somebody who was seen counts as present', '捕获再捕获的观察期', 'day of the estimate', NULL),
('capture_matches', 'integer', 'persons', 'Fewer than so many on both lists: an estimate is warned of', '捕获再捕获的最少重合人数', 'day of the estimate', NULL)
ON CONFLICT DO NOTHING;

INSERT INTO policy.setting (key, division, period, value, legal_basis) VALUES
('spot_check_confidence', NULL, '[1949-10-01,)', '0.95', 'The register''s own: the usual level'),
('spot_check_area', NULL, '[1949-10-01,)', 'township', 'The register''s own'),
('spot_check_strata', NULL, '[1949-10-01,)', 'category', 'The register''s own; uncertain: no public method of such spot checks was found'),
('capture_window', NULL, '[1949-10-01,)', '30', 'The register''s own; uncertain: short enough that few come and go, long enough to be seen'),
('capture_matches', NULL, '[1949-10-01,)', '7', 'The estimate is nearly unbiased from seven matches on (Robson and Regier 1964)');

INSERT INTO policy.test_case (key, division, "on", expected, why) VALUES
('spot_check_confidence', NULL, '2024-05-01', '0.95', 'the usual level'),
('spot_check_area', NULL, '2024-05-01', 'township', 'the register''s own'),
('spot_check_strata', NULL, '2024-05-01', 'category', 'the register''s own'),
('capture_window', NULL, '2024-05-01', '30', 'the register''s own'),
('capture_matches', NULL, '2024-05-01', '7', 'Robson and Regier 1964');

-- What was drawn
CREATE TABLE registry.spot_check (
    spot_check_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name           text NOT NULL,
    kind           text COLLATE "C" NOT NULL,
    division       residency.division_code NOT NULL REFERENCES code.division,
    area           text COLLATE "C" NOT NULL,
    strata_by      text COLLATE "C" NOT NULL,
    let_states     text[] COLLATE "C",
    size           integer NOT NULL CONSTRAINT spot_check_size_check CHECK (size > 0),
    seed           text NOT NULL,
    frame_size     integer NOT NULL,
    frame_checksum text COLLATE "C" NOT NULL,
    reason         text NOT NULL,
    drawn_on       date NOT NULL DEFAULT residency.today(),
    drawn_at       timestamptz NOT NULL DEFAULT now(),
    drawn_by       text NOT NULL DEFAULT residency.actor(),
    closed_at      timestamptz,
    closed_by      text,
    close_reason   text
);
COMMENT ON TABLE registry.spot_check IS 'Spot checks (抽查): a sample drawn from the register as it was on a day, by a seed, so that anybody can draw it again';
COMMENT ON COLUMN registry.spot_check.spot_check_id IS 'Key';
COMMENT ON COLUMN registry.spot_check.name IS 'Name (名称)';
COMMENT ON COLUMN registry.spot_check.kind IS 'What was drawn, list spot_check_kind (抽查方式)';
COMMENT ON COLUMN registry.spot_check.division IS 'Division, with all beneath (区划)';
COMMENT ON COLUMN registry.spot_check.area IS 'Division by which it is stratified, list spot_check_area (分层区域)';
COMMENT ON COLUMN registry.spot_check.strata_by IS 'What else divides the strata, list spot_check_strata (分层依据)';
COMMENT ON COLUMN registry.spot_check.let_states IS 'Let states of the dwellings of the frame, list let_state (出租状态); NULL: all but demolished';
COMMENT ON COLUMN registry.spot_check.size IS 'Units asked for: dwellings or grids (样本量)';
COMMENT ON COLUMN registry.spot_check.seed IS 'Seed of the lottery (随机种子): unit key k has the place SHA-256(seed:k)';
COMMENT ON COLUMN registry.spot_check.frame_size IS 'Units there were to draw from (抽样框大小)';
COMMENT ON COLUMN registry.spot_check.frame_checksum IS 'SHA-256 in hexadecimal of the frame: a line "division value key" a unit, sorted by key (抽样框校验和)';
COMMENT ON COLUMN registry.spot_check.reason IS 'Why it was drawn (抽查事由)';
COMMENT ON COLUMN registry.spot_check.drawn_on IS 'Day of the frame (抽取日期)';
COMMENT ON COLUMN registry.spot_check.drawn_at IS 'When it was drawn (抽取时间)';
COMMENT ON COLUMN registry.spot_check.drawn_by IS 'Role that drew it (抽取角色)';
COMMENT ON COLUMN registry.spot_check.closed_at IS 'When it was closed: from then on nothing changes (结束时间)';
COMMENT ON COLUMN registry.spot_check.closed_by IS 'Role that closed it (结束角色)';
COMMENT ON COLUMN registry.spot_check.close_reason IS 'Why (结束说明)';

CREATE TABLE registry.spot_check_stratum (
    spot_check_stratum_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    spot_check_id         bigint NOT NULL REFERENCES registry.spot_check,
    division              residency.division_code NOT NULL,
    value                 text COLLATE "C" NOT NULL,
    frame_units           integer NOT NULL CONSTRAINT spot_check_stratum_frame_check CHECK (frame_units > 0),
    sample_units          integer NOT NULL CONSTRAINT spot_check_stratum_sample_check CHECK (sample_units BETWEEN 0 AND frame_units),
    probability           double precision NOT NULL GENERATED ALWAYS AS (sample_units::double precision / frame_units) STORED,
    CONSTRAINT spot_check_stratum_key UNIQUE (spot_check_id, division, value)
);
COMMENT ON TABLE registry.spot_check_stratum IS 'Strata of a spot check (抽查分层), also those of which nothing was drawn: every unit of the frame has its probability here';
COMMENT ON COLUMN registry.spot_check_stratum.spot_check_stratum_id IS 'Key';
COMMENT ON COLUMN registry.spot_check_stratum.spot_check_id IS 'Spot check (抽查)';
COMMENT ON COLUMN registry.spot_check_stratum.division IS 'Township or village on the day of the draw (区划)';
COMMENT ON COLUMN registry.spot_check_stratum.value IS 'Letting category, kind or let state; - where there is none (分层值)';
COMMENT ON COLUMN registry.spot_check_stratum.frame_units IS 'Units of the frame (抽样框单元数)';
COMMENT ON COLUMN registry.spot_check_stratum.sample_units IS 'Units drawn (样本单元数)';
COMMENT ON COLUMN registry.spot_check_stratum.probability IS 'Probability with which each unit was drawn (入样概率)';

CREATE TABLE registry.spot_check_grid (
    spot_check_grid_id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    spot_check_id         bigint NOT NULL REFERENCES registry.spot_check,
    spot_check_stratum_id bigint NOT NULL REFERENCES registry.spot_check_stratum,
    grid_id               bigint NOT NULL REFERENCES registry.grid,
    CONSTRAINT spot_check_grid_key UNIQUE (spot_check_id, grid_id)
);
COMMENT ON TABLE registry.spot_check_grid IS 'Grids that a spot check of kind grid has drawn (抽中网格): walked wholly, with what is not registered';
COMMENT ON COLUMN registry.spot_check_grid.spot_check_grid_id IS 'Key';
COMMENT ON COLUMN registry.spot_check_grid.spot_check_id IS 'Spot check (抽查)';
COMMENT ON COLUMN registry.spot_check_grid.spot_check_stratum_id IS 'Stratum (分层)';
COMMENT ON COLUMN registry.spot_check_grid.grid_id IS 'Grid (网格)';

CREATE TABLE registry.spot_check_dwelling (
    spot_check_dwelling_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    spot_check_id          bigint NOT NULL REFERENCES registry.spot_check,
    spot_check_stratum_id  bigint NOT NULL REFERENCES registry.spot_check_stratum,
    spot_check_grid_id     bigint REFERENCES registry.spot_check_grid,
    dwelling_id            bigint REFERENCES registry.dwelling,
    address                text,
    weight                 double precision NOT NULL,
    registered_let         boolean NOT NULL DEFAULT false,
    registered_people      integer NOT NULL DEFAULT 0,
    CONSTRAINT spot_check_dwelling_key UNIQUE (spot_check_id, dwelling_id),
    CONSTRAINT spot_check_dwelling_address_key UNIQUE (spot_check_grid_id, address),
    CONSTRAINT spot_check_dwelling_of_one CHECK (num_nonnulls(dwelling_id, address) = 1)
);
COMMENT ON TABLE registry.spot_check_dwelling IS 'Dwellings of a spot check (抽查房屋): drawn, or of a grid that was drawn, with what was registered then; and what was found in such a grid and is not registered';
COMMENT ON COLUMN registry.spot_check_dwelling.spot_check_dwelling_id IS 'Key';
COMMENT ON COLUMN registry.spot_check_dwelling.spot_check_id IS 'Spot check (抽查)';
COMMENT ON COLUMN registry.spot_check_dwelling.spot_check_stratum_id IS 'Stratum (分层)';
COMMENT ON COLUMN registry.spot_check_dwelling.spot_check_grid_id IS 'Grid in which it was drawn or found, for kind grid (抽中网格)';
COMMENT ON COLUMN registry.spot_check_dwelling.dwelling_id IS 'Dwelling, or else (房屋)';
COMMENT ON COLUMN registry.spot_check_dwelling.address IS 'where something was found that is not in the frame (未登记房屋地址)';
COMMENT ON COLUMN registry.spot_check_dwelling.weight IS 'Units of the frame for which its unit stands, the inverse of the probability (权数)';
COMMENT ON COLUMN registry.spot_check_dwelling.registered_let IS 'Whether it was registered as let at the draw (抽取时是否登记为出租)';
COMMENT ON COLUMN registry.spot_check_dwelling.registered_people IS 'How many were registered there at the draw (抽取时登记人数)';
CREATE INDEX spot_check_dwelling_dwelling_id_idx ON registry.spot_check_dwelling (dwelling_id) WHERE dwelling_id IS NOT NULL;
COMMENT ON INDEX registry.spot_check_dwelling_dwelling_id_idx IS 'Spot checks of a dwelling';

-- What was found
CREATE TABLE registry.spot_check_result (
    spot_check_result_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    spot_check_dwelling_id bigint NOT NULL REFERENCES registry.spot_check_dwelling,
    outcome                text COLLATE "C" NOT NULL,
    found_let              boolean,
    people_counted         integer NOT NULL DEFAULT 0,
    counted_registered     integer NOT NULL DEFAULT 0,
    checked_at             timestamptz NOT NULL DEFAULT now(),
    staff_person_id        bigint NOT NULL REFERENCES registry.person,
    note                   text,
    recorded_at            timestamptz NOT NULL DEFAULT now(),
    recorded_by            text NOT NULL DEFAULT residency.actor()
);
COMMENT ON TABLE registry.spot_check_result IS 'What each check of a dwelling found (抽查记录): never changed; a later one corrects an earlier one, registry.spot_check_answer says which counts';
COMMENT ON COLUMN registry.spot_check_result.spot_check_result_id IS 'Key';
COMMENT ON COLUMN registry.spot_check_result.spot_check_dwelling_id IS 'Dwelling of the spot check (抽查房屋)';
COMMENT ON COLUMN registry.spot_check_result.outcome IS 'Outcome, list spot_check_outcome (结果)';
COMMENT ON COLUMN registry.spot_check_result.found_let IS 'Whether somebody lives there who rents (实际是否出租); for outcome checked alone';
COMMENT ON COLUMN registry.spot_check_result.people_counted IS 'People found who should be registered, besides those named in registry.spot_check_person (清点人数)';
COMMENT ON COLUMN registry.spot_check_result.counted_registered IS 'Of them registered there, as the checker found (其中已登记)';
COMMENT ON COLUMN registry.spot_check_result.checked_at IS 'When it was checked (核查时间)';
COMMENT ON COLUMN registry.spot_check_result.staff_person_id IS 'Who checked (核查人)';
COMMENT ON COLUMN registry.spot_check_result.note IS 'In words (备注)';
COMMENT ON COLUMN registry.spot_check_result.recorded_at IS 'When it was entered (录入时间)';
COMMENT ON COLUMN registry.spot_check_result.recorded_by IS 'Role that entered it (录入角色)';
CREATE INDEX spot_check_result_dwelling_idx ON registry.spot_check_result (spot_check_dwelling_id);
COMMENT ON INDEX registry.spot_check_result_dwelling_idx IS 'Results of a dwelling';
CREATE INDEX spot_check_result_checked_at_idx ON registry.spot_check_result (checked_at);
COMMENT ON INDEX registry.spot_check_result_checked_at_idx IS 'Results of a time';

CREATE TABLE registry.spot_check_person (
    spot_check_person_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    spot_check_result_id bigint NOT NULL REFERENCES registry.spot_check_result,
    person_id            bigint REFERENCES registry.person,
    resident_id          residency.resident_id,
    judgement            text COLLATE "C" NOT NULL,
    residence_id         bigint REFERENCES registry.residence,
    since_draw           boolean NOT NULL,
    CONSTRAINT spot_check_person_key UNIQUE (spot_check_result_id, person_id),
    CONSTRAINT spot_check_person_resident_id_key UNIQUE (spot_check_result_id, resident_id)
);
COMMENT ON TABLE registry.spot_check_person IS 'Who was found in a check (抽查发现人员), judged against the register as it stood at that moment';
COMMENT ON COLUMN registry.spot_check_person.spot_check_person_id IS 'Key';
COMMENT ON COLUMN registry.spot_check_person.spot_check_result_id IS 'Result (抽查记录)';
COMMENT ON COLUMN registry.spot_check_person.person_id IS 'Person, or else (人员)';
COMMENT ON COLUMN registry.spot_check_person.resident_id IS 'the number of somebody whom the register did not know (身份号码)';
COMMENT ON COLUMN registry.spot_check_person.judgement IS 'Registered there, elsewhere or not at all, list spot_check_judgement (登记情况); computed by the register';
COMMENT ON COLUMN registry.spot_check_person.residence_id IS 'The residence that says so (居住登记)';
COMMENT ON COLUMN registry.spot_check_person.since_draw IS 'Whether that was reported only after the sample was drawn (抽取后方申报)';
CREATE INDEX spot_check_person_person_id_idx ON registry.spot_check_person (person_id) WHERE person_id IS NOT NULL;
COMMENT ON INDEX registry.spot_check_person_person_id_idx IS 'Checks in which a person was found';

-- What other departments know
CREATE TABLE registry.department_list (
    department_list_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source             text COLLATE "C" NOT NULL,
    name               text NOT NULL,
    division           residency.division_code NOT NULL REFERENCES code.division,
    listed_on          date NOT NULL,
    imported_at        timestamptz NOT NULL DEFAULT now(),
    imported_by        text NOT NULL DEFAULT residency.actor()
);
COMMENT ON TABLE registry.department_list IS 'Lists of people that departments have handed over (部门名单), to compare the register with; they register nobody';
COMMENT ON COLUMN registry.department_list.department_list_id IS 'Key';
COMMENT ON COLUMN registry.department_list.source IS 'Where it comes from, list department (提供部门)';
COMMENT ON COLUMN registry.department_list.name IS 'Name (名称)';
COMMENT ON COLUMN registry.department_list.division IS 'Division in which these people live, as the list says (区划)';
COMMENT ON COLUMN registry.department_list.listed_on IS 'Day on which they did (名单日期)';
COMMENT ON COLUMN registry.department_list.imported_at IS 'When it was imported (导入时间)';
COMMENT ON COLUMN registry.department_list.imported_by IS 'Role that imported it (导入角色)';
CREATE INDEX department_list_division_idx ON registry.department_list (division, listed_on);
COMMENT ON INDEX registry.department_list_division_idx IS 'Lists of a division and all beneath, by day';

CREATE TABLE registry.department_list_entry (
    department_list_entry_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    department_list_id       bigint NOT NULL REFERENCES registry.department_list,
    line                     integer NOT NULL,
    person_id                bigint REFERENCES registry.person,
    resident_id              residency.resident_id,
    CONSTRAINT department_list_entry_key UNIQUE (department_list_id, line)
);
COMMENT ON TABLE registry.department_list_entry IS 'People on a list of a department (部门名单条目)';
COMMENT ON COLUMN registry.department_list_entry.department_list_entry_id IS 'Key';
COMMENT ON COLUMN registry.department_list_entry.department_list_id IS 'List (名单)';
COMMENT ON COLUMN registry.department_list_entry.line IS 'Place in the list, from 1 (行号)';
COMMENT ON COLUMN registry.department_list_entry.person_id IS 'Person, or else (人员)';
COMMENT ON COLUMN registry.department_list_entry.resident_id IS 'the number of somebody whom the register did not know (身份号码)';

CREATE TRIGGER spot_check_guard
    BEFORE INSERT OR UPDATE ON registry.spot_check
    FOR EACH ROW EXECUTE FUNCTION residency.spot_check_guard();
CREATE TRIGGER spot_check_stratum_guard
    BEFORE INSERT ON registry.spot_check_stratum
    FOR EACH ROW EXECUTE FUNCTION residency.spot_check_sample_guard();
CREATE TRIGGER spot_check_grid_guard
    BEFORE INSERT ON registry.spot_check_grid
    FOR EACH ROW EXECUTE FUNCTION residency.spot_check_sample_guard();
CREATE TRIGGER spot_check_dwelling_guard
    BEFORE INSERT ON registry.spot_check_dwelling
    FOR EACH ROW EXECUTE FUNCTION residency.spot_check_dwelling_guard();
CREATE TRIGGER spot_check_result_guard
    BEFORE INSERT ON registry.spot_check_result
    FOR EACH ROW EXECUTE FUNCTION residency.spot_check_result_guard();
CREATE TRIGGER spot_check_person_guard
    BEFORE INSERT ON registry.spot_check_person
    FOR EACH ROW EXECUTE FUNCTION residency.spot_check_person_guard();
CREATE TRIGGER department_list_guard
    BEFORE INSERT OR UPDATE ON registry.department_list
    FOR EACH ROW EXECUTE FUNCTION residency.department_list_guard();
CREATE TRIGGER department_list_entry_guard
    BEFORE INSERT OR UPDATE ON registry.department_list_entry
    FOR EACH ROW EXECUTE FUNCTION residency.department_list_entry_guard();

DO $$
DECLARE
    kept text;
BEGIN
    FOREACH kept IN ARRAY '{spot_check_stratum,spot_check_grid,spot_check_dwelling}'::text[] LOOP
        EXECUTE format('CREATE TRIGGER %1$s_frozen BEFORE UPDATE ON registry.%1$s
                            FOR EACH STATEMENT EXECUTE FUNCTION residency.refuse_change(''RG298'')', kept);
    END LOOP;
    FOREACH kept IN ARRAY '{spot_check_result,spot_check_person}'::text[] LOOP
        EXECUTE format('CREATE TRIGGER %1$s_frozen BEFORE UPDATE ON registry.%1$s
                            FOR EACH STATEMENT EXECUTE FUNCTION residency.refuse_change(''RG272'')', kept);
    END LOOP;
    FOREACH kept IN ARRAY '{spot_check,spot_check_stratum,spot_check_grid,spot_check_dwelling,spot_check_result,spot_check_person}'::text[] LOOP
        EXECUTE format('CREATE TRIGGER %1$s_keep BEFORE DELETE OR TRUNCATE ON registry.%1$s
                            FOR EACH STATEMENT EXECUTE FUNCTION residency.residence_keep()', kept);
    END LOOP;
END $$;

SELECT residency.join_node();
