-- Who may do what: the catalogue against the written intent, and each role as it meets the register.
\set ECHO none
\getenv test PG_ABS_SRCDIR
\set database residency_role
\i :test/lib/role.sql
SELECT * FROM no_plan();

-- the intent names what there is
SELECT is_empty($$SELECT format('%s of %s for %s: sql/view/90-grant.sql names something that is not there', privilege, object, role) FROM policy.intended_privilege
    WHERE to_regclass(object) IS NULL AND NOT EXISTS (SELECT FROM pg_namespace WHERE nspname = object)
    AND NOT EXISTS (SELECT FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE format('%I.%I', n.nspname, p.proname) = object)$$,
    'every object of the intent is there');
SELECT is_empty($$SELECT role FROM policy.intended_privilege EXCEPT SELECT role FROM residency.group_roles()$$, 'and every role');
SELECT is_empty($$SELECT role FROM residency.group_roles() EXCEPT SELECT role FROM policy.intended_privilege$$, 'every role has something to do');

-- role × object × operation, asked of the server one by one; test_nobody stands for PUBLIC
CREATE TEMP VIEW room AS SELECT oid AS room, nspname FROM pg_namespace
WHERE nspname IN ('code', 'policy', 'registry', 'casework', 'exchange', 'ledger', 'api', 'stat', 'map');
CREATE TEMP VIEW account AS SELECT role FROM residency.group_roles() UNION ALL VALUES ('test_nobody');
CREATE TEMP TABLE privilege AS
SELECT a.role, format('%I.%I', nspname, relname) AS object, p.privilege,
       has_table_privilege(a.role, c.oid, p.privilege) OR p.privilege <> ALL ('{DELETE,TRUNCATE,TRIGGER}') AND has_any_column_privilege(a.role, c.oid, p.privilege) AS may
FROM room JOIN pg_class c ON relnamespace = room AND relkind IN ('r', 'p', 'v', 'm', 'f') CROSS JOIN account a
CROSS JOIN unnest('{SELECT,INSERT,UPDATE,REFERENCES,DELETE,TRUNCATE,TRIGGER}'::text[]) AS p (privilege)
UNION ALL
SELECT a.role, format('%I.%I', nspname, relname), p.privilege, has_sequence_privilege(a.role, c.oid, p.privilege)
FROM room JOIN pg_class c ON relnamespace = room AND relkind = 'S' CROSS JOIN account a CROSS JOIN unnest('{USAGE,SELECT,UPDATE}'::text[]) AS p (privilege)
UNION ALL
SELECT a.role, format('%I.%I', nspname, proname), 'EXECUTE', has_function_privilege(a.role, f.oid, 'EXECUTE')
FROM room JOIN pg_proc f ON pronamespace = room CROSS JOIN account a
UNION ALL
SELECT a.role, nspname, p.privilege, has_schema_privilege(a.role, room, p.privilege)
FROM room CROSS JOIN account a CROSS JOIN unnest('{USAGE,CREATE}'::text[]) AS p (privilege);
SELECT ok(count(*) > 10000, 'role × object × operation: thousands of questions') FROM privilege;
SELECT is_empty($$SELECT format('%s may %s %s: add it to sql/view/90-grant.sql, or take it back', role, privilege, object)
    FROM privilege p WHERE may AND NOT EXISTS (SELECT FROM policy.intended_privilege i WHERE i.role = p.role AND i.object = p.object AND i.privilege = p.privilege)$$,
    'nobody may what is not written');
SELECT is_empty($$SELECT format('%s may not %s %s: SELECT residency.grant_roles(), or take it out of sql/view/90-grant.sql', i.role, i.privilege, i.object)
    FROM policy.intended_privilege i JOIN privilege p USING (role, object, privilege) WHERE NOT may$$, 'everybody may what is written');
SELECT is_empty('SELECT * FROM residency.privilege_difference()', 'the register says so itself');
SELECT is(residency.grant_roles(), 0, 'granting again does nothing');
SELECT is_empty($$SELECT role FROM account WHERE has_database_privilege(role, current_database(), 'CREATE')$$, 'nobody makes schemas');

