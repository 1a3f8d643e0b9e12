-- The acts on divisions: renaming, recoding, merging and splitting.

CREATE OR REPLACE FUNCTION registry.division_answer(act text, entry code.division_act)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        PERFORM registry.take_division_acts();
        RETURN registry.act_answer(act, entry.division_act_id);
    END $$;
COMMENT ON FUNCTION registry.division_answer(text, code.division_act) IS
    'Lets a change of divisions take effect if its day has come, and answers for it (区划变更办理结果)';

CREATE OR REPLACE FUNCTION registry.rename_division(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        effective_on CONSTANT date := registry.open_boundaries(act, arguments, 'division', 'name');
        before       code.division;
        after        code.division;
        entry        code.division_act;
    BEGIN
        before := registry.changeable_division(arguments ->> 'division', effective_on);
        after := before;
        after.name := btrim(arguments ->> 'name');
        entry := registry.enter_division_act('rename', effective_on, arguments ->> 'reason');
        PERFORM registry.succeed_division('rename', before, after, entry, false);
        RETURN registry.division_answer(act, entry);
    END $$;
COMMENT ON FUNCTION registry.rename_division(text, jsonb) IS 'The act behind api.rename_division() (区划更名)';

CREATE OR REPLACE FUNCTION registry.recode_division(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        effective_on CONSTANT date := registry.open_boundaries(act, arguments, 'division', 'new_division');
        before       code.division;
        entry        code.division_act;
    BEGIN
        before := registry.changeable_division(arguments ->> 'division', effective_on);
        entry := registry.enter_division_act('recode', effective_on, arguments ->> 'reason');
        PERFORM registry.succeed_division('recode', before,
            registry.begin_division(arguments ->> 'new_division', before, COALESCE(arguments ->> 'name', before.name), entry), entry, true);
        RETURN registry.division_answer(act, entry);
    END $$;
COMMENT ON FUNCTION registry.recode_division(text, jsonb) IS 'The act behind api.recode_division() (区划代码变更)';

CREATE OR REPLACE FUNCTION registry.merge_divisions(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        effective_on CONSTANT date := registry.open_boundaries(act, arguments, 'divisions', 'into_division');
        codes        CONSTANT division_code[] := ARRAY(SELECT DISTINCT c::division_code FROM jsonb_array_elements_text(
                                                     CASE jsonb_typeof(arguments -> 'divisions') WHEN 'array' THEN arguments -> 'divisions' ELSE '[]' END) AS c);
        before       code.division[];
        after        code.division;
        entry        code.division_act;
    BEGIN
        IF cardinality(codes) < 2 THEN
            PERFORM refuse('RG249', ARRAY[cardinality(codes)::text], 'code.division', 'division');
        END IF;
        entry := registry.enter_division_act('merge', effective_on, arguments ->> 'reason');
        before := ARRAY(SELECT registry.changeable_division(c::text, effective_on) FROM unnest(codes) AS c ORDER BY c);
        SELECT b.* INTO after FROM unnest(before) AS b WHERE b.division = (arguments ->> 'into_division')::division_code;
        IF NOT FOUND THEN
            after := registry.begin_division(arguments ->> 'into_division', before[1], COALESCE(arguments ->> 'name', before[1].name), entry);
        END IF;
        FOR n IN 1..cardinality(before) LOOP
            IF before[n].level <> after.level THEN
                PERFORM refuse('RG256', ARRAY[before[n].division::text, after.division::text], 'code.division', 'division');
            END IF;
            PERFORM registry.succeed_division('merge', before[n], after, entry, before[n].division <> after.division);
        END LOOP;
        -- the one that takes up the others may get another name with it
        IF arguments ->> 'name' <> after.name THEN
            before[1] := after;
            after.name := arguments ->> 'name';
            PERFORM registry.succeed_division('rename', before[1], after, entry, false);
        END IF;
        RETURN registry.division_answer(act, entry);
    END $$;
COMMENT ON FUNCTION registry.merge_divisions(text, jsonb) IS 'The act behind api.merge_divisions() (区划合并)';

CREATE OR REPLACE FUNCTION registry.split_division(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        at           CONSTANT text := 'code.division';
        effective_on CONSTANT date := registry.open_boundaries(act, arguments, 'division');
        parts        CONSTANT jsonb := CASE WHEN jsonb_path_exists(arguments -> 'parts',
                                           'strict $[*] ? (@.division.type() == "string" && @.name.type() == "string" && @.members.type() == "array")')
                                       THEN arguments -> 'parts' ELSE '[]' END;
        before       code.division;
        beneath      text[];
        named        text[] := ARRAY[]::text[];
        wrong        text;
        part         jsonb;
        place        integer := 0;
        entry        code.division_act;
    BEGIN
        before := registry.changeable_division(arguments ->> 'division', effective_on);
        IF jsonb_array_length(parts) < 1 THEN
            PERFORM refuse('RG258', ARRAY['parts', before.division::text], at, 'division');
        END IF;
        IF before.level = 5 THEN
            beneath := ARRAY(SELECT g.grid_code FROM registry.grid g WHERE g.division = before.division AND g.period @> effective_on AND g.kind = 'management');
        ELSE
            beneath := ARRAY(SELECT d.division::text FROM code.division d WHERE d.parent = before.division AND d.period @> effective_on);
        END IF;
        FOR part IN SELECT p FROM jsonb_array_elements(parts) AS p LOOP
            named := named || ARRAY(SELECT jsonb_array_elements_text(part -> 'members'));
        END LOOP;
        SELECT n INTO wrong FROM unnest(named) AS n GROUP BY n HAVING count(*) > 1 OR n <> ALL (beneath) ORDER BY n LIMIT 1;
        IF FOUND THEN
            PERFORM refuse('RG258', ARRAY[left(wrong, 20), before.division::text], at, 'division');
        END IF;
        entry := registry.enter_division_act('split', effective_on, arguments ->> 'reason');
        FOR part IN SELECT p FROM jsonb_array_elements(parts) AS p LOOP
            place := place + 1;
            -- where nothing is left the old one ends, and the last part takes what belongs to no member
            PERFORM registry.succeed_division('split', before,
                registry.begin_division(part ->> 'division', before, part ->> 'name', entry),
                entry, named @> beneath AND place = jsonb_array_length(parts),
                ARRAY(SELECT jsonb_array_elements_text(part -> 'members')));
        END LOOP;
        RETURN registry.division_answer(act, entry);
    END $$;
COMMENT ON FUNCTION registry.split_division(text, jsonb) IS 'The act behind api.split_division() (区划拆分)';

CREATE OR REPLACE FUNCTION registry.call_off_division_act(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        entry    code.division_act;
        follower code.division_act;
    BEGIN
        PERFORM registry.open_boundaries(act, arguments, 'division_act_id');
        SELECT * INTO entry FROM code.division_act a WHERE a.division_act_id = (arguments ->> 'division_act_id')::bigint FOR NO KEY UPDATE;
        IF NOT FOUND THEN
            PERFORM refuse('RG305', ARRAY[arguments ->> 'division_act_id'], 'code.division_act', 'division_act_id');
        END IF;
        SELECT later.* INTO follower
        FROM code.division_lineage own
        JOIN code.division_lineage l
          ON l.from_division IN (own.from_division, own.to_division) OR l.to_division IN (own.from_division, own.to_division)
             -- what was entered beneath a code that begins
          OR own.from_division <> own.to_division AND l.to_division <@ own.to_division
        JOIN code.division_act later ON later.division_act_id = l.division_act_id
        WHERE own.division_act_id = entry.division_act_id AND later.division_act_id <> entry.division_act_id
          AND later.effective_on >= entry.effective_on AND later.called_off_at IS NULL
        ORDER BY later.effective_on DESC, later.division_act_id DESC
        LIMIT 1;
        PERFORM registry.check_recall(entry.division_act_id, entry.effective_on, entry.taken_at, entry.called_off_at,
                                      follower.division_act_id, follower.effective_on, 'code.division_act');

        UPDATE code.division_act a
        SET called_off_at = now(), called_off_by = residency.actor(), called_off_reason = arguments ->> 'reason'
        WHERE a.division_act_id = entry.division_act_id;
        -- a code that would have begun means what it did before, or is in use on no day
        UPDATE code.division d
        SET parent = COALESCE(was.parent, d.parent), name = COALESCE(was.name, d.name), heading = COALESCE(was.heading, d.heading),
            period = COALESCE(was.period, 'empty'), superseded_by = was.superseded_by, source = COALESCE(was.source, d.source)
        FROM code.division_lineage l
        LEFT JOIN code.division_lineage r ON r.division_act_id = l.division_act_id AND r.kind = 'reuse' AND r.to_division = l.to_division
        CROSS JOIN LATERAL jsonb_populate_record(NULL::code.division, r.former) AS was
        WHERE l.division_act_id = entry.division_act_id AND l.from_division <> l.to_division
          AND d.division = l.to_division AND lower(d.period) = entry.effective_on;
        RETURN registry.act_answer(act, entry.division_act_id);
    END $$;
COMMENT ON FUNCTION registry.call_off_division_act(text, jsonb) IS 'The act behind api.call_off_division_act() (撤回区划变更)';

CREATE OR REPLACE VIEW api.division_act AS
SELECT a.division_act_id, a.kind, a.effective_on, a.reason,
       ARRAY(SELECT DISTINCT l.from_division FROM code.division_lineage l
             WHERE l.division_act_id = a.division_act_id AND l.kind <> 'reuse' ORDER BY 1)::text[] AS before,
       ARRAY(SELECT DISTINCT l.to_division FROM code.division_lineage l
             WHERE l.division_act_id = a.division_act_id AND l.kind <> 'reuse' ORDER BY 1)::text[] AS after,
       a.actor, a.recorded_at, a.taken_at, a.called_off_at, a.called_off_by, a.called_off_reason
FROM code.division_act a;
COMMENT ON VIEW api.division_act IS 'Acts that changed divisions, will, or were called off (区划变更记录); what each did stands in code.division_lineage';
COMMENT ON COLUMN api.division_act.division_act_id IS 'Key (变更编号)';
COMMENT ON COLUMN api.division_act.kind IS 'What was done, list lineage_kind (变更类型)';
COMMENT ON COLUMN api.division_act.effective_on IS 'First day on which it holds (生效日期)';
COMMENT ON COLUMN api.division_act.reason IS 'Why (变更原因)';
COMMENT ON COLUMN api.division_act.before IS 'Codes before, with all beneath that went along (原区划代码)';
COMMENT ON COLUMN api.division_act.after IS 'Codes after (新区划代码)';
COMMENT ON COLUMN api.division_act.actor IS 'Role that entered it (登记人)';
COMMENT ON COLUMN api.division_act.recorded_at IS 'When it was entered (登记时间)';
COMMENT ON COLUMN api.division_act.taken_at IS 'When it took effect in the register (执行时间)';
COMMENT ON COLUMN api.division_act.called_off_at IS 'When it was called off (撤回时间)';
COMMENT ON COLUMN api.division_act.called_off_by IS 'Role that called it off (撤回人)';
COMMENT ON COLUMN api.division_act.called_off_reason IS 'Why it was called off (撤回原因)';
