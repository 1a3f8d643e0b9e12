-- What entitles somebody to live somewhere: an employer and the employment there, a lease, a school, a home of one's own.
-- Four records of one shape: a person, what the person has to do with, and the time in which it holds.

INSERT INTO code.source (source, name, standard, edition, published, licence, origin) VALUES
    ('residence_permit', '居住证暂行条例', '国务院令663号; 公通字〔2015〕38号', '2015', '2015-11-26', 'fact', 'The act and the implementing notice of the Ministry of Public Security'),
    ('market_entity', '市场主体登记管理条例', '国务院令746号', '2021', '2021-07-27', 'fact', 'Generally known')
ON CONFLICT DO NOTHING;

INSERT INTO code.list (list, name, name_en, source, confidence, note) VALUES
    ('employer_state', '用人单位状态', 'state of an employer', 'market_entity', 'high', NULL),
    ('employment_kind', '用工类型', 'kind of employment', 'residence_permit', 'high',
        'recruited, contract and business are the three ways to stable employment of 居住证暂行条例 Art. 2 as 公通字〔2015〕38号 explains it; the others are kinds of the 劳动合同法'),
    ('school_level', '就读学校类别', 'level of a school', 'residence_permit', 'high',
        'The schools whose full-time students study continuously in the sense of 居住证暂行条例 Art. 2'),
    ('record_state', '记录状态', 'state of a record', 'house', 'design', 'Derived from the days of a record, not stored')
ON CONFLICT DO NOTHING;

INSERT INTO code.value (list, code, name, name_en, sort, confidence) VALUES
    ('employer_state', 'open',         '存续', 'open',         1, 'high'),
    ('employer_state', 'suspended',    '歇业', 'suspended',    2, 'high'),
    ('employer_state', 'revoked',      '吊销', 'licence revoked', 3, 'high'),
    ('employer_state', 'deregistered', '注销', 'deregistered', 4, 'high'),
    ('employment_kind', 'recruited',  '单位录用聘用', 'recruited by a state organ, institution or state-owned enterprise', 1, 'source'),
    ('employment_kind', 'contract',   '劳动合同', 'labour contract', 2, 'source'),
    ('employment_kind', 'business',   '持营业执照经营', 'own business in the secondary or tertiary sector', 3, 'source'),
    ('employment_kind', 'dispatched', '劳务派遣', 'dispatched by an agency', 4, 'high'),
    ('employment_kind', 'part_time',  '非全日制用工', 'part-time', 5, 'high'),
    ('employment_kind', 'other',      '其他', 'other', 6, 'design'),
    ('school_level', 'primary',              '小学', 'primary school', 1, 'high'),
    ('school_level', 'junior',               '初中', 'junior secondary school', 2, 'high'),
    ('school_level', 'senior',               '高中', 'senior secondary school', 3, 'high'),
    ('school_level', 'secondary_vocational', '中等职业学校', 'secondary vocational school', 4, 'high'),
    ('school_level', 'higher_vocational',    '高等职业学校', 'higher vocational school', 5, 'high'),
    ('school_level', 'university',           '普通高等学校', 'university or college', 6, 'high'),
    ('record_state', 'ahead',   '未生效', 'agreed, not begun', 1, 'design'),
    ('record_state', 'running', '有效',   'holds', 2, 'design'),
    ('record_state', 'ended',   '已终止', 'ended', 3, 'design'),
    ('record_state', 'voided',  '作废',   'void', 4, 'design')
ON CONFLICT DO NOTHING;

INSERT INTO code.error (code, message, message_zh, detail, detail_zh, hint, hint_zh, legal_basis, constraint_name) VALUES
('RG120', 'this employer is registered already', '该用人单位已登记',
          'Credit code %s belongs to employer %s.', '统一社会信用代码 %s 已属于用人单位 %s。',
          'Use that employer; correct it there if something has changed: api.change_employer().', '请使用已有单位记录,如有变化请在原记录上更正。', 'GB 32100', 'employer_credit_code_key'),
('RG121', 'this registration number belongs to another employer', '该注册号已登记',
          'Registration number %s belongs to employer %s.', '注册号 %s 已属于用人单位 %s。',
          'Use that employer, and enter its credit code there: api.change_employer().', '请使用已有单位记录,并补录统一社会信用代码。', 'GS 15-2006', 'employer_registration_number_key'),
