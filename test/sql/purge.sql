-- Purge: what has been kept long enough goes, what is held stays, counts stay; in batches, again without effect, with the history.
\set ECHO none
\getenv test PG_ABS_SRCDIR
\i :test/lib/register.sql
\set ON_ERROR_ROLLBACK on
\set VERBOSITY terse
\set SHOW_CONTEXT never

BEGIN;
CALL residency.purge_due();
ROLLBACK;
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT registry.due_purges('2024-01-01', 10);
ROLLBACK;
CALL residency.purge_due('2999-01-01');
CALL residency.purge_due('2024-01-01', 0);

BEGIN;
SET LOCAL search_path = public, residency;
SET LOCAL datestyle = 'ISO';
SET LOCAL timezone = 'UTC';
SET LOCAL client_min_messages = warning;
SELECT no_plan();
\i :test/lib/retention.sql
-- a place that has settled what the country leaves open
INSERT INTO registry.grid (grid_id, grid_code, name, division, outline) OVERRIDING SYSTEM VALUE VALUES
    (9001, '46010500100101', 'Test', '460105001001', ST_Multi(ST_MakeEnvelope(110.1, 20.0, 110.2, 20.1, 4490)));
INSERT INTO registry.employer (employer_id, registration_number, name, division) OVERRIDING SYSTEM VALUE VALUES (9001, '110108000000016', 'Works', '460105');
INSERT INTO registry.dwelling (dwelling_id, kind, address, division, safety_letter_on, let_state, location) OVERRIDING SYSTEM VALUE VALUES
    (9001, 'unit', 'Purge Road 1', '460105001001', '2010-01-01', 'let', ST_SetSRID(ST_MakePoint(110.15, 20.05), 4490));
-- gone for long: 9001 to 9006; gone lately 9007; there 9008; a guardian of who is there 9009; a landlord 9010; staff 9011
INSERT INTO registry.person (person_id, name, birth_date, sex, phone, household_division, created_at) OVERRIDING SYSTEM VALUE
SELECT 9000 + n, '人员' || n, CASE WHEN n = 8 THEN '2012-06-15' ELSE '1980-06-15' END::date, '1', '138000000' || n + 10, '430102', '2010-01-01' FROM generate_series(1, 11) n;
UPDATE registry.person SET resident_id = '11010519491231002X', birth_date = '1949-12-31', sex = '2' WHERE person_id = 9001;
UPDATE registry.dwelling SET landlord_person_id = 9010 WHERE dwelling_id = 9001;
INSERT INTO registry.grid_staff (person_id, grid_id, role, period) SELECT 9011, 9001, min(code), '[2010-01-01,)' FROM code.value WHERE list = 'grid_staff_role';
INSERT INTO registry.identity_document (person_id, document_type, document_number) VALUES (9001, '414', 'E1234567');
INSERT INTO registry.residence (residence_id, person_id, dwelling_id, arrived_on, departed_on, state, close_reason, reported_at, closed_at) OVERRIDING SYSTEM VALUE
SELECT 9000 + n, 9000 + n, 9001, '2012-01-01', '2015-01-01', 'departed', '回乡探亲', '2012-01-01', '2015-01-01' FROM generate_series(1, 6) n;
INSERT INTO registry.residence (residence_id, person_id, dwelling_id, arrived_on, departed_on, state, closed_at) OVERRIDING SYSTEM VALUE VALUES
    (9007, 9007, 9001, '2020-01-01', '2023-12-01', 'departed', '2023-12-01');
INSERT INTO registry.residence (residence_id, person_id, dwelling_id, arrived_on, state, guardian_person_id) OVERRIDING SYSTEM VALUE VALUES (9009, 9009, 9001, '2020-01-01', 'active', NULL), (9008, 9008, 9001, '2020-01-01', 'active', 9009);
INSERT INTO registry.contact (residence_id, kind, happened_on, reached, note) VALUES (9001, 'visit', '2013-01-01', true, '见到本人'), (9008, 'visit', '2020-02-01', true, NULL), (9003, 'call', '2014-01-01', true, NULL);
INSERT INTO registry.employment (employment_id, employer_id, person_id, hired_on, ended_on, contract_number, end_reason) OVERRIDING SYSTEM VALUE VALUES
    (9001, 9001, 9001, '2012-01-01', '2014-01-01', 'C-1', '合同期满'), (9002, 9001, 9002, '2012-01-01', NULL, 'C-2', NULL);
