/*
 * address_offer.c
 *	  The pieces that may end at a place of an address, and what they cost.
 */
#include "core/address_cut.h"

#include <limits.h>

#include "core/address_grammar_table.h"

static int
step(int before, int kind)
{
	char		steps = follow[before][kind];

	return (steps - '0') * COST_STEP;
}

/* Keeps a way to a place if it is among the cheapest. */
static void
keep(Places *to, State state)
{
	int			worst = 0;

	if (state.cost < to->best)
		to->best = state.cost;

	for (int i = 0; i < to->count; i++)
	{
		if (to->state[i].kind == state.kind)
		{
			if (state.cost < to->state[i].cost)
				to->state[i] = state;
			return;
		}
	}
	if (to->count < STATES)
	{
		to->state[to->count++] = state;
		return;
	}
	for (int i = 1; i < STATES; i++)
	{
		if (to->state[i].cost > to->state[worst].cost)
			worst = i;
	}
	if (state.cost < to->state[worst].cost)
		to->state[worst] = state;
}

/* Takes the piece from … to of a kind after the best of what ends where it begins. */
static __attribute__((noinline)) void
take(Cut *cut, int from, int to, int kind, int cost)
{
	const Places *at = &cut->at[from];
	int			least = INT_MAX;
	int			before = 0;

	for (int i = 0; i < at->count; i++)
	{
		int			sum = at->state[i].cost + step(at->state[i].kind, kind);

		if (sum < least)
		{
			least = sum;
			before = i;
		}
	}
	keep(&cut->at[to], (State){least + COST_PIECE + cost, (uint16_t) from, (uint8_t) before, (uint8_t) kind});
}

/* Most have no hope to be the best in the end. */
static inline void
offer(Cut *cut, int from, int to, int kind, int cost)
{
	const Places *at = &cut->at[from];

	if (at->count > 0 && at->best + COST_PIECE + cost <= cut->at[to].best + COST_HOPELESS)
		take(cut, from, to, kind, cost);
}

void
residency_address_offer(Cut *cut, int from, int to, int kind, int cost)
{
	offer(cut, from, to, kind, cost);
}

/* What the symbols before a word of a name cost. */
static int
body(const Rule *rule, int length, int word)
{
	if (length > 0 || word == 1 || (rule->body == BODY_ROAD && word > 3) || rule->body > BODY_PLACE)
		return body_cost[rule->body][length];
	return (rule->body == BODY_ROAD ? COST_BARE_ROAD : 0) + (word < 5 ? COST_BARE - COST_BARE_SYMBOL * word : 2);
}

/* Whether a name that ends at a place may go on with a word: 花园|小区, 中关村|南大街; but not 新厝社区|工业区, 成都|高新区. */
static bool
goes_on(const LinePlace *place, WordEnding word)
{
	int			class = place->words > 0 ? place->word[0].class : WORD_NONE;

	if (word.class == WORD_DEVZONE || word.class == WORD_ZONE)
		return class != WORD_TOWN && class != WORD_COMMUNITY && class != WORD_VILLAGE && !place->city;
	return word.length <= 2 || (word.class == WORD_ROAD && class == WORD_VILLAGE);
}

/* How long the name is that ends at a place and may go on. */
static int
own_name(const LinePlace *place)
{
	if (place->known > 0)
		return place->known;
	if (place->words == 0 || place->word[0].class >= WORD_LINK ||
		(place->word[0].class >= WORD_NO && place->word[0].class <= WORD_PHASE))
		return 0;
	return place->word[0].length;
}

/* Offers the names of all lengths that end with a word. */
static void
offer_names(Cut *cut, int to, WordEnding word, const Rule *rule, int cost)
{
	const LinePlace *place = cut->line->place;
	int			begin = to - word.length;

	/* a name that ends where the word begins is the name's own: 花园|小区, 学院|路 */
	int			last = begin - (goes_on(&place[begin], word) ? own_name(&place[begin]) : 0);

	for (int from = cut->at[begin].count ? begin : cut->at[begin].earlier;; from = cut->at[from].earlier)
	{
		int			length = begin - from;
		int			price;

		if (from < cut->start || length >= BODY_LENGTHS)
			break;
		/* 名园|北大道: a word that is all of the name is its own */
		if (rule->body == BODY_ROAD && length > 0 && length == own_name(&place[begin]))
			last = from;
		price = body(rule, length, word.length) + place[last < from ? from : last].inner - place[from].inner;
		if (price < COST_FORBIDDEN && cut->at[from].count > 0 &&
			(rule->kind != ADDRESS_PERSON || residency_is_surname(cut->line->symbol[from])))
			offer(cut, from, to, rule->kind, cost + rule->cost + price);
		if (from == cut->start || (price >= COST_FORBIDDEN && length > 0))
			break;
	}
}

