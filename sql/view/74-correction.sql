-- Correction and restriction, legal holds: the acts, and what contradicts a corrected person.

CREATE OR REPLACE FUNCTION registry.person_contradiction(person bigint)
    RETURNS TABLE (contradiction text, table_name text, record_id bigint)
    LANGUAGE sql STABLE PARALLEL SAFE
    -- a function runs as who asks, also in a view of the owner's
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
        SELECT 'arrival_before_birth', 'registry.residence', r.residence_id
        FROM registry.person p JOIN registry.residence r ON r.person_id = p.person_id
        WHERE p.person_id = person AND r.state NOT IN ('rejected', 'voided') AND r.arrived_on < p.birth_date
        UNION ALL
        SELECT 'minor_without_guardian', 'registry.residence', r.residence_id
        FROM registry.person p JOIN registry.residence r ON r.person_id = p.person_id
        WHERE p.person_id = person AND residence_is_current(r.state) AND r.guardian_person_id IS NULL
          AND age(p.birth_date, r.arrived_on) < policy_int('guarded_below_age', r.division, r.arrived_on)
        UNION ALL
        SELECT 'guardian_not_of_age', 'registry.residence', r.residence_id
        FROM registry.person p JOIN registry.residence r ON r.guardian_person_id = p.person_id
        WHERE p.person_id = person AND residence_is_current(r.state)
          AND age(p.birth_date, r.arrived_on) < policy_int('guardian_age', r.division, r.arrived_on)
        UNION ALL
        SELECT 'record_before_birth', l.table_name, l.record_id
        FROM registry.person p
        CROSS JOIN LATERAL (
            SELECT 'registry.employment', e.employment_id, e.hired_on FROM registry.employment e WHERE e.person_id = p.person_id AND e.void_reason IS NULL
            UNION ALL
            SELECT 'registry.tenancy', t.tenancy_id, t.starts_on FROM registry.tenancy t WHERE t.person_id = p.person_id AND t.void_reason IS NULL
            UNION ALL
            SELECT 'registry.schooling', s.schooling_id, s.starts_on FROM registry.schooling s WHERE s.person_id = p.person_id AND s.void_reason IS NULL
            UNION ALL
            SELECT 'registry.ownership', o.ownership_id, o.starts_on FROM registry.ownership o WHERE o.person_id = p.person_id AND o.void_reason IS NULL
        ) AS l (table_name, record_id, starts_on)
        WHERE p.person_id = person AND l.starts_on < p.birth_date
        UNION ALL
        SELECT 'local_permit', 'registry.permit', q.permit_id
        FROM registry.person p JOIN registry.permit q ON q.person_id = p.person_id
        WHERE p.person_id = person AND permit_phase(q.state) <> 'end' AND q.city::bigint = city(p.household_division)::bigint
    $$;
COMMENT ON FUNCTION registry.person_contradiction(bigint) IS
    'Records that cannot be so if what the register says of a person is right, list contradiction (人员信息矛盾): the rules that judged them when they were made, asked again';

