/*
 * region_word.c
 *	  The words around the names of divisions.
 */
#include "core/region_word.h"

#include <stddef.h>

/* Wide characters are code points of 32 bits; U"" is not yet known to C99. */
#define WORD(text) (const uint32_t *) L##text, sizeof(L##text) / sizeof(uint32_t) - 1
typedef char wide_characters_have_32_bits[sizeof(wchar_t) == sizeof(uint32_t) ? 1 : -1];
#define COUNT(array) ((int) (sizeof(array) / sizeof((array)[0])))

typedef struct Word
{
	const uint32_t *word;
	int			length;
} Word;

/* Numbers 0 to 5 are no word, at a level; the rest by level, longer words first where one ends in another. */
const RegionSuffix residency_region_suffix[] = {
	{WORD(""), 0, 0}, {WORD(""), 1, 0}, {WORD(""), 2, 0}, {WORD(""), 3, 0}, {WORD(""), 4, 0}, {WORD(""), 5, 0},
	{WORD("特别行政区"), 1, 1}, {WORD("自治区"), 1, 2}, {WORD("省"), 1, 3}, {WORD("市"), 1, 4},
	{WORD("自治州"), 2, 1}, {WORD("地区"), 2, 2}, {WORD("专区"), 2, 2}, {WORD("市"), 2, 3}, {WORD("盟"), 2, 4},
	{WORD("州"), 2, 1},
	{WORD("自治县"), 3, 1}, {WORD("自治旗"), 3, 2}, {WORD("特区"), 3, 4}, {WORD("矿区"), 3, 5},
	{WORD("区"), 3, 6}, {WORD("县"), 3, 7}, {WORD("市"), 3, 8}, {WORD("旗"), 3, 9},
	{WORD("街道办事处"), 4, 1}, {WORD("地区办事处"), 4, 2}, {WORD("街道办"), 4, 1}, {WORD("街办"), 4, 1},
	{WORD("办事处"), 4, 1}, {WORD("街道"), 4, 1}, {WORD("街"), 4, 1}, {WORD("地区"), 4, 2}, {WORD("镇"), 4, 3},
	{WORD("民族乡"), 4, 4}, {WORD("乡"), 4, 4}, {WORD("民族苏木"), 4, 5}, {WORD("苏木"), 4, 5},
	{WORD("社区居民委员会"), 5, 2}, {WORD("社区居委会"), 5, 2}, {WORD("社区居委"), 5, 2}, {WORD("社区"), 5, 2},
	{WORD("居民委员会"), 5, 2}, {WORD("居委会"), 5, 2}, {WORD("居委"), 5, 2},
	{WORD("村村民委员会"), 5, 1}, {WORD("村村委会"), 5, 1},
	{WORD("嘎查村民委员会"), 5, 3}, {WORD("嘎查村委会"), 5, 3}, {WORD("嘎查"), 5, 3},
	{WORD("村民委员会"), 5, 1}, {WORD("民委员会"), 5, 1}, {WORD("村委会"), 5, 1}, {WORD("委会"), 5, 1},
	{WORD("村委"), 5, 1}, {WORD("村"), 5, 1}
};

/* Where the suffixes of a level begin. */
static const uint8_t suffixes_of[7] = {0, 6, 10, 16, 24, 37, COUNT(residency_region_suffix)};

/* The nations of autonomous places; those of one character are never without 族. */
static const Word nations[] = {
	{WORD("柯尔克孜")}, {WORD("乌孜别克")}, {WORD("维吾尔")}, {WORD("哈萨克")}, {WORD("达斡尔")}, {WORD("鄂温克")},
	{WORD("鄂伦春")}, {WORD("俄罗斯")}, {WORD("塔吉克")}, {WORD("塔塔尔")}, {WORD("蒙古")}, {WORD("朝鲜")}, {WORD("土家")},
	{WORD("布依")}, {WORD("哈尼")}, {WORD("傈僳")}, {WORD("拉祜")}, {WORD("纳西")}, {WORD("景颇")}, {WORD("撒拉")},
	{WORD("布朗")}, {WORD("毛南")}, {WORD("仡佬")}, {WORD("仫佬")}, {WORD("锡伯")}, {WORD("阿昌")}, {WORD("普米")},
	{WORD("保安")}, {WORD("裕固")}, {WORD("独龙")}, {WORD("门巴")}, {WORD("珞巴")}, {WORD("基诺")}, {WORD("赫哲")},
	{WORD("高山")}, {WORD("德昂")}, {WORD("东乡")}, {WORD("汉")}, {WORD("满")}, {WORD("回")}, {WORD("藏")}, {WORD("苗")},
	{WORD("彝")}, {WORD("壮")}, {WORD("侗")}, {WORD("瑶")}, {WORD("白")}, {WORD("傣")}, {WORD("黎")}, {WORD("佤")},
	{WORD("畲")}, {WORD("水")}, {WORD("土")}, {WORD("羌")}, {WORD("怒")}, {WORD("京")}, {WORD("各")}
};

