-- The tasks of residency.run_due(): each does one batch of what is due and says how many it did.

CREATE OR REPLACE FUNCTION registry.due_tasks()
    RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$ SELECT '{due_acceptances,due_suspensions,due_lapses,due_alerts,due_closings,due_boundaries,due_roads,due_estates,due_visits,due_overdue_visits,due_access_months,due_presence,due_change_months,due_read_months,due_purges,due_blocks}'::text[] $$;
COMMENT ON FUNCTION registry.due_tasks() IS 'The tasks of residency.run_due() in their order (到期任务): functions of schema registry';

CREATE OR REPLACE FUNCTION registry.due_acceptances("on" date, batch integer)
    RETURNS integer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        done integer;
    BEGIN
        INSERT INTO registry.permit_event (permit_id, event, happened_on, channel, reason)
        SELECT p.permit_id, 'accept', registry.supplement_by(p.applied_on, p.division) + 1, 'system', '逾期未告知补正,视为受理'
        FROM registry.permit p
        WHERE p.state = 'submitted' AND p.applied_on < "on"
          AND CASE WHEN p.applied_on < "on" THEN registry.supplement_by(p.applied_on, p.division) < "on" END
        ORDER BY p.applied_on
        LIMIT batch
        FOR NO KEY UPDATE SKIP LOCKED;
        GET DIAGNOSTICS done = ROW_COUNT;
        RETURN done;
    END $$;
COMMENT ON FUNCTION registry.due_acceptances(date, integer) IS
    'Applications nobody has looked at in time count as accepted from the day of receipt (视为受理; 行政许可法 Art. 32); how many in this batch';

CREATE OR REPLACE FUNCTION registry.due_suspensions("on" date, batch integer)
    RETURNS integer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        done integer;
    BEGIN
        INSERT INTO registry.permit_event (permit_id, event, happened_on, channel)
        SELECT p.permit_id, 'suspend', registry.endorse_by(p.endorsed_until, p.division) + 1, 'system'
        FROM registry.permit p
        WHERE p.state = 'valid' AND p.endorsed_until < "on" AND registry.endorsement_missed(p, "on")
        ORDER BY p.endorsed_until
        LIMIT batch
        FOR NO KEY UPDATE SKIP LOCKED;
        GET DIAGNOSTICS done = ROW_COUNT;
        RETURN done;
    END $$;
COMMENT ON FUNCTION registry.due_suspensions(date, integer) IS
    'Permits whose anniversary passed without endorsement are suspended at 00:00 of the next day (使用功能中止; 居住证暂行条例 Art. 10); how many in this batch';

CREATE OR REPLACE FUNCTION registry.due_lapses("on" date, batch integer)
    RETURNS integer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        done integer;
    BEGIN
        INSERT INTO registry.permit_event (permit_id, event, happened_on, channel)
        SELECT p.permit_id, 'lapse', registry.lapse_on(p.suspended_on, p.division), 'system'
        FROM registry.permit p
        WHERE p.state = 'suspended' AND p.suspended_on < "on" AND registry.lapse_on(p.suspended_on, p.division) <= "on"
        ORDER BY p.suspended_on
        LIMIT batch
        FOR NO KEY UPDATE SKIP LOCKED;
        GET DIAGNOSTICS done = ROW_COUNT;
        RETURN done;
    END $$;
COMMENT ON FUNCTION registry.due_lapses(date, integer) IS
    'Permits that have been suspended for as long as policy suspended_lapse allows are cancelled (中止期满注销; 深圳经济特区居住证条例 Art. 27); how many in this batch';

CREATE OR REPLACE FUNCTION registry.due_alerts("on" date, batch integer)
    RETURNS integer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN registry.raise_clock_alerts("on", batch);
    END $$;
COMMENT ON FUNCTION registry.due_alerts(date, integer) IS 'Reminders and alerts of running time limits (时限提醒与预警); how many in this batch';

