-- The acts on persons and residences: each reads its arguments from a JSON object without nulls, writes plain rows and answers.
-- What may be written is decided by the triggers and constraints of the tables; requests, rehearsals and batches
-- are the matter of 50-request.sql.
-- Who looks for one row by its key never reads the whole table, whatever a session that loads an empty register
-- has planned for: hence enable_seqscan = off.

CREATE OR REPLACE FUNCTION registry.require_argument(act text, arguments jsonb, VARIADIC names text[])
    RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        IF NOT arguments ?| names THEN
            PERFORM refuse('RG085', ARRAY[act, array_to_string(names, ' / ')]);
        END IF;
    END $$;
COMMENT ON FUNCTION registry.require_argument(text, jsonb, text[]) IS
    'Refuses with RG085 an act that lacks all of these arguments (必填校验)';

CREATE OR REPLACE FUNCTION registry.named_person(act text, arguments jsonb)
    RETURNS bigint
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    AS $$
    DECLARE
        person CONSTANT bigint := (arguments ->> 'person_id')::bigint;
        number CONSTANT resident_id := (arguments ->> 'resident_id')::resident_id;
        bearer bigint;
    BEGIN
        PERFORM registry.require_argument(act, arguments, 'person_id', 'resident_id');
        IF number IS NULL THEN
            RETURN person;
        END IF;
        SELECT p.person_id INTO bearer FROM registry.person p WHERE p.resident_id = number;
        IF NOT FOUND THEN
            PERFORM refuse('RG010', ARRAY[mask(number)], 'registry.person', 'resident_id');
        ELSIF person <> bearer THEN
            PERFORM refuse('RG086', ARRAY[person::text, mask(number)], 'registry.person', 'resident_id');
        END IF;
        RETURN bearer;
    END $$;
COMMENT ON FUNCTION registry.named_person(text, jsonb) IS
    'The person whom the arguments person_id and resident_id name (人员定位): RG085 neither is given, RG010 nobody has that resident ID, RG086 they name two';

CREATE OR REPLACE FUNCTION registry.named_residence(act text, arguments jsonb)
    RETURNS registry.residence
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    AS $$
    DECLARE
        person    bigint;
        residence registry.residence;
    BEGIN
        IF arguments ? 'residence_id' THEN
            SELECT * INTO residence FROM registry.residence r WHERE r.residence_id = (arguments ->> 'residence_id')::bigint;
            IF NOT FOUND THEN
                PERFORM refuse('RG012', ARRAY[arguments ->> 'residence_id'], 'registry.residence', 'residence_id');
            END IF;
            IF arguments ?| '{person_id,resident_id}' THEN
                person := registry.named_person(act, arguments);
                IF person <> residence.person_id THEN
                    PERFORM refuse('RG086', ARRAY[person::text, residence.person_id::text], 'registry.residence', 'person_id');
                END IF;
            END IF;
            RETURN residence;
        END IF;

        PERFORM registry.require_argument(act, arguments, 'residence_id', 'person_id', 'resident_id');
        person := registry.named_person(act, arguments);
        SELECT * INTO residence FROM registry.residence r WHERE r.person_id = person AND residence_is_current(r.state);
        IF NOT FOUND THEN
            PERFORM refuse(CASE WHEN EXISTS (SELECT FROM registry.person p WHERE p.person_id = person) THEN 'RG040' ELSE 'RG010' END,
                           ARRAY[person::text], 'registry.residence', 'person_id');
        END IF;
        RETURN residence;
    END $$;
COMMENT ON FUNCTION registry.named_residence(text, jsonb) IS
    'The residence that the arguments name (登记定位): residence_id itself, or the current one of person_id or resident_id. RG010, RG012 there is none such, RG040 nothing current, RG085 nothing named, RG086 they name two persons';

CREATE OR REPLACE FUNCTION registry.act_answer(act text, record_id bigint, warning text DEFAULT NULL)
    RETURNS api.answer
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        answer api.answer;
    BEGIN
        answer.accepted := true;
        answer.act := act;
        answer.record_id := record_id;
        answer.warning := warning;
        RETURN answer;
    END $$;
COMMENT ON FUNCTION registry.act_answer(text, bigint, text) IS 'How an act answers with the key of what it has made or changed (办理结果)';

CREATE OR REPLACE FUNCTION registry.residence_answer(act text, residence registry.residence)
    RETURNS api.answer
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        answer api.answer;
    BEGIN
        answer.accepted := true;
        answer.act := act;
        answer.person_id := residence.person_id;
        answer.residence_id := residence.residence_id;
        answer.dwelling_id := residence.dwelling_id;
        answer.state := residence.state;
        answer.half_year_from := residence.half_year_from;
        RETURN answer;
    END $$;
COMMENT ON FUNCTION registry.residence_answer(text, registry.residence) IS 'How an act answers with a residence (办理结果)';

