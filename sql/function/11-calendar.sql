-- calendar: working days, terms and time limits as the law counts them.

CREATE OR REPLACE FUNCTION residency.is_working_day(day date, division residency.division_code DEFAULT NULL)
    RETURNS boolean
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_is_working_day';
COMMENT ON FUNCTION residency.is_working_day(date, residency.division_code) IS
    'Whether a day is a working day in a division (是否工作日), by code.calendar_day as committed now; without a division, in the country at large. NULL for NULL; RG100 a year without a calendar, RG101 infinity';

CREATE OR REPLACE FUNCTION residency.add_working_days(start date, n integer, division residency.division_code DEFAULT NULL)
    RETURNS date
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_add_working_days';
COMMENT ON FUNCTION residency.add_working_days(date, integer, residency.division_code) IS
    'The n-th working day after a day, which is not counted, whatever day it is (工作日推算); below zero the n-th before it; of 0 the day itself, be it a working day or not. NULL for NULL; RG100 a year on the way has no calendar, RG101 infinity';

CREATE OR REPLACE FUNCTION residency.working_days_between(start date, "end" date, division residency.division_code DEFAULT NULL)
    RETURNS integer
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_working_days_between';
COMMENT ON FUNCTION residency.working_days_between(date, date, residency.division_code) IS
    'Working days from one day, not counted, to another, counted (工作日天数); below zero where the end lies before the start. What residency.add_working_days() adds is what is found here. NULL for NULL; RG100 a year on the way has no calendar, RG101 infinity';

CREATE OR REPLACE FUNCTION residency.add_months_legal(start date, n integer)
    RETURNS date
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_add_months_legal';
COMMENT ON FUNCTION residency.add_months_legal(date, integer) IS
    'The day n months after a day, or before it (按月推算, 民法典 Art. 202): that of the same number, or the last of a month that has none. Count from the original day, not from one month to the next. RG101 infinity, RG102 beyond all dates';

CREATE OR REPLACE FUNCTION residency.add_term(start date, term text, division residency.division_code DEFAULT NULL)
    RETURNS date
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_add_term_sql';
COMMENT ON FUNCTION residency.add_term(date, text, residency.division_code) IS
    'The day on which a term ends, "3 working days", "15 days", "6 months", "1 year", or began, "-1 month" (期限推算); the start is not counted, a rest day at the end stays. NULL for NULL; RG100 a year that is needed has no calendar, RG101 infinity, RG102 beyond all dates, RG103 no term, RG105 hours';

CREATE OR REPLACE FUNCTION residency.legal_deadline(start date, n integer, unit text, division residency.division_code DEFAULT NULL)
    RETURNS date
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_legal_deadline';
COMMENT ON FUNCTION residency.legal_deadline(date, integer, text, residency.division_code) IS
    'Last day of a time limit of n days, working days, months or years (期限届满日, 民法典 Art. 201-203): the start is not counted; a last day on a rest day gives way to the next working day. NULL for NULL; RG100 a year that is needed has no calendar, RG101 infinity, RG102 beyond all dates, RG104 no unit, RG105 hours, RG106 below zero';

CREATE OR REPLACE FUNCTION residency.legal_deadline(start date, term text, division residency.division_code DEFAULT NULL)
    RETURNS date
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_legal_deadline_term';
COMMENT ON FUNCTION residency.legal_deadline(date, text, residency.division_code) IS
    'Last day of a time limit given as a term, "3 working days" (期限届满日): residency.legal_deadline(start, n, unit, division), and RG103 no term';

CREATE OR REPLACE FUNCTION residency.term_count(term text)
    RETURNS integer
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_term_count';
COMMENT ON FUNCTION residency.term_count(text) IS 'The number of a term (期限数量): 3 of "3 working days". RG103 no term';

CREATE OR REPLACE FUNCTION residency.term_unit(term text)
    RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_term_unit';
COMMENT ON FUNCTION residency.term_unit(text) IS
    'The unit of a term in the plural (期限单位): days, working days, months, years, hours. RG103 no term';

