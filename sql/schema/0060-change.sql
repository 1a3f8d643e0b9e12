-- History: what was so, and what was known. Every change of a row of the register is kept, by whom it was made and for what.

INSERT INTO code.error (code, message, message_zh, detail, detail_zh, hint, hint_zh, legal_basis, constraint_name) VALUES
('RG310', 'the history of changes is never changed', '变更历史不得更改',
          '%s of ledger.change was tried.', '试图对 ledger.change 执行 %s。',
          'What is wrong is corrected in the register itself: the correction becomes a change of its own. Images are taken away by CALL residency.purge_due() alone.', '有误的内容请在登记数据中更正,更正本身会留痕;映像只能由 CALL residency.purge_due() 清除。', '网络安全法 Art. 21', NULL),
('RG311', 'the history does not reach back so far', '历史记录不涵盖该时点',
          'The history of %1$s begins at %2$s (-: it has none).', '%1$s 的历史自 %2$s 起(-:不留历史)。',
          'Ask for a later moment; SELECT * FROM ledger.tracked() says which tables have a history, and why others have none.', '请查询更晚的时点;哪些表留有历史及原因见 SELECT * FROM ledger.tracked()。', NULL, NULL),
('RG312', 'the working date lies outside of what is known', '登记日期不在已知范围内',
          'Residence %1$s has %2$s, which is not from %3$s to %4$s.', '居住登记 %1$s 的 %2$s 不在 %3$s 至 %4$s 之间。',
          'Enter the earliest and the latest day that are possible, and a working date between them, or none.', '请填写可能的最早和最晚日期,登记日期须在其间,也可不填。', NULL, NULL),
('RG313', 'these are not an earliest and a latest day', '最早、最晚日期有误',
          'Earliest %1$s, latest %2$s; today is %3$s.', '最早 %1$s,最晚 %2$s;今天是 %3$s。',
          'Give both: the earliest not after the latest, and the latest not in the future.', '两者都须填写:最早日期不晚于最晚日期,最晚日期不晚于今天。', NULL, NULL),
('RG314', 'there is nothing such to investigate', '没有可调查的记录',
          '%1$s %2$s is not in the register.', '登记中没有 %1$s %2$s。',
          'record is person, residence, dwelling or permit, record_id its key.', 'record 为 person、residence、dwelling 或 permit,record_id 为其编号。', NULL, NULL),
('RG315', 'this record is under investigation already', '该记录已在调查中',
          '%1$s %2$s is under investigation %3$s.', '%1$s %2$s 正由调查 %3$s 处理。',
          'Add to that one, or close it first: api.close_investigation().', '请并入该调查,或先用 api.close_investigation() 结束。', NULL, 'investigation_one_open'),
('RG316', 'there is no such open investigation', '没有此未结调查',
          'Investigation %s does not exist, or is closed.', '调查 %s 不存在或已结束。',
          'Look it up in registry.investigation.', '请在 registry.investigation 中查询。', NULL, NULL),
('RG317', 'an investigation needs its reason and its conclusion', '调查须有事由和结论',
          'The %s is missing, longer than 200 characters, or more than a line.', '%s 为空、超过200个字符或不止一行。',
          'Say in a line what is in doubt, and when it is closed what was found.', '请用一行写明疑点,结束时写明结论。', '个人信息保护法 Art. 46', NULL),
('RG318', 'what an investigation was opened for stays', '调查对象与开立信息不得更改',
          'Investigation %1$s: %2$s cannot be changed.', '调查 %1$s 的 %2$s 不得更改。',
          'Close it, and open another one.', '请结束后另行开立。', NULL, NULL)
ON CONFLICT DO NOTHING;

