-- Exports: rows of personal data above what is shown at once, asked for, approved by somebody else, watermarked and counted.

CREATE OR REPLACE FUNCTION registry.export_views()
    RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$ SELECT '{current_resident,permit,presence_candidate}'::text[] $$;
COMMENT ON FUNCTION registry.export_views() IS 'Views of api whose rows can be exported (可导出视图); each has a division, and its first column that is a number is its key';

CREATE OR REPLACE FUNCTION registry.export_scope(division text)
    RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$ SELECT acts_in(division::division_code) $$;
COMMENT ON FUNCTION registry.export_scope(text) IS 'Whether who acts may export rows of a division (导出范围): where they act, residency.acts_in()';

CREATE OR REPLACE FUNCTION registry.acting_account()
    RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$ SELECT CASE WHEN EXISTS (SELECT FROM registry.operator o WHERE o.account = actor()) THEN actor() ELSE session_user END $$;
COMMENT ON FUNCTION registry.acting_account() IS
    'The account that acts as a person (经办账号): residency.actor(), where that is an operator; who has put on a role of many is who logged in';

CREATE OR REPLACE FUNCTION registry.covers_account(account text)
    RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        SELECT acts_in(NULL) OR COALESCE(
            (SELECT bool_and(acts_in(s.division))
             FROM registry.operator o JOIN registry.operator_scope s ON s.operator_id = o.operator_id
             WHERE o.account = covers_account.account AND s.period @> today()), false)
    $$;
COMMENT ON FUNCTION registry.covers_account(text) IS
    'Whether who acts does so wherever an account does today (管辖覆盖账号): not of one that acts nowhere; the owner of the register always';

