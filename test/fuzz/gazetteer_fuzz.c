/*
 * gazetteer_fuzz.c
 *	  Whatever an address says, its symbols stood in it, and the divisions read
 *	  are lines that lie side by side in it.
 */
#include "fuzz.h"

#include "core/address_text.h"
#include "core/division_code.h"
#include "core/gazetteer.h"

#define NAME(division, name, kind) {INT64_C(division), name, sizeof(name) - 1, kind}

static const GazetteerName names[] = {
	NAME(440000000000, "广东省", NAME_OFFICIAL), NAME(440100000000, "广州市", NAME_OFFICIAL),
	NAME(440113000000, "番禺区", NAME_OFFICIAL), NAME(440113000000, "番禺市", NAME_FORMER),
	NAME(440113102000, "南村镇", NAME_OFFICIAL), NAME(440113102208, "里仁洞村民委员会", NAME_OFFICIAL),
	NAME(440113007000, "市桥街道", NAME_OFFICIAL), NAME(440000000000, "粤", NAME_ALIAS),
	NAME(460000000000, "海南省", NAME_OFFICIAL), NAME(460100000000, "海口市", NAME_OFFICIAL),
	NAME(460106000000, "龙华区", NAME_OFFICIAL), NAME(440309000000, "龙华区", NAME_OFFICIAL),
	NAME(440300000000, "深圳市", NAME_OFFICIAL), NAME(469000000000, "省直辖县级行政区划", NAME_HEADING),
	NAME(469027000000, "乐东黎族自治县", NAME_OFFICIAL), NAME(110000000000, "北京市", NAME_OFFICIAL),
	NAME(110100000000, "市辖区", NAME_HEADING), NAME(440113102000, "三坊大街", NAME_ROAD),
	NAME(440113012000, "a", NAME_OFFICIAL), NAME(440113012001, "aa", NAME_OFFICIAL)
};

static void
check_text(const AddressText *text, size_t size)
{
	HOLDS(text->length >= 0 && text->length <= RESIDENCY_ADDRESS_CHARACTERS);
	HOLDS(text->symbol[text->length] == 0);
	HOLDS((size_t) text->total <= size && text->offset[text->length] <= size);
	for (int i = 0; i < text->length; i++)
	{
		HOLDS(text->symbol[i] != 0);
		HOLDS(text->symbol[i] == ',' || residency_address_symbol(text->symbol[i]) == text->symbol[i]);
		HOLDS(text->position[i] < text->total && text->offset[i] < size);
		HOLDS(text->position[i] < text->position[i + 1] && text->offset[i] < text->offset[i + 1]);
	}
}

static void
check_reading(const RegionReading *reading, int length)
{
	int			end = 0;

	HOLDS(residency_division_code_check(reading->division) == DIVISION_CODE_FINE);
	HOLDS(reading->score >= 0 && reading->score <= 1000);
	HOLDS(reading->npieces > 0 && reading->npieces <= RESIDENCY_REGION_PIECES);
	for (int i = 0; i < reading->npieces; i++)
	{
		const RegionPiece *piece = &reading->piece[i];

		HOLDS(piece->from >= end && piece->to > piece->from && piece->to <= length);
		HOLDS(piece->redundant || residency_division_code_within(reading->division, piece->division));
		end = piece->to;
	}
	HOLDS(reading->end == end);
}

/* Words that addresses are made of. */
static const char *const words[] = {
	"广东", "广州", "番禺", "南村", "里仁洞", "市桥", "海南", "海口", "龙华", "深圳", "乐东", "北京", "粤", "三坊大街", "省", "市", "区",
	"县", "镇", "街道", "街", "村", "村委会", "社区", "市辖区", "省直辖县级行政区划", "城区", "东", "路", "花园", "，", "（", "-", "1", "號",
	" ", "黎族自治县", "A", "\xE5"
};

#define WORDS (sizeof(words) / sizeof(words[0]))
#define WORDS_OF_ADDRESS 24

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
	return end - out;
}

static void
check_address(const Gazetteer *gazetteer, const char *in, size_t size, int from, int64_t context)
{
	AddressText text;
	RegionReading reading[RESIDENCY_READINGS];
	NameFound	found;
	int			count;

	residency_address_fold(in, size, &text);
	check_text(&text, size);
	from = text.length == 0 ? 0 : from % text.length;
	count = residency_region_read(gazetteer, text.symbol, from, text.length, context, reading);
	HOLDS(count >= 0 && count <= RESIDENCY_READINGS);
	for (int i = 0; i < count; i++)
	{
		check_reading(&reading[i], text.length);
		HOLDS(i == 0 || reading[i].score <= reading[i - 1].score);
	}
	if (residency_gazetteer_place(gazetteer, text.symbol, from, text.length, INT64_C(440113102208), &found))
		HOLDS(found.length > 0 && from + found.length <= text.length && found.kind == NAME_ROAD);
}

/* A gazetteer of anything can be built and read. */
static void
check_any(const uint8_t *data, size_t size, int64_t division)
{
	GazetteerName any[2] = {{division, (const char *) data, (uint16_t) size, data[0] % 6}, names[2]};
	size_t		bytes;
	Gazetteer  *small = residency_gazetteer_build(any, 2, malloc, &bytes);

	check_address(small, (const char *) data, size, 0, division);
	free(small);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static Gazetteer *gazetteer = NULL;
	char		address[WORDS_OF_ADDRESS * 32];
	size_t		bytes;
	int64_t		number = number_of(data, size);
	int64_t		context = number % INT64_C(1000000000000);

	if (gazetteer == NULL)
		gazetteer = residency_gazetteer_build(names, sizeof(names) / sizeof(names[0]), malloc, &bytes);
	check_address(gazetteer, (const char *) data, size, (int) (number & 0x1F), context);
	bytes = make_address(data, size < WORDS_OF_ADDRESS ? size : WORDS_OF_ADDRESS, address);
	check_address(gazetteer, address, bytes, 0, context);
	check_address(gazetteer, address, bytes, (int) (number & 0x1F), INT64_C(440113000000));
	if (size > 1 && data[size - 1] == 0xFF && data[size - 2] == 0xFE)	/* seldom: it takes its time */
		check_any(data, size, context);
	return 0;
}
