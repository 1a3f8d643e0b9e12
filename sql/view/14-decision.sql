-- Deciders: the decisions that policy has a say in, as they are now. One function for each kind of subject;
-- policy.decide() joins them, policy.simulate() compares what they say before and after a draft.
-- A decider answers for the subjects whose division lies from first to last, with the decisions that depend on one of
-- the keys; the same subjects whatever the settings say. It takes the day "on" where the rules of the day decide.

CREATE OR REPLACE FUNCTION registry.decided(decision text, subject_id bigint, division division_code, counted_on date)
    RETURNS text
    -- VOLATILE, as all that call it, for no parallel plan: it begins a subtransaction
    LANGUAGE plpgsql VOLATILE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        permit registry.permit;
        clock  registry.clock;
        term   text;
    BEGIN
        CASE decision
            WHEN 'half_year_on' THEN RETURN half_year_on(counted_on, division);
            WHEN 'accepted_unless_asked_by' THEN RETURN registry.supplement_by(counted_on, division);
            WHEN 'endorse_from' THEN RETURN registry.endorse_from(counted_on, division);
            WHEN 'lapse_on' THEN RETURN registry.lapse_on(counted_on, division);
            WHEN 'due_on' THEN
                SELECT * INTO clock FROM registry.clock c WHERE c.clock_id = subject_id;
                term := policy_term(clock.matter, division, counted_on);
                -- days and working days that have been counted cannot be exchanged
                RETURN CASE WHEN clock_unit(term) = clock.unit OR clock.elapsed + clock.extended = 0
                            THEN clock_due(clock.counts_from, clock_budget(counted_on, term) + clock.extended - clock.elapsed, clock_unit(term), division) END;
            ELSE
                SELECT * INTO permit FROM registry.permit p WHERE p.permit_id = subject_id;
        END CASE;
        RETURN CASE decision
            WHEN 'eligible' THEN (SELECT bool_and(c.holds)::text FROM registry.permit_criterion(permit.person_id, division, counted_on, permit.permit_id) c WHERE c.required)
            WHEN 'count_from' THEN CASE policy_text('anniv_basis', division, counted_on) WHEN 'issue_date' THEN permit.issued_on
                ELSE (SELECT r.half_year_from FROM registry.residence r WHERE r.residence_id = permit.residence_id) END::text
            WHEN 'years_if_endorsed_late' THEN (registry.endorse_years(permit, registry.endorsed_late(permit, counted_on))).residence_years::text
        END;
    EXCEPTION WHEN OTHERS THEN
        -- a rule that refuses has decided, too, and does not hide what is decided on all others
        IF SQLSTATE NOT LIKE 'RG%' THEN
            RAISE;
        END IF;
        RETURN SQLSTATE || ': ' || SQLERRM;
    END $$;
COMMENT ON FUNCTION registry.decided(text, bigint, division_code, date) IS
    'A decision that a rule may refuse to make, on a residence, permit or clock in a division, on its day, as text (可能被拒的决定): what the rule of that name says, or the code and the words of its refusal, such as RG100 where the calendar of a year is missing';

CREATE OR REPLACE FUNCTION registry.residence_decision(keys text[], first division_code, last division_code)
    RETURNS SETOF policy.decision
    LANGUAGE plpgsql VOLATILE
    SET search_path FROM CURRENT
    SET jit = off
    -- asked county by county, thousands of times: planning costs more than most answers
    SET plan_cache_mode = force_generic_plan
    AS $$
    BEGIN
        RETURN QUERY
            SELECT 'residence', r.residence_id, r.division, d.decision, d.value, d.keys, d.counted_on
            FROM registry.residence r
            JOIN registry.person p ON p.person_id = r.person_id
            CROSS JOIN LATERAL (
                SELECT 'half_year_on', registry.decided('half_year_on', r.residence_id, r.division, r.half_year_from), '{permit_half_year}'::text[], r.half_year_from
                WHERE '{permit_half_year}' && residence_decision.keys
                UNION ALL
                SELECT 'guardian_needed', (age(p.birth_date, r.arrived_on) < policy_int('guarded_below_age', r.division, r.arrived_on))::text,
                       '{guarded_below_age}', r.arrived_on
                UNION ALL
                SELECT 'report_within', policy_text('arrival_report_occupant', r.division, r.arrived_on),
                       '{arrival_report_occupant}', r.arrived_on
            ) AS d (decision, value, keys, counted_on)
            WHERE r.division BETWEEN first AND last AND residence_is_current(r.state)
              AND d.keys && residence_decision.keys;
    END $$;
