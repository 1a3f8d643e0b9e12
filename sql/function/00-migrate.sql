-- migrate: what the database owns is built and kept in step by CALL residency.migrate().

CREATE OR REPLACE FUNCTION residency.version() RETURNS text
    AS 'MODULE_PATHNAME', 'residency_version'
    LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION residency.version() IS
    'Version of the loaded library (代码版本); differs from pg_extension.extversion between a new package and ALTER EXTENSION residency UPDATE';

CREATE OR REPLACE FUNCTION residency.in_transaction_block() RETURNS boolean
    AS 'MODULE_PATHNAME', 'residency_in_transaction_block'
    LANGUAGE C STABLE STRICT PARALLEL RESTRICTED;
COMMENT ON FUNCTION residency.in_transaction_block() IS
    'Whether the session is between BEGIN and COMMIT (事务块), where no procedure may commit';

CREATE OR REPLACE FUNCTION residency.ship_step(
        step_name text, step_kind text, step_checksum text, step_done_when text, step_inside_when text, step_body text)
    RETURNS void
    LANGUAGE sql VOLATILE
    AS $$
        INSERT INTO residency.migration_step AS s (name, kind, checksum, done_when, inside_when, body)
        VALUES (step_name, step_kind, step_checksum, step_done_when, step_inside_when, step_body)
        ON CONFLICT (name) DO UPDATE
        SET (kind, checksum, done_when, inside_when, body)
            = (excluded.kind, excluded.checksum, excluded.done_when, excluded.inside_when, excluded.body);
    $$;
COMMENT ON FUNCTION residency.ship_step(text, text, text, text, text, text) IS
    'Used by the install and update scripts alone: puts one step into residency.migration_step (装载迁移步骤)';
REVOKE ALL ON FUNCTION residency.ship_step(text, text, text, text, text, text) FROM PUBLIC;

CREATE OR REPLACE FUNCTION residency.keep_steps(step_names text[])
    RETURNS void
    LANGUAGE sql VOLATILE
    AS $$
        DELETE FROM residency.migration_step WHERE name <> ALL (step_names);
    $$;
COMMENT ON FUNCTION residency.keep_steps(text[]) IS
    'Used by the update scripts alone: drops the steps that this version no longer ships (清理迁移步骤)';
REVOKE ALL ON FUNCTION residency.keep_steps(text[]) FROM PUBLIC;

CREATE OR REPLACE FUNCTION residency.pending(OUT step text, OUT kind text, OUT reason text)
    RETURNS SETOF record
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        IF to_regclass('ledger.applied_step') IS NULL THEN
            RETURN QUERY
                SELECT s.name, s.kind, 'new'
                FROM residency.migration_step s
                ORDER BY s.kind = 'repeatable', s.name;
        ELSE
            RETURN QUERY
                SELECT s.name, s.kind, CASE WHEN a.step IS NULL THEN 'new' ELSE 'changed' END
                FROM residency.migration_step s
                LEFT JOIN ledger.applied_step a ON a.step = s.name
                WHERE a.step IS NULL
                   OR (s.kind = 'repeatable' AND a.checksum <> s.checksum)
                ORDER BY s.kind = 'repeatable', s.name;
        END IF;
    END $$;
COMMENT ON FUNCTION residency.pending() IS
    'What CALL residency.migrate() has still to do in this database, in order (待执行的迁移步骤); no row: code and data are in step';

CREATE OR REPLACE FUNCTION residency.working_path()
    RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT 'pg_catalog, residency, '
            || string_agg(DISTINCT quote_ident(n.nspname), ', ')
            || ', pg_temp'
        FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
        WHERE e.extname IN ('postgis', 'btree_gist')
    $$;
COMMENT ON FUNCTION residency.working_path() IS
    'The search_path under which steps run and which their functions keep (迁移时的搜索路径): the extension and what it requires, nothing that a client can put something into';

CREATE OR REPLACE FUNCTION residency.take_step(step_name text, step_body text)
    RETURNS void
    LANGUAGE plpgsql VOLATILE
    AS $$
    -- no SET clause: a step runs, and makes its functions, under the path that migrate() has set
    DECLARE
        what text; detail text; hint text; place text;
    BEGIN
        EXECUTE step_body;
    EXCEPTION WHEN OTHERS THEN
        GET STACKED DIAGNOSTICS what = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL,
                                hint = PG_EXCEPTION_HINT, place = PG_EXCEPTION_CONTEXT;
        -- where in the step: what called this function is no news
        place := regexp_replace(place, '\n?PL/pgSQL function (residency\.)?take_step\(.*', '');
        RAISE EXCEPTION 'step % failed: %', step_name, what
            USING ERRCODE = SQLSTATE,
                  DETAIL = concat_ws(E'\n', nullif(detail, ''), nullif(left(place, 1000), '')),
                  HINT = concat_ws(' ', nullif(hint, ''),
                                   'The steps before it are kept. Remove the cause, then CALL residency.migrate() again.');
    END $$;
