-- Door plates: which numbers houses have and had. An old number leads to the house, whatever it is called now.

INSERT INTO code.source (source, name, standard, edition, as_of, published, licence, origin) VALUES
('door_plate', '江门市门楼号牌管理条例', NULL, '2022', NULL, NULL, 'fact', 'A local rule of Jiangmen, its rules on numbers read in excerpts')
ON CONFLICT DO NOTHING;
INSERT INTO code.list (list, name, name_en, source, confidence, note) VALUES
('door_plate_state', '门牌状态', 'state of a door plate', 'door_plate', 'design', 'The rules are of 江门市门楼号牌管理条例 (2022), the states are the register''s own')
ON CONFLICT DO NOTHING;
INSERT INTO code.value (list, code, name, name_en, sort, confidence) VALUES
('door_plate_state', 'applied',   '申请', 'applied for', 1, 'design'),
('door_plate_state', 'reserved',  '预留', 'reserved for a gap', 2, 'source'),
('door_plate_state', 'temporary', '临时', 'temporary: proves nothing about the building', 3, 'source'),
('door_plate_state', 'active',    '有效', 'active', 4, 'design'),
('door_plate_state', 'replaced',  '变更', 'replaced by another', 5, 'source'),
('door_plate_state', 'cancelled', '注销', 'cancelled and archived', 6, 'source')
ON CONFLICT DO NOTHING;

CREATE TABLE code.door_plate_transition (
    from_state  text COLLATE "C",
    to_state    text COLLATE "C" NOT NULL,
    event       text NOT NULL,
    event_zh    text NOT NULL,
    legal_basis text,
    CONSTRAINT door_plate_transition_key UNIQUE NULLS NOT DISTINCT (from_state, to_state)
);
COMMENT ON TABLE code.door_plate_transition IS 'The steps between the states of a door plate (门牌状态变更); what is not here cannot happen';
COMMENT ON COLUMN code.door_plate_transition.from_state IS 'State before, list door_plate_state; NULL is a new plate';
COMMENT ON COLUMN code.door_plate_transition.to_state IS 'State after';
COMMENT ON COLUMN code.door_plate_transition.event IS 'What happens';
COMMENT ON COLUMN code.door_plate_transition.event_zh IS 'The same in Chinese';
COMMENT ON COLUMN code.door_plate_transition.legal_basis IS 'The clause it rests on';

INSERT INTO code.door_plate_transition (from_state, to_state, event, event_zh, legal_basis) VALUES
(NULL,        'applied',   'applied for', '申请', '江门市门楼号牌管理条例 (2022)'),
(NULL,        'reserved',  'kept free for a gap', '预留', '江门市门楼号牌管理条例 (2022)'),
(NULL,        'temporary', 'given for the time being', '编制临时号', '江门市门楼号牌管理条例 (2022)'),
(NULL,        'active',    'already there, or given with a replacement', '补录、变更后新号', NULL),
('applied',   'active',    'confirmed', '确认', '江门市门楼号牌管理条例 (2022)'),
('applied',   'temporary', 'given for the time being', '编制临时号', '江门市门楼号牌管理条例 (2022)'),
('applied',   'cancelled', 'refused or withdrawn', '不予确认、撤回', NULL),
('reserved',  'applied',   'applied for', '申请', '江门市门楼号牌管理条例 (2022)'),
('reserved',  'active',    'given with a replacement', '启用', NULL),
('reserved',  'cancelled', 'no longer needed', '取消预留', NULL),
('temporary', 'active',    'made permanent', '转正', NULL),
('temporary', 'replaced',  'another number', '变更', '江门市门楼号牌管理条例 (2022)'),
('temporary', 'cancelled', 'the building is gone', '注销', '江门市门楼号牌管理条例 (2022)'),
('active',    'replaced',  'another number', '变更', '江门市门楼号牌管理条例 (2022)'),
('active',    'cancelled', 'the building is gone', '注销', '江门市门楼号牌管理条例 (2022)');

CREATE TABLE registry.door_plate (
    door_plate_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    division       residency.division_code NOT NULL REFERENCES code.division,
    road           text NOT NULL,
    number         text NOT NULL,
    address        residency.address NOT NULL,
    state          text COLLATE "C" NOT NULL DEFAULT 'applied',
    applied_on     date NOT NULL,
    decided_on     date,
    ended_on       date,
    replaced_by_id bigint REFERENCES registry.door_plate,
    reason         text,
    clock_id       bigint REFERENCES registry.clock,
    created_at     timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT door_plate_place_key UNIQUE (door_plate_id, division),
    CONSTRAINT door_plate_replaced_check CHECK ((replaced_by_id IS NOT NULL) = (state = 'replaced') AND replaced_by_id <> door_plate_id),
    CONSTRAINT door_plate_ended_check CHECK ((ended_on IS NOT NULL) = (state IN ('replaced', 'cancelled')))
);
COMMENT ON TABLE registry.door_plate IS
    'House numbers, as they are and as they were (门楼号牌): each number of a road once; a cancelled one stays on record (江门市门楼号牌管理条例)';
