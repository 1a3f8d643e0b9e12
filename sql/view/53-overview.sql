-- Person, dwelling, employer, permit (人房证企): who has to do with whom on a day.
-- The links of many are asked for one by one (LATERAL … OFFSET 0): the branches of a view are not found by a join, but by a key.

CREATE OR REPLACE VIEW registry.person_link AS
-- Each branch is a kind of record that links a person to something; one more kind is one more branch here, and every
-- overview shows it.
SELECT 'residence' AS link, r.residence_id AS link_id, r.person_id, 'dwelling' AS entity, r.dwelling_id AS entity_id, d.address AS title,
       r.state, r.arrived_on AS valid_from, r.departed_on AS valid_to,
       jsonb_strip_nulls(jsonb_build_object('residence_id', r.residence_id, 'half_year_from', r.half_year_from, 'guardian_person_id', r.guardian_person_id, 'reason', r.reason,
           'under_investigation', (SELECT true FROM registry.investigation i WHERE i.closed_at IS NULL AND i.record = 'residence' AND i.record_id = r.residence_id))) AS detail
FROM registry.residence r
JOIN registry.dwelling d ON d.dwelling_id = r.dwelling_id
WHERE r.state NOT IN ('rejected', 'voided')
UNION ALL
SELECT 'tenancy', t.tenancy_id, t.person_id, 'dwelling', t.dwelling_id, d.address, NULL, t.starts_on, t.ends_on,
       jsonb_strip_nulls(jsonb_build_object(
           'tenancy_id', t.tenancy_id, 'landlord_person_id', t.landlord_person_id, 'landlord_credit_code', t.landlord_credit_code::text,
           'agent_credit_code', t.agent_credit_code::text, 'filing_number', t.filing_number))
FROM registry.tenancy t
JOIN registry.dwelling d ON d.dwelling_id = t.dwelling_id
WHERE t.void_reason IS NULL
UNION ALL
SELECT 'ownership', o.ownership_id, o.person_id, 'dwelling', o.dwelling_id, d.address, NULL, o.starts_on, o.ends_on,
       jsonb_strip_nulls(jsonb_build_object('ownership_id', o.ownership_id, 'certificate_number', o.certificate_number))
FROM registry.ownership o
JOIN registry.dwelling d ON d.dwelling_id = o.dwelling_id
WHERE o.void_reason IS NULL
UNION ALL
SELECT 'employment', w.employment_id, w.person_id, 'employer', w.employer_id, e.name, NULL, w.hired_on, w.ended_on,
       jsonb_strip_nulls(jsonb_build_object('employment_id', w.employment_id, 'kind', w.kind, 'credit_code', e.credit_code::text))
FROM registry.employment w
JOIN registry.employer e ON e.employer_id = w.employer_id
WHERE w.void_reason IS NULL
UNION ALL
SELECT 'schooling', s.schooling_id, s.person_id, 'school', NULL, s.school_name, NULL, s.starts_on, s.ends_on,
       jsonb_strip_nulls(jsonb_build_object(
           'schooling_id', s.schooling_id, 'level', s.level, 'credit_code', s.school_credit_code::text,
           'division', s.division::text, 'student_number', mask_number(s.student_number)))
FROM registry.schooling s
WHERE s.void_reason IS NULL
UNION ALL
-- a permit as each of its events left it, up to the next; its events are found through the permits of who lives there
SELECT 'permit', p.permit_id, p.person_id, 'dwelling', r.dwelling_id, d.address, e.to_state::text, e.happened_on,
       (SELECT n.happened_on FROM registry.permit_event n WHERE n.permit_id = e.permit_id AND n.sequence = e.sequence + 1),
       jsonb_strip_nulls(jsonb_build_object(
           'permit_id', p.permit_id, 'permit_number', p.permit_number, 'endorsed_until', e.endorsed_until, 'residence_years', e.residence_years,
           'under_investigation', (SELECT true FROM registry.investigation i WHERE i.closed_at IS NULL AND i.record = 'permit' AND i.record_id = p.permit_id)))
