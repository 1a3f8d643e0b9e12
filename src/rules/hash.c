/*
 * hash.c
 *	  SHA-256 by the server's own library.
 */
#include "postgres.h"

#include "compat.h"
#include "rules/hash.h"

pg_cryptohash_ctx *
residency_hash_begin(void)
{
	pg_cryptohash_ctx *hash = pg_cryptohash_create(PG_SHA256);

	if (hash == NULL)
		elog(ERROR, "could not begin SHA-256");
	return hash;
}

void
residency_hash(pg_cryptohash_ctx *hash, const HashPiece *pieces, int count, uint8_t *out)
{
	bool		fine = pg_cryptohash_init(hash) >= 0;

	for (int i = 0; i < count; i++)
		fine = fine && pg_cryptohash_update(hash, pieces[i].data, pieces[i].size) >= 0;
	if (!fine || pg_cryptohash_final(hash, out, RESIDENCY_HASH) < 0)
		elog(ERROR, "could not compute SHA-256: %s", pg_cryptohash_error(hash));
}

Datum
residency_hash_datum(const uint8_t *hash)
{
	bytea	   *datum = palloc(VARHDRSZ + RESIDENCY_HASH);

	SET_VARSIZE(datum, VARHDRSZ + RESIDENCY_HASH);
	memcpy(VARDATA(datum), hash, RESIDENCY_HASH);
	return PointerGetDatum(datum);
}
