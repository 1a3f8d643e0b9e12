/*
 * merkle.h
 *	  Merkle trees in the shape of RFC 6962: a node over two halves, the left
 *	  one the largest power of two that is smaller than the whole.
 */
#ifndef RESIDENCY_MERKLE_H
#define RESIDENCY_MERKLE_H

#include <stddef.h>
#include <stdint.h>

/* What SHA-256 gives. */
#define RESIDENCY_HASH 32

/* Of 2^31 leaves the path is this long. */
#define RESIDENCY_MERKLE_PATH 31

/* Writes the hash of a node to out, which may be left or right itself. */
typedef void (*MerkleNode) (const uint8_t *left, const uint8_t *right, uint8_t *out, void *context);

/*
 * Reduces count > 0 hashes, one after the other in memory, to their root, which
 * is the first of them afterwards. Where path is given, what it takes to come
 * from the leaf at a place to the root is written there, from below; answers
 * how many hashes that are.
 */
extern int	residency_merkle_reduce(uint8_t *hashes, size_t count, MerkleNode node, void *context,
									size_t place, uint8_t *path);

#endif							/* RESIDENCY_MERKLE_H */
