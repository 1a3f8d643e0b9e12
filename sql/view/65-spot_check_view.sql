-- What spot checks prove, and what several lists of people say together.

CREATE OR REPLACE VIEW api.spot_check_dwelling AS
SELECT a.spot_check_dwelling_id, a.spot_check_id, a.dwelling_id, COALESCE(d.address, a.address) AS address,
       COALESCE(d.division, g.division)::text AS division, g.grid_id, h.division::text AS stratum_division, h.value AS stratum_value,
       h.probability, a.outcome, (SELECT v.name FROM code.value v WHERE v.list = 'spot_check_outcome' AND v.code = a.outcome) AS outcome_name,
       a.checked_at, a.found_let, a.people_found, a.people_registered,
       CASE WHEN spot_check_answers(a.outcome) THEN a.registered_let END AS registered_let,
       CASE WHEN spot_check_answers(a.outcome) THEN a.registered_people END AS registered_people
FROM registry.spot_check_answer a
JOIN registry.spot_check_stratum h ON h.spot_check_stratum_id = a.spot_check_stratum_id
LEFT JOIN registry.dwelling d ON d.dwelling_id = a.dwelling_id
LEFT JOIN registry.spot_check_grid s ON s.spot_check_grid_id = a.spot_check_grid_id
LEFT JOIN registry.grid g ON g.grid_id = s.grid_id;
COMMENT ON VIEW api.spot_check_dwelling IS
    'Dwellings of spot checks for those who check, and what they found (抽查名单): what is registered there shows once there is an answer, so that it is not found because it was expected';
COMMENT ON COLUMN api.spot_check_dwelling.spot_check_dwelling_id IS 'Key (编号)';
COMMENT ON COLUMN api.spot_check_dwelling.spot_check_id IS 'Spot check (抽查)';
COMMENT ON COLUMN api.spot_check_dwelling.dwelling_id IS 'Dwelling; NULL: found in a grid, not registered (房屋)';
COMMENT ON COLUMN api.spot_check_dwelling.address IS 'Its address (地址)';
COMMENT ON COLUMN api.spot_check_dwelling.division IS 'Its division (区划)';
COMMENT ON COLUMN api.spot_check_dwelling.grid_id IS 'Grid that was drawn, for kind grid (抽中网格)';
COMMENT ON COLUMN api.spot_check_dwelling.stratum_division IS 'Township or village of its stratum (分层区域)';
COMMENT ON COLUMN api.spot_check_dwelling.stratum_value IS 'Category, kind or let state of its stratum (分层值)';
COMMENT ON COLUMN api.spot_check_dwelling.probability IS 'Probability with which it, or its grid, was drawn (入样概率)';
COMMENT ON COLUMN api.spot_check_dwelling.outcome IS 'Outcome that counts, list spot_check_outcome; NULL: nobody has been there (结果)';
COMMENT ON COLUMN api.spot_check_dwelling.outcome_name IS 'The same in words (结果名称)';
COMMENT ON COLUMN api.spot_check_dwelling.checked_at IS 'When it was checked (核查时间)';
COMMENT ON COLUMN api.spot_check_dwelling.found_let IS 'Whether it is let (实际是否出租)';
COMMENT ON COLUMN api.spot_check_dwelling.people_found IS 'People found (发现人数)';
COMMENT ON COLUMN api.spot_check_dwelling.people_registered IS 'Of them registered there (其中已登记)';
COMMENT ON COLUMN api.spot_check_dwelling.registered_let IS 'Whether it was registered as let at the draw (抽取时是否登记为出租)';
COMMENT ON COLUMN api.spot_check_dwelling.registered_people IS 'How many were registered there at the draw (抽取时登记人数)';

CREATE OR REPLACE VIEW api.spot_check_person AS
SELECT p.spot_check_person_id, s.spot_check_id, s.dwelling_id, shown('address', COALESCE(d.address, s.address), p.person_id, 'api.spot_check_person') AS address, r.checked_at, p.person_id,
       shown_resident_id(COALESCE(p.resident_id, n.resident_id), p.person_id, 'api.spot_check_person') AS resident_id_masked, p.judgement,
       (SELECT v.name FROM code.value v WHERE v.list = 'spot_check_judgement' AND v.code = p.judgement) AS judgement_name,
       p.residence_id, p.since_draw
