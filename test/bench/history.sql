-- History: arrivals with and without the triggers that note them, in bulk; what a change takes on disk; how fast the past is read.

CREATE PROCEDURE bench.history(state text)
    LANGUAGE plpgsql AS $$
    DECLARE
        named text;
    BEGIN
        FOREACH named IN ARRAY '{change_begin,change_insert,change_update,change_delete,change_truncate}'::text[] LOOP
            EXECUTE format('ALTER TABLE registry.residence %s TRIGGER %s', state, named);
        END LOOP;
    END $$;
SELECT format('CALL bench.history(%L)', state), format('CALL bench.measure(''bulk arrivals, history'', %L, 20000, %L)', side, statement)
FROM generate_series(1, :rounds) AS round,
     LATERAL (VALUES (1, 'ENABLE', 'with', 0), (2, 'DISABLE', 'without', 20000)) AS side (sort, state, side, shift),
     LATERAL (SELECT format('INSERT INTO registry.residence (person_id, dwelling_id, arrived_on, state, reason)
            SELECT person_id, 1 + person_id %% 199999, ''2026-03-01'', ''active'', ''01''
            FROM registry.person WHERE person_id BETWEEN %s AND %s', 200001 + round * 40000 + shift, 220000 + round * 40000 + shift) AS statement) AS statement
ORDER BY round, CASE round % 2 WHEN 0 THEN sort ELSE -sort END
\gexec
CALL bench.history('ENABLE');
INSERT INTO bench.round (topic, side, seconds, items)
SELECT 'bytes of a change', side, 1, bytes
FROM (SELECT sum(pg_table_size(i.inhrelid)) / count.n, sum(pg_indexes_size(i.inhrelid)) / count.n
      FROM pg_inherits i, (SELECT count(*) AS n FROM ledger.change) AS count
      WHERE i.inhparent = 'ledger.change'::regclass GROUP BY count.n) AS size (heap, index),
     LATERAL (VALUES ('table', heap), ('indexes', index)) AS part (side, bytes);
SELECT count(*) AS changes FROM ledger.change \gset
CALL bench.measure('past read', 'a table, rows', :changes, $$SELECT count(*) FROM residency.as_of('registry.residence')$$);
CALL bench.measure('past read', 'rows one by one', 1000, $$SELECT count(residency.row_as_of('registry.residence', jsonb_build_object('residence_id', n))) FROM generate_series(1, 1000) n$$);
