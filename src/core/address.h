/*
 * address.h
 *	  The value of an address: its division as far as it is known, and its
 *	  elements from province to room, in one flat run of bytes.
 */
#ifndef RESIDENCY_CORE_ADDRESS_H
#define RESIDENCY_CORE_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/address_parse.h"

/* The longest value of one element, in bytes, and the most elements (each level once). */
#define RESIDENCY_ADDRESS_VALUE 255
#define RESIDENCY_ADDRESS_ELEMENTS ADDRESS_LEVELS

/* The bytes that any address fits in. */
#define RESIDENCY_ADDRESS_SIZE (8 + RESIDENCY_ADDRESS_ELEMENTS * (2 + RESIDENCY_ADDRESS_VALUE))

/* An element: a level from ADDRESS_PROVINCE to ADDRESS_DETAIL and its canonical text. */
typedef struct AddressElement
{
	uint8_t		level;
	uint8_t		length;			/* bytes of value */
	const char *value;			/* UTF-8, not terminated */
} AddressElement;

/* An address taken apart: elements in the order of their levels, each level at most once. */
typedef struct AddressParts
{
	int64_t		division;		/* 12 digits, 0: unknown */
	int			count;
	AddressElement element[RESIDENCY_ADDRESS_ELEMENTS];
} AddressParts;

/* Writes the flat value to out[RESIDENCY_ADDRESS_SIZE]; gives its length. */
extern size_t residency_address_write(const AddressParts *parts, char *out);

/* Takes a flat value apart; false if it is damaged.  The parts point into it. */
extern bool residency_address_read(const char *in, size_t len, AddressParts *parts);

/* The canonical elements of a parsed address; the values are written to `room`[RESIDENCY_ADDRESS_SIZE]. */
extern void residency_address_normalize(const Gazetteer *gazetteer, const AddressParse *parse,
										AddressParts *parts, char *room);

#endif							/* RESIDENCY_CORE_ADDRESS_H */