FROM registry.residence r
JOIN registry.dwelling d ON d.dwelling_id = r.dwelling_id
JOIN registry.permit p ON p.person_id = r.person_id
JOIN registry.permit_event e ON e.permit_id = p.permit_id AND e.residence_id = r.residence_id
WHERE permit_phase(e.to_state) <> 'end';
COMMENT ON VIEW registry.person_link IS
    'What persons have to do with dwellings, employers and schools, past and present, without what is void (人员关联); ask it by person_id, or by entity and entity_id';
COMMENT ON COLUMN registry.person_link.link IS 'Kind of the record behind it, the name of its table (关联方式)';
COMMENT ON COLUMN registry.person_link.link_id IS 'Key of that record (记录编号)';
COMMENT ON COLUMN registry.person_link.person_id IS 'The person (人员)';
COMMENT ON COLUMN registry.person_link.entity IS 'dwelling, employer or school (关联对象类别)';
COMMENT ON COLUMN registry.person_link.entity_id IS 'Its key, NULL for schools (对象编号)';
COMMENT ON COLUMN registry.person_link.title IS 'Its name or address (名称、地址)';
COMMENT ON COLUMN registry.person_link.state IS 'State where the record has one of its own (状态); NULL: what residency.record_state() says of its days';
COMMENT ON COLUMN registry.person_link.valid_from IS 'First day (起始日期)';
COMMENT ON COLUMN registry.person_link.valid_to IS 'Day from which it no longer holds (终止日期), NULL: open';
COMMENT ON COLUMN registry.person_link.detail IS 'Key of the record, and what else is to be known of it (详情)';

CREATE OR REPLACE FUNCTION registry.holds_on(valid_from date, valid_to date, "on" date)
    RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT valid_from <= "on" AND (valid_to > "on" OR valid_to IS NULL) $$;
COMMENT ON FUNCTION registry.holds_on(date, date, date) IS 'Whether what begins and ends on these days holds on a day, the last one not included (当日是否有效)';

CREATE OR REPLACE FUNCTION registry.party(person bigint, number residency.credit_code)
    RETURNS TABLE (entity text, entity_id bigint, title text, detail jsonb)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
        SELECT 'person', p.person_id, p.name, NULL::jsonb FROM registry.person p WHERE p.person_id = person
        UNION ALL
        SELECT CASE WHEN e.employer_id IS NULL THEN 'organisation' ELSE 'employer' END, e.employer_id,
               COALESCE(e.name, number::text), jsonb_build_object('credit_code', number::text)
        FROM (SELECT) AS one
        LEFT JOIN registry.employer e ON e.credit_code OPERATOR(residency.=) number
        WHERE number IS NOT NULL
    $$;
COMMENT ON FUNCTION registry.party(bigint, residency.credit_code) IS
    'Who is named by a person''s key or an organisation''s credit code (当事人): a person, an employer, or an organisation that is not registered';

CREATE OR REPLACE FUNCTION registry.dwelling_link(dwelling bigint, tenant bigint, "on" date)
    RETURNS SETOF api.link
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        (SELECT 'part_of', 'dwelling', d.dwelling_id, d.address, d.let_state, NULL::date, NULL::date,
                jsonb_build_object('kind', d.kind, 'dwelling_id', dwelling)
         FROM registry.dwelling_standing standing
         CROSS JOIN LATERAL unnest(standing.whole_ids[2:]) WITH ORDINALITY AS whole (dwelling_id, further_out)
         JOIN registry.dwelling d ON d.dwelling_id = whole.dwelling_id
         WHERE standing.dwelling_id = dwelling
         ORDER BY whole.further_out)
        UNION ALL
        SELECT 'landlord', p.entity, p.entity_id, p.title, NULL, NULL, NULL,
               COALESCE(p.detail, '{}') || jsonb_build_object('dwelling_id', dwelling)
        FROM registry.landlord_on(dwelling, tenant, "on") AS host
        CROSS JOIN LATERAL registry.party(host.landlord_person_id, host.landlord_credit_code) AS p
        WHERE p.entity <> 'person' OR p.entity_id <> ALL (registry.withheld_persons())
    $$;
COMMENT ON FUNCTION registry.dwelling_link(bigint, bigint, date) IS
    'What a dwelling is part of, and who lets it to a tenant on a day, unless their data is withheld (房屋关联)';

