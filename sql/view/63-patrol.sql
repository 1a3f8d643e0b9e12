-- What is to be visited: the tasks that policy asks for, and how residency.run_due() keeps them.

CREATE OR REPLACE FUNCTION registry.last_visit(dwelling bigint, "on" date)
    RETURNS date
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
        SELECT max(residency.local_day(v.started_at))
        FROM registry.visit v
        WHERE v.dwelling_id = dwelling AND residency.visit_settles(v.outcome) AND residency.local_day(v.started_at) <= "on"
    $$;
COMMENT ON FUNCTION registry.last_visit(bigint, date) IS 'Day of the last successful visit to a dwelling up to a day (最近有效走访日期), NULL: never';

CREATE OR REPLACE FUNCTION registry.routine_wanted("on" date)
    RETURNS TABLE (dwelling_id bigint, kind text, due_on date)
    LANGUAGE sql STABLE PARALLEL SAFE
    -- no SET clause: a query takes it in, and stops when it has a batch
    AS $$
        SELECT c.dwelling_id, 'routine', due.due_on
        FROM registry.dwelling_category c
        JOIN registry.dwelling d ON d.dwelling_id = c.dwelling_id
        CROSS JOIN LATERAL (
            SELECT residency.add_term(greatest(lower(c.period), registry.last_visit(c.dwelling_id, "on")),
                            residency.policy_text('patrol_interval_' || lower(c.category), d.division, "on"), d.division)
        ) AS due (due_on)
        WHERE c.period @> "on" AND d.let_state <> 'demolished'
          AND due.due_on <= "on" + residency.policy_int('patrol_ahead', d.division, "on")
        UNION ALL
        SELECT home.dwelling_id, 'non_contact', due.due_on
        FROM (SELECT r.dwelling_id, min(r.arrived_on) AS since
              FROM registry.residence r WHERE residency.residence_is_current(r.state) AND r.arrived_on <= "on"
              GROUP BY r.dwelling_id) AS home
        JOIN registry.dwelling d ON d.dwelling_id = home.dwelling_id
        CROSS JOIN LATERAL (
            SELECT residency.add_term(greatest(home.since, registry.last_visit(home.dwelling_id, "on")),
                            residency.policy_text('patrol_non_contact', d.division, "on"), d.division)
        ) AS due (due_on)
        WHERE due.due_on <= "on"
    $$;
COMMENT ON FUNCTION registry.routine_wanted(date) IS
    'Dwellings that are to be visited on a day by their category or because nobody has been met there for long (应巡查房屋): the interval counts from the last successful visit, or from the day of the category or the first arrival; policies patrol_interval_a …, patrol_non_contact, patrol_ahead';

CREATE OR REPLACE FUNCTION registry.overdue_wanted("on" date)
    RETURNS TABLE (dwelling_id bigint, kind text, due_on date)
    LANGUAGE sql STABLE PARALLEL SAFE
    -- no SET clause: a query takes it in, and stops when it has a batch
    AS $$
        SELECT r.dwelling_id, 'overdue_registration', max(late.due_on)
        FROM registry.report_duty(NULL, "on") AS late
        JOIN registry.residence r ON r.residence_id = late.subject_id
        WHERE late.subject = 'residence' AND late.late_days > 0 AND late.reported_on IS NULL
        GROUP BY r.dwelling_id
        -- somebody has been there since: the rest is the office's
        HAVING COALESCE(registry.last_visit(r.dwelling_id, "on") <= max(late.due_on), true)
    $$;
COMMENT ON FUNCTION registry.overdue_wanted(date) IS
    'Dwellings whose residents, or who lodges them, have not reported in time, and which nobody has visited since (逾期申报待核查房屋); see api.overdue_report()';

CREATE OR REPLACE FUNCTION registry.keep_tasks(source text, kinds text[], "on" date, batch integer)
    RETURNS integer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET jit = off
    AS $$
    DECLARE
        made  integer;
        taken integer;
    BEGIN
        EXECUTE format($q$
            INSERT INTO registry.patrol_task (dwelling_id, kind, opened_on, due_on)
            SELECT w.dwelling_id, w.kind, $1, w.due_on
            FROM registry.%I($1) AS w
            WHERE NOT EXISTS (SELECT FROM registry.patrol_task t
                              WHERE t.dwelling_id = w.dwelling_id AND t.kind = w.kind AND t.state = 'open')
            LIMIT $2
            ON CONFLICT DO NOTHING $q$, source)
        USING "on", batch;
        GET DIAGNOSTICS made = ROW_COUNT;
        IF made = batch THEN
            RETURN made;
        END IF;
        -- a visit that came in late, or a report: what nothing asks for any more
        EXECUTE format($q$
            UPDATE registry.patrol_task t
            SET state = 'void', void_reason = '已无需走访'
            WHERE t.patrol_task_id IN (
                SELECT a.patrol_task_id FROM registry.patrol_task a
                WHERE a.state = 'open' AND a.kind = ANY ($3) AND a.opened_on <= $1
                  AND (a.dwelling_id, a.kind) NOT IN (SELECT w.dwelling_id, w.kind FROM registry.%I($1) AS w)
                LIMIT $2
                FOR NO KEY UPDATE SKIP LOCKED) $q$, source)
        USING "on", batch - made, kinds;
        GET DIAGNOSTICS taken = ROW_COUNT;
        RETURN made + taken;
    END $$;
COMMENT ON FUNCTION registry.keep_tasks(text, text[], date, integer) IS
    'Makes the tasks that a function of schema registry asks for, and voids open ones of these kinds that it no longer does (巡查任务维护); how many in this batch';

CREATE OR REPLACE FUNCTION registry.due_visits("on" date, batch integer)
    RETURNS integer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN registry.keep_tasks('routine_wanted', '{routine,non_contact}', "on", batch);
    END $$;
COMMENT ON FUNCTION registry.due_visits(date, integer) IS 'Tasks of routine visits and of residents nobody has met for long (生成日常巡查和失联核查任务); how many in this batch';

CREATE OR REPLACE FUNCTION registry.due_overdue_visits("on" date, batch integer)
    RETURNS integer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN registry.keep_tasks('overdue_wanted', '{overdue_registration}', "on", batch);
    END $$;
COMMENT ON FUNCTION registry.due_overdue_visits(date, integer) IS
    'Tasks to look after reports that are overdue (生成逾期申报核查任务), apart from the others: a year without a calendar stops it alone; how many in this batch';
