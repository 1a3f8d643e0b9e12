/*
 * address_normalize_test.c
 *	  Canonical elements: where each piece goes, and how numbers are written.
 */
#include "unit.h"

#include <stdlib.h>

#include "core/address.h"

static void *
give(size_t size)
{
	return malloc(size);
}

/* A gazetteer of Panyu, Haikou and Danzhou, as far as the tests name them. */
static Gazetteer *
small_gazetteer(void)
{
	static const struct
	{
		int64_t		division;
		const char *name;
		uint8_t		kind;
	}			rows[] = {
		{440000000000, "广东省", NAME_OFFICIAL}, {440100000000, "广州市", NAME_OFFICIAL},
		{440113000000, "番禺区", NAME_OFFICIAL}, {440113102000, "南村镇", NAME_OFFICIAL},
		{440113102208, "里仁洞村民委员会", NAME_OFFICIAL},
		{460000000000, "海南省", NAME_OFFICIAL}, {460100000000, "海口市", NAME_OFFICIAL},
		{460106000000, "龙华区", NAME_OFFICIAL}, {460106003000, "金贸街道", NAME_OFFICIAL},
		{460106003010, "玉沙社区居民委员会", NAME_OFFICIAL},
		{469000000000, "省直辖县级行政区划", NAME_HEADING}, {469002000000, "琼海市", NAME_OFFICIAL},
		{469002104000, "博鳌镇", NAME_OFFICIAL}, {469002104201, "朝阳村委会", NAME_OFFICIAL},
		{469028000000, "陵水黎族自治县", NAME_OFFICIAL}, {469028102000, "新村镇", NAME_OFFICIAL},
		{469028102201, "新村村委会", NAME_OFFICIAL}
	};
	GazetteerName names[sizeof(rows) / sizeof(rows[0])];
	size_t		count = sizeof(rows) / sizeof(rows[0]);
	size_t		size;

	for (size_t i = 0; i < count; i++)
		names[i] = (GazetteerName) {
			.division = rows[i].division,.name = rows[i].name,
			.length = (uint16_t) strlen(rows[i].name),.kind = rows[i].kind
		};
	return residency_gazetteer_build(names, count, give, &size);
}

static int
kind_of(const char *name, size_t length)
{
	for (int kind = ADDRESS_NONE + 1; kind < ADDRESS_KINDS; kind++)
	{
		const char *known = residency_address_element_name(kind);

		if (strlen(known) == length && memcmp(known, name, length) == 0)
			return kind;
	}
	return ADDRESS_NONE;
}

/*
 * Pieces are given as "kind=text kind=text …", a remark as "kind(=text", one that
 * names the division as "kind@=text"; what is expected as "element=value …".
 */
static void
makes(const Gazetteer *gazetteer, int64_t division, const char *pieces, const char *expected)
{
	AddressParse parse;
	AddressParts parts;
	char		text[1024] = "";
	char		room[RESIDENCY_ADDRESS_SIZE];
	char		made[2048] = "";
	const char *at = pieces;

	memset(&parse, 0, sizeof(parse));
	parse.division = division;
	while (*at != '\0')
	{
		AddressPiece *piece = &parse.piece[parse.npieces++];
		size_t		name = strcspn(at, "=(@");
		const char *value;
		size_t		length;

		piece->kind = (uint8_t) kind_of(at, name);
		piece->remark = at[name] == '(';
		piece->division = at[name] == '@' ? division : 0;
		value = at + name + (at[name] == '=' ? 1 : 2);
		length = strcspn(value, " ");
		piece->from = (uint16_t) parse.text.length;
		strncat(text, value, length);
		residency_address_fold(text, strlen(text), &parse.text);
		piece->to = (uint16_t) parse.text.length;
		at = value + length;
		at += strspn(at, " ");
	}
	residency_address_normalize(gazetteer, &parse, &parts, room);
	for (int i = 0; i < parts.count; i++)
		sprintf(made + strlen(made), "%s%s=%.*s", i > 0 ? " " : "",
				residency_address_element_name(parts.element[i].level),
				(int) parts.element[i].length, parts.element[i].value);
	ok(parts.division == division && strcmp(made, expected) == 0, "address: %s makes %s (%s)", pieces, made, expected);
}

