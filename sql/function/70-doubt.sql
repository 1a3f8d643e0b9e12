-- doubt: days that are not known exactly, and records under investigation.

CREATE OR REPLACE FUNCTION residency.days_between(earliest date, latest date, at_column text)
    RETURNS daterange
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        IF earliest IS NULL AND latest IS NULL THEN
            RETURN NULL;
        END IF;
        IF (earliest <= latest AND latest <= residency.today() AND earliest > '-infinity') IS NOT TRUE THEN
            PERFORM residency.refuse('RG313', ARRAY[COALESCE(earliest::text, '-'), COALESCE(latest::text, '-'), residency.today()::text],
                                     'registry.inexact_date', at_column);
        END IF;
        RETURN daterange(earliest, latest, '[]');
    END $$;
COMMENT ON FUNCTION residency.days_between(date, date, text) IS
    'The days from an earliest to a latest one, both included (日期范围); NULL where neither is given. Errors: RG313 one is missing, they are the wrong way round, or the latest lies in the future';

CREATE OR REPLACE FUNCTION residency.check_inexact(residence bigint, working date, days daterange, at_column text)
    RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        IF days IS NULL THEN
            RETURN;
        END IF;
        PERFORM residency.days_between(lower(days), upper(days) - 1, at_column);
        IF (days @> working) IS NOT TRUE THEN
            PERFORM residency.refuse('RG312', ARRAY[residence::text, COALESCE(working::text, '-'), lower(days)::text, (upper(days) - 1)::text],
                                     'registry.inexact_date', at_column);
        END IF;
    END $$;
COMMENT ON FUNCTION residency.check_inexact(bigint, date, daterange, text) IS
    'Refuses days that are none (RG313), or among which the working date of the residence is not (RG312) (日期范围校验)';

CREATE OR REPLACE FUNCTION residency.inexact_date_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off
    AS $$
    DECLARE
        arrived  date;
        departed date;
    BEGIN
        -- the dates as they are now, and stay until this is committed; one that does not exist is the foreign key's matter
        SELECT r.arrived_on, r.departed_on INTO arrived, departed
        FROM registry.residence r WHERE r.residence_id = NEW.residence_id FOR NO KEY UPDATE;
        IF FOUND THEN
            PERFORM residency.check_inexact(NEW.residence_id, arrived, NEW.arrived_between, 'arrived_between');
            PERFORM residency.check_inexact(NEW.residence_id, departed, NEW.departed_between, 'departed_between');
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.inexact_date_guard() IS
    'Trigger of registry.inexact_date (日期范围校验): RG312, RG313';

CREATE OR REPLACE FUNCTION residency.residence_date_known()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off
    AS $$
    DECLARE
        doubt registry.inexact_date;
    BEGIN
        SELECT * INTO doubt FROM registry.inexact_date i WHERE i.residence_id = NEW.residence_id;
        IF (doubt.arrived_between @> NEW.arrived_on) IS FALSE
           OR doubt.departed_between IS NOT NULL AND (doubt.departed_between @> NEW.departed_on) IS NOT TRUE THEN
            UPDATE registry.inexact_date i
            SET arrived_between = CASE WHEN i.arrived_between @> NEW.arrived_on THEN i.arrived_between END,
                departed_between = CASE WHEN i.departed_between @> NEW.departed_on THEN i.departed_between END
            WHERE i.residence_id = NEW.residence_id;
        END IF;
        RETURN NULL;
    END $$;
COMMENT ON FUNCTION residency.residence_date_known() IS
    'Trigger of registry.residence whose working dates change (日期更正): days among which they are no longer are dropped';

CREATE OR REPLACE FUNCTION residency.investigation_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        at    CONSTANT text := 'registry.investigation';
        fixed text;
        known boolean := false;
    BEGIN
        IF residency.rewrites() THEN
            RETURN NEW;
        END IF;
        IF TG_OP = 'UPDATE' THEN
            fixed := CASE WHEN NEW.investigation_id <> OLD.investigation_id THEN 'investigation_id'
                          WHEN (NEW.record, NEW.record_id) <> (OLD.record, OLD.record_id) THEN 'record_id'
                          WHEN (NEW.reason, NEW.opened_at, NEW.opened_by) <> (OLD.reason, OLD.opened_at, OLD.opened_by) THEN 'reason'
                          WHEN OLD.closed_at IS NOT NULL THEN 'closed_at' END;
            IF fixed IS NOT NULL THEN
                PERFORM residency.refuse('RG318', ARRAY[OLD.investigation_id::text, fixed], at, fixed);
            END IF;
        ELSE
            IF NEW.record IN ('person', 'residence', 'dwelling', 'permit') THEN
                EXECUTE format('SELECT EXISTS (SELECT FROM registry.%I WHERE %I = $1)', NEW.record, NEW.record || '_id') INTO known USING NEW.record_id;
            END IF;
            IF known IS NOT TRUE THEN
                PERFORM residency.refuse('RG314', ARRAY[left(NEW.record, 20), NEW.record_id::text], at, 'record_id');
            END IF;
        END IF;
        IF residency.is_plain_text(NEW.reason, 200) IS NOT TRUE THEN
            PERFORM residency.refuse('RG317', ARRAY['reason'], at, 'reason');
        ELSIF NEW.closed_at IS NOT NULL AND residency.is_plain_text(NEW.conclusion, 200) IS NOT TRUE THEN
            PERFORM residency.refuse('RG317', ARRAY['conclusion'], at, 'conclusion');
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.investigation_guard() IS
    'Trigger of registry.investigation (存疑调查校验): the record (RG314), reason and conclusion (RG317), and that what was opened and what is closed stays (RG318)';
