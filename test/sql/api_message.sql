-- What a client of the api reads when it is refused, in English and Chinese.
\set ECHO none
\getenv test PG_ABS_SRCDIR
\i :test/lib/register.sql
\set ON_ERROR_ROLLBACK on
\set VERBOSITY default
\set SHOW_CONTEXT never

BEGIN;
INSERT INTO registry.person (person_id, resident_id, name) OVERRIDING SYSTEM VALUE VALUES
    (9600, '11010519491231002X', '张明'), (9601, '130503196704010016', '李强');
INSERT INTO registry.dwelling (dwelling_id, address, division, safety_letter_on) OVERRIDING SYSTEM VALUE VALUES
    (9600, 'Harbour Road 6', '460105001002', '2020-01-01');
INSERT INTO registry.residence (residence_id, person_id, dwelling_id, arrived_on, state) OVERRIDING SYSTEM VALUE VALUES
    (9600, 9600, 9600, '2024-01-01', 'active');

CREATE TEMP TABLE attempt (n serial, code text, statement text);
INSERT INTO attempt (code, statement) VALUES
('RG010', $$SELECT api.register_arrival(resident_id => '110101199003078670', dwelling_id => 9600)$$),
('RG012', $$SELECT api.verify_residence(9999)$$),
('RG034', $$SELECT api.verify_residence(9600)$$),
('RG036', $$SELECT api.void_residence(9600, '')$$),
('RG039', $$SELECT api.change_residence(person_id => 9600, dwelling_id => 9600, moved_on => '2024-02-01')$$),
('RG040', $$SELECT api.register_departure(person_id => 9601, departed_on => '2024-02-01')$$),
('RG081', $$SELECT api.register_arrivals('{"person_id": 9601}')$$),
('RG084', $$SELECT api.submit('register_marriage', '[]')$$),
('RG085', $$SELECT api.register_arrival(dwelling_id => 9600)$$),
('RG086', $$SELECT api.register_arrival(person_id => 9601, resident_id => '11010519491231002X', dwelling_id => 9600)$$);
SELECT unnest(ARRAY[format('SELECT %L', code), $$SET LOCAL residency.language = 'en'$$, statement,
                    $$SET LOCAL residency.language = 'zh'$$, statement])
FROM attempt ORDER BY n
\gexec

-- rows of a batch are answered, not raised
SET LOCAL residency.language = 'en';
SELECT line, accepted, code, message, detail, hint
FROM api.register_arrivals('[{"person": 9601}, {"person_id": "x", "dwelling_id": 9600}, {"person_id": 9601, "dwelling_id": [1]}, 7]');
SET LOCAL residency.language = 'zh';
SELECT line, accepted, code, message, detail, hint
FROM api.register_arrivals('[{"person": 9601}, {"person_id": "x", "dwelling_id": 9600}, {"person_id": 9601, "dwelling_id": [1]}, 7]');
ROLLBACK;
