/*
 * ewkb.h
 *	  The binary form in which PostGIS sends and receives geometries, as far as
 *	  cells need it: points are read, points and boxes written.
 */
#ifndef RESIDENCY_CORE_EWKB_H
#define RESIDENCY_CORE_EWKB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The room that the writers need. */
#define RESIDENCY_EWKB_POINT_SIZE 25
#define RESIDENCY_EWKB_BOX_SIZE 97

typedef struct EwkbPoint
{
	int32_t		srid;			/* 0 if there is none */
	double		x;				/* NaN if the point is empty */
	double		y;
} EwkbPoint;

/* Reads a point of any dimension and byte order; false if the geometry is none. */
extern bool residency_ewkb_point(const uint8_t *in, size_t len, EwkbPoint *point);

/* Writes a point; gives RESIDENCY_EWKB_POINT_SIZE. */
extern size_t residency_ewkb_write_point(EwkbPoint point, uint8_t *out);

/* Writes a rectangle as polygon, against the clock; gives RESIDENCY_EWKB_BOX_SIZE. */
extern size_t residency_ewkb_write_box(int32_t srid, double west, double south, double east,
									   double north, uint8_t *out);

#endif							/* RESIDENCY_CORE_EWKB_H */
