-- How refusals about operators and divisions read.
\set ECHO none
\getenv test PG_ABS_SRCDIR
\set database residency_role_message
\i :test/lib/role.sql
\set SHOW_CONTEXT never
\set ECHO queries
SET ROLE test_clerk_a;
SELECT api.register_arrival(1, 3);
SET residency.language = 'zh';
SELECT api.register_arrival(1, 3);
RESET residency.language;
SET ROLE test_manager_a;
SELECT api.register_operator('no_such_role', '无');
SELECT api.register_operator('postgres', '超级用户');
SELECT api.grant_scope(1, '460105001', 'manager');
SELECT api.grant_scope(2, '460105001001', 'clerk');
SELECT api.grant_scope(1, '460105001001', 'analyst');
SELECT api.grant_scope(99, '460105001001', 'clerk');
SELECT api.grant_scope(1, '460105001', 'clerk');
SET ROLE test_citizen;
SELECT api.register_departure(person_id => 1);
SET ROLE test_police_a;
SELECT (api.correct_person(1, '{"phone": "13800000011"}')).state;
SELECT api.decide_correction(1);
SET residency.language = 'zh';
SELECT api.decide_correction(1);
RESET residency.language;
SET ROLE test_owner;
DELETE FROM policy.plain_data WHERE role = 'residency_clerk' AND data_kind = 'phone';
SET ROLE test_clerk_a;
SELECT api.export_person(1);
SET residency.language = 'zh';
SELECT api.export_person(1);
RESET residency.language;
SET ROLE test_owner;
UPDATE registry.operator_scope SET role = 'police' WHERE operator_scope_id = 1;
\set ECHO none
RESET ROLE;
\c :home
DROP DATABASE residency_role_message;
