-- Who is shown personal data: what each group role sees plain, the log of readings, and exports that somebody else has approved.

INSERT INTO code.list (list, name, name_en, source, confidence, note) VALUES
('data_kind', '个人信息类别', 'kind of personal data', 'house', 'design', 'What is shown plain or masked, policy.plain_data; the kinds are those that the code knows a mask for'),
('export_state', '导出申请状态', 'state of a request for an export', 'house', 'design', NULL)
ON CONFLICT DO NOTHING;
INSERT INTO code.value (list, code, name, name_en, sort, confidence) VALUES
('data_kind', 'name',        '姓名', 'name', 1, 'design'),
('data_kind', 'resident_id', '公民身份号码', 'resident ID', 2, 'design'),
('data_kind', 'document',    '其他证件号码', 'number of another document', 3, 'design'),
('data_kind', 'phone',       '联系电话', 'telephone number', 4, 'design'),
('data_kind', 'address',     '住址', 'address at which somebody lives', 5, 'design'),
('data_kind', 'birth_date',  '出生日期', 'day of birth', 6, 'design'),
('data_kind', 'email',       '电子邮箱', 'e-mail address', 7, 'design'),
('data_kind', 'bank_card',   '银行卡号', 'number of a bank card', 8, 'design'),
('export_state', 'requested', '待审批', 'waits for a decision', 1, 'design'),
('export_state', 'approved',  '已批准', 'approved', 2, 'design'),
('export_state', 'refused',   '未批准', 'refused', 3, 'design'),
('export_state', 'withdrawn', '已撤回', 'withdrawn', 4, 'design'),
('export_state', 'expired',   '已过期', 'expired', 5, 'design')
ON CONFLICT DO NOTHING;

INSERT INTO code.error (code, message, message_zh, detail, detail_zh, hint, hint_zh, legal_basis, constraint_name) VALUES
('RG340', 'say what personal data are read for', '读取个人信息须注明用途',
          '%s shows personal data plain, and the session says no purpose.', '%s 显示个人信息明文,会话未注明用途。',
          'SET residency.purpose = ''case number or words''; it is kept beside the reading.', '请先执行 SET residency.purpose = ''案件编号或事由'';用途随查阅记录保存。', '个人信息保护法 Art. 6, 51', NULL),
('RG341', 'so many persons are not read at once', '单次查阅人数超过上限',
          'A request shows %s rows of plain personal data at most, by policy bulk_read_rows.', '单次请求最多显示 %s 行个人信息明文(政策 bulk_read_rows)。',
          'Ask for fewer, or for an export: api.request_export().', '请缩小查询范围,或用 api.request_export() 申请导出。', '个人信息保护法 Art. 51', NULL),
('RG342', 'so many persons are not read on one day', '当日查阅人数超过上限',
          'An account is shown %s rows of plain personal data a day at most, by policy daily_read_rows.', '每个账号每日最多显示 %s 行个人信息明文(政策 daily_read_rows)。',
          'Go on tomorrow, or ask for an export: api.request_export().', '请次日再查,或用 api.request_export() 申请导出。', '个人信息保护法 Art. 51', NULL),
('RG343', 'this reading cannot be logged', '此次查阅无法留痕',
          'On a standby, and in a serializable transaction that is read only, nothing can be written.', '备用服务器及只读的可串行化事务不能写入查阅记录。',
          'Read personal data on the primary, at another isolation level.', '请在主服务器上以其他隔离级别查阅个人信息。', '网络安全法 Art. 21', NULL),
('RG344', 'what was read stays in the log', '查阅记录不得更改',
          'A row of %s was to be changed.', '%s 中的记录不得更改。',
          'Readings are dropped by months when policy read_retention is over.', '查阅记录按政策 read_retention 到期后按月清除。', '网络安全法 Art. 21', NULL),
