-- What time alone brings about: runs and their progress, and attempts to reach residents.

INSERT INTO code.value (list, code, name, name_en, sort, confidence) VALUES
('channel', 'system', '系统自动', 'the register itself', 99, 'design')
ON CONFLICT DO NOTHING;
INSERT INTO code.list (list, name, name_en, source, confidence, note) VALUES
('contact_kind', '联系方式', 'way of reaching a resident', 'house', 'design', NULL)
ON CONFLICT DO NOTHING;
INSERT INTO code.value (list, code, name, name_en, sort, confidence) VALUES
('contact_kind', 'visit',  '上门走访', 'visit', 1, 'design'),
('contact_kind', 'call',   '电话', 'call', 2, 'design'),
('contact_kind', 'notice', '书面通知', 'written notice', 3, 'design'),
('contact_kind', 'trace',  '活动轨迹', 'trace in another department''s data', 4, 'design')
ON CONFLICT DO NOTHING;

CREATE TABLE registry.contact (
    contact_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    residence_id bigint NOT NULL REFERENCES registry.residence,
    kind         text COLLATE "C" NOT NULL,
    happened_on  date NOT NULL,
    reached      boolean NOT NULL,
    note         text,
    actor        text NOT NULL DEFAULT COALESCE(NULLIF(current_setting('role'), 'none'), session_user),
    recorded_at  timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE registry.contact IS
    'Attempts to reach a resident, and traces of them (联系记录): after enough failures and a notice without answer the residence is closed';
COMMENT ON COLUMN registry.contact.contact_id IS 'Key';
COMMENT ON COLUMN registry.contact.residence_id IS 'Residence';
COMMENT ON COLUMN registry.contact.kind IS 'Way, list contact_kind (联系方式)';
COMMENT ON COLUMN registry.contact.happened_on IS 'Day (联系日期)';
COMMENT ON COLUMN registry.contact.reached IS 'Whether the person was met or heard of (是否联系上)';
COMMENT ON COLUMN registry.contact.note IS 'In words (备注)';
COMMENT ON COLUMN registry.contact.actor IS 'Role that entered it (登记人)';
COMMENT ON COLUMN registry.contact.recorded_at IS 'When it was entered';
CREATE INDEX contact_residence_id_idx ON registry.contact (residence_id, happened_on);
COMMENT ON INDEX registry.contact_residence_id_idx IS 'Contacts of a residence by day';
CREATE TRIGGER contact_guard
    BEFORE INSERT OR UPDATE ON registry.contact
    FOR EACH ROW EXECUTE FUNCTION residency.contact_guard();

CREATE TABLE ledger.due_run (
    run_id      bigint GENERATED ALWAYS AS IDENTITY,
    task        text COLLATE "C",
    "on"        date NOT NULL,
    done        bigint NOT NULL DEFAULT 0,
    error       text,
    started_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    batch_at    timestamptz,
    finished_at timestamptz,
    started_by  text NOT NULL DEFAULT COALESCE(NULLIF(current_setting('role'), 'none'), session_user),
    PRIMARY KEY (run_id)
);
COMMENT ON TABLE ledger.due_run IS 'What residency.run_due() has done, a row a task (到期处理记录); it is written with every batch, so it shows the progress';
COMMENT ON COLUMN ledger.due_run.run_id IS 'Key';
COMMENT ON COLUMN ledger.due_run.task IS 'What was due (任务)';
COMMENT ON COLUMN ledger.due_run."on" IS 'Day for which it was run (处理日期)';
COMMENT ON COLUMN ledger.due_run.done IS 'Rows done so far (已处理数)';
COMMENT ON COLUMN ledger.due_run.error IS 'What stopped the task (错误)';
COMMENT ON COLUMN ledger.due_run.started_at IS 'Begin (开始时间)';
COMMENT ON COLUMN ledger.due_run.batch_at IS 'When the last batch was committed (最近提交时间)';
COMMENT ON COLUMN ledger.due_run.finished_at IS 'End (结束时间); NULL while it goes on, or where it was killed';
COMMENT ON COLUMN ledger.due_run.started_by IS 'Role that ran it (运行角色)';
CREATE INDEX due_run_task_idx ON ledger.due_run (task, run_id);
COMMENT ON INDEX ledger.due_run_task_idx IS 'The last run of a task';

INSERT INTO code.error (code, message, message_zh, detail, detail_zh, hint, hint_zh, legal_basis, constraint_name) VALUES
('RG180', 'a contact cannot lie in the future', '联系日期不能晚于今天',
          'The contact is dated %s, today is %s.', '联系日期 %s,今天 %s。',
          'Enter the day on which it happened.', '请填写实际联系日期。', NULL, NULL)
ON CONFLICT DO NOTHING;

SELECT residency.join_node();
