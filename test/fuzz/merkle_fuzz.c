/*
 * merkle_fuzz.c
 *	  Whatever the leaves, the path from any of them leads to the root, and
 *	  nothing outside their room is touched.
 */
#include "fuzz.h"

#include "core/merkle.h"

/* No hash, but every byte of both sides counts, and which side it is on. */
static void
mix(const uint8_t *left, const uint8_t *right, uint8_t *out, void *context)
{
	(void) context;
	for (int i = 0; i < RESIDENCY_HASH; i++)
		out[i] = (uint8_t) (31 * left[i] + 7 * right[i] + i + 1);
}

static uint8_t *
leaves_of(const uint8_t *data, size_t count)
{
	uint8_t    *leaves = malloc(RESIDENCY_HASH * count);

	for (size_t i = 0; i < count; i++)
		memset(leaves + RESIDENCY_HASH * i, data[i], RESIDENCY_HASH);
	return leaves;
}

/* As docs/verify_proof.py climbs. */
static void
climb(uint8_t *node, size_t place, size_t count, const uint8_t *path, int length)
{
	int			step = 0;

	for (; count > 1; place /= 2, count = (count + 1) / 2)
	{
		if ((place ^ 1) >= count)
			continue;
		HOLDS(step < length);
		if (place % 2 == 1)
			mix(path + RESIDENCY_HASH * step, node, node, NULL);
		else
			mix(node, path + RESIDENCY_HASH * step, node, NULL);
		step++;
	}
	HOLDS(step == length);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t    *root;
	uint8_t    *leaves;
	uint8_t		path[RESIDENCY_HASH * RESIDENCY_MERKLE_PATH];
	uint8_t		node[RESIDENCY_HASH];
	size_t		place;
	int			length;

	if (size == 0)
		return 0;
	place = data[0] % size;
	root = leaves_of(data, size);
	leaves = leaves_of(data, size);
	memcpy(node, leaves + RESIDENCY_HASH * place, RESIDENCY_HASH);
	HOLDS(residency_merkle_reduce(root, size, mix, NULL, 0, NULL) == 0);
	length = residency_merkle_reduce(leaves, size, mix, NULL, place, path);
	HOLDS(memcmp(leaves, root, RESIDENCY_HASH) == 0);
	climb(node, place, size, path, length);
	HOLDS(memcmp(node, root, RESIDENCY_HASH) == 0);
	free(leaves);
	free(root);
	return 0;
}
