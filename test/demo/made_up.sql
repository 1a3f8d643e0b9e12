-- made_up.sql: people, dwellings and grids that nobody has ever met, for the demonstration, the bench and tests.
-- Divisions are the real ones of code.division; everything else is made up, the same at every run.
--
--   psql -v people=20000 -v counties='{460105,460106,460107,460108}' -f test/demo/made_up.sql
--
-- fills the schema made_up, and nothing else: outline, village, grid, dwelling, person. What becomes of it is up to the caller.
-- With -v outlines=FILE the outlines of the counties are read from lines of "code <tab> GeoJSON".

\if :{?people}
\else
\set people 20000
\endif
\if :{?counties}
\else
\set counties '{460105,460106,460107,460108}'
\endif

SET client_min_messages = warning;
DROP SCHEMA IF EXISTS made_up CASCADE;
CREATE SCHEMA made_up;
SET search_path = made_up, residency, public;
-- estimates for set-returning functions are far too high
SET jit = off;

-- An edge becomes a bending line, the same one seen from either side.
CREATE FUNCTION made_up.bend(a geometry, b geometry) RETURNS geometry
    LANGUAGE sql IMMUTABLE AS $$
        SELECT CASE WHEN flip THEN ST_Reverse(line) ELSE line END
        FROM (SELECT a > b AS flip, least(a, b) AS f, greatest(a, b) AS t) AS e,
             LATERAL (SELECT ST_MakeLine(ST_SetSRID(ST_MakePoint(
                              ST_X(f) + (ST_X(t) - ST_X(f)) * s - (ST_Y(t) - ST_Y(f)) * w,
                              ST_Y(f) + (ST_Y(t) - ST_Y(f)) * s + (ST_X(t) - ST_X(f)) * w), 4490) ORDER BY s)
                      FROM generate_series(0, 1, 0.0625) AS n,
                           LATERAL (SELECT n::float8, ST_X(f) * 777 + ST_Y(t) * 555) AS p (s, phase),
                           LATERAL (SELECT 0.07 * sin(pi() * s) * (sin(phase + 7 * s) + 0.5 * sin(phase * 3 + 17 * s)
                                                                   + 0.25 * sin(phase * 5 + 41 * s))) AS v (w)) AS l (line)
    $$;

-- The counties: outlines made up near the real place, bending where they are nobody's coast either.
CREATE TABLE made_up.outline (division division_code PRIMARY KEY, shape geometry(MultiPolygon, 4490) NOT NULL);
WITH corner AS (
    SELECT county, n, ST_SetSRID(ST_MakePoint(split_part(p, ' ', 1)::float8, split_part(p, ' ', 2)::float8), 4490) AS point
    FROM (VALUES
        (460105, '110.10 20.04,110.17 20.075,110.25 20.045,110.27 20.00,110.29 19.93,110.27 19.82,110.20 19.74,110.13 19.80,110.12 19.92'),
        (460106, '110.25 20.045,110.30 20.06,110.335 20.05,110.345 20.015,110.335 19.97,110.37 19.87,110.36 19.75,110.30 19.70,110.20 19.74,110.27 19.82,110.29 19.93,110.27 20.00'),
        (460107, '110.345 20.015,110.39 20.01,110.45 19.97,110.55 19.88,110.62 19.80,110.60 19.68,110.50 19.58,110.38 19.60,110.30 19.70,110.36 19.75,110.37 19.87,110.335 19.97'),
        (460108, '110.335 20.05,110.40 20.085,110.50 20.07,110.58 20.11,110.68 20.15,110.70 20.02,110.66 19.90,110.62 19.80,110.55 19.88,110.45 19.97,110.39 20.01,110.345 20.015')
    ) AS c (county, corners), unnest(string_to_array(corners, ',')) WITH ORDINALITY AS u (p, n)
), edge AS (
    SELECT county, n, made_up.bend(point, COALESCE(lead(point) OVER w, first_value(point) OVER w)) AS line
    FROM corner WINDOW w AS (PARTITION BY county ORDER BY n)
)
INSERT INTO made_up.outline
SELECT county::text::division_code, ST_Multi(ST_MakePolygon(ST_RemoveRepeatedPoints(ST_MakeLine(line ORDER BY n))))
FROM edge
WHERE county::text::division_code = ANY (:'counties'::division_code[])
GROUP BY county;
\if :{?outlines}
CREATE TEMP TABLE outline_line (division division_code, geojson text);
\set copy '\\copy outline_line FROM ' :'outlines' ' WITH (FORMAT csv, DELIMITER E\'\\t\', QUOTE E\'\\b\')'
:copy
INSERT INTO made_up.outline
SELECT division, ST_Multi(ST_CollectionExtract(ST_MakeValid(ST_SetSRID(ST_GeomFromGeoJSON(geojson), 4490)), 3))
FROM outline_line WHERE division = ANY (:'counties'::division_code[])
ON CONFLICT (division) DO UPDATE SET shape = excluded.shape;
\endif

