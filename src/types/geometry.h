/*
 * geometry.h
 *	  PostGIS as C reaches it: by the binary send and receive functions of its type.
 */
#ifndef RESIDENCY_TYPES_GEOMETRY_H
#define RESIDENCY_TYPES_GEOMETRY_H

#include "fmgr.h"

#include "compat.h"

#define SRID_NONE 0
#define SRID_WGS84 4326
#define SRID_CGCS2000 4490

/*
 * The EWKB of a geometry that is an argument of the function at hand, and the
 * geometry of an EWKB as its result.
 */
extern bytea *residency_geometry_send(FunctionCallInfo fcinfo, int arg);
extern Datum residency_geometry_receive(FunctionCallInfo fcinfo, const uint8 *ewkb, size_t len);

#endif							/* RESIDENCY_TYPES_GEOMETRY_H */