FROM registry.spot_check_person p
JOIN registry.spot_check_result r ON r.spot_check_result_id = p.spot_check_result_id
JOIN registry.spot_check_dwelling s ON s.spot_check_dwelling_id = r.spot_check_dwelling_id
LEFT JOIN registry.person n ON n.person_id = p.person_id
LEFT JOIN registry.dwelling d ON d.dwelling_id = s.dwelling_id
WHERE COALESCE(p.person_id, 0) <> ALL ((SELECT registry.withheld_persons())::bigint[]);
COMMENT ON VIEW api.spot_check_person IS 'Who was found in spot checks, and how they were registered at that moment (抽查发现人员); of corrected results, too';
COMMENT ON COLUMN api.spot_check_person.spot_check_person_id IS 'Key (编号)';
COMMENT ON COLUMN api.spot_check_person.spot_check_id IS 'Spot check (抽查)';
COMMENT ON COLUMN api.spot_check_person.dwelling_id IS 'Dwelling; NULL: not registered (房屋)';
COMMENT ON COLUMN api.spot_check_person.address IS 'Its address (地址)';
COMMENT ON COLUMN api.spot_check_person.checked_at IS 'When (核查时间)';
COMMENT ON COLUMN api.spot_check_person.person_id IS 'Person; NULL: the register did not know the number (人员)';
COMMENT ON COLUMN api.spot_check_person.resident_id_masked IS 'Resident ID, masked (身份号码,脱敏)';
COMMENT ON COLUMN api.spot_check_person.judgement IS 'registered there, elsewhere or unregistered, list spot_check_judgement (登记情况)';
COMMENT ON COLUMN api.spot_check_person.judgement_name IS 'The same in words (登记情况名称)';
COMMENT ON COLUMN api.spot_check_person.residence_id IS 'The residence that says so (居住登记)';
COMMENT ON COLUMN api.spot_check_person.since_draw IS 'Whether it was reported only after the draw (抽取后方申报)';