('RG122', 'an employer has a credit code or a registration number', '须填写统一社会信用代码或注册号',
          'Its credit code is %s, its registration number "%s"; the latter has 15 digits, the last of them a check digit.', '统一社会信用代码为 %s,注册号为"%s";注册号为15位数字,末位为校验码。',
          'Enter credit_code; for old licences without one registration_number.', '请填写统一社会信用代码;旧执照填写15位注册号。', 'GB 32100; GS 15-2006', NULL),
('RG123', 'there is no such employer', '没有此用人单位',
          'No employer is registered as %s.', '未登记用人单位 %s。',
          'Register the employer first: api.register_employer().', '请先登记用人单位。', NULL, NULL),
('RG124', 'this employer was not open then', '该用人单位当日不在存续期',
          'Employer %s is %s; the hiring is on %s.', '用人单位 %s 状态为 %s,录用日期 %s。',
          'Correct the day, or the state and days of the employer: api.change_employer().', '请更正录用日期,或更正单位状态及起止日期。', '劳动合同法 Art. 2, 44', NULL),
('RG125', 'an entry in words is one line', '文字内容无效',
          'Column %s is empty, longer than %s characters, or holds control or invisible characters.', '%s 为空、超过 %s 个字符或含有控制字符或不可见字符。',
          'Enter it in one line, or leave it out where it may be left out.', '请用一行文字填写,非必填的可留空。', NULL, NULL),
('RG126', 'what has not happened yet is not registered', '日期不能晚于今天',
          'Column %s holds %s, today is %s.', '%s 为 %s,今天 %s。',
          'Enter the day on which it happened.', '请填写实际发生日期。', NULL, NULL),
('RG127', 'a record cannot end before it begins', '终止日期不能早于起始日期',
          'Record %3$s begins on %1$s and ends on %2$s.', '记录 %3$s 起始 %1$s,终止 %2$s。',
          'Correct one of the two days.', '请更正其中一个日期。', NULL, NULL),
('RG128', 'on this day nothing can begin or end', '日期无效',
          'Column %s holds %s, which lies before the person was born or is no day of the calendar.', '%s 为 %s,早于该人员出生或不是有效日期。',
          'Correct the day, or the birth date of the person; where the end is open, leave it empty.', '请更正日期或出生日期;无终止日期请留空。', NULL, NULL),
('RG129', 'this person is employed there in that time already', '该时段已有同一单位的就业登记',
          'Person %s works for employer %s in that time: employment %s.', '人员 %s 该时段在用人单位 %s 已有就业登记 %s。',
          'End that employment first, or void the one that is wrong.', '请先终止原登记,或作废有误的登记。', NULL, 'employment_no_overlap'),
('RG130', 'this person rents that dwelling in that time already', '该时段已有同一房屋的租赁登记',
          'Person %s rents dwelling %s in that time: tenancy %s.', '人员 %s 该时段已租赁房屋 %s(租赁登记 %s)。',
          'End that tenancy first, or void the one that is wrong.', '请先终止原租赁登记,或作废有误的登记。', NULL, 'tenancy_no_overlap'),
('RG131', 'this filing number has been used', '该备案号已使用',
          'Filing number %s belongs to tenancy %s.', '备案号 %s 已属于租赁登记 %s。',
          'Each lease is filed under a number of its own; correct it.', '每份租赁合同一个备案号,请更正。', '商品房屋租赁管理办法 Art. 14-16', 'tenancy_filing_number_key'),
('RG132', 'a lease has one landlord, who is not the tenant', '须有且只有一个出租人,且不得为承租人本人',
          'As landlord in the lease of dwelling %s stands: %s.', '房屋 %s 的租赁登记中,出租人为:%s。',
          'Enter landlord_person_id or landlord_credit_code, or the landlord of the dwelling; the owner who lives there registers the ownership: api.register_ownership().', '请填写出租人(个人或单位)之一,或补录房屋的出租人;自有住房请办理房屋产权登记。', '民法典 Art. 703, 704', NULL),
