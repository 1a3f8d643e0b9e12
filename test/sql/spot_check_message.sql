-- What somebody reads who is refused around spot checks: through plain SQL, in English and Chinese.
\set ECHO none
\getenv test PG_ABS_SRCDIR
\i :test/lib/register.sql
\set ON_ERROR_ROLLBACK on
\set VERBOSITY default
\set SHOW_CONTEXT never

BEGIN;
SET LOCAL datestyle = 'ISO';
SET LOCAL timezone = 'Asia/Shanghai';
INSERT INTO registry.person (person_id, name, birth_date) OVERRIDING SYSTEM VALUE VALUES (9650, '张明', '1980-01-01');
INSERT INTO registry.dwelling (dwelling_id, address, division) OVERRIDING SYSTEM VALUE VALUES (9650, 'Harbour Road 6', '460105001002'), (9651, 'Harbour Road 7', '460105001002'), (9652, 'Harbour Road 8', '460105001003');
-- three checks of long ago: an open one, one that is closed, one by grids
SET LOCAL session_replication_role = replica;
INSERT INTO registry.spot_check (spot_check_id, name, kind, division, area, strata_by, size, seed, frame_size, frame_checksum, reason, drawn_on, drawn_at, closed_at) OVERRIDING SYSTEM VALUE VALUES
    (9650, '抽查', 'dwelling', '460105001002', 'township', 'none', 1, 's', 2, 'x', '考核', '2024-03-01', '2024-03-01 08:00+08', NULL),
    (9651, '抽查', 'dwelling', '460105001002', 'township', 'none', 1, 's', 2, 'x', '考核', '2024-03-01', '2024-03-01 08:00+08', '2024-04-01 08:00+08');
INSERT INTO registry.spot_check_stratum (spot_check_stratum_id, spot_check_id, division, value, frame_units, sample_units) OVERRIDING SYSTEM VALUE VALUES (9650, 9650, '460105001', '-', 2, 1), (9651, 9651, '460105001', '-', 2, 1);
INSERT INTO registry.spot_check_dwelling (spot_check_dwelling_id, spot_check_id, spot_check_stratum_id, dwelling_id, weight) OVERRIDING SYSTEM VALUE VALUES (9650, 9650, 9650, 9650, 2), (9651, 9651, 9651, 9650, 2);
RESET session_replication_role;

CREATE TEMP TABLE attempt (n serial, code text, statement text);
INSERT INTO attempt (code, statement) VALUES
('RG293', $$SELECT api.record_spot_check(9659, 'refused', 9650, 9650)$$),
('RG294', $$SELECT api.record_spot_check(9651, 'refused', 9650, 9650)$$),
('RG294', $$INSERT INTO registry.spot_check_result (spot_check_dwelling_id, outcome, staff_person_id) VALUES (9651, 'refused', 9650)$$),
('RG295', $$SELECT api.draw_spot_check('460105001004', 10, 's', '抽查', '考核', kind => 'grid')$$),
('RG296', $$SELECT api.record_spot_check(9650, 'refused', 9650, 9651)$$),
('RG297', $$SELECT api.record_spot_check(9650, 'checked', 9650, 9650, found_let => true, people_counted => 2, counted_registered => 3)$$),
('RG298', $$UPDATE registry.spot_check SET size = 5 WHERE spot_check_id = 9650$$),
('RG298', $$INSERT INTO registry.spot_check_dwelling (spot_check_id, spot_check_stratum_id, dwelling_id, weight) VALUES (9650, 9650, 9651, 1)$$),
('RG299', $$SELECT api.import_list('tax', '460105001002', '2024-05-01', '[{"person_id": 9650}, {}, {"resident_id": "460105199001010118"}]', '纳税人')$$),
('RG299', $$INSERT INTO registry.spot_check_person (spot_check_result_id) SELECT record_id FROM api.record_spot_check(9650, 'checked', 9650, 9650, found_let => true)$$);
SELECT unnest(ARRAY[format('SELECT %L', code), $$SET LOCAL residency.language = 'en'$$, statement,
                    $$SET LOCAL residency.language = 'zh'$$, statement])
FROM attempt ORDER BY n
\gexec
SET LOCAL residency.language = 'en';
SELECT residency.normal_quantile(1.5);
SELECT residency.wilson_interval(3, 2);
ROLLBACK;
