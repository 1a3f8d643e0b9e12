-- The calendar: which days work, by the yearly notices of the State Council and the notices of regions.
-- 0030-calendar.tsv: day, kind, name, English name, notice; every other day is what its weekday says

CREATE TABLE code.calendar_notice (
    notice          text COLLATE "C" PRIMARY KEY,
    year            integer NOT NULL,
    region          residency.division_code REFERENCES code.division,
    title           text NOT NULL,
    document_number text,
    published_on    date,
    url             text,
    source          text COLLATE "C" NOT NULL REFERENCES code.source,
    confidence      text COLLATE "C" NOT NULL,
    note            text,
    CONSTRAINT calendar_notice_notice_check CHECK (notice ~ '^[a-z][a-z0-9_]*$'),
    CONSTRAINT calendar_notice_confidence_check CHECK (confidence IN ('source', 'high', 'medium', 'low', 'design'))
);
COMMENT ON TABLE code.calendar_notice IS
    'Notices that set holidays and swapped working days (节假日安排通知): the State Council''s of each year, and those of regions. Sites enter the next year''s, see docs/calendar.md';
COMMENT ON COLUMN code.calendar_notice.notice IS 'Short name, the key: cn2027 (通知代码)';
COMMENT ON COLUMN code.calendar_notice.year IS 'Year it is about (年份)';
COMMENT ON COLUMN code.calendar_notice.region IS 'Where it holds, with all beneath; NULL is the whole country (适用地区)';
COMMENT ON COLUMN code.calendar_notice.title IS 'Title (标题)';
COMMENT ON COLUMN code.calendar_notice.document_number IS 'Number of the document (文号); NULL where it is not known';
COMMENT ON COLUMN code.calendar_notice.published_on IS 'Day of publication (发布日期); NULL where it is not known';
COMMENT ON COLUMN code.calendar_notice.url IS 'Where it is published (网址)';
COMMENT ON COLUMN code.calendar_notice.source IS 'Copy that its days were taken from, see code.source (来源)';
COMMENT ON COLUMN code.calendar_notice.confidence IS
    'How sure its days are (可信度): source = taken from the source named and compared with a second copy; high, medium, low = known but not read there';
COMMENT ON COLUMN code.calendar_notice.note IS 'What is to be known of it (说明)';

CREATE TABLE code.calendar_day (
    region  residency.division_code REFERENCES code.division,
    day     date NOT NULL,
    kind    text COLLATE "C" NOT NULL,
    name    text,
    name_en text,
    notice  text COLLATE "C" NOT NULL REFERENCES code.calendar_notice,
    CONSTRAINT calendar_day_key UNIQUE NULLS NOT DISTINCT (region, day),
    CONSTRAINT calendar_day_day_check CHECK (isfinite(day)),
    CONSTRAINT calendar_day_kind_check CHECK (kind IN ('work', 'rest', 'holiday', 'swap_work')),
    CONSTRAINT calendar_day_weekday_check CHECK (NOT (kind = 'work' AND extract(isodow FROM day) > 5)
                                                 AND NOT (kind = 'rest' AND extract(isodow FROM day) < 6))
);
CREATE INDEX calendar_day_notice_idx ON code.calendar_day (notice);
COMMENT ON INDEX code.calendar_day_notice_idx IS 'Days of a notice (通知所涉日期)';
COMMENT ON TABLE code.calendar_day IS
    'What kind of day each day is (工作日历). A year of the country counts when all its days are here; a region has rows for the days on which it differs, and the most specific region that has one for a day decides';
COMMENT ON COLUMN code.calendar_day.region IS 'Where it holds, with all beneath; NULL is the whole country (适用地区)';
COMMENT ON COLUMN code.calendar_day.day IS 'The day (日期)';
COMMENT ON COLUMN code.calendar_day.kind IS
    'Kind of the day, list calendar_kind (日期类型): work Monday to Friday, rest Saturday and Sunday, holiday a day off by notice, swap_work a day that works by notice';
