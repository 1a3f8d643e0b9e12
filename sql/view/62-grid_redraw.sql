-- Grids before, grids after, a day: the one way in which all acts on grids change them.

CREATE OR REPLACE FUNCTION registry.changeable_grids(codes text[], effective_on date)
    RETURNS registry.grid[]
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        code  text;
        entry registry.grid;
        taken registry.grid[];
        last  date;
    BEGIN
        FOREACH code IN ARRAY codes LOOP
            SELECT * INTO entry FROM registry.grid g WHERE g.grid_code = code;
            IF NOT FOUND THEN
                PERFORM refuse('RG246', ARRAY[left(code, 20)], 'registry.grid', 'grid_code');
            ELSIF NOT (entry.period @> effective_on AND upper_inf(entry.period)) THEN
                PERFORM refuse('RG247', ARRAY[code, entry.period::text, effective_on::text], 'registry.grid', 'period');
            END IF;
            SELECT max(change.day) INTO last
            FROM (
                SELECT lower(entry.period) AS day
                UNION ALL
                SELECT lower(v.period) FROM registry.grid_version v WHERE v.grid_id = entry.grid_id
            ) AS change
            WHERE change.day >= effective_on;
            -- its division may be going to change before that day
            IF last IS NULL THEN
                SELECT min(a.effective_on) INTO last FROM code.division_lineage l JOIN code.division_act a USING (division_act_id)
                WHERE a.taken_at IS NULL AND a.called_off_at IS NULL AND l.from_division = entry.division AND l.from_division <> l.to_division
                  AND a.effective_on <= changeable_grids.effective_on;
            END IF;
            IF last IS NOT NULL THEN
                PERFORM refuse('RG248', ARRAY[code, last::text, effective_on::text], 'registry.grid', 'period');
            END IF;
            SELECT v.name, v.outline INTO entry.name, entry.outline
            FROM registry.grid_version v WHERE v.grid_id = entry.grid_id AND v.period @> effective_on;
            taken := taken || entry;
        END LOOP;
        RETURN taken;
    END $$;
COMMENT ON FUNCTION registry.changeable_grids(text[], date) IS
    'Grids by their codes as they are on the day from which a change shall hold (可调整的网格): RG246 there is none such, RG247 not valid then, or its end is set, RG248 it changes on that day or after it, or its division does before';

CREATE OR REPLACE FUNCTION registry.new_grid_codes(division division_code, many integer)
    RETURNS text[]
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        used CONSTANT integer[] := ARRAY(
            SELECT substr(g.grid_code, 13)::integer FROM registry.grid g
            WHERE g.grid_code LIKE new_grid_codes.division::text || '%' AND substr(g.grid_code, 13) ~ '^[0-9]+$');
        last CONSTANT integer := COALESCE((SELECT max(n) FROM unnest(used) AS n), 0);
        free integer[];
    BEGIN
        free := ARRAY(SELECT n FROM generate_series(1, 999) AS n WHERE n <> ALL (used) ORDER BY n < last, n LIMIT many);
        IF cardinality(free) < many THEN
            PERFORM refuse('RG254', ARRAY[division::text, '001', '999'], 'registry.grid', 'grid_code');
        END IF;
        RETURN ARRAY(SELECT division::text || lpad(n::text, 3, '0') FROM unnest(free) WITH ORDINALITY AS f (n, place) ORDER BY place);
    END $$;
COMMENT ON FUNCTION registry.new_grid_codes(division_code, integer) IS
    'Codes of 15 digits that no grid of the division has ever had (新网格编码): after the last one, and once 999 is reached those left out before. RG254';

