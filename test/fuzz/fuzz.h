/*
 * fuzz.h
 *	  What the fuzz targets share.
 */
#ifndef RESIDENCY_FUZZ_H
#define RESIDENCY_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"

/* Stops the run with the place where a promise is broken. */
#define HOLDS(promise) \
	do { \
		if (!(promise)) \
		{ \
			fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, #promise); \
			abort(); \
		} \
	} while (0)

extern int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Eight bytes of the input as a number, for what takes packed values. */
static inline int64_t
number_of(const uint8_t *data, size_t size)
{
	int64_t		number = 0;

	memcpy(&number, data, size < sizeof(number) ? size : sizeof(number));
	return number;
}

#endif							/* RESIDENCY_FUZZ_H */
