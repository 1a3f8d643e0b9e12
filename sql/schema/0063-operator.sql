-- Who may: group roles, operators, and where each of them acts.

SELECT residency.make_group_roles();

INSERT INTO code.list (list, name, name_en, source, confidence, note) VALUES
('operator_role', '岗位角色', 'what an operator is in a division', 'house', 'design',
 'The group role residency_<code> of the database has the privileges; who looks at persons and who counts or audits them are different accounts')
ON CONFLICT DO NOTHING;
INSERT INTO code.value (list, code, name, name_en, sort, confidence) VALUES
('operator_role', 'collector', '网格采集员', 'collector', 1, 'design'),
('operator_role', 'clerk',     '窗口经办', 'clerk', 2, 'design'),
('operator_role', 'police',    '派出所民警', 'police', 3, 'design'),
('operator_role', 'manager',   '主管', 'manager', 4, 'design'),
('operator_role', 'agency',    '部门查询', 'agency', 5, 'design'),
('operator_role', 'analyst',   '统计分析', 'analyst', 6, 'design'),
('operator_role', 'kiosk',     '自助终端', 'kiosk', 7, 'design')
ON CONFLICT DO NOTHING;

INSERT INTO code.error (code, message, message_zh, detail, detail_zh, hint, hint_zh, legal_basis, constraint_name) VALUES
('RG330', 'this is not yours to look at or to change', '超出管辖范围',
          '%s: nothing of that is in the divisions where %s acts today.', '%s:不在 %s 当前管辖区划内。',
          'Check the number. If it is right, the office that it belongs to has to act, or a manager extends your divisions: api.grant_scope().',
          '请核对编号;如无误,请由所属机关办理,或由主管用 api.grant_scope() 扩大管辖范围。', '个人信息保护法 Art. 6, 34', NULL),
('RG331', 'there is no such account', '账号不存在',
          'No role of the database is called %s.', '数据库中没有名为 %s 的角色。',
          'A superuser makes it first: CREATE ROLE, and GRANT residency_<role> TO it.', '请先由超级用户 CREATE ROLE 并授予 residency_<岗位>。', NULL, NULL),
('RG332', 'this account sees everything', '该账号不受管辖范围限制',
          '%s is a superuser, bypasses row security or owns the register.', '%s 为超级用户、可绕过行级安全或为登记库所有者。',
          'Who operates the register has an account of their own without these attributes.', '经办人员应使用不具备上述属性的专用账号。', 'GB/T 22239-2019', NULL),
('RG333', 'only a manager of the division grants that', '须由该区划的主管授权',
          '%s is not manager of division %s, or not above it, today.', '%s 当前不是区划 %s 的主管,或不在其上级。',
          'A manager grants within the own divisions, and managers beneath them only. Ask the manager above, or the owner of the register.',
          '主管只能在本区划内授权,且只能任命下级主管。请联系上级主管或登记库所有者。', NULL, NULL),
('RG334', 'nobody grants to themselves', '不得为本人授权',
          'Account %s is the one that acts.', '账号 %s 即为当前操作人。',
          'Another manager has to do it.', '请由其他主管办理。', 'GB/T 22239-2019', NULL),
('RG335', 'one account can''t be both', '同一账号不得兼任',
          'Account %s already acts as %s, which excludes %s.', '账号 %s 已为 %s,不得兼任 %s。',
          'Who takes, who decides on it, who counts, a machine and a person who acts for themselves are different accounts: register another operator.',
          '受理、审批、统计、自助终端与本人账号须分设,请另行登记操作人。', 'GB/T 22239-2019', NULL),
('RG336', 'there is no such operator or grant', '没有此操作人或授权',
          'Nothing has the number %s.', '没有编号为 %s 的记录。',
          'Look it up in api.operator and api.operator_scope.', '请在 api.operator、api.operator_scope 中查询。', NULL, NULL),
('RG337', 'the operator has this already', '授权重复',
          'Operator %s is %s in division %s during a part of that time.', '操作人 %s 在此期间已为 %s(区划 %s)。',
          'End the grant that is there first: api.end_scope().', '请先用 api.end_scope() 终止现有授权。', NULL, 'operator_scope_no_overlap'),
('RG338', 'a person acts here for themselves alone', '仅限本人办理',
          NULL, NULL,
          'Give no person or the own one. Who acts for others goes to an office.', '请勿填写他人。代他人办理请到窗口。', NULL, NULL),