CREATE OR REPLACE FUNCTION registry.spot_check_estimate(check_id bigint, confidence double precision)
    RETURNS TABLE (
        measure text, stratum_id bigint, frame_units bigint, sample_units bigint, dwellings bigint, answered bigint, nobody_home bigint,
        refused bigint, not_found bigint, unvisited bigint, outside bigint, represented double precision, found bigint, registered bigint,
        since_draw bigint, rate double precision, effective_size double precision, "interval" numrange)
    LANGUAGE sql STABLE PARALLEL SAFE
    SECURITY DEFINER
    SET search_path FROM CURRENT
    SET jit = off
    AS $$
        WITH listed AS MATERIALIZED (
            SELECT a.*, spot_check_answers(a.outcome) AS answers FROM registry.spot_check_answer a WHERE a.spot_check_id = check_id
        ), stratum AS (
            SELECT h.spot_check_stratum_id AS stratum_id, h.frame_units, h.sample_units,
                   count(l.dwelling_id) AS dwellings,
                   count(l.dwelling_id) FILTER (WHERE l.answers) AS answered,
                   count(l.dwelling_id) FILTER (WHERE l.outcome = 'nobody_home') AS nobody_home,
                   count(l.dwelling_id) FILTER (WHERE l.outcome = 'refused') AS refused,
                   count(l.dwelling_id) FILTER (WHERE l.outcome = 'not_found') AS not_found,
                   count(l.dwelling_id) FILTER (WHERE l.outcome IS NULL) AS unvisited,
                   count(l.address) AS outside
            FROM registry.spot_check_stratum h LEFT JOIN listed l USING (spot_check_stratum_id)
            WHERE h.spot_check_id = check_id
            GROUP BY h.spot_check_stratum_id
        ), weighted AS (
            -- those who answer stand for the others of their stratum; without a list, what is found stands for itself
            SELECT s.*, s.frame_units::float8 / NULLIF(s.sample_units, 0)
                        * CASE WHEN s.dwellings > 0 THEN s.dwellings::float8 / NULLIF(s.answered, 0) ELSE 1 END AS weight
            FROM stratum s
        ), cluster AS (
            SELECT w.stratum_id, m.measure, sum(m.found) AS found, sum(m.registered) AS registered, sum(m.since_draw) AS since_draw,
                   w.weight * sum(m.found) AS x, w.weight * sum(m.registered) AS y
            FROM listed l
            JOIN weighted w ON w.stratum_id = l.spot_check_stratum_id AND w.weight IS NOT NULL
            CROSS JOIN LATERAL (VALUES ('dwelling', l.found_let::int, (l.found_let AND l.registered_let)::int, 0),
                                       ('person', l.people_found, l.people_registered, l.registered_since_draw))
                       AS m (measure, found, registered, since_draw)
            WHERE l.answers
            GROUP BY w.stratum_id, w.weight, m.measure, COALESCE(l.spot_check_grid_id, l.spot_check_dwelling_id)
        ), moment AS (
            SELECT c.stratum_id, c.measure, count(*) AS clusters, sum(c.found) AS found, sum(c.registered) AS registered, sum(c.since_draw) AS since_draw,
                   COALESCE(sum(c.x), 0) AS x, COALESCE(sum(c.y), 0) AS y,
                   COALESCE(sum(c.x * c.x), 0) AS xx, COALESCE(sum(c.x * c.y), 0) AS xy, COALESCE(sum(c.y * c.y), 0) AS yy
            FROM cluster c GROUP BY c.stratum_id, c.measure
        ), scope AS (
            SELECT m.measure, w.stratum_id, sum(w.frame_units) AS frame_units, sum(w.sample_units) AS sample_units, sum(w.dwellings)::bigint AS dwellings,
                   sum(w.answered)::bigint AS answered, sum(w.nobody_home)::bigint AS nobody_home, sum(w.refused)::bigint AS refused,
                   sum(w.not_found)::bigint AS not_found, sum(w.unvisited)::bigint AS unvisited, sum(w.outside)::bigint AS outside,
                   COALESCE(sum(w.frame_units) FILTER (WHERE w.weight IS NOT NULL), 0)::float8 / sum(w.frame_units) AS represented
            FROM weighted w CROSS JOIN unnest('{dwelling,person}'::text[]) AS m (measure)
            GROUP BY GROUPING SETS ((m.measure, w.stratum_id), (m.measure))
        ), estimate AS (
            SELECT s.*, t.*
            FROM scope s
            CROSS JOIN LATERAL (
                SELECT COALESCE(sum(m.found), 0) AS found, COALESCE(sum(m.registered), 0) AS registered, COALESCE(sum(m.since_draw), 0) AS since_draw,
                       sum(m.x) AS x, sum(m.xx) AS xx,
                       CASE WHEN sum(m.x) > 0 THEN least(1, sum(m.y) / sum(m.x)) END AS rate
                FROM moment m WHERE m.measure = s.measure AND (s.stratum_id IS NULL OR m.stratum_id = s.stratum_id)
            ) AS t
        )
        SELECT e.measure, e.stratum_id, e.frame_units, e.sample_units, e.dwellings, e.answered, e.nobody_home, e.refused, e.not_found, e.unvisited,
               e.outside, e.represented, e.found::bigint, e.registered::bigint, e.since_draw::bigint, e.rate, size.effective,
               wilson_interval(COALESCE(e.rate, 0) * size.effective, size.effective, confidence)
        FROM estimate e
        CROSS JOIN LATERAL (
            -- of the ratio by linearisation, the clusters of a stratum about their mean, a single one about the whole
            SELECT sum(CASE WHEN m.clusters > 1 THEN m.clusters / (m.clusters - 1.0) * greatest(q.squares - q.rest * q.rest / m.clusters, 0)
                            ELSE q.squares END) / NULLIF(e.x * e.x, 0)
            FROM moment m
            CROSS JOIN LATERAL (SELECT greatest(m.yy - 2 * e.rate * m.xy + e.rate * e.rate * m.xx, 0), m.y - e.rate * m.x) AS q (squares, rest)
            WHERE m.measure = e.measure AND (e.stratum_id IS NULL OR m.stratum_id = e.stratum_id)
        ) AS linear (variance)
        CROSS JOIN LATERAL (
            SELECT CASE WHEN e.found = 0 THEN 0
                        -- where all are alike the sample cannot tell: as if each cluster had given one answer
                        WHEN e.registered IN (0, e.found) THEN least(e.found, e.x * e.x / e.xx)
                        ELSE e.found / greatest(1, linear.variance * e.found / (e.rate * (1 - e.rate))) END
        ) AS size (effective)
    $$;