CREATE TABLE ledger.change (
    change_id    bigint GENERATED ALWAYS AS IDENTITY (START 32 INCREMENT 32),
    changed_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    transaction  xid8 NOT NULL DEFAULT pg_current_xact_id(),
    cluster_id   bigint NOT NULL DEFAULT residency.cluster_id(),
    actor        text NOT NULL DEFAULT residency.actor(),
    login        text NOT NULL DEFAULT session_user,
    purpose      text DEFAULT residency.purpose(),
    request_id   uuid DEFAULT NULLIF(current_setting('residency.request_id', true), '')::uuid,
    act          text DEFAULT NULLIF(current_setting('residency.act', true), ''),
    table_name   text COLLATE "C" NOT NULL,
    key          jsonb NOT NULL,
    operation    text COLLATE "C" NOT NULL,
    image        jsonb,
    salt         uuid DEFAULT gen_random_uuid(),
    image_digest bytea,
    PRIMARY KEY (changed_at, change_id)
) PARTITION BY RANGE (changed_at);
COMMENT ON TABLE ledger.change IS
    'Every change of a row that has a history (变更历史), a partition a month by the calendar of China; only ever added to. Which tables have one: ledger.tracked(); how they were at a moment: residency.as_of()';
COMMENT ON COLUMN ledger.change.change_id IS 'Number of the change (变更编号); of one row it rises in the true order of its versions. Not without gaps, and across rows only nearly in the order of time';
COMMENT ON COLUMN ledger.change.changed_at IS 'When the statement was noted (变更时间)';
COMMENT ON COLUMN ledger.change.transaction IS 'Transaction (事务)';
COMMENT ON COLUMN ledger.change.cluster_id IS 'Cluster whose transaction it is (集群标识): numbers start anew after a restore';
COMMENT ON COLUMN ledger.change.actor IS 'Role that acted (操作人), residency.actor()';
COMMENT ON COLUMN ledger.change.login IS 'Role that logged in (登录角色)';
COMMENT ON COLUMN ledger.change.purpose IS 'What the session said that it acts for (用途), residency.purpose()';
COMMENT ON COLUMN ledger.change.request_id IS 'Number of the request of the api (请求编号)';
COMMENT ON COLUMN ledger.change.act IS 'Act of the api (操作); NULL: written to the table directly';
COMMENT ON COLUMN ledger.change.table_name IS 'Table with its schema (表名); residency.migrate for a migration step';
COMMENT ON COLUMN ledger.change.key IS 'Primary key of the row as an object (主键)';
COMMENT ON COLUMN ledger.change.operation IS 'I insert, U update, D delete, T truncate, B baseline: was there when the history of the table began, M migration step (操作类型)';
COMMENT ON COLUMN ledger.change.image IS 'The row afterwards (变更后映像), residency.row_image(); NULL where it is gone, or the image was purged';
COMMENT ON COLUMN ledger.change.salt IS 'Random, so that nobody can guess a purged image from its digest (随机盐); purged together with it';
COMMENT ON COLUMN ledger.change.image_digest IS 'residency.image_digest() of a purged image (映像摘要), by which the seal still verifies';

-- One index for a row and for a table: see residency.change_place()
CREATE INDEX change_place_idx ON ledger.change (residency.change_place(table_name, key), change_id);
COMMENT ON INDEX ledger.change_place_idx IS 'Changes of a row, and of a table (按行、按表查历史)';

-- What comes before its month was made: residency.run_due() makes them ahead
CREATE TABLE ledger.change_default (LIKE ledger.change INCLUDING ALL EXCLUDING IDENTITY);
COMMENT ON TABLE ledger.change_default IS 'Changes of months that have no partition (其他月份变更历史)';
ALTER TABLE ledger.change ATTACH PARTITION ledger.change_default DEFAULT;

CREATE TRIGGER change_keep
    BEFORE UPDATE OR DELETE ON ledger.change
    FOR EACH ROW EXECUTE FUNCTION residency.change_keep();
CREATE TRIGGER change_keep_all
    BEFORE TRUNCATE ON ledger.change
    FOR EACH STATEMENT EXECUTE FUNCTION residency.change_keep();
CREATE TRIGGER change_keep_all
    BEFORE TRUNCATE ON ledger.change_default
    FOR EACH STATEMENT EXECUTE FUNCTION residency.change_keep();

