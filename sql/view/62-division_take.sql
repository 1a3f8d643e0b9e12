-- An act on divisions takes effect: all that is of today goes over to the new codes, as registry.division_use() says.

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

CREATE OR REPLACE FUNCTION registry.pass_on_places(act code.division_act)
    RETURNS void
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        place text;
    BEGIN
        INSERT INTO code.division_alias (alias, division, kind, note)
        SELECT l.from_name, l.to_division, 'former', NULL
        FROM code.division_lineage l
        WHERE l.division_act_id = act.division_act_id AND l.kind = 'rename' AND l.from_name <> l.to_name AND l.from_name !~ '[[:space:]]'
        UNION
        SELECT a.alias, l.to_division, a.kind, a.note
        FROM code.division_lineage l JOIN code.division_alias a ON a.division = l.from_division
        WHERE l.division_act_id = act.division_act_id AND l.ends AND l.members IS NULL
        ON CONFLICT DO NOTHING;
        DELETE FROM code.division_alias a USING code.division_lineage l
        WHERE l.division_act_id = act.division_act_id AND l.ends AND l.members IS NULL AND a.division = l.from_division;

        FOR place IN VALUES ('road'), ('estate') LOOP
            EXECUTE format(
                'INSERT INTO registry.%1$I AS own (division, name, dwellings, first_seen)
                 SELECT l.to_division, p.name, sum(CASE WHEN l.ends THEN p.dwellings ELSE 0 END), min(p.first_seen)
                 FROM code.division_lineage l JOIN registry.%1$I p ON p.division = l.from_division
                 WHERE l.division_act_id = $1 AND l.from_division <> l.to_division
                 GROUP BY 1, 2
                 ON CONFLICT (division, name) DO UPDATE
                 SET dwellings = own.dwellings + excluded.dwellings, first_seen = least(own.first_seen, excluded.first_seen)', place)
            USING act.division_act_id;
            EXECUTE format(
                'DELETE FROM registry.%I p USING code.division_lineage l
                 WHERE l.division_act_id = $1 AND l.ends AND p.division = l.from_division', place)
            USING act.division_act_id;
        END LOOP;
    END $$;
COMMENT ON FUNCTION registry.pass_on_places(code.division_act) IS
    'Other names, roads and estates go over to the new codes (别名、街路巷、小区承接), before addresses are read by them; of a division that is cut both have the roads';

CREATE OR REPLACE FUNCTION registry.pass_on_settings(act code.division_act)
    RETURNS void
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        heir record;
    BEGIN
        -- what a code meant before ends with it
        UPDATE policy.setting s SET period = s.period * daterange(NULL, act.effective_on)
        FROM code.division_lineage l
        WHERE l.division_act_id = act.division_act_id AND l.kind = 'reuse' AND s.division = l.to_division
          AND s.period @> act.effective_on AND lower(s.period) IS DISTINCT FROM act.effective_on;
        FOR heir IN
            SELECT l.to_division, min(l.from_division::bigint)::text::division_code AS from_division,
                   -- the place had its past settings, too, unless the code is that of another place's past
                   CASE WHEN EXISTS (SELECT FROM code.division_lineage r
                                     WHERE r.division_act_id = act.division_act_id AND r.kind = 'reuse' AND r.to_division = l.to_division)
                        THEN daterange(act.effective_on, NULL) ELSE '(,)' END AS period
            FROM code.division_lineage l
            JOIN code.division d ON d.division = l.to_division AND lower(d.period) = act.effective_on
            WHERE l.division_act_id = act.division_act_id AND l.from_division <> l.to_division
            GROUP BY l.to_division
        LOOP
            INSERT INTO policy.setting (key, division, period, value, legal_basis)
            SELECT s.key, heir.to_division, s.period * heir.period, s.value, s.legal_basis
            FROM policy.setting s
            WHERE s.division = heir.from_division AND s.period && heir.period
              -- what has been entered for the new code already counts
              AND NOT EXISTS (SELECT FROM policy.setting own
                              WHERE own.key = s.key AND own.division = heir.to_division AND own.period && s.period * heir.period);
            INSERT INTO code.calendar_day (region, day, kind, name, name_en, notice)
            SELECT heir.to_division, c.day, c.kind, c.name, c.name_en, c.notice
            FROM code.calendar_day c
            WHERE c.region = heir.from_division AND heir.period @> c.day
            ON CONFLICT DO NOTHING;
        END LOOP;
    END $$;
COMMENT ON FUNCTION registry.pass_on_settings(code.division_act) IS
    'A code that begins has the policy settings and calendar of what it was made from (政策参数与日历承接): of several merged those of the lowest code, as it has its name; one that takes up others keeps its own. The old code keeps its own, too, for what kept it';

CREATE OR REPLACE FUNCTION registry.going_grids(entry code.division_lineage, "on" date)
    RETURNS text[]
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        -- grids that have come from those named go with them
        WITH RECURSIVE named AS (
            SELECT g.grid_id FROM registry.grid g
            WHERE g.division = entry.from_division AND (entry.ends OR g.grid_code = ANY (entry.members))
            UNION
            SELECT l.to_grid_id
            FROM named
            JOIN registry.grid_lineage l ON l.from_grid_id = named.grid_id
            JOIN registry.grid_act a ON a.grid_act_id = l.grid_act_id AND a.called_off_at IS NULL
        )
        SELECT COALESCE(array_agg(g.grid_code ORDER BY g.grid_code), '{}')
        FROM named JOIN registry.grid g USING (grid_id)
        WHERE g.division = entry.from_division AND g.period && daterange("on", NULL)
    $$;
COMMENT ON FUNCTION registry.going_grids(code.division_lineage, date) IS 'Codes of the grids that go over from a village from a day on (划出的网格): all where it ends, else the members';

CREATE OR REPLACE FUNCTION registry.move_grids(codes text[], to_division division_code, act code.division_act)
    RETURNS void
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        going  CONSTANT registry.grid[] := registry.changeable_grids(codes, act.effective_on);
        before registry.grid[];
        after  registry.grid[];
        fresh  text[];
        its    text;
    BEGIN
        FOR its IN SELECT DISTINCT b.kind FROM unnest(going) AS b ORDER BY 1 LOOP
            before := ARRAY(SELECT b FROM unnest(going) AS b WHERE b.kind = its);
            after := before;
            -- its own number where nobody has had it there
            fresh := ARRAY(SELECT to_division::text || substr(b.grid_code, 13) FROM unnest(before) WITH ORDINALITY AS b ORDER BY b.ordinality);
            IF EXISTS (SELECT FROM registry.grid g WHERE g.grid_code = ANY (fresh)) THEN
                fresh := registry.new_grid_codes(to_division, cardinality(before));
            END IF;
            FOR n IN 1..cardinality(after) LOOP
                after[n].grid_id := NULL;
                after[n].grid_code := fresh[n];
                after[n].division := to_division;
            END LOOP;
            PERFORM registry.redraw_grids('recode', before, after, act.effective_on, act.reason);
        END LOOP;
    END $$;
COMMENT ON FUNCTION registry.move_grids(text[], division_code, code.division_act) IS
    'Grids of a village end and begin under codes of another (网格随区划承接)';

CREATE OR REPLACE FUNCTION registry.move_plates(entry code.division_lineage, homes bigint[])
    RETURNS void
    LANGUAGE sql
    SET search_path FROM CURRENT
    AS $$
        WITH RECURSIVE going AS (
            SELECT p.door_plate_id
            FROM registry.door_plate p
            WHERE p.division = entry.from_division
              AND (entry.ends
                   OR EXISTS (SELECT FROM registry.dwelling d WHERE d.door_plate_id = p.door_plate_id AND d.dwelling_id = ANY (homes))
                      AND NOT EXISTS (SELECT FROM registry.dwelling d WHERE d.door_plate_id = p.door_plate_id AND d.dwelling_id <> ALL (homes)))
            UNION
            -- the numbers that a house had before
            SELECT p.door_plate_id FROM going JOIN registry.door_plate p ON p.replaced_by_id = going.door_plate_id
        ), there AS MATERIALIZED (
            SELECT p.door_plate_id, p.state, part_address(division_address(entry.to_division), p.address) AS address
            FROM going JOIN registry.door_plate p USING (door_plate_id)
        )
        UPDATE registry.door_plate p SET division = entry.to_division, address = there.address
        FROM there
        WHERE p.door_plate_id = there.door_plate_id
          -- a number that another house has there stays behind, until somebody gives it another
          AND (there.state IN ('replaced', 'cancelled')
               OR NOT EXISTS (SELECT FROM registry.door_plate own WHERE own.address = there.address AND own.state NOT IN ('replaced', 'cancelled')))
    $$;
COMMENT ON FUNCTION registry.move_plates(code.division_lineage, bigint[]) IS
    'House numbers go over with their village, or with the dwellings that have them (门牌随区划承接), and so do the numbers before; dwellings keep their plate. One that the new village has given already stays';

CREATE OR REPLACE FUNCTION registry.move_village(entry code.division_lineage, act code.division_act)
    RETURNS void
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET jit = off
    AS $$
    DECLARE
        codes  CONSTANT text[] := registry.going_grids(entry, act.effective_on);
        wholes CONSTANT bigint[] := ARRAY(
            SELECT d.dwelling_id FROM registry.dwelling d LEFT JOIN registry.grid g USING (grid_id)
            WHERE d.division = entry.from_division AND d.parent_id IS NULL AND (entry.ends OR g.grid_code = ANY (codes)));
        homes  CONSTANT bigint[] := ARRAY(SELECT part.dwelling_id FROM registry.dwelling_part part WHERE part.whole_id = ANY (wholes));
    BEGIN
        PERFORM registry.move_grids(codes, entry.to_division, act);
        INSERT INTO registry.dwelling_past_division (dwelling_id, until, division)
        SELECT h, act.effective_on, entry.from_division FROM unnest(homes) AS h;
        SET CONSTRAINTS registry.dwelling_door_plate_fkey DEFERRED;
        PERFORM registry.move_plates(entry, homes);
        -- the parts follow, by their foreign key
        UPDATE registry.dwelling d SET division = entry.to_division WHERE d.dwelling_id = ANY (wholes);
        SET CONSTRAINTS registry.dwelling_door_plate_fkey IMMEDIATE;
        UPDATE registry.residence r SET division = entry.to_division
        WHERE r.dwelling_id = ANY (homes) AND residence_is_current(r.state) AND r.division <> entry.to_division;
        -- where its holder lives is another county now
        PERFORM registry.pass_on_permits(ARRAY(
            SELECT p.permit_id FROM registry.residence r JOIN registry.permit p USING (residence_id)
            WHERE r.dwelling_id = ANY (homes) AND residence_is_current(r.state) AND p.division = county(entry.from_division)), county(entry.to_division));
    END $$;
COMMENT ON FUNCTION registry.move_village(code.division_lineage, code.division_act) IS
    'A village, or the members named, goes over to another code (村居承接): grids, house numbers, dwellings, current residences and the permits that rest on them';

CREATE OR REPLACE FUNCTION registry.pass_on_permits(permits bigint[], to_county division_code)
    RETURNS void
    LANGUAGE sql
    SET search_path FROM CURRENT
    AS $$
        UPDATE registry.permit p SET division = to_county
        WHERE p.permit_id = ANY (permits) AND p.division <> to_county AND permit_phase(p.state) <> 'end'
          -- whoever has one there already keeps this as it is, until it ends
          AND NOT EXISTS (SELECT FROM registry.permit o
                          WHERE o.person_id = p.person_id AND o.permit_id <> p.permit_id AND o.city = city(to_county)
                            AND p.city <> o.city AND permit_phase(o.state) <> 'end')
    $$;
COMMENT ON FUNCTION registry.pass_on_permits(bigint[], division_code) IS
    'Applications and permits that go on belong to the new county (居住证承接), numbers and decisions stay; but for who has one in that city already';

CREATE OR REPLACE FUNCTION registry.restandardize_division(renamed division_code)
    RETURNS void
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        its text;
    BEGIN
        UPDATE registry.door_plate p SET address = part_address(division_address(p.division), p.address)
        WHERE p.division <@ renamed AND p.address::text <> part_address(division_address(p.division), p.address)::text;
        -- from the outside in: a part has from its whole what it leaves out
        FOREACH its IN ARRAY '{building,unit,room,bed}'::text[] LOOP
            PERFORM restandardize_batch(ARRAY(SELECT d.dwelling_id FROM registry.dwelling d WHERE d.division <@ renamed AND d.kind = its));
        END LOOP;
    END $$;
COMMENT ON FUNCTION registry.restandardize_division(division_code) IS
    'Standard addresses in a division that has another name now (区划更名后标准地址重算)';

CREATE OR REPLACE FUNCTION registry.follow_division(act code.division_act)
    RETURNS void
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        entry code.division_lineage;
        use   record;
    BEGIN
        FOR entry IN SELECT l.* FROM code.division_lineage l
                     WHERE l.division_act_id = act.division_act_id AND l.ends AND level(l.from_division) < 4 ORDER BY l.division_lineage_id LOOP
            PERFORM registry.pass_on_permits(ARRAY(SELECT p.permit_id FROM registry.permit p WHERE p.division = entry.from_division), entry.to_division);
        END LOOP;
        -- one statement a table: a township has dozens of villages
        FOR use IN SELECT u.at_table, u.at_column, u.which FROM registry.division_use() u WHERE u.fate = 'follows' LOOP
            EXECUTE format(
                'UPDATE %s t SET %2$I = l.to_division FROM code.division_lineage l
                 WHERE l.division_act_id = $1 AND l.ends AND t.%2$I = l.from_division AND (%3$s)', use.at_table, use.at_column, use.which)
            USING act.division_act_id;
        END LOOP;
        -- past residences keep the old code, so who saw them goes on doing so
        INSERT INTO registry.operator_scope (operator_id, division, role, period)
        SELECT s.operator_id, l.to_division, s.role, s.period * daterange(act.effective_on, NULL)
        FROM code.division_lineage l
        JOIN registry.operator_scope s ON s.division = l.from_division
        WHERE l.division_act_id = act.division_act_id AND l.ends AND s.period && daterange(act.effective_on, NULL)
        ON CONFLICT DO NOTHING;
    END $$;
COMMENT ON FUNCTION registry.follow_division(code.division_act) IS
    'What is of a whole division goes along where that ends (随区划整体承接): permits of its county, and the rows that registry.division_use() says follow';

CREATE OR REPLACE FUNCTION registry.take_division_act(act code.division_act)
    RETURNS void
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        entry code.division_lineage;
    BEGIN
        UPDATE code.division d SET name = l.to_name, heading = is_division_heading(l.to_name)
        FROM code.division_lineage l WHERE l.division_act_id = act.division_act_id AND l.kind = 'rename' AND d.division = l.to_division;
        PERFORM registry.keep_former_division(d.division, d.name, d.heading, act.effective_on, NULL)
        FROM code.division d
        WHERE d.division IN (SELECT l.to_division FROM code.division_lineage l
                             WHERE l.division_act_id = act.division_act_id AND (l.kind = 'rename' OR lower(d.period) = act.effective_on));
        PERFORM registry.pass_on_places(act);
        PERFORM registry.pass_on_settings(act);
        FOR entry IN SELECT l.* FROM code.division_lineage l
                     WHERE l.division_act_id = act.division_act_id AND l.from_division <> l.to_division AND level(l.from_division) = 5
                     ORDER BY l.division_lineage_id LOOP
            PERFORM registry.move_village(entry, act);
        END LOOP;
        UPDATE code.division d
        SET period = daterange(lower(d.period), act.effective_on),
            superseded_by = CASE WHEN l.members IS NULL THEN l.to_division END
        FROM code.division_lineage l
        WHERE l.division_act_id = act.division_act_id AND l.ends AND d.division = l.from_division;
        PERFORM registry.keep_former_division(l.from_division, NULL, NULL, act.effective_on, l.to_division)
        FROM code.division_lineage l WHERE l.division_act_id = act.division_act_id AND l.ends;
        PERFORM registry.follow_division(act);
        PERFORM registry.restandardize_division(l.to_division)
        FROM code.division_lineage l WHERE l.division_act_id = act.division_act_id AND l.kind = 'rename';
    END $$;
COMMENT ON FUNCTION registry.take_division_act(code.division_act) IS
    'An act on divisions takes effect (区划变更生效): names, places and settings, then the villages, then what follows the whole; at the end the old codes are out of use';

CREATE OR REPLACE FUNCTION registry.take_division_acts(batch integer DEFAULT NULL)
    RETURNS integer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        due code.division_act[];
        act code.division_act;
    BEGIN
        PERFORM grid_lock(NULL);
        WITH taken AS (
            UPDATE code.division_act a SET taken_at = now()
            WHERE a.division_act_id IN (SELECT d.division_act_id FROM code.division_act d
                                        WHERE d.taken_at IS NULL AND d.called_off_at IS NULL AND d.effective_on <= today()
                                        ORDER BY d.effective_on, d.division_act_id LIMIT batch)
            RETURNING a
        ) SELECT COALESCE(array_agg(taken.a ORDER BY (taken.a).effective_on, (taken.a).division_act_id), '{}') INTO due FROM taken;
        FOREACH act IN ARRAY due LOOP
            PERFORM registry.take_division_act(act);
        END LOOP;
        RETURN cardinality(due);
    END $$;
COMMENT ON FUNCTION registry.take_division_acts(integer) IS 'Changes of divisions whose day has come take effect (到期区划变更生效), the earliest first, so many at most; how many';
