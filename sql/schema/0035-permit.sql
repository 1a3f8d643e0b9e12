-- Residence permits: applications and cards, the events that move them, and the decisions behind.

INSERT INTO code.list (list, name, name_en, source, confidence, note) VALUES
('permit_ground', '居住证申领条件', 'ground of a residence permit', 'house', 'source', '居住证暂行条例 Art. 2'),
('permit_material', '居住证申领材料', 'material for a residence permit', 'house', 'source', '居住证暂行条例 Art. 9'),
('permit_cancel_reason', '居住证注销原因', 'reason to cancel a residence permit', 'house', 'design', NULL)
ON CONFLICT DO NOTHING;
INSERT INTO code.value (list, code, name, name_en, sort, confidence) VALUES
('permit_ground', 'employment', '合法稳定就业', 'stable employment', 1, 'source'),
('permit_ground', 'dwelling',   '合法稳定住所', 'stable dwelling', 2, 'source'),
('permit_ground', 'study',      '连续就读', 'continuous study', 3, 'source'),
('permit_material', 'id_card',          '居民身份证', 'identity card', 1, 'source'),
('permit_material', 'photo',            '本人相片', 'photograph', 2, 'source'),
('permit_material', 'dwelling_proof',   '居住地住址证明', 'proof of the dwelling', 3, 'source'),
('permit_material', 'employment_proof', '就业证明', 'proof of employment', 4, 'source'),
('permit_material', 'study_proof',      '就读证明', 'proof of study', 5, 'source'),
('permit_material', 'proxy_id_card',    '代办人身份证', 'identity card of the proxy', 6, 'source'),
('permit_cancel_reason', 'local_household',     '户籍迁入本地', 'household moved here', 1, 'source'),
('permit_cancel_reason', 'death',               '死亡', 'death', 2, 'source'),
('permit_cancel_reason', 'departure',           '离开居住地', 'left', 3, 'source'),
('permit_cancel_reason', 'refused_endorsement', '不予签注使用功能终止', 'endorsement refused, where that ends the permit', 4, 'source'),
('permit_cancel_reason', 'other',               '其他法定情形', 'another statutory reason', 9, 'source')
ON CONFLICT DO NOTHING;

INSERT INTO policy.rule (key, value_type, unit, governs, governs_zh, counts_on) VALUES
('permit_materials_employment', 'text', 'list permit_material', 'Materials for an application on the ground of employment', '以就业申领须提交的材料', 'day of application'),
('permit_materials_dwelling',   'text', 'list permit_material', 'Materials for an application on the ground of a dwelling', '以住所申领须提交的材料', 'day of application'),
('permit_materials_study',      'text', 'list permit_material', 'Materials for an application on the ground of study', '以就读申领须提交的材料', 'day of application'),
('permit_replacement_fee',      'numeric', '元', 'Fee for a card that replaces a lost or damaged one', '补领换领工本费', 'day of replacement'),
('endorse_last_day_rolls',      'boolean', NULL, 'Whether the last day for an endorsement moves past a rest period', '签注期限末日遇休息日是否顺延', 'anniversary')
ON CONFLICT DO NOTHING;
INSERT INTO policy.setting (key, division, period, value, legal_basis) VALUES
('permit_materials_employment', NULL, '[2016-01-01,)', 'id_card photo employment_proof', '居住证暂行条例 Art. 9'),
('permit_materials_dwelling',   NULL, '[2016-01-01,)', 'id_card photo dwelling_proof', '居住证暂行条例 Art. 9'),
('permit_materials_study',      NULL, '[2016-01-01,)', 'id_card photo study_proof', '居住证暂行条例 Art. 9'),
('permit_replacement_fee',      NULL, '[2016-01-01,)', NULL, '居住证暂行条例 Art. 21: a fee may be charged; no national figure'),
('endorse_last_day_rolls',      NULL, '[2016-01-01,)', 'true', '民法典 Art. 203');

