-- The log of readings: what the C side calls to write it, what a person is told of it, and its months.

CREATE OR REPLACE FUNCTION registry.sees_plain(data_kind text)
    RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT residency.sees_plain(data_kind) $$;
COMMENT ON FUNCTION registry.sees_plain(text) IS 'residency.sees_plain() for functions of this schema (是否可见明文)';

CREATE OR REPLACE FUNCTION ledger.reading_limits(account text, OUT bulk bigint, OUT daily bigint, OUT used bigint)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    -- whoever reads may have switched it off, and would be in nobody's log
    SET row_security = on
    AS $$
    BEGIN
        bulk := policy_int('bulk_read_rows', NULL, today());
        daily := policy_int('daily_read_rows', NULL, today());
        IF daily IS NOT NULL THEN
            SELECT COALESCE(sum(r.plain_rows), 0) INTO used
            FROM ledger.read r
            WHERE r.actor = account AND r.read_at >= registry.day_start(today()) AND r.export_id IS NULL;
        END IF;
    END $$;
COMMENT ON FUNCTION ledger.reading_limits(text) IS
    'How many rows of plain personal data an account may be shown at once and today, by policies bulk_read_rows and daily_read_rows, NULL: any number, and how many it has been shown today where that is limited (查阅限额); exports are not counted';

CREATE OR REPLACE FUNCTION ledger.make_read_month(day date)
    RETURNS void
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        IF to_regclass(registry.month_part('ledger.read', day)) IS NOT NULL THEN
            RETURN;
        END IF;
        -- two sessions at the turn of the month: the second finds it made. A lock of a table, and no advisory one, since with it comes the news
        -- of what the first has made
        LOCK TABLE ledger.read IN SHARE UPDATE EXCLUSIVE MODE;
        IF to_regclass(registry.month_part('ledger.read', day)) IS NULL THEN
            PERFORM registry.make_month('ledger.read', date_trunc('month', day)::date);
        END IF;
    END $$;
COMMENT ON FUNCTION ledger.make_read_month(date) IS 'Makes the partition of ledger.read for the month of a day, where it is not there (查阅记录月分区)';

CREATE OR REPLACE FUNCTION ledger.keep_reading(
        read_at timestamptz, actor text, login text, purpose text, request_id uuid, object text, asked jsonb, shown text[], plain text[],
        persons bigint[], row_count bigint, plain_rows bigint, export_id bigint, rolled_back boolean)
    RETURNS void
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET row_security = on
    AS $$
    BEGIN
        PERFORM ledger.make_read_month(local_day(read_at));
        INSERT INTO ledger.read (read_at, actor, login, purpose, request_id, client, application, object, asked, shown, plain,
                                 persons, row_count, plain_rows, bulk, export_id, rolled_back)
        VALUES (read_at, actor, login, purpose, request_id, inet_client_addr(), current_setting('application_name'), object, asked, shown, plain,
                persons, row_count, plain_rows, COALESCE(row_count > policy_int('bulk_read_rows', NULL, local_day(read_at)), false), export_id, rolled_back);
    END $$;
COMMENT ON FUNCTION ledger.keep_reading(timestamptz, text, text, text, uuid, text, jsonb, text[], text[], bigint[], bigint, bigint, bigint, boolean) IS
    'Writes one reading into ledger.read (记录查阅); called as the owner when a transaction that read commits';

CREATE OR REPLACE FUNCTION registry.read_horizon("on" date)
    RETURNS date
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$ SELECT date_trunc('month', "on" - greatest(policy_interval('read_retention', NULL, "on"), interval '6 months'))::date $$;
COMMENT ON FUNCTION registry.read_horizon(date) IS
    'First day of the oldest month whose readings are kept on a day, by policy read_retention of the country and never less than six months (查阅记录保存起始日; 网络安全法 Art. 21)';

CREATE OR REPLACE FUNCTION registry.due_read_months("on" date, batch integer)
    RETURNS integer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    -- a long reading is not made to wait: the next run does it
    SET lock_timeout = '5s'
    SET jit = off
    AS $$
    DECLARE
        month date;
    BEGIN
        SELECT min(wanted.month) INTO month
        FROM (SELECT (date_trunc('month', "on") + n * interval '1 month')::date FROM generate_series(0, 2) AS n) AS wanted (month)
        WHERE to_regclass(registry.month_part('ledger.read', wanted.month)) IS NULL;
        IF month IS NOT NULL THEN
            PERFORM ledger.make_read_month(month);
            RETURN 1;
        END IF;
        month := registry.oldest_month('ledger.read', registry.read_horizon("on"));
        IF month IS NULL OR batch < 1 THEN
            RETURN 0;
        END IF;
        EXECUTE format('INSERT INTO ledger.read_purge (month, readings, retention) SELECT $1, count(*), $2 FROM %s', registry.month_part('ledger.read', month))
        USING month, policy_text('read_retention', NULL, "on");
        EXECUTE format('DROP TABLE %s', registry.month_part('ledger.read', month));
        RETURN 1;
    EXCEPTION WHEN lock_not_available THEN
        RETURN 0;
    END $$;
