-- How grids and divisions came from one another: outlines by day, acts, predecessors and successors.

INSERT INTO code.list (list, name, name_en, source, confidence, note) VALUES
('lineage_kind', '沿革类型', 'kind of a change of grids or divisions', 'house', 'design', NULL),
('boundaries', '统计口径', 'boundaries that a statistic is told in', 'house', 'design', NULL)
ON CONFLICT DO NOTHING;
INSERT INTO code.value (list, code, name, name_en, sort, confidence) VALUES
('lineage_kind', 'split',  '拆分', 'split', 1, 'design'),
('lineage_kind', 'merge',  '合并', 'merged', 2, 'design'),
('lineage_kind', 'move',   '边界调整', 'border moved', 3, 'design'),
('lineage_kind', 'rename', '更名', 'renamed', 4, 'design'),
('lineage_kind', 'retire', '作废', 'retired', 5, 'design'),
('lineage_kind', 'recode', '代码变更', 'recoded', 6, 'design'),
('lineage_kind', 'reuse',  '代码再次启用', 'code used again', 7, 'design'),
('boundaries', 'then', '当时边界', 'of that day', 1, 'design'),
('boundaries', 'now',  '现行边界', 'of today', 2, 'design')
ON CONFLICT DO NOTHING;

CREATE TABLE registry.grid_version (
    grid_version_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    grid_id         bigint NOT NULL REFERENCES registry.grid,
    period          daterange NOT NULL DEFAULT '(,)' CHECK (NOT isempty(period)),
    name            text NOT NULL,
    outline         geometry(MultiPolygon, 4490) NOT NULL,
    CONSTRAINT grid_version_no_overlap EXCLUDE USING gist (grid_id WITH =, period WITH &&)
);
COMMENT ON TABLE registry.grid_version IS
    'Name and outline of a grid by day (网格历史边界): one row where it has never been renamed or redrawn. registry.grid has those of today; what is entered for a day to come waits here';
COMMENT ON COLUMN registry.grid_version.grid_version_id IS 'Key';
COMMENT ON COLUMN registry.grid_version.grid_id IS 'Grid (网格)';
COMMENT ON COLUMN registry.grid_version.period IS 'Days on which it was so (有效期), half-open; without a beginning or end as far as the grid itself goes';
COMMENT ON COLUMN registry.grid_version.name IS 'Name (网格名称)';
COMMENT ON COLUMN registry.grid_version.outline IS 'Outline (网格边界), CGCS2000';
COMMENT ON INDEX registry.grid_version_no_overlap IS 'Versions of a grid; on one day it has one (网格历史边界不重叠)';
CREATE INDEX grid_version_outline_idx ON registry.grid_version USING gist (outline);
COMMENT ON INDEX registry.grid_version_outline_idx IS 'Grids of any day by place (按位置查历史网格)';

INSERT INTO registry.grid_version (grid_id, name, outline)
SELECT g.grid_id, g.name, g.outline FROM registry.grid g ORDER BY g.grid_id;

CREATE TRIGGER grid_draw
    BEFORE INSERT OR UPDATE ON registry.grid
    FOR EACH STATEMENT EXECUTE FUNCTION residency.grid_draw();
CREATE TRIGGER grid_keep_version
    AFTER INSERT OR UPDATE ON registry.grid
    FOR EACH ROW EXECUTE FUNCTION residency.grid_keep_version();

CREATE TABLE registry.grid_act (
    grid_act_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind         text COLLATE "C" NOT NULL,
    effective_on date NOT NULL,
    reason       text NOT NULL,
    actor        text NOT NULL DEFAULT residency.actor(),
    recorded_at  timestamptz NOT NULL DEFAULT now(),
    taken_at     timestamptz,
    called_off_at     timestamptz,
    called_off_by     text,
    called_off_reason text,
    CONSTRAINT grid_act_called_off_check
        CHECK (num_nonnulls(called_off_at, called_off_by, called_off_reason) IN (0, 3) AND num_nonnulls(taken_at, called_off_at) < 2)
);
COMMENT ON TABLE registry.grid_act IS 'Acts that changed grids (网格调整): why, from which day, and who entered it; one that was called off before its day stays on record';
COMMENT ON COLUMN registry.grid_act.grid_act_id IS 'Key';
COMMENT ON COLUMN registry.grid_act.kind IS 'What was done, list lineage_kind (调整类型)';
COMMENT ON COLUMN registry.grid_act.effective_on IS 'First day on which it holds (生效日期)';
COMMENT ON COLUMN registry.grid_act.reason IS 'Why, in words (调整原因); of a void code the reason why it is void';
COMMENT ON COLUMN registry.grid_act.actor IS 'Role that entered it (登记人)';
COMMENT ON COLUMN registry.grid_act.recorded_at IS 'When it was entered (登记时间)';
COMMENT ON COLUMN registry.grid_act.taken_at IS 'When it took effect in the register (执行时间); NULL: its day is still to come, or it was called off';
COMMENT ON COLUMN registry.grid_act.called_off_at IS 'When it was called off (撤回时间): since then it counts for nothing; NULL: it was not';
COMMENT ON COLUMN registry.grid_act.called_off_by IS 'Role that called it off (撤回人)';
COMMENT ON COLUMN registry.grid_act.called_off_reason IS 'Why it was called off, in words (撤回原因)';
CREATE INDEX grid_act_due_idx ON registry.grid_act (effective_on) WHERE taken_at IS NULL AND called_off_at IS NULL;
COMMENT ON INDEX registry.grid_act_due_idx IS 'Acts whose day is to come (待执行的网格调整)';

