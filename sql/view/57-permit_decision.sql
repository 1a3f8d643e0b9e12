-- Deciders for permits and clocks: see 14-decision.sql.

CREATE OR REPLACE FUNCTION registry.permit_decision(keys text[], first division_code, last division_code, "on" date)
    RETURNS SETOF policy.decision
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    SET jit = off
    SET plan_cache_mode = force_generic_plan
    AS $$
    BEGIN
        RETURN QUERY
            SELECT 'permit', p.permit_id, p.division, d.decision, d.value, d.keys, d.counted_on
            FROM registry.permit p
            CROSS JOIN LATERAL (
                SELECT 'eligible', CASE WHEN permit_decision.keys && '{permit_issued, permit_min_age, permit_half_year}' THEN
                           (SELECT bool_and(c.holds)::text FROM registry.permit_criterion(p.person_id, p.division, p.applied_on, p.permit_id) c WHERE c.required) END,
                       '{permit_issued, permit_min_age, permit_half_year}'::text[], p.applied_on
                WHERE p.state IN ('submitted', 'correction', 'accepted', 'review')
                UNION ALL
                SELECT 'accepted_unless_asked_by', registry.supplement_by(p.applied_on, p.division)::text, '{supplement_notice}', p.applied_on
                WHERE p.state = 'submitted'
                UNION ALL
                SELECT 'endorse_from', registry.endorse_from(p.endorsed_until, p.division)::text, '{endorse_window}', p.endorsed_until
                WHERE p.state = 'valid'
                UNION ALL
                SELECT 'count_from', CASE policy_text('anniv_basis', p.division, p.issued_on)
                                         WHEN 'issue_date' THEN p.issued_on ELSE r.half_year_from END::text, '{anniv_basis}', p.issued_on
                FROM registry.residence r
                WHERE r.residence_id = p.residence_id AND permit_phase(p.state) = 'card'
                UNION ALL
                SELECT 'years_if_endorsed_late', (registry.endorse_years(p, registry.endorsed_late(p, permit_decision."on"))).residence_years::text,
                       '{gap_policy}', permit_decision."on"
                WHERE p.state = 'suspended'
                UNION ALL
                SELECT 'lapse_on', registry.lapse_on(p.suspended_on, p.division)::text, '{suspended_lapse}', p.suspended_on
                WHERE p.state = 'suspended'
            ) AS d (decision, value, keys, counted_on)
            WHERE p.division BETWEEN first AND last AND permit_phase(p.state) <> 'end'
              AND d.keys && permit_decision.keys;
    END $$;
COMMENT ON FUNCTION registry.permit_decision(text[], division_code, division_code, date) IS
    'Decisions on permits (居住证决定): eligible and accepted_unless_asked_by of applications; endorse_from, count_from, years_if_endorsed_late and lapse_on of cards. A decision that has been made stays: count_from is what a new permit of that day would get';

CREATE OR REPLACE FUNCTION registry.endorsed_late(permit registry.permit, "on" date)
    RETURNS registry.permit_event
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        event registry.permit_event;
    BEGIN
        event.permit_id := permit.permit_id;
        event.event := 'endorse_late';
        event.happened_on := "on";
        RETURN event;
    END $$;
COMMENT ON FUNCTION registry.endorsed_late(registry.permit, date) IS 'A late endorsement that might be, for registry.endorse_years() (假设补签注)';

CREATE OR REPLACE FUNCTION registry.clock_decision(keys text[], first division_code, last division_code)
    RETURNS SETOF policy.decision
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    SET jit = off
    SET plan_cache_mode = force_generic_plan
    AS $$
    BEGIN
        RETURN QUERY
            SELECT 'clock', c.clock_id, c.division, 'due_on',
                   legal_deadline(c.counts_from, term_count(t.term) + c.extended - c.elapsed, term_unit(t.term), c.division)::text,
                   ARRAY[c.matter], c.started_on
            FROM registry.clock c
            CROSS JOIN LATERAL policy_term(c.matter, c.division, c.started_on) AS t (term)
            WHERE c.division BETWEEN first AND last AND c.state = 'running' AND c.matter = ANY (keys)
              -- days and working days that have been counted cannot be exchanged
              AND (c.elapsed = 0 OR term_unit(t.term) = c.unit);
    END $$;
COMMENT ON FUNCTION registry.clock_decision(text[], division_code, division_code) IS
    'Last days of running limits by the settings of the day they started (期限决定); running clocks keep the limit with which they started';