/* What registers and shops write between the levels, where no authority is. */
static const Word headings[] = {
	{WORD("自治区直辖县级行政区划")}, {WORD("自治区直辖县级行政单位")}, {WORD("省直辖县级行政区划")},
	{WORD("省直辖县级行政单位")}, {WORD("省直辖行政单位")}, {WORD("省直辖行政区划")}, {WORD("省直辖市县")},
	{WORD("省直辖县级")}, {WORD("省直辖县")}, {WORD("省直辖")}, {WORD("直辖县级")}, {WORD("直辖县")}, {WORD("市辖区")},
	{WORD("市辖县")}, {WORD("生产建设兵团")}, {WORD("建设兵团")}, {WORD("兵团")}, {WORD("第一师")}, {WORD("第二师")}, {WORD("第三师")},
	{WORD("第四师")}, {WORD("第五师")}, {WORD("第六师")}, {WORD("第七师")}, {WORD("第八师")}, {WORD("第九师")}, {WORD("第十师")},
	{WORD("第十二师")}, {WORD("第十三师")}, {WORD("第十四师")}, {WORD("其他地区")}, {WORD("其它地区")}, {WORD("其他区")}, {WORD("其它区")}, {WORD("全境")},
	{WORD("城区")}, {WORD("市区")}, {WORD("郊区")}, {WORD("县")}
};

/* Roads: the name before them belongs to them. */
static const Word roads[] = {
	{WORD("大道")}, {WORD("大街")}, {WORD("公路")}, {WORD("高速")}, {WORD("国道")}, {WORD("省道")}, {WORD("县道")},
	{WORD("胡同")}, {WORD("直街")}, {WORD("横街")}, {WORD("后街")}, {WORD("路")}, {WORD("街")},
	{WORD("道")}, {WORD("巷")}, {WORD("里弄")}
};

/* Places that bear the name of a division without lying in it. */
static const Word places[] = {
	{WORD("花园")}, {WORD("花苑")}, {WORD("家园")}, {WORD("公园")}, {WORD("广场")}, {WORD("大厦")}, {WORD("大楼")},
	{WORD("酒店")}, {WORD("饭店")}, {WORD("宾馆")}, {WORD("旅馆")}, {WORD("银行")}, {WORD("大学")}, {WORD("学院")},
	{WORD("公寓")}, {WORD("小区")}, {WORD("新村")},
	{WORD("新城")}, {WORD("商城")}, {WORD("名城")}, {WORD("商场")}, {WORD("超市")}, {WORD("书店")},
	{WORD("百货")}, {WORD("车站")}, {WORD("机场")}, {WORD("西站")}, {WORD("东站")}, {WORD("南站")},
	{WORD("北站")}, {WORD("公司")}, {WORD("集团")}, {WORD("国际")}, {WORD("人家")}, {WORD("豪庭")}, {WORD("山庄")},
	{WORD("别墅")}, {WORD("宿舍")}, {WORD("科技")}, {WORD("体育")}, {WORD("文化")}, {WORD("会所")},
	{WORD("天街")}, {WORD("天地")}, {WORD("大桥")}, {WORD("印象")}, {WORD("苑")}, {WORD("湾")}, {WORD("湖")}, {WORD("滩")}, {WORD("桥")}, {WORD("厂")},
	{WORD("寺")}, {WORD("塔")}, {WORD("坊")}, {WORD("府")}, {WORD("庭")}, {WORD("轩")}, {WORD("阁")}, {WORD("居")},
	{WORD("园")}, {WORD("院")}, {WORD("楼")}, {WORD("店")}, {WORD("馆")}, {WORD("城")}, {WORD("站")}, {WORD("洲")}
};