('RG345', 'this export is not open to that', '该导出申请不能办理此事项',
          'Export %s is %s.', '导出申请 %s 的状态为 %s。',
          'requested waits for api.decide_export(), approved is read by who asked until it expires: SELECT * FROM api.export.', 'requested 待 api.decide_export() 审批;approved 由申请人在有效期内读取:SELECT * FROM api.export。', NULL, NULL),
('RG346', 'somebody else decides on an export', '导出须由他人审批',
          'Export %s was requested by the same account.', '导出申请 %s 由同一账号提出。',
          'Four eyes: an account of another person decides.', '导出实行双人审批,请由其他人员审批。', '个人信息保护法 Art. 51', NULL),
('RG347', 'this cannot be exported', '无法导出所选内容',
          '"%s" is none of: %s.', '“%s”不在可选范围内:%s。',
          'what is a view of the list, columns and filter name columns of it.', 'what 为可导出的视图,columns、filter 为其中的列。', NULL, NULL),
('RG348', 'this export has more rows than were approved', '导出行数超过批准数量',
          'Export %s has %s rows, %s were approved.', '导出申请 %s 共有 %s 行,批准 %s 行。',
          'Ask for an export with a narrower filter, or for more rows.', '请缩小筛选范围或增加行数后重新申请。', NULL, NULL),
('RG349', 'this account belongs to no person of the register', '账号未关联登记人员',
          'It is not known who %s is.', '账号 %s 未关联人员。',
          'Somebody at the office links the account with the person, or prints api.access_log(person_id).', '请由窗口关联账号与人员,或由窗口打印 api.access_log(person_id)。', '个人信息保护法 Art. 45', NULL)
ON CONFLICT DO NOTHING;

INSERT INTO policy.rule (key, value_type, unit, governs, governs_zh, counts_on, choices) VALUES
('bulk_read_rows', 'integer', 'rows', 'Most rows of plain personal data that one request shows without an approved export; for the country alone', '单次查阅明文行数上限', 'today', NULL),
('daily_read_rows', 'integer', 'rows', 'Most rows of plain personal data that an account is shown on a day without an approved export; for the country alone', '每日查阅明文行数上限', 'today', NULL),
('export_days', 'integer', 'days', 'Days for which an export may be asked for at most', '导出申请最长有效天数', 'today', NULL),
('read_retention', 'interval', NULL, 'How long the log of readings is kept, by whole months, never below six; for the country alone, as a month lies in one table', '查阅记录保存期限', 'day of the run', NULL),
('access_log_shows', 'text', NULL, 'How a person who asks is told who read their data: by office, or by account', '查阅告知方式', 'today', '{office,account}')
ON CONFLICT DO NOTHING;
INSERT INTO policy.setting (key, division, period, value, legal_basis) VALUES
('bulk_read_rows', NULL, '[1949-10-01,)', '100', 'The register''s own; GB/T 35273 asks for approval of bulk operations and names no figure'),
('daily_read_rows', NULL, '[1949-10-01,)', '1000', 'The register''s own; uncertain'),
('export_days', NULL, '[1949-10-01,)', '30', 'The register''s own; uncertain'),
('read_retention', NULL, '[1949-10-01,)', '36 months', '网络数据安全管理条例 Art. 12 (three years for personal data provided to others); 网络安全法 Art. 21 asks for six months'),
('access_log_shows', NULL, '[1949-10-01,)', 'office', 'The register''s own; uncertain: 个人信息保护法 Art. 45 says that the person may consult, not whose name');
INSERT INTO policy.test_case (key, division, "on", expected, why) VALUES
('bulk_read_rows', NULL, '2024-05-01', '100', 'the register''s own'),
('daily_read_rows', NULL, '2024-05-01', '1000', 'the register''s own'),
('export_days', NULL, '2024-05-01', '30', 'the register''s own'),
('read_retention', NULL, '2024-05-01', '36 months', 'three years'),
('access_log_shows', NULL, '2024-05-01', 'office', 'the register''s own');