COMMENT ON FUNCTION registry.residence_decision(text[], division_code, division_code) IS
    'Decisions on current residences (居住登记决定): half_year_on, the day on which the half-year is full; guardian_needed; report_within, the term in which the occupant reports the arrival. Settings are those of the days of each residence';

CREATE OR REPLACE FUNCTION registry.dwelling_decision(keys text[], first division_code, last division_code, "on" date)
    RETURNS SETOF policy.decision
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    SET jit = off
    -- asked county by county, thousands of times: planning costs more than most answers
    SET plan_cache_mode = force_generic_plan
    AS $$
    BEGIN
        IF NOT keys && '{area_per_person_single, area_per_person_shared, room_limit, bed_limit, safety_letter_needed, manager_from}' THEN
            RETURN;
        END IF;
        RETURN QUERY
            -- a part lies where its whole lies
            WITH home AS (
                SELECT d.dwelling_id,
                       (SELECT count(*) FROM registry.residence r
                        WHERE r.dwelling_id = d.dwelling_id AND residence_is_current(r.state)) AS residents
                FROM registry.dwelling d
                WHERE d.division BETWEEN first AND last
            ), inside AS (
                SELECT whole.dwelling_id, sum(h.residents) AS residents
                FROM home h
                JOIN registry.dwelling_standing s ON s.dwelling_id = h.dwelling_id
                CROSS JOIN LATERAL unnest(s.whole_ids) AS whole (dwelling_id)
                GROUP BY whole.dwelling_id
            )
            SELECT 'dwelling', w.dwelling_id, w.division, d.decision, d.value::text, d.keys, dwelling_decision."on"
            FROM inside i
            JOIN registry.dwelling w ON w.dwelling_id = i.dwelling_id
            JOIN registry.dwelling_standing standing ON standing.dwelling_id = i.dwelling_id
            CROSS JOIN LATERAL (
                SELECT 'over_limit',
                       COALESCE(i.residents > least(area_allows(w.usable_area, w.division, dwelling_decision."on"),
                                                    kind_allows(w.kind, w.division, dwelling_decision."on")), false),
                       '{area_per_person_single, area_per_person_shared, room_limit, bed_limit}'::text[]
                UNION ALL
                SELECT 'letter_missing', standing.letter_on IS NULL AND needs_letter(w.let_state, w.division, dwelling_decision."on"),
                       '{safety_letter_needed}'
                UNION ALL
                SELECT 'manager_needed',
                       w.parent_id IS NULL AND COALESCE(i.residents >= policy_int('manager_from', w.division, dwelling_decision."on"), false),
                       '{manager_from}'
            ) AS d (decision, value, keys)
            WHERE d.keys && dwelling_decision.keys;
    END $$;
COMMENT ON FUNCTION registry.dwelling_decision(text[], division_code, division_code, date) IS
    'Decisions on dwellings by the rules of a day (房屋决定): over_limit, more live there than area and kind allow; letter_missing, the safety letter without which nobody may arrive; manager_needed';

-- A new decider is one more line here.
CREATE OR REPLACE FUNCTION policy.decide(keys text[], first division_code, last division_code, "on" date)
    RETURNS SETOF policy.decision
    LANGUAGE plpgsql VOLATILE
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN QUERY SELECT * FROM registry.residence_decision(keys, first, last);
        RETURN QUERY SELECT * FROM registry.dwelling_decision(keys, first, last, "on");
        RETURN QUERY SELECT * FROM registry.permit_decision(keys, first, last, "on");
        RETURN QUERY SELECT * FROM registry.clock_decision(keys, first, last);
    END $$;
COMMENT ON FUNCTION policy.decide(text[], division_code, division_code, date) IS
    'Every decision that depends on one of these parameters, for subjects in the divisions from first to last, as of a day (按政策作出的决定)';
