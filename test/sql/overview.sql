-- Who has to do with whom on a day: overviews of persons, dwellings and employers.
\set ECHO none
\getenv test PG_ABS_SRCDIR
\i :test/lib/register.sql

BEGIN;
SET LOCAL datestyle = 'ISO';
INSERT INTO registry.person (person_id, name, resident_id, birth_date) OVERRIDING SYSTEM VALUE VALUES
    (9401, '张明', '11010519491231002X', NULL), (9402, '李强', NULL, '1990-01-01'), (9403, '小李', NULL, '2012-01-01'), (9404, '房东', NULL, '1960-01-01'),
    (9405, '二房东', NULL, '1970-01-01');
INSERT INTO registry.employer (employer_id, credit_code, name, division, opened_on, address) OVERRIDING SYSTEM VALUE VALUES
    (9401, '91460106MA5T000109', '海口甲厂', '460106', '2010-01-01', '工业路1号');
INSERT INTO registry.dwelling (dwelling_id, parent_id, kind, address, division, let_state, safety_letter_on, landlord_person_id, landlord_credit_code) OVERRIDING SYSTEM VALUE VALUES
    (9401, NULL, 'building', '海秀路1号', '460105001001', 'let', '2020-01-01', 9404, NULL),
    (9402, 9401, 'unit', '海秀路1号1单元', '460105001001', 'let', NULL, NULL, NULL),
    (9403, 9402, 'room', '海秀路1号1单元101', '460105001001', 'let', NULL, NULL, NULL),
    (9404, NULL, 'building', '工业路1号宿舍', '460105001001', 'let', '2020-01-01', NULL, '91460106MA5T000109');
INSERT INTO registry.residence (residence_id, person_id, dwelling_id, arrived_on, departed_on, state, guardian_person_id, reported_at) OVERRIDING SYSTEM VALUE VALUES
    (9401, 9401, 9404, '2023-01-01', '2024-01-01', 'moved', NULL, '2023-01-01 12:00+08'),
    (9402, 9401, 9403, '2024-01-01', NULL, 'active', NULL, '2024-01-01 12:00+08'),
    (9403, 9402, 9403, '2024-02-01', NULL, 'active', NULL, '2024-02-01 12:00+08'),
    (9404, 9403, 9403, '2024-02-01', NULL, 'active', 9402, '2024-02-01 12:00+08');
INSERT INTO registry.employment (employment_id, employer_id, person_id, hired_on, ended_on) OVERRIDING SYSTEM VALUE VALUES
    (9401, 9401, 9401, '2023-01-01', '2024-05-01'), (9402, 9401, 9402, '2024-03-01', NULL), (9403, 9401, 9404, '2024-03-01', NULL);
UPDATE registry.employment SET void_reason = 'wrong person' WHERE employment_id = 9403;
INSERT INTO registry.tenancy (tenancy_id, dwelling_id, person_id, starts_on, ends_on, filing_number, landlord_person_id) OVERRIDING SYSTEM VALUE VALUES
    (9401, 9403, 9401, '2024-01-01', '2024-07-01', 'HK-9401', 9405);
INSERT INTO registry.schooling (schooling_id, person_id, school_name, division, level, student_number, starts_on) OVERRIDING SYSTEM VALUE VALUES
    (9401, 9403, '一小', '460105', 'primary', 'G460105201201010012', '2024-03-01');
INSERT INTO registry.ownership (ownership_id, person_id, dwelling_id, starts_on) OVERRIDING SYSTEM VALUE VALUES (9401, 9404, 9401, '2000-01-01');

\echo a person, on a day: lives, rents, works; wholes and landlord of the home
SELECT * FROM api.person_overview(9401, '2024-04-30');
\echo when the work had ended
SELECT link, entity_id, state FROM api.person_overview(9401, '2024-05-01');
\echo in the dormitory
SELECT link, entity, entity_id, title, state, valid_from, valid_to FROM api.person_overview(9401, '2023-12-31');
\echo before all
SELECT link, entity_id FROM api.person_overview(9401, '2022-12-31');
\echo the lease has ended: the landlord of the building
SELECT link, entity_id, title FROM api.person_overview(9401, '2024-07-01') WHERE link IN ('tenancy', 'landlord');
\echo a pupil
SELECT link, entity, entity_id, title, state, detail FROM api.person_overview(9403, '2024-04-01') WHERE link IN ('schooling', 'residence');
\echo landlords: by lease, by dwelling
SELECT link, entity_id, valid_from, detail FROM api.person_overview(9405, '2024-04-01');
SELECT link, entity_id, valid_from, detail FROM api.person_overview(9404, '2024-04-01');

