/*
 * mask.h
 *	  Personal data with its middle hidden, a form for each kind.
 */
#ifndef RESIDENCY_CORE_MASK_H
#define RESIDENCY_CORE_MASK_H

#include <stddef.h>

typedef enum MaskKind
{
	MASK_NAME,					/* 张*, 张*明, 欧**明; of a name in words the first word */
	MASK_RESIDENT_ID,			/* 440113********1232, of 15 characters 440113*****1232 */
	MASK_PUBLIC_ID,				/* 4****************2 */
	MASK_DOCUMENT,				/* E******12 */
	MASK_PHONE,					/* 138****5678, 020-****1234 */
	MASK_ADDRESS,				/* down to the road: 广州市番禺区****** */
	MASK_EMAIL,					/* z***@x.com */
	MASK_BANK_CARD,				/* ************1234 */
	MASK_KINDS
} MaskKind;

/* The room that residency_mask_kind() needs for a text of len bytes. */
#define RESIDENCY_MASK_ROOM(len) ((len) + 16)

/*
 * Masks len bytes of UTF-8; writes to out[RESIDENCY_MASK_ROOM(len)] without a zero
 * byte at the end, and gives the length.  Blanks around the text are dropped.
 * What does not read as its kind becomes as many stars as it has characters, a
 * character with its combining marks counting as one, a byte that is no UTF-8,
 * too.  The same answer for ever: no table is asked.  Never fails.
 */
extern size_t residency_mask_kind(MaskKind kind, const char *in, size_t len, char *out);

#endif							/* RESIDENCY_CORE_MASK_H */
