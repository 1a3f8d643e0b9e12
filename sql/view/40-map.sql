-- Layers for GIS, an integer key first and geometry with its type and SRID; and a picture for who has no GIS.

CREATE OR REPLACE VIEW map.grid AS
SELECT g.grid_id,
       g.grid_code,
       g.name,
       g.kind,
       (SELECT v.name FROM code.value v WHERE v.list = 'grid_kind' AND v.code = g.kind) AS kind_name,
       g.division::text AS division,
       (SELECT c.name FROM code.division c WHERE c.division = parent(g.division)) AS township,
       (SELECT c.name FROM code.division c WHERE c.division = g.division) AS village,
       (SELECT count(*)::integer
        FROM registry.dwelling d
        JOIN registry.residence r ON r.dwelling_id = d.dwelling_id AND residence_is_current(r.state)
        WHERE d.grid_id = g.grid_id) AS residents,
       (SELECT count(*)::integer FROM registry.dwelling d WHERE d.grid_id = g.grid_id AND d.location IS NOT NULL) AS located_dwellings,
       lower(g.period) AS valid_from,
       upper(g.period) AS valid_to,
       g.outline
FROM registry.grid g
WHERE g.period @> today();
COMMENT ON VIEW map.grid IS 'Grids that are valid today, with their residents (网格图层), CGCS2000';
COMMENT ON COLUMN map.grid.grid_id IS 'Key of the grid (网格编号)';
COMMENT ON COLUMN map.grid.grid_code IS 'Code of the grid (网格编码)';
COMMENT ON COLUMN map.grid.name IS 'Name (网格名称)';
COMMENT ON COLUMN map.grid.kind IS 'Kind, list grid_kind (网格类型代码)';
COMMENT ON COLUMN map.grid.kind_name IS 'Kind (网格类型)';
COMMENT ON COLUMN map.grid.division IS 'Village-level division (所属村居代码)';
COMMENT ON COLUMN map.grid.township IS 'Township (乡级)';
COMMENT ON COLUMN map.grid.village IS 'Village or neighbourhood (村级)';
COMMENT ON COLUMN map.grid.residents IS 'Persons who live there now (在住人数): all of them, also restricted ones';
COMMENT ON COLUMN map.grid.located_dwellings IS 'Dwellings of every kind with a location that lie in it (落入网格的已定位房屋数)';
COMMENT ON COLUMN map.grid.valid_from IS 'First day of validity (启用日期)';
COMMENT ON COLUMN map.grid.valid_to IS 'First day after validity (停用日期), NULL: no end';
COMMENT ON COLUMN map.grid.outline IS 'Outline (网格边界)';

CREATE OR REPLACE VIEW map.dwelling AS
SELECT d.dwelling_id,
       d.parent_id,
       d.kind,
       (SELECT v.name FROM code.value v WHERE v.list = 'dwelling_kind' AND v.code = d.kind) AS kind_name,
       d.address,
       d.division::text AS division,
       (SELECT c.name FROM code.division c WHERE c.division = d.division) AS village,
       d.grid_id,
       (SELECT g.grid_code FROM registry.grid g WHERE g.grid_id = d.grid_id) AS grid_code,
       d.let_state,
       (SELECT v.name FROM code.value v WHERE v.list = 'let_state' AND v.code = d.let_state) AS let_state_name,
       (SELECT count(*)::integer
        FROM registry.dwelling_part part
        JOIN registry.residence r ON r.dwelling_id = part.dwelling_id
        WHERE part.whole_id = d.dwelling_id AND residence_is_current(r.state)
          AND r.person_id <> ALL ((SELECT registry.withheld_persons())::bigint[])) AS residents,
       d.location
