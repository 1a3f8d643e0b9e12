-- The acts of patrol: visits, what phones observed, conflicts, sweeps. As in 50-act.sql.

CREATE OR REPLACE FUNCTION ledger.first_time(item_uuid uuid, kind text, arguments jsonb)
    RETURNS boolean
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        contents CONSTANT bytea := sha256(convert_to(concat(kind, arguments), 'UTF8'));
        known    bytea;
    BEGIN
        -- the same item at the same moment: the second waits here for the first
        INSERT INTO ledger.sync_item (item_uuid, kind, digest, device_uuid, staff_person_id)
        VALUES (item_uuid, kind, contents, (arguments ->> 'device_uuid')::uuid, (arguments ->> 'staff_person_id')::bigint)
        ON CONFLICT DO NOTHING;
        IF FOUND THEN
            RETURN true;
        END IF;
        SELECT i.digest INTO known FROM ledger.sync_item i WHERE i.item_uuid = first_time.item_uuid;
        IF known <> contents THEN
            PERFORM refuse('RG273', ARRAY[item_uuid::text], 'ledger.sync_item', 'item_uuid');
        END IF;
        RETURN false;
    END $$;
COMMENT ON FUNCTION ledger.first_time(uuid, text, jsonb) IS
    'Notes an item of a phone (离线数据登记): true the first time, false when it has come before, RG273 when it came with other contents';

CREATE OR REPLACE FUNCTION registry.located(shape geometry, datum text)
    RETURNS geometry
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN to_cgcs2000(shape, checked_code('location_datum', datum, 'registry.visit', 'location'));
    END $$;
COMMENT ON FUNCTION registry.located(geometry, text) IS 'A geometry of a phone in CGCS2000, list location_datum (终端坐标换算)';

CREATE OR REPLACE FUNCTION registry.track_of(points jsonb)
    RETURNS geometry
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        is_track CONSTANT boolean := jsonb_typeof(points) = 'array'
            AND NOT jsonb_path_exists(points, 'strict $[*] ? (!(@.type() == "array" && @.size() == 3
                    && @[0].type() == "number" && @[1].type() == "number" && @[2].type() == "number"))', silent => false);
    BEGIN
        IF is_track IS NOT TRUE OR jsonb_array_length(points) < 2 THEN
            PERFORM refuse('RG270', '{track}', 'registry.visit', 'track');
        END IF;
        RETURN (SELECT ST_MakeLine(ST_SetSRID(ST_MakePointM((p -> 0)::float8, (p -> 1)::float8, (p -> 2)::float8), 4490) ORDER BY n)
                FROM jsonb_array_elements(points) WITH ORDINALITY AS t (p, n));
    END $$;
COMMENT ON FUNCTION registry.track_of(jsonb) IS
    'The line of a track [[longitude, latitude, seconds since 1970], …] (轨迹线); RG270 where it is none';

