/*
 * address_parse_test.c
 *	  Addresses and the pieces that they are cut into, in a small gazetteer; and
 *	  that no text takes long.
 */
#include "unit.h"

#include <stdlib.h>
#include <time.h>

#include "core/address_parse.h"

/* One address a line: its pieces, `element=text`, with tabs between; a remark's begin with *; what is no piece has no element. */
#define PIECES "test/unit/address_piece.tsv"

#define NAME(division, name, kind) {INT64_C(division), name, sizeof(name) - 1, kind}

static const GazetteerName names[] = {
	NAME(110000000000, "北京市", NAME_OFFICIAL), NAME(110100000000, "市辖区", NAME_HEADING),
	NAME(110105000000, "朝阳区", NAME_OFFICIAL), NAME(310000000000, "上海市", NAME_OFFICIAL),
	NAME(310115000000, "浦东新区", NAME_OFFICIAL), NAME(320000000000, "江苏省", NAME_OFFICIAL),
	NAME(320100000000, "南京市", NAME_OFFICIAL), NAME(320106000000, "鼓楼区", NAME_OFFICIAL),
	NAME(330000000000, "浙江省", NAME_OFFICIAL), NAME(330100000000, "杭州市", NAME_OFFICIAL),
	NAME(330106000000, "西湖区", NAME_OFFICIAL), NAME(330110000000, "余杭区", NAME_OFFICIAL),
	NAME(330110012000, "仓前街道", NAME_OFFICIAL), NAME(330110005000, "五常街道", NAME_OFFICIAL),
	NAME(330400000000, "嘉兴市", NAME_OFFICIAL), NAME(330481000000, "海宁市", NAME_OFFICIAL),
	NAME(370000000000, "山东省", NAME_OFFICIAL), NAME(370200000000, "青岛市", NAME_OFFICIAL),
	NAME(370203000000, "市北区", NAME_OFFICIAL), NAME(370203030000, "水清沟街道", NAME_OFFICIAL),
	NAME(440000000000, "广东省", NAME_OFFICIAL), NAME(440100000000, "广州市", NAME_OFFICIAL),
	NAME(440106000000, "天河区", NAME_OFFICIAL), NAME(440113000000, "番禺区", NAME_OFFICIAL),
	NAME(440113012000, "大石街道", NAME_OFFICIAL), NAME(440113012208, "礼村村委会", NAME_OFFICIAL),
	NAME(440113014000, "石壁街道", NAME_OFFICIAL), NAME(440113014208, "都那村委会", NAME_OFFICIAL),
	NAME(440113102000, "南村镇", NAME_OFFICIAL), NAME(440113102208, "里仁洞村委会", NAME_OFFICIAL),
	NAME(441900000000, "东莞市", NAME_OFFICIAL), NAME(441900119000, "长安镇", NAME_OFFICIAL),
	NAME(460000000000, "海南省", NAME_OFFICIAL), NAME(460100000000, "海口市", NAME_OFFICIAL),
	NAME(460106000000, "龙华区", NAME_OFFICIAL), NAME(460106003000, "金贸街道", NAME_OFFICIAL),
	NAME(460106003010, "玉沙社区居委会", NAME_OFFICIAL), NAME(460200000000, "三亚市", NAME_OFFICIAL),
	NAME(460204000000, "天涯区", NAME_OFFICIAL), NAME(460400000000, "儋州市", NAME_OFFICIAL),
	NAME(460400100000, "那大镇", NAME_OFFICIAL), NAME(469000000000, "省直辖县级行政区划", NAME_HEADING),
	NAME(469002000000, "琼海市", NAME_OFFICIAL), NAME(469002104000, "博鳌镇", NAME_OFFICIAL),
	NAME(469028000000, "陵水黎族自治县", NAME_OFFICIAL), NAME(469028107000, "新村镇", NAME_OFFICIAL),
	NAME(469028107001, "新村村委会", NAME_OFFICIAL),
	NAME(330106000000, "文一西路", NAME_ROAD), NAME(330106000000, "黄龙洞天", NAME_ESTATE),
};

