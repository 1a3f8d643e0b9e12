/*
 * address.h
 *	  Addresses from texts, for the type and the functions that read texts.
 */
#ifndef RESIDENCY_TYPES_ADDRESS_H
#define RESIDENCY_TYPES_ADDRESS_H

#include "postgres.h"

/*
 * The address that a text means, normalised through the gazetteer, where it may
 * lie in a division (context, 0: nobody knows); NULL if it has no element.
 * RG200 if it is too long for an address.
 */
extern struct varlena *residency_address_from_text(const char *in, size_t len, int64 context);

#endif							/* RESIDENCY_TYPES_ADDRESS_H */
