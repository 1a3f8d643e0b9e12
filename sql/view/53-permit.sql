-- Permits: what must be true before an event, and what it changes.
-- Every event of every client comes through registry.permit_effect(), one branch an event; registry.permit_follow()
-- then writes down what has changed elsewhere.

CREATE OR REPLACE FUNCTION registry.residence_on(person bigint, "on" date)
    RETURNS registry.residence
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        SELECT r
        FROM registry.residence r
        WHERE r.person_id = person AND r.state IN ('active', 'moved', 'departed', 'auto_closed')
          AND r.arrived_on <= "on" AND (r.departed_on IS NULL OR r.departed_on > "on")
        ORDER BY r.residence_id DESC
        LIMIT 1
    $$;
COMMENT ON FUNCTION registry.residence_on(bigint, date) IS 'The verified residence of a person on a day (当日有效居住登记), NULL if there is none';

CREATE OR REPLACE FUNCTION registry.evidence_list(evidence jsonb, name text)
    RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        -- a null in it names nothing, and compared with anything it would hide what is missing
        SELECT array_remove(array_remove(CASE jsonb_typeof(evidence -> name)
                   WHEN 'array' THEN ARRAY(SELECT jsonb_array_elements_text(evidence -> name))
                   WHEN 'string' THEN regexp_split_to_array(evidence ->> name, '[\s,]+')
                   ELSE '{}' END, NULL), '')
    $$;
COMMENT ON FUNCTION registry.evidence_list(jsonb, text) IS
    'Codes in the evidence of an event (依据清单): a JSON array, or words in a string; never NULL, and without nulls and empty words';

CREATE OR REPLACE FUNCTION registry.evidence_text(evidence jsonb, name text)
    RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$ SELECT NULLIF(btrim(evidence ->> name, E' \t\n\r\u3000\u00a0'), '') $$;
COMMENT ON FUNCTION registry.evidence_text(jsonb, text) IS 'A text in the evidence of an event (依据内容), NULL where there is none or nothing but blanks';

CREATE OR REPLACE FUNCTION registry.evidence_says(evidence jsonb, name text)
    RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$ SELECT COALESCE(lower(evidence ->> name) IN ('true', 't', 'yes', '1'), false) $$;
COMMENT ON FUNCTION registry.evidence_says(jsonb, text) IS 'Whether the evidence of an event says so (依据中的是否项): true, t, yes or 1; anything else does not';

CREATE OR REPLACE FUNCTION registry.permit_misstep(permit bigint, state permit_state, event text)
    RETURNS text[]
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        SELECT ARRAY[permit::text, permit_misstep.state::text, permit_misstep.event, COALESCE(string_agg(t.event, ', '), '-'), permit_state_name(permit_misstep.state),
                     COALESCE((SELECT e.event_zh FROM permit_transitions() e WHERE e.event = permit_misstep.event LIMIT 1), permit_misstep.event),
                     COALESCE(string_agg(t.event_zh, '、'), '无')]
        FROM permit_transitions() t
        WHERE t.from_state = permit_misstep.state
    $$;
COMMENT ON FUNCTION registry.permit_misstep(bigint, permit_state, text) IS
    'The facts of an event that cannot happen in a state (不能办理的事项): permit, state, event and what can happen instead, in English and then in Chinese';

CREATE OR REPLACE FUNCTION registry.next_permit_number(county division_code, "on" date)
    RETURNS text
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        number integer;
    BEGIN
        -- the row stays locked until the approval is committed or taken back: that is what keeps out gaps
        INSERT INTO registry.permit_number AS n (division, year, last_number)
        VALUES (county, extract(year FROM "on"), 1)
        ON CONFLICT (division, year) DO UPDATE SET last_number = n.last_number + 1
        RETURNING last_number INTO number;
        RETURN left(county::text, 6) || to_char("on", 'YYYY') || lpad(number::text, greatest(length(number::text), 6), '0');
    END $$;
COMMENT ON FUNCTION registry.next_permit_number(division_code, date) IS
    'The next number of a county in a year (居住证编号): six digits of the county, four of the year, six of the sequence, or as many as it needs; without gaps. Approvals of one county follow one another from here to their commit';

CREATE OR REPLACE FUNCTION registry.endorse_by(anniversary date, division division_code)
    RETURNS date
    -- PL/pgSQL, which keeps its plan: the nightly job asks it of every permit
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN CASE WHEN policy_bool('endorse_last_day_rolls', division, anniversary)
                    THEN legal_deadline(anniversary - 1, 1, 'day', division) ELSE anniversary END;
    END $$;
