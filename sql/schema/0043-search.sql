-- Search: what its indexes are for, and what it refuses.

COMMENT ON INDEX registry.person_search_text_idx IS 'Persons whose name is or begins with something (姓名检索)';
COMMENT ON INDEX registry.person_search_keys_idx IS 'Persons by fragments, pinyin, initials and homophones of the name (姓名检索键)';
COMMENT ON INDEX registry.person_phone_idx IS 'Persons by their telephone number, however it is written (电话检索)';
COMMENT ON INDEX registry.dwelling_search_text_idx IS 'Dwellings whose address is or begins with something (地址检索)';
COMMENT ON INDEX registry.dwelling_search_keys_idx IS 'Dwellings by fragments, pinyin, initials and homophones of the address (地址检索键)';
COMMENT ON INDEX registry.employer_search_text_idx IS 'Employers whose name is or begins with something (单位名称检索)';
COMMENT ON INDEX registry.employer_search_keys_idx IS 'Employers by fragments, pinyin, initials and homophones of the name (单位名称检索键)';

INSERT INTO code.error (code, message, message_zh, detail, detail_zh, hint, hint_zh, legal_basis, constraint_name) VALUES
('RG225', 'there is nothing to search for', '没有可检索的内容',
          'The query has no Chinese character, letter or digit.', '检索词中没有汉字、字母或数字。',
          'Enter part of a name or address, its pinyin or initials. Wildcards are not needed: any fragment is found.',
          '请输入姓名或地址的一部分、拼音或首字母。无需通配符,任意片段均可检索。', NULL, NULL),
('RG226', 'one letter or digit is too little to search for', '单个字母或数字不足以检索',
          'A single letter or digit stands in every name or address.', '单个字母或数字几乎出现在所有姓名或地址中。',
          'Enter two letters or digits at least, or one Chinese character.', '请至少输入两个字母或数字,或一个汉字。', NULL, NULL),
('RG227', 'the query is too long', '检索词过长',
          'More than %s characters are left of it without blanks and signs.', '去掉空格和符号后超过%s个字符。',
          'Enter the part that matters: a name, or road, number and building.', '请输入关键部分,如姓名,或路名、门牌和楼栋。', NULL, NULL),
('RG228', 'the number of answers is out of range', '返回条数超出范围',
          'From 1 to %s answers can be asked for, not %s.', '可返回1至%s条,不能为%s条。',
          'Leave "limit" out for 20; narrow the query or give a division rather than raising it.', '可省略 "limit"(默认20条);宜缩小检索词或指定区划,而非提高条数。', NULL, NULL)
ON CONFLICT DO NOTHING;