-- Cuts an area into so many parts of about the same size, smaller towards a crowded place and numbered from there.
CREATE FUNCTION made_up.cut(area geometry, parts integer, seed integer, crowd geometry DEFAULT NULL)
    RETURNS TABLE (part bigint, cell geometry)
    LANGUAGE sql AS $$
        WITH crumb AS (
            SELECT (ST_Dump(ST_GeneratePoints(area, parts * 30, seed))).geom AS point
            UNION ALL
            SELECT (ST_Dump(ST_GeneratePoints(around, parts * 90, seed))).geom
            FROM ST_Intersection(area, ST_Buffer(crowd, 0.06)) AS around WHERE NOT ST_IsEmpty(around)
        ), heap AS (
            SELECT point, ST_ClusterKMeans(point, parts) OVER () AS n FROM crumb
        ), centre AS (
            SELECT ST_Centroid(ST_Collect(point)) AS point FROM heap GROUP BY n
        )
        SELECT row_number() OVER (ORDER BY ST_Centroid(cell) <-> COALESCE(crowd, ST_PointOnSurface(area)), ST_X(ST_Centroid(cell))), cell
        FROM (
            SELECT ST_Multi(ST_CollectionExtract(ST_Intersection(v.geom, area), 3)) AS cell
            FROM (SELECT ST_Collect(point) AS points FROM centre) AS c, ST_Dump(ST_VoronoiPolygons(points, 0, area)) AS v
            WHERE parts > 1
            UNION ALL
            SELECT ST_Multi(area) WHERE parts = 1
        ) AS pieces
        WHERE NOT ST_IsEmpty(cell)
    $$;

CREATE TABLE made_up.village AS
WITH town_cell AS MATERIALIZED (
    SELECT o.division AS parent, c.part, c.cell
    FROM made_up.outline o
    CROSS JOIN LATERAL (SELECT count(*)::integer FROM code.division t WHERE t.parent = o.division) AS towns (parts)
    CROSS JOIN LATERAL made_up.cut(o.shape, parts, 46, ST_SetSRID(ST_MakePoint(110.335, 20.03), 4490)) AS c
), town AS MATERIALIZED (
    SELECT t.division, c.cell
    FROM (SELECT division, parent, row_number() OVER (PARTITION BY parent ORDER BY division) AS part FROM code.division) AS t
    JOIN town_cell c USING (parent, part)
), village_cell AS MATERIALIZED (
    SELECT town.division AS parent, c.part, c.cell
    FROM town
    CROSS JOIN LATERAL (SELECT count(*)::integer FROM code.division v WHERE v.parent = town.division) AS villages (parts)
    CROSS JOIN LATERAL made_up.cut(town.cell, parts, 47) AS c
    WHERE parts > 0
)
SELECT v.division, v.name, v.parent AS township, c.cell, ST_Area(c.cell::geography) / 1e6 AS km2
FROM (SELECT division, name, parent, row_number() OVER (PARTITION BY parent ORDER BY division) AS part FROM code.division) AS v
JOIN village_cell c USING (parent, part);
ALTER TABLE made_up.village ADD PRIMARY KEY (division);

