-- Correction of what the register says of a person.

INSERT INTO code.list (list, name, name_en, source, confidence, note) VALUES
('correction_item', '可更正项目', 'what of a person can be corrected', 'pipl', 'design', 'Columns of registry.person; other records are corrected by voiding them and entering the right ones'),
('correction_state', '更正申请状态', 'state of a correction', 'house', 'design', NULL),
('contradiction', '更正后矛盾', 'what contradicts a corrected person', 'house', 'design', NULL)
ON CONFLICT DO NOTHING;

INSERT INTO code.value (list, code, name, name_en, sort, confidence) VALUES
('correction_item', 'resident_id',        '公民身份号码', 'resident ID', 1, 'design'),
('correction_item', 'name',               '姓名', 'name', 2, 'design'),
('correction_item', 'sex',                '性别', 'sex', 3, 'design'),
('correction_item', 'birth_date',         '出生日期', 'day of birth', 4, 'design'),
('correction_item', 'ethnic_group',       '民族', 'ethnic group', 5, 'design'),
('correction_item', 'household_division', '户籍地区划', 'division of the household', 6, 'design'),
('correction_item', 'household_address',  '户籍地址', 'address of the household', 7, 'design'),
('correction_item', 'phone',              '联系电话', 'telephone', 8, 'design'),
('correction_state', 'asked',   '待核实', 'asked for', 1, 'design'),
('correction_state', 'granted', '已更正', 'granted', 2, 'design'),
('correction_state', 'refused', '不予更正', 'refused', 3, 'design'),
('contradiction', 'arrival_before_birth', '到达早于出生', 'a residence begins before the birth', 1, 'design'),
('contradiction', 'minor_without_guardian', '未成年人无监护人', 'a minor lives there without a guardian', 2, 'design'),
('contradiction', 'guardian_not_of_age', '监护人未成年', 'the guardian of a minor was not of full age', 3, 'design'),
('contradiction', 'record_before_birth', '记录早于出生', 'an employment, lease, study or ownership begins before the birth', 4, 'design'),
('contradiction', 'local_permit', '户籍在居住证所在市', 'a permit for the city in which the household is', 5, 'design')
ON CONFLICT DO NOTHING;

CREATE TABLE registry.correction (
    correction_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id      bigint NOT NULL REFERENCES registry.person,
    corrected      jsonb NOT NULL,
    former         jsonb NOT NULL,
    evidence       text,
    requester      text COLLATE "C" NOT NULL DEFAULT 'self',
    asked_on       date NOT NULL,
    asked_by       text NOT NULL DEFAULT residency.actor(),
    clock_id       bigint NOT NULL REFERENCES registry.clock,
    state          text COLLATE "C" NOT NULL DEFAULT 'asked',
    decided_on     date,
    decided_by     text,
    reason         text,
    contradictions jsonb,
    recorded_at    timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT correction_decided_check CHECK ((decided_on IS NULL) = (state = 'asked') AND (decided_by IS NULL) = (state = 'asked'))
);
COMMENT ON TABLE registry.correction IS 'Corrections of what the register says of a person, both versions (个人信息更正; 个人信息保护法 Art. 46)';
COMMENT ON COLUMN registry.correction.correction_id IS 'Key';
COMMENT ON COLUMN registry.correction.person_id IS 'Person (人员)';
COMMENT ON COLUMN registry.correction.corrected IS 'Items, list correction_item, with what they shall be (更正后); null: empty';
COMMENT ON COLUMN registry.correction.former IS 'The same items as they were when it was decided, until then when it was asked for (更正前)';
COMMENT ON COLUMN registry.correction.evidence IS 'What shows it, in words (证明材料)';
COMMENT ON COLUMN registry.correction.requester IS 'Who asks, list requester (申请人身份)';
COMMENT ON COLUMN registry.correction.asked_on IS 'Day of the request (申请日期)';
COMMENT ON COLUMN registry.correction.asked_by IS 'Role that entered it (登记角色)';
COMMENT ON COLUMN registry.correction.clock_id IS 'Its time limit, policy correction_decision (办理时限)';
COMMENT ON COLUMN registry.correction.state IS 'State, list correction_state (状态)';
COMMENT ON COLUMN registry.correction.decided_on IS 'Day of the decision (决定日期)';
COMMENT ON COLUMN registry.correction.decided_by IS 'Role that decided (决定角色)';
COMMENT ON COLUMN registry.correction.reason IS 'Why, where it was refused (理由)';
COMMENT ON COLUMN registry.correction.contradictions IS 'What contradicted the corrected person at the decision, list contradiction with tables and keys (矛盾事项)';
COMMENT ON COLUMN registry.correction.recorded_at IS 'When it was entered (登记时间)';
CREATE INDEX correction_person_id_idx ON registry.correction (person_id);
COMMENT ON INDEX registry.correction_person_id_idx IS 'Corrections of a person';

-- What is decided stays.
CREATE TRIGGER correction_guard BEFORE INSERT OR UPDATE ON registry.correction
    FOR EACH ROW EXECUTE FUNCTION residency.correction_guard();
CREATE TRIGGER correction_keep BEFORE DELETE OR TRUNCATE ON registry.correction
    FOR EACH STATEMENT EXECUTE FUNCTION residency.refuse_change('RG350');

INSERT INTO policy.rule (key, value_type, unit, governs, governs_zh, counts_on) VALUES
('correction_decision', 'term', NULL, 'How long the register has to decide on a correction', '个人信息更正办理期限', 'day of the request')
ON CONFLICT DO NOTHING;

INSERT INTO policy.setting (key, division, period, value, legal_basis) VALUES
('correction_decision', NULL, '[1949-10-01,)', '15 working days', '个人信息保护法 Art. 46 says "in time"; the number is the register''s own, from practice; uncertain');

INSERT INTO policy.test_case (key, division, "on", expected, why) VALUES
('correction_decision', '460105', '2024-05-01', '15 working days', 'the register''s own');

INSERT INTO code.error (code, message, message_zh, detail, detail_zh, hint, hint_zh, legal_basis, constraint_name) VALUES
('RG351', 'this is nothing that can be corrected so', '不属于可更正项目或没有变化',
          'Person %s, items: %s.', '人员 %s,项目:%s。',
          'Give items of list correction_item with their right values, other than the register has; other records are voided and entered anew.', '请填写代码表 correction_item 中的项目及其正确内容;其他记录请作废后重新登记。', '个人信息保护法 Art. 46', NULL),
('RG352', 'this has been decided already', '该申请已作出决定',
          'Correction %s is %s.', '更正申请 %s 状态为 %s。',
          'Ask for another correction: api.correct_person().', '请另行提出更正申请。', NULL, NULL),
('RG353', 'a refusal needs its reason', '不予更正须说明理由',
          'Correction %s.', '更正申请 %s。',
          'Say why in reason, one line of up to 200 characters: the person has a right to be told.', '请填写理由,一行不超过200字,并告知申请人。', '个人信息保护法 Art. 50', NULL)
ON CONFLICT DO NOTHING;

SELECT residency.join_node();