/* Whether a number is more than a house has floors. */
static bool
is_above_all_floors(const AddressLine *line, LineNumber number, int to)
{
	return to - number.last > 3 || (to - number.last == 3 && line->symbol[number.last] > '1' && line->symbol[number.last] <= '9');
}

/* Offers a number with its word; of numbers joined by dashes, all of them or the last. */
static void
offer_number(Cut *cut, int to, WordEnding word, const Rule *rule)
{
	LineNumber	number = cut->line->place[to - word.length].number;
	int			whole = 0;
	int			last = 0;

	if (number.groups == 0)
		return;
	/* 1501-1502单元: in the south rooms are called so */
	if (word.class == WORD_UNIT && cut->line->place[to - word.length - 1].class == SYMBOL_DIGIT &&
		to - word.length - number.last >= 3)
	{
		offer(cut, number.from, to, ADDRESS_ROOM, rule->cost);
		return;
	}
	/* 410楼 */
	if (word.class == WORD_STOREYS && rule->kind == ADDRESS_FLOOR && is_above_all_floors(cut->line, number, to - word.length))
		return;
	if (number.groups > 1)
	{
		bool		short_last = to - word.length - number.last <= 2;
		bool		long_first = cut->line->place[number.from + 2].class == SYMBOL_DIGIT;

		switch (word.class)
		{
			case WORD_NO:
				whole = short_last && number.groups == 2 ? 0 : 20;
				last = 20 - whole;
				break;
			case WORD_ROOM:
				whole = number.groups > 2 ? 40 : short_last && long_first ? 0 : 16;
				last = whole == 0 ? 16 : 0;
				break;
			case WORD_UNIT:
				whole = 16;
				break;
			default:
				last = 6;
				break;
		}
	}
	if (number.from >= cut->start)
		offer(cut, number.from, to, rule->kind, rule->cost + whole);
	if (number.last > number.from)
		offer(cut, number.last, to, rule->kind, rule->cost + last);
}

void
residency_address_offer_bare(Cut *cut, int to)
{
	/* what the groups of 2, 3 and 4 joined numbers are */
	static const uint8_t joined[][4] = {
		{ADDRESS_BUILDING, ADDRESS_ROOM},
		{ADDRESS_BUILDING, ADDRESS_UNIT, ADDRESS_ROOM},
		{ADDRESS_BUILDING, ADDRESS_UNIT, ADDRESS_FLOOR, ADDRESS_ROOM},
	};
	const AddressLine *line = cut->line;
	LineNumber	number = residency_address_number(line, to, WORD_NONE);
	int			groups = number.groups;
	int			digits = 0;
	int			suffixed = line->place[to].suffix ? 25 : 0;

	if (number.groups == 0 || number.from < cut->start)
		return;
	/* 12号之1, 12号-1, which have no number of their own below: in 12号之1-302 that is a room */
	if (groups == 1 && number.from >= 3 && line->symbol[number.from - 2] == L'号' &&
		(line->symbol[number.from - 1] == L'之' ||
		 (line->symbol[number.from - 1] == '-' && to - number.from <= 2 && suffixed == 0)))
	{
		LineNumber	main = line->place[number.from - 2].number;

		if (main.groups > 0 && main.from >= cut->start)
			offer(cut, main.from, to, ADDRESS_ROAD_NO, 0);
	}
	if (line->place[to - 1].class == SYMBOL_NUMERAL)
	{
		/* 三零一 */
		if (to - number.last >= 3)
			offer(cut, number.last, to, ADDRESS_ROOM, suffixed + 8);
		return;
	}
	for (int i = number.last; i < to; i++)
		digits += line->place[i].class == SYMBOL_DIGIT;
	for (int at = to; line->place[at].class == SYMBOL_DASH && line->place[at + 1].class <= SYMBOL_LETTER &&
		 line->place[at + 1].class >= SYMBOL_DIGIT;)
	{
		groups++;
		at++;
		while (line->place[at].class == SYMBOL_DIGIT || line->place[at].class == SYMBOL_LETTER)
			at++;
	}
	if (groups == 1)
	{
		int			letters = digits < to - number.last ? 4 : 0;

		if (digits > 0)
		{
			offer(cut, number.from, to, ADDRESS_ROOM, suffixed + (digits >= 3 ? 2 : 10) + letters / 2);
			offer(cut, number.from, to, ADDRESS_ROAD_NO, suffixed + 8 + letters);
		}
		/* 15楼A */
		if (digits == 0 && to - number.from == 1)
			offer(cut, number.from, to, ADDRESS_ROOM, suffixed + 15);
		offer(cut, number.from, to, ADDRESS_BUILDING, suffixed + (digits <= 2 ? 9 : 20) + (digits == 0 ? 8 : 0));
	}
	else
	{
		if (groups <= 4)
			offer(cut, number.last, to, joined[groups - 2][number.groups - 1], suffixed + 2);
		if (groups == 2 && number.groups == 1)
			offer(cut, number.last, to, ADDRESS_UNIT, 6);
		if (groups == 2 && number.groups == 2)
		{
			/* 15-06; but of 1-201 the first is a unit */
			offer(cut, number.from, to, ADDRESS_ROOM,
				  suffixed + (line->place[number.from + 1].class == SYMBOL_DASH && digits >= 3 ? 22 : 10));
			if (to - number.last <= 2)
				offer(cut, number.from, to, ADDRESS_ROAD_NO, suffixed + 12);
		}
	}
}

