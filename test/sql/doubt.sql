-- Days that are not known exactly, and records under investigation.
\set ECHO none
\getenv test PG_ABS_SRCDIR
\i :test/lib/register.sql
BEGIN;
SET LOCAL search_path = residency, public;
SET LOCAL datestyle = 'ISO';
SELECT plan(24);
INSERT INTO registry.person (person_id, name) OVERRIDING SYSTEM VALUE VALUES (9800, '甲'), (9801, '乙');
INSERT INTO registry.dwelling (dwelling_id, address, division, safety_letter_on) OVERRIDING SYSTEM VALUE VALUES (9800, 'Harbour Road 8', '460105001002', '2020-01-01');
CREATE FUNCTION pg_temp.lived(person bigint, "on" date) RETURNS text LANGUAGE sql AS $$ SELECT answer FROM api.resident_on('460105001', "on") r WHERE r.person_id = person $$;
CREATE FUNCTION pg_temp.doubt(person bigint) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', r.arrived_on, r.departed_on, i.arrived_between, i.departed_between)
    FROM registry.residence r LEFT JOIN registry.inexact_date i USING (residence_id) WHERE r.person_id = person $$;

-- sometime in March
SELECT residence_id AS home FROM api.register_arrival(9800, 9800, arrived_earliest => '2024-03-01', arrived_latest => '2024-03-31', verified => true) \gset
SELECT is(pg_temp.doubt(9800), '2024-03-31 [2024-03-01,2024-04-01)', 'the register works with the stay that is certain');
SELECT is(ARRAY[pg_temp.lived(9800, '2024-02-29'), pg_temp.lived(9800, '2024-03-01'), pg_temp.lived(9800, '2024-03-30'), pg_temp.lived(9800, '2024-03-31')],
    '{NULL,possible,possible,certain}', 'certain from the last day, possible from the first');
SELECT accepted FROM api.register_departure(9800, departed_earliest => '2024-06-10', departed_latest => '2024-06-20') \g /dev/null
SELECT is(pg_temp.doubt(9800), '2024-03-31 2024-06-10 [2024-03-01,2024-04-01) [2024-06-10,2024-06-21)', 'and until the earliest day of departure');
SELECT is(ARRAY[pg_temp.lived(9800, '2024-06-09'), pg_temp.lived(9800, '2024-06-10'), pg_temp.lived(9800, '2024-06-19'), pg_temp.lived(9800, '2024-06-20')],
    '{certain,possible,possible,NULL}', 'possible up to the day before the latest');
SELECT accepted FROM api.register_arrival(9801, 9800, '2024-03-10', arrived_earliest => '2024-03-05', arrived_latest => '2024-03-12') \g /dev/null
SELECT is(pg_temp.doubt(9801), '2024-03-10 [2024-03-05,2024-03-13)', 'a working date between them');
UPDATE registry.residence SET arrived_on = '2024-03-07' WHERE person_id = 9801;
SELECT is(pg_temp.doubt(9801), '2024-03-07 [2024-03-05,2024-03-13)', 'it may be corrected');
UPDATE registry.residence SET arrived_on = '2024-03-02' WHERE person_id = 9801;
SELECT is(pg_temp.doubt(9801), '2024-03-02', 'beyond them the doubt is over');
SELECT is((SELECT answer FROM api.resident_on('4601', '2024-03-03') WHERE person_id = 9801), 'certain', '... and the answer certain');
SELECT throws_ok($$INSERT INTO registry.inexact_date VALUES (-1, '[2024-01-01,2024-02-01)')$$, '23503', NULL, 'a residence that there is not');
SELECT is((SELECT count(*) FROM api.submit('register_departure', '[{"person_id": 9801, "departed_earliest": "2024-05-01", "departed_latest": "2024-05-03"}]') WHERE accepted), 1::bigint, 'in a batch');

-- under investigation
CREATE FUNCTION pg_temp.marked() RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', (SELECT 'resident' FROM api.current_resident WHERE person_id = 9801 AND under_investigation),
                     (SELECT 'dwelling' FROM api.dwelling_occupancy WHERE dwelling_id = 9800 AND under_investigation),
                     (SELECT string_agg(link, ' ' ORDER BY link) FROM api.person_overview(9801) WHERE (detail ->> 'under_investigation')::boolean),
                     (SELECT 'overview' FROM api.dwelling_overview(9800) WHERE link = 'self' AND (detail ->> 'under_investigation')::boolean)) $$;
SELECT accepted FROM api.register_arrival(9801, 9800, '2024-07-01') \g /dev/null
SELECT residence_id AS home FROM registry.residence WHERE person_id = 9801 AND departed_on IS NULL \gset
SELECT is(pg_temp.marked(), '', 'nothing is in doubt');
SELECT record_id AS inquiry FROM api.open_investigation('residence', :home, '邻居称其未居住') \gset
SELECT is(pg_temp.marked(), 'resident residence', 'a residence');
SELECT is((SELECT under_investigation FROM api.resident_on('460105001002', '2024-07-02') WHERE residence_id = :home), true, 'as of any day');
SELECT accepted FROM api.close_investigation(:inquiry, '核实在住') \g /dev/null
SELECT is(pg_temp.marked(), '', 'closed');
SELECT accepted FROM api.open_investigation('person', 9801, '身份存疑') \g /dev/null
SELECT is(pg_temp.marked(), 'resident self', 'a person');
SELECT accepted FROM api.open_investigation('dwelling', 9800, '地址存疑') \g /dev/null
SELECT is(pg_temp.marked(), 'resident dwelling self overview', 'a dwelling');
SELECT is((SELECT record_id FROM api.open_investigation('residence', :home, '复查', dry_run => true)), NULL, 'a rehearsal leaves no number');
SELECT is((SELECT concat_ws(' ', opened_by, closed_by, conclusion) FROM registry.investigation ORDER BY investigation_id LIMIT 1), concat_ws(' ', current_user, current_user, '核实在住'), 'who opened, who closed it');
SELECT throws_ok('DELETE FROM registry.investigation', 'RG035', NULL, 'it stays on record');

-- as of a moment
SELECT clock_timestamp() AS moment \gset
UPDATE registry.person SET name = '丙' WHERE person_id = 9801;
UPDATE registry.dwelling SET address = 'Harbour Road 9' WHERE dwelling_id = 9800;
SELECT is((SELECT name FROM api.person_as_of(9801, :'moment')), '乙', 'a person');
SELECT is((SELECT address || ' ' || division FROM api.dwelling_as_of(9800, :'moment')), 'Harbour Road 8 460105001002', 'a dwelling');
SELECT is((SELECT known_through || ' ' || state FROM api.residence_as_of(:home)), 'register_arrival reported', 'a residence, and the act that made it so');
SELECT is_empty('SELECT * FROM api.permit_as_of(1)', 'no permit');
SELECT is((SELECT name || ' ' || address FROM api.resident_on('460105001002', '2024-07-02', :'moment') WHERE person_id = 9801), '乙 Harbour Road 8', 'names and addresses as they were known');
SELECT * FROM finish();
ROLLBACK;
