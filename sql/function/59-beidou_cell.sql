-- beidou_cell: what can be asked of one, and which cells a geometry needs.

CREATE OR REPLACE FUNCTION residency.is_beidou_cell(text) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_is_beidou_cell';
COMMENT ON FUNCTION residency.is_beidou_cell(text) IS
    'whether a text can be read as a Beidou cell (北斗网格位置码, GB/T 39409)';

CREATE OR REPLACE FUNCTION residency.beidou_cell_problem(text) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_beidou_cell_problem';
COMMENT ON FUNCTION residency.beidou_cell_problem(text) IS
    'the first rule that a text breaks as a Beidou cell: length, hemisphere, column, row or digit; NULL if none (北斗网格位置码, GB/T 39409)';

CREATE OR REPLACE FUNCTION residency.beidou_cell(place geometry, level integer) RETURNS residency.beidou_cell
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_beidou_cell_of_point';
COMMENT ON FUNCTION residency.beidou_cell(geometry, integer) IS
    'The Beidou cell of a level, 1 to 10, that holds a point (点的北斗网格位置码). SRID 4490, 4326 or none, degrees. An edge belongs to the cell farther from the equator and the prime meridian, 180 degrees to column 01. Errors: 22023 no point, an empty one, another SRID, 88 degrees of latitude or more, no such level';

CREATE OR REPLACE FUNCTION residency.level(residency.beidou_cell) RETURNS integer
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_beidou_level';
COMMENT ON FUNCTION residency.level(residency.beidou_cell) IS
    'level of a Beidou cell, 1 (6 by 4 degrees) to 10 (1/2048 second) (网格层级)';

CREATE OR REPLACE FUNCTION residency.parent(residency.beidou_cell, level integer) RETURNS residency.beidou_cell
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_beidou_parent';
COMMENT ON FUNCTION residency.parent(residency.beidou_cell, integer) IS
    'the cell of a level that contains a Beidou cell, itself on its own level (上级网格). Errors: 22023 a finer level than its own';

CREATE OR REPLACE FUNCTION residency.lineage(residency.beidou_cell) RETURNS residency.beidou_cell[]
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_beidou_lineage';
COMMENT ON FUNCTION residency.lineage(residency.beidou_cell) IS
    'the cells that contain a Beidou cell: level 1 first, itself last (网格路径)';

CREATE OR REPLACE FUNCTION residency.first_within(residency.beidou_cell) RETURNS residency.beidou_cell
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
        SELECT $1
    $$;
COMMENT ON FUNCTION residency.first_within(residency.beidou_cell) IS
    'the start of the range of the cells within a Beidou cell: itself (网格码区间)';

CREATE OR REPLACE FUNCTION residency.last_within(residency.beidou_cell) RETURNS residency.beidou_cell
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_beidou_last_within';
COMMENT ON FUNCTION residency.last_within(residency.beidou_cell) IS
    'the end of the range of the cells within a Beidou cell (网格码区间)';

CREATE OR REPLACE FUNCTION residency.children(residency.beidou_cell) RETURNS SETOF residency.beidou_cell
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE ROWS 64 AS 'MODULE_PATHNAME', 'residency_beidou_children';
COMMENT ON FUNCTION residency.children(residency.beidou_cell) IS
    'the cells of the next level within a Beidou cell, in the order of their codes; none of level 10 (下级网格)';

CREATE OR REPLACE FUNCTION residency.children(residency.beidou_cell, level integer) RETURNS SETOF residency.beidou_cell
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE ROWS 1000 AS 'MODULE_PATHNAME', 'residency_beidou_children';
COMMENT ON FUNCTION residency.children(residency.beidou_cell, integer) IS
    'all cells of a level within a Beidou cell, in the order of their codes; there may be very many (下级网格). Errors: 22023 a coarser level than its own';

