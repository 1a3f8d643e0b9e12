/*
 * datum.c
 *	  Geometries between the datums of maps in China.
 */
#include "postgres.h"

#include "fmgr.h"

#include "core/datum.h"
#include "core/ewkb.h"
#include "types/geometry.h"

static Datum shifted(FunctionCallInfo fcinfo, DatumShift shift, int32 srid);

PG_FUNCTION_INFO_V1(residency_from_gcj02);
PG_FUNCTION_INFO_V1(residency_to_gcj02);
PG_FUNCTION_INFO_V1(residency_from_bd09);
PG_FUNCTION_INFO_V1(residency_to_bd09);

/*
 * from_gcj02(geometry) → geometry in CGCS2000
 */
Datum
residency_from_gcj02(PG_FUNCTION_ARGS)
{
	return shifted(fcinfo, DATUM_FROM_GCJ02, SRID_CGCS2000);
}

/*
 * to_gcj02(geometry) → geometry without SRID, as there is none for GCJ-02
 */
Datum
residency_to_gcj02(PG_FUNCTION_ARGS)
{
	return shifted(fcinfo, DATUM_TO_GCJ02, SRID_NONE);
}

/*
 * from_bd09(geometry) → geometry in CGCS2000
 */
Datum
residency_from_bd09(PG_FUNCTION_ARGS)
{
	return shifted(fcinfo, DATUM_FROM_BD09, SRID_CGCS2000);
}

/*
 * to_bd09(geometry) → geometry without SRID, as there is none for BD-09
 */
Datum
residency_to_bd09(PG_FUNCTION_ARGS)
{
	return shifted(fcinfo, DATUM_TO_BD09, SRID_NONE);
}

static Datum
shifted(FunctionCallInfo fcinfo, DatumShift shift, int32 srid)
{
	bytea	   *wkb = residency_geometry_send(fcinfo, 0);
	const uint8 *bytes = (const uint8 *) VARDATA(wkb);
	size_t		len = VARSIZE(wkb) - VARHDRSZ;
	int32		given = residency_ewkb_srid(bytes, len);
	uint8	   *out;

	if (given != SRID_NONE && given != SRID_WGS84 && given != SRID_CGCS2000)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a geometry of SRID %d cannot be shifted between datums", given),
				 errdetail("GCJ-02 and BD-09 are defined for degrees of longitude and latitude: SRID 0, 4326 or 4490."),
				 errhint("Bring it to degrees first, with ST_Transform(shape, 4490).")));

	out = palloc(len + sizeof(int32));
	len = residency_datum_shift_ewkb(shift, bytes, len, srid, out);
	if (len == 0)
		elog(ERROR, "PostGIS has sent a geometry that is no EWKB");
	return residency_geometry_receive(fcinfo, out, len);
}
