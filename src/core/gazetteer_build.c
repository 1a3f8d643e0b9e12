/*
 * gazetteer_build.c
 *	  Building a gazetteer: names are folded and cut, sorted, and laid out as a trie.
 */
#include "core/gazetteer_block.h"

#include <stdlib.h>
#include <string.h>

#include "core/address_text.h"
#include "core/division_code.h"
#include "core/region_suffix.h"

/* The longest name of a division that can be given back, in bytes. */
#define NAME_BYTES 255

/* Items are sorted into buckets by their first symbol first; those of the last symbols share one. */
#define BUCKETS 0x1000
#define BUCKET_SYMBOLS 16

/* Something to sort: by its first symbols, then by the rest, then by what it means. */
typedef struct Item
{
	uint64_t	key[2];			/* three symbols each */
	uint64_t	value;			/* an entry */
	uint32_t	symbol;			/* where its symbols begin */
	uint32_t	length;
} Item;

typedef struct Build
{
	Item	   *item;
	Item	   *spare;			/* for sorting */
	size_t		items;
	uint32_t   *symbol;			/* of all items */
	size_t		symbols;
	const GazetteerName **official;	/* the names of divisions, by division */
	size_t		officials;
	uint32_t   *bucket;			/* for sorting */
	uint32_t   *pooled;			/* offsets of names in the pool, by hash */
	uint32_t	pool_mask;
} Build;

/* What a builder may need for `count` names. */
static bool
build_begin(Build *build, const GazetteerName *names, size_t count)
{
	size_t		bytes = 0;
	size_t		slots = 1024;

	memset(build, 0, sizeof(*build));
	for (size_t i = 0; i < count; i++)
		bytes += names[i].length;
	while (slots < 2 * count)
		slots *= 2;
	build->pool_mask = (uint32_t) (slots - 1);
	build->item = malloc((REGION_CUTS * count + 1) * sizeof(Item));
	build->spare = malloc((REGION_CUTS * count + 1) * sizeof(Item));
	build->symbol = malloc((bytes + 1) * sizeof(uint32_t));
	build->official = malloc((count + 1) * sizeof(*build->official));
	build->bucket = malloc((BUCKETS + 1) * sizeof(uint32_t));
	build->pooled = calloc(slots, sizeof(uint32_t));
	return build->bucket && build->item && build->spare && build->symbol && build->official && build->pooled;
}

static void
build_end(Build *build)
{
	free(build->item);
	free(build->spare);
	free(build->symbol);
	free(build->official);
	free(build->bucket);
	free(build->pooled);
}

static uint64_t
key_of(const uint32_t *symbol, int length)
{
	uint64_t	key = 0;

	for (int i = 0; i < 3; i++)
		key = (key << 21) | (i < length ? symbol[i] : 0);
	return key;
}

static void
add_item(Build *build, uint32_t symbol, int length, uint64_t value)
{
	Item	   *item = &build->item[build->items++];
	const uint32_t *name = build->symbol + symbol;

	item->key[0] = key_of(name, length);
	item->key[1] = key_of(name + 3, length - 3);
	item->value = value;
	item->symbol = symbol;
	item->length = (uint32_t) length;
}

static int
rank_of(int kind, int level)
{
	if (kind == NAME_ROAD || kind == NAME_ESTATE)
		return RANK_PLACE;
	return level <= 3 ? RANK_COUNTY : level == 4 ? RANK_TOWN : RANK_VILLAGE;
}

/* How long the name of a county is that stands before that of a town, 0 if there is none: 济源市|克井镇, 四平市铁东区|平东街道. */
static int
county_before(const uint32_t *symbol, int stem)
{
	for (int at = stem - 2; at >= 3; at--)
	{
		if (symbol[at - 1] == L'市' || symbol[at - 1] == L'县' || (symbol[at - 1] == L'区' && at > 3))
			return at;
	}
	return 0;
}

