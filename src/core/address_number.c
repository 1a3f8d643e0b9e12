/*
 * address_number.c
 *	  The numbers of a line of an address, and the telephone numbers.
 */
#include "core/address_grammar.h"

/* The longest number, in symbols; a longer run of digits is none. */
#define NUMBER_LENGTH 8

/* The last of the letters that buildings are called by: the O of SOHO is none. */
#define LAST_BUILDING_LETTER 'H'

/* The digits a telephone number has. */
#define PHONE_DIGITS 7

/* What a symbol is beside its class. */
#define TRAIT_STEM 0x10			/* 甲: a number */
#define TRAIT_DIRECTION 0x20
#define TRAITS (TRAIT_STEM | TRAIT_DIRECTION)

/* The classes and traits of symbols by code point; SYMBOL_NAME is 0, and that of all beyond the table. */
static const uint8_t class_of_symbol[] = {
	[0 ... '"'] = SYMBOL_BREAK, ['$' ... ','] = SYMBOL_BREAK, ['-'] = SYMBOL_DASH, ['.' ... '/'] = SYMBOL_BREAK,
	['0' ... '9'] = SYMBOL_DIGIT, [':' ... '@'] = SYMBOL_BREAK, ['A' ... 'Z'] = SYMBOL_LETTER, ['[' ... 0x7F] = SYMBOL_BREAK,
	[L'零'] = SYMBOL_NUMERAL, [L'〇'] = SYMBOL_NUMERAL, [L'一'] = SYMBOL_NUMERAL, [L'二'] = SYMBOL_NUMERAL,
	[L'两'] = SYMBOL_NUMERAL, [L'三'] = SYMBOL_NUMERAL, [L'四'] = SYMBOL_NUMERAL, [L'五'] = SYMBOL_NUMERAL,
	[L'六'] = SYMBOL_NUMERAL, [L'七'] = SYMBOL_NUMERAL, [L'八'] = SYMBOL_NUMERAL, [L'九'] = SYMBOL_NUMERAL,
	[L'十'] = SYMBOL_NUMERAL, [L'百'] = SYMBOL_NUMERAL, [L'千'] = SYMBOL_NUMERAL, [L'廿'] = SYMBOL_NUMERAL,
	[L'卅'] = SYMBOL_NUMERAL,
	[L'甲'] = TRAIT_STEM, [L'乙'] = TRAIT_STEM, [L'丙'] = TRAIT_STEM, [L'丁'] = TRAIT_STEM, [L'戊'] = TRAIT_STEM,
	[L'东'] = TRAIT_DIRECTION, [L'西'] = TRAIT_DIRECTION, [L'南'] = TRAIT_DIRECTION, [L'北'] = TRAIT_DIRECTION,
	[L'中'] = TRAIT_DIRECTION
};

static inline int
symbol_class(uint32_t symbol)
{
	return symbol < sizeof(class_of_symbol) ? class_of_symbol[symbol] & ~TRAITS : SYMBOL_NAME;
}

static inline bool
has_trait(uint32_t symbol, int trait)
{
	return symbol < sizeof(class_of_symbol) && (class_of_symbol[symbol] & trait) != 0;
}

static bool
is_stem(uint32_t symbol)
{
	return has_trait(symbol, TRAIT_STEM);
}

static bool
is_direction(uint32_t symbol)
{
	return has_trait(symbol, TRAIT_DIRECTION);
}

/* Storeys that have no number: 首层, 底层, 顶层. */
static bool
is_end_storey(uint32_t symbol)
{
	return symbol == L'首' || symbol == L'底' || symbol == L'顶';
}

int
residency_address_run(const AddressLine *line, int end)
{
	int			at = end;
	int			class;

	if (at == 0)
		return at;
	class = line->place[at - 1].class;
	if (residency_is_latin(class))
	{
		int			letters = 0;
		bool		digits = true;

		/* 12F|05 */
		while (at > 0 && residency_is_latin(line->place[at - 1].class) &&
			   !(digits && at < end && at > 1 && line->symbol[at - 1] == 'F' && line->place[at - 2].class == SYMBOL_DIGIT))
			digits &= line->place[--at].class == SYMBOL_DIGIT;
		while (at + letters < end && line->place[at + letters].class == SYMBOL_LETTER)
			letters++;
		/* SOHO A座, LOFT 49号; but SOHO塔, CBD座 */
		if (letters > 2)
			at += at + letters == end && letters > 3 && line->symbol[end - 1] <= LAST_BUILDING_LETTER ? letters - 1 : letters;
	}
	else if (class == SYMBOL_NUMERAL)
	{
		while (at > 0 && line->place[at - 1].class == SYMBOL_NUMERAL)
			at--;
	}
	return end - at > NUMBER_LENGTH ? end : at;
}