COMMENT ON FUNCTION registry.endorse_by(date, division_code) IS
    'The last day for an endorsement (签注截止日): the anniversary, past a rest period where policy endorse_last_day_rolls says so (民法典 Art. 203)';

CREATE OR REPLACE FUNCTION registry.endorsement_missed(permit registry.permit, "on" date)
    RETURNS boolean
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        -- the calendar is asked for days past the anniversary only: next year's may not have been announced
        RETURN CASE WHEN "on" > permit.endorsed_until THEN "on" > registry.endorse_by(permit.endorsed_until, permit.division) ELSE false END;
    END $$;
COMMENT ON FUNCTION registry.endorsement_missed(registry.permit, date) IS 'Whether the last day for an endorsement has passed (是否逾期未签注)';

CREATE OR REPLACE FUNCTION registry.endorse_from(anniversary date, division division_code)
    RETURNS date
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$ SELECT add_term(anniversary, '-' || policy_text('endorse_window', division, anniversary), division) $$;
COMMENT ON FUNCTION registry.endorse_from(date, division_code) IS
    'The first day for an endorsement (签注起始日): policy endorse_window before the anniversary (居住证暂行条例 Art. 10)';

CREATE OR REPLACE FUNCTION registry.permit_entry(entry registry.permit)
    RETURNS registry.permit
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        at        CONSTANT text := 'registry.permit';
        residence registry.residence;
        old       registry.permit;
    BEGIN
        entry.applied_on := COALESCE(entry.applied_on, today());
        IF entry.applied_on > today() THEN
            PERFORM refuse('RG141', ARRAY[entry.applied_on, today()]::text[], at, 'applied_on');
        END IF;
        IF entry.replaces_id IS NOT NULL THEN
            SELECT * INTO old FROM registry.permit p WHERE p.permit_id = entry.replaces_id AND p.person_id = entry.person_id;
            IF NOT FOUND OR old.state <> 'replaced' THEN
                PERFORM refuse('RG169', ARRAY[entry.replaces_id::text], at, 'replaces_id');
            END IF;
            entry.residence_id := old.residence_id;
            entry.ground := old.ground;
        END IF;
        IF entry.residence_id IS NULL THEN
            residence := registry.residence_on(entry.person_id, entry.applied_on);
        ELSE
            SELECT * INTO residence FROM registry.residence r WHERE r.residence_id = entry.residence_id AND r.person_id = entry.person_id;
        END IF;
        IF residence.residence_id IS NULL THEN
            PERFORM refuse('RG144', ARRAY[COALESCE(entry.person_id::text, '-'), entry.applied_on::text], at, 'residence_id');
        END IF;
        entry.residence_id := residence.residence_id;
        entry.division := COALESCE(old.division, county(residence.division));
        entry.city := city(entry.division);
        entry.ground := checked_code('permit_ground', COALESCE(entry.ground, 'employment'), at, 'ground');
        -- the rest comes with the events
        entry.permit_number := NULL;
        entry.clock_id := NULL;
        entry.last_sequence := 0;
        entry.state := NULL;
        entry.issued_on := NULL;
        entry.count_from := NULL;
        entry.endorsed_until := NULL;
        entry.residence_years := 0;
        entry.suspended_on := NULL;
        RETURN entry;
    END $$;
COMMENT ON FUNCTION registry.permit_entry(registry.permit) IS
    'A permit as it is entered (居住证初录): person, ground and residence, today''s where none is given; a replacement takes them from the permit it replaces. RG006, RG141, RG144, RG169';

CREATE OR REPLACE FUNCTION registry.check_permit_application(permit registry.permit, "on" date)
    RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        at     CONSTANT text := 'registry.permit_event';
        person registry.person;
        years  integer;
        needed CONSTANT integer := policy_int('permit_min_age', permit.division, "on");
        other  registry.permit;
    BEGIN
        SELECT * INTO person FROM registry.person p WHERE p.person_id = permit.person_id;
        years := age(person.birth_date, "on");
        -- nobody is their own proxy, and who knows no birthday can't tell a child
        IF permit.proxy_person_id IS NOT DISTINCT FROM permit.person_id THEN
            permit.proxy_person_id := NULL;
        END IF;
        IF permit.proxy_person_id IS NULL AND needed > COALESCE(years, 0) THEN
            PERFORM refuse('RG145', ARRAY[person.person_id::text, COALESCE(years::text, '?'), needed::text], at, 'event');
        END IF;
        IF person.household_division IS NULL THEN
            PERFORM refuse('RG147', ARRAY[person.person_id::text], at, 'event');
        ELSIF city(person.household_division) = permit.city THEN
            PERFORM refuse('RG146', ARRAY[person.person_id::text, person.household_division::text, permit.division::text], at, 'event');
        END IF;
        SELECT * INTO other FROM registry.permit p
        WHERE p.person_id = permit.person_id AND p.city = permit.city AND p.permit_id <> permit.permit_id
          AND p.state <> 'draft' AND permit_phase(p.state) <> 'end';
        IF FOUND THEN
            PERFORM refuse('RG148', ARRAY[other.permit_id::text, other.state::text, permit_state_name(other.state)], at, 'event');
        END IF;
    END $$;
