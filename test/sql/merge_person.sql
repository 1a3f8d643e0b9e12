-- Persons who are one: candidates, conflicts, the merge, its exact undo; random registers against what was there before.
\set ECHO none
\getenv test PG_ABS_SRCDIR
\i :test/lib/register.sql
\set ON_ERROR_ROLLBACK on
\set VERBOSITY default
\set SHOW_CONTEXT never

BEGIN;
SET LOCAL search_path = public, residency;
SET LOCAL datestyle = 'ISO';
SET LOCAL timezone = 'UTC';
SET LOCAL client_min_messages = warning;
SELECT no_plan();

INSERT INTO registry.grid (grid_id, grid_code, name, division, outline) OVERRIDING SYSTEM VALUE VALUES
    (9001, '46010500100101', 'Test', '460105001001', ST_Multi(ST_MakeEnvelope(110.1, 20.0, 110.2, 20.1, 4490)));
INSERT INTO registry.employer (employer_id, registration_number, name, division) OVERRIDING SYSTEM VALUE VALUES (9001, '110108000000016', 'Works', '460105');
INSERT INTO registry.dwelling (dwelling_id, kind, address, division, safety_letter_on, let_state) OVERRIDING SYSTEM VALUE
SELECT 9000 + n, 'unit', 'Merge Road ' || n, '460105001001', '2020-01-01', 'let' FROM generate_series(1, 6) n;
INSERT INTO registry.person (person_id, resident_id, name, birth_date, phone, household_division) OVERRIDING SYSTEM VALUE VALUES
    (9001, NULL, '赵六', '1990-01-01', '13800000001', '430102'), (9002, NULL, '赵六', '1990-01-01', '13800000001', NULL),
    (9003, '11010519491231002X', '孙七', NULL, NULL, NULL), (9004, NULL, '孙七', '1949-12-31', NULL, NULL),
    (9005, NULL, '周八', '1980-01-01', NULL, '430102'), (9006, NULL, '周八', '1980-01-01', NULL, '430102'),
    (9009, NULL, '房东', '1960-01-01', NULL, NULL), (9010, NULL, '孩子', '2015-01-01', NULL, NULL);
INSERT INTO registry.identity_document (person_id, document_type, document_number) VALUES
    (9001, '414', 'E1234567'), (9002, '555', 'e 1234567'), (9004, '990', '11010519491231002X');

-- candidates
SELECT results_eq('SELECT person_id, other_person_id, reasons FROM api.duplicate_person WHERE person_id BETWEEN 9001 AND 9010 ORDER BY 1, 2',
    $$VALUES (9001::bigint, 9002::bigint, '{name_birth_phone,same_number}'::text[]), (9003::bigint, 9004::bigint, '{number_as_document}'::text[]),
             (9005::bigint, 9006::bigint, '{name_birth_home}'::text[])$$, 'who may be one');

-- conflicts: each refuses, and says what is in the way
INSERT INTO registry.residence (residence_id, person_id, dwelling_id, arrived_on, departed_on, state) OVERRIDING SYSTEM VALUE VALUES
    (9001, 9001, 9001, '2023-01-01', '2023-06-01', 'departed'), (9002, 9002, 9002, '2023-05-01', '2023-07-01', 'departed'),
    (9003, 9001, 9001, '2024-01-01', NULL, 'active'), (9004, 9002, 9002, '2024-02-01', NULL, 'active'),
    (9010, 9009, 9006, '2024-01-01', NULL, 'active');
INSERT INTO registry.residence (residence_id, person_id, dwelling_id, arrived_on, state, guardian_person_id) OVERRIDING SYSTEM VALUE VALUES
    (9005, 9010, 9002, '2024-02-01', 'active', 9002);
INSERT INTO registry.employment (employment_id, employer_id, person_id, hired_on) OVERRIDING SYSTEM VALUE VALUES (9001, 9001, 9001, '2024-01-01'), (9002, 9001, 9002, '2024-03-01');
INSERT INTO registry.tenancy (tenancy_id, dwelling_id, person_id, landlord_person_id, starts_on) OVERRIDING SYSTEM VALUE VALUES
    (9001, 9001, 9001, 9009, '2024-01-01'), (9002, 9001, 9002, 9009, '2024-02-01'), (9003, 9003, 9001, 9002, '2024-01-01');
INSERT INTO registry.schooling (schooling_id, person_id, school_name, division, level, starts_on) OVERRIDING SYSTEM VALUE VALUES
    (9001, 9001, 'School', '460105', 'university', '2023-09-01'), (9002, 9002, 'Other school', '460105', 'university', '2024-09-01');
