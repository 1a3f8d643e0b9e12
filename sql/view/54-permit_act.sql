-- The acts on permits: each names a permit, chooses the events and lets them decide.

CREATE OR REPLACE FUNCTION registry.named_permit(act text, arguments jsonb)
    RETURNS registry.permit
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    AS $$
    DECLARE
        permit registry.permit;
        person bigint;
    BEGIN
        PERFORM registry.require_argument(act, arguments, 'permit_id', 'permit_number', 'person_id', 'resident_id');
        IF arguments ?| '{person_id,resident_id}' THEN
            person := registry.named_person(act, arguments);
        END IF;
        IF arguments ? 'permit_id' THEN
            SELECT * INTO permit FROM registry.permit p
            WHERE p.permit_id = (arguments ->> 'permit_id')::bigint AND (p.permit_number = arguments ->> 'permit_number' OR NOT arguments ? 'permit_number');
        ELSIF arguments ? 'permit_number' THEN
            SELECT * INTO permit FROM registry.permit p WHERE p.permit_number = arguments ->> 'permit_number';
        ELSE
            -- the one that is going on, or else a draft, or else the last
            SELECT * INTO permit FROM registry.permit p
            WHERE p.person_id = person
            ORDER BY permit_phase(p.state) = 'end', p.state = 'draft', p.permit_id DESC
            LIMIT 1;
        END IF;
        IF permit.permit_id IS NULL THEN
            PERFORM refuse('RG165', ARRAY[COALESCE(arguments ->> 'permit_id', mask_number(arguments ->> 'permit_number'), person::text)], 'registry.permit', 'permit_id');
        ELSIF permit.person_id <> person THEN
            PERFORM refuse('RG086', ARRAY[permit.person_id, person]::text[], 'registry.permit', 'person_id');
        END IF;
        RETURN permit;
    END $$;
COMMENT ON FUNCTION registry.named_permit(text, jsonb) IS
    'The permit that the arguments permit_id, permit_number, person_id or resident_id name (居住证定位): of a person the one that is going on, or else a draft, or else the last; all that are given must fit. RG010, RG086, RG165, RG085';

CREATE OR REPLACE FUNCTION registry.take_permit_event(permit bigint, event text, arguments jsonb)
    RETURNS permit_state
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        state permit_state;
    BEGIN
        INSERT INTO registry.permit_event (permit_id, event, happened_on, channel, reason, evidence)
        VALUES (permit, event, (arguments ->> 'happened_on')::date, arguments ->> 'channel', arguments ->> 'reason',
                arguments - '{permit_id,permit_number,person_id,resident_id,proxy_person_id,happened_on,channel,reason,granted,outcome}'::text[])
        RETURNING to_state INTO state;
        RETURN state;
    END $$;
COMMENT ON FUNCTION registry.take_permit_event(bigint, text, jsonb) IS
    'Enters an event of a permit from the arguments of an act (登记办理事项); what is no column of the event is evidence';

CREATE OR REPLACE FUNCTION registry.permit_answer(act text, permit bigint)
    RETURNS api.answer
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        answer api.answer;
    BEGIN
        answer.accepted := true;
        answer.act := act;
        SELECT p.person_id, p.residence_id, r.dwelling_id, p.permit_id, p.permit_number, p.state::text
        INTO answer.person_id, answer.residence_id, answer.dwelling_id, answer.permit_id, answer.permit_number, answer.state
        FROM registry.permit p
        JOIN registry.residence r USING (residence_id)
        WHERE p.permit_id = permit;
        RETURN answer;
    END $$;
COMMENT ON FUNCTION registry.permit_answer(text, bigint) IS 'How an act answers with a permit (办理结果)';

