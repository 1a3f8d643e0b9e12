-- Working days, terms and time limits: against the notices, against a count one by one, by region, and where nobody knows.
\set ECHO none
\getenv test PG_ABS_SRCDIR
\i :test/lib/register.sql

BEGIN;
SET LOCAL search_path = public, residency;
SET LOCAL DateStyle = ISO;
SELECT plan(97);

-- the dictionary
SELECT is(count(*), 7305::bigint, 'every day of twenty years')
FROM code.calendar_day WHERE region IS NULL AND day BETWEEN '2007-01-01' AND '2026-12-31';
SELECT is_empty($$SELECT day FROM code.calendar_day d JOIN code.calendar_notice n USING (notice)
    WHERE d.region IS DISTINCT FROM n.region OR n.year NOT BETWEEN extract(year FROM day) AND extract(year FROM day) + 1$$,
    'a day is in the notice of its region and year, or of the next year');
SELECT is_empty($$SELECT day FROM code.calendar_day WHERE (name IS NULL) <> (kind IN ('work', 'rest')) AND day < '2027-01-01'$$,
    'holidays and swapped days have a name');
SELECT is(string_agg(n::text, ' ' ORDER BY year),
    '249 251 250 250 250 249 250 250 249 250 249 250 250 249 250 249 249 251 248 248', 'working days of each year')
FROM (SELECT extract(year FROM day) AS year, count(*) FILTER (WHERE is_working_day(day)) AS n
      FROM code.calendar_day WHERE region IS NULL AND day < '2027-01-01' GROUP BY year) y;
SELECT is(string_agg(to_char(day, 'MM-DD'), ' ' ORDER BY day), swapped, year || ': weekend days that work')
FROM (VALUES
    (2018, '02-11 02-24 04-08 04-28 09-29 09-30 12-29'), (2019, '02-02 02-03 04-28 05-05 09-29 10-12'),
    (2020, '01-19 04-26 05-09 06-28 09-27 10-10'), (2021, '02-07 02-20 04-25 05-08 09-18 09-26 10-09'),
    (2022, '01-29 01-30 04-02 04-24 05-07 10-08 10-09'), (2023, '01-28 01-29 04-23 05-06 06-25 10-07 10-08'),
    (2024, '02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12'), (2025, '01-26 02-08 04-27 09-28 10-11'),
    (2026, '01-04 02-14 02-28 05-09 09-20 10-10')) v (year, swapped)
JOIN code.calendar_day d ON extract(year FROM day) = year AND region IS NULL AND extract(isodow FROM day) > 5 AND is_working_day(day)
GROUP BY year, swapped ORDER BY year;
SELECT is_empty($$SELECT day FROM code.calendar_day WHERE region IS NULL AND day < '2027-01-01'
    AND is_working_day(day) <> CASE kind WHEN 'holiday' THEN false WHEN 'swap_work' THEN true ELSE extract(isodow FROM day) < 6 END$$,
    'the kind of a day says whether it works');

-- working days: the vectors
SELECT is(add_working_days(start, n), ends, format('%s and %s working days', start, n))
FROM (VALUES
    (date '2025-01-24', 5, date '2025-02-07'), ('2025-01-27', 20, '2025-03-03'), ('2025-09-26', 5, '2025-10-10'),
    ('2025-09-30', 1, '2025-10-09'), ('2025-09-25', 20, '2025-10-29'), ('2026-02-10', 10, '2026-03-02'),
    ('2026-02-13', 3, '2026-02-25'), ('2026-04-30', 20, '2026-06-01'), ('2024-09-13', 2, '2024-09-18'),
    ('2024-12-31', 1, '2025-01-02'),
    -- from a rest day, of none, and backwards
    ('2025-01-25', 1, '2025-01-26'), ('2025-02-01', 1, '2025-02-05'), ('2025-02-01', 0, '2025-02-01'), ('2025-02-05', 0, '2025-02-05'),
    ('2025-02-05', -1, '2025-01-27'), ('2025-02-01', -1, '2025-01-27'), ('2025-02-01', -3, '2025-01-24'), ('2007-01-05', -1, '2007-01-04')
) v (start, n, ends);
-- and one by one
CREATE TEMP TABLE numbered AS
SELECT day, works, sum(works::int) OVER (ORDER BY day) AS upto
FROM (SELECT day, kind IN ('work', 'swap_work') AS works FROM code.calendar_day WHERE region IS NULL AND day < '2027-01-01') d;
CREATE TEMP TABLE worked AS SELECT upto AS nth, day FROM numbered WHERE works;
CREATE UNIQUE INDEX ON worked (nth);
ANALYZE worked;
SELECT is_empty($$
    SELECT s.day, n FROM numbered s CROSS JOIN unnest('{-300,-21,-5,-2,-1,1,2,3,20,250,1000}'::int[]) n
    JOIN worked w ON w.nth = s.upto + n + CASE WHEN n < 0 AND NOT s.works THEN 1 ELSE 0 END
    WHERE add_working_days(s.day, n) <> w.day OR working_days_between(s.day, w.day) <> n$$,
    'from every day, forwards and back: as counted one by one, and back again');
