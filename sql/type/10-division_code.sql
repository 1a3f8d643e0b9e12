-- division_code: the type, its casts, operators and operator classes.

CREATE TYPE residency.division_code;

CREATE FUNCTION residency.division_code_in(cstring) RETURNS residency.division_code
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_division_code_in';
COMMENT ON FUNCTION residency.division_code_in(cstring) IS
    'reads a division code (区划代码)';
CREATE FUNCTION residency.division_code_out(residency.division_code) RETURNS cstring
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_division_code_out';
COMMENT ON FUNCTION residency.division_code_out(residency.division_code) IS
    'writes a division code in its one form (区划代码)';
CREATE FUNCTION residency.division_code_recv(internal) RETURNS residency.division_code
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_division_code_recv';
COMMENT ON FUNCTION residency.division_code_recv(internal) IS
    'reads a division code in binary form and checks it as division_code_in does (区划代码)';
CREATE FUNCTION residency.division_code_send(residency.division_code) RETURNS bytea
    LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'int8send';
COMMENT ON FUNCTION residency.division_code_send(residency.division_code) IS
    'writes a division code in binary form (区划代码)';

CREATE TYPE residency.division_code (
    INPUT = residency.division_code_in,
    OUTPUT = residency.division_code_out,
    RECEIVE = residency.division_code_recv,
    SEND = residency.division_code_send,
    LIKE = int8
);
COMMENT ON TYPE residency.division_code IS
    'code of an administrative division, 12 digits kept in 8 bytes; takes 2, 4, 6, 9 or 12, shows 6, 9 or 12 (统计用区划代码: GB/T 2260, GB/T 10114, 国家统计局)';

CREATE FUNCTION residency.division_code(text) RETURNS residency.division_code
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_division_code_from_text';
COMMENT ON FUNCTION residency.division_code(text) IS
    'reads a division code from text (区划代码)';
CREATE CAST (text AS residency.division_code) WITH FUNCTION residency.division_code(text);
COMMENT ON CAST (text AS residency.division_code) IS
    'reads a division code; refuses what is none with 22P02 (区划代码)';
CREATE FUNCTION residency.text(residency.division_code) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_division_code_to_text';
COMMENT ON FUNCTION residency.text(residency.division_code) IS
    'a division code as text in its one form (区划代码)';
CREATE CAST (residency.division_code AS text) WITH FUNCTION residency.text(residency.division_code) AS ASSIGNMENT;
COMMENT ON CAST (residency.division_code AS text) IS
    'a division code as text in its one form (区划代码)';
CREATE CAST (residency.division_code AS bigint) WITHOUT FUNCTION;
COMMENT ON CAST (residency.division_code AS bigint) IS
    'the number that a division code is kept as; there is no way back that would skip the checks (区划代码)';

CREATE FUNCTION residency.division_code_eq(residency.division_code, residency.division_code) RETURNS boolean
    LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'int8eq';
COMMENT ON FUNCTION residency.division_code_eq(residency.division_code, residency.division_code) IS
    'equal (区划代码)';
CREATE FUNCTION residency.division_code_ne(residency.division_code, residency.division_code) RETURNS boolean
    LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'int8ne';
COMMENT ON FUNCTION residency.division_code_ne(residency.division_code, residency.division_code) IS
    'not equal (区划代码)';
CREATE FUNCTION residency.division_code_lt(residency.division_code, residency.division_code) RETURNS boolean
    LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'int8lt';
COMMENT ON FUNCTION residency.division_code_lt(residency.division_code, residency.division_code) IS
    'less than (区划代码)';
CREATE FUNCTION residency.division_code_le(residency.division_code, residency.division_code) RETURNS boolean
    LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'int8le';
COMMENT ON FUNCTION residency.division_code_le(residency.division_code, residency.division_code) IS
    'less than or equal (区划代码)';
CREATE FUNCTION residency.division_code_gt(residency.division_code, residency.division_code) RETURNS boolean
    LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'int8gt';
COMMENT ON FUNCTION residency.division_code_gt(residency.division_code, residency.division_code) IS
    'greater than (区划代码)';
CREATE FUNCTION residency.division_code_ge(residency.division_code, residency.division_code) RETURNS boolean
    LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'int8ge';
COMMENT ON FUNCTION residency.division_code_ge(residency.division_code, residency.division_code) IS
    'greater than or equal (区划代码)';
CREATE FUNCTION residency.division_code_cmp(residency.division_code, residency.division_code) RETURNS integer
    LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'btint8cmp';
COMMENT ON FUNCTION residency.division_code_cmp(residency.division_code, residency.division_code) IS
    'compares for btree: below, at or above zero (区划代码)';
CREATE FUNCTION residency.division_code_sortsupport(internal) RETURNS void
    LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'btint8sortsupport';
COMMENT ON FUNCTION residency.division_code_sortsupport(internal) IS
    'sorts as integers are sorted (区划代码)';
CREATE FUNCTION residency.division_code_hash(residency.division_code) RETURNS integer
    LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'hashint8';
COMMENT ON FUNCTION residency.division_code_hash(residency.division_code) IS
    'hash; stays the same for ever, partitions are placed by it (区划代码)';
CREATE FUNCTION residency.division_code_hash_extended(residency.division_code, bigint) RETURNS bigint
    LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'hashint8extended';
COMMENT ON FUNCTION residency.division_code_hash_extended(residency.division_code, bigint) IS
    'hash with a seed (区划代码)';

