-- mask: personal data with its middle hidden, and who is shown it plain.

CREATE OR REPLACE FUNCTION residency.mask_name(entry text) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_mask_name';
COMMENT ON FUNCTION residency.mask_name(text) IS
    'Name with its middle hidden (姓名脱敏): 张*, 张*明, 欧**明; of a name in words the first stays: 阿依古丽·***; stars alone where a digit stands in it';

CREATE OR REPLACE FUNCTION residency.mask_resident_id(entry text) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_mask_id_text';
COMMENT ON FUNCTION residency.mask_resident_id(text) IS
    'Resident ID with its middle hidden, for offices (身份号码脱敏): 440113********1232, of 15 characters 440113*****1232; stars where it is none';

CREATE OR REPLACE FUNCTION residency.mask_public_id(entry text) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_mask_public_id';
COMMENT ON FUNCTION residency.mask_public_id(text) IS
    'Resident ID for public notices (公示用身份号码脱敏): 4****************2; stars where it is none';

CREATE OR REPLACE FUNCTION residency.mask_document(entry text) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_mask_document';
COMMENT ON FUNCTION residency.mask_document(text) IS
    'Number of a passport or permit with its middle hidden (证件号码脱敏): E******12; stars below six characters';

CREATE OR REPLACE FUNCTION residency.mask_phone(entry text) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_mask_phone';
COMMENT ON FUNCTION residency.mask_phone(text) IS
    'Telephone number with its middle hidden (电话号码脱敏): 138****5678, +86 138****5678, 020-****1234; stars where it is none of China';

CREATE OR REPLACE FUNCTION residency.mask_address(entry text) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_mask_address';
COMMENT ON FUNCTION residency.mask_address(text) IS
    'Address down to its road, else its last division (地址脱敏): 广州市番禺区******; read by its words alone, without the gazetteer; stars where neither is found';

CREATE OR REPLACE FUNCTION residency.mask_email(entry text) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_mask_email';
COMMENT ON FUNCTION residency.mask_email(text) IS
    'E-mail address with its name hidden (邮箱脱敏): z***@x.com; stars where it is none';

CREATE OR REPLACE FUNCTION residency.mask_bank_card(entry text) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_mask_bank_card';
COMMENT ON FUNCTION residency.mask_bank_card(text) IS
    'Number of a bank card, its last four digits (银行卡号脱敏): ************1234; stars where it is none of 12 to 19 digits';

CREATE OR REPLACE FUNCTION residency.mask_birth_date(day date)
    RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
        SELECT CASE WHEN day BETWEEN '0001-01-01' AND '9999-12-31'
                    THEN pg_catalog.lpad(pg_catalog.date_part('year', day)::text, 4, '0') || '-**-**' ELSE '****-**-**' END
    $$;
COMMENT ON FUNCTION residency.mask_birth_date(date) IS 'Day of birth, its year alone (出生日期脱敏): 1985-**-**';

CREATE OR REPLACE FUNCTION residency.mask_query(query text)
    RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$ SELECT CASE WHEN query OPERATOR(pg_catalog.~) '[0-9０-９]' THEN residency.mask_document(query) ELSE residency.mask_name(query) END $$;
COMMENT ON FUNCTION residency.mask_query(text) IS
    'What somebody searched for, as the log of readings keeps it (检索词脱敏): with a digit in it as a number, else as a name';

CREATE OR REPLACE FUNCTION residency.sees_plain(data_kind text) RETURNS boolean
    LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_sees_plain';
COMMENT ON FUNCTION residency.sees_plain(text) IS
    'Whether who acts, residency.actor(), sees this kind of personal data plain (是否可见明文): as owner of the register, or by policy.plain_data for a group role whose privileges they have; no otherwise. Kinds: list data_kind';

CREATE OR REPLACE FUNCTION residency.shown(data_kind text, value text, person_id bigint, object text) RETURNS text
    LANGUAGE c STABLE PARALLEL RESTRICTED COST 20 AS 'MODULE_PATHNAME', 'residency_shown';
COMMENT ON FUNCTION residency.shown(text, text, bigint, text) IS
    'The value as who acts may see it (按权限显示): plain by residency.sees_plain(), masked otherwise; and notes for ledger.read that object, a view or function, showed them a row of that person. The owner is not noted. Errors: RG340 plain without a purpose, RG341 and RG342 too many rows, RG343 where it cannot be logged, 22023 no such kind';

CREATE OR REPLACE FUNCTION residency.shown_resident_id(value residency.resident_id, person_id bigint, object text) RETURNS text
    LANGUAGE c STABLE PARALLEL RESTRICTED COST 20 AS 'MODULE_PATHNAME', 'residency_shown_resident_id';
