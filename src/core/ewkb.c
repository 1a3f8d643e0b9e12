/*
 * ewkb.c
 *	  Reads points, writes points and boxes in the binary form of PostGIS.
 */
#include "core/ewkb.h"

#include <string.h>

#define POINT 1
#define POLYGON 3
#define HAS_SRID UINT32_C(0x20000000)
#define KIND_MASK UINT32_C(0xFF)

/* The first byte of a geometry. */
#define BIG_ENDIAN_ORDER 0
#define LITTLE_ENDIAN_ORDER 1

static uint64_t
read_number(const uint8_t *in, size_t bytes, uint8_t order)
{
	uint64_t	number = 0;

	for (size_t i = 0; i < bytes; i++)
		number = number << 8 | in[order == BIG_ENDIAN_ORDER ? i : bytes - 1 - i];
	return number;
}

static double
read_double(const uint8_t *in, uint8_t order)
{
	uint64_t	bits = read_number(in, sizeof(bits), order);
	double		number;

	memcpy(&number, &bits, sizeof(number));
	return number;
}

bool
residency_ewkb_point(const uint8_t *in, size_t len, EwkbPoint *point)
{
	size_t		at = 5;
	uint32_t	kind;

	if (len < at || in[0] > LITTLE_ENDIAN_ORDER)
		return false;
	kind = (uint32_t) read_number(in + 1, 4, in[0]);
	if ((kind & KIND_MASK) != POINT)
		return false;
	if (kind & HAS_SRID)
		at += 4;
	/* Z and M come last */
	if (len < at + 16)
		return false;
	point->srid = kind & HAS_SRID ? (int32_t) read_number(in + 5, 4, in[0]) : 0;
	point->x = read_double(in + at, in[0]);
	point->y = read_double(in + at + 8, in[0]);
	return true;
}

static uint8_t *
write_number(uint8_t *out, uint64_t number, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++, number >>= 8)
		*out++ = (uint8_t) number;
	return out;
}

static uint8_t *
write_place(uint8_t *out, double x, double y)
{
	double		place[2] = {x, y};
	uint64_t	bits[2];

	memcpy(bits, place, sizeof(bits));
	return write_number(write_number(out, bits[0], 8), bits[1], 8);
}

static uint8_t *
write_head(uint8_t *out, uint32_t kind, int32_t srid)
{
	*out++ = LITTLE_ENDIAN_ORDER;
	return write_number(write_number(out, kind | HAS_SRID, 4), (uint32_t) srid, 4);
}

size_t
residency_ewkb_write_point(EwkbPoint point, uint8_t *out)
{
	return (size_t) (write_place(write_head(out, POINT, point.srid), point.x, point.y) - out);
}

size_t
residency_ewkb_write_box(int32_t srid, double west, double south, double east, double north,
						 uint8_t *out)
{
	uint8_t    *to = write_head(out, POLYGON, srid);

	/* one ring of five points */
	to = write_number(write_number(to, 1, 4), 5, 4);
	to = write_place(to, west, south);
	to = write_place(to, east, south);
	to = write_place(to, east, north);
	to = write_place(to, west, north);
	to = write_place(to, west, south);
	return (size_t) (to - out);
}
