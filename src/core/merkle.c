/*
 * merkle.c
 *	  The root of a Merkle tree, and the way to it.
 *
 * Pairs are joined level by level, and who is left over goes up as it is: that
 * gives the shape of RFC 6962 without recursion.
 */
#include "core/merkle.h"

#include <string.h>

int
residency_merkle_reduce(uint8_t *hashes, size_t count, MerkleNode node, void *context,
						size_t place, uint8_t *path)
{
	int			steps = 0;

	for (; count > 1; count = (count + 1) / 2, place /= 2)
	{
		if (path != NULL && (place ^ 1) < count)
			memcpy(path + RESIDENCY_HASH * steps++, hashes + RESIDENCY_HASH * (place ^ 1), RESIDENCY_HASH);
		for (size_t i = 0; i + 1 < count; i += 2)
			node(hashes + RESIDENCY_HASH * i, hashes + RESIDENCY_HASH * (i + 1), hashes + RESIDENCY_HASH * (i / 2), context);
		if (count % 2 == 1)
			memmove(hashes + RESIDENCY_HASH * (count / 2), hashes + RESIDENCY_HASH * (count - 1), RESIDENCY_HASH);
	}
	return steps;
}
