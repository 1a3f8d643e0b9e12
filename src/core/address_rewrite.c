/*
 * address_rewrite.c
 *	  The one way to write the numbered elements of an address.
 */
#include "core/address_rewrite.h"

#include <stdbool.h>
#include <string.h>
#include <wchar.h>

#include "core/address_parse.h"

/* What is written of an element, one symbol after the other. */
typedef struct Writer
{
	int			length;
	uint32_t	symbol[RESIDENCY_ELEMENT_ROOM];
} Writer;

static void
put(Writer *out, uint32_t symbol)
{
	if (out->length < RESIDENCY_ELEMENT_ROOM)
		out->symbol[out->length++] = symbol;
}

/* Takes over what was written. */
static int
take(Writer *out, uint32_t *symbol)
{
	memcpy(symbol, out->symbol, (size_t) out->length * sizeof(uint32_t));
	return out->length;
}

static bool
is_digit(uint32_t symbol)
{
	return symbol >= '0' && symbol <= '9';
}

/* The end of the digits that begin at `at`. */
static int
digits_end(const uint32_t *symbol, int length, int at)
{
	while (at < length && is_digit(symbol[at]))
		at++;
	return at;
}

/* Whether the symbols from `at` on are those of a word; the length of the word. */
static int
word(const uint32_t *symbol, int length, int at, const wchar_t *sought)
{
	int			n = 0;

	for (; sought[n] != 0; n++)
	{
		if (at + n >= length || symbol[at + n] != (uint32_t) sought[n])
			return 0;
	}
	return n;
}

static bool
is_one_of(uint32_t symbol, const wchar_t *set)
{
	for (; *set != 0; set++)
	{
		if ((uint32_t) *set == symbol)
			return true;
	}
	return false;
}

/* 0 to 9 of a Chinese numeral; 10, 100, 1000 of a unit; 20 and 30; -1 of anything else. */
static int
numeral(uint32_t symbol)
{
	switch (symbol)
	{
		case L'〇': case L'零': return 0;
		case L'一': return 1;
		case L'二': case L'两': return 2;
		case L'三': return 3;
		case L'四': return 4;
		case L'五': return 5;
		case L'六': return 6;
		case L'七': return 7;
		case L'八': return 8;
		case L'九': return 9;
		case L'十': return 10;
		case L'廿': return 20;
		case L'卅': return 30;
		case L'百': return 100;
		case L'千': return 1000;
		default: return -1;
	}
}

/*
 * Reads a run of numerals.  With a unit in it, it is a number (一百零二, 十二, 廿三);
 * without, each stands for a digit (二〇三).  -1: it is no number at all.
 */
static int
numeral_value(const uint32_t *symbol, int length, bool *spelled)
{
	int			sum = 0;
	int			digit = -1;

	*spelled = true;
	for (int i = 0; i < length; i++)
		*spelled = *spelled && numeral(symbol[i]) < 10;
	for (int i = 0; i < length; i++)
	{
		int			value = numeral(symbol[i]);

		if (value == 20 || value == 30)
			sum += value;
		else if (value >= 10)
		{
			sum += (digit < 0 ? 1 : digit) * value;
			digit = -1;
		}
		/* a zero only fills a gap */
		else if (digit <= 0)
			digit = value;
		else
			return -1;
	}
	return sum + (digit > 0 ? digit : 0);
}

static void
put_number(Writer *out, int value)
{
	char		digits[12];
	int			n = 0;

	do
	{
		digits[n++] = (char) ('0' + value % 10);
		value /= 10;
	} while (value > 0);
	while (n > 0)
		put(out, (uint32_t) digits[--n]);
}

/*
 * Chinese numerals become digits before one of `units`, or, if the element may
 * end in a number, at its end and after 之 and 附.  八一 is a name unless digits are
 * `spelled` one by one in this element.
 */
static int
digits(uint32_t *symbol, int length, const wchar_t *units, bool ends, bool spells)
{
	Writer		writer;
	Writer	   *out = &writer;
	int			to;

	for (to = 0; to < length && (symbol[to] < 0x80 || numeral(symbol[to]) < 0);)
		to++;
	if (to == length)
		return length;

	out->length = 0;
	for (int i = 0; i < length; i = to)
	{
		bool		asked;
		bool		spelled = false;
		int			value = -1;

		for (to = i; to < length && to - i < 9 && numeral(symbol[to]) >= 0;)
			to++;
		if (to == i)
		{
			put(out, symbol[to++]);
			continue;
		}
		asked = to < length ? is_one_of(symbol[to], units) : ends;
		if (asked || (ends && i > 0 && is_one_of(symbol[i - 1], L"之附")))
			value = numeral_value(symbol + i, to - i, &spelled);
		if (value >= 0 && (!spelled || to - i == 1))
			put_number(out, value);
		else
		{
			for (int j = i; j < to; j++)
				put(out, spelled && spells ? (uint32_t) ('0' + numeral(symbol[j])) : symbol[j]);
		}
	}
	return take(out, symbol);
}

