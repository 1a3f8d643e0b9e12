-- The grid of a part: a dwelling without a location belongs to the grid of the nearest whole that has one.
\set ECHO none
\getenv test PG_ABS_SRCDIR
\i :test/lib/register.sql
\set ON_ERROR_ROLLBACK on

BEGIN;
SET LOCAL search_path = public, residency;
SET LOCAL client_min_messages = warning;
SELECT no_plan();

-- squares of a hundredth of a degree, counted from 113.30 E 22.90 N
CREATE FUNCTION pg_temp.square(x float8, y float8, width float8 DEFAULT 1, height float8 DEFAULT 1) RETURNS geometry LANGUAGE sql AS $$
    SELECT ST_Multi(ST_MakeEnvelope(113.3 + x / 100, 22.9 + y / 100, 113.3 + (x + width) / 100, 22.9 + (y + height) / 100, 4490))
$$;
CREATE FUNCTION pg_temp.spot(x float8, y float8 DEFAULT 0.5) RETURNS geometry LANGUAGE sql AS $$
    SELECT ST_SetSRID(ST_MakePoint(113.3 + x / 100, 22.9 + y / 100), 4490)
$$;
CREATE FUNCTION pg_temp.grids(VARIADIC addresses text[]) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(COALESCE(right(g.grid_code, 1), '-'), '' ORDER BY n)
    FROM unnest(addresses) WITH ORDINALITY a (address, n) JOIN registry.dwelling d USING (address) LEFT JOIN registry.grid g USING (grid_id)
$$;
-- whatever the case is about, of all dwellings none may be wrong
CREATE FUNCTION pg_temp.wrong() RETURNS text LANGUAGE sql AS $$
    WITH RECURSIVE stands AS (
        SELECT dwelling_id, address, grid_id, location, parent_id FROM registry.dwelling
        UNION ALL
        SELECT s.dwelling_id, s.address, s.grid_id, w.location, w.parent_id
        FROM stands s JOIN registry.dwelling w ON w.dwelling_id = s.parent_id WHERE s.location IS NULL
    )
    SELECT COALESCE(string_agg(address, ' ' ORDER BY address), 'none wrong') FROM (
        SELECT address FROM stands GROUP BY dwelling_id, address, grid_id
        HAVING grid_id IS DISTINCT FROM (
            SELECT g.grid_id FROM registry.grid g
            WHERE g.kind = 'management' AND g.period @> today() AND ST_Covers(g.outline, (array_agg(location) FILTER (WHERE location IS NOT NULL))[1])
            ORDER BY g.grid_code LIMIT 1)
        LIMIT 10) few
$$;
CREATE FUNCTION pg_temp.holds(expected text, what text, VARIADIC addresses text[] DEFAULT '{b,u,r,d,v,s}') RETURNS text LANGUAGE sql AS $$
    SELECT is(pg_temp.grids(VARIADIC addresses) || ', ' || pg_temp.wrong(), expected || ', none wrong', what)
$$;

INSERT INTO registry.grid (grid_code, name, division, outline) VALUES
    ('440113007003001', 'One',   '440113007003', pg_temp.square(0, 0)),
    ('440113007003002', 'Two',   '440113007003', pg_temp.square(1, 0)),
    ('440113007003003', 'Three', '440113007003', pg_temp.square(2, 0));
-- a building of units u and v, u with a room r and its bed d, v with a room s; another building c
INSERT INTO registry.dwelling (dwelling_id, parent_id, kind, address, division, location) OVERRIDING SYSTEM VALUE VALUES
    (9001, NULL, 'building', 'b', '440113007003', pg_temp.spot(0.5)),
    (9002, 9001, 'unit',     'u', '440113007003', NULL),
    (9003, 9002, 'room',     'r', '440113007003', NULL),
    (9004, 9003, 'bed',      'd', '440113007003', NULL),
    (9005, 9001, 'unit',     'v', '440113007003', NULL),
    (9006, 9005, 'room',     's', '440113007003', NULL),
    (9007, NULL, 'building', 'c', '440113007003', pg_temp.spot(2.5)),
    (9008, NULL, 'building', 'nowhere', '440113007003', NULL),
    (9009, 9008, 'room',     'in nowhere', '440113007003', NULL),
    (9010, NULL, 'building', 'far', '440113007003', pg_temp.spot(50)),
    (9011, 9010, 'room',     'in far', '440113007003', NULL);

