-- Rights of the person: which data is whose.

INSERT INTO code.source (source, name, standard, edition, published, licence, origin) VALUES
('pipl', '个人信息保护法', NULL, '2021', '2021-08-20', 'fact', 'Art. 28, 31, 44-50: rights of the person')
ON CONFLICT DO NOTHING;

INSERT INTO code.list (list, name, name_en, source, confidence, note) VALUES
('person_role', '人员在记录中的身份', 'what a person is to a record', 'house', 'design', NULL),
('requester', '申请人身份', 'who asks for something on behalf of a person', 'house', 'design', NULL)
ON CONFLICT DO NOTHING;

INSERT INTO code.value (list, code, name, name_en, sort, confidence) VALUES
('person_role', 'subject', '本人', 'the record is about the person', 1, 'design'),
('person_role', 'party',   '相关方', 'the person is a party to somebody else''s record', 2, 'design'),
('person_role', 'staff',   '工作人员', 'the person acted as staff', 3, 'design'),
('requester', 'self',     '本人', 'the person', 1, 'design'),
('requester', 'guardian', '监护人', 'the guardian', 2, 'design'),
('requester', 'agent',    '受托人', 'somebody whom the person has authorised', 3, 'design'),
('requester', 'heir',     '近亲属', 'close relative of somebody deceased', 4, 'source'),
('requester', 'officer',  '登记机关', 'the register itself', 5, 'design')
ON CONFLICT DO NOTHING;

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

INSERT INTO code.error (code, message, message_zh, detail, detail_zh, hint, hint_zh, legal_basis, constraint_name) VALUES
('RG367', 'somebody else decides on this', '须由他人办理',
          '%s %s was entered by the same account.', '%s %s 由同一账号登记。',
          'Four eyes: an account of another person decides, lifts or releases.', '实行双人办理,请由其他人员决定或解除。', '个人信息保护法 Art. 51', NULL),
('RG369', 'the copy holds what this account is not shown', '副本含有该账号无权查看明文的信息',
          'Account %s does not see plain: %s.', '账号 %s 不得查看明文:%s。',
          'A copy for the person is handed out by who sees all of it: policy.plain_data.', '请由可查看全部明文的人员(policy.plain_data)出具副本。', '个人信息保护法 Art. 45, 51', NULL)
ON CONFLICT DO NOTHING;
