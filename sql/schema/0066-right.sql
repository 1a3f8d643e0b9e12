-- Rights of the person: which data is whose, correction, restriction, retention and purge, legal hold, merging, emergency copies.

INSERT INTO code.source (source, name, standard, edition, published, licence, origin) VALUES
('pipl', '个人信息保护法', NULL, '2021', '2021-08-20', 'fact', 'Art. 28, 31, 44-50: rights of the person'),
('emergency_response', '突发事件应对法', NULL, '2024', '2024-06-28', 'fact', 'Art. 2, 71, 85: kinds, levels, destruction of personal data after the event')
ON CONFLICT DO NOTHING;

INSERT INTO code.list (list, name, name_en, source, confidence, note) VALUES
('person_role', '人员在记录中的身份', 'what a person is to a record', 'house', 'design', NULL),
('requester', '申请人身份', 'who asks for something on behalf of a person', 'house', 'design', NULL),
('correction_item', '可更正项目', 'what of a person can be corrected', 'pipl', 'design', 'Columns of registry.person; other records are corrected by voiding them and entering the right ones'),
('correction_state', '更正申请状态', 'state of a correction', 'house', 'design', NULL),
('contradiction', '更正后矛盾', 'what contradicts a corrected person', 'house', 'design', NULL),
('restriction_ground', '限制处理事由', 'why the processing of somebody''s data is restricted', 'pipl', 'design', '个人信息保护法 Art. 44, 46, 47: kept and protected, and otherwise not processed'),
('restriction_reader', '限制处理数据可查看角色', 'roles that are shown restricted data', 'house', 'design', 'Names of database roles; a site decides'),
('statutory_act', '限制期间法定事项', 'acts that a restriction does not stop', 'house', 'design', 'Names of acts of the api; sites may add their own'),
('retention_kind', '数据类别', 'kind of data with a retention of its own', 'house', 'design', 'In the order in which they are purged'),
('duplicate_reason', '疑似重复依据', 'why two persons may be one', 'house', 'design', NULL),
('merge_conflict', '合并冲突', 'what stands in the way of merging two persons', 'house', 'design', NULL),
('emergency_kind', '突发事件类型', 'kind of an emergency', 'emergency_response', 'source', '突发事件应对法 Art. 2'),
('emergency_level', '突发事件分级', 'grade of an emergency', 'emergency_response', 'source', 'The first three kinds alone are graded'),
('emergency_copy_kind', '应急数据副本内容', 'what is copied for an emergency', 'house', 'design', NULL)
ON CONFLICT DO NOTHING;

INSERT INTO code.value (list, code, name, name_en, sort, confidence) VALUES
('person_role', 'subject', '本人', 'the record is about the person', 1, 'design'),
('person_role', 'party',   '相关方', 'the person is a party to somebody else''s record', 2, 'design'),
('person_role', 'staff',   '工作人员', 'the person acted as staff', 3, 'design'),
('requester', 'self',     '本人', 'the person', 1, 'design'),
('requester', 'guardian', '监护人', 'the guardian', 2, 'design'),
('requester', 'agent',    '受托人', 'somebody whom the person has authorised', 3, 'design'),
('requester', 'heir',     '近亲属', 'close relative of somebody deceased', 4, 'source'),
('requester', 'officer',  '登记机关', 'the register itself', 5, 'design'),
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
('contradiction', 'local_permit', '户籍在居住证所在市', 'a permit for the city in which the household is', 5, 'design'),
('restriction_ground', 'accuracy',    '对准确性有异议', 'the person contests that it is right, and it is being looked into', 1, 'design'),
('restriction_ground', 'unlawful',    '处理合法性有争议', 'the processing may be unlawful', 2, 'design'),
('restriction_ground', 'not_erasable','保存期未满或技术上难以删除', 'it cannot be erased yet, by law or technically', 3, 'source'),
('restriction_ground', 'claim',       '为主张权利需保全', 'the person needs it for a claim', 4, 'design'),
('restriction_reader', 'residency_police', '公安', 'public security', 1, 'design'),
('statutory_act', 'register_departure', '离开注销', 'somebody has left', 1, 'design'),
('statutory_act', 'void_residence',     '作废', 'a registration was wrong', 2, 'design'),
('statutory_act', 'void_record',        '作废记录', 'a record was wrong', 3, 'design'),
('statutory_act', 'cancel_permit',      '注销居住证', 'a permit is cancelled', 4, 'design'),
('statutory_act', 'revoke_permit',      '收缴居住证', 'a permit is revoked', 5, 'design'),
('statutory_act', 'report_permit_lost', '挂失', 'a permit is reported lost', 6, 'design'),
('statutory_act', 'correct_person',     '更正申请', 'a correction is asked for', 7, 'source'),
('statutory_act', 'decide_correction',  '更正决定', 'a correction is decided', 8, 'source'),
('statutory_act', 'restrict_person',    '限制处理', 'the processing is restricted', 9, 'source'),
('statutory_act', 'lift_restriction',   '解除限制', 'a restriction is lifted', 10, 'source'),
('statutory_act', 'hold_person',        '法定留存', 'a legal hold begins', 11, 'design'),
('statutory_act', 'release_hold',       '解除留存', 'a legal hold ends', 12, 'design'),
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
('duplicate_reason', 'same_number',      '同一号码不同证件类型', 'one number under two types of document', 1, 'design'),
('duplicate_reason', 'number_as_document','身份号码登记为其他证件', 'the resident ID of one is a document of the other', 2, 'design'),
('duplicate_reason', 'name_birth_phone', '姓名、出生日期、电话相同', 'same name, birth date and telephone', 3, 'design'),
('duplicate_reason', 'name_birth_home',  '姓名、出生日期、户籍地相同', 'same name, birth date and household', 4, 'design'),
('merge_conflict', 'resident_id',       '两个公民身份号码', 'two resident IDs', 1, 'design'),
('merge_conflict', 'birth_date',        '两个出生日期', 'two birth dates', 2, 'design'),
('merge_conflict', 'sex',               '两个性别', 'two sexes', 3, 'design'),
('merge_conflict', 'current_residence', '两处在住登记', 'two current residences', 4, 'design'),
('merge_conflict', 'residence',         '居住时段重叠', 'residences at one time', 5, 'design'),
('merge_conflict', 'employment',        '同单位就业时段重叠', 'employments with one employer at one time', 6, 'design'),
('merge_conflict', 'tenancy',           '同房屋租赁时段重叠', 'leases of one dwelling at one time', 7, 'design'),
('merge_conflict', 'schooling',         '就读时段重叠', 'studies at one time', 8, 'design'),
('merge_conflict', 'ownership',         '同房屋产权时段重叠', 'ownerships of one dwelling at one time', 9, 'design'),
('merge_conflict', 'permit',            '同城两个居住证业务', 'two permits in one city', 10, 'design'),
('merge_conflict', 'grid_staff',        '同网格同角色任职重叠', 'one role in one grid at one time', 11, 'design'),
('merge_conflict', 'landlord',          '出租人与承租人为同一人', 'one is the landlord of the other', 12, 'design'),
('merge_conflict', 'guardian',          '监护人与被监护人为同一人', 'one is the guardian of the other', 13, 'design'),
('merge_conflict', 'presence_decision', '同一在住线索重复处理', 'one decision on one presence candidate', 14, 'design'),
('merge_conflict', 'restriction',       '处于限制处理', 'the processing of one is restricted', 15, 'design'),
('merge_conflict', 'legal_hold',        '处于法定留存', 'one is under a legal hold', 16, 'design'),
('emergency_kind', 'natural_disaster', '自然灾害', 'natural disaster', 1, 'source'),
('emergency_kind', 'accident',         '事故灾难', 'accident', 2, 'source'),
('emergency_kind', 'public_health',    '公共卫生事件', 'public health', 3, 'source'),
('emergency_kind', 'social_security',  '社会安全事件', 'social security', 4, 'source'),
('emergency_level', '1', '特别重大', 'especially grave', 1, 'source'),
('emergency_level', '2', '重大', 'grave', 2, 'source'),
('emergency_level', '3', '较大', 'considerable', 3, 'source'),
('emergency_level', '4', '一般', 'ordinary', 4, 'source'),
('emergency_copy_kind', 'resident', '在住人员', 'who lives where, with telephone', 1, 'design'),
('emergency_copy_kind', 'dwelling', '房屋及在住人数', 'dwellings and how many live in each', 2, 'design')
ON CONFLICT DO NOTHING;

