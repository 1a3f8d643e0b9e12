-- What a clerk reads who is refused at a permit: through plain SQL, in English and Chinese; and what stops the nightly job.
\set ECHO none
\getenv test PG_ABS_SRCDIR
\i :test/lib/register.sql
\set ON_ERROR_ROLLBACK on
\set VERBOSITY default
\set SHOW_CONTEXT never

BEGIN;
SET LOCAL datestyle = 'ISO';
INSERT INTO registry.person (person_id, name, birth_date, household_division) OVERRIDING SYSTEM VALUE
SELECT 9500 + n, '持证' || n, '1990-01-01', '430102' FROM generate_series(1, 9) n;
INSERT INTO registry.person (person_id, name, birth_date, household_division) OVERRIDING SYSTEM VALUE VALUES
    (9511, '童童', '2012-03-03', '430102'), (9512, '本地', '1990-01-01', '460107'), (9513, '不详', '1990-01-01', NULL);
INSERT INTO registry.dwelling (dwelling_id, kind, address, division, safety_letter_on, let_state) OVERRIDING SYSTEM VALUE VALUES
    (9501, 'unit', 'Message Road 1', '460105001001', '2020-01-01', 'let'), (9502, 'unit', 'Message Road 2', '460105001001', '2020-01-01', 'let');
INSERT INTO registry.residence (residence_id, person_id, dwelling_id, arrived_on, state, reported_at, guardian_person_id) OVERRIDING SYSTEM VALUE
SELECT person_id, person_id, 9501, '2024-01-01', 'active', '2024-01-02 12:00+08', CASE person_id WHEN 9511 THEN 9501 END
FROM registry.person WHERE person_id BETWEEN 9501 AND 9513;
INSERT INTO registry.employer (employer_id, registration_number, name, division) OVERRIDING SYSTEM VALUE VALUES (9501, '110108000000016', '甲厂', '460105');
INSERT INTO registry.employment (employment_id, person_id, employer_id, kind, hired_on) OVERRIDING SYSTEM VALUE
SELECT person_id, person_id, 9501, 'contract', '2024-01-05' FROM registry.person WHERE person_id BETWEEN 9501 AND 9509 AND person_id <> 9503;
INSERT INTO policy.setting (key, division, period, value, legal_basis) VALUES ('permit_replacement_fee', '4601', '[2016-01-01,)', '20', 'test');
-- 9501 submitted, 9502 in correction, 9503 under review without a ground, 9504 ready, 9505 in force, 9506 suspended, 9507 in force and moved, 9511 to 9513 drafts
INSERT INTO registry.permit (permit_id, person_id, applied_on) OVERRIDING SYSTEM VALUE
SELECT person_id, person_id, '2024-08-01' FROM registry.person WHERE person_id BETWEEN 9501 AND 9513 AND person_id NOT IN (9508, 9509);
INSERT INTO registry.permit_event (permit_id, event, happened_on, evidence)
SELECT p.permit_id, e.event, e.day, e.evidence
FROM generate_series(9501, 9507) AS p (permit_id)
JOIN (VALUES (1, 'apply', date '2024-08-01', '{}'::jsonb), (2, 'request_supplement', '2024-08-01', '{"missing": ["photo"]}'),
             (3, 'accept', '2024-08-01', '{"materials": ["id_card", "photo", "employment_proof"]}'), (4, 'verify', '2024-08-02', '{}'),
             (5, 'approve', '2024-08-05', '{}'), (6, 'make', '2024-08-06', '{}'), (7, 'deliver', '2024-08-07', '{"collector": "本人"}'),
             (8, 'suspend', '2025-01-03', '{}')) AS e (step, event, day, evidence)
  ON e.event <> CASE p.permit_id WHEN 9502 THEN '' ELSE 'request_supplement' END
 AND e.step <= CASE p.permit_id WHEN 9501 THEN 1 WHEN 9502 THEN 2 WHEN 9503 THEN 4 WHEN 9504 THEN 6 WHEN 9506 THEN 8 ELSE 7 END