CREATE OR REPLACE FUNCTION registry.grid_succession(before registry.grid[], after registry.grid[], "on" date)
    RETURNS TABLE (from_grid_id bigint, to_code text, area double precision, residents bigint)
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        WITH home AS MATERIALIZED (
            SELECT d.grid_id, standing.place, count(*) AS residents
            FROM registry.dwelling d
            JOIN registry.dwelling_standing standing USING (dwelling_id)
            JOIN registry.residence r ON r.dwelling_id = d.dwelling_id AND r.period @> "on" AND r.state NOT IN ('rejected', 'voided')
            WHERE d.grid_id = ANY (ARRAY(SELECT b.grid_id FROM unnest(before) AS b))
            GROUP BY d.grid_id, standing.place
        ), people AS (
            SELECT home.grid_id, heir.grid_code, sum(home.residents)::bigint AS residents
            FROM home
            LEFT JOIN LATERAL (SELECT a.grid_code FROM unnest(after) AS a WHERE ST_Covers(a.outline, home.place)
                               ORDER BY a.grid_code LIMIT 1) AS heir ON true
            GROUP BY home.grid_id, heir.grid_code
        ), land AS (
            SELECT b.grid_id, a.grid_code, ST_Intersection(b.outline, a.outline) AS shared, b.division
            FROM unnest(before) AS b JOIN unnest(after) AS a ON ST_Relate(b.outline, a.outline, '2********')
            UNION ALL
            SELECT b.grid_id, NULL,
                   COALESCE(ST_Difference(b.outline, (SELECT ST_Union(a.outline) FROM unnest(after) AS a)), b.outline), b.division
            FROM unnest(before) AS b
        ), lot AS (
            SELECT land.grid_id, land.grid_code, ST_Area(land.shared::geography) AS area
            FROM land
            -- where people went over, the land does in any case
            WHERE grid_matters(land.shared, land.division)
               OR EXISTS (SELECT FROM people p WHERE p.grid_id = land.grid_id AND p.grid_code IS NOT DISTINCT FROM land.grid_code)
        )
        SELECT lot.grid_id, lot.grid_code, lot.area, COALESCE(people.residents, 0)
        FROM lot
        LEFT JOIN people ON people.grid_id = lot.grid_id AND people.grid_code IS NOT DISTINCT FROM lot.grid_code
    $$;
COMMENT ON FUNCTION registry.grid_succession(registry.grid[], registry.grid[], date) IS
    'How much of each grid before goes to each grid after, in m² and residents of a day (网格沿革测算); to_code NULL: to none. While dwellings still are in the grids before';

CREATE OR REPLACE FUNCTION registry.check_redrawing(before registry.grid[], after registry.grid[], effective_on date)
    RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        at      constant text := 'registry.grid';
        village constant division_code := before[1].division;
        named   constant text := (SELECT string_agg(b.grid_code, ' ') FROM unnest(before[:9]) AS b);
        whole   geometry;
        parts   geometry;
    BEGIN
        PERFORM check_outline(a.grid_code, a.outline, a.division) FROM unnest(after) AS a;
        PERFORM refuse('RG252', ARRAY[before[1].grid_code, b.grid_code], at)
        FROM unnest(before) AS b WHERE b.division <> village OR b.kind <> before[1].kind LIMIT 1;
        PERFORM refuse('RG069', ARRAY[a.grid_code], at, 'grid_code')
        FROM unnest(after) AS a JOIN registry.grid g USING (grid_code)
        -- either all go on under their codes, or all have new ones
        WHERE EXISTS (SELECT FROM unnest(after) AS x WHERE x.grid_code <> ALL (ARRAY(SELECT b.grid_code FROM unnest(before) AS b))) LIMIT 1;
        PERFORM refuse('RG063', ARRAY[a.grid_code, b.grid_code, round(ST_Area(ST_Intersection(a.outline, b.outline)::geography)::numeric, 1)::text], at, 'outline')
        FROM unnest(after) WITH ORDINALITY AS a JOIN unnest(after) WITH ORDINALITY AS b ON a.ordinality < b.ordinality
        WHERE ST_Relate(a.outline, b.outline, '2********') AND grid_matters(ST_Intersection(a.outline, b.outline), village) LIMIT 1;

        whole := (SELECT ST_Union(b.outline) FROM unnest(before) AS b);
        parts := COALESCE((SELECT ST_Union(a.outline) FROM unnest(after) AS a), ST_GeomFromText('MULTIPOLYGON EMPTY', 4490));
        IF grid_matters(ST_Difference(parts, whole), village) THEN
            PERFORM refuse('RG250', ARRAY[named, round(ST_Area(ST_Difference(parts, whole)::geography)::numeric, 1)::text], at, 'outline');
        ELSIF NOT grid_matters(ST_Difference(whole, parts), village) THEN
            RETURN NULL;
        ELSIF policy_text('grid_coverage', village, effective_on) = 'refuse' THEN
            PERFORM refuse('RG251', ARRAY[named, round(ST_Area(ST_Difference(whole, parts)::geography)::numeric, 1)::text], at, 'outline');
        END IF;
        RETURN 'gap';
    END $$;
