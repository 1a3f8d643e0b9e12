-- What has been kept long enough: found kind by kind, purged, and recorded in ledger.purge.

CREATE OR REPLACE FUNCTION registry.is_held(person bigint, "on" date)
    RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        -- who purges for a day past is stopped by what holds now
        SELECT EXISTS (SELECT FROM registry.legal_hold h WHERE h.person_id = person AND (h.period @> "on" OR h.period @> today()))
            OR EXISTS (SELECT FROM registry.restriction r WHERE r.person_id = person AND (r.period @> "on" OR r.period @> today()))
    $$;
COMMENT ON FUNCTION registry.is_held(bigint, date) IS 'Whether nothing of a person is purged for a day: a legal hold, or restricted processing, on that day or today (是否留存)';

CREATE OR REPLACE FUNCTION registry.is_number_held(number resident_id, "on" date)
    RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$ SELECT EXISTS (SELECT FROM registry.person p WHERE p.resident_id = number AND registry.is_held(p.person_id, "on")) $$;
COMMENT ON FUNCTION registry.is_number_held(resident_id, date) IS 'registry.is_held() of who has a number (号码是否留存): who was unknown to the register may be known by now';

CREATE OR REPLACE FUNCTION registry.investigations_of(persons bigint[])
    RETURNS SETOF registry.investigation
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        SELECT i.* FROM registry.investigation i
        WHERE i.record_id = ANY (CASE i.record
            WHEN 'person' THEN persons || ARRAY(SELECT m.removed_person_id FROM registry.person_merge m WHERE m.keep_person_id = ANY (persons) AND m.undone_at IS NULL)
            WHEN 'residence' THEN ARRAY(SELECT r.residence_id FROM registry.residence r WHERE r.person_id = ANY (persons))
            WHEN 'permit' THEN ARRAY(SELECT p.permit_id FROM registry.permit p WHERE p.person_id = ANY (persons)) END)
    $$;
COMMENT ON FUNCTION registry.investigations_of(bigint[]) IS 'Investigations of persons, their residences and permits (人员相关调查), also of those who were merged into them';

CREATE OR REPLACE FUNCTION registry.person_until(person bigint)
    RETURNS date
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        -- NULLs don't count
        SELECT greatest(
            (SELECT greatest(local_day(p.created_at), p.died_on) FROM registry.person p WHERE p.person_id = person),
            (SELECT max(CASE WHEN r.state IN ('rejected', 'voided') THEN local_day(r.closed_at) ELSE COALESCE(r.departed_on, 'infinity') END)
             FROM registry.residence r WHERE r.person_id = person),
            (SELECT max(COALESCE(r.departed_on, 'infinity')) FROM registry.residence r
             WHERE r.guardian_person_id = person AND r.state NOT IN ('rejected', 'voided')),
            (SELECT max(COALESCE(t.ends_on, 'infinity')) FROM registry.tenancy t WHERE t.person_id = person AND t.void_reason IS NULL),
            (SELECT max(COALESCE(t.ends_on, 'infinity')) FROM registry.tenancy t WHERE t.landlord_person_id = person AND t.void_reason IS NULL),
            (SELECT date 'infinity' FROM registry.dwelling d WHERE d.landlord_person_id = person LIMIT 1),
            (SELECT max(COALESCE(e.ended_on, 'infinity')) FROM registry.employment e WHERE e.person_id = person AND e.void_reason IS NULL),
            (SELECT max(COALESCE(s.ends_on, 'infinity')) FROM registry.schooling s WHERE s.person_id = person AND s.void_reason IS NULL),
            (SELECT max(COALESCE(o.ends_on, 'infinity')) FROM registry.ownership o WHERE o.person_id = person AND o.void_reason IS NULL),
            (SELECT max(CASE WHEN permit_phase(q.state) = 'end' OR q.state = 'draft' THEN e.happened_on ELSE 'infinity' END)
             FROM registry.permit q JOIN registry.permit_event e ON e.permit_id = q.permit_id AND e.sequence = q.last_sequence WHERE q.person_id = person),
            (SELECT max(COALESCE(upper(g.period), 'infinity')) FROM registry.grid_staff g WHERE g.person_id = person),
            (SELECT date 'infinity' FROM registry.correction c WHERE c.person_id = person AND c.state = 'asked' LIMIT 1),
            (SELECT date 'infinity' FROM registry.investigations_of(ARRAY[person]) i WHERE i.closed_at IS NULL LIMIT 1))
    $$;
