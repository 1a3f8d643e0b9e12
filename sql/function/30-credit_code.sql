-- credit_code: what can be asked of one.

CREATE OR REPLACE FUNCTION residency.is_credit_code(text) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_is_credit_code';
COMMENT ON FUNCTION residency.is_credit_code(text) IS
    'whether a text can be read as a credit code (统一社会信用代码, GB 32100-2015)';

CREATE OR REPLACE FUNCTION residency.credit_code_problem(text) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_credit_code_problem';
COMMENT ON FUNCTION residency.credit_code_problem(text) IS
    'the first rule that a text breaks as a credit code: length, character, division or check; NULL if none (统一社会信用代码, GB 32100-2015)';

CREATE OR REPLACE FUNCTION residency.authority(residency.credit_code) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_authority';
COMMENT ON FUNCTION residency.authority(residency.credit_code) IS
    'the registering authority, first character: 1 staffing, 5 civil affairs, 9 market regulation … (登记管理部门代码, GB 32100-2015)';

CREATE OR REPLACE FUNCTION residency.category(residency.credit_code) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_category';
COMMENT ON FUNCTION residency.category(residency.credit_code) IS
    'the category of organisations within the authority, second character (机构类别代码, GB 32100-2015)';

CREATE OR REPLACE FUNCTION residency.division(residency.credit_code) RETURNS residency.division_code
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_division_of_organization';
COMMENT ON FUNCTION residency.division(residency.credit_code) IS
    'division of the registering authority; NULL for 100000, the authorities of the whole state (登记管理机关行政区划码, GB/T 2260)';

CREATE OR REPLACE FUNCTION residency.organization_code(residency.credit_code) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_organization_code';
COMMENT ON FUNCTION residency.organization_code(residency.credit_code) IS
    'the organisation code within, 9 characters without the hyphen (主体标识码/组织机构代码, GB 11714-1997)';

CREATE OR REPLACE FUNCTION residency.organization_code_matches(residency.credit_code) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_organization_code_matches';
COMMENT ON FUNCTION residency.organization_code_matches(residency.credit_code) IS
    'whether the organisation code within ends with its own check character; codes that do not were given out too (组织机构代码校验, GB 11714-1997)';
