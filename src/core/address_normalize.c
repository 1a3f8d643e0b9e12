/*
 * address_normalize.c
 *	  Makes the canonical elements of an address of the pieces it was cut into.
 *
 * The division gives the elements from province to community by their official
 * names; what it doesn't reach, the text gives as it stands.  Below, pieces go
 * to their levels, and what finds no level to itself to the detail.
 */
#include "core/address.h"

#include <string.h>

#include "core/address_rewrite.h"
#include "core/division_code.h"

/* Which level each piece goes to; ADDRESS_NONE: it says nothing of the place. */
typedef struct Plan
{
	const AddressParse *parse;
	uint8_t		level[RESIDENCY_ADDRESS_PIECES];
	uint32_t	used;			/* levels that are taken, a bit each */
	uint32_t	inferred;		/* those of them that the division gives */
	uint32_t	listed;			/* and those that pieces go to */
	uint8_t		first[ADDRESS_LEVELS + 1];	/* piece of a level that is used; the others by `next` */
	uint8_t		last[ADDRESS_LEVELS + 1];
	uint8_t		next[RESIDENCY_ADDRESS_PIECES];	/* piece of the same level; the last piece has none */
	int			previous;		/* the level of the piece before, of those that have one */
} Plan;

/* Where values are written. */
typedef struct Output
{
	AddressParts *parts;
	char	   *room;
	size_t		length;
} Output;

#define BIT(level) (UINT32_C(1) << (level))
#define IN_BUILDING (BIT(ADDRESS_BUILDING) | BIT(ADDRESS_UNIT) | BIT(ADDRESS_FLOOR) | BIT(ADDRESS_ROOM))

static bool
same_text(const AddressParse *parse, const AddressPiece *a, const AddressPiece *b)
{
	return a->to - a->from == b->to - b->from &&
		memcmp(&parse->text.symbol[a->from], &parse->text.symbol[b->from],
			   (size_t) (a->to - a->from) * sizeof(uint32_t)) == 0;
}

/* Whether a level has a piece of the same text already. */
static bool
says_again(const Plan *plan, int piece, int level)
{
	for (int i = 0; i < piece; i++)
	{
		if (plan->level[i] == level && same_text(plan->parse, &plan->parse->piece[i], &plan->parse->piece[piece]))
			return true;
	}
	return false;
}

/*
 * A piece that names a division: nothing of its own where the address's division
 * says it, the text as it stands where nothing else is known of that level.
 */
static int
region_level(const Plan *plan, int i)
{
	const AddressPiece *piece = &plan->parse->piece[i];
	int			level = piece->kind;

	if (piece->division != 0 && plan->parse->division != 0 &&
		(level != ADDRESS_COMMUNITY || (plan->used & BIT(level)) != 0) &&
		residency_division_code_within(plan->parse->division, piece->division))
		return ADDRESS_NONE;
	if ((plan->used & BIT(level)) == 0)
		return level;
	/* a city that the county was in once */
	if (says_again(plan, i, level) || (piece->division != 0 && level <= ADDRESS_COUNTY))
		return ADDRESS_NONE;
	/* a natural village inside the community */
	if (level == ADDRESS_COMMUNITY && ((plan->used & BIT(ADDRESS_VILLAGE_GROUP)) == 0 || plan->previous == ADDRESS_VILLAGE_GROUP))
		return ADDRESS_VILLAGE_GROUP;
	if (level == ADDRESS_DEVZONE && plan->previous == level)
		return level;
	return ADDRESS_DETAIL;
}

/* Whether a community is that of a village called …村: 新村村委会 names 新村村, even where the list has a 新村居委会. */
static bool
is_village_called_village(const AddressParse *parse, const AddressPiece *piece)
{
	const uint32_t *symbol = parse->text.symbol;

	if (piece->kind != ADDRESS_COMMUNITY || piece->remark)
		return false;
	for (int at = piece->from; at + 1 < piece->to; at++)
	{
		if (symbol[at] == L'村' && symbol[at + 1] == L'村')
			return true;
	}
	return false;
}

/* Whether the place that a piece names is only what another one is beside: A旁B. */
static bool
is_beside(const Plan *plan, int i)
{
	const AddressParse *parse = plan->parse;

	if (i + 1 >= parse->npieces || parse->piece[i + 1].kind != ADDRESS_ASSIST || parse->piece[i + 1].remark)
		return false;
	for (int j = i + 2; j < parse->npieces; j++)
	{
		if (parse->piece[j].kind == ADDRESS_ESTATE && !parse->piece[j].remark)
			return true;
	}
	return false;
}

/*
 * A piece below the divisions.  A second one of a level runs together with the
 * first where it follows at once (三坊大街8巷, 28弄3号, 大路坡村3组); a place inside a
 * place does so up to the building.  A number that follows a road in the detail
 * belongs to it.
 */
