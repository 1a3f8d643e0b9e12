-- The codes of GB/T 2260 since 1980 with the years in which they held, and where the sources disagree.

INSERT INTO code.former_division (division, years, seen, name, heading, successor, sources, note)
SELECT f[1]::residency.division_code,
       int4range(f[3]::integer, nullif(f[4], '')::integer),
       CASE WHEN f[5] <> '' THEN int4range(f[5]::integer, f[6]::integer) END,
       f[2],
       f[2] ~ '^(市辖区|县|市|(省|自治区)?(省|自治区)?直辖(县级)?行政(单位|区划))$',
       nullif(f[8], '')::residency.division_code,
       string_to_array(f[7], ','),
       nullif(f[9], '')
FROM (
    SELECT string_to_array(l, E'\t') AS f
    FROM string_to_table($tsv$
@include 0004-former_division.tsv
$tsv$, E'\n') AS l
    WHERE l <> ''
) line
ON CONFLICT DO NOTHING;

INSERT INTO code.former_division_doubt (division, kind, source, says, taken)
SELECT f[1]::residency.division_code, f[2], f[3], nullif(f[4], ''), f[5]
FROM (
    SELECT string_to_array(l, E'\t') AS f
    FROM string_to_table($tsv$
@include 0004-former_division_doubt.tsv
$tsv$, E'\n') AS l
    WHERE l <> ''
) line
ON CONFLICT DO NOTHING;

ANALYZE code.former_division;
