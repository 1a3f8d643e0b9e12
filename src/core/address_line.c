/*
 * address_line.c
 *	  Finds the words, numbers and telephone numbers of a line of an address.
 */
#include "core/address_grammar.h"

#include <wchar.h>

/* The longest number, in symbols; a longer run of digits is none. */
#define NUMBER_LENGTH 8

/* The last of the letters that buildings are called by: the O of SOHO is none. */
#define LAST_BUILDING_LETTER 'H'

/* The digits a telephone number has. */
#define PHONE_DIGITS 7

/* What a name that ends inside of another costs that one: a word of two or more symbols, and of one. */
static const uint8_t inner_cost[WORD_CLASSES][2] = {
	[WORD_PROVINCE] = {16, 12},
	[WORD_CITY] = {16, 10},
	[WORD_COUNTY] = {16, 12},
	[WORD_DISTRICT] = {8, 8},
	[WORD_TOWN] = {30, 28},
	[WORD_FARM] = {8, 8},
	[WORD_DEVZONE] = {12, 12},
	[WORD_ZONE] = {14, 14},
	[WORD_COMMUNITY] = {32, 4},
	[WORD_VILLAGE] = {32, 32},
	[WORD_SUBURB] = {18, 18},
	[WORD_ROAD] = {32, 30},
	[WORD_LANE] = {10, 8},
	[WORD_QUARTER] = {4, 1},
	[WORD_ROADPART] = {6, 1},
	[WORD_BUILDING_NAME] = {8, 8},
	[WORD_PART_NAME] = {20, 20},
	[WORD_ENCLOSURE] = {26, 20},
	[WORD_ESTATE] = {9, 1},
	[WORD_FIRM] = {4, 1},
	[WORD_LINK] = {30, 18},
	[WORD_ASSIST] = {24, 1},
	[WORD_LABEL] = {30, 0},
	[WORD_COURTESY] = {6, 0},
};

/* What a number with its word costs a name that it stands in. */
#define INNER_NUMBER 30
#define INNER_DIGITS 16

