-- Emergencies: data that is taken out of the register, and its destruction.

INSERT INTO code.source (source, name, standard, edition, published, licence, origin) VALUES
('emergency_response', '突发事件应对法', NULL, '2024', '2024-06-28', 'fact', 'Art. 2, 71, 85: kinds, levels, destruction of personal data after the event')
ON CONFLICT DO NOTHING;

INSERT INTO code.list (list, name, name_en, source, confidence, note) VALUES
('emergency_kind', '突发事件类型', 'kind of an emergency', 'emergency_response', 'source', '突发事件应对法 Art. 2'),
('emergency_level', '突发事件分级', 'grade of an emergency', 'emergency_response', 'source', 'The first three kinds alone are graded'),
('emergency_copy_kind', '应急数据副本内容', 'what is copied for an emergency', 'house', 'design', NULL)
ON CONFLICT DO NOTHING;

INSERT INTO code.value (list, code, name, name_en, sort, confidence) VALUES
('emergency_kind', 'natural_disaster', '自然灾害', 'natural disaster', 1, 'source'),
('emergency_kind', 'accident',         '事故灾难', 'accident', 2, 'source'),
('emergency_kind', 'public_health',    '公共卫生事件', 'public health', 3, 'source'),
('emergency_kind', 'social_security',  '社会安全事件', 'social security', 4, 'source'),
('emergency_level', '1', '特别重大', 'especially grave', 1, 'source'),
('emergency_level', '2', '重大', 'grave', 2, 'source'),
('emergency_level', '3', '较大', 'considerable', 3, 'source'),
('emergency_level', '4', '一般', 'ordinary', 4, 'source'),
('emergency_copy_kind', 'resident', '在住人员', 'who lives where, with telephone', 1, 'design'),
('emergency_copy_kind', 'dwelling', '房屋及在住人数', 'dwellings and how many live in each', 2, 'design')
ON CONFLICT DO NOTHING;

CREATE TABLE registry.emergency (
    emergency_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name         text NOT NULL,
    kind         text COLLATE "C" NOT NULL,
    level        text COLLATE "C",
    division     residency.division_code NOT NULL REFERENCES code.division,
    purpose      text NOT NULL,
    began_at     timestamptz NOT NULL DEFAULT now(),
    began_by     text NOT NULL DEFAULT residency.actor(),
    ends_on      date NOT NULL,
    ended_at     timestamptz,
    ended_by     text,
    end_reason   text
);
COMMENT ON TABLE registry.emergency IS 'Emergencies for which data was taken out of the register (突发事件; 突发事件应对法 (2024) Art. 85)';
COMMENT ON COLUMN registry.emergency.emergency_id IS 'Key';
COMMENT ON COLUMN registry.emergency.name IS 'Name (名称)';
COMMENT ON COLUMN registry.emergency.kind IS 'Kind, list emergency_kind (类型)';
COMMENT ON COLUMN registry.emergency.level IS 'Grade, list emergency_level (分级); NULL: not graded, as social security is by law';
COMMENT ON COLUMN registry.emergency.division IS 'Where (区划): copies hold nobody from outside';
COMMENT ON COLUMN registry.emergency.purpose IS 'What the data is taken for (用途)';
COMMENT ON COLUMN registry.emergency.began_at IS 'When the response began (开始时间)';
COMMENT ON COLUMN registry.emergency.began_by IS 'Role that entered it (登记角色)';
COMMENT ON COLUMN registry.emergency.ends_on IS 'Day up to which it is expected to last, and after which it has ended unless somebody prolongs it (预计期限; Art. 71)';
COMMENT ON COLUMN registry.emergency.ended_at IS 'When it was ended (终止时间)';
COMMENT ON COLUMN registry.emergency.ended_by IS 'Role that ended it (终止角色)';
COMMENT ON COLUMN registry.emergency.end_reason IS 'Why (终止说明)';

CREATE TABLE registry.emergency_copy (
    emergency_copy_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    emergency_id      bigint NOT NULL REFERENCES registry.emergency,
    kind              text COLLATE "C" NOT NULL,
    division          residency.division_code NOT NULL,
    rows              jsonb NOT NULL,
    row_count         integer NOT NULL,
    digest            bytea NOT NULL,
    evidence_for      text,
    taken_at          timestamptz NOT NULL DEFAULT now(),
    taken_by          text NOT NULL DEFAULT residency.actor()
);
COMMENT ON TABLE registry.emergency_copy IS 'Data taken for an emergency (应急数据副本): destroyed when it has ended, ledger.destruction says so';
COMMENT ON COLUMN registry.emergency_copy.emergency_copy_id IS 'Key';
COMMENT ON COLUMN registry.emergency_copy.emergency_id IS 'Emergency (突发事件)';
COMMENT ON COLUMN registry.emergency_copy.kind IS 'What, list emergency_copy_kind (内容)';
COMMENT ON COLUMN registry.emergency_copy.division IS 'Of which division (区划)';
COMMENT ON COLUMN registry.emergency_copy.rows IS 'The data, an array of objects (数据)';
COMMENT ON COLUMN registry.emergency_copy.row_count IS 'How many (行数)';
COMMENT ON COLUMN registry.emergency_copy.digest IS 'SHA-256 of rows as text (摘要)';
COMMENT ON COLUMN registry.emergency_copy.evidence_for IS 'Case for which it has to be kept as evidence (留作证据的案件); NULL: it is destroyed';
COMMENT ON COLUMN registry.emergency_copy.taken_at IS 'When (提取时间)';
COMMENT ON COLUMN registry.emergency_copy.taken_by IS 'By which role (提取角色)';
CREATE INDEX emergency_copy_emergency_id_idx ON registry.emergency_copy (emergency_id);
COMMENT ON INDEX registry.emergency_copy_emergency_id_idx IS 'Copies of an emergency';

