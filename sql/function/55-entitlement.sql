-- entitlement: employers, and the four records that entitle: employment, tenancy, schooling, ownership.
-- Guards find their rows by keys, also while a table is so small that reading it whole seems cheaper, and the plan is kept.

CREATE OR REPLACE FUNCTION residency.is_registration_number(entry text)
    RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        product integer := 10;
        total   integer;
    BEGIN
        IF entry !~ '^[0-9]{15}$' THEN
            RETURN false;
        END IF;
        -- ISO 7064 MOD 11,10: a sum that ends in 0 counts as 10
        FOR place IN 1..14 LOOP
            total := (product + substr(entry, place, 1)::integer) % 10;
            product := CASE total WHEN 0 THEN 10 ELSE total END * 2 % 11;
        END LOOP;
        RETURN (11 - product) % 10 = right(entry, 1)::integer;
    END $$;
COMMENT ON FUNCTION residency.is_registration_number(text) IS
    'Whether a text is a registration number of a business licence from before the credit codes (工商注册号, GS 15-2006): 15 digits, the last one the check digit of ISO 7064 MOD 11,10';

CREATE OR REPLACE FUNCTION residency.record_state(starts_on date, ends_on date, void_reason text, "on" date)
    RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
        SELECT CASE WHEN void_reason IS NOT NULL THEN 'voided'
                    WHEN ends_on <= "on" THEN 'ended'
                    WHEN starts_on > "on" THEN 'ahead'
                    ELSE 'running' END
    $$;
COMMENT ON FUNCTION residency.record_state(date, date, text, date) IS
    'How a record stands on a day, list record_state (记录状态): ahead, running, ended or voided';

CREATE OR REPLACE FUNCTION residency.checked_text(entry text, longest integer, at_table text, at_column text)
    RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        entry := btrim(entry, E' \t\u3000\u00a0');
        IF NOT residency.is_plain_text(entry, longest) THEN
            PERFORM residency.refuse('RG125', ARRAY[at_column, longest::text], at_table, at_column);
        END IF;
        RETURN entry;
    END $$;
COMMENT ON FUNCTION residency.checked_text(text, integer, text, text) IS
    'The entry without outer blanks, where it is one line of 1 to so many characters (单行文本校验); otherwise RG125 for that table and column. NULL passes';

CREATE OR REPLACE FUNCTION residency.check_past(day date, at_table text, at_column text)
    RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        IF day > residency.today() THEN
            PERFORM residency.refuse('RG126', ARRAY[at_column, day::text, residency.today()::text], at_table, at_column);
        ELSIF NOT isfinite(day) THEN
            PERFORM residency.refuse('RG128', ARRAY[at_column, day::text], at_table, at_column);
        END IF;
    END $$;
COMMENT ON FUNCTION residency.check_past(date, text, text) IS
    'Refuses the day of something that is to have happened (既往日期校验): RG126 it lies in the future, RG128 it is none. NULL passes';

