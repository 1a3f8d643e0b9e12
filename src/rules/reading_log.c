/*
 * reading_log.c
 *	  Writes what was read into ledger.read: before a transaction commits, be it
 *	  read only; what was read in one that is rolled back at once to the server's
 *	  log, and with the session's next commit, or at its end.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "storage/ipc.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#include "cache/cache.h"
#include "cache/plain.h"
#include "rules/reading.h"

/* Run as the owner under the search path of whoever reads: every name has its schema. */
#define KEEP "SELECT ledger.keep_reading($1, $2, $3, $4, $5::pg_catalog.uuid, $6, $7::pg_catalog.jsonb, $8, $9, $10, $11, $12, $13, $14)"

Reading    *residency_unwritten = NULL;

static MemoryContext context = NULL;
static bool watching = false;

static void at_transaction_end(XactEvent event, void *arg);
static void at_exit(int code, Datum arg);

MemoryContext
residency_reading_context(void)
{
	if (context == NULL)
		context = AllocSetContextCreate(TopMemoryContext, "residency readings", ALLOCSET_DEFAULT_SIZES);
	return context;
}

void
residency_reading_watch(void)
{
	if (watching)
		return;
	RegisterXactCallback(at_transaction_end, NULL);
	before_shmem_exit(at_exit, (Datum) 0);
	watching = true;
}

Oid
residency_reading_owner(void)
{
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(residency_table("ledger", "read")));
	Oid			owner;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for relation ledger.read");
	owner = ((Form_pg_class) GETSTRUCT(tuple))->relowner;
	ReleaseSysCache(tuple);
	return owner;
}

void
residency_reading_query(SPIPlanPtr *plan, const char *query, int nargs, Oid *types,
						Datum *values, const char *nulls, bool read_only)
{
	if (*plan == NULL)
	{
		SPIPlanPtr	made = SPI_prepare(query, nargs, types);

		if (made == NULL || SPI_keepplan(made) != 0)
			elog(ERROR, "could not prepare: %s", query);
		*plan = made;
	}
	if (SPI_execute_plan(*plan, values, nulls, read_only, 1) != SPI_OK_SELECT || SPI_processed != 1)
		elog(ERROR, "no row of: %s", query);
}

static int
compare_persons(const void *a, const void *b)
{
	int64		one = *(const int64 *) a;
	int64		other = *(const int64 *) b;

	return (one > other) - (one < other);
}

void
residency_sort_persons(Reading *reading)
{
	int			kept = 0;

	if (reading->npersons == 0)
		return;
	qsort(reading->persons, reading->npersons, sizeof(int64), compare_persons);
	for (int i = 1; i < reading->npersons; i++)
	{
		if (reading->persons[i] != reading->persons[kept])
			reading->persons[++kept] = reading->persons[i];
	}
	reading->npersons = kept + 1;
}

static Datum
text_or_null(const char *value, char *null)
{
	*null = value ? ' ' : 'n';
	return value ? CStringGetTextDatum(value) : (Datum) 0;
}

static Datum
kinds_array(int kinds)
{
	Datum		names[DATA_KINDS];
	int			count = 0;

	for (DataKind kind = 0; kind < DATA_KINDS; kind++)
	{
		if (kinds & 1 << kind)
			names[count++] = CStringGetTextDatum(residency_data_kind_name(kind));
	}
	return PointerGetDatum(construct_array(names, count, TEXTOID, -1, false, TYPALIGN_INT));
}