COMMENT ON FUNCTION registry.spot_check_estimate(bigint, double precision) IS
    'What a spot check proves (抽查估计), a row for each measure – dwelling: of those found let, how many were registered as let; person: of those found, how many were registered there – and stratum, and one without stratum_id for all. The weighted ratio, its variance by linearisation over clusters (dwellings, or grids), the effective size that a simple sample of the same precision would have, never above the real one, and Wilson''s interval for it';

CREATE OR REPLACE VIEW stat.spot_check AS
SELECT c.spot_check_id, c.name, c.kind, c.division::text AS division, c.drawn_on, local_day(c.closed_at) AS closed_on,
       e.measure, h.division::text AS stratum_division, h.value AS stratum_value,
       e.frame_units, e.sample_units, e.dwellings, e.answered, e.nobody_home, e.refused, e.not_found, e.unvisited, e.outside,
       round((e.answered::float8 / NULLIF(e.dwellings, 0))::numeric, 4) AS response_rate,
       round(e.represented::numeric, 4) AS represented,
       e.found, e.registered, e.since_draw AS registered_since_draw,
       round(e.registered::numeric / NULLIF(e.found, 0), 4) AS raw_rate,
       round(e.rate::numeric, 4) AS rate,
       round(lower(e."interval"), 4) AS rate_low,
       round(upper(e."interval"), 4) AS rate_high,
       level.confidence,
       round((e.found / NULLIF(e.effective_size, 0))::numeric, 2) AS design_effect,
       round(e.effective_size::numeric, 1) AS effective_size
FROM registry.spot_check c
CROSS JOIN LATERAL (SELECT policy_numeric('spot_check_confidence', c.division, c.drawn_on)) AS level (confidence)
CROSS JOIN LATERAL registry.spot_check_estimate(c.spot_check_id, level.confidence::float8) AS e
LEFT JOIN registry.spot_check_stratum h ON h.spot_check_stratum_id = e.stratum_id;
COMMENT ON VIEW stat.spot_check IS
    'Registration rates by spot check with their intervals (抽查登记率). Two measures: dwelling – of the dwellings found let, how many were registered as let at the draw; person – of the people found who should be registered, how many were registered there at that moment. A row for each stratum, one without stratum for all. Assumes that those who did not answer are like those of their stratum who did. A check of kind dwelling knows only registered addresses: for the rate of dwellings use kind grid';