CREATE OR REPLACE FUNCTION registry.shown_title(entity text, title text, person bigint, object text)
    RETURNS text
    LANGUAGE sql STABLE PARALLEL RESTRICTED
    AS $$
        SELECT CASE entity WHEN 'person' THEN residency.shown('name', title, person, object)
                           WHEN 'dwelling' THEN residency.shown('address', title, person, object) ELSE title END
    $$;
COMMENT ON FUNCTION registry.shown_title(text, text, bigint, text) IS
    'The name of a person, or the address of a dwelling that a person has to do with, as who acts may see it (按权限显示名称), residency.shown(); titles of employers and schools as they are';

CREATE OR REPLACE FUNCTION api.person_overview(person_id bigint, "on" date DEFAULT residency.today())
    RETURNS SETOF api.link
    LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
    SECURITY DEFINER
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    AS $$
    BEGIN
        PERFORM registry.require_scope('person', person_id);
        PERFORM note_asked('api.person_overview', jsonb_strip_nulls(jsonb_build_object('person_id', person_overview.person_id, 'on', "on")));
        IF person_overview.person_id = ANY (registry.withheld_persons()) THEN
            PERFORM registry.check_person_open('person_overview', person_overview.person_id);
        END IF;
        RETURN QUERY
            SELECT 'self', 'person', p.person_id, shown('name', p.name, p.person_id, 'api.person_overview'), NULL, NULL::date, NULL::date,
                   jsonb_strip_nulls(jsonb_build_object(
                       'resident_id', shown_resident_id(p.resident_id, p.person_id, 'api.person_overview'), 'sex', p.sex,
                       'birth_date', COALESCE(to_jsonb(shown_birth_date(p.birth_date, p.person_id, 'api.person_overview')), to_jsonb(mask_birth_date(p.birth_date))),
                       'household_division', p.household_division::text,
                       'under_investigation', (SELECT true FROM registry.investigation i WHERE i.closed_at IS NULL AND i.record = 'person' AND i.record_id = p.person_id)))
            FROM registry.person p WHERE p.person_id = person_overview.person_id;
        IF NOT FOUND THEN
            PERFORM refuse('RG010', ARRAY[COALESCE(person_id::text, '-')], 'registry.person', 'person_id');
        END IF;
        RETURN QUERY
            SELECT l.link, l.entity, l.entity_id, registry.shown_title(l.entity, l.title, l.person_id, 'api.person_overview'),
                   COALESCE(l.state, 'running'), l.valid_from, l.valid_to, l.detail
            FROM registry.person_link l
            WHERE l.person_id = person_overview.person_id AND registry.holds_on(l.valid_from, l.valid_to, "on")
              AND (l.entity <> 'dwelling' OR acts_on('dwelling', l.entity_id))
            ORDER BY l.link, l.valid_from, l.link_id;
        RETURN QUERY
            SELECT around.link, around.entity, around.entity_id,
                   registry.shown_title(around.entity, around.title, CASE around.entity WHEN 'person' THEN around.entity_id ELSE r.person_id END, 'api.person_overview'),
                   around.state, around.valid_from, around.valid_to, around.detail
            FROM registry.residence r
            CROSS JOIN LATERAL registry.dwelling_link(r.dwelling_id, r.person_id, "on") AS around
            WHERE r.person_id = person_overview.person_id AND r.state NOT IN ('rejected', 'voided') AND acts_in(r.division)
              AND registry.holds_on(r.arrived_on, r.departed_on, "on");
        RETURN QUERY
            SELECT 'lets', 'dwelling', d.dwelling_id, shown('address', d.address, person_overview.person_id, 'api.person_overview'), d.let_state, t.starts_on, t.ends_on,
                   jsonb_build_object('tenancy_id', t.tenancy_id, 'person_id', t.person_id)
            FROM registry.tenancy t
            JOIN registry.dwelling d ON d.dwelling_id = t.dwelling_id
            WHERE t.landlord_person_id = person_overview.person_id AND t.void_reason IS NULL AND t.period @> "on" AND acts_in(d.division)
            ORDER BY d.dwelling_id, t.tenancy_id;
        RETURN QUERY
            SELECT 'lets', 'dwelling', d.dwelling_id, shown('address', d.address, person_overview.person_id, 'api.person_overview'), d.let_state, NULL::date, NULL::date, jsonb_build_object('kind', d.kind)
            FROM registry.dwelling d
            WHERE d.landlord_person_id = person_overview.person_id AND acts_in(d.division)
            ORDER BY d.dwelling_id;
    END $$;