CREATE TABLE registry.grid_lineage (
    grid_lineage_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    grid_act_id     bigint NOT NULL REFERENCES registry.grid_act,
    from_grid_id    bigint NOT NULL REFERENCES registry.grid,
    to_grid_id      bigint REFERENCES registry.grid,
    area            numeric(16, 1) NOT NULL,
    area_share      numeric(7, 6),
    residents       integer NOT NULL,
    resident_share  numeric(7, 6)
);
COMMENT ON TABLE registry.grid_lineage IS
    'Predecessors and successors of grids (网格沿革): how much of one went to another at an act. Numbers are never used again';
COMMENT ON COLUMN registry.grid_lineage.grid_lineage_id IS 'Key';
COMMENT ON COLUMN registry.grid_lineage.grid_act_id IS 'The act (网格调整)';
COMMENT ON COLUMN registry.grid_lineage.from_grid_id IS 'Grid before (原网格)';
COMMENT ON COLUMN registry.grid_lineage.to_grid_id IS 'Grid after (新网格), the same where it goes on; NULL: no grid';
COMMENT ON COLUMN registry.grid_lineage.area IS 'Area that went over, in m² (面积)';
COMMENT ON COLUMN registry.grid_lineage.area_share IS 'Its share of the grid before (面积占比), 0 to 1';
COMMENT ON COLUMN registry.grid_lineage.residents IS 'Residents who went over, counted on the effective day, or of a day to come on the day of entry (人数)';
COMMENT ON COLUMN registry.grid_lineage.resident_share IS 'Their share of the grid before (人数占比), 0 to 1; NULL where nobody lived';
CREATE INDEX grid_lineage_from_idx ON registry.grid_lineage (from_grid_id);
COMMENT ON INDEX registry.grid_lineage_from_idx IS 'Successors of a grid (后继网格)';
CREATE INDEX grid_lineage_to_idx ON registry.grid_lineage (to_grid_id);
COMMENT ON INDEX registry.grid_lineage_to_idx IS 'Predecessors of a grid (前身网格)';
CREATE INDEX grid_lineage_act_idx ON registry.grid_lineage (grid_act_id);
COMMENT ON INDEX registry.grid_lineage_act_idx IS 'What an act did (网格调整明细)';

CREATE TABLE code.division_act (
    division_act_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind            text COLLATE "C" NOT NULL,
    effective_on    date NOT NULL,
    reason          text NOT NULL,
    actor           text NOT NULL DEFAULT residency.actor(),
    recorded_at     timestamptz NOT NULL DEFAULT now(),
    taken_at        timestamptz,
    called_off_at     timestamptz,
    called_off_by     text,
    called_off_reason text,
    CONSTRAINT division_act_called_off_check
        CHECK (num_nonnulls(called_off_at, called_off_by, called_off_reason) IN (0, 3) AND num_nonnulls(taken_at, called_off_at) < 2)
);
COMMENT ON TABLE code.division_act IS 'Acts that changed divisions (区划变更): why, from which day, and who entered it; one that was called off before its day stays on record';
COMMENT ON COLUMN code.division_act.division_act_id IS 'Key';
COMMENT ON COLUMN code.division_act.kind IS 'What was done, list lineage_kind (变更类型)';
COMMENT ON COLUMN code.division_act.effective_on IS 'First day on which it holds (生效日期)';
COMMENT ON COLUMN code.division_act.reason IS 'Why, in words (变更原因)';
COMMENT ON COLUMN code.division_act.actor IS 'Role that entered it (登记人)';
COMMENT ON COLUMN code.division_act.recorded_at IS 'When it was entered (登记时间)';
COMMENT ON COLUMN code.division_act.taken_at IS 'When it took effect in the register (执行时间); NULL: its day is still to come, or it was called off';
COMMENT ON COLUMN code.division_act.called_off_at IS 'When it was called off (撤回时间): since then it counts for nothing; NULL: it was not';
COMMENT ON COLUMN code.division_act.called_off_by IS 'Role that called it off (撤回人)';
COMMENT ON COLUMN code.division_act.called_off_reason IS 'Why it was called off, in words (撤回原因)';
CREATE INDEX division_act_due_idx ON code.division_act (effective_on) WHERE taken_at IS NULL AND called_off_at IS NULL;
COMMENT ON INDEX code.division_act_due_idx IS 'Acts whose day is to come (待执行的区划变更)';