COMMENT ON FUNCTION registry.check_permit_application(registry.permit, date) IS
    'What an application must be (申领校验): RG145 age, RG146 and RG147 household, RG148 one at a time in a city';

CREATE OR REPLACE FUNCTION registry.check_permit_residence(permit registry.permit, "on" date)
    RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        at      CONSTANT text := 'registry.permit_event';
        current registry.residence := registry.residence_on(permit.person_id, "on");
    BEGIN
        IF current.residence_id IS NULL THEN
            PERFORM refuse('RG144', ARRAY[permit.person_id::text, "on"::text], at, 'residence_id');
        ELSIF current.residence_id <> permit.residence_id THEN
            PERFORM refuse('RG157', ARRAY[permit.permit_id, permit.residence_id, current.residence_id]::text[], at, 'residence_id');
        END IF;
    END $$;
COMMENT ON FUNCTION registry.check_permit_residence(registry.permit, date) IS
    'The person lives where the permit says (居住登记校验): RG144 nowhere, RG157 elsewhere';

CREATE OR REPLACE FUNCTION registry.check_permit_materials(permit registry.permit, evidence jsonb)
    RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        needed     text[];
        missing    text;
        missing_zh text;
    BEGIN
        IF permit.state = 'correction' THEN
            -- what was asked for last: an application that was withdrawn and entered again has its own list
            SELECT registry.evidence_list(e.evidence, 'missing') INTO needed FROM registry.permit_event e
            WHERE e.permit_id = permit.permit_id AND e.event = 'request_supplement'
            ORDER BY e.sequence DESC LIMIT 1;
        ELSE
            needed := string_to_array(policy_text('permit_materials_' || permit.ground, permit.division, permit.applied_on), ' ')
                      || CASE WHEN permit.proxy_person_id IS NOT NULL THEN 'proxy_id_card' END;
        END IF;
        SELECT string_agg(n, ', '), string_agg(COALESCE((SELECT v.name FROM code.value v WHERE v.list = 'permit_material' AND v.code = n), n), '、')
        INTO missing, missing_zh
        FROM unnest(needed) AS n
        WHERE n <> ALL (registry.evidence_list(evidence, 'materials') || registry.evidence_list(evidence, 'delivered'));
        IF missing IS NOT NULL THEN
            PERFORM refuse('RG149', ARRAY[missing, missing_zh], 'registry.permit_event', 'evidence');
        END IF;
    END $$;
COMMENT ON FUNCTION registry.check_permit_materials(registry.permit, jsonb) IS
    'The materials are complete (材料校验): those of policy permit_materials_<ground> and the proxy''s identity card, after a request for supplement those on its list. RG149';

CREATE OR REPLACE FUNCTION registry.check_sent_back_in_time(permit registry.permit, "on" date)
    RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        last CONSTANT date := registry.supplement_by(permit.applied_on, permit.division);
    BEGIN
        IF "on" > last THEN
            PERFORM refuse('RG152', ARRAY[permit.applied_on, last]::text[], 'registry.permit_event', 'happened_on');
        END IF;
    END $$;
COMMENT ON FUNCTION registry.check_sent_back_in_time(registry.permit, date) IS
    'An application goes back, for a supplement or as not accepted, before it counts as accepted (视为受理校验; 行政许可法 Art. 32): RG152';

