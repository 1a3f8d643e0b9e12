-- Splitting, merging, renaming and recoding divisions. Everything beneath follows: divisions, grids, dwellings, current residences.
-- At the entry the new codes begin and the lineage is written; dwellings and grids follow on the day itself.

CREATE OR REPLACE FUNCTION registry.changeable_division(code text, effective_on date)
    RETURNS code.division
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        entry code.division;
        last  date;
    BEGIN
        SELECT * INTO entry FROM code.division d WHERE d.division = changeable_division.code::division_code;
        IF NOT FOUND OR NOT (entry.period @> effective_on AND upper_inf(entry.period)) THEN
            PERFORM refuse('RG255', ARRAY[left(code, 20), effective_on::text], 'code.division', 'division');
        END IF;
        SELECT max(change.day) INTO last
        FROM (
            SELECT lower(entry.period) AS day
            UNION ALL
            SELECT l.effective_on FROM code.division_lineage l WHERE l.from_division <@ entry.division OR l.to_division <@ entry.division
        ) AS change
        WHERE change.day >= effective_on;
        IF last IS NOT NULL THEN
            PERFORM refuse('RG248', ARRAY[entry.division::text, last::text, effective_on::text], 'code.division', 'division');
        END IF;
        RETURN entry;
    END $$;
COMMENT ON FUNCTION registry.changeable_division(text, date) IS
    'A division that can be changed from a day on (可变更的区划): RG255 it is not in use then, or its end is set, RG248 it or what is beneath changes on that day or after it';

CREATE OR REPLACE FUNCTION registry.free_division(above division_code, like_it division_code, own bigint)
    RETURNS division_code
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        step  CONSTANT bigint := CASE level(like_it) WHEN 5 THEN 1 WHEN 4 THEN 1000 WHEN 3 THEN 1000000 ELSE 100000000 END;
        place CONSTANT bigint := own / step;
        -- kinds of townships and villages have ranges of their own
        class CONSTANT int8range := CASE
            WHEN level(like_it) < 4 THEN int8range(place, place + 1)
            WHEN place < 100 AND level(like_it) = 4 THEN '[1,100)'
            WHEN place < 200 THEN int8range(CASE level(like_it) WHEN 4 THEN 100 ELSE 1 END, 200)
            WHEN place < 400 THEN '[200,400)'
            ELSE int8range(place / 100 * 100, place / 100 * 100 + 100) END;
        free  division_code;
    BEGIN
        SELECT (above::bigint + n * step)::text::division_code INTO free
        FROM generate_series(lower(class), upper(class) - 1) AS n
        WHERE NOT EXISTS (SELECT FROM code.division d WHERE d.division = (above::bigint + n * step)::text::division_code)
        ORDER BY n <> place, n
        LIMIT 1;
        IF NOT FOUND THEN
            PERFORM refuse('RG254', ARRAY[above::text, lower(class)::text, (upper(class) - 1)::text], 'code.division', 'division');
        END IF;
        RETURN free;
    END $$;
COMMENT ON FUNCTION registry.free_division(division_code, division_code, bigint) IS
    'A code beneath a division for one that comes to lie there (新上级下的区划代码): with its own digits where nobody has had them, else the first free ones of its kind (国统字〔2009〕91号). RG254';

CREATE OR REPLACE FUNCTION registry.keep_former_division(division division_code, name text, heading boolean, "on" date, successor division_code)
    RETURNS void
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        year CONSTANT integer := extract(year FROM "on");
    BEGIN
        IF level(division) > 3 THEN
            RETURN;
        ELSIF name IS NULL THEN
            UPDATE code.former_division f SET years = int4range(lower(f.years), greatest(year, lower(f.years)) + 1), successor = keep_former_division.successor
            WHERE f.division = keep_former_division.division AND upper_inf(f.years);
        ELSE
            UPDATE code.former_division f SET years = int4range(lower(f.years), year), seen = NULLIF(f.seen * int4range(NULL, year), 'empty')
            WHERE f.division = keep_former_division.division AND f.years @> year AND lower(f.years) < year;
            INSERT INTO code.former_division (division, years, name, heading, sources)
            VALUES (division, int4range(year, NULL), name, heading, '{site}')
            ON CONFLICT ON CONSTRAINT former_division_pkey DO UPDATE SET name = excluded.name, heading = excluded.heading;
        END IF;
    END $$;