/* Shops and dishes that are called after where they come from: 青岛|啤酒屋, 云南|白药大药房. */
static const Word dishes[] = {
	{WORD("啤酒")}, {WORD("白药")}, {WORD("大药房")}, {WORD("药房")}, {WORD("小吃")}, {WORD("火锅")}, {WORD("拉面")},
	{WORD("烧饼")}, {WORD("刀削面")}, {WORD("烤鸭")}, {WORD("烤鱼")}, {WORD("菜馆")}, {WORD("饭庄")}, {WORD("大排档")}, {WORD("鸡饭")},
	{WORD("板鸭")}, {WORD("凉皮")}, {WORD("羊肉")}, {WORD("牛肉")}, {WORD("米粉")}, {WORD("肉夹馍")}, {WORD("小面")},
	{WORD("泡馍")}, {WORD("卤味")}, {WORD("早餐")}, {WORD("餐厅")}, {WORD("餐馆")}, {WORD("面馆")}, {WORD("茶楼")},
	{WORD("土菜")}, {WORD("特产")}, {WORD("生煎")}, {WORD("小笼")}, {WORD("包子")}, {WORD("水饺")}, {WORD("豆腐")}, {WORD("大盘鸡")},
	{WORD("保险")}, {WORD("证券")}, {WORD("晚报")}, {WORD("日报")}, {WORD("老字号")}, {WORD("烤肉")}, {WORD("烧烤")}, {WORD("人寿")},
	{WORD("现代")}, {WORD("本田")}, {WORD("大众汽车")}, {WORD("酒家")}, {WORD("发廊")}, {WORD("理发")}
};

/* Places with names of their own: a city before them is where they are. */
static const Word own_places[] = {
	{WORD("广场")}, {WORD("大厦")}, {WORD("体育中心")}, {WORD("购物中心")}, {WORD("市场")}, {WORD("商城")}, {WORD("商贸城")}, {WORD("招商城")}, {WORD("大悦城")},
	{WORD("火车站")}, {WORD("机场")}, {WORD("万达")}, {WORD("银泰")}, {WORD("软件园")}, {WORD("创意园")}, {WORD("步行街")}, {WORD("奥特莱斯")}
};

/* Zones of development: none of them is a town. */
static const Word zones[] = {
	{WORD("新区")}, {WORD("开发区")}, {WORD("高新")}, {WORD("经济技术")}, {WORD("经济开发")}, {WORD("经开")}, {WORD("保税")}, {WORD("风景")},
	{WORD("景区")}, {WORD("旅游")}, {WORD("管理区")}, {WORD("示范区")}
};

/* What ends in 区 and is no district. */
static const Word quarters[] = {
	{WORD("小区")}, {WORD("社区")}, {WORD("校区")}, {WORD("园区")}, {WORD("厂区")}, {WORD("住区")}, {WORD("院区")},
	{WORD("库区")}, {WORD("古镇")}, {WORD("东区")}, {WORD("西区")}, {WORD("南区")}, {WORD("北区")}, {WORD("中区")},
	{WORD("一区")}, {WORD("二区")}, {WORD("三区")}
};

/* Places that are called after the division they lie in. */
static const Word institutions[] = {
	{WORD("中学")}, {WORD("小学")}, {WORD("学校")}, {WORD("医院")}, {WORD("市场")}, {WORD("中心")}, {WORD("工业")},
	{WORD("幼儿园")}, {WORD("卫生院")}, {WORD("派出所")}, {WORD("敬老院")}, {WORD("政府")}, {WORD("服装城")}, {WORD("家具城")},
	{WORD("建材城")}, {WORD("皮革城")}, {WORD("商贸城")}, {WORD("批发")}, {WORD("农贸")}
};

/* What stands between a name and the road it is given to: 南京|东|路, 朝阳|北|大街, 解放|中|三|路. */
static const Word between[] = {
	{WORD("东")}, {WORD("西")}, {WORD("南")}, {WORD("北")}, {WORD("中")}, {WORD("支")}, {WORD("横")}, {WORD("前")},
	{WORD("后")}, {WORD("新")}, {WORD("老")}, {WORD("大")}, {WORD("小")}
};

/* What stands before that: 平安|里|西大街, 安定|门外|大街. */
static const Word gates[] = {
	{WORD("里")}, {WORD("门外")}, {WORD("门内")}
};

static const Word ordinals[] = {
	{WORD("一")}, {WORD("二")}, {WORD("三")}, {WORD("四")}, {WORD("五")}, {WORD("六")}, {WORD("七")}, {WORD("八")},
	{WORD("九")}, {WORD("十")}, {WORD("支")}
};

/* How far a road or a place may be ahead. */
#define LOOK_AHEAD 6

static inline bool
is_word_at(const uint32_t *symbol, int at, int length, const uint32_t *word, int word_length)
{
	if (at + word_length > length || symbol[at] != word[0])
		return false;
	for (int i = 1; i < word_length; i++)
	{
		if (symbol[at + i] != word[i])
			return false;
	}
	return true;
}

