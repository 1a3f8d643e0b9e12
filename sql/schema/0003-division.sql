-- The divisions of 2023: the whole country down to townships, Hainan and Panyu down to villages.

WITH line AS MATERIALIZED (
    SELECT string_to_array(l, E'\t') AS f
    FROM string_to_table($tsv$
@include 0003-division.tsv
$tsv$, E'\n') AS l
    WHERE l <> ''
), entry AS MATERIALIZED (
    SELECT f[1] AS code, f[1]::residency.division_code AS division, f[2] AS name, f[3] IS NOT NULL AS heading
    FROM line
)
INSERT INTO code.division (division, parent, level, name, heading, source)
SELECT e.division, coalesce(p1.division, p2.division, p3.division), residency.level(e.division), e.name, e.heading, 'nbs'
FROM entry e
-- the next division above that exists: towns of cities without counties hang under the city
LEFT JOIN entry p1 ON p1.code = CASE length(e.code)
    WHEN 12 THEN left(e.code, 9)
    WHEN 9 THEN left(e.code, 6)
    ELSE CASE WHEN e.code NOT LIKE '____00' THEN left(e.code, 4) || '00'
              WHEN e.code NOT LIKE '__0000' THEN left(e.code, 2) || '0000' END END
LEFT JOIN entry p2 ON p1.code IS NULL AND length(e.code) > 6 AND p2.code = left(e.code, 4) || '00'
LEFT JOIN entry p3 ON p1.code IS NULL AND p2.code IS NULL AND e.code NOT LIKE '__0000' AND p3.code = left(e.code, 2) || '0000'
ORDER BY e.code COLLATE "C"
ON CONFLICT DO NOTHING;

ANALYZE code.division;
