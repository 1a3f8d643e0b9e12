/*
 * address_grammar.c
 *	  The grammar of addresses: cuts a line of symbols into the pieces that cost
 *	  least.
 */
#include "core/address_cut.h"

#include <limits.h>

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

/* A break, or a dash: what ends before it ends behind it as well. */
static void
reach_behind(Cut *cut, int to, int class)
{
	const Places *before = &cut->at[to - 1];
	Places	   *at = &cut->at[to];
	int			next = cut->line->place[to].class;

	at->count = before->count;
	at->best = before->best;
	at->earlier = before->earlier;
	for (int i = 0; i < before->count; i++)
	{
		at->state[i] = before->state[i];
		at->state[i].from = (uint16_t) to;
	}
	if (class == SYMBOL_BREAK || next < SYMBOL_DIGIT || next > SYMBOL_LETTER)
	{
		at->earlier = (uint16_t) (cut->start = to);
		cut->least = at->best;
	}
}

/* Finds the cheapest ways to a place, those to all places before it being known. */
static void
reach(Cut *cut, int to, int end)
{
	const AddressLine *line = cut->line;
	const LinePlace *place = &line->place[to];
	int			class = place[-1].class;
	Places	   *at = &cut->at[to];

	if (class == SYMBOL_BREAK || class == SYMBOL_DASH)
	{
		reach_behind(cut, to, class);
		return;
	}
	at->count = 0;
	at->best = INT_MAX - COST_HOPELESS;
	at->earlier = (uint16_t) (at[-1].count > 0 ? to - 1 : at[-1].earlier);
	for (int i = 0; i < line->ngiven; i++)
	{
		if (line->given[i].to == to && line->given[i].from >= cut->from)
			residency_address_offer(cut, line->given[i].from, to, line->given[i].kind, 0);
	}
	if (place->words > 0)
		residency_address_offer_words(cut, to);
	if (class >= SYMBOL_DIGIT && class <= SYMBOL_NUMERAL && place->class != class && !place->counted &&
		(class == SYMBOL_NUMERAL || place->class < SYMBOL_DIGIT || place->class > SYMBOL_LETTER))
		residency_address_offer_bare(cut, to);
	if (to == end || place->begins || place->class >= SYMBOL_DASH || to - at->earlier >= REACH - 1)
		residency_address_offer_unknown(cut, to);
	if (at->count > 1)
		prune(at);
	/* a telephone number may come from before the stretch */
	if (at->best < cut->least)
		cut->least = at->best;
}

/* Notes the road or estate of the gazetteer that begins at a place where a piece may begin. */
static inline void
find_place(Cut *cut, AddressLine *line, int at, int end)
{
	NameFound	found;

	if (cut->at[at].count > 0 && line->place[at].class == SYMBOL_NAME && cut->gazetteer != NULL && cut->division != 0 &&
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
	cut.least = 0;
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
