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
#include <string.h>

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

#define LOCAL(level) ((level) >= ADDRESS_VILLAGE_GROUP && (level) <= ADDRESS_ROOM)

/* The elements of an address by their levels. */
typedef struct Elements
{
	const AddressElement *at[ADDRESS_LEVELS + 1];
} Elements;

static Elements
elements_of(const AddressParts *parts)
{
	Elements	all = {{NULL}};

	for (int i = 0; i < parts->count; i++)
		all.at[parts->element[i].level] = &parts->element[i];
	return all;
}

/* Whether an address names a village or community that nobody knows as a division. */
static bool
has_stray_village(const AddressParts *parts, const Elements *all)
{
	return all->at[ADDRESS_COMMUNITY] != NULL && all->at[ADDRESS_VILLAGE_GROUP] == NULL &&
		(parts->division == 0 || residency_division_code_level(parts->division) < RESIDENCY_DIVISION_LEVELS);
}

static bool
equal(const AddressElement *a, const AddressElement *b)
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

	return equal(a, b) || (len == bare_length(b) && memcmp(a->value, b->value, len) == 0);
}

/* The level of the element that a division names; ADDRESS_NONE for none. */
static int
division_element(int64_t division)
{
	static const uint8_t element[] = {ADDRESS_NONE, ADDRESS_PROVINCE, ADDRESS_CITY, ADDRESS_COUNTY,
	ADDRESS_TOWNSHIP, ADDRESS_COMMUNITY};

	return division == 0 ? ADDRESS_NONE : element[residency_division_code_level(division)];
}

/*
 * A village that is no division and not the other's community either is a natural
 * one, 自然村: what registers know as a village group.  Gives whether it is so.
 */
static bool
settle_village(const AddressParts *parts, Elements *all, const AddressParts *other, const Elements *others, AddressElement *group)
{
	if (!has_stray_village(parts, all) || division_element(other->division) != ADDRESS_COMMUNITY ||
		(parts->division != 0 && !residency_division_code_within(other->division, parts->division)) ||
		others->at[ADDRESS_COMMUNITY] == NULL || equal(all->at[ADDRESS_COMMUNITY], others->at[ADDRESS_COMMUNITY]))
		return false;
	*group = *all->at[ADDRESS_COMMUNITY];
	group->level = ADDRESS_VILLAGE_GROUP;
	all->at[ADDRESS_VILLAGE_GROUP] = group;
	all->at[ADDRESS_COMMUNITY] = NULL;
	return true;
}

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
		int			la = division_element(a->division);
		int			lb = division_element(b->division);

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
		if (!equal(ea->at[level], eb->at[level]))
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

/* What two addresses say of one level. */
typedef enum Verdict
{
	UNSAID,						/* neither names it */
	ONE,						/* one alone does */
	AGREE,
	CLASH
} Verdict;

static Verdict
verdict(const AddressElement *a, const AddressElement *b)
{
	if (a == NULL && b == NULL)
		return UNSAID;
	if (a == NULL || b == NULL)
		return ONE;
	return same(a, b) ? AGREE : CLASH;
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
		if (verdict(ea->at[level], eb->at[level]) == UNSAID)
			continue;
		if (ea->at[level] == NULL || eb->at[level] == NULL || !equal(ea->at[level], eb->at[level]))
			return false;
		named++;
	}
	if (verdict(ea->at[ADDRESS_DEVZONE], eb->at[ADDRESS_DEVZONE]) == CLASH ||
		verdict(ea->at[ADDRESS_DETAIL], eb->at[ADDRESS_DETAIL]) == CLASH)
		return false;
	/* a place that nobody could take apart is itself where it is written the same */
	if (named == 0)
		return region >= ADDRESS_COMMUNITY && ea->at[ADDRESS_DETAIL] != NULL && eb->at[ADDRESS_DETAIL] != NULL;
	return region >= ADDRESS_CITY;
}

AddressGrade
residency_address_match(const AddressParts *a, const AddressParts *b, float *score)
{
	Elements	ea = elements_of(a);
	Elements	eb = elements_of(b);
	AddressElement group_a;
	AddressElement group_b;
	bool		settled = settle_village(a, &ea, b, &eb, &group_a) || settle_village(b, &eb, a, &ea, &group_b);
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
		v[level] = verdict(ea.at[level], eb.at[level]);
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
	Elements	ew = elements_of(whole);
	Elements	ep = elements_of(part);
	int			known = division_element(whole->division);
	bool		clash = false;
	AddressElement group;
	AddressElement both[2];

	settle_village(part, &ep, whole, &ew, &group);
	/* a room of a flat: 402室A房 */
	if (is_room_alone(&ep))
		ep.at[ADDRESS_ROOM] = joined(ew.at[ADDRESS_ROOM], ep.at[ADDRESS_ROOM], &both[0], room);
	else
		for (int level = ADDRESS_VILLAGE_GROUP; level <= ADDRESS_ROOM; level++)
			clash = clash || verdict(ew.at[level], ep.at[level]) == CLASH;

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
	Elements	ea = elements_of(address);
	Elements	ep = elements_of(plate);

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
	bool		found = pick(address, (1u << (ADDRESS_ROAD_NO + 1)) - 1 - BIT(ADDRESS_DEVZONE), BIT(ADDRESS_ROAD_NO), out);

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
	Elements	all = elements_of(&settled);
	unsigned	named = 0;
	int			count = 0;

	for (int i = 0; i < settled.count; i++)
	{
		/* a natural village is looked for as what the register has it as */
		if (settled.element[i].level == ADDRESS_COMMUNITY && has_stray_village(address, &all))
			settled.element[i].level = ADDRESS_VILLAGE_GROUP;
		named |= BIT(settled.element[i].level);
	}
	for (int i = 0; i < RESIDENCY_ADDRESS_CLUES; i++)
		if ((named & kinds[i].unless) == 0 && pick(&settled, kinds[i].levels, kinds[i].levels, &clue[count]))
			count++;
	return count;
}
