-- Duties to report (申报义务): what happened, who had to report it, until when, and who is late.
-- The name of a duty is the policy that sets its time: <event>_report_<obligor>.

CREATE OR REPLACE FUNCTION registry.landlord_on(dwelling bigint, tenant bigint, "on" date)
    RETURNS TABLE (landlord_person_id bigint, landlord_credit_code residency.credit_code, signed_on date, reported_at timestamptz)
    LANGUAGE sql STABLE PARALLEL SAFE
    -- no SET clause: a query that uses it takes it in
    AS $$
        SELECT COALESCE(lease.landlord_person_id, CASE WHEN lease.landlord_credit_code IS NULL THEN usual.landlord_person_id END),
               COALESCE(lease.landlord_credit_code, CASE WHEN lease.landlord_person_id IS NULL THEN usual.landlord_credit_code END),
               lease.signed_on, lease.reported_at
        FROM registry.dwelling_landlord usual
        LEFT JOIN LATERAL (
            SELECT t.landlord_person_id, t.landlord_credit_code,
                   CASE WHEN t.person_id = tenant THEN t.signed_on END AS signed_on,
                   CASE WHEN t.person_id = tenant THEN t.reported_at END AS reported_at
            FROM registry.dwelling_standing standing
            JOIN registry.tenancy t ON t.dwelling_id = ANY (standing.whole_ids)
            WHERE standing.dwelling_id = usual.dwelling_id AND t.void_reason IS NULL AND t.period @> "on"
            ORDER BY t.person_id = tenant DESC, t.starts_on DESC, t.tenancy_id DESC
            LIMIT 1
        ) AS lease ON true
        WHERE usual.dwelling_id = dwelling
    $$;
COMMENT ON FUNCTION registry.landlord_on(bigint, bigint, date) IS
    'Who let a dwelling to somebody on a day (当日出租人): by the lease of this tenant, with the days when it was signed and reported; by another lease of it or of what it is part of; or the landlord of the dwelling. NULLs: nobody known';

CREATE OR REPLACE FUNCTION registry.host_role(rental_kind text, place_group text, landlord_credit_code residency.credit_code)
    RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
        SELECT CASE WHEN rental_kind IN ('hotel_style', 'daily') OR place_group = '1' THEN 'hotel'
                    WHEN rental_kind = 'dormitory' AND landlord_credit_code IS NOT NULL THEN 'employer'
                    ELSE 'landlord' END
    $$;
COMMENT ON FUNCTION registry.host_role(text, text, residency.credit_code) IS
    'As what somebody gives lodging (留宿人类别): hotel, where it is let like one, by the day, or the stay is one in a hotel (lists rental_kind, place_group); employer in its dormitory; landlord. The reporting channel of each bears the same name';

CREATE OR REPLACE FUNCTION registry.report_due(counts_from date, term text, division residency.division_code)
    RETURNS date
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
        SELECT CASE WHEN term LIKE '%hour%' THEN counts_from + (substring(term FROM '[0-9]+')::integer + 23) / 24
                    -- at once: that is no time whose end could fall on a rest day
                    WHEN residency.term_count(term) = 0 THEN counts_from
                    ELSE residency.legal_deadline(counts_from, term, division) END
    $$;
COMMENT ON FUNCTION registry.report_due(date, text, residency.division_code) IS
    'Last day on which a report is in time (申报截止日): residency.legal_deadline(); hours count from the end of the day, whose hour is not known; 0 days is the day itself, also a rest day. NULL: no time is set';

CREATE OR REPLACE VIEW registry.report_event AS
-- the occupant arrives, or moves within the city; who stays in a hotel is in its register
SELECT CASE WHEN r.follows_id IS NULL THEN 'arrival_report_occupant' ELSE 'change_report_occupant' END AS duty, r.division,
       COALESCE(r.guardian_person_id, r.person_id) AS obligor_person_id, NULL::credit_code AS obligor_credit_code, NULL::bigint AS obligor_employer_id,
       'residence' AS subject, r.residence_id AS subject_id, r.person_id, r.arrived_on AS event_on, r.arrived_on AS counts_from,
       local_day(r.reported_at) AS reported_on
