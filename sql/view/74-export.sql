-- Everything held about a person, read by code.person_data: what is decided there is all there is.

CREATE OR REPLACE VIEW registry.passage AS
SELECT c.person_id, e.happened_at, e.device_code, e.direction, e.method, p.dwelling_id
FROM registry.access_credential c
JOIN registry.presence_day p ON p.token = c.token AND (c.period @> p.day) IS TRUE
-- a day and a device at a time: the events have no index but by moment
CROSS JOIN LATERAL (
    SELECT * FROM registry.access_event a
    WHERE a.happened_at >= registry.day_start(p.day) AND a.happened_at < registry.day_start(p.day + 1) AND a.device_code = p.device_code AND a.token = p.token
    OFFSET 0) AS e
WHERE c.person_id IS NOT NULL;
COMMENT ON VIEW registry.passage IS 'Passages of persons through doors, as far as events are kept and counted (人员通行记录); ask it by person_id';
COMMENT ON COLUMN registry.passage.person_id IS 'Bearer of the credential on that day (持有人)';
COMMENT ON COLUMN registry.passage.happened_at IS 'When (通行时间)';
COMMENT ON COLUMN registry.passage.device_code IS 'Device (设备编码)';
COMMENT ON COLUMN registry.passage.direction IS 'Direction, list access_direction (方向)';
COMMENT ON COLUMN registry.passage.method IS 'How the door was opened, list access_method (开门方式)';
COMMENT ON COLUMN registry.passage.dwelling_id IS 'Dwelling behind the door (房屋)';

CREATE OR REPLACE FUNCTION registry.person_condition(at_table text, at_column text)
    RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        SELECT CASE WHEN d.parent IS NULL THEN format('%I = $1', d.column_name)
                    ELSE format('%I IN (SELECT p.%I FROM %s p WHERE %s)', d.column_name, d.parent_column, d.parent,
                                registry.person_condition(d.parent, (SELECT min(u.column_name) FROM code.person_data u WHERE u.table_name = d.parent AND u.role = 'subject'))) END
        FROM code.person_data d WHERE d.table_name = at_table AND d.column_name = at_column
    $$;
COMMENT ON FUNCTION registry.person_condition(text, text) IS
    'Condition, of a person as $1, that finds a person''s rows by a column of code.person_data, through what they hang on (人员数据查询条件)';

CREATE OR REPLACE FUNCTION registry.row_key(at_table regclass, record jsonb)
    RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$ SELECT jsonb_object_agg(c, record -> c) FROM unnest(key_columns(at_table)) AS c $$;
COMMENT ON FUNCTION registry.row_key(regclass, jsonb) IS 'Primary key of a row as ledger.change has it (主键值): {"person_id": 1}';