COMMENT ON FUNCTION registry.keep_former_division(division_code, text, boolean, date, division_code) IS
    'Goes on with code.former_division where a code of a county or above begins to bear a name, or, name NULL, ends (续写历年区划代码)';

CREATE OR REPLACE FUNCTION registry.begin_division(code text, predecessor code.division, name text, effective_on date, reason text)
    RETURNS code.division
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        entry code.division;
        was   code.division;
    BEGIN
        entry.division := code::division_code;
        entry.parent := CASE WHEN predecessor.parent @> entry.division THEN predecessor.parent ELSE parent(entry.division) END;
        entry.level := level(entry.division);
        entry.name := btrim(name);
        entry.heading := is_division_heading(entry.name);
        entry.period := daterange(effective_on, NULL);
        entry.source := 'site';
        IF entry.level <> predecessor.level OR entry.level = 1
           OR NOT EXISTS (SELECT FROM code.division d WHERE d.division = entry.parent AND d.period @> effective_on) THEN
            PERFORM refuse('RG256', ARRAY[predecessor.division::text, entry.division::text], 'code.division', 'division');
        END IF;
        SELECT * INTO was FROM code.division d WHERE d.division = entry.division;
        IF NOT FOUND THEN
            INSERT INTO code.division (division, parent, level, name, heading, period, source)
            VALUES (entry.division, entry.parent, entry.level, entry.name, entry.heading, entry.period, entry.source);
        ELSIF was.period && entry.period THEN
            PERFORM refuse('RG257', ARRAY[entry.division::text, effective_on::text], 'code.division', 'division');
        ELSE
            INSERT INTO code.division_lineage (kind, from_division, to_division, from_name, to_name, effective_on, reason, ends, residents, taken_at)
            VALUES ('reuse', was.division, was.division, was.name, entry.name, effective_on, reason, false, 0, now());
            UPDATE code.division d
            SET parent = entry.parent, name = entry.name, heading = entry.heading, period = entry.period, superseded_by = NULL, source = entry.source
            WHERE d.division = entry.division;
        END IF;
        PERFORM registry.keep_former_division(entry.division, entry.name, entry.heading, effective_on, NULL);
        RETURN entry;
    END $$;
COMMENT ON FUNCTION registry.begin_division(text, code.division, text, date, text) IS
    'A code begins to be in use for what takes the place of a division (启用区划代码), anew where it has ended before: RG256 of another level, or beneath nothing, RG257 it is in use';

CREATE OR REPLACE FUNCTION registry.succeed_division(
        kind text, before code.division, after code.division, effective_on date, reason text, ends boolean, members text[] DEFAULT NULL)
    RETURNS void
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        child code.division;
        total bigint;
        moved bigint;
    BEGIN
        IF before.level = 5 THEN
            -- refuses where a grid has something entered for later
            PERFORM registry.changeable_grids(ARRAY(
                SELECT g.grid_code FROM registry.grid g
                WHERE g.division = before.division AND g.period && daterange(succeed_division.effective_on, NULL)), effective_on);
        END IF;
        SELECT count(*), count(*) FILTER (WHERE members IS NULL OR g.grid_code = ANY (members)
                                                OR EXISTS (SELECT FROM unnest(members) AS m
                                                           WHERE before.level < 5 AND d.division <@ m::division_code))
        INTO total, moved
        FROM registry.dwelling d
        JOIN registry.residence r ON r.dwelling_id = d.dwelling_id AND residence_is_current(r.state)
        LEFT JOIN registry.grid g ON g.grid_id = d.grid_id
        WHERE d.division <@ before.division;
        INSERT INTO code.division_lineage (kind, from_division, to_division, from_name, to_name, effective_on, reason, members, ends, residents, resident_share)
        VALUES (kind, before.division, after.division, before.name, after.name, effective_on, reason, members, ends, moved, moved::numeric / NULLIF(total, 0));

        IF before.division <> after.division THEN
            FOR child IN SELECT d.* FROM code.division d
                         WHERE d.parent = before.division AND upper_inf(d.period) AND (members IS NULL OR d.division::text = ANY (members))
                         ORDER BY d.division LOOP
                PERFORM registry.succeed_division('recode', child,
                    registry.begin_division(registry.free_division(after.division, child.division, child.division::bigint - before.division::bigint)::text,
                                            child, child.name, effective_on, reason),
                    effective_on, reason, true);
            END LOOP;
        END IF;
    END $$;