('RG339', 'a grant is ended, not rewritten', '授权不得改写',
          'Grant %s stands as it was given.', '授权 %s 以原记录为准。',
          'End it with api.end_scope(), and grant anew.', '请用 api.end_scope() 终止后重新授权。', NULL, NULL)
ON CONFLICT DO NOTHING;

CREATE TABLE registry.operator (
    operator_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account     text COLLATE "C" NOT NULL CONSTRAINT operator_account_key UNIQUE,
    name        text NOT NULL,
    office      text,
    person_id   bigint CONSTRAINT operator_person_id_key UNIQUE REFERENCES registry.person,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    recorded_by text NOT NULL DEFAULT residency.actor()
);
COMMENT ON TABLE registry.operator IS 'Who works with the register (操作人): a role of the database, and whose it is';
COMMENT ON COLUMN registry.operator.operator_id IS 'Key';
COMMENT ON COLUMN registry.operator.account IS 'Name of the database role (数据库账号): the one that logs in or, behind a pool, is set by SET ROLE';
COMMENT ON COLUMN registry.operator.name IS 'Name of the operator, of the machine (操作人姓名)';
COMMENT ON COLUMN registry.operator.office IS 'Office (所属机构)';
COMMENT ON COLUMN registry.operator.person_id IS 'The person who acts here for themselves alone (本人); NULL: an office';
COMMENT ON COLUMN registry.operator.recorded_at IS 'When it was entered';
COMMENT ON COLUMN registry.operator.recorded_by IS 'Role that entered it (登记人)';

CREATE TABLE registry.operator_scope (
    operator_scope_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    operator_id       bigint NOT NULL REFERENCES registry.operator,
    division          residency.division_code NOT NULL REFERENCES code.division,
    role              text COLLATE "C" NOT NULL,
    period            daterange NOT NULL CHECK (NOT isempty(period)),
    granted_at        timestamptz NOT NULL DEFAULT now(),
    granted_by        text NOT NULL DEFAULT residency.actor(),
    CONSTRAINT operator_scope_no_overlap
        EXCLUDE USING gist (operator_id WITH =, (division::bigint) WITH =, role WITH =, period WITH &&)
);
COMMENT ON TABLE registry.operator_scope IS 'Where an operator acts, as what, and when (管辖范围): a division with all beneath';
COMMENT ON COLUMN registry.operator_scope.operator_scope_id IS 'Key';
COMMENT ON COLUMN registry.operator_scope.operator_id IS 'Whose (操作人)';
COMMENT ON COLUMN registry.operator_scope.division IS 'Division, with all beneath it (管辖区划)';
COMMENT ON COLUMN registry.operator_scope.role IS 'As what, list operator_role (岗位角色)';
COMMENT ON COLUMN registry.operator_scope.period IS 'From the first day up to but not including the last, days in China (有效期)';
COMMENT ON COLUMN registry.operator_scope.granted_at IS 'When it was granted';
COMMENT ON COLUMN registry.operator_scope.granted_by IS 'Role that granted it (授权人)';
COMMENT ON INDEX registry.operator_scope_no_overlap IS 'One grant of a role in a division at a time; grants of an operator';

CREATE TRIGGER operator_guard BEFORE INSERT OR UPDATE ON registry.operator
    FOR EACH ROW EXECUTE FUNCTION residency.operator_guard();
CREATE TRIGGER operator_scope_guard BEFORE INSERT OR UPDATE ON registry.operator_scope
    FOR EACH ROW EXECUTE FUNCTION residency.operator_scope_guard();

-- sessions keep a copy of both, as 0009-cache.sql does it
DO $$
DECLARE
    cached regclass;
BEGIN
    FOREACH cached IN ARRAY '{registry.operator, registry.operator_scope}'::regclass[] LOOP
        EXECUTE format(
            'CREATE TRIGGER forget_before BEFORE INSERT OR UPDATE OR DELETE ON %1$s
                 FOR EACH STATEMENT EXECUTE FUNCTION residency.forget();
             CREATE TRIGGER forget_after AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON %1$s
                 FOR EACH STATEMENT EXECUTE FUNCTION residency.forget();
             CREATE TRIGGER forget_replicated AFTER INSERT OR UPDATE OR DELETE ON %1$s
                 FOR EACH ROW EXECUTE FUNCTION residency.forget();
             ALTER TABLE %1$s ENABLE ALWAYS TRIGGER forget_before;
             ALTER TABLE %1$s ENABLE ALWAYS TRIGGER forget_after;
             ALTER TABLE %1$s ENABLE REPLICA TRIGGER forget_replicated;', cached);
    END LOOP;
END $$;

SELECT residency.join_node();