CREATE OR REPLACE FUNCTION registry.check_supplement_request(permit registry.permit, event registry.permit_event)
    RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        at      CONSTANT text := 'registry.permit_event';
        missing CONSTANT text[] := registry.evidence_list(event.evidence, 'missing');
        unknown text;
        before  date;
    BEGIN
        SELECT m INTO unknown FROM unnest(missing) AS m WHERE NOT is_code('permit_material', m) LIMIT 1;
        IF FOUND OR cardinality(missing) = 0 THEN
            PERFORM refuse('RG150', ARRAY[COALESCE(left(unknown, 40), '')], at, 'evidence');
        END IF;
        SELECT e.happened_on INTO before FROM registry.permit_event e
        WHERE e.permit_id = permit.permit_id AND e.event = 'request_supplement' AND e.happened_on >= permit.applied_on;
        IF FOUND THEN
            PERFORM refuse('RG151', ARRAY[permit.permit_id::text, before::text], at, 'event');
        END IF;
        PERFORM registry.check_sent_back_in_time(permit, event.happened_on);
    END $$;
COMMENT ON FUNCTION registry.check_supplement_request(registry.permit, registry.permit_event) IS
    'A request for supplement names everything, once and in time (一次性告知校验; 行政许可法 Art. 32): RG150-RG152';

CREATE OR REPLACE FUNCTION registry.supplement_by(applied_on date, division division_code)
    RETURNS date
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$ SELECT legal_deadline(applied_on, policy_text('supplement_notice', division, applied_on), division) $$;
COMMENT ON FUNCTION registry.supplement_by(date, division_code) IS
    'The last day to ask for a supplement (补正告知截止日), by policy supplement_notice; after it the application counts as accepted (行政许可法 Art. 32)';

CREATE OR REPLACE FUNCTION registry.registered_months(person bigint, city division_code, "on" date)
    RETURNS integer
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        -- thirty days make a month
        SELECT (COALESCE(sum(least(r.departed_on, "on") - greatest(r.arrived_on, add_months_legal("on", -12))), 0) / 30)::integer
        FROM registry.residence r
        WHERE r.person_id = person AND r.state IN ('active', 'moved', 'departed', 'auto_closed') AND city(r.division) = registered_months.city
          AND r.arrived_on < "on" AND COALESCE(r.departed_on > add_months_legal("on", -12), true)
    $$;
COMMENT ON FUNCTION registry.registered_months(bigint, division_code, date) IS
    'Months of thirty days that a person was registered in a city in the year before a day (近一年登记月数)';

CREATE OR REPLACE FUNCTION registry.check_endorsement(permit registry.permit, "on" date)
    RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        at     CONSTANT text := 'registry.permit_event';
        opens  date;
        months integer;
    BEGIN
        IF permit.state = 'valid' THEN
            opens := registry.endorse_from(permit.endorsed_until, permit.division);
            IF "on" < opens THEN
                PERFORM refuse('RG156', ARRAY[permit.permit_id::text, opens::text, permit.endorsed_until::text], at, 'happened_on');
            ELSIF registry.endorsement_missed(permit, "on") THEN
                PERFORM refuse('RG168', ARRAY[permit.permit_id::text, registry.endorse_by(permit.endorsed_until, permit.division)::text],
                               at, 'happened_on');
            END IF;
        END IF;
        PERFORM registry.check_permit_residence(permit, "on");
        months := registry.registered_months(permit.person_id, permit.city, "on");
        IF months < policy_int('endorse_registered_months', permit.division, "on") THEN
            PERFORM refuse('RG170', ARRAY[permit.person_id, months, policy_int('endorse_registered_months', permit.division, "on")]::text[], at, 'event');
        END IF;
    END $$;
COMMENT ON FUNCTION registry.check_endorsement(registry.permit, date) IS
    'An endorsement comes in its window and where the permit''s residence is (签注校验; 居住证暂行条例 Art. 10): RG144, RG156, RG157, RG168, RG170; whether something still entitles is for registry.decide()';

CREATE OR REPLACE FUNCTION registry.lapse_on(suspended_on date, division division_code)
    RETURNS date
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$ SELECT add_term(suspended_on, policy_text('suspended_lapse', division, suspended_on), division) $$;
COMMENT ON FUNCTION registry.lapse_on(date, division_code) IS
    'The day on which a suspended permit lapses (中止期满日), by policy suspended_lapse; NULL where it never does';

CREATE OR REPLACE FUNCTION registry.permit_lapsed(permit registry.permit, "on" date)
    RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        SELECT CASE WHEN permit.suspended_on IS NOT NULL THEN registry.lapse_on(permit.suspended_on, permit.division) <= "on"
                    WHEN registry.endorsement_missed(permit, "on")
                    THEN registry.lapse_on(registry.endorse_by(permit.endorsed_until, permit.division) + 1, permit.division) <= "on"
                    ELSE false END IS TRUE
    $$;
COMMENT ON FUNCTION registry.permit_lapsed(registry.permit, date) IS
    'Whether the suspension of a permit has come to its end by a day (是否中止期满), whether or not the nightly job has entered it';

