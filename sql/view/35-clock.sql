-- Clocks: started, stepped, and as they stand today.

CREATE OR REPLACE FUNCTION registry.start_clock(matter text, division division_code, started_on date DEFAULT NULL)
    RETURNS bigint
    LANGUAGE sql
    SET search_path FROM CURRENT
    AS $$
        INSERT INTO registry.clock (matter, division, started_on) VALUES ($1, $2, $3) RETURNING clock_id
    $$;
COMMENT ON FUNCTION registry.start_clock(text, division_code, date) IS
    'Starts the clock of a limit, key of a policy rule that is a term, as it is set for the division on the day it starts, by default today (启动计时): gives the key of the clock. RG090, RG109 there is no such limit, RG110 in the future, and what residency.legal_deadline() refuses';

CREATE OR REPLACE FUNCTION registry.clock_step(
        clock_id bigint, event text, happened_on date DEFAULT NULL,
        amount integer DEFAULT NULL, reason text DEFAULT NULL, legal_basis text DEFAULT NULL)
    RETURNS registry.clock
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        clock registry.clock;
    BEGIN
        INSERT INTO registry.clock_event (clock_id, event, happened_on, amount, reason, legal_basis)
        VALUES ($1, $2, $3, $4, $5, $6);
        SELECT * INTO clock FROM registry.clock c WHERE c.clock_id = $1;
        RETURN clock;
    END $$;
COMMENT ON FUNCTION registry.clock_step(bigint, text, date, integer, text, text) IS
    'What happens to a clock: suspend, resume, extend by an amount of its units, stop, recount; by default today (计时事件): gives the clock as it is then. RG006, RG108, RG110-RG113 as the rules of registry.clock_event say';

CREATE OR REPLACE FUNCTION registry.clock_level(clock registry.clock, "on" date DEFAULT today())
    RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        total CONSTANT integer := clock.budget + clock.extended;
    BEGIN
        RETURN CASE
            WHEN clock.state <> 'running' THEN NULL
            WHEN "on" > clock.due_on THEN 'red'
            WHEN clock_elapsed(total, clock.elapsed, clock.counts_from, clock.due_on, clock.unit, clock.division, "on")
                 >= policy_numeric('clock_yellow', clock.division, "on") * total THEN 'yellow'
            WHEN "on" >= add_term(clock.due_on, '-' || policy_term('clock_reminder', clock.division, "on"), clock.division) THEN 'reminder'
        END;
    END $$;
COMMENT ON FUNCTION registry.clock_level(registry.clock, date) IS
    'How urgent a running clock is on a day, not before its last event, list clock_level (预警级别): red after its last day, yellow from a share of it on, reminder shortly before its end, by policies clock_yellow and clock_reminder; NULL: none of these, or not running';

CREATE OR REPLACE FUNCTION registry.raise_clock_alerts("on" date DEFAULT today(), batch integer DEFAULT 10000)
    RETURNS integer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        raised integer;
    BEGIN
        INSERT INTO registry.clock_alert (clock_id, due_on, level, raised_on)
        SELECT c.clock_id, c.due_on, l.level, "on"
        FROM registry.clock c
        CROSS JOIN LATERAL registry.clock_level(c, "on") AS l (level)
        WHERE c.state = 'running' AND l.level IS NOT NULL
          AND NOT EXISTS (SELECT FROM registry.clock_alert a
                          WHERE a.clock_id = c.clock_id AND a.due_on = c.due_on AND a.level IN (l.level, 'red'))
        LIMIT batch
        ON CONFLICT DO NOTHING;
        GET DIAGNOSTICS raised = ROW_COUNT;
        RETURN raised;
    END $$;
COMMENT ON FUNCTION registry.raise_clock_alerts(date, integer) IS
    'Raises the alerts of a day that have not been raised, at most so many (期限预警): gives how many; call it until there are none. Locks no clock against its clerks';