-- Which data is whose.
CREATE TABLE code.person_data (
    table_name    text COLLATE "C" NOT NULL,
    column_name   text COLLATE "C" NOT NULL,
    role          text COLLATE "C" NOT NULL,
    parent        text COLLATE "C",
    parent_column text COLLATE "C",
    shows         text[] COLLATE "C",
    retention_kind     text COLLATE "C",
    legal_basis   text NOT NULL,
    CONSTRAINT person_data_pkey PRIMARY KEY (table_name, column_name),
    CONSTRAINT person_data_parent_check CHECK ((parent IS NULL) = (parent_column IS NULL))
);
COMMENT ON TABLE code.person_data IS
    'Which data is whose (个人信息目录): every column that names a person, and every record that hangs on such a one; what an export shows and a merge moves. A test finds tables that nobody has decided on';
COMMENT ON COLUMN code.person_data.table_name IS 'Table or view with its schema (表)';
COMMENT ON COLUMN code.person_data.column_name IS 'Column that names the person, or the record of parent (列)';
COMMENT ON COLUMN code.person_data.role IS 'What the person is to the record, list person_role (身份)';
COMMENT ON COLUMN code.person_data.parent IS 'Table of the record on which it hangs (上级记录表); NULL: the person';
COMMENT ON COLUMN code.person_data.parent_column IS 'The column there that column_name bears (上级记录列)';
COMMENT ON COLUMN code.person_data.shows IS 'Columns that the person is shown of somebody else''s record (可见列); NULL: all';
COMMENT ON COLUMN code.person_data.retention_kind IS 'Kind that says how long it is kept, list retention_kind (数据类别); NULL: as long as what it hangs on';
COMMENT ON COLUMN code.person_data.legal_basis IS 'Why it is held (处理依据)';

