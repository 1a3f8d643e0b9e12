-- Clocks: one mechanism for every statutory limit. What happened is a chain of events; the clock is what they come to.

CREATE TABLE registry.clock (
    clock_id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    matter        text COLLATE "C" NOT NULL REFERENCES policy.rule,
    division      residency.division_code NOT NULL REFERENCES code.division,
    started_on    date NOT NULL,
    term          text NOT NULL,
    budget        integer NOT NULL,
    unit          text COLLATE "C" NOT NULL,
    -- from here on as the last event says
    state         text COLLATE "C" NOT NULL,
    counts_from   date,
    elapsed       integer NOT NULL,
    extended      integer NOT NULL,
    due_on        date,
    stopped_on    date,
    last_sequence integer,
    CONSTRAINT clock_unit_check CHECK (unit IN ('days', 'working days')),
    CONSTRAINT clock_counts_from_check CHECK ((counts_from IS NULL) = (state <> 'running')),
    CONSTRAINT clock_stopped_on_check CHECK ((stopped_on IS NULL) = (state <> 'stopped'))
);
COMMENT ON TABLE registry.clock IS
    'Statutory limits that run, are suspended or have ended (法定期限计时): each is what its events in registry.clock_event come to, and changes by an event alone';
COMMENT ON COLUMN registry.clock.clock_id IS 'Key';
COMMENT ON COLUMN registry.clock.matter IS 'What is limited: key of a policy rule whose value is a term (计时事项)';
COMMENT ON COLUMN registry.clock.division IS 'Whose policy and calendar count (所在区划)';
COMMENT ON COLUMN registry.clock.started_on IS 'Day of the start, which is not counted (起算日)';
COMMENT ON COLUMN registry.clock.term IS 'The limit as it was set for the division on that day (法定期限)';
COMMENT ON COLUMN registry.clock.budget IS
    'The same in units (期限天数); of a limit in months or years, the days up to its last (民法典 Art. 202)';
COMMENT ON COLUMN registry.clock.unit IS 'What is counted: days or working days (计量单位)';
COMMENT ON COLUMN registry.clock.state IS 'State, list clock_state (计时状态): running, suspended, stopped';
COMMENT ON COLUMN registry.clock.counts_from IS 'Day 0 of the time that runs now: of the start, or of the last resumption (本次起算日); NULL unless running';
COMMENT ON COLUMN registry.clock.elapsed IS 'Units counted before that day, or in all once it is suspended or stopped (已计天数)';
COMMENT ON COLUMN registry.clock.extended IS 'Units by which it was extended (延长天数)';
COMMENT ON COLUMN registry.clock.due_on IS 'Last day of the limit (届满日); NULL while suspended, and where it was stopped so';
COMMENT ON COLUMN registry.clock.stopped_on IS 'Day on which it was stopped (停止日期)';
COMMENT ON COLUMN registry.clock.last_sequence IS 'The event that says all this (末次事件序号)';

CREATE TABLE registry.clock_event (
    clock_id    bigint NOT NULL CONSTRAINT clock_event_clock_id_fkey REFERENCES registry.clock,
    sequence    integer NOT NULL,
    previous    integer GENERATED ALWAYS AS (CASE WHEN sequence > 1 THEN sequence - 1 END) STORED,
    event       text COLLATE "C" NOT NULL,
    happened_on date NOT NULL,
    amount      integer,
    reason      text COLLATE "C",
    legal_basis text,
    actor       text NOT NULL,
    recorded_at timestamptz NOT NULL,
    state       text COLLATE "C" NOT NULL,
    counts_from date,
    elapsed     integer NOT NULL,
    extended    integer NOT NULL,
    due_on      date,
    CONSTRAINT clock_event_pkey PRIMARY KEY (clock_id, sequence),
    CONSTRAINT clock_event_chain FOREIGN KEY (clock_id, previous) REFERENCES registry.clock_event (clock_id, sequence),
    CONSTRAINT clock_event_sequence_check CHECK (sequence > 0 AND (sequence = 1) = (event = 'start'))
);
COMMENT ON TABLE registry.clock_event IS
    'What happened to each clock (计时事件): append only, each event linked to the one before it, with what the clock was after it';