CREATE OR REPLACE FUNCTION registry.recount_clocks(batch integer DEFAULT 10000)
    RETURNS integer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        recounted integer;
    BEGIN
        INSERT INTO registry.clock_event (clock_id, event)
        SELECT c.clock_id, 'recount'
        FROM registry.clock c
        WHERE c.state = 'running'
          AND c.due_on <> clock_due(c.counts_from, c.budget + c.extended - c.elapsed, c.unit, c.division)
        LIMIT batch;
        GET DIAGNOSTICS recounted = ROW_COUNT;
        RETURN recounted;
    END $$;
COMMENT ON FUNCTION registry.recount_clocks(integer) IS
    'After a change of the calendar, a second notice in a year: running clocks whose last day is another by now, at most so many, get it by an event of today (期限重新计算): gives how many; call it until there are none';

CREATE OR REPLACE VIEW registry.clock_now AS
SELECT c.clock_id,
       c.matter,
       c.division::text AS division,
       c.started_on,
       c.term,
       c.budget,
       c.extended,
       c.unit,
       c.state,
       (SELECT v.name FROM code.value v WHERE v.list = 'clock_state' AND v.code = c.state) AS state_name,
       n.elapsed,
       c.budget + c.extended - n.elapsed AS remaining,
       c.due_on,
       CASE WHEN c.due_on IS NOT NULL THEN greatest(coalesce(c.stopped_on, today()) - c.due_on, 0) END AS days_late,
       registry.clock_level(c) AS level,
       c.stopped_on
FROM registry.clock c
CROSS JOIN LATERAL (
    -- no further than the last day: a clock that is late shows so without the calendar of a year that nobody has entered yet
    SELECT CASE c.state WHEN 'running' THEN clock_elapsed(c.budget + c.extended, c.elapsed, c.counts_from, c.due_on, c.unit,
                                                          c.division, least(today(), c.due_on))
                        ELSE c.elapsed END
) AS n (elapsed);
COMMENT ON VIEW registry.clock_now IS 'Statutory limits as they stand today (期限现状). Source: registry.clock';
COMMENT ON COLUMN registry.clock_now.clock_id IS 'Key of the clock (计时编号)';
COMMENT ON COLUMN registry.clock_now.matter IS 'What is limited, key of policy.rule (计时事项)';
COMMENT ON COLUMN registry.clock_now.division IS 'Division whose policy and calendar count (区划代码)';
COMMENT ON COLUMN registry.clock_now.started_on IS 'Day of the start (起算日)';
COMMENT ON COLUMN registry.clock_now.term IS 'The limit (法定期限)';
COMMENT ON COLUMN registry.clock_now.budget IS 'The limit in units (期限天数)';
COMMENT ON COLUMN registry.clock_now.extended IS 'Units by which it was extended (延长天数)';
COMMENT ON COLUMN registry.clock_now.unit IS 'days or working days (计量单位)';
COMMENT ON COLUMN registry.clock_now.state IS 'State, list clock_state (计时状态)';
COMMENT ON COLUMN registry.clock_now.state_name IS 'The same in words (计时状态名称)';
COMMENT ON COLUMN registry.clock_now.elapsed IS 'Units counted up to today, to its last day or to its suspension or stop (已计天数)';
COMMENT ON COLUMN registry.clock_now.remaining IS 'Units left (剩余天数); below zero: it was suspended or stopped so late';
COMMENT ON COLUMN registry.clock_now.due_on IS 'Last day (届满日); NULL while suspended';
COMMENT ON COLUMN registry.clock_now.days_late IS 'Calendar days after the last day, up to today or the stop (逾期天数); NULL while suspended';
COMMENT ON COLUMN registry.clock_now.level IS 'How urgent it is, list clock_level (预警级别)';
COMMENT ON COLUMN registry.clock_now.stopped_on IS 'Day of the stop (停止日期)';