INSERT INTO code.person_data (table_name, column_name, role, parent, parent_column, shows, retention_kind, legal_basis) VALUES
('registry.person', 'person_id', 'subject', NULL, NULL, NULL, 'person', '居住证暂行条例 Art. 4; 户口登记条例 Art. 15'),
('registry.identity_document', 'person_id', 'subject', NULL, NULL, NULL, 'person', '居住证暂行条例 Art. 4'),
('registry.residence', 'person_id', 'subject', NULL, NULL, NULL, 'person', '户口登记条例 Art. 6, 15'),
('registry.residence', 'guardian_person_id', 'party', NULL, NULL, '{residence_id,person_id,guardian_person_id,dwelling_id,arrived_on,departed_on,state}', 'person', '民法典 Art. 34'),
('registry.residence', 'reporter_person_id', 'party', NULL, NULL, '{residence_id,person_id,reporter_person_id,dwelling_id,reported_at}', 'person', '治安管理处罚法 Art. 68'),
('registry.contact', 'residence_id', 'subject', 'registry.residence', 'residence_id', NULL, 'contact', '居住证暂行条例 Art. 5'),
('registry.fact', 'residence_id', 'subject', 'registry.residence', 'residence_id', NULL, 'observation', '居住证暂行条例 Art. 5'),
('registry.observation', 'residence_id', 'subject', 'registry.residence', 'residence_id', NULL, 'observation', '居住证暂行条例 Art. 5'),
('registry.employment', 'person_id', 'subject', NULL, NULL, NULL, 'person', '居住证暂行条例 Art. 2'),
('registry.tenancy', 'person_id', 'subject', NULL, NULL, NULL, 'person', '商品房屋租赁管理办法 Art. 14'),
('registry.tenancy', 'landlord_person_id', 'party', NULL, NULL, '{tenancy_id,dwelling_id,person_id,landlord_person_id,contract_number,signed_on,starts_on,ends_on,monthly_rent,deposit,filing_number,filed_on}', 'person', '商品房屋租赁管理办法 Art. 14'),
('registry.schooling', 'person_id', 'subject', NULL, NULL, NULL, 'person', '居住证暂行条例 Art. 2'),
('registry.ownership', 'person_id', 'subject', NULL, NULL, NULL, 'person', '居住证暂行条例 Art. 2'),
('registry.dwelling', 'landlord_person_id', 'party', NULL, NULL, '{dwelling_id,kind,address,division,usable_area,rental_kind,let_state,safety_letter_on,landlord_person_id}', 'person', '租赁房屋治安管理规定 (公安部令24号)'),
('registry.permit', 'person_id', 'subject', NULL, NULL, NULL, 'person', '居住证暂行条例 Art. 9'),
('registry.permit', 'proxy_person_id', 'party', NULL, NULL, '{permit_id,person_id,proxy_person_id,applied_on}', 'person', '居住证暂行条例 Art. 9'),
('registry.permit_event', 'permit_id', 'subject', 'registry.permit', 'permit_id', NULL, 'application', '居住证暂行条例 Art. 9'),
('registry.decision', 'permit_id', 'subject', 'registry.permit', 'permit_id', NULL, 'application', '行政许可法 Art. 38'),
('registry.clock', 'clock_id', 'subject', 'registry.permit', 'clock_id', NULL, NULL, '行政许可法 Art. 42'),
('registry.clock_event', 'clock_id', 'subject', 'registry.clock', 'clock_id', NULL, NULL, '行政许可法 Art. 42'),
('registry.clock_alert', 'clock_id', 'subject', 'registry.clock', 'clock_id', NULL, NULL, '行政许可法 Art. 42'),
('registry.grid_staff', 'person_id', 'staff', NULL, NULL, NULL, 'person', '公务员法; 劳动合同法'),
('registry.visit', 'staff_person_id', 'staff', NULL, NULL, '{visit_id,dwelling_id,staff_person_id,started_at,ended_at,outcome,location,track}', 'visit', '公务员法; 劳动合同法'),
('registry.observation', 'staff_person_id', 'staff', NULL, NULL, '{observation_id,dwelling_id,attribute,observed_at,staff_person_id}', 'observation', '公务员法; 劳动合同法'),
('registry.spot_check_result', 'staff_person_id', 'staff', NULL, NULL, '{spot_check_result_id,outcome,checked_at,staff_person_id}', 'spot_check', '公务员法; 劳动合同法'),
('registry.spot_check_person', 'person_id', 'subject', NULL, NULL, NULL, 'spot_check', '统计法 Art. 7'),
('registry.spot_check_person', 'resident_id', 'subject', 'registry.person', 'resident_id', NULL, 'spot_check', '统计法 Art. 7'),
('registry.department_list_entry', 'person_id', 'subject', NULL, NULL, NULL, 'department_list', '居住证暂行条例 Art. 6'),
('registry.department_list_entry', 'resident_id', 'subject', 'registry.person', 'resident_id', NULL, 'department_list', '居住证暂行条例 Art. 6'),
('registry.access_credential', 'person_id', 'subject', NULL, NULL, NULL, 'credential', '个人信息保护法 Art. 13, 28'),
('registry.presence', 'person_id', 'subject', NULL, NULL, NULL, NULL, '个人信息保护法 Art. 13, 28'),
('registry.passage', 'person_id', 'subject', NULL, NULL, NULL, NULL, '个人信息保护法 Art. 13, 28'),
('registry.presence_decision', 'person_id', 'subject', NULL, NULL, NULL, 'presence_decision', '居住证暂行条例 Art. 5'),
('ledger.sync_item', 'staff_person_id', 'staff', NULL, NULL, '{item_uuid,kind,device_uuid,staff_person_id,received_at}', 'observation', '公务员法; 劳动合同法'),
('registry.correction', 'person_id', 'subject', NULL, NULL, NULL, 'person', '个人信息保护法 Art. 46'),
('registry.restriction', 'person_id', 'subject', NULL, NULL, NULL, 'person', '个人信息保护法 Art. 44, 47'),
('registry.legal_hold', 'person_id', 'subject', NULL, NULL, NULL, 'person', '个人信息保护法 Art. 47'),
('registry.operator', 'person_id', 'subject', NULL, NULL, NULL, 'person', '个人信息保护法 Art. 45'),
('registry.operator_scope', 'operator_id', 'subject', 'registry.operator', 'operator_id', NULL, 'person', '个人信息保护法 Art. 45'),
('registry.inexact_date', 'residence_id', 'subject', 'registry.residence', 'residence_id', NULL, 'person', '居住证暂行条例 Art. 5'),
('registry.person_merge', 'keep_person_id', 'subject', NULL, NULL, '{person_merge_id,keep_person_id,removed_person_id,reason,merged_at,merged_by,undone_at,undone_by}', 'person', '个人信息保护法 Art. 8');