COMMENT ON FUNCTION residency.shown_resident_id(residency.resident_id, bigint, text) IS
    'A resident ID as who acts may see it, noted as residency.shown() does (身份号码按权限显示): masked for everybody, the owner too; plain in an approved export for who sees that kind plain';

CREATE OR REPLACE FUNCTION residency.shown_birth_date(value date, person_id bigint, object text) RETURNS date
    LANGUAGE c STABLE PARALLEL RESTRICTED COST 20 AS 'MODULE_PATHNAME', 'residency_shown_birth_date';
COMMENT ON FUNCTION residency.shown_birth_date(date, bigint, text) IS
    'A day of birth as who acts may see it, noted as residency.shown() does (出生日期按权限显示): NULL where it is hidden, as any other day would pass for theirs';

CREATE OR REPLACE FUNCTION residency.note_asked(object text, asked jsonb) RETURNS boolean
    LANGUAGE c STABLE STRICT PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'residency_note_asked';
COMMENT ON FUNCTION residency.note_asked(text, jsonb) IS
    'Begins a reading by a function, with what it was asked (记录查询条件): personal data in it masked by the caller. What the function then shows belongs to it; it is logged also where nobody is found. True';

CREATE OR REPLACE FUNCTION residency.allow_reading(export_id bigint) RETURNS void
    LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'residency_allow_reading';
COMMENT ON FUNCTION residency.allow_reading(bigint) IS
    'What is shown from now on in this statement belongs to that export and no limit counts it; NULL: no more (放行导出读取). For functions that run as the owner of the register; 42501 for others';

CREATE OR REPLACE FUNCTION residency.plain_data_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        NEW.role := residency.checked_text(COALESCE(NEW.role, ''), 63, 'policy.plain_data', 'role');
        NEW.data_kind := residency.checked_code('data_kind', COALESCE(NEW.data_kind, ''), 'policy.plain_data', 'data_kind');
        NEW.reason := residency.checked_text(COALESCE(NEW.reason, ''), 200, 'policy.plain_data', 'reason');
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.plain_data_guard() IS 'Trigger of policy.plain_data (明文权限校验): RG006 no such kind, RG125';

CREATE OR REPLACE FUNCTION residency.export_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        added CONSTANT text[] := '{state,decided_by,decided_at,reason,closed_by,closed_at}'::text[];
    BEGIN
        IF TG_OP = 'DELETE' THEN
            PERFORM residency.refuse('RG344', '{ledger.export}', 'ledger.export');
        ELSIF TG_OP = 'UPDATE' THEN
            -- what was asked for stays; a decision or a withdrawal is added
            IF (to_jsonb(NEW) - added) <> (to_jsonb(OLD) - added) THEN
                PERFORM residency.refuse('RG344', '{ledger.export}', 'ledger.export');
            ELSIF NOT (OLD.state = 'requested' AND NEW.state IN ('approved', 'refused', 'withdrawn') OR OLD.state = 'approved' AND NEW.state = 'withdrawn') THEN
                PERFORM residency.refuse('RG345', ARRAY[OLD.export_id::text, OLD.state], 'ledger.export', 'state');
            ELSIF OLD.state = 'approved' AND (NEW.decided_by, NEW.decided_at) IS DISTINCT FROM (OLD.decided_by, OLD.decided_at) THEN
                PERFORM residency.refuse('RG344', '{ledger.export}', 'ledger.export');
            ELSIF NEW.state IN ('approved', 'refused') AND NEW.decided_by IS NOT DISTINCT FROM NEW.requested_by THEN
                PERFORM residency.refuse('RG346', ARRAY[OLD.export_id::text], 'ledger.export', 'decided_by');
            END IF;
        ELSIF NEW.state <> 'requested' THEN
            PERFORM residency.refuse('RG345', ARRAY[NEW.export_id::text, left(NEW.state, 20)], 'ledger.export', 'state');
        END IF;
        NEW.purpose := residency.checked_text(NEW.purpose, 200, 'ledger.export', 'purpose');
        NEW.reason := residency.checked_text(NEW.reason, 200, 'ledger.export', 'reason');
        NEW.state := residency.checked_code('export_state', NEW.state, 'ledger.export', 'state');
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.export_guard() IS
    'Trigger of ledger.export (导出申请校验): begins as requested and goes on by its states (RG345), decided on by somebody else (RG346); what was asked for stays, and no row goes (RG344); RG125 words';
