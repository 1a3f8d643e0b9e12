-- The table: medians of both sides, and the median of the ratios of rounds that followed each other – the machine's
-- mood changes within minutes.

WITH round AS (
    SELECT topic, side, items / seconds AS rate, row_number() OVER (PARTITION BY topic, side ORDER BY n) AS round
    FROM bench.round
), pair (sort, topic, ours, theirs, bar) AS (VALUES
    (1, 'text to number', 'resident_id', 'bigint', '≥ 1.1'),
    (2, 'text to number', 'resident_id', 'ean13', ''),
    (3, 'text to number', 'resident_id', 'PL/pgSQL check', '≥ 90'),
    (4, 'COPY', 'resident_id', 'bigint', '≥ 1'),
    (5, 'COPY', 'resident_id', 'text', ''),
    (6, 'single arrivals, synchronous_commit = on, rules', 'rules', 'bare', '≥ 0.85'),
    (7, 'single arrivals, synchronous_commit = off, rules', 'rules', 'bare', '≥ 0.65'),
    (8, 'single arrivals, synchronous_commit = on, api', 'api', 'bare', ''),
    (9, 'single arrivals, synchronous_commit = off, api', 'api', 'bare', ''),
    (10, 'bulk arrivals', 'rules', 'bare', '≥ 0.5'),
    (10.1, 'single arrivals, history and row security, synchronous_commit = on', 'history', 'plain', '≥ 0.7'),
    (10.2, 'single arrivals, history and row security, synchronous_commit = off', 'history', 'plain', '≥ 0.7'),
    (10.21, 'single arrivals, history and row security, synchronous_commit = on, api', 'history', 'plain', '≥ 0.7'),
    (10.22, 'single arrivals, history and row security, synchronous_commit = off, api', 'history', 'plain', '≥ 0.7'),
    (10.3, 'bulk arrivals, history and row security', 'history', 'plain', '≥ 0.5'),
    (10.4, 'bytes of a change', 'table', 'indexes', ''),
    (10.5, 'past read', 'a table, rows', 'rows one by one', ''),
    (11, 'point to grid, in a trigger', 'cover', 'ST_Covers in PL/pgSQL', '≥ 6'),
    (12, 'point to grid, as a set', 'cover', 'ST_Covers, grids outside', '≥ 3'),
    (12.01, 'point to county outline, in a trigger', 'cover', 'ST_Covers in PL/pgSQL', '≥ 6'),
    (12.02, 'point to county outline, as a set', 'cover', 'ST_Covers, grids outside', '≥ 3'),
    (12.1, 'one grid redrawn among 20 000', 'management', 'unit', '≥ 20 a second'),
    (12.2, 'the first point of a session', 'first', 'second', '≥ 10 a second'),
    (13, 'time limits', 'legal_deadline', 'SQL over the calendar', '≥ 2000000 a second'),
    (14, 'policy look-ups', 'policy_int', 'SQL over the settings', '≥ 1000000 a second'),
    (15, 'suspensions by run_due()', 'a year in one go', 'one day', ''),
    (16, 'addresses', 'normalize_address', 'length of the text', '≥ 300000 a second'),
    (17, 'COPY of addresses', 'canonical', 'text', '≥ 0.33'),
    (18, 'COPY of addresses', 'as people write', 'text', ''),
    (19, 'COPY of access events', 'registry.access_event', 'bare table', '≥ 100000 a second'),
    (20, 'COPY of access events', 'registry.access_event', 'same indexes', ''),
    (21, 'changes sealed', 'sealed', 'hashed', ''),
    (22, 'changes sealed', 'verified', 'hashed', '')
)
SELECT line FROM (
    SELECT -1 AS sort, '| what | ours, per second | other side, per second | ratio | bar |' AS line
    UNION ALL
    SELECT 0, '|---|---|---|---|---|'
    UNION ALL
    SELECT pair.sort, format('| %s | %s: %s | %s: %s | %s | %s |', pair.topic, pair.ours, m.ours, pair.theirs, m.theirs, m.ratio, pair.bar)
    FROM pair
    CROSS JOIN LATERAL (
        SELECT round(percentile_cont(0.5) WITHIN GROUP (ORDER BY a.rate)::numeric, CASE WHEN max(a.rate) < 10000 THEN 0 ELSE -2 END)::bigint,
               round(percentile_cont(0.5) WITHIN GROUP (ORDER BY b.rate)::numeric, CASE WHEN max(b.rate) < 10000 THEN 0 ELSE -2 END)::bigint,
               round(percentile_cont(0.5) WITHIN GROUP (ORDER BY a.rate / NULLIF(b.rate, 0))::numeric, 2)
        FROM round a JOIN round b ON b.topic = a.topic AND b.round = a.round
        WHERE a.topic = pair.topic AND a.side = pair.ours AND b.side = pair.theirs
    ) AS m (ours, theirs, ratio)
    WHERE m.ratio IS NOT NULL
) AS report
ORDER BY sort;
