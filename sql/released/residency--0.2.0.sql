\echo Use "CREATE EXTENSION residency CASCADE" to load this file. \quit

-- What the extension ships for the database to build: the one table that is a member.

COMMENT ON SCHEMA residency IS
    'The extension''s own types and functions, and nothing else (扩展自有类型与函数)';

CREATE TABLE residency.migration_step (
    name        text COLLATE "C" PRIMARY KEY,
    kind        text NOT NULL CHECK (kind IN ('once', 'repeatable', 'outside')),
    checksum    text NOT NULL,
    done_when   text,
    inside_when text,
    body        text NOT NULL,
    CHECK ((kind = 'outside') = (done_when IS NOT NULL))
);
COMMENT ON TABLE residency.migration_step IS
    'The steps that CALL residency.migrate() takes, as shipped with the installed version of the extension (迁移步骤). Not dumped: it comes with CREATE EXTENSION';
COMMENT ON COLUMN residency.migration_step.name IS
    'Folder, number and topic; steps are taken in this order, those of schema/ before those of view/';
COMMENT ON COLUMN residency.migration_step.kind IS
    'once: tables and data, built once and frozen when released; repeatable: views and wrappers, made again when the text changes; outside: cannot run in a transaction';
COMMENT ON COLUMN residency.migration_step.checksum IS 'SHA-256 of the body, in hexadecimal';
COMMENT ON COLUMN residency.migration_step.done_when IS
    'Of an outside step: a query that answers true once the step is done';
COMMENT ON COLUMN residency.migration_step.inside_when IS
    'Of an outside step: a query that answers true where it may run inside a transaction after all, without CONCURRENTLY (an empty table)';
COMMENT ON COLUMN residency.migration_step.body IS 'The SQL that migrate() executes';

GRANT USAGE ON SCHEMA residency TO PUBLIC;
GRANT SELECT ON residency.migration_step TO PUBLIC;
-- division_code: the type, and what lies beneath what.

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
CREATE CAST (residency.division_code AS int8) WITHOUT FUNCTION;
COMMENT ON CAST (residency.division_code AS int8) IS
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
-- resident_id: the type, and which division gave a number.

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
CREATE CAST (residency.resident_id AS int8) WITHOUT FUNCTION;
COMMENT ON CAST (residency.resident_id AS int8) IS
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
COMMENT ON TYPE residency.resident_id IS
    '18-character number of a citizen, of a Hong Kong, Macao or Taiwan resident with a permit, or of a foreigner with a permanent residence card, kept in 8 bytes (公民身份号码 GB 11643-1999, 港澳台居民居住证 国办发〔2018〕81号, 外国人永久居留身份证)';

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

