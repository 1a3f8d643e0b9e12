-- change: what was so, and what was known. Images of rows, their order, and how a past moment is read.

CREATE OR REPLACE FUNCTION residency.row_image(entry record)
    RETURNS jsonb
    LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_row_image';
COMMENT ON FUNCTION residency.row_image(record) IS
    'A row as a JSON object from which jsonb_populate_record() makes exactly the same row (行映像): integers and booleans as such, jsonb as it is, everything else as text whatever the session has set, geometry as EWKB, moments in UTC; without NULLs';

CREATE OR REPLACE FUNCTION residency.row_key(entry record, columns text[])
    RETURNS jsonb
    LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_row_key';
COMMENT ON FUNCTION residency.row_key(record, text[]) IS
    'These columns of a row, written as in residency.row_image() (行主键)';

CREATE OR REPLACE FUNCTION residency.cluster_id()
    RETURNS bigint
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_cluster_id';
COMMENT ON FUNCTION residency.cluster_id() IS
    'Which cluster this is, pg_control_system().system_identifier (数据库集群标识): numbers of transactions mean something within one alone';

CREATE OR REPLACE FUNCTION residency.change_begin()
    RETURNS trigger
    LANGUAGE c AS 'MODULE_PATHNAME', 'residency_change_begin';
COMMENT ON FUNCTION residency.change_begin() IS
    'Trigger before each statement on a table with a history (变更开始): enters the statement among those that are not noted yet';

CREATE OR REPLACE FUNCTION residency.change_note()
    RETURNS trigger
    LANGUAGE c AS 'MODULE_PATHNAME', 'residency_change_note';
COMMENT ON FUNCTION residency.change_note() IS
    'Trigger after each statement on a table with a history, and before TRUNCATE (变更留痕): notes the rows of its transition tables in ledger.change, as the owner, whoever changes the table. Arguments: full or seeded, the columns of the key. Errors: 42501 the table is not the owner''s';

CREATE OR REPLACE FUNCTION residency.change_place(table_name text, key jsonb)
    RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
        SELECT (pg_catalog.hashtextextended(table_name COLLATE "C", 0) OPERATOR(pg_catalog.&) (-1099511627776))
               OPERATOR(pg_catalog.|) (pg_catalog.jsonb_hash_extended(key, 0) OPERATOR(pg_catalog.&) 1099511627775)
    $$;
COMMENT ON FUNCTION residency.change_place(text, jsonb) IS
    'Where the changes of a row stand in their index (变更索引位置): 24 bits of the table, so that its changes stand together, and 40 of the key. Different rows may share a place';

CREATE OR REPLACE FUNCTION residency.table_title(relation regclass)
    RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$ SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = relation $$;
COMMENT ON FUNCTION residency.table_title(regclass) IS 'Name of a table with its schema, as ledger.change has it (表名)';

CREATE OR REPLACE FUNCTION residency.key_columns(relation regclass)
    RETURNS text[]
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT array_agg(a.attname::text ORDER BY k.n)
        FROM pg_index i
        CROSS JOIN LATERAL unnest(i.indkey::smallint[]) WITH ORDINALITY AS k (attnum, n)
        JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
        WHERE i.indexrelid = (SELECT x.indexrelid FROM pg_index x
                              WHERE x.indrelid = relation AND (x.indisprimary OR x.indisunique AND x.indnullsnotdistinct AND x.indpred IS NULL AND x.indexprs IS NULL)
                              ORDER BY x.indisprimary DESC, x.indexrelid LIMIT 1)
    $$;
COMMENT ON FUNCTION residency.key_columns(regclass) IS
    'Columns of the primary key of a table in their order, or of a unique key to which NULLs are equal (主键字段)';

CREATE OR REPLACE FUNCTION residency.change_keep()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        IF TG_OP <> 'UPDATE' OR TG_LEVEL <> 'ROW' THEN
            PERFORM residency.refuse('RG310', ARRAY[TG_OP], 'ledger.change');
        -- what a purge leaves: the digest of what was there, by which the seal still holds
        ELSIF NOT residency.rewrites() OR OLD.image IS NULL
              OR to_jsonb(NEW) <> to_jsonb(OLD) || jsonb_build_object('image', NULL, 'salt', NULL, 'image_digest', residency.image_digest(OLD.salt, OLD.image)) THEN
            PERFORM residency.refuse('RG310', ARRAY[TG_OP], 'ledger.change');
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.change_keep() IS
    'Trigger of ledger.change (变更历史只增不改): refuses with RG310 all but taking an image away, its digest left in its place';

CREATE OR REPLACE FUNCTION residency.history_begin(relation regclass, known_at timestamptz)
    RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        title CONSTANT text := residency.table_title(relation);
        entry record;
    BEGIN
        IF to_regclass('ledger.history') IS NULL THEN
            RAISE EXCEPTION 'this database keeps no history yet'
                USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'CALL residency.migrate();';
        END IF;
        SELECT h.began_at, h.baseline INTO entry FROM ledger.history h WHERE h.table_name = title;
        IF NOT FOUND OR known_at < entry.began_at THEN
            PERFORM residency.refuse('RG311', ARRAY[title, COALESCE(to_char(entry.began_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), '-')], title);
        END IF;
        RETURN entry.baseline;
    END $$;