CREATE TABLE ledger.history (
    table_name text COLLATE "C" PRIMARY KEY,
    began_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    baseline   text COLLATE "C" NOT NULL,
    columns    text[] COLLATE "C" NOT NULL
);
COMMENT ON TABLE ledger.history IS 'Since when the changes of a table are kept (历史起点); ledger.track_changes() writes it';
COMMENT ON COLUMN ledger.history.table_name IS 'Table with its schema (表名)';
COMMENT ON COLUMN ledger.history.began_at IS 'From when on (起始时间)';
COMMENT ON COLUMN ledger.history.baseline IS 'full: every row that was there is noted; seeded: with its first change (基线方式)';
COMMENT ON COLUMN ledger.history.columns IS 'Columns that it had then (当时字段): what a step has added since may be missing in older images';

-- Days that are not known exactly, beside the dates with which the register works
CREATE TABLE registry.inexact_date (
    residence_id     bigint PRIMARY KEY REFERENCES registry.residence,
    arrived_between  daterange,
    departed_between daterange
);
COMMENT ON TABLE registry.inexact_date IS 'Between which days somebody arrived or departed, where the day itself is not known (到达、离开日期范围); registry.residence has the dates with which the register works';
COMMENT ON COLUMN registry.inexact_date.residence_id IS 'Residence (居住登记)';
COMMENT ON COLUMN registry.inexact_date.arrived_between IS 'Days of which one was the arrival (到达日期范围), half-open; NULL: it is known';
COMMENT ON COLUMN registry.inexact_date.departed_between IS 'Days of which one was the departure (离开日期范围), half-open; NULL: it is known';
CREATE TRIGGER inexact_date_guard
    BEFORE INSERT OR UPDATE ON registry.inexact_date
    FOR EACH ROW EXECUTE FUNCTION residency.inexact_date_guard();
-- a working date that is corrected beyond them ends the doubt
CREATE TRIGGER residence_date_known
    AFTER UPDATE OF arrived_on, departed_on ON registry.residence
    FOR EACH ROW WHEN (new.arrived_on <> old.arrived_on OR new.departed_on IS DISTINCT FROM old.departed_on)
    EXECUTE FUNCTION residency.residence_date_known();

CREATE TABLE registry.investigation (
    investigation_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    record           text COLLATE "C" NOT NULL,
    record_id        bigint NOT NULL,
    reason           text NOT NULL,
    opened_at        timestamptz NOT NULL DEFAULT now(),
    opened_by        text NOT NULL DEFAULT residency.actor(),
    closed_at        timestamptz,
    closed_by        text,
    conclusion       text
);
COMMENT ON TABLE registry.investigation IS 'Records about which there is doubt (存疑调查): while it is open every view of the record says so';
COMMENT ON COLUMN registry.investigation.investigation_id IS 'Key';
COMMENT ON COLUMN registry.investigation.record IS 'Table of the record: person, residence, dwelling or permit (记录类别)';
COMMENT ON COLUMN registry.investigation.record_id IS 'Its key (记录编号)';
COMMENT ON COLUMN registry.investigation.reason IS 'What is in doubt (调查事由)';
COMMENT ON COLUMN registry.investigation.opened_at IS 'When it was opened (开立时间)';
COMMENT ON COLUMN registry.investigation.opened_by IS 'Role that opened it (开立角色)';
COMMENT ON COLUMN registry.investigation.closed_at IS 'When it was closed (结束时间); NULL: open';
COMMENT ON COLUMN registry.investigation.closed_by IS 'Role that closed it (结束角色)';
COMMENT ON COLUMN registry.investigation.conclusion IS 'What was found (调查结论)';
CREATE UNIQUE INDEX investigation_one_open ON registry.investigation (record, record_id) WHERE closed_at IS NULL;
COMMENT ON INDEX registry.investigation_one_open IS 'Records under investigation, each once at a time (同一记录一项未结调查)';
CREATE TRIGGER investigation_guard
    BEFORE INSERT OR UPDATE ON registry.investigation
    FOR EACH ROW EXECUTE FUNCTION residency.investigation_guard();
CREATE TRIGGER investigation_keep
    BEFORE DELETE OR TRUNCATE ON registry.investigation
    FOR EACH STATEMENT EXECUTE FUNCTION residency.residence_keep();

SELECT residency.join_node();