FROM registry.dwelling d
WHERE d.location IS NOT NULL;
COMMENT ON VIEW map.dwelling IS 'Dwellings that have a location, with their residents (房屋图层), CGCS2000';
COMMENT ON COLUMN map.dwelling.dwelling_id IS 'Key of the dwelling (房屋编号)';
COMMENT ON COLUMN map.dwelling.parent_id IS 'Key of the dwelling that it is part of (所属房屋编号)';
COMMENT ON COLUMN map.dwelling.kind IS 'Kind, list dwelling_kind (房屋层级代码)';
COMMENT ON COLUMN map.dwelling.kind_name IS 'Kind (房屋层级)';
COMMENT ON COLUMN map.dwelling.address IS 'Address below the division (门牌地址)';
COMMENT ON COLUMN map.dwelling.division IS 'Village-level division (所在区划代码)';
COMMENT ON COLUMN map.dwelling.village IS 'Its name (村居)';
COMMENT ON COLUMN map.dwelling.grid_id IS 'Key of the grid (网格编号), NULL outside all grids';
COMMENT ON COLUMN map.dwelling.grid_code IS 'Code of the grid (网格编码)';
COMMENT ON COLUMN map.dwelling.let_state IS 'State, list let_state (出租状态代码)';
COMMENT ON COLUMN map.dwelling.let_state_name IS 'State (出租状态)';
COMMENT ON COLUMN map.dwelling.residents IS 'Persons who live in it and its parts now (在住人数), without restricted ones where they are withheld';
COMMENT ON COLUMN map.dwelling.location IS 'Where it stands (位置)';

-- What is costly to find out stands in sub-selects: it is asked for the few dwellings that remain.
CREATE OR REPLACE VIEW map.dwelling_without_grid AS
SELECT d.dwelling_id,
       d.kind,
       d.address,
       d.division::text AS division,
       (SELECT c.name FROM code.division c WHERE c.division = d.division) AS village,
       why.reason,
       CASE why.reason
           WHEN 'no_grid' THEN 'its village has no grid yet'
           WHEN 'outside' THEN 'it lies outside the grids of its village and all others'
           WHEN 'not_assigned' THEN 'the grid around it has become valid since: SELECT api.assign_grids()'
           WHEN 'retired' THEN 'its grid has ended since: SELECT api.assign_grids()' END AS reason_en,
       CASE why.reason
           WHEN 'no_grid' THEN '所在村(居)尚未划分网格'
           WHEN 'outside' THEN '位于本村(居)及其他网格之外'
           WHEN 'not_assigned' THEN '所在网格已启用,尚未重新归属'
           WHEN 'retired' THEN '所属网格已停用,尚未重新归属' END AS reason_zh,
       (SELECT g.grid_code FROM registry.grid g
        WHERE g.kind = 'management' AND g.period @> today()
        ORDER BY g.outline <-> standing.place LIMIT 1) AS nearest_grid_code,
       (SELECT round(ST_Distance(g.outline::geography, standing.place::geography))::integer FROM registry.grid g
        WHERE g.kind = 'management' AND g.period @> today()
        ORDER BY g.outline <-> standing.place LIMIT 1) AS nearest_metres,
       (SELECT count(*)::integer FROM registry.residence r
        WHERE r.dwelling_id = d.dwelling_id AND residence_is_current(r.state)
          AND r.person_id <> ALL ((SELECT registry.withheld_persons())::bigint[])) AS residents,
       standing.place AS location
FROM registry.dwelling d
JOIN registry.dwelling_standing standing USING (dwelling_id)
CROSS JOIN LATERAL (
    SELECT CASE
        WHEN d.grid_id IS NOT NULL THEN 'retired'
        WHEN grid_at(standing.place) IS NOT NULL THEN 'not_assigned'
        WHEN EXISTS (SELECT FROM registry.grid g
                     WHERE g.division = d.division AND g.kind = 'management' AND g.period @> today()) THEN 'outside'
        ELSE 'no_grid' END
) AS why (reason)
WHERE standing.place IS NOT NULL
  AND NOT EXISTS (SELECT FROM registry.grid g WHERE g.grid_id = d.grid_id AND g.kind = 'management' AND g.period @> today());