-- The register's own hands. A row stands here while an act of the register rewrites what otherwise stays, and is gone when the act is done.
CREATE TABLE ledger.rewrite (
    transaction xid8 PRIMARY KEY DEFAULT pg_current_xact_id(),
    act         text COLLATE "C" NOT NULL
);
COMMENT ON TABLE ledger.rewrite IS
    'Transactions that are merging, purging or undoing at this moment (改写许可): residency.rewrites() asks it. Always empty to others; who may write it may rewrite, so nobody but the owner of the tables may';
COMMENT ON COLUMN ledger.rewrite.transaction IS 'The transaction (事务)';
COMMENT ON COLUMN ledger.rewrite.act IS 'What it is doing (操作)';

ALTER TABLE registry.person ADD COLUMN pseudonymised_on date;
COMMENT ON COLUMN registry.person.pseudonymised_on IS 'Day on which it was made unknown who this is (去标识化日期): name, numbers, address and telephone are gone for good; NULL: known';

-- Correction
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

-- Restriction and legal hold: two periods of one shape
CREATE TABLE registry.restriction (
    restriction_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id      bigint NOT NULL REFERENCES registry.person,
    ground         text COLLATE "C" NOT NULL,
    period         daterange NOT NULL,
    note           text,
    restricted_by  text NOT NULL DEFAULT residency.actor(),
    lifted_by      text,
    lift_reason    text,
    recorded_at    timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT restriction_no_overlap EXCLUDE USING gist (person_id WITH =, period WITH &&)
);
COMMENT ON TABLE registry.restriction IS 'Restricted processing (限制处理; 个人信息保护法 Art. 44, 47): the data is kept, shown only to who must see it, and no act but those of list statutory_act is done';
COMMENT ON COLUMN registry.restriction.restriction_id IS 'Key';
COMMENT ON COLUMN registry.restriction.person_id IS 'Person (人员)';
COMMENT ON COLUMN registry.restriction.ground IS 'Why, list restriction_ground (事由)';
COMMENT ON COLUMN registry.restriction.period IS 'From, to (限制期), half-open; open at the end until it is lifted';
COMMENT ON COLUMN registry.restriction.note IS 'In words (备注)';
COMMENT ON COLUMN registry.restriction.restricted_by IS 'Role that entered it (登记角色)';
COMMENT ON COLUMN registry.restriction.lifted_by IS 'Role that lifted it (解除角色)';
COMMENT ON COLUMN registry.restriction.lift_reason IS 'Why (解除理由)';
COMMENT ON COLUMN registry.restriction.recorded_at IS 'When it was entered (登记时间)';
COMMENT ON INDEX registry.restriction_no_overlap IS 'Restrictions of a person, one at a time (同一时段一次限制)';

CREATE TABLE registry.legal_hold (
    legal_hold_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id     bigint NOT NULL REFERENCES registry.person,
    legal_basis   text NOT NULL,
    period        daterange NOT NULL,
    held_by       text NOT NULL DEFAULT residency.actor(),
    released_by   text,
    release_reason text,
    recorded_at   timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT legal_hold_no_overlap EXCLUDE USING gist (person_id WITH =, legal_basis WITH =, period WITH &&)
);
COMMENT ON TABLE registry.legal_hold IS 'Legal holds (法定留存): of these persons nothing is purged, whatever its age';
COMMENT ON COLUMN registry.legal_hold.legal_hold_id IS 'Key';
COMMENT ON COLUMN registry.legal_hold.person_id IS 'Person (人员)';
COMMENT ON COLUMN registry.legal_hold.legal_basis IS 'Order or case that asks for it, in words (依据)';
COMMENT ON COLUMN registry.legal_hold.period IS 'From, to (留存期), half-open; open at the end until it is released';
COMMENT ON COLUMN registry.legal_hold.held_by IS 'Role that entered it (登记角色)';
COMMENT ON COLUMN registry.legal_hold.released_by IS 'Role that released it (解除角色)';
COMMENT ON COLUMN registry.legal_hold.release_reason IS 'Why (解除理由)';
COMMENT ON COLUMN registry.legal_hold.recorded_at IS 'When it was entered (登记时间)';
COMMENT ON INDEX registry.legal_hold_no_overlap IS 'Holds of a person on one basis, one at a time (同一依据同一时段一次留存)';

-- Purge
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

