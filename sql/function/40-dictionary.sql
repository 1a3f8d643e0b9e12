-- dictionary: names of divisions and of the regions of resident IDs, and new lists of divisions.
-- The look-ups are plpgsql with one generic plan: called row by row, several times faster than SQL functions,
-- which plan anew at every call from another function.

CREATE OR REPLACE FUNCTION residency.division_name(division residency.division_code, "on" date DEFAULT NULL)
    RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, residency, pg_temp
    SET plan_cache_mode = force_generic_plan
    AS $$
    BEGIN
        RETURN (SELECT string_agg(step.name, '' ORDER BY step.ordinal) FILTER (WHERE NOT step.heading)
        FROM (
            SELECT above.division = $1 AS itself, above.ordinal,
                   coalesce(former.name, today.name) AS name, coalesce(former.heading, today.heading) AS heading
            FROM unnest(lineage($1)) WITH ORDINALITY AS above (division, ordinal)
            LEFT JOIN code.division today ON today.division = above.division
            -- the name of another day, or of a code that is gone: the row of that year, else the nearest
            LEFT JOIN LATERAL (
                SELECT f.name, f.heading
                FROM code.former_division f, extract(year FROM $2) AS year
                WHERE f.division = above.division AND ($2 IS NOT NULL OR today.division IS NULL)
                ORDER BY CASE WHEN year < lower(f.years) THEN lower(f.years) - year
                              WHEN year >= upper(f.years) THEN year - upper(f.years) + 1
                              WHEN year IS NOT NULL THEN 0 END,
                         lower(f.years) DESC
                LIMIT 1
            ) former ON true
        ) step
        HAVING bool_or(step.itself AND step.name IS NOT NULL));
    END $$;
COMMENT ON FUNCTION residency.division_name(residency.division_code, date) IS
    'Full name of a division from the province down, without headings such as 市辖区 (区划全称): as it is today, or for provinces, prefectures and counties as it was in the year of the day given; NULL for an unknown code. Source: code.division, code.former_division';

CREATE OR REPLACE FUNCTION residency.region_name(id residency.resident_id)
    RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, residency, pg_temp
    AS $$
    BEGIN
        RETURN division_name(residency.division(id), birth_date(id));
    END $$;
COMMENT ON FUNCTION residency.region_name(residency.resident_id) IS
    'Name of the region whose code a resident ID carries, as it was in the year of birth or nearest to it (号码所属地区, GB 11643); NULL if the region is unknown: a warning, never a reason to refuse';

CREATE OR REPLACE FUNCTION residency.resident_id_warning(id residency.resident_id)
    RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, residency, pg_temp
    AS $$
    BEGIN
        RETURN CASE
            WHEN id IS NULL OR EXISTS (
                SELECT FROM code.division d
                WHERE d.division = residency.division(id)
                  AND (upper_inf(d.period) OR upper(d.period) > birth_date(id))) THEN NULL
            WHEN NOT EXISTS (SELECT FROM code.former_division f WHERE f.division = residency.division(id))
                 AND NOT EXISTS (SELECT FROM code.division d WHERE d.division = residency.division(id)) THEN 'unknown_region'
            WHEN kind(id) = 'citizen' AND NOT EXISTS (
                SELECT FROM code.former_division f
                WHERE f.division = residency.division(id)
                  AND (upper_inf(f.years) OR upper(f.years) > extract(year FROM birth_date(id)))) THEN 'region_ended_before_birth'
        END;
    END $$;
COMMENT ON FUNCTION residency.resident_id_warning(residency.resident_id) IS
    'What is odd about the region of a resident ID (号码地区提示): unknown_region, no list since 1980 has the code; region_ended_before_birth, the code was gone before the year of birth (late registration explains a code that is younger than its bearer, not one that is older); NULL, nothing. Informational: real numbers have both';

CREATE OR REPLACE FUNCTION residency.is_division_heading(name text)
    RETURNS boolean
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
        SELECT name OPERATOR(pg_catalog.~)
            '^(市辖区|县|市|(省|自治区)?(省|自治区)?直辖(县级)?行政(单位|区划)|.{1,4}直辖村级区划)$'
    $$;
COMMENT ON FUNCTION residency.is_division_heading(text) IS
    'Whether a name in a list of divisions is a heading and no authority (汇总码): 市辖区, 县, 省直辖县级行政区划, 县直辖村级区划 …';

