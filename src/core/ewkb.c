/*
 * ewkb.c
 *	  Reads geometries, writes points and boxes in the binary form of PostGIS.
 */
#include "core/ewkb.h"

#include <string.h>

/* How a head tells what comes */
#define HAS_Z UINT32_C(0x80000000)
#define HAS_M UINT32_C(0x40000000)
#define HAS_SRID UINT32_C(0x20000000)

/* Byte order and type */
#define HEAD 5
#define COUNT 4

/* The first byte of a geometry. */
#define BIG_ENDIAN_ORDER 0
#define LITTLE_ENDIAN_ORDER 1

static uint8_t *
write_number(uint8_t *out, uint64_t number, size_t bytes, uint8_t order)
{
	for (size_t i = 0; i < bytes; i++, number >>= 8)
		out[order == BIG_ENDIAN_ORDER ? bytes - 1 - i : i] = (uint8_t) number;
	return out + bytes;
}

static uint64_t
read_number(const uint8_t *in, size_t bytes, uint8_t order)
{
	uint64_t	number = 0;

	for (size_t i = 0; i < bytes; i++)
		number = number << 8 | in[order == BIG_ENDIAN_ORDER ? i : bytes - 1 - i];
	return number;
}

static bool
take_count(EwkbReader *reader, uint32_t *count)
{
	if (reader->len - reader->at < COUNT)
		return false;
	*count = (uint32_t) read_number(reader->bytes + reader->at, COUNT, reader->order);
	reader->at += COUNT;
	return true;
}

static bool
take_head(EwkbReader *reader)
{
	uint32_t	type;
	uint32_t	srid = 0;

	if (reader->len - reader->at < HEAD || reader->bytes[reader->at] > LITTLE_ENDIAN_ORDER)
		return false;
	reader->order = reader->bytes[reader->at];
	type = (uint32_t) read_number(reader->bytes + reader->at + 1, COUNT, reader->order);
	reader->at += HEAD;
	if ((type & HAS_SRID) && !take_count(reader, &srid))
		return false;
	reader->srid = (int32_t) srid;
	reader->kind = type & ~(HAS_Z | HAS_M | HAS_SRID);
	reader->dimensions = 2 + ((type & HAS_Z) != 0) + ((type & HAS_M) != 0);
	reader->in_head = true;
	return true;
}

static bool
take_points(EwkbReader *reader, uint32_t count, EwkbChain *chain)
{
	size_t		size = reader->dimensions * sizeof(double);

	if ((reader->len - reader->at) / size < count)
		return false;
	*chain = (EwkbChain) {reader->at, count, size};
	reader->at += count * size;
	return true;
}

static bool
take_chain(EwkbReader *reader, EwkbChain *chain)
{
	uint32_t	count;

	return take_count(reader, &count) && take_points(reader, count, chain);
}

bool
residency_ewkb_begin(EwkbReader *reader, const uint8_t *bytes, size_t len)
{
	*reader = (EwkbReader) {.bytes = bytes, .len = len};
	return take_head(reader);
}

bool
residency_ewkb_next(EwkbReader *reader, EwkbChain *chain)
{
	uint32_t	count;

	/*
	 * The parts of a collection follow it, each with a head of its own: to
	 * count those that are still to come is enough, however deep they nest.
	 */
	while (reader->in_head || reader->rings > 0 || reader->parts > 0)
	{
		if (reader->rings > 0)
		{
			reader->rings--;
			return take_chain(reader, chain);
		}
		if (!reader->in_head)
		{
			reader->parts--;
			if (!take_head(reader))
				return false;
		}
		reader->in_head = false;
		switch (reader->kind)
		{
			case EWKB_POINT:
				return take_points(reader, 1, chain);

			case EWKB_LINESTRING:
			case EWKB_CIRCULARSTRING:
				return take_chain(reader, chain);

			case EWKB_POLYGON:
			case EWKB_TRIANGLE:
				if (!take_count(reader, &reader->rings))
					return false;
				break;

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
				if (!take_count(reader, &count))
					return false;
				reader->parts += count;
				if (reader->parts > (reader->len - reader->at) / HEAD)
					return false;
				break;

			default:
				return false;
		}
	}
	reader->complete = reader->at == reader->len;
	return false;
}

double
residency_ewkb_ordinate(const EwkbReader *reader, size_t at)
{
	uint64_t	bits = read_number(reader->bytes + at, sizeof(bits), reader->order);
	double		number;

	memcpy(&number, &bits, sizeof(number));
	return number;
}

void
residency_ewkb_put_ordinate(const EwkbReader *reader, uint8_t *out, double number)
{
	uint64_t	bits;

	memcpy(&bits, &number, sizeof(bits));
	(void) write_number(out, bits, sizeof(bits), reader->order);
}

bool
residency_ewkb_point(const uint8_t *in, size_t len, EwkbPoint *point)
{
	EwkbReader	reader;
	EwkbChain	chain;

	if (!residency_ewkb_begin(&reader, in, len) || reader.kind != EWKB_POINT || !residency_ewkb_next(&reader, &chain))
		return false;
	point->srid = reader.srid;
	point->x = residency_ewkb_ordinate(&reader, chain.at);
	point->y = residency_ewkb_ordinate(&reader, chain.at + sizeof(double));
	return true;
}

int32_t
residency_ewkb_srid(const uint8_t *in, size_t len)
{
	EwkbReader	reader;

	return residency_ewkb_begin(&reader, in, len) ? reader.srid : 0;
}

size_t
residency_ewkb_with_srid(const uint8_t *in, size_t len, int32_t srid, uint8_t *out)
{
	EwkbReader	reader;
	uint32_t	type;
	uint8_t    *to = out;

	if (!residency_ewkb_begin(&reader, in, len))
		return 0;
	type = (uint32_t) read_number(in + 1, COUNT, reader.order) & ~HAS_SRID;
	*to++ = reader.order;
	to = write_number(to, srid != 0 ? type | HAS_SRID : type, COUNT, reader.order);
	if (srid != 0)
		to = write_number(to, (uint32_t) srid, COUNT, reader.order);
	memcpy(to, in + reader.at, len - reader.at);
	return (size_t) (to - out) + len - reader.at;
}

static uint8_t *
write_count(uint8_t *out, uint32_t count)
{
	return write_number(out, count, COUNT, LITTLE_ENDIAN_ORDER);
}

static uint8_t *
write_place(uint8_t *out, double x, double y)
{
	double		place[2] = {x, y};
	uint64_t	bits[2];

	memcpy(bits, place, sizeof(bits));
	return write_number(write_number(out, bits[0], 8, LITTLE_ENDIAN_ORDER), bits[1], 8, LITTLE_ENDIAN_ORDER);
}

static uint8_t *
write_head(uint8_t *out, uint32_t kind, int32_t srid)
{
	*out++ = LITTLE_ENDIAN_ORDER;
	return write_count(write_count(out, kind | HAS_SRID), (uint32_t) srid);
}

size_t
residency_ewkb_write_point(EwkbPoint point, uint8_t *out)
{
	return (size_t) (write_place(write_head(out, EWKB_POINT, point.srid), point.x, point.y) - out);
}

size_t
residency_ewkb_write_box(int32_t srid, double west, double south, double east, double north,
						 uint8_t *out)
{
	uint8_t    *to = write_head(out, EWKB_POLYGON, srid);

	/* one ring of five points */
	to = write_count(write_count(to, 1), 5);
	to = write_place(to, west, south);
	to = write_place(to, east, south);
	to = write_place(to, east, north);
	to = write_place(to, west, north);
	to = write_place(to, west, south);
	return (size_t) (to - out);
}