COMMENT ON FUNCTION registry.person_until(bigint) IS
    'The day on which the last thing ended that links a person to the register (最后关联日期): residences, their wards'', leases, dwellings let, employments, studies, ownership, permits, duties as staff, corrections, investigations; infinity while one goes on';

CREATE OR REPLACE FUNCTION registry.kept_until(day date, retention_kind text, division division_code, "on" date)
    RETURNS date
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        SELECT CASE WHEN isfinite(day) THEN (day + policy_interval('retention_' || retention_kind, division, "on"))::date END
    $$;
COMMENT ON FUNCTION registry.kept_until(date, text, division_code, date) IS
    'The day from which data of a kind, done with on a day, is purged in a division by the policy of the day of the run (保存截止日期); NULL: it is kept';

CREATE OR REPLACE FUNCTION registry.purgeable(retention_kind text, "on" date, beyond bigint, batch integer)
    RETURNS bigint[]
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET jit = off
    AS $$
    BEGIN
        -- every branch: records of the kind by their keys, what a clerk holds is passed by
        RETURN CASE retention_kind
        WHEN 'emergency_copy' THEN ARRAY(
            SELECT c.emergency_copy_id
            FROM registry.emergency_copy c JOIN registry.emergency e ON e.emergency_id = c.emergency_id
            WHERE c.emergency_copy_id > beyond AND c.evidence_for IS NULL
              AND registry.kept_until(COALESCE(local_day(e.ended_at), e.ends_on + 1), retention_kind, e.division, "on") <= "on"
            ORDER BY c.emergency_copy_id LIMIT batch FOR UPDATE OF c SKIP LOCKED)
        WHEN 'visit' THEN ARRAY(
            SELECT v.visit_id
            FROM registry.visit v JOIN registry.dwelling d ON d.dwelling_id = v.dwelling_id
            WHERE v.visit_id > beyond AND (v.photos <> '[]' OR v.track IS NOT NULL OR v.location IS NOT NULL OR v.note IS NOT NULL)
              AND registry.kept_until(local_day(v.started_at), retention_kind, d.division, "on") <= "on"
              AND NOT registry.is_held(v.staff_person_id, "on")
              AND NOT EXISTS (SELECT FROM registry.dwelling_part part JOIN registry.residence r ON r.dwelling_id = part.dwelling_id
                              WHERE part.whole_id = v.dwelling_id AND r.period @> local_day(v.started_at) AND registry.is_held(r.person_id, "on"))
            ORDER BY v.visit_id LIMIT batch FOR UPDATE OF v SKIP LOCKED)
        WHEN 'contact' THEN ARRAY(
            SELECT c.contact_id
            FROM registry.contact c JOIN registry.residence r ON r.residence_id = c.residence_id
            WHERE c.contact_id > beyond AND NOT residence_is_current(r.state)
              AND registry.kept_until(greatest(c.happened_on, r.departed_on, local_day(r.closed_at)), retention_kind, r.division, "on") <= "on"
              AND NOT registry.is_held(r.person_id, "on")
            ORDER BY c.contact_id LIMIT batch FOR UPDATE OF c SKIP LOCKED)
        WHEN 'observation' THEN ARRAY(
            SELECT f.fact_id
            FROM registry.fact f JOIN registry.residence r ON r.residence_id = f.residence_id
            -- what is contested waits for somebody
            WHERE f.fact_id > beyond AND NOT f.contested AND NOT residence_is_current(r.state)
              AND registry.kept_until(greatest(r.departed_on, local_day(r.closed_at)), retention_kind, r.division, "on") <= "on"
              AND NOT registry.is_held(r.person_id, "on")
            ORDER BY f.fact_id LIMIT batch FOR UPDATE OF f SKIP LOCKED)
        WHEN 'credential' THEN ARRAY(
            SELECT c.access_credential_id
            FROM registry.access_credential c LEFT JOIN registry.dwelling d ON d.dwelling_id = c.dwelling_id
            WHERE c.access_credential_id > beyond
              AND registry.kept_until(upper(c.period), retention_kind, COALESCE(d.division, registry.division_of(c.person_id)), "on") <= "on"
              AND (c.person_id IS NULL OR NOT registry.is_held(c.person_id, "on"))
            ORDER BY c.access_credential_id LIMIT batch FOR UPDATE OF c SKIP LOCKED)
        WHEN 'presence_decision' THEN ARRAY(
            SELECT x.presence_decision_id
            FROM registry.presence_decision x JOIN registry.dwelling d ON d.dwelling_id = x.dwelling_id
            WHERE x.presence_decision_id > beyond
              AND registry.kept_until(greatest(x.decided_on, x.hidden_until), retention_kind, d.division, "on") <= "on"
              AND (x.person_id IS NULL OR NOT registry.is_held(x.person_id, "on"))
            ORDER BY x.presence_decision_id LIMIT batch FOR UPDATE OF x SKIP LOCKED)
        WHEN 'department_list' THEN ARRAY(
            SELECT e.department_list_entry_id
            FROM registry.department_list_entry e JOIN registry.department_list l ON l.department_list_id = e.department_list_id
            WHERE e.department_list_entry_id > beyond AND e.resident_id IS NOT NULL
              AND registry.kept_until(greatest(l.listed_on, local_day(l.imported_at)), retention_kind, l.division, "on") <= "on"
              AND NOT registry.is_number_held(e.resident_id, "on")
            ORDER BY e.department_list_entry_id LIMIT batch FOR UPDATE OF e SKIP LOCKED)
        WHEN 'spot_check' THEN ARRAY(
            SELECT s.spot_check_person_id
            FROM registry.spot_check_person s
            JOIN registry.spot_check_result r ON r.spot_check_result_id = s.spot_check_result_id
            JOIN registry.spot_check_dwelling d ON d.spot_check_dwelling_id = r.spot_check_dwelling_id
            JOIN registry.spot_check c ON c.spot_check_id = d.spot_check_id
            WHERE s.spot_check_person_id > beyond AND s.resident_id IS NOT NULL
              AND registry.kept_until(local_day(r.checked_at), retention_kind, c.division, "on") <= "on"
              AND NOT registry.is_number_held(s.resident_id, "on")
            ORDER BY s.spot_check_person_id LIMIT batch FOR UPDATE OF s SKIP LOCKED)
        WHEN 'application' THEN ARRAY(
            SELECT p.permit_id
            FROM registry.permit p
            WHERE p.permit_id > beyond AND permit_phase(p.state) = 'end' AND p.issued_on IS NULL
              AND registry.kept_until((SELECT max(e.happened_on) FROM registry.permit_event e WHERE e.permit_id = p.permit_id), retention_kind, p.division, "on") <= "on"
              AND EXISTS (SELECT FROM registry.permit_event e WHERE e.permit_id = p.permit_id AND (e.evidence <> '{}' OR e.reason IS NOT NULL))
              AND NOT registry.is_held(p.person_id, "on")
            ORDER BY p.permit_id LIMIT batch FOR UPDATE OF p SKIP LOCKED)
        -- a person has many records: fewer at a time. Who arrives at this moment holds the person, and is passed by
        WHEN 'person' THEN ARRAY(
            SELECT p.person_id
            FROM registry.person p
            WHERE p.person_id > beyond AND p.pseudonymised_on IS NULL
              AND NOT EXISTS (SELECT FROM registry.residence r WHERE r.person_id = p.person_id AND residence_is_current(r.state))
              AND registry.kept_until(registry.person_until(p.person_id), retention_kind, registry.division_of(p.person_id), "on") <= "on"
              AND NOT registry.is_held(p.person_id, "on")
            ORDER BY p.person_id LIMIT greatest(batch / 10, 1) FOR UPDATE OF p SKIP LOCKED)
        WHEN 'answer' THEN ARRAY(
            SELECT q.request_number
            FROM ledger.request q
            WHERE q.request_number > beyond AND q.answer IS NOT NULL
              AND registry.kept_until(local_day(q.requested_at), retention_kind, NULL, "on") <= "on"
              AND NOT EXISTS (SELECT FROM jsonb_array_elements(q.answer) AS a WHERE registry.is_held((a ->> 'person_id')::bigint, "on"))
            ORDER BY q.request_number LIMIT batch FOR UPDATE SKIP LOCKED)
        END;
    END $$;
