/*
 * address_walk.h
 *	  How the flat value of an address is walked along: for those who write,
 *	  read and compare it, and nobody else.
 */
#ifndef RESIDENCY_CORE_ADDRESS_WALK_H
#define RESIDENCY_CORE_ADDRESS_WALK_H

#include "core/address.h"

#define ADDRESS_DIVISION_BYTES 8

/* Whether an element does not follow from a division of this level. */
static inline bool
address_tells(int level, int own)
{
	return level > own || level == ADDRESS_DEVZONE;
}

/* A walk along the elements of a flat value; ends where the value is damaged. */
typedef struct AddressWalk
{
	const char *at;
	const char *end;
	int			own;			/* elements that follow from a division of this level are left out; -1: none are */
} AddressWalk;

static inline int64_t
address_division_of(const char *in, size_t len)
{
	uint64_t	division = 0;

	if (len < ADDRESS_DIVISION_BYTES)
		return 0;
	for (int i = 0; i < ADDRESS_DIVISION_BYTES; i++)
		division = division << 8 | (unsigned char) in[i];
	return (int64_t) division;
}

static inline AddressWalk
address_walk_all(const char *in, size_t len)
{
	AddressWalk walk = {in + (len < ADDRESS_DIVISION_BYTES ? len : ADDRESS_DIVISION_BYTES), in + len, -1};

	return walk;
}

/* A walk along those elements that don't follow from the division. */
static inline AddressWalk
address_walk_telling(const char *in, size_t len)
{
	AddressWalk walk = address_walk_all(in, len);

	walk.own = residency_address_division_level(address_division_of(in, len));
	return walk;
}

static inline bool
address_next(AddressWalk *walk, AddressElement *element)
{
	while (walk->end - walk->at >= 2)
	{
		element->level = (uint8_t) walk->at[0];
		element->length = (uint8_t) walk->at[1];
		element->value = walk->at + 2;
		if (element->length > walk->end - element->value)
			break;
		walk->at = element->value + element->length;
		if (address_tells(element->level, walk->own))
			return true;
	}
	return false;
}

#endif							/* RESIDENCY_CORE_ADDRESS_WALK_H */