COMMENT ON COLUMN registry.door_plate.door_plate_id IS 'Key';
COMMENT ON COLUMN registry.door_plate.division IS 'Village-level division of the house (所属村居)';
COMMENT ON COLUMN registry.door_plate.road IS 'Road, lane or village group as entered (街路巷、村组)';
COMMENT ON COLUMN registry.door_plate.number IS 'Number as entered (门牌号): 12号, 12号之3';
COMMENT ON COLUMN registry.door_plate.address IS 'Both in standard form (标准门牌地址); kept by the register';
COMMENT ON COLUMN registry.door_plate.state IS 'State, list door_plate_state (门牌状态)';
COMMENT ON COLUMN registry.door_plate.applied_on IS 'Day of the application, or of the entry (申请日期)';
COMMENT ON COLUMN registry.door_plate.decided_on IS 'Day of the last decision before the end (确认日期)';
COMMENT ON COLUMN registry.door_plate.ended_on IS 'Day on which it was replaced or cancelled (变更、注销日期)';
COMMENT ON COLUMN registry.door_plate.replaced_by_id IS 'The plate that the house has instead (新门牌)';
COMMENT ON COLUMN registry.door_plate.reason IS 'Why, in words, one line: of a cancellation, a temporary number, a replacement (原因)';
COMMENT ON COLUMN registry.door_plate.clock_id IS 'Time limit of the decision on the application (确认时限)';
COMMENT ON COLUMN registry.door_plate.created_at IS 'When it was entered (登记时间)';

CREATE UNIQUE INDEX door_plate_live_key ON registry.door_plate (address) WHERE state NOT IN ('replaced', 'cancelled');
COMMENT ON INDEX registry.door_plate_live_key IS 'A number of a road is given once at a time';
CREATE INDEX door_plate_address_idx ON registry.door_plate (address);
COMMENT ON INDEX registry.door_plate_address_idx IS 'All plates that ever had a number';
CREATE INDEX door_plate_clue_idx ON registry.door_plate USING gin (address) WITH (gin_pending_list_limit = 256);
COMMENT ON INDEX registry.door_plate_clue_idx IS 'Plates by road and number, wherever they are';
CREATE INDEX door_plate_replaced_by_id_idx ON registry.door_plate (replaced_by_id) WHERE replaced_by_id IS NOT NULL;
COMMENT ON INDEX registry.door_plate_replaced_by_id_idx IS 'What a plate has replaced';

ALTER TABLE registry.dwelling ADD CONSTRAINT dwelling_door_plate_fkey
    FOREIGN KEY (door_plate_id, division) REFERENCES registry.door_plate (door_plate_id, division)
    -- both go over to another division in one transaction
    DEFERRABLE;
CREATE INDEX dwelling_door_plate_id_idx ON registry.dwelling (door_plate_id) WHERE door_plate_id IS NOT NULL;
COMMENT ON INDEX registry.dwelling_door_plate_id_idx IS 'Dwellings of a door plate';

CREATE TABLE registry.dwelling_former_address (
    former_address_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    dwelling_id       bigint NOT NULL REFERENCES registry.dwelling ON DELETE CASCADE,
    address           residency.address NOT NULL,
    door_plate_id     bigint NOT NULL REFERENCES registry.door_plate,
    until             date NOT NULL
);
COMMENT ON TABLE registry.dwelling_former_address IS 'Addresses that dwellings had before their door plate was replaced (房屋曾用地址); kept by the register';
COMMENT ON COLUMN registry.dwelling_former_address.former_address_id IS 'Key';
COMMENT ON COLUMN registry.dwelling_former_address.dwelling_id IS 'Dwelling (房屋)';
COMMENT ON COLUMN registry.dwelling_former_address.address IS 'Standard address until then (曾用标准地址)';
COMMENT ON COLUMN registry.dwelling_former_address.door_plate_id IS 'Plate until then (原门牌)';
COMMENT ON COLUMN registry.dwelling_former_address.until IS 'Day on which the plate was replaced (变更日期)';
CREATE INDEX dwelling_former_address_dwelling_id_idx ON registry.dwelling_former_address (dwelling_id);
COMMENT ON INDEX registry.dwelling_former_address_dwelling_id_idx IS 'Former addresses of a dwelling';

