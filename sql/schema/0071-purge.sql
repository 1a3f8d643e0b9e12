-- Retention and purge.

INSERT INTO code.list (list, name, name_en, source, confidence, note) VALUES
('retention_kind', '数据类别', 'kind of data with a retention of its own', 'house', 'design', 'In the order in which they are purged')
ON CONFLICT DO NOTHING;

INSERT INTO code.value (list, code, name, name_en, sort, confidence) VALUES
('retention_kind', 'emergency_copy',    '应急数据副本', 'copies for an emergency', 1, 'design'),
('retention_kind', 'visit',             '走访照片轨迹', 'photos, tracks, places and notes of visits', 2, 'design'),
('retention_kind', 'contact',           '联系记录', 'attempts to reach a resident', 3, 'design'),
('retention_kind', 'observation',       '人员观察记录', 'what was observed of residences', 4, 'design'),
('retention_kind', 'credential',        '门禁凭证', 'bearers of access credentials', 5, 'design'),
('retention_kind', 'presence_decision', '在住线索处理', 'decisions on presence candidates', 6, 'design'),
('retention_kind', 'department_list',   '部门名单号码', 'numbers on lists of departments', 7, 'design'),
('retention_kind', 'spot_check',        '抽查发现号码', 'numbers of people found in spot checks', 8, 'design'),
('retention_kind', 'application',       '未获批准的申请材料', 'materials of applications that came to nothing', 9, 'design'),
('retention_kind', 'person',            '人员及其登记', 'persons and their registrations', 10, 'design'),
('retention_kind', 'answer',            '办理答复', 'answers to numbered requests, kept for safe retries', 11, 'design')
ON CONFLICT DO NOTHING;

-- by which answers are purged, in the order of the requests
ALTER TABLE ledger.request ADD COLUMN request_number bigint GENERATED ALWAYS AS IDENTITY;
COMMENT ON COLUMN ledger.request.request_number IS 'Number of the row (序号)';
COMMENT ON COLUMN ledger.request.answer IS
    'What was answered (答复): an array of api.answer, for a batch one for each row; NULL once purged by policy retention_answer, and inside the transaction that carries the request out';
CREATE UNIQUE INDEX request_request_number_key ON ledger.request (request_number);
COMMENT ON INDEX ledger.request_request_number_key IS 'A number is given once (序号唯一)';

CREATE TABLE ledger.purge (
    purge_id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    retention_kind   text COLLATE "C" NOT NULL,
    "on"        date NOT NULL,
    policy      text,
    purged      bigint NOT NULL DEFAULT 0,
    images      bigint NOT NULL DEFAULT 0,
    reached     bigint NOT NULL DEFAULT 0,
    reason      text,
    started_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    batch_at    timestamptz,
    finished_at timestamptz,
    started_by  text NOT NULL DEFAULT residency.actor()
);
COMMENT ON TABLE ledger.purge IS 'What was purged (清除记录): how much, when and by which policy, never the data; a row for each kind and run, written with every batch';
COMMENT ON COLUMN ledger.purge.purge_id IS 'Key';
COMMENT ON COLUMN ledger.purge.retention_kind IS 'Kind of data, list retention_kind (数据类别)';
COMMENT ON COLUMN ledger.purge."on" IS 'Day by which it was judged (处理日期)';
COMMENT ON COLUMN ledger.purge.policy IS 'Policy of the country, key and value; places may differ (依据的政策参数); NULL: on request';
COMMENT ON COLUMN ledger.purge.purged IS 'Records purged (清除数)';
COMMENT ON COLUMN ledger.purge.images IS 'Images purged from the history, of which the digest stays (清除快照数)';
COMMENT ON COLUMN ledger.purge.reached IS 'Key up to which it has come: a run that was broken off goes on from here (进度)';
COMMENT ON COLUMN ledger.purge.reason IS 'Why, where it was asked for (事由)';
COMMENT ON COLUMN ledger.purge.started_at IS 'Begin (开始时间)';
COMMENT ON COLUMN ledger.purge.batch_at IS 'When the last batch was committed (最近提交时间)';
COMMENT ON COLUMN ledger.purge.finished_at IS 'End (结束时间); NULL while it goes on, or where it was broken off';
COMMENT ON COLUMN ledger.purge.started_by IS 'Role that ran it (运行角色)';
CREATE INDEX purge_kind_idx ON ledger.purge (retention_kind, "on");
COMMENT ON INDEX ledger.purge_kind_idx IS 'Runs of a kind and day';
CREATE TRIGGER purge_frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.purge
    FOR EACH STATEMENT EXECUTE FUNCTION residency.refuse_change('RG350');