CREATE OR REPLACE FUNCTION registry.shown_to(person bigint, at_table text, record jsonb, shows text[])
    RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        SELECT jsonb_object_agg(f.key, CASE WHEN d.column_name IS NULL OR f.value = 'null' OR f.value = to_jsonb(person) THEN f.value
                                            ELSE (SELECT to_jsonb(mask_name(p.name)) FROM registry.person p WHERE p.person_id = (f.value #>> '{}')::bigint) END)
        FROM jsonb_each(record) AS f
        LEFT JOIN code.person_data d
          ON d.table_name = at_table AND d.column_name = f.key AND d.parent IS NULL AND f.key <> 'removed_person_id'
        WHERE shown_to.shows IS NULL OR f.key = ANY (shown_to.shows)
    $$;
COMMENT ON FUNCTION registry.shown_to(bigint, text, jsonb, text[]) IS
    'A row as a person is shown it (向本人展示的记录): of these columns, and whoever else is named by a masked name';

CREATE OR REPLACE FUNCTION registry.person_record(person bigint)
    RETURNS TABLE (table_name text, column_name text, role text, retention_kind text, legal_basis text, shows text[], key jsonb, record jsonb)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    SET jit = off
    SET enable_seqscan = off
    AS $$
    DECLARE
        held    code.person_data;
        records jsonb;
    BEGIN
        FOR held IN SELECT d.* FROM code.person_data d ORDER BY d.parent IS NOT NULL, d.role DESC, d.table_name, d.column_name LOOP
            EXECUTE format('SELECT jsonb_agg(to_jsonb(t)) FROM %s t WHERE %s',
                           held.table_name, registry.person_condition(held.table_name, held.column_name)) INTO records USING person;
            RETURN QUERY
                SELECT held.table_name, held.column_name, held.role, held.retention_kind, held.legal_basis, held.shows,
                       registry.row_key(held.table_name::regclass, r.record), r.record
                FROM jsonb_array_elements(records) AS r (record);
        END LOOP;
    END $$;
COMMENT ON FUNCTION registry.person_record(bigint) IS
    'Every row that the register holds about a person, with why (人员全部记录), by code.person_data; as it is, nothing masked';

CREATE OR REPLACE FUNCTION registry.column_label(at_table text)
    RETURNS TABLE (column_name text, name text, name_en text, list text)
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        -- comments are English with the Chinese term in brackets, and name the list of a code
        SELECT a.attname::text,
               substring(c.words FROM '[(]([^()]*[一-龥][^()]*)[)]'),
               btrim(regexp_replace(split_part(split_part(c.words, ';', 1), ':', 1), '[ ]*[(][^()]*[一-龥][^()]*[)]|, list [a-z_]+', '', 'g')),
               substring(c.words FROM '\mlist ([a-z_]+)')
        FROM pg_attribute a
        CROSS JOIN LATERAL (SELECT col_description(a.attrelid, a.attnum)) AS c (words)
        WHERE a.attrelid = at_table::regclass AND a.attnum > 0 AND NOT a.attisdropped
    $$;
COMMENT ON FUNCTION registry.column_label(text) IS
    'What the columns of a table are called in Chinese and English, and the list of codes of each, read from their comments (列名称)';

CREATE OR REPLACE FUNCTION registry.record_history(person bigint, at_table text, record_key jsonb, shows text[])
    RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        SELECT COALESCE(jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
                   'changed_at', c.changed_at, 'operation', c.operation, 'act', c.act, 'purpose', c.purpose, 'request_id', c.request_id,
                   'actor', c.actor, 'office', registry.office_of(c.actor), 'purged', CASE WHEN c.image_digest IS NOT NULL THEN true END,
                   'record', registry.shown_to(person, at_table, c.image, shows))) ORDER BY c.changed_at, c.change_id), '[]')
        FROM ledger.change c WHERE change_place(c.table_name, c.key) = change_place(at_table, record_key) AND c.table_name = at_table AND c.key = record_key
    $$;
COMMENT ON FUNCTION registry.record_history(bigint, text, jsonb, text[]) IS
    'What was done to a row: when, by which act, by whom of which office, and what it was then (记录变更来源); the first entry is the source';

CREATE OR REPLACE FUNCTION registry.readable(record jsonb, at_table text)
    RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        -- a code is followed by its name
        SELECT COALESCE(jsonb_object_agg(l.column_name || '_name', v.name), '{}')
        FROM registry.column_label(at_table) l
        JOIN code.value v ON v.list = l.list AND v.code = record ->> l.column_name
    $$;
COMMENT ON FUNCTION registry.readable(jsonb, text) IS 'Names of the codes of a row, as <column>_name (代码名称)';