COMMENT ON FUNCTION registry.succeed_division(text, code.division, code.division, date, text, boolean, text[]) IS
    'Writes that a division goes over to another from a day on, all of it or these members, and what is beneath with new codes (区划承接)';

CREATE OR REPLACE FUNCTION registry.take_division(entry code.division_lineage)
    RETURNS void
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET jit = off
    AS $$
    DECLARE
        codes  text[];
        going  registry.grid[];
        before registry.grid[];
        after  registry.grid[];
        fresh  text[];
        kinds  text[];
        its    text;
        wholes bigint[];
        homes  bigint[];
    BEGIN
        IF entry.kind = 'rename' THEN
            UPDATE code.division d SET name = entry.to_name, heading = is_division_heading(entry.to_name) WHERE d.division = entry.to_division;
            PERFORM registry.keep_former_division(entry.to_division, entry.to_name, is_division_heading(entry.to_name), entry.effective_on, NULL);
        END IF;
        IF entry.from_division = entry.to_division THEN
            RETURN;
        END IF;

        IF level(entry.from_division) = 5 THEN
            -- grids that have come from those named go with them
            WITH RECURSIVE named AS (
                SELECT g.grid_id FROM registry.grid g
                WHERE g.division = entry.from_division AND (entry.ends OR g.grid_code = ANY (entry.members))
                UNION
                SELECT l.to_grid_id FROM named JOIN registry.grid_lineage l ON l.from_grid_id = named.grid_id
            )
            SELECT array_agg(g.grid_code ORDER BY g.grid_code), array_agg(DISTINCT g.kind) INTO codes, kinds
            FROM named JOIN registry.grid g USING (grid_id)
            WHERE g.division = entry.from_division AND g.period && daterange(entry.effective_on, NULL);
            wholes := ARRAY(SELECT d.dwelling_id FROM registry.dwelling d LEFT JOIN registry.grid g USING (grid_id)
                            WHERE d.division = entry.from_division AND d.parent_id IS NULL AND (entry.ends OR g.grid_code = ANY (codes)));

            going := registry.changeable_grids(COALESCE(codes, '{}'), entry.effective_on);
            FOREACH its IN ARRAY COALESCE(kinds, '{}') LOOP
                before := ARRAY(SELECT b FROM unnest(going) AS b WHERE b.kind = its);
                after := before;
                -- its own number where nobody has had it there
                fresh := ARRAY(SELECT entry.to_division::text || substr(b.grid_code, 13) FROM unnest(before) WITH ORDINALITY AS b ORDER BY b.ordinality);
                IF EXISTS (SELECT FROM registry.grid g WHERE g.grid_code = ANY (fresh)) THEN
                    fresh := registry.new_grid_codes(entry.to_division, cardinality(before));
                END IF;
                FOR n IN 1..cardinality(after) LOOP
                    after[n].grid_id := NULL;
                    after[n].grid_code := fresh[n];
                    after[n].division := entry.to_division;
                END LOOP;
                PERFORM registry.redraw_grids('recode', before, after, entry.effective_on, entry.reason);
            END LOOP;

            homes := ARRAY(SELECT part.dwelling_id FROM registry.dwelling_part part WHERE part.whole_id = ANY (wholes));
            INSERT INTO registry.dwelling_past_division (dwelling_id, until, division)
            SELECT h, entry.effective_on, entry.from_division FROM unnest(homes) AS h;
            -- the parts follow, by their foreign key
            UPDATE registry.dwelling d SET division = entry.to_division WHERE d.dwelling_id = ANY (wholes);
            UPDATE registry.residence r SET division = entry.to_division
            WHERE r.dwelling_id = ANY (homes) AND residence_is_current(r.state) AND r.division <> entry.to_division;
        END IF;

        IF entry.ends THEN
            UPDATE code.division d
            SET period = daterange(lower(d.period), entry.effective_on),
                superseded_by = CASE WHEN entry.members IS NULL THEN entry.to_division END
            WHERE d.division = entry.from_division;
            PERFORM registry.keep_former_division(entry.from_division, NULL, NULL, entry.effective_on, entry.to_division);
        END IF;
    END $$;
