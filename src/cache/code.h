/*
 * code.h
 *	  Code lists and the steps between the states of a residence, for C.
 */
#ifndef RESIDENCY_CACHE_CODE_H
#define RESIDENCY_CACHE_CODE_H

#include "utils/date.h"

/* Refuses with RG006, for a table and column, a code (text) that a list of code.value does not have. */
extern void residency_check_code(const char *list, Datum code, const char *table, const char *column);

/*
 * Whether code.residence_transition has a step between two states; from NULL, a
 * new registration.
 */
extern bool residency_is_residence_step(text *from, text *to);

#endif							/* RESIDENCY_CACHE_CODE_H */