INSERT INTO registry.ownership (ownership_id, person_id, dwelling_id, starts_on) OVERRIDING SYSTEM VALUE VALUES (9001, 9001, 9004, '2023-01-01'), (9002, 9002, 9004, '2023-01-01');
INSERT INTO registry.grid_staff (grid_staff_id, person_id, grid_id, role, period) OVERRIDING SYSTEM VALUE
SELECT p, p, 9001, (SELECT min(code) FROM code.value WHERE list = 'grid_staff_role'), '[2024-01-01,)' FROM unnest('{9001,9002}'::bigint[]) p;
INSERT INTO registry.permit (permit_id, person_id, applied_on) OVERRIDING SYSTEM VALUE VALUES (9001, 9001, '2024-08-01'), (9002, 9002, '2024-08-01');
INSERT INTO registry.presence_decision (presence_decision_id, kind, dwelling_id, person_id, decision, reason, decided_on) OVERRIDING SYSTEM VALUE
SELECT p, 'probably_arrived', 9003, p, 'dismissed', 'x', '2024-05-01' FROM unnest('{9001,9002}'::bigint[]) p;
UPDATE registry.person SET sex = '1' WHERE person_id = 9001;
UPDATE registry.person SET sex = '2' WHERE person_id = 9002;
SELECT is((SELECT string_agg(DISTINCT conflict, ' ' ORDER BY conflict) FROM registry.merge_conflict(9001, 9002)),
    'current_residence employment grid_staff landlord ownership presence_decision residence schooling sex tenancy', 'what is in the way');
SELECT is((SELECT string_agg(DISTINCT conflict, ' ') FROM registry.merge_conflict(9002, 9010)), 'birth_date current_residence guardian' , 'a guardian is not their own ward');
SELECT api.merge_persons(9003, 9004, '同一人', dry_run => true) \g /dev/null
SELECT api.merge_persons(9001, 9002, '同一人');
SELECT api.merge_persons(9001, 9001, '同一人');
SELECT throws_ok($$SELECT api.merge_persons(9001, 999999, 'x')$$, 'RG010');
SELECT is((api.merge_persons(9005, 9006, NULL, dry_run => true)).code, 'RG085', 'a merge has its reason');
SELECT is((api.hold_person(9006, '案件2号', '2024-01-01')).state, 'running');
SELECT is((SELECT string_agg(conflict, ' ') FROM registry.merge_conflict(9005, 9006)), 'legal_hold', 'who is held stays');
SELECT is((api.release_hold(max(legal_hold_id), '结案', '2024-02-01')).state, 'ended') FROM registry.legal_hold;

-- the merge: what is not known of the one is taken over from the other, all that named the other names the one
UPDATE registry.person SET phone = '13800000009' WHERE person_id = 9004;
INSERT INTO registry.residence (residence_id, person_id, dwelling_id, arrived_on, state) OVERRIDING SYSTEM VALUE VALUES (9006, 9004, 9005, '2024-01-01', 'active');
INSERT INTO registry.permit (permit_id, person_id, applied_on) OVERRIDING SYSTEM VALUE VALUES (9004, 9004, '2024-08-01');
INSERT INTO registry.employment (employment_id, employer_id, person_id, hired_on) OVERRIDING SYSTEM VALUE VALUES (9004, 9001, 9004, '2024-01-01');
SELECT is((api.void_record('employment', 9004, '有误')).accepted, true, 'a void record, too');
CREATE TEMP TABLE merged AS SELECT (api.merge_persons(9003, 9004, '同一人')).record_id AS id;
SELECT is_empty('SELECT FROM registry.person WHERE person_id = 9004', 'the other is gone');
SELECT results_eq('SELECT name, resident_id::text, phone FROM registry.person WHERE person_id = 9003', $$VALUES ('孙七', '11010519491231002X', '13800000009')$$, 'what was known of them is kept');
SELECT is(ARRAY[(SELECT person_id FROM registry.residence WHERE residence_id = 9006), (SELECT person_id FROM registry.permit WHERE permit_id = 9004),
                (SELECT person_id FROM registry.employment WHERE employment_id = 9004)], ARRAY[9003, 9003, 9003]::bigint[], 'records have moved');