CREATE OR REPLACE FUNCTION registry.correct_person(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        person  CONSTANT bigint := (arguments ->> 'person_id')::bigint;
        wanted  jsonb := arguments -> 'corrected';
        asked   CONSTANT date := COALESCE((arguments ->> 'asked_on')::date, today());
        former  jsonb;
        answer  api.answer;
    BEGIN
        PERFORM registry.require_argument(act, arguments, name) FROM unnest('{person_id,corrected}'::text[]) AS name;
        SELECT to_jsonb(p) INTO former FROM registry.person p WHERE p.person_id = person;
        IF NOT FOUND THEN
            PERFORM refuse('RG010', ARRAY[person::text], 'registry.person', 'person_id');
        END IF;
        IF jsonb_typeof(wanted) = 'object' THEN
            -- nulls don't come through to an act
            SELECT jsonb_object_agg(w.key, CASE WHEN w.value = '""' THEN 'null' ELSE w.value END) INTO wanted FROM jsonb_each(wanted) AS w;
        END IF;
        PERFORM registry.check_correction(person, COALESCE(wanted, '{}'), former);
        INSERT INTO registry.correction (person_id, corrected, former, evidence, requester, asked_on, clock_id)
        VALUES (person, wanted, registry.items_of(former, wanted), arguments ->> 'evidence', COALESCE(arguments ->> 'requester', 'self'), asked,
                registry.start_clock('correction_decision', registry.division_of(person), asked))
        RETURNING correction_id, state INTO answer.record_id, answer.state;
        answer.accepted := true;
        answer.act := act;
        answer.person_id := person;
        RETURN answer;
    END $$;
COMMENT ON FUNCTION registry.correct_person(text, jsonb) IS 'The act behind api.correct_person() (更正申请)';

CREATE OR REPLACE FUNCTION registry.items_of(record jsonb, items jsonb)
    RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$ SELECT jsonb_object_agg(k, record -> k) FROM jsonb_object_keys(items) AS k $$;
COMMENT ON FUNCTION registry.items_of(jsonb, jsonb) IS 'Of a row, the items that another object has (取同名字段)';

CREATE OR REPLACE FUNCTION registry.check_correction(person bigint, wanted jsonb, former jsonb)
    RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        odd text;
    BEGIN
        IF jsonb_typeof(wanted) <> 'object' OR wanted = '{}' THEN
            odd := '-';
        ELSE
            SELECT string_agg(left(w.key, 30), ', ' ORDER BY w.key) INTO odd FROM jsonb_each(wanted) AS w
            WHERE NOT is_code('correction_item', w.key) OR NOT former ? w.key OR jsonb_typeof(w.value) NOT IN ('string', 'null');
            IF odd IS NULL AND registry.items_of(former, wanted) = wanted THEN
                SELECT string_agg(k, ', ' ORDER BY k) INTO odd FROM jsonb_object_keys(wanted) AS k;
            END IF;
        END IF;
        IF odd IS NOT NULL THEN
            PERFORM refuse('RG351', ARRAY[person::text, odd], 'registry.correction', 'corrected');
        END IF;
    END $$;
COMMENT ON FUNCTION registry.check_correction(bigint, jsonb, jsonb) IS 'Refuses with RG351 what is no correction of this person (更正内容校验)';

CREATE OR REPLACE FUNCTION registry.division_of(person bigint)
    RETURNS division_code
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        SELECT COALESCE(
            (SELECT r.division FROM registry.residence r WHERE r.person_id = person ORDER BY residence_is_current(r.state) DESC, r.arrived_on DESC LIMIT 1),
            (SELECT d.division FROM registry.dwelling d WHERE d.landlord_person_id = person ORDER BY d.dwelling_id LIMIT 1),
            (SELECT c.division FROM code.division c WHERE c.division = (SELECT p.household_division FROM registry.person p WHERE p.person_id = person)),
            (SELECT c.division FROM code.division c WHERE c.level = 1 ORDER BY c.division LIMIT 1))
    $$;
COMMENT ON FUNCTION registry.division_of(bigint) IS
    'The division whose rules a person''s rights follow (适用区划): where they live or last lived, where they let, their household; the country''s first province where nothing is known';

CREATE OR REPLACE FUNCTION registry.check_other_account(entered_by text, at_table text, key bigint)
    RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        IF entered_by IN (session_user, actor()) AND NOT acts_in(NULL) THEN
            PERFORM refuse('RG367', ARRAY[at_table, key::text], at_table);
        END IF;
    END $$;
COMMENT ON FUNCTION registry.check_other_account(text, text, bigint) IS
    'Refuses with RG367 who has entered a record themselves (双人办理校验); the owner of the register passes';

CREATE OR REPLACE FUNCTION registry.decide_correction(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        key     CONSTANT bigint := (arguments ->> 'correction_id')::bigint;
        granted CONSTANT boolean := COALESCE((arguments ->> 'granted')::boolean, true);
        day     CONSTANT date := COALESCE((arguments ->> 'decided_on')::date, today());
        asked   registry.correction;
        person  registry.person;
        before  jsonb;
        odd     jsonb;
        answer  api.answer;
    BEGIN
        PERFORM registry.require_argument(act, arguments, 'correction_id');
        SELECT * INTO asked FROM registry.correction c WHERE c.correction_id = key FOR NO KEY UPDATE;
        IF NOT FOUND THEN
            PERFORM refuse('RG137', ARRAY['registry.correction', key::text], 'registry.correction', 'correction_id');
        ELSIF asked.state <> 'asked' THEN
            PERFORM refuse('RG352', ARRAY[key::text, asked.state], 'registry.correction', 'state');
        END IF;
        PERFORM registry.check_other_account(asked.asked_by, 'registry.correction', key);
        SELECT * INTO person FROM registry.person p WHERE p.person_id = asked.person_id FOR NO KEY UPDATE;
        before := to_jsonb(person);
        IF granted THEN
            PERFORM registry.check_correction(person.person_id, asked.corrected, before);
            person := jsonb_populate_record(person, asked.corrected);
            IF asked.corrected ? 'resident_id' AND person.resident_id IS NOT NULL THEN
                -- what the wrong number said goes with it
                person.birth_date := CASE WHEN asked.corrected ? 'birth_date' THEN person.birth_date ELSE birth_date(person.resident_id) END;
                person.sex := CASE WHEN asked.corrected ? 'sex' THEN person.sex ELSE sex(person.resident_id) END;
            END IF;
            UPDATE registry.person p
            SET (resident_id, name, sex, birth_date, ethnic_group, household_division, household_address, phone)
                = (person.resident_id, person.name, person.sex, person.birth_date, person.ethnic_group,
                   person.household_division, person.household_address, person.phone)
            WHERE p.person_id = person.person_id;
            SELECT jsonb_agg(to_jsonb(c) ORDER BY c.contradiction, c.table_name, c.record_id) INTO odd FROM registry.person_contradiction(person.person_id) c;
        END IF;
        UPDATE registry.correction c
        SET state = CASE WHEN granted THEN 'granted' ELSE 'refused' END, decided_on = day, decided_by = residency.actor(), reason = arguments ->> 'reason',
            former = registry.items_of(before, asked.corrected || CASE WHEN asked.corrected ? 'resident_id' THEN '{"birth_date": null, "sex": null}'::jsonb ELSE '{}' END),
            contradictions = odd
        WHERE c.correction_id = key;
        PERFORM registry.clock_step(asked.clock_id, 'stop', day, reason => 'decided');
        answer.accepted := true;
        answer.act := act;
        answer.person_id := asked.person_id;
        answer.record_id := key;
        answer.state := CASE WHEN granted THEN 'granted' ELSE 'refused' END;
        answer.warning := CASE WHEN odd IS NOT NULL THEN (SELECT string_agg(DISTINCT o ->> 'contradiction', ', ') FROM jsonb_array_elements(odd) AS o) END;
        RETURN answer;
    END $$;
COMMENT ON FUNCTION registry.decide_correction(text, jsonb) IS 'The act behind api.decide_correction() (更正决定)';

CREATE OR REPLACE FUNCTION registry.clock_due(clock bigint)
    RETURNS date
    LANGUAGE sql STABLE PARALLEL SAFE
    -- a function runs as who asks, also in a view of the owner's: the clock is of the place where it was asked for, the person may have moved
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$ SELECT k.due_on FROM registry.clock k WHERE k.clock_id = clock $$;
COMMENT ON FUNCTION registry.clock_due(bigint) IS 'Last day of a time limit (届满日), whatever the place it counts by';

CREATE OR REPLACE VIEW api.correction AS
SELECT c.correction_id, c.person_id, c.state, (SELECT v.name FROM code.value v WHERE v.list = 'correction_state' AND v.code = c.state) AS state_name,
       ARRAY(SELECT k FROM jsonb_object_keys(c.corrected) AS k ORDER BY k) AS items, c.requester, c.asked_on, registry.clock_due(c.clock_id) AS due_on, c.decided_on, c.decided_by, c.reason,
       (SELECT jsonb_agg(to_jsonb(o)) FROM registry.person_contradiction(c.person_id) o WHERE c.state = 'granted') AS contradictions
FROM registry.correction c
WHERE c.person_id <> ALL ((SELECT registry.withheld_persons())::bigint[]);
COMMENT ON VIEW api.correction IS 'Corrections that were asked for, how they stand, and what contradicts the person as corrected to this day (更正申请与决定)';
COMMENT ON COLUMN api.correction.correction_id IS 'Key (编号)';
COMMENT ON COLUMN api.correction.person_id IS 'Person (人员)';
COMMENT ON COLUMN api.correction.state IS 'State, list correction_state (状态代码)';
COMMENT ON COLUMN api.correction.state_name IS 'State (状态)';
COMMENT ON COLUMN api.correction.items IS 'What of the person, list correction_item (更正项目); the versions are in registry.correction';
COMMENT ON COLUMN api.correction.requester IS 'Who asks, list requester (申请人身份)';
COMMENT ON COLUMN api.correction.asked_on IS 'Day of the request (申请日期)';
COMMENT ON COLUMN api.correction.due_on IS 'Last day for the decision (办理期限)';
COMMENT ON COLUMN api.correction.decided_on IS 'Day of the decision (决定日期)';
COMMENT ON COLUMN api.correction.decided_by IS 'Role that decided (决定角色)';
COMMENT ON COLUMN api.correction.reason IS 'Why it was refused (不予更正理由)';
COMMENT ON COLUMN api.correction.contradictions IS 'What still contradicts, list contradiction with tables and keys (尚存矛盾); NULL: nothing';

CREATE OR REPLACE FUNCTION registry.begin_span(act text, arguments jsonb, at_table text, what text)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        answer api.answer;
    BEGIN
        PERFORM registry.require_argument(act, arguments, 'person_id');
        PERFORM registry.require_argument(act, arguments, what);
        EXECUTE format('INSERT INTO registry.%1$I (person_id, %2$I, period) VALUES ($1, $2, daterange($3, $4)) RETURNING %1$s_id', at_table, what)
        INTO answer.record_id
        USING (arguments ->> 'person_id')::bigint, arguments ->> what, COALESCE((arguments ->> 'from_day')::date, today()), (arguments ->> 'to_day')::date;
        answer.accepted := true;
        answer.act := act;
        answer.person_id := (arguments ->> 'person_id')::bigint;
        answer.state := 'running';
        RETURN answer;
    END $$;
COMMENT ON FUNCTION registry.begin_span(text, jsonb, text, text) IS 'Begins a restriction or a legal hold (登记限制处理、法定留存)';

CREATE OR REPLACE FUNCTION registry.end_span(act text, arguments jsonb, at_table text, begun_by text, ended_by text, end_reason text)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        key    CONSTANT bigint := (arguments ->> (at_table || '_id'))::bigint;
        day    CONSTANT date := COALESCE((arguments ->> 'to_day')::date, today());
        beginner text;
        answer api.answer;
    BEGIN
        PERFORM registry.require_argument(act, arguments, at_table || '_id');
        PERFORM registry.require_argument(act, arguments, 'reason');
        EXECUTE format('SELECT %I FROM registry.%I WHERE %I = $1', begun_by, at_table, at_table || '_id') INTO beginner USING key;
        PERFORM registry.check_other_account(beginner, 'registry.' || at_table, key);
        -- one that begins and ends on a day holds on that day
        EXECUTE format('UPDATE registry.%1$I SET period = daterange(lower(period), greatest($2, lower(period) + 1)), %2$I = $3, %3$I = $4
                        WHERE %1$s_id = $1 RETURNING person_id', at_table, ended_by, end_reason)
        INTO answer.person_id USING key, day, residency.actor(), arguments ->> 'reason';
        IF answer.person_id IS NULL THEN
            PERFORM refuse('RG137', ARRAY['registry.' || at_table, key::text], 'registry.' || at_table, at_table || '_id');
        END IF;
        answer.accepted := true;
        answer.act := act;
        answer.record_id := key;
        answer.state := 'ended';
        RETURN answer;
    END $$;
COMMENT ON FUNCTION registry.end_span(text, jsonb, text, text, text, text) IS 'Ends a restriction or a legal hold that somebody else has begun (解除限制处理、法定留存): RG367';

DO $$
DECLARE
    made record;
BEGIN
    FOR made IN
        SELECT * FROM (VALUES
            ('restrict_person',  'begin_span(act, arguments, ''restriction'', ''ground'')', '限制处理'),
            ('hold_person',      'begin_span(act, arguments, ''legal_hold'', ''legal_basis'')', '法定留存'),
            ('lift_restriction', 'end_span(act, arguments, ''restriction'', ''restricted_by'', ''lifted_by'', ''lift_reason'')', '解除限制'),
            ('release_hold',     'end_span(act, arguments, ''legal_hold'', ''held_by'', ''released_by'', ''release_reason'')', '解除留存')) AS v (act, body, zh)
    LOOP
        EXECUTE format(
            $f$CREATE OR REPLACE FUNCTION registry.%1$I(act text, arguments jsonb)
                   RETURNS api.answer
                   LANGUAGE plpgsql
                   SET search_path FROM CURRENT
                   AS $body$
                   BEGIN
                       RETURN registry.%2$s;
                   END $body$;
               COMMENT ON FUNCTION registry.%1$I(text, jsonb) IS %3$L$f$,
            made.act, made.body, format('The act behind api.%s() (%s)', made.act, made.zh));
    END LOOP;
END $$;
