-- residence: arrivals, departures and what happens between.

CREATE OR REPLACE FUNCTION residency.residence_is_current(state text)
    RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT state OPERATOR(pg_catalog.=) ANY ('{reported,verifying,active}'::text[]) $$;
COMMENT ON FUNCTION residency.residence_is_current(text) IS
    'Whether a residence in this state says that the person lives there now (在住状态): reported, verifying, active';

CREATE OR REPLACE FUNCTION residency.age(birth date, "on" date)
    RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT extract(year FROM pg_catalog.age("on"::pg_catalog.timestamp, birth::pg_catalog.timestamp))::pg_catalog.int4 $$;
COMMENT ON FUNCTION residency.age(date, date) IS 'Completed years of age on a day (周岁)';

CREATE OR REPLACE FUNCTION residency.residence_check_days(state text, arrived_on date, departed_on date)
    RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
    DECLARE
        at    constant text := 'registry.residence';
        today constant date := residency.today();
    BEGIN
        IF arrived_on > today THEN
            PERFORM residency.refuse('RG022', ARRAY[arrived_on::text, today::text], at, 'arrived_on');
        ELSIF departed_on < arrived_on THEN
            PERFORM residency.refuse('RG023', ARRAY[arrived_on::text, departed_on::text], at, 'departed_on');
        ELSIF departed_on > today THEN
            PERFORM residency.refuse('RG024', ARRAY[departed_on::text, today::text], at, 'departed_on');
        ELSIF state NOT IN ('rejected', 'voided') AND residency.residence_is_current(state) <> (departed_on IS NULL) THEN
            PERFORM residency.refuse('RG038', ARRAY[state, CASE WHEN departed_on IS NULL THEN 'needs' ELSE 'does not have' END],
                                     at, 'departed_on');
        END IF;
    END $$;
COMMENT ON FUNCTION residency.residence_check_days(text, date, date) IS
    'Refuses days that cannot be (到达离开日期校验): RG022 arrival and RG024 departure in the future, RG023 departure before arrival, RG038 departure against the state';

CREATE OR REPLACE FUNCTION residency.residence_arrive()
    RETURNS trigger
    AS 'MODULE_PATHNAME', 'residency_residence_arrive'
    LANGUAGE c;
COMMENT ON FUNCTION residency.residence_arrive() IS
    'Trigger of registry.residence before a residence begins or its time grows (到达登记): days and codes (RG006, RG022-RG024, RG034, RG036, RG038, RG043), person (RG010, RG025, RG031, RG041), other residences (RG020, RG021), dwelling (RG011, RG026-RG030); sets division, grid and half-year of a new one';

CREATE OR REPLACE FUNCTION residency.residence_check_reason(state text, close_reason text)
    RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
    BEGIN
        IF state IN ('rejected', 'auto_closed', 'voided') AND residency.is_plain_text(close_reason, 200) IS NOT TRUE THEN
            PERFORM residency.refuse('RG036', ARRAY[state], 'registry.residence', 'close_reason');
        END IF;
    END $$;
COMMENT ON FUNCTION residency.residence_check_reason(text, text) IS
    'Refuses a rejection, automatic closing or voiding without a reason (注销原因校验): RG036';

CREATE OR REPLACE FUNCTION residency.residence_check_guardian(
        person bigint, guardian bigint, division residency.division_code, state text, arrived_on date)
    RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
    DECLARE
        at     constant text := 'registry.residence';
        old    integer;
        needed integer;
    BEGIN
        IF guardian = person THEN
            PERFORM residency.refuse('RG041', ARRAY[person::text], at, 'guardian_person_id');
        ELSIF guardian IS NULL AND residency.residence_is_current(state) THEN
            SELECT residency.age(p.birth_date, arrived_on) INTO old FROM registry.person p WHERE p.person_id = person;
            needed := residency.policy_int('guarded_below_age', division, arrived_on);
            IF old < needed THEN
                PERFORM residency.refuse('RG031', ARRAY[person, old, needed]::text[], at, 'guardian_person_id');
            END IF;
        END IF;
    END $$;
COMMENT ON FUNCTION residency.residence_check_guardian(bigint, bigint, residency.division_code, text, date) IS
    'Refuses that a minor who lives somewhere loses the guardian, and that a person becomes their own (监护人变更校验): RG031, RG041';

CREATE OR REPLACE FUNCTION residency.residence_check_step(from_state text, to_state text, residence bigint, close_reason text)
    RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
    DECLARE
        at constant text := 'registry.residence';
    BEGIN
        IF NOT residency.is_residence_step(from_state, to_state) THEN
            PERFORM residency.refuse('RG034', ARRAY[residence::text, from_state, left(to_state, 20)], at, 'state');
        END IF;
        PERFORM residency.residence_check_reason(to_state, close_reason);
    END $$;
