/*
 * cache.c
 *	  Loads backend-local copies of small tables and learns when they are stale.
 *
 * The triggers of the tables call residency.forget(), which sends a relcache
 * invalidation for the table; every backend's callback marks its copy as stale,
 * and the next look-up loads it anew.  The server does the rest: the message
 * goes out when the change commits, comes to the own backend at the next
 * command, and again if the transaction or subtransaction is undone.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "commands/trigger.h"
#include "fmgr.h"
#include "parser/parse_coerce.h"
#include "utils/builtins.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rangetypes.h"
#include "utils/rel.h"
#include "utils/typcache.h"

#include "cache/cache.h"

static void mark_stale(Datum arg, Oid relid);
static void read_rows(ResidencyCache *cache, Relation table, MemoryContext context);
static AttrNumber find_column(const ResidencyCache *cache, TupleDesc descriptor,
							  const ResidencyCacheColumn *column);
static Relation open_table(const ResidencyCache *cache);

/* The caches that have been asked so far in this backend. */
static ResidencyCache *caches = NULL;

PG_FUNCTION_INFO_V1(residency_forget);

void
residency_cache_init(void)
{
	/* one for all: the server has room for ten, of all extensions together */
	CacheRegisterRelcacheCallback(mark_stale, (Datum) 0);
}

/*
 * May be called at almost any time, so it does nothing but set flags.
 */
static void
mark_stale(Datum arg, Oid relid)
{
	(void) arg;
	for (ResidencyCache *cache = caches; cache != NULL; cache = cache->next)
	{
		if (relid == InvalidOid || relid == cache->relid)
			cache->stale = true;
	}
}

void
residency_cache_refresh(ResidencyCache *cache)
{
	/*
	 * Messages of others come in when a lock is taken, and a query that reads
	 * no table may take none.  It is a look at a flag in shared memory.
	 */
	AcceptInvalidationMessages();
	if (!residency_cache_is_fresh(cache))
		residency_cache_load(cache);
}

bool
residency_cache_is_fresh(const ResidencyCache *cache)
{
	return cache->loaded && !cache->stale;
}

void *
residency_cache_find(ResidencyCache *cache, const void *row)
{
	int			low = 0;
	int			high;

	residency_cache_refresh(cache);
	high = cache->count;
	while (low < high)
	{
		int			middle = low + (high - low) / 2;

		if (cache->compare(cache->rows + middle * cache->row_size, row) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low == 0 ? NULL : cache->rows + (low - 1) * cache->row_size;
}

void
residency_cache_load(ResidencyCache *cache)
{
	MemoryContext fresh;
	Relation	table;

	if (!cache->known)
	{
		cache->next = caches;
		caches = cache;
		cache->known = true;
	}

	/* an error on the way leaves no copy rather than a wrong one */
	if (cache->context)
		MemoryContextDelete(cache->context);
	cache->context = NULL;
	cache->loaded = false;

	table = open_table(cache);
	fresh = AllocSetContextCreate(CurrentMemoryContext, "residency cache", ALLOCSET_DEFAULT_SIZES);
	MemoryContextSetIdentifier(fresh, cache->table);

	/* before the rows are read: a message that comes meanwhile shall win */
	cache->relid = RelationGetRelid(table);
	cache->stale = false;
	read_rows(cache, table, fresh);
	table_close(table, AccessShareLock);
	if (cache->derive)
	{
		MemoryContext caller = MemoryContextSwitchTo(fresh);

		cache->derive(cache->rows, cache->count);
		MemoryContextSwitchTo(caller);
	}

	MemoryContextSetParent(fresh, CacheMemoryContext);
	cache->context = fresh;
	cache->loaded = true;
}

static void
read_rows(ResidencyCache *cache, Relation table, MemoryContext context)
{
	TupleDesc	descriptor = RelationGetDescr(table);
	AttrNumber	numbers[RESIDENCY_CACHE_COLUMNS];
	int			room = 64;
	SysScanDesc scan;
	HeapTuple	tuple;
	MemoryContext caller;

	Assert(cache->ncolumns <= RESIDENCY_CACHE_COLUMNS);
	for (int i = 0; i < cache->ncolumns; i++)
		numbers[i] = find_column(cache, descriptor, &cache->columns[i]);

	/*
	 * With the catalogs' snapshot, taken now.  The transaction's would not do:
	 * under REPEATABLE READ it shows rows of the past, which would stay in the
	 * copy after the transaction, as no further message comes.
	 */
	scan = systable_beginscan(table, InvalidOid, false, NULL, 0, NULL);
	caller = MemoryContextSwitchTo(context);
	cache->rows = cache->row_size > 0 ? palloc(room * cache->row_size) : NULL;
	cache->count = 0;
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Datum		values[RESIDENCY_CACHE_COLUMNS];
		bool		nulls[RESIDENCY_CACHE_COLUMNS];

		for (int i = 0; i < cache->ncolumns; i++)
			values[i] = heap_getattr(tuple, numbers[i], descriptor, &nulls[i]);
		if (cache->row_size == 0)
		{
			cache->read(NULL, values, nulls);
			MemoryContextReset(context);
			continue;
		}
		if (cache->count == room)
		{
			room *= 2;
			cache->rows = repalloc_huge(cache->rows, room * cache->row_size);
		}
		cache->read(cache->rows + cache->count * cache->row_size, values, nulls);
		cache->count++;
	}
	MemoryContextSwitchTo(caller);
	systable_endscan(scan);

	if (cache->row_size > 0)
		qsort(cache->rows, cache->count, cache->row_size, cache->compare);
}

/*
 * Columns are found by name, so that a site may add its own.
 */
static AttrNumber
find_column(const ResidencyCache *cache, TupleDesc descriptor,
			const ResidencyCacheColumn *column)
{
	for (int i = 0; i < descriptor->natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(descriptor, i);
		Oid			function;

		if (attribute->attisdropped ||
			strcmp(NameStr(attribute->attname), column->name) != 0 ||
			find_coercion_pathway(column->type, attribute->atttypid, COERCION_EXPLICIT,
								  &function) != COERCION_PATH_RELABELTYPE)
			continue;
		return attribute->attnum;
	}
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("table \"%s.%s\" has no column \"%s\" that reads as %s",
					cache->schema, cache->table, column->name,
					format_type_be(column->type)),
			 errhint("CALL residency.migrate() brings the database in step with the installed code.")));
}

