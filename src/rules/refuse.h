/*
 * refuse.h
 *	  How C raises a refusal of the catalogue code.error.
 */
#ifndef RESIDENCY_RULES_REFUSE_H
#define RESIDENCY_RULES_REFUSE_H

#include "compat.h"

/*
 * Raises the refusal `code` (RG001 …) with its facts in the order in which the
 * catalogue names them; a fact may be NULL.  Facts are keys, days, codes and
 * masked numbers, never personal data.  `table` is "schema.table"; it and
 * `column` may be NULL.
 */
pg_noreturn extern void residency_refuse(const char *code,
										 int nfacts, const char **facts,
										 const char *table, const char *column);

/* As much of an entered code (text) as tells which it was. */
extern char *residency_clipped(Datum entered);

#endif							/* RESIDENCY_RULES_REFUSE_H */