CREATE TABLE made_up.grid AS
SELECT v.division::text || to_char(c.part, 'FM000') AS grid_code,
       regexp_replace(v.name, '(社区)?(居民委员会|村民委员会|居委会|村委会)$', '') || '第' || c.part || '网格' AS name,
       v.division, c.cell AS outline
FROM made_up.village v
CROSS JOIN LATERAL made_up.cut(v.cell, 1 + (v.division::bigint * 7 % 10 / 3)::integer, 48) AS c;
ALTER TABLE made_up.grid ADD PRIMARY KEY (grid_code);

-- Between 0 and 1, always the same for a number and a purpose.
CREATE FUNCTION made_up.dice(n bigint, purpose integer) RETURNS float8
    LANGUAGE sql IMMUTABLE AS $$ SELECT (hashint8extended(n, purpose) & 4294967295) / 4294967296.0::float8 $$;
CREATE FUNCTION made_up.pick(choice text[], n bigint, purpose integer) RETURNS text
    LANGUAGE sql IMMUTABLE AS $$ SELECT choice[1 + floor(made_up.dice(n, purpose) * array_length(choice, 1))::integer] $$;

-- Families and single people, as strings of roles: head, spouse, child, grandparent, mate.
ANALYZE made_up.outline;
CREATE TABLE made_up.family AS
WITH RECURSIVE province AS MATERIALIZED (
    SELECT left(division::text, 2) AS province, array_agg(division::text ORDER BY division) AS counties
    FROM code.division WHERE level = 3 AND NOT heading GROUP BY 1
), family AS (
    SELECT 0::bigint AS family, ''::text AS roles, 0::bigint AS so_far
    UNION ALL
    SELECT family + 1, next.roles, so_far + length(next.roles)
    FROM family,
         LATERAL (SELECT ('{h,h,h,h,h,h,h,h,h,hs,hs,hs,hs,hsc,hsc,hsc,hscc,hc,hscg,hmm}'::text[])[1 + floor(made_up.dice(family + 1, 1) * 20)::integer]) AS next (roles)
    WHERE so_far < :people
)
SELECT family, roles,
       1966 + floor(made_up.dice(family, 2) * 38)::integer AS head_year,
       CASE WHEN made_up.dice(family, 3) < 0.6 THEN '1' ELSE '2' END AS head_sex,
       made_up.pick(p.counties, family, 13)::division_code AS home
FROM family
JOIN province p ON p.province = made_up.pick('{46,46,43,43,51,44,44,45,42,41,36,34,52,50,61,35,37,23}', family, 4)
WHERE family > 0;

