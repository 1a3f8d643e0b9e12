/*
 * row.c
 *	  Reads single rows of registry.* by their keys, as they are now.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/stratnum.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/pg_am.h"
#include "catalog/pg_class.h"
#include "catalog/pg_index.h"
#include "executor/spi.h"
#include "executor/tuptable.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#include "cache/cache.h"
#include "rules/row.h"

static Oid	index_on(Relation table, AttrNumber column);
static bool leads_index(Oid index, Oid table, AttrNumber column);
static bool is_btree(Oid index);

Relation
residency_open_table(const char *name)
{
	return table_open(residency_table("registry", name), RowShareLock);
}

void
residency_close_table(Relation table)
{
	/* the lock stays to the end of the transaction, with the locks on rows */
	table_close(table, NoLock);
}

RowScan
residency_begin_rows(Relation table, const char *column, int64 key)
{
	return residency_begin_rows_in(table, column, key, SnapshotSelf);
}

RowScan
residency_begin_rows_in(Relation table, const char *column, int64 key, Snapshot snapshot)
{
	RowScan		rows = {table, NULL};
	AttrNumber	number = residency_column_number(table, column);
	Oid			index = index_on(table, number);
	ScanKeyData scan_key;

	ScanKeyInit(&scan_key, number, BTEqualStrategyNumber, F_INT8EQ, Int64GetDatum(key));
	rows.scan = systable_beginscan(table, index, OidIsValid(index), snapshot, 1, &scan_key);
	return rows;
}

HeapTuple
residency_next_row(RowScan *rows)
{
	return systable_getnext(rows->scan);
}

void
residency_end_rows(RowScan *rows)
{
	systable_endscan(rows->scan);
}

HeapTuple
residency_find_row(Relation table, const char *column, int64 key)
{
	RowScan		rows = residency_begin_rows(table, column, key);
	HeapTuple	row = residency_next_row(&rows);

	if (row != NULL)
		row = heap_copytuple(row);
	residency_end_rows(&rows);
	return row;
}

/*
 * Follows the row to its newest version, waiting for whoever is changing it, as
 * SELECT FOR UPDATE does (nodeLockRows.c).
 */
static HeapTuple
lock_version(Relation table, HeapTuple row, LockTupleMode mode)
{
	TupleTableSlot *slot = table_slot_create(table, NULL);
	int			flags = TUPLE_LOCK_FLAG_LOCK_UPDATE_IN_PROGRESS;
	/* a version that the running command itself has made counts too */
	CommandId	command = GetCurrentCommandId(false) + 1;
	TM_FailureData failure;
	HeapTuple	newest = NULL;

	if (!IsolationUsesXactSnapshot())
		flags |= TUPLE_LOCK_FLAG_FIND_LAST_VERSION;
	switch (table_tuple_lock(table, &row->t_self, GetActiveSnapshot(), slot,
							 command, mode, LockWaitBlock, flags, &failure))
	{
		case TM_Ok:
			newest = ExecCopySlotHeapTuple(slot);
			break;
		case TM_SelfModified:
			newest = row;
			break;
		case TM_Deleted:
			break;
		default:
			ereport(ERROR,
					(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
					 errmsg("could not serialize access due to concurrent update")));
	}
	ExecDropSingleTupleTableSlot(slot);
	return newest;
}

HeapTuple
residency_lock_row(Relation table, const char *column, int64 key, LockTupleMode mode)
{
	HeapTuple	row = residency_find_row(table, column, key);

	/* nobody else sees a row that this transaction made; of one that it has changed they see the version before */
	if (row == NULL ||
		(!(row->t_data->t_infomask & HEAP_UPDATED) &&
		 TransactionIdIsCurrentTransactionId(HeapTupleHeaderGetXmin(row->t_data))))
		return row;
	return lock_version(table, row, mode);
}

