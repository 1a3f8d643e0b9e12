/*
 * datum_fuzz.c
 *	  A point shifted there and back is where it was; EWKB, however damaged, is
 *	  walked within its bounds, and what was walked can be walked again.
 */
#include "fuzz.h"

#include <math.h>

#include "core/datum.h"
#include "core/ewkb.h"

static void
check_point(const uint8_t *data, size_t size)
{
	double		place[2] = {0, 0};

	memcpy(place, data, size < sizeof(place) ? size : sizeof(place));
	for (DatumShift shift = DATUM_FROM_GCJ02; shift <= DATUM_TO_BD09; shift++)
	{
		double		there[2] = {place[0], place[1]};
		double		back[2];

		residency_datum_shift(shift, &there[0], &there[1]);
		if (!residency_datum_applies(place[0], place[1]))
		{
			HOLDS(memcmp(place, there, sizeof(place)) == 0);
			continue;
		}
		HOLDS(fabs(there[0] - place[0]) < 0.02 && fabs(there[1] - place[1]) < 0.02);
		if (!residency_datum_applies(there[0], there[1]))
			continue;
		memcpy(back, there, sizeof(back));
		/* each shift has its way back beside it */
		residency_datum_shift(shift ^ 1, &back[0], &back[1]);
		HOLDS(fabs(back[0] - place[0]) < 1e-10 && fabs(back[1] - place[1]) < 1e-10);
	}
}

static void
check_walk(DatumShift shift, int32_t srid, const uint8_t *data, size_t size)
{
	/* of their exact size, so that a step beyond is seen */
	uint8_t    *in = malloc(size > 0 ? size : 1);
	uint8_t    *out = malloc(size + 4);
	uint8_t    *again = malloc(size + 4);
	size_t		len;
	EwkbPoint	point;

	memcpy(in, data, size);
	HOLDS(!residency_ewkb_point(in, size, &point) || point.srid == residency_ewkb_srid(in, size));
	len = residency_datum_shift_ewkb(shift, in, size, srid, out);
	HOLDS(len == 0 || (len + 4 >= size && len <= size + 4));
	if (len > 0)
	{
		HOLDS(residency_ewkb_srid(out, len) == srid);
		HOLDS(residency_datum_shift_ewkb(shift ^ 1, out, len, srid, again) == len);
	}
	free(in);
	free(out);
	free(again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	check_point(data, size);
	if (size > 0)
	{
		check_walk(data[0] & 3, data[0] & 4 ? 4490 : 0, data + 1, size - 1);
		/* many are points, or begin with one, so that the walk meets coordinates */
		if (size > 16)
		{
			uint8_t		point[21] = {1, 1};

			memcpy(point + 5, data, 16);
			check_walk(data[0] & 3, 4490, point, sizeof(point));
		}
	}
	return 0;
}