CREATE OR REPLACE FUNCTION residency.policy_term(key text, division residency.division_code, "on" date)
    RETURNS text
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_policy_term';
COMMENT ON FUNCTION residency.policy_term(text, residency.division_code, date) IS
    'residency.policy_text() as a term, written as it is everywhere: "3 working days" (政策参数,期限); RG103 where the value is none, RG090 where nothing is set';

CREATE OR REPLACE FUNCTION residency.policy_deadline(key text, division residency.division_code, start date)
    RETURNS date
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_policy_deadline';
COMMENT ON FUNCTION residency.policy_deadline(text, residency.division_code, date) IS
    'Last day of the time limit that is set for a division on the day it starts (政策期限届满日): residency.legal_deadline() of residency.policy_term(). NULL where there is no limit; RG090 nothing is set, RG103 the value is no term, and what legal_deadline() refuses';

CREATE OR REPLACE FUNCTION residency.explain_deadline(
        start date, n integer, unit text, division residency.division_code DEFAULT NULL,
        OUT day date, OUT weekday text, OUT counted integer, OUT kind text, OUT why text)
    RETURNS SETOF record
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        chinese constant boolean := current_setting('residency.language', true) IS NOT DISTINCT FROM 'zh';
        last    constant date := residency.legal_deadline(start, n, unit, division);
        -- without the rest days that the end gives way to
        ends    constant date := residency.add_term(start, n || ' ' || unit, division);
        working constant boolean := residency.term_unit(n || ' ' || unit) = 'working days';
    BEGIN
        RETURN QUERY
        WITH around AS (
            SELECT a.region FROM unnest(residency.lineage(division)::bigint[]) AS a (region)
        ), step AS (
            SELECT d.day, c.kind, c.kind IN ('work', 'swap_work') AS works,
                   CASE WHEN c.kind = 'swap_work' AND chinese THEN coalesce(c.name, '') || v.name
                        WHEN c.kind = 'swap_work' THEN concat_ws(' for ', v.name_en, coalesce(c.name_en, c.name))
                        WHEN chinese THEN coalesce(c.name, v.name)
                        ELSE coalesce(c.name_en, c.name, v.name_en) END AS what
            FROM (SELECT start + i AS day FROM generate_series(0, last - start) AS i) d
            LEFT JOIN LATERAL (
                SELECT x.kind, x.name, x.name_en
                FROM code.calendar_day x
                WHERE x.day = d.day AND (x.region IS NULL OR x.region::bigint IN (SELECT a.region FROM around a))
                ORDER BY x.region::bigint DESC NULLS LAST
                LIMIT 1
            ) c ON true
            LEFT JOIN code.value v ON v.list = 'calendar_kind' AND v.code = c.kind
        ), judged AS (
            SELECT s.*,
                   CASE WHEN s.day = start THEN 'start'
                        WHEN s.day > ends AND s.day = last THEN 'next'
                        WHEN s.day > ends THEN 'rolled'
                        WHEN s.day = ends AND last > ends THEN 'gives_way'
                        WHEN working AND NOT s.works THEN 'not_counted'
                        ELSE 'counted' END AS part
            FROM step s
        )
        SELECT j.day,
               CASE WHEN chinese THEN '星期' || substr('一二三四五六日', extract(isodow FROM j.day)::integer, 1)
                    ELSE to_char(j.day, 'FMDay') END,
               (count(*) FILTER (WHERE j.part IN ('counted', 'gives_way') AND (NOT working OR j.works)) OVER (ORDER BY j.day))::integer,
               j.kind,
               concat_ws(CASE WHEN chinese THEN ';' ELSE '; ' END,
                   CASE j.part
                       WHEN 'start' THEN CASE WHEN chinese THEN '起算日,不计入(民法典第201条)' ELSE 'the start is not counted (Civil Code 201)' END
                       WHEN 'not_counted' THEN CASE WHEN chinese THEN j.what || ',不是工作日,不计入' ELSE j.what || ': no working day, not counted' END
                       WHEN 'gives_way' THEN CASE WHEN chinese THEN '期间最后一日为' || j.what || ',顺延(民法典第203条)'
                                                  ELSE 'the last day, ' || j.what || ': gives way to the next working day (Civil Code 203)' END
                       WHEN 'rolled' THEN CASE WHEN chinese THEN j.what || ',继续顺延' ELSE j.what || ': gives way, too' END
                       WHEN 'next' THEN CASE WHEN chinese THEN '休息日结束后的' ELSE 'after the rest days: ' END || j.what
                       ELSE CASE WHEN chinese THEN concat_ws(',', CASE WHEN working THEN j.what END, '计入')
                                 ELSE concat_ws(': ', CASE WHEN working THEN j.what END, 'counted') END
                   END,
                   CASE WHEN j.day = last THEN CASE WHEN chinese THEN '期限届满日' ELSE 'the limit ends' END END)
        FROM judged j
        ORDER BY j.day;
    END $$;