-- a part comes
SELECT pg_temp.holds('111111', 'parts entered with their whole');
SELECT pg_temp.holds('3----', 'no location anywhere, or outside: no grid', 'c', 'nowhere', 'in nowhere', 'far', 'in far');
INSERT INTO registry.dwelling (parent_id, kind, address, division) VALUES (9003, 'bed', 'e', '440113007003');
SELECT pg_temp.holds('1', 'one more, four levels down', 'e');
INSERT INTO registry.dwelling (parent_id, kind, address, division, grid_id) SELECT 9003, 'bed', 'f', '440113007003', grid_id FROM registry.grid WHERE grid_code = '440113007003003';
SELECT pg_temp.holds('1', 'the client''s own word does not count', 'f');
INSERT INTO registry.dwelling (parent_id, kind, address, division, location) VALUES (9003, 'bed', 'g', '440113007003', pg_temp.spot(1.5));
SELECT pg_temp.holds('2', 'a part with a location of its own', 'g');
COPY registry.dwelling (dwelling_id, parent_id, kind, address, division, location) FROM stdin;
9100	\N	building	copied	440113007003	SRID=4490;POINT(113.315 22.905)
9101	9100	unit	copied unit	440113007003	\N
9102	9101	room	copied room	440113007003	\N
\.
SELECT pg_temp.holds('222', 'COPY of a house with its parts', 'copied', 'copied unit', 'copied room');

-- what is above moves, gets a location or loses it
UPDATE registry.dwelling SET location = pg_temp.spot(1.5) WHERE dwelling_id = 9001;
SELECT pg_temp.holds('222222', 'the building moves');
UPDATE registry.dwelling SET location = pg_temp.spot(0.5) WHERE dwelling_id = 9002;
SELECT pg_temp.holds('211122', 'a unit gets a location');
UPDATE registry.dwelling SET location = pg_temp.spot(2.5) WHERE dwelling_id = 9001;
SELECT pg_temp.holds('311133', 'the building moves: not the unit that has its own location, nor what is in it');
UPDATE registry.dwelling SET location = pg_temp.spot(50) WHERE dwelling_id = 9002;
SELECT pg_temp.holds('3---33', 'a unit outside all grids: what is in it is outside, too');
UPDATE registry.dwelling SET location = NULL WHERE dwelling_id = 9002;
SELECT pg_temp.holds('333333', 'the unit''s location is removed');
UPDATE registry.dwelling SET location = pg_temp.spot(1.5) WHERE dwelling_id = 9004;
SELECT pg_temp.holds('333233', 'the bed gets one');
UPDATE registry.dwelling SET location = NULL WHERE dwelling_id = 9004;
SELECT pg_temp.holds('333333', 'and loses it');
UPDATE registry.dwelling SET location = NULL WHERE dwelling_id = 9001;
SELECT pg_temp.holds('------', 'the building''s location is removed');
UPDATE registry.dwelling SET location = pg_temp.spot(0.5) WHERE dwelling_id = 9003;
SELECT pg_temp.holds('--11--', 'only the room is located');
UPDATE registry.dwelling SET location = pg_temp.spot(1) WHERE dwelling_id = 9001;
SELECT pg_temp.holds('111111', 'a building on a border: the lower code, for its parts too');
UPDATE registry.dwelling SET location = CASE dwelling_id WHEN 9001 THEN pg_temp.spot(1.5) END WHERE dwelling_id BETWEEN 9001 AND 9006;
SELECT pg_temp.holds('222222', 'all in one statement');
UPDATE registry.dwelling SET location = CASE dwelling_id WHEN 9003 THEN pg_temp.spot(0.5) END WHERE dwelling_id BETWEEN 9001 AND 9006;
SELECT pg_temp.holds('--11--', 'and again');
UPDATE registry.dwelling SET location = pg_temp.spot(1.5) WHERE dwelling_id = 9001;
UPDATE registry.dwelling SET location = NULL WHERE dwelling_id = 9003;
-- the parts before their whole: updates happen in the order of rows
CREATE TEMP TABLE turn AS SELECT dwelling_id FROM registry.dwelling WHERE dwelling_id BETWEEN 9001 AND 9006 ORDER BY 1 DESC;
UPDATE registry.dwelling d SET location = CASE d.dwelling_id WHEN 9001 THEN pg_temp.spot(0.5) END FROM turn WHERE turn.dwelling_id = d.dwelling_id;
SELECT pg_temp.holds('111111', 'whatever order');

