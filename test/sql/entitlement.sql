-- What entitles: employers, employments, tenancies, schoolings, ownerships. Their rules, their acts, and what is seen of them.
\set ECHO none
\getenv test PG_ABS_SRCDIR
\i :test/lib/register.sql

BEGIN;
SET LOCAL search_path = public, residency;
SET LOCAL datestyle = 'ISO';
SET LOCAL client_min_messages = warning;
SELECT no_plan();

INSERT INTO registry.person (person_id, name, resident_id, birth_date) OVERRIDING SYSTEM VALUE VALUES
    (9301, '张明', '11010519491231002X', NULL), (9302, '李强', NULL, '1990-01-01'), (9303, '王芳', NULL, NULL), (9304, '房东', NULL, '1960-01-01');
INSERT INTO registry.dwelling (dwelling_id, parent_id, kind, address, division, let_state, safety_letter_on, landlord_person_id, landlord_credit_code) OVERRIDING SYSTEM VALUE VALUES
    (9301, NULL, 'building', '海秀路1号', '460105001001', 'let', '2020-01-01', NULL, '91460106MA5T000109'),
    (9302, 9301, 'unit', '海秀路1号1单元', '460105001001', 'let', NULL, 9304, NULL),
    (9303, 9302, 'room', '海秀路1号1单元101', '460105001001', 'let', NULL, NULL, NULL),
    (9304, 9301, 'unit', '海秀路1号2单元', '460105001001', 'let', NULL, NULL, NULL),
    (9305, NULL, 'building', '海秀路5号', '460105001001', 'prohibited', NULL, 9304, NULL),
    (9306, 9305, 'room', '海秀路5号1', '460105001001', 'let', NULL, NULL, NULL),
    (9307, NULL, 'unit', '海秀路7号', '460105001001', 'demolished', NULL, 9304, NULL),
    (9308, NULL, 'unit', '海秀路8号', '460105001001', 'owner_occupied', NULL, NULL, NULL);