COMMENT ON FUNCTION registry.purgeable(text, date, bigint, integer) IS
    'Keys of a kind of data that is to be purged on a day, locked: the next so many beyond a key (待清除记录); held ones and those a clerk is working on are left out';

CREATE OR REPLACE FUNCTION registry.purge_images(records jsonb)
    RETURNS integer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        gone integer;
    BEGIN
        -- but what this very transaction writes: the row as it is from now on
        UPDATE ledger.change c
        SET image = NULL, salt = NULL, image_digest = residency.image_digest(c.salt, c.image)
        FROM jsonb_array_elements(records) AS r
        WHERE change_place(c.table_name, c.key) = change_place(r ->> 'table_name', r -> 'key')
          AND c.table_name = r ->> 'table_name' AND c.key = r -> 'key' AND c.image IS NOT NULL AND c.transaction <> pg_current_xact_id();
        GET DIAGNOSTICS gone = ROW_COUNT;
        RETURN gone;
    END $$;
COMMENT ON FUNCTION registry.purge_images(jsonb) IS
    'Takes the images of these rows, an array of {table_name, key}, out of the history (清除历史快照): the digest stays, so that what was sealed still verifies; how many';

CREATE OR REPLACE FUNCTION registry.keyed(at_table text, keys bigint[])
    RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        SELECT COALESCE(jsonb_agg(jsonb_build_object('table_name', at_table, 'key', jsonb_build_object((residency.key_columns(at_table::regclass))[1], k))), '[]')
        FROM unnest(keys) AS k
    $$;
