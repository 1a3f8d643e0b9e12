-- The acts of spot checks and lists of departments. As in 50-act.sql.

CREATE OR REPLACE FUNCTION registry.draw_spot_check(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET jit = off
    AS $$
    DECLARE
        entry  registry.spot_check := jsonb_populate_record(NULL::registry.spot_check, arguments);
        strata jsonb;
        share  record;
        home   bigint;
        answer api.answer;
    BEGIN
        PERFORM registry.require_argument(act, arguments, name) FROM unnest('{division,size,seed,name,reason}'::text[]) AS name;
        IF entry.size < 1 THEN
            PERFORM refuse('RG083', ARRAY['size', 'a number from 1']);
        END IF;
        entry.kind := COALESCE(entry.kind, 'dwelling');
        entry.area := COALESCE(entry.area, policy_text('spot_check_area', entry.division, today()));
        entry.strata_by := CASE entry.kind WHEN 'grid' THEN 'none'
                           ELSE COALESCE(entry.strata_by, policy_text('spot_check_strata', entry.division, today())) END;
        entry.let_states := CASE WHEN arguments ? 'let_states' AND entry.kind = 'dwelling'
            THEN ARRAY(SELECT DISTINCT checked_code('let_state', s, 'registry.spot_check', 'let_states') FROM jsonb_array_elements_text(arguments -> 'let_states') s ORDER BY 1) END;
        entry.seed := checked_text(entry.seed, 100, 'registry.spot_check', 'seed');

        -- one query reads the frame: everything that is kept of it is of one moment
        SELECT jsonb_agg(to_jsonb(s) - '{frame_size,frame_checksum}'::text[]), max(s.frame_size), max(s.frame_checksum) INTO strata, entry.frame_size, entry.frame_checksum
        FROM registry.spot_check_sample(entry.kind, entry.division, entry.area, entry.strata_by, entry.let_states, entry.size, entry.seed) AS s;
        IF strata IS NULL THEN
            PERFORM refuse('RG295', ARRAY[entry.division::text, checked_code('spot_check_kind', entry.kind, 'registry.spot_check', 'kind')],
                           'registry.spot_check', 'division');
        END IF;
        INSERT INTO registry.spot_check (name, kind, division, area, strata_by, let_states, size, seed, frame_size, frame_checksum, reason)
        VALUES (entry.name, entry.kind, entry.division, entry.area, entry.strata_by, entry.let_states, entry.size, entry.seed,
                entry.frame_size, entry.frame_checksum, entry.reason)
        RETURNING spot_check_id INTO answer.record_id;

        FOR share IN SELECT * FROM jsonb_to_recordset(strata) AS s (division division_code, value text, frame_units integer, sample_units integer, unit_keys text[]) LOOP
            INSERT INTO registry.spot_check_stratum (spot_check_id, division, value, frame_units, sample_units)
            VALUES (answer.record_id, share.division, share.value, share.frame_units, share.sample_units)
            RETURNING spot_check_stratum_id INTO home;
            IF entry.kind = 'grid' THEN
                INSERT INTO registry.spot_check_grid (spot_check_id, spot_check_stratum_id, grid_id)
                SELECT answer.record_id, home, g.grid_id
                FROM unnest(share.unit_keys) WITH ORDINALITY AS u (unit_key, turn) JOIN registry.grid g ON g.grid_code = u.unit_key
                ORDER BY u.turn;
            END IF;
            INSERT INTO registry.spot_check_dwelling (spot_check_id, spot_check_stratum_id, spot_check_grid_id, dwelling_id, weight, registered_let, registered_people)
            SELECT answer.record_id, home, drawn.spot_check_grid_id, d.dwelling_id,
                   -- planned with the numbers of a stratum that gives none, too
                   share.frame_units::float8 / NULLIF(share.sample_units, 0), d.let_state = 'let',
                   (SELECT count(*) FROM registry.residence r WHERE r.dwelling_id = d.dwelling_id AND residence_is_current(r.state))
            FROM (SELECT u.turn, NULL::bigint AS spot_check_grid_id, u.unit_key::bigint AS dwelling_id
                  FROM unnest(share.unit_keys) WITH ORDINALITY AS u (unit_key, turn)
                  WHERE entry.kind = 'dwelling'
                  UNION ALL
                  SELECT g.spot_check_grid_id, g.spot_check_grid_id, a.dwelling_id
                  FROM registry.spot_check_grid g
                  JOIN registry.dwelling a ON a.grid_id = g.grid_id AND a.let_state <> 'demolished'
                   AND NOT EXISTS (SELECT FROM registry.dwelling part WHERE part.parent_id = a.dwelling_id)
                  WHERE g.spot_check_stratum_id = home) AS drawn
            JOIN registry.dwelling d ON d.dwelling_id = drawn.dwelling_id
            ORDER BY drawn.turn, d.dwelling_id;
            IF share.sample_units = 0 THEN
                answer.warning := 'strata_left_out';
            END IF;
        END LOOP;
        answer.accepted := true;
        answer.act := act;
        answer.state := 'open';
        answer.warning := CASE WHEN entry.size >= entry.frame_size THEN 'whole_frame' ELSE answer.warning END;
        RETURN answer;
    END $$;
COMMENT ON FUNCTION registry.draw_spot_check(text, jsonb) IS 'The act behind api.draw_spot_check() (抽取样本)';

CREATE OR REPLACE FUNCTION registry.sampled_dwelling(arguments jsonb)
    RETURNS registry.spot_check_dwelling
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    AS $$
    DECLARE
        entry   registry.spot_check_dwelling := jsonb_populate_record(NULL::registry.spot_check_dwelling, arguments);
        sampled registry.spot_check_dwelling;
    BEGIN
        PERFORM open_spot_check(entry.spot_check_id, 'registry.spot_check_result');
        IF entry.dwelling_id IS NOT NULL THEN
            SELECT s.* INTO sampled FROM registry.spot_check_dwelling s
            WHERE s.spot_check_id = entry.spot_check_id AND s.dwelling_id = entry.dwelling_id;
            IF NOT FOUND THEN
                PERFORM refuse('RG296', ARRAY[entry.dwelling_id, entry.spot_check_id]::text[], 'registry.spot_check_dwelling', 'dwelling_id');
            END IF;
            RETURN sampled;
        END IF;
        SELECT g.spot_check_grid_id, g.spot_check_stratum_id, 1 / h.probability
        INTO entry.spot_check_grid_id, entry.spot_check_stratum_id, entry.weight
        FROM registry.spot_check_grid g JOIN registry.spot_check_stratum h ON h.spot_check_stratum_id = g.spot_check_stratum_id
        WHERE g.spot_check_id = entry.spot_check_id AND g.grid_id = (arguments ->> 'grid_id')::bigint;
        IF NOT FOUND THEN
            PERFORM refuse('RG296', ARRAY[COALESCE(arguments ->> 'grid_id', '-'), entry.spot_check_id::text], 'registry.spot_check_dwelling', 'spot_check_grid_id');
        END IF;
        entry.address := checked_text(entry.address, 200, 'registry.spot_check_dwelling', 'address');
        INSERT INTO registry.spot_check_dwelling (spot_check_id, spot_check_stratum_id, spot_check_grid_id, address, weight)
        VALUES (entry.spot_check_id, entry.spot_check_stratum_id, entry.spot_check_grid_id, entry.address, entry.weight)
        ON CONFLICT (spot_check_grid_id, address) DO NOTHING;
        SELECT s.* INTO sampled FROM registry.spot_check_dwelling s
        WHERE s.spot_check_grid_id = entry.spot_check_grid_id AND s.address = entry.address;
        RETURN sampled;
    END $$;
COMMENT ON FUNCTION registry.sampled_dwelling(jsonb) IS
    'The dwelling of a spot check that spot_check_id and dwelling_id, or grid_id and address name (抽查房屋定位); the latter is added where it is new. RG293, RG294, RG296';

CREATE OR REPLACE FUNCTION registry.list_entries(act text, field text, entries jsonb)
    RETURNS TABLE (line integer, person_id bigint, resident_id residency.resident_id)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        unknown text;
        nobody  text;
    BEGIN
        IF jsonb_typeof(entries) <> 'array' OR jsonb_path_exists(entries, 'strict $[*] ? (@.type() != "object")') THEN
            PERFORM refuse('RG083', ARRAY[field, 'an array of objects']);
        END IF;
        SELECT min(k) INTO unknown FROM jsonb_array_elements(entries) AS e CROSS JOIN jsonb_object_keys(e - '{person_id,resident_id}'::text[]) AS k;
        IF unknown IS NOT NULL THEN
            PERFORM refuse('RG082', ARRAY[act, field || '.' || left(unknown, 60)]);
        END IF;
        SELECT string_agg(wrong.n::text, ', ' ORDER BY wrong.n) INTO nobody
        FROM (SELECT e.n FROM jsonb_array_elements(entries) WITH ORDINALITY AS e (entry, n)
              WHERE NOT (COALESCE(e.entry ->> 'person_id', '1') ~ '^[0-9]{1,18}$' AND COALESCE(is_resident_id(e.entry ->> 'resident_id'), true)
                         AND COALESCE(e.entry ->> 'person_id', e.entry ->> 'resident_id') IS NOT NULL)
              ORDER BY e.n LIMIT 20) AS wrong;
        IF nobody IS NOT NULL THEN
            PERFORM refuse('RG299', ARRAY[nobody]);
        END IF;
        RETURN QUERY SELECT e.n::integer, (e.entry ->> 'person_id')::bigint, (e.entry ->> 'resident_id')::resident_id
                     FROM jsonb_array_elements(entries) WITH ORDINALITY AS e (entry, n) ORDER BY e.n;
    END $$;
COMMENT ON FUNCTION registry.list_entries(text, text, jsonb) IS
    'People of a list [{"person_id"} or {"resident_id"}, …] (名单条目解析): RG082, RG083, or RG299 with the places of up to twenty that name nobody';

CREATE OR REPLACE FUNCTION registry.record_spot_check(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    SET jit = off
    AS $$
    DECLARE
        entry   registry.spot_check_result := jsonb_populate_record(NULL::registry.spot_check_result, arguments);
        sampled registry.spot_check_dwelling;
        answer  api.answer;
    BEGIN
        PERFORM registry.require_argument(act, arguments, name) FROM unnest('{spot_check_id,outcome,staff_person_id}'::text[]) AS name;
        PERFORM registry.require_argument(act, arguments, 'dwelling_id', 'address');
        sampled := registry.sampled_dwelling(arguments);
        INSERT INTO registry.spot_check_result (spot_check_dwelling_id, outcome, found_let, people_counted, counted_registered, checked_at, staff_person_id, note)
        VALUES (sampled.spot_check_dwelling_id, entry.outcome, entry.found_let, COALESCE(entry.people_counted, 0), COALESCE(entry.counted_registered, 0),
                COALESCE(entry.checked_at, now()), entry.staff_person_id, entry.note)
        RETURNING spot_check_result_id INTO answer.record_id;
        -- who is named twice, by key and number, was found once
        INSERT INTO registry.spot_check_person (spot_check_result_id, person_id, resident_id)
        SELECT answer.record_id, e.person_id, e.resident_id
        FROM registry.list_entries(act, 'people', COALESCE(arguments -> 'people', '[]')) AS e
        ON CONFLICT DO NOTHING;
        SELECT a.outcome, CASE WHEN a.people_registered < a.people_found THEN 'unregistered_people'
                               WHEN a.found_let AND NOT a.registered_let THEN 'unregistered_letting' END
        INTO answer.state, answer.warning
        FROM registry.spot_check_answer a WHERE a.spot_check_dwelling_id = sampled.spot_check_dwelling_id;
        answer.accepted := true;
        answer.act := act;
        answer.dwelling_id := sampled.dwelling_id;
        RETURN answer;
    END $$;
COMMENT ON FUNCTION registry.record_spot_check(text, jsonb) IS 'The act behind api.record_spot_check() (录入抽查结果)';

CREATE OR REPLACE FUNCTION registry.close_spot_check(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        key    CONSTANT bigint := (arguments ->> 'spot_check_id')::bigint;
        answer api.answer;
    BEGIN
        PERFORM registry.require_argument(act, arguments, name) FROM unnest('{spot_check_id,reason}'::text[]) AS name;
        UPDATE registry.spot_check c
        SET closed_at = now(), closed_by = residency.actor(), close_reason = arguments ->> 'reason'
        WHERE c.spot_check_id = key;
        IF NOT FOUND THEN
            PERFORM refuse('RG293', ARRAY[key::text], 'registry.spot_check', 'spot_check_id');
        END IF;
        answer.accepted := true;
        answer.act := act;
        answer.record_id := key;
        answer.state := 'closed';
        answer.warning := CASE WHEN EXISTS (SELECT FROM registry.spot_check_answer a WHERE a.spot_check_id = key AND a.outcome IS NULL) THEN 'not_all_checked' END;
        RETURN answer;
    END $$;
COMMENT ON FUNCTION registry.close_spot_check(text, jsonb) IS 'The act behind api.close_spot_check() (结束抽查)';

CREATE OR REPLACE FUNCTION registry.import_list(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    SET jit = off
    AS $$
    DECLARE
        entry  registry.department_list := jsonb_populate_record(NULL::registry.department_list, arguments);
        answer api.answer;
    BEGIN
        PERFORM registry.require_argument(act, arguments, name) FROM unnest('{source,name,division,listed_on,people}'::text[]) AS name;
        INSERT INTO registry.department_list (source, name, division, listed_on)
        VALUES (entry.source, entry.name, entry.division, entry.listed_on)
        RETURNING department_list_id INTO answer.record_id;
        INSERT INTO registry.department_list_entry (department_list_id, line, person_id, resident_id)
        SELECT answer.record_id, e.line, e.person_id, e.resident_id
        FROM registry.list_entries(act, 'people', arguments -> 'people') AS e;
        answer.accepted := true;
        answer.act := act;
        answer.state := 'taken';
        RETURN answer;
    END $$;
COMMENT ON FUNCTION registry.import_list(text, jsonb) IS 'The act behind api.import_list() (导入部门名单)';