COMMENT ON VIEW map.dwelling_without_grid IS 'Dwellings that are located, or part of what is, and that no management grid holds; and why (已定位而无网格的房屋)';
COMMENT ON COLUMN map.dwelling_without_grid.dwelling_id IS 'Key of the dwelling (房屋编号)';
COMMENT ON COLUMN map.dwelling_without_grid.kind IS 'Kind, list dwelling_kind (房屋层级代码)';
COMMENT ON COLUMN map.dwelling_without_grid.address IS 'Address below the division (门牌地址)';
COMMENT ON COLUMN map.dwelling_without_grid.division IS 'Village-level division (所在区划代码)';
COMMENT ON COLUMN map.dwelling_without_grid.village IS 'Its name (村居)';
COMMENT ON COLUMN map.dwelling_without_grid.reason IS
    'no_grid, outside, not_assigned or retired (原因代码)';
COMMENT ON COLUMN map.dwelling_without_grid.reason_en IS 'Why, in English (原因英文)';
COMMENT ON COLUMN map.dwelling_without_grid.reason_zh IS 'Why (原因)';
COMMENT ON COLUMN map.dwelling_without_grid.nearest_grid_code IS 'Code of the nearest grid (最近网格)';
COMMENT ON COLUMN map.dwelling_without_grid.nearest_metres IS 'Metres to the nearest grid (距离,米)';
COMMENT ON COLUMN map.dwelling_without_grid.residents IS 'Persons who live in the dwelling itself now (在住人数), without restricted ones where they are withheld';
COMMENT ON COLUMN map.dwelling_without_grid.location IS 'Where it stands, or the nearest whole with a location (位置), CGCS2000';

CREATE OR REPLACE VIEW map.dwelling_without_location AS
SELECT d.dwelling_id,
       d.kind,
       d.address,
       d.division::text AS division,
       (SELECT c.name FROM code.division c WHERE c.division = d.division) AS village,
       why.reason,
       why.reason_en,
       why.reason_zh,
       outermost.dwelling_id AS outermost_id,
       (SELECT count(*)::integer FROM registry.residence r
        WHERE r.dwelling_id = d.dwelling_id AND residence_is_current(r.state)
          AND r.person_id <> ALL ((SELECT registry.withheld_persons())::bigint[])) AS residents
FROM registry.dwelling d
JOIN registry.dwelling_standing standing USING (dwelling_id)
CROSS JOIN LATERAL (
    SELECT COALESCE(whole_ids[4], whole_ids[3], whole_ids[2], d.dwelling_id)
) AS outermost (dwelling_id)
JOIN (VALUES
    (false, 'never_located',     'nobody has located it yet',                                '尚未定位'),
    (true,  'whole_not_located', 'neither it nor anything that it is part of is located yet', '本房屋及所属房屋均未定位')
) AS why (is_part, reason, reason_en, reason_zh) ON why.is_part = (d.parent_id IS NOT NULL)
WHERE standing.place IS NULL;
COMMENT ON VIEW map.dwelling_without_location IS 'Dwellings that nobody has put on the map, neither themselves nor what they are part of (未定位的房屋)';
COMMENT ON COLUMN map.dwelling_without_location.dwelling_id IS 'Key of the dwelling (房屋编号)';
COMMENT ON COLUMN map.dwelling_without_location.kind IS 'Kind, list dwelling_kind (房屋层级代码)';
COMMENT ON COLUMN map.dwelling_without_location.address IS 'Address below the division (门牌地址)';
COMMENT ON COLUMN map.dwelling_without_location.division IS 'Village-level division (所在区划代码)';
COMMENT ON COLUMN map.dwelling_without_location.village IS 'Its name (村居)';
COMMENT ON COLUMN map.dwelling_without_location.reason IS 'never_located or, of a part, whole_not_located (原因代码)';
COMMENT ON COLUMN map.dwelling_without_location.reason_en IS 'Why, in English (原因英文)';
COMMENT ON COLUMN map.dwelling_without_location.reason_zh IS 'Why (原因)';
COMMENT ON COLUMN map.dwelling_without_location.outermost_id IS
    'Key of the outermost dwelling around it, or its own (最外层房屋编号): once this is located, so are all its parts';