COMMENT ON COLUMN stat.spot_check.spot_check_id IS 'Spot check (抽查)';
COMMENT ON COLUMN stat.spot_check.name IS 'Its name (名称)';
COMMENT ON COLUMN stat.spot_check.kind IS 'What was drawn: dwelling or grid (抽查方式)';
COMMENT ON COLUMN stat.spot_check.division IS 'Division (区划)';
COMMENT ON COLUMN stat.spot_check.drawn_on IS 'Day of the draw (抽取日期)';
COMMENT ON COLUMN stat.spot_check.closed_on IS 'Day on which it was closed; NULL: figures may change (结束日期)';
COMMENT ON COLUMN stat.spot_check.measure IS 'dwelling or person (指标)';
COMMENT ON COLUMN stat.spot_check.stratum_division IS 'Township or village of the stratum; NULL: all (分层区域)';
COMMENT ON COLUMN stat.spot_check.stratum_value IS 'Category, kind or let state of the stratum (分层值)';
COMMENT ON COLUMN stat.spot_check.frame_units IS 'Units of the frame: dwellings or grids (抽样框单元数)';
COMMENT ON COLUMN stat.spot_check.sample_units IS 'Of them drawn (样本单元数)';
COMMENT ON COLUMN stat.spot_check.dwellings IS 'Registered dwellings to check (应查房屋)';
COMMENT ON COLUMN stat.spot_check.answered IS 'Of them with an answer: checked or not_found (已得结果)';
COMMENT ON COLUMN stat.spot_check.nobody_home IS 'Of them nobody was at home (无人在家)';
COMMENT ON COLUMN stat.spot_check.refused IS 'Of them refused (拒绝配合)';
COMMENT ON COLUMN stat.spot_check.not_found IS 'Of them, among the answers, no such dwelling (查无此房)';
COMMENT ON COLUMN stat.spot_check.unvisited IS 'Of them nobody has been there (尚未核查)';
COMMENT ON COLUMN stat.spot_check.outside IS 'Found in the grids besides, not registered (未登记房屋)';
COMMENT ON COLUMN stat.spot_check.response_rate IS 'Share of dwellings with an answer (应答率)';
COMMENT ON COLUMN stat.spot_check.represented IS 'Share of the frame in strata that have an answer: below 1 the rates are not those of the division (样本代表的抽样框比例)';
COMMENT ON COLUMN stat.spot_check.found IS 'Dwellings found let, or people found (发现数)';
COMMENT ON COLUMN stat.spot_check.registered IS 'Of them registered (其中已登记)';
COMMENT ON COLUMN stat.spot_check.registered_since_draw IS 'Of them, as far as people are named, only after the draw (抽取后方登记)';
COMMENT ON COLUMN stat.spot_check.raw_rate IS 'registered of found, without weights (样本登记率)';
COMMENT ON COLUMN stat.spot_check.rate IS 'Registration rate, weighted by strata (登记率)';
COMMENT ON COLUMN stat.spot_check.rate_low IS 'Lower end of its interval (登记率下限)';
COMMENT ON COLUMN stat.spot_check.rate_high IS 'Upper end of its interval (登记率上限)';
COMMENT ON COLUMN stat.spot_check.confidence IS 'Confidence of the interval, policy spot_check_confidence (置信水平)';
COMMENT ON COLUMN stat.spot_check.design_effect IS 'found divided by effective_size: what weights and clusters cost (设计效应)';
COMMENT ON COLUMN stat.spot_check.effective_size IS 'Size of a simple random sample that would tell as much (有效样本量)';