SELECT is(rewrites(), false, 'and nothing can be rewritten any more');
SELECT throws_ok('UPDATE registry.residence SET person_id = 9001 WHERE residence_id = 9006', 'RG037', NULL, 'by nobody');
SELECT throws_ok('SELECT api.register_departure(9004)', 'RG010', NULL, 'the old key leads nowhere');
SELECT throws_ok('UPDATE registry.person_merge SET reason = ''x''', 'RG350', NULL, 'the merge stays on record');
-- an undo that something stands in the way of
SELECT lives_ok('SELECT api.register_departure(9003, ''2024-06-01'')');
INSERT INTO registry.identity_document (document_id, person_id, document_type, document_number) OVERRIDING SYSTEM VALUE VALUES (9900, 9003, '414', 'E7654321');
SELECT throws_ok('SELECT api.undo_merge(id) FROM merged', 'RG362');
SELECT * FROM finish();
ROLLBACK;

BEGIN;
SET LOCAL search_path = public, residency;
SET LOCAL timezone = 'Asia/Shanghai';
SET LOCAL client_min_messages = warning;
SELECT no_plan();
INSERT INTO registry.person (person_id, name, birth_date) OVERRIDING SYSTEM VALUE VALUES (9003, '孙七', '1949-12-31'), (9004, '孙七', '1949-12-31'), (9005, '孙七', '1949-12-31');
INSERT INTO registry.identity_document (document_id, person_id, document_type, document_number) OVERRIDING SYSTEM VALUE VALUES (9001, 9004, '414', 'E1234567');
CREATE TEMP TABLE merged AS SELECT (api.merge_persons(9003, 9004, '同一人')).record_id AS id;
UPDATE registry.identity_document SET issuer = '使馆' WHERE document_id = 9001;
INSERT INTO registry.identity_document (document_id, person_id, document_type, document_number) OVERRIDING SYSTEM VALUE VALUES (9002, 9003, '414', 'E7654321');
UPDATE registry.person SET phone = '13800000001' WHERE person_id = 9003;
SELECT is(what, expected) FROM (
    SELECT string_agg(table_name || ' ' || what, ', ' ORDER BY table_name, what) AS what, 'registry.identity_document changed, registry.identity_document new, registry.person changed' AS expected
    FROM merged, registry.person_merge m, registry.undo_obstacle(m) WHERE m.person_merge_id = id) x;
SELECT throws_ok('SELECT api.undo_merge(id) FROM merged', 'RG362', NULL, 'what happened since stands in the way');
UPDATE registry.identity_document SET issuer = NULL WHERE document_id = 9001;
DELETE FROM registry.identity_document WHERE document_id = 9002;
UPDATE registry.person SET phone = NULL WHERE person_id = 9003;
SET LOCAL timezone = 'America/New_York';
SELECT is((api.undo_merge(id)).state, 'undone', 'put right by hand it is undone, wherever one sits') FROM merged;
SELECT is((SELECT person_id FROM registry.identity_document WHERE document_id = 9001), 9004::bigint);
SELECT throws_ok('SELECT api.undo_merge(id) FROM merged', 'RG363');
SELECT throws_ok('SELECT api.undo_merge(999999)', 'RG137');
-- merges of merges are undone in turn
CREATE TEMP TABLE later AS SELECT (api.merge_persons(9003, 9004, 'a')).record_id AS first, NULL::bigint AS second;
UPDATE later SET second = (api.merge_persons(9005, 9003, 'b')).record_id;
SELECT throws_ok('SELECT api.undo_merge(first) FROM later', 'RG362', NULL, 'the later one first');
SELECT is((api.undo_merge(second)).state, 'undone') FROM later;
SELECT is((api.undo_merge(first)).state, 'undone', 'then the earlier') FROM later;

-- random registers: merge, acts on others, undo; everything is as it was, but for what the others did
CREATE FUNCTION pg_temp.everything(but bigint) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    t text;
    found_rows text;
    total text := '';
BEGIN
    FOR t IN SELECT DISTINCT table_name FROM code.person_data d JOIN pg_class c ON c.oid = d.table_name::regclass AND c.relkind IN ('r', 'p')
             WHERE table_name <> 'registry.person_merge' ORDER BY 1 LOOP
        EXECUTE format('SELECT string_agg(x::text, E''\n'' ORDER BY x::text) FROM %s x WHERE (to_jsonb(x) ->> ''person_id'')::bigint IS DISTINCT FROM $1', t) INTO found_rows USING but;
        total := concat(total, t, E'\n', found_rows, E'\n');
    END LOOP;
    RETURN total;
