-- History: which tables have one, how changes are noted, and whether tables and their histories agree.

-- Who adds a table adds a line here: test/sql/change.sql looks for tables that nobody decided on.
CREATE OR REPLACE FUNCTION ledger.tracked()
    RETURNS TABLE (table_name text, history text, why text)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        VALUES
        -- full: every row that is there when the history begins is noted
        ('registry.person', 'full', 'whom the register knows'),
        ('registry.identity_document', 'full', 'by which papers'),
        ('registry.dwelling', 'full', 'where one can live'),
        ('registry.residence', 'full', 'who lives where'),
        ('registry.inexact_date', 'full', 'days that are not known exactly'),
        ('registry.investigation', 'full', 'what is in doubt'),
        ('registry.grid', 'full', 'outlines, and who belongs to them'),
        ('registry.grid_version', 'full', 'former outlines'),
        ('registry.grid_act', 'full', 'acts on grids'),
        ('registry.grid_lineage', 'full', 'what became of grids'),
        ('registry.dwelling_past_division', 'full', 'where dwellings lay'),
        ('registry.dwelling_former_address', 'full', 'what they were called'),
        ('registry.door_plate', 'full', 'house numbers'),
        ('registry.clock', 'full', 'statutory time limits'),
        ('registry.clock_event', 'full', 'what moved them'),
        ('registry.clock_alert', 'full', 'who was warned when'),
        ('registry.employer', 'full', 'employers'),
        ('registry.employment', 'full', 'who works for whom'),
        ('registry.tenancy', 'full', 'leases'),
        ('registry.schooling', 'full', 'who studies where'),
        ('registry.ownership', 'full', 'who owns dwellings'),
        ('registry.permit', 'full', 'residence permits'),
        ('registry.permit_event', 'full', 'what happened to them'),
        ('registry.permit_number', 'full', 'numbers of cards that were given'),
        ('registry.decision', 'full', 'what was decided'),
        ('registry.contact', 'full', 'attempts to reach residents'),
        ('registry.grid_staff', 'full', 'who looks after a grid'),
        ('registry.sweep', 'full', 'lists of visits'),
        ('registry.patrol_task', 'full', 'visits that are due'),
        ('registry.visit', 'full', 'visits'),
        ('registry.observation', 'full', 'what was seen'),
        ('registry.conflict', 'full', 'what contradicts, and how it was settled'),
        ('registry.dwelling_category', 'full', 'how closely a dwelling is watched'),
        ('registry.access_device', 'full', 'devices at doors'),
        ('registry.access_binding', 'full', 'where they hang'),
        ('registry.access_credential', 'full', 'who bears which credential'),
        ('registry.presence_decision', 'full', 'what was decided on candidates'),
        ('registry.spot_check', 'full', 'samples'),
        ('registry.spot_check_stratum', 'full', 'samples'),
        ('registry.spot_check_grid', 'full', 'samples'),
        ('registry.spot_check_dwelling', 'full', 'samples'),
        ('registry.spot_check_result', 'full', 'what they found'),
        ('registry.spot_check_person', 'full', 'whom they found'),
        ('registry.department_list', 'full', 'lists of other departments'),
        ('registry.department_list_entry', 'full', 'who is on them'),
        ('policy.draft', 'full', 'changes of policy'),
        ('policy.draft_setting', 'full', 'changes of policy'),
        ('policy.replaced_setting', 'full', 'settings that no longer hold'),
        ('code.division_act', 'full', 'acts on divisions'),
        ('code.division_lineage', 'full', 'what became of divisions'),
        ('registry.operator', 'full', 'who works with the register'),
        ('registry.operator_scope', 'full', 'where, as what, and when'),
        ('policy.plain_data', 'full', 'who sees what plain'),
        ('registry.correction', 'full', 'what persons asked to be corrected'),
        ('registry.restriction', 'full', 'whose data are withheld'),
        ('registry.legal_hold', 'full', 'whose data must stay'),
        ('registry.person_merge', 'full', 'who turned out to be one'),
        ('registry.emergency', 'full', 'emergencies'),
        -- seeded: filled by steps, rarely changed; a row is noted as it was with its first change. Noting them all would be 57 000 rows, 23 MB
        ('policy.rule', 'seeded', 'what policy can say'),
        ('policy.setting', 'seeded', 'what it says'),
        ('policy.test_case', 'seeded', 'what it is meant to say'),
        ('code.source', 'seeded', 'dictionary'),
        ('code.division', 'seeded', 'dictionary'),
        ('code.former_division', 'seeded', 'dictionary'),
        ('code.former_division_doubt', 'seeded', 'dictionary'),
        ('code.division_alias', 'seeded', 'dictionary'),
        ('code.list', 'seeded', 'dictionary'),
        ('code.value', 'seeded', 'dictionary'),
        ('code.error', 'seeded', 'dictionary'),
        ('code.residence_transition', 'seeded', 'dictionary'),
        ('code.door_plate_transition', 'seeded', 'dictionary'),
        ('code.calendar_notice', 'seeded', 'dictionary'),
        ('code.calendar_day', 'seeded', 'dictionary'),
        ('code.person_data', 'seeded', 'dictionary'),
        -- none
        ('registry.road', NULL, 'derived: learned from dwellings'),
        ('registry.estate', NULL, 'derived: learned from dwellings'),
        ('registry.grid_cover', NULL, 'derived: the index of registry.grid'),
        ('registry.fact', NULL, 'derived: folded from registry.observation'),
        ('registry.access_event', NULL, 'raw stream, dropped by policy access_retention'),
        ('registry.access_batch', NULL, 'what is to be counted'),
        ('registry.access_mark', NULL, 'what is to be counted'),
        ('registry.presence_day', NULL, 'derived: counted from registry.access_event'),
        ('registry.access_fault', NULL, 'derived: counted from registry.access_event'),
        ('ledger.applied_step', NULL, 'log; steps are noted as changes of operation M'),
        ('ledger.request', NULL, 'log of requests'),
        ('ledger.due_run', NULL, 'log of runs'),
        ('ledger.sync_item', NULL, 'log of deliveries'),
        ('ledger.access_purge', NULL, 'log of purges'),
        ('ledger.read', NULL, 'log of readings'),
        ('ledger.read_purge', NULL, 'log of purges'),
        ('ledger.export', NULL, 'log of exports'),
        ('ledger.export_reading', NULL, 'log of exports'),
        ('ledger.block', NULL, 'the seal of the history'),
        ('ledger.sealed', NULL, 'the seal of the history'),
        ('ledger.rewrite', NULL, 'holds no committed row'),
        ('ledger.purge', NULL, 'log of purges'),
        ('ledger.destruction', NULL, 'log of what was destroyed'),
        ('registry.person_merge_row', NULL, 'rows as they were before a merge, kept to undo it'),
        ('registry.emergency_copy', NULL, 'destroyed when its emergency ends; a history would keep what it held'),
        ('ledger.history', NULL, 'the history itself'),
        ('ledger.change', NULL, 'the history itself')
    $$;