CREATE OR REPLACE FUNCTION residency.neighbours(residency.beidou_cell) RETURNS SETOF residency.beidou_cell
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE ROWS 8 AS 'MODULE_PATHNAME', 'residency_beidou_neighbours';
COMMENT ON FUNCTION residency.neighbours(residency.beidou_cell) IS
    'the cells of the same level around a Beidou cell, also over the equator and all meridians: 8, but 5 next to 88 degrees (相邻网格)';

CREATE OR REPLACE FUNCTION residency.center(residency.beidou_cell) RETURNS geometry
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_beidou_center';
COMMENT ON FUNCTION residency.center(residency.beidou_cell) IS
    'the point in the middle of a Beidou cell, SRID 4490 (网格中心点)';

CREATE OR REPLACE FUNCTION residency.outline(residency.beidou_cell) RETURNS geometry
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_beidou_outline';
COMMENT ON FUNCTION residency.outline(residency.beidou_cell) IS
    'a Beidou cell as rectangle, SRID 4490 (网格范围)';

CREATE OR REPLACE FUNCTION residency.beidou_reference(cell residency.beidou_cell, base residency.beidou_cell) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_beidou_reference';
COMMENT ON FUNCTION residency.beidou_reference(residency.beidou_cell, residency.beidou_cell) IS
    'a cell told by a base of the same level and the cells between, base-MN: 0 to 7 to the east and north, A to G one to seven to the west and south (参考网格位置码, GB/T 39409). Errors: 22023 a base coarser than level 5, of another level, or more than seven cells away';

CREATE OR REPLACE FUNCTION residency.beidou_from_reference(text) RETURNS residency.beidou_cell
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_beidou_from_reference';
COMMENT ON FUNCTION residency.beidou_from_reference(text) IS
    'the cell that a reference leads to, see residency.beidou_reference() (参考网格位置码, GB/T 39409). Errors: 22P02 what is none';

CREATE OR REPLACE FUNCTION residency.cells_meeting(west double precision, south double precision, east double precision,
                                                   north double precision, level integer)
    RETURNS SETOF residency.beidou_cell
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE ROWS 1000 AS 'MODULE_PATHNAME', 'residency_beidou_cells_meeting';
COMMENT ON FUNCTION residency.cells_meeting(double precision, double precision, double precision, double precision, integer) IS
    'all Beidou cells of a level that a box in degrees meets, if only at an edge, row by row from the south-west (矩形范围内的网格). Errors: 22023 no box, 88 degrees of latitude or more';