COMMENT ON FUNCTION registry.check_redrawing(registry.grid[], registry.grid[], date) IS
    'Whether grids may become others (网格调整校验): RG061, RG062, RG065, RG066 an outline that cannot be, RG063 they overlap, RG069 a code is in use, RG250 they reach beyond, RG251 they leave a gap where policy grid_coverage refuses it, RG252 not of one village and kind. Answers gap where they leave one, else NULL';

CREATE OR REPLACE FUNCTION registry.redraw_grids(
        kind text, before registry.grid[], after registry.grid[], effective_on date, reason text,
        OUT grid_act_id bigint, OUT warning text)
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        comes CONSTANT boolean := effective_on > today();
        kept  CONSTANT text[] := ARRAY(SELECT b.grid_code FROM unnest(before) AS b INTERSECT SELECT a.grid_code FROM unnest(after) AS a);
        drawn registry.grid[];
        entry registry.grid;
        links jsonb;
    BEGIN
        warning := registry.check_redrawing(before, after, effective_on);
        SELECT jsonb_agg(to_jsonb(s)) INTO links FROM registry.grid_succession(before, after, least(effective_on, today())) s;

        FOREACH entry IN ARRAY after LOOP
            IF entry.grid_code = ANY (kept) THEN
                UPDATE registry.grid_version v SET period = daterange(lower(v.period), redraw_grids.effective_on)
                WHERE v.grid_id = entry.grid_id AND v.period @> redraw_grids.effective_on;
                INSERT INTO registry.grid_version (grid_id, period, name, outline)
                VALUES (entry.grid_id, daterange(effective_on, NULL), entry.name, entry.outline);
                CONTINUE WHEN comes;
            ELSE
                entry.period := daterange(effective_on, NULL);
            END IF;
            drawn := drawn || entry;
        END LOOP;
        FOR entry IN SELECT g.* FROM unnest(before) AS b JOIN registry.grid g USING (grid_id) WHERE b.grid_code <> ALL (kept) LOOP
            entry.period := daterange(lower(entry.period), effective_on);
            drawn := drawn || entry;
        END LOOP;
        -- at once: they are judged together, and the dwellings follow
        PERFORM registry.draw_grids(drawn);

        INSERT INTO registry.grid_act (kind, effective_on, reason, taken_at)
        VALUES (kind, effective_on, reason, CASE WHEN NOT comes THEN now() END)
        RETURNING registry.grid_act.grid_act_id INTO grid_act_id;
        INSERT INTO registry.grid_lineage (grid_act_id, from_grid_id, to_grid_id, area, area_share, residents, resident_share)
        SELECT redraw_grids.grid_act_id, s.from_grid_id, g.grid_id, s.area, s.area / NULLIF(sum(s.area) OVER same, 0),
               s.residents, s.residents::numeric / NULLIF(sum(s.residents) OVER same, 0)
        FROM jsonb_to_recordset(links) AS s (from_grid_id bigint, to_code text, area double precision, residents integer)
        LEFT JOIN registry.grid g ON g.grid_code = s.to_code
        WINDOW same AS (PARTITION BY s.from_grid_id)
        ORDER BY s.from_grid_id, s.to_code;
        IF NOT comes THEN
            PERFORM registry.pass_on_staff(grid_act_id, effective_on);
        END IF;
    END $$;
COMMENT ON FUNCTION registry.redraw_grids(text, registry.grid[], registry.grid[], date, text) IS
    'Makes grids others from a day on (网格调整): those before whose codes are not among those after end, new ones begin, the others get a version; a day to come leaves dwellings where they are until then. Answers the act, and as warning gap. RG061-RG063, RG065, RG066, RG069, RG250-RG252 and what registry.grid refuses';

CREATE OR REPLACE FUNCTION registry.grids_of_act(act bigint)
    RETURNS bigint[]
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        SELECT array_agg(DISTINCT g.grid_id)
        FROM registry.grid_lineage l CROSS JOIN unnest(ARRAY[l.from_grid_id, l.to_grid_id]) AS g (grid_id)
        WHERE l.grid_act_id = act AND g.grid_id IS NOT NULL
    $$;
