/*
 * gazetteer.c
 *	  Looking names and divisions up in a gazetteer.
 */
#include "core/gazetteer_block.h"

#include "core/division_code.h"

/* The place of a division in the list, or the number of divisions. */
static uint32_t
find_division(const Gazetteer *gazetteer, int64_t division)
{
	const int64_t *divisions = gazetteer_divisions(gazetteer);
	uint64_t	province = (uint64_t) division / UINT64_C(10000000000);
	uint32_t	low;
	uint32_t	count;

	if (province >= GAZETTEER_PROVINCES)
		return gazetteer->divisions;
	low = gazetteer->province[province];
	count = gazetteer->province[province + 1] - low;
	if (count == 0)
		return gazetteer->divisions;
	while (count > 1)
	{
		uint32_t	half = count / 2;

		low = divisions[low + half] <= division ? low + half : low;
		count -= half;
	}
	return divisions[low] == division ? low : gazetteer->divisions;
}

/* The name of the division at a place of the list. */
static size_t
name_at(const Gazetteer *gazetteer, uint32_t at, const char **name)
{
	const char *stored = gazetteer_name_pool(gazetteer) + (gazetteer_name_offsets(gazetteer)[at] & ~GAZETTEER_HEADING);

	*name = stored + 1;
	return (unsigned char) *stored;
}

size_t
residency_gazetteer_name(const Gazetteer *gazetteer, int64_t division, const char **name)
{
	uint32_t	at = find_division(gazetteer, division);

	return at == gazetteer->divisions ? 0 : name_at(gazetteer, at, name);
}

size_t
residency_gazetteer_authority(const Gazetteer *gazetteer, int64_t division, const char **name)
{
	uint32_t	at = find_division(gazetteer, division);

	return at == gazetteer->divisions || (gazetteer_name_offsets(gazetteer)[at] & GAZETTEER_HEADING) != 0 ? 0 :
		name_at(gazetteer, at, name);
}

bool
residency_gazetteer_is_heading(const Gazetteer *gazetteer, int64_t division)
{
	uint32_t	at = find_division(gazetteer, division);

	return at < gazetteer->divisions && (gazetteer_name_offsets(gazetteer)[at] & GAZETTEER_HEADING) != 0;
}

/* A road or estate among the entries of a node that belongs to `within`, inside it or around it. */
static bool
place_at(const uint64_t *entries, uint32_t from, uint32_t to, int64_t within, NameFound *found)
{
	int64_t		line[RESIDENCY_DIVISION_LEVELS];
	int			levels = residency_division_code_lineage(within, line);

	/* inside first, then around, nearest first */
	for (int i = levels - 1; i >= 0; i--)
	{
		uint32_t	at = residency_gazetteer_entry(entries, from, to, entry_lowest(RANK_PLACE, line[i]));
		int64_t		last = i == levels - 1 ? residency_division_code_last(line[i]) : line[i];

		if (at < to && entry_division(entries[at]) <= last)
		{
			found->division = entry_division(entries[at]);
			found->kind = (uint8_t) entry_kind(entries[at]);
			found->shortened = false;
			return true;
		}
	}
	return false;
}

bool
residency_gazetteer_place(const Gazetteer *gazetteer, const uint32_t *symbol, int from, int length,
						  int64_t within, NameFound *found)
{
	const GazetteerNode *nodes = gazetteer_nodes(gazetteer);
	uint32_t	node = 0;
	bool		any = false;

	if (symbol[from] >= GAZETTEER_FIRST_SYMBOL && symbol[from] <= GAZETTEER_LAST_SYMBOL &&
		(gazetteer->first[symbol[from] - GAZETTEER_FIRST_SYMBOL] & GAZETTEER_PLACES) == 0)
		return false;
	for (int at = from; at < length; at++)
	{
		node = residency_gazetteer_child(gazetteer, node, symbol[at]);
		if (node == 0)
			break;
		if (nodes[node].entry < nodes[node + 1].entry &&
			place_at(gazetteer_entries(gazetteer), nodes[node].entry, nodes[node + 1].entry, within, found))
		{
			found->length = at + 1 - from;
			any = true;
		}
	}
	return any;
}
