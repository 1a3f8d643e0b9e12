-- scope: which rows an operator may see and touch. Row security asks in_scope(); functions that run as their owner ask acts_in().

CREATE OR REPLACE FUNCTION residency.scope_support(internal) RETURNS internal
    LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_scope_support';
COMMENT ON FUNCTION residency.scope_support(internal) IS
    'tells the planner which range of an index on division in_scope() comes to, and that it is true for the owner (管辖范围)';

CREATE OR REPLACE FUNCTION residency.in_scope(division residency.division_code) RETURNS boolean
    LANGUAGE c STABLE LEAKPROOF PARALLEL SAFE
    SUPPORT residency.scope_support AS 'MODULE_PATHNAME', 'residency_in_scope';
COMMENT ON FUNCTION residency.in_scope(residency.division_code) IS
    'Whether a division lies where the role that runs may act today (管辖范围): in a subtree that registry.operator_scope gives it. True for the owner of the register and its members, also inside functions that run as the owner; of NULL, for them alone. For policies of row security; as an index condition it is the enclosing range';

CREATE OR REPLACE FUNCTION residency.row_in_scope(table_name text, key bigint) RETURNS boolean
    LANGUAGE c STABLE LEAKPROOF PARALLEL SAFE COST 40
    SUPPORT residency.scope_support AS 'MODULE_PATHNAME', 'residency_row_in_scope';
COMMENT ON FUNCTION residency.row_in_scope(text, bigint) IS
    'The same of the row of registry.<table_name> that a key names (记录管辖范围): by its division or that of what it belongs to; a person by where they live, else lived last, else by the office that entered them. For policies of row security on tables without a division';

CREATE OR REPLACE FUNCTION residency.acts_in(division residency.division_code) RETURNS boolean
    LANGUAGE c STABLE LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_acts_in';
COMMENT ON FUNCTION residency.acts_in(residency.division_code) IS
    'residency.in_scope() of residency.actor(), whatever function runs (操作人管辖范围): for functions that run as their owner and filter by themselves. Of NULL: whether the actor sees everything';

CREATE OR REPLACE FUNCTION residency.acts_on(table_name text, key bigint) RETURNS boolean
    LANGUAGE c STABLE LEAKPROOF PARALLEL SAFE COST 40 AS 'MODULE_PATHNAME', 'residency_acts_on';
COMMENT ON FUNCTION residency.acts_on(text, bigint) IS
    'residency.row_in_scope() of residency.actor(), whatever function runs (操作人记录管辖范围)';

CREATE OR REPLACE FUNCTION residency.scope_low() RETURNS residency.division_code
    LANGUAGE c STABLE LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_scope_low';
COMMENT ON FUNCTION residency.scope_low() IS
    'The lowest division code where the role that runs may act today (管辖区划下界): with scope_high() the range that holds them all';

CREATE OR REPLACE FUNCTION residency.scope_high() RETURNS residency.division_code
    LANGUAGE c STABLE LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_scope_high';
COMMENT ON FUNCTION residency.scope_high() IS
    'The highest division code where the role that runs may act today (管辖区划上界)';

CREATE OR REPLACE FUNCTION residency.acting_division() RETURNS residency.division_code
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_acting_division';
COMMENT ON FUNCTION residency.acting_division() IS
    'The division of the office that acts (操作机关区划): the first of residency.actor(); NULL for the owner and for who has none';

CREATE OR REPLACE FUNCTION residency.acting_person() RETURNS bigint
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_acting_person';
COMMENT ON FUNCTION residency.acting_person() IS
    'The person who acts for themselves (本人): registry.operator.person_id of residency.actor(); NULL for an office';

CREATE OR REPLACE FUNCTION residency.group_roles(OUT role text, OUT says text) RETURNS SETOF record
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
        VALUES ('residency_collector', 'grid workers who visit and collect (网格员、协管员)'),
               ('residency_clerk', 'clerks of a township who register (流管站经办)'),
               ('residency_police', 'police stations: permits, checks (派出所)'),
               ('residency_manager', 'managers of a division: borders, sweeps, operators (主管)'),
               ('residency_agency', 'other departments that look things up (部门)'),
               ('residency_analyst', 'statistics, no persons (统计分析)'),
               ('residency_auditor', 'logs, no data (审计)'),
               ('residency_citizen', 'a person for themselves (本人)'),
               ('residency_kiosk', 'a machine in a hall (自助终端)'),
               ('residency_dba', 'looks after the database, no personal data (数据库管理)')
    $$;