-- Merging
CREATE TABLE registry.person_merge (
    person_merge_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    keep_person_id    bigint NOT NULL REFERENCES registry.person,
    removed_person_id bigint NOT NULL,
    reason            text NOT NULL,
    keep_before       jsonb,
    removed_before    jsonb,
    keep_after        bytea,
    merged_at         timestamptz NOT NULL DEFAULT now(),
    merged_by         text NOT NULL DEFAULT residency.actor(),
    undone_at         timestamptz,
    undone_by         text
);
COMMENT ON TABLE registry.person_merge IS 'Persons who turned out to be one (人员合并), with what an exact undo needs';
COMMENT ON COLUMN registry.person_merge.person_merge_id IS 'Key';
COMMENT ON COLUMN registry.person_merge.keep_person_id IS 'The person who stays (保留人员)';
COMMENT ON COLUMN registry.person_merge.removed_person_id IS 'Key of the one who is gone (并入人员); no person has it unless the merge is undone';
COMMENT ON COLUMN registry.person_merge.reason IS 'Why they are one (合并理由)';
COMMENT ON COLUMN registry.person_merge.keep_before IS 'The one as it was (合并前保留人员); NULL once purged';
COMMENT ON COLUMN registry.person_merge.removed_before IS 'The other as it was (合并前并入人员); NULL once purged';
COMMENT ON COLUMN registry.person_merge.keep_after IS 'SHA-256 of what the one became (合并后摘要)';
COMMENT ON COLUMN registry.person_merge.merged_at IS 'When (合并时间)';
COMMENT ON COLUMN registry.person_merge.merged_by IS 'By which role (合并角色)';
COMMENT ON COLUMN registry.person_merge.undone_at IS 'When it was undone (撤销时间)';
COMMENT ON COLUMN registry.person_merge.undone_by IS 'By which role (撤销角色)';
CREATE INDEX person_merge_keep_idx ON registry.person_merge (keep_person_id);
COMMENT ON INDEX registry.person_merge_keep_idx IS 'Merges into a person';
CREATE UNIQUE INDEX person_merge_removed_key ON registry.person_merge (removed_person_id) WHERE undone_at IS NULL;
COMMENT ON INDEX registry.person_merge_removed_key IS 'Into whom a key that nobody has any more was merged';

CREATE TABLE registry.person_merge_row (
    person_merge_id bigint NOT NULL REFERENCES registry.person_merge,
    table_name      text COLLATE "C" NOT NULL,
    column_name     text COLLATE "C" NOT NULL,
    key             jsonb NOT NULL,
    moved           boolean NOT NULL,
    digest          bytea NOT NULL,
    CONSTRAINT person_merge_row_pkey PRIMARY KEY (person_merge_id, table_name, column_name, key)
);
COMMENT ON TABLE registry.person_merge_row IS 'Records that named the merged person when the merge was done (合并涉及记录): those moved, and those that were theirs before';
COMMENT ON COLUMN registry.person_merge_row.person_merge_id IS 'Merge (合并)';
COMMENT ON COLUMN registry.person_merge_row.table_name IS 'Table (表)';
COMMENT ON COLUMN registry.person_merge_row.column_name IS 'Column that names the person (列)';
COMMENT ON COLUMN registry.person_merge_row.key IS 'Primary key of the row (主键)';
COMMENT ON COLUMN registry.person_merge_row.moved IS 'Whether it named the one who is gone (是否移动)';
COMMENT ON COLUMN registry.person_merge_row.digest IS 'SHA-256 of the row after the merge: an undo finds what was changed since (合并后摘要)';

-- Emergencies
CREATE TABLE registry.emergency (
    emergency_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name         text NOT NULL,
    kind         text COLLATE "C" NOT NULL,
    level        text COLLATE "C",
    division     residency.division_code NOT NULL REFERENCES code.division,
    purpose      text NOT NULL,
    began_at     timestamptz NOT NULL DEFAULT now(),
    began_by     text NOT NULL DEFAULT residency.actor(),
    ends_on      date NOT NULL,
    ended_at     timestamptz,
    ended_by     text,
    end_reason   text
);
COMMENT ON TABLE registry.emergency IS 'Emergencies for which data was taken out of the register (突发事件; 突发事件应对法 (2024) Art. 85)';
COMMENT ON COLUMN registry.emergency.emergency_id IS 'Key';
COMMENT ON COLUMN registry.emergency.name IS 'Name (名称)';
COMMENT ON COLUMN registry.emergency.kind IS 'Kind, list emergency_kind (类型)';
COMMENT ON COLUMN registry.emergency.level IS 'Grade, list emergency_level (分级); NULL: not graded, as social security is by law';
COMMENT ON COLUMN registry.emergency.division IS 'Where (区划): copies hold nobody from outside';
COMMENT ON COLUMN registry.emergency.purpose IS 'What the data is taken for (用途)';
COMMENT ON COLUMN registry.emergency.began_at IS 'When the response began (开始时间)';
COMMENT ON COLUMN registry.emergency.began_by IS 'Role that entered it (登记角色)';
COMMENT ON COLUMN registry.emergency.ends_on IS 'Day up to which it is expected to last, and after which it has ended unless somebody prolongs it (预计期限; Art. 71)';
COMMENT ON COLUMN registry.emergency.ended_at IS 'When it was ended (终止时间)';
COMMENT ON COLUMN registry.emergency.ended_by IS 'Role that ended it (终止角色)';
COMMENT ON COLUMN registry.emergency.end_reason IS 'Why (终止说明)';

