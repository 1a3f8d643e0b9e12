-- credit_code: the type, its casts, operators and operator classes.

CREATE TYPE residency.credit_code;

CREATE FUNCTION residency.credit_code_in(cstring) RETURNS residency.credit_code
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_credit_code_in';
COMMENT ON FUNCTION residency.credit_code_in(cstring) IS
    'reads a credit code (统一社会信用代码)';
CREATE FUNCTION residency.credit_code_out(residency.credit_code) RETURNS cstring
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_credit_code_out';
COMMENT ON FUNCTION residency.credit_code_out(residency.credit_code) IS
    'writes a credit code in its one form (统一社会信用代码)';
CREATE FUNCTION residency.credit_code_recv(internal) RETURNS residency.credit_code
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_credit_code_recv';
COMMENT ON FUNCTION residency.credit_code_recv(internal) IS
    'reads a credit code in binary form and checks it as credit_code_in does (统一社会信用代码)';
CREATE FUNCTION residency.credit_code_send(residency.credit_code) RETURNS bytea
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_credit_code_send';
COMMENT ON FUNCTION residency.credit_code_send(residency.credit_code) IS
    'writes a credit code in binary form (统一社会信用代码)';

CREATE TYPE residency.credit_code (
    INPUT = residency.credit_code_in,
    OUTPUT = residency.credit_code_out,
    RECEIVE = residency.credit_code_recv,
    SEND = residency.credit_code_send,
    INTERNALLENGTH = 18,
    ALIGNMENT = char
);
COMMENT ON TYPE residency.credit_code IS
    'unified social credit code of an organisation, 18 characters (统一社会信用代码 GB 32100-2015)';

CREATE FUNCTION residency.credit_code(text) RETURNS residency.credit_code
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_credit_code_from_text';
COMMENT ON FUNCTION residency.credit_code(text) IS
    'reads a credit code from text (统一社会信用代码)';
CREATE CAST (text AS residency.credit_code) WITH FUNCTION residency.credit_code(text);
COMMENT ON CAST (text AS residency.credit_code) IS
    'reads a credit code; refuses what is none with 22P02 (统一社会信用代码)';
CREATE FUNCTION residency.text(residency.credit_code) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_credit_code_to_text';
COMMENT ON FUNCTION residency.text(residency.credit_code) IS
    'a credit code as text in its one form (统一社会信用代码)';
CREATE CAST (residency.credit_code AS text) WITH FUNCTION residency.text(residency.credit_code) AS ASSIGNMENT;
COMMENT ON CAST (residency.credit_code AS text) IS
    'a credit code as text in its one form (统一社会信用代码)';

CREATE FUNCTION residency.credit_code_eq(residency.credit_code, residency.credit_code) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_credit_code_eq';
COMMENT ON FUNCTION residency.credit_code_eq(residency.credit_code, residency.credit_code) IS
    'equal (统一社会信用代码)';
CREATE FUNCTION residency.credit_code_ne(residency.credit_code, residency.credit_code) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_credit_code_ne';
COMMENT ON FUNCTION residency.credit_code_ne(residency.credit_code, residency.credit_code) IS
    'not equal (统一社会信用代码)';
CREATE FUNCTION residency.credit_code_lt(residency.credit_code, residency.credit_code) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_credit_code_lt';
COMMENT ON FUNCTION residency.credit_code_lt(residency.credit_code, residency.credit_code) IS
    'less than (统一社会信用代码)';
CREATE FUNCTION residency.credit_code_le(residency.credit_code, residency.credit_code) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_credit_code_le';
COMMENT ON FUNCTION residency.credit_code_le(residency.credit_code, residency.credit_code) IS
    'less than or equal (统一社会信用代码)';
CREATE FUNCTION residency.credit_code_gt(residency.credit_code, residency.credit_code) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_credit_code_gt';
COMMENT ON FUNCTION residency.credit_code_gt(residency.credit_code, residency.credit_code) IS
    'greater than (统一社会信用代码)';
CREATE FUNCTION residency.credit_code_ge(residency.credit_code, residency.credit_code) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_credit_code_ge';
COMMENT ON FUNCTION residency.credit_code_ge(residency.credit_code, residency.credit_code) IS
    'greater than or equal (统一社会信用代码)';
CREATE FUNCTION residency.credit_code_cmp(residency.credit_code, residency.credit_code) RETURNS integer
    LANGUAGE c IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_credit_code_cmp';
COMMENT ON FUNCTION residency.credit_code_cmp(residency.credit_code, residency.credit_code) IS
    'compares for btree: below, at or above zero (统一社会信用代码)';
