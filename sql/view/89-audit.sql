-- What an auditor looks at: who may and who asked for what, without what was answered.

CREATE OR REPLACE VIEW ledger.operator_grant AS
SELECT s.operator_scope_id, o.operator_id, o.account, o.office, s.division::text AS division, s.role,
       lower(s.period) AS valid_from, upper(s.period) AS valid_to, s.granted_at, s.granted_by,
       EXISTS (SELECT FROM pg_roles r WHERE r.rolname = o.account AND pg_has_role(r.oid, g.oid, 'MEMBER')) AS is_member
FROM registry.operator_scope s
JOIN registry.operator o USING (operator_id)
LEFT JOIN pg_roles g ON g.rolname = 'residency_' || s.role;
COMMENT ON VIEW ledger.operator_grant IS 'Who acts where, for auditors (授权台账): every grant of every division';
COMMENT ON COLUMN ledger.operator_grant.operator_scope_id IS 'Key of the grant (授权编号)';
COMMENT ON COLUMN ledger.operator_grant.operator_id IS 'Key of the operator (操作人编号)';
COMMENT ON COLUMN ledger.operator_grant.account IS 'Role of the database (数据库账号)';
COMMENT ON COLUMN ledger.operator_grant.office IS 'Office (所属机构)';
COMMENT ON COLUMN ledger.operator_grant.division IS 'Division, with all beneath (管辖区划)';
COMMENT ON COLUMN ledger.operator_grant.role IS 'As what, list operator_role (岗位代码)';
COMMENT ON COLUMN ledger.operator_grant.valid_from IS 'First day (起始日期)';
COMMENT ON COLUMN ledger.operator_grant.valid_to IS 'Day from which it no longer holds (终止日期), NULL: open';
COMMENT ON COLUMN ledger.operator_grant.granted_at IS 'When it was granted (授权时间)';
COMMENT ON COLUMN ledger.operator_grant.granted_by IS 'Who granted it (授权人)';
COMMENT ON COLUMN ledger.operator_grant.is_member IS 'Whether the account is a member of the group role that has the privileges (是否已授予岗位角色)';

CREATE OR REPLACE VIEW ledger.request_log AS
SELECT r.request_id, r.act, r.requested_at, r.requested_by FROM ledger.request r;
COMMENT ON VIEW ledger.request_log IS 'Requests that were carried out, for auditors (请求日志): who asked for which act and when, not what was answered';
COMMENT ON COLUMN ledger.request_log.request_id IS 'Number that the client gave the request (请求编号)';
COMMENT ON COLUMN ledger.request_log.act IS 'Act of the api (操作)';
COMMENT ON COLUMN ledger.request_log.requested_at IS 'When (请求时间)';
COMMENT ON COLUMN ledger.request_log.requested_by IS 'Who (请求角色)';

CREATE OR REPLACE FUNCTION ledger.migrate_step()
    RETURNS text
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        taken CONSTANT text := take_next_step();
    BEGIN
        IF taken IS NULL THEN
            PERFORM grant_roles();
        END IF;
        RETURN taken;
    END $$;
COMMENT ON FUNCTION ledger.migrate_step() IS
    'Takes the next pending step as the owner of the register, for residency_dba (代所有者执行迁移步骤): the steps are those that the installed extension brings, so who runs them sees no data. Again until it answers NULL. Steps outside a transaction and the first migrate() are the owner''s own';