FROM registry.residence r
JOIN registry.dwelling d ON d.dwelling_id = r.dwelling_id
LEFT JOIN code.value place ON place.list = 'place_kind' AND place.code = r.place_kind
WHERE r.state NOT IN ('rejected', 'voided')
  AND NOT (registry.host_role(d.rental_kind, place.parent, NULL) = 'hotel' AND policy_bool('exempt_hotel', r.division, r.arrived_on))
UNION ALL
-- the occupant leaves; a change of address is reported by the arrival elsewhere, and nobody knows when a lost one left
SELECT 'departure_report_occupant', r.division, COALESCE(r.guardian_person_id, r.person_id), NULL, NULL,
       'residence', r.residence_id, r.person_id, r.departed_on, r.departed_on, local_day(r.closed_at)
FROM registry.residence r
JOIN registry.dwelling d ON d.dwelling_id = r.dwelling_id
LEFT JOIN code.value place ON place.list = 'place_kind' AND place.code = r.place_kind
WHERE r.state = 'departed'
  AND NOT (registry.host_role(d.rental_kind, place.parent, NULL) = 'hotel' AND policy_bool('exempt_hotel', r.division, r.departed_on))
UNION ALL
-- landlord, employer or hotel: whoever gives the lodging, and does not live there
SELECT 'arrival_report_' || lodging.role COLLATE "default", r.division, host.landlord_person_id, host.landlord_credit_code, NULL,
       'residence', r.residence_id, r.person_id, r.arrived_on,
       CASE WHEN lodging.role = 'landlord' AND policy_text('arrival_report_landlord_from', r.division, r.arrived_on) = 'contract'
            THEN COALESCE(host.signed_on, r.arrived_on) ELSE r.arrived_on END,
       least(local_day(host.reported_at),
             CASE WHEN r.channel = lodging.role OR r.reporter_person_id = host.landlord_person_id
                       OR r.reporter_credit_code = host.landlord_credit_code
                       OR policy_bool('arrival_reported_once', r.division, r.arrived_on) THEN local_day(r.reported_at) END)
FROM registry.residence r
JOIN registry.dwelling d ON d.dwelling_id = r.dwelling_id
LEFT JOIN code.value place ON place.list = 'place_kind' AND place.code = r.place_kind
CROSS JOIN LATERAL registry.landlord_on(r.dwelling_id, r.person_id, r.arrived_on) AS host
CROSS JOIN LATERAL (SELECT registry.host_role(d.rental_kind, place.parent, host.landlord_credit_code)) AS lodging (role)
WHERE r.state NOT IN ('rejected', 'voided')
  AND (host.landlord_person_id <> r.person_id OR host.landlord_credit_code IS NOT NULL)
UNION ALL
SELECT 'departure_report_' || registry.host_role(d.rental_kind, place.parent, host.landlord_credit_code) COLLATE "default", r.division,
       host.landlord_person_id, host.landlord_credit_code, NULL,
       'residence', r.residence_id, r.person_id, r.departed_on, r.departed_on, local_day(r.closed_at)
FROM registry.residence r
JOIN registry.dwelling d ON d.dwelling_id = r.dwelling_id
LEFT JOIN code.value place ON place.list = 'place_kind' AND place.code = r.place_kind
CROSS JOIN LATERAL registry.landlord_on(r.dwelling_id, r.person_id, greatest(r.arrived_on, r.departed_on - 1)) AS host
WHERE r.state IN ('departed', 'moved')
  AND (host.landlord_person_id <> r.person_id OR host.landlord_credit_code IS NOT NULL)
UNION ALL
-- staff: who works for themselves reports to nobody
SELECT 'hire_report_employer', e.division, NULL, e.credit_code, e.employer_id,
       'employment', w.employment_id, w.person_id, w.hired_on, w.hired_on, local_day(w.hire_reported_at)
