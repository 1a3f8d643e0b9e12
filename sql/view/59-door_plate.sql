-- Door plates: applied for, decided, replaced, cancelled. The triggers of registry.door_plate decide.

CREATE OR REPLACE FUNCTION registry.door_plate_answer(act text, plate registry.door_plate)
    RETURNS api.answer
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        answer api.answer;
    BEGIN
        answer.accepted := true;
        answer.act := act;
        answer.record_id := plate.door_plate_id;
        answer.state := plate.state;
        RETURN answer;
    END $$;
COMMENT ON FUNCTION registry.door_plate_answer(text, registry.door_plate) IS 'How an act answers with a door plate (办理结果)';

CREATE OR REPLACE FUNCTION registry.named_door_plate(act text, arguments jsonb)
    RETURNS registry.door_plate
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    AS $$
    DECLARE
        plate registry.door_plate;
    BEGIN
        PERFORM registry.require_argument(act, arguments, 'door_plate_id');
        -- who waited here for another clerk decides on what that one has left
        SELECT * INTO plate FROM registry.door_plate p WHERE p.door_plate_id = (arguments ->> 'door_plate_id')::bigint FOR NO KEY UPDATE;
        IF NOT FOUND THEN
            PERFORM refuse('RG219', ARRAY[arguments ->> 'door_plate_id'], 'registry.door_plate', 'door_plate_id');
        END IF;
        RETURN plate;
    END $$;
COMMENT ON FUNCTION registry.named_door_plate(text, jsonb) IS
    'The door plate that the argument door_plate_id names, locked (门牌定位): RG085, RG219';

CREATE OR REPLACE FUNCTION registry.step_door_plate(
        plate registry.door_plate, to_state text, "on" date, reason text, replaced_by_id bigint DEFAULT NULL)
    RETURNS registry.door_plate
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    AS $$
    DECLARE
        ends    CONSTANT boolean := to_state IN ('replaced', 'cancelled');
        changed registry.door_plate;
    BEGIN
        IF to_state = plate.state THEN
            PERFORM refuse('RG217', ARRAY[plate.door_plate_id::text, plate.state, to_state], 'registry.door_plate', 'state');
        END IF;
        IF plate.state = 'applied' AND plate.clock_id IS NOT NULL THEN
            PERFORM registry.clock_step(plate.clock_id, 'stop', COALESCE("on", today()));
        END IF;
        UPDATE registry.door_plate p
        SET state = to_state,
            decided_on = CASE WHEN ends THEN p.decided_on ELSE COALESCE("on", today()) END,
            ended_on = CASE WHEN ends THEN COALESCE("on", today()) END,
            reason = COALESCE(step_door_plate.reason, p.reason),
            replaced_by_id = step_door_plate.replaced_by_id
        WHERE p.door_plate_id = plate.door_plate_id
        RETURNING * INTO changed;
        RETURN changed;
    END $$;
COMMENT ON FUNCTION registry.step_door_plate(registry.door_plate, text, date, text, bigint) IS
    'Takes a door plate to another state (门牌状态变更) and stops the clock of its application; the triggers of registry.door_plate decide. RG217 it has that state already';

CREATE OR REPLACE FUNCTION registry.free_door_plate(division division_code, road text, number text)
    RETURNS registry.door_plate
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    AS $$
    DECLARE
        plate registry.door_plate;
    BEGIN
        SELECT * INTO plate FROM registry.door_plate p
        WHERE p.address = door_plate_address($1, $2, $3)
          AND p.state NOT IN ('replaced', 'cancelled')
        FOR NO KEY UPDATE;
        RETURN plate;
    END $$;
COMMENT ON FUNCTION registry.free_door_plate(division_code, text, text) IS
    'The plate that has a number of a road now, locked; NULL where nobody has it (号段占用查询)';

