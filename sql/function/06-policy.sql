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

CREATE OR REPLACE FUNCTION residency.policy_setting(key text, division residency.division_code, "on" date)
    RETURNS bigint
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_policy_setting';
COMMENT ON FUNCTION residency.policy_setting(text, residency.division_code, date) IS
    'The setting that residency.policy_text() takes its answer from (适用的政策设定): key of policy.setting, for its clause and period; NULL where nothing is set';

CREATE OR REPLACE FUNCTION residency.explain_policy(key text, division residency.division_code, "on" date)
    RETURNS TABLE (setting_id bigint, place text, place_name text, valid_from date, valid_to date,
                   value text, wins boolean, why text, legal_basis text)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, residency, pg_temp
    AS $$
    DECLARE
        winner  constant bigint := policy_setting(key, division, "on");
        chinese constant boolean := COALESCE(current_setting('residency.language', true) = 'zh', false);
    BEGIN
        IF NOT EXISTS (SELECT FROM policy.rule r WHERE r.key = explain_policy.key) THEN
            PERFORM residency.refuse('RG097', ARRAY[left(key, 60)], 'policy.rule', 'key');
        END IF;
        RETURN QUERY
            SELECT s.setting_id, s.division::text, division_name(s.division), lower(s.period), upper(s.period), s.value,
                   s.setting_id IS NOT DISTINCT FROM winner,
                   CASE WHEN s.setting_id = winner
                            THEN CASE WHEN chinese THEN '适用:当日有设定的最具体区划' ELSE 'wins: the most specific division that has a setting on this day' END
                        WHEN s.period @> "on"
                            THEN CASE WHEN chinese THEN '当日有效,但让位于更具体的区划' ELSE 'holds on this day, but gives way to a more specific division' END
                        WHEN lower(s.period) > "on"
                            THEN format(CASE WHEN chinese THEN '%s 起生效' ELSE 'does not begin before %s' END, to_char(lower(s.period), 'YYYY-MM-DD'))
                        ELSE format(CASE WHEN chinese THEN '至 %s 已失效' ELSE 'ended before %s' END, to_char(upper(s.period), 'YYYY-MM-DD'))
                   END,
                   s.legal_basis
            FROM policy.setting s
            WHERE s.key = explain_policy.key AND (s.division IS NULL OR s.division @> explain_policy.division)
            ORDER BY level(s.division) DESC NULLS LAST, s.period DESC;
    END $$;
COMMENT ON FUNCTION residency.explain_policy(text, residency.division_code, date) IS
    'Why a parameter has its value in a division on a day (政策参数适用说明): every setting of the division and of those above it, from the most specific to the country, which one wins and why, with its clause. No row, or none that wins: nothing is set, policy_text() refuses with RG090. Error: RG097 no such parameter';

CREATE OR REPLACE FUNCTION residency.half_year_on(half_year_from date, division residency.division_code)
    RETURNS date
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
        SELECT CASE WHEN half_year_from IS NOT NULL
                    THEN residency.add_term(half_year_from, residency.policy_text('permit_half_year', division, half_year_from), division) END
    $$;
COMMENT ON FUNCTION residency.half_year_on(date, residency.division_code) IS
    'Day on which the half-year of a permit is full (满半年之日, 居住证暂行条例 Art. 2) that counts from a day in a division, by policy permit_half_year in whole months; RG090 where nothing is set';

CREATE OR REPLACE FUNCTION residency.reads_as(value text, value_type text)
    RETURNS boolean
    -- VOLATILE, for no parallel plan: it begins a subtransaction
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    -- as the look-up in C reads it, whatever the session's own style
    SET IntervalStyle = postgres
    AS $$
    BEGIN
        RETURN value IS NULL OR CASE value_type
            WHEN 'integer' THEN value::integer IS NOT NULL
            WHEN 'numeric' THEN value::numeric NOT IN ('NaN', 'Infinity', '-Infinity')
            WHEN 'boolean' THEN value::boolean IS NOT NULL
            WHEN 'interval' THEN value::interval IS NOT NULL
            WHEN 'term' THEN value ~ '^[0-9]{1,4} (day|working day|month|year|hour)s?$'
            ELSE true
        END;
    EXCEPTION WHEN data_exception THEN
        RETURN false;
    END $$;
COMMENT ON FUNCTION residency.reads_as(text, text) IS
    'Whether a value reads as integer, numeric, boolean, interval or term (值是否符合类型); any does as text. A term is "N unit", N not below zero: day, working day, month, year, hour, or their plural';

CREATE OR REPLACE FUNCTION residency.check_policy_value(key text, value text, value_type text, choices text[], at_table text)
    RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        IF NOT residency.reads_as(value, value_type) OR value <> ALL (choices) THEN
            PERFORM residency.refuse('RG091', ARRAY[key, left(value, 100), value_type, COALESCE(
                array_to_string(choices, ' | '),
                CASE value_type WHEN 'integer' THEN '30' WHEN 'numeric' THEN '4.5' WHEN 'boolean' THEN 'true | false'
                                WHEN 'interval' THEN '1 day 12:00' ELSE '15 days | 3 working days | 6 months | 1 year | 24 hours' END)],
                at_table, 'value');
        END IF;
    END $$;