/* What a symbol may begin, a bit each. */
enum
{
	/* the lowest are 1 << level, for suffixes */
	BEGINS_ROAD = 1 << 6,
	BEGINS_PLACE = 1 << 7,
	BEGINS_HEADING = 1 << 8,
	BEGINS_BETWEEN = 1 << 9,
	BEGINS_ORDINAL = 1 << 10,
	BEGINS_INSTITUTION = 1 << 11,
	BEGINS_ZONE = 1 << 12,
	BEGINS_QUARTER = 1 << 13,
	BEGINS_OWN = 1 << 14
};

#define FIRST_SYMBOL 0x4E00
#define LAST_SYMBOL 0x9FFF

/* Made from the words when it is first asked for. */
static uint16_t beginnings[LAST_SYMBOL - FIRST_SYMBOL + 1];
static bool has_beginnings = false;

/* The suffixes of a level whose first symbols are alike in their last bits: the first, and those that follow; 0 ends them. */
#define ALIKE 16
static uint8_t first_suffix[6][ALIKE];
static uint8_t next_suffix[COUNT(residency_region_suffix)];

static void
add_beginnings(const Word *words, int count, int what)
{
	for (int i = 0; i < count; i++)
		beginnings[words[i].word[0] - FIRST_SYMBOL] |= what;
}

void
residency_region_prepare(void)
{
	if (has_beginnings)
		return;
	for (int i = COUNT(residency_region_suffix) - 1; i >= REGION_SUFFIXES_BARE; i--)
	{
		const RegionSuffix *suffix = &residency_region_suffix[i];
		uint8_t	   *first = &first_suffix[suffix->level][suffix->word[0] % ALIKE];

		beginnings[suffix->word[0] - FIRST_SYMBOL] |= 1 << suffix->level;
		next_suffix[i] = *first;
		*first = (uint8_t) i;
	}
	add_beginnings(roads, COUNT(roads), BEGINS_ROAD);
	add_beginnings(places, COUNT(places), BEGINS_PLACE);
	add_beginnings(dishes, COUNT(dishes), BEGINS_PLACE);
	add_beginnings(institutions, COUNT(institutions), BEGINS_INSTITUTION);
	add_beginnings(own_places, COUNT(own_places), BEGINS_OWN);
	add_beginnings(zones, COUNT(zones), BEGINS_ZONE);
	add_beginnings(quarters, COUNT(quarters), BEGINS_QUARTER);
	add_beginnings(headings, COUNT(headings), BEGINS_HEADING);
	add_beginnings(gates, COUNT(gates), BEGINS_BETWEEN);
	add_beginnings(between, COUNT(between), BEGINS_BETWEEN);
	add_beginnings(ordinals, COUNT(ordinals), BEGINS_ORDINAL);
	has_beginnings = true;
}

static inline bool
begins(const uint32_t *symbol, int at, int length, int what)
{
	return at < length && symbol[at] >= FIRST_SYMBOL && symbol[at] <= LAST_SYMBOL &&
		(beginnings[symbol[at] - FIRST_SYMBOL] & what) != 0;
}

/* The length of the first of the words that stands at symbol[at]. */
static int
word_at(const uint32_t *symbol, int at, int length, int what, const Word *words, int count)
{
	if (!begins(symbol, at, length, what))
		return 0;
	for (int i = 0; i < count; i++)
	{
		if (is_word_at(symbol, at, length, words[i].word, words[i].length))
			return words[i].length;
	}
	return 0;
}

int
residency_region_suffix_at(const uint32_t *symbol, int at, int length, int level)
{
	int			longest = 0;

	if (!begins(symbol, at, length, 1 << level))
		return 0;
	for (int i = first_suffix[level][symbol[at] % ALIKE]; i != 0; i = next_suffix[i])
	{
		const RegionSuffix *s = &residency_region_suffix[i];

		if ((longest == 0 || s->length > residency_region_suffix[longest].length) &&
			is_word_at(symbol, at, length, s->word, s->length))
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
			is_word_at(name, length - s->length, length, s->word, s->length))
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
			is_word_at(name, from, end, nations[i].word, nations[i].length))
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

int
residency_region_heading_at(const uint32_t *symbol, int at, int length)
{
	return word_at(symbol, at, length, BEGINS_HEADING, headings, COUNT(headings));
}

static inline bool
is_text(uint32_t symbol)
{
	return symbol > 0x2E7F;
}