CREATE OPERATOR residency.= (
    FUNCTION = residency.credit_code_eq, LEFTARG = residency.credit_code, RIGHTARG = residency.credit_code,
    COMMUTATOR = OPERATOR(residency.=), NEGATOR = OPERATOR(residency.<>),
    RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR residency.= (residency.credit_code, residency.credit_code) IS
    'equal (统一社会信用代码)';
CREATE OPERATOR residency.<> (
    FUNCTION = residency.credit_code_ne, LEFTARG = residency.credit_code, RIGHTARG = residency.credit_code,
    COMMUTATOR = OPERATOR(residency.<>), NEGATOR = OPERATOR(residency.=),
    RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR residency.<> (residency.credit_code, residency.credit_code) IS
    'not equal (统一社会信用代码)';
CREATE OPERATOR residency.< (
    FUNCTION = residency.credit_code_lt, LEFTARG = residency.credit_code, RIGHTARG = residency.credit_code,
    COMMUTATOR = OPERATOR(residency.>), NEGATOR = OPERATOR(residency.>=),
    RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR residency.< (residency.credit_code, residency.credit_code) IS
    'less than (统一社会信用代码)';
CREATE OPERATOR residency.<= (
    FUNCTION = residency.credit_code_le, LEFTARG = residency.credit_code, RIGHTARG = residency.credit_code,
    COMMUTATOR = OPERATOR(residency.>=), NEGATOR = OPERATOR(residency.>),
    RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR residency.<= (residency.credit_code, residency.credit_code) IS
    'less than or equal (统一社会信用代码)';
CREATE OPERATOR residency.> (
    FUNCTION = residency.credit_code_gt, LEFTARG = residency.credit_code, RIGHTARG = residency.credit_code,
    COMMUTATOR = OPERATOR(residency.<), NEGATOR = OPERATOR(residency.<=),
    RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR residency.> (residency.credit_code, residency.credit_code) IS
    'greater than (统一社会信用代码)';
CREATE OPERATOR residency.>= (
    FUNCTION = residency.credit_code_ge, LEFTARG = residency.credit_code, RIGHTARG = residency.credit_code,
    COMMUTATOR = OPERATOR(residency.<=), NEGATOR = OPERATOR(residency.<),
    RESTRICT = scalargesel, JOIN = scalargejoinsel
);
COMMENT ON OPERATOR residency.>= (residency.credit_code, residency.credit_code) IS
    'greater than or equal (统一社会信用代码)';

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
-- migrate: what the database owns is built and kept in step by CALL residency.migrate().

CREATE FUNCTION residency.version() RETURNS text
    AS 'MODULE_PATHNAME', 'residency_version'
    LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION residency.version() IS
    'Version of the loaded library (代码版本); differs from pg_extension.extversion between a new package and ALTER EXTENSION residency UPDATE';

CREATE FUNCTION residency.in_transaction_block() RETURNS boolean
    AS 'MODULE_PATHNAME', 'residency_in_transaction_block'
    LANGUAGE C STABLE STRICT PARALLEL RESTRICTED;
COMMENT ON FUNCTION residency.in_transaction_block() IS
    'Whether the session is between BEGIN and COMMIT (事务块), where no procedure may commit';

CREATE FUNCTION residency.ship_step(
        step_name text, step_kind text, step_checksum text, step_done_when text, step_inside_when text, step_body text)
    RETURNS void
    LANGUAGE sql VOLATILE
    AS $$
        INSERT INTO residency.migration_step AS s (name, kind, checksum, done_when, inside_when, body)
        VALUES (step_name, step_kind, step_checksum, step_done_when, step_inside_when, step_body)
        ON CONFLICT (name) DO UPDATE
        SET (kind, checksum, done_when, inside_when, body)
            = (excluded.kind, excluded.checksum, excluded.done_when, excluded.inside_when, excluded.body);
    $$;
COMMENT ON FUNCTION residency.ship_step(text, text, text, text, text, text) IS
    'Used by the install and update scripts alone: puts one step into residency.migration_step (装载迁移步骤)';
REVOKE ALL ON FUNCTION residency.ship_step(text, text, text, text, text, text) FROM PUBLIC;

CREATE FUNCTION residency.keep_steps(step_names text[])
    RETURNS void
    LANGUAGE sql VOLATILE
    AS $$
        DELETE FROM residency.migration_step WHERE name <> ALL (step_names);
    $$;
COMMENT ON FUNCTION residency.keep_steps(text[]) IS
    'Used by the update scripts alone: drops the steps that this version no longer ships (清理迁移步骤)';
REVOKE ALL ON FUNCTION residency.keep_steps(text[]) FROM PUBLIC;

CREATE FUNCTION residency.pending(OUT step text, OUT kind text, OUT reason text)
    RETURNS SETOF record
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        IF to_regclass('ledger.applied_step') IS NULL THEN
            RETURN QUERY
                SELECT s.name, s.kind, 'new'
                FROM residency.migration_step s
                ORDER BY s.kind = 'repeatable', s.name;
        ELSE
            RETURN QUERY
                SELECT s.name, s.kind, CASE WHEN a.step IS NULL THEN 'new' ELSE 'changed' END
                FROM residency.migration_step s
                LEFT JOIN ledger.applied_step a ON a.step = s.name
                WHERE a.step IS NULL
                   OR (s.kind = 'repeatable' AND a.checksum <> s.checksum)
                ORDER BY s.kind = 'repeatable', s.name;
        END IF;
    END $$;
COMMENT ON FUNCTION residency.pending() IS
    'What CALL residency.migrate() has still to do in this database, in order (待执行的迁移步骤); no row: code and data are in step';

CREATE FUNCTION residency.working_path()
    RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT 'pg_catalog, residency, '
            || string_agg(DISTINCT quote_ident(n.nspname), ', ')
            || ', pg_temp'
        FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
        WHERE e.extname IN ('postgis', 'btree_gist')
    $$;
COMMENT ON FUNCTION residency.working_path() IS
    'The search_path under which steps run and which their functions keep (迁移时的搜索路径): the extension and what it requires, nothing that a client can put something into';

CREATE FUNCTION residency.take_step(step_name text, step_body text)
    RETURNS void
    LANGUAGE plpgsql VOLATILE
    AS $$
    -- no SET clause: a step runs, and makes its functions, under the path that migrate() has set
    DECLARE
        what text; detail text; hint text; place text;
    BEGIN
        EXECUTE step_body;
    EXCEPTION WHEN OTHERS THEN
        GET STACKED DIAGNOSTICS what = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL,
                                hint = PG_EXCEPTION_HINT, place = PG_EXCEPTION_CONTEXT;
        -- where in the step: what called this function is no news
        place := regexp_replace(place, '\n?PL/pgSQL function (residency\.)?take_step\(.*', '');
        RAISE EXCEPTION 'step % failed: %', step_name, what
            USING ERRCODE = SQLSTATE,
                  DETAIL = concat_ws(E'\n', nullif(detail, ''), nullif(left(place, 1000), '')),
                  HINT = concat_ws(' ', nullif(hint, ''),
                                   'The steps before it are kept. Remove the cause, then CALL residency.migrate() again.');
    END $$;
COMMENT ON FUNCTION residency.take_step(text, text) IS
    'Used by migrate() alone: executes the text of a step; an error carries the name of the step (执行迁移步骤)';

CREATE PROCEDURE residency.migrate()
    LANGUAGE plpgsql
    AS $$
    -- A procedure that commits can't have a SET clause: names are qualified, and the path is set anew after each commit.
    DECLARE
        next_step residency.migration_step;
        started   timestamptz;
        holds     boolean;
    BEGIN
        IF residency.in_transaction_block() THEN
            RAISE EXCEPTION 'migrate() cannot run inside a transaction block'
                USING ERRCODE = 'active_sql_transaction',
                      DETAIL = 'Each step is a transaction of its own.',
                      HINT = 'CALL residency.migrate() outside BEGIN and COMMIT, with autocommit on, as a statement of its own.';
        END IF;
        LOOP
            -- One migrates at a time. Who waited here sees what the other has done, and takes the step after it.
            PERFORM pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('residency.migrate', 0));
            PERFORM pg_catalog.set_config('search_path', residency.working_path(), true);

            SELECT s.* INTO next_step
            FROM residency.pending() p JOIN residency.migration_step s ON s.name = p.step
            ORDER BY s.kind = 'repeatable', s.name
            LIMIT 1;
            EXIT WHEN NOT FOUND;

            started := clock_timestamp();
            IF next_step.kind = 'outside' THEN
                EXECUTE next_step.done_when INTO holds;
                IF holds IS NOT TRUE AND next_step.inside_when IS NOT NULL THEN
                    EXECUTE next_step.inside_when INTO holds;
                    IF holds THEN
                        PERFORM residency.take_step(next_step.name, replace(next_step.body, ' CONCURRENTLY', ''));
                    END IF;
                END IF;
                IF holds IS NOT TRUE THEN
                    RAISE NOTICE 'step % cannot run inside a transaction', next_step.name
                        USING DETAIL = next_step.body,
                              HINT = 'Run the statements above by themselves, then CALL residency.migrate() again.';
                    EXIT;
                END IF;
            ELSE
                PERFORM residency.take_step(next_step.name, next_step.body);
            END IF;

            INSERT INTO ledger.applied_step AS a (step, kind, checksum, extension_version, took)
            VALUES (next_step.name, next_step.kind, next_step.checksum,
                    (SELECT extversion FROM pg_catalog.pg_extension WHERE extname = 'residency'),
                    clock_timestamp() - started)
            ON CONFLICT (step) DO UPDATE
            SET (checksum, extension_version, applied_at, applied_by, took)
                = (excluded.checksum, excluded.extension_version, excluded.applied_at, excluded.applied_by, excluded.took);
            COMMIT;
        END LOOP;
    END $$;
COMMENT ON PROCEDURE residency.migrate() IS
    'Brings the database in step with the installed code (迁移): each pending step in a transaction of its own, logged in ledger.applied_step, resumable, one caller at a time. Run it as the role that shall own the tables, outside a transaction block';
-- error: the one way in which a business rule says no.

CREATE FUNCTION residency.refuse(
        error_code text, facts text[] DEFAULT '{}',
        at_table text DEFAULT '', at_column text DEFAULT '')
    RETURNS boolean
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        chinese boolean := current_setting('residency.language', true) = 'zh';
        entry   code.error;
    BEGIN
        SELECT * INTO entry FROM code.error e WHERE e.code = error_code;
        IF NOT FOUND THEN
            entry.message := 'the register refuses';
            entry.hint := 'The catalogue code.error has no entry ' || error_code || '.';
            chinese := false;
        END IF;
        RAISE EXCEPTION USING
            ERRCODE = error_code,
            MESSAGE = CASE WHEN chinese THEN entry.message_zh ELSE entry.message END,
            DETAIL = COALESCE(format(CASE WHEN chinese THEN entry.detail_zh ELSE entry.detail END, VARIADIC facts), ''),
            HINT = COALESCE(format(CASE WHEN chinese THEN entry.hint_zh ELSE entry.hint END, VARIADIC facts), ''),
            SCHEMA = split_part(at_table, '.', 1),
            TABLE = split_part(at_table, '.', 2),
            COLUMN = at_column,
            CONSTRAINT = COALESCE(entry.constraint_name, '');
    END $$;
COMMENT ON FUNCTION residency.refuse(text, text[], text, text) IS
    'Raises the refusal of the catalogue code.error (拒绝): its SQLSTATE, MESSAGE, DETAIL with the facts of the case, HINT. Facts are keys, days, codes and masked numbers, never personal data. Returns nothing; boolean so that it can stand in a query';
-- policy: the one look-up of parameters that differ by place and time; and the register's day.

CREATE FUNCTION residency.local_day(moment timestamptz)
    RETURNS date
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$ SELECT (moment AT TIME ZONE 'Asia/Shanghai')::date $$;
COMMENT ON FUNCTION residency.local_day(timestamptz) IS 'The date in China at a moment (所在日期), whatever the session''s TimeZone';

CREATE FUNCTION residency.today()
    RETURNS date
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT residency.local_day(pg_catalog.now()) $$;
COMMENT ON FUNCTION residency.today() IS
    'The legal day (当日): the date in China (UTC+8) when the transaction began, whatever the session''s TimeZone';

CREATE FUNCTION residency.policy_text(key text, division residency.division_code, "on" date)
    RETURNS text
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_policy_text';
COMMENT ON FUNCTION residency.policy_text(text, residency.division_code, date) IS
    'Value of a parameter in a division on a day (政策参数): the setting of the most specific division that contains it, then of the country; a NULL division asks for the country alone. NULL where the setting says that there is no limit; RG090 where nothing is set. Shows the settings as committed now';

CREATE FUNCTION residency.policy_numeric(key text, division residency.division_code, "on" date)
    RETURNS pg_catalog.numeric
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_policy_numeric';
COMMENT ON FUNCTION residency.policy_numeric(text, residency.division_code, date) IS
    'residency.policy_text() as a number (政策参数,数值); 22P02 where the value is none, RG090 where nothing is set';

CREATE FUNCTION residency.policy_int(key text, division residency.division_code, "on" date)
    RETURNS pg_catalog.int4
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_policy_int';
COMMENT ON FUNCTION residency.policy_int(text, residency.division_code, date) IS
    'residency.policy_text() as an integer (政策参数,整数); 22P02 where the value is none, RG090 where nothing is set';

CREATE FUNCTION residency.policy_bool(key text, division residency.division_code, "on" date)
    RETURNS pg_catalog.bool
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_policy_bool';
COMMENT ON FUNCTION residency.policy_bool(text, residency.division_code, date) IS
    'residency.policy_text() as a truth value (政策参数,是否); 22P02 where the value is none, RG090 where nothing is set';

CREATE FUNCTION residency.policy_interval(key text, division residency.division_code, "on" date)
    RETURNS pg_catalog.interval
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_policy_interval';
COMMENT ON FUNCTION residency.policy_interval(text, residency.division_code, date) IS
    'residency.policy_text() as a length of time (政策参数,时长); 22007 where the value is none, RG090 where nothing is set';
-- code: is a code in its list? And how caches of dictionaries learn of a change.

CREATE FUNCTION residency.is_code(list text, code text)
    RETURNS boolean
    LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_is_code';
COMMENT ON FUNCTION residency.is_code(text, text) IS
    'Whether a list of code.value has a code, in use or not (代码是否在代码表中); false for an unknown list. Shows the lists as committed now';

CREATE FUNCTION residency.is_code(list text, code text, "on" date)
    RETURNS boolean
    LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_is_code_on';
COMMENT ON FUNCTION residency.is_code(text, text, date) IS
    'Whether a list of code.value has a code that is in use on a day (代码当日是否有效); false for an unknown list. Shows the lists as committed now';

CREATE FUNCTION residency.checked_code(list text, code text, at_table text, at_column text)
    RETURNS text
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_checked_code';
COMMENT ON FUNCTION residency.checked_code(text, text, text, text) IS
    'The code itself, where its list in code.value has it (代码校验); otherwise RG006 for that table and column. NULL passes. Assigned rather than performed, it costs PL/pgSQL no query';

CREATE FUNCTION residency.is_residence_step(from_state text, to_state text)
    RETURNS boolean
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_is_residence_step_sql';
COMMENT ON FUNCTION residency.is_residence_step(text, text) IS
    'Whether code.residence_transition has a step between two states of a residence (登记状态可否变更); from NULL, a new registration';

CREATE FUNCTION residency.forget()
    RETURNS trigger
    LANGUAGE c AS 'MODULE_PATHNAME', 'residency_forget';
COMMENT ON FUNCTION residency.forget() IS
    'Trigger of the tables that sessions keep a copy of, before and after each statement and, in the apply worker of a subscription, after each row (缓存失效): every session reads the table anew at its next look-up. 39P01 where it stands before a row or instead of it';
-- judge: rules that look beyond their own row are SQL functions, read with the latest snapshot.

CREATE FUNCTION residency.judge()
    RETURNS trigger
    AS 'MODULE_PATHNAME', 'residency_judge'
    LANGUAGE c
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    -- rules find their rows by keys: also while a table is so small that reading it whole seems cheaper, and the plan is kept
    SET enable_seqscan = off
    SET enable_hashjoin = off
    SET enable_mergejoin = off;
COMMENT ON FUNCTION residency.judge() IS
    'AFTER trigger with arguments topic and key column (规则裁决): locks by residency.<topic>_lock(keys), then refuses what residency.<topic>_violation(keys) returns. Sees what other transactions have committed, in every isolation level';
-- node: keys tell which node of several issued them, so that nodes can be brought together.

CREATE PROCEDURE residency.set_node(city text)
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        first_key bigint;
        keyed     record;
        taken     boolean;
    BEGIN
        IF city !~ '^[1-8][0-9]{3}$' OR residency.is_division_code(city) IS NOT TRUE THEN
            RAISE EXCEPTION 'a node is named by the four digits of a city'
                USING ERRCODE = 'invalid_parameter_value',
                      DETAIL = format('"%s" are not the first four digits of a division code.', left(city, 20)),
                      HINT = 'Give 4601 for a node in Haikou.';
        END IF;
        first_key := city::bigint * 1000000000000 + 1;
        FOR keyed IN
            SELECT c.oid::regclass AS name, pg_get_serial_sequence(c.oid::regclass::text, a.attname) AS sequence
            FROM pg_class c
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attidentity <> ''
            WHERE c.relnamespace = 'registry'::regnamespace AND c.relkind IN ('r', 'p')
            ORDER BY c.oid
        LOOP
            EXECUTE format('LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE', keyed.name);
            EXECUTE format('SELECT EXISTS (SELECT FROM %s)', keyed.name) INTO taken;
            IF taken THEN
                RAISE EXCEPTION 'table % has keys already', keyed.name
                    USING ERRCODE = 'object_not_in_prerequisite_state',
                          HINT = 'Name the node before the first row is registered.';
            END IF;
            EXECUTE format('ALTER SEQUENCE %s MINVALUE %s MAXVALUE %s START %s RESTART',
                           keyed.sequence, first_key, first_key + 999999999998, first_key);
        END LOOP;
    END $$;
COMMENT ON PROCEDURE residency.set_node(text) IS
    'Names the node whose keys begin with these four digits of a city (节点编号): 4601 issues 4601000000000001 and on, below 2^53. For a register that shall be brought together with others; before the first row. Errors: 22023 no city, 55000 keys have been issued, 42501 not the owner of the tables';
-- division_code: what can be asked of one.

CREATE FUNCTION residency.is_division_code(text) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_is_division_code';
COMMENT ON FUNCTION residency.is_division_code(text) IS
    'whether a text can be read as a division code; says nothing about its being in use (区划代码, GB/T 2260)';

CREATE FUNCTION residency.division_code_problem(text) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_division_code_problem';
COMMENT ON FUNCTION residency.division_code_problem(text) IS
    'the first rule that a text breaks as a division code: length, character, province or structure; NULL if none (区划代码, GB/T 2260, GB/T 10114)';

CREATE FUNCTION residency.level(residency.division_code) RETURNS integer
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_division_level';
COMMENT ON FUNCTION residency.level(residency.division_code) IS
    'level of a division: 1 province, 2 city, 3 county, 4 township, 5 village (区划级别)';

CREATE FUNCTION residency.city(residency.division_code) RETURNS residency.division_code
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_division_city';
COMMENT ON FUNCTION residency.city(residency.division_code) IS
    'The city of a division as the permit law counts cities (所在市): the prefecture, a whole municipality, or a county directly under a province, which is a city of its own (公通字〔2015〕38号)';

CREATE FUNCTION residency.parent(residency.division_code) RETURNS residency.division_code
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_division_parent';
COMMENT ON FUNCTION residency.parent(residency.division_code) IS
    'the division above by the digits alone: 460003 has 460000, 441900003 has 441900; NULL for a province (上级区划)';

CREATE FUNCTION residency.lineage(residency.division_code) RETURNS residency.division_code[]
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_division_lineage';
COMMENT ON FUNCTION residency.lineage(residency.division_code) IS
    'the divisions that contain one, by the digits alone: province first, itself last (区划路径)';

CREATE FUNCTION residency.last_within(residency.division_code) RETURNS residency.division_code
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_division_last_within';
COMMENT ON FUNCTION residency.last_within(residency.division_code) IS
    'the highest code that lies within a division, in use or not: the end of its range, as the division itself is the start (区划代码区间)';
-- resident_id: what can be asked of one.

CREATE FUNCTION residency.is_resident_id(text) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_is_resident_id';
COMMENT ON FUNCTION residency.is_resident_id(text) IS
    'whether a text can be read as a resident ID (公民身份号码等, GB 11643-1999)';

CREATE FUNCTION residency.resident_id_problem(text) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_resident_id_problem';
COMMENT ON FUNCTION residency.resident_id_problem(text) IS
    'the first rule that a text breaks as a resident ID: length, character, province, country, date or check; NULL if none (公民身份号码等, GB 11643-1999)';

CREATE FUNCTION residency.kind(residency.resident_id) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_kind';
COMMENT ON FUNCTION residency.kind(residency.resident_id) IS
    'whose number it is: citizen, hong_kong, macao, taiwan or foreigner (号码种类)';

CREATE FUNCTION residency.birth_date(residency.resident_id) RETURNS date
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_birth_date';
COMMENT ON FUNCTION residency.birth_date(residency.resident_id) IS
    'day of birth in the number (出生日期, GB 11643-1999)';

CREATE FUNCTION residency.sex(residency.resident_id) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_sex';
COMMENT ON FUNCTION residency.sex(residency.resident_id) IS
    'sex in the number: 1 male, 2 female (性别, GB/T 2261.1)';

CREATE FUNCTION residency.age(residency.resident_id, "on" date) RETURNS integer
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_age';
COMMENT ON FUNCTION residency.age(residency.resident_id, date) IS
    'years completed on a day; who was born on 29 February completes one on 1 March where there is no 29th; 22023 before the birth (周岁)';

CREATE FUNCTION residency.division(residency.resident_id) RETURNS residency.division_code
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_division_of_resident';
COMMENT ON FUNCTION residency.division(residency.resident_id) IS
    'division that gave the number, be it in use or not; for foreigners the province (地址码, GB/T 2260)';

CREATE FUNCTION residency.nationality(residency.resident_id) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_nationality';
COMMENT ON FUNCTION residency.nationality(residency.resident_id) IS
    'three-digit country of a foreigner, ISO 3166-1; NULL for all others (国籍, GB/T 2659)';

CREATE FUNCTION residency.mask(residency.resident_id) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_mask_resident_id';
COMMENT ON FUNCTION residency.mask(residency.resident_id) IS
    'the number with its birth date hidden: first 6, 8 stars, last 4 (脱敏, GB/T 35273)';

CREATE FUNCTION residency.first_resident_id(residency.division_code) RETURNS residency.resident_id
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_first_resident_id';
COMMENT ON FUNCTION residency.first_resident_id(residency.division_code) IS
    'the lowest resident ID that a division may have given: the start of its range; above the end if it gives none (号码区间)';

CREATE FUNCTION residency.last_resident_id(residency.division_code) RETURNS residency.resident_id
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_last_resident_id';
COMMENT ON FUNCTION residency.last_resident_id(residency.division_code) IS
    'the highest resident ID that a division may have given: the end of its range (号码区间)';
-- credit_code: what can be asked of one.

CREATE FUNCTION residency.is_credit_code(text) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_is_credit_code';
COMMENT ON FUNCTION residency.is_credit_code(text) IS
    'whether a text can be read as a credit code (统一社会信用代码, GB 32100-2015)';

CREATE FUNCTION residency.credit_code_problem(text) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_credit_code_problem';
COMMENT ON FUNCTION residency.credit_code_problem(text) IS
    'the first rule that a text breaks as a credit code: length, character, division or check; NULL if none (统一社会信用代码, GB 32100-2015)';

CREATE FUNCTION residency.authority(residency.credit_code) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_authority';
COMMENT ON FUNCTION residency.authority(residency.credit_code) IS
    'the registering authority, first character: 1 staffing, 5 civil affairs, 9 market regulation … (登记管理部门代码, GB 32100-2015)';

CREATE FUNCTION residency.category(residency.credit_code) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_category';
COMMENT ON FUNCTION residency.category(residency.credit_code) IS
    'the category of organisations within the authority, second character (机构类别代码, GB 32100-2015)';

CREATE FUNCTION residency.division(residency.credit_code) RETURNS residency.division_code
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_division_of_organization';
COMMENT ON FUNCTION residency.division(residency.credit_code) IS
    'division of the registering authority; NULL for 100000, the authorities of the whole state (登记管理机关行政区划码, GB/T 2260)';

CREATE FUNCTION residency.organization_code(residency.credit_code) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_organization_code';
COMMENT ON FUNCTION residency.organization_code(residency.credit_code) IS
    'the organisation code within, 9 characters without the hyphen (主体标识码/组织机构代码, GB 11714-1997)';

CREATE FUNCTION residency.organization_code_matches(residency.credit_code) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_organization_code_matches';
COMMENT ON FUNCTION residency.organization_code_matches(residency.credit_code) IS
    'whether the organisation code within ends with its own check character; codes that do not were given out too (组织机构代码校验, GB 11714-1997)';
-- dictionary: names of divisions and of the regions of resident IDs, and new lists of divisions.
-- The look-ups are plpgsql with one generic plan: called row by row, several times faster than SQL functions,
-- which plan anew at every call from another function.

CREATE FUNCTION residency.division_name(division residency.division_code, "on" date DEFAULT NULL)
    RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, residency, pg_temp
    SET plan_cache_mode = force_generic_plan
    AS $$
    BEGIN
        RETURN (SELECT string_agg(step.name, '' ORDER BY step.ordinal) FILTER (WHERE NOT step.heading)
        FROM (
            SELECT above.division = $1 AS itself, above.ordinal,
                   coalesce(former.name, today.name) AS name, coalesce(former.heading, today.heading) AS heading
            FROM unnest(lineage($1)) WITH ORDINALITY AS above (division, ordinal)
            LEFT JOIN code.division today ON today.division = above.division
            -- the name of another day, or of a code that is gone: the row of that year, else the nearest
            LEFT JOIN LATERAL (
                SELECT f.name, f.heading
                FROM code.former_division f, extract(year FROM $2) AS year
                WHERE f.division = above.division AND ($2 IS NOT NULL OR today.division IS NULL)
                ORDER BY CASE WHEN year < lower(f.years) THEN lower(f.years) - year
                              WHEN year >= upper(f.years) THEN year - upper(f.years) + 1
                              WHEN year IS NOT NULL THEN 0 END,
                         lower(f.years) DESC
                LIMIT 1
            ) former ON true
        ) step
        HAVING bool_or(step.itself AND step.name IS NOT NULL));
    END $$;
COMMENT ON FUNCTION residency.division_name(residency.division_code, date) IS
    'Full name of a division from the province down, without headings such as 市辖区 (区划全称): as it is today, or for provinces, prefectures and counties as it was in the year of the day given; NULL for an unknown code. Source: code.division, code.former_division';

CREATE FUNCTION residency.region_name(id residency.resident_id)
    RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, residency, pg_temp
    AS $$
    BEGIN
        RETURN division_name(residency.division(id), birth_date(id));
    END $$;
COMMENT ON FUNCTION residency.region_name(residency.resident_id) IS
    'Name of the region whose code a resident ID carries, as it was in the year of birth or nearest to it (号码所属地区, GB 11643); NULL if the region is unknown: a warning, never a reason to refuse';

CREATE FUNCTION residency.resident_id_warning(id residency.resident_id)
    RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, residency, pg_temp
    AS $$
    BEGIN
        RETURN CASE
            WHEN id IS NULL OR EXISTS (
                SELECT FROM code.division d
                WHERE d.division = residency.division(id)
                  AND (upper_inf(d.period) OR upper(d.period) > birth_date(id))) THEN NULL
            WHEN NOT EXISTS (SELECT FROM code.former_division f WHERE f.division = residency.division(id))
                 AND NOT EXISTS (SELECT FROM code.division d WHERE d.division = residency.division(id)) THEN 'unknown_region'
            WHEN kind(id) = 'citizen' AND NOT EXISTS (
                SELECT FROM code.former_division f
                WHERE f.division = residency.division(id)
                  AND (upper_inf(f.years) OR upper(f.years) > extract(year FROM birth_date(id)))) THEN 'region_ended_before_birth'
        END;
    END $$;
COMMENT ON FUNCTION residency.resident_id_warning(residency.resident_id) IS
    'What is odd about the region of a resident ID (号码地区提示): unknown_region, no list since 1980 has the code; region_ended_before_birth, the code was gone before the year of birth (late registration explains a code that is younger than its bearer, not one that is older); NULL, nothing. Informational: real numbers have both';

CREATE FUNCTION residency.is_division_heading(name text)
    RETURNS boolean
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
        SELECT name OPERATOR(pg_catalog.~)
            '^(市辖区|县|市|(省|自治区)?(省|自治区)?直辖(县级)?行政(单位|区划)|.{1,4}直辖村级区划)$'
    $$;
COMMENT ON FUNCTION residency.is_division_heading(text) IS
    'Whether a name in a list of divisions is a heading and no authority (汇总码): 市辖区, 县, 省直辖县级行政区划, 县直辖村级区划 …';

CREATE FUNCTION residency.load_division(
        staging regclass, source text, as_of date, scope residency.division_code DEFAULT NULL,
        OUT added integer, OUT renamed integer, OUT ended integer, OUT unchanged integer)
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, residency, pg_temp
    AS $$
    DECLARE
        -- a level that a unit does not have is filled in with the unit itself (441900 and 441900000000, 350527 and 350527000): one row of both
        incoming constant text := format(
            'incoming AS MATERIALIZED (
                SELECT DISTINCT ON (s.code::text::residency.division_code)
                       s.code::text::residency.division_code AS division, btrim(s.name) AS name
                FROM %s s
                ORDER BY s.code::text::residency.division_code, length(s.code::text))', staging);
        changed   residency.division_code[];
        gone      residency.division_code[];
        fresh     residency.division_code[];
    BEGIN
        IF as_of IS NULL THEN
            RAISE null_value_not_allowed USING MESSAGE = 'the day whose state the list shows must be given (as_of)';
        END IF;

        EXECUTE 'WITH ' || incoming || ' SELECT count(*) FROM incoming i JOIN code.division d USING (division)
                 WHERE d.name = i.name AND upper_inf(d.period)' INTO unchanged;

        EXECUTE 'WITH ' || incoming || ', placed AS (
                INSERT INTO code.division (division, parent, level, name, heading, period, source)
                SELECT i.division, residency.parent(i.division), level(i.division), i.name, is_division_heading(i.name),
                       -- the first units ever listed below an old one are older than the list
                       CASE WHEN EXISTS (SELECT FROM code.division d WHERE d.division = residency.parent(i.division))
                             AND NOT EXISTS (SELECT FROM code.division d WHERE d.parent = residency.parent(i.division))
                            THEN ''(,)'' ELSE daterange($2, NULL) END,
                       $1
                FROM incoming i
                ON CONFLICT (division) DO UPDATE
                    SET period = daterange(lower(code.division.period), NULL), name = excluded.name,
                        heading = excluded.heading, source = excluded.source
                    WHERE NOT upper_inf(code.division.period)
                RETURNING division
            ) SELECT coalesce(array_agg(division), ''{}'') FROM placed'
            INTO fresh USING source, as_of;
        added := cardinality(fresh);

        EXECUTE 'WITH ' || incoming || ', done AS (
                UPDATE code.division d
                SET name = i.name, heading = is_division_heading(i.name), source = $1
                FROM incoming i
                WHERE d.division = i.division AND d.name <> i.name
                RETURNING d.division
            ) SELECT coalesce(array_agg(division), ''{}'') FROM done'
            INTO changed USING source;
        renamed := cardinality(changed);

        gone := '{}';
        IF scope IS NOT NULL THEN
            EXECUTE 'WITH ' || incoming || ', done AS (
                    UPDATE code.division d
                    SET period = daterange(lower(d.period), $1)
                    WHERE d.division <@ $2 AND d.division <> $2 AND upper_inf(d.period)
                      AND d.level IN (SELECT DISTINCT level(division) FROM incoming)
                      AND (lower_inf(d.period) OR lower(d.period) < $1)
                      AND NOT EXISTS (SELECT FROM incoming i WHERE i.division = d.division)
                    RETURNING d.division
                ) SELECT coalesce(array_agg(division), ''{}'') FROM done'
                INTO gone USING as_of, scope;
        END IF;
        ended := cardinality(gone);

        -- The history of GB/T 2260 goes on. Counties 71 to 80 are units of statistics.
        UPDATE code.former_division f
        SET years = int4range(lower(f.years), extract(year FROM as_of)::integer + CASE WHEN f.division = ANY (gone) THEN 1 ELSE 0 END)
        WHERE f.division = ANY (changed || gone) AND upper_inf(f.years)
          AND (lower(f.years) < extract(year FROM as_of) OR f.division = ANY (gone));
        INSERT INTO code.former_division (division, years, seen, name, heading, sources)
        SELECT d.division, int4range(extract(year FROM as_of)::integer, NULL),
               int4range(extract(year FROM as_of)::integer, extract(year FROM as_of)::integer + 1),
               d.name, d.heading, ARRAY[d.source]
        FROM code.division d
        WHERE d.division = ANY (changed || fresh) AND d.level <= 3
          AND d.division::bigint / 1000000 % 100 NOT BETWEEN 71 AND 80
        ON CONFLICT (division, years) DO UPDATE SET name = excluded.name, heading = excluded.heading;
    END $$;
COMMENT ON FUNCTION residency.load_division(regclass, text, date, residency.division_code) IS
    'Takes over a list of divisions from a table with the columns code and name (导入行政区划): adds what is new, renames what has another name, and, within scope, ends on the day as_of what the list no longer has (levels that the list has none of stay). The source must be in code.source. Answers how many divisions were added, renamed, ended and left as they were';
-- person: who is registered, and by which documents.

CREATE FUNCTION residency.is_plain_text(entry text, longest integer)
    RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
        SELECT pg_catalog.length(entry) BETWEEN 1 AND longest
           -- nor what cannot be seen: zero-width blanks, marks that turn the direction of writing
           AND entry OPERATOR(pg_catalog.!~) '[\x01-\x1f\x7f\u0080-\u009f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]'
           AND pg_catalog.btrim(entry, E' \u3000\u00a0') OPERATOR(pg_catalog.=) entry
    $$;
COMMENT ON FUNCTION residency.is_plain_text(text, integer) IS
    'Whether an entry is one line of 1 to so many characters, without invisible characters and outer blanks (单行文本)';

CREATE FUNCTION residency.normalize_document_number(entry text)
    RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
        SELECT pg_catalog.upper(pg_catalog.translate(
            entry,
            '０１２３４５６７８９ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ（）()-－—·. 　' || chr(9),
            '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNOPQRSTUVWXYZ') COLLATE "C")
    $$;
COMMENT ON FUNCTION residency.normalize_document_number(text) IS
    'Number of a document as it is compared (证件号码归一): half-width capitals without blanks, brackets, dots and hyphens';

CREATE FUNCTION residency.mask_number(entry text)
    RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
        SELECT CASE WHEN pg_catalog.length(entry) < 6 THEN pg_catalog.repeat('*', pg_catalog.length(entry))
                    ELSE pg_catalog.left(entry, 1) || pg_catalog.repeat('*', least(pg_catalog.length(entry) - 3, 40))
                         || pg_catalog.right(entry, 2) END
    $$;
COMMENT ON FUNCTION residency.mask_number(text) IS
    'Number of a passport or permit with its middle hidden (证件号码脱敏): first and last two characters stay';

CREATE FUNCTION residency.person_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        number text := residency.mask(NEW.resident_id);
        other  bigint;
    BEGIN
        -- a NULL against NOT NULL would print the whole row
        NEW.person_id := COALESCE(NEW.person_id, nextval(pg_get_serial_sequence('registry.person', 'person_id')));
        NEW.sex := COALESCE(NEW.sex, '0');
        NEW.created_at := COALESCE(NEW.created_at, now());
        NEW.name := btrim(NEW.name, E' \t\u3000\u00a0');
        IF residency.is_plain_text(NEW.name, 100) IS NOT TRUE THEN
            PERFORM residency.refuse('RG001', '{}', 'registry.person', 'name');
        END IF;

        IF NEW.resident_id IS NOT NULL THEN
            -- what the ID says is taken where nothing is entered, and compared where something is
            IF NEW.birth_date IS NULL THEN
                NEW.birth_date := residency.birth_date(NEW.resident_id);
            ELSIF NEW.birth_date <> residency.birth_date(NEW.resident_id) THEN
                PERFORM residency.refuse('RG003', ARRAY[number], 'registry.person', 'birth_date');
            END IF;
            IF NEW.sex = '0' THEN
                NEW.sex := residency.sex(NEW.resident_id);
            ELSIF NEW.sex <> residency.sex(NEW.resident_id) THEN
                PERFORM residency.refuse('RG004', ARRAY[number, left(NEW.sex, 20)], 'registry.person', 'sex');
            END IF;
            IF TG_OP = 'INSERT' OR NEW.resident_id::bigint IS DISTINCT FROM OLD.resident_id::bigint THEN
                SELECT p.person_id INTO other FROM registry.person p
                WHERE p.resident_id OPERATOR(residency.=) NEW.resident_id AND p.person_id <> NEW.person_id;
                IF FOUND THEN
                    PERFORM residency.refuse('RG002', ARRAY[number, other::text], 'registry.person', 'resident_id');
                END IF;
            END IF;
        END IF;

        IF NEW.birth_date NOT BETWEEN '1800-01-01' AND residency.today() THEN
            PERFORM residency.refuse('RG005', ARRAY[residency.today()::text], 'registry.person', 'birth_date');
        END IF;
        NEW.sex := residency.checked_code('sex', NEW.sex, 'registry.person', 'sex');
        NEW.ethnic_group := residency.checked_code('ethnic_group', NEW.ethnic_group, 'registry.person', 'ethnic_group');
        IF NEW.phone !~ '^[+0-9][0-9 ()-]{2,29}$' THEN
            PERFORM residency.refuse('RG013', '{}', 'registry.person', 'phone');
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.person_guard() IS
    'Trigger of registry.person (人员校验): takes birth date and sex from the resident ID, refuses what disagrees with it (RG001-RG006, RG013); messages are masked';

CREATE FUNCTION residency.identity_document_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        -- a generated column is not computed yet in a BEFORE trigger
        number text := residency.normalize_document_number(NEW.document_number);
        other  bigint;
    BEGIN
        -- a NULL against NOT NULL would print the whole row
        NEW.document_id := COALESCE(NEW.document_id, nextval(pg_get_serial_sequence('registry.identity_document', 'document_id')));
        IF NEW.person_id IS NULL THEN
            PERFORM residency.refuse('RG010', '{-}', 'registry.identity_document', 'person_id');
        END IF;
        NEW.document_type := residency.checked_code('document_type', COALESCE(NEW.document_type, ''),
                                                    'registry.identity_document', 'document_type');
        IF NEW.document_type = '111' THEN
            PERFORM residency.refuse('RG008', ARRAY[NEW.document_type], 'registry.identity_document', 'document_type');
        END IF;
        IF residency.is_plain_text(number, 50) IS NOT TRUE THEN
            PERFORM residency.refuse('RG009', '{}', 'registry.identity_document', 'document_number');
        END IF;
        SELECT d.person_id INTO other FROM registry.identity_document d
        WHERE d.document_type = NEW.document_type AND d.number_key = number AND d.document_id <> NEW.document_id;
        IF FOUND THEN
            PERFORM residency.refuse('RG007', ARRAY[NEW.document_type, residency.mask_number(number), other::text],
                                     'registry.identity_document', 'document_number');
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.identity_document_guard() IS
    'Trigger of registry.identity_document (证件校验): refuses a type or number that cannot be (RG006, RG008, RG009), nobody''s document (RG010) and one that is registered (RG007)';
-- grid: outlines that tile a village, and the dwellings in them.

CREATE FUNCTION residency.is_on_earth(shape geometry)
    RETURNS boolean
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        -- NaN is greater than every number, so it fails here too; the box of an area may pass over it, its perimeter does not
        SELECT ST_XMin(shape) >= -180 AND ST_XMax(shape) <= 180 AND ST_YMin(shape) >= -90 AND ST_YMax(shape) <= 90
           AND ST_Perimeter(shape) < 'Infinity'
    $$;
COMMENT ON FUNCTION residency.is_on_earth(geometry) IS
    'Whether all coordinates are degrees of longitude and latitude (坐标范围校验); NaN and infinite values are not';

CREATE FUNCTION residency.grid_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        points constant integer := ST_NPoints(NEW.outline);
        most            integer;
    BEGIN
        IF NEW.grid_code !~ '^[0-9]{12}[0-9A-Z]{2,3}$' THEN
            PERFORM residency.refuse('RG060', ARRAY[left(NEW.grid_code, 20)], 'registry.grid', 'grid_code');
        END IF;
        IF residency.is_plain_text(NEW.name, 100) IS NOT TRUE THEN
            PERFORM residency.refuse('RG059', ARRAY[NEW.grid_code], 'registry.grid', 'name');
        END IF;
        NEW.kind := residency.checked_code('grid_kind', NEW.kind, 'registry.grid', 'kind');
        IF residency.level(NEW.division) <> 5
           OR left(NEW.grid_code, 12) <> NEW.division::text
           OR NOT EXISTS (SELECT FROM code.division d
                          WHERE d.division = NEW.division AND d.period @> residency.today()) THEN
            PERFORM residency.refuse('RG064', ARRAY[NEW.grid_code, NEW.division::text], 'registry.grid', 'division');
        END IF;
        IF isempty(NEW.period) THEN
            PERFORM residency.refuse('RG067', ARRAY[NEW.grid_code], 'registry.grid', 'period');
        END IF;
        IF EXISTS (SELECT FROM registry.grid g
                   WHERE g.grid_code = NEW.grid_code AND g.grid_id <> NEW.grid_id) THEN
            PERFORM residency.refuse('RG069', ARRAY[NEW.grid_code], 'registry.grid', 'grid_code');
        END IF;

        IF TG_OP = 'UPDATE' AND ST_OrderingEquals(NEW.outline, OLD.outline) THEN
            RETURN NEW;
        END IF;
        IF ST_IsEmpty(NEW.outline) THEN
            PERFORM residency.refuse('RG062', ARRAY[NEW.grid_code], 'registry.grid', 'outline');
        END IF;
        -- before the costly questions
        most := residency.policy_int('grid_points', NEW.division, residency.today());
        IF points > most THEN
            PERFORM residency.refuse('RG066', ARRAY[NEW.grid_code, points::text, most::text], 'registry.grid', 'outline');
        END IF;
        IF NOT residency.is_on_earth(NEW.outline) THEN
            PERFORM residency.refuse('RG065',
                ARRAY[NEW.grid_code, ST_XMin(NEW.outline)::text, ST_XMax(NEW.outline)::text,
                      ST_YMin(NEW.outline)::text, ST_YMax(NEW.outline)::text],
                'registry.grid', 'outline');
        END IF;
        IF NOT ST_IsValid(NEW.outline) THEN
            PERFORM residency.refuse('RG061', ARRAY[NEW.grid_code, ST_IsValidReason(NEW.outline)], 'registry.grid', 'outline');
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.grid_guard() IS
    'Trigger of registry.grid (网格校验): code, name, division and outline of one grid (RG059-RG062, RG064-RG067, RG069)';

CREATE FUNCTION residency.grid_lock(keys bigint[])
    RETURNS void
    LANGUAGE sql VOLATILE
    AS $$
        -- Drawing is rare, and any two grids may meet: one draws at a time.
        SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('residency.grid', 0))
    $$;