CREATE OR REPLACE FUNCTION registry.decide(permit registry.permit, event registry.permit_event, granted boolean)
    RETURNS bigint
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        -- eligibility is a matter of the day of application, later events of their own day
        day      CONSTANT date := CASE WHEN event.event IN ('approve', 'refuse') THEN permit.applied_on ELSE event.happened_on END;
        found    jsonb;
        entitled boolean;
        failing  text[];
        decision bigint;
    BEGIN
        SELECT jsonb_agg(to_jsonb(c) ORDER BY c.sort), bool_or(c.holds) FILTER (WHERE c.criterion = 'ground'),
               ARRAY[string_agg(c.criterion, ', ' ORDER BY c.sort) FILTER (WHERE c.required AND c.holds IS NOT TRUE),
                         string_agg(c.criterion_zh, '、' ORDER BY c.sort) FILTER (WHERE c.required AND c.holds IS NOT TRUE)]
        INTO found, entitled, failing
        FROM registry.permit_criterion(permit.person_id, permit.division, day, permit.permit_id) c;
        IF event.event = 'approve' AND failing[1] IS NOT NULL THEN
            PERFORM refuse('RG155', permit.permit_id::text || failing, 'registry.permit_event', 'event');
        ELSIF event.event IN ('endorse', 'endorse_late') AND entitled IS NOT TRUE THEN
            PERFORM refuse('RG158', ARRAY[permit.person_id::text, event.happened_on::text], 'registry.permit_event', 'event');
        END IF;
        INSERT INTO registry.decision (permit_id, matter, granted, decided_on, criteria, reason, remedy, actor)
        VALUES (permit.permit_id, event.event, granted, event.happened_on, found, event.reason,
                CASE WHEN NOT granted THEN COALESCE(registry.evidence_text(event.evidence, 'remedy'),
                                                  policy_text('permit_remedy', permit.division, event.happened_on)) END, event.actor)
        RETURNING decision_id INTO decision;
        RETURN decision;
    END $$;
COMMENT ON FUNCTION registry.decide(registry.permit, registry.permit_event, boolean) IS
    'Writes down a decision with every criterion as it is found, under the rules of its day (作出决定); RG155 an approval that does not rest on all that are required, RG158 an endorsement without a ground';

CREATE OR REPLACE FUNCTION registry.require_reason(event registry.permit_event)
    RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        IF is_plain_text(event.reason, 500) IS NOT TRUE THEN
            PERFORM refuse('RG153', ARRAY[event.event, (SELECT t.event_zh FROM permit_transitions() t WHERE t.event = require_reason.event.event LIMIT 1)], 'registry.permit_event', 'reason');
        END IF;
    END $$;
COMMENT ON FUNCTION registry.require_reason(registry.permit_event) IS 'Refuses with RG153 an event without a reason (理由校验)';

CREATE OR REPLACE FUNCTION registry.check_cancellation(permit registry.permit, event registry.permit_event)
    RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        person registry.person;
        holds  boolean;
    BEGIN
        SELECT * INTO person FROM registry.person p WHERE p.person_id = permit.person_id;
        holds := CASE event.reason
            WHEN 'local_household' THEN city(person.household_division) = permit.city
            WHEN 'departure' THEN city((registry.residence_on(permit.person_id, event.happened_on)).division) IS DISTINCT FROM permit.city
            ELSE is_code('permit_cancel_reason', event.reason) END;
        IF holds IS NOT TRUE THEN
            PERFORM refuse('RG164', ARRAY[permit.permit_id::text, COALESCE(left(event.reason, 40), '')], 'registry.permit_event', 'reason');
        END IF;
    END $$;
COMMENT ON FUNCTION registry.check_cancellation(registry.permit, registry.permit_event) IS
    'A permit is cancelled for a statutory reason that holds (注销校验): RG164';

CREATE OR REPLACE FUNCTION registry.endorse_years(permit registry.permit, event registry.permit_event)
    RETURNS registry.permit_event
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        gap  CONSTANT text := policy_text('gap_policy', permit.division, event.happened_on);
        kept CONSTANT boolean := permit.state = 'valid'
            OR gap = 'tolerate_30' AND event.happened_on <= permit.endorsed_until + 30;
    BEGIN
        -- in time, the year that ends counts and the next one follows; late, it is a matter of the place
        event.residence_years := CASE WHEN kept OR gap = 'exclude_gap' THEN permit.residence_years + 1 ELSE 0 END;
        event.count_from := CASE WHEN kept THEN permit.count_from ELSE event.happened_on END;
        event.endorsed_until := anniversary_after(event.count_from, CASE WHEN kept THEN permit.endorsed_until ELSE event.happened_on END);
        event.suspended_on := NULL;
        RETURN event;
    END $$;