/* Leaves out the zeros before numbers. */
static int
drop_zeros(uint32_t *symbol, int length)
{
	int			kept = 0;

	for (int i = 0; i < length; i++)
	{
		if (symbol[i] == '0' && i + 1 < length && is_digit(symbol[i + 1]) && (i == 0 || !is_digit(symbol[kept - 1])))
			continue;
		symbol[kept++] = symbol[i];
	}
	return kept;
}

/*
 * The sub-number that begins at `at`, after a number or its 号: 之1, -1, 附1, with
 * or without a 号 of its own.  Gives where its digits begin, 0 if it is none.
 */
static int
sub_number(const uint32_t *symbol, int length, int at)
{
	if (at + 1 < length && is_one_of(symbol[at], L"之附-") && is_digit(symbol[at + 1]))
		return at + 1;
	return 0;
}

/* 12-1号, 12号附1号, 12之1号 → 12号之1; 12, 12# → 12号 */
static int
road_number(uint32_t *symbol, int length)
{
	Writer		out;
	int			at = 0;

	out.length = 0;
	while (at < length)
	{
		int			end = digits_end(symbol, length, at);
		int			sign;
		int			from;

		if (end == at)
		{
			put(&out, symbol[at++]);
			continue;
		}
		for (; at < end; at++)
			put(&out, symbol[at]);
		sign = at < length && (symbol[at] == L'号' || symbol[at] == '#') ? at + 1 : at;
		from = sub_number(symbol, length, sign);
		if (from > 0 || sign > at)
			put(&out, L'号');
		at = sign;
		for (; from > 0; from = sub_number(symbol, length, at))
		{
			put(&out, L'之');
			for (at = from; at < length && is_digit(symbol[at]); at++)
				put(&out, symbol[at]);
			if (at < length && symbol[at] == L'号')
				at++;
		}
	}
	/* a bare number */
	if (out.length > 0 && digits_end(out.symbol, out.length, 0) == out.length)
		put(&out, L'号');
	return take(&out, symbol);
}

/* 3#, 3#楼 → 3号楼 */
static int
building(uint32_t *symbol, int length)
{
	Writer		out;

	out.length = 0;
	for (int i = 0; i < length; i++)
	{
		if (symbol[i] == '#' && i > 0 && is_digit(symbol[i - 1]))
		{
			put(&out, L'号');
			if (i + 1 == length)
				put(&out, L'楼');
		}
		else
			put(&out, symbol[i]);
	}
	return take(&out, symbol);
}

/* 5楼, 5F → 5层; B1, -1层, 地下1层 → 负1层; what is no single number stays */
static int
floor_number(uint32_t *symbol, int length)
{
	Writer		out;
	int			below = length > 0 && is_one_of(symbol[0], L"负-B") ? 1 : word(symbol, length, 0, L"地下");
	int			from = below + word(symbol, length, below, L"第");
	int			end = digits_end(symbol, length, from);
	int			rest = end < length ? length - end : 0;

	if (end == from || end - from > 3 || rest > 1 || (rest == 1 && !is_one_of(symbol[end], L"层楼F")))
		return length;
	out.length = 0;
	if (below > 0)
		put(&out, L'负');
	for (int i = from; i < end; i++)
		put(&out, symbol[i]);
	put(&out, L'层');
	return take(&out, symbol);
}

/* 第3村民小组, 3小组 → 3组 */
static int
group(uint32_t *symbol, int length)
{
	Writer		out;

	out.length = 0;
	for (int i = 0; i < length; i++)
	{
		int			from = i + word(symbol, length, i, L"第");
		int			end = digits_end(symbol, length, from);

		if (end == from)
		{
			put(&out, symbol[i]);
			continue;
		}
		for (int j = from; j < end; j++)
			put(&out, symbol[j]);
		end += word(symbol, length, end, L"村民");
		end += word(symbol, length, end, L"小组") > 0 ? 1 : 0;
		i = end - 1;
	}
	return take(&out, symbol);
}

int
residency_address_rewrite(int level, uint32_t *symbol, int length)
{
	switch (level)
	{
		case ADDRESS_VILLAGE_GROUP:
			length = digits(symbol, length, L"组队小村社", false, false);
			return group(symbol, drop_zeros(symbol, length));
		case ADDRESS_ROAD:
			return digits(symbol, length, L"巷弄", false, false);
		case ADDRESS_ROAD_NO:
			length = digits(symbol, length, L"号之附院弄巷-", true, true);
			return road_number(symbol, drop_zeros(symbol, length));
		case ADDRESS_BUILDING:
			length = digits(symbol, length, L"号栋幢座楼排库", false, false);
			return building(symbol, drop_zeros(symbol, length));
		case ADDRESS_UNIT:
			return drop_zeros(symbol, digits(symbol, length, L"单门梯", false, false));
		case ADDRESS_FLOOR:
			length = digits(symbol, length, L"层楼", false, false);
			return floor_number(symbol, drop_zeros(symbol, length));
		case ADDRESS_ROOM:
			return digits(symbol, length, L"室房户号铺档床", true, true);
		default:
			return length;
	}
}
