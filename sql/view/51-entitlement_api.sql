-- What applications call for employers and what entitles: one case each, many through api.submit().
-- Parameters bear the names of the columns that they fill. What is common to all acts stands in 50-request.sql.

CREATE OR REPLACE FUNCTION api.register_employer(
        name text, credit_code text DEFAULT NULL, registration_number text DEFAULT NULL, division text DEFAULT NULL,
        address text DEFAULT NULL, state text DEFAULT 'open', opened_on date DEFAULT NULL,
        closed_on date DEFAULT NULL, channel text DEFAULT 'window', request_id uuid DEFAULT NULL,
        dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('register_employer', jsonb_build_object(
            'name', name, 'credit_code', credit_code, 'registration_number', registration_number,
            'division', division, 'address', address, 'state', state, 'opened_on', opened_on,
            'closed_on', closed_on, 'channel', channel),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.register_employer(text, text, text, text, text, text, date, date, text, uuid, boolean) IS
    'Registers an employer (用人单位登记). name; credit_code (GB 32100), or registration_number (GS 15-2006) of an old licence; division in which it works, of any level; address; state: list employer_state; opened_on, closed_on; channel. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, the employer''s key, its state, and as warning organization_code_mismatch. Errors: RG006, RG080, RG085, RG120-RG122, RG125-RG128; 22P02 a malformed code, 23503 an unknown division';

CREATE OR REPLACE FUNCTION api.change_employer(
        employer_id bigint, credit_code text DEFAULT NULL, registration_number text DEFAULT NULL,
        name text DEFAULT NULL, division text DEFAULT NULL, address text DEFAULT NULL, state text DEFAULT NULL,
        opened_on date DEFAULT NULL, closed_on date DEFAULT NULL, request_id uuid DEFAULT NULL,
        dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('change_employer', jsonb_build_object(
            'employer_id', employer_id, 'credit_code', credit_code, 'registration_number', registration_number,
            'name', name, 'division', division, 'address', address, 'state', state, 'opened_on', opened_on,
            'closed_on', closed_on),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.change_employer(bigint, text, text, text, text, text, text, date, date, uuid, boolean) IS
    'Enters what has changed of an employer (用人单位变更): a new credit code, name or address, or that it is suspended, revoked or deregistered from closed_on on, NULL is today. employer_id; what is left out stays. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id and state. Errors: those of api.register_employer(), RG123';

CREATE OR REPLACE FUNCTION api.register_employment(
        person_id bigint DEFAULT NULL, employer_id bigint DEFAULT NULL, kind text DEFAULT 'contract',
        hired_on date DEFAULT NULL, ended_on date DEFAULT NULL, end_reason text DEFAULT NULL,
        contract_number text DEFAULT NULL, channel text DEFAULT 'window', hire_reported_at timestamptz DEFAULT NULL,
        end_reported_at timestamptz DEFAULT NULL, resident_id text DEFAULT NULL,
        employer_credit_code text DEFAULT NULL, request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('register_employment', jsonb_build_object(
            'person_id', person_id, 'employer_id', employer_id, 'kind', kind, 'hired_on', hired_on,
            'ended_on', ended_on, 'end_reason', end_reason, 'contract_number', contract_number, 'channel', channel,
            'hire_reported_at', hire_reported_at, 'end_reported_at', end_reported_at, 'resident_id', resident_id,
            'employer_credit_code', employer_credit_code),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.register_employment(bigint, bigint, text, date, date, text, text, text, timestamptz, timestamptz, text, text, uuid, boolean) IS
    'Registers that somebody works for an employer (就业登记; 居住证暂行条例 Art. 2). person_id or resident_id; employer_id or employer_credit_code; kind: list employment_kind; hired_on, NULL is today; ended_on and end_reason of a past one; contract_number; channel; hire_reported_at, end_reported_at: when the employer reported, NULL has not (now for channel employer). request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, person_id, state. Errors: RG006, RG010, RG080, RG085, RG086, RG123-RG129';

CREATE OR REPLACE FUNCTION api.end_employment(
        employment_id bigint, ended_on date DEFAULT NULL, reason text DEFAULT NULL, channel text DEFAULT 'window',
        end_reported_at timestamptz DEFAULT NULL, request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('end_employment', jsonb_build_object(
            'employment_id', employment_id, 'ended_on', ended_on, 'reason', reason, 'channel', channel,
            'end_reported_at', end_reported_at),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.end_employment(bigint, date, text, text, timestamptz, uuid, boolean) IS
    'Registers that somebody no longer works for an employer (终止就业登记). employment_id; ended_on, NULL is today; reason in words; end_reported_at: when the employer reported it (now for channel employer). request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers the employment, ended. Errors: RG080, RG085, RG125-RG127, RG136, RG137';

CREATE OR REPLACE FUNCTION api.register_tenancy(
        person_id bigint DEFAULT NULL, dwelling_id bigint DEFAULT NULL, starts_on date DEFAULT NULL,
        ends_on date DEFAULT NULL, signed_on date DEFAULT NULL, landlord_person_id bigint DEFAULT NULL,
        landlord_credit_code text DEFAULT NULL, agent_credit_code text DEFAULT NULL,
        contract_number text DEFAULT NULL, monthly_rent numeric DEFAULT NULL, deposit numeric DEFAULT NULL,
        filing_number text DEFAULT NULL, filed_on date DEFAULT NULL, channel text DEFAULT 'window',
        reported_at timestamptz DEFAULT NULL, resident_id text DEFAULT NULL, request_id uuid DEFAULT NULL,
        dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('register_tenancy', jsonb_build_object(
            'person_id', person_id, 'dwelling_id', dwelling_id, 'starts_on', starts_on, 'ends_on', ends_on,
            'signed_on', signed_on, 'landlord_person_id', landlord_person_id,
            'landlord_credit_code', landlord_credit_code, 'agent_credit_code', agent_credit_code,
            'contract_number', contract_number, 'monthly_rent', monthly_rent, 'deposit', deposit,
            'filing_number', filing_number, 'filed_on', filed_on, 'channel', channel, 'reported_at', reported_at,
            'resident_id', resident_id),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.register_tenancy(bigint, bigint, date, date, date, bigint, text, text, text, numeric, numeric, text, date, text, timestamptz, text, uuid, boolean) IS
    'Registers a lease (房屋租赁登记; 商品房屋租赁管理办法 Art. 14). person_id or resident_id of the tenant; dwelling_id; starts_on, NULL is today; ends_on: the day after the last, NULL without a term; signed_on; landlord_person_id or landlord_credit_code, neither: the landlord of the dwelling; agent_credit_code; contract_number; monthly_rent and deposit in yuan; filing_number and filed_on of the housing authority; channel; reported_at: when landlord or agent reported it, NULL have not (now for channels landlord and agency). request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, person_id, dwelling_id, state, and as warning other_landlord or dwelling_without_landlord: the lease differs from what registry.dwelling says. Errors: RG006, RG010, RG011, RG026, RG027, RG080, RG085, RG086, RG125-RG128, RG130-RG133; 22P02 a malformed code, 23503 a landlord who is not registered';

CREATE OR REPLACE FUNCTION api.end_tenancy(
        tenancy_id bigint, ends_on date DEFAULT NULL, reason text DEFAULT NULL, request_id uuid DEFAULT NULL,
        dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('end_tenancy', jsonb_build_object(
            'tenancy_id', tenancy_id, 'ends_on', ends_on, 'reason', reason),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.end_tenancy(bigint, date, text, uuid, boolean) IS
    'Ends a lease before its term (终止房屋租赁登记). tenancy_id; ends_on: the day from which it no longer holds, NULL is today; reason in words. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers the tenancy. Errors: RG080, RG085, RG125, RG127, RG136, RG137';

CREATE OR REPLACE FUNCTION api.register_schooling(
        person_id bigint DEFAULT NULL, school_name text DEFAULT NULL, division text DEFAULT NULL,
        level text DEFAULT NULL, starts_on date DEFAULT NULL, ends_on date DEFAULT NULL,
        school_credit_code text DEFAULT NULL, student_number text DEFAULT NULL, channel text DEFAULT 'window',
        resident_id text DEFAULT NULL, request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('register_schooling', jsonb_build_object(
            'person_id', person_id, 'school_name', school_name, 'division', division, 'level', level,
            'starts_on', starts_on, 'ends_on', ends_on, 'school_credit_code', school_credit_code,
            'student_number', student_number, 'channel', channel, 'resident_id', resident_id),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.register_schooling(bigint, text, text, text, date, date, text, text, text, text, uuid, boolean) IS
    'Registers full-time studies (就读登记; 居住证暂行条例 Art. 2). person_id or resident_id; school_name, division of the school, of any level; level: list school_level; starts_on, NULL is today; ends_on as planned; school_credit_code; student_number (学籍号); channel. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, person_id, state. Errors: RG006, RG010, RG080, RG085, RG086, RG125-RG128, RG134; 23503 an unknown division';

CREATE OR REPLACE FUNCTION api.end_schooling(
        schooling_id bigint, ends_on date DEFAULT NULL, reason text DEFAULT NULL, request_id uuid DEFAULT NULL,
        dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('end_schooling', jsonb_build_object(
            'schooling_id', schooling_id, 'ends_on', ends_on, 'reason', reason),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.end_schooling(bigint, date, text, uuid, boolean) IS
    'Ends studies before their time (终止就读登记). schooling_id; ends_on: the day from which the person no longer studies there, NULL is today; reason in words. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers the schooling. Errors: RG080, RG085, RG125, RG127, RG136, RG137';

CREATE OR REPLACE FUNCTION api.register_ownership(
        person_id bigint DEFAULT NULL, dwelling_id bigint DEFAULT NULL, starts_on date DEFAULT NULL,
        ends_on date DEFAULT NULL, certificate_number text DEFAULT NULL, channel text DEFAULT 'window',
        resident_id text DEFAULT NULL, request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('register_ownership', jsonb_build_object(
            'person_id', person_id, 'dwelling_id', dwelling_id, 'starts_on', starts_on, 'ends_on', ends_on,
            'certificate_number', certificate_number, 'channel', channel, 'resident_id', resident_id),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.register_ownership(bigint, bigint, date, date, text, text, text, uuid, boolean) IS
    'Registers that somebody owns a dwelling (房屋产权登记; 居住证暂行条例 Art. 2). person_id or resident_id; dwelling_id; starts_on, NULL is today; ends_on of a past one; certificate_number (不动产权证号), NULL: by contract of purchase; channel. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, person_id, dwelling_id, state. Errors: RG006, RG010, RG011, RG027, RG080, RG085, RG086, RG125-RG128, RG135';

CREATE OR REPLACE FUNCTION api.end_ownership(
        ownership_id bigint, ends_on date DEFAULT NULL, reason text DEFAULT NULL, request_id uuid DEFAULT NULL,
        dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('end_ownership', jsonb_build_object(
            'ownership_id', ownership_id, 'ends_on', ends_on, 'reason', reason),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.end_ownership(bigint, date, text, uuid, boolean) IS
    'Registers that somebody no longer owns a dwelling (终止房屋产权登记). ownership_id; ends_on, NULL is today; reason in words. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers the ownership, ended. Errors: RG080, RG085, RG125-RG127, RG136, RG137';

CREATE OR REPLACE FUNCTION api.void_record(
        record text, record_id bigint, reason text, request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('void_record', jsonb_build_object(
            'record', record, 'record_id', record_id, 'reason', reason),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.void_record(text, bigint, text, uuid, boolean) IS
    'Voids what is wrong or was entered twice (作废记录); it stays on record (个人信息保护法 Art. 46). record: employment, tenancy, schooling or ownership; record_id: its key; reason in words, one line of up to 200 characters. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers the record, voided. Errors: RG080, RG083, RG085, RG136, RG137, RG139';
