-- The acts on employers and on what entitles: employment, tenancy, schooling, ownership.
-- As in 50-act.sql: each reads its arguments from a JSON object without nulls, writes plain rows and answers.

CREATE OR REPLACE FUNCTION registry.named_employer(act text, arguments jsonb)
    RETURNS bigint
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    AS $$
    DECLARE
        employer bigint := (arguments ->> 'employer_id')::bigint;
        number   CONSTANT credit_code := (arguments ->> 'employer_credit_code')::credit_code;
        bearer   bigint;
    BEGIN
        PERFORM registry.require_argument(act, arguments, 'employer_id', 'employer_credit_code');
        IF number IS NULL THEN
            RETURN employer;
        END IF;
        SELECT e.employer_id INTO bearer FROM registry.employer e WHERE e.credit_code = number;
        IF NOT FOUND OR employer <> bearer THEN
            PERFORM refuse('RG123', ARRAY[concat_ws(' / ', employer, number::text)], 'registry.employer', 'credit_code');
        END IF;
        RETURN bearer;
    END $$;
COMMENT ON FUNCTION registry.named_employer(text, jsonb) IS
    'The employer whom the arguments employer_id and employer_credit_code name (单位定位): RG085 neither is given, RG123 nobody has that code, or they name two';

CREATE OR REPLACE FUNCTION registry.employer_answer(act text, employer registry.employer)
    RETURNS api.answer
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        answer api.answer;
    BEGIN
        answer.accepted := true;
        answer.act := act;
        answer.record_id := employer.employer_id;
        answer.state := employer.state;
        answer.warning := CASE WHEN NOT organization_code_matches(employer.credit_code) THEN 'organization_code_mismatch' END;
        RETURN answer;
    END $$;
COMMENT ON FUNCTION registry.employer_answer(text, registry.employer) IS 'How an act answers with an employer (办理结果)';

