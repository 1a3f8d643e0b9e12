/*
 * mask.h
 *	  Masks of personal data as values of SQL.
 */
#ifndef RESIDENCY_TYPES_MASK_H
#define RESIDENCY_TYPES_MASK_H

#include "core/mask.h"

extern text *residency_masked(MaskKind kind, const text *in);

#endif							/* RESIDENCY_TYPES_MASK_H */
