-- What is read who is refused at the access control: through plain SQL, in English and Chinese.
\set ECHO none
\getenv test PG_ABS_SRCDIR
\i :test/lib/register.sql
\set ON_ERROR_ROLLBACK on
\set VERBOSITY default
\set SHOW_CONTEXT never

BEGIN;
INSERT INTO registry.person (person_id, name, birth_date) OVERRIDING SYSTEM VALUE VALUES (9880, '张明', '1980-01-01');
INSERT INTO registry.dwelling (dwelling_id, address, division, safety_letter_on) OVERRIDING SYSTEM VALUE VALUES (9880, 'Harbour Road 8', '460105001002', '2020-01-01'), (9881, 'Harbour Road 9', '460105001002', '2020-01-01');
INSERT INTO registry.access_device (access_device_id, device_code) OVERRIDING SYSTEM VALUE VALUES (9880, 'HK-9880');
INSERT INTO registry.access_binding (access_binding_id, access_device_id, dwelling_id, period) OVERRIDING SYSTEM VALUE VALUES (9880, 9880, 9880, '[2020-01-01,)');
INSERT INTO registry.access_credential (access_credential_id, token, person_id) OVERRIDING SYSTEM VALUE VALUES (9880, md5('9880')::uuid, 9880);
INSERT INTO registry.presence_day SELECT 'HK-9880', residency.today() - n, md5('9880')::uuid, 9880, 2, now() - n * interval '1 day', now() - n * interval '1 day' FROM generate_series(1, 20) n;

CREATE TEMP TABLE attempt (n serial, code text, statement text);
INSERT INTO attempt (code, statement) VALUES
('RG285', $$UPDATE registry.access_event SET token = NULL$$),
('RG286', $$SELECT api.confirm_presence('probably_left', 9880, 'visit', 9880)$$),
('RG286', $$SELECT api.confirm_presence('probably_arrived', 9880, 'visit', token => '00000000-0000-0000-0000-000000009880')$$),
('RG287', $$INSERT INTO registry.access_binding (access_device_id, dwelling_id, period) VALUES (9880, 9881, '[2024-01-01,)')$$),
('RG288', $$INSERT INTO registry.access_binding (access_device_id, dwelling_id) VALUES (-9880, 9881)$$),
('RG289', $$UPDATE registry.access_device SET device_code = 'HK-9881'$$),
('RG290', $$INSERT INTO registry.access_credential (token, dwelling_id) VALUES (md5('9880')::uuid, 9881)$$),
('RG291', $$INSERT INTO registry.access_credential (token) VALUES (md5('9881')::uuid)$$),
('RG292', $$SELECT api.confirm_presence('probably_arrived', 9880, 'confirmed', 9880, lives_in => 9881)$$);
SELECT unnest(ARRAY[format('SELECT %L', code), $$SET LOCAL residency.language = 'en'$$, statement,
                    $$SET LOCAL residency.language = 'zh'$$, statement])
FROM attempt ORDER BY n
\gexec
ROLLBACK;
