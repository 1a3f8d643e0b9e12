-- The divisions of 2023: the whole country down to townships, Hainan and Panyu down to villages.

INSERT INTO code.division (division, parent, level, name, heading, source)
SELECT division, residency.parent(division), residency.level(division), name, heading, 'nbs'
FROM (
    SELECT split_part(l, E'\t', 1)::residency.division_code AS division, split_part(l, E'\t', 2) AS name,
           split_part(l, E'\t', 3) = '-' AS heading
    FROM string_to_table($tsv$
@include 0003-division.tsv
$tsv$, E'\n') AS l
    WHERE l <> ''
) line
ON CONFLICT DO NOTHING;

ANALYZE code.division;