-- what is new has to be thought about
SELECT is_empty($$SELECT format('%s.%s: give it a policy in a step as sql/schema/0064-row_security.sql does, or name it here as showing nobody', nspname, relname)
    FROM room JOIN pg_class c ON relnamespace = room
    WHERE relkind IN ('r', 'p') AND NOT relispartition AND nspname NOT IN ('code', 'policy')
      AND NOT (relrowsecurity AND relforcerowsecurity AND EXISTS (SELECT FROM pg_policy WHERE polrelid = c.oid))
      AND format('%s.%s', nspname, relname) <> ALL ('{
          registry.grid,registry.grid_cover,registry.grid_version,registry.grid_act,registry.grid_lineage,registry.permit_number,registry.road,registry.estate,
          registry.access_device,registry.access_event,registry.access_batch,registry.access_mark,registry.access_fault,
          registry.operator,registry.operator_scope,
          ledger.applied_step,ledger.request,ledger.due_run,ledger.sync_item,ledger.access_purge,ledger.history,ledger.block,ledger.sealed,
          ledger.export,ledger.export_reading,ledger.read_purge,ledger.purge,ledger.destruction,ledger.rewrite}')$$,
    'every table has row security, or is known to show nobody');
SELECT is_empty($$SELECT format('%s: say in sql/view/90-grant.sql who may use it, or name it here as the owner''s alone', p.object)
    FROM privilege p WHERE p.privilege IN ('SELECT', 'EXECUTE') AND split_part(object, '.', 1) IN ('api', 'stat', 'map')
    AND NOT EXISTS (SELECT FROM policy.intended_privilege i WHERE i.object = p.object)
    AND p.object <> ALL ('{
        api.assign_grids,api.import_grids,api.move_border,api.call_off_grid_act,api.call_off_division_act,api.merge_divisions,api.recode_division,
        api.rename_division,api.split_division,
        map.grid_import,map.grid_gap,stat.grid_heirs,
        map.class_bounds,map.dissolve,map.division_layers,map.grid_layers,map.on_page,map.places,map.round_number,map.short_name,map.svg_font,
        map.tile_box,map.tile_params,map.xml_text}')
    GROUP BY p.object$$, 'every function and view of api, stat and map is somebody''s');
SELECT is_empty($$SELECT p.oid::regprocedure FROM pg_proc p JOIN room ON pronamespace = room
    WHERE prosecdef AND NOT EXISTS (SELECT FROM unnest(proconfig) c WHERE c ~ '^search_path=pg_catalog, .*pg_temp$')$$,
    'what runs as its owner keeps its search_path, the catalogue first and pg_temp last');
SELECT is_empty($$SELECT DISTINCT i.object FROM policy.intended_privilege i JOIN pg_proc p ON format('%s.%s', p.pronamespace::regnamespace, p.proname) = i.object WHERE NOT prosecdef$$,
    'every function that roles call runs as its owner');
SELECT is_empty($$SELECT p.oid::regprocedure FROM pg_proc p JOIN room ON pronamespace = room WHERE prosecdef AND proowner <> 'test_owner'::regrole$$, 'who is an ordinary role');
SELECT is_empty($$SELECT c.oid::regclass FROM pg_class c JOIN room ON relnamespace = room WHERE relkind = 'v' AND reloptions::text ~ 'security_invoker'$$,
    'views look as their owner, and row security asks who looks');