END $$;
INSERT INTO registry.employer (employer_id, registration_number, name, division) OVERRIDING SYSTEM VALUE VALUES (9001, '110108000000016', 'Works', '460105');
INSERT INTO registry.dwelling (dwelling_id, kind, address, division, safety_letter_on, let_state) OVERRIDING SYSTEM VALUE
SELECT 9100 + n, 'unit', 'Random Road ' || n, '460105001001', '2020-01-01', 'let' FROM generate_series(1, 8) n;
CREATE FUNCTION pg_temp.random_register(round integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    base CONSTANT bigint := 9200 + round * 10;
    who  bigint;
BEGIN
    INSERT INTO registry.person (person_id, name, birth_date, phone, sex, household_division) OVERRIDING SYSTEM VALUE
    SELECT base + n, '人' || n, CASE WHEN random() < 0.7 THEN date '1980-01-01' END, CASE WHEN random() < 0.5 THEN '1380000000' || n END,
           CASE WHEN random() < 0.5 THEN '0' ELSE '1' END, CASE WHEN random() < 0.5 THEN '430102'::division_code END
    FROM generate_series(1, 4) n;
    FOR step IN 1..12 LOOP
        who := base + 1 + floor(random() * 3)::integer;
        BEGIN
            CASE floor(random() * 8)::integer
                WHEN 0 THEN INSERT INTO registry.residence (person_id, dwelling_id, arrived_on, state) VALUES (who, 9101 + floor(random() * 8)::integer, date '2024-01-01' + step * 10, 'active');
                WHEN 1 THEN PERFORM api.register_departure(who, date '2024-01-01' + step * 10);
                WHEN 2 THEN INSERT INTO registry.employment (employer_id, person_id, hired_on, contract_number) VALUES (9001, who, date '2024-01-01' + step, 'C' || step);
                WHEN 3 THEN INSERT INTO registry.identity_document (person_id, document_type, document_number) VALUES (who, '414', 'R' || round || 'X' || step || 'Y' || who);
                WHEN 4 THEN INSERT INTO registry.tenancy (dwelling_id, person_id, landlord_person_id, starts_on) VALUES (9101 + floor(random() * 8)::integer, who, base + 1 + floor(random() * 4)::integer, date '2024-01-01' + step);
                WHEN 5 THEN INSERT INTO registry.permit (person_id, applied_on) VALUES (who, '2024-08-01');
                WHEN 6 THEN INSERT INTO registry.access_credential (token, person_id) VALUES (gen_random_uuid(), who);
                WHEN 7 THEN UPDATE registry.dwelling SET landlord_person_id = who WHERE dwelling_id = 9101 + floor(random() * 8)::integer;
            END CASE;
        EXCEPTION WHEN OTHERS THEN
            IF NOT ledger.is_refusal(SQLSTATE) THEN RAISE; END IF;
        END;
    END LOOP;
END $$;
CREATE FUNCTION pg_temp.round_trip(round integer) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    base   CONSTANT bigint := 9200 + round * 10;
    former text;
    answer api.answer;
BEGIN
    PERFORM pg_temp.random_register(round);
    former := pg_temp.everything(base + 4);
    BEGIN
        answer := api.merge_persons(base + 1, base + 2, 'test');
    EXCEPTION WHEN SQLSTATE 'RG360' THEN
        RETURN CASE WHEN pg_temp.everything(base + 4) = former THEN 'refused' ELSE 'refused, and changed' END;
    END;
    IF EXISTS (SELECT FROM registry.person_reference() r WHERE xpath_exists('//row', query_to_xml(format('SELECT 1 FROM %s WHERE %I = %s', r.table_name, r.column_name, base + 2), false, false, ''))) THEN
        RETURN 'something still names who is gone';
    END IF;
    -- somebody else lives on
    PERFORM api.register_arrival(base + 4, 9101, '2024-02-01');
    PERFORM api.undo_merge(answer.record_id);
    RETURN CASE WHEN pg_temp.everything(base + 4) = former THEN 'as before' ELSE 'not as before' END;
END $$;
SELECT setseed(0.42) \g /dev/null
CREATE TEMP TABLE trip AS SELECT n, pg_temp.round_trip(n) AS result FROM generate_series(1, 60) n;
SELECT is((SELECT string_agg(DISTINCT result, ', ' ORDER BY result) FROM trip), 'as before, refused', 'sixty random registers: a merge and its undo leave no trace');
SELECT cmp_ok((SELECT count(*) FROM trip WHERE result = 'as before'), '>', 10::bigint, 'of many merges');
SELECT * FROM finish();
ROLLBACK;