('RG133', 'this deposit is too high', '押金超出上限',
          'The deposit is %s times the monthly rent; %s times are allowed.', '押金为月租金的 %s 倍,上限为 %s 倍。',
          'Correct monthly_rent or deposit; the limit is policy deposit_months.', '请更正月租金或押金;上限见政策参数 deposit_months。', '广东省城镇房屋租赁条例; 住房租赁条例 (国务院令812号)', NULL),
('RG134', 'this person is at a school in that time already', '该时段已有就读登记',
          'Person %s is a student in that time: schooling %s.', '人员 %s 该时段已有就读登记 %s。',
          'One person has one student registration; end that one first, or void the one that is wrong.', '一人一籍,请先终止原登记,或作废有误的登记。', '中小学生学籍管理办法 (教基一〔2013〕7号)', 'schooling_no_overlap'),
('RG135', 'this person owns that dwelling in that time already', '该时段已有同一房屋的产权登记',
          'Person %s owns dwelling %s in that time: ownership %s.', '人员 %s 该时段已有房屋 %s 的产权登记 %s。',
          'End that ownership first, or void the one that is wrong.', '请先终止原登记,或作废有误的登记。', NULL, 'ownership_no_overlap'),
('RG136', 'this record has ended', '该记录已终止或作废',
          'In %s, record %s is %s.', '%s 中的记录 %s 状态为 %s。',
          'What is void stays as it is; an end that is wrong is corrected by voiding the record and entering the right one.', '作废记录不再变更;终止日期有误的,请作废后重新登记。', NULL, NULL),
('RG137', 'there is no such record', '没有此记录',
          'Table %s has no record for %s.', '表 %s 中没有记录 %s。',
          'Look it up in api.person_overview().', '请在人员概览中查询。', NULL, NULL),
('RG138', 'a record is not moved to somebody or something else', '记录不得改挂到其他人员或对象',
          'Column %s of record %s in %s was to change.', '%3$s 中记录 %2$s 的 %1$s 不得更改。',
          'Void the record with its reason and enter the right one: api.void_record().', '请注明原因作废后重新登记。', NULL, NULL),
('RG139', 'what is voided is voided for a reason', '作废须填写原因',
          'In %s, record %s was to be voided without one.', '%s 中的记录 %s 未填写作废原因。',
          'Say why in void_reason, one line of up to 200 characters.', '请填写作废原因,一行不超过200字。', '个人信息保护法 Art. 46', NULL)
ON CONFLICT DO NOTHING;

-- What was true of the six acts and the one table of the beginning; a site's own words stay.
UPDATE code.error
SET hint = 'An act is a function of the schema api that answers api.answer: \df api.*', hint_zh = '可用操作为 api 模式中返回 api.answer 的函数:\df api.*'
WHERE code = 'RG084' AND hint LIKE 'There are register_person, register_arrival, %';
UPDATE code.error
SET hint = 'Void a wrong one with its reason: api.void_residence(), api.void_record().'
WHERE code = 'RG035' AND hint = 'Void a wrong one with its reason: api.void_residence().';

