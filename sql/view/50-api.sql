-- What applications call: the acts on persons and residences, each for one case and for many.
-- Parameters bear the names of the columns that they fill. What is common to all acts stands in 50-request.sql.

-- as they were before 0.5.0, without days that are not known exactly
DROP FUNCTION IF EXISTS api.register_arrival(bigint, bigint, date, text, text, text, bigint, text, bigint, text, boolean, text, uuid, boolean, text, text);
DROP FUNCTION IF EXISTS api.register_departure(bigint, date, text, bigint, text, uuid, boolean);
-- as they were before 0.4.0, without dwelling_address
DROP FUNCTION IF EXISTS api.register_arrival(bigint, bigint, date, text, text, text, bigint, text, bigint, text, boolean, text, uuid, boolean);
DROP FUNCTION IF EXISTS api.change_residence(bigint, bigint, date, text, text, text, bigint, text, bigint, text, boolean, bigint, text, uuid, boolean);

CREATE OR REPLACE FUNCTION api.register_person(
        name text, resident_id text DEFAULT NULL, sex text DEFAULT NULL, birth_date date DEFAULT NULL,
        ethnic_group text DEFAULT NULL, household_division text DEFAULT NULL,
        household_address text DEFAULT NULL, phone text DEFAULT NULL, documents jsonb DEFAULT NULL,
        request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('register_person', jsonb_build_object(
            'name', name, 'resident_id', resident_id, 'sex', sex, 'birth_date', birth_date,
            'ethnic_group', ethnic_group, 'household_division', household_division,
            'household_address', household_address, 'phone', phone, 'documents', documents),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.register_person(text, text, text, date, text, text, text, text, jsonb, uuid, boolean) IS
    'Registers a person (人员登记; 居住证暂行条例 Art. 4). name; resident_id (GB 11643) where there is one: sex and birth_date may then stay empty; sex (GB/T 2261.1), ethnic_group (GB/T 3304), household_division (户籍地区划) and household_address, phone; documents: [{"document_type", "document_number", "issuer", "valid_from", "valid_to"}, ...], valid_to the day after the last. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers person_id, and as warning unknown_region or region_ended_before_birth. Errors: RG001-RG009, RG013, RG080, RG082, RG083, RG085; 22P02 a malformed number. A person who is registered already is refused with the person_id (RG002 by resident ID, RG007 by document)';

CREATE OR REPLACE FUNCTION api.register_arrival(
        person_id bigint DEFAULT NULL, dwelling_id bigint DEFAULT NULL, arrived_on date DEFAULT NULL,
        reason text DEFAULT NULL, intended_stay text DEFAULT NULL, place_kind text DEFAULT NULL,
        guardian_person_id bigint DEFAULT NULL, channel text DEFAULT 'window',
        reporter_person_id bigint DEFAULT NULL, reporter_credit_code text DEFAULT NULL,
        verified boolean DEFAULT false, resident_id text DEFAULT NULL, request_id uuid DEFAULT NULL,
        dry_run boolean DEFAULT false, dwelling_address text DEFAULT NULL, dwelling_division text DEFAULT NULL,
        arrived_earliest date DEFAULT NULL, arrived_latest date DEFAULT NULL)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('register_arrival', jsonb_build_object(
            'person_id', person_id, 'dwelling_id', dwelling_id, 'arrived_on', arrived_on, 'reason', reason,
            'intended_stay', intended_stay, 'place_kind', place_kind, 'guardian_person_id', guardian_person_id,
            'channel', channel, 'reporter_person_id', reporter_person_id,
            'reporter_credit_code', reporter_credit_code, 'verified', verified, 'resident_id', resident_id,
            'dwelling_address', dwelling_address, 'dwelling_division', dwelling_division,
            'arrived_earliest', arrived_earliest, 'arrived_latest', arrived_latest),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.register_arrival(bigint, bigint, date, text, text, text, bigint, text, bigint, text, boolean, text, uuid, boolean, text, text, date, date) IS
    'Registers that somebody has come to live in a dwelling (到达登记; 户口登记条例 Art. 15). person_id or resident_id; dwelling_id, or dwelling_address as it is written and dwelling_division where that does not say it: taken if it leads to one dwelling; arrived_on, NULL is today; arrived_earliest and arrived_latest where the day is not known exactly: arrived_on is then between them, NULL the latest; reason, intended_stay, place_kind, channel: lists residence_reason, intended_stay, place_kind, channel; guardian_person_id for a minor; reporter_person_id or reporter_credit_code (GB 32100) of who reports it, if somebody else; verified: true registers it as active, false as reported. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers residence_id, state, half_year_from. Errors: RG006, RG010, RG011, RG020-RG022, RG025-RG033, RG041, RG080, RG085, RG086, RG090, RG210-RG214, RG312, RG313; 22P02 a malformed number, 23503 a reporter who is not registered';

CREATE OR REPLACE FUNCTION api.register_departure(
        person_id bigint DEFAULT NULL, departed_on date DEFAULT NULL, reason text DEFAULT NULL,
        residence_id bigint DEFAULT NULL, resident_id text DEFAULT NULL, request_id uuid DEFAULT NULL,
        dry_run boolean DEFAULT false, departed_earliest date DEFAULT NULL, departed_latest date DEFAULT NULL)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('register_departure', jsonb_build_object(
            'person_id', person_id, 'departed_on', departed_on, 'reason', reason, 'residence_id', residence_id,
            'resident_id', resident_id, 'departed_earliest', departed_earliest, 'departed_latest', departed_latest),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.register_departure(bigint, date, text, bigint, text, uuid, boolean, date, date) IS
    'Registers that somebody has left (离开注销; 广东省流动人口服务管理条例 Art. 21). person_id, resident_id or residence_id; departed_on, NULL is today; departed_earliest and departed_latest where the day is not known exactly: departed_on is then between them, NULL the earliest; reason in words. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers the residence, departed. Errors: RG010, RG012, RG023, RG024, RG034, RG040, RG080, RG085, RG086, RG312, RG313';

CREATE OR REPLACE FUNCTION api.change_residence(
        person_id bigint DEFAULT NULL, dwelling_id bigint DEFAULT NULL, moved_on date DEFAULT NULL,
        reason text DEFAULT NULL, intended_stay text DEFAULT NULL, place_kind text DEFAULT NULL,
        guardian_person_id bigint DEFAULT NULL, channel text DEFAULT 'window',
        reporter_person_id bigint DEFAULT NULL, reporter_credit_code text DEFAULT NULL,
        verified boolean DEFAULT false, residence_id bigint DEFAULT NULL, resident_id text DEFAULT NULL,
        request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false, dwelling_address text DEFAULT NULL,
        dwelling_division text DEFAULT NULL)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('change_residence', jsonb_build_object(
            'person_id', person_id, 'dwelling_id', dwelling_id, 'moved_on', moved_on, 'reason', reason,
            'intended_stay', intended_stay, 'place_kind', place_kind, 'guardian_person_id', guardian_person_id,
            'channel', channel, 'reporter_person_id', reporter_person_id,
            'reporter_credit_code', reporter_credit_code, 'verified', verified, 'residence_id', residence_id,
            'resident_id', resident_id, 'dwelling_address', dwelling_address, 'dwelling_division', dwelling_division),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.change_residence(bigint, bigint, date, text, text, text, bigint, text, bigint, text, boolean, bigint, text, uuid, boolean, text, text) IS
    'Registers a change of address (变更登记; 广东省流动人口服务管理条例 Art. 10): closes the current residence as moved on the day moved_on (NULL is today) and opens that in dwelling_id, or at dwelling_address, on the same day, both or neither. person_id, resident_id or residence_id; the rest as for api.register_arrival(): reason, intended_stay and guardian_person_id stay as they were where nothing is entered. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers the new residence; its half-year goes on within one city. Errors: those of api.register_arrival(), RG012, RG023, RG034, RG039, RG040';

CREATE OR REPLACE FUNCTION api.verify_residence(
        residence_id bigint, outcome text DEFAULT 'active', reason text DEFAULT NULL,
        request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('verify_residence', jsonb_build_object(
            'residence_id', residence_id, 'outcome', outcome, 'reason', reason),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.verify_residence(bigint, text, text, uuid, boolean) IS
    'Enters what the check of a reported residence has shown (核实). residence_id; outcome: active (核实登记), verifying (受理核实) or rejected (核实不通过), this with a reason in words; active also takes an automatic closing back. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers the residence. Errors: RG012, RG020, RG021, RG026-RG034, RG036, RG042, RG080, RG083, RG085';

CREATE OR REPLACE FUNCTION api.void_residence(
        residence_id bigint, reason text, request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('void_residence', jsonb_build_object(
            'residence_id', residence_id, 'reason', reason),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.void_residence(bigint, text, uuid, boolean) IS
    'Voids a registration that is wrong or was entered twice (作废); it stays on record (个人信息保护法 Art. 46). residence_id; reason in words, one line of up to 200 characters. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers the residence. Errors: RG012, RG034, RG036, RG080, RG085';

CREATE OR REPLACE FUNCTION api.submit(
        act text, batch jsonb, request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS SETOF api.batch_answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        answers api.answer[];
    BEGIN
        IF NOT EXISTS (SELECT FROM ledger.parameter(act)) THEN
            PERFORM refuse('RG084', ARRAY[left(act, 60)]);
        ELSIF NOT registry.may_act(act) THEN
            RAISE insufficient_privilege USING MESSAGE = format('permission denied for function %s', act);
        ELSIF jsonb_typeof(batch) IS DISTINCT FROM 'array' THEN
            PERFORM refuse('RG081', ARRAY[COALESCE(jsonb_typeof(batch), 'nothing')]);
        END IF;
        answers := ledger.perform(act, batch, request_id, dry_run);
        -- api.batch_answer is the line and then api.answer
        RETURN QUERY SELECT * FROM ROWS FROM (generate_subscripts(answers, 1), unnest(answers)) AS a;
    END $$;
COMMENT ON FUNCTION api.submit(text, jsonb, uuid, boolean) IS
    'Carries out an act for many (批量办理). act: any function of the api that answers api.answer, such as register_person or register_tenancy; batch: a JSON array of objects whose fields are the parameters of that act; request_id, dry_run: for the whole batch. Answers a row for each in their order: accepted, or refused with code and text; the good ones are kept. Rows may depend on each other in any order. Errors: RG080, RG081, RG084; in rows those of the act, RG081-RG083';

CREATE OR REPLACE FUNCTION api.register_persons(batch jsonb, request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS SETOF api.batch_answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN QUERY SELECT * FROM api.submit('register_person', batch, request_id, dry_run);
    END $$;
COMMENT ON FUNCTION api.register_persons(jsonb, uuid, boolean) IS
    'api.register_person() for many (批量人员登记): see api.submit()';

CREATE OR REPLACE FUNCTION api.register_arrivals(batch jsonb, request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS SETOF api.batch_answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN QUERY SELECT * FROM api.submit('register_arrival', batch, request_id, dry_run);
    END $$;
COMMENT ON FUNCTION api.register_arrivals(jsonb, uuid, boolean) IS
    'api.register_arrival() for many (批量到达登记): see api.submit()';

CREATE OR REPLACE FUNCTION api.register_departures(batch jsonb, request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS SETOF api.batch_answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN QUERY SELECT * FROM api.submit('register_departure', batch, request_id, dry_run);
    END $$;
COMMENT ON FUNCTION api.register_departures(jsonb, uuid, boolean) IS
    'api.register_departure() for many (批量离开注销): see api.submit()';

CREATE OR REPLACE FUNCTION api.change_residences(batch jsonb, request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS SETOF api.batch_answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN QUERY SELECT * FROM api.submit('change_residence', batch, request_id, dry_run);
    END $$;
COMMENT ON FUNCTION api.change_residences(jsonb, uuid, boolean) IS
    'api.change_residence() for many (批量变更登记): see api.submit()';

CREATE OR REPLACE FUNCTION api.verify_residences(batch jsonb, request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS SETOF api.batch_answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN QUERY SELECT * FROM api.submit('verify_residence', batch, request_id, dry_run);
    END $$;
COMMENT ON FUNCTION api.verify_residences(jsonb, uuid, boolean) IS
    'api.verify_residence() for many (批量核实): see api.submit()';

CREATE OR REPLACE FUNCTION api.void_residences(batch jsonb, request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS SETOF api.batch_answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN QUERY SELECT * FROM api.submit('void_residence', batch, request_id, dry_run);
    END $$;
COMMENT ON FUNCTION api.void_residences(jsonb, uuid, boolean) IS
    'api.void_residence() for many (批量作废): see api.submit()';