COMMENT ON FUNCTION residency.group_roles() IS
    'The group roles of the register, database roles without login (岗位角色): operators are members of them. Roles belong to the whole cluster';

CREATE OR REPLACE FUNCTION residency.make_group_roles() RETURNS integer
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        missing record;
        made    integer := 0;
    BEGIN
        FOR missing IN
            SELECT g.role, g.says FROM residency.group_roles() g
            WHERE NOT EXISTS (SELECT FROM pg_roles r WHERE r.rolname = g.role) ORDER BY g.role
        LOOP
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN', missing.role);
                EXECUTE format('COMMENT ON ROLE %I IS %L', missing.role, 'residency: ' || missing.says);
                made := made + 1;
            EXCEPTION
                WHEN insufficient_privilege THEN
                    -- an owner without CREATEROLE: residency.check() says what a superuser has to run
                    EXIT;
                WHEN duplicate_object OR unique_violation THEN
                    -- another database of the cluster was first
            END;
        END LOOP;
        RETURN made;
    END $$;
COMMENT ON FUNCTION residency.make_group_roles() IS
    'Makes those of residency.group_roles() that the cluster lacks, and says how many (建立岗位角色). Who may not make roles makes none, and residency.check() says who has to';

CREATE OR REPLACE FUNCTION residency.privilege_difference(OUT object text, OUT role text, OUT privilege text, OUT statement text)
    RETURNS SETOF record
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        RETURN QUERY
            WITH room AS (
                SELECT n.oid, n.nspname FROM pg_namespace n
                WHERE n.nspname IN ('code', 'policy', 'registry', 'casework', 'exchange', 'ledger', 'api', 'stat', 'map')
            ), entity AS (
                SELECT 'SCHEMA' AS kind, quote_ident(r.nspname) AS name, quote_ident(r.nspname) AS title,
                       COALESCE(n.nspacl, acldefault('n', n.nspowner)) AS acl, n.nspowner AS owner
                FROM room r JOIN pg_namespace n ON n.oid = r.oid
                UNION ALL
                SELECT CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, format('%I.%I', r.nspname, c.relname), format('%I.%I', r.nspname, c.relname),
                       COALESCE(c.relacl, acldefault(CASE c.relkind WHEN 'S' THEN 's'::"char" ELSE 'r'::"char" END, c.relowner)), c.relowner
                FROM room r JOIN pg_class c ON c.relnamespace = r.oid WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
                UNION ALL
                SELECT CASE p.prokind WHEN 'p' THEN 'PROCEDURE' WHEN 'a' THEN 'FUNCTION' ELSE 'FUNCTION' END,
                       format('%I.%I', r.nspname, p.proname), p.oid::regprocedure::text,
                       COALESCE(p.proacl, acldefault('f', p.proowner)), p.proowner
                FROM room r JOIN pg_proc p ON p.pronamespace = r.oid
            ), has AS (
                SELECT e.kind, e.name, e.title, CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE g.rolname::text END AS role, a.privilege_type AS privilege
                FROM entity e
                CROSS JOIN LATERAL aclexplode(e.acl) a
                LEFT JOIN pg_roles g ON g.oid = a.grantee
                WHERE a.grantee <> e.owner AND (a.grantee = 0 OR g.rolname IN (SELECT group_roles.role FROM residency.group_roles()))
            ), shall AS (
                SELECT e.kind, e.name, e.title, i.role, i.privilege
                FROM policy.intended_privilege i
                JOIN entity e ON e.name = i.object
                    AND i.privilege = CASE e.kind WHEN 'SCHEMA' THEN 'USAGE' WHEN 'TABLE' THEN 'SELECT' ELSE 'EXECUTE' END
                JOIN pg_roles g ON g.rolname = i.role
                -- to whom row security does not apply, its views show everything to everybody
                WHERE NOT (SELECT o.rolsuper OR o.rolbypassrls FROM pg_class c JOIN pg_roles o ON o.oid = c.relowner
                           WHERE c.oid = 'registry.operator'::regclass)
            )
            SELECT h.title, h.role, h.privilege,
                   format('REVOKE %s ON %s %s FROM %s', h.privilege, h.kind, h.title, CASE h.role WHEN 'PUBLIC' THEN h.role ELSE quote_ident(h.role) END)
            FROM has h LEFT JOIN shall s USING (kind, title, role, privilege) WHERE s.title IS NULL
            UNION ALL
            SELECT s.title, s.role, s.privilege, format('GRANT %s ON %s %s TO %I', s.privilege, s.kind, s.title, s.role)
            FROM shall s LEFT JOIN has h USING (kind, title, role, privilege) WHERE h.title IS NULL
            ORDER BY 1, 2, 3;
    END $$;
