-- What is said to those who build on the register, not to its clerks: a table that is gone or has been reshaped,
-- a trigger where it doesn't belong, an argument left out.
\set ECHO none
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS residency CASCADE;
CALL residency.migrate();
RESET client_min_messages;
\set SHOW_CONTEXT never
\set ON_ERROR_ROLLBACK on
\set ECHO queries
BEGIN;

-- a dictionary that is gone, that has lost a column, that is no table
SAVEPOINT s;
ALTER TABLE policy.setting RENAME TO setting_old;
SELECT residency.policy_int('any', NULL, '2024-01-01');
CREATE VIEW policy.setting AS SELECT * FROM policy.setting_old;
SELECT residency.policy_int('any', NULL, '2024-01-01');
ROLLBACK TO s;
ALTER TABLE policy.setting RENAME COLUMN key TO name;
SELECT residency.policy_int('any', NULL, '2024-01-01');
ROLLBACK TO s;
-- rules that are newer than the tables
ALTER TABLE registry.grid_version RENAME TO grid_version_old;
SELECT * FROM residency.grid_violation('{}');
ROLLBACK TO s;

-- an argument left out
SELECT residency.checked_code(NULL, '1', 'registry.person', 'sex');
CREATE TEMP TABLE staging (code text, name text);
SELECT residency.load_division(staging => 'staging', as_of => NULL, source => 'any');

-- a trigger where it doesn't belong
CREATE TEMP TABLE stray (a int, arrived_on date);
CREATE TRIGGER forget BEFORE INSERT ON stray FOR EACH ROW EXECUTE FUNCTION residency.forget();
INSERT INTO stray VALUES (1);
DROP TRIGGER forget ON stray;
CREATE TRIGGER judge BEFORE INSERT ON stray FOR EACH ROW EXECUTE FUNCTION residency.judge('dwelling', 'a');
INSERT INTO stray VALUES (1);
DROP TRIGGER judge ON stray;
CREATE TRIGGER judge AFTER INSERT ON stray FOR EACH ROW EXECUTE FUNCTION residency.judge('dwelling', 'b');
INSERT INTO stray VALUES (1);
DROP TRIGGER judge ON stray;
CREATE TRIGGER arrive AFTER INSERT ON stray FOR EACH ROW EXECUTE FUNCTION residency.residence_arrive();
INSERT INTO stray VALUES (1);
DROP TRIGGER arrive ON stray;
CREATE TRIGGER arrive BEFORE INSERT ON stray FOR EACH ROW EXECUTE FUNCTION residency.residence_arrive();
INSERT INTO stray VALUES (1);
DROP TRIGGER arrive ON stray;
CREATE TRIGGER guardian BEFORE INSERT ON stray FOR EACH ROW EXECUTE FUNCTION residency.residence_guardian();
INSERT INTO stray VALUES (1);
DROP TRIGGER guardian ON stray;
CREATE TRIGGER place AFTER INSERT ON stray FOR EACH ROW EXECUTE FUNCTION residency.dwelling_place();
INSERT INTO stray VALUES (1);
DROP TRIGGER place ON stray;

-- a point of another datum, and a cover without its index
SELECT residency.grid_at('SRID=4326;POINT(113 22)');
SAVEPOINT g;
ALTER TABLE registry.grid_cover DROP CONSTRAINT grid_cover_pkey;
SELECT residency.grid_at('SRID=4490;POINT(113 22)');
ROLLBACK TO g;

-- a node that is no city, and one that comes too late
CALL residency.set_node('99');
SAVEPOINT n;
INSERT INTO registry.person (name) VALUES ('测试');
CALL residency.set_node('4601');
ROLLBACK TO n;

ROLLBACK;