-- Which group role sees what. By name: roles belong to the cluster, and need not be there.
CREATE TABLE policy.plain_data (
    role      text COLLATE "C",
    data_kind text COLLATE "C",
    reason    text NOT NULL,
    PRIMARY KEY (role, data_kind)
);
COMMENT ON TABLE policy.plain_data IS
    'Kinds of personal data that members of a group role see plain (明文权限); what has no row is masked. Asked by residency.sees_plain(); its owner sees everything';
COMMENT ON COLUMN policy.plain_data.role IS 'Name of the database role (角色); a role that there is not gives nothing';
COMMENT ON COLUMN policy.plain_data.data_kind IS 'Kind, list data_kind (信息类别)';
COMMENT ON COLUMN policy.plain_data.reason IS 'What they need it for (理由)';
COMMENT ON INDEX policy.plain_data_pkey IS 'A kind once for a role (角色与类别唯一)';
CREATE TRIGGER plain_data_guard
    BEFORE INSERT OR UPDATE ON policy.plain_data
    FOR EACH ROW EXECUTE FUNCTION residency.plain_data_guard();
CREATE TRIGGER forget_before BEFORE INSERT OR UPDATE OR DELETE ON policy.plain_data
    FOR EACH STATEMENT EXECUTE FUNCTION residency.forget();
CREATE TRIGGER forget_after AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON policy.plain_data
    FOR EACH STATEMENT EXECUTE FUNCTION residency.forget();
CREATE TRIGGER forget_replicated AFTER INSERT OR UPDATE OR DELETE ON policy.plain_data
    FOR EACH ROW EXECUTE FUNCTION residency.forget();
ALTER TABLE policy.plain_data ENABLE ALWAYS TRIGGER forget_before;
ALTER TABLE policy.plain_data ENABLE ALWAYS TRIGGER forget_after;
ALTER TABLE policy.plain_data ENABLE REPLICA TRIGGER forget_replicated;

INSERT INTO policy.plain_data (role, data_kind, reason)
SELECT g.role, k.kind, g.reason
FROM (VALUES ('residency_collector', '{name,phone,address}'::text[], 'visits people where they live'),
             ('residency_clerk', '{name,resident_id,document,phone,address,birth_date}', 'registers people and answers them'),
             ('residency_police', '{name,resident_id,document,phone,address,birth_date}', 'checks identities'),
             ('residency_manager', '{name,address}', 'decides on cases of their area')) AS g (role, kinds, reason)
CROSS JOIN LATERAL unnest(g.kinds) AS k (kind)
ON CONFLICT DO NOTHING;

-- Exports: asked for, decided on by somebody else, read until they expire.
CREATE TABLE ledger.export (
    export_id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    purpose       text NOT NULL,
    what          text COLLATE "C" NOT NULL,
    columns       text[] COLLATE "C" NOT NULL,
    filter        jsonb NOT NULL,
    row_limit     integer NOT NULL CHECK (row_limit > 0),
    expires_on    date NOT NULL,
    state         text COLLATE "C" NOT NULL DEFAULT 'requested',
    requested_by  text NOT NULL,
    requested_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    decided_by    text,
    decided_at    timestamptz,
    reason        text,
    closed_by     text,
    closed_at     timestamptz,
    salt          uuid NOT NULL DEFAULT gen_random_uuid()
);
COMMENT ON TABLE ledger.export IS 'Requests to export rows of personal data, and what was decided (导出申请); api.request_export() and others write it. Ask api.export';
COMMENT ON COLUMN ledger.export.export_id IS 'Key';
COMMENT ON COLUMN ledger.export.purpose IS 'What for, in words (用途)';
COMMENT ON COLUMN ledger.export.what IS 'View of api that is exported (导出内容)';
COMMENT ON COLUMN ledger.export.columns IS 'Its columns (导出字段)';
COMMENT ON COLUMN ledger.export.filter IS 'Column and the value it has; division: that division and all beneath (筛选条件)';
COMMENT ON COLUMN ledger.export.row_limit IS 'Most rows (行数上限)';
COMMENT ON COLUMN ledger.export.expires_on IS 'Last day on which it may be read (有效期至)';
COMMENT ON COLUMN ledger.export.state IS 'requested, approved, refused or withdrawn, list export_state; expired follows from the day (状态)';
COMMENT ON COLUMN ledger.export.requested_by IS 'Account that asked, and alone may read (申请账号)';
COMMENT ON COLUMN ledger.export.requested_at IS 'When (申请时间)';
COMMENT ON COLUMN ledger.export.decided_by IS 'Account of another person that decided (审批账号)';
COMMENT ON COLUMN ledger.export.decided_at IS 'When (审批时间)';
COMMENT ON COLUMN ledger.export.reason IS 'Why it was decided so, or withdrawn (理由)';
COMMENT ON COLUMN ledger.export.closed_by IS 'Account that withdrew it (撤回账号)';
COMMENT ON COLUMN ledger.export.closed_at IS 'When (撤回时间)';
COMMENT ON COLUMN ledger.export.salt IS 'Secret of its watermark (水印密钥)';
CREATE TRIGGER export_guard
    BEFORE INSERT OR UPDATE OR DELETE ON ledger.export
    FOR EACH ROW EXECUTE FUNCTION residency.export_guard();