CREATE OPERATOR residency.= (
    FUNCTION = residency.division_code_eq, LEFTARG = residency.division_code, RIGHTARG = residency.division_code,
    COMMUTATOR = OPERATOR(residency.=), NEGATOR = OPERATOR(residency.<>),
    RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR residency.= (residency.division_code, residency.division_code) IS
    'equal (区划代码)';
CREATE OPERATOR residency.<> (
    FUNCTION = residency.division_code_ne, LEFTARG = residency.division_code, RIGHTARG = residency.division_code,
    COMMUTATOR = OPERATOR(residency.<>), NEGATOR = OPERATOR(residency.=),
    RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR residency.<> (residency.division_code, residency.division_code) IS
    'not equal (区划代码)';
CREATE OPERATOR residency.< (
    FUNCTION = residency.division_code_lt, LEFTARG = residency.division_code, RIGHTARG = residency.division_code,
    COMMUTATOR = OPERATOR(residency.>), NEGATOR = OPERATOR(residency.>=),
    RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR residency.< (residency.division_code, residency.division_code) IS
    'less than (区划代码)';
CREATE OPERATOR residency.<= (
    FUNCTION = residency.division_code_le, LEFTARG = residency.division_code, RIGHTARG = residency.division_code,
    COMMUTATOR = OPERATOR(residency.>=), NEGATOR = OPERATOR(residency.>),
    RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR residency.<= (residency.division_code, residency.division_code) IS
    'less than or equal (区划代码)';
CREATE OPERATOR residency.> (
    FUNCTION = residency.division_code_gt, LEFTARG = residency.division_code, RIGHTARG = residency.division_code,
    COMMUTATOR = OPERATOR(residency.<), NEGATOR = OPERATOR(residency.<=),
    RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR residency.> (residency.division_code, residency.division_code) IS
    'greater than (区划代码)';
CREATE OPERATOR residency.>= (
    FUNCTION = residency.division_code_ge, LEFTARG = residency.division_code, RIGHTARG = residency.division_code,
    COMMUTATOR = OPERATOR(residency.<=), NEGATOR = OPERATOR(residency.<),
    RESTRICT = scalargesel, JOIN = scalargejoinsel
);
COMMENT ON OPERATOR residency.>= (residency.division_code, residency.division_code) IS
    'greater than or equal (区划代码)';

CREATE OPERATOR CLASS residency.division_code_ops DEFAULT FOR TYPE residency.division_code USING btree AS
    OPERATOR 1 residency.<,
    OPERATOR 2 residency.<=,
    OPERATOR 3 residency.=,
    OPERATOR 4 residency.>=,
    OPERATOR 5 residency.>,
    FUNCTION 1 residency.division_code_cmp(residency.division_code, residency.division_code),
    FUNCTION 2 residency.division_code_sortsupport(internal),
    FUNCTION 4 btequalimage(oid);
COMMENT ON OPERATOR CLASS residency.division_code_ops USING btree IS
    'order of division codes (区划代码)';
COMMENT ON OPERATOR FAMILY residency.division_code_ops USING btree IS
    'order of division codes (区划代码)';
CREATE OPERATOR CLASS residency.division_code_ops DEFAULT FOR TYPE residency.division_code USING hash AS
    OPERATOR 1 residency.=,
    FUNCTION 1 residency.division_code_hash(residency.division_code),
    FUNCTION 2 residency.division_code_hash_extended(residency.division_code, bigint);
COMMENT ON OPERATOR CLASS residency.division_code_ops USING hash IS
    'hashes of division codes (区划代码)';
COMMENT ON OPERATOR FAMILY residency.division_code_ops USING hash IS
    'hashes of division codes (区划代码)';
CREATE OPERATOR CLASS residency.division_code_minmax_ops DEFAULT FOR TYPE residency.division_code USING brin AS
    OPERATOR 1 residency.<,
    OPERATOR 2 residency.<=,
    OPERATOR 3 residency.=,
    OPERATOR 4 residency.>=,
    OPERATOR 5 residency.>,
    FUNCTION 1 brin_minmax_opcinfo(internal),
    FUNCTION 2 brin_minmax_add_value(internal, internal, internal, internal),
    FUNCTION 3 brin_minmax_consistent(internal, internal, internal),
    FUNCTION 4 brin_minmax_union(internal, internal, internal);
COMMENT ON OPERATOR CLASS residency.division_code_minmax_ops USING brin IS
    'ranges of division codes by blocks of a table (区划代码)';
COMMENT ON OPERATOR FAMILY residency.division_code_minmax_ops USING brin IS
    'ranges of division codes by blocks of a table (区划代码)';

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

CREATE FUNCTION residency.division_code_larger(residency.division_code, residency.division_code) RETURNS residency.division_code
    LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'int8larger';
COMMENT ON FUNCTION residency.division_code_larger(residency.division_code, residency.division_code) IS
    'the greatest of two (区划代码)';
CREATE AGGREGATE residency.max(residency.division_code) (
    SFUNC = residency.division_code_larger, STYPE = residency.division_code, SORTOP = OPERATOR(residency.>),
    COMBINEFUNC = residency.division_code_larger, PARALLEL = SAFE
);
COMMENT ON AGGREGATE residency.max(residency.division_code) IS
    'the greatest of all (区划代码)';
CREATE FUNCTION residency.division_code_smaller(residency.division_code, residency.division_code) RETURNS residency.division_code
    LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'int8smaller';
COMMENT ON FUNCTION residency.division_code_smaller(residency.division_code, residency.division_code) IS
    'the least of two (区划代码)';
CREATE AGGREGATE residency.min(residency.division_code) (
    SFUNC = residency.division_code_smaller, STYPE = residency.division_code, SORTOP = OPERATOR(residency.<),
    COMBINEFUNC = residency.division_code_smaller, PARALLEL = SAFE
);
COMMENT ON AGGREGATE residency.min(residency.division_code) IS
    'the least of all (区划代码)';
