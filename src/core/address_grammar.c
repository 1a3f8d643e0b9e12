/*
 * address_grammar.c
 *	  The grammar of addresses: cuts a line of symbols into the pieces that cost
 *	  least.
 */
#include "core/address_grammar.h"

#include <limits.h>

#include "core/address_grammar_table.h"

/* The kinds of the last piece that are remembered at a place, and how far back a piece may begin. */
#define STATES 6
#define REACH BODY_LENGTHS

/* The cheapest way to a place that ends with a piece of a kind. */
typedef struct State
{
	int			cost;
	uint16_t	from;			/* where the piece begins; the place itself: it is a break */
	uint8_t		before;			/* the state there */
	uint8_t		kind;
} State;

typedef struct Places
{
	uint8_t		count;
	uint16_t	earlier;		/* the last place before it that has states */
	int			best;			/* the cost of the cheapest */
	State		state[STATES];
} Places;

typedef struct Cut
{
	const AddressLine *line;
	const Gazetteer *gazetteer;
	int64_t		division;
	int			from;
	int			start;			/* of the stretch without breaks that is being cut */
	Places		at[RESIDENCY_ADDRESS_CHARACTERS + 1];
} Cut;

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
		if (to->state[i].cost > to->state[worst].cost)
			worst = i;
	}
	if (to->count < STATES)
		to->state[to->count++] = state;
	else if (state.cost < to->state[worst].cost)
		to->state[worst] = state;
}

/* Takes the piece from … to of a kind after the best of what ends where it begins. */
static void
take(Cut *cut, int from, int to, int kind, int cost)
{
	const Places *at = &cut->at[from];
	State		best = {INT_MAX, (uint16_t) from, 0, (uint8_t) kind};

	for (int i = 0; i < at->count; i++)
	{
		int			sum = at->state[i].cost + step(at->state[i].kind, kind) + COST_PIECE + cost;

		if (sum < best.cost)
		{
			best.cost = sum;
			best.before = (uint8_t) i;
		}
	}
	keep(&cut->at[to], best);
}

/* Offers the piece from … to of a kind: most have no hope to be the best in the end. */
static inline void
offer(Cut *cut, int from, int to, int kind, int cost)
{
	const Places *at = &cut->at[from];

	if (at->count > 0 && at->best + COST_PIECE + cost <= cut->at[to].best + COST_HOPELESS)
		take(cut, from, to, kind, cost);
}

/* What the symbols before a word of a name cost. */
static int
body(const Rule *rule, int length, int word)
{
	if (length > 0 || word == 1 || (rule->body == BODY_ROAD && word > 3) || rule->body > BODY_PLACE)
		return body_cost[rule->body][length];
	return (rule->body == BODY_ROAD ? COST_BARE_ROAD : 0) + (word < 5 ? COST_BARE - COST_BARE_SYMBOL * word : 2);
}

/* Whether a name that ends at a place may go on with a word: 花园|小区, 中关村|南大街. */
static bool
goes_on(const LinePlace *place, WordEnding word)
{
	return word.length <= 2 || word.class == WORD_DEVZONE || word.class == WORD_ZONE ||
		(word.class == WORD_ROAD && place->words > 0 && place->word[0].class == WORD_VILLAGE);
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
		price = body(rule, length, word.length) + place[last < from ? from : last].inner - place[from].inner;
		if (price < COST_FORBIDDEN && cut->at[from].count > 0 &&
			(rule->kind != ADDRESS_PERSON || residency_is_surname(cut->line->symbol[from])))
			offer(cut, from, to, rule->kind, cost + rule->cost + price);
		if (from == cut->start || (price >= COST_FORBIDDEN && length > 0))
			break;
	}
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

/* Offers a number without a word: 501, or a group of 12-3-402. */
static void
offer_bare(Cut *cut, int to)
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
			offer(cut, number.from, to, ADDRESS_ROOM, suffixed + 10);
			if (to - number.last <= 2)
				offer(cut, number.from, to, ADDRESS_ROAD_NO, suffixed + 12);
		}
	}
}

/* Offers a stretch without a word that ends where something else begins. */
static void
offer_unknown(Cut *cut, int to)
{
	const LinePlace *place = cut->line->place;
	bool		ends = place[to].class == SYMBOL_BREAK;

	for (int i = 0; i < cut->line->ngiven; i++)
		ends |= cut->line->given[i].from == to && cut->line->given[i].kind == ADDRESS_PHONE;
	for (int from = cut->at[to].earlier; from >= cut->start && to - from <= REACH; from = cut->at[from].earlier)
	{
		int			length = to - from;
		int			inner = place[to].inner - place[from].inner + (place[to].words > 0 ? COST_UNKNOWN_WORD : 0);

		if (cut->at[from].count > 0)
		{
			if (length > 1 && (place[from].class != SYMBOL_DIGIT || place[to - 1].class != SYMBOL_DIGIT))
				offer(cut, from, to, ADDRESS_ESTATE, COST_UNKNOWN + COST_UNKNOWN_SYMBOL * length + inner);
			offer(cut, from, to, ADDRESS_OTHER, COST_OTHER + COST_OTHER_SYMBOL * length);
			if (ends && length >= 2 && length <= 4 && residency_is_surname(cut->line->symbol[from]))
				offer(cut, from, to, ADDRESS_PERSON, COST_PERSON + inner + (length == 4 ? COST_PERSON_LONG : 0));
		}
		if (from == cut->start)
			break;
	}
}

