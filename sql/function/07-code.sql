-- code: is a code in its list? And how caches of dictionaries learn of a change.

CREATE OR REPLACE FUNCTION residency.is_code(list text, code text)
    RETURNS boolean
    LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_is_code';
COMMENT ON FUNCTION residency.is_code(text, text) IS
    'Whether a list of code.value has a code, in use or not (代码是否在代码表中); false for an unknown list. Shows the lists as committed now';

CREATE OR REPLACE FUNCTION residency.is_code(list text, code text, "on" date)
    RETURNS boolean
    LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_is_code_on';
COMMENT ON FUNCTION residency.is_code(text, text, date) IS
    'Whether a list of code.value has a code that is in use on a day (代码当日是否有效); false for an unknown list. Shows the lists as committed now';

CREATE OR REPLACE FUNCTION residency.checked_code(list text, code text, at_table text, at_column text)
    RETURNS text
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_checked_code';
COMMENT ON FUNCTION residency.checked_code(text, text, text, text) IS
    'The code itself, where its list in code.value has it (代码校验); otherwise RG006 for that table and column. NULL passes. Assigned rather than performed, it costs PL/pgSQL no query';

CREATE OR REPLACE FUNCTION residency.is_residence_step(from_state text, to_state text)
    RETURNS boolean
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_is_residence_step_sql';
COMMENT ON FUNCTION residency.is_residence_step(text, text) IS
    'Whether code.residence_transition has a step between two states of a residence (登记状态可否变更); from NULL, a new registration';

CREATE OR REPLACE FUNCTION residency.forget()
    RETURNS trigger
    LANGUAGE c AS 'MODULE_PATHNAME', 'residency_forget';
COMMENT ON FUNCTION residency.forget() IS
    'Trigger of the tables that sessions keep a copy of, before and after each statement and, in the apply worker of a subscription, after each row (缓存失效): every session reads the table anew at its next look-up. 39P01 where it stands before a row or instead of it';