COMMENT ON FUNCTION registry.keyed(text, bigint[]) IS 'Rows of a table with one key column, as registry.purge_images() takes them (记录键列表)';

CREATE OR REPLACE FUNCTION registry.purged_words(words text)
    RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$ SELECT '已清除'::text $$;
COMMENT ON FUNCTION registry.purged_words(text) IS 'What stands where there were words that are purged (清除后文字); NULL where there were none';

CREATE OR REPLACE FUNCTION registry.subject_records(persons bigint[])
    RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        SELECT COALESCE(jsonb_agg(jsonb_build_object('table_name', r.table_name, 'key', r.key)), '[]')
        FROM (
            -- of wards, tenants and what was done as staff others are the subject
            SELECT s.table_name, s.key FROM unnest(persons) AS p CROSS JOIN LATERAL registry.person_record(p) AS s
            WHERE s.role = 'subject' AND s.key IS NOT NULL
            UNION ALL
            -- what only the history still knows: who was merged into them, and merges that were undone
            SELECT 'registry.person', jsonb_build_object('person_id', m.removed_person_id)
            FROM registry.person_merge m WHERE m.keep_person_id = ANY (persons) AND m.undone_at IS NULL
            UNION ALL
            SELECT 'registry.person_merge', jsonb_build_object('person_merge_id', m.person_merge_id)
            FROM registry.person_merge m WHERE m.removed_person_id = ANY (persons)
            UNION ALL
            SELECT 'registry.investigation', jsonb_build_object('investigation_id', i.investigation_id) FROM registry.investigations_of(persons) i
        ) AS r
    $$;