CREATE FUNCTION pg_temp.outcome(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    code text;
BEGIN
    BEGIN
        EXECUTE statement;
        SET CONSTRAINTS ALL IMMEDIATE;
        code := '00000';
    EXCEPTION WHEN OTHERS THEN
        code := SQLSTATE;
    END;
    RAISE EXCEPTION '%', code USING ERRCODE = 'XX999';
EXCEPTION WHEN SQLSTATE 'XX999' THEN
    RETURN SQLERRM;
END $$;

-- registration numbers (facts.md 2.2)
SELECT is(residency.is_registration_number(n), v, n || ' ' || v)
FROM (VALUES ('310230001716146', true), ('310230001716154', true), ('110108000000016', true), ('440113000012346', true),
             ('460100600000126', true), ('440101400005671', true), ('123456123456781', false), ('31023000171614', false),
             ('3102300017161466', false), ('31023000171614X', false), ('', false)) t (n, v);
SELECT is((SELECT count(*) FROM generate_series(0, 9) d WHERE residency.is_registration_number('44011300001234' || d)), 1::bigint, 'one check digit');
SELECT is(array_agg(residency.record_state('2024-01-01', e::date, v, o::date) ORDER BY n), '{ahead,running,running,ended,running,voided}', 'states of a record')
FROM (VALUES (1, '2024-02-01', NULL, '2023-12-31'), (2, '2024-02-01', NULL, '2024-01-01'), (3, '2024-02-01', NULL, '2024-01-31'),
             (4, '2024-02-01', NULL, '2024-02-01'), (5, NULL, NULL, '2024-02-01'), (6, NULL, 'x', '2024-02-01')) t (n, e, v, o);
SELECT is_empty($$SELECT list, code FROM code.value WHERE list IN ('employer_state', 'employment_kind', 'school_level', 'record_state') AND (name !~ '[一-龥]' OR name_en IS NULL)$$,
    'the lists have names in both languages');

-- employers
INSERT INTO registry.employer (employer_id, credit_code, registration_number, name, division, opened_on, state, closed_on) OVERRIDING SYSTEM VALUE VALUES
    (9301, '91460106MA5T000109', NULL, '　海口甲厂 ', '460106', '2010-01-01', 'open', NULL),
    (9302, NULL, '110108000000016', '乙厂', '460105001001', NULL, 'revoked', '2020-01-01'),
    (9303, '92440113MA59K12337', '440113000012346', '王芳小吃店', '46', '2020-06-01', 'suspended', NULL);
SELECT results_eq($$SELECT name, closed_on IS NULL, period FROM registry.employer WHERE employer_id = 9301$$,
    $$VALUES ('海口甲厂', true, '[2010-01-01,)'::daterange)$$, 'blanks go, an open end');
SELECT is(closed_on, residency.today(), 'closed today, unless said otherwise') FROM registry.employer WHERE employer_id = 9303;
UPDATE registry.employer SET state = 'open' WHERE employer_id = 9303;
SELECT is(closed_on, NULL, 'open again') FROM registry.employer WHERE employer_id = 9303;
SELECT is(pg_temp.outcome(format('INSERT INTO registry.employer (%s) VALUES (%s)', c, v)), e, e || ': ' || v)
FROM (VALUES
    ('name, division, credit_code', $$'丙', '46', '91350100M000100Y43'$$, '00000'),
    ('name, division, registration_number', $$'丙', '46', ' 440101400005671'$$, '00000'),
    ('name, division, credit_code', $$'丙', '46', '91460106MA5T000109'$$, 'RG120'),
    ('name, division, credit_code', $$'丙', '46', '91460106MA5T000100'$$, '22P02'),
    ('name, division, registration_number', $$'丙', '46', '110108000000016'$$, 'RG121'),
    ('name, division, credit_code, registration_number', $$'丙', '46', '91350100M000100Y43', '110108000000016'$$, 'RG121'),
    ('name, division', $$'丙', '46'$$, 'RG122'),
    ('name, division, credit_code, registration_number', $$'丙', '46', '91350100M000100Y43', '110108000000017'$$, 'RG122'),
    ('name, division, credit_code', $$NULL, '46', '91350100M000100Y43'$$, 'RG125'),
    ('name, division, credit_code', $$E'a\nb', '46', '91350100M000100Y43'$$, 'RG125'),
    ('name, division, credit_code', $$'丙', NULL, '91350100M000100Y43'$$, 'RG125'),
    ('name, division, credit_code', $$'丙', '469999', '91350100M000100Y43'$$, '23503'),
    ('name, division, credit_code, address', $$'丙', '46', '91350100M000100Y43', ''$$, 'RG125'),
    ('name, division, credit_code, state', $$'丙', '46', '91350100M000100Y43', 'gone'$$, 'RG006'),
    ('name, division, credit_code, state', $$'丙', '46', '91350100M000100Y43', NULL$$, 'RG006'),
    ('name, division, credit_code, channel', $$'丙', '46', '91350100M000100Y43', 'owl'$$, 'RG006'),
    ('name, division, credit_code, opened_on', $$'丙', '46', '91350100M000100Y43', residency.today() + 1$$, 'RG126'),
    ('name, division, credit_code, opened_on', $$'丙', '46', '91350100M000100Y43', '-infinity'$$, 'RG128'),
    ('name, division, credit_code, state, closed_on', $$'丙', '46', '91350100M000100Y43', 'suspended', 'infinity'$$, 'RG126'),
    ('name, division, credit_code, opened_on, state, closed_on', $$'丙', '46', '91350100M000100Y43', '2020-01-02', 'suspended', '2020-01-01'$$, 'RG127')
) t (c, v, e);
SELECT is(pg_temp.outcome($$UPDATE registry.employer SET registration_number = '110108000000016' WHERE employer_id = 9301$$), 'RG121', 'a number of another');
SELECT is(pg_temp.outcome($$UPDATE registry.employer SET credit_code = '91350100M000100Y43' WHERE employer_id = 9302$$), '00000', 'an old one gets its credit code');

-- employments
INSERT INTO registry.employment (employment_id, employer_id, person_id, hired_on, ended_on) OVERRIDING SYSTEM VALUE VALUES
    (9301, 9301, 9301, '2020-01-01', '2021-01-01'), (9302, 9301, 9301, '2024-01-01', NULL),
    (9303, 9303, 9301, '2024-01-01', NULL), (9304, 9302, 9302, '2019-12-31', '2021-01-01');
SELECT is(pg_temp.outcome(format('INSERT INTO registry.employment (employer_id, person_id, hired_on, ended_on %s) VALUES (%s)', c, v)), e, e || ': ' || v)
FROM (VALUES
    ('', $$9301, 9302, '2024-01-01', NULL$$, '00000'),
    ('', $$9301, 9301, '2021-01-01', '2024-01-01'$$, '00000'),
    ('', $$9301, 9301, '2020-06-01', '2020-06-01'$$, '00000'),
    ('', $$9301, 9301, '2020-12-31', '2021-06-01'$$, 'RG129'),
    ('', $$9301, 9301, '2023-12-31', NULL$$, 'RG129'),
    ('', $$9301, 9301, '2024-06-01', '2024-07-01'$$, 'RG129'),
    ('', $$9399, 9301, '2024-06-01', NULL$$, 'RG123'),
    ('', $$NULL, 9301, '2024-06-01', NULL$$, 'RG123'),
    ('', $$9301, 9399, '2024-06-01', NULL$$, 'RG010'),
    ('', $$9301, NULL, '2024-06-01', NULL$$, 'RG010'),
    ('', $$9302, 9301, '2019-12-31', NULL$$, '00000'),
    ('', $$9302, 9301, '2020-01-01', NULL$$, 'RG124'),
    ('', $$9301, 9302, '2009-12-31', NULL$$, 'RG124'),
    ('', $$9301, 9302, residency.today(), residency.today()$$, '00000'),
    ('', $$9301, 9302, residency.today() + 1, NULL$$, 'RG126'),
    ('', $$9301, 9302, '2024-01-01', residency.today() + 1$$, 'RG126'),
    ('', $$9301, 9302, '2024-01-02', '2024-01-01'$$, 'RG127'),
    ('', $$9301, 9302, NULL, NULL$$, 'RG128'),
    ('', $$9301, 9302, '-infinity', NULL$$, 'RG128'),
    ('', $$9301, 9302, '2024-01-01', 'infinity'$$, 'RG128'),
    ('', $$9302, 9302, '1989-12-31', '1990-06-01'$$, 'RG128'),
    ('', $$9302, 9303, '1899-12-31', '1990-06-01'$$, 'RG128'),
    (', kind', $$9301, 9302, '2024-01-01', NULL, 'slave'$$, 'RG006'),
    (', kind', $$9301, 9302, '2024-01-01', NULL, NULL$$, 'RG006'),
    (', channel', $$9301, 9302, '2024-01-01', NULL, NULL$$, 'RG006'),
    (', contract_number', $$9301, 9302, '2024-01-01', NULL, repeat('9', 51)$$, 'RG125'),
    (', end_reason', $$9301, 9302, '2024-01-01', NULL, ''$$, 'RG125'),
    (', hire_reported_at', $$9301, 9302, '2024-01-01', NULL, now() + interval '2 days'$$, 'RG126'),
    (', end_reported_at', $$9301, 9302, '2024-01-01', NULL, now() + interval '2 days'$$, 'RG126'),
    (', void_reason', $$9301, 9302, '2024-01-01', NULL, 'born void'$$, 'RG136')
) t (c, v, e);
INSERT INTO registry.employment (employment_id, employer_id, person_id, hired_on, channel) OVERRIDING SYSTEM VALUE VALUES (9305, 9301, 9303, '2024-01-01', 'employer');
SELECT is(hire_reported_at, now(), 'what the employer brings is reported') FROM registry.employment WHERE employment_id = 9305;
SELECT is(hire_reported_at, NULL, 'what others bring is not') FROM registry.employment WHERE employment_id = 9302;
SELECT is(pg_temp.outcome(format('UPDATE registry.employment SET %s WHERE employment_id = %s', s, k)), e, e || ': ' || s)
FROM (VALUES
    ($$person_id = 9302$$, 9302, 'RG138'), ($$employer_id = 9303$$, 9302, 'RG138'), ($$contract_number = 'C-1'$$, 9302, '00000'),
    ($$hired_on = '2020-12-31'$$, 9302, 'RG129'), ($$hired_on = '2009-12-31'$$, 9302, 'RG124'), ($$ended_on = '2023-12-31'$$, 9302, 'RG127'),
    -- its employer has closed since
    ($$ended_on = '2020-06-01'$$, 9304, '00000'), ($$hired_on = '2020-01-01'$$, 9304, 'RG124')
) t (s, k, e);

-- a void record counts no more, and stays as it is
UPDATE registry.employment SET void_reason = '重复登记', hired_on = '1900-01-01' WHERE employment_id = 9302;
SELECT results_eq($$SELECT void_reason, voided_at = now(), hired_on FROM registry.employment WHERE employment_id = 9302$$,
    $$VALUES ('重复登记', true, date '2024-01-01')$$, 'voiding changes nothing else');
SELECT is(pg_temp.outcome($$INSERT INTO registry.employment (employer_id, person_id, hired_on) VALUES (9301, 9301, '2023-06-01')$$), '00000', 'the right one takes its place');
SELECT is(pg_temp.outcome($$UPDATE registry.employment SET void_reason = NULL WHERE employment_id = 9302$$), 'RG136', 'it is not taken back');
SELECT is(pg_temp.outcome($$UPDATE registry.employment SET ended_on = '2024-02-01' WHERE employment_id = 9302$$), 'RG136', 'nor ended');
SELECT is(pg_temp.outcome($$UPDATE registry.employment SET void_reason = '' WHERE employment_id = 9303$$), 'RG139', 'nor voided without a reason');
SELECT is(pg_temp.outcome($$UPDATE registry.employment SET voided_at = now() WHERE employment_id = 9303$$), '00000', 'its moment is the register''s own');
SELECT is(pg_temp.outcome(format('DELETE FROM registry.%s', t)), 'RG035', t || ' is kept') FROM unnest('{employment,tenancy,schooling,ownership}'::text[]) t;
SELECT is(pg_temp.outcome('TRUNCATE registry.schooling'), 'RG035', 'also from TRUNCATE');
SELECT is(pg_temp.outcome('DELETE FROM registry.employer WHERE employer_id = 9301'), '23503', 'an employer with staff is not deleted');

-- tenancies
INSERT INTO policy.setting (key, division, period, value, legal_basis) VALUES ('deposit_months', '460105', '[2023-12-20,2025-01-01)', '2', 'a test');
INSERT INTO registry.tenancy (tenancy_id, dwelling_id, person_id, starts_on, ends_on, filing_number, filed_on, signed_on) OVERRIDING SYSTEM VALUE VALUES
    (9301, 9303, 9301, '2024-01-01', '2025-01-01', '海租备1', '2024-01-10', '2023-12-20');
SELECT is(landlord_person_id, 9304::bigint, 'the landlord is that of the innermost whole that has one') FROM registry.tenancy WHERE tenancy_id = 9301;
INSERT INTO registry.tenancy (tenancy_id, dwelling_id, person_id, starts_on) OVERRIDING SYSTEM VALUE VALUES (9302, 9304, 9301, '2024-01-01');
SELECT is(landlord_credit_code::text, '91460106MA5T000109', 'or of the building') FROM registry.tenancy WHERE tenancy_id = 9302;
SELECT is(pg_temp.outcome(format('INSERT INTO registry.tenancy (dwelling_id, person_id, starts_on, ends_on %s) VALUES (%s)', c, v)), e, e || ': ' || v)
FROM (VALUES
    ('', $$9303, 9302, '2024-01-01', '2025-01-01'$$, '00000'),
    ('', $$9303, 9301, '2025-01-01', NULL$$, '00000'),
    ('', $$9303, 9301, residency.today() + 30, residency.today() + 400$$, '00000'),
    ('', $$9303, 9301, '2024-12-31', NULL$$, 'RG130'),
    ('', $$9304, 9301, residency.today() + 30, NULL$$, 'RG130'),
    ('', $$9399, 9302, '2024-01-01', NULL$$, 'RG011'),
    ('', $$NULL, 9302, '2024-01-01', NULL$$, 'RG011'),
    ('', $$9303, 9399, '2024-01-01', NULL$$, 'RG010'),
    ('', $$9305, 9301, '2024-01-01', NULL$$, 'RG026'),
    ('', $$9306, 9301, '2024-01-01', residency.today() + 1$$, 'RG026'),
    ('', $$9306, 9301, '2020-01-01', residency.today()$$, '00000'),
    ('', $$9307, 9301, '2024-01-01', NULL$$, 'RG027'),
    ('', $$9307, 9301, '2020-01-01', '2021-01-01'$$, '00000'),
    ('', $$9308, 9301, '2024-01-01', NULL$$, 'RG132'),
    (', landlord_person_id', $$9308, 9301, '2024-01-01', NULL, 9304$$, '00000'),
    (', landlord_person_id, landlord_credit_code', $$9308, 9301, '2024-01-01', NULL, 9304, '91460106MA5T000109'$$, 'RG132'),
    (', landlord_person_id', $$9308, 9301, '2024-01-01', NULL, 9301$$, 'RG132'),
    ('', $$9303, 9304, '2024-01-01', NULL$$, 'RG132'),
    (', landlord_person_id', $$9308, 9301, '2024-01-01', NULL, 9399$$, '23503'),
    (', filing_number', $$9303, 9302, '2024-01-01', NULL, ' 海租备1'$$, 'RG131'),
    (', filing_number', $$9303, 9302, '2024-01-01', NULL, ''$$, 'RG125'),
    (', contract_number', $$9303, 9302, '2024-01-01', NULL, E'\x01'$$, 'RG125'),
    (', signed_on', $$9303, 9302, '2024-01-01', NULL, residency.today() + 1$$, 'RG126'),
    (', filed_on', $$9303, 9302, '2024-01-01', NULL, residency.today() + 1$$, 'RG126'),
    (', reported_at', $$9303, 9302, '2024-01-01', NULL, 'infinity'$$, 'RG126'),
    ('', $$9303, 9302, '2024-01-01', '2023-12-31'$$, 'RG127'),
    ('', $$9303, 9302, '2024-01-01', 'infinity'$$, 'RG128'),
    (', agent_credit_code', $$9303, 9302, '2024-01-01', NULL, '1'$$, '22P02'),
    (', deposit, monthly_rent', $$9303, 9302, '2024-01-01', NULL, 3000, 1000$$, 'RG133'),
    (', channel', $$9303, 9302, '2024-01-01', NULL, 'owl'$$, 'RG006')
) t (c, v, e);
SELECT is(pg_temp.outcome(format('UPDATE registry.tenancy SET %s WHERE tenancy_id = %s', s, k)), e, e || ': ' || s)
FROM (VALUES
    ($$ends_on = '2024-06-01'$$, 9301, '00000'), ($$dwelling_id = 9304$$, 9301, 'RG138'), ($$person_id = 9302$$, 9301, 'RG138'),
    ($$landlord_person_id = NULL, landlord_credit_code = '91460106MA5T000109'$$, 9301, '00000'), ($$landlord_person_id = 9301$$, 9301, 'RG132'),
    ($$monthly_rent = 0$$, 9301, '23514'), ($$deposit = -1$$, 9301, '23514'), ($$deposit = 100000$$, 9301, '00000'),
    ($$deposit = 2000, monthly_rent = 1000$$, 9301, '00000'), ($$deposit = 2000.01, monthly_rent = 1000$$, 9301, 'RG133'),
    -- signed before the limit was set
    ($$deposit = 2000.01, monthly_rent = 1000, signed_on = '2023-12-19'$$, 9301, '00000')
) t (s, k, e);
SELECT is(pg_temp.outcome($$UPDATE registry.dwelling SET let_state = 'prohibited' WHERE dwelling_id = 9304;
                            UPDATE registry.tenancy SET contract_number = 'C-1' WHERE tenancy_id = 9302$$), '00000', 'a prohibition does not undo the lease');
SELECT is(pg_temp.outcome($$UPDATE registry.dwelling SET let_state = 'prohibited' WHERE dwelling_id = 9304;
                            UPDATE registry.tenancy SET ends_on = residency.today() + 1000 WHERE tenancy_id = 9302$$), 'RG026', 'but it is not renewed');
SELECT is(pg_temp.outcome($$UPDATE registry.tenancy SET void_reason = 'x' WHERE tenancy_id = 9301;
    INSERT INTO registry.tenancy (dwelling_id, person_id, starts_on, filing_number) VALUES (9303, 9301, '2024-01-01', '海租备1')$$), '00000', 'the filing number of a void lease is free');
SELECT is(pg_temp.outcome($$DELETE FROM registry.dwelling WHERE dwelling_id = 9304$$), '23503', 'a dwelling with leases is not deleted');

-- schoolings and ownerships
INSERT INTO registry.schooling (schooling_id, person_id, school_name, division, level, student_number, starts_on, ends_on) OVERRIDING SYSTEM VALUE VALUES
    (9301, 9302, '海口一中', '460105', 'senior', 'G460105200801010012', '2024-09-01', '2027-07-01');
SELECT is(pg_temp.outcome(format('INSERT INTO registry.schooling (person_id, school_name, division, level, starts_on %s) VALUES (%s)', c, v)), e, e || ': ' || v)
FROM (VALUES
    ('', $$9301, '二中', '460105', 'junior', '2024-09-01'$$, '00000'),
    ('', $$9302, '二中', '460105', 'junior', '2025-09-01'$$, 'RG134'),
    (', ends_on', $$9302, '二中', '460105', 'junior', '2020-09-01', '2024-09-01'$$, '00000'),
    ('', $$9301, '', '460105', 'junior', '2024-09-01'$$, 'RG125'),
    ('', $$9301, NULL, '460105', 'junior', '2024-09-01'$$, 'RG125'),
    ('', $$9301, '二中', NULL, 'junior', '2024-09-01'$$, 'RG125'),
    ('', $$9301, '二中', '460105', 'kindergarten', '2024-09-01'$$, 'RG006'),
    ('', $$9301, '二中', '460105', NULL, '2024-09-01'$$, 'RG006'),
    ('', $$9301, '二中', '460105', 'junior', residency.today() + 1$$, 'RG126'),
    ('', $$9301, '二中', '460105', 'junior', NULL$$, 'RG128'),
    (', student_number', $$9301, '二中', '460105', 'junior', '2024-09-01', ''$$, 'RG125'),
    ('', $$9399, '二中', '460105', 'junior', '2024-09-01'$$, 'RG010')
) t (c, v, e);
INSERT INTO registry.ownership (ownership_id, person_id, dwelling_id, certificate_number, starts_on) OVERRIDING SYSTEM VALUE VALUES
    (9301, 9303, 9308, '琼(2020)海口市不动产权第0001号', '2020-01-01');
SELECT is(pg_temp.outcome(format('INSERT INTO registry.ownership (person_id, dwelling_id, starts_on, ends_on) VALUES (%s)', v)), e, e || ': ' || v)
FROM (VALUES
    ($$9302, 9308, '2020-01-01', NULL$$, '00000'), ($$9303, 9308, '2021-01-01', NULL$$, 'RG135'), ($$9303, 9308, '2019-01-01', '2020-01-01'$$, '00000'),
    ($$9302, 9305, '2020-01-01', NULL$$, '00000'), ($$9302, 9307, '2020-01-01', NULL$$, 'RG027'), ($$9302, 9307, '2020-01-01', '2021-01-01'$$, '00000'),
    ($$9302, 9399, '2020-01-01', NULL$$, 'RG011'), ($$9302, 9308, residency.today() + 1, NULL$$, 'RG126'),
    ($$9302, 9308, '2020-01-01', residency.today() + 1$$, 'RG126'), ($$9302, 9308, '2020-01-01', '2019-01-01'$$, 'RG127')
) t (v, e);
SELECT is(pg_temp.outcome($$UPDATE registry.ownership SET certificate_number = '' WHERE ownership_id = 9301$$), 'RG125', 'a certificate has a number');
SELECT is(pg_temp.outcome($$UPDATE registry.schooling SET person_id = 9301 WHERE schooling_id = 9301$$), 'RG138', 'a student stays the same');

-- the acts
SELECT results_eq($$SELECT accepted, act, record_id IS NOT NULL, state, warning, code FROM api.register_employer('丁厂', '91350100M000100Y43', division => '350100')$$,
    $$VALUES (true, 'register_employer', true, 'open', NULL, NULL)$$, 'an employer');
CREATE FUNCTION pg_temp.employer(name text) RETURNS bigint LANGUAGE sql RETURN (SELECT e.employer_id FROM registry.employer e WHERE e.name = employer.name);
SELECT results_eq($$SELECT accepted, record_id, code FROM api.register_employer('戊厂', registration_number => '440101400005671', division => '46', dry_run => true)$$,
    $$VALUES (true, NULL::bigint, NULL)$$, 'an employer, rehearsed');
SELECT results_eq($$SELECT accepted, code, detail FROM api.register_employer('戊厂', '91350100M000100Y43', division => '46', dry_run => true)$$,
    format($$VALUES (false, 'RG120', 'Credit code 91350100M000100Y43 belongs to employer %s.')$$, pg_temp.employer('丁厂')), 'one that is there');
SELECT is(pg_temp.outcome($$SELECT api.register_employer('戊厂', '91110000600037341L')$$), 'RG085', 'an employer works somewhere');
SELECT is(pg_temp.outcome($$SELECT api.change_employer(-1, name => 'x')$$), 'RG123', 'nobody to change');
SELECT results_eq($$SELECT record_id = pg_temp.employer('丁厂'), state FROM api.change_employer(pg_temp.employer('丁厂'), state => 'deregistered', closed_on => '2024-05-01')$$,
    $$VALUES (true, 'deregistered')$$, 'an employer closes');
SELECT is((SELECT (name, period)::text FROM registry.employer WHERE credit_code = '91350100M000100Y43'), '(丁厂,"(,2024-05-01)")', 'and keeps the rest');

SELECT results_eq($$SELECT accepted, person_id, state, code FROM api.register_employment(resident_id => '11010519491231002X', employer_credit_code => '91350100M000100Y43', hired_on => '2024-04-30', ended_on => '2024-05-01')$$,
    $$VALUES (true, 9301::bigint, 'ended', NULL)$$, 'an employment by numbers');
SELECT is(pg_temp.outcome($$SELECT api.register_employment(9301, employer_credit_code => '91110000600037341L')$$), 'RG123', 'no such employer');
SELECT is(pg_temp.outcome($$SELECT api.register_employment(9301, 9301, employer_credit_code => '91350100M000100Y43')$$), 'RG123', 'two employers');
SELECT is(pg_temp.outcome($$SELECT api.register_employment(9301)$$), 'RG085', 'no employer');
SELECT is(pg_temp.outcome($$SELECT api.register_employment(employer_id => 9301)$$), 'RG085', 'nobody');
SELECT record_id AS job FROM api.register_employment(9302, 9303) \gset
SELECT results_eq(format($$SELECT hired_on = residency.today(), kind COLLATE "default", channel COLLATE "default" FROM registry.employment WHERE employment_id = %s$$, :job),
    $$VALUES (true, 'contract', 'window')$$, 'today, by contract, at the window');
SELECT results_eq(format($$SELECT accepted, record_id, state FROM api.end_employment(%s, dry_run => true)$$, :job), format($$VALUES (true, %s::bigint, 'ended')$$, :job), 'an end, rehearsed');
SELECT is(pg_temp.outcome(format($$SELECT api.end_employment(%s, residency.today() - 1)$$, :job)), 'RG127', 'not before it began');
SELECT is(pg_temp.outcome(format($$SELECT api.end_employment(%s, residency.today() + 1)$$, :job)), 'RG126', 'nor tomorrow');
SELECT results_eq(format($$SELECT person_id, state FROM api.end_employment(%s, reason => '辞职', channel => 'employer')$$, :job), $$VALUES (9302::bigint, 'ended')$$, 'an end');
SELECT results_eq(format($$SELECT ended_on = residency.today(), end_reason, end_reported_at = now() FROM registry.employment WHERE employment_id = %s$$, :job), $$VALUES (true, '辞职', true)$$, 'on its day, reported');
SELECT is(pg_temp.outcome(format($$SELECT api.end_employment(%s)$$, :job)), 'RG136', 'not twice');
SELECT is(pg_temp.outcome($$SELECT api.end_employment(9302)$$), 'RG136', 'nor a void one');
SELECT is(pg_temp.outcome($$SELECT api.end_employment(-1)$$), 'RG137', 'nor none');
SELECT is(pg_temp.outcome($$SELECT api.end_employment(NULL)$$), 'RG085', 'nor nothing');

SELECT results_eq($$SELECT accepted, person_id, dwelling_id, state, warning FROM api.register_tenancy(9302, 9303, '2024-02-01', '2025-02-01')$$,
    $$VALUES (true, 9302::bigint, 9303::bigint, 'ended', NULL)$$, 'a lease');
SELECT results_eq($$SELECT state, warning FROM api.register_tenancy(9303, 9303, residency.today() + 1, landlord_credit_code => '91460106MA5T000109', channel => 'agency')$$,
    $$VALUES ('ahead', 'other_landlord')$$, 'by another landlord, from tomorrow');
SELECT results_eq($$SELECT state, warning FROM api.register_tenancy(9301, 9308, '2024-01-01', landlord_person_id => 9304)$$,
    $$VALUES ('running', 'dwelling_without_landlord')$$, 'of a dwelling whose landlord is not known');
SELECT is((SELECT count(*) FROM registry.tenancy WHERE reported_at = now()), 1::bigint, 'what an agent brings is reported');
SELECT record_id AS lease FROM api.register_tenancy(9302, 9304, '2024-02-01') \gset
SELECT results_eq(format($$SELECT record_id, dwelling_id, state FROM api.end_tenancy(%s, '2024-06-01', '提前退租')$$, :lease), format($$VALUES (%s::bigint, 9304::bigint, 'ended')$$, :lease), 'a lease ends early');
SELECT is(pg_temp.outcome(format($$SELECT api.end_tenancy(%s, '2024-07-01')$$, :lease)), 'RG136', 'it is not ended later');
SELECT is(pg_temp.outcome($$SELECT api.register_tenancy(9302)$$), 'RG085', 'a lease of something');
SELECT results_eq($$SELECT person_id, state FROM api.register_schooling(9303, '海口大学', '4601', 'university', '2024-09-01')$$, $$VALUES (9303::bigint, 'running')$$, 'a student');
SELECT is((SELECT state FROM api.end_schooling(9301, '2025-01-01', '转学')), 'ended', 'leaves a school');
SELECT is(pg_temp.outcome($$SELECT api.register_schooling(9301, '海口大学', level => 'university')$$), 'RG085', 'a school lies somewhere');
SELECT results_eq($$SELECT person_id, dwelling_id, state FROM api.register_ownership(9302, 9308, '2024-09-01')$$, $$VALUES (9302::bigint, 9308::bigint, 'running')$$, 'an owner');
SELECT is((SELECT state FROM api.end_ownership(9301, '2025-01-01')), 'ended', 'sells');
SELECT is(pg_temp.outcome($$SELECT api.register_ownership(9301)$$), 'RG085', 'something is owned');
SELECT results_eq($$SELECT record_id, state FROM api.void_record('ownership', 9301, '录错')$$, $$VALUES (9301::bigint, 'voided')$$, 'voided');
SELECT is(pg_temp.outcome($$SELECT api.void_record('ownership', 9301, '录错')$$), 'RG136', 'not twice');
SELECT is(pg_temp.outcome($$SELECT api.void_record('ownership', -1, '录错')$$), 'RG137', 'nor none');
SELECT is(pg_temp.outcome($$SELECT api.void_record('ownership', 9301, NULL)$$), 'RG085', 'nor without a reason');
SELECT is(pg_temp.outcome($$SELECT api.void_record('tenancy', 9301, E'\n')$$), 'RG139', 'nor for an empty one');
SELECT is(pg_temp.outcome($$SELECT api.void_record('person', 9301, 'x')$$), 'RG083', 'nor somebody');

-- many, again, and what is no act
SELECT results_eq($$SELECT line, accepted, record_id IS NOT NULL, code FROM api.submit('register_employment', '[
        {"person_id": 9304, "employer_id": 9301, "hired_on": "2024-01-01"},
        {"person_id": 9304, "employer_id": 9301, "hired_on": "2024-02-01"},
        {"person_id": 9304, "employer_id": "many"},
        {"person_id": 9304, "salary": 1},
        {"person_id": 9304, "employer_credit_code": "91460106MA5T000109", "hired_on": "2020-01-01", "ended_on": "2021-01-01"}]')$$,
    $$VALUES (1, true, true, NULL), (2, false, false, 'RG129'), (3, false, false, 'RG083'), (4, false, false, 'RG082'), (5, true, true, NULL)$$, 'a batch');
CREATE TEMP TABLE answered AS
    SELECT * FROM api.register_tenancy(9304, 9308, '2024-01-01', landlord_person_id => 9301, request_id => '00000000-0000-0000-0000-000000000051');
SELECT results_eq($$SELECT * FROM api.register_tenancy(9304, 9308, '2024-01-01', landlord_person_id => 9301, request_id => '00000000-0000-0000-0000-000000000051')$$,
    'TABLE answered', 'the same request is answered the same');
SELECT results_eq($$SELECT * FROM api.register_tenancy(9304, 9308, '2024-01-01', landlord_person_id => 9301, request_id => '00000000-0000-0000-0000-000000000051', dry_run => true)$$,
    'TABLE answered', 'also rehearsed');
SELECT is(pg_temp.outcome($$SELECT api.submit('named_employer', '[{}]')$$), 'RG084', 'no act of the api');
SELECT is(pg_temp.outcome($$SELECT api.submit('end_record', '[{}]')$$), 'RG084', 'nor this');

-- every table of the registry begins with the node
CREATE TABLE registry.test_later (key bigint GENERATED ALWAYS AS IDENTITY);
ALTER SEQUENCE registry.person_person_id_seq MINVALUE 4601000000000001 MAXVALUE 4601999999999999 START 4601000000000001 RESTART;
SELECT residency.join_node();
INSERT INTO registry.test_later DEFAULT VALUES;
SELECT is(key, 4601000000000001, 'a table that comes later goes on with the node') FROM registry.test_later;
SELECT * FROM finish();
ROLLBACK;
