/*
 * hash.h
 *	  SHA-256 by the server's own library.
 */
#ifndef RESIDENCY_HASH_H
#define RESIDENCY_HASH_H

#include "postgres.h"

#include "common/cryptohash.h"

#include "core/merkle.h"

typedef struct HashPiece
{
	const void *data;
	size_t		size;
} HashPiece;

/* To be given to pg_cryptohash_free() at the end. */
extern pg_cryptohash_ctx *residency_hash_begin(void);

/* Writes the hash of the pieces, one after the other, to out, which may be one of them. */
extern void residency_hash(pg_cryptohash_ctx *hash, const HashPiece *pieces, int count, uint8_t *out);

/* A hash as bytea. */
extern Datum residency_hash_datum(const uint8_t *hash);

#endif							/* RESIDENCY_HASH_H */