COMMENT ON FUNCTION registry.subject_records(bigint[]) IS
    'Rows that are about these persons, as registry.purge_images() takes them (人员记录键列表), also those that are gone and stand in the history alone';

CREATE OR REPLACE FUNCTION registry.pseudonymise(persons bigint[], "on" date)
    RETURNS integer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET jit = off
    AS $$
    DECLARE
        -- before anything is changed
        records CONSTANT jsonb := registry.subject_records(persons);
    BEGIN
        DELETE FROM registry.identity_document d WHERE d.person_id = ANY (persons);
        DELETE FROM registry.operator o WHERE o.person_id = ANY (persons);
        DELETE FROM registry.access_credential c WHERE c.person_id = ANY (persons);
        DELETE FROM registry.contact c USING registry.residence r WHERE r.residence_id = c.residence_id AND r.person_id = ANY (persons);
        DELETE FROM registry.fact f USING registry.residence r WHERE r.residence_id = f.residence_id AND r.person_id = ANY (persons);
        UPDATE registry.residence r SET close_reason = registry.purged_words(r.close_reason) WHERE r.person_id = ANY (persons) AND r.close_reason IS NOT NULL;
        UPDATE registry.employment e SET contract_number = NULL, end_reason = NULL, void_reason = registry.purged_words(e.void_reason) WHERE e.person_id = ANY (persons);
        UPDATE registry.tenancy t SET contract_number = NULL, filing_number = NULL, end_reason = NULL, void_reason = registry.purged_words(t.void_reason) WHERE t.person_id = ANY (persons);
        UPDATE registry.schooling s SET student_number = NULL, end_reason = NULL, void_reason = registry.purged_words(s.void_reason) WHERE s.person_id = ANY (persons);
        UPDATE registry.ownership o SET certificate_number = NULL, end_reason = NULL, void_reason = registry.purged_words(o.void_reason) WHERE o.person_id = ANY (persons);
        UPDATE registry.grid_staff g SET account = NULL WHERE g.person_id = ANY (persons);
        UPDATE registry.presence_decision x SET reason = NULL WHERE x.person_id = ANY (persons);
        PERFORM registry.empty_applications(ARRAY(SELECT p.permit_id FROM registry.permit p WHERE p.person_id = ANY (persons)));
        UPDATE registry.permit p SET permit_number = NULL WHERE p.person_id = ANY (persons);
        UPDATE registry.correction c SET corrected = '{}', former = '{}', evidence = NULL, reason = NULL WHERE c.person_id = ANY (persons);
        UPDATE registry.restriction r SET note = NULL, lift_reason = NULL WHERE r.person_id = ANY (persons);
        UPDATE registry.person_merge m SET keep_before = NULL, removed_before = NULL, reason = registry.purged_words(m.reason) WHERE m.keep_person_id = ANY (persons);
        UPDATE registry.investigation i SET reason = registry.purged_words(i.reason), conclusion = registry.purged_words(i.conclusion)
        FROM registry.investigations_of(persons) AS own WHERE i.investigation_id = own.investigation_id;
        -- for statistics the sex, the year of birth and the province of the household stay
        UPDATE registry.person p
        SET name = '已去标识', resident_id = NULL, birth_date = date_trunc('year', p.birth_date)::date, ethnic_group = NULL,
            household_division = (SELECT l FROM unnest(lineage(p.household_division)) AS l WHERE level(l) = 1),
            household_address = NULL, phone = NULL, pseudonymised_on = "on"
        WHERE p.person_id = ANY (persons);
        RETURN registry.purge_images(records);
    END $$;
