/*
 * change_note.c
 *	  Notes what a statement has changed in the history (ledger.change), from its transition tables.
 *
 *	  change_note('full' | 'seeded', column of the key …)
 *
 * Of a seeded table, a dictionary, a row is noted as it was where it has no
 * history yet.
 */
#include "postgres.h"

#include "access/tableam.h"
#include "catalog/partition.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/executor.h"
#include "executor/spi.h"
#include "executor/tuptable.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/tuplestore.h"

#include "rules/change.h"
#include "rules/change_writer.h"
#include "rules/reading.h"
#include "rules/row.h"
#include "rules/row_image.h"

PG_FUNCTION_INFO_V1(residency_change_note);

/* A statement that is being noted. */
typedef struct Note
{
	Relation	table;
	char	   *title;
	bool		seeded;
	int			nkeys;
	AttrNumber *keys;
	bool		overtaken;		/* see change.h */
	CommandId	begun;
	ImageForm  *form;
	ChangeWriter *writer;		/* NULL: nothing was written yet */
	MemoryContext row;			/* of one row */
} Note;

/* A transition table, and the row of it that was read last. */
typedef struct Rows
{
	Tuplestorestate *store;
	int			pointer;
	TupleTableSlot *slot;
} Rows;

/* Keys in their order. */
typedef struct KeySet
{
	Jsonb	  **keys;
	int64		count;
	int64		room;
} KeySet;

static Rows
open_rows(const Note *note, Tuplestorestate *store)
{
	Rows		rows;

	rows.store = store;
	/* other triggers read the same table */
	rows.pointer = tuplestore_alloc_read_pointer(store, EXEC_FLAG_REWIND);
	rows.slot = MakeSingleTupleTableSlot(RelationGetDescr(note->table), &TTSOpsMinimalTuple);
	return rows;
}

static void
from_start(Rows *rows)
{
	tuplestore_select_read_pointer(rows->store, rows->pointer);
	tuplestore_rescan(rows->store);
}

static bool
next_row(Rows *rows)
{
	tuplestore_select_read_pointer(rows->store, rows->pointer);
	return tuplestore_gettupleslot(rows->store, true, false, rows->slot);
}

static void
close_rows(Rows *rows)
{
	ExecDropSingleTupleTableSlot(rows->slot);
}

static ImageRow
image_row(const Note *note, TupleTableSlot *slot)
{
	ImageRow	row = {slot->tts_tupleDescriptor, note->form, slot->tts_values, slot->tts_isnull};

	slot_getallattrs(slot);
	return row;
}

static Jsonb *
key_of(const Note *note, TupleTableSlot *slot)
{
	ImageRow	row = image_row(note, slot);

	return residency_key_of(&row, note->keys, note->nkeys);
}

static Jsonb *
image_of(const Note *note, TupleTableSlot *slot)
{
	ImageRow	row = image_row(note, slot);

	return residency_image_of(&row);
}

/* Statements that change nothing are many: one trigger of INSERT … ON CONFLICT has nothing to note. */
static ChangeWriter *
writer_of(Note *note)
{
	if (note->writer == NULL)
	{
		MemoryContext caller = MemoryContextSwitchTo(MemoryContextGetParent(note->row));

		note->writer = residency_begin_changes(note->table, note->title);
		MemoryContextSwitchTo(caller);
	}
	return note->writer;
}

/* As the owner: a change is written before and after. */
static int64
ask(Note *note, SPIPlanPtr *plan, const char *query, Oid last_type, Jsonb *key, Datum last)
{
	Oid			types[] = {TEXTOID, JSONBOID, last_type};
	Datum		values[] = {CStringGetTextDatum(note->title), JsonbPGetDatum(key), last};
	bool		isnull;
	int64		answer;

	(void) writer_of(note);
	SPI_connect();
	residency_reading_query(plan, query, lengthof(types), types, values, NULL, false);
	answer = DatumGetInt64(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &isnull));
	SPI_finish();
	return answer;
}

static int64
number_of(Note *note, Jsonb *key)
{
	static SPIPlanPtr plan = NULL;

	if (!note->overtaken)
		return residency_next_change(writer_of(note));
	return ask(note, &plan, "SELECT ledger.number_within($1, $2, $3)", INT8OID, key, Int64GetDatum((int64) note->begun));
}

