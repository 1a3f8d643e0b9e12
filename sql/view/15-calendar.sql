-- The calendar as clients read it: the kind of each day, in words, with the notice that says so.

CREATE OR REPLACE VIEW code.calendar AS
SELECT d.day,
       d.region::text AS region,
       d.kind,
       (SELECT v.name FROM code.value v WHERE v.list = 'calendar_kind' AND v.code = d.kind) AS kind_name,
       d.kind IN ('work', 'swap_work') AS works,
       d.name,
       d.name_en,
       n.title AS notice_title,
       n.document_number,
       n.published_on,
       n.confidence
FROM code.calendar_day d
JOIN code.calendar_notice n ON n.notice = d.notice;
COMMENT ON VIEW code.calendar IS
    'Days, their kind and the notice behind it (工作日历). Rows of a region are its own days alone; for what holds in a division ask residency.is_working_day(). Source: code.calendar_day, code.calendar_notice';
COMMENT ON COLUMN code.calendar.day IS 'The day (日期); with region the key';
COMMENT ON COLUMN code.calendar.region IS 'Division it holds in, NULL for the country (适用地区)';
COMMENT ON COLUMN code.calendar.kind IS 'Kind, list calendar_kind (日期类型)';
COMMENT ON COLUMN code.calendar.kind_name IS 'The same in words (日期类型名称)';
COMMENT ON COLUMN code.calendar.works IS 'Whether it is a working day (是否工作日)';
COMMENT ON COLUMN code.calendar.name IS 'Holiday (节日名称)';
COMMENT ON COLUMN code.calendar.name_en IS 'Holiday in English (节日英文名称)';
COMMENT ON COLUMN code.calendar.notice_title IS 'Title of the notice (通知标题)';
COMMENT ON COLUMN code.calendar.document_number IS 'Number of the notice (文号)';
COMMENT ON COLUMN code.calendar.published_on IS 'Day of its publication (发布日期)';
COMMENT ON COLUMN code.calendar.confidence IS 'How sure it is, see code.calendar_notice (可信度)';