COMMENT ON FUNCTION ledger.tracked() IS
    'Which tables have a history (留痕表清单): full – with a baseline of all rows; seeded – a row of a dictionary is noted as it was with its first change; NULL – none, and why';

-- residency.change_note() notes a statement, and asks these two.

CREATE OR REPLACE FUNCTION ledger.number_within(title text, row_key jsonb, since bigint)
    RETURNS bigint
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        first bigint;
    BEGIN
        -- numbers are drawn in steps of 32: there is room before what statements within have noted
        SELECT min(c.change_id) INTO first FROM ledger.change c
        WHERE change_place(c.table_name, c.key) = change_place(title, row_key) AND c.table_name = title AND c.key = row_key
          AND c.transaction = pg_current_xact_id() AND c.cluster_id = cluster_id() AND c.cmin::text::bigint > since;
        RETURN COALESCE(first - 1, nextval('ledger.change_change_id_seq'));
    END $$;
COMMENT ON FUNCTION ledger.number_within(text, jsonb, bigint) IS
    'Number of a change of a statement within which others changed the table (嵌套变更编号): before those of the same row, so that numbers rise in the true order';

CREATE OR REPLACE FUNCTION ledger.note_seeded(title text, row_key jsonb, image jsonb)
    RETURNS void
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        IF NOT EXISTS (SELECT FROM ledger.change c
                       WHERE change_place(c.table_name, c.key) = change_place(title, row_key) AND c.table_name = title AND c.key = row_key) THEN
            INSERT INTO ledger.change (table_name, key, operation, image) VALUES (title, row_key, 'B', image);
        END IF;
    END $$;
COMMENT ON FUNCTION ledger.note_seeded(text, jsonb, jsonb) IS 'Notes a row of a dictionary as it was, where it has no history yet (字典行基线)';

REVOKE ALL ON FUNCTION ledger.number_within(text, jsonb, bigint), ledger.note_seeded(text, jsonb, jsonb) FROM PUBLIC;