/* Takes in a name, in the ways that it may be met. */
static void
add_name(Build *build, const GazetteerName *name)
{
	AddressText text;
	NameCut		cut[REGION_CUTS];
	uint32_t	symbol = (uint32_t) build->symbols;
	int			level = residency_division_code_level(name->division);
	int			rank = rank_of(name->kind, level);
	int			cuts = 1;
	int			skip;

	if (residency_division_code_check(name->division) != DIVISION_CODE_FINE)
		return;
	if (name->kind == NAME_OFFICIAL || name->kind == NAME_HEADING)
	{
		if (name->length <= NAME_BYTES)
			build->official[build->officials++] = name;
	}
	if (name->length > 4 * REGION_NAME_SYMBOLS)
		return;
	residency_address_fold(name->name, name->length, &text);
	if (text.length == 0 || text.length > REGION_NAME_SYMBOLS)
		return;
	memcpy(build->symbol + symbol, text.symbol, text.length * sizeof(uint32_t));
	build->symbols += text.length;

	cut[0].stem = text.length;
	cut[0].suffix = level;
	if (name->kind == NAME_OFFICIAL || name->kind == NAME_FORMER)
		cuts = residency_region_cut(text.symbol, text.length, level, name->kind == NAME_FORMER, cut);
	for (int i = 0; i < cuts; i++)
		add_item(build, symbol, cut[i].stem, entry_make(rank, name->division, name->kind, cut[i].suffix));
	skip = name->kind == NAME_OFFICIAL && level == 4 && cuts < REGION_CUTS ? county_before(text.symbol, cut[0].stem) : 0;
	if (skip > 0)
		add_item(build, symbol + skip, cut[0].stem - skip, entry_make(rank, name->division, name->kind, cut[0].suffix));
}

static inline int
compare_items(const Build *build, const Item *a, const Item *b)
{
	const uint32_t *x;
	const uint32_t *y;

	if (a->key[0] != b->key[0])
		return a->key[0] < b->key[0] ? -1 : 1;
	if (a->key[1] != b->key[1])
		return a->key[1] < b->key[1] ? -1 : 1;
	x = build->symbol + a->symbol;
	y = build->symbol + b->symbol;
	for (uint32_t i = 6; i < a->length && i < b->length; i++)
	{
		if (x[i] != y[i])
			return x[i] < y[i] ? -1 : 1;
	}
	if (a->length != b->length)
		return a->length < b->length ? -1 : 1;
	return a->value < b->value ? -1 : a->value > b->value;
}

static inline uint32_t
bucket_of(const Item *item)
{
	uint64_t	bucket = (item->key[0] >> 42) / BUCKET_SYMBOLS;

	return bucket < BUCKETS ? (uint32_t) bucket : BUCKETS - 1;
}

/* Merge sort of a bucket: it stays in the processor's cache, and qsort() would call for each comparison. */
static void
sort_range(const Build *build, Item *item, Item *spare, size_t count)
{
	Item	   *from = item;
	Item	   *to = spare;

	for (size_t width = 1; width < count; width *= 2)
	{
		Item	   *swap = from;

		for (size_t start = 0; start < count; start += 2 * width)
		{
			size_t		middle = start + width < count ? start + width : count;
			size_t		end = middle + width < count ? middle + width : count;
			size_t		left = start;
			size_t		right = middle;

			for (size_t at = start; at < end; at++)
			{
				if (left < middle && (right >= end || compare_items(build, &from[left], &from[right]) <= 0))
					to[at] = from[left++];
				else
					to[at] = from[right++];
			}
		}
		from = to;
		to = swap;
	}
	if (from != item)
		memcpy(item, from, count * sizeof(Item));
}

/* Sorts the items, into buckets first. */
static void
sort_items(Build *build)
{
	uint32_t   *start = build->bucket;
	Item	   *swap = build->spare;

	memset(start, 0, (BUCKETS + 1) * sizeof(uint32_t));
	for (size_t i = 0; i < build->items; i++)
		start[bucket_of(&build->item[i]) + 1]++;
	for (uint32_t b = 0; b < BUCKETS; b++)
		start[b + 1] += start[b];
	for (size_t i = 0; i < build->items; i++)
		build->spare[start[bucket_of(&build->item[i])]++] = build->item[i];
	build->spare = build->item;
	build->item = swap;
	/* each beginning has moved on to its bucket's end */
	for (uint32_t b = 0, from = 0; b < BUCKETS; from = start[b++])
		sort_range(build, build->item + from, build->spare, start[b] - from);
}

