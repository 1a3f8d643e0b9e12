-- History and row security: a register that an ordinary role owns, where a clerk registers those who arrive, and the same register without both.
\set database bench_history
\i ../lib/role.sql
SET client_min_messages = warning;
SET session_replication_role = replica;
INSERT INTO registry.person (name, sex, birth_date, division) SELECT '张三', '1', '1990-01-01', '460105001001' FROM generate_series(1, 600000);
INSERT INTO registry.dwelling (kind, address, division, let_state, safety_letter_on, usable_area)
SELECT 'unit', '海府路' || n || '号', '460105001001', 'lettable', '2020-01-01', 100 FROM generate_series(1, 200000) AS n;
-- that of the other town
UPDATE registry.dwelling SET division = '460105001001' WHERE dwelling_id = 3;
SET session_replication_role = origin;
INSERT INTO policy.setting (key, division, period, value, legal_basis)
VALUES ('area_per_person_single', '4601', '[2020-01-01,)', '5', 'bench'),
       ('area_per_person_shared', '4601', '[2020-01-01,)', '5', 'bench');
-- operators write through the api; here the clerk may write to the table, too
\i round.sql
CREATE SEQUENCE bench.next_rules START 1001;
GRANT USAGE ON SCHEMA bench, registry TO test_clerk_a;
GRANT USAGE ON SEQUENCE bench.next_rules TO test_clerk_a;
GRANT INSERT ON registry.residence TO test_clerk_a;
VACUUM ANALYZE;
CHECKPOINT;
\c :home
CREATE DATABASE bench_plain TEMPLATE bench_history;
ALTER DATABASE bench_plain SET residency.purpose = 'case 1';
\c bench_plain
DO $$
DECLARE
    command text;
BEGIN
    FOR command IN
        SELECT format('ALTER TABLE %s DISABLE TRIGGER %I', tgrelid::regclass, tgname) FROM pg_trigger WHERE tgname LIKE 'change\_%' AND tgrelid::regclass::text NOT LIKE 'ledger.%'
        UNION ALL
        SELECT format('ALTER TABLE %s DISABLE ROW LEVEL SECURITY', polrelid::regclass) FROM pg_policy
    LOOP
        EXECUTE command;
    END LOOP;
END $$;
