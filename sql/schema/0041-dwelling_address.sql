-- A dwelling has a standard address: one and the same however its address was written.

ALTER TABLE registry.dwelling
    ADD COLUMN standard_address residency.address,
    ADD COLUMN door_plate_id    bigint;
COMMENT ON COLUMN registry.dwelling.standard_address IS
    'The address taken apart and put into standard form, from province to room (标准地址); kept by the register from address, division, the whole it is part of and its door plate. NULL: not worked out yet, CALL residency.restandardize()';
COMMENT ON COLUMN registry.dwelling.door_plate_id IS
    'Door plate that the address has, or what has replaced it (门牌); kept by the register';

-- After the guard, which trims the address.
CREATE TRIGGER dwelling_standard
    BEFORE INSERT OR UPDATE OF address, division, parent_id, standard_address, door_plate_id ON registry.dwelling
    FOR EACH ROW EXECUTE FUNCTION residency.dwelling_standard();
-- Not when the standard address alone is worked out anew: restandardize() goes from the outside in by itself.
CREATE TRIGGER dwelling_standard_parts
    AFTER UPDATE OF address, division, parent_id, door_plate_id ON registry.dwelling
    FOR EACH ROW EXECUTE FUNCTION residency.dwelling_standard_parts();

INSERT INTO code.error (code, message, message_zh, detail, detail_zh, hint, hint_zh, legal_basis, constraint_name) VALUES
('RG210', 'no dwelling is registered at this address', '该地址没有已登记房屋',
          'Read as an address in division %s, it names no registered dwelling.', '按区划 %s 内的地址查找,没有已登记房屋。',
          'Register the dwelling first, name its division in dwelling_division, or give dwelling_id; api.find_dwelling() lists what comes near.',
          '请先登记房屋,或填写所属区划(dwelling_division)、房屋编号(dwelling_id);可用 api.find_dwelling() 查询相近房屋。', NULL, NULL),
('RG211', 'this address may mean several dwellings', '该地址对应多处房屋',
          'Candidates: %s; the best, as dwelling (grade score): %s.', '候选房屋 %s 处,房屋编号(等级 分值):%s。',
          'Choose one by dwelling_id, or name the division in dwelling_division.', '请选定房屋编号(dwelling_id),或填写所属区划(dwelling_division)。', NULL, NULL),
('RG212', 'this address does not lead to one home', '该地址未精确到户室',
          'Candidates: %s; the best, as dwelling (grade score): %s.', '候选房屋 %s 处,房屋编号(等级 分值):%s。',
          'Add building, unit and room, or choose one by dwelling_id: only a dwelling found as exact or room is taken without asking.',
          '请补全楼栋、单元、户室,或选定房屋编号(dwelling_id);只有完全一致或同一户室的房屋才直接采用。', NULL, NULL),
('RG223', 'the address does not say in which city it is', '地址未写明所在城市',
          'Candidates: %s; the best, as dwelling (grade score): %s.', '候选房屋 %s 处,房屋编号(等级 分值):%s。',
          'Name the city or county in the address or in dwelling_division, or choose one by dwelling_id: other cities have roads of that name.',
          '请在地址或 dwelling_division 中写明市、县,或选定房屋编号(dwelling_id):其他城市可能有同名街路巷。', NULL, NULL),
('RG213', 'this is not an address', '无法识别的地址',
          'The text of %s characters names no element of an address.', '该文本共 %s 个字符,未识别出任何地址要素。',
          'Write road and number, building, unit and room, or give dwelling_id.', '请填写街路巷、门牌号、楼栋、单元、户室,或填写房屋编号。', NULL, NULL),
('RG214', 'dwelling_id and dwelling_address name two dwellings', '房屋编号与地址指向不同房屋',
          'dwelling_id is %s, the address is that of dwelling %s.', '房屋编号为 %s,地址对应房屋 %s。',
          'Leave out the one that is wrong.', '请去掉有误的一项。', NULL, NULL)
ON CONFLICT DO NOTHING;
