/*
 * deadline.h
 *	  Legal days: where a term ends.
 */
#ifndef RESIDENCY_RULES_DEADLINE_H
#define RESIDENCY_RULES_DEADLINE_H

#include "fmgr.h"
#include "utils/date.h"

#include "core/calendar.h"

/*
 * The day on which a term ends that starts on another, which is not counted; of
 * a term below zero, the day that lies so long before.  In a division, or
 * RESIDENCY_COUNTRY.
 */
extern DateADT residency_add_term(int64 division, DateADT start, Term term);

/*
 * The same as the last day of a time limit: a rest day gives way to the working
 * day after it (Civil Code 203).
 */
extern DateADT residency_deadline(int64 division, DateADT start, Term term);

/* cstring -> pointer to a Term; refuses with RG103 what does not read so. */
extern Datum residency_read_term(PG_FUNCTION_ARGS);

#endif							/* RESIDENCY_RULES_DEADLINE_H */