COMMENT ON FUNCTION registry.endorse_years(registry.permit, registry.permit_event) IS
    'Years and next anniversary after an endorsement (签注后居住年限): after a late one by policy gap_policy: exclude_gap keeps the years without the suspended time, tolerate_30 keeps all within 30 days, restart begins anew (居住证暂行条例 Art. 10)';

CREATE OR REPLACE FUNCTION registry.first_delivery(permit registry.permit, event registry.permit_event)
    RETURNS registry.permit_event
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        SELECT CASE policy_text('anniv_basis', permit.division, permit.issued_on)
                   WHEN 'issue_date' THEN permit.issued_on ELSE r.half_year_from END
        INTO event.count_from
        FROM registry.residence r
        WHERE r.residence_id = permit.residence_id;
        event.endorsed_until := anniversary_after(event.count_from, permit.issued_on);
        event.residence_years := greatest(age(event.count_from, permit.issued_on), 0);
        RETURN event;
    END $$;
COMMENT ON FUNCTION registry.first_delivery(registry.permit, registry.permit_event) IS
    'From where the anniversaries of a new permit count, by policy anniv_basis (首个周年日): residence_start the residence''s half-year, issue_date the day of signature';

CREATE OR REPLACE FUNCTION registry.permit_effect(permit registry.permit, event registry.permit_event)
    RETURNS registry.permit_event
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        at       CONSTANT text := 'registry.permit_event';
        today    CONSTANT date := event.happened_on;
        evidence CONSTANT jsonb := event.evidence;
        moved    registry.residence;
        day      date;
        fee      numeric;
    BEGIN
        CASE event.event
        WHEN 'enter' THEN
            NULL;
        WHEN 'apply' THEN
            -- a draft may have waited, or been withdrawn: it is for where the person lives in the county, and on what they rely now
            moved := registry.residence_on(permit.person_id, today);
            IF county(moved.division) = permit.division THEN
                permit.residence_id := moved.residence_id;
            END IF;
            event.residence_id := permit.residence_id;
            event.ground := checked_code('permit_ground', COALESCE(registry.evidence_text(evidence, 'ground'), permit.ground), at, 'evidence');
            PERFORM registry.check_permit_residence(permit, today);
            PERFORM registry.check_permit_application(permit, today);
        WHEN 'accept' THEN
            -- nobody has asked for more in time: by law it is accepted as it is
            IF today <= registry.supplement_by(permit.applied_on, permit.division) THEN
                PERFORM registry.check_permit_materials(permit, evidence);
            END IF;
        WHEN 'request_supplement' THEN
            PERFORM registry.check_supplement_request(permit, event);
        WHEN 'supplement' THEN
            PERFORM registry.check_permit_materials(permit, evidence);
        WHEN 'refuse_acceptance', 'refuse', 'refuse_endorsement' THEN
            IF event.event = 'refuse_acceptance' AND permit.state <> 'correction' THEN
                PERFORM registry.check_sent_back_in_time(permit, today);
            END IF;
            PERFORM registry.require_reason(event);
            event.decision_id := registry.decide(permit, event, false);
        WHEN 'verify' THEN
            PERFORM registry.check_permit_residence(permit, today);
        WHEN 'approve' THEN
            event.decision_id := registry.decide(permit, event, true);
            -- who has left the city or died since gets none
            IF city((registry.residence_on(permit.person_id, today)).division) IS DISTINCT FROM permit.city THEN
                PERFORM refuse('RG144', ARRAY[permit.person_id::text, today::text], at, 'residence_id');
            END IF;
            event.issued_on := today;
        WHEN 'make', 'remake', 'withdraw', 'report_lost' THEN
            NULL;
        WHEN 'find' THEN
            event.suspended_on := NULL;
        WHEN 'fail' THEN
            PERFORM registry.require_reason(event);
        WHEN 'deliver' THEN
            IF COALESCE(registry.evidence_text(evidence, 'collector'), registry.evidence_text(evidence, 'tracking_number')) IS NULL THEN
                PERFORM refuse('RG154', '{}', at, 'evidence');
            ELSIF NOT EXISTS (SELECT FROM registry.residence r
                              WHERE r.residence_id = permit.residence_id AND r.state NOT IN ('rejected', 'voided')) THEN
                -- it rests on a registration that was wrong
                PERFORM refuse('RG144', ARRAY[permit.person_id::text, today::text], at, 'residence_id');
            END IF;
            event.suspended_on := NULL;
            IF permit.replaces_id IS NULL THEN
                event := registry.first_delivery(permit, event);
            END IF;
        WHEN 'suspend' THEN
            IF NOT registry.endorsement_missed(permit, today) THEN
                PERFORM refuse('RG159', ARRAY[permit.permit_id::text, permit.endorsed_until::text], at, 'happened_on');
            END IF;
            event.suspended_on := registry.endorse_by(permit.endorsed_until, permit.division) + 1;
        WHEN 'endorse', 'endorse_late' THEN
            IF permit.state = 'suspended' AND registry.permit_lapsed(permit, today) THEN
                PERFORM refuse('RG172', ARRAY[permit.permit_id::text, permit.suspended_on::text,
                                              registry.lapse_on(permit.suspended_on, permit.division)::text], at, 'happened_on');
            END IF;
            PERFORM registry.check_endorsement(permit, today);
            event.decision_id := registry.decide(permit, event, true);
            event := registry.endorse_years(permit, event);
        WHEN 'lapse' THEN
            day := registry.lapse_on(permit.suspended_on, permit.division);
            IF day IS NULL OR today < day THEN
                PERFORM refuse('RG160', ARRAY[permit.permit_id::text, permit.suspended_on::text, COALESCE(day::text, '-')], at, 'happened_on');
            END IF;
        WHEN 'change_address' THEN
            moved := registry.residence_on(permit.person_id, today);
            IF moved.residence_id IS NULL THEN
                PERFORM refuse('RG144', ARRAY[permit.person_id::text, today::text], at, 'residence_id');
            ELSIF moved.residence_id = permit.residence_id OR city(moved.division) <> permit.city THEN
                PERFORM refuse('RG161', ARRAY[moved.residence_id::text, permit.city::text], at, 'residence_id');
            END IF;
            event.residence_id := moved.residence_id;
        WHEN 'replace' THEN
            IF permit.state = 'valid' AND NOT registry.evidence_says(evidence, 'returned_card') THEN
                PERFORM refuse('RG162', ARRAY[permit.permit_id::text], at, 'evidence');
            END IF;
            fee := policy_numeric('permit_replacement_fee', permit.division, today);
            IF fee > 0 AND NOT registry.evidence_says(evidence, 'fee_paid') THEN
                PERFORM refuse('RG167', ARRAY[fee::text], at, 'evidence');
            END IF;
        WHEN 'reissue' THEN
            SELECT today, p.count_from, p.endorsed_until, p.residence_years, p.suspended_on
            INTO event.issued_on, event.count_from, event.endorsed_until, event.residence_years, event.suspended_on
            FROM registry.permit p
            WHERE p.permit_id = permit.replaces_id;
        WHEN 'cancel' THEN
            PERFORM registry.check_cancellation(permit, event);
        WHEN 'revoke' THEN
            IF registry.evidence_text(evidence, 'penalty_decision') IS NULL THEN
                PERFORM refuse('RG163', ARRAY[permit.permit_id::text], at, 'evidence');
            END IF;
        END CASE;
        RETURN event;
    END $$;
