-- Access events: the months that hold them, and what residency.run_due() works out from them.

-- replaced by registry.month_part() and make_month(), which know every table of months
DROP FUNCTION IF EXISTS registry.access_month(date);
DROP FUNCTION IF EXISTS registry.make_access_month(date);

CREATE OR REPLACE FUNCTION registry.access_horizon("on" date)
    RETURNS date
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$ SELECT COALESCE(date_trunc('month', "on" - policy_interval('access_retention', NULL, "on"))::date, '2000-01-01') $$;
COMMENT ON FUNCTION registry.access_horizon(date) IS
    'First day of the oldest month whose access events are kept on a day, by policy access_retention of the country (门禁记录保存起始日); 2000-01-01 where it sets no limit';

CREATE OR REPLACE FUNCTION registry.drop_access_month(month date, "on" date)
    RETURNS void
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        EXECUTE format('INSERT INTO ledger.access_purge (month, events, retention) SELECT $1, count(*), $2 FROM %s', registry.month_part('registry.access_event', month))
        USING month, policy_text('access_retention', NULL, "on");
        EXECUTE format('DROP TABLE %s', registry.month_part('registry.access_event', month));
    END $$;
COMMENT ON FUNCTION registry.drop_access_month(date, date) IS 'Drops a month of access events, and records it in ledger.access_purge (清除月分区)';

CREATE OR REPLACE FUNCTION registry.due_access_months("on" date, batch integer)
    RETURNS integer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    -- a feed that holds a table for long is not made to wait: the next run does it
    SET lock_timeout = '5s'
    SET jit = off
    AS $$
    DECLARE
        horizon CONSTANT date := registry.access_horizon("on");
        month   date;
        done    integer;
    BEGIN
        IF registry.make_missing_month('registry.access_event', "on", horizon) THEN
            RETURN 1;
        END IF;

        month := registry.oldest_month('registry.access_event', horizon);
        IF month IS NOT NULL THEN
            PERFORM registry.drop_access_month(month, "on");
            RETURN 1;
        END IF;

        -- clocks that are wrong by years: what counts is when the register received it
        WITH gone AS (
            DELETE FROM registry.access_event_default e
            WHERE e.ctid IN (SELECT o.ctid FROM registry.access_event_default o WHERE o.recorded_at < registry.day_start(horizon) LIMIT batch)
            RETURNING e.recorded_at
        )
        INSERT INTO ledger.access_purge (month, events, retention)
        SELECT date_trunc('month', local_day(g.recorded_at))::date, count(*), policy_text('access_retention', NULL, "on")
        FROM gone g GROUP BY 1;
        GET DIAGNOSTICS done = ROW_COUNT;
        RETURN done;
    EXCEPTION WHEN lock_not_available THEN
        RETURN 0;
    END $$;
COMMENT ON FUNCTION registry.due_access_months(date, integer) IS
    'Makes the partitions of registry.access_event for this month, the next two, and months whose events came before them; drops what is older than policy access_retention (通行记录分区维护); one table a transaction; of those without a partition, so many rows. How many tables';

CREATE OR REPLACE VIEW registry.presence AS
SELECT p.dwelling_id, p.day, p.token, c.access_credential_id, c.person_id, c.dwelling_id AS home_id, p.device_code, p.events, p.first_at, p.last_at
FROM registry.presence_day p
-- IS TRUE keeps the exclusion's GiST out, which takes ten times as long as the btree on token
LEFT JOIN registry.access_credential c ON c.token = p.token AND (c.period @> p.day) IS TRUE;
COMMENT ON VIEW registry.presence IS 'Who was seen at which door on which day (通行日记录): registry.presence_day with the bearers of that day';
COMMENT ON COLUMN registry.presence.dwelling_id IS 'Dwelling to which the device was bound (房屋): often a building, while who passes lives in one of its rooms';
COMMENT ON COLUMN registry.presence.day IS 'Day in China (日期)';
COMMENT ON COLUMN registry.presence.token IS 'Pseudonym of the credential (凭证标识); all zeros: none was used';
COMMENT ON COLUMN registry.presence.access_credential_id IS 'Credential, where it is registered (凭证)';
COMMENT ON COLUMN registry.presence.person_id IS 'Bearer on that day (持有人); NULL: not known';
COMMENT ON COLUMN registry.presence.home_id IS 'Dwelling for which the credential was issued (凭证所属房屋)';
COMMENT ON COLUMN registry.presence.device_code IS 'Device (设备编码)';
COMMENT ON COLUMN registry.presence.events IS 'Passages (通行次数)';
COMMENT ON COLUMN registry.presence.first_at IS 'The first (首次通行时间)';
COMMENT ON COLUMN registry.presence.last_at IS 'The last (末次通行时间)';

