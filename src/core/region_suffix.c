/*
 * region_suffix.c
 *	  What the names of divisions end in, and what is left of them without.
 */
#include "core/region_suffix.h"

/* Numbers 0 to 5 are no word, at a level; the rest by level, longer words first where one ends in another. */
const RegionSuffix residency_region_suffix[] = {
	{REGION_WORD(""), 0, 0}, {REGION_WORD(""), 1, 0}, {REGION_WORD(""), 2, 0}, {REGION_WORD(""), 3, 0}, {REGION_WORD(""), 4, 0}, {REGION_WORD(""), 5, 0},
	{REGION_WORD("特别行政区"), 1, 1}, {REGION_WORD("自治区"), 1, 2}, {REGION_WORD("省"), 1, 3}, {REGION_WORD("市"), 1, 4},
	{REGION_WORD("自治州"), 2, 1}, {REGION_WORD("地区"), 2, 2}, {REGION_WORD("专区"), 2, 2}, {REGION_WORD("市"), 2, 3}, {REGION_WORD("盟"), 2, 4},
	{REGION_WORD("州"), 2, 1},
	{REGION_WORD("自治县"), 3, 1}, {REGION_WORD("自治旗"), 3, 2}, {REGION_WORD("特区"), 3, 4}, {REGION_WORD("矿区"), 3, 5},
	{REGION_WORD("区"), 3, 6}, {REGION_WORD("县"), 3, 7}, {REGION_WORD("市"), 3, 8}, {REGION_WORD("旗"), 3, 9},
	{REGION_WORD("街道办事处"), 4, 1}, {REGION_WORD("地区办事处"), 4, 2}, {REGION_WORD("街道办"), 4, 1}, {REGION_WORD("街办"), 4, 1},
	{REGION_WORD("办事处"), 4, 1}, {REGION_WORD("街道"), 4, 1}, {REGION_WORD("街"), 4, 1}, {REGION_WORD("地区"), 4, 2}, {REGION_WORD("镇"), 4, 3},
	{REGION_WORD("民族乡"), 4, 4}, {REGION_WORD("乡"), 4, 4}, {REGION_WORD("民族苏木"), 4, 5}, {REGION_WORD("苏木"), 4, 5},
	{REGION_WORD("社区居民委员会"), 5, 2}, {REGION_WORD("社区居委会"), 5, 2}, {REGION_WORD("社区居委"), 5, 2}, {REGION_WORD("社区"), 5, 2},
	{REGION_WORD("居民委员会"), 5, 2}, {REGION_WORD("居委会"), 5, 2}, {REGION_WORD("居委"), 5, 2},
	{REGION_WORD("村村民委员会"), 5, 1}, {REGION_WORD("村村委会"), 5, 1},
	{REGION_WORD("嘎查村民委员会"), 5, 3}, {REGION_WORD("嘎查村委会"), 5, 3}, {REGION_WORD("嘎查"), 5, 3},
	{REGION_WORD("村民委员会"), 5, 1}, {REGION_WORD("民委员会"), 5, 1}, {REGION_WORD("村委会"), 5, 1}, {REGION_WORD("委会"), 5, 1},
	{REGION_WORD("村委"), 5, 1}, {REGION_WORD("村"), 5, 1}
};

/* Where the suffixes of a level begin. */
static const uint8_t suffixes_of[7] = {0, 6, 10, 16, 24, 37, COUNT(residency_region_suffix)};

/* The nations of autonomous places; those of one character are never without 族. */
static const RegionWord nations[] = {
	{REGION_WORD("柯尔克孜")}, {REGION_WORD("乌孜别克")}, {REGION_WORD("维吾尔")}, {REGION_WORD("哈萨克")}, {REGION_WORD("达斡尔")}, {REGION_WORD("鄂温克")},
	{REGION_WORD("鄂伦春")}, {REGION_WORD("俄罗斯")}, {REGION_WORD("塔吉克")}, {REGION_WORD("塔塔尔")}, {REGION_WORD("蒙古")}, {REGION_WORD("朝鲜")}, {REGION_WORD("土家")},
	{REGION_WORD("布依")}, {REGION_WORD("哈尼")}, {REGION_WORD("傈僳")}, {REGION_WORD("拉祜")}, {REGION_WORD("纳西")}, {REGION_WORD("景颇")}, {REGION_WORD("撒拉")},
	{REGION_WORD("布朗")}, {REGION_WORD("毛南")}, {REGION_WORD("仡佬")}, {REGION_WORD("仫佬")}, {REGION_WORD("锡伯")}, {REGION_WORD("阿昌")}, {REGION_WORD("普米")},
	{REGION_WORD("保安")}, {REGION_WORD("裕固")}, {REGION_WORD("独龙")}, {REGION_WORD("门巴")}, {REGION_WORD("珞巴")}, {REGION_WORD("基诺")}, {REGION_WORD("赫哲")},
	{REGION_WORD("高山")}, {REGION_WORD("德昂")}, {REGION_WORD("东乡")}, {REGION_WORD("汉")}, {REGION_WORD("满")}, {REGION_WORD("回")}, {REGION_WORD("藏")}, {REGION_WORD("苗")},
	{REGION_WORD("彝")}, {REGION_WORD("壮")}, {REGION_WORD("侗")}, {REGION_WORD("瑶")}, {REGION_WORD("白")}, {REGION_WORD("傣")}, {REGION_WORD("黎")}, {REGION_WORD("佤")},
	{REGION_WORD("畲")}, {REGION_WORD("水")}, {REGION_WORD("土")}, {REGION_WORD("羌")}, {REGION_WORD("怒")}, {REGION_WORD("京")}, {REGION_WORD("各")}
};