COMMENT ON FUNCTION residency.privilege_difference() IS
    'What PUBLIC and the group roles may and shall not, or shall and may not (权限差异), by policy.intended_privilege, with the statement that mends it. Roles and privileges of a site''s own are left alone';

CREATE OR REPLACE FUNCTION residency.grant_roles() RETURNS integer
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        mend record;
        done integer := 0;
    BEGIN
        FOR mend IN SELECT d.statement FROM residency.privilege_difference() d LOOP
            EXECUTE mend.statement;
            done := done + 1;
        END LOOP;
        RETURN done;
    END $$;
COMMENT ON FUNCTION residency.grant_roles() IS
    'Gives PUBLIC and the group roles what policy.intended_privilege says and takes the rest away (授权), and says how many statements that took; again does nothing. migrate() calls it at its end. Run as the owner. Where the owner is a superuser or bypasses row security nothing is granted: residency.check() says so';

CREATE OR REPLACE FUNCTION residency.operator_guard() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        at CONSTANT text := 'registry.operator';
        owner CONSTANT oid := (SELECT c.relowner FROM pg_class c WHERE c.oid = at::regclass);
        account oid;
    BEGIN
        IF TG_OP = 'UPDATE' AND NEW.account = OLD.account AND NEW.person_id IS NOT DISTINCT FROM OLD.person_id THEN
            RETURN NEW;
        END IF;
        SELECT r.oid INTO account FROM pg_roles r WHERE r.rolname = NEW.account;
        IF NOT FOUND THEN
            PERFORM residency.refuse('RG331', ARRAY[left(NEW.account, 63)], at, 'account');
        ELSIF pg_has_role(account, owner, 'MEMBER') OR (SELECT r.rolbypassrls FROM pg_roles r WHERE r.oid = account) THEN
            PERFORM residency.refuse('RG332', ARRAY[NEW.account], at, 'account');
        ELSIF NEW.person_id IS NOT NULL AND TG_OP = 'UPDATE'
              AND EXISTS (SELECT FROM registry.operator_scope s WHERE s.operator_id = NEW.operator_id) THEN
            PERFORM residency.refuse('RG335', ARRAY[NEW.account, '-', 'citizen'], at, 'person_id');
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.operator_guard() IS
    'Trigger of registry.operator (操作人校验): RG331 no such role of the database, RG332 one that sees everything, RG335 a person with divisions';

CREATE OR REPLACE FUNCTION residency.roles_exclude(one text, other text) RETURNS boolean
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
        -- who takes does not decide; who counts, audits, looks after the database or is a machine is that alone
        SELECT one <> other AND (ARRAY[one, other] && '{analyst,kiosk,citizen,auditor,dba}'::text[]
                                 OR 'clerk' IN (one, other) AND ARRAY[one, other] && '{police,manager}'::text[])
    $$;
COMMENT ON FUNCTION residency.roles_exclude(text, text) IS
    'Whether one account can''t be both (不相容岗位), as group roles are called without residency_: clerk and police, clerk and manager, and analyst, kiosk, citizen, auditor or dba with anything';

CREATE OR REPLACE FUNCTION residency.operator_scope_guard() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        at CONSTANT text := 'registry.operator_scope';
        operator record;
        other text;
    BEGIN
        NEW.role := residency.checked_code('operator_role', NEW.role, at, 'role');
        IF TG_OP = 'UPDATE' AND (NEW.operator_id, NEW.role, lower(NEW.period)) IS DISTINCT FROM (OLD.operator_id, OLD.role, lower(OLD.period))
           OR TG_OP = 'UPDATE' AND NEW.division::bigint <> OLD.division::bigint THEN
            PERFORM residency.refuse('RG339', ARRAY[OLD.operator_scope_id::text], at, 'operator_scope_id');
        END IF;
        SELECT o.account, o.person_id INTO operator FROM registry.operator o WHERE o.operator_id = NEW.operator_id FOR UPDATE;
        IF operator.person_id IS NOT NULL THEN
            other := 'citizen';
        ELSE
            SELECT min(s.role) INTO other FROM registry.operator_scope s
            WHERE s.operator_id = NEW.operator_id AND s.operator_scope_id <> NEW.operator_scope_id AND s.period && NEW.period
              AND residency.roles_exclude(s.role, NEW.role);
        END IF;
        IF other IS NOT NULL THEN
            PERFORM residency.refuse('RG335', ARRAY[operator.account, other, NEW.role], at, 'role');
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.operator_scope_guard() IS
    'Trigger of registry.operator_scope (授权校验): RG006 no such role, RG335 roles that exclude each other in one account, RG339 a grant rewritten';

