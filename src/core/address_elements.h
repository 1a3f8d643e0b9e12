/*
 * address_elements.h
 *	  The elements of addresses side by side: what comparing addresses and putting
 *	  them together have in common.
 */
#ifndef RESIDENCY_CORE_ADDRESS_ELEMENTS_H
#define RESIDENCY_CORE_ADDRESS_ELEMENTS_H

#include "core/address.h"

/* What lies below the regions and can be told apart. */
#define LOCAL(level) ((level) >= ADDRESS_VILLAGE_GROUP && (level) <= ADDRESS_ROOM)

/* The elements of an address by their levels. */
typedef struct Elements
{
	const AddressElement *at[ADDRESS_LEVELS + 1];
} Elements;

/* What two addresses say of one level. */
typedef enum Verdict
{
	UNSAID,						/* neither names it */
	ONE,						/* one alone does */
	AGREE,
	CLASH
} Verdict;

extern Elements residency_elements_of(const AddressParts *parts);

/* Whether two elements are the same to the letter. */
extern bool residency_element_equal(const AddressElement *a, const AddressElement *b);

/* What two elements of one level say, each NULL where it is not named; 3栋 and 3号楼 agree. */
extern Verdict residency_element_verdict(const AddressElement *a, const AddressElement *b);

/* Whether an address names a village or community that nobody knows as a division. */
extern bool residency_has_stray_village(const AddressParts *parts, const Elements *all);

/*
 * A village that is no division and not the other's community either is a natural
 * one, 自然村: what registers know as a village group.  *group becomes the element
 * for it.  Gives whether it is so.
 */
extern bool residency_settle_village(const AddressParts *parts, Elements *all, const AddressParts *other,
									 const Elements *others, AddressElement *group);

#endif							/* RESIDENCY_CORE_ADDRESS_ELEMENTS_H */
