-- What a clerk reads whose address does not lead to a home, and who is refused at a door plate: in English and Chinese.
\set ECHO none
\getenv test PG_ABS_SRCDIR
\i :test/lib/register.sql
\set ON_ERROR_ROLLBACK on
\set VERBOSITY default
\set SHOW_CONTEXT never

BEGIN;
SET LOCAL datestyle = 'ISO';
INSERT INTO registry.person (person_id, name, birth_date) OVERRIDING SYSTEM VALUE VALUES (9701, '来客', '1990-01-01');
INSERT INTO registry.dwelling (dwelling_id, kind, address, division, let_state) OVERRIDING SYSTEM VALUE VALUES
    (9701, 'unit', '信息路1号3栋101室', '460105001001', 'owner_occupied'), (9702, 'unit', '信息路1号3栋101房', '460105001001', 'owner_occupied'),
    (9703, 'unit', '信息路1号3栋102室', '460105001001', 'owner_occupied');
INSERT INTO registry.door_plate (door_plate_id, division, road, number, state, applied_on) OVERRIDING SYSTEM VALUE VALUES
    (9701, '460105001001', '信息路', '1号', 'active', '2024-01-02'), (9702, '460105001001', '信息路', '2号', 'active', '2024-01-02');
CREATE TEMP TABLE attempt (n serial, code text, statement text);
INSERT INTO attempt (code, statement) VALUES
('RG210', $$SELECT api.register_arrival(9701, dwelling_address => '无名路1号', dwelling_division => '460105')$$),
('RG211', $$SELECT api.register_arrival(9701, dwelling_address => '信息路1号3栋101', dwelling_division => '460105')$$),
('RG212', $$SELECT api.register_arrival(9701, dwelling_address => '信息路1号3栋', dwelling_division => '460105')$$),
('RG223', $$SELECT api.register_arrival(9701, dwelling_address => '信息路1号3栋102室')$$),
('RG213', $$SELECT api.register_arrival(9701, dwelling_address => '……')$$),
('RG214', $$SELECT api.register_arrival(9701, 9701, dwelling_address => '信息路1号3栋102室', dwelling_division => '460105')$$),
('RG215', $$SELECT api.apply_door_plate('460105001001', '信息路', '１號', applied_on => '2024-02-01')$$),
('RG216', $$SELECT api.apply_door_plate('460105001001', '信息路', '1号之2之3', applied_on => '2024-02-01')$$),
('RG217', $$SELECT api.decide_door_plate(9701, 'temporary', '2024-02-01', '改')$$),
('RG218', $$UPDATE registry.door_plate SET number = '3号' WHERE door_plate_id = 9701$$),
('RG219', $$SELECT api.replace_door_plate(1, '3号')$$),
('RG220', $$SELECT api.replace_door_plate(9701, '1号')$$),
('RG221', $$SELECT api.cancel_door_plate(9701, '')$$);
SELECT unnest(ARRAY[format('SELECT %L', code), $$SET LOCAL residency.language = 'en'$$, statement,
                    $$SET LOCAL residency.language = 'zh'$$, statement])
FROM attempt ORDER BY n
\gexec
ROLLBACK;
