-- resident_id: the type, its casts, operators and operator classes.

CREATE TYPE residency.resident_id;

CREATE FUNCTION residency.resident_id_in(cstring) RETURNS residency.resident_id
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_resident_id_in';
COMMENT ON FUNCTION residency.resident_id_in(cstring) IS
    'reads a resident ID (公民身份号码等)';
CREATE FUNCTION residency.resident_id_out(residency.resident_id) RETURNS cstring
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_resident_id_out';
COMMENT ON FUNCTION residency.resident_id_out(residency.resident_id) IS
    'writes a resident ID in its one form (公民身份号码等)';
CREATE FUNCTION residency.resident_id_recv(internal) RETURNS residency.resident_id
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_resident_id_recv';
COMMENT ON FUNCTION residency.resident_id_recv(internal) IS
    'reads a resident ID in binary form and checks it as resident_id_in does (公民身份号码等)';
CREATE FUNCTION residency.resident_id_send(residency.resident_id) RETURNS bytea
    LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'int8send';
COMMENT ON FUNCTION residency.resident_id_send(residency.resident_id) IS
    'writes a resident ID in binary form (公民身份号码等)';

CREATE TYPE residency.resident_id (
    INPUT = residency.resident_id_in,
    OUTPUT = residency.resident_id_out,
    RECEIVE = residency.resident_id_recv,
    SEND = residency.resident_id_send,
    LIKE = int8
);
COMMENT ON TYPE residency.resident_id IS
    '18-character number of a citizen, of a Hong Kong, Macao or Taiwan resident with a permit, or of a foreigner with a permanent residence card, kept in 8 bytes (公民身份号码 GB 11643-1999, 港澳台居民居住证 国办发〔2018〕81号, 外国人永久居留身份证)';

CREATE FUNCTION residency.resident_id(text) RETURNS residency.resident_id
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_resident_id_from_text';
COMMENT ON FUNCTION residency.resident_id(text) IS
    'reads a resident ID from text (公民身份号码等)';
CREATE CAST (text AS residency.resident_id) WITH FUNCTION residency.resident_id(text);
COMMENT ON CAST (text AS residency.resident_id) IS
    'reads a resident ID; refuses what is none with 22P02 (公民身份号码等)';
CREATE FUNCTION residency.text(residency.resident_id) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_resident_id_to_text';
COMMENT ON FUNCTION residency.text(residency.resident_id) IS
    'a resident ID as text in its one form (公民身份号码等)';
CREATE CAST (residency.resident_id AS text) WITH FUNCTION residency.text(residency.resident_id) AS ASSIGNMENT;
COMMENT ON CAST (residency.resident_id AS text) IS
    'a resident ID as text in its one form (公民身份号码等)';
CREATE CAST (residency.resident_id AS bigint) WITHOUT FUNCTION;
COMMENT ON CAST (residency.resident_id AS bigint) IS
    'the number that a resident ID is kept as; there is no way back that would skip the checks (公民身份号码等)';

CREATE FUNCTION residency.resident_id_eq(residency.resident_id, residency.resident_id) RETURNS boolean
    LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'int8eq';
COMMENT ON FUNCTION residency.resident_id_eq(residency.resident_id, residency.resident_id) IS
    'equal (公民身份号码等)';
CREATE FUNCTION residency.resident_id_ne(residency.resident_id, residency.resident_id) RETURNS boolean
    LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'int8ne';
COMMENT ON FUNCTION residency.resident_id_ne(residency.resident_id, residency.resident_id) IS
    'not equal (公民身份号码等)';
CREATE FUNCTION residency.resident_id_lt(residency.resident_id, residency.resident_id) RETURNS boolean
    LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'int8lt';
COMMENT ON FUNCTION residency.resident_id_lt(residency.resident_id, residency.resident_id) IS
    'less than (公民身份号码等)';
CREATE FUNCTION residency.resident_id_le(residency.resident_id, residency.resident_id) RETURNS boolean
    LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'int8le';
COMMENT ON FUNCTION residency.resident_id_le(residency.resident_id, residency.resident_id) IS
    'less than or equal (公民身份号码等)';
CREATE FUNCTION residency.resident_id_gt(residency.resident_id, residency.resident_id) RETURNS boolean
    LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'int8gt';
COMMENT ON FUNCTION residency.resident_id_gt(residency.resident_id, residency.resident_id) IS
    'greater than (公民身份号码等)';
CREATE FUNCTION residency.resident_id_ge(residency.resident_id, residency.resident_id) RETURNS boolean
    LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'int8ge';
COMMENT ON FUNCTION residency.resident_id_ge(residency.resident_id, residency.resident_id) IS
    'greater than or equal (公民身份号码等)';
CREATE FUNCTION residency.resident_id_cmp(residency.resident_id, residency.resident_id) RETURNS integer
    LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'btint8cmp';