COMMENT ON FUNCTION registry.grids_of_act(bigint) IS 'The grids before and after an act (调整所涉网格)';

CREATE OR REPLACE FUNCTION registry.pass_on_staff(act bigint, effective_on date)
    RETURNS void
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        -- who looked after several that become one does so once
        INSERT INTO registry.grid_staff (person_id, grid_id, role, period, account)
        SELECT duty.person_id, duty.grid_id, duty.role, days.period, duty.account
        FROM (SELECT s.person_id, l.to_grid_id AS grid_id, s.role, min(s.account) AS account,
                     range_agg(s.period * daterange(pass_on_staff.effective_on, NULL)) AS periods
              FROM registry.grid_lineage l
              JOIN registry.grid g ON g.grid_id = l.from_grid_id AND upper(g.period) = pass_on_staff.effective_on
              JOIN registry.grid_staff s ON s.grid_id = l.from_grid_id AND s.period && daterange(pass_on_staff.effective_on, NULL)
              WHERE l.grid_act_id = act AND l.to_grid_id IS NOT NULL
              GROUP BY 1, 2, 3) AS duty
        CROSS JOIN LATERAL unnest(duty.periods - COALESCE(
            (SELECT range_agg(own.period) FROM registry.grid_staff own
             WHERE own.person_id = duty.person_id AND own.grid_id = duty.grid_id AND own.role = duty.role), '{}')) AS days (period)
        ORDER BY duty.person_id, duty.grid_id, duty.role;
        -- nobody looks after a grid beyond its end
        DELETE FROM registry.grid_staff s USING registry.grid_lineage l, registry.grid g
        WHERE l.grid_act_id = act AND s.grid_id = l.from_grid_id AND g.grid_id = l.from_grid_id AND upper(g.period) = pass_on_staff.effective_on
          AND lower(s.period) >= pass_on_staff.effective_on;
        UPDATE registry.grid_staff s SET period = s.period * daterange(NULL, pass_on_staff.effective_on)
        FROM registry.grid_lineage l JOIN registry.grid g ON g.grid_id = l.from_grid_id AND upper(g.period) = pass_on_staff.effective_on
        WHERE l.grid_act_id = act AND s.grid_id = l.from_grid_id AND s.period @> pass_on_staff.effective_on;
    END $$;
COMMENT ON FUNCTION registry.pass_on_staff(bigint, date) IS
    'Who looks after a grid that ends by an act looks after its successors from that day on (网格人员随网格调整承接)';

CREATE OR REPLACE FUNCTION registry.take_grid_acts()
    RETURNS integer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        acts  bigint[];
        grids bigint[];
    BEGIN
        PERFORM grid_lock(NULL);
        acts := ARRAY(SELECT a.grid_act_id FROM registry.grid_act a
                      WHERE a.taken_at IS NULL AND a.called_off_at IS NULL AND a.effective_on <= today()
                      ORDER BY a.effective_on, a.grid_act_id);
        IF acts <> '{}' THEN
            grids := ARRAY(SELECT DISTINCT unnest(registry.grids_of_act(a)) FROM unnest(acts) AS a);
            -- all at once: what two acts in turn have made of neighbours fits together in the end
            UPDATE registry.grid g SET name = v.name, outline = v.outline
            FROM registry.grid_version v
            WHERE v.grid_id = g.grid_id AND v.period @> today() AND g.grid_id = ANY (grids)
              AND (g.name <> v.name OR NOT ST_OrderingEquals(g.outline, v.outline));
            PERFORM place_dwellings(grids);
            PERFORM registry.pass_on_staff(a.grid_act_id, a.effective_on)
            FROM unnest(acts) WITH ORDINALITY AS act (id, place) JOIN registry.grid_act a ON a.grid_act_id = act.id ORDER BY act.place;
            UPDATE registry.grid_act a SET taken_at = now() WHERE a.grid_act_id = ANY (acts);
        END IF;
        RETURN cardinality(acts);
    END $$;
COMMENT ON FUNCTION registry.take_grid_acts() IS
    'Acts on grids whose day has come take effect (到期网格调整生效): outlines and names as of today, dwellings and staff follow; how many';