CREATE TABLE made_up.person AS
WITH member AS (
    SELECT f.*, first_value(person) OVER (PARTITION BY family ORDER BY person) AS head
    FROM (SELECT f.*, u.role, row_number() OVER (ORDER BY family, place) AS person
          FROM made_up.family f, regexp_split_to_table(roles, '') WITH ORDINALITY AS u (role, place)) AS f
), born AS (
    SELECT m.*,
           CASE role WHEN 's' THEN CASE head_sex WHEN '1' THEN '2' ELSE '1' END
                     WHEN 'h' THEN head_sex WHEN 'm' THEN head_sex
                     ELSE CASE WHEN made_up.dice(person, 5) < 0.5 THEN '1' ELSE '2' END END AS sex,
           make_date(CASE role WHEN 'h' THEN head_year
                               WHEN 'c' THEN first_year + floor(made_up.dice(person, 6) * (2024 - first_year))::integer
                               WHEN 'g' THEN head_year - 22 - floor(made_up.dice(person, 6) * 10)::integer
                               ELSE head_year - 4 + floor(made_up.dice(person, 6) * 8)::integer END, 1, 1)
               + floor(made_up.dice(person, 7) * 365)::integer AS birth_date
    FROM member m, LATERAL (SELECT greatest(head_year + 20, 2008)) AS c (first_year)
), numbered AS (
    -- sequences that hardly any real number has
    SELECT b.*, row_number() OVER (PARTITION BY home, birth_date, sex ORDER BY person) AS nth FROM born b
), digits AS (
    SELECT n.*, home::text || to_char(birth_date, 'YYYYMMDD') || 900 + 2 * nth - (sex = '1')::integer AS body FROM numbered n
)
SELECT person, family, role, CASE role WHEN 'c' THEN head END AS guardian, sex, birth_date,
       (body || substr('10X98765432', 1 + (SELECT sum(substr(body, i, 1)::integer * (2 ^ (18 - i))::bigint)::bigint % 11
                                           FROM generate_series(1, 17) AS i)::integer, 1))::resident_id AS resident_id,
       made_up.pick(string_to_array('王王王李李李张张张刘刘陈陈陈杨黄黄赵吴吴周周徐孙马朱胡郭何林林高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶杜苏魏程吕丁沈任姚卢符符吉云邢莫', NULL),
                    CASE WHEN role IN ('s', 'm') THEN person + 500000 ELSE family END, 8)
       || CASE sex WHEN '1'
          THEN made_up.pick(string_to_array('伟强磊军勇杰涛明超辉鹏飞建国志文海江山浩宇轩博泽俊子家嘉', NULL), person, 9)
               || CASE WHEN made_up.dice(person, 10) < 0.7 THEN made_up.pick(string_to_array('华平东林峰龙斌波亮生豪然航阳成铭毅健', NULL), person, 11) ELSE '' END
          ELSE made_up.pick(string_to_array('芳娜敏静丽艳秀玉桂慧雪晓春海美佳欣雨梓诗思若', NULL), person, 9)
               || CASE WHEN made_up.dice(person, 10) < 0.7 THEN made_up.pick(string_to_array('英华玲萍红霞燕梅兰珍琴婷怡涵妍琪莹洁', NULL), person, 11) ELSE '' END
          END AS name,
       home AS household_division,
       made_up.pick(string_to_array('01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 03 08 11 15', ' '), family, 12) AS ethnic_group,
       -- no telephone has such a number
       CASE WHEN role <> 'c' THEN '100' || to_char(person, 'FM00000000') END AS phone
FROM digits;
ALTER TABLE made_up.person ADD PRIMARY KEY (person);

-- A home for each family, one in seven more: rooms of units of buildings, closer together downtown.
CREATE TABLE made_up.dwelling (
    dwelling bigint PRIMARY KEY, whole bigint, kind text NOT NULL, division division_code NOT NULL, address text NOT NULL,
    location geometry(Point, 4490), usable_area numeric(8, 2), rental_kind text, let_state text NOT NULL,
    safety_letter_on date, family bigint);