COMMENT ON FUNCTION residency.resident_id_cmp(residency.resident_id, residency.resident_id) IS
    'compares for btree: below, at or above zero (公民身份号码等)';
CREATE FUNCTION residency.resident_id_sortsupport(internal) RETURNS void
    LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'btint8sortsupport';
COMMENT ON FUNCTION residency.resident_id_sortsupport(internal) IS
    'sorts as integers are sorted (公民身份号码等)';
CREATE FUNCTION residency.resident_id_hash(residency.resident_id) RETURNS integer
    LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'hashint8';
COMMENT ON FUNCTION residency.resident_id_hash(residency.resident_id) IS
    'hash; stays the same for ever, partitions are placed by it (公民身份号码等)';
CREATE FUNCTION residency.resident_id_hash_extended(residency.resident_id, bigint) RETURNS bigint
    LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'hashint8extended';
COMMENT ON FUNCTION residency.resident_id_hash_extended(residency.resident_id, bigint) IS
    'hash with a seed (公民身份号码等)';

CREATE OPERATOR residency.= (
    FUNCTION = residency.resident_id_eq, LEFTARG = residency.resident_id, RIGHTARG = residency.resident_id,
    COMMUTATOR = OPERATOR(residency.=), NEGATOR = OPERATOR(residency.<>),
    RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR residency.= (residency.resident_id, residency.resident_id) IS
    'equal (公民身份号码等)';
CREATE OPERATOR residency.<> (
    FUNCTION = residency.resident_id_ne, LEFTARG = residency.resident_id, RIGHTARG = residency.resident_id,
    COMMUTATOR = OPERATOR(residency.<>), NEGATOR = OPERATOR(residency.=),
    RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR residency.<> (residency.resident_id, residency.resident_id) IS
    'not equal (公民身份号码等)';
CREATE OPERATOR residency.< (
    FUNCTION = residency.resident_id_lt, LEFTARG = residency.resident_id, RIGHTARG = residency.resident_id,
    COMMUTATOR = OPERATOR(residency.>), NEGATOR = OPERATOR(residency.>=),
    RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR residency.< (residency.resident_id, residency.resident_id) IS
    'less than (公民身份号码等)';
CREATE OPERATOR residency.<= (
    FUNCTION = residency.resident_id_le, LEFTARG = residency.resident_id, RIGHTARG = residency.resident_id,
    COMMUTATOR = OPERATOR(residency.>=), NEGATOR = OPERATOR(residency.>),
    RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR residency.<= (residency.resident_id, residency.resident_id) IS
    'less than or equal (公民身份号码等)';
CREATE OPERATOR residency.> (
    FUNCTION = residency.resident_id_gt, LEFTARG = residency.resident_id, RIGHTARG = residency.resident_id,
    COMMUTATOR = OPERATOR(residency.<), NEGATOR = OPERATOR(residency.<=),
    RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR residency.> (residency.resident_id, residency.resident_id) IS
    'greater than (公民身份号码等)';
CREATE OPERATOR residency.>= (
    FUNCTION = residency.resident_id_ge, LEFTARG = residency.resident_id, RIGHTARG = residency.resident_id,
    COMMUTATOR = OPERATOR(residency.<=), NEGATOR = OPERATOR(residency.<),
    RESTRICT = scalargesel, JOIN = scalargejoinsel
);
COMMENT ON OPERATOR residency.>= (residency.resident_id, residency.resident_id) IS
    'greater than or equal (公民身份号码等)';

CREATE OPERATOR CLASS residency.resident_id_ops DEFAULT FOR TYPE residency.resident_id USING btree AS
    OPERATOR 1 residency.<,
    OPERATOR 2 residency.<=,
    OPERATOR 3 residency.=,
    OPERATOR 4 residency.>=,
    OPERATOR 5 residency.>,
    FUNCTION 1 residency.resident_id_cmp(residency.resident_id, residency.resident_id),
    FUNCTION 2 residency.resident_id_sortsupport(internal),
    FUNCTION 4 btequalimage(oid);
COMMENT ON OPERATOR CLASS residency.resident_id_ops USING btree IS
    'order of resident IDs (公民身份号码等)';
COMMENT ON OPERATOR FAMILY residency.resident_id_ops USING btree IS
    'order of resident IDs (公民身份号码等)';
CREATE OPERATOR CLASS residency.resident_id_ops DEFAULT FOR TYPE residency.resident_id USING hash AS
    OPERATOR 1 residency.=,
    FUNCTION 1 residency.resident_id_hash(residency.resident_id),
    FUNCTION 2 residency.resident_id_hash_extended(residency.resident_id, bigint);
COMMENT ON OPERATOR CLASS residency.resident_id_ops USING hash IS
    'hashes of resident IDs (公民身份号码等)';
COMMENT ON OPERATOR FAMILY residency.resident_id_ops USING hash IS
    'hashes of resident IDs (公民身份号码等)';
CREATE OPERATOR CLASS residency.resident_id_minmax_ops DEFAULT FOR TYPE residency.resident_id USING brin AS
    OPERATOR 1 residency.<,
    OPERATOR 2 residency.<=,
    OPERATOR 3 residency.=,
    OPERATOR 4 residency.>=,
    OPERATOR 5 residency.>,
    FUNCTION 1 brin_minmax_opcinfo(internal),
    FUNCTION 2 brin_minmax_add_value(internal, internal, internal, internal),
    FUNCTION 3 brin_minmax_consistent(internal, internal, internal),
    FUNCTION 4 brin_minmax_union(internal, internal, internal);
COMMENT ON OPERATOR CLASS residency.resident_id_minmax_ops USING brin IS
    'ranges of resident IDs by blocks of a table (公民身份号码等)';
COMMENT ON OPERATOR FAMILY residency.resident_id_minmax_ops USING brin IS
    'ranges of resident IDs by blocks of a table (公民身份号码等)';

CREATE FUNCTION residency.resident_within_support(internal) RETURNS internal
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_resident_within_support';
COMMENT ON FUNCTION residency.resident_within_support(internal) IS
    'tells the planner which range of an index resident_within comes to (公民身份号码等)';
CREATE FUNCTION residency.resident_within(residency.resident_id, residency.division_code) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
    SUPPORT residency.resident_within_support AS 'MODULE_PATHNAME', 'residency_resident_within';
COMMENT ON FUNCTION residency.resident_within(residency.resident_id, residency.division_code) IS
    'whether the division that gave the number is the second or lies beneath it (公民身份号码等)';
CREATE FUNCTION residency.contains_resident_support(internal) RETURNS internal
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_contains_resident_support';
COMMENT ON FUNCTION residency.contains_resident_support(internal) IS
    'tells the planner which range of an index contains_resident comes to (公民身份号码等)';
CREATE FUNCTION residency.contains_resident(residency.division_code, residency.resident_id) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
    SUPPORT residency.contains_resident_support AS 'MODULE_PATHNAME', 'residency_contains_resident';
COMMENT ON FUNCTION residency.contains_resident(residency.division_code, residency.resident_id) IS
    'whether the division gave the number or has the one that did beneath (公民身份号码等)';
CREATE OPERATOR residency.<@ (
    FUNCTION = residency.resident_within, LEFTARG = residency.resident_id, RIGHTARG = residency.division_code,
    COMMUTATOR = OPERATOR(residency.@>), RESTRICT = matchingsel, JOIN = matchingjoinsel
);
COMMENT ON OPERATOR residency.<@ (residency.resident_id, residency.division_code) IS
    'was given by the division or by one beneath it (公民身份号码等)';
CREATE OPERATOR residency.@> (
    FUNCTION = residency.contains_resident, LEFTARG = residency.division_code, RIGHTARG = residency.resident_id,
    COMMUTATOR = OPERATOR(residency.<@), RESTRICT = matchingsel, JOIN = matchingjoinsel
);
COMMENT ON OPERATOR residency.@> (residency.division_code, residency.resident_id) IS
    'gave the number, or has the one that did beneath (公民身份号码等)';

CREATE FUNCTION residency.resident_id_larger(residency.resident_id, residency.resident_id) RETURNS residency.resident_id
    LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'int8larger';
COMMENT ON FUNCTION residency.resident_id_larger(residency.resident_id, residency.resident_id) IS
    'the greatest of two (公民身份号码等)';
CREATE AGGREGATE residency.max(residency.resident_id) (
    SFUNC = residency.resident_id_larger, STYPE = residency.resident_id, SORTOP = OPERATOR(residency.>),
    COMBINEFUNC = residency.resident_id_larger, PARALLEL = SAFE
);
COMMENT ON AGGREGATE residency.max(residency.resident_id) IS
    'the greatest of all (公民身份号码等)';
CREATE FUNCTION residency.resident_id_smaller(residency.resident_id, residency.resident_id) RETURNS residency.resident_id
    LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'int8smaller';
COMMENT ON FUNCTION residency.resident_id_smaller(residency.resident_id, residency.resident_id) IS
    'the least of two (公民身份号码等)';
CREATE AGGREGATE residency.min(residency.resident_id) (
    SFUNC = residency.resident_id_smaller, STYPE = residency.resident_id, SORTOP = OPERATOR(residency.<),
    COMBINEFUNC = residency.resident_id_smaller, PARALLEL = SAFE
);
COMMENT ON AGGREGATE residency.min(residency.resident_id) IS
    'the least of all (公民身份号码等)';