CREATE TRIGGER export_keep
    BEFORE TRUNCATE ON ledger.export
    FOR EACH STATEMENT EXECUTE FUNCTION residency.refuse_change('RG344');

CREATE TABLE ledger.export_reading (
    export_reading_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    export_id         bigint NOT NULL REFERENCES ledger.export,
    read_at           timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor             text NOT NULL DEFAULT residency.actor(),
    login             text NOT NULL DEFAULT session_user,
    row_count         integer NOT NULL,
    digest            bytea NOT NULL
);
COMMENT ON TABLE ledger.export_reading IS 'Each time the rows of an export were given (导出记录)';
COMMENT ON COLUMN ledger.export_reading.export_reading_id IS 'Key';
COMMENT ON COLUMN ledger.export_reading.export_id IS 'Export (导出申请)';
COMMENT ON COLUMN ledger.export_reading.read_at IS 'When (导出时间)';
COMMENT ON COLUMN ledger.export_reading.actor IS 'Role that read (导出角色)';
COMMENT ON COLUMN ledger.export_reading.login IS 'Role that had logged in (登录角色)';
COMMENT ON COLUMN ledger.export_reading.row_count IS 'Rows (行数)';
COMMENT ON COLUMN ledger.export_reading.digest IS 'SHA-256 of the lines as they were given, each with a line feed (文件摘要): sha256sum of the file that psql -At writes';
CREATE INDEX export_reading_export_id_idx ON ledger.export_reading (export_id);
COMMENT ON INDEX ledger.export_reading_export_id_idx IS 'Readings of an export';
CREATE TRIGGER export_reading_frozen
    BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.export_reading
    FOR EACH STATEMENT EXECUTE FUNCTION residency.refuse_change('RG344');

-- The log of readings, a partition a month: made by residency.run_due(), and by the first reading of a month that has none.
CREATE TABLE ledger.read (
    read_id     bigint GENERATED ALWAYS AS IDENTITY,
    read_at     timestamptz NOT NULL,
    actor       text NOT NULL,
    login       text NOT NULL,
    purpose     text,
    request_id  uuid,
    client      inet,
    application text,
    object      text COLLATE "C" NOT NULL,
    asked       jsonb,
    shown       text[] NOT NULL,
    plain       text[] NOT NULL,
    persons     bigint[] NOT NULL,
    row_count   bigint NOT NULL,
    plain_rows  bigint NOT NULL,
    bulk        boolean NOT NULL,
    export_id   bigint,
    rolled_back boolean NOT NULL,
    PRIMARY KEY (read_at, read_id)
) PARTITION BY RANGE (read_at);
COMMENT ON TABLE ledger.read IS
    'Who was shown whose personal data (个人信息查阅记录), a row for a statement and a view or function, a partition a month by the calendar of China. Written when the transaction commits; dropped by policy read_retention. The owner''s own readings are not in it';