COMMENT ON FUNCTION residency.residence_check_step(text, text, bigint, text) IS
    'Refuses a step between states that code.residence_transition does not have (状态变更校验): RG034; and a rejection, automatic closing or voiding without a reason: RG036';

CREATE OR REPLACE FUNCTION residency.residence_change()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        at    constant text := 'registry.residence';
        fixed text;
    BEGIN
        fixed := CASE
            WHEN NEW.residence_id <> OLD.residence_id THEN 'residence_id'
            WHEN NEW.person_id <> OLD.person_id THEN 'person_id'
            WHEN NEW.dwelling_id <> OLD.dwelling_id THEN 'dwelling_id'
            -- but for what became of the division itself
            WHEN NEW.division::bigint <> OLD.division::bigint AND NOT residency.division_went(OLD.division, NEW.division) THEN 'division'
            WHEN NEW.grid_id IS DISTINCT FROM OLD.grid_id THEN 'grid_id'
            WHEN NEW.half_year_from <> OLD.half_year_from THEN 'half_year_from'
            WHEN NEW.follows_id IS DISTINCT FROM OLD.follows_id THEN 'follows_id'
        END;
        IF fixed IS NOT NULL AND NOT residency.rewrites() THEN
            PERFORM residency.refuse('RG037', ARRAY[fixed, OLD.residence_id::text], at, fixed);
        END IF;
        PERFORM residency.residence_check_days(NEW.state, NEW.arrived_on, NEW.departed_on);
        NEW.channel := residency.checked_code('channel', NEW.channel, at, 'channel');
        NEW.reason := residency.checked_code('residence_reason', NEW.reason, at, 'reason');
        NEW.intended_stay := residency.checked_code('intended_stay', NEW.intended_stay, at, 'intended_stay');
        NEW.place_kind := residency.checked_code('place_kind', NEW.place_kind, at, 'place_kind');
        IF residency.local_day(NEW.reported_at) > residency.today() THEN
            PERFORM residency.refuse('RG043', ARRAY[residency.local_day(NEW.reported_at), residency.today()]::text[], at, 'reported_at');
        END IF;
        IF NEW.guardian_person_id IS DISTINCT FROM OLD.guardian_person_id THEN
            PERFORM residency.residence_check_guardian(NEW.person_id, NEW.guardian_person_id, NEW.division, NEW.state, NEW.arrived_on);
        END IF;
        IF NEW.state = OLD.state THEN
            -- the register's own word, and its reason, stay
            NEW.closed_at := OLD.closed_at;
            IF NEW.close_reason IS DISTINCT FROM OLD.close_reason THEN
                PERFORM residency.residence_check_reason(NEW.state, NEW.close_reason);
            END IF;
            RETURN NEW;
        END IF;

        PERFORM residency.residence_check_step(OLD.state, NEW.state, NEW.residence_id, NEW.close_reason);
        IF OLD.state = 'auto_closed' AND NEW.state = 'active'
           AND residency.local_day(OLD.closed_at)
               < residency.today() - residency.policy_int('auto_close_undo', OLD.division, residency.local_day(OLD.closed_at)) THEN
            PERFORM residency.refuse('RG042', ARRAY[NEW.residence_id::text, residency.local_day(OLD.closed_at)::text], at, 'state');
        END IF;
        IF NEW.state = 'active' THEN
            NEW.verified_at := now();
        END IF;
        IF residency.residence_is_current(NEW.state) THEN
            NEW.closed_at := NULL;
            NEW.close_reason := NULL;
        ELSE
            NEW.closed_at := now();
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.residence_change() IS
    'Trigger of registry.residence for changed rows (登记变更): what stays as it is (RG037), the guardian (RG031, RG041), the days, codes and the step between states (RG006, RG022-RG024, RG034, RG036, RG038, RG042, RG043)';

CREATE OR REPLACE FUNCTION residency.residence_guardian()
    RETURNS trigger
    AS 'MODULE_PATHNAME', 'residency_residence_guardian'
    LANGUAGE c;
COMMENT ON FUNCTION residency.residence_guardian() IS
    'Trigger of registry.residence after a residence with a guardian (监护人裁决): of a minor, one of full age (RG033) who lives in the same home (RG032)';

CREATE OR REPLACE FUNCTION residency.residence_keep()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        IF NOT residency.rewrites() THEN
            PERFORM residency.refuse('RG035', ARRAY[TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME], TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME);
        END IF;
        RETURN NULL;
    END $$;
COMMENT ON FUNCTION residency.residence_keep() IS 'Trigger of tables whose registrations are kept (登记不得删除): RG035';
