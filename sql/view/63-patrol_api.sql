-- What phones and applications of grid staff call.

CREATE OR REPLACE FUNCTION api.record_visit(
        dwelling_id bigint, staff_person_id bigint, outcome text, started_at timestamptz DEFAULT NULL,
        ended_at timestamptz DEFAULT NULL, longitude double precision DEFAULT NULL, latitude double precision DEFAULT NULL,
        accuracy numeric DEFAULT NULL, location_datum text DEFAULT NULL, track jsonb DEFAULT NULL,
        findings jsonb DEFAULT NULL, photos jsonb DEFAULT NULL, note text DEFAULT NULL, patrol_task_id bigint DEFAULT NULL,
        visit_uuid uuid DEFAULT NULL, device_uuid uuid DEFAULT NULL, request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('record_visit', jsonb_build_object(
            'dwelling_id', dwelling_id, 'staff_person_id', staff_person_id, 'outcome', outcome, 'started_at', started_at,
            'ended_at', ended_at, 'longitude', longitude, 'latitude', latitude, 'accuracy', accuracy,
            'location_datum', location_datum, 'track', track, 'findings', findings, 'photos', photos, 'note', note,
            'patrol_task_id', patrol_task_id, 'visit_uuid', visit_uuid, 'device_uuid', device_uuid),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.record_visit(bigint, bigint, text, timestamptz, timestamptz, double precision, double precision, numeric, text, jsonb, jsonb, jsonb, text, bigint, uuid, uuid, uuid, boolean) IS
    'Records a visit to a dwelling (走访登记). dwelling_id; staff_person_id: grid staff on that day; outcome: list visit_outcome, of which met, vacant and wrong_address do the tasks of the dwelling; started_at, NULL is now, ended_at; longitude, latitude in degrees of location_datum (cgcs2000, gcj02 …), accuracy in metres; track: [[longitude, latitude, seconds since 1970], …]; findings: codes of list visit_finding; photos: [{"uri", "sha256"}]; visit_uuid: the phone''s number, the same again changes nothing. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, the visit''s key, state taken or known, warning far_from_dwelling. Errors: RG006, RG011, RG080, RG085, RG125, RG267, RG269-RG271, RG273, RG280';

CREATE OR REPLACE FUNCTION api.sync_item(
        uuid uuid, kind text, at timestamptz, "values" jsonb, staff_person_id bigint, dwelling_id bigint DEFAULT NULL,
        residence_id bigint DEFAULT NULL, seen_version uuid[] DEFAULT NULL, device_uuid uuid DEFAULT NULL,
        request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('sync_item', jsonb_build_object(
            'uuid', uuid, 'kind', kind, 'at', at, 'values', "values", 'staff_person_id', staff_person_id, 'dwelling_id', dwelling_id,
            'residence_id', residence_id, 'seen_version', seen_version, 'device_uuid', device_uuid),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.sync_item(uuid, text, timestamptz, jsonb, bigint, bigint, bigint, uuid[], uuid, uuid, boolean) IS
    'Takes one item of a phone (离线数据上传,单项). uuid: its own number; kind: visit (values: those of api.record_visit()), dwelling_fact (values: rental_kind, let_state, usable_area, letting_category of dwelling_id) or residence_fact (values: {"presence": "there"} or "gone" of residence_id: an observation, nothing is closed by it); at: when it was so; staff_person_id; seen_version: what the phone knew of, as api.my_tasks() told it, and its own items since. Answers state taken, known (it has come before), conflict (record_id: somebody is to settle it) or decided (by policy patrol_conflict). The end is the same in whatever order items come. Errors: RG010-RG012, RG082, RG083, RG085, RG267, RG269, RG273, RG278, those of api.record_visit()';

CREATE OR REPLACE FUNCTION api.sync_patrol(batch jsonb, request_id uuid DEFAULT NULL)
    RETURNS SETOF api.batch_answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    SET jit = off
    AS $$
    DECLARE
        head  CONSTANT jsonb := CASE WHEN jsonb_typeof(batch) = 'object' THEN batch - 'items' ELSE '{}' END;
        items CONSTANT jsonb := CASE WHEN jsonb_typeof(batch) = 'object' THEN batch -> 'items' ELSE batch END;
        whole jsonb;
    BEGIN
        IF jsonb_typeof(items) IS DISTINCT FROM 'array' THEN
            PERFORM refuse('RG081', ARRAY[COALESCE(jsonb_typeof(items), 'nothing')]);
        END IF;
        -- Two phones may hold the same dwellings in different orders: both lock them in one.
        PERFORM dwelling_lock(ARRAY(
            SELECT (i ->> 'dwelling_id')::bigint FROM jsonb_array_elements(items) AS i WHERE i ->> 'dwelling_id' ~ '^[0-9]{1,18}$'
            UNION
            SELECT r.dwelling_id
            FROM jsonb_array_elements(items) AS i
            JOIN registry.residence r ON r.residence_id = CASE WHEN i ->> 'residence_id' ~ '^[0-9]{1,18}$' THEN (i ->> 'residence_id')::bigint END));
        SELECT jsonb_agg(CASE jsonb_typeof(i) WHEN 'object' THEN head || i ELSE i END ORDER BY n) INTO whole
        FROM jsonb_array_elements(items) WITH ORDINALITY AS t (i, n);
        RETURN QUERY SELECT * FROM api.submit('sync_item', COALESCE(whole, '[]'), request_id);
    END $$;
COMMENT ON FUNCTION api.sync_patrol(jsonb, uuid) IS
    'Takes what a phone did without a network (离线巡查数据上传). batch: an array of items, the parameters of api.sync_item(); or {"device_uuid", "staff_person_id", "items": […]}, whose head counts for all. A row for each item in their order: taken, known, conflict, decided, or refused with code and text – a refused item stays on the phone and may be sent again. Safe to send twice, in any order and any parts; the end is the same. request_id: number of the client''s for the whole batch. Errors: RG080, RG081; in rows those of api.sync_item()';

CREATE OR REPLACE FUNCTION api.settle_conflict(
        conflict_id bigint, choice text, reason text, request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('settle_conflict', jsonb_build_object('conflict_id', conflict_id, 'choice', choice, 'reason', reason),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.settle_conflict(bigint, text, text, uuid, boolean) IS
    'Settles a conflict of observations (冲突裁决), also one that a rule has decided. conflict_id, see api.conflict; choice: earlier, later, or neither (what is in force stays); reason in words. A third observation that contradicts is asked about anew. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Errors: RG080, RG083, RG085, RG125, RG274, and what the register''s rules have against the value';

CREATE OR REPLACE FUNCTION api.start_sweep(
        name text, division text, ends_on date, starts_on date DEFAULT NULL, let_states text[] DEFAULT NULL,
        categories text[] DEFAULT NULL, request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('start_sweep', jsonb_build_object('name', name, 'division', division, 'ends_on', ends_on,
            'starts_on', starts_on, 'let_states', let_states, 'categories', categories),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.start_sweep(text, text, date, date, text[], text[], uuid, boolean) IS
    'Starts a sweep and freezes its list (发起集中清查): a task for every dwelling without parts in a division and all beneath whose let_state is one of let_states (let, lettable) and whose letting category one of categories (NULL: any), from starts_on, NULL is today, to ends_on, the last day. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, the sweep''s key. Errors: RG080, RG085, RG125, RG266, RG276; 22P02 no division, 23503 an unknown one';

CREATE OR REPLACE FUNCTION api.my_tasks(grid_id bigint DEFAULT NULL, staff_person_id bigint DEFAULT NULL, "on" date DEFAULT residency.today())
    RETURNS TABLE (
        patrol_task_id bigint, kind text, kind_name text, sweep_id bigint, dwelling_id bigint, address text, division text,
        task_grid_id bigint, longitude double precision, latitude double precision, opened_on date, due_on date, late_days integer,
        last_visit_on date, category text, facts jsonb, residents jsonb, seen_version uuid[])
    LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
    SECURITY DEFINER
    SET search_path FROM CURRENT
    SET jit = off
    AS $$
    #variable_conflict use_column
    BEGIN
        PERFORM note_asked('api.my_tasks', jsonb_strip_nulls(jsonb_build_object('grid_id', my_tasks.grid_id, 'staff_person_id', my_tasks.staff_person_id, 'on', my_tasks."on")));
        RETURN QUERY
            SELECT t.patrol_task_id, t.kind, (SELECT v.name FROM code.value v WHERE v.list = 'patrol_kind' AND v.code = t.kind),
                   t.sweep_id, d.dwelling_id, d.address, d.division::text, d.grid_id, ST_X(s.place), ST_Y(s.place),
                   t.opened_on, t.due_on, greatest(my_tasks."on" - t.due_on, 0), registry.last_visit(d.dwelling_id, my_tasks."on"),
                   (SELECT c.category FROM registry.dwelling_category c WHERE c.dwelling_id = d.dwelling_id AND c.period @> my_tasks."on"),
                   jsonb_build_object('rental_kind', d.rental_kind, 'let_state', d.let_state, 'usable_area', d.usable_area),
                   (SELECT COALESCE(jsonb_agg(jsonb_build_object('residence_id', r.residence_id, 'name', shown('name', p.name, p.person_id, 'api.my_tasks'),
                                                                 'arrived_on', r.arrived_on)
                                              ORDER BY r.residence_id), '[]')
                    FROM registry.residence r JOIN registry.person p ON p.person_id = r.person_id
                    WHERE r.dwelling_id = d.dwelling_id AND residence_is_current(r.state) AND r.person_id <> ALL ((SELECT registry.withheld_persons())::bigint[])),
                   ARRAY(SELECT DISTINCT version
                         FROM registry.fact f CROSS JOIN unnest(f.versions) AS version
                         WHERE f.dwelling_id = d.dwelling_id
                            OR f.residence_id IN (SELECT r.residence_id FROM registry.residence r WHERE r.dwelling_id = d.dwelling_id)
                         ORDER BY version)
            FROM registry.patrol_task t
            JOIN registry.dwelling d ON d.dwelling_id = t.dwelling_id
            JOIN registry.dwelling_standing s ON s.dwelling_id = d.dwelling_id
            WHERE t.state = 'open' AND t.opened_on <= my_tasks."on" AND acts_in(d.division)
              AND d.grid_id IN (SELECT my_tasks.grid_id
                                UNION ALL
                                SELECT g.grid_id FROM registry.grid_staff g
                                WHERE g.person_id = my_tasks.staff_person_id AND g.period @> my_tasks."on")
            ORDER BY t.due_on, t.patrol_task_id;
    END $$;
COMMENT ON FUNCTION api.my_tasks(bigint, bigint, date) IS
    'Open tasks of a grid, or of the grids of somebody on a day, for the phone to take along (我的巡查任务): with the dwelling, what the register says of it (facts), who lives there (residents), and seen_version, which goes back with every item of api.sync_patrol() about this dwelling. Tasks follow their dwelling when grids are redrawn; late_days: 0 while there is time';
