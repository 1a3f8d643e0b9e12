-- search: how names read, under which keys they are found, how well they answer.

CREATE OR REPLACE FUNCTION residency.pinyin(entry text, toned boolean DEFAULT false) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_pinyin_of_text';
COMMENT ON FUNCTION residency.pinyin(text, boolean) IS
    'a text in pinyin (拼音): 林海路12号 reads lin hai lu 12 hao; toned: with marks over the vowels. Place names and other words as they are read (重庆 chong qing); letters and digits stay, small and half-width; ü is typed v';

CREATE OR REPLACE FUNCTION residency.pinyin_name(entry text, toned boolean DEFAULT false) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_pinyin_of_name';
COMMENT ON FUNCTION residency.pinyin_name(text, boolean) IS
    'a person''s name in pinyin (姓名拼音): as residency.pinyin(), the surname as surnames are read: 单 shan, 仇 qiu, 尉迟 yu chi';

CREATE OR REPLACE FUNCTION residency.pinyin_initials(text) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_pinyin_initials';
COMMENT ON FUNCTION residency.pinyin_initials(text) IS
    'first letters of the syllables of a text (拼音首字母): 林海路12号 gives lhl12h';

CREATE OR REPLACE FUNCTION residency.search_text(text) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_search_text_of';
COMMENT ON FUNCTION residency.search_text(text) IS
    'a name or address as search compares it (检索文本): small, half-width, simplified, without accents, blanks and signs but dashes behind a digit; the first 256 characters';

-- dear to the planner, so that it prefers an index
CREATE OR REPLACE FUNCTION residency.search_keys(text) RETURNS integer[]
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'residency_search_keys';
COMMENT ON FUNCTION residency.search_keys(text) IS
    'keys under which a GIN index finds a name or address (检索键): its Chinese characters, pairs of characters, syllables and pairs of syllables in all readings, pairs of initials; in no order';

CREATE OR REPLACE FUNCTION residency.search_steps(query text, OUT rung text, OUT keys integer[]) RETURNS SETOF record
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE ROWS 5 AS 'MODULE_PATHNAME', 'residency_search_steps';
COMMENT ON FUNCTION residency.search_steps(text) IS
    'the steps in which a query is answered, best rung first (检索步骤): prefix, fragment, pinyin, initials, homophone, one_wrong; a name that answers has all keys of the step, prefix has none. No rows for a query without letters, digits and characters or with more than 64';

CREATE OR REPLACE FUNCTION residency.search_score(entry text, query text, rung text) RETURNS real
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'residency_search_score_of';
COMMENT ON FUNCTION residency.search_score(text, text, text) IS
    'how well a name or address answers a query on a rung of residency.search_steps() (检索得分): above 0 to 1, which is the query itself, better rungs always better; NULL if it does not';