/* The classes whose word may follow a number. */
static bool
counts(int class)
{
	return class == WORD_LANE || class == WORD_DISTANCE || class == WORD_ROAD || class == WORD_DISTRICT ||
		class == WORD_COMMUNITY || class == WORD_TRADE ||
		(class >= WORD_NO && class <= WORD_PHASE);
}

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
is_latin(int class)
{
	return class == SYMBOL_DIGIT || class == SYMBOL_LETTER;
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

int
residency_address_run(const AddressLine *line, int end)
{
	int			at = end;
	int			class;

	if (at == 0)
		return at;
	class = line->place[at - 1].class;
	if (is_latin(class))
	{
		int			letters = 0;
		bool		digits = true;

		/* 12F|05 */
		while (at > 0 && is_latin(line->place[at - 1].class) &&
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
		/* 甲座, 西单元 */
		if (end > 0 && (is_stem(line->symbol[end - 1]) ||
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
	/* 第3栋, 东2单元, 负1层, 地下一层, 甲12号, 附3号, #501, 自编16栋 */
	if (from >= 1)
	{
		uint32_t	before = line->symbol[from - 1];

		if (before == L'第' || before == L'负' || before == L'附' ||
			(before == '#' && (from == 1 || !is_latin(line->place[from - 2].class))) ||
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
residency_address_give(AddressLine *line, int from, int to, int kind, int inner)
{
	if (line->ngiven < LINE_GIVEN)
	{
		line->place[to].known = (uint8_t) (inner > 0 ? to - from : 0);
		line->given[line->ngiven++] = (LineGiven){(uint16_t) from, (uint16_t) to, (uint8_t) kind};
		line->place[from].begins = true;
		for (int at = to; inner > 0 && at <= line->length; at++)
			line->place[at].inner = (uint16_t) (line->place[at].inner + inner);
	}
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

/* Whether a symbol makes another word of the one that ends before it: 大学|生, 城|市, 街|区. */
static bool
is_cut_short(uint32_t last, uint32_t next, uint32_t after)
{
	switch (next)
	{
		case L'市':
			return last == L'城';
		case L'生':
			return last == L'学' && after != L'活';
		case L'场':
			return last == L'市';
		case L'区':
			return last == L'园' || last == L'街' || last == L'社';
		case L'林':
		case L'艺':
			return last == L'园';
		case L'址':
			return last == L'住';
		case L'灯':
			return last == L'路';
		default:
			return false;
	}
}

/* Whether a word is a road with a direction behind it (路中, 大道西) that begins another word: 大港路|中国童装城. */
static bool
is_stray_direction(const AddressLine *line, WordEnding word, int end)
{
	static const wchar_t *const words[] = {
		L"中国心学医央山石信兴天海建华银环通铁粮关外", L"东方风湖城门升软站阳海莞吴苑", L"西湖城门站单溪部安苑藏", L"南京方山城门站阳通宁昌海国苑",
		L"北京方城门站海大苑"
	};
	uint32_t	direction = line->symbol[end - 1];

	if (word.class != WORD_ROAD || word.length == 1 || !is_direction(direction))
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
	{
		if (words[i][0] == (wchar_t) direction)
			return line->symbol[end] != 0 && wcschr(words[i] + 1, (wchar_t) line->symbol[end]) != NULL;
	}
	return false;
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

/* Finds the words that end before `end`, and the numbers before them; gives what the names until there cost a longer one. */
static int
find_words(AddressLine *line, int start, int end, int before)
{
	LinePlace  *place = &line->place[end];
	int			inner = before;

	place->words = (uint8_t) residency_address_words(line->symbol, start, end, place->word);
	if (place->words == 0)
		return inner;
	if (end < line->length && is_cut_short(line->symbol[end - 1], line->symbol[end], line->symbol[end + 1]))
	{
		place->words = 0;
		return inner;
	}
	while (place->words > 0 && is_stray_direction(line, place->word[0], end))
	{
		place->words--;
		for (int i = 0; i < place->words; i++)
			place->word[i] = place->word[i + 1];
	}
	for (int i = 0; i < place->words; i++)
	{
		WordEnding	word = place->word[i];
		int			begin = end - word.length;
		bool		numbered = false;

		/* a word in letters stands for itself: 4S店, 3F, KTV, but no F of LOFT */
		if (line->place[end - 1].class == SYMBOL_LETTER &&
			((is_latin(line->place[end].class) && !(word.class == WORD_STOREY && line->place[end].class == SYMBOL_DIGIT)) ||
			 (begin > 0 && line->place[begin - 1].class == SYMBOL_LETTER)))
		{
			place->words = (uint8_t) i;
			break;
		}
		if (counts(word.class))
		{
			LineNumber *number = &line->place[begin].number;

			if (word.class == WORD_STOREY && line->place[begin].class == SYMBOL_LETTER)
			{
				int			from = begin;

				while (from > start && line->place[from - 1].class == SYMBOL_DIGIT)
					from--;
				*number = (LineNumber){(uint16_t) from, (uint16_t) from, from < begin};
			}
			else
				*number = residency_address_number(line, begin, word.class);
			numbered = number->groups > 0 && number->from >= start;
			if (numbered)
			{
				line->place[begin].suffix = true;
				line->place[begin].counted |= word.class >= WORD_NO && word.class <= WORD_PHASE;
				line->place[number->from].begins = true;
			}
		}
		else if (word.class == WORD_ASSIST || word.class == WORD_LINK || word.class == WORD_LABEL || word.class == WORD_COUNTRY ||
				 word.class == WORD_PART_NAME || word.class == WORD_BUILDING_NAME)
			line->place[begin].begins = true;
		else if (word.class == WORD_COURTESY && word.length >= 2)
		{
			for (int from = begin - 1; from >= start && from >= begin - 3; from--)
				if (residency_is_surname(line->symbol[from]))
					line->place[from].begins = true;
		}
		if (inner == before)
		{
			/* of words within words the dearest counts; but nothing begins with the 口 of 路口 */
			int			cost = numbered ? INNER_NUMBER : inner_cost[word.class][word.length == 1];
			int			within = before - line->place[begin].inner;

			if (line->symbol[begin] == L'路' && line->symbol[end - 1] == L'口')
				within = 0;
			inner += cost > within ? cost - within : 0;
		}
	}
	return inner;
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

void
residency_address_line(AddressLine *line, int from)
{
	int			inner = 0;
	int			start = from;	/* of the stretch without breaks */
	int			before = SYMBOL_BREAK;
	int			class;
	int			length = line->length;
	bool		digits = false;

	for (int i = from; i < length; i++, before = class)
	{
		LinePlace  *place = &line->place[i];

		class = place->class;
		if (class == SYMBOL_BREAK)
			start = i + 1;
		else
		{
			if (is_latin(class))
			{
				digits |= class == SYMBOL_DIGIT;
				if (class == SYMBOL_DIGIT && before != SYMBOL_DIGIT)
					inner += INNER_DIGITS;
				if (!is_latin(before))
					place->begins = true;
			}
			inner = find_words(line, start, i + 1, inner);
		}
		place[1].inner = (uint16_t) inner;
	}
	before = SYMBOL_BREAK;
	for (int i = from; digits && i < length; i++)
	{
		class = line->place[i].class;
		if (class == SYMBOL_DIGIT && before != SYMBOL_DIGIT && !is_given(line, i))
			find_phone(line, i);
		before = class;
	}
}
