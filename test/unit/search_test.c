/*
 * search_test.c
 *	  What is found under which keys, and how well it answers.
 */
#include "unit.h"

#include <stdlib.h>

#include "core/search.h"

static SearchName
name_of(const char *in)
{
	SearchName	name;

	residency_search_read_name(in, strlen(in), &name);
	return name;
}

static SearchQuery
query_of(const char *in)
{
	SearchQuery query;

	residency_search_read_query(in, strlen(in), &query);
	return query;
}

static float
score_on(const char *name, const char *query, SearchRung rung)
{
	SearchName	n = name_of(name);
	SearchQuery q = query_of(query);
	SearchReading reading;

	residency_search_read(&q, rung, &reading);
	return residency_search_score(&n, &reading);
}

/* Whether the keys of a way are all among those of the name. */
static bool
has_keys(const char *name, const SearchUnits *way)
{
	SearchName	n = name_of(name);
	int32_t		its[RESIDENCY_SEARCH_NAME_KEYS];
	int32_t		keys[RESIDENCY_SEARCH_STEP_KEYS];
	int			its_count = residency_search_name_keys(&n, its);
	int			count = residency_search_step_keys(way, keys);

	for (int i = 0; i < count; i++)
	{
		bool		there = false;

		for (int j = 0; j < its_count; j++)
			there = there || its[j] == keys[i];
		if (!there)
			return false;
	}
	return count > 0;
}

static bool
is_found(const char *name, const char *query, SearchRung rung)
{
	SearchQuery q = query_of(query);
	SearchReading reading;
	bool		found = rung == SEARCH_PREFIX;

	residency_search_read(&q, rung, &reading);
	for (int i = 0; i < reading.count; i++)
		found = found || has_keys(name, &reading.way[i]);
	return found;
}

static int
ways_of(const char *query, SearchRung rung)
{
	SearchQuery q = query_of(query);
	SearchReading reading;

	residency_search_read(&q, rung, &reading);
	return reading.count;
}

/* The best rung on which a name answers, by the score; and the index must find it there. */
static void
answers(const char *name, const char *query, SearchRung expected)
{
	int			rung = 0;

	while (rung < SEARCH_RUNGS && score_on(name, query, rung) == 0.0F)
		rung++;
	ok(rung == (int) expected, "search: %s answers %s as %s", name, query, expected == SEARCH_RUNGS ? "nothing" : residency_search_rungs[expected]);
	for (; rung < SEARCH_RUNGS; rung++)
	{
		if (score_on(name, query, rung) > 0.0F)
			ok(is_found(name, query, rung), "search: %s is found by %s as %s", name, query, residency_search_rungs[rung]);
	}
}

static void
better(const char *name, const char *other, const char *query, SearchRung rung)
{
	ok(score_on(name, query, rung) > score_on(other, query, rung), "search: %s answers %s better than %s", name, query, other);
}

static void
compared_as(const char *in, const char *expected)
{
	SearchName	name = name_of(in);
	char		out[RESIDENCY_SEARCH_ROOM];
	size_t		len = residency_search_text(&name, out);

	ok(len == strlen(expected) && memcmp(out, expected, len) == 0, "search: %s is compared as %s", in, expected);
}

static void
takes_anything(void)
{
	size_t		size = 1000000;
	char	   *in = malloc(size);
	SearchName	name;
	SearchQuery query;
	int32_t		keys[RESIDENCY_SEARCH_NAME_KEYS];
	SearchReading reading;

	for (size_t i = 0; i + 3 <= size; i += 3)
		memcpy(in + i, "单", 3);
	residency_search_read_name(in, size, &name);
	residency_search_read_query(in, size, &query);
	ok(name.length == RESIDENCY_SEARCH_NAME && residency_search_name_keys(&name, keys) <= RESIDENCY_SEARCH_NAME_KEYS, "search: a long name is cut");
	ok(query.length == RESIDENCY_SEARCH_QUERY + 1, "search: a long query is known for one");
	residency_search_read(&query, SEARCH_FRAGMENT, &reading);
	ok(reading.count == 0, "search: and asks for nothing");
	memset(in, 'a', RESIDENCY_SEARCH_QUERY);
	in[RESIDENCY_SEARCH_QUERY] = '\0';
	ok(ways_of(in, SEARCH_PINYIN) == 2, "search: sixty-four a are one spelling, and one with a syllable to come");
	for (int i = 0; i < RESIDENCY_SEARCH_QUERY; i++)
		in[i] = "xian"[i % 4];
	ok(ways_of(in, SEARCH_PINYIN) == 8, "search: of 65536 spellings eight are tried");
	free(in);
}