ORDER BY p.permit_id, e.step;
UPDATE registry.residence SET state = 'moved', departed_on = '2024-09-10' WHERE residence_id = 9507;
INSERT INTO registry.residence (residence_id, person_id, dwelling_id, arrived_on, state) OVERRIDING SYSTEM VALUE VALUES (9607, 9507, 9502, '2024-09-10', 'active');

CREATE TEMP TABLE attempt (n serial, code text, statement text);
INSERT INTO attempt (code, statement)
SELECT code, CASE WHEN what ~ '^[A-Z]' THEN what ELSE format('INSERT INTO registry.permit_event (permit_id, event, happened_on, reason, evidence) VALUES (%s)', what) END
FROM (VALUES
    ('RG140', $$9501, 'endorse', '2025-01-02', NULL, '{}'$$),
    ('RG140', $$9505, '发证', '2025-01-02', NULL, '{}'$$),
    ('RG142', $$9501, 'accept', '2024-07-31', NULL, '{}'$$),
    ('RG143', $$UPDATE registry.permit SET state = 'valid' WHERE permit_id = 9506$$),
    ('RG144', $$INSERT INTO registry.permit (person_id, applied_on) VALUES (9508, '2023-12-31')$$),
    ('RG145', $$9511, 'apply', '2024-08-01', NULL, '{}'$$),
    ('RG146', $$9512, 'apply', '2024-08-01', NULL, '{}'$$),
    ('RG147', $$9513, 'apply', '2024-08-01', NULL, '{}'$$),
    ('RG148', $$INSERT INTO registry.permit_event (permit_id, event, happened_on) VALUES (9605, 'apply', '2024-09-01')$$),
    ('RG149', $$9501, 'accept', '2024-08-01', NULL, '{"materials": ["photo"]}'$$),
    ('RG149', $$9502, 'supplement', '2024-08-02', NULL, '{}'$$),
    ('RG150', $$9501, 'request_supplement', '2024-08-01', NULL, '{"missing": ["luck"]}'$$),
    ('RG151', $$9508, 'request_supplement', '2024-08-02', NULL, '{"missing": ["photo"]}'$$),
    ('RG152', $$9501, 'request_supplement', '2024-08-09', NULL, '{"missing": ["photo"]}'$$),
    ('RG153', $$9503, 'refuse', '2024-08-05', ' ', '{}'$$),
    ('RG154', $$9504, 'deliver', '2024-08-07', NULL, '{}'$$),
    ('RG155', $$9503, 'approve', '2024-08-05', NULL, '{}'$$),
    ('RG156', $$9505, 'endorse', '2024-12-01', NULL, '{}'$$),
    ('RG157', $$9507, 'endorse', '2025-01-02', NULL, '{}'$$),
    ('RG158', $$9505, 'endorse', '2025-01-02', NULL, '{}'$$),
    ('RG159', $$9505, 'suspend', '2025-01-02', NULL, '{}'$$),
    ('RG160', $$9506, 'lapse', '2026-01-02', NULL, '{}'$$),
    ('RG161', $$9505, 'change_address', '2024-09-01', NULL, '{}'$$),
    ('RG162', $$9505, 'replace', '2024-09-01', NULL, '{}'$$),
    ('RG163', $$9505, 'revoke', '2024-09-01', NULL, '{}'$$),
    ('RG164', $$9505, 'cancel', '2024-09-01', 'departure', '{}'$$),
    ('RG165', $$9999, 'apply', '2024-08-01', NULL, '{}'$$),
    ('RG166', $$DELETE FROM registry.permit_event$$),
    ('RG167', $$9505, 'replace', '2024-09-01', NULL, '{"returned_card": true}'$$),
    ('RG168', $$9505, 'endorse', '2025-01-03', NULL, '{}'$$),
    ('RG172', $$9506, 'endorse_late', '2026-02-01', NULL, '{}'$$),
    ('RG169', $$INSERT INTO registry.permit (person_id, replaces_id) VALUES (9505, 9505)$$),
    ('RG170', $$9504, 'endorse', '2025-01-02', NULL, '{}'$$)) AS v (code, what);
