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
-- permit_state: the type.  Its order is that of the procedure.

CREATE TYPE residency.permit_state;

CREATE FUNCTION residency.permit_state_in(cstring) RETURNS residency.permit_state
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_permit_state_in';
COMMENT ON FUNCTION residency.permit_state_in(cstring) IS
    'reads a permit state (居住证状态)';
CREATE FUNCTION residency.permit_state_out(residency.permit_state) RETURNS cstring
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_permit_state_out';
COMMENT ON FUNCTION residency.permit_state_out(residency.permit_state) IS
    'writes a permit state in its one form (居住证状态)';
CREATE FUNCTION residency.permit_state_recv(internal) RETURNS residency.permit_state
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_permit_state_recv';
COMMENT ON FUNCTION residency.permit_state_recv(internal) IS
    'reads a permit state in binary form and checks it as permit_state_in does (居住证状态)';
CREATE FUNCTION residency.permit_state_send(residency.permit_state) RETURNS bytea
    LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'int2send';
COMMENT ON FUNCTION residency.permit_state_send(residency.permit_state) IS
    'writes a permit state in binary form (居住证状态)';

CREATE TYPE residency.permit_state (
    INPUT = residency.permit_state_in,
    OUTPUT = residency.permit_state_out,
    RECEIVE = residency.permit_state_recv,
    SEND = residency.permit_state_send,
    LIKE = int2
);

CREATE FUNCTION residency.permit_state(text) RETURNS residency.permit_state
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_permit_state_from_text';
COMMENT ON FUNCTION residency.permit_state(text) IS
    'reads a permit state from text (居住证状态)';
CREATE CAST (text AS residency.permit_state) WITH FUNCTION residency.permit_state(text);
COMMENT ON CAST (text AS residency.permit_state) IS
    'reads a permit state; refuses what is none with 22P02 (居住证状态)';
CREATE FUNCTION residency.text(residency.permit_state) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_permit_state_to_text';
COMMENT ON FUNCTION residency.text(residency.permit_state) IS
    'a permit state as text in its one form (居住证状态)';
CREATE CAST (residency.permit_state AS text) WITH FUNCTION residency.text(residency.permit_state) AS ASSIGNMENT;
COMMENT ON CAST (residency.permit_state AS text) IS
    'a permit state as text in its one form (居住证状态)';
CREATE CAST (residency.permit_state AS int2) WITHOUT FUNCTION;
COMMENT ON CAST (residency.permit_state AS int2) IS
    'the number that a permit state is kept as; there is no way back that would skip the checks (居住证状态)';

CREATE FUNCTION residency.permit_state_eq(residency.permit_state, residency.permit_state) RETURNS boolean
    LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'int2eq';
COMMENT ON FUNCTION residency.permit_state_eq(residency.permit_state, residency.permit_state) IS
    'equal (居住证状态)';
CREATE FUNCTION residency.permit_state_ne(residency.permit_state, residency.permit_state) RETURNS boolean
    LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'int2ne';
COMMENT ON FUNCTION residency.permit_state_ne(residency.permit_state, residency.permit_state) IS
    'not equal (居住证状态)';
CREATE FUNCTION residency.permit_state_lt(residency.permit_state, residency.permit_state) RETURNS boolean
    LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'int2lt';
COMMENT ON FUNCTION residency.permit_state_lt(residency.permit_state, residency.permit_state) IS
    'less than (居住证状态)';
CREATE FUNCTION residency.permit_state_le(residency.permit_state, residency.permit_state) RETURNS boolean
    LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'int2le';
COMMENT ON FUNCTION residency.permit_state_le(residency.permit_state, residency.permit_state) IS
    'less than or equal (居住证状态)';
CREATE FUNCTION residency.permit_state_gt(residency.permit_state, residency.permit_state) RETURNS boolean
    LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'int2gt';
COMMENT ON FUNCTION residency.permit_state_gt(residency.permit_state, residency.permit_state) IS
    'greater than (居住证状态)';
CREATE FUNCTION residency.permit_state_ge(residency.permit_state, residency.permit_state) RETURNS boolean
    LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'int2ge';
COMMENT ON FUNCTION residency.permit_state_ge(residency.permit_state, residency.permit_state) IS
    'greater than or equal (居住证状态)';
CREATE FUNCTION residency.permit_state_cmp(residency.permit_state, residency.permit_state) RETURNS integer
    LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'btint2cmp';
COMMENT ON FUNCTION residency.permit_state_cmp(residency.permit_state, residency.permit_state) IS
    'compares for btree: below, at or above zero (居住证状态)';
CREATE FUNCTION residency.permit_state_sortsupport(internal) RETURNS void
    LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'btint2sortsupport';
COMMENT ON FUNCTION residency.permit_state_sortsupport(internal) IS
    'sorts as integers are sorted (居住证状态)';
CREATE FUNCTION residency.permit_state_hash(residency.permit_state) RETURNS integer
    LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'hashint2';
COMMENT ON FUNCTION residency.permit_state_hash(residency.permit_state) IS
    'hash; stays the same for ever, partitions are placed by it (居住证状态)';
CREATE FUNCTION residency.permit_state_hash_extended(residency.permit_state, bigint) RETURNS bigint
    LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'hashint2extended';
COMMENT ON FUNCTION residency.permit_state_hash_extended(residency.permit_state, bigint) IS
    'hash with a seed (居住证状态)';

CREATE OPERATOR residency.= (
    FUNCTION = residency.permit_state_eq, LEFTARG = residency.permit_state, RIGHTARG = residency.permit_state,
    COMMUTATOR = OPERATOR(residency.=), NEGATOR = OPERATOR(residency.<>),
    RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR residency.= (residency.permit_state, residency.permit_state) IS
    'equal (居住证状态)';
CREATE OPERATOR residency.<> (
    FUNCTION = residency.permit_state_ne, LEFTARG = residency.permit_state, RIGHTARG = residency.permit_state,
    COMMUTATOR = OPERATOR(residency.<>), NEGATOR = OPERATOR(residency.=),
    RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR residency.<> (residency.permit_state, residency.permit_state) IS
    'not equal (居住证状态)';
CREATE OPERATOR residency.< (
    FUNCTION = residency.permit_state_lt, LEFTARG = residency.permit_state, RIGHTARG = residency.permit_state,
    COMMUTATOR = OPERATOR(residency.>), NEGATOR = OPERATOR(residency.>=),
    RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR residency.< (residency.permit_state, residency.permit_state) IS
    'less than (居住证状态)';
CREATE OPERATOR residency.<= (
    FUNCTION = residency.permit_state_le, LEFTARG = residency.permit_state, RIGHTARG = residency.permit_state,
    COMMUTATOR = OPERATOR(residency.>=), NEGATOR = OPERATOR(residency.>),
    RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR residency.<= (residency.permit_state, residency.permit_state) IS
    'less than or equal (居住证状态)';
CREATE OPERATOR residency.> (
    FUNCTION = residency.permit_state_gt, LEFTARG = residency.permit_state, RIGHTARG = residency.permit_state,
    COMMUTATOR = OPERATOR(residency.<), NEGATOR = OPERATOR(residency.<=),
    RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR residency.> (residency.permit_state, residency.permit_state) IS
    'greater than (居住证状态)';
CREATE OPERATOR residency.>= (
    FUNCTION = residency.permit_state_ge, LEFTARG = residency.permit_state, RIGHTARG = residency.permit_state,
    COMMUTATOR = OPERATOR(residency.<=), NEGATOR = OPERATOR(residency.<),
    RESTRICT = scalargesel, JOIN = scalargejoinsel
);
COMMENT ON OPERATOR residency.>= (residency.permit_state, residency.permit_state) IS
    'greater than or equal (居住证状态)';

CREATE OPERATOR CLASS residency.permit_state_ops DEFAULT FOR TYPE residency.permit_state USING btree AS
    OPERATOR 1 residency.<,
    OPERATOR 2 residency.<=,
    OPERATOR 3 residency.=,
    OPERATOR 4 residency.>=,
    OPERATOR 5 residency.>,
    FUNCTION 1 residency.permit_state_cmp(residency.permit_state, residency.permit_state),
    FUNCTION 2 residency.permit_state_sortsupport(internal),
    FUNCTION 4 btequalimage(oid);
COMMENT ON OPERATOR CLASS residency.permit_state_ops USING btree IS
    'order of permit states (居住证状态)';
COMMENT ON OPERATOR FAMILY residency.permit_state_ops USING btree IS
    'order of permit states (居住证状态)';
CREATE OPERATOR CLASS residency.permit_state_ops DEFAULT FOR TYPE residency.permit_state USING hash AS
    OPERATOR 1 residency.=,
    FUNCTION 1 residency.permit_state_hash(residency.permit_state),
    FUNCTION 2 residency.permit_state_hash_extended(residency.permit_state, bigint);
COMMENT ON OPERATOR CLASS residency.permit_state_ops USING hash IS
    'hashes of permit states (居住证状态)';
COMMENT ON OPERATOR FAMILY residency.permit_state_ops USING hash IS
    'hashes of permit states (居住证状态)';
CREATE OPERATOR CLASS residency.permit_state_minmax_ops DEFAULT FOR TYPE residency.permit_state USING brin AS
    OPERATOR 1 residency.<,
    OPERATOR 2 residency.<=,
    OPERATOR 3 residency.=,
    OPERATOR 4 residency.>=,
    OPERATOR 5 residency.>,
    FUNCTION 1 brin_minmax_opcinfo(internal),
    FUNCTION 2 brin_minmax_add_value(internal, internal, internal, internal),
    FUNCTION 3 brin_minmax_consistent(internal, internal, internal),
    FUNCTION 4 brin_minmax_union(internal, internal, internal);
COMMENT ON OPERATOR CLASS residency.permit_state_minmax_ops USING brin IS
    'ranges of permit states by blocks of a table (居住证状态)';
COMMENT ON OPERATOR FAMILY residency.permit_state_minmax_ops USING brin IS
    'ranges of permit states by blocks of a table (居住证状态)';

CREATE FUNCTION residency.permit_state_larger(residency.permit_state, residency.permit_state) RETURNS residency.permit_state
    LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'int2larger';
COMMENT ON FUNCTION residency.permit_state_larger(residency.permit_state, residency.permit_state) IS
    'the greatest of two (居住证状态)';
CREATE AGGREGATE residency.max(residency.permit_state) (
    SFUNC = residency.permit_state_larger, STYPE = residency.permit_state, SORTOP = OPERATOR(residency.>),
    COMBINEFUNC = residency.permit_state_larger, PARALLEL = SAFE
);
COMMENT ON AGGREGATE residency.max(residency.permit_state) IS
    'the greatest of all (居住证状态)';
CREATE FUNCTION residency.permit_state_smaller(residency.permit_state, residency.permit_state) RETURNS residency.permit_state
    LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'int2smaller';
COMMENT ON FUNCTION residency.permit_state_smaller(residency.permit_state, residency.permit_state) IS
    'the least of two (居住证状态)';
CREATE AGGREGATE residency.min(residency.permit_state) (
    SFUNC = residency.permit_state_smaller, STYPE = residency.permit_state, SORTOP = OPERATOR(residency.<),
    COMBINEFUNC = residency.permit_state_smaller, PARALLEL = SAFE
);
COMMENT ON AGGREGATE residency.min(residency.permit_state) IS
    'the least of all (居住证状态)';
COMMENT ON TYPE residency.permit_state IS
    'state of a residence permit, from draft to revoked, 2 bytes; residency.permit_states() lists them, residency.permit_transitions() what leads from one to another (居住证状态, 国务院令663号)';
-- address: the type, its order, what lies in what, the search by parts.

CREATE TYPE residency.address;

CREATE FUNCTION residency.address_in(cstring) RETURNS residency.address
    LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_in';
COMMENT ON FUNCTION residency.address_in(cstring) IS
    'reads an address: its canonical text as it stands, any other text through the gazetteer; 22P02 if it is none (地址)';
CREATE FUNCTION residency.address_out(residency.address) RETURNS cstring
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_out';
COMMENT ON FUNCTION residency.address_out(residency.address) IS
    'writes the canonical text of an address: its elements, and the code of its division in brackets (地址)';
CREATE FUNCTION residency.address_recv(internal) RETURNS residency.address
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_recv';
COMMENT ON FUNCTION residency.address_recv(internal) IS
    'reads an address in binary form and checks it as address_in does; 22P03 if it is none (地址)';
CREATE FUNCTION residency.address_send(residency.address) RETURNS bytea
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_send';
COMMENT ON FUNCTION residency.address_send(residency.address) IS
    'writes an address in binary form: division int8 (0: unknown), number of elements int2, of each its level int2, length int4 and text (地址)';

CREATE TYPE residency.address (
    INPUT = residency.address_in,
    OUTPUT = residency.address_out,
    RECEIVE = residency.address_recv,
    SEND = residency.address_send,
    INTERNALLENGTH = VARIABLE,
    ALIGNMENT = int4,
    STORAGE = extended
);
COMMENT ON TYPE residency.address IS
    'standard address: the code of its division as far as it is known, and its elements from province to room (标准地址: 二标四实, 标准地址库)';

CREATE FUNCTION residency.address(text) RETURNS residency.address
    LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_of_text';
COMMENT ON FUNCTION residency.address(text) IS
    'reads an address from text as address_in does (地址)';
CREATE CAST (text AS residency.address) WITH FUNCTION residency.address(text) AS ASSIGNMENT;
COMMENT ON CAST (text AS residency.address) IS
    'reads an address, through the gazetteer unless the text is canonical; refuses what is none with 22P02 (地址)';
CREATE FUNCTION residency.text(residency.address) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_to_text';
COMMENT ON FUNCTION residency.text(residency.address) IS
    'the canonical text of an address (地址)';
CREATE CAST (residency.address AS text) WITH FUNCTION residency.text(residency.address) AS ASSIGNMENT;
COMMENT ON CAST (residency.address AS text) IS
    'the canonical text of an address (地址)';

CREATE FUNCTION residency.address_eq(residency.address, residency.address) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_eq';
COMMENT ON FUNCTION residency.address_eq(residency.address, residency.address) IS
    'equal: the same division and the same elements beyond it (地址)';
CREATE FUNCTION residency.address_ne(residency.address, residency.address) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_ne';
COMMENT ON FUNCTION residency.address_ne(residency.address, residency.address) IS
    'not equal (地址)';
CREATE FUNCTION residency.address_lt(residency.address, residency.address) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_lt';
COMMENT ON FUNCTION residency.address_lt(residency.address, residency.address) IS
    'comes before (地址)';
CREATE FUNCTION residency.address_le(residency.address, residency.address) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_le';
COMMENT ON FUNCTION residency.address_le(residency.address, residency.address) IS
    'comes before or is equal (地址)';
CREATE FUNCTION residency.address_gt(residency.address, residency.address) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_gt';
COMMENT ON FUNCTION residency.address_gt(residency.address, residency.address) IS
    'comes after (地址)';
CREATE FUNCTION residency.address_ge(residency.address, residency.address) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_ge';
COMMENT ON FUNCTION residency.address_ge(residency.address, residency.address) IS
    'comes after or is equal (地址)';
CREATE FUNCTION residency.address_cmp(residency.address, residency.address) RETURNS integer
    LANGUAGE c IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_cmp';
COMMENT ON FUNCTION residency.address_cmp(residency.address, residency.address) IS
    'compares for btree: below, at or above zero; by division, then element by element, numbers as numbers (地址)';
CREATE FUNCTION residency.address_sortsupport(internal) RETURNS void
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_sortsupport';
COMMENT ON FUNCTION residency.address_sortsupport(internal) IS
    'sorts by division and first element as one number before looking further (地址)';
CREATE FUNCTION residency.address_hash(residency.address) RETURNS integer
    LANGUAGE c IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_hash32';
COMMENT ON FUNCTION residency.address_hash(residency.address) IS
    'hash; stays the same for ever, partitions are placed by it (地址)';
CREATE FUNCTION residency.address_hash_extended(residency.address, bigint) RETURNS bigint
    LANGUAGE c IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_hash64';
COMMENT ON FUNCTION residency.address_hash_extended(residency.address, bigint) IS
    'hash with a seed (地址)';

CREATE OPERATOR residency.= (
    FUNCTION = residency.address_eq, LEFTARG = residency.address, RIGHTARG = residency.address,
    COMMUTATOR = OPERATOR(residency.=), NEGATOR = OPERATOR(residency.<>),
    RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR residency.= (residency.address, residency.address) IS
    'equal (地址)';
CREATE OPERATOR residency.<> (
    FUNCTION = residency.address_ne, LEFTARG = residency.address, RIGHTARG = residency.address,
    COMMUTATOR = OPERATOR(residency.<>), NEGATOR = OPERATOR(residency.=),
    RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR residency.<> (residency.address, residency.address) IS
    'not equal (地址)';
CREATE OPERATOR residency.< (
    FUNCTION = residency.address_lt, LEFTARG = residency.address, RIGHTARG = residency.address,
    COMMUTATOR = OPERATOR(residency.>), NEGATOR = OPERATOR(residency.>=),
    RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR residency.< (residency.address, residency.address) IS
    'less than (地址)';
CREATE OPERATOR residency.<= (
    FUNCTION = residency.address_le, LEFTARG = residency.address, RIGHTARG = residency.address,
    COMMUTATOR = OPERATOR(residency.>=), NEGATOR = OPERATOR(residency.>),
    RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR residency.<= (residency.address, residency.address) IS
    'less than or equal (地址)';
CREATE OPERATOR residency.> (
    FUNCTION = residency.address_gt, LEFTARG = residency.address, RIGHTARG = residency.address,
    COMMUTATOR = OPERATOR(residency.<), NEGATOR = OPERATOR(residency.<=),
    RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR residency.> (residency.address, residency.address) IS
    'greater than (地址)';
CREATE OPERATOR residency.>= (
    FUNCTION = residency.address_ge, LEFTARG = residency.address, RIGHTARG = residency.address,
    COMMUTATOR = OPERATOR(residency.<=), NEGATOR = OPERATOR(residency.<),
    RESTRICT = scalargesel, JOIN = scalargejoinsel
);
COMMENT ON OPERATOR residency.>= (residency.address, residency.address) IS
    'greater than or equal (地址)';

CREATE OPERATOR CLASS residency.address_ops DEFAULT FOR TYPE residency.address USING btree AS
    OPERATOR 1 residency.<,
    OPERATOR 2 residency.<=,
    OPERATOR 3 residency.=,
    OPERATOR 4 residency.>=,
    OPERATOR 5 residency.>,
    FUNCTION 1 residency.address_cmp(residency.address, residency.address),
    FUNCTION 2 residency.address_sortsupport(internal);
COMMENT ON OPERATOR CLASS residency.address_ops USING btree IS
    'order of addresses: what lies in another comes right behind it (地址)';
COMMENT ON OPERATOR FAMILY residency.address_ops USING btree IS
    'order of addresses: what lies in another comes right behind it (地址)';
CREATE OPERATOR CLASS residency.address_ops DEFAULT FOR TYPE residency.address USING hash AS
    OPERATOR 1 residency.=,
    FUNCTION 1 residency.address_hash(residency.address),
    FUNCTION 2 residency.address_hash_extended(residency.address, bigint);
COMMENT ON OPERATOR CLASS residency.address_ops USING hash IS
    'hashes of addresses (地址)';
COMMENT ON OPERATOR FAMILY residency.address_ops USING hash IS
    'hashes of addresses (地址)';

CREATE FUNCTION residency.address_within_support(internal) RETURNS internal
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_division_within_support';
COMMENT ON FUNCTION residency.address_within_support(internal) IS
    'tells the planner which range of an index address_within comes to (地址)';
CREATE FUNCTION residency.address_within(residency.address, residency.address) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
    SUPPORT residency.address_within_support AS 'MODULE_PATHNAME', 'residency_address_within';
COMMENT ON FUNCTION residency.address_within(residency.address, residency.address) IS
    'whether the first address is the second or lies in it (地址)';
CREATE FUNCTION residency.address_contains_support(internal) RETURNS internal
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_division_contains_support';
COMMENT ON FUNCTION residency.address_contains_support(internal) IS
    'tells the planner which range of an index address_contains comes to (地址)';
CREATE FUNCTION residency.address_contains(residency.address, residency.address) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
    SUPPORT residency.address_contains_support AS 'MODULE_PATHNAME', 'residency_address_contain';
COMMENT ON FUNCTION residency.address_contains(residency.address, residency.address) IS
    'whether the first address is the second or has it inside (地址)';
CREATE OPERATOR residency.<@ (
    FUNCTION = residency.address_within, LEFTARG = residency.address, RIGHTARG = residency.address,
    COMMUTATOR = OPERATOR(residency.@>),
    RESTRICT = matchingsel, JOIN = matchingjoinsel
);
COMMENT ON OPERATOR residency.<@ (residency.address, residency.address) IS
    'is the same address or lies in it: a room in its building, a road in its town (地址)';
CREATE OPERATOR residency.@> (
    FUNCTION = residency.address_contains, LEFTARG = residency.address, RIGHTARG = residency.address,
    COMMUTATOR = OPERATOR(residency.<@),
    RESTRICT = matchingsel, JOIN = matchingjoinsel
);
COMMENT ON OPERATOR residency.@> (residency.address, residency.address) IS
    'is the same address or has it inside (地址)';

CREATE FUNCTION residency.address_fits(residency.address, residency.address) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_fit';
COMMENT ON FUNCTION residency.address_fits(residency.address, residency.address) IS
    'whether the first address has every element that the second names, and lies in its division (地址)';
CREATE OPERATOR residency.@@ (
    FUNCTION = residency.address_fits, LEFTARG = residency.address, RIGHTARG = residency.address,
    RESTRICT = matchingsel, JOIN = matchingjoinsel
);
COMMENT ON OPERATOR residency.@@ (residency.address, residency.address) IS
    'has every element that the second names, and lies in its division: what is known in part finds the whole (地址)';
CREATE FUNCTION residency.address_gin_value(residency.address, internal) RETURNS internal
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_gin_value';
COMMENT ON FUNCTION residency.address_gin_value(residency.address, internal) IS
    'keys of an address for GIN: one for each element and each division that it lies in (地址)';
CREATE FUNCTION residency.address_gin_query(residency.address, internal, smallint, internal, internal, internal, internal) RETURNS internal
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_gin_query';
COMMENT ON FUNCTION residency.address_gin_query(residency.address, internal, smallint, internal, internal, internal, internal) IS
    'keys for GIN that an address must have to fit (地址)';
CREATE FUNCTION residency.address_gin_consistent(internal, smallint, residency.address, integer, internal, internal, internal) RETURNS "char"
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_gin_consistent';
COMMENT ON FUNCTION residency.address_gin_consistent(internal, smallint, residency.address, integer, internal, internal, internal) IS
    'whether an address with these keys may fit: if it has them all (地址)';
CREATE OPERATOR CLASS residency.address_ops DEFAULT FOR TYPE residency.address USING gin AS
    OPERATOR 1 residency.@@,
    FUNCTION 1 btint8cmp(bigint, bigint),
    FUNCTION 2 residency.address_gin_value(residency.address, internal),
    FUNCTION 3 residency.address_gin_query(residency.address, internal, smallint, internal, internal, internal, internal),
    FUNCTION 6 residency.address_gin_consistent(internal, smallint, residency.address, integer, internal, internal, internal),
    STORAGE bigint;
COMMENT ON OPERATOR CLASS residency.address_ops USING gin IS
    'addresses by their parts (地址)';
COMMENT ON OPERATOR FAMILY residency.address_ops USING gin IS
    'addresses by their parts (地址)';
-- beidou_cell: the type, and what lies within what.

CREATE TYPE residency.beidou_cell;

CREATE FUNCTION residency.beidou_cell_in(cstring) RETURNS residency.beidou_cell
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_beidou_cell_in';
COMMENT ON FUNCTION residency.beidou_cell_in(cstring) IS
    'reads a Beidou cell (北斗网格位置码)';
CREATE FUNCTION residency.beidou_cell_out(residency.beidou_cell) RETURNS cstring
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_beidou_cell_out';
COMMENT ON FUNCTION residency.beidou_cell_out(residency.beidou_cell) IS
    'writes a Beidou cell in its one form (北斗网格位置码)';
CREATE FUNCTION residency.beidou_cell_recv(internal) RETURNS residency.beidou_cell
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_beidou_cell_recv';
COMMENT ON FUNCTION residency.beidou_cell_recv(internal) IS
    'reads a Beidou cell in binary form and checks it as beidou_cell_in does (北斗网格位置码)';
CREATE FUNCTION residency.beidou_cell_send(residency.beidou_cell) RETURNS bytea
    LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'int8send';
COMMENT ON FUNCTION residency.beidou_cell_send(residency.beidou_cell) IS
    'writes a Beidou cell in binary form (北斗网格位置码)';

CREATE TYPE residency.beidou_cell (
    INPUT = residency.beidou_cell_in,
    OUTPUT = residency.beidou_cell_out,
    RECEIVE = residency.beidou_cell_recv,
    SEND = residency.beidou_cell_send,
    LIKE = int8
);

CREATE FUNCTION residency.beidou_cell(text) RETURNS residency.beidou_cell
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_beidou_cell_from_text';
COMMENT ON FUNCTION residency.beidou_cell(text) IS
    'reads a Beidou cell from text (北斗网格位置码)';
CREATE CAST (text AS residency.beidou_cell) WITH FUNCTION residency.beidou_cell(text);
COMMENT ON CAST (text AS residency.beidou_cell) IS
    'reads a Beidou cell; refuses what is none with 22P02 (北斗网格位置码)';
CREATE FUNCTION residency.text(residency.beidou_cell) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_beidou_cell_to_text';
COMMENT ON FUNCTION residency.text(residency.beidou_cell) IS
    'a Beidou cell as text in its one form (北斗网格位置码)';
CREATE CAST (residency.beidou_cell AS text) WITH FUNCTION residency.text(residency.beidou_cell) AS ASSIGNMENT;
COMMENT ON CAST (residency.beidou_cell AS text) IS
    'a Beidou cell as text in its one form (北斗网格位置码)';
CREATE CAST (residency.beidou_cell AS int8) WITHOUT FUNCTION;
COMMENT ON CAST (residency.beidou_cell AS int8) IS
    'the number that a Beidou cell is kept as; there is no way back that would skip the checks (北斗网格位置码)';

CREATE FUNCTION residency.beidou_cell_eq(residency.beidou_cell, residency.beidou_cell) RETURNS boolean
    LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'int8eq';
COMMENT ON FUNCTION residency.beidou_cell_eq(residency.beidou_cell, residency.beidou_cell) IS
    'equal (北斗网格位置码)';
CREATE FUNCTION residency.beidou_cell_ne(residency.beidou_cell, residency.beidou_cell) RETURNS boolean
    LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'int8ne';
COMMENT ON FUNCTION residency.beidou_cell_ne(residency.beidou_cell, residency.beidou_cell) IS
    'not equal (北斗网格位置码)';
CREATE FUNCTION residency.beidou_cell_lt(residency.beidou_cell, residency.beidou_cell) RETURNS boolean
    LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'int8lt';
COMMENT ON FUNCTION residency.beidou_cell_lt(residency.beidou_cell, residency.beidou_cell) IS
    'less than (北斗网格位置码)';
CREATE FUNCTION residency.beidou_cell_le(residency.beidou_cell, residency.beidou_cell) RETURNS boolean
    LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'int8le';
COMMENT ON FUNCTION residency.beidou_cell_le(residency.beidou_cell, residency.beidou_cell) IS
    'less than or equal (北斗网格位置码)';
CREATE FUNCTION residency.beidou_cell_gt(residency.beidou_cell, residency.beidou_cell) RETURNS boolean
    LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'int8gt';
COMMENT ON FUNCTION residency.beidou_cell_gt(residency.beidou_cell, residency.beidou_cell) IS
    'greater than (北斗网格位置码)';
CREATE FUNCTION residency.beidou_cell_ge(residency.beidou_cell, residency.beidou_cell) RETURNS boolean
    LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'int8ge';
COMMENT ON FUNCTION residency.beidou_cell_ge(residency.beidou_cell, residency.beidou_cell) IS
    'greater than or equal (北斗网格位置码)';
CREATE FUNCTION residency.beidou_cell_cmp(residency.beidou_cell, residency.beidou_cell) RETURNS integer
    LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'btint8cmp';
COMMENT ON FUNCTION residency.beidou_cell_cmp(residency.beidou_cell, residency.beidou_cell) IS
    'compares for btree: below, at or above zero (北斗网格位置码)';
CREATE FUNCTION residency.beidou_cell_sortsupport(internal) RETURNS void
    LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'btint8sortsupport';
COMMENT ON FUNCTION residency.beidou_cell_sortsupport(internal) IS
    'sorts as integers are sorted (北斗网格位置码)';
CREATE FUNCTION residency.beidou_cell_hash(residency.beidou_cell) RETURNS integer
    LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'hashint8';
COMMENT ON FUNCTION residency.beidou_cell_hash(residency.beidou_cell) IS
    'hash; stays the same for ever, partitions are placed by it (北斗网格位置码)';
CREATE FUNCTION residency.beidou_cell_hash_extended(residency.beidou_cell, bigint) RETURNS bigint
    LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'hashint8extended';
COMMENT ON FUNCTION residency.beidou_cell_hash_extended(residency.beidou_cell, bigint) IS
    'hash with a seed (北斗网格位置码)';

CREATE OPERATOR residency.= (
    FUNCTION = residency.beidou_cell_eq, LEFTARG = residency.beidou_cell, RIGHTARG = residency.beidou_cell,
    COMMUTATOR = OPERATOR(residency.=), NEGATOR = OPERATOR(residency.<>),
    RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR residency.= (residency.beidou_cell, residency.beidou_cell) IS
    'equal (北斗网格位置码)';
CREATE OPERATOR residency.<> (
    FUNCTION = residency.beidou_cell_ne, LEFTARG = residency.beidou_cell, RIGHTARG = residency.beidou_cell,
    COMMUTATOR = OPERATOR(residency.<>), NEGATOR = OPERATOR(residency.=),
    RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR residency.<> (residency.beidou_cell, residency.beidou_cell) IS
    'not equal (北斗网格位置码)';
CREATE OPERATOR residency.< (
    FUNCTION = residency.beidou_cell_lt, LEFTARG = residency.beidou_cell, RIGHTARG = residency.beidou_cell,
    COMMUTATOR = OPERATOR(residency.>), NEGATOR = OPERATOR(residency.>=),
    RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR residency.< (residency.beidou_cell, residency.beidou_cell) IS
    'less than (北斗网格位置码)';
CREATE OPERATOR residency.<= (
    FUNCTION = residency.beidou_cell_le, LEFTARG = residency.beidou_cell, RIGHTARG = residency.beidou_cell,
    COMMUTATOR = OPERATOR(residency.>=), NEGATOR = OPERATOR(residency.>),
    RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR residency.<= (residency.beidou_cell, residency.beidou_cell) IS
    'less than or equal (北斗网格位置码)';
CREATE OPERATOR residency.> (
    FUNCTION = residency.beidou_cell_gt, LEFTARG = residency.beidou_cell, RIGHTARG = residency.beidou_cell,
    COMMUTATOR = OPERATOR(residency.<), NEGATOR = OPERATOR(residency.<=),
    RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR residency.> (residency.beidou_cell, residency.beidou_cell) IS
    'greater than (北斗网格位置码)';
CREATE OPERATOR residency.>= (
    FUNCTION = residency.beidou_cell_ge, LEFTARG = residency.beidou_cell, RIGHTARG = residency.beidou_cell,
    COMMUTATOR = OPERATOR(residency.<=), NEGATOR = OPERATOR(residency.<),
    RESTRICT = scalargesel, JOIN = scalargejoinsel
);
COMMENT ON OPERATOR residency.>= (residency.beidou_cell, residency.beidou_cell) IS
    'greater than or equal (北斗网格位置码)';

CREATE OPERATOR CLASS residency.beidou_cell_ops DEFAULT FOR TYPE residency.beidou_cell USING btree AS
    OPERATOR 1 residency.<,
    OPERATOR 2 residency.<=,
    OPERATOR 3 residency.=,
    OPERATOR 4 residency.>=,
    OPERATOR 5 residency.>,
    FUNCTION 1 residency.beidou_cell_cmp(residency.beidou_cell, residency.beidou_cell),
    FUNCTION 2 residency.beidou_cell_sortsupport(internal),
    FUNCTION 4 btequalimage(oid);
COMMENT ON OPERATOR CLASS residency.beidou_cell_ops USING btree IS
    'order of Beidou cells (北斗网格位置码)';
COMMENT ON OPERATOR FAMILY residency.beidou_cell_ops USING btree IS
    'order of Beidou cells (北斗网格位置码)';
CREATE OPERATOR CLASS residency.beidou_cell_ops DEFAULT FOR TYPE residency.beidou_cell USING hash AS
    OPERATOR 1 residency.=,
    FUNCTION 1 residency.beidou_cell_hash(residency.beidou_cell),
    FUNCTION 2 residency.beidou_cell_hash_extended(residency.beidou_cell, bigint);
COMMENT ON OPERATOR CLASS residency.beidou_cell_ops USING hash IS
    'hashes of Beidou cells (北斗网格位置码)';
COMMENT ON OPERATOR FAMILY residency.beidou_cell_ops USING hash IS
    'hashes of Beidou cells (北斗网格位置码)';
CREATE OPERATOR CLASS residency.beidou_cell_minmax_ops DEFAULT FOR TYPE residency.beidou_cell USING brin AS
    OPERATOR 1 residency.<,
    OPERATOR 2 residency.<=,
    OPERATOR 3 residency.=,
    OPERATOR 4 residency.>=,
    OPERATOR 5 residency.>,
    FUNCTION 1 brin_minmax_opcinfo(internal),
    FUNCTION 2 brin_minmax_add_value(internal, internal, internal, internal),
    FUNCTION 3 brin_minmax_consistent(internal, internal, internal),
    FUNCTION 4 brin_minmax_union(internal, internal, internal);
COMMENT ON OPERATOR CLASS residency.beidou_cell_minmax_ops USING brin IS
    'ranges of Beidou cells by blocks of a table (北斗网格位置码)';
COMMENT ON OPERATOR FAMILY residency.beidou_cell_minmax_ops USING brin IS
    'ranges of Beidou cells by blocks of a table (北斗网格位置码)';

CREATE FUNCTION residency.beidou_cell_larger(residency.beidou_cell, residency.beidou_cell) RETURNS residency.beidou_cell
    LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'int8larger';
COMMENT ON FUNCTION residency.beidou_cell_larger(residency.beidou_cell, residency.beidou_cell) IS
    'the greatest of two (北斗网格位置码)';
CREATE AGGREGATE residency.max(residency.beidou_cell) (
    SFUNC = residency.beidou_cell_larger, STYPE = residency.beidou_cell, SORTOP = OPERATOR(residency.>),
    COMBINEFUNC = residency.beidou_cell_larger, PARALLEL = SAFE
);
COMMENT ON AGGREGATE residency.max(residency.beidou_cell) IS
    'the greatest of all (北斗网格位置码)';
CREATE FUNCTION residency.beidou_cell_smaller(residency.beidou_cell, residency.beidou_cell) RETURNS residency.beidou_cell
    LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'int8smaller';
COMMENT ON FUNCTION residency.beidou_cell_smaller(residency.beidou_cell, residency.beidou_cell) IS
    'the least of two (北斗网格位置码)';
CREATE AGGREGATE residency.min(residency.beidou_cell) (
    SFUNC = residency.beidou_cell_smaller, STYPE = residency.beidou_cell, SORTOP = OPERATOR(residency.<),
    COMBINEFUNC = residency.beidou_cell_smaller, PARALLEL = SAFE
);
COMMENT ON AGGREGATE residency.min(residency.beidou_cell) IS
    'the least of all (北斗网格位置码)';
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
-- actor: who acts. The one answer for every table that keeps it.

CREATE FUNCTION residency.actor()
    RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT COALESCE(NULLIF(pg_catalog.current_setting('role'), 'none'), session_user) $$;
COMMENT ON FUNCTION residency.actor() IS
    'The role that acts (操作人): the one that was set by SET ROLE, else the one that logged in; also inside a function that runs as its owner. No setting that a client makes freely changes it: SET ROLE asks for membership';
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

CREATE FUNCTION residency.policy_setting(key text, division residency.division_code, "on" date)
    RETURNS bigint
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_policy_setting';
COMMENT ON FUNCTION residency.policy_setting(text, residency.division_code, date) IS
    'The setting that residency.policy_text() takes its answer from (适用的政策设定): key of policy.setting, for its clause and period; NULL where nothing is set';

CREATE FUNCTION residency.explain_policy(key text, division residency.division_code, "on" date)
    RETURNS TABLE (setting_id bigint, place text, place_name text, valid_from date, valid_to date,
                   value text, wins boolean, why text, legal_basis text)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, residency, pg_temp
    AS $$
    DECLARE
        winner  constant bigint := policy_setting(key, division, "on");
        chinese constant boolean := COALESCE(current_setting('residency.language', true) = 'zh', false);
    BEGIN
        IF NOT EXISTS (SELECT FROM policy.rule r WHERE r.key = explain_policy.key) THEN
            PERFORM residency.refuse('RG097', ARRAY[left(key, 60)], 'policy.rule', 'key');
        END IF;
        RETURN QUERY
            SELECT s.setting_id, s.division::text, division_name(s.division), lower(s.period), upper(s.period), s.value,
                   s.setting_id IS NOT DISTINCT FROM winner,
                   CASE WHEN s.setting_id = winner
                            THEN CASE WHEN chinese THEN '适用:当日有设定的最具体区划' ELSE 'wins: the most specific division that has a setting on this day' END
                        WHEN s.period @> "on"
                            THEN CASE WHEN chinese THEN '当日有效,但让位于更具体的区划' ELSE 'holds on this day, but gives way to a more specific division' END
                        WHEN lower(s.period) > "on"
                            THEN format(CASE WHEN chinese THEN '%s 起生效' ELSE 'does not begin before %s' END, to_char(lower(s.period), 'YYYY-MM-DD'))
                        ELSE format(CASE WHEN chinese THEN '至 %s 已失效' ELSE 'ended before %s' END, to_char(upper(s.period), 'YYYY-MM-DD'))
                   END,
                   s.legal_basis
            FROM policy.setting s
            WHERE s.key = explain_policy.key AND (s.division IS NULL OR s.division @> explain_policy.division)
            ORDER BY level(s.division) DESC NULLS LAST, s.period DESC;
    END $$;
COMMENT ON FUNCTION residency.explain_policy(text, residency.division_code, date) IS
    'Why a parameter has its value in a division on a day (政策参数适用说明): every setting of the division and of those above it, from the most specific to the country, which one wins and why, with its clause. No row, or none that wins: nothing is set, policy_text() refuses with RG090. Error: RG097 no such parameter';

CREATE FUNCTION residency.half_year_on(half_year_from date, division residency.division_code)
    RETURNS date
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
        SELECT CASE WHEN half_year_from IS NOT NULL
                    THEN residency.add_term(half_year_from, residency.policy_text('permit_half_year', division, half_year_from), division) END
    $$;
COMMENT ON FUNCTION residency.half_year_on(date, residency.division_code) IS
    'Day on which the half-year of a permit is full (满半年之日, 居住证暂行条例 Art. 2) that counts from a day in a division, by policy permit_half_year in whole months; RG090 where nothing is set';

CREATE FUNCTION residency.reads_as(value text, value_type text)
    RETURNS boolean
    -- VOLATILE, for no parallel plan: it begins a subtransaction
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    -- as the look-up in C reads it, whatever the session's own style
    SET IntervalStyle = postgres
    AS $$
    BEGIN
        RETURN value IS NULL OR CASE value_type
            WHEN 'integer' THEN value::integer IS NOT NULL
            WHEN 'numeric' THEN value::numeric NOT IN ('NaN', 'Infinity', '-Infinity')
            WHEN 'boolean' THEN value::boolean IS NOT NULL
            WHEN 'interval' THEN value::interval IS NOT NULL
            WHEN 'term' THEN value ~ '^[0-9]{1,4} (day|working day|month|year|hour)s?$'
            ELSE true
        END;
    EXCEPTION WHEN data_exception THEN
        RETURN false;
    END $$;
COMMENT ON FUNCTION residency.reads_as(text, text) IS
    'Whether a value reads as integer, numeric, boolean, interval or term (值是否符合类型); any does as text. A term is "N unit", N not below zero: day, working day, month, year, hour, or their plural';

CREATE FUNCTION residency.check_policy_value(key text, value text, value_type text, choices text[], at_table text)
    RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        IF NOT residency.reads_as(value, value_type) OR value <> ALL (choices) THEN
            PERFORM residency.refuse('RG091', ARRAY[key, left(value, 100), value_type, COALESCE(
                array_to_string(choices, ' | '),
                CASE value_type WHEN 'integer' THEN '30' WHEN 'numeric' THEN '4.5' WHEN 'boolean' THEN 'true | false'
                                WHEN 'interval' THEN '1 day 12:00' ELSE '15 days | 3 working days | 6 months | 1 year | 24 hours' END)],
                at_table, 'value');
        END IF;
    END $$;
COMMENT ON FUNCTION residency.check_policy_value(text, text, text, text[], text) IS
    'Refuses a value that does not read as the type of its rule, or is none of its choices (政策值校验): RG091. NULL passes: no limit';

CREATE FUNCTION residency.setting_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        PERFORM residency.check_policy_value(NEW.key, NEW.value, r.value_type, r.choices, TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME)
        FROM policy.rule r WHERE r.key = NEW.key;
        -- infinity is no day: a period that ends there has no end, and nothing comes after it
        IF NOT isempty(NEW.period) THEN
            NEW.period := daterange(NULLIF(lower(NEW.period), '-infinity'), NULLIF(upper(NEW.period), 'infinity'));
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.setting_guard() IS
    'Trigger of policy.setting and policy.draft_setting (政策设定校验): the value reads as its rule says (RG091); a period up to infinity has no end';

CREATE FUNCTION residency.rule_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        -- settings that come at this moment wait, and are then read as the new rule says
        LOCK TABLE policy.setting IN SHARE MODE;
        PERFORM residency.check_policy_value(s.key, s.value, NEW.value_type, NEW.choices, 'policy.rule')
        FROM policy.setting s WHERE s.key = NEW.key;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.rule_guard() IS
    'Trigger of policy.rule (政策目录变更校验): the settings that are there read as the changed rule says (RG091)';

CREATE FUNCTION residency.draft_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        IF TG_OP = 'INSERT' THEN
            IF NEW.state <> 'draft' THEN
                PERFORM residency.refuse('RG096', ARRAY[NEW.draft_id::text], 'policy.draft', 'state');
            END IF;
        ELSIF OLD.state <> 'draft' THEN
            PERFORM residency.refuse('RG093', ARRAY[OLD.draft_id::text, OLD.state], 'policy.draft', 'state');
        ELSIF TG_OP = 'DELETE' THEN
            RETURN OLD;
        END IF;
        -- the moment itself: of two transactions, the one that began first may publish last
        NEW.published_at := CASE NEW.state WHEN 'published' THEN clock_timestamp() END;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.draft_guard() IS
    'Trigger of policy.draft (政策草案校验): begins as a draft (RG096); published or withdrawn, it stays as it is (RG093)';

CREATE FUNCTION residency.draft_part_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        closed record;
    BEGIN
        -- both drafts of a part that moves; the lock holds off that they are published meanwhile
        FOR closed IN
            SELECT d.draft_id, d.state FROM policy.draft d
            WHERE (TG_OP <> 'INSERT' AND d.draft_id = OLD.draft_id) OR (TG_OP <> 'DELETE' AND d.draft_id = NEW.draft_id)
            FOR SHARE
        LOOP
            IF closed.state <> 'draft' THEN
                PERFORM residency.refuse('RG093', ARRAY[closed.draft_id::text, closed.state], TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME, 'draft_id');
            END IF;
        END LOOP;
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END $$;
COMMENT ON FUNCTION residency.draft_part_guard() IS
    'Trigger of policy.draft_setting and policy.test_case (政策草案内容校验): what belongs to a published or withdrawn draft stays as it is (RG093)';

CREATE FUNCTION residency.draft_published()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        IF EXISTS (
            SELECT FROM policy.draft_setting d
            WHERE d.draft_id = NEW.draft_id
              AND NOT EXISTS (SELECT FROM policy.setting s
                              WHERE s.key = d.key AND s.division::bigint IS NOT DISTINCT FROM d.division::bigint
                                AND s.period = d.period AND s.value IS NOT DISTINCT FROM d.value)) THEN
            PERFORM residency.refuse('RG096', ARRAY[NEW.draft_id::text], 'policy.draft', 'state');
        END IF;
        PERFORM residency.refuse('RG092', ARRAY[f.test_case_id::text, f.key, COALESCE(f.division, '(country)'),
                                                to_char(f."on", 'YYYY-MM-DD'), COALESCE(f.expected, '(no limit)'),
                                                CASE WHEN f.setting_id IS NULL THEN '(no setting)' ELSE COALESCE(f.got, '(no limit)') END],
                                 'policy.test_case', 'expected')
        FROM (SELECT * FROM policy.failed_test_case ORDER BY test_case_id LIMIT 1) f;
        RETURN NULL;
    END $$;
COMMENT ON FUNCTION residency.draft_published() IS
    'Trigger of policy.draft when it is published (政策草案发布裁决): its settings hold (RG096) and no test case fails (RG092)';
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

CREATE FUNCTION residency.join_node()
    RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        first_key CONSTANT bigint := (SELECT s.seqstart FROM pg_sequence s
                                      WHERE s.seqrelid = pg_get_serial_sequence('registry.person', 'person_id')::regclass);
        sequence  text;
    BEGIN
        IF first_key = 1 THEN
            RETURN;
        END IF;
        FOR sequence IN
            SELECT s.seqrelid::regclass::text
            FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid
            WHERE c.relnamespace = 'registry'::regnamespace AND s.seqstart = 1
        LOOP
            EXECUTE format('ALTER SEQUENCE %s MINVALUE %s MAXVALUE %s START %s RESTART',
                           sequence, first_key, first_key + 999999999998, first_key);
        END LOOP;
    END $$;
COMMENT ON FUNCTION residency.join_node() IS
    'Gives tables that a step has just made the keys of the node, where residency.set_node() has named it before (新表沿用节点编号)';
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
-- calendar: working days, terms and time limits as the law counts them.

CREATE FUNCTION residency.is_working_day(day date, division residency.division_code DEFAULT NULL)
    RETURNS boolean
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_is_working_day';
COMMENT ON FUNCTION residency.is_working_day(date, residency.division_code) IS
    'Whether a day is a working day in a division (是否工作日), by code.calendar_day as committed now; without a division, in the country at large. NULL for NULL; RG100 a year without a calendar, RG101 infinity';

CREATE FUNCTION residency.add_working_days(start date, n integer, division residency.division_code DEFAULT NULL)
    RETURNS date
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_add_working_days';
COMMENT ON FUNCTION residency.add_working_days(date, integer, residency.division_code) IS
    'The n-th working day after a day, which is not counted, whatever day it is (工作日推算); below zero the n-th before it; of 0 the day itself, be it a working day or not. NULL for NULL; RG100 a year on the way has no calendar, RG101 infinity';

CREATE FUNCTION residency.working_days_between(start date, "end" date, division residency.division_code DEFAULT NULL)
    RETURNS integer
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_working_days_between';
COMMENT ON FUNCTION residency.working_days_between(date, date, residency.division_code) IS
    'Working days from one day, not counted, to another, counted (工作日天数); below zero where the end lies before the start. What residency.add_working_days() adds is what is found here. NULL for NULL; RG100 a year on the way has no calendar, RG101 infinity';

CREATE FUNCTION residency.add_months_legal(start date, n integer)
    RETURNS date
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_add_months_legal';
COMMENT ON FUNCTION residency.add_months_legal(date, integer) IS
    'The day n months after a day, or before it (按月推算, 民法典 Art. 202): that of the same number, or the last of a month that has none. Count from the original day, not from one month to the next. RG101 infinity, RG102 beyond all dates';

CREATE FUNCTION residency.add_term(start date, term text, division residency.division_code DEFAULT NULL)
    RETURNS date
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_add_term_sql';
COMMENT ON FUNCTION residency.add_term(date, text, residency.division_code) IS
    'The day on which a term ends, "3 working days", "15 days", "6 months", "1 year", or began, "-1 month" (期限推算); the start is not counted, a rest day at the end stays. NULL for NULL; RG100 a year that is needed has no calendar, RG101 infinity, RG102 beyond all dates, RG103 no term, RG105 hours';

CREATE FUNCTION residency.legal_deadline(start date, n integer, unit text, division residency.division_code DEFAULT NULL)
    RETURNS date
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_legal_deadline';
COMMENT ON FUNCTION residency.legal_deadline(date, integer, text, residency.division_code) IS
    'Last day of a time limit of n days, working days, months or years (期限届满日, 民法典 Art. 201-203): the start is not counted; a last day on a rest day gives way to the next working day. NULL for NULL; RG100 a year that is needed has no calendar, RG101 infinity, RG102 beyond all dates, RG104 no unit, RG105 hours, RG106 below zero';

CREATE FUNCTION residency.legal_deadline(start date, term text, division residency.division_code DEFAULT NULL)
    RETURNS date
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_legal_deadline_term';
COMMENT ON FUNCTION residency.legal_deadline(date, text, residency.division_code) IS
    'Last day of a time limit given as a term, "3 working days" (期限届满日): residency.legal_deadline(start, n, unit, division), and RG103 no term';

CREATE FUNCTION residency.term_count(term text)
    RETURNS integer
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_term_count';
COMMENT ON FUNCTION residency.term_count(text) IS 'The number of a term (期限数量): 3 of "3 working days". RG103 no term';

CREATE FUNCTION residency.term_unit(term text)
    RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_term_unit';
COMMENT ON FUNCTION residency.term_unit(text) IS
    'The unit of a term in the plural (期限单位): days, working days, months, years, hours. RG103 no term';

CREATE FUNCTION residency.policy_term(key text, division residency.division_code, "on" date)
    RETURNS text
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_policy_term';
COMMENT ON FUNCTION residency.policy_term(text, residency.division_code, date) IS
    'residency.policy_text() as a term, written as it is everywhere: "3 working days" (政策参数,期限); RG103 where the value is none, RG090 where nothing is set';

CREATE FUNCTION residency.policy_deadline(key text, division residency.division_code, start date)
    RETURNS date
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_policy_deadline';
COMMENT ON FUNCTION residency.policy_deadline(text, residency.division_code, date) IS
    'Last day of the time limit that is set for a division on the day it starts (政策期限届满日): residency.legal_deadline() of residency.policy_term(). NULL where there is no limit; RG090 nothing is set, RG103 the value is no term, and what legal_deadline() refuses';

CREATE FUNCTION residency.explain_deadline(
        start date, n integer, unit text, division residency.division_code DEFAULT NULL,
        OUT day date, OUT weekday text, OUT counted integer, OUT kind text, OUT why text)
    RETURNS SETOF record
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        chinese constant boolean := current_setting('residency.language', true) IS NOT DISTINCT FROM 'zh';
        last    constant date := residency.legal_deadline(start, n, unit, division);
        -- without the rest days that the end gives way to
        ends    constant date := residency.add_term(start, n || ' ' || unit, division);
        working constant boolean := residency.term_unit(n || ' ' || unit) = 'working days';
    BEGIN
        RETURN QUERY
        WITH around AS (
            SELECT a.region FROM unnest(residency.lineage(division)::bigint[]) AS a (region)
        ), step AS (
            SELECT d.day, c.kind, c.kind IN ('work', 'swap_work') AS works,
                   CASE WHEN c.kind = 'swap_work' AND chinese THEN coalesce(c.name, '') || v.name
                        WHEN c.kind = 'swap_work' THEN concat_ws(' for ', v.name_en, coalesce(c.name_en, c.name))
                        WHEN chinese THEN coalesce(c.name, v.name)
                        ELSE coalesce(c.name_en, c.name, v.name_en) END AS what
            FROM (SELECT start + i AS day FROM generate_series(0, last - start) AS i) d
            LEFT JOIN LATERAL (
                SELECT x.kind, x.name, x.name_en
                FROM code.calendar_day x
                WHERE x.day = d.day AND (x.region IS NULL OR x.region::bigint IN (SELECT a.region FROM around a))
                ORDER BY x.region::bigint DESC NULLS LAST
                LIMIT 1
            ) c ON true
            LEFT JOIN code.value v ON v.list = 'calendar_kind' AND v.code = c.kind
        ), judged AS (
            SELECT s.*,
                   CASE WHEN s.day = start THEN 'start'
                        WHEN s.day > ends AND s.day = last THEN 'next'
                        WHEN s.day > ends THEN 'rolled'
                        WHEN s.day = ends AND last > ends THEN 'gives_way'
                        WHEN working AND NOT s.works THEN 'not_counted'
                        ELSE 'counted' END AS part
            FROM step s
        )
        SELECT j.day,
               CASE WHEN chinese THEN '星期' || substr('一二三四五六日', extract(isodow FROM j.day)::integer, 1)
                    ELSE to_char(j.day, 'FMDay') END,
               (count(*) FILTER (WHERE j.part IN ('counted', 'gives_way') AND (NOT working OR j.works)) OVER (ORDER BY j.day))::integer,
               j.kind,
               concat_ws(CASE WHEN chinese THEN ';' ELSE '; ' END,
                   CASE j.part
                       WHEN 'start' THEN CASE WHEN chinese THEN '起算日,不计入(民法典第201条)' ELSE 'the start is not counted (Civil Code 201)' END
                       WHEN 'not_counted' THEN CASE WHEN chinese THEN j.what || ',不是工作日,不计入' ELSE j.what || ': no working day, not counted' END
                       WHEN 'gives_way' THEN CASE WHEN chinese THEN '期间最后一日为' || j.what || ',顺延(民法典第203条)'
                                                  ELSE 'the last day, ' || j.what || ': gives way to the next working day (Civil Code 203)' END
                       WHEN 'rolled' THEN CASE WHEN chinese THEN j.what || ',继续顺延' ELSE j.what || ': gives way, too' END
                       WHEN 'next' THEN CASE WHEN chinese THEN '休息日结束后的' ELSE 'after the rest days: ' END || j.what
                       ELSE CASE WHEN chinese THEN concat_ws(',', CASE WHEN working THEN j.what END, '计入')
                                 ELSE concat_ws(': ', CASE WHEN working THEN j.what END, 'counted') END
                   END,
                   CASE WHEN j.day = last THEN CASE WHEN chinese THEN '期限届满日' ELSE 'the limit ends' END END)
        FROM judged j
        ORDER BY j.day;
    END $$;
COMMENT ON FUNCTION residency.explain_deadline(date, integer, text, residency.division_code) IS
    'Why residency.legal_deadline() ends a time limit on its day (期限说明): a row a day from the start to the end with its weekday, the days counted so far, its kind (NULL where the calendar has not the year, and does not need it) and why it counts or does not, in the language of residency.language. Refuses what legal_deadline() refuses';

CREATE FUNCTION residency.calendar_year(
        year integer, holidays datemultirange, swap_work date[] DEFAULT '{}', names text[] DEFAULT NULL,
        OUT day date, OUT kind text, OUT name text)
    RETURNS SETOF record
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        first  constant date := make_date(year, 1, 1);
        next   constant date := make_date(year + 1, 1, 1);
        -- a holiday around New Year's Day may reach into the years beside
        near   constant daterange := daterange(first - 31, next + 31);
        spans  constant daterange[] := ARRAY(SELECT s FROM unnest(holidays) s);
        wrong  text[];
    BEGIN
        wrong := CASE
            WHEN coalesce(cardinality(spans), 0) = 0 THEN ARRAY['no holiday is given', '没有放假日期']
            WHEN NOT holidays <@ near THEN ARRAY['a holiday lies in another year', '放假日期不在该年度']
            WHEN NOT near @> ALL (swap_work) THEN ARRAY['a swapped working day lies in another year', '调休上班日期不在该年度']
            WHEN holidays @> ANY (swap_work) THEN ARRAY['a swapped working day is a holiday', '调休上班日与放假日期重复']
            WHEN cardinality(names) <> cardinality(spans)
                THEN ARRAY[format('there are %s names for %s holidays', cardinality(names), cardinality(spans)),
                           format('%s 个名称对应 %s 段放假日期', cardinality(names), cardinality(spans))]
        END;
        IF wrong IS NOT NULL THEN
            PERFORM residency.refuse('RG107', ARRAY[year::text] || wrong);
        END IF;

        RETURN QUERY
        SELECT d.day,
               CASE WHEN holidays @> d.day THEN 'holiday' WHEN d.day = ANY (swap_work) THEN 'swap_work'
                    WHEN extract(isodow FROM d.day) < 6 THEN 'work' ELSE 'rest' END,
               names[s.n]
        FROM (SELECT lower(near) + i AS day FROM generate_series(0, upper(near) - lower(near) - 1) i) d
        LEFT JOIN LATERAL (
            SELECT t.n::integer FROM unnest(spans) WITH ORDINALITY AS t (span, n) WHERE t.span @> d.day
        ) s ON true
        -- of the years beside, what is listed alone
        WHERE d.day >= first AND d.day < next OR holidays @> d.day OR d.day = ANY (swap_work)
        ORDER BY d.day;
    END $$;
COMMENT ON FUNCTION residency.calendar_year(integer, datemultirange, date[], text[]) IS
    'The days of a year as rows for code.calendar_day (年度日历): holidays as ranges of days, with their names in order, and the weekend days that work, as the State Council''s notice lists them; days of the years beside it where they are listed. RG107 where that cannot be. docs/calendar.md shows the yearly INSERT';
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
        IF isempty(NEW.period) AND NOT (TG_OP = 'UPDATE' AND residency.is_called_off(NEW.grid_id)) THEN
            PERFORM residency.refuse('RG067', ARRAY[NEW.grid_code], 'registry.grid', 'period');
        END IF;
        IF EXISTS (SELECT FROM registry.grid g
                   WHERE g.grid_code = NEW.grid_code AND g.grid_id <> NEW.grid_id) THEN
            PERFORM residency.refuse('RG069', ARRAY[NEW.grid_code], 'registry.grid', 'grid_code');
        END IF;

        IF TG_OP = 'UPDATE' AND ST_OrderingEquals(NEW.outline, OLD.outline) THEN
            RETURN NEW;
        END IF;
        PERFORM residency.check_outline(NEW.grid_code, NEW.outline, NEW.division);
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

CREATE FUNCTION residency.grid_cells(outline geometry, OUT cell bigint, OUT part bytea)
    RETURNS SETOF record
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_grid_cells';
COMMENT ON FUNCTION residency.grid_cells(geometry) IS
    'The cells of the register''s own mesh that an outline meets (网格边界的索引单元), as registry.grid_cover keeps them: part is NULL where the whole cell lies inside. Polygon or MultiPolygon in degrees, valid; of anything else no row';

CREATE FUNCTION residency.cover_grids(grids bigint[])
    RETURNS bigint
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET plan_cache_mode = force_custom_plan
    AS $$
    DECLARE
        cells bigint;
    BEGIN
        DELETE FROM registry.grid_cover c WHERE c.grid_id = ANY (grids);
        -- a cell's rows side by side, as they are read
        INSERT INTO registry.grid_cover (cell, grid_id, valid_from, valid_to, part)
        SELECT own.cell, g.grid_id, COALESCE(lower(g.period), '-infinity'), COALESCE(upper(g.period), 'infinity'), own.part
        FROM registry.grid g CROSS JOIN LATERAL residency.grid_cells(g.outline) AS own
        WHERE g.grid_id = ANY (grids) AND g.kind = 'management' AND NOT isempty(g.period)
        ORDER BY own.cell;
        GET DIAGNOSTICS cells = ROW_COUNT;
        RETURN cells;
    END $$;
COMMENT ON FUNCTION residency.cover_grids(bigint[]) IS
    'Makes the cover of these grids anew (重建网格索引单元), and answers how many cells they have. The triggers of registry.grid do it; this mends what they did not see';

CREATE FUNCTION residency.grid_cover()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        PERFORM residency.cover_grids(ARRAY(SELECT c.grid_id FROM changed c));
        RETURN NULL;
    END $$;
COMMENT ON FUNCTION residency.grid_cover() IS
    'Statement trigger of registry.grid (新网格建立索引单元): new grids get their cover';

CREATE FUNCTION residency.grid_cover_again()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        -- not where the name alone has changed
        PERFORM residency.cover_grids(ARRAY(
            SELECT c.grid_id FROM changed c
            EXCEPT
            SELECT c.grid_id FROM changed c JOIN former f USING (grid_id)
            WHERE c.kind = f.kind AND c.period = f.period AND ST_OrderingEquals(c.outline, f.outline)));
        RETURN NULL;
    END $$;
COMMENT ON FUNCTION residency.grid_cover_again() IS
    'Statement trigger of registry.grid (网格变更后重建索引单元): the cover follows outlines, kinds and periods';

CREATE FUNCTION residency.grid_at(place geometry)
    RETURNS bigint
    LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_grid_at';
COMMENT ON FUNCTION residency.grid_at(geometry) IS
    'The management grid that covers a point today (点落网格), NULL where there is none; on a border the lower grid code. As ST_Covers says, from registry.grid_cover. Point in SRID 4490. Errors: 22023 another SRID, XX000 no point, 55000 migrate() has not made the cover';

CREATE FUNCTION residency.grids_at(places geometry[])
    RETURNS bigint[]
    LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_grids_at';
COMMENT ON FUNCTION residency.grids_at(geometry[]) IS
    'What residency.grid_at() answers for each of many points, in their order (批量点落网格): several times as fast for a hundred thousand. Points in SRID 4490. Errors: 22023 another SRID, XX000 no point';

CREATE FUNCTION residency.place_dwellings(grids bigint[])
    RETURNS bigint
    LANGUAGE plpgsql VOLATILE
    SET search_path FROM CURRENT
    SET jit = off
    SET plan_cache_mode = force_custom_plan
    AS $$
    DECLARE
        ids     bigint[];
        present bigint[];
        places  geometry[];
        targets bigint[];
    BEGIN
        SELECT array_agg(touched.dwelling_id), array_agg(touched.grid_id), array_agg(touched.location)
        INTO ids, present, places
        FROM (
            SELECT d.dwelling_id, d.grid_id, d.location
            FROM unnest(grids) AS k(grid_id)
            JOIN registry.grid g USING (grid_id)
            JOIN registry.dwelling d ON d.location && g.outline
            UNION
            SELECT d.dwelling_id, d.grid_id, d.location
            FROM registry.dwelling d
            WHERE d.grid_id = ANY (grids) AND d.location IS NOT NULL
        ) AS touched;
        SELECT array_agg(placed.dwelling_id), array_agg(placed.target)
        INTO ids, targets
        FROM unnest(ids, present, residency.grids_at(places)) AS placed (dwelling_id, grid_id, target)
        WHERE placed.grid_id IS DISTINCT FROM placed.target;

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
-- grid_lineage: what a change of grids keeps, and how much of it counts.

CREATE FUNCTION residency.grid_matters(shape geometry, division residency.division_code)
    RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        SELECT ST_Area(shape::geography) > residency.policy_numeric('grid_overlap', division, residency.today())
           -- what rounded coordinates make is long and thin
           AND NOT ST_IsEmpty(ST_Buffer(shape, -residency.policy_numeric('grid_overlap_width', division, residency.today()) / 2 / 111000))
    $$;
COMMENT ON FUNCTION residency.grid_matters(geometry, residency.division_code) IS
    'Whether an area that grids share or leave out is more than what rounded coordinates make (网格重叠或空白是否超出容差): beyond policies grid_overlap, m², and grid_overlap_width, m';

CREATE FUNCTION residency.check_outline(grid_code text, outline geometry, division residency.division_code)
    RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        points constant integer := ST_NPoints(outline);
        most            integer;
    BEGIN
        IF ST_IsEmpty(outline) THEN
            PERFORM residency.refuse('RG062', ARRAY[grid_code], 'registry.grid', 'outline');
        END IF;
        -- before the costly questions
        most := residency.policy_int('grid_points', division, residency.today());
        IF points > most THEN
            PERFORM residency.refuse('RG066', ARRAY[grid_code, points::text, most::text], 'registry.grid', 'outline');
        END IF;
        IF NOT residency.is_on_earth(outline) THEN
            PERFORM residency.refuse('RG065',
                ARRAY[grid_code, ST_XMin(outline)::text, ST_XMax(outline)::text, ST_YMin(outline)::text, ST_YMax(outline)::text],
                'registry.grid', 'outline');
        END IF;
        IF NOT ST_IsValid(outline) THEN
            PERFORM residency.refuse('RG061', ARRAY[grid_code, ST_IsValidReason(outline)], 'registry.grid', 'outline');
        END IF;
    END $$;
COMMENT ON FUNCTION residency.check_outline(text, geometry, residency.division_code) IS
    'Refuses an outline that no grid can have (网格边界校验): RG062 empty, RG066 too many points, RG065 off the earth, RG061 not valid';

CREATE FUNCTION residency.grid_draw()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        PERFORM residency.grid_lock(NULL);
        RETURN NULL;
    END $$;
COMMENT ON FUNCTION residency.grid_draw() IS
    'Statement trigger of registry.grid before a row of it is locked (网格绘制先行加锁): who draws waits first, as acts on grids do, and then meets what is there now';

CREATE FUNCTION residency.grid_keep_version()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        now_is record;
        today  constant date := residency.today();
    BEGIN
        IF TG_OP = 'INSERT' THEN
            INSERT INTO registry.grid_version (grid_id, name, outline) VALUES (NEW.grid_id, NEW.name, NEW.outline)
            ON CONFLICT DO NOTHING;
            RETURN NULL;
        END IF;
        SELECT v.grid_version_id, v.period, v.name, v.outline INTO now_is
        FROM registry.grid_version v WHERE v.grid_id = NEW.grid_id AND v.period @> today;
        -- an act has written the version before it changes the grid
        IF NEW.name = now_is.name AND ST_OrderingEquals(NEW.outline, now_is.outline) THEN
            RETURN NULL;
        END IF;
        IF NOT upper_inf(now_is.period) THEN
            PERFORM residency.refuse('RG248', ARRAY[NEW.grid_code, upper(now_is.period)::text, today::text], 'registry.grid',
                                     CASE WHEN NEW.name = now_is.name THEN 'outline' ELSE 'name' END);
        ELSIF lower(now_is.period) = today THEN
            UPDATE registry.grid_version v SET name = NEW.name, outline = NEW.outline WHERE v.grid_version_id = now_is.grid_version_id;
        ELSE
            UPDATE registry.grid_version v SET period = daterange(lower(v.period), today) WHERE v.grid_version_id = now_is.grid_version_id;
            INSERT INTO registry.grid_version (grid_id, period, name, outline)
            VALUES (NEW.grid_id, daterange(today, NULL), NEW.name, NEW.outline);
        END IF;
        RETURN NULL;
    END $$;
COMMENT ON FUNCTION residency.grid_keep_version() IS
    'Trigger of registry.grid (保留网格历史边界): who renames or redraws a grid directly does it as of today, and what it was before is kept. RG248 an act has been entered for a day to come';

CREATE FUNCTION residency.is_called_off(grid bigint)
    RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
        SELECT EXISTS (SELECT FROM registry.grid_lineage l JOIN registry.grid_act a USING (grid_act_id)
                       WHERE l.to_grid_id = grid AND a.called_off_at IS NOT NULL
                         AND NOT EXISTS (SELECT FROM registry.grid_lineage was WHERE was.grid_act_id = l.grid_act_id AND was.from_grid_id = grid))
    $$;
COMMENT ON FUNCTION residency.is_called_off(bigint) IS 'Whether this grid would have begun by an act that was called off (网格调整是否已撤回)';

CREATE FUNCTION residency.division_went(old residency.division_code, new residency.division_code)
    RETURNS boolean
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        -- code may be newer than the tables; as numbers: guards ask whatever their search_path
        RETURN old::bigint <> new::bigint AND to_regclass('code.division_act') IS NOT NULL
           AND EXISTS (SELECT FROM code.division_lineage l JOIN code.division_act a USING (division_act_id)
                       WHERE l.from_division OPERATOR(residency.=) old AND l.to_division OPERATOR(residency.=) new AND a.taken_at IS NOT NULL);
    END $$;
COMMENT ON FUNCTION residency.division_went(residency.division_code, residency.division_code) IS
    'Whether a division, or a part of it, has become the other by an act that has taken effect (区划是否已承接): guards let what is of today follow it';

CREATE FUNCTION residency.grid_violation(keys bigint[])
    RETURNS TABLE (code text, facts text[], at_table text, at_column text)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    -- a plan made while there were few grids reads them all later
    SET plan_cache_mode = force_custom_plan
    AS $$
    BEGIN
        IF to_regclass('registry.grid_version') IS NULL THEN
            RAISE EXCEPTION 'the tables of grids are older than the rules for them'
                USING ERRCODE = 'object_not_in_prerequisite_state',
                      HINT = 'CALL residency.migrate() brings the database in step with the installed code.';
        END IF;
        RETURN QUERY
        WITH pair AS MATERIALIZED (
            SELECT a.grid_code AS code_a, b.grid_code AS code_b, a.division, ST_Intersection(av.outline, bv.outline) AS shared
            FROM unnest(keys) AS k(grid_id)
            JOIN registry.grid a ON a.grid_id = k.grid_id
            JOIN registry.grid_version av ON av.grid_id = a.grid_id
            JOIN registry.grid_version bv ON bv.grid_id <> av.grid_id AND bv.period && av.period
             -- their interiors share an area, not just a border
             AND bv.outline && av.outline AND ST_Relate(av.outline, bv.outline, '2********')
            JOIN registry.grid b ON b.grid_id = bv.grid_id AND b.kind = a.kind AND b.period * bv.period && a.period * av.period
        )
        SELECT 'RG063', ARRAY[code_a, code_b, round(ST_Area(shared::geography)::numeric, 1)::text], 'registry.grid', 'outline'
        FROM pair
        WHERE residency.grid_matters(shared, division)
        ORDER BY code_a, code_b;
    END $$;
COMMENT ON FUNCTION residency.grid_violation(bigint[]) IS
    'Which of these grids overlap another of their kind on a day on which both are valid, as they were drawn on that day (网格重叠校验): RG063, beyond policies grid_overlap and grid_overlap_width; 55000 before CALL residency.migrate()';
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
    LANGUAGE c AS 'MODULE_PATHNAME', 'residency_dwelling_place';
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
-- dwelling_address: the standard address of a dwelling, kept from what was entered.

CREATE FUNCTION residency.division_address(division residency.division_code)
    RETURNS residency.address
    LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_division_address';
COMMENT ON FUNCTION residency.division_address(residency.division_code) IS
    'A division as an address: its names and its code, nothing beneath (区划地址). Shows the gazetteer as committed now; 55000 no gazetteer';

CREATE FUNCTION residency.standard_address(address text, division residency.division_code, whole_id bigint)
    RETURNS residency.address
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        own   CONSTANT residency.address := residency.normalize_address(address, division);
        whole residency.address;
    BEGIN
        IF whole_id IS NOT NULL THEN
            SELECT w.standard_address INTO whole FROM registry.dwelling w WHERE w.dwelling_id = whole_id;
        END IF;
        whole := COALESCE(whole, residency.division_address(division));
        RETURN COALESCE(residency.part_address(whole, own), whole);
    END $$;
COMMENT ON FUNCTION residency.standard_address(text, residency.division_code, bigint) IS
    'Standard address of a dwelling by what was entered (标准地址): the division says the region, whatever the text says; what the text of a part leaves out, such as the road, is that of the whole';

CREATE FUNCTION residency.dwelling_standard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        NEW.standard_address := residency.standard_address(NEW.address, NEW.division, NEW.parent_id);
        IF TG_OP = 'INSERT' OR NEW.door_plate_id IS NULL
           OR (NEW.address, NEW.parent_id) IS DISTINCT FROM (OLD.address, OLD.parent_id)
           -- its plate may have gone over to the new division before it
           OR NEW.division <> OLD.division
              AND NOT EXISTS (SELECT FROM registry.door_plate p WHERE p.door_plate_id = NEW.door_plate_id AND p.division = NEW.division) THEN
            LOOP
                NEW.door_plate_id := residency.door_plate_at(residency.plate_address(NEW.standard_address));
                EXIT WHEN NEW.door_plate_id IS NULL;
                -- who replaces it waits for this dwelling, or is waited for and then followed
                PERFORM FROM registry.door_plate p WHERE p.door_plate_id = NEW.door_plate_id AND p.state <> 'replaced' FOR SHARE;
                EXIT WHEN FOUND;
            END LOOP;
        END IF;
        IF NEW.door_plate_id IS NOT NULL THEN
            NEW.standard_address := COALESCE(
                (SELECT residency.renumber_address(NEW.standard_address, p.address) FROM registry.door_plate p WHERE p.door_plate_id = NEW.door_plate_id),
                NEW.standard_address);
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.dwelling_standard() IS
    'Trigger of registry.dwelling (房屋标准地址): standard address and door plate follow from address, division and whole; a plate that was replaced is followed';

CREATE FUNCTION residency.dwelling_standard_parts()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        IF NEW.standard_address IS DISTINCT FROM OLD.standard_address THEN
            -- its own update fires it for the next level
            UPDATE registry.dwelling part SET address = part.address WHERE part.parent_id = NEW.dwelling_id;
        END IF;
        RETURN NULL;
    END $$;
COMMENT ON FUNCTION residency.dwelling_standard_parts() IS
    'Trigger of registry.dwelling (下属房屋标准地址随整体): parts whose address leaves something out have it from their whole';

CREATE PROCEDURE residency.restandardize(batch integer DEFAULT 1000)
    LANGUAGE plpgsql
    AS $$
    -- A procedure that commits can't have a SET clause: every name is qualified.
    DECLARE
        one  text;
        last bigint;
        keys bigint[];
    BEGIN
        IF residency.in_transaction_block() THEN
            RAISE EXCEPTION 'restandardize() cannot run inside a transaction block'
                USING ERRCODE = 'active_sql_transaction',
                      DETAIL = 'Each batch is a transaction of its own.',
                      HINT = 'CALL residency.restandardize() outside BEGIN and COMMIT, as a statement of its own.';
        END IF;
        -- from the outside in, a kind a batch: a part needs its whole, and who arrives locks from the inside out
        FOREACH one IN ARRAY '{building,unit,room,bed}'::pg_catalog.text[] LOOP
            last := NULL;
            LOOP
                keys := ARRAY(SELECT d.dwelling_id FROM registry.dwelling d
                              WHERE d.kind OPERATOR(pg_catalog.=) one AND (d.dwelling_id OPERATOR(pg_catalog.>) last OR last IS NULL)
                              ORDER BY d.dwelling_id LIMIT batch);
                EXIT WHEN pg_catalog.cardinality(keys) OPERATOR(pg_catalog.=) 0;
                PERFORM residency.restandardize_batch(keys);
                last := keys[pg_catalog.cardinality(keys)];
                COMMIT;
            END LOOP;
        END LOOP;
    END $$;
COMMENT ON PROCEDURE residency.restandardize(integer) IS
    'Works the standard addresses of all dwellings out anew (标准地址重算), after roads, estates, names of divisions or the reader of addresses have become better; in batches of so many rows, a transaction each, that stop nobody for long; again does nothing more. Errors: 25001 inside a transaction';

CREATE FUNCTION residency.restandardize_batch(keys bigint[])
    RETURNS bigint
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    AS $$
    DECLARE
        changed bigint;
    BEGIN
        WITH due AS (
            SELECT d.dwelling_id
            FROM registry.dwelling d
            LEFT JOIN registry.door_plate p ON p.door_plate_id = d.door_plate_id
            CROSS JOIN LATERAL (SELECT residency.standard_address(d.address, d.division, d.parent_id) OFFSET 0) AS s (address)
            WHERE d.dwelling_id = ANY (keys)
              -- to the letter: equal addresses may differ in the names of their divisions
              AND (d.standard_address::text IS DISTINCT FROM COALESCE(residency.renumber_address(s.address, p.address), s.address)::text
                   OR d.door_plate_id IS NULL AND residency.door_plate_at(residency.plate_address(s.address)) IS NOT NULL)
            ORDER BY d.dwelling_id
            FOR NO KEY UPDATE OF d
        )
        UPDATE registry.dwelling d SET standard_address = NULL FROM due WHERE d.dwelling_id = due.dwelling_id;
        GET DIAGNOSTICS changed = ROW_COUNT;
        RETURN changed;
    END $$;
COMMENT ON FUNCTION residency.restandardize_batch(bigint[]) IS
    'Works the standard addresses of these dwellings out anew (标准地址重算批次): how many have changed';

CREATE FUNCTION residency.is_locatable(address residency.address)
    RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT address IS NOT NULL AND COALESCE(residency.road(address), residency.estate(address), residency.village_group(address)) IS NOT NULL $$;
COMMENT ON FUNCTION residency.is_locatable(residency.address) IS
    'Whether an address leads to a house: it names a road, an estate or a village group (地址是否可定位)';
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
            -- but for what became of the division itself
            WHEN NEW.division::bigint <> OLD.division::bigint AND NOT residency.division_went(OLD.division, NEW.division) THEN 'division'
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
COMMENT ON FUNCTION residency.residence_keep() IS 'Trigger of tables whose registrations are kept (登记不得删除): RG035';
-- clock: what the events of a statutory limit come to.

CREATE FUNCTION residency.clock_elapsed(
        total integer, elapsed integer, counts_from date, due_on date, unit text, division residency.division_code, "on" date)
    RETURNS integer
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
    DECLARE
        -- after the last day what is late is counted from it; before, rest days that the end gives way to don't count
        late CONSTANT boolean := "on" > due_on;
        from_day CONSTANT date := CASE WHEN late THEN due_on ELSE counts_from END;
        passed integer;
    BEGIN
        passed := CASE unit WHEN 'days' THEN "on" - from_day ELSE residency.working_days_between(from_day, "on", division) END;
        RETURN CASE WHEN late THEN total + passed ELSE least(total, elapsed + passed) END;
    END $$;
COMMENT ON FUNCTION residency.clock_elapsed(integer, integer, date, date, text, residency.division_code, date) IS
    'Units of a running clock that have passed on a day (已计天数): of total units, so many elapsed before the day it counts from; beyond the total where the limit has run out. RG100 a year without a calendar';

CREATE FUNCTION residency.clock_due(day date, remaining integer, unit text, division residency.division_code)
    RETURNS date
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
    BEGIN
        -- who resumes late is as late as before
        RETURN CASE WHEN remaining >= 0 THEN residency.legal_deadline(day, remaining, unit, division)
                    ELSE residency.add_term(day, remaining::text || ' ' || unit, division) END;
    END $$;
COMMENT ON FUNCTION residency.clock_due(date, integer, text, residency.division_code) IS
    'Last day of a clock that counts from a day and has so many units left (计时届满日); below zero it had run out before it was suspended. RG100 a year without a calendar';

CREATE FUNCTION residency.clock_unit(term text)
    RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT CASE residency.term_unit(term) WHEN 'working days' THEN 'working days' ELSE 'days' END $$;
COMMENT ON FUNCTION residency.clock_unit(text) IS 'In what a clock counts a term (计时单位): working days, or days. RG103 no term';

CREATE FUNCTION residency.clock_budget(started_on date, term text)
    RETURNS integer
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
        SELECT CASE residency.clock_unit(term) WHEN 'days' THEN residency.add_term(started_on, term) - started_on
                                               ELSE residency.term_count(term) END
    $$;
COMMENT ON FUNCTION residency.clock_budget(date, text) IS
    'So many units a clock has that starts on a day (计时预算); of months and years the days up to their last one. RG103 no term, RG105 hours';

CREATE FUNCTION residency.clock_start()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        NEW.started_on := COALESCE(NEW.started_on, residency.today());
        IF EXISTS (SELECT FROM policy.rule r WHERE r.key = NEW.matter AND r.value_type = 'term') THEN
            NEW.term := residency.policy_term(NEW.matter, NEW.division, NEW.started_on);
        ELSE
            NEW.term := NULL;
        END IF;
        IF NEW.term IS NULL THEN
            PERFORM residency.refuse('RG109', ARRAY[NEW.matter, NEW.division::text, NEW.started_on::text], 'registry.clock', 'matter');
        END IF;
        -- refuses what is no limit in days: hours, a term below zero
        NEW.due_on := residency.legal_deadline(NEW.started_on, NEW.term, NEW.division);
        NEW.unit := residency.clock_unit(NEW.term);
        NEW.budget := residency.clock_budget(NEW.started_on, NEW.term);
        NEW.state := 'running';
        NEW.counts_from := NEW.started_on;
        NEW.elapsed := 0;
        NEW.extended := 0;
        NEW.stopped_on := NULL;
        NEW.last_sequence := NULL;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.clock_start() IS
    'Trigger of registry.clock before a clock starts (计时起算): takes the limit that policy sets for its matter, division and first day, whatever else is entered. RG109 there is none, RG090 nothing is set, and what residency.legal_deadline() refuses';

CREATE FUNCTION residency.clock_started()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        INSERT INTO registry.clock_event (clock_id, event, happened_on) VALUES (NEW.clock_id, 'start', NEW.started_on);
        RETURN NULL;
    END $$;
COMMENT ON FUNCTION residency.clock_started() IS 'Trigger of registry.clock after a clock has started: its first event (起算事件)';

CREATE FUNCTION residency.clock_event_judge()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        at     constant text := 'registry.clock_event';
        today  constant date := residency.today();
        clock  record;
        before date;
    BEGIN
        NEW.event := residency.checked_code('clock_event', COALESCE(NEW.event, ''), at, 'event');
        NEW.reason := residency.checked_code('clock_reason', NEW.reason, at, 'reason');
        -- who steps the same clock waits here, and then meets what the other has made of it
        SELECT * INTO clock FROM registry.clock c WHERE c.clock_id = NEW.clock_id FOR NO KEY UPDATE;
        IF NOT FOUND THEN
            PERFORM residency.refuse('RG108', ARRAY[NEW.clock_id::text], at, 'clock_id');
        END IF;
        SELECT e.happened_on INTO before FROM registry.clock_event e
        WHERE e.clock_id = clock.clock_id AND e.sequence = clock.last_sequence;

        NEW.state := CASE
            WHEN (NEW.event = 'start') <> (clock.last_sequence IS NULL) THEN NULL
            WHEN NEW.event = 'start' THEN 'running'
            WHEN NEW.event = 'suspend' AND clock.state = 'running' THEN 'suspended'
            WHEN NEW.event = 'resume' AND clock.state = 'suspended' THEN 'running'
            WHEN NEW.event = 'extend' AND clock.state <> 'stopped' THEN clock.state
            WHEN NEW.event = 'recount' AND clock.state = 'running' THEN 'running'
            WHEN NEW.event = 'stop' AND clock.state <> 'stopped' THEN 'stopped'
        END;
        IF NEW.state IS NULL THEN
            PERFORM residency.refuse('RG111', ARRAY[NEW.clock_id::text, clock.state, NEW.event], at, 'event');
        END IF;
        NEW.happened_on := COALESCE(NEW.happened_on, today);
        IF NEW.happened_on < before OR NEW.happened_on > today THEN
            PERFORM residency.refuse('RG110', ARRAY[NEW.clock_id::text, NEW.happened_on::text, COALESCE(before::text, '-'), today::text],
                                     at, 'happened_on');
        END IF;
        IF NEW.event IN ('suspend', 'extend')
           AND (NEW.reason IS NULL OR residency.is_plain_text(NEW.legal_basis, 200) IS NOT TRUE) THEN
            PERFORM residency.refuse('RG112', ARRAY[NEW.event], at, CASE WHEN NEW.reason IS NULL THEN 'reason' ELSE 'legal_basis' END);
        END IF;
        IF (NEW.event = 'extend') <> (NEW.amount IS NOT NULL) OR NEW.amount NOT BETWEEN 1 AND 3650 THEN
            PERFORM residency.refuse('RG113', ARRAY[NEW.event, COALESCE(NEW.amount::text, '-')], at, 'amount');
        END IF;

        NEW.sequence := COALESCE(clock.last_sequence, 0) + 1;
        NEW.actor := residency.actor();
        NEW.recorded_at := now();
        NEW.extended := clock.extended + COALESCE(NEW.amount, 0);
        NEW.elapsed := CASE
            WHEN clock.state = 'running' AND NEW.state <> 'running'
            THEN residency.clock_elapsed(clock.budget + clock.extended, clock.elapsed, clock.counts_from, clock.due_on,
                                         clock.unit, clock.division, NEW.happened_on)
            ELSE clock.elapsed END;
        NEW.counts_from := CASE WHEN NEW.state <> 'running' THEN NULL
                                WHEN NEW.event = 'resume' THEN NEW.happened_on ELSE clock.counts_from END;
        NEW.due_on := CASE NEW.state
            WHEN 'running' THEN residency.clock_due(NEW.counts_from, clock.budget + NEW.extended - NEW.elapsed, clock.unit, clock.division)
            WHEN 'stopped' THEN clock.due_on END;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.clock_event_judge() IS
    'Trigger of registry.clock_event before an event (计时事件裁决): locks the clock, refuses what cannot happen to it now (RG006, RG108, RG110-RG113) and says what it is afterwards, whatever else is entered';

CREATE FUNCTION residency.clock_event_apply()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        UPDATE registry.clock c
        SET (state, counts_from, elapsed, extended, due_on, stopped_on, last_sequence)
            = (NEW.state, NEW.counts_from, NEW.elapsed, NEW.extended, NEW.due_on,
               CASE NEW.state WHEN 'stopped' THEN NEW.happened_on END, NEW.sequence)
        WHERE c.clock_id = NEW.clock_id;
        RETURN NULL;
    END $$;
COMMENT ON FUNCTION residency.clock_event_apply() IS 'Trigger of registry.clock_event after an event: the clock becomes what it says (计时随事件变更)';

CREATE FUNCTION residency.clock_follow()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        last record;
    BEGIN
        SELECT * INTO last FROM registry.clock_event e WHERE e.clock_id = OLD.clock_id ORDER BY e.sequence DESC LIMIT 1;
        IF (NEW.clock_id, NEW.matter, NEW.started_on, NEW.term, NEW.budget, NEW.unit)
               IS DISTINCT FROM (OLD.clock_id, OLD.matter, OLD.started_on, OLD.term, OLD.budget, OLD.unit)
           OR NEW.division::bigint <> OLD.division::bigint AND NOT residency.division_went(OLD.division, NEW.division)
           OR (NEW.state, NEW.counts_from, NEW.elapsed, NEW.extended, NEW.due_on, NEW.stopped_on, NEW.last_sequence)
               IS DISTINCT FROM (last.state, last.counts_from, last.elapsed, last.extended, last.due_on,
                                 CASE last.state WHEN 'stopped' THEN last.happened_on END, last.sequence) THEN
            PERFORM residency.refuse('RG114', ARRAY['registry.clock'], 'registry.clock');
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.clock_follow() IS
    'Trigger of registry.clock for changed rows (计时变更校验): a clock is what its last event says, RG114 anything else';

CREATE FUNCTION residency.clock_keep()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        written constant text := TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME;
    BEGIN
        PERFORM residency.refuse('RG114', ARRAY[written], written);
    END $$;
COMMENT ON FUNCTION residency.clock_keep() IS 'Trigger of registry.clock and registry.clock_event (计时不得删除): RG114';
-- door_plate: a house number, what it can become, and the dwellings that follow it.

CREATE FUNCTION residency.door_plate_end(door_plate_id bigint)
    RETURNS bigint
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
        WITH RECURSIVE chain AS (
            SELECT p.door_plate_id, p.replaced_by_id, 1 AS step FROM registry.door_plate p WHERE p.door_plate_id = $1
            UNION ALL
            SELECT p.door_plate_id, p.replaced_by_id, chain.step + 1
            FROM chain JOIN registry.door_plate p ON p.door_plate_id = chain.replaced_by_id
        )
        SELECT chain.door_plate_id FROM chain WHERE chain.replaced_by_id IS NULL
    $$;
COMMENT ON FUNCTION residency.door_plate_end(bigint) IS
    'The plate that a house has at last whose plate was replaced, perhaps several times (现行门牌): itself if it was not replaced';

CREATE FUNCTION residency.door_plate_at(address residency.address)
    RETURNS bigint
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    AS $$
    DECLARE
        found record;
    BEGIN
        IF address IS NULL THEN
            RETURN NULL;
        END IF;
        -- whoever has the number now; else the last who had it, by what he has instead
        SELECT p.door_plate_id, p.state INTO found
        FROM registry.door_plate p
        WHERE p.address OPERATOR(residency.=) $1 AND p.state IN ('active', 'temporary', 'replaced')
        ORDER BY p.state = 'replaced', p.ended_on DESC, p.door_plate_id DESC
        LIMIT 1;
        RETURN CASE found.state WHEN 'replaced' THEN residency.door_plate_end(found.door_plate_id) ELSE found.door_plate_id END;
    END $$;
COMMENT ON FUNCTION residency.door_plate_at(residency.address) IS
    'The plate of the house at this road and number (门牌查找): the one in force, else what has replaced the last one; NULL where the register knows none';

CREATE FUNCTION residency.door_plate_address(division residency.division_code, road text, number text)
    RETURNS residency.address
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
        SELECT residency.part_address(residency.division_address(division),
                                      residency.normalize_address(road || regexp_replace(number, '^([0-9]+)$', '\1号'), division))
        WHERE number !~ '(之|-|附).*(之|-|附)'
    $$;
COMMENT ON FUNCTION residency.door_plate_address(residency.division_code, text, text) IS
    'Standard address of a number of a road, or of a village group, in a village-level division (标准门牌地址); NULL where it reads as none, or is the sub-number of a sub-number';

CREATE FUNCTION residency.door_plate_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        at      constant text := 'registry.door_plate';
        today   constant date := residency.today();
        taken   bigint;
        other   record;
    BEGIN
        -- equal addresses may differ in the names of their divisions
        IF TG_OP = 'UPDATE' AND ((NEW.door_plate_id, NEW.road, NEW.number, NEW.clock_id)
               IS DISTINCT FROM (OLD.door_plate_id, OLD.road, OLD.number, COALESCE(OLD.clock_id, NEW.clock_id))
               OR (NEW.division <> OLD.division OR NEW.address <> OLD.address) AND NOT residency.division_went(OLD.division, NEW.division)) THEN
            PERFORM residency.refuse('RG218', ARRAY[OLD.door_plate_id::text], at, 'number');
        END IF;
        NEW.state := residency.checked_code('door_plate_state', NEW.state, at, 'state');
        IF (TG_OP = 'INSERT' OR NEW.state <> OLD.state)
           AND NOT EXISTS (SELECT FROM code.door_plate_transition t
                           WHERE t.to_state = NEW.state AND t.from_state IS NOT DISTINCT FROM CASE TG_OP WHEN 'UPDATE' THEN OLD.state END) THEN
            PERFORM residency.refuse('RG217', ARRAY[NEW.door_plate_id::text, CASE TG_OP WHEN 'UPDATE' THEN OLD.state ELSE '-' END, NEW.state], at, 'state');
        END IF;
        NEW.applied_on := COALESCE(NEW.applied_on, today);
        IF NEW.state IN ('replaced', 'cancelled') THEN
            NEW.ended_on := COALESCE(NEW.ended_on, today);
        ELSIF NEW.state IN ('active', 'temporary') THEN
            -- what is entered as given has been so since then
            NEW.decided_on := COALESCE(NEW.decided_on, CASE TG_OP WHEN 'INSERT' THEN NEW.applied_on ELSE today END);
        END IF;
        IF NEW.decided_on < NEW.applied_on OR NEW.ended_on < COALESCE(NEW.decided_on, NEW.applied_on)
           OR greatest(NEW.applied_on, NEW.decided_on, NEW.ended_on) > today THEN
            PERFORM residency.refuse('RG222', ARRAY[NEW.applied_on::text, COALESCE(NEW.decided_on::text, '-'), COALESCE(NEW.ended_on::text, '-'), today::text],
                                     at, 'applied_on');
        END IF;
        IF NEW.reason IS NULL AND NEW.state IN ('cancelled', 'temporary') OR residency.is_plain_text(NEW.reason, 200) IS FALSE THEN
            PERFORM residency.refuse('RG221', ARRAY[NEW.door_plate_id::text, NEW.state], at, 'reason');
        END IF;

        IF TG_OP = 'INSERT' THEN
            IF residency.level(NEW.division) <> 5 THEN
                PERFORM residency.refuse('RG053', ARRAY[NEW.division::text], at, 'division');
            END IF;
            NEW.address := residency.door_plate_address(NEW.division, NEW.road, NEW.number);
            IF residency.is_plain_text(NEW.road || NEW.number, 100) IS NOT TRUE OR NEW.address IS NULL
               OR residency.plate_address(NEW.address) IS DISTINCT FROM NEW.address
               OR residency.road_no(NEW.address) !~ '^[0-9]+号?[甲乙丙丁]?号?(之[0-9]+)?$' THEN
                PERFORM residency.refuse('RG216', ARRAY[COALESCE(residency.full_address(NEW.address), '-')], at, 'number');
            END IF;
            SELECT p.door_plate_id INTO taken FROM registry.door_plate p
            WHERE p.address OPERATOR(residency.=) NEW.address AND p.state NOT IN ('replaced', 'cancelled');
            IF FOUND THEN
                PERFORM residency.refuse('RG215', ARRAY[taken::text, NEW.division::text], at, 'number');
            END IF;
        ELSIF NEW.replaced_by_id IS DISTINCT FROM OLD.replaced_by_id THEN
            -- in force, and so not replaced itself: chains have an end
            SELECT * INTO other FROM registry.door_plate p WHERE p.door_plate_id = NEW.replaced_by_id FOR SHARE;
            IF OLD.replaced_by_id IS NOT NULL OR other.state IS DISTINCT FROM 'active' OR other.division::bigint <> NEW.division::bigint THEN
                PERFORM residency.refuse('RG220', ARRAY[NEW.door_plate_id::text, COALESCE(NEW.replaced_by_id::text, '-'), COALESCE(other.state, '-')],
                                         at, 'replaced_by_id');
            END IF;
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.door_plate_guard() IS
    'Trigger of registry.door_plate (门牌校验): what a house number is, what it can become (RG006, RG053, RG215-RG218, RG220-RG222)';

CREATE FUNCTION residency.door_plate_follow()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    AS $$
    DECLARE
        moved CONSTANT boolean := NEW.state = 'replaced';
        keys  bigint[];
    BEGIN
        IF NOT moved AND NEW.state NOT IN ('active', 'temporary') THEN
            RETURN NULL;
        END IF;
        -- from the inside out, as arrivals do; a new plate finds the dwellings that were there before it
        keys := ARRAY(SELECT d.dwelling_id FROM registry.dwelling d
                      WHERE d.dwelling_id IN (
                          SELECT linked.dwelling_id FROM registry.dwelling linked WHERE moved AND linked.door_plate_id = NEW.door_plate_id
                          UNION ALL
                          SELECT free.dwelling_id FROM registry.dwelling free
                          WHERE NOT moved AND free.standard_address OPERATOR(residency.<@) NEW.address AND free.door_plate_id IS NULL)
                      ORDER BY residency.dwelling_rank(d.kind) DESC, d.dwelling_id
                      FOR NO KEY UPDATE);
        IF moved THEN
            INSERT INTO registry.dwelling_former_address (dwelling_id, address, door_plate_id, until)
            SELECT d.dwelling_id, d.standard_address, NEW.door_plate_id, NEW.ended_on
            FROM registry.dwelling d WHERE d.dwelling_id = ANY (keys);
        END IF;
        UPDATE registry.dwelling d SET door_plate_id = COALESCE(NEW.replaced_by_id, NEW.door_plate_id) WHERE d.dwelling_id = ANY (keys);
        RETURN NULL;
    END $$;
COMMENT ON FUNCTION residency.door_plate_follow() IS
    'Trigger of registry.door_plate (房屋随门牌变更): dwellings have the plate of their number, and follow it when it is replaced; their former address is kept';

CREATE FUNCTION residency.door_plate_keep()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        PERFORM residency.refuse('RG218', ARRAY['-'], 'registry.door_plate');
    END $$;
COMMENT ON FUNCTION residency.door_plate_keep() IS 'Trigger of registry.door_plate (门牌档案不得删除): RG218';
-- permit: the procedure, as a table that the core holds.

CREATE FUNCTION residency.is_permit_state(text) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_is_permit_state';
COMMENT ON FUNCTION residency.is_permit_state(text) IS 'whether a text names a state of a residence permit (居住证状态)';

CREATE FUNCTION residency.permit_state_name(residency.permit_state) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_permit_state_name';
COMMENT ON FUNCTION residency.permit_state_name(residency.permit_state) IS 'the state in Chinese (居住证状态名称)';

CREATE FUNCTION residency.permit_phase(residency.permit_state) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_permit_state_phase';
COMMENT ON FUNCTION residency.permit_phase(residency.permit_state) IS
    'application before there is a card, card, or end where nothing follows (居住证阶段)';

CREATE FUNCTION residency.permit_next(state residency.permit_state, event text)
    RETURNS residency.permit_state
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_permit_next_state';
COMMENT ON FUNCTION residency.permit_next(residency.permit_state, text) IS
    'where an event leads from a state of a residence permit; NULL where it cannot happen; from NULL, a permit before its first event (居住证状态变更)';

CREATE FUNCTION residency.permit_states(
        OUT state residency.permit_state, OUT name text, OUT name_zh text, OUT phase text)
    RETURNS SETOF record
    LANGUAGE c IMMUTABLE PARALLEL SAFE ROWS 16 AS 'MODULE_PATHNAME', 'residency_permit_state_rows';
COMMENT ON FUNCTION residency.permit_states() IS
    'the states of a residence permit in the order of the procedure, with their phase: application, card or end (居住证状态)';

CREATE FUNCTION residency.permit_transitions(
        OUT from_state residency.permit_state, OUT event text, OUT to_state residency.permit_state, OUT event_zh text,
        OUT actor text, OUT limit_key text, OUT guard text, OUT legal_basis text)
    RETURNS SETOF record
    LANGUAGE c IMMUTABLE PARALLEL SAFE ROWS 44 AS 'MODULE_PATHNAME', 'residency_permit_transition_rows';
COMMENT ON FUNCTION residency.permit_transitions() IS
    'the procedure of the residence permit as a table (居住证办理流程): from a state (NULL: before the first event) by an event to a state; who acts: person, window, police, maker or system; the policy key of the time limit; what must be true; the clause it rests on';

CREATE FUNCTION residency.permit_picture()
    RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
        SELECT pg_catalog.concat_ws(E'\n', 'stateDiagram-v2',
            (SELECT pg_catalog.string_agg(pg_catalog.format('    %s : %s %s', s.name, s.name, s.name_zh), E'\n' ORDER BY s.state)
             FROM residency.permit_states() s),
            (SELECT pg_catalog.string_agg(pg_catalog.format('    %s --> %s : %s', COALESCE(t.from_state::text, '[*]'), t.to_state, t.event),
                                          E'\n' ORDER BY t.from_state NULLS FIRST, t.to_state, t.event)
             FROM residency.permit_transitions() t),
            (SELECT pg_catalog.string_agg(pg_catalog.format('    %s --> [*]', s.name), E'\n' ORDER BY s.state)
             FROM residency.permit_states() s WHERE s.phase OPERATOR(pg_catalog.=) 'end'))
    $$;
COMMENT ON FUNCTION residency.permit_picture() IS
    'the procedure as a Mermaid state diagram, drawn from residency.permit_transitions() (居住证状态图)';

CREATE FUNCTION residency.county(residency.division_code)
    RETURNS residency.division_code
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
        SELECT line.division
        FROM pg_catalog.unnest(residency.lineage($1)) AS line (division)
        WHERE residency.level(line.division) OPERATOR(pg_catalog.<=) 3
        ORDER BY line.division DESC
        LIMIT 1
    $$;
COMMENT ON FUNCTION residency.county(residency.division_code) IS
    'the county of a division; the city where it has no counties, or the division itself above them (所属县级区划)';

CREATE FUNCTION residency.anniversary_after(start date, day date)
    RETURNS date
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
        -- from the first day itself, so that the 29th of February comes back in leap years
        SELECT pg_catalog.min(candidate.day)
        FROM (SELECT residency.add_months_legal(start, 12 OPERATOR(pg_catalog.*) n) AS day
              FROM pg_catalog.generate_series(greatest(residency.age(start, anniversary_after.day), 1),
                                              greatest(residency.age(start, anniversary_after.day), 0) + 2) AS n) AS candidate
        WHERE candidate.day > anniversary_after.day
    $$;
COMMENT ON FUNCTION residency.anniversary_after(date, date) IS
    'the first full year''s day of a start after a day (周年日); of the 29th of February the 28th in common years (民法典 Art. 202)';

CREATE FUNCTION residency.permit_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        at    constant text := 'registry.permit';
        fixed text;
        last  registry.permit_event;
        -- what became of the county itself, or of where the holder lives
        went  boolean;
    BEGIN
        IF TG_OP = 'INSERT' THEN
            NEW := registry.permit_entry(NEW);
            RETURN NEW;
        END IF;

        went := NEW.division::bigint <> OLD.division::bigint
            AND (residency.division_went(OLD.division, NEW.division)
                 OR NEW.division::bigint = (SELECT residency.county(r.division)::bigint FROM registry.residence r WHERE r.residence_id = NEW.residence_id));
        IF went THEN
            NEW.city := residency.city(NEW.division);
        END IF;

        fixed := CASE
            WHEN NEW.permit_id <> OLD.permit_id THEN 'permit_id'
            WHEN NEW.person_id <> OLD.person_id THEN 'person_id'
            WHEN NEW.division::bigint <> OLD.division::bigint AND NOT went THEN 'division'
            WHEN NEW.city::bigint <> OLD.city::bigint AND NOT went THEN 'city'
            WHEN NEW.replaces_id IS DISTINCT FROM OLD.replaces_id THEN 'replaces_id'
            WHEN NEW.permit_number IS DISTINCT FROM OLD.permit_number THEN 'permit_number'
            WHEN NEW.proxy_person_id IS DISTINCT FROM OLD.proxy_person_id AND OLD.state::text <> 'draft' THEN 'proxy_person_id'
            WHEN NEW.applied_on <> OLD.applied_on AND NEW.last_sequence = OLD.last_sequence THEN 'applied_on'
            WHEN NEW.clock_id IS DISTINCT FROM OLD.clock_id AND NEW.last_sequence = OLD.last_sequence THEN 'clock_id'
        END;
        IF fixed IS NULL THEN
            SELECT * INTO last FROM registry.permit_event e
            WHERE e.permit_id = NEW.permit_id AND e.sequence = NEW.last_sequence;
            fixed := CASE
                WHEN NOT FOUND OR NEW.last_sequence < OLD.last_sequence THEN 'last_sequence'
                WHEN NEW.state::int2 IS DISTINCT FROM last.to_state::int2 THEN 'state'
                WHEN NEW.residence_id IS DISTINCT FROM last.residence_id THEN 'residence_id'
                WHEN NEW.ground IS DISTINCT FROM last.ground THEN 'ground'
                WHEN NEW.issued_on IS DISTINCT FROM last.issued_on THEN 'issued_on'
                WHEN NEW.count_from IS DISTINCT FROM last.count_from THEN 'count_from'
                WHEN NEW.endorsed_until IS DISTINCT FROM last.endorsed_until THEN 'endorsed_until'
                WHEN NEW.residence_years IS DISTINCT FROM last.residence_years THEN 'residence_years'
                WHEN NEW.suspended_on IS DISTINCT FROM last.suspended_on THEN 'suspended_on'
            END;
        END IF;
        IF fixed IS NOT NULL THEN
            PERFORM residency.refuse('RG143', ARRAY[fixed, OLD.permit_id::text], at, fixed);
        END IF;
        IF NEW.permit_number IS NULL AND last.to_state::text = 'making' THEN
            NEW.permit_number := registry.next_permit_number(NEW.division, last.happened_on);
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.permit_guard() IS
    'Trigger of registry.permit (居住证校验): an application is filled in from the residence (RG006, RG010, RG012, RG141, RG144, RG169), a permit is as its last event left it (RG143); approval gives it its number';

CREATE FUNCTION residency.permit_enter()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        INSERT INTO registry.permit_event (permit_id, event, happened_on)
        VALUES (NEW.permit_id, CASE WHEN NEW.replaces_id IS NULL THEN 'enter' ELSE 'reissue' END, NEW.applied_on);
        RETURN NULL;
    END $$;
COMMENT ON FUNCTION residency.permit_enter() IS 'Trigger of registry.permit after an entry (首个事项): its first event, enter or reissue';

CREATE FUNCTION residency.permit_event_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        at     constant text := 'registry.permit_event';
        permit registry.permit;
        last   registry.permit_event;
    BEGIN
        SELECT * INTO permit FROM registry.permit p WHERE p.permit_id = NEW.permit_id FOR NO KEY UPDATE;
        IF NOT FOUND THEN
            PERFORM residency.refuse('RG165', ARRAY[NEW.permit_id::text], at, 'permit_id');
        END IF;
        -- several events may come in one statement, and the permit follows when it is done: the chain itself knows better
        SELECT * INTO last FROM registry.permit_event e WHERE e.permit_id = NEW.permit_id ORDER BY e.sequence DESC LIMIT 1;
        IF last.sequence > permit.last_sequence THEN
            permit := registry.permit_after(permit, last);
        END IF;
        NEW.sequence := permit.last_sequence + 1;
        NEW.from_state := permit.state;
        NEW.to_state := residency.permit_next(permit.state, NEW.event);
        IF NEW.to_state IS NULL THEN
            PERFORM residency.refuse('RG140', registry.permit_misstep(permit.permit_id, permit.state, left(NEW.event, 40)), at, 'event');
        END IF;
        NEW.happened_on := COALESCE(NEW.happened_on, residency.today());
        IF NEW.happened_on > residency.today() THEN
            PERFORM residency.refuse('RG141', ARRAY[NEW.happened_on, residency.today()]::text[], at, 'happened_on');
        END IF;
        IF NEW.happened_on < last.happened_on AND NEW.channel = 'system' THEN
            -- what time alone brings about has its day by law, and follows what was entered before it
            NEW.happened_on := last.happened_on;
        ELSIF NEW.happened_on < last.happened_on THEN
            PERFORM residency.refuse('RG142', ARRAY[NEW.happened_on, last.happened_on]::text[], at, 'happened_on');
        END IF;
        NEW.channel := residency.checked_code('channel', COALESCE(NEW.channel, 'window'), at, 'channel');
        NEW.evidence := COALESCE(NEW.evidence, '{}');
        NEW.actor := residency.actor();
        NEW.recorded_at := now();
        NEW.decision_id := NULL;
        NEW.residence_id := permit.residence_id;
        NEW.ground := permit.ground;
        NEW.issued_on := permit.issued_on;
        NEW.count_from := permit.count_from;
        NEW.endorsed_until := permit.endorsed_until;
        NEW.residence_years := permit.residence_years;
        NEW.suspended_on := permit.suspended_on;
        NEW := registry.permit_effect(permit, NEW);
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.permit_event_guard() IS
    'Trigger of registry.permit_event (办理事项校验): the permit is locked, the step must exist (RG140, RG165) and come in its time (RG141, RG142; what the register enters itself, channel system, takes the day of the event before, where that was later); what else must be true, and what follows, is for registry.permit_effect()';

CREATE FUNCTION residency.permit_event_follow()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        PERFORM registry.permit_follow(NEW);
        RETURN NULL;
    END $$;
COMMENT ON FUNCTION residency.permit_event_follow() IS
    'Trigger of registry.permit_event (办理事项生效): the permit, its clock, and what else an event brings about';

CREATE FUNCTION residency.permit_keep()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        PERFORM residency.refuse('RG166', ARRAY[TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME], TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME);
    END $$;
COMMENT ON FUNCTION residency.permit_keep() IS 'Trigger of the tables of permits (居住证记录不得更改): RG166';

CREATE FUNCTION residency.person_death()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        IF NEW.died_on > residency.today() OR NEW.died_on < NEW.birth_date THEN
            PERFORM residency.refuse('RG171', ARRAY[NEW.died_on, residency.today()]::text[], 'registry.person', 'died_on');
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.person_death() IS 'Trigger of registry.person (死亡日期校验): RG171';

CREATE FUNCTION residency.person_settle()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        -- nobody has moved where the code of their home has changed
        IF NEW.died_on IS NOT DISTINCT FROM OLD.died_on AND residency.division_went(OLD.household_division, NEW.household_division) THEN
            RETURN NULL;
        END IF;
        INSERT INTO registry.permit_event (permit_id, event, reason, channel)
        SELECT p.permit_id, 'cancel', ended.reason, 'exchange'
        FROM registry.permit p
        CROSS JOIN LATERAL registry.permit_ended_by(p.person_id, p.city) AS ended (reason)
        WHERE p.person_id = NEW.person_id AND residency.permit_phase(p.state) = 'card' AND ended.reason IS NOT NULL
        ORDER BY p.permit_id;
        UPDATE registry.residence r
        SET state = 'departed', departed_on = greatest(r.arrived_on, COALESCE(NEW.died_on, residency.today())),
            close_reason = CASE WHEN NEW.died_on IS NOT NULL THEN '死亡' ELSE '户籍迁入' END
        WHERE r.person_id = NEW.person_id AND residency.residence_is_current(r.state)
          AND (NEW.died_on IS NOT NULL
               -- moved here: who was local before may well live in another home than that of the household
               OR residency.city(NEW.household_division)::bigint = residency.city(r.division)::bigint
                  AND residency.city(OLD.household_division)::bigint IS DISTINCT FROM residency.city(NEW.household_division)::bigint);
        RETURN NULL;
    END $$;
COMMENT ON FUNCTION residency.person_settle() IS
    'Trigger of registry.person (户籍迁入或死亡): permits and the current residence end when the household moves to their city, or the person dies (居住证暂行条例 Art. 2; 杭州市流动人口服务管理规定 Art. 21)';
-- address: what can be asked of one.

CREATE FUNCTION residency.division(residency.address) RETURNS residency.division_code
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_division';
COMMENT ON FUNCTION residency.division(residency.address) IS
    'code of the division that an address lies in, as far as it is known; NULL if it is not (区划代码)';

CREATE FUNCTION residency.province(residency.address) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_province';
COMMENT ON FUNCTION residency.province(residency.address) IS
    'the province as the address names it; NULL if there is none (省级)';

CREATE FUNCTION residency.city(residency.address) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_city';
COMMENT ON FUNCTION residency.city(residency.address) IS
    'the city as the address names it; of a municipality its name, as province() gives it; NULL if there is none (地级)';

CREATE FUNCTION residency.county(residency.address) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_county';
COMMENT ON FUNCTION residency.county(residency.address) IS
    'the county or district as the address names it; NULL if there is none (县级)';

CREATE FUNCTION residency.devzone(residency.address) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_devzone';
COMMENT ON FUNCTION residency.devzone(residency.address) IS
    'the development zone, which is no division of its own; NULL if there is none (功能区)';

CREATE FUNCTION residency.township(residency.address) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_township';
COMMENT ON FUNCTION residency.township(residency.address) IS
    'the township or street as the address names it; NULL if there is none (乡级)';

CREATE FUNCTION residency.community(residency.address) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_community';
COMMENT ON FUNCTION residency.community(residency.address) IS
    'the community or village, without its committee: 玉沙社区, 里仁洞村; NULL if there is none (社区、村)';

CREATE FUNCTION residency.village_group(residency.address) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_village_group';
COMMENT ON FUNCTION residency.village_group(residency.address) IS
    'the group or natural village; NULL if there is none (村民小组、自然村)';

CREATE FUNCTION residency.road(residency.address) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_road';
COMMENT ON FUNCTION residency.road(residency.address) IS
    'the street or lane; NULL if there is none (街路巷)';

CREATE FUNCTION residency.road_no(residency.address) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_road_no';
COMMENT ON FUNCTION residency.road_no(residency.address) IS
    'the number at the street: 12号, 12号之1; NULL if there is none (门牌号)';

CREATE FUNCTION residency.estate(residency.address) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_estate';
COMMENT ON FUNCTION residency.estate(residency.address) IS
    'the estate, compound or other named place; NULL if there is none (小区、院落)';

CREATE FUNCTION residency.building(residency.address) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_building';
COMMENT ON FUNCTION residency.building(residency.address) IS
    'the building: 3栋, A座, or a bare number; NULL if there is none (楼栋)';

CREATE FUNCTION residency.unit(residency.address) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_unit';
COMMENT ON FUNCTION residency.unit(residency.address) IS
    'the unit or staircase: 2单元, or a bare number; NULL if there is none (单元)';

CREATE FUNCTION residency.floor(residency.address) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_floor';
COMMENT ON FUNCTION residency.floor(residency.address) IS
    'the storey if it is named: 5层; nothing is concluded from the room; NULL if there is none (楼层)';

CREATE FUNCTION residency.room(residency.address) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_room';
COMMENT ON FUNCTION residency.room(residency.address) IS
    'the room: 302房, 1503室, or a bare number; NULL if there is none (户室)';

CREATE FUNCTION residency.detail(residency.address) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_detail';
COMMENT ON FUNCTION residency.detail(residency.address) IS
    'what else says where it is: remarks, and words such as 旁; NULL if there is none (附加)';

CREATE FUNCTION residency.level(residency.address) RETURNS integer
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_depth';
COMMENT ON FUNCTION residency.level(residency.address) IS
    'number of the deepest level that is known, by an element or by the division: 1 province, 2 city, 3 county, 4 development zone, 5 township, 6 community, 7 village group, 8 road, 9 road number, 10 estate, 11 building, 12 unit, 13 floor, 14 room; NULL if only a detail is (地址级别)';

CREATE FUNCTION residency.parent(residency.address) RETURNS residency.address
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_above';
COMMENT ON FUNCTION residency.parent(residency.address) IS
    'the smallest address around one: without its last element beyond the division, or in the division above; NULL if there is none (上级地址)';

CREATE FUNCTION residency.lineage(residency.address) RETURNS residency.address[]
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_lineage';
COMMENT ON FUNCTION residency.lineage(residency.address) IS
    'the addresses that contain one, by parent(): outermost first, itself last (地址路径)';

CREATE FUNCTION residency.last_within(residency.address) RETURNS residency.address
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_last';
COMMENT ON FUNCTION residency.last_within(residency.address) IS
    'the highest address inside one, which is none of a place: the end of its range, as the address itself is the start (地址区间)';

CREATE FUNCTION residency.full_address(residency.address) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_full';
COMMENT ON FUNCTION residency.full_address(residency.address) IS
    'an address as it is printed on a letter: its elements run together, a detail in brackets (地址全称)';

CREATE FUNCTION residency.elements(residency.address) RETURNS TABLE (level integer, element text, value text)
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE ROWS 8 AS 'MODULE_PATHNAME', 'residency_address_elements';
COMMENT ON FUNCTION residency.elements(residency.address) IS
    'the elements of an address from the outside in: number of the level, its English name as parse_address() has it, value (地址要素)';
-- entitlement: employers, and the four records that entitle: employment, tenancy, schooling, ownership.
-- Guards find their rows by keys, also while a table is so small that reading it whole seems cheaper, and the plan is kept.

CREATE FUNCTION residency.is_registration_number(entry text)
    RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        product integer := 10;
        total   integer;
    BEGIN
        IF entry !~ '^[0-9]{15}$' THEN
            RETURN false;
        END IF;
        -- ISO 7064 MOD 11,10: a sum that ends in 0 counts as 10
        FOR place IN 1..14 LOOP
            total := (product + substr(entry, place, 1)::integer) % 10;
            product := CASE total WHEN 0 THEN 10 ELSE total END * 2 % 11;
        END LOOP;
        RETURN (11 - product) % 10 = right(entry, 1)::integer;
    END $$;
COMMENT ON FUNCTION residency.is_registration_number(text) IS
    'Whether a text is a registration number of a business licence from before the credit codes (工商注册号, GS 15-2006): 15 digits, the last one the check digit of ISO 7064 MOD 11,10';

CREATE FUNCTION residency.record_state(starts_on date, ends_on date, void_reason text, "on" date)
    RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
        SELECT CASE WHEN void_reason IS NOT NULL THEN 'voided'
                    WHEN ends_on <= "on" THEN 'ended'
                    WHEN starts_on > "on" THEN 'ahead'
                    ELSE 'running' END
    $$;
COMMENT ON FUNCTION residency.record_state(date, date, text, date) IS
    'How a record stands on a day, list record_state (记录状态): ahead, running, ended or voided';

CREATE FUNCTION residency.checked_text(entry text, longest integer, at_table text, at_column text)
    RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        entry := btrim(entry, E' \t\u3000\u00a0');
        IF NOT residency.is_plain_text(entry, longest) THEN
            PERFORM residency.refuse('RG125', ARRAY[at_column, longest::text], at_table, at_column);
        END IF;
        RETURN entry;
    END $$;
COMMENT ON FUNCTION residency.checked_text(text, integer, text, text) IS
    'The entry without outer blanks, where it is one line of 1 to so many characters (单行文本校验); otherwise RG125 for that table and column. NULL passes';

CREATE FUNCTION residency.check_past(day date, at_table text, at_column text)
    RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        IF day > residency.today() THEN
            PERFORM residency.refuse('RG126', ARRAY[at_column, day::text, residency.today()::text], at_table, at_column);
        ELSIF NOT isfinite(day) THEN
            PERFORM residency.refuse('RG128', ARRAY[at_column, day::text], at_table, at_column);
        END IF;
    END $$;
COMMENT ON FUNCTION residency.check_past(date, text, text) IS
    'Refuses the day of something that is to have happened (既往日期校验): RG126 it lies in the future, RG128 it is none. NULL passes';

CREATE FUNCTION residency.employer_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off
    SET enable_hashjoin = off
    SET enable_mergejoin = off
    AS $$
    DECLARE
        at    CONSTANT text := 'registry.employer';
        other bigint;
    BEGIN
        NEW.name := residency.checked_text(COALESCE(NEW.name, ''), 200, at, 'name');
        NEW.address := residency.checked_text(NEW.address, 200, at, 'address');
        NEW.registration_number := btrim(NEW.registration_number);
        IF num_nonnulls(NEW.credit_code, NEW.registration_number) = 0
           OR NOT residency.is_registration_number(NEW.registration_number) THEN
            PERFORM residency.refuse('RG122', ARRAY[COALESCE(NEW.credit_code::text, '-'), COALESCE(left(NEW.registration_number, 20), '-')],
                                     at, 'registration_number');
        END IF;
        IF NEW.division IS NULL THEN
            PERFORM residency.refuse('RG125', '{division,12}', at, 'division');
        END IF;
        NEW.state := residency.checked_code('employer_state', COALESCE(NEW.state, ''), at, 'state');
        NEW.channel := residency.checked_code('channel', COALESCE(NEW.channel, ''), at, 'channel');

        NEW.closed_on := CASE WHEN NEW.state <> 'open' THEN COALESCE(NEW.closed_on, residency.today()) END;
        PERFORM residency.check_past(NEW.opened_on, at, 'opened_on');
        PERFORM residency.check_past(NEW.closed_on, at, 'closed_on');
        IF NEW.closed_on < NEW.opened_on THEN
            PERFORM residency.refuse('RG127', ARRAY[NEW.opened_on, NEW.closed_on, NEW.employer_id]::text[], at, 'closed_on');
        END IF;

        SELECT e.employer_id INTO other FROM registry.employer e
        WHERE e.credit_code OPERATOR(residency.=) NEW.credit_code AND e.employer_id <> NEW.employer_id;
        IF FOUND THEN
            PERFORM residency.refuse('RG120', ARRAY[NEW.credit_code::text, other::text], at, 'credit_code');
        END IF;
        SELECT e.employer_id INTO other FROM registry.employer e
        WHERE e.registration_number = NEW.registration_number AND e.employer_id <> NEW.employer_id;
        IF FOUND THEN
            PERFORM residency.refuse('RG121', ARRAY[NEW.registration_number, other::text], at, 'registration_number');
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.employer_guard() IS
    'Trigger of registry.employer (用人单位校验): codes and words (RG006, RG125), numbers (RG120-RG122), days (RG126-RG128); the day of closing goes with the state';

CREATE FUNCTION residency.record_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        at     CONSTANT text := TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME;
        entry  CONSTANT jsonb := to_jsonb(NEW);
        key    CONSTANT text := entry ->> TG_ARGV[0];
        starts CONSTANT date := (entry ->> TG_ARGV[1])::date;
        ends   CONSTANT date := (entry ->> TG_ARGV[2])::date;
        reason text := NEW.void_reason;
        fixed  text;
        birth  date;
    BEGIN
        IF TG_OP = 'UPDATE' THEN
            SELECT c INTO fixed
            FROM unnest(TG_ARGV[0:0] || TG_ARGV[3:]) AS c
            WHERE entry -> c IS DISTINCT FROM to_jsonb(OLD) -> c
            LIMIT 1;
            IF FOUND THEN
                PERFORM residency.refuse('RG138', ARRAY[fixed, to_jsonb(OLD) ->> TG_ARGV[0], at], at, fixed);
            END IF;
        END IF;
        IF TG_OP = 'INSERT' AND reason IS NOT NULL OR TG_OP = 'UPDATE' AND OLD.void_reason IS NOT NULL THEN
            PERFORM residency.refuse('RG136', ARRAY[at, key, 'voided'], at, 'void_reason');
        ELSIF reason IS NOT NULL THEN
            IF NOT residency.is_plain_text(reason, 200) THEN
                PERFORM residency.refuse('RG139', ARRAY[at, key], at, 'void_reason');
            END IF;
            -- the record stays as it was
            NEW := OLD;
            NEW.void_reason := reason;
            NEW.voided_at := now();
            RETURN NEW;
        END IF;
        NEW.voided_at := NULL;

        SELECT p.birth_date INTO birth FROM registry.person p WHERE p.person_id = NEW.person_id;
        IF NOT FOUND THEN
            PERFORM residency.refuse('RG010', ARRAY[COALESCE(NEW.person_id::text, '-')], at, 'person_id');
        ELSIF starts IS NULL OR NOT isfinite(starts) OR starts < COALESCE(birth, '1900-01-01') THEN
            PERFORM residency.refuse('RG128', ARRAY[TG_ARGV[1], COALESCE(starts::text, '-')], at, TG_ARGV[1]);
        ELSIF NOT isfinite(ends) THEN
            PERFORM residency.refuse('RG128', ARRAY[TG_ARGV[2], ends::text], at, TG_ARGV[2]);
        ELSIF ends < starts THEN
            PERFORM residency.refuse('RG127', ARRAY[starts::text, ends::text, key], at, TG_ARGV[2]);
        END IF;
        NEW.end_reason := residency.checked_text(NEW.end_reason, 200, at, 'end_reason');
        NEW.channel := residency.checked_code('channel', COALESCE(NEW.channel, ''), at, 'channel');
        NEW.recorded_at := COALESCE(NEW.recorded_at, now());
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.record_guard() IS
    'Trigger of what entitles, with the columns of the key and the two days as arguments, then those that stay as they are (权益记录通用校验): person (RG010), days (RG127, RG128), words and channel (RG006, RG125), and how a record is changed and voided (RG136, RG138, RG139)';

CREATE FUNCTION residency.employment_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off
    SET enable_hashjoin = off
    SET enable_mergejoin = off
    AS $$
    DECLARE
        at       CONSTANT text := 'registry.employment';
        state    text;
        was_open boolean;
        other    bigint;
    BEGIN
        NEW.kind := residency.checked_code('employment_kind', COALESCE(NEW.kind, ''), at, 'kind');
        NEW.contract_number := residency.checked_text(NEW.contract_number, 50, at, 'contract_number');
        PERFORM residency.check_past(NEW.hired_on, at, 'hired_on');
        PERFORM residency.check_past(NEW.ended_on, at, 'ended_on');
        PERFORM residency.check_past(residency.local_day(NEW.hire_reported_at), at, 'hire_reported_at');
        PERFORM residency.check_past(residency.local_day(NEW.end_reported_at), at, 'end_reported_at');
        IF TG_OP = 'INSERT' AND NEW.channel = 'employer' THEN
            NEW.hire_reported_at := COALESCE(NEW.hire_reported_at, now());
        END IF;

        IF TG_OP = 'INSERT' OR NEW.hired_on <> OLD.hired_on THEN
            -- the employer shall not close meanwhile
            SELECT e.state, e.period @> NEW.hired_on INTO state, was_open
            FROM registry.employer e WHERE e.employer_id = NEW.employer_id FOR SHARE;
            IF NOT FOUND THEN
                PERFORM residency.refuse('RG123', ARRAY[COALESCE(NEW.employer_id::text, '-')], at, 'employer_id');
            ELSIF NOT was_open THEN
                PERFORM residency.refuse('RG124', ARRAY[NEW.employer_id::text, state, NEW.hired_on::text], at, 'hired_on');
            END IF;
        END IF;
        SELECT e.employment_id INTO other FROM registry.employment e
        WHERE e.person_id = NEW.person_id AND e.employer_id = NEW.employer_id AND e.void_reason IS NULL
          AND e.period && daterange(NEW.hired_on, NEW.ended_on) AND e.employment_id <> NEW.employment_id;
        IF FOUND THEN
            PERFORM residency.refuse('RG129', ARRAY[NEW.person_id, NEW.employer_id, other]::text[], at, 'hired_on');
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.employment_guard() IS
    'Trigger of registry.employment after record_guard() (就业登记校验): kind and words (RG006, RG125), days (RG126, RG128), an employer who is open (RG123, RG124), no second employment there at one time (RG129)';

CREATE FUNCTION residency.check_standing(dwelling bigint, for_letting boolean, at_table text)
    RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        standing record;
    BEGIN
        PERFORM residency.dwelling_lock(ARRAY[dwelling]);
        SELECT s.prohibited_id, s.demolished_id INTO standing
        FROM registry.dwelling_standing s WHERE s.dwelling_id = dwelling;
        IF NOT FOUND THEN
            PERFORM residency.refuse('RG011', ARRAY[COALESCE(dwelling::text, '-')], at_table, 'dwelling_id');
        ELSIF for_letting AND standing.prohibited_id IS NOT NULL THEN
            PERFORM residency.refuse('RG026', ARRAY[standing.prohibited_id::text], at_table, 'dwelling_id');
        ELSIF standing.demolished_id IS NOT NULL THEN
            PERFORM residency.refuse('RG027', ARRAY[standing.demolished_id::text], at_table, 'dwelling_id');
        END IF;
    END $$;
COMMENT ON FUNCTION residency.check_standing(bigint, boolean, text) IS
    'Locks a dwelling with what it is part of, as arrivals do, and refuses one that is not there (RG011), demolished (RG027) or, for letting, prohibited (RG026) (房屋状况校验)';

CREATE FUNCTION residency.tenancy_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off
    SET enable_hashjoin = off
    SET enable_mergejoin = off
    AS $$
    DECLARE
        at    CONSTANT text := 'registry.tenancy';
        named integer;
        most  integer;
        other bigint;
    BEGIN
        NEW.contract_number := residency.checked_text(NEW.contract_number, 50, at, 'contract_number');
        NEW.filing_number := residency.checked_text(NEW.filing_number, 50, at, 'filing_number');
        PERFORM residency.check_past(NEW.signed_on, at, 'signed_on');
        PERFORM residency.check_past(NEW.filed_on, at, 'filed_on');
        PERFORM residency.check_past(residency.local_day(NEW.reported_at), at, 'reported_at');
        IF TG_OP = 'INSERT' AND NEW.channel IN ('landlord', 'agency') THEN
            NEW.reported_at := COALESCE(NEW.reported_at, now());
        END IF;

        -- one who rents until tomorrow or later rents what may be let
        IF (TG_OP = 'INSERT' OR NEW.starts_on <> OLD.starts_on OR NEW.ends_on IS DISTINCT FROM OLD.ends_on)
           AND COALESCE(NEW.ends_on > residency.today(), true) THEN
            PERFORM residency.check_standing(NEW.dwelling_id, true, at);
        END IF;
        IF num_nonnulls(NEW.landlord_person_id, NEW.landlord_credit_code) = 0 THEN
            SELECT l.landlord_person_id, l.landlord_credit_code INTO NEW.landlord_person_id, NEW.landlord_credit_code
            FROM registry.dwelling_landlord l WHERE l.dwelling_id = NEW.dwelling_id;
        END IF;
        named := num_nonnulls(NEW.landlord_person_id, NEW.landlord_credit_code);
        IF named <> 1 OR NEW.landlord_person_id = NEW.person_id THEN
            PERFORM residency.refuse('RG132', ARRAY[NEW.dwelling_id::text, CASE named WHEN 0 THEN 'nobody' WHEN 1 THEN 'the tenant' ELSE 'two' END],
                                     at, 'landlord_person_id');
        END IF;
        IF NEW.deposit IS NOT NULL
           AND (TG_OP = 'INSERT' OR (NEW.deposit, NEW.monthly_rent) IS DISTINCT FROM (OLD.deposit, OLD.monthly_rent)) THEN
            SELECT residency.policy_int('deposit_months', d.division, COALESCE(NEW.signed_on, NEW.starts_on)) INTO most
            FROM registry.dwelling d WHERE d.dwelling_id = NEW.dwelling_id;
            IF NEW.deposit > most * NEW.monthly_rent THEN
                PERFORM residency.refuse('RG133', ARRAY[round(NEW.deposit / NEW.monthly_rent, 2), most]::text[], at, 'deposit');
            END IF;
        END IF;

        SELECT t.tenancy_id INTO other FROM registry.tenancy t
        WHERE t.filing_number = NEW.filing_number AND t.void_reason IS NULL AND t.tenancy_id <> NEW.tenancy_id;
        IF FOUND THEN
            PERFORM residency.refuse('RG131', ARRAY[NEW.filing_number, other::text], at, 'filing_number');
        END IF;
        SELECT t.tenancy_id INTO other FROM registry.tenancy t
        WHERE t.person_id = NEW.person_id AND t.dwelling_id = NEW.dwelling_id AND t.void_reason IS NULL
          AND t.period && daterange(NEW.starts_on, NEW.ends_on) AND t.tenancy_id <> NEW.tenancy_id;
        IF FOUND THEN
            PERFORM residency.refuse('RG130', ARRAY[NEW.person_id, NEW.dwelling_id, other]::text[], at, 'starts_on');
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.tenancy_guard() IS
    'Trigger of registry.tenancy after record_guard() (房屋租赁登记校验): words (RG125), days (RG126, RG128), a dwelling that may be let (RG011, RG026, RG027), one landlord who is not the tenant (RG132), the deposit (RG133), the filing number (RG131), no second lease of the dwelling at one time (RG130)';

CREATE FUNCTION residency.schooling_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off
    SET enable_hashjoin = off
    SET enable_mergejoin = off
    AS $$
    DECLARE
        at    CONSTANT text := 'registry.schooling';
        other bigint;
    BEGIN
        NEW.school_name := residency.checked_text(COALESCE(NEW.school_name, ''), 200, at, 'school_name');
        NEW.student_number := residency.checked_text(NEW.student_number, 50, at, 'student_number');
        NEW.level := residency.checked_code('school_level', COALESCE(NEW.level, ''), at, 'level');
        IF NEW.division IS NULL THEN
            PERFORM residency.refuse('RG125', '{division,12}', at, 'division');
        END IF;
        PERFORM residency.check_past(NEW.starts_on, at, 'starts_on');
        SELECT s.schooling_id INTO other FROM registry.schooling s
        WHERE s.person_id = NEW.person_id AND s.void_reason IS NULL
          AND s.period && daterange(NEW.starts_on, NEW.ends_on) AND s.schooling_id <> NEW.schooling_id;
        IF FOUND THEN
            PERFORM residency.refuse('RG134', ARRAY[NEW.person_id, other]::text[], at, 'starts_on');
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.schooling_guard() IS
    'Trigger of registry.schooling after record_guard() (就读登记校验): words and level (RG006, RG125), the first day (RG126), no second school at one time (RG134)';

CREATE FUNCTION residency.ownership_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off
    SET enable_hashjoin = off
    SET enable_mergejoin = off
    AS $$
    DECLARE
        at    CONSTANT text := 'registry.ownership';
        other bigint;
    BEGIN
        NEW.certificate_number := residency.checked_text(NEW.certificate_number, 100, at, 'certificate_number');
        PERFORM residency.check_past(NEW.starts_on, at, 'starts_on');
        PERFORM residency.check_past(NEW.ends_on, at, 'ends_on');
        IF (TG_OP = 'INSERT' OR NEW.ends_on IS DISTINCT FROM OLD.ends_on) AND NEW.ends_on IS NULL THEN
            PERFORM residency.check_standing(NEW.dwelling_id, false, at);
        END IF;
        SELECT o.ownership_id INTO other FROM registry.ownership o
        WHERE o.person_id = NEW.person_id AND o.dwelling_id = NEW.dwelling_id AND o.void_reason IS NULL
          AND o.period && daterange(NEW.starts_on, NEW.ends_on) AND o.ownership_id <> NEW.ownership_id;
        IF FOUND THEN
            PERFORM residency.refuse('RG135', ARRAY[NEW.person_id, NEW.dwelling_id, other]::text[], at, 'starts_on');
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.ownership_guard() IS
    'Trigger of registry.ownership after record_guard() (房屋产权登记校验): words (RG125), days (RG126), a dwelling that stands (RG011, RG027), no second ownership of it at one time (RG135)';
-- address: texts read as addresses, through the gazetteer.

CREATE FUNCTION residency.parse_address(text, scheme text DEFAULT 'residency')
    RETURNS TABLE (element text, value text, "from" integer, "to" integer)
    LANGUAGE c STABLE STRICT PARALLEL SAFE ROWS 8 AS 'MODULE_PATHNAME', 'residency_parse_address';
COMMENT ON FUNCTION residency.parse_address(text, text) IS
    'Cuts a text into the elements of an address (地址切分): what each is, the stretch of the text as it stands, and its first and last character, from 1. Signs between the pieces belong to none. scheme residency: province to detail, country, subroad, subroad_no, subestate, assist, person, phone, label, redundant, other; naacl2019: the labels of that corpus. Of a text of more than 512 characters the rest is one piece. Errors: 22023 no such scheme, 55000 no gazetteer';

CREATE FUNCTION residency.normalize_address(text, context residency.division_code DEFAULT NULL)
    RETURNS residency.address
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_normalize_address';
COMMENT ON FUNCTION residency.normalize_address(text, residency.division_code) IS
    'The address that a text means, in its one form (地址标准化): official names of divisions with the levels that follow from them, numbers in digits, remarks in the detail, no persons and no telephone numbers. context: the division that it is known to lie in or near. Where the text does not decide between divisions, what they share is taken; residency.explain_address() lists them. NULL for a text without any element. Errors: RG200 too long, 55000 no gazetteer. Shows the gazetteer as committed now';

CREATE FUNCTION residency.address_reading(
        text, context residency.division_code,
        OUT rank integer, OUT division residency.division_code, OUT address residency.address, OUT score real,
        OUT inferred text[], OUT shortened boolean, OUT renamed boolean)
    RETURNS SETOF record
    LANGUAGE c STABLE PARALLEL SAFE ROWS 2 AS 'MODULE_PATHNAME', 'residency_address_reading';
COMMENT ON FUNCTION residency.address_reading(text, residency.division_code) IS
    'The divisions that a text may name, best first (地址的可能解读), for residency.explain_address(): score from 0 to 1, levels that follow without being named, whether a short form or a former or other name was read. Errors: RG200 too long, 55000 no gazetteer';

CREATE FUNCTION residency.explain_address(text, context residency.division_code DEFAULT NULL)
    RETURNS TABLE (rank integer, division residency.division_code, division_name text, address residency.address,
                   score real, inferred text[], why text)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, residency, pg_temp
    AS $$
    DECLARE
        chinese constant boolean := COALESCE(current_setting('residency.language', true) = 'zh', false);
    BEGIN
        RETURN QUERY
            SELECT r.rank, r.division, division_name(r.division), r.address, r.score, r.inferred,
                   CASE WHEN r.division IS NULL
                            THEN CASE WHEN chinese THEN '未写明已知的行政区划' ELSE 'names no division that the gazetteer knows' END
                        WHEN r.readings = 1
                            THEN CASE WHEN chinese THEN '唯一符合的行政区划' ELSE 'the only division that fits' END
                        WHEN r.score = r.best AND r.equals > 1
                            THEN format(CASE WHEN chinese THEN '有 %s 个行政区划同样符合,请写明所属市县,或提供所在区划'
                                             ELSE 'one of %s divisions that fit equally well: name the city or county, or give a context' END, r.equals)
                        WHEN r.score = r.best
                            THEN CASE WHEN chinese THEN '最符合的行政区划' ELSE 'the division that fits best' END
                        ELSE CASE WHEN chinese THEN '符合程度较低' ELSE 'fits less well' END
                   END
                   || CASE WHEN NOT r.renamed THEN '' WHEN chinese THEN ';按别名或曾用名' ELSE '; by another or a former name' END
                   || CASE WHEN NOT r.shortened THEN '' WHEN chinese THEN ';按简称' ELSE '; by a short form' END
            FROM (
                SELECT a.*, count(*) OVER () AS readings, max(a.score) OVER () AS best,
                       count(*) OVER (PARTITION BY a.score) AS equals
                FROM address_reading($1, $2) a
            ) r
            ORDER BY r.rank;
    END $$;
COMMENT ON FUNCTION residency.explain_address(text, residency.division_code) IS
    'The candidates of a text, best first (地址解读说明): division, the address it would be, score from 0 to 1, levels that follow without being named, and why it is there, in the language of residency.language. normalize_address() takes what the candidates of the best score share. Errors: RG200 too long, 55000 no gazetteer';
-- address_match: is it one place? And what a part, a door plate and a search make of an address.

CREATE FUNCTION residency.address_match(a residency.address, b residency.address, OUT grade text, OUT score real)
    RETURNS record
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_match_sql';
COMMENT ON FUNCTION residency.address_match(residency.address, residency.address) IS
    'How far two addresses are one place (地址匹配): grade exact (every element of each is in the other; a zone and a detail may be missing), room (the same room, written another way or without the region), building, road_no, community (one community, road or estate) or none; score from 0 to 1, higher for every better grade. Regions must not contradict each other; what one leaves out is no contradiction';

CREATE FUNCTION residency.part_address(whole residency.address, part residency.address)
    RETURNS residency.address
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_part_sql';
COMMENT ON FUNCTION residency.part_address(residency.address, residency.address) IS
    'Address of a part within its whole, or of a text within a division (下属地址): regions are those of the whole as far as its division is known; below, what the part leaves out is as the whole has it, unless both name an element of one level and differ';

CREATE FUNCTION residency.renumber_address(address residency.address, plate residency.address)
    RETURNS residency.address
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_renumber_sql';
COMMENT ON FUNCTION residency.renumber_address(residency.address, residency.address) IS
    'An address with the region, village group, road and house number of a door plate (变更门牌后的地址)';

CREATE FUNCTION residency.plate_address(address residency.address)
    RETURNS residency.address
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_plate_sql';
COMMENT ON FUNCTION residency.plate_address(residency.address) IS
    'An address down to its house number, as its door plate has it (门牌地址); NULL without a house number';

CREATE FUNCTION residency.address_clues(address residency.address)
    RETURNS residency.address[]
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_address_clues_sql';
COMMENT ON FUNCTION residency.address_clues(residency.address) IS
    'Fragments by which to look with @@ for what an address may mean, the most telling first (检索线索): road and number, village group and number, estate, road, village group, those that it names';
-- search: how names read, under which keys they are found, how well they answer.

CREATE FUNCTION residency.pinyin(entry text, toned boolean DEFAULT false) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_pinyin_of_text';
COMMENT ON FUNCTION residency.pinyin(text, boolean) IS
    'a text in pinyin (拼音): 林海路12号 reads lin hai lu 12 hao; toned: with marks over the vowels. Place names and other words as they are read (重庆 chong qing); letters and digits stay, small and half-width; ü is typed v';

CREATE FUNCTION residency.pinyin_name(entry text, toned boolean DEFAULT false) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_pinyin_of_name';
COMMENT ON FUNCTION residency.pinyin_name(text, boolean) IS
    'a person''s name in pinyin (姓名拼音): as residency.pinyin(), the surname as surnames are read: 单 shan, 仇 qiu, 尉迟 yu chi';

CREATE FUNCTION residency.pinyin_initials(text) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_pinyin_initials';
COMMENT ON FUNCTION residency.pinyin_initials(text) IS
    'first letters of the syllables of a text (拼音首字母): 林海路12号 gives lhl12h';

CREATE FUNCTION residency.search_text(text) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_search_text_of';
COMMENT ON FUNCTION residency.search_text(text) IS
    'a name or address as search compares it (检索文本): small, half-width, simplified, without accents, blanks and signs but dashes behind a digit; the first 256 characters';

-- dear to the planner, so that it prefers an index
CREATE FUNCTION residency.search_keys(text) RETURNS integer[]
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'residency_search_keys';
COMMENT ON FUNCTION residency.search_keys(text) IS
    'keys under which a GIN index finds a name or address (检索键): its Chinese characters, pairs of characters, syllables and pairs of syllables in all readings, pairs of initials; in no order';

CREATE FUNCTION residency.search_steps(query text, OUT rung text, OUT keys integer[]) RETURNS SETOF record
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE ROWS 5 AS 'MODULE_PATHNAME', 'residency_search_steps';
COMMENT ON FUNCTION residency.search_steps(text) IS
    'the steps in which a query is answered, best rung first (检索步骤): prefix, fragment, pinyin, initials, homophone, one_wrong; a name that answers has all keys of the step, prefix has none. No rows for a query without letters, digits and characters or with more than 64';

CREATE FUNCTION residency.search_score(entry text, query text, rung text) RETURNS real
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'residency_search_score_of';
COMMENT ON FUNCTION residency.search_score(text, text, text) IS
    'how well a name or address answers a query on a rung of residency.search_steps() (检索得分): above 0 to 1, which is the query itself, better rungs always better; NULL if it does not';
-- datum: what devices in China send (GCJ-02, BD-09), and what the register keeps (CGCS2000).

CREATE FUNCTION residency.from_gcj02(shape geometry)
    RETURNS geometry
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_from_gcj02';
COMMENT ON FUNCTION residency.from_gcj02(geometry) IS
    'A geometry of GCJ-02 (Amap, Tencent) in CGCS2000, SRID 4490 (火星坐标转2000国家大地坐标). Degrees, SRID 0, 4326 or 4490, of any type; Z and M stay. Points outside 72.004-137.8347 E, 0.8293-55.8271 N stay as they are. Errors: 22023 another SRID';

CREATE FUNCTION residency.to_gcj02(shape geometry)
    RETURNS geometry
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_to_gcj02';
COMMENT ON FUNCTION residency.to_gcj02(geometry) IS
    'A geometry of CGCS2000 or WGS-84 in GCJ-02 (2000国家大地坐标转火星坐标), SRID 0, as there is none for it: to be shown on a map of Amap or Tencent. The rest as for residency.from_gcj02(), which brings it back to a micrometre. Errors: 22023 another SRID';

CREATE FUNCTION residency.from_bd09(shape geometry)
    RETURNS geometry
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_from_bd09';
COMMENT ON FUNCTION residency.from_bd09(geometry) IS
    'A geometry of BD-09 (Baidu, degrees) in CGCS2000, SRID 4490 (百度坐标转2000国家大地坐标). The rest as for residency.from_gcj02(). Errors: 22023 another SRID';

CREATE FUNCTION residency.to_bd09(shape geometry)
    RETURNS geometry
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_to_bd09';
COMMENT ON FUNCTION residency.to_bd09(geometry) IS
    'A geometry of CGCS2000 or WGS-84 in BD-09 (2000国家大地坐标转百度坐标), SRID 0, as there is none for it: to be shown on a map of Baidu. The rest as for residency.to_gcj02(). Errors: 22023 another SRID';

CREATE FUNCTION residency.to_cgcs2000(shape geometry, datum text)
    RETURNS geometry
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$ SELECT CASE datum WHEN 'gcj02' THEN residency.from_gcj02(shape) WHEN 'bd09' THEN residency.from_bd09(shape) ELSE shape END $$;
COMMENT ON FUNCTION residency.to_cgcs2000(geometry, text) IS
    'A geometry given in a datum of list location_datum in CGCS2000 (按坐标系换算): converted for gcj02 and bd09, as it is for the others. Errors: 22023 an SRID that is not of degrees';

CREATE FUNCTION residency.dwelling_datum()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        at    constant text := 'registry.dwelling';
        given constant geometry := NEW.location;
        moved boolean := true;
    BEGIN
        NEW.location_datum := residency.checked_code('location_datum', COALESCE(NEW.location_datum, 'cgcs2000'), at, 'location_datum');
        IF TG_OP = 'UPDATE' THEN
            moved := NEW.location IS DISTINCT FROM OLD.location;
            IF moved AND NEW.location_datum = OLD.location_datum THEN
                -- what is kept of the old location says nothing of the new one
                NEW.location_datum := 'cgcs2000';
            END IF;
        END IF;
        IF given IS NULL THEN
            NEW.location_datum := 'cgcs2000';
        ELSIF NEW.location_datum IN ('gcj02', 'bd09') THEN
            IF NOT moved THEN
                PERFORM residency.refuse('RG235', ARRAY[NEW.dwelling_id::text, OLD.location_datum, NEW.location_datum], at, 'location_datum');
            END IF;
            NEW.location := residency.to_cgcs2000(given, NEW.location_datum);
            -- what is not even on the earth is refused as every such point is
            IF NEW.location = given AND residency.is_on_earth(given) THEN
                PERFORM residency.refuse('RG236', ARRAY[NEW.location_datum, ST_X(given)::text, ST_Y(given)::text], at, 'location');
            END IF;
            NEW.location_datum := 'from_' || NEW.location_datum;
        ELSIF NEW.location_datum = 'wgs84' THEN
            NEW.location_datum := 'from_wgs84';
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.dwelling_datum() IS
    'Trigger of registry.dwelling (房屋坐标系换算): a location that is given in another datum becomes CGCS2000, once: location_datum then says from which. First of the triggers before a row, so that the others see CGCS2000. Errors: RG006, RG235, RG236';
-- beidou_cell: what can be asked of one, and which cells a geometry needs.

CREATE FUNCTION residency.is_beidou_cell(text) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_is_beidou_cell';
COMMENT ON FUNCTION residency.is_beidou_cell(text) IS
    'whether a text can be read as a Beidou cell (北斗网格位置码, GB/T 39409)';

CREATE FUNCTION residency.beidou_cell_problem(text) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_beidou_cell_problem';
COMMENT ON FUNCTION residency.beidou_cell_problem(text) IS
    'the first rule that a text breaks as a Beidou cell: length, hemisphere, column, row or digit; NULL if none (北斗网格位置码, GB/T 39409)';

CREATE FUNCTION residency.beidou_cell(place geometry, level integer) RETURNS residency.beidou_cell
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_beidou_cell_of_point';
COMMENT ON FUNCTION residency.beidou_cell(geometry, integer) IS
    'The Beidou cell of a level, 1 to 10, that holds a point (点的北斗网格位置码). SRID 4490, 4326 or none, degrees. An edge belongs to the cell farther from the equator and the prime meridian, 180 degrees to column 01. Errors: 22023 no point, an empty one, another SRID, 88 degrees of latitude or more, no such level';

CREATE FUNCTION residency.level(residency.beidou_cell) RETURNS integer
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_beidou_level';
COMMENT ON FUNCTION residency.level(residency.beidou_cell) IS
    'level of a Beidou cell, 1 (6 by 4 degrees) to 10 (1/2048 second) (网格层级)';

CREATE FUNCTION residency.parent(residency.beidou_cell, level integer) RETURNS residency.beidou_cell
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_beidou_parent';
COMMENT ON FUNCTION residency.parent(residency.beidou_cell, integer) IS
    'the cell of a level that contains a Beidou cell, itself on its own level (上级网格). Errors: 22023 a finer level than its own';

CREATE FUNCTION residency.lineage(residency.beidou_cell) RETURNS residency.beidou_cell[]
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_beidou_lineage';
COMMENT ON FUNCTION residency.lineage(residency.beidou_cell) IS
    'the cells that contain a Beidou cell: level 1 first, itself last (网格路径)';

CREATE FUNCTION residency.first_within(residency.beidou_cell) RETURNS residency.beidou_cell
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
        SELECT $1
    $$;
COMMENT ON FUNCTION residency.first_within(residency.beidou_cell) IS
    'the start of the range of the cells within a Beidou cell: itself (网格码区间)';

CREATE FUNCTION residency.last_within(residency.beidou_cell) RETURNS residency.beidou_cell
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_beidou_last_within';
COMMENT ON FUNCTION residency.last_within(residency.beidou_cell) IS
    'the end of the range of the cells within a Beidou cell (网格码区间)';

CREATE FUNCTION residency.children(residency.beidou_cell) RETURNS SETOF residency.beidou_cell
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE ROWS 64 AS 'MODULE_PATHNAME', 'residency_beidou_children';
COMMENT ON FUNCTION residency.children(residency.beidou_cell) IS
    'the cells of the next level within a Beidou cell, in the order of their codes; none of level 10 (下级网格)';

CREATE FUNCTION residency.children(residency.beidou_cell, level integer) RETURNS SETOF residency.beidou_cell
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE ROWS 1000 AS 'MODULE_PATHNAME', 'residency_beidou_children';
COMMENT ON FUNCTION residency.children(residency.beidou_cell, integer) IS
    'all cells of a level within a Beidou cell, in the order of their codes; there may be very many (下级网格). Errors: 22023 a coarser level than its own';

CREATE FUNCTION residency.neighbours(residency.beidou_cell) RETURNS SETOF residency.beidou_cell
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE ROWS 8 AS 'MODULE_PATHNAME', 'residency_beidou_neighbours';
COMMENT ON FUNCTION residency.neighbours(residency.beidou_cell) IS
    'the cells of the same level around a Beidou cell, also over the equator and all meridians: 8, but 5 next to 88 degrees (相邻网格)';

CREATE FUNCTION residency.center(residency.beidou_cell) RETURNS geometry
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_beidou_center';
COMMENT ON FUNCTION residency.center(residency.beidou_cell) IS
    'the point in the middle of a Beidou cell, SRID 4490 (网格中心点)';

CREATE FUNCTION residency.outline(residency.beidou_cell) RETURNS geometry
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_beidou_outline';
COMMENT ON FUNCTION residency.outline(residency.beidou_cell) IS
    'a Beidou cell as rectangle, SRID 4490 (网格范围)';

CREATE FUNCTION residency.beidou_reference(cell residency.beidou_cell, base residency.beidou_cell) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_beidou_reference';
COMMENT ON FUNCTION residency.beidou_reference(residency.beidou_cell, residency.beidou_cell) IS
    'a cell told by a base of the same level and the cells between, base-MN: 0 to 7 to the east and north, A to G one to seven to the west and south (参考网格位置码, GB/T 39409). Errors: 22023 a base coarser than level 5, of another level, or more than seven cells away';

CREATE FUNCTION residency.beidou_from_reference(text) RETURNS residency.beidou_cell
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_beidou_from_reference';
COMMENT ON FUNCTION residency.beidou_from_reference(text) IS
    'the cell that a reference leads to, see residency.beidou_reference() (参考网格位置码, GB/T 39409). Errors: 22P02 what is none';

CREATE FUNCTION residency.cells_meeting(west double precision, south double precision, east double precision,
                                                   north double precision, level integer)
    RETURNS SETOF residency.beidou_cell
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE ROWS 1000 AS 'MODULE_PATHNAME', 'residency_beidou_cells_meeting';
COMMENT ON FUNCTION residency.cells_meeting(double precision, double precision, double precision, double precision, integer) IS
    'all Beidou cells of a level that a box in degrees meets, if only at an edge, row by row from the south-west (矩形范围内的网格). Errors: 22023 no box, 88 degrees of latitude or more';

CREATE FUNCTION residency.cover(shape geometry, level integer, max_cells integer DEFAULT 1000000,
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
        -- code may be newer than the tables
        IF to_regclass('registry.grid_cover') IS NOT NULL THEN
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
            RETURN QUERY
                WITH due AS (
                    SELECT own.cell, g.grid_id, COALESCE(lower(g.period), '-infinity') AS valid_from, COALESCE(upper(g.period), 'infinity') AS valid_to, own.part
                    FROM registry.grid g CROSS JOIN LATERAL residency.grid_cells(g.outline) AS own
                    WHERE g.kind = 'management' AND NOT isempty(g.period)
                ), kept AS (
                    SELECT c.cell, c.grid_id, c.valid_from, c.valid_to, c.part FROM registry.grid_cover c
                )
                SELECT DISTINCT 'grid', format('the cover of grid %s is not that of its outline, kind and period', differs.grid_id),
                       format('SELECT residency.cover_grids(''{%1$s}''); SELECT residency.place_dwellings(''{%1$s}'');', differs.grid_id)
                FROM ((TABLE due EXCEPT TABLE kept) UNION ALL (TABLE kept EXCEPT TABLE due)) AS differs;
        END IF;
        IF to_regclass('code.calendar_day') IS NOT NULL THEN
            -- the State Council announces a year in November of the year before
            RETURN QUERY
                SELECT 'calendar', format('the year %s has no calendar: its working days can''t be counted', y.year),
                       'Enter the notice of the State Council, see docs/calendar.md.'
                FROM (SELECT DISTINCT extract(year FROM d)::integer FROM unnest(ARRAY[residency.today(), residency.today() + 40]) AS d) AS y (year)
                WHERE (SELECT count(*) FROM code.calendar_day c
                       WHERE c.region IS NULL AND c.day BETWEEN make_date(y.year, 1, 1) AND make_date(y.year, 12, 31))
                      < make_date(y.year + 1, 1, 1) - make_date(y.year, 1, 1);
        END IF;
        IF EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = 'registry.dwelling'::regclass AND a.attname = 'door_plate_id' AND NOT a.attisdropped) THEN
            RETURN QUERY
                SELECT 'address', format('dwellings %s have one standard address', string_agg(d.dwelling_id::text, ', ' ORDER BY d.dwelling_id)),
                       'Make the addresses more precise; or let one stay, move the residents of the others there and set those to demolished.'
                FROM registry.dwelling d
                WHERE residency.is_locatable(d.standard_address) AND d.let_state <> 'demolished'
                GROUP BY d.standard_address
                HAVING count(*) > 1;
            RETURN QUERY
                SELECT 'address', format('%s dwellings cannot be found by their address: it names no road, estate or village group, such as dwelling %s',
                                         count(*), min(d.dwelling_id)),
                       'Correct registry.dwelling.address: road and number, building, unit, room.'
                FROM registry.dwelling d
                WHERE NOT residency.is_locatable(d.standard_address)
                HAVING count(*) > 0;
            RETURN QUERY
                SELECT 'address', format('the address of dwelling %s says division %s, but it is registered in %s', d.dwelling_id, said.division, d.division),
                       'Correct whichever is wrong: registry.dwelling.division counts.'
                FROM registry.dwelling d
                CROSS JOIN LATERAL (SELECT residency.division(residency.normalize_address(d.address, d.division)) OFFSET 0) AS said (division)
                WHERE NOT said.division OPERATOR(residency.@>) d.division;
            RETURN QUERY
                SELECT 'address', format('%s dwellings have no standard address yet', count(*)), 'CALL residency.restandardize();'
                FROM registry.dwelling d WHERE d.standard_address IS NULL
                HAVING count(*) > 0;
        END IF;
        IF to_regclass('policy.failed_test_case') IS NOT NULL THEN
            RETURN QUERY
                SELECT 'policy', format('policy test case %s fails: %s', f.test_case_id, f.key),
                       format('SELECT * FROM residency.explain_policy(%L, %L, %L);', f.key, f.division, to_char(f."on", 'YYYY-MM-DD'))
                FROM policy.failed_test_case f;
        END IF;
    END $$;
COMMENT ON FUNCTION residency.check() IS
    'What is not in order in this database, and what to do about it (自检): pending steps, disabled triggers of the rules, invalid indexes, residences at one time, residents where none may be, dwellings in a wrong grid, grids whose cover is not theirs, years without a calendar, doubles of one address, addresses that lead nowhere or into another division, policy test cases that fail; no row: all is well. Reads whole tables: for the night or after an import';
-- due: what time alone brings about, in batches that do not stand in anybody's way.

CREATE FUNCTION residency.contact_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        NEW.kind := residency.checked_code('contact_kind', NEW.kind, 'registry.contact', 'kind');
        IF NEW.happened_on > residency.today() THEN
            PERFORM residency.refuse('RG180', ARRAY[NEW.happened_on, residency.today()]::text[], 'registry.contact', 'happened_on');
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.contact_guard() IS 'Trigger of registry.contact (联系记录校验): RG006, RG180';

CREATE PROCEDURE residency.run_due("on" date DEFAULT NULL, batch integer DEFAULT 1000)
    LANGUAGE plpgsql
    AS $$
    -- A procedure that commits can't have a SET clause: every name is qualified.
    DECLARE
        day    CONSTANT date := COALESCE("on", residency.today());
        next   text;
        run    bigint;
        taken  integer;
        fault  text;
        faults text[];
    BEGIN
        IF residency.in_transaction_block() THEN
            RAISE EXCEPTION 'run_due() cannot run inside a transaction block'
                USING ERRCODE = 'active_sql_transaction',
                      DETAIL = 'Each batch is a transaction of its own.',
                      HINT = 'CALL residency.run_due() outside BEGIN and COMMIT, as a statement of its own.';
        END IF;
        IF day OPERATOR(pg_catalog.>) residency.today() THEN
            RAISE EXCEPTION 'run_due() cannot run for % before that day', day
                USING ERRCODE = 'invalid_parameter_value',
                      HINT = 'What time brings about it brings in its time; for what a change of policy would bring see policy.simulate().';
        END IF;
        IF (batch OPERATOR(pg_catalog.>) 0) IS NOT TRUE THEN
            RAISE EXCEPTION 'run_due() cannot work in batches of %', batch
                USING ERRCODE = 'invalid_parameter_value',
                      HINT = 'batch is the number of rows a transaction: 1000, if nothing is said.';
        END IF;
        FOREACH next IN ARRAY registry.due_tasks() LOOP
            INSERT INTO ledger.due_run (task, "on") VALUES (next, day) RETURNING run_id INTO run;
            COMMIT;
            LOOP
                -- one runs at a time; who waited here finds less to do
                PERFORM pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('residency.run_due', 0));
                SELECT d.done, d.error INTO taken, fault FROM registry.due_batch(next, day, batch) d;
                UPDATE ledger.due_run r
                SET done = r.done OPERATOR(pg_catalog.+) taken, error = fault, batch_at = pg_catalog.clock_timestamp(),
                    finished_at = CASE WHEN taken OPERATOR(pg_catalog.=) 0 OR fault IS NOT NULL THEN pg_catalog.clock_timestamp() END
                WHERE r.run_id OPERATOR(pg_catalog.=) run;
                COMMIT;
                EXIT WHEN taken OPERATOR(pg_catalog.=) 0 OR fault IS NOT NULL;
            END LOOP;
            IF fault IS NOT NULL THEN
                faults := pg_catalog.array_append(faults, pg_catalog.format('%s: %s', next, fault));
            END IF;
        END LOOP;
        IF faults IS NOT NULL THEN
            RAISE EXCEPTION 'what is due on % could not all be done', day
                USING ERRCODE = 'object_not_in_prerequisite_state',
                      DETAIL = pg_catalog.array_to_string(faults, E'\n'),
                      HINT = 'What was done is kept. Remove the cause, then CALL residency.run_due() again.';
        END IF;
    END $$;
COMMENT ON PROCEDURE residency.run_due(date, integer) IS
    'Does what time alone brings about up to a day, NULL is today (到期处理): applications that count as accepted, suspensions, lapses, alerts of clocks, residences closed without contact. Each with the day on which it fell due, also when the register stood still for a year; in batches of so many rows, a transaction each, one caller at a time; again does nothing more. Progress and result: ledger.due_progress, ledger.last_due_run. Errors: 22023 a day to come, or no size of a batch, 25001 inside a transaction, 55000 with what stopped a task';
-- patrol: staff of grids, tasks, visits.

CREATE FUNCTION residency.refuse_change()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        PERFORM residency.refuse(TG_ARGV[0], ARRAY[TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME], TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME);
    END $$;
COMMENT ON FUNCTION residency.refuse_change() IS
    'Trigger of tables that a client does not change, with the code of the refusal as argument (拒绝更改): RG272 what was seen stays, RG279 what follows from observations';

CREATE FUNCTION residency.grid_staff_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off
    SET jit = off
    AS $$
    DECLARE
        at    CONSTANT text := 'registry.grid_staff';
        other bigint;
    BEGIN
        NEW.role := residency.checked_code('grid_staff_role', COALESCE(NEW.role, ''), at, 'role');
        NEW.account := residency.checked_text(NEW.account, 100, at, 'account');
        IF NOT EXISTS (SELECT FROM registry.person p WHERE p.person_id = NEW.person_id) THEN
            PERFORM residency.refuse('RG010', ARRAY[COALESCE(NEW.person_id::text, '-')], at, 'person_id');
        ELSIF NOT EXISTS (SELECT FROM registry.grid g WHERE g.grid_id = NEW.grid_id) THEN
            PERFORM residency.refuse('RG268', ARRAY[COALESCE(NEW.grid_id::text, '-')], at, 'grid_id');
        ELSIF isempty(NEW.period) OR lower_inf(NEW.period) OR NOT isfinite(lower(NEW.period)) THEN
            PERFORM residency.refuse('RG266', ARRAY[at, NEW.period::text], at, 'period');
        END IF;
        SELECT s.grid_staff_id INTO other FROM registry.grid_staff s
        WHERE s.person_id = NEW.person_id AND s.grid_id = NEW.grid_id AND s.role = NEW.role AND s.period && NEW.period
          AND s.grid_staff_id <> NEW.grid_staff_id;
        IF FOUND THEN
            PERFORM residency.refuse('RG265', ARRAY[NEW.person_id::text, NEW.role, NEW.grid_id::text, other::text], at, 'period');
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.grid_staff_guard() IS
    'Trigger of registry.grid_staff (网格人员校验): role and account (RG006, RG125), person and grid (RG010, RG268), period (RG265, RG266)';

CREATE FUNCTION residency.check_staff(person bigint, "on" date, at_table text)
    RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        IF NOT EXISTS (SELECT FROM registry.grid_staff s WHERE s.person_id = person AND s.period @> "on") THEN
            PERFORM residency.refuse('RG267', ARRAY[COALESCE(person::text, '-'), "on"::text], at_table, 'staff_person_id');
        END IF;
    END $$;
COMMENT ON FUNCTION residency.check_staff(bigint, date, text) IS
    'Refuses with RG267 who is grid staff nowhere on a day (网格人员资格校验); neighbours help each other out, so any grid will do';

CREATE FUNCTION residency.check_times(starts timestamptz, ends timestamptz, division residency.division_code, at_table text, at_column text)
    RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        IF NOT isfinite(starts) OR NOT isfinite(ends) OR ends < starts
           OR greatest(starts, ends) > now() + residency.policy_interval('patrol_clock_ahead', division, residency.today()) THEN
            PERFORM residency.refuse('RG269', ARRAY[starts, COALESCE(ends, starts), now()]::text[], at_table, at_column);
        END IF;
    END $$;
COMMENT ON FUNCTION residency.check_times(timestamptz, timestamptz, residency.division_code, text, text) IS
    'Refuses with RG269 times that lie in the future or end before they begin (时间校验): clocks of phones may be ahead by policy patrol_clock_ahead. NULLs pass';

CREATE FUNCTION residency.sweep_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        at CONSTANT text := 'registry.sweep';
    BEGIN
        NEW.name := residency.checked_text(COALESCE(NEW.name, ''), 100, at, 'name');
        IF isempty(NEW.period) OR lower_inf(NEW.period) OR upper_inf(NEW.period) THEN
            PERFORM residency.refuse('RG266', ARRAY[at, NEW.period::text], at, 'period');
        ELSIF TG_OP = 'UPDATE' AND (NEW.sweep_id <> OLD.sweep_id OR NEW.started_at <> OLD.started_at) THEN
            PERFORM residency.refuse('RG277', ARRAY[OLD.sweep_id, OLD.started_at]::text[], at, 'started_at');
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.sweep_guard() IS 'Trigger of registry.sweep (清查校验): name (RG125), a period with both ends (RG266), the moment of its list stays (RG277)';

CREATE FUNCTION residency.patrol_task_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off
    SET jit = off
    AS $$
    DECLARE
        at     CONSTANT text := 'registry.patrol_task';
        frozen timestamptz;
    BEGIN
        NEW.kind := residency.checked_code('patrol_kind', COALESCE(NEW.kind, ''), at, 'kind');
        NEW.state := residency.checked_code('patrol_state', COALESCE(NEW.state, ''), at, 'state');
        NEW.void_reason := residency.checked_text(NEW.void_reason, 200, at, 'void_reason');
        IF TG_OP = 'INSERT' THEN
            SELECT d.grid_id INTO NEW.grid_id FROM registry.dwelling d WHERE d.dwelling_id = NEW.dwelling_id;
            IF NOT FOUND THEN
                PERFORM residency.refuse('RG011', ARRAY[COALESCE(NEW.dwelling_id::text, '-')], at, 'dwelling_id');
            END IF;
        END IF;
        -- the list of a sweep is made in the transaction that starts it
        IF TG_OP = 'INSERT' OR (NEW.sweep_id, NEW.dwelling_id) IS DISTINCT FROM (OLD.sweep_id, OLD.dwelling_id) THEN
            SELECT s.started_at INTO frozen FROM registry.sweep s WHERE s.sweep_id = NEW.sweep_id;
            IF frozen <> now() THEN
                PERFORM residency.refuse('RG277', ARRAY[NEW.sweep_id, frozen]::text[], at, 'sweep_id');
            END IF;
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.patrol_task_guard() IS
    'Trigger of registry.patrol_task (巡查任务校验): codes and words (RG006, RG125), dwelling (RG011), the frozen list of a sweep (RG277); the grid is that of the dwelling';

CREATE FUNCTION residency.visit_settles(outcome text)
    RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT outcome IN ('met', 'vacant', 'wrong_address') $$;
COMMENT ON FUNCTION residency.visit_settles(text) IS
    'Whether a visit with this outcome has done its task (走访是否完成任务): somebody was met, or it is clear that nobody can be';

CREATE FUNCTION residency.judge_distance(distance numeric, accuracy numeric, division residency.division_code, "on" date)
    RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
        SELECT CASE WHEN distance + COALESCE(accuracy, 0) <= residency.policy_numeric('patrol_distance', division, "on") THEN 'near'
                    WHEN distance - COALESCE(accuracy, 0) > residency.policy_numeric('patrol_distance', division, "on") THEN 'far'
                    ELSE 'unknown' END
    $$;
COMMENT ON FUNCTION residency.judge_distance(numeric, numeric, residency.division_code, date) IS
    'near or far where that is sure whatever the accuracy, otherwise unknown (走访位置判定): metres between phone and dwelling, accuracy in metres, policy patrol_distance of the day';

CREATE FUNCTION residency.visit_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    SET jit = off
    AS $$
    DECLARE
        at       CONSTANT text := 'registry.visit';
        home     residency.division_code;
        place    geometry;
        odd      bigint;
    BEGIN
        -- who visits the same dwelling waits: tasks are done by one after the other
        SELECT d.division INTO home FROM registry.dwelling d WHERE d.dwelling_id = NEW.dwelling_id FOR NO KEY UPDATE;
        IF NOT FOUND THEN
            PERFORM residency.refuse('RG011', ARRAY[COALESCE(NEW.dwelling_id::text, '-')], at, 'dwelling_id');
        END IF;
        PERFORM residency.check_times(NEW.started_at, NEW.ended_at, home, at, 'started_at');
        PERFORM residency.check_staff(NEW.staff_person_id, residency.local_day(NEW.started_at), at);
        IF NEW.patrol_task_id IS NOT NULL
           AND NOT EXISTS (SELECT FROM registry.patrol_task t
                           WHERE t.patrol_task_id = NEW.patrol_task_id AND t.dwelling_id = NEW.dwelling_id) THEN
            PERFORM residency.refuse('RG280', ARRAY[NEW.patrol_task_id, NEW.dwelling_id]::text[], at, 'patrol_task_id');
        END IF;
        NEW.outcome := residency.checked_code('visit_outcome', COALESCE(NEW.outcome, ''), at, 'outcome');
        NEW.findings := ARRAY(SELECT DISTINCT residency.checked_code('visit_finding', COALESCE(f, ''), at, 'findings') AS code
                              FROM unnest(NEW.findings) AS f ORDER BY code);
        NEW.note := residency.checked_text(NEW.note, 500, at, 'note');

        IF jsonb_typeof(NEW.photos) <> 'array' THEN
            PERFORM residency.refuse('RG271', '{-}', at, 'photos');
        END IF;
        SELECT p.ordinality INTO odd
        FROM jsonb_array_elements(NEW.photos) WITH ORDINALITY AS p (photo, ordinality)
        WHERE (jsonb_typeof(p.photo) = 'object' AND p.photo - '{uri,sha256}'::text[] = '{}'
               AND residency.is_plain_text(p.photo ->> 'uri', 500) AND p.photo ->> 'sha256' ~ '^[0-9a-f]{64}$') IS NOT TRUE
        LIMIT 1;
        IF FOUND THEN
            PERFORM residency.refuse('RG271', ARRAY[odd::text], at, 'photos');
        END IF;

        IF ST_IsEmpty(NEW.location) OR NOT residency.is_on_earth(NEW.location) OR NEW.accuracy < 0 OR NEW.accuracy = 'NaN' THEN
            PERFORM residency.refuse('RG270', '{location}', at, 'location');
        ELSIF ST_NPoints(NEW.track) < 2 OR NOT residency.is_on_earth(NEW.track) THEN
            PERFORM residency.refuse('RG270', '{track}', at, 'track');
        END IF;
        SELECT s.place INTO place FROM registry.dwelling_standing s WHERE s.dwelling_id = NEW.dwelling_id;
        NEW.distance := ST_Distance(NEW.location::geography, place::geography);
        NEW.distance_kind := residency.judge_distance(NEW.distance, NEW.accuracy, home, residency.local_day(NEW.started_at));
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.visit_guard() IS
    'Trigger of registry.visit (走访校验): dwelling, staff and task (RG011, RG267, RG280), times (RG269), codes and words (RG006, RG125), place and track (RG270), photos (RG271); computes and judges the distance';

CREATE FUNCTION residency.do_tasks(dwelling bigint)
    RETURNS integer
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off
    SET jit = off
    AS $$
    DECLARE
        done integer;
    BEGIN
        UPDATE registry.patrol_task t
        SET state = 'done', visit_id = first.visit_id
        FROM (
            SELECT DISTINCT ON (a.patrol_task_id) a.patrol_task_id, v.visit_id
            FROM registry.patrol_task a
            JOIN registry.visit v ON v.dwelling_id = a.dwelling_id
            WHERE a.dwelling_id = dwelling AND a.state IN ('open', 'done')
              AND residency.visit_settles(v.outcome) AND residency.local_day(v.started_at) >= a.opened_on
            ORDER BY a.patrol_task_id, v.started_at, v.visit_uuid
        ) AS first
        WHERE t.patrol_task_id = first.patrol_task_id AND t.visit_id IS DISTINCT FROM first.visit_id;
        GET DIAGNOSTICS done = ROW_COUNT;
        RETURN done;
    END $$;
COMMENT ON FUNCTION residency.do_tasks(bigint) IS
    'Marks tasks of a dwelling as done by the first visit that settles them (任务办结), whichever visit comes in first; how many changed';

CREATE FUNCTION residency.visit_fold()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        IF residency.visit_settles(NEW.outcome) THEN
            PERFORM residency.do_tasks(NEW.dwelling_id);
        END IF;
        RETURN NULL;
    END $$;
COMMENT ON FUNCTION residency.visit_fold() IS 'Trigger of registry.visit (走访办结任务): the tasks that a visit does';
-- observation: what people saw who could not know of each other, and the value that follows from it.
--
-- Every observation names the items that its observer knew of (seen). So observations form a graph, and the value in force
-- is a function of the set of them, whatever the order in which they came:
--   an observation that another knew of is overtaken by it; those that nobody overtook are the heads;
--   heads of one value agree, and that value is in force;
--   heads of several values contradict each other: policy patrol_conflict says whether the latest of them is in force, or
--   what holds among the observations that all heads knew of (in the end the value before the first) until somebody settles it.
-- A settlement is an observation whose maker knew of both sides, a value that somebody writes to the register one whose
-- maker knew of what was in force.

CREATE FUNCTION residency.fact_known(fact bigint, until date, knower uuid[])
    RETURNS SETOF uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
        WITH RECURSIVE known AS (
            SELECT unnest(knower) AS item_uuid, false AS seen
            UNION
            SELECT b.item_uuid, true
            FROM known
            JOIN registry.observation a ON a.item_uuid = known.item_uuid AND a.fact_id = fact
            CROSS JOIN unnest(a.seen) AS s (item_uuid)
            JOIN registry.observation b ON b.item_uuid = s.item_uuid AND b.fact_id = fact
            WHERE until IS NULL OR residency.local_day(b.observed_at) <= until
        )
        SELECT known.item_uuid FROM known WHERE known.seen
    $$;
COMMENT ON FUNCTION residency.fact_known(bigint, date, uuid[]) IS
    'The observations of a fact that the observers of these knew of, directly or through others (所知观察); of those up to a day, NULL: of all';

CREATE FUNCTION residency.fact_home(fact bigint)
    RETURNS bigint
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
        SELECT COALESCE(f.dwelling_id, (SELECT r.dwelling_id FROM registry.residence r WHERE r.residence_id = f.residence_id))
        FROM registry.fact f WHERE f.fact_id = fact
    $$;
COMMENT ON FUNCTION residency.fact_home(bigint) IS 'The dwelling that a fact is about, or in which the residence is (事实所属房屋)';

CREATE FUNCTION residency.fold_fact(
        fact bigint, until date DEFAULT NULL,
        OUT value text, OUT versions uuid[], OUT heads uuid[], OUT rule text)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off
    SET jit = off
    AS $$
    DECLARE
        division CONSTANT residency.division_code :=
            (SELECT d.division FROM registry.dwelling d WHERE d.dwelling_id = residency.fact_home(fact));
        among    uuid[];
        tips     uuid[];
        circle   uuid[];
        newest   registry.observation;
        decider  text;
    BEGIN
        among := ARRAY(SELECT o.item_uuid FROM registry.observation o
                       WHERE o.fact_id = fact AND (until IS NULL OR residency.local_day(o.observed_at) <= until));
        LOOP
            tips := ARRAY(
                SELECT unnest(among)
                EXCEPT
                SELECT s FROM registry.observation o CROSS JOIN unnest(o.seen) AS s
                WHERE o.fact_id = fact AND o.item_uuid = ANY (among));
            -- who saw each other, as only a broken phone could claim, overtakes nobody
            circle := ARRAY(
                SELECT unnest(among)
                EXCEPT
                (SELECT unnest(tips) UNION ALL SELECT residency.fact_known(fact, until, tips)));
            IF circle <> '{}' THEN
                tips := tips || ARRAY(
                    SELECT u FROM unnest(circle) AS u
                    WHERE NOT EXISTS (
                        SELECT FROM unnest(circle) AS x
                        WHERE u IN (SELECT residency.fact_known(fact, until, ARRAY[x]))
                          AND x NOT IN (SELECT residency.fact_known(fact, until, ARRAY[u]))));
            END IF;
            heads := COALESCE(heads, tips);
            SELECT o.* INTO newest FROM registry.observation o
            WHERE o.fact_id = fact AND o.item_uuid = ANY (tips)
            ORDER BY o.observed_at DESC, o.item_uuid DESC LIMIT 1;
            IF NOT FOUND THEN
                value := (SELECT f.root FROM registry.fact f WHERE f.fact_id = fact);
                versions := '{}';
                RETURN;
            END IF;
            value := newest.value;
            versions := ARRAY(SELECT o.item_uuid FROM registry.observation o
                              WHERE o.fact_id = fact AND o.item_uuid = ANY (tips) AND o.value IS NOT DISTINCT FROM newest.value
                              ORDER BY o.item_uuid);
            IF cardinality(versions) = cardinality(tips) THEN
                RETURN;
            END IF;
            decider := residency.policy_text('patrol_conflict', division, residency.local_day(newest.observed_at));
            rule := COALESCE(rule, decider);
            IF decider = 'later_observation' THEN
                RETURN;
            END IF;
            -- what all of them knew of
            among := ARRAY(
                SELECT u
                FROM unnest(tips) AS tip CROSS JOIN LATERAL residency.fact_known(fact, until, ARRAY[tip]) AS u
                WHERE u <> ALL (tips)
                GROUP BY u HAVING count(*) = cardinality(tips));
        END LOOP;
    END $$;
COMMENT ON FUNCTION residency.fold_fact(bigint, date) IS
    'What the observations of a fact come to, in whatever order they were entered (观察汇总): the value in force, the observations it rests on, the heads that nobody overtook, and where these contradict each other the rule that decides (policy patrol_conflict on the day of the latest). until: of the observations up to a day';

CREATE FUNCTION residency.fact_value(attribute text, value text, at_table text)
    RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        IF value IS NULL THEN
            RETURN NULL;
        ELSIF attribute = 'usable_area' THEN
            IF value !~ '^[0-9]{1,6}(\.[0-9]{1,4})?$' OR value::numeric NOT BETWEEN 1 AND 100000 THEN
                PERFORM residency.refuse('RG278', ARRAY[attribute, left(value, 20)], at_table, 'value');
            END IF;
            RETURN round(value::numeric, 2)::text;
        ELSIF NOT residency.is_code(attribute, value) THEN
            PERFORM residency.refuse('RG278', ARRAY[attribute, left(value, 20)], at_table, 'value');
        END IF;
        RETURN value;
    END $$;
COMMENT ON FUNCTION residency.fact_value(text, text, text) IS
    'The value of an observation in the one form in which values are compared (观察值规范化): square metres with two decimals, a code of the list that bears the attribute''s name; otherwise RG278. NULL passes';

CREATE FUNCTION residency.register_value(attribute text, rental_kind text, let_state text, usable_area numeric)
    RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
        SELECT CASE attribute WHEN 'rental_kind' THEN rental_kind WHEN 'let_state' THEN let_state WHEN 'usable_area' THEN usable_area::text END
    $$;
COMMENT ON FUNCTION residency.register_value(text, text, text, numeric) IS
    'What a row of registry.dwelling says of an attribute (登记值), usable_area in m²; NULL for those that it has no column for';

CREATE FUNCTION residency.fact_of(dwelling bigint, residence bigint, about text, first_value text)
    RETURNS bigint
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off
    SET jit = off
    AS $$
    DECLARE
        found_id bigint;
    BEGIN
        -- two look-ups by index; OR would read the whole of one
        SELECT f.fact_id INTO found_id FROM registry.fact f WHERE f.dwelling_id = dwelling AND f.attribute = about
        UNION ALL
        SELECT f.fact_id FROM registry.fact f WHERE f.residence_id = residence AND f.attribute = about;
        IF NOT FOUND THEN
            INSERT INTO registry.fact (dwelling_id, residence_id, attribute, root, value)
            VALUES (dwelling, residence, about, first_value, first_value)
            RETURNING fact_id INTO found_id;
        END IF;
        RETURN found_id;
    END $$;
COMMENT ON FUNCTION residency.fact_of(bigint, bigint, text, text) IS
    'The fact of a dwelling or residence for an attribute, made with the value before the first observation where it is not there (事实定位); the dwelling is locked by the caller';

CREATE FUNCTION residency.observation_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off
    SET jit = off
    AS $$
    DECLARE
        at       CONSTANT text := 'registry.observation';
        home     bigint := NEW.dwelling_id;
        dwelling registry.dwelling;
    BEGIN
        NEW.attribute := residency.checked_code('fact_attribute', COALESCE(NEW.attribute, ''), at, 'attribute');
        NEW.source := residency.checked_code('observation_source', COALESCE(NEW.source, ''), at, 'source');
        NEW.reason := residency.checked_text(NEW.reason, 200, at, 'reason');
        IF num_nonnulls(NEW.dwelling_id, NEW.residence_id) <> 1 OR (NEW.attribute = 'presence') <> (NEW.residence_id IS NOT NULL) THEN
            PERFORM residency.refuse('RG085', ARRAY['observation', CASE NEW.attribute WHEN 'presence' THEN 'residence_id' ELSE 'dwelling_id' END],
                                     at, 'dwelling_id');
        ELSIF NEW.residence_id IS NOT NULL THEN
            SELECT r.dwelling_id INTO home FROM registry.residence r WHERE r.residence_id = NEW.residence_id;
            IF NOT FOUND THEN
                PERFORM residency.refuse('RG012', ARRAY[NEW.residence_id::text], at, 'residence_id');
            END IF;
        END IF;
        -- who observes the same dwelling waits, and then reads what the other has made of it
        SELECT d.* INTO dwelling FROM registry.dwelling d WHERE d.dwelling_id = home FOR NO KEY UPDATE;
        IF NOT FOUND THEN
            PERFORM residency.refuse('RG011', ARRAY[home::text], at, 'dwelling_id');
        END IF;
        NEW.observed_at := COALESCE(NEW.observed_at, now());
        PERFORM residency.check_times(NEW.observed_at, NULL, dwelling.division, at, 'observed_at');
        IF NEW.source = 'phone' THEN
            PERFORM residency.check_staff(NEW.staff_person_id, residency.local_day(NEW.observed_at), at);
        END IF;
        NEW.value := residency.fact_value(NEW.attribute, NEW.value, at);
        NEW.seen := ARRAY(SELECT DISTINCT u FROM unnest(NEW.seen) AS u WHERE u <> NEW.item_uuid ORDER BY u);
        NEW.fact_id := residency.fact_of(NEW.dwelling_id, NEW.residence_id, NEW.attribute,
            residency.register_value(NEW.attribute, dwelling.rental_kind, dwelling.let_state, dwelling.usable_area));
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.observation_guard() IS
    'Trigger of registry.observation (观察校验): locks the dwelling; codes, words and value (RG006, RG125, RG278), what it is about (RG011, RG012, RG085), time (RG269), staff (RG267)';

CREATE FUNCTION residency.keep_category(fact bigint, since date)
    RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off
    SET jit = off
    AS $$
    DECLARE
        known  registry.fact;
        before registry.dwelling_category;
    BEGIN
        SELECT * INTO known FROM registry.fact f WHERE f.fact_id = fact;
        -- what held on the day before goes on until something else does
        SELECT * INTO before FROM registry.dwelling_category c WHERE c.dwelling_id = known.dwelling_id AND c.period @> since - 1;
        DELETE FROM registry.dwelling_category c WHERE c.dwelling_id = known.dwelling_id AND c.period && daterange(since - 1, NULL);
        INSERT INTO registry.dwelling_category (dwelling_id, category, period)
        SELECT known.dwelling_id, span.value, span.period
        FROM (
            SELECT turn.value, daterange(turn.day, lead(turn.day) OVER (ORDER BY turn.day)) AS period
            FROM (
                SELECT day.day, day.value, lag(day.value) OVER (ORDER BY day.day) AS previous
                FROM (
                    SELECT lower(before.period), before.category WHERE before.category IS NOT NULL
                    UNION ALL
                    -- on the last day all observations are there, and what they come to is known
                    SELECT seen.day, CASE WHEN seen.day = seen.last_day THEN known.value ELSE (residency.fold_fact(fact, seen.day)).value END
                    FROM (SELECT local.day, max(local.day) OVER () AS last_day
                          FROM (SELECT DISTINCT residency.local_day(o.observed_at) FROM registry.observation o WHERE o.fact_id = fact) AS local (day)) AS seen
                    WHERE seen.day >= since
                ) AS day (day, value)
            ) AS turn
            WHERE turn.value IS DISTINCT FROM turn.previous
        ) AS span
        WHERE span.value IS NOT NULL;
    END $$;
COMMENT ON FUNCTION residency.keep_category(bigint, date) IS
    'Writes the letting categories of a dwelling as they were in force day by day, from the day of an observation on: it changes nothing of the days before (出租屋分类沿革)';

CREATE FUNCTION residency.apply_fact(fact bigint, since date)
    RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off
    SET jit = off
    AS $$
    DECLARE
        known registry.fact;
    BEGIN
        SELECT * INTO known FROM registry.fact f WHERE f.fact_id = fact;
        CASE known.attribute
            WHEN 'rental_kind' THEN
                UPDATE registry.dwelling d SET rental_kind = known.value
                WHERE d.dwelling_id = known.dwelling_id AND d.rental_kind IS DISTINCT FROM known.value;
            WHEN 'let_state' THEN
                UPDATE registry.dwelling d SET let_state = known.value
                WHERE d.dwelling_id = known.dwelling_id AND d.let_state IS DISTINCT FROM known.value;
            WHEN 'usable_area' THEN
                UPDATE registry.dwelling d SET usable_area = known.value::numeric
                WHERE d.dwelling_id = known.dwelling_id AND d.usable_area IS DISTINCT FROM known.value::numeric;
            WHEN 'letting_category' THEN
                PERFORM residency.keep_category(fact, since);
            ELSE
                -- presence is an observation alone: nobody is registered or closed by it
                NULL;
        END CASE;
    END $$;
COMMENT ON FUNCTION residency.apply_fact(bigint, date) IS
    'Writes the value in force to where the register has it (观察结果写入登记), categories from the day of the observation on; the register''s rules may refuse';

CREATE FUNCTION residency.keep_conflicts(fact bigint, heads uuid[], rule text, refusal text)
    RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off
    SET jit = off
    AS $$
    DECLARE
        latest  bigint;
        earlier bigint[];
    BEGIN
        -- of each value the latest observation stands for it; all of them against the latest of all
        SELECT (array_agg(side.observation_id ORDER BY side.observed_at DESC, side.item_uuid DESC))[1],
               (array_agg(side.observation_id ORDER BY side.observed_at DESC, side.item_uuid DESC))[2:]
        INTO latest, earlier
        FROM (SELECT DISTINCT ON (o.value) o.observation_id, o.observed_at, o.item_uuid
              FROM registry.observation o
              WHERE o.fact_id = fact AND o.item_uuid = ANY (heads)
              ORDER BY o.value, o.observed_at DESC, o.item_uuid DESC) AS side;
        IF refusal IS NOT NULL THEN
            earlier := array_append(earlier, NULL);
        END IF;
        DELETE FROM registry.conflict c
        WHERE c.fact_id = fact AND c.state <> 'settled'
          AND (c.later_id <> latest OR array_position(earlier, c.earlier_id) IS NULL);
        INSERT INTO registry.conflict AS c (fact_id, earlier_id, later_id, rule, refusal, state)
        SELECT fact, e, latest, kind.rule, CASE WHEN e IS NULL THEN refusal END,
               CASE kind.rule WHEN 'later_observation' THEN 'decided' ELSE 'open' END
        FROM unnest(earlier) AS e
        CROSS JOIN LATERAL (SELECT CASE WHEN e IS NULL THEN 'register' ELSE keep_conflicts.rule END) AS kind (rule)
        ON CONFLICT ON CONSTRAINT conflict_key
            DO UPDATE SET rule = excluded.rule, refusal = excluded.refusal, state = excluded.state
            WHERE c.state <> 'settled';
    END $$;
COMMENT ON FUNCTION residency.keep_conflicts(bigint, uuid[], text, text) IS
    'Writes down which heads of a fact contradict each other, and takes back what has been overtaken (冲突登记); settled ones stay. refusal: code with which the register refused the value in force';

CREATE FUNCTION residency.observation_fold()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off
    -- what was entered is joined as a whole, facts are looked up by their keys, however few there were when it was planned
    SET enable_nestloop = off
    SET jit = off
    AS $$
    DECLARE
        entry   record;
        fold    record;
        heads   uuid[];
        rule    text;
        refusal text;
    BEGIN
        -- Mostly there is one newcomer, who knew of all that is in force, whom nobody knew of, and nobody contests it: then they are the
        -- one head, and fold_fact() would come to the same in many times the time. What is left are the others, and what the register
        -- does not say yet. (No plan can join = ANY (ARRAY[…]) the other way round, nor join a scalar query at all.)
        FOR entry IN
            WITH calm AS (
                UPDATE registry.fact f
                SET value = e.value, versions = ARRAY[e.item_uuid], observations = f.observations + 1
                FROM entered e
                WHERE f.fact_id = ANY (ARRAY[e.fact_id]) AND f.versions <@ e.seen AND NOT f.contested
                  AND (SELECT count(*) = f.observations + 1 AND count(*) FILTER (WHERE e.item_uuid = ANY (o.seen)) = 0
                       FROM registry.observation o WHERE o.fact_id = f.fact_id)
                  AND (SELECT count(*) FROM registry.conflict c WHERE c.fact_id = f.fact_id AND c.state <> 'settled') = 0
                RETURNING e.observation_id, f.attribute <> 'letting_category'
                    AND f.value IS NOT DISTINCT FROM (SELECT residency.register_value(f.attribute, d.rental_kind, d.let_state, d.usable_area)
                                                      FROM registry.dwelling d WHERE d.dwelling_id = f.dwelling_id) AS stands
            )
            SELECT e.fact_id, e.item_uuid, e.observed_at, e.source, e.settles, calm.stands IS NOT NULL AS calm
            FROM entered e
            LEFT JOIN calm ON calm.observation_id = e.observation_id
            WHERE calm.stands IS NOT TRUE
            ORDER BY e.observation_id
        LOOP
            heads := ARRAY[entry.item_uuid];
            rule := NULL;
            IF NOT entry.calm THEN
                SELECT * INTO fold FROM residency.fold_fact(entry.fact_id);
                heads := fold.heads;
                rule := fold.rule;
                -- whatever follows: in REPEATABLE READ, two who did not see each other's observations fail here
                UPDATE registry.fact f
                SET value = fold.value, versions = fold.versions, contested = rule IS NOT DISTINCT FROM 'ask', observations = f.observations + 1
                WHERE f.fact_id = entry.fact_id;
            END IF;
            refusal := NULL;
            BEGIN
                PERFORM residency.apply_fact(entry.fact_id, residency.local_day(entry.observed_at));
            EXCEPTION WHEN OTHERS THEN
                -- the phone is not told to forget what was seen: it is kept, and somebody is asked
                IF entry.source <> 'phone' OR NOT ledger.is_refusal(SQLSTATE) THEN
                    RAISE;
                END IF;
                refusal := SQLSTATE;
            END;
            IF NOT entry.calm OR refusal IS NOT NULL THEN
                UPDATE registry.conflict c SET state = 'settled' WHERE c.conflict_id = entry.settles;
                PERFORM residency.keep_conflicts(entry.fact_id, heads, rule, refusal);
            END IF;
        END LOOP;
        RETURN NULL;
    END $$;
COMMENT ON FUNCTION residency.observation_fold() IS
    'Statement trigger of registry.observation (观察汇总写入): the value in force follows from all observations; where they contradict each other, or the register refuses what a phone saw, a conflict is opened';

CREATE FUNCTION residency.dwelling_observe()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off
    -- the rows before and after are joined as a whole, facts are looked up one by one (OFFSET 0), however few there were when it was planned
    SET enable_nestloop = off
    SET plan_cache_mode = force_generic_plan
    SET jit = off
    AS $$
    DECLARE
        homes      bigint[];
        attributes text[];
        was        text[];
        becomes    text[];
        disputed   bigint;
        is_new     boolean;
    BEGIN
        -- what other triggers update is mostly nothing
        IF NOT EXISTS (SELECT FROM changed) THEN
            RETURN NULL;
        END IF;
        SELECT array_agg(c.dwelling_id), array_agg(c.attribute), array_agg(c.was), array_agg(c.becomes),
               min(known.fact_id) FILTER (WHERE known.contested), bool_or(known.fact_id IS NULL)
        INTO homes, attributes, was, becomes, disputed, is_new
        FROM (
            SELECT changed.dwelling_id, v.attribute, v.was, v.becomes
            FROM former
            JOIN changed ON changed.dwelling_id = former.dwelling_id
            CROSS JOIN LATERAL (VALUES ('rental_kind', former.rental_kind, changed.rental_kind), ('let_state', former.let_state, changed.let_state),
                                       ('usable_area', former.usable_area::text, changed.usable_area::text)) AS v (attribute, was, becomes)
            WHERE (former.rental_kind, former.let_state, former.usable_area) IS DISTINCT FROM (changed.rental_kind, changed.let_state, changed.usable_area)
              AND v.was IS DISTINCT FROM v.becomes
        ) AS c
        LEFT JOIN LATERAL (SELECT f.* FROM registry.fact f WHERE f.dwelling_id = c.dwelling_id AND f.attribute = c.attribute OFFSET 0) AS known ON true
        -- what follows from the observations is no new one
        WHERE NOT (pg_trigger_depth() > 1 AND known.fact_id IS NOT NULL AND known.value IS NOT DISTINCT FROM c.becomes);

        IF disputed IS NOT NULL THEN
            PERFORM residency.refuse('RG275', ARRAY[f.attribute, f.dwelling_id::text,
                        (SELECT min(c.conflict_id)::text FROM registry.conflict c WHERE c.fact_id = f.fact_id AND c.state = 'open')],
                    'registry.dwelling', f.attribute)
            FROM registry.fact f WHERE f.fact_id = disputed;
        ELSIF homes IS NOT NULL THEN
            IF is_new THEN
                INSERT INTO registry.fact (dwelling_id, attribute, root, value)
                SELECT c.dwelling_id, c.attribute, c.was, c.was
                FROM unnest(homes, attributes, was) AS c (dwelling_id, attribute, was)
                WHERE (SELECT f.fact_id FROM registry.fact f WHERE f.dwelling_id = c.dwelling_id AND f.attribute = c.attribute) IS NULL;
            END IF;
            INSERT INTO registry.observation (fact_id, dwelling_id, attribute, value, seen)
            SELECT known.fact_id, c.dwelling_id, c.attribute, c.becomes, known.versions
            FROM unnest(homes, attributes, becomes) AS c (dwelling_id, attribute, becomes)
            CROSS JOIN LATERAL (SELECT f.fact_id, f.versions FROM registry.fact f
                                WHERE f.dwelling_id = c.dwelling_id AND f.attribute = c.attribute OFFSET 0) AS known;
        END IF;
        RETURN NULL;
    END $$;
COMMENT ON FUNCTION residency.dwelling_observe() IS
    'Statement trigger of registry.dwelling (登记变更计入观察): what anybody writes to the register is an observation of somebody who knew of what was in force; RG275 while that is contested';

CREATE FUNCTION residency.dwelling_keep_seen()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off
    SET jit = off
    AS $$
    BEGIN
        IF EXISTS (SELECT FROM registry.visit v WHERE v.dwelling_id = OLD.dwelling_id)
           OR EXISTS (SELECT FROM registry.patrol_task t WHERE t.dwelling_id = OLD.dwelling_id)
           OR EXISTS (SELECT FROM registry.fact f JOIN registry.observation o ON o.fact_id = f.fact_id
                      WHERE f.dwelling_id = OLD.dwelling_id AND o.source <> 'register') THEN
            PERFORM residency.refuse('RG051', ARRAY[OLD.dwelling_id::text], 'registry.dwelling');
        END IF;
        RETURN OLD;
    END $$;
COMMENT ON FUNCTION residency.dwelling_keep_seen() IS
    'Trigger of registry.dwelling (有巡查记录的房屋不得删除): RG051 where somebody has visited or observed it, or is to';
-- access control: devices, credentials, and what their events leave to be counted.

CREATE FUNCTION residency.access_token(secret bytea, number text)
    RETURNS uuid
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$ SELECT encode(substring(sha256(secret || sha256(secret || convert_to(number, 'UTF8'))) FOR 16), 'hex')::uuid $$;
COMMENT ON FUNCTION residency.access_token(bytea, text) IS
    'Pseudonym of the number of a card, face template or telephone (通行凭证标识): the first 16 bytes of sha256(secret || sha256(secret || number)). Who delivers events makes it; the secret stays with the platform, and neither it nor the number comes into the register';

CREATE FUNCTION residency.presence_probability(
        prior double precision, resident double precision, other double precision, away double precision, seen_days integer, open_days integer)
    RETURNS double precision
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
        -- odds by their logarithm: products of a year's days leave double precision
        SELECT 1 / (1 + exp(greatest(-700, least(700,
                 ln(1 - p.prior) + seen_days * ln(p.other) + (open_days - seen_days) * ln(1 - p.other)
                 - ln(p.prior)
                 - CASE WHEN seen_days > 0 THEN ln(1 - p.away) + seen_days * ln(p.resident) + (open_days - seen_days) * ln(1 - p.resident)
                        ELSE ln(p.away + (1 - p.away) * exp(greatest(-700, open_days * ln(1 - p.resident)))) END))))
        FROM (SELECT least(greatest(prior, 0.000001), 0.999999), least(greatest(resident, 0.000001), 0.999999),
                     least(greatest(other, 0.000001), 0.999999), least(greatest(away, 0.000001), 0.999999)) AS p (prior, resident, other, away)
    $$;
COMMENT ON FUNCTION residency.presence_probability(double precision, double precision, double precision, double precision, integer, integer) IS
    'Probability that somebody lives behind a door who passed it on seen_days of the open_days on which anybody did (居住概率): prior × H / (prior × H + (1 − prior) × E), with H = resident^seen × (1 − resident)^(open − seen) × (1 − away), plus away where they were not seen at all, and E = other^seen × (1 − other)^(open − seen). Probabilities are kept between 0.000001 and 0.999999';

CREATE FUNCTION residency.check_period(period daterange, at_table text)
    RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        IF isempty(period) THEN
            PERFORM residency.refuse('RG266', ARRAY[at_table, period::text], at_table, 'period');
        END IF;
    END $$;
COMMENT ON FUNCTION residency.check_period(daterange, text) IS 'Refuses with RG266 a period without days (有效期校验)';

CREATE FUNCTION residency.access_device_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        at CONSTANT text := 'registry.access_device';
    BEGIN
        NEW.device_code := residency.checked_text(COALESCE(NEW.device_code, ''), 64, at, 'device_code');
        NEW.name := residency.checked_text(NEW.name, 100, at, 'name');
        NEW.platform := residency.checked_text(NEW.platform, 100, at, 'platform');
        NEW.channel := residency.checked_code('channel', COALESCE(NEW.channel, ''), at, 'channel');
        NEW.state := residency.checked_code('access_device_state', COALESCE(NEW.state, ''), at, 'state');
        IF TG_OP = 'UPDATE' AND NEW.device_code <> OLD.device_code THEN
            PERFORM residency.refuse('RG289', ARRAY[OLD.access_device_id::text, OLD.device_code], at, 'device_code');
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.access_device_guard() IS
    'Trigger of registry.access_device (门禁设备校验): words and codes (RG125, RG006); the code under which it sends stays (RG289)';

CREATE FUNCTION residency.access_binding_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off
    SET jit = off
    AS $$
    DECLARE
        at    CONSTANT text := 'registry.access_binding';
        other record;
    BEGIN
        PERFORM residency.check_period(NEW.period, at);
        IF NOT EXISTS (SELECT FROM registry.access_device d WHERE d.access_device_id = NEW.access_device_id) THEN
            PERFORM residency.refuse('RG288', ARRAY[COALESCE(NEW.access_device_id::text, '-')], at, 'access_device_id');
        ELSIF NOT EXISTS (SELECT FROM registry.dwelling d WHERE d.dwelling_id = NEW.dwelling_id) THEN
            PERFORM residency.refuse('RG011', ARRAY[COALESCE(NEW.dwelling_id::text, '-')], at, 'dwelling_id');
        END IF;
        SELECT b.dwelling_id, b.access_binding_id INTO other FROM registry.access_binding b
        WHERE b.access_device_id = NEW.access_device_id AND b.period && NEW.period AND b.access_binding_id <> NEW.access_binding_id;
        IF FOUND THEN
            PERFORM residency.refuse('RG287', ARRAY[NEW.access_device_id, other.dwelling_id, other.access_binding_id]::text[], at, 'period');
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.access_binding_guard() IS
    'Trigger of registry.access_binding (设备绑定校验): device and dwelling (RG288, RG011), period (RG266), one dwelling at a time (RG287)';

CREATE FUNCTION residency.access_credential_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off
    SET jit = off
    AS $$
    DECLARE
        at    CONSTANT text := 'registry.access_credential';
        other bigint;
    BEGIN
        PERFORM residency.check_period(NEW.period, at);
        IF num_nonnulls(NEW.person_id, NEW.dwelling_id) = 0 THEN
            PERFORM residency.refuse('RG291', '{}', at, 'person_id');
        ELSIF NEW.person_id IS NOT NULL AND NOT EXISTS (SELECT FROM registry.person p WHERE p.person_id = NEW.person_id) THEN
            PERFORM residency.refuse('RG010', ARRAY[NEW.person_id::text], at, 'person_id');
        ELSIF NEW.dwelling_id IS NOT NULL AND NOT EXISTS (SELECT FROM registry.dwelling d WHERE d.dwelling_id = NEW.dwelling_id) THEN
            PERFORM residency.refuse('RG011', ARRAY[NEW.dwelling_id::text], at, 'dwelling_id');
        END IF;
        SELECT c.access_credential_id INTO other FROM registry.access_credential c
        WHERE c.token = NEW.token AND c.period && NEW.period AND c.access_credential_id <> NEW.access_credential_id;
        IF FOUND THEN
            PERFORM residency.refuse('RG290', ARRAY[other::text], at, 'period');
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.access_credential_guard() IS
    'Trigger of registry.access_credential (通行凭证校验): person or dwelling (RG291, RG010, RG011), period (RG266), one bearer at a time (RG290)';

CREATE FUNCTION residency.access_event_batch()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        INSERT INTO registry.access_batch (recorded_at) VALUES (now());
        RETURN NULL;
    END $$;
COMMENT ON FUNCTION residency.access_event_batch() IS
    'Trigger of registry.access_event (接收批次标记): the events of a statement are to be counted';

CREATE FUNCTION residency.access_event_mark()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    AS $$
    BEGIN
        INSERT INTO registry.access_mark (device_code, day)
        SELECT DISTINCT c.device_code, residency.local_day(c.happened_at) FROM changed c;
        RETURN NULL;
    END $$;
COMMENT ON FUNCTION residency.access_event_mark() IS
    'Trigger of registry.access_event (删除标记): the devices and days of deleted events are to be counted anew';

CREATE FUNCTION residency.access_binding_mark()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    AS $$
    BEGIN
        -- OLD is NULL where there is none, and so is NEW. Days without events cost nothing later.
        INSERT INTO registry.access_mark (device_code, day)
        SELECT DISTINCT d.device_code, day::date
        FROM (VALUES (OLD.access_device_id, OLD.period), (NEW.access_device_id, NEW.period)) AS b (access_device_id, period)
        JOIN registry.access_device d ON d.access_device_id = b.access_device_id
        CROSS JOIN LATERAL generate_series(
            greatest(lower(b.period), registry.access_horizon(residency.today())), least(upper(b.period), residency.today() + 1) - 1, interval '1 day') AS day;
        RETURN NULL;
    END $$;
COMMENT ON FUNCTION residency.access_binding_mark() IS
    'Trigger of registry.access_binding (绑定变更标记): the days of the old and new period for which events are kept are to be counted anew';
-- spot_check: samples that can be drawn again, and what they prove: quantile, intervals, capture and recapture.

CREATE FUNCTION residency.checked_probability(p double precision)
    RETURNS double precision
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        IF p <= 0 OR p >= 1 THEN
            RAISE EXCEPTION 'a probability lies between 0 and 1'
                USING ERRCODE = 'invalid_parameter_value', DETAIL = format('%s does not.', p), HINT = 'Write 0.95 for 95 %.';
        END IF;
        RETURN p;
    END $$;
COMMENT ON FUNCTION residency.checked_probability(double precision) IS
    'The probability itself where it lies between 0 and 1, neither included (概率校验); otherwise 22023. NULL passes';

CREATE FUNCTION residency.checked_part(part double precision, whole double precision)
    RETURNS double precision
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        IF part < 0 OR part > whole OR whole = 'Infinity' OR whole = 'NaN' THEN
            RAISE EXCEPTION 'a part is none of what it is part of'
                USING ERRCODE = 'invalid_parameter_value', DETAIL = format('%s of %s cannot be.', part, whole),
                      HINT = 'Neither is below zero, and the part is not the larger one.';
        END IF;
        RETURN part;
    END $$;
COMMENT ON FUNCTION residency.checked_part(double precision, double precision) IS
    'The part itself where it lies between 0 and a finite whole (部分数校验); otherwise 22023. NULLs pass';

-- Wichura, Algorithm AS 241 (Applied Statistics 37, 1988), PPND16: sixteen digits. PL/pgSQL, as SQL would be planned at each call
CREATE FUNCTION residency.normal_quantile(p double precision)
    RETURNS double precision
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        q CONSTANT double precision := residency.checked_probability(p) - 0.5;
        r double precision;
    BEGIN
        IF abs(q) <= 0.425 THEN
            r := 0.180625 - q * q;
            RETURN q * (((((((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r
                  + 45921.953931549871457) * r + 13731.693765509461125) * r + 1971.5909503065514427) * r
                  + 133.14166789178437745) * r + 3.3871328727963666080)
                / (((((((5226.4952788528545610 * r + 28729.085735721942674) * r + 39307.895800092710610) * r
                  + 21213.794301586595867) * r + 5394.1960214247511077) * r + 687.18700749205790830) * r
                  + 42.313330701600911252) * r + 1);
        END IF;
        r := sqrt(-ln(least(p, 1 - p)));
        IF r <= 5 THEN
            r := r - 1.6;
            RETURN sign(q) * (((((((7.7454501427834140764e-4 * r + 2.27238449892691845833e-2) * r + 0.241780725177450611770) * r
                  + 1.27045825245236838258) * r + 3.64784832476320460504) * r + 5.76949722146069140550) * r
                  + 4.63033784615654529590) * r + 1.42343711074968357734)
                / (((((((1.05075007164441684324e-9 * r + 5.4759380849953449460e-4) * r + 1.51986665636164571966e-2) * r
                  + 0.148103976427480074590) * r + 0.689767334985100004550) * r + 1.67638483018380384940) * r
                  + 2.05319162663775882187) * r + 1);
        END IF;
        r := r - 5;
        RETURN sign(q) * (((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 1.24266094738807843860e-3) * r
              + 2.65321895265761230930e-2) * r + 0.296560571828504891230) * r + 1.78482653991729133580) * r
              + 5.46378491116411436990) * r + 6.65790464350110377720)
            / (((((((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r + 1.84631831751005468180e-5) * r
              + 7.8686913114561325910e-4) * r + 1.48753612908506148525e-2) * r + 0.136929880922735805310) * r
              + 0.599832206555887937690) * r + 1);
    END $$;
COMMENT ON FUNCTION residency.normal_quantile(double precision) IS
    'The value below which a standard normal variable lies with probability p (标准正态分位数): 1.959963984540054 for 0.975; Wichura''s algorithm AS 241, sixteen digits. 22023 where p does not lie between 0 and 1';

CREATE FUNCTION residency.wilson_interval(successes double precision, trials double precision, confidence double precision DEFAULT 0.95)
    RETURNS numrange
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        s      CONSTANT double precision := residency.checked_part(successes, trials);
        z      CONSTANT double precision := residency.normal_quantile((1 + residency.checked_probability(confidence)) / 2);
        middle double precision;
        half   double precision;
    BEGIN
        IF trials = 0 THEN
            RETURN numrange(0, 1, '[]');
        END IF;
        middle := (s + z * z / 2) / (trials + z * z);
        half := z / (trials + z * z) * sqrt(s * (trials - s) / trials + z * z / 4);
        RETURN numrange(round(greatest(middle - half, 0)::numeric, 12), round(least(middle + half, 1)::numeric, 12), '[]');
    END $$;
COMMENT ON FUNCTION residency.wilson_interval(double precision, double precision, double precision) IS
    'Wilson''s score interval of a share (威尔逊置信区间): successes of trials, both also with decimals for an effective sample size; confidence 0.95 by default. Both ends belong to it, 12 decimals; [0,1] where nothing was tried. 22023 for successes that are no part of trials and a confidence that is none';

CREATE FUNCTION residency.chapman_estimate(
        first bigint, second bigint, both_of_them bigint, confidence double precision DEFAULT 0.95,
        OUT estimate double precision, OUT variance double precision, OUT low double precision, OUT high double precision)
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        m      CONSTANT double precision := residency.checked_part(both_of_them, least(first, second));
        z      CONSTANT double precision := residency.normal_quantile((1 + residency.checked_probability(confidence)) / 2);
        seen   CONSTANT double precision := first + second - m;
        unseen CONSTANT double precision := (first - m) * (second - m) / (m + 1);
        spread double precision := 1;
    BEGIN
        estimate := seen + unseen;
        variance := (first + 1) * unseen * (second + 1) / ((m + 1) * (m + 2));
        IF unseen > 0 THEN
            spread := exp(z * sqrt(ln(1 + variance / (unseen * unseen))));
        END IF;
        low := seen + unseen / spread;
        high := seen + unseen * spread;
    END $$;
COMMENT ON FUNCTION residency.chapman_estimate(bigint, bigint, bigint, double precision) IS
    'Chapman''s estimate of how many there are from two lists (查普曼捕获再捕获估计): first and second, how many are on each, both_of_them, how many on both. estimate (n1+1)(n2+1)/(m+1) − 1; its variance; low and high: an interval that is log-normal in the number of those on neither list (Chao 1987), so never below those who were seen. 22023 where more are on both than on one';

CREATE FUNCTION residency.allocate_sample(sizes bigint[], size bigint)
    RETURNS bigint[]
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        one    boolean[] := array_fill(false, ARRAY[cardinality(sizes)]);
        rest   bigint := size;
        base   bigint := (SELECT sum(s) FROM unnest(sizes) AS s);
        narrow boolean := size >= (SELECT count(*) FROM unnest(sizes) AS s WHERE s > 0);
    BEGIN
        IF size >= base OR sizes = '{}' THEN
            RETURN sizes;
        END IF;
        -- while there is enough for all: who would get less than one, gets one, and the others share the rest
        WHILE narrow LOOP
            SELECT array_agg(s.given OR s.n > 0 AND s.n * rest < base ORDER BY s.place),
                   COALESCE(bool_or(s.n > 0 AND s.n * rest < base) FILTER (WHERE NOT s.given), false)
            INTO one, narrow
            FROM unnest(sizes, one) WITH ORDINALITY AS s (n, given, place);
            SELECT size - count(*) FILTER (WHERE s.given), sum(s.n) FILTER (WHERE NOT s.given) INTO rest, base
            FROM unnest(sizes, one) AS s (n, given);
        END LOOP;
        RETURN (SELECT array_agg(CASE WHEN q.given THEN 1
                                      ELSE q.whole + CASE WHEN q.turn <= rest - q.wholes THEN 1 ELSE 0 END END ORDER BY q.place)
                FROM (SELECT s.place, s.given, s.n * rest / base AS whole,
                             sum(s.n * rest / base) FILTER (WHERE NOT s.given) OVER () AS wholes,
                             row_number() OVER (PARTITION BY s.given ORDER BY s.n * rest % base DESC, s.place) AS turn
                      FROM unnest(sizes, one) WITH ORDINALITY AS s (n, given, place)) AS q);
    END $$;
COMMENT ON FUNCTION residency.allocate_sample(bigint[], bigint) IS
    'How many of each stratum a sample of that size takes (分层样本分配): in proportion, by the largest remainder, at equal remainders the earlier stratum; at least one of each that is not empty while the size allows. All of them where the size does';

CREATE FUNCTION residency.sample_digest(seed text, key text)
    RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$ SELECT encode(sha256(convert_to(seed || ':' || key, 'UTF8')), 'hex') $$;
COMMENT ON FUNCTION residency.sample_digest(text, text) IS
    'Place of a unit in the lottery of a seed (抽样次序): SHA-256 in hexadecimal of seed:key in UTF-8, as sha256sum prints it; the smallest are drawn';

CREATE FUNCTION residency.spot_check_answers(outcome text)
    RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT outcome IN ('checked', 'not_found') $$;
COMMENT ON FUNCTION residency.spot_check_answers(text) IS
    'Whether a check with this outcome has an answer (抽查是否得到结果): somebody looked, or it is clear that there is no such dwelling';

CREATE FUNCTION residency.open_spot_check(check_id bigint, at_table text)
    RETURNS timestamptz
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        drawn  timestamptz;
        closed timestamptz;
    BEGIN
        -- who closes it waits for who enters a result, and the other way round
        SELECT c.drawn_at, c.closed_at INTO drawn, closed FROM registry.spot_check c WHERE c.spot_check_id = check_id FOR SHARE;
        IF NOT FOUND THEN
            PERFORM residency.refuse('RG293', ARRAY[COALESCE(check_id::text, '-')], at_table, 'spot_check_id');
        ELSIF closed IS NOT NULL THEN
            PERFORM residency.refuse('RG294', ARRAY[check_id::text, residency.local_day(closed)::text], at_table, 'spot_check_id');
        END IF;
        RETURN drawn;
    END $$;
COMMENT ON FUNCTION residency.open_spot_check(bigint, text) IS
    'When a spot check was drawn, and keeps it open until the transaction ends (抽查状态校验): RG293 there is none, RG294 it is closed';

CREATE FUNCTION residency.spot_check_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        at      CONSTANT text := 'registry.spot_check';
        closing CONSTANT text[] := '{closed_at,closed_by,close_reason}'::text[];
    BEGIN
        IF TG_OP = 'INSERT' THEN
            NEW.kind := residency.checked_code('spot_check_kind', COALESCE(NEW.kind, ''), at, 'kind');
            NEW.area := residency.checked_code('spot_check_area', COALESCE(NEW.area, ''), at, 'area');
            NEW.strata_by := residency.checked_code('spot_check_strata', COALESCE(NEW.strata_by, ''), at, 'strata_by');
            NEW.name := residency.checked_text(COALESCE(NEW.name, ''), 100, at, 'name');
            NEW.reason := residency.checked_text(COALESCE(NEW.reason, ''), 200, at, 'reason');
        ELSIF OLD.closed_at IS NOT NULL THEN
            PERFORM residency.refuse('RG294', ARRAY[OLD.spot_check_id::text, residency.local_day(OLD.closed_at)::text], at, 'closed_at');
        ELSIF to_jsonb(NEW) - closing <> to_jsonb(OLD) - closing THEN
            PERFORM residency.refuse('RG298', ARRAY[at], at);
        END IF;
        NEW.close_reason := residency.checked_text(NEW.close_reason, 200, at, 'close_reason');
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.spot_check_guard() IS
    'Trigger of registry.spot_check (抽查校验): codes and words (RG006, RG125); nothing changes but that it is closed, once (RG294, RG298)';

CREATE FUNCTION residency.spot_check_sample_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        at CONSTANT text := TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME;
    BEGIN
        IF residency.open_spot_check(NEW.spot_check_id, at) <> now() THEN
            PERFORM residency.refuse('RG298', ARRAY[at], at);
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.spot_check_sample_guard() IS
    'Trigger of the strata and grids of a spot check (抽样校验): made in the transaction that draws it (RG298), RG293, RG294';

CREATE FUNCTION residency.spot_check_dwelling_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        at CONSTANT text := 'registry.spot_check_dwelling';
    BEGIN
        NEW.address := residency.checked_text(NEW.address, 200, at, 'address');
        -- the list is made in the transaction that draws it; what a walk finds besides is added
        IF residency.open_spot_check(NEW.spot_check_id, at) <> now() AND NEW.dwelling_id IS NOT NULL THEN
            PERFORM residency.refuse('RG298', ARRAY[at], at, 'dwelling_id');
        ELSIF NEW.dwelling_id IS NULL
              AND NOT EXISTS (SELECT FROM registry.spot_check_grid g
                              WHERE g.spot_check_grid_id = NEW.spot_check_grid_id AND g.spot_check_id = NEW.spot_check_id) THEN
            PERFORM residency.refuse('RG296', ARRAY[COALESCE(NEW.spot_check_grid_id::text, '-'), NEW.spot_check_id::text], at, 'spot_check_grid_id');
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.spot_check_dwelling_guard() IS
    'Trigger of registry.spot_check_dwelling (抽查名单校验): drawn once (RG298); besides, only what is found in a grid that was drawn, in words (RG125, RG296), while the check is open (RG293, RG294)';

CREATE FUNCTION residency.spot_check_result_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off
    AS $$
    DECLARE
        at    CONSTANT text := 'registry.spot_check_result';
        drawn timestamptz;
        home  residency.division_code;
        wrong text;
    BEGIN
        SELECT residency.open_spot_check(s.spot_check_id, at), c.division INTO drawn, home
        FROM registry.spot_check_dwelling s JOIN registry.spot_check c ON c.spot_check_id = s.spot_check_id
        WHERE s.spot_check_dwelling_id = NEW.spot_check_dwelling_id;
        IF NOT FOUND THEN
            PERFORM residency.refuse('RG296', ARRAY[COALESCE(NEW.spot_check_dwelling_id::text, '-'), '-'], at, 'spot_check_dwelling_id');
        END IF;
        NEW.outcome := residency.checked_code('spot_check_outcome', COALESCE(NEW.outcome, ''), at, 'outcome');
        NEW.note := residency.checked_text(NEW.note, 500, at, 'note');
        PERFORM residency.check_times(NEW.checked_at, NEW.checked_at, home, at, 'checked_at');
        IF NEW.checked_at < drawn THEN
            PERFORM residency.refuse('RG269', ARRAY[drawn, NEW.checked_at, now()]::text[], at, 'checked_at');
        ELSIF NOT EXISTS (SELECT FROM registry.person p WHERE p.person_id = NEW.staff_person_id) THEN
            PERFORM residency.refuse('RG010', ARRAY[COALESCE(NEW.staff_person_id::text, '-')], at, 'staff_person_id');
        END IF;
        wrong := CASE WHEN NEW.people_counted < 0 OR NEW.counted_registered < 0 OR NEW.counted_registered > NEW.people_counted THEN 'counted_registered'
                      WHEN (NEW.outcome = 'checked') <> (NEW.found_let IS NOT NULL) THEN 'found_let'
                      WHEN NEW.outcome <> 'checked' AND NEW.people_counted > 0 THEN 'people_counted' END;
        IF wrong IS NOT NULL THEN
            PERFORM residency.refuse('RG297', ARRAY[NEW.outcome, COALESCE(NEW.found_let::text, '-'), NEW.people_counted::text, NEW.counted_registered::text], at, wrong);
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.spot_check_result_guard() IS
    'Trigger of registry.spot_check_result (抽查结果校验): an open check and its dwelling (RG293, RG294, RG296), codes and words (RG006, RG125), times (RG269), who checked (RG010), counts that agree with the outcome (RG297)';

CREATE FUNCTION residency.spot_check_person_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off
    AS $$
    DECLARE
        at     CONSTANT text := 'registry.spot_check_person';
        result record;
        known  record;
    BEGIN
        SELECT r.outcome, r.checked_at, s.dwelling_id, residency.open_spot_check(s.spot_check_id, at) AS drawn_at INTO result
        FROM registry.spot_check_result r JOIN registry.spot_check_dwelling s ON s.spot_check_dwelling_id = r.spot_check_dwelling_id
        WHERE r.spot_check_result_id = NEW.spot_check_result_id;
        IF result.outcome IS DISTINCT FROM 'checked' THEN
            PERFORM residency.refuse('RG297', ARRAY[COALESCE(result.outcome, '-'), '-', '1', '-'], at, 'spot_check_result_id');
        END IF;
        SELECT w.person_id, w.resident_id INTO NEW.person_id, NEW.resident_id FROM residency.named_by(NEW.person_id, NEW.resident_id) AS w;
        IF num_nonnulls(NEW.person_id, NEW.resident_id) = 0 THEN
            PERFORM residency.refuse('RG299', '{1}', at, 'person_id');
        END IF;
        -- as the register stood at that moment: what was reported, closed or backdated afterwards does not count
        SELECT r.residence_id, r.reported_at,
               EXISTS (SELECT FROM registry.dwelling_standing s
                       WHERE s.dwelling_id = r.dwelling_id AND result.dwelling_id = ANY (s.whole_ids)
                          OR s.dwelling_id = result.dwelling_id AND r.dwelling_id = ANY (s.whole_ids)) AS there
        INTO known
        FROM registry.residence r
        WHERE r.person_id = NEW.person_id AND r.reported_at <= result.checked_at AND r.arrived_on <= residency.local_day(result.checked_at)
          AND (residency.residence_is_current(r.state) OR r.closed_at > result.checked_at
               OR r.period @> residency.local_day(result.checked_at) AND r.state NOT IN ('rejected', 'voided'))
        ORDER BY there DESC, r.reported_at
        LIMIT 1;
        NEW.judgement := CASE WHEN known.there THEN 'registered' WHEN known.residence_id IS NOT NULL THEN 'elsewhere' ELSE 'unregistered' END;
        NEW.residence_id := known.residence_id;
        NEW.since_draw := COALESCE(known.there AND known.reported_at > result.drawn_at, false);
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.spot_check_person_guard() IS
    'Trigger of registry.spot_check_person (抽查人员核对): whether the person was registered in the dwelling, what it is part of or a part of it, as the register stood at the moment of the check. RG294 the check is closed, RG297 nobody can be found with that outcome, RG299 nobody is named, RG010';

CREATE FUNCTION residency.named_by(INOUT person_id bigint, INOUT resident_id residency.resident_id)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    AS $$
    DECLARE
        bearer bigint;
    BEGIN
        SELECT p.person_id INTO bearer FROM registry.person p WHERE p.resident_id = named_by.resident_id;
        IF FOUND THEN
            IF person_id <> bearer THEN
                PERFORM residency.refuse('RG086', ARRAY[person_id::text, residency.mask(resident_id)], 'registry.person', 'resident_id');
            END IF;
            person_id := bearer;
            resident_id := NULL;
        ELSIF person_id IS NOT NULL AND NOT EXISTS (SELECT FROM registry.person p WHERE p.person_id = named_by.person_id) THEN
            PERFORM residency.refuse('RG010', ARRAY[person_id::text], 'registry.person', 'person_id');
        END IF;
    END $$;
COMMENT ON FUNCTION residency.named_by(bigint, residency.resident_id) IS
    'Who is named by a key or a resident ID (人员归一): the person''s key alone where the register knows the number, otherwise the number as it came. RG010 no such person, RG086 they name two';

CREATE FUNCTION residency.department_list_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        at CONSTANT text := 'registry.department_list';
    BEGIN
        NEW.source := residency.checked_code('department', COALESCE(NEW.source, ''), at, 'source');
        NEW.name := residency.checked_text(COALESCE(NEW.name, ''), 100, at, 'name');
        PERFORM residency.check_past(NEW.listed_on, at, 'listed_on');
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.department_list_guard() IS
    'Trigger of registry.department_list (部门名单校验): department and name (RG006, RG125), a day that is not to come (RG126, RG128)';

CREATE FUNCTION residency.department_list_entry_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        SELECT w.person_id, w.resident_id INTO NEW.person_id, NEW.resident_id FROM residency.named_by(NEW.person_id, NEW.resident_id) AS w;
        IF num_nonnulls(NEW.person_id, NEW.resident_id) = 0 THEN
            PERFORM residency.refuse('RG299', ARRAY[NEW.line::text], 'registry.department_list_entry', 'resident_id');
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.department_list_entry_guard() IS
    'Trigger of registry.department_list_entry (部门名单条目校验): somebody is named (RG299), RG010, RG086';
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
@step schema/0030-calendar.sql
@step schema/0031-policy_draft.sql
@step schema/0032-policy_seed.sql
@step schema/0033-clock.sql
@step schema/0034-entitlement.sql
@step schema/0035-permit.sql
@step schema/0036-dwelling_landlord.sql
@step schema/0036-report_duty.sql
@step schema/0037-due.sql
@step schema/0040-gazetteer.sql
@step schema/0041-dwelling_address.sql
@step schema/0042-door_plate.sql
@step schema/0043-index_dwelling.sql
@step schema/0043-index_employer.sql
@step schema/0043-index_person.sql
@step schema/0043-search.sql
@step schema/0044-location_datum.sql
@step schema/0045-dwelling_restandardize.sql
@step schema/0046-dwelling_standard_address.sql
@step schema/0047-dwelling_clue.sql
@step schema/0050-grid_cover.sql
@step schema/0051-grid_lineage.sql
@step schema/0052-patrol.sql
@step schema/0053-access_event.sql
@step schema/0054-spot_check.sql
@step schema/0055-tile.sql
SELECT residency.ship_step('view/00-registry', 'repeatable', 'fa5a46412cc30e65a744792556e8b02fd6276fe9f20195965a590b08c8b09bb9', NULL, NULL, $step$
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

CREATE OR REPLACE VIEW registry.dwelling_landlord AS
    SELECT d.dwelling_id,
           CASE WHEN num_nonnulls(d.landlord_person_id, d.landlord_credit_code) > 0 THEN d.landlord_person_id
                WHEN num_nonnulls(w1.landlord_person_id, w1.landlord_credit_code) > 0 THEN w1.landlord_person_id
                WHEN num_nonnulls(w2.landlord_person_id, w2.landlord_credit_code) > 0 THEN w2.landlord_person_id
                ELSE w3.landlord_person_id END AS landlord_person_id,
           CASE WHEN num_nonnulls(d.landlord_person_id, d.landlord_credit_code) > 0 THEN d.landlord_credit_code
                WHEN num_nonnulls(w1.landlord_person_id, w1.landlord_credit_code) > 0 THEN w1.landlord_credit_code
                WHEN num_nonnulls(w2.landlord_person_id, w2.landlord_credit_code) > 0 THEN w2.landlord_credit_code
                ELSE w3.landlord_credit_code END AS landlord_credit_code
    FROM registry.dwelling d
    LEFT JOIN registry.dwelling w1 ON w1.dwelling_id = d.parent_id
    LEFT JOIN registry.dwelling w2 ON w2.dwelling_id = w1.parent_id
    LEFT JOIN registry.dwelling w3 ON w3.dwelling_id = w2.parent_id;
COMMENT ON VIEW registry.dwelling_landlord IS
    'Who lets a dwelling: its own landlord, or that of the innermost of what it is part of that has one (房屋出租人)';
COMMENT ON COLUMN registry.dwelling_landlord.dwelling_id IS 'Key of registry.dwelling';
COMMENT ON COLUMN registry.dwelling_landlord.landlord_person_id IS 'Landlord, where it is a person (出租人)';
COMMENT ON COLUMN registry.dwelling_landlord.landlord_credit_code IS 'Landlord, where it is an organisation (出租单位)';

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

SELECT residency.ship_step('view/14-decision', 'repeatable', '63bd1631883f19d0d6294f608e0d7362ed195e0bc3982b619ddb780e395b1968', NULL, NULL, $step$
-- Deciders: the decisions that policy has a say in, as they are now. One function for each kind of subject;
-- policy.decide() joins them, policy.simulate() compares what they say before and after a draft.
-- A decider answers for the subjects whose division lies from first to last, with the decisions that depend on one of
-- the keys; the same subjects whatever the settings say. It takes the day "on" where the rules of the day decide.

CREATE OR REPLACE FUNCTION registry.decided(decision text, subject_id bigint, division division_code, counted_on date)
    RETURNS text
    -- VOLATILE, as all that call it, for no parallel plan: it begins a subtransaction
    LANGUAGE plpgsql VOLATILE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        permit registry.permit;
        clock  registry.clock;
        term   text;
    BEGIN
        CASE decision
            WHEN 'half_year_on' THEN RETURN half_year_on(counted_on, division);
            WHEN 'accepted_unless_asked_by' THEN RETURN registry.supplement_by(counted_on, division);
            WHEN 'endorse_from' THEN RETURN registry.endorse_from(counted_on, division);
            WHEN 'lapse_on' THEN RETURN registry.lapse_on(counted_on, division);
            WHEN 'due_on' THEN
                SELECT * INTO clock FROM registry.clock c WHERE c.clock_id = subject_id;
                term := policy_term(clock.matter, division, counted_on);
                -- days and working days that have been counted cannot be exchanged
                RETURN CASE WHEN clock_unit(term) = clock.unit OR clock.elapsed + clock.extended = 0
                            THEN clock_due(clock.counts_from, clock_budget(counted_on, term) + clock.extended - clock.elapsed, clock_unit(term), division) END;
            ELSE
                SELECT * INTO permit FROM registry.permit p WHERE p.permit_id = subject_id;
        END CASE;
        RETURN CASE decision
            WHEN 'eligible' THEN (SELECT bool_and(c.holds)::text FROM registry.permit_criterion(permit.person_id, division, counted_on, permit.permit_id) c WHERE c.required)
            WHEN 'count_from' THEN CASE policy_text('anniv_basis', division, counted_on) WHEN 'issue_date' THEN permit.issued_on
                ELSE (SELECT r.half_year_from FROM registry.residence r WHERE r.residence_id = permit.residence_id) END::text
            WHEN 'years_if_endorsed_late' THEN (registry.endorse_years(permit, registry.endorsed_late(permit, counted_on))).residence_years::text
        END;
    EXCEPTION WHEN OTHERS THEN
        -- a rule that refuses has decided, too, and does not hide what is decided on all others
        IF SQLSTATE NOT LIKE 'RG%' THEN
            RAISE;
        END IF;
        RETURN SQLSTATE || ': ' || SQLERRM;
    END $$;
COMMENT ON FUNCTION registry.decided(text, bigint, division_code, date) IS
    'A decision that a rule may refuse to make, on a residence, permit or clock in a division, on its day, as text (可能被拒的决定): what the rule of that name says, or the code and the words of its refusal, such as RG100 where the calendar of a year is missing';

CREATE OR REPLACE FUNCTION registry.residence_decision(keys text[], first division_code, last division_code)
    RETURNS SETOF policy.decision
    LANGUAGE plpgsql VOLATILE
    SET search_path FROM CURRENT
    SET jit = off
    -- asked county by county, thousands of times: planning costs more than most answers
    SET plan_cache_mode = force_generic_plan
    AS $$
    BEGIN
        RETURN QUERY
            SELECT 'residence', r.residence_id, r.division, d.decision, d.value, d.keys, d.counted_on
            FROM registry.residence r
            JOIN registry.person p ON p.person_id = r.person_id
            CROSS JOIN LATERAL (
                SELECT 'half_year_on', registry.decided('half_year_on', r.residence_id, r.division, r.half_year_from), '{permit_half_year}'::text[], r.half_year_from
                WHERE '{permit_half_year}' && residence_decision.keys
                UNION ALL
                SELECT 'guardian_needed', (age(p.birth_date, r.arrived_on) < policy_int('guarded_below_age', r.division, r.arrived_on))::text,
                       '{guarded_below_age}', r.arrived_on
                UNION ALL
                SELECT 'report_within', policy_text('arrival_report_occupant', r.division, r.arrived_on),
                       '{arrival_report_occupant}', r.arrived_on
            ) AS d (decision, value, keys, counted_on)
            WHERE r.division BETWEEN first AND last AND residence_is_current(r.state)
              AND d.keys && residence_decision.keys;
    END $$;
COMMENT ON FUNCTION registry.residence_decision(text[], division_code, division_code) IS
    'Decisions on current residences (居住登记决定): half_year_on, the day on which the half-year is full; guardian_needed; report_within, the term in which the occupant reports the arrival. Settings are those of the days of each residence';

CREATE OR REPLACE FUNCTION registry.dwelling_decision(keys text[], first division_code, last division_code, "on" date)
    RETURNS SETOF policy.decision
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    SET jit = off
    -- asked county by county, thousands of times: planning costs more than most answers
    SET plan_cache_mode = force_generic_plan
    AS $$
    BEGIN
        IF NOT keys && '{area_per_person_single, area_per_person_shared, room_limit, bed_limit, safety_letter_needed, manager_from}' THEN
            RETURN;
        END IF;
        RETURN QUERY
            -- a part lies where its whole lies
            WITH home AS (
                SELECT d.dwelling_id,
                       (SELECT count(*) FROM registry.residence r
                        WHERE r.dwelling_id = d.dwelling_id AND residence_is_current(r.state)) AS residents
                FROM registry.dwelling d
                WHERE d.division BETWEEN first AND last
            ), inside AS (
                SELECT whole.dwelling_id, sum(h.residents) AS residents
                FROM home h
                JOIN registry.dwelling_standing s ON s.dwelling_id = h.dwelling_id
                CROSS JOIN LATERAL unnest(s.whole_ids) AS whole (dwelling_id)
                GROUP BY whole.dwelling_id
            )
            SELECT 'dwelling', w.dwelling_id, w.division, d.decision, d.value::text, d.keys, dwelling_decision."on"
            FROM inside i
            JOIN registry.dwelling w ON w.dwelling_id = i.dwelling_id
            JOIN registry.dwelling_standing standing ON standing.dwelling_id = i.dwelling_id
            CROSS JOIN LATERAL (
                SELECT 'over_limit',
                       COALESCE(i.residents > least(area_allows(w.usable_area, w.division, dwelling_decision."on"),
                                                    kind_allows(w.kind, w.division, dwelling_decision."on")), false),
                       '{area_per_person_single, area_per_person_shared, room_limit, bed_limit}'::text[]
                UNION ALL
                SELECT 'letter_missing', standing.letter_on IS NULL AND needs_letter(w.let_state, w.division, dwelling_decision."on"),
                       '{safety_letter_needed}'
                UNION ALL
                SELECT 'manager_needed',
                       w.parent_id IS NULL AND COALESCE(i.residents >= policy_int('manager_from', w.division, dwelling_decision."on"), false),
                       '{manager_from}'
            ) AS d (decision, value, keys)
            WHERE d.keys && dwelling_decision.keys;
    END $$;
COMMENT ON FUNCTION registry.dwelling_decision(text[], division_code, division_code, date) IS
    'Decisions on dwellings by the rules of a day (房屋决定): over_limit, more live there than area and kind allow; letter_missing, the safety letter without which nobody may arrive; manager_needed';

-- A new decider is one more line here.
CREATE OR REPLACE FUNCTION policy.decide(keys text[], first division_code, last division_code, "on" date)
    RETURNS SETOF policy.decision
    LANGUAGE plpgsql VOLATILE
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN QUERY SELECT * FROM registry.residence_decision(keys, first, last);
        RETURN QUERY SELECT * FROM registry.dwelling_decision(keys, first, last, "on");
        RETURN QUERY SELECT * FROM registry.permit_decision(keys, first, last, "on");
        RETURN QUERY SELECT * FROM registry.clock_decision(keys, first, last);
    END $$;
COMMENT ON FUNCTION policy.decide(text[], division_code, division_code, date) IS
    'Every decision that depends on one of these parameters, for subjects in the divisions from first to last, as of a day (按政策作出的决定)';
$step$);

SELECT residency.ship_step('view/15-calendar', 'repeatable', '4e40ab6cd89509d405ded435d7b0beb90e4247fecb17b6bbabe0edfd4357e7e6', NULL, NULL, $step$
-- The calendar as clients read it: the kind of each day, in words, with the notice that says so.

CREATE OR REPLACE VIEW code.calendar AS
SELECT d.day,
       d.region::text AS region,
       d.kind,
       (SELECT v.name FROM code.value v WHERE v.list = 'calendar_kind' AND v.code = d.kind) AS kind_name,
       d.kind IN ('work', 'swap_work') AS works,
       d.name,
       d.name_en,
       n.title AS notice_title,
       n.document_number,
       n.published_on,
       n.confidence
FROM code.calendar_day d
JOIN code.calendar_notice n ON n.notice = d.notice;
COMMENT ON VIEW code.calendar IS
    'Days, their kind and the notice behind it (工作日历). Rows of a region are its own days alone; for what holds in a division ask residency.is_working_day(). Source: code.calendar_day, code.calendar_notice';
COMMENT ON COLUMN code.calendar.day IS 'The day (日期); with region the key';
COMMENT ON COLUMN code.calendar.region IS 'Division it holds in, NULL for the country (适用地区)';
COMMENT ON COLUMN code.calendar.kind IS 'Kind, list calendar_kind (日期类型)';
COMMENT ON COLUMN code.calendar.kind_name IS 'The same in words (日期类型名称)';
COMMENT ON COLUMN code.calendar.works IS 'Whether it is a working day (是否工作日)';
COMMENT ON COLUMN code.calendar.name IS 'Holiday (节日名称)';
COMMENT ON COLUMN code.calendar.name_en IS 'Holiday in English (节日英文名称)';
COMMENT ON COLUMN code.calendar.notice_title IS 'Title of the notice (通知标题)';
COMMENT ON COLUMN code.calendar.document_number IS 'Number of the notice (文号)';
COMMENT ON COLUMN code.calendar.published_on IS 'Day of its publication (发布日期)';
COMMENT ON COLUMN code.calendar.confidence IS 'How sure it is, see code.calendar_notice (可信度)';
$step$);

SELECT residency.ship_step('view/15-policy', 'repeatable', 'ebb432aaefc5aea448c48e6b3ca7b2c2fd4d5e454d98b0a5e78fe1cb55c09423', NULL, NULL, $step$
-- Test cases, publishing a draft, and what it would change.

CREATE OR REPLACE VIEW policy.failed_test_case AS
SELECT c.test_case_id,
       c.key,
       c.division::text AS division,
       c."on",
       c.expected,
       CASE WHEN c.setting_id IS NOT NULL THEN policy_text(c.key, c.division, c."on") END AS got,
       c.setting_id,
       c.why
FROM (SELECT DISTINCT ON (t.key, t.division, t."on") t.*, policy_setting(t.key, t.division, t."on") AS setting_id
      FROM policy.test_case t
      LEFT JOIN policy.draft d ON d.draft_id = t.draft_id
      WHERE t.draft_id IS NULL OR d.state = 'published'
      ORDER BY t.key, t.division, t."on", d.published_at DESC NULLS LAST, t.test_case_id DESC) AS c
WHERE c.setting_id IS NULL
   OR policy_text(c.key, c.division, c."on") IS DISTINCT FROM c.expected;
COMMENT ON VIEW policy.failed_test_case IS
    'Test cases that policy does not answer as they want (未通过的政策测试用例); no row: all pass. Cases of drafts count from their publication on, and then instead of older ones of the same key, division and day';
COMMENT ON COLUMN policy.failed_test_case.test_case_id IS 'Key of the case (用例编号)';
COMMENT ON COLUMN policy.failed_test_case.key IS 'Name of the parameter (参数)';
COMMENT ON COLUMN policy.failed_test_case.division IS 'Where it is asked (区划代码); NULL is the whole country';
COMMENT ON COLUMN policy.failed_test_case."on" IS 'For which day it is asked (日期)';
COMMENT ON COLUMN policy.failed_test_case.expected IS 'What policy must answer (应得值); NULL: that there is no limit';
COMMENT ON COLUMN policy.failed_test_case.got IS 'What it answers (实得值)';
COMMENT ON COLUMN policy.failed_test_case.setting_id IS 'The setting it answers by (适用的设定); NULL: nothing is set';
COMMENT ON COLUMN policy.failed_test_case.why IS 'Why the case is there (理由)';

CREATE OR REPLACE FUNCTION policy.require_draft(draft bigint)
    RETURNS void
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        isolation CONSTANT text := current_setting('transaction_isolation');
        found_state text;
    BEGIN
        -- look-ups answer by what is committed now: what is read beside them must be as new
        IF isolation <> 'read committed' THEN
            PERFORM refuse('RG098', ARRAY[isolation]);
        END IF;
        -- who publishes second, sets something or adds a test case waits, and nothing comes in between
        LOCK TABLE policy.setting, policy.test_case IN SHARE ROW EXCLUSIVE MODE;
        SELECT d.state INTO found_state FROM policy.draft d WHERE d.draft_id = draft FOR NO KEY UPDATE;
        IF NOT FOUND THEN
            PERFORM refuse('RG094', ARRAY[COALESCE(draft::text, 'NULL')], 'policy.draft', 'draft_id');
        ELSIF found_state <> 'draft' THEN
            PERFORM refuse('RG093', ARRAY[draft::text, found_state], 'policy.draft', 'state');
        ELSIF NOT EXISTS (SELECT FROM policy.draft_setting s WHERE s.draft_id = draft) THEN
            PERFORM refuse('RG095', ARRAY[draft::text], 'policy.draft_setting');
        END IF;
    END $$;
COMMENT ON FUNCTION policy.require_draft(bigint) IS
    'Locks a draft that can be published or simulated, and the settings and test cases, until the transaction ends; or refuses it (草案校验): RG093 closed, RG094 unknown, RG095 empty; RG098 the transaction is not READ COMMITTED';

CREATE OR REPLACE FUNCTION policy.apply(draft bigint)
    RETURNS integer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        new   policy.draft_setting;
        old   policy.setting;
        rest  daterange[];
        count integer := 0;
    BEGIN
        FOR new IN SELECT s.* FROM policy.draft_setting s WHERE s.draft_id = draft ORDER BY s.draft_setting_id LOOP
            FOR old IN
                SELECT s.* FROM policy.setting s
                WHERE s.key = new.key AND s.division IS NOT DISTINCT FROM new.division AND s.period && new.period
            LOOP
                INSERT INTO policy.replaced_setting (draft_id, setting_id, key, division, period, value, legal_basis)
                VALUES (draft, old.setting_id, old.key, old.division, old.period, old.value, old.legal_basis);
                rest := ARRAY(SELECT unnest(datemultirange(old.period) - datemultirange(new.period)));
                DELETE FROM policy.setting s WHERE s.setting_id = old.setting_id AND cardinality(rest) = 0;
                UPDATE policy.setting s SET period = rest[1] WHERE s.setting_id = old.setting_id;
                INSERT INTO policy.setting (key, division, period, value, legal_basis)
                SELECT old.key, old.division, piece, old.value, old.legal_basis FROM unnest(rest[2:]) AS piece;
            END LOOP;
            INSERT INTO policy.setting (key, division, period, value, legal_basis)
            VALUES (new.key, new.division, new.period, new.value, new.legal_basis);
            count := count + 1;
        END LOOP;
        RETURN count;
    END $$;
COMMENT ON FUNCTION policy.apply(bigint) IS
    'Makes the settings of a draft hold, each for its period (套用草案): what is in its way is cut around it and kept in policy.replaced_setting. Answers how many. For policy.publish() and policy.simulate(), which lock what is touched';

CREATE OR REPLACE FUNCTION policy.publish(draft bigint)
    RETURNS integer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        count integer;
    BEGIN
        PERFORM policy.require_draft(draft);
        count := policy.apply(draft);
        UPDATE policy.draft d SET state = 'published' WHERE d.draft_id = draft;
        RETURN count;
    END $$;
COMMENT ON FUNCTION policy.publish(bigint) IS
    'Publishes a draft (发布政策): its settings hold from then on, each for its period. Answers how many settings. Refused, and nothing changes: RG092 a test case fails, stored or of the draft; RG093 the draft is closed, RG094 unknown, RG095 empty; RG098 the transaction is not READ COMMITTED';

CREATE OR REPLACE FUNCTION policy.draft_range(draft bigint)
    RETURNS TABLE (first division_code, last division_code)
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        -- counties and what has none above it are a range each; provinces and cities have one for themselves
        WITH part AS (
            SELECT d.division AS first, CASE WHEN d.level < 3 THEN d.division ELSE last_within(d.division) END AS last
            FROM code.division d
            WHERE d.level < 3 OR d.level < 5 AND level(d.parent) < 3
        )
        SELECT min(greatest(p.first, s.division)), max(least(p.last, last_within(s.division)))
        FROM part p
        JOIN policy.draft_setting s ON s.division IS NULL OR p.first <= last_within(s.division) AND p.last >= s.division
        WHERE s.draft_id = draft
        GROUP BY p.first
    $$;
COMMENT ON FUNCTION policy.draft_range(bigint) IS
    'Where a draft can change something, in ranges of division codes none of which is larger than a county (草案涉及的区划范围)';

CREATE OR REPLACE FUNCTION policy.changed_decision(
        draft bigint, "on" date,
        OUT subject text, OUT subject_id bigint, OUT division division_code, OUT decision text,
        OUT old text, OUT new text, OUT keys text[], OUT counted_on date)
    RETURNS SETOF record
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET jit = off
    AS $$
    DECLARE
        touched CONSTANT text[] := ARRAY(SELECT DISTINCT s.key FROM policy.draft_setting s WHERE s.draft_id = draft);
        part    record;
        before  policy.decision[];
    BEGIN
        FOR part IN SELECT r.first, r.last FROM policy.draft_range(draft) r LOOP
            before := ARRAY(SELECT ROW(d.subject, d.subject_id, NULL, d.decision, d.value, NULL, NULL)::policy.decision
                            FROM policy.decide(touched, part.first, part.last, "on") d);
            CONTINUE WHEN cardinality(before) = 0;
            BEGIN
                PERFORM policy.apply(draft);
                RETURN QUERY
                    SELECT d.subject, d.subject_id, d.division, d.decision, was.value, d.value, d.keys, d.counted_on
                    FROM policy.decide(touched, part.first, part.last, "on") d
                    JOIN unnest(before) was
                      ON was.subject_id = d.subject_id AND was.decision = d.decision AND was.subject = d.subject
                    WHERE was.value IS DISTINCT FROM d.value;
                RAISE SQLSTATE 'RG999';
            EXCEPTION WHEN SQLSTATE 'RG999' THEN
                NULL;   -- all is taken back; the rows that were found stay
            END;
        END LOOP;
    END $$;
COMMENT ON FUNCTION policy.changed_decision(bigint, date) IS
    'The decisions that a draft would change, with the parameters they depend on (草案将改变的决定): county by county, each decided, the draft applied, decided again and the draft taken back. Used by policy.simulate()';

CREATE OR REPLACE FUNCTION policy.simulate(
        draft bigint, "on" date DEFAULT today(),
        OUT subject text, OUT subject_id bigint, OUT division text, OUT decision text,
        OUT old text, OUT new text, OUT reason text)
    RETURNS SETOF record
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET jit = off
    AS $$
    BEGIN
        PERFORM policy.require_draft(draft);
        RETURN QUERY
            WITH changed AS MATERIALIZED (
                SELECT * FROM policy.changed_decision(draft, simulate."on")
            ), cause AS (
                SELECT c.keys, c.division, c.counted_on, string_agg(
                           format('%s: %s [%s] → %s [%s]', k.key,
                                  CASE WHEN was.setting_id IS NULL THEN '(no setting)' ELSE COALESCE(was.value, '(no limit)') END,
                                  COALESCE(was.legal_basis, '-'), COALESCE(becomes.value, '(no limit)'), becomes.legal_basis),
                           '; ' ORDER BY k.key) AS reason
                FROM (SELECT DISTINCT c.keys, c.division, c.counted_on FROM changed c) AS c
                CROSS JOIN LATERAL unnest(c.keys) AS k (key)
                LEFT JOIN policy.setting was ON was.setting_id = policy_setting(k.key, c.division, c.counted_on)
                CROSS JOIN LATERAL (
                    SELECT s.division, s.value, s.legal_basis
                    FROM policy.draft_setting s
                    WHERE s.draft_id = draft AND s.key = k.key AND s.period @> c.counted_on
                      AND (s.division IS NULL OR s.division @> c.division)
                    ORDER BY level(s.division) DESC NULLS LAST
                    LIMIT 1
                ) AS becomes
                -- a setting of a more specific division goes on winning
                WHERE was.division IS NULL OR becomes.division <@ was.division
                GROUP BY c.keys, c.division, c.counted_on
            )
            SELECT c.subject, c.subject_id, c.division::text, c.decision, c.old, c.new,
                   -- a decision may rest on settings of other days, too, as eligibility does on that of the first day of the half-year
                   COALESCE(cause.reason,
                            (SELECT string_agg(format('%s: %s [%s]', s.key, COALESCE(s.value, '(no limit)'), s.legal_basis), '; ' ORDER BY s.key, s.period)
                             FROM policy.draft_setting s
                             WHERE s.draft_id = draft AND s.key = ANY (c.keys) AND (s.division IS NULL OR s.division @> c.division)))
            FROM changed c
            LEFT JOIN cause ON cause.division = c.division AND cause.counted_on = c.counted_on AND cause.keys = c.keys;
    END $$;
COMMENT ON FUNCTION policy.simulate(bigint, date) IS
    'What a draft would change (政策模拟): every decision on residences, dwellings … that would be another, with the old and the new one and the reason: parameter, value and clause before and after. Decisions that are made by the rules of the day, such as how many may live in a dwelling, are those of the day "on", today unless said otherwise. Changes nothing, but writes and takes back, so it can''t run on a standby, and nobody else can change settings until its transaction ends. Errors: RG093 the draft is closed, RG094 unknown, RG095 empty; RG098 the transaction is not READ COMMITTED';
$step$);

SELECT residency.ship_step('view/20-api_view', 'repeatable', '9672f206094ed0ce8c8976ccc21d970b01b3e1cff34a2656a7735c6ff0680d76', NULL, NULL, $step$
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
       half_year_on(r.half_year_from, r.division) AS half_year_on,
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

SELECT residency.ship_step('view/35-clock', 'repeatable', '134b779bd130de128e6e5b362dab1b8323383cbe6812276d449b32b5cffcc794', NULL, NULL, $step$
-- Clocks: started, stepped, and as they stand today.

CREATE OR REPLACE FUNCTION registry.start_clock(matter text, division division_code, started_on date DEFAULT NULL)
    RETURNS bigint
    LANGUAGE sql
    SET search_path FROM CURRENT
    AS $$
        INSERT INTO registry.clock (matter, division, started_on) VALUES ($1, $2, $3) RETURNING clock_id
    $$;
COMMENT ON FUNCTION registry.start_clock(text, division_code, date) IS
    'Starts the clock of a limit, key of a policy rule that is a term, as it is set for the division on the day it starts, by default today (启动计时): gives the key of the clock. RG090, RG109 there is no such limit, RG110 in the future, and what residency.legal_deadline() refuses';

CREATE OR REPLACE FUNCTION registry.clock_step(
        clock_id bigint, event text, happened_on date DEFAULT NULL,
        amount integer DEFAULT NULL, reason text DEFAULT NULL, legal_basis text DEFAULT NULL)
    RETURNS registry.clock
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        clock registry.clock;
    BEGIN
        INSERT INTO registry.clock_event (clock_id, event, happened_on, amount, reason, legal_basis)
        VALUES ($1, $2, $3, $4, $5, $6);
        SELECT * INTO clock FROM registry.clock c WHERE c.clock_id = $1;
        RETURN clock;
    END $$;
COMMENT ON FUNCTION registry.clock_step(bigint, text, date, integer, text, text) IS
    'What happens to a clock: suspend, resume, extend by an amount of its units, stop, recount; by default today (计时事件): gives the clock as it is then. RG006, RG108, RG110-RG113 as the rules of registry.clock_event say';

CREATE OR REPLACE FUNCTION registry.clock_level(clock registry.clock, "on" date DEFAULT today())
    RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        total CONSTANT integer := clock.budget + clock.extended;
    BEGIN
        RETURN CASE
            WHEN clock.state <> 'running' THEN NULL
            WHEN "on" > clock.due_on THEN 'red'
            WHEN clock_elapsed(total, clock.elapsed, clock.counts_from, clock.due_on, clock.unit, clock.division, "on")
                 >= policy_numeric('clock_yellow', clock.division, "on") * total THEN 'yellow'
            WHEN "on" >= add_term(clock.due_on, '-' || policy_term('clock_reminder', clock.division, "on"), clock.division) THEN 'reminder'
        END;
    END $$;
COMMENT ON FUNCTION registry.clock_level(registry.clock, date) IS
    'How urgent a running clock is on a day, not before its last event, list clock_level (预警级别): red after its last day, yellow from a share of it on, reminder shortly before its end, by policies clock_yellow and clock_reminder; NULL: none of these, or not running';

CREATE OR REPLACE FUNCTION registry.raise_clock_alerts("on" date DEFAULT today(), batch integer DEFAULT 10000)
    RETURNS integer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        raised integer;
    BEGIN
        INSERT INTO registry.clock_alert (clock_id, due_on, level, raised_on)
        SELECT c.clock_id, c.due_on, l.level, "on"
        FROM registry.clock c
        CROSS JOIN LATERAL registry.clock_level(c, "on") AS l (level)
        WHERE c.state = 'running' AND l.level IS NOT NULL
          AND NOT EXISTS (SELECT FROM registry.clock_alert a
                          WHERE a.clock_id = c.clock_id AND a.due_on = c.due_on AND a.level IN (l.level, 'red'))
        LIMIT batch
        ON CONFLICT DO NOTHING;
        GET DIAGNOSTICS raised = ROW_COUNT;
        RETURN raised;
    END $$;
COMMENT ON FUNCTION registry.raise_clock_alerts(date, integer) IS
    'Raises the alerts of a day that have not been raised, at most so many (期限预警): gives how many; call it until there are none. Locks no clock against its clerks';

CREATE OR REPLACE FUNCTION registry.recount_clocks(batch integer DEFAULT 10000)
    RETURNS integer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        recounted integer;
    BEGIN
        INSERT INTO registry.clock_event (clock_id, event)
        SELECT c.clock_id, 'recount'
        FROM registry.clock c
        WHERE c.state = 'running'
          AND c.due_on <> clock_due(c.counts_from, c.budget + c.extended - c.elapsed, c.unit, c.division)
        LIMIT batch;
        GET DIAGNOSTICS recounted = ROW_COUNT;
        RETURN recounted;
    END $$;
COMMENT ON FUNCTION registry.recount_clocks(integer) IS
    'After a change of the calendar, a second notice in a year: running clocks whose last day is another by now, at most so many, get it by an event of today (期限重新计算): gives how many; call it until there are none';

CREATE OR REPLACE VIEW registry.clock_now AS
SELECT c.clock_id,
       c.matter,
       c.division::text AS division,
       c.started_on,
       c.term,
       c.budget,
       c.extended,
       c.unit,
       c.state,
       (SELECT v.name FROM code.value v WHERE v.list = 'clock_state' AND v.code = c.state) AS state_name,
       n.elapsed,
       c.budget + c.extended - n.elapsed AS remaining,
       c.due_on,
       CASE WHEN c.due_on IS NOT NULL THEN greatest(coalesce(c.stopped_on, today()) - c.due_on, 0) END AS days_late,
       registry.clock_level(c) AS level,
       c.stopped_on
FROM registry.clock c
CROSS JOIN LATERAL (
    -- no further than the last day: a clock that is late shows so without the calendar of a year that nobody has entered yet
    SELECT CASE c.state WHEN 'running' THEN clock_elapsed(c.budget + c.extended, c.elapsed, c.counts_from, c.due_on, c.unit,
                                                          c.division, least(today(), c.due_on))
                        ELSE c.elapsed END
) AS n (elapsed);
COMMENT ON VIEW registry.clock_now IS 'Statutory limits as they stand today (期限现状). Source: registry.clock';
COMMENT ON COLUMN registry.clock_now.clock_id IS 'Key of the clock (计时编号)';
COMMENT ON COLUMN registry.clock_now.matter IS 'What is limited, key of policy.rule (计时事项)';
COMMENT ON COLUMN registry.clock_now.division IS 'Division whose policy and calendar count (区划代码)';
COMMENT ON COLUMN registry.clock_now.started_on IS 'Day of the start (起算日)';
COMMENT ON COLUMN registry.clock_now.term IS 'The limit (法定期限)';
COMMENT ON COLUMN registry.clock_now.budget IS 'The limit in units (期限天数)';
COMMENT ON COLUMN registry.clock_now.extended IS 'Units by which it was extended (延长天数)';
COMMENT ON COLUMN registry.clock_now.unit IS 'days or working days (计量单位)';
COMMENT ON COLUMN registry.clock_now.state IS 'State, list clock_state (计时状态)';
COMMENT ON COLUMN registry.clock_now.state_name IS 'The same in words (计时状态名称)';
COMMENT ON COLUMN registry.clock_now.elapsed IS 'Units counted up to today, to its last day or to its suspension or stop (已计天数)';
COMMENT ON COLUMN registry.clock_now.remaining IS 'Units left (剩余天数); below zero: it was suspended or stopped so late';
COMMENT ON COLUMN registry.clock_now.due_on IS 'Last day (届满日); NULL while suspended';
COMMENT ON COLUMN registry.clock_now.days_late IS 'Calendar days after the last day, up to today or the stop (逾期天数); NULL while suspended';
COMMENT ON COLUMN registry.clock_now.level IS 'How urgent it is, list clock_level (预警级别)';
COMMENT ON COLUMN registry.clock_now.stopped_on IS 'Day of the stop (停止日期)';
$step$);

SELECT residency.ship_step('view/40-map', 'repeatable', 'be000fda0eb2b34e79dbc19bb22c6a8b70ff653b9c48ed380df29385592265d6', NULL, NULL, $step$
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

-- one parameter less in 0.3.0
DROP FUNCTION IF EXISTS map.dissolve(geometry);
CREATE OR REPLACE FUNCTION map.dissolve(pieces geometry, reach float8 DEFAULT 0.3)
    RETURNS geometry
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        -- each grown and all shrunk again, so that what was drawn with small gaps becomes one
        SELECT ST_Buffer(ST_Union(ST_Buffer(piece.geom, reach, 'join=mitre mitre_limit=2')), -reach, 'join=mitre mitre_limit=2')
        FROM ST_Dump(pieces) AS piece
    $$;
COMMENT ON FUNCTION map.dissolve(geometry, float8) IS
    'One outline around neighbouring pieces, in pixels (合并边界); gaps between them of twice the reach are closed';

CREATE OR REPLACE FUNCTION map.short_name(name text)
    RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$ SELECT regexp_replace(name, '(社区)?(居民委员会|村民委员会|居委会|村委会)$', '') $$;
COMMENT ON FUNCTION map.short_name(text) IS 'Name of a village or community without its committee, to be written on a map (村居简称)';

CREATE OR REPLACE FUNCTION map.svg_font()
    RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT '"Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", "WenQuanYi Zen Hei", sans-serif' $$;
COMMENT ON FUNCTION map.svg_font() IS 'Fonts with Chinese characters for pictures, the first that there is (图件字体)';

CREATE OR REPLACE FUNCTION map.on_page(shape geometry, frame box2d, east float8, north float8)
    RETURNS geometry
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$ SELECT ST_TransScale(ST_SetSRID(shape, 0), -ST_XMin(frame), -ST_YMax(frame), east, north) $$;
COMMENT ON FUNCTION map.on_page(geometry, box2d, float8, float8) IS
    'A shape as it is drawn with the north-west corner of a frame at the origin, so many pixels or millimetres to a degree (图面坐标); y grows northwards, as ST_AsSVG() expects';

CREATE OR REPLACE FUNCTION map.round_number(most float8, steps float8[] DEFAULT '{1,2,5}')
    RETURNS float8
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$ SELECT max(step * 10 ^ power) FROM unnest(steps) AS step, generate_series(-1, 9) AS power WHERE step * 10 ^ power <= most $$;
COMMENT ON FUNCTION map.round_number(float8, float8[]) IS 'The largest round number that is not above another (取整), for scale bars';

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
                       map.on_page(g.outline, frame, east, north) AS outline
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
                SELECT 'village', 0, map.short_name(v.name) || ' ' || v.residents, v.outline FROM village v
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
            scale_m := greatest(map.round_number(wide / 6.0 / north * 110574), 1);
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
svg { background: #fbfaf7; font-family: %10$s; }
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
            body, CASE WHEN grids > 200 THEN 0.6 ELSE 1.4 END, CASE WHEN grids > 200 THEN 0.8 ELSE 1.3 END, map.svg_font());
    END $$;
COMMENT ON FUNCTION map.grid_svg(division_code, integer) IS
    'Picture of the management grids of a division, shaded by residents, as SVG of so many pixels in width (网格在住人数图); open it in a browser: psql -XqAt -c "SELECT map.grid_svg(''460105'')" -o picture.svg';
$step$);

SELECT residency.ship_step('view/41-tile', 'repeatable', '59d9976f769480b5ea679ddfcd77084736be3ba4af1b148ad5920d2b34dce00f', NULL, NULL, $step$
-- Vector tiles (MVT) for maps in a browser: functions as pg_tileserv and martin find them, (z, x, y, query_params json) to bytea.
-- An index is asked with the tile's own box in degrees; no column is transformed to find out what lies in a tile.

CREATE OR REPLACE FUNCTION map.tile_box(z integer, x integer, y integer, margin float8 DEFAULT 0.0625)
    RETURNS geometry
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        tiles CONSTANT float8 := 2.0 ^ z;
    BEGIN
        IF (z BETWEEN 0 AND 22 AND x BETWEEN 0 AND 2 ^ z - 1 AND y BETWEEN 0 AND 2 ^ z - 1) IS NOT TRUE THEN
            PERFORM refuse('RG300', ARRAY[COALESCE(z::text, 'NULL'), COALESCE(x::text, 'NULL'), COALESCE(y::text, 'NULL')]);
        END IF;
        -- there is nothing east or west of the whole earth
        RETURN ST_MakeEnvelope(
            360 * greatest((x - margin) / tiles, 0) - 180, degrees(atan(sinh(pi() * (1 - 2 * (y + 1 + margin) / tiles)))),
            360 * least((x + 1 + margin) / tiles, 1) - 180, degrees(atan(sinh(pi() * (1 - 2 * (y - margin) / tiles)))), 4490);
    END $$;
COMMENT ON FUNCTION map.tile_box(integer, integer, integer, float8) IS
    'What a tile of the web (XYZ) covers, in degrees (瓦片经纬度范围), SRID 4490. margin: how much more on each side, in tiles. Errors: RG300';

CREATE OR REPLACE FUNCTION map.places(area geometry)
    RETURNS TABLE (dwelling_id bigint, grid_id bigint, kind text, address text, let_state text,
                   dwellings integer, let_dwellings integer, residents integer, open_tasks integer, late_tasks integer, location geometry)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    SET jit = off
    SET plan_cache_mode = force_custom_plan
    AS $$
    #variable_conflict use_column
    BEGIN
        RETURN QUERY
        WITH RECURSIVE standing AS (
            -- who has no location of its own stands where its whole stands: so nobody counts twice
            SELECT d.dwelling_id, d.location, d.let_state FROM registry.dwelling d WHERE d.location && area
            UNION ALL
            SELECT d.dwelling_id, standing.location, d.let_state
            FROM standing JOIN registry.dwelling d ON d.parent_id = standing.dwelling_id AND d.location IS NULL
        ), outermost AS (
            SELECT DISTINCT ON (d.location) d.dwelling_id, d.grid_id, d.kind, d.address, d.location
            FROM registry.dwelling d WHERE d.location && area
            ORDER BY d.location, array_position('{building,unit,room,bed}', d.kind), d.dwelling_id
        ), tally AS (
            SELECT s.location, 1 AS dwellings, array_position('{let,prohibited,lettable,owner_occupied}', s.let_state) AS let_rank,
                   0 AS residents, 0 AS open_tasks, 0 AS late_tasks
            FROM standing s
            WHERE s.let_state <> 'demolished'
              AND NOT EXISTS (SELECT FROM registry.dwelling part WHERE part.parent_id = s.dwelling_id)
            UNION ALL
            SELECT s.location, 0, NULL, 1, 0, 0
            FROM standing s JOIN registry.residence r ON r.dwelling_id = s.dwelling_id AND residence_is_current(r.state)
            UNION ALL
            SELECT s.location, 0, NULL, 0, 1, (t.due_on < today())::integer
            FROM standing s JOIN registry.patrol_task t ON t.dwelling_id = s.dwelling_id AND t.state = 'open'
        ), total AS (
            SELECT tally.location, min(tally.let_rank) AS let_rank, sum(tally.dwellings)::integer AS dwellings,
                   (count(*) FILTER (WHERE tally.let_rank = 1))::integer AS let_dwellings, sum(tally.residents)::integer AS residents,
                   sum(tally.open_tasks)::integer AS open_tasks, sum(tally.late_tasks)::integer AS late_tasks
            FROM tally GROUP BY tally.location
        )
        SELECT o.dwelling_id, o.grid_id, o.kind::text, o.address,
               COALESCE(('{let,prohibited,lettable,owner_occupied}'::text[])[total.let_rank], 'demolished'),
               COALESCE(total.dwellings, 0), COALESCE(total.let_dwellings, 0), COALESCE(total.residents, 0),
               COALESCE(total.open_tasks, 0), COALESCE(total.late_tasks, 0), o.location
        FROM outermost o LEFT JOIN total ON total.location = o.location;
    END $$;
COMMENT ON FUNCTION map.places(geometry) IS
    'The places with dwellings in a box, each once (房屋点位): key, kind and address of the outermost dwelling there, and of all that stand there, parts without a location of their own included, how many have no parts and are not demolished, how many of them are let, residents, open tasks and those late. let_state: let where anything is, else prohibited, else lettable, else owner_occupied; demolished where nothing else is. area: SRID 4490, its box counts';

CREATE OR REPLACE FUNCTION map.tile_params(query_params json)
    RETURNS TABLE (day date, kind text)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    #variable_conflict use_column
    BEGIN
        -- what else stands in a request is not ours
        IF json_typeof(query_params) <> 'object' THEN
            PERFORM refuse('RG302', ARRAY[json_typeof(query_params)]);
        END IF;
        day := COALESCE(NULLIF(query_params ->> 'on', '')::date, today());
        kind := checked_code('grid_kind', COALESCE(query_params ->> 'kind', 'management'), 'map.grid_tile', 'kind');
        IF day > today() THEN
            PERFORM refuse('RG260', ARRAY[day::text, today()::text]);
        END IF;
        RETURN NEXT;
    END $$;
COMMENT ON FUNCTION map.tile_params(json) IS
    'Reads the parameters of map.grid_tile() (瓦片参数). Errors: RG006, RG260, RG302, 22007';


CREATE OR REPLACE FUNCTION map.grid_layers(z integer, x integer, y integer, day date, kind text)
    RETURNS bytea
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    SET jit = off
    SET plan_cache_mode = force_custom_plan
    AS $$
    DECLARE
        extent CONSTANT integer := 4096;
        box    CONSTANT geometry := map.tile_box(z, x, y);
        inside CONSTANT geometry := map.tile_box(z, x, y, 0);
        frame  CONSTANT geometry := ST_TileEnvelope(z, x, y);
        -- in degrees, half a pixel where a tile is drawn 512 pixels wide
        grain  CONSTANT float8 := 360 / 2.0 ^ z / 1024;
        layers bytea;
    BEGIN
        WITH near AS MATERIALIZED (
            SELECT g.grid_id, g.grid_code::text AS grid_code, v.name, g.division::text AS division, v.outline, grid_layers.day = today() AS counted
            FROM registry.grid_version v
            JOIN registry.grid g USING (grid_id)
            WHERE v.outline && box AND v.period @> grid_layers.day AND g.period @> grid_layers.day AND g.kind = grid_layers.kind
        ), shape AS (
            SELECT near.grid_id, grid_code, name, division,
                   CASE WHEN counted THEN
                       (SELECT count(*)::integer
                        FROM registry.dwelling d JOIN registry.residence r ON r.dwelling_id = d.dwelling_id AND residence_is_current(r.state)
                        WHERE d.grid_id = near.grid_id) END AS residents,
                   CASE WHEN counted THEN
                       (SELECT count(*)::integer FROM registry.dwelling d
                        WHERE d.grid_id = near.grid_id AND d.let_state <> 'demolished'
                          AND NOT EXISTS (SELECT FROM registry.dwelling part WHERE part.parent_id = d.dwelling_id)) END AS dwellings,
                   task.open_tasks, task.late_tasks,
                   ST_AsMVTGeom(ST_Transform(ST_Simplify(near.outline, grain, true), 3857), frame, extent, extent / 16) AS outline
            FROM near
            LEFT JOIN LATERAL (
                SELECT count(*)::integer, (count(*) FILTER (WHERE t.due_on < today()))::integer
                FROM registry.dwelling d JOIN registry.patrol_task t ON t.dwelling_id = d.dwelling_id AND t.state = 'open'
                WHERE d.grid_id = near.grid_id AND near.counted
                HAVING near.counted
            ) AS task (open_tasks, late_tasks) ON true
        ), label AS (
            -- in one tile only, so that a map writes a name once
            SELECT near.grid_id, grid_code, name, ST_AsMVTGeom(ST_Transform(spot, 3857), frame, extent, 0) AS place
            FROM near, ST_PointOnSurface(near.outline) AS spot WHERE spot && inside
        )
        SELECT COALESCE((SELECT ST_AsMVT(shape, 'grid', extent, 'outline', 'grid_id') FROM shape WHERE outline IS NOT NULL), '')
            || COALESCE((SELECT ST_AsMVT(label, 'grid_label', extent, 'place', 'grid_id') FROM label WHERE place IS NOT NULL), '') INTO layers;
        RETURN layers;
    END $$;
COMMENT ON FUNCTION map.grid_layers(integer, integer, integer, date, text) IS
    'Layers grid and grid_label of a tile (网格图层瓦片): outlines with grid_code, name, division, and for today residents, dwellings, open_tasks and late_tasks; a point inside each to write its name. Called by map.grid_tile()';

CREATE OR REPLACE FUNCTION map.division_layers(z integer, x integer, y integer, day date, kind text)
    RETURNS bytea
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    SET jit = off
    SET plan_cache_mode = force_custom_plan
    AS $$
    DECLARE
        -- a unit is a quarter of a pixel where a tile is drawn 512 pixels wide
        extent CONSTANT integer := 2048;
        box    CONSTANT geometry := map.tile_box(z, x, y);
        frame  CONSTANT geometry := ST_TileEnvelope(z, x, y);
        grain  CONSTANT float8 := (ST_XMax(frame) - ST_XMin(frame)) / extent;
        layers bytea;
    BEGIN
        WITH piece AS MATERIALIZED (
            SELECT CASE WHEN z >= 10 THEN g.division WHEN z >= 8 THEN parent(g.division) ELSE parent(parent(g.division)) END AS division,
                   -- neighbours that part by a unit or two are brought together again by map.dissolve()
                   ST_SnapToGrid(ST_TransScale(ST_ClipByBox2D(ST_Transform(ST_Simplify(v.outline, 360 / 2.0 ^ z / extent, true), 3857),
                                                              ST_Expand(frame, grain * extent / 16)),
                                               -ST_XMin(frame), -ST_YMin(frame), 1 / grain, 1 / grain), 1) AS outline
            FROM registry.grid_version v
            JOIN registry.grid g USING (grid_id)
            WHERE v.outline && box AND v.period @> division_layers.day AND g.period @> division_layers.day AND g.kind = division_layers.kind
        ), unit AS MATERIALIZED (
            SELECT piece.division, map.dissolve(ST_SetSRID(ST_Collect(piece.outline), 0), 1) AS outline
            FROM piece GROUP BY piece.division
        ), shape AS (
            SELECT unit.division::bigint AS division_id, unit.division::text AS division, level(unit.division) AS level, c.name,
                   CASE WHEN division_layers.day = today() THEN
                       (SELECT count(*)::integer FROM registry.residence r
                        WHERE r.division <@ unit.division AND residence_is_current(r.state)) END AS residents,
                   ST_AsMVTGeom(unit.outline, ST_MakeEnvelope(0, 0, extent, extent), extent, extent / 16) AS outline
            FROM unit LEFT JOIN code.division c ON c.division = unit.division
        ), label AS (
            SELECT unit.division::bigint AS division_id, map.short_name(c.name) AS name,
                   ST_AsMVTGeom(ST_Transform(middle.spot, 3857), frame, extent, 0) AS place
            FROM unit
            LEFT JOIN code.division c ON c.division = unit.division
            -- inside the grid that is nearest to the middle of all, whatever the tile shows of them
            CROSS JOIN LATERAL (
                SELECT ST_PointOnSurface(own.outline)
                FROM (SELECT each.outline, (each.x - avg(each.x) OVER ()) ^ 2 + (each.y - avg(each.y) OVER ()) ^ 2 AS away, each.grid_id
                      FROM (SELECT g.grid_id, v.outline, ST_X(centre) AS x, ST_Y(centre) AS y
                            FROM registry.grid g JOIN registry.grid_version v USING (grid_id), ST_Centroid(ST_Envelope(v.outline)) AS centre
                            WHERE g.division <@ unit.division AND v.period @> division_layers.day AND g.period @> division_layers.day
                              AND g.kind = division_layers.kind) AS each) AS own
                ORDER BY own.away, own.grid_id LIMIT 1
            ) AS middle (spot)
        )
        SELECT COALESCE((SELECT ST_AsMVT(shape, 'division', extent, 'outline', 'division_id') FROM shape WHERE outline IS NOT NULL), '')
            || COALESCE((SELECT ST_AsMVT(label, 'division_label', extent, 'place', 'division_id') FROM label WHERE place IS NOT NULL), '') INTO layers;
        RETURN layers;
    END $$;
COMMENT ON FUNCTION map.division_layers(integer, integer, integer, date, text) IS
    'Layers division and division_label of a tile (区划图层瓦片): villages, at zoom 8 and 9 townships, beyond that counties, as their grids draw them, with division, level, name and for today residents; a point inside each to write its name. Called by map.grid_tile()';

CREATE OR REPLACE FUNCTION map.grid_tile(z integer, x integer, y integer, query_params json DEFAULT '{}')
    RETURNS bytea
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        asked record;
    BEGIN
        SELECT p.day, p.kind INTO asked FROM map.tile_params(COALESCE(query_params, '{}')) AS p;
        RETURN CASE WHEN z < 12 THEN map.division_layers(z, x, y, asked.day, asked.kind)
                    ELSE map.grid_layers(z, x, y, asked.day, asked.kind) END;
    END $$;
COMMENT ON FUNCTION map.grid_tile(integer, integer, integer, json) IS
    'Management grids as a vector tile of the web, MVT in EPSG:3857 (网格矢量瓦片). From zoom 12 layer grid (grid_code, name, division, residents, dwellings, open_tasks, late_tasks) with grid_label; below it layer division (division, level, name, residents) with division_label: villages, townships below zoom 10, counties below 8. Feature ids are grid_id and the division as a number. query_params: on, a day past, draws the grids of that day, without figures; kind, of list grid_kind. Errors: RG006, RG260, RG300, RG302, 22007';

CREATE OR REPLACE FUNCTION map.dwelling_tile(z integer, x integer, y integer)
    RETURNS bytea
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    SET jit = off
    SET plan_cache_mode = force_custom_plan
    AS $$
    DECLARE
        extent CONSTANT integer := 4096;
        -- cells are counted from the corner of the world, so both tiles at a border show the same of the cells along it
        cells  CONSTANT integer := 32;
        tiles  CONSTANT float8 := 2.0 ^ z;
        box    CONSTANT geometry := map.tile_box(z, x, y, 1.0 / cells);
        layer  bytea;
    BEGIN
        IF z >= 16 THEN
            SELECT ST_AsMVT(shape, 'dwelling', extent, 'location', 'dwelling_id') INTO layer
            FROM (SELECT p.dwelling_id, p.kind, p.address, (SELECT g.grid_code::text FROM registry.grid g WHERE g.grid_id = p.grid_id) AS grid_code,
                         p.let_state, p.dwellings, p.let_dwellings, p.residents, p.open_tasks, p.late_tasks,
                         ST_AsMVTGeom(ST_Transform(p.location, 3857), ST_TileEnvelope(z, x, y), extent, extent / cells) AS location
                  FROM map.places(box) AS p) AS shape
            WHERE location IS NOT NULL;
        ELSIF z >= 12 THEN
            SELECT ST_AsMVT(shape, 'dwelling_cluster', extent, 'location', 'cell_id') INTO layer
            FROM (SELECT floor(own.y * cells)::bigint * (tiles * cells)::bigint + floor(own.x * cells)::bigint AS cell_id,
                         count(*)::integer AS places, sum(p.dwellings)::integer AS dwellings, sum(p.let_dwellings)::integer AS let_dwellings,
                         sum(p.residents)::integer AS residents, sum(p.open_tasks)::integer AS open_tasks, sum(p.late_tasks)::integer AS late_tasks,
                         ST_MakePoint(round((avg(own.x) - dwelling_tile.x) * extent), round((avg(own.y) - dwelling_tile.y) * extent)) AS location
                  FROM map.places(box) AS p
                  -- where it is, counted in tiles from the north-west
                  CROSS JOIN LATERAL (SELECT (ST_X(p.location) / 360 + 0.5) * tiles,
                                             (0.5 - asinh(tan(radians(ST_Y(p.location)))) / (2 * pi())) * tiles) AS own (x, y)
                  GROUP BY cell_id) AS shape;
        ELSE
            -- a million places are too many to look at one by one: each grid counts at its middle
            WITH near AS MATERIALIZED (
                SELECT g.grid_id, (ST_X(middle) / 360 + 0.5) * tiles AS x, (0.5 - asinh(tan(radians(ST_Y(middle)))) / (2 * pi())) * tiles AS y
                FROM registry.grid g, ST_Centroid(ST_Envelope(g.outline)) AS middle
                WHERE g.outline && box AND middle && box AND g.kind = 'management' AND g.period @> today()
            ), tally AS (
                SELECT d.grid_id, count(*) AS dwellings, count(*) FILTER (WHERE d.let_state = 'let') AS let_dwellings, 0 AS residents, 0 AS open_tasks, 0 AS late_tasks
                FROM registry.dwelling d
                WHERE d.grid_id IN (SELECT near.grid_id FROM near) AND d.let_state <> 'demolished'
                  AND NOT EXISTS (SELECT FROM registry.dwelling part WHERE part.parent_id = d.dwelling_id)
                GROUP BY d.grid_id
                UNION ALL
                SELECT d.grid_id, 0, 0, count(*), 0, 0
                FROM registry.dwelling d JOIN registry.residence r ON r.dwelling_id = d.dwelling_id AND residence_is_current(r.state)
                WHERE d.grid_id IN (SELECT near.grid_id FROM near)
                GROUP BY d.grid_id
                UNION ALL
                SELECT d.grid_id, 0, 0, 0, count(*), count(*) FILTER (WHERE t.due_on < today())
                FROM registry.dwelling d JOIN registry.patrol_task t ON t.dwelling_id = d.dwelling_id AND t.state = 'open'
                WHERE d.grid_id IN (SELECT near.grid_id FROM near)
                GROUP BY d.grid_id
            )
            SELECT ST_AsMVT(shape, 'dwelling_cluster', extent, 'location', 'cell_id') INTO layer
            FROM (SELECT floor(near.y * cells)::bigint * (tiles * cells)::bigint + floor(near.x * cells)::bigint AS cell_id,
                         sum(tally.dwellings)::integer AS dwellings, sum(tally.let_dwellings)::integer AS let_dwellings,
                         sum(tally.residents)::integer AS residents, sum(tally.open_tasks)::integer AS open_tasks, sum(tally.late_tasks)::integer AS late_tasks,
                         ST_MakePoint(round((avg(near.x) - dwelling_tile.x) * extent), round((avg(near.y) - dwelling_tile.y) * extent)) AS location
                  FROM near JOIN tally USING (grid_id)
                  GROUP BY cell_id) AS shape;
        END IF;
        RETURN COALESCE(layer, '');
    END $$;
COMMENT ON FUNCTION map.dwelling_tile(integer, integer, integer) IS
    'Dwellings as a vector tile of the web, MVT in EPSG:3857 (房屋矢量瓦片). From zoom 16 layer dwelling, a point for each place: kind, address, grid_code, let_state, dwellings, let_dwellings, residents, open_tasks, late_tasks, of the outermost dwelling there and all that stand there (map.places()); feature id is dwelling_id. Below it layer dwelling_cluster: the same figures added up in cells of a thirty-second of a tile, without address; from zoom 12 by place, with the number of places, before by the middle of the grid that they belong to. Nothing about persons. Errors: RG300';
$step$);

SELECT residency.ship_step('view/42-community_svg', 'repeatable', '96980d59f9ffc909c14e9099304ab1005651194035e1b9b672df5a9840e1d5e9', NULL, NULL, $step$
-- A sheet of paper for each community: its grids with their numbers, and the dwellings in them.

CREATE OR REPLACE FUNCTION map.community_svg(division division_code, "on" date DEFAULT residency.today())
    RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL SAFE
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
$step$);

SELECT residency.ship_step('view/43-patrol_layer', 'repeatable', 'a72fd7e373a6612622db3112b9ec105ffc684982547f46da423a6f599bda3d48', NULL, NULL, $step$
-- Layers of the patrol: where to go, and where somebody has been.

CREATE OR REPLACE VIEW map.patrol_task AS
SELECT t.patrol_task_id,
       t.kind,
       (SELECT v.name FROM code.value v WHERE v.list = 'patrol_kind' AND v.code = t.kind) AS kind_name,
       t.due_on,
       greatest(today() - t.due_on, 0) AS late_days,
       t.dwelling_id,
       d.address,
       d.division::text AS division,
       d.grid_id,
       (SELECT g.grid_code::text FROM registry.grid g WHERE g.grid_id = d.grid_id) AS grid_code,
       s.place::geometry(Point, 4490) AS location
FROM registry.patrol_task t
JOIN registry.dwelling d USING (dwelling_id)
JOIN registry.dwelling_standing s USING (dwelling_id)
WHERE t.state = 'open' AND s.place IS NOT NULL;
COMMENT ON VIEW map.patrol_task IS 'Open patrol tasks of dwellings that are located, themselves or with what they are part of (待办巡查任务图层), CGCS2000';
COMMENT ON COLUMN map.patrol_task.patrol_task_id IS 'Key of the task (任务编号)';
COMMENT ON COLUMN map.patrol_task.kind IS 'Why, list patrol_kind (任务类型代码)';
COMMENT ON COLUMN map.patrol_task.kind_name IS 'Why (任务类型)';
COMMENT ON COLUMN map.patrol_task.due_on IS 'Day by which it is due (应完成日期)';
COMMENT ON COLUMN map.patrol_task.late_days IS 'Days late, 0 while there is time (逾期天数)';
COMMENT ON COLUMN map.patrol_task.dwelling_id IS 'Key of the dwelling (房屋编号)';
COMMENT ON COLUMN map.patrol_task.address IS 'Address below the division (门牌地址)';
COMMENT ON COLUMN map.patrol_task.division IS 'Village-level division (所在区划代码)';
COMMENT ON COLUMN map.patrol_task.grid_id IS 'Key of the grid that it lies in now (网格编号), NULL outside all grids';
COMMENT ON COLUMN map.patrol_task.grid_code IS 'Its code (网格编码)';
COMMENT ON COLUMN map.patrol_task.location IS 'Where the dwelling stands (房屋位置)';

CREATE OR REPLACE VIEW map.visit AS
SELECT v.visit_id,
       v.dwelling_id,
       d.division::text AS division,
       d.grid_id,
       v.staff_person_id,
       v.started_at,
       local_day(v.started_at) AS visited_on,
       v.outcome,
       (SELECT o.name FROM code.value o WHERE o.list = 'visit_outcome' AND o.code = v.outcome) AS outcome_name,
       array_to_string(v.findings, ',') AS findings,
       v.distance,
       v.distance_kind,
       v.accuracy,
       v.location
FROM registry.visit v
JOIN registry.dwelling d USING (dwelling_id)
WHERE v.location IS NOT NULL;
COMMENT ON VIEW map.visit IS 'Visits by the place where the phone was (走访图层), CGCS2000';
COMMENT ON COLUMN map.visit.visit_id IS 'Key of the visit (走访编号)';
COMMENT ON COLUMN map.visit.dwelling_id IS 'Key of the dwelling (房屋编号)';
COMMENT ON COLUMN map.visit.division IS 'Its division (所在区划代码)';
COMMENT ON COLUMN map.visit.grid_id IS 'Key of the grid that the dwelling lies in now (网格编号)';
COMMENT ON COLUMN map.visit.staff_person_id IS 'Who visited (走访人)';
COMMENT ON COLUMN map.visit.started_at IS 'When (开始时间)';
COMMENT ON COLUMN map.visit.visited_on IS 'On which day in China (走访日期)';
COMMENT ON COLUMN map.visit.outcome IS 'Outcome, list visit_outcome (走访结果代码)';
COMMENT ON COLUMN map.visit.outcome_name IS 'Outcome (走访结果)';
COMMENT ON COLUMN map.visit.findings IS 'Codes of list visit_finding, with commas (走访发现)';
COMMENT ON COLUMN map.visit.distance IS 'Metres to the dwelling (距离)';
COMMENT ON COLUMN map.visit.distance_kind IS 'near, far or unknown, list visit_distance (位置判定)';
COMMENT ON COLUMN map.visit.accuracy IS 'How exact the place is, in metres (定位精度)';
COMMENT ON COLUMN map.visit.location IS 'Where the phone was (位置)';
$step$);

SELECT residency.ship_step('view/48-find_dwelling', 'repeatable', '5e564d4a2dcb450c6f06bba666b4572a833abf759d4b2f797b37e4eb7912bdc3', NULL, NULL, $step$
-- Finding a dwelling by what somebody wrote of its address.

-- made outside of a transaction where there were dwellings already
COMMENT ON INDEX registry.dwelling_standard_address_idx IS 'Dwellings of an address and all beneath; doubles';
COMMENT ON INDEX registry.dwelling_clue_idx IS 'Dwellings by road and number, estate or village group, wherever they are';

CREATE OR REPLACE FUNCTION registry.address_meant(address text, division text)
    RETURNS SETOF address
    LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 1
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    AS $$
    DECLARE
        within CONSTANT division_code := division::division_code;
        meant  address := normalize_address(address, within);
    BEGIN
        IF meant IS NULL THEN
            PERFORM refuse('RG213', ARRAY[COALESCE(char_length(address), 0)::text], 'registry.dwelling', 'address');
        ELSIF (within <@ division(meant)) IS NOT FALSE AND within IS NOT NULL THEN
            -- what the text leaves open of where it is
            meant := part_address(division_address(within), meant);
        END IF;
        RETURN NEXT meant;
        -- a number that a house had before
        RETURN QUERY
            SELECT DISTINCT renumber_address(meant, instead.address)
            FROM registry.door_plate former
            JOIN registry.door_plate instead ON instead.door_plate_id = door_plate_end(former.door_plate_id)
            WHERE former.address @@ (address_clues(plate_address(meant)))[1] AND former.state = 'replaced'
              AND (address_match(plate_address(meant), former.address)).grade NOT IN ('none', 'community');
    END $$;
COMMENT ON FUNCTION registry.address_meant(text, text) IS
    'What a text may mean as an address in a division (地址含义): the address itself and, where it names a number that a house had before, the same with the number of today. RG213 no address';

CREATE OR REPLACE FUNCTION registry.dwelling_like(meant address, most integer)
    RETURNS TABLE (dwelling_id bigint, grade text, score real)
    LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 20
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    SET jit = off
    -- planned while the table is small, a plan would be kept that walks along an index
    SET plan_cache_mode = force_custom_plan
    AS $$
    DECLARE
        clues CONSTANT address[] := address_clues(meant);
        clue  address;
        good  boolean;
    BEGIN
        IF clues = '{}' AND level(division(meant)) = 5 THEN
            -- neither road nor estate nor group: a village knows its numbers without
            RETURN QUERY
                SELECT d.dwelling_id, m.grade, m.score
                FROM registry.dwelling d
                CROSS JOIN LATERAL address_match(meant, d.standard_address) AS m
                WHERE d.standard_address <@ meant
                ORDER BY m.score DESC, d.dwelling_id
                LIMIT most;
        END IF;
        FOREACH clue IN ARRAY clues LOOP
            good := false;
            FOR dwelling_id, grade, score IN
                -- as an expression: called in FROM, a function costs five times as much
                SELECT d.dwelling_id, (d.m).grade, (d.m).score
                FROM (SELECT h.dwelling_id, address_match(meant, h.standard_address) AS m
                      FROM registry.dwelling h WHERE h.standard_address @@ clue OFFSET 0) AS d
                WHERE (d.m).grade <> 'none'
                ORDER BY (d.m).score DESC, d.dwelling_id
                LIMIT most
            LOOP
                RETURN NEXT;
                good := good OR grade <> 'community';
            END LOOP;
            -- weaker clues bring what is farther away
            EXIT WHEN good;
        END LOOP;
    END $$;
COMMENT ON FUNCTION registry.dwelling_like(address, integer) IS
    'Dwellings that an address may mean, with grade and score (候选房屋): those of its road and number, else of its village group, its estate, its road; of each the best, at most so many, and one perhaps more than once';

CREATE OR REPLACE FUNCTION registry.address_candidate(address text, division text, "limit" integer)
    RETURNS TABLE (dwelling_id bigint, grade text, score real)
    LANGUAGE sql STABLE PARALLEL SAFE ROWS 10
    SET search_path FROM CURRENT
    SET jit = off
    AS $$
        SELECT best.* FROM (
            SELECT DISTINCT ON (l.dwelling_id) l.dwelling_id, l.grade, l.score
            FROM registry.address_meant($1, $2) AS meant
            CROSS JOIN LATERAL registry.dwelling_like(meant, $3) AS l
            ORDER BY l.dwelling_id, l.score DESC
        ) AS best
        ORDER BY best.score DESC, best.dwelling_id
        LIMIT $3
    $$;
COMMENT ON FUNCTION registry.address_candidate(text, text, integer) IS
    'The dwellings that a text may mean, best first, at most so many (地址候选房屋). RG213 no address, 22P02 no division code';

CREATE OR REPLACE FUNCTION registry.named_dwelling(act text, arguments jsonb)
    RETURNS bigint
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    AS $$
    DECLARE
        named  CONSTANT bigint := (arguments ->> 'dwelling_id')::bigint;
        sure   bigint[];
        facts  text[];
    BEGIN
        IF NOT arguments ? 'dwelling_address' THEN
            PERFORM registry.require_argument(act, arguments, 'dwelling_id', 'dwelling_address');
            RETURN named;
        END IF;
        SELECT array_agg(c.dwelling_id) FILTER (WHERE c.grade IN ('exact', 'room')),
               ARRAY[count(*)::text, string_agg(format('%s (%s %s)', c.dwelling_id, c.grade, round(c.score::numeric, 2)), ', ')]
        INTO sure, facts
        FROM registry.address_candidate(arguments ->> 'dwelling_address', arguments ->> 'dwelling_division', 10) AS c;
        IF facts[1] = '0' THEN
            PERFORM refuse('RG210', ARRAY[COALESCE(arguments ->> 'dwelling_division', '-')], 'registry.dwelling', 'address');
        ELSIF cardinality(sure) > 1 AND named <> ALL (sure) IS NOT FALSE THEN
            PERFORM refuse('RG211', facts, 'registry.dwelling', 'address');
        ELSIF sure IS NULL OR (named IS NULL AND EXISTS (
                SELECT FROM registry.dwelling d JOIN registry.dwelling part ON part.parent_id = d.dwelling_id
                WHERE d.dwelling_id = sure[1] AND d.kind IN ('building', 'unit'))) THEN
            PERFORM refuse('RG212', facts, 'registry.dwelling', 'address');
        ELSIF named IS NULL AND GREATEST(level(division(normalize_address(arguments ->> 'dwelling_address'))),
                                         level((arguments ->> 'dwelling_division')::division_code)) >= 2 IS NOT TRUE THEN
            -- a road has its name to itself in a city, not in a province
            PERFORM refuse('RG223', facts, 'registry.dwelling', 'address');
        ELSIF named <> ALL (sure) THEN
            PERFORM refuse('RG214', ARRAY[named, sure[1]]::text[], 'registry.dwelling', 'dwelling_id');
        END IF;
        RETURN COALESCE(named, sure[1]);
    END $$;
COMMENT ON FUNCTION registry.named_dwelling(text, jsonb) IS
    'The dwelling that the arguments dwelling_id or dwelling_address, in dwelling_division, name (房屋定位): by its address only if exactly one is found as exact or room, and it is not a building or unit whose parts are registered. RG085 neither is given, RG210 none is found, RG211 several, RG212 no home, RG213 no address, RG214 they name two, RG223 it does not say in which city';

CREATE OR REPLACE FUNCTION api.find_dwelling(address text, context text DEFAULT NULL, "limit" integer DEFAULT 10)
    RETURNS TABLE (dwelling_id bigint, grade text, score real, kind text, address_entered text, standard_address text,
                   division text, let_state text)
    LANGUAGE sql STABLE PARALLEL SAFE ROWS 10
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    SET jit = off
    AS $$
        SELECT c.dwelling_id, c.grade, c.score, d.kind, d.address, full_address(d.standard_address), d.division::text, d.let_state
        FROM registry.address_candidate($1, $2, $3) AS c
        JOIN registry.dwelling d ON d.dwelling_id = c.dwelling_id
        ORDER BY c.score DESC, c.dwelling_id
    $$;
COMMENT ON FUNCTION api.find_dwelling(text, text, integer) IS
    'The registered dwellings that an address may mean, best first (地址查房). address as somebody wrote it; context: division code in which it lies as far as it does not say so itself; limit. grade: exact, room, building, road_no, community (列表: 完全一致、同户、同楼、同号、同社区); score from 0 to 1. Former house numbers lead to the dwellings of today. Errors: RG213; 22P02 a malformed division code';
$step$);

SELECT residency.ship_step('view/50-act', 'repeatable', '63979985daadcb265bc7112a415237b23350597062b33fadd89b769b57c18a59', NULL, NULL, $step$
-- The acts on persons and residences: each reads its arguments from a JSON object without nulls, writes plain rows and answers.
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
    DECLARE
        answer api.answer;
    BEGIN
        answer.accepted := true;
        answer.act := act;
        answer.person_id := residence.person_id;
        answer.residence_id := residence.residence_id;
        answer.dwelling_id := residence.dwelling_id;
        answer.state := residence.state;
        answer.half_year_from := residence.half_year_from;
        RETURN answer;
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
        entry.dwelling_id := registry.named_dwelling(act, arguments);
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
        entry.dwelling_id := registry.named_dwelling(act, arguments);
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

SELECT residency.ship_step('view/50-api', 'repeatable', '310daffc4d635142d35789e7ba6eab9dfad2e07bc370b02ec61247f84cc0fe04', NULL, NULL, $step$
-- What applications call: the acts on persons and residences, each for one case and for many.
-- Parameters bear the names of the columns that they fill. What is common to all acts stands in 50-request.sql.

-- as they were before 0.4.0, without dwelling_address
DROP FUNCTION IF EXISTS api.register_arrival(bigint, bigint, date, text, text, text, bigint, text, bigint, text, boolean, text, uuid, boolean);
DROP FUNCTION IF EXISTS api.change_residence(bigint, bigint, date, text, text, text, bigint, text, bigint, text, boolean, bigint, text, uuid, boolean);

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
        dry_run boolean DEFAULT false, dwelling_address text DEFAULT NULL, dwelling_division text DEFAULT NULL)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('register_arrival', jsonb_build_object(
            'person_id', person_id, 'dwelling_id', dwelling_id, 'arrived_on', arrived_on, 'reason', reason,
            'intended_stay', intended_stay, 'place_kind', place_kind, 'guardian_person_id', guardian_person_id,
            'channel', channel, 'reporter_person_id', reporter_person_id,
            'reporter_credit_code', reporter_credit_code, 'verified', verified, 'resident_id', resident_id,
            'dwelling_address', dwelling_address, 'dwelling_division', dwelling_division),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.register_arrival(bigint, bigint, date, text, text, text, bigint, text, bigint, text, boolean, text, uuid, boolean, text, text) IS
    'Registers that somebody has come to live in a dwelling (到达登记; 户口登记条例 Art. 15). person_id or resident_id; dwelling_id, or dwelling_address as it is written and dwelling_division where that does not say it: taken if it leads to one dwelling; arrived_on, NULL is today; reason, intended_stay, place_kind, channel: lists residence_reason, intended_stay, place_kind, channel; guardian_person_id for a minor; reporter_person_id or reporter_credit_code (GB 32100) of who reports it, if somebody else; verified: true registers it as active, false as reported. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers residence_id, state, half_year_from. Errors: RG006, RG010, RG011, RG020-RG022, RG025-RG033, RG041, RG080, RG085, RG086, RG090, RG210-RG214; 22P02 a malformed number, 23503 a reporter who is not registered';

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
        request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false, dwelling_address text DEFAULT NULL,
        dwelling_division text DEFAULT NULL)
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
            'resident_id', resident_id, 'dwelling_address', dwelling_address, 'dwelling_division', dwelling_division),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.change_residence(bigint, bigint, date, text, text, text, bigint, text, bigint, text, boolean, bigint, text, uuid, boolean, text, text) IS
    'Registers a change of address (变更登记; 广东省流动人口服务管理条例 Art. 10): closes the current residence as moved on the day moved_on (NULL is today) and opens that in dwelling_id, or at dwelling_address, on the same day, both or neither. person_id, resident_id or residence_id; the rest as for api.register_arrival(): reason, intended_stay and guardian_person_id stay as they were where nothing is entered. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers the new residence; its half-year goes on within one city. Errors: those of api.register_arrival(), RG012, RG023, RG034, RG039, RG040';

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
    DECLARE
        answers api.answer[];
    BEGIN
        IF NOT EXISTS (SELECT FROM ledger.parameter(act)) THEN
            PERFORM refuse('RG084', ARRAY[left(act, 60)]);
        ELSIF jsonb_typeof(batch) IS DISTINCT FROM 'array' THEN
            PERFORM refuse('RG081', ARRAY[COALESCE(jsonb_typeof(batch), 'nothing')]);
        END IF;
        answers := ledger.perform(act, batch, request_id, dry_run);
        -- api.batch_answer is the line and then api.answer
        RETURN QUERY SELECT * FROM ROWS FROM (generate_subscripts(answers, 1), unnest(answers)) AS a;
    END $$;
COMMENT ON FUNCTION api.submit(text, jsonb, uuid, boolean) IS
    'Carries out an act for many (批量办理). act: any function of the api that answers api.answer, such as register_person or register_tenancy; batch: a JSON array of objects whose fields are the parameters of that act; request_id, dry_run: for the whole batch. Answers a row for each in their order: accepted, or refused with code and text; the good ones are kept. Rows may depend on each other in any order. Errors: RG080, RG081, RG084; in rows those of the act, RG081-RG083';

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

SELECT residency.ship_step('view/50-request', 'repeatable', '5427855f38c0b474f32647e77b3fc58539b698ec4996246028ac40b6258d284d', NULL, NULL, $step$
-- What happens around an act, once for all: numbered requests, rehearsals, batches, collisions.

CREATE OR REPLACE FUNCTION ledger.act(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        answers api.answer[];
    BEGIN
        -- Those of which a batch brings hundreds or an import a hundred thousand keep their plans: finding an act by its name takes 35 µs.
        CASE act
            WHEN 'register_person' THEN RETURN registry.register_person(act, arguments);
            WHEN 'register_arrival' THEN RETURN registry.register_arrival(act, arguments);
            WHEN 'register_departure' THEN RETURN registry.register_departure(act, arguments);
            WHEN 'change_residence' THEN RETURN registry.change_residence(act, arguments);
            WHEN 'sync_item' THEN RETURN registry.sync_item(act, arguments);
            ELSE EXECUTE format('SELECT ARRAY[registry.%I($1, $2)]', act) INTO answers USING act, arguments;
        END CASE;
        RETURN answers[1];
    END $$;
COMMENT ON FUNCTION ledger.act(text, jsonb) IS
    'Carries out the act of this name with arguments without nulls (执行操作): the function registry.<act>(act, arguments) behind api.<act>()';

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
    DECLARE
        answer api.answer;
    BEGIN
        answer.accepted := false;
        answer.act := act;
        answer.code := code;
        answer.message := message;
        answer.detail := NULLIF(detail, '');
        answer.hint := NULLIF(hint, '');
        RETURN answer;
    END $$;
COMMENT ON FUNCTION ledger.refused(text, text, text, text, text) IS 'A refusal as an answer (拒绝结果)';

CREATE OR REPLACE FUNCTION ledger.parameter(act text, OUT name text, OUT type text)
    RETURNS SETOF record
    -- for each row of a batch: an SQL function would be planned anew each time
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN QUERY
            SELECT a.name, format_type(a.type, NULL)
            FROM pg_proc p
            CROSS JOIN unnest(p.proargnames, p.proargtypes::oid[]) AS a (name, type)
            WHERE p.pronamespace = 'api'::regnamespace AND p.proname = act AND p.prorettype = 'api.answer'::regtype
              AND a.name NOT IN ('request_id', 'dry_run');
    END $$;
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
        ELSIF jsonb_path_exists(entry, 'strict $.* ? (@.type() == "object" || @.type() == "array")') THEN
            PERFORM refuse('RG083', ARRAY[p.name, p.type])
            FROM ledger.parameter(act) p
            WHERE jsonb_typeof(entry -> p.name) IN ('object', 'array') AND p.type <> 'jsonb' AND p.type NOT LIKE '%[]'
            ORDER BY p.name COLLATE "C"
            LIMIT 1;
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
        FOR field IN SELECT p.name, p.type FROM ledger.parameter(act) p WHERE arguments ? p.name AND p.type NOT LIKE '%[]' LOOP
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
        SELECT array_agg(a.ordinality) FILTER (WHERE NOT a.accepted AND a.code !~ '^(22|RG08)') INTO again
        FROM unnest(answers) WITH ORDINALITY AS a
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

CREATE OR REPLACE FUNCTION ledger.made_record(act text, record_id bigint)
    RETURNS bigint
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        made   CONSTANT text := CASE WHEN act ~ '_(grids?|border)$' THEN 'grid_act'
                                     WHEN act ~ '_divisions?$' THEN 'division_act'
                                     WHEN act = 'import_list' THEN 'department_list'
                                     WHEN act = 'record_spot_check' THEN 'spot_check_result'
                                     ELSE substring(act FROM '^(?:register|apply|replace|draw)_(.*)') END;
        stands boolean;
    BEGIN
        IF made IS NULL OR record_id IS NULL THEN
            RETURN record_id;
        END IF;
        EXECUTE format('SELECT EXISTS (SELECT FROM %I.%I WHERE %I = $1)',
                       CASE made WHEN 'division_act' THEN 'code' ELSE 'registry' END, made, made || '_id') INTO stands USING record_id;
        RETURN CASE WHEN stands THEN record_id END;
    END $$;
COMMENT ON FUNCTION ledger.made_record(text, bigint) IS
    'The key of what an act register_<record>, apply_<record>, replace_<record>, draw_<record>, one on grids, divisions or spot checks answered, NULL if it has been taken back; the key itself for other acts (登记记录编号)';

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
                IF NOT EXISTS (SELECT FROM registry.permit p WHERE p.permit_id = answers[line].permit_id) THEN
                    answers[line].permit_id := NULL;
                    answers[line].permit_number := NULL;
                END IF;
                answers[line].record_id := ledger.made_record(act, answers[line].record_id);
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

SELECT residency.ship_step('view/51-entitlement_act', 'repeatable', '75ef44d6acc30d309c602a8a79eaa9a746f0c401151cfd2f2402ac112a72eba1', NULL, NULL, $step$
-- The acts on employers and on what entitles: employment, tenancy, schooling, ownership.
-- As in 50-act.sql: each reads its arguments from a JSON object without nulls, writes plain rows and answers.

CREATE OR REPLACE FUNCTION registry.named_employer(act text, arguments jsonb)
    RETURNS bigint
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    AS $$
    DECLARE
        employer bigint := (arguments ->> 'employer_id')::bigint;
        number   CONSTANT credit_code := (arguments ->> 'employer_credit_code')::credit_code;
        bearer   bigint;
    BEGIN
        PERFORM registry.require_argument(act, arguments, 'employer_id', 'employer_credit_code');
        IF number IS NULL THEN
            RETURN employer;
        END IF;
        SELECT e.employer_id INTO bearer FROM registry.employer e WHERE e.credit_code = number;
        IF NOT FOUND OR employer <> bearer THEN
            PERFORM refuse('RG123', ARRAY[concat_ws(' / ', employer, number::text)], 'registry.employer', 'credit_code');
        END IF;
        RETURN bearer;
    END $$;
COMMENT ON FUNCTION registry.named_employer(text, jsonb) IS
    'The employer whom the arguments employer_id and employer_credit_code name (单位定位): RG085 neither is given, RG123 nobody has that code, or they name two';

CREATE OR REPLACE FUNCTION registry.employer_answer(act text, employer registry.employer)
    RETURNS api.answer
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        answer api.answer;
    BEGIN
        answer.accepted := true;
        answer.act := act;
        answer.record_id := employer.employer_id;
        answer.state := employer.state;
        answer.warning := CASE WHEN NOT organization_code_matches(employer.credit_code) THEN 'organization_code_mismatch' END;
        RETURN answer;
    END $$;
COMMENT ON FUNCTION registry.employer_answer(text, registry.employer) IS 'How an act answers with an employer (办理结果)';

CREATE OR REPLACE FUNCTION registry.record_answer(act text, record text, entry jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        answer api.answer;
    BEGIN
        answer.accepted := true;
        answer.act := act;
        answer.record_id := (entry ->> (record || '_id'))::bigint;
        answer.person_id := (entry ->> 'person_id')::bigint;
        answer.dwelling_id := (entry ->> 'dwelling_id')::bigint;
        answer.state := record_state(COALESCE(entry ->> 'hired_on', entry ->> 'starts_on')::date,
                                     COALESCE(entry ->> 'ended_on', entry ->> 'ends_on')::date, entry ->> 'void_reason', today());
        RETURN answer;
    END $$;
COMMENT ON FUNCTION registry.record_answer(text, text, jsonb) IS
    'How an act answers with an employment, tenancy, schooling or ownership, given as its row (办理结果)';

CREATE OR REPLACE FUNCTION registry.refuse_record(record text, record_id bigint)
    RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        void_reason text;
        found_it    boolean;
    BEGIN
        EXECUTE format('SELECT true, r.void_reason FROM registry.%I r WHERE r.%I = $1', record, record || '_id')
        INTO found_it, void_reason USING record_id;
        IF found_it THEN
            PERFORM refuse('RG136', ARRAY['registry.' || record, record_id::text,
                                          CASE WHEN void_reason IS NULL THEN 'ended' ELSE 'voided' END], 'registry.' || record);
        END IF;
        PERFORM refuse('RG137', ARRAY['registry.' || record, record_id::text], 'registry.' || record, record || '_id');
    END $$;
COMMENT ON FUNCTION registry.refuse_record(text, bigint) IS
    'Refuses to change a record that could not be changed (拒绝变更): RG136 it has ended or is void, RG137 there is none such';

CREATE OR REPLACE FUNCTION registry.end_record(act text, arguments jsonb, record text, end_column text)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    AS $$
    DECLARE
        key   CONSTANT text := record || '_id';
        entry jsonb;
    BEGIN
        PERFORM registry.require_argument(act, arguments, key);
        -- who waited here for another clerk and finds it ended is told so, and overwrites nothing
        EXECUTE format('UPDATE registry.%I AS r SET %I = $2, end_reason = COALESCE($3, r.end_reason)
                        WHERE r.%I = $1 AND r.void_reason IS NULL AND COALESCE(r.%2$I > $2, true)
                        RETURNING to_jsonb(r)', record, end_column, key)
        INTO entry
        USING (arguments ->> key)::bigint, COALESCE((arguments ->> end_column)::date, today()), arguments ->> 'reason';
        IF entry IS NULL THEN
            PERFORM registry.refuse_record(record, (arguments ->> key)::bigint);
        END IF;
        RETURN registry.record_answer(act, record, entry);
    END $$;
COMMENT ON FUNCTION registry.end_record(text, jsonb, text, text) IS
    'Ends a record on a day that is earlier than the one it has (终止记录); RG136 it has ended or is void, RG137 there is none such';

CREATE OR REPLACE FUNCTION registry.register_employer(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        entry registry.employer := jsonb_populate_record(NULL::registry.employer, arguments);
    BEGIN
        PERFORM registry.require_argument(act, arguments, 'division');
        INSERT INTO registry.employer (credit_code, registration_number, name, division, address, state, opened_on, closed_on, channel)
        VALUES (entry.credit_code, entry.registration_number, entry.name, entry.division, entry.address,
                COALESCE(entry.state, 'open'), entry.opened_on, entry.closed_on, COALESCE(entry.channel, 'window'))
        RETURNING * INTO entry;
        RETURN registry.employer_answer(act, entry);
    END $$;
COMMENT ON FUNCTION registry.register_employer(text, jsonb) IS 'The act behind api.register_employer() (用人单位登记)';

CREATE OR REPLACE FUNCTION registry.change_employer(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    AS $$
    DECLARE
        entry registry.employer := jsonb_populate_record(NULL::registry.employer, arguments);
    BEGIN
        PERFORM registry.require_argument(act, arguments, 'employer_id');
        UPDATE registry.employer e
        SET credit_code = COALESCE(entry.credit_code, e.credit_code),
            registration_number = COALESCE(entry.registration_number, e.registration_number),
            name = COALESCE(entry.name, e.name),
            division = COALESCE(entry.division, e.division),
            address = COALESCE(entry.address, e.address),
            state = COALESCE(entry.state, e.state),
            opened_on = COALESCE(entry.opened_on, e.opened_on),
            closed_on = COALESCE(entry.closed_on, e.closed_on)
        WHERE e.employer_id = entry.employer_id
        RETURNING * INTO entry;
        IF NOT FOUND THEN
            PERFORM refuse('RG123', ARRAY[arguments ->> 'employer_id'], 'registry.employer', 'employer_id');
        END IF;
        RETURN registry.employer_answer(act, entry);
    END $$;
COMMENT ON FUNCTION registry.change_employer(text, jsonb) IS 'The act behind api.change_employer() (用人单位变更)';

CREATE OR REPLACE FUNCTION registry.register_employment(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        entry registry.employment := jsonb_populate_record(NULL::registry.employment, arguments);
    BEGIN
        entry.person_id := registry.named_person(act, arguments);
        entry.employer_id := registry.named_employer(act, arguments);
        INSERT INTO registry.employment (employer_id, person_id, kind, contract_number, hired_on, ended_on, end_reason,
                                         channel, hire_reported_at, end_reported_at)
        VALUES (entry.employer_id, entry.person_id, COALESCE(entry.kind, 'contract'), entry.contract_number,
                COALESCE(entry.hired_on, today()), entry.ended_on, entry.end_reason,
                COALESCE(entry.channel, 'window'), entry.hire_reported_at, entry.end_reported_at)
        RETURNING * INTO entry;
        RETURN registry.record_answer(act, 'employment', to_jsonb(entry));
    END $$;
COMMENT ON FUNCTION registry.register_employment(text, jsonb) IS 'The act behind api.register_employment() (就业登记)';

CREATE OR REPLACE FUNCTION registry.end_employment(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    AS $$
    DECLARE
        answer   CONSTANT api.answer := registry.end_record(act, arguments, 'employment', 'ended_on');
        reported CONSTANT timestamptz := COALESCE((arguments ->> 'end_reported_at')::timestamptz,
                                                  CASE arguments ->> 'channel' WHEN 'employer' THEN now() END);
    BEGIN
        IF reported IS NOT NULL THEN
            UPDATE registry.employment e SET end_reported_at = reported WHERE e.employment_id = answer.record_id;
        END IF;
        RETURN answer;
    END $$;
COMMENT ON FUNCTION registry.end_employment(text, jsonb) IS 'The act behind api.end_employment() (终止就业登记)';

CREATE OR REPLACE FUNCTION registry.register_tenancy(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    AS $$
    DECLARE
        entry  registry.tenancy := jsonb_populate_record(NULL::registry.tenancy, arguments);
        usual  registry.dwelling_landlord;
        answer api.answer;
    BEGIN
        PERFORM registry.require_argument(act, arguments, 'dwelling_id');
        entry.person_id := registry.named_person(act, arguments);
        INSERT INTO registry.tenancy (dwelling_id, person_id, landlord_person_id, landlord_credit_code, agent_credit_code,
                                      contract_number, signed_on, starts_on, ends_on, monthly_rent, deposit,
                                      filing_number, filed_on, channel, reported_at)
        VALUES (entry.dwelling_id, entry.person_id, entry.landlord_person_id, entry.landlord_credit_code, entry.agent_credit_code,
                entry.contract_number, entry.signed_on, COALESCE(entry.starts_on, today()), entry.ends_on, entry.monthly_rent, entry.deposit,
                entry.filing_number, entry.filed_on, COALESCE(entry.channel, 'window'), entry.reported_at)
        RETURNING * INTO entry;

        answer := registry.record_answer(act, 'tenancy', to_jsonb(entry));
        SELECT * INTO usual FROM registry.dwelling_landlord l WHERE l.dwelling_id = entry.dwelling_id;
        answer.warning := CASE
            WHEN num_nonnulls(usual.landlord_person_id, usual.landlord_credit_code) = 0 THEN 'dwelling_without_landlord'
            WHEN usual.landlord_person_id IS DISTINCT FROM entry.landlord_person_id
                 OR usual.landlord_credit_code IS DISTINCT FROM entry.landlord_credit_code THEN 'other_landlord'
        END;
        RETURN answer;
    END $$;
COMMENT ON FUNCTION registry.register_tenancy(text, jsonb) IS 'The act behind api.register_tenancy() (房屋租赁登记)';

CREATE OR REPLACE FUNCTION registry.end_tenancy(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN registry.end_record(act, arguments, 'tenancy', 'ends_on');
    END $$;
COMMENT ON FUNCTION registry.end_tenancy(text, jsonb) IS 'The act behind api.end_tenancy() (终止房屋租赁登记)';

CREATE OR REPLACE FUNCTION registry.register_schooling(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        entry registry.schooling := jsonb_populate_record(NULL::registry.schooling, arguments);
    BEGIN
        PERFORM registry.require_argument(act, arguments, 'division');
        entry.person_id := registry.named_person(act, arguments);
        INSERT INTO registry.schooling (person_id, school_credit_code, school_name, division, level, student_number,
                                        starts_on, ends_on, channel)
        VALUES (entry.person_id, entry.school_credit_code, entry.school_name, entry.division, entry.level, entry.student_number,
                COALESCE(entry.starts_on, today()), entry.ends_on, COALESCE(entry.channel, 'window'))
        RETURNING * INTO entry;
        RETURN registry.record_answer(act, 'schooling', to_jsonb(entry));
    END $$;
COMMENT ON FUNCTION registry.register_schooling(text, jsonb) IS 'The act behind api.register_schooling() (就读登记)';

CREATE OR REPLACE FUNCTION registry.end_schooling(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN registry.end_record(act, arguments, 'schooling', 'ends_on');
    END $$;
COMMENT ON FUNCTION registry.end_schooling(text, jsonb) IS 'The act behind api.end_schooling() (终止就读登记)';

CREATE OR REPLACE FUNCTION registry.register_ownership(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        entry registry.ownership := jsonb_populate_record(NULL::registry.ownership, arguments);
    BEGIN
        PERFORM registry.require_argument(act, arguments, 'dwelling_id');
        entry.person_id := registry.named_person(act, arguments);
        INSERT INTO registry.ownership (person_id, dwelling_id, certificate_number, starts_on, ends_on, channel)
        VALUES (entry.person_id, entry.dwelling_id, entry.certificate_number,
                COALESCE(entry.starts_on, today()), entry.ends_on, COALESCE(entry.channel, 'window'))
        RETURNING * INTO entry;
        RETURN registry.record_answer(act, 'ownership', to_jsonb(entry));
    END $$;
COMMENT ON FUNCTION registry.register_ownership(text, jsonb) IS 'The act behind api.register_ownership() (房屋产权登记)';

CREATE OR REPLACE FUNCTION registry.end_ownership(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN registry.end_record(act, arguments, 'ownership', 'ends_on');
    END $$;
COMMENT ON FUNCTION registry.end_ownership(text, jsonb) IS 'The act behind api.end_ownership() (终止房屋产权登记)';

CREATE OR REPLACE FUNCTION registry.void_record(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    AS $$
    DECLARE
        record CONSTANT text := arguments ->> 'record';
        key    CONSTANT bigint := (arguments ->> 'record_id')::bigint;
        entry  jsonb;
    BEGIN
        PERFORM registry.require_argument(act, arguments, name) FROM unnest('{record,record_id,reason}'::text[]) AS name;
        IF record <> ALL ('{employment,tenancy,schooling,ownership}') THEN
            PERFORM refuse('RG083', ARRAY['record', 'employment, tenancy, schooling or ownership']);
        END IF;
        EXECUTE format('UPDATE registry.%I AS r SET void_reason = $2 WHERE r.%I = $1 AND r.void_reason IS NULL RETURNING to_jsonb(r)',
                       record, record || '_id')
        INTO entry USING key, arguments ->> 'reason';
        IF entry IS NULL THEN
            PERFORM registry.refuse_record(record, key);
        END IF;
        RETURN registry.record_answer(act, record, entry);
    END $$;
COMMENT ON FUNCTION registry.void_record(text, jsonb) IS 'The act behind api.void_record() (作废记录)';
$step$);

SELECT residency.ship_step('view/51-entitlement_api', 'repeatable', '00425459239bec7983b4dba0b060ed83ab7a7258d9a8f6aa173ff72f966b0497', NULL, NULL, $step$
-- What applications call for employers and what entitles: one case each, many through api.submit().
-- Parameters bear the names of the columns that they fill. What is common to all acts stands in 50-request.sql.

CREATE OR REPLACE FUNCTION api.register_employer(
        name text, credit_code text DEFAULT NULL, registration_number text DEFAULT NULL, division text DEFAULT NULL,
        address text DEFAULT NULL, state text DEFAULT 'open', opened_on date DEFAULT NULL,
        closed_on date DEFAULT NULL, channel text DEFAULT 'window', request_id uuid DEFAULT NULL,
        dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('register_employer', jsonb_build_object(
            'name', name, 'credit_code', credit_code, 'registration_number', registration_number,
            'division', division, 'address', address, 'state', state, 'opened_on', opened_on,
            'closed_on', closed_on, 'channel', channel),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.register_employer(text, text, text, text, text, text, date, date, text, uuid, boolean) IS
    'Registers an employer (用人单位登记). name; credit_code (GB 32100), or registration_number (GS 15-2006) of an old licence; division in which it works, of any level; address; state: list employer_state; opened_on, closed_on; channel. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, the employer''s key, its state, and as warning organization_code_mismatch. Errors: RG006, RG080, RG085, RG120-RG122, RG125-RG128; 22P02 a malformed code, 23503 an unknown division';

CREATE OR REPLACE FUNCTION api.change_employer(
        employer_id bigint, credit_code text DEFAULT NULL, registration_number text DEFAULT NULL,
        name text DEFAULT NULL, division text DEFAULT NULL, address text DEFAULT NULL, state text DEFAULT NULL,
        opened_on date DEFAULT NULL, closed_on date DEFAULT NULL, request_id uuid DEFAULT NULL,
        dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('change_employer', jsonb_build_object(
            'employer_id', employer_id, 'credit_code', credit_code, 'registration_number', registration_number,
            'name', name, 'division', division, 'address', address, 'state', state, 'opened_on', opened_on,
            'closed_on', closed_on),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.change_employer(bigint, text, text, text, text, text, text, date, date, uuid, boolean) IS
    'Enters what has changed of an employer (用人单位变更): a new credit code, name or address, or that it is suspended, revoked or deregistered from closed_on on, NULL is today. employer_id; what is left out stays. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id and state. Errors: those of api.register_employer(), RG123';

CREATE OR REPLACE FUNCTION api.register_employment(
        person_id bigint DEFAULT NULL, employer_id bigint DEFAULT NULL, kind text DEFAULT 'contract',
        hired_on date DEFAULT NULL, ended_on date DEFAULT NULL, end_reason text DEFAULT NULL,
        contract_number text DEFAULT NULL, channel text DEFAULT 'window', hire_reported_at timestamptz DEFAULT NULL,
        end_reported_at timestamptz DEFAULT NULL, resident_id text DEFAULT NULL,
        employer_credit_code text DEFAULT NULL, request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('register_employment', jsonb_build_object(
            'person_id', person_id, 'employer_id', employer_id, 'kind', kind, 'hired_on', hired_on,
            'ended_on', ended_on, 'end_reason', end_reason, 'contract_number', contract_number, 'channel', channel,
            'hire_reported_at', hire_reported_at, 'end_reported_at', end_reported_at, 'resident_id', resident_id,
            'employer_credit_code', employer_credit_code),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.register_employment(bigint, bigint, text, date, date, text, text, text, timestamptz, timestamptz, text, text, uuid, boolean) IS
    'Registers that somebody works for an employer (就业登记; 居住证暂行条例 Art. 2). person_id or resident_id; employer_id or employer_credit_code; kind: list employment_kind; hired_on, NULL is today; ended_on and end_reason of a past one; contract_number; channel; hire_reported_at, end_reported_at: when the employer reported, NULL has not (now for channel employer). request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, person_id, state. Errors: RG006, RG010, RG080, RG085, RG086, RG123-RG129';

CREATE OR REPLACE FUNCTION api.end_employment(
        employment_id bigint, ended_on date DEFAULT NULL, reason text DEFAULT NULL, channel text DEFAULT 'window',
        end_reported_at timestamptz DEFAULT NULL, request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('end_employment', jsonb_build_object(
            'employment_id', employment_id, 'ended_on', ended_on, 'reason', reason, 'channel', channel,
            'end_reported_at', end_reported_at),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.end_employment(bigint, date, text, text, timestamptz, uuid, boolean) IS
    'Registers that somebody no longer works for an employer (终止就业登记). employment_id; ended_on, NULL is today; reason in words; end_reported_at: when the employer reported it (now for channel employer). request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers the employment, ended. Errors: RG080, RG085, RG125-RG127, RG136, RG137';

CREATE OR REPLACE FUNCTION api.register_tenancy(
        person_id bigint DEFAULT NULL, dwelling_id bigint DEFAULT NULL, starts_on date DEFAULT NULL,
        ends_on date DEFAULT NULL, signed_on date DEFAULT NULL, landlord_person_id bigint DEFAULT NULL,
        landlord_credit_code text DEFAULT NULL, agent_credit_code text DEFAULT NULL,
        contract_number text DEFAULT NULL, monthly_rent numeric DEFAULT NULL, deposit numeric DEFAULT NULL,
        filing_number text DEFAULT NULL, filed_on date DEFAULT NULL, channel text DEFAULT 'window',
        reported_at timestamptz DEFAULT NULL, resident_id text DEFAULT NULL, request_id uuid DEFAULT NULL,
        dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('register_tenancy', jsonb_build_object(
            'person_id', person_id, 'dwelling_id', dwelling_id, 'starts_on', starts_on, 'ends_on', ends_on,
            'signed_on', signed_on, 'landlord_person_id', landlord_person_id,
            'landlord_credit_code', landlord_credit_code, 'agent_credit_code', agent_credit_code,
            'contract_number', contract_number, 'monthly_rent', monthly_rent, 'deposit', deposit,
            'filing_number', filing_number, 'filed_on', filed_on, 'channel', channel, 'reported_at', reported_at,
            'resident_id', resident_id),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.register_tenancy(bigint, bigint, date, date, date, bigint, text, text, text, numeric, numeric, text, date, text, timestamptz, text, uuid, boolean) IS
    'Registers a lease (房屋租赁登记; 商品房屋租赁管理办法 Art. 14). person_id or resident_id of the tenant; dwelling_id; starts_on, NULL is today; ends_on: the day after the last, NULL without a term; signed_on; landlord_person_id or landlord_credit_code, neither: the landlord of the dwelling; agent_credit_code; contract_number; monthly_rent and deposit in yuan; filing_number and filed_on of the housing authority; channel; reported_at: when landlord or agent reported it, NULL have not (now for channels landlord and agency). request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, person_id, dwelling_id, state, and as warning other_landlord or dwelling_without_landlord: the lease differs from what registry.dwelling says. Errors: RG006, RG010, RG011, RG026, RG027, RG080, RG085, RG086, RG125-RG128, RG130-RG133; 22P02 a malformed code, 23503 a landlord who is not registered';

CREATE OR REPLACE FUNCTION api.end_tenancy(
        tenancy_id bigint, ends_on date DEFAULT NULL, reason text DEFAULT NULL, request_id uuid DEFAULT NULL,
        dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('end_tenancy', jsonb_build_object(
            'tenancy_id', tenancy_id, 'ends_on', ends_on, 'reason', reason),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.end_tenancy(bigint, date, text, uuid, boolean) IS
    'Ends a lease before its term (终止房屋租赁登记). tenancy_id; ends_on: the day from which it no longer holds, NULL is today; reason in words. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers the tenancy. Errors: RG080, RG085, RG125, RG127, RG136, RG137';

CREATE OR REPLACE FUNCTION api.register_schooling(
        person_id bigint DEFAULT NULL, school_name text DEFAULT NULL, division text DEFAULT NULL,
        level text DEFAULT NULL, starts_on date DEFAULT NULL, ends_on date DEFAULT NULL,
        school_credit_code text DEFAULT NULL, student_number text DEFAULT NULL, channel text DEFAULT 'window',
        resident_id text DEFAULT NULL, request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('register_schooling', jsonb_build_object(
            'person_id', person_id, 'school_name', school_name, 'division', division, 'level', level,
            'starts_on', starts_on, 'ends_on', ends_on, 'school_credit_code', school_credit_code,
            'student_number', student_number, 'channel', channel, 'resident_id', resident_id),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.register_schooling(bigint, text, text, text, date, date, text, text, text, text, uuid, boolean) IS
    'Registers full-time studies (就读登记; 居住证暂行条例 Art. 2). person_id or resident_id; school_name, division of the school, of any level; level: list school_level; starts_on, NULL is today; ends_on as planned; school_credit_code; student_number (学籍号); channel. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, person_id, state. Errors: RG006, RG010, RG080, RG085, RG086, RG125-RG128, RG134; 23503 an unknown division';

CREATE OR REPLACE FUNCTION api.end_schooling(
        schooling_id bigint, ends_on date DEFAULT NULL, reason text DEFAULT NULL, request_id uuid DEFAULT NULL,
        dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('end_schooling', jsonb_build_object(
            'schooling_id', schooling_id, 'ends_on', ends_on, 'reason', reason),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.end_schooling(bigint, date, text, uuid, boolean) IS
    'Ends studies before their time (终止就读登记). schooling_id; ends_on: the day from which the person no longer studies there, NULL is today; reason in words. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers the schooling. Errors: RG080, RG085, RG125, RG127, RG136, RG137';

CREATE OR REPLACE FUNCTION api.register_ownership(
        person_id bigint DEFAULT NULL, dwelling_id bigint DEFAULT NULL, starts_on date DEFAULT NULL,
        ends_on date DEFAULT NULL, certificate_number text DEFAULT NULL, channel text DEFAULT 'window',
        resident_id text DEFAULT NULL, request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('register_ownership', jsonb_build_object(
            'person_id', person_id, 'dwelling_id', dwelling_id, 'starts_on', starts_on, 'ends_on', ends_on,
            'certificate_number', certificate_number, 'channel', channel, 'resident_id', resident_id),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.register_ownership(bigint, bigint, date, date, text, text, text, uuid, boolean) IS
    'Registers that somebody owns a dwelling (房屋产权登记; 居住证暂行条例 Art. 2). person_id or resident_id; dwelling_id; starts_on, NULL is today; ends_on of a past one; certificate_number (不动产权证号), NULL: by contract of purchase; channel. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, person_id, dwelling_id, state. Errors: RG006, RG010, RG011, RG027, RG080, RG085, RG086, RG125-RG128, RG135';

CREATE OR REPLACE FUNCTION api.end_ownership(
        ownership_id bigint, ends_on date DEFAULT NULL, reason text DEFAULT NULL, request_id uuid DEFAULT NULL,
        dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('end_ownership', jsonb_build_object(
            'ownership_id', ownership_id, 'ends_on', ends_on, 'reason', reason),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.end_ownership(bigint, date, text, uuid, boolean) IS
    'Registers that somebody no longer owns a dwelling (终止房屋产权登记). ownership_id; ends_on, NULL is today; reason in words. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers the ownership, ended. Errors: RG080, RG085, RG125-RG127, RG136, RG137';

CREATE OR REPLACE FUNCTION api.void_record(
        record text, record_id bigint, reason text, request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('void_record', jsonb_build_object(
            'record', record, 'record_id', record_id, 'reason', reason),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.void_record(text, bigint, text, uuid, boolean) IS
    'Voids what is wrong or was entered twice (作废记录); it stays on record (个人信息保护法 Art. 46). record: employment, tenancy, schooling or ownership; record_id: its key; reason in words, one line of up to 200 characters. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers the record, voided. Errors: RG080, RG083, RG085, RG136, RG137, RG139';
$step$);

SELECT residency.ship_step('view/52-report_duty', 'repeatable', 'cefbdb0f705d8c3b8a07e2d0664d8530aac91a29159e7ded1a2d9b16151624a4', NULL, NULL, $step$
-- Duties to report (申报义务): what happened, who had to report it, until when, and who is late.
-- The name of a duty is the policy that sets its time: <event>_report_<obligor>.

CREATE OR REPLACE FUNCTION registry.landlord_on(dwelling bigint, tenant bigint, "on" date)
    RETURNS TABLE (landlord_person_id bigint, landlord_credit_code residency.credit_code, signed_on date, reported_at timestamptz)
    LANGUAGE sql STABLE PARALLEL SAFE
    -- no SET clause: a query that uses it takes it in
    AS $$
        SELECT COALESCE(lease.landlord_person_id, CASE WHEN lease.landlord_credit_code IS NULL THEN usual.landlord_person_id END),
               COALESCE(lease.landlord_credit_code, CASE WHEN lease.landlord_person_id IS NULL THEN usual.landlord_credit_code END),
               lease.signed_on, lease.reported_at
        FROM registry.dwelling_landlord usual
        LEFT JOIN LATERAL (
            SELECT t.landlord_person_id, t.landlord_credit_code,
                   CASE WHEN t.person_id = tenant THEN t.signed_on END AS signed_on,
                   CASE WHEN t.person_id = tenant THEN t.reported_at END AS reported_at
            FROM registry.dwelling_standing standing
            JOIN registry.tenancy t ON t.dwelling_id = ANY (standing.whole_ids)
            WHERE standing.dwelling_id = usual.dwelling_id AND t.void_reason IS NULL AND t.period @> "on"
            ORDER BY t.person_id = tenant DESC, t.starts_on DESC, t.tenancy_id DESC
            LIMIT 1
        ) AS lease ON true
        WHERE usual.dwelling_id = dwelling
    $$;
COMMENT ON FUNCTION registry.landlord_on(bigint, bigint, date) IS
    'Who let a dwelling to somebody on a day (当日出租人): by the lease of this tenant, with the days when it was signed and reported; by another lease of it or of what it is part of; or the landlord of the dwelling. NULLs: nobody known';

CREATE OR REPLACE FUNCTION registry.host_role(rental_kind text, place_group text, landlord_credit_code residency.credit_code)
    RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
        SELECT CASE WHEN rental_kind IN ('hotel_style', 'daily') OR place_group = '1' THEN 'hotel'
                    WHEN rental_kind = 'dormitory' AND landlord_credit_code IS NOT NULL THEN 'employer'
                    ELSE 'landlord' END
    $$;
COMMENT ON FUNCTION registry.host_role(text, text, residency.credit_code) IS
    'As what somebody gives lodging (留宿人类别): hotel, where it is let like one, by the day, or the stay is one in a hotel (lists rental_kind, place_group); employer in its dormitory; landlord. The reporting channel of each bears the same name';

CREATE OR REPLACE FUNCTION registry.report_due(counts_from date, term text, division residency.division_code)
    RETURNS date
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
        SELECT CASE WHEN term LIKE '%hour%' THEN counts_from + (substring(term FROM '[0-9]+')::integer + 23) / 24
                    -- at once: that is no time whose end could fall on a rest day
                    WHEN residency.term_count(term) = 0 THEN counts_from
                    ELSE residency.legal_deadline(counts_from, term, division) END
    $$;
COMMENT ON FUNCTION registry.report_due(date, text, residency.division_code) IS
    'Last day on which a report is in time (申报截止日): residency.legal_deadline(); hours count from the end of the day, whose hour is not known; 0 days is the day itself, also a rest day. NULL: no time is set';

CREATE OR REPLACE VIEW registry.report_event AS
-- the occupant arrives, or moves within the city; who stays in a hotel is in its register
SELECT CASE WHEN r.follows_id IS NULL THEN 'arrival_report_occupant' ELSE 'change_report_occupant' END AS duty, r.division,
       COALESCE(r.guardian_person_id, r.person_id) AS obligor_person_id, NULL::credit_code AS obligor_credit_code, NULL::bigint AS obligor_employer_id,
       'residence' AS subject, r.residence_id AS subject_id, r.person_id, r.arrived_on AS event_on, r.arrived_on AS counts_from,
       local_day(r.reported_at) AS reported_on
FROM registry.residence r
JOIN registry.dwelling d ON d.dwelling_id = r.dwelling_id
LEFT JOIN code.value place ON place.list = 'place_kind' AND place.code = r.place_kind
WHERE r.state NOT IN ('rejected', 'voided')
  AND NOT (registry.host_role(d.rental_kind, place.parent, NULL) = 'hotel' AND policy_bool('exempt_hotel', r.division, r.arrived_on))
UNION ALL
-- the occupant leaves; a change of address is reported by the arrival elsewhere, and nobody knows when a lost one left
SELECT 'departure_report_occupant', r.division, COALESCE(r.guardian_person_id, r.person_id), NULL, NULL,
       'residence', r.residence_id, r.person_id, r.departed_on, r.departed_on, local_day(r.closed_at)
FROM registry.residence r
JOIN registry.dwelling d ON d.dwelling_id = r.dwelling_id
LEFT JOIN code.value place ON place.list = 'place_kind' AND place.code = r.place_kind
WHERE r.state = 'departed'
  AND NOT (registry.host_role(d.rental_kind, place.parent, NULL) = 'hotel' AND policy_bool('exempt_hotel', r.division, r.departed_on))
UNION ALL
-- landlord, employer or hotel: whoever gives the lodging, and does not live there
SELECT 'arrival_report_' || lodging.role COLLATE "default", r.division, host.landlord_person_id, host.landlord_credit_code, NULL,
       'residence', r.residence_id, r.person_id, r.arrived_on,
       CASE WHEN lodging.role = 'landlord' AND policy_text('arrival_report_landlord_from', r.division, r.arrived_on) = 'contract'
            THEN COALESCE(host.signed_on, r.arrived_on) ELSE r.arrived_on END,
       least(local_day(host.reported_at),
             CASE WHEN r.channel = lodging.role OR r.reporter_person_id = host.landlord_person_id
                       OR r.reporter_credit_code = host.landlord_credit_code
                       OR policy_bool('arrival_reported_once', r.division, r.arrived_on) THEN local_day(r.reported_at) END)
FROM registry.residence r
JOIN registry.dwelling d ON d.dwelling_id = r.dwelling_id
LEFT JOIN code.value place ON place.list = 'place_kind' AND place.code = r.place_kind
CROSS JOIN LATERAL registry.landlord_on(r.dwelling_id, r.person_id, r.arrived_on) AS host
CROSS JOIN LATERAL (SELECT registry.host_role(d.rental_kind, place.parent, host.landlord_credit_code)) AS lodging (role)
WHERE r.state NOT IN ('rejected', 'voided')
  AND (host.landlord_person_id <> r.person_id OR host.landlord_credit_code IS NOT NULL)
UNION ALL
SELECT 'departure_report_' || registry.host_role(d.rental_kind, place.parent, host.landlord_credit_code) COLLATE "default", r.division,
       host.landlord_person_id, host.landlord_credit_code, NULL,
       'residence', r.residence_id, r.person_id, r.departed_on, r.departed_on, local_day(r.closed_at)
FROM registry.residence r
JOIN registry.dwelling d ON d.dwelling_id = r.dwelling_id
LEFT JOIN code.value place ON place.list = 'place_kind' AND place.code = r.place_kind
CROSS JOIN LATERAL registry.landlord_on(r.dwelling_id, r.person_id, greatest(r.arrived_on, r.departed_on - 1)) AS host
WHERE r.state IN ('departed', 'moved')
  AND (host.landlord_person_id <> r.person_id OR host.landlord_credit_code IS NOT NULL)
UNION ALL
-- staff: who works for themselves reports to nobody
SELECT 'hire_report_employer', e.division, NULL, e.credit_code, e.employer_id,
       'employment', w.employment_id, w.person_id, w.hired_on, w.hired_on, local_day(w.hire_reported_at)
FROM registry.employment w
JOIN registry.employer e ON e.employer_id = w.employer_id
WHERE w.void_reason IS NULL AND w.kind <> 'business'
UNION ALL
SELECT 'termination_report_employer', e.division, NULL, e.credit_code, e.employer_id,
       'employment', w.employment_id, w.person_id, w.ended_on, w.ended_on, local_day(w.end_reported_at)
FROM registry.employment w
JOIN registry.employer e ON e.employer_id = w.employer_id
WHERE w.void_reason IS NULL AND w.kind <> 'business' AND w.ended_on IS NOT NULL
UNION ALL
-- leases that an agent has brought about
SELECT 'lease_report_agent', d.division, NULL, t.agent_credit_code, NULL,
       'tenancy', t.tenancy_id, t.person_id, COALESCE(t.signed_on, t.starts_on), COALESCE(t.signed_on, t.starts_on), local_day(t.reported_at)
FROM registry.tenancy t
JOIN registry.dwelling d ON d.dwelling_id = t.dwelling_id
WHERE t.void_reason IS NULL AND t.agent_credit_code IS NOT NULL;
COMMENT ON VIEW registry.report_event IS
    'What had to be reported, and by whom (应申报事项); what time there is for it, registry.report_duty() tells';
COMMENT ON COLUMN registry.report_event.duty IS 'Duty, the key of the policy that sets its time: arrival_report_landlord … (申报义务)';
COMMENT ON COLUMN registry.report_event.division IS 'Division whose policy counts: of the dwelling, of the employer (区划)';
COMMENT ON COLUMN registry.report_event.obligor_person_id IS 'Who has to report, where it is a person: occupant, guardian of a minor, landlord (义务人)';
COMMENT ON COLUMN registry.report_event.obligor_credit_code IS 'Who has to report, where it is an organisation (义务单位)';
COMMENT ON COLUMN registry.report_event.obligor_employer_id IS 'Key of the employer for duties on employments (用人单位)';
COMMENT ON COLUMN registry.report_event.subject IS 'residence, employment or tenancy (事项类别)';
COMMENT ON COLUMN registry.report_event.subject_id IS 'Its key (事项编号)';
COMMENT ON COLUMN registry.report_event.person_id IS 'Whom it is about: occupant, employee, tenant (所涉人员)';
COMMENT ON COLUMN registry.report_event.event_on IS 'Day on which it happened (发生日期)';
COMMENT ON COLUMN registry.report_event.counts_from IS 'Day from which the time counts: that of the event, or of the contract (起算日)';
COMMENT ON COLUMN registry.report_event.reported_on IS 'Day on which it was reported (申报日期); NULL: not yet';

CREATE OR REPLACE FUNCTION registry.report_duty(division residency.division_code, "on" date, since date DEFAULT NULL)
    RETURNS TABLE (
        duty text, obligor text, obligor_person_id bigint, obligor_employer_id bigint, obligor_credit_code text,
        subject text, subject_id bigint, person_id bigint, division_code text, event_on date, counts_from date,
        term text, due_on date, reported_on date, late_days integer, clause text)
    LANGUAGE sql STABLE PARALLEL SAFE
    -- no SET clause: a query takes it in
    AS $$
        SELECT e.duty,
               CASE WHEN e.obligor_person_id IS NOT NULL THEN 'person' WHEN e.subject = 'employment' THEN 'employer' ELSE 'organisation' END,
               e.obligor_person_id, e.obligor_employer_id, e.obligor_credit_code::text,
               e.subject, e.subject_id, e.person_id, e.division::text, e.event_on, e.counts_from,
               e.term, due.due_on, e.reported, greatest(COALESCE(e.reported, "on") - due.due_on, 0), setting.legal_basis
        FROM (
            SELECT v.*, residency.policy_text(v.duty, v.division, v.counts_from) AS term,
                   CASE WHEN v.reported_on <= "on" THEN v.reported_on END AS reported
            FROM registry.report_event v
            WHERE (report_duty.division IS NULL OR v.division OPERATOR(residency.<@) report_duty.division)
              AND v.event_on <= "on"
              AND v.event_on >= COALESCE(
                  since, ("on" - residency.policy_interval('report_looks_back', report_duty.division, "on"))::date, '-infinity')
            OFFSET 0
        ) AS e
        CROSS JOIN LATERAL (SELECT registry.report_due(e.counts_from, e.term, e.division) OFFSET 0) AS due (due_on)
        JOIN policy.setting ON setting.setting_id = residency.policy_setting(e.duty, e.division, e.counts_from)
        WHERE e.term IS NOT NULL
    $$;
COMMENT ON FUNCTION registry.report_duty(residency.division_code, date, date) IS
    'Every duty to report that had arisen in a division and all beneath by a day, as it stood then (申报义务清单): who, about what, from which day, until when by which clause, when it was reported, and how many days late, 0: in time or time is left. division NULL: everywhere; since: events from that day on, NULL: policy report_looks_back. Where policy sets no time there is no duty. Errors: RG090 no policy, those of residency.legal_deadline()';

CREATE OR REPLACE FUNCTION api.overdue_report(division text, "on" date DEFAULT residency.today(), since date DEFAULT NULL)
    RETURNS TABLE (
        duty text, duty_name text, obligor text, obligor_person_id bigint, obligor_employer_id bigint,
        obligor_credit_code text, obligor_name text, subject text, subject_id bigint, person_id bigint,
        division_code text, event_on date, due_on date, reported_on date, late_days integer, late_by text, term text, clause text)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    SET jit = off
    AS $$
    #variable_conflict use_column
    BEGIN
        RETURN QUERY
            SELECT late.duty,
                   (SELECT r.governs_zh FROM policy.rule r WHERE r.key = late.duty),
                   late.obligor, late.obligor_person_id, late.obligor_employer_id, late.obligor_credit_code,
                   COALESCE((SELECT p.name FROM registry.person p WHERE p.person_id = late.obligor_person_id),
                            (SELECT e.name FROM registry.employer e WHERE e.employer_id = late.obligor_employer_id),
                            (SELECT e.name FROM registry.employer e WHERE e.credit_code = late.obligor_credit_code::credit_code)),
                   late.subject, late.subject_id, late.person_id, late.division_code, late.event_on, late.due_on,
                   late.reported_on, late.late_days,
                   CASE WHEN amount.working_days > 0 THEN format('%s working day%s', amount.working_days, CASE WHEN amount.working_days > 1 THEN 's' END)
                        ELSE format('%s day%s', late.late_days, CASE WHEN late.late_days > 1 THEN 's' END) END,
                   late.term, late.clause
            FROM registry.report_duty(overdue_report.division::division_code, overdue_report."on", overdue_report.since) AS late
            CROSS JOIN LATERAL (SELECT CASE WHEN late.term LIKE '%working%' THEN working_days_between(
                late.due_on, COALESCE(late.reported_on, overdue_report."on"), late.division_code::division_code) END) AS amount (working_days)
            WHERE late.late_days > 0
            ORDER BY late.reported_on IS NOT NULL, late.late_days DESC, late.duty, late.subject_id;
    END $$;
COMMENT ON FUNCTION api.overdue_report(text, date, date) IS
    'Who is late with a report in a division and all beneath, as of a day, NULL for every division (逾期申报清单): first what is still missing (reported_on NULL), then what came late; longest first. late_by: in the unit of the term, 2 working days, 1 day; calendar days where only rest days have passed. clause: legal basis of the setting that counts. since: events from that day on, NULL: policy report_looks_back. Errors: 22P02 no division, RG090 no policy, those of residency.legal_deadline()';
$step$);

SELECT residency.ship_step('view/53-overview', 'repeatable', '5579f7cc81e0f27b325128f5068f0878c8968e405d417b8097adcc74c3ca30d6', NULL, NULL, $step$
-- Person, dwelling, employer, permit (人房证企): who has to do with whom on a day.
-- The links of many are asked for one by one (LATERAL … OFFSET 0): the branches of a view are not found by a join, but by a key.

CREATE OR REPLACE VIEW registry.person_link AS
-- Each branch is a kind of record that links a person to something; one more kind is one more branch here, and every
-- overview shows it.
SELECT 'residence' AS link, r.residence_id AS link_id, r.person_id, 'dwelling' AS entity, r.dwelling_id AS entity_id, d.address AS title,
       r.state, r.arrived_on AS valid_from, r.departed_on AS valid_to,
       jsonb_strip_nulls(jsonb_build_object('residence_id', r.residence_id, 'half_year_from', r.half_year_from, 'guardian_person_id', r.guardian_person_id, 'reason', r.reason)) AS detail
FROM registry.residence r
JOIN registry.dwelling d ON d.dwelling_id = r.dwelling_id
WHERE r.state NOT IN ('rejected', 'voided')
UNION ALL
SELECT 'tenancy', t.tenancy_id, t.person_id, 'dwelling', t.dwelling_id, d.address, NULL, t.starts_on, t.ends_on,
       jsonb_strip_nulls(jsonb_build_object(
           'tenancy_id', t.tenancy_id, 'landlord_person_id', t.landlord_person_id, 'landlord_credit_code', t.landlord_credit_code::text,
           'agent_credit_code', t.agent_credit_code::text, 'filing_number', t.filing_number))
FROM registry.tenancy t
JOIN registry.dwelling d ON d.dwelling_id = t.dwelling_id
WHERE t.void_reason IS NULL
UNION ALL
SELECT 'ownership', o.ownership_id, o.person_id, 'dwelling', o.dwelling_id, d.address, NULL, o.starts_on, o.ends_on,
       jsonb_strip_nulls(jsonb_build_object('ownership_id', o.ownership_id, 'certificate_number', o.certificate_number))
FROM registry.ownership o
JOIN registry.dwelling d ON d.dwelling_id = o.dwelling_id
WHERE o.void_reason IS NULL
UNION ALL
SELECT 'employment', w.employment_id, w.person_id, 'employer', w.employer_id, e.name, NULL, w.hired_on, w.ended_on,
       jsonb_strip_nulls(jsonb_build_object('employment_id', w.employment_id, 'kind', w.kind, 'credit_code', e.credit_code::text))
FROM registry.employment w
JOIN registry.employer e ON e.employer_id = w.employer_id
WHERE w.void_reason IS NULL
UNION ALL
SELECT 'schooling', s.schooling_id, s.person_id, 'school', NULL, s.school_name, NULL, s.starts_on, s.ends_on,
       jsonb_strip_nulls(jsonb_build_object(
           'schooling_id', s.schooling_id, 'level', s.level, 'credit_code', s.school_credit_code::text,
           'division', s.division::text, 'student_number', mask_number(s.student_number)))
FROM registry.schooling s
WHERE s.void_reason IS NULL
UNION ALL
-- a permit as each of its events left it, up to the next; its events are found through the permits of who lives there
SELECT 'permit', p.permit_id, p.person_id, 'dwelling', r.dwelling_id, d.address, e.to_state::text, e.happened_on,
       (SELECT n.happened_on FROM registry.permit_event n WHERE n.permit_id = e.permit_id AND n.sequence = e.sequence + 1),
       jsonb_strip_nulls(jsonb_build_object(
           'permit_id', p.permit_id, 'permit_number', p.permit_number, 'endorsed_until', e.endorsed_until, 'residence_years', e.residence_years))
FROM registry.residence r
JOIN registry.dwelling d ON d.dwelling_id = r.dwelling_id
JOIN registry.permit p ON p.person_id = r.person_id
JOIN registry.permit_event e ON e.permit_id = p.permit_id AND e.residence_id = r.residence_id
WHERE permit_phase(e.to_state) <> 'end';
COMMENT ON VIEW registry.person_link IS
    'What persons have to do with dwellings, employers and schools, past and present, without what is void (人员关联); ask it by person_id, or by entity and entity_id';
COMMENT ON COLUMN registry.person_link.link IS 'Kind of the record behind it, the name of its table (关联方式)';
COMMENT ON COLUMN registry.person_link.link_id IS 'Key of that record (记录编号)';
COMMENT ON COLUMN registry.person_link.person_id IS 'The person (人员)';
COMMENT ON COLUMN registry.person_link.entity IS 'dwelling, employer or school (关联对象类别)';
COMMENT ON COLUMN registry.person_link.entity_id IS 'Its key, NULL for schools (对象编号)';
COMMENT ON COLUMN registry.person_link.title IS 'Its name or address (名称、地址)';
COMMENT ON COLUMN registry.person_link.state IS 'State where the record has one of its own (状态); NULL: what residency.record_state() says of its days';
COMMENT ON COLUMN registry.person_link.valid_from IS 'First day (起始日期)';
COMMENT ON COLUMN registry.person_link.valid_to IS 'Day from which it no longer holds (终止日期), NULL: open';
COMMENT ON COLUMN registry.person_link.detail IS 'Key of the record, and what else is to be known of it (详情)';

CREATE OR REPLACE FUNCTION registry.holds_on(valid_from date, valid_to date, "on" date)
    RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT valid_from <= "on" AND (valid_to > "on" OR valid_to IS NULL) $$;
COMMENT ON FUNCTION registry.holds_on(date, date, date) IS 'Whether what begins and ends on these days holds on a day, the last one not included (当日是否有效)';

CREATE OR REPLACE FUNCTION registry.party(person bigint, number residency.credit_code)
    RETURNS TABLE (entity text, entity_id bigint, title text, detail jsonb)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
        SELECT 'person', p.person_id, p.name, NULL::jsonb FROM registry.person p WHERE p.person_id = person
        UNION ALL
        SELECT CASE WHEN e.employer_id IS NULL THEN 'organisation' ELSE 'employer' END, e.employer_id,
               COALESCE(e.name, number::text), jsonb_build_object('credit_code', number::text)
        FROM (SELECT) AS one
        LEFT JOIN registry.employer e ON e.credit_code OPERATOR(residency.=) number
        WHERE number IS NOT NULL
    $$;
COMMENT ON FUNCTION registry.party(bigint, residency.credit_code) IS
    'Who is named by a person''s key or an organisation''s credit code (当事人): a person, an employer, or an organisation that is not registered';

CREATE OR REPLACE FUNCTION registry.dwelling_link(dwelling bigint, tenant bigint, "on" date)
    RETURNS SETOF api.link
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        (SELECT 'part_of', 'dwelling', d.dwelling_id, d.address, d.let_state, NULL::date, NULL::date,
                jsonb_build_object('kind', d.kind, 'dwelling_id', dwelling)
         FROM registry.dwelling_standing standing
         CROSS JOIN LATERAL unnest(standing.whole_ids[2:]) WITH ORDINALITY AS whole (dwelling_id, further_out)
         JOIN registry.dwelling d ON d.dwelling_id = whole.dwelling_id
         WHERE standing.dwelling_id = dwelling
         ORDER BY whole.further_out)
        UNION ALL
        SELECT 'landlord', p.entity, p.entity_id, p.title, NULL, NULL, NULL,
               COALESCE(p.detail, '{}') || jsonb_build_object('dwelling_id', dwelling)
        FROM registry.landlord_on(dwelling, tenant, "on") AS host
        CROSS JOIN LATERAL registry.party(host.landlord_person_id, host.landlord_credit_code) AS p
    $$;
COMMENT ON FUNCTION registry.dwelling_link(bigint, bigint, date) IS
    'What a dwelling is part of, and who lets it to a tenant on a day (房屋关联)';

CREATE OR REPLACE FUNCTION api.person_overview(person_id bigint, "on" date DEFAULT residency.today())
    RETURNS SETOF api.link
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    AS $$
    BEGIN
        RETURN QUERY
            SELECT 'self', 'person', p.person_id, p.name, NULL, NULL::date, NULL::date, jsonb_strip_nulls(jsonb_build_object(
                       'resident_id', mask(p.resident_id), 'sex', p.sex, 'birth_date', p.birth_date,
                       'household_division', p.household_division::text))
            FROM registry.person p WHERE p.person_id = person_overview.person_id;
        IF NOT FOUND THEN
            PERFORM refuse('RG010', ARRAY[COALESCE(person_id::text, '-')], 'registry.person', 'person_id');
        END IF;
        RETURN QUERY
            SELECT l.link, l.entity, l.entity_id, l.title, COALESCE(l.state, 'running'), l.valid_from, l.valid_to, l.detail
            FROM registry.person_link l
            WHERE l.person_id = person_overview.person_id AND registry.holds_on(l.valid_from, l.valid_to, "on")
            ORDER BY l.link, l.valid_from, l.link_id;
        RETURN QUERY
            SELECT around.*
            FROM registry.residence r
            CROSS JOIN LATERAL registry.dwelling_link(r.dwelling_id, r.person_id, "on") AS around
            WHERE r.person_id = person_overview.person_id AND r.state NOT IN ('rejected', 'voided')
              AND registry.holds_on(r.arrived_on, r.departed_on, "on");
        RETURN QUERY
            SELECT 'lets', 'dwelling', d.dwelling_id, d.address, d.let_state, t.starts_on, t.ends_on,
                   jsonb_build_object('tenancy_id', t.tenancy_id, 'person_id', t.person_id)
            FROM registry.tenancy t
            JOIN registry.dwelling d ON d.dwelling_id = t.dwelling_id
            WHERE t.landlord_person_id = person_overview.person_id AND t.void_reason IS NULL AND t.period @> "on"
            ORDER BY d.dwelling_id, t.tenancy_id;
        RETURN QUERY
            SELECT 'lets', 'dwelling', d.dwelling_id, d.address, d.let_state, NULL::date, NULL::date, jsonb_build_object('kind', d.kind)
            FROM registry.dwelling d
            WHERE d.landlord_person_id = person_overview.person_id
            ORDER BY d.dwelling_id;
    END $$;
COMMENT ON FUNCTION api.person_overview(bigint, date) IS
    'A person and all they have to do with on a day (人员概览): where they live, rent and own, for whom they work, where they study, what the dwelling is part of and who lets it, what they let themselves, by leases of that day and as landlord of dwellings today. The landlord of a dwelling is today''s, where no lease of that day names one. Errors: RG010';

CREATE OR REPLACE FUNCTION api.dwelling_overview(dwelling_id bigint, "on" date DEFAULT residency.today())
    RETURNS SETOF api.link
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    AS $$
    BEGIN
        RETURN QUERY
            SELECT 'self', 'dwelling', d.dwelling_id, d.address, d.let_state, NULL::date, NULL::date, jsonb_strip_nulls(jsonb_build_object(
                       'kind', d.kind, 'division', d.division::text, 'rental_kind', d.rental_kind, 'usable_area', d.usable_area))
            FROM registry.dwelling d WHERE d.dwelling_id = dwelling_overview.dwelling_id;
        IF NOT FOUND THEN
            PERFORM refuse('RG011', ARRAY[COALESCE(dwelling_id::text, '-')], 'registry.dwelling', 'dwelling_id');
        END IF;
        RETURN QUERY
            SELECT * FROM registry.dwelling_link(dwelling_overview.dwelling_id, NULL, "on");
        RETURN QUERY
            SELECT 'part', 'dwelling', d.dwelling_id, d.address, d.let_state, NULL::date, NULL::date, jsonb_build_object('kind', d.kind)
            FROM registry.dwelling_part part
            JOIN registry.dwelling d ON d.dwelling_id = part.dwelling_id
            WHERE part.whole_id = dwelling_overview.dwelling_id AND part.dwelling_id <> part.whole_id
            ORDER BY dwelling_rank(d.kind), d.dwelling_id;
        RETURN QUERY
            SELECT l.link, 'person', l.person_id, p.name, COALESCE(l.state, 'running'), l.valid_from, l.valid_to,
                   l.detail || jsonb_build_object('dwelling_id', l.entity_id)
            FROM registry.dwelling_part part
            CROSS JOIN LATERAL (
                SELECT * FROM registry.person_link k
                WHERE k.entity = 'dwelling' AND k.entity_id = part.dwelling_id AND registry.holds_on(k.valid_from, k.valid_to, "on")
                OFFSET 0
            ) AS l
            JOIN registry.person p ON p.person_id = l.person_id
            WHERE part.whole_id = dwelling_overview.dwelling_id
            ORDER BY l.link, l.valid_from, l.link_id;
        -- what else those who live here have to do with
        RETURN QUERY
            SELECT l.link, l.entity, l.entity_id, l.title, COALESCE(l.state, 'running'), l.valid_from, l.valid_to,
                   l.detail || jsonb_build_object('person_id', l.person_id)
            FROM registry.dwelling_part part
            JOIN registry.residence r ON r.dwelling_id = part.dwelling_id
            CROSS JOIN LATERAL (
                SELECT * FROM registry.person_link k
                WHERE k.person_id = r.person_id AND k.entity <> 'dwelling' AND registry.holds_on(k.valid_from, k.valid_to, "on")
                OFFSET 0
            ) AS l
            WHERE part.whole_id = dwelling_overview.dwelling_id AND r.state NOT IN ('rejected', 'voided')
              AND registry.holds_on(r.arrived_on, r.departed_on, "on")
            ORDER BY l.person_id, l.link, l.valid_from, l.link_id;
    END $$;
COMMENT ON FUNCTION api.dwelling_overview(bigint, date) IS
    'A dwelling with its parts, and all who have to do with it on a day (房屋概览): what it is part of and has as parts, who lets it, who lives in it, rents and owns it, and for whom its residents work or where they study. Errors: RG011';

CREATE OR REPLACE FUNCTION api.employer_overview(employer_id bigint, "on" date DEFAULT residency.today())
    RETURNS SETOF api.link
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    AS $$
    BEGIN
        RETURN QUERY
            SELECT 'self', 'employer', e.employer_id, e.name, e.state, e.opened_on, e.closed_on, jsonb_strip_nulls(jsonb_build_object(
                       'credit_code', e.credit_code::text, 'registration_number', e.registration_number,
                       'division', e.division::text, 'address', e.address))
            FROM registry.employer e WHERE e.employer_id = employer_overview.employer_id;
        IF NOT FOUND THEN
            PERFORM refuse('RG123', ARRAY[COALESCE(employer_id::text, '-')], 'registry.employer', 'employer_id');
        END IF;
        RETURN QUERY
            SELECT l.link, 'person', l.person_id, p.name, COALESCE(l.state, 'running'), l.valid_from, l.valid_to, l.detail
            FROM registry.person_link l
            JOIN registry.person p ON p.person_id = l.person_id
            WHERE l.entity = 'employer' AND l.entity_id = employer_overview.employer_id
              AND registry.holds_on(l.valid_from, l.valid_to, "on")
            ORDER BY l.link, l.valid_from, l.link_id;
        -- what else its staff have to do with: where they live
        RETURN QUERY
            SELECT l.link, l.entity, l.entity_id, l.title, COALESCE(l.state, 'running'), l.valid_from, l.valid_to,
                   l.detail || jsonb_build_object('person_id', l.person_id)
            FROM registry.employment w
            CROSS JOIN LATERAL (
                SELECT * FROM registry.person_link k
                WHERE k.person_id = w.person_id AND k.link <> 'employment' AND registry.holds_on(k.valid_from, k.valid_to, "on")
                OFFSET 0
            ) AS l
            WHERE w.employer_id = employer_overview.employer_id AND w.void_reason IS NULL
              AND registry.holds_on(w.hired_on, w.ended_on, "on")
            ORDER BY l.person_id, l.link, l.valid_from, l.link_id;
        RETURN QUERY
            SELECT 'lets', 'dwelling', d.dwelling_id, d.address, d.let_state, NULL::date, NULL::date, jsonb_build_object('kind', d.kind)
            FROM registry.employer e
            JOIN registry.dwelling d ON d.landlord_credit_code = e.credit_code
            WHERE e.employer_id = employer_overview.employer_id
            ORDER BY d.dwelling_id;
    END $$;
COMMENT ON FUNCTION api.employer_overview(bigint, date) IS
    'An employer and all who have to do with it on a day (用人单位概览): its staff, where they live, rent and own, and the dwellings that it lets today. Errors: RG123';
$step$);

SELECT residency.ship_step('view/53-permit', 'repeatable', '9753d3a72284ef6d7b4176d1f092607a008f383464026be3a59973706837d25b', NULL, NULL, $step$
-- Permits: what must be true before an event, and what it changes.
-- Every event of every client comes through registry.permit_effect(), one branch an event; registry.permit_follow()
-- then writes down what has changed elsewhere.

CREATE OR REPLACE FUNCTION registry.residence_on(person bigint, "on" date)
    RETURNS registry.residence
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        SELECT r
        FROM registry.residence r
        WHERE r.person_id = person AND r.state IN ('active', 'moved', 'departed', 'auto_closed')
          AND r.arrived_on <= "on" AND (r.departed_on IS NULL OR r.departed_on > "on")
        ORDER BY r.residence_id DESC
        LIMIT 1
    $$;
COMMENT ON FUNCTION registry.residence_on(bigint, date) IS 'The verified residence of a person on a day (当日有效居住登记), NULL if there is none';

CREATE OR REPLACE FUNCTION registry.evidence_list(evidence jsonb, name text)
    RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        -- a null in it names nothing, and compared with anything it would hide what is missing
        SELECT array_remove(array_remove(CASE jsonb_typeof(evidence -> name)
                   WHEN 'array' THEN ARRAY(SELECT jsonb_array_elements_text(evidence -> name))
                   WHEN 'string' THEN regexp_split_to_array(evidence ->> name, '[\s,]+')
                   ELSE '{}' END, NULL), '')
    $$;
COMMENT ON FUNCTION registry.evidence_list(jsonb, text) IS
    'Codes in the evidence of an event (依据清单): a JSON array, or words in a string; never NULL, and without nulls and empty words';

CREATE OR REPLACE FUNCTION registry.evidence_text(evidence jsonb, name text)
    RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$ SELECT NULLIF(btrim(evidence ->> name, E' \t\n\r\u3000\u00a0'), '') $$;
COMMENT ON FUNCTION registry.evidence_text(jsonb, text) IS 'A text in the evidence of an event (依据内容), NULL where there is none or nothing but blanks';

CREATE OR REPLACE FUNCTION registry.evidence_says(evidence jsonb, name text)
    RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$ SELECT COALESCE(lower(evidence ->> name) IN ('true', 't', 'yes', '1'), false) $$;
COMMENT ON FUNCTION registry.evidence_says(jsonb, text) IS 'Whether the evidence of an event says so (依据中的是否项): true, t, yes or 1; anything else does not';

CREATE OR REPLACE FUNCTION registry.permit_misstep(permit bigint, state permit_state, event text)
    RETURNS text[]
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        SELECT ARRAY[permit::text, permit_misstep.state::text, permit_misstep.event, COALESCE(string_agg(t.event, ', '), '-'), permit_state_name(permit_misstep.state),
                     COALESCE((SELECT e.event_zh FROM permit_transitions() e WHERE e.event = permit_misstep.event LIMIT 1), permit_misstep.event),
                     COALESCE(string_agg(t.event_zh, '、'), '无')]
        FROM permit_transitions() t
        WHERE t.from_state = permit_misstep.state
    $$;
COMMENT ON FUNCTION registry.permit_misstep(bigint, permit_state, text) IS
    'The facts of an event that cannot happen in a state (不能办理的事项): permit, state, event and what can happen instead, in English and then in Chinese';

CREATE OR REPLACE FUNCTION registry.next_permit_number(county division_code, "on" date)
    RETURNS text
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        number integer;
    BEGIN
        -- the row stays locked until the approval is committed or taken back: that is what keeps out gaps
        INSERT INTO registry.permit_number AS n (division, year, last_number)
        VALUES (county, extract(year FROM "on"), 1)
        ON CONFLICT (division, year) DO UPDATE SET last_number = n.last_number + 1
        RETURNING last_number INTO number;
        RETURN left(county::text, 6) || to_char("on", 'YYYY') || lpad(number::text, greatest(length(number::text), 6), '0');
    END $$;
COMMENT ON FUNCTION registry.next_permit_number(division_code, date) IS
    'The next number of a county in a year (居住证编号): six digits of the county, four of the year, six of the sequence, or as many as it needs; without gaps. Approvals of one county follow one another from here to their commit';

CREATE OR REPLACE FUNCTION registry.endorse_by(anniversary date, division division_code)
    RETURNS date
    -- PL/pgSQL, which keeps its plan: the nightly job asks it of every permit
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN CASE WHEN policy_bool('endorse_last_day_rolls', division, anniversary)
                    THEN legal_deadline(anniversary - 1, 1, 'day', division) ELSE anniversary END;
    END $$;
COMMENT ON FUNCTION registry.endorse_by(date, division_code) IS
    'The last day for an endorsement (签注截止日): the anniversary, past a rest period where policy endorse_last_day_rolls says so (民法典 Art. 203)';

CREATE OR REPLACE FUNCTION registry.endorsement_missed(permit registry.permit, "on" date)
    RETURNS boolean
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        -- the calendar is asked for days past the anniversary only: next year's may not have been announced
        RETURN CASE WHEN "on" > permit.endorsed_until THEN "on" > registry.endorse_by(permit.endorsed_until, permit.division) ELSE false END;
    END $$;
COMMENT ON FUNCTION registry.endorsement_missed(registry.permit, date) IS 'Whether the last day for an endorsement has passed (是否逾期未签注)';

CREATE OR REPLACE FUNCTION registry.endorse_from(anniversary date, division division_code)
    RETURNS date
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$ SELECT add_term(anniversary, '-' || policy_text('endorse_window', division, anniversary), division) $$;
COMMENT ON FUNCTION registry.endorse_from(date, division_code) IS
    'The first day for an endorsement (签注起始日): policy endorse_window before the anniversary (居住证暂行条例 Art. 10)';

CREATE OR REPLACE FUNCTION registry.permit_entry(entry registry.permit)
    RETURNS registry.permit
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        at        CONSTANT text := 'registry.permit';
        residence registry.residence;
        old       registry.permit;
    BEGIN
        entry.applied_on := COALESCE(entry.applied_on, today());
        IF entry.applied_on > today() THEN
            PERFORM refuse('RG141', ARRAY[entry.applied_on, today()]::text[], at, 'applied_on');
        END IF;
        IF entry.replaces_id IS NOT NULL THEN
            SELECT * INTO old FROM registry.permit p WHERE p.permit_id = entry.replaces_id AND p.person_id = entry.person_id;
            IF NOT FOUND OR old.state <> 'replaced' THEN
                PERFORM refuse('RG169', ARRAY[entry.replaces_id::text], at, 'replaces_id');
            END IF;
            entry.residence_id := old.residence_id;
            entry.ground := old.ground;
        END IF;
        IF entry.residence_id IS NULL THEN
            residence := registry.residence_on(entry.person_id, entry.applied_on);
        ELSE
            SELECT * INTO residence FROM registry.residence r WHERE r.residence_id = entry.residence_id AND r.person_id = entry.person_id;
        END IF;
        IF residence.residence_id IS NULL THEN
            PERFORM refuse('RG144', ARRAY[COALESCE(entry.person_id::text, '-'), entry.applied_on::text], at, 'residence_id');
        END IF;
        entry.residence_id := residence.residence_id;
        entry.division := COALESCE(old.division, county(residence.division));
        entry.city := city(entry.division);
        entry.ground := checked_code('permit_ground', COALESCE(entry.ground, 'employment'), at, 'ground');
        -- the rest comes with the events
        entry.permit_number := NULL;
        entry.clock_id := NULL;
        entry.last_sequence := 0;
        entry.state := NULL;
        entry.issued_on := NULL;
        entry.count_from := NULL;
        entry.endorsed_until := NULL;
        entry.residence_years := 0;
        entry.suspended_on := NULL;
        RETURN entry;
    END $$;
COMMENT ON FUNCTION registry.permit_entry(registry.permit) IS
    'A permit as it is entered (居住证初录): person, ground and residence, today''s where none is given; a replacement takes them from the permit it replaces. RG006, RG141, RG144, RG169';

CREATE OR REPLACE FUNCTION registry.check_permit_application(permit registry.permit, "on" date)
    RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        at     CONSTANT text := 'registry.permit_event';
        person registry.person;
        years  integer;
        needed CONSTANT integer := policy_int('permit_min_age', permit.division, "on");
        other  registry.permit;
    BEGIN
        SELECT * INTO person FROM registry.person p WHERE p.person_id = permit.person_id;
        years := age(person.birth_date, "on");
        -- nobody is their own proxy, and who knows no birthday can't tell a child
        IF permit.proxy_person_id IS NOT DISTINCT FROM permit.person_id THEN
            permit.proxy_person_id := NULL;
        END IF;
        IF permit.proxy_person_id IS NULL AND needed > COALESCE(years, 0) THEN
            PERFORM refuse('RG145', ARRAY[person.person_id::text, COALESCE(years::text, '?'), needed::text], at, 'event');
        END IF;
        IF person.household_division IS NULL THEN
            PERFORM refuse('RG147', ARRAY[person.person_id::text], at, 'event');
        ELSIF city(person.household_division) = permit.city THEN
            PERFORM refuse('RG146', ARRAY[person.person_id::text, person.household_division::text, permit.division::text], at, 'event');
        END IF;
        SELECT * INTO other FROM registry.permit p
        WHERE p.person_id = permit.person_id AND p.city = permit.city AND p.permit_id <> permit.permit_id
          AND p.state <> 'draft' AND permit_phase(p.state) <> 'end';
        IF FOUND THEN
            PERFORM refuse('RG148', ARRAY[other.permit_id::text, other.state::text, permit_state_name(other.state)], at, 'event');
        END IF;
    END $$;
COMMENT ON FUNCTION registry.check_permit_application(registry.permit, date) IS
    'What an application must be (申领校验): RG145 age, RG146 and RG147 household, RG148 one at a time in a city';

CREATE OR REPLACE FUNCTION registry.check_permit_residence(permit registry.permit, "on" date)
    RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        at      CONSTANT text := 'registry.permit_event';
        current registry.residence := registry.residence_on(permit.person_id, "on");
    BEGIN
        IF current.residence_id IS NULL THEN
            PERFORM refuse('RG144', ARRAY[permit.person_id::text, "on"::text], at, 'residence_id');
        ELSIF current.residence_id <> permit.residence_id THEN
            PERFORM refuse('RG157', ARRAY[permit.permit_id, permit.residence_id, current.residence_id]::text[], at, 'residence_id');
        END IF;
    END $$;
COMMENT ON FUNCTION registry.check_permit_residence(registry.permit, date) IS
    'The person lives where the permit says (居住登记校验): RG144 nowhere, RG157 elsewhere';

CREATE OR REPLACE FUNCTION registry.check_permit_materials(permit registry.permit, evidence jsonb)
    RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        needed     text[];
        missing    text;
        missing_zh text;
    BEGIN
        IF permit.state = 'correction' THEN
            -- what was asked for last: an application that was withdrawn and entered again has its own list
            SELECT registry.evidence_list(e.evidence, 'missing') INTO needed FROM registry.permit_event e
            WHERE e.permit_id = permit.permit_id AND e.event = 'request_supplement'
            ORDER BY e.sequence DESC LIMIT 1;
        ELSE
            needed := string_to_array(policy_text('permit_materials_' || permit.ground, permit.division, permit.applied_on), ' ')
                      || CASE WHEN permit.proxy_person_id IS NOT NULL THEN 'proxy_id_card' END;
        END IF;
        SELECT string_agg(n, ', '), string_agg(COALESCE((SELECT v.name FROM code.value v WHERE v.list = 'permit_material' AND v.code = n), n), '、')
        INTO missing, missing_zh
        FROM unnest(needed) AS n
        WHERE n <> ALL (registry.evidence_list(evidence, 'materials') || registry.evidence_list(evidence, 'delivered'));
        IF missing IS NOT NULL THEN
            PERFORM refuse('RG149', ARRAY[missing, missing_zh], 'registry.permit_event', 'evidence');
        END IF;
    END $$;
COMMENT ON FUNCTION registry.check_permit_materials(registry.permit, jsonb) IS
    'The materials are complete (材料校验): those of policy permit_materials_<ground> and the proxy''s identity card, after a request for supplement those on its list. RG149';

CREATE OR REPLACE FUNCTION registry.check_sent_back_in_time(permit registry.permit, "on" date)
    RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        last CONSTANT date := registry.supplement_by(permit.applied_on, permit.division);
    BEGIN
        IF "on" > last THEN
            PERFORM refuse('RG152', ARRAY[permit.applied_on, last]::text[], 'registry.permit_event', 'happened_on');
        END IF;
    END $$;
COMMENT ON FUNCTION registry.check_sent_back_in_time(registry.permit, date) IS
    'An application goes back, for a supplement or as not accepted, before it counts as accepted (视为受理校验; 行政许可法 Art. 32): RG152';

CREATE OR REPLACE FUNCTION registry.check_supplement_request(permit registry.permit, event registry.permit_event)
    RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        at      CONSTANT text := 'registry.permit_event';
        missing CONSTANT text[] := registry.evidence_list(event.evidence, 'missing');
        unknown text;
        before  date;
    BEGIN
        SELECT m INTO unknown FROM unnest(missing) AS m WHERE NOT is_code('permit_material', m) LIMIT 1;
        IF FOUND OR cardinality(missing) = 0 THEN
            PERFORM refuse('RG150', ARRAY[COALESCE(left(unknown, 40), '')], at, 'evidence');
        END IF;
        SELECT e.happened_on INTO before FROM registry.permit_event e
        WHERE e.permit_id = permit.permit_id AND e.event = 'request_supplement' AND e.happened_on >= permit.applied_on;
        IF FOUND THEN
            PERFORM refuse('RG151', ARRAY[permit.permit_id::text, before::text], at, 'event');
        END IF;
        PERFORM registry.check_sent_back_in_time(permit, event.happened_on);
    END $$;
COMMENT ON FUNCTION registry.check_supplement_request(registry.permit, registry.permit_event) IS
    'A request for supplement names everything, once and in time (一次性告知校验; 行政许可法 Art. 32): RG150-RG152';

CREATE OR REPLACE FUNCTION registry.supplement_by(applied_on date, division division_code)
    RETURNS date
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$ SELECT legal_deadline(applied_on, policy_text('supplement_notice', division, applied_on), division) $$;
COMMENT ON FUNCTION registry.supplement_by(date, division_code) IS
    'The last day to ask for a supplement (补正告知截止日), by policy supplement_notice; after it the application counts as accepted (行政许可法 Art. 32)';

CREATE OR REPLACE FUNCTION registry.registered_months(person bigint, city division_code, "on" date)
    RETURNS integer
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        -- thirty days make a month
        SELECT (COALESCE(sum(least(r.departed_on, "on") - greatest(r.arrived_on, add_months_legal("on", -12))), 0) / 30)::integer
        FROM registry.residence r
        WHERE r.person_id = person AND r.state IN ('active', 'moved', 'departed', 'auto_closed') AND city(r.division) = registered_months.city
          AND r.arrived_on < "on" AND COALESCE(r.departed_on > add_months_legal("on", -12), true)
    $$;
COMMENT ON FUNCTION registry.registered_months(bigint, division_code, date) IS
    'Months of thirty days that a person was registered in a city in the year before a day (近一年登记月数)';

CREATE OR REPLACE FUNCTION registry.check_endorsement(permit registry.permit, "on" date)
    RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        at     CONSTANT text := 'registry.permit_event';
        opens  date;
        months integer;
    BEGIN
        IF permit.state = 'valid' THEN
            opens := registry.endorse_from(permit.endorsed_until, permit.division);
            IF "on" < opens THEN
                PERFORM refuse('RG156', ARRAY[permit.permit_id::text, opens::text, permit.endorsed_until::text], at, 'happened_on');
            ELSIF registry.endorsement_missed(permit, "on") THEN
                PERFORM refuse('RG168', ARRAY[permit.permit_id::text, registry.endorse_by(permit.endorsed_until, permit.division)::text],
                               at, 'happened_on');
            END IF;
        END IF;
        PERFORM registry.check_permit_residence(permit, "on");
        months := registry.registered_months(permit.person_id, permit.city, "on");
        IF months < policy_int('endorse_registered_months', permit.division, "on") THEN
            PERFORM refuse('RG170', ARRAY[permit.person_id, months, policy_int('endorse_registered_months', permit.division, "on")]::text[], at, 'event');
        END IF;
    END $$;
COMMENT ON FUNCTION registry.check_endorsement(registry.permit, date) IS
    'An endorsement comes in its window and where the permit''s residence is (签注校验; 居住证暂行条例 Art. 10): RG144, RG156, RG157, RG168, RG170; whether something still entitles is for registry.decide()';

CREATE OR REPLACE FUNCTION registry.lapse_on(suspended_on date, division division_code)
    RETURNS date
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$ SELECT add_term(suspended_on, policy_text('suspended_lapse', division, suspended_on), division) $$;
COMMENT ON FUNCTION registry.lapse_on(date, division_code) IS
    'The day on which a suspended permit lapses (中止期满日), by policy suspended_lapse; NULL where it never does';

CREATE OR REPLACE FUNCTION registry.permit_lapsed(permit registry.permit, "on" date)
    RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        SELECT CASE WHEN permit.suspended_on IS NOT NULL THEN registry.lapse_on(permit.suspended_on, permit.division) <= "on"
                    WHEN registry.endorsement_missed(permit, "on")
                    THEN registry.lapse_on(registry.endorse_by(permit.endorsed_until, permit.division) + 1, permit.division) <= "on"
                    ELSE false END IS TRUE
    $$;
COMMENT ON FUNCTION registry.permit_lapsed(registry.permit, date) IS
    'Whether the suspension of a permit has come to its end by a day (是否中止期满), whether or not the nightly job has entered it';

CREATE OR REPLACE FUNCTION registry.decide(permit registry.permit, event registry.permit_event, granted boolean)
    RETURNS bigint
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        -- eligibility is a matter of the day of application, later events of their own day
        day      CONSTANT date := CASE WHEN event.event IN ('approve', 'refuse') THEN permit.applied_on ELSE event.happened_on END;
        found    jsonb;
        entitled boolean;
        failing  text[];
        decision bigint;
    BEGIN
        SELECT jsonb_agg(to_jsonb(c) ORDER BY c.sort), bool_or(c.holds) FILTER (WHERE c.criterion = 'ground'),
               ARRAY[string_agg(c.criterion, ', ' ORDER BY c.sort) FILTER (WHERE c.required AND c.holds IS NOT TRUE),
                         string_agg(c.criterion_zh, '、' ORDER BY c.sort) FILTER (WHERE c.required AND c.holds IS NOT TRUE)]
        INTO found, entitled, failing
        FROM registry.permit_criterion(permit.person_id, permit.division, day, permit.permit_id) c;
        IF event.event = 'approve' AND failing[1] IS NOT NULL THEN
            PERFORM refuse('RG155', permit.permit_id::text || failing, 'registry.permit_event', 'event');
        ELSIF event.event IN ('endorse', 'endorse_late') AND entitled IS NOT TRUE THEN
            PERFORM refuse('RG158', ARRAY[permit.person_id::text, event.happened_on::text], 'registry.permit_event', 'event');
        END IF;
        INSERT INTO registry.decision (permit_id, matter, granted, decided_on, criteria, reason, remedy, actor)
        VALUES (permit.permit_id, event.event, granted, event.happened_on, found, event.reason,
                CASE WHEN NOT granted THEN COALESCE(registry.evidence_text(event.evidence, 'remedy'),
                                                  policy_text('permit_remedy', permit.division, event.happened_on)) END, event.actor)
        RETURNING decision_id INTO decision;
        RETURN decision;
    END $$;
COMMENT ON FUNCTION registry.decide(registry.permit, registry.permit_event, boolean) IS
    'Writes down a decision with every criterion as it is found, under the rules of its day (作出决定); RG155 an approval that does not rest on all that are required, RG158 an endorsement without a ground';

CREATE OR REPLACE FUNCTION registry.require_reason(event registry.permit_event)
    RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        IF is_plain_text(event.reason, 500) IS NOT TRUE THEN
            PERFORM refuse('RG153', ARRAY[event.event, (SELECT t.event_zh FROM permit_transitions() t WHERE t.event = require_reason.event.event LIMIT 1)], 'registry.permit_event', 'reason');
        END IF;
    END $$;
COMMENT ON FUNCTION registry.require_reason(registry.permit_event) IS 'Refuses with RG153 an event without a reason (理由校验)';

CREATE OR REPLACE FUNCTION registry.check_cancellation(permit registry.permit, event registry.permit_event)
    RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        person registry.person;
        holds  boolean;
    BEGIN
        SELECT * INTO person FROM registry.person p WHERE p.person_id = permit.person_id;
        holds := CASE event.reason
            WHEN 'local_household' THEN city(person.household_division) = permit.city
            WHEN 'departure' THEN city((registry.residence_on(permit.person_id, event.happened_on)).division) IS DISTINCT FROM permit.city
            ELSE is_code('permit_cancel_reason', event.reason) END;
        IF holds IS NOT TRUE THEN
            PERFORM refuse('RG164', ARRAY[permit.permit_id::text, COALESCE(left(event.reason, 40), '')], 'registry.permit_event', 'reason');
        END IF;
    END $$;
COMMENT ON FUNCTION registry.check_cancellation(registry.permit, registry.permit_event) IS
    'A permit is cancelled for a statutory reason that holds (注销校验): RG164';

CREATE OR REPLACE FUNCTION registry.endorse_years(permit registry.permit, event registry.permit_event)
    RETURNS registry.permit_event
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        gap  CONSTANT text := policy_text('gap_policy', permit.division, event.happened_on);
        kept CONSTANT boolean := permit.state = 'valid'
            OR gap = 'tolerate_30' AND event.happened_on <= permit.endorsed_until + 30;
    BEGIN
        -- in time, the year that ends counts and the next one follows; late, it is a matter of the place
        event.residence_years := CASE WHEN kept OR gap = 'exclude_gap' THEN permit.residence_years + 1 ELSE 0 END;
        event.count_from := CASE WHEN kept THEN permit.count_from ELSE event.happened_on END;
        event.endorsed_until := anniversary_after(event.count_from, CASE WHEN kept THEN permit.endorsed_until ELSE event.happened_on END);
        event.suspended_on := NULL;
        RETURN event;
    END $$;
COMMENT ON FUNCTION registry.endorse_years(registry.permit, registry.permit_event) IS
    'Years and next anniversary after an endorsement (签注后居住年限): after a late one by policy gap_policy: exclude_gap keeps the years without the suspended time, tolerate_30 keeps all within 30 days, restart begins anew (居住证暂行条例 Art. 10)';

CREATE OR REPLACE FUNCTION registry.first_delivery(permit registry.permit, event registry.permit_event)
    RETURNS registry.permit_event
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        SELECT CASE policy_text('anniv_basis', permit.division, permit.issued_on)
                   WHEN 'issue_date' THEN permit.issued_on ELSE r.half_year_from END
        INTO event.count_from
        FROM registry.residence r
        WHERE r.residence_id = permit.residence_id;
        event.endorsed_until := anniversary_after(event.count_from, permit.issued_on);
        event.residence_years := greatest(age(event.count_from, permit.issued_on), 0);
        RETURN event;
    END $$;
COMMENT ON FUNCTION registry.first_delivery(registry.permit, registry.permit_event) IS
    'From where the anniversaries of a new permit count, by policy anniv_basis (首个周年日): residence_start the residence''s half-year, issue_date the day of signature';

CREATE OR REPLACE FUNCTION registry.permit_effect(permit registry.permit, event registry.permit_event)
    RETURNS registry.permit_event
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        at       CONSTANT text := 'registry.permit_event';
        today    CONSTANT date := event.happened_on;
        evidence CONSTANT jsonb := event.evidence;
        moved    registry.residence;
        day      date;
        fee      numeric;
    BEGIN
        CASE event.event
        WHEN 'enter' THEN
            NULL;
        WHEN 'apply' THEN
            -- a draft may have waited, or been withdrawn: it is for where the person lives in the county, and on what they rely now
            moved := registry.residence_on(permit.person_id, today);
            IF county(moved.division) = permit.division THEN
                permit.residence_id := moved.residence_id;
            END IF;
            event.residence_id := permit.residence_id;
            event.ground := checked_code('permit_ground', COALESCE(registry.evidence_text(evidence, 'ground'), permit.ground), at, 'evidence');
            PERFORM registry.check_permit_residence(permit, today);
            PERFORM registry.check_permit_application(permit, today);
        WHEN 'accept' THEN
            -- nobody has asked for more in time: by law it is accepted as it is
            IF today <= registry.supplement_by(permit.applied_on, permit.division) THEN
                PERFORM registry.check_permit_materials(permit, evidence);
            END IF;
        WHEN 'request_supplement' THEN
            PERFORM registry.check_supplement_request(permit, event);
        WHEN 'supplement' THEN
            PERFORM registry.check_permit_materials(permit, evidence);
        WHEN 'refuse_acceptance', 'refuse', 'refuse_endorsement' THEN
            IF event.event = 'refuse_acceptance' AND permit.state <> 'correction' THEN
                PERFORM registry.check_sent_back_in_time(permit, today);
            END IF;
            PERFORM registry.require_reason(event);
            event.decision_id := registry.decide(permit, event, false);
        WHEN 'verify' THEN
            PERFORM registry.check_permit_residence(permit, today);
        WHEN 'approve' THEN
            event.decision_id := registry.decide(permit, event, true);
            -- who has left the city or died since gets none
            IF city((registry.residence_on(permit.person_id, today)).division) IS DISTINCT FROM permit.city THEN
                PERFORM refuse('RG144', ARRAY[permit.person_id::text, today::text], at, 'residence_id');
            END IF;
            event.issued_on := today;
        WHEN 'make', 'remake', 'withdraw', 'report_lost' THEN
            NULL;
        WHEN 'find' THEN
            event.suspended_on := NULL;
        WHEN 'fail' THEN
            PERFORM registry.require_reason(event);
        WHEN 'deliver' THEN
            IF COALESCE(registry.evidence_text(evidence, 'collector'), registry.evidence_text(evidence, 'tracking_number')) IS NULL THEN
                PERFORM refuse('RG154', '{}', at, 'evidence');
            ELSIF NOT EXISTS (SELECT FROM registry.residence r
                              WHERE r.residence_id = permit.residence_id AND r.state NOT IN ('rejected', 'voided')) THEN
                -- it rests on a registration that was wrong
                PERFORM refuse('RG144', ARRAY[permit.person_id::text, today::text], at, 'residence_id');
            END IF;
            event.suspended_on := NULL;
            IF permit.replaces_id IS NULL THEN
                event := registry.first_delivery(permit, event);
            END IF;
        WHEN 'suspend' THEN
            IF NOT registry.endorsement_missed(permit, today) THEN
                PERFORM refuse('RG159', ARRAY[permit.permit_id::text, permit.endorsed_until::text], at, 'happened_on');
            END IF;
            event.suspended_on := registry.endorse_by(permit.endorsed_until, permit.division) + 1;
        WHEN 'endorse', 'endorse_late' THEN
            IF permit.state = 'suspended' AND registry.permit_lapsed(permit, today) THEN
                PERFORM refuse('RG172', ARRAY[permit.permit_id::text, permit.suspended_on::text,
                                              registry.lapse_on(permit.suspended_on, permit.division)::text], at, 'happened_on');
            END IF;
            PERFORM registry.check_endorsement(permit, today);
            event.decision_id := registry.decide(permit, event, true);
            event := registry.endorse_years(permit, event);
        WHEN 'lapse' THEN
            day := registry.lapse_on(permit.suspended_on, permit.division);
            IF day IS NULL OR today < day THEN
                PERFORM refuse('RG160', ARRAY[permit.permit_id::text, permit.suspended_on::text, COALESCE(day::text, '-')], at, 'happened_on');
            END IF;
        WHEN 'change_address' THEN
            moved := registry.residence_on(permit.person_id, today);
            IF moved.residence_id IS NULL THEN
                PERFORM refuse('RG144', ARRAY[permit.person_id::text, today::text], at, 'residence_id');
            ELSIF moved.residence_id = permit.residence_id OR city(moved.division) <> permit.city THEN
                PERFORM refuse('RG161', ARRAY[moved.residence_id::text, permit.city::text], at, 'residence_id');
            END IF;
            event.residence_id := moved.residence_id;
        WHEN 'replace' THEN
            IF permit.state = 'valid' AND NOT registry.evidence_says(evidence, 'returned_card') THEN
                PERFORM refuse('RG162', ARRAY[permit.permit_id::text], at, 'evidence');
            END IF;
            fee := policy_numeric('permit_replacement_fee', permit.division, today);
            IF fee > 0 AND NOT registry.evidence_says(evidence, 'fee_paid') THEN
                PERFORM refuse('RG167', ARRAY[fee::text], at, 'evidence');
            END IF;
        WHEN 'reissue' THEN
            SELECT today, p.count_from, p.endorsed_until, p.residence_years, p.suspended_on
            INTO event.issued_on, event.count_from, event.endorsed_until, event.residence_years, event.suspended_on
            FROM registry.permit p
            WHERE p.permit_id = permit.replaces_id;
        WHEN 'cancel' THEN
            PERFORM registry.check_cancellation(permit, event);
        WHEN 'revoke' THEN
            IF registry.evidence_text(evidence, 'penalty_decision') IS NULL THEN
                PERFORM refuse('RG163', ARRAY[permit.permit_id::text], at, 'evidence');
            END IF;
        END CASE;
        RETURN event;
    END $$;
COMMENT ON FUNCTION registry.permit_effect(registry.permit, registry.permit_event) IS
    'Whether an event may happen to a permit, and the permit after it (办理事项的条件与效果), one branch an event: RG144-RG164, RG167, RG168, RG170, RG172';

CREATE OR REPLACE FUNCTION registry.permit_clock(permit registry.permit, event registry.permit_event)
    RETURNS bigint
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        IF event.to_state = 'accepted' THEN
            RETURN registry.start_clock('permit_issue', permit.division,
                CASE WHEN event.event = 'accept' AND event.happened_on > registry.supplement_by(permit.applied_on, permit.division)
                     THEN permit.applied_on ELSE event.happened_on END);
        ELSIF event.event = 'reissue' AND policy_text('permit_replace', permit.division, event.happened_on) IS NOT NULL THEN
            RETURN registry.start_clock('permit_replace', permit.division, event.happened_on);
        ELSIF event.event IN ('deliver', 'refuse', 'withdraw', 'revoke') AND permit_phase(event.from_state) = 'application'
              -- that of an application withdrawn before, or one that was stopped by hand, has ended
              AND EXISTS (SELECT FROM registry.clock c WHERE c.clock_id = permit.clock_id AND c.state <> 'stopped') THEN
            PERFORM registry.clock_step(permit.clock_id, 'stop', event.happened_on);
        END IF;
        RETURN permit.clock_id;
    END $$;
COMMENT ON FUNCTION registry.permit_clock(registry.permit, registry.permit_event) IS
    'The time limit of an application (办理时限): starts with the acceptance – from the day of receipt where nobody asked for more in time –, or with the replacement where the place has permit_replace; stops with delivery, refusal, withdrawal or revocation';

CREATE OR REPLACE FUNCTION registry.permit_after(permit registry.permit, event registry.permit_event)
    RETURNS registry.permit
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        permit.last_sequence := event.sequence;
        permit.state := event.to_state;
        permit.residence_id := event.residence_id;
        permit.ground := event.ground;
        permit.issued_on := event.issued_on;
        permit.count_from := event.count_from;
        permit.endorsed_until := event.endorsed_until;
        permit.residence_years := event.residence_years;
        permit.suspended_on := event.suspended_on;
        IF event.event = 'apply' THEN
            permit.applied_on := event.happened_on;
        END IF;
        RETURN permit;
    END $$;
COMMENT ON FUNCTION registry.permit_after(registry.permit, registry.permit_event) IS 'A permit as an event leaves it (事项后的居住证)';

CREATE OR REPLACE FUNCTION registry.permit_ended_by(person bigint, city division_code)
    RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        SELECT CASE WHEN p.died_on IS NOT NULL THEN 'death'
                    WHEN city(p.household_division) = permit_ended_by.city THEN 'local_household' END
        FROM registry.person p
        WHERE p.person_id = person
    $$;
COMMENT ON FUNCTION registry.permit_ended_by(bigint, division_code) IS
    'What ends the permits of a person in a city by itself, a code of permit_cancel_reason (自动注销原因): death, local_household; NULL nothing';

CREATE OR REPLACE FUNCTION registry.permit_follow(event registry.permit_event)
    RETURNS void
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        permit registry.permit;
        clock  bigint;
        ended  text;
    BEGIN
        SELECT * INTO permit FROM registry.permit p WHERE p.permit_id = event.permit_id;
        clock := registry.permit_clock(permit, event);
        permit := registry.permit_after(permit, event);
        UPDATE registry.permit p
        SET (last_sequence, state, residence_id, ground, issued_on, count_from, endorsed_until, residence_years, suspended_on, applied_on, clock_id)
            = (permit.last_sequence, permit.state, permit.residence_id, permit.ground, permit.issued_on, permit.count_from,
               permit.endorsed_until, permit.residence_years, permit.suspended_on, permit.applied_on, clock)
        WHERE p.permit_id = event.permit_id;

        IF event.event = 'replace' THEN
            INSERT INTO registry.permit (person_id, proxy_person_id, applied_on, replaces_id)
            VALUES (permit.person_id, permit.proxy_person_id, event.happened_on, permit.permit_id);
        ELSIF event.event = 'refuse_endorsement'
              AND policy_bool('refused_endorsement_cancels', permit.division, event.happened_on) THEN
            INSERT INTO registry.permit_event (permit_id, event, happened_on, reason, channel)
            VALUES (permit.permit_id, 'cancel', event.happened_on, 'refused_endorsement', event.channel);
        ELSIF event.event IN ('deliver', 'find') THEN
            -- what happened while there was no card to end or suspend; an import tells it itself in its next row
            -- a death that is being entered is waited for; it finds the card of a transaction that was first
            IF event.event = 'deliver' THEN
                PERFORM FROM registry.person p WHERE p.person_id = permit.person_id FOR SHARE;
            END IF;
            ended := registry.permit_ended_by(permit.person_id, permit.city);
            INSERT INTO registry.permit_event (permit_id, event, happened_on, reason, channel)
            SELECT permit.permit_id, CASE WHEN ended IS NULL THEN 'suspend' ELSE 'cancel' END, event.happened_on, ended, 'system'
            WHERE (ended IS NOT NULL OR registry.endorsement_missed(permit, event.happened_on))
              AND NOT EXISTS (SELECT FROM registry.permit_event e WHERE e.permit_id = permit.permit_id AND e.sequence > permit.last_sequence);
        END IF;
    END $$;
COMMENT ON FUNCTION registry.permit_follow(registry.permit_event) IS
    'What an event brings about (办理事项生效): the permit as it is now, its clock; a replaced permit has a successor; a refused endorsement ends the permit where policy refused_endorsement_cancels says so; a card that is delivered or found after its last day for an endorsement is suspended, after a death or the household''s move cancelled, at once';
$step$);

SELECT residency.ship_step('view/53-permit_criterion', 'repeatable', 'e0f58aa75ff662267e43670a11842cb84752717fec8a7563b41bc706610bd58d', NULL, NULL, $step$
-- Who could have a residence permit, criterion by criterion: what decisions rest on, and what applications and kiosks ask.

CREATE OR REPLACE FUNCTION registry.setting_note(key text, division division_code, "on" date)
    RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        SELECT format('%s = %s (%s: %s)', s.key, COALESCE(s.value, '-'), COALESCE(s.division::text, '全国'), s.legal_basis)
        FROM policy.setting s
        WHERE s.setting_id = policy_setting(setting_note.key, setting_note.division, "on")
    $$;
COMMENT ON FUNCTION registry.setting_note(text, division_code, date) IS
    'The setting that holds in a division on a day in words (适用政策说明): key, value, where it was set, by which clause';

CREATE OR REPLACE FUNCTION registry.permit_criterion(
        person bigint, division division_code, "on" date, permit bigint DEFAULT NULL)
    RETURNS TABLE (sort integer, criterion text, criterion_zh text, required boolean, holds boolean,
                   since date, holds_from date, evidence text, clause text, setting text)
    LANGUAGE sql STABLE PARALLEL SAFE ROWS 10
    SET search_path FROM CURRENT
    AS $$
        WITH subject AS (
            SELECT p.person_id, p.birth_date, p.household_division, r.residence_id, r.arrived_on, r.half_year_from,
                   city(permit_criterion.division) AS city, r.division AS lives_in,
                   policy_int('permit_min_age', permit_criterion.division, "on") AS min_age,
                   half_year_on(r.half_year_from, permit_criterion.division) AS half_year_on
            FROM registry.person p
            LEFT JOIN registry.residence_on(p.person_id, "on") r ON city(r.division) = city(permit_criterion.division)
            WHERE p.person_id = person
        ), ground AS (
            SELECT 6 AS sort, 'employment' AS criterion, '合法稳定就业' AS criterion_zh, lower(e.period) AS since,
                   format('employment %s, employer %s, %s', e.employment_id, e.employer_id, e.kind) AS evidence
            FROM subject s
            LEFT JOIN LATERAL (
                SELECT * FROM registry.employment e
                WHERE e.person_id = s.person_id AND e.period @> "on" AND e.voided_at IS NULL
                ORDER BY lower(e.period) LIMIT 1) e ON true
            UNION ALL
            SELECT 7, 'dwelling', '合法稳定住所', home.since, home.evidence
            FROM subject s
            LEFT JOIN LATERAL (
                SELECT lower(o.period) AS since, format('ownership %s of dwelling %s', o.ownership_id, o.dwelling_id) AS evidence
                FROM registry.ownership o JOIN registry.dwelling d USING (dwelling_id)
                WHERE o.person_id = s.person_id AND o.period @> "on" AND o.voided_at IS NULL AND city(d.division) = s.city
                UNION ALL
                -- a lease counts once it is filed
                SELECT greatest(lower(t.period), t.filed_on), format('tenancy %s of dwelling %s, filed %s', t.tenancy_id, t.dwelling_id, t.filed_on)
                FROM registry.tenancy t JOIN registry.dwelling d USING (dwelling_id)
                WHERE t.person_id = s.person_id AND t.period @> "on" AND t.voided_at IS NULL AND t.filed_on <= "on" AND city(d.division) = s.city
                UNION ALL
                -- what an employer or school provides (单位内部)
                SELECT r.arrived_on, format('residence %s in a dormitory', r.residence_id)
                FROM registry.residence r
                JOIN code.value v ON v.list = 'place_kind' AND v.code = r.place_kind AND v.parent = '3'
                WHERE r.residence_id = s.residence_id
                ORDER BY 1 LIMIT 1) home ON true
            UNION ALL
            SELECT 8, 'study', '连续就读', lower(x.period), format('schooling %s, %s', x.schooling_id, x.school_name)
            FROM subject s
            LEFT JOIN LATERAL (
                SELECT * FROM registry.schooling x
                WHERE x.person_id = s.person_id AND x.period @> "on" AND x.voided_at IS NULL AND x.student_number IS NOT NULL
                ORDER BY lower(x.period) LIMIT 1) x ON true
        ), other AS (
            SELECT p.permit_id, p.state
            FROM subject s JOIN registry.permit p ON p.person_id = s.person_id AND p.city = s.city
            WHERE p.state <> 'draft' AND permit_phase(p.state) <> 'end' AND p.permit_id IS DISTINCT FROM permit
            LIMIT 1
        )
        SELECT 0, 'issued_here', '当地发放居住证', true, policy_bool('permit_issued', permit_criterion.division, "on"), NULL::date, NULL::date,
               format('permits are %sissued in %s', CASE WHEN policy_bool('permit_issued', permit_criterion.division, "on") THEN '' ELSE 'not ' END, permit_criterion.division),
               '居住证暂行条例 Art. 2', registry.setting_note('permit_issued', division, "on")
        UNION ALL
        SELECT 1, 'age', '年龄', true, COALESCE(age(s.birth_date, "on"), 0) >= COALESCE(s.min_age, 0) OR EXISTS (
                   SELECT FROM registry.permit p WHERE p.permit_id = permit AND p.proxy_person_id <> p.person_id),
               add_months_legal(s.birth_date, 12 * s.min_age), add_months_legal(s.birth_date, 12 * s.min_age),
               COALESCE(age(s.birth_date, "on") || ' years old', 'birthday unknown'), '居住证暂行条例 Art. 9', registry.setting_note('permit_min_age', division, "on")
        FROM subject s
        UNION ALL
        SELECT 2, 'registration', '居住登记', true, s.residence_id IS NOT NULL, s.arrived_on, NULL,
               CASE WHEN s.residence_id IS NULL THEN 'no active residence in this city' ELSE format('residence %s in %s', s.residence_id, s.lives_in) END, '居住证暂行条例 Art. 2; 公通字〔2015〕38号', NULL
        FROM subject s
        UNION ALL
        SELECT 3, 'other_city', '户籍不在本市', true, COALESCE(city(s.household_division) <> s.city, false), NULL, NULL,
               format('household in %s', COALESCE(s.household_division::text, 'an unknown place')), '居住证暂行条例 Art. 2; 公通字〔2015〕38号', NULL
        FROM subject s
        UNION ALL
        SELECT 4, 'half_year', '居住满半年', true, COALESCE(s.half_year_on <= "on", false),
               CASE WHEN s.half_year_on <= "on" THEN s.half_year_on END, s.half_year_on,
               CASE WHEN s.half_year_from IS NULL THEN 'not registered' ELSE format('registered without a break since %s', s.half_year_from) END, '居住证暂行条例 Art. 2; 公通字〔2015〕38号',
               registry.setting_note('permit_half_year', division, COALESCE(s.half_year_from, "on"))
        FROM subject s
        UNION ALL
        SELECT 5, 'ground', '就业、住所、就读之一', true, bool_or(g.since IS NOT NULL), min(g.since), NULL,
               COALESCE(string_agg(g.criterion, ', ' ORDER BY g.sort) FILTER (WHERE g.since IS NOT NULL), 'none of employment, dwelling and study'),
               '居住证暂行条例 Art. 2', NULL
        FROM ground g
        UNION ALL
        SELECT g.sort, g.criterion, g.criterion_zh, false, g.since IS NOT NULL, g.since, NULL,
               CASE WHEN g.since IS NULL THEN 'nothing registered that holds on this day' ELSE g.evidence END, '居住证暂行条例 Art. 2; 公通字〔2015〕38号', NULL
        FROM ground g
        UNION ALL
        SELECT 9, 'no_other_permit', '无在办业务或有效居住证', true, NOT EXISTS (SELECT FROM other), NULL, NULL,
               COALESCE((SELECT format('permit %s is %s', o.permit_id, o.state) FROM other o), 'none in this city'), '居住证暂行条例 Art. 9', NULL
        ORDER BY 1
    $$;
COMMENT ON FUNCTION registry.permit_criterion(bigint, division_code, date, bigint) IS
    'What a residence permit asks for, one row a criterion (居住证条件逐项核查): whether it holds for a person in the city of a division on a day, since when, when it will, on what evidence, by which clause and setting; leaving out one permit of the person''s own. Of employment, dwelling and study one is enough (ground). Both half a year of registration and a ground are needed';
$step$);

SELECT residency.ship_step('view/54-permit_act', 'repeatable', 'df8555316cc1961ceb464d7a603d7927c2887b4a1ba017f6c9fcb99b0955a3fd', NULL, NULL, $step$
-- The acts on permits: each names a permit, chooses the events and lets them decide.

CREATE OR REPLACE FUNCTION registry.named_permit(act text, arguments jsonb)
    RETURNS registry.permit
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    AS $$
    DECLARE
        permit registry.permit;
        person bigint;
    BEGIN
        PERFORM registry.require_argument(act, arguments, 'permit_id', 'permit_number', 'person_id', 'resident_id');
        IF arguments ?| '{person_id,resident_id}' THEN
            person := registry.named_person(act, arguments);
        END IF;
        IF arguments ? 'permit_id' THEN
            SELECT * INTO permit FROM registry.permit p
            WHERE p.permit_id = (arguments ->> 'permit_id')::bigint AND (p.permit_number = arguments ->> 'permit_number' OR NOT arguments ? 'permit_number');
        ELSIF arguments ? 'permit_number' THEN
            SELECT * INTO permit FROM registry.permit p WHERE p.permit_number = arguments ->> 'permit_number';
        ELSE
            -- the one that is going on, or else a draft, or else the last
            SELECT * INTO permit FROM registry.permit p
            WHERE p.person_id = person
            ORDER BY permit_phase(p.state) = 'end', p.state = 'draft', p.permit_id DESC
            LIMIT 1;
        END IF;
        IF permit.permit_id IS NULL THEN
            PERFORM refuse('RG165', ARRAY[COALESCE(arguments ->> 'permit_id', mask_number(arguments ->> 'permit_number'), person::text)], 'registry.permit', 'permit_id');
        ELSIF permit.person_id <> person THEN
            PERFORM refuse('RG086', ARRAY[permit.person_id, person]::text[], 'registry.permit', 'person_id');
        END IF;
        RETURN permit;
    END $$;
COMMENT ON FUNCTION registry.named_permit(text, jsonb) IS
    'The permit that the arguments permit_id, permit_number, person_id or resident_id name (居住证定位): of a person the one that is going on, or else a draft, or else the last; all that are given must fit. RG010, RG086, RG165, RG085';

CREATE OR REPLACE FUNCTION registry.take_permit_event(permit bigint, event text, arguments jsonb)
    RETURNS permit_state
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        state permit_state;
    BEGIN
        INSERT INTO registry.permit_event (permit_id, event, happened_on, channel, reason, evidence)
        VALUES (permit, event, (arguments ->> 'happened_on')::date, arguments ->> 'channel', arguments ->> 'reason',
                arguments - '{permit_id,permit_number,person_id,resident_id,proxy_person_id,happened_on,channel,reason,granted,outcome}'::text[])
        RETURNING to_state INTO state;
        RETURN state;
    END $$;
COMMENT ON FUNCTION registry.take_permit_event(bigint, text, jsonb) IS
    'Enters an event of a permit from the arguments of an act (登记办理事项); what is no column of the event is evidence';

CREATE OR REPLACE FUNCTION registry.permit_answer(act text, permit bigint)
    RETURNS api.answer
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        answer api.answer;
    BEGIN
        answer.accepted := true;
        answer.act := act;
        SELECT p.person_id, p.residence_id, r.dwelling_id, p.permit_id, p.permit_number, p.state::text
        INTO answer.person_id, answer.residence_id, answer.dwelling_id, answer.permit_id, answer.permit_number, answer.state
        FROM registry.permit p
        JOIN registry.residence r USING (residence_id)
        WHERE p.permit_id = permit;
        RETURN answer;
    END $$;
COMMENT ON FUNCTION registry.permit_answer(text, bigint) IS 'How an act answers with a permit (办理结果)';

CREATE OR REPLACE FUNCTION registry.apply_permit(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        permit bigint;
    BEGIN
        IF arguments ? 'permit_id' THEN
            permit := (registry.named_permit(act, arguments)).permit_id;
        END IF;
        IF permit IS NULL THEN
            INSERT INTO registry.permit (person_id, proxy_person_id, ground, applied_on)
            VALUES (registry.named_person(act, arguments), (arguments ->> 'proxy_person_id')::bigint, arguments ->> 'ground',
                    (arguments ->> 'happened_on')::date)
            RETURNING permit_id INTO permit;
        ELSIF arguments ? 'proxy_person_id' THEN
            UPDATE registry.permit p SET proxy_person_id = (arguments ->> 'proxy_person_id')::bigint WHERE p.permit_id = permit AND p.state = 'draft';
        END IF;
        PERFORM registry.take_permit_event(permit, 'apply', arguments);
        RETURN registry.permit_answer(act, permit);
    END $$;
COMMENT ON FUNCTION registry.apply_permit(text, jsonb) IS 'The act behind api.apply_permit() (居住证申领)';

CREATE OR REPLACE FUNCTION registry.decide_permit(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        permit  CONSTANT registry.permit := registry.named_permit(act, arguments);
        granted CONSTANT boolean := COALESCE((arguments ->> 'granted')::boolean, true);
    BEGIN
        -- on the spot the application is refused acceptance; later it is checked first
        IF permit.state = 'submitted' AND NOT granted THEN
            PERFORM registry.take_permit_event(permit.permit_id, 'refuse_acceptance', arguments);
        ELSE
            IF permit.state = 'accepted' THEN
                PERFORM registry.take_permit_event(permit.permit_id, 'verify', arguments);
            END IF;
            PERFORM registry.take_permit_event(permit.permit_id, CASE WHEN granted THEN 'approve' ELSE 'refuse' END, arguments);
        END IF;
        RETURN registry.permit_answer(act, permit.permit_id);
    END $$;
COMMENT ON FUNCTION registry.decide_permit(text, jsonb) IS 'The act behind api.decide_permit() (审批)';

CREATE OR REPLACE FUNCTION registry.produce_permit(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        permit CONSTANT registry.permit := registry.named_permit(act, arguments);
    BEGIN
        IF permit.state = 'make_failed' THEN
            PERFORM registry.take_permit_event(permit.permit_id, 'remake', arguments);
        END IF;
        PERFORM registry.take_permit_event(permit.permit_id,
            CASE WHEN COALESCE((arguments ->> 'granted')::boolean, true) THEN 'make' ELSE 'fail' END, arguments);
        RETURN registry.permit_answer(act, permit.permit_id);
    END $$;
COMMENT ON FUNCTION registry.produce_permit(text, jsonb) IS 'The act behind api.produce_permit() (制证)';

CREATE OR REPLACE FUNCTION registry.endorse_permit(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        permit CONSTANT registry.permit := registry.named_permit(act, arguments);
        day    CONSTANT date := COALESCE((arguments ->> 'happened_on')::date, today());
        state  permit_state := permit.state;
    BEGIN
        IF NOT COALESCE((arguments ->> 'granted')::boolean, true) THEN
            PERFORM registry.take_permit_event(permit.permit_id, 'refuse_endorsement', arguments);
            RETURN registry.permit_answer(act, permit.permit_id);
        END IF;
        -- who comes before the nightly job is as late as who comes after it
        IF state = 'valid' AND registry.endorsement_missed(permit, day) THEN
            state := registry.take_permit_event(permit.permit_id, 'suspend',
                jsonb_build_object('happened_on', registry.endorse_by(permit.endorsed_until, permit.division) + 1, 'channel', 'system'));
        END IF;
        PERFORM registry.take_permit_event(permit.permit_id, CASE WHEN state = 'suspended' THEN 'endorse_late' ELSE 'endorse' END, arguments);
        RETURN registry.permit_answer(act, permit.permit_id);
    END $$;
COMMENT ON FUNCTION registry.endorse_permit(text, jsonb) IS 'The act behind api.endorse_permit() (签注)';

CREATE OR REPLACE FUNCTION registry.replace_permit(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        permit    CONSTANT registry.permit := registry.named_permit(act, arguments);
        successor bigint;
    BEGIN
        PERFORM registry.take_permit_event(permit.permit_id, 'replace', arguments);
        SELECT p.permit_id INTO successor FROM registry.permit p WHERE p.replaces_id = permit.permit_id;
        RETURN registry.permit_answer(act, successor);
    END $$;
COMMENT ON FUNCTION registry.replace_permit(text, jsonb) IS 'The act behind api.replace_permit() (换领补领): answers with the new permit';

CREATE OR REPLACE FUNCTION registry.report_permit_lost(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        permit CONSTANT registry.permit := registry.named_permit(act, arguments);
    BEGIN
        PERFORM registry.take_permit_event(permit.permit_id,
            CASE WHEN (arguments ->> 'turned_up')::boolean THEN 'find' ELSE 'report_lost' END, arguments - 'turned_up');
        RETURN registry.permit_answer(act, permit.permit_id);
    END $$;
COMMENT ON FUNCTION registry.report_permit_lost(text, jsonb) IS 'The act behind api.report_permit_lost() (挂失、找回)';

CREATE OR REPLACE FUNCTION registry.permit_act(act text, event text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        permit CONSTANT registry.permit := registry.named_permit(act, arguments);
    BEGIN
        PERFORM registry.take_permit_event(permit.permit_id, event, arguments);
        RETURN registry.permit_answer(act, permit.permit_id);
    END $$;
COMMENT ON FUNCTION registry.permit_act(text, text, jsonb) IS 'An act that is one event of the permit that its arguments name (单一事项办理)';

DO $$
DECLARE
    simple record;
BEGIN
    FOR simple IN
        SELECT * FROM (VALUES
            ('accept_permit', 'accept', '受理'), ('request_supplement', 'request_supplement', '补正告知'),
            ('supplement_permit', 'supplement', '补齐'), ('deliver_permit', 'deliver', '发证'),
            ('change_permit_address', 'change_address', '居住变更'), ('cancel_permit', 'cancel', '注销'),
            ('revoke_permit', 'revoke', '撤销收缴'), ('withdraw_permit', 'withdraw', '撤回申请')) AS v (act, event, zh)
    LOOP
        EXECUTE format(
            $f$CREATE OR REPLACE FUNCTION registry.%1$I(act text, arguments jsonb)
                   RETURNS api.answer
                   LANGUAGE plpgsql
                   SET search_path FROM CURRENT
                   AS $body$
                   BEGIN
                       RETURN registry.permit_act(act, %2$L, arguments);
                   END $body$;
               COMMENT ON FUNCTION registry.%1$I(text, jsonb) IS %3$L$f$,
            simple.act, simple.event, format('The act behind api.%s() (%s)', simple.act, simple.zh));
    END LOOP;
END $$;
$step$);

SELECT residency.ship_step('view/54-permit_api', 'repeatable', '15b6403e70741c8f6f206a3fe35f0e4b461eb91352fa9a8575825032b89d0357', NULL, NULL, $step$
-- What applications call on permits. Parameters bear the names of the columns and of the evidence that they fill;
-- what is common to all acts stands in 50-request.sql.

CREATE OR REPLACE FUNCTION api.apply_permit(
        person_id bigint DEFAULT NULL, resident_id text DEFAULT NULL, ground text DEFAULT NULL,
        proxy_person_id bigint DEFAULT NULL, permit_id bigint DEFAULT NULL, happened_on date DEFAULT NULL,
        channel text DEFAULT 'window', request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('apply_permit', jsonb_build_object(
            'person_id', person_id, 'resident_id', resident_id, 'ground', ground, 'proxy_person_id', proxy_person_id,
            'permit_id', permit_id, 'happened_on', happened_on, 'channel', channel),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.apply_permit(bigint, text, text, bigint, bigint, date, text, uuid, boolean) IS
    'Applies for a residence permit where the person lives (居住证申领; 居住证暂行条例 Art. 2, 9). person_id or resident_id; ground: employment, dwelling or study, list permit_ground, NULL is employment or that of the draft; proxy_person_id: who applies for them; permit_id: a draft to go on with, at the present address in its county. happened_on, NULL is today; channel: list channel. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers permit_id and state submitted. Errors: RG006, RG010, RG085, RG086, RG140-RG142, RG144-RG148, RG157, RG080';

CREATE OR REPLACE FUNCTION api.accept_permit(
        permit_id bigint DEFAULT NULL, permit_number text DEFAULT NULL, person_id bigint DEFAULT NULL,
        resident_id text DEFAULT NULL, materials text[] DEFAULT NULL, happened_on date DEFAULT NULL,
        channel text DEFAULT 'window', request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('accept_permit', jsonb_build_object(
            'permit_id', permit_id, 'permit_number', permit_number, 'person_id', person_id,
            'resident_id', resident_id, 'materials', materials, 'happened_on', happened_on, 'channel', channel),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.accept_permit(bigint, text, bigint, text, text[], date, text, uuid, boolean) IS
    'Accepts an application whose materials are complete (受理; 居住证暂行条例 Art. 9): the time limit starts. materials: codes of permit_material that were handed in. permit_id, permit_number, person_id or resident_id name the permit; happened_on, NULL is today; channel: list channel. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers the permit, accepted. Errors: RG140-RG142, RG149, RG165, RG080';

CREATE OR REPLACE FUNCTION api.request_supplement(
        permit_id bigint DEFAULT NULL, permit_number text DEFAULT NULL, person_id bigint DEFAULT NULL,
        resident_id text DEFAULT NULL, missing text[] DEFAULT NULL, happened_on date DEFAULT NULL,
        channel text DEFAULT 'window', request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('request_supplement', jsonb_build_object(
            'permit_id', permit_id, 'permit_number', permit_number, 'person_id', person_id,
            'resident_id', resident_id, 'missing', missing, 'happened_on', happened_on, 'channel', channel),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.request_supplement(bigint, text, bigint, text, text[], date, text, uuid, boolean) IS
    'Tells the applicant everything that is missing, once (补正告知; 行政许可法 Art. 32). missing: codes of permit_material. permit_id, permit_number, person_id or resident_id name the permit; happened_on, NULL is today; channel: list channel. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers the permit, in correction. Errors: RG140-RG142, RG150-RG152, RG165, RG080';

CREATE OR REPLACE FUNCTION api.supplement_permit(
        permit_id bigint DEFAULT NULL, permit_number text DEFAULT NULL, person_id bigint DEFAULT NULL,
        resident_id text DEFAULT NULL, delivered text[] DEFAULT NULL, happened_on date DEFAULT NULL,
        channel text DEFAULT 'window', request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('supplement_permit', jsonb_build_object(
            'permit_id', permit_id, 'permit_number', permit_number, 'person_id', person_id,
            'resident_id', resident_id, 'delivered', delivered, 'happened_on', happened_on, 'channel', channel),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.supplement_permit(bigint, text, bigint, text, text[], date, text, uuid, boolean) IS
    'Takes what was missing and accepts the application (补齐受理; 行政许可法 Art. 32). delivered: codes of permit_material. permit_id, permit_number, person_id or resident_id name the permit; happened_on, NULL is today; channel: list channel. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers the permit, accepted. Errors: RG140-RG142, RG149, RG165, RG080';

CREATE OR REPLACE FUNCTION api.decide_permit(
        permit_id bigint DEFAULT NULL, permit_number text DEFAULT NULL, person_id bigint DEFAULT NULL,
        resident_id text DEFAULT NULL, granted boolean DEFAULT true, reason text DEFAULT NULL,
        remedy text DEFAULT NULL, happened_on date DEFAULT NULL, channel text DEFAULT 'window',
        request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('decide_permit', jsonb_build_object(
            'permit_id', permit_id, 'permit_number', permit_number, 'person_id', person_id,
            'resident_id', resident_id, 'granted', granted, 'reason', reason, 'remedy', remedy,
            'happened_on', happened_on, 'channel', channel),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.decide_permit(bigint, text, bigint, text, boolean, text, text, date, text, uuid, boolean) IS
    'Decides on an application (审批; 居住证暂行条例 Art. 10): granted checks every criterion and gives the number; otherwise it is refused with a reason, on the spot as not accepted. remedy: what the person can do, a standard notice where nothing is entered. permit_id, permit_number, person_id or resident_id name the permit; happened_on, NULL is today; channel: list channel. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers the permit: making, refused or not_accepted. Errors: RG140-RG142, RG144, RG153, RG155, RG157, RG165, RG080';

CREATE OR REPLACE FUNCTION api.produce_permit(
        permit_id bigint DEFAULT NULL, permit_number text DEFAULT NULL, person_id bigint DEFAULT NULL,
        resident_id text DEFAULT NULL, granted boolean DEFAULT true, reason text DEFAULT NULL,
        happened_on date DEFAULT NULL, channel text DEFAULT 'window', request_id uuid DEFAULT NULL,
        dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('produce_permit', jsonb_build_object(
            'permit_id', permit_id, 'permit_number', permit_number, 'person_id', person_id,
            'resident_id', resident_id, 'granted', granted, 'reason', reason, 'happened_on', happened_on,
            'channel', channel),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.produce_permit(bigint, text, bigint, text, boolean, text, date, text, uuid, boolean) IS
    'Enters that the card was made (制证); granted false: that it failed, with a reason. permit_id, permit_number, person_id or resident_id name the permit; happened_on, NULL is today; channel: list channel. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers the permit: ready or make_failed. Errors: RG140-RG142, RG153, RG165, RG080';

CREATE OR REPLACE FUNCTION api.deliver_permit(
        permit_id bigint DEFAULT NULL, permit_number text DEFAULT NULL, person_id bigint DEFAULT NULL,
        resident_id text DEFAULT NULL, collector text DEFAULT NULL, tracking_number text DEFAULT NULL,
        happened_on date DEFAULT NULL, channel text DEFAULT 'window', request_id uuid DEFAULT NULL,
        dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('deliver_permit', jsonb_build_object(
            'permit_id', permit_id, 'permit_number', permit_number, 'person_id', person_id,
            'resident_id', resident_id, 'collector', collector, 'tracking_number', tracking_number,
            'happened_on', happened_on, 'channel', channel),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.deliver_permit(bigint, text, bigint, text, text, text, date, text, uuid, boolean) IS
    'Hands the card over (发证; 居住证暂行条例 Art. 9): collector or tracking_number; the time limit ends, the first anniversary is set by policy anniv_basis. permit_id, permit_number, person_id or resident_id name the permit; happened_on, NULL is today; channel: list channel. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers the permit, valid. Errors: RG140-RG142, RG154, RG165, RG080';

CREATE OR REPLACE FUNCTION api.endorse_permit(
        permit_id bigint DEFAULT NULL, permit_number text DEFAULT NULL, person_id bigint DEFAULT NULL,
        resident_id text DEFAULT NULL, granted boolean DEFAULT true, reason text DEFAULT NULL,
        happened_on date DEFAULT NULL, channel text DEFAULT 'window', request_id uuid DEFAULT NULL,
        dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('endorse_permit', jsonb_build_object(
            'permit_id', permit_id, 'permit_number', permit_number, 'person_id', person_id,
            'resident_id', resident_id, 'granted', granted, 'reason', reason, 'happened_on', happened_on,
            'channel', channel),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.endorse_permit(bigint, text, bigint, text, boolean, text, date, text, uuid, boolean) IS
    'Endorses a permit for another year (签注; 居住证暂行条例 Art. 10): in time inside the window, late by policy gap_policy; granted false: refuses with a reason. permit_id, permit_number, person_id or resident_id name the permit; happened_on, NULL is today; channel: list channel. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers the permit. Errors: RG140-RG142, RG144, RG153, RG156-RG158, RG165, RG168, RG170, RG172, RG080';

CREATE OR REPLACE FUNCTION api.change_permit_address(
        permit_id bigint DEFAULT NULL, permit_number text DEFAULT NULL, person_id bigint DEFAULT NULL,
        resident_id text DEFAULT NULL, happened_on date DEFAULT NULL, channel text DEFAULT 'window',
        request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('change_permit_address', jsonb_build_object(
            'permit_id', permit_id, 'permit_number', permit_number, 'person_id', person_id,
            'resident_id', resident_id, 'happened_on', happened_on, 'channel', channel),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.change_permit_address(bigint, text, bigint, text, date, text, uuid, boolean) IS
    'Brings a permit to the residence where the person lives now, in the same city (居住变更; 广东省流动人口服务管理条例 Art. 15). permit_id, permit_number, person_id or resident_id name the permit; happened_on, NULL is today; channel: list channel. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers the permit with its new residence. Errors: RG140-RG142, RG144, RG161, RG165, RG080';

CREATE OR REPLACE FUNCTION api.report_permit_lost(
        permit_id bigint DEFAULT NULL, permit_number text DEFAULT NULL, person_id bigint DEFAULT NULL,
        resident_id text DEFAULT NULL, turned_up boolean DEFAULT false, happened_on date DEFAULT NULL,
        channel text DEFAULT 'window', request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('report_permit_lost', jsonb_build_object(
            'permit_id', permit_id, 'permit_number', permit_number, 'person_id', person_id,
            'resident_id', resident_id, 'turned_up', turned_up, 'happened_on', happened_on, 'channel', channel),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.report_permit_lost(bigint, text, bigint, text, boolean, date, text, uuid, boolean) IS
    'Enters that a card is lost (挂失; 居住证暂行条例 Art. 11), or with turned_up that it was found (找回). permit_id, permit_number, person_id or resident_id name the permit; happened_on, NULL is today; channel: list channel. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers the permit: lost or valid. Errors: RG140-RG142, RG165, RG080';

CREATE OR REPLACE FUNCTION api.replace_permit(
        permit_id bigint DEFAULT NULL, permit_number text DEFAULT NULL, person_id bigint DEFAULT NULL,
        resident_id text DEFAULT NULL, returned_card boolean DEFAULT false, fee_paid boolean DEFAULT false,
        happened_on date DEFAULT NULL, channel text DEFAULT 'window', request_id uuid DEFAULT NULL,
        dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('replace_permit', jsonb_build_object(
            'permit_id', permit_id, 'permit_number', permit_number, 'person_id', person_id,
            'resident_id', resident_id, 'returned_card', returned_card, 'fee_paid', fee_paid,
            'happened_on', happened_on, 'channel', channel),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.replace_permit(bigint, text, bigint, text, boolean, boolean, date, text, uuid, boolean) IS
    'Replaces a lost or damaged card (补领换领; 居住证暂行条例 Art. 11, 21): a damaged one is handed in (returned_card), the fee of policy permit_replacement_fee paid; the new permit keeps the years. permit_id, permit_number, person_id or resident_id name the permit; happened_on, NULL is today; channel: list channel. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers the new permit, making. Errors: RG140-RG142, RG162, RG165, RG167, RG080';

CREATE OR REPLACE FUNCTION api.cancel_permit(
        permit_id bigint DEFAULT NULL, permit_number text DEFAULT NULL, person_id bigint DEFAULT NULL,
        resident_id text DEFAULT NULL, reason text DEFAULT NULL, happened_on date DEFAULT NULL,
        channel text DEFAULT 'window', request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('cancel_permit', jsonb_build_object(
            'permit_id', permit_id, 'permit_number', permit_number, 'person_id', person_id,
            'resident_id', resident_id, 'reason', reason, 'happened_on', happened_on, 'channel', channel),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.cancel_permit(bigint, text, bigint, text, text, date, text, uuid, boolean) IS
    'Cancels a permit (注销). reason: code of permit_cancel_reason: local_household, death, departure, other. permit_id, permit_number, person_id or resident_id name the permit; happened_on, NULL is today; channel: list channel. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers the permit, cancelled. Errors: RG140-RG142, RG164, RG165, RG080';

CREATE OR REPLACE FUNCTION api.revoke_permit(
        permit_id bigint DEFAULT NULL, permit_number text DEFAULT NULL, person_id bigint DEFAULT NULL,
        resident_id text DEFAULT NULL, penalty_decision text DEFAULT NULL, reason text DEFAULT NULL,
        happened_on date DEFAULT NULL, channel text DEFAULT 'window', request_id uuid DEFAULT NULL,
        dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('revoke_permit', jsonb_build_object(
            'permit_id', permit_id, 'permit_number', permit_number, 'person_id', person_id,
            'resident_id', resident_id, 'penalty_decision', penalty_decision, 'reason', reason,
            'happened_on', happened_on, 'channel', channel),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.revoke_permit(bigint, text, bigint, text, text, text, date, text, uuid, boolean) IS
    'Revokes a permit that was got by fraud (撤销收缴; 居住证暂行条例 Art. 18, 19). penalty_decision: its number. permit_id, permit_number, person_id or resident_id name the permit; happened_on, NULL is today; channel: list channel. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers the permit, revoked. Errors: RG140-RG142, RG163, RG165, RG080';

CREATE OR REPLACE FUNCTION api.withdraw_permit(
        permit_id bigint DEFAULT NULL, permit_number text DEFAULT NULL, person_id bigint DEFAULT NULL,
        resident_id text DEFAULT NULL, reason text DEFAULT NULL, happened_on date DEFAULT NULL,
        channel text DEFAULT 'window', request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('withdraw_permit', jsonb_build_object(
            'permit_id', permit_id, 'permit_number', permit_number, 'person_id', person_id,
            'resident_id', resident_id, 'reason', reason, 'happened_on', happened_on, 'channel', channel),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.withdraw_permit(bigint, text, bigint, text, text, date, text, uuid, boolean) IS
    'Withdraws an application before the decision (撤回申请); it is a draft again. permit_id, permit_number, person_id or resident_id name the permit; happened_on, NULL is today; channel: list channel. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers the permit, draft. Errors: RG140-RG142, RG165, RG080';
$step$);

SELECT residency.ship_step('view/55-permit_view', 'repeatable', '6a2d5f4be63e5dd22d1fd7c9e5eed75f50deaf839e8194accaecc7b9b3dc1b91', NULL, NULL, $step$
-- What applications look at: permits, what happened to them, what was decided, and who could have one.

CREATE OR REPLACE VIEW api.permit AS
SELECT p.permit_id,
       p.permit_number,
       p.person_id,
       mask(n.resident_id) AS resident_id,
       n.name,
       p.division::text AS division,
       division_name(p.division) AS division_name,
       p.state::text AS state,
       permit_state_name(p.state) AS state_name,
       permit_phase(p.state) AS phase,
       p.ground,
       (SELECT v.name FROM code.value v WHERE v.list = 'permit_ground' AND v.code = p.ground) AS ground_name,
       p.residence_id,
       d.address,
       p.applied_on,
       p.issued_on,
       p.count_from,
       p.endorsed_until,
       p.residence_years,
       p.suspended_on,
       p.replaces_id,
       c.due_on,
       c.state AS clock_state
FROM registry.permit p
JOIN registry.person n ON n.person_id = p.person_id
JOIN registry.residence r ON r.residence_id = p.residence_id
JOIN registry.dwelling d ON d.dwelling_id = r.dwelling_id
LEFT JOIN registry.clock c ON c.clock_id = p.clock_id;
COMMENT ON VIEW api.permit IS 'Residence permits and applications with their holder (居住证)';
COMMENT ON COLUMN api.permit.permit_id IS 'Key (编号)';
COMMENT ON COLUMN api.permit.permit_number IS 'Number of the card (居住证编号), NULL before the approval';
COMMENT ON COLUMN api.permit.person_id IS 'Key of the person (人员编号)';
COMMENT ON COLUMN api.permit.resident_id IS 'Resident ID with its middle hidden (公民身份号码,脱敏)';
COMMENT ON COLUMN api.permit.name IS 'Name (姓名)';
COMMENT ON COLUMN api.permit.division IS 'County that issues it (签发区划代码)';
COMMENT ON COLUMN api.permit.division_name IS 'Its full name (签发区划)';
COMMENT ON COLUMN api.permit.state IS 'State (状态代码)';
COMMENT ON COLUMN api.permit.state_name IS 'State in Chinese (状态)';
COMMENT ON COLUMN api.permit.phase IS 'application, card or end (阶段)';
COMMENT ON COLUMN api.permit.ground IS 'What entitles, list permit_ground (申领条件代码)';
COMMENT ON COLUMN api.permit.ground_name IS 'What entitles (申领条件)';
COMMENT ON COLUMN api.permit.residence_id IS 'Residence that it rests on (居住登记编号)';
COMMENT ON COLUMN api.permit.address IS 'Address of that residence below the division (居住地址)';
COMMENT ON COLUMN api.permit.applied_on IS 'Day of the application (申领日期)';
COMMENT ON COLUMN api.permit.issued_on IS 'Day of signature (签发日期)';
COMMENT ON COLUMN api.permit.count_from IS 'Day from which the anniversaries count (居住年限起算日)';
COMMENT ON COLUMN api.permit.endorsed_until IS 'Next anniversary (签注有效期)';
COMMENT ON COLUMN api.permit.residence_years IS 'Full years of residence so far (居住年限)';
COMMENT ON COLUMN api.permit.suspended_on IS 'Begin of the present suspension (中止日期)';
COMMENT ON COLUMN api.permit.replaces_id IS 'The permit that it replaces (原居住证)';
COMMENT ON COLUMN api.permit.due_on IS 'Last day of the time limit (办理期限)';
COMMENT ON COLUMN api.permit.clock_state IS 'State of the time limit: running, suspended, stopped (时限状态)';

CREATE OR REPLACE VIEW api.permit_event AS
SELECT e.permit_id,
       e.sequence,
       e.happened_on,
       e.event,
       (SELECT t.event_zh FROM permit_transitions() t WHERE t.event = e.event LIMIT 1) AS event_name,
       e.from_state::text AS from_state,
       e.to_state::text AS to_state,
       permit_state_name(e.to_state) AS to_state_name,
       e.channel,
       e.reason,
       e.evidence,
       e.endorsed_until,
       e.residence_years,
       e.decision_id,
       e.actor,
       e.recorded_at
FROM registry.permit_event e;
COMMENT ON VIEW api.permit_event IS 'What has happened to permits (居住证办理记录)';
COMMENT ON COLUMN api.permit_event.permit_id IS 'Permit (居住证)';
COMMENT ON COLUMN api.permit_event.sequence IS 'Number of the event, from 1 (序号)';
COMMENT ON COLUMN api.permit_event.happened_on IS 'Day on which it happened (发生日期)';
COMMENT ON COLUMN api.permit_event.event IS 'What happened (事项代码)';
COMMENT ON COLUMN api.permit_event.event_name IS 'What happened, in Chinese (事项)';
COMMENT ON COLUMN api.permit_event.from_state IS 'State before (原状态)';
COMMENT ON COLUMN api.permit_event.to_state IS 'State after (新状态)';
COMMENT ON COLUMN api.permit_event.to_state_name IS 'State after, in Chinese (新状态名称)';
COMMENT ON COLUMN api.permit_event.channel IS 'Where it came in, list channel (渠道)';
COMMENT ON COLUMN api.permit_event.reason IS 'Why (原因)';
COMMENT ON COLUMN api.permit_event.evidence IS 'What it rests on (依据)';
COMMENT ON COLUMN api.permit_event.endorsed_until IS 'Next anniversary after it (签注有效期)';
COMMENT ON COLUMN api.permit_event.residence_years IS 'Full years of residence after it (居住年限)';
COMMENT ON COLUMN api.permit_event.decision_id IS 'Decision that it carries out (审批决定)';
COMMENT ON COLUMN api.permit_event.actor IS 'Role that acted (经办人)';
COMMENT ON COLUMN api.permit_event.recorded_at IS 'When it was entered (登记时间)';

CREATE OR REPLACE VIEW api.permit_decision AS
SELECT d.decision_id,
       d.permit_id,
       d.matter,
       d.granted,
       d.decided_on,
       c.sort,
       c.criterion,
       c.criterion_zh,
       c.required,
       c.holds,
       c.since,
       c.holds_from,
       c.evidence,
       c.clause,
       c.setting,
       d.reason,
       d.remedy,
       d.actor
FROM registry.decision d
CROSS JOIN LATERAL jsonb_to_recordset(d.criteria) AS c (
    sort integer, criterion text, criterion_zh text, required boolean, holds boolean,
    since date, holds_from date, evidence text, clause text, setting text);
COMMENT ON VIEW api.permit_decision IS
    'Decisions on permits, one row a criterion as it was found on the day (审批决定说明): what a decision rested on, years later';
COMMENT ON COLUMN api.permit_decision.decision_id IS 'Decision (决定编号)';
COMMENT ON COLUMN api.permit_decision.permit_id IS 'Permit (居住证)';
COMMENT ON COLUMN api.permit_decision.matter IS 'Event that was decided on (决定事项)';
COMMENT ON COLUMN api.permit_decision.granted IS 'Whether it was granted (是否准予)';
COMMENT ON COLUMN api.permit_decision.decided_on IS 'Day of the decision (决定日期)';
COMMENT ON COLUMN api.permit_decision.sort IS 'Place of the criterion (序号)';
COMMENT ON COLUMN api.permit_decision.criterion IS 'Criterion (条件代码)';
COMMENT ON COLUMN api.permit_decision.criterion_zh IS 'Criterion in Chinese (条件)';
COMMENT ON COLUMN api.permit_decision.required IS 'Whether it is needed by itself; of employment, dwelling and study one is enough (是否必备)';
COMMENT ON COLUMN api.permit_decision.holds IS 'Whether it held (是否符合)';
COMMENT ON COLUMN api.permit_decision.since IS 'Since when it held (起始日期)';
COMMENT ON COLUMN api.permit_decision.holds_from IS 'When time alone makes it hold (何时符合)';
COMMENT ON COLUMN api.permit_decision.evidence IS 'What was found (依据)';
COMMENT ON COLUMN api.permit_decision.clause IS 'Clause (法律条款)';
COMMENT ON COLUMN api.permit_decision.setting IS 'Setting that held, and its basis (适用政策)';
COMMENT ON COLUMN api.permit_decision.reason IS 'Why, in words (理由)';
COMMENT ON COLUMN api.permit_decision.remedy IS 'What the person can do (救济途径)';
COMMENT ON COLUMN api.permit_decision.actor IS 'Role that decided (决定人)';

CREATE OR REPLACE FUNCTION api.permit_eligibility(person_id bigint, division text, "on" date DEFAULT NULL)
    RETURNS TABLE (criterion text, criterion_zh text, required boolean, holds boolean, since date, holds_from date,
                   evidence text, clause text, setting text)
    LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 9
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        IF division IS NULL THEN
            PERFORM refuse('RG085', ARRAY['permit_eligibility', 'division']);
        ELSIF NOT EXISTS (SELECT FROM registry.person p WHERE p.person_id = permit_eligibility.person_id) THEN
            PERFORM refuse('RG010', ARRAY[COALESCE(person_id::text, '-')], 'registry.person', 'person_id');
        END IF;
        RETURN QUERY
            SELECT c.criterion, c.criterion_zh, c.required, c.holds, c.since, c.holds_from, c.evidence, c.clause, c.setting
            FROM registry.permit_criterion(person_id, division::division_code, COALESCE("on", today())) c
            ORDER BY c.sort;
    END $$;
COMMENT ON FUNCTION api.permit_eligibility(bigint, text, date) IS
    'Whether a person could have a residence permit in the city of a division on a day, NULL is today (居住证申领条件核查): one row a criterion – whether it holds, since when, when time alone will make it hold, on what evidence, by which clause and setting. Needed are all with required; of employment, dwelling and study one is enough. Errors: RG010, RG085, RG090; 22P02 a malformed division';

CREATE OR REPLACE FUNCTION registry.precheck_code(person bigint, action text, division division_code, "on" date,
                                                  OUT code text, OUT allow_on date, OUT permit_id bigint)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        home   registry.residence;
        permit registry.permit;
    BEGIN
        SELECT * INTO home FROM registry.residence r WHERE r.person_id = person AND residence_is_current(r.state);
        SELECT * INTO permit FROM registry.permit p
        WHERE p.person_id = person AND p.city = city(precheck_code.division) AND p.state <> 'draft'
        ORDER BY permit_phase(p.state) = 'end', p.permit_id DESC
        LIMIT 1;
        permit_id := permit.permit_id;
        code := CASE
            WHEN home.residence_id IS NULL THEN 'F6'
            WHEN permit_phase(permit.state) = 'application' THEN 'F1'
            WHEN city(home.division) <> city(precheck_code.division) THEN 'F10'
            WHEN home.state <> 'active' THEN 'I1'
        END;
        IF code IS NOT NULL THEN
            RETURN;
        END IF;

        IF action = 'apply' THEN
            IF permit_phase(permit.state) = 'card' THEN
                code := 'F1';
                RETURN;
            END IF;
            SELECT CASE c.criterion WHEN 'half_year' THEN 'N1' WHEN 'ground' THEN 'N2' ELSE 'F10' END, c.holds_from
            INTO code, allow_on
            FROM registry.permit_criterion(person, precheck_code.division, "on") c
            WHERE c.required AND c.holds IS NOT TRUE
            ORDER BY c.criterion = 'half_year', c.sort
            LIMIT 1;
            RETURN;
        END IF;

        code := CASE
            WHEN permit.permit_id IS NULL THEN
                CASE WHEN EXISTS (SELECT FROM registry.permit p WHERE p.person_id = person AND permit_phase(p.state) = 'card') THEN 'F9' ELSE 'F4' END
            WHEN permit.state = 'cancelled' THEN 'F7'
            WHEN permit_phase(permit.state) = 'end' THEN 'F8'
            WHEN action <> 'endorse' AND permit_next(permit.state, action) IS NULL THEN 'F5'
            WHEN action = 'change_address' THEN CASE WHEN permit.residence_id = home.residence_id THEN 'N3' END
            WHEN action = 'endorse' AND permit.residence_id <> home.residence_id THEN 'F3'
        END;
        IF code IS NULL AND action = 'endorse' THEN
            IF registry.permit_lapsed(permit, "on") THEN
                code := 'F7';
            ELSIF permit.state = 'valid' AND "on" < registry.endorse_from(permit.endorsed_until, permit.division) THEN
                code := 'F2';
                allow_on := registry.endorse_from(permit.endorsed_until, permit.division);
            ELSIF permit.state = 'lost' THEN
                code := 'F5';
            ELSIF NOT EXISTS (SELECT FROM registry.permit_criterion(person, precheck_code.division, "on") c WHERE c.criterion = 'ground' AND c.holds) THEN
                code := 'N2';
            ELSIF registry.registered_months(person, permit.city, "on") < policy_int('endorse_registered_months', permit.division, "on") THEN
                code := 'F10';
            END IF;
        END IF;
    END $$;
COMMENT ON FUNCTION registry.precheck_code(bigint, text, division_code, date) IS
    'The first thing in the way of an action on a permit (自助预审): a code of list permit_precheck, NULL where there is none, and the day when time removes it';

CREATE OR REPLACE FUNCTION api.permit_precheck(resident_id text, action text, division text)
    RETURNS TABLE (code text, message text, message_zh text, allow_on date, permit_id bigint)
    LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 1
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    AS $$
    DECLARE
        number CONSTANT resident_id := permit_precheck.resident_id::resident_id;
        person bigint;
    BEGIN
        IF division IS NULL THEN
            PERFORM refuse('RG085', ARRAY['permit_precheck', 'division']);
        ELSIF action IS NULL OR action NOT IN ('apply', 'endorse', 'change_address', 'replace') THEN
            PERFORM refuse('RG083', ARRAY['action', 'apply, endorse, change_address or replace']);
        END IF;
        SELECT p.person_id INTO person FROM registry.person p WHERE p.resident_id = number;
        RETURN QUERY
            SELECT v.code, format(v.name_en, c.allow_on), format(v.name, c.allow_on), c.allow_on, c.permit_id
            FROM registry.precheck_code(person, action, division::division_code, today()) c
            JOIN code.value v ON v.list = 'permit_precheck' AND v.code = COALESCE(c.code, 'OK');
    END $$;
COMMENT ON FUNCTION api.permit_precheck(text, text, text) IS
    'What an unattended kiosk asks before it begins (自助终端预审): resident_id; action: apply, endorse, change_address or replace; the division of the kiosk. One row: OK, or the code of what is in the way (F1 to F10, I1, N1 to N3: list permit_precheck) with a text for the screen and the day to come back. Changes nothing. Errors: RG083, RG085; 22P02 a malformed number';
$step$);

SELECT residency.ship_step('view/56-due', 'repeatable', '63cb407af7ea6bd36bbb83d53df5d69a0bfe11a39b99a07a9ecf8421bdb0d437', NULL, NULL, $step$
-- The tasks of residency.run_due(): each does one batch of what is due and says how many it did.

CREATE OR REPLACE FUNCTION registry.due_tasks()
    RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$ SELECT '{due_acceptances,due_suspensions,due_lapses,due_alerts,due_closings,due_boundaries,due_roads,due_estates,due_visits,due_overdue_visits,due_access_months,due_presence}'::text[] $$;
COMMENT ON FUNCTION registry.due_tasks() IS 'The tasks of residency.run_due() in their order (到期任务): functions of schema registry';

CREATE OR REPLACE FUNCTION registry.due_acceptances("on" date, batch integer)
    RETURNS integer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        done integer;
    BEGIN
        INSERT INTO registry.permit_event (permit_id, event, happened_on, channel, reason)
        SELECT p.permit_id, 'accept', registry.supplement_by(p.applied_on, p.division) + 1, 'system', '逾期未告知补正,视为受理'
        FROM registry.permit p
        WHERE p.state = 'submitted' AND p.applied_on < "on"
          AND CASE WHEN p.applied_on < "on" THEN registry.supplement_by(p.applied_on, p.division) < "on" END
        ORDER BY p.applied_on
        LIMIT batch
        FOR NO KEY UPDATE SKIP LOCKED;
        GET DIAGNOSTICS done = ROW_COUNT;
        RETURN done;
    END $$;
COMMENT ON FUNCTION registry.due_acceptances(date, integer) IS
    'Applications nobody has looked at in time count as accepted from the day of receipt (视为受理; 行政许可法 Art. 32); how many in this batch';

CREATE OR REPLACE FUNCTION registry.due_suspensions("on" date, batch integer)
    RETURNS integer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        done integer;
    BEGIN
        INSERT INTO registry.permit_event (permit_id, event, happened_on, channel)
        SELECT p.permit_id, 'suspend', registry.endorse_by(p.endorsed_until, p.division) + 1, 'system'
        FROM registry.permit p
        WHERE p.state = 'valid' AND p.endorsed_until < "on" AND registry.endorsement_missed(p, "on")
        ORDER BY p.endorsed_until
        LIMIT batch
        FOR NO KEY UPDATE SKIP LOCKED;
        GET DIAGNOSTICS done = ROW_COUNT;
        RETURN done;
    END $$;
COMMENT ON FUNCTION registry.due_suspensions(date, integer) IS
    'Permits whose anniversary passed without endorsement are suspended at 00:00 of the next day (使用功能中止; 居住证暂行条例 Art. 10); how many in this batch';

CREATE OR REPLACE FUNCTION registry.due_lapses("on" date, batch integer)
    RETURNS integer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        done integer;
    BEGIN
        INSERT INTO registry.permit_event (permit_id, event, happened_on, channel)
        SELECT p.permit_id, 'lapse', registry.lapse_on(p.suspended_on, p.division), 'system'
        FROM registry.permit p
        WHERE p.state = 'suspended' AND p.suspended_on < "on" AND registry.lapse_on(p.suspended_on, p.division) <= "on"
        ORDER BY p.suspended_on
        LIMIT batch
        FOR NO KEY UPDATE SKIP LOCKED;
        GET DIAGNOSTICS done = ROW_COUNT;
        RETURN done;
    END $$;
COMMENT ON FUNCTION registry.due_lapses(date, integer) IS
    'Permits that have been suspended for as long as policy suspended_lapse allows are cancelled (中止期满注销; 深圳经济特区居住证条例 Art. 27); how many in this batch';

CREATE OR REPLACE FUNCTION registry.due_alerts("on" date, batch integer)
    RETURNS integer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN registry.raise_clock_alerts("on", batch);
    END $$;
COMMENT ON FUNCTION registry.due_alerts(date, integer) IS 'Reminders and alerts of running time limits (时限提醒与预警); how many in this batch';

CREATE OR REPLACE FUNCTION registry.close_on(residence registry.residence)
    RETURNS date
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        -- since the last sign of life: enough visits in vain, a notice, and time without an answer
        WITH life AS (
            SELECT greatest(residence.arrived_on, local_day(residence.verified_at), max(c.happened_on) FILTER (WHERE c.reached)) AS day
            FROM registry.contact c
            WHERE c.residence_id = residence.residence_id
        ), vain AS (
            SELECT life.day,
                   count(*) FILTER (WHERE c.kind = 'visit') AS visits,
                   max(c.happened_on) FILTER (WHERE c.kind = 'notice') AS notice,
                   (array_agg(c.happened_on ORDER BY c.happened_on) FILTER (WHERE c.kind = 'visit')) AS days
            FROM life JOIN registry.contact c ON c.residence_id = residence.residence_id AND c.happened_on >= life.day AND NOT c.reached
            GROUP BY life.day
        )
        SELECT greatest(add_term(vain.notice, policy_text('contact_notice', residence.division, vain.notice), residence.division),
                        add_term(vain.day, policy_text('contact_no_trace', residence.division, vain.notice), residence.division))
        FROM vain
        WHERE vain.visits >= policy_int('contact_visits', residence.division, vain.notice)
          AND vain.notice >= vain.days[policy_int('contact_visits', residence.division, vain.notice)]
    $$;
COMMENT ON FUNCTION registry.close_on(registry.residence) IS
    'The day on which a residence is closed without contact (失联注销日), by policies contact_visits, contact_notice and contact_no_trace; NULL where not enough was tried';

CREATE OR REPLACE FUNCTION registry.due_closings("on" date, batch integer)
    RETURNS integer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        done integer;
    BEGIN
        UPDATE registry.residence r
        SET state = 'auto_closed', departed_on = due.day, close_reason = '多次联系未果且通知后无回应'
        FROM (
            SELECT tried.residence_id, registry.close_on(tried) AS day
            FROM registry.residence tried
            WHERE tried.state = 'active'
              AND EXISTS (SELECT FROM registry.contact c WHERE c.residence_id = tried.residence_id AND c.kind = 'notice' AND NOT c.reached)
              AND registry.close_on(tried) <= "on"
            ORDER BY tried.residence_id
            LIMIT batch
            FOR NO KEY UPDATE SKIP LOCKED
        ) AS due
        WHERE r.residence_id = due.residence_id;
        GET DIAGNOSTICS done = ROW_COUNT;
        RETURN done;
    END $$;
COMMENT ON FUNCTION registry.due_closings(date, integer) IS
    'Residences whose resident could not be reached are closed (失联自动注销), and can be taken back within policy auto_close_undo; how many in this batch';

CREATE OR REPLACE FUNCTION registry.due_boundaries("on" date, batch integer)
    RETURNS integer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN CASE WHEN "on" < today() THEN 0 ELSE registry.take_grid_acts() + registry.take_division_acts(batch) END;
    END $$;
COMMENT ON FUNCTION registry.due_boundaries(date, integer) IS
    'Changes of grids and divisions whose day has come (到期网格、区划调整); how many in this batch. The register has the boundaries of today: for a day before, nothing is done';

CREATE OR REPLACE FUNCTION registry.learn_places(place text, "on" date, batch integer)
    RETURNS integer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        done integer;
    BEGIN
        -- of the whole register, as one set; what has not changed is not written
        EXECUTE format(
            'WITH confirmed AS (
                 SELECT d.division, place.name, count(*)::integer AS dwellings
                 FROM registry.dwelling d
                 CROSS JOIN LATERAL (SELECT %1$I(d.standard_address)) AS place (name)
                 WHERE place.name !~ ''[[:space:]]''
                   AND EXISTS (SELECT FROM registry.residence r WHERE r.dwelling_id = d.dwelling_id AND r.verified_at IS NOT NULL AND r.state NOT IN (''rejected'', ''voided''))
                 GROUP BY d.division, place.name
             )
             INSERT INTO registry.%1$I (division, name, dwellings, first_seen)
             SELECT c.division, c.name, c.dwellings, $2
             FROM confirmed c
             LEFT JOIN registry.%1$I k ON k.division = c.division AND k.name = c.name
             WHERE k.dwellings IS DISTINCT FROM c.dwellings
             ORDER BY c.division, c.name
             LIMIT $1
             ON CONFLICT (division, name) DO UPDATE SET dwellings = excluded.dwellings', place)
        USING batch, "on";
        GET DIAGNOSTICS done = ROW_COUNT;
        RETURN done;
    END $$;
COMMENT ON FUNCTION registry.learn_places(text, date, integer) IS
    'Learns the roads or estates of dwellings with a verified residence, and in how many dwellings they stand (从已核实房屋学习街路巷、小区): road or estate; how many have changed, at most so many. None is forgotten';

CREATE OR REPLACE FUNCTION registry.due_roads("on" date, batch integer)
    RETURNS integer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN registry.learn_places('road', "on", batch);
    END $$;
COMMENT ON FUNCTION registry.due_roads(date, integer) IS 'Roads of confirmed dwellings become known to the reader of addresses (街路巷学习); how many in this batch';

CREATE OR REPLACE FUNCTION registry.due_estates("on" date, batch integer)
    RETURNS integer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN registry.learn_places('estate', "on", batch);
    END $$;
COMMENT ON FUNCTION registry.due_estates(date, integer) IS 'Estates of confirmed dwellings become known to the reader of addresses (小区学习); how many in this batch';

CREATE OR REPLACE FUNCTION registry.due_batch(task text, "on" date, batch integer, OUT done integer, OUT error text)
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        detail text;
    BEGIN
        EXECUTE format('SELECT registry.%I($1, $2)', task) INTO done USING "on", batch;
    EXCEPTION WHEN OTHERS THEN
        GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
        IF NOT ledger.is_refusal(SQLSTATE) THEN
            RAISE;
        END IF;
        done := 0;
        error := concat_ws(' ', SQLSTATE, SQLERRM, NULLIF(detail, ''));
    END $$;
COMMENT ON FUNCTION registry.due_batch(text, date, integer) IS
    'One batch of a task (单批到期处理): how many it did, or what stopped it – and the other tasks go on';

CREATE OR REPLACE VIEW ledger.last_due_run AS
SELECT DISTINCT ON (r.task) r.task, r."on", r.done, r.error, r.started_at, r.finished_at, r.finished_at - r.started_at AS took, r.started_by
FROM ledger.due_run r
ORDER BY r.task, r.run_id DESC;
COMMENT ON VIEW ledger.last_due_run IS 'The last run of every task of residency.run_due() (最近一次到期处理)';
COMMENT ON COLUMN ledger.last_due_run.task IS 'What was due (任务)';
COMMENT ON COLUMN ledger.last_due_run."on" IS 'Day for which it was run (处理日期)';
COMMENT ON COLUMN ledger.last_due_run.done IS 'Rows done (已处理数)';
COMMENT ON COLUMN ledger.last_due_run.error IS 'What stopped it (错误)';
COMMENT ON COLUMN ledger.last_due_run.started_at IS 'Begin (开始时间)';
COMMENT ON COLUMN ledger.last_due_run.finished_at IS 'End (结束时间); NULL while it goes on, or where it was killed';
COMMENT ON COLUMN ledger.last_due_run.took IS 'How long it took (用时)';
COMMENT ON COLUMN ledger.last_due_run.started_by IS 'Role that ran it (运行角色)';

CREATE OR REPLACE VIEW ledger.due_progress AS
SELECT r.run_id, r.task, r."on", r.done, r.started_at, r.batch_at,
       round(r.done / NULLIF(extract(epoch FROM r.batch_at - r.started_at), 0)) AS per_second
FROM ledger.due_run r
WHERE r.finished_at IS NULL;
COMMENT ON VIEW ledger.due_progress IS 'Tasks of residency.run_due() that are going on, or were killed (到期处理进度)';
COMMENT ON COLUMN ledger.due_progress.run_id IS 'Key of the run (运行编号)';
COMMENT ON COLUMN ledger.due_progress.task IS 'What is due (任务)';
COMMENT ON COLUMN ledger.due_progress."on" IS 'Day for which it is run (处理日期)';
COMMENT ON COLUMN ledger.due_progress.done IS 'Rows done so far (已处理数)';
COMMENT ON COLUMN ledger.due_progress.started_at IS 'Begin (开始时间)';
COMMENT ON COLUMN ledger.due_progress.batch_at IS 'When the last batch was committed (最近提交时间)';
COMMENT ON COLUMN ledger.due_progress.per_second IS 'Rows a second so far (每秒处理数)';
$step$);

SELECT residency.ship_step('view/57-permit_decision', 'repeatable', '47a1f378992a2c94db2861ebd0434f910a994e5ab3cf2091c67f67af4944cfd3', NULL, NULL, $step$
-- Deciders for permits and clocks: see 14-decision.sql.

CREATE OR REPLACE FUNCTION registry.permit_decision(keys text[], first division_code, last division_code, "on" date)
    RETURNS SETOF policy.decision
    LANGUAGE plpgsql VOLATILE
    SET search_path FROM CURRENT
    SET jit = off
    SET plan_cache_mode = force_generic_plan
    AS $$
    BEGIN
        RETURN QUERY
            SELECT 'permit', p.permit_id, p.division, d.decision, registry.decided(d.decision, p.permit_id, p.division, d.counted_on), d.keys, d.counted_on
            FROM registry.permit p
            CROSS JOIN LATERAL (VALUES
                ('eligible', p.state IN ('submitted', 'correction', 'accepted', 'review'), p.applied_on,
                 '{permit_issued, permit_min_age, permit_half_year}'::text[]),
                ('accepted_unless_asked_by', p.state = 'submitted', p.applied_on, '{supplement_notice}'),
                ('endorse_from', p.state = 'valid', p.endorsed_until, '{endorse_window}'),
                ('count_from', permit_phase(p.state) = 'card', p.issued_on, '{anniv_basis}'),
                ('years_if_endorsed_late', p.state = 'suspended', permit_decision."on", '{gap_policy}'),
                ('lapse_on', p.state = 'suspended', p.suspended_on, '{suspended_lapse}')
            ) AS d (decision, asked, counted_on, keys)
            WHERE p.division BETWEEN first AND last AND permit_phase(p.state) <> 'end'
              AND d.asked AND d.keys && permit_decision.keys;
    END $$;
COMMENT ON FUNCTION registry.permit_decision(text[], division_code, division_code, date) IS
    'Decisions on permits (居住证决定): eligible and accepted_unless_asked_by of applications; endorse_from, count_from, years_if_endorsed_late and lapse_on of cards. A decision that has been made stays: count_from is what a new permit of that day would get';

CREATE OR REPLACE FUNCTION registry.endorsed_late(permit registry.permit, "on" date)
    RETURNS registry.permit_event
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        event registry.permit_event;
    BEGIN
        event.permit_id := permit.permit_id;
        event.event := 'endorse_late';
        event.happened_on := "on";
        RETURN event;
    END $$;
COMMENT ON FUNCTION registry.endorsed_late(registry.permit, date) IS 'A late endorsement that might be, for registry.endorse_years() (假设补签注)';

CREATE OR REPLACE FUNCTION registry.clock_decision(keys text[], first division_code, last division_code)
    RETURNS SETOF policy.decision
    LANGUAGE plpgsql VOLATILE
    SET search_path FROM CURRENT
    SET jit = off
    SET plan_cache_mode = force_generic_plan
    AS $$
    BEGIN
        RETURN QUERY
            SELECT 'clock', c.clock_id, c.division, 'due_on', registry.decided('due_on', c.clock_id, c.division, c.started_on), ARRAY[c.matter], c.started_on
            FROM registry.clock c
            WHERE c.division BETWEEN first AND last AND c.state = 'running' AND c.matter = ANY (keys);
    END $$;
COMMENT ON FUNCTION registry.clock_decision(text[], division_code, division_code) IS
    'Last days of running limits by the settings of the day they started (期限决定); running clocks keep the limit with which they started. NULL: no limit, or days would have to be exchanged for working days';
$step$);

SELECT residency.ship_step('view/58-search', 'repeatable', 'bc0fccc1688afda8b20a47a706d3b7d85e9b5ce7e96aec0767bb45a03e5c7969', NULL, NULL, $step$
-- Search as a clerk does it: one box for a name, an address, a number, pinyin, initials; the best answers first.

CREATE OR REPLACE FUNCTION registry.search_number(kind text, query text)
    RETURNS bigint[]
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        number constant text COLLATE "C" := normalize_document_number(query);
    BEGIN
        IF number !~ '[0-9]{3}' OR length(number) > 50 THEN
            RETURN ARRAY[]::bigint[];
        ELSIF kind = 'employer' THEN
            RETURN ARRAY(SELECT e.employer_id FROM registry.employer e
                         WHERE e.credit_code = CASE WHEN is_credit_code(number) THEN number END::credit_code
                         UNION
                         SELECT e.employer_id FROM registry.employer e WHERE e.registration_number = number);
        ELSIF kind = 'person' THEN
            RETURN ARRAY(SELECT p.person_id FROM registry.person p
                         WHERE p.resident_id = CASE WHEN is_resident_id(number) THEN number END::resident_id
                         UNION
                         SELECT p.person_id FROM registry.person p
                         WHERE normalize_document_number(p.phone) COLLATE "C" = number AND p.phone IS NOT NULL
                         UNION
                         SELECT d.person_id FROM registry.identity_document d
                         WHERE d.document_type = ANY (ARRAY(SELECT v.code FROM code.value v WHERE v.list = 'document_type'))
                           AND d.number_key = number);
        END IF;
        RETURN ARRAY[]::bigint[];
    END $$;
COMMENT ON FUNCTION registry.search_number(text, text) IS
    'Keys of the persons whose resident ID, telephone or document, or of the employers whose credit code or registration number a query is, whole (按号码检索)';

CREATE OR REPLACE FUNCTION registry.search_statement(kind text, rung text, within division_code)
    RETURNS text
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        entry     constant text := CASE kind WHEN 'dwelling' THEN 'address' ELSE 'name' END;
        condition constant text := CASE rung
            WHEN 'number' THEN 't.%1$s_id = ANY ($5)'
            WHEN 'prefix' THEN 'search_text(t.%2$s) COLLATE "C" >= search_text($1) AND search_text(t.%2$s) COLLATE "C" < search_text($1) || U&''\+10FFFF'''
            ELSE 'search_keys(t.%2$s) @> $3' END;
        place     constant text := CASE WHEN within IS NULL THEN '' WHEN kind = 'person'
            THEN ' AND EXISTS (SELECT FROM registry.residence r WHERE r.person_id = t.person_id AND residence_is_current(r.state) AND r.division <@ $6)'
            ELSE ' AND t.division <@ $6' END;
    BEGIN
        -- Two hundred answers are ranked, not all: of what half the register has any will do, and the whole name comes first
        -- where names come in order. OFFSET 0: the score is computed once.
        RETURN format('SELECT array_agg(r.key), array_agg(r.score) FROM (SELECT c.key, c.score FROM (SELECT f.key, f.score FROM ('
                      || 'SELECT t.%1$s_id AS key, ' || CASE rung WHEN 'number' THEN '1::real' ELSE 'search_score(t.%2$s, $1, $2)' END || ' AS score '
                      || 'FROM registry.%1$s t WHERE ' || condition || place || ' AND t.%1$s_id <> ALL ($4)'
                      || CASE rung WHEN 'prefix' THEN ' ORDER BY search_text(t.%2$s) COLLATE "C"' ELSE '' END
                      || ' OFFSET 0) AS f WHERE f.score IS NOT NULL LIMIT greatest(200, $7)) AS c ORDER BY c.score DESC, c.key LIMIT $7) AS r',
                      kind, entry);
    END $$;
COMMENT ON FUNCTION registry.search_statement(text, text, division_code) IS
    'The query that finds answers on a rung (检索语句), as an array of keys and one of scores, the best first: kind is person, dwelling or employer; $1 the query, $2 the rung, $3 the keys of the step, $4 keys that are found already, $5 those found by a number, $6 the division, $7 how many';

CREATE OR REPLACE FUNCTION registry.search(kind text, query text, within division_code, most integer)
    RETURNS TABLE (key bigint, rung text, score real)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    SET jit = off
    AS $$
    DECLARE
        at      constant text := 'registry.' || kind;
        longest constant integer := 64;
        entry   constant text := COALESCE(search_text(query), '');
        numbers bigint[];
        known   bigint[] := ARRAY[]::bigint[];
        keys    bigint[];
        scores  real[];
        step    record;
    BEGIN
        IF entry = '' THEN
            PERFORM refuse('RG225', '{}', at);
        ELSIF entry ~ '^[0-9a-z]$' THEN
            PERFORM refuse('RG226', '{}', at);
        ELSIF length(entry) > longest THEN
            PERFORM refuse('RG227', ARRAY[longest::text], at);
        ELSIF most BETWEEN 1 AND 1000 IS NOT TRUE THEN
            PERFORM refuse('RG228', ARRAY['1000', COALESCE(most::text, 'NULL')], at);
        END IF;
        numbers := registry.search_number(kind, query);
        FOR step IN
            SELECT 'number' AS rung, NULL::integer[] AS keys WHERE numbers <> '{}'
            UNION ALL
            SELECT s.rung, s.keys FROM search_steps(query) AS s WHERE numbers = '{}'
        LOOP
            EXECUTE registry.search_statement(kind, step.rung, within) INTO keys, scores
                USING query, step.rung, step.keys, known, numbers, within, most - cardinality(known);
            RETURN QUERY
                SELECT found.key, CASE WHEN step.rung = 'prefix' AND found.score = 1 THEN 'exact' ELSE step.rung END, found.score
                FROM unnest(keys, scores) AS found (key, score);
            known := known || keys;
            EXIT WHEN cardinality(known) = most;
        END LOOP;
    END $$;
COMMENT ON FUNCTION registry.search(text, text, division_code, integer) IS
    'Keys of the persons, dwellings or employers that a query may mean (检索): rung number, exact, prefix, fragment, pinyin, initials, homophone or one_wrong, and a score up to 1. A later rung is tried where the earlier ones gave fewer than the most. Errors: RG225-RG228';

CREATE OR REPLACE FUNCTION api.search_person(query text, within text DEFAULT NULL, "limit" integer DEFAULT 20)
    RETURNS TABLE (person_id bigint, name text, resident_id text, sex text, birth_date date,
                   dwelling_id bigint, address text, division text, rung text, score real)
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        SELECT p.person_id, p.name, mask(p.resident_id), p.sex, p.birth_date, d.dwelling_id, d.address, d.division::text, s.rung, s.score
        FROM registry.search('person', query, within::division_code, "limit") s
        JOIN registry.person p ON p.person_id = s.key
        LEFT JOIN registry.residence r ON r.person_id = p.person_id AND residence_is_current(r.state)
        LEFT JOIN registry.dwelling d ON d.dwelling_id = r.dwelling_id
        ORDER BY s.score DESC, p.person_id
    $$;
COMMENT ON FUNCTION api.search_person(text, text, integer) IS
    'Persons that a query may mean, the best first (人员检索): a name or any part of it, its pinyin or initials, a homophone, one wrong character; or a whole resident ID, telephone or document number. within: those who live now in that division. Answers the masked resident ID, the dwelling of the current residence, on which rung it was found (number, exact, prefix, fragment, pinyin, initials, homophone, one_wrong) and a score up to 1. Errors: RG225-RG228, 22P02 for a division that is none';

CREATE OR REPLACE FUNCTION api.search_dwelling(query text, within text DEFAULT NULL, "limit" integer DEFAULT 20)
    RETURNS TABLE (dwelling_id bigint, address text, division text, division_name text, kind text, let_state text, rung text, score real)
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        SELECT d.dwelling_id, d.address, d.division::text, division_name(d.division), d.kind, d.let_state, s.rung, s.score
        FROM registry.search('dwelling', query, within::division_code, "limit") s
        JOIN registry.dwelling d ON d.dwelling_id = s.key
        ORDER BY s.score DESC, d.dwelling_id
    $$;
COMMENT ON FUNCTION api.search_dwelling(text, text, integer) IS
    'Dwellings that a query may mean, the best first (房屋检索): any part of the address below the division, its pinyin or initials, homophones, one wrong Chinese character. within: those in that division. rung, score and errors as of api.search_person()';

CREATE OR REPLACE FUNCTION api.search_employer(query text, within text DEFAULT NULL, "limit" integer DEFAULT 20)
    RETURNS TABLE (employer_id bigint, name text, credit_code text, division text, division_name text, state text, rung text, score real)
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        SELECT e.employer_id, e.name, e.credit_code::text, e.division::text, division_name(e.division), e.state, s.rung, s.score
        FROM registry.search('employer', query, within::division_code, "limit") s
        JOIN registry.employer e ON e.employer_id = s.key
        ORDER BY s.score DESC, e.employer_id
    $$;
COMMENT ON FUNCTION api.search_employer(text, text, integer) IS
    'Employers that a query may mean, the best first (用人单位检索): any part of the name, its pinyin or initials, homophones, one wrong character; or the whole credit code or registration number. within: those that work in that division. rung, score and errors as of api.search_person()';
$step$);

SELECT residency.ship_step('view/59-door_plate', 'repeatable', '5d3a31cc79e0fc3cb7f4acdc88ac0360e750a552a351bf93264e0295c1721580', NULL, NULL, $step$
-- Door plates: applied for, decided, replaced, cancelled. The triggers of registry.door_plate decide.

CREATE OR REPLACE FUNCTION registry.door_plate_answer(act text, plate registry.door_plate)
    RETURNS api.answer
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        answer api.answer;
    BEGIN
        answer.accepted := true;
        answer.act := act;
        answer.record_id := plate.door_plate_id;
        answer.state := plate.state;
        RETURN answer;
    END $$;
COMMENT ON FUNCTION registry.door_plate_answer(text, registry.door_plate) IS 'How an act answers with a door plate (办理结果)';

CREATE OR REPLACE FUNCTION registry.named_door_plate(act text, arguments jsonb)
    RETURNS registry.door_plate
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    AS $$
    DECLARE
        plate registry.door_plate;
    BEGIN
        PERFORM registry.require_argument(act, arguments, 'door_plate_id');
        -- who waited here for another clerk decides on what that one has left
        SELECT * INTO plate FROM registry.door_plate p WHERE p.door_plate_id = (arguments ->> 'door_plate_id')::bigint FOR NO KEY UPDATE;
        IF NOT FOUND THEN
            PERFORM refuse('RG219', ARRAY[arguments ->> 'door_plate_id'], 'registry.door_plate', 'door_plate_id');
        END IF;
        RETURN plate;
    END $$;
COMMENT ON FUNCTION registry.named_door_plate(text, jsonb) IS
    'The door plate that the argument door_plate_id names, locked (门牌定位): RG085, RG219';

CREATE OR REPLACE FUNCTION registry.step_door_plate(
        plate registry.door_plate, to_state text, "on" date, reason text, replaced_by_id bigint DEFAULT NULL)
    RETURNS registry.door_plate
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    AS $$
    DECLARE
        ends    CONSTANT boolean := to_state IN ('replaced', 'cancelled');
        changed registry.door_plate;
    BEGIN
        IF to_state = plate.state THEN
            PERFORM refuse('RG217', ARRAY[plate.door_plate_id::text, plate.state, to_state], 'registry.door_plate', 'state');
        END IF;
        IF plate.state = 'applied' AND plate.clock_id IS NOT NULL THEN
            PERFORM registry.clock_step(plate.clock_id, 'stop', COALESCE("on", today()));
        END IF;
        UPDATE registry.door_plate p
        SET state = to_state,
            decided_on = CASE WHEN ends THEN p.decided_on ELSE COALESCE("on", today()) END,
            ended_on = CASE WHEN ends THEN COALESCE("on", today()) END,
            reason = COALESCE(step_door_plate.reason, p.reason),
            replaced_by_id = step_door_plate.replaced_by_id
        WHERE p.door_plate_id = plate.door_plate_id
        RETURNING * INTO changed;
        RETURN changed;
    END $$;
COMMENT ON FUNCTION registry.step_door_plate(registry.door_plate, text, date, text, bigint) IS
    'Takes a door plate to another state (门牌状态变更) and stops the clock of its application; the triggers of registry.door_plate decide. RG217 it has that state already';

CREATE OR REPLACE FUNCTION registry.free_door_plate(division division_code, road text, number text)
    RETURNS registry.door_plate
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    AS $$
    DECLARE
        plate registry.door_plate;
    BEGIN
        SELECT * INTO plate FROM registry.door_plate p
        WHERE p.address = door_plate_address($1, $2, $3)
          AND p.state NOT IN ('replaced', 'cancelled')
        FOR NO KEY UPDATE;
        RETURN plate;
    END $$;
COMMENT ON FUNCTION registry.free_door_plate(division_code, text, text) IS
    'The plate that has a number of a road now, locked; NULL where nobody has it (号段占用查询)';

CREATE OR REPLACE FUNCTION registry.apply_door_plate(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        entry registry.door_plate := jsonb_populate_record(NULL::registry.door_plate, arguments);
        plate registry.door_plate;
        clock bigint;
    BEGIN
        PERFORM registry.require_argument(act, arguments, name) FROM unnest('{division,road,number}'::text[]) AS name;
        entry.state := COALESCE(entry.state, 'applied');
        entry.applied_on := COALESCE(entry.applied_on, today());
        IF entry.state = 'applied' THEN
            plate := registry.free_door_plate(entry.division, entry.road, entry.number);
        END IF;
        IF plate.state = 'reserved' THEN
            UPDATE registry.door_plate p SET state = 'applied', applied_on = entry.applied_on WHERE p.door_plate_id = plate.door_plate_id
            RETURNING * INTO plate;
        ELSE
            INSERT INTO registry.door_plate (division, road, number, state, applied_on, reason)
            VALUES (entry.division, entry.road, entry.number, entry.state, entry.applied_on, entry.reason)
            RETURNING * INTO plate;
        END IF;
        IF plate.state = 'applied' THEN
            clock := registry.start_clock('door_plate_decision', plate.division, plate.applied_on);
            UPDATE registry.door_plate p SET clock_id = clock WHERE p.door_plate_id = plate.door_plate_id;
        END IF;
        RETURN registry.door_plate_answer(act, plate);
    END $$;
COMMENT ON FUNCTION registry.apply_door_plate(text, jsonb) IS 'The act behind api.apply_door_plate() (门牌申请)';

CREATE OR REPLACE FUNCTION registry.decide_door_plate(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        outcome CONSTANT text := COALESCE(arguments ->> 'outcome', 'active');
    BEGIN
        IF outcome NOT IN ('active', 'temporary', 'cancelled') THEN
            PERFORM refuse('RG083', ARRAY['outcome', 'active, temporary or cancelled']);
        END IF;
        RETURN registry.door_plate_answer(act, registry.step_door_plate(
            registry.named_door_plate(act, arguments), outcome, (arguments ->> 'decided_on')::date, arguments ->> 'reason'));
    END $$;
COMMENT ON FUNCTION registry.decide_door_plate(text, jsonb) IS 'The act behind api.decide_door_plate() (门牌确认)';

CREATE OR REPLACE FUNCTION registry.replace_door_plate(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        old     CONSTANT registry.door_plate := registry.named_door_plate(act, arguments);
        changed CONSTANT date := COALESCE((arguments ->> 'replaced_on')::date, today());
        road    CONSTANT text := COALESCE(arguments ->> 'road', old.road);
        plate   registry.door_plate;
    BEGIN
        PERFORM registry.require_argument(act, arguments, 'number');
        plate := registry.free_door_plate(old.division, road, arguments ->> 'number');
        IF plate.door_plate_id IS NULL THEN
            INSERT INTO registry.door_plate (division, road, number, state, applied_on)
            VALUES (old.division, road, arguments ->> 'number', 'active', changed)
            RETURNING * INTO plate;
        ELSIF plate.state IN ('reserved', 'temporary') AND plate.door_plate_id <> old.door_plate_id THEN
            plate := registry.step_door_plate(plate, 'active', changed, NULL);
        ELSIF plate.state <> 'active' OR plate.door_plate_id = old.door_plate_id THEN
            PERFORM refuse('RG220', ARRAY[old.door_plate_id::text, plate.door_plate_id::text, plate.state], 'registry.door_plate', 'replaced_by_id');
        END IF;
        PERFORM registry.step_door_plate(old, 'replaced', changed, arguments ->> 'reason', plate.door_plate_id);
        RETURN registry.door_plate_answer(act, plate);
    END $$;
COMMENT ON FUNCTION registry.replace_door_plate(text, jsonb) IS 'The act behind api.replace_door_plate() (门牌变更)';

CREATE OR REPLACE FUNCTION registry.cancel_door_plate(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN registry.door_plate_answer(act, registry.step_door_plate(
            registry.named_door_plate(act, arguments), 'cancelled', (arguments ->> 'cancelled_on')::date, arguments ->> 'reason'));
    END $$;
COMMENT ON FUNCTION registry.cancel_door_plate(text, jsonb) IS 'The act behind api.cancel_door_plate() (门牌注销)';

CREATE OR REPLACE FUNCTION api.apply_door_plate(
        division text, road text, number text, state text DEFAULT 'applied', applied_on date DEFAULT NULL,
        reason text DEFAULT NULL, request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('apply_door_plate', jsonb_build_object(
            'division', division, 'road', road, 'number', number, 'state', state, 'applied_on', applied_on,
            'reason', reason),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.apply_door_plate(text, text, text, text, date, text, uuid, boolean) IS
    'Applies for a house number (门牌申请; 江门市门楼号牌管理条例), or enters one that is there. division: code of the village or community; road, or the village group; number: 12号, 12号之3; state: applied; reserved keeps it for a gap; active or temporary, this with a reason, for numbers that houses have already; applied_on, NULL is today. An application for a reserved number takes it. Starts the time limit of the decision, policy door_plate_decision. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, the plate''s key, and state. Errors: RG006, RG053, RG080, RG085, RG215-RG217, RG221, RG222, and RG100 where the calendar of a year is missing';

CREATE OR REPLACE FUNCTION api.decide_door_plate(
        door_plate_id bigint, outcome text DEFAULT 'active', decided_on date DEFAULT NULL, reason text DEFAULT NULL,
        request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('decide_door_plate', jsonb_build_object(
            'door_plate_id', door_plate_id, 'outcome', outcome, 'decided_on', decided_on, 'reason', reason),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.decide_door_plate(bigint, text, date, text, uuid, boolean) IS
    'Decides on an application for a house number, or makes a temporary one permanent (门牌确认). door_plate_id; outcome: active, temporary or cancelled (refused), the latter two with a reason; decided_on, NULL is today. Dwellings at that number have the plate from then on. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id and state. Errors: RG080, RG083, RG085, RG217, RG219, RG221, RG222';

CREATE OR REPLACE FUNCTION api.replace_door_plate(
        door_plate_id bigint, number text, road text DEFAULT NULL, replaced_on date DEFAULT NULL, reason text DEFAULT NULL,
        request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('replace_door_plate', jsonb_build_object(
            'door_plate_id', door_plate_id, 'number', number, 'road', road, 'replaced_on', replaced_on, 'reason', reason),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.replace_door_plate(bigint, text, text, date, text, uuid, boolean) IS
    'Gives a house another number (门牌变更; 江门市门楼号牌管理条例). door_plate_id; number; road if it changes too; replaced_on, NULL is today; reason. The new number is made, or is a reserved one, or that of a house it is now one with; the old one is archived, leads to it, and its dwellings follow. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, the key of the new plate, and its state. Errors: RG080, RG085, RG216, RG217, RG219, RG220, RG222';

CREATE OR REPLACE FUNCTION api.cancel_door_plate(
        door_plate_id bigint, reason text, cancelled_on date DEFAULT NULL, request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('cancel_door_plate', jsonb_build_object(
            'door_plate_id', door_plate_id, 'reason', reason, 'cancelled_on', cancelled_on),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.cancel_door_plate(bigint, text, date, uuid, boolean) IS
    'Cancels a house number (门牌注销; 江门市门楼号牌管理条例): it is archived, and can be given again. door_plate_id; reason in words; cancelled_on, NULL is today. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id and state. Errors: RG080, RG085, RG217, RG219, RG221, RG222';

CREATE OR REPLACE VIEW api.door_plate AS
SELECT p.door_plate_id, p.division::text AS division, full_address(p.address) AS address, p.road, p.number, p.state,
       (SELECT v.name FROM code.value v WHERE v.list = 'door_plate_state' AND v.code = p.state) AS state_name,
       p.applied_on, c.due_on AS decide_by, p.decided_on, p.ended_on, p.replaced_by_id, p.reason,
       (SELECT count(*) FROM registry.dwelling d WHERE d.door_plate_id = p.door_plate_id) AS dwellings
FROM registry.door_plate p
LEFT JOIN registry.clock c ON c.clock_id = p.clock_id;
COMMENT ON VIEW api.door_plate IS 'House numbers of today and before (门楼号牌). Source: registry.door_plate';
COMMENT ON COLUMN api.door_plate.door_plate_id IS 'Key of the plate (门牌编号)';
COMMENT ON COLUMN api.door_plate.division IS 'Village-level division (区划代码)';
COMMENT ON COLUMN api.door_plate.address IS 'Whole address of the plate (门牌地址)';
COMMENT ON COLUMN api.door_plate.road IS 'Road, lane or village group as entered (街路巷、村组)';
COMMENT ON COLUMN api.door_plate.number IS 'Number as entered (门牌号)';
COMMENT ON COLUMN api.door_plate.state IS 'State, list door_plate_state (门牌状态)';
COMMENT ON COLUMN api.door_plate.state_name IS 'The same in words (门牌状态名称)';
COMMENT ON COLUMN api.door_plate.applied_on IS 'Day of the application or entry (申请日期)';
COMMENT ON COLUMN api.door_plate.decide_by IS 'Last day for the decision (确认期限)';
COMMENT ON COLUMN api.door_plate.decided_on IS 'Day of the decision (确认日期)';
COMMENT ON COLUMN api.door_plate.ended_on IS 'Day on which it was replaced or cancelled (变更、注销日期)';
COMMENT ON COLUMN api.door_plate.replaced_by_id IS 'What the house has instead (新门牌)';
COMMENT ON COLUMN api.door_plate.reason IS 'Why, in words (原因)';
COMMENT ON COLUMN api.door_plate.dwellings IS 'How many dwellings have it (房屋数)';
$step$);

SELECT residency.ship_step('view/60-grid', 'repeatable', '0a80c8ab664b1894f2b1c4e9bd8e0ddaa43e22e72835f2d6c3083dde0ef131ff', NULL, NULL, $step$
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
        ELSIF crs !~* '(CRS84|EPSG:.*4326|EPSG:.*4490|GCJ-?02|BD-?09)$' THEN
            PERFORM refuse('RG070', ARRAY[format(registry.in_language(
                'Its coordinates are in %s; degrees of CRS84, CGCS2000 (EPSG:4490), GCJ-02 or BD-09 are read.', '坐标系为 %s,须为 CRS84、CGCS2000(EPSG:4490)、GCJ-02 或 BD-09 经纬度。'),
                left(crs, 60))], 'registry.grid', 'outline');
        END IF;

        <<rehearsal>>
        BEGIN
            FOR n IN 1..most LOOP
                BEGIN
                    entries[n] := registry.read_grid(geojson -> 'features' -> (n - 1), kind, valid_from);
                    entries[n].outline := to_cgcs2000(entries[n].outline, lower(replace(substring(crs FROM '(?i)(GCJ-?02|BD-?09)$'), '-', '')));
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
    'Draws and redraws grids from a GeoJSON FeatureCollection (导入网格, RFC 7946): Polygon or MultiPolygon in degrees of CRS84, read as CGCS2000, or of what member crs names: GCJ-02 and BD-09 are converted; properties grid_code and name, and if need be kind, division, valid_from, valid_to (half open). A known grid_code is redrawn, what is left out stays as it was. kind, valid_from: for features without their own; dry_run: answer, change nothing. Answers a row for each feature: accepted (drawn or redrawn), or refused with code and text; the good ones are kept. Errors: RG070; in rows RG006, RG059-RG067, RG069, RG070, 22P02 and 22007 for a property that cannot be read';

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

SELECT residency.ship_step('view/62-boundary', 'repeatable', '24b42c604313b92bfdc800ed7ad21f8865d7c8de9ef66e094db3512036b35740', NULL, NULL, $step$
-- How every act on grids or divisions begins, and whether one that waits for its day may be called off.

CREATE OR REPLACE FUNCTION registry.open_boundaries(act text, arguments jsonb, VARIADIC names text[])
    RETURNS date
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        PERFORM registry.require_argument(act, arguments, n) FROM unnest(names) AS n;
        -- a version that waits for its day changes no row of registry.grid: an older snapshot would not notice it
        IF current_setting('transaction_isolation') <> 'read committed' THEN
            PERFORM refuse('RG245', ARRAY[current_setting('transaction_isolation')], 'registry.grid');
        ELSIF is_plain_text(arguments ->> 'reason', 200) IS NOT TRUE THEN
            PERFORM refuse('RG259', '{}', 'registry.grid_act', 'reason');
        END IF;
        PERFORM grid_lock(NULL);
        RETURN COALESCE((arguments ->> 'effective_on')::date, today());
    END $$;
COMMENT ON FUNCTION registry.open_boundaries(text, jsonb, text[]) IS
    'Begins an act on grids or divisions that needs these arguments (开始边界调整): one at a time, and nobody locates a dwelling meanwhile. Answers the day from which it holds. RG085, RG245, RG259';

CREATE OR REPLACE FUNCTION registry.check_recall(
        act bigint, effective_on date, taken_at timestamptz, called_off_at timestamptz, follower bigint, follower_on date, at_table text)
    RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        IF called_off_at IS NOT NULL THEN
            PERFORM refuse('RG308', ARRAY[act::text, local_day(called_off_at)::text], at_table, 'called_off_at');
        ELSIF effective_on <= today() OR taken_at IS NOT NULL THEN
            -- also where the nightly job has yet to come: periods tell by the day
            PERFORM refuse('RG306', ARRAY[act::text, effective_on::text, today()::text], at_table, 'effective_on');
        ELSIF follower IS NOT NULL THEN
            PERFORM refuse('RG307', ARRAY[follower::text, follower_on::text, act::text], at_table);
        END IF;
    END $$;
COMMENT ON FUNCTION registry.check_recall(bigint, date, timestamptz, timestamptz, bigint, date, text) IS
    'Whether an act may be called off (撤回校验): RG308 it has been, RG306 its day has come, RG307 a later act rests on it';

CREATE OR REPLACE FUNCTION registry.act_answer(act text, record_id bigint, warning text DEFAULT NULL)
    RETURNS api.answer
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        answer api.answer;
    BEGIN
        answer.accepted := true;
        answer.act := act;
        answer.record_id := record_id;
        answer.warning := warning;
        RETURN answer;
    END $$;
COMMENT ON FUNCTION registry.act_answer(text, bigint, text) IS 'How an act on grids or divisions answers (边界调整办理结果)';
$step$);

SELECT residency.ship_step('view/62-division_act', 'repeatable', '7de98b3f315410713d394b9ad474641ca956efa94ee2a1838155d84ce38e09f3', NULL, NULL, $step$
-- The acts on divisions: renaming, recoding, merging and splitting.

CREATE OR REPLACE FUNCTION registry.division_answer(act text, entry code.division_act)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        PERFORM registry.take_division_acts();
        RETURN registry.act_answer(act, entry.division_act_id);
    END $$;
COMMENT ON FUNCTION registry.division_answer(text, code.division_act) IS
    'Lets a change of divisions take effect if its day has come, and answers for it (区划变更办理结果)';

CREATE OR REPLACE FUNCTION registry.rename_division(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        effective_on CONSTANT date := registry.open_boundaries(act, arguments, 'division', 'name');
        before       code.division;
        after        code.division;
        entry        code.division_act;
    BEGIN
        before := registry.changeable_division(arguments ->> 'division', effective_on);
        after := before;
        after.name := btrim(arguments ->> 'name');
        entry := registry.enter_division_act('rename', effective_on, arguments ->> 'reason');
        PERFORM registry.succeed_division('rename', before, after, entry, false);
        RETURN registry.division_answer(act, entry);
    END $$;
COMMENT ON FUNCTION registry.rename_division(text, jsonb) IS 'The act behind api.rename_division() (区划更名)';

CREATE OR REPLACE FUNCTION registry.recode_division(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        effective_on CONSTANT date := registry.open_boundaries(act, arguments, 'division', 'new_division');
        before       code.division;
        entry        code.division_act;
    BEGIN
        before := registry.changeable_division(arguments ->> 'division', effective_on);
        entry := registry.enter_division_act('recode', effective_on, arguments ->> 'reason');
        PERFORM registry.succeed_division('recode', before,
            registry.begin_division(arguments ->> 'new_division', before, COALESCE(arguments ->> 'name', before.name), entry), entry, true);
        RETURN registry.division_answer(act, entry);
    END $$;
COMMENT ON FUNCTION registry.recode_division(text, jsonb) IS 'The act behind api.recode_division() (区划代码变更)';

CREATE OR REPLACE FUNCTION registry.merge_divisions(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        effective_on CONSTANT date := registry.open_boundaries(act, arguments, 'divisions', 'into_division');
        codes        CONSTANT division_code[] := ARRAY(SELECT DISTINCT c::division_code FROM jsonb_array_elements_text(
                                                     CASE jsonb_typeof(arguments -> 'divisions') WHEN 'array' THEN arguments -> 'divisions' ELSE '[]' END) AS c);
        before       code.division[];
        after        code.division;
        entry        code.division_act;
    BEGIN
        IF cardinality(codes) < 2 THEN
            PERFORM refuse('RG249', ARRAY[cardinality(codes)::text], 'code.division', 'division');
        END IF;
        entry := registry.enter_division_act('merge', effective_on, arguments ->> 'reason');
        before := ARRAY(SELECT registry.changeable_division(c::text, effective_on) FROM unnest(codes) AS c ORDER BY c);
        SELECT b.* INTO after FROM unnest(before) AS b WHERE b.division = (arguments ->> 'into_division')::division_code;
        IF NOT FOUND THEN
            after := registry.begin_division(arguments ->> 'into_division', before[1], COALESCE(arguments ->> 'name', before[1].name), entry);
        END IF;
        FOR n IN 1..cardinality(before) LOOP
            IF before[n].level <> after.level THEN
                PERFORM refuse('RG256', ARRAY[before[n].division::text, after.division::text], 'code.division', 'division');
            END IF;
            PERFORM registry.succeed_division('merge', before[n], after, entry, before[n].division <> after.division);
        END LOOP;
        -- the one that takes up the others may get another name with it
        IF arguments ->> 'name' <> after.name THEN
            before[1] := after;
            after.name := arguments ->> 'name';
            PERFORM registry.succeed_division('rename', before[1], after, entry, false);
        END IF;
        RETURN registry.division_answer(act, entry);
    END $$;
COMMENT ON FUNCTION registry.merge_divisions(text, jsonb) IS 'The act behind api.merge_divisions() (区划合并)';

CREATE OR REPLACE FUNCTION registry.split_division(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        at           CONSTANT text := 'code.division';
        effective_on CONSTANT date := registry.open_boundaries(act, arguments, 'division');
        parts        CONSTANT jsonb := CASE WHEN jsonb_path_exists(arguments -> 'parts',
                                           'strict $[*] ? (@.division.type() == "string" && @.name.type() == "string" && @.members.type() == "array")')
                                       THEN arguments -> 'parts' ELSE '[]' END;
        before       code.division;
        beneath      text[];
        named        text[] := ARRAY[]::text[];
        wrong        text;
        part         jsonb;
        place        integer := 0;
        entry        code.division_act;
    BEGIN
        before := registry.changeable_division(arguments ->> 'division', effective_on);
        IF jsonb_array_length(parts) < 1 THEN
            PERFORM refuse('RG258', ARRAY['parts', before.division::text], at, 'division');
        END IF;
        IF before.level = 5 THEN
            beneath := ARRAY(SELECT g.grid_code FROM registry.grid g WHERE g.division = before.division AND g.period @> effective_on AND g.kind = 'management');
        ELSE
            beneath := ARRAY(SELECT d.division::text FROM code.division d WHERE d.parent = before.division AND d.period @> effective_on);
        END IF;
        FOR part IN SELECT p FROM jsonb_array_elements(parts) AS p LOOP
            named := named || ARRAY(SELECT jsonb_array_elements_text(part -> 'members'));
        END LOOP;
        SELECT n INTO wrong FROM unnest(named) AS n GROUP BY n HAVING count(*) > 1 OR n <> ALL (beneath) ORDER BY n LIMIT 1;
        IF FOUND THEN
            PERFORM refuse('RG258', ARRAY[left(wrong, 20), before.division::text], at, 'division');
        END IF;
        entry := registry.enter_division_act('split', effective_on, arguments ->> 'reason');
        FOR part IN SELECT p FROM jsonb_array_elements(parts) AS p LOOP
            place := place + 1;
            -- where nothing is left the old one ends, and the last part takes what belongs to no member
            PERFORM registry.succeed_division('split', before,
                registry.begin_division(part ->> 'division', before, part ->> 'name', entry),
                entry, named @> beneath AND place = jsonb_array_length(parts),
                ARRAY(SELECT jsonb_array_elements_text(part -> 'members')));
        END LOOP;
        RETURN registry.division_answer(act, entry);
    END $$;
COMMENT ON FUNCTION registry.split_division(text, jsonb) IS 'The act behind api.split_division() (区划拆分)';

CREATE OR REPLACE FUNCTION registry.call_off_division_act(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        entry    code.division_act;
        follower code.division_act;
    BEGIN
        PERFORM registry.open_boundaries(act, arguments, 'division_act_id');
        SELECT * INTO entry FROM code.division_act a WHERE a.division_act_id = (arguments ->> 'division_act_id')::bigint FOR NO KEY UPDATE;
        IF NOT FOUND THEN
            PERFORM refuse('RG305', ARRAY[arguments ->> 'division_act_id'], 'code.division_act', 'division_act_id');
        END IF;
        SELECT later.* INTO follower
        FROM code.division_lineage own
        JOIN code.division_lineage l
          ON l.from_division IN (own.from_division, own.to_division) OR l.to_division IN (own.from_division, own.to_division)
             -- what was entered beneath a code that begins
          OR own.from_division <> own.to_division AND l.to_division <@ own.to_division
        JOIN code.division_act later ON later.division_act_id = l.division_act_id
        WHERE own.division_act_id = entry.division_act_id AND later.division_act_id <> entry.division_act_id
          AND later.effective_on >= entry.effective_on AND later.called_off_at IS NULL
        ORDER BY later.effective_on DESC, later.division_act_id DESC
        LIMIT 1;
        PERFORM registry.check_recall(entry.division_act_id, entry.effective_on, entry.taken_at, entry.called_off_at,
                                      follower.division_act_id, follower.effective_on, 'code.division_act');

        UPDATE code.division_act a
        SET called_off_at = now(), called_off_by = residency.actor(), called_off_reason = arguments ->> 'reason'
        WHERE a.division_act_id = entry.division_act_id;
        -- a code that would have begun means what it did before, or is in use on no day
        UPDATE code.division d
        SET parent = COALESCE(was.parent, d.parent), name = COALESCE(was.name, d.name), heading = COALESCE(was.heading, d.heading),
            period = COALESCE(was.period, 'empty'), superseded_by = was.superseded_by, source = COALESCE(was.source, d.source)
        FROM code.division_lineage l
        LEFT JOIN code.division_lineage r ON r.division_act_id = l.division_act_id AND r.kind = 'reuse' AND r.to_division = l.to_division
        CROSS JOIN LATERAL jsonb_populate_record(NULL::code.division, r.former) AS was
        WHERE l.division_act_id = entry.division_act_id AND l.from_division <> l.to_division
          AND d.division = l.to_division AND lower(d.period) = entry.effective_on;
        RETURN registry.act_answer(act, entry.division_act_id);
    END $$;
COMMENT ON FUNCTION registry.call_off_division_act(text, jsonb) IS 'The act behind api.call_off_division_act() (撤回区划变更)';

CREATE OR REPLACE VIEW api.division_act AS
SELECT a.division_act_id, a.kind, a.effective_on, a.reason,
       ARRAY(SELECT DISTINCT l.from_division FROM code.division_lineage l
             WHERE l.division_act_id = a.division_act_id AND l.kind <> 'reuse' ORDER BY 1)::text[] AS before,
       ARRAY(SELECT DISTINCT l.to_division FROM code.division_lineage l
             WHERE l.division_act_id = a.division_act_id AND l.kind <> 'reuse' ORDER BY 1)::text[] AS after,
       a.actor, a.recorded_at, a.taken_at, a.called_off_at, a.called_off_by, a.called_off_reason
FROM code.division_act a;
COMMENT ON VIEW api.division_act IS 'Acts that changed divisions, will, or were called off (区划变更记录); what each did stands in code.division_lineage';
COMMENT ON COLUMN api.division_act.division_act_id IS 'Key (变更编号)';
COMMENT ON COLUMN api.division_act.kind IS 'What was done, list lineage_kind (变更类型)';
COMMENT ON COLUMN api.division_act.effective_on IS 'First day on which it holds (生效日期)';
COMMENT ON COLUMN api.division_act.reason IS 'Why (变更原因)';
COMMENT ON COLUMN api.division_act.before IS 'Codes before, with all beneath that went along (原区划代码)';
COMMENT ON COLUMN api.division_act.after IS 'Codes after (新区划代码)';
COMMENT ON COLUMN api.division_act.actor IS 'Role that entered it (登记人)';
COMMENT ON COLUMN api.division_act.recorded_at IS 'When it was entered (登记时间)';
COMMENT ON COLUMN api.division_act.taken_at IS 'When it took effect in the register (执行时间)';
COMMENT ON COLUMN api.division_act.called_off_at IS 'When it was called off (撤回时间)';
COMMENT ON COLUMN api.division_act.called_off_by IS 'Role that called it off (撤回人)';
COMMENT ON COLUMN api.division_act.called_off_reason IS 'Why it was called off (撤回原因)';
$step$);

SELECT residency.ship_step('view/62-division_act_api', 'repeatable', '4dc050dc35d7d304297ddfcbc21cccfaff8b71024844bead97b53f09a8f35b09', NULL, NULL, $step$
-- Acts on divisions, for applications.

CREATE OR REPLACE FUNCTION api.rename_division(
        division text, name text, reason text, effective_on date DEFAULT NULL, request_id uuid DEFAULT NULL,
        dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('rename_division', jsonb_build_object(
            'division', division, 'name', name, 'reason', reason, 'effective_on', effective_on),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.rename_division(text, text, text, date, uuid, boolean) IS
    'Gives a division another name (区划更名); its code stays. effective_on: first day on which it holds, past or to come, NULL is today; reason: why, in a line. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, the act, see api.division_act. Errors: RG080, RG085, RG245, RG248, RG255, RG259; 22P02 a malformed code';

CREATE OR REPLACE FUNCTION api.recode_division(
        division text, new_division text, reason text, name text DEFAULT NULL, effective_on date DEFAULT NULL,
        request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('recode_division', jsonb_build_object(
            'division', division, 'new_division', new_division, 'reason', reason, 'name', name, 'effective_on', effective_on),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.recode_division(text, text, text, text, date, uuid, boolean) IS
    'Gives a division another code (区划代码变更), also beneath another division. new_division: a code of the same level that is not in use; one that has ended may be used again. name: NULL stays. All that is of today and all divisions beneath follow, with codes of the new one (registry.division_use()); who lived where on which day is kept. effective_on: first day on which it holds, past or to come, NULL is today; reason: why, in a line. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, the act, see api.division_act. Errors: RG080, RG085, RG245, RG248, RG255, RG259; 22P02 a malformed code, RG247, RG254, RG256, RG257';

CREATE OR REPLACE FUNCTION api.merge_divisions(
        divisions text[], into_division text, reason text, name text DEFAULT NULL, effective_on date DEFAULT NULL,
        request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('merge_divisions', jsonb_build_object(
            'divisions', divisions, 'into_division', into_division, 'reason', reason, 'name', name, 'effective_on', effective_on),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.merge_divisions(text[], text, text, text, date, uuid, boolean) IS
    'Merges divisions of one level into one of them or into a new one (区划合并). into_division; name of it, NULL stays, or of a new one is that of the lowest code. All that is of today and all divisions beneath follow, with codes of the new one (registry.division_use()); who lived where on which day is kept. effective_on: first day on which it holds, past or to come, NULL is today; reason: why, in a line. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, the act, see api.division_act. Errors: RG080, RG085, RG245, RG248, RG255, RG259; 22P02 a malformed code, RG247, RG249, RG254, RG256, RG257';

CREATE OR REPLACE FUNCTION api.split_division(
        division text, parts jsonb, reason text, effective_on date DEFAULT NULL, request_id uuid DEFAULT NULL,
        dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('split_division', jsonb_build_object(
            'division', division, 'parts', parts, 'reason', reason, 'effective_on', effective_on),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.split_division(text, jsonb, text, date, uuid, boolean) IS
    'Cuts new divisions out of one (区划拆分). parts: [{"division": code, "name": name, "members": [codes]}, ...]; members are grids of a village, or divisions directly beneath any other. What is not named stays; where all are named the old one ends, and the last part takes the dwellings that are in no grid. All that is of today and all divisions beneath follow, with codes of the new one (registry.division_use()); who lived where on which day is kept. effective_on: first day on which it holds, past or to come, NULL is today; reason: why, in a line. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, the act, see api.division_act. Errors: RG080, RG085, RG245, RG248, RG255, RG259; 22P02 a malformed code, RG247, RG254, RG256-RG258';

CREATE OR REPLACE FUNCTION api.call_off_division_act(
        division_act_id bigint, reason text, request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('call_off_division_act', jsonb_build_object(
            'division_act_id', division_act_id, 'reason', reason),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.call_off_division_act(bigint, text, uuid, boolean) IS
    'Calls off an act on divisions before its day (撤回区划变更): codes are as if it had never been entered, and it stays on record with both reasons. division_act_id: see api.division_act; reason: why, in a line. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, the act. Errors: RG080, RG085, RG245, RG259, RG305, RG306 its day has come, RG307 a later act rests on it, RG308';
$step$);

SELECT residency.ship_step('view/62-division_succession', 'repeatable', '622c9f3370dcd255e676aaf30bc4a97b84da23ff9a09553f111b305c0d6273ed', NULL, NULL, $step$
-- At the entry of an act on divisions the new codes begin and the lineage is written; all else follows on the day itself.

CREATE OR REPLACE FUNCTION registry.changeable_division(code text, effective_on date)
    RETURNS code.division
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        entry code.division;
        last  date;
    BEGIN
        SELECT * INTO entry FROM code.division d WHERE d.division = changeable_division.code::division_code;
        IF NOT FOUND OR NOT (entry.period @> effective_on AND upper_inf(entry.period)) THEN
            PERFORM refuse('RG255', ARRAY[left(code, 20), effective_on::text], 'code.division', 'division');
        END IF;
        SELECT max(change.day) INTO last
        FROM (
            SELECT lower(entry.period) AS day
            UNION ALL
            SELECT a.effective_on FROM code.division_lineage l JOIN code.division_act a USING (division_act_id)
            WHERE (l.from_division <@ entry.division OR l.to_division <@ entry.division) AND a.called_off_at IS NULL
        ) AS change
        WHERE change.day >= effective_on;
        IF last IS NOT NULL THEN
            PERFORM refuse('RG248', ARRAY[entry.division::text, last::text, effective_on::text], 'code.division', 'division');
        END IF;
        RETURN entry;
    END $$;
COMMENT ON FUNCTION registry.changeable_division(text, date) IS
    'A division that can be changed from a day on (可变更的区划): RG255 it is not in use then, or its end is set, RG248 it or what is beneath changes on that day or after it';

CREATE OR REPLACE FUNCTION registry.free_division(above division_code, like_it division_code, own bigint)
    RETURNS division_code
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        step  CONSTANT bigint := CASE level(like_it) WHEN 5 THEN 1 WHEN 4 THEN 1000 WHEN 3 THEN 1000000 ELSE 100000000 END;
        place CONSTANT bigint := own / step;
        -- kinds of townships and villages have ranges of their own
        class CONSTANT int8range := CASE
            WHEN level(like_it) < 4 THEN int8range(place, place + 1)
            WHEN place < 100 AND level(like_it) = 4 THEN '[1,100)'
            WHEN place < 200 THEN int8range(CASE level(like_it) WHEN 4 THEN 100 ELSE 1 END, 200)
            WHEN place < 400 THEN '[200,400)'
            ELSE int8range(place / 100 * 100, place / 100 * 100 + 100) END;
        free  division_code;
    BEGIN
        SELECT (above::bigint + n * step)::text::division_code INTO free
        FROM generate_series(lower(class), upper(class) - 1) AS n
        WHERE NOT EXISTS (SELECT FROM code.division d WHERE d.division = (above::bigint + n * step)::text::division_code)
        ORDER BY n <> place, n
        LIMIT 1;
        IF NOT FOUND THEN
            PERFORM refuse('RG254', ARRAY[above::text, lower(class)::text, (upper(class) - 1)::text], 'code.division', 'division');
        END IF;
        RETURN free;
    END $$;
COMMENT ON FUNCTION registry.free_division(division_code, division_code, bigint) IS
    'A code beneath a division for one that comes to lie there (新上级下的区划代码): with its own digits where nobody has had them, else the first free ones of its kind (国统字〔2009〕91号). RG254';

CREATE OR REPLACE FUNCTION registry.enter_division_act(kind text, effective_on date, reason text)
    RETURNS code.division_act
    LANGUAGE sql
    SET search_path FROM CURRENT
    AS $$ INSERT INTO code.division_act (kind, effective_on, reason) VALUES (kind, effective_on, reason) RETURNING * $$;
COMMENT ON FUNCTION registry.enter_division_act(text, date, text) IS 'Enters an act on divisions, to which its lineage then belongs (登记区划变更)';

CREATE OR REPLACE FUNCTION registry.begin_division(code text, predecessor code.division, name text, act code.division_act)
    RETURNS code.division
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        entry code.division;
        was   code.division;
    BEGIN
        entry.division := code::division_code;
        entry.parent := CASE WHEN predecessor.parent @> entry.division THEN predecessor.parent ELSE parent(entry.division) END;
        entry.level := level(entry.division);
        entry.name := btrim(name);
        entry.heading := is_division_heading(entry.name);
        entry.period := daterange(act.effective_on, NULL);
        entry.source := 'site';
        IF entry.level <> predecessor.level OR entry.level = 1
           OR NOT EXISTS (SELECT FROM code.division d WHERE d.division = entry.parent AND d.period @> act.effective_on) THEN
            PERFORM refuse('RG256', ARRAY[predecessor.division::text, entry.division::text], 'code.division', 'division');
        END IF;
        SELECT * INTO was FROM code.division d WHERE d.division = entry.division;
        IF was.period && entry.period THEN
            PERFORM refuse('RG257', ARRAY[entry.division::text, act.effective_on::text], 'code.division', 'division');
        END IF;
        INSERT INTO code.division AS d (division, parent, level, name, heading, period, source)
        VALUES (entry.division, entry.parent, entry.level, entry.name, entry.heading, entry.period, entry.source)
        ON CONFLICT (division) DO UPDATE
        SET parent = entry.parent, name = entry.name, heading = entry.heading, period = entry.period, superseded_by = NULL, source = entry.source;
        -- one that was called off before it began has meant nothing
        IF NOT isempty(was.period) THEN
            INSERT INTO code.division_lineage (division_act_id, kind, from_division, to_division, from_name, to_name, ends, residents, former)
            VALUES (act.division_act_id, 'reuse', was.division, was.division, was.name, entry.name, false, 0, to_jsonb(was));
        END IF;
        RETURN entry;
    END $$;
COMMENT ON FUNCTION registry.begin_division(text, code.division, text, code.division_act) IS
    'A code begins to be in use for what takes the place of a division (启用区划代码), anew where it has ended before: RG256 of another level, or beneath nothing, RG257 it is in use';

CREATE OR REPLACE FUNCTION registry.succeed_division(
        kind text, before code.division, after code.division, act code.division_act, ends boolean, members text[] DEFAULT NULL)
    RETURNS void
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        child code.division;
        total bigint;
        moved bigint;
    BEGIN
        IF before.level = 5 THEN
            -- refuses where a grid has something entered for later
            PERFORM registry.changeable_grids(ARRAY(
                SELECT g.grid_code FROM registry.grid g
                WHERE g.division = before.division AND g.period && daterange(act.effective_on, NULL)), act.effective_on);
        END IF;
        SELECT count(*), count(*) FILTER (WHERE members IS NULL OR g.grid_code = ANY (members)
                                                OR EXISTS (SELECT FROM unnest(members) AS m
                                                           WHERE before.level < 5 AND d.division <@ m::division_code))
        INTO total, moved
        FROM registry.dwelling d
        JOIN registry.residence r ON r.dwelling_id = d.dwelling_id AND residence_is_current(r.state)
        LEFT JOIN registry.grid g ON g.grid_id = d.grid_id
        WHERE d.division <@ before.division;
        INSERT INTO code.division_lineage (division_act_id, kind, from_division, to_division, from_name, to_name, members, ends, residents, resident_share)
        VALUES (act.division_act_id, kind, before.division, after.division, before.name, after.name, members, ends, moved, moved::numeric / NULLIF(total, 0));

        IF before.division <> after.division THEN
            FOR child IN SELECT d.* FROM code.division d
                         WHERE d.parent = before.division AND upper_inf(d.period) AND (members IS NULL OR d.division::text = ANY (members))
                         ORDER BY d.division LOOP
                PERFORM registry.succeed_division('recode', child,
                    registry.begin_division(registry.free_division(after.division, child.division, child.division::bigint - before.division::bigint)::text,
                                            child, child.name, act),
                    act, true);
            END LOOP;
        END IF;
    END $$;
COMMENT ON FUNCTION registry.succeed_division(text, code.division, code.division, code.division_act, boolean, text[]) IS
    'Writes that a division goes over to another by an act, all of it or these members, and what is beneath with new codes (区划承接)';
$step$);

SELECT residency.ship_step('view/62-division_take', 'repeatable', 'b36e43a55f6d4bc44e6d4420d58441373c946664834fef182f1b8bb60f462d26', NULL, NULL, $step$
-- An act on divisions takes effect: all that is of today goes over to the new codes, as registry.division_use() says.

CREATE OR REPLACE FUNCTION registry.keep_former_division(division division_code, name text, heading boolean, "on" date, successor division_code)
    RETURNS void
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        year CONSTANT integer := extract(year FROM "on");
    BEGIN
        IF level(division) > 3 THEN
            RETURN;
        ELSIF name IS NULL THEN
            UPDATE code.former_division f SET years = int4range(lower(f.years), greatest(year, lower(f.years)) + 1), successor = keep_former_division.successor
            WHERE f.division = keep_former_division.division AND upper_inf(f.years);
        ELSE
            UPDATE code.former_division f SET years = int4range(lower(f.years), year), seen = NULLIF(f.seen * int4range(NULL, year), 'empty')
            WHERE f.division = keep_former_division.division AND f.years @> year AND lower(f.years) < year;
            INSERT INTO code.former_division (division, years, name, heading, sources)
            VALUES (division, int4range(year, NULL), name, heading, '{site}')
            ON CONFLICT ON CONSTRAINT former_division_pkey DO UPDATE SET name = excluded.name, heading = excluded.heading;
        END IF;
    END $$;
COMMENT ON FUNCTION registry.keep_former_division(division_code, text, boolean, date, division_code) IS
    'Goes on with code.former_division where a code of a county or above begins to bear a name, or, name NULL, ends (续写历年区划代码)';

CREATE OR REPLACE FUNCTION registry.pass_on_places(act code.division_act)
    RETURNS void
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        place text;
    BEGIN
        INSERT INTO code.division_alias (alias, division, kind, note)
        SELECT l.from_name, l.to_division, 'former', NULL
        FROM code.division_lineage l
        WHERE l.division_act_id = act.division_act_id AND l.kind = 'rename' AND l.from_name <> l.to_name AND l.from_name !~ '[[:space:]]'
        UNION
        SELECT a.alias, l.to_division, a.kind, a.note
        FROM code.division_lineage l JOIN code.division_alias a ON a.division = l.from_division
        WHERE l.division_act_id = act.division_act_id AND l.ends AND l.members IS NULL
        ON CONFLICT DO NOTHING;
        DELETE FROM code.division_alias a USING code.division_lineage l
        WHERE l.division_act_id = act.division_act_id AND l.ends AND l.members IS NULL AND a.division = l.from_division;

        FOR place IN VALUES ('road'), ('estate') LOOP
            EXECUTE format(
                'INSERT INTO registry.%1$I AS own (division, name, dwellings, first_seen)
                 SELECT l.to_division, p.name, sum(CASE WHEN l.ends THEN p.dwellings ELSE 0 END), min(p.first_seen)
                 FROM code.division_lineage l JOIN registry.%1$I p ON p.division = l.from_division
                 WHERE l.division_act_id = $1 AND l.from_division <> l.to_division
                 GROUP BY 1, 2
                 ON CONFLICT (division, name) DO UPDATE
                 SET dwellings = own.dwellings + excluded.dwellings, first_seen = least(own.first_seen, excluded.first_seen)', place)
            USING act.division_act_id;
            EXECUTE format(
                'DELETE FROM registry.%I p USING code.division_lineage l
                 WHERE l.division_act_id = $1 AND l.ends AND p.division = l.from_division', place)
            USING act.division_act_id;
        END LOOP;
    END $$;
COMMENT ON FUNCTION registry.pass_on_places(code.division_act) IS
    'Other names, roads and estates go over to the new codes (别名、街路巷、小区承接), before addresses are read by them; of a division that is cut both have the roads';

CREATE OR REPLACE FUNCTION registry.pass_on_settings(act code.division_act)
    RETURNS void
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        heir record;
    BEGIN
        -- what a code meant before ends with it
        UPDATE policy.setting s SET period = s.period * daterange(NULL, act.effective_on)
        FROM code.division_lineage l
        WHERE l.division_act_id = act.division_act_id AND l.kind = 'reuse' AND s.division = l.to_division
          AND s.period @> act.effective_on AND lower(s.period) IS DISTINCT FROM act.effective_on;
        FOR heir IN
            SELECT l.to_division, min(l.from_division::bigint)::text::division_code AS from_division,
                   -- the place had its past settings, too, unless the code is that of another place's past
                   CASE WHEN EXISTS (SELECT FROM code.division_lineage r
                                     WHERE r.division_act_id = act.division_act_id AND r.kind = 'reuse' AND r.to_division = l.to_division)
                        THEN daterange(act.effective_on, NULL) ELSE '(,)' END AS period
            FROM code.division_lineage l
            JOIN code.division d ON d.division = l.to_division AND lower(d.period) = act.effective_on
            WHERE l.division_act_id = act.division_act_id AND l.from_division <> l.to_division
            GROUP BY l.to_division
        LOOP
            INSERT INTO policy.setting (key, division, period, value, legal_basis)
            SELECT s.key, heir.to_division, s.period * heir.period, s.value, s.legal_basis
            FROM policy.setting s
            WHERE s.division = heir.from_division AND s.period && heir.period
              -- what has been entered for the new code already counts
              AND NOT EXISTS (SELECT FROM policy.setting own
                              WHERE own.key = s.key AND own.division = heir.to_division AND own.period && s.period * heir.period);
            INSERT INTO code.calendar_day (region, day, kind, name, name_en, notice)
            SELECT heir.to_division, c.day, c.kind, c.name, c.name_en, c.notice
            FROM code.calendar_day c
            WHERE c.region = heir.from_division AND heir.period @> c.day
            ON CONFLICT DO NOTHING;
        END LOOP;
    END $$;
COMMENT ON FUNCTION registry.pass_on_settings(code.division_act) IS
    'A code that begins has the policy settings and calendar of what it was made from (政策参数与日历承接): of several merged those of the lowest code, as it has its name; one that takes up others keeps its own. The old code keeps its own, too, for what kept it';

CREATE OR REPLACE FUNCTION registry.going_grids(entry code.division_lineage, "on" date)
    RETURNS text[]
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        -- grids that have come from those named go with them
        WITH RECURSIVE named AS (
            SELECT g.grid_id FROM registry.grid g
            WHERE g.division = entry.from_division AND (entry.ends OR g.grid_code = ANY (entry.members))
            UNION
            SELECT l.to_grid_id
            FROM named
            JOIN registry.grid_lineage l ON l.from_grid_id = named.grid_id
            JOIN registry.grid_act a ON a.grid_act_id = l.grid_act_id AND a.called_off_at IS NULL
        )
        SELECT COALESCE(array_agg(g.grid_code ORDER BY g.grid_code), '{}')
        FROM named JOIN registry.grid g USING (grid_id)
        WHERE g.division = entry.from_division AND g.period && daterange("on", NULL)
    $$;
COMMENT ON FUNCTION registry.going_grids(code.division_lineage, date) IS 'Codes of the grids that go over from a village from a day on (划出的网格): all where it ends, else the members';

CREATE OR REPLACE FUNCTION registry.move_grids(codes text[], to_division division_code, act code.division_act)
    RETURNS void
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        going  CONSTANT registry.grid[] := registry.changeable_grids(codes, act.effective_on);
        before registry.grid[];
        after  registry.grid[];
        fresh  text[];
        its    text;
    BEGIN
        FOR its IN SELECT DISTINCT b.kind FROM unnest(going) AS b ORDER BY 1 LOOP
            before := ARRAY(SELECT b FROM unnest(going) AS b WHERE b.kind = its);
            after := before;
            -- its own number where nobody has had it there
            fresh := ARRAY(SELECT to_division::text || substr(b.grid_code, 13) FROM unnest(before) WITH ORDINALITY AS b ORDER BY b.ordinality);
            IF EXISTS (SELECT FROM registry.grid g WHERE g.grid_code = ANY (fresh)) THEN
                fresh := registry.new_grid_codes(to_division, cardinality(before));
            END IF;
            FOR n IN 1..cardinality(after) LOOP
                after[n].grid_id := NULL;
                after[n].grid_code := fresh[n];
                after[n].division := to_division;
            END LOOP;
            PERFORM registry.redraw_grids('recode', before, after, act.effective_on, act.reason);
        END LOOP;
    END $$;
COMMENT ON FUNCTION registry.move_grids(text[], division_code, code.division_act) IS
    'Grids of a village end and begin under codes of another (网格随区划承接)';

CREATE OR REPLACE FUNCTION registry.move_plates(entry code.division_lineage, homes bigint[])
    RETURNS void
    LANGUAGE sql
    SET search_path FROM CURRENT
    AS $$
        WITH RECURSIVE going AS (
            SELECT p.door_plate_id
            FROM registry.door_plate p
            WHERE p.division = entry.from_division
              AND (entry.ends
                   OR EXISTS (SELECT FROM registry.dwelling d WHERE d.door_plate_id = p.door_plate_id AND d.dwelling_id = ANY (homes))
                      AND NOT EXISTS (SELECT FROM registry.dwelling d WHERE d.door_plate_id = p.door_plate_id AND d.dwelling_id <> ALL (homes)))
            UNION
            -- the numbers that a house had before
            SELECT p.door_plate_id FROM going JOIN registry.door_plate p ON p.replaced_by_id = going.door_plate_id
        ), there AS MATERIALIZED (
            SELECT p.door_plate_id, p.state, part_address(division_address(entry.to_division), p.address) AS address
            FROM going JOIN registry.door_plate p USING (door_plate_id)
        )
        UPDATE registry.door_plate p SET division = entry.to_division, address = there.address
        FROM there
        WHERE p.door_plate_id = there.door_plate_id
          -- a number that another house has there stays behind, until somebody gives it another
          AND (there.state IN ('replaced', 'cancelled')
               OR NOT EXISTS (SELECT FROM registry.door_plate own WHERE own.address = there.address AND own.state NOT IN ('replaced', 'cancelled')))
    $$;
COMMENT ON FUNCTION registry.move_plates(code.division_lineage, bigint[]) IS
    'House numbers go over with their village, or with the dwellings that have them (门牌随区划承接), and so do the numbers before; dwellings keep their plate. One that the new village has given already stays';

CREATE OR REPLACE FUNCTION registry.move_village(entry code.division_lineage, act code.division_act)
    RETURNS void
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET jit = off
    AS $$
    DECLARE
        codes  CONSTANT text[] := registry.going_grids(entry, act.effective_on);
        wholes CONSTANT bigint[] := ARRAY(
            SELECT d.dwelling_id FROM registry.dwelling d LEFT JOIN registry.grid g USING (grid_id)
            WHERE d.division = entry.from_division AND d.parent_id IS NULL AND (entry.ends OR g.grid_code = ANY (codes)));
        homes  CONSTANT bigint[] := ARRAY(SELECT part.dwelling_id FROM registry.dwelling_part part WHERE part.whole_id = ANY (wholes));
    BEGIN
        PERFORM registry.move_grids(codes, entry.to_division, act);
        INSERT INTO registry.dwelling_past_division (dwelling_id, until, division)
        SELECT h, act.effective_on, entry.from_division FROM unnest(homes) AS h;
        SET CONSTRAINTS registry.dwelling_door_plate_fkey DEFERRED;
        PERFORM registry.move_plates(entry, homes);
        -- the parts follow, by their foreign key
        UPDATE registry.dwelling d SET division = entry.to_division WHERE d.dwelling_id = ANY (wholes);
        SET CONSTRAINTS registry.dwelling_door_plate_fkey IMMEDIATE;
        UPDATE registry.residence r SET division = entry.to_division
        WHERE r.dwelling_id = ANY (homes) AND residence_is_current(r.state) AND r.division <> entry.to_division;
        -- where its holder lives is another county now
        PERFORM registry.pass_on_permits(ARRAY(
            SELECT p.permit_id FROM registry.residence r JOIN registry.permit p USING (residence_id)
            WHERE r.dwelling_id = ANY (homes) AND residence_is_current(r.state) AND p.division = county(entry.from_division)), county(entry.to_division));
    END $$;
COMMENT ON FUNCTION registry.move_village(code.division_lineage, code.division_act) IS
    'A village, or the members named, goes over to another code (村居承接): grids, house numbers, dwellings, current residences and the permits that rest on them';

CREATE OR REPLACE FUNCTION registry.pass_on_permits(permits bigint[], to_county division_code)
    RETURNS void
    LANGUAGE sql
    SET search_path FROM CURRENT
    AS $$
        UPDATE registry.permit p SET division = to_county
        WHERE p.permit_id = ANY (permits) AND p.division <> to_county AND permit_phase(p.state) <> 'end'
          -- whoever has one there already keeps this as it is, until it ends
          AND NOT EXISTS (SELECT FROM registry.permit o
                          WHERE o.person_id = p.person_id AND o.permit_id <> p.permit_id AND o.city = city(to_county)
                            AND p.city <> o.city AND permit_phase(o.state) <> 'end')
    $$;
COMMENT ON FUNCTION registry.pass_on_permits(bigint[], division_code) IS
    'Applications and permits that go on belong to the new county (居住证承接), numbers and decisions stay; but for who has one in that city already';

CREATE OR REPLACE FUNCTION registry.restandardize_division(renamed division_code)
    RETURNS void
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        its text;
    BEGIN
        UPDATE registry.door_plate p SET address = part_address(division_address(p.division), p.address)
        WHERE p.division <@ renamed AND p.address::text <> part_address(division_address(p.division), p.address)::text;
        -- from the outside in: a part has from its whole what it leaves out
        FOREACH its IN ARRAY '{building,unit,room,bed}'::text[] LOOP
            PERFORM restandardize_batch(ARRAY(SELECT d.dwelling_id FROM registry.dwelling d WHERE d.division <@ renamed AND d.kind = its));
        END LOOP;
    END $$;
COMMENT ON FUNCTION registry.restandardize_division(division_code) IS
    'Standard addresses in a division that has another name now (区划更名后标准地址重算)';

CREATE OR REPLACE FUNCTION registry.follow_division(act code.division_act)
    RETURNS void
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        entry code.division_lineage;
        use   record;
    BEGIN
        FOR entry IN SELECT l.* FROM code.division_lineage l
                     WHERE l.division_act_id = act.division_act_id AND l.ends AND level(l.from_division) < 4 ORDER BY l.division_lineage_id LOOP
            PERFORM registry.pass_on_permits(ARRAY(SELECT p.permit_id FROM registry.permit p WHERE p.division = entry.from_division), entry.to_division);
        END LOOP;
        -- one statement a table: a township has dozens of villages
        FOR use IN SELECT u.at_table, u.at_column, u.which FROM registry.division_use() u WHERE u.fate = 'follows' LOOP
            EXECUTE format(
                'UPDATE %s t SET %2$I = l.to_division FROM code.division_lineage l
                 WHERE l.division_act_id = $1 AND l.ends AND t.%2$I = l.from_division AND (%3$s)', use.at_table, use.at_column, use.which)
            USING act.division_act_id;
        END LOOP;
    END $$;
COMMENT ON FUNCTION registry.follow_division(code.division_act) IS
    'What is of a whole division goes along where that ends (随区划整体承接): permits of its county, and the rows that registry.division_use() says follow';

CREATE OR REPLACE FUNCTION registry.take_division_act(act code.division_act)
    RETURNS void
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        entry code.division_lineage;
    BEGIN
        UPDATE code.division d SET name = l.to_name, heading = is_division_heading(l.to_name)
        FROM code.division_lineage l WHERE l.division_act_id = act.division_act_id AND l.kind = 'rename' AND d.division = l.to_division;
        PERFORM registry.keep_former_division(d.division, d.name, d.heading, act.effective_on, NULL)
        FROM code.division d
        WHERE d.division IN (SELECT l.to_division FROM code.division_lineage l
                             WHERE l.division_act_id = act.division_act_id AND (l.kind = 'rename' OR lower(d.period) = act.effective_on));
        PERFORM registry.pass_on_places(act);
        PERFORM registry.pass_on_settings(act);
        FOR entry IN SELECT l.* FROM code.division_lineage l
                     WHERE l.division_act_id = act.division_act_id AND l.from_division <> l.to_division AND level(l.from_division) = 5
                     ORDER BY l.division_lineage_id LOOP
            PERFORM registry.move_village(entry, act);
        END LOOP;
        UPDATE code.division d
        SET period = daterange(lower(d.period), act.effective_on),
            superseded_by = CASE WHEN l.members IS NULL THEN l.to_division END
        FROM code.division_lineage l
        WHERE l.division_act_id = act.division_act_id AND l.ends AND d.division = l.from_division;
        PERFORM registry.keep_former_division(l.from_division, NULL, NULL, act.effective_on, l.to_division)
        FROM code.division_lineage l WHERE l.division_act_id = act.division_act_id AND l.ends;
        PERFORM registry.follow_division(act);
        PERFORM registry.restandardize_division(l.to_division)
        FROM code.division_lineage l WHERE l.division_act_id = act.division_act_id AND l.kind = 'rename';
    END $$;
COMMENT ON FUNCTION registry.take_division_act(code.division_act) IS
    'An act on divisions takes effect (区划变更生效): names, places and settings, then the villages, then what follows the whole; at the end the old codes are out of use';

CREATE OR REPLACE FUNCTION registry.take_division_acts(batch integer DEFAULT NULL)
    RETURNS integer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        due code.division_act[];
        act code.division_act;
    BEGIN
        PERFORM grid_lock(NULL);
        WITH taken AS (
            UPDATE code.division_act a SET taken_at = now()
            WHERE a.division_act_id IN (SELECT d.division_act_id FROM code.division_act d
                                        WHERE d.taken_at IS NULL AND d.called_off_at IS NULL AND d.effective_on <= today()
                                        ORDER BY d.effective_on, d.division_act_id LIMIT batch)
            RETURNING a
        ) SELECT COALESCE(array_agg(taken.a ORDER BY (taken.a).effective_on, (taken.a).division_act_id), '{}') INTO due FROM taken;
        FOREACH act IN ARRAY due LOOP
            PERFORM registry.take_division_act(act);
        END LOOP;
        RETURN cardinality(due);
    END $$;
COMMENT ON FUNCTION registry.take_division_acts(integer) IS 'Changes of divisions whose day has come take effect (到期区划变更生效), the earliest first, so many at most; how many';
$step$);

SELECT residency.ship_step('view/62-division_use', 'repeatable', '8049afe287af0ad671ebd85f833aa80476f6bb1e08c617356167a385f7691ae5', NULL, NULL, $step$
-- Every column that names a division or a grid, or bears an address, and what an act on divisions or grids does to it.
-- Who adds such a column adds a row here: test/sql/division_use.sql looks for them in the catalogue.

CREATE OR REPLACE FUNCTION registry.division_use()
    RETURNS TABLE (at_table text, at_column text, fate text, which text, why text)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        VALUES
        -- follows: of today, goes along with the whole division; which rows t
        ('registry.employer', 'division', 'follows', 't.closed_on IS NULL', 'whose rules its reports follow; one that has closed stays as it was'),
        ('registry.schooling', 'division', 'follows', 't.void_reason IS NULL AND COALESCE(t.ends_on > today(), true)', 'where the school lies; past studies stay'),
        ('registry.clock', 'division', 'follows', 't.state <> ''stopped''', 'whose calendar counts; its term stays, and a clock that was stopped'),
        ('registry.person', 'household_division', 'follows', 'true', 'who is local is told by it; nobody settles or leaves by it'),
        -- moves: taken along by a function of its own
        ('code.division', 'division', 'moves', NULL, 'begin_division, take_division_act'),
        ('code.division', 'parent', 'moves', NULL, 'begin_division: a code lies beneath that of its digits'),
        ('code.division', 'superseded_by', 'moves', NULL, 'take_division_act: where the whole has gone'),
        ('code.former_division', 'division', 'moves', NULL, 'keep_former_division: goes on, counties and above'),
        ('code.former_division', 'successor', 'moves', NULL, 'keep_former_division'),
        ('code.division_alias', 'division', 'moves', NULL, 'pass_on_places: other names go along, and the old name becomes one'),
        ('code.calendar_day', 'region', 'moves', NULL, 'pass_on_settings: as policy'),
        ('policy.setting', 'division', 'moves', NULL, 'pass_on_settings: a new code has those of what it was made from; the old code keeps its own for what kept it'),
        ('registry.road', 'division', 'moves', NULL, 'pass_on_places: addresses are read by them'),
        ('registry.estate', 'division', 'moves', NULL, 'pass_on_places: addresses are read by them'),
        ('registry.grid', 'division', 'moves', NULL, 'move_village: ends, and begins under a new code'),
        ('registry.dwelling', 'division', 'moves', NULL, 'move_village; dwelling_past_division keeps where it lay'),
        ('registry.dwelling', 'standard_address', 'moves', NULL, 'its trigger, restandardize_division'),
        ('registry.dwelling', 'grid_id', 'moves', NULL, 'place_dwellings'),
        ('registry.residence', 'division', 'moves', NULL, 'move_village: current ones; past ones stay'),
        ('registry.permit', 'division', 'moves', NULL, 'pass_on_permits, move_village: while it goes on; its number, events and decisions stay'),
        ('registry.permit', 'city', 'moves', NULL, 'with the division'),
        ('registry.door_plate', 'division', 'moves', NULL, 'move_village: past ones, too, houses are found by them'),
        ('registry.door_plate', 'address', 'moves', NULL, 'move_village, restandardize_division'),
        ('registry.grid_staff', 'grid_id', 'moves', NULL, 'pass_on_staff'),
        -- keeps: what it was
        ('code.former_division_doubt', 'division', 'keeps', NULL, 'what sources said of a code'),
        ('code.calendar_notice', 'region', 'keeps', NULL, 'a notice is what it was'),
        ('code.division_lineage', 'from_division', 'keeps', NULL, 'the history itself'),
        ('code.division_lineage', 'to_division', 'keeps', NULL, 'the history itself'),
        ('policy.draft_setting', 'division', 'keeps', NULL, 'who drafts it names the new code'),
        ('policy.replaced_setting', 'division', 'keeps', NULL, 'history of settings'),
        ('policy.test_case', 'division', 'keeps', NULL, 'of a day; the old code keeps its settings'),
        ('registry.permit_number', 'division', 'keeps', NULL, 'cards bear the county that issued them; the new code begins at 1'),
        ('registry.dwelling_former_address', 'address', 'keeps', NULL, 'what it was'),
        ('registry.dwelling_past_division', 'division', 'keeps', NULL, 'what it was'),
        ('registry.residence', 'grid_id', 'keeps', NULL, 'the grid at the arrival'),
        ('registry.patrol_task', 'grid_id', 'keeps', NULL, 'the grid when it was made; lists go by the dwelling'),
        ('registry.sweep', 'division', 'keeps', NULL, 'the list is frozen'),
        ('registry.spot_check', 'division', 'keeps', NULL, 'the sample is frozen'),
        ('registry.spot_check_stratum', 'division', 'keeps', NULL, 'the sample is frozen'),
        ('registry.spot_check_grid', 'grid_id', 'keeps', NULL, 'the sample is frozen'),
        ('registry.department_list', 'division', 'keeps', NULL, 'what a department said of a day'),
        ('registry.grid_version', 'grid_id', 'keeps', NULL, 'the history itself'),
        ('registry.grid_lineage', 'from_grid_id', 'keeps', NULL, 'the history itself'),
        ('registry.grid_lineage', 'to_grid_id', 'keeps', NULL, 'the history itself')
    $$;
COMMENT ON FUNCTION registry.division_use() IS
    'Which columns name a division or grid, or bear an address, and what a change of divisions or grids does to them (区划字段承接规则): follows – with the whole of its division, the rows t of which it is true; moves – by the functions named; keeps – what it was';
$step$);

SELECT residency.ship_step('view/62-grid_act', 'repeatable', 'd357a859b8f7dc6eaf60845fe92bbd30c00688067825bbd44c3c82d44790c1b0', NULL, NULL, $step$
-- The acts on grids: each reads its arguments and makes of them the grids before and after.

CREATE OR REPLACE FUNCTION registry.in_reading_order(entries registry.grid[])
    RETURNS registry.grid[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        -- rows as high as a grid is on average, from the north; each from the west
        SELECT array_agg(e ORDER BY floor((size.top - ST_Y(ST_Centroid(e.outline))) / size.height), ST_X(ST_Centroid(e.outline)))
        FROM unnest(entries) AS e,
             (SELECT max(ST_YMax(x.outline)) AS top, NULLIF(avg(ST_YMax(x.outline) - ST_YMin(x.outline)), 0) AS height
              FROM unnest(entries) AS x) AS size
    $$;
COMMENT ON FUNCTION registry.in_reading_order(registry.grid[]) IS
    'Grids in the order in which they are numbered (编号顺序, 自西向东、自北向南): from west to east, row by row from north to south';

CREATE OR REPLACE FUNCTION registry.features(collection jsonb)
    RETURNS SETOF jsonb
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        IF jsonb_typeof(collection -> 'features') IS DISTINCT FROM 'array' THEN
            PERFORM refuse('RG070', ARRAY[registry.in_language(
                'It is not a FeatureCollection with an array of features.', '不是含 features 数组的 FeatureCollection。')], 'registry.grid');
        END IF;
        RETURN QUERY SELECT jsonb_array_elements(collection -> 'features');
    END $$;
COMMENT ON FUNCTION registry.features(jsonb) IS 'The features of a GeoJSON FeatureCollection (GeoJSON 要素): RG070 it is none';

CREATE OR REPLACE FUNCTION registry.read_parts(parts jsonb, whole registry.grid)
    RETURNS registry.grid[]
    LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        entries registry.grid[];
        entry   registry.grid;
        feature jsonb;
        codes   text[];
        given   CONSTANT text := '000';
    BEGIN
        FOR feature IN SELECT f FROM registry.features(parts) AS f LOOP
            -- a part without a code gets its own below
            entry := registry.read_grid(
                CASE WHEN jsonb_typeof(feature) = 'object' THEN feature || jsonb_build_object(
                    'properties', jsonb_build_object('grid_code', whole.division::text || given)
                                  || CASE jsonb_typeof(feature -> 'properties') WHEN 'object' THEN jsonb_strip_nulls(feature -> 'properties') ELSE '{}' END)
                ELSE feature END, whole.kind, NULL);
            entry.kind := whole.kind;
            entry.division := whole.division;
            entries := entries || entry;
        END LOOP;
        IF COALESCE(cardinality(entries), 0) < 2 THEN
            PERFORM refuse('RG249', ARRAY[COALESCE(cardinality(entries), 0)::text], 'registry.grid', 'outline');
        END IF;

        entries := registry.in_reading_order(entries);
        codes := registry.new_grid_codes(whole.division, cardinality(entries));
        FOR n IN 1..cardinality(entries) LOOP
            IF substr(entries[n].grid_code, 13) = given THEN
                entries[n].grid_code := codes[1];
                codes := codes[2:];
            END IF;
            entries[n].name := COALESCE(entries[n].name, whole.name || '-' || n);
        END LOOP;
        RETURN entries;
    END $$;
COMMENT ON FUNCTION registry.read_parts(jsonb, registry.grid) IS
    'The parts of a grid from GeoJSON (读取拆分部分): who has no grid_code gets a new one in reading order, who has no name that of the whole and a number. RG060, RG070, RG249, RG254';

CREATE OR REPLACE FUNCTION registry.share_border(a geometry, b geometry, division division_code)
    RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        -- both grown by a strip: where borders run together they share far more than where corners touch
        SELECT ST_Area(ST_Intersection(ST_Buffer(a, strip.width), ST_Buffer(b, strip.width))) > 20 * strip.width ^ 2
        FROM (SELECT policy_numeric('grid_overlap_width', division, today())::float8 / 111000) AS strip (width)
    $$;
COMMENT ON FUNCTION registry.share_border(geometry, geometry, division_code) IS
    'Whether two outlines have a border in common, and not a corner alone (是否相邻); as closely as rounded coordinates let them meet';

CREATE OR REPLACE FUNCTION registry.grid_answer(act text, kind text, before registry.grid[], after registry.grid[], effective_on date, reason text)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        done record;
    BEGIN
        done := registry.redraw_grids(kind, before, after, effective_on, reason);
        RETURN registry.act_answer(act, done.grid_act_id, done.warning);
    END $$;
COMMENT ON FUNCTION registry.grid_answer(text, text, registry.grid[], registry.grid[], date, text) IS 'Redraws grids and answers for the act (网格调整办理结果)';

CREATE OR REPLACE FUNCTION registry.split_grid(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        effective_on CONSTANT date := registry.open_boundaries(act, arguments, 'grid_code', 'parts');
        before       registry.grid[];
    BEGIN
        before := registry.changeable_grids(ARRAY[arguments ->> 'grid_code'], effective_on);
        RETURN registry.grid_answer(act, 'split', before, registry.read_parts(arguments -> 'parts', before[1]), effective_on, arguments ->> 'reason');
    END $$;
COMMENT ON FUNCTION registry.split_grid(text, jsonb) IS 'The act behind api.split_grid() (网格拆分)';

CREATE OR REPLACE FUNCTION registry.merge_grids(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        effective_on CONSTANT date := registry.open_boundaries(act, arguments, 'grid_codes');
        codes        CONSTANT text[] := ARRAY(SELECT DISTINCT c FROM jsonb_array_elements_text(
                                            CASE jsonb_typeof(arguments -> 'grid_codes') WHEN 'array' THEN arguments -> 'grid_codes' ELSE '[]' END) AS c ORDER BY c);
        before       registry.grid[];
        merged       registry.grid;
        near         geometry;
        apart        registry.grid[];
    BEGIN
        IF cardinality(codes) < 2 THEN
            PERFORM refuse('RG249', ARRAY[cardinality(codes)::text], 'registry.grid', 'grid_code');
        END IF;
        before := registry.changeable_grids(codes, effective_on);
        near := before[1].outline;
        apart := before[2:];
        WHILE apart <> '{}' LOOP
            SELECT ST_Union(near, ST_Union(g.outline)) INTO near FROM unnest(apart) AS g
            WHERE registry.share_border(g.outline, near, g.division) HAVING count(*) > 0;
            IF NOT FOUND THEN
                PERFORM refuse('RG253', ARRAY[apart[1].grid_code], 'registry.grid', 'outline');
            END IF;
            apart := ARRAY(SELECT g FROM unnest(apart) AS g WHERE NOT ST_Covers(near, ST_PointOnSurface(g.outline)));
        END LOOP;

        merged := before[1];
        merged.grid_id := NULL;
        merged.grid_code := COALESCE(arguments ->> 'new_grid_code', (registry.new_grid_codes(merged.division, 1))[1]);
        merged.name := COALESCE(arguments ->> 'name', merged.name);
        merged.outline := ST_Multi(ST_CollectionExtract(near, 3));
        RETURN registry.grid_answer(act, 'merge', before, ARRAY[merged], effective_on, arguments ->> 'reason');
    END $$;
COMMENT ON FUNCTION registry.merge_grids(text, jsonb) IS 'The act behind api.merge_grids() (网格合并)';

CREATE OR REPLACE FUNCTION registry.move_border(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        effective_on CONSTANT date := registry.open_boundaries(act, arguments, 'grids');
        drawn        registry.grid[];
        before       registry.grid[];
        after        registry.grid[];
    BEGIN
        drawn := ARRAY(SELECT registry.read_grid(f, NULL, NULL) FROM registry.features(arguments -> 'grids') AS f);
        IF cardinality(drawn) < 1 OR (SELECT count(DISTINCT d.grid_code) FROM unnest(drawn) AS d) < cardinality(drawn) THEN
            PERFORM refuse('RG249', ARRAY[(SELECT count(DISTINCT d.grid_code) FROM unnest(drawn) AS d)::text], 'registry.grid', 'grid_code');
        END IF;
        before := registry.changeable_grids(ARRAY(SELECT d.grid_code FROM unnest(drawn) AS d), effective_on);
        after := before;
        FOR n IN 1..cardinality(after) LOOP
            after[n].outline := drawn[n].outline;
        END LOOP;
        RETURN registry.grid_answer(act, 'move', before, after, effective_on, arguments ->> 'reason');
    END $$;
COMMENT ON FUNCTION registry.move_border(text, jsonb) IS 'The act behind api.move_border() (网格边界调整)';

CREATE OR REPLACE FUNCTION registry.rename_grid(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        effective_on CONSTANT date := registry.open_boundaries(act, arguments, 'grid_code');
        before       registry.grid[];
        after        registry.grid[];
    BEGIN
        IF is_plain_text(arguments ->> 'name', 100) IS NOT TRUE THEN
            PERFORM refuse('RG059', ARRAY[left(arguments ->> 'grid_code', 20)], 'registry.grid', 'name');
        END IF;
        before := registry.changeable_grids(ARRAY[arguments ->> 'grid_code'], effective_on);
        after := before;
        after[1].name := arguments ->> 'name';
        RETURN registry.grid_answer(act, 'rename', before, after, effective_on, arguments ->> 'reason');
    END $$;
COMMENT ON FUNCTION registry.rename_grid(text, jsonb) IS 'The act behind api.rename_grid() (网格更名)';

CREATE OR REPLACE FUNCTION registry.retire_grid(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        effective_on CONSTANT date := registry.open_boundaries(act, arguments, 'grid_code');
    BEGIN
        RETURN registry.grid_answer(act, 'retire', registry.changeable_grids(ARRAY[arguments ->> 'grid_code'], effective_on),
                                    ARRAY[]::registry.grid[], effective_on, arguments ->> 'reason');
    END $$;
COMMENT ON FUNCTION registry.retire_grid(text, jsonb) IS 'The act behind api.retire_grid() (网格作废)';

CREATE OR REPLACE FUNCTION registry.call_off_grid_act(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        entry    registry.grid_act;
        follower record;
        grids    bigint[];
    BEGIN
        PERFORM registry.open_boundaries(act, arguments, 'grid_act_id');
        SELECT * INTO entry FROM registry.grid_act a WHERE a.grid_act_id = (arguments ->> 'grid_act_id')::bigint FOR NO KEY UPDATE;
        IF NOT FOUND THEN
            PERFORM refuse('RG305', ARRAY[arguments ->> 'grid_act_id'], 'registry.grid_act', 'grid_act_id');
        END IF;
        grids := registry.grids_of_act(entry.grid_act_id);
        SELECT a.grid_act_id, a.effective_on INTO follower
        FROM registry.grid_lineage l JOIN registry.grid_act a USING (grid_act_id)
        WHERE l.from_grid_id = ANY (grids) AND a.grid_act_id <> entry.grid_act_id AND a.effective_on >= entry.effective_on AND a.called_off_at IS NULL
        UNION ALL
        -- a village that will be split names the grids that go
        SELECT a.division_act_id, a.effective_on
        FROM registry.grid g
        JOIN code.division_lineage l ON l.from_division = g.division AND g.grid_code = ANY (l.members)
        JOIN code.division_act a USING (division_act_id)
        WHERE g.grid_id = ANY (grids) AND lower(g.period) = entry.effective_on AND a.called_off_at IS NULL
        ORDER BY 2 DESC, 1 DESC
        LIMIT 1;
        PERFORM registry.check_recall(entry.grid_act_id, entry.effective_on, entry.taken_at, entry.called_off_at,
                                      follower.grid_act_id, follower.effective_on, 'registry.grid_act');

        UPDATE registry.grid_act a
        SET called_off_at = now(), called_off_by = residency.actor(), called_off_reason = arguments ->> 'reason'
        WHERE a.grid_act_id = entry.grid_act_id;
        -- as if it had never been entered, but that what would have begun keeps its number, and is valid on no day
        DELETE FROM registry.grid_version v WHERE v.grid_id = ANY (grids) AND lower(v.period) = entry.effective_on;
        UPDATE registry.grid_version v SET period = daterange(lower(v.period), NULL)
        WHERE v.grid_id = ANY (grids) AND upper(v.period) = entry.effective_on;
        UPDATE registry.grid g
        SET period = CASE lower(g.period) WHEN entry.effective_on THEN 'empty' ELSE daterange(lower(g.period), NULL) END
        WHERE g.grid_id = ANY (grids) AND entry.effective_on IN (lower(g.period), upper(g.period));
        RETURN registry.act_answer(act, entry.grid_act_id);
    END $$;
COMMENT ON FUNCTION registry.call_off_grid_act(text, jsonb) IS 'The act behind api.call_off_grid_act() (撤回网格调整)';
$step$);

SELECT residency.ship_step('view/62-grid_act_api', 'repeatable', '33fc49517fbf71debcbad0140691b16db790fddaa654012f04f22f49289f6d6a', NULL, NULL, $step$
-- Acts on grids, for applications.

CREATE OR REPLACE FUNCTION api.split_grid(
        grid_code text, parts jsonb, reason text, effective_on date DEFAULT NULL, request_id uuid DEFAULT NULL,
        dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('split_grid', jsonb_build_object(
            'grid_code', grid_code, 'parts', parts, 'reason', reason, 'effective_on', effective_on),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.split_grid(text, jsonb, text, date, uuid, boolean) IS
    'Splits a grid into parts (网格拆分). grid_code; parts: a GeoJSON FeatureCollection of Polygon or MultiPolygon in degrees of CGCS2000 that cover it, each with properties name and grid_code if need be – without, it is numbered anew from west to east and north to south. effective_on: first day on which it holds, past or to come, NULL is today; reason: why, in a line. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, the act, see api.grid_lineage; and as warning gap. Errors: RG061-RG066, RG069, RG080, RG085, RG245-RG248, RG250-RG252, RG259, RG249, RG254, RG070';

CREATE OR REPLACE FUNCTION api.merge_grids(
        grid_codes text[], reason text, name text DEFAULT NULL, new_grid_code text DEFAULT NULL,
        effective_on date DEFAULT NULL, request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('merge_grids', jsonb_build_object(
            'grid_codes', grid_codes, 'reason', reason, 'name', name, 'new_grid_code', new_grid_code, 'effective_on', effective_on),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.merge_grids(text[], text, text, text, date, uuid, boolean) IS
    'Merges neighbouring grids of a village into a new one (网格合并). grid_codes; name, NULL is that of the first; new_grid_code, NULL is the next number. effective_on: first day on which it holds, past or to come, NULL is today; reason: why, in a line. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, the act, see api.grid_lineage. Errors: RG061-RG066, RG069, RG080, RG085, RG245-RG248, RG250-RG252, RG259, RG060, RG249, RG253, RG254';

CREATE OR REPLACE FUNCTION api.move_border(
        grids jsonb, reason text, effective_on date DEFAULT NULL, request_id uuid DEFAULT NULL,
        dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('move_border', jsonb_build_object(
            'grids', grids, 'reason', reason, 'effective_on', effective_on),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.move_border(jsonb, text, date, uuid, boolean) IS
    'Redraws grids among themselves (网格边界调整). grids: a GeoJSON FeatureCollection with the new outlines, in degrees of CGCS2000, of all whose border moves, each with its grid_code; together they stay within what they covered. effective_on: first day on which it holds, past or to come, NULL is today; reason: why, in a line. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, the act, see api.grid_lineage; and as warning gap. Errors: RG061-RG066, RG069, RG080, RG085, RG245-RG248, RG250-RG252, RG259, RG060, RG070, RG249';

CREATE OR REPLACE FUNCTION api.rename_grid(
        grid_code text, name text, reason text, effective_on date DEFAULT NULL, request_id uuid DEFAULT NULL,
        dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('rename_grid', jsonb_build_object(
            'grid_code', grid_code, 'name', name, 'reason', reason, 'effective_on', effective_on),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.rename_grid(text, text, text, date, uuid, boolean) IS
    'Gives a grid another name (网格更名); its number stays. effective_on: first day on which it holds, past or to come, NULL is today; reason: why, in a line. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, the act, see api.grid_lineage. Errors: RG059, RG080, RG085, RG245-RG248, RG259';

CREATE OR REPLACE FUNCTION api.retire_grid(
        grid_code text, reason text, effective_on date DEFAULT NULL, request_id uuid DEFAULT NULL,
        dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('retire_grid', jsonb_build_object(
            'grid_code', grid_code, 'reason', reason, 'effective_on', effective_on),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.retire_grid(text, text, date, uuid, boolean) IS
    'Ends a grid that nothing takes the place of (网格作废): its number is kept with reason and time and never used again; who lives there has no grid. Policy grid_coverage may refuse it: merge it then. effective_on: first day on which it holds, past or to come, NULL is today; reason: why, in a line. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, the act, and as warning gap. Errors: RG080, RG085, RG245-RG248, RG251, RG259';

CREATE OR REPLACE FUNCTION api.call_off_grid_act(
        grid_act_id bigint, reason text, request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('call_off_grid_act', jsonb_build_object(
            'grid_act_id', grid_act_id, 'reason', reason),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.call_off_grid_act(bigint, text, uuid, boolean) IS
    'Calls off an act on grids before its day (撤回网格调整): the grids are as if it had never been entered, numbers that it gave are never given again, and it stays on record with both reasons. grid_act_id: see api.grid_act; reason: why, in a line. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, the act. Errors: RG080, RG085, RG245, RG259, RG305, RG306 its day has come, RG307 a later act rests on it, RG308';
$step$);

SELECT residency.ship_step('view/62-grid_lineage', 'repeatable', '7d2f1353de82a4ae027d4ad656e5d17a77966a9226d66195ac0b3db21e3ac343', NULL, NULL, $step$
-- What became of which grid, and the holes there are today.

CREATE OR REPLACE VIEW api.grid_lineage AS
SELECT l.grid_lineage_id, l.grid_act_id, a.kind, a.effective_on, a.reason,
       b.grid_code AS from_code, old.name AS from_name, n.grid_code AS to_code, new.name AS to_name,
       l.area, l.area_share, l.residents, l.resident_share, a.actor, a.recorded_at, a.taken_at
FROM registry.grid_lineage l
JOIN registry.grid_act a ON a.grid_act_id = l.grid_act_id AND a.called_off_at IS NULL
JOIN registry.grid b ON b.grid_id = l.from_grid_id
JOIN registry.grid_version old ON old.grid_id = l.from_grid_id AND old.period @> a.effective_on - 1
LEFT JOIN registry.grid n ON n.grid_id = l.to_grid_id
LEFT JOIN registry.grid_version new ON new.grid_id = l.to_grid_id AND new.period @> a.effective_on;
COMMENT ON VIEW api.grid_lineage IS 'What became of which grid, when and why (网格沿革), with area and residents that went over';
COMMENT ON COLUMN api.grid_lineage.grid_lineage_id IS 'Key (编号)';
COMMENT ON COLUMN api.grid_lineage.grid_act_id IS 'The act (调整编号)';
COMMENT ON COLUMN api.grid_lineage.kind IS 'What was done, list lineage_kind (调整类型)';
COMMENT ON COLUMN api.grid_lineage.effective_on IS 'First day on which it holds (生效日期)';
COMMENT ON COLUMN api.grid_lineage.reason IS 'Why (调整原因)';
COMMENT ON COLUMN api.grid_lineage.from_code IS 'Code before (原网格编码)';
COMMENT ON COLUMN api.grid_lineage.from_name IS 'Name before (原网格名称)';
COMMENT ON COLUMN api.grid_lineage.to_code IS 'Code after (新网格编码); NULL: no grid';
COMMENT ON COLUMN api.grid_lineage.to_name IS 'Name after (新网格名称)';
COMMENT ON COLUMN api.grid_lineage.area IS 'Area that went over, m² (面积)';
COMMENT ON COLUMN api.grid_lineage.area_share IS 'Its share of the grid before, 0 to 1 (面积占比)';
COMMENT ON COLUMN api.grid_lineage.residents IS 'Residents who went over (人数)';
COMMENT ON COLUMN api.grid_lineage.resident_share IS 'Their share of the grid before, 0 to 1 (人数占比)';
COMMENT ON COLUMN api.grid_lineage.actor IS 'Role that entered it (登记人)';
COMMENT ON COLUMN api.grid_lineage.recorded_at IS 'When it was entered (登记时间)';
COMMENT ON COLUMN api.grid_lineage.taken_at IS 'When it took effect in the register (执行时间); NULL: to come';

CREATE OR REPLACE VIEW api.grid_act AS
SELECT a.grid_act_id, a.kind, a.effective_on, a.reason,
       ARRAY(SELECT DISTINCT g.grid_code FROM registry.grid_lineage l JOIN registry.grid g ON g.grid_id = l.from_grid_id
             WHERE l.grid_act_id = a.grid_act_id ORDER BY 1)::text[] AS before,
       ARRAY(SELECT DISTINCT g.grid_code FROM registry.grid_lineage l JOIN registry.grid g ON g.grid_id = l.to_grid_id
             WHERE l.grid_act_id = a.grid_act_id ORDER BY 1)::text[] AS after,
       a.actor, a.recorded_at, a.taken_at, a.called_off_at, a.called_off_by, a.called_off_reason
FROM registry.grid_act a;
COMMENT ON VIEW api.grid_act IS 'Acts that changed grids, will, or were called off (网格调整记录)';
COMMENT ON COLUMN api.grid_act.grid_act_id IS 'Key (调整编号)';
COMMENT ON COLUMN api.grid_act.kind IS 'What was done, list lineage_kind (调整类型)';
COMMENT ON COLUMN api.grid_act.effective_on IS 'First day on which it holds (生效日期)';
COMMENT ON COLUMN api.grid_act.reason IS 'Why (调整原因)';
COMMENT ON COLUMN api.grid_act.before IS 'Codes of the grids before (原网格编码)';
COMMENT ON COLUMN api.grid_act.after IS 'Codes of the grids after (新网格编码)';
COMMENT ON COLUMN api.grid_act.actor IS 'Role that entered it (登记人)';
COMMENT ON COLUMN api.grid_act.recorded_at IS 'When it was entered (登记时间)';
COMMENT ON COLUMN api.grid_act.taken_at IS 'When it took effect in the register (执行时间)';
COMMENT ON COLUMN api.grid_act.called_off_at IS 'When it was called off (撤回时间)';
COMMENT ON COLUMN api.grid_act.called_off_by IS 'Role that called it off (撤回人)';
COMMENT ON COLUMN api.grid_act.called_off_reason IS 'Why it was called off (撤回原因)';

CREATE OR REPLACE VIEW map.grid_gap AS
WITH village AS (
    SELECT g.division, ST_Union(g.outline) AS outline
    FROM registry.grid g WHERE g.kind = 'management' AND g.period @> today() GROUP BY g.division
), hole AS (
    SELECT v.division,
           ST_Difference(ST_SetSRID(ST_MakePolygon(ST_ExteriorRing((ring).geom)), 4490),
               COALESCE((SELECT ST_Union(g.outline) FROM registry.grid g
                         WHERE g.kind = 'management' AND g.period @> today() AND g.outline && (ring).geom), ST_GeomFromText('POLYGON EMPTY', 4490))) AS outline
    FROM village v, ST_Dump(v.outline) AS part, ST_DumpRings(part.geom) AS ring
    WHERE (ring).path[1] > 0
)
SELECT row_number() OVER (ORDER BY hole.division, ST_XMin(hole.outline), ST_YMin(hole.outline)) AS grid_gap_id,
       hole.division::text AS division,
       round(ST_Area(hole.outline::geography)::numeric, 1) AS area,
       ST_Multi(ST_CollectionExtract(hole.outline, 3))::geometry(MultiPolygon, 4490) AS outline
FROM hole
WHERE grid_matters(hole.outline, hole.division);
COMMENT ON VIEW map.grid_gap IS
    'Holes between the management grids of a village that no grid covers today (网格空白区域). Overlaps cannot be: RG063. What an act leaves out at the edge stands in api.grid_lineage with no to_code';
COMMENT ON COLUMN map.grid_gap.grid_gap_id IS 'Number in this list (序号)';
COMMENT ON COLUMN map.grid_gap.division IS 'Village-level division (所属村居代码)';
COMMENT ON COLUMN map.grid_gap.area IS 'Area in m² (面积)';
COMMENT ON COLUMN map.grid_gap.outline IS 'Where it is (空白范围), CGCS2000';
$step$);

SELECT residency.ship_step('view/62-grid_redraw', 'repeatable', '3e9d467f56a72f8a689684ce555663aa4574b1fd2325dcc175256db97234a9c2', NULL, NULL, $step$
-- Grids before, grids after, a day: the one way in which all acts on grids change them.

CREATE OR REPLACE FUNCTION registry.changeable_grids(codes text[], effective_on date)
    RETURNS registry.grid[]
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        code  text;
        entry registry.grid;
        taken registry.grid[];
        last  date;
    BEGIN
        FOREACH code IN ARRAY codes LOOP
            SELECT * INTO entry FROM registry.grid g WHERE g.grid_code = code;
            IF NOT FOUND THEN
                PERFORM refuse('RG246', ARRAY[left(code, 20)], 'registry.grid', 'grid_code');
            ELSIF NOT (entry.period @> effective_on AND upper_inf(entry.period)) THEN
                PERFORM refuse('RG247', ARRAY[code, entry.period::text, effective_on::text], 'registry.grid', 'period');
            END IF;
            SELECT max(change.day) INTO last
            FROM (
                SELECT lower(entry.period) AS day
                UNION ALL
                SELECT lower(v.period) FROM registry.grid_version v WHERE v.grid_id = entry.grid_id
            ) AS change
            WHERE change.day >= effective_on;
            -- its division may be going to change before that day
            IF last IS NULL THEN
                SELECT min(a.effective_on) INTO last FROM code.division_lineage l JOIN code.division_act a USING (division_act_id)
                WHERE a.taken_at IS NULL AND a.called_off_at IS NULL AND l.from_division = entry.division AND l.from_division <> l.to_division
                  AND a.effective_on <= changeable_grids.effective_on;
            END IF;
            IF last IS NOT NULL THEN
                PERFORM refuse('RG248', ARRAY[code, last::text, effective_on::text], 'registry.grid', 'period');
            END IF;
            SELECT v.name, v.outline INTO entry.name, entry.outline
            FROM registry.grid_version v WHERE v.grid_id = entry.grid_id AND v.period @> effective_on;
            taken := taken || entry;
        END LOOP;
        RETURN taken;
    END $$;
COMMENT ON FUNCTION registry.changeable_grids(text[], date) IS
    'Grids by their codes as they are on the day from which a change shall hold (可调整的网格): RG246 there is none such, RG247 not valid then, or its end is set, RG248 it changes on that day or after it, or its division does before';

CREATE OR REPLACE FUNCTION registry.new_grid_codes(division division_code, many integer)
    RETURNS text[]
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        used CONSTANT integer[] := ARRAY(
            SELECT substr(g.grid_code, 13)::integer FROM registry.grid g
            WHERE g.grid_code LIKE new_grid_codes.division::text || '%' AND substr(g.grid_code, 13) ~ '^[0-9]+$');
        last CONSTANT integer := COALESCE((SELECT max(n) FROM unnest(used) AS n), 0);
        free integer[];
    BEGIN
        free := ARRAY(SELECT n FROM generate_series(1, 999) AS n WHERE n <> ALL (used) ORDER BY n < last, n LIMIT many);
        IF cardinality(free) < many THEN
            PERFORM refuse('RG254', ARRAY[division::text, '001', '999'], 'registry.grid', 'grid_code');
        END IF;
        RETURN ARRAY(SELECT division::text || lpad(n::text, 3, '0') FROM unnest(free) WITH ORDINALITY AS f (n, place) ORDER BY place);
    END $$;
COMMENT ON FUNCTION registry.new_grid_codes(division_code, integer) IS
    'Codes of 15 digits that no grid of the division has ever had (新网格编码): after the last one, and once 999 is reached those left out before. RG254';

CREATE OR REPLACE FUNCTION registry.grid_succession(before registry.grid[], after registry.grid[], "on" date)
    RETURNS TABLE (from_grid_id bigint, to_code text, area double precision, residents bigint)
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        WITH home AS MATERIALIZED (
            SELECT d.grid_id, standing.place, count(*) AS residents
            FROM registry.dwelling d
            JOIN registry.dwelling_standing standing USING (dwelling_id)
            JOIN registry.residence r ON r.dwelling_id = d.dwelling_id AND r.period @> "on" AND r.state NOT IN ('rejected', 'voided')
            WHERE d.grid_id = ANY (ARRAY(SELECT b.grid_id FROM unnest(before) AS b))
            GROUP BY d.grid_id, standing.place
        ), people AS (
            SELECT home.grid_id, heir.grid_code, sum(home.residents)::bigint AS residents
            FROM home
            LEFT JOIN LATERAL (SELECT a.grid_code FROM unnest(after) AS a WHERE ST_Covers(a.outline, home.place)
                               ORDER BY a.grid_code LIMIT 1) AS heir ON true
            GROUP BY home.grid_id, heir.grid_code
        ), land AS (
            SELECT b.grid_id, a.grid_code, ST_Intersection(b.outline, a.outline) AS shared, b.division
            FROM unnest(before) AS b JOIN unnest(after) AS a ON ST_Relate(b.outline, a.outline, '2********')
            UNION ALL
            SELECT b.grid_id, NULL,
                   COALESCE(ST_Difference(b.outline, (SELECT ST_Union(a.outline) FROM unnest(after) AS a)), b.outline), b.division
            FROM unnest(before) AS b
        ), lot AS (
            SELECT land.grid_id, land.grid_code, ST_Area(land.shared::geography) AS area
            FROM land
            -- where people went over, the land does in any case
            WHERE grid_matters(land.shared, land.division)
               OR EXISTS (SELECT FROM people p WHERE p.grid_id = land.grid_id AND p.grid_code IS NOT DISTINCT FROM land.grid_code)
        )
        SELECT lot.grid_id, lot.grid_code, lot.area, COALESCE(people.residents, 0)
        FROM lot
        LEFT JOIN people ON people.grid_id = lot.grid_id AND people.grid_code IS NOT DISTINCT FROM lot.grid_code
    $$;
COMMENT ON FUNCTION registry.grid_succession(registry.grid[], registry.grid[], date) IS
    'How much of each grid before goes to each grid after, in m² and residents of a day (网格沿革测算); to_code NULL: to none. While dwellings still are in the grids before';

CREATE OR REPLACE FUNCTION registry.check_redrawing(before registry.grid[], after registry.grid[], effective_on date)
    RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        at      constant text := 'registry.grid';
        village constant division_code := before[1].division;
        named   constant text := (SELECT string_agg(b.grid_code, ' ') FROM unnest(before[:9]) AS b);
        whole   geometry;
        parts   geometry;
    BEGIN
        PERFORM check_outline(a.grid_code, a.outline, a.division) FROM unnest(after) AS a;
        PERFORM refuse('RG252', ARRAY[before[1].grid_code, b.grid_code], at)
        FROM unnest(before) AS b WHERE b.division <> village OR b.kind <> before[1].kind LIMIT 1;
        PERFORM refuse('RG069', ARRAY[a.grid_code], at, 'grid_code')
        FROM unnest(after) AS a JOIN registry.grid g USING (grid_code)
        -- either all go on under their codes, or all have new ones
        WHERE EXISTS (SELECT FROM unnest(after) AS x WHERE x.grid_code <> ALL (ARRAY(SELECT b.grid_code FROM unnest(before) AS b))) LIMIT 1;
        PERFORM refuse('RG063', ARRAY[a.grid_code, b.grid_code, round(ST_Area(ST_Intersection(a.outline, b.outline)::geography)::numeric, 1)::text], at, 'outline')
        FROM unnest(after) WITH ORDINALITY AS a JOIN unnest(after) WITH ORDINALITY AS b ON a.ordinality < b.ordinality
        WHERE ST_Relate(a.outline, b.outline, '2********') AND grid_matters(ST_Intersection(a.outline, b.outline), village) LIMIT 1;

        whole := (SELECT ST_Union(b.outline) FROM unnest(before) AS b);
        parts := COALESCE((SELECT ST_Union(a.outline) FROM unnest(after) AS a), ST_GeomFromText('MULTIPOLYGON EMPTY', 4490));
        IF grid_matters(ST_Difference(parts, whole), village) THEN
            PERFORM refuse('RG250', ARRAY[named, round(ST_Area(ST_Difference(parts, whole)::geography)::numeric, 1)::text], at, 'outline');
        ELSIF NOT grid_matters(ST_Difference(whole, parts), village) THEN
            RETURN NULL;
        ELSIF policy_text('grid_coverage', village, effective_on) = 'refuse' THEN
            PERFORM refuse('RG251', ARRAY[named, round(ST_Area(ST_Difference(whole, parts)::geography)::numeric, 1)::text], at, 'outline');
        END IF;
        RETURN 'gap';
    END $$;
COMMENT ON FUNCTION registry.check_redrawing(registry.grid[], registry.grid[], date) IS
    'Whether grids may become others (网格调整校验): RG061, RG062, RG065, RG066 an outline that cannot be, RG063 they overlap, RG069 a code is in use, RG250 they reach beyond, RG251 they leave a gap where policy grid_coverage refuses it, RG252 not of one village and kind. Answers gap where they leave one, else NULL';

CREATE OR REPLACE FUNCTION registry.redraw_grids(
        kind text, before registry.grid[], after registry.grid[], effective_on date, reason text,
        OUT grid_act_id bigint, OUT warning text)
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        comes CONSTANT boolean := effective_on > today();
        kept  CONSTANT text[] := ARRAY(SELECT b.grid_code FROM unnest(before) AS b INTERSECT SELECT a.grid_code FROM unnest(after) AS a);
        drawn registry.grid[];
        entry registry.grid;
        links jsonb;
    BEGIN
        warning := registry.check_redrawing(before, after, effective_on);
        SELECT jsonb_agg(to_jsonb(s)) INTO links FROM registry.grid_succession(before, after, least(effective_on, today())) s;

        FOREACH entry IN ARRAY after LOOP
            IF entry.grid_code = ANY (kept) THEN
                UPDATE registry.grid_version v SET period = daterange(lower(v.period), redraw_grids.effective_on)
                WHERE v.grid_id = entry.grid_id AND v.period @> redraw_grids.effective_on;
                INSERT INTO registry.grid_version (grid_id, period, name, outline)
                VALUES (entry.grid_id, daterange(effective_on, NULL), entry.name, entry.outline);
                CONTINUE WHEN comes;
            ELSE
                entry.period := daterange(effective_on, NULL);
            END IF;
            drawn := drawn || entry;
        END LOOP;
        FOR entry IN SELECT g.* FROM unnest(before) AS b JOIN registry.grid g USING (grid_id) WHERE b.grid_code <> ALL (kept) LOOP
            entry.period := daterange(lower(entry.period), effective_on);
            drawn := drawn || entry;
        END LOOP;
        -- at once: they are judged together, and the dwellings follow
        PERFORM registry.draw_grids(drawn);

        INSERT INTO registry.grid_act (kind, effective_on, reason, taken_at)
        VALUES (kind, effective_on, reason, CASE WHEN NOT comes THEN now() END)
        RETURNING registry.grid_act.grid_act_id INTO grid_act_id;
        INSERT INTO registry.grid_lineage (grid_act_id, from_grid_id, to_grid_id, area, area_share, residents, resident_share)
        SELECT redraw_grids.grid_act_id, s.from_grid_id, g.grid_id, s.area, s.area / NULLIF(sum(s.area) OVER same, 0),
               s.residents, s.residents::numeric / NULLIF(sum(s.residents) OVER same, 0)
        FROM jsonb_to_recordset(links) AS s (from_grid_id bigint, to_code text, area double precision, residents integer)
        LEFT JOIN registry.grid g ON g.grid_code = s.to_code
        WINDOW same AS (PARTITION BY s.from_grid_id)
        ORDER BY s.from_grid_id, s.to_code;
        IF NOT comes THEN
            PERFORM registry.pass_on_staff(grid_act_id, effective_on);
        END IF;
    END $$;
COMMENT ON FUNCTION registry.redraw_grids(text, registry.grid[], registry.grid[], date, text) IS
    'Makes grids others from a day on (网格调整): those before whose codes are not among those after end, new ones begin, the others get a version; a day to come leaves dwellings where they are until then. Answers the act, and as warning gap. RG061-RG063, RG065, RG066, RG069, RG250-RG252 and what registry.grid refuses';

CREATE OR REPLACE FUNCTION registry.grids_of_act(act bigint)
    RETURNS bigint[]
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        SELECT array_agg(DISTINCT g.grid_id)
        FROM registry.grid_lineage l CROSS JOIN unnest(ARRAY[l.from_grid_id, l.to_grid_id]) AS g (grid_id)
        WHERE l.grid_act_id = act AND g.grid_id IS NOT NULL
    $$;
COMMENT ON FUNCTION registry.grids_of_act(bigint) IS 'The grids before and after an act (调整所涉网格)';

CREATE OR REPLACE FUNCTION registry.pass_on_staff(act bigint, effective_on date)
    RETURNS void
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        -- who looked after several that become one does so once
        INSERT INTO registry.grid_staff (person_id, grid_id, role, period, account)
        SELECT duty.person_id, duty.grid_id, duty.role, days.period, duty.account
        FROM (SELECT s.person_id, l.to_grid_id AS grid_id, s.role, min(s.account) AS account,
                     range_agg(s.period * daterange(pass_on_staff.effective_on, NULL)) AS periods
              FROM registry.grid_lineage l
              JOIN registry.grid g ON g.grid_id = l.from_grid_id AND upper(g.period) = pass_on_staff.effective_on
              JOIN registry.grid_staff s ON s.grid_id = l.from_grid_id AND s.period && daterange(pass_on_staff.effective_on, NULL)
              WHERE l.grid_act_id = act AND l.to_grid_id IS NOT NULL
              GROUP BY 1, 2, 3) AS duty
        CROSS JOIN LATERAL unnest(duty.periods - COALESCE(
            (SELECT range_agg(own.period) FROM registry.grid_staff own
             WHERE own.person_id = duty.person_id AND own.grid_id = duty.grid_id AND own.role = duty.role), '{}')) AS days (period)
        ORDER BY duty.person_id, duty.grid_id, duty.role;
        -- nobody looks after a grid beyond its end
        DELETE FROM registry.grid_staff s USING registry.grid_lineage l, registry.grid g
        WHERE l.grid_act_id = act AND s.grid_id = l.from_grid_id AND g.grid_id = l.from_grid_id AND upper(g.period) = pass_on_staff.effective_on
          AND lower(s.period) >= pass_on_staff.effective_on;
        UPDATE registry.grid_staff s SET period = s.period * daterange(NULL, pass_on_staff.effective_on)
        FROM registry.grid_lineage l JOIN registry.grid g ON g.grid_id = l.from_grid_id AND upper(g.period) = pass_on_staff.effective_on
        WHERE l.grid_act_id = act AND s.grid_id = l.from_grid_id AND s.period @> pass_on_staff.effective_on;
    END $$;
COMMENT ON FUNCTION registry.pass_on_staff(bigint, date) IS
    'Who looks after a grid that ends by an act looks after its successors from that day on (网格人员随网格调整承接)';

CREATE OR REPLACE FUNCTION registry.take_grid_acts()
    RETURNS integer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        acts  bigint[];
        grids bigint[];
    BEGIN
        PERFORM grid_lock(NULL);
        acts := ARRAY(SELECT a.grid_act_id FROM registry.grid_act a
                      WHERE a.taken_at IS NULL AND a.called_off_at IS NULL AND a.effective_on <= today()
                      ORDER BY a.effective_on, a.grid_act_id);
        IF acts <> '{}' THEN
            grids := ARRAY(SELECT DISTINCT unnest(registry.grids_of_act(a)) FROM unnest(acts) AS a);
            -- all at once: what two acts in turn have made of neighbours fits together in the end
            UPDATE registry.grid g SET name = v.name, outline = v.outline
            FROM registry.grid_version v
            WHERE v.grid_id = g.grid_id AND v.period @> today() AND g.grid_id = ANY (grids)
              AND (g.name <> v.name OR NOT ST_OrderingEquals(g.outline, v.outline));
            PERFORM place_dwellings(grids);
            PERFORM registry.pass_on_staff(a.grid_act_id, a.effective_on)
            FROM unnest(acts) WITH ORDINALITY AS act (id, place) JOIN registry.grid_act a ON a.grid_act_id = act.id ORDER BY act.place;
            UPDATE registry.grid_act a SET taken_at = now() WHERE a.grid_act_id = ANY (acts);
        END IF;
        RETURN cardinality(acts);
    END $$;
COMMENT ON FUNCTION registry.take_grid_acts() IS
    'Acts on grids whose day has come take effect (到期网格调整生效): outlines and names as of today, dwellings and staff follow; how many';
$step$);

SELECT residency.ship_step('view/62-grid_statistic', 'repeatable', '803e3727891564150eb91978bf31af7304184ae22319b62cea1c2933e776f3a4', NULL, NULL, $step$
-- Residents of any past day, in the grids of that day or of today.

CREATE OR REPLACE FUNCTION stat.grid_heirs(grid bigint, residents bigint, "on" date)
    RETURNS TABLE (grid_id bigint, heads bigint)
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        WITH RECURSIVE path AS (
            SELECT grid AS grid_id, 1::float8 AS weight
            UNION ALL
            SELECT next.grid_id, path.weight * next.share
            FROM path
            JOIN registry.grid g ON g.grid_id = path.grid_id AND NOT g.period @> "on"
            CROSS JOIN LATERAL (
                -- an ended grid passes on what it had, one of later days takes it from where it got it
                SELECT CASE WHEN forth THEN l.to_grid_id ELSE l.from_grid_id END,
                       CASE WHEN sum(l.residents) OVER () > 0 THEN l.residents::float8 / sum(l.residents) OVER ()
                            ELSE l.area::float8 / NULLIF(sum(l.area) OVER (), 0) END
                FROM (SELECT COALESCE(upper(g.period) <= "on", false)) AS way (forth)
                JOIN registry.grid_lineage l ON CASE WHEN forth THEN l.from_grid_id ELSE l.to_grid_id END = g.grid_id
                JOIN registry.grid_act a ON a.grid_act_id = l.grid_act_id AND a.called_off_at IS NULL
                 AND a.effective_on = CASE WHEN forth THEN upper(g.period) ELSE lower(g.period) END
            ) AS next (grid_id, share)
            WHERE next.share > 0
        ), share AS (
            SELECT path.grid_id, sum(path.weight) AS weight
            FROM path JOIN registry.grid g ON g.grid_id = path.grid_id AND g.period @> "on"
            GROUP BY path.grid_id
        ), whole AS (
            SELECT share.grid_id, share.weight FROM share
            UNION ALL
            -- what leads nowhere has no grid; the last digits of a quotient are nobody
            SELECT NULL, CASE WHEN rest.weight > 1e-9 THEN rest.weight ELSE 0 END
            FROM (SELECT 1 - COALESCE(sum(share.weight), 0) FROM share) AS rest (weight)
        ), quota AS (
            SELECT whole.grid_id, residents * whole.weight / sum(whole.weight) OVER () AS exact FROM whole
        ), floored AS (
            SELECT quota.grid_id, floor(quota.exact + 1e-9)::bigint AS heads,
                   row_number() OVER (ORDER BY quota.exact - floor(quota.exact + 1e-9) DESC, quota.grid_id) AS place
            FROM quota
        )
        SELECT f.grid_id, f.heads + CASE WHEN f.place <= residents - (SELECT sum(x.heads) FROM floored x) THEN 1 ELSE 0 END
        FROM floored f
    $$;
COMMENT ON FUNCTION stat.grid_heirs(bigint, bigint, date) IS
    'In which grids of a day the residents of a grid are that is not valid on it (按沿革分摊人数): by the shares of its lineage, forth and back, whole persons by the largest remainder; grid_id NULL: in none. They add up to as many';

CREATE OR REPLACE FUNCTION stat.resident_by_grid_on(day date, boundaries text DEFAULT 'then')
    RETURNS TABLE (division text, grid_id bigint, grid_code text, name text, residents bigint)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    #variable_conflict use_column
    DECLARE
        drawn_on date;
    BEGIN
        IF day > today() OR day IS NULL THEN
            PERFORM refuse('RG260', ARRAY[COALESCE(day::text, 'NULL'), today()::text]);
        END IF;
        drawn_on := CASE checked_code('boundaries', COALESCE(boundaries, ''), 'stat.resident_by_grid_on', 'boundaries')
                        WHEN 'now' THEN today() ELSE day END;
        RETURN QUERY
        WITH home AS MATERIALIZED (
            SELECT r.dwelling_id, r.grid_id AS arrived_in, count(*) AS residents
            FROM registry.residence r
            WHERE r.period @> day AND r.state NOT IN ('rejected', 'voided')
            GROUP BY r.dwelling_id, r.grid_id
        ), lived AS MATERIALIZED (
            SELECT COALESCE((SELECT p.division FROM registry.dwelling_past_division p
                             WHERE p.dwelling_id = d.dwelling_id AND p.until > drawn_on ORDER BY p.until LIMIT 1), d.division) AS division,
                   standing.place, home.arrived_in, sum(home.residents) AS residents
            FROM home
            JOIN registry.dwelling d USING (dwelling_id)
            JOIN registry.dwelling_standing standing USING (dwelling_id)
            GROUP BY 1, 2, 3
        ), head AS (
            SELECT lived.division, cover.grid_id, lived.residents
            FROM lived
            LEFT JOIN LATERAL (
                SELECT g.grid_id
                FROM registry.grid_version v JOIN registry.grid g USING (grid_id)
                WHERE ST_Covers(v.outline, lived.place) AND v.period @> drawn_on AND g.period @> drawn_on AND g.kind = 'management'
                ORDER BY g.grid_code LIMIT 1
            ) AS cover ON true
            WHERE lived.place IS NOT NULL
            UNION ALL
            SELECT unplaced.division, heir.grid_id, heir.heads
            FROM (SELECT lived.division, lived.arrived_in, sum(lived.residents)::bigint AS residents
                  FROM lived WHERE lived.place IS NULL GROUP BY 1, 2) AS unplaced
            CROSS JOIN LATERAL stat.grid_heirs(unplaced.arrived_in, unplaced.residents, drawn_on) AS heir
            WHERE heir.heads > 0
            UNION ALL
            SELECT g.division, g.grid_id, 0 FROM registry.grid g WHERE g.kind = 'management' AND g.period @> drawn_on
        )
        SELECT head.division::text, head.grid_id, g.grid_code::text, v.name, sum(head.residents)::bigint
        FROM head
        LEFT JOIN registry.grid g ON g.grid_id = head.grid_id
        LEFT JOIN registry.grid_version v ON v.grid_id = head.grid_id AND v.period @> drawn_on
        GROUP BY 1, 2, 3, 4
        ORDER BY 1, 3;
    END $$;
COMMENT ON FUNCTION stat.resident_by_grid_on(date, text) IS
    'Residents of a day, past or today, by management grid (任意日期各网格在住人数). boundaries: then, in the divisions and grids of that day, or now, in those of today. People are where their dwelling stands; where nobody has located it any more, by lineage from the grid that they arrived in. A row for each grid of each division whose people live in it, and one without grid_id for those without a grid: so the rows of a division add up to its residents, those of a grid to the grid''s, and all to everybody. Errors: RG006, RG260 a day to come';
$step$);

SELECT residency.ship_step('view/63-patrol', 'repeatable', 'c6fdacb5861a393c434a91ea8ac1834f1f72bd61777f431f79fd650c7a244dbc', NULL, NULL, $step$
-- What is to be visited: the tasks that policy asks for, and how residency.run_due() keeps them.

CREATE OR REPLACE FUNCTION registry.last_visit(dwelling bigint, "on" date)
    RETURNS date
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
        SELECT max(residency.local_day(v.started_at))
        FROM registry.visit v
        WHERE v.dwelling_id = dwelling AND residency.visit_settles(v.outcome) AND residency.local_day(v.started_at) <= "on"
    $$;
COMMENT ON FUNCTION registry.last_visit(bigint, date) IS 'Day of the last successful visit to a dwelling up to a day (最近有效走访日期), NULL: never';

CREATE OR REPLACE FUNCTION registry.routine_wanted("on" date)
    RETURNS TABLE (dwelling_id bigint, kind text, due_on date)
    LANGUAGE sql STABLE PARALLEL SAFE
    -- no SET clause: a query takes it in, and stops when it has a batch
    AS $$
        SELECT c.dwelling_id, 'routine', due.due_on
        FROM registry.dwelling_category c
        JOIN registry.dwelling d ON d.dwelling_id = c.dwelling_id
        CROSS JOIN LATERAL (
            SELECT residency.add_term(greatest(lower(c.period), registry.last_visit(c.dwelling_id, "on")),
                            residency.policy_text('patrol_interval_' || lower(c.category), d.division, "on"), d.division)
        ) AS due (due_on)
        WHERE c.period @> "on" AND d.let_state <> 'demolished'
          AND due.due_on <= "on" + residency.policy_int('patrol_ahead', d.division, "on")
        UNION ALL
        SELECT home.dwelling_id, 'non_contact', due.due_on
        FROM (SELECT r.dwelling_id, min(r.arrived_on) AS since
              FROM registry.residence r WHERE residency.residence_is_current(r.state) AND r.arrived_on <= "on"
              GROUP BY r.dwelling_id) AS home
        JOIN registry.dwelling d ON d.dwelling_id = home.dwelling_id
        CROSS JOIN LATERAL (
            SELECT residency.add_term(greatest(home.since, registry.last_visit(home.dwelling_id, "on")),
                            residency.policy_text('patrol_non_contact', d.division, "on"), d.division)
        ) AS due (due_on)
        WHERE due.due_on <= "on"
    $$;
COMMENT ON FUNCTION registry.routine_wanted(date) IS
    'Dwellings that are to be visited on a day by their category or because nobody has been met there for long (应巡查房屋): the interval counts from the last successful visit, or from the day of the category or the first arrival; policies patrol_interval_a …, patrol_non_contact, patrol_ahead';

CREATE OR REPLACE FUNCTION registry.overdue_wanted("on" date)
    RETURNS TABLE (dwelling_id bigint, kind text, due_on date)
    LANGUAGE sql STABLE PARALLEL SAFE
    -- no SET clause: a query takes it in, and stops when it has a batch
    AS $$
        SELECT r.dwelling_id, 'overdue_registration', max(late.due_on)
        FROM registry.report_duty(NULL, "on") AS late
        JOIN registry.residence r ON r.residence_id = late.subject_id
        WHERE late.subject = 'residence' AND late.late_days > 0 AND late.reported_on IS NULL
        GROUP BY r.dwelling_id
        -- somebody has been there since: the rest is the office's
        HAVING COALESCE(registry.last_visit(r.dwelling_id, "on") <= max(late.due_on), true)
    $$;
COMMENT ON FUNCTION registry.overdue_wanted(date) IS
    'Dwellings whose residents, or who lodges them, have not reported in time, and which nobody has visited since (逾期申报待核查房屋); see api.overdue_report()';

CREATE OR REPLACE FUNCTION registry.keep_tasks(source text, kinds text[], "on" date, batch integer)
    RETURNS integer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET jit = off
    AS $$
    DECLARE
        made  integer;
        taken integer;
    BEGIN
        EXECUTE format($q$
            INSERT INTO registry.patrol_task (dwelling_id, kind, opened_on, due_on)
            SELECT w.dwelling_id, w.kind, $1, w.due_on
            FROM registry.%I($1) AS w
            WHERE NOT EXISTS (SELECT FROM registry.patrol_task t
                              WHERE t.dwelling_id = w.dwelling_id AND t.kind = w.kind AND t.state = 'open')
            LIMIT $2
            ON CONFLICT DO NOTHING $q$, source)
        USING "on", batch;
        GET DIAGNOSTICS made = ROW_COUNT;
        IF made = batch THEN
            RETURN made;
        END IF;
        -- a visit that came in late, or a report: what nothing asks for any more
        EXECUTE format($q$
            UPDATE registry.patrol_task t
            SET state = 'void', void_reason = '已无需走访'
            WHERE t.patrol_task_id IN (
                SELECT a.patrol_task_id FROM registry.patrol_task a
                WHERE a.state = 'open' AND a.kind = ANY ($3) AND a.opened_on <= $1
                  AND (a.dwelling_id, a.kind) NOT IN (SELECT w.dwelling_id, w.kind FROM registry.%I($1) AS w)
                LIMIT $2
                FOR NO KEY UPDATE SKIP LOCKED) $q$, source)
        USING "on", batch - made, kinds;
        GET DIAGNOSTICS taken = ROW_COUNT;
        RETURN made + taken;
    END $$;
COMMENT ON FUNCTION registry.keep_tasks(text, text[], date, integer) IS
    'Makes the tasks that a function of schema registry asks for, and voids open ones of these kinds that it no longer does (巡查任务维护); how many in this batch';

CREATE OR REPLACE FUNCTION registry.due_visits("on" date, batch integer)
    RETURNS integer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN registry.keep_tasks('routine_wanted', '{routine,non_contact}', "on", batch);
    END $$;
COMMENT ON FUNCTION registry.due_visits(date, integer) IS 'Tasks of routine visits and of residents nobody has met for long (生成日常巡查和失联核查任务); how many in this batch';

CREATE OR REPLACE FUNCTION registry.due_overdue_visits("on" date, batch integer)
    RETURNS integer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN registry.keep_tasks('overdue_wanted', '{overdue_registration}', "on", batch);
    END $$;
COMMENT ON FUNCTION registry.due_overdue_visits(date, integer) IS
    'Tasks to look after reports that are overdue (生成逾期申报核查任务), apart from the others: a year without a calendar stops it alone; how many in this batch';
$step$);

SELECT residency.ship_step('view/63-patrol_act', 'repeatable', 'a2369f2f84c6c1c37dbeb945ad5d773a67ec39b4a4bfa1d0a8e0e74ef47fe3ae', NULL, NULL, $step$
-- The acts of patrol: visits, what phones observed, conflicts, sweeps. As in 50-act.sql.

CREATE OR REPLACE FUNCTION ledger.first_time(item_uuid uuid, kind text, arguments jsonb)
    RETURNS boolean
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        contents CONSTANT bytea := sha256(convert_to(concat(kind, arguments), 'UTF8'));
        known    bytea;
    BEGIN
        -- the same item at the same moment: the second waits here for the first
        INSERT INTO ledger.sync_item (item_uuid, kind, digest, device_uuid, staff_person_id)
        VALUES (item_uuid, kind, contents, (arguments ->> 'device_uuid')::uuid, (arguments ->> 'staff_person_id')::bigint)
        ON CONFLICT DO NOTHING;
        IF FOUND THEN
            RETURN true;
        END IF;
        SELECT i.digest INTO known FROM ledger.sync_item i WHERE i.item_uuid = first_time.item_uuid;
        IF known <> contents THEN
            PERFORM refuse('RG273', ARRAY[item_uuid::text], 'ledger.sync_item', 'item_uuid');
        END IF;
        RETURN false;
    END $$;
COMMENT ON FUNCTION ledger.first_time(uuid, text, jsonb) IS
    'Notes an item of a phone (离线数据登记): true the first time, false when it has come before, RG273 when it came with other contents';

CREATE OR REPLACE FUNCTION registry.located(shape geometry, datum text)
    RETURNS geometry
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN to_cgcs2000(shape, checked_code('location_datum', datum, 'registry.visit', 'location'));
    END $$;
COMMENT ON FUNCTION registry.located(geometry, text) IS 'A geometry of a phone in CGCS2000, list location_datum (终端坐标换算)';

CREATE OR REPLACE FUNCTION registry.track_of(points jsonb)
    RETURNS geometry
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        is_track CONSTANT boolean := jsonb_typeof(points) = 'array'
            AND NOT jsonb_path_exists(points, 'strict $[*] ? (!(@.type() == "array" && @.size() == 3
                    && @[0].type() == "number" && @[1].type() == "number" && @[2].type() == "number"))', silent => false);
    BEGIN
        IF is_track IS NOT TRUE OR jsonb_array_length(points) < 2 THEN
            PERFORM refuse('RG270', '{track}', 'registry.visit', 'track');
        END IF;
        RETURN (SELECT ST_MakeLine(ST_SetSRID(ST_MakePointM((p -> 0)::float8, (p -> 1)::float8, (p -> 2)::float8), 4490) ORDER BY n)
                FROM jsonb_array_elements(points) WITH ORDINALITY AS t (p, n));
    END $$;
COMMENT ON FUNCTION registry.track_of(jsonb) IS
    'The line of a track [[longitude, latitude, seconds since 1970], …] (轨迹线); RG270 where it is none';

CREATE OR REPLACE FUNCTION registry.record_visit(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    SET jit = off
    AS $$
    DECLARE
        entry  registry.visit := jsonb_populate_record(NULL::registry.visit, arguments - '{location,track,findings}'::text[]);
        datum  CONSTANT text := COALESCE(arguments ->> 'location_datum', 'cgcs2000');
        answer api.answer;
    BEGIN
        PERFORM registry.require_argument(act, arguments, name) FROM unnest('{dwelling_id,staff_person_id,outcome}'::text[]) AS name;
        answer.state := 'taken';
        IF entry.visit_uuid IS NOT NULL AND NOT ledger.first_time(entry.visit_uuid, 'visit', arguments) THEN
            answer.state := 'known';
            SELECT * INTO entry FROM registry.visit v WHERE v.visit_uuid = entry.visit_uuid;
        ELSE
            INSERT INTO registry.visit (visit_uuid, device_uuid, patrol_task_id, dwelling_id, staff_person_id, started_at, ended_at,
                                        outcome, findings, location, accuracy, track, photos, note)
            VALUES (COALESCE(entry.visit_uuid, gen_random_uuid()), entry.device_uuid, entry.patrol_task_id, entry.dwelling_id,
                    entry.staff_person_id, COALESCE(entry.started_at, now()), entry.ended_at, entry.outcome,
                    ARRAY(SELECT jsonb_array_elements_text(arguments -> 'findings')),
                    registry.located(ST_SetSRID(ST_MakePoint((arguments ->> 'longitude')::float8, (arguments ->> 'latitude')::float8), 4490), datum),
                    entry.accuracy, registry.located(CASE WHEN arguments ? 'track' THEN registry.track_of(arguments -> 'track') END, datum),
                    COALESCE(entry.photos, '[]'), entry.note)
            RETURNING * INTO entry;
        END IF;
        answer.accepted := true;
        answer.act := act;
        answer.dwelling_id := entry.dwelling_id;
        answer.record_id := entry.visit_id;
        answer.warning := CASE entry.distance_kind WHEN 'far' THEN 'far_from_dwelling' END;
        RETURN answer;
    END $$;
COMMENT ON FUNCTION registry.record_visit(text, jsonb) IS 'The act behind api.record_visit() (走访登记)';

CREATE OR REPLACE FUNCTION registry.observe_item(act text, item_uuid uuid, arguments jsonb, observed jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    SET jit = off
    AS $$
    DECLARE
        answer api.answer;
    BEGIN
        answer.accepted := true;
        answer.act := act;
        answer.dwelling_id := (arguments ->> 'dwelling_id')::bigint;
        answer.residence_id := (arguments ->> 'residence_id')::bigint;
        IF NOT ledger.first_time(item_uuid, arguments ->> 'kind', arguments) THEN
            answer.state := 'known';
            RETURN answer;
        END IF;
        INSERT INTO registry.observation (dwelling_id, residence_id, attribute, value, seen, item_uuid, observed_at, source, staff_person_id, device_uuid)
        SELECT answer.dwelling_id, answer.residence_id, o.key, o.value,
               ARRAY(SELECT jsonb_array_elements_text(arguments -> 'seen_version')::uuid),
               item_uuid, (arguments ->> 'at')::timestamptz, 'phone', (arguments ->> 'staff_person_id')::bigint, (arguments ->> 'device_uuid')::uuid
        FROM jsonb_each_text(observed) AS o
        ORDER BY o.key;
        SELECT min(c.conflict_id), CASE WHEN bool_or(c.state = 'open') THEN 'conflict' ELSE 'decided' END
        INTO answer.record_id, answer.state
        FROM registry.observation o
        JOIN registry.conflict c ON c.fact_id = o.fact_id AND c.state <> 'settled'
        WHERE o.item_uuid = observe_item.item_uuid;
        answer.state := CASE WHEN answer.record_id IS NULL THEN 'taken' ELSE answer.state END;
        RETURN answer;
    END $$;
COMMENT ON FUNCTION registry.observe_item(text, uuid, jsonb, jsonb) IS
    'Takes what one item of a phone observed, an object of attributes and values (观察数据入库): state taken, conflict, decided, or known where it has come before';

CREATE OR REPLACE FUNCTION registry.sync_item(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        kind      CONSTANT text := arguments ->> 'kind';
        item_uuid CONSTANT uuid := (arguments ->> 'uuid')::uuid;
        entry     CONSTANT jsonb := arguments -> 'values';
        fields    text[];
        unknown   text;
    BEGIN
        PERFORM registry.require_argument(act, arguments, name) FROM unnest('{uuid,kind,at,values,staff_person_id}'::text[]) AS name;
        CASE kind
            WHEN 'visit' THEN
                fields := ARRAY(SELECT p.name FROM ledger.parameter('record_visit') p);
            WHEN 'dwelling_fact' THEN
                PERFORM registry.require_argument(act, arguments, 'dwelling_id');
                fields := ARRAY(SELECT v.code FROM code.value v WHERE v.list = 'fact_attribute' AND v.code <> 'presence');
            WHEN 'residence_fact' THEN
                PERFORM registry.require_argument(act, arguments, 'residence_id');
                fields := '{presence}';
            ELSE
                PERFORM refuse('RG083', ARRAY['kind', 'visit, dwelling_fact or residence_fact']);
        END CASE;
        IF jsonb_typeof(entry) <> 'object' OR entry = '{}' THEN
            PERFORM refuse('RG083', ARRAY['values', 'an object']);
        END IF;
        SELECT min(k) INTO unknown FROM jsonb_object_keys(entry - fields) AS k;
        IF unknown IS NOT NULL THEN
            PERFORM refuse('RG082', ARRAY[act, 'values.' || left(unknown, 60)]);
        END IF;
        RETURN CASE WHEN kind = 'visit'
            THEN registry.record_visit(act, jsonb_build_object('started_at', arguments -> 'at') || entry
                     || (arguments - '{uuid,kind,at,values,seen_version,residence_id}'::text[]) || jsonb_build_object('visit_uuid', item_uuid))
            WHEN kind = 'dwelling_fact' THEN registry.observe_item(act, item_uuid, arguments - 'residence_id', entry)
            ELSE registry.observe_item(act, item_uuid, arguments - 'dwelling_id', entry) END;
    END $$;
COMMENT ON FUNCTION registry.sync_item(text, jsonb) IS 'The act behind api.sync_item() and each item of api.sync_patrol() (离线数据项)';

CREATE OR REPLACE FUNCTION registry.settle_conflict(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    SET jit = off
    AS $$
    DECLARE
        key     CONSTANT bigint := (arguments ->> 'conflict_id')::bigint;
        choice  CONSTANT text := arguments ->> 'choice';
        known   registry.conflict;
        home    registry.dwelling;
        fact    registry.fact;
        earlier registry.observation;
        later   registry.observation;
        answer  api.answer;
    BEGIN
        PERFORM registry.require_argument(act, arguments, name) FROM unnest('{conflict_id,choice,reason}'::text[]) AS name;
        IF choice NOT IN ('earlier', 'later', 'neither') THEN
            PERFORM refuse('RG083', ARRAY['choice', 'earlier, later or neither']);
        END IF;
        SELECT c.* INTO known FROM registry.conflict c WHERE c.conflict_id = key;
        -- whoever observes or settles the same waits; what they have made of it is read afterwards
        SELECT d.* INTO home FROM registry.dwelling d WHERE d.dwelling_id = fact_home(known.fact_id) FOR NO KEY UPDATE;
        SELECT c.* INTO known FROM registry.conflict c WHERE c.conflict_id = key AND c.state <> 'settled';
        IF NOT FOUND THEN
            PERFORM refuse('RG274', ARRAY[key::text], 'registry.conflict', 'conflict_id');
        END IF;
        SELECT f.* INTO fact FROM registry.fact f WHERE f.fact_id = known.fact_id;
        SELECT o.* INTO earlier FROM registry.observation o WHERE o.observation_id = known.earlier_id;
        SELECT o.* INTO later FROM registry.observation o WHERE o.observation_id = known.later_id;
        IF known.earlier_id IS NULL THEN
            -- the register's own side: what it has now
            earlier.value := register_value(fact.attribute, home.rental_kind, home.let_state, home.usable_area);
        END IF;
        -- who settles knew of both sides, and of whoever said the same
        INSERT INTO registry.observation (dwelling_id, residence_id, attribute, value, seen, source, settles, reason)
        SELECT fact.dwelling_id, fact.residence_id, fact.attribute,
               CASE choice WHEN 'earlier' THEN earlier.value WHEN 'later' THEN later.value ELSE fact.value END,
               array_agg(o.item_uuid), 'settlement', key, arguments ->> 'reason'
        FROM registry.observation o
        WHERE o.fact_id = fact.fact_id AND o.item_uuid = ANY ((fold_fact(fact.fact_id)).heads)
          AND (o.value IS NOT DISTINCT FROM later.value OR known.earlier_id IS NOT NULL AND o.value IS NOT DISTINCT FROM earlier.value);
        answer.accepted := true;
        answer.act := act;
        answer.dwelling_id := fact.dwelling_id;
        answer.residence_id := fact.residence_id;
        answer.record_id := key;
        answer.state := 'settled';
        RETURN answer;
    END $$;
COMMENT ON FUNCTION registry.settle_conflict(text, jsonb) IS 'The act behind api.settle_conflict() (冲突裁决)';

CREATE OR REPLACE FUNCTION registry.start_sweep(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET jit = off
    AS $$
    DECLARE
        home   CONSTANT division_code := (arguments ->> 'division')::division_code;
        starts CONSTANT date := COALESCE((arguments ->> 'starts_on')::date, today());
        ends   CONSTANT date := (arguments ->> 'ends_on')::date;
        states CONSTANT text[] := ARRAY(SELECT jsonb_array_elements_text(COALESCE(arguments -> 'let_states', '["let", "lettable"]')));
        wanted CONSTANT text[] := ARRAY(SELECT jsonb_array_elements_text(arguments -> 'categories'));
        answer api.answer;
    BEGIN
        PERFORM registry.require_argument(act, arguments, name) FROM unnest('{name,division,ends_on}'::text[]) AS name;
        IF ends < starts THEN
            PERFORM refuse('RG266', ARRAY['registry.sweep', concat_ws(' – ', starts, ends)], 'registry.sweep', 'period');
        END IF;
        INSERT INTO registry.sweep (name, division, period)
        VALUES (arguments ->> 'name', home, daterange(starts, ends + 1))
        RETURNING sweep_id INTO answer.record_id;
        -- rooms rather than the building that they are in
        INSERT INTO registry.patrol_task (dwelling_id, kind, sweep_id, opened_on, due_on)
        SELECT d.dwelling_id, 'sweep', answer.record_id, starts, ends
        FROM registry.dwelling d
        WHERE d.division <@ home AND d.let_state = ANY (states)
          AND NOT EXISTS (SELECT FROM registry.dwelling part WHERE part.parent_id = d.dwelling_id)
          AND (wanted = '{}' OR EXISTS (SELECT FROM registry.dwelling_category c
                                        WHERE c.dwelling_id = d.dwelling_id AND c.period @> starts AND c.category = ANY (wanted)));
        IF NOT FOUND THEN
            PERFORM refuse('RG276', ARRAY[home::text], 'registry.sweep', 'division');
        END IF;
        answer.accepted := true;
        answer.act := act;
        answer.state := 'open';
        RETURN answer;
    END $$;
COMMENT ON FUNCTION registry.start_sweep(text, jsonb) IS 'The act behind api.start_sweep() (发起清查)';
$step$);

SELECT residency.ship_step('view/63-patrol_api', 'repeatable', '85201577bd479dd449097dc8ee9c1ce15e8ee55f7f9a9d3660fae1b528188a6e', NULL, NULL, $step$
-- What phones and applications of grid staff call.

CREATE OR REPLACE FUNCTION api.record_visit(
        dwelling_id bigint, staff_person_id bigint, outcome text, started_at timestamptz DEFAULT NULL,
        ended_at timestamptz DEFAULT NULL, longitude double precision DEFAULT NULL, latitude double precision DEFAULT NULL,
        accuracy numeric DEFAULT NULL, location_datum text DEFAULT NULL, track jsonb DEFAULT NULL,
        findings jsonb DEFAULT NULL, photos jsonb DEFAULT NULL, note text DEFAULT NULL, patrol_task_id bigint DEFAULT NULL,
        visit_uuid uuid DEFAULT NULL, device_uuid uuid DEFAULT NULL, request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('record_visit', jsonb_build_object(
            'dwelling_id', dwelling_id, 'staff_person_id', staff_person_id, 'outcome', outcome, 'started_at', started_at,
            'ended_at', ended_at, 'longitude', longitude, 'latitude', latitude, 'accuracy', accuracy,
            'location_datum', location_datum, 'track', track, 'findings', findings, 'photos', photos, 'note', note,
            'patrol_task_id', patrol_task_id, 'visit_uuid', visit_uuid, 'device_uuid', device_uuid),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.record_visit(bigint, bigint, text, timestamptz, timestamptz, double precision, double precision, numeric, text, jsonb, jsonb, jsonb, text, bigint, uuid, uuid, uuid, boolean) IS
    'Records a visit to a dwelling (走访登记). dwelling_id; staff_person_id: grid staff on that day; outcome: list visit_outcome, of which met, vacant and wrong_address do the tasks of the dwelling; started_at, NULL is now, ended_at; longitude, latitude in degrees of location_datum (cgcs2000, gcj02 …), accuracy in metres; track: [[longitude, latitude, seconds since 1970], …]; findings: codes of list visit_finding; photos: [{"uri", "sha256"}]; visit_uuid: the phone''s number, the same again changes nothing. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, the visit''s key, state taken or known, warning far_from_dwelling. Errors: RG006, RG011, RG080, RG085, RG125, RG267, RG269-RG271, RG273, RG280';

CREATE OR REPLACE FUNCTION api.sync_item(
        uuid uuid, kind text, at timestamptz, "values" jsonb, staff_person_id bigint, dwelling_id bigint DEFAULT NULL,
        residence_id bigint DEFAULT NULL, seen_version uuid[] DEFAULT NULL, device_uuid uuid DEFAULT NULL,
        request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('sync_item', jsonb_build_object(
            'uuid', uuid, 'kind', kind, 'at', at, 'values', "values", 'staff_person_id', staff_person_id, 'dwelling_id', dwelling_id,
            'residence_id', residence_id, 'seen_version', seen_version, 'device_uuid', device_uuid),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.sync_item(uuid, text, timestamptz, jsonb, bigint, bigint, bigint, uuid[], uuid, uuid, boolean) IS
    'Takes one item of a phone (离线数据上传,单项). uuid: its own number; kind: visit (values: those of api.record_visit()), dwelling_fact (values: rental_kind, let_state, usable_area, letting_category of dwelling_id) or residence_fact (values: {"presence": "there"} or "gone" of residence_id: an observation, nothing is closed by it); at: when it was so; staff_person_id; seen_version: what the phone knew of, as api.my_tasks() told it, and its own items since. Answers state taken, known (it has come before), conflict (record_id: somebody is to settle it) or decided (by policy patrol_conflict). The end is the same in whatever order items come. Errors: RG010-RG012, RG082, RG083, RG085, RG267, RG269, RG273, RG278, those of api.record_visit()';

CREATE OR REPLACE FUNCTION api.sync_patrol(batch jsonb, request_id uuid DEFAULT NULL)
    RETURNS SETOF api.batch_answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET jit = off
    AS $$
    DECLARE
        head  CONSTANT jsonb := CASE WHEN jsonb_typeof(batch) = 'object' THEN batch - 'items' ELSE '{}' END;
        items CONSTANT jsonb := CASE WHEN jsonb_typeof(batch) = 'object' THEN batch -> 'items' ELSE batch END;
        whole jsonb;
    BEGIN
        IF jsonb_typeof(items) IS DISTINCT FROM 'array' THEN
            PERFORM refuse('RG081', ARRAY[COALESCE(jsonb_typeof(items), 'nothing')]);
        END IF;
        -- Two phones may hold the same dwellings in different orders: both lock them in one.
        PERFORM dwelling_lock(ARRAY(
            SELECT (i ->> 'dwelling_id')::bigint FROM jsonb_array_elements(items) AS i WHERE i ->> 'dwelling_id' ~ '^[0-9]{1,18}$'
            UNION
            SELECT r.dwelling_id
            FROM jsonb_array_elements(items) AS i
            JOIN registry.residence r ON r.residence_id = CASE WHEN i ->> 'residence_id' ~ '^[0-9]{1,18}$' THEN (i ->> 'residence_id')::bigint END));
        SELECT jsonb_agg(CASE jsonb_typeof(i) WHEN 'object' THEN head || i ELSE i END ORDER BY n) INTO whole
        FROM jsonb_array_elements(items) WITH ORDINALITY AS t (i, n);
        RETURN QUERY SELECT * FROM api.submit('sync_item', COALESCE(whole, '[]'), request_id);
    END $$;
COMMENT ON FUNCTION api.sync_patrol(jsonb, uuid) IS
    'Takes what a phone did without a network (离线巡查数据上传). batch: an array of items, the parameters of api.sync_item(); or {"device_uuid", "staff_person_id", "items": […]}, whose head counts for all. A row for each item in their order: taken, known, conflict, decided, or refused with code and text – a refused item stays on the phone and may be sent again. Safe to send twice, in any order and any parts; the end is the same. request_id: number of the client''s for the whole batch. Errors: RG080, RG081; in rows those of api.sync_item()';

CREATE OR REPLACE FUNCTION api.settle_conflict(
        conflict_id bigint, choice text, reason text, request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('settle_conflict', jsonb_build_object('conflict_id', conflict_id, 'choice', choice, 'reason', reason),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.settle_conflict(bigint, text, text, uuid, boolean) IS
    'Settles a conflict of observations (冲突裁决), also one that a rule has decided. conflict_id, see api.conflict; choice: earlier, later, or neither (what is in force stays); reason in words. A third observation that contradicts is asked about anew. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Errors: RG080, RG083, RG085, RG125, RG274, and what the register''s rules have against the value';

CREATE OR REPLACE FUNCTION api.start_sweep(
        name text, division text, ends_on date, starts_on date DEFAULT NULL, let_states text[] DEFAULT NULL,
        categories text[] DEFAULT NULL, request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('start_sweep', jsonb_build_object('name', name, 'division', division, 'ends_on', ends_on,
            'starts_on', starts_on, 'let_states', let_states, 'categories', categories),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.start_sweep(text, text, date, date, text[], text[], uuid, boolean) IS
    'Starts a sweep and freezes its list (发起集中清查): a task for every dwelling without parts in a division and all beneath whose let_state is one of let_states (let, lettable) and whose letting category one of categories (NULL: any), from starts_on, NULL is today, to ends_on, the last day. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, the sweep''s key. Errors: RG080, RG085, RG125, RG266, RG276; 22P02 no division, 23503 an unknown one';

CREATE OR REPLACE FUNCTION api.my_tasks(grid_id bigint DEFAULT NULL, staff_person_id bigint DEFAULT NULL, "on" date DEFAULT residency.today())
    RETURNS TABLE (
        patrol_task_id bigint, kind text, kind_name text, sweep_id bigint, dwelling_id bigint, address text, division text,
        task_grid_id bigint, longitude double precision, latitude double precision, opened_on date, due_on date, late_days integer,
        last_visit_on date, category text, facts jsonb, residents jsonb, seen_version uuid[])
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    SET jit = off
    AS $$
    #variable_conflict use_column
    BEGIN
        RETURN QUERY
            SELECT t.patrol_task_id, t.kind, (SELECT v.name FROM code.value v WHERE v.list = 'patrol_kind' AND v.code = t.kind),
                   t.sweep_id, d.dwelling_id, d.address, d.division::text, d.grid_id, ST_X(s.place), ST_Y(s.place),
                   t.opened_on, t.due_on, greatest(my_tasks."on" - t.due_on, 0), registry.last_visit(d.dwelling_id, my_tasks."on"),
                   (SELECT c.category FROM registry.dwelling_category c WHERE c.dwelling_id = d.dwelling_id AND c.period @> my_tasks."on"),
                   jsonb_build_object('rental_kind', d.rental_kind, 'let_state', d.let_state, 'usable_area', d.usable_area),
                   (SELECT COALESCE(jsonb_agg(jsonb_build_object('residence_id', r.residence_id, 'name', p.name, 'arrived_on', r.arrived_on)
                                              ORDER BY r.residence_id), '[]')
                    FROM registry.residence r JOIN registry.person p ON p.person_id = r.person_id
                    WHERE r.dwelling_id = d.dwelling_id AND residence_is_current(r.state)),
                   ARRAY(SELECT DISTINCT version
                         FROM registry.fact f CROSS JOIN unnest(f.versions) AS version
                         WHERE f.dwelling_id = d.dwelling_id
                            OR f.residence_id IN (SELECT r.residence_id FROM registry.residence r WHERE r.dwelling_id = d.dwelling_id)
                         ORDER BY version)
            FROM registry.patrol_task t
            JOIN registry.dwelling d ON d.dwelling_id = t.dwelling_id
            JOIN registry.dwelling_standing s ON s.dwelling_id = d.dwelling_id
            WHERE t.state = 'open' AND t.opened_on <= my_tasks."on"
              AND d.grid_id IN (SELECT my_tasks.grid_id
                                UNION ALL
                                SELECT g.grid_id FROM registry.grid_staff g
                                WHERE g.person_id = my_tasks.staff_person_id AND g.period @> my_tasks."on")
            ORDER BY t.due_on, t.patrol_task_id;
    END $$;
COMMENT ON FUNCTION api.my_tasks(bigint, bigint, date) IS
    'Open tasks of a grid, or of the grids of somebody on a day, for the phone to take along (我的巡查任务): with the dwelling, what the register says of it (facts), who lives there (residents), and seen_version, which goes back with every item of api.sync_patrol() about this dwelling. Tasks follow their dwelling when grids are redrawn; late_days: 0 while there is time';
$step$);

SELECT residency.ship_step('view/63-patrol_view', 'repeatable', '702a13564cb25c410e83d7fe8a87cab5030072db27d7bfee3d01ff6bd518bf87', NULL, NULL, $step$
-- What has been observed, what contradicts, and how the patrols of each grid stand.

CREATE OR REPLACE VIEW api.dwelling_fact AS
SELECT f.fact_id, f.dwelling_id, f.residence_id, f.attribute,
       (SELECT v.name FROM code.value v WHERE v.list = 'fact_attribute' AND v.code = f.attribute) AS attribute_name,
       f.value,
       COALESCE((SELECT v.name FROM code.value v WHERE v.list = f.attribute AND v.code = f.value), f.value) AS value_name,
       f.versions AS seen_version, f.contested, f.observations,
       (SELECT max(o.observed_at) FROM registry.observation o WHERE o.fact_id = f.fact_id) AS last_observed_at
FROM registry.fact f;
COMMENT ON VIEW api.dwelling_fact IS 'What observations say of dwellings and residences (房屋与在住观察)';
COMMENT ON COLUMN api.dwelling_fact.fact_id IS 'Key (事实编号)';
COMMENT ON COLUMN api.dwelling_fact.dwelling_id IS 'Dwelling, or else (房屋)';
COMMENT ON COLUMN api.dwelling_fact.residence_id IS 'residence (居住登记)';
COMMENT ON COLUMN api.dwelling_fact.attribute IS 'What is observed, list fact_attribute (事项)';
COMMENT ON COLUMN api.dwelling_fact.attribute_name IS 'The same in words (事项名称)';
COMMENT ON COLUMN api.dwelling_fact.value IS 'Value in force (现值)';
COMMENT ON COLUMN api.dwelling_fact.value_name IS 'The same in words (现值名称)';
COMMENT ON COLUMN api.dwelling_fact.seen_version IS 'What a phone names as seen that reads this (版本)';
COMMENT ON COLUMN api.dwelling_fact.contested IS 'Whether observations contradict each other and somebody is to settle it (待裁决)';
COMMENT ON COLUMN api.dwelling_fact.observations IS 'How many there are (观察数)';
COMMENT ON COLUMN api.dwelling_fact.last_observed_at IS 'The latest (最近观察时间)';

CREATE OR REPLACE VIEW api.conflict AS
SELECT c.conflict_id,
       CASE WHEN f.residence_id IS NOT NULL THEN 'residence' WHEN f.attribute = 'letting_category' THEN 'dwelling_category' ELSE 'dwelling' END AS table_name,
       COALESCE(f.residence_id, f.dwelling_id) AS record_id,
       d.dwelling_id, d.division::text AS division, d.grid_id, d.address,
       f.attribute AS column_name,
       f.value AS value_in_force,
       CASE WHEN c.earlier_id IS NULL THEN register_value(f.attribute, d.rental_kind, d.let_state, d.usable_area) ELSE earlier.value END AS earlier_value,
       earlier.observed_at AS earlier_at, earlier.staff_person_id AS earlier_staff_person_id, earlier.source AS earlier_source, earlier.actor AS earlier_actor,
       later.value AS later_value,
       later.observed_at AS later_at, later.staff_person_id AS later_staff_person_id, later.source AS later_source, later.actor AS later_actor,
       c.rule, c.refusal, c.state, c.opened_at,
       settlement.value AS settled_value, settlement.reason AS settled_reason, settlement.actor AS settled_by, settlement.recorded_at AS settled_at
FROM registry.conflict c
JOIN registry.fact f ON f.fact_id = c.fact_id
JOIN registry.dwelling d ON d.dwelling_id = fact_home(f.fact_id)
JOIN registry.observation later ON later.observation_id = c.later_id
LEFT JOIN registry.observation earlier ON earlier.observation_id = c.earlier_id
LEFT JOIN registry.observation settlement ON settlement.fact_id = c.fact_id AND settlement.settles = c.conflict_id;
COMMENT ON VIEW api.conflict IS 'Observations that contradict each other, with both sides (观察冲突): open ones wait for api.settle_conflict()';
COMMENT ON COLUMN api.conflict.conflict_id IS 'Key (冲突编号)';
COMMENT ON COLUMN api.conflict.table_name IS 'Table of the register that it is about (表)';
COMMENT ON COLUMN api.conflict.record_id IS 'Key there: a dwelling or residence (记录编号)';
COMMENT ON COLUMN api.conflict.dwelling_id IS 'Dwelling (房屋)';
COMMENT ON COLUMN api.conflict.division IS 'Its division (区划)';
COMMENT ON COLUMN api.conflict.grid_id IS 'Its grid (网格)';
COMMENT ON COLUMN api.conflict.address IS 'Its address (地址)';
COMMENT ON COLUMN api.conflict.column_name IS 'What is contested, list fact_attribute (事项)';
COMMENT ON COLUMN api.conflict.value_in_force IS 'What holds meanwhile (现值)';
COMMENT ON COLUMN api.conflict.earlier_value IS 'What the earlier observation says; where rule is register, what the register has (较早值)';
COMMENT ON COLUMN api.conflict.earlier_at IS 'When that was seen (较早观察时间)';
COMMENT ON COLUMN api.conflict.earlier_staff_person_id IS 'By whom (较早观察人)';
COMMENT ON COLUMN api.conflict.earlier_source IS 'Where it comes from, list observation_source (较早来源)';
COMMENT ON COLUMN api.conflict.earlier_actor IS 'Role that entered it (较早登记角色)';
COMMENT ON COLUMN api.conflict.later_value IS 'What the latest observation says (较晚值)';
COMMENT ON COLUMN api.conflict.later_at IS 'When that was seen (较晚观察时间)';
COMMENT ON COLUMN api.conflict.later_staff_person_id IS 'By whom (较晚观察人)';
COMMENT ON COLUMN api.conflict.later_source IS 'Where it comes from, list observation_source (较晚来源)';
COMMENT ON COLUMN api.conflict.later_actor IS 'Role that entered it (较晚登记角色)';
COMMENT ON COLUMN api.conflict.rule IS 'What decides, list conflict_rule (裁决规则)';
COMMENT ON COLUMN api.conflict.refusal IS 'Code of the register''s refusal where rule is register (拒绝代码)';
COMMENT ON COLUMN api.conflict.state IS 'open, decided or settled, list conflict_state (状态)';
COMMENT ON COLUMN api.conflict.opened_at IS 'When the register met it (发现时间)';
COMMENT ON COLUMN api.conflict.settled_value IS 'What it was settled to (裁决值)';
COMMENT ON COLUMN api.conflict.settled_reason IS 'Why (裁决理由)';
COMMENT ON COLUMN api.conflict.settled_by IS 'Role that settled it (裁决角色)';
COMMENT ON COLUMN api.conflict.settled_at IS 'When (裁决时间)';

CREATE OR REPLACE VIEW stat.patrol_by_grid AS
SELECT g.grid_id, g.grid_code, g.name, g.division::text AS division,
       (SELECT count(*)::integer FROM registry.grid_staff s WHERE s.grid_id = g.grid_id AND s.period @> today()) AS staff,
       task.open_tasks, task.late_tasks, task.done_tasks, task.done_late_tasks,
       seen.visits, seen.successful, seen.near, seen.far, seen.unknown_distance,
       (SELECT count(*)::integer
        FROM registry.dwelling d
        JOIN registry.fact f ON f.dwelling_id = d.dwelling_id AND f.contested
        WHERE d.grid_id = g.grid_id) AS contested
FROM registry.grid g
CROSS JOIN LATERAL (
    SELECT (count(*) FILTER (WHERE t.state = 'open'))::integer,
           (count(*) FILTER (WHERE t.state = 'open' AND t.due_on < today()))::integer,
           (count(*) FILTER (WHERE t.state = 'done'))::integer,
           (count(*) FILTER (WHERE t.state = 'done' AND local_day(v.started_at) > t.due_on))::integer
    FROM registry.dwelling d
    JOIN registry.patrol_task t ON t.dwelling_id = d.dwelling_id
    LEFT JOIN registry.visit v ON v.visit_id = t.visit_id
    WHERE d.grid_id = g.grid_id
) AS task (open_tasks, late_tasks, done_tasks, done_late_tasks)
CROSS JOIN LATERAL (
    SELECT count(*)::integer,
           (count(*) FILTER (WHERE visit_settles(v.outcome)))::integer,
           (count(*) FILTER (WHERE v.distance_kind = 'near'))::integer,
           (count(*) FILTER (WHERE v.distance_kind = 'far'))::integer,
           (count(*) FILTER (WHERE v.distance_kind = 'unknown'))::integer
    FROM registry.dwelling d
    JOIN registry.visit v ON v.dwelling_id = d.dwelling_id
    WHERE d.grid_id = g.grid_id
) AS seen (visits, successful, near, far, unknown_distance)
WHERE g.kind = 'management' AND g.period @> today();
COMMENT ON VIEW stat.patrol_by_grid IS 'How the patrols of each grid stand (网格巡查统计): tasks and visits of the dwellings that are in it now';
COMMENT ON COLUMN stat.patrol_by_grid.grid_id IS 'Key of the grid (网格编号)';
COMMENT ON COLUMN stat.patrol_by_grid.grid_code IS 'Its code (网格编码)';
COMMENT ON COLUMN stat.patrol_by_grid.name IS 'Its name (网格名称)';
COMMENT ON COLUMN stat.patrol_by_grid.division IS 'Its division (所属村居)';
COMMENT ON COLUMN stat.patrol_by_grid.staff IS 'Who looks after it today, by role and person (人员数)';
COMMENT ON COLUMN stat.patrol_by_grid.open_tasks IS 'Open tasks (待办任务)';
COMMENT ON COLUMN stat.patrol_by_grid.late_tasks IS 'Of them late (逾期任务)';
COMMENT ON COLUMN stat.patrol_by_grid.done_tasks IS 'Tasks done (已办任务)';
COMMENT ON COLUMN stat.patrol_by_grid.done_late_tasks IS 'Of them late (逾期办结)';
COMMENT ON COLUMN stat.patrol_by_grid.visits IS 'Visits (走访次数)';
COMMENT ON COLUMN stat.patrol_by_grid.successful IS 'Of them with a result (有效走访)';
COMMENT ON COLUMN stat.patrol_by_grid.near IS 'Of them surely at the dwelling (在房屋附近)';
COMMENT ON COLUMN stat.patrol_by_grid.far IS 'Of them surely away from it (远离房屋)';
COMMENT ON COLUMN stat.patrol_by_grid.unknown_distance IS 'Of them where it cannot be told (无法判定)';
COMMENT ON COLUMN stat.patrol_by_grid.contested IS 'Facts of its dwellings that wait to be settled (待裁决事项)';
$step$);

SELECT residency.ship_step('view/64-access_event', 'repeatable', 'be430c4678c8af08e6bf89c7398a949e1cb47a50cad7c657585dea06d1d41854', NULL, NULL, $step$
-- Access events: the months that hold them, and what residency.run_due() works out from them.

CREATE OR REPLACE FUNCTION registry.access_horizon("on" date)
    RETURNS date
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$ SELECT COALESCE(date_trunc('month', "on" - policy_interval('access_retention', NULL, "on"))::date, '2000-01-01') $$;
COMMENT ON FUNCTION registry.access_horizon(date) IS
    'First day of the oldest month whose access events are kept on a day, by policy access_retention of the country (门禁记录保存起始日); 2000-01-01 where it sets no limit';

CREATE OR REPLACE FUNCTION registry.day_start(day date)
    RETURNS timestamptz
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT day::timestamp AT TIME ZONE 'Asia/Shanghai' $$;
COMMENT ON FUNCTION registry.day_start(date) IS 'The moment at which a day begins in China (当日零时)';

CREATE OR REPLACE FUNCTION registry.access_month(day date)
    RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$ SELECT 'access_event_' || to_char(day, 'YYYYMM') $$;
COMMENT ON FUNCTION registry.access_month(date) IS 'Name of the partition of registry.access_event for the month of a day (通行记录分区名)';

CREATE OR REPLACE FUNCTION registry.make_access_month(month date)
    RETURNS void
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        part   CONSTANT text := registry.access_month(month);
        starts CONSTANT timestamptz := registry.day_start(month);
        ends   CONSTANT timestamptz := registry.day_start((month + interval '1 month')::date);
    BEGIN
        EXECUTE format('CREATE TABLE registry.%I (LIKE registry.access_event INCLUDING ALL)', part);
        EXECUTE format('COMMENT ON TABLE registry.%I IS %L', part, to_char(month, '"Access events of "YYYY-MM" ("FMYYYY"年"FMMM"月通行记录)"'));
        -- what came before its month was made; feeds into other months go on meanwhile
        LOCK TABLE registry.access_event_default IN ACCESS EXCLUSIVE MODE;
        EXECUTE format('WITH moved AS (DELETE FROM registry.access_event_default e WHERE e.happened_at >= $1 AND e.happened_at < $2 RETURNING *)
                        INSERT INTO registry.%I SELECT * FROM moved', part) USING starts, ends;
        EXECUTE format('ALTER TABLE registry.access_event ATTACH PARTITION registry.%I FOR VALUES FROM (%L) TO (%L)', part, starts, ends);
    END $$;
COMMENT ON FUNCTION registry.make_access_month(date) IS
    'Makes the partition of registry.access_event for a month, given by its first day (新增月分区), and takes over what lay in the default partition';

CREATE OR REPLACE FUNCTION registry.drop_access_month(month date, "on" date)
    RETURNS void
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        EXECUTE format('INSERT INTO ledger.access_purge (month, events, retention) SELECT $1, count(*), $2 FROM registry.%I', registry.access_month(month))
        USING month, policy_text('access_retention', NULL, "on");
        EXECUTE format('DROP TABLE registry.%I', registry.access_month(month));
    END $$;
COMMENT ON FUNCTION registry.drop_access_month(date, date) IS 'Drops a month of access events, and records it in ledger.access_purge (清除月分区)';

CREATE OR REPLACE FUNCTION registry.due_access_months("on" date, batch integer)
    RETURNS integer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    -- a feed that holds a table for long is not made to wait: the next run does it
    SET lock_timeout = '5s'
    SET jit = off
    AS $$
    DECLARE
        horizon CONSTANT date := registry.access_horizon("on");
        ahead   CONSTANT date := (date_trunc('month', "on") + interval '2 months')::date;
        month   date;
        done    integer;
    BEGIN
        SELECT min(wanted.month) INTO month
        FROM (SELECT generate_series(date_trunc('month', "on"), ahead, interval '1 month')::date
              UNION
              SELECT date_trunc('month', local_day(e.happened_at))::date FROM registry.access_event_default e
              WHERE e.happened_at >= registry.day_start(horizon) AND e.happened_at < registry.day_start(ahead)) AS wanted (month)
        WHERE to_regclass('registry.' || registry.access_month(wanted.month)) IS NULL;
        IF month IS NOT NULL THEN
            PERFORM registry.make_access_month(month);
            RETURN 1;
        END IF;

        SELECT min(to_date(right(c.relname, 6), 'YYYYMM')) INTO month
        FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'registry.access_event'::regclass AND c.relname ~ '^access_event_[0-9]{6}$' AND to_date(right(c.relname, 6), 'YYYYMM') < horizon;
        IF month IS NOT NULL THEN
            PERFORM registry.drop_access_month(month, "on");
            RETURN 1;
        END IF;

        -- clocks that are wrong by years: what counts is when the register received it
        WITH gone AS (
            DELETE FROM registry.access_event_default e
            WHERE e.ctid IN (SELECT o.ctid FROM registry.access_event_default o WHERE o.recorded_at < registry.day_start(horizon) LIMIT batch)
            RETURNING e.recorded_at
        )
        INSERT INTO ledger.access_purge (month, events, retention)
        SELECT date_trunc('month', local_day(g.recorded_at))::date, count(*), policy_text('access_retention', NULL, "on")
        FROM gone g GROUP BY 1;
        GET DIAGNOSTICS done = ROW_COUNT;
        RETURN done;
    EXCEPTION WHEN lock_not_available THEN
        RETURN 0;
    END $$;
COMMENT ON FUNCTION registry.due_access_months(date, integer) IS
    'Makes the partitions of registry.access_event for this month, the next two, and months whose events came before them; drops what is older than policy access_retention (通行记录分区维护); one table a transaction; of those without a partition, so many rows. How many tables';

CREATE OR REPLACE VIEW registry.presence AS
SELECT p.dwelling_id, p.day, p.token, c.access_credential_id, c.person_id, c.dwelling_id AS home_id, p.device_code, p.events, p.first_at, p.last_at
FROM registry.presence_day p
-- IS TRUE keeps the exclusion's GiST out, which takes ten times as long as the btree on token
LEFT JOIN registry.access_credential c ON c.token = p.token AND (c.period @> p.day) IS TRUE;
COMMENT ON VIEW registry.presence IS 'Who was seen at which door on which day (通行日记录): registry.presence_day with the bearers of that day';
COMMENT ON COLUMN registry.presence.dwelling_id IS 'Dwelling to which the device was bound (房屋): often a building, while who passes lives in one of its rooms';
COMMENT ON COLUMN registry.presence.day IS 'Day in China (日期)';
COMMENT ON COLUMN registry.presence.token IS 'Pseudonym of the credential (凭证标识); all zeros: none was used';
COMMENT ON COLUMN registry.presence.access_credential_id IS 'Credential, where it is registered (凭证)';
COMMENT ON COLUMN registry.presence.person_id IS 'Bearer on that day (持有人); NULL: not known';
COMMENT ON COLUMN registry.presence.home_id IS 'Dwelling for which the credential was issued (凭证所属房屋)';
COMMENT ON COLUMN registry.presence.device_code IS 'Device (设备编码)';
COMMENT ON COLUMN registry.presence.events IS 'Passages (通行次数)';
COMMENT ON COLUMN registry.presence.first_at IS 'The first (首次通行时间)';
COMMENT ON COLUMN registry.presence.last_at IS 'The last (末次通行时间)';

CREATE OR REPLACE FUNCTION registry.mark_access_batches()
    RETURNS integer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET jit = off
    AS $$
    DECLARE
        earliest timestamptz;
        latest   timestamptz;
        done     integer;
    BEGIN
        WITH taken AS (DELETE FROM registry.access_batch RETURNING recorded_at)
        SELECT min(t.recorded_at), max(t.recorded_at) INTO earliest, latest FROM taken t;
        IF earliest IS NULL THEN
            RETURN 0;
        END IF;
        -- vacuum may not have come by since
        PERFORM brin_summarize_new_values(x.indexrelid)
        FROM pg_inherits i JOIN pg_index x ON x.indrelid = i.inhrelid
        WHERE i.inhparent = 'registry.access_event'::regclass;
        -- events between them whose batch is not there yet have it still to come: counted twice is counted right
        INSERT INTO registry.access_mark (device_code, day)
        SELECT DISTINCT e.device_code, local_day(e.happened_at)
        FROM registry.access_event e
        WHERE e.recorded_at BETWEEN earliest AND latest;
        GET DIAGNOSTICS done = ROW_COUNT;
        RETURN done;
    END $$;
COMMENT ON FUNCTION registry.mark_access_batches() IS 'Turns batches of events that have come in into devices and days to be counted (批次转汇总标记); how many';

CREATE OR REPLACE FUNCTION registry.count_access_day(devices text[], day date, "on" date)
    RETURNS void
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET jit = off
    -- of a month that has just been filled the planner knows nothing
    SET enable_seqscan = off
    AS $$
    DECLARE
        starts  CONSTANT timestamptz := registry.day_start(day);
        -- a microsecond before the next, so that infinity is a day, too
        ends    CONSTANT timestamptz := registry.day_start(day + 1) - interval '1 microsecond';
        ahead   CONSTANT interval := policy_interval('access_clock_ahead', NULL, "on");
        counts  CONSTANT boolean := day >= registry.access_horizon("on");
        part    regclass;
        doubles tid[];
    BEGIN
        SELECT min(d.part), array_agg(d.ctid) INTO part, doubles
        FROM (SELECT e.tableoid AS part, e.ctid,
                     row_number() OVER (PARTITION BY e.device_code, e.happened_at, e.serial, e.token ORDER BY e.recorded_at, e.ctid) AS n
              FROM registry.access_event e
              JOIN unnest(devices) AS marked (device_code) ON marked.device_code = e.device_code
              WHERE e.happened_at BETWEEN starts AND ends) AS d
        WHERE d.n > 1;
        IF part IS NOT NULL THEN
            -- a day lies in one partition
            EXECUTE format('DELETE FROM %s WHERE ctid = ANY ($1)', part) USING doubles;
        END IF;

        DELETE FROM registry.access_fault f WHERE f.day = count_access_day.day AND f.device_code = ANY (devices);
        IF counts THEN
            DELETE FROM registry.presence_day p WHERE p.day = count_access_day.day AND p.device_code = ANY (devices);
        END IF;
        WITH marked AS MATERIALIZED (
            SELECT m.device_code, d.access_device_id IS NULL AS unknown, b.dwelling_id
            FROM unnest(devices) AS m (device_code)
            LEFT JOIN registry.access_device d ON d.device_code = m.device_code
            LEFT JOIN registry.access_binding b ON b.access_device_id = d.access_device_id AND b.period @> count_access_day.day
        ), event AS MATERIALIZED (
            SELECT e.device_code, COALESCE(e.token, '00000000-0000-0000-0000-000000000000') AS token, e.happened_at, e.recorded_at, m.dwelling_id, m.unknown,
                   COALESCE(e.happened_at > e.recorded_at + ahead, false) AS future,
                   NOT is_code('access_direction', e.direction) OR NOT is_code('access_method', COALESCE(e.method, 'card')) AS odd
            FROM registry.access_event e
            JOIN marked m ON m.device_code = e.device_code
            WHERE e.happened_at BETWEEN starts AND ends
        ), seen AS (
            INSERT INTO registry.presence_day (device_code, day, token, dwelling_id, events, first_at, last_at)
            SELECT e.device_code, count_access_day.day, e.token, e.dwelling_id, count(*), min(e.happened_at), max(e.happened_at)
            FROM event e
            WHERE counts AND e.dwelling_id IS NOT NULL AND NOT e.future
            GROUP BY e.device_code, e.token, e.dwelling_id
        )
        INSERT INTO registry.access_fault (device_code, day, kind, events, first_at, last_at, received_at)
        SELECT e.device_code, count_access_day.day, fault.kind, count(*), min(e.happened_at), max(e.happened_at), max(e.recorded_at)
        FROM event e
        CROSS JOIN LATERAL (VALUES ('unknown_device', e.unknown), ('unbound_device', NOT e.unknown AND e.dwelling_id IS NULL),
                                   ('future', e.future), ('too_late', NOT counts), ('unknown_code', e.odd)) AS fault (kind, holds)
        WHERE fault.holds
        GROUP BY e.device_code, fault.kind;
    END $$;
COMMENT ON FUNCTION registry.count_access_day(text[], date, date) IS
    'Works out registry.presence_day and registry.access_fault for devices and a day from the events, and takes out events that came twice (通行日汇总). Events of unbound devices and wrong clocks do not count as presence; a day older than what is kept stays as it was counted';

CREATE OR REPLACE FUNCTION registry.due_presence("on" date, batch integer)
    RETURNS integer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET jit = off
    AS $$
    DECLARE
        cutoff  CONSTANT date := ("on" - policy_interval('presence_retention', NULL, "on"))::date;
        devices text[];
        oldest  date;
        done    integer;
    BEGIN
        -- one counts at a time
        LOCK TABLE registry.presence_day IN SHARE ROW EXCLUSIVE MODE;
        done := registry.mark_access_batches();
        IF done > 0 THEN
            RETURN done;
        END IF;
        SELECT min(m.day) INTO oldest FROM registry.access_mark m;
        IF oldest IS NOT NULL THEN
            WITH taken AS (DELETE FROM registry.access_mark m WHERE m.day = oldest RETURNING m.device_code)
            SELECT array_agg(DISTINCT t.device_code) INTO devices FROM taken t;
            PERFORM registry.count_access_day(devices, oldest, "on");
            RETURN cardinality(devices);
        END IF;

        DELETE FROM registry.presence_day p
        WHERE (p.device_code, p.day, p.token) IN (SELECT o.device_code, o.day, o.token FROM registry.presence_day o WHERE o.day < cutoff ORDER BY o.day LIMIT batch);
        GET DIAGNOSTICS done = ROW_COUNT;
        DELETE FROM registry.access_fault f WHERE f.received_at < registry.day_start(cutoff);
        RETURN done;
    END $$;
COMMENT ON FUNCTION registry.due_presence(date, integer) IS
    'Counts access events that have come in, or whose device has been bound otherwise, a day a transaction, and drops what is older than policy presence_retention (通行汇总); how many devices and days. Late and out-of-order events and a feed that is sent twice come to the same';
$step$);

SELECT residency.ship_step('view/64-access_presence', 'repeatable', '3ba0e4a9587d9ba44f8368841d2550900df8b9e22b7de088f7d29fa52472f6f0', NULL, NULL, $step$
-- Presence candidates: who has probably arrived and is not registered, who is registered and has probably left. Nothing follows
-- from them unless a person confirms it.

CREATE OR REPLACE FUNCTION registry.dwelling_chain(dwelling_id bigint)
    RETURNS bigint[]
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    AS $$
        SELECT array_agg(t.near)
        FROM (SELECT unnest(s.whole_ids) FROM registry.dwelling_standing s WHERE s.dwelling_id = $1
              UNION
              SELECT part.dwelling_id FROM registry.dwelling_part part WHERE part.whole_id = $1) AS t (near)
        WHERE t.near IS NOT NULL
    $$;
COMMENT ON FUNCTION registry.dwelling_chain(bigint) IS 'A dwelling with what it is part of and everything that is part of it (房屋及其上下级)';

CREATE OR REPLACE VIEW registry.presence_arrived AS
SELECT d.dwelling_id, d.division, who.person_id, who.token, who.home_id, who.events, who.seen_days, open.days AS open_days, who.first_at, who.last_at,
       residency.presence_probability(residency.policy_numeric('presence_prior_arrived', d.division, residency.today())::float8,
                            residency.policy_numeric('presence_resident', d.division, residency.today())::float8,
                            residency.policy_numeric('presence_visitor', d.division, residency.today())::float8,
                            residency.policy_numeric('presence_away', d.division, residency.today())::float8, who.seen_days, open.days) AS probability
FROM (SELECT DISTINCT b.dwelling_id FROM registry.access_binding b) AS door
JOIN registry.dwelling d ON d.dwelling_id = door.dwelling_id
CROSS JOIN LATERAL (SELECT registry.dwelling_chain(d.dwelling_id) OFFSET 0) AS near (ids)
CROSS JOIN LATERAL (
    SELECT p.person_id, CASE WHEN p.person_id IS NULL THEN p.token END AS token, max(p.home_id) AS home_id,
           sum(p.events)::integer AS events, count(DISTINCT p.day)::integer AS seen_days, min(p.day) AS first_day,
           min(p.first_at) AS first_at, max(p.last_at) AS last_at
    FROM registry.presence p
    WHERE p.dwelling_id = d.dwelling_id AND p.token <> '00000000-0000-0000-0000-000000000000'
      AND p.day >= residency.today() - residency.policy_int('presence_window', d.division, residency.today()) AND p.day < residency.today()
    GROUP BY p.person_id, CASE WHEN p.person_id IS NULL THEN p.token END
    HAVING count(DISTINCT p.day) >= residency.policy_int('presence_arrival_days', d.division, residency.today())
) AS who
CROSS JOIN LATERAL (
    SELECT count(DISTINCT o.day)::integer FROM registry.presence_day o
    WHERE o.dwelling_id = d.dwelling_id AND o.day >= who.first_day AND o.day < residency.today()
) AS open (days)
WHERE NOT EXISTS (SELECT FROM registry.residence r
                  WHERE r.person_id = who.person_id AND residency.residence_is_current(r.state) AND r.dwelling_id = ANY (near.ids));
COMMENT ON VIEW registry.presence_arrived IS
    'Who passed a door on enough days before today, by policies presence_window and presence_arrival_days, and is registered neither there nor in a part or whole of it (疑似入住)';
COMMENT ON COLUMN registry.presence_arrived.dwelling_id IS 'Dwelling behind the door (房屋)';
COMMENT ON COLUMN registry.presence_arrived.division IS 'Its division (区划)';
COMMENT ON COLUMN registry.presence_arrived.person_id IS 'Bearer of the credential (持有人), where known, or else';
COMMENT ON COLUMN registry.presence_arrived.token IS 'the credential (凭证标识)';
COMMENT ON COLUMN registry.presence_arrived.home_id IS 'Dwelling for which the credential was issued (凭证所属房屋)';
COMMENT ON COLUMN registry.presence_arrived.events IS 'Passages in the window (通行次数)';
COMMENT ON COLUMN registry.presence_arrived.seen_days IS 'Days with passages (通行天数)';
COMMENT ON COLUMN registry.presence_arrived.open_days IS 'Days since the first of them on which anybody passed (门禁有效天数)';
COMMENT ON COLUMN registry.presence_arrived.first_at IS 'First passage in the window (首次通行)';
COMMENT ON COLUMN registry.presence_arrived.last_at IS 'Last passage (末次通行)';
COMMENT ON COLUMN registry.presence_arrived.probability IS 'That they live there (居住概率)';

CREATE OR REPLACE VIEW registry.presence_left AS
SELECT r.dwelling_id, d.division, r.person_id, r.residence_id, seen.events, seen.days AS seen_days, open.days AS open_days, seen.first_at, seen.last_at,
       1 - residency.presence_probability(1 - residency.policy_numeric('presence_prior_left', d.division, residency.today())::float8,
                                residency.policy_numeric('presence_resident', d.division, residency.today())::float8, 0,
                                residency.policy_numeric('presence_away', d.division, residency.today())::float8, 0, open.days) AS probability
FROM registry.residence r
JOIN registry.dwelling d ON d.dwelling_id = r.dwelling_id
-- once for a resident, not for each of their days
CROSS JOIN LATERAL (SELECT registry.dwelling_chain(r.dwelling_id) OFFSET 0) AS near (ids)
CROSS JOIN LATERAL (
    SELECT sum(p.events)::integer AS events, count(DISTINCT p.day)::integer AS days, max(p.day) AS last_day,
           min(p.first_at) AS first_at, max(p.last_at) AS last_at, array_agg(DISTINCT p.dwelling_id) AS doors
    FROM registry.access_credential c
    JOIN registry.presence_day p ON p.token = c.token AND (c.period @> p.day) IS TRUE
    WHERE c.person_id = r.person_id AND p.day >= r.arrived_on AND p.dwelling_id = ANY (near.ids)
    HAVING max(p.day) < residency.today() - residency.policy_int('presence_absence_days', d.division, residency.today())
) AS seen
CROSS JOIN LATERAL (
    SELECT count(DISTINCT o.day)::integer FROM registry.presence_day o
    WHERE o.dwelling_id = ANY (seen.doors) AND o.day > seen.last_day AND o.day < residency.today()
) AS open (days)
WHERE residency.residence_is_current(r.state) AND open.days >= residency.policy_int('presence_absence_days', d.division, residency.today());
COMMENT ON VIEW registry.presence_left IS
    'Residents who passed the doors of their dwelling, or of a part or whole of it, and have not passed them since, while others did on as many days as policy presence_absence_days asks for (疑似离开)';
COMMENT ON COLUMN registry.presence_left.dwelling_id IS 'Dwelling where they are registered (房屋)';
COMMENT ON COLUMN registry.presence_left.division IS 'Its division (区划)';
COMMENT ON COLUMN registry.presence_left.person_id IS 'Resident (人员)';
COMMENT ON COLUMN registry.presence_left.residence_id IS 'Residence (居住登记)';
COMMENT ON COLUMN registry.presence_left.events IS 'Passages since the arrival, as far as they are kept (通行次数)';
COMMENT ON COLUMN registry.presence_left.seen_days IS 'Days with passages (通行天数)';
COMMENT ON COLUMN registry.presence_left.open_days IS 'Days since the last of them on which others passed (门禁有效天数)';
COMMENT ON COLUMN registry.presence_left.first_at IS 'First passage (首次通行)';
COMMENT ON COLUMN registry.presence_left.last_at IS 'Last passage (末次通行)';
COMMENT ON COLUMN registry.presence_left.probability IS 'That they have left (离开概率)';

CREATE OR REPLACE FUNCTION registry.presence_sample(dwelling_id bigint, person_id bigint, token uuid)
    RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        SELECT COALESCE(jsonb_agg(jsonb_build_object('device_code', s.device_code, 'happened_at', s.last_at) ORDER BY s.last_at DESC), '[]')
        FROM (SELECT p.device_code, p.last_at
              FROM (SELECT registry.dwelling_chain($1) OFFSET 0) AS near (ids)
              CROSS JOIN registry.access_credential c
              JOIN registry.presence_day p ON p.token = c.token AND (c.period @> p.day) IS TRUE
              WHERE c.person_id = $2 AND p.dwelling_id = ANY (near.ids)
              UNION ALL
              SELECT p.device_code, p.last_at FROM registry.presence_day p WHERE $2 IS NULL AND p.token = $3 AND p.dwelling_id = $1
              ORDER BY last_at DESC
              LIMIT 5) AS s
    $$;
COMMENT ON FUNCTION registry.presence_sample(bigint, bigint, uuid) IS
    'The last passages of five days at most, by device and moment as in registry.access_event (通行记录样本), of a person at the doors of a dwelling, or of a credential at its own';

CREATE OR REPLACE VIEW api.presence_candidate AS
SELECT c.kind,
       (SELECT v.name FROM code.value v WHERE v.list = 'presence_kind' AND v.code = c.kind) AS kind_name,
       c.dwelling_id, d.address, c.division::text AS division, d.grid_id,
       c.person_id, p.name, mask(p.resident_id) AS resident_id, c.token, c.home_id AS home_dwelling_id,
       c.residence_id, c.events, c.seen_days, c.open_days, c.first_at, c.last_at,
       registry.presence_sample(c.dwelling_id, c.person_id, c.token) AS sample,
       round(c.probability::numeric, 3) AS probability
FROM (SELECT 'probably_arrived' COLLATE "C" AS kind, a.dwelling_id, a.division, a.person_id, a.token, a.home_id,
             (SELECT r.residence_id FROM registry.residence r WHERE r.person_id = a.person_id AND residence_is_current(r.state)) AS residence_id,
             a.events, a.seen_days, a.open_days, a.first_at, a.last_at, a.probability
      FROM registry.presence_arrived a
      UNION ALL
      SELECT 'probably_left' COLLATE "C" AS kind, l.dwelling_id, l.division, l.person_id, NULL::uuid AS token, NULL::bigint AS home_id, l.residence_id,
             l.events, l.seen_days, l.open_days, l.first_at, l.last_at, l.probability
      FROM registry.presence_left l) AS c
JOIN registry.dwelling d ON d.dwelling_id = c.dwelling_id
LEFT JOIN registry.person p ON p.person_id = c.person_id
WHERE NOT EXISTS (SELECT FROM registry.presence_decision x
                  WHERE x.dwelling_id = c.dwelling_id AND x.kind = c.kind
                    AND x.person_id IS NOT DISTINCT FROM c.person_id AND x.token IS NOT DISTINCT FROM c.token
                    AND (x.hidden_until > today()
                         OR EXISTS (SELECT FROM registry.patrol_task t WHERE t.patrol_task_id = x.patrol_task_id AND t.state = 'open')));
COMMENT ON VIEW api.presence_candidate IS
    'Who has probably arrived and is not registered, who is registered and has probably left, by access events (在住线索), as of the last residency.run_due(). Nobody is registered or closed by it: api.confirm_presence(). probability = prior × H / (prior × H + (1 − prior) × E) for an arrival, with n open days and k of them with passages, H = presence_resident^k × (1 − presence_resident)^(n−k) × (1 − presence_away), E = presence_visitor^k × (1 − presence_visitor)^(n−k), prior = presence_prior_arrived. For a departure, with n open days since the last passage: prior / (prior + (1 − prior) × (presence_away + (1 − presence_away) × (1 − presence_resident)^n)), prior = presence_prior_left. It assumes that days are independent and one credential is one person who passes no other door; that is not so for shared or lent cards, escorted children and whoever is away for long, so it ranks what to look at and proves nothing';
COMMENT ON COLUMN api.presence_candidate.kind IS 'probably_arrived or probably_left, list presence_kind (线索类型)';
COMMENT ON COLUMN api.presence_candidate.kind_name IS 'The same in words (线索名称)';
COMMENT ON COLUMN api.presence_candidate.dwelling_id IS 'Dwelling behind the door, or where they are registered (房屋)';
COMMENT ON COLUMN api.presence_candidate.address IS 'Its address (地址)';
COMMENT ON COLUMN api.presence_candidate.division IS 'Its division (区划)';
COMMENT ON COLUMN api.presence_candidate.grid_id IS 'Its grid (网格)';
COMMENT ON COLUMN api.presence_candidate.person_id IS 'Person (人员); NULL: the bearer of the credential is not known';
COMMENT ON COLUMN api.presence_candidate.name IS 'Name (姓名)';
COMMENT ON COLUMN api.presence_candidate.resident_id IS 'Resident ID with its middle hidden (公民身份号码,脱敏)';
COMMENT ON COLUMN api.presence_candidate.token IS 'Credential of an unknown bearer (凭证标识): maybe a resident whose credential is not registered';
COMMENT ON COLUMN api.presence_candidate.home_dwelling_id IS 'Dwelling for which the credential was issued (凭证所属房屋)';
COMMENT ON COLUMN api.presence_candidate.residence_id IS 'Residence that would be closed; of who has arrived, the current one elsewhere (居住登记)';
COMMENT ON COLUMN api.presence_candidate.events IS 'Passages that speak for it: of who has arrived in the window, of who has left before (通行次数)';
COMMENT ON COLUMN api.presence_candidate.seen_days IS 'Days with passages (通行天数)';
COMMENT ON COLUMN api.presence_candidate.open_days IS 'Days on which anybody passed the door, since the first passage of who has arrived, after the last of who has left (门禁有效天数)';
COMMENT ON COLUMN api.presence_candidate.first_at IS 'First passage (首次通行)';
COMMENT ON COLUMN api.presence_candidate.last_at IS 'Last passage (末次通行)';
COMMENT ON COLUMN api.presence_candidate.sample IS 'Last passages, by device and moment (通行记录样本)';
COMMENT ON COLUMN api.presence_candidate.probability IS 'Stated probability (概率), 0 to 1, by the policies presence_…';

CREATE OR REPLACE VIEW api.access_fault AS
SELECT f.device_code, d.name AS device_name, f.day, f.kind,
       (SELECT v.name FROM code.value v WHERE v.list = 'access_fault' AND v.code = f.kind) AS kind_name,
       f.kind IN ('unknown_device', 'unbound_device', 'future', 'too_late') AS left_out, f.events, f.first_at, f.last_at, f.received_at
FROM registry.access_fault f
LEFT JOIN registry.access_device d ON d.device_code = f.device_code;
COMMENT ON VIEW api.access_fault IS 'Access events that something is odd about (门禁数据异常), as of the last residency.run_due(): they are kept, and counted anew when the device is registered and bound';
COMMENT ON COLUMN api.access_fault.device_code IS 'Device (设备编码)';
COMMENT ON COLUMN api.access_fault.device_name IS 'Its name (设备名称)';
COMMENT ON COLUMN api.access_fault.day IS 'Day of the events, by the clock of the device (日期)';
COMMENT ON COLUMN api.access_fault.kind IS 'What is odd, list access_fault (异常类型)';
COMMENT ON COLUMN api.access_fault.kind_name IS 'The same in words (异常名称)';
COMMENT ON COLUMN api.access_fault.left_out IS 'Whether they do not count as presence (不计入在住)';
COMMENT ON COLUMN api.access_fault.events IS 'How many (次数)';
COMMENT ON COLUMN api.access_fault.first_at IS 'The first, by the clock of the device (首次时间)';
COMMENT ON COLUMN api.access_fault.last_at IS 'The last (末次时间)';
COMMENT ON COLUMN api.access_fault.received_at IS 'When the last was received (最近接收时间)';

CREATE OR REPLACE FUNCTION registry.confirm_arrival(candidate api.presence_candidate, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    AS $$
    DECLARE
        act  CONSTANT text := 'confirm_presence';
        home CONSTANT bigint := COALESCE((arguments ->> 'lives_in')::bigint, candidate.home_dwelling_id, candidate.dwelling_id);
        came CONSTANT date := COALESCE((arguments ->> 'happened_on')::date, local_day(candidate.first_at));
        who  CONSTANT jsonb := jsonb_build_object('person_id', COALESCE(candidate.person_id, (arguments ->> 'person_id')::bigint), 'dwelling_id', home,
                                                  'channel', COALESCE(arguments -> 'channel', '"window"'));
    BEGIN
        PERFORM registry.require_argument(act, arguments, 'person_id');
        IF NOT EXISTS (SELECT FROM registry.dwelling_standing s WHERE s.dwelling_id = home AND candidate.dwelling_id = ANY (s.whole_ids)) THEN
            PERFORM refuse('RG292', ARRAY[home, candidate.dwelling_id]::text[], 'registry.residence', 'dwelling_id');
        END IF;
        IF candidate.token IS NOT NULL THEN
            -- whose credential it is, is known now
            UPDATE registry.access_credential c SET person_id = (who ->> 'person_id')::bigint
            WHERE c.token = candidate.token AND c.person_id IS NULL AND c.period @> local_day(candidate.last_at);
            IF NOT FOUND THEN
                INSERT INTO registry.access_credential (token, person_id, dwelling_id, period)
                VALUES (candidate.token, (who ->> 'person_id')::bigint, home, daterange(local_day(candidate.first_at), NULL));
            END IF;
        END IF;
        IF EXISTS (SELECT FROM registry.residence r WHERE r.person_id = (who ->> 'person_id')::bigint AND residence_is_current(r.state)) THEN
            RETURN registry.change_residence(act, who || jsonb_build_object('moved_on', came));
        END IF;
        RETURN registry.register_arrival(act, who || jsonb_build_object('arrived_on', came));
    END $$;
COMMENT ON FUNCTION registry.confirm_arrival(api.presence_candidate, jsonb) IS
    'Registers who has arrived, as api.register_arrival() or, from elsewhere, api.change_residence() (线索属实,登记入住); an unknown bearer becomes known';

CREATE OR REPLACE FUNCTION registry.order_presence_check(dwelling bigint)
    RETURNS bigint
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    AS $$
    DECLARE
        task bigint;
    BEGIN
        INSERT INTO registry.patrol_task (dwelling_id, kind, due_on)
        SELECT d.dwelling_id, 'presence_check', today() + policy_int('patrol_ahead', d.division, today())
        FROM registry.dwelling d WHERE d.dwelling_id = dwelling
        ON CONFLICT DO NOTHING
        RETURNING patrol_task_id INTO task;
        -- one visit looks after all of a dwelling
        RETURN COALESCE(task, (SELECT t.patrol_task_id FROM registry.patrol_task t
                               WHERE t.dwelling_id = dwelling AND t.kind = 'presence_check' AND t.state = 'open'));
    END $$;
COMMENT ON FUNCTION registry.order_presence_check(bigint) IS
    'The open task to look who lives in a dwelling, made where there is none (生成在住核实任务): kind presence_check, which residency.run_due() does not void, due after policy patrol_ahead';

CREATE OR REPLACE FUNCTION registry.confirm_presence(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    SET jit = off
    AS $$
    DECLARE
        at        CONSTANT text := 'registry.presence_decision';
        dwelling  CONSTANT bigint := (arguments ->> 'dwelling_id')::bigint;
        sought    CONSTANT uuid := (arguments ->> 'token')::uuid;
        person    CONSTANT bigint := CASE WHEN sought IS NULL THEN (arguments ->> 'person_id')::bigint END;
        of_kind   CONSTANT text := checked_code('presence_kind', arguments ->> 'kind', at, 'kind');
        decision  CONSTANT text := checked_code('presence_decision', arguments ->> 'decision', at, 'decision');
        reason    CONSTANT text := checked_text(arguments ->> 'reason', 200, at, 'reason');
        candidate api.presence_candidate;
        task      bigint;
        answer    api.answer;
    BEGIN
        PERFORM registry.require_argument(act, arguments, name) FROM unnest('{kind,dwelling_id,decision}'::text[]) AS name;
        PERFORM registry.require_argument(act, arguments, 'person_id', 'token');
        -- whoever decides on the same waits, and finds it decided; locked as arrivals lock
        PERFORM dwelling_lock(ARRAY[COALESCE((arguments ->> 'lives_in')::bigint, dwelling), dwelling]);
        SELECT * INTO candidate FROM api.presence_candidate c
        WHERE c.kind = of_kind AND c.dwelling_id = dwelling
          AND c.person_id IS NOT DISTINCT FROM person AND c.token IS NOT DISTINCT FROM sought;
        IF NOT FOUND THEN
            PERFORM refuse('RG286', ARRAY[of_kind, dwelling::text, COALESCE('person_id ' || person, 'token')], at, 'kind');
        END IF;

        CASE decision
            WHEN 'dismissed' THEN
                PERFORM registry.require_argument(act, arguments, 'reason');
            WHEN 'visit' THEN
                task := registry.order_presence_check(dwelling);
            ELSE
                IF of_kind = 'probably_arrived' THEN
                    answer := registry.confirm_arrival(candidate, arguments);
                ELSE
                    answer := registry.register_departure(act, jsonb_strip_nulls(jsonb_build_object('residence_id', candidate.residence_id,
                        'departed_on', COALESCE((arguments ->> 'happened_on')::date, local_day(candidate.last_at)), 'reason', reason)));
                END IF;
        END CASE;

        INSERT INTO registry.presence_decision (kind, dwelling_id, person_id, token, decision, reason, hidden_until, probability, residence_id, patrol_task_id)
        VALUES (of_kind, dwelling, person, sought, decision, reason,
                CASE WHEN decision = 'dismissed' THEN COALESCE(today() + policy_int('presence_dismissal', candidate.division::division_code, today()), 'infinity') END,
                candidate.probability, answer.residence_id, task)
        RETURNING presence_decision_id INTO answer.record_id;
        answer.accepted := true;
        answer.act := act;
        answer.dwelling_id := COALESCE(answer.dwelling_id, dwelling);
        answer.person_id := COALESCE(answer.person_id, person);
        answer.state := COALESCE(answer.state, decision);
        RETURN answer;
    END $$;
COMMENT ON FUNCTION registry.confirm_presence(text, jsonb) IS 'The act behind api.confirm_presence() (在住线索处理)';

CREATE OR REPLACE FUNCTION api.confirm_presence(
        kind text, dwelling_id bigint, decision text, person_id bigint DEFAULT NULL, token uuid DEFAULT NULL, reason text DEFAULT NULL,
        lives_in bigint DEFAULT NULL, happened_on date DEFAULT NULL, channel text DEFAULT NULL,
        request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('confirm_presence', jsonb_build_object('kind', kind, 'dwelling_id', dwelling_id, 'decision', decision,
            'person_id', person_id, 'token', token, 'reason', reason, 'lives_in', lives_in, 'happened_on', happened_on, 'channel', channel),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.confirm_presence(text, bigint, text, bigint, uuid, text, bigint, date, text, uuid, boolean) IS
    'Decides on a row of api.presence_candidate (在住线索处理). kind, dwelling_id, person_id or token: which; decision: confirmed, visit (makes a patrol task of kind presence_check) or dismissed (with a reason; it does not come back for policy presence_dismissal days). Confirmed, an arrival is registered by the rules of api.register_arrival(), or api.change_residence() for who lives elsewhere: in lives_in, a part of dwelling_id, NULL is the dwelling of the credential, else dwelling_id itself; on the day happened_on, NULL is that of the first passage; by channel. With a token, person_id says who the bearer is, and the credential is theirs from then on. A departure is registered as by api.register_departure(), on happened_on, NULL is the day of the last passage. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers the residence, and record_id, the decision''s key. Errors: RG006, RG080, RG085, RG125, RG286, RG292, those of the acts named';
$step$);

SELECT residency.ship_step('view/65-spot_check', 'repeatable', '4fa7ae9a46c1dc4c4bf2d2aee7c46e79de0f81483472a4600962d692f4f56d5c', NULL, NULL, $step$
-- What a spot check draws from and draws, and what its checks say of each dwelling.

CREATE OR REPLACE FUNCTION registry.spot_check_frame(kind text, home residency.division_code, area text, strata_by text, let_states text[])
    RETURNS TABLE (unit_key text, division text, value text)
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        SELECT d.dwelling_id::text,
               (CASE area WHEN 'village' THEN d.division ELSE parent(d.division) END)::text,
               COALESCE(CASE strata_by
                   WHEN 'kind' THEN d.kind
                   WHEN 'let_state' THEN d.let_state
                   WHEN 'category' THEN (SELECT c.category FROM registry.dwelling_category c
                                         WHERE c.dwelling_id = d.dwelling_id AND c.period @> today()) END, '-')
        FROM registry.dwelling d
        WHERE spot_check_frame.kind = 'dwelling' AND d.division <@ home
          AND CASE WHEN let_states IS NULL THEN d.let_state <> 'demolished' ELSE d.let_state = ANY (let_states) END
          AND NOT EXISTS (SELECT FROM registry.dwelling part WHERE part.parent_id = d.dwelling_id)
        UNION ALL
        SELECT g.grid_code, (CASE area WHEN 'village' THEN g.division ELSE parent(g.division) END)::text, '-'
        FROM registry.grid g
        WHERE spot_check_frame.kind = 'grid' AND g.division <@ home AND g.kind = 'management' AND g.period @> today()
    $$;
COMMENT ON FUNCTION registry.spot_check_frame(text, residency.division_code, text, text, text[]) IS
    'The units that a spot check draws from, as the register is now (抽样框): dwellings without parts by dwelling_id, or grids by grid_code, each with its stratum. kind, area, strata_by: lists spot_check_kind, spot_check_area, spot_check_strata; let_states NULL: all but demolished';

CREATE OR REPLACE FUNCTION registry.spot_check_sample(
        kind text, home residency.division_code, area text, strata_by text, let_states text[], size bigint, seed text)
    RETURNS TABLE (division text, value text, frame_units bigint, sample_units bigint, unit_keys text[], frame_size bigint, frame_checksum text)
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    SET jit = off
    AS $$
        WITH frame AS MATERIALIZED (
            SELECT f.unit_key, f.division, f.value,
                   row_number() OVER (PARTITION BY f.division, f.value ORDER BY sample_digest(seed, f.unit_key) COLLATE "C") AS turn
            FROM registry.spot_check_frame(kind, home, area, strata_by, let_states) f
        ), stratum AS (
            SELECT f.division, f.value, count(*) AS units, row_number() OVER (ORDER BY f.division COLLATE "C", f.value COLLATE "C") AS place
            FROM frame f GROUP BY f.division, f.value
        ), part AS (
            SELECT a.place, a.units
            FROM (SELECT allocate_sample(array_agg(s.units ORDER BY s.place), size) FROM stratum s) AS allocated (units)
            CROSS JOIN unnest(allocated.units) WITH ORDINALITY AS a (units, place)
        ), whole AS (
            SELECT count(*) AS units,
                   encode(sha256(convert_to(string_agg(concat_ws(' ', f.division, f.value, f.unit_key), E'\n' ORDER BY f.unit_key COLLATE "C"), 'UTF8')), 'hex') AS checksum
            FROM frame f
        )
        SELECT s.division, s.value, s.units, p.units,
               ARRAY(SELECT f.unit_key FROM frame f
                     WHERE f.division = s.division AND f.value = s.value AND f.turn <= p.units ORDER BY f.turn),
               w.units, w.checksum
        FROM stratum s JOIN part p USING (place) CROSS JOIN whole w
        ORDER BY s.place
    $$;
COMMENT ON FUNCTION registry.spot_check_sample(text, residency.division_code, text, text, text[], bigint, text) IS
    'What a seed draws from the register as it is now (抽样): a row for each stratum, the keys of its units in the order of their lottery, residency.sample_digest(); size and checksum of the whole frame. Same frame, same seed, same sample: so whoever doubts it draws again';

CREATE OR REPLACE VIEW registry.spot_check_answer AS
SELECT s.spot_check_dwelling_id, s.spot_check_id, s.spot_check_stratum_id, s.spot_check_grid_id, s.dwelling_id, s.address, s.weight,
       s.registered_let, s.registered_people, r.spot_check_result_id, r.outcome, r.checked_at, r.found_let,
       r.people_counted + found.people AS people_found,
       r.counted_registered + found.registered AS people_registered,
       found.since_draw AS registered_since_draw
FROM registry.spot_check_dwelling s
LEFT JOIN LATERAL (
    SELECT a.*
    FROM registry.spot_check_result a
    WHERE a.spot_check_dwelling_id = s.spot_check_dwelling_id
    ORDER BY spot_check_answers(a.outcome) DESC, a.checked_at DESC, a.spot_check_result_id DESC
    LIMIT 1
) AS r ON true
CROSS JOIN LATERAL (
    SELECT count(*)::integer, (count(*) FILTER (WHERE p.judgement = 'registered'))::integer, (count(*) FILTER (WHERE p.since_draw))::integer
    FROM registry.spot_check_person p
    WHERE p.spot_check_result_id = r.spot_check_result_id
) AS found (people, registered, since_draw);
COMMENT ON VIEW registry.spot_check_answer IS
    'Dwellings of spot checks with the result that counts (抽查房屋与有效结果): the last one with an answer, or else the last one';
COMMENT ON COLUMN registry.spot_check_answer.spot_check_dwelling_id IS 'Key of registry.spot_check_dwelling';
COMMENT ON COLUMN registry.spot_check_answer.spot_check_id IS 'Spot check (抽查)';
COMMENT ON COLUMN registry.spot_check_answer.spot_check_stratum_id IS 'Stratum (分层)';
COMMENT ON COLUMN registry.spot_check_answer.spot_check_grid_id IS 'Grid that was drawn (抽中网格)';
COMMENT ON COLUMN registry.spot_check_answer.dwelling_id IS 'Dwelling, or else (房屋)';
COMMENT ON COLUMN registry.spot_check_answer.address IS 'where something was found that is not registered (未登记房屋地址)';
COMMENT ON COLUMN registry.spot_check_answer.weight IS 'Weight of the draw (权数)';
COMMENT ON COLUMN registry.spot_check_answer.registered_let IS 'Whether it was registered as let at the draw (抽取时是否登记为出租)';
COMMENT ON COLUMN registry.spot_check_answer.registered_people IS 'How many were registered there at the draw (抽取时登记人数)';
COMMENT ON COLUMN registry.spot_check_answer.spot_check_result_id IS 'The result that counts; NULL: nobody has been there (有效抽查记录)';
COMMENT ON COLUMN registry.spot_check_answer.outcome IS 'Its outcome, list spot_check_outcome (结果)';
COMMENT ON COLUMN registry.spot_check_answer.checked_at IS 'When that was (核查时间)';
COMMENT ON COLUMN registry.spot_check_answer.found_let IS 'Whether it is let (实际是否出租)';
COMMENT ON COLUMN registry.spot_check_answer.people_found IS 'People found, named and counted (发现人数)';
COMMENT ON COLUMN registry.spot_check_answer.people_registered IS 'Of them registered there (其中已登记)';
COMMENT ON COLUMN registry.spot_check_answer.registered_since_draw IS 'Of them, as far as they are named, registered only after the draw (抽取后方登记)';
$step$);

SELECT residency.ship_step('view/65-spot_check_act', 'repeatable', '92ea3ef1ac995a2ba60c23b9f3a3f54067c72d4aa3519e92db1c936f034404ea', NULL, NULL, $step$
-- The acts of spot checks and lists of departments. As in 50-act.sql.

CREATE OR REPLACE FUNCTION registry.draw_spot_check(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET jit = off
    AS $$
    DECLARE
        entry  registry.spot_check := jsonb_populate_record(NULL::registry.spot_check, arguments);
        strata jsonb;
        share  record;
        home   bigint;
        answer api.answer;
    BEGIN
        PERFORM registry.require_argument(act, arguments, name) FROM unnest('{division,size,seed,name,reason}'::text[]) AS name;
        IF entry.size < 1 THEN
            PERFORM refuse('RG083', ARRAY['size', 'a number from 1']);
        END IF;
        entry.kind := COALESCE(entry.kind, 'dwelling');
        entry.area := COALESCE(entry.area, policy_text('spot_check_area', entry.division, today()));
        entry.strata_by := CASE entry.kind WHEN 'grid' THEN 'none'
                           ELSE COALESCE(entry.strata_by, policy_text('spot_check_strata', entry.division, today())) END;
        entry.let_states := CASE WHEN arguments ? 'let_states' AND entry.kind = 'dwelling'
            THEN ARRAY(SELECT DISTINCT checked_code('let_state', s, 'registry.spot_check', 'let_states') FROM jsonb_array_elements_text(arguments -> 'let_states') s ORDER BY 1) END;
        entry.seed := checked_text(entry.seed, 100, 'registry.spot_check', 'seed');

        -- one query reads the frame: everything that is kept of it is of one moment
        SELECT jsonb_agg(to_jsonb(s) - '{frame_size,frame_checksum}'::text[]), max(s.frame_size), max(s.frame_checksum) INTO strata, entry.frame_size, entry.frame_checksum
        FROM registry.spot_check_sample(entry.kind, entry.division, entry.area, entry.strata_by, entry.let_states, entry.size, entry.seed) AS s;
        IF strata IS NULL THEN
            PERFORM refuse('RG295', ARRAY[entry.division::text, checked_code('spot_check_kind', entry.kind, 'registry.spot_check', 'kind')],
                           'registry.spot_check', 'division');
        END IF;
        INSERT INTO registry.spot_check (name, kind, division, area, strata_by, let_states, size, seed, frame_size, frame_checksum, reason)
        VALUES (entry.name, entry.kind, entry.division, entry.area, entry.strata_by, entry.let_states, entry.size, entry.seed,
                entry.frame_size, entry.frame_checksum, entry.reason)
        RETURNING spot_check_id INTO answer.record_id;

        FOR share IN SELECT * FROM jsonb_to_recordset(strata) AS s (division division_code, value text, frame_units integer, sample_units integer, unit_keys text[]) LOOP
            INSERT INTO registry.spot_check_stratum (spot_check_id, division, value, frame_units, sample_units)
            VALUES (answer.record_id, share.division, share.value, share.frame_units, share.sample_units)
            RETURNING spot_check_stratum_id INTO home;
            IF entry.kind = 'grid' THEN
                INSERT INTO registry.spot_check_grid (spot_check_id, spot_check_stratum_id, grid_id)
                SELECT answer.record_id, home, g.grid_id
                FROM unnest(share.unit_keys) WITH ORDINALITY AS u (unit_key, turn) JOIN registry.grid g ON g.grid_code = u.unit_key
                ORDER BY u.turn;
            END IF;
            INSERT INTO registry.spot_check_dwelling (spot_check_id, spot_check_stratum_id, spot_check_grid_id, dwelling_id, weight, registered_let, registered_people)
            SELECT answer.record_id, home, drawn.spot_check_grid_id, d.dwelling_id,
                   -- planned with the numbers of a stratum that gives none, too
                   share.frame_units::float8 / NULLIF(share.sample_units, 0), d.let_state = 'let',
                   (SELECT count(*) FROM registry.residence r WHERE r.dwelling_id = d.dwelling_id AND residence_is_current(r.state))
            FROM (SELECT u.turn, NULL::bigint AS spot_check_grid_id, u.unit_key::bigint AS dwelling_id
                  FROM unnest(share.unit_keys) WITH ORDINALITY AS u (unit_key, turn)
                  WHERE entry.kind = 'dwelling'
                  UNION ALL
                  SELECT g.spot_check_grid_id, g.spot_check_grid_id, a.dwelling_id
                  FROM registry.spot_check_grid g
                  JOIN registry.dwelling a ON a.grid_id = g.grid_id AND a.let_state <> 'demolished'
                   AND NOT EXISTS (SELECT FROM registry.dwelling part WHERE part.parent_id = a.dwelling_id)
                  WHERE g.spot_check_stratum_id = home) AS drawn
            JOIN registry.dwelling d ON d.dwelling_id = drawn.dwelling_id
            ORDER BY drawn.turn, d.dwelling_id;
            IF share.sample_units = 0 THEN
                answer.warning := 'strata_left_out';
            END IF;
        END LOOP;
        answer.accepted := true;
        answer.act := act;
        answer.state := 'open';
        answer.warning := CASE WHEN entry.size >= entry.frame_size THEN 'whole_frame' ELSE answer.warning END;
        RETURN answer;
    END $$;
COMMENT ON FUNCTION registry.draw_spot_check(text, jsonb) IS 'The act behind api.draw_spot_check() (抽取样本)';

CREATE OR REPLACE FUNCTION registry.sampled_dwelling(arguments jsonb)
    RETURNS registry.spot_check_dwelling
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    AS $$
    DECLARE
        entry   registry.spot_check_dwelling := jsonb_populate_record(NULL::registry.spot_check_dwelling, arguments);
        sampled registry.spot_check_dwelling;
    BEGIN
        PERFORM open_spot_check(entry.spot_check_id, 'registry.spot_check_result');
        IF entry.dwelling_id IS NOT NULL THEN
            SELECT s.* INTO sampled FROM registry.spot_check_dwelling s
            WHERE s.spot_check_id = entry.spot_check_id AND s.dwelling_id = entry.dwelling_id;
            IF NOT FOUND THEN
                PERFORM refuse('RG296', ARRAY[entry.dwelling_id, entry.spot_check_id]::text[], 'registry.spot_check_dwelling', 'dwelling_id');
            END IF;
            RETURN sampled;
        END IF;
        SELECT g.spot_check_grid_id, g.spot_check_stratum_id, 1 / h.probability
        INTO entry.spot_check_grid_id, entry.spot_check_stratum_id, entry.weight
        FROM registry.spot_check_grid g JOIN registry.spot_check_stratum h ON h.spot_check_stratum_id = g.spot_check_stratum_id
        WHERE g.spot_check_id = entry.spot_check_id AND g.grid_id = (arguments ->> 'grid_id')::bigint;
        IF NOT FOUND THEN
            PERFORM refuse('RG296', ARRAY[COALESCE(arguments ->> 'grid_id', '-'), entry.spot_check_id::text], 'registry.spot_check_dwelling', 'spot_check_grid_id');
        END IF;
        entry.address := checked_text(entry.address, 200, 'registry.spot_check_dwelling', 'address');
        INSERT INTO registry.spot_check_dwelling (spot_check_id, spot_check_stratum_id, spot_check_grid_id, address, weight)
        VALUES (entry.spot_check_id, entry.spot_check_stratum_id, entry.spot_check_grid_id, entry.address, entry.weight)
        ON CONFLICT (spot_check_grid_id, address) DO NOTHING;
        SELECT s.* INTO sampled FROM registry.spot_check_dwelling s
        WHERE s.spot_check_grid_id = entry.spot_check_grid_id AND s.address = entry.address;
        RETURN sampled;
    END $$;
COMMENT ON FUNCTION registry.sampled_dwelling(jsonb) IS
    'The dwelling of a spot check that spot_check_id and dwelling_id, or grid_id and address name (抽查房屋定位); the latter is added where it is new. RG293, RG294, RG296';

CREATE OR REPLACE FUNCTION registry.list_entries(act text, field text, entries jsonb)
    RETURNS TABLE (line integer, person_id bigint, resident_id residency.resident_id)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        unknown text;
        nobody  text;
    BEGIN
        IF jsonb_typeof(entries) <> 'array' OR jsonb_path_exists(entries, 'strict $[*] ? (@.type() != "object")') THEN
            PERFORM refuse('RG083', ARRAY[field, 'an array of objects']);
        END IF;
        SELECT min(k) INTO unknown FROM jsonb_array_elements(entries) AS e CROSS JOIN jsonb_object_keys(e - '{person_id,resident_id}'::text[]) AS k;
        IF unknown IS NOT NULL THEN
            PERFORM refuse('RG082', ARRAY[act, field || '.' || left(unknown, 60)]);
        END IF;
        SELECT string_agg(wrong.n::text, ', ' ORDER BY wrong.n) INTO nobody
        FROM (SELECT e.n FROM jsonb_array_elements(entries) WITH ORDINALITY AS e (entry, n)
              WHERE NOT (COALESCE(e.entry ->> 'person_id', '1') ~ '^[0-9]{1,18}$' AND COALESCE(is_resident_id(e.entry ->> 'resident_id'), true)
                         AND COALESCE(e.entry ->> 'person_id', e.entry ->> 'resident_id') IS NOT NULL)
              ORDER BY e.n LIMIT 20) AS wrong;
        IF nobody IS NOT NULL THEN
            PERFORM refuse('RG299', ARRAY[nobody]);
        END IF;
        RETURN QUERY SELECT e.n::integer, (e.entry ->> 'person_id')::bigint, (e.entry ->> 'resident_id')::resident_id
                     FROM jsonb_array_elements(entries) WITH ORDINALITY AS e (entry, n) ORDER BY e.n;
    END $$;
COMMENT ON FUNCTION registry.list_entries(text, text, jsonb) IS
    'People of a list [{"person_id"} or {"resident_id"}, …] (名单条目解析): RG082, RG083, or RG299 with the places of up to twenty that name nobody';

CREATE OR REPLACE FUNCTION registry.record_spot_check(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    SET jit = off
    AS $$
    DECLARE
        entry   registry.spot_check_result := jsonb_populate_record(NULL::registry.spot_check_result, arguments);
        sampled registry.spot_check_dwelling;
        answer  api.answer;
    BEGIN
        PERFORM registry.require_argument(act, arguments, name) FROM unnest('{spot_check_id,outcome,staff_person_id}'::text[]) AS name;
        PERFORM registry.require_argument(act, arguments, 'dwelling_id', 'address');
        sampled := registry.sampled_dwelling(arguments);
        INSERT INTO registry.spot_check_result (spot_check_dwelling_id, outcome, found_let, people_counted, counted_registered, checked_at, staff_person_id, note)
        VALUES (sampled.spot_check_dwelling_id, entry.outcome, entry.found_let, COALESCE(entry.people_counted, 0), COALESCE(entry.counted_registered, 0),
                COALESCE(entry.checked_at, now()), entry.staff_person_id, entry.note)
        RETURNING spot_check_result_id INTO answer.record_id;
        -- who is named twice, by key and number, was found once
        INSERT INTO registry.spot_check_person (spot_check_result_id, person_id, resident_id)
        SELECT answer.record_id, e.person_id, e.resident_id
        FROM registry.list_entries(act, 'people', COALESCE(arguments -> 'people', '[]')) AS e
        ON CONFLICT DO NOTHING;
        SELECT a.outcome, CASE WHEN a.people_registered < a.people_found THEN 'unregistered_people'
                               WHEN a.found_let AND NOT a.registered_let THEN 'unregistered_letting' END
        INTO answer.state, answer.warning
        FROM registry.spot_check_answer a WHERE a.spot_check_dwelling_id = sampled.spot_check_dwelling_id;
        answer.accepted := true;
        answer.act := act;
        answer.dwelling_id := sampled.dwelling_id;
        RETURN answer;
    END $$;
COMMENT ON FUNCTION registry.record_spot_check(text, jsonb) IS 'The act behind api.record_spot_check() (录入抽查结果)';

CREATE OR REPLACE FUNCTION registry.close_spot_check(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        key    CONSTANT bigint := (arguments ->> 'spot_check_id')::bigint;
        answer api.answer;
    BEGIN
        PERFORM registry.require_argument(act, arguments, name) FROM unnest('{spot_check_id,reason}'::text[]) AS name;
        UPDATE registry.spot_check c
        SET closed_at = now(), closed_by = residency.actor(), close_reason = arguments ->> 'reason'
        WHERE c.spot_check_id = key;
        IF NOT FOUND THEN
            PERFORM refuse('RG293', ARRAY[key::text], 'registry.spot_check', 'spot_check_id');
        END IF;
        answer.accepted := true;
        answer.act := act;
        answer.record_id := key;
        answer.state := 'closed';
        answer.warning := CASE WHEN EXISTS (SELECT FROM registry.spot_check_answer a WHERE a.spot_check_id = key AND a.outcome IS NULL) THEN 'not_all_checked' END;
        RETURN answer;
    END $$;
COMMENT ON FUNCTION registry.close_spot_check(text, jsonb) IS 'The act behind api.close_spot_check() (结束抽查)';

CREATE OR REPLACE FUNCTION registry.import_list(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    SET jit = off
    AS $$
    DECLARE
        entry  registry.department_list := jsonb_populate_record(NULL::registry.department_list, arguments);
        answer api.answer;
    BEGIN
        PERFORM registry.require_argument(act, arguments, name) FROM unnest('{source,name,division,listed_on,people}'::text[]) AS name;
        INSERT INTO registry.department_list (source, name, division, listed_on)
        VALUES (entry.source, entry.name, entry.division, entry.listed_on)
        RETURNING department_list_id INTO answer.record_id;
        INSERT INTO registry.department_list_entry (department_list_id, line, person_id, resident_id)
        SELECT answer.record_id, e.line, e.person_id, e.resident_id
        FROM registry.list_entries(act, 'people', arguments -> 'people') AS e;
        answer.accepted := true;
        answer.act := act;
        answer.state := 'taken';
        RETURN answer;
    END $$;
COMMENT ON FUNCTION registry.import_list(text, jsonb) IS 'The act behind api.import_list() (导入部门名单)';
$step$);

SELECT residency.ship_step('view/65-spot_check_api', 'repeatable', 'c19f65067738129484bdc8e0cb2ae21873870d9e33d0df4eb687353a808ce825', NULL, NULL, $step$
-- What applications call for spot checks and lists of departments.

CREATE OR REPLACE FUNCTION api.draw_spot_check(
        division text, size integer, seed text, name text, reason text, kind text DEFAULT NULL, area text DEFAULT NULL,
        strata_by text DEFAULT NULL, let_states text[] DEFAULT NULL, request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('draw_spot_check', jsonb_build_object('division', division, 'size', size, 'seed', seed, 'name', name,
            'reason', reason, 'kind', kind, 'area', area, 'strata_by', strata_by, 'let_states', let_states),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.draw_spot_check(text, integer, text, text, text, text, text, text, text[], uuid, boolean) IS
    'Draws a stratified sample of a division and all beneath (抽取抽查样本). size: units; seed: any text of up to 100 characters – unit key k has the place SHA-256(seed:k) in its stratum, so the same seed draws the same from the same register; name, reason in words; kind: dwelling (keys are dwelling_id, dwellings without parts) or grid (grid_code, management grids that are walked wholly); area: township or village, strata_by: none, category, kind or let_state, NULL as policies spot_check_area and spot_check_strata say; let_states: of dwellings, NULL all but demolished. Strata get their share by the largest remainder, at least one unit each while the size allows. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, the check''s key, warning strata_left_out (size is smaller than the number of strata) or whole_frame. Errors: RG006, RG080, RG083, RG085, RG125, RG295; 22P02 no division, 23503 an unknown one';

CREATE OR REPLACE FUNCTION api.record_spot_check(
        spot_check_id bigint, outcome text, staff_person_id bigint, dwelling_id bigint DEFAULT NULL, grid_id bigint DEFAULT NULL,
        address text DEFAULT NULL, found_let boolean DEFAULT NULL, people jsonb DEFAULT NULL, people_counted integer DEFAULT NULL,
        counted_registered integer DEFAULT NULL, checked_at timestamptz DEFAULT NULL, note text DEFAULT NULL,
        request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('record_spot_check', jsonb_build_object('spot_check_id', spot_check_id, 'outcome', outcome,
            'staff_person_id', staff_person_id, 'dwelling_id', dwelling_id, 'grid_id', grid_id, 'address', address, 'found_let', found_let,
            'people', people, 'people_counted', people_counted, 'counted_registered', counted_registered, 'checked_at', checked_at, 'note', note),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.record_spot_check(bigint, text, bigint, bigint, bigint, text, boolean, jsonb, integer, integer, timestamptz, text, uuid, boolean) IS
    'Enters what a check of a dwelling found (录入抽查结果). outcome: list spot_check_outcome; staff_person_id: who checked; dwelling_id of the sample, or grid_id of a grid that was drawn and the address where something unregistered was found; for outcome checked found_let: whether it is let; people: who was found and should be registered, [{"person_id"} or {"resident_id"}, …], judged against the register as it stood at that moment; people_counted, counted_registered: those besides who were only counted; checked_at, NULL is now. Entered again it corrects: the last answer counts, all are kept. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, the result''s key, state the outcome that counts, warning unregistered_people or unregistered_letting. Errors: RG006, RG010, RG080, RG082, RG083, RG085, RG086, RG125, RG269, RG293, RG294, RG296, RG297, RG299';

CREATE OR REPLACE FUNCTION api.close_spot_check(spot_check_id bigint, reason text, request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('close_spot_check', jsonb_build_object('spot_check_id', spot_check_id, 'reason', reason), request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.close_spot_check(bigint, text, uuid, boolean) IS
    'Closes a spot check: from then on its results stay (结束抽查). request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers warning not_all_checked. Errors: RG080, RG085, RG125, RG293, RG294';

CREATE OR REPLACE FUNCTION api.import_list(
        source text, division text, listed_on date, people jsonb, name text, request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('import_list', jsonb_build_object('source', source, 'division', division, 'listed_on', listed_on,
            'people', people, 'name', name), request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.import_list(text, text, date, jsonb, text, uuid, boolean) IS
    'Takes a list of people whom another department knows to live in a division on a day (导入部门名单). source: list department; people: [{"resident_id"} or {"person_id"}, …]; name in words. Wholly or not at all: half a list would be counted as people who are not there. Nobody is registered by it; stat.capture_recapture reads it. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, the list''s key. Errors: RG006, RG010, RG080, RG082, RG083, RG085, RG086, RG125, RG126, RG128, RG299';
$step$);

SELECT residency.ship_step('view/65-spot_check_view', 'repeatable', '00bf466f44c64f0af984ddb1d3c8ae146845e63306fb120a5c57c67ff97a6bbe', NULL, NULL, $step$
-- What spot checks prove, and what several lists of people say together.

CREATE OR REPLACE VIEW api.spot_check_dwelling AS
SELECT a.spot_check_dwelling_id, a.spot_check_id, a.dwelling_id, COALESCE(d.address, a.address) AS address,
       COALESCE(d.division, g.division)::text AS division, g.grid_id, h.division::text AS stratum_division, h.value AS stratum_value,
       h.probability, a.outcome, (SELECT v.name FROM code.value v WHERE v.list = 'spot_check_outcome' AND v.code = a.outcome) AS outcome_name,
       a.checked_at, a.found_let, a.people_found, a.people_registered,
       CASE WHEN spot_check_answers(a.outcome) THEN a.registered_let END AS registered_let,
       CASE WHEN spot_check_answers(a.outcome) THEN a.registered_people END AS registered_people
FROM registry.spot_check_answer a
JOIN registry.spot_check_stratum h ON h.spot_check_stratum_id = a.spot_check_stratum_id
LEFT JOIN registry.dwelling d ON d.dwelling_id = a.dwelling_id
LEFT JOIN registry.spot_check_grid s ON s.spot_check_grid_id = a.spot_check_grid_id
LEFT JOIN registry.grid g ON g.grid_id = s.grid_id;
COMMENT ON VIEW api.spot_check_dwelling IS
    'Dwellings of spot checks for those who check, and what they found (抽查名单): what is registered there shows once there is an answer, so that it is not found because it was expected';
COMMENT ON COLUMN api.spot_check_dwelling.spot_check_dwelling_id IS 'Key (编号)';
COMMENT ON COLUMN api.spot_check_dwelling.spot_check_id IS 'Spot check (抽查)';
COMMENT ON COLUMN api.spot_check_dwelling.dwelling_id IS 'Dwelling; NULL: found in a grid, not registered (房屋)';
COMMENT ON COLUMN api.spot_check_dwelling.address IS 'Its address (地址)';
COMMENT ON COLUMN api.spot_check_dwelling.division IS 'Its division (区划)';
COMMENT ON COLUMN api.spot_check_dwelling.grid_id IS 'Grid that was drawn, for kind grid (抽中网格)';
COMMENT ON COLUMN api.spot_check_dwelling.stratum_division IS 'Township or village of its stratum (分层区域)';
COMMENT ON COLUMN api.spot_check_dwelling.stratum_value IS 'Category, kind or let state of its stratum (分层值)';
COMMENT ON COLUMN api.spot_check_dwelling.probability IS 'Probability with which it, or its grid, was drawn (入样概率)';
COMMENT ON COLUMN api.spot_check_dwelling.outcome IS 'Outcome that counts, list spot_check_outcome; NULL: nobody has been there (结果)';
COMMENT ON COLUMN api.spot_check_dwelling.outcome_name IS 'The same in words (结果名称)';
COMMENT ON COLUMN api.spot_check_dwelling.checked_at IS 'When it was checked (核查时间)';
COMMENT ON COLUMN api.spot_check_dwelling.found_let IS 'Whether it is let (实际是否出租)';
COMMENT ON COLUMN api.spot_check_dwelling.people_found IS 'People found (发现人数)';
COMMENT ON COLUMN api.spot_check_dwelling.people_registered IS 'Of them registered there (其中已登记)';
COMMENT ON COLUMN api.spot_check_dwelling.registered_let IS 'Whether it was registered as let at the draw (抽取时是否登记为出租)';
COMMENT ON COLUMN api.spot_check_dwelling.registered_people IS 'How many were registered there at the draw (抽取时登记人数)';

CREATE OR REPLACE VIEW api.spot_check_person AS
SELECT p.spot_check_person_id, s.spot_check_id, s.dwelling_id, COALESCE(d.address, s.address) AS address, r.checked_at, p.person_id,
       mask(COALESCE(p.resident_id, n.resident_id)) AS resident_id_masked, p.judgement,
       (SELECT v.name FROM code.value v WHERE v.list = 'spot_check_judgement' AND v.code = p.judgement) AS judgement_name,
       p.residence_id, p.since_draw
FROM registry.spot_check_person p
JOIN registry.spot_check_result r ON r.spot_check_result_id = p.spot_check_result_id
JOIN registry.spot_check_dwelling s ON s.spot_check_dwelling_id = r.spot_check_dwelling_id
LEFT JOIN registry.person n ON n.person_id = p.person_id
LEFT JOIN registry.dwelling d ON d.dwelling_id = s.dwelling_id;
COMMENT ON VIEW api.spot_check_person IS 'Who was found in spot checks, and how they were registered at that moment (抽查发现人员); of corrected results, too';
COMMENT ON COLUMN api.spot_check_person.spot_check_person_id IS 'Key (编号)';
COMMENT ON COLUMN api.spot_check_person.spot_check_id IS 'Spot check (抽查)';
COMMENT ON COLUMN api.spot_check_person.dwelling_id IS 'Dwelling; NULL: not registered (房屋)';
COMMENT ON COLUMN api.spot_check_person.address IS 'Its address (地址)';
COMMENT ON COLUMN api.spot_check_person.checked_at IS 'When (核查时间)';
COMMENT ON COLUMN api.spot_check_person.person_id IS 'Person; NULL: the register did not know the number (人员)';
COMMENT ON COLUMN api.spot_check_person.resident_id_masked IS 'Resident ID, masked (身份号码,脱敏)';
COMMENT ON COLUMN api.spot_check_person.judgement IS 'registered there, elsewhere or unregistered, list spot_check_judgement (登记情况)';
COMMENT ON COLUMN api.spot_check_person.judgement_name IS 'The same in words (登记情况名称)';
COMMENT ON COLUMN api.spot_check_person.residence_id IS 'The residence that says so (居住登记)';
COMMENT ON COLUMN api.spot_check_person.since_draw IS 'Whether it was reported only after the draw (抽取后方申报)';

CREATE OR REPLACE FUNCTION registry.spot_check_estimate(check_id bigint, confidence double precision)
    RETURNS TABLE (
        measure text, stratum_id bigint, frame_units bigint, sample_units bigint, dwellings bigint, answered bigint, nobody_home bigint,
        refused bigint, not_found bigint, unvisited bigint, outside bigint, represented double precision, found bigint, registered bigint,
        since_draw bigint, rate double precision, effective_size double precision, "interval" numrange)
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    SET jit = off
    AS $$
        WITH listed AS MATERIALIZED (
            SELECT a.*, spot_check_answers(a.outcome) AS answers FROM registry.spot_check_answer a WHERE a.spot_check_id = check_id
        ), stratum AS (
            SELECT h.spot_check_stratum_id AS stratum_id, h.frame_units, h.sample_units,
                   count(l.dwelling_id) AS dwellings,
                   count(l.dwelling_id) FILTER (WHERE l.answers) AS answered,
                   count(l.dwelling_id) FILTER (WHERE l.outcome = 'nobody_home') AS nobody_home,
                   count(l.dwelling_id) FILTER (WHERE l.outcome = 'refused') AS refused,
                   count(l.dwelling_id) FILTER (WHERE l.outcome = 'not_found') AS not_found,
                   count(l.dwelling_id) FILTER (WHERE l.outcome IS NULL) AS unvisited,
                   count(l.address) AS outside
            FROM registry.spot_check_stratum h LEFT JOIN listed l USING (spot_check_stratum_id)
            WHERE h.spot_check_id = check_id
            GROUP BY h.spot_check_stratum_id
        ), weighted AS (
            -- those who answer stand for the others of their stratum; without a list, what is found stands for itself
            SELECT s.*, s.frame_units::float8 / NULLIF(s.sample_units, 0)
                        * CASE WHEN s.dwellings > 0 THEN s.dwellings::float8 / NULLIF(s.answered, 0) ELSE 1 END AS weight
            FROM stratum s
        ), cluster AS (
            SELECT w.stratum_id, m.measure, sum(m.found) AS found, sum(m.registered) AS registered, sum(m.since_draw) AS since_draw,
                   w.weight * sum(m.found) AS x, w.weight * sum(m.registered) AS y
            FROM listed l
            JOIN weighted w ON w.stratum_id = l.spot_check_stratum_id AND w.weight IS NOT NULL
            CROSS JOIN LATERAL (VALUES ('dwelling', l.found_let::int, (l.found_let AND l.registered_let)::int, 0),
                                       ('person', l.people_found, l.people_registered, l.registered_since_draw))
                       AS m (measure, found, registered, since_draw)
            WHERE l.answers
            GROUP BY w.stratum_id, w.weight, m.measure, COALESCE(l.spot_check_grid_id, l.spot_check_dwelling_id)
        ), moment AS (
            SELECT c.stratum_id, c.measure, count(*) AS clusters, sum(c.found) AS found, sum(c.registered) AS registered, sum(c.since_draw) AS since_draw,
                   COALESCE(sum(c.x), 0) AS x, COALESCE(sum(c.y), 0) AS y,
                   COALESCE(sum(c.x * c.x), 0) AS xx, COALESCE(sum(c.x * c.y), 0) AS xy, COALESCE(sum(c.y * c.y), 0) AS yy
            FROM cluster c GROUP BY c.stratum_id, c.measure
        ), scope AS (
            SELECT m.measure, w.stratum_id, sum(w.frame_units) AS frame_units, sum(w.sample_units) AS sample_units, sum(w.dwellings)::bigint AS dwellings,
                   sum(w.answered)::bigint AS answered, sum(w.nobody_home)::bigint AS nobody_home, sum(w.refused)::bigint AS refused,
                   sum(w.not_found)::bigint AS not_found, sum(w.unvisited)::bigint AS unvisited, sum(w.outside)::bigint AS outside,
                   COALESCE(sum(w.frame_units) FILTER (WHERE w.weight IS NOT NULL), 0)::float8 / sum(w.frame_units) AS represented
            FROM weighted w CROSS JOIN unnest('{dwelling,person}'::text[]) AS m (measure)
            GROUP BY GROUPING SETS ((m.measure, w.stratum_id), (m.measure))
        ), estimate AS (
            SELECT s.*, t.*
            FROM scope s
            CROSS JOIN LATERAL (
                SELECT COALESCE(sum(m.found), 0) AS found, COALESCE(sum(m.registered), 0) AS registered, COALESCE(sum(m.since_draw), 0) AS since_draw,
                       sum(m.x) AS x, sum(m.xx) AS xx,
                       CASE WHEN sum(m.x) > 0 THEN least(1, sum(m.y) / sum(m.x)) END AS rate
                FROM moment m WHERE m.measure = s.measure AND (s.stratum_id IS NULL OR m.stratum_id = s.stratum_id)
            ) AS t
        )
        SELECT e.measure, e.stratum_id, e.frame_units, e.sample_units, e.dwellings, e.answered, e.nobody_home, e.refused, e.not_found, e.unvisited,
               e.outside, e.represented, e.found::bigint, e.registered::bigint, e.since_draw::bigint, e.rate, size.effective,
               wilson_interval(COALESCE(e.rate, 0) * size.effective, size.effective, confidence)
        FROM estimate e
        CROSS JOIN LATERAL (
            -- of the ratio by linearisation, the clusters of a stratum about their mean, a single one about the whole
            SELECT sum(CASE WHEN m.clusters > 1 THEN m.clusters / (m.clusters - 1.0) * greatest(q.squares - q.rest * q.rest / m.clusters, 0)
                            ELSE q.squares END) / NULLIF(e.x * e.x, 0)
            FROM moment m
            CROSS JOIN LATERAL (SELECT greatest(m.yy - 2 * e.rate * m.xy + e.rate * e.rate * m.xx, 0), m.y - e.rate * m.x) AS q (squares, rest)
            WHERE m.measure = e.measure AND (e.stratum_id IS NULL OR m.stratum_id = e.stratum_id)
        ) AS linear (variance)
        CROSS JOIN LATERAL (
            SELECT CASE WHEN e.found = 0 THEN 0
                        -- where all are alike the sample cannot tell: as if each cluster had given one answer
                        WHEN e.registered IN (0, e.found) THEN least(e.found, e.x * e.x / e.xx)
                        ELSE e.found / greatest(1, linear.variance * e.found / (e.rate * (1 - e.rate))) END
        ) AS size (effective)
    $$;
COMMENT ON FUNCTION registry.spot_check_estimate(bigint, double precision) IS
    'What a spot check proves (抽查估计), a row for each measure – dwelling: of those found let, how many were registered as let; person: of those found, how many were registered there – and stratum, and one without stratum_id for all. The weighted ratio, its variance by linearisation over clusters (dwellings, or grids), the effective size that a simple sample of the same precision would have, never above the real one, and Wilson''s interval for it';

CREATE OR REPLACE VIEW stat.spot_check AS
SELECT c.spot_check_id, c.name, c.kind, c.division::text AS division, c.drawn_on, local_day(c.closed_at) AS closed_on,
       e.measure, h.division::text AS stratum_division, h.value AS stratum_value,
       e.frame_units, e.sample_units, e.dwellings, e.answered, e.nobody_home, e.refused, e.not_found, e.unvisited, e.outside,
       round((e.answered::float8 / NULLIF(e.dwellings, 0))::numeric, 4) AS response_rate,
       round(e.represented::numeric, 4) AS represented,
       e.found, e.registered, e.since_draw AS registered_since_draw,
       round(e.registered::numeric / NULLIF(e.found, 0), 4) AS raw_rate,
       round(e.rate::numeric, 4) AS rate,
       round(lower(e."interval"), 4) AS rate_low,
       round(upper(e."interval"), 4) AS rate_high,
       level.confidence,
       round((e.found / NULLIF(e.effective_size, 0))::numeric, 2) AS design_effect,
       round(e.effective_size::numeric, 1) AS effective_size
FROM registry.spot_check c
CROSS JOIN LATERAL (SELECT policy_numeric('spot_check_confidence', c.division, c.drawn_on)) AS level (confidence)
CROSS JOIN LATERAL registry.spot_check_estimate(c.spot_check_id, level.confidence::float8) AS e
LEFT JOIN registry.spot_check_stratum h ON h.spot_check_stratum_id = e.stratum_id;
COMMENT ON VIEW stat.spot_check IS
    'Registration rates by spot check with their intervals (抽查登记率). Two measures: dwelling – of the dwellings found let, how many were registered as let at the draw; person – of the people found who should be registered, how many were registered there at that moment. A row for each stratum, one without stratum for all. Assumes that those who did not answer are like those of their stratum who did. A check of kind dwelling knows only registered addresses: for the rate of dwellings use kind grid';
COMMENT ON COLUMN stat.spot_check.spot_check_id IS 'Spot check (抽查)';
COMMENT ON COLUMN stat.spot_check.name IS 'Its name (名称)';
COMMENT ON COLUMN stat.spot_check.kind IS 'What was drawn: dwelling or grid (抽查方式)';
COMMENT ON COLUMN stat.spot_check.division IS 'Division (区划)';
COMMENT ON COLUMN stat.spot_check.drawn_on IS 'Day of the draw (抽取日期)';
COMMENT ON COLUMN stat.spot_check.closed_on IS 'Day on which it was closed; NULL: figures may change (结束日期)';
COMMENT ON COLUMN stat.spot_check.measure IS 'dwelling or person (指标)';
COMMENT ON COLUMN stat.spot_check.stratum_division IS 'Township or village of the stratum; NULL: all (分层区域)';
COMMENT ON COLUMN stat.spot_check.stratum_value IS 'Category, kind or let state of the stratum (分层值)';
COMMENT ON COLUMN stat.spot_check.frame_units IS 'Units of the frame: dwellings or grids (抽样框单元数)';
COMMENT ON COLUMN stat.spot_check.sample_units IS 'Of them drawn (样本单元数)';
COMMENT ON COLUMN stat.spot_check.dwellings IS 'Registered dwellings to check (应查房屋)';
COMMENT ON COLUMN stat.spot_check.answered IS 'Of them with an answer: checked or not_found (已得结果)';
COMMENT ON COLUMN stat.spot_check.nobody_home IS 'Of them nobody was at home (无人在家)';
COMMENT ON COLUMN stat.spot_check.refused IS 'Of them refused (拒绝配合)';
COMMENT ON COLUMN stat.spot_check.not_found IS 'Of them, among the answers, no such dwelling (查无此房)';
COMMENT ON COLUMN stat.spot_check.unvisited IS 'Of them nobody has been there (尚未核查)';
COMMENT ON COLUMN stat.spot_check.outside IS 'Found in the grids besides, not registered (未登记房屋)';
COMMENT ON COLUMN stat.spot_check.response_rate IS 'Share of dwellings with an answer (应答率)';
COMMENT ON COLUMN stat.spot_check.represented IS 'Share of the frame in strata that have an answer: below 1 the rates are not those of the division (样本代表的抽样框比例)';
COMMENT ON COLUMN stat.spot_check.found IS 'Dwellings found let, or people found (发现数)';
COMMENT ON COLUMN stat.spot_check.registered IS 'Of them registered (其中已登记)';
COMMENT ON COLUMN stat.spot_check.registered_since_draw IS 'Of them, as far as people are named, only after the draw (抽取后方登记)';
COMMENT ON COLUMN stat.spot_check.raw_rate IS 'registered of found, without weights (样本登记率)';
COMMENT ON COLUMN stat.spot_check.rate IS 'Registration rate, weighted by strata (登记率)';
COMMENT ON COLUMN stat.spot_check.rate_low IS 'Lower end of its interval (登记率下限)';
COMMENT ON COLUMN stat.spot_check.rate_high IS 'Upper end of its interval (登记率上限)';
COMMENT ON COLUMN stat.spot_check.confidence IS 'Confidence of the interval, policy spot_check_confidence (置信水平)';
COMMENT ON COLUMN stat.spot_check.design_effect IS 'found divided by effective_size: what weights and clusters cost (设计效应)';
COMMENT ON COLUMN stat.spot_check.effective_size IS 'Size of a simple random sample that would tell as much (有效样本量)';

CREATE OR REPLACE FUNCTION registry.captured(home residency.division_code, "on" date)
    RETURNS TABLE (source text, person text)
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    SET jit = off
    AS $$
        WITH span AS (
            SELECT "on" - policy_int('capture_window', home, "on") AS after
        ), seen (source, person_id, resident_id) AS (
            SELECT 'register', r.person_id, NULL::resident_id
            FROM registry.dwelling d JOIN registry.residence r ON r.dwelling_id = d.dwelling_id
            WHERE d.division <@ home AND r.period @> "on" AND r.state NOT IN ('rejected', 'voided')
            UNION ALL
            SELECT 'access', c.person_id, NULL
            FROM registry.dwelling d
            CROSS JOIN span
            JOIN registry.presence_day p ON p.dwelling_id = d.dwelling_id AND p.day > span.after AND p.day <= "on"
            JOIN registry.access_credential c ON c.token = p.token AND c.period @> p.day AND c.person_id IS NOT NULL
            WHERE d.division <@ home
            GROUP BY c.person_id
            HAVING count(DISTINCT p.day) >= policy_int('presence_arrival_days', home, "on")
            UNION ALL
            SELECT c.kind || '_check', f.person_id, f.resident_id
            FROM span
            JOIN registry.spot_check_result r ON local_day(r.checked_at) > span.after AND local_day(r.checked_at) <= "on"
             -- by the index; local_day() lies within a day of it
             AND r.checked_at > span.after - 1 AND r.checked_at < "on" + 2
            JOIN registry.spot_check_person f ON f.spot_check_result_id = r.spot_check_result_id
            JOIN registry.spot_check_dwelling s ON s.spot_check_dwelling_id = r.spot_check_dwelling_id
            JOIN registry.spot_check c ON c.spot_check_id = s.spot_check_id
            LEFT JOIN registry.dwelling d ON d.dwelling_id = s.dwelling_id
            LEFT JOIN registry.spot_check_grid sg ON sg.spot_check_grid_id = s.spot_check_grid_id
            LEFT JOIN registry.grid g ON g.grid_id = sg.grid_id
            WHERE COALESCE(d.division, g.division) <@ home
            UNION ALL
            SELECT 'patrol', r.person_id, NULL
            FROM registry.dwelling d
            CROSS JOIN span
            JOIN registry.residence r ON r.dwelling_id = d.dwelling_id
            JOIN registry.fact f ON f.residence_id = r.residence_id AND f.attribute = 'presence'
            JOIN registry.observation o ON o.fact_id = f.fact_id AND o.value = 'there'
             AND local_day(o.observed_at) > span.after AND local_day(o.observed_at) <= "on"
            WHERE d.division <@ home
            UNION ALL
            SELECT l.source, e.person_id, e.resident_id
            FROM span
            JOIN registry.department_list l ON l.division <@ home AND l.listed_on > span.after AND l.listed_on <= "on"
            JOIN registry.department_list_entry e ON e.department_list_id = l.department_list_id
        )
        SELECT DISTINCT s.source, COALESCE(COALESCE(s.person_id, p.person_id)::text, s.resident_id::text)
        FROM seen s LEFT JOIN registry.person p ON p.resident_id = s.resident_id
    $$;
COMMENT ON FUNCTION registry.captured(residency.division_code, date) IS
    'Whom each source knows to have lived in a division on a day (各来源人员): the register on that day; access control on enough days (policy presence_arrival_days), spot checks, patrol and lists of departments within policy capture_window up to it. A number that the register knows by now counts as that person';

CREATE OR REPLACE FUNCTION stat.capture_recapture_on(division text, "on" date)
    RETURNS TABLE (
        first_source text, second_source text, first_count bigint, second_count bigint, both_count bigint, seen bigint, estimate numeric,
        standard_error numeric, estimate_low numeric, estimate_high numeric, registered bigint, coverage numeric, coverage_low numeric,
        coverage_high numeric, warning text)
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    SET jit = off
    AS $$
        WITH listed AS MATERIALIZED (
            SELECT c.source, c.person FROM registry.captured(division::division_code, "on") c
        ), source AS (
            SELECT l.source, count(*) AS people, min((v.list = 'department')::int * 1000 + v.sort) AS place
            FROM listed l JOIN code.value v ON v.code = l.source AND v.list IN ('capture_source', 'department')
            GROUP BY l.source
        ), pair AS (
            SELECT a.source AS first, b.source AS second, a.people AS n1, b.people AS n2, a.place, b.place AS next,
                   (SELECT count(*) FROM listed x JOIN listed y ON y.person = x.person WHERE x.source = a.source AND y.source = b.source) AS m
            FROM source a JOIN source b ON a.place < b.place
        )
        SELECT p.first, p.second, p.n1, p.n2, p.m, p.n1 + p.n2 - p.m, round(e.estimate::numeric, 1), round(sqrt(e.variance)::numeric, 1),
               round(e.low::numeric, 1), round(e.high::numeric, 1), r.people,
               round((r.people / e.estimate)::numeric, 4), round((r.people / e.high)::numeric, 4), round((r.people / e.low)::numeric, 4),
               NULLIF(concat_ws(', ', CASE WHEN p.m < policy_int('capture_matches', division::division_code, "on") THEN 'few_matches' END,
                                      CASE WHEN p.m = least(p.n1, p.n2) THEN 'contained' END,
                                      CASE WHEN p.first IN ('register', 'dwelling_check') AND p.second IN ('dwelling_check', 'patrol') THEN 'dependent' END), '')
        FROM pair p
        CROSS JOIN LATERAL chapman_estimate(p.n1, p.n2, p.m, policy_numeric('spot_check_confidence', division::division_code, "on")::float8) AS e
        LEFT JOIN source r ON r.source = 'register'
        ORDER BY p.place, p.next
    $$;
COMMENT ON FUNCTION stat.capture_recapture_on(text, date) IS
    'How many people really lived in a division on a day, estimated from each pair of sources (捕获再捕获估计): see stat.capture_recapture, which asks for today. Errors: 22P02 no division, RG090';

CREATE OR REPLACE VIEW stat.capture_recapture AS
SELECT c.division::text AS division, c.name, c.level, today() AS day, e.*
FROM code.division c
CROSS JOIN LATERAL stat.capture_recapture_on(c.division::text, today()) AS e
WHERE EXISTS (SELECT FROM registry.dwelling d WHERE d.division <@ c.division);
COMMENT ON VIEW stat.capture_recapture IS
    'How many people really live in a division today, estimated from each pair of sources by Chapman''s estimator (捕获再捕获估计); ask it for one division, it counts anew. Assumes: nobody comes or goes within policy capture_window (closed population; otherwise too high); to be on one list makes it neither likelier nor less likely to be on the other (independence; where those who are registered are also seen elsewhere it is too low, and it says at least); everybody has the same chance of being on a list (equal catchability; otherwise too low); the same person is known as the same on both (perfect matching; a missed match makes it too high). No pair fulfils all: compare several';
COMMENT ON COLUMN stat.capture_recapture.division IS 'Division code of 6, 9 or 12 digits (区划代码)';
COMMENT ON COLUMN stat.capture_recapture.name IS 'Its name (名称)';
COMMENT ON COLUMN stat.capture_recapture.level IS '1 province to 5 village (级别)';
COMMENT ON COLUMN stat.capture_recapture.day IS 'Day of the estimate (日期)';
COMMENT ON COLUMN stat.capture_recapture.first_source IS 'One source, lists capture_source and department (来源一)';
COMMENT ON COLUMN stat.capture_recapture.second_source IS 'The other (来源二)';
COMMENT ON COLUMN stat.capture_recapture.first_count IS 'People on the one, n1 (来源一人数)';
COMMENT ON COLUMN stat.capture_recapture.second_count IS 'People on the other, n2 (来源二人数)';
COMMENT ON COLUMN stat.capture_recapture.both_count IS 'People on both, m (重合人数)';
COMMENT ON COLUMN stat.capture_recapture.seen IS 'People on at least one of them (合计人数)';
COMMENT ON COLUMN stat.capture_recapture.estimate IS 'How many there are: (n1+1)(n2+1)/(m+1) − 1 (估计人数)';
COMMENT ON COLUMN stat.capture_recapture.standard_error IS 'Its standard error (标准误)';
COMMENT ON COLUMN stat.capture_recapture.estimate_low IS 'Lower end of its interval, by policy spot_check_confidence (估计下限)';
COMMENT ON COLUMN stat.capture_recapture.estimate_high IS 'Upper end (估计上限)';
COMMENT ON COLUMN stat.capture_recapture.registered IS 'People in the register (登记人数)';
COMMENT ON COLUMN stat.capture_recapture.coverage IS 'registered of estimate (登记覆盖率)';
COMMENT ON COLUMN stat.capture_recapture.coverage_low IS 'registered of estimate_high (覆盖率下限)';
COMMENT ON COLUMN stat.capture_recapture.coverage_high IS 'registered of estimate_low; above 1 where more are registered than seem to live there (覆盖率上限)';
COMMENT ON COLUMN stat.capture_recapture.warning IS 'few_matches: fewer than policy capture_matches on both; contained: one list lies within the other, so that nobody is estimated besides; dependent: the second source only knows people or dwellings of the first (提示)';
$step$);