#define FIRST_SYMBOL 0x4E00
#define LAST_SYMBOL 0x9FFF

/* Which levels have suffixes that begin with a symbol, a bit each; made when it is first asked for. */
static uint8_t levels_of[LAST_SYMBOL - FIRST_SYMBOL + 1];
static bool is_prepared = false;

/* The suffixes of a level whose first symbols are alike in their last bits: the first, and those that follow; 0 ends them. */
#define ALIKE 16
static uint8_t first_suffix[6][ALIKE];
static uint8_t next_suffix[COUNT(residency_region_suffix)];

static void
prepare(void)
{
	for (int i = COUNT(residency_region_suffix) - 1; i >= REGION_SUFFIXES_BARE; i--)
	{
		const RegionSuffix *suffix = &residency_region_suffix[i];
		uint8_t	   *first = &first_suffix[suffix->level][suffix->word[0] % ALIKE];

		levels_of[suffix->word[0] - FIRST_SYMBOL] |= (uint8_t) (1 << suffix->level);
		next_suffix[i] = *first;
		*first = (uint8_t) i;
	}
	is_prepared = true;
}

int
residency_region_suffix_at(const uint32_t *symbol, int at, int length, int level)
{
	int			longest = 0;

	if (!is_prepared)
		prepare();
	if (at >= length || symbol[at] < FIRST_SYMBOL || symbol[at] > LAST_SYMBOL ||
		(levels_of[symbol[at] - FIRST_SYMBOL] & 1 << level) == 0)
		return 0;
	for (int i = first_suffix[level][symbol[at] % ALIKE]; i != 0; i = next_suffix[i])
	{
		const RegionSuffix *s = &residency_region_suffix[i];

		if ((longest == 0 || s->length > residency_region_suffix[longest].length) &&
			residency_region_is_word(symbol, at, length, s->word, s->length))
			longest = i;
	}
	/* 义乌|市场, 萧山|市心路 */
	if (level == 3 && symbol[at] == L'市' && at + 1 < length && (symbol[at + 1] == L'场' || symbol[at + 1] == L'心'))
		return 0;
	return longest;
}

/* The number of the longest suffix of a level that a name ends in. */
static int
suffix_of(const uint32_t *name, int length, int level)
{
	int			longest = 0;

	for (int i = suffixes_of[level]; i < suffixes_of[level + 1]; i++)
	{
		const RegionSuffix *s = &residency_region_suffix[i];

		/* 新村|村委会 */
		if (s->length + (level == 5) < length && (longest == 0 || s->length > residency_region_suffix[longest].length) &&
			residency_region_is_word(name, length - s->length, length, s->word, s->length))
			longest = i;
	}
	return longest;
}

/* The length without the nations at the end. */
static int
without_nations(const uint32_t *name, int length)
{
	for (int i = 0; i < COUNT(nations); i++)
	{
		int			end = length - (name[length - 1] == L'族');
		int			from = end - nations[i].length;

		if (from > 1 && (end < length || nations[i].length > 1) &&
			residency_region_is_word(name, from, end, nations[i].word, nations[i].length))
			return without_nations(name, from);
	}
	return length;
}

int
residency_region_cut(const uint32_t *name, int length, int level, bool former, NameCut *cut)
{
	int			suffix = suffix_of(name, length, level);
	int			stem;
	int			bare;

	/* a county that is part of a city now was a county */
	if (former && level < 3 && (suffix == 0 || level == 1) && suffix_of(name, length, 3) != 0)
		suffix = suffix_of(name, length, level = 3);

	stem = length - residency_region_suffix[suffix].length;
	cut[0].stem = length;
	cut[0].suffix = level;
	if (suffix == 0 || stem < 2)
		return 1;
	bare = without_nations(name, stem);
	if (bare == stem)
	{
		cut[0].stem = stem;
		cut[0].suffix = suffix;
		return 1;
	}
	cut[1].stem = bare;
	cut[1].suffix = suffix;
	return 2;
}
