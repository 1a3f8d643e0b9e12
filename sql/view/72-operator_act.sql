-- The acts on operators: who becomes one, where they act and until when.

CREATE OR REPLACE FUNCTION registry.register_operator(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        operator bigint;
    BEGIN
        PERFORM registry.require_argument(act, arguments, 'account');
        PERFORM registry.require_argument(act, arguments, 'name');
        INSERT INTO registry.operator (account, name, office, person_id)
        VALUES (arguments ->> 'account', arguments ->> 'name', arguments ->> 'office', (arguments ->> 'person_id')::bigint)
        RETURNING operator_id INTO operator;
        RETURN registry.act_answer(act, operator);
    END $$;
COMMENT ON FUNCTION registry.register_operator(text, jsonb) IS 'The act behind api.register_operator() (操作人登记)';

CREATE OR REPLACE FUNCTION registry.check_granter(operator bigint, division division_code, role text)
    RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        account text;
    BEGIN
        SELECT o.account INTO account FROM registry.operator o WHERE o.operator_id = operator;
        IF NOT FOUND THEN
            PERFORM refuse('RG336', ARRAY[operator::text], 'registry.operator', 'operator_id');
        ELSIF account = actor() THEN
            PERFORM refuse('RG334', ARRAY[account], 'registry.operator_scope', 'operator_id');
        ELSIF NOT acts_in(NULL) AND NOT EXISTS (
                SELECT FROM registry.operator_scope s JOIN registry.operator o USING (operator_id)
                WHERE o.account = actor() AND s.role = 'manager' AND s.period @> today() AND check_granter.division <@ s.division
                  -- managers are made from above
                  AND (check_granter.role <> 'manager' OR check_granter.division <> s.division)) THEN
            PERFORM refuse('RG333', ARRAY[actor(), division::text], 'registry.operator_scope', 'division');
        END IF;
    END $$;
COMMENT ON FUNCTION registry.check_granter(bigint, division_code, text) IS
    'Whether who acts may grant a role in a division to an operator, or end it (授权人校验): the owner of the register, or a manager of that division, of one above it for managers, and nobody for themselves. RG333, RG334, RG336';

CREATE OR REPLACE FUNCTION registry.grant_scope(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        entry registry.operator_scope := jsonb_populate_record(NULL::registry.operator_scope, arguments);
        known text;
    BEGIN
        PERFORM registry.require_argument(act, arguments, 'operator_id');
        PERFORM registry.require_argument(act, arguments, 'division');
        PERFORM registry.require_argument(act, arguments, 'role');
        PERFORM registry.check_granter(entry.operator_id, entry.division, entry.role);
        entry.period := daterange(COALESCE((arguments ->> 'valid_from')::date, today()), (arguments ->> 'valid_to')::date);
        SELECT s.role INTO known FROM registry.operator_scope s
        WHERE s.operator_id = entry.operator_id AND s.division = entry.division AND s.role = entry.role AND s.period && entry.period;
        IF FOUND THEN
            PERFORM refuse('RG337', ARRAY[entry.operator_id::text, known, entry.division::text], 'registry.operator_scope', 'period');
        END IF;
        INSERT INTO registry.operator_scope (operator_id, division, role, period)
        VALUES (entry.operator_id, entry.division, entry.role, entry.period)
        RETURNING operator_scope_id INTO entry.operator_scope_id;
        RETURN registry.act_answer(act, entry.operator_scope_id);
    END $$;
COMMENT ON FUNCTION registry.grant_scope(text, jsonb) IS 'The act behind api.grant_scope() (授权)';

CREATE OR REPLACE FUNCTION registry.end_scope(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        entry registry.operator_scope;
        until CONSTANT date := COALESCE((arguments ->> 'ended_on')::date, today());
    BEGIN
        PERFORM registry.require_argument(act, arguments, 'operator_scope_id');
        SELECT * INTO entry FROM registry.operator_scope s
        WHERE s.operator_scope_id = (arguments ->> 'operator_scope_id')::bigint FOR UPDATE;
        IF NOT FOUND THEN
            PERFORM refuse('RG336', ARRAY[arguments ->> 'operator_scope_id'], 'registry.operator_scope', 'operator_scope_id');
        END IF;
        PERFORM registry.check_granter(entry.operator_id, entry.division, entry.role);
        IF until <= lower(entry.period) THEN
            -- it has never held, or does so no longer from its first day on
            DELETE FROM registry.operator_scope s WHERE s.operator_scope_id = entry.operator_scope_id;
        ELSE
            UPDATE registry.operator_scope s SET period = s.period * daterange(NULL, until)
            WHERE s.operator_scope_id = entry.operator_scope_id;
        END IF;
        RETURN registry.act_answer(act, entry.operator_scope_id);
    END $$;
COMMENT ON FUNCTION registry.end_scope(text, jsonb) IS 'The act behind api.end_scope() (终止授权)';

CREATE OR REPLACE FUNCTION api.register_operator(
        account text, name text, office text DEFAULT NULL, person_id bigint DEFAULT NULL,
        request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('register_operator', jsonb_build_object(
            'account', account, 'name', name, 'office', office, 'person_id', person_id),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.register_operator(text, text, text, bigint, uuid, boolean) IS
    'Makes a role of the database an operator of the register (操作人登记). account: its name, the role is there already; name, office; person_id: the person who acts here for themselves alone, without divisions. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, the operator''s key. Errors: RG080, RG085, RG330-RG332; 23505 the account or the person is an operator already';

CREATE OR REPLACE FUNCTION api.grant_scope(
        operator_id bigint, division text, role text, valid_from date DEFAULT NULL, valid_to date DEFAULT NULL,
        request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('grant_scope', jsonb_build_object(
            'operator_id', operator_id, 'division', division, 'role', role, 'valid_from', valid_from, 'valid_to', valid_to),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.grant_scope(bigint, text, text, date, date, uuid, boolean) IS
    'Lets an operator act in a division and all beneath (授权). role: list operator_role; the account is to be a member of residency_<role>; valid_from, NULL is today, up to but not including valid_to, NULL: open. A manager grants within the own divisions, managers only beneath them, nobody to themselves. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, the key of the grant. Errors: RG006, RG080, RG085, RG330, RG333-RG337; 22P02 no division, 22000 valid_to before valid_from';

CREATE OR REPLACE FUNCTION api.end_scope(
        operator_scope_id bigint, ended_on date DEFAULT NULL, request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('end_scope', jsonb_build_object('operator_scope_id', operator_scope_id, 'ended_on', ended_on),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.end_scope(bigint, date, uuid, boolean) IS
    'Ends a grant (终止授权): from ended_on on, NULL is today, the operator no longer acts there; sessions notice with their next statement. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id. Errors: RG080, RG085, RG330, RG333, RG334, RG336';

CREATE OR REPLACE VIEW api.operator_scope AS
SELECT s.operator_scope_id, s.operator_id, o.account, o.name, o.office, s.division::text AS division, division_name(s.division) AS division_name,
       s.role, (SELECT v.name FROM code.value v WHERE v.list = 'operator_role' AND v.code = s.role) AS role_name,
       lower(s.period) AS valid_from, upper(s.period) AS valid_to, s.granted_at, s.granted_by
FROM registry.operator_scope s
JOIN registry.operator o USING (operator_id)
WHERE acts_in(s.division);
COMMENT ON VIEW api.operator_scope IS 'Who acts where, as what and until when (授权一览), in the own divisions';
COMMENT ON COLUMN api.operator_scope.operator_scope_id IS 'Key of the grant (授权编号)';
COMMENT ON COLUMN api.operator_scope.operator_id IS 'Key of the operator (操作人编号)';
COMMENT ON COLUMN api.operator_scope.account IS 'Role of the database (数据库账号)';
COMMENT ON COLUMN api.operator_scope.name IS 'Name (姓名)';
COMMENT ON COLUMN api.operator_scope.office IS 'Office (所属机构)';
COMMENT ON COLUMN api.operator_scope.division IS 'Division, with all beneath (管辖区划)';
COMMENT ON COLUMN api.operator_scope.division_name IS 'Its full name (区划名称)';
COMMENT ON COLUMN api.operator_scope.role IS 'As what, list operator_role (岗位代码)';
COMMENT ON COLUMN api.operator_scope.role_name IS 'As what (岗位)';
COMMENT ON COLUMN api.operator_scope.valid_from IS 'First day (起始日期)';
COMMENT ON COLUMN api.operator_scope.valid_to IS 'Day from which it no longer holds (终止日期), NULL: open';
COMMENT ON COLUMN api.operator_scope.granted_at IS 'When it was granted (授权时间)';
COMMENT ON COLUMN api.operator_scope.granted_by IS 'Who granted it (授权人)';