COMMENT ON COLUMN registry.clock_event.clock_id IS 'The clock (计时)';
COMMENT ON COLUMN registry.clock_event.sequence IS 'Place in the chain, from 1 (序号)';
COMMENT ON COLUMN registry.clock_event.previous IS 'The event before, which must be there (前一事件)';
COMMENT ON COLUMN registry.clock_event.event IS 'What happened, list clock_event (事件): start, suspend, resume, extend, stop, recount';
COMMENT ON COLUMN registry.clock_event.happened_on IS 'Legal day of it (发生日期): not before the event before, nor in the future';
COMMENT ON COLUMN registry.clock_event.amount IS 'Units added by an extension (延长天数)';
COMMENT ON COLUMN registry.clock_event.reason IS 'Why, list clock_reason (原因); a suspension and an extension need one';
COMMENT ON COLUMN registry.clock_event.legal_basis IS 'The clause it rests on (法律依据); a suspension and an extension need one';
COMMENT ON COLUMN registry.clock_event.actor IS 'Role that recorded it (记录角色)';
COMMENT ON COLUMN registry.clock_event.recorded_at IS 'When the transaction began that recorded it (记录时间)';
COMMENT ON COLUMN registry.clock_event.state IS 'State after it, list clock_state (事件后状态)';
COMMENT ON COLUMN registry.clock_event.counts_from IS 'Day 0 of the time that runs after it (本次起算日)';
COMMENT ON COLUMN registry.clock_event.elapsed IS 'Units counted before that day, or in all once suspended or stopped (已计天数)';
COMMENT ON COLUMN registry.clock_event.extended IS 'Units of all extensions up to it (累计延长天数)';
COMMENT ON COLUMN registry.clock_event.due_on IS 'Last day of the limit after it (事件后届满日)';

ALTER TABLE registry.clock
    ADD CONSTRAINT clock_last_event FOREIGN KEY (clock_id, last_sequence) REFERENCES registry.clock_event (clock_id, sequence);
CREATE INDEX clock_running_idx ON registry.clock (due_on) WHERE state = 'running';
COMMENT ON INDEX registry.clock_running_idx IS 'Running clocks by their last day, for alerts (运行中的计时)';
CREATE INDEX clock_division_idx ON registry.clock (division);
COMMENT ON INDEX registry.clock_division_idx IS 'Clocks of a division and all beneath it (区划内计时)';

CREATE TABLE registry.clock_alert (
    clock_id  bigint NOT NULL REFERENCES registry.clock,
    due_on    date NOT NULL,
    level     text COLLATE "C" NOT NULL,
    raised_on date NOT NULL,
    CONSTRAINT clock_alert_pkey PRIMARY KEY (clock_id, due_on, level)
);
COMMENT ON TABLE registry.clock_alert IS
    'Alerts that were raised (期限预警): once for each level and last day of a clock; another last day, after a resumption or extension, has alerts of its own';
COMMENT ON COLUMN registry.clock_alert.clock_id IS 'The clock (计时)';
COMMENT ON COLUMN registry.clock_alert.due_on IS 'Its last day at that time (届满日)';
COMMENT ON COLUMN registry.clock_alert.level IS 'Level, list clock_level (预警级别): reminder, yellow, red';
COMMENT ON COLUMN registry.clock_alert.raised_on IS 'Day of the alert (预警日期)';
CREATE INDEX clock_alert_raised_on_idx ON registry.clock_alert (raised_on);
COMMENT ON INDEX registry.clock_alert_raised_on_idx IS 'Alerts of a day (当日预警)';

CREATE TRIGGER clock_start BEFORE INSERT ON registry.clock
    FOR EACH ROW EXECUTE FUNCTION residency.clock_start();
CREATE TRIGGER clock_started AFTER INSERT ON registry.clock
    FOR EACH ROW EXECUTE FUNCTION residency.clock_started();