CREATE TABLE code.division_lineage (
    division_lineage_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    division_act_id     bigint NOT NULL REFERENCES code.division_act,
    kind                text COLLATE "C" NOT NULL,
    from_division       residency.division_code NOT NULL REFERENCES code.division,
    to_division         residency.division_code NOT NULL REFERENCES code.division,
    from_name           text NOT NULL,
    to_name             text NOT NULL,
    members             text[] COLLATE "C",
    ends                boolean NOT NULL,
    residents           integer NOT NULL,
    resident_share      numeric(7, 6),
    former              jsonb,
    CONSTRAINT division_lineage_ends_check CHECK (NOT (ends AND from_division OPERATOR(residency.=) to_division)),
    CONSTRAINT division_lineage_former_check CHECK ((former IS NOT NULL) = (kind = 'reuse'))
);
COMMENT ON TABLE code.division_lineage IS
    'Predecessors and successors of divisions (区划沿革): what a code was called and what became of it at an act. Codes are used again in reality: kind reuse keeps what one meant before';
COMMENT ON COLUMN code.division_lineage.division_lineage_id IS 'Key';
COMMENT ON COLUMN code.division_lineage.division_act_id IS 'The act (区划变更)';
COMMENT ON COLUMN code.division_lineage.kind IS 'What was done, list lineage_kind (变更类型); what lies beneath a division that is split or merged is recoded';
COMMENT ON COLUMN code.division_lineage.from_division IS 'Division before (原区划)';
COMMENT ON COLUMN code.division_lineage.to_division IS 'Division after (新区划), the same where it goes on';
COMMENT ON COLUMN code.division_lineage.from_name IS 'Name before (原名称)';
COMMENT ON COLUMN code.division_lineage.to_name IS 'Name after (新名称)';
COMMENT ON COLUMN code.division_lineage.members IS 'The grids or divisions beneath that went over (划入范围); NULL: all';
COMMENT ON COLUMN code.division_lineage.ends IS 'Whether the division before ends by it (原区划是否撤销)';
COMMENT ON COLUMN code.division_lineage.residents IS 'Residents who went over, counted at the entry (人数)';
COMMENT ON COLUMN code.division_lineage.resident_share IS 'Their share of the division before (人数占比), 0 to 1; NULL where nobody lived';
COMMENT ON COLUMN code.division_lineage.former IS 'Of kind reuse the entry of code.division as it was before (启用前的代码条目)';
CREATE INDEX division_lineage_act_idx ON code.division_lineage (division_act_id);
COMMENT ON INDEX code.division_lineage_act_idx IS 'What an act did (区划变更明细)';
CREATE INDEX division_lineage_from_idx ON code.division_lineage (from_division);
COMMENT ON INDEX code.division_lineage_from_idx IS 'Successors of a division (后继区划)';
CREATE INDEX division_lineage_to_idx ON code.division_lineage (to_division);
COMMENT ON INDEX code.division_lineage_to_idx IS 'Predecessors of a division (前身区划)';

-- a code that was to begin on a day to come, and was called off, has no day at all
ALTER TABLE code.division DROP CONSTRAINT division_period_check;
COMMENT ON COLUMN code.division.period IS
    'Days on which the division exists, half open (有效期); an open start means: since before the list was taken over; empty: called off before it began';
COMMENT ON COLUMN registry.grid.period IS 'Days on which the grid is valid (有效期), half-open; empty: called off before it began';

CREATE TABLE registry.dwelling_past_division (
    dwelling_id bigint NOT NULL REFERENCES registry.dwelling,
    until       date NOT NULL,
    division    residency.division_code NOT NULL REFERENCES code.division,
    CONSTRAINT dwelling_past_division_pkey PRIMARY KEY (dwelling_id, until)
);
COMMENT ON TABLE registry.dwelling_past_division IS
    'Where a dwelling lay before divisions changed (房屋原属区划): up to but not including the day until. Corrections of a dwelling leave no row';
