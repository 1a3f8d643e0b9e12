/*
 * region_word.c
 *	  The words around the names of divisions.
 */
#include "core/region_word.h"

#include "core/region_suffix.h"
#include "core/region_word_list.h"

/* How far a road or a place may be ahead. */
#define LOOK_AHEAD 6

#define FIRST_SYMBOL 0x4E00
#define LAST_SYMBOL 0x9FFF

/* Which lists have words that begin with a symbol, a bit each; made when it is first asked for. */
static uint16_t lists_of[LAST_SYMBOL - FIRST_SYMBOL + 1];
static bool is_prepared = false;

/* In each list, the words whose first symbols are alike in their last bits: the first, and those that follow, by number from 1. */
#define ALIKE 32
static uint8_t first_word[WORD_LISTS][ALIKE];
static uint8_t next_word[WORD_LISTS][LIST_WORDS];

static void
prepare(void)
{
	for (int list = 0; list < WORD_LISTS; list++)
	{
		for (int i = word_list[list].count; i > 0; i--)
		{
			uint32_t	symbol = word_list[list].words[i - 1].word[0];

			lists_of[symbol - FIRST_SYMBOL] |= (uint16_t) (1 << list);
			next_word[list][i - 1] = first_word[list][symbol % ALIKE];
			first_word[list][symbol % ALIKE] = (uint8_t) i;
		}
	}
	is_prepared = true;
}

/* The lists that have a word which begins like symbol[at]. */
static inline int
lists_at(const uint32_t *symbol, int at, int length)
{
	if (!is_prepared)
		prepare();
	return at < length && symbol[at] >= FIRST_SYMBOL && symbol[at] <= LAST_SYMBOL ? lists_of[symbol[at] - FIRST_SYMBOL] : 0;
}

static __attribute__((noinline)) int
find_word(const uint32_t *symbol, int at, int length, WordList list)
{
	const RegionWord *words = word_list[list].words;

	for (int i = first_word[list][symbol[at] % ALIKE]; i > 0; i = next_word[list][i - 1])
	{
		if (residency_region_is_word(symbol, at, length, words[i - 1].word, words[i - 1].length))
			return words[i - 1].length;
	}
	return 0;
}

/* The length of the first word of a list that stands at symbol[at]; few symbols begin one. */
static inline int
word_at(const uint32_t *symbol, int at, int length, WordList list)
{
	return (lists_at(symbol, at, length) & 1 << list) != 0 ? find_word(symbol, at, length, list) : 0;
}

int
residency_region_heading_at(const uint32_t *symbol, int at, int length)
{
	return word_at(symbol, at, length, LIST_HEADINGS);
}

static inline bool
is_text(uint32_t symbol)
{
	return symbol > 0x2E7F;
}

/* Whether a road stands at symbol[at], its own name left out: 路, 东路, 三路, 东三路, 五西路. */
static bool
is_rest_of_road(const uint32_t *symbol, int at, int length)
{
	int			direction;
	int			ordinal;

	at += word_at(symbol, at, length, LIST_GATES);
	at += direction = word_at(symbol, at, length, LIST_BETWEEN);
	at += ordinal = word_at(symbol, at, length, LIST_ORDINALS);
	if (direction == 0 && ordinal > 0)
		at += word_at(symbol, at, length, LIST_BETWEEN);
	return word_at(symbol, at, length, LIST_ROADS) != 0;
}

/* Whether a zone, a district or a town is named that no gazetteer has: 中山|石岐区, 合肥|滨湖新区. */
static bool
is_area_ahead(const uint32_t *symbol, int at, int length)
{
	for (int i = at; i < length && i < at + LOOK_AHEAD && is_text(symbol[i]); i++)
	{
		if (word_at(symbol, i, length, LIST_ZONES))
			return true;
		if (i > at + 1 && (symbol[i] == L'镇' || symbol[i] == L'区') &&
			!word_at(symbol, i - 1, i + 1, LIST_QUARTERS))
			return true;
	}
	return false;
}

/* Whether the road at symbol[i] is the end of another name: 吴中|郭巷尹山湖. */
static bool
is_lane_of_name(const uint32_t *symbol, int at, int i, int length)
{
	return i == at + 1 && symbol[i] == L'巷' && i + 1 < length && is_text(symbol[i + 1]);
}

NameContinuation
residency_region_continues(const uint32_t *symbol, int at, int length)
{
	int			place;

	if (at >= length || !is_text(symbol[at]))
		return CONTINUES_NOT;
	place = word_at(symbol, at, length, LIST_PLACES);
	/* 美兰|新村路 */
	if (place > 1 && word_at(symbol, at + place, length, LIST_ROADS))
		return CONTINUES_ROAD;
	if (place != 0 || is_rest_of_road(symbol, at, length) ||
		word_at(symbol, at, length, LIST_DISHES) ||
		residency_region_suffix_at(symbol, at, length, 4) || residency_region_suffix_at(symbol, at, length, 5))
		return CONTINUES_NAME;
	if (is_area_ahead(symbol, at, length))
		return CONTINUES_AREA;
	for (int i = at; i < length && i < at + LOOK_AHEAD && is_text(symbol[i]); i++)
	{
		if (word_at(symbol, i, length, LIST_ROADS) && !is_lane_of_name(symbol, at, i, length))
			return i - at >= 2 ? CONTINUES_ROAD : CONTINUES_NAME;
		if (word_at(symbol, i, length, LIST_PLACES) ||
			word_at(symbol, i, length, LIST_INSTITUTIONS))
			return CONTINUES_PLACE;
	}
	return CONTINUES_NOT;
}

bool
residency_region_is_road(const uint32_t *symbol, int at, int length)
{
	int			word = word_at(symbol, at, length, LIST_ROADS);

	return word != 0 && (at + word == length || !is_text(symbol[at + word]));
}

bool
residency_region_is_zone(const uint32_t *symbol, int at, int length)
{
	return word_at(symbol, at, length, LIST_ZONES) != 0;
}

bool
residency_region_is_general(const uint32_t *symbol, int from, int to, int length)
{
	return (from <= to - 2 && word_at(symbol, to - 2, to, LIST_PLACES) == 2) ||
		(residency_region_is_road(symbol, to - 1, to) && !is_lane_of_name(symbol, to - 2, to - 1, length));
}

bool
residency_region_is_own_place(const uint32_t *symbol, int at, int length)
{
	for (int i = at + 2; i < length && i < at + LOOK_AHEAD && is_text(symbol[i]); i++)
	{
		if (word_at(symbol, i, length, LIST_OWN_PLACES))
			return true;
	}
	return false;
}

bool
residency_region_is_institution(const uint32_t *symbol, int at, int length)
{
	return word_at(symbol, at, length, LIST_INSTITUTIONS) != 0 ||
		(at < length && symbol[at] == L'大' &&
		 word_at(symbol, at + 1, length, LIST_INSTITUTIONS) != 0);
}