CREATE FUNCTION residency.credit_code_hash(residency.credit_code) RETURNS integer
    LANGUAGE c IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_credit_code_hash';
COMMENT ON FUNCTION residency.credit_code_hash(residency.credit_code) IS
    'hash; stays the same for ever, partitions are placed by it (统一社会信用代码)';
CREATE FUNCTION residency.credit_code_hash_extended(residency.credit_code, bigint) RETURNS bigint
    LANGUAGE c IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_credit_code_hash_extended';
COMMENT ON FUNCTION residency.credit_code_hash_extended(residency.credit_code, bigint) IS
    'hash with a seed (统一社会信用代码)';

@comparison credit_code|统一社会信用代码

CREATE OPERATOR CLASS residency.credit_code_ops DEFAULT FOR TYPE residency.credit_code USING btree AS
    OPERATOR 1 residency.<,
    OPERATOR 2 residency.<=,
    OPERATOR 3 residency.=,
    OPERATOR 4 residency.>=,
    OPERATOR 5 residency.>,
    FUNCTION 1 residency.credit_code_cmp(residency.credit_code, residency.credit_code),
    FUNCTION 4 btequalimage(oid);
COMMENT ON OPERATOR CLASS residency.credit_code_ops USING btree IS
    'order of credit codes (统一社会信用代码)';
COMMENT ON OPERATOR FAMILY residency.credit_code_ops USING btree IS
    'order of credit codes (统一社会信用代码)';
CREATE OPERATOR CLASS residency.credit_code_ops DEFAULT FOR TYPE residency.credit_code USING hash AS
    OPERATOR 1 residency.=,
    FUNCTION 1 residency.credit_code_hash(residency.credit_code),
    FUNCTION 2 residency.credit_code_hash_extended(residency.credit_code, bigint);
COMMENT ON OPERATOR CLASS residency.credit_code_ops USING hash IS
    'hashes of credit codes (统一社会信用代码)';
COMMENT ON OPERATOR FAMILY residency.credit_code_ops USING hash IS
    'hashes of credit codes (统一社会信用代码)';
CREATE OPERATOR CLASS residency.credit_code_minmax_ops DEFAULT FOR TYPE residency.credit_code USING brin AS
    OPERATOR 1 residency.<,
    OPERATOR 2 residency.<=,
    OPERATOR 3 residency.=,
    OPERATOR 4 residency.>=,
    OPERATOR 5 residency.>,
    FUNCTION 1 brin_minmax_opcinfo(internal),
    FUNCTION 2 brin_minmax_add_value(internal, internal, internal, internal),
    FUNCTION 3 brin_minmax_consistent(internal, internal, internal),
    FUNCTION 4 brin_minmax_union(internal, internal, internal);
COMMENT ON OPERATOR CLASS residency.credit_code_minmax_ops USING brin IS
    'ranges of credit codes by blocks of a table (统一社会信用代码)';
COMMENT ON OPERATOR FAMILY residency.credit_code_minmax_ops USING brin IS
    'ranges of credit codes by blocks of a table (统一社会信用代码)';

CREATE FUNCTION residency.credit_code_larger(residency.credit_code, residency.credit_code) RETURNS residency.credit_code
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_credit_code_larger';
COMMENT ON FUNCTION residency.credit_code_larger(residency.credit_code, residency.credit_code) IS
    'the greatest of two (统一社会信用代码)';
CREATE AGGREGATE residency.max(residency.credit_code) (
    SFUNC = residency.credit_code_larger, STYPE = residency.credit_code, SORTOP = OPERATOR(residency.>),
    COMBINEFUNC = residency.credit_code_larger, PARALLEL = SAFE
);
COMMENT ON AGGREGATE residency.max(residency.credit_code) IS
    'the greatest of all (统一社会信用代码)';
CREATE FUNCTION residency.credit_code_smaller(residency.credit_code, residency.credit_code) RETURNS residency.credit_code
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_credit_code_smaller';
COMMENT ON FUNCTION residency.credit_code_smaller(residency.credit_code, residency.credit_code) IS
    'the least of two (统一社会信用代码)';
CREATE AGGREGATE residency.min(residency.credit_code) (
    SFUNC = residency.credit_code_smaller, STYPE = residency.credit_code, SORTOP = OPERATOR(residency.<),
    COMBINEFUNC = residency.credit_code_smaller, PARALLEL = SAFE
);
COMMENT ON AGGREGATE residency.min(residency.credit_code) IS
    'the least of all (统一社会信用代码)';
