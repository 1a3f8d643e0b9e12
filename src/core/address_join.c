/*
 * address_join.c
 *	  Addresses put together and taken apart: a part in its whole, a house with
 *	  another number, what to look for.
 */
#include "core/address_match.h"

#include <string.h>

#include "core/address_elements.h"

static void
add(AddressParts *out, const AddressElement *element)
{
	if (element != NULL)
		out->element[out->count++] = *element;
}

/* What both say of one level, run together; the part's alone if it says the whole's again or there is no room. */
static const AddressElement *
joined(const AddressElement *whole, const AddressElement *part, AddressElement *both, char *room)
{
	if (whole == NULL || part == NULL)
		return part != NULL ? part : whole;
	if (whole->length + part->length > RESIDENCY_ADDRESS_VALUE ||
		(part->length >= whole->length && memcmp(part->value, whole->value, whole->length) == 0))
		return part;
	memcpy(room, whole->value, whole->length);
	memcpy(room + whole->length, part->value, part->length);
	*both = *part;
	both->length = whole->length + part->length;
	both->value = room;
	return both;
}

/* Whether all that an address says below the regions is a room. */
static bool
is_room_alone(const Elements *all)
{
	for (int level = ADDRESS_VILLAGE_GROUP; level < ADDRESS_ROOM; level++)
		if (all->at[level] != NULL)
			return false;
	return all->at[ADDRESS_ROOM] != NULL;
}

void
residency_address_part(const AddressParts *whole, const AddressParts *part, AddressParts *out, char *room)
{
	Elements	ew = residency_elements_of(whole);
	Elements	ep = residency_elements_of(part);
	int			known = residency_address_division_level(whole->division);
	bool		clash = false;
	AddressElement group;
	AddressElement both[2];

	residency_settle_village(part, &ep, whole, &ew, &group);
	/* a room of a flat: 402室A房 */
	if (is_room_alone(&ep))
		ep.at[ADDRESS_ROOM] = joined(ew.at[ADDRESS_ROOM], ep.at[ADDRESS_ROOM], &both[0], room);
	else
		for (int level = ADDRESS_VILLAGE_GROUP; level <= ADDRESS_ROOM; level++)
			clash = clash || residency_element_verdict(ew.at[level], ep.at[level]) == CLASH;

	out->division = whole->division != 0 ? whole->division : part->division;
	out->count = 0;
	for (int level = ADDRESS_PROVINCE; level <= ADDRESS_ROOM; level++)
	{
		const AddressElement *w = ew.at[level];
		const AddressElement *p = ep.at[level];

		if (level <= known && level != ADDRESS_DEVZONE)
			add(out, w);
		else if (p != NULL)
			add(out, p);
		else if (!LOCAL(level) || !clash)
			add(out, w);
	}
	add(out, clash ? ep.at[ADDRESS_DETAIL]
		: joined(ew.at[ADDRESS_DETAIL], ep.at[ADDRESS_DETAIL], &both[1], room + RESIDENCY_ADDRESS_VALUE));
}

void
residency_address_renumber(const AddressParts *address, const AddressParts *plate, AddressParts *out)
{
	Elements	ea = residency_elements_of(address);
	Elements	ep = residency_elements_of(plate);

	out->division = plate->division;
	out->count = 0;
	for (int level = ADDRESS_PROVINCE; level <= ADDRESS_DETAIL; level++)
		add(out, (level <= ADDRESS_ROAD_NO && level != ADDRESS_DEVZONE ? &ep : &ea)->at[level]);
}

/* The elements of these levels alone; false if one of those needed is missing. */
static bool
pick(const AddressParts *address, unsigned levels, unsigned needed, AddressParts *out)
{
	unsigned	found = 0;

	out->division = 0;
	out->count = 0;
	for (int i = 0; i < address->count; i++)
	{
		unsigned	bit = 1u << address->element[i].level;

		if ((levels & bit) == 0)
			continue;
		found |= bit;
		add(out, &address->element[i]);
	}
	return (found & needed) == needed;
}

#define BIT(level) (1u << (level))

bool
residency_address_plate(const AddressParts *address, AddressParts *out)
{
	bool		found = pick(address, BIT(ADDRESS_ROAD_NO + 1) - 1 - BIT(ADDRESS_DEVZONE), BIT(ADDRESS_ROAD_NO), out);

	out->division = address->division;
	return found;
}

int
residency_address_clues(const AddressParts *address, AddressParts *clue)
{
	/* what a clue consists of, and what of an address makes it worthless */
	static const struct
	{
		unsigned	levels;
		unsigned	unless;
	}			kinds[RESIDENCY_ADDRESS_CLUES] =
	{
		{BIT(ADDRESS_ROAD) | BIT(ADDRESS_ROAD_NO), 0},
		{BIT(ADDRESS_VILLAGE_GROUP) | BIT(ADDRESS_ROAD_NO), BIT(ADDRESS_ROAD)},
		{BIT(ADDRESS_ESTATE), 0},
		{BIT(ADDRESS_ROAD), 0},
		{BIT(ADDRESS_VILLAGE_GROUP), 0}
	};
	AddressParts settled = *address;
	Elements	all = residency_elements_of(&settled);
	unsigned	named = 0;
	int			count = 0;

	for (int i = 0; i < settled.count; i++)
	{
		/* a natural village is looked for as what the register has it as */
		if (settled.element[i].level == ADDRESS_COMMUNITY && residency_has_stray_village(address, &all))
			settled.element[i].level = ADDRESS_VILLAGE_GROUP;
		named |= BIT(settled.element[i].level);
	}
	for (int i = 0; i < RESIDENCY_ADDRESS_CLUES; i++)
		if ((named & kinds[i].unless) == 0 && pick(&settled, kinds[i].levels, kinds[i].levels, &clue[count]))
			count++;
	return count;
}
