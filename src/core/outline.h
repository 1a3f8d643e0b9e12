/*
 * outline.h
 *	  Reads outlines as PostGIS sends them.
 */
#ifndef RESIDENCY_CORE_OUTLINE_H
#define RESIDENCY_CORE_OUTLINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/orient.h"

/* How many spots EWKB of so many bytes can hold. */
#define OUTLINE_SPOTS(len) ((len) / 4)

/*
 * Reads EWKB of a Polygon or MultiPolygon without Z and M into chains: the spots
 * of each ring, and one that is not a number.  Gives how many spots; 0 if it is
 * something else, or empty.
 */
extern size_t residency_outline_read(const uint8_t *wkb, size_t len, Spot *spots);

#endif							/* RESIDENCY_CORE_OUTLINE_H */