-- each role looks through all its windows without being stopped
CREATE FUNCTION pg_temp.stopped(account text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    object text; said text;
BEGIN
    FOR object IN SELECT i.object FROM policy.intended_privilege i WHERE i.privilege = 'SELECT' AND i.role = 'residency_' || split_part(account, '_', 2) LOOP
        said := public.as_role(account, format('SELECT count(x::text) FROM %s x', object));
        IF said !~ '^\([0-9]+\)$' THEN RETURN NEXT object || ': ' || said; END IF;
    END LOOP;
END $$;
SELECT is_empty(format('SELECT pg_temp.stopped(%L)', account), account || ' sees through every window')
FROM unnest('{test_collector_a,test_clerk_a,test_police_a,test_manager_a,test_agency_a,test_analyst_a,test_auditor,test_citizen,test_kiosk_a,test_dba}'::text[]) account;

-- what they see
SELECT is(as_role('test_clerk_a', 'SELECT name FROM api.current_resident'), '(本人) (甲一) (迁徙者)', 'town A sees its own');
SELECT is(as_role('test_clerk_b', 'SELECT name FROM api.current_resident'), '(乙一)', 'town B its own');
SELECT is(as_role('test_clerk_a', 'SELECT dwelling_id FROM api.dwelling_occupancy'), '(1) (2)', 'dwellings, too');
SELECT is(as_role('test_manager_a', $$SELECT sum(residents) FROM stat.resident_by_division WHERE level = 1$$), '(3)', 'counts are of what is theirs');
SELECT is(as_role('test_analyst_a', $$SELECT sum(residents) FROM stat.resident_by_division WHERE level = 1$$), '(3)', 'the analyst counts');
SELECT is(as_role('test_analyst_a', 'SELECT * FROM api.current_resident'), '42501 permission denied for view current_resident', 'and sees nobody');
SELECT is(as_role('test_auditor', 'SELECT name FROM api.current_resident'), '42501 permission denied for view current_resident', 'nor does the auditor');
SELECT is(as_role('test_auditor', 'SELECT count(*) > 0 FROM ledger.operator_grant'), '(t)', 'who sees who may');
SELECT is(as_role('test_dba', 'SELECT count(*) FROM registry.person'), '42501 permission denied for schema registry', 'nor the DBA');
SELECT is(as_role('test_dba', 'SELECT ledger.migrate_step() IS NULL'), '(t)', 'who migrates');
SELECT is(as_role('test_clerk_a', 'SELECT ledger.migrate_step()'), '42501 permission denied for schema ledger', 'as nobody else does');
SELECT is(as_role('test_clerk_a', $$SELECT name FROM api.search_person('乙一')$$), '-', 'search finds nobody of elsewhere');
SELECT is(as_role('test_clerk_b', $$SELECT name FROM api.search_person('乙一')$$), '(乙一)', 'whom the own town finds');
SELECT is(as_role('test_clerk_a', $$SELECT name FROM api.search_person('440524188001010014')$$), '-', 'not by the number either');
SELECT is(as_role('test_clerk_a', $$SELECT dwelling_id FROM api.search_dwelling('路')$$), '(1) (2)', 'dwellings alike');
SELECT is(as_role('test_clerk_a', 'SELECT title FROM api.person_overview(1)'), '(甲一) (甲路1号)', 'an overview of their own');
SELECT is(as_role('test_clerk_a', 'SELECT title FROM api.person_overview(2)'),
    'RG330 this is not yours to look at or to change person 2: nothing of that is in the divisions where test_clerk_a acts today.', 'none of others');
SELECT is(as_role('test_clerk_a', 'SELECT title FROM api.person_overview(999)'),
    'RG330 this is not yours to look at or to change person 999: nothing of that is in the divisions where test_clerk_a acts today.', 'in the same words as of nobody');

-- what they do
SELECT is(as_role('test_clerk_a', $$SELECT (api.register_person('新人', phone => '13900000000')).person_id$$), '(5)', 'who enters a person');
SELECT is(as_role('test_clerk_a', $$SELECT (api.register_arrival(5, 1)).state$$), '(reported)', 'goes on with them');
SELECT is(as_role('test_clerk_a', $$SELECT (api.register_arrival(5, 3)).state$$),
    'RG330 this is not yours to look at or to change dwelling 3: nothing of that is in the divisions where test_clerk_a acts today.', 'not elsewhere');
SELECT is(as_role('test_clerk_a', $$SELECT (api.register_departure(person_id => 2)).state$$),
    'RG330 this is not yours to look at or to change person 2: nothing of that is in the divisions where test_clerk_a acts today.', 'nor with others');
SELECT is(as_role('test_clerk_a', $$SELECT (api.register_departure(residence_id => 2)).state$$),
    'RG330 this is not yours to look at or to change residence 2: nothing of that is in the divisions where test_clerk_a acts today.', 'by whatever key');
SELECT is(as_role('test_clerk_a', $$SELECT (api.decide_permit(person_id => 1)).state$$), '42501 permission denied for function decide_permit', 'who takes applications does not decide');
SELECT is(as_role('test_clerk_a', $$SELECT accepted FROM api.submit('decide_permit', '[{"person_id": 1}]')$$), '42501 permission denied for function decide_permit', 'not by a batch either');
SELECT is(as_role('test_clerk_a', $$SELECT line, accepted, code FROM api.register_departures('[{"residence_id": 2}, {"residence_id": 999}]')$$), '(1,f,RG330) (2,f,RG330)', 'a batch tells nothing');

-- a move from town A to town B: B registers it, and A keeps the residence that has ended
SELECT is(as_role('test_clerk_b', $$SELECT (api.register_arrival(3, 3)).state$$), 'RG020 this person is registered as living somewhere already Person … lives in dwelling … since … (residence …).',
    'who lives elsewhere is not told where');
SELECT is(as_role('test_clerk_b', $$SELECT (api.change_residence(3, 3, verified => true)).state$$), '(active)', 'the town where somebody comes to moves them');
SELECT is(as_role('test_clerk_b', 'SELECT name FROM api.current_resident'), '(乙一) (迁徙者)', 'and sees them from then on');
SELECT is(as_role('test_clerk_a', 'SELECT name FROM api.current_resident'), '(新人) (本人) (甲一)', 'the old town no longer');
SELECT is(as_role('test_clerk_a', 'SELECT title FROM api.person_overview(3)'),
    'RG330 this is not yours to look at or to change person 3: nothing of that is in the divisions where test_clerk_a acts today.', 'nor their overview');
SET SESSION AUTHORIZATION test_owner;
GRANT USAGE ON SCHEMA registry TO test_clerk_a;
GRANT SELECT ON registry.residence, registry.person, registry.identity_document TO test_clerk_a;
RESET SESSION AUTHORIZATION;
SELECT is(as_role('test_clerk_a', 'SELECT residence_id, state FROM registry.residence WHERE person_id = 3'), '(3,moved)', 'but the residence that has ended, had it the table');
SELECT is(as_role('test_clerk_a', 'SELECT person_id FROM registry.person'), '(1) (4) (5)', 'row security holds on tables, too');

-- a person for themselves, and the machine
SELECT is(as_role('test_citizen', 'SELECT address, state FROM api.my_residence()'), '(甲路1号,active)', 'a person sees the own residence');
SELECT is(as_role('test_clerk_a', 'SELECT address FROM api.my_residence()'), '42501 permission denied for function my_residence', 'which is nothing for an office');
SELECT is(as_role('test_citizen', 'SELECT name FROM api.current_resident'), '42501 permission denied for view current_resident', 'and no lists');
SELECT is(as_role('test_citizen', 'SELECT (api.register_departure(person_id => 1)).state'), 'RG338 a person acts here for themselves alone', 'nor acts for others');
SELECT is(as_role('test_citizen', 'SELECT (api.register_arrival(4, 2, verified => true)).state'), 'RG338 a person acts here for themselves alone', 'nor confirms what they say');
SELECT is(as_role('test_citizen', 'SELECT (api.register_departure(person_id => 4)).state'), '(departed)', 'they report');
SELECT is(as_role('test_kiosk_a', $$SELECT code FROM api.permit_precheck('11010519491231002X', 'apply', '460105001')$$), '(F10)', 'the machine asks for its own town');
SELECT is(as_role('test_kiosk_a', $$SELECT code FROM api.permit_precheck('11010519491231002X', 'apply', '460106003')$$),
    'RG330 this is not yours to look at or to change division 460106003: nothing of that is in the divisions where test_kiosk_a acts today.', 'not for another');
SELECT is(as_role('test_citizen', $$SELECT code FROM api.permit_precheck('11010519491231002X', 'apply', '460105001')$$), 'RG338 a person acts here for themselves alone', 'a person not for others');

-- operators: who grants to whom
SELECT is(as_role('test_manager_a', $$SELECT (api.grant_scope(o.operator_id, '460105001001', 'clerk')).accepted FROM (SELECT 8 AS operator_id) o$$), '(t)', 'a manager grants within the own town');
SELECT is(as_role('test_clerk_b', 'SELECT name FROM api.current_resident'), '(乙一) (新人) (甲一) (迁徙者)', 'which holds at once');
SELECT is(as_role('test_manager_a', $$SELECT (api.grant_scope(8, '460106003', 'clerk')).accepted$$),
    'RG330 this is not yours to look at or to change division 460106003: nothing of that is in the divisions where test_manager_a acts today.', 'not beyond');
SELECT is(as_role('test_manager_a', $$SELECT (api.grant_scope(1, '460105001', 'manager')).accepted$$),
    'RG333 only a manager of the division grants that test_manager_a is not manager of division 460105001, or not above it, today.', 'managers are made from above');
SELECT is(as_role('test_manager_a', $$SELECT (api.grant_scope(2, '460105001001', 'clerk')).accepted$$), 'RG334 nobody grants to themselves Account test_manager_a is the one that acts.', 'not to themselves');
SELECT is(as_role('test_manager_a', $$SELECT (api.grant_scope(1, '460105001001', 'analyst')).accepted$$), 'RG335 one account can''t be both Account test_clerk_a already acts as clerk, which excludes analyst.', 'who looks does not count');
SELECT is(as_role('test_manager_a', $$SELECT (api.grant_scope(8, '460105001001', 'clerk', '2020-01-01')).accepted$$),
    'RG337 the operator has this already Operator 8 is clerk in division 460105001001 during a part of that time.', 'not twice');
SELECT is(as_role('test_manager_a', $$SELECT (api.grant_scope(99, '460105001001', 'clerk')).accepted$$), 'RG336 there is no such operator or grant Nothing has the number 99.', 'not to nobody');
SELECT is(as_role('test_manager_a', $$SELECT (api.register_operator('no_such_role', '无')).accepted$$), 'RG331 there is no such account No role of the database is called no_such_role.', 'an account is a role');
SELECT is(as_role('test_owner', $$SELECT (api.register_operator('test_owner', '所有者')).accepted$$),
    'RG332 this account sees everything test_owner is a superuser, bypasses row security or owns the register.', 'the owner is no operator');
SELECT is(as_role('test_manager_a', 'SELECT (api.end_scope(operator_scope_id)).accepted FROM api.operator_scope WHERE account = ''test_clerk_b'''), '(t)', 'what was granted is ended');
SELECT is(as_role('test_clerk_b', 'SELECT name FROM api.current_resident'), '(乙一) (迁徙者)', 'which holds at once, too');
SELECT throws_ok($$UPDATE registry.operator_scope SET role = 'manager' WHERE operator_id = 1$$, 'RG339', NULL, 'a grant is not rewritten');

-- what the nightly look says
SELECT is_empty($$SELECT finding FROM residency.check() WHERE topic = 'role'$$, 'roles are in order');
GRANT EXECUTE ON FUNCTION api.submit(text, jsonb, uuid, boolean) TO PUBLIC;
SELECT is((SELECT finding FROM residency.check() WHERE topic = 'role'), 'EXECUTE of api.submit(text,jsonb,uuid,boolean) by PUBLIC is not as policy.intended_privilege says', 'check() sees what was granted beside');
SELECT is(residency.grant_roles(), 1, 'which one call takes back');
ALTER TABLE registry.person NO FORCE ROW LEVEL SECURITY;
SELECT is((SELECT finding FROM residency.check() WHERE topic = 'role'), 'row security of registry.person is not forced', 'and row security that is not forced');
ALTER TABLE registry.person FORCE ROW LEVEL SECURITY;
REVOKE residency_clerk FROM test_clerk_b;
SELECT is((SELECT finding FROM residency.check() WHERE topic = 'role'), 'operator 8 is clerk and its account test_clerk_b is no member of residency_clerk', 'and who lacks the group');
GRANT residency_clerk TO test_clerk_b;
ALTER ROLE test_owner BYPASSRLS;
SELECT ok((SELECT bool_or(finding ~ 'bypasses row security') FROM residency.check() WHERE topic = 'role'), 'and an owner to whom row security does not apply');
SELECT ok(residency.grant_roles() > 300, 'whose views nobody may look through');
SELECT is(as_role('test_clerk_a', 'SELECT name FROM api.current_resident'), '42501 permission denied for schema api', 'nobody');
ALTER ROLE test_owner NOBYPASSRLS;
SELECT ok(residency.grant_roles() > 300, 'until that is put right');
SELECT * FROM finish();
\c :home
DROP DATABASE residency_role;
