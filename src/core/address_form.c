/*
 * address_form.c
 *	  An address as text: canonical, and as it is printed on a letter.
 */
#include "core/address.h"

#include <string.h>

#include "core/division_code.h"

/* The words for the levels in canonical text. */
static const char *const level_word[ADDRESS_LEVELS + 1] = {
	[ADDRESS_PROVINCE] = "省",
	[ADDRESS_CITY] = "市",
	[ADDRESS_COUNTY] = "县",
	[ADDRESS_DEVZONE] = "功能区",
	[ADDRESS_TOWNSHIP] = "乡",
	[ADDRESS_COMMUNITY] = "村",
	[ADDRESS_VILLAGE_GROUP] = "组",
	[ADDRESS_ROAD] = "路",
	[ADDRESS_ROAD_NO] = "号",
	[ADDRESS_ESTATE] = "院",
	[ADDRESS_BUILDING] = "栋",
	[ADDRESS_UNIT] = "单元",
	[ADDRESS_FLOOR] = "层",
	[ADDRESS_ROOM] = "室",
	[ADDRESS_DETAIL] = "附"
};

/* What a value of a level ends in, longer endings first.  Part of every dump: never change it. */
#define ENDING(level, text) {level, sizeof(text) - 1, text}
static const struct
{
	uint8_t		level;
	uint8_t		length;
	char		text[16];
}			endings[] = {
	ENDING(ADDRESS_PROVINCE, "特别行政区"),
	ENDING(ADDRESS_DEVZONE, "工业园区"),
	ENDING(ADDRESS_PROVINCE, "自治区"), ENDING(ADDRESS_PROVINCE, "北京市"), ENDING(ADDRESS_PROVINCE, "天津市"),
	ENDING(ADDRESS_PROVINCE, "上海市"), ENDING(ADDRESS_PROVINCE, "重庆市"),
	ENDING(ADDRESS_CITY, "自治州"), ENDING(ADDRESS_DEVZONE, "开发区"), ENDING(ADDRESS_DEVZONE, "高新区"), ENDING(ADDRESS_DEVZONE, "保税区"),
	ENDING(ADDRESS_CITY, "地区"),
	ENDING(ADDRESS_TOWNSHIP, "街道"), ENDING(ADDRESS_TOWNSHIP, "苏木"), ENDING(ADDRESS_TOWNSHIP, "农场"), ENDING(ADDRESS_TOWNSHIP, "林场"),
	ENDING(ADDRESS_COMMUNITY, "社区"), ENDING(ADDRESS_COMMUNITY, "嘎查"),
	ENDING(ADDRESS_ROAD, "胡同"),
	ENDING(ADDRESS_ESTATE, "小区"), ENDING(ADDRESS_ESTATE, "花园"), ENDING(ADDRESS_ESTATE, "大厦"), ENDING(ADDRESS_ESTATE, "广场"),
	ENDING(ADDRESS_ESTATE, "公寓"), ENDING(ADDRESS_ESTATE, "宿舍"), ENDING(ADDRESS_ESTATE, "园区"),
	ENDING(ADDRESS_BUILDING, "号楼"), ENDING(ADDRESS_UNIT, "单元"),
	ENDING(ADDRESS_PROVINCE, "省"),
	ENDING(ADDRESS_CITY, "市"), ENDING(ADDRESS_CITY, "盟"),
	ENDING(ADDRESS_COUNTY, "区"), ENDING(ADDRESS_COUNTY, "县"), ENDING(ADDRESS_COUNTY, "旗"), ENDING(ADDRESS_COUNTY, "市"),
	ENDING(ADDRESS_TOWNSHIP, "镇"), ENDING(ADDRESS_TOWNSHIP, "乡"),
	ENDING(ADDRESS_COMMUNITY, "村"),
	ENDING(ADDRESS_VILLAGE_GROUP, "组"), ENDING(ADDRESS_VILLAGE_GROUP, "村"), ENDING(ADDRESS_VILLAGE_GROUP, "队"), ENDING(ADDRESS_VILLAGE_GROUP, "屯"),
	ENDING(ADDRESS_ROAD, "路"), ENDING(ADDRESS_ROAD, "街"), ENDING(ADDRESS_ROAD, "道"), ENDING(ADDRESS_ROAD, "巷"), ENDING(ADDRESS_ROAD, "弄"),
	ENDING(ADDRESS_ROAD_NO, "号"),
	ENDING(ADDRESS_ESTATE, "院"), ENDING(ADDRESS_ESTATE, "园"), ENDING(ADDRESS_ESTATE, "苑"),
	ENDING(ADDRESS_BUILDING, "栋"), ENDING(ADDRESS_BUILDING, "幢"), ENDING(ADDRESS_BUILDING, "座"), ENDING(ADDRESS_BUILDING, "楼"),
	ENDING(ADDRESS_FLOOR, "层"),
	ENDING(ADDRESS_ROOM, "室"), ENDING(ADDRESS_ROOM, "房"), ENDING(ADDRESS_ROOM, "铺")
};

