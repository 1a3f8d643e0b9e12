/*
 * outline.c
 *	  Reads outlines as PostGIS sends them.
 */
#include "core/outline.h"

#include <math.h>

#include "core/ewkb.h"

size_t
residency_outline_read(const uint8_t *wkb, size_t len, Spot *spots)
{
	EwkbReader	reader;
	EwkbChain	ring;
	size_t		count = 0;

	if (!residency_ewkb_begin(&reader, wkb, len) || (reader.kind != EWKB_POLYGON && reader.kind != EWKB_MULTIPOLYGON))
		return 0;
	while (residency_ewkb_next(&reader, &ring))
	{
		if (reader.kind != EWKB_POLYGON || reader.dimensions != 2)
			return 0;
		for (uint32_t i = 0; i < ring.count; i++, ring.at += ring.size)
			spots[count++] = (Spot) {residency_ewkb_ordinate(&reader, ring.at),
									 residency_ewkb_ordinate(&reader, ring.at + sizeof(double))};
		spots[count++] = (Spot) {NAN, NAN};
	}
	return reader.complete ? count : 0;
}