COMMENT ON FUNCTION api.person_overview(bigint, date) IS
    'A person and all they have to do with on a day (人员概览): where they live, rent and own, for whom they work, where they study, what the dwelling is part of and who lets it, what they let themselves, by leases of that day and as landlord of dwellings today. The landlord of a dwelling is today''s, where no lease of that day names one. Errors: RG010';

CREATE OR REPLACE FUNCTION api.dwelling_overview(dwelling_id bigint, "on" date DEFAULT residency.today())
    RETURNS SETOF api.link
    LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
    SECURITY DEFINER
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    AS $$
    BEGIN
        PERFORM registry.require_scope('dwelling', dwelling_id);
        PERFORM note_asked('api.dwelling_overview', jsonb_strip_nulls(jsonb_build_object('dwelling_id', dwelling_overview.dwelling_id, 'on', "on")));
        RETURN QUERY
            SELECT 'self', 'dwelling', d.dwelling_id, d.address, d.let_state, NULL::date, NULL::date, jsonb_strip_nulls(jsonb_build_object(
                       'kind', d.kind, 'division', d.division::text, 'rental_kind', d.rental_kind, 'usable_area', d.usable_area,
                       'under_investigation', (SELECT true FROM registry.investigation i WHERE i.closed_at IS NULL AND i.record = 'dwelling' AND i.record_id = d.dwelling_id)))
            FROM registry.dwelling d WHERE d.dwelling_id = dwelling_overview.dwelling_id;
        IF NOT FOUND THEN
            PERFORM refuse('RG011', ARRAY[COALESCE(dwelling_id::text, '-')], 'registry.dwelling', 'dwelling_id');
        END IF;
        RETURN QUERY
            SELECT l.link, l.entity, l.entity_id,
                   CASE l.entity WHEN 'person' THEN shown('name', l.title, l.entity_id, 'api.dwelling_overview') ELSE l.title END,
                   l.state, l.valid_from, l.valid_to, l.detail
            FROM registry.dwelling_link(dwelling_overview.dwelling_id, NULL, "on") AS l;
        RETURN QUERY
            SELECT 'part', 'dwelling', d.dwelling_id, d.address, d.let_state, NULL::date, NULL::date, jsonb_build_object('kind', d.kind)
            FROM registry.dwelling_part part
            JOIN registry.dwelling d ON d.dwelling_id = part.dwelling_id
            WHERE part.whole_id = dwelling_overview.dwelling_id AND part.dwelling_id <> part.whole_id
            ORDER BY dwelling_rank(d.kind), d.dwelling_id;
        RETURN QUERY
            SELECT l.link, 'person', l.person_id, shown('name', p.name, p.person_id, 'api.dwelling_overview'), COALESCE(l.state, 'running'),
                   l.valid_from, l.valid_to, l.detail || jsonb_build_object('dwelling_id', l.entity_id)
            FROM registry.dwelling_part part
            CROSS JOIN LATERAL (
                SELECT * FROM registry.person_link k
                WHERE k.entity = 'dwelling' AND k.entity_id = part.dwelling_id AND registry.holds_on(k.valid_from, k.valid_to, "on")
                OFFSET 0
            ) AS l
            JOIN registry.person p ON p.person_id = l.person_id
            WHERE part.whole_id = dwelling_overview.dwelling_id AND l.person_id <> ALL ((SELECT registry.withheld_persons())::bigint[])
            ORDER BY l.link, l.valid_from, l.link_id;
        -- what else those who live here have to do with
        RETURN QUERY
            SELECT l.link, l.entity, l.entity_id, l.title, COALESCE(l.state, 'running'), l.valid_from, l.valid_to,
                   l.detail || jsonb_build_object('person_id', l.person_id)
            FROM registry.dwelling_part part
            JOIN registry.residence r ON r.dwelling_id = part.dwelling_id
            CROSS JOIN LATERAL (
                SELECT * FROM registry.person_link k
                WHERE k.person_id = r.person_id AND k.entity <> 'dwelling' AND registry.holds_on(k.valid_from, k.valid_to, "on")
                OFFSET 0
            ) AS l
            WHERE part.whole_id = dwelling_overview.dwelling_id AND r.state NOT IN ('rejected', 'voided') AND r.person_id <> ALL ((SELECT registry.withheld_persons())::bigint[])
              AND registry.holds_on(r.arrived_on, r.departed_on, "on")
            ORDER BY l.person_id, l.link, l.valid_from, l.link_id;
    END $$;
