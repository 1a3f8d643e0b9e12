-- Access control: devices at doors, the events that they send, and what follows from them: who was seen where on which day.
-- Feeds COPY into registry.access_event, hundreds of thousands of rows at once; nothing is refused there, and all that is derived
-- from it is derived later, by residency.run_due().

INSERT INTO code.list (list, name, name_en, source, confidence, note) VALUES
('access_direction', '通行方向', 'direction of a passage', 'house', 'design', NULL),
('access_method', '开门方式', 'way in which a door was opened', 'house', 'design', NULL),
('access_device_state', '门禁设备状态', 'state of an access control device', 'house', 'design', NULL),
('access_fault', '门禁数据异常', 'what is odd about access events', 'house', 'design', 'Such events are kept; those that could lie about who was where when do not count'),
('presence_kind', '在住线索类型', 'kind of a presence candidate', 'house', 'design', NULL),
('presence_decision', '在住线索处理', 'what somebody decided on a presence candidate', 'house', 'design', NULL)
ON CONFLICT DO NOTHING;

INSERT INTO code.value (list, code, name, name_en, sort, confidence) VALUES
('access_direction', 'in',      '进', 'in', 1, 'design'),
('access_direction', 'out',     '出', 'out', 2, 'design'),
('access_direction', 'unknown', '不明', 'unknown', 9, 'design'),
('access_method', 'card',    '刷卡', 'card', 1, 'design'),
('access_method', 'face',    '人脸识别', 'face', 2, 'design'),
('access_method', 'code',    '密码或二维码', 'code', 3, 'design'),
('access_method', 'phone',   '手机', 'phone', 4, 'design'),
('access_method', 'key',     '钥匙', 'key', 5, 'design'),
('access_method', 'visitor', '访客呼叫', 'let in as a visitor', 6, 'design'),
('access_device_state', 'active',  '在用', 'active', 1, 'design'),
('access_device_state', 'faulty',  '故障', 'faulty', 2, 'design'),
('access_device_state', 'retired', '停用', 'retired', 3, 'design'),
('access_fault', 'unknown_device', '设备未登记', 'no such device is registered', 1, 'design'),
('access_fault', 'unbound_device', '设备未绑定房屋', 'the device was bound to no dwelling on that day', 2, 'design'),
('access_fault', 'future',         '时间超前', 'the event lies after the moment of its receipt: the clock of the device is wrong', 3, 'design'),
('access_fault', 'too_late',       '超过保存期', 'the event is older than policy access_retention', 4, 'design'),
('access_fault', 'unknown_code',   '代码未知', 'direction or method is not in its list', 5, 'design'),
('presence_kind', 'probably_arrived', '疑似已入住未登记', 'seen regularly, not registered there', 1, 'design'),
('presence_kind', 'probably_left',    '疑似已离开未注销', 'registered there, not seen any more', 2, 'design'),
('presence_decision', 'confirmed', '属实', 'confirmed', 1, 'design'),
('presence_decision', 'visit',     '上门核实', 'to be looked after by a visit', 2, 'design'),
('presence_decision', 'dismissed', '排除', 'dismissed', 3, 'design'),
('patrol_kind', 'presence_check', '在住核实', 'access events say that somebody has arrived or left', 5, 'design')
ON CONFLICT DO NOTHING;

INSERT INTO code.error (code, message, message_zh, detail, detail_zh, hint, hint_zh, legal_basis, constraint_name) VALUES
('RG285', 'access events stay as they came', '门禁记录不得更改',
          'A row of %s was to be changed.', '%s 中的记录不得更改。',
          'What a device sent is evidence. Correct the binding of the device or the bearer of the credential; what follows is worked out anew.', '设备上传的数据为原始记录。请更正设备绑定或凭证持有人,相关结果会重新计算。', NULL, NULL),
