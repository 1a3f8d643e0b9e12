/*
 * address_match.h
 *	  Whether two addresses are one place, and how sure that is.
 */
#ifndef RESIDENCY_CORE_ADDRESS_MATCH_H
#define RESIDENCY_CORE_ADDRESS_MATCH_H

#include "core/address.h"

/* How far two addresses agree, the least first. */
typedef enum AddressGrade
{
	MATCH_NONE,					/* they contradict each other, or share nothing */
	MATCH_COMMUNITY,			/* one community, or one road, estate or village group */
	MATCH_ROAD_NO,				/* one house number */
	MATCH_BUILDING,				/* one building */
	MATCH_ROOM,					/* one room, written in two ways */
	MATCH_EXACT,				/* every element of each is in the other */
	MATCH_GRADES
} AddressGrade;

/* The grade of two addresses; *score is 0 to 1 and never lower for a better grade. */
extern AddressGrade residency_address_match(const AddressParts *a, const AddressParts *b, float *score);

/* none, community, road_no, building, room, exact */
extern const char *residency_address_grade_name(AddressGrade grade);

/*
 * The address of a part of `whole` that is written as `part`: regions are those of
 * the whole as far as its division is known; below it, what the part does not say
 * is as the whole has it, unless the part says something else of the same level.  A
 * room of a room is both run together, as is a detail of both.  Values point into
 * both addresses and into room[2 * RESIDENCY_ADDRESS_VALUE].
 */
extern void residency_address_part(const AddressParts *whole, const AddressParts *part,
									 AddressParts *out, char *room);

/* `address` with the village group, road and house number of `plate`. */
extern void residency_address_renumber(const AddressParts *address, const AddressParts *plate, AddressParts *out);

/* The address of the door plate of `address`: down to its house number; false if it has none. */
extern bool residency_address_plate(const AddressParts *address, AddressParts *out);

/*
 * Fragments (no regions) by which to look for what `address` may mean, the most
 * telling first: what matches it at all below the regions has every element of one of
 * them.  Gives how many there are.
 */
#define RESIDENCY_ADDRESS_CLUES 5
extern int	residency_address_clues(const AddressParts *address, AddressParts *clue);

#endif							/* RESIDENCY_CORE_ADDRESS_MATCH_H */