CREATE OR REPLACE FUNCTION registry.open_residence(entry registry.residence, verified boolean)
    RETURNS registry.residence
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        residence registry.residence;
    BEGIN
        INSERT INTO registry.residence (
            person_id, dwelling_id, arrived_on, state, reason, intended_stay, place_kind, guardian_person_id,
            channel, reporter_person_id, reporter_credit_code)
        VALUES (
            entry.person_id, entry.dwelling_id, COALESCE(entry.arrived_on, today()),
            CASE WHEN verified THEN 'active' ELSE 'reported' END,
            entry.reason, entry.intended_stay, entry.place_kind, entry.guardian_person_id,
            COALESCE(entry.channel, 'window'), entry.reporter_person_id, entry.reporter_credit_code)
        RETURNING * INTO residence;
        RETURN residence;
    END $$;
COMMENT ON FUNCTION registry.open_residence(registry.residence, boolean) IS
    'Writes an arrival from what was entered (新增居住登记); the triggers of registry.residence decide';

CREATE OR REPLACE FUNCTION registry.step_residence(
        residence bigint, to_state text, departed_on date DEFAULT NULL, close_reason text DEFAULT NULL)
    RETURNS registry.residence
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    AS $$
    DECLARE
        changed registry.residence;
    BEGIN
        -- who waited here for another clerk and finds the step taken is told so, and overwrites nothing
        UPDATE registry.residence r
        SET state = to_state,
            departed_on = CASE WHEN residence_is_current(to_state) THEN NULL
                               ELSE COALESCE(step_residence.departed_on, r.departed_on) END,
            close_reason = COALESCE(step_residence.close_reason, r.close_reason)
        WHERE r.residence_id = residence AND r.state <> to_state
        RETURNING * INTO changed;
        IF NOT FOUND THEN
            SELECT * INTO changed FROM registry.residence r WHERE r.residence_id = residence;
            IF FOUND THEN
                PERFORM refuse('RG034', ARRAY[residence::text, changed.state, to_state], 'registry.residence', 'state');
            ELSE
                PERFORM refuse('RG012', ARRAY[residence::text], 'registry.residence', 'residence_id');
            END IF;
        END IF;
        RETURN changed;
    END $$;
COMMENT ON FUNCTION registry.step_residence(bigint, text, date, text) IS
    'Takes a residence to another state (登记状态变更); the triggers of registry.residence decide. RG012 there is none such, RG034 it has that state already';

CREATE OR REPLACE FUNCTION registry.asked_days(arguments jsonb, occasion text)
    RETURNS daterange
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$ SELECT days_between((arguments ->> (occasion || '_earliest'))::date, (arguments ->> (occasion || '_latest'))::date, occasion || '_between') $$;
COMMENT ON FUNCTION registry.asked_days(jsonb, text) IS 'The days of arguments arrived_earliest, arrived_latest, or departed_… (日期范围参数); NULL: none were given. Errors: RG313';

