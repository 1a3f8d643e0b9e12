-- division_code: what can be asked of one.

CREATE OR REPLACE FUNCTION residency.is_division_code(text) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_is_division_code';
COMMENT ON FUNCTION residency.is_division_code(text) IS
    'whether a text can be read as a division code; says nothing about its being in use (区划代码, GB/T 2260)';

CREATE OR REPLACE FUNCTION residency.division_code_problem(text) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_division_code_problem';
COMMENT ON FUNCTION residency.division_code_problem(text) IS
    'the first rule that a text breaks as a division code: length, character, province or structure; NULL if none (区划代码, GB/T 2260, GB/T 10114)';

CREATE OR REPLACE FUNCTION residency.level(residency.division_code) RETURNS integer
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_division_level';
COMMENT ON FUNCTION residency.level(residency.division_code) IS
    'level of a division: 1 province, 2 city, 3 county, 4 township, 5 village (区划级别)';

CREATE OR REPLACE FUNCTION residency.city(residency.division_code) RETURNS residency.division_code
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_division_city';
COMMENT ON FUNCTION residency.city(residency.division_code) IS
    'The city of a division as the permit law counts cities (所在市): the prefecture, a whole municipality, or a county directly under a province, which is a city of its own (公通字〔2015〕38号)';

CREATE OR REPLACE FUNCTION residency.parent(residency.division_code) RETURNS residency.division_code
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_division_parent';
COMMENT ON FUNCTION residency.parent(residency.division_code) IS
    'the division above by the digits alone: 460003 has 460000, 441900003 has 441900; NULL for a province (上级区划)';

CREATE OR REPLACE FUNCTION residency.lineage(residency.division_code) RETURNS residency.division_code[]
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_division_lineage';
COMMENT ON FUNCTION residency.lineage(residency.division_code) IS
    'the divisions that contain one, by the digits alone: province first, itself last (区划路径)';

CREATE OR REPLACE FUNCTION residency.last_within(residency.division_code) RETURNS residency.division_code
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_division_last_within';
COMMENT ON FUNCTION residency.last_within(residency.division_code) IS
    'the highest code that lies within a division, in use or not: the end of its range, as the division itself is the start (区划代码区间)';
