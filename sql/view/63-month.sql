-- Months: partitions of tables that are filled day by day, and dropped when their time is over. One way for all of them.

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
        part   CONSTANT text := registry.month_part(parent, month);
        starts CONSTANT timestamptz := registry.day_start(month);
        ends   CONSTANT timestamptz := registry.day_start((month + interval '1 month')::date);
        moment text;
        others regclass;
    BEGIN
        -- a key is the parent's, which from 17 on refuses a partition with an identity of its own
        EXECUTE format('CREATE TABLE %s (LIKE %s INCLUDING ALL EXCLUDING IDENTITY)', part, parent);
        EXECUTE format('COMMENT ON TABLE %s IS %L', part, format('%s of %s (%s分区)', to_char(month, 'YYYY-MM'), parent, to_char(month, 'FMYYYY"年"FMMM"月"')));
        SELECT a.attname, NULLIF(t.partdefid, 0) INTO moment, others
        FROM pg_partitioned_table t JOIN pg_attribute a ON a.attrelid = t.partrelid AND a.attnum = t.partattrs[0]
        WHERE t.partrelid = parent;
        IF others IS NOT NULL THEN
            -- what came before its month was made; feeds into other months go on meanwhile
            EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', others);
            EXECUTE format('WITH moved AS (DELETE FROM %s e WHERE e.%I >= $1 AND e.%2$I < $2 RETURNING *)
                            INSERT INTO %3$s SELECT * FROM moved', others, moment, part) USING starts, ends;
        END IF;
        EXECUTE format('ALTER TABLE %s ATTACH PARTITION %s FOR VALUES FROM (%L) TO (%L)', parent, part, starts, ends);
    END $$;
COMMENT ON FUNCTION registry.make_month(regclass, date) IS
    'Makes the partition of a table for a month, given by its first day (新增月分区), and takes over what lay in the default partition, where there is one';

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