COMMENT ON FUNCTION registry.take_division(code.division_lineage) IS
    'A change of a division takes effect (区划变更生效): its grids end and begin under codes of the new one, its dwellings and current residences move over, and it ends or has its new name';

CREATE OR REPLACE FUNCTION registry.take_division_acts(batch integer DEFAULT NULL)
    RETURNS integer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        due   code.division_lineage[];
        entry code.division_lineage;
    BEGIN
        PERFORM grid_lock(NULL);
        WITH taken AS (
            UPDATE code.division_lineage l SET taken_at = now()
            WHERE l.division_lineage_id IN (SELECT d.division_lineage_id FROM code.division_lineage d
                                            WHERE d.taken_at IS NULL AND d.effective_on <= today()
                                            ORDER BY d.effective_on, d.division_lineage_id LIMIT batch)
            RETURNING l
        ) SELECT COALESCE(array_agg(taken.l ORDER BY (taken.l).effective_on, (taken.l).division_lineage_id), '{}') INTO due FROM taken;
        FOREACH entry IN ARRAY due LOOP
            PERFORM registry.take_division(entry);
        END LOOP;
        RETURN cardinality(due);
    END $$;
COMMENT ON FUNCTION registry.take_division_acts(integer) IS 'Changes of divisions whose day has come take effect (到期区划变更生效), the earliest first, so many at most; how many';

CREATE OR REPLACE FUNCTION registry.division_answer(act text, division division_code)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        answer api.answer;
    BEGIN
        PERFORM registry.take_division_acts();
        answer.accepted := true;
        answer.act := act;
        answer.record_id := division::bigint;
        RETURN answer;
    END $$;
COMMENT ON FUNCTION registry.division_answer(text, division_code) IS
    'Lets a change of divisions take effect if its day has come, and answers with the division (区划变更办理结果)';