/* Whether a road stands at symbol[at], its own name left out: 路, 东路, 三路, 东三路, 五西路. */
static bool
is_rest_of_road(const uint32_t *symbol, int at, int length)
{
	int			direction;
	int			ordinal;

	at += word_at(symbol, at, length, BEGINS_BETWEEN, gates, COUNT(gates));
	at += direction = word_at(symbol, at, length, BEGINS_BETWEEN, between, COUNT(between));
	at += ordinal = word_at(symbol, at, length, BEGINS_ORDINAL, ordinals, COUNT(ordinals));
	if (direction == 0 && ordinal > 0)
		at += word_at(symbol, at, length, BEGINS_BETWEEN, between, COUNT(between));
	return word_at(symbol, at, length, BEGINS_ROAD, roads, COUNT(roads)) != 0;
}

/* Whether a zone, a district or a town is named that no gazetteer has: 中山|石岐区, 合肥|滨湖新区. */
static bool
is_area_ahead(const uint32_t *symbol, int at, int length)
{
	for (int i = at; i < length && i < at + LOOK_AHEAD && is_text(symbol[i]); i++)
	{
		if (word_at(symbol, i, length, BEGINS_ZONE, zones, COUNT(zones)))
			return true;
		if (i > at + 1 && (symbol[i] == L'镇' || symbol[i] == L'区') &&
			!word_at(symbol, i - 1, i + 1, BEGINS_QUARTER, quarters, COUNT(quarters)))
			return true;
	}
	return false;
}

/* Whether the road at symbol[i] is the end of another name: 吴中|郭巷尹山湖. */
static bool
is_lane_of_name(const uint32_t *symbol, int at, int i, int length)
{
	return i == at + 1 && symbol[i] == L'巷' && i + 1 < length && is_text(symbol[i + 1]);
}

NameContinuation
residency_region_continues(const uint32_t *symbol, int at, int length)
{
	int			place;

	if (at >= length || !is_text(symbol[at]))
		return CONTINUES_NOT;
	place = word_at(symbol, at, length, BEGINS_PLACE, places, COUNT(places));
	/* 美兰|新村路 */
	if (place > 1 && word_at(symbol, at + place, length, BEGINS_ROAD, roads, COUNT(roads)))
		return CONTINUES_ROAD;
	if (place != 0 || is_rest_of_road(symbol, at, length) ||
		word_at(symbol, at, length, BEGINS_PLACE, dishes, COUNT(dishes)) ||
		residency_region_suffix_at(symbol, at, length, 4) || residency_region_suffix_at(symbol, at, length, 5))
		return CONTINUES_NAME;
	if (is_area_ahead(symbol, at, length))
		return CONTINUES_AREA;
	for (int i = at; i < length && i < at + LOOK_AHEAD && is_text(symbol[i]); i++)
	{
		if (word_at(symbol, i, length, BEGINS_ROAD, roads, COUNT(roads)) && !is_lane_of_name(symbol, at, i, length))
			return i - at >= 2 ? CONTINUES_ROAD : CONTINUES_NAME;
		if (word_at(symbol, i, length, BEGINS_PLACE, places, COUNT(places)) ||
			word_at(symbol, i, length, BEGINS_INSTITUTION, institutions, COUNT(institutions)))
			return CONTINUES_PLACE;
	}
	return CONTINUES_NOT;
}

bool
residency_region_is_road(const uint32_t *symbol, int at, int length)
{
	int			word = word_at(symbol, at, length, BEGINS_ROAD, roads, COUNT(roads));

	return word != 0 && (at + word == length || !is_text(symbol[at + word]));
}

bool
residency_region_is_zone(const uint32_t *symbol, int at, int length)
{
	return word_at(symbol, at, length, BEGINS_ZONE, zones, COUNT(zones)) != 0;
}

bool
residency_region_is_general(const uint32_t *symbol, int from, int to, int length)
{
	return (from <= to - 2 && word_at(symbol, to - 2, to, BEGINS_PLACE, places, COUNT(places)) == 2) ||
		(residency_region_is_road(symbol, to - 1, to) && !is_lane_of_name(symbol, to - 2, to - 1, length));
}

bool
residency_region_is_own_place(const uint32_t *symbol, int at, int length)
{
	for (int i = at + 2; i < length && i < at + LOOK_AHEAD && is_text(symbol[i]); i++)
	{
		if (word_at(symbol, i, length, BEGINS_OWN, own_places, COUNT(own_places)))
			return true;
	}
	return false;
}

bool
residency_region_is_institution(const uint32_t *symbol, int at, int length)
{
	return word_at(symbol, at, length, BEGINS_INSTITUTION, institutions, COUNT(institutions)) != 0 ||
		(at < length && symbol[at] == L'大' &&
		 word_at(symbol, at + 1, length, BEGINS_INSTITUTION, institutions, COUNT(institutions)) != 0);
}