CREATE OR REPLACE FUNCTION ledger.change_trigger(title text, history text)
    RETURNS TABLE (relation regclass, name text, definition text)
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        -- a statement on a partition fires the partition's own triggers, one on the whole those of the whole
        SELECT r.relation, t.name,
               format('CREATE OR REPLACE TRIGGER %s %s ON %s %s FOR EACH STATEMENT EXECUTE FUNCTION %s(%s)', t.name, t.moment, r.relation, t.rows, t.function,
                      CASE WHEN t.name <> 'change_begin' THEN (SELECT string_agg(quote_literal(a), ', ') FROM unnest(history || key_columns(title::regclass)) AS a) END)
        FROM (SELECT title::regclass UNION SELECT p.relid FROM pg_partition_tree(title::regclass) p) AS r (relation)
        CROSS JOIN (VALUES ('change_begin', 'BEFORE INSERT OR UPDATE OR DELETE', '', 'residency.change_begin'),
                           ('change_insert', 'AFTER INSERT', 'REFERENCING NEW TABLE AS changed', 'residency.change_note'),
                           ('change_update', 'AFTER UPDATE', 'REFERENCING OLD TABLE AS former NEW TABLE AS changed', 'residency.change_note'),
                           ('change_delete', 'AFTER DELETE', 'REFERENCING OLD TABLE AS former', 'residency.change_note'),
                           ('change_truncate', 'BEFORE TRUNCATE', '', 'residency.change_note')) AS t (name, moment, rows, function)
    $$;
COMMENT ON FUNCTION ledger.change_trigger(text, text) IS 'The triggers by which the changes of a table and of its partitions are noted (留痕触发器)';

CREATE OR REPLACE FUNCTION ledger.track_table(title text, history text)
    RETURNS void
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET jit = off
    AS $$
    DECLARE
        wanted record;
    BEGIN
        EXECUTE format('LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE', title);
        INSERT INTO ledger.history (table_name, baseline, columns)
        SELECT title, history, array_agg(a.attname::text ORDER BY a.attnum) FROM pg_attribute a
        WHERE a.attrelid = title::regclass AND a.attnum > 0 AND NOT a.attisdropped
        ON CONFLICT DO NOTHING;
        IF FOUND AND history = 'full' THEN
            EXECUTE format('INSERT INTO ledger.change (changed_at, table_name, key, operation, image)
                            SELECT $1, $2, row_key("whole row", $3), ''B'', row_image("whole row") FROM %s "whole row"', title)
            USING clock_timestamp(), title, key_columns(title::regclass);
        END IF;
        FOR wanted IN SELECT t.definition FROM ledger.change_trigger(title, history) t LOOP
            EXECUTE wanted.definition;
        END LOOP;
    END $$;
COMMENT ON FUNCTION ledger.track_table(text, text) IS
    'Begins the history of a table: notes what is there, and puts the triggers on it (开始留痕); one that has begun gets its triggers anew';

CREATE OR REPLACE FUNCTION ledger.untracked_table()
    RETURNS TABLE (table_name text, history text, trigger_name text)
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        SELECT t.table_name, t.history, min(w.name)
        FROM ledger.tracked() t
        CROSS JOIN LATERAL (SELECT * FROM ledger.change_trigger(t.table_name, t.history) WHERE to_regclass(t.table_name) IS NOT NULL) AS w
        WHERE t.history IS NOT NULL
          AND NOT EXISTS (SELECT FROM pg_trigger g WHERE g.tgrelid = w.relation AND g.tgname = w.name AND g.tgenabled IN ('O', 'A'))
        GROUP BY t.table_name, t.history
    $$;
COMMENT ON FUNCTION ledger.untracked_table() IS 'Tables that should have a history, and lack a trigger for it or have it disabled (缺少留痕触发器的表)';

CREATE OR REPLACE FUNCTION ledger.track_changes()
    RETURNS integer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        done integer;
    BEGIN
        SELECT count(ledger.track_table(u.table_name, u.history)) INTO done FROM ledger.untracked_table() u;
        RETURN done;
    END $$;
COMMENT ON FUNCTION ledger.track_changes() IS
    'Begins the histories that ledger.tracked() asks for and that have not begun, and mends their triggers (启用留痕); how many tables';

CREATE OR REPLACE FUNCTION ledger.unnoted(title text)
    RETURNS TABLE (row_key jsonb, operation text, image jsonb)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    SET jit = off
    AS $$
    DECLARE
        keys CONSTANT text[] := key_columns(title::regclass);
        -- columns that a step has added since may be missing in an image, those that were dropped may be in it
        late CONSTANT text[] := ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = title::regclass AND a.attnum > 0 AND NOT a.attisdropped
                                      EXCEPT SELECT unnest(h.columns) FROM ledger.history h WHERE h.table_name = title);
        gone CONSTANT text[] := ARRAY(SELECT unnest(h.columns) FROM ledger.history h WHERE h.table_name = title
                                      EXCEPT SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = title::regclass AND a.attnum > 0 AND NOT a.attisdropped);
    BEGIN
        FOR row_key, operation, image IN EXECUTE format(
            'SELECT COALESCE(n.key, k.key), CASE WHEN k.image IS NULL THEN ''I'' WHEN n.image IS NULL THEN ''D'' ELSE ''U'' END, n.image
             FROM (SELECT row_key("whole row", $1) AS key, row_image("whole row") AS image FROM %s "whole row") AS n
             %s JOIN (SELECT row_key(jsonb_populate_record(NULL::%s, a), $1) AS key, a AS image FROM noted_as_of($2, clock_timestamp()) AS a) AS k ON k.key = n.key
             WHERE n.image IS DISTINCT FROM k.image
               AND (n.image - ARRAY(SELECT unnest($3) EXCEPT SELECT jsonb_object_keys(k.image))) IS DISTINCT FROM (k.image - $4)
               -- of a purged one the key is left
               AND (n.image IS NOT NULL AND k.image = k.key) IS NOT TRUE',
            title, CASE WHEN (SELECT h.baseline FROM ledger.history h WHERE h.table_name = title) = 'seeded' THEN 'RIGHT' ELSE 'FULL' END, title)
        USING keys, title::regclass, late, gone
        LOOP
            RETURN NEXT;
        END LOOP;
    END $$;
