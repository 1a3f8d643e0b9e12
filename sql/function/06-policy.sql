-- policy: the one look-up of parameters that differ by place and time; and the register's day.

CREATE OR REPLACE FUNCTION residency.local_day(moment timestamptz)
    RETURNS date
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$ SELECT (moment AT TIME ZONE 'Asia/Shanghai')::date $$;
COMMENT ON FUNCTION residency.local_day(timestamptz) IS 'The date in China at a moment (所在日期), whatever the session''s TimeZone';

CREATE OR REPLACE FUNCTION residency.today()
    RETURNS date
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT residency.local_day(pg_catalog.now()) $$;
COMMENT ON FUNCTION residency.today() IS
    'The legal day (当日): the date in China (UTC+8) when the transaction began, whatever the session''s TimeZone';

CREATE OR REPLACE FUNCTION residency.policy_text(key text, division residency.division_code, "on" date)
    RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        found_value text;
    BEGIN
        SELECT s.value INTO found_value
        FROM policy.setting s
        WHERE s.key = policy_text.key
          AND s.period @> policy_text."on"
          AND (s.division IS NULL OR policy_text.division OPERATOR(residency.<@) s.division)
        ORDER BY residency.level(s.division) DESC NULLS LAST
        LIMIT 1;
        IF NOT FOUND THEN
            PERFORM residency.refuse('RG090', ARRAY[key, COALESCE(division::text, '(country)'), "on"::text], 'policy.setting');
        END IF;
        RETURN found_value;
    END $$;
COMMENT ON FUNCTION residency.policy_text(text, residency.division_code, date) IS
    'Value of a parameter in a division on a day (政策参数): the setting of the most specific division that contains it, then of the country. NULL where the setting says that there is no limit; RG090 where nothing is set';

CREATE OR REPLACE FUNCTION residency.policy_numeric(key text, division residency.division_code, "on" date)
    RETURNS numeric LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT residency.policy_text(key, division, "on")::pg_catalog.numeric $$;
COMMENT ON FUNCTION residency.policy_numeric(text, residency.division_code, date) IS 'residency.policy_text() as a number (政策参数,数值)';

CREATE OR REPLACE FUNCTION residency.policy_int(key text, division residency.division_code, "on" date)
    RETURNS integer LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT residency.policy_text(key, division, "on")::pg_catalog.int4 $$;
COMMENT ON FUNCTION residency.policy_int(text, residency.division_code, date) IS 'residency.policy_text() as an integer (政策参数,整数)';

CREATE OR REPLACE FUNCTION residency.policy_bool(key text, division residency.division_code, "on" date)
    RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT residency.policy_text(key, division, "on")::pg_catalog.bool $$;
COMMENT ON FUNCTION residency.policy_bool(text, residency.division_code, date) IS 'residency.policy_text() as a truth value (政策参数,是否)';
