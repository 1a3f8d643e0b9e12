/*
 * address_index.c
 *	  Addresses compared, sorted, hashed and searched by their parts.
 */
#include "postgres.h"

#include "types/address.h"

#include "access/gin.h"
#include "utils/sortsupport.h"

PG_FUNCTION_INFO_V1(residency_address_cmp);
PG_FUNCTION_INFO_V1(residency_address_sortsupport);
PG_FUNCTION_INFO_V1(residency_address_hash32);
PG_FUNCTION_INFO_V1(residency_address_hash64);
PG_FUNCTION_INFO_V1(residency_address_gin_value);
PG_FUNCTION_INFO_V1(residency_address_gin_query);
PG_FUNCTION_INFO_V1(residency_address_gin_consistent);

static int
compare(struct varlena *a, struct varlena *b)
{
	return residency_address_compare(ADDRESS_FLAT(a), ADDRESS_FLAT(b));
}

static bool
contains(struct varlena *a, struct varlena *b)
{
	return residency_address_contains(ADDRESS_FLAT(a), ADDRESS_FLAT(b));
}

static bool
fits(struct varlena *a, struct varlena *b)
{
	return residency_address_fits(ADDRESS_FLAT(a), ADDRESS_FLAT(b));
}

/* Defines residency_address_NAME(address, address) → boolean: an expression of a and b. */
#define ADDRESS_OPERATOR(name, expression) \
	PG_FUNCTION_INFO_V1(residency_address_##name); \
	Datum \
	residency_address_##name(PG_FUNCTION_ARGS) \
	{ \
		struct varlena *a = ADDRESS_ARGUMENT(0); \
		struct varlena *b = ADDRESS_ARGUMENT(1); \
		bool		result = (expression); \
		\
		PG_FREE_IF_COPY(a, 0); \
		PG_FREE_IF_COPY(b, 1); \
		PG_RETURN_BOOL(result); \
	} \
	extern Datum residency_address_##name(PG_FUNCTION_ARGS)

ADDRESS_OPERATOR(eq, compare(a, b) == 0);
ADDRESS_OPERATOR(ne, compare(a, b) != 0);
ADDRESS_OPERATOR(lt, compare(a, b) < 0);
ADDRESS_OPERATOR(le, compare(a, b) <= 0);
ADDRESS_OPERATOR(gt, compare(a, b) > 0);
ADDRESS_OPERATOR(ge, compare(a, b) >= 0);
ADDRESS_OPERATOR(within, contains(b, a));
ADDRESS_OPERATOR(contain, contains(a, b));
ADDRESS_OPERATOR(fit, fits(a, b));

/*
 * address_cmp(address, address) → integer
 */
Datum
residency_address_cmp(PG_FUNCTION_ARGS)
{
	struct varlena *a = ADDRESS_ARGUMENT(0);
	struct varlena *b = ADDRESS_ARGUMENT(1);
	int			order = compare(a, b);

	PG_FREE_IF_COPY(a, 0);
	PG_FREE_IF_COPY(b, 1);
	PG_RETURN_INT32(order);
}

static int
compare_datums(Datum x, Datum y, SortSupport ssup)
{
	struct varlena *a = PG_DETOAST_DATUM_PACKED(x);
	struct varlena *b = PG_DETOAST_DATUM_PACKED(y);
	int			order = compare(a, b);

	(void) ssup;
	if ((Pointer) a != DatumGetPointer(x))
		pfree(a);
	if ((Pointer) b != DatumGetPointer(y))
		pfree(b);
	return order;
}

#if SIZEOF_DATUM == 8
static Datum
abbreviate(Datum original, SortSupport ssup)
{
	struct varlena *address = PG_DETOAST_DATUM_PACKED(original);
	uint64		order = residency_address_abbreviate(ADDRESS_FLAT(address));

	(void) ssup;
	if ((Pointer) address != DatumGetPointer(original))
		pfree(address);
	return UInt64GetDatum(order);
}

/* Never worth giving up: the number is made in passing, and divisions alone tell most addresses apart. */
static bool
abort_abbreviation(int count, SortSupport ssup)
{
	(void) count;
	(void) ssup;
	return false;
}
#endif

/*
 * address_sortsupport(internal): the division and the start of the first
 * element that doesn't follow from it are compared first, as one number
 */
Datum
residency_address_sortsupport(PG_FUNCTION_ARGS)
{
	SortSupport ssup = (SortSupport) PG_GETARG_POINTER(0);

	ssup->comparator = compare_datums;
#if SIZEOF_DATUM == 8
	if (ssup->abbreviate)
	{
		ssup->abbrev_full_comparator = compare_datums;
		ssup->comparator = ssup_datum_unsigned_cmp;
		ssup->abbrev_converter = abbreviate;
		ssup->abbrev_abort = abort_abbreviation;
	}
#endif
	PG_RETURN_VOID();
}

/* The hash of an argument; with seed 0 its low half is that without a seed. */
static uint64
hash_of_argument(FunctionCallInfo fcinfo, uint64 seed)
{
	struct varlena *address = ADDRESS_ARGUMENT(0);
	uint64		hash = residency_address_hash(ADDRESS_FLAT(address), seed);

	PG_FREE_IF_COPY(address, 0);
	return hash;
}

/*
 * address_hash(address) → integer
 */
Datum
residency_address_hash32(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32((int32) (uint32) hash_of_argument(fcinfo, 0));
}

/*
 * address_hash_extended(address, seed bigint) → bigint
 */
Datum
residency_address_hash64(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64((int64) hash_of_argument(fcinfo, (uint64) PG_GETARG_INT64(1)));
}

/* The keys of the first argument as GIN wants them; the second is where their number goes. */
static Datum *
keys_of_argument(FunctionCallInfo fcinfo, int (*keys_of) (const char *in, size_t len, uint64_t *keys))
{
	struct varlena *address = ADDRESS_ARGUMENT(0);
	int32	   *nkeys = (int32 *) PG_GETARG_POINTER(1);
	uint64_t	keys[RESIDENCY_ADDRESS_KEYS];
	Datum	   *datums = palloc(sizeof(Datum) * RESIDENCY_ADDRESS_KEYS);

	*nkeys = keys_of(ADDRESS_FLAT(address), keys);
	for (int i = 0; i < *nkeys; i++)
		datums[i] = Int64GetDatum((int64) keys[i]);
	PG_FREE_IF_COPY(address, 0);
	return datums;
}

/*
 * address_gin_value(address, internal) → internal: a key per element and division
 */
Datum
residency_address_gin_value(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(keys_of_argument(fcinfo, residency_address_whole_keys));
}

/*
 * address_gin_query(address, internal, smallint, internal, internal, internal,
 * internal) → internal: the keys that all must be there
 */
Datum
residency_address_gin_query(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(keys_of_argument(fcinfo, residency_address_part_keys));
}

/*
 * address_gin_consistent(internal, smallint, address, integer, internal,
 * internal, internal) → "char": all keys or nothing.  Keys are hashes, so what
 * is found is looked at again.
 */
Datum
residency_address_gin_consistent(PG_FUNCTION_ARGS)
{
	GinTernaryValue *check = (GinTernaryValue *) PG_GETARG_POINTER(0);
	int32		nkeys = PG_GETARG_INT32(3);

	for (int32 i = 0; i < nkeys; i++)
	{
		if (check[i] == GIN_FALSE)
			PG_RETURN_GIN_TERNARY_VALUE(GIN_FALSE);
	}
	PG_RETURN_GIN_TERNARY_VALUE(GIN_MAYBE);
}
