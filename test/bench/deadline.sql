-- Time limits: 20 working days, counted by the calendar that sessions keep, or by SQL over its table.

SET max_parallel_workers_per_gather = 0;
SET jit = off;

SELECT format('CALL bench.measure(%L, %L, %s, %L);', topic, side, items, statement)
FROM generate_series(1, :rounds) AS round,
     (VALUES
        (1, 'time limits', 'legal_deadline', 3000000,
            'SELECT count(residency.legal_deadline(date ''2024-01-01'' + n % 300, 20, ''working days'', ''460105'')) FROM (SELECT generate_series(1, 3000000) AS n OFFSET 0) s'),
        (2, 'time limits', 'SQL over the calendar', 30000,
            'SELECT count((SELECT c.day FROM code.calendar_day c WHERE c.region IS NULL AND c.kind IN (''work'', ''swap_work'')
                           AND c.day > date ''2024-01-01'' + n % 300 ORDER BY c.day OFFSET 19 LIMIT 1)) FROM (SELECT generate_series(1, 30000) AS n OFFSET 0) s')
     ) AS side (sort, topic, side, items, statement)
ORDER BY round, CASE round % 2 WHEN 0 THEN sort ELSE -sort END
\gexec