CREATE OR REPLACE FUNCTION registry.captured(home residency.division_code, "on" date)
    RETURNS TABLE (source text, person text)
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    SET jit = off
    AS $$
        WITH span AS (
            SELECT "on" - policy_int('capture_window', home, "on") AS after
        ), seen (source, person_id, resident_id) AS (
            SELECT 'register', r.person_id, NULL::resident_id
            FROM registry.dwelling d JOIN registry.residence r ON r.dwelling_id = d.dwelling_id
            WHERE d.division <@ home AND r.period @> "on" AND r.state NOT IN ('rejected', 'voided')
            UNION ALL
            SELECT 'access', c.person_id, NULL
            FROM registry.dwelling d
            CROSS JOIN span
            JOIN registry.presence_day p ON p.dwelling_id = d.dwelling_id AND p.day > span.after AND p.day <= "on"
            JOIN registry.access_credential c ON c.token = p.token AND c.period @> p.day AND c.person_id IS NOT NULL
            WHERE d.division <@ home
            GROUP BY c.person_id
            HAVING count(DISTINCT p.day) >= policy_int('presence_arrival_days', home, "on")
            UNION ALL
            SELECT c.kind || '_check', f.person_id, f.resident_id
            FROM span
            JOIN registry.spot_check_result r ON local_day(r.checked_at) > span.after AND local_day(r.checked_at) <= "on"
             -- by the index; local_day() lies within a day of it
             AND r.checked_at > span.after - 1 AND r.checked_at < "on" + 2
            JOIN registry.spot_check_person f ON f.spot_check_result_id = r.spot_check_result_id
            JOIN registry.spot_check_dwelling s ON s.spot_check_dwelling_id = r.spot_check_dwelling_id
            JOIN registry.spot_check c ON c.spot_check_id = s.spot_check_id
            LEFT JOIN registry.dwelling d ON d.dwelling_id = s.dwelling_id
            LEFT JOIN registry.spot_check_grid sg ON sg.spot_check_grid_id = s.spot_check_grid_id
            LEFT JOIN registry.grid g ON g.grid_id = sg.grid_id
            WHERE COALESCE(d.division, g.division) <@ home
            UNION ALL
            SELECT 'patrol', r.person_id, NULL
            FROM registry.dwelling d
            CROSS JOIN span
            JOIN registry.residence r ON r.dwelling_id = d.dwelling_id
            JOIN registry.fact f ON f.residence_id = r.residence_id AND f.attribute = 'presence'
            JOIN registry.observation o ON o.fact_id = f.fact_id AND o.value = 'there'
             AND local_day(o.observed_at) > span.after AND local_day(o.observed_at) <= "on"
            WHERE d.division <@ home
            UNION ALL
            SELECT l.source, e.person_id, e.resident_id
            FROM span
            JOIN registry.department_list l ON l.division <@ home AND l.listed_on > span.after AND l.listed_on <= "on"
            JOIN registry.department_list_entry e ON e.department_list_id = l.department_list_id
        )
        SELECT DISTINCT s.source, COALESCE(COALESCE(s.person_id, p.person_id)::text, s.resident_id::text)
        FROM seen s LEFT JOIN registry.person p ON p.resident_id = s.resident_id
    $$;
COMMENT ON FUNCTION registry.captured(residency.division_code, date) IS
    'Whom each source knows to have lived in a division on a day (各来源人员): the register on that day; access control on enough days (policy presence_arrival_days), spot checks, patrol and lists of departments within policy capture_window up to it. A number that the register knows by now counts as that person';

CREATE OR REPLACE FUNCTION stat.capture_recapture_on(division text, "on" date)
    RETURNS TABLE (
        first_source text, second_source text, first_count bigint, second_count bigint, both_count bigint, seen bigint, estimate numeric,
        standard_error numeric, estimate_low numeric, estimate_high numeric, registered bigint, coverage numeric, coverage_low numeric,
        coverage_high numeric, warning text)
    LANGUAGE sql STABLE PARALLEL SAFE
    SECURITY DEFINER
    SET search_path FROM CURRENT
    SET jit = off
    AS $$
        WITH listed AS MATERIALIZED (
            SELECT c.source, c.person FROM registry.captured(division::division_code, "on") c WHERE acts_in(division::division_code)
        ), source AS (
            SELECT l.source, count(*) AS people, min((v.list = 'department')::int * 1000 + v.sort) AS place
            FROM listed l JOIN code.value v ON v.code = l.source AND v.list IN ('capture_source', 'department')
            GROUP BY l.source
        ), pair AS (
            SELECT a.source AS first, b.source AS second, a.people AS n1, b.people AS n2, a.place, b.place AS next,
                   (SELECT count(*) FROM listed x JOIN listed y ON y.person = x.person WHERE x.source = a.source AND y.source = b.source) AS m
            FROM source a JOIN source b ON a.place < b.place
        )
        SELECT p.first, p.second, p.n1, p.n2, p.m, p.n1 + p.n2 - p.m, round(e.estimate::numeric, 1), round(sqrt(e.variance)::numeric, 1),
               round(e.low::numeric, 1), round(e.high::numeric, 1), r.people,
               round((r.people / e.estimate)::numeric, 4), round((r.people / e.high)::numeric, 4), round((r.people / e.low)::numeric, 4),
               NULLIF(concat_ws(', ', CASE WHEN p.m < policy_int('capture_matches', division::division_code, "on") THEN 'few_matches' END,
                                      CASE WHEN p.m = least(p.n1, p.n2) THEN 'contained' END,
                                      CASE WHEN p.first IN ('register', 'dwelling_check') AND p.second IN ('dwelling_check', 'patrol') THEN 'dependent' END), '')
        FROM pair p
        CROSS JOIN LATERAL chapman_estimate(p.n1, p.n2, p.m, policy_numeric('spot_check_confidence', division::division_code, "on")::float8) AS e
        LEFT JOIN source r ON r.source = 'register'
        ORDER BY p.place, p.next
    $$;