('RG286', 'this is no candidate now', '目前没有此线索',
          'There is no %s at dwelling %s for %s.', '房屋 %2$s 没有 %3$s 的 %1$s 线索。',
          'Somebody has decided on it, or events and residences have changed meanwhile: SELECT * FROM api.presence_candidate.', '可能已由他人处理,或通行、登记情况已变化:SELECT * FROM api.presence_candidate。', NULL, 'presence_decision_key'),
('RG287', 'this device is bound to a dwelling in that time already', '该设备该时段已绑定房屋',
          'Device %s is bound to dwelling %s: access_binding %s.', '设备 %s 该时段已绑定房屋 %s(绑定记录 %s)。',
          'End the one binding on the day on which the other begins.', '请先终止原绑定,新绑定自终止当日开始。', NULL, 'access_binding_no_overlap'),
('RG288', 'there is no such access device', '没有此门禁设备',
          'Device %s is not in the register.', '设备 %s 未登记。',
          'Enter it in registry.access_device.', '请先在 registry.access_device 登记。', NULL, NULL),
('RG289', 'a device keeps its code', '设备编码不得更改',
          'Device %s has sent events under the code %s.', '设备 %s 已用编码 %s 上传数据。',
          'Enter the new device as a row of its own and bind it to the dwelling from its day on.', '更换的设备请另行登记,并自更换之日起绑定房屋。', NULL, NULL),
('RG290', 'this credential has a bearer in that time already', '该凭证该时段已有持有人',
          'It overlaps with access_credential %s.', '与凭证记录 %s 的有效期重叠。',
          'End the one on the day on which the other begins.', '请先终止原记录,新记录自终止当日开始。', NULL, 'access_credential_no_overlap'),
('RG291', 'a credential belongs to somebody or to a dwelling', '凭证须有持有人或所属房屋',
          'Neither person_id nor dwelling_id is given.', '未填写 person_id 或 dwelling_id。',
          'Give one or both; a credential of which nothing is known needs no row.', '请至少填写一项;情况不明的凭证无需登记。', NULL, NULL),
('RG292', 'that home is not at this door', '所填房屋不在该门禁范围内',
          'Dwelling %s is not dwelling %s nor a part of it.', '房屋 %s 不是房屋 %s 或其组成部分。',
          'Give the room or unit behind the door as lives_in, or leave it out.', '请在 lives_in 填写门内的套、间或床位,或留空。', NULL, NULL)
ON CONFLICT DO NOTHING;

INSERT INTO policy.rule (key, value_type, unit, governs, governs_zh, counts_on, choices) VALUES
('access_retention', 'interval', NULL, 'How long access events are kept, by whole months; for the country alone, as a month lies in one table', '门禁记录保存期限', 'day of the run', NULL),
('access_clock_ahead', 'interval', NULL, 'How far the clock of an access device may be ahead', '门禁设备时钟允许超前', 'day of receipt', NULL),
('presence_retention', 'interval', NULL, 'How long it is kept who was seen where on which day; for the country alone', '通行日记录保存期限', 'day of the run', NULL),
('presence_window', 'integer', 'days', 'Days before today in which passages speak for an arrival', '在住研判时间窗口', 'today', NULL),
('presence_arrival_days', 'integer', 'days', 'Days with passages from which somebody may have arrived', '疑似入住最少通行天数', 'today', NULL),
('presence_absence_days', 'integer', 'days', 'Days on which others pass a door and a resident does not, from which they may have left', '疑似离开最少未通行天数(门禁有他人通行的日数)', 'today', NULL),
('presence_dismissal', 'integer', 'days', 'Days for which a dismissed candidate does not come back', '已排除线索不再提示天数', 'day of the decision', NULL),
('presence_resident', 'numeric', NULL, 'Probability that who lives behind a door passes it on a day', '居住者每日通行概率', 'today', NULL),
('presence_visitor', 'numeric', NULL, 'Probability that who does not live there but holds a credential passes it on a day', '非居住者每日通行概率', 'today', NULL),
('presence_away', 'numeric', NULL, 'Probability that a resident who is not seen at all is away and comes back', '居住者暂时外出概率', 'today', NULL),
('presence_prior_arrived', 'numeric', NULL, 'Probability, before its passages are looked at, that the bearer of a credential lives behind the door', '持证人实际居住的先验概率', 'today', NULL),
('presence_prior_left', 'numeric', NULL, 'Probability, before passages are looked at, that a registered resident has left', '登记人员已离开的先验概率', 'today', NULL)
ON CONFLICT DO NOTHING;

