/*
 * gazetteer_block.h
 *	  How a gazetteer lies in memory, for its builder and its readers.
 *
 * The names form a trie.  Its nodes lie in the order of their depth, so that the
 * children of a node lie together, by symbol, and those of the next node follow;
 * the same holds for what they mean, the entries.
 */
#ifndef RESIDENCY_CORE_GAZETTEER_BLOCK_H
#define RESIDENCY_CORE_GAZETTEER_BLOCK_H

#include "core/gazetteer.h"

/*
 * Names mostly begin with one of these symbols, which have a table of their own.
 * It also says whether roads or estates begin so: few symbols of an address do.
 */
#define GAZETTEER_PLACES 0x80000000u
#define GAZETTEER_FIRST_SYMBOL 0x4E00
#define GAZETTEER_LAST_SYMBOL 0x9FFF

/* Two digits. */
#define GAZETTEER_PROVINCES 100

typedef struct GazetteerNode
{
	uint32_t	symbol;
	uint32_t	child;			/* the first; the last is before the first of the next node */
	uint32_t	entry;			/* likewise */
} GazetteerNode;

struct Gazetteer
{
	uint32_t	nodes;			/* the first is the root; one more stands behind the last */
	uint32_t	entries;
	uint32_t	divisions;
	uint32_t	name_bytes;
	uint32_t	province[GAZETTEER_PROVINCES + 1];	/* the first division that begins with two digits, or lies behind */
	uint32_t	first[GAZETTEER_LAST_SYMBOL - GAZETTEER_FIRST_SYMBOL + 1];	/* child of the root, 0: none */
	int64_t		division[];		/* what follows the head begins with numbers of 8 bytes */
};

/* In this order they follow the head. */
static inline const int64_t *
gazetteer_divisions(const Gazetteer *gazetteer)
{
	return gazetteer->division;
}

static inline const uint64_t *
gazetteer_entries(const Gazetteer *gazetteer)
{
	return (const uint64_t *) (gazetteer_divisions(gazetteer) + gazetteer->divisions);
}

static inline const GazetteerNode *
gazetteer_nodes(const Gazetteer *gazetteer)
{
	return (const GazetteerNode *) (gazetteer_entries(gazetteer) + gazetteer->entries);
}

/* Where the name of a division begins: a byte with its length goes before it. */
#define GAZETTEER_HEADING 0x80000000u

static inline const uint32_t *
gazetteer_name_offsets(const Gazetteer *gazetteer)
{
	return (const uint32_t *) (gazetteer_nodes(gazetteer) + gazetteer->nodes + 1);
}

static inline const char *
gazetteer_name_pool(const Gazetteer *gazetteer)
{
	return (const char *) (gazetteer_name_offsets(gazetteer) + gazetteer->divisions);
}

/*
 * What a name may mean, as one number that sorts by rank, then by division: the
 * divisions above the towns, the towns, the villages, then roads and estates.
 */
typedef enum EntryRank
{
	RANK_COUNTY,
	RANK_TOWN,
	RANK_VILLAGE,
	RANK_PLACE
} EntryRank;

#define ENTRY_DIVISION_SHIFT 22
#define ENTRY_DIVISION_MASK ((UINT64_C(1) << 40) - 1)

static inline uint64_t
entry_lowest(int rank, int64_t division)
{
	return ((uint64_t) rank << 62) | ((uint64_t) division << ENTRY_DIVISION_SHIFT);
}

static inline uint64_t
entry_make(int rank, int64_t division, int kind, int suffix)
{
	return entry_lowest(rank, division) | ((uint64_t) kind << 8) | (uint64_t) suffix;
}

static inline int
entry_rank(uint64_t entry)
{
	return (int) (entry >> 62);
}

static inline int64_t
entry_division(uint64_t entry)
{
	return (int64_t) ((entry >> ENTRY_DIVISION_SHIFT) & ENTRY_DIVISION_MASK);
}

static inline int
entry_kind(uint64_t entry)
{
	return (int) ((entry >> 8) & 0xFF);
}

static inline int
entry_suffix(uint64_t entry)
{
	return (int) (entry & 0xFF);
}

/* The child of a node for a symbol, 0 if it has none. */
static inline uint32_t
residency_gazetteer_child(const Gazetteer *gazetteer, uint32_t node, uint32_t symbol)
{
	const GazetteerNode *nodes;
	uint32_t	low;
	uint32_t	count;

	if (node == 0 && symbol >= GAZETTEER_FIRST_SYMBOL && symbol <= GAZETTEER_LAST_SYMBOL)
		return gazetteer->first[symbol - GAZETTEER_FIRST_SYMBOL] & ~GAZETTEER_PLACES;
	nodes = gazetteer_nodes(gazetteer);
	low = nodes[node].child;
	count = nodes[node + 1].child - low;
	if (count == 0)
		return 0;
	/* written so that the compiler needs no branch, which nobody could foresee */
	while (count > 1)
	{
		uint32_t	half = count / 2;

		low = nodes[low + half].symbol <= symbol ? low + half : low;
		count -= half;
	}
	return nodes[low].symbol == symbol ? low : 0;
}

/* The first entry at or behind `from` and before `to` that is not below `lowest`; mostly there are a few. */
static inline uint32_t
residency_gazetteer_entry(const uint64_t *entries, uint32_t from, uint32_t to, uint64_t lowest)
{
	while (to - from > 4)
	{
		uint32_t	middle = from + (to - from) / 2;

		if (entries[middle] < lowest)
			from = middle + 1;
		else
			to = middle;
	}
	while (from < to && entries[from] < lowest)
		from++;
	return from;
}

#endif							/* RESIDENCY_CORE_GAZETTEER_BLOCK_H */
