-- division_code: the type, and what lies beneath what.

@integer_type division_code|int8|a division code|division codes|区划代码
COMMENT ON TYPE residency.division_code IS
    'code of an administrative division, 12 digits kept in 8 bytes; takes 2, 4, 6, 9 or 12, shows 6, 9 or 12 (统计用区划代码: GB/T 2260, GB/T 10114, 国家统计局)';

CREATE FUNCTION residency.division_within_support(internal) RETURNS internal
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_division_within_support';
COMMENT ON FUNCTION residency.division_within_support(internal) IS
    'tells the planner which range of an index division_within comes to (区划代码)';
CREATE FUNCTION residency.division_within(residency.division_code, residency.division_code) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
    SUPPORT residency.division_within_support AS 'MODULE_PATHNAME', 'residency_division_within';
COMMENT ON FUNCTION residency.division_within(residency.division_code, residency.division_code) IS
    'whether the first division is the second or lies beneath it (区划代码)';
CREATE FUNCTION residency.division_contains_support(internal) RETURNS internal
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_division_contains_support';
COMMENT ON FUNCTION residency.division_contains_support(internal) IS
    'tells the planner which range of an index division_contains comes to (区划代码)';
CREATE FUNCTION residency.division_contains(residency.division_code, residency.division_code) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
    SUPPORT residency.division_contains_support AS 'MODULE_PATHNAME', 'residency_division_contains';
COMMENT ON FUNCTION residency.division_contains(residency.division_code, residency.division_code) IS
    'whether the first division is the second or has it beneath (区划代码)';
CREATE OPERATOR residency.<@ (
    FUNCTION = residency.division_within, LEFTARG = residency.division_code, RIGHTARG = residency.division_code,
    COMMUTATOR = OPERATOR(residency.@>), RESTRICT = matchingsel, JOIN = matchingjoinsel
);
COMMENT ON OPERATOR residency.<@ (residency.division_code, residency.division_code) IS
    'is the same division or lies beneath it (区划代码)';
CREATE OPERATOR residency.@> (
    FUNCTION = residency.division_contains, LEFTARG = residency.division_code, RIGHTARG = residency.division_code,
    COMMUTATOR = OPERATOR(residency.<@), RESTRICT = matchingsel, JOIN = matchingjoinsel
);
COMMENT ON OPERATOR residency.@> (residency.division_code, residency.division_code) IS
    'is the same division or has it beneath (区划代码)';
