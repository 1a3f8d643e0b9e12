/*
 * address.h
 *	  The value of an address: its division as far as it is known, and its
 *	  elements from province to room, in one flat run of bytes.
 */
#ifndef RESIDENCY_CORE_ADDRESS_H
#define RESIDENCY_CORE_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/address_parse.h"

/* The longest value of one element, in bytes, and the most elements (each level once). */
#define RESIDENCY_ADDRESS_VALUE 255
#define RESIDENCY_ADDRESS_ELEMENTS ADDRESS_LEVELS

/* The bytes that any address fits in. */
#define RESIDENCY_ADDRESS_SIZE (8 + RESIDENCY_ADDRESS_ELEMENTS * (2 + RESIDENCY_ADDRESS_VALUE))

/* An element: a level from ADDRESS_PROVINCE to ADDRESS_DETAIL and its canonical text. */
typedef struct AddressElement
{
	uint8_t		level;
	uint8_t		length;			/* bytes of value */
	const char *value;			/* UTF-8, not terminated */
} AddressElement;

/* An address taken apart: elements in the order of their levels, each level at most once. */
typedef struct AddressParts
{
	int64_t		division;		/* 12 digits, 0: unknown */
	int			count;
	AddressElement element[RESIDENCY_ADDRESS_ELEMENTS];
} AddressParts;

/* What is wrong with an address, in the order of the checks. */
typedef enum AddressProblem
{
	ADDRESS_FINE,
	ADDRESS_EMPTY,				/* neither a division nor an element */
	ADDRESS_DIVISION,			/* what stands for its division is no code of one */
	ADDRESS_ORDER,				/* a level that there is not, or not deeper than the one before */
	ADDRESS_LENGTH,				/* a value without a byte, or with more than RESIDENCY_ADDRESS_VALUE */
	ADDRESS_CHARACTER			/* a value with a blank, control character, colon or bracket, or with U+10FFFF beside others */
} AddressProblem;

/* Gives the AddressProblem of parts from anywhere. */
extern int	residency_address_check(const AddressParts *parts);

/* Writes the flat value to out[RESIDENCY_ADDRESS_SIZE]; gives its length. */
extern size_t residency_address_write(const AddressParts *parts, char *out);

/* Takes a flat value apart; false if it is damaged.  The parts point into it. */
extern bool residency_address_read(const char *in, size_t len, AddressParts *parts);

/* The canonical elements of a parsed address; the values are written to `room`[RESIDENCY_ADDRESS_SIZE]. */
extern void residency_address_normalize(const Gazetteer *gazetteer, const AddressParse *parse,
										AddressParts *parts, char *room);

/*
 * The canonical text: the elements, each "VALUE" or "LEVEL:VALUE", and the
 * division's code in brackets, "(-)" if it is unknown, with a blank between them.
 */

/* The room that it needs, its zero byte included. */
#define RESIDENCY_ADDRESS_FORM_SIZE (RESIDENCY_ADDRESS_ELEMENTS * (RESIDENCY_ADDRESS_VALUE + 11) + 16)

/* Writes the canonical text and a zero byte; gives its length. */
extern size_t residency_address_format(const AddressParts *parts, char *out);

/* Whether a text means to be canonical: ends in a blank and "(-)" or 6, 9 or 12 digits in brackets. */
extern bool residency_address_is_canonical(const char *in, size_t len);

/* Reads canonical text; gives an AddressProblem.  The parts point into the text. */
extern int	residency_address_scan(const char *in, size_t len, AddressParts *parts);

/*
 * The level that canonical text takes a value for if it doesn't say so, after an
 * element of the level `before` (0: none); one that is no deeper than that has to
 * be said.  This rule is part of every dump: it must stay as it is.
 */
extern int	residency_address_guess(const char *value, size_t len, int before);

/*
 * Writes the elements as they are printed on a letter, and a zero byte, to
 * out[RESIDENCY_ADDRESS_FORM_SIZE]; gives the length.
 */
extern size_t residency_address_print(const AddressParts *parts, char *out);

/*
 * The number of the deepest level that is known, by an element or by the
 * division; ADDRESS_DETAIL is none.  0: none.
 */
extern int	residency_address_level(const AddressParts *parts);

/* The element of a level; NULL if there is none. */
extern const AddressElement *residency_address_element(const AddressParts *parts, int level);

/*
 * Turns an address into the smallest one around it: without its last element
 * that doesn't follow from the division, or in the division above.  False,
 * nothing changed, if there is none.
 */
extern bool residency_address_parent(AddressParts *parts);

/* The longest line of an address and those around it. */
#define RESIDENCY_ADDRESS_LINEAGE 20

/* Turns an address into the highest one inside it. */
extern void residency_address_last_within(AddressParts *parts);

/*
 * What follows works on flat values.  A damaged one gives some answer, and the
 * same answer every time.
 *
 * An address is its division and those elements that don't follow from it:
 * deeper than the division's own level, or a devzone, which no code tells of.
 * Elements at the division's level and above are mere labels.
 */

/* Below, at or above zero: by division, then element by element; numbers in values count as numbers. */
extern int	residency_address_compare(const char *a, size_t alen, const char *b, size_t blen);

/* Whether `inner` is `outer` or lies in it: outer <= inner <= the last within outer. */
extern bool residency_address_contains(const char *outer, size_t outer_len, const char *inner, size_t inner_len);

/* Whether `whole` has all that `part` names; here labels of the whole count. */
extern bool residency_address_fits(const char *whole, size_t whole_len, const char *part, size_t part_len);

/* Equal addresses have equal hashes, on every machine and for ever. */
extern uint64_t residency_address_hash(const char *in, size_t len, uint64_t seed);

/* The order of addresses in 8 bytes: if a's number is below b's, then a is below b. */
extern uint64_t residency_address_abbreviate(const char *in, size_t len);

/*
 * Keys for a search by parts: if a whole has all that a part names, then the
 * keys of the whole (its elements and divisions) are a superset of those of the part.
 */
#define RESIDENCY_ADDRESS_KEYS 20
extern int	residency_address_whole_keys(const char *in, size_t len, uint64_t *keys);
extern int	residency_address_part_keys(const char *in, size_t len, uint64_t *keys);

#endif							/* RESIDENCY_CORE_ADDRESS_H */
