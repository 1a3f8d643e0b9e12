-- person: who is registered, and by which documents.

CREATE OR REPLACE FUNCTION residency.is_plain_text(entry text, longest integer)
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

CREATE OR REPLACE FUNCTION residency.normalize_document_number(entry text)
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

CREATE OR REPLACE FUNCTION residency.mask_number(entry text) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_mask_document';
COMMENT ON FUNCTION residency.mask_number(text) IS
    'residency.mask_document(), by its older name (证件号码脱敏)';

CREATE OR REPLACE FUNCTION residency.person_guard()
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

CREATE OR REPLACE FUNCTION residency.identity_document_guard()
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