CREATE OR REPLACE FUNCTION residency.employer_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off
    SET enable_hashjoin = off
    SET enable_mergejoin = off
    AS $$
    DECLARE
        at    CONSTANT text := 'registry.employer';
        other bigint;
    BEGIN
        NEW.name := residency.checked_text(COALESCE(NEW.name, ''), 200, at, 'name');
        NEW.address := residency.checked_text(NEW.address, 200, at, 'address');
        NEW.registration_number := btrim(NEW.registration_number);
        IF num_nonnulls(NEW.credit_code, NEW.registration_number) = 0
           OR NOT residency.is_registration_number(NEW.registration_number) THEN
            PERFORM residency.refuse('RG122', ARRAY[COALESCE(NEW.credit_code::text, '-'), COALESCE(left(NEW.registration_number, 20), '-')],
                                     at, 'registration_number');
        END IF;
        IF NEW.division IS NULL THEN
            PERFORM residency.refuse('RG125', '{division,12}', at, 'division');
        END IF;
        NEW.state := residency.checked_code('employer_state', COALESCE(NEW.state, ''), at, 'state');
        NEW.channel := residency.checked_code('channel', COALESCE(NEW.channel, ''), at, 'channel');

        NEW.closed_on := CASE WHEN NEW.state <> 'open' THEN COALESCE(NEW.closed_on, residency.today()) END;
        PERFORM residency.check_past(NEW.opened_on, at, 'opened_on');
        PERFORM residency.check_past(NEW.closed_on, at, 'closed_on');
        IF NEW.closed_on < NEW.opened_on THEN
            PERFORM residency.refuse('RG127', ARRAY[NEW.opened_on, NEW.closed_on, NEW.employer_id]::text[], at, 'closed_on');
        END IF;

        SELECT e.employer_id INTO other FROM registry.employer e
        WHERE e.credit_code OPERATOR(residency.=) NEW.credit_code AND e.employer_id <> NEW.employer_id;
        IF FOUND THEN
            PERFORM residency.refuse('RG120', ARRAY[NEW.credit_code::text, other::text], at, 'credit_code');
        END IF;
        SELECT e.employer_id INTO other FROM registry.employer e
        WHERE e.registration_number = NEW.registration_number AND e.employer_id <> NEW.employer_id;
        IF FOUND THEN
            PERFORM residency.refuse('RG121', ARRAY[NEW.registration_number, other::text], at, 'registration_number');
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.employer_guard() IS
    'Trigger of registry.employer (用人单位校验): codes and words (RG006, RG125), numbers (RG120-RG122), days (RG126-RG128); the day of closing goes with the state';

CREATE OR REPLACE FUNCTION residency.record_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        at     CONSTANT text := TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME;
        entry  CONSTANT jsonb := to_jsonb(NEW);
        key    CONSTANT text := entry ->> TG_ARGV[0];
        starts CONSTANT date := (entry ->> TG_ARGV[1])::date;
        ends   CONSTANT date := (entry ->> TG_ARGV[2])::date;
        reason text := NEW.void_reason;
        fixed  text;
        birth  date;
        gone   text;
    BEGIN
        IF TG_OP = 'UPDATE' THEN
            SELECT c INTO fixed
            FROM unnest(TG_ARGV[0:0] || TG_ARGV[3:]) AS c
            WHERE entry -> c IS DISTINCT FROM to_jsonb(OLD) -> c
            LIMIT 1;
            IF FOUND AND residency.rewrites() THEN
                RETURN NEW;
            ELSIF FOUND THEN
                PERFORM residency.refuse('RG138', ARRAY[fixed, to_jsonb(OLD) ->> TG_ARGV[0], at], at, fixed);
            END IF;
        END IF;
        IF TG_OP = 'INSERT' AND reason IS NOT NULL OR TG_OP = 'UPDATE' AND OLD.void_reason IS NOT NULL THEN
            IF residency.rewrites() THEN
                RETURN NEW;
            END IF;
            PERFORM residency.refuse('RG136', ARRAY[at, key, 'voided'], at, 'void_reason');
        ELSIF reason IS NOT NULL THEN
            IF NOT residency.is_plain_text(reason, 200) THEN
                PERFORM residency.refuse('RG139', ARRAY[at, key], at, 'void_reason');
            END IF;
            -- the record stays as it was
            NEW := OLD;
            NEW.void_reason := reason;
            NEW.voided_at := now();
            RETURN NEW;
        END IF;
        NEW.voided_at := NULL;

        -- before migrate() there is no such column
        SELECT p.birth_date, to_jsonb(p) ->> 'pseudonymised_on' INTO birth, gone FROM registry.person p WHERE p.person_id = NEW.person_id;
        IF NOT FOUND THEN
            PERFORM residency.refuse('RG010', ARRAY[COALESCE(NEW.person_id::text, '-')], at, 'person_id');
        ELSIF gone IS NOT NULL AND TG_OP = 'INSERT' THEN
            PERFORM residency.refuse('RG357', ARRAY[NEW.person_id::text, gone], at, 'person_id');
        ELSIF starts IS NULL OR NOT isfinite(starts) OR starts < COALESCE(birth, '1900-01-01') THEN
            PERFORM residency.refuse('RG128', ARRAY[TG_ARGV[1], COALESCE(starts::text, '-')], at, TG_ARGV[1]);
        ELSIF NOT isfinite(ends) THEN
            PERFORM residency.refuse('RG128', ARRAY[TG_ARGV[2], ends::text], at, TG_ARGV[2]);
        ELSIF ends < starts THEN
            PERFORM residency.refuse('RG127', ARRAY[starts::text, ends::text, key], at, TG_ARGV[2]);
        END IF;
        NEW.end_reason := residency.checked_text(NEW.end_reason, 200, at, 'end_reason');
        NEW.channel := residency.checked_code('channel', COALESCE(NEW.channel, ''), at, 'channel');
        NEW.recorded_at := COALESCE(NEW.recorded_at, now());
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.record_guard() IS
    'Trigger of what entitles, with the columns of the key and the two days as arguments, then those that stay as they are (权益记录通用校验): person (RG010, RG357), days (RG127, RG128), words and channel (RG006, RG125), and how a record is changed and voided (RG136, RG138, RG139)';