LineNumber
residency_address_number(const AddressLine *line, int end, int class)
{
	LineNumber	number = {0, 0, 0};
	int			from = residency_address_run(line, end);

	if (from == end)
	{
		/* 甲座, 首层, 西单元 */
		if (end > 0 && (is_stem(line->symbol[end - 1]) ||
						(class == WORD_STOREY && is_end_storey(line->symbol[end - 1])) ||
						(is_direction(line->symbol[end - 1]) &&
						 (class == WORD_UNIT || class == WORD_BUILDING || line->symbol[end] == L'户'))))
			from = end - 1;
		else
			return number;
	}
	number.groups = 1;
	number.last = (uint16_t) from;

	/* 12-3-402, 12之1 */
	while (from >= 2 && (line->place[from - 1].class == SYMBOL_DASH || line->symbol[from - 1] == L'之'))
	{
		int			before = residency_address_run(line, from - 1);

		if (before == from - 1 || (before > 0 && line->place[before - 1].class == SYMBOL_LETTER) || number.groups == UINT8_MAX)
			break;
		if (line->symbol[from - 1] == L'之')
			number.last = (uint16_t) before;
		else
			number.groups++;
		from = before;
	}
	/* 第3栋, 东2单元, 负1层, 地下一层, 甲12号, 附3号, 特1号, #501, 自编16栋 */
	if (from >= 1)
	{
		uint32_t	before = line->symbol[from - 1];

		if (before == L'第' || before == L'负' || before == L'附' || (before == L'特' && class == WORD_NO) ||
			(before == '#' && (from == 1 || !residency_is_latin(line->place[from - 2].class))) ||
			(is_stem(before) && class != WORD_NONE))
			from--;
		else if (is_direction(before) && class == WORD_UNIT)
			from--;
		else if (from >= 2 && before == L'编' && line->symbol[from - 2] == L'自')
			from -= 2;
		else if (from >= 2 && before == L'下' && line->symbol[from - 2] == L'地' &&
				 (class == WORD_STOREY || class == WORD_STOREYS))
			from -= 2;
		/* 12号附3号 */
		if (from >= 2 && line->symbol[from] == L'附' && line->symbol[from - 1] == L'号' && class == WORD_NO)
		{
			int			main = residency_address_run(line, from - 1);

			if (main < from - 1)
				from = main;
		}
	}
	if (number.groups == 1)
		number.last = (uint16_t) from;
	number.from = (uint16_t) from;
	return number;
}

void
residency_address_classes(AddressLine *line)
{
	int			length = line->length;

	line->ngiven = 0;
	line->symbol[length] = 0;
	/* the last one's symbol is 0, a break */
	for (int i = 0; i <= length; i++)
		line->place[i] = (LinePlace){.class = (uint8_t) symbol_class(line->symbol[i])};
}

/* Notes the telephone number that begins at a run of digits, if one does. */
static void
find_phone(AddressLine *line, int from)
{
	int			end = from;
	int			first = 0;		/* where the first run ends */
	int			digits = 0;
	int			joined = 0;

	while (end < line->length && digits < 12)
	{
		if (line->place[end].class == SYMBOL_DIGIT)
		{
			digits++;
			joined = ++end;
		}
		else
		{
			if (first == 0)
				first = end;
			if (line->place[end].class != SYMBOL_DASH && line->symbol[end] != ',')
				break;
			end++;
		}
	}
	if (first == 0)
		first = joined;
	if (!((digits == 11 && line->symbol[from] == '1' && line->symbol[from + 1] >= '3') ||
		  (digits >= 10 && line->symbol[from] == '0')))
	{
		/* no number with gaps: a long run of digits, or one that is no room's */
		while (first < line->length && line->place[first].class == SYMBOL_DIGIT)
			first++;
		joined = first;
		if (first - from < PHONE_DIGITS - 1 || (first - from == PHONE_DIGITS - 1 && line->place[first].suffix))
			return;
	}
	residency_address_give(line, from, joined, ADDRESS_PHONE, 0);
}

/* Whether a stretch whose kind is known holds a symbol. */
static bool
is_given(const AddressLine *line, int at)
{
	for (int i = 0; i < line->ngiven; i++)
	{
		if (line->given[i].from <= at && at < line->given[i].to)
			return true;
	}
	return false;
}

void
residency_address_phones(AddressLine *line, int from)
{
	int			before = SYMBOL_BREAK;

	for (int i = from; i < line->length; before = line->place[i++].class)
	{
		if (line->place[i].class == SYMBOL_DIGIT && before != SYMBOL_DIGIT && !is_given(line, i))
			find_phone(line, i);
	}
}
