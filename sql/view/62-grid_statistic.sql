-- Residents of any past day, in the grids of that day or of today.

CREATE OR REPLACE FUNCTION stat.grid_heirs(grid bigint, residents bigint, "on" date)
    RETURNS TABLE (grid_id bigint, heads bigint)
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        WITH RECURSIVE path AS (
            SELECT grid AS grid_id, 1::float8 AS weight
            UNION ALL
            SELECT next.grid_id, path.weight * next.share
            FROM path
            JOIN registry.grid g ON g.grid_id = path.grid_id AND NOT g.period @> "on"
            CROSS JOIN LATERAL (
                -- an ended grid passes on what it had, one of later days takes it from where it got it
                SELECT CASE WHEN forth THEN l.to_grid_id ELSE l.from_grid_id END,
                       CASE WHEN sum(l.residents) OVER () > 0 THEN l.residents::float8 / sum(l.residents) OVER ()
                            ELSE l.area::float8 / NULLIF(sum(l.area) OVER (), 0) END
                FROM (SELECT COALESCE(upper(g.period) <= "on", false)) AS way (forth)
                JOIN registry.grid_lineage l ON CASE WHEN forth THEN l.from_grid_id ELSE l.to_grid_id END = g.grid_id
                JOIN registry.grid_act a ON a.grid_act_id = l.grid_act_id AND a.called_off_at IS NULL
                 AND a.effective_on = CASE WHEN forth THEN upper(g.period) ELSE lower(g.period) END
            ) AS next (grid_id, share)
            WHERE next.share > 0
        ), share AS (
            SELECT path.grid_id, sum(path.weight) AS weight
            FROM path JOIN registry.grid g ON g.grid_id = path.grid_id AND g.period @> "on"
            GROUP BY path.grid_id
        ), whole AS (
            SELECT share.grid_id, share.weight FROM share
            UNION ALL
            -- what leads nowhere has no grid; the last digits of a quotient are nobody
            SELECT NULL, CASE WHEN rest.weight > 1e-9 THEN rest.weight ELSE 0 END
            FROM (SELECT 1 - COALESCE(sum(share.weight), 0) FROM share) AS rest (weight)
        ), quota AS (
            SELECT whole.grid_id, residents * whole.weight / sum(whole.weight) OVER () AS exact FROM whole
        ), floored AS (
            SELECT quota.grid_id, floor(quota.exact + 1e-9)::bigint AS heads,
                   row_number() OVER (ORDER BY quota.exact - floor(quota.exact + 1e-9) DESC, quota.grid_id) AS place
            FROM quota
        )
        SELECT f.grid_id, f.heads + CASE WHEN f.place <= residents - (SELECT sum(x.heads) FROM floored x) THEN 1 ELSE 0 END
        FROM floored f
    $$;
COMMENT ON FUNCTION stat.grid_heirs(bigint, bigint, date) IS
    'In which grids of a day the residents of a grid are that is not valid on it (按沿革分摊人数): by the shares of its lineage, forth and back, whole persons by the largest remainder; grid_id NULL: in none. They add up to as many';

CREATE OR REPLACE FUNCTION stat.resident_by_grid_on(day date, boundaries text DEFAULT 'then')
    RETURNS TABLE (division text, grid_id bigint, grid_code text, name text, residents bigint)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    #variable_conflict use_column
    DECLARE
        drawn_on date;
    BEGIN
        IF day > today() OR day IS NULL THEN
            PERFORM refuse('RG260', ARRAY[COALESCE(day::text, 'NULL'), today()::text]);
        END IF;
        drawn_on := CASE checked_code('boundaries', COALESCE(boundaries, ''), 'stat.resident_by_grid_on', 'boundaries')
                        WHEN 'now' THEN today() ELSE day END;
        RETURN QUERY
        WITH home AS MATERIALIZED (
            SELECT r.dwelling_id, r.grid_id AS arrived_in, count(*) AS residents
            FROM registry.residence r
            WHERE r.period @> day AND r.state NOT IN ('rejected', 'voided')
            GROUP BY r.dwelling_id, r.grid_id
        ), lived AS MATERIALIZED (
            SELECT COALESCE((SELECT p.division FROM registry.dwelling_past_division p
                             WHERE p.dwelling_id = d.dwelling_id AND p.until > drawn_on ORDER BY p.until LIMIT 1), d.division) AS division,
                   standing.place, home.arrived_in, sum(home.residents) AS residents
            FROM home
            JOIN registry.dwelling d USING (dwelling_id)
            JOIN registry.dwelling_standing standing USING (dwelling_id)
            GROUP BY 1, 2, 3
        ), head AS (
            SELECT lived.division, cover.grid_id, lived.residents
            FROM lived
            LEFT JOIN LATERAL (
                SELECT g.grid_id
                FROM registry.grid_version v JOIN registry.grid g USING (grid_id)
                WHERE ST_Covers(v.outline, lived.place) AND v.period @> drawn_on AND g.period @> drawn_on AND g.kind = 'management'
                ORDER BY g.grid_code LIMIT 1
            ) AS cover ON true
            WHERE lived.place IS NOT NULL
            UNION ALL
            SELECT unplaced.division, heir.grid_id, heir.heads
            FROM (SELECT lived.division, lived.arrived_in, sum(lived.residents)::bigint AS residents
                  FROM lived WHERE lived.place IS NULL GROUP BY 1, 2) AS unplaced
            CROSS JOIN LATERAL stat.grid_heirs(unplaced.arrived_in, unplaced.residents, drawn_on) AS heir
            WHERE heir.heads > 0
            UNION ALL
            SELECT g.division, g.grid_id, 0 FROM registry.grid g WHERE g.kind = 'management' AND g.period @> drawn_on
        )
        SELECT head.division::text, head.grid_id, g.grid_code::text, v.name, sum(head.residents)::bigint
        FROM head
        LEFT JOIN registry.grid g ON g.grid_id = head.grid_id
        LEFT JOIN registry.grid_version v ON v.grid_id = head.grid_id AND v.period @> drawn_on
        WHERE acts_in(head.division)
        GROUP BY 1, 2, 3, 4
        ORDER BY 1, 3;
    END $$;
COMMENT ON FUNCTION stat.resident_by_grid_on(date, text) IS
    'Residents of a day, past or today, by management grid (任意日期各网格在住人数). boundaries: then, in the divisions and grids of that day, or now, in those of today. People are where their dwelling stands; where nobody has located it any more, by lineage from the grid that they arrived in. A row for each grid of each division whose people live in it, and one without grid_id for those without a grid: so the rows of a division add up to its residents, those of a grid to the grid''s, and all to everybody. Errors: RG006, RG260 a day to come';
