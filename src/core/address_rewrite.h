/*
 * address_rewrite.h
 *	  The one way to write the numbered elements of an address.
 */
#ifndef RESIDENCY_CORE_ADDRESS_REWRITE_H
#define RESIDENCY_CORE_ADDRESS_REWRITE_H

#include <stdint.h>

/* The most symbols that an element is made of, and the room in which it is rewritten. */
#define RESIDENCY_ELEMENT_SYMBOLS 255
#define RESIDENCY_ELEMENT_ROOM (4 * RESIDENCY_ELEMENT_SYMBOLS)

/*
 * Rewrites an element of a level in place: Chinese numerals where they are
 * numbers, 12-1号, 12号附1 and 12之一号 as 12号之1, 五楼, 5F as 5层, B1 as 负1层,
 * 3#楼 as 3号楼, 第三村民小组 as 3组, zeros before numbers of all but rooms left out.
 * Gives the new length; doing it again changes nothing.
 */
extern int	residency_address_rewrite(int level, uint32_t *symbol, int length);

#endif							/* RESIDENCY_CORE_ADDRESS_REWRITE_H */