COMMENT ON FUNCTION registry.pseudonymise(bigint[], date) IS
    'Makes it unknown for good who these persons are, and purges their images from the history (人员去标识化): documents, credentials and contacts are deleted, names, numbers and words emptied; residences, records and permits stay without them, so that counts stay. How many images';

CREATE OR REPLACE FUNCTION registry.empty_applications(permits bigint[])
    RETURNS void
    LANGUAGE sql
    SET search_path FROM CURRENT
    AS $$
        UPDATE registry.permit_event e SET evidence = '{}', reason = NULL WHERE e.permit_id = ANY (permits) AND (e.evidence <> '{}' OR e.reason IS NOT NULL);
        UPDATE registry.decision d SET criteria = '[]', reason = NULL WHERE d.permit_id = ANY (permits);
    $$;
COMMENT ON FUNCTION registry.empty_applications(bigint[]) IS 'Takes the materials, reasons and criteria out of permits; their steps stay (清除申请材料)';

CREATE OR REPLACE FUNCTION registry.application_records(permits bigint[])
    RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        SELECT COALESCE(jsonb_agg(r.record), '[]')
        FROM (SELECT jsonb_build_object('table_name', 'registry.permit_event', 'key', jsonb_build_object('permit_id', e.permit_id, 'sequence', e.sequence)) AS record
              FROM registry.permit_event e WHERE e.permit_id = ANY (permits)
              UNION ALL
              SELECT jsonb_build_object('table_name', 'registry.decision', 'key', jsonb_build_object('decision_id', d.decision_id))
              FROM registry.decision d WHERE d.permit_id = ANY (permits)) AS r
    $$;
COMMENT ON FUNCTION registry.application_records(bigint[]) IS 'Events and decisions of permits, as registry.purge_images() takes them (申请记录键列表)';

CREATE OR REPLACE FUNCTION registry.destroy_copies(copies bigint[])
    RETURNS void
    LANGUAGE sql
    SET search_path FROM CURRENT
    AS $$
        INSERT INTO ledger.destruction (emergency_copy_id, emergency_id, kind, division, row_count, digest, taken_at, taken_by, legal_basis)
        SELECT c.emergency_copy_id, c.emergency_id, c.kind, c.division, jsonb_array_length(c.rows), sha256(convert_to(c.rows::text, 'UTF8')), c.taken_at, c.taken_by,
               '突发事件应对法 (2024) Art. 85'
        FROM registry.emergency_copy c WHERE c.emergency_copy_id = ANY (copies);
        DELETE FROM registry.emergency_copy c WHERE c.emergency_copy_id = ANY (copies);
    $$;
COMMENT ON FUNCTION registry.destroy_copies(bigint[]) IS 'Destroys copies taken for an emergency, and certifies it (销毁应急数据副本)';

CREATE OR REPLACE FUNCTION registry.purge_kind(retention_kind text, keys bigint[], "on" date)
    RETURNS integer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET jit = off
    AS $$
    DECLARE
        gone integer;
    BEGIN
        CASE retention_kind
            WHEN 'person' THEN
                gone := registry.pseudonymise(keys, "on");
            WHEN 'application' THEN
                PERFORM registry.empty_applications(keys);
                gone := registry.purge_images(registry.application_records(keys));
            WHEN 'emergency_copy' THEN
                PERFORM registry.destroy_copies(keys);
                gone := registry.purge_images(registry.keyed('registry.emergency_copy', keys));
            WHEN 'visit' THEN
                UPDATE registry.visit v SET photos = '[]', track = NULL, location = NULL, note = NULL WHERE v.visit_id = ANY (keys);
                gone := registry.purge_images(registry.keyed('registry.visit', keys));
            WHEN 'contact' THEN
                DELETE FROM registry.contact c WHERE c.contact_id = ANY (keys);
                gone := registry.purge_images(registry.keyed('registry.contact', keys));
            WHEN 'observation' THEN
                gone := registry.purge_facts(keys);
            WHEN 'credential' THEN
                DELETE FROM registry.access_credential c WHERE c.access_credential_id = ANY (keys);
                gone := registry.purge_images(registry.keyed('registry.access_credential', keys));
            WHEN 'presence_decision' THEN
                DELETE FROM registry.presence_decision x WHERE x.presence_decision_id = ANY (keys);
                gone := registry.purge_images(registry.keyed('registry.presence_decision', keys));
            WHEN 'department_list' THEN
                UPDATE registry.department_list_entry e SET resident_id = NULL WHERE e.department_list_entry_id = ANY (keys);
                gone := registry.purge_images(registry.keyed('registry.department_list_entry', keys));
            WHEN 'spot_check' THEN
                UPDATE registry.spot_check_person s SET resident_id = NULL WHERE s.spot_check_person_id = ANY (keys);
                gone := registry.purge_images(registry.keyed('registry.spot_check_person', keys));
            WHEN 'answer' THEN
                UPDATE ledger.request q SET answer = NULL WHERE q.request_number = ANY (keys);
                -- requests have no history
                gone := 0;
        END CASE;
        RETURN gone;
    END $$;
