/*
 * address_cut.h
 *	  The ways to cut a line of an address, while the cheapest is looked for.
 */
#ifndef RESIDENCY_CORE_ADDRESS_CUT_H
#define RESIDENCY_CORE_ADDRESS_CUT_H

#include "core/address_grammar.h"

/* The kinds of the last piece that are remembered at a place, and how far back a piece may begin. */
#define STATES 6
#define REACH 24

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
	int			least;			/* no place from there on is reached for less */
	Places		at[RESIDENCY_ADDRESS_CHARACTERS + 1];
} Cut;

/* What is dearer than the cheapest by this is given up. */
#define COST_HOPELESS 48

/* Offers the piece from … to of a kind. */
extern void residency_address_offer(Cut *cut, int from, int to, int kind, int cost);

/* Offers what the words that end before `to` end. */
extern void residency_address_offer_words(Cut *cut, int to);

/* Offers a number without a word: 501, or a group of 12-3-402. */
extern void residency_address_offer_bare(Cut *cut, int to);

/* Offers a stretch without a word that ends where something else begins. */
extern void residency_address_offer_unknown(Cut *cut, int to);

#endif							/* RESIDENCY_CORE_ADDRESS_CUT_H */