CREATE TRIGGER door_plate_guard
    BEFORE INSERT OR UPDATE ON registry.door_plate
    FOR EACH ROW EXECUTE FUNCTION residency.door_plate_guard();
CREATE TRIGGER door_plate_follow
    AFTER INSERT OR UPDATE OF state ON registry.door_plate
    FOR EACH ROW EXECUTE FUNCTION residency.door_plate_follow();
CREATE TRIGGER door_plate_keep
    BEFORE DELETE OR TRUNCATE ON registry.door_plate
    FOR EACH STATEMENT EXECUTE FUNCTION residency.door_plate_keep();

INSERT INTO policy.rule (key, value_type, unit, governs, governs_zh, counts_on) VALUES
('door_plate_decision', 'term', NULL, 'How long the authority has to confirm or refuse a house number', '门牌编号的确认期限', 'day of the application')
ON CONFLICT DO NOTHING;
INSERT INTO policy.setting (key, division, period, value, legal_basis)
SELECT 'door_plate_decision', NULL, '[1949-10-01,)', '15 working days',
       'No national rule found: 江门市门楼号牌管理条例 (2022), confirmed within 15 working days of the application, taken for the country'
WHERE NOT EXISTS (SELECT FROM policy.setting s WHERE s.key = 'door_plate_decision' AND s.division IS NULL);
INSERT INTO policy.test_case (key, division, "on", expected, why) VALUES
('door_plate_decision', '440700', '2024-01-01', '15 working days', '江门市门楼号牌管理条例 (2022)');

INSERT INTO code.error (code, message, message_zh, detail, detail_zh, hint, hint_zh, legal_basis, constraint_name) VALUES
('RG215', 'this number is taken', '该门牌号已被使用',
          'Door plate %s has it in division %s.', '门牌 %s 已使用该号(区划 %s)。',
          'A number is given once in a road: choose another, or cancel or replace that plate.', '同一街路巷内门牌号不得重复,请另行编号,或先注销、变更原门牌。',
          '江门市门楼号牌管理条例 (2022)', 'door_plate_live_key'),
('RG216', 'this is not a house number', '门牌号格式有误',
          'A number is digits with 号, perhaps with 甲, 乙, 丙, 丁 and one sub-number 之N, on a road or in a village group; found: %s.',
          '门牌号由数字和“号”组成,可带甲乙丙丁及一个附号“之N”,并应有街路巷或村组;识别结果:%s。',
          'A sub-number has no sub-number of its own: 12号之3, not 12号之3之1. Building, unit and room do not belong to a door plate.',
          '附号不得再编附号,如12号之3;楼栋、单元、户室不属于门牌。', '江门市门楼号牌管理条例 (2022)', NULL),
('RG217', 'a door plate cannot take this step', '门牌不能作此变更',
          'Door plate %s: %s to %s.', '门牌 %s:由 %s 到 %s。',
          'The possible steps are in code.door_plate_transition.', '允许的变更见 code.door_plate_transition。', '江门市门楼号牌管理条例 (2022)', NULL),
('RG218', 'a door plate stays on record as it was given', '门牌记录不得修改或删除',
          'Door plate %s.', '门牌 %s。',
          'Give the house another number by api.replace_door_plate(), or cancel the plate by api.cancel_door_plate(); both stay in the archive.',
          '请办理门牌变更或注销,原记录存档。', '江门市门楼号牌管理条例 (2022)', NULL),
('RG219', 'there is no such door plate', '没有此门牌',
          'No door plate has the number %s.', '没有编号为 %s 的门牌。',
          'Enter it first: api.apply_door_plate().', '请先登记门牌。', NULL, NULL),
('RG220', 'a house cannot get this plate instead', '新门牌无效',
          'Door plate %s would be replaced by %s, which is %s.', '门牌 %s 拟变更为 %s,后者状态为 %s。',
          'Name another number of the same village-level division that is free, reserved or in force.', '新门牌应为同一村居内未使用、预留或有效的另一个号。', NULL, NULL),
('RG221', 'this needs a reason', '须填写原因',
          'Door plate %s becomes %s.', '门牌 %s 变更为 %s。',
          'Give the reason in words, one line of up to 200 characters.', '请填写原因,一行,不超过200个字符。', NULL, NULL),
('RG222', 'the days of a door plate are out of order', '门牌日期有误',
          'Applied on %s, decided on %s, ended on %s; today is %s.', '申请 %s,确认 %s,终止 %s;今日 %s。',
          'Application, decision and end follow each other, and none lies in the future.', '申请、确认、终止须依次发生,且不得晚于今日。', NULL, NULL)
ON CONFLICT DO NOTHING;

SELECT residency.join_node();
