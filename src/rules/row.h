/*
 * row.h
 *	  Reads single rows of registry.* by their keys, as they are now.
 *
 * "Now" is SnapshotSelf: what is committed at this moment and what the own
 * transaction has done so far, in the running statement too.  Rules must see
 * that in every isolation level, as foreign keys do; so whoever reads to judge
 * locks first what the judgement depends on.
 *
 * This goes by the index without SPI: no query is set up for a single row.
 */
#ifndef RESIDENCY_RULES_ROW_H
#define RESIDENCY_RULES_ROW_H

#include "access/genam.h"
#include "access/htup.h"
#include "nodes/lockoptions.h"
#include "utils/date.h"
#include "utils/rel.h"
#include "utils/snapshot.h"

/* The rows of a table in which a bigint column, by preference an indexed one, has a value. */
typedef struct RowScan
{
	Relation	table;
	SysScanDesc scan;
} RowScan;

extern RowScan residency_begin_rows(Relation table, const char *column, int64 key);
/* The same as a snapshot shows them. */
extern RowScan residency_begin_rows_in(Relation table, const char *column, int64 key, Snapshot snapshot);
extern HeapTuple residency_next_row(RowScan *rows);
extern void residency_end_rows(RowScan *rows);

/* Opens registry.<name>; close it with residency_close_table(). */
extern Relation residency_open_table(const char *name);
extern void residency_close_table(Relation table);

/* The one row with that key, copied; NULL if there is none. */
extern HeapTuple residency_find_row(Relation table, const char *column, int64 key);

/*
 * The same, locked until the end of the transaction, in its newest version.  In
 * REPEATABLE READ and SERIALIZABLE, 40001 if another transaction is just
 * changing it.
 */
extern HeapTuple residency_lock_row(Relation table, const char *column, int64 key, LockTupleMode mode);

/* The number of a column; 55000 if the table does not have it. */
extern AttrNumber residency_column_number(Relation table, const char *column);

/* A btree index over all rows that begins with a column; 55000 if there is none. */
extern Oid	residency_index_on(Relation table, const char *column);

/* A column of a row, found by its name; NULL is (Datum) 0. */
extern Datum residency_column(Relation table, HeapTuple row, const char *column, bool *isnull);

/* The same by type; NULL is 0, `otherwise`, NULL. */
extern int64 residency_int8_column(Relation table, HeapTuple row, const char *column);
extern DateADT residency_date_column(Relation table, HeapTuple row, const char *column, DateADT otherwise);
extern char *residency_text_column(Relation table, HeapTuple row, const char *column);

#endif							/* RESIDENCY_RULES_ROW_H */