COMMENT ON FUNCTION residency.grid_lock(bigint[]) IS 'Makes transactions that draw grids follow one another (网格绘制加锁)';

CREATE FUNCTION residency.grid_violation(keys bigint[])
    RETURNS TABLE (code text, facts text[], at_table text, at_column text)
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        WITH pair AS MATERIALIZED (
            SELECT a.grid_code AS code_a, b.grid_code AS code_b, a.division, ST_Intersection(a.outline, b.outline) AS shared
            FROM unnest(keys) AS k(grid_id)
            JOIN registry.grid a USING (grid_id)
            JOIN registry.grid b
              ON b.kind = a.kind AND b.grid_id <> a.grid_id
             AND b.period && a.period
             -- their interiors share an area, not just a border
             AND b.outline && a.outline AND ST_Relate(a.outline, b.outline, '2********')
        ), overlap AS MATERIALIZED (
            SELECT pair.*, ST_Area(shared::geography) AS area FROM pair
        )
        SELECT 'RG063', ARRAY[code_a, code_b, round(area::numeric, 1)::text], 'registry.grid', 'outline'
        FROM overlap
        WHERE area > residency.policy_numeric('grid_overlap', division, residency.today())
          -- rounded coordinates make strips, long and thin: nothing is left of them when their edges draw in (a degree has 111 km)
          AND NOT ST_IsEmpty(ST_Buffer(shared, -residency.policy_numeric('grid_overlap_width', division, residency.today()) / 2 / 111000))
        ORDER BY code_a, code_b
    $$;
COMMENT ON FUNCTION residency.grid_violation(bigint[]) IS
    'Which of these grids overlap another of their kind while both are valid (网格重叠校验): RG063, beyond policies grid_overlap and grid_overlap_width';

CREATE FUNCTION residency.grid_at(place geometry)
    RETURNS bigint
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        SELECT g.grid_id
        FROM registry.grid g
        WHERE g.kind = 'management' AND g.period @> residency.today() AND ST_Covers(g.outline, place)
        ORDER BY g.grid_code
        LIMIT 1
    $$;
COMMENT ON FUNCTION residency.grid_at(geometry) IS
    'The management grid that covers a point today (点落网格), NULL where there is none; on a border the lower grid code. Point in SRID 4490';

CREATE FUNCTION residency.place_dwellings(grids bigint[])
    RETURNS bigint
    LANGUAGE plpgsql VOLATILE
    SET search_path FROM CURRENT
    SET jit = off
    SET plan_cache_mode = force_custom_plan
    AS $$
    DECLARE
        ids     bigint[];
        targets bigint[];
    BEGIN
        WITH drawn AS MATERIALIZED (
            SELECT g.grid_id, g.outline
            FROM unnest(grids) AS k(grid_id) JOIN registry.grid g USING (grid_id)
            WHERE g.kind = 'management' AND g.period @> residency.today()
        ), near AS MATERIALIZED (
            -- whatever else covers a point of a grid has a box that meets the grid's
            SELECT n.grid_id, bool_or(n.grid_id = drawn.grid_id) AS is_drawn
            FROM drawn JOIN registry.grid n ON n.outline && drawn.outline
            WHERE n.kind = 'management' AND n.period @> residency.today()
            GROUP BY n.grid_id
        ), touched AS (
            SELECT d.dwelling_id, g.grid_id, g.grid_code, near.is_drawn
            FROM near
            JOIN registry.grid g USING (grid_id)
            JOIN registry.dwelling d ON ST_Covers(g.outline, d.location)
            UNION ALL
            SELECT d.dwelling_id, NULL, NULL, NULL FROM registry.dwelling d
            WHERE d.grid_id = ANY (grids) AND d.location IS NOT NULL
        ), placed AS (
            -- one sort of it all: an anti-join would hang on a wrong estimate
            SELECT t.dwelling_id,
                   CASE WHEN bool_or(t.is_drawn) THEN (array_agg(t.grid_id ORDER BY t.grid_code))[1]
                        ELSE (SELECT g.grid_id
                              FROM registry.dwelling d
                              JOIN registry.grid g ON ST_Covers(g.outline, d.location)
                              WHERE d.dwelling_id = t.dwelling_id AND g.kind = 'management' AND g.period @> residency.today()
                              ORDER BY g.grid_code
                              LIMIT 1)
                   END AS grid_id
            FROM touched t
            GROUP BY t.dwelling_id
            HAVING bool_or(t.is_drawn) OR bool_or(t.is_drawn IS NULL)
        )
        SELECT array_agg(d.dwelling_id), array_agg(placed.grid_id)
        INTO ids, targets
        FROM placed JOIN registry.dwelling d USING (dwelling_id)
        WHERE d.grid_id IS DISTINCT FROM placed.grid_id;

        PERFORM residency.part_lock(ids);
        UPDATE registry.dwelling d
        SET grid_id = placed.grid_id
        FROM unnest(ids, targets) AS placed (dwelling_id, grid_id)
        WHERE d.dwelling_id = placed.dwelling_id;
        RETURN COALESCE(cardinality(ids), 0);
    END $$;
COMMENT ON FUNCTION residency.place_dwellings(bigint[]) IS
    'Gives the dwellings located in or under these grids the grid that covers them today (房屋归属网格更新); how many changed, not counting the parts that go with them. What residency.grid_place() does when grids are drawn, and api.assign_grids() when days pass';

CREATE FUNCTION residency.grid_place()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        PERFORM residency.place_dwellings(ARRAY(SELECT grid_id FROM changed));
        RETURN NULL;
    END $$;
COMMENT ON FUNCTION residency.grid_place() IS
    'Statement trigger of registry.grid (网格变更后房屋重新归属): dwellings follow the grids that were drawn, redrawn or retired';

CREATE FUNCTION residency.grid_keep()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        PERFORM residency.refuse('RG068', ARRAY[OLD.grid_code], 'registry.grid');
    END $$;
COMMENT ON FUNCTION residency.grid_keep() IS 'Trigger of registry.grid (网格不得删除): RG068, codes are never used again';

CREATE FUNCTION residency.grid_share()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        PERFORM pg_advisory_xact_lock_shared(hashtextextended('residency.grid', 0));
        RETURN NULL;
    END $$;
COMMENT ON FUNCTION residency.grid_share() IS
    'Statement trigger of registry.dwelling (房屋定位与网格绘制互斥): who locates dwellings, or puts one into another, waits for who draws grids, and the other way round, so that neither misses what the other does';
-- dwelling: what a dwelling can be, and what it can be part of.

CREATE FUNCTION residency.dwelling_rank(kind text)
    RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT pg_catalog.array_position('{building,unit,room,bed}'::text[], kind) $$;
COMMENT ON FUNCTION residency.dwelling_rank(text) IS
    'Place of a kind in the order building, unit, room, bed (房屋层级): 1 to 4';

CREATE FUNCTION residency.dwelling_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        at    constant text := 'registry.dwelling';
        whole text;
    BEGIN
        NEW.address := btrim(NEW.address, E' \t\u3000\u00a0');
        IF residency.is_plain_text(NEW.address, 200) IS NOT TRUE THEN
            PERFORM residency.refuse('RG057', '{}', at, 'address');
        END IF;
        NEW.kind := residency.checked_code('dwelling_kind', NEW.kind, at, 'kind');
        NEW.let_state := residency.checked_code('let_state', NEW.let_state, at, 'let_state');
        NEW.rental_kind := residency.checked_code('rental_kind', NEW.rental_kind, at, 'rental_kind');
        IF NEW.usable_area NOT BETWEEN 1 AND 100000 THEN
            PERFORM residency.refuse('RG055', ARRAY[NEW.usable_area::text], at, 'usable_area');
        END IF;
        IF NEW.safety_letter_on > residency.today() THEN
            PERFORM residency.refuse('RG056', ARRAY[NEW.safety_letter_on::text, residency.today()::text], at, 'safety_letter_on');
        END IF;
        IF ST_IsEmpty(NEW.location) OR NOT residency.is_on_earth(NEW.location) THEN
            PERFORM residency.refuse('RG054', ARRAY[COALESCE(ST_X(NEW.location)::text, '-'), COALESCE(ST_Y(NEW.location)::text, '-')],
                                     at, 'location');
        END IF;
        IF (TG_OP = 'INSERT' OR NEW.division::bigint <> OLD.division::bigint)
           AND (residency.level(NEW.division) <> 5
                OR NOT EXISTS (SELECT FROM code.division d
                               WHERE d.division OPERATOR(residency.=) NEW.division AND d.period @> residency.today())) THEN
            PERFORM residency.refuse('RG053', ARRAY[NEW.division::text], at, 'division');
        END IF;
        IF NEW.parent_id IS NOT NULL THEN
            -- The parent's kind must not change under the part. It is there before its parts: a row that comes
            -- later, or is its own parent, would be seen by the foreign key alone, which knows no kinds.
            SELECT p.kind INTO whole FROM registry.dwelling p WHERE p.dwelling_id = NEW.parent_id FOR SHARE;
            IF NOT FOUND THEN
                PERFORM residency.refuse('RG011', ARRAY[NEW.parent_id::text], at, 'parent_id');
            ELSIF residency.dwelling_rank(NEW.kind) <= residency.dwelling_rank(whole) THEN
                PERFORM residency.refuse('RG052', ARRAY[NEW.kind, whole], at, 'parent_id');
            END IF;
        END IF;
        IF TG_OP = 'UPDATE' AND NEW.kind <> OLD.kind THEN
            SELECT p.kind INTO whole FROM registry.dwelling p
            WHERE p.parent_id = NEW.dwelling_id AND residency.dwelling_rank(p.kind) <= residency.dwelling_rank(NEW.kind);
            IF FOUND THEN
                PERFORM residency.refuse('RG052', ARRAY[whole, NEW.kind], at, 'kind');
            END IF;
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.dwelling_guard() IS
    'Trigger of registry.dwelling (房屋校验): what one dwelling must be (RG006, RG011, RG052-RG057)';

CREATE FUNCTION residency.dwelling_place()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        IF NEW.location IS NULL AND NEW.parent_id IS NOT NULL THEN
            SELECT whole.grid_id INTO NEW.grid_id FROM registry.dwelling whole WHERE whole.dwelling_id = NEW.parent_id;
        ELSE
            NEW.grid_id := residency.grid_at(NEW.location);
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.dwelling_place() IS
    'Trigger of registry.dwelling (房屋归属网格): the grid that covers the location; without a location that of the whole, which has its own from its whole';

CREATE FUNCTION residency.dwelling_place_parts()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET enable_seqscan = off
    AS $$
    BEGIN
        -- Its own update fires it again for the next level; one without rows ends that.
        IF EXISTS (SELECT FROM changed) THEN
            -- One plan for one dwelling and for a hundred thousand: an array, as a join could be in the wrong order, and
            -- num_nulls(), as IS NULL could use the index on location. The whole as it is now: another trigger may have changed it.
            UPDATE registry.dwelling part
            SET grid_id = (SELECT whole.grid_id FROM registry.dwelling whole WHERE whole.dwelling_id = part.parent_id)
            WHERE part.parent_id = ANY (ARRAY(SELECT changed.dwelling_id FROM changed)) AND num_nulls(part.location) = 1
              AND part.grid_id IS DISTINCT FROM
                  (SELECT whole.grid_id FROM registry.dwelling whole WHERE whole.dwelling_id = part.parent_id);
        END IF;
        RETURN NULL;
    END $$;
COMMENT ON FUNCTION residency.dwelling_place_parts() IS
    'Statement trigger of registry.dwelling (下属房屋随整体归属网格): parts without a location follow the grid of their whole';

CREATE FUNCTION residency.part_lock(keys bigint[])
    RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET enable_seqscan = off
    AS $$
    DECLARE
        level bigint[] := keys;
        parts bigint[] := ARRAY[]::bigint[];
    BEGIN
        LOOP
            level := ARRAY(SELECT part.dwelling_id FROM registry.dwelling part
                           WHERE part.parent_id = ANY (level) AND num_nulls(part.location) = 1);
            EXIT WHEN level = '{}';
            parts := parts || level;
        END LOOP;
        PERFORM FROM registry.dwelling d
        WHERE d.dwelling_id = ANY (parts)
        ORDER BY residency.dwelling_rank(d.kind) DESC, d.dwelling_id
        FOR NO KEY UPDATE;
    END $$;
COMMENT ON FUNCTION residency.part_lock(bigint[]) IS
    'Locks the parts that will follow these dwellings into another grid, from the inside out and before their wholes, as arrivals do (下属房屋加锁)';

CREATE FUNCTION residency.place_parts()
    RETURNS bigint
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    -- whole tables are joined, whatever the planner thinks how few rows there are
    SET enable_nestloop = off
    AS $$
    DECLARE
        mended bigint;
    BEGIN
        WITH RECURSIVE placed AS (
            SELECT d.dwelling_id, CASE WHEN d.location IS NOT NULL THEN d.grid_id END AS grid_id
            FROM registry.dwelling d
            WHERE d.location IS NOT NULL OR d.parent_id IS NULL
            UNION ALL
            SELECT part.dwelling_id, placed.grid_id
            FROM placed JOIN registry.dwelling part ON part.parent_id = placed.dwelling_id
            WHERE part.location IS NULL
        )
        UPDATE registry.dwelling d
        SET grid_id = placed.grid_id
        FROM placed
        WHERE d.dwelling_id = placed.dwelling_id AND d.grid_id IS DISTINCT FROM placed.grid_id;
        GET DIAGNOSTICS mended = ROW_COUNT;
        RETURN mended;
    END $$;
COMMENT ON FUNCTION residency.place_parts() IS
    'Gives every dwelling without a location the grid of the nearest whole that has one (下属房屋归属网格修正); how many changed. The triggers keep it so; this mends what they did not see';

CREATE FUNCTION residency.area_allows(usable_area numeric, division residency.division_code, "on" date)
    RETURNS integer
    LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_area_allows';
COMMENT ON FUNCTION residency.area_allows(numeric, residency.division_code, date) IS
    'How many may live on a usable area in m² (面积可住人数), by policies area_per_person_single and area_per_person_shared; NULL: no limit known';

CREATE FUNCTION residency.kind_allows(kind text, division residency.division_code, "on" date)
    RETURNS integer
    LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_kind_allows';
COMMENT ON FUNCTION residency.kind_allows(text, residency.division_code, date) IS
    'How many may live in one room or bed (房间、床位人数上限), by policies room_limit and bed_limit; NULL: no limit';