COMMENT ON FUNCTION ledger.unnoted(text) IS
    'Rows of a table that are not as its history has them, and what would have to be noted (未留痕的变更): written while triggers were off; of dictionaries, of which a row is noted with its first change, the others can''t be told. Reads both whole';

CREATE OR REPLACE FUNCTION ledger.catch_up(title text)
    RETURNS integer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        done integer;
    BEGIN
        EXECUTE format('LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE', title);
        INSERT INTO ledger.change (table_name, key, operation, image, salt, act)
        SELECT title, u.row_key, u.operation, u.image, CASE WHEN u.image IS NOT NULL THEN gen_random_uuid() END, 'catch_up' FROM ledger.unnoted(title) u;
        GET DIAGNOSTICS done = ROW_COUNT;
        RETURN done;
    END $$;
COMMENT ON FUNCTION ledger.catch_up(text) IS
    'Notes now what was written while the triggers of a table were off (补记变更), as act catch_up; how many rows. When and by whom it was written nobody can say any more';

CREATE OR REPLACE FUNCTION ledger.history_fault(OUT finding text, OUT remedy text)
    RETURNS SETOF record
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN QUERY
            SELECT format('table %s has no trigger %s, or it is disabled: its changes are not noted', u.table_name, u.trigger_name),
                   format('SELECT ledger.track_table(%L, %L);', u.table_name, u.history)
            FROM ledger.untracked_table() u;
        RETURN QUERY
            SELECT format('%s rows of table %s are not as its history has them', count(*), h.table_name),
                   format('Find out who wrote them while triggers were off, then SELECT ledger.catch_up(%L);', h.table_name)
            FROM ledger.history h CROSS JOIN LATERAL ledger.unnoted(h.table_name) u
            WHERE to_regclass(h.table_name) IS NOT NULL
            GROUP BY h.table_name;
    END $$;
COMMENT ON FUNCTION ledger.history_fault() IS 'What is not in order with histories (历史记录异常), for residency.check()';

REVOKE ALL ON FUNCTION ledger.track_table(text, text), ledger.track_changes(), ledger.unnoted(text), ledger.catch_up(text) FROM PUBLIC;

CREATE OR REPLACE FUNCTION registry.due_change_months("on" date, batch integer)
    RETURNS integer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET lock_timeout = '5s'
    AS $$
    BEGIN
        RETURN least(registry.make_missing_month('ledger.change', greatest("on", today()), '2000-01-01')::integer, batch);
    EXCEPTION WHEN lock_not_available THEN
        RETURN 0;
    END $$;
COMMENT ON FUNCTION registry.due_change_months(date, integer) IS
    'Makes the partitions of ledger.change for this month and the next two (变更历史分区维护); one a transaction; how many';

-- from here on
SELECT ledger.track_changes();
SELECT registry.due_change_months(today(), 1) FROM generate_series(1, 3);