\echo a room
SELECT * FROM api.dwelling_overview(9403, '2024-04-01');
\echo a building
SELECT link, entity, entity_id, title, state, detail ->> 'dwelling_id' AS dwelling, detail ->> 'person_id' AS person FROM api.dwelling_overview(9401, '2024-04-01');
\echo before anybody came
SELECT link, entity_id FROM api.dwelling_overview(9401, '1999-12-31');

\echo an employer
SELECT * FROM api.employer_overview(9401, '2024-04-01');
\echo when staff and homes had changed
SELECT link, entity, entity_id, detail ->> 'person_id' AS person FROM api.employer_overview(9401, '2024-06-01');

\echo today
SELECT link, entity_id FROM api.person_overview(9402);
SELECT count(*) FROM api.dwelling_overview(9402);
SELECT count(*) FROM api.employer_overview(9401);

\echo a permit, as it stood on the day: applied for, in force, taken along, replaced
SET LOCAL session_replication_role = replica;
INSERT INTO registry.permit (permit_id, person_id, division, city, applied_on, last_sequence, state, residence_id, ground) OVERRIDING SYSTEM VALUE
VALUES (9401, 9401, '460105', '4601', '2023-07-01', 6, 'replaced', 9402, 'employment');
INSERT INTO registry.permit_event (permit_id, sequence, event, from_state, to_state, happened_on, actor, residence_id, ground, endorsed_until, residence_years) VALUES
    (9401, 1, 'enter', NULL, 'draft', '2023-07-01', 'a test', 9401, 'employment', NULL, 0), (9401, 2, 'apply', 'draft', 'submitted', '2023-07-01', 'a test', 9401, 'employment', NULL, 0),
    (9401, 3, 'accept', 'submitted', 'accepted', '2023-07-03', 'a test', 9401, 'employment', NULL, 0), (9401, 4, 'deliver', 'ready', 'valid', '2023-07-10', 'a test', 9401, 'employment', '2024-01-01', 0),
    (9401, 5, 'change_address', 'valid', 'valid', '2024-01-02', 'a test', 9402, 'employment', '2025-01-01', 1), (9401, 6, 'replace', 'valid', 'replaced', '2024-03-01', 'a test', 9402, 'employment', '2025-01-01', 1);
SET LOCAL session_replication_role = origin;
SELECT day, o.entity_id, o.title, o.state, o.valid_from, o.valid_to, o.detail
FROM unnest('{2023-06-30,2023-07-01,2023-07-03,2024-01-01,2024-01-02,2024-03-01}'::date[]) day LEFT JOIN api.person_overview(9401, day) o ON o.link = 'permit';
SELECT day, dwelling, o.entity_id, o.state, o.detail
FROM unnest('{2024-01-01,2024-01-02}'::date[]) day, unnest('{9401,9404}'::bigint[]) dwelling, api.dwelling_overview(dwelling, day) o WHERE o.link = 'permit' ORDER BY 1, 2;
\echo of a dwelling, found through its residents: the events of no other permit are looked at
-- among so many others that it matters, and that what earlier tests have left in the tables does not
SET LOCAL session_replication_role = replica;
INSERT INTO registry.residence (residence_id, person_id, dwelling_id, arrived_on, half_year_from, division) OVERRIDING SYSTEM VALUE
SELECT n, n, n, '2023-01-01', '2023-01-01', '460105001001' FROM generate_series(800000, 805000) n;
INSERT INTO registry.permit (permit_id, person_id, division, city, applied_on, last_sequence, state, residence_id, ground) OVERRIDING SYSTEM VALUE
SELECT n, n, '460105', '4601', '2023-07-01', 1, 'draft', n, 'employment' FROM generate_series(800000, 805000) n;
INSERT INTO registry.permit_event (permit_id, sequence, event, to_state, happened_on, actor, residence_id, ground, residence_years)
SELECT n, 1, 'enter', 'draft', '2023-07-01', 'a test', n, 'employment', 0 FROM generate_series(800000, 805000) n;
SET LOCAL session_replication_role = origin;
ANALYZE registry.residence, registry.permit, registry.permit_event;
SET LOCAL enable_seqscan = off;
CREATE FUNCTION pg_temp.plan(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY EXECUTE 'EXPLAIN (COSTS OFF) ' || query; END $$;
SELECT trim(p) FROM pg_temp.plan($$SELECT * FROM registry.person_link WHERE link = 'permit' AND entity = 'dwelling' AND entity_id = 9403$$) p WHERE p ~ 'Index Cond' ORDER BY trim(p) COLLATE "C";
RESET enable_seqscan;

\echo nobody, nothing
\set ON_ERROR_ROLLBACK on
\set VERBOSITY sqlstate
SELECT * FROM api.person_overview(-1);
SELECT * FROM api.person_overview(NULL);
SELECT * FROM api.dwelling_overview(-1);
SELECT * FROM api.employer_overview(NULL);
ROLLBACK;
