-- What a client reads who registers an employer or what entitles, and is refused: through plain SQL, in English and Chinese.
\set ECHO none
\getenv test PG_ABS_SRCDIR
\i :test/lib/register.sql
\set ON_ERROR_ROLLBACK on
\set VERBOSITY default
\set SHOW_CONTEXT never

BEGIN;
SET LOCAL datestyle = 'ISO';
INSERT INTO registry.person (person_id, name, birth_date) OVERRIDING SYSTEM VALUE VALUES
    (9600, '张明', '1980-01-01'), (9601, '李强', '1990-01-01');
INSERT INTO registry.dwelling (dwelling_id, address, division, landlord_person_id) OVERRIDING SYSTEM VALUE VALUES
    (9600, 'Harbour Road 6', '460105001002', 9601), (9601, 'Harbour Road 7', '460105001002', NULL);
INSERT INTO registry.employer (employer_id, credit_code, registration_number, name, division, state, closed_on) OVERRIDING SYSTEM VALUE VALUES
    (9600, '91350100M000100Y43', '310230001716146', '甲厂', '460105', 'open', NULL),
    (9601, NULL, '110108000000016', '乙厂', '460105', 'revoked', '2020-01-01');
INSERT INTO registry.employment (employment_id, employer_id, person_id, hired_on) OVERRIDING SYSTEM VALUE VALUES (9600, 9600, 9600, '2024-01-01');
INSERT INTO registry.tenancy (tenancy_id, dwelling_id, person_id, starts_on, filing_number) OVERRIDING SYSTEM VALUE VALUES (9600, 9600, 9600, '2024-01-01', 'HK-1');
INSERT INTO registry.schooling (schooling_id, person_id, school_name, division, level, starts_on) OVERRIDING SYSTEM VALUE VALUES (9600, 9600, '一中', '460105', 'senior', '2024-01-01');
INSERT INTO registry.ownership (ownership_id, person_id, dwelling_id, starts_on) OVERRIDING SYSTEM VALUE VALUES (9600, 9600, 9601, '2024-01-01');

INSERT INTO policy.setting (key, division, period, value, legal_basis) VALUES ('deposit_months', '460105', '[2024-01-01,2025-01-01)', '2', 'a test');

CREATE TEMP TABLE attempt (n serial, code text, statement text);
INSERT INTO attempt (code, statement) VALUES
('RG035', $$DELETE FROM registry.tenancy$$),
('RG120', $$INSERT INTO registry.employer (credit_code, name, division) VALUES ('91350100M000100Y43', '丙厂', '460105')$$),
('RG121', $$INSERT INTO registry.employer (registration_number, name, division) VALUES ('310230001716146', '丙厂', '460105')$$),
('RG122', $$INSERT INTO registry.employer (registration_number, name, division) VALUES ('123456123456781', '丙厂', '460105')$$),
('RG123', $$INSERT INTO registry.employment (employer_id, person_id, hired_on) VALUES (9699, 9600, '2024-01-01')$$),
('RG124', $$INSERT INTO registry.employment (employer_id, person_id, hired_on) VALUES (9601, 9600, '2020-01-01')$$),
('RG125', $$UPDATE registry.employer SET name = ' ' WHERE employer_id = 9600$$),
('RG127', $$UPDATE registry.employment SET ended_on = '2023-12-31' WHERE employment_id = 9600$$),
('RG128', $$UPDATE registry.tenancy SET starts_on = '1979-12-31' WHERE tenancy_id = 9600$$),
('RG129', $$INSERT INTO registry.employment (employer_id, person_id, hired_on) VALUES (9600, 9600, '2024-02-01')$$),
('RG130', $$INSERT INTO registry.tenancy (dwelling_id, person_id, starts_on) VALUES (9600, 9600, '2024-02-01')$$),
('RG131', $$INSERT INTO registry.tenancy (dwelling_id, person_id, starts_on, ends_on, filing_number) VALUES (9600, 9600, '2023-02-01', '2023-03-01', 'HK-1')$$),
('RG132', $$INSERT INTO registry.tenancy (dwelling_id, person_id, starts_on) VALUES (9601, 9601, '2024-02-01')$$),
('RG132', $$INSERT INTO registry.tenancy (dwelling_id, person_id, starts_on) VALUES (9600, 9601, '2024-02-01')$$),
('RG133', $$UPDATE registry.tenancy SET monthly_rent = 800, deposit = 2000 WHERE tenancy_id = 9600$$),
('RG134', $$INSERT INTO registry.schooling (person_id, school_name, division, level, starts_on) VALUES (9600, '二中', '460106', 'senior', '2024-09-01')$$),
('RG135', $$INSERT INTO registry.ownership (person_id, dwelling_id, starts_on) VALUES (9600, 9601, '2024-02-01')$$),
('RG136', $$SELECT api.end_tenancy(9600, '2024-06-01'), api.end_tenancy(9600, '2024-07-01')$$),
('RG137', $$SELECT api.end_tenancy(9699)$$),
('RG138', $$UPDATE registry.ownership SET dwelling_id = 9600 WHERE ownership_id = 9600$$),
('RG139', $$UPDATE registry.schooling SET void_reason = '' WHERE schooling_id = 9600$$);
SELECT unnest(ARRAY[format('SELECT %L', code), $$SET LOCAL residency.language = 'en'$$, statement,
                    $$SET LOCAL residency.language = 'zh'$$, statement])
FROM attempt ORDER BY n
\gexec
-- names today, which the others must not
SET LOCAL residency.language = 'en';
DO $$
BEGIN
    INSERT INTO registry.employment (employer_id, person_id, hired_on) VALUES (9600, 9601, residency.today() + 1);
EXCEPTION WHEN SQLSTATE 'RG126' THEN
    RAISE NOTICE 'RG126: %', SQLERRM;
END $$;
SELECT message_zh FROM code.error WHERE code = 'RG126';
ROLLBACK;