SELECT is_empty($$
    SELECT a.day, b.day FROM numbered a JOIN numbered b ON b.day BETWEEN a.day AND a.day + 40
    WHERE working_days_between(a.day, b.day) <> b.upto - a.upto
       OR working_days_between(b.day, a.day) <> (a.upto - a.works::int) - (b.upto - b.works::int)$$,
    'between any two days: the start does not count, the end does');

-- natural days give way to rest days, working days don't need to
SELECT is(legal_deadline(start, n, unit), ends, format('%s and %s %s', start, n, unit))
FROM (VALUES
    (date '2025-01-21', 7, 'days', date '2025-02-05'), ('2025-09-25', 7, 'days', '2025-10-09'),
    ('2026-02-01', 15, 'days', '2026-02-24'), ('2026-01-17', 30, 'day', '2026-02-24'), ('2026-03-02', 15, 'days', '2026-03-17'),
    ('2025-01-24', 5, 'working days', '2025-02-07'), ('2024-12-31', 1, 'Working Day', '2025-01-02'),
    ('2025-02-01', 0, 'days', '2025-02-05'), ('2025-02-01', 0, 'working days', '2025-02-05'), ('2025-02-05', 0, 'days', '2025-02-05'),
    ('2025-08-31', 1, 'month', '2025-09-30'), ('2024-08-31', 6, 'months', '2025-02-28'), ('2025-08-16', 6, 'months', '2026-02-24'),
    ('2024-02-29', 1, 'year', '2025-02-28'), ('2025-02-16', 1, 'year', '2026-02-24')
) v (start, n, unit, ends);

-- months: the vectors
SELECT is(add_months_legal(start, n), ends, format('%s and %s months', start, n))
FROM (VALUES
    (date '2023-08-31', 6, date '2024-02-29'), ('2024-08-31', 6, '2025-02-28'), ('2024-02-29', 12, '2025-02-28'),
    ('2024-02-29', 24, '2026-02-28'), ('2024-02-29', 48, '2028-02-29'), ('2025-03-31', -1, '2025-02-28'),
    ('2026-05-31', -1, '2026-04-30'), ('2025-12-31', 2, '2026-02-28'), ('0001-01-31', -1, '0001-12-31 BC'), ('0001-03-31 BC', 11, '0001-02-28')
) v (start, n, ends);
SELECT is_empty($$SELECT day, n FROM (SELECT date '2019-12-25' + i AS day FROM generate_series(0, 1500) i) d, generate_series(-30, 30) n
    WHERE add_months_legal(day, n) <> (day + make_interval(months => n))::date$$, 'as PostgreSQL adds months to a day');

-- terms
SELECT is(string_agg(add_term('2025-09-25', term)::text, ' ' ORDER BY n),
    '2025-09-29 2025-10-02 2025-08-25 2024-09-25 2025-09-25 2025-09-23', 'a term ends on its day, be that a rest day')
FROM unnest('{3 working days,7 days,-1 month,-1 years,0 days,-2 working days}'::text[]) WITH ORDINALITY t (term, n);
SELECT is(legal_deadline('2025-09-25', '7 days'), '2025-10-09', 'a limit gives way');
SELECT is(string_agg(term_count(term) || '|' || term_unit(term), ' ' ORDER BY n), '3|working days -1|months 24|hours', 'a term taken apart')
FROM unnest('{3 working days,-1 Month,24 hours}'::text[]) WITH ORDINALITY t (term, n);

