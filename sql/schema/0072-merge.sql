-- Two persons who are one: merging and its undo.

INSERT INTO code.list (list, name, name_en, source, confidence, note) VALUES
('duplicate_reason', '疑似重复依据', 'why two persons may be one', 'house', 'design', NULL),
('merge_conflict', '合并冲突', 'what stands in the way of merging two persons', 'house', 'design', NULL)
ON CONFLICT DO NOTHING;

INSERT INTO code.value (list, code, name, name_en, sort, confidence) VALUES
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
('merge_conflict', 'investigation',     '存疑调查未结', 'the one who goes is under investigation', 17, 'design'),
('merge_conflict', 'operator',          '两个本人账号', 'both have an account of their own', 18, 'design')
ON CONFLICT DO NOTHING;

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
CREATE TRIGGER person_merge_keep BEFORE DELETE OR TRUNCATE ON registry.person_merge
    FOR EACH STATEMENT EXECUTE FUNCTION residency.refuse_change('RG350');
CREATE TRIGGER person_merge_frozen BEFORE UPDATE ON registry.person_merge
    FOR EACH STATEMENT EXECUTE FUNCTION residency.refuse_change('RG350');
CREATE TRIGGER person_merge_row_keep BEFORE DELETE OR TRUNCATE ON registry.person_merge_row
    FOR EACH STATEMENT EXECUTE FUNCTION residency.refuse_change('RG350');
CREATE TRIGGER person_merge_row_frozen BEFORE UPDATE ON registry.person_merge_row
    FOR EACH STATEMENT EXECUTE FUNCTION residency.refuse_change('RG350');

INSERT INTO code.error (code, message, message_zh, detail, detail_zh, hint, hint_zh, legal_basis, constraint_name) VALUES
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
          'Nothing is left to undo.', '没有可撤销的内容。', NULL, NULL)
ON CONFLICT DO NOTHING;

SELECT residency.join_node();