CREATE OR REPLACE FUNCTION residency.role_finding(OUT topic text, OUT finding text, OUT remedy text)
    RETURNS SETOF record
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        owner CONSTANT oid := (SELECT c.relowner FROM pg_class c WHERE c.oid = 'registry.operator'::regclass);
        free  CONSTANT boolean := (SELECT r.rolsuper OR r.rolbypassrls FROM pg_roles r WHERE r.oid = owner);
    BEGIN
        RETURN QUERY
            SELECT 'role', format('group role %s is missing', g.role), 'SELECT residency.make_group_roles(); as a superuser, then SELECT residency.grant_roles(); as the owner'
            FROM residency.group_roles() g
            WHERE NOT EXISTS (SELECT FROM pg_roles r WHERE r.rolname = g.role);
        RETURN QUERY
            SELECT 'role', format('%s of %s by %s is not as policy.intended_privilege says', d.privilege, d.object, d.role), 'SELECT residency.grant_roles(); as the owner'
            FROM residency.privilege_difference() d;
        -- a register without operators may have any owner
        RETURN QUERY
            SELECT 'role', format('%s owns the register and bypasses row security: its views would show everything to everybody, so operators are granted nothing', owner::regrole),
                   'Let an ordinary role own schemas, tables, views and functions, then SELECT residency.grant_roles(); see docs/role.md.'
            WHERE free AND EXISTS (SELECT FROM registry.operator);
        RETURN QUERY
            SELECT 'role', format('operator %s has no database role %s', o.operator_id, o.account), 'End the grants, or make the role again.'
            FROM registry.operator o WHERE NOT EXISTS (SELECT FROM pg_roles r WHERE r.rolname = o.account);
        RETURN QUERY
            SELECT 'role', format('operator %s sees everything: %s is a superuser, bypasses row security or is a member of the owner', o.operator_id, o.account),
                   'Take that from the role, or use another one.'
            FROM registry.operator o JOIN pg_roles r ON r.rolname = o.account
            WHERE r.rolbypassrls OR pg_has_role(r.oid, owner, 'MEMBER');
        RETURN QUERY
            SELECT 'role', format('operator %s is %s and its account %s is no member of residency_%s', s.operator_id, s.role, o.account, s.role),
                   format('GRANT %I TO %I;', 'residency_' || s.role, o.account)
            FROM registry.operator_scope s
            JOIN registry.operator o ON o.operator_id = s.operator_id
            JOIN pg_roles r ON r.rolname = o.account
            JOIN pg_roles g ON g.rolname = 'residency_' || s.role
            WHERE s.period @> residency.today() AND NOT pg_has_role(r.oid, g.oid, 'MEMBER');
        RETURN QUERY
            SELECT 'role', format('account %s is a member of %s and of %s, which exclude each other', o.account, a.role, b.role), 'Take one of them from the account.'
            FROM registry.operator o
            JOIN pg_roles r ON r.rolname = o.account AND NOT r.rolsuper
            JOIN residency.group_roles() a ON true
            JOIN residency.group_roles() b ON b.role > a.role
            WHERE residency.roles_exclude(substr(a.role, 11), substr(b.role, 11))
              AND EXISTS (SELECT FROM pg_roles g WHERE g.rolname = a.role AND pg_has_role(r.oid, g.oid, 'USAGE'))
              AND EXISTS (SELECT FROM pg_roles g WHERE g.rolname = b.role AND pg_has_role(r.oid, g.oid, 'USAGE'));
        RETURN QUERY
            SELECT 'role', format('row security of %s is not forced', p.polrelid::regclass), format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;', p.polrelid::regclass)
            FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
            WHERE p.polname = 'scope' AND c.relnamespace = 'registry'::regnamespace AND NOT (c.relrowsecurity AND c.relforcerowsecurity);
    END $$;
COMMENT ON FUNCTION residency.role_finding() IS
    'What is not in order with roles, grants and row security (权限检查): part of residency.check()';
