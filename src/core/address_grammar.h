/*
 * address_grammar.h
 *	  The grammar of addresses: cuts a line of symbols into the pieces that cost
 *	  least.
 *
 * A piece costs what its kind costs after the kind before it, plus what its words
 * say about it.  All costs are small whole numbers, set by hand; about 8 of them
 * are one piece more or less.  The cheapest cut is found by dynamic programming
 * (a semi-Markov chain, Viterbi), in time that is linear in the line.
 */
#ifndef RESIDENCY_CORE_ADDRESS_GRAMMAR_H
#define RESIDENCY_CORE_ADDRESS_GRAMMAR_H

#include "core/address_parse.h"
#include "core/address_word.h"

/* What a symbol is to the grammar. */
typedef enum SymbolClass
{
	SYMBOL_NAME,				/* a character of names */
	SYMBOL_DIGIT,
	SYMBOL_LETTER,
	SYMBOL_NUMERAL,				/* 一二三: a number before a number's word, else a character of names */
	SYMBOL_DASH,				/* joins numbers; between other things it separates */
	SYMBOL_BREAK				/* separates */
} SymbolClass;

/* A number that ends before a number's word, as it was found. */
typedef struct LineNumber
{
	uint16_t	from;			/* where it begins; with all that is joined to it by dashes */
	uint16_t	last;			/* where its last group begins */
	uint8_t		groups;			/* joined by dashes; 0: there is no number */
} LineNumber;

/* A stretch whose kind is known beforehand. */
typedef struct LineGiven
{
	uint16_t	from;
	uint16_t	to;
	uint8_t		kind;
} LineGiven;

#define LINE_GIVEN 16

/* What is known of the place before a symbol. */
typedef struct LinePlace
{
	uint8_t		class;			/* a SymbolClass: of the symbol that follows */
	uint8_t		words;			/* how many end here */
	bool		begins;			/* something that stands for itself begins here: what has no end of its own ends */
	bool		suffix;			/* a word begins here that may make the number before it one of its kind */
	bool		counted;		/* and does so, whatever follows: 号, 单元, 室 */
	uint8_t		known;			/* how long a name is that is known and ends here */
	bool		city;			/* which is that of a city or a province */
	uint16_t	inner;			/* what the names that end until here cost a longer name */
	LineNumber	number;			/* that ends here */
	WordEnding	word[WORD_ENDINGS];
} LinePlace;

/* A line of an address: the text without its remarks, or one remark. */
typedef struct AddressLine
{
	int			length;
	int			ngiven;
	uint32_t	symbol[RESIDENCY_ADDRESS_CHARACTERS + 1];
	uint16_t	origin[RESIDENCY_ADDRESS_CHARACTERS + 1];	/* the place in the text */
	LinePlace	place[RESIDENCY_ADDRESS_CHARACTERS + 1];
	LineGiven	given[LINE_GIVEN];
} AddressLine;

/* Begins a line whose symbols are set: says of which class they are. */
extern void residency_address_classes(AddressLine *line);

/* Whether digits and letters are joined to a symbol of a class. */
static inline bool
residency_is_latin(int class)
{
	return class == SYMBOL_DIGIT || class == SYMBOL_LETTER;
}

/* Finds the words, numbers and telephone numbers of a line from a place on. */
extern void residency_address_line(AddressLine *line, int from);

/* Where the digits and letters, or the Chinese numerals, that end before `end` begin; `end` if there are none, or too many. */
extern int	residency_address_run(const AddressLine *line, int end);

/* The number that ends before `end`, where a word of `class` follows (WORD_NONE: no word). */
extern LineNumber residency_address_number(const AddressLine *line, int end, int class);

/* Notes the telephone numbers from a place on, but for those in stretches whose kind is known. */
extern void residency_address_phones(AddressLine *line, int from);

/*
 * Notes a stretch whose kind is known; forgotten if there are too many.  `inner` is
 * what it costs a longer name.
 */
extern void residency_address_give(AddressLine *line, int from, int to, int kind, int inner);

/*
 * Cuts the symbols from … to of a line; what was before them is of the kind
 * `before` (ADDRESS_NONE: nothing was).  Writes at most `room` pieces, whose places
 * are those of the line, and gives how many.  They cover all that is no break.
 * Roads and estates of the gazetteer within `division` are known by their names.
 */
extern int	residency_address_cut(AddressLine *line, int from, int to, int before,
								  const Gazetteer *gazetteer, int64_t division, AddressPiece *piece, int room);

/*
 * Tells first from second roads and places among the pieces of a line that follows
 * a piece of the kind `before`, and joins what is one; gives how many there are then.
 */
extern int	residency_address_settle(const AddressLine *line, AddressPiece *pieces, int npieces, int before);

#endif							/* RESIDENCY_CORE_ADDRESS_GRAMMAR_H */
