/*
 * gazetteer_test.c
 *	  Gazetteers, made up and of the nation: what is found in them, and which
 *	  divisions the head of an address names.
 */
#include "unit.h"

#include <stdlib.h>

#include "core/address_text.h"
#include "core/division_code.h"
#include "core/gazetteer.h"

#define DIVISIONS "sql/schema/0003-division.tsv"
#define ALIASES "sql/schema/0040-division_alias.tsv"
#define HEADS "test/unit/region_head.tsv"

typedef struct Names
{
	GazetteerName *name;
	size_t		count;
	size_t		room;
} Names;

static void
add(Names *names, int64_t division, const char *name, size_t length, int kind)
{
	GazetteerName *n;

	if (names->count == names->room)
	{
		names->room = 2 * names->room + 16;
		names->name = realloc(names->name, names->room * sizeof(GazetteerName));
	}
	n = &names->name[names->count++];
	n->division = division;
	n->name = name;
	n->length = (uint16_t) length;
	n->kind = (uint8_t) kind;
}

static int64_t
code_of(const char *text, size_t length)
{
	int64_t		code = 0;

	residency_division_code_parse(text, length, &code);
	return code;
}

/* The whole of a file, with a zero byte at the end; nothing if it can't be read. */
static char *
read_file(const char *path)
{
	FILE	   *file = fopen(path, "rb");
	size_t		length = 0;
	char	   *text = malloc(1 << 22);

	if (file)
	{
		length = fread(text, 1, (1 << 22) - 1, file);
		fclose(file);
	}
	text[length] = '\0';
	return text;
}

/* Cuts the next line at its tabs into three fields, empty where there is none; moves past it. */
static bool
next_line(char **at, char *field[3])
{
	char	   *end = strchr(*at, '\n');

	if (end == NULL)
		return false;
	*end = '\0';
	for (int i = 0; i < 3; i++)
	{
		char	   *tab = strchr(*at, '\t');

		field[i] = *at;
		*at = tab ? tab + 1 : *at + strlen(*at);
		if (tab)
			*tab = '\0';
	}
	*at = end + 1;
	return true;
}

static void
add_divisions(Names *names, char *at)
{
	char	   *field[3];

	while (next_line(&at, field))
		add(names, code_of(field[0], strlen(field[0])), field[1], strlen(field[1]),
			field[2][0] == '-' ? NAME_HEADING : NAME_OFFICIAL);
}

static void
add_aliases(Names *names, char *at)
{
	char	   *field[3];

	while (next_line(&at, field))
		add(names, code_of(field[1], strlen(field[1])), field[0], strlen(field[0]),
			strcmp(field[2], "former") == 0 ? NAME_FORMER : NAME_ALIAS);
}

static int
read_head(const Gazetteer *gazetteer, const char *address, int64_t context, RegionReading *reading)
{
	AddressText text;

	residency_address_fold(address, strlen(address), &text);
	return residency_region_read(gazetteer, text.symbol, 0, text.length, context, reading);
}

/* The best reading is of `division` and no other is as good; 0: there is none. */
static bool
reads_as(const Gazetteer *gazetteer, const char *address, int64_t context, int64_t division)
{
	RegionReading reading[RESIDENCY_READINGS];
	int			count = read_head(gazetteer, address, context, reading);

	if (division == 0)
		return count == 0;
	return count > 0 && reading[0].division == division && (count == 1 || reading[1].score < reading[0].score);
}

static void
reads(const Gazetteer *gazetteer, const char *address, int64_t context, int64_t division)
{
	ok(reads_as(gazetteer, address, context, division), "region: '%s' in %lld is %lld", address,
	   (long long) context, (long long) division);
}

/* So many divisions are equally good, the first of them `division`. */
static void
is_ambiguous(const Gazetteer *gazetteer, const char *address, int64_t context, int count, int64_t division)
{
	RegionReading reading[RESIDENCY_READINGS];
	int			found = read_head(gazetteer, address, context, reading);
	int			equal = 0;

	while (equal < found && reading[equal].score == reading[0].score)
		equal++;
	ok(equal == count && reading[0].division == division, "region: '%s' is one of %d", address, count);
}

/* The pieces of the best reading, as [from,to)division and = if redundant. */
static void
has_pieces(const Gazetteer *gazetteer, const char *address, const char *expected)
{
	RegionReading reading[RESIDENCY_READINGS];
	char		written[512] = "";
	int			count = read_head(gazetteer, address, 0, reading);

	for (int i = 0; count > 0 && i < reading[0].npieces; i++)
	{
		const RegionPiece *p = &reading[0].piece[i];

		snprintf(written + strlen(written), sizeof(written) - strlen(written), "%s[%d,%d)%lld%s%s", i ? " " : "",
				 p->from, p->to, (long long) p->division, p->shortened ? "~" : "", p->redundant ? "=" : "");
	}
	ok(strcmp(written, expected) == 0, "region: '%s' has %s", address, written);
}

static void
is_place(const Gazetteer *gazetteer, const char *address, int64_t within, int length, int64_t division)
{
	AddressText text;
	NameFound	found = {.length = 0};
	bool		any;

	residency_address_fold(address, strlen(address), &text);
	any = residency_gazetteer_place(gazetteer, text.symbol, 0, text.length, within, &found);
	ok(any == (length > 0) && found.length == length && found.division == division,
	   "gazetteer: '%s' in %lld is of %lld", address, (long long) within, (long long) found.division);
}

