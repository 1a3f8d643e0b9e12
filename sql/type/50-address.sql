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

@comparison address|地址

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
