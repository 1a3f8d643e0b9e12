/*
 * address_text.c
 *	  Addresses as people write them.
 */
#include "postgres.h"

#include "types/address.h"

struct varlena *
residency_address_from_text(const char *in, size_t len, int64 context)
{
	(void) in;
	(void) len;
	(void) context;
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("addresses are read in their canonical form only"),
			 errhint("Write every element and the division's code in brackets, \"(-)\" if it is unknown.")));
}
