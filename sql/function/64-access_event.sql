-- access control: devices, credentials, and what their events leave to be counted.

CREATE OR REPLACE FUNCTION residency.access_token(secret bytea, number text)
    RETURNS uuid
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$ SELECT encode(substring(sha256(secret || sha256(secret || convert_to(number, 'UTF8'))) FOR 16), 'hex')::uuid $$;
COMMENT ON FUNCTION residency.access_token(bytea, text) IS
    'Pseudonym of the number of a card, face template or telephone (通行凭证标识): the first 16 bytes of sha256(secret || sha256(secret || number)). Who delivers events makes it; the secret stays with the platform, and neither it nor the number comes into the register';

CREATE OR REPLACE FUNCTION residency.presence_probability(
        prior double precision, resident double precision, other double precision, away double precision, seen_days integer, open_days integer)
    RETURNS double precision
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
        -- odds by their logarithm: products of a year's days leave double precision
        SELECT 1 / (1 + exp(greatest(-700, least(700,
                 ln(1 - p.prior) + seen_days * ln(p.other) + (open_days - seen_days) * ln(1 - p.other)
                 - ln(p.prior)
                 - CASE WHEN seen_days > 0 THEN ln(1 - p.away) + seen_days * ln(p.resident) + (open_days - seen_days) * ln(1 - p.resident)
                        ELSE ln(p.away + (1 - p.away) * exp(greatest(-700, open_days * ln(1 - p.resident)))) END))))
        FROM (SELECT least(greatest(prior, 0.000001), 0.999999), least(greatest(resident, 0.000001), 0.999999),
                     least(greatest(other, 0.000001), 0.999999), least(greatest(away, 0.000001), 0.999999)) AS p (prior, resident, other, away)
    $$;
COMMENT ON FUNCTION residency.presence_probability(double precision, double precision, double precision, double precision, integer, integer) IS
    'Probability that somebody lives behind a door who passed it on seen_days of the open_days on which anybody did (居住概率): prior × H / (prior × H + (1 − prior) × E), with H = resident^seen × (1 − resident)^(open − seen) × (1 − away), plus away where they were not seen at all, and E = other^seen × (1 − other)^(open − seen). Probabilities are kept between 0.000001 and 0.999999';

CREATE OR REPLACE FUNCTION residency.check_period(period daterange, at_table text)
    RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        IF isempty(period) THEN
            PERFORM residency.refuse('RG266', ARRAY[at_table, period::text], at_table, 'period');
        END IF;
    END $$;
COMMENT ON FUNCTION residency.check_period(daterange, text) IS 'Refuses with RG266 a period without days (有效期校验)';

CREATE OR REPLACE FUNCTION residency.access_device_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        at CONSTANT text := 'registry.access_device';
    BEGIN
        NEW.device_code := residency.checked_text(COALESCE(NEW.device_code, ''), 64, at, 'device_code');
        NEW.name := residency.checked_text(NEW.name, 100, at, 'name');
        NEW.platform := residency.checked_text(NEW.platform, 100, at, 'platform');
        NEW.channel := residency.checked_code('channel', COALESCE(NEW.channel, ''), at, 'channel');
        NEW.state := residency.checked_code('access_device_state', COALESCE(NEW.state, ''), at, 'state');
        IF TG_OP = 'UPDATE' AND NEW.device_code <> OLD.device_code THEN
            PERFORM residency.refuse('RG289', ARRAY[OLD.access_device_id::text, OLD.device_code], at, 'device_code');
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.access_device_guard() IS
    'Trigger of registry.access_device (门禁设备校验): words and codes (RG125, RG006); the code under which it sends stays (RG289)';