CREATE TABLE ledger.destruction (
    emergency_copy_id bigint PRIMARY KEY,
    emergency_id      bigint NOT NULL REFERENCES registry.emergency,
    kind              text COLLATE "C" NOT NULL,
    division          residency.division_code NOT NULL,
    row_count         integer NOT NULL,
    digest            bytea NOT NULL,
    taken_at          timestamptz NOT NULL,
    taken_by          text NOT NULL,
    destroyed_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    destroyed_by      text NOT NULL DEFAULT residency.actor(),
    legal_basis       text NOT NULL
);
COMMENT ON TABLE ledger.destruction IS 'Certificates of destruction (销毁证明): which copy, how much, its digest, never the data';
COMMENT ON COLUMN ledger.destruction.emergency_copy_id IS 'Key of the copy that is gone (副本)';
COMMENT ON COLUMN ledger.destruction.emergency_id IS 'Emergency (突发事件)';
COMMENT ON COLUMN ledger.destruction.kind IS 'What, list emergency_copy_kind (内容)';
COMMENT ON COLUMN ledger.destruction.division IS 'Of which division (区划)';
COMMENT ON COLUMN ledger.destruction.row_count IS 'How many rows (行数)';
COMMENT ON COLUMN ledger.destruction.digest IS 'SHA-256 of what was destroyed, computed just before (摘要)';
COMMENT ON COLUMN ledger.destruction.taken_at IS 'When it had been taken (提取时间)';
COMMENT ON COLUMN ledger.destruction.taken_by IS 'By which role (提取角色)';
COMMENT ON COLUMN ledger.destruction.destroyed_at IS 'When it was destroyed (销毁时间)';
COMMENT ON COLUMN ledger.destruction.destroyed_by IS 'By which role (销毁角色)';
COMMENT ON COLUMN ledger.destruction.legal_basis IS 'Why (销毁依据)';

-- What is decided stays.
CREATE TRIGGER emergency_guard BEFORE INSERT OR UPDATE ON registry.emergency
    FOR EACH ROW EXECUTE FUNCTION residency.emergency_guard();
CREATE TRIGGER emergency_keep BEFORE DELETE OR TRUNCATE ON registry.emergency
    FOR EACH STATEMENT EXECUTE FUNCTION residency.refuse_change('RG350');
CREATE TRIGGER emergency_copy_guard BEFORE INSERT OR UPDATE ON registry.emergency_copy
    FOR EACH ROW EXECUTE FUNCTION residency.emergency_copy_guard();
CREATE TRIGGER emergency_copy_keep BEFORE DELETE OR TRUNCATE ON registry.emergency_copy
    FOR EACH STATEMENT EXECUTE FUNCTION residency.refuse_change('RG350');
CREATE TRIGGER destruction_frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.destruction
    FOR EACH STATEMENT EXECUTE FUNCTION residency.refuse_change('RG350');

INSERT INTO policy.rule (key, value_type, unit, governs, governs_zh, counts_on) VALUES
('retention_emergency_copy', 'interval', NULL, 'How long a copy for an emergency is kept after its end', '应急数据副本保存期限', 'day of the run')
ON CONFLICT DO NOTHING;

INSERT INTO policy.setting (key, division, period, value, legal_basis) VALUES
('retention_emergency_copy', NULL, '[1949-10-01,)', '0 days', '突发事件应对法 (2024) Art. 85: destroyed when the response has ended');

INSERT INTO policy.test_case (key, division, "on", expected, why) VALUES
('retention_emergency_copy', '460105', '2024-11-01', '0 days', '突发事件应对法 (2024) Art. 85');

INSERT INTO code.error (code, message, message_zh, detail, detail_zh, hint, hint_zh, legal_basis, constraint_name) VALUES
('RG364', 'the emergency has ended', '突发事件已终止',
          'Emergency %s ended on %s.', '突发事件 %s 已于 %s 终止。',
          'No data is taken for it any more; what was taken is destroyed.', '不得再提取数据,已提取的应当销毁。', '突发事件应对法 (2024) Art. 85', NULL),
('RG365', 'the copy goes beyond the emergency', '提取范围超出突发事件区划',
          'Emergency %s is in %s, asked for is %s.', '突发事件 %s 区划为 %s,申请提取 %s。',
          'Take what lies in its division.', '请在事件所在区划内提取。', '突发事件应对法 (2024) Art. 85; 个人信息保护法 Art. 6', NULL),
('RG366', 'an event of social security has no grade', '社会安全事件不分级',
          'Kind %s, level %s.', '类型 %s,分级 %s。',
          'Leave level out.', '请勿填写分级。', '突发事件应对法 (2024) Art. 3', NULL)
ON CONFLICT DO NOTHING;

SELECT residency.join_node();