-- a part moves to another whole
UPDATE registry.dwelling SET parent_id = 9007 WHERE dwelling_id = 9002;
SELECT pg_temp.holds('133311', 'a unit moves to another building, with what is in it');
UPDATE registry.dwelling SET parent_id = 9008 WHERE dwelling_id = 9002;
SELECT pg_temp.holds('1---11', 'to one without a location');
UPDATE registry.dwelling SET parent_id = 9010 WHERE dwelling_id = 9002;
SELECT pg_temp.holds('1---11', 'to one outside all grids');
UPDATE registry.dwelling SET parent_id = NULL WHERE dwelling_id = 9005;
SELECT pg_temp.holds('1-----', 'to none');
UPDATE registry.dwelling SET parent_id = CASE dwelling_id WHEN 9003 THEN 9005 ELSE 9007 END WHERE dwelling_id IN (9005, 9003);
SELECT pg_temp.holds('1-3333', 'a room into a unit that moves in the same statement');
UPDATE registry.dwelling SET location = pg_temp.spot(1.5), parent_id = 9001 WHERE dwelling_id = 9005;
SELECT pg_temp.holds('1-2222', 'moved and located at once');
UPDATE registry.dwelling SET location = NULL WHERE dwelling_id = 9005;
UPDATE registry.dwelling SET parent_id = 9002 WHERE dwelling_id = 9003;
UPDATE registry.dwelling SET parent_id = 9001 WHERE dwelling_id = 9002;
SELECT pg_temp.holds('111111', 'and back');
UPDATE registry.dwelling SET division = '440113007005' WHERE dwelling_id = 9001;
SELECT pg_temp.holds('111111', 'another division: the place is what counts');
UPDATE registry.dwelling SET division = '440113007003' WHERE dwelling_id = 9001;

-- a client that writes the grid itself
UPDATE registry.dwelling SET grid_id = (SELECT grid_id FROM registry.grid WHERE grid_code = '440113007003003');
SELECT pg_temp.holds('111111', 'one grid for all');
UPDATE registry.dwelling SET grid_id = NULL;
SELECT pg_temp.holds('111111', 'none for all');
UPDATE registry.dwelling SET grid_id = NULL, location = pg_temp.spot(1.5) WHERE dwelling_id = 9001;
SELECT pg_temp.holds('222222', 'none, and another location');
UPDATE registry.dwelling SET grid_id = NULL, parent_id = 9007 WHERE dwelling_id = 9002;
SELECT pg_temp.holds('233322', 'none, and another whole');
UPDATE registry.dwelling SET parent_id = 9001 WHERE dwelling_id = 9002;
CREATE FUNCTION pg_temp.move() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE registry.dwelling SET location = pg_temp.spot(0.5) WHERE dwelling_id = 9001; RETURN NULL; END $$;
CREATE TEMP TABLE elsewhere (a int);
CREATE TRIGGER t AFTER INSERT ON elsewhere FOR EACH ROW EXECUTE FUNCTION pg_temp.move();
INSERT INTO elsewhere VALUES (1);
SELECT pg_temp.holds('111111', 'a building that somebody''s trigger moves');
-- what a site's own trigger does to the same row
CREATE FUNCTION pg_temp.correct() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE registry.dwelling SET location = pg_temp.spot(2.5) WHERE dwelling_id = 9001; RETURN NULL; END $$;
CREATE TRIGGER site AFTER UPDATE OF location ON registry.dwelling FOR EACH ROW WHEN (ST_X(new.location) > 113.314 AND ST_X(new.location) < 113.316)
    EXECUTE FUNCTION pg_temp.correct();
UPDATE registry.dwelling SET location = pg_temp.spot(1.5) WHERE dwelling_id = 9001;
SELECT pg_temp.holds('333333', 'and one that moves it on');
DROP TRIGGER site ON registry.dwelling;
UPDATE registry.dwelling SET location = pg_temp.spot(0.5) WHERE dwelling_id = 9001;