INSERT INTO registry.tenancy (dwelling_id, person_id, landlord_person_id, starts_on, ends_on, contract_number) VALUES (9001, 9001, 9010, '2012-01-01', '2015-01-01', 'T-1');
INSERT INTO registry.access_credential (token, person_id, period) VALUES ('00000000-0000-0000-0000-000000009001', 9001, '[2012-01-01,2015-01-01)'), ('00000000-0000-0000-0000-000000009008', 9008, '[2020-01-01,)');
INSERT INTO registry.visit (visit_id, dwelling_id, staff_person_id, started_at, outcome, note, photos, location) OVERRIDING SYSTEM VALUE VALUES
    (9001, 9001, 9011, '2015-06-01', 'met', '一家三口', '[{"uri": "https://a.b/c.jpg", "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}]', ST_SetSRID(ST_MakePoint(110.15, 20.05), 4490)),
    (9002, 9001, 9011, '2024-04-01', 'met', '在家', '[]', NULL);
INSERT INTO registry.observation (residence_id, attribute, value, observed_at, staff_person_id) VALUES (9001, 'presence', 'gone', '2014-12-01', 9011);
INSERT INTO registry.presence_decision (kind, dwelling_id, person_id, decision, reason, decided_on) VALUES ('probably_left', 9001, 9001, 'dismissed', '出差', '2014-06-01');
INSERT INTO registry.department_list (department_list_id, source, name, division, listed_on, imported_at) OVERRIDING SYSTEM VALUE VALUES (9001, 'education', '在校生', '460105', '2014-01-01', '2014-01-02');
INSERT INTO registry.department_list_entry (department_list_id, line, resident_id) VALUES (9001, 1, '440113201201011233');
-- an application that was withdrawn, long ago
INSERT INTO registry.residence (residence_id, person_id, dwelling_id, arrived_on, departed_on, state, closed_at) OVERRIDING SYSTEM VALUE VALUES (9012, 9007, 9001, '2016-01-01', '2017-01-01', 'departed', '2017-01-01');
INSERT INTO ledger.change (change_id, changed_at, transaction, actor, act, table_name, key, operation, image, salt) OVERRIDING SYSTEM VALUE VALUES
    (1, '2012-01-01', '3', 'clerk', 'register_person', 'registry.person', '{"person_id": 9001}', 'I', '{"person_id": 9001, "name": "人员1"}', gen_random_uuid()),
    (2, '2013-01-01', '3', 'clerk', NULL, 'registry.contact', jsonb_build_object('contact_id', (SELECT contact_id FROM registry.contact WHERE residence_id = 9001)), 'I', '{"note": "见到本人"}', gen_random_uuid()),
    (3, '2012-01-01', '3', 'clerk', 'register_person', 'registry.person', '{"person_id": 9008}', 'I', '{"person_id": 9008, "name": "人员8"}', gen_random_uuid());
CREATE TEMP TABLE sealed AS SELECT change_id, residency.image_digest(salt, image) AS digest FROM ledger.change;
SELECT is((api.hold_person(9003, '案件3号', '2020-01-01')).accepted, true, 'one is held');
SELECT is((api.restrict_person(9004, 'claim', '2020-01-01')).accepted, true, 'of one the data is restricted');
SELECT is((api.correct_person(9005, '{"name": "更名"}', asked_on => '2024-01-02')).accepted, true, 'one has asked for a correction');

