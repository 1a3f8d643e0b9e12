-- Permits in force, :permits of them, made up without the triggers; their anniversaries run through a year up to 2026-10-31.
-- The residences are of one home without limits.
INSERT INTO registry.dwelling (dwelling_id, kind, address, division, let_state) OVERRIDING SYSTEM VALUE
VALUES (900000000, 'building', '宿舍', '460105001001', 'owner_occupied');
SET session_replication_role = replica;
INSERT INTO registry.person (person_id, name, birth_date, household_division) OVERRIDING SYSTEM VALUE
SELECT 900000000 + n, '持证' || n, '1990-01-01', '430102' FROM generate_series(1, :permits) AS n;
INSERT INTO registry.residence (residence_id, person_id, dwelling_id, arrived_on, state, half_year_from, division) OVERRIDING SYSTEM VALUE
SELECT person_id, person_id, 900000000, day, 'active', day, '460105001001'
FROM (SELECT p.person_id, date '2023-11-01' + (p.person_id % 365)::integer AS day FROM registry.person p WHERE p.person_id > 900000000) AS p;
INSERT INTO registry.permit (permit_id, permit_number, person_id, division, city, applied_on, last_sequence, state, residence_id, ground,
                             issued_on, count_from, endorsed_until, residence_years) OVERRIDING SYSTEM VALUE
SELECT r.residence_id, '460105' || r.residence_id, r.person_id, '460105', '4601', r.arrived_on + 400, 3, 'valid', r.residence_id, 'employment',
       r.arrived_on + 400, r.arrived_on, residency.anniversary_after(r.arrived_on, r.arrived_on + 400), 1
FROM registry.residence r WHERE r.residence_id > 900000000;
INSERT INTO registry.permit_event (permit_id, sequence, event, from_state, to_state, happened_on, actor, residence_id, ground,
                                   issued_on, count_from, endorsed_until, residence_years)
SELECT p.permit_id, e.sequence, e.event, e.from_state, e.to_state, p.issued_on, 'made up', p.residence_id, p.ground,
       p.issued_on, p.count_from, p.endorsed_until, p.residence_years
FROM registry.permit p
CROSS JOIN (VALUES (1, 'reissue', NULL::residency.permit_state, 'making'::residency.permit_state),
                   (2, 'make', 'making', 'ready'), (3, 'deliver', 'ready', 'valid')) AS e (sequence, event, from_state, to_state)
WHERE p.permit_id > 900000000;
SET session_replication_role = origin;
ANALYZE registry.person, registry.residence, registry.permit, registry.permit_event;