CREATE OR REPLACE FUNCTION residency.cover(shape geometry, level integer, max_cells integer DEFAULT 1000000,
                                           compact boolean DEFAULT false)
    RETURNS TABLE (cell residency.beidou_cell, interior boolean)
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path FROM CURRENT
    SET jit = off
    AS $$
    #variable_conflict use_column
    DECLARE
        -- cells of each level in one of level 1
        number   constant bigint[] := '{1,96,576,86400,19440000,77760000,4976640000,318504960000,20384317440000,1304596316160000}'::bigint[];
        -- cells of the geometry's box that the search begins with: of a finer level more would be tested in vain;
        -- a box that holds a cell meets nine, so with eight none of a coarser level is missed
        few      constant integer := CASE WHEN compact THEN 8 ELSE 256 END;
        area     geometry;
        depth    integer;
        box      residency.beidou_cell[];
        testing  residency.beidou_cell[];
        inside   residency.beidou_cell[];
        crossing residency.beidou_cell[];
        found    bigint := 0;
    BEGIN
        IF cover.level NOT BETWEEN 1 AND 10 OR max_cells < 1 THEN
            RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
                MESSAGE = format('no cover of level %s with %s cells', cover.level, max_cells),
                DETAIL = 'Levels go from 1, cells of 6 by 4 degrees, to 10, cells of 1/2048 second; a cover has at least one cell.',
                HINT = 'A village is well covered on level 6, a house on level 8.';
        END IF;
        IF ST_SRID(shape) NOT IN (0, 4326, 4490) THEN
            RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
                MESSAGE = format('a geometry of SRID %s has no Beidou cells', ST_SRID(shape)),
                DETAIL = 'The Beidou grid is one of degrees in CGCS2000: SRID 4490, 4326 or none.',
                HINT = 'Bring the geometry to degrees first, with ST_Transform(shape, 4490).';
        END IF;
        IF GeometryType(shape) NOT IN ('POINT', 'MULTIPOINT', 'LINESTRING', 'MULTILINESTRING', 'POLYGON', 'MULTIPOLYGON') THEN
            RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
                MESSAGE = format('a geometry of type %s has no cover', GeometryType(shape)),
                DETAIL = 'Points, lines and polygons have one, and several of one kind.',
                HINT = 'Take ST_CollectionExtract(shape), or ST_CurveToLine(shape).';
        END IF;
        IF ST_IsEmpty(shape) THEN
            RETURN;
        END IF;
        IF NOT ST_IsValid(shape) THEN
            RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
                MESSAGE = 'the geometry is not valid: what lies within it is not defined',
                DETAIL = ST_IsValidReason(shape),
                HINT = 'Repair it with ST_MakeValid(shape), and look at what becomes of it.';
        END IF;
        area := ST_SetSRID(ST_Force2D(shape), 4490);

        FOR finer IN 1 .. cover.level LOOP
            box := ARRAY(SELECT c
                         FROM residency.cells_meeting(ST_XMin(area), ST_YMin(area), ST_XMax(area), ST_YMax(area), finer) c
                         LIMIT CASE WHEN finer > 1 THEN few + 1 END);
            EXIT WHEN finer > 1 AND cardinality(box) > few;
            testing := box;
            depth := finer;
        END LOOP;

        -- from level to level: what is inside needs no further test, what is crossed is taken apart
        LOOP
            SELECT array_agg(c) FILTER (WHERE is_inside), array_agg(c) FILTER (WHERE NOT is_inside)
            INTO inside, crossing
            FROM (SELECT c, ST_Covers(area, residency.outline(c)) AS is_inside
                  FROM unnest(testing) c
                  WHERE ST_Intersects(area, residency.outline(c))
                  OFFSET 0) tested;

            -- each cell that is crossed holds one at least of the level asked for
            found := found + COALESCE(cardinality(inside), 0) *
                             CASE WHEN compact THEN 1 ELSE number[cover.level] / number[depth] END;
            IF found + COALESCE(cardinality(crossing), 0) > max_cells THEN
                RAISE EXCEPTION USING ERRCODE = 'program_limit_exceeded',
                    MESSAGE = format('the cover has more than %s cells', max_cells),
                    DETAIL = format('Level %s is too fine for a geometry of this size.', cover.level),
                    HINT = 'Take a coarser level, or compact => true, or allow more with max_cells.';
            END IF;

            IF compact OR depth = cover.level THEN
                RETURN QUERY SELECT c, true FROM unnest(inside) c;
            ELSE
                RETURN QUERY SELECT k, true FROM unnest(inside) c, residency.children(c, cover.level) k;
            END IF;
            IF depth = cover.level THEN
                RETURN QUERY SELECT c, false FROM unnest(crossing) c;
                RETURN;
            END IF;
            depth := depth + 1;
            testing := ARRAY(SELECT k FROM unnest(crossing) c, residency.children(c) k);
        END LOOP;
    END $$;
COMMENT ON FUNCTION residency.cover(geometry, integer, integer, boolean) IS
    'The Beidou cells of a level that a geometry needs (几何覆盖网格): all that meet it, if only at an edge (ST_Intersects); interior: those that it covers as a whole (ST_Covers). compact: interior cells as coarse as can be, so that a few stand for many. Degrees, SRID 4490, 4326 or none. Errors: 22023 a geometry that is not valid, a collection, another SRID, 88 degrees of latitude or more, no such level; 54000 more cells than max_cells';
