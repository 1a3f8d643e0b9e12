/*
 * datum.c
 *	  Geometries between the datums of maps in China.  PostGIS is reached by the
 *	  binary send and receive functions of its type.
 */
#include "postgres.h"

#include "fmgr.h"
#include "lib/stringinfo.h"
#include "utils/lsyscache.h"

#include "core/datum.h"

#define SRID_NONE 0
#define SRID_WGS84 4326
#define SRID_CGCS2000 4490

/* How PostGIS sends and receives a geometry, looked up once per query. */
typedef struct GeometryIo
{
	FmgrInfo	send;
	FmgrInfo	receive;
	Oid			parameter;
} GeometryIo;

static Datum shifted(FunctionCallInfo fcinfo, DatumShift shift, int32 srid);
static GeometryIo *geometry_io(FmgrInfo *function);

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
	GeometryIo *io = geometry_io(fcinfo->flinfo);
	bytea	   *wkb = SendFunctionCall(&io->send, PG_GETARG_DATUM(0));
	const uint8 *bytes = (const uint8 *) VARDATA(wkb);
	size_t		len = VARSIZE(wkb) - VARHDRSZ;
	int32		given = residency_ewkb_srid(bytes, len);
	StringInfoData out;

	if (given != SRID_NONE && given != SRID_WGS84 && given != SRID_CGCS2000)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a geometry of SRID %d cannot be shifted between datums", given),
				 errdetail("GCJ-02 and BD-09 are defined for degrees of longitude and latitude: SRID 0, 4326 or 4490."),
				 errhint("Bring it to degrees first, with ST_Transform(shape, 4490).")));

	initStringInfo(&out);
	enlargeStringInfo(&out, (int) len + 4);
	out.len = (int) residency_datum_shift_ewkb(shift, bytes, len, srid, (uint8 *) out.data);
	if (out.len == 0)
		elog(ERROR, "PostGIS has sent a geometry that is no EWKB");
	PG_RETURN_DATUM(ReceiveFunctionCall(&io->receive, &out, io->parameter, -1));
}

/* The type is that of the function's result, whatever its OID is here. */
static GeometryIo *
geometry_io(FmgrInfo *function)
{
	GeometryIo *io = function->fn_extra;

	if (io == NULL)
	{
		Oid			type = get_func_rettype(function->fn_oid);
		Oid			send;
		Oid			receive;
		bool		is_varlena;

		io = MemoryContextAlloc(function->fn_mcxt, sizeof(GeometryIo));
		getTypeBinaryOutputInfo(type, &send, &is_varlena);
		getTypeBinaryInputInfo(type, &receive, &io->parameter);
		fmgr_info_cxt(send, &io->send, function->fn_mcxt);
		fmgr_info_cxt(receive, &io->receive, function->fn_mcxt);
		function->fn_extra = io;
	}
	return io;
}
