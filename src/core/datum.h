/*
 * datum.h
 *	  Between the datums of maps in China: CGCS2000 (and WGS-84, which is the
 *	  same to a metre), GCJ-02 of Amap and Tencent, and BD-09 of Baidu.
 *
 * Neither GCJ-02 nor BD-09 has been published; the formulas are those that
 * everybody found out and uses (Krasovsky's ellipsoid of 1940).  Forward they
 * are taken as the definition, backward they are solved for: what goes there
 * and back is where it was.
 */
#ifndef RESIDENCY_CORE_DATUM_H
#define RESIDENCY_CORE_DATUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum DatumShift
{
	DATUM_FROM_GCJ02,
	DATUM_TO_GCJ02,
	DATUM_FROM_BD09,
	DATUM_TO_BD09
} DatumShift;

/*
 * Whether a point in degrees is shifted at all: it lies in the rectangle around
 * China that every implementation uses, 72.004 to 137.8347 E, 0.8293 to 55.8271
 * N.  That is more than a degree wider than China on every side and holds much
 * of its neighbours.  NaN and infinities do not lie in it.
 */
extern bool residency_datum_applies(double longitude, double latitude);

/*
 * Shifts a point in degrees.  What lies outside the rectangle, as given, stays
 * as it is.  Within China there and back differ by less than 1e-10 degrees.
 */
extern void residency_datum_shift(DatumShift shift, double *longitude, double *latitude);

/*
 * Shifts all points of a geometry of any type.  Takes len bytes of EWKB, as
 * PostGIS sends it; writes the same with another SRID (0: none) to `out`, which
 * has room for len + 4.  Z and M stay.  Gives the length of what was written;
 * 0 if it is no EWKB, and then `out` holds nothing of use.
 */
extern size_t residency_datum_shift_ewkb(DatumShift shift, const uint8_t *wkb, size_t len,
										 int32_t srid, uint8_t *out);

#endif							/* RESIDENCY_CORE_DATUM_H */