-- grids are drawn, redrawn, retired
UPDATE registry.dwelling SET location = pg_temp.spot(50.2) WHERE dwelling_id = 9005;
INSERT INTO registry.grid (grid_code, name, division, outline) VALUES ('440113007003005', 'Drawn', '440113007003', pg_temp.square(50, 0));
SELECT pg_temp.holds('11115555', 'drawn around a building, and around a unit of another', 'b', 'u', 'r', 'd', 'v', 's', 'far', 'in far');
UPDATE registry.grid SET outline = pg_temp.square(50.1, 0) WHERE grid_code = '440113007003005';
SELECT pg_temp.holds('111155--', 'drawn elsewhere', 'b', 'u', 'r', 'd', 'v', 's', 'far', 'in far');
UPDATE registry.grid SET outline = pg_temp.square(50, 0, 0.1) WHERE grid_code = '440113007003005';
SELECT pg_temp.holds('1111--55', 'again', 'b', 'u', 'r', 'd', 'v', 's', 'far', 'in far');
UPDATE registry.grid SET outline = CASE right(grid_code, 1) WHEN '1' THEN pg_temp.square(0, 0, 0.4) ELSE pg_temp.square(0.4, 0, 1.6) END
WHERE grid_code IN ('440113007003001', '440113007003002');
SELECT pg_temp.holds('2222--', 'a border that moves across the building');
UPDATE registry.grid SET outline = CASE right(grid_code, 1) WHEN '1' THEN pg_temp.square(0, 0, 0.5) ELSE pg_temp.square(0.5, 0, 1.5) END
WHERE grid_code IN ('440113007003001', '440113007003002');
SELECT pg_temp.holds('1111--', 'and onto it: the lower code');
UPDATE registry.grid SET grid_code = '440113007003004' WHERE grid_code = '440113007003001';
SELECT pg_temp.holds('2222--', 'which is another when codes change');
UPDATE registry.grid SET period = daterange('2020-01-01', today()) WHERE grid_code = '440113007003002';
SELECT pg_temp.holds('4444--', 'retired: the other takes over');
UPDATE registry.grid SET period = daterange('2020-01-01', today()) WHERE grid_code = '440113007003004';
SELECT pg_temp.holds('------', 'both retired');
UPDATE registry.grid SET period = daterange('2020-01-01', NULL) WHERE grid_code IN ('440113007003002', '440113007003004');
SELECT pg_temp.holds('2222--', 'and back');
UPDATE registry.grid SET kind = 'unit' WHERE grid_code = '440113007003002';
SELECT pg_temp.holds('4444--', 'no longer a management grid');
UPDATE registry.grid SET kind = 'management' WHERE grid_code = '440113007003002';

-- days pass
ALTER TABLE registry.grid DISABLE TRIGGER grid_place_update;
UPDATE registry.grid SET period = daterange('2020-01-01', today()) WHERE grid_code = '440113007003002';
UPDATE registry.grid SET outline = pg_temp.square(50, 0) WHERE grid_code = '440113007003005';
ALTER TABLE registry.grid ENABLE TRIGGER grid_place_update;
SELECT results_eq($$SELECT address, reason FROM map.dwelling_without_grid WHERE division = '440113007003' ORDER BY 1$$,
    $$VALUES ('b', 'retired'), ('copied', 'retired'), ('copied room', 'retired'), ('copied unit', 'retired'), ('d', 'retired'), ('e', 'retired'), ('f', 'retired'),
             ('g', 'retired'), ('r', 'retired'), ('s', 'not_assigned'), ('u', 'retired'), ('v', 'not_assigned')$$,
    'what a day has changed, for parts as for wholes');
SELECT ok(api.assign_grids(today()) > 0, 'the nightly job');
SELECT pg_temp.holds('44445555', 'does what the day asks for', 'b', 'u', 'r', 'd', 'v', 's', 'far', 'in far');
SELECT is(api.assign_grids(), 0::bigint, 'once');
-- what a transaction with an old snapshot has missed
SET LOCAL session_replication_role = replica;
UPDATE registry.dwelling SET grid_id = CASE address WHEN 'in nowhere' THEN (SELECT grid_id FROM registry.grid WHERE grid_code = '440113007003003') END
WHERE address IN ('u', 'd', 's', 'in nowhere');
RESET session_replication_role;
SELECT results_eq($$SELECT finding FROM residency.check() WHERE topic = 'grid'$$, $$VALUES ('4 dwellings do not have the grid that they belong to today')$$, 'check() finds it');
SELECT results_eq($$SELECT address, reason FROM map.dwelling_without_grid WHERE address IN ('u', 'd', 's', 'in nowhere') ORDER BY 1$$,
    $$VALUES ('d', 'not_assigned'), ('s', 'not_assigned'), ('u', 'not_assigned')$$, 'so does the view');
SELECT is(api.assign_grids(), 4::bigint, 'and the nightly job mends it');
SELECT pg_temp.holds('4444555-', 'all of it', 'b', 'u', 'r', 'd', 'v', 's', 'in far', 'in nowhere');
SELECT is_empty($$SELECT FROM residency.check() WHERE topic = 'grid'$$, 'nothing left to find');

