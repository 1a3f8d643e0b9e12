/*
 * block.c
 *	  Sealed blocks: the root over the leaves of a block, and the path from a
 *	  leaf to it, with the server's own SHA-256.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/array.h"

#include "compat.h"
#include "core/merkle.h"
#include "rules/hash.h"

PG_FUNCTION_INFO_V1(residency_merkle_root);
PG_FUNCTION_INFO_V1(residency_merkle_path);

/* A leaf begins with 0, so nobody can pass a node off as one. */
static void
hash_node(const uint8_t *left, const uint8_t *right, uint8_t *out, void *context)
{
	static const uint8_t prefix = 1;
	HashPiece	pieces[] = {{&prefix, 1}, {left, RESIDENCY_HASH}, {right, RESIDENCY_HASH}};

	residency_hash(context, pieces, lengthof(pieces), out);
}

static int
reduce(uint8_t *leaves, int count, int place, uint8_t *path)
{
	pg_cryptohash_ctx *hash = residency_hash_begin();
	int			steps = residency_merkle_reduce(leaves, count, hash_node, hash, place, path);

	pg_cryptohash_free(hash);
	return steps;
}

/* The leaves one after the other; NULL where there is none, or one that is no hash. */
static uint8_t *
leaves_of(ArrayType *array, int *count)
{
	Datum	   *values;
	bool	   *nulls;
	uint8_t    *leaves;

	deconstruct_array(array, BYTEAOID, -1, false, TYPALIGN_INT, &values, &nulls, count);
	if (*count == 0)
		return NULL;
	leaves = palloc(RESIDENCY_HASH * (Size) *count);
	for (int i = 0; i < *count; i++)
	{
		bytea	   *leaf = nulls[i] ? NULL : DatumGetByteaPP(values[i]);

		if (leaf == NULL || VARSIZE_ANY_EXHDR(leaf) != RESIDENCY_HASH)
			return NULL;
		memcpy(leaves + RESIDENCY_HASH * (Size) i, VARDATA_ANY(leaf), RESIDENCY_HASH);
	}
	return leaves;
}

Datum
residency_merkle_root(PG_FUNCTION_ARGS)
{
	int			count;
	uint8_t    *leaves = leaves_of(PG_GETARG_ARRAYTYPE_P(0), &count);

	if (leaves == NULL)
		PG_RETURN_NULL();
	reduce(leaves, count, 0, NULL);
	return residency_hash_datum(leaves);
}

Datum
residency_merkle_path(PG_FUNCTION_ARGS)
{
	int			count;
	uint8_t    *leaves = leaves_of(PG_GETARG_ARRAYTYPE_P(0), &count);
	int32		place = PG_GETARG_INT32(1);
	uint8_t		path[RESIDENCY_HASH * RESIDENCY_MERKLE_PATH];
	Datum		steps[RESIDENCY_MERKLE_PATH];
	int			length;

	if (leaves == NULL || place < 0 || place >= count)
		PG_RETURN_NULL();
	length = reduce(leaves, count, place, path);
	for (int i = 0; i < length; i++)
		steps[i] = residency_hash_datum(path + RESIDENCY_HASH * i);
	PG_RETURN_ARRAYTYPE_P(construct_array(steps, length, BYTEAOID, -1, false, TYPALIGN_INT));
}