Datum
residency_column(Relation table, HeapTuple row, const char *column, bool *isnull)
{
	return heap_getattr(row, residency_column_number(table, column), RelationGetDescr(table), isnull);
}

int64
residency_int8_column(Relation table, HeapTuple row, const char *column)
{
	bool		isnull;
	Datum		value = residency_column(table, row, column, &isnull);

	return isnull ? 0 : DatumGetInt64(value);
}

DateADT
residency_date_column(Relation table, HeapTuple row, const char *column, DateADT otherwise)
{
	bool		isnull;
	Datum		value = residency_column(table, row, column, &isnull);

	return isnull ? otherwise : DatumGetDateADT(value);
}

char *
residency_text_column(Relation table, HeapTuple row, const char *column)
{
	bool		isnull;
	Datum		value = residency_column(table, row, column, &isnull);

	return isnull ? NULL : TextDatumGetCString(value);
}

/*
 * Where a name was found last is looked at first: the names are literals, and
 * the triggers ask for the same ones with every row.
 */
AttrNumber
residency_column_number(Relation table, const char *column)
{
	static AttrNumber found[256];
	TupleDesc	columns = RelationGetDescr(table);
	AttrNumber *last = &found[((uintptr_t) column ^ RelationGetRelid(table)) % lengthof(found)];
	int			number;

	if (*last > 0 && *last <= columns->natts &&
		strcmp(NameStr(TupleDescAttr(columns, *last - 1)->attname), column) == 0)
		return *last;
	number = SPI_fnumber(columns, column);
	if (number <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("table \"%s\" has no column \"%s\"", RelationGetRelationName(table), column),
				 errhint("CALL residency.migrate() brings tables and code in step.")));
	return *last = (AttrNumber) number;
}

Oid
residency_index_on(Relation table, const char *column)
{
	Oid			index = index_on(table, residency_column_number(table, column));

	if (!OidIsValid(index))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("table \"%s\" has no valid index on column \"%s\"", RelationGetRelationName(table), column),
				 errhint("Make the one again that CALL residency.migrate() has made, or REINDEX it.")));
	return index;
}

/*
 * A btree index that begins with the column and covers all rows.  Remembered
 * between calls and looked at again each time, as it may be gone.
 */
static Oid
index_on(Relation table, AttrNumber column)
{
	static struct
	{
		Oid			table;
		AttrNumber	column;
		Oid			index;
	}			known[8];
	int			slot = (RelationGetRelid(table) * 31 + column) % lengthof(known);
	ListCell   *cell;

	if (known[slot].table == RelationGetRelid(table) && known[slot].column == column &&
		leads_index(known[slot].index, RelationGetRelid(table), column))
		return known[slot].index;

	foreach(cell, RelationGetIndexList(table))
	{
		if (!leads_index(lfirst_oid(cell), RelationGetRelid(table), column))
			continue;
		known[slot].table = RelationGetRelid(table);
		known[slot].column = column;
		known[slot].index = lfirst_oid(cell);
		return known[slot].index;
	}
	return InvalidOid;
}

static bool
leads_index(Oid index, Oid table, AttrNumber column)
{
	HeapTuple	tuple = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(index));
	Form_pg_index form;
	bool		leads;

	if (!HeapTupleIsValid(tuple))
		return false;
	form = (Form_pg_index) GETSTRUCT(tuple);
	leads = form->indrelid == table && form->indkey.values[0] == column &&
		form->indisvalid && form->indisready &&
		heap_attisnull(tuple, Anum_pg_index_indpred, NULL) && is_btree(index);
	ReleaseSysCache(tuple);
	return leads;
}

static bool
is_btree(Oid index)
{
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(index));
	bool		answer = HeapTupleIsValid(tuple) &&
		((Form_pg_class) GETSTRUCT(tuple))->relam == BTREE_AM_OID;

	if (HeapTupleIsValid(tuple))
		ReleaseSysCache(tuple);
	return answer;
}
