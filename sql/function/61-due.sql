-- due: what time alone brings about, in batches that do not stand in anybody's way.

CREATE OR REPLACE FUNCTION residency.contact_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        NEW.kind := residency.checked_code('contact_kind', NEW.kind, 'registry.contact', 'kind');
        IF NEW.happened_on > residency.today() THEN
            PERFORM residency.refuse('RG180', ARRAY[NEW.happened_on, residency.today()]::text[], 'registry.contact', 'happened_on');
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.contact_guard() IS 'Trigger of registry.contact (联系记录校验): RG006, RG180';

CREATE OR REPLACE PROCEDURE residency.run_due("on" date DEFAULT NULL, batch integer DEFAULT 1000)
    LANGUAGE plpgsql
    AS $$
    -- A procedure that commits can't have a SET clause: every name is qualified.
    DECLARE
        day    CONSTANT date := COALESCE("on", residency.today());
        next   text;
        run    bigint;
        taken  integer;
        fault  text;
        faults text[];
    BEGIN
        IF residency.in_transaction_block() THEN
            RAISE EXCEPTION 'run_due() cannot run inside a transaction block'
                USING ERRCODE = 'active_sql_transaction',
                      DETAIL = 'Each batch is a transaction of its own.',
                      HINT = 'CALL residency.run_due() outside BEGIN and COMMIT, as a statement of its own.';
        END IF;
        IF day OPERATOR(pg_catalog.>) residency.today() THEN
            RAISE EXCEPTION 'run_due() cannot run for % before that day', day
                USING ERRCODE = 'invalid_parameter_value',
                      HINT = 'What time brings about it brings in its time; for what a change of policy would bring see policy.simulate().';
        END IF;
        IF (batch OPERATOR(pg_catalog.>) 0) IS NOT TRUE THEN
            RAISE EXCEPTION 'run_due() cannot work in batches of %', batch
                USING ERRCODE = 'invalid_parameter_value',
                      HINT = 'batch is the number of rows a transaction: 1000, if nothing is said.';
        END IF;
        FOREACH next IN ARRAY registry.due_tasks() LOOP
            INSERT INTO ledger.due_run (task, "on") VALUES (next, day) RETURNING run_id INTO run;
            COMMIT;
            LOOP
                -- one runs at a time; who waited here finds less to do
                PERFORM pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('residency.run_due', 0));
                SELECT d.done, d.error INTO taken, fault FROM registry.due_batch(next, day, batch) d;
                UPDATE ledger.due_run r
                SET done = r.done OPERATOR(pg_catalog.+) taken, error = fault, batch_at = pg_catalog.clock_timestamp(),
                    finished_at = CASE WHEN taken OPERATOR(pg_catalog.=) 0 OR fault IS NOT NULL THEN pg_catalog.clock_timestamp() END
                WHERE r.run_id OPERATOR(pg_catalog.=) run;
                COMMIT;
                EXIT WHEN taken OPERATOR(pg_catalog.=) 0 OR fault IS NOT NULL;
            END LOOP;
            IF fault IS NOT NULL THEN
                faults := pg_catalog.array_append(faults, pg_catalog.format('%s: %s', next, fault));
            END IF;
        END LOOP;
        IF faults IS NOT NULL THEN
            RAISE EXCEPTION 'what is due on % could not all be done', day
                USING ERRCODE = 'object_not_in_prerequisite_state',
                      DETAIL = pg_catalog.array_to_string(faults, E'\n'),
                      HINT = 'What was done is kept. Remove the cause, then CALL residency.run_due() again.';
        END IF;
    END $$;
COMMENT ON PROCEDURE residency.run_due(date, integer) IS
    'Does what time alone brings about up to a day, NULL is today (到期处理): applications that count as accepted, suspensions, lapses, alerts of clocks, residences closed without contact. Each with the day on which it fell due, also when the register stood still for a year; in batches of so many rows, a transaction each, one caller at a time; again does nothing more. Progress and result: ledger.due_progress, ledger.last_due_run. Errors: 22023 a day to come, or no size of a batch, 25001 inside a transaction, 55000 with what stopped a task';