CREATE OR REPLACE FUNCTION registry.apply_door_plate(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        entry registry.door_plate := jsonb_populate_record(NULL::registry.door_plate, arguments);
        plate registry.door_plate;
        clock bigint;
    BEGIN
        PERFORM registry.require_argument(act, arguments, name) FROM unnest('{division,road,number}'::text[]) AS name;
        entry.state := COALESCE(entry.state, 'applied');
        entry.applied_on := COALESCE(entry.applied_on, today());
        IF entry.state = 'applied' THEN
            plate := registry.free_door_plate(entry.division, entry.road, entry.number);
        END IF;
        IF plate.state = 'reserved' THEN
            UPDATE registry.door_plate p SET state = 'applied', applied_on = entry.applied_on WHERE p.door_plate_id = plate.door_plate_id
            RETURNING * INTO plate;
        ELSE
            INSERT INTO registry.door_plate (division, road, number, state, applied_on, reason)
            VALUES (entry.division, entry.road, entry.number, entry.state, entry.applied_on, entry.reason)
            RETURNING * INTO plate;
        END IF;
        IF plate.state = 'applied' THEN
            clock := registry.start_clock('door_plate_decision', plate.division, plate.applied_on);
            UPDATE registry.door_plate p SET clock_id = clock WHERE p.door_plate_id = plate.door_plate_id;
        END IF;
        RETURN registry.door_plate_answer(act, plate);
    END $$;
COMMENT ON FUNCTION registry.apply_door_plate(text, jsonb) IS 'The act behind api.apply_door_plate() (门牌申请)';

CREATE OR REPLACE FUNCTION registry.decide_door_plate(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        outcome CONSTANT text := COALESCE(arguments ->> 'outcome', 'active');
    BEGIN
        IF outcome NOT IN ('active', 'temporary', 'cancelled') THEN
            PERFORM refuse('RG083', ARRAY['outcome', 'active, temporary or cancelled']);
        END IF;
        RETURN registry.door_plate_answer(act, registry.step_door_plate(
            registry.named_door_plate(act, arguments), outcome, (arguments ->> 'decided_on')::date, arguments ->> 'reason'));
    END $$;
COMMENT ON FUNCTION registry.decide_door_plate(text, jsonb) IS 'The act behind api.decide_door_plate() (门牌确认)';

CREATE OR REPLACE FUNCTION registry.replace_door_plate(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        old     CONSTANT registry.door_plate := registry.named_door_plate(act, arguments);
        changed CONSTANT date := COALESCE((arguments ->> 'replaced_on')::date, today());
        road    CONSTANT text := COALESCE(arguments ->> 'road', old.road);
        plate   registry.door_plate;
    BEGIN
        PERFORM registry.require_argument(act, arguments, 'number');
        plate := registry.free_door_plate(old.division, road, arguments ->> 'number');
        IF plate.door_plate_id IS NULL THEN
            INSERT INTO registry.door_plate (division, road, number, state, applied_on)
            VALUES (old.division, road, arguments ->> 'number', 'active', changed)
            RETURNING * INTO plate;
        ELSIF plate.state IN ('reserved', 'temporary') AND plate.door_plate_id <> old.door_plate_id THEN
            plate := registry.step_door_plate(plate, 'active', changed, NULL);
        ELSIF plate.state <> 'active' OR plate.door_plate_id = old.door_plate_id THEN
            PERFORM refuse('RG220', ARRAY[old.door_plate_id::text, plate.door_plate_id::text, plate.state], 'registry.door_plate', 'replaced_by_id');
        END IF;
        PERFORM registry.step_door_plate(old, 'replaced', changed, arguments ->> 'reason', plate.door_plate_id);
        RETURN registry.door_plate_answer(act, plate);
    END $$;
COMMENT ON FUNCTION registry.replace_door_plate(text, jsonb) IS 'The act behind api.replace_door_plate() (门牌变更)';

CREATE OR REPLACE FUNCTION registry.cancel_door_plate(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN registry.door_plate_answer(act, registry.step_door_plate(
            registry.named_door_plate(act, arguments), 'cancelled', (arguments ->> 'cancelled_on')::date, arguments ->> 'reason'));
    END $$;
COMMENT ON FUNCTION registry.cancel_door_plate(text, jsonb) IS 'The act behind api.cancel_door_plate() (门牌注销)';

CREATE OR REPLACE FUNCTION api.apply_door_plate(
        division text, road text, number text, state text DEFAULT 'applied', applied_on date DEFAULT NULL,
        reason text DEFAULT NULL, request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('apply_door_plate', jsonb_build_object(
            'division', division, 'road', road, 'number', number, 'state', state, 'applied_on', applied_on,
            'reason', reason),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.apply_door_plate(text, text, text, text, date, text, uuid, boolean) IS
    'Applies for a house number (门牌申请; 江门市门楼号牌管理条例), or enters one that is there. division: code of the village or community; road, or the village group; number: 12号, 12号之3; state: applied; reserved keeps it for a gap; active or temporary, this with a reason, for numbers that houses have already; applied_on, NULL is today. An application for a reserved number takes it. Starts the time limit of the decision, policy door_plate_decision. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, the plate''s key, and state. Errors: RG006, RG053, RG080, RG085, RG215-RG217, RG221, RG222, and RG100 where the calendar of a year is missing';

CREATE OR REPLACE FUNCTION api.decide_door_plate(
        door_plate_id bigint, outcome text DEFAULT 'active', decided_on date DEFAULT NULL, reason text DEFAULT NULL,
        request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('decide_door_plate', jsonb_build_object(
            'door_plate_id', door_plate_id, 'outcome', outcome, 'decided_on', decided_on, 'reason', reason),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.decide_door_plate(bigint, text, date, text, uuid, boolean) IS
    'Decides on an application for a house number, or makes a temporary one permanent (门牌确认). door_plate_id; outcome: active, temporary or cancelled (refused), the latter two with a reason; decided_on, NULL is today. Dwellings at that number have the plate from then on. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id and state. Errors: RG080, RG083, RG085, RG217, RG219, RG221, RG222';

CREATE OR REPLACE FUNCTION api.replace_door_plate(
        door_plate_id bigint, number text, road text DEFAULT NULL, replaced_on date DEFAULT NULL, reason text DEFAULT NULL,
        request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('replace_door_plate', jsonb_build_object(
            'door_plate_id', door_plate_id, 'number', number, 'road', road, 'replaced_on', replaced_on, 'reason', reason),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.replace_door_plate(bigint, text, text, date, text, uuid, boolean) IS
    'Gives a house another number (门牌变更; 江门市门楼号牌管理条例). door_plate_id; number; road if it changes too; replaced_on, NULL is today; reason. The new number is made, or is a reserved one, or that of a house it is now one with; the old one is archived, leads to it, and its dwellings follow. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, the key of the new plate, and its state. Errors: RG080, RG085, RG216, RG217, RG219, RG220, RG222';

CREATE OR REPLACE FUNCTION api.cancel_door_plate(
        door_plate_id bigint, reason text, cancelled_on date DEFAULT NULL, request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('cancel_door_plate', jsonb_build_object(
            'door_plate_id', door_plate_id, 'reason', reason, 'cancelled_on', cancelled_on),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.cancel_door_plate(bigint, text, date, uuid, boolean) IS
    'Cancels a house number (门牌注销; 江门市门楼号牌管理条例): it is archived, and can be given again. door_plate_id; reason in words; cancelled_on, NULL is today. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id and state. Errors: RG080, RG085, RG217, RG219, RG221, RG222';

CREATE OR REPLACE VIEW api.door_plate AS
SELECT p.door_plate_id, p.division::text AS division, full_address(p.address) AS address, p.road, p.number, p.state,
       (SELECT v.name FROM code.value v WHERE v.list = 'door_plate_state' AND v.code = p.state) AS state_name,
       p.applied_on, c.due_on AS decide_by, p.decided_on, p.ended_on, p.replaced_by_id, p.reason,
       (SELECT count(*) FROM registry.dwelling d WHERE d.door_plate_id = p.door_plate_id) AS dwellings
FROM registry.door_plate p
LEFT JOIN registry.clock c ON c.clock_id = p.clock_id;
COMMENT ON VIEW api.door_plate IS 'House numbers of today and before (门楼号牌). Source: registry.door_plate';
COMMENT ON COLUMN api.door_plate.door_plate_id IS 'Key of the plate (门牌编号)';
COMMENT ON COLUMN api.door_plate.division IS 'Village-level division (区划代码)';
COMMENT ON COLUMN api.door_plate.address IS 'Whole address of the plate (门牌地址)';
COMMENT ON COLUMN api.door_plate.road IS 'Road, lane or village group as entered (街路巷、村组)';
COMMENT ON COLUMN api.door_plate.number IS 'Number as entered (门牌号)';
COMMENT ON COLUMN api.door_plate.state IS 'State, list door_plate_state (门牌状态)';
COMMENT ON COLUMN api.door_plate.state_name IS 'The same in words (门牌状态名称)';
COMMENT ON COLUMN api.door_plate.applied_on IS 'Day of the application or entry (申请日期)';
COMMENT ON COLUMN api.door_plate.decide_by IS 'Last day for the decision (确认期限)';
COMMENT ON COLUMN api.door_plate.decided_on IS 'Day of the decision (确认日期)';
COMMENT ON COLUMN api.door_plate.ended_on IS 'Day on which it was replaced or cancelled (变更、注销日期)';
COMMENT ON COLUMN api.door_plate.replaced_by_id IS 'What the house has instead (新门牌)';
COMMENT ON COLUMN api.door_plate.reason IS 'Why, in words (原因)';
COMMENT ON COLUMN api.door_plate.dwellings IS 'How many dwellings have it (房屋数)';