-- what some of them need
INSERT INTO registry.permit (permit_id, person_id, applied_on) OVERRIDING SYSTEM VALUE VALUES (9605, 9505, '2024-09-01'), (9508, 9508, '2024-08-01');
INSERT INTO registry.permit_event (permit_id, event, happened_on, evidence) VALUES
    (9508, 'apply', '2024-08-01', '{}'), (9508, 'request_supplement', '2024-08-01', '{"missing": ["photo"]}'), (9508, 'withdraw', '2024-08-01', '{}'), (9508, 'apply', '2024-08-01', '{}');
UPDATE attempt SET statement = 'UPDATE registry.employment SET ended_on = ''2024-12-01'', end_reason = ''合同期满'' WHERE employment_id = 9505; ' || statement WHERE code = 'RG158';
UPDATE attempt SET statement = 'INSERT INTO policy.setting (key, division, period, value, legal_basis) VALUES (''suspended_lapse'', ''4601'', ''[2024-01-01,)'', ''1 year'', ''test''); ' || statement WHERE code = 'RG172';
UPDATE attempt SET statement = 'INSERT INTO policy.setting (key, division, period, value, legal_basis) VALUES (''endorse_registered_months'', ''4601'', ''[2024-01-01,)'', ''13'', ''test''); '
    'INSERT INTO registry.permit_event (permit_id, event, happened_on, evidence) VALUES (9504, ''deliver'', ''2024-08-07'', ''{"collector": "本人"}''); ' || statement WHERE code = 'RG170';
SELECT unnest(ARRAY[format('SELECT %L', code), 'SAVEPOINT s', $$SET LOCAL residency.language = 'en'$$, format('DO $do$ BEGIN %s; END $do$', statement), 'ROLLBACK TO s',
                    $$SET LOCAL residency.language = 'zh'$$, format('DO $do$ BEGIN %s; END $do$', statement), 'ROLLBACK TO s'])
FROM attempt ORDER BY n
\gexec
-- these name today, which the others must not
SET LOCAL residency.language = 'en';
SELECT format('DO $do$ BEGIN %s; EXCEPTION WHEN SQLSTATE %L THEN RAISE NOTICE ''%%: %%'', SQLSTATE, SQLERRM; END $do$', statement, code)
FROM (VALUES ('RG141', $$INSERT INTO registry.permit_event (permit_id, event, happened_on) VALUES (9501, 'accept', residency.today() + 1)$$),
             ('RG171', $$UPDATE registry.person SET died_on = residency.today() + 1 WHERE person_id = 9501$$),
             ('RG180', $$INSERT INTO registry.contact (residence_id, kind, happened_on, reached) VALUES (9501, 'visit', residency.today() + 1, false)$$)) v (code, statement)
\gexec
-- inside a transaction, and before its day
CALL residency.run_due();
ROLLBACK;
CALL residency.run_due('2999-01-01');
CALL residency.run_due('2024-01-01', 0);
CALL residency.run_due('2024-01-01', NULL);
-- a task that is stopped is named, and the others are done
\set permits 1
\o /dev/null
\i test/t/lib/permit.sql
\o
CREATE TEMP TABLE kept AS SELECT * FROM policy.setting WHERE key = 'endorse_last_day_rolls';
DELETE FROM policy.setting WHERE key = 'endorse_last_day_rolls';
CALL residency.run_due('2026-10-31');
SELECT task, done, error FROM ledger.last_due_run WHERE task !~ 'visits$|access|presence|months$|blocks' ORDER BY task;
INSERT INTO policy.setting (key, division, period, value, legal_basis) SELECT key, division, period, value, legal_basis FROM kept;
CALL residency.run_due('2026-10-31');
SELECT task, done, error FROM ledger.last_due_run WHERE task !~ 'visits$|access|presence|months$|blocks' ORDER BY task;
SET session_replication_role = replica;
DELETE FROM registry.permit_event WHERE permit_id > 900000000;
DELETE FROM registry.permit WHERE permit_id > 900000000;
DELETE FROM registry.residence WHERE residence_id > 900000000;
DELETE FROM registry.dwelling WHERE dwelling_id = 900000000;
DELETE FROM registry.person WHERE person_id > 900000000;
DELETE FROM ledger.due_run;
RESET session_replication_role;