WITH home AS (
    SELECT n AS home, f.family, length(f.roles) AS people
    FROM generate_series(1, (SELECT count(*) * 8 / 7 FROM made_up.family)) AS n
    LEFT JOIN made_up.family f ON f.family = n
), building AS (
    -- eight homes and a few
    SELECT home.*, 1 + (home + floor(made_up.dice(home / 64, 20) * 24)::bigint) / 8 AS building FROM home
), weight AS (
    SELECT grid_code, division, outline, row_number() OVER (ORDER BY grid_code) AS n,
           exp(-ST_Distance(ST_Centroid(outline), ST_SetSRID(ST_MakePoint(110.335, 20.03), 4490)) / 0.15)
           * (0.1 + made_up.dice(hashtextextended(grid_code, 0), 21) ^ 2) AS w
    FROM made_up.grid
), share AS MATERIALIZED (
    SELECT *, sum(w) OVER (ORDER BY n) / sum(w) OVER () AS upto FROM weight
), site AS MATERIALIZED (
    SELECT b.building, s.grid_code, s.division, s.outline, row_number() OVER (PARTITION BY s.grid_code ORDER BY b.building) AS nth
    FROM (SELECT DISTINCT building FROM building) AS b,
         LATERAL (SELECT * FROM share WHERE upto >= made_up.dice(b.building, 22) ORDER BY upto LIMIT 1) AS s
), place AS MATERIALIZED (
    SELECT site.grid_code, (p).geom AS point, row_number() OVER (PARTITION BY site.grid_code) AS nth
    FROM (SELECT grid_code, outline, count(*) AS many FROM site GROUP BY grid_code, outline) AS site,
         LATERAL ST_Dump(ST_GeneratePoints(outline, many::integer, 49)) AS p
), standing AS (
    SELECT site.building, site.division,
           -- one in a hundred is not on the map, one in two hundred is put into the sea
           CASE WHEN site.building % 100 = 7 THEN NULL
                WHEN site.building % 200 = 9 THEN ST_SetSRID(ST_MakePoint(110.2 + made_up.dice(site.building, 23) * 0.2, 20.12), 4490)
                ELSE place.point END AS location,
           made_up.pick('{人民路,解放路,海府路,新村路,椰林路,和平路,滨海路,龙昆路,文明路,红旗路,长堤路,建设路,南沙路,向阳路,金龙路,学院路}', site.building, 24)
           || row_number() OVER (PARTITION BY site.division ORDER BY site.building) || '号' AS address,
           CASE WHEN site.building % 60 = 11 THEN 'prohibited' WHEN site.building % 90 = 13 THEN 'demolished' ELSE 'lettable' END AS let_state,
           CASE WHEN site.building % 40 <> 17 THEN today() - 10 - floor(made_up.dice(site.building, 25) * 700)::integer END AS letter_on
    FROM site JOIN place USING (grid_code, nth)
), laid_out AS (
    SELECT building.*, row_number() OVER (PARTITION BY building ORDER BY home) - 1 AS nth FROM building
), whole AS (
    INSERT INTO made_up.dwelling
    SELECT building * 1000, NULL, 'building', division, address, location, NULL, NULL, let_state, letter_on, NULL FROM standing
), unit AS (
    INSERT INTO made_up.dwelling
    SELECT building * 1000 + 100 * (nth / 6 + 1), building * 1000, 'unit', s.division,
           s.address || nth / 6 + 1 || '单元', s.location, NULL, NULL, s.let_state, NULL, NULL
    FROM laid_out l JOIN standing s USING (building) WHERE nth % 6 = 0
)
INSERT INTO made_up.dwelling
SELECT building * 1000 + 100 * (nth / 6 + 1) + nth % 6 + 1, building * 1000 + 100 * (nth / 6 + 1), 'room', s.division,
       s.address || nth / 6 + 1 || '单元' || nth % 6 / 2 + 1 || '0' || nth % 2 + 1 || '室', s.location,
       round((5 * COALESCE(people, 2) + 3 + 30 * made_up.dice(home, 26))::numeric, 1),
       CASE WHEN people = 3 AND made_up.dice(home, 27) < 0.3 THEN 'shared' ELSE 'whole' END,
       CASE WHEN s.let_state <> 'lettable' THEN s.let_state
            WHEN made_up.dice(home, 28) < 0.04 THEN 'owner_occupied'
            WHEN family IS NULL THEN 'lettable' ELSE 'let' END,
       NULL, family
FROM laid_out l JOIN standing s USING (building);
ANALYZE made_up.person, made_up.dwelling, made_up.grid, made_up.village;
RESET jit;
RESET search_path;
RESET client_min_messages;
