-- Who could have a residence permit, criterion by criterion: what decisions rest on, and what applications and kiosks ask.

CREATE OR REPLACE FUNCTION registry.setting_note(key text, division division_code, "on" date)
    RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        SELECT format('%s = %s (%s: %s)', s.key, COALESCE(s.value, '-'), COALESCE(s.division::text, '全国'), s.legal_basis)
        FROM policy.setting s
        WHERE s.setting_id = policy_setting(setting_note.key, setting_note.division, "on")
    $$;
COMMENT ON FUNCTION registry.setting_note(text, division_code, date) IS
    'The setting that holds in a division on a day in words (适用政策说明): key, value, where it was set, by which clause';

CREATE OR REPLACE FUNCTION registry.permit_criterion(
        person bigint, division division_code, "on" date, permit bigint DEFAULT NULL)
    RETURNS TABLE (sort integer, criterion text, criterion_zh text, required boolean, holds boolean,
                   since date, holds_from date, evidence text, clause text, setting text)
    LANGUAGE sql STABLE PARALLEL SAFE ROWS 10
    SET search_path FROM CURRENT
    AS $$
        WITH subject AS (
            SELECT p.person_id, p.birth_date, p.household_division, r.residence_id, r.arrived_on, r.half_year_from,
                   city(permit_criterion.division) AS city, r.division AS lives_in,
                   policy_int('permit_min_age', permit_criterion.division, "on") AS min_age,
                   half_year_on(r.half_year_from, permit_criterion.division) AS half_year_on
            FROM registry.person p
            LEFT JOIN registry.residence_on(p.person_id, "on") r ON city(r.division) = city(permit_criterion.division)
            WHERE p.person_id = person
        ), ground AS (
            SELECT 6 AS sort, 'employment' AS criterion, '合法稳定就业' AS criterion_zh, lower(e.period) AS since,
                   format('employment %s, employer %s, %s', e.employment_id, e.employer_id, e.kind) AS evidence
            FROM subject s
            LEFT JOIN LATERAL (
                SELECT * FROM registry.employment e
                WHERE e.person_id = s.person_id AND e.period @> "on" AND e.voided_at IS NULL
                ORDER BY lower(e.period) LIMIT 1) e ON true
            UNION ALL
            SELECT 7, 'dwelling', '合法稳定住所', home.since, home.evidence
            FROM subject s
            LEFT JOIN LATERAL (
                SELECT lower(o.period) AS since, format('ownership %s of dwelling %s', o.ownership_id, o.dwelling_id) AS evidence
                FROM registry.ownership o JOIN registry.dwelling d USING (dwelling_id)
                WHERE o.person_id = s.person_id AND o.period @> "on" AND o.voided_at IS NULL AND city(d.division) = s.city
                UNION ALL
                -- a lease counts once it is filed
                SELECT greatest(lower(t.period), t.filed_on), format('tenancy %s of dwelling %s, filed %s', t.tenancy_id, t.dwelling_id, t.filed_on)
                FROM registry.tenancy t JOIN registry.dwelling d USING (dwelling_id)
                WHERE t.person_id = s.person_id AND t.period @> "on" AND t.voided_at IS NULL AND t.filed_on <= "on" AND city(d.division) = s.city
                UNION ALL
                -- what an employer or school provides (单位内部)
                SELECT r.arrived_on, format('residence %s in a dormitory', r.residence_id)
                FROM registry.residence r
                JOIN code.value v ON v.list = 'place_kind' AND v.code = r.place_kind AND v.parent = '3'
                WHERE r.residence_id = s.residence_id
                ORDER BY 1 LIMIT 1) home ON true
            UNION ALL
            SELECT 8, 'study', '连续就读', lower(x.period), format('schooling %s, %s', x.schooling_id, x.school_name)
            FROM subject s
            LEFT JOIN LATERAL (
                SELECT * FROM registry.schooling x
                WHERE x.person_id = s.person_id AND x.period @> "on" AND x.voided_at IS NULL AND x.student_number IS NOT NULL
                ORDER BY lower(x.period) LIMIT 1) x ON true
        ), other AS (
            SELECT p.permit_id, p.state
            FROM subject s JOIN registry.permit p ON p.person_id = s.person_id AND p.city = s.city
            WHERE p.state <> 'draft' AND permit_phase(p.state) <> 'end' AND p.permit_id IS DISTINCT FROM permit
            LIMIT 1
        )
        SELECT 0, 'issued_here', '当地发放居住证', true, policy_bool('permit_issued', permit_criterion.division, "on"), NULL::date, NULL::date,
               format('permits are %sissued in %s', CASE WHEN policy_bool('permit_issued', permit_criterion.division, "on") THEN '' ELSE 'not ' END, permit_criterion.division),
               '居住证暂行条例 Art. 2', registry.setting_note('permit_issued', division, "on")
        UNION ALL
        SELECT 1, 'age', '年龄', true, COALESCE(age(s.birth_date, "on"), 0) >= COALESCE(s.min_age, 0) OR EXISTS (
                   SELECT FROM registry.permit p WHERE p.permit_id = permit AND p.proxy_person_id <> p.person_id),
               add_months_legal(s.birth_date, 12 * s.min_age), add_months_legal(s.birth_date, 12 * s.min_age),
               COALESCE(age(s.birth_date, "on") || ' years old', 'birthday unknown'), '居住证暂行条例 Art. 9', registry.setting_note('permit_min_age', division, "on")
        FROM subject s
        UNION ALL
        SELECT 2, 'registration', '居住登记', true, s.residence_id IS NOT NULL, s.arrived_on, NULL,
               CASE WHEN s.residence_id IS NULL THEN 'no active residence in this city' ELSE format('residence %s in %s', s.residence_id, s.lives_in) END, '居住证暂行条例 Art. 2; 公通字〔2015〕38号', NULL
        FROM subject s
        UNION ALL
        SELECT 3, 'other_city', '户籍不在本市', true, COALESCE(city(s.household_division) <> s.city, false), NULL, NULL,
               format('household in %s', COALESCE(s.household_division::text, 'an unknown place')), '居住证暂行条例 Art. 2; 公通字〔2015〕38号', NULL
        FROM subject s
        UNION ALL
        SELECT 4, 'half_year', '居住满半年', true, COALESCE(s.half_year_on <= "on", false),
               CASE WHEN s.half_year_on <= "on" THEN s.half_year_on END, s.half_year_on,
               CASE WHEN s.half_year_from IS NULL THEN 'not registered' ELSE format('registered without a break since %s', s.half_year_from) END, '居住证暂行条例 Art. 2; 公通字〔2015〕38号',
               registry.setting_note('permit_half_year', division, COALESCE(s.half_year_from, "on"))
        FROM subject s
        UNION ALL
        SELECT 5, 'ground', '就业、住所、就读之一', true, bool_or(g.since IS NOT NULL), min(g.since), NULL,
               COALESCE(string_agg(g.criterion, ', ' ORDER BY g.sort) FILTER (WHERE g.since IS NOT NULL), 'none of employment, dwelling and study'),
               '居住证暂行条例 Art. 2', NULL
        FROM ground g
        UNION ALL
        SELECT g.sort, g.criterion, g.criterion_zh, false, g.since IS NOT NULL, g.since, NULL,
               CASE WHEN g.since IS NULL THEN 'nothing registered that holds on this day' ELSE g.evidence END, '居住证暂行条例 Art. 2; 公通字〔2015〕38号', NULL
        FROM ground g
        UNION ALL
        SELECT 9, 'no_other_permit', '无在办业务或有效居住证', true, NOT EXISTS (SELECT FROM other), NULL, NULL,
               COALESCE((SELECT format('permit %s is %s', o.permit_id, o.state) FROM other o), 'none in this city'), '居住证暂行条例 Art. 9', NULL
        ORDER BY 1
    $$;
COMMENT ON FUNCTION registry.permit_criterion(bigint, division_code, date, bigint) IS
    'What a residence permit asks for, one row a criterion (居住证条件逐项核查): whether it holds for a person in the city of a division on a day, since when, when it will, on what evidence, by which clause and setting; leaving out one permit of the person''s own. Of employment, dwelling and study one is enough (ground). Both half a year of registration and a ground are needed';