CREATE OR REPLACE FUNCTION registry.request_export(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        entry    ledger.export := jsonb_populate_record(NULL::ledger.export, arguments);
        latest   CONSTANT date := today() + policy_int('export_days', NULL, today());
        known    text[];
        unknown  text;
        answer   api.answer;
    BEGIN
        PERFORM registry.require_argument(act, arguments, name) FROM unnest('{purpose,what,columns}'::text[]) AS name;
        IF entry.what <> ALL (registry.export_views()) THEN
            PERFORM refuse('RG347', ARRAY[left(entry.what, 60), array_to_string(registry.export_views(), ', ')], 'ledger.export', 'what');
        END IF;
        known := ARRAY(SELECT a.attname FROM pg_attribute a
                       WHERE a.attrelid = format('api.%I', entry.what)::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum);
        entry.filter := COALESCE(entry.filter, '{}');
        SELECT min(c) INTO unknown
        FROM (SELECT unnest(entry.columns) UNION ALL SELECT jsonb_object_keys(entry.filter)) AS asked (c)
        WHERE c <> ALL (known);
        IF unknown IS NOT NULL OR entry.columns = '{}' THEN
            PERFORM refuse('RG347', ARRAY[left(COALESCE(unknown, ''), 60), array_to_string(known, ', ')], 'ledger.export', 'columns');
        ELSIF jsonb_path_exists(entry.filter, 'strict $.* ? (@.type() == "object" || @.type() == "array")') THEN
            PERFORM refuse('RG083', ARRAY['filter', 'column and value']);
        ELSIF COALESCE(entry.row_limit, 1000) < 1 THEN
            PERFORM refuse('RG083', ARRAY['row_limit', 'a number from 1']);
        END IF;
        entry.expires_on := COALESCE(entry.expires_on, latest);
        IF entry.expires_on NOT BETWEEN today() AND latest THEN
            PERFORM refuse('RG083', ARRAY['expires_on', 'a day from today on, so many days at most as policy export_days says']);
        END IF;
        -- a division that is none is found now, and not when the rows are read
        PERFORM (entry.filter ->> 'division')::division_code;
        INSERT INTO ledger.export (purpose, what, columns, filter, row_limit, expires_on, requested_by)
        VALUES (entry.purpose, entry.what, entry.columns, entry.filter, COALESCE(entry.row_limit, 1000), entry.expires_on, registry.acting_account())
        RETURNING export_id, state INTO answer.record_id, answer.state;
        answer.accepted := true;
        answer.act := act;
        RETURN answer;
    END $$;
COMMENT ON FUNCTION registry.request_export(text, jsonb) IS 'The act behind api.request_export() (申请导出)';

CREATE OR REPLACE FUNCTION registry.open_export(act text, arguments jsonb)
    RETURNS ledger.export
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        entry ledger.export;
    BEGIN
        PERFORM registry.require_argument(act, arguments, 'export_id');
        SELECT * INTO entry FROM ledger.export e WHERE e.export_id = (arguments ->> 'export_id')::bigint FOR NO KEY UPDATE;
        IF NOT FOUND THEN
            PERFORM refuse('RG345', ARRAY[arguments ->> 'export_id', 'unknown'], 'ledger.export', 'export_id');
        END IF;
        RETURN entry;
    END $$;
COMMENT ON FUNCTION registry.open_export(text, jsonb) IS 'The export that the argument export_id names, locked (导出申请定位): RG085, RG345';

CREATE OR REPLACE FUNCTION registry.decide_export(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        entry  CONSTANT ledger.export := registry.open_export(act, arguments);
        answer api.answer;
    BEGIN
        PERFORM registry.require_argument(act, arguments, 'granted');
        IF NOT registry.covers_account(entry.requested_by) THEN
            PERFORM refuse('RG330', ARRAY['export ' || entry.export_id, actor()], 'ledger.export', 'requested_by');
        END IF;
        IF entry.expires_on < today() THEN
            PERFORM refuse('RG345', ARRAY[entry.export_id::text, 'expired'], 'ledger.export', 'state');
        ELSIF session_user = entry.requested_by OR residency.actor() = entry.requested_by THEN
            PERFORM refuse('RG346', ARRAY[entry.export_id::text], 'ledger.export', 'decided_by');
        END IF;
        UPDATE ledger.export e
        SET state = CASE WHEN (arguments ->> 'granted')::boolean THEN 'approved' ELSE 'refused' END,
            decided_by = registry.acting_account(), decided_at = clock_timestamp(), reason = arguments ->> 'reason'
        WHERE e.export_id = entry.export_id
        RETURNING e.export_id, e.state INTO answer.record_id, answer.state;
        answer.accepted := true;
        answer.act := act;
        RETURN answer;
    END $$;
COMMENT ON FUNCTION registry.decide_export(text, jsonb) IS 'The act behind api.decide_export() (审批导出)';

CREATE OR REPLACE FUNCTION registry.withdraw_export(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        entry  CONSTANT ledger.export := registry.open_export(act, arguments);
        answer api.answer;
    BEGIN
        IF registry.acting_account() NOT IN (entry.requested_by, COALESCE(entry.decided_by, entry.requested_by)) AND NOT acts_in(NULL) THEN
            PERFORM refuse('RG345', ARRAY[entry.export_id::text, 'of another account'], 'ledger.export', 'requested_by');
        END IF;
        UPDATE ledger.export e
        SET state = 'withdrawn', closed_by = registry.acting_account(), closed_at = clock_timestamp(), reason = COALESCE(arguments ->> 'reason', e.reason)
        WHERE e.export_id = entry.export_id
        RETURNING e.export_id, e.state INTO answer.record_id, answer.state;
        answer.accepted := true;
        answer.act := act;
        RETURN answer;
    END $$;
COMMENT ON FUNCTION registry.withdraw_export(text, jsonb) IS 'The act behind api.withdraw_export() (撤回导出)';

CREATE OR REPLACE FUNCTION api.request_export(
        purpose text, what text, columns text[], filter jsonb DEFAULT NULL, row_limit integer DEFAULT NULL, expires_on date DEFAULT NULL,
        request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('request_export', jsonb_build_object('purpose', purpose, 'what', what, 'columns', columns, 'filter', filter,
            'row_limit', row_limit, 'expires_on', expires_on), request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.request_export(text, text, text[], jsonb, integer, date, uuid, boolean) IS
    'Asks to export rows of personal data (申请导出). purpose: what for, in words; what: a view of api: current_resident, permit or presence_candidate; columns: of it; filter: {"column": "value", …}, division means all beneath; row_limit: most rows, NULL is 1000; expires_on: last day, NULL is the latest by policy export_days. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, the export''s key, and state requested. Errors: RG080, RG083, RG085, RG125, RG347; 22P02 no division';

CREATE OR REPLACE FUNCTION api.decide_export(export_id bigint, granted boolean, reason text DEFAULT NULL,
                                             request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('decide_export', jsonb_build_object('export_id', export_id, 'granted', granted, 'reason', reason), request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.decide_export(bigint, boolean, text, uuid, boolean) IS
    'Approves or refuses an export that somebody else has asked for (审批导出), who acts nowhere but in the own divisions. granted; reason, in words. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id and state approved or refused. Errors: RG080, RG085, RG125, RG330, RG345, RG346 the same account asked';

CREATE OR REPLACE FUNCTION api.withdraw_export(export_id bigint, reason text DEFAULT NULL, request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('withdraw_export', jsonb_build_object('export_id', export_id, 'reason', reason), request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.withdraw_export(bigint, text, uuid, boolean) IS
    'Withdraws an export that is asked for or approved (撤回导出), for who asked, who decided, or the owner of the register: its rows are given no more. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id and state withdrawn. Errors: RG080, RG085, RG125, RG345';

CREATE OR REPLACE FUNCTION registry.sees_export(requested_by text)
    RETURNS boolean
    -- a function runs as who asks, also in a view of the owner's
    LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
        SELECT requested_by = registry.acting_account() OR registry.audits()
            OR registry.may_act('decide_export') AND registry.covers_account(requested_by)
    $$;
COMMENT ON FUNCTION registry.sees_export(text) IS
    'Whether who acts is shown an export that an account has asked for (可查看导出申请): their own, what they may decide on, and to auditors all';

CREATE OR REPLACE FUNCTION registry.shown_filter(filter jsonb)
    RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
        SELECT CASE WHEN registry.audits() AND NOT acts_in(NULL) THEN
            (SELECT COALESCE(jsonb_object_agg(f.key, CASE f.key WHEN 'division' THEN f.value ELSE mask_query(f.value) END), '{}') FROM jsonb_each_text(filter) AS f)
            ELSE filter END
    $$;
COMMENT ON FUNCTION registry.shown_filter(jsonb) IS 'The filter of an export as who acts may see it (按权限显示筛选条件): to auditors its values masked, but for the division';

CREATE OR REPLACE VIEW api.export AS
SELECT e.export_id, e.purpose, e.what, e.columns, registry.shown_filter(e.filter) AS filter, e.row_limit, e.expires_on, s.state,
       (SELECT v.name FROM code.value v WHERE v.list = 'export_state' AND v.code = s.state) AS state_name,
       e.requested_by, e.requested_at, e.decided_by, e.decided_at, e.reason, e.closed_by, e.closed_at,
       (SELECT count(*) FROM ledger.export_reading r WHERE r.export_id = e.export_id) AS readings,
       (SELECT max(r.read_at) FROM ledger.export_reading r WHERE r.export_id = e.export_id) AS last_read_at
FROM ledger.export e
CROSS JOIN LATERAL (SELECT CASE WHEN e.state IN ('requested', 'approved') AND e.expires_on < today() THEN 'expired' ELSE e.state END COLLATE "C" AS state) AS s
WHERE registry.sees_export(e.requested_by);
COMMENT ON VIEW api.export IS 'Requests for exports, what was decided, and how often they were read (导出申请): the own ones, to managers those they may decide on, to auditors all';
COMMENT ON COLUMN api.export.export_id IS 'Key (编号)';
COMMENT ON COLUMN api.export.purpose IS 'What for (用途)';
COMMENT ON COLUMN api.export.what IS 'View of api (导出内容)';
COMMENT ON COLUMN api.export.columns IS 'Its columns (导出字段)';
COMMENT ON COLUMN api.export.filter IS 'Column and value, to auditors masked (筛选条件)';
COMMENT ON COLUMN api.export.row_limit IS 'Most rows (行数上限)';
COMMENT ON COLUMN api.export.expires_on IS 'Last day on which it may be read (有效期至)';
COMMENT ON COLUMN api.export.state IS 'requested, approved, refused, withdrawn or expired, list export_state (状态代码)';
COMMENT ON COLUMN api.export.state_name IS 'State (状态)';
COMMENT ON COLUMN api.export.requested_by IS 'Account that asked (申请账号)';
COMMENT ON COLUMN api.export.requested_at IS 'When (申请时间)';
COMMENT ON COLUMN api.export.decided_by IS 'Account that decided (审批账号)';
COMMENT ON COLUMN api.export.decided_at IS 'When (审批时间)';
COMMENT ON COLUMN api.export.reason IS 'Why (理由)';
COMMENT ON COLUMN api.export.closed_by IS 'Account that withdrew it (撤回账号)';
COMMENT ON COLUMN api.export.closed_at IS 'When (撤回时间)';
COMMENT ON COLUMN api.export.readings IS 'How often its rows were given (导出次数)';
COMMENT ON COLUMN api.export.last_read_at IS 'When for the last time (最近导出时间)';

CREATE OR REPLACE FUNCTION registry.export_mark(salt uuid, key bigint)
    RETURNS bytea
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT sha256(uuid_send(salt) || int8send(key)) $$;
COMMENT ON FUNCTION registry.export_mark(uuid, bigint) IS 'Mark of a row in an export (水印标记): its place by the order of the marks, and its visible watermark by the first digits';

CREATE OR REPLACE FUNCTION registry.export_key(what text)
    RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        SELECT a.attname FROM pg_attribute a
        WHERE a.attrelid = format('api.%I', what)::regclass AND a.attnum > 0 AND a.atttypid = 'bigint'::regtype
        ORDER BY a.attnum LIMIT 1
    $$;
COMMENT ON FUNCTION registry.export_key(text) IS 'The column of an exported view by which its rows are marked and put in order (导出排序键): the first that is a key';

CREATE OR REPLACE FUNCTION registry.export_statement(entry ledger.export)
    RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        conditions text;
    BEGIN
        SELECT string_agg(CASE WHEN f.key = 'division' THEN format('v.division::division_code <@ %L::division_code', f.value)
                               ELSE format('v.%I::text IS NOT DISTINCT FROM %L', f.key, f.value) END, ' AND ' ORDER BY f.key)
        INTO conditions
        FROM jsonb_each_text(entry.filter) AS f;
        RETURN format('SELECT v.%1$I AS key, row_to_json(r) AS content FROM api.%2$I v CROSS JOIN LATERAL (SELECT %3$s) AS r WHERE %4$s AND registry.export_scope(v.division) LIMIT %5$s',
                      registry.export_key(entry.what), entry.what,
                      (SELECT string_agg(format('v.%I', c.name), ', ' ORDER BY c.place) FROM unnest(entry.columns) WITH ORDINALITY AS c (name, place)),
                      COALESCE(conditions, 'true'), entry.row_limit + 1);
    END $$;
COMMENT ON FUNCTION registry.export_statement(ledger.export) IS 'The query of an export (导出查询): its columns as JSON, one row more than were approved';

CREATE OR REPLACE FUNCTION api.export_rows(export_id bigint)
    RETURNS TABLE (line integer, content json, watermark text)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path FROM CURRENT
    SET jit = off
    AS $$
    DECLARE
        entry    CONSTANT ledger.export := registry.open_export('export_rows', jsonb_strip_nulls(jsonb_build_object('export_id', export_id)));
        contents json[];
        marks    text[];
    BEGIN
        IF entry.state <> 'approved' OR entry.expires_on < today() THEN
            PERFORM refuse('RG345', ARRAY[entry.export_id::text, CASE WHEN entry.state = 'approved' THEN 'expired' ELSE entry.state END], 'ledger.export', 'state');
        ELSIF entry.requested_by <> registry.acting_account() THEN
            PERFORM refuse('RG345', ARRAY[entry.export_id::text, 'of another account'], 'ledger.export', 'requested_by');
        END IF;
        PERFORM allow_reading(entry.export_id);
        EXECUTE 'SELECT array_agg(x.content ORDER BY x.mark, x.key), array_agg($1::text || ''-'' || left(encode(x.mark, ''hex''), 12) ORDER BY x.mark, x.key)
                 FROM (SELECT e.key, e.content, registry.export_mark($2, e.key) AS mark FROM (' || registry.export_statement(entry) || ') AS e) AS x'
        INTO contents, marks USING entry.export_id, entry.salt;
        PERFORM allow_reading(NULL);
        IF cardinality(contents) > entry.row_limit THEN
            PERFORM refuse('RG348', ARRAY[entry.export_id::text, '> ' || entry.row_limit, entry.row_limit::text], 'ledger.export', 'row_limit');
        END IF;

        INSERT INTO ledger.export_reading (export_id, row_count, digest)
        SELECT entry.export_id, count(*), sha256(convert_to(COALESCE(string_agg(x.place || '|' || x.content || '|' || x.mark || E'\n', '' ORDER BY x.place), ''), 'UTF8'))
        FROM unnest(contents, marks) WITH ORDINALITY AS x (content, mark, place);
        RETURN QUERY SELECT x.place::integer, x.content, x.mark FROM unnest(contents, marks) WITH ORDINALITY AS x (content, mark, place) ORDER BY x.place;
    END $$;
COMMENT ON FUNCTION api.export_rows(bigint) IS
    'The rows of an approved export, for the account that asked for it, until it expires or is withdrawn (导出数据). content: the columns; watermark: number of the export and mark of the row; the order of the rows is a watermark, too: api.trace_export() tells the export of an excerpt. Each call is kept in ledger.export_reading with the number of rows and the SHA-256 of the lines, and in ledger.read. Kinds of data that the account does not see plain stay masked. Errors: RG085, RG345, RG348';

CREATE OR REPLACE FUNCTION api.trace_export(keys bigint[])
    RETURNS TABLE (export_id bigint, requested_by text, rows integer, by_chance double precision)
    LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        SELECT e.export_id, e.requested_by, cardinality(keys), (1 / factorial(least(cardinality(keys), 100)))::double precision
        FROM ledger.export e
        WHERE EXISTS (SELECT FROM ledger.export_reading r WHERE r.export_id = e.export_id)
          AND (SELECT bool_and(m.rises) FROM (
                   SELECT registry.export_mark(e.salt, k.key) > lag(registry.export_mark(e.salt, k.key)) OVER (ORDER BY k.place) AS rises
                   FROM unnest(keys) WITH ORDINALITY AS k (key, place)) AS m)
        ORDER BY e.export_id
    $$;
COMMENT ON FUNCTION api.trace_export(bigint[]) IS
    'Exports in whose order these keys stand (导出溯源): keys of the exported view, in the order of a leaked excerpt. by_chance: how likely any other export has them in that order, one in the factorial of their number; eight rows say it with 1 : 40 320. Says nothing of rows that were sorted';