CREATE FUNCTION residency.dwelling_residents(dwelling bigint)
    RETURNS TABLE (residents integer)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
        SELECT count(*)::integer
        FROM registry.dwelling_part part
        JOIN registry.residence r ON r.dwelling_id = part.dwelling_id
        WHERE part.whole_id = dwelling AND residency.residence_is_current(r.state)
    $$;
COMMENT ON FUNCTION residency.dwelling_residents(bigint) IS
    'How many live in a dwelling and all its parts now (在住人数)';

CREATE FUNCTION residency.needs_letter(let_state text, division residency.division_code, "on" date)
    RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
        SELECT let_state IN ('let', 'lettable') AND residency.policy_bool('safety_letter_needed', division, "on")
    $$;
COMMENT ON FUNCTION residency.needs_letter(text, residency.division_code, date) IS
    'Whether people may live in a dwelling only with a safety letter (须签订治安责任书): where it is let, by policy safety_letter_needed';

CREATE FUNCTION residency.dwelling_lock(keys bigint[])
    RETURNS void
    LANGUAGE plpgsql
    SET plan_cache_mode = force_generic_plan
    AS $$
    BEGIN
        PERFORM FROM registry.dwelling d
        WHERE d.dwelling_id IN (SELECT unnest(standing.whole_ids)
                                FROM unnest(keys) AS k(dwelling_id)
                                JOIN registry.dwelling_standing standing ON standing.dwelling_id = k.dwelling_id)
        ORDER BY residency.dwelling_rank(d.kind) DESC, d.dwelling_id
        FOR NO KEY UPDATE;
    END $$;
COMMENT ON FUNCTION residency.dwelling_lock(bigint[]) IS
    'Locks dwellings and what they are part of, from the inside out as arrivals do (房屋加锁): who lives in them is judged by one transaction at a time';

CREATE FUNCTION residency.dwelling_violation(keys bigint[])
    RETURNS TABLE (code text, facts text[], at_table text, at_column text)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
        SELECT broken.code, broken.facts, 'registry.dwelling', broken.at_column
        FROM unnest(keys) AS k(dwelling_id)
        JOIN registry.dwelling d ON d.dwelling_id = k.dwelling_id
        JOIN registry.dwelling_standing AS whole ON whole.dwelling_id = d.dwelling_id
        CROSS JOIN LATERAL residency.dwelling_residents(d.dwelling_id) AS inside
        CROSS JOIN LATERAL (
            SELECT 'RG050', ARRAY[d.dwelling_id::text, inside.residents::text,
                                  CASE WHEN whole.prohibited_id IS NOT NULL THEN 'prohibited' ELSE 'demolished' END],
                   CASE WHEN d.dwelling_id IN (whole.prohibited_id, whole.demolished_id) THEN 'let_state' ELSE 'parent_id' END
            WHERE inside.residents > 0 AND COALESCE(whole.prohibited_id, whole.demolished_id) IS NOT NULL
            UNION ALL
            SELECT 'RG058', ARRAY[d.dwelling_id, inside.residents]::text[], 'safety_letter_on'
            FROM registry.dwelling_part part
            JOIN registry.dwelling home ON home.dwelling_id = part.dwelling_id
            JOIN registry.dwelling_standing standing ON standing.dwelling_id = home.dwelling_id
            WHERE part.whole_id = d.dwelling_id
              AND standing.letter_on IS NULL
              AND residency.needs_letter(home.let_state, home.division, residency.today())
              AND EXISTS (SELECT FROM registry.residence r
                          WHERE r.dwelling_id = home.dwelling_id AND residency.residence_is_current(r.state))
            UNION ALL
            SELECT 'RG052', ARRAY[part.kind, d.kind], 'kind'
            FROM registry.dwelling part
            WHERE part.parent_id = d.dwelling_id AND residency.dwelling_rank(part.kind) <= residency.dwelling_rank(d.kind)
        ) AS broken (code, facts, at_column)
    $$;
COMMENT ON FUNCTION residency.dwelling_violation(bigint[]) IS
    'Which of these dwellings have residents though their state, or that of what they are part of, forbids it (有人在住房屋裁决): RG050 prohibited or demolished, RG058 left without a safety letter; and which have parts of their own kind: RG052';

CREATE FUNCTION residency.dwelling_keep()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        IF EXISTS (SELECT FROM registry.residence r WHERE r.dwelling_id = OLD.dwelling_id)
           OR EXISTS (SELECT FROM registry.dwelling d WHERE d.parent_id = OLD.dwelling_id) THEN
            PERFORM residency.refuse('RG051', ARRAY[OLD.dwelling_id::text], 'registry.dwelling');
        END IF;
        RETURN OLD;
    END $$;
COMMENT ON FUNCTION residency.dwelling_keep() IS 'Trigger of registry.dwelling (有记录的房屋不得删除): RG051';
-- residence: arrivals, departures and what happens between.

CREATE FUNCTION residency.residence_is_current(state text)
    RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT state OPERATOR(pg_catalog.=) ANY ('{reported,verifying,active}'::text[]) $$;
COMMENT ON FUNCTION residency.residence_is_current(text) IS
    'Whether a residence in this state says that the person lives there now (在住状态): reported, verifying, active';

CREATE FUNCTION residency.age(birth date, "on" date)
    RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT extract(year FROM pg_catalog.age("on"::pg_catalog.timestamp, birth::pg_catalog.timestamp))::pg_catalog.int4 $$;
COMMENT ON FUNCTION residency.age(date, date) IS 'Completed years of age on a day (周岁)';

CREATE FUNCTION residency.residence_check_days(state text, arrived_on date, departed_on date)
    RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
    DECLARE
        at    constant text := 'registry.residence';
        today constant date := residency.today();
    BEGIN
        IF arrived_on > today THEN
            PERFORM residency.refuse('RG022', ARRAY[arrived_on::text, today::text], at, 'arrived_on');
        ELSIF departed_on < arrived_on THEN
            PERFORM residency.refuse('RG023', ARRAY[arrived_on::text, departed_on::text], at, 'departed_on');
        ELSIF departed_on > today THEN
            PERFORM residency.refuse('RG024', ARRAY[departed_on::text, today::text], at, 'departed_on');
        ELSIF state NOT IN ('rejected', 'voided') AND residency.residence_is_current(state) <> (departed_on IS NULL) THEN
            PERFORM residency.refuse('RG038', ARRAY[state, CASE WHEN departed_on IS NULL THEN 'needs' ELSE 'does not have' END],
                                     at, 'departed_on');
        END IF;
    END $$;
COMMENT ON FUNCTION residency.residence_check_days(text, date, date) IS
    'Refuses days that cannot be (到达离开日期校验): RG022 arrival and RG024 departure in the future, RG023 departure before arrival, RG038 departure against the state';

CREATE FUNCTION residency.residence_arrive()
    RETURNS trigger
    AS 'MODULE_PATHNAME', 'residency_residence_arrive'
    LANGUAGE c;
COMMENT ON FUNCTION residency.residence_arrive() IS
    'Trigger of registry.residence before a residence begins or its time grows (到达登记): days and codes (RG006, RG022-RG024, RG034, RG036, RG038, RG043), person (RG010, RG025, RG031, RG041), other residences (RG020, RG021), dwelling (RG011, RG026-RG030); sets division, grid and half-year of a new one';

CREATE FUNCTION residency.residence_check_reason(state text, close_reason text)
    RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
    BEGIN
        IF state IN ('rejected', 'auto_closed', 'voided') AND residency.is_plain_text(close_reason, 200) IS NOT TRUE THEN
            PERFORM residency.refuse('RG036', ARRAY[state], 'registry.residence', 'close_reason');
        END IF;
    END $$;
COMMENT ON FUNCTION residency.residence_check_reason(text, text) IS
    'Refuses a rejection, automatic closing or voiding without a reason (注销原因校验): RG036';

CREATE FUNCTION residency.residence_check_guardian(
        person bigint, guardian bigint, division residency.division_code, state text, arrived_on date)
    RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
    DECLARE
        at     constant text := 'registry.residence';
        old    integer;
        needed integer;
    BEGIN
        IF guardian = person THEN
            PERFORM residency.refuse('RG041', ARRAY[person::text], at, 'guardian_person_id');
        ELSIF guardian IS NULL AND residency.residence_is_current(state) THEN
            SELECT residency.age(p.birth_date, arrived_on) INTO old FROM registry.person p WHERE p.person_id = person;
            needed := residency.policy_int('guarded_below_age', division, arrived_on);
            IF old < needed THEN
                PERFORM residency.refuse('RG031', ARRAY[person, old, needed]::text[], at, 'guardian_person_id');
            END IF;
        END IF;
    END $$;
COMMENT ON FUNCTION residency.residence_check_guardian(bigint, bigint, residency.division_code, text, date) IS
    'Refuses that a minor who lives somewhere loses the guardian, and that a person becomes their own (监护人变更校验): RG031, RG041';

CREATE FUNCTION residency.residence_check_step(from_state text, to_state text, residence bigint, close_reason text)
    RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
    DECLARE
        at constant text := 'registry.residence';
    BEGIN
        IF NOT residency.is_residence_step(from_state, to_state) THEN
            PERFORM residency.refuse('RG034', ARRAY[residence::text, from_state, left(to_state, 20)], at, 'state');
        END IF;
        PERFORM residency.residence_check_reason(to_state, close_reason);
    END $$;
COMMENT ON FUNCTION residency.residence_check_step(text, text, bigint, text) IS
    'Refuses a step between states that code.residence_transition does not have (状态变更校验): RG034; and a rejection, automatic closing or voiding without a reason: RG036';

CREATE FUNCTION residency.residence_change()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        at    constant text := 'registry.residence';
        fixed text;
    BEGIN
        fixed := CASE
            WHEN NEW.residence_id <> OLD.residence_id THEN 'residence_id'
            WHEN NEW.person_id <> OLD.person_id THEN 'person_id'
            WHEN NEW.dwelling_id <> OLD.dwelling_id THEN 'dwelling_id'
            WHEN NEW.division::bigint <> OLD.division::bigint THEN 'division'
            WHEN NEW.grid_id IS DISTINCT FROM OLD.grid_id THEN 'grid_id'
            WHEN NEW.half_year_from <> OLD.half_year_from THEN 'half_year_from'
            WHEN NEW.follows_id IS DISTINCT FROM OLD.follows_id THEN 'follows_id'
        END;
        IF fixed IS NOT NULL THEN
            PERFORM residency.refuse('RG037', ARRAY[fixed, OLD.residence_id::text], at, fixed);
        END IF;
        PERFORM residency.residence_check_days(NEW.state, NEW.arrived_on, NEW.departed_on);
        NEW.channel := residency.checked_code('channel', NEW.channel, at, 'channel');
        NEW.reason := residency.checked_code('residence_reason', NEW.reason, at, 'reason');
        NEW.intended_stay := residency.checked_code('intended_stay', NEW.intended_stay, at, 'intended_stay');
        NEW.place_kind := residency.checked_code('place_kind', NEW.place_kind, at, 'place_kind');
        IF residency.local_day(NEW.reported_at) > residency.today() THEN
            PERFORM residency.refuse('RG043', ARRAY[residency.local_day(NEW.reported_at), residency.today()]::text[], at, 'reported_at');
        END IF;
        IF NEW.guardian_person_id IS DISTINCT FROM OLD.guardian_person_id THEN
            PERFORM residency.residence_check_guardian(NEW.person_id, NEW.guardian_person_id, NEW.division, NEW.state, NEW.arrived_on);
        END IF;
        IF NEW.state = OLD.state THEN
            -- the register's own word, and its reason, stay
            NEW.closed_at := OLD.closed_at;
            IF NEW.close_reason IS DISTINCT FROM OLD.close_reason THEN
                PERFORM residency.residence_check_reason(NEW.state, NEW.close_reason);
            END IF;
            RETURN NEW;
        END IF;

        PERFORM residency.residence_check_step(OLD.state, NEW.state, NEW.residence_id, NEW.close_reason);
        IF OLD.state = 'auto_closed' AND NEW.state = 'active'
           AND residency.local_day(OLD.closed_at)
               < residency.today() - residency.policy_int('auto_close_undo', OLD.division, residency.local_day(OLD.closed_at)) THEN
            PERFORM residency.refuse('RG042', ARRAY[NEW.residence_id::text, residency.local_day(OLD.closed_at)::text], at, 'state');
        END IF;
        IF NEW.state = 'active' THEN
            NEW.verified_at := now();
        END IF;
        IF residency.residence_is_current(NEW.state) THEN
            NEW.closed_at := NULL;
            NEW.close_reason := NULL;
        ELSE
            NEW.closed_at := now();
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.residence_change() IS
    'Trigger of registry.residence for changed rows (登记变更): what stays as it is (RG037), the guardian (RG031, RG041), the days, codes and the step between states (RG006, RG022-RG024, RG034, RG036, RG038, RG042, RG043)';

CREATE FUNCTION residency.residence_guardian()
    RETURNS trigger
    AS 'MODULE_PATHNAME', 'residency_residence_guardian'
    LANGUAGE c;
COMMENT ON FUNCTION residency.residence_guardian() IS
    'Trigger of registry.residence after a residence with a guardian (监护人裁决): of a minor, one of full age (RG033) who lives in the same home (RG032)';

CREATE FUNCTION residency.residence_keep()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        PERFORM residency.refuse('RG035', ARRAY[TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME], TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME);
    END $$;
COMMENT ON FUNCTION residency.residence_keep() IS 'Trigger of registry.residence (登记不得删除): RG035';
-- check: is the register in order? Each finding says what to do.

CREATE FUNCTION residency.check(OUT topic text, OUT finding text, OUT remedy text)
    RETURNS SETOF record
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        RETURN QUERY
            SELECT 'migration', format('step %s is %s', p.step, p.reason), 'CALL residency.migrate();'
            FROM residency.pending() p;
        IF to_regclass('registry.residence') IS NULL THEN
            RETURN;
        END IF;
        RETURN QUERY
            SELECT 'trigger', format('trigger %I of %s is disabled: its rules do not hold', t.tgname, t.tgrelid::regclass),
                   format('ALTER TABLE %s ENABLE TRIGGER %I; then look at what was written meanwhile', t.tgrelid::regclass, t.tgname)
            FROM pg_trigger t
            JOIN pg_proc f ON f.oid = t.tgfoid
            WHERE t.tgenabled = 'D' AND f.pronamespace = 'residency'::regnamespace;
        RETURN QUERY
            SELECT 'index', format('index %s is not valid', i.indexrelid::regclass),
                   format('REINDEX INDEX CONCURRENTLY %s;', i.indexrelid::regclass)
            FROM pg_index i
            JOIN pg_class c ON c.oid = i.indexrelid
            WHERE NOT i.indisvalid AND c.relnamespace IN (SELECT n.oid FROM pg_namespace n WHERE n.nspname IN ('code', 'policy', 'registry', 'ledger'));
        RETURN QUERY
            SELECT 'residence', format('person %s has residences %s and %s at one time', a.person_id, a.residence_id, b.residence_id),
                   'Void the one that is wrong: api.void_residence().'
            FROM registry.residence a
            JOIN registry.residence b
              ON b.person_id = a.person_id AND b.residence_id > a.residence_id AND b.period && a.period
            WHERE a.state NOT IN ('rejected', 'voided') AND b.state NOT IN ('rejected', 'voided');
        RETURN QUERY
            SELECT 'residence', format('%s people live in dwelling %s, which is %s', count(*), d.dwelling_id, d.let_state),
                   'Register their departure, or lift the state.'
            FROM registry.residence r
            JOIN registry.dwelling d USING (dwelling_id)
            WHERE residency.residence_is_current(r.state) AND d.let_state IN ('prohibited', 'demolished')
            GROUP BY d.dwelling_id, d.let_state;
        RETURN QUERY
            SELECT 'grid', format('%s dwellings do not have the grid that they belong to today', count(*)),
                   'SELECT api.assign_grids();'
            FROM registry.dwelling d
            JOIN registry.dwelling_standing standing USING (dwelling_id)
            WHERE d.grid_id IS DISTINCT FROM residency.grid_at((
                SELECT whole.location
                FROM unnest(standing.whole_ids) WITH ORDINALITY AS above (dwelling_id, distance)
                JOIN registry.dwelling whole USING (dwelling_id)
                WHERE whole.location IS NOT NULL
                ORDER BY above.distance
                LIMIT 1))
            HAVING count(*) > 0;
    END $$;
COMMENT ON FUNCTION residency.check() IS
    'What is not in order in this database, and what to do about it (自检): pending steps, disabled triggers of the rules, invalid indexes, residences at one time, residents where none may be, dwellings in a wrong grid; no row: all is well. Reads whole tables: for the night or after an import';
@step schema/0001-house.sql
@step schema/0002-code.sql
@step schema/0003-division.sql
@step schema/0004-former_division.sql
@step schema/0005-value.sql
@step schema/0006-error.sql
@step schema/0007-policy.sql
@step schema/0008-transition.sql
@step schema/0009-cache.sql
@step schema/0010-person.sql
@step schema/0011-grid.sql
@step schema/0012-dwelling.sql
@step schema/0013-residence.sql
@step schema/0014-request.sql
@step schema/0020-residence_division.sql
@step schema/0021-division_text.sql
@step schema/0022-residence_guardian.sql
@step schema/0023-part_grid.sql
SELECT residency.ship_step('view/00-registry', 'repeatable', '2eb7385aad9d47833bfa14829d199651030e8a25ae7a25a7f23d8f530fc8baa8', NULL, NULL, $step$
-- What the rules read.
-- A dwelling is a building, unit, room or bed, and a part is of a lower kind than its whole:
-- so three joins reach everything that is above it or beneath.

CREATE OR REPLACE VIEW registry.dwelling_standing AS
    SELECT d.dwelling_id,
           ARRAY[d.dwelling_id, d.parent_id, w1.parent_id, w2.parent_id] AS whole_ids,
           CASE 'prohibited' WHEN d.let_state THEN d.dwelling_id WHEN w1.let_state THEN w1.dwelling_id
                             WHEN w2.let_state THEN w2.dwelling_id WHEN w3.let_state THEN w3.dwelling_id END AS prohibited_id,
           CASE 'demolished' WHEN d.let_state THEN d.dwelling_id WHEN w1.let_state THEN w1.dwelling_id
                             WHEN w2.let_state THEN w2.dwelling_id WHEN w3.let_state THEN w3.dwelling_id END AS demolished_id,
           COALESCE(d.safety_letter_on, w1.safety_letter_on, w2.safety_letter_on, w3.safety_letter_on) AS letter_on,
           COALESCE(d.location, w1.location, w2.location, w3.location) AS place
    FROM registry.dwelling d
    LEFT JOIN registry.dwelling w1 ON w1.dwelling_id = d.parent_id
    LEFT JOIN registry.dwelling w2 ON w2.dwelling_id = w1.parent_id
    LEFT JOIN registry.dwelling w3 ON w3.dwelling_id = w2.parent_id;
COMMENT ON VIEW registry.dwelling_standing IS
    'How a dwelling stands together with what it is part of (房屋整体状况)';
COMMENT ON COLUMN registry.dwelling_standing.dwelling_id IS 'Key of registry.dwelling';
COMMENT ON COLUMN registry.dwelling_standing.whole_ids IS 'The dwelling itself and what it is part of, from the inside out; NULL where there is nothing further out';
COMMENT ON COLUMN registry.dwelling_standing.prohibited_id IS 'The innermost of them that must not be let (禁租)';
COMMENT ON COLUMN registry.dwelling_standing.demolished_id IS 'The innermost of them that is demolished (已拆除)';
COMMENT ON COLUMN registry.dwelling_standing.letter_on IS 'Day of the innermost safety letter (治安责任书签订日期)';
COMMENT ON COLUMN registry.dwelling_standing.place IS 'The innermost location (位置), CGCS2000: its grid is that of the dwelling';

CREATE OR REPLACE VIEW registry.dwelling_part AS
    SELECT d.dwelling_id AS whole_id, d.dwelling_id
    FROM registry.dwelling d
    UNION ALL
    SELECT a.parent_id, a.dwelling_id
    FROM registry.dwelling a
    WHERE a.parent_id IS NOT NULL
    UNION ALL
    SELECT a.parent_id, b.dwelling_id
    FROM registry.dwelling a
    JOIN registry.dwelling b ON b.parent_id = a.dwelling_id
    WHERE a.parent_id IS NOT NULL
    UNION ALL
    SELECT a.parent_id, c.dwelling_id
    FROM registry.dwelling a
    JOIN registry.dwelling b ON b.parent_id = a.dwelling_id
    JOIN registry.dwelling c ON c.parent_id = b.dwelling_id
    WHERE a.parent_id IS NOT NULL;
COMMENT ON VIEW registry.dwelling_part IS
    'Every dwelling with itself and everything that is part of it (房屋及其下属房屋); ask it by whole_id';
COMMENT ON COLUMN registry.dwelling_part.whole_id IS 'A dwelling';
COMMENT ON COLUMN registry.dwelling_part.dwelling_id IS 'The same, or a part of it';
$step$);