static int
place_level(const Plan *plan, int i)
{
	int			kind = plan->parse->piece[i].kind;
	int			level = kind;

	if (kind == ADDRESS_SUBROAD)
		level = (plan->used & BIT(ADDRESS_ROAD_NO)) != 0 ? ADDRESS_ROAD_NO : ADDRESS_ROAD;
	else if (kind == ADDRESS_SUBROAD_NO)
		level = ADDRESS_ROAD_NO;
	else if (kind == ADDRESS_SUBESTATE)
		level = ADDRESS_ESTATE;

	if (level == ADDRESS_ESTATE && is_beside(plan, i))
		return ADDRESS_DETAIL;
	if (level == ADDRESS_ROAD_NO && i > 0 && plan->level[i - 1] == ADDRESS_DETAIL &&
		(plan->parse->piece[i - 1].kind == ADDRESS_ROAD || plan->parse->piece[i - 1].kind == ADDRESS_SUBROAD))
		return ADDRESS_DETAIL;
	if ((plan->used & BIT(level)) == 0)
		return level;
	if (says_again(plan, i, level))
		return ADDRESS_NONE;
	if (plan->previous == level || (level == ADDRESS_ESTATE && (plan->used & IN_BUILDING) == 0))
		return level;
	return ADDRESS_DETAIL;
}

static int
piece_level(const Plan *plan, int i)
{
	const AddressPiece *piece = &plan->parse->piece[i];

	switch (piece->kind)
	{
		case ADDRESS_NONE:
		case ADDRESS_COUNTRY:
		case ADDRESS_PERSON:
		case ADDRESS_PHONE:
		case ADDRESS_LABEL:
		case ADDRESS_REDUNDANT:
			return ADDRESS_NONE;
		case ADDRESS_DETAIL:
		case ADDRESS_ASSIST:
		case ADDRESS_OTHER:
			return ADDRESS_DETAIL;
		default:
			if (piece->remark)
				return ADDRESS_DETAIL;
			return piece->kind <= ADDRESS_COMMUNITY ? region_level(plan, i) : place_level(plan, i);
	}
}

/* Gives a piece to a level. */
static void
enlist(Plan *plan, int i, int level)
{
	if ((plan->listed & BIT(level)) == 0)
		plan->first[level] = (uint8_t) i;
	else
		plan->next[plan->last[level]] = (uint8_t) i;
	plan->last[level] = (uint8_t) i;
	plan->listed |= BIT(level);
	plan->used |= BIT(level);
	plan->previous = level;
}

/* Ends an element whose value has been written; an empty one is none. */
static void
finish(Output *out, int level, size_t length)
{
	if (length == 0)
		return;
	out->parts->element[out->parts->count++] = (AddressElement) {
		.level = (uint8_t) level,.length = (uint8_t) length,.value = out->room + out->length
	};
	out->length += length;
}

/* Takes `suffix` off the end of a name and sets another in its place. */
static bool
replace_end(char *name, size_t *length, const char *suffix, const char *other)
{
	size_t		end = strlen(suffix);
	size_t		instead = strlen(other);

	if (*length <= end || memcmp(name + *length - end, suffix, end) != 0)
		return false;
	*length -= end;
	/* 社区居委会, 村村民委员会: it is there already; but 新村村委会 is that of 新村村 */
	if (*length > instead + strlen("村") && memcmp(name + *length - instead, other, instead) == 0)
		return true;
	memcpy(name + *length, other, instead);
	*length += instead;
	return true;
}

/* The name of a community without its committee: 里仁洞村委会 → 里仁洞村, 玉沙社区居民委员会 → 玉沙社区. */
static size_t
community_name(char *name, size_t length)
{
	static const struct
	{
		const char *suffix;
		const char *other;
	}			committees[] = {
		{"村民委员会", "村"}, {"村委会", "村"}, {"社区居民委员会", "社区"}, {"社区居委会", "社区"},
		{"居民委员会", "社区"}, {"居委会", "社区"}
	};

	for (size_t i = 0; i < sizeof(committees) / sizeof(committees[0]); i++)
	{
		if (replace_end(name, &length, committees[i].suffix, committees[i].other))
			break;
	}
	return length;
}

/* The official names of the division and those above it, but for headings. */
static uint32_t
division_names(const Gazetteer *gazetteer, int64_t division, const char **name, size_t *length)
{
	int64_t		line[RESIDENCY_DIVISION_LEVELS];
	int			count = division == 0 ? 0 : residency_division_code_lineage(division, line);
	uint32_t	found = 0;

	for (int i = 0; i < count; i++)
	{
		int			level = residency_address_division_level(line[i]);

		length[level] = residency_gazetteer_authority(gazetteer, line[i], &name[level]);
		if (length[level] > 0 && length[level] <= RESIDENCY_ADDRESS_VALUE)
			found |= BIT(level);
	}
	return found;
}

