/*
 * address_match.c
 *	  Whether two addresses are one place, and how sure that is.
 *
 * Regions must not contradict each other; what one of two addresses leaves out is no
 * contradiction.  Then a road, an estate or a village group must be the same, then
 * the house number, the building, the unit and the room, each as deep as it goes.
 */
#include "core/address_match.h"

#include <stdlib.h>

#include "core/address_elements.h"
#include "core/division_code.h"

/* Where the scores of a grade begin; those of the next begin above where they end. */
static const struct
{
	const char *name;
	float		from;
	float		to;
}			grades[MATCH_GRADES] =
{
	[MATCH_NONE] = {"none", 0.0f, 0.15f},
	[MATCH_COMMUNITY] = {"community", 0.2f, 0.45f},
	[MATCH_ROAD_NO] = {"road_no", 0.5f, 0.65f},
	[MATCH_BUILDING] = {"building", 0.7f, 0.8f},
	[MATCH_ROOM] = {"room", 0.85f, 0.95f},
	[MATCH_EXACT] = {"exact", 0.97f, 1.0f}
};

/*
 * How deep the regions of two addresses are known to agree, as an element's level;
 * -1 if they contradict each other.
 */
static int
common_region(const AddressParts *a, const AddressParts *b, const Elements *ea, const Elements *eb)
{
	int			shared = ADDRESS_NONE;

	if (a->division != 0 && b->division != 0)
	{
		int			la = residency_address_division_level(a->division);
		int			lb = residency_address_division_level(b->division);

		if (!residency_division_code_within(a->division, b->division) &&
			!residency_division_code_within(b->division, a->division))
			return -1;
		shared = la < lb ? la : lb;
	}
	for (int level = shared + 1; level <= ADDRESS_COMMUNITY; level++)
	{
		/* a zone for industry may be named or not, and by several names */
		if (level == ADDRESS_DEVZONE || ea->at[level] == NULL || eb->at[level] == NULL)
			continue;
		if (!residency_element_equal(ea->at[level], eb->at[level]))
			return -1;
		shared = level;
	}
	return shared;
}

/* The first number in a value, -1 if there is none. */
static long
number_in(const AddressElement *element)
{
	long		number = 0;
	int			digits = 0;

	for (int i = 0; i < element->length && digits < 9; i++)
	{
		if (element->value[i] >= '0' && element->value[i] <= '9')
		{
			number = number * 10 + (element->value[i] - '0');
			digits++;
		}
		else if (digits > 0)
			break;
	}
	return digits > 0 ? number : -1;
}

/* How near two house numbers of one road are, 0 to 1. */
static float
nearness(const AddressElement *a, const AddressElement *b)
{
	long		left = a != NULL ? number_in(a) : -1;
	long		right = b != NULL ? number_in(b) : -1;

	if (left < 0 || right < 0)
		return 0;
	return 4.0f / (4.0f + (float) labs(left - right));
}

/* The grade by what lies below the regions. */
static AddressGrade
local_grade(const Verdict *v)
{
	bool		group = v[ADDRESS_VILLAGE_GROUP] == AGREE;
	bool		estate = v[ADDRESS_ESTATE] == AGREE;
	bool		road = v[ADDRESS_ROAD] == AGREE;

	if (v[ADDRESS_ROAD] == CLASH || v[ADDRESS_VILLAGE_GROUP] == CLASH || !(group || estate || road))
		return MATCH_NONE;
	switch (v[ADDRESS_ROAD_NO])
	{
		case CLASH:
			return MATCH_COMMUNITY;
		case AGREE:
			break;
		case ONE:
			/* an estate is found without its number */
			if (!estate)
				return MATCH_COMMUNITY;
			break;
		case UNSAID:
			if (!estate && v[ADDRESS_BUILDING] != AGREE)
				return MATCH_COMMUNITY;
			break;
	}
	if (v[ADDRESS_ESTATE] == CLASH || v[ADDRESS_BUILDING] == CLASH || v[ADDRESS_BUILDING] == ONE)
		return MATCH_ROAD_NO;
	if (v[ADDRESS_UNIT] == CLASH || v[ADDRESS_UNIT] == ONE || v[ADDRESS_FLOOR] == CLASH ||
		v[ADDRESS_ROOM] != AGREE)
		return v[ADDRESS_BUILDING] == AGREE ? MATCH_BUILDING : MATCH_ROAD_NO;
	return MATCH_ROOM;
}

