-- Changing policy with care: typed settings, stored test cases, drafts that are tried before they hold.

ALTER TABLE policy.rule DROP CONSTRAINT rule_value_type_check;
ALTER TABLE policy.rule ADD CONSTRAINT rule_value_type_check
    CHECK (value_type IN ('integer', 'numeric', 'text', 'boolean', 'interval', 'term'));
ALTER TABLE policy.rule ADD COLUMN choices text[] COLLATE "C";
COMMENT ON COLUMN policy.rule.value_type IS
    'How the value of its settings reads (值类型); term: a length of time such as 3 working days, 15 days, 6 months, 1 year, 24 hours';
COMMENT ON COLUMN policy.rule.choices IS 'The values that a text may have (可选值); NULL: any';

CREATE TRIGGER rule_guard
    BEFORE UPDATE OF value_type, choices ON policy.rule
    FOR EACH ROW EXECUTE FUNCTION residency.rule_guard();
CREATE TRIGGER setting_guard
    BEFORE INSERT OR UPDATE ON policy.setting
    FOR EACH ROW EXECUTE FUNCTION residency.setting_guard();

CREATE TABLE policy.draft (
    draft_id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    title        text NOT NULL CHECK (title <> ''),
    state        text COLLATE "C" NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'published', 'withdrawn')),
    -- the role that was set counts, also inside a function that runs as its owner
    author       text NOT NULL DEFAULT COALESCE(NULLIF(current_setting('role'), 'none'), session_user),
    created_at   timestamptz NOT NULL DEFAULT now(),
    published_at timestamptz,
    CONSTRAINT draft_published_check CHECK ((state = 'published') = (published_at IS NOT NULL))
);
COMMENT ON TABLE policy.draft IS
    'Changes of policy that take effect together (政策草案): policy.simulate() shows what they would change, policy.publish() makes them hold';
COMMENT ON COLUMN policy.draft.draft_id IS 'Key of the draft (草案编号)';
COMMENT ON COLUMN policy.draft.title IS 'What it is about (标题)';
COMMENT ON COLUMN policy.draft.state IS 'draft, published or withdrawn (状态: 草拟、已发布、已撤回); the last two are final';
COMMENT ON COLUMN policy.draft.author IS 'Role that made it (起草角色)';
COMMENT ON COLUMN policy.draft.created_at IS 'When it was made (起草时间)';
COMMENT ON COLUMN policy.draft.published_at IS 'When it was published (发布时间); the register sets it';

CREATE TABLE policy.draft_setting (
    draft_setting_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    draft_id         bigint NOT NULL REFERENCES policy.draft ON DELETE CASCADE,
    key              text COLLATE "C" NOT NULL REFERENCES policy.rule,
    division         residency.division_code REFERENCES code.division,
    period           daterange NOT NULL CHECK (NOT isempty(period)),
    value            text,
    legal_basis      text NOT NULL,
    CONSTRAINT draft_setting_no_overlap
        EXCLUDE USING gist (draft_id WITH =, key WITH =, (COALESCE(division::bigint, 0)) WITH =, period WITH &&)
);
COMMENT ON TABLE policy.draft_setting IS
    'Settings of a draft (草案设定): each will hold for its period; settings of the same key and division that are in its way are cut around it';
COMMENT ON COLUMN policy.draft_setting.draft_setting_id IS 'Key of the row (编号)';
COMMENT ON COLUMN policy.draft_setting.draft_id IS 'The draft it belongs to (草案)';
COMMENT ON COLUMN policy.draft_setting.key IS 'Name of the parameter (参数)';
COMMENT ON COLUMN policy.draft_setting.division IS 'Where it will hold, with all beneath (区划); NULL is the whole country';
COMMENT ON COLUMN policy.draft_setting.period IS 'When it will hold, half-open (有效期)';
COMMENT ON COLUMN policy.draft_setting.value IS 'The value as text (值); NULL says that no limit is set';
COMMENT ON COLUMN policy.draft_setting.legal_basis IS 'The clause, notice or decision that sets it (依据)';
COMMENT ON INDEX policy.draft_setting_no_overlap IS 'Settings of a draft, and that no two of one key and place overlap (草案设定不重叠)';

