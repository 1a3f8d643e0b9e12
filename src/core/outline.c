/*
 * outline.c
 *	  Reads outlines as PostGIS sends them.
 */
#include "core/outline.h"

#include <math.h>
#include <string.h>

#define EWKB_POLYGON 3
#define EWKB_MULTIPOLYGON 6
#define EWKB_SRID 0x20000000U

/* What is left of the EWKB, and what has been written. */
typedef struct Reader
{
	const uint8_t *at;
	size_t		left;
	bool		little;			/* byte order of the polygon at hand */
	Spot	   *end;
} Reader;

static bool
take(Reader *reader, uint8_t *to, size_t size)
{
	if (reader->left < size)
		return false;
	for (size_t i = 0; i < size; i++)
		to[reader->little ? i : size - 1 - i] = reader->at[i];
	reader->at += size;
	reader->left -= size;
	return true;
}

/* The bytes of a number, lowest first, as they lie in memory on every machine that is known to run this. */
static bool
take_count(Reader *reader, uint32_t *count)
{
	return take(reader, (uint8_t *) count, sizeof(*count));
}

static bool
take_type(Reader *reader, uint32_t *type)
{
	uint8_t		order;
	uint32_t	srid;

	if (!take(reader, &order, 1) || order > 1)
		return false;
	reader->little = order == 1;
	if (!take_count(reader, type))
		return false;
	if (*type & EWKB_SRID)
	{
		*type &= ~EWKB_SRID;
		return take_count(reader, &srid);
	}
	return true;
}

static bool
take_rings(Reader *reader)
{
	uint32_t	rings;
	uint32_t	count;

	if (!take_count(reader, &rings))
		return false;
	for (; rings > 0; rings--)
	{
		if (!take_count(reader, &count) || count > reader->left / sizeof(Spot))
			return false;
		for (; count > 0; count--)
		{
			Spot		spot;

			(void) take(reader, (uint8_t *) &spot.x, sizeof(double));
			(void) take(reader, (uint8_t *) &spot.y, sizeof(double));
			*reader->end++ = spot;
		}
		*reader->end++ = (Spot) {NAN, NAN};
	}
	return true;
}

size_t
residency_outline_read(const uint8_t *wkb, size_t len, Spot *spots)
{
	Reader		reader = {wkb, len, true, spots};
	uint32_t	type;
	uint32_t	polygons = 1;

	if (!take_type(&reader, &type))
		return 0;
	if (type == EWKB_POLYGON)
		return take_rings(&reader) && reader.left == 0 ? (size_t) (reader.end - spots) : 0;
	if (type != EWKB_MULTIPOLYGON || !take_count(&reader, &polygons))
		return 0;
	for (; polygons > 0; polygons--)
	{
		if (!take_type(&reader, &type) || type != EWKB_POLYGON || !take_rings(&reader))
			return 0;
	}
	return reader.left == 0 ? (size_t) (reader.end - spots) : 0;
}