INSERT INTO policy.test_case (key, division, "on", expected, why) VALUES
('permit_materials_employment', '460105', '2024-01-01', 'id_card photo employment_proof', 'the national list'),
('permit_materials_dwelling',   '460105', '2024-01-01', 'id_card photo dwelling_proof', 'the national list'),
('permit_materials_study',      '460105', '2024-01-01', 'id_card photo study_proof', 'the national list'),
('permit_replacement_fee',      '460105', '2024-01-01', NULL, 'no national figure'),
('endorse_last_day_rolls',      '460105', '2024-01-01', 'true', '民法典 Art. 203');

CREATE TABLE registry.permit (
    permit_id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    permit_number   text COLLATE "C" CONSTRAINT permit_permit_number_key UNIQUE,
    person_id       bigint NOT NULL REFERENCES registry.person,
    proxy_person_id bigint REFERENCES registry.person,
    division        residency.division_code NOT NULL REFERENCES code.division,
    city            residency.division_code NOT NULL,
    applied_on      date NOT NULL,
    replaces_id     bigint CONSTRAINT permit_replaces_id_key UNIQUE REFERENCES registry.permit,
    clock_id        bigint REFERENCES registry.clock,
    -- what follows is as the last event left it
    last_sequence   integer NOT NULL DEFAULT 0,
    state           residency.permit_state,
    residence_id    bigint NOT NULL REFERENCES registry.residence,
    ground          text COLLATE "C" NOT NULL,
    issued_on       date,
    count_from      date,
    endorsed_until  date,
    residence_years integer NOT NULL DEFAULT 0,
    suspended_on    date
);
COMMENT ON TABLE registry.permit IS
    'Residence permits, from the application to the end of the card (居住证). What a permit is follows from its events: it moves by INSERT INTO registry.permit_event, or an act of the api';
COMMENT ON COLUMN registry.permit.permit_id IS 'Key; also the number of the application (申领编号)';
COMMENT ON COLUMN registry.permit.permit_number IS 'Number of the card (居住证编号): county, year and a sequence without gaps; given with the approval';
COMMENT ON COLUMN registry.permit.person_id IS 'Whose permit (持证人)';
COMMENT ON COLUMN registry.permit.proxy_person_id IS 'Who applies for them (代办人; 居住证暂行条例 Art. 9)';
COMMENT ON COLUMN registry.permit.division IS 'County, or city without counties, whose police issues it (签发机关所在区划; 居住证暂行条例 Art. 10)';
COMMENT ON COLUMN registry.permit.city IS 'City of the division (所在市): there one permit at a time';
COMMENT ON COLUMN registry.permit.applied_on IS 'Day of the application (申领日期)';
COMMENT ON COLUMN registry.permit.replaces_id IS 'The permit that it replaces (原居住证)';
COMMENT ON COLUMN registry.permit.clock_id IS 'Time limit of the last acceptance (办理时限)';
COMMENT ON COLUMN registry.permit.last_sequence IS 'Sequence of the last event';
COMMENT ON COLUMN registry.permit.state IS 'State after the last event (居住证状态); NULL only inside the statement that enters it';
COMMENT ON COLUMN registry.permit.residence_id IS 'Residence that it rests on (居住登记)';
COMMENT ON COLUMN registry.permit.ground IS 'What entitles, list permit_ground (申领条件)';
COMMENT ON COLUMN registry.permit.issued_on IS 'Day of signature (签发日期)';
COMMENT ON COLUMN registry.permit.count_from IS 'Day from which anniversaries count (居住年限起算日), by policy anniv_basis';
COMMENT ON COLUMN registry.permit.endorsed_until IS 'Next anniversary (签注有效期): without endorsement the permit is suspended after it';
COMMENT ON COLUMN registry.permit.residence_years IS 'Full years of residence counted so far (居住年限)';
COMMENT ON COLUMN registry.permit.suspended_on IS 'Day on which the present suspension began (中止日期)';

