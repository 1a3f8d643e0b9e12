-- What the measurements stand on: the register with people and dwellings, and the same table of residences without rules.

CREATE EXTENSION residency CASCADE;
CREATE EXTENSION isn;
CALL residency.migrate();

\i round.sql

-- People are made up without the triggers, which are not what is measured here.
SET session_replication_role = replica;
INSERT INTO registry.person (resident_id, name, sex, birth_date)
SELECT id, '张三', residency.sex(id), residency.birth_date(id)
FROM (SELECT format('4401%s%s%s', lpad((n % 9 + 11)::text, 2, '0'),
                    to_char(date '1950-01-01' + n / 900 % 18000, 'YYMMDD'),
                    lpad((n % 900 + 1)::text, 3, '0'))::residency.resident_id AS id
      FROM generate_series(1, 1000000) AS n) AS made_up
ON CONFLICT DO NOTHING;
INSERT INTO registry.dwelling (kind, address, division, let_state, safety_letter_on, usable_area)
SELECT 'unit', '海府路' || n || '号', '460108001001', 'lettable', '2020-01-01', 100
FROM generate_series(1, 200000) AS n;
SET session_replication_role = origin;
INSERT INTO policy.setting (key, division, period, value, legal_basis)
VALUES ('area_per_person_single', '4601', '[2020-01-01,)', '5', 'bench'),
       ('area_per_person_shared', '4601', '[2020-01-01,)', '5', 'bench');

-- The twin: columns, keys, foreign keys and indexes of the register; no CHECK, no exclusion, no trigger.
CREATE TABLE bench.residence (LIKE registry.residence INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING IDENTITY);
DO $$
DECLARE
    definition text;
BEGIN
    FOR definition IN
        SELECT format('ALTER TABLE bench.residence ADD %s', replace(pg_get_constraintdef(oid), 'registry.residence', 'bench.residence'))
        FROM pg_constraint WHERE conrelid = 'registry.residence'::regclass AND contype IN ('p', 'f')
        ORDER BY contype DESC
    LOOP
        EXECUTE definition;
    END LOOP;
    FOR definition IN
        SELECT replace(pg_get_indexdef(i.indexrelid), 'registry.residence', 'bench.residence')
        FROM pg_index i
        WHERE i.indrelid = 'registry.residence'::regclass AND NOT i.indisunique AND NOT i.indisexclusion
    LOOP
        EXECUTE definition;
    END LOOP;
END $$;

-- A first part of both, so that no index is empty.
INSERT INTO registry.residence (person_id, dwelling_id, arrived_on, state, reason)
SELECT person_id, 1 + person_id % 199999, '2026-01-01', 'active', '01' FROM registry.person WHERE person_id <= 10000;
INSERT INTO bench.residence (person_id, dwelling_id, arrived_on, state, reason, division, half_year_from)
SELECT person_id, 1 + person_id % 199999, '2026-01-01', 'active', '01', '460108001001', '2026-01-01'
FROM registry.person WHERE person_id <= 10000;
VACUUM ANALYZE;
-- those who arrive one by one; from 900 001 on people arrive in bulk
SELECT format('CREATE SEQUENCE bench.next_%s START 10001 MAXVALUE 900000', side) FROM unnest('{rules,bare}'::text[]) AS side \gexec
CHECKPOINT;

-- the same answer as residency.dwelling_place() gives, without a cover
CREATE FUNCTION bench.place() RETURNS trigger
    LANGUAGE plpgsql AS $$
    BEGIN
        SELECT g.grid_id INTO NEW.grid_id FROM registry.grid g
        WHERE g.kind = 'management' AND g.period @> residency.today() AND ST_Covers(g.outline, NEW.location)
        ORDER BY g.grid_code LIMIT 1;
        RETURN NEW;
    END $$;