COMMENT ON FUNCTION registry.permit_effect(registry.permit, registry.permit_event) IS
    'Whether an event may happen to a permit, and the permit after it (办理事项的条件与效果), one branch an event: RG144-RG164, RG167, RG168, RG170, RG172';

CREATE OR REPLACE FUNCTION registry.permit_clock(permit registry.permit, event registry.permit_event)
    RETURNS bigint
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        IF event.to_state = 'accepted' THEN
            RETURN registry.start_clock('permit_issue', permit.division,
                CASE WHEN event.event = 'accept' AND event.happened_on > registry.supplement_by(permit.applied_on, permit.division)
                     THEN permit.applied_on ELSE event.happened_on END);
        ELSIF event.event = 'reissue' AND policy_text('permit_replace', permit.division, event.happened_on) IS NOT NULL THEN
            RETURN registry.start_clock('permit_replace', permit.division, event.happened_on);
        ELSIF event.event IN ('deliver', 'refuse', 'withdraw', 'revoke') AND permit_phase(event.from_state) = 'application'
              -- that of an application withdrawn before, or one that was stopped by hand, has ended
              AND EXISTS (SELECT FROM registry.clock c WHERE c.clock_id = permit.clock_id AND c.state <> 'stopped') THEN
            PERFORM registry.clock_step(permit.clock_id, 'stop', event.happened_on);
        END IF;
        RETURN permit.clock_id;
    END $$;