COMMENT ON COLUMN map.dwelling_without_location.residents IS 'Persons who live in the dwelling itself now (在住人数), without restricted ones where they are withheld';

CREATE OR REPLACE FUNCTION map.xml_text(entry text)
    RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
        SELECT replace(replace(replace(replace(
                   regexp_replace(entry, '[\x01-\x1f\x7f\ufffe\uffff]', ' ', 'g'),
                   '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;')
    $$;
COMMENT ON FUNCTION map.xml_text(text) IS
    'Text as it stands in XML, in an element or between quotation marks (XML转义); control characters become blanks';

-- one parameter less in 0.3.0
DROP FUNCTION IF EXISTS map.dissolve(geometry);
CREATE OR REPLACE FUNCTION map.dissolve(pieces geometry, reach float8 DEFAULT 0.3)
    RETURNS geometry
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        -- each grown and all shrunk again, so that what was drawn with small gaps becomes one
        SELECT ST_Buffer(ST_Union(ST_Buffer(piece.geom, reach, 'join=mitre mitre_limit=2')), -reach, 'join=mitre mitre_limit=2')
        FROM ST_Dump(pieces) AS piece
    $$;
COMMENT ON FUNCTION map.dissolve(geometry, float8) IS
    'One outline around neighbouring pieces, in pixels (合并边界); gaps between them of twice the reach are closed';

CREATE OR REPLACE FUNCTION map.short_name(name text)
    RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$ SELECT regexp_replace(name, '(社区)?(居民委员会|村民委员会|居委会|村委会)$', '') $$;
COMMENT ON FUNCTION map.short_name(text) IS 'Name of a village or community without its committee, to be written on a map (村居简称)';

CREATE OR REPLACE FUNCTION map.svg_font()
    RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT '"Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", "WenQuanYi Zen Hei", sans-serif' $$;
COMMENT ON FUNCTION map.svg_font() IS 'Fonts with Chinese characters for pictures, the first that there is (图件字体)';

CREATE OR REPLACE FUNCTION map.on_page(shape geometry, frame box2d, east float8, north float8)
    RETURNS geometry
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$ SELECT ST_TransScale(ST_SetSRID(shape, 0), -ST_XMin(frame), -ST_YMax(frame), east, north) $$;
COMMENT ON FUNCTION map.on_page(geometry, box2d, float8, float8) IS
    'A shape as it is drawn with the north-west corner of a frame at the origin, so many pixels or millimetres to a degree (图面坐标); y grows northwards, as ST_AsSVG() expects';

CREATE OR REPLACE FUNCTION map.round_number(most float8, steps float8[] DEFAULT '{1,2,5}')
    RETURNS float8
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$ SELECT max(step * 10 ^ power) FROM unnest(steps) AS step, generate_series(-1, 9) AS power WHERE step * 10 ^ power <= most $$;
COMMENT ON FUNCTION map.round_number(float8, float8[]) IS 'The largest round number that is not above another (取整), for scale bars';

CREATE OR REPLACE FUNCTION map.class_bounds(numbers integer[])
    RETURNS integer[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
        -- fifths of the numbers above zero, rounded to two digits of which the second is 0 or 5
        SELECT COALESCE(array_agg(DISTINCT bound ORDER BY bound), '{}')
        FROM (SELECT percentile_disc('{0.2,0.4,0.6,0.8}'::float8[]) WITHIN GROUP (ORDER BY n) AS cuts, min(n) AS least, max(n) AS most
              FROM unnest(numbers) AS n WHERE n > 0) AS fifths,
             unnest(cuts) AS cut,
             LATERAL (SELECT greatest(1, 10.0 ^ (floor(log(cut)) - 1) * 5)) AS step (size),
             LATERAL (SELECT (ceil((cut + 1) / size) * size)::integer) AS rounded (bound)
        WHERE bound > least AND bound <= most
    $$;
COMMENT ON FUNCTION map.class_bounds(integer[]) IS
    'Lower bounds of the second class and those after it, for a legend of at most five classes of about as many numbers each (分级界限); zero is no class';

CREATE OR REPLACE FUNCTION map.grid_svg(division division_code, width integer DEFAULT 1000)
    RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    <<picture>>
    DECLARE
        -- light to dark; the first is for grids without residents
        shade    constant text[] := ARRAY['#eeebe2', '#fdeab8', '#fbc877', '#f39a52', '#dd6140', '#a8323a'];
        wide     constant integer := least(greatest(COALESCE(width, 1000), 320), 8000);
        margin   constant integer := 24;
        head     constant integer := 74;
        foot     constant integer := 96;
        caption  constant text := COALESCE(division_name(division), division::text);
        frame    box2d;
        bounds   integer[];
        east     float8;  -- pixels per degree of longitude
        north    float8;  -- and of latitude
        height   integer;
        scale_m  float8;
        grids    bigint;
        people   bigint;
        homes    bigint;
        body     text;
    BEGIN
        PERFORM registry.require_division(division);
        SELECT ST_Extent(g.outline), count(*), sum(s.residents), sum(s.dwellings), map.class_bounds(array_agg(s.residents))
        INTO frame, grids, people, homes, bounds
        FROM registry.grid g JOIN stat.resident_by_grid s USING (grid_id)
        WHERE g.division <@ grid_svg.division;

        IF grids = 0 THEN
            height := head + 220;
            body := format($svg$<rect class="sea" x="%1$s" y="%2$s" width="%3$s" height="%4$s" rx="6"/>
<text class="none" x="%5$s" y="%6$s">此区划尚无有效网格</text>
<text class="none small" x="%5$s" y="%7$s">no grid is valid in this division today</text>$svg$,
                margin, head, wide - 2 * margin, 220 - margin, wide / 2, head + 95, head + 125);
        ELSE
            east := (wide - 2 * margin) / greatest(ST_XMax(frame) - ST_XMin(frame), 1e-6);
            north := east / cos(radians((ST_YMax(frame) + ST_YMin(frame)) / 2));
            -- no taller than one and a half times its width
            IF (ST_YMax(frame) - ST_YMin(frame)) * north > 1.5 * wide THEN
                north := 1.5 * wide / (ST_YMax(frame) - ST_YMin(frame));
                east := north * cos(radians((ST_YMax(frame) + ST_YMin(frame)) / 2));
            END IF;
            height := head + ceil((ST_YMax(frame) - ST_YMin(frame)) * north)::integer + foot;

            WITH shape AS MATERIALIZED (
                SELECT s.grid_id, s.grid_code, s.name, s.village, s.township, s.residents, s.waiting, s.dwellings,
                       g.division, parent(g.division) AS town,
                       width_bucket(s.residents, bounds) AS class,
                       map.on_page(g.outline, frame, east, north) AS outline
                FROM registry.grid g JOIN stat.resident_by_grid s USING (grid_id)
                WHERE g.division <@ grid_svg.division
            ), village AS MATERIALIZED (
                SELECT shape.division, min(shape.village) AS name, min(shape.town) AS town,
                       min(shape.township) AS township, sum(residents) AS residents,
                       map.dissolve(ST_Collect(outline)) AS outline
                FROM shape GROUP BY shape.division
            ), town AS MATERIALIZED (
                SELECT town, min(township) AS name, sum(residents) AS residents,
                       map.dissolve(ST_Collect(outline)) AS outline
                FROM village GROUP BY town
            ), county AS MATERIALIZED (
                SELECT parent(town) AS county, map.dissolve(ST_Collect(outline)) AS outline
                FROM town GROUP BY 1
            ), lettering AS (
                SELECT 'county' AS class, 38 AS size, (SELECT d.name FROM code.division d WHERE d.division = c.county) AS name, c.outline
                FROM county c WHERE (SELECT count(*) FROM county) > 1
                UNION ALL
                SELECT 'town', CASE WHEN (SELECT count(*) FROM county) > 1 THEN 11 ELSE 15 END, t.name, t.outline
                FROM town t WHERE (SELECT count(*) FROM town) > 1
                UNION ALL
                SELECT 'village', 0, map.short_name(v.name) || ' ' || v.residents, v.outline FROM village v
                WHERE (SELECT count(*) FROM village) > 1 AND (SELECT count(*) FROM town) = 1
                UNION ALL
                SELECT 'number', 0, substr(s.grid_code, 13) || ' · ' || s.residents, s.outline FROM shape s
                WHERE (SELECT count(*) FROM village) = 1
            ), placed AS (
                -- in the middle of the largest circle inside; villages and grids as large as they have room
                SELECT l.class, l.name, c.radius AS circle, ST_X(c.center) AS x, -ST_Y(c.center) AS y,
                       CASE l.size WHEN 0 THEN least(greatest(round(c.radius * 3 / length(l.name)), 10), 20) ELSE l.size END AS size
                FROM lettering l, ST_MaximumInscribedCircle(l.outline) AS c
            )
            SELECT concat_ws(E'\n',
                format('<g transform="translate(%s %s)">',
                       round(((wide - (ST_XMax(frame) - ST_XMin(frame)) * east) / 2)::numeric, 1), head),
                '<g class="grid">',
                (SELECT string_agg(format('<path fill="%s" d="%s"><title>%s</title></path>',
                            shade[CASE WHEN s.residents = 0 THEN 1 ELSE s.class + 2 END],
                            ST_AsSVG(s.outline, 1, 1),
                            map.xml_text(format(E'%s %s\n%s%s\n在住 %s 人(待核实 %s),房屋 %s',
                                                s.grid_code, s.name, s.township, s.village, s.residents, s.waiting, s.dwellings))),
                        E'\n' ORDER BY s.grid_code) FROM shape s),
                '</g><g class="village">',
                (SELECT string_agg(format('<path d="%s"/>', ST_AsSVG(v.outline, 1, 1)), E'\n' ORDER BY v.division) FROM village v),
                '</g><g class="town">',
                (SELECT string_agg(format('<path d="%s"/>', ST_AsSVG(t.outline, 1, 1)), E'\n' ORDER BY t.town) FROM town t),
                '</g><g class="county">',
                (SELECT string_agg(format('<path d="%s"/>', ST_AsSVG(c.outline, 1, 1)), E'\n' ORDER BY c.county)
                 FROM county c WHERE (SELECT count(*) FROM county) > 1),
                '</g><g class="label">',
                (SELECT string_agg(format('<text class="%s" font-size="%s" x="%s" y="%s">%s</text>',
                            p.class, p.size, round(p.x::numeric, 1), round((p.y + p.size * 0.36)::numeric, 1), map.xml_text(p.name)),
                        E'\n' ORDER BY p.size DESC, p.name)
                 FROM placed p
                 WHERE p.size >= 15 OR length(p.name) * p.size < 3.2 * p.circle),
                '</g></g>')
            INTO body;

            -- a round length of about a sixth of the width
            scale_m := greatest(map.round_number(wide / 6.0 / north * 110574), 1);
            body := concat_ws(E'\n', body,
                format('<g class="legend" transform="translate(%s %s)">', margin, height - foot + 34),
                '<text x="0" y="-8">每网格在住人数 residents per grid</text>',
                (SELECT string_agg(format('<rect x="%s" y="0" width="64" height="14" fill="%s"/><text class="small" x="%s" y="29">%s</text>',
                            n * 64, shade[n + 1], n * 64 + 2,
                            CASE WHEN n = 0 THEN '0'
                                 WHEN bounds = '{}'::integer[] THEN '≥ 1'
                                 WHEN n = 1 THEN CASE WHEN bounds[1] = 2 THEN '1' ELSE '1 – ' || bounds[1] - 1 END
                                 WHEN n > array_length(bounds, 1) THEN '≥ ' || bounds[n - 1]
                                 ELSE bounds[n - 1] || ' – ' || bounds[n] - 1 END), E'\n' ORDER BY n)
                 FROM generate_series(0, COALESCE(array_length(bounds, 1), 0) + 1) AS n),
                '</g>',
                format('<g class="scale" transform="translate(%s %s)"><path d="M0 -5V0H%s V-5"/><text class="small" x="%s" y="-6">%s</text></g>',
                       wide - margin - round((scale_m / 110574 * north)::numeric, 1), height - foot + 48,
                       round((scale_m / 110574 * north)::numeric, 1), round((scale_m / 110574 * north / 2)::numeric, 1),
                       CASE WHEN scale_m < 1000 THEN scale_m || ' m' ELSE scale_m / 1000 || ' km' END));
        END IF;

        RETURN format($svg$<svg xmlns="http://www.w3.org/2000/svg" width="%1$s" height="%2$s" viewBox="0 0 %1$s %2$s" role="img">
<title>%3$s 网格在住人数</title>
<style>
svg { background: #fbfaf7; font-family: %10$s; }
text { fill: #2b2b2b; }
.head, .sub, .legend text { font-size: 13px; }
.head { font-size: 24px; font-weight: 600; }
.sub { fill: #6a675f; }
.small, .legend .small { font-size: 11px; fill: #6a675f; }
.none { font-size: 20px; text-anchor: middle; fill: #8a867c; }
.none.small { font-size: 13px; }
.sea { fill: #eeebe2; }
.grid path { stroke: #ffffff; stroke-width: %8$s; stroke-linejoin: round; }
.grid path:hover { stroke: #1c3d5a; stroke-width: 2; }
.village path { fill: none; stroke: #8a7a68; stroke-width: %9$s; stroke-linejoin: round; pointer-events: none; }
.town path { fill: none; stroke: #3b342c; stroke-width: 1.3; stroke-linejoin: round; pointer-events: none; }
.county path { fill: none; stroke: #1f1a15; stroke-width: 2.8; stroke-linejoin: round; pointer-events: none; }
.label text { text-anchor: middle; paint-order: stroke; stroke: #ffffff; stroke-opacity: 0.85; stroke-width: 3px; stroke-linejoin: round; pointer-events: none; }
.label .county { font-weight: 600; letter-spacing: 4px; fill-opacity: 0.3; stroke: none; }
.legend rect { stroke: #ffffff; }
.scale path { fill: none; stroke: #2b2b2b; }
.scale text { text-anchor: middle; }
</style>
<text class="head" x="%4$s" y="38">%5$s</text>
<text class="sub" x="%4$s" y="60">%6$s</text>
%7$s
</svg>
$svg$,
            wide, height, map.xml_text(caption), margin, map.xml_text(caption),
            map.xml_text(format('%s · 网格 %s · 在住 %s 人 · 房屋 %s', today(), grids, COALESCE(people, 0), COALESCE(homes, 0))),
            body, CASE WHEN grids > 200 THEN 0.6 ELSE 1.4 END, CASE WHEN grids > 200 THEN 0.8 ELSE 1.3 END, map.svg_font());
    END $$;
COMMENT ON FUNCTION map.grid_svg(division_code, integer) IS
    'Picture of the management grids of a division, shaded by residents, as SVG of so many pixels in width (网格在住人数图); open it in a browser: psql -XqAt -c "SELECT map.grid_svg(''460105'')" -o picture.svg';