static void
is_named(const Gazetteer *gazetteer, int64_t division, const char *expected, bool heading)
{
	const char *name = "";
	size_t		length = residency_gazetteer_name(gazetteer, division, &name);

	ok(length == strlen(expected) && memcmp(name, expected, length) == 0 &&
	   residency_gazetteer_is_heading(gazetteer, division) == heading,
	   "gazetteer: %lld is %s", (long long) division, expected);
}

#define NAME(division, name, kind) {INT64_C(division), name, sizeof(name) - 1, kind}

static void
test_small(void)
{
	static const GazetteerName names[] = {
		NAME(440113102208, "里仁洞村民委员会", NAME_OFFICIAL), NAME(440000000000, "广东省", NAME_OFFICIAL),
		NAME(440100000000, "广州市", NAME_OFFICIAL), NAME(440113000000, "番禺区", NAME_OFFICIAL),
		NAME(440113102000, "南村镇", NAME_OFFICIAL), NAME(440113102200, "三坊大街", NAME_ROAD),
		NAME(440113102000, "三坊大街", NAME_ROAD), NAME(440113000000, "三坊", NAME_ROAD),
		NAME(440000000000, "锦绣香江花园", NAME_ESTATE), NAME(419000000000, "省直辖县级行政区划", NAME_HEADING),
		NAME(440113102200, "\xF0\xA0\xAE\xB7村", NAME_ESTATE), NAME(440000000000, "广东省", NAME_OFFICIAL)
	};
	size_t		size;
	Gazetteer  *gazetteer = residency_gazetteer_build(names, sizeof(names) / sizeof(names[0]), malloc, &size);

	is_named(gazetteer, INT64_C(440113000000), "番禺区", false);
	is_named(gazetteer, INT64_C(419000000000), "省直辖县级行政区划", true);
	is_named(gazetteer, INT64_C(440114000000), "", false);
	is_place(gazetteer, "三坊大街12号", INT64_C(440113102200), 4, INT64_C(440113102200));
	is_place(gazetteer, "三坊大街12号", INT64_C(440113102201), 4, INT64_C(440113102000));
	is_place(gazetteer, "三坊大街12号", INT64_C(440100000000), 4, INT64_C(440113102000));
	is_place(gazetteer, "三坊大街12号", INT64_C(440113105000), 2, INT64_C(440113000000));
	is_place(gazetteer, "三坊大街12号", INT64_C(460000000000), 0, 0);
	is_place(gazetteer, "锦绣香江花园3栋", INT64_C(440113102200), 6, INT64_C(440000000000));
	is_place(gazetteer, "\xF0\xA0\xAE\xB7村", INT64_C(440113102000), 2, INT64_C(440113102200));
	reads(gazetteer, "番禺南村里仁洞三坊大街12-1号302", 0, INT64_C(440113102208));
	free(gazetteer);

	gazetteer = residency_gazetteer_build(names, 0, malloc, &size);
	is_named(gazetteer, INT64_C(440113000000), "", false);
	reads(gazetteer, "广州市", 0, 0);
	free(gazetteer);
}

static void
test_heads(const Gazetteer *gazetteer)
{
	char	   *text = read_file(HEADS);
	char	   *at = text;
	char	   *field[3];

	while (next_line(&at, field))
		reads(gazetteer, field[0], code_of(field[2], strlen(field[2])), code_of(field[1], strlen(field[1])));
	free(text);
}

static void
test_nation(void)
{
	Names		names = {NULL, 0, 0};
	char	   *divisions = read_file(DIVISIONS);
	char	   *aliases = read_file(ALIASES);
	size_t		size = 0;
	Gazetteer  *gazetteer;

	add_divisions(&names, divisions);
	add_aliases(&names, aliases);
	gazetteer = residency_gazetteer_build(names.name, names.count, malloc, &size);
	ok(names.count > 48000 && size < 4000000, "gazetteer: %zu names, %zu bytes", names.count, size);
	test_heads(gazetteer);

	is_ambiguous(gazetteer, "鼓楼区中山路1号", 0, 4, INT64_C(320106000000));
	is_ambiguous(gazetteer, "朝阳区建国路", 0, 2, INT64_C(110105000000));
	is_ambiguous(gazetteer, "新村镇人民路", 0, 4, INT64_C(341225104000));

	has_pieces(gazetteer, "山东青岛市北区山东省青岛市市北区水清沟街道",
			   "[0,2)370000000000~ [2,4)370200000000~ [4,7)370203000000 [7,10)370000000000= [10,13)370200000000= "
			   "[13,16)370203000000= [16,21)370203030000");
	has_pieces(gazetteer, "浙江省南京市鼓楼区", "[0,3)330000000000= [3,6)320100000000 [6,9)320106000000");
	has_pieces(gazetteer, "海南省省直辖县级行政区划琼海市博鳌镇朝阳村委会",
			   "[0,3)460000000000 [3,12)460000000000= [12,15)469002000000 [15,18)469002104000");
	free(gazetteer);
	free(names.name);
	free(divisions);
	free(aliases);
}

void
test_gazetteer(void)
{
	test_small();
	test_nation();
}
