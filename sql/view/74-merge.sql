-- Two persons who are one: candidates, what is in the way, merging, and its exact undo.

CREATE OR REPLACE VIEW api.duplicate_person AS
WITH pair AS (
    SELECT a.person_id AS one, b.person_id AS other, 'same_number' AS reason
    FROM registry.identity_document a
    JOIN registry.identity_document b ON b.number_key = a.number_key AND b.person_id <> a.person_id
    WHERE length(a.number_key) >= 6
    UNION
    SELECT p.person_id, d.person_id, 'number_as_document' AS reason
    FROM registry.identity_document d
    JOIN registry.person p ON p.resident_id = CASE WHEN is_resident_id(d.number_key) THEN d.number_key::resident_id END AND p.person_id <> d.person_id
    UNION
    SELECT a.person_id, b.person_id, 'name_birth_phone' AS reason
    FROM registry.person a
    JOIN registry.person b ON b.name = a.name AND b.birth_date = a.birth_date AND b.phone = a.phone AND b.person_id <> a.person_id
    WHERE num_nulls(a.resident_id, b.resident_id) > 0
    UNION
    SELECT a.person_id, b.person_id, 'name_birth_home' AS reason
    FROM registry.person a
    JOIN registry.person b ON b.name = a.name AND b.birth_date = a.birth_date AND b.household_division = a.household_division AND b.person_id <> a.person_id
    WHERE num_nulls(a.resident_id, b.resident_id) > 0
), known AS (
    SELECT least(one, other) AS person_id, greatest(one, other) AS other_person_id, array_agg(DISTINCT reason ORDER BY reason) AS reasons
    FROM pair
    GROUP BY 1, 2
)
SELECT k.person_id, k.other_person_id, k.reasons,
       ARRAY(SELECT v.name FROM code.value v WHERE v.list = 'duplicate_reason' AND v.code = ANY (k.reasons) ORDER BY v.sort) AS reason_names
FROM known k
WHERE NOT EXISTS (SELECT FROM registry.person p WHERE p.person_id IN (k.person_id, k.other_person_id) AND p.pseudonymised_on IS NOT NULL)
  AND k.person_id <> ALL ((SELECT registry.withheld_persons())::bigint[]) AND k.other_person_id <> ALL ((SELECT registry.withheld_persons())::bigint[]);
COMMENT ON VIEW api.duplicate_person IS
    'Persons who may be one, with the reasons (疑似重复人员); two resident IDs are two persons, unless a document says otherwise. Reads the whole register: for the night';
COMMENT ON COLUMN api.duplicate_person.person_id IS 'The one with the smaller key (人员)';
COMMENT ON COLUMN api.duplicate_person.other_person_id IS 'The other (另一人员)';
COMMENT ON COLUMN api.duplicate_person.reasons IS 'Why, list duplicate_reason (依据代码)';
COMMENT ON COLUMN api.duplicate_person.reason_names IS 'The same in words (依据)';

