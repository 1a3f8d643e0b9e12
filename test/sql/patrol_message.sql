-- What grid staff read who are refused: through plain SQL, in English and Chinese.
\set ECHO none
\getenv test PG_ABS_SRCDIR
\i :test/lib/register.sql
\set ON_ERROR_ROLLBACK on
\set VERBOSITY default
\set SHOW_CONTEXT never

BEGIN;
SET LOCAL datestyle = 'ISO';
SET LOCAL timezone = 'Asia/Shanghai';
INSERT INTO registry.person (person_id, name, birth_date) OVERRIDING SYSTEM VALUE VALUES (9600, '张明', '1980-01-01'), (9601, '李强', '1990-01-01');
INSERT INTO registry.grid (grid_id, grid_code, name, division, outline) OVERRIDING SYSTEM VALUE VALUES
    (9600, '460105001001978', '格', '460105001001', 'SRID=4490;MULTIPOLYGON(((110.50 20.00,110.51 20.00,110.51 20.01,110.50 20.01,110.50 20.00)))');
INSERT INTO registry.grid_staff (grid_staff_id, person_id, grid_id, period) OVERRIDING SYSTEM VALUE VALUES (9600, 9600, 9600, '[2024-01-01,)');
INSERT INTO registry.dwelling (dwelling_id, address, division) OVERRIDING SYSTEM VALUE VALUES (9600, 'Harbour Road 6', '460105001002'), (9601, 'Harbour Road 7', '460105001002');
INSERT INTO registry.patrol_task (patrol_task_id, dwelling_id, kind, due_on) OVERRIDING SYSTEM VALUE VALUES (9600, 9600, 'routine', '2024-02-01');
INSERT INTO registry.sweep (sweep_id, name, division, period, started_at) OVERRIDING SYSTEM VALUE VALUES (9600, '清查', '460105001002', '[2024-07-01,2024-08-01)', '2024-07-01 08:00+08');
INSERT INTO registry.observation (dwelling_id, attribute, value) VALUES (9601, 'let_state', 'let'), (9601, 'let_state', 'owner_occupied');
SELECT api.record_visit(9600, 9600, 'met', '2024-03-01 12:00+08', visit_uuid => '00000000-0000-0000-0000-000000009600') \g /dev/null

CREATE TEMP TABLE attempt (n serial, code text, statement text);
INSERT INTO attempt (code, statement) VALUES
('RG265', $$INSERT INTO registry.grid_staff (person_id, grid_id, period) VALUES (9600, 9600, '[2024-05-01,2024-06-01)')$$),
('RG266', $$INSERT INTO registry.sweep (name, division, period) VALUES ('清查', '460105', 'empty')$$),
('RG267', $$SELECT api.record_visit(9600, 9601, 'met', '2024-03-01 12:00+08')$$),
('RG268', $$INSERT INTO registry.grid_staff (person_id, grid_id) VALUES (9600, 9699)$$),
('RG270', $$SELECT api.record_visit(9600, 9600, 'met', '2024-03-01 12:00+08', longitude => 20, latitude => 110)$$),
('RG271', $$SELECT api.record_visit(9600, 9600, 'met', '2024-03-01 12:00+08', photos => '[{"uri": "https://x/1.jpg"}]')$$),
('RG272', $$UPDATE registry.visit SET outcome = 'vacant'$$),
('RG273', $$SELECT api.record_visit(9600, 9600, 'vacant', '2024-03-01 12:00+08', visit_uuid => '00000000-0000-0000-0000-000000009600')$$),
('RG274', $$SELECT api.settle_conflict(-9600, 'later', 'x')$$),
('RG276', $$SELECT api.start_sweep('清查', '460105001002', '2024-07-31', '2024-07-01', '{demolished}')$$),
('RG277', $$INSERT INTO registry.patrol_task (dwelling_id, kind, sweep_id, due_on) VALUES (9600, 'sweep', 9600, '2024-07-31')$$),
('RG278', $$INSERT INTO registry.observation (dwelling_id, attribute, value) VALUES (9600, 'usable_area', 'large')$$),
('RG279', $$DELETE FROM registry.fact$$),
('RG280', $$SELECT api.record_visit(9601, 9600, 'met', '2024-03-01 12:00+08', patrol_task_id => 9600)$$);
SELECT unnest(ARRAY[format('SELECT %L', code), $$SET LOCAL residency.language = 'en'$$, statement,
                    $$SET LOCAL residency.language = 'zh'$$, statement])
FROM attempt ORDER BY n
\gexec
-- these name the moment, or a key that the register has given
SET LOCAL residency.language = 'en';
DO $$
BEGIN
    BEGIN
        PERFORM api.record_visit(9600, 9600, 'met', now() + interval '1 day');
    EXCEPTION WHEN SQLSTATE 'RG269' THEN
        RAISE NOTICE 'RG269: %', SQLERRM;
    END;
    UPDATE registry.dwelling SET let_state = 'let' WHERE dwelling_id = 9601;
EXCEPTION WHEN SQLSTATE 'RG275' THEN
    RAISE NOTICE 'RG275: %', SQLERRM;
END $$;
SELECT message_zh FROM code.error WHERE code IN ('RG269', 'RG275') ORDER BY code;
ROLLBACK;