SELECT residency.ship_step('view/10-code', 'repeatable', '5910c8b42158c5e6a88c73aa0c2b24d89fc44882cd50899e0b869697dfa39128', NULL, NULL, $step$
-- The dictionaries as clients read them: codes as text, validity as two days, half open.

CREATE OR REPLACE VIEW code.division_path AS
SELECT d.division::bigint AS division_id,
       d.division::text AS division,
       d.parent::text AS parent,
       d.level,
       d.name,
       d.heading,
       p.province,
       p.city,
       -- towns of cities without counties: the city stands in for the county, so that no group is NULL
       coalesce(p.county, CASE WHEN d.level > 3 THEN p.city END) AS county,
       p.township,
       p.village,
       (SELECT string_agg(n.name, '' ORDER BY n.level)
        FROM (VALUES (d.level, d.name, d.heading), (a1.level, a1.name, a1.heading), (a2.level, a2.name, a2.heading),
                     (a3.level, a3.name, a3.heading), (a4.level, a4.name, a4.heading)) AS n (level, name, heading)
        WHERE NOT n.heading) AS full_name,
       lower(d.period) AS valid_from,
       upper(d.period) AS valid_to,
       d.superseded_by::text AS superseded_by,
       d.source
FROM code.division d
LEFT JOIN code.division a1 ON a1.division OPERATOR(residency.=) d.parent
LEFT JOIN code.division a2 ON a2.division OPERATOR(residency.=) a1.parent
LEFT JOIN code.division a3 ON a3.division OPERATOR(residency.=) a2.parent
LEFT JOIN code.division a4 ON a4.division OPERATOR(residency.=) a3.parent
CROSS JOIN LATERAL (
    SELECT CASE 1 WHEN d.level THEN d.name WHEN a1.level THEN a1.name WHEN a2.level THEN a2.name
                  WHEN a3.level THEN a3.name WHEN a4.level THEN a4.name END AS province,
           CASE 2 WHEN d.level THEN d.name WHEN a1.level THEN a1.name WHEN a2.level THEN a2.name
                  WHEN a3.level THEN a3.name END AS city,
           CASE 3 WHEN d.level THEN d.name WHEN a1.level THEN a1.name WHEN a2.level THEN a2.name END AS county,
           CASE 4 WHEN d.level THEN d.name WHEN a1.level THEN a1.name END AS township,
           CASE 5 WHEN d.level THEN d.name END AS village
) p;
COMMENT ON VIEW code.division_path IS
    'Divisions with their path for clerks and BI (区划路径). Source: code.division';
COMMENT ON COLUMN code.division_path.division_id IS 'Division code as a number of 12 digits, the key (区划代码数值)';
COMMENT ON COLUMN code.division_path.division IS 'Division code of 6, 9 or 12 digits (区划代码)';
COMMENT ON COLUMN code.division_path.parent IS 'Code of the division above (上级区划代码)';
COMMENT ON COLUMN code.division_path.level IS '1 province to 5 village (级别)';
COMMENT ON COLUMN code.division_path.name IS 'Name without the divisions above (名称)';
COMMENT ON COLUMN code.division_path.heading IS 'A heading and no authority (汇总码)';
COMMENT ON COLUMN code.division_path.province IS 'Province (省级)';
COMMENT ON COLUMN code.division_path.city IS 'Prefecture, or the heading in its place: 市辖区, 省直辖县级行政区划 (地级); NULL for provinces';
COMMENT ON COLUMN code.division_path.county IS 'County; in cities without counties the city (县级); NULL above';
COMMENT ON COLUMN code.division_path.township IS 'Township (乡级); NULL above';
COMMENT ON COLUMN code.division_path.village IS 'Village or neighbourhood (村级); NULL above';
COMMENT ON COLUMN code.division_path.full_name IS 'Full name from the province down, without headings (区划全称)';
COMMENT ON COLUMN code.division_path.valid_from IS 'First day of validity, NULL: since before the list was taken over (生效日期)';
COMMENT ON COLUMN code.division_path.valid_to IS 'First day after validity, NULL: valid (失效日期)';
COMMENT ON COLUMN code.division_path.superseded_by IS 'Code of the division that took over its area (继承区划代码)';
COMMENT ON COLUMN code.division_path.source IS 'List the row comes from, see code.source (来源)';

CREATE OR REPLACE VIEW code.division_history AS
SELECT f.division::bigint / 1000000 * 10000 + lower(f.years) AS history_id,
       f.division::text AS division,
       residency.level(f.division) AS level,
       f.name,
       lower(f.years) AS year_from,
       upper(f.years) AS year_to,
       lower(f.seen) AS seen_from,
       upper(f.seen) AS seen_to,
       f.heading,
       f.successor::text AS successor,
       s.name AS successor_name,
       array_to_string(f.sources, ',') AS sources,
       f.note
FROM code.former_division f
LEFT JOIN code.division s ON s.division OPERATOR(residency.=) f.successor;
COMMENT ON VIEW code.division_history IS
    'Codes of GB/T 2260 since 1980 and the years in which they held (历年县级以上行政区划). Source: code.former_division';
COMMENT ON COLUMN code.division_history.history_id IS 'Code of 6 digits and first year as one number, the key (编号)';
COMMENT ON COLUMN code.division_history.division IS 'Division code of 6 digits (区划代码)';
COMMENT ON COLUMN code.division_history.level IS '1 province, 2 prefecture, 3 county (级别)';
COMMENT ON COLUMN code.division_history.name IS 'Name without the divisions above (名称)';
COMMENT ON COLUMN code.division_history.year_from IS 'First year in which the code may have borne the name (起始年份)';
COMMENT ON COLUMN code.division_history.year_to IS 'First year in which it no longer did, NULL: it does today (终止年份)';
COMMENT ON COLUMN code.division_history.seen_from IS 'Year of the first dated list that shows it, NULL: none does (最早确证年份)';
COMMENT ON COLUMN code.division_history.seen_to IS 'Year after the last dated list that shows it (最晚确证年份之次年)';
COMMENT ON COLUMN code.division_history.heading IS 'A heading and no authority (汇总码)';
COMMENT ON COLUMN code.division_history.successor IS 'Code that carries on the name or the area (继承区划代码)';
COMMENT ON COLUMN code.division_history.successor_name IS 'Name of the successor (继承区划名称)';
COMMENT ON COLUMN code.division_history.sources IS 'Lists that show it, see code.source (来源)';
COMMENT ON COLUMN code.division_history.note IS 'What else is to be known (说明)';

CREATE OR REPLACE VIEW code.value_list AS
SELECT l.list, l.name AS list_name, l.name_en AS list_name_en,
       v.code, v.name, v.name_en, v.alternate_code,
       v.parent_list, v.parent, g.name AS parent_name,
       v.sort,
       lower(v.period) AS valid_from,
       upper(v.period) AS valid_to,
       v.confidence,
       l.source, s.standard, s.edition, s.licence,
       l.note
FROM code.value v
JOIN code.list l ON l.list = v.list
JOIN code.source s ON s.source = l.source
LEFT JOIN code.value g ON g.list = v.parent_list AND g.code = v.parent;
COMMENT ON VIEW code.value_list IS 'Values of all code lists with list, group, standard and year (代码表). Source: code.value, code.list, code.source';
COMMENT ON COLUMN code.value_list.list IS 'Name of the list; with code the key (代码表)';
COMMENT ON COLUMN code.value_list.list_name IS 'Chinese name of the list (代码表名称)';
COMMENT ON COLUMN code.value_list.list_name_en IS 'English name of the list (代码表英文名称)';
COMMENT ON COLUMN code.value_list.code IS 'Code (代码)';
COMMENT ON COLUMN code.value_list.name IS 'Chinese name (名称)';
COMMENT ON COLUMN code.value_list.name_en IS 'English name, where there is a usual one (英文名称)';
COMMENT ON COLUMN code.value_list.alternate_code IS 'Second code of the same thing (字母代码)';
COMMENT ON COLUMN code.value_list.parent_list IS 'List of the group (上级代码表)';
COMMENT ON COLUMN code.value_list.parent IS 'Code of the group (上级代码)';
COMMENT ON COLUMN code.value_list.parent_name IS 'Name of the group (上级名称)';
COMMENT ON COLUMN code.value_list.sort IS 'Place in the list when shown (排序)';
COMMENT ON COLUMN code.value_list.valid_from IS 'First day of use, NULL: always (生效日期)';
COMMENT ON COLUMN code.value_list.valid_to IS 'First day out of use, NULL: in use (失效日期)';
COMMENT ON COLUMN code.value_list.confidence IS 'How sure the value is, as in code.list (可信度)';
COMMENT ON COLUMN code.value_list.source IS 'Source of the list (来源)';
COMMENT ON COLUMN code.value_list.standard IS 'Standard behind the list (标准号)';
COMMENT ON COLUMN code.value_list.edition IS 'Year or version (版本)';
COMMENT ON COLUMN code.value_list.licence IS 'Licence of the copy (许可)';
COMMENT ON COLUMN code.value_list.note IS 'What a user of the list should know (说明)';
$step$);

SELECT residency.ship_step('view/20-api_view', 'repeatable', 'b98d91623492d8f5bcca7bdf06c3649bdcf5f1c9cc3c6d2b7068c250e64412fa', NULL, NULL, $step$
-- What applications look at: who lives where, and what room there is.
-- Names of codes are sub-selects, so that a query which does not ask for them does not pay for them.

CREATE OR REPLACE VIEW api.current_resident AS
SELECT r.residence_id,
       r.person_id,
       mask(p.resident_id) AS resident_id,
       p.name,
       p.sex,
       (SELECT v.name FROM code.value v WHERE v.list = 'sex' AND v.code = p.sex) AS sex_name,
       p.birth_date,
       age(p.birth_date, today()) AS age,
       p.household_division::text AS household_division,
       division_name(p.household_division) AS household_division_name,
       r.dwelling_id,
       d.address,
       d.division::text AS division,
       (SELECT c.name FROM code.division c WHERE c.division = parent(parent(d.division))) AS county,
       (SELECT c.name FROM code.division c WHERE c.division = parent(d.division)) AS township,
       (SELECT c.name FROM code.division c WHERE c.division = d.division) AS village,
       d.grid_id,
       g.grid_code,
       g.name AS grid_name,
       r.arrived_on,
       r.state,
       (SELECT v.name FROM code.value v WHERE v.list = 'residence_state' AND v.code = r.state) AS state_name,
       r.reason,
       (SELECT v.name FROM code.value v WHERE v.list = 'residence_reason' AND v.code = r.reason) AS reason_name,
       r.intended_stay,
       (SELECT v.name FROM code.value v WHERE v.list = 'intended_stay' AND v.code = r.intended_stay) AS intended_stay_name,
       r.guardian_person_id,
       r.half_year_from,
       (r.half_year_from + interval '6 months')::date AS half_year_on,
       r.channel,
       (SELECT v.name FROM code.value v WHERE v.list = 'channel' AND v.code = r.channel) AS channel_name,
       r.reported_at,
       r.verified_at
FROM registry.residence r
JOIN registry.person p ON p.person_id = r.person_id
JOIN registry.dwelling d ON d.dwelling_id = r.dwelling_id
LEFT JOIN registry.grid g ON g.grid_id = d.grid_id
WHERE residence_is_current(r.state);
COMMENT ON VIEW api.current_resident IS
    'Who lives where now (在住人员): residences that are reported, verifying or active, one row per person. Division and grid are those of the dwelling today';
COMMENT ON COLUMN api.current_resident.residence_id IS 'Key of the residence (居住登记编号)';
COMMENT ON COLUMN api.current_resident.person_id IS 'Key of the person (人员编号)';
COMMENT ON COLUMN api.current_resident.resident_id IS 'Resident ID with its middle hidden (公民身份号码,脱敏), NULL for other documents';
COMMENT ON COLUMN api.current_resident.name IS 'Name (姓名)';
COMMENT ON COLUMN api.current_resident.sex IS 'Sex, list sex (性别代码, GB/T 2261.1)';
COMMENT ON COLUMN api.current_resident.sex_name IS 'Sex (性别)';
COMMENT ON COLUMN api.current_resident.birth_date IS 'Day of birth (出生日期)';
COMMENT ON COLUMN api.current_resident.age IS 'Completed years today (周岁)';
COMMENT ON COLUMN api.current_resident.household_division IS 'Division of the household registration (户籍地区划代码)';
COMMENT ON COLUMN api.current_resident.household_division_name IS 'Its full name (户籍地)';
COMMENT ON COLUMN api.current_resident.dwelling_id IS 'Key of the dwelling (房屋编号)';
COMMENT ON COLUMN api.current_resident.address IS 'Address of the dwelling below the division (门牌地址)';
COMMENT ON COLUMN api.current_resident.division IS 'Village-level division of the dwelling (所在区划代码)';
COMMENT ON COLUMN api.current_resident.county IS 'County; in cities without counties the city (县级)';
COMMENT ON COLUMN api.current_resident.township IS 'Township (乡级)';
COMMENT ON COLUMN api.current_resident.village IS 'Village or neighbourhood (村级)';
COMMENT ON COLUMN api.current_resident.grid_id IS 'Key of the grid (网格编号), NULL outside all grids';
COMMENT ON COLUMN api.current_resident.grid_code IS 'Code of the grid (网格编码)';
COMMENT ON COLUMN api.current_resident.grid_name IS 'Name of the grid (网格名称)';
COMMENT ON COLUMN api.current_resident.arrived_on IS 'Day of arrival (到达日期)';
COMMENT ON COLUMN api.current_resident.state IS 'State, list residence_state (登记状态代码)';
COMMENT ON COLUMN api.current_resident.state_name IS 'State (登记状态)';
COMMENT ON COLUMN api.current_resident.reason IS 'Reason of the stay, list residence_reason (居住事由代码)';
COMMENT ON COLUMN api.current_resident.reason_name IS 'Reason of the stay (居住事由)';
COMMENT ON COLUMN api.current_resident.intended_stay IS 'How long it is meant to last, list intended_stay (拟居住期限代码)';
COMMENT ON COLUMN api.current_resident.intended_stay_name IS 'How long it is meant to last (拟居住期限)';
COMMENT ON COLUMN api.current_resident.guardian_person_id IS 'Key of the guardian of a minor (监护人编号)';
COMMENT ON COLUMN api.current_resident.half_year_from IS 'Day from which the half-year counts (半年起算日)';
COMMENT ON COLUMN api.current_resident.half_year_on IS 'Day on which the half-year is full (满半年之日, 居住证暂行条例 Art. 2)';
COMMENT ON COLUMN api.current_resident.channel IS 'By which way it was reported, list channel (申报渠道代码)';
COMMENT ON COLUMN api.current_resident.channel_name IS 'By which way it was reported (申报渠道)';
COMMENT ON COLUMN api.current_resident.reported_at IS 'When it was reported (申报时间)';
COMMENT ON COLUMN api.current_resident.verified_at IS 'When it was verified (核实时间), NULL: waits for it';

CREATE OR REPLACE VIEW api.dwelling_occupancy AS
SELECT d.dwelling_id,
       d.parent_id,
       d.kind,
       (SELECT v.name FROM code.value v WHERE v.list = 'dwelling_kind' AND v.code = d.kind) AS kind_name,
       d.address,
       d.division::text AS division,
       (SELECT c.name FROM code.division c WHERE c.division = d.division) AS village,
       d.grid_id,
       (SELECT g.grid_code FROM registry.grid g WHERE g.grid_id = d.grid_id) AS grid_code,
       d.usable_area,
       (SELECT count(*)::integer
        FROM registry.dwelling_part part
        JOIN registry.residence r ON r.dwelling_id = part.dwelling_id
        WHERE part.whole_id = d.dwelling_id AND residence_is_current(r.state)) AS residents,
       least(area_allows(d.usable_area, d.division, today()), kind_allows(d.kind, d.division, today())) AS most_residents,
       (SELECT min(least(area_allows(w.usable_area, w.division, today()), kind_allows(w.kind, w.division, today()))
                   - (SELECT count(*)::integer
                      FROM registry.dwelling_part part
                      JOIN registry.residence r ON r.dwelling_id = part.dwelling_id
                      WHERE part.whole_id = w.dwelling_id AND residence_is_current(r.state)))
        FROM registry.dwelling_standing standing
        JOIN registry.dwelling w ON w.dwelling_id = ANY (standing.whole_ids)
        WHERE standing.dwelling_id = d.dwelling_id
          AND (w.usable_area IS NOT NULL OR w.kind IN ('room', 'bed'))) AS free_places,
       d.let_state,
       (SELECT v.name FROM code.value v WHERE v.list = 'let_state' AND v.code = d.let_state) AS let_state_name,
       (SELECT standing.letter_on
        FROM registry.dwelling_standing standing WHERE standing.dwelling_id = d.dwelling_id) AS safety_letter_on,
       needs_letter(d.let_state, d.division, today())
           AND (SELECT standing.letter_on IS NULL
                FROM registry.dwelling_standing standing WHERE standing.dwelling_id = d.dwelling_id) AS needs_safety_letter,
       d.parent_id IS NULL
           AND COALESCE((SELECT count(*)
                         FROM registry.dwelling_part part
                         JOIN registry.residence r ON r.dwelling_id = part.dwelling_id
                         WHERE part.whole_id = d.dwelling_id AND residence_is_current(r.state))
                        >= policy_int('manager_from', d.division, today()), false) AS needs_manager
FROM registry.dwelling d;
COMMENT ON VIEW api.dwelling_occupancy IS
    'Dwellings, how many live in each and how many may (房屋居住情况); residents of the parts are counted in the whole too';
COMMENT ON COLUMN api.dwelling_occupancy.dwelling_id IS 'Key of the dwelling (房屋编号)';
COMMENT ON COLUMN api.dwelling_occupancy.parent_id IS 'Key of the dwelling that it is part of (所属房屋编号)';
COMMENT ON COLUMN api.dwelling_occupancy.kind IS 'Kind, list dwelling_kind (房屋层级代码)';
COMMENT ON COLUMN api.dwelling_occupancy.kind_name IS 'Kind (房屋层级)';
COMMENT ON COLUMN api.dwelling_occupancy.address IS 'Address below the division (门牌地址)';
COMMENT ON COLUMN api.dwelling_occupancy.division IS 'Village-level division (所在区划代码)';
COMMENT ON COLUMN api.dwelling_occupancy.village IS 'Its name (村居)';
COMMENT ON COLUMN api.dwelling_occupancy.grid_id IS 'Key of the grid (网格编号), NULL outside all grids';
COMMENT ON COLUMN api.dwelling_occupancy.grid_code IS 'Code of the grid (网格编码)';
COMMENT ON COLUMN api.dwelling_occupancy.usable_area IS 'Usable area in m² (使用面积)';
COMMENT ON COLUMN api.dwelling_occupancy.residents IS 'Persons who live in it and its parts now (在住人数)';
COMMENT ON COLUMN api.dwelling_occupancy.most_residents IS
    'Most who may, by area and by kind (可住人数; policies area_per_person_single, area_per_person_shared, room_limit, bed_limit); NULL: no limit known';
COMMENT ON COLUMN api.dwelling_occupancy.free_places IS
    'How many more may arrive, the limits of what it is part of included (空余床位); below zero: so many too many; NULL: no limit known';
COMMENT ON COLUMN api.dwelling_occupancy.let_state IS 'State, list let_state (出租状态代码)';
COMMENT ON COLUMN api.dwelling_occupancy.let_state_name IS 'State (出租状态)';
COMMENT ON COLUMN api.dwelling_occupancy.safety_letter_on IS
    'Day of the safety letter, its own or that of what it is part of (治安责任书签订日期)';
COMMENT ON COLUMN api.dwelling_occupancy.needs_safety_letter IS 'Whether a letter is needed and missing (缺治安责任书)';
COMMENT ON COLUMN api.dwelling_occupancy.needs_manager IS
    'Whether so many live in the building or house that it must have a full-time manager (须配专职管理人; policy manager_from)';
$step$);