COMMENT ON COLUMN registry.dwelling_past_division.dwelling_id IS 'Dwelling (房屋)';
COMMENT ON COLUMN registry.dwelling_past_division.until IS 'First day on which it lay elsewhere (变更日期)';
COMMENT ON COLUMN registry.dwelling_past_division.division IS 'Village-level division before (原属村居)';

COMMENT ON COLUMN registry.residence.division IS
    'Division of the dwelling at arrival (到达时区划); of a current residence what has become of that division (code.division_lineage)';

CREATE TRIGGER grid_act_keep
    BEFORE DELETE OR TRUNCATE ON registry.grid_act
    FOR EACH STATEMENT EXECUTE FUNCTION residency.residence_keep();
CREATE TRIGGER grid_lineage_keep
    BEFORE DELETE OR TRUNCATE ON registry.grid_lineage
    FOR EACH STATEMENT EXECUTE FUNCTION residency.residence_keep();
CREATE TRIGGER division_act_keep
    BEFORE DELETE OR TRUNCATE ON code.division_act
    FOR EACH STATEMENT EXECUTE FUNCTION residency.residence_keep();
CREATE TRIGGER division_lineage_keep
    BEFORE DELETE OR TRUNCATE ON code.division_lineage
    FOR EACH STATEMENT EXECUTE FUNCTION residency.residence_keep();

INSERT INTO policy.rule (key, value_type, unit, governs, governs_zh, counts_on, choices) VALUES
('grid_coverage', 'text', NULL, 'What happens when a change of grids leaves some of their area without a grid', '网格调整造成空白区域时的处理', 'effective day', '{report, refuse}')
ON CONFLICT DO NOTHING;
INSERT INTO policy.setting (key, division, period, value, legal_basis) VALUES
('grid_coverage', NULL, '[1949-10-01,)', 'report', 'The register''s own; that grids cover a community without gaps is GB/T 34300-2017 (from own knowledge)');
INSERT INTO policy.test_case (key, division, "on", expected, why) VALUES
('grid_coverage', '460105', '2024-05-01', 'report', 'the register''s own');

INSERT INTO code.error (code, message, message_zh, detail, detail_zh, hint, hint_zh, legal_basis, constraint_name) VALUES
('RG245', 'grids and divisions are changed by what is committed now', '调整网格和区划须以当前已提交的数据为准',
          'The transaction is %s and may not see it.', '当前事务隔离级别为 %s,可能看不到最新数据。',
          'Call it in a transaction that is READ COMMITTED.', '请在 READ COMMITTED 事务中执行。', NULL, NULL),
('RG246', 'there is no such grid', '没有该网格',
          'No grid has the code "%s".', '没有代码为"%s"的网格。',
          'Look it up in map.grid, or in registry.grid where it may have ended.', '请查询 map.grid;已停用的见 registry.grid。', NULL, NULL),
('RG247', 'this grid is not there to be changed on that day', '该网格在该日不可调整',
          'Grid %s is valid in %s; the change shall take effect on %s.', '网格 %s 的有效期为 %s,调整拟于 %s 生效。',
          'Its successors stand in api.grid_lineage: change those, or choose a day on which it is valid and has no end.', '后继网格见 api.grid_lineage,请调整后继网格或选择其有效且未定停用的日期。', NULL, NULL),
('RG248', 'something has changed, or will, on that day or after it', '该日或其后已有变更',
          '%s changes on %s; this change shall take effect on %s.', '%s 于 %s 已有变更,本次调整拟于 %s 生效。',
          'Changes follow one another: choose a later day.', '变更须按先后顺序登记,请选择更晚的日期。', NULL, NULL),
('RG249', 'two are needed at least', '至少需要两个',
          'There are %s.', '现有 %s 个。',
          'Split into two parts or more; merge two or more.', '拆分须得到两个以上部分,合并须有两个以上对象。', NULL, NULL),
('RG250', 'a changed grid reaches beyond those it is made from', '调整后的网格超出原网格范围',
          'Of %s, %s m² lie outside.', '网格 %s 有 %s m² 在原范围之外。',
          'Change the neighbours that it takes from in the same act: api.move_border().', '请在同一次边界调整中一并调整被划入的相邻网格。', NULL, NULL),