static void
test_numbers(const Gazetteer *g)
{
	static const struct
	{
		const char *kind;
		const char *written;
		const char *canonical;
	}			rows[] = {
		{"road_no", "12号", "12号"}, {"road_no", "12", "12号"}, {"road_no", "12#", "12号"}, {"road_no", "012号", "12号"},
		{"road_no", "十二号", "12号"}, {"road_no", "一百零二号", "102号"}, {"road_no", "廿三号", "23号"}, {"road_no", "一二三号", "123号"},
		{"road_no", "12-1号", "12号之1"}, {"road_no", "12号-1", "12号之1"}, {"road_no", "12-1", "12号之1"},
		{"road_no", "12号之一", "12号之1"}, {"road_no", "12之1号", "12号之1"}, {"road_no", "12之一号", "12号之1"},
		{"road_no", "12号附1号", "12号之1"}, {"road_no", "12附1号", "12号之1"}, {"road_no", "十二号之十一", "12号之11"},
		{"road_no", "12号之1", "12号之1"}, {"road_no", "附1号", "附1号"}, {"road_no", "甲12号", "甲12号"}, {"road_no", "12甲号", "12甲号"},
		{"road_no", "12号A", "12号A"}, {"road_no", "28弄3号", "28弄3号"}, {"road_no", "18号院", "18号院"}, {"road_no", "１２號", "12号"},
		{"building", "3栋", "3栋"}, {"building", "三栋", "3栋"}, {"building", "03栋", "3栋"}, {"building", "A座", "A座"},
		{"building", "a座", "A座"}, {"building", "3#", "3号楼"}, {"building", "3#楼", "3号楼"}, {"building", "十二号楼", "12号楼"},
		{"building", "12", "12"}, {"building", "八一楼", "八一楼"}, {"building", "10栋", "10栋"},
		{"unit", "二单元", "2单元"}, {"unit", "02单元", "2单元"}, {"unit", "3", "3"}, {"unit", "甲单元", "甲单元"}, {"unit", "二门", "2门"},
		{"floor", "5层", "5层"}, {"floor", "5楼", "5层"}, {"floor", "五楼", "5层"}, {"floor", "5F", "5层"}, {"floor", "十五层", "15层"},
		{"floor", "B1", "负1层"}, {"floor", "B1层", "负1层"}, {"floor", "负一层", "负1层"}, {"floor", "地下一层", "负1层"}, {"floor", "-1层", "负1层"},
		{"floor", "第五层", "5层"}, {"floor", "顶层", "顶层"}, {"floor", "3-5层", "3-5层"}, {"floor", "廿一楼", "21层"},
		{"room", "302房", "302房"}, {"room", "0302室", "0302室"}, {"room", "302", "302"}, {"room", "三〇二室", "302室"},
		{"room", "三零二室", "302室"}, {"room", "b1201", "B1201"}, {"room", "一号铺", "1号铺"},
		{"village_group", "三组", "3组"}, {"village_group", "第三村民小组", "3组"}, {"village_group", "3小组", "3组"},
		{"village_group", "五队", "5队"}, {"village_group", "大路坡村", "大路坡村"}, {"village_group", "十里屯", "十里屯"},
		{"road", "三坊大街", "三坊大街"}, {"road", "八巷", "8巷"}, {"road", "十二巷", "12巷"}, {"road", "八一巷", "八一巷"}, {"road", "五一路", "五一路"},
		{"road", "十二湾", "十二湾"}, {"estate", "八一大厦", "八一大厦"}, {"estate", "五號廣場", "五号广场"}
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
	{
		char		piece[128];
		char		expected[128];

		sprintf(piece, "%s=%s", rows[i].kind, rows[i].written);
		sprintf(expected, "%s=%s", rows[i].kind, rows[i].canonical);
		makes(g, 0, piece, expected);
		makes(g, 0, expected, expected);
	}
}

void
test_address_normalize(void)
{
	Gazetteer  *g = small_gazetteer();

	test_numbers(g);

	/* the division gives the levels above by their official names */
	makes(g, 440113102208, "community@=里仁洞 road=三坊大街 road_no=12号之一 room=302房",
		  "province=广东省 city=广州市 county=番禺区 township=南村镇 community=里仁洞村 road=三坊大街 road_no=12号之1 room=302房");
	makes(g, 469002104201, "", "province=海南省 county=琼海市 township=博鳌镇 community=朝阳村");
	makes(g, 460106003010, "", "province=海南省 city=海口市 county=龙华区 township=金贸街道 community=玉沙社区");
	makes(g, 469028102201, "", "province=海南省 county=陵水黎族自治县 township=新村镇 community=新村村");
	makes(g, 440113000000, "township=新造镇 community=南约村民委员会",
		  "province=广东省 city=广州市 county=番禺区 township=新造镇 community=南约村");
	makes(g, 0, "community=里仁洞村村民委员会", "community=里仁洞村");
	makes(g, 0, "community=城东居委会", "community=城东社区");
	makes(g, 0, "community=村委会", "community=村委会");
	makes(g, 0, "", "");

	/* what is no part of the place, and what is beside it */
	makes(g, 0, "label=地址 road=解放路 person=张先生 phone=13800138000 country=中国 redundant=解放路", "road=解放路");
	makes(g, 0, "road=国贸路 road_no=5号 estate(=玉沙广场 building=3栋", "road=国贸路 road_no=5号 building=3栋 detail=玉沙广场");
	makes(g, 0, "road=文一路 assist=与 road=古墩路 assist=交叉口", "road=文一路 detail=与古墩路交叉口");
	makes(g, 0, "road=文一路 assist=与 road=古墩路 road_no=5号", "road=文一路 detail=与古墩路5号");
	makes(g, 0, "estate=西溪大厦 assist=旁 estate=南苑小区 building=3幢", "estate=南苑小区 building=3幢 detail=西溪大厦旁");

	/* two of a level */
	makes(g, 0, "road=三坊大街 subroad=八巷 road_no=2号", "road=三坊大街8巷 road_no=2号");
	makes(g, 0, "road=人民路 road_no=12号 subroad=3巷 subroad_no=5号", "road=人民路 road_no=12号3巷5号");
	makes(g, 0, "road=新沪路 road_no=58弄 road_no=3号", "road=新沪路 road_no=58弄3号");
	makes(g, 0, "village_group=大路坡村 village_group=三组", "village_group=大路坡村3组");
	makes(g, 469002104201, "community=大路坡村 road_no=18号",
		  "province=海南省 county=琼海市 township=博鳌镇 community=朝阳村 village_group=大路坡村 road_no=18号");
	makes(g, 0, "estate=皮革城 subestate=三期 building=A座", "estate=皮革城三期 building=A座");
	makes(g, 0, "estate=玉沙广场 building=3栋 subestate=开心店", "estate=玉沙广场 building=3栋 detail=开心店");
	makes(g, 0, "building=3栋 room=302 building=3栋", "building=3栋 room=302");
	makes(g, 0, "room=302 room=303", "room=302-303");

	/* an element is cut at a character */
	{
		char		piece[600] = "estate=";
		char		expected[600] = "estate=";

		for (int i = 0; i < 100; i++)
		{
			strcat(piece, "园");
			if (i < 85)
				strcat(expected, "园");
		}
		makes(g, 0, piece, expected);
	}
	free(g);
}
