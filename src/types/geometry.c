/*
 * geometry.c
 *	  PostGIS as C reaches it.
 */
#include "postgres.h"

#include "types/geometry.h"

#include "access/htup_details.h"
#include "catalog/pg_proc.h"
#include "lib/stringinfo.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

/* How PostGIS sends and receives a geometry, each looked up when first needed in a query. */
typedef struct GeometryIo
{
	FmgrInfo	send;
	FmgrInfo	receive;
	Oid			parameter;
} GeometryIo;

/* The type of an argument as the function is declared, whatever its OID is here. */
static Oid
declared_type(Oid function, int arg)
{
	HeapTuple	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
	Oid			type;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for function %u", function);
	type = ((Form_pg_proc) GETSTRUCT(tuple))->proargtypes.values[arg];
	ReleaseSysCache(tuple);
	return type;
}

static GeometryIo *
kept(FmgrInfo *function)
{
	if (function->fn_extra == NULL)
		function->fn_extra = MemoryContextAllocZero(function->fn_mcxt, sizeof(GeometryIo));
	return function->fn_extra;
}

bytea *
residency_geometry_send(FunctionCallInfo fcinfo, int arg)
{
	FmgrInfo   *function = fcinfo->flinfo;
	GeometryIo *io = kept(function);

	if (!OidIsValid(io->send.fn_oid))
	{
		Oid			send;
		bool		is_varlena;

		getTypeBinaryOutputInfo(declared_type(function->fn_oid, arg), &send, &is_varlena);
		fmgr_info_cxt(send, &io->send, function->fn_mcxt);
	}
	return SendFunctionCall(&io->send, fcinfo->args[arg].value);
}

Datum
residency_geometry_receive(FunctionCallInfo fcinfo, const uint8 *ewkb, size_t len)
{
	FmgrInfo   *function = fcinfo->flinfo;
	GeometryIo *io = kept(function);
	StringInfoData message;

	if (!OidIsValid(io->receive.fn_oid))
	{
		Oid			receive;

		getTypeBinaryInputInfo(get_func_rettype(function->fn_oid), &receive, &io->parameter);
		fmgr_info_cxt(receive, &io->receive, function->fn_mcxt);
	}
	initStringInfo(&message);
	appendBinaryStringInfo(&message, (const char *) ewkb, (int) len);
	return ReceiveFunctionCall(&io->receive, &message, io->parameter, -1);
}