COMMENT ON FUNCTION residency.explain_deadline(date, integer, text, residency.division_code) IS
    'Why residency.legal_deadline() ends a time limit on its day (期限说明): a row a day from the start to the end with its weekday, the days counted so far, its kind (NULL where the calendar has not the year, and does not need it) and why it counts or does not, in the language of residency.language. Refuses what legal_deadline() refuses';

CREATE OR REPLACE FUNCTION residency.calendar_year(
        year integer, holidays datemultirange, swap_work date[] DEFAULT '{}', names text[] DEFAULT NULL,
        OUT day date, OUT kind text, OUT name text)
    RETURNS SETOF record
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        first  constant date := make_date(year, 1, 1);
        next   constant date := make_date(year + 1, 1, 1);
        -- a holiday around New Year's Day may reach into the years beside
        near   constant daterange := daterange(first - 31, next + 31);
        spans  constant daterange[] := ARRAY(SELECT s FROM unnest(holidays) s);
        wrong  text[];
    BEGIN
        wrong := CASE
            WHEN coalesce(cardinality(spans), 0) = 0 THEN ARRAY['no holiday is given', '没有放假日期']
            WHEN NOT holidays <@ near THEN ARRAY['a holiday lies in another year', '放假日期不在该年度']
            WHEN NOT near @> ALL (swap_work) THEN ARRAY['a swapped working day lies in another year', '调休上班日期不在该年度']
            WHEN holidays @> ANY (swap_work) THEN ARRAY['a swapped working day is a holiday', '调休上班日与放假日期重复']
            WHEN cardinality(names) <> cardinality(spans)
                THEN ARRAY[format('there are %s names for %s holidays', cardinality(names), cardinality(spans)),
                           format('%s 个名称对应 %s 段放假日期', cardinality(names), cardinality(spans))]
        END;
        IF wrong IS NOT NULL THEN
            PERFORM residency.refuse('RG107', ARRAY[year::text] || wrong);
        END IF;

        RETURN QUERY
        SELECT d.day,
               CASE WHEN holidays @> d.day THEN 'holiday' WHEN d.day = ANY (swap_work) THEN 'swap_work'
                    WHEN extract(isodow FROM d.day) < 6 THEN 'work' ELSE 'rest' END,
               names[s.n]
        FROM (SELECT lower(near) + i AS day FROM generate_series(0, upper(near) - lower(near) - 1) i) d
        LEFT JOIN LATERAL (
            SELECT t.n::integer FROM unnest(spans) WITH ORDINALITY AS t (span, n) WHERE t.span @> d.day
        ) s ON true
        -- of the years beside, what is listed alone
        WHERE d.day >= first AND d.day < next OR holidays @> d.day OR d.day = ANY (swap_work)
        ORDER BY d.day;
    END $$;
COMMENT ON FUNCTION residency.calendar_year(integer, datemultirange, date[], text[]) IS
    'The days of a year as rows for code.calendar_day (年度日历): holidays as ranges of days, with their names in order, and the weekend days that work, as the State Council''s notice lists them; days of the years beside it where they are listed. RG107 where that cannot be. docs/calendar.md shows the yearly INSERT';