COMMENT ON FUNCTION stat.capture_recapture_on(text, date) IS
    'How many people really lived in a division on a day, estimated from each pair of sources (捕获再捕获估计): see stat.capture_recapture, which asks for today. Errors: 22P02 no division, RG090';

CREATE OR REPLACE VIEW stat.capture_recapture AS
SELECT c.division::text AS division, c.name, c.level, today() AS day, e.*
FROM code.division c
CROSS JOIN LATERAL stat.capture_recapture_on(c.division::text, today()) AS e
WHERE EXISTS (SELECT FROM registry.dwelling d WHERE d.division <@ c.division);
COMMENT ON VIEW stat.capture_recapture IS
    'How many people really live in a division today, estimated from each pair of sources by Chapman''s estimator (捕获再捕获估计); ask it for one division, it counts anew. Assumes: nobody comes or goes within policy capture_window (closed population; otherwise too high); to be on one list makes it neither likelier nor less likely to be on the other (independence; where those who are registered are also seen elsewhere it is too low, and it says at least); everybody has the same chance of being on a list (equal catchability; otherwise too low); the same person is known as the same on both (perfect matching; a missed match makes it too high). No pair fulfils all: compare several';
COMMENT ON COLUMN stat.capture_recapture.division IS 'Division code of 6, 9 or 12 digits (区划代码)';
COMMENT ON COLUMN stat.capture_recapture.name IS 'Its name (名称)';
COMMENT ON COLUMN stat.capture_recapture.level IS '1 province to 5 village (级别)';
COMMENT ON COLUMN stat.capture_recapture.day IS 'Day of the estimate (日期)';
COMMENT ON COLUMN stat.capture_recapture.first_source IS 'One source, lists capture_source and department (来源一)';
COMMENT ON COLUMN stat.capture_recapture.second_source IS 'The other (来源二)';
COMMENT ON COLUMN stat.capture_recapture.first_count IS 'People on the one, n1 (来源一人数)';
COMMENT ON COLUMN stat.capture_recapture.second_count IS 'People on the other, n2 (来源二人数)';
COMMENT ON COLUMN stat.capture_recapture.both_count IS 'People on both, m (重合人数)';
COMMENT ON COLUMN stat.capture_recapture.seen IS 'People on at least one of them (合计人数)';
COMMENT ON COLUMN stat.capture_recapture.estimate IS 'How many there are: (n1+1)(n2+1)/(m+1) − 1 (估计人数)';
COMMENT ON COLUMN stat.capture_recapture.standard_error IS 'Its standard error (标准误)';
COMMENT ON COLUMN stat.capture_recapture.estimate_low IS 'Lower end of its interval, by policy spot_check_confidence (估计下限)';
COMMENT ON COLUMN stat.capture_recapture.estimate_high IS 'Upper end (估计上限)';
COMMENT ON COLUMN stat.capture_recapture.registered IS 'People in the register (登记人数)';
COMMENT ON COLUMN stat.capture_recapture.coverage IS 'registered of estimate (登记覆盖率)';
COMMENT ON COLUMN stat.capture_recapture.coverage_low IS 'registered of estimate_high (覆盖率下限)';
COMMENT ON COLUMN stat.capture_recapture.coverage_high IS 'registered of estimate_low; above 1 where more are registered than seem to live there (覆盖率上限)';
COMMENT ON COLUMN stat.capture_recapture.warning IS 'few_matches: fewer than policy capture_matches on both; contained: one list lies within the other, so that nobody is estimated besides; dependent: the second source only knows people or dwellings of the first (提示)';