COMMENT ON FUNCTION residency.take_step(text, text) IS
    'Used by migrate() alone: executes the text of a step; an error carries the name of the step (执行迁移步骤)';

CREATE OR REPLACE FUNCTION residency.take_next_step()
    RETURNS text
    LANGUAGE plpgsql VOLATILE
    AS $$
    -- no SET clause: see take_step()
    DECLARE
        next_step residency.migration_step;
        started   timestamptz;
        holds     boolean;
    BEGIN
        -- One migrates at a time. Who waited here sees what the other has done, and takes the step after it.
        PERFORM pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('residency.migrate', 0));
        PERFORM pg_catalog.set_config('search_path', residency.working_path(), true);

        SELECT s.* INTO next_step
        FROM residency.pending() p JOIN residency.migration_step s ON s.name = p.step
        ORDER BY s.kind = 'repeatable', s.name
        LIMIT 1;
        IF NOT FOUND THEN
            RETURN NULL;
        END IF;

        started := clock_timestamp();
        IF next_step.kind = 'outside' THEN
            EXECUTE next_step.done_when INTO holds;
            IF holds IS NOT TRUE AND next_step.inside_when IS NOT NULL THEN
                EXECUTE next_step.inside_when INTO holds;
                IF holds THEN
                    PERFORM residency.take_step(next_step.name, replace(next_step.body, ' CONCURRENTLY', ''));
                END IF;
            END IF;
            IF holds IS NOT TRUE THEN
                RAISE NOTICE 'step % cannot run inside a transaction', next_step.name
                    USING DETAIL = next_step.body,
                          HINT = 'Run the statements above by themselves, then CALL residency.migrate() again.';
                RETURN NULL;
            END IF;
        ELSE
            PERFORM residency.take_step(next_step.name, next_step.body);
        END IF;

        INSERT INTO ledger.applied_step AS a (step, kind, checksum, extension_version, took)
        VALUES (next_step.name, next_step.kind, next_step.checksum,
                (SELECT extversion FROM pg_catalog.pg_extension WHERE extname = 'residency'),
                clock_timestamp() - started)
        ON CONFLICT (step) DO UPDATE
        SET (checksum, extension_version, applied_at, applied_by, took)
            = (excluded.checksum, excluded.extension_version, excluded.applied_at, excluded.applied_by, excluded.took);
        -- so that images can be read in the light of the tables of their time
        IF to_regclass('ledger.change') IS NOT NULL THEN
            INSERT INTO ledger.change (table_name, key, operation, image)
            SELECT 'residency.migrate', pg_catalog.jsonb_build_object('step', a.step), 'M', pg_catalog.to_jsonb(a)
            FROM ledger.applied_step a WHERE a.step OPERATOR(pg_catalog.=) next_step.name;
        END IF;
        RETURN next_step.name;
    END $$;
COMMENT ON FUNCTION residency.take_next_step() IS
    'Takes the next pending step in the transaction at hand and logs it in ledger.applied_step (执行下一迁移步骤): its name, NULL where none is left or the next one cannot run in a transaction';

CREATE OR REPLACE PROCEDURE residency.migrate()
    LANGUAGE plpgsql
    AS $$
    -- A procedure that commits can't have a SET clause: names are qualified, and the path is set anew after each commit.
    BEGIN
        IF residency.in_transaction_block() THEN
            RAISE EXCEPTION 'migrate() cannot run inside a transaction block'
                USING ERRCODE = 'active_sql_transaction',
                      DETAIL = 'Each step is a transaction of its own.',
                      HINT = 'CALL residency.migrate() outside BEGIN and COMMIT, with autocommit on, as a statement of its own.';
        END IF;
        WHILE residency.take_next_step() IS NOT NULL LOOP
            COMMIT;
        END LOOP;
        -- what a step has made is nobody's until the written intent says whose
        IF pg_catalog.to_regclass('policy.intended_privilege') IS NOT NULL THEN
            PERFORM residency.grant_roles();
        END IF;
    END $$;
COMMENT ON PROCEDURE residency.migrate() IS
    'Brings the database in step with the installed code (迁移): each pending step in a transaction of its own, logged in ledger.applied_step, resumable, one caller at a time. Run it as the role that shall own the tables, outside a transaction block';