static void
write_change(Note *note, char operation, Jsonb *key, Jsonb *image)
{
	residency_write_change(writer_of(note), number_of(note, key), operation, key, image);
}

static void
note_seeded_row(Note *note, TupleTableSlot *slot)
{
	static SPIPlanPtr plan = NULL;
	MemoryContext caller = MemoryContextSwitchTo(note->row);

	(void) ask(note, &plan, "SELECT 1::bigint FROM ledger.note_seeded($1, $2, $3)", JSONBOID, key_of(note, slot), JsonbPGetDatum(image_of(note, slot)));
	MemoryContextSwitchTo(caller);
	MemoryContextReset(note->row);
}

static void
note_seeded(Note *note, Rows *former)
{
	from_start(former);
	while (note->seeded && next_row(former))
		note_seeded_row(note, former->slot);
}

static bool
keys_are_same(const Note *note, TupleTableSlot *a, TupleTableSlot *b)
{
	for (int i = 0; i < note->nkeys; i++)
	{
		Form_pg_attribute column = TupleDescAttr(a->tts_tupleDescriptor, note->keys[i] - 1);
		bool		a_is_null;
		bool		b_is_null;
		Datum		a_key = slot_getattr(a, note->keys[i], &a_is_null);
		Datum		b_key = slot_getattr(b, note->keys[i], &b_is_null);

		if (a_is_null != b_is_null || (!a_is_null && !datum_image_eq(a_key, b_key, column->attbyval, column->attlen)))
			return false;
	}
	return true;
}

/* Whether no key was changed: both tables have the rows in the same order, but where partitions or triggers come between. */
static bool
keys_stay(const Note *note, Rows *former, Rows *changed)
{
	from_start(former);
	from_start(changed);
	while (next_row(former))
	{
		if (!next_row(changed) || !keys_are_same(note, former->slot, changed->slot))
			return false;
	}
	return !next_row(changed);
}

static int
compare_keys(const void *a, const void *b)
{
	return compareJsonbContainers(&(*(Jsonb *const *) a)->root, &(*(Jsonb *const *) b)->root);
}

static KeySet
keys_in(const Note *note, Rows *rows)
{
	KeySet		set = {MemoryContextAllocHuge(CurrentMemoryContext, 64 * sizeof(Jsonb *)), 0, 64};

	from_start(rows);
	while (next_row(rows))
	{
		if (set.count == set.room)
		{
			set.room *= 2;
			set.keys = repalloc_huge(set.keys, set.room * sizeof(Jsonb *));
		}
		set.keys[set.count++] = key_of(note, rows->slot);
	}
	qsort(set.keys, set.count, sizeof(Jsonb *), compare_keys);
	return set;
}

static bool
has_key(const KeySet *set, Jsonb *key)
{
	return bsearch(&key, set->keys, set->count, sizeof(Jsonb *), compare_keys) != NULL;
}

static void
note_gone(Note *note, const KeySet *before, const KeySet *after)
{
	for (int64 i = 0; i < before->count; i++)
	{
		if (!has_key(after, before->keys[i]))
			write_change(note, 'D', before->keys[i], NULL);
	}
}

/* A row whose key was not there before the statement has come; before is NULL where all have stayed. */
static void
note_row(Note *note, TupleTableSlot *slot, char operation, const KeySet *before)
{
	MemoryContext caller = MemoryContextSwitchTo(note->row);
	Jsonb	   *key = key_of(note, slot);

	if (before != NULL && !has_key(before, key))
		operation = 'I';
	write_change(note, operation, key, operation == 'D' ? NULL : image_of(note, slot));
	MemoryContextSwitchTo(caller);
	MemoryContextReset(note->row);
}

static void
note_rows(Note *note, Rows *rows, char operation, const KeySet *before)
{
	from_start(rows);
	while (next_row(rows))
		note_row(note, rows->slot, operation, before);
}

static void
note_insert(Note *note, Tuplestorestate *new_table)
{
	Rows		changed = open_rows(note, new_table);

	note_rows(note, &changed, 'I', NULL);
	close_rows(&changed);
}

/* A key that was changed is a row that is gone and one that came. */
static void
note_update(Note *note, Tuplestorestate *old_table, Tuplestorestate *new_table)
{
	Rows		former = open_rows(note, old_table);
	Rows		changed = open_rows(note, new_table);

	note_seeded(note, &former);
	if (keys_stay(note, &former, &changed))
		note_rows(note, &changed, 'U', NULL);
	else
	{
		KeySet		before = keys_in(note, &former);
		KeySet		after = keys_in(note, &changed);

		note_gone(note, &before, &after);
		note_rows(note, &changed, 'U', &before);
	}
	close_rows(&former);
	close_rows(&changed);
}