SELECT residency.ship_step('view/30-stat', 'repeatable', '3f05d29849527118037d543dd39832ba3c991f8e758928be4b504212cd98d012', NULL, NULL, $step$
-- Counts for BI tools, taken from the register at the moment of asking.
-- Each row counts for itself, over the index range of its division or grid: a question for few divisions reads few rows.

CREATE OR REPLACE VIEW stat.resident_by_division AS
SELECT c.division::bigint AS division_id,
       c.division::text AS division,
       c.name,
       c.level,
       c.parent::text AS parent,
       who.residents,
       who.active,
       who.waiting,
       who.men,
       who.women,
       who.minors,
       place.dwellings,
       place.let_dwellings
FROM code.division c
CROSS JOIN LATERAL (
    SELECT count(*)::integer,
           (count(*) FILTER (WHERE r.state = 'active'))::integer,
           (count(*) FILTER (WHERE r.state <> 'active'))::integer,
           (count(*) FILTER (WHERE p.sex = '1'))::integer,
           (count(*) FILTER (WHERE p.sex = '2'))::integer,
           (count(*) FILTER (WHERE p.birth_date > today() - interval '16 years'))::integer
    FROM registry.dwelling d
    JOIN registry.residence r ON r.dwelling_id = d.dwelling_id AND residence_is_current(r.state)
    JOIN registry.person p ON p.person_id = r.person_id
    WHERE d.division <@ c.division
) AS who (residents, active, waiting, men, women, minors)
CROSS JOIN LATERAL (
    SELECT count(*)::integer, (count(*) FILTER (WHERE d.let_state = 'let'))::integer
    FROM registry.dwelling d
    WHERE d.division <@ c.division AND d.let_state <> 'demolished'
      AND NOT EXISTS (SELECT FROM registry.dwelling part WHERE part.parent_id = d.dwelling_id)
) AS place (dwellings, let_dwellings);
COMMENT ON VIEW stat.resident_by_division IS
    'Residents and dwellings now, by division of every level (各级区划在住人数); each row holds all that is beneath it, so add up rows of one level only';
COMMENT ON COLUMN stat.resident_by_division.division_id IS 'Division code as a number of 12 digits, the key (区划代码数值)';
COMMENT ON COLUMN stat.resident_by_division.division IS 'Division code of 6, 9 or 12 digits (区划代码)';
COMMENT ON COLUMN stat.resident_by_division.name IS 'Name without the divisions above (名称)';
COMMENT ON COLUMN stat.resident_by_division.level IS '1 province to 5 village (级别)';
COMMENT ON COLUMN stat.resident_by_division.parent IS 'Code of the division above (上级区划代码)';
COMMENT ON COLUMN stat.resident_by_division.residents IS 'Persons who live there now: active and waiting (在住人数)';
COMMENT ON COLUMN stat.resident_by_division.active IS 'Of them verified (已核实)';
COMMENT ON COLUMN stat.resident_by_division.waiting IS 'Of them reported or in verification (待核实)';
COMMENT ON COLUMN stat.resident_by_division.men IS 'Of them men (男)';
COMMENT ON COLUMN stat.resident_by_division.women IS 'Of them women (女)';
COMMENT ON COLUMN stat.resident_by_division.minors IS 'Of them younger than 16 years today (未满16周岁)';
COMMENT ON COLUMN stat.resident_by_division.dwellings IS
    'Dwellings that have no further parts, without those demolished (房屋数): rooms, not also the building that they are in';
COMMENT ON COLUMN stat.resident_by_division.let_dwellings IS 'Of them let (已出租)';

CREATE OR REPLACE VIEW stat.resident_by_grid AS
SELECT g.grid_id,
       g.grid_code,
       g.name,
       g.division::text AS division,
       (SELECT c.name FROM code.division c WHERE c.division = parent(parent(g.division))) AS county,
       (SELECT c.name FROM code.division c WHERE c.division = parent(g.division)) AS township,
       (SELECT c.name FROM code.division c WHERE c.division = g.division) AS village,
       who.residents,
       who.active,
       who.waiting,
       who.men,
       who.women,
       who.minors,
       place.dwellings,
       place.let_dwellings
FROM registry.grid g
CROSS JOIN LATERAL (
    SELECT count(*)::integer,
           (count(*) FILTER (WHERE r.state = 'active'))::integer,
           (count(*) FILTER (WHERE r.state <> 'active'))::integer,
           (count(*) FILTER (WHERE p.sex = '1'))::integer,
           (count(*) FILTER (WHERE p.sex = '2'))::integer,
           (count(*) FILTER (WHERE p.birth_date > today() - interval '16 years'))::integer
    FROM registry.dwelling d
    JOIN registry.residence r ON r.dwelling_id = d.dwelling_id AND residence_is_current(r.state)
    JOIN registry.person p ON p.person_id = r.person_id
    WHERE d.grid_id = g.grid_id
) AS who (residents, active, waiting, men, women, minors)
CROSS JOIN LATERAL (
    SELECT count(*)::integer, (count(*) FILTER (WHERE d.let_state = 'let'))::integer
    FROM registry.dwelling d
    WHERE d.grid_id = g.grid_id AND d.let_state <> 'demolished'
      AND NOT EXISTS (SELECT FROM registry.dwelling part WHERE part.parent_id = d.dwelling_id)
) AS place (dwellings, let_dwellings)
WHERE g.kind = 'management' AND g.period @> today();
COMMENT ON VIEW stat.resident_by_grid IS
    'Residents and dwellings now, by management grid that is valid today (各网格在住人数); who lives outside all grids is in map.dwelling_without_grid and map.dwelling_without_location';
COMMENT ON COLUMN stat.resident_by_grid.grid_id IS 'Key of the grid (网格编号)';
COMMENT ON COLUMN stat.resident_by_grid.grid_code IS 'Code of the grid (网格编码)';
COMMENT ON COLUMN stat.resident_by_grid.name IS 'Name of the grid (网格名称)';
COMMENT ON COLUMN stat.resident_by_grid.division IS 'Village-level division (所属村居代码)';
COMMENT ON COLUMN stat.resident_by_grid.county IS 'County; in cities without counties the city (县级)';
COMMENT ON COLUMN stat.resident_by_grid.township IS 'Township (乡级)';
COMMENT ON COLUMN stat.resident_by_grid.village IS 'Village or neighbourhood (村级)';
COMMENT ON COLUMN stat.resident_by_grid.residents IS 'Persons who live there now: active and waiting (在住人数)';
COMMENT ON COLUMN stat.resident_by_grid.active IS 'Of them verified (已核实)';
COMMENT ON COLUMN stat.resident_by_grid.waiting IS 'Of them reported or in verification (待核实)';
COMMENT ON COLUMN stat.resident_by_grid.men IS 'Of them men (男)';
COMMENT ON COLUMN stat.resident_by_grid.women IS 'Of them women (女)';
COMMENT ON COLUMN stat.resident_by_grid.minors IS 'Of them younger than 16 years today (未满16周岁)';
COMMENT ON COLUMN stat.resident_by_grid.dwellings IS
    'Dwellings that have no further parts, without those demolished (房屋数)';
COMMENT ON COLUMN stat.resident_by_grid.let_dwellings IS 'Of them let (已出租)';
$step$);

SELECT residency.ship_step('view/40-map', 'repeatable', '4f4a70875aad3c9ccbccd98a0a3f49229046a264a6045f5808e41d5d8739f266', NULL, NULL, $step$
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
COMMENT ON COLUMN map.grid.residents IS 'Persons who live there now (在住人数)';
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
        WHERE part.whole_id = d.dwelling_id AND residence_is_current(r.state)) AS residents,
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
COMMENT ON COLUMN map.dwelling.residents IS 'Persons who live in it and its parts now (在住人数)';
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
        WHERE r.dwelling_id = d.dwelling_id AND residence_is_current(r.state)) AS residents,
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
COMMENT ON COLUMN map.dwelling_without_grid.residents IS 'Persons who live in the dwelling itself now (在住人数)';
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
        WHERE r.dwelling_id = d.dwelling_id AND residence_is_current(r.state)) AS residents
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
COMMENT ON COLUMN map.dwelling_without_location.residents IS 'Persons who live in the dwelling itself now (在住人数)';

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

CREATE OR REPLACE FUNCTION map.dissolve(pieces geometry)
    RETURNS geometry
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        -- each grown by a third of a pixel and all shrunk again, so that what was drawn with small gaps becomes one
        SELECT ST_Buffer(ST_Union(ST_Buffer(piece.geom, 0.3, 'join=mitre mitre_limit=2')), -0.3, 'join=mitre mitre_limit=2')
        FROM ST_Dump(pieces) AS piece
    $$;
COMMENT ON FUNCTION map.dissolve(geometry) IS 'One outline around neighbouring pieces, in pixels, for map.grid_svg() (合并边界)';

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
                       ST_Scale(ST_Translate(ST_SetSRID(g.outline, 0), -ST_XMin(frame), -ST_YMax(frame)), east, north) AS outline
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
                SELECT 'village', 0, regexp_replace(v.name, '(社区)?(居民委员会|村民委员会|居委会|村委会)$', '') || ' ' || v.residents, v.outline FROM village v
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
            scale_m := wide / 6.0 / north * 110574;
            scale_m := (SELECT max(m * 10 ^ e) FROM unnest('{1,2,5}'::integer[]) m, generate_series(0, 6) e WHERE m * 10 ^ e <= scale_m);
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
svg { background: #fbfaf7; font-family: "Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", "WenQuanYi Zen Hei", sans-serif; }
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
            body, CASE WHEN grids > 200 THEN 0.6 ELSE 1.4 END, CASE WHEN grids > 200 THEN 0.8 ELSE 1.3 END);
    END $$;
COMMENT ON FUNCTION map.grid_svg(division_code, integer) IS
    'Picture of the management grids of a division, shaded by residents, as SVG of so many pixels in width (网格在住人数图); open it in a browser: psql -XqAt -c "SELECT map.grid_svg(''460105'')" -o picture.svg';
$step$);