COMMENT ON FUNCTION residency.check_policy_value(text, text, text, text[], text) IS
    'Refuses a value that does not read as the type of its rule, or is none of its choices (政策值校验): RG091. NULL passes: no limit';

CREATE OR REPLACE FUNCTION residency.setting_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        PERFORM residency.check_policy_value(NEW.key, NEW.value, r.value_type, r.choices, TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME)
        FROM policy.rule r WHERE r.key = NEW.key;
        -- infinity is no day: a period that ends there has no end, and nothing comes after it
        IF NOT isempty(NEW.period) THEN
            NEW.period := daterange(NULLIF(lower(NEW.period), '-infinity'), NULLIF(upper(NEW.period), 'infinity'));
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.setting_guard() IS
    'Trigger of policy.setting and policy.draft_setting (政策设定校验): the value reads as its rule says (RG091); a period up to infinity has no end';

CREATE OR REPLACE FUNCTION residency.rule_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        -- settings that come at this moment wait, and are then read as the new rule says
        LOCK TABLE policy.setting IN SHARE MODE;
        PERFORM residency.check_policy_value(s.key, s.value, NEW.value_type, NEW.choices, 'policy.rule')
        FROM policy.setting s WHERE s.key = NEW.key;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.rule_guard() IS
    'Trigger of policy.rule (政策目录变更校验): the settings that are there read as the changed rule says (RG091)';

CREATE OR REPLACE FUNCTION residency.draft_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        IF TG_OP = 'INSERT' THEN
            IF NEW.state <> 'draft' THEN
                PERFORM residency.refuse('RG096', ARRAY[NEW.draft_id::text], 'policy.draft', 'state');
            END IF;
        ELSIF OLD.state <> 'draft' THEN
            PERFORM residency.refuse('RG093', ARRAY[OLD.draft_id::text, OLD.state], 'policy.draft', 'state');
        ELSIF TG_OP = 'DELETE' THEN
            RETURN OLD;
        END IF;
        -- the moment itself: of two transactions, the one that began first may publish last
        NEW.published_at := CASE NEW.state WHEN 'published' THEN clock_timestamp() END;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.draft_guard() IS
    'Trigger of policy.draft (政策草案校验): begins as a draft (RG096); published or withdrawn, it stays as it is (RG093)';

CREATE OR REPLACE FUNCTION residency.draft_part_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        closed record;
    BEGIN
        -- both drafts of a part that moves; the lock holds off that they are published meanwhile
        FOR closed IN
            SELECT d.draft_id, d.state FROM policy.draft d
            WHERE (TG_OP <> 'INSERT' AND d.draft_id = OLD.draft_id) OR (TG_OP <> 'DELETE' AND d.draft_id = NEW.draft_id)
            FOR SHARE
        LOOP
            IF closed.state <> 'draft' THEN
                PERFORM residency.refuse('RG093', ARRAY[closed.draft_id::text, closed.state], TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME, 'draft_id');
            END IF;
        END LOOP;
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END $$;
COMMENT ON FUNCTION residency.draft_part_guard() IS
    'Trigger of policy.draft_setting and policy.test_case (政策草案内容校验): what belongs to a published or withdrawn draft stays as it is (RG093)';

CREATE OR REPLACE FUNCTION residency.draft_published()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        IF EXISTS (
            SELECT FROM policy.draft_setting d
            WHERE d.draft_id = NEW.draft_id
              AND NOT EXISTS (SELECT FROM policy.setting s
                              WHERE s.key = d.key AND s.division::bigint IS NOT DISTINCT FROM d.division::bigint
                                AND s.period = d.period AND s.value IS NOT DISTINCT FROM d.value)) THEN
            PERFORM residency.refuse('RG096', ARRAY[NEW.draft_id::text], 'policy.draft', 'state');
        END IF;
        PERFORM residency.refuse('RG092', ARRAY[f.test_case_id::text, f.key, COALESCE(f.division, '(country)'),
                                                to_char(f."on", 'YYYY-MM-DD'), COALESCE(f.expected, '(no limit)'),
                                                CASE WHEN f.setting_id IS NULL THEN '(no setting)' ELSE COALESCE(f.got, '(no limit)') END],
                                 'policy.test_case', 'expected')
        FROM (SELECT * FROM policy.failed_test_case ORDER BY test_case_id LIMIT 1) f;
        RETURN NULL;
    END $$;
COMMENT ON FUNCTION residency.draft_published() IS
    'Trigger of policy.draft when it is published (政策草案发布裁决): its settings hold (RG096) and no test case fails (RG092)';