/* A symbol as UTF-8, if there is room up to `end`; gives its length. */
static inline size_t
put_symbol(char *out, const char *end, uint32_t symbol)
{
	size_t		length = symbol < 0x80 ? 1 : symbol < 0x800 ? 2 : symbol < 0x10000 ? 3 : 4;

	if ((size_t) (end - out) < length)
		return 0;
	switch (length)
	{
		case 1:
			out[0] = (char) symbol;
			break;
		case 2:
			out[0] = (char) (0xC0 | (symbol >> 6));
			out[1] = (char) (0x80 | (symbol & 0x3F));
			break;
		case 3:
			out[0] = (char) (0xE0 | (symbol >> 12));
			out[1] = (char) (0x80 | ((symbol >> 6) & 0x3F));
			out[2] = (char) (0x80 | (symbol & 0x3F));
			break;
		default:
			out[0] = (char) (0xF0 | (symbol >> 18));
			out[1] = (char) (0x80 | ((symbol >> 12) & 0x3F));
			out[2] = (char) (0x80 | ((symbol >> 6) & 0x3F));
			out[3] = (char) (0x80 | (symbol & 0x3F));
			break;
	}
	return length;
}

static bool
is_alphanumeric(uint32_t symbol)
{
	return (symbol >= '0' && symbol <= '9') || (symbol >= 'A' && symbol <= 'Z');
}

/* Appends the symbols of a piece without its signs; what comes behind a sign, or in another piece, is apart. */
static int
gather_piece(const AddressText *text, const AddressPiece *piece, uint32_t *symbol, int length)
{
	bool		apart = true;

	for (int at = piece->from; at < piece->to && length < RESIDENCY_ELEMENT_SYMBOLS - 1; at++)
	{
		uint32_t	next = text->symbol[at];

		if (next < 0x80)
		{
			if (!is_alphanumeric(next) && next != '#' && next != '-')
			{
				apart = true;
				continue;
			}
			if (apart && length > 0 && is_alphanumeric(next) && is_alphanumeric(symbol[length - 1]))
				symbol[length++] = '-';
		}
		symbol[length++] = next;
		apart = false;
	}
	return length;
}

/*
 * The symbols of all pieces of a level.  Signs between them are left out, but
 * numbers stay apart.
 */
static int
gather(const Plan *plan, int level, uint32_t *symbol)
{
	int			length = 0;

	for (int i = plan->first[level];; i = plan->next[i])
	{
		length = gather_piece(&plan->parse->text, &plan->parse->piece[i], symbol, length);
		if (i == plan->last[level])
			return length;
	}
}

static void
write_text(Output *out, const Plan *plan, int level)
{
	uint32_t	symbol[RESIDENCY_ELEMENT_ROOM];
	char	   *value = out->room + out->length;
	size_t		length = 0;
	int			count = residency_address_rewrite(level, symbol, gather(plan, level, symbol));

	for (int i = 0; i < count; i++)
	{
		size_t		written = put_symbol(value + length, value + RESIDENCY_ADDRESS_VALUE, symbol[i]);

		if (written == 0)
			break;
		length += written;
	}
	if (level == ADDRESS_COMMUNITY)
		length = community_name(value, length);
	finish(out, level, length);
}

void
residency_address_normalize(const Gazetteer *gazetteer, const AddressParse *parse,
							AddressParts *parts, char *room)
{
	Plan		plan;
	Output		out = {parts, room, 0};
	const char *name[ADDRESS_LEVELS + 1];
	size_t		length[ADDRESS_LEVELS + 1];

	plan.parse = parse;
	plan.previous = ADDRESS_NONE;
	plan.listed = 0;
	parts->division = parse->division;
	parts->count = 0;
	plan.inferred = division_names(gazetteer, parse->division, name, length);
	for (int i = 0; i < parse->npieces; i++)
	{
		if (is_village_called_village(parse, &parse->piece[i]))
			plan.inferred &= ~BIT(ADDRESS_COMMUNITY);
	}
	plan.used = plan.inferred;
	for (int i = 0; i < parse->npieces; i++)
	{
		int			level = piece_level(&plan, i);

		plan.level[i] = (uint8_t) level;
		if (level != ADDRESS_NONE)
			enlist(&plan, i, level);
	}

	for (int level = ADDRESS_PROVINCE; level <= ADDRESS_LEVELS; level++)
	{
		if ((plan.inferred & BIT(level)) != 0)
		{
			memcpy(room + out.length, name[level], length[level]);
			if (level == ADDRESS_COMMUNITY)
				length[level] = community_name(room + out.length, length[level]);
			finish(&out, level, length[level]);
		}
		else if ((plan.used & BIT(level)) != 0)
			write_text(&out, &plan, level);
	}
}