CREATE OR REPLACE FUNCTION residency.access_binding_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off
    SET jit = off
    AS $$
    DECLARE
        at    CONSTANT text := 'registry.access_binding';
        other record;
    BEGIN
        PERFORM residency.check_period(NEW.period, at);
        IF NOT EXISTS (SELECT FROM registry.access_device d WHERE d.access_device_id = NEW.access_device_id) THEN
            PERFORM residency.refuse('RG288', ARRAY[COALESCE(NEW.access_device_id::text, '-')], at, 'access_device_id');
        ELSIF NOT EXISTS (SELECT FROM registry.dwelling d WHERE d.dwelling_id = NEW.dwelling_id) THEN
            PERFORM residency.refuse('RG011', ARRAY[COALESCE(NEW.dwelling_id::text, '-')], at, 'dwelling_id');
        END IF;
        SELECT b.dwelling_id, b.access_binding_id INTO other FROM registry.access_binding b
        WHERE b.access_device_id = NEW.access_device_id AND b.period && NEW.period AND b.access_binding_id <> NEW.access_binding_id;
        IF FOUND THEN
            PERFORM residency.refuse('RG287', ARRAY[NEW.access_device_id, other.dwelling_id, other.access_binding_id]::text[], at, 'period');
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.access_binding_guard() IS
    'Trigger of registry.access_binding (设备绑定校验): device and dwelling (RG288, RG011), period (RG266), one dwelling at a time (RG287)';

CREATE OR REPLACE FUNCTION residency.access_credential_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off
    SET jit = off
    AS $$
    DECLARE
        at    CONSTANT text := 'registry.access_credential';
        other bigint;
    BEGIN
        PERFORM residency.check_period(NEW.period, at);
        IF num_nonnulls(NEW.person_id, NEW.dwelling_id) = 0 THEN
            PERFORM residency.refuse('RG291', '{}', at, 'person_id');
        ELSIF NEW.person_id IS NOT NULL AND NOT EXISTS (SELECT FROM registry.person p WHERE p.person_id = NEW.person_id) THEN
            PERFORM residency.refuse('RG010', ARRAY[NEW.person_id::text], at, 'person_id');
        ELSIF NEW.dwelling_id IS NOT NULL AND NOT EXISTS (SELECT FROM registry.dwelling d WHERE d.dwelling_id = NEW.dwelling_id) THEN
            PERFORM residency.refuse('RG011', ARRAY[NEW.dwelling_id::text], at, 'dwelling_id');
        END IF;
        SELECT c.access_credential_id INTO other FROM registry.access_credential c
        WHERE c.token = NEW.token AND c.period && NEW.period AND c.access_credential_id <> NEW.access_credential_id;
        IF FOUND THEN
            PERFORM residency.refuse('RG290', ARRAY[other::text], at, 'period');
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.access_credential_guard() IS
    'Trigger of registry.access_credential (通行凭证校验): person or dwelling (RG291, RG010, RG011), period (RG266), one bearer at a time (RG290)';

CREATE OR REPLACE FUNCTION residency.access_event_batch()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        INSERT INTO registry.access_batch (recorded_at) VALUES (now());
        RETURN NULL;
    END $$;
COMMENT ON FUNCTION residency.access_event_batch() IS
    'Trigger of registry.access_event (接收批次标记): the events of a statement are to be counted';

CREATE OR REPLACE FUNCTION residency.access_event_mark()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    AS $$
    BEGIN
        INSERT INTO registry.access_mark (device_code, day)
        SELECT DISTINCT c.device_code, residency.local_day(c.happened_at) FROM changed c;
        RETURN NULL;
    END $$;
COMMENT ON FUNCTION residency.access_event_mark() IS
    'Trigger of registry.access_event (删除标记): the devices and days of deleted events are to be counted anew';

CREATE OR REPLACE FUNCTION residency.access_binding_mark()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    AS $$
    BEGIN
        -- OLD is NULL where there is none, and so is NEW. Days without events cost nothing later.
        INSERT INTO registry.access_mark (device_code, day)
        SELECT DISTINCT d.device_code, day::date
        FROM (VALUES (OLD.access_device_id, OLD.period), (NEW.access_device_id, NEW.period)) AS b (access_device_id, period)
        JOIN registry.access_device d ON d.access_device_id = b.access_device_id
        CROSS JOIN LATERAL generate_series(
            greatest(lower(b.period), registry.access_horizon(residency.today())), least(upper(b.period), residency.today() + 1) - 1, interval '1 day') AS day;
        RETURN NULL;
    END $$;
COMMENT ON FUNCTION residency.access_binding_mark() IS
    'Trigger of registry.access_binding (绑定变更标记): the days of the old and new period for which events are kept are to be counted anew';
