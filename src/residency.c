/*
 * residency.c
 *	  Module entry: the magic block and the version of the code.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"

#include "compat.h"

RESIDENCY_MODULE_MAGIC;

PG_FUNCTION_INFO_V1(residency_version);

/*
 * version() -> text
 *	  The version this library was built as. It differs from
 *	  pg_extension.extversion between a new package and ALTER EXTENSION UPDATE.
 */
Datum
residency_version(PG_FUNCTION_ARGS)
{
	(void) fcinfo;
	PG_RETURN_TEXT_P(cstring_to_text(RESIDENCY_VERSION));
}
