-- Restricted processing.

INSERT INTO code.list (list, name, name_en, source, confidence, note) VALUES
('restriction_ground', '限制处理事由', 'why the processing of somebody''s data is restricted', 'pipl', 'design', '个人信息保护法 Art. 44, 46, 47: kept and protected, and otherwise not processed'),
('restriction_reader', '限制处理数据可查看角色', 'roles that are shown restricted data', 'house', 'design', 'Names of database roles; a site decides'),
('statutory_act', '限制期间法定事项', 'acts that a restriction does not stop', 'house', 'design', 'Names of acts of the api; sites may add their own')
ON CONFLICT DO NOTHING;

INSERT INTO code.value (list, code, name, name_en, sort, confidence) VALUES
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
('statutory_act', 'release_hold',       '解除留存', 'a legal hold ends', 12, 'design')
ON CONFLICT DO NOTHING;

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
CREATE TRIGGER restriction_guard BEFORE INSERT OR UPDATE ON registry.restriction
    FOR EACH ROW EXECUTE FUNCTION residency.restriction_guard();
CREATE TRIGGER restriction_keep BEFORE DELETE OR TRUNCATE ON registry.restriction
    FOR EACH STATEMENT EXECUTE FUNCTION residency.refuse_change('RG350');

INSERT INTO code.error (code, message, message_zh, detail, detail_zh, hint, hint_zh, legal_basis, constraint_name) VALUES
('RG354', 'the act is not for this person''s data now', '该人员信息处于限制处理状态',
          'Person %s is restricted since %s; the act is %s.', '人员 %s 自 %s 起限制处理,拟办事项 %s。',
          'Acts of list statutory_act go on; api.lift_restriction() ends the restriction.', '代码表 statutory_act 中的法定事项可继续办理;解除限制后可办理其他事项。', '个人信息保护法 Art. 44, 47', NULL),
('RG355', 'this holds for the person in that time already', '该时段已有同类记录',
          'Table %s, record %s.', '表 %s,记录 %s。',
          'End that one first.', '请先终止原记录。', NULL, 'restriction_no_overlap'),
('RG356', 'this has ended, or ends before it begins', '该记录已终止或期间有误',
          'Table %s, record %s, %s.', '表 %s,记录 %s,%s。',
          'What has ended stays so; enter a new one.', '已终止的不再变更,请另行登记。', NULL, NULL)
ON CONFLICT DO NOTHING;

SELECT residency.join_node();