CREATE OR REPLACE FUNCTION residency.employment_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off
    SET enable_hashjoin = off
    SET enable_mergejoin = off
    AS $$
    DECLARE
        at       CONSTANT text := 'registry.employment';
        state    text;
        was_open boolean;
        other    bigint;
    BEGIN
        NEW.kind := residency.checked_code('employment_kind', COALESCE(NEW.kind, ''), at, 'kind');
        NEW.contract_number := residency.checked_text(NEW.contract_number, 50, at, 'contract_number');
        PERFORM residency.check_past(NEW.hired_on, at, 'hired_on');
        PERFORM residency.check_past(NEW.ended_on, at, 'ended_on');
        PERFORM residency.check_past(residency.local_day(NEW.hire_reported_at), at, 'hire_reported_at');
        PERFORM residency.check_past(residency.local_day(NEW.end_reported_at), at, 'end_reported_at');
        IF TG_OP = 'INSERT' AND NEW.channel = 'employer' THEN
            NEW.hire_reported_at := COALESCE(NEW.hire_reported_at, now());
        END IF;

        IF TG_OP = 'INSERT' OR NEW.hired_on <> OLD.hired_on THEN
            -- the employer shall not close meanwhile
            SELECT e.state, e.period @> NEW.hired_on INTO state, was_open
            FROM registry.employer e WHERE e.employer_id = NEW.employer_id FOR SHARE;
            IF NOT FOUND THEN
                PERFORM residency.refuse('RG123', ARRAY[COALESCE(NEW.employer_id::text, '-')], at, 'employer_id');
            ELSIF NOT was_open THEN
                PERFORM residency.refuse('RG124', ARRAY[NEW.employer_id::text, state, NEW.hired_on::text], at, 'hired_on');
            END IF;
        END IF;
        SELECT e.employment_id INTO other FROM registry.employment e
        WHERE e.person_id = NEW.person_id AND e.employer_id = NEW.employer_id AND e.void_reason IS NULL
          AND e.period && daterange(NEW.hired_on, NEW.ended_on) AND e.employment_id <> NEW.employment_id;
        IF FOUND THEN
            PERFORM residency.refuse('RG129', ARRAY[NEW.person_id, NEW.employer_id, other]::text[], at, 'hired_on');
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.employment_guard() IS
    'Trigger of registry.employment after record_guard() (就业登记校验): kind and words (RG006, RG125), days (RG126, RG128), an employer who is open (RG123, RG124), no second employment there at one time (RG129)';