COMMENT ON FUNCTION residency.history_begin(regclass, timestamptz) IS
    'Whether the history of a table reaches back to a moment, and what its first rows are: full or seeded, see ledger.tracked() (历史起点校验). Errors: RG311 it does not, 55000 there is none at all';

CREATE OR REPLACE FUNCTION residency.noted_as_of(relation regclass, known_at timestamptz)
    RETURNS SETOF jsonb
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    AS $$
    DECLARE
        title    CONSTANT text := residency.table_title(relation);
        seeded   CONSTANT boolean := residency.history_begin(relation, known_at) = 'seeded';
        -- the places of a table stand together
        first    CONSTANT bigint := residency.change_place(title, '{}') & (-1099511627776);
        emptied  bigint;
    BEGIN
        SELECT max(c.change_id) INTO emptied FROM ledger.change c
        WHERE residency.change_place(c.table_name, c.key) = residency.change_place(title, '{}')
          AND c.table_name = title AND c.operation = 'T' AND c.changed_at <= known_at;
        -- literals, so that months after that moment are not read; what was there when a row was first noted had been there from the beginning
        RETURN QUERY EXECUTE format(
            'SELECT COALESCE(l.image, l.key) FROM (
                 SELECT DISTINCT ON (residency.change_place(c.table_name, c.key), c.key) c.key, c.operation, c.image
                 FROM ledger.change c
                 WHERE residency.change_place(c.table_name, c.key) BETWEEN %s AND %s AND c.table_name = %L
                   AND (c.changed_at <= %L %s) AND c.change_id > %s
                 ORDER BY residency.change_place(c.table_name, c.key), c.key, c.change_id DESC
             ) AS l
             WHERE l.operation IN (''I'', ''U'', ''B'')',
            first, first | 1099511627775, title, known_at, CASE WHEN seeded THEN 'OR c.operation = ''B''' ELSE '' END, COALESCE(emptied, 0));
    END $$;
COMMENT ON FUNCTION residency.noted_as_of(regclass, timestamptz) IS
    'residency.as_of() without the rows of a dictionary that have no history of their own, as they never changed (有留痕的历史时点数据). Errors: RG311';

CREATE OR REPLACE FUNCTION residency.as_of(relation regclass, known_at timestamptz DEFAULT clock_timestamp())
    RETURNS SETOF jsonb
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    AS $$
    DECLARE
        title CONSTANT text := residency.table_title(relation);
    BEGIN
        RETURN QUERY SELECT * FROM residency.noted_as_of(relation, known_at);
        IF residency.history_begin(relation, known_at) = 'seeded' THEN
            RETURN QUERY EXECUTE format(
                'SELECT residency.row_image("whole row") FROM %s "whole row"
                 WHERE NOT EXISTS (SELECT FROM ledger.change c
                                   WHERE residency.change_place(c.table_name, c.key) = residency.change_place(%L, residency.row_key("whole row", $1))
                                     AND c.table_name = %L AND c.key = residency.row_key("whole row", $1))', relation, title, title)
            USING residency.key_columns(relation);
        END IF;
    END $$;
COMMENT ON FUNCTION residency.as_of(regclass, timestamptz) IS
    'The rows of a table as the register knew them at a moment, as images (历史时点数据): SELECT (jsonb_populate_record(NULL::registry.person, a)).* FROM residency.as_of(''registry.person'', ''2026-05-10 12:00+08'') AS a. Columns that were added since are NULL. Of a row whose image was purged its key. A transaction counts from the moment of its statements, not of its commit. Errors: RG311 the history of that table does not reach back so far';

CREATE OR REPLACE FUNCTION residency.row_as_of(relation regclass, row_key jsonb, known_at timestamptz DEFAULT clock_timestamp())
    RETURNS jsonb
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    AS $$
    DECLARE
        title  CONSTANT text := residency.table_title(relation);
        seeded CONSTANT boolean := residency.history_begin(relation, known_at) = 'seeded';
        latest record;
        image  jsonb;
    BEGIN
        -- emptying the table is a change of every row in it
        SELECT c.operation, COALESCE(c.image, c.key) AS image INTO latest FROM ledger.change c
        WHERE residency.change_place(c.table_name, c.key) IN (residency.change_place(title, row_key), residency.change_place(title, '{}'))
          AND c.table_name = title AND c.key IN (row_key, '{}') AND (c.changed_at <= known_at OR c.operation = 'B')
        ORDER BY c.change_id DESC
        LIMIT 1;
        IF FOUND THEN
            RETURN CASE WHEN latest.operation IN ('I', 'U', 'B') THEN latest.image END;
        ELSIF seeded THEN
            EXECUTE format('SELECT residency.row_image("whole row") FROM %s "whole row"
                            WHERE residency.row_key("whole row", $2) = $1
                              AND NOT EXISTS (SELECT FROM ledger.change c
                                              WHERE residency.change_place(c.table_name, c.key) = residency.change_place(%L, $1) AND c.table_name = %L AND c.key = $1)',
                           relation, title, title)
            INTO image USING row_key, residency.key_columns(relation);
        END IF;
        RETURN image;
    END $$;
COMMENT ON FUNCTION residency.row_as_of(regclass, jsonb, timestamptz) IS
    'One row as the register knew it at a moment, by its key as an object, {"person_id": 1} (历史时点单行); NULL: there was none. Errors: RG311';