COMMENT ON COLUMN code.calendar_day.name IS 'Holiday that it is, or that it is swapped for (节日名称); NULL on other days';
COMMENT ON COLUMN code.calendar_day.name_en IS 'The same in English (节日英文名称)';
COMMENT ON COLUMN code.calendar_day.notice IS 'Notice that says so, be it by not naming the day (依据通知)';

CREATE TRIGGER forget_before BEFORE INSERT OR UPDATE OR DELETE ON code.calendar_day
    FOR EACH STATEMENT EXECUTE FUNCTION residency.forget();
CREATE TRIGGER forget_after AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON code.calendar_day
    FOR EACH STATEMENT EXECUTE FUNCTION residency.forget();
CREATE TRIGGER forget_replicated AFTER INSERT OR UPDATE OR DELETE ON code.calendar_day
    FOR EACH ROW EXECUTE FUNCTION residency.forget();
ALTER TABLE code.calendar_day ENABLE ALWAYS TRIGGER forget_before;
ALTER TABLE code.calendar_day ENABLE ALWAYS TRIGGER forget_after;
ALTER TABLE code.calendar_day ENABLE REPLICA TRIGGER forget_replicated;

INSERT INTO code.source (source, name, standard, edition, as_of, published, licence, origin) VALUES
    ('state_council', '国务院办公厅关于部分节假日安排的通知', '全国年节及纪念日放假办法', '2007 to 2026', '2026-12-31', NULL,
        'MIT', 'npm chinese-days 1.5.7; 2018 to 2026 compared with holiday-cn'),
    ('hainan', '海南省“三月三”节放假', NULL, '2024, 2025', NULL, NULL,
        'fact', 'Generally known: the province rests on the third day of the third lunar month')
ON CONFLICT DO NOTHING;

INSERT INTO code.list (list, name, name_en, source, confidence) VALUES
    ('calendar_kind', '日期类型', 'kind of day', 'state_council', 'design')
ON CONFLICT DO NOTHING;
INSERT INTO code.value (list, code, name, name_en, sort, confidence) VALUES
    ('calendar_kind', 'work',      '工作日',     'working day',         1, 'design'),
    ('calendar_kind', 'rest',      '休息日',     'weekend',             2, 'design'),
    ('calendar_kind', 'holiday',   '节假日',     'holiday',             3, 'design'),
    ('calendar_kind', 'swap_work', '调休上班日', 'swapped working day', 4, 'design')
ON CONFLICT DO NOTHING;

-- Days are taken from the package for all years; numbers of documents but that of 2025, and three days of publication,
-- are from memory.
INSERT INTO code.calendar_notice (notice, year, title, document_number, published_on, url, source, confidence, note)
SELECT n.notice, n.year, coalesce(n.title, format('国务院办公厅关于%s年部分节假日安排的通知', n.year)), n.document_number,
       n.published_on::date, n.url, 'state_council', CASE WHEN n.year >= 2018 THEN 'source' ELSE 'high' END,
       CASE WHEN n.year < 2018 THEN 'One copy of the notice alone' END
