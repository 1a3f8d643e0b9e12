/*
 * policy.h
 *	  What policy.setting sets for a division on a day, for C.
 */
#ifndef RESIDENCY_CACHE_POLICY_H
#define RESIDENCY_CACHE_POLICY_H

#include "utils/date.h"

/* What a value can be read as. */
typedef enum PolicyReading
{
	AS_TEXT,
	AS_NUMERIC,
	AS_INTEGER,
	AS_BOOLEAN,
	AS_INTERVAL,
	AS_TERM						/* the Datum points to a Term */
} PolicyReading;

/*
 * The value of a parameter in a division on a day, as residency.policy_text()
 * resolves it.  False where the setting says that there is no limit; where
 * nothing is set, refuses with RG090.
 */
extern bool residency_policy(const char *key, int64 division, DateADT day,
							 PolicyReading reading, Datum *value);

#endif							/* RESIDENCY_CACHE_POLICY_H */