INSERT INTO policy.setting (key, division, period, value, legal_basis) VALUES
('access_retention', NULL, '[1949-10-01,)', '6 months', 'The register''s own; uncertain: the shortest time that the purpose needs (个人信息保护法 Art. 19), no figure for access control was found'),
('access_clock_ahead', NULL, '[1949-10-01,)', '10 minutes', 'The register''s own'),
('presence_retention', NULL, '[1949-10-01,)', '12 months', 'The register''s own; uncertain: the shortest time that the purpose needs (个人信息保护法 Art. 19)'),
('presence_window', NULL, '[1949-10-01,)', '30', 'The register''s own; uncertain'),
('presence_arrival_days', NULL, '[1949-10-01,)', '7', 'The register''s own; uncertain'),
('presence_absence_days', NULL, '[1949-10-01,)', '30', 'The register''s own; uncertain'),
('presence_dismissal', NULL, '[1949-10-01,)', '90', 'The register''s own; uncertain'),
('presence_resident', NULL, '[1949-10-01,)', '0.5', 'The register''s own; uncertain: estimate it from residents who are known to live there'),
('presence_visitor', NULL, '[1949-10-01,)', '0.1', 'The register''s own; uncertain'),
('presence_away', NULL, '[1949-10-01,)', '0.1', 'The register''s own; uncertain'),
('presence_prior_arrived', NULL, '[1949-10-01,)', '0.3', 'The register''s own; uncertain'),
('presence_prior_left', NULL, '[1949-10-01,)', '0.2', 'The register''s own; uncertain');

INSERT INTO policy.test_case (key, division, "on", expected, why) VALUES
('access_retention', NULL, '2024-05-01', '6 months', 'the register''s own'),
('access_clock_ahead', NULL, '2024-05-01', '10 minutes', 'the register''s own'),
('presence_retention', NULL, '2024-05-01', '12 months', 'the register''s own'),
('presence_window', NULL, '2024-05-01', '30', 'the register''s own'),
('presence_arrival_days', NULL, '2024-05-01', '7', 'the register''s own'),
('presence_absence_days', NULL, '2024-05-01', '30', 'the register''s own'),
('presence_dismissal', NULL, '2024-05-01', '90', 'the register''s own'),
('presence_resident', NULL, '2024-05-01', '0.5', 'the register''s own'),
('presence_visitor', NULL, '2024-05-01', '0.1', 'the register''s own'),
('presence_away', NULL, '2024-05-01', '0.1', 'the register''s own'),
('presence_prior_arrived', NULL, '2024-05-01', '0.3', 'the register''s own'),
('presence_prior_left', NULL, '2024-05-01', '0.2', 'the register''s own');

