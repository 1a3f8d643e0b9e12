-- A location may be given in the datum of the device. It is kept in CGCS2000, and location_datum says what it was.

INSERT INTO code.list (list, name, name_en, source, confidence, note) VALUES
('location_datum', '坐标系', 'datum of a location', 'house', 'design',
 'A device''s own is given (wgs84, gcj02, bd09) and becomes from_… when it has been converted: what a row holds is never converted again')
ON CONFLICT DO NOTHING;
INSERT INTO code.value (list, code, name, name_en, sort, confidence) VALUES
('location_datum', 'cgcs2000',   '2000国家大地坐标系', 'CGCS2000', 1, 'design'),
('location_datum', 'wgs84',      'WGS-84坐标', 'WGS-84, given', 2, 'design'),
('location_datum', 'gcj02',      'GCJ-02坐标(火星坐标)', 'GCJ-02, given', 3, 'design'),
('location_datum', 'bd09',       'BD-09坐标(百度坐标)', 'BD-09, given', 4, 'design'),
('location_datum', 'from_wgs84', '由WGS-84坐标采集', 'CGCS2000, taken from WGS-84', 5, 'design'),
('location_datum', 'from_gcj02', '由GCJ-02坐标换算', 'CGCS2000, converted from GCJ-02', 6, 'design'),
('location_datum', 'from_bd09',  '由BD-09坐标换算', 'CGCS2000, converted from BD-09', 7, 'design')
ON CONFLICT DO NOTHING;

INSERT INTO code.error (code, message, message_zh, detail, detail_zh, hint, hint_zh, legal_basis, constraint_name) VALUES
('RG235', 'a datum is stated together with the point', '坐标系须与坐标一并填写',
          'The location of dwelling %s stays as it is (%s), while its datum shall be %s.', '房屋 %s 的坐标未变(%s),而坐标系改为 %s。',
          'Give the point again as the device shows it, with its datum. Was this very point entered without its datum, set location = residency.from_%3$s(location) and location_datum = ''from_%3$s''.',
          '请连同坐标系重新填写设备给出的坐标;若原坐标漏填坐标系,请设 location = residency.from_%3$s(location)、location_datum = ''from_%3$s''。', NULL, NULL),
('RG236', 'a point of this datum lies in China', '该坐标系仅适用于中国境内',
          'Datum %s, longitude %s, latitude %s.', '坐标系 %s,经度 %s,纬度 %s。',
          'Give longitude first, then latitude, in degrees; abroad devices send wgs84.',
          '请按经度、纬度顺序填写度数;境外设备坐标为 wgs84。', NULL, NULL)
ON CONFLICT DO NOTHING;

ALTER TABLE registry.dwelling ADD COLUMN location_datum text COLLATE "C" NOT NULL DEFAULT 'cgcs2000'
    -- at rest a location is CGCS2000, whatever wrote it
    CONSTRAINT dwelling_location_datum_at_rest CHECK (location_datum IN ('cgcs2000', 'from_wgs84', 'from_gcj02', 'from_bd09'));
COMMENT ON COLUMN registry.dwelling.location_datum IS
    'Datum in which the location was given (坐标系), list location_datum. Write wgs84, gcj02 or bd09 together with a location of that datum: it is kept as CGCS2000, and this reads from_wgs84, from_gcj02 or from_bd09';
COMMENT ON COLUMN registry.dwelling.location IS
    'Where it stands (位置), CGCS2000; NULL as long as nobody knows. May be given in the datum that location_datum states';

-- named so that it runs before the others, which want CGCS2000
CREATE TRIGGER dwelling_datum
    BEFORE INSERT OR UPDATE OF location, location_datum ON registry.dwelling
    FOR EACH ROW EXECUTE FUNCTION residency.dwelling_datum();