CREATE TABLE policy.replaced_setting (
    replaced_setting_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    draft_id            bigint NOT NULL REFERENCES policy.draft,
    setting_id          bigint NOT NULL,
    key                 text COLLATE "C" NOT NULL,
    division            residency.division_code,
    period              daterange NOT NULL,
    value               text,
    legal_basis         text NOT NULL
);
CREATE INDEX replaced_setting_draft_id_idx ON policy.replaced_setting (draft_id);
COMMENT ON INDEX policy.replaced_setting_draft_id_idx IS 'What a draft has replaced (草案所替换的设定)';
COMMENT ON TABLE policy.replaced_setting IS
    'Settings as they were before a published draft cut or replaced them (被替换的设定), so that it can be told later what held before';
COMMENT ON COLUMN policy.replaced_setting.replaced_setting_id IS 'Key of the row (编号)';
COMMENT ON COLUMN policy.replaced_setting.draft_id IS 'The draft that was published (草案)';
COMMENT ON COLUMN policy.replaced_setting.setting_id IS 'Key that the setting had, and still has where a part of it is left (原设定编号)';
COMMENT ON COLUMN policy.replaced_setting.key IS 'Name of the parameter (参数)';
COMMENT ON COLUMN policy.replaced_setting.division IS 'Where it held (区划)';
COMMENT ON COLUMN policy.replaced_setting.period IS 'Its whole period before (原有效期)';
COMMENT ON COLUMN policy.replaced_setting.value IS 'Its value (值)';
COMMENT ON COLUMN policy.replaced_setting.legal_basis IS 'Its clause (依据)';

CREATE TABLE policy.test_case (
    test_case_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key          text COLLATE "C" NOT NULL REFERENCES policy.rule,
    division     residency.division_code REFERENCES code.division,
    "on"         date NOT NULL,
    expected     text,
    why          text NOT NULL,
    draft_id     bigint REFERENCES policy.draft ON DELETE CASCADE,
    CONSTRAINT test_case_key UNIQUE NULLS NOT DISTINCT (key, division, "on", draft_id)
);
CREATE INDEX test_case_draft_id_idx ON policy.test_case (draft_id) WHERE draft_id IS NOT NULL;
COMMENT ON INDEX policy.test_case_draft_id_idx IS 'Test cases that a draft brings (草案测试用例)';
COMMENT ON TABLE policy.test_case IS
    'What policy must answer (政策测试用例): a draft that breaks one is not published. A case of a published draft takes the place of older ones of the same key, division and day';
COMMENT ON COLUMN policy.test_case.test_case_id IS 'Key of the case (用例编号)';
COMMENT ON COLUMN policy.test_case.key IS 'Name of the parameter (参数)';
COMMENT ON COLUMN policy.test_case.division IS 'Where it is asked (区划); NULL is the whole country';
COMMENT ON COLUMN policy.test_case."on" IS 'For which day it is asked (日期)';
COMMENT ON COLUMN policy.test_case.expected IS 'What residency.policy_text() must answer (应得值); NULL: that there is no limit';
COMMENT ON COLUMN policy.test_case.why IS 'Why: the clause, or what the case guards (理由)';
COMMENT ON COLUMN policy.test_case.draft_id IS 'The draft that brings it; it counts from its publication on (所属草案). NULL: it counts';

CREATE TYPE policy.decision AS (
    subject    text,
    subject_id bigint,
    division   residency.division_code,
    decision   text,
    value      text,
    keys       text[],
    counted_on date
);
COMMENT ON TYPE policy.decision IS
    'One decision of the register that policy has a say in (受政策影响的决定): what policy.decide() answers and policy.simulate() compares';
COMMENT ON COLUMN policy.decision.subject IS 'What is decided on: residence, dwelling … (对象类别)';
COMMENT ON COLUMN policy.decision.subject_id IS 'Its key (对象编号)';
COMMENT ON COLUMN policy.decision.division IS 'Division whose policy counts (区划)';
COMMENT ON COLUMN policy.decision.decision IS 'Which decision (决定事项)';
COMMENT ON COLUMN policy.decision.value IS 'The decision as text; NULL: none can be made, or there is no limit (决定内容)';
COMMENT ON COLUMN policy.decision.keys IS 'The parameters that it depends on (所依参数)';
COMMENT ON COLUMN policy.decision.counted_on IS 'The day that chooses their settings (计算日期)';