CREATE TEMP TABLE total AS
SELECT 'division' AS what, md5(string_agg(d::text, E'\n' ORDER BY d.division_id)) AS digest FROM stat.resident_by_division d WHERE d.division LIKE '4601%'
UNION ALL SELECT 'grid', md5(string_agg(g::text, E'\n' ORDER BY g.grid_id)) FROM stat.resident_by_grid g
UNION ALL SELECT 'patrol', md5(string_agg(p::text, E'\n' ORDER BY p::text)) FROM stat.patrol_by_grid p
UNION ALL SELECT 'spot_check', md5(string_agg(s::text, E'\n' ORDER BY s::text)) FROM stat.spot_check s
UNION ALL SELECT 'past days', md5(string_agg(concat_ws(' ', day::date, c.n, c.men, c.local), E'\n' ORDER BY day))
FROM generate_series(date '2012-01-01', '2024-01-01', interval '3 months') AS day
CROSS JOIN LATERAL (SELECT count(*) AS n, count(*) FILTER (WHERE p.sex = '1') AS men, count(*) FILTER (WHERE p.household_division <@ '43') AS local
                    FROM registry.residence r JOIN registry.person p USING (person_id) WHERE r.period @> day::date AND r.state NOT IN ('rejected', 'voided')) AS c;
CREATE TEMP TABLE total_before AS SELECT * FROM total;

-- in small batches, until nothing is left
CREATE FUNCTION pg_temp.purge("on" date, batch integer) RETURNS text LANGUAGE plpgsql AS $$
DECLARE done integer; rounds integer := 0;
BEGIN
    LOOP
        done := registry.due_purges("on", batch);
        EXIT WHEN done = 0;
        rounds := rounds + 1;
    END LOOP;
    RETURN (SELECT string_agg(p.retention_kind || ' ' || p.purged, ', ' ORDER BY p.purge_id) FROM ledger.purge p WHERE p."on" = purge."on" AND p.purged > 0);
END $$;
SELECT is(pg_temp.purge('2024-05-01', 1), 'visit 1, contact 1, observation 1, credential 1, presence_decision 1, department_list 1, person 2', 'what goes');
SELECT is((SELECT string_agg(person_id::text, ' ' ORDER BY person_id) FROM registry.person WHERE pseudonymised_on IS NOT NULL AND person_id BETWEEN 9001 AND 9011), '9001 9006',
    'who is not held, employed, there, a guardian, a landlord, staff, or asking');
SELECT results_eq('SELECT name, resident_id::text, sex, birth_date, phone, household_division::text FROM registry.person WHERE person_id = 9001',
    $$VALUES ('已去标识', NULL, '2' COLLATE "C", '1949-01-01'::date, NULL, '430000')$$, 'sex, year and province stay');
SELECT is(ARRAY[(SELECT count(*) FROM registry.identity_document WHERE person_id = 9001), (SELECT count(*) FROM registry.access_credential WHERE person_id = 9001)], '{0,0}'::bigint[], 'documents go');
SELECT results_eq('SELECT contract_number, end_reason, hired_on FROM registry.employment WHERE employment_id = 9001', $$VALUES (NULL, NULL, '2012-01-01'::date)$$, 'records stay without words');
SELECT is((SELECT close_reason FROM registry.residence WHERE residence_id = 9001), '已清除');
SELECT results_eq('SELECT visit_id, photos, location IS NULL, note, outcome FROM registry.visit WHERE visit_id BETWEEN 9001 AND 9002 ORDER BY 1',
    $$VALUES (9001::bigint, '[]'::jsonb, true, NULL, 'met' COLLATE "C"), (9002, '[]', true, '在家', 'met')$$, 'of visits the outcome stays');
SELECT is((SELECT count(*)::integer FROM registry.contact WHERE residence_id = 9003), 1, 'of the held one nothing goes');
SELECT results_eq('SELECT * FROM total', 'SELECT * FROM total_before', 'all counts stay as they were');
-- the history keeps digests
SELECT results_eq('SELECT change_id, image IS NULL, salt IS NULL, COALESCE(image_digest, residency.image_digest(salt, image)) = digest FROM ledger.change JOIN sealed USING (change_id) WHERE change_id <= 3 ORDER BY 1',
    $$VALUES (1::bigint, true, true, true), (2, true, true, true), (3, false, false, true)$$, 'images are gone, what was sealed verifies');
