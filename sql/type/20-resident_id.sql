-- resident_id: the type, and which division gave a number.

@integer_type resident_id|int8|a resident ID|resident IDs|公民身份号码等
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
