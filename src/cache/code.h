/*
 * code.h
 *	  Code lists and the steps between the states of a residence, for C.
 */
#ifndef RESIDENCY_CACHE_CODE_H
#define RESIDENCY_CACHE_CODE_H

#include "utils/date.h"

/* Whether a list of code.value has a code (text), in use or not. */
extern bool residency_is_listed(const char *list, Datum code);

/*
 * Whether code.residence_transition has a step between two states; from NULL, a
 * new registration.
 */
extern bool residency_is_residence_step(text *from, text *to);

#endif							/* RESIDENCY_CACHE_CODE_H */