COMMENT ON FUNCTION registry.due_read_months(date, integer) IS
    'Makes the partitions of ledger.read for this month and the next two, and drops what is older than policy read_retention (查阅记录分区维护); one table a transaction. How many tables';

-- What a person is told
CREATE OR REPLACE FUNCTION registry.office_of(account text)
    RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$ SELECT o.office FROM registry.operator o WHERE o.account = office_of.account $$;
COMMENT ON FUNCTION registry.office_of(text) IS 'Office of an operator (操作人所属机构); NULL where the register does not know it';

CREATE OR REPLACE FUNCTION registry.reader_office(account text)
    RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        SELECT COALESCE(registry.office_of(account),
                        (SELECT string_agg(g.rolname, ', ' ORDER BY g.rolname)
                         FROM pg_roles a JOIN pg_roles g ON g.rolname IN (SELECT r.role FROM group_roles() r) AND pg_has_role(a.oid, g.oid, 'USAGE')
                         WHERE a.rolname = reader_office.account), '-')
    $$;
COMMENT ON FUNCTION registry.reader_office(text) IS
    'As what a person is told that an account has read their data (查阅单位): its office, else its group roles; - where it has none, or is gone';

CREATE OR REPLACE FUNCTION registry.access_log(person bigint, from_day date, to_day date)
    RETURNS TABLE (read_at timestamptz, reader text, purpose text, object text, shown text[], plain text[], exported boolean)
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        SELECT r.read_at, CASE policy_text('access_log_shows', NULL, today()) WHEN 'account' THEN r.actor ELSE registry.reader_office(r.actor) END,
               r.purpose, r.object, r.shown, r.plain, r.export_id IS NOT NULL
        FROM ledger.read r
        WHERE r.persons @> ARRAY[person]
          AND r.read_at >= registry.day_start(COALESCE(from_day, registry.read_horizon(today())))
          AND r.read_at < registry.day_start(COALESCE(to_day, today()) + 1)
        ORDER BY r.read_at DESC, r.read_id DESC
    $$;
COMMENT ON FUNCTION registry.access_log(bigint, date, date) IS
    'Who was shown a person''s data from one day to another, the last first (个人信息被查阅记录); NULL: all that is kept. By office or account, as policy access_log_shows says';

CREATE OR REPLACE FUNCTION api.my_access_log(from_day date DEFAULT NULL, to_day date DEFAULT NULL)
    RETURNS TABLE (read_at timestamptz, reader text, purpose text, object text, shown text[], plain text[], exported boolean)
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN QUERY SELECT * FROM registry.access_log(registry.my_person(), from_day, to_day);
    END $$;
COMMENT ON FUNCTION api.my_access_log(date, date) IS
    'Who has read the data of the person whose account asks (本人信息查阅记录, 个人信息保护法 Art. 45): when, who by policy access_log_shows, what for, by which view or function, which kinds of data and which of them plain, whether exported; days NULL: all that is kept. Readings of more than 1000 persons at once name the first. Errors: RG349 the account belongs to nobody';

CREATE OR REPLACE FUNCTION api.access_log(person_id bigint, from_day date DEFAULT NULL, to_day date DEFAULT NULL)
    RETURNS TABLE (read_at timestamptz, reader text, purpose text, object text, shown text[], plain text[], exported boolean)
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        -- of no kind at all: the owner alone
        IF residency.purpose() IS NULL AND NOT residency.sees_plain('') THEN
            PERFORM refuse('RG340', '{api.access_log}', 'ledger.read', 'purpose');
        END IF;
        IF NOT registry.audits() THEN
            PERFORM registry.require_scope('person', person_id);
        END IF;
        IF NOT EXISTS (SELECT FROM registry.person p WHERE p.person_id = access_log.person_id) THEN
            PERFORM refuse('RG010', ARRAY[COALESCE(person_id::text, '-')], 'registry.person', 'person_id');
        END IF;
        PERFORM note_asked('api.access_log', jsonb_build_object('person_id', person_id));
        RETURN QUERY SELECT * FROM registry.access_log(access_log.person_id, from_day, to_day);
    END $$;
COMMENT ON FUNCTION api.access_log(bigint, date, date) IS
    'What api.my_access_log() answers, for a clerk to print for a person who asks at the office, and for auditors, whoever it is (代查本人信息查阅记录). Is logged itself. Errors: RG010, RG330, RG340 no purpose was said';

