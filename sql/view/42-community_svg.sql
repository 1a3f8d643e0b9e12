-- A sheet of paper for each community: its grids with their numbers, and the dwellings in them.

CREATE OR REPLACE FUNCTION map.community_svg(division division_code, "on" date DEFAULT residency.today())
    RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SECURITY DEFINER
    SET search_path FROM CURRENT
    SET jit = off
    SET plan_cache_mode = force_custom_plan
    AS $$
    <<sheet>>
    DECLARE
        -- millimetres of an A4 page
        wide     CONSTANT float8 := 186;
        top      CONSTANT float8 := 34;
        row_high CONSTANT float8 := 4.6;
        most     CONSTANT integer := 90;
        day      CONSTANT date := COALESCE("on", today());
        current  CONSTANT boolean := day = today();
        columns  integer;
        high     float8;
        frame    box2d;
        metres   float8;   -- to a degree of latitude
        squeeze  float8;   -- a degree of longitude to one of latitude
        scale    float8;
        east     float8;   -- millimetres to a degree of longitude
        north    float8;   -- and of latitude
        bar      float8;
        letters  integer;  -- of a name in the list
        title    text;
        grids    integer;
        people   bigint;
        homes    bigint;
        body     text;
    BEGIN
        PERFORM registry.require_division(division);
        IF level(division) IS DISTINCT FROM 5 THEN
            PERFORM refuse('RG301', ARRAY[COALESCE(division::text, '')]);
        ELSIF day > today() THEN
            PERFORM refuse('RG260', ARRAY[day::text, today()::text]);
        END IF;
        SELECT ST_Extent(v.outline), count(*) INTO frame, grids
        FROM registry.grid g JOIN registry.grid_version v USING (grid_id)
        WHERE g.division = community_svg.division AND g.kind = 'management' AND g.period @> day AND v.period @> day;
        title := division_name(division, day);
        columns := CASE WHEN grids <= 30 THEN 2 ELSE 3 END;
        letters := floor((wide / columns - 36) / 3.1);
        high := 297 - top - 34 - (ceil(least(grids, most) / columns::float8) + 1) * row_high;

        IF grids = 0 THEN
            body := '<text class="none" x="105" y="120">该村(居)当日无有效网格</text>';
        ELSE
            -- of the ellipsoid, to a ten-thousandth
            SELECT 111132.95 - 559.82 * cos(2 * phi), (111412.84 * cos(phi) - 93.5 * cos(3 * phi)) / (111132.95 - 559.82 * cos(2 * phi))
            INTO metres, squeeze FROM radians((ST_YMin(frame) + ST_YMax(frame)) / 2) AS phi;
            -- the largest round scale at which it fits
            scale := greatest((ST_XMax(frame) - ST_XMin(frame)) * squeeze / (wide - 6), (ST_YMax(frame) - ST_YMin(frame)) / (high - 6)) * metres * 1000;
            scale := 1e9 / map.round_number(1e9 / scale, '{1,1.25,1.6666666667,2,2.5,3.3333333333,4,5,6.6666666667,8}');
            scale := round(scale / 10) * 10;
            north := metres * 1000 / scale;
            east := north * squeeze;
            bar := map.round_number(40 * scale / 1000);
            -- in the middle of its frame
            frame := ST_Expand(frame, (wide / east - (ST_XMax(frame) - ST_XMin(frame))) / 2, (high / north - (ST_YMax(frame) - ST_YMin(frame))) / 2);

            WITH figure AS (
                SELECT s.grid_id, s.residents::bigint AS residents, s.dwellings FROM stat.resident_by_grid s
                WHERE current AND s.division = community_svg.division::text
                UNION ALL
                SELECT s.grid_id, s.residents, NULL FROM stat.resident_by_grid_on(day, 'then') AS s
                WHERE NOT current AND s.division = community_svg.division::text
            ), own AS MATERIALIZED (
                SELECT g.grid_id, substr(g.grid_code, 13) AS number, v.name, figure.residents, figure.dwellings,
                       map.on_page(v.outline, frame, east, north) AS outline,
                       row_number() OVER (ORDER BY g.grid_code) - 1 AS n
                FROM registry.grid g
                JOIN registry.grid_version v USING (grid_id)
                LEFT JOIN figure USING (grid_id)
                WHERE g.division = community_svg.division AND g.kind = 'management' AND g.period @> day AND v.period @> day
            ), around AS (
                SELECT map.on_page(ST_ClipByBox2D(v.outline, frame), frame, east, north) AS outline
                FROM registry.grid_version v JOIN registry.grid g USING (grid_id)
                WHERE v.outline && ST_SetSRID(frame::geometry, 4490) AND g.division <> community_svg.division
                  AND g.kind = 'management' AND g.period @> day AND v.period @> day
            ), dot AS (
                SELECT p.let_state, map.on_page(p.location, frame, east, north) AS spot
                FROM map.places(ST_SetSRID(frame::geometry, 4490)) AS p JOIN own USING (grid_id)
                WHERE current AND p.let_state <> 'demolished'
            ), number AS (
                -- in the middle of the largest circle inside, as large as it has room; what has none stands in the list alone
                SELECT own.number, own.name, ST_X(c.center) AS x, -ST_Y(c.center) AS y, c.radius, least(c.radius * 0.7, 6) AS size
                FROM own, ST_MaximumInscribedCircle(own.outline) AS c
            )
            SELECT (SELECT sum(own.residents) FROM own), (SELECT sum(own.dwellings) FROM own), concat_ws(E'\n',
                format('<svg class="map" x="12" y="%s" width="%s" height="%s" viewBox="0 0 %2$s %3$s">', top, wide, round(high::numeric, 1)),
                '<g class="around">',
                (SELECT string_agg(format('<path d="%s"/>', ST_AsSVG(around.outline, 1, 2)), E'\n') FROM around WHERE NOT ST_IsEmpty(around.outline)),
                '</g><g class="grid">',
                (SELECT string_agg(format('<path d="%s"><title>%s</title></path>', ST_AsSVG(own.outline, 1, 2), map.xml_text(own.name)), E'\n' ORDER BY own.n) FROM own),
                '</g>',
                format('<path class="outline" d="%s"/>', (SELECT ST_AsSVG(map.dissolve(ST_Collect(own.outline), 0.1), 1, 2) FROM own)),
                '<g class="dot">',
                (SELECT string_agg(format('<use href="#%s" x="%s" y="%s"/>', dot.let_state, round(ST_X(dot.spot)::numeric, 1), round(-ST_Y(dot.spot)::numeric, 1)),
                                   E'\n' ORDER BY dot.spot) FROM dot),
                '</g><g class="label">',
                (SELECT string_agg(format('<text font-size="%s" x="%s" y="%s">%s</text>', round(number.size::numeric, 1), round(number.x::numeric, 1),
                                          round((number.y + number.size * CASE WHEN written.fits THEN 0.1 ELSE 0.36 END)::numeric, 1), number.number)
                                   || CASE WHEN written.fits THEN
                                          format('<text class="name" x="%s" y="%s">%s</text>', round(number.x::numeric, 1),
                                                 round((number.y + number.size * 0.1 + 3.4)::numeric, 1), map.xml_text(number.name)) ELSE '' END,
                                   E'\n' ORDER BY number.number)
                 FROM number, LATERAL (SELECT length(number.name) * 2.8 < 1.8 * number.radius) AS written (fits)
                 WHERE number.size >= 1.6),
                '</g>',
                format('<g transform="translate(%s 4)"><path d="M0 12L3.5 0L7 12L3.5 9.5Z" fill="#fff" stroke="#000" stroke-width="0.3"/><path d="M3.5 0L7 12L3.5 9.5Z"/><text class="small" x="3.5" y="16" text-anchor="middle">北</text></g>', wide - 11),
                '</svg>',
                format('<rect class="neat" x="12" y="%s" width="%s" height="%s"/>', top, wide, round(high::numeric, 1)),
                -- legend and scale
                format('<g transform="translate(12 %s)">', round((top + high + 7)::numeric, 1)),
                CASE WHEN current THEN
                    '<use href="#let" x="2" y="-1.1"/><text class="small" x="5">有出租</text><use href="#lettable" x="22" y="-1.1"/><text class="small" x="25">可出租</text><use href="#prohibited" x="42" y="-1.1"/><text class="small" x="45">有禁租</text><use href="#owner_occupied" x="62" y="-1.1"/><text class="small" x="65">自住</text>'
                ELSE '<text class="small" x="0">房屋位置仅绘于当日图幅</text>' END,
                '<path d="M80 -1.1h8" stroke="#000" stroke-width="0.9"/><text class="small" x="90">村(居)界</text><path d="M107 -1.1h8" stroke="#000" stroke-width="0.35"/><text class="small" x="117">网格界</text>',
                format('<g transform="translate(%s -2)"><rect width="%s" height="1.4" fill="#fff" stroke="#000" stroke-width="0.2"/><rect width="%s" height="1.4"/><text class="small" y="-1" text-anchor="middle">0</text><text class="small" x="%2$s" y="-1" text-anchor="middle">%4$s</text></g></g>',
                       round((wide - 10 - bar * 1000 / scale)::numeric, 1), round((bar * 1000 / scale)::numeric, 2), round((bar * 500 / scale)::numeric, 2),
                       CASE WHEN bar < 1000 THEN bar || ' 米' ELSE bar / 1000 || ' 千米' END),
                -- the list, column by column
                format('<g class="list" transform="translate(12 %s)">', round((top + high + 15)::numeric, 1)),
                (SELECT string_agg(format('<g transform="translate(%s 0)"><text x="1">编号</text><text x="11">网格名称</text><text class="figure" x="%s">在住人数</text>%s<path d="M0 1.3h%s"/></g>',
                                          c * wide / columns, wide / columns - CASE WHEN current THEN 15 ELSE 4 END,
                                          CASE WHEN current THEN format('<text class="figure" x="%s">房屋</text>', wide / columns - 4) END, wide / columns - 3), E'\n')
                 FROM generate_series(0, columns - 1) AS c),
                (SELECT string_agg(format('<g transform="translate(%s %s)"><text x="1">%s</text><text x="11">%s</text><text class="figure" x="%s">%s</text>%s</g>',
                                          round((own.n / own.rows * wide / columns)::numeric, 1), round(((own.n % own.rows + 1) * row_high)::numeric, 1), own.number,
                                          map.xml_text(CASE WHEN length(own.name) > letters THEN left(own.name, letters - 1) || '…' ELSE own.name END),
                                          wide / columns - CASE WHEN current THEN 15 ELSE 4 END, own.residents,
                                          CASE WHEN current THEN format('<text class="figure" x="%s">%s</text>', wide / columns - 4, own.dwellings) END), E'\n' ORDER BY own.n)
                 FROM (SELECT own.*, ceil(least(grids, most) / columns::float8)::integer AS rows FROM own WHERE own.n < most) AS own),
                '</g>')
            INTO people, homes, body;
        END IF;

        RETURN format($svg$<svg xmlns="http://www.w3.org/2000/svg" width="210mm" height="297mm" viewBox="0 0 210 297" role="img">
<title>%1$s 网格图</title>
<style>
svg { background: #fff; font-family: %2$s; }
@page { size: A4; margin: 0; }
.head { font-weight: 600; }
.sub { font-size: 3.6px; }
.small, .list text { font-size: 3.1px; }
.none { font-size: 6px; text-anchor: middle; }
.around path { fill: #f2f2f2; stroke: #999; stroke-width: 0.2; stroke-dasharray: 1 0.6; }
.grid path { fill: #fff; stroke: #000; stroke-width: 0.35; stroke-linejoin: round; }
.outline { fill: none; stroke: #000; stroke-width: 0.9; stroke-linejoin: round; }
.neat { fill: none; stroke: #000; stroke-width: 0.4; }
.label text { text-anchor: middle; font-weight: 600; paint-order: stroke; stroke: #fff; stroke-width: 0.9px; stroke-linejoin: round; }
.label .name { font-size: 2.8px; font-weight: 400; }
.list path { stroke: #000; stroke-width: 0.2; }
.figure { text-anchor: end; }
</style>
<defs>
<circle id="let" r="0.8"/>
<circle id="lettable" r="0.75" fill="#fff" stroke="#000" stroke-width="0.25"/>
<path id="prohibited" d="M-0.8 -0.8L0.8 0.8M-0.8 0.8L0.8 -0.8" stroke="#000" stroke-width="0.35"/>
<rect id="owner_occupied" x="-0.45" y="-0.45" width="0.9" height="0.9" fill="#999"/>
</defs>
<text class="head" font-size="%7$s" x="12" y="20">%3$s</text>
<text class="sub" x="12" y="28">%4$s</text>
%5$s
<text class="small" x="12" y="288">%6$s</text>
</svg>
$svg$,
            map.xml_text(COALESCE(title, division::text)), map.svg_font(),
            map.xml_text(format('%s网格图', COALESCE(map.short_name(title), division::text))),
            map.xml_text(concat_ws(' · ', to_char(day, 'YYYY"年"FMMM"月"FMDD"日"'), '比例尺 1:' || scale, '网格 ' || grids || ' 个',
                                   '在住 ' || people || ' 人', '房屋 ' || homes || ' 处')),
            body,
            map.xml_text(concat_ws(';', '网格编码为 ' || division::text || ' 加编号', 'CGCS2000',
                                   CASE WHEN grids > most THEN format('另有 %s 个网格未列出', grids - most) END)),
            round(least(7.5, 186.0 / (COALESCE(length(title), 0) + 3)), 2));
    END $$;
COMMENT ON FUNCTION map.community_svg(division_code, date) IS
    'An A4 sheet of a community, to be printed in black and white (村居网格图): its grids with numbers, names, residents and dwellings, the places with dwellings by let state (map.places()), north, a scale that holds on paper, and a list. on: a day past draws its grids with the residents of that day, without dwellings. psql -XqAt -c "SELECT map.community_svg(''460105001001'')" -o sheet.svg, then print it from a browser. Errors: RG260, RG301';