FROM (VALUES
    ('cn2007',  2007, NULL, NULL, '2006-12-18', 'http://www.gov.cn/fwxx/sh/2006-12/18/content_471877.htm'),
    ('cn2008',  2008, NULL, NULL, '2007-12-18', 'http://www.gov.cn/zwgk/2007-12/18/content_837184.htm'),
    ('cn2009',  2009, NULL, NULL, '2008-12-10', 'http://www.gov.cn/zwgk/2008-12/10/content_1174014.htm'),
    ('cn2010',  2010, NULL, NULL, '2009-12-08', 'http://www.gov.cn/zwgk/2009-12/08/content_1482691.htm'),
    ('cn2011',  2011, NULL, NULL, '2010-12-10', 'http://www.gov.cn/zwgk/2010-12/10/content_1762643.htm'),
    ('cn2012',  2012, NULL, '国办发明电〔2011〕45号', '2011-12-06', 'http://www.gov.cn/zwgk/2011-12/06/content_2012097.htm'),
    ('cn2013',  2013, NULL, '国办发明电〔2012〕33号', '2012-12-10', 'http://www.gov.cn/zwgk/2012-12/10/content_2286598.htm'),
    ('cn2014',  2014, NULL, '国办发明电〔2013〕28号', '2013-12-11', 'http://www.gov.cn/zwgk/2013-12/11/content_2546204.htm'),
    ('cn2015',  2015, NULL, '国办发明电〔2014〕28号', '2014-12-16', 'http://www.gov.cn/zhengce/content/2014-12/16/content_9302.htm'),
    ('cn2015b', 2015, '国务院关于中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日调休放假的通知', NULL, '2015-05-13',
        'http://www.gov.cn/zhengce/content/2015-05/13/content_9742.htm'),
    ('cn2016',  2016, NULL, '国办发明电〔2015〕18号', '2015-12-10', 'http://www.gov.cn/zhengce/content/2015-12/10/content_10394.htm'),
    ('cn2017',  2017, NULL, '国办发明电〔2016〕17号', '2016-12-01', 'http://www.gov.cn/zhengce/content/2016-12/01/content_5141603.htm'),
    ('cn2018',  2018, NULL, '国办发明电〔2017〕12号', '2017-11-30', 'http://www.gov.cn/zhengce/content/2017-11/30/content_5243579.htm'),
    ('cn2019',  2019, NULL, '国办发明电〔2018〕15号', '2018-12-06', 'http://www.gov.cn/xinwen/2018-12/06/content_5346287.htm'),
    ('cn2019b', 2019, '国务院办公厅关于调整2019年劳动节假期安排的通知', '国办发明电〔2019〕3号', '2019-03-22',
        'http://www.gov.cn/zhengce/content/2019-03/22/content_5375877.htm'),
    ('cn2020',  2020, NULL, '国办发明电〔2019〕16号', '2019-11-21', 'http://www.gov.cn/zhengce/content/2019-11/21/content_5454164.htm'),
    ('cn2020b', 2020, '国务院办公厅关于延长2020年春节假期的通知', '国办发明电〔2020〕1号', '2020-01-27',
        'http://www.gov.cn/zhengce/content/2020-01/27/content_5472352.htm'),
    ('cn2021',  2021, NULL, '国办发明电〔2020〕27号', '2020-11-25', 'http://www.gov.cn/zhengce/content/2020-11/25/content_5564127.htm'),
    ('cn2022',  2022, NULL, '国办发明电〔2021〕11号', '2021-10-25', 'http://www.gov.cn/zhengce/content/2021-10/25/content_5644835.htm'),
    ('cn2023',  2023, NULL, '国办发明电〔2022〕16号', '2022-12-08', 'http://www.gov.cn/zhengce/content/2022-12/08/content_5730844.htm'),
    ('cn2024',  2024, NULL, '国办发明电〔2023〕7号', '2023-10-25', 'https://www.gov.cn/zhengce/content/202310/content_6911527.htm'),
    ('cn2025',  2025, NULL, '国办发明电〔2024〕12号', '2024-11-12', 'https://www.gov.cn/zhengce/zhengceku/202411/content_6986383.htm'),
    ('cn2026',  2026, NULL, '国办发明电〔2025〕7号', '2025-11-04', 'https://www.gov.cn/zhengce/zhengceku/202511/content_7047091.htm')
) AS n (notice, year, title, document_number, published_on, url)
ON CONFLICT DO NOTHING;

-- A province has its own: only the years are entered in which the day is sure enough.
INSERT INTO code.calendar_notice (notice, year, region, title, source, confidence, note) VALUES
    ('hainan2024', 2024, '46', '海南省2024年“三月三”节放假', 'hainan', 'medium',
        'From memory; the lunar day is computed. Compare with the province''s own notice, and enter the years that are missing'),
    ('hainan2025', 2025, '46', '海南省2025年“三月三”节放假', 'hainan', 'medium',
        'From memory; the lunar day is computed. Compare with the province''s own notice, and enter the years that are missing')
ON CONFLICT DO NOTHING;