CREATE OR REPLACE FUNCTION registry.mark_access_batches()
    RETURNS integer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET jit = off
    AS $$
    DECLARE
        earliest timestamptz;
        latest   timestamptz;
        done     integer;
    BEGIN
        WITH taken AS (DELETE FROM registry.access_batch RETURNING recorded_at)
        SELECT min(t.recorded_at), max(t.recorded_at) INTO earliest, latest FROM taken t;
        IF earliest IS NULL THEN
            RETURN 0;
        END IF;
        -- vacuum may not have come by since
        PERFORM brin_summarize_new_values(x.indexrelid)
        FROM pg_inherits i JOIN pg_index x ON x.indrelid = i.inhrelid
        WHERE i.inhparent = 'registry.access_event'::regclass;
        -- events between them whose batch is not there yet have it still to come: counted twice is counted right
        INSERT INTO registry.access_mark (device_code, day)
        SELECT DISTINCT e.device_code, local_day(e.happened_at)
        FROM registry.access_event e
        WHERE e.recorded_at BETWEEN earliest AND latest;
        GET DIAGNOSTICS done = ROW_COUNT;
        RETURN done;
    END $$;
COMMENT ON FUNCTION registry.mark_access_batches() IS 'Turns batches of events that have come in into devices and days to be counted (批次转汇总标记); how many';