CREATE OR REPLACE FUNCTION residency.load_division(
        staging regclass, source text, as_of date, scope residency.division_code DEFAULT NULL,
        OUT added integer, OUT renamed integer, OUT ended integer, OUT unchanged integer)
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, residency, pg_temp
    AS $$
    DECLARE
        -- a level that a unit does not have is filled in with the unit itself (441900 and 441900000000, 350527 and 350527000): one row of both
        incoming constant text := format(
            'incoming AS MATERIALIZED (
                SELECT DISTINCT ON (s.code::text::residency.division_code)
                       s.code::text::residency.division_code AS division, btrim(s.name) AS name
                FROM %s s
                ORDER BY s.code::text::residency.division_code, length(s.code::text))', staging);
        changed   residency.division_code[];
        gone      residency.division_code[];
        fresh     residency.division_code[];
    BEGIN
        IF as_of IS NULL THEN
            RAISE null_value_not_allowed USING MESSAGE = 'the day whose state the list shows must be given (as_of)';
        END IF;

        EXECUTE 'WITH ' || incoming || ' SELECT count(*) FROM incoming i JOIN code.division d USING (division)
                 WHERE d.name = i.name AND upper_inf(d.period)' INTO unchanged;

        EXECUTE 'WITH ' || incoming || ', placed AS (
                INSERT INTO code.division (division, parent, level, name, heading, period, source)
                SELECT i.division, residency.parent(i.division), level(i.division), i.name, is_division_heading(i.name),
                       -- the first units ever listed below an old one are older than the list
                       CASE WHEN EXISTS (SELECT FROM code.division d WHERE d.division = residency.parent(i.division))
                             AND NOT EXISTS (SELECT FROM code.division d WHERE d.parent = residency.parent(i.division))
                            THEN ''(,)'' ELSE daterange($2, NULL) END,
                       $1
                FROM incoming i
                ON CONFLICT (division) DO UPDATE
                    SET period = daterange(lower(code.division.period), NULL), name = excluded.name,
                        heading = excluded.heading, source = excluded.source
                    WHERE NOT upper_inf(code.division.period)
                RETURNING division
            ) SELECT coalesce(array_agg(division), ''{}'') FROM placed'
            INTO fresh USING source, as_of;
        added := cardinality(fresh);

        EXECUTE 'WITH ' || incoming || ', done AS (
                UPDATE code.division d
                SET name = i.name, heading = is_division_heading(i.name), source = $1
                FROM incoming i
                WHERE d.division = i.division AND d.name <> i.name
                RETURNING d.division
            ) SELECT coalesce(array_agg(division), ''{}'') FROM done'
            INTO changed USING source;
        renamed := cardinality(changed);

        gone := '{}';
        IF scope IS NOT NULL THEN
            EXECUTE 'WITH ' || incoming || ', done AS (
                    UPDATE code.division d
                    SET period = daterange(lower(d.period), $1)
                    WHERE d.division <@ $2 AND d.division <> $2 AND upper_inf(d.period)
                      AND d.level IN (SELECT DISTINCT level(division) FROM incoming)
                      AND (lower_inf(d.period) OR lower(d.period) < $1)
                      AND NOT EXISTS (SELECT FROM incoming i WHERE i.division = d.division)
                    RETURNING d.division
                ) SELECT coalesce(array_agg(division), ''{}'') FROM done'
                INTO gone USING as_of, scope;
        END IF;
        ended := cardinality(gone);

        -- The history of GB/T 2260 goes on. Counties 71 to 80 are units of statistics.
        UPDATE code.former_division f
        SET years = int4range(lower(f.years), extract(year FROM as_of)::integer + CASE WHEN f.division = ANY (gone) THEN 1 ELSE 0 END)
        WHERE f.division = ANY (changed || gone) AND upper_inf(f.years)
          AND (lower(f.years) < extract(year FROM as_of) OR f.division = ANY (gone));
        INSERT INTO code.former_division (division, years, seen, name, heading, sources)
        SELECT d.division, int4range(extract(year FROM as_of)::integer, NULL),
               int4range(extract(year FROM as_of)::integer, extract(year FROM as_of)::integer + 1),
               d.name, d.heading, ARRAY[d.source]
        FROM code.division d
        WHERE d.division = ANY (changed || fresh) AND d.level <= 3
          AND d.division::bigint / 1000000 % 100 NOT BETWEEN 71 AND 80
        ON CONFLICT (division, years) DO UPDATE SET name = excluded.name, heading = excluded.heading;
    END $$;
COMMENT ON FUNCTION residency.load_division(regclass, text, date, residency.division_code) IS
    'Takes over a list of divisions from a table with the columns code and name (导入行政区划): adds what is new, renames what has another name, and, within scope, ends on the day as_of what the list no longer has (levels that the list has none of stay). The source must be in code.source. Answers how many divisions were added, renamed, ended and left as they were';
