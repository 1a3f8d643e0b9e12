-- The self-check finds what was written while the rules were switched off.
\set ECHO none
\getenv test PG_ABS_SRCDIR
\i :test/lib/register.sql

BEGIN;
SELECT plan(9);
-- whenever this runs, next year's notice may be due
SELECT is_empty($$SELECT * FROM residency.check() WHERE topic <> 'calendar'$$, 'all is well');
DELETE FROM code.calendar_day WHERE day = residency.today();
SELECT ok(format('the year %s has no calendar: its working days can''t be counted', extract(year FROM residency.today()))
          IN (SELECT finding FROM residency.check() WHERE topic = 'calendar'), 'a year that lacks a day');

INSERT INTO registry.person (person_id, name) OVERRIDING SYSTEM VALUE VALUES (9700, '甲'), (9701, '乙');
INSERT INTO registry.grid (grid_code, name, division, outline) VALUES
    ('460105001002001', 'grid', '460105001002', 'SRID=4490;MULTIPOLYGON(((110 20, 110.1 20, 110.1 20.1, 110 20.1, 110 20)))');
INSERT INTO registry.dwelling (dwelling_id, address, division, safety_letter_on, location) OVERRIDING SYSTEM VALUE VALUES
    (9700, 'Harbour Road 7', '460105001002', '2020-01-01', 'SRID=4490;POINT(110.05 20.05)');
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE registry.residence DISABLE TRIGGER residence_arrive;
ALTER TABLE registry.dwelling DISABLE TRIGGER dwelling_judge;
ALTER TABLE registry.dwelling DISABLE TRIGGER dwelling_place;
SELECT set_eq($$SELECT finding FROM residency.check() WHERE topic = 'trigger'$$,
    ARRAY['trigger residence_arrive of registry.residence is disabled: its rules do not hold',
          'trigger dwelling_judge of registry.dwelling is disabled: its rules do not hold',
          'trigger dwelling_place of registry.dwelling is disabled: its rules do not hold'], 'triggers that are off');

INSERT INTO registry.residence (residence_id, person_id, dwelling_id, arrived_on, departed_on, state, division, half_year_from)
OVERRIDING SYSTEM VALUE VALUES
    (9700, 9700, 9700, '2024-01-01', NULL, 'active', '460105001002', '2024-01-01'),
    (9701, 9700, 9700, '2024-03-01', '2024-04-01', 'departed', '460105001002', '2024-03-01'),
    (9702, 9701, 9700, '2024-03-01', '2024-04-01', 'departed', '460105001002', '2024-03-01');
SELECT results_eq($$SELECT finding FROM residency.check() WHERE topic = 'residence'$$,
    ARRAY['person 9700 has residences 9700 and 9701 at one time'], 'a person in two places');
UPDATE registry.residence SET state = 'voided', close_reason = 'entered twice' WHERE residence_id = 9701;
SELECT is_empty($$SELECT * FROM residency.check() WHERE topic = 'residence'$$, 'voided, it does not count');
UPDATE registry.dwelling SET let_state = 'prohibited' WHERE dwelling_id = 9700;
SELECT results_eq($$SELECT finding FROM residency.check() WHERE topic = 'residence'$$,
    ARRAY['1 people live in dwelling 9700, which is prohibited'], 'residents where none may be');
UPDATE registry.dwelling SET location = 'SRID=4490;POINT(112 20.05)' WHERE dwelling_id = 9700;
SELECT results_eq($$SELECT finding, remedy FROM residency.check() WHERE topic = 'grid'$$,
    $$VALUES ('1 dwellings do not have the grid that they belong to today', 'SELECT api.assign_grids();')$$, 'a dwelling in a wrong grid');
UPDATE policy.setting SET value = '2' WHERE key = 'bed_limit';
SELECT is(string_agg(remedy, ''), 'SELECT * FROM residency.explain_policy(''bed_limit'', ''460105'', ''2024-05-01'');', 'a policy test case that fails')
FROM residency.check() WHERE topic = 'policy';
DELETE FROM ledger.applied_step WHERE step = 'schema/0010-person';
SELECT results_eq($$SELECT finding FROM residency.check() WHERE topic = 'migration'$$,
    ARRAY['step schema/0010-person is new'], 'a step that is still to be taken');
SELECT * FROM finish();
ROLLBACK;