CREATE OR REPLACE FUNCTION registry.merge_conflict(keep bigint, remove bigint)
    RETURNS TABLE (conflict text, keep_id bigint, remove_id bigint)
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    AS $$
        SELECT c.conflict, k.person_id, r.person_id
        FROM registry.person k
        JOIN registry.person r ON r.person_id = remove
        CROSS JOIN LATERAL (VALUES ('resident_id', k.resident_id <> r.resident_id), ('birth_date', k.birth_date <> r.birth_date),
                                   ('sex', k.sex <> r.sex AND k.sex <> '0' AND r.sex <> '0')) AS c (conflict, holds)
        WHERE k.person_id = keep AND c.holds
        UNION ALL
        SELECT CASE WHEN residence_is_current(a.state) AND residence_is_current(b.state) THEN 'current_residence' ELSE 'residence' END, a.residence_id, b.residence_id
        FROM registry.residence a JOIN registry.residence b ON b.person_id = remove AND b.period && a.period AND b.state NOT IN ('rejected', 'voided')
        WHERE a.person_id = keep AND a.state NOT IN ('rejected', 'voided')
        UNION ALL
        SELECT 'employment', a.employment_id, b.employment_id
        FROM registry.employment a JOIN registry.employment b ON b.person_id = remove AND b.employer_id = a.employer_id AND b.period && a.period AND b.void_reason IS NULL
        WHERE a.person_id = keep AND a.void_reason IS NULL
        UNION ALL
        SELECT 'tenancy', a.tenancy_id, b.tenancy_id
        FROM registry.tenancy a JOIN registry.tenancy b ON b.person_id = remove AND b.dwelling_id = a.dwelling_id AND b.period && a.period AND b.void_reason IS NULL
        WHERE a.person_id = keep AND a.void_reason IS NULL
        UNION ALL
        SELECT 'schooling', a.schooling_id, b.schooling_id
        FROM registry.schooling a JOIN registry.schooling b ON b.person_id = remove AND b.period && a.period AND b.void_reason IS NULL
        WHERE a.person_id = keep AND a.void_reason IS NULL
        UNION ALL
        SELECT 'ownership', a.ownership_id, b.ownership_id
        FROM registry.ownership a JOIN registry.ownership b ON b.person_id = remove AND b.dwelling_id = a.dwelling_id AND b.period && a.period AND b.void_reason IS NULL
        WHERE a.person_id = keep AND a.void_reason IS NULL
        UNION ALL
        SELECT 'permit', a.permit_id, b.permit_id
        FROM registry.permit a JOIN registry.permit b ON b.person_id = remove AND b.city = a.city AND b.state <> 'draft' AND permit_phase(b.state) <> 'end'
        WHERE a.person_id = keep AND a.state <> 'draft' AND permit_phase(a.state) <> 'end'
        UNION ALL
        SELECT 'grid_staff', a.grid_staff_id, b.grid_staff_id
        FROM registry.grid_staff a JOIN registry.grid_staff b ON b.person_id = remove AND b.grid_id = a.grid_id AND b.role = a.role AND b.period && a.period
        WHERE a.person_id = keep
        UNION ALL
        SELECT 'landlord', t.tenancy_id, t.tenancy_id
        FROM registry.tenancy t
        WHERE t.person_id IN (keep, remove) AND t.landlord_person_id IN (keep, remove) AND t.void_reason IS NULL
        UNION ALL
        SELECT 'guardian', r.residence_id, r.residence_id
        FROM registry.residence r
        WHERE r.person_id IN (keep, remove) AND r.guardian_person_id IN (keep, remove)
        UNION ALL
        SELECT 'presence_decision', a.presence_decision_id, b.presence_decision_id
        FROM registry.presence_decision a
        JOIN registry.presence_decision b ON b.person_id = remove AND b.dwelling_id = a.dwelling_id AND b.token IS NOT DISTINCT FROM a.token
         AND (b.kind, b.decision, b.decided_on) = (a.kind, a.decision, a.decided_on)
        WHERE a.person_id = keep
        UNION ALL
        SELECT 'restriction', x.restriction_id, x.restriction_id
        FROM registry.restriction x WHERE x.person_id IN (keep, remove) AND (upper(x.period) <= today()) IS NOT TRUE
        UNION ALL
        -- two that have ended and held at one time cannot be one person's
        SELECT 'restriction', a.restriction_id, b.restriction_id
        FROM registry.restriction a JOIN registry.restriction b ON b.person_id = remove AND b.period && a.period AND upper(b.period) <= today()
        WHERE a.person_id = keep AND upper(a.period) <= today()
        UNION ALL
        SELECT 'legal_hold', h.legal_hold_id, h.legal_hold_id
        FROM registry.legal_hold h WHERE h.person_id IN (keep, remove) AND (upper(h.period) <= today()) IS NOT TRUE
        UNION ALL
        SELECT 'legal_hold', a.legal_hold_id, b.legal_hold_id
        FROM registry.legal_hold a
        JOIN registry.legal_hold b ON b.person_id = remove AND b.legal_basis = a.legal_basis AND b.period && a.period AND upper(b.period) <= today()
        WHERE a.person_id = keep AND upper(a.period) <= today()
        UNION ALL
        SELECT 'investigation', i.investigation_id, i.investigation_id
        FROM registry.investigation i WHERE i.record = 'person' AND i.record_id = remove AND i.closed_at IS NULL
        UNION ALL
        SELECT 'operator', a.operator_id, b.operator_id
        FROM registry.operator a JOIN registry.operator b ON b.person_id = remove
        WHERE a.person_id = keep
    $$;
COMMENT ON FUNCTION registry.merge_conflict(bigint, bigint) IS
    'What stands in the way of making two persons one, list merge_conflict, with the records of both (合并冲突)';

CREATE OR REPLACE FUNCTION registry.person_reference()
    RETURNS TABLE (table_name text, column_name text, is_whole boolean)
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        -- those who live somewhere first: a guardian is looked for in the home
        SELECT d.table_name, d.column_name, d.role = 'subject'
        FROM code.person_data d JOIN pg_class c ON c.oid = d.table_name::regclass AND c.relkind IN ('r', 'p')
        WHERE d.parent IS NULL AND d.table_name <> 'registry.person'
        ORDER BY d.role = 'subject' DESC, d.table_name = 'registry.residence' DESC, d.table_name, d.column_name
    $$;
