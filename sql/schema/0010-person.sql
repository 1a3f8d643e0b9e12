-- Persons and their documents.
-- What a person's rules check is personal, and a failing CHECK prints the whole row: so they live in the guard, which masks.

CREATE TABLE registry.person (
    person_id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    resident_id        residency.resident_id CONSTRAINT person_resident_id_key UNIQUE,
    name               text NOT NULL,
    sex                text COLLATE "C" NOT NULL DEFAULT '0',
    birth_date         date,
    ethnic_group       text COLLATE "C",
    household_division residency.division_code,
    household_address  text,
    phone              text,
    created_at         timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE registry.person IS 'Persons the register knows: migrants, landlords, guardians (人员)';
COMMENT ON COLUMN registry.person.person_id IS 'Key; its first four digits are the node that issued it (residency.set_node)';
COMMENT ON COLUMN registry.person.resident_id IS 'Citizen number, or number of a Hong Kong, Macao or Taiwan resident''s permit or of a foreigner''s permanent residence card (公民身份号码, GB 11643); NULL where there is none';
COMMENT ON COLUMN registry.person.name IS 'Name as in the document (姓名)';
COMMENT ON COLUMN registry.person.sex IS 'Sex, list sex of code.value (性别, GB/T 2261.1); taken from the resident ID where there is one';
COMMENT ON COLUMN registry.person.birth_date IS 'Day of birth (出生日期); taken from the resident ID where there is one';
COMMENT ON COLUMN registry.person.ethnic_group IS 'Ethnic group, list ethnic_group (民族, GB/T 3304)';
COMMENT ON COLUMN registry.person.household_division IS 'Division of the household registration (户籍地区划); may be a former code';
COMMENT ON COLUMN registry.person.household_address IS 'Address of the household registration (户籍地址)';
COMMENT ON COLUMN registry.person.phone IS 'Telephone number (联系电话)';
COMMENT ON COLUMN registry.person.created_at IS 'When the person was first registered';

CREATE INDEX person_name_idx ON registry.person (name);
COMMENT ON INDEX registry.person_name_idx IS 'Persons by name';

CREATE TABLE registry.identity_document (
    document_id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id       bigint NOT NULL REFERENCES registry.person,
    document_type   text COLLATE "C" NOT NULL,
    document_number text NOT NULL,
    number_key      text COLLATE "C" NOT NULL
                    GENERATED ALWAYS AS (residency.normalize_document_number(document_number)) STORED,
    issuer          text,
    valid_from      date,
    valid_to        date,
    CONSTRAINT identity_document_number_key UNIQUE (document_type, number_key)
);
COMMENT ON TABLE registry.identity_document IS 'Documents other than the resident ID by which persons are known (其他证件); unique by type and normalised number';
COMMENT ON COLUMN registry.identity_document.document_id IS 'Key';
COMMENT ON COLUMN registry.identity_document.person_id IS 'Whose document it is';
COMMENT ON COLUMN registry.identity_document.document_type IS 'Type, list document_type (证件种类)';
COMMENT ON COLUMN registry.identity_document.document_number IS 'Number as printed (证件号码)';
COMMENT ON COLUMN registry.identity_document.number_key IS 'The number without blanks and separators, in capitals and half-width: what is compared';
COMMENT ON COLUMN registry.identity_document.issuer IS 'Issuing authority (签发机关)';
COMMENT ON COLUMN registry.identity_document.valid_from IS 'First day of validity';
COMMENT ON COLUMN registry.identity_document.valid_to IS 'Day after the last day of validity';

CREATE INDEX identity_document_person_id_idx ON registry.identity_document (person_id);
COMMENT ON INDEX registry.identity_document_person_id_idx IS 'Documents of a person';

CREATE TRIGGER person_guard
    BEFORE INSERT OR UPDATE ON registry.person
    FOR EACH ROW EXECUTE FUNCTION residency.person_guard();
CREATE TRIGGER identity_document_guard
    BEFORE INSERT OR UPDATE ON registry.identity_document
    FOR EACH ROW EXECUTE FUNCTION residency.identity_document_guard();