CREATE OR REPLACE FUNCTION registry.close_on(residence registry.residence)
    RETURNS date
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        -- since the last sign of life: enough visits in vain, a notice, and time without an answer
        WITH life AS (
            SELECT greatest(residence.arrived_on, local_day(residence.verified_at), max(c.happened_on) FILTER (WHERE c.reached)) AS day
            FROM registry.contact c
            WHERE c.residence_id = residence.residence_id
        ), vain AS (
            SELECT life.day,
                   count(*) FILTER (WHERE c.kind = 'visit') AS visits,
                   max(c.happened_on) FILTER (WHERE c.kind = 'notice') AS notice,
                   (array_agg(c.happened_on ORDER BY c.happened_on) FILTER (WHERE c.kind = 'visit')) AS days
            FROM life JOIN registry.contact c ON c.residence_id = residence.residence_id AND c.happened_on >= life.day AND NOT c.reached
            GROUP BY life.day
        )
        SELECT greatest(add_term(vain.notice, policy_text('contact_notice', residence.division, vain.notice), residence.division),
                        add_term(vain.day, policy_text('contact_no_trace', residence.division, vain.notice), residence.division))
        FROM vain
        WHERE vain.visits >= policy_int('contact_visits', residence.division, vain.notice)
          AND vain.notice >= vain.days[policy_int('contact_visits', residence.division, vain.notice)]
    $$;
COMMENT ON FUNCTION registry.close_on(registry.residence) IS
    'The day on which a residence is closed without contact (失联注销日), by policies contact_visits, contact_notice and contact_no_trace; NULL where not enough was tried';

CREATE OR REPLACE FUNCTION registry.due_closings("on" date, batch integer)
    RETURNS integer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        done integer;
    BEGIN
        UPDATE registry.residence r
        SET state = 'auto_closed', departed_on = due.day, close_reason = '多次联系未果且通知后无回应'
        FROM (
            SELECT tried.residence_id, registry.close_on(tried) AS day
            FROM registry.residence tried
            WHERE tried.state = 'active'
              AND EXISTS (SELECT FROM registry.contact c WHERE c.residence_id = tried.residence_id AND c.kind = 'notice' AND NOT c.reached)
              AND registry.close_on(tried) <= "on"
            ORDER BY tried.residence_id
            LIMIT batch
            FOR NO KEY UPDATE SKIP LOCKED
        ) AS due
        WHERE r.residence_id = due.residence_id;
        GET DIAGNOSTICS done = ROW_COUNT;
        RETURN done;
    END $$;
COMMENT ON FUNCTION registry.due_closings(date, integer) IS
    'Residences whose resident could not be reached are closed (失联自动注销), and can be taken back within policy auto_close_undo; how many in this batch';

CREATE OR REPLACE FUNCTION registry.due_boundaries("on" date, batch integer)
    RETURNS integer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN CASE WHEN "on" < today() THEN 0 ELSE registry.take_grid_acts() + registry.take_division_acts(batch) END;
    END $$;
COMMENT ON FUNCTION registry.due_boundaries(date, integer) IS
    'Changes of grids and divisions whose day has come (到期网格、区划调整); how many in this batch. The register has the boundaries of today: for a day before, nothing is done';

CREATE OR REPLACE FUNCTION registry.learn_places(place text, "on" date, batch integer)
    RETURNS integer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        done integer;
    BEGIN
        -- of the whole register, as one set; what has not changed is not written
        EXECUTE format(
            'WITH confirmed AS (
                 SELECT d.division, place.name, count(*)::integer AS dwellings
                 FROM registry.dwelling d
                 CROSS JOIN LATERAL (SELECT %1$I(d.standard_address)) AS place (name)
                 WHERE place.name !~ ''[[:space:]]''
                   AND EXISTS (SELECT FROM registry.residence r WHERE r.dwelling_id = d.dwelling_id AND r.verified_at IS NOT NULL AND r.state NOT IN (''rejected'', ''voided''))
                 GROUP BY d.division, place.name
             )
             INSERT INTO registry.%1$I (division, name, dwellings, first_seen)
             SELECT c.division, c.name, c.dwellings, $2
             FROM confirmed c
             LEFT JOIN registry.%1$I k ON k.division = c.division AND k.name = c.name
             WHERE k.dwellings IS DISTINCT FROM c.dwellings
             ORDER BY c.division, c.name
             LIMIT $1
             ON CONFLICT (division, name) DO UPDATE SET dwellings = excluded.dwellings', place)
        USING batch, "on";
        GET DIAGNOSTICS done = ROW_COUNT;
        RETURN done;
    END $$;