COMMENT ON FUNCTION registry.purge_kind(text, bigint[], date) IS
    'Purges these records of a kind of data, and their images from the history (按类别清除); how many images. What counts stay on: only numbers, words, pictures and places go';

CREATE OR REPLACE FUNCTION registry.purge_facts(facts bigint[])
    RETURNS integer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        seen CONSTANT bigint[] := ARRAY(SELECT o.observation_id FROM registry.observation o WHERE o.fact_id = ANY (facts));
    BEGIN
        DELETE FROM registry.fact f WHERE f.fact_id = ANY (facts);
        RETURN registry.purge_images(registry.keyed('registry.fact', facts) || registry.keyed('registry.observation', seen));
    END $$;
COMMENT ON FUNCTION registry.purge_facts(bigint[]) IS 'Deletes facts with their observations and conflicts (清除观察记录); how many images';

CREATE OR REPLACE FUNCTION registry.due_purges("on" date, batch integer)
    RETURNS integer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET jit = off
    AS $$
    DECLARE
        kind   text;
        run    ledger.purge;
        keys   bigint[];
        gone   integer;
    BEGIN
        -- a snapshot would not show who has just come back
        IF current_setting('transaction_isolation') <> 'read committed' THEN
            PERFORM refuse('RG368', ARRAY[current_setting('transaction_isolation')]);
        END IF;
        -- one purges at a time; who waited here goes on where the other is
        PERFORM pg_advisory_xact_lock(hashtextextended('residency.purge', 0));
        PERFORM registry.begin_rewrite('purge');
        FOR kind IN SELECT v.code FROM code.value v WHERE v.list = 'retention_kind' ORDER BY v.sort LOOP
            SELECT * INTO run FROM ledger.purge p WHERE p.retention_kind = kind AND p."on" = due_purges."on" AND p.policy IS NOT NULL ORDER BY p.purge_id DESC LIMIT 1;
            IF NOT FOUND THEN
                INSERT INTO ledger.purge (retention_kind, "on", policy)
                VALUES (kind, due_purges."on", 'retention_' || kind || ' = ' || COALESCE(policy_text('retention_' || kind, NULL, "on"), '-'))
                RETURNING * INTO run;
            END IF;
            CONTINUE WHEN run.finished_at IS NOT NULL;

            keys := registry.purgeable(kind, "on", run.reached, batch);
            IF kind = 'person' THEN
                -- as they are now that nobody else can touch them
                keys := ARRAY(SELECT k FROM unnest(keys) AS k
                              WHERE registry.kept_until(registry.person_until(k), kind, registry.division_of(k), "on") <= "on" AND NOT registry.is_held(k, "on") ORDER BY k);
            END IF;
            gone := CASE WHEN keys <> '{}' THEN registry.purge_kind(kind, keys, "on") ELSE 0 END;
            UPDATE ledger.purge p
            SET purged = p.purged + cardinality(keys), images = p.images + gone, reached = COALESCE(keys[cardinality(keys)], p.reached),
                batch_at = clock_timestamp(), finished_at = CASE WHEN keys = '{}' THEN clock_timestamp() END
            WHERE p.purge_id = run.purge_id;
            EXIT WHEN keys <> '{}';
        END LOOP;
        PERFORM registry.end_rewrite();
        RETURN COALESCE(cardinality(keys), 0);
    END $$;