CREATE OR REPLACE FUNCTION registry.count_access_day(devices text[], day date, "on" date)
    RETURNS void
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET jit = off
    -- of a month that has just been filled the planner knows nothing
    SET enable_seqscan = off
    AS $$
    DECLARE
        starts  CONSTANT timestamptz := registry.day_start(day);
        -- a microsecond before the next, so that infinity is a day, too
        ends    CONSTANT timestamptz := registry.day_start(day + 1) - interval '1 microsecond';
        ahead   CONSTANT interval := policy_interval('access_clock_ahead', NULL, "on");
        counts  CONSTANT boolean := day >= registry.access_horizon("on");
        part    regclass;
        doubles tid[];
    BEGIN
        SELECT min(d.part), array_agg(d.ctid) INTO part, doubles
        FROM (SELECT e.tableoid AS part, e.ctid,
                     row_number() OVER (PARTITION BY e.device_code, e.happened_at, e.serial, e.token ORDER BY e.recorded_at, e.ctid) AS n
              FROM registry.access_event e
              JOIN unnest(devices) AS marked (device_code) ON marked.device_code = e.device_code
              WHERE e.happened_at BETWEEN starts AND ends) AS d
        WHERE d.n > 1;
        IF part IS NOT NULL THEN
            -- a day lies in one partition
            EXECUTE format('DELETE FROM %s WHERE ctid = ANY ($1)', part) USING doubles;
        END IF;

        DELETE FROM registry.access_fault f WHERE f.day = count_access_day.day AND f.device_code = ANY (devices);
        IF counts THEN
            DELETE FROM registry.presence_day p WHERE p.day = count_access_day.day AND p.device_code = ANY (devices);
        END IF;
        WITH marked AS MATERIALIZED (
            SELECT m.device_code, d.access_device_id IS NULL AS unknown, b.dwelling_id
            FROM unnest(devices) AS m (device_code)
            LEFT JOIN registry.access_device d ON d.device_code = m.device_code
            LEFT JOIN registry.access_binding b ON b.access_device_id = d.access_device_id AND b.period @> count_access_day.day
        ), event AS MATERIALIZED (
            SELECT e.device_code, COALESCE(e.token, '00000000-0000-0000-0000-000000000000') AS token, e.happened_at, e.recorded_at, m.dwelling_id, m.unknown,
                   COALESCE(e.happened_at > e.recorded_at + ahead, false) AS future,
                   NOT is_code('access_direction', e.direction) OR NOT is_code('access_method', COALESCE(e.method, 'card')) AS odd
            FROM registry.access_event e
            JOIN marked m ON m.device_code = e.device_code
            WHERE e.happened_at BETWEEN starts AND ends
        ), seen AS (
            INSERT INTO registry.presence_day (device_code, day, token, dwelling_id, events, first_at, last_at)
            SELECT e.device_code, count_access_day.day, e.token, e.dwelling_id, count(*), min(e.happened_at), max(e.happened_at)
            FROM event e
            WHERE counts AND e.dwelling_id IS NOT NULL AND NOT e.future
            GROUP BY e.device_code, e.token, e.dwelling_id
        )
        INSERT INTO registry.access_fault (device_code, day, kind, events, first_at, last_at, received_at)
        SELECT e.device_code, count_access_day.day, fault.kind, count(*), min(e.happened_at), max(e.happened_at), max(e.recorded_at)
        FROM event e
        CROSS JOIN LATERAL (VALUES ('unknown_device', e.unknown), ('unbound_device', NOT e.unknown AND e.dwelling_id IS NULL),
                                   ('future', e.future), ('too_late', NOT counts), ('unknown_code', e.odd)) AS fault (kind, holds)
        WHERE fault.holds
        GROUP BY e.device_code, fault.kind;
    END $$;
COMMENT ON FUNCTION registry.count_access_day(text[], date, date) IS
    'Works out registry.presence_day and registry.access_fault for devices and a day from the events, and takes out events that came twice (通行日汇总). Events of unbound devices and wrong clocks do not count as presence; a day older than what is kept stays as it was counted';

CREATE OR REPLACE FUNCTION registry.due_presence("on" date, batch integer)
    RETURNS integer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET jit = off
    AS $$
    DECLARE
        cutoff  CONSTANT date := ("on" - policy_interval('presence_retention', NULL, "on"))::date;
        devices text[];
        oldest  date;
        done    integer;
    BEGIN
        -- one counts at a time
        LOCK TABLE registry.presence_day IN SHARE ROW EXCLUSIVE MODE;
        done := registry.mark_access_batches();
        IF done > 0 THEN
            RETURN done;
        END IF;
        SELECT min(m.day) INTO oldest FROM registry.access_mark m;
        IF oldest IS NOT NULL THEN
            WITH taken AS (DELETE FROM registry.access_mark m WHERE m.day = oldest RETURNING m.device_code)
            SELECT array_agg(DISTINCT t.device_code) INTO devices FROM taken t;
            PERFORM registry.count_access_day(devices, oldest, "on");
            RETURN cardinality(devices);
        END IF;

        DELETE FROM registry.presence_day p
        WHERE (p.device_code, p.day, p.token) IN (SELECT o.device_code, o.day, o.token FROM registry.presence_day o WHERE o.day < cutoff ORDER BY o.day LIMIT batch);
        GET DIAGNOSTICS done = ROW_COUNT;
        DELETE FROM registry.access_fault f WHERE f.received_at < registry.day_start(cutoff);
        RETURN done;
    END $$;
COMMENT ON FUNCTION registry.due_presence(date, integer) IS
    'Counts access events that have come in, or whose device has been bound otherwise, a day a transaction, and drops what is older than policy presence_retention (通行汇总); how many devices and days. Late and out-of-order events and a feed that is sent twice come to the same';