FROM registry.employment w
JOIN registry.employer e ON e.employer_id = w.employer_id
WHERE w.void_reason IS NULL AND w.kind <> 'business'
UNION ALL
SELECT 'termination_report_employer', e.division, NULL, e.credit_code, e.employer_id,
       'employment', w.employment_id, w.person_id, w.ended_on, w.ended_on, local_day(w.end_reported_at)
FROM registry.employment w
JOIN registry.employer e ON e.employer_id = w.employer_id
WHERE w.void_reason IS NULL AND w.kind <> 'business' AND w.ended_on IS NOT NULL
UNION ALL
-- leases that an agent has brought about
SELECT 'lease_report_agent', d.division, NULL, t.agent_credit_code, NULL,
       'tenancy', t.tenancy_id, t.person_id, COALESCE(t.signed_on, t.starts_on), COALESCE(t.signed_on, t.starts_on), local_day(t.reported_at)
FROM registry.tenancy t
JOIN registry.dwelling d ON d.dwelling_id = t.dwelling_id
WHERE t.void_reason IS NULL AND t.agent_credit_code IS NOT NULL;
COMMENT ON VIEW registry.report_event IS
    'What had to be reported, and by whom (应申报事项); what time there is for it, registry.report_duty() tells';
COMMENT ON COLUMN registry.report_event.duty IS 'Duty, the key of the policy that sets its time: arrival_report_landlord … (申报义务)';
COMMENT ON COLUMN registry.report_event.division IS 'Division whose policy counts: of the dwelling, of the employer (区划)';
COMMENT ON COLUMN registry.report_event.obligor_person_id IS 'Who has to report, where it is a person: occupant, guardian of a minor, landlord (义务人)';
COMMENT ON COLUMN registry.report_event.obligor_credit_code IS 'Who has to report, where it is an organisation (义务单位)';
COMMENT ON COLUMN registry.report_event.obligor_employer_id IS 'Key of the employer for duties on employments (用人单位)';
COMMENT ON COLUMN registry.report_event.subject IS 'residence, employment or tenancy (事项类别)';
COMMENT ON COLUMN registry.report_event.subject_id IS 'Its key (事项编号)';
COMMENT ON COLUMN registry.report_event.person_id IS 'Whom it is about: occupant, employee, tenant (所涉人员)';
COMMENT ON COLUMN registry.report_event.event_on IS 'Day on which it happened (发生日期)';
COMMENT ON COLUMN registry.report_event.counts_from IS 'Day from which the time counts: that of the event, or of the contract (起算日)';
COMMENT ON COLUMN registry.report_event.reported_on IS 'Day on which it was reported (申报日期); NULL: not yet';

CREATE OR REPLACE FUNCTION registry.report_duty(division residency.division_code, "on" date, since date DEFAULT NULL)
    RETURNS TABLE (
        duty text, obligor text, obligor_person_id bigint, obligor_employer_id bigint, obligor_credit_code text,
        subject text, subject_id bigint, person_id bigint, division_code text, event_on date, counts_from date,
        term text, due_on date, reported_on date, late_days integer, clause text)
    LANGUAGE sql STABLE PARALLEL SAFE
    -- no SET clause: a query takes it in
    AS $$
        SELECT e.duty,
               CASE WHEN e.obligor_person_id IS NOT NULL THEN 'person' WHEN e.subject = 'employment' THEN 'employer' ELSE 'organisation' END,
               e.obligor_person_id, e.obligor_employer_id, e.obligor_credit_code::text,
               e.subject, e.subject_id, e.person_id, e.division::text, e.event_on, e.counts_from,
               e.term, due.due_on, e.reported, greatest(COALESCE(e.reported, "on") - due.due_on, 0), setting.legal_basis
        FROM (
            SELECT v.*, residency.policy_text(v.duty, v.division, v.counts_from) AS term,
                   CASE WHEN v.reported_on <= "on" THEN v.reported_on END AS reported
            FROM registry.report_event v
            WHERE (report_duty.division IS NULL OR v.division OPERATOR(residency.<@) report_duty.division)
              AND v.event_on <= "on"
              AND v.event_on >= COALESCE(
                  since, ("on" - residency.policy_interval('report_looks_back', report_duty.division, "on"))::date, '-infinity')
            OFFSET 0
        ) AS e
        CROSS JOIN LATERAL (SELECT registry.report_due(e.counts_from, e.term, e.division) OFFSET 0) AS due (due_on)
        JOIN policy.setting ON setting.setting_id = residency.policy_setting(e.duty, e.division, e.counts_from)
        WHERE e.term IS NOT NULL
    $$;