CREATE OR REPLACE FUNCTION residency.check_standing(dwelling bigint, for_letting boolean, at_table text)
    RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        standing record;
    BEGIN
        PERFORM residency.dwelling_lock(ARRAY[dwelling]);
        SELECT s.prohibited_id, s.demolished_id INTO standing
        FROM registry.dwelling_standing s WHERE s.dwelling_id = dwelling;
        IF NOT FOUND THEN
            PERFORM residency.refuse('RG011', ARRAY[COALESCE(dwelling::text, '-')], at_table, 'dwelling_id');
        ELSIF for_letting AND standing.prohibited_id IS NOT NULL THEN
            PERFORM residency.refuse('RG026', ARRAY[standing.prohibited_id::text], at_table, 'dwelling_id');
        ELSIF standing.demolished_id IS NOT NULL THEN
            PERFORM residency.refuse('RG027', ARRAY[standing.demolished_id::text], at_table, 'dwelling_id');
        END IF;
    END $$;
COMMENT ON FUNCTION residency.check_standing(bigint, boolean, text) IS
    'Locks a dwelling with what it is part of, as arrivals do, and refuses one that is not there (RG011), demolished (RG027) or, for letting, prohibited (RG026) (房屋状况校验)';

CREATE OR REPLACE FUNCTION residency.tenancy_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off
    SET enable_hashjoin = off
    SET enable_mergejoin = off
    AS $$
    DECLARE
        at    CONSTANT text := 'registry.tenancy';
        named integer;
        most  integer;
        other bigint;
    BEGIN
        NEW.contract_number := residency.checked_text(NEW.contract_number, 50, at, 'contract_number');
        NEW.filing_number := residency.checked_text(NEW.filing_number, 50, at, 'filing_number');
        PERFORM residency.check_past(NEW.signed_on, at, 'signed_on');
        PERFORM residency.check_past(NEW.filed_on, at, 'filed_on');
        PERFORM residency.check_past(residency.local_day(NEW.reported_at), at, 'reported_at');
        IF TG_OP = 'INSERT' AND NEW.channel IN ('landlord', 'agency') THEN
            NEW.reported_at := COALESCE(NEW.reported_at, now());
        END IF;

        -- one who rents until tomorrow or later rents what may be let
        IF (TG_OP = 'INSERT' OR NEW.starts_on <> OLD.starts_on OR NEW.ends_on IS DISTINCT FROM OLD.ends_on)
           AND COALESCE(NEW.ends_on > residency.today(), true) THEN
            PERFORM residency.check_standing(NEW.dwelling_id, true, at);
        END IF;
        IF num_nonnulls(NEW.landlord_person_id, NEW.landlord_credit_code) = 0 THEN
            SELECT l.landlord_person_id, l.landlord_credit_code INTO NEW.landlord_person_id, NEW.landlord_credit_code
            FROM registry.dwelling_landlord l WHERE l.dwelling_id = NEW.dwelling_id;
        END IF;
        named := num_nonnulls(NEW.landlord_person_id, NEW.landlord_credit_code);
        IF named <> 1 OR NEW.landlord_person_id = NEW.person_id THEN
            PERFORM residency.refuse('RG132', ARRAY[NEW.dwelling_id::text, CASE named WHEN 0 THEN 'nobody' WHEN 1 THEN 'the tenant' ELSE 'two' END],
                                     at, 'landlord_person_id');
        END IF;
        IF NEW.deposit IS NOT NULL
           AND (TG_OP = 'INSERT' OR (NEW.deposit, NEW.monthly_rent) IS DISTINCT FROM (OLD.deposit, OLD.monthly_rent)) THEN
            SELECT residency.policy_int('deposit_months', d.division, COALESCE(NEW.signed_on, NEW.starts_on)) INTO most
            FROM registry.dwelling d WHERE d.dwelling_id = NEW.dwelling_id;
            IF NEW.deposit > most * NEW.monthly_rent THEN
                PERFORM residency.refuse('RG133', ARRAY[round(NEW.deposit / NEW.monthly_rent, 2), most]::text[], at, 'deposit');
            END IF;
        END IF;

        SELECT t.tenancy_id INTO other FROM registry.tenancy t
        WHERE t.filing_number = NEW.filing_number AND t.void_reason IS NULL AND t.tenancy_id <> NEW.tenancy_id;
        IF FOUND THEN
            PERFORM residency.refuse('RG131', ARRAY[NEW.filing_number, other::text], at, 'filing_number');
        END IF;
        SELECT t.tenancy_id INTO other FROM registry.tenancy t
        WHERE t.person_id = NEW.person_id AND t.dwelling_id = NEW.dwelling_id AND t.void_reason IS NULL
          AND t.period && daterange(NEW.starts_on, NEW.ends_on) AND t.tenancy_id <> NEW.tenancy_id;
        IF FOUND THEN
            PERFORM residency.refuse('RG130', ARRAY[NEW.person_id, NEW.dwelling_id, other]::text[], at, 'starts_on');
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.tenancy_guard() IS
    'Trigger of registry.tenancy after record_guard() (房屋租赁登记校验): words (RG125), days (RG126, RG128), a dwelling that may be let (RG011, RG026, RG027), one landlord who is not the tenant (RG132), the deposit (RG133), the filing number (RG131), no second lease of the dwelling at one time (RG130)';

