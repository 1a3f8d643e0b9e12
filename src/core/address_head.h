/*
 * address_head.h
 *	  The divisions that an address names at its head, and again behind it.
 */
#ifndef RESIDENCY_CORE_ADDRESS_HEAD_H
#define RESIDENCY_CORE_ADDRESS_HEAD_H

#include "core/address_grammar.h"

/* What the end of a division's name costs a longer name that it would stand in. */
#define ADDRESS_KNOWN_NAME 24

/*
 * Reads the divisions of a line into out->reading, at its beginning or after what
 * may stand before them; gives where they begin.  Finds the words of the line,
 * which nobody asks for before the end of divisions at the beginning.
 */
extern int	residency_address_read_head(AddressLine *line, const Gazetteer *gazetteer, int64_t context, AddressParse *out);

/*
 * The deepest division that all readings agree on that are as good as the best.
 * Towns of one name are as good as each other, unless a context speaks for one.
 */
extern int64_t residency_address_agreed(const RegionReading *reading, int count, int64_t context);

/* Appends the pieces of a reading, whose places are those of the line. */
extern void residency_address_add_reading(AddressParse *out, const AddressLine *line, const RegionReading *reading);

/* Notes where a line names again what its head has named. */
extern void residency_address_find_repeats(AddressLine *line, const Gazetteer *gazetteer, const RegionReading *head);

/* Takes back what the readings made of a place and what follows it. */
extern void residency_address_unread(AddressParse *out, int from);

#endif							/* RESIDENCY_CORE_ADDRESS_HEAD_H */
