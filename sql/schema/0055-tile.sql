-- Tiles and printed sheets for maps: what they refuse.

INSERT INTO code.error (code, message, message_zh, detail, detail_zh, hint, hint_zh, legal_basis, constraint_name) VALUES
('RG300', 'there is no such tile', '没有此瓦片',
          'Zoom %s, column %s, row %s.', '级别 %s,列 %s,行 %s。',
          'Zoom is 0 to 22; column and row are 0 to 2^zoom - 1, rows counted from the north (XYZ, not TMS).', '级别为0至22;列、行为0至2^级别-1,行自北向南编号(XYZ,非TMS)。', NULL, NULL),
('RG301', 'a sheet shows one community', '图幅以一个村居为单位',
          'Division "%s" is not a village or community.', '区划"%s"不是村(居)。',
          'Give the twelve digits of a village or community; map.grid_svg() draws larger divisions.', '请填写村(居)的12位代码;更大范围请用 map.grid_svg()。', NULL, NULL),
('RG302', 'tiles are asked for with a JSON object', '瓦片参数须为JSON对象',
          'The parameters are of type %s.', '参数类型为 %s。',
          'Write {"on": "2026-01-31", "kind": "management"}, or leave them out.', '写法:{"on": "2026-01-31", "kind": "management"},或不填。', NULL, NULL)
ON CONFLICT DO NOTHING;
