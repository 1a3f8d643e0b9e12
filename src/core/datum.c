/*
 * datum.c
 *	  GCJ-02 and BD-09, there and back, for points and for whole geometries.
 */
#include "core/datum.h"

#include <math.h>
#include <string.h>

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

/* How EWKB tells what comes */
#define EWKB_Z 0x80000000U
#define EWKB_M 0x40000000U
#define EWKB_SRID 0x20000000U
#define EWKB_HEAD 5				/* byte order and type */
#define EWKB_COUNT 4

enum
{
	EWKB_POINT = 1,
	EWKB_LINESTRING,
	EWKB_POLYGON,
	EWKB_MULTIPOINT,
	EWKB_MULTILINESTRING,
	EWKB_MULTIPOLYGON,
	EWKB_COLLECTION,
	EWKB_CIRCULARSTRING,
	EWKB_COMPOUNDCURVE,
	EWKB_CURVEPOLYGON,
	EWKB_MULTICURVE,
	EWKB_MULTISURFACE,
	EWKB_POLYHEDRALSURFACE = 15,
	EWKB_TIN,
	EWKB_TRIANGLE
};

/* Reads and shifts EWKB from `at` on. */
typedef struct Walk
{
	DatumShift	shift;
	uint8_t    *wkb;
	size_t		len;
	size_t		at;
	bool		little;			/* byte order of the geometry at hand */
	size_t		dimensions;		/* 2 to 4 */
} Walk;

static uint64_t read_number(const uint8_t *bytes, size_t size, bool little);
static void write_number(uint8_t *bytes, size_t size, bool little, uint64_t number);
static bool walk_geometry(Walk *walk, uint64_t *pending);
static bool walk_points(Walk *walk, uint32_t points);
static bool take_count(Walk *walk, uint32_t *count);

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

int32_t
residency_ewkb_srid(const uint8_t *wkb, size_t len)
{
	if (len < EWKB_HEAD + EWKB_COUNT || !(read_number(wkb + 1, 4, wkb[0] == 1) & EWKB_SRID))
		return 0;
	return (int32_t) read_number(wkb + EWKB_HEAD, 4, wkb[0] == 1);
}

size_t
residency_datum_shift_ewkb(DatumShift shift, const uint8_t *wkb, size_t len, int32_t srid, uint8_t *out)
{
	Walk		walk = {shift, out, 0, 0, false, 0};
	uint64_t	pending = 1;
	uint32_t	type;
	size_t		body = EWKB_HEAD;

	if (len < EWKB_HEAD)
		return 0;

	/* the head anew, then the rest as it is */
	type = (uint32_t) read_number(wkb + 1, 4, wkb[0] == 1);
	if (type & EWKB_SRID)
		body += EWKB_COUNT;
	if (len < body)
		return 0;
	out[0] = wkb[0];
	write_number(out + 1, 4, wkb[0] == 1, srid != 0 ? type | EWKB_SRID : type & ~EWKB_SRID);
	walk.len = EWKB_HEAD;
	if (srid != 0)
	{
		write_number(out + EWKB_HEAD, 4, wkb[0] == 1, (uint32_t) srid);
		walk.len += EWKB_COUNT;
	}
	memcpy(out + walk.len, wkb + body, len - body);
	walk.len += len - body;

	/*
	 * The parts of a collection follow it, each with a head of its own: to
	 * count those that are still to come is enough, however deep they nest.
	 */
	while (pending > 0)
	{
		pending--;
		if (!walk_geometry(&walk, &pending))
			return 0;
	}
	return walk.at == walk.len ? walk.len : 0;
}

/* Shifts the geometry at hand; one that has parts adds them to those pending. */
static bool
walk_geometry(Walk *walk, uint64_t *pending)
{
	uint32_t	type;
	uint32_t	count;
	uint32_t	points;

	if (walk->len - walk->at < EWKB_HEAD || walk->wkb[walk->at] > 1)
		return false;
	walk->little = walk->wkb[walk->at] == 1;
	type = (uint32_t) read_number(walk->wkb + walk->at + 1, 4, walk->little);
	walk->at += EWKB_HEAD;
	walk->dimensions = 2 + ((type & EWKB_Z) != 0) + ((type & EWKB_M) != 0);
	if ((type & EWKB_SRID) && !take_count(walk, &count))
		return false;

	switch (type & ~(EWKB_Z | EWKB_M | EWKB_SRID))
	{
		case EWKB_POINT:
			return walk_points(walk, 1);

		case EWKB_LINESTRING:
		case EWKB_CIRCULARSTRING:
			return take_count(walk, &points) && walk_points(walk, points);

		case EWKB_POLYGON:
		case EWKB_TRIANGLE:
			if (!take_count(walk, &count))
				return false;
			for (uint32_t ring = 0; ring < count; ring++)
				if (!take_count(walk, &points) || !walk_points(walk, points))
					return false;
			return true;

		case EWKB_MULTIPOINT:
		case EWKB_MULTILINESTRING:
		case EWKB_MULTIPOLYGON:
		case EWKB_COLLECTION:
		case EWKB_COMPOUNDCURVE:
		case EWKB_CURVEPOLYGON:
		case EWKB_MULTICURVE:
		case EWKB_MULTISURFACE:
		case EWKB_POLYHEDRALSURFACE:
		case EWKB_TIN:
			if (!take_count(walk, &count))
				return false;
			*pending += count;
			return *pending <= (walk->len - walk->at) / EWKB_HEAD;

		default:
			return false;
	}
}

/* Shifts the points at hand. */
static bool
walk_points(Walk *walk, uint32_t points)
{
	size_t		size = walk->dimensions * sizeof(double);

	if ((walk->len - walk->at) / size < points)
		return false;
	for (uint32_t point = 0; point < points; point++)
	{
		uint8_t    *bytes = walk->wkb + walk->at;
		uint64_t	number[2] = {read_number(bytes, 8, walk->little), read_number(bytes + 8, 8, walk->little)};
		double		place[2];

		memcpy(place, number, sizeof(place));
		residency_datum_shift(walk->shift, &place[0], &place[1]);
		memcpy(number, place, sizeof(place));
		write_number(bytes, 8, walk->little, number[0]);
		write_number(bytes + 8, 8, walk->little, number[1]);
		walk->at += size;
	}
	return true;
}

static bool
take_count(Walk *walk, uint32_t *count)
{
	if (walk->len - walk->at < EWKB_COUNT)
		return false;
	*count = (uint32_t) read_number(walk->wkb + walk->at, EWKB_COUNT, walk->little);
	walk->at += EWKB_COUNT;
	return true;
}

static uint64_t
read_number(const uint8_t *bytes, size_t size, bool little)
{
	uint64_t	number = 0;

	for (size_t i = 0; i < size; i++)
		number = number << 8 | bytes[little ? size - 1 - i : i];
	return number;
}

static void
write_number(uint8_t *bytes, size_t size, bool little, uint64_t number)
{
	for (size_t i = 0; i < size; i++)
		bytes[little ? i : size - 1 - i] = (uint8_t) (number >> (8 * i));
}