-- Devices and credentials
CREATE TABLE registry.access_device (
    access_device_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    device_code      text COLLATE "C" NOT NULL CONSTRAINT access_device_device_code_key UNIQUE,
    name             text,
    platform         text,
    channel          text COLLATE "C" NOT NULL DEFAULT 'exchange',
    state            text COLLATE "C" NOT NULL DEFAULT 'active',
    recorded_at      timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE registry.access_device IS 'Access control devices (门禁设备); where one hangs and when, registry.access_binding says';
COMMENT ON COLUMN registry.access_device.access_device_id IS 'Key';
COMMENT ON COLUMN registry.access_device.device_code IS 'Code of the maker or platform under which it sends (设备编码); never changed';
COMMENT ON COLUMN registry.access_device.name IS 'Name (名称): 3栋东门';
COMMENT ON COLUMN registry.access_device.platform IS 'Platform that delivers its events (接入平台)';
COMMENT ON COLUMN registry.access_device.channel IS 'By which way its events come, list channel (接入渠道)';
COMMENT ON COLUMN registry.access_device.state IS 'active, faulty or retired, list access_device_state (状态): for people; whether a door works, its events say';
COMMENT ON COLUMN registry.access_device.recorded_at IS 'When it was entered';
CREATE TRIGGER access_device_guard
    BEFORE INSERT OR UPDATE ON registry.access_device
    FOR EACH ROW EXECUTE FUNCTION residency.access_device_guard();

CREATE TABLE registry.access_binding (
    access_binding_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    access_device_id  bigint NOT NULL REFERENCES registry.access_device,
    dwelling_id       bigint NOT NULL REFERENCES registry.dwelling,
    period            daterange NOT NULL DEFAULT daterange(residency.today(), NULL),
    CONSTRAINT access_binding_no_overlap EXCLUDE USING gist (access_device_id WITH =, period WITH &&)
);
COMMENT ON TABLE registry.access_binding IS 'The dwelling behind whose door a device hangs, and when (门禁设备绑定): a building, a unit, a room. A device that is moved has one row after the other';
COMMENT ON COLUMN registry.access_binding.access_binding_id IS 'Key';
COMMENT ON COLUMN registry.access_binding.access_device_id IS 'Device (设备)';
COMMENT ON COLUMN registry.access_binding.dwelling_id IS 'Dwelling that one enters there (房屋)';
COMMENT ON COLUMN registry.access_binding.period IS 'Days on which it hangs there, half-open (绑定期)';
COMMENT ON INDEX registry.access_binding_no_overlap IS 'Bindings of a device by day, one at a time (同一时段绑定唯一)';
CREATE INDEX access_binding_dwelling_id_idx ON registry.access_binding (dwelling_id);
COMMENT ON INDEX registry.access_binding_dwelling_id_idx IS 'Devices of a dwelling';
CREATE TRIGGER access_binding_guard
    BEFORE INSERT OR UPDATE ON registry.access_binding
    FOR EACH ROW EXECUTE FUNCTION residency.access_binding_guard();

CREATE TABLE registry.access_credential (
    access_credential_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    token                uuid NOT NULL,
    person_id            bigint REFERENCES registry.person,
    dwelling_id          bigint REFERENCES registry.dwelling,
    period               daterange NOT NULL DEFAULT daterange(NULL, NULL),
    recorded_at          timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT access_credential_no_overlap EXCLUDE USING gist (token WITH =, period WITH &&)
);
COMMENT ON TABLE registry.access_credential IS 'Who bears a card, face or telephone that opens doors (通行凭证)';
COMMENT ON COLUMN registry.access_credential.access_credential_id IS 'Key';
COMMENT ON COLUMN registry.access_credential.token IS 'Pseudonym of the credential (凭证标识), residency.access_token(): the number itself is not kept';
COMMENT ON COLUMN registry.access_credential.person_id IS 'Bearer (持有人); NULL: issued for a dwelling, nobody knows to whom';
COMMENT ON COLUMN registry.access_credential.dwelling_id IS 'Dwelling for which it was issued (所属房屋): the room behind a door that many use';
COMMENT ON COLUMN registry.access_credential.period IS 'Days on which it is theirs, half-open (有效期)';
COMMENT ON COLUMN registry.access_credential.recorded_at IS 'When it was entered';
COMMENT ON INDEX registry.access_credential_no_overlap IS 'Bearer of a credential on a day, one at a time (同一时段持有人唯一)';
CREATE INDEX access_credential_token_idx ON registry.access_credential (token);
COMMENT ON INDEX registry.access_credential_token_idx IS 'Bearers of a credential';
CREATE INDEX access_credential_person_id_idx ON registry.access_credential (person_id) WHERE person_id IS NOT NULL;
COMMENT ON INDEX registry.access_credential_person_id_idx IS 'Credentials of a person';
CREATE TRIGGER access_credential_guard
    BEFORE INSERT OR UPDATE ON registry.access_credential
    FOR EACH ROW EXECUTE FUNCTION residency.access_credential_guard();

-- Events. No key, no check, no foreign key: a feed that is sent twice, or names an unknown device, must not lose the rest of its rows.
-- What the same event is: device_code, happened_at, serial, token. Doubles are taken out by registry.due_presence().
CREATE TABLE registry.access_event (
    happened_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    serial      bigint,
    token       uuid,
    device_code text COLLATE "C" NOT NULL,
    direction   text COLLATE "C" NOT NULL DEFAULT 'unknown',
    method      text COLLATE "C"
) PARTITION BY RANGE (happened_at);
COMMENT ON TABLE registry.access_event IS
    'Passages of doors as devices sent them (门禁通行记录), a partition a month by the calendar of China; filled by COPY. An event is the same as another of its device, moment, serial number and token. Dropped by policy access_retention';
COMMENT ON COLUMN registry.access_event.happened_at IS 'When, by the clock of the device (通行时间)';
COMMENT ON COLUMN registry.access_event.recorded_at IS 'When the register received it (接收时间): left to its default, by which events that are to be counted are found';
COMMENT ON COLUMN registry.access_event.serial IS 'Running number that the device gave it (流水号); NULL: it gives none';
COMMENT ON COLUMN registry.access_event.token IS 'Pseudonym of the credential (凭证标识), residency.access_token(); NULL: none was used';
COMMENT ON COLUMN registry.access_event.device_code IS 'Device that sent it, registry.access_device (设备编码)';
COMMENT ON COLUMN registry.access_event.direction IS 'in, out or unknown, list access_direction (方向)';
COMMENT ON COLUMN registry.access_event.method IS 'How the door was opened, list access_method (开门方式)';
-- A btree halves the speed of COPY. Events come roughly in the order of time, and are counted a day at a time.
CREATE INDEX access_event_happened_at_idx ON registry.access_event USING brin (happened_at) WITH (pages_per_range = 32);
COMMENT ON INDEX registry.access_event_happened_at_idx IS 'Events of a day';
CREATE INDEX access_event_recorded_at_idx ON registry.access_event USING brin (recorded_at) WITH (pages_per_range = 32);
COMMENT ON INDEX registry.access_event_recorded_at_idx IS 'Events that have come in since they were last counted';

-- Months are made by residency.run_due(); until then, and for clocks that are wrong by years, there is this one.
CREATE TABLE registry.access_event_default (LIKE registry.access_event INCLUDING ALL);
COMMENT ON TABLE registry.access_event_default IS 'Access events of months that have no partition (其他月份通行记录)';
ALTER TABLE registry.access_event ATTACH PARTITION registry.access_event_default DEFAULT;

-- What has changed since it was last worked out. A statement that brings events leaves one row with the moment that all of them
-- bear as recorded_at: a trigger with the rows themselves makes COPY half as fast again. The row is committed with the events, so
-- none is overlooked in whatever order transactions end; a high-water mark would overlook some.
CREATE TABLE registry.access_batch (
    recorded_at timestamptz NOT NULL
);
COMMENT ON TABLE registry.access_batch IS 'Moments of receipt of access events that are not counted yet (待汇总的接收批次); emptied by residency.run_due()';
COMMENT ON COLUMN registry.access_batch.recorded_at IS 'registry.access_event.recorded_at (接收时间)';

CREATE TABLE registry.access_mark (
    device_code text COLLATE "C" NOT NULL,
    day         date NOT NULL
);
COMMENT ON TABLE registry.access_mark IS 'Devices and days whose events are to be counted anew (待汇总的设备与日期); emptied by residency.run_due()';
COMMENT ON COLUMN registry.access_mark.device_code IS 'Device (设备编码)';
COMMENT ON COLUMN registry.access_mark.day IS 'Day (日期)';
CREATE INDEX access_mark_day_idx ON registry.access_mark (day);
COMMENT ON INDEX registry.access_mark_day_idx IS 'What is to be counted, day by day. Not unique: a mark that is there may be on its way out, by a transaction that does not see these events';

CREATE TRIGGER access_event_batch
    AFTER INSERT ON registry.access_event
    FOR EACH STATEMENT EXECUTE FUNCTION residency.access_event_batch();
CREATE TRIGGER access_event_unmark
    AFTER DELETE ON registry.access_event REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION residency.access_event_mark();
CREATE TRIGGER access_event_frozen
    BEFORE UPDATE ON registry.access_event
    FOR EACH STATEMENT EXECUTE FUNCTION residency.refuse_change('RG285');
CREATE TRIGGER access_binding_mark
    AFTER INSERT OR UPDATE OR DELETE ON registry.access_binding
    FOR EACH ROW EXECUTE FUNCTION residency.access_binding_mark();

-- What follows: who was seen at which door on which day. Derived as a whole for a device and a day, so no foreign keys.
CREATE TABLE registry.presence_day (
    device_code text COLLATE "C",
    day         date,
    token       uuid,
    dwelling_id bigint NOT NULL,
    events      integer NOT NULL,
    first_at    timestamptz NOT NULL,
    last_at     timestamptz NOT NULL,
    PRIMARY KEY (day, device_code, token)
);
COMMENT ON TABLE registry.presence_day IS
    'Passages of a credential at a device on a day (凭证通行日汇总); worked out from registry.access_event by residency.run_due(). Ask registry.presence';
COMMENT ON COLUMN registry.presence_day.device_code IS 'Device (设备编码)';
COMMENT ON COLUMN registry.presence_day.day IS 'Day in China (日期)';
COMMENT ON COLUMN registry.presence_day.token IS 'Pseudonym of the credential (凭证标识); all zeros: passages without one, which only say that the door works';
COMMENT ON COLUMN registry.presence_day.dwelling_id IS 'Dwelling to which the device was bound on that day (房屋)';
COMMENT ON COLUMN registry.presence_day.events IS 'Passages (通行次数)';
COMMENT ON COLUMN registry.presence_day.first_at IS 'The first (首次通行时间)';
COMMENT ON COLUMN registry.presence_day.last_at IS 'The last (末次通行时间)';
CREATE INDEX presence_day_dwelling_id_idx ON registry.presence_day (dwelling_id, day);
COMMENT ON INDEX registry.presence_day_dwelling_id_idx IS 'Who was seen at a dwelling, and on which days its doors worked';
CREATE INDEX presence_day_token_idx ON registry.presence_day (token, day);
COMMENT ON INDEX registry.presence_day_token_idx IS 'Where a credential was seen';

CREATE TABLE registry.access_fault (
    device_code text COLLATE "C",
    day         date,
    kind        text COLLATE "C",
    events      integer NOT NULL,
    first_at    timestamptz NOT NULL,
    last_at     timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (day, device_code, kind)
);
COMMENT ON TABLE registry.access_fault IS 'Access events that something is odd about, by device and day (门禁数据异常); worked out with registry.presence_day. Ask api.access_fault';
COMMENT ON COLUMN registry.access_fault.device_code IS 'Device (设备编码)';
COMMENT ON COLUMN registry.access_fault.day IS 'Day of the events, by the clock of the device (日期)';
COMMENT ON COLUMN registry.access_fault.kind IS 'What is odd, list access_fault (异常类型)';
COMMENT ON COLUMN registry.access_fault.events IS 'How many (次数)';
COMMENT ON COLUMN registry.access_fault.first_at IS 'The first, by the clock of the device (首次时间)';
COMMENT ON COLUMN registry.access_fault.last_at IS 'The last (末次时间)';
COMMENT ON COLUMN registry.access_fault.received_at IS 'When the last was received (最近接收时间)';

-- What somebody decided on a candidate
CREATE TABLE registry.presence_decision (
    presence_decision_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind                 text COLLATE "C" NOT NULL,
    dwelling_id          bigint NOT NULL REFERENCES registry.dwelling,
    person_id            bigint REFERENCES registry.person,
    token                uuid,
    decision             text COLLATE "C" NOT NULL,
    reason               text,
    decided_on           date NOT NULL DEFAULT residency.today(),
    hidden_until         date,
    probability          numeric(4, 3),
    residence_id         bigint REFERENCES registry.residence,
    patrol_task_id       bigint REFERENCES registry.patrol_task,
    actor                text NOT NULL DEFAULT residency.actor(),
    recorded_at          timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT presence_decision_key UNIQUE NULLS NOT DISTINCT (dwelling_id, person_id, token, kind, decision, decided_on)
);
COMMENT ON TABLE registry.presence_decision IS 'What was decided on presence candidates, by whom and why (在住线索处理记录); never changed. api.confirm_presence() writes it';
COMMENT ON COLUMN registry.presence_decision.presence_decision_id IS 'Key';
COMMENT ON COLUMN registry.presence_decision.kind IS 'Kind of the candidate, list presence_kind (线索类型)';
COMMENT ON COLUMN registry.presence_decision.dwelling_id IS 'Dwelling of the candidate (房屋)';
COMMENT ON COLUMN registry.presence_decision.person_id IS 'Person of the candidate (人员); NULL where it was an unknown bearer';
COMMENT ON COLUMN registry.presence_decision.token IS 'Credential of an unknown bearer (凭证标识)';
COMMENT ON COLUMN registry.presence_decision.decision IS 'confirmed, visit or dismissed, list presence_decision (处理)';
COMMENT ON COLUMN registry.presence_decision.reason IS 'Why, in words (理由)';
COMMENT ON COLUMN registry.presence_decision.decided_on IS 'Day of the decision (处理日期)';
COMMENT ON COLUMN registry.presence_decision.hidden_until IS 'Day from which a dismissed candidate may come back, by policy presence_dismissal (再次提示日期)';
COMMENT ON COLUMN registry.presence_decision.probability IS 'Probability that was stated (当时概率)';
COMMENT ON COLUMN registry.presence_decision.residence_id IS 'Residence that was opened or closed (居住登记)';
COMMENT ON COLUMN registry.presence_decision.patrol_task_id IS 'Task that was made (巡查任务); the candidate is hidden while it is open';
COMMENT ON COLUMN registry.presence_decision.actor IS 'Role that decided (处理角色)';
COMMENT ON COLUMN registry.presence_decision.recorded_at IS 'When it was entered';
COMMENT ON INDEX registry.presence_decision_key IS 'Decisions on a candidate; that two do not decide the same at one moment (同一线索不重复处理)';
CREATE TRIGGER presence_decision_frozen
    BEFORE UPDATE ON registry.presence_decision
    FOR EACH STATEMENT EXECUTE FUNCTION residency.refuse_change('RG272');
CREATE TRIGGER presence_decision_keep
    BEFORE DELETE OR TRUNCATE ON registry.presence_decision
    FOR EACH STATEMENT EXECUTE FUNCTION residency.residence_keep();

-- Months of events that were dropped
CREATE TABLE ledger.access_purge (
    access_purge_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    month           date NOT NULL,
    events          bigint NOT NULL,
    retention       text NOT NULL,
    purged_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    purged_by       text NOT NULL DEFAULT residency.actor()
);
COMMENT ON TABLE ledger.access_purge IS 'Access events that were dropped because their time was over (门禁记录清除台账)';
COMMENT ON COLUMN ledger.access_purge.access_purge_id IS 'Key';
COMMENT ON COLUMN ledger.access_purge.month IS 'First day of their month; for events without a partition, of the month in which they were received (月份)';
COMMENT ON COLUMN ledger.access_purge.events IS 'How many (条数)';
COMMENT ON COLUMN ledger.access_purge.retention IS 'The time for which they were kept, policy access_retention (保存期限)';
COMMENT ON COLUMN ledger.access_purge.purged_at IS 'When (清除时间)';
COMMENT ON COLUMN ledger.access_purge.purged_by IS 'Role that did it (清除角色)';

SELECT residency.join_node();
