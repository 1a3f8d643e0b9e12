-- At the entry of an act on divisions the new codes begin and the lineage is written; all else follows on the day itself.

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
            SELECT a.effective_on FROM code.division_lineage l JOIN code.division_act a USING (division_act_id)
            WHERE (l.from_division <@ entry.division OR l.to_division <@ entry.division) AND a.called_off_at IS NULL
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

CREATE OR REPLACE FUNCTION registry.enter_division_act(kind text, effective_on date, reason text)
    RETURNS code.division_act
    LANGUAGE sql
    SET search_path FROM CURRENT
    AS $$ INSERT INTO code.division_act (kind, effective_on, reason) VALUES (kind, effective_on, reason) RETURNING * $$;
COMMENT ON FUNCTION registry.enter_division_act(text, date, text) IS 'Enters an act on divisions, to which its lineage then belongs (登记区划变更)';

CREATE OR REPLACE FUNCTION registry.begin_division(code text, predecessor code.division, name text, act code.division_act)
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
        entry.period := daterange(act.effective_on, NULL);
        entry.source := 'site';
        IF entry.level <> predecessor.level OR entry.level = 1
           OR NOT EXISTS (SELECT FROM code.division d WHERE d.division = entry.parent AND d.period @> act.effective_on) THEN
            PERFORM refuse('RG256', ARRAY[predecessor.division::text, entry.division::text], 'code.division', 'division');
        END IF;
        SELECT * INTO was FROM code.division d WHERE d.division = entry.division;
        IF was.period && entry.period THEN
            PERFORM refuse('RG257', ARRAY[entry.division::text, act.effective_on::text], 'code.division', 'division');
        END IF;
        INSERT INTO code.division AS d (division, parent, level, name, heading, period, source)
        VALUES (entry.division, entry.parent, entry.level, entry.name, entry.heading, entry.period, entry.source)
        ON CONFLICT (division) DO UPDATE
        SET parent = entry.parent, name = entry.name, heading = entry.heading, period = entry.period, superseded_by = NULL, source = entry.source;
        -- one that was called off before it began has meant nothing
        IF NOT isempty(was.period) THEN
            INSERT INTO code.division_lineage (division_act_id, kind, from_division, to_division, from_name, to_name, ends, residents, former)
            VALUES (act.division_act_id, 'reuse', was.division, was.division, was.name, entry.name, false, 0, to_jsonb(was));
        END IF;
        RETURN entry;
    END $$;
COMMENT ON FUNCTION registry.begin_division(text, code.division, text, code.division_act) IS
    'A code begins to be in use for what takes the place of a division (启用区划代码), anew where it has ended before: RG256 of another level, or beneath nothing, RG257 it is in use';

CREATE OR REPLACE FUNCTION registry.succeed_division(
        kind text, before code.division, after code.division, act code.division_act, ends boolean, members text[] DEFAULT NULL)
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
                WHERE g.division = before.division AND g.period && daterange(act.effective_on, NULL)), act.effective_on);
        END IF;
        SELECT count(*), count(*) FILTER (WHERE members IS NULL OR g.grid_code = ANY (members)
                                                OR EXISTS (SELECT FROM unnest(members) AS m
                                                           WHERE before.level < 5 AND d.division <@ m::division_code))
        INTO total, moved
        FROM registry.dwelling d
        JOIN registry.residence r ON r.dwelling_id = d.dwelling_id AND residence_is_current(r.state)
        LEFT JOIN registry.grid g ON g.grid_id = d.grid_id
        WHERE d.division <@ before.division;
        INSERT INTO code.division_lineage (division_act_id, kind, from_division, to_division, from_name, to_name, members, ends, residents, resident_share)
        VALUES (act.division_act_id, kind, before.division, after.division, before.name, after.name, members, ends, moved, moved::numeric / NULLIF(total, 0));

        IF before.division <> after.division THEN
            FOR child IN SELECT d.* FROM code.division d
                         WHERE d.parent = before.division AND upper_inf(d.period) AND (members IS NULL OR d.division::text = ANY (members))
                         ORDER BY d.division LOOP
                PERFORM registry.succeed_division('recode', child,
                    registry.begin_division(registry.free_division(after.division, child.division, child.division::bigint - before.division::bigint)::text,
                                            child, child.name, act),
                    act, true);
            END LOOP;
        END IF;
    END $$;
COMMENT ON FUNCTION registry.succeed_division(text, code.division, code.division, code.division_act, boolean, text[]) IS
    'Writes that a division goes over to another by an act, all of it or these members, and what is beneath with new codes (区划承接)';