-- nothing of nothing
SELECT is(num_nulls(is_working_day(NULL), add_working_days(NULL, 1), add_working_days('2025-01-01', NULL),
                    working_days_between(NULL, '2025-01-01'), working_days_between('2025-01-01', NULL), add_months_legal('2025-01-01', NULL),
                    add_term('2025-01-01', NULL), legal_deadline('2025-01-01', NULL), legal_deadline(NULL, 1, 'day'),
                    legal_deadline('2025-01-01', 1, NULL), policy_deadline(NULL, NULL, '2025-01-01'), policy_deadline('any', NULL, NULL)), 12, 'NULL in, NULL out');

-- regions
SELECT is(is_working_day('2025-03-31') || ' ' || is_working_day('2025-03-31', '44') || ' ' || is_working_day('2025-03-31', '46')
          || ' ' || is_working_day('2025-03-31', '460105001002'), 'true true false false', 'a holiday of Hainan, with all beneath it');
SELECT is(legal_deadline('2025-03-28', 1, 'working day', '460105') || ' ' || legal_deadline('2025-03-28', 1, 'working day', '440105'),
    '2025-04-01 2025-03-31', 'one limit, two places');
INSERT INTO code.calendar_notice (notice, year, region, title, source, confidence) VALUES ('haikou', 2025, '4601', '测试', 'site', 'design');
INSERT INTO code.calendar_day (region, day, kind, name, notice) VALUES
    ('4601', '2025-03-31', 'swap_work', '测试', 'haikou'), ('4601', '2025-06-16', 'holiday', '测试', 'haikou'),
    ('460105', '2025-06-17', 'holiday', '测试', 'haikou');
SELECT is(string_agg(division || ':' || (SELECT string_agg(is_working_day(day, division::division_code)::int::text, '' ORDER BY day)
                                         FROM unnest('{2024-04-11,2025-03-31,2025-06-16,2025-06-17}'::date[]) day), ' ' ORDER BY n),
    '46:0011 4601:0101 460105:0100 460105001:0100 460106:0101 4602:0011 44:1111', 'the most specific region that has the day decides')
FROM unnest('{46,4601,460105,460105001,460106,4602,44}'::text[]) WITH ORDINALITY v (division, n);
SELECT is(add_working_days('2025-06-13', 1, '460105'), '2025-06-18', 'and terms follow');