CREATE OR REPLACE FUNCTION registry.record_answer(act text, record text, entry jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        answer api.answer;
    BEGIN
        answer.accepted := true;
        answer.act := act;
        answer.record_id := (entry ->> (record || '_id'))::bigint;
        answer.person_id := (entry ->> 'person_id')::bigint;
        answer.dwelling_id := (entry ->> 'dwelling_id')::bigint;
        answer.state := record_state(COALESCE(entry ->> 'hired_on', entry ->> 'starts_on')::date,
                                     COALESCE(entry ->> 'ended_on', entry ->> 'ends_on')::date, entry ->> 'void_reason', today());
        RETURN answer;
    END $$;
COMMENT ON FUNCTION registry.record_answer(text, text, jsonb) IS
    'How an act answers with an employment, tenancy, schooling or ownership, given as its row (办理结果)';

CREATE OR REPLACE FUNCTION registry.refuse_record(record text, record_id bigint)
    RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        void_reason text;
        found_it    boolean;
    BEGIN
        EXECUTE format('SELECT true, r.void_reason FROM registry.%I r WHERE r.%I = $1', record, record || '_id')
        INTO found_it, void_reason USING record_id;
        IF found_it THEN
            PERFORM refuse('RG136', ARRAY['registry.' || record, record_id::text,
                                          CASE WHEN void_reason IS NULL THEN 'ended' ELSE 'voided' END], 'registry.' || record);
        END IF;
        PERFORM refuse('RG137', ARRAY['registry.' || record, record_id::text], 'registry.' || record, record || '_id');
    END $$;
COMMENT ON FUNCTION registry.refuse_record(text, bigint) IS
    'Refuses to change a record that could not be changed (拒绝变更): RG136 it has ended or is void, RG137 there is none such';

CREATE OR REPLACE FUNCTION registry.end_record(act text, arguments jsonb, record text, end_column text)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    AS $$
    DECLARE
        key   CONSTANT text := record || '_id';
        entry jsonb;
    BEGIN
        PERFORM registry.require_argument(act, arguments, key);
        -- who waited here for another clerk and finds it ended is told so, and overwrites nothing
        EXECUTE format('UPDATE registry.%I AS r SET %I = $2, end_reason = COALESCE($3, r.end_reason)
                        WHERE r.%I = $1 AND r.void_reason IS NULL AND COALESCE(r.%2$I > $2, true)
                        RETURNING to_jsonb(r)', record, end_column, key)
        INTO entry
        USING (arguments ->> key)::bigint, COALESCE((arguments ->> end_column)::date, today()), arguments ->> 'reason';
        IF entry IS NULL THEN
            PERFORM registry.refuse_record(record, (arguments ->> key)::bigint);
        END IF;
        RETURN registry.record_answer(act, record, entry);
    END $$;
COMMENT ON FUNCTION registry.end_record(text, jsonb, text, text) IS
    'Ends a record on a day that is earlier than the one it has (终止记录); RG136 it has ended or is void, RG137 there is none such';

CREATE OR REPLACE FUNCTION registry.register_employer(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        entry registry.employer := jsonb_populate_record(NULL::registry.employer, arguments);
    BEGIN
        PERFORM registry.require_argument(act, arguments, 'division');
        INSERT INTO registry.employer (credit_code, registration_number, name, division, address, state, opened_on, closed_on, channel)
        VALUES (entry.credit_code, entry.registration_number, entry.name, entry.division, entry.address,
                COALESCE(entry.state, 'open'), entry.opened_on, entry.closed_on, COALESCE(entry.channel, 'window'))
        RETURNING * INTO entry;
        RETURN registry.employer_answer(act, entry);
    END $$;
COMMENT ON FUNCTION registry.register_employer(text, jsonb) IS 'The act behind api.register_employer() (用人单位登记)';

CREATE OR REPLACE FUNCTION registry.change_employer(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    AS $$
    DECLARE
        entry registry.employer := jsonb_populate_record(NULL::registry.employer, arguments);
    BEGIN
        PERFORM registry.require_argument(act, arguments, 'employer_id');
        UPDATE registry.employer e
        SET credit_code = COALESCE(entry.credit_code, e.credit_code),
            registration_number = COALESCE(entry.registration_number, e.registration_number),
            name = COALESCE(entry.name, e.name),
            division = COALESCE(entry.division, e.division),
            address = COALESCE(entry.address, e.address),
            state = COALESCE(entry.state, e.state),
            opened_on = COALESCE(entry.opened_on, e.opened_on),
            closed_on = COALESCE(entry.closed_on, e.closed_on)
        WHERE e.employer_id = entry.employer_id
        RETURNING * INTO entry;
        IF NOT FOUND THEN
            PERFORM refuse('RG123', ARRAY[arguments ->> 'employer_id'], 'registry.employer', 'employer_id');
        END IF;
        RETURN registry.employer_answer(act, entry);
    END $$;
COMMENT ON FUNCTION registry.change_employer(text, jsonb) IS 'The act behind api.change_employer() (用人单位变更)';

CREATE OR REPLACE FUNCTION registry.register_employment(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        entry registry.employment := jsonb_populate_record(NULL::registry.employment, arguments);
    BEGIN
        entry.person_id := registry.named_person(act, arguments);
        entry.employer_id := registry.named_employer(act, arguments);
        INSERT INTO registry.employment (employer_id, person_id, kind, contract_number, hired_on, ended_on, end_reason,
                                         channel, hire_reported_at, end_reported_at)
        VALUES (entry.employer_id, entry.person_id, COALESCE(entry.kind, 'contract'), entry.contract_number,
                COALESCE(entry.hired_on, today()), entry.ended_on, entry.end_reason,
                COALESCE(entry.channel, 'window'), entry.hire_reported_at, entry.end_reported_at)
        RETURNING * INTO entry;
        RETURN registry.record_answer(act, 'employment', to_jsonb(entry));
    END $$;
COMMENT ON FUNCTION registry.register_employment(text, jsonb) IS 'The act behind api.register_employment() (就业登记)';

CREATE OR REPLACE FUNCTION registry.end_employment(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    AS $$
    DECLARE
        answer   CONSTANT api.answer := registry.end_record(act, arguments, 'employment', 'ended_on');
        reported CONSTANT timestamptz := COALESCE((arguments ->> 'end_reported_at')::timestamptz,
                                                  CASE arguments ->> 'channel' WHEN 'employer' THEN now() END);
    BEGIN
        IF reported IS NOT NULL THEN
            UPDATE registry.employment e SET end_reported_at = reported WHERE e.employment_id = answer.record_id;
        END IF;
        RETURN answer;
    END $$;
COMMENT ON FUNCTION registry.end_employment(text, jsonb) IS 'The act behind api.end_employment() (终止就业登记)';

CREATE OR REPLACE FUNCTION registry.register_tenancy(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    AS $$
    DECLARE
        entry  registry.tenancy := jsonb_populate_record(NULL::registry.tenancy, arguments);
        usual  registry.dwelling_landlord;
        answer api.answer;
    BEGIN
        PERFORM registry.require_argument(act, arguments, 'dwelling_id');
        entry.person_id := registry.named_person(act, arguments);
        INSERT INTO registry.tenancy (dwelling_id, person_id, landlord_person_id, landlord_credit_code, agent_credit_code,
                                      contract_number, signed_on, starts_on, ends_on, monthly_rent, deposit,
                                      filing_number, filed_on, channel, reported_at)
        VALUES (entry.dwelling_id, entry.person_id, entry.landlord_person_id, entry.landlord_credit_code, entry.agent_credit_code,
                entry.contract_number, entry.signed_on, COALESCE(entry.starts_on, today()), entry.ends_on, entry.monthly_rent, entry.deposit,
                entry.filing_number, entry.filed_on, COALESCE(entry.channel, 'window'), entry.reported_at)
        RETURNING * INTO entry;

        answer := registry.record_answer(act, 'tenancy', to_jsonb(entry));
        SELECT * INTO usual FROM registry.dwelling_landlord l WHERE l.dwelling_id = entry.dwelling_id;
        answer.warning := CASE
            WHEN num_nonnulls(usual.landlord_person_id, usual.landlord_credit_code) = 0 THEN 'dwelling_without_landlord'
            WHEN usual.landlord_person_id IS DISTINCT FROM entry.landlord_person_id
                 OR usual.landlord_credit_code IS DISTINCT FROM entry.landlord_credit_code THEN 'other_landlord'
        END;
        RETURN answer;
    END $$;
COMMENT ON FUNCTION registry.register_tenancy(text, jsonb) IS 'The act behind api.register_tenancy() (房屋租赁登记)';

CREATE OR REPLACE FUNCTION registry.end_tenancy(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN registry.end_record(act, arguments, 'tenancy', 'ends_on');
    END $$;
COMMENT ON FUNCTION registry.end_tenancy(text, jsonb) IS 'The act behind api.end_tenancy() (终止房屋租赁登记)';

CREATE OR REPLACE FUNCTION registry.register_schooling(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        entry registry.schooling := jsonb_populate_record(NULL::registry.schooling, arguments);
    BEGIN
        PERFORM registry.require_argument(act, arguments, 'division');
        entry.person_id := registry.named_person(act, arguments);
        INSERT INTO registry.schooling (person_id, school_credit_code, school_name, division, level, student_number,
                                        starts_on, ends_on, channel)
        VALUES (entry.person_id, entry.school_credit_code, entry.school_name, entry.division, entry.level, entry.student_number,
                COALESCE(entry.starts_on, today()), entry.ends_on, COALESCE(entry.channel, 'window'))
        RETURNING * INTO entry;
        RETURN registry.record_answer(act, 'schooling', to_jsonb(entry));
    END $$;
COMMENT ON FUNCTION registry.register_schooling(text, jsonb) IS 'The act behind api.register_schooling() (就读登记)';

CREATE OR REPLACE FUNCTION registry.end_schooling(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN registry.end_record(act, arguments, 'schooling', 'ends_on');
    END $$;
COMMENT ON FUNCTION registry.end_schooling(text, jsonb) IS 'The act behind api.end_schooling() (终止就读登记)';

CREATE OR REPLACE FUNCTION registry.register_ownership(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        entry registry.ownership := jsonb_populate_record(NULL::registry.ownership, arguments);
    BEGIN
        PERFORM registry.require_argument(act, arguments, 'dwelling_id');
        entry.person_id := registry.named_person(act, arguments);
        INSERT INTO registry.ownership (person_id, dwelling_id, certificate_number, starts_on, ends_on, channel)
        VALUES (entry.person_id, entry.dwelling_id, entry.certificate_number,
                COALESCE(entry.starts_on, today()), entry.ends_on, COALESCE(entry.channel, 'window'))
        RETURNING * INTO entry;
        RETURN registry.record_answer(act, 'ownership', to_jsonb(entry));
    END $$;
COMMENT ON FUNCTION registry.register_ownership(text, jsonb) IS 'The act behind api.register_ownership() (房屋产权登记)';

CREATE OR REPLACE FUNCTION registry.end_ownership(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN registry.end_record(act, arguments, 'ownership', 'ends_on');
    END $$;
COMMENT ON FUNCTION registry.end_ownership(text, jsonb) IS 'The act behind api.end_ownership() (终止房屋产权登记)';

CREATE OR REPLACE FUNCTION registry.void_record(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    AS $$
    DECLARE
        record CONSTANT text := arguments ->> 'record';
        key    CONSTANT bigint := (arguments ->> 'record_id')::bigint;
        entry  jsonb;
    BEGIN
        PERFORM registry.require_argument(act, arguments, name) FROM unnest('{record,record_id,reason}'::text[]) AS name;
        IF record <> ALL ('{employment,tenancy,schooling,ownership}') THEN
            PERFORM refuse('RG083', ARRAY['record', 'employment, tenancy, schooling or ownership']);
        END IF;
        EXECUTE format('UPDATE registry.%I AS r SET void_reason = $2 WHERE r.%I = $1 AND r.void_reason IS NULL RETURNING to_jsonb(r)',
                       record, record || '_id')
        INTO entry USING key, arguments ->> 'reason';
        IF entry IS NULL THEN
            PERFORM registry.refuse_record(record, key);
        END IF;
        RETURN registry.record_answer(act, record, entry);
    END $$;
COMMENT ON FUNCTION registry.void_record(text, jsonb) IS 'The act behind api.void_record() (作废记录)';