/* Writes the pieces of an address as the table has them. */
static void
write_pieces(const Gazetteer *gazetteer, const char *address, char *out)
{
	static AddressParse parse;
	size_t		len = strlen(address);
	size_t		at = 0;

	residency_address_parse(gazetteer, address, len, 0, &parse);
	*out = '\0';
	for (int i = 0; i < parse.npieces; i++)
	{
		const AddressPiece *piece = &parse.piece[i];
		size_t		from = parse.text.offset[piece->from];
		size_t		to = parse.text.offset[piece->to - 1] + 1;

		while (to < len && ((unsigned char) address[to] & 0xC0) == 0x80)
			to++;
		if (from > at)
			out += sprintf(out, "%s=%.*s", at > 0 ? "\t" : "", (int) (from - at), address + at);
		out += sprintf(out, "%s%s%s=%.*s", from > 0 ? "\t" : "", piece->remark ? "*" : "",
					   residency_address_element_name(piece->kind), (int) (to - from), address + from);
		at = to;
	}
	if (at < len)
		sprintf(out, "%s=%s", at > 0 ? "\t" : "", address + at);
}

/* The address that a line of the table cuts. */
static void
join(const char *line, char *address)
{
	while (*line != '\0')
	{
		line += strcspn(line, "=");
		for (line += *line == '='; *line != '\t' && *line != '\0'; line++)
			*address++ = *line;
		line += *line == '\t';
	}
	*address = '\0';
}

static void
test_pieces(const Gazetteer *gazetteer)
{
	FILE	   *file = fopen(PIECES, "r");
	char		line[2048];
	char		address[2048];
	char		pieces[8192];
	int			count = 0;

	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
	{
		line[strcspn(line, "\n")] = '\0';
		join(line, address);
		write_pieces(gazetteer, address, pieces);
		ok(strcmp(pieces, line) == 0, "address: %s", line);
		if (strcmp(pieces, line) != 0)
			printf("# got %s\n", pieces);
		count++;
	}
	if (file != NULL)
		fclose(file);
	ok(count >= 200, "address: %d addresses were cut", count);
}

/* The seconds that a text takes which says `word` again and again. */
static double
seconds(const Gazetteer *gazetteer, const char *word, size_t size, AddressParse *parse)
{
	char	   *text = malloc(size);
	size_t		length = strlen(word);
	double		best = 1e9;

	for (size_t i = 0; i < size; i++)
		text[i] = word[i % length];
	for (int i = 0; i < 3; i++)
	{
		clock_t		start = clock();
		double		took;

		residency_address_parse(gazetteer, text, size, 0, parse);
		took = (double) (clock() - start) / CLOCKS_PER_SEC;
		if (took < best)
			best = took;
	}
	free(text);
	return best;
}

/* A text of 1 MB takes about twice as long as one of 0.5 MB, whatever it says. */
static void
test_time(const Gazetteer *gazetteer)
{
	static const char *const words[] = {
		"号", "(", "()", ")", "\xE5", "\xFF", "5", "一", "市", "村", "路", "12-", "之1", "浙江省杭州市", "张先生", "对面", "A", "附近的东西", ","
	};
	static AddressParse parse;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
	{
		double		half = seconds(gazetteer, words[i], 512 << 10, &parse);
		double		whole = seconds(gazetteer, words[i], 1 << 20, &parse);

		ok(whole < 3 * half + 0.02, "address: 1 MB of '%s' is read in %.1f ms, half of it in %.1f ms", words[i][0] < 0 && words[i][1] == '\0' ? "a broken byte" : words[i],
		   1000 * whole, 1000 * half);
	}
}

void
test_address_parse(void)
{
	static AddressParse parse;
	size_t		size;
	Gazetteer  *gazetteer = residency_gazetteer_build(names, sizeof(names) / sizeof(names[0]), malloc, &size);

	test_pieces(gazetteer);

	residency_address_parse(gazetteer, "", 0, 0, &parse);
	ok(parse.npieces == 0 && parse.division == 0, "address: an empty text has no pieces");
	residency_address_parse(NULL, "文三路90号", strlen("文三路90号"), 0, &parse);
	ok(parse.npieces == 2 && parse.nreadings == 0, "address: it is cut without a gazetteer");
	residency_address_parse(gazetteer, "鼓楼区", strlen("鼓楼区"), 0, &parse);
	ok(parse.division == INT64_C(320106000000) && parse.piece[0].division == parse.division,
	   "address: a division's piece has its code");
	residency_address_parse(gazetteer, "杭州市西湖区文一西路与黄龙洞天", strlen("杭州市西湖区文一西路与黄龙洞天"), 0, &parse);
	ok(parse.npieces == 5 && parse.piece[2].kind == ADDRESS_ROAD && parse.piece[4].kind == ADDRESS_ESTATE,
	   "address: roads and estates are known by their names");
	for (int kind = 1; kind < ADDRESS_KINDS; kind++)
		ok(strcmp(residency_address_element_name(kind), "none") != 0 && residency_address_naacl_label(kind) != NULL,
		   "address: kind %d is called %s", kind, residency_address_element_name(kind));

	test_time(gazetteer);
	free(gazetteer);
}
