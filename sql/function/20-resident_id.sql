-- resident_id: what can be asked of one.

CREATE OR REPLACE FUNCTION residency.is_resident_id(text) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_is_resident_id';
COMMENT ON FUNCTION residency.is_resident_id(text) IS
    'whether a text can be read as a resident ID (公民身份号码等, GB 11643-1999)';

CREATE OR REPLACE FUNCTION residency.resident_id_problem(text) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_resident_id_problem';
COMMENT ON FUNCTION residency.resident_id_problem(text) IS
    'the first rule that a text breaks as a resident ID: length, character, province, country, date or check; NULL if none (公民身份号码等, GB 11643-1999)';

CREATE OR REPLACE FUNCTION residency.kind(residency.resident_id) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_kind';
COMMENT ON FUNCTION residency.kind(residency.resident_id) IS
    'whose number it is: citizen, hong_kong, macao, taiwan or foreigner (号码种类)';

CREATE OR REPLACE FUNCTION residency.birth_date(residency.resident_id) RETURNS date
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_birth_date';
COMMENT ON FUNCTION residency.birth_date(residency.resident_id) IS
    'day of birth in the number (出生日期, GB 11643-1999)';

CREATE OR REPLACE FUNCTION residency.sex(residency.resident_id) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_sex';
COMMENT ON FUNCTION residency.sex(residency.resident_id) IS
    'sex in the number: 1 male, 2 female (性别, GB/T 2261.1)';

CREATE OR REPLACE FUNCTION residency.age(residency.resident_id, "on" date) RETURNS integer
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_age';
COMMENT ON FUNCTION residency.age(residency.resident_id, date) IS
    'years completed on a day; who was born on 29 February completes one on 1 March where there is no 29th; 22023 before the birth (周岁)';

CREATE OR REPLACE FUNCTION residency.division(residency.resident_id) RETURNS residency.division_code
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_division_of_resident';
COMMENT ON FUNCTION residency.division(residency.resident_id) IS
    'division that gave the number, be it in use or not; for foreigners the province (地址码, GB/T 2260)';

CREATE OR REPLACE FUNCTION residency.nationality(residency.resident_id) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_nationality';
COMMENT ON FUNCTION residency.nationality(residency.resident_id) IS
    'three-digit country of a foreigner, ISO 3166-1; NULL for all others (国籍, GB/T 2659)';

CREATE OR REPLACE FUNCTION residency.mask(residency.resident_id) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_mask_resident_id';
COMMENT ON FUNCTION residency.mask(residency.resident_id) IS
    'the number with its birth date hidden: first 6, 8 stars, last 4 (脱敏, GB/T 35273)';

CREATE OR REPLACE FUNCTION residency.first_resident_id(residency.division_code) RETURNS residency.resident_id
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_first_resident_id';
COMMENT ON FUNCTION residency.first_resident_id(residency.division_code) IS
    'the lowest resident ID that a division may have given: the start of its range; above the end if it gives none (号码区间)';

CREATE OR REPLACE FUNCTION residency.last_resident_id(residency.division_code) RETURNS residency.resident_id
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_last_resident_id';
COMMENT ON FUNCTION residency.last_resident_id(residency.division_code) IS
    'the highest resident ID that a division may have given: the end of its range (号码区间)';