CREATE OR REPLACE FUNCTION registry.record_visit(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    SET jit = off
    AS $$
    DECLARE
        entry  registry.visit := jsonb_populate_record(NULL::registry.visit, arguments - '{location,track,findings}'::text[]);
        datum  CONSTANT text := COALESCE(arguments ->> 'location_datum', 'cgcs2000');
        answer api.answer;
    BEGIN
        PERFORM registry.require_argument(act, arguments, name) FROM unnest('{dwelling_id,staff_person_id,outcome}'::text[]) AS name;
        answer.state := 'taken';
        IF entry.visit_uuid IS NOT NULL AND NOT ledger.first_time(entry.visit_uuid, 'visit', arguments) THEN
            answer.state := 'known';
            SELECT * INTO entry FROM registry.visit v WHERE v.visit_uuid = entry.visit_uuid;
        ELSE
            INSERT INTO registry.visit (visit_uuid, device_uuid, patrol_task_id, dwelling_id, staff_person_id, started_at, ended_at,
                                        outcome, findings, location, accuracy, track, photos, note)
            VALUES (COALESCE(entry.visit_uuid, gen_random_uuid()), entry.device_uuid, entry.patrol_task_id, entry.dwelling_id,
                    entry.staff_person_id, COALESCE(entry.started_at, now()), entry.ended_at, entry.outcome,
                    ARRAY(SELECT jsonb_array_elements_text(arguments -> 'findings')),
                    registry.located(ST_SetSRID(ST_MakePoint((arguments ->> 'longitude')::float8, (arguments ->> 'latitude')::float8), 4490), datum),
                    entry.accuracy, registry.located(CASE WHEN arguments ? 'track' THEN registry.track_of(arguments -> 'track') END, datum),
                    COALESCE(entry.photos, '[]'), entry.note)
            RETURNING * INTO entry;
        END IF;
        answer.accepted := true;
        answer.act := act;
        answer.dwelling_id := entry.dwelling_id;
        answer.record_id := entry.visit_id;
        answer.warning := CASE entry.distance_kind WHEN 'far' THEN 'far_from_dwelling' END;
        RETURN answer;
    END $$;
COMMENT ON FUNCTION registry.record_visit(text, jsonb) IS 'The act behind api.record_visit() (走访登记)';

CREATE OR REPLACE FUNCTION registry.observe_item(act text, item_uuid uuid, arguments jsonb, observed jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    SET jit = off
    AS $$
    DECLARE
        answer api.answer;
    BEGIN
        answer.accepted := true;
        answer.act := act;
        answer.dwelling_id := (arguments ->> 'dwelling_id')::bigint;
        answer.residence_id := (arguments ->> 'residence_id')::bigint;
        IF NOT ledger.first_time(item_uuid, arguments ->> 'kind', arguments) THEN
            answer.state := 'known';
            RETURN answer;
        END IF;
        INSERT INTO registry.observation (dwelling_id, residence_id, attribute, value, seen, item_uuid, observed_at, source, staff_person_id, device_uuid)
        SELECT answer.dwelling_id, answer.residence_id, o.key, o.value,
               ARRAY(SELECT jsonb_array_elements_text(arguments -> 'seen_version')::uuid),
               item_uuid, (arguments ->> 'at')::timestamptz, 'phone', (arguments ->> 'staff_person_id')::bigint, (arguments ->> 'device_uuid')::uuid
        FROM jsonb_each_text(observed) AS o
        ORDER BY o.key;
        SELECT min(c.conflict_id), CASE WHEN bool_or(c.state = 'open') THEN 'conflict' ELSE 'decided' END
        INTO answer.record_id, answer.state
        FROM registry.observation o
        JOIN registry.conflict c ON c.fact_id = o.fact_id AND c.state <> 'settled'
        WHERE o.item_uuid = observe_item.item_uuid;
        answer.state := CASE WHEN answer.record_id IS NULL THEN 'taken' ELSE answer.state END;
        RETURN answer;
    END $$;
COMMENT ON FUNCTION registry.observe_item(text, uuid, jsonb, jsonb) IS
    'Takes what one item of a phone observed, an object of attributes and values (观察数据入库): state taken, conflict, decided, or known where it has come before';

CREATE OR REPLACE FUNCTION registry.sync_item(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        kind      CONSTANT text := arguments ->> 'kind';
        item_uuid CONSTANT uuid := (arguments ->> 'uuid')::uuid;
        entry     CONSTANT jsonb := arguments -> 'values';
        fields    text[];
        unknown   text;
    BEGIN
        PERFORM registry.require_argument(act, arguments, name) FROM unnest('{uuid,kind,at,values,staff_person_id}'::text[]) AS name;
        CASE kind
            WHEN 'visit' THEN
                fields := ARRAY(SELECT p.name FROM ledger.parameter('record_visit') p);
            WHEN 'dwelling_fact' THEN
                PERFORM registry.require_argument(act, arguments, 'dwelling_id');
                fields := ARRAY(SELECT v.code FROM code.value v WHERE v.list = 'fact_attribute' AND v.code <> 'presence');
            WHEN 'residence_fact' THEN
                PERFORM registry.require_argument(act, arguments, 'residence_id');
                fields := '{presence}';
            ELSE
                PERFORM refuse('RG083', ARRAY['kind', 'visit, dwelling_fact or residence_fact']);
        END CASE;
        IF jsonb_typeof(entry) <> 'object' OR entry = '{}' THEN
            PERFORM refuse('RG083', ARRAY['values', 'an object']);
        END IF;
        SELECT min(k) INTO unknown FROM jsonb_object_keys(entry - fields) AS k;
        IF unknown IS NOT NULL THEN
            PERFORM refuse('RG082', ARRAY[act, 'values.' || left(unknown, 60)]);
        END IF;
        RETURN CASE WHEN kind = 'visit'
            THEN registry.record_visit(act, jsonb_build_object('started_at', arguments -> 'at') || entry
                     || (arguments - '{uuid,kind,at,values,seen_version,residence_id}'::text[]) || jsonb_build_object('visit_uuid', item_uuid))
            WHEN kind = 'dwelling_fact' THEN registry.observe_item(act, item_uuid, arguments - 'residence_id', entry)
            ELSE registry.observe_item(act, item_uuid, arguments - 'dwelling_id', entry) END;
    END $$;
COMMENT ON FUNCTION registry.sync_item(text, jsonb) IS 'The act behind api.sync_item() and each item of api.sync_patrol() (离线数据项)';

CREATE OR REPLACE FUNCTION registry.settle_conflict(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    SET jit = off
    AS $$
    DECLARE
        key     CONSTANT bigint := (arguments ->> 'conflict_id')::bigint;
        choice  CONSTANT text := arguments ->> 'choice';
        known   registry.conflict;
        home    registry.dwelling;
        fact    registry.fact;
        earlier registry.observation;
        later   registry.observation;
        answer  api.answer;
    BEGIN
        PERFORM registry.require_argument(act, arguments, name) FROM unnest('{conflict_id,choice,reason}'::text[]) AS name;
        IF choice NOT IN ('earlier', 'later', 'neither') THEN
            PERFORM refuse('RG083', ARRAY['choice', 'earlier, later or neither']);
        END IF;
        SELECT c.* INTO known FROM registry.conflict c WHERE c.conflict_id = key;
        -- whoever observes or settles the same waits; what they have made of it is read afterwards
        SELECT d.* INTO home FROM registry.dwelling d WHERE d.dwelling_id = fact_home(known.fact_id) FOR NO KEY UPDATE;
        SELECT c.* INTO known FROM registry.conflict c WHERE c.conflict_id = key AND c.state <> 'settled';
        IF NOT FOUND THEN
            PERFORM refuse('RG274', ARRAY[key::text], 'registry.conflict', 'conflict_id');
        END IF;
        SELECT f.* INTO fact FROM registry.fact f WHERE f.fact_id = known.fact_id;
        SELECT o.* INTO earlier FROM registry.observation o WHERE o.observation_id = known.earlier_id;
        SELECT o.* INTO later FROM registry.observation o WHERE o.observation_id = known.later_id;
        IF known.earlier_id IS NULL THEN
            -- the register's own side: what it has now
            earlier.value := register_value(fact.attribute, home.rental_kind, home.let_state, home.usable_area);
        END IF;
        -- who settles knew of both sides, and of whoever said the same
        INSERT INTO registry.observation (dwelling_id, residence_id, attribute, value, seen, source, settles, reason)
        SELECT fact.dwelling_id, fact.residence_id, fact.attribute,
               CASE choice WHEN 'earlier' THEN earlier.value WHEN 'later' THEN later.value ELSE fact.value END,
               array_agg(o.item_uuid), 'settlement', key, arguments ->> 'reason'
        FROM registry.observation o
        WHERE o.fact_id = fact.fact_id AND o.item_uuid = ANY ((fold_fact(fact.fact_id)).heads)
          AND (o.value IS NOT DISTINCT FROM later.value OR known.earlier_id IS NOT NULL AND o.value IS NOT DISTINCT FROM earlier.value);
        answer.accepted := true;
        answer.act := act;
        answer.dwelling_id := fact.dwelling_id;
        answer.residence_id := fact.residence_id;
        answer.record_id := key;
        answer.state := 'settled';
        RETURN answer;
    END $$;
COMMENT ON FUNCTION registry.settle_conflict(text, jsonb) IS 'The act behind api.settle_conflict() (冲突裁决)';

CREATE OR REPLACE FUNCTION registry.start_sweep(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET jit = off
    AS $$
    DECLARE
        home   CONSTANT division_code := (arguments ->> 'division')::division_code;
        starts CONSTANT date := COALESCE((arguments ->> 'starts_on')::date, today());
        ends   CONSTANT date := (arguments ->> 'ends_on')::date;
        states CONSTANT text[] := ARRAY(SELECT jsonb_array_elements_text(COALESCE(arguments -> 'let_states', '["let", "lettable"]')));
        wanted CONSTANT text[] := ARRAY(SELECT jsonb_array_elements_text(arguments -> 'categories'));
        answer api.answer;
    BEGIN
        PERFORM registry.require_argument(act, arguments, name) FROM unnest('{name,division,ends_on}'::text[]) AS name;
        IF ends < starts THEN
            PERFORM refuse('RG266', ARRAY['registry.sweep', concat_ws(' – ', starts, ends)], 'registry.sweep', 'period');
        END IF;
        INSERT INTO registry.sweep (name, division, period)
        VALUES (arguments ->> 'name', home, daterange(starts, ends + 1))
        RETURNING sweep_id INTO answer.record_id;
        -- rooms rather than the building that they are in
        INSERT INTO registry.patrol_task (dwelling_id, kind, sweep_id, opened_on, due_on)
        SELECT d.dwelling_id, 'sweep', answer.record_id, starts, ends
        FROM registry.dwelling d
        WHERE d.division <@ home AND d.let_state = ANY (states)
          AND NOT EXISTS (SELECT FROM registry.dwelling part WHERE part.parent_id = d.dwelling_id)
          AND (wanted = '{}' OR EXISTS (SELECT FROM registry.dwelling_category c
                                        WHERE c.dwelling_id = d.dwelling_id AND c.period @> starts AND c.category = ANY (wanted)));
        IF NOT FOUND THEN
            PERFORM refuse('RG276', ARRAY[home::text], 'registry.sweep', 'division');
        END IF;
        answer.accepted := true;
        answer.act := act;
        answer.state := 'open';
        RETURN answer;
    END $$;
COMMENT ON FUNCTION registry.start_sweep(text, jsonb) IS 'The act behind api.start_sweep() (发起清查)';