SELECT throws_ok('UPDATE ledger.change SET image = NULL, salt = NULL, image_digest = residency.image_digest(salt, image)', 'RG310', NULL, 'nobody else purges an image');
SELECT is_empty($$SELECT FROM ledger.purge p WHERE p.policy IS NULL OR p::text ~ '人员|见到|E1234567'$$, 'the protocol says by which policy, and nothing of the data');
SELECT is((SELECT max(policy) FROM ledger.purge WHERE retention_kind = 'person' AND "on" = '2024-05-01'), 'retention_person = 5 years');
SELECT throws_ok('UPDATE ledger.purge SET purged = 0', 'RG350', NULL, 'it stays');
-- again
SELECT is(registry.due_purges('2024-05-01', 100), 0, 'again nothing is left');
SELECT is(rewrites(), false, 'nobody rewrites now');
-- the next day, and when what holds has gone
SELECT is((api.release_hold(max(legal_hold_id), '结案', '2024-05-01')).accepted, true) FROM registry.legal_hold;
SELECT is(pg_temp.purge('2024-05-02', 1000), 'contact 1, person 1', 'what was held goes when it is released');
SELECT is((api.lift_restriction(max(restriction_id), '完成', '2024-05-01')).accepted, true) FROM registry.restriction;
SELECT lives_ok('SELECT registry.reopen_purges(''2024-05-02'')');
SELECT is(pg_temp.purge('2024-05-02', 1000), 'contact 1, person 1, person 1', 'the same day is looked at again where it is asked for');
SELECT is(pg_temp.purge('2028-11-30', 1000), 'visit 1', 'not on the day before');
SELECT is(pg_temp.purge('2028-12-01', 1000), 'person 1', 'but when the five years are over');
-- nobody by that key
SELECT api.register_arrival(9001, 9001, '2024-06-01');
SET LOCAL residency.language = 'zh';
SELECT api.register_arrival(9001, 9001, '2024-06-01');
SET LOCAL residency.language = 'en';
SELECT throws_ok($$INSERT INTO registry.employment (employer_id, person_id, hired_on) VALUES (9001, 9001, '2024-06-01')$$, 'RG357', NULL, 'nor anything else');
SELECT throws_ok('SELECT api.hold_person(9001, ''x'')', 'RG357', NULL, 'too late for a hold');
SELECT throws_ok('SELECT api.merge_persons(9008, 9001, ''x'')', 'RG357', NULL, 'or a merge');
SELECT is(api.export_person(9001) #>> '{sections,0,rows,0,name}', '已去标识', 'what is left is shown');

-- children, when the guardian asks
INSERT INTO registry.person (person_id, name, birth_date) OVERRIDING SYSTEM VALUE VALUES (9050, '小小', today() - 3000), (9051, '大大', today() - 7000), (9052, '中中', today() - 3000), (9053, '某某', NULL);
INSERT INTO registry.residence (residence_id, person_id, dwelling_id, arrived_on, departed_on, state) OVERRIDING SYSTEM VALUE VALUES (9050, 9050, 9001, today() - 100, today() - 10, 'departed');
SELECT throws_ok('SELECT api.delete_minor(9051, ''监护人申请'')', 'RG359', NULL, 'who is older waits');
SELECT throws_ok('SELECT api.delete_minor(9008, ''监护人申请'')', 'RG359', NULL, 'who lives here is registered');
SELECT api.delete_minor(9053, '监护人申请');
SELECT lives_ok('SELECT api.hold_person(9052, ''案件'')');
SELECT throws_ok('SELECT api.delete_minor(9052, ''监护人申请'')', 'RG358');
SELECT is((api.delete_minor(9050, '监护人申请')).state, 'deleted', 'a child is deleted on request');
SELECT is((SELECT name FROM registry.person WHERE person_id = 9050), '已去标识');
SELECT results_eq('SELECT retention_kind, purged, reason FROM ledger.purge WHERE policy IS NULL', $$VALUES ('person' COLLATE "C", 1::bigint, '监护人申请')$$, 'and on record');
SELECT throws_ok('SELECT api.delete_minor(9050, ''监护人申请'')', 'RG357', NULL, 'once');
SELECT * FROM finish();
ROLLBACK;

-- as it is called: each kind comes to its end, and again does no harm
CALL residency.purge_due('2000-01-01', 10);
CALL residency.purge_due('2000-01-01', 10);
SELECT count(*) >= 20 AND bool_and(finished_at IS NOT NULL) AND sum(purged) = 0 FROM ledger.purge WHERE "on" = '2000-01-01';