CREATE TABLE registry.emergency_copy (
    emergency_copy_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    emergency_id      bigint NOT NULL REFERENCES registry.emergency,
    kind              text COLLATE "C" NOT NULL,
    division          residency.division_code NOT NULL,
    rows              jsonb NOT NULL,
    row_count         integer NOT NULL,
    digest            bytea NOT NULL,
    evidence_for      text,
    taken_at          timestamptz NOT NULL DEFAULT now(),
    taken_by          text NOT NULL DEFAULT residency.actor()
);
COMMENT ON TABLE registry.emergency_copy IS 'Data taken for an emergency (应急数据副本): destroyed when it has ended, ledger.destruction says so';
COMMENT ON COLUMN registry.emergency_copy.emergency_copy_id IS 'Key';
COMMENT ON COLUMN registry.emergency_copy.emergency_id IS 'Emergency (突发事件)';
COMMENT ON COLUMN registry.emergency_copy.kind IS 'What, list emergency_copy_kind (内容)';
COMMENT ON COLUMN registry.emergency_copy.division IS 'Of which division (区划)';
COMMENT ON COLUMN registry.emergency_copy.rows IS 'The data, an array of objects (数据)';
COMMENT ON COLUMN registry.emergency_copy.row_count IS 'How many (行数)';
COMMENT ON COLUMN registry.emergency_copy.digest IS 'SHA-256 of rows as text (摘要)';
COMMENT ON COLUMN registry.emergency_copy.evidence_for IS 'Case for which it has to be kept as evidence (留作证据的案件); NULL: it is destroyed';
COMMENT ON COLUMN registry.emergency_copy.taken_at IS 'When (提取时间)';
COMMENT ON COLUMN registry.emergency_copy.taken_by IS 'By which role (提取角色)';
CREATE INDEX emergency_copy_emergency_id_idx ON registry.emergency_copy (emergency_id);
COMMENT ON INDEX registry.emergency_copy_emergency_id_idx IS 'Copies of an emergency';

CREATE TABLE ledger.destruction (
    emergency_copy_id bigint PRIMARY KEY,
    emergency_id      bigint NOT NULL REFERENCES registry.emergency,
    kind              text COLLATE "C" NOT NULL,
    division          residency.division_code NOT NULL,
    row_count         integer NOT NULL,
    digest            bytea NOT NULL,
    taken_at          timestamptz NOT NULL,
    taken_by          text NOT NULL,
    destroyed_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    destroyed_by      text NOT NULL DEFAULT residency.actor(),
    legal_basis       text NOT NULL
);
COMMENT ON TABLE ledger.destruction IS 'Certificates of destruction (销毁证明): which copy, how much, its digest, never the data';
COMMENT ON COLUMN ledger.destruction.emergency_copy_id IS 'Key of the copy that is gone (副本)';
COMMENT ON COLUMN ledger.destruction.emergency_id IS 'Emergency (突发事件)';
COMMENT ON COLUMN ledger.destruction.kind IS 'What, list emergency_copy_kind (内容)';
COMMENT ON COLUMN ledger.destruction.division IS 'Of which division (区划)';
COMMENT ON COLUMN ledger.destruction.row_count IS 'How many rows (行数)';
COMMENT ON COLUMN ledger.destruction.digest IS 'SHA-256 of what was destroyed, computed just before (摘要)';
COMMENT ON COLUMN ledger.destruction.taken_at IS 'When it had been taken (提取时间)';
COMMENT ON COLUMN ledger.destruction.taken_by IS 'By which role (提取角色)';
COMMENT ON COLUMN ledger.destruction.destroyed_at IS 'When it was destroyed (销毁时间)';
COMMENT ON COLUMN ledger.destruction.destroyed_by IS 'By which role (销毁角色)';
COMMENT ON COLUMN ledger.destruction.legal_basis IS 'Why (销毁依据)';

-- What is decided stays.
CREATE TRIGGER correction_guard BEFORE INSERT OR UPDATE ON registry.correction
    FOR EACH ROW EXECUTE FUNCTION residency.correction_guard();
CREATE TRIGGER restriction_guard BEFORE INSERT OR UPDATE ON registry.restriction
    FOR EACH ROW EXECUTE FUNCTION residency.restriction_guard();
CREATE TRIGGER legal_hold_guard BEFORE INSERT OR UPDATE ON registry.legal_hold
    FOR EACH ROW EXECUTE FUNCTION residency.legal_hold_guard();
CREATE TRIGGER emergency_guard BEFORE INSERT OR UPDATE ON registry.emergency
    FOR EACH ROW EXECUTE FUNCTION residency.emergency_guard();
CREATE TRIGGER emergency_copy_guard BEFORE INSERT OR UPDATE ON registry.emergency_copy
    FOR EACH ROW EXECUTE FUNCTION residency.emergency_copy_guard();
DO $$
DECLARE
    kept text;