static Datum
persons_array(Reading *reading)
{
	Datum	   *ids = palloc(sizeof(Datum) * Max(reading->npersons, 1));

	residency_sort_persons(reading);
	for (int i = 0; i < reading->npersons; i++)
		ids[i] = Int64GetDatum(reading->persons[i]);
	return PointerGetDatum(construct_array(ids, reading->npersons, INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}

static void
write_reading(Reading *reading)
{
	static SPIPlanPtr plan = NULL;
	Oid			types[] = {TIMESTAMPTZOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID,
	TEXTARRAYOID, TEXTARRAYOID, INT8ARRAYOID, INT8OID, INT8OID, INT8OID, BOOLOID};
	Datum		values[lengthof(types)];
	char		nulls[lengthof(types)];

	memset(nulls, ' ', sizeof(nulls));
	values[0] = TimestampTzGetDatum(reading->at);
	values[1] = CStringGetTextDatum(reading->actor);
	values[2] = CStringGetTextDatum(reading->login);
	values[3] = text_or_null(reading->purpose, &nulls[3]);
	values[4] = text_or_null(reading->request_id, &nulls[4]);
	values[5] = CStringGetTextDatum(reading->object);
	values[6] = text_or_null(reading->asked, &nulls[6]);
	values[7] = kinds_array(reading->shown);
	values[8] = kinds_array(reading->plain);
	values[9] = persons_array(reading);
	values[10] = Int64GetDatum(reading->rows);
	values[11] = Int64GetDatum(reading->plain_rows);
	values[12] = Int64GetDatum(reading->export_id);
	nulls[12] = reading->export_id == 0 ? 'n' : ' ';
	values[13] = BoolGetDatum(reading->rolled_back);
	residency_reading_query(&plan, KEEP, lengthof(types), types, values, nulls, false);
}

/*
 * As the owner, also in a transaction that is read only for whoever reads: the
 * log is none of their writing.  An error restores both.
 */
static void
write_readings(void)
{
	bool		read_only = XactReadOnly;
	Oid			user;
	int			security;

	GetUserIdAndSecContext(&user, &security);
	SetUserIdAndSecContext(residency_reading_owner(), security | SECURITY_LOCAL_USERID_CHANGE);
	XactReadOnly = false;
	PushActiveSnapshot(GetTransactionSnapshot());
	SPI_connect();
	for (Reading *reading = residency_unwritten; reading != NULL; reading = reading->next)
		write_reading(reading);
	SPI_finish();
	PopActiveSnapshot();
	XactReadOnly = read_only;
	SetUserIdAndSecContext(user, security);
}

/*
 * No catalogue can be asked here, and no table written.  The line has no words
 * of the client's: they may name somebody.
 */
static void
tell_rolled_back(void)
{
	for (Reading *reading = residency_unwritten; reading != NULL; reading = reading->next)
	{
		if (!reading->rolled_back)
			ereport(LOG,
					(errmsg("a transaction that read personal data was rolled back: %s read %s, " INT64_FORMAT " rows, " INT64_FORMAT " of them plain",
							reading->actor, reading->object, reading->rows, reading->plain_rows),
					 errdetail("Login %s, request %s, first person " INT64_FORMAT ". It is written to ledger.read with the next commit of this session, or at its end.",
							   reading->login, reading->request_id ? reading->request_id : "-",
							   reading->npersons > 0 ? reading->persons[0] : INT64CONST(0)),
					 errhidestmt(true)));
		reading->rolled_back = true;
	}
}

static void
at_transaction_end(XactEvent event, void *arg)
{
	(void) arg;
	if (residency_unwritten == NULL)
		return;
	switch (event)
	{
			/* not when it is prepared: it may be rolled back by anybody later; the next commit writes them */
		case XACT_EVENT_PRE_COMMIT:
			write_readings();
			break;
		case XACT_EVENT_COMMIT:
			residency_unwritten = NULL;
			MemoryContextReset(context);
			break;
		case XACT_EVENT_ABORT:
			tell_rolled_back();
			break;
		default:
			break;
	}
}

/* As the server itself removes temporary tables. */
static void
at_exit(int code, Datum arg)
{
	(void) code;
	(void) arg;
	if (residency_unwritten == NULL)
		return;
	AbortOutOfAnyTransaction();
	StartTransactionCommand();
	CommitTransactionCommand();
}