CREATE INDEX permit_person_id_idx ON registry.permit (person_id);
COMMENT ON INDEX registry.permit_person_id_idx IS 'Permits of a person';
CREATE INDEX permit_residence_id_idx ON registry.permit (residence_id);
COMMENT ON INDEX registry.permit_residence_id_idx IS 'Permits that rest on a residence';
CREATE INDEX permit_division_idx ON registry.permit (division);
COMMENT ON INDEX registry.permit_division_idx IS 'Permits of a division and all beneath';
CREATE INDEX permit_clock_id_idx ON registry.permit (clock_id) WHERE clock_id IS NOT NULL;
COMMENT ON INDEX registry.permit_clock_id_idx IS 'Permit of a clock';
CREATE INDEX permit_endorsed_until_idx ON registry.permit (endorsed_until)
    WHERE state OPERATOR(residency.=) 'valid'::residency.permit_state;
COMMENT ON INDEX registry.permit_endorsed_until_idx IS 'Permits in force by their anniversary: what the nightly job suspends';
CREATE INDEX permit_suspended_on_idx ON registry.permit (suspended_on)
    WHERE state OPERATOR(residency.=) 'suspended'::residency.permit_state;
COMMENT ON INDEX registry.permit_suspended_on_idx IS 'Suspended permits by the day: what the nightly job lets lapse';
CREATE INDEX permit_submitted_idx ON registry.permit (applied_on)
    WHERE state OPERATOR(residency.=) 'submitted'::residency.permit_state;
COMMENT ON INDEX registry.permit_submitted_idx IS 'Applications nobody has looked at: what counts as accepted in time';
CREATE UNIQUE INDEX permit_one_per_city ON registry.permit (person_id, city)
    WHERE state OPERATOR(residency.<>) 'draft'::residency.permit_state
      AND residency.permit_phase(state) OPERATOR(pg_catalog.<>) 'end';
COMMENT ON INDEX registry.permit_one_per_city IS 'One application or permit of a person in a city (一人一证)';