void
residency_address_offer_unknown(Cut *cut, int to)
{
	const LinePlace *place = cut->line->place;
	const LinePlace *end = &place[to];
	bool		ends = end->class == SYMBOL_BREAK;
	bool		digit = place[to - 1].class == SYMBOL_DIGIT;
	int			start = cut->start > to - REACH ? cut->start : to - REACH;
	int			most = end->inner + (end->words > 0 ? COST_UNKNOWN_WORD : 0);

	for (int i = 0; i < cut->line->ngiven; i++)
		ends |= cut->line->given[i].from == to && cut->line->given[i].kind == ADDRESS_PHONE;
	for (int from = cut->at[to].earlier; from >= start; from = cut->at[from].earlier)
	{
		int			length = to - from;
		int			inner = most - place[from].inner;
		int			unknown = COST_UNKNOWN + COST_UNKNOWN_SYMBOL * length + inner;
		int			other = COST_OTHER + COST_OTHER_SYMBOL * length;

		/* what is longer costs no less, but for a person's name */
		if ((length > 4 || !ends) && cut->least + COST_PIECE + (unknown < other ? unknown : other) > cut->at[to].best + COST_HOPELESS)
			break;
		if (length > 1 && !(digit && place[from].class == SYMBOL_DIGIT))
			offer(cut, from, to, ADDRESS_ESTATE, unknown);
		offer(cut, from, to, ADDRESS_OTHER, other);
		if (ends && length >= 2 && length <= 4 && residency_is_surname(cut->line->symbol[from]))
			offer(cut, from, to, ADDRESS_PERSON, COST_PERSON + inner + (length == 4 ? COST_PERSON_LONG : 0));
		if (from == cut->start)
			break;
	}
}

void
residency_address_offer_words(Cut *cut, int to)
{
	const LinePlace *place = &cut->line->place[to];
	bool		named = false;	/* by a longer word */
	bool		numbered = false;

	for (int i = 0; i < place->words; i++)
	{
		WordEnding	word = place->word[i];
		int			begin = to - word.length;
		bool		names = false;

		for (const Rule *rule = rules[word.class]; rule->kind != ADDRESS_NONE; rule++)
		{
			if (rule->form == FORM_NUMBERED)
			{
				offer_number(cut, to, word, rule);
				numbered |= rule->kind != ADDRESS_ROAD && cut->line->place[begin].number.groups > 0;
			}
			else if (rule->form == FORM_NAMED && !named && !numbered)
				offer_names(cut, to, word, rule, i > 0 ? COST_SHORTER : 0);
			else if (rule->form == FORM_WHOLE && begin >= cut->start)
				offer(cut, begin, to, rule->kind, rule->cost + (i > 0 ? COST_SHORTER : 0));
			names |= rule->form == FORM_NAMED;
		}
		/* 碧水蓝天|东区 */
		named |= names || word.class == WORD_PART_NAME;
	}
}
