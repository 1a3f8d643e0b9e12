/*
 * address_text.h
 *	  The characters of an address as its readers see them: full-width forms,
 *	  capitals and traditional characters folded, noise left out.
 */
#ifndef RESIDENCY_CORE_ADDRESS_TEXT_H
#define RESIDENCY_CORE_ADDRESS_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The characters that are read of an address; what follows them is counted, not read. */
#define RESIDENCY_ADDRESS_CHARACTERS 512

/*
 * A text, folded.  symbol[i] is the i-th character that is no noise: a Unicode
 * code point, simplified and half-width; symbol[length] is 0.  It stood at the
 * character position[i] and the byte offset[i] of the text, both from 0.
 */
typedef struct AddressText
{
	int			length;			/* symbols */
	int			total;			/* characters of the whole text, noise and what was not read included */
	bool		has_bracket;	/* an opening one */
	bool		has_comma;
	uint32_t	symbol[RESIDENCY_ADDRESS_CHARACTERS + 1];
	uint16_t	position[RESIDENCY_ADDRESS_CHARACTERS + 1];
	uint32_t	offset[RESIDENCY_ADDRESS_CHARACTERS + 1];
} AddressText;

/*
 * Folds len bytes of UTF-8.  A byte that is no UTF-8 counts as one character and
 * is noise.  Never fails; takes time in proportion to len.
 */
extern void residency_address_fold(const char *in, size_t len, AddressText *out);

/* Folds one code point: half-width, capital, simplified; 0 if it is noise. */
extern uint32_t residency_address_symbol(uint32_t character);

#endif							/* RESIDENCY_CORE_ADDRESS_TEXT_H */