COMMENT ON FUNCTION registry.person_reference() IS
    'Columns of tables that name a person, in the order in which they are moved (人员引用列); is_whole: the row is about the person, as a whole';

CREATE OR REPLACE FUNCTION registry.begin_rewrite(act text)
    RETURNS void
    LANGUAGE sql
    SET search_path FROM CURRENT
    AS $$ INSERT INTO ledger.rewrite (act) VALUES (act) ON CONFLICT DO NOTHING $$;
COMMENT ON FUNCTION registry.begin_rewrite(text) IS 'From here on the transaction may rewrite what otherwise stays (开始改写); for the owner of the tables alone';

CREATE OR REPLACE FUNCTION registry.end_rewrite()
    RETURNS void
    LANGUAGE sql
    SET search_path FROM CURRENT
    AS $$ DELETE FROM ledger.rewrite WHERE transaction = pg_current_xact_id() $$;
COMMENT ON FUNCTION registry.end_rewrite() IS 'Up to here (结束改写)';

CREATE OR REPLACE FUNCTION registry.row_digest(record jsonb)
    RETURNS bytea
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$ SELECT sha256(convert_to(record::text, 'UTF8')) $$;
COMMENT ON FUNCTION registry.row_digest(jsonb) IS 'SHA-256 of a row (记录摘要)';

CREATE OR REPLACE FUNCTION registry.key_condition(at_table text)
    RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        SELECT string_agg(format('t.%I = (m.key ->> %L)::%s', a.attname, a.attname, format_type(a.atttypid, a.atttypmod)), ' AND ')
        FROM pg_attribute a WHERE a.attrelid = at_table::regclass AND a.attname = ANY (key_columns(at_table::regclass))
    $$;
COMMENT ON FUNCTION registry.key_condition(text) IS 'Condition that a row t has the key of a row m of registry.person_merge_row (主键条件)';

CREATE OR REPLACE FUNCTION registry.digest_of(at_table text, at_column text, is_whole boolean)
    RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        -- of somebody else's record only who is named in it counts
        SELECT CASE WHEN is_whole THEN 'registry.row_digest(to_jsonb(t))' ELSE format('registry.row_digest(to_jsonb(t.%I))', at_column) END
    $$;
COMMENT ON FUNCTION registry.digest_of(text, text, boolean) IS 'Expression of the digest by which an undo finds that a row t was changed (摘要表达式)';