/* Whether each has what the other has, down to the letter; known regions only. */
static bool
is_exact(const Elements *ea, const Elements *eb, int region)
{
	int			named = 0;

	for (int level = ADDRESS_VILLAGE_GROUP; level <= ADDRESS_ROOM; level++)
	{
		if (residency_element_verdict(ea->at[level], eb->at[level]) == UNSAID)
			continue;
		if (ea->at[level] == NULL || eb->at[level] == NULL ||
			!residency_element_equal(ea->at[level], eb->at[level]))
			return false;
		named++;
	}
	if (residency_element_verdict(ea->at[ADDRESS_DEVZONE], eb->at[ADDRESS_DEVZONE]) == CLASH ||
		residency_element_verdict(ea->at[ADDRESS_DETAIL], eb->at[ADDRESS_DETAIL]) == CLASH)
		return false;
	/* a place that nobody could take apart is itself where it is written the same */
	if (named == 0)
		return region >= ADDRESS_COMMUNITY && ea->at[ADDRESS_DETAIL] != NULL && eb->at[ADDRESS_DETAIL] != NULL;
	return region >= ADDRESS_CITY;
}

AddressGrade
residency_address_match(const AddressParts *a, const AddressParts *b, float *score)
{
	Elements	ea = residency_elements_of(a);
	Elements	eb = residency_elements_of(b);
	AddressElement group_a;
	AddressElement group_b;
	bool		settled = residency_settle_village(a, &ea, b, &eb, &group_a) ||
		residency_settle_village(b, &eb, a, &ea, &group_b);
	Verdict		v[ADDRESS_LEVELS + 1];
	int			region = common_region(a, b, &ea, &eb);
	int			agreed = 0;
	int			named = 0;
	float		likeness;
	AddressGrade grade;

	if (region < 0)
	{
		*score = 0;
		return MATCH_NONE;
	}
	for (int level = ADDRESS_PROVINCE; level <= ADDRESS_DETAIL; level++)
	{
		v[level] = residency_element_verdict(ea.at[level], eb.at[level]);
		if (LOCAL(level) && v[level] != UNSAID)
		{
			named++;
			agreed += v[level] == AGREE;
		}
	}
	if (is_exact(&ea, &eb, region))
		grade = MATCH_EXACT;
	else
	{
		grade = local_grade(v);
		/* a village that the other does not name may be another one */
		if (settled && v[ADDRESS_VILLAGE_GROUP] != AGREE && grade > MATCH_BUILDING)
			grade = MATCH_BUILDING;
		if (grade == MATCH_NONE && region >= ADDRESS_COMMUNITY)
			grade = MATCH_COMMUNITY;
	}

	/* in a grade: how much is known of the place, and how much of it agrees */
	likeness = 0.5f * (float) region / ADDRESS_COMMUNITY + 0.5f * (named > 0 ? (float) agreed / (float) named : 1.0f);
	if (grade == MATCH_COMMUNITY)
		likeness = 0.3f * likeness + (v[ADDRESS_ROAD] == AGREE || v[ADDRESS_VILLAGE_GROUP] == AGREE ? 0.3f : 0)
			+ (v[ADDRESS_ROAD] == AGREE ? 0.4f * nearness(ea.at[ADDRESS_ROAD_NO], eb.at[ADDRESS_ROAD_NO]) : 0);
	*score = grades[grade].from + (grades[grade].to - grades[grade].from) * likeness;
	return grade;
}

const char *
residency_address_grade_name(AddressGrade grade)
{
	return grades[grade].name;
}