COMMENT ON FUNCTION registry.learn_places(text, date, integer) IS
    'Learns the roads or estates of dwellings with a verified residence, and in how many dwellings they stand (从已核实房屋学习街路巷、小区): road or estate; how many have changed, at most so many. None is forgotten';

CREATE OR REPLACE FUNCTION registry.due_roads("on" date, batch integer)
    RETURNS integer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN registry.learn_places('road', "on", batch);
    END $$;
COMMENT ON FUNCTION registry.due_roads(date, integer) IS 'Roads of confirmed dwellings become known to the reader of addresses (街路巷学习); how many in this batch';

CREATE OR REPLACE FUNCTION registry.due_estates("on" date, batch integer)
    RETURNS integer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN registry.learn_places('estate', "on", batch);
    END $$;
COMMENT ON FUNCTION registry.due_estates(date, integer) IS 'Estates of confirmed dwellings become known to the reader of addresses (小区学习); how many in this batch';

CREATE OR REPLACE FUNCTION registry.due_batch(task text, "on" date, batch integer, OUT done integer, OUT error text)
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        detail text;
    BEGIN
        EXECUTE format('SELECT registry.%I($1, $2)', task) INTO done USING "on", batch;
    EXCEPTION WHEN OTHERS THEN
        GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
        IF NOT ledger.is_refusal(SQLSTATE) THEN
            RAISE;
        END IF;
        done := 0;
        error := concat_ws(' ', SQLSTATE, SQLERRM, NULLIF(detail, ''));
    END $$;
COMMENT ON FUNCTION registry.due_batch(text, date, integer) IS
    'One batch of a task (单批到期处理): how many it did, or what stopped it – and the other tasks go on';

CREATE OR REPLACE VIEW ledger.last_due_run AS
SELECT DISTINCT ON (r.task) r.task, r."on", r.done, r.error, r.started_at, r.finished_at, r.finished_at - r.started_at AS took, r.started_by
FROM ledger.due_run r
ORDER BY r.task, r.run_id DESC;
COMMENT ON VIEW ledger.last_due_run IS 'The last run of every task of residency.run_due() (最近一次到期处理)';
COMMENT ON COLUMN ledger.last_due_run.task IS 'What was due (任务)';
COMMENT ON COLUMN ledger.last_due_run."on" IS 'Day for which it was run (处理日期)';
COMMENT ON COLUMN ledger.last_due_run.done IS 'Rows done (已处理数)';
COMMENT ON COLUMN ledger.last_due_run.error IS 'What stopped it (错误)';
COMMENT ON COLUMN ledger.last_due_run.started_at IS 'Begin (开始时间)';
COMMENT ON COLUMN ledger.last_due_run.finished_at IS 'End (结束时间); NULL while it goes on, or where it was killed';
COMMENT ON COLUMN ledger.last_due_run.took IS 'How long it took (用时)';
COMMENT ON COLUMN ledger.last_due_run.started_by IS 'Role that ran it (运行角色)';

CREATE OR REPLACE VIEW ledger.due_progress AS
SELECT r.run_id, r.task, r."on", r.done, r.started_at, r.batch_at,
       round(r.done / NULLIF(extract(epoch FROM r.batch_at - r.started_at), 0)) AS per_second
FROM ledger.due_run r
WHERE r.finished_at IS NULL;
COMMENT ON VIEW ledger.due_progress IS 'Tasks of residency.run_due() that are going on, or were killed (到期处理进度)';
COMMENT ON COLUMN ledger.due_progress.run_id IS 'Key of the run (运行编号)';
COMMENT ON COLUMN ledger.due_progress.task IS 'What is due (任务)';
COMMENT ON COLUMN ledger.due_progress."on" IS 'Day for which it is run (处理日期)';
COMMENT ON COLUMN ledger.due_progress.done IS 'Rows done so far (已处理数)';
COMMENT ON COLUMN ledger.due_progress.started_at IS 'Begin (开始时间)';
COMMENT ON COLUMN ledger.due_progress.batch_at IS 'When the last batch was committed (最近提交时间)';
COMMENT ON COLUMN ledger.due_progress.per_second IS 'Rows a second so far (每秒处理数)';