void
test_search(void)
{
	compared_as("林海路 １２号，(A座)", "林海路12号a座");
	compared_as("12－3-402", "12-3-402");
	compared_as("lin-hai", "linhai");
	compared_as("阿里·买买提", "阿里买买提");
	compared_as("%_*?'\"\\", "");

	answers("林海路", "林海路", SEARCH_PREFIX);
	answers("林海路12号", "林海路", SEARCH_PREFIX);
	answers("林海路12号", "路", SEARCH_FRAGMENT);
	answers("林海路12号", "海路12", SEARCH_FRAGMENT);
	answers("林海路12号1503室", "503", SEARCH_FRAGMENT);
	answers("林海路12号1503室", "15", SEARCH_FRAGMENT);
	answers("林海路12号1503室", "150", SEARCH_FRAGMENT);
	answers("林海路12号1503室", "1530", SEARCH_RUNGS);
	answers("3栋2单元", "单元", SEARCH_FRAGMENT);
	answers("海口科技有限公司", "有限公司", SEARCH_FRAGMENT);
	answers("12-3-402", "3-402", SEARCH_FRAGMENT);
	answers("KTV会所", "ktv", SEARCH_PREFIX);
	answers("KTV会所", "ktvhs", SEARCH_INITIALS);
	answers("Anna Berg", "berg", SEARCH_FRAGMENT);
	answers("林海路12号", "linhailu", SEARCH_PINYIN);
	answers("林海路12号", "lin hai", SEARCH_PINYIN);
	answers("林海路12号", "Lín Hǎi Lù", SEARCH_PINYIN);
	answers("林海路12号", "hailu12hao", SEARCH_PINYIN);
	answers("林海路12号", "林hai路", SEARCH_PINYIN);
	answers("林海路12号", "林lu", SEARCH_RUNGS);
	answers("林海路12号", "linha", SEARCH_PINYIN);
	answers("林海路12号", "linhail", SEARCH_PINYIN);
	answers("林海路12号", "li nhai", SEARCH_RUNGS);
	answers("西安路", "xian", SEARCH_PINYIN);
	answers("先烈路", "xian", SEARCH_PINYIN);
	answers("先烈路", "xi'an", SEARCH_RUNGS);
	answers("重庆路", "chongqing", SEARCH_PINYIN);
	answers("重庆路", "zhongqing", SEARCH_PINYIN);
	answers("吕梁路", "lvliang", SEARCH_PINYIN);
	answers("吕梁路", "lyuliang", SEARCH_PINYIN);
	answers("单雄信", "shanxiongxin", SEARCH_PINYIN);
	answers("单雄信", "danxiongxin", SEARCH_PINYIN);
	answers("万俟卨", "moqi", SEARCH_PINYIN);
	answers("林海路12号", "lhl", SEARCH_INITIALS);
	answers("林海路12号", "hl", SEARCH_INITIALS);
	answers("林海路12号", "lhl12h", SEARCH_INITIALS);
	answers("单雄信", "sxx", SEARCH_INITIALS);
	answers("单雄信", "dxx", SEARCH_INITIALS);
	answers("林海路12号", "l海l", SEARCH_INITIALS);
	answers("林海路12号", "林海璐", SEARCH_HOMOPHONE);
	answers("林海路12号", "琳海路12", SEARCH_HOMOPHONE);
	answers("號院街道", "号院", SEARCH_PREFIX);
	answers("张偉", "張伟", SEARCH_PREFIX);
	answers("林海路12号", "海路12號", SEARCH_FRAGMENT);
	answers("单伟", "山伟", SEARCH_HOMOPHONE);
	answers("单伟", "丹伟", SEARCH_HOMOPHONE);
	answers("山伟", "单伟", SEARCH_HOMOPHONE);
	answers("林海路12号", "林诲路", SEARCH_ONE_WRONG);
	answers("林海路12号", "木海路", SEARCH_ONE_WRONG);
	answers("林海路12号", "林海略", SEARCH_ONE_WRONG);
	answers("林海路12号", "林诲路12", SEARCH_ONE_WRONG);
	answers("林海路12号", "林海路13", SEARCH_RUNGS);
	answers("林海路12号", "木诲路", SEARCH_RUNGS);
	answers("海口科技有限公司", "海口科枝有限公司", SEARCH_ONE_WRONG);
	answers("海口市龙华区金贸街道玉沙社区国贸路玉沙广场", "海口市龙华区金贸街道玉少社区国贸路玉沙广场", SEARCH_ONE_WRONG);
	answers("张伟", "张三", SEARCH_RUNGS);
	answers("", "林", SEARCH_RUNGS);
	answers("林", "", SEARCH_RUNGS);

	better("林海", "林海路", "林海", SEARCH_PREFIX);
	better("林海路", "林海路12号", "林海", SEARCH_PREFIX);
	better("南林海路", "南海市林海路", "林海", SEARCH_FRAGMENT);
	better("西安", "西安路", "xian", SEARCH_PINYIN);
	better("林哈", "林海", "linha", SEARCH_PINYIN);
	takes_anything();
}