CREATE TRIGGER clock_follow BEFORE UPDATE ON registry.clock
    FOR EACH ROW EXECUTE FUNCTION residency.clock_follow();
CREATE TRIGGER clock_keep BEFORE DELETE OR TRUNCATE ON registry.clock
    FOR EACH STATEMENT EXECUTE FUNCTION residency.clock_keep();
CREATE TRIGGER clock_event_judge BEFORE INSERT ON registry.clock_event
    FOR EACH ROW EXECUTE FUNCTION residency.clock_event_judge();
CREATE TRIGGER clock_event_apply AFTER INSERT ON registry.clock_event
    FOR EACH ROW EXECUTE FUNCTION residency.clock_event_apply();
CREATE TRIGGER clock_event_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON registry.clock_event
    FOR EACH STATEMENT EXECUTE FUNCTION residency.clock_keep();

INSERT INTO code.list (list, name, name_en, source, confidence, note) VALUES
    ('clock_state',  '计时状态', 'state of a clock', 'house', 'design', NULL),
    ('clock_event',  '计时事件', 'event of a clock', 'house', 'design', NULL),
    ('clock_reason', '计时事件原因', 'reason of an event of a clock', 'house', 'design',
        '行政许可法 Art. 42 and 45 name those of extension and of time that is not counted; sites may add their own'),
    ('clock_level',  '期限预警级别', 'level of an alert', 'house', 'high', 'Supervision of time limits in practice (电子监察)')
ON CONFLICT DO NOTHING;
INSERT INTO code.value (list, code, name, name_en, sort, confidence) VALUES
    ('clock_state',  'running',    '计时中', 'running', 1, 'design'),
    ('clock_state',  'suspended',  '暂停',   'suspended', 2, 'design'),
    ('clock_state',  'stopped',    '已停止', 'stopped', 3, 'design'),
    ('clock_event',  'start',      '起算',   'start', 1, 'design'),
    ('clock_event',  'suspend',    '暂停',   'suspension', 2, 'design'),
    ('clock_event',  'resume',     '恢复',   'resumption', 3, 'design'),
    ('clock_event',  'extend',     '延长',   'extension', 4, 'design'),
    ('clock_event',  'stop',       '停止',   'stop', 5, 'design'),
    ('clock_event',  'recount',    '重新计算', 'recount by a changed calendar', 6, 'design'),
    ('clock_reason', 'supplement',    '补正',     'supplement of documents', 1, 'source'),
    ('clock_reason', 'hearing',       '听证',     'hearing', 2, 'source'),
    ('clock_reason', 'tender',        '招标',     'tender', 3, 'source'),
    ('clock_reason', 'auction',       '拍卖',     'auction', 4, 'source'),
    ('clock_reason', 'inspection',    '检验',     'inspection', 5, 'source'),
    ('clock_reason', 'testing',       '检测',     'testing', 6, 'source'),
    ('clock_reason', 'quarantine',    '检疫',     'quarantine', 7, 'source'),
    ('clock_reason', 'appraisal',     '鉴定',     'appraisal', 8, 'source'),
    ('clock_reason', 'expert_review', '专家评审', 'expert review', 9, 'source'),
    ('clock_reason', 'public_notice', '公示',     'public notice', 10, 'design'),
    ('clock_reason', 'legal_ground',  '依法中止', 'suspended on a legal ground', 11, 'medium'),
    ('clock_reason', 'approved',      '经批准延长', 'extension approved by the head', 12, 'source'),
    ('clock_reason', 'decided',       '已作出决定', 'decided', 13, 'design'),
    ('clock_reason', 'withdrawn',     '申请人撤回', 'withdrawn by the applicant', 14, 'design'),
    ('clock_reason', 'terminated',    '终止办理', 'terminated', 15, 'design'),
    ('clock_level',  'reminder',   '提醒', 'reminder', 1, 'high'),
    ('clock_level',  'yellow',     '黄牌', 'yellow card', 2, 'high'),
    ('clock_level',  'red',        '红牌', 'red card', 3, 'high')
