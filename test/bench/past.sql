-- What a change takes on disk, and how fast the past is read: of the arrivals that were measured.

INSERT INTO bench.round (topic, side, seconds, items)
SELECT 'bytes of a change', side, 1, bytes
FROM (SELECT sum(pg_table_size(i.inhrelid)) / count.n, sum(pg_indexes_size(i.inhrelid)) / count.n
      FROM pg_inherits i, (SELECT count(*) AS n FROM ledger.change) AS count
      WHERE i.inhparent = 'ledger.change'::regclass GROUP BY count.n) AS size (heap, index),
     LATERAL (VALUES ('table', heap), ('indexes', index)) AS part (side, bytes);
SELECT count(*) AS residences FROM registry.residence \gset
CALL bench.measure('past read', 'a table, rows', :residences, $$SELECT count(*) FROM residency.as_of('registry.residence')$$);
CALL bench.measure('past read', 'rows one by one', 1000, $$SELECT count(residency.row_as_of('registry.residence', jsonb_build_object('residence_id', n))) FROM generate_series(1, 1000) n$$);
