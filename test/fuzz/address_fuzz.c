/*
 * address_fuzz.c
 *	  Whatever an address says, its pieces stand in it side by side, all that is no
 *	  separator belongs to one, and the same text is cut the same way again.
 */
#include "fuzz.h"

#include "core/address_parse.h"
#include "core/division_code.h"

#define NAME(division, name, kind) {INT64_C(division), name, sizeof(name) - 1, kind}

static const GazetteerName names[] = {
	NAME(440000000000, "广东省", NAME_OFFICIAL), NAME(440100000000, "广州市", NAME_OFFICIAL),
	NAME(440113000000, "番禺区", NAME_OFFICIAL), NAME(440113102000, "南村镇", NAME_OFFICIAL),
	NAME(440113102208, "里仁洞村民委员会", NAME_OFFICIAL), NAME(310000000000, "上海市", NAME_OFFICIAL),
	NAME(460000000000, "海南省", NAME_OFFICIAL), NAME(469000000000, "省直辖县级行政区划", NAME_HEADING),
	NAME(460106000000, "龙华区", NAME_OFFICIAL), NAME(440309000000, "龙华区", NAME_OFFICIAL),
	NAME(440113102000, "三坊大街", NAME_ROAD), NAME(440113102000, "雅居乐", NAME_ESTATE)
};

/* Words that addresses are made of. */
static const char *const words[] = {
	"广东省", "广州", "番禺区", "南村", "里仁洞村", "上海", "海南", "省直辖县级行政区划", "龙华", "三坊大街", "雅居乐", "文一西", "路", "街道",
	"巷", "弄", "村", "社区", "组", "号", "号楼", "号院", "栋", "座", "单元", "门", "层", "楼", "室", "房", "区", "期", "米", "口", "花园",
	"公司", "大学", "城", "东", "西", "旁", "对面", "与", "和", "往", "张", "先生", "收", "地址", "电话", "中国", "即可", "之", "附", "第", "负",
	"甲", "一", "十", "二", "1", "12", "305", "13800138000", "0571-8", "A", "F", "SOHO", "#", "-", ",", "(", ")", " ", "桥", "龘", "\xE5"
};

#define WORDS (sizeof(words) / sizeof(words[0]))

/* The most words of an address that is made: people write a dozen. */
#define WORDS_MADE 48

/* An address of words, one for each byte. */
static size_t
make_address(const uint8_t *data, size_t size, char *out)
{
	char	   *end = out;

	for (size_t i = 0; i < size; i++)
	{
		const char *word = words[data[i] % WORDS];
		size_t		length = strlen(word);

		memcpy(end, word, length);
		end += length;
	}
	return (size_t) (end - out);
}

static bool
separates(uint32_t symbol)
{
	return symbol < 0x80 && !(symbol >= '0' && symbol <= '9') && !(symbol >= 'A' && symbol <= 'Z') && symbol != '#';
}

static void
check(const Gazetteer *gazetteer, const char *address, size_t size)
{
	static AddressParse parse;
	static AddressParse again;
	int			end = 0;

	residency_address_parse(gazetteer, address, size, 0, &parse);
	residency_address_parse(gazetteer, address, size, 0, &again);
	HOLDS(parse.npieces >= 0 && parse.npieces <= RESIDENCY_ADDRESS_PIECES);
	HOLDS(parse.nreadings >= 0 && parse.nreadings <= RESIDENCY_READINGS);
	HOLDS(parse.npieces == again.npieces && parse.division == again.division);
	HOLDS(parse.division == 0 || residency_division_code_check(parse.division) == DIVISION_CODE_FINE);
	for (int i = 0; i < parse.npieces; i++)
	{
		const AddressPiece *piece = &parse.piece[i];

		HOLDS(memcmp(piece, &again.piece[i], sizeof(AddressPiece)) == 0);
		HOLDS(piece->from >= end && piece->to > piece->from && piece->to <= parse.text.length);
		HOLDS(piece->kind > ADDRESS_NONE && piece->kind < ADDRESS_KINDS);
		HOLDS(piece->division == 0 || residency_division_code_check(piece->division) == DIVISION_CODE_FINE);
		for (int at = end; at < piece->from; at++)
			HOLDS(separates(parse.text.symbol[at]));
		end = piece->to;
	}
	for (int at = end; parse.npieces > 0 && at < parse.text.length; at++)
		HOLDS(separates(parse.text.symbol[at]));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static Gazetteer *gazetteer = NULL;
	static char made[WORDS_MADE * 40];
	size_t		room;

	if (gazetteer == NULL)
		gazetteer = residency_gazetteer_build(names, sizeof(names) / sizeof(names[0]), malloc, &room);
	check(gazetteer, (const char *) data, size);
	check(NULL, (const char *) data, size);
	if (size <= WORDS_MADE)
		check(gazetteer, made, make_address(data, size, made));
	return 0;
}
