-- Bulk arrivals: 20 000 a statement, all rules on, against the twin without rules.

SELECT format('CALL bench.measure(''bulk arrivals'', %L, 20000, %L);', side, statement)
FROM generate_series(1, :rounds) AS round,
     LATERAL (SELECT 880001 + round * 20000 AS first, 900000 + round * 20000 AS last) AS people,
     LATERAL (VALUES
        (1, 'rules', format('INSERT INTO registry.residence (person_id, dwelling_id, arrived_on, state, reason)
            SELECT person_id, 1 + person_id %% 199999, ''2026-03-01'', ''active'', ''01''
            FROM registry.person WHERE person_id BETWEEN %s AND %s', first, last)),
        (2, 'bare', format('INSERT INTO bench.residence (person_id, dwelling_id, arrived_on, state, reason, division, half_year_from)
            SELECT person_id, 1 + person_id %% 199999, ''2026-03-01'', ''active'', ''01'', ''460108001001'', ''2026-03-01''
            FROM registry.person WHERE person_id BETWEEN %s AND %s', first, last))
     ) AS side (sort, side, statement)
ORDER BY round, CASE round % 2 WHEN 0 THEN sort ELSE -sort END
\gexec
