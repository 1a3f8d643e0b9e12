/*
 * merkle_test.c
 *	  The shape of Merkle trees: nodes are not hashed here but written out, so
 *	  that a root says how it was made.
 */
#include "unit.h"

#include "core/merkle.h"

/* Leaves are letters; a node is its two sides in brackets, as far as there is room. */
static void
write_node(const uint8_t *left, const uint8_t *right, uint8_t *out, void *context)
{
	char		text[RESIDENCY_HASH * 3];
	int		   *nodes = context;

	snprintf(text, sizeof(text), "(%.*s%.*s)", RESIDENCY_HASH, (const char *) left, RESIDENCY_HASH, (const char *) right);
	memset(out, 0, RESIDENCY_HASH);
	memcpy(out, text, strlen(text) < RESIDENCY_HASH ? strlen(text) : RESIDENCY_HASH);
	(*nodes)++;
}

static int
reduce(uint8_t *leaves, size_t count, size_t place, uint8_t *path, int *nodes)
{
	*nodes = 0;
	memset(leaves, 0, RESIDENCY_HASH * count);
	for (size_t i = 0; i < count; i++)
		leaves[RESIDENCY_HASH * i] = (uint8_t) ('a' + i);
	return residency_merkle_reduce(leaves, count, write_node, nodes, place, path);
}

static void
root_is(size_t count, const char *root)
{
	uint8_t		leaves[RESIDENCY_HASH * 10];
	int			nodes;

	reduce(leaves, count, 0, NULL, &nodes);
	ok(strncmp((char *) leaves, root, RESIDENCY_HASH) == 0, "%zu leaves: %s", count, root);
	ok(nodes == (int) count - 1, "... by one node less than leaves");
}

static void
path_is(size_t count, size_t place, const char *path)
{
	uint8_t		leaves[RESIDENCY_HASH * 10];
	uint8_t		steps[RESIDENCY_HASH * RESIDENCY_MERKLE_PATH];
	char		text[200] = "";
	int			nodes;
	int			length = reduce(leaves, count, place, steps, &nodes);

	for (int i = 0; i < length; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%.*s", i > 0 ? " " : "", RESIDENCY_HASH,
				 (char *) steps + RESIDENCY_HASH * i);
	ok(strcmp(text, path) == 0, "from place %zu of %zu: %s", place, count, path);
}

void
test_merkle(void)
{
	root_is(1, "a");
	root_is(2, "(ab)");
	root_is(3, "((ab)c)");
	root_is(4, "((ab)(cd))");
	root_is(5, "(((ab)(cd))e)");
	root_is(6, "(((ab)(cd))(ef))");
	root_is(7, "(((ab)(cd))((ef)g))");
	root_is(8, "(((ab)(cd))((ef)(gh)))");
	root_is(9, "((((ab)(cd))((ef)(gh)))i)");
	path_is(1, 0, "");
	path_is(2, 1, "a");
	path_is(3, 0, "b c");
	path_is(3, 2, "(ab)");
	path_is(7, 3, "c (ab) ((ef)g)");
	path_is(7, 6, "(ef) ((ab)(cd))");
	path_is(9, 8, "(((ab)(cd))((ef)(gh)))");
}
