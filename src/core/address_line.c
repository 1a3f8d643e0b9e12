/*
 * address_line.c
 *	  Finds the words of a line of an address, and the numbers before them.
 */
#include "core/address_grammar.h"

#include <wchar.h>

/* What a name that ends inside of another costs that one: a word of two or more symbols, and of one. */
static const uint8_t inner_cost[WORD_CLASSES][2] = {
	[WORD_PROVINCE] = {16, 12},
	[WORD_CITY] = {16, 10},
	[WORD_COUNTY] = {16, 12},
	[WORD_DISTRICT] = {8, 8},
	[WORD_TOWN] = {30, 28},
	[WORD_FARM] = {8, 8},
	[WORD_DEVZONE] = {20, 20},
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
	[WORD_LINK] = {30, 26},
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

void
residency_address_give(AddressLine *line, int from, int to, int kind, int inner)
{
	if (line->ngiven < LINE_GIVEN)
	{
		line->place[to].known = (uint8_t) (inner > 0 ? to - from : 0);
		line->place[to].city = inner > 0 && kind <= ADDRESS_CITY;
		line->given[line->ngiven++] = (LineGiven){(uint16_t) from, (uint16_t) to, (uint8_t) kind};
		line->place[from].begins = true;
		for (int at = to; inner > 0 && at <= line->length; at++)
			line->place[at].inner = (uint16_t) (line->place[at].inner + inner);
	}
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

	if (word.class != WORD_ROAD || word.length == 1)
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
	{
		if (words[i][0] == (wchar_t) direction)
			return line->symbol[end] != 0 && wcschr(words[i] + 1, (wchar_t) line->symbol[end]) != NULL;
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
			((residency_is_latin(line->place[end].class) && !(word.class == WORD_STOREY && line->place[end].class == SYMBOL_DIGIT)) ||
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
			if (residency_is_latin(class))
			{
				digits |= class == SYMBOL_DIGIT;
				if (class == SYMBOL_DIGIT && before != SYMBOL_DIGIT)
					inner += INNER_DIGITS;
				if (!residency_is_latin(before))
					place->begins = true;
			}
			inner = find_words(line, start, i + 1, inner);
		}
		place[1].inner = (uint16_t) inner;
	}
	if (digits)
		residency_address_phones(line, from);
}
