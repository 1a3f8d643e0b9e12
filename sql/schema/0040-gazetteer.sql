-- The gazetteer: what an address may call a division, and the roads and estates there are. Sessions keep a copy of it.
-- 0040-division_alias.tsv: alias, division, kind

CREATE TABLE code.division_alias (
    alias    text COLLATE "C" NOT NULL,
    division residency.division_code NOT NULL REFERENCES code.division,
    kind     text COLLATE "C" NOT NULL,
    note     text,
    PRIMARY KEY (alias, division),
    CONSTRAINT division_alias_alias_check CHECK (alias <> '' AND alias !~ '[[:space:]]'),
    CONSTRAINT division_alias_kind_check CHECK (kind IN ('alias', 'former'))
);
CREATE INDEX division_alias_division_idx ON code.division_alias (division);
COMMENT ON TABLE code.division_alias IS
    'What addresses call a division beside its official name (区划别名、曾用名): abbreviations, popular and former names, and what was merged into it. Short forms of the official name (广州, 乐东) are derived and not entered. Sites add their own; every session knows them at its next address';
COMMENT ON COLUMN code.division_alias.alias IS 'The name, without blanks (别名)';
COMMENT ON COLUMN code.division_alias.division IS
    'Division of today that it means (对应区划); of a former one whose land is split now, the division around all its parts';
COMMENT ON COLUMN code.division_alias.kind IS 'alias: in use beside the official name (别名、简称); former: of the past (曾用名)';
COMMENT ON COLUMN code.division_alias.note IS 'Where it is known from, or what is to be known of it (说明)';
COMMENT ON INDEX code.division_alias_division_idx IS 'Other names of a division (区划的别名)';

CREATE TABLE registry.road (
    road_id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    division   residency.division_code NOT NULL REFERENCES code.division,
    name       text COLLATE "C" NOT NULL,
    dwellings  integer NOT NULL DEFAULT 0,
    first_seen date NOT NULL DEFAULT residency.today(),
    CONSTRAINT road_key UNIQUE (division, name),
    CONSTRAINT road_name_check CHECK (name <> '' AND name !~ '[[:space:]]'),
    CONSTRAINT road_dwellings_check CHECK (dwellings >= 0)
);
COMMENT ON TABLE registry.road IS
    'Roads, streets and lanes that addresses of the register name (街路巷): learnt from dwellings that are confirmed, or entered. An address that names one is cut there, whatever the name ends in';
COMMENT ON COLUMN registry.road.road_id IS 'Key; its first four digits are the node that issued it (residency.set_node)';
COMMENT ON COLUMN registry.road.division IS 'Division that it lies in, of any level (所在区划)';
COMMENT ON COLUMN registry.road.name IS 'Name as standard addresses have it (街路巷名称)';
COMMENT ON COLUMN registry.road.dwellings IS 'How many confirmed dwellings stand there (已核实房屋数)';
COMMENT ON COLUMN registry.road.first_seen IS 'Day on which the register first knew it (首次登记日期)';

CREATE TABLE registry.estate (
    estate_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    division   residency.division_code NOT NULL REFERENCES code.division,
    name       text COLLATE "C" NOT NULL,
    dwellings  integer NOT NULL DEFAULT 0,
    first_seen date NOT NULL DEFAULT residency.today(),
    CONSTRAINT estate_key UNIQUE (division, name),
    CONSTRAINT estate_name_check CHECK (name <> '' AND name !~ '[[:space:]]'),
    CONSTRAINT estate_dwellings_check CHECK (dwellings >= 0)
);
COMMENT ON TABLE registry.estate IS
    'Estates, courts and other named places that addresses of the register name (小区、院落): learnt from dwellings that are confirmed, or entered. An address that names one is cut there, whatever the name ends in';
COMMENT ON COLUMN registry.estate.estate_id IS 'Key; its first four digits are the node that issued it (residency.set_node)';
COMMENT ON COLUMN registry.estate.division IS 'Division that it lies in, of any level (所在区划)';
COMMENT ON COLUMN registry.estate.name IS 'Name as standard addresses have it (小区名称)';
COMMENT ON COLUMN registry.estate.dwellings IS 'How many confirmed dwellings stand there (已核实房屋数)';
COMMENT ON COLUMN registry.estate.first_seen IS 'Day on which the register first knew it (首次登记日期)';

DO $$
DECLARE
    cached regclass;
BEGIN
    FOREACH cached IN ARRAY '{code.division, code.division_alias, registry.road, registry.estate}'::regclass[] LOOP
        EXECUTE format(
            'CREATE TRIGGER forget_before BEFORE INSERT OR UPDATE OR DELETE ON %1$s
                 FOR EACH STATEMENT EXECUTE FUNCTION residency.forget();
             CREATE TRIGGER forget_after AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON %1$s
                 FOR EACH STATEMENT EXECUTE FUNCTION residency.forget();
             CREATE TRIGGER forget_replicated AFTER INSERT OR UPDATE OR DELETE ON %1$s
                 FOR EACH ROW EXECUTE FUNCTION residency.forget();
             ALTER TABLE %1$s ENABLE ALWAYS TRIGGER forget_before;
             ALTER TABLE %1$s ENABLE ALWAYS TRIGGER forget_after;
             ALTER TABLE %1$s ENABLE REPLICA TRIGGER forget_replicated;', cached);
    END LOOP;
END $$;

INSERT INTO code.division_alias (alias, division, kind)
SELECT f[1], f[2]::residency.division_code, f[3]
FROM (
    SELECT string_to_array(l, E'\t') AS f
    FROM string_to_table($tsv$
@include 0040-division_alias.tsv
$tsv$, E'\n') AS l
    WHERE l <> ''
) line
-- a site may have dropped a division that the list names
WHERE EXISTS (SELECT FROM code.division d WHERE d.division = f[2]::residency.division_code)
ON CONFLICT DO NOTHING;
ANALYZE code.division_alias;

INSERT INTO code.error (code, message, message_zh, detail, detail_zh, hint, hint_zh, legal_basis, constraint_name) VALUES
('RG200', 'this text is too long for an address', '地址过长',
          'It has %s characters; an address has at most %s.', '该文本有 %s 个字符,地址最多 %s 个。',
          'Enter the address alone; other remarks belong elsewhere.', '请只填写地址,其他说明请另行填写。', NULL, NULL)
ON CONFLICT DO NOTHING;

SELECT residency.join_node();
