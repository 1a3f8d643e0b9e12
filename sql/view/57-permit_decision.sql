-- Deciders for permits and clocks: see 14-decision.sql.

CREATE OR REPLACE FUNCTION registry.permit_decision(keys text[], first division_code, last division_code, "on" date)
    RETURNS SETOF policy.decision
    LANGUAGE plpgsql VOLATILE
    SET search_path FROM CURRENT
    SET jit = off
    SET plan_cache_mode = force_generic_plan
    AS $$
    BEGIN
        RETURN QUERY
            SELECT 'permit', p.permit_id, p.division, d.decision, registry.decided(d.decision, p.permit_id, p.division, d.counted_on), d.keys, d.counted_on
            FROM registry.permit p
            CROSS JOIN LATERAL (VALUES
                ('eligible', p.state IN ('submitted', 'correction', 'accepted', 'review'), p.applied_on,
                 '{permit_issued, permit_min_age, permit_half_year}'::text[]),
                ('accepted_unless_asked_by', p.state = 'submitted', p.applied_on, '{supplement_notice}'),
                ('endorse_from', p.state = 'valid', p.endorsed_until, '{endorse_window}'),
                ('count_from', permit_phase(p.state) = 'card', p.issued_on, '{anniv_basis}'),
                ('years_if_endorsed_late', p.state = 'suspended', permit_decision."on", '{gap_policy}'),
                ('lapse_on', p.state = 'suspended', p.suspended_on, '{suspended_lapse}')
            ) AS d (decision, asked, counted_on, keys)
            WHERE p.division BETWEEN first AND last AND permit_phase(p.state) <> 'end'
              AND d.asked AND d.keys && permit_decision.keys;
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
    LANGUAGE plpgsql VOLATILE
    SET search_path FROM CURRENT
    SET jit = off
    SET plan_cache_mode = force_generic_plan
    AS $$
    BEGIN
        RETURN QUERY
            SELECT 'clock', c.clock_id, c.division, 'due_on', registry.decided('due_on', c.clock_id, c.division, c.started_on), ARRAY[c.matter], c.started_on
            FROM registry.clock c
            WHERE c.division BETWEEN first AND last AND c.state = 'running' AND c.matter = ANY (keys);
    END $$;
COMMENT ON FUNCTION registry.clock_decision(text[], division_code, division_code) IS
    'Last days of running limits by the settings of the day they started (期限决定); running clocks keep the limit with which they started. NULL: no limit, or days would have to be exchanged for working days';