COMMENT ON FUNCTION api.dwelling_overview(bigint, date) IS
    'A dwelling with its parts, and all who have to do with it on a day (房屋概览): what it is part of and has as parts, who lets it, who lives in it, rents and owns it, and for whom its residents work or where they study. Errors: RG011';

CREATE OR REPLACE FUNCTION api.employer_overview(employer_id bigint, "on" date DEFAULT residency.today())
    RETURNS SETOF api.link
    LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
    SECURITY DEFINER
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    AS $$
    BEGIN
        PERFORM registry.require_scope('employer', employer_id);
        PERFORM note_asked('api.employer_overview', jsonb_strip_nulls(jsonb_build_object('employer_id', employer_overview.employer_id, 'on', "on")));
        RETURN QUERY
            SELECT 'self', 'employer', e.employer_id, e.name, e.state, e.opened_on, e.closed_on, jsonb_strip_nulls(jsonb_build_object(
                       'credit_code', e.credit_code::text, 'registration_number', e.registration_number,
                       'division', e.division::text, 'address', e.address))
            FROM registry.employer e WHERE e.employer_id = employer_overview.employer_id;
        IF NOT FOUND THEN
            PERFORM refuse('RG123', ARRAY[COALESCE(employer_id::text, '-')], 'registry.employer', 'employer_id');
        END IF;
        RETURN QUERY
            SELECT l.link, 'person', l.person_id, shown('name', p.name, p.person_id, 'api.employer_overview'), COALESCE(l.state, 'running'),
                   l.valid_from, l.valid_to, l.detail
            FROM registry.person_link l
            JOIN registry.person p ON p.person_id = l.person_id
            WHERE l.entity = 'employer' AND l.entity_id = employer_overview.employer_id
              AND registry.holds_on(l.valid_from, l.valid_to, "on") AND l.person_id <> ALL ((SELECT registry.withheld_persons())::bigint[])
            ORDER BY l.link, l.valid_from, l.link_id;
        -- what else its staff have to do with: where they live
        RETURN QUERY
            SELECT l.link, l.entity, l.entity_id, registry.shown_title(l.entity, l.title, l.person_id, 'api.employer_overview'),
                   COALESCE(l.state, 'running'), l.valid_from, l.valid_to, l.detail || jsonb_build_object('person_id', l.person_id)
            FROM registry.employment w
            CROSS JOIN LATERAL (
                SELECT * FROM registry.person_link k
                WHERE k.person_id = w.person_id AND k.link <> 'employment' AND registry.holds_on(k.valid_from, k.valid_to, "on")
                OFFSET 0
            ) AS l
            WHERE w.employer_id = employer_overview.employer_id AND w.void_reason IS NULL AND acts_on('person', w.person_id)
              AND w.person_id <> ALL ((SELECT registry.withheld_persons())::bigint[])
              AND registry.holds_on(w.hired_on, w.ended_on, "on")
            ORDER BY l.person_id, l.link, l.valid_from, l.link_id;
        RETURN QUERY
            SELECT 'lets', 'dwelling', d.dwelling_id, d.address, d.let_state, NULL::date, NULL::date, jsonb_build_object('kind', d.kind)
            FROM registry.employer e
            JOIN registry.dwelling d ON d.landlord_credit_code = e.credit_code
            WHERE e.employer_id = employer_overview.employer_id AND acts_in(d.division)
            ORDER BY d.dwelling_id;
    END $$;
COMMENT ON FUNCTION api.employer_overview(bigint, date) IS
    'An employer and all who have to do with it on a day (用人单位概览): its staff, where they live, rent and own, and the dwellings that it lets today. Errors: RG123';