('RG251', 'the change would leave an area without a grid', '调整后将出现空白区域',
          'Of %s, %s m² would have no grid.', '网格 %s 将有 %s m² 没有网格。',
          'Draw the parts so that they cover it, or merge it with a neighbour. Policy grid_coverage refuses gaps here.', '请完整覆盖原范围,或与相邻网格合并;本地政策 grid_coverage 不允许空白。', 'GB/T 34300-2017', NULL),
('RG252', 'grids are merged and redrawn with those of their village and kind', '只能与同村居同类网格合并或调整',
          'Grids %s and %s are not of one village and kind.', '网格 %s 与 %s 不属同一村居或同一类型。',
          'Where the villages themselves change, see api.merge_divisions() and api.split_division().', '村居本身变更请用 api.merge_divisions()、api.split_division()。', 'DB6101', NULL),
('RG253', 'only neighbours are merged', '只能合并相邻网格',
          'Grid %s has no border with the others.', '网格 %s 与其余网格不相邻。',
          'Name the grids between them, too.', '请一并列出中间的网格。', NULL, NULL),
('RG254', 'the numbers are used up', '编号已用完',
          'All numbers beneath %s from %s to %s have been used.', '%s 下 %s 至 %s 的编号均已使用。',
          'Numbers of grids are never used again; a division may be given its code by hand: api.recode_division().', '网格编号不得重复使用;区划可先用 api.recode_division() 指定代码。', NULL, NULL),
('RG255', 'this division is not there to be changed on that day', '该区划在该日不可变更',
          'Division "%s" is not in use on %s, or its end is set already.', '区划"%s"在 %s 不存在或已定撤销。',
          'Look it up in code.division; what became of it stands in code.division_lineage.', '请查询 code.division,沿革见 code.division_lineage。', NULL, NULL),
('RG256', 'a division is succeeded by one of its level, beneath one that is there', '新区划须为同级且其上级存在',
          'Division %s cannot become %s.', '区划 %s 不能变更为 %s。',
          'Give a code of the same length; recode or enter the division above first.', '请填写相同级别的代码;须先变更或登记上级区划。', 'GB/T 2260, GB/T 10114', NULL),
('RG257', 'this division code is in use', '该区划代码正在使用',
          'Code %s is in use on %s.', '代码 %s 在 %s 正在使用。',
          'Choose a code that is not; one that has ended may be used again.', '请选择未使用的代码;已撤销的代码可再次启用。', NULL, NULL),
('RG258', 'this is not part of the division', '不属于该区划',
          '"%s" is not a grid or division beneath %s, or is named twice.', '"%s"不是 %s 下的网格或区划,或重复列出。',
          'Parts are [{"division": code, "name": name, "members": [codes]}, ...]: grids of a village, divisions directly beneath any other.', '写法:[{"division": 代码, "name": 名称, "members": [代码]}, ...];村居填网格,其他填直接下级区划。', NULL, NULL),
('RG259', 'a change of grids or divisions needs a reason', '调整网格和区划须有原因',
          'The reason is empty, longer than 200 characters, or not one line.', '原因为空、超过200个字符或不是单行文本。',
          'Say in a line why it is changed.', '请用一行文字说明原因。', NULL, NULL),
('RG260', 'statistics are told of days that have come', '只能统计已到来的日期',
          'The day is %s, today is %s.', '日期 %s,今天 %s。',
          'Ask for today or a day before.', '请查询今天或以前的日期。', NULL, NULL),
('RG305', 'there is no such act', '没有该项调整',
          'No act %s is on record.', '没有编号为 %s 的调整记录。',
          'Look it up in api.grid_act or api.division_act.', '请查询 api.grid_act、api.division_act。', NULL, NULL),
('RG306', 'an act is called off before its day', '只能在生效日之前撤回',
          'Act %s takes effect on %s; today is %s.', '调整 %s 于 %s 生效,今天 %s。',
          'What has taken effect is changed back by an act of its own.', '已生效的调整,请另行登记一次调整予以恢复。', NULL, NULL),
('RG307', 'a later act rests on this one', '已有后续调整以此为基础',
          'Act %s of %s rests on act %s.', '调整 %s(%s 生效)以调整 %s 为基础。',
          'Call that one off first.', '请先撤回后续调整。', NULL, NULL),
('RG308', 'this act has been called off', '该项调整已撤回',
          'Act %s was called off on %s.', '调整 %s 已于 %s 撤回。',
          'Nothing is to be done. Enter it anew if it shall take place after all.', '无需再次撤回;如仍需调整,请重新登记。', NULL, NULL)
ON CONFLICT DO NOTHING;

ANALYZE registry.grid_version;
SELECT residency.join_node();
