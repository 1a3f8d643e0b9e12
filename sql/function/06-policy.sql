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
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_policy_text';
COMMENT ON FUNCTION residency.policy_text(text, residency.division_code, date) IS
    'Value of a parameter in a division on a day (政策参数): the setting of the most specific division that contains it, then of the country; a NULL division asks for the country alone. NULL where the setting says that there is no limit; RG090 where nothing is set. Shows the settings as committed now';

CREATE OR REPLACE FUNCTION residency.policy_numeric(key text, division residency.division_code, "on" date)
    RETURNS pg_catalog.numeric
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_policy_numeric';
COMMENT ON FUNCTION residency.policy_numeric(text, residency.division_code, date) IS
    'residency.policy_text() as a number (政策参数,数值); 22P02 where the value is none, RG090 where nothing is set';

CREATE OR REPLACE FUNCTION residency.policy_int(key text, division residency.division_code, "on" date)
    RETURNS pg_catalog.int4
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_policy_int';
COMMENT ON FUNCTION residency.policy_int(text, residency.division_code, date) IS
    'residency.policy_text() as an integer (政策参数,整数); 22P02 where the value is none, RG090 where nothing is set';

CREATE OR REPLACE FUNCTION residency.policy_bool(key text, division residency.division_code, "on" date)
    RETURNS pg_catalog.bool
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_policy_bool';
COMMENT ON FUNCTION residency.policy_bool(text, residency.division_code, date) IS
    'residency.policy_text() as a truth value (政策参数,是否); 22P02 where the value is none, RG090 where nothing is set';

CREATE OR REPLACE FUNCTION residency.policy_interval(key text, division residency.division_code, "on" date)
    RETURNS pg_catalog.interval
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_policy_interval';
COMMENT ON FUNCTION residency.policy_interval(text, residency.division_code, date) IS
    'residency.policy_text() as a length of time (政策参数,时长); 22007 where the value is none, RG090 where nothing is set';