/* Offers what the words that end before `to` end. */
static void
offer_words(Cut *cut, int to)
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
		named |= names;
	}
}

/* Forgets the ways that are too dear to be the best in the end. */
static void
prune(Places *at)
{
	int			count = 0;

	for (int i = 0; i < at->count; i++)
	{
		if (at->state[i].cost <= at->best + COST_HOPELESS)
			at->state[count++] = at->state[i];
	}
	at->count = (uint8_t) count;
}

/* Finds the cheapest ways to a place, those to all places before it being known. */
static void
reach(Cut *cut, int to, int end)
{
	const AddressLine *line = cut->line;
	const LinePlace *place = line->place;
	int			class = place[to - 1].class;
	Places	   *at = &cut->at[to];

	at->count = 0;
	at->best = INT_MAX - COST_HOPELESS;
	at->earlier = (uint16_t) (cut->at[to - 1].count > 0 ? to - 1 : cut->at[to - 1].earlier);
	if (class == SYMBOL_BREAK || class == SYMBOL_DASH)
	{
		*at = cut->at[to - 1];
		for (int i = 0; i < at->count; i++)
			at->state[i].from = (uint16_t) to;
		at->earlier = cut->at[to - 1].earlier;
		if (class == SYMBOL_BREAK || place[to].class < SYMBOL_DIGIT || place[to].class > SYMBOL_LETTER)
			at->earlier = (uint16_t) (cut->start = to);
		return;
	}
	for (int i = 0; i < line->ngiven; i++)
	{
		if (line->given[i].to == to && line->given[i].from >= cut->from)
			offer(cut, line->given[i].from, to, line->given[i].kind, 0);
	}
	offer_words(cut, to);
	if (class >= SYMBOL_DIGIT && class <= SYMBOL_NUMERAL && place[to].class != class &&
		(class == SYMBOL_NUMERAL || place[to].class < SYMBOL_DIGIT || place[to].class > SYMBOL_LETTER))
		offer_bare(cut, to);
	if (to == end || place[to].begins || place[to].class >= SYMBOL_DASH || to - at->earlier >= REACH - 1)
		offer_unknown(cut, to);
	prune(at);
}

/* Notes the road or estate of the gazetteer that begins at a place where a piece may begin. */
static void
find_place(Cut *cut, AddressLine *line, int at, int end)
{
	NameFound	found;

	if (cut->gazetteer != NULL && cut->division != 0 && cut->at[at].count > 0 && line->place[at].class == SYMBOL_NAME &&
		residency_gazetteer_place(cut->gazetteer, line->symbol, at, end, cut->division, &found))
		residency_address_give(line, at, at + found.length,
							   found.kind == NAME_ROAD ? ADDRESS_ROAD : ADDRESS_ESTATE, 0);
}

int
residency_address_cut(AddressLine *line, int from, int to, int before,
					  const Gazetteer *gazetteer, int64_t division, AddressPiece *piece, int room)
{
	Cut			cut;
	int			slot = 0;
	int			count = 0;

	cut.line = line;
	cut.gazetteer = gazetteer;
	cut.division = division;
	cut.from = cut.start = from;
	cut.at[from].count = 1;
	cut.at[from].best = 0;
	cut.at[from].earlier = (uint16_t) from;
	cut.at[from].state[0] = (State){0, (uint16_t) from, 0, (uint8_t) before};
	for (int at = from; at < to; at++)
	{
		find_place(&cut, line, at, to);
		reach(&cut, at + 1, to);
	}

	for (int i = 1; i < cut.at[to].count; i++)
	{
		if (cut.at[to].state[i].cost < cut.at[to].state[slot].cost)
			slot = i;
	}
	/* from the end to the beginning, the pieces that have no room being one */
	for (int at = to; at > from;)
	{
		State	   *state = &cut.at[at].state[slot];

		if (state->from == at)
		{
			at--;
			continue;
		}
		if (count < room)
			piece[count++] = (AddressPiece){.from = state->from, .to = (uint16_t) at, .kind = state->kind};
		else
		{
			piece[count - 1].from = state->from;
			piece[count - 1].kind = ADDRESS_OTHER;
		}
		slot = state->before;
		at = state->from;
	}
	for (int i = 0; i < count / 2; i++)
	{
		AddressPiece swap = piece[i];

		piece[i] = piece[count - 1 - i];
		piece[count - 1 - i] = swap;
	}
	return count;
}