COMMENT ON FUNCTION registry.due_purges(date, integer) IS
    'Purges what has been kept long enough (保存期满清除): one batch of the first kind that has something; how many records. 0: all kinds are done for that day. RG368 not in READ COMMITTED';

CREATE OR REPLACE FUNCTION registry.reopen_purges("on" date)
    RETURNS void
    LANGUAGE sql
    SET search_path FROM CURRENT
    AS $$
        INSERT INTO ledger.purge (retention_kind, "on", policy)
        SELECT DISTINCT ON (p.retention_kind) p.retention_kind, p."on", 'retention_' || p.retention_kind || ' = ' || COALESCE(policy_text('retention_' || p.retention_kind, NULL, p."on"), '-')
        FROM ledger.purge p
        WHERE p."on" = reopen_purges."on" AND p.policy IS NOT NULL
          AND NOT EXISTS (SELECT FROM ledger.purge q WHERE q.retention_kind = p.retention_kind AND q."on" = p."on" AND q.policy IS NOT NULL AND q.finished_at IS NULL)
        ORDER BY p.retention_kind
    $$;
COMMENT ON FUNCTION registry.reopen_purges(date) IS 'Begins new runs for the kinds that are finished for a day (重新检查)';

CREATE OR REPLACE FUNCTION registry.delete_minor(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        person registry.person;
        hold   bigint;
        stop   text;
        answer api.answer;
    BEGIN
        PERFORM registry.require_argument(act, arguments, name) FROM unnest('{person_id,reason}'::text[]) AS name;
        SELECT * INTO person FROM registry.person p WHERE p.person_id = (arguments ->> 'person_id')::bigint FOR UPDATE;
        IF NOT FOUND THEN
            PERFORM refuse('RG010', ARRAY[arguments ->> 'person_id'], 'registry.person', 'person_id');
        END IF;
        PERFORM registry.check_person_open(act, person.person_id);
        SELECT h.legal_hold_id INTO hold FROM registry.legal_hold h WHERE h.person_id = person.person_id AND h.period @> today();
        IF FOUND THEN
            PERFORM refuse('RG358', ARRAY[person.person_id, hold]::text[], 'registry.person', 'person_id');
        END IF;
        stop := CASE WHEN person.birth_date IS NULL THEN 'birth date unknown'
                     WHEN age(person.birth_date, today()) >= policy_int('deletion_minor_age', registry.division_of(person.person_id), today()) THEN 'not so young'
                     WHEN registry.person_until(person.person_id) > today() THEN 'something still goes on' END;
        IF stop IS NOT NULL THEN
            PERFORM refuse('RG359', ARRAY[person.person_id::text, stop], 'registry.person', 'person_id');
        END IF;
        PERFORM registry.begin_rewrite(act);
        INSERT INTO ledger.purge (retention_kind, "on", purged, images, reason, batch_at, finished_at)
        VALUES ('person', today(), 1, registry.pseudonymise(ARRAY[person.person_id], today()),
                checked_text(arguments ->> 'reason', 200, 'ledger.purge', 'reason'), clock_timestamp(), clock_timestamp())
        RETURNING purge_id INTO answer.record_id;
        PERFORM registry.end_rewrite();
        answer.accepted := true;
        answer.act := act;
        answer.person_id := person.person_id;
        answer.state := 'deleted';
        RETURN answer;
    END $$;
COMMENT ON FUNCTION registry.delete_minor(text, jsonb) IS 'The act behind api.delete_minor() (未成年人信息删除)';