WITH listed AS (
    SELECT f[1]::date AS day, f[2] AS kind, f[3] AS name, f[4] AS name_en, f[5] AS notice
    FROM (
        SELECT string_to_array(l, E'\t') AS f
        FROM string_to_table($tsv$
@include 0030-calendar.tsv
$tsv$, E'\n') AS l
        WHERE l <> ''
    ) line
)
INSERT INTO code.calendar_day (day, kind, name, name_en, notice)
SELECT d.day, coalesce(l.kind, CASE WHEN extract(isodow FROM d.day) < 6 THEN 'work' ELSE 'rest' END), l.name, l.name_en,
       coalesce(l.notice, 'cn' || extract(year FROM d.day))
FROM (SELECT date '2007-01-01' + n AS day FROM generate_series(0, date '2026-12-31' - date '2007-01-01') AS n) d
LEFT JOIN listed l ON l.day = d.day
ON CONFLICT DO NOTHING;
INSERT INTO code.calendar_day (region, day, kind, name, name_en, notice) VALUES
    ('46', '2024-04-11', 'holiday', '三月三', 'Sanyuesan Festival', 'hainan2024'),
    ('46', '2025-03-31', 'holiday', '三月三', 'Sanyuesan Festival', 'hainan2025')
ON CONFLICT DO NOTHING;

ANALYZE code.calendar_notice, code.calendar_day;

INSERT INTO code.error (code, message, message_zh, detail, detail_zh, hint, hint_zh, legal_basis, constraint_name) VALUES
('RG100', 'there is no calendar for this year', '该年度没有工作日历',
          'Of the year %1$s, code.calendar_day has %2$s days of the country.', '%1$s年在 code.calendar_day 中只有 %2$s 天的全国日历。',
          'Enter the State Council''s notice for %1$s with residency.calendar_year(); until then nobody knows its working days.',
          '请用 residency.calendar_year() 录入国务院办公厅关于%1$s年部分节假日安排的通知;此前无法确定该年工作日。', '全国年节及纪念日放假办法', NULL),
('RG101', 'this day is not in any calendar', '日期不在日历中',
          'A legal day is counted from or to %s.', '期间的起算日或截止日为 %s。',
          'Give a day of a year.', '请填写具体日期。', NULL, NULL),
('RG102', 'this term leads beyond all dates', '期限超出日期范围',
          'It starts on %s and lasts %s.', '起算日为 %s,期限为 %s。',
          'Give a shorter term.', '请填写较短的期限。', NULL, NULL),
('RG103', 'this is not a term', '期限格式无效',
          '"%s" does not read as a number and a unit.', '"%s"不是"数量 单位"的格式。',
          'Write 3 working days, 15 days, 6 months, 1 year or 24 hours, with one blank between.',
          '请写作 3 working days、15 days、6 months、1 year 或 24 hours,中间各一个空格。', '民法典 Art. 200', NULL),
('RG104', 'there is no such unit of time', '期限单位无效',
          'A term is not counted in "%s".', '期限不能以"%s"计算。',
          'Count in days, working days, months, years or hours.', '请用 days、working days、months、years 或 hours。', '民法典 Art. 200', NULL),
('RG105', 'hours are not counted in days', '以小时计的期间不按日计算',
          'A term of %s ends at a moment, not on a day.', '期限 %s 于某一时刻届满,而非某日。',
          'Add it to the moment at which it starts.', '请在起算时刻上直接相加。', '民法典 Art. 201', NULL),
('RG106', 'a time limit ends after it starts', '期限届满日应在起算日之后',
          'A limit of %s would end before its start.', '期限 %s 将在起算日之前届满。',
          'For the day that lies so long before another use residency.add_term(), which moves no rest day.',
          '倒推日期请用 residency.add_term(),其结果不因休息日顺延。', '民法典 Art. 201, 203', NULL),
('RG107', 'this is not the calendar of one year', '年度日历内容有误',
          'For the year %1$s: %2$s.', '%1$s年:%3$s。',
          'Compare with the notice: holidays as ranges of days, and the weekend days that work.',
          '请与通知核对:放假日期为日期范围,另列调休上班的周末。', NULL, NULL)
ON CONFLICT DO NOTHING;