CREATE TABLE registry.decision (
    decision_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    permit_id   bigint NOT NULL REFERENCES registry.permit,
    matter      text COLLATE "C" NOT NULL,
    granted     boolean NOT NULL,
    decided_on  date NOT NULL,
    criteria    jsonb NOT NULL,
    reason      text,
    remedy      text,
    actor       text NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE registry.decision IS
    'Decisions on permits with the criteria as they were found and the settings that held (审批决定): they explain themselves years later. Never changed';
COMMENT ON COLUMN registry.decision.decision_id IS 'Key';
COMMENT ON COLUMN registry.decision.permit_id IS 'Permit or application';
COMMENT ON COLUMN registry.decision.matter IS 'Event that was decided on (决定事项)';
COMMENT ON COLUMN registry.decision.granted IS 'Whether it was granted (是否准予)';
COMMENT ON COLUMN registry.decision.decided_on IS 'Day of the decision (决定日期)';
COMMENT ON COLUMN registry.decision.criteria IS 'Rows of api.permit_eligibility() on that day: criterion, whether it held, since when, evidence, clause and setting (条件核查结果)';
COMMENT ON COLUMN registry.decision.reason IS 'Why, in words (理由)';
COMMENT ON COLUMN registry.decision.remedy IS 'What the person can do against a refusal (救济途径; 行政许可法 Art. 38)';
COMMENT ON COLUMN registry.decision.actor IS 'Role that decided (决定人)';
COMMENT ON COLUMN registry.decision.recorded_at IS 'When it was entered';
CREATE INDEX decision_permit_id_idx ON registry.decision (permit_id);
COMMENT ON INDEX registry.decision_permit_id_idx IS 'Decisions on a permit';

CREATE TABLE registry.permit_event (
    permit_id       bigint NOT NULL REFERENCES registry.permit,
    sequence        integer NOT NULL CHECK (sequence > 0),
    previous        integer GENERATED ALWAYS AS (NULLIF(sequence - 1, 0)) STORED,
    event           text COLLATE "C" NOT NULL,
    from_state      residency.permit_state,
    to_state        residency.permit_state NOT NULL,
    happened_on     date NOT NULL,
    channel         text COLLATE "C" NOT NULL DEFAULT 'window',
    reason          text,
    evidence        jsonb NOT NULL DEFAULT '{}',
    decision_id     bigint REFERENCES registry.decision,
    actor           text NOT NULL,
    recorded_at     timestamptz NOT NULL DEFAULT now(),
    -- the permit after it
    residence_id    bigint NOT NULL,
    ground          text COLLATE "C" NOT NULL,
    issued_on       date,
    count_from      date,
    endorsed_until  date,
    residence_years integer NOT NULL,
    suspended_on    date,
    PRIMARY KEY (permit_id, sequence),
    CONSTRAINT permit_event_state_key UNIQUE (permit_id, sequence, to_state),
    -- each link of the chain holds the one before, and its state
    CONSTRAINT permit_event_chain
        FOREIGN KEY (permit_id, previous, from_state) REFERENCES registry.permit_event (permit_id, sequence, to_state),
    CONSTRAINT permit_event_first CHECK ((sequence = 1) = (from_state IS NULL)),
    CONSTRAINT permit_event_step CHECK ((residency.permit_next(from_state, event) OPERATOR(residency.=) to_state) IS TRUE)
);
COMMENT ON TABLE registry.permit_event IS
    'What has happened to permits, in order (居住证办理记录): the only way in which a permit changes. Enter permit_id, event and what belongs to it; the register fills in the rest. Never changed';
COMMENT ON COLUMN registry.permit_event.permit_id IS 'Permit';
COMMENT ON COLUMN registry.permit_event.sequence IS 'Number of the event, from 1 (序号)';
COMMENT ON COLUMN registry.permit_event.previous IS 'Number of the event before';
COMMENT ON COLUMN registry.permit_event.event IS 'What happened, see residency.permit_transitions() (事件)';
COMMENT ON COLUMN registry.permit_event.from_state IS 'State before; NULL for the first event';
COMMENT ON COLUMN registry.permit_event.to_state IS 'State after';
COMMENT ON COLUMN registry.permit_event.happened_on IS 'Day on which it happened (发生日期); today where nothing is entered';
COMMENT ON COLUMN registry.permit_event.channel IS 'Where it came in, list channel (渠道)';
COMMENT ON COLUMN registry.permit_event.reason IS 'Why (原因); for cancel a code of permit_cancel_reason';
COMMENT ON COLUMN registry.permit_event.evidence IS
    'What it rests on (依据): materials, missing, delivered (arrays, list permit_material), collector, tracking_number, remedy, returned_card, fee_paid, penalty_decision, ground (of an application)';
COMMENT ON COLUMN registry.permit_event.decision_id IS 'Decision that it carries out';
COMMENT ON COLUMN registry.permit_event.actor IS 'Role that acted (经办人)';
COMMENT ON COLUMN registry.permit_event.recorded_at IS 'When it was entered (登记时间)';
COMMENT ON COLUMN registry.permit_event.residence_id IS 'Residence of the permit after it';
COMMENT ON COLUMN registry.permit_event.ground IS 'Ground of the permit after it';
COMMENT ON COLUMN registry.permit_event.issued_on IS 'Day of signature after it';
COMMENT ON COLUMN registry.permit_event.count_from IS 'Day from which anniversaries count after it';
COMMENT ON COLUMN registry.permit_event.endorsed_until IS 'Next anniversary after it';
COMMENT ON COLUMN registry.permit_event.residence_years IS 'Full years of residence after it';
COMMENT ON COLUMN registry.permit_event.suspended_on IS 'Begin of the suspension after it';

ALTER TABLE registry.permit
    ADD CONSTRAINT permit_last_event FOREIGN KEY (permit_id, last_sequence, state)
        REFERENCES registry.permit_event (permit_id, sequence, to_state) DEFERRABLE INITIALLY DEFERRED;

CREATE TABLE registry.permit_number (
    division    residency.division_code,
    year        integer,
    last_number integer NOT NULL,
    PRIMARY KEY (division, year)
);
COMMENT ON TABLE registry.permit_number IS
    'The last number of a residence permit that a county has given in a year (居住证编号流水): its row is held until the approval is committed, so there are neither gaps nor duplicates';
COMMENT ON COLUMN registry.permit_number.division IS 'County';
COMMENT ON COLUMN registry.permit_number.year IS 'Year of the approval';
COMMENT ON COLUMN registry.permit_number.last_number IS 'Last sequence given';

ALTER TABLE registry.person ADD COLUMN died_on date;
COMMENT ON COLUMN registry.person.died_on IS 'Day of death (死亡日期), as the civil affairs department tells it; ends permits and residence';

ALTER TYPE api.answer ADD ATTRIBUTE permit_id bigint, ADD ATTRIBUTE permit_number text;
COMMENT ON COLUMN api.answer.permit_id IS 'Permit concerned; after a replacement the new one (居住证)';
COMMENT ON COLUMN api.answer.permit_number IS 'Its number, once it has one (居住证编号)';
ALTER TYPE api.batch_answer ADD ATTRIBUTE permit_id bigint, ADD ATTRIBUTE permit_number text;
COMMENT ON COLUMN api.batch_answer.permit_id IS 'Permit concerned; after a replacement the new one (居住证)';
COMMENT ON COLUMN api.batch_answer.permit_number IS 'Its number, once it has one (居住证编号)';

CREATE TRIGGER permit_guard
    BEFORE INSERT OR UPDATE ON registry.permit
    FOR EACH ROW EXECUTE FUNCTION residency.permit_guard();
CREATE TRIGGER permit_enter
    AFTER INSERT ON registry.permit
    FOR EACH ROW EXECUTE FUNCTION residency.permit_enter();
CREATE TRIGGER permit_keep
    BEFORE DELETE OR TRUNCATE ON registry.permit
    FOR EACH STATEMENT EXECUTE FUNCTION residency.permit_keep();
CREATE TRIGGER permit_event_guard
    BEFORE INSERT ON registry.permit_event
    FOR EACH ROW EXECUTE FUNCTION residency.permit_event_guard();
CREATE TRIGGER permit_event_follow
    AFTER INSERT ON registry.permit_event
    FOR EACH ROW EXECUTE FUNCTION residency.permit_event_follow();
CREATE TRIGGER permit_event_keep
    BEFORE UPDATE OR DELETE OR TRUNCATE ON registry.permit_event
    FOR EACH STATEMENT EXECUTE FUNCTION residency.permit_keep();
CREATE TRIGGER decision_keep
    BEFORE UPDATE OR DELETE OR TRUNCATE ON registry.decision
    FOR EACH STATEMENT EXECUTE FUNCTION residency.permit_keep();
CREATE TRIGGER person_death
    BEFORE INSERT OR UPDATE OF died_on ON registry.person
    FOR EACH ROW WHEN (new.died_on IS NOT NULL) EXECUTE FUNCTION residency.person_death();
CREATE TRIGGER person_settle
    AFTER UPDATE OF household_division, died_on ON registry.person
    FOR EACH ROW EXECUTE FUNCTION residency.person_settle();

INSERT INTO code.error (code, message, message_zh, detail, detail_zh, hint, hint_zh, legal_basis, constraint_name) VALUES
('RG140', 'this cannot happen to a permit in this state', '居住证当前状态不能办理此事项',
          'Permit %1$s is %2$s; the event "%3$s" does not start there.', '居住证 %1$s 状态为%5$s,不能办理%6$s。',
          'From there: %4$s. The whole procedure: SELECT * FROM residency.permit_transitions().', '当前可办理:%7$s。', '居住证暂行条例', 'permit_event_step'),
('RG141', 'an event of a permit cannot lie in the future', '办理日期不能晚于今天',
          'The event is dated %s, today is %s.', '办理日期 %s,今天 %s。',
          'Enter the day on which it happened.', '请填写实际办理日期。', NULL, NULL),
('RG142', 'the events of a permit follow one another', '办理日期不能早于上一事项',
          'The event is dated %s; the one before was on %s.', '办理日期 %s 早于上一事项日期 %s。',
          'Correct the day. What has been entered is not changed; a wrong decision is followed by another.', '请更正日期;已登记事项不可更改。', NULL, NULL),
('RG143', 'a permit changes by its events', '居住证信息只能通过办理事项变更',
          'Column %s of permit %s follows from its last event.', '居住证 %2$s 的 %1$s 由最后一次办理事项决定。',
          'Use an act of the api, or INSERT INTO registry.permit_event.', '请通过办理接口或登记办理事项变更。', '居住证暂行条例', 'permit_last_event'),
('RG144', 'a permit rests on an active residence', '没有有效的居住登记',
          'Person %s has no active residence on %s.', '人员 %s 在 %s 没有有效的居住登记。',
          'Register the arrival, or have it verified, first.', '请先办理居住登记或核实。', '居住证暂行条例 Art. 2; 公通字〔2015〕38号', NULL),
('RG145', 'a child applies by proxy', '未满规定年龄须由监护人代办',
          'Person %s is %s years old; below %s somebody applies for them.', '人员 %s %s 周岁,未满 %s 周岁须由监护人或近亲属代办。',
          'Name the guardian or relative in proxy_person_id.', '请填写代办人。', '居住证暂行条例 Art. 9', NULL),
('RG146', 'the household is of this city', '户籍在本市',
          'The household of person %s is in %s, the residence in %s.', '人员 %s 户籍地 %s 与居住地 %s 属同一市。',
          'A permit is for those who left the city of their household.', '居住证适用于离开户籍所在市县的人员。', '居住证暂行条例 Art. 2; 公通字〔2015〕38号', NULL),
('RG147', 'the household is not known', '户籍地未登记',
          'Person %s has no household_division.', '人员 %s 没有户籍地区划。',
          'Enter it from the household register or the identity card.', '请按户口簿或身份证填写户籍地区划。', '居住证暂行条例 Art. 2', NULL),
('RG148', 'there is an application or permit in this city already', '本市已有在办业务或有效居住证',
          'Permit %1$s of this person is %2$s.', '该人员的居住证 %1$s 状态为%3$s。',
          'Go on with that one.', '请继续办理已有业务。', '居住证暂行条例 Art. 9', 'permit_one_per_city'),
('RG149', 'materials are missing', '材料不齐全',
          'Still missing: %1$s.', '尚缺:%2$s。',
          'Bring them, or tell the applicant everything at once: request_supplement.', '请补齐材料,或一次性告知补正内容。', '居住证暂行条例 Art. 9; 行政许可法 Art. 32', NULL),
('RG150', 'a request for supplement names what is missing', '补正告知须列明所缺材料',
          'The list of missing materials is empty or has "%s".', '补正清单为空或含有"%s"。',
          'List them in missing, with codes of permit_material.', '请列明所缺材料代码。', '行政许可法 Art. 32', NULL),
('RG151', 'everything missing is told at once', '补正只能一次性告知',
          'Permit %s had its request for supplement on %s.', '居住证 %s 已于 %s 告知补正。',
          'Accept the application, or refuse acceptance with the reason.', '请受理或说明理由不予受理。', '行政许可法 Art. 32', NULL),
('RG152', 'it is too late to send the application back', '已过补正告知或不予受理的期限',
          'The application of %s could be sent back until %s.', '%s 的申请须在 %s 前告知补正。',
          'It counts as accepted from the day of receipt.', '逾期不告知的,自收到申请之日起视为受理。', '行政许可法 Art. 32', NULL),
('RG153', 'this needs a reason', '须注明理由',
          'The event "%1$s" comes with a reason in words.', '办理%2$s须注明理由。',
          'Enter it in reason.', '请填写理由。', '行政许可法 Art. 38', NULL),
('RG154', 'who has the card now?', '须登记领证人',
          'Neither a collector nor a tracking number is entered.', '未填写领证人或邮寄单号。',
          'Enter collector or tracking_number.', '请填写领证人或邮寄单号。', '居住证暂行条例 Art. 9', NULL),
('RG155', 'not every criterion holds', '不符合申领条件',
          'Permit %1$s: %2$s.', '居住证 %1$s 不符合:%3$s。',
          'SELECT * FROM api.permit_eligibility(…) says since when each holds and when it will.', '请查询 api.permit_eligibility 了解各项条件。', '居住证暂行条例 Art. 2', NULL),
('RG156', 'the endorsement window is not open yet', '未到签注时间',
          'Permit %s can be endorsed from %s; its anniversary is %s.', '居住证 %s 可自 %s 起办理签注,周年日为 %s。',
          'Come back on %2$s.', '请于 %2$s 后办理。', '居住证暂行条例 Art. 10', NULL),
('RG157', 'the permit does not rest on this residence', '居住证与居住登记不一致',
          'Permit %s rests on residence %s; the person lives in residence %s.', '居住证 %s 对应居住登记 %s,现居住登记为 %s。',
          'Enter the change of address first: change_permit_address. An application is entered anew.', '请先办理居住变更;申请中的请按现居住地重新申领。', '居住证暂行条例 Art. 10', NULL),
('RG158', 'nothing entitles to a permit any more', '不再符合居住证条件',
          'On %2$s person %1$s has neither employment, dwelling nor study.', '人员 %s 在 %s 无就业、住所或就读。',
          'Register what entitles, or refuse the endorsement with the reason.', '请登记就业、住所或就读情况,或不予签注。', '居住证暂行条例 Art. 2, 10', NULL),
('RG159', 'this permit is not to be suspended', '不应中止使用功能',
          'Permit %s can be endorsed until %s.', '居住证 %s 可签注至 %s。',
          'The register suspends it on the day after, by itself.', '逾期后由系统自动中止。', '居住证暂行条例 Art. 10', NULL),
('RG160', 'this permit does not lapse', '不应注销',
          'Permit %s is suspended since %s; it lapses on %s.', '居住证 %s 自 %s 中止,%s 方可注销。',
          'Where nothing is set for suspended_lapse, suspension has no end.', '未设定 suspended_lapse 的地方不自动注销。', '深圳经济特区居住证条例 Art. 27', NULL),
('RG161', 'this is no change of address of this permit', '不是本证的居住变更',
          'Residence %s is the permit''s own, or lies in another city than %s.', '居住登记 %s 即原登记,或不在 %s 市内。',
          'In another city a new application is needed.', '跨市变更须重新申领。', '广东省流动人口服务管理条例 Art. 15', NULL),
('RG162', 'a damaged card is handed in', '换领须交回原证',
          'Permit %s is not lost, and returned_card is not entered.', '居住证 %s 未挂失且未登记交回原证。',
          'Take the card back, or report it lost first.', '请交回原证,或先挂失。', '居住证暂行条例 Art. 11', NULL),
('RG163', 'a revocation rests on a penalty decision', '撤销须有处罚决定',
          'For permit %s no penalty_decision is entered.', '居住证 %s 未填写处罚决定书编号。',
          'Enter the number of the decision.', '请填写处罚决定书编号。', '居住证暂行条例 Art. 18, 19', NULL),
('RG164', 'this reason does not hold', '注销原因不成立',
          'Permit %s, reason "%s".', '居住证 %s,原因"%s"。',
          'Reasons are codes of permit_cancel_reason; departure wants the residence closed, local_household the household in this city.', '注销原因须为 permit_cancel_reason 代码;离开须先注销居住登记,迁入须先变更户籍地。', '杭州市流动人口服务管理规定 Art. 21', NULL),
('RG165', 'there is no such permit', '没有此居住证',
          'No permit is known as %s.', '没有居住证 %s。',
          'Look it up by the person: api.permit.', '请按人员查询。', NULL, NULL),
('RG166', 'what has happened to a permit stays on record', '居住证及办理记录不得更改或删除',
          'Table %s keeps its rows.', '表 %s 的记录不得更改或删除。',
          'A wrong decision is followed by another: cancel or revoke.', '有误的办理以后续事项纠正。', '行政许可法 Art. 69, 70', NULL),
('RG167', 'the fee has not been paid', '未缴纳工本费',
          'A card that replaces another costs %s yuan.', '补领、换领工本费 %s 元。',
          'Take the fee and enter fee_paid.', '请收费后登记。', '居住证暂行条例 Art. 21', NULL),
('RG168', 'the endorsement window has closed', '签注期限已过',
          'Permit %s could be endorsed until %s.', '居住证 %s 签注期限至 %s。',
          'It is suspended; api.endorse_permit() endorses it late.', '已中止使用功能,请补办签注。', '居住证暂行条例 Art. 10', NULL),
('RG171', 'a death lies between birth and today', '死亡日期超出合理范围',
          'The death is dated %s, today is %s.', '死亡日期 %s,今天 %s。',
          'Correct the day.', '请更正死亡日期。', NULL, NULL),
('RG170', 'too few months were registered in the last year', '近一年登记时间不足',
          'Person %s was registered for %s months of the last year; an endorsement needs %s.', '人员 %s 近一年登记 %s 个月,签注须满 %s 个月。',
          'The setting is endorse_registered_months; it differs by place.', '规定见政策参数 endorse_registered_months。', '深圳经济特区居住证条例 Art. 24', NULL),
('RG172', 'the suspension has come to its end', '中止期已满',
          'Permit %s was suspended on %s; it lapsed on %s.', '居住证 %s 自 %s 中止,已于 %s 期满注销。',
          'It cannot be endorsed any more: a new application is needed.', '不能再补办签注,请重新申领。', '深圳经济特区居住证条例 Art. 27', NULL),
('RG169', 'a replacement follows a replaced permit', '补发新证须对应已换领补领的原证',
          'Permit %s is not replaced, or not of this person.', '居住证 %s 未换领补领,或不属于该人员。',
          'Use api.replace_permit().', '请使用换领补领接口。', '居住证暂行条例 Art. 11', NULL)
ON CONFLICT DO NOTHING;

INSERT INTO code.list (list, name, name_en, source, confidence, note) VALUES
('permit_precheck', '居住证自助预审结果', 'what a kiosk answers', 'guangdong_practice', 'source', 'F1 to F10 and I1 as in Panyu; N1 to N3 and OK the register''s own. %s stands for the day')
ON CONFLICT DO NOTHING;
INSERT INTO code.value (list, code, name, name_en, sort, confidence) VALUES
('permit_precheck', 'OK',  '可以办理', 'you can go on', 0, 'design'),
('permit_precheck', 'F1',  '已有居住证业务在办理中,请勿重复申请', 'a permit business is in progress or a permit in force already', 1, 'source'),
('permit_precheck', 'F2',  '未到签注时间,请于 %s 后办理', 'the endorsement window is not open yet: come back on %s', 2, 'source'),
('permit_precheck', 'F3',  '居住证地址与登记地址不一致,请先到窗口办理居住变更', 'the address of the permit is not the registered one: have it changed at the window first', 3, 'source'),
('permit_precheck', 'F4',  '未办理居住证,请先申领', 'there is no permit: apply first', 4, 'source'),
('permit_precheck', 'F5',  '居住证信息与登记信息不符,请先到窗口处理', 'the permit and the registration do not fit this: go to the window', 5, 'source'),
('permit_precheck', 'F6',  '居住登记已注销,请先办理居住登记', 'there is no current residence: register first', 6, 'source'),
('permit_precheck', 'F7',  '居住证已注销,请重新申领', 'the permit is cancelled: apply again', 7, 'source'),
('permit_precheck', 'F8',  '居住证已失效,请到街道服务中心重新申领', 'the permit has ended: apply again at the street centre', 8, 'source'),
('permit_precheck', 'F9',  '本市无有效居住证,请先申领', 'there is no permit in this city: apply first', 9, 'source'),
('permit_precheck', 'F10', '不符合条件或未在本区登记,请先变更居住登记', 'not qualified, or not registered here: change the registration first', 10, 'source'),
('permit_precheck', 'I1',  '居住登记待上门核实', 'the registration has to be verified on site first', 11, 'source'),
('permit_precheck', 'N1',  '居住未满半年,请于 %s 后办理', 'half a year is not full yet: come back on %s', 12, 'design'),
('permit_precheck', 'N2',  '未登记就业、住所或就读情况,请到窗口办理', 'neither employment, dwelling nor study is registered: go to the window', 13, 'design'),
('permit_precheck', 'N3',  '居住证地址与登记一致,无需变更', 'the permit has the registered address already', 14, 'design')
ON CONFLICT DO NOTHING;