CREATE TRIGGER draft_guard
    BEFORE INSERT OR UPDATE OR DELETE ON policy.draft
    FOR EACH ROW EXECUTE FUNCTION residency.draft_guard();
CREATE TRIGGER draft_published
    AFTER UPDATE OF state ON policy.draft
    FOR EACH ROW WHEN (new.state = 'published') EXECUTE FUNCTION residency.draft_published();
CREATE TRIGGER draft_setting_guard
    BEFORE INSERT OR UPDATE ON policy.draft_setting
    FOR EACH ROW EXECUTE FUNCTION residency.setting_guard();
CREATE TRIGGER draft_setting_part_guard
    BEFORE INSERT OR UPDATE OR DELETE ON policy.draft_setting
    FOR EACH ROW EXECUTE FUNCTION residency.draft_part_guard();
CREATE TRIGGER test_case_part_guard
    BEFORE INSERT OR UPDATE OR DELETE ON policy.test_case
    FOR EACH ROW EXECUTE FUNCTION residency.draft_part_guard();

INSERT INTO code.error (code, message, message_zh, detail, detail_zh, hint, hint_zh, legal_basis, constraint_name) VALUES
('RG091', 'a value does not read as its rule says', '政策值与参数类型不符',
          'The value "%2$s" of %1$s is not what its rule asks for: %3$s.', '参数 %1$s 的值"%2$s"不符合类型 %3$s。',
          'Write it like this: %4$s. NULL says that there is no limit.', '写法:%4$s。NULL 表示不设限。', NULL, NULL),
('RG092', 'a policy test case fails', '政策测试用例未通过',
          'Case %s: %s in division %s on %s shall be %s and would be %s.', '用例 %s:参数 %s 在区划 %s、日期 %s 应为 %s,实际将为 %s。',
          'Nothing was changed. Correct the draft; or, where the case is overtaken, let the draft bring a test case of the same key, division and day with what shall hold now. SELECT * FROM policy.failed_test_case shows what fails already.',
          '未作任何改动。请更正草案;如用例已过时,请在草案中加入同一参数、区划、日期的新用例。现有未通过的用例见 policy.failed_test_case。', NULL, NULL),
('RG093', 'this draft is closed', '政策草案已结束',
          'Draft %s is %s.', '草案 %s 的状态为 %s。',
          'Make a new draft for what shall change.', '请另建草案。', NULL, NULL),
('RG094', 'there is no such draft', '没有该政策草案',
          'No draft has the number %s.', '没有编号为 %s 的草案。',
          'SELECT * FROM policy.draft shows them.', '请查看 policy.draft。', NULL, NULL),
('RG095', 'this draft sets nothing', '政策草案没有设定',
          'Draft %s has no settings.', '草案 %s 没有设定。',
          'Enter them in policy.draft_setting.', '请在 policy.draft_setting 中填写。', NULL, NULL),
('RG096', 'a draft is published by policy.publish()', '草案须用 policy.publish() 发布',
          'The settings of draft %s do not hold.', '草案 %s 的设定尚未生效。',
          'SELECT policy.publish(draft_id);', '请执行 SELECT policy.publish(草案编号);', NULL, NULL),
('RG097', 'there is no such parameter', '没有该政策参数',
          'policy.rule has no key "%s".', 'policy.rule 中没有参数"%s"。',
          'SELECT key, governs FROM policy.rule shows them.', '请查看 policy.rule。', NULL, NULL),
('RG098', 'policy is changed and tried by what is committed now', '发布和模拟政策须以当前已提交的数据为准',
          'The transaction is %s and may not see it.', '当前事务隔离级别为 %s,可能看不到最新数据。',
          'Call policy.publish() and policy.simulate() in a transaction that is READ COMMITTED.', '请在 READ COMMITTED 事务中执行 policy.publish() 和 policy.simulate()。', NULL, NULL)
ON CONFLICT DO NOTHING;
