/*
 * address.h
 *	  The SQL value of an address: a varlena that holds the flat value of
 *	  core/address.h.
 */
#ifndef RESIDENCY_TYPES_ADDRESS_H
#define RESIDENCY_TYPES_ADDRESS_H

#include "fmgr.h"

#include "compat.h"
#include "core/address.h"

/* An argument as a varlena, and its flat value and length. */
#define ADDRESS_ARGUMENT(n) ((struct varlena *) PG_GETARG_VARLENA_PP(n))
#define ADDRESS_FLAT(address) VARDATA_ANY(address), VARSIZE_ANY_EXHDR(address)

/* Makes a value of parts. */
extern struct varlena *residency_address_make(const AddressParts *parts);

/* Takes a value apart; the parts point into it.  Raises XX001 if it is damaged. */
extern void residency_address_take_apart(struct varlena *address, AddressParts *parts);

/*
 * The address that a text written by people names, which may lie in `context`
 * (a division, 0: nobody knows); NULL if it names no element.
 */
extern struct varlena *residency_address_from_text(const char *in, size_t len, int64 context);

#endif							/* RESIDENCY_TYPES_ADDRESS_H */
