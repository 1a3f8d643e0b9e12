-- What sessions keep a copy of, against SQL over its table: time limits of 20 working days, and look-ups of policy.

SET max_parallel_workers_per_gather = 0;
SET jit = off;

SELECT format('CALL bench.measure(%L, %L, %s, %L);', topic, side, items, statement)
FROM generate_series(1, :rounds) AS round,
     (VALUES
        (1, 'time limits', 'legal_deadline', 3000000,
            'SELECT count(residency.legal_deadline(date ''2024-01-01'' + n % 300, 20, ''working days'', ''460105'')) FROM (SELECT generate_series(1, 3000000) AS n OFFSET 0) s'),
        (2, 'time limits', 'SQL over the calendar', 30000,
            'SELECT count((SELECT c.day FROM code.calendar_day c WHERE c.region IS NULL AND c.kind IN (''work'', ''swap_work'')
                           AND c.day > date ''2024-01-01'' + n % 300 ORDER BY c.day OFFSET 19 LIMIT 1)) FROM (SELECT generate_series(1, 30000) AS n OFFSET 0) s'),
        (3, 'policy look-ups', 'policy_int', 3000000,
            'SELECT count(residency.policy_int(''guarded_below_age'', ''460105001001'', date ''2024-01-01'' + n % 300)) FROM (SELECT generate_series(1, 3000000) AS n OFFSET 0) s'),
        (4, 'policy look-ups', 'SQL over the settings', 30000,
            'SELECT count((SELECT p.value::integer FROM policy.setting p
                           WHERE p.key = ''guarded_below_age'' AND p.period @> date ''2024-01-01'' + n % 300
                             AND (p.division IS NULL OR ''460105001001'' OPERATOR(residency.<@) p.division)
                           ORDER BY residency.level(p.division) DESC NULLS LAST LIMIT 1)) FROM (SELECT generate_series(1, 30000) AS n OFFSET 0) s')
     ) AS side (sort, topic, side, items, statement)
ORDER BY round, CASE round % 2 WHEN 0 THEN sort ELSE -sort END
\gexec