CREATE OR REPLACE FUNCTION registry.apply_permit(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        permit bigint;
    BEGIN
        IF arguments ? 'permit_id' THEN
            permit := (registry.named_permit(act, arguments)).permit_id;
        END IF;
        IF permit IS NULL THEN
            INSERT INTO registry.permit (person_id, proxy_person_id, ground, applied_on)
            VALUES (registry.named_person(act, arguments), (arguments ->> 'proxy_person_id')::bigint, arguments ->> 'ground',
                    (arguments ->> 'happened_on')::date)
            RETURNING permit_id INTO permit;
        ELSIF arguments ? 'proxy_person_id' THEN
            UPDATE registry.permit p SET proxy_person_id = (arguments ->> 'proxy_person_id')::bigint WHERE p.permit_id = permit AND p.state = 'draft';
        END IF;
        PERFORM registry.take_permit_event(permit, 'apply', arguments);
        RETURN registry.permit_answer(act, permit);
    END $$;
COMMENT ON FUNCTION registry.apply_permit(text, jsonb) IS 'The act behind api.apply_permit() (居住证申领)';

CREATE OR REPLACE FUNCTION registry.decide_permit(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        permit  CONSTANT registry.permit := registry.named_permit(act, arguments);
        granted CONSTANT boolean := COALESCE((arguments ->> 'granted')::boolean, true);
    BEGIN
        -- on the spot the application is refused acceptance; later it is checked first
        IF permit.state = 'submitted' AND NOT granted THEN
            PERFORM registry.take_permit_event(permit.permit_id, 'refuse_acceptance', arguments);
        ELSE
            IF permit.state = 'accepted' THEN
                PERFORM registry.take_permit_event(permit.permit_id, 'verify', arguments);
            END IF;
            PERFORM registry.take_permit_event(permit.permit_id, CASE WHEN granted THEN 'approve' ELSE 'refuse' END, arguments);
        END IF;
        RETURN registry.permit_answer(act, permit.permit_id);
    END $$;
COMMENT ON FUNCTION registry.decide_permit(text, jsonb) IS 'The act behind api.decide_permit() (审批)';

CREATE OR REPLACE FUNCTION registry.produce_permit(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        permit CONSTANT registry.permit := registry.named_permit(act, arguments);
    BEGIN
        IF permit.state = 'make_failed' THEN
            PERFORM registry.take_permit_event(permit.permit_id, 'remake', arguments);
        END IF;
        PERFORM registry.take_permit_event(permit.permit_id,
            CASE WHEN COALESCE((arguments ->> 'granted')::boolean, true) THEN 'make' ELSE 'fail' END, arguments);
        RETURN registry.permit_answer(act, permit.permit_id);
    END $$;
COMMENT ON FUNCTION registry.produce_permit(text, jsonb) IS 'The act behind api.produce_permit() (制证)';

CREATE OR REPLACE FUNCTION registry.endorse_permit(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        permit CONSTANT registry.permit := registry.named_permit(act, arguments);
        day    CONSTANT date := COALESCE((arguments ->> 'happened_on')::date, today());
        state  permit_state := permit.state;
    BEGIN
        IF NOT COALESCE((arguments ->> 'granted')::boolean, true) THEN
            PERFORM registry.take_permit_event(permit.permit_id, 'refuse_endorsement', arguments);
            RETURN registry.permit_answer(act, permit.permit_id);
        END IF;
        -- who comes before the nightly job is as late as who comes after it
        IF state = 'valid' AND registry.endorsement_missed(permit, day) THEN
            state := registry.take_permit_event(permit.permit_id, 'suspend',
                jsonb_build_object('happened_on', registry.endorse_by(permit.endorsed_until, permit.division) + 1, 'channel', 'system'));
        END IF;
        PERFORM registry.take_permit_event(permit.permit_id, CASE WHEN state = 'suspended' THEN 'endorse_late' ELSE 'endorse' END, arguments);
        RETURN registry.permit_answer(act, permit.permit_id);
    END $$;
COMMENT ON FUNCTION registry.endorse_permit(text, jsonb) IS 'The act behind api.endorse_permit() (签注)';

CREATE OR REPLACE FUNCTION registry.replace_permit(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        permit    CONSTANT registry.permit := registry.named_permit(act, arguments);
        successor bigint;
    BEGIN
        PERFORM registry.take_permit_event(permit.permit_id, 'replace', arguments);
        SELECT p.permit_id INTO successor FROM registry.permit p WHERE p.replaces_id = permit.permit_id;
        RETURN registry.permit_answer(act, successor);
    END $$;
COMMENT ON FUNCTION registry.replace_permit(text, jsonb) IS 'The act behind api.replace_permit() (换领补领): answers with the new permit';

CREATE OR REPLACE FUNCTION registry.report_permit_lost(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        permit CONSTANT registry.permit := registry.named_permit(act, arguments);
    BEGIN
        PERFORM registry.take_permit_event(permit.permit_id,
            CASE WHEN (arguments ->> 'turned_up')::boolean THEN 'find' ELSE 'report_lost' END, arguments - 'turned_up');
        RETURN registry.permit_answer(act, permit.permit_id);
    END $$;
COMMENT ON FUNCTION registry.report_permit_lost(text, jsonb) IS 'The act behind api.report_permit_lost() (挂失、找回)';

CREATE OR REPLACE FUNCTION registry.permit_act(act text, event text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        permit CONSTANT registry.permit := registry.named_permit(act, arguments);
    BEGIN
        PERFORM registry.take_permit_event(permit.permit_id, event, arguments);
        RETURN registry.permit_answer(act, permit.permit_id);
    END $$;
COMMENT ON FUNCTION registry.permit_act(text, text, jsonb) IS 'An act that is one event of the permit that its arguments name (单一事项办理)';

DO $$
DECLARE
    simple record;
BEGIN
    FOR simple IN
        SELECT * FROM (VALUES
            ('accept_permit', 'accept', '受理'), ('request_supplement', 'request_supplement', '补正告知'),
            ('supplement_permit', 'supplement', '补齐'), ('deliver_permit', 'deliver', '发证'),
            ('change_permit_address', 'change_address', '居住变更'), ('cancel_permit', 'cancel', '注销'),
            ('revoke_permit', 'revoke', '撤销收缴'), ('withdraw_permit', 'withdraw', '撤回申请')) AS v (act, event, zh)
    LOOP
        EXECUTE format(
            $f$CREATE OR REPLACE FUNCTION registry.%1$I(act text, arguments jsonb)
                   RETURNS api.answer
                   LANGUAGE plpgsql
                   SET search_path FROM CURRENT
                   AS $body$
                   BEGIN
                       RETURN registry.permit_act(act, %2$L, arguments);
                   END $body$;
               COMMENT ON FUNCTION registry.%1$I(text, jsonb) IS %3$L$f$,
            simple.act, simple.event, format('The act behind api.%s() (%s)', simple.act, simple.zh));
    END LOOP;
END $$;