BEGIN
    FOREACH kept IN ARRAY '{registry.correction,registry.restriction,registry.legal_hold,registry.person_merge,registry.person_merge_row,registry.emergency,registry.emergency_copy}'::text[] LOOP
        EXECUTE format('CREATE TRIGGER %1$s_keep BEFORE DELETE OR TRUNCATE ON %2$s
                            FOR EACH STATEMENT EXECUTE FUNCTION residency.refuse_change(''RG350'')', split_part(kept, '.', 2), kept);
    END LOOP;
    FOREACH kept IN ARRAY '{registry.person_merge,registry.person_merge_row}'::text[] LOOP
        EXECUTE format('CREATE TRIGGER %1$s_frozen BEFORE UPDATE ON %2$s
                            FOR EACH STATEMENT EXECUTE FUNCTION residency.refuse_change(''RG350'')', split_part(kept, '.', 2), kept);
    END LOOP;
    EXECUTE 'CREATE TRIGGER purge_frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.purge
                 FOR EACH STATEMENT EXECUTE FUNCTION residency.refuse_change(''RG350'')';
    EXECUTE 'CREATE TRIGGER destruction_frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.destruction
                 FOR EACH STATEMENT EXECUTE FUNCTION residency.refuse_change(''RG350'')';
END $$;

INSERT INTO policy.rule (key, value_type, unit, governs, governs_zh, counts_on) VALUES
('correction_decision', 'term', NULL, 'How long the register has to decide on a correction', '个人信息更正办理期限', 'day of the request'),
('retention_person', 'interval', NULL, 'How long a person is kept after everything that links them to the place has ended; NULL: no limit', '离开人员信息保存期限', 'day of the run'),
('retention_application', 'interval', NULL, 'How long the materials of an application are kept that came to nothing', '未获批准申请材料保存期限', 'day of the run'),
('retention_visit', 'interval', NULL, 'How long photos, tracks, places and notes of visits are kept', '走访照片轨迹保存期限', 'day of the run'),
('retention_contact', 'interval', NULL, 'How long attempts to reach a resident are kept after the residence has ended', '联系记录保存期限', 'day of the run'),
('retention_observation', 'interval', NULL, 'How long observations of a residence are kept after it has ended', '人员观察记录保存期限', 'day of the run'),
('retention_credential', 'interval', NULL, 'How long the bearer of an access credential is kept after it has ended', '门禁凭证保存期限', 'day of the run'),
('retention_presence_decision', 'interval', NULL, 'How long decisions on presence candidates are kept', '在住线索处理保存期限', 'day of the run'),
('retention_department_list', 'interval', NULL, 'How long numbers of unknown people on lists of departments are kept', '部门名单号码保存期限', 'day of the run'),
('retention_spot_check', 'interval', NULL, 'How long numbers of unknown people found in spot checks are kept', '抽查发现号码保存期限', 'day of the run'),
('retention_emergency_copy', 'interval', NULL, 'How long a copy for an emergency is kept after its end', '应急数据副本保存期限', 'day of the run'),
('deletion_minor_age', 'integer', 'years', 'Below this age data is deleted when the guardian asks for it, though its time has not come', '应监护人请求删除的年龄上限', 'day of the request')
ON CONFLICT DO NOTHING;
INSERT INTO policy.setting (key, division, period, value, legal_basis) VALUES
('correction_decision', NULL, '[1949-10-01,)', '15 working days', '个人信息保护法 Art. 46 says "in time"; the number is the register''s own, from practice; uncertain'),
('retention_person', NULL, '[1949-10-01,)', NULL, 'No limit until the owner of the data has decided (个人信息保护法 Art. 19): 2 to 5 years are in use'),
('retention_application', NULL, '[1949-10-01,)', NULL, 'No limit until the owner of the data has decided (个人信息保护法 Art. 19)'),
('retention_visit', NULL, '[1949-10-01,)', NULL, 'No limit until the owner of the data has decided (个人信息保护法 Art. 19)'),
('retention_contact', NULL, '[1949-10-01,)', NULL, 'No limit until the owner of the data has decided (个人信息保护法 Art. 19)'),
('retention_observation', NULL, '[1949-10-01,)', NULL, 'No limit until the owner of the data has decided (个人信息保护法 Art. 19)'),
('retention_credential', NULL, '[1949-10-01,)', NULL, 'No limit until the owner of the data has decided (个人信息保护法 Art. 19)'),
('retention_presence_decision', NULL, '[1949-10-01,)', NULL, 'No limit until the owner of the data has decided (个人信息保护法 Art. 19)'),
('retention_department_list', NULL, '[1949-10-01,)', NULL, 'No limit until the owner of the data has decided (个人信息保护法 Art. 19)'),
('retention_spot_check', NULL, '[1949-10-01,)', NULL, 'No limit until the owner of the data has decided (个人信息保护法 Art. 19)'),
('retention_emergency_copy', NULL, '[1949-10-01,)', '0 days', '突发事件应对法 (2024) Art. 85: destroyed when the response has ended'),
('deletion_minor_age', NULL, '[1949-10-01,)', '14', '个人信息保护法 Art. 28, 31; 未成年人保护法 Art. 72');
INSERT INTO policy.test_case (key, division, "on", expected, why) VALUES
('correction_decision', '460105', '2024-05-01', '15 working days', 'the register''s own'),
('retention_person', '460105', '2024-05-01', NULL, 'nothing goes before somebody has decided'),
('retention_application', '460105', '2024-05-01', NULL, 'nothing goes before somebody has decided'),
('retention_visit', '460105', '2024-05-01', NULL, 'nothing goes before somebody has decided'),
('retention_contact', '460105', '2024-05-01', NULL, 'nothing goes before somebody has decided'),
('retention_observation', '460105', '2024-05-01', NULL, 'nothing goes before somebody has decided'),
('retention_credential', '460105', '2024-05-01', NULL, 'nothing goes before somebody has decided'),
('retention_presence_decision', '460105', '2024-05-01', NULL, 'nothing goes before somebody has decided'),
('retention_department_list', '460105', '2024-05-01', NULL, 'nothing goes before somebody has decided'),
('retention_spot_check', '460105', '2024-05-01', NULL, 'nothing goes before somebody has decided'),
('retention_emergency_copy', '460105', '2024-11-01', '0 days', '突发事件应对法 (2024) Art. 85'),
('deletion_minor_age', '460105', '2024-05-01', '14', '个人信息保护法 Art. 28, 31');

INSERT INTO code.error (code, message, message_zh, detail, detail_zh, hint, hint_zh, legal_basis, constraint_name) VALUES
('RG350', 'the record of a right stays as it is', '权利行使记录不得更改或删除',
          'Table %s.', '表 %s。',
          'What was asked for, decided, merged, purged or destroyed stays on record; use the acts of the api.', '申请、决定、合并、清除、销毁均须留痕,请使用相应接口办理。', '个人信息保护法 Art. 54', NULL),
('RG351', 'this is nothing that can be corrected so', '不属于可更正项目或没有变化',
          'Person %s, items: %s.', '人员 %s,项目:%s。',
          'Give items of list correction_item with their right values, other than the register has; other records are voided and entered anew.', '请填写代码表 correction_item 中的项目及其正确内容;其他记录请作废后重新登记。', '个人信息保护法 Art. 46', NULL),
('RG352', 'this has been decided already', '该申请已作出决定',
          'Correction %s is %s.', '更正申请 %s 状态为 %s。',
          'Ask for another correction: api.correct_person().', '请另行提出更正申请。', NULL, NULL),
('RG353', 'a refusal needs its reason', '不予更正须说明理由',
          'Correction %s.', '更正申请 %s。',
          'Say why in reason, one line of up to 200 characters: the person has a right to be told.', '请填写理由,一行不超过200字,并告知申请人。', '个人信息保护法 Art. 50', NULL),
('RG354', 'the act is not for this person''s data now', '该人员信息处于限制处理状态',
          'Person %s is restricted since %s; the act is %s.', '人员 %s 自 %s 起限制处理,拟办事项 %s。',
          'Acts of list statutory_act go on; api.lift_restriction() ends the restriction.', '代码表 statutory_act 中的法定事项可继续办理;解除限制后可办理其他事项。', '个人信息保护法 Art. 44, 47', NULL),
('RG355', 'this holds for the person in that time already', '该时段已有同类记录',
          'Table %s, record %s.', '表 %s,记录 %s。',
          'End that one first.', '请先终止原记录。', NULL, 'restriction_no_overlap'),
('RG356', 'this has ended, or ends before it begins', '该记录已终止或期间有误',
          'Table %s, record %s, %s.', '表 %s,记录 %s,%s。',
          'What has ended stays so; enter a new one.', '已终止的不再变更,请另行登记。', NULL, NULL),
('RG357', 'nobody knows any more who this person is', '该人员信息已去标识化',
          'Person %s was made unknown on %s.', '人员 %s 已于 %s 去标识化。',
          'The data was purged when its time had come. Register the person anew: api.register_person().', '保存期满已清除,请重新登记人员。', '个人信息保护法 Art. 47', NULL),
('RG358', 'a legal hold keeps this', '处于法定留存期,不得删除',
          'Person %s is held, legal_hold %s.', '人员 %s 有法定留存记录 %s。',
          'Release the hold first, where its ground has gone: api.release_hold().', '留存事由消失后,请先解除留存。', '个人信息保护法 Art. 47', NULL),
('RG359', 'this is not deleted on request now', '目前不能应请求删除',
          'Person %s: %s.', '人员 %s:%s。',
          'Data of who is younger than policy deletion_minor_age is deleted when the guardian asks, once nothing links them to the place: end that first. Otherwise ask for a restriction.', '未满规定年龄且已无在办、在住登记的,可应监护人请求删除;其他情形可申请限制处理。', '个人信息保护法 Art. 31, 47; 未成年人保护法 Art. 72', NULL),
('RG360', 'these two cannot become one yet', '两人暂不能合并',
          'Persons %s and %s: %s.', '人员 %s 与 %s:%s。',
          'Each entry is a conflict of list merge_conflict with the records in the way; correct, end or void one of them.', '请先更正、终止或作废冲突记录(代码表 merge_conflict)。', '个人信息保护法 Art. 8', NULL),
('RG361', 'a merge has two persons', '合并须为两名不同人员',
          'Both are %s.', '均为 %s。',
          'Give the person who stays and the one who is the same.', '请填写保留人员和并入人员。', NULL, NULL),
('RG362', 'the merge cannot be undone: something has happened since', '合并后已发生变更,不能撤销',
          'Merge %s: %s.', '合并 %s:%s。',
          'These records are new or have changed since the merge. Void or move them by hand, or enter the second person anew.', '所列记录为合并后新增或变更,请先人工处理,或重新登记第二人。', NULL, NULL),
('RG363', 'this merge has been undone, or its data is purged', '该合并已撤销或数据已清除',
          'Merge %s.', '合并 %s。',
          'Nothing is left to undo.', '没有可撤销的内容。', NULL, NULL),
('RG364', 'the emergency has ended', '突发事件已终止',
          'Emergency %s ended on %s.', '突发事件 %s 已于 %s 终止。',
          'No data is taken for it any more; what was taken is destroyed.', '不得再提取数据,已提取的应当销毁。', '突发事件应对法 (2024) Art. 85', NULL),
('RG365', 'the copy goes beyond the emergency', '提取范围超出突发事件区划',
          'Emergency %s is in %s, asked for is %s.', '突发事件 %s 区划为 %s,申请提取 %s。',
          'Take what lies in its division.', '请在事件所在区划内提取。', '突发事件应对法 (2024) Art. 85; 个人信息保护法 Art. 6', NULL),
('RG366', 'an event of social security has no grade', '社会安全事件不分级',
          'Kind %s, level %s.', '类型 %s,分级 %s。',
          'Leave level out.', '请勿填写分级。', '突发事件应对法 (2024) Art. 3', NULL),
('RG367', 'nobody is registered under your account', '您的账户未关联人员',
          'Account %s.', '账户 %s。',
          'The window enters it in registry.operator.', '请到窗口办理账户关联。', '个人信息保护法 Art. 45', NULL),
('RG368', 'a purge sees what is so now, or does not run', '清除须在读已提交隔离级别下进行',
          'The transaction is %s.', '当前事务隔离级别为 %s。',
          'SET default_transaction_isolation = ''read committed'' for the role that runs residency.run_due() and residency.purge_due().', '请将执行到期任务的角色设为读已提交隔离级别。', NULL, NULL)
ON CONFLICT DO NOTHING;

SELECT residency.join_node();