static Relation
open_table(const ResidencyCache *cache)
{
	Relation	table = try_table_open(residency_table(cache->schema, cache->table),
									   AccessShareLock);

	/* a view would have no rows of its own, and be scanned as if it had */
	if (table == NULL || table->rd_rel->relkind != RELKIND_RELATION)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("\"%s.%s\" is not a table", cache->schema, cache->table),
				 errhint("The register reads it as CALL residency.migrate() makes it: an ordinary table.")));
	return table;
}

Oid
residency_table(const char *schema, const char *table)
{
	Oid			namespace = get_namespace_oid(schema, true);
	Oid			relid = OidIsValid(namespace) ? get_relname_relid(table, namespace) : InvalidOid;

	if (!OidIsValid(relid))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("table \"%s.%s\" does not exist", schema, table),
				 errhint("CALL residency.migrate() brings the database in step with the installed code.")));
	return relid;
}

void
residency_days(Datum range, DateADT *first, DateADT *last)
{
	RangeType  *days = DatumGetRangeTypeP(range);
	RangeBound	lower;
	RangeBound	upper;
	bool		empty;

	range_deserialize(lookup_type_cache(RangeTypeGetOid(days), TYPECACHE_RANGE_INFO),
					  days, &lower, &upper, &empty);
	if (empty)
	{
		*first = DATEVAL_NOEND;
		*last = DATEVAL_NOBEGIN;
		return;
	}

	/* whole days: one bound or the other may be infinity and then as it was written */
	*first = lower.infinite ? DATEVAL_NOBEGIN :
		DatumGetDateADT(lower.val) + (lower.inclusive ? 0 : 1);
	*last = upper.infinite ? DATEVAL_NOEND :
		DatumGetDateADT(upper.val) - (upper.inclusive ? 0 : 1);
}

int
residency_text_compare(const text *a, const text *b)
{
	int			a_size = VARSIZE_ANY_EXHDR(a);
	int			b_size = VARSIZE_ANY_EXHDR(b);
	int			order = memcmp(VARDATA_ANY(a), VARDATA_ANY(b), Min(a_size, b_size));

	return order != 0 ? order : a_size - b_size;
}

/*
 * forget() -> trigger
 *	  Tells every backend that the table has changed.  It belongs to a table
 *	  before and after each statement: before, so that a statement that fails
 *	  half-way takes back what was loaded on its way; after, so that what was
 *	  loaded on its way doesn't stay.  And after each row, for the apply worker
 *	  of a subscription, which fires no statement triggers.
 */
Datum
residency_forget(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo) ||
		TRIGGER_FIRED_INSTEAD(trigger->tg_event) ||
		(TRIGGER_FIRED_BEFORE(trigger->tg_event) && TRIGGER_FIRED_FOR_ROW(trigger->tg_event)))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("residency.forget() is a trigger for statements, or after a row")));

	CacheInvalidateRelcacheByRelid(RelationGetRelid(trigger->tg_relation));
	PG_RETURN_POINTER(NULL);
}