SELECT residency.ship_step('view/50-act', 'repeatable', '44017bcaa703a5c2a37564cf86810151b5f0052bca8870ec0cf1a9e776e4595e', NULL, NULL, $step$
-- The six acts: each reads its arguments from a JSON object without nulls, writes plain rows and answers.
-- What may be written is decided by the triggers and constraints of the tables; requests, rehearsals and batches
-- are the matter of 50-request.sql.
-- Who looks for one row by its key never reads the whole table, whatever a session that loads an empty register
-- has planned for: hence enable_seqscan = off.

CREATE OR REPLACE FUNCTION registry.require_argument(act text, arguments jsonb, VARIADIC names text[])
    RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        IF NOT arguments ?| names THEN
            PERFORM refuse('RG085', ARRAY[act, array_to_string(names, ' / ')]);
        END IF;
    END $$;
COMMENT ON FUNCTION registry.require_argument(text, jsonb, text[]) IS
    'Refuses with RG085 an act that lacks all of these arguments (必填校验)';

CREATE OR REPLACE FUNCTION registry.named_person(act text, arguments jsonb)
    RETURNS bigint
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    AS $$
    DECLARE
        person CONSTANT bigint := (arguments ->> 'person_id')::bigint;
        number CONSTANT resident_id := (arguments ->> 'resident_id')::resident_id;
        bearer bigint;
    BEGIN
        PERFORM registry.require_argument(act, arguments, 'person_id', 'resident_id');
        IF number IS NULL THEN
            RETURN person;
        END IF;
        SELECT p.person_id INTO bearer FROM registry.person p WHERE p.resident_id = number;
        IF NOT FOUND THEN
            PERFORM refuse('RG010', ARRAY[mask(number)], 'registry.person', 'resident_id');
        ELSIF person <> bearer THEN
            PERFORM refuse('RG086', ARRAY[person::text, mask(number)], 'registry.person', 'resident_id');
        END IF;
        RETURN bearer;
    END $$;
COMMENT ON FUNCTION registry.named_person(text, jsonb) IS
    'The person whom the arguments person_id and resident_id name (人员定位): RG085 neither is given, RG010 nobody has that resident ID, RG086 they name two';

CREATE OR REPLACE FUNCTION registry.named_residence(act text, arguments jsonb)
    RETURNS registry.residence
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    AS $$
    DECLARE
        person    bigint;
        residence registry.residence;
    BEGIN
        IF arguments ? 'residence_id' THEN
            SELECT * INTO residence FROM registry.residence r WHERE r.residence_id = (arguments ->> 'residence_id')::bigint;
            IF NOT FOUND THEN
                PERFORM refuse('RG012', ARRAY[arguments ->> 'residence_id'], 'registry.residence', 'residence_id');
            END IF;
            IF arguments ?| '{person_id,resident_id}' THEN
                person := registry.named_person(act, arguments);
                IF person <> residence.person_id THEN
                    PERFORM refuse('RG086', ARRAY[person::text, residence.person_id::text], 'registry.residence', 'person_id');
                END IF;
            END IF;
            RETURN residence;
        END IF;

        PERFORM registry.require_argument(act, arguments, 'residence_id', 'person_id', 'resident_id');
        person := registry.named_person(act, arguments);
        SELECT * INTO residence FROM registry.residence r WHERE r.person_id = person AND residence_is_current(r.state);
        IF NOT FOUND THEN
            PERFORM refuse(CASE WHEN EXISTS (SELECT FROM registry.person p WHERE p.person_id = person) THEN 'RG040' ELSE 'RG010' END,
                           ARRAY[person::text], 'registry.residence', 'person_id');
        END IF;
        RETURN residence;
    END $$;
COMMENT ON FUNCTION registry.named_residence(text, jsonb) IS
    'The residence that the arguments name (登记定位): residence_id itself, or the current one of person_id or resident_id. RG010, RG012 there is none such, RG040 nothing current, RG085 nothing named, RG086 they name two persons';

CREATE OR REPLACE FUNCTION registry.residence_answer(act text, residence registry.residence)
    RETURNS api.answer
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN ROW(true, act, residence.person_id, residence.residence_id, residence.dwelling_id, residence.state,
                   residence.half_year_from, NULL, NULL, NULL, NULL, NULL)::api.answer;
    END $$;
COMMENT ON FUNCTION registry.residence_answer(text, registry.residence) IS 'How an act answers with a residence (办理结果)';

CREATE OR REPLACE FUNCTION registry.open_residence(entry registry.residence, verified boolean)
    RETURNS registry.residence
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        residence registry.residence;
    BEGIN
        INSERT INTO registry.residence (
            person_id, dwelling_id, arrived_on, state, reason, intended_stay, place_kind, guardian_person_id,
            channel, reporter_person_id, reporter_credit_code)
        VALUES (
            entry.person_id, entry.dwelling_id, COALESCE(entry.arrived_on, today()),
            CASE WHEN verified THEN 'active' ELSE 'reported' END,
            entry.reason, entry.intended_stay, entry.place_kind, entry.guardian_person_id,
            COALESCE(entry.channel, 'window'), entry.reporter_person_id, entry.reporter_credit_code)
        RETURNING * INTO residence;
        RETURN residence;
    END $$;
COMMENT ON FUNCTION registry.open_residence(registry.residence, boolean) IS
    'Writes an arrival from what was entered (新增居住登记); the triggers of registry.residence decide';

CREATE OR REPLACE FUNCTION registry.step_residence(
        residence bigint, to_state text, departed_on date DEFAULT NULL, close_reason text DEFAULT NULL)
    RETURNS registry.residence
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    AS $$
    DECLARE
        changed registry.residence;
    BEGIN
        -- who waited here for another clerk and finds the step taken is told so, and overwrites nothing
        UPDATE registry.residence r
        SET state = to_state,
            departed_on = CASE WHEN residence_is_current(to_state) THEN NULL
                               ELSE COALESCE(step_residence.departed_on, r.departed_on) END,
            close_reason = COALESCE(step_residence.close_reason, r.close_reason)
        WHERE r.residence_id = residence AND r.state <> to_state
        RETURNING * INTO changed;
        IF NOT FOUND THEN
            SELECT * INTO changed FROM registry.residence r WHERE r.residence_id = residence;
            IF FOUND THEN
                PERFORM refuse('RG034', ARRAY[residence::text, changed.state, to_state], 'registry.residence', 'state');
            ELSE
                PERFORM refuse('RG012', ARRAY[residence::text], 'registry.residence', 'residence_id');
            END IF;
        END IF;
        RETURN changed;
    END $$;
COMMENT ON FUNCTION registry.step_residence(bigint, text, date, text) IS
    'Takes a residence to another state (登记状态变更); the triggers of registry.residence decide. RG012 there is none such, RG034 it has that state already';

CREATE OR REPLACE FUNCTION registry.register_person(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        papers  CONSTANT jsonb := arguments -> 'documents';
        entry   registry.person := jsonb_populate_record(NULL::registry.person, arguments - 'documents');
        unknown text;
        answer  api.answer;
    BEGIN
        INSERT INTO registry.person (
            resident_id, name, sex, birth_date, ethnic_group, household_division, household_address, phone)
        VALUES (
            entry.resident_id, entry.name, COALESCE(entry.sex, '0'), entry.birth_date, entry.ethnic_group,
            entry.household_division, entry.household_address, entry.phone)
        RETURNING person_id INTO entry.person_id;

        IF papers IS NOT NULL THEN
            IF jsonb_path_exists(papers, 'strict $ ? (@.type() != "array")')
               OR jsonb_path_exists(papers, 'strict $[*] ? (@.type() != "object")') THEN
                PERFORM refuse('RG083', ARRAY['documents', 'an array of objects']);
            END IF;
            SELECT field INTO unknown
            FROM jsonb_array_elements(papers) AS paper, jsonb_object_keys(paper) AS field
            WHERE field <> ALL ('{document_type,document_number,issuer,valid_from,valid_to}')
            LIMIT 1;
            IF FOUND THEN
                PERFORM refuse('RG082', ARRAY[act, 'documents.' || left(unknown, 60)]);
            END IF;
            PERFORM registry.require_argument(act, paper, 'document_type') FROM jsonb_array_elements(papers) AS paper;
            INSERT INTO registry.identity_document (person_id, document_type, document_number, issuer, valid_from, valid_to)
            SELECT entry.person_id, p.document_type, p.document_number, p.issuer, p.valid_from, p.valid_to
            FROM jsonb_populate_recordset(NULL::registry.identity_document, papers) AS p;
        END IF;

        answer.accepted := true;
        answer.act := act;
        answer.person_id := entry.person_id;
        answer.warning := resident_id_warning(entry.resident_id);
        RETURN answer;
    END $$;
COMMENT ON FUNCTION registry.register_person(text, jsonb) IS 'The act behind api.register_person() (人员登记)';

CREATE OR REPLACE FUNCTION registry.register_arrival(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        entry registry.residence := jsonb_populate_record(NULL::registry.residence, arguments);
    BEGIN
        PERFORM registry.require_argument(act, arguments, 'dwelling_id');
        entry.person_id := registry.named_person(act, arguments);
        RETURN registry.residence_answer(act, registry.open_residence(entry, (arguments ->> 'verified')::boolean));
    END $$;
COMMENT ON FUNCTION registry.register_arrival(text, jsonb) IS 'The act behind api.register_arrival() (到达登记)';

CREATE OR REPLACE FUNCTION registry.register_departure(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        residence CONSTANT registry.residence := registry.named_residence(act, arguments);
    BEGIN
        RETURN registry.residence_answer(act, registry.step_residence(
            residence.residence_id, 'departed', COALESCE((arguments ->> 'departed_on')::date, today()), arguments ->> 'reason'));
    END $$;
COMMENT ON FUNCTION registry.register_departure(text, jsonb) IS 'The act behind api.register_departure() (离开注销)';

CREATE OR REPLACE FUNCTION registry.change_residence(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        entry registry.residence := jsonb_populate_record(NULL::registry.residence, arguments);
        old   registry.residence;
    BEGIN
        PERFORM registry.require_argument(act, arguments, 'dwelling_id');
        old := registry.named_residence(act, arguments);
        IF old.dwelling_id = entry.dwelling_id THEN
            PERFORM refuse('RG039', ARRAY[old.person_id::text, old.dwelling_id::text], 'registry.residence', 'dwelling_id');
        END IF;
        entry.person_id := old.person_id;
        entry.arrived_on := COALESCE((arguments ->> 'moved_on')::date, today());
        entry.reason := COALESCE(entry.reason, old.reason);
        entry.intended_stay := COALESCE(entry.intended_stay, old.intended_stay);
        entry.guardian_person_id := COALESCE(entry.guardian_person_id, old.guardian_person_id);
        PERFORM registry.step_residence(old.residence_id, 'moved', entry.arrived_on);
        RETURN registry.residence_answer(act, registry.open_residence(entry, (arguments ->> 'verified')::boolean));
    END $$;
COMMENT ON FUNCTION registry.change_residence(text, jsonb) IS 'The act behind api.change_residence() (变更登记)';

CREATE OR REPLACE FUNCTION registry.verify_residence(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        outcome CONSTANT text := COALESCE(arguments ->> 'outcome', 'active');
    BEGIN
        PERFORM registry.require_argument(act, arguments, 'residence_id');
        IF outcome NOT IN ('active', 'rejected', 'verifying') THEN
            PERFORM refuse('RG083', ARRAY['outcome', 'active, rejected or verifying']);
        END IF;
        RETURN registry.residence_answer(act, registry.step_residence(
            (arguments ->> 'residence_id')::bigint, outcome, NULL, arguments ->> 'reason'));
    END $$;
COMMENT ON FUNCTION registry.verify_residence(text, jsonb) IS 'The act behind api.verify_residence() (核实)';

CREATE OR REPLACE FUNCTION registry.void_residence(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        PERFORM registry.require_argument(act, arguments, 'residence_id');
        PERFORM registry.require_argument(act, arguments, 'reason');
        RETURN registry.residence_answer(act, registry.step_residence(
            (arguments ->> 'residence_id')::bigint, 'voided', NULL, arguments ->> 'reason'));
    END $$;
COMMENT ON FUNCTION registry.void_residence(text, jsonb) IS 'The act behind api.void_residence() (作废)';
$step$);

SELECT residency.ship_step('view/50-api', 'repeatable', '7867ba614a643a38b99865e285d59fe021675872eb9be880fe9d130fe093f756', NULL, NULL, $step$
-- What applications call: six acts, each for one case and for many.
-- Parameters bear the names of the columns that they fill. What is common to all acts stands in 50-request.sql.

CREATE OR REPLACE FUNCTION api.register_person(
        name text, resident_id text DEFAULT NULL, sex text DEFAULT NULL, birth_date date DEFAULT NULL,
        ethnic_group text DEFAULT NULL, household_division text DEFAULT NULL,
        household_address text DEFAULT NULL, phone text DEFAULT NULL, documents jsonb DEFAULT NULL,
        request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('register_person', jsonb_build_object(
            'name', name, 'resident_id', resident_id, 'sex', sex, 'birth_date', birth_date,
            'ethnic_group', ethnic_group, 'household_division', household_division,
            'household_address', household_address, 'phone', phone, 'documents', documents),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.register_person(text, text, text, date, text, text, text, text, jsonb, uuid, boolean) IS
    'Registers a person (人员登记; 居住证暂行条例 Art. 4). name; resident_id (GB 11643) where there is one: sex and birth_date may then stay empty; sex (GB/T 2261.1), ethnic_group (GB/T 3304), household_division (户籍地区划) and household_address, phone; documents: [{"document_type", "document_number", "issuer", "valid_from", "valid_to"}, ...], valid_to the day after the last. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers person_id, and as warning unknown_region or region_ended_before_birth. Errors: RG001-RG009, RG013, RG080, RG082, RG083, RG085; 22P02 a malformed number. A person who is registered already is refused with the person_id (RG002 by resident ID, RG007 by document)';

CREATE OR REPLACE FUNCTION api.register_arrival(
        person_id bigint DEFAULT NULL, dwelling_id bigint DEFAULT NULL, arrived_on date DEFAULT NULL,
        reason text DEFAULT NULL, intended_stay text DEFAULT NULL, place_kind text DEFAULT NULL,
        guardian_person_id bigint DEFAULT NULL, channel text DEFAULT 'window',
        reporter_person_id bigint DEFAULT NULL, reporter_credit_code text DEFAULT NULL,
        verified boolean DEFAULT false, resident_id text DEFAULT NULL, request_id uuid DEFAULT NULL,
        dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('register_arrival', jsonb_build_object(
            'person_id', person_id, 'dwelling_id', dwelling_id, 'arrived_on', arrived_on, 'reason', reason,
            'intended_stay', intended_stay, 'place_kind', place_kind, 'guardian_person_id', guardian_person_id,
            'channel', channel, 'reporter_person_id', reporter_person_id,
            'reporter_credit_code', reporter_credit_code, 'verified', verified, 'resident_id', resident_id),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.register_arrival(bigint, bigint, date, text, text, text, bigint, text, bigint, text, boolean, text, uuid, boolean) IS
    'Registers that somebody has come to live in a dwelling (到达登记; 户口登记条例 Art. 15). person_id or resident_id; dwelling_id; arrived_on, NULL is today; reason, intended_stay, place_kind, channel: lists residence_reason, intended_stay, place_kind, channel; guardian_person_id for a minor; reporter_person_id or reporter_credit_code (GB 32100) of who reports it, if somebody else; verified: true registers it as active, false as reported. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers residence_id, state, half_year_from. Errors: RG006, RG010, RG011, RG020-RG022, RG025-RG033, RG041, RG080, RG085, RG086, RG090; 22P02 a malformed number, 23503 a reporter who is not registered';

CREATE OR REPLACE FUNCTION api.register_departure(
        person_id bigint DEFAULT NULL, departed_on date DEFAULT NULL, reason text DEFAULT NULL,
        residence_id bigint DEFAULT NULL, resident_id text DEFAULT NULL, request_id uuid DEFAULT NULL,
        dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('register_departure', jsonb_build_object(
            'person_id', person_id, 'departed_on', departed_on, 'reason', reason, 'residence_id', residence_id,
            'resident_id', resident_id),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.register_departure(bigint, date, text, bigint, text, uuid, boolean) IS
    'Registers that somebody has left (离开注销; 广东省流动人口服务管理条例 Art. 21). person_id, resident_id or residence_id; departed_on, NULL is today; reason in words. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers the residence, departed. Errors: RG010, RG012, RG023, RG024, RG034, RG040, RG080, RG085, RG086';

CREATE OR REPLACE FUNCTION api.change_residence(
        person_id bigint DEFAULT NULL, dwelling_id bigint DEFAULT NULL, moved_on date DEFAULT NULL,
        reason text DEFAULT NULL, intended_stay text DEFAULT NULL, place_kind text DEFAULT NULL,
        guardian_person_id bigint DEFAULT NULL, channel text DEFAULT 'window',
        reporter_person_id bigint DEFAULT NULL, reporter_credit_code text DEFAULT NULL,
        verified boolean DEFAULT false, residence_id bigint DEFAULT NULL, resident_id text DEFAULT NULL,
        request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('change_residence', jsonb_build_object(
            'person_id', person_id, 'dwelling_id', dwelling_id, 'moved_on', moved_on, 'reason', reason,
            'intended_stay', intended_stay, 'place_kind', place_kind, 'guardian_person_id', guardian_person_id,
            'channel', channel, 'reporter_person_id', reporter_person_id,
            'reporter_credit_code', reporter_credit_code, 'verified', verified, 'residence_id', residence_id,
            'resident_id', resident_id),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.change_residence(bigint, bigint, date, text, text, text, bigint, text, bigint, text, boolean, bigint, text, uuid, boolean) IS
    'Registers a change of address (变更登记; 广东省流动人口服务管理条例 Art. 10): closes the current residence as moved on the day moved_on (NULL is today) and opens that in dwelling_id on the same day, both or neither. person_id, resident_id or residence_id; the rest as for api.register_arrival(): reason, intended_stay and guardian_person_id stay as they were where nothing is entered. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers the new residence; its half-year goes on within one city. Errors: those of api.register_arrival(), RG012, RG023, RG034, RG039, RG040';

CREATE OR REPLACE FUNCTION api.verify_residence(
        residence_id bigint, outcome text DEFAULT 'active', reason text DEFAULT NULL,
        request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('verify_residence', jsonb_build_object(
            'residence_id', residence_id, 'outcome', outcome, 'reason', reason),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.verify_residence(bigint, text, text, uuid, boolean) IS
    'Enters what the check of a reported residence has shown (核实). residence_id; outcome: active (核实登记), verifying (受理核实) or rejected (核实不通过), this with a reason in words; active also takes an automatic closing back. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers the residence. Errors: RG012, RG020, RG021, RG026-RG034, RG036, RG042, RG080, RG083, RG085';

CREATE OR REPLACE FUNCTION api.void_residence(
        residence_id bigint, reason text, request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('void_residence', jsonb_build_object(
            'residence_id', residence_id, 'reason', reason),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.void_residence(bigint, text, uuid, boolean) IS
    'Voids a registration that is wrong or was entered twice (作废); it stays on record (个人信息保护法 Art. 46). residence_id; reason in words, one line of up to 200 characters. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers the residence. Errors: RG012, RG034, RG036, RG080, RG085';

CREATE OR REPLACE FUNCTION api.submit(
        act text, batch jsonb, request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS SETOF api.batch_answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        IF NOT EXISTS (SELECT FROM ledger.parameter(act)) THEN
            PERFORM refuse('RG084', ARRAY[left(act, 60)]);
        ELSIF jsonb_typeof(batch) IS DISTINCT FROM 'array' THEN
            PERFORM refuse('RG081', ARRAY[COALESCE(jsonb_typeof(batch), 'nothing')]);
        END IF;
        RETURN QUERY
            SELECT a.line::integer, a.accepted, a.act, a.person_id, a.residence_id, a.dwelling_id, a.state,
                   a.half_year_from, a.warning, a.code, a.message, a.detail, a.hint
            FROM unnest(ledger.perform(act, batch, request_id, dry_run)) WITH ORDINALITY
                AS a (accepted, act, person_id, residence_id, dwelling_id, state,
                      half_year_from, warning, code, message, detail, hint, line);
    END $$;
COMMENT ON FUNCTION api.submit(text, jsonb, uuid, boolean) IS
    'Carries out an act for many (批量办理). act: register_person, register_arrival, register_departure, change_residence, verify_residence or void_residence; batch: a JSON array of objects whose fields are the parameters of that act; request_id, dry_run: for the whole batch. Answers a row for each in their order: accepted, or refused with code and text; the good ones are kept. Rows may depend on each other in any order. Errors: RG080, RG081, RG084; in rows those of the act, RG081-RG083';

CREATE OR REPLACE FUNCTION api.register_persons(batch jsonb, request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS SETOF api.batch_answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN QUERY SELECT * FROM api.submit('register_person', batch, request_id, dry_run);
    END $$;
COMMENT ON FUNCTION api.register_persons(jsonb, uuid, boolean) IS
    'api.register_person() for many (批量人员登记): see api.submit()';

CREATE OR REPLACE FUNCTION api.register_arrivals(batch jsonb, request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS SETOF api.batch_answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN QUERY SELECT * FROM api.submit('register_arrival', batch, request_id, dry_run);
    END $$;
COMMENT ON FUNCTION api.register_arrivals(jsonb, uuid, boolean) IS
    'api.register_arrival() for many (批量到达登记): see api.submit()';

CREATE OR REPLACE FUNCTION api.register_departures(batch jsonb, request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS SETOF api.batch_answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN QUERY SELECT * FROM api.submit('register_departure', batch, request_id, dry_run);
    END $$;
COMMENT ON FUNCTION api.register_departures(jsonb, uuid, boolean) IS
    'api.register_departure() for many (批量离开注销): see api.submit()';

CREATE OR REPLACE FUNCTION api.change_residences(batch jsonb, request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS SETOF api.batch_answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN QUERY SELECT * FROM api.submit('change_residence', batch, request_id, dry_run);
    END $$;
COMMENT ON FUNCTION api.change_residences(jsonb, uuid, boolean) IS
    'api.change_residence() for many (批量变更登记): see api.submit()';

CREATE OR REPLACE FUNCTION api.verify_residences(batch jsonb, request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS SETOF api.batch_answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN QUERY SELECT * FROM api.submit('verify_residence', batch, request_id, dry_run);
    END $$;
COMMENT ON FUNCTION api.verify_residences(jsonb, uuid, boolean) IS
    'api.verify_residence() for many (批量核实): see api.submit()';

CREATE OR REPLACE FUNCTION api.void_residences(batch jsonb, request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS SETOF api.batch_answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN QUERY SELECT * FROM api.submit('void_residence', batch, request_id, dry_run);
    END $$;
COMMENT ON FUNCTION api.void_residences(jsonb, uuid, boolean) IS
    'api.void_residence() for many (批量作废): see api.submit()';
$step$);

SELECT residency.ship_step('view/50-request', 'repeatable', '41045bf85c563e522d8df63837846fa2c97d067b0eba54c708e2bf865a31e1cf', NULL, NULL, $step$
-- What happens around an act, once for all six: numbered requests, rehearsals, batches, collisions.

CREATE OR REPLACE FUNCTION ledger.act(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN CASE act
            WHEN 'register_person' THEN registry.register_person(act, arguments)
            WHEN 'register_arrival' THEN registry.register_arrival(act, arguments)
            WHEN 'register_departure' THEN registry.register_departure(act, arguments)
            WHEN 'change_residence' THEN registry.change_residence(act, arguments)
            WHEN 'verify_residence' THEN registry.verify_residence(act, arguments)
            WHEN 'void_residence' THEN registry.void_residence(act, arguments)
        END;
    END $$;
COMMENT ON FUNCTION ledger.act(text, jsonb) IS 'Carries out the act of this name with arguments without nulls (执行操作)';

CREATE OR REPLACE FUNCTION ledger.is_refusal(code text)
    RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$ SELECT code ~ '^(22|23|44|54|42501$|P0001$|[I-OQ-WYZ])' $$;
COMMENT ON FUNCTION ledger.is_refusal(text) IS
    'Whether an error with this SQLSTATE says something about what was entered (是否业务拒绝): data, constraints, privileges, rules of the register or of a site; and not that the request was cancelled, met a deadlock, ran out of memory …';

CREATE OR REPLACE FUNCTION ledger.act_or_refuse(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        code_of       text;
        text_of       text;
        detail        text;
        at_schema     text;
        at_table      text;
        at_constraint text;
        entry         text;
    BEGIN
        FOR attempt IN 1..2 LOOP
            BEGIN
                RETURN ledger.act(act, arguments);
            EXCEPTION WHEN integrity_constraint_violation THEN
                GET STACKED DIAGNOSTICS code_of = RETURNED_SQLSTATE, text_of = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL,
                                        at_schema = SCHEMA_NAME, at_table = TABLE_NAME, at_constraint = CONSTRAINT_NAME;
                -- Another transaction was first. It has ended, so the rule itself can say now what is in the way.
                EXIT WHEN code_of NOT IN ('23505', '23P01');
            END;
        END LOOP;
        -- The constraint has the last word. Its DETAIL quotes the row, but of a foreign key only the key that is missing.
        SELECT min(e.code) INTO entry FROM code.error e
        WHERE e.constraint_name = at_constraint AND code_of IN ('23505', '23P01');
        IF entry IS NOT NULL THEN
            PERFORM refuse(entry, array_fill('…'::text, '{4}'), at_schema || '.' || at_table);
        END IF;
        RAISE EXCEPTION USING ERRCODE = code_of, MESSAGE = text_of, DETAIL = CASE code_of WHEN '23503' THEN detail ELSE '' END,
                              SCHEMA = at_schema, TABLE = at_table, CONSTRAINT = at_constraint;
    END $$;
COMMENT ON FUNCTION ledger.act_or_refuse(text, jsonb) IS
    'ledger.act() as a clerk meets it (执行或拒绝): who collides with another transaction is refused in the words of the rule, not of the constraint, and no message quotes a row';

CREATE OR REPLACE FUNCTION ledger.refused(act text, code text, message text, detail text, hint text)
    RETURNS api.answer
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN ROW(false, act, NULL, NULL, NULL, NULL, NULL, NULL, code, message, NULLIF(detail, ''), NULLIF(hint, ''))::api.answer;
    END $$;
COMMENT ON FUNCTION ledger.refused(text, text, text, text, text) IS 'A refusal as an answer (拒绝结果)';

CREATE OR REPLACE FUNCTION ledger.parameter(act text, OUT name text, OUT type text)
    RETURNS SETOF record
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        SELECT a.name, format_type(a.type, NULL)
        FROM pg_proc p
        CROSS JOIN unnest(p.proargnames, p.proargtypes::oid[]) AS a (name, type)
        WHERE p.pronamespace = 'api'::regnamespace AND p.proname = act AND p.prorettype = 'api.answer'::regtype
          AND a.name NOT IN ('request_id', 'dry_run')
    $$;
COMMENT ON FUNCTION ledger.parameter(text) IS
    'Parameters of an act, read from the function of the api (操作参数): what a row of a batch may have; none for what is no act';

CREATE OR REPLACE FUNCTION ledger.row_arguments(act text, entry jsonb, fields text[])
    RETURNS jsonb
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        field text;
    BEGIN
        IF jsonb_typeof(entry) <> 'object' THEN
            PERFORM refuse('RG081', ARRAY[jsonb_typeof(entry)]);
        ELSIF entry - fields <> '{}' THEN
            SELECT min(k) INTO field FROM jsonb_object_keys(entry - fields) AS k;
            PERFORM refuse('RG082', ARRAY[act, left(field, 60)]);
        ELSIF jsonb_path_exists(entry - 'documents', 'strict $.* ? (@.type() == "object" || @.type() == "array")') THEN
            SELECT min(k) INTO field FROM jsonb_each(entry - 'documents') AS e (k, v) WHERE jsonb_typeof(v) IN ('object', 'array');
            PERFORM refuse('RG083', ARRAY[field, p.type]) FROM ledger.parameter(act) p WHERE p.name = field;
        END IF;
        RETURN jsonb_strip_nulls(entry);
    END $$;
COMMENT ON FUNCTION ledger.row_arguments(text, jsonb, text[]) IS
    'Arguments from one row of a batch (批量行参数): RG081 it is no object, RG082 it has a field that is no parameter, RG083 a field holds an object or array';

CREATE OR REPLACE FUNCTION ledger.misread_argument(act text, arguments jsonb)
    RETURNS text[]
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        field record;
    BEGIN
        FOR field IN SELECT p.name, p.type FROM ledger.parameter(act) p WHERE arguments ? p.name LOOP
            BEGIN
                EXECUTE format('SELECT %L::%s', arguments ->> field.name, field.type);
            EXCEPTION WHEN data_exception THEN
                RETURN ARRAY[field.name, field.type];
            END;
        END LOOP;
        RETURN NULL;
    END $$;
COMMENT ON FUNCTION ledger.misread_argument(text, jsonb) IS
    'The first argument that does not read as the type of its parameter, and that type (格式不符的字段); NULL: all do';

CREATE OR REPLACE FUNCTION ledger.answer_row(act text, entry jsonb, fields text[])
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        misread text[];
        code    text;
        text_of text;
        detail  text;
        hint    text;
    BEGIN
        BEGIN
            RETURN ledger.act(act, ledger.row_arguments(act, entry, fields));
        EXCEPTION WHEN OTHERS THEN
            IF NOT ledger.is_refusal(SQLSTATE) THEN
                RAISE;
            END IF;
            GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, text_of = MESSAGE_TEXT,
                                    detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
        END;
        -- the server's own words for bad data and constraints: ask again for the field that does not read, or for the rule
        IF code ~ '^2[23]' THEN
            BEGIN
                misread := ledger.misread_argument(act, entry);
                IF misread IS NOT NULL THEN
                    PERFORM refuse('RG083', misread);
                END IF;
                RETURN ledger.act_or_refuse(act, ledger.row_arguments(act, entry, fields));
            EXCEPTION WHEN OTHERS THEN
                IF NOT ledger.is_refusal(SQLSTATE) THEN
                    RAISE;
                END IF;
                GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, text_of = MESSAGE_TEXT,
                                        detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
            END;
        END IF;
        RETURN ledger.refused(act, code, text_of, detail, hint);
    END $$;
COMMENT ON FUNCTION ledger.answer_row(text, jsonb, text[]) IS
    'Carries out the act for one row of a batch and answers, also when it is refused (单行办理)';

CREATE OR REPLACE FUNCTION ledger.answer_batch(act text, batch jsonb)
    RETURNS api.answer[]
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        fields  CONSTANT text[] := ARRAY(SELECT p.name FROM ledger.parameter(act) p);
        answers api.answer[];
        again   integer[];
        late    integer;
    BEGIN
        FOR line IN 1..jsonb_array_length(batch) LOOP
            answers[line] := ledger.answer_row(act, batch -> (line - 1), fields);
        END LOOP;

        -- A row may have needed one that came after it: a child its guardian, a newcomer the place of one who leaves.
        SELECT array_agg(a.line) FILTER (WHERE NOT a.accepted AND a.code !~ '^(22|RG08)') INTO again
        FROM unnest(answers) WITH ORDINALITY AS a (accepted, act, person_id, residence_id, dwelling_id, state,
                                                   half_year_from, warning, code, message, detail, hint, line)
        HAVING bool_or(a.accepted);
        FOREACH late IN ARRAY COALESCE(again, '{}') LOOP
            answers[late] := ledger.answer_row(act, batch -> (late - 1), fields);
        END LOOP;
        RETURN answers;
    END $$;
COMMENT ON FUNCTION ledger.answer_batch(text, jsonb) IS
    'Carries out the act for every row of a batch, keeps the good ones, and answers for each (批量办理); rows that were refused are tried once more after the others';

CREATE OR REPLACE FUNCTION ledger.fulfil(act text, contents jsonb, request_id uuid)
    RETURNS api.answer[]
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        many    CONSTANT boolean := jsonb_typeof(contents) = 'array';
        digest  CONSTANT bytea := sha256(convert_to(concat(request_id, act, contents), 'UTF8'));
        known   ledger.request;
        answers api.answer[];
    BEGIN
        IF request_id IS NOT NULL THEN
            -- The same request at the same moment: the second waits here for the first.
            INSERT INTO ledger.request (request_id, act, digest) VALUES (request_id, act, digest)
            ON CONFLICT DO NOTHING;
            IF NOT FOUND THEN
                SELECT * INTO known FROM ledger.request r WHERE r.request_id = fulfil.request_id;
                IF known.digest <> digest THEN
                    PERFORM refuse('RG080', ARRAY[request_id::text, known.act], 'ledger.request', 'request_id');
                END IF;
                RETURN ARRAY(SELECT jsonb_populate_record(NULL::api.answer, a.answer)
                             FROM jsonb_array_elements(known.answer) WITH ORDINALITY AS a (answer, line) ORDER BY a.line);
            END IF;
        END IF;

        IF many THEN
            answers := ledger.answer_batch(act, contents);
        ELSE
            answers[1] := ledger.act_or_refuse(act, contents);
        END IF;

        IF request_id IS NOT NULL THEN
            UPDATE ledger.request r SET answer = jsonb_strip_nulls(to_jsonb(answers)) WHERE r.request_id = fulfil.request_id;
        END IF;
        RETURN answers;
    END $$;
COMMENT ON FUNCTION ledger.fulfil(text, jsonb, uuid) IS
    'Carries out an act for an object of arguments, or for each row of an array, once for every request number (办理请求): RG080 the number was used for other contents';

CREATE OR REPLACE FUNCTION ledger.perform(act text, contents jsonb, request_id uuid, dry_run boolean)
    RETURNS api.answer[]
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        asked   CONSTANT jsonb := CASE WHEN jsonb_typeof(contents) = 'object' THEN jsonb_strip_nulls(contents) ELSE contents END;
        answers api.answer[];
        code    text;
        text_of text;
        detail  text;
        hint    text;
    BEGIN
        IF dry_run IS NOT TRUE THEN
            RETURN ledger.fulfil(act, asked, request_id);
        END IF;

        BEGIN
            answers := ledger.fulfil(act, asked, request_id);
            RAISE SQLSTATE 'RG999';
        EXCEPTION WHEN SQLSTATE 'RG999' THEN
            -- all is taken back, the answer stays; numbers that were drawn will never name anything
            FOR line IN 1..cardinality(answers) LOOP
                IF NOT EXISTS (SELECT FROM registry.person p WHERE p.person_id = answers[line].person_id) THEN
                    answers[line].person_id := NULL;
                END IF;
                IF NOT EXISTS (SELECT FROM registry.residence r WHERE r.residence_id = answers[line].residence_id) THEN
                    answers[line].residence_id := NULL;
                END IF;
            END LOOP;
        WHEN OTHERS THEN
            IF NOT ledger.is_refusal(SQLSTATE) THEN
                RAISE;
            END IF;
            GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, text_of = MESSAGE_TEXT,
                                    detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
            answers := ARRAY[ledger.refused(act, code, text_of, detail, hint)];
        END;
        RETURN answers;
    END $$;
COMMENT ON FUNCTION ledger.perform(text, jsonb, uuid, boolean) IS
    'What every function of the api calls (办理): fulfils a request, or rehearses it and takes everything back';
$step$);

SELECT residency.ship_step('view/60-grid', 'repeatable', '31f6ae7647b3ca1a597e04efbcc0f8bbc18e163891ae143c490179b9cf1d4cf5', NULL, NULL, $step$
-- Grids as they come: GeoJSON from an application, rows from ogr2ogr; and what is to be done as days pass.

CREATE OR REPLACE FUNCTION registry.in_language(english text, chinese text)
    RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT CASE WHEN pg_catalog.current_setting('residency.language', true) = 'zh' THEN chinese ELSE english END $$;
COMMENT ON FUNCTION registry.in_language(text, text) IS 'One of two texts, by the setting residency.language (按语言取文)';

CREATE OR REPLACE FUNCTION registry.read_grid(feature jsonb, kind text, valid_from date)
    RETURNS registry.grid
    LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        at         constant text := 'registry.grid';
        properties constant jsonb := CASE jsonb_typeof(feature -> 'properties') WHEN 'object' THEN feature -> 'properties' ELSE '{}' END;
        entry      registry.grid;
    BEGIN
        IF jsonb_typeof(feature) <> 'object' OR feature ->> 'type' IS DISTINCT FROM 'Feature' THEN
            PERFORM refuse('RG070', ARRAY[registry.in_language('This is not a Feature.', '不是 Feature 要素。')], at);
        ELSIF feature #>> '{geometry,type}' IS NULL OR feature #>> '{geometry,type}' NOT IN ('Polygon', 'MultiPolygon') THEN
            PERFORM refuse('RG070', ARRAY[format(
                registry.in_language('The geometry is %s, not a Polygon or MultiPolygon.', '几何类型为 %s,不是 Polygon 或 MultiPolygon。'),
                COALESCE(left(feature #>> '{geometry,type}', 30), 'null'))], at, 'outline');
        END IF;
        entry.grid_code := properties ->> 'grid_code';
        IF entry.grid_code ~ '^[0-9]{12}[0-9A-Z]{2,3}$' IS NOT TRUE THEN
            PERFORM refuse('RG060', ARRAY[COALESCE(left(entry.grid_code, 20), '')], at, 'grid_code');
        END IF;
        entry.name := properties ->> 'name';
        entry.kind := COALESCE(properties ->> 'kind', kind);
        entry.division := COALESCE(properties ->> 'division', left(entry.grid_code, 12))::division_code;
        IF COALESCE(properties ->> 'valid_from', properties ->> 'valid_to', valid_from::text) IS NOT NULL THEN
            IF (properties ->> 'valid_to')::date < COALESCE((properties ->> 'valid_from')::date, valid_from, today()) THEN
                PERFORM refuse('RG067', ARRAY[entry.grid_code], at, 'period');
            END IF;
            entry.period := daterange(COALESCE((properties ->> 'valid_from')::date, valid_from, today()), (properties ->> 'valid_to')::date);
        END IF;
        BEGIN
            entry.outline := ST_Multi(ST_Force2D(ST_SetSRID(ST_GeomFromGeoJSON(feature -> 'geometry'), 4490)));
        EXCEPTION WHEN internal_error OR data_exception THEN
            PERFORM refuse('RG070', ARRAY[format(
                registry.in_language('PostGIS cannot read the geometry of grid %s: %s', 'PostGIS 无法读取网格 %s 的几何:%s'),
                entry.grid_code, SQLERRM)], at, 'outline');
        END;
        RETURN entry;
    END $$;
COMMENT ON FUNCTION registry.read_grid(jsonb, text, date) IS
    'A grid as a GeoJSON feature tells it (读取网格要素): RG060, RG067, RG070; what else is wrong with it is for the triggers of registry.grid';

CREATE OR REPLACE FUNCTION registry.draw_grids(entries registry.grid[])
    RETURNS void
    LANGUAGE sql
    SET search_path FROM CURRENT
    AS $$
        MERGE INTO registry.grid AS g
        USING (SELECT e.grid_code, e.name, e.kind, e.division, e.outline, e.period FROM unnest(entries) AS e) AS e
        ON g.grid_code = e.grid_code
        WHEN MATCHED THEN
            UPDATE SET name = COALESCE(e.name, g.name), kind = COALESCE(e.kind, g.kind), division = e.division,
                       outline = e.outline, period = COALESCE(e.period, g.period)
        WHEN NOT MATCHED THEN
            INSERT (grid_code, name, kind, division, outline, period)
            VALUES (e.grid_code, e.name, COALESCE(e.kind, 'management'), e.division, e.outline,
                    COALESCE(e.period, daterange(today(), NULL)))
    $$;
COMMENT ON FUNCTION registry.draw_grids(registry.grid[]) IS
    'Draws new grids and redraws known ones, by code, judged together (绘制网格); what an entry leaves empty stays as it was';

CREATE OR REPLACE FUNCTION api.import_grids(
        geojson jsonb, kind text DEFAULT NULL, valid_from date DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS TABLE (line integer, accepted boolean, grid_code text, grid_id bigint, done text,
                   code text, message text, detail text, hint text)
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    #variable_conflict use_column
    DECLARE
        crs      constant text := geojson #>> '{crs,properties,name}';
        most     constant integer := CASE WHEN jsonb_typeof(geojson -> 'features') = 'array'
                                          THEN jsonb_array_length(geojson -> 'features') ELSE 0 END;
        known    text[];        -- codes that were there before
        entries  registry.grid[] := array_fill(NULL::registry.grid, ARRAY[most]);
        codes    text[] := array_fill(NULL::text, ARRAY[most]);
        messages text[] := codes;
        details  text[] := codes;
        hints    text[] := codes;
        its_code    text;
        its_message text;
        its_detail  text;
        its_hint    text;
        pending  integer[];
        slices   int4range[];
        slice    integer[];
        middle   integer;
        progress boolean;
    BEGIN
        IF geojson ->> 'type' IS DISTINCT FROM 'FeatureCollection' OR jsonb_typeof(geojson -> 'features') IS DISTINCT FROM 'array' THEN
            PERFORM refuse('RG070', ARRAY[registry.in_language(
                'It is not a FeatureCollection with an array of features.', '不是含 features 数组的 FeatureCollection。')], 'registry.grid');
        ELSIF crs !~* '(CRS84|EPSG:.*4326|EPSG:.*4490)$' THEN
            PERFORM refuse('RG070', ARRAY[format(registry.in_language(
                'Its coordinates are in %s; degrees of CRS84 or CGCS2000 (EPSG:4490) are read.', '坐标系为 %s,须为 CRS84 或 CGCS2000(EPSG:4490)经纬度。'),
                left(crs, 60))], 'registry.grid', 'outline');
        END IF;

        <<rehearsal>>
        BEGIN
            FOR n IN 1..most LOOP
                BEGIN
                    entries[n] := registry.read_grid(geojson -> 'features' -> (n - 1), kind, valid_from);
                    IF EXISTS (SELECT FROM unnest(entries[:n - 1]) AS e WHERE e.grid_code = (entries[n]).grid_code) THEN
                        PERFORM refuse('RG070', ARRAY[format(registry.in_language('Grid %s comes twice.', '网格 %s 重复出现。'), (entries[n]).grid_code)], 'registry.grid', 'grid_code');
                    END IF;
                    pending := pending || n;
                EXCEPTION WHEN OTHERS THEN
                    IF NOT ledger.is_refusal(SQLSTATE) THEN
                        RAISE;
                    END IF;
                    GET STACKED DIAGNOSTICS its_code = RETURNED_SQLSTATE, its_message = MESSAGE_TEXT,
                                            its_detail = PG_EXCEPTION_DETAIL, its_hint = PG_EXCEPTION_HINT;
                    codes[n] := its_code; messages[n] := its_message; details[n] := its_detail; hints[n] := its_hint;
                END;
            END LOOP;
            known := ARRAY(SELECT g.grid_code FROM registry.grid g
                           WHERE g.grid_code IN (SELECT e.grid_code FROM unnest(entries) AS e));

            -- All at once if it can be; else by halves, down to the ones that are refused. A grid that met the old outline
            -- of a neighbour is tried again once the neighbour is redrawn.
            WHILE pending <> '{}' LOOP
                progress := false;
                slices := ARRAY[int4range(1, cardinality(pending) + 1)];
                WHILE slices <> '{}' LOOP
                    slice := pending[lower(slices[1]) : upper(slices[1]) - 1];
                    BEGIN
                        PERFORM registry.draw_grids(ARRAY(SELECT entries[n] FROM unnest(slice) AS n));
                        codes := ARRAY(SELECT CASE WHEN n = ANY (slice) THEN NULL ELSE codes[n] END
                                       FROM generate_series(1, most) AS n);
                        slices := slices[2:];
                        progress := true;
                    EXCEPTION WHEN OTHERS THEN
                        IF NOT ledger.is_refusal(SQLSTATE) THEN
                            RAISE;
                        ELSIF cardinality(slice) = 1 THEN
                            GET STACKED DIAGNOSTICS its_code = RETURNED_SQLSTATE, its_message = MESSAGE_TEXT,
                                                    its_detail = PG_EXCEPTION_DETAIL, its_hint = PG_EXCEPTION_HINT;
                            codes[slice[1]] := its_code; messages[slice[1]] := its_message;
                            details[slice[1]] := its_detail; hints[slice[1]] := its_hint;
                            slices := slices[2:];
                        ELSE
                            middle := lower(slices[1]) + cardinality(slice) / 2;
                            slices := ARRAY[int4range(lower(slices[1]), middle), int4range(middle, upper(slices[1]))] || slices[2:];
                        END IF;
                    END;
                END LOOP;
                pending := ARRAY(SELECT n FROM unnest(pending) AS n WHERE codes[n] = 'RG063' AND progress);
            END LOOP;
            IF dry_run THEN
                RAISE SQLSTATE 'RG999';
            END IF;
        EXCEPTION WHEN SQLSTATE 'RG999' THEN
            NULL;
        END rehearsal;

        RETURN QUERY
            SELECT n, codes[n] IS NULL, (entries[n]).grid_code, g.grid_id,
                   CASE WHEN codes[n] IS NULL THEN CASE WHEN (entries[n]).grid_code = ANY (known) THEN 'redrawn' ELSE 'drawn' END END,
                   codes[n], CASE WHEN codes[n] IS NOT NULL THEN messages[n] END,
                   CASE WHEN codes[n] IS NOT NULL THEN details[n] END, CASE WHEN codes[n] IS NOT NULL THEN hints[n] END
            FROM generate_series(1, most) AS n
            LEFT JOIN registry.grid g ON g.grid_code = (entries[n]).grid_code
            ORDER BY n;
    END $$;
COMMENT ON FUNCTION api.import_grids(jsonb, text, date, boolean) IS
    'Draws and redraws grids from a GeoJSON FeatureCollection (导入网格, RFC 7946): Polygon or MultiPolygon in degrees of CRS84, read as CGCS2000; properties grid_code and name, and if need be kind, division, valid_from, valid_to (half open). A known grid_code is redrawn, what is left out stays as it was. kind, valid_from: for features without their own; dry_run: answer, change nothing. Answers a row for each feature: accepted (drawn or redrawn), or refused with code and text; the good ones are kept. Errors: RG070; in rows RG006, RG059-RG067, RG069, RG070, 22P02 and 22007 for a property that cannot be read';

CREATE OR REPLACE FUNCTION api.assign_grids(since date DEFAULT NULL)
    RETURNS bigint
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        -- as who draws: nobody locates a dwelling meanwhile
        PERFORM grid_lock(NULL);
        RETURN place_dwellings(ARRAY(
            SELECT g.grid_id FROM registry.grid g
            WHERE g.kind = 'management'
              AND (since IS NULL
                   OR lower(g.period) BETWEEN since AND today()
                   OR upper(g.period) BETWEEN since AND today())))
            + CASE WHEN since IS NULL THEN place_parts() ELSE 0 END;
    END $$;
COMMENT ON FUNCTION api.assign_grids(date) IS
    'Gives every dwelling the management grid that it belongs to today (重新归属网格), and answers how many changed, not counting parts that went with them: for a nightly job, since grids begin and end as days pass. since: only for grids whose period began or ended on that day or after';

CREATE OR REPLACE VIEW map.grid_import AS
SELECT g.grid_id,
       g.grid_code,
       g.name,
       g.kind,
       lower(g.period) AS valid_from,
       upper(g.period) AS valid_to,
       g.outline::geometry(Geometry, 4490) AS outline
FROM registry.grid g
WHERE g.period @> today();
COMMENT ON VIEW map.grid_import IS
    'Staging view for grids (网格导入): what is inserted here is drawn, or redrawn where the code is known; what is left empty stays as it was. Polygon and MultiPolygon in degrees. ogr2ogr -append -nln map.grid_import -t_srs EPSG:4490 -dim XY PG:dbname=… grids.shp; the first refusal stops it, api.import_grids() keeps the good ones';
COMMENT ON COLUMN map.grid_import.grid_id IS 'Key, given by the register (网格编号)';
COMMENT ON COLUMN map.grid_import.grid_code IS 'Code of the grid (网格编码)';
COMMENT ON COLUMN map.grid_import.name IS 'Name (网格名称)';
COMMENT ON COLUMN map.grid_import.kind IS 'Kind, list grid_kind (网格类型代码); empty: management';
COMMENT ON COLUMN map.grid_import.valid_from IS 'First day of validity (启用日期); empty: today';
COMMENT ON COLUMN map.grid_import.valid_to IS 'First day after validity (停用日期); empty: no end';
COMMENT ON COLUMN map.grid_import.outline IS 'Outline (网格边界): Polygon or MultiPolygon, CGCS2000';

CREATE OR REPLACE FUNCTION map.grid_import()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        entry registry.grid;
    BEGIN
        IF NEW.grid_code ~ '^[0-9]{12}[0-9A-Z]{2,3}$' IS NOT TRUE THEN
            PERFORM refuse('RG060', ARRAY[COALESCE(left(NEW.grid_code, 20), '')], 'registry.grid', 'grid_code');
        ELSIF NEW.outline IS NULL THEN
            PERFORM refuse('RG062', ARRAY[NEW.grid_code], 'registry.grid', 'outline');
        ELSIF NEW.valid_to < COALESCE(NEW.valid_from, today()) THEN
            PERFORM refuse('RG067', ARRAY[NEW.grid_code], 'registry.grid', 'period');
        END IF;
        entry.grid_code := NEW.grid_code;
        entry.name := NEW.name;
        entry.kind := NEW.kind;
        entry.division := left(NEW.grid_code, 12)::division_code;
        entry.outline := ST_Multi(ST_Force2D(NEW.outline));
        IF num_nonnulls(NEW.valid_from, NEW.valid_to) > 0 THEN
            entry.period := daterange(COALESCE(NEW.valid_from, today()), NEW.valid_to);
        END IF;
        PERFORM registry.draw_grids(ARRAY[entry]);
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION map.grid_import() IS 'Trigger of map.grid_import (网格导入): draws or redraws what is inserted';
CREATE OR REPLACE TRIGGER grid_import INSTEAD OF INSERT ON map.grid_import
    FOR EACH ROW EXECUTE FUNCTION map.grid_import();
$step$);

