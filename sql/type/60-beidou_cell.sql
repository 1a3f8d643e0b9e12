-- beidou_cell: the type, and what lies within what.

@integer_type beidou_cell|int8|a Beidou cell|Beidou cells|北斗网格位置码
COMMENT ON TYPE residency.beidou_cell IS
    'cell of the Beidou grid, two dimensions, with its level in 8 bytes; takes and shows the code of 4 to 20 characters; the order is that of the codes, and a cell is the first of those within (北斗网格位置码: GB/T 39409-2020)';

CREATE FUNCTION residency.beidou_cell_within_support(internal) RETURNS internal
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_division_within_support';
COMMENT ON FUNCTION residency.beidou_cell_within_support(internal) IS
    'tells the planner which range of an index beidou_cell_within comes to (北斗网格位置码)';
CREATE FUNCTION residency.beidou_cell_within(residency.beidou_cell, residency.beidou_cell) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
    SUPPORT residency.beidou_cell_within_support AS 'MODULE_PATHNAME', 'residency_beidou_within';
COMMENT ON FUNCTION residency.beidou_cell_within(residency.beidou_cell, residency.beidou_cell) IS
    'whether the first cell is the second or lies within it (北斗网格位置码)';
CREATE FUNCTION residency.beidou_cell_contains_support(internal) RETURNS internal
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_division_contains_support';
COMMENT ON FUNCTION residency.beidou_cell_contains_support(internal) IS
    'tells the planner which range of an index beidou_cell_contains comes to (北斗网格位置码)';
CREATE FUNCTION residency.beidou_cell_contains(residency.beidou_cell, residency.beidou_cell) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
    SUPPORT residency.beidou_cell_contains_support AS 'MODULE_PATHNAME', 'residency_beidou_contains';
COMMENT ON FUNCTION residency.beidou_cell_contains(residency.beidou_cell, residency.beidou_cell) IS
    'whether the first cell is the second or has it within (北斗网格位置码)';
CREATE OPERATOR residency.<@ (
    FUNCTION = residency.beidou_cell_within, LEFTARG = residency.beidou_cell, RIGHTARG = residency.beidou_cell,
    COMMUTATOR = OPERATOR(residency.@>), RESTRICT = matchingsel, JOIN = matchingjoinsel
);
COMMENT ON OPERATOR residency.<@ (residency.beidou_cell, residency.beidou_cell) IS
    'is the same cell or lies within it (北斗网格位置码)';
CREATE OPERATOR residency.@> (
    FUNCTION = residency.beidou_cell_contains, LEFTARG = residency.beidou_cell, RIGHTARG = residency.beidou_cell,
    COMMUTATOR = OPERATOR(residency.<@), RESTRICT = matchingsel, JOIN = matchingjoinsel
);
COMMENT ON OPERATOR residency.@> (residency.beidou_cell, residency.beidou_cell) IS
    'is the same cell or has it within (北斗网格位置码)';
