/*
 * refuse.c
 *	  Raises refusals from C by way of residency.refuse(), so that the words of
 *	  the catalogue are found and filled in at one place only.
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#include "cache/cache.h"
#include "rules/refuse.h"

static Oid	refuse_function(void);
static Datum facts_array(int nfacts, const char **facts);

void
residency_refuse(const char *code, int nfacts, const char **facts,
				 const char *table, const char *column)
{
	/* not there yet: say so, rather than that a type is missing */
	(void) residency_table("code", "error");

	/* the function reads the catalogue with the snapshot it is given */
	if (!ActiveSnapshotSet())
		PushActiveSnapshot(GetTransactionSnapshot());

	OidFunctionCall4Coll(refuse_function(), DEFAULT_COLLATION_OID,
						 CStringGetTextDatum(code),
						 facts_array(nfacts, facts),
						 CStringGetTextDatum(table ? table : ""),
						 CStringGetTextDatum(column ? column : ""));
	elog(ERROR, "residency.refuse() came back from refusal %s", code);
}

/*
 * residency.refuse(text, text[], text, text).  Looked up by name each time:
 * whoever is refused can wait for it.  Asks for no privilege on the schema, as
 * a refusal must reach a user who has none.
 */
static Oid
refuse_function(void)
{
	Oid			types[] = {TEXTOID, TEXTARRAYOID, TEXTOID, TEXTOID};
	Oid			function;

	function = GetSysCacheOid3(PROCNAMEARGSNSP, Anum_pg_proc_oid,
							   CStringGetDatum("refuse"),
							   PointerGetDatum(buildoidvector(types, lengthof(types))),
							   ObjectIdGetDatum(get_namespace_oid("residency", false)));
	if (!OidIsValid(function))
		elog(ERROR, "function residency.refuse(text, text[], text, text) is missing");
	return function;
}

static Datum
facts_array(int nfacts, const char **facts)
{
	Datum	   *values = palloc(sizeof(Datum) * Max(nfacts, 1));
	bool	   *nulls = palloc(sizeof(bool) * Max(nfacts, 1));
	int			lower = 1;

	for (int i = 0; i < nfacts; i++)
	{
		nulls[i] = facts[i] == NULL;
		values[i] = nulls[i] ? (Datum) 0 : CStringGetTextDatum(facts[i]);
	}
	if (nfacts == 0)
		return PointerGetDatum(construct_empty_array(TEXTOID));
	return PointerGetDatum(construct_md_array(values, nulls, 1, &nfacts, &lower,
											  TEXTOID, -1, false, TYPALIGN_INT));
}

char *
residency_clipped(Datum entered)
{
	text	   *value = DatumGetTextPP(entered);
	char	   *start = VARDATA_ANY(value);

	return pnstrdup(start, pg_mbcharcliplen(start, VARSIZE_ANY_EXHDR(value), 20));
}
