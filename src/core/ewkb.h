/*
 * ewkb.h
 *	  The binary form in which PostGIS sends and receives geometries: all kinds
 *	  are read, points and boxes written.
 */
#ifndef RESIDENCY_CORE_EWKB_H
#define RESIDENCY_CORE_EWKB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The room that the writers need. */
#define RESIDENCY_EWKB_POINT_SIZE 25
#define RESIDENCY_EWKB_BOX_SIZE 97

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

/* Reads a geometry chain by chain; nobody else moves what is in it. */
typedef struct EwkbReader
{
	const uint8_t *bytes;
	size_t		len;
	size_t		at;
	/* the geometry at hand, a part of another or the whole */
	uint32_t	kind;
	int32_t		srid;			/* 0 if there is none */
	size_t		dimensions;		/* 2 to 4 */
	uint8_t		order;
	bool		in_head;		/* its body is still to come */
	uint32_t	rings;			/* of it, still to come */
	uint64_t	parts;			/* of all that are open, still to come */
	bool		complete;		/* read to its end, and nothing follows */
} EwkbReader;

/* Points one after the other: a point, a line, a ring. */
typedef struct EwkbChain
{
	size_t		at;				/* where its first ordinate is; x, y, then Z and M */
	uint32_t	count;
	size_t		size;			/* of a point, in bytes */
} EwkbChain;

typedef struct EwkbPoint
{
	int32_t		srid;			/* 0 if there is none */
	double		x;				/* NaN if the point is empty */
	double		y;
} EwkbPoint;

/* Begins to read and stands before the whole; false if it has no sound head. */
extern bool residency_ewkb_begin(EwkbReader *reader, const uint8_t *bytes, size_t len);

/*
 * The next chain, of the geometry that the reader tells of; all of it lies within
 * the bytes.  False at the end; then `complete` says whether that is a sound one.
 */
extern bool residency_ewkb_next(EwkbReader *reader, EwkbChain *chain);

/* An ordinate in the byte order of the geometry at hand, read and written. */
extern double residency_ewkb_ordinate(const EwkbReader *reader, size_t at);
extern void residency_ewkb_put_ordinate(const EwkbReader *reader, uint8_t *out, double number);

/* The SRID that a geometry bears at its head; 0 if it has none. */
extern int32_t residency_ewkb_srid(const uint8_t *in, size_t len);

/*
 * Writes a geometry with another SRID (0: none) to `out`, which has room for len
 * + 4.  Gives the length of what was written; 0 if it has no sound head.
 */
extern size_t residency_ewkb_with_srid(const uint8_t *in, size_t len, int32_t srid, uint8_t *out);

/* Reads a point of any dimension and byte order; false if the geometry is none. */
extern bool residency_ewkb_point(const uint8_t *in, size_t len, EwkbPoint *point);

/* Writes a point; gives RESIDENCY_EWKB_POINT_SIZE. */
extern size_t residency_ewkb_write_point(EwkbPoint point, uint8_t *out);

/* Writes a rectangle as polygon, against the clock; gives RESIDENCY_EWKB_BOX_SIZE. */
extern size_t residency_ewkb_write_box(int32_t srid, double west, double south, double east,
									   double north, uint8_t *out);

#endif							/* RESIDENCY_CORE_EWKB_H */
