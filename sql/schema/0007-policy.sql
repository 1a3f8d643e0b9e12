-- Rules as data: what differs by place or time is a row here, with the clause that it rests on.

CREATE TABLE policy.rule (
    key        text COLLATE "C" PRIMARY KEY CHECK (key ~ '^[a-z][a-z0-9_.]*$'),
    value_type text NOT NULL CHECK (value_type IN ('integer', 'numeric', 'text', 'boolean', 'interval')),
    unit       text,
    governs    text NOT NULL,
    governs_zh text NOT NULL,
    counts_on  text NOT NULL
);
COMMENT ON TABLE policy.rule IS 'What can be set, and what it governs (政策参数目录)';
COMMENT ON COLUMN policy.rule.key IS 'Name of the parameter';
COMMENT ON COLUMN policy.rule.value_type IS 'How the value of its settings reads';
COMMENT ON COLUMN policy.rule.unit IS 'Unit of the value';
COMMENT ON COLUMN policy.rule.governs IS 'What the value decides';
COMMENT ON COLUMN policy.rule.governs_zh IS 'The same in Chinese';
COMMENT ON COLUMN policy.rule.counts_on IS 'Which date chooses the setting';

CREATE TABLE policy.setting (
    setting_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key         text COLLATE "C" NOT NULL REFERENCES policy.rule,
    division    residency.division_code REFERENCES code.division,
    period      daterange NOT NULL CHECK (NOT isempty(period)),
    value       text,
    legal_basis text NOT NULL,
    CONSTRAINT setting_no_overlap
        EXCLUDE USING gist (key WITH =, (COALESCE(division::bigint, 0)) WITH =, period WITH &&)
);
COMMENT ON TABLE policy.setting IS 'Value of a parameter in a place during a time (政策参数值); the most specific division wins';
COMMENT ON COLUMN policy.setting.setting_id IS 'Key of the setting';
COMMENT ON COLUMN policy.setting.key IS 'Name of the parameter';
COMMENT ON COLUMN policy.setting.division IS 'Where it holds, with all beneath; NULL is the whole country';
COMMENT ON COLUMN policy.setting.period IS 'When it holds, half-open';
COMMENT ON COLUMN policy.setting.value IS 'The value as text; NULL says that no limit is set, which is not the same as no setting';
COMMENT ON COLUMN policy.setting.legal_basis IS 'The clause, notice or decision that sets it';

INSERT INTO policy.rule (key, value_type, unit, governs, governs_zh, counts_on) VALUES
('area_per_person_single', 'numeric', 'm²', 'Usable area that a dwelling needs for one resident', '一人居住的最低使用面积', 'day of arrival'),
('area_per_person_shared', 'numeric', 'm²', 'Usable area per resident that a dwelling needs for two or more', '两人以上居住的人均最低使用面积', 'day of arrival'),
('room_limit',             'integer', 'persons', 'Most residents in one room', '单个房间居住人数上限', 'day of arrival'),
('bed_limit',              'integer', 'persons', 'Most residents in one bed', '单个床位居住人数上限', 'day of arrival'),
('guarded_below_age',      'integer', 'years', 'Younger than this, a person arrives with a guardian', '须随监护人登记的年龄上限', 'day of arrival'),
('guardian_age',           'integer', 'years', 'Youngest age of a guardian', '监护人最低年龄', 'day of arrival'),
('safety_letter_needed',   'boolean', NULL, 'Whether a dwelling that is let needs a signed safety letter', '出租房屋是否须签订治安责任书', 'day of arrival'),
('continuity_gap',         'integer', 'days', 'Days between two residences in one city that do not break the half-year', '同市变更不中断居住年限的间隔', 'day of arrival'),
('auto_close_undo',        'integer', 'days', 'Days within which an automatic closing can be taken back without a gap', '自动注销可恢复的期限', 'day of closing'),
('manager_from',           'integer', 'persons', 'From so many residents on, a building or house that is let needs a full-time manager', '出租房屋须配专职管理人的居住人数', 'today'),
('grid_overlap',           'numeric', 'm²', 'Area that two grids may share, of whatever shape', '网格重叠容差', 'today'),
('grid_overlap_width',     'numeric', 'm', 'Width of the strip that two grids may share: what coordinates rounded to six digits make of a common border', '网格公共边界重叠宽度容差', 'today'),
('grid_points',            'integer', 'points', 'Most points of the outline of a grid', '网格边界点数上限', 'today');

INSERT INTO policy.setting (key, division, period, value, legal_basis) VALUES
('area_per_person_single', NULL,   '[1949-10-01,)', NULL, 'No national figure: the standard is set by city governments (住房租赁条例, 国务院令812号)'),
('area_per_person_shared', NULL,   '[1949-10-01,)', NULL, 'No national figure: the standard is set by city governments (住房租赁条例, 国务院令812号)'),
('area_per_person_single', '4401', '[2022-09-16,)', '5',  '广州市住房租赁标准 (2022-09-16)'),
('area_per_person_shared', '4401', '[2022-09-16,)', '5',  '广州市住房租赁标准 (2022-09-16)'),
('area_per_person_single', '4406', '[2014-01-01,)', '5',  '佛山市流动人口和出租屋服务管理办法 (2014) Art. 28'),
('area_per_person_shared', '4406', '[2014-01-01,)', '3',  '佛山市流动人口和出租屋服务管理办法 (2014) Art. 28'),
('room_limit',             NULL,   '[1949-10-01,)', NULL, 'No national figure: the limit is set by city governments (住房租赁条例, 国务院令812号)'),
('bed_limit',              NULL,   '[1949-10-01,)', '1',  'The register''s own: a bed is for one person'),
('guarded_below_age',      NULL,   '[1949-10-01,)', '16', '居住证暂行条例 Art. 9 (applications below 16 through a guardian), applied to arrivals'),
('guardian_age',           NULL,   '[1949-10-01,)', '18', '民法典 Art. 17, 18'),
('safety_letter_needed',   NULL,   '[1949-10-01,)', 'true', '租赁房屋治安管理规定 (公安部令24号)'),
('continuity_gap',         NULL,   '[1949-10-01,)', '0',  'No national rule found: only an unbroken registration counts'),
('continuity_gap',         '4406', '[2016-01-01,)', '3',  '佛山市居住证办事指南 (2016)'),
('auto_close_undo',        NULL,   '[1949-10-01,)', '30', 'The register''s own'),
('manager_from',           NULL,   '[1949-10-01,)', NULL, 'No national figure: the number is set by city governments (住房租赁条例, 国务院令812号)'),
('manager_from',           '4406', '[2014-01-01,)', '30', '佛山市流动人口和出租屋服务管理办法 (2014) Art. 28'),
('grid_overlap',           NULL,   '[1949-10-01,)', '1',  'The register''s own'),
('grid_overlap_width',     NULL,   '[1949-10-01,)', '0.2', 'The register''s own: a strip that no dwelling fits into'),
('grid_points',            NULL,   '[1949-10-01,)', '100000', 'The register''s own');
