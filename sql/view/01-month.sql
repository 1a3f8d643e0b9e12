-- Months: tables that are filled day by day have a partition a month, by the calendar of China, dropped when its time is over. One way for
-- all of them. Months are made by residency.run_due(); what comes before its month was made, and by clocks that are wrong by years, lies in a
-- default partition, where there is one.

CREATE OR REPLACE FUNCTION registry.day_start(day date)
    RETURNS timestamptz
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT day::timestamp AT TIME ZONE 'Asia/Shanghai' $$;
COMMENT ON FUNCTION registry.day_start(date) IS 'The moment at which a day begins in China (当日零时)';

CREATE OR REPLACE FUNCTION registry.month_part(parent regclass, day date)
    RETURNS text
    -- for every reading: an SQL function would be planned anew each time
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (SELECT format('%I.%I', n.nspname, c.relname || to_char(day, '_YYYYMM'))
                FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE c.oid = parent);
    END $$;
COMMENT ON FUNCTION registry.month_part(regclass, date) IS 'Name of the partition of a table for the month of a day, with its schema (月分区名)';

CREATE OR REPLACE FUNCTION registry.make_month(parent regclass, month date)
    RETURNS void
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        part     CONSTANT text := registry.month_part(parent, month);
        leftover CONSTANT regclass := (SELECT NULLIF(p.partdefid, 0) FROM pg_partitioned_table p WHERE p.partrelid = parent);
        moment   CONSTANT text := (SELECT quote_ident(a.attname) FROM pg_partitioned_table p JOIN pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0]
                                   WHERE p.partrelid = parent);
        starts   CONSTANT timestamptz := registry.day_start(month);
        ends     CONSTANT timestamptz := registry.day_start((month + interval '1 month')::date);
        guard    record;
    BEGIN
        -- a key is the parent's, which from 17 on refuses a partition with an identity of its own
        EXECUTE format('CREATE TABLE %s (LIKE %s INCLUDING ALL EXCLUDING IDENTITY)', part, parent);
        EXECUTE format('COMMENT ON TABLE %s IS %L', part, parent || to_char(month, '" of "YYYY-MM" ("FMYYYY"年"FMMM"月分区)"'));
        IF leftover IS NULL THEN
            EXECUTE format('ALTER TABLE %s ATTACH PARTITION %s FOR VALUES FROM (%L) TO (%L)', parent, part, starts, ends);
            RETURN;
        END IF;
        -- what came before its month was made; others go on writing other months meanwhile
        EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', leftover);
        EXECUTE format('ALTER TABLE %s DISABLE TRIGGER USER', leftover);
        EXECUTE format('WITH moved AS (DELETE FROM %s e WHERE e.%s >= $1 AND e.%s < $2 RETURNING *) INSERT INTO %s SELECT * FROM moved',
                       leftover, moment, moment, part) USING starts, ends;
        EXECUTE format('ALTER TABLE %s ENABLE TRIGGER USER', leftover);
        EXECUTE format('ALTER TABLE %s ATTACH PARTITION %s FOR VALUES FROM (%L) TO (%L)', parent, part, starts, ends);
        -- those of rows came with the table
        FOR guard IN SELECT pg_get_triggerdef(t.oid) AS definition FROM pg_trigger t WHERE t.tgrelid = leftover AND NOT t.tgisinternal AND t.tgparentid = 0 LOOP
            EXECUTE replace(guard.definition, format(' ON %s ', leftover), format(' ON %s ', part));
        END LOOP;
    END $$;
COMMENT ON FUNCTION registry.make_month(regclass, date) IS
    'Makes the partition of a table for a month, given by its first day (新增月分区), and takes over what lay in the default partition, where there is one';

CREATE OR REPLACE FUNCTION registry.make_missing_month(parent regclass, "on" date, oldest date)
    RETURNS boolean
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET jit = off
    AS $$
    DECLARE
        ahead  CONSTANT date := (date_trunc('month', "on") + interval '2 months')::date;
        wanted text;
        month  date;
    BEGIN
        SELECT format('SELECT min(wanted.month)
                       FROM (SELECT generate_series(date_trunc(''month'', $1), $2, interval ''1 month'')::date
                             UNION
                             SELECT date_trunc(''month'', local_day(e.%1$I))::date FROM %2$s e
                             WHERE e.%1$I >= registry.day_start($3) AND e.%1$I < registry.day_start($2)) AS wanted (month)
                       WHERE to_regclass(registry.month_part(%3$s, wanted.month)) IS NULL',
                      a.attname, p.partdefid::regclass, p.partrelid) INTO wanted
        FROM pg_partitioned_table p
        JOIN pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0]
        WHERE p.partrelid = parent;
        EXECUTE wanted INTO month USING "on", ahead, oldest;
        IF month IS NOT NULL THEN
            PERFORM registry.make_month(parent, month);
        END IF;
        RETURN month IS NOT NULL;
    END $$;
COMMENT ON FUNCTION registry.make_missing_month(regclass, date, date) IS
    'Makes one partition of a table that is missing: of this month, the next two, or a month not before the oldest whose rows came before it (补建月分区); whether there was one to make';

CREATE OR REPLACE FUNCTION registry.oldest_month(parent regclass, before date)
    RETURNS date
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        SELECT min(m.month)
        FROM pg_class p
        JOIN pg_inherits i ON i.inhparent = p.oid
        JOIN pg_class c ON c.oid = i.inhrelid
        CROSS JOIN LATERAL (SELECT CASE WHEN c.relname ~ '_[0-9]{6}$' THEN to_date(right(c.relname, 6), 'YYYYMM') END) AS m (month)
        WHERE p.oid = parent AND c.relname = p.relname || to_char(m.month, '_YYYYMM') AND m.month < before
    $$;
COMMENT ON FUNCTION registry.oldest_month(regclass, date) IS 'First day of the oldest month of a table that has a partition and lies before a day, NULL: none (最早月分区)';