#define ENDINGS ((int) (sizeof(endings) / sizeof(endings[0])))

/*
 * The endings by their last byte, in their order: the first, and those that follow,
 * counted from 1; 0 ends them.  Made when they are first asked for; a canonical text
 * asks for each of its elements.
 */
#define LAST_BYTES 64
static uint8_t first_ending[LAST_BYTES];
static uint8_t next_ending[ENDINGS + 1];

static void
link_endings(void)
{
	for (int i = ENDINGS; i > 0; i--)
	{
		uint8_t	   *first = &first_ending[(unsigned char) endings[i - 1].text[endings[i - 1].length - 1] % LAST_BYTES];

		next_ending[i] = *first;
		*first = (uint8_t) i;
	}
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
ends_in(const char *value, size_t len, const char *ending, size_t count)
{
	return count <= len && value[len - 1] == ending[count - 1] && memcmp(value + len - count, ending, count) == 0;
}

/* The length without a number behind 之: 12号之1 is a number as 12号 is one. */
static size_t
without_sub_number(const char *value, size_t len)
{
	size_t		head = len;

	while (head > 0 && is_digit(value[head - 1]))
		head--;
	return head < len && ends_in(value, head, "之", strlen("之")) ? head - strlen("之") : len;
}

int
residency_address_guess(const char *value, size_t len, int before)
{
	int			level = ADDRESS_NONE;
	char		last;
	static bool linked = false;

	if (!linked)
		link_endings();
	linked = true;

	len = without_sub_number(value, len);
	for (int i = len == 0 ? 0 : first_ending[(unsigned char) value[len - 1] % LAST_BYTES]; i > 0 && level <= before;
		 i = next_ending[i])
	{
		if (ends_in(value, len, endings[i - 1].text, endings[i - 1].length))
			level = endings[i - 1].level;
	}
	/* a street behind a number is no estate: somebody mixed them up */
	if (level != ADDRESS_NONE)
		return level;

	last = len == 0 ? '\0' : value[len - 1];
	if (before < ADDRESS_ROOM && (is_digit(last) || (last >= 'A' && last <= 'Z')))
		return ADDRESS_ROOM;
	return before < ADDRESS_ESTATE ? ADDRESS_ESTATE : ADDRESS_DETAIL;
}

/* Appends bytes; gives where the next go. */
static char *
put(char *out, const char *in, size_t len)
{
	memcpy(out, in, len);
	return out + len;
}

static char *
put_string(char *out, const char *in)
{
	return put(out, in, strlen(in));
}

size_t
residency_address_format(const AddressParts *parts, char *out)
{
	char	   *at = out;
	int			before = ADDRESS_NONE;

	for (int i = 0; i < parts->count; i++)
	{
		const AddressElement *element = &parts->element[i];

		if (residency_address_guess(element->value, element->length, before) != element->level)
		{
			at = put_string(at, level_word[element->level]);
			*at++ = ':';
		}
		at = put(at, element->value, element->length);
		*at++ = ' ';
		before = element->level;
	}
	*at++ = '(';
	if (parts->division == 0)
		*at++ = '-';
	else
		at += residency_division_code_format(parts->division, at);
	*at++ = ')';
	*at = '\0';
	return (size_t) (at - out);
}

static bool
is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Leaves out the blanks around a text. */
static void
trim(const char **in, size_t *len)
{
	while (*len > 0 && is_blank(**in))
	{
		(*in)++;
		(*len)--;
	}
	while (*len > 0 && is_blank((*in)[*len - 1]))
		(*len)--;
}

/*
 * The place of the bracket that ends a canonical text, already trimmed: "(-)" or
 * 6, 9 or 12 digits, at the start or behind a blank.  false if there is none.
 */
static bool
find_code(const char *in, size_t len, size_t *bracket)
{
	size_t		digits = 0;

	if (len < 3 || in[len - 1] != ')')
		return false;
	if (in[len - 2] == '-')
		*bracket = len - 3;
	else
	{
		while (digits < 13 && digits + 1 < len && is_digit(in[len - 2 - digits]))
			digits++;
		if ((digits != 6 && digits != 9 && digits != 12) || len < digits + 2)
			return false;
		*bracket = len - 2 - digits;
	}
	return in[*bracket] == '(' && (*bracket == 0 || in[*bracket - 1] == ' ');
}

bool
residency_address_is_canonical(const char *in, size_t len)
{
	size_t		bracket;

	trim(&in, &len);
	return find_code(in, len, &bracket);
}

/* Reads "VALUE" or "LEVEL:VALUE" behind an element of the level `before`; gives an AddressProblem. */
static int
scan_element(const char *in, size_t len, int before, AddressElement *element)
{
	const char *colon = memchr(in, ':', len);
	int			level = ADDRESS_NONE;

	if (colon == NULL)
		level = residency_address_guess(in, len, before);
	else
	{
		size_t		word = (size_t) (colon - in);

		for (int i = ADDRESS_PROVINCE; level == ADDRESS_NONE && i <= ADDRESS_LEVELS; i++)
		{
			if (strlen(level_word[i]) == word && memcmp(level_word[i], in, word) == 0)
				level = i;
		}
		in = colon + 1;
		len -= word + 1;
	}
	if (level <= before)
		return ADDRESS_ORDER;
	if (len > RESIDENCY_ADDRESS_VALUE)
		return ADDRESS_LENGTH;
	element->level = (uint8_t) level;
	element->length = (uint8_t) len;
	element->value = in;
	return ADDRESS_FINE;
}

int
residency_address_scan(const char *in, size_t len, AddressParts *parts)
{
	const char *end;
	size_t		bracket;
	int			before = ADDRESS_NONE;

	parts->division = 0;
	parts->count = 0;
	trim(&in, &len);
	if (!find_code(in, len, &bracket))
		return ADDRESS_DIVISION;
	if (in[bracket + 1] != '-' &&
		residency_division_code_parse(in + bracket + 1, len - bracket - 2, &parts->division) != DIVISION_CODE_FINE)
		return ADDRESS_DIVISION;

	for (end = in + bracket; in < end;)
	{
		const char *blank = memchr(in, ' ', (size_t) (end - in));
		int			problem;

		/* there is one before the bracket */
		if (blank > in)
		{
			/* levels rise, so there are never more elements than levels */
			problem = scan_element(in, (size_t) (blank - in), before, &parts->element[parts->count]);
			if (problem != ADDRESS_FINE)
				return problem;
			before = parts->element[parts->count++].level;
		}
		in = blank + 1;
	}
	return residency_address_check(parts);
}

size_t
residency_address_print(const AddressParts *parts, char *out)
{
	char	   *at = out;

	for (int i = 0; i < parts->count; i++)
	{
		const AddressElement *element = &parts->element[i];
		char		first = element->value[0];

		if (element->level == ADDRESS_DETAIL)
		{
			at = put_string(at, "（");
			at = put(at, element->value, element->length);
			at = put_string(at, "）");
			continue;
		}
		/* 12, 3 and 402 don't become 123402 */
		if (at > out && (unsigned char) at[-1] < 0x80 && (unsigned char) first < 0x80)
			*at++ = '-';
		at = put(at, element->value, element->length);
	}
	*at = '\0';
	return (size_t) (at - out);
}