INSERT INTO policy.rule (key, value_type, unit, governs, governs_zh, counts_on) VALUES
('retention_person', 'interval', NULL, 'How long a person is kept after everything that links them to the place has ended; NULL: no limit', '离开人员信息保存期限', 'day of the run'),
('retention_application', 'interval', NULL, 'How long the materials of an application are kept that came to nothing', '未获批准申请材料保存期限', 'day of the run'),
('retention_visit', 'interval', NULL, 'How long photos, tracks, places and notes of visits are kept', '走访照片轨迹保存期限', 'day of the run'),
('retention_contact', 'interval', NULL, 'How long attempts to reach a resident are kept after the residence has ended', '联系记录保存期限', 'day of the run'),
('retention_observation', 'interval', NULL, 'How long observations of a residence are kept after it has ended', '人员观察记录保存期限', 'day of the run'),
('retention_credential', 'interval', NULL, 'How long the bearer of an access credential is kept after it has ended', '门禁凭证保存期限', 'day of the run'),
('retention_presence_decision', 'interval', NULL, 'How long decisions on presence candidates are kept', '在住线索处理保存期限', 'day of the run'),
('retention_department_list', 'interval', NULL, 'How long numbers of unknown people on lists of departments are kept', '部门名单号码保存期限', 'day of the run'),
('retention_spot_check', 'interval', NULL, 'How long numbers of unknown people found in spot checks are kept', '抽查发现号码保存期限', 'day of the run'),
('retention_answer', 'interval', NULL, 'How long answers to numbered requests are kept for safe retries; for the country alone', '办理答复保存期限', 'day of the run'),
('deletion_minor_age', 'integer', 'years', 'Below this age data is deleted when the guardian asks for it, though its time has not come', '应监护人请求删除的年龄上限', 'day of the request')
ON CONFLICT DO NOTHING;

INSERT INTO policy.setting (key, division, period, value, legal_basis) VALUES
('retention_person', NULL, '[1949-10-01,)', NULL, 'No limit until the owner of the data has decided (个人信息保护法 Art. 19): 2 to 5 years are in use'),
('retention_application', NULL, '[1949-10-01,)', NULL, 'No limit until the owner of the data has decided (个人信息保护法 Art. 19)'),
('retention_visit', NULL, '[1949-10-01,)', NULL, 'No limit until the owner of the data has decided (个人信息保护法 Art. 19)'),
('retention_contact', NULL, '[1949-10-01,)', NULL, 'No limit until the owner of the data has decided (个人信息保护法 Art. 19)'),
('retention_observation', NULL, '[1949-10-01,)', NULL, 'No limit until the owner of the data has decided (个人信息保护法 Art. 19)'),
('retention_credential', NULL, '[1949-10-01,)', NULL, 'No limit until the owner of the data has decided (个人信息保护法 Art. 19)'),
('retention_presence_decision', NULL, '[1949-10-01,)', NULL, 'No limit until the owner of the data has decided (个人信息保护法 Art. 19)'),
('retention_department_list', NULL, '[1949-10-01,)', NULL, 'No limit until the owner of the data has decided (个人信息保护法 Art. 19)'),
('retention_spot_check', NULL, '[1949-10-01,)', NULL, 'No limit until the owner of the data has decided (个人信息保护法 Art. 19)'),
('retention_answer', NULL, '[1949-10-01,)', NULL, 'No limit until the owner of the data has decided (个人信息保护法 Art. 19)'),
('deletion_minor_age', NULL, '[1949-10-01,)', '14', '个人信息保护法 Art. 28, 31; 未成年人保护法 Art. 72');

INSERT INTO policy.test_case (key, division, "on", expected, why) VALUES
('retention_person', '460105', '2024-05-01', NULL, 'nothing goes before somebody has decided'),
('retention_application', '460105', '2024-05-01', NULL, 'nothing goes before somebody has decided'),
('retention_visit', '460105', '2024-05-01', NULL, 'nothing goes before somebody has decided'),
('retention_contact', '460105', '2024-05-01', NULL, 'nothing goes before somebody has decided'),
('retention_observation', '460105', '2024-05-01', NULL, 'nothing goes before somebody has decided'),
('retention_credential', '460105', '2024-05-01', NULL, 'nothing goes before somebody has decided'),
('retention_presence_decision', '460105', '2024-05-01', NULL, 'nothing goes before somebody has decided'),
('retention_department_list', '460105', '2024-05-01', NULL, 'nothing goes before somebody has decided'),
('retention_spot_check', '460105', '2024-05-01', NULL, 'nothing goes before somebody has decided'),
('retention_answer', NULL, '2024-05-01', NULL, 'nothing goes before somebody has decided'),
('deletion_minor_age', '460105', '2024-05-01', '14', '个人信息保护法 Art. 28, 31');

INSERT INTO code.error (code, message, message_zh, detail, detail_zh, hint, hint_zh, legal_basis, constraint_name) VALUES
('RG359', 'this is not deleted on request now', '目前不能应请求删除',
          'Person %s: %s.', '人员 %s:%s。',
          'Data of who is younger than policy deletion_minor_age is deleted when the guardian asks, once nothing links them to the place: end that first. Otherwise ask for a restriction.', '未满规定年龄且已无在办、在住登记的,可应监护人请求删除;其他情形可申请限制处理。', '个人信息保护法 Art. 31, 47; 未成年人保护法 Art. 72', NULL),
('RG368', 'a purge sees what is so now, or does not run', '清除须在读已提交隔离级别下进行',
          'The transaction is %s.', '当前事务隔离级别为 %s。',
          'SET default_transaction_isolation = ''read committed'' for the role that runs residency.run_due() and residency.purge_due().', '请将执行到期任务的角色设为读已提交隔离级别。', NULL, NULL),
('RG370', 'what was answered is no longer kept', '该请求的答复已清除',
          'Request %s was carried out on %s.', '请求 %s 已于 %s 办理。',
          'It is not done again: look at the record itself.', '不会重复办理,请直接查看相关记录。', '个人信息保护法 Art. 19', NULL)
ON CONFLICT DO NOTHING;

SELECT residency.join_node();