ON CONFLICT DO NOTHING;

INSERT INTO policy.rule (key, value_type, unit, governs, governs_zh, counts_on) VALUES
    ('clock_reminder', 'term',    NULL, 'So long before its last day a limit is called to mind', '期限届满前的提醒时间', 'day of the alert'),
    ('clock_yellow',   'numeric', 'share', 'From this share of a limit on it has a yellow card', '黄牌预警的期限占比', 'day of the alert')
ON CONFLICT DO NOTHING;
INSERT INTO policy.setting (key, division, period, value, legal_basis)
SELECT key, NULL, '[1949-10-01,)', value, legal_basis
FROM (VALUES
    ('clock_reminder', '1 working day', 'No national rule found: a local rule of e-supervision (电子监察), one working day before the end'),
    ('clock_yellow',   '0.9',           'No national rule found: 榆林市电子监察办法, 90 % of the promised time')
) v (key, value, legal_basis)
WHERE NOT EXISTS (SELECT FROM policy.setting s WHERE s.key = v.key AND s.division IS NULL);
INSERT INTO policy.test_case (key, division, "on", expected, why) VALUES
    ('clock_reminder', '460105', '2024-01-01', '1 working day', 'a local rule, taken for the country'),
    ('clock_yellow',   '460105', '2024-01-01', '0.9', 'a local rule, taken for the country');

INSERT INTO code.error (code, message, message_zh, detail, detail_zh, hint, hint_zh, legal_basis, constraint_name) VALUES
('RG108', 'there is no such clock', '没有此计时',
          'No clock has the number %s.', '没有编号为 %s 的计时。',
          'Start one first: registry.start_clock().', '请先启动计时。', NULL, NULL),
('RG109', 'there is no limit for this, so nothing to count', '该事项没有法定期限',
          'The matter %s has no term in division %s on %s.', '事项 %s 在区划 %s、日期 %s 没有期限。',
          'A clock counts a policy rule whose value is a term; a setting without a value says that there is no limit.',
          '计时事项须为期限类政策参数;参数值为空表示没有期限。', NULL, NULL),
('RG110', 'this event is out of order', '计时事件日期有误',
          'Clock %s: the event is of %s, the one before it of %s, and today is %s.', '计时 %s:事件日期 %s,前一事件日期 %s,今日 %s。',
          'Events follow each other, and none lies in the future.', '事件须按先后顺序登记,且不得晚于今日。', NULL, NULL),
('RG111', 'this cannot happen to the clock now', '当前状态不能进行此操作',
          'Clock %s is %s: %s is not possible.', '计时 %s 状态为 %s,不能 %s。',
          'A running clock can be suspended, a suspended one resumed, either extended or stopped; a stopped one stays so.',
          '计时中的可暂停,暂停的可恢复,二者均可延长或停止;已停止的不再变更。', NULL, NULL),
('RG112', 'suspending or extending a limit needs a reason and a clause', '暂停或延长期限须有原因和法律依据',
          'The event is %s.', '事件为 %s。',
          'Give a reason of list clock_reason and the clause in one line, such as 行政许可法 Art. 45.', '请填写原因(代码表 clock_reason)和法律依据,如行政许可法第45条。',
          '行政许可法 Art. 42, 45', NULL),
('RG113', 'an extension, and nothing else, has a number of days', '延长天数有误',
          'The event %s has the amount %s.', '事件 %s 的天数为 %s。',
          'Give an extension 1 to 3650 days, in the unit of the clock; other events none.', '延长须填写1至3650的天数(按计时单位),其他事件不填。',
          '行政许可法 Art. 42', NULL),
('RG114', 'clocks change by events, and events stay', '计时只能由事件变更,事件不得修改',
          'Table %s is not written by hand.', '表 %s 不得直接修改。',
          'Insert an event: registry.clock_step().', '请登记事件。', NULL, NULL)
ON CONFLICT DO NOTHING;

SELECT residency.join_node();