-- years that nobody knows: before, after, between, half entered
SELECT throws_ok($$SELECT is_working_day('2006-12-31')$$, 'RG100', 'there is no calendar for this year', 'before the first year');
SELECT throws_ok($$SELECT is_working_day('2101-01-01', '460105')$$, 'RG100', NULL, 'after the last, in a region too');
INSERT INTO code.calendar_notice (notice, year, title, source, confidence)
SELECT 'cn' || year, year, '测试', 'site', 'design' FROM unnest('{2097,2098,2100}'::int[]) year;
INSERT INTO code.calendar_day (day, kind, name, notice)
SELECT day, kind, name, 'cn' || year
FROM unnest('{2097,2098,2100}'::int[]) year, LATERAL calendar_year(year, datemultirange(daterange(make_date(year, 1, 1), make_date(year, 1, 4))));
SELECT is(add_working_days('2097-12-30', 3), '2098-01-07', 'years that follow each other are one calendar');
SELECT is(legal_deadline('2099-12-30', '2 days'), '2100-01-04', 'a limit of natural days needs the year it ends in alone');
SELECT is(working_days_between('2100-01-01', '2100-12-31', '46'), 260, 'a region has the years of the country');
CREATE FUNCTION pg_temp.lacks(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    detail text;
BEGIN
    EXECUTE query;
    RETURN 'nothing';
EXCEPTION WHEN SQLSTATE 'RG100' THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
    RETURN detail;
END $$;
SELECT is(pg_temp.lacks($$SELECT add_working_days('2098-12-01', 40)$$), 'Of the year 2099, code.calendar_day has 0 days of the country.', 'forwards into a gap');
SELECT is(pg_temp.lacks($$SELECT add_working_days('2100-01-20', -40)$$), 'Of the year 2099, code.calendar_day has 0 days of the country.', 'backwards into it');
SELECT is(pg_temp.lacks($$SELECT working_days_between('2098-12-01', '2100-12-01')$$), 'Of the year 2099, code.calendar_day has 0 days of the country.', 'across it');
SELECT is(pg_temp.lacks($$SELECT working_days_between('2100-12-01', '2098-12-01')$$), 'Of the year 2099, code.calendar_day has 0 days of the country.', 'and back');
SELECT is(pg_temp.lacks($$SELECT add_working_days('2100-12-01', 2147483647)$$), 'Of the year 2101, code.calendar_day has 0 days of the country.', 'beyond the last');
SELECT is(pg_temp.lacks($$SELECT add_working_days('2007-12-01', (-2147483648)::integer)$$), 'Of the year 2006, code.calendar_day has 0 days of the country.', 'before the first');
SELECT is(pg_temp.lacks($$SELECT is_working_day('0044-03-15 BC')$$), 'Of the year 44 BC, code.calendar_day has 0 days of the country.', 'before all');
DELETE FROM code.calendar_day WHERE day = '2098-06-03';
SELECT is(pg_temp.lacks($$SELECT is_working_day('2098-06-04')$$), 'Of the year 2098, code.calendar_day has 364 days of the country.', 'half entered is not entered');
INSERT INTO code.calendar_day (region, day, kind, notice) VALUES ('46', '2098-06-03', 'swap_work', 'cn2098');
SELECT throws_ok($$SELECT is_working_day('2098-06-03', '46')$$, 'RG100', NULL, 'a region''s own day makes no year');

-- changes show at once, and are taken back
SAVEPOINT s;
UPDATE code.calendar_day SET kind = 'holiday' WHERE region IS NULL AND day = '2025-06-18';
SELECT is(is_working_day('2025-06-18'), false, 'a change shows at the next question');
ROLLBACK TO s;
SELECT is(is_working_day('2025-06-18'), true, 'and is taken back');
SELECT throws_ok($$INSERT INTO code.calendar_day (day, kind, notice) VALUES ('2025-06-18', 'holiday', 'cn2025')$$, '23505', NULL, 'one row a day');
SELECT throws_ok($$INSERT INTO code.calendar_day (region, day, kind, notice) VALUES ('46', '2025-06-21', 'work', 'cn2025')$$, '23514', NULL, 'a Saturday works by notice alone');
SELECT throws_ok($$INSERT INTO code.calendar_day (region, day, kind, notice) VALUES ('46', 'infinity', 'holiday', 'cn2025')$$, '23514', NULL, 'infinity is no day');

-- next year's notice
SELECT results_eq($$SELECT * FROM calendar_year(2095, '{[2094-12-31,2095-01-02],[2095-05-01,2095-05-03]}', '{2095-01-08,2095-04-30}', '{元旦,劳动节}')
    WHERE day IN ('2094-12-30', '2094-12-31', '2095-01-01', '2095-01-03', '2095-01-08', '2095-01-09', '2095-05-03', '2096-01-01')$$,
    $$VALUES (date '2094-12-31', 'holiday', '元旦'), ('2095-01-01', 'holiday', '元旦'), ('2095-01-03', 'work', NULL),
             ('2095-01-08', 'swap_work', NULL), ('2095-01-09', 'rest', NULL), ('2095-05-03', 'holiday', '劳动节')$$, 'the days of a notice');
SELECT is(count(*), 366::bigint, 'every day of the year') FROM calendar_year(2096, '{[2096-01-01,2096-01-01]}');
-- entered as docs/calendar.md says; a misprint is put right by entering the year again
CREATE FUNCTION pg_temp.enter(holidays datemultirange) RETURNS void LANGUAGE sql AS $$
    INSERT INTO code.calendar_day AS d (day, kind, name, notice)
    SELECT day, kind, name, 'test2095' FROM calendar_year(2095, holidays, '{2095-04-30}')
    ON CONFLICT (region, day) DO UPDATE SET (kind, name, notice) = (excluded.kind, excluded.name, excluded.notice)
        WHERE excluded.kind IN ('holiday', 'swap_work') OR d.notice = excluded.notice
$$;
INSERT INTO code.calendar_notice (notice, year, title, source, confidence) VALUES ('test2095', 2095, 'a test', 'site', 'source');
SELECT pg_temp.enter('{[2095-05-02,2095-05-13]}') \g /dev/null
SELECT pg_temp.enter('{[2095-05-02,2095-05-03]}') \g /dev/null
SELECT is(string_agg(is_working_day(d)::text, ' ' ORDER BY d), 'false false true', 'a notice entered again') FROM unnest('{2095-05-02,2095-05-03,2095-05-04}'::date[]) d;

-- the limits that policy sets (any rule may be read as a term)
INSERT INTO policy.rule (key, value_type, governs, governs_zh, counts_on)
SELECT key, 'text', 'a test', '测试', 'today' FROM unnest('{test_term,test_never,test_bad}'::text[]) key;
INSERT INTO policy.setting (key, division, period, value, legal_basis) VALUES
    ('test_term', NULL, '[2000-01-01,)', '3 Working Days', 'a test'), ('test_term', '46', '[2025-03-01,)', '15 days', 'a test'),
    ('test_never', NULL, '[2000-01-01,)', NULL, 'a test'), ('test_bad', NULL, '[2000-01-01,)', 'soon', 'a test');
SELECT is(policy_term('test_term', '44', '2025-03-16') || ', ' || policy_term('test_term', '46', '2025-03-16'), '3 working days, 15 days', 'a term as it is written everywhere');
SELECT is(policy_deadline('test_term', '44', '2025-03-16'), '2025-03-19', 'a limit by policy');
SELECT is(policy_deadline('test_term', '460105', '2025-03-16'), '2025-03-31', 'in a city that works on the holiday of its province');
SELECT is(policy_deadline('test_term', '4602', '2025-03-16'), '2025-04-01', 'in another that rests');
SELECT is(num_nulls(policy_term('test_never', '46', '2025-01-01'), policy_deadline('test_never', '46', '2025-01-01')), 2, 'no limit is none');
SELECT throws_ok($$SELECT policy_term('test_bad', '46', '2025-01-01')$$, 'RG103', 'this is not a term', 'what is set is no term');
SELECT throws_ok($$SELECT policy_deadline('test_term', '46', '1999-01-01')$$, 'RG090', NULL, 'nothing is set');
SELECT * FROM finish();

-- what a user reads
\set SHOW_CONTEXT never
\set ON_ERROR_ROLLBACK on
SELECT is_working_day('2101-01-01');
SELECT is_working_day('infinity');
SELECT add_working_days('-infinity', 1);
SELECT working_days_between('2025-01-01', 'infinity');
SELECT add_months_legal('2025-01-01', 2147483647);
SELECT add_months_legal('4714-11-24 BC', -1);
SELECT legal_deadline('2025-01-01', 2147483647, 'days');
SELECT add_term('2025-01-01', '2147483647 years');
SELECT add_term('2025-01-01', '3 weeks');
SELECT legal_deadline('2025-01-01', 3, 'weeks');
SELECT legal_deadline('2025-01-01', '24 hours');
SELECT legal_deadline('2025-01-01', -1, 'month');
SELECT calendar_year(2095, '{}');
SELECT calendar_year(2095, '{[2096-05-01,2096-05-03]}');
SELECT calendar_year(2095, '{[2095-05-01,)}');
SELECT calendar_year(2095, '{[2095-05-01,2095-05-03]}', '{2096-04-28}');
SELECT calendar_year(2095, '{[2095-05-01,2095-05-03]}', '{2095-05-01}');
SELECT calendar_year(2095, '{[2095-05-01,2095-05-03]}', '{}', '{劳动节,国庆节}');
SELECT policy_term('test_bad', '46', '2025-01-01');
SET residency.language = 'zh';
SELECT is_working_day('2101-01-01');
SELECT calendar_year(2095, '{[2095-05-01,2095-05-03]}', '{2095-05-01}');
RESET residency.language;

\pset tuples_only false
\pset format aligned
\echo 5 working days
SELECT * FROM explain_deadline('2025-01-24', 5, 'working days');
\echo 2 days, on a holiday of the region
SELECT * FROM explain_deadline('2024-04-09', 2, 'days', '4602');
\echo of nothing, on a rest day
SELECT * FROM explain_deadline('2025-09-27', 0, 'days');
\echo from a year that is not known
SELECT * FROM explain_deadline('2006-12-30', 5, 'days');
SET residency.language = 'zh';
SELECT * FROM explain_deadline('2025-09-25', 7, 'days');
SELECT * FROM explain_deadline('2025-09-26', 3, 'working days');
RESET residency.language;
SELECT * FROM explain_deadline('2025-09-26', 3, 'weeks');
ROLLBACK;