COMMENT ON FUNCTION registry.permit_clock(registry.permit, registry.permit_event) IS
    'The time limit of an application (办理时限): starts with the acceptance – from the day of receipt where nobody asked for more in time –, or with the replacement where the place has permit_replace; stops with delivery, refusal, withdrawal or revocation';

CREATE OR REPLACE FUNCTION registry.permit_after(permit registry.permit, event registry.permit_event)
    RETURNS registry.permit
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        permit.last_sequence := event.sequence;
        permit.state := event.to_state;
        permit.residence_id := event.residence_id;
        permit.ground := event.ground;
        permit.issued_on := event.issued_on;
        permit.count_from := event.count_from;
        permit.endorsed_until := event.endorsed_until;
        permit.residence_years := event.residence_years;
        permit.suspended_on := event.suspended_on;
        IF event.event = 'apply' THEN
            permit.applied_on := event.happened_on;
        END IF;
        RETURN permit;
    END $$;
COMMENT ON FUNCTION registry.permit_after(registry.permit, registry.permit_event) IS 'A permit as an event leaves it (事项后的居住证)';

CREATE OR REPLACE FUNCTION registry.permit_ended_by(person bigint, city division_code)
    RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        SELECT CASE WHEN p.died_on IS NOT NULL THEN 'death'
                    WHEN city(p.household_division) = permit_ended_by.city THEN 'local_household' END
        FROM registry.person p
        WHERE p.person_id = person
    $$;
COMMENT ON FUNCTION registry.permit_ended_by(bigint, division_code) IS
    'What ends the permits of a person in a city by itself, a code of permit_cancel_reason (自动注销原因): death, local_household; NULL nothing';

CREATE OR REPLACE FUNCTION registry.permit_follow(event registry.permit_event)
    RETURNS void
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        permit registry.permit;
        clock  bigint;
        ended  text;
    BEGIN
        SELECT * INTO permit FROM registry.permit p WHERE p.permit_id = event.permit_id;
        clock := registry.permit_clock(permit, event);
        permit := registry.permit_after(permit, event);
        UPDATE registry.permit p
        SET (last_sequence, state, residence_id, ground, issued_on, count_from, endorsed_until, residence_years, suspended_on, applied_on, clock_id)
            = (permit.last_sequence, permit.state, permit.residence_id, permit.ground, permit.issued_on, permit.count_from,
               permit.endorsed_until, permit.residence_years, permit.suspended_on, permit.applied_on, clock)
        WHERE p.permit_id = event.permit_id;

        IF event.event = 'replace' THEN
            INSERT INTO registry.permit (person_id, proxy_person_id, applied_on, replaces_id)
            VALUES (permit.person_id, permit.proxy_person_id, event.happened_on, permit.permit_id);
        ELSIF event.event = 'refuse_endorsement'
              AND policy_bool('refused_endorsement_cancels', permit.division, event.happened_on) THEN
            INSERT INTO registry.permit_event (permit_id, event, happened_on, reason, channel)
            VALUES (permit.permit_id, 'cancel', event.happened_on, 'refused_endorsement', event.channel);
        ELSIF event.event IN ('deliver', 'find') THEN
            -- what happened while there was no card to end or suspend; an import tells it itself in its next row
            -- a death that is being entered is waited for; it finds the card of a transaction that was first
            IF event.event = 'deliver' THEN
                PERFORM FROM registry.person p WHERE p.person_id = permit.person_id FOR SHARE;
            END IF;
            ended := registry.permit_ended_by(permit.person_id, permit.city);
            INSERT INTO registry.permit_event (permit_id, event, happened_on, reason, channel)
            SELECT permit.permit_id, CASE WHEN ended IS NULL THEN 'suspend' ELSE 'cancel' END, event.happened_on, ended, 'system'
            WHERE (ended IS NOT NULL OR registry.endorsement_missed(permit, event.happened_on))
              AND NOT EXISTS (SELECT FROM registry.permit_event e WHERE e.permit_id = permit.permit_id AND e.sequence > permit.last_sequence);
        END IF;
    END $$;
COMMENT ON FUNCTION registry.permit_follow(registry.permit_event) IS
    'What an event brings about (办理事项生效): the permit as it is now, its clock; a replaced permit has a successor; a refused endorsement ends the permit where policy refused_endorsement_cancels says so; a card that is delivered or found after its last day for an endorsement is suspended, after a death or the household''s move cancelled, at once';