static inline bool
same_item(const Build *build, const Item *a, const Item *b)
{
	return compare_items(build, a, b) == 0;
}

/* Leaves out what is there twice. */
static void
drop_twins(Build *build)
{
	size_t		kept = 0;

	for (size_t i = 0; i < build->items; i++)
	{
		if (kept == 0 || !same_item(build, &build->item[kept - 1], &build->item[i]))
			build->item[kept++] = build->item[i];
	}
	build->items = kept;
}

static int
compare_officials(const void *a, const void *b)
{
	const GazetteerName *x = *(const GazetteerName *const *) a;
	const GazetteerName *y = *(const GazetteerName *const *) b;

	return x->division < y->division ? -1 : x->division > y->division;
}

static void
sort_officials(Build *build)
{
	size_t		kept = 0;
	bool		sorted = true;

	for (size_t i = 1; i < build->officials && sorted; i++)
		sorted = build->official[i - 1]->division <= build->official[i]->division;
	if (!sorted)
		qsort(build->official, build->officials, sizeof(*build->official), compare_officials);
	for (size_t i = 0; i < build->officials; i++)
	{
		if (kept == 0 || build->official[kept - 1]->division != build->official[i]->division)
			build->official[kept++] = build->official[i];
	}
	build->officials = kept;
}

/* How many nodes the sorted items need: one for each symbol that is not shared with the item before. */
static size_t
count_nodes(const Build *build)
{
	size_t		count = 1;

	for (size_t i = 0; i < build->items; i++)
	{
		const Item *item = &build->item[i];
		const Item *before = i > 0 ? item - 1 : item;
		uint32_t	shared = 0;

		while (i > 0 && shared < item->length && shared < before->length &&
			   build->symbol[item->symbol + shared] == build->symbol[before->symbol + shared])
			shared++;
		count += item->length - shared;
	}
	return count;
}

static size_t
count_name_bytes(const Build *build)
{
	size_t		bytes = 0;

	for (size_t i = 0; i < build->officials; i++)
		bytes += 1 + build->official[i]->length;
	return bytes;
}

/* Whether a road or an estate is among the items of a range. */
static bool
has_places(const Build *build, uint32_t from, uint32_t to)
{
	for (; from < to; from++)
	{
		if (entry_rank(build->item[from].value) == RANK_PLACE)
			return true;
	}
	return false;
}

/* Lays the trie out, level by level; `first` and `last` hold the items below each node. */
static void
lay_trie(const Build *build, Gazetteer *gazetteer, uint32_t *first, uint32_t *last)
{
	GazetteerNode *node = (GazetteerNode *) gazetteer_nodes(gazetteer);
	uint64_t   *entry = (uint64_t *) gazetteer_entries(gazetteer);
	uint32_t	nodes = 1;
	uint32_t	entries = 0;
	uint32_t	depth = 0;
	uint32_t	depth_end = 1;

	node[0].symbol = 0;
	first[0] = 0;
	last[0] = (uint32_t) build->items;
	for (uint32_t n = 0; n < nodes; n++)
	{
		uint32_t	i = first[n];

		if (n == depth_end)
		{
			depth++;
			depth_end = nodes;
		}
		node[n].entry = entries;
		node[n].child = nodes;
		for (; i < last[n] && build->item[i].length == depth; i++)
			entry[entries++] = build->item[i].value;
		while (i < last[n])
		{
			uint32_t	symbol = build->symbol[build->item[i].symbol + depth];

			node[nodes].symbol = symbol;
			first[nodes] = i;
			while (i < last[n] && build->symbol[build->item[i].symbol + depth] == symbol)
				i++;
			last[nodes++] = i;
		}
	}
	node[nodes].symbol = 0;
	node[nodes].child = nodes;
	node[nodes].entry = entries;

	for (uint32_t n = node[0].child; n < node[1].child && nodes > 1; n++)
	{
		if (node[n].symbol >= GAZETTEER_FIRST_SYMBOL && node[n].symbol <= GAZETTEER_LAST_SYMBOL)
			gazetteer->first[node[n].symbol - GAZETTEER_FIRST_SYMBOL] = n |
				(has_places(build, first[n], last[n]) ? GAZETTEER_PLACES : 0);
	}
}