CREATE TABLE registry.employer (
    employer_id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    credit_code         residency.credit_code CONSTRAINT employer_credit_code_key UNIQUE,
    registration_number text COLLATE "C" CONSTRAINT employer_registration_number_key UNIQUE,
    name                text NOT NULL,
    division            residency.division_code NOT NULL REFERENCES code.division,
    address             text,
    state               text COLLATE "C" NOT NULL DEFAULT 'open',
    opened_on           date,
    closed_on           date,
    period              daterange NOT NULL GENERATED ALWAYS AS (daterange(opened_on, closed_on)) STORED,
    channel             text COLLATE "C" NOT NULL DEFAULT 'window',
    recorded_at         timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE registry.employer IS 'Employers, from ministry to sole trader (用人单位); unique by credit code, old ones by registration number';
COMMENT ON COLUMN registry.employer.employer_id IS 'Key; its first four digits are the node that issued it (residency.set_node)';
COMMENT ON COLUMN registry.employer.credit_code IS 'Unified social credit code (统一社会信用代码, GB 32100); NULL for old licences that have none yet';
COMMENT ON COLUMN registry.employer.registration_number IS 'Registration number of a business licence from before 2015, 15 digits (工商注册号, GS 15-2006); kept beside the credit code that followed it';
COMMENT ON COLUMN registry.employer.name IS 'Registered name (单位名称)';
COMMENT ON COLUMN registry.employer.division IS 'Division in which it works, of any level (所在区划): whose rules its reports follow';
COMMENT ON COLUMN registry.employer.address IS 'Address below the division (单位地址)';
COMMENT ON COLUMN registry.employer.state IS 'State, list employer_state (单位状态): open, suspended, revoked, deregistered';
COMMENT ON COLUMN registry.employer.opened_on IS 'Day on which it was founded (成立日期); NULL: unknown, long ago';
COMMENT ON COLUMN registry.employer.closed_on IS 'Day from which it is no longer open (停业日期); NULL while it is. Filled with today where a state other than open comes without it';
COMMENT ON COLUMN registry.employer.period IS 'When it is open: from the founding up to, not including, the closing (存续期)';
COMMENT ON COLUMN registry.employer.channel IS 'By which way it became known, list channel (登记渠道)';
COMMENT ON COLUMN registry.employer.recorded_at IS 'When it was entered (登记时间)';
CREATE INDEX employer_division_idx ON registry.employer (division);
COMMENT ON INDEX registry.employer_division_idx IS 'Employers of a division and all beneath: whose reports are late';
CREATE INDEX employer_name_idx ON registry.employer (name);
COMMENT ON INDEX registry.employer_name_idx IS 'Employers by name';

CREATE TABLE registry.employment (
    employment_id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    employer_id      bigint NOT NULL REFERENCES registry.employer,
    person_id        bigint NOT NULL REFERENCES registry.person,
    kind             text COLLATE "C" NOT NULL DEFAULT 'contract',
    contract_number  text,
    hired_on         date NOT NULL,
    ended_on         date,
    period           daterange NOT NULL GENERATED ALWAYS AS (daterange(hired_on, ended_on)) STORED,
    end_reason       text,
    channel          text COLLATE "C" NOT NULL DEFAULT 'window',
    recorded_at      timestamptz NOT NULL DEFAULT now(),
    hire_reported_at timestamptz,
    end_reported_at  timestamptz,
    voided_at        timestamptz,
    void_reason      text,
    CONSTRAINT employment_no_overlap
        EXCLUDE USING gist (person_id WITH =, employer_id WITH =, period WITH &&) WHERE (void_reason IS NULL)
);
COMMENT ON TABLE registry.employment IS 'Employments: a person works for an employer during a time (就业登记); a person may have several employers';
COMMENT ON COLUMN registry.employment.employment_id IS 'Key';
COMMENT ON COLUMN registry.employment.employer_id IS 'For whom (用人单位)';
COMMENT ON COLUMN registry.employment.person_id IS 'Who works (从业人员)';
COMMENT ON COLUMN registry.employment.kind IS 'Kind, list employment_kind (用工类型); business: the person is the employer';
COMMENT ON COLUMN registry.employment.contract_number IS 'Number of the labour contract (劳动合同编号)';
COMMENT ON COLUMN registry.employment.hired_on IS 'First day (录用日期), not in the future';
COMMENT ON COLUMN registry.employment.ended_on IS 'Day from which the person no longer works there (终止日期), not in the future; NULL while the employment lasts';
COMMENT ON COLUMN registry.employment.period IS 'From the first day up to, not including, that of the end; empty where both are one day';
COMMENT ON COLUMN registry.employment.end_reason IS 'Why it ended, in words (终止原因)';
COMMENT ON COLUMN registry.employment.channel IS 'By which way it became known, list channel (登记渠道)';
COMMENT ON COLUMN registry.employment.recorded_at IS 'When it was entered (登记时间)';
COMMENT ON COLUMN registry.employment.hire_reported_at IS 'When the employer reported the hiring (录用申报时间); NULL: has not. Filled with now for channel employer';
COMMENT ON COLUMN registry.employment.end_reported_at IS 'When the employer reported the end (终止申报时间); NULL: has not';
COMMENT ON COLUMN registry.employment.voided_at IS 'When it was voided (作废时间); the register''s own';
COMMENT ON COLUMN registry.employment.void_reason IS 'Why it was voided (作废原因); NULL: it stands';
CREATE INDEX employment_employer_id_idx ON registry.employment (employer_id);
COMMENT ON INDEX registry.employment_employer_id_idx IS 'Staff of an employer, past and present';
CREATE INDEX employment_person_id_idx ON registry.employment (person_id);
COMMENT ON INDEX registry.employment_person_id_idx IS 'Employments of a person';

CREATE TABLE registry.tenancy (
    tenancy_id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    dwelling_id          bigint NOT NULL REFERENCES registry.dwelling,
    person_id            bigint NOT NULL REFERENCES registry.person,
    landlord_person_id   bigint REFERENCES registry.person,
    landlord_credit_code residency.credit_code,
    agent_credit_code    residency.credit_code,
    contract_number      text,
    signed_on            date,
    starts_on            date NOT NULL,
    ends_on              date,
    period               daterange NOT NULL GENERATED ALWAYS AS (daterange(starts_on, ends_on)) STORED,
    end_reason           text,
    monthly_rent         numeric(12, 2) CHECK (monthly_rent > 0),
    deposit              numeric(12, 2) CHECK (deposit >= 0),
    filing_number        text COLLATE "C",
    filed_on             date,
    channel              text COLLATE "C" NOT NULL DEFAULT 'window',
    recorded_at          timestamptz NOT NULL DEFAULT now(),
    reported_at          timestamptz,
    voided_at            timestamptz,
    void_reason          text,
    CONSTRAINT tenancy_one_landlord CHECK (num_nonnulls(landlord_person_id, landlord_credit_code) = 1),
    CONSTRAINT tenancy_no_overlap
        EXCLUDE USING gist (person_id WITH =, dwelling_id WITH =, period WITH &&) WHERE (void_reason IS NULL)
);
COMMENT ON TABLE registry.tenancy IS 'Leases of dwellings (房屋租赁登记); a tenant may have several dwellings, and a dwelling several tenants';
COMMENT ON COLUMN registry.tenancy.tenancy_id IS 'Key';
COMMENT ON COLUMN registry.tenancy.dwelling_id IS 'What is let (房屋)';
COMMENT ON COLUMN registry.tenancy.person_id IS 'Tenant (承租人)';
COMMENT ON COLUMN registry.tenancy.landlord_person_id IS 'Landlord of this lease, where it is a person (出租人); a sub-lessor too. Filled with that of the dwelling where none is entered';
COMMENT ON COLUMN registry.tenancy.landlord_credit_code IS 'Landlord of this lease, where it is an organisation (出租单位, GB 32100)';
COMMENT ON COLUMN registry.tenancy.agent_credit_code IS 'Estate agent who brought the lease about (房地产经纪机构, GB 32100)';
COMMENT ON COLUMN registry.tenancy.contract_number IS 'Number of the contract (租赁合同编号)';
COMMENT ON COLUMN registry.tenancy.signed_on IS 'Day on which the contract was signed (签订日期), not in the future; NULL: by word of mouth';
COMMENT ON COLUMN registry.tenancy.starts_on IS 'First day of the lease (起租日期); may lie ahead';
COMMENT ON COLUMN registry.tenancy.ends_on IS 'Day from which it no longer holds, as agreed or as it came (终止日期): the day after the last; NULL: without a fixed term (不定期租赁)';
COMMENT ON COLUMN registry.tenancy.period IS 'From the first day up to, not including, that of the end (租赁期)';
COMMENT ON COLUMN registry.tenancy.end_reason IS 'Why it ended before its term, in words (终止原因)';
COMMENT ON COLUMN registry.tenancy.monthly_rent IS 'Rent in yuan a month (月租金)';
COMMENT ON COLUMN registry.tenancy.deposit IS 'Deposit in yuan (押金), not higher than policy deposit_months of the day of the contract allows';
COMMENT ON COLUMN registry.tenancy.filing_number IS 'Number under which the housing authority has filed it (租赁备案号); a filed lease is stable housing (居住证暂行条例 Art. 2)';
COMMENT ON COLUMN registry.tenancy.filed_on IS 'Day of the filing (备案日期), not in the future';
COMMENT ON COLUMN registry.tenancy.channel IS 'By which way it became known, list channel (登记渠道)';
COMMENT ON COLUMN registry.tenancy.recorded_at IS 'When it was entered (登记时间)';
COMMENT ON COLUMN registry.tenancy.reported_at IS 'When landlord or agent reported it (申报时间); NULL: they have not. Filled with now for channels landlord and agency';
COMMENT ON COLUMN registry.tenancy.voided_at IS 'When it was voided (作废时间); the register''s own';
COMMENT ON COLUMN registry.tenancy.void_reason IS 'Why it was voided (作废原因); NULL: it stands';
CREATE UNIQUE INDEX tenancy_filing_number_key ON registry.tenancy (filing_number) WHERE void_reason IS NULL;
COMMENT ON INDEX registry.tenancy_filing_number_key IS 'One filing number, one lease (一份合同一个备案号)';
CREATE INDEX tenancy_dwelling_id_idx ON registry.tenancy (dwelling_id);
COMMENT ON INDEX registry.tenancy_dwelling_id_idx IS 'Leases of a dwelling';
CREATE INDEX tenancy_person_id_idx ON registry.tenancy (person_id);
COMMENT ON INDEX registry.tenancy_person_id_idx IS 'Leases of a tenant';
CREATE INDEX tenancy_landlord_person_id_idx ON registry.tenancy (landlord_person_id) WHERE landlord_person_id IS NOT NULL;
COMMENT ON INDEX registry.tenancy_landlord_person_id_idx IS 'Leases that a person gives';
CREATE INDEX tenancy_landlord_credit_code_idx ON registry.tenancy (landlord_credit_code) WHERE landlord_credit_code IS NOT NULL;
COMMENT ON INDEX registry.tenancy_landlord_credit_code_idx IS 'Leases that an organisation gives';
CREATE INDEX tenancy_agent_credit_code_idx ON registry.tenancy (agent_credit_code) WHERE agent_credit_code IS NOT NULL;
COMMENT ON INDEX registry.tenancy_agent_credit_code_idx IS 'Leases of an agent';

CREATE TABLE registry.schooling (
    schooling_id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id          bigint NOT NULL REFERENCES registry.person,
    school_credit_code residency.credit_code,
    school_name        text NOT NULL,
    division           residency.division_code NOT NULL REFERENCES code.division,
    level              text COLLATE "C" NOT NULL,
    student_number     text,
    starts_on          date NOT NULL,
    ends_on            date,
    period             daterange NOT NULL GENERATED ALWAYS AS (daterange(starts_on, ends_on)) STORED,
    end_reason         text,
    channel            text COLLATE "C" NOT NULL DEFAULT 'window',
    recorded_at        timestamptz NOT NULL DEFAULT now(),
    voided_at          timestamptz,
    void_reason        text,
    CONSTRAINT schooling_no_overlap
        EXCLUDE USING gist (person_id WITH =, period WITH &&) WHERE (void_reason IS NULL)
);
COMMENT ON TABLE registry.schooling IS 'Full-time studies (就读登记); one person has one student registration at a time (一人一籍)';
COMMENT ON COLUMN registry.schooling.schooling_id IS 'Key';
COMMENT ON COLUMN registry.schooling.person_id IS 'Student (学生)';
COMMENT ON COLUMN registry.schooling.school_credit_code IS 'School by its credit code (学校, GB 32100)';
COMMENT ON COLUMN registry.schooling.school_name IS 'Name of the school (学校名称)';
COMMENT ON COLUMN registry.schooling.division IS 'Division in which the school lies, of any level (学校所在区划)';
COMMENT ON COLUMN registry.schooling.level IS 'Level, list school_level (学校类别)';
COMMENT ON COLUMN registry.schooling.student_number IS 'Number of the student registration (学籍号)';
COMMENT ON COLUMN registry.schooling.starts_on IS 'First day (入学日期), not in the future';
COMMENT ON COLUMN registry.schooling.ends_on IS 'Day from which the person no longer studies there, as planned or as it came (离校日期); NULL: open';
COMMENT ON COLUMN registry.schooling.period IS 'From the first day up to, not including, that of the end (就读期间)';
COMMENT ON COLUMN registry.schooling.end_reason IS 'Why it ended, in words (离校原因)';
COMMENT ON COLUMN registry.schooling.channel IS 'By which way it became known, list channel (登记渠道)';
COMMENT ON COLUMN registry.schooling.recorded_at IS 'When it was entered (登记时间)';
COMMENT ON COLUMN registry.schooling.voided_at IS 'When it was voided (作废时间); the register''s own';
COMMENT ON COLUMN registry.schooling.void_reason IS 'Why it was voided (作废原因); NULL: it stands';
CREATE INDEX schooling_person_id_idx ON registry.schooling (person_id);
COMMENT ON INDEX registry.schooling_person_id_idx IS 'Studies of a person';
CREATE INDEX schooling_school_credit_code_idx ON registry.schooling (school_credit_code) WHERE school_credit_code IS NOT NULL;
COMMENT ON INDEX registry.schooling_school_credit_code_idx IS 'Students of a school';

CREATE TABLE registry.ownership (
    ownership_id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id          bigint NOT NULL REFERENCES registry.person,
    dwelling_id        bigint NOT NULL REFERENCES registry.dwelling,
    certificate_number text,
    starts_on          date NOT NULL,
    ends_on            date,
    period             daterange NOT NULL GENERATED ALWAYS AS (daterange(starts_on, ends_on)) STORED,
    end_reason         text,
    channel            text COLLATE "C" NOT NULL DEFAULT 'window',
    recorded_at        timestamptz NOT NULL DEFAULT now(),
    voided_at          timestamptz,
    void_reason        text,
    CONSTRAINT ownership_no_overlap
        EXCLUDE USING gist (person_id WITH =, dwelling_id WITH =, period WITH &&) WHERE (void_reason IS NULL)
);
COMMENT ON TABLE registry.ownership IS 'Homes of one''s own (房屋产权登记); a dwelling may have several owners';
COMMENT ON COLUMN registry.ownership.ownership_id IS 'Key';
COMMENT ON COLUMN registry.ownership.person_id IS 'Owner (产权人)';
COMMENT ON COLUMN registry.ownership.dwelling_id IS 'What is owned (房屋)';
COMMENT ON COLUMN registry.ownership.certificate_number IS 'Number of the property certificate (不动产权证号); NULL: by contract of purchase, not entered in the land register yet. Owners in common may share one';
COMMENT ON COLUMN registry.ownership.starts_on IS 'First day (取得日期), not in the future';
COMMENT ON COLUMN registry.ownership.ends_on IS 'Day from which the person no longer owns it (转让日期), not in the future; NULL while it lasts';
COMMENT ON COLUMN registry.ownership.period IS 'From the first day up to, not including, that of the end (产权期间)';
COMMENT ON COLUMN registry.ownership.end_reason IS 'Why it ended, in words (终止原因)';
COMMENT ON COLUMN registry.ownership.channel IS 'By which way it became known, list channel (登记渠道)';
COMMENT ON COLUMN registry.ownership.recorded_at IS 'When it was entered (登记时间)';
COMMENT ON COLUMN registry.ownership.voided_at IS 'When it was voided (作废时间); the register''s own';
COMMENT ON COLUMN registry.ownership.void_reason IS 'Why it was voided (作废原因); NULL: it stands';
CREATE INDEX ownership_person_id_idx ON registry.ownership (person_id);
COMMENT ON INDEX registry.ownership_person_id_idx IS 'Dwellings that a person owns';
CREATE INDEX ownership_dwelling_id_idx ON registry.ownership (dwelling_id);
COMMENT ON INDEX registry.ownership_dwelling_id_idx IS 'Owners of a dwelling';

-- What the four have in common is one trigger, told the columns of the key and the two days, and what stays as it is;
-- named so that it runs before the table's own. A void record is not judged any more.
CREATE TRIGGER employer_guard
    BEFORE INSERT OR UPDATE ON registry.employer
    FOR EACH ROW EXECUTE FUNCTION residency.employer_guard();
CREATE TRIGGER employment_common
    BEFORE INSERT OR UPDATE ON registry.employment
    FOR EACH ROW EXECUTE FUNCTION residency.record_guard('employment_id', 'hired_on', 'ended_on', 'employer_id', 'person_id');
CREATE TRIGGER employment_guard
    BEFORE INSERT OR UPDATE ON registry.employment
    FOR EACH ROW WHEN (new.void_reason IS NULL) EXECUTE FUNCTION residency.employment_guard();
CREATE TRIGGER tenancy_common
    BEFORE INSERT OR UPDATE ON registry.tenancy
    FOR EACH ROW EXECUTE FUNCTION residency.record_guard('tenancy_id', 'starts_on', 'ends_on', 'dwelling_id', 'person_id');
CREATE TRIGGER tenancy_guard
    BEFORE INSERT OR UPDATE ON registry.tenancy
    FOR EACH ROW WHEN (new.void_reason IS NULL) EXECUTE FUNCTION residency.tenancy_guard();
CREATE TRIGGER schooling_common
    BEFORE INSERT OR UPDATE ON registry.schooling
    FOR EACH ROW EXECUTE FUNCTION residency.record_guard('schooling_id', 'starts_on', 'ends_on', 'person_id');
CREATE TRIGGER schooling_guard
    BEFORE INSERT OR UPDATE ON registry.schooling
    FOR EACH ROW WHEN (new.void_reason IS NULL) EXECUTE FUNCTION residency.schooling_guard();
CREATE TRIGGER ownership_common
    BEFORE INSERT OR UPDATE ON registry.ownership
    FOR EACH ROW EXECUTE FUNCTION residency.record_guard('ownership_id', 'starts_on', 'ends_on', 'dwelling_id', 'person_id');
CREATE TRIGGER ownership_guard
    BEFORE INSERT OR UPDATE ON registry.ownership
    FOR EACH ROW WHEN (new.void_reason IS NULL) EXECUTE FUNCTION residency.ownership_guard();

DO $$
DECLARE
    record text;
BEGIN
    FOREACH record IN ARRAY '{employment,tenancy,schooling,ownership}'::text[] LOOP
        EXECUTE format('CREATE TRIGGER %1$s_keep BEFORE DELETE OR TRUNCATE ON registry.%1$s
                            FOR EACH STATEMENT EXECUTE FUNCTION residency.residence_keep()', record);
    END LOOP;
END $$;

-- a register that has named its node goes on with it
SELECT residency.join_node();

ALTER TYPE api.answer ADD ATTRIBUTE record_id bigint;
COMMENT ON COLUMN api.answer.record_id IS 'Employer, employment, tenancy, schooling or ownership concerned, whichever the act is about (记录编号)';
ALTER TYPE api.batch_answer ADD ATTRIBUTE record_id bigint;
COMMENT ON COLUMN api.batch_answer.record_id IS 'Employer, employment, tenancy, schooling or ownership concerned, whichever the act is about (记录编号)';

CREATE TYPE api.link AS (
    link       text,
    entity     text,
    entity_id  bigint,
    title      text,
    state      text,
    valid_from date,
    valid_to   date,
    detail     jsonb
);
COMMENT ON TYPE api.link IS 'One line of an overview: what a person, dwelling or employer has to do with another (关联)';
COMMENT ON COLUMN api.link.link IS 'How they are linked: residence, tenancy, ownership, employment, schooling; landlord, lets, part_of, part; self (关联方式)';
COMMENT ON COLUMN api.link.entity IS 'What stands at the other end: person, dwelling, employer, school, organisation (关联对象类别)';
COMMENT ON COLUMN api.link.entity_id IS 'Its key, NULL where the register has none (对象编号)';
COMMENT ON COLUMN api.link.title IS 'Its name or address (名称、地址)';
COMMENT ON COLUMN api.link.state IS 'State: of a residence, list residence_state; of a dwelling, let_state; of an employer, employer_state; otherwise record_state on the day asked for (状态)';
COMMENT ON COLUMN api.link.valid_from IS 'First day on which the link holds (起始日期)';
COMMENT ON COLUMN api.link.valid_to IS 'Day from which it no longer holds (终止日期), NULL: open';
COMMENT ON COLUMN api.link.detail IS 'Key of the record behind it, and what else is to be known; numbers of persons are masked (详情)';
