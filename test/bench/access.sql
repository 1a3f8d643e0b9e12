-- COPY of a million access events: into registry.access_event, into a bare table of its shape, and into one with the same indexes.

CREATE TABLE bench.event_bare (LIKE registry.access_event INCLUDING DEFAULTS);
CREATE TABLE bench.event_indexed (LIKE registry.access_event INCLUDING ALL);
CREATE TABLE bench.feed AS
SELECT registry.day_start(residency.today() - 1) + n * interval '80 milliseconds' AS happened_at, n::bigint AS serial, md5((n % 50000)::text)::uuid AS token,
       'HK-' || lpad((n::bigint * 7919 % 3000)::text, 6, '0') AS device_code, 'in' AS direction, 'card' AS method
FROM generate_series(1, 1000000) AS n;
\set file :dir '/access_event.tsv'
COPY bench.feed TO :'file';
CALL residency.run_due();
SELECT format('CALL bench.measure(''COPY of access events'', %L, 1000000, %L)', side,
              format('COPY %s (happened_at, serial, token, device_code, direction, method) FROM %L', target, :'file'))
FROM generate_series(1, :rounds) AS round,
     (VALUES (1, 'registry.access_event', 'registry.access_event'), (2, 'bare table', 'bench.event_bare'), (3, 'same indexes', 'bench.event_indexed')) AS side (sort, side, target)
ORDER BY round, CASE round % 2 WHEN 0 THEN sort ELSE -sort END
\gexec
-- what was sent :rounds times is counted once
CALL residency.run_due();
DO $$
BEGIN
    IF (SELECT count(*) FROM registry.access_event) <> 1000000 THEN
        RAISE EXCEPTION 'events that came several times are not there once';
    END IF;
END $$;