CREATE OR REPLACE FUNCTION registry.register_person(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        papers  CONSTANT jsonb := arguments -> 'documents';
        entry   registry.person := jsonb_populate_record(NULL::registry.person, arguments - 'documents');
        unknown text;
        answer  api.answer;
    BEGIN
        INSERT INTO registry.person (
            resident_id, name, sex, birth_date, ethnic_group, household_division, household_address, phone)
        VALUES (
            entry.resident_id, entry.name, COALESCE(entry.sex, '0'), entry.birth_date, entry.ethnic_group,
            entry.household_division, entry.household_address, entry.phone)
        RETURNING person_id INTO entry.person_id;

        IF papers IS NOT NULL THEN
            IF jsonb_path_exists(papers, 'strict $ ? (@.type() != "array")')
               OR jsonb_path_exists(papers, 'strict $[*] ? (@.type() != "object")') THEN
                PERFORM refuse('RG083', ARRAY['documents', 'an array of objects']);
            END IF;
            SELECT field INTO unknown
            FROM jsonb_array_elements(papers) AS paper, jsonb_object_keys(paper) AS field
            WHERE field <> ALL ('{document_type,document_number,issuer,valid_from,valid_to}')
            LIMIT 1;
            IF FOUND THEN
                PERFORM refuse('RG082', ARRAY[act, 'documents.' || left(unknown, 60)]);
            END IF;
            PERFORM registry.require_argument(act, paper, 'document_type') FROM jsonb_array_elements(papers) AS paper;
            INSERT INTO registry.identity_document (person_id, document_type, document_number, issuer, valid_from, valid_to)
            SELECT entry.person_id, p.document_type, p.document_number, p.issuer, p.valid_from, p.valid_to
            FROM jsonb_populate_recordset(NULL::registry.identity_document, papers) AS p;
        END IF;

        answer.accepted := true;
        answer.act := act;
        answer.person_id := entry.person_id;
        answer.warning := resident_id_warning(entry.resident_id);
        RETURN answer;
    END $$;
COMMENT ON FUNCTION registry.register_person(text, jsonb) IS 'The act behind api.register_person() (人员登记)';

CREATE OR REPLACE FUNCTION registry.register_arrival(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        entry registry.residence := jsonb_populate_record(NULL::registry.residence, arguments);
        days  daterange;
    BEGIN
        entry.dwelling_id := registry.named_dwelling(act, arguments);
        entry.person_id := registry.named_person(act, arguments);
        IF NOT arguments ?| '{arrived_earliest,arrived_latest}' THEN
            RETURN registry.residence_answer(act, registry.open_residence(entry, (arguments ->> 'verified')::boolean));
        END IF;
        -- the register works with the stay that is certain
        days := registry.asked_days(arguments, 'arrived');
        entry.arrived_on := COALESCE(entry.arrived_on, upper(days) - 1);
        entry := registry.open_residence(entry, (arguments ->> 'verified')::boolean);
        INSERT INTO registry.inexact_date (residence_id, arrived_between) VALUES (entry.residence_id, days);
        RETURN registry.residence_answer(act, entry);
    END $$;
COMMENT ON FUNCTION registry.register_arrival(text, jsonb) IS 'The act behind api.register_arrival() (到达登记)';

CREATE OR REPLACE FUNCTION registry.register_departure(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        residence CONSTANT registry.residence := registry.named_residence(act, arguments);
        days      CONSTANT daterange := registry.asked_days(arguments, 'departed');
        changed   registry.residence;
    BEGIN
        -- where the day is not known exactly, the register works with the stay that is certain
        changed := registry.step_residence(
            residence.residence_id, 'departed', COALESCE((arguments ->> 'departed_on')::date, lower(days), today()), arguments ->> 'reason');
        IF days IS NOT NULL THEN
            INSERT INTO registry.inexact_date (residence_id, departed_between) VALUES (residence.residence_id, days)
            ON CONFLICT (residence_id) DO UPDATE SET departed_between = excluded.departed_between;
        END IF;
        RETURN registry.residence_answer(act, changed);
    END $$;
COMMENT ON FUNCTION registry.register_departure(text, jsonb) IS 'The act behind api.register_departure() (离开注销)';

CREATE OR REPLACE FUNCTION registry.change_residence(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        entry registry.residence := jsonb_populate_record(NULL::registry.residence, arguments);
        old   registry.residence;
    BEGIN
        entry.dwelling_id := registry.named_dwelling(act, arguments);
        old := registry.named_residence(act, arguments);
        IF old.dwelling_id = entry.dwelling_id THEN
            PERFORM refuse('RG039', ARRAY[old.person_id::text, old.dwelling_id::text], 'registry.residence', 'dwelling_id');
        END IF;
        entry.person_id := old.person_id;
        entry.arrived_on := COALESCE((arguments ->> 'moved_on')::date, today());
        entry.reason := COALESCE(entry.reason, old.reason);
        entry.intended_stay := COALESCE(entry.intended_stay, old.intended_stay);
        entry.guardian_person_id := COALESCE(entry.guardian_person_id, old.guardian_person_id);
        PERFORM registry.step_residence(old.residence_id, 'moved', entry.arrived_on);
        RETURN registry.residence_answer(act, registry.open_residence(entry, (arguments ->> 'verified')::boolean));
    END $$;
COMMENT ON FUNCTION registry.change_residence(text, jsonb) IS 'The act behind api.change_residence() (变更登记)';

CREATE OR REPLACE FUNCTION registry.verify_residence(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        outcome CONSTANT text := COALESCE(arguments ->> 'outcome', 'active');
    BEGIN
        PERFORM registry.require_argument(act, arguments, 'residence_id');
        IF outcome NOT IN ('active', 'rejected', 'verifying') THEN
            PERFORM refuse('RG083', ARRAY['outcome', 'active, rejected or verifying']);
        END IF;
        RETURN registry.residence_answer(act, registry.step_residence(
            (arguments ->> 'residence_id')::bigint, outcome, NULL, arguments ->> 'reason'));
    END $$;
COMMENT ON FUNCTION registry.verify_residence(text, jsonb) IS 'The act behind api.verify_residence() (核实)';

CREATE OR REPLACE FUNCTION registry.void_residence(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        PERFORM registry.require_argument(act, arguments, 'residence_id');
        PERFORM registry.require_argument(act, arguments, 'reason');
        RETURN registry.residence_answer(act, registry.step_residence(
            (arguments ->> 'residence_id')::bigint, 'voided', NULL, arguments ->> 'reason'));
    END $$;
COMMENT ON FUNCTION registry.void_residence(text, jsonb) IS 'The act behind api.void_residence() (作废)';