CREATE OR REPLACE FUNCTION registry.person_copy(person bigint)
    RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        sections jsonb;
    BEGIN
        IF NOT EXISTS (SELECT FROM registry.person p WHERE p.person_id = person) THEN
            PERFORM refuse('RG010', ARRAY[COALESCE(person::text, '-')], 'registry.person', 'person_id');
        END IF;
        SELECT jsonb_agg(jsonb_build_object(
                   'table', s.table_name, 'column', s.column_name, 'name', s.title[2], 'name_en', s.title[1], 'role', s.role,
                   'legal_basis', s.legal_basis, 'retention_kind', s.retention_kind,
                   'kept_for', CASE WHEN s.retention_kind IS NOT NULL THEN policy_text('retention_' || s.retention_kind, NULL, today()) END,
                   'columns', (SELECT jsonb_object_agg(l.column_name, jsonb_build_object('zh', l.name, 'en', l.name_en))
                               FROM registry.column_label(s.table_name) l WHERE s.shows IS NULL OR l.column_name = ANY (s.shows)),
                   'rows', s.rows) ORDER BY s.table_name <> 'registry.person', s.role DESC, s.table_name, s.column_name)
        INTO sections
        FROM (
            SELECT r.table_name, r.column_name, r.role, r.legal_basis, r.retention_kind, r.shows,
                   regexp_match(obj_description(r.table_name::regclass, 'pg_class'), '^([^(]*[^( ]) ?[(]([^()]*[一-龥][^()]*)[)]') AS title,
                   jsonb_agg(jsonb_strip_nulls(registry.shown_to(person_copy.person, r.table_name, r.record, r.shows)
                                               || registry.readable(registry.shown_to(person_copy.person, r.table_name, r.record, r.shows), r.table_name)
                                               || jsonb_build_object('history', CASE WHEN r.key IS NOT NULL THEN
                                                   registry.record_history(person_copy.person, r.table_name, r.key, r.shows) END))
                             ORDER BY r.key, r.record) AS rows
            FROM registry.person_record(person_copy.person) r
            GROUP BY r.table_name, r.column_name, r.role, r.legal_basis, r.retention_kind, r.shows) AS s;
        RETURN jsonb_build_object(
            'person_id', person, 'exported_at', now(), 'exported_by', residency.actor(), 'office', registry.office_of(residency.actor()),
            'purpose', residency.purpose(), 'legal_basis', '个人信息保护法 Art. 45', 'sections', sections);
    END $$;
COMMENT ON FUNCTION registry.person_copy(bigint) IS 'What api.export_person() and api.my_data() hand out (个人信息副本). RG010';

CREATE OR REPLACE FUNCTION registry.note_copy(person bigint)
    RETURNS void
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        kinds  CONSTANT text[] := '{name,resident_id,document,phone,address,birth_date}'::text[];
        hidden CONSTANT text := (SELECT string_agg(k, ', ') FROM unnest(kinds) AS k WHERE NOT residency.sees_plain(k));
    BEGIN
        PERFORM note_asked('api.export_person', jsonb_build_object('person_id', person));
        IF hidden IS NOT NULL THEN
            PERFORM refuse('RG369', ARRAY[actor(), hidden], 'policy.plain_data', 'data_kind');
        END IF;
        PERFORM shown(k, '-', person, 'api.export_person') FROM unnest(kinds) AS k;
    END $$;
COMMENT ON FUNCTION registry.note_copy(bigint) IS
    'Notes that who acts is shown all of a person plain (副本查阅留痕): RG340 without a purpose, RG369 who does not see every kind of it plain';

CREATE OR REPLACE FUNCTION api.export_person(person_id bigint)
    RETURNS jsonb
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        PERFORM registry.require_scope('person', person_id);
        IF person_id = ANY (registry.withheld_persons()) THEN
            PERFORM registry.check_person_open('export_person', person_id);
        END IF;
        PERFORM registry.note_copy(person_id);
        RETURN registry.person_copy(person_id);
    END $$;
COMMENT ON FUNCTION api.export_person(bigint) IS
    'Everything that the register holds about a person (个人信息查阅、复制; 个人信息保护法 Art. 45): a section for each table and what the person is in it, with names in Chinese and English, why it is held and how long, each row with its codes in words and its history (act, actor, office, moment, what it was). Others who are named are masked, and of their records only what concerns the person is shown. Not in it: answers of numbered requests, what is derived from it, and messages outside the register. An office hands it out to the person; it is logged with every kind of data plain. Errors: RG010, RG330, RG340, RG354, RG369';

CREATE OR REPLACE FUNCTION api.my_data()
    RETURNS jsonb
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN registry.person_copy(registry.my_person());
    END $$;
COMMENT ON FUNCTION api.my_data() IS
    'What api.export_person() hands out, of who asks, by the database role (本人信息查阅): for citizens. Errors: RG349 the role is nobody''s account';
