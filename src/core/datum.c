/*
 * datum.c
 *	  GCJ-02 and BD-09, there and back, for points and for whole geometries.
 */
#include "core/datum.h"

#include <math.h>

#include "core/ewkb.h"

#define PI 3.14159265358979323846

/* Krasovsky 1940: semi-major axis in metres, eccentricity squared */
#define AXIS 6378245.0
#define ECCENTRICITY 0.00669342162296594323

/* Waves of Baidu's own shift in a degree, as radians */
#define BAIDU_WAVE (PI * 3000.0 / 180.0)

/*
 * Each round of seeking brings it nearer by a factor of fifty (BD-09) or two
 * hundred (GCJ-02).  Who is as close as this at its begin is a hundredth of it
 * off at its end; a tenth at 105 E, where the formula has a root of the distance.
 */
#define ROUNDS 12
#define CLOSE 1e-10

bool
residency_datum_applies(double longitude, double latitude)
{
	return longitude >= 72.004 && longitude <= 137.8347 &&
		latitude >= 0.8293 && latitude <= 55.8271;
}

/* CGCS2000 to GCJ-02: waves in metres, over the length of a degree there. */
static void
to_gcj02(double *longitude, double *latitude)
{
	double		x = *longitude - 105.0;
	double		y = *latitude - 35.0;
	double		radians = *latitude / 180.0 * PI;
	double		curve = 1.0 - ECCENTRICITY * sin(radians) * sin(radians);
	double		waves = (20.0 * sin(6.0 * x * PI) + 20.0 * sin(2.0 * x * PI)) * 2.0 / 3.0;
	double		east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(fabs(x)) + waves;
	double		north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(fabs(x)) + waves;

	east += (20.0 * sin(x * PI) + 40.0 * sin(x / 3.0 * PI)) * 2.0 / 3.0;
	east += (150.0 * sin(x / 12.0 * PI) + 300.0 * sin(x / 30.0 * PI)) * 2.0 / 3.0;
	north += (20.0 * sin(y * PI) + 40.0 * sin(y / 3.0 * PI)) * 2.0 / 3.0;
	north += (160.0 * sin(y / 12.0 * PI) + 320.0 * sin(y / 30.0 * PI)) * 2.0 / 3.0;

	*longitude += east * 180.0 / (AXIS / sqrt(curve) * cos(radians) * PI);
	*latitude += north * 180.0 / (AXIS * (1.0 - ECCENTRICITY) / (curve * sqrt(curve)) * PI);
}

/* GCJ-02 to BD-09. */
static void
baidu(double *longitude, double *latitude)
{
	double		x = *longitude;
	double		y = *latitude;
	double		radius = sqrt(x * x + y * y) + 0.00002 * sin(y * BAIDU_WAVE);
	double		angle = atan2(y, x) + 0.000003 * cos(x * BAIDU_WAVE);

	*longitude = radius * cos(angle) + 0.0065;
	*latitude = radius * sin(angle) + 0.006;
}

void
residency_datum_shift(DatumShift shift, double *longitude, double *latitude)
{
	bool		is_baidu = shift == DATUM_FROM_BD09 || shift == DATUM_TO_BD09;
	bool		back = shift == DATUM_FROM_GCJ02 || shift == DATUM_FROM_BD09;
	double		x = *longitude;
	double		y = *latitude;

	if (!residency_datum_applies(x, y))
		return;

	for (int round = 0; round < ROUNDS; round++)
	{
		double		there_x = x;
		double		there_y = y;
		double		off_x;
		double		off_y;

		to_gcj02(&there_x, &there_y);
		if (is_baidu)
			baidu(&there_x, &there_y);
		if (!back)
		{
			x = there_x;
			y = there_y;
			break;
		}

		/* seek the point that is shifted to the given one */
		off_x = there_x - *longitude;
		off_y = there_y - *latitude;
		x -= off_x;
		y -= off_y;
		if (fabs(off_x) < CLOSE && fabs(off_y) < CLOSE)
			break;
	}
	*longitude = x;
	*latitude = y;
}

size_t
residency_datum_shift_ewkb(DatumShift shift, const uint8_t *wkb, size_t len, int32_t srid, uint8_t *out)
{
	size_t		written = residency_ewkb_with_srid(wkb, len, srid, out);
	EwkbReader	reader;
	EwkbChain	chain;

	if (!residency_ewkb_begin(&reader, out, written))
		return 0;
	while (residency_ewkb_next(&reader, &chain))
		for (uint32_t i = 0; i < chain.count; i++, chain.at += chain.size)
		{
			double		longitude = residency_ewkb_ordinate(&reader, chain.at);
			double		latitude = residency_ewkb_ordinate(&reader, chain.at + sizeof(double));

			residency_datum_shift(shift, &longitude, &latitude);
			residency_ewkb_put_ordinate(&reader, out + chain.at, longitude);
			residency_ewkb_put_ordinate(&reader, out + chain.at + sizeof(double), latitude);
		}
	return reader.complete ? written : 0;
}