CREATE OR REPLACE FUNCTION residency.schooling_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off
    SET enable_hashjoin = off
    SET enable_mergejoin = off
    AS $$
    DECLARE
        at    CONSTANT text := 'registry.schooling';
        other bigint;
    BEGIN
        NEW.school_name := residency.checked_text(COALESCE(NEW.school_name, ''), 200, at, 'school_name');
        NEW.student_number := residency.checked_text(NEW.student_number, 50, at, 'student_number');
        NEW.level := residency.checked_code('school_level', COALESCE(NEW.level, ''), at, 'level');
        IF NEW.division IS NULL THEN
            PERFORM residency.refuse('RG125', '{division,12}', at, 'division');
        END IF;
        PERFORM residency.check_past(NEW.starts_on, at, 'starts_on');
        SELECT s.schooling_id INTO other FROM registry.schooling s
        WHERE s.person_id = NEW.person_id AND s.void_reason IS NULL
          AND s.period && daterange(NEW.starts_on, NEW.ends_on) AND s.schooling_id <> NEW.schooling_id;
        IF FOUND THEN
            PERFORM residency.refuse('RG134', ARRAY[NEW.person_id, other]::text[], at, 'starts_on');
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.schooling_guard() IS
    'Trigger of registry.schooling after record_guard() (就读登记校验): words and level (RG006, RG125), the first day (RG126), no second school at one time (RG134)';

CREATE OR REPLACE FUNCTION residency.ownership_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off
    SET enable_hashjoin = off
    SET enable_mergejoin = off
    AS $$
    DECLARE
        at    CONSTANT text := 'registry.ownership';
        other bigint;
    BEGIN
        NEW.certificate_number := residency.checked_text(NEW.certificate_number, 100, at, 'certificate_number');
        PERFORM residency.check_past(NEW.starts_on, at, 'starts_on');
        PERFORM residency.check_past(NEW.ends_on, at, 'ends_on');
        IF (TG_OP = 'INSERT' OR NEW.ends_on IS DISTINCT FROM OLD.ends_on) AND NEW.ends_on IS NULL THEN
            PERFORM residency.check_standing(NEW.dwelling_id, false, at);
        END IF;
        SELECT o.ownership_id INTO other FROM registry.ownership o
        WHERE o.person_id = NEW.person_id AND o.dwelling_id = NEW.dwelling_id AND o.void_reason IS NULL
          AND o.period && daterange(NEW.starts_on, NEW.ends_on) AND o.ownership_id <> NEW.ownership_id;
        IF FOUND THEN
            PERFORM residency.refuse('RG135', ARRAY[NEW.person_id, NEW.dwelling_id, other]::text[], at, 'starts_on');
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.ownership_guard() IS
    'Trigger of registry.ownership after record_guard() (房屋产权登记校验): words (RG125), days (RG126), a dwelling that stands (RG011, RG027), no second ownership of it at one time (RG135)';