COMMENT ON FUNCTION registry.report_duty(residency.division_code, date, date) IS
    'Every duty to report that had arisen in a division and all beneath by a day, as it stood then (申报义务清单): who, about what, from which day, until when by which clause, when it was reported, and how many days late, 0: in time or time is left. division NULL: everywhere; since: events from that day on, NULL: policy report_looks_back. Where policy sets no time there is no duty. Errors: RG090 no policy, those of residency.legal_deadline()';

CREATE OR REPLACE FUNCTION api.overdue_report(division text, "on" date DEFAULT residency.today(), since date DEFAULT NULL)
    RETURNS TABLE (
        duty text, duty_name text, obligor text, obligor_person_id bigint, obligor_employer_id bigint,
        obligor_credit_code text, obligor_name text, subject text, subject_id bigint, person_id bigint,
        division_code text, event_on date, due_on date, reported_on date, late_days integer, late_by text, term text, clause text)
    LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
    SECURITY DEFINER
    SET search_path FROM CURRENT
    SET jit = off
    AS $$
    #variable_conflict use_column
    BEGIN
        PERFORM note_asked('api.overdue_report', jsonb_strip_nulls(jsonb_build_object('division', overdue_report.division, 'on', overdue_report."on", 'since', overdue_report.since)));
        RETURN QUERY
            SELECT late.duty,
                   (SELECT r.governs_zh FROM policy.rule r WHERE r.key = late.duty),
                   late.obligor, late.obligor_person_id, late.obligor_employer_id, late.obligor_credit_code,
                   COALESCE((SELECT shown('name', p.name, p.person_id, 'api.overdue_report') FROM registry.person p WHERE p.person_id = late.obligor_person_id),
                            (SELECT e.name FROM registry.employer e WHERE e.employer_id = late.obligor_employer_id),
                            (SELECT e.name FROM registry.employer e WHERE e.credit_code = late.obligor_credit_code::credit_code)),
                   late.subject, late.subject_id, late.person_id, late.division_code, late.event_on, late.due_on,
                   late.reported_on, late.late_days,
                   CASE WHEN amount.working_days > 0 THEN format('%s working day%s', amount.working_days, CASE WHEN amount.working_days > 1 THEN 's' END)
                        ELSE format('%s day%s', late.late_days, CASE WHEN late.late_days > 1 THEN 's' END) END,
                   late.term, late.clause
            FROM registry.report_duty(overdue_report.division::division_code, overdue_report."on", overdue_report.since) AS late
            CROSS JOIN LATERAL (SELECT CASE WHEN late.term LIKE '%working%' THEN working_days_between(
                late.due_on, COALESCE(late.reported_on, overdue_report."on"), late.division_code::division_code) END) AS amount (working_days)
            WHERE late.late_days > 0 AND acts_in(late.division_code::division_code)
              AND COALESCE(late.person_id, 0) <> ALL ((SELECT registry.withheld_persons())::bigint[]) AND COALESCE(late.obligor_person_id, 0) <> ALL ((SELECT registry.withheld_persons())::bigint[])
            ORDER BY late.reported_on IS NOT NULL, late.late_days DESC, late.duty, late.subject_id;
    END $$;
COMMENT ON FUNCTION api.overdue_report(text, date, date) IS
    'Who is late with a report in a division and all beneath, as of a day, NULL for every division (逾期申报清单): first what is still missing (reported_on NULL), then what came late; longest first. late_by: in the unit of the term, 2 working days, 1 day; calendar days where only rest days have passed. clause: legal basis of the setting that counts. since: events from that day on, NULL: policy report_looks_back. Errors: 22P02 no division, RG090 no policy, those of residency.legal_deadline()';