-- the lists: who has no grid stands in one of them, with the reason, and nobody else does
UPDATE registry.grid SET period = daterange('2020-01-01', today()) WHERE grid_code = '440113007003005';
INSERT INTO registry.dwelling (parent_id, kind, address, division) VALUES (9009, 'bed', 'in the room in nowhere', '440113007003');
INSERT INTO registry.dwelling (dwelling_id, kind, address, division, location) OVERRIDING SYSTEM VALUE VALUES (9020, 'building', 'no grid', '440113007012', pg_temp.spot(60));
INSERT INTO registry.dwelling (parent_id, kind, address, division) VALUES (9020, 'room', 'in no grid', '440113007012');
SELECT results_eq($$SELECT address, reason, reason_en <> '' AND reason_zh <> '', ST_X(location) > 113, nearest_grid_code COLLATE "default", nearest_metres > 1000
        FROM map.dwelling_without_grid WHERE address IN ('far', 'in far', 'v', 's', 'no grid', 'in no grid') ORDER BY 1$$,
    $$VALUES ('far', 'outside', true, true, '440113007003003', true), ('in far', 'outside', true, true, '440113007003003', true),
             ('in no grid', 'no_grid', true, true, '440113007003003', true), ('no grid', 'no_grid', true, true, '440113007003003', true),
             ('s', 'outside', true, true, '440113007003003', true), ('v', 'outside', true, true, '440113007003003', true)$$,
    'without a grid: a part for the reason of its whole');
SELECT results_eq($$SELECT address, reason, reason_en <> '' AND reason_zh <> '', outermost_id FROM map.dwelling_without_location WHERE division = '440113007003' ORDER BY 1$$,
    $$VALUES ('in nowhere', 'whole_not_located', true, 9008::bigint), ('in the room in nowhere', 'whole_not_located', true, 9008), ('nowhere', 'never_located', true, 9008)$$,
    'without a location: what has none, and is part of nothing that has one');
SELECT results_eq($$SELECT dwelling_id FROM map.dwelling_without_grid UNION ALL SELECT dwelling_id FROM map.dwelling_without_location ORDER BY 1$$,
    $$SELECT dwelling_id FROM registry.dwelling WHERE grid_id IS NULL ORDER BY 1$$, 'together: who has no grid, each once');

-- who lives in a room is counted in its grid
INSERT INTO registry.person (person_id, name, birth_date) OVERRIDING SYSTEM VALUE VALUES (9001, 'Resident', '1990-01-01');
UPDATE registry.dwelling SET safety_letter_on = '2020-01-01' WHERE dwelling_id = 9001;
INSERT INTO registry.residence (person_id, dwelling_id, arrived_on, state) VALUES (9001, 9004, '2024-01-01', 'active');
SELECT results_eq($$SELECT (right(s.grid_code, 1) || s.residents || (r.grid_id = s.grid_id)) COLLATE "default" FROM stat.resident_by_grid s, registry.residence r
        WHERE s.residents > 0 AND s.division = '440113007003' AND r.person_id = 9001$$,
    $$VALUES ('41true')$$, 'counted in the grid of the building, which the residence keeps');
SELECT is(located_dwellings, 1, 'on the map: one located dwelling, with its resident') FROM map.grid WHERE grid_code = '440113007003004' AND residents = 1;

-- a thousand rooms
INSERT INTO registry.dwelling (parent_id, kind, address, division) SELECT 9001, 'unit', 'unit ' || n, '440113007003' FROM generate_series(1, 50) n;
INSERT INTO registry.dwelling (parent_id, kind, address, division)
SELECT d.dwelling_id, 'room', d.address || ', room ' || n, '440113007003' FROM registry.dwelling d, generate_series(1, 20) n WHERE d.address LIKE 'unit %';
CREATE VIEW pg_temp.thousand AS SELECT string_agg(DISTINCT grid_code, ' ') || ' ' || count(*) FROM registry.dwelling d JOIN registry.grid g USING (grid_id) WHERE d.address LIKE 'unit % room %';
SELECT is((TABLE pg_temp.thousand), '440113007003004 1000', 'a thousand rooms in their grid');
UPDATE registry.dwelling SET location = pg_temp.spot(2.5) WHERE dwelling_id = 9001;
SELECT is((TABLE pg_temp.thousand), '440113007003003 1000', 'the building moves and takes them along');
UPDATE registry.grid SET period = daterange('2020-01-01', today()) WHERE grid_code = '440113007003003';
SELECT is((TABLE pg_temp.thousand), NULL, 'the grid is retired');
SELECT is(pg_temp.wrong(), 'none wrong', 'and nothing is wrong');
SELECT * FROM finish();
ROLLBACK;