COMMENT ON COLUMN ledger.read.read_id IS 'Number of the row (编号)';
COMMENT ON COLUMN ledger.read.read_at IS 'When the statement began (查阅时间)';
COMMENT ON COLUMN ledger.read.actor IS 'Role that acted (查阅角色)';
COMMENT ON COLUMN ledger.read.login IS 'Role that had logged in (登录角色)';
COMMENT ON COLUMN ledger.read.purpose IS 'What it was for, residency.purpose (用途); NULL: nothing was plain and none was said';
COMMENT ON COLUMN ledger.read.request_id IS 'The client''s number of the request (请求编号)';
COMMENT ON COLUMN ledger.read.client IS 'Address of the client (客户端地址); NULL: a local socket';
COMMENT ON COLUMN ledger.read.application IS 'application_name of the session (客户端程序)';
COMMENT ON COLUMN ledger.read.object IS 'View or function that showed them (查阅对象)';
COMMENT ON COLUMN ledger.read.asked IS 'What the function was asked, personal data masked (查询条件); NULL: a view';
COMMENT ON COLUMN ledger.read.shown IS 'Kinds of data that were shown, masked or plain, list data_kind (显示类别)';
COMMENT ON COLUMN ledger.read.plain IS 'Those of them that were shown plain (明文类别)';
COMMENT ON COLUMN ledger.read.persons IS 'The persons, 1000 at most, sorted (涉及人员)';
COMMENT ON COLUMN ledger.read.row_count IS 'Rows of persons that were shown (行数)';
COMMENT ON COLUMN ledger.read.plain_rows IS 'Those with something plain in them (明文行数)';
COMMENT ON COLUMN ledger.read.bulk IS 'Whether there were more rows than policy bulk_read_rows allows plain (是否批量)';
COMMENT ON COLUMN ledger.read.export_id IS 'Export to which it belongs (导出申请)';
COMMENT ON COLUMN ledger.read.rolled_back IS 'Whether the transaction that read was rolled back (事务是否回滚): then this was written with the next commit of the session, or at its end';
CREATE INDEX read_persons_idx ON ledger.read USING gin (persons) WITH (fastupdate = on);
COMMENT ON INDEX ledger.read_persons_idx IS 'Who has read of a person';
CREATE INDEX read_actor_idx ON ledger.read (actor, read_at) INCLUDE (plain_rows) WHERE export_id IS NULL;
COMMENT ON INDEX ledger.read_actor_idx IS 'What an account has read today';
CREATE TRIGGER read_frozen
    BEFORE UPDATE OR DELETE ON ledger.read
    FOR EACH ROW EXECUTE FUNCTION residency.refuse_change('RG344');
CREATE TRIGGER read_keep
    BEFORE TRUNCATE ON ledger.read
    FOR EACH STATEMENT EXECUTE FUNCTION residency.refuse_change('RG344');

-- Months of readings that were dropped
CREATE TABLE ledger.read_purge (
    read_purge_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    month         date NOT NULL,
    readings      bigint NOT NULL,
    retention     text NOT NULL,
    purged_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    purged_by     text NOT NULL DEFAULT residency.actor()
);
COMMENT ON TABLE ledger.read_purge IS 'Months of the log of readings that were dropped because their time was over (查阅记录清除台账)';
COMMENT ON COLUMN ledger.read_purge.read_purge_id IS 'Key';
COMMENT ON COLUMN ledger.read_purge.month IS 'First day of the month (月份)';
COMMENT ON COLUMN ledger.read_purge.readings IS 'How many rows (条数)';
COMMENT ON COLUMN ledger.read_purge.retention IS 'The time for which they were kept, policy read_retention (保存期限)';
COMMENT ON COLUMN ledger.read_purge.purged_at IS 'When (清除时间)';
COMMENT ON COLUMN ledger.read_purge.purged_by IS 'Role that did it (清除角色)';

ANALYZE policy.rule, policy.setting, policy.test_case;
