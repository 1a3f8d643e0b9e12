/*
 * text.h
 *	  What the readers of numbers share: trimming, folding and masking of text.
 */
#ifndef RESIDENCY_CORE_TEXT_H
#define RESIDENCY_CORE_TEXT_H

#include <stddef.h>

/* The room that residency_mask() needs, its final zero byte included. */
#define RESIDENCY_MASK_SIZE 40

/* Moves both ends of a text inwards past its blanks: ASCII white space and the ideographic space. */
extern void residency_trim(const char **start, const char **end);

/*
 * Folds a text to ASCII: blanks around it are dropped (ASCII white space and
 * the ideographic space), full-width digits and letters (GB/T 2312, row 3)
 * become ASCII, small letters capitals.  Whatever else is not ASCII becomes
 * one '?' per character, a byte that is no UTF-8 as well.
 *
 * Takes len bytes of UTF-8; writes the first `capacity` characters to out,
 * without a zero byte at the end.  Gives the number of characters there are,
 * which may be more than were written.  Never fails.
 */
extern size_t residency_fold(const char *in, size_t len, char *out, size_t capacity);

/*
 * Masks what might be a number of a person, for messages: of 18 to 20
 * characters that look like such a number the first 6 and the last 4 stay,
 * of anything else nothing does; there are as many stars as characters were
 * hidden, but 32 at most and then "...".
 *
 * Takes len bytes of UTF-8 and RESIDENCY_MASK_SIZE bytes to write to; gives
 * the length of what was written, which is ASCII and ends with a zero byte.
 */
extern size_t residency_mask(const char *in, size_t len, char *out);

#endif							/* RESIDENCY_CORE_TEXT_H */