CREATE OR REPLACE FUNCTION registry.rename_division(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        effective_on CONSTANT date := COALESCE((arguments ->> 'effective_on')::date, today());
        before       code.division;
        after        code.division;
    BEGIN
        PERFORM registry.require_argument(act, arguments, 'division');
        PERFORM registry.require_argument(act, arguments, 'name');
        PERFORM registry.open_boundaries(arguments ->> 'reason');
        before := registry.changeable_division(arguments ->> 'division', effective_on);
        after := before;
        after.name := btrim(arguments ->> 'name');
        PERFORM registry.succeed_division('rename', before, after, effective_on, arguments ->> 'reason', false);
        RETURN registry.division_answer(act, after.division);
    END $$;
COMMENT ON FUNCTION registry.rename_division(text, jsonb) IS 'The act behind api.rename_division() (区划更名)';

CREATE OR REPLACE FUNCTION registry.recode_division(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        effective_on CONSTANT date := COALESCE((arguments ->> 'effective_on')::date, today());
        before       code.division;
        after        code.division;
    BEGIN
        PERFORM registry.require_argument(act, arguments, 'division');
        PERFORM registry.require_argument(act, arguments, 'new_division');
        PERFORM registry.open_boundaries(arguments ->> 'reason');
        before := registry.changeable_division(arguments ->> 'division', effective_on);
        after := registry.begin_division(arguments ->> 'new_division', before, COALESCE(arguments ->> 'name', before.name), effective_on, arguments ->> 'reason');
        PERFORM registry.succeed_division('recode', before, after, effective_on, arguments ->> 'reason', true);
        RETURN registry.division_answer(act, after.division);
    END $$;
COMMENT ON FUNCTION registry.recode_division(text, jsonb) IS 'The act behind api.recode_division() (区划代码变更)';

CREATE OR REPLACE FUNCTION registry.merge_divisions(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        effective_on CONSTANT date := COALESCE((arguments ->> 'effective_on')::date, today());
        codes        CONSTANT division_code[] := ARRAY(SELECT DISTINCT c::division_code FROM jsonb_array_elements_text(
                                                     CASE jsonb_typeof(arguments -> 'divisions') WHEN 'array' THEN arguments -> 'divisions' ELSE '[]' END) AS c);
        before       code.division[];
        after        code.division;
    BEGIN
        PERFORM registry.require_argument(act, arguments, 'into_division');
        IF cardinality(codes) < 2 THEN
            PERFORM refuse('RG249', ARRAY[cardinality(codes)::text], 'code.division', 'division');
        END IF;
        PERFORM registry.open_boundaries(arguments ->> 'reason');
        before := ARRAY(SELECT registry.changeable_division(c::text, effective_on) FROM unnest(codes) AS c ORDER BY c);
        SELECT b.* INTO after FROM unnest(before) AS b WHERE b.division = (arguments ->> 'into_division')::division_code;
        IF NOT FOUND THEN
            after := registry.begin_division(arguments ->> 'into_division', before[1], COALESCE(arguments ->> 'name', before[1].name),
                                             effective_on, arguments ->> 'reason');
        END IF;
        FOR n IN 1..cardinality(before) LOOP
            IF before[n].level <> after.level THEN
                PERFORM refuse('RG256', ARRAY[before[n].division::text, after.division::text], 'code.division', 'division');
            END IF;
            PERFORM registry.succeed_division('merge', before[n], after, effective_on, arguments ->> 'reason', before[n].division <> after.division);
        END LOOP;
        -- the one that takes up the others may get another name with it
        IF arguments ->> 'name' <> after.name THEN
            before[1] := after;
            after.name := arguments ->> 'name';
            PERFORM registry.succeed_division('rename', before[1], after, effective_on, arguments ->> 'reason', false);
        END IF;
        RETURN registry.division_answer(act, after.division);
    END $$;
COMMENT ON FUNCTION registry.merge_divisions(text, jsonb) IS 'The act behind api.merge_divisions() (区划合并)';

CREATE OR REPLACE FUNCTION registry.split_division(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        at           CONSTANT text := 'code.division';
        effective_on CONSTANT date := COALESCE((arguments ->> 'effective_on')::date, today());
        parts        CONSTANT jsonb := CASE WHEN jsonb_path_exists(arguments -> 'parts',
                                           'strict $[*] ? (@.division.type() == "string" && @.name.type() == "string" && @.members.type() == "array")')
                                       THEN arguments -> 'parts' ELSE '[]' END;
        reason       CONSTANT text := arguments ->> 'reason';
        before       code.division;
        beneath      text[];
        named        text[] := ARRAY[]::text[];
        wrong        text;
        part         jsonb;
        place        integer := 0;
    BEGIN
        PERFORM registry.require_argument(act, arguments, 'division');
        PERFORM registry.open_boundaries(reason);
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
        FOR part IN SELECT p FROM jsonb_array_elements(parts) AS p LOOP
            place := place + 1;
            -- where nothing is left the old one ends, and the last part takes what belongs to no member
            PERFORM registry.succeed_division('split', before,
                registry.begin_division(part ->> 'division', before, part ->> 'name', effective_on, reason),
                effective_on, reason, named @> beneath AND place = jsonb_array_length(parts),
                ARRAY(SELECT jsonb_array_elements_text(part -> 'members')));
        END LOOP;
        RETURN registry.division_answer(act, before.division);
    END $$;
COMMENT ON FUNCTION registry.split_division(text, jsonb) IS 'The act behind api.split_division() (区划拆分)';

CREATE OR REPLACE FUNCTION api.rename_division(
        division text, name text, reason text, effective_on date DEFAULT NULL, request_id uuid DEFAULT NULL,
        dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('rename_division', jsonb_build_object(
            'division', division, 'name', name, 'reason', reason, 'effective_on', effective_on),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.rename_division(text, text, text, date, uuid, boolean) IS
    'Gives a division another name (区划更名); its code stays. effective_on: first day on which it holds, past or to come, NULL is today; reason: why, in a line. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, the code of the division as a number of 12 digits; see code.division_lineage. Errors: RG080, RG085, RG245, RG248, RG255, RG259; 22P02 a malformed code';

CREATE OR REPLACE FUNCTION api.recode_division(
        division text, new_division text, reason text, name text DEFAULT NULL, effective_on date DEFAULT NULL,
        request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('recode_division', jsonb_build_object(
            'division', division, 'new_division', new_division, 'reason', reason, 'name', name, 'effective_on', effective_on),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.recode_division(text, text, text, text, date, uuid, boolean) IS
    'Gives a division another code (区划代码变更), also beneath another division. new_division: a code of the same level that is not in use; one that has ended may be used again. name: NULL stays. Dwellings, grids, current residences and all divisions beneath follow, with codes of the new one; who lived where on which day is kept. effective_on: first day on which it holds, past or to come, NULL is today; reason: why, in a line. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, the code of the division as a number of 12 digits; see code.division_lineage. Errors: RG080, RG085, RG245, RG248, RG255, RG259; 22P02 a malformed code, RG247, RG254, RG256, RG257';

CREATE OR REPLACE FUNCTION api.merge_divisions(
        divisions text[], into_division text, reason text, name text DEFAULT NULL, effective_on date DEFAULT NULL,
        request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('merge_divisions', jsonb_build_object(
            'divisions', divisions, 'into_division', into_division, 'reason', reason, 'name', name, 'effective_on', effective_on),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.merge_divisions(text[], text, text, text, date, uuid, boolean) IS
    'Merges divisions of one level into one of them or into a new one (区划合并). into_division; name of it, NULL stays, or of a new one is that of the lowest code. Dwellings, grids, current residences and all divisions beneath follow, with codes of the new one; who lived where on which day is kept. effective_on: first day on which it holds, past or to come, NULL is today; reason: why, in a line. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, the code of the division as a number of 12 digits; see code.division_lineage. Errors: RG080, RG085, RG245, RG248, RG255, RG259; 22P02 a malformed code, RG247, RG249, RG254, RG256, RG257';

CREATE OR REPLACE FUNCTION api.split_division(
        division text, parts jsonb, reason text, effective_on date DEFAULT NULL, request_id uuid DEFAULT NULL,
        dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('split_division', jsonb_build_object(
            'division', division, 'parts', parts, 'reason', reason, 'effective_on', effective_on),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.split_division(text, jsonb, text, date, uuid, boolean) IS
    'Cuts new divisions out of one (区划拆分). parts: [{"division": code, "name": name, "members": [codes]}, ...]; members are grids of a village, or divisions directly beneath any other. What is not named stays; where all are named the old one ends, and the last part takes the dwellings that are in no grid. Dwellings, grids, current residences and all divisions beneath follow, with codes of the new one; who lived where on which day is kept. effective_on: first day on which it holds, past or to come, NULL is today; reason: why, in a line. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, the code of the division as a number of 12 digits; see code.division_lineage. Errors: RG080, RG085, RG245, RG248, RG255, RG259; 22P02 a malformed code, RG247, RG254, RG256-RG258';