CREATE OR REPLACE FUNCTION registry.merge_persons(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    -- digests and copies of rows do not depend on who made them
    SET timezone = 'UTC'
    SET intervalstyle = 'postgres'
    SET bytea_output = 'hex'
    SET jit = off
    AS $$
    DECLARE
        keep      CONSTANT bigint := (arguments ->> 'keep')::bigint;
        remove    CONSTANT bigint := (arguments ->> 'remove')::bigint;
        stays     registry.person;
        goes      registry.person;
        reference record;
        obstacles text;
        answer    api.answer;
    BEGIN
        PERFORM registry.require_argument(act, arguments, name) FROM unnest('{keep,remove,reason}'::text[]) AS name;
        IF keep = remove THEN
            PERFORM refuse('RG361', ARRAY[keep::text], 'registry.person_merge', 'removed_person_id');
        END IF;
        -- clerks who have begun something with one of them finish first, those who come later wait
        PERFORM FROM registry.person p WHERE p.person_id IN (keep, remove) ORDER BY p.person_id FOR UPDATE;
        SELECT * INTO stays FROM registry.person p WHERE p.person_id = keep;
        SELECT * INTO goes FROM registry.person p WHERE p.person_id = remove;
        IF stays.person_id IS NULL OR goes.person_id IS NULL THEN
            PERFORM refuse('RG010', ARRAY[(CASE WHEN stays.person_id IS NULL THEN keep ELSE remove END)::text], 'registry.person', 'person_id');
        ELSIF stays.pseudonymised_on IS NOT NULL OR goes.pseudonymised_on IS NOT NULL THEN
            PERFORM registry.check_person_open('correct_person', p) FROM unnest(ARRAY[keep, remove]) AS p;
        END IF;
        SELECT string_agg(format('%s (%s, %s)', c.conflict, c.keep_id, c.remove_id), '; ' ORDER BY c.conflict, c.keep_id, c.remove_id) INTO obstacles
        FROM registry.merge_conflict(keep, remove) c;
        IF obstacles IS NOT NULL THEN
            PERFORM refuse('RG360', ARRAY[keep::text, remove::text, obstacles], 'registry.person_merge', 'removed_person_id');
        END IF;

        PERFORM registry.begin_rewrite(act);
        INSERT INTO registry.person_merge (keep_person_id, removed_person_id, reason, keep_before, removed_before)
        VALUES (keep, remove, checked_text(arguments ->> 'reason', 200, 'registry.person_merge', 'reason'), to_jsonb(stays), to_jsonb(goes))
        RETURNING person_merge_id INTO answer.record_id;
        FOR reference IN SELECT * FROM registry.person_reference() LOOP
            EXECUTE format('INSERT INTO registry.person_merge_row (person_merge_id, table_name, column_name, key, moved, digest)
                            SELECT $1, $2, $3, registry.row_key($2::regclass, to_jsonb(t)), t.%2$I = $5, '''' FROM %1$s t WHERE t.%2$I IN ($4, $5)',
                           reference.table_name, reference.column_name)
            USING answer.record_id, reference.table_name, reference.column_name, keep, remove;
        END LOOP;
        -- who was found twice in one check was one: the second finding stays and names nobody
        UPDATE registry.spot_check_person s SET person_id = NULL
        WHERE s.person_id = remove
          AND EXISTS (SELECT FROM registry.spot_check_person k WHERE k.spot_check_result_id = s.spot_check_result_id AND k.person_id = keep);
        FOR reference IN SELECT * FROM registry.person_reference() LOOP
            EXECUTE format('UPDATE %1$s t SET %2$I = $1 WHERE t.%2$I = $2', reference.table_name, reference.column_name) USING keep, remove;
        END LOOP;
        DELETE FROM registry.person p WHERE p.person_id = remove;
        UPDATE registry.person p
        SET (resident_id, sex, birth_date, ethnic_group, household_division, household_address, phone, died_on, created_at)
            = (COALESCE(stays.resident_id, goes.resident_id), COALESCE(NULLIF(stays.sex, '0'), goes.sex), COALESCE(stays.birth_date, goes.birth_date),
               COALESCE(stays.ethnic_group, goes.ethnic_group), COALESCE(stays.household_division, goes.household_division),
               COALESCE(stays.household_address, goes.household_address), COALESCE(stays.phone, goes.phone), COALESCE(stays.died_on, goes.died_on),
               least(stays.created_at, goes.created_at))
        WHERE p.person_id = keep
        RETURNING p.* INTO stays;
        UPDATE registry.person_merge m SET keep_after = registry.row_digest(to_jsonb(stays)) WHERE m.person_merge_id = answer.record_id;
        FOR reference IN SELECT * FROM registry.person_reference() LOOP
            EXECUTE format('UPDATE registry.person_merge_row m SET digest = %s FROM %s t
                            WHERE m.person_merge_id = $1 AND m.table_name = $2 AND m.column_name = $3 AND %s',
                           registry.digest_of(reference.table_name, reference.column_name, reference.is_whole), reference.table_name, registry.key_condition(reference.table_name))
            USING answer.record_id, reference.table_name, reference.column_name;
        END LOOP;
        PERFORM registry.end_rewrite();
        answer.accepted := true;
        answer.act := act;
        answer.person_id := keep;
        answer.state := 'merged';
        RETURN answer;
    END $$;
COMMENT ON FUNCTION registry.merge_persons(text, jsonb) IS 'The act behind api.merge_persons() (人员合并)';

CREATE OR REPLACE FUNCTION registry.undo_obstacle(merge registry.person_merge)
    RETURNS TABLE (table_name text, key jsonb, what text)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    -- digests and copies of rows do not depend on who made them
    SET timezone = 'UTC'
    SET intervalstyle = 'postgres'
    SET bytea_output = 'hex'
    SET jit = off
    AS $$
    DECLARE
        reference record;
    BEGIN
        RETURN QUERY
            SELECT 'registry.person', jsonb_build_object('person_id', p.person_id), 'changed'
            FROM registry.person p WHERE p.person_id = merge.keep_person_id AND registry.row_digest(to_jsonb(p)) <> merge.keep_after;
        FOR reference IN SELECT * FROM registry.person_reference() LOOP
            RETURN QUERY EXECUTE format(
                'SELECT m.table_name, m.key, CASE WHEN live.digest IS NULL THEN ''gone'' ELSE ''changed'' END
                 FROM registry.person_merge_row m
                 LEFT JOIN LATERAL (SELECT %1$s AS digest FROM %2$s t WHERE %3$s) AS live ON true
                 WHERE m.person_merge_id = $1 AND m.table_name = $2 AND m.column_name = $3 AND live.digest IS DISTINCT FROM m.digest
                 UNION ALL
                 SELECT $2, registry.row_key($2::regclass, to_jsonb(t)), ''new''
                 FROM %2$s t
                 WHERE t.%4$I = $4 AND NOT EXISTS (SELECT FROM registry.person_merge_row m WHERE m.person_merge_id = $1 AND m.table_name = $2
                                                     AND m.column_name = $3 AND %3$s)',
                registry.digest_of(reference.table_name, reference.column_name, reference.is_whole), reference.table_name,
                registry.key_condition(reference.table_name), reference.column_name)
            USING merge.person_merge_id, reference.table_name, reference.column_name, merge.keep_person_id;
        END LOOP;
    END $$;
COMMENT ON FUNCTION registry.undo_obstacle(registry.person_merge) IS
    'Records that are new, gone or have changed since a merge, and so stand in the way of its undo (撤销合并的障碍)';

CREATE OR REPLACE FUNCTION registry.undo_merge(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    -- digests and copies of rows do not depend on who made them
    SET timezone = 'UTC'
    SET intervalstyle = 'postgres'
    SET bytea_output = 'hex'
    SET jit = off
    AS $$
    DECLARE
        key       CONSTANT bigint := (arguments ->> 'merge_id')::bigint;
        -- whatever columns a person has by now
        columns   CONSTANT text := (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute a
                                    WHERE a.attrelid = 'registry.person'::regclass AND a.attnum > 0 AND NOT a.attisdropped
                                      AND a.attgenerated = '' AND a.attname <> 'person_id');
        merge     registry.person_merge;
        reference record;
        obstacles text;
        answer    api.answer;
    BEGIN
        PERFORM registry.require_argument(act, arguments, 'merge_id');
        SELECT * INTO merge FROM registry.person_merge m WHERE m.person_merge_id = key;
        IF NOT FOUND THEN
            PERFORM refuse('RG137', ARRAY['registry.person_merge', key::text], 'registry.person_merge', 'person_merge_id');
        END IF;
        PERFORM FROM registry.person p WHERE p.person_id = merge.keep_person_id FOR UPDATE;
        -- as it is now that nobody else can touch it
        SELECT * INTO merge FROM registry.person_merge m WHERE m.person_merge_id = key;
        IF merge.undone_at IS NOT NULL OR merge.keep_before IS NULL THEN
            PERFORM refuse('RG363', ARRAY[key::text], 'registry.person_merge', 'undone_at');
        END IF;
        SELECT string_agg(format('%s %s %s', o.table_name, o.key, o.what), '; ' ORDER BY o.table_name, o.key, o.what) INTO obstacles
        FROM registry.undo_obstacle(merge) o;
        IF obstacles IS NOT NULL THEN
            PERFORM refuse('RG362', ARRAY[key::text, left(obstacles, 1000)], 'registry.person_merge', 'person_merge_id');
        END IF;

        PERFORM registry.begin_rewrite(act);
        EXECUTE format('UPDATE registry.person p SET (%1$s) = (SELECT %1$s FROM jsonb_populate_record(NULL::registry.person, $1)) WHERE p.person_id = $2', columns)
        USING merge.keep_before, merge.keep_person_id;
        EXECUTE format('INSERT INTO registry.person (person_id, %1$s) OVERRIDING SYSTEM VALUE
                        SELECT person_id, %1$s FROM jsonb_populate_record(NULL::registry.person, $1)', columns)
        USING merge.removed_before;
        FOR reference IN SELECT * FROM registry.person_reference() LOOP
            EXECUTE format('UPDATE %1$s t SET %2$I = $1 FROM registry.person_merge_row m
                            WHERE m.person_merge_id = $2 AND m.table_name = $3 AND m.column_name = $4 AND m.moved AND %3$s',
                           reference.table_name, reference.column_name, registry.key_condition(reference.table_name))
            USING merge.removed_person_id, key, reference.table_name, reference.column_name;
        END LOOP;
        UPDATE registry.person_merge m
        SET undone_at = now(), undone_by = residency.actor(), keep_before = NULL, removed_before = NULL
        WHERE m.person_merge_id = key;
        PERFORM registry.end_rewrite();
        answer.accepted := true;
        answer.act := act;
        answer.person_id := merge.removed_person_id;
        answer.record_id := key;
        answer.state := 'undone';
        RETURN answer;
    END $$;
COMMENT ON FUNCTION registry.undo_merge(text, jsonb) IS 'The act behind api.undo_merge() (撤销合并)';