/*
 * The offset of a name in the pool; one that is there already is not put in
 * again.  What no element of an address can hold is left out.
 */
static uint32_t
pool_name(Build *build, char *pool, size_t *used, const GazetteerName *name)
{
	char	   *copy = pool + *used + 1;
	uint8_t		length = 0;
	uint32_t	hash = 2166136261u;
	uint32_t	at;

	for (int i = 0; i < name->length; i++)
	{
		unsigned char c = (unsigned char) name->name[i];

		if (c <= ' ' || c == 0x7F || c == ':' || c == '(' || c == ')')
			continue;
		copy[length++] = (char) c;
		hash = (hash ^ c) * 16777619u;
	}
	for (at = (hash ^ (hash >> 15)) & build->pool_mask; build->pooled[at] != 0; at = (at + 1) & build->pool_mask)
	{
		const char *there = pool + build->pooled[at] - 1;

		if ((uint8_t) *there == length && memcmp(there + 1, copy, length) == 0)
			return build->pooled[at] - 1;
	}
	build->pooled[at] = (uint32_t) *used + 1;
	pool[*used] = (char) length;
	*used += 1 + length;
	return build->pooled[at] - 1;
}

static void
lay_names(Build *build, Gazetteer *gazetteer, const uint32_t *offset, const char *pool, size_t pool_bytes)
{
	int64_t    *division = (int64_t *) gazetteer_divisions(gazetteer);
	uint32_t   *offsets = (uint32_t *) gazetteer_name_offsets(gazetteer);

	for (int province = 0; province <= GAZETTEER_PROVINCES; province++)
	{
		uint32_t	at = province == 0 ? 0 : gazetteer->province[province - 1];

		while (at < build->officials && build->official[at]->division < province * INT64_C(10000000000))
			at++;
		gazetteer->province[province] = at;
	}
	for (size_t i = 0; i < build->officials; i++)
	{
		division[i] = build->official[i]->division;
		offsets[i] = offset[i] | (build->official[i]->kind == NAME_HEADING ? GAZETTEER_HEADING : 0);
	}
	memcpy((char *) gazetteer_name_pool(gazetteer), pool, pool_bytes);
}

Gazetteer *
residency_gazetteer_build(const GazetteerName *names, size_t count,
						  void *(*allocate) (size_t size), size_t *size)
{
	Build		build;
	Gazetteer  *gazetteer = NULL;
	size_t		nodes = 0;
	uint32_t   *range = NULL;	/* of the items below each node */
	uint32_t   *offset = NULL;
	char	   *pool = NULL;
	size_t		pool_bytes = 0;

	if (build_begin(&build, names, count))
	{
		for (size_t i = 0; i < count; i++)
			add_name(&build, &names[i]);
		sort_items(&build);
		drop_twins(&build);
		sort_officials(&build);
		nodes = count_nodes(&build);
		range = malloc(2 * (nodes + 1) * sizeof(uint32_t));
		offset = malloc((build.officials + 1) * sizeof(uint32_t));
		pool = malloc(count_name_bytes(&build) + 1);
	}
	if (range && offset && pool)
	{
		for (size_t i = 0; i < build.officials; i++)
			offset[i] = pool_name(&build, pool, &pool_bytes, build.official[i]);
		*size = sizeof(Gazetteer) + build.officials * sizeof(int64_t) + build.items * sizeof(uint64_t) +
			(nodes + 1) * sizeof(GazetteerNode) + build.officials * sizeof(uint32_t) + pool_bytes;
		gazetteer = allocate(*size);
	}
	if (gazetteer)
	{
		memset(gazetteer, 0, sizeof(Gazetteer));
		gazetteer->nodes = (uint32_t) nodes;
		gazetteer->entries = (uint32_t) build.items;
		gazetteer->divisions = (uint32_t) build.officials;
		gazetteer->name_bytes = (uint32_t) pool_bytes;
		lay_trie(&build, gazetteer, range, range + nodes + 1);
		lay_names(&build, gazetteer, offset, pool, pool_bytes);
	}
	free(range);
	free(offset);
	free(pool);
	build_end(&build);
	return gazetteer;
}
