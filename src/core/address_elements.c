/*
 * address_elements.c
 *	  The elements of addresses side by side.
 */
#include "core/address_elements.h"

#include <string.h>

#include "core/division_code.h"

/* What a number may be called without being another one: 3栋, 3幢, 3号楼; 302房, 302室. */
static const struct
{
	uint8_t		level;
	const char *word;
}			counters[] =
{
	{ADDRESS_ROAD_NO, "号"},
	{ADDRESS_BUILDING, "号楼"},
	{ADDRESS_BUILDING, "栋"},
	{ADDRESS_BUILDING, "幢"},
	{ADDRESS_BUILDING, "橦"},
	{ADDRESS_BUILDING, "座"},
	{ADDRESS_BUILDING, "号"},
	{ADDRESS_BUILDING, "楼"},
	{ADDRESS_UNIT, "单元"},
	{ADDRESS_UNIT, "门"},
	{ADDRESS_UNIT, "梯"},
	{ADDRESS_UNIT, "梯口"},
	{ADDRESS_FLOOR, "层"},
	{ADDRESS_FLOOR, "楼"},
	{ADDRESS_ROOM, "号房"},
	{ADDRESS_ROOM, "室"},
	{ADDRESS_ROOM, "房"},
	{ADDRESS_ROOM, "户"},
	{ADDRESS_ROOM, "号"}
};

Elements
residency_elements_of(const AddressParts *parts)
{
	Elements	all = {{NULL}};

	for (int i = 0; i < parts->count; i++)
		all.at[parts->element[i].level] = &parts->element[i];
	return all;
}

bool
residency_has_stray_village(const AddressParts *parts, const Elements *all)
{
	return all->at[ADDRESS_COMMUNITY] != NULL && all->at[ADDRESS_VILLAGE_GROUP] == NULL &&
		(parts->division == 0 || residency_division_code_level(parts->division) < RESIDENCY_DIVISION_LEVELS);
}

bool
residency_element_equal(const AddressElement *a, const AddressElement *b)
{
	return a->length == b->length && memcmp(a->value, b->value, a->length) == 0;
}

/* The length of a value without the word that counts it. */
static size_t
bare_length(const AddressElement *element)
{
	size_t		most = 0;

	for (size_t i = 0; i < sizeof(counters) / sizeof(counters[0]); i++)
	{
		size_t		len = strlen(counters[i].word);

		if (counters[i].level == element->level && len > most && len < element->length &&
			memcmp(element->value + element->length - len, counters[i].word, len) == 0)
			most = len;
	}
	return element->length - most;
}

/* Whether two values of one level mean the same. */
static bool
same(const AddressElement *a, const AddressElement *b)
{
	size_t		len = bare_length(a);

	return residency_element_equal(a, b) || (len == bare_length(b) && memcmp(a->value, b->value, len) == 0);
}

bool
residency_settle_village(const AddressParts *parts, Elements *all, const AddressParts *other,
						 const Elements *others, AddressElement *group)
{
	if (!residency_has_stray_village(parts, all) ||
		residency_address_division_level(other->division) != ADDRESS_COMMUNITY ||
		(parts->division != 0 && !residency_division_code_within(other->division, parts->division)) ||
		others->at[ADDRESS_COMMUNITY] == NULL ||
		residency_element_equal(all->at[ADDRESS_COMMUNITY], others->at[ADDRESS_COMMUNITY]))
		return false;
	*group = *all->at[ADDRESS_COMMUNITY];
	group->level = ADDRESS_VILLAGE_GROUP;
	all->at[ADDRESS_VILLAGE_GROUP] = group;
	all->at[ADDRESS_COMMUNITY] = NULL;
	return true;
}

Verdict
residency_element_verdict(const AddressElement *a, const AddressElement *b)
{
	if (a == NULL && b == NULL)
		return UNSAID;
	if (a == NULL || b == NULL)
		return ONE;
	return same(a, b) ? AGREE : CLASH;
}