static void
note_delete(Note *note, Tuplestorestate *old_table)
{
	Rows		former = open_rows(note, old_table);

	note_seeded(note, &former);
	note_rows(note, &former, 'D', NULL);
	close_rows(&former);
}

static void
note_gone_row(Note *note, TupleTableSlot *slot)
{
	note_row(note, slot, 'D', NULL);
}

/* What is there before a TRUNCATE; the rows of a partitioned table are those of its partitions. */
static void
note_table(Note *note, void (*each) (Note *note, TupleTableSlot *slot))
{
	Snapshot	snapshot;
	TableScanDesc scan;
	TupleTableSlot *slot;

	if (note->table->rd_rel->relkind != RELKIND_RELATION)
		return;
	snapshot = RegisterSnapshot(GetTransactionSnapshot());
	scan = table_beginscan(note->table, snapshot, 0, NULL);
	slot = table_slot_create(note->table, NULL);
	while (table_scan_getnextslot(scan, ForwardScanDirection, slot))
		each(note, slot);
	ExecDropSingleTupleTableSlot(slot);
	table_endscan(scan);
	UnregisterSnapshot(snapshot);
}

static Jsonb *
empty_key(void)
{
	return DatumGetJsonbP(DirectFunctionCall1(jsonb_build_object_noargs, (Datum) 0));
}

/* That a whole table is empty one change says; of a partition that it is not the whole. */
static void
note_truncate(Note *note)
{
	if (note->seeded)
		note_table(note, note_seeded_row);
	if (note->table->rd_rel->relispartition)
		note_table(note, note_gone_row);
	else
		write_change(note, 'T', empty_key(), NULL);
}

/* Not by an argument: who may put triggers on a table could give the name of another one. */
static char *
title_of(Relation table)
{
	Oid			whole = RelationGetRelid(table);

	if (table->rd_rel->relispartition)
		whole = llast_oid(get_partition_ancestors(whole));
	return psprintf("%s.%s", get_namespace_name(get_rel_namespace(whole)), get_rel_name(whole));
}

static Note
begin_note(const TriggerData *trigger)
{
	Relation	table = trigger->tg_relation;
	char	  **arguments = trigger->tg_trigger->tgargs;
	Note		note = {0};

	note.table = table;
	note.title = title_of(table);
	note.seeded = strcmp(arguments[0], "seeded") == 0;
	note.nkeys = trigger->tg_trigger->tgnargs - 1;
	note.keys = palloc(note.nkeys * sizeof(AttrNumber));
	for (int i = 0; i < note.nkeys; i++)
		note.keys[i] = residency_column_number(table, arguments[i + 1]);
	note.form = residency_image_form(table);
	note.row = AllocSetContextCreate(CurrentMemoryContext, "residency change", ALLOCSET_DEFAULT_SIZES);
	return note;
}

/*
 * change_note('full' | 'seeded', …) -> trigger
 *	  After each statement that changes a table with a history, and before a TRUNCATE.
 */
Datum
residency_change_note(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	Note		note;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_FOR_STATEMENT(trigger->tg_event) || trigger->tg_trigger->tgnargs == 0)
		elog(ERROR, "change_note() is a trigger function for statements, with arguments");
	note = begin_note(trigger);
	if (!TRIGGER_FIRED_BY_TRUNCATE(trigger->tg_event))
		note.overtaken = residency_change_end(RelationGetRelid(note.table), trigger->tg_event & TRIGGER_EVENT_OPMASK, &note.begun);
	if (TRIGGER_FIRED_BY_INSERT(trigger->tg_event))
		note_insert(&note, trigger->tg_newtable);
	else if (TRIGGER_FIRED_BY_UPDATE(trigger->tg_event))
		note_update(&note, trigger->tg_oldtable, trigger->tg_newtable);
	else if (TRIGGER_FIRED_BY_DELETE(trigger->tg_event))
		note_delete(&note, trigger->tg_oldtable);
	else
		note_truncate(&note);
	if (note.writer != NULL)
		residency_end_changes(note.writer);
	PG_RETURN_POINTER(NULL);
}
