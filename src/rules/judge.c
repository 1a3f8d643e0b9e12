/*
 * judge.c
 *	  The trigger that lets SQL rules judge what a statement has done.
 *
 * A rule set is an SQL function that takes the keys of the changed rows and
 * returns a row for every rule that they break:
 *
 *		residency.<topic>_violation(bigint[]) -> (code, facts, at_table, at_column)
 *
 * What makes this C is the snapshot.  One clerk demolishes a dwelling while
 * another registers somebody into it: the first waits for the other's lock and
 * must then see who has moved in.  READ COMMITTED gives every statement a new snapshot, but in
 * REPEATABLE READ and SERIALIZABLE the transaction's own would not show it, and
 * neither would a lock that changed nothing raise a serialization failure.  So
 * the rules are read with the latest snapshot, as PostgreSQL's foreign keys are
 * (ri_triggers.c).
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "executor/tuptable.h"
#include "lib/qunique.h"
#include "storage/bufmgr.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

/*
 * The saved plans of one rule set.  They are made anew when the table has
 * doubled since: what is planned while a table is empty reads it whole.
 */
typedef struct RuleSet
{
	char		topic[NAMEDATALEN]; /* hash key */
	SPIPlanPtr	lock;
	SPIPlanPtr	violation;
	BlockNumber blocks;			/* of the table when they were made */
} RuleSet;

static HTAB *rule_sets = NULL;

PG_FUNCTION_INFO_V1(residency_judge);

/* The keys of changed rows, as int8 Datums. */
typedef struct Keys
{
	Datum	   *values;
	int			count;
	int			room;
} Keys;

static void
append_key(Keys *keys, TupleTableSlot *slot, int key)
{
	bool		isnull;
	Datum		value;

	value = slot_getattr(slot, key, &isnull);
	if (isnull)
		return;
	if (keys->count == keys->room)
	{
		keys->room = Max(16, keys->room * 2);
		keys->values = keys->values == NULL ? palloc(sizeof(Datum) * keys->room) :
			repalloc_huge(keys->values, sizeof(Datum) * keys->room);
	}
	keys->values[keys->count++] = value;
}

static int
compare_keys(const void *a, const void *b)
{
	int64		x = DatumGetInt64(*(const Datum *) a);
	int64		y = DatumGetInt64(*(const Datum *) b);

	return (x > y) - (x < y);
}

/* The keys of the rows that the statement, or the row trigger's row, has left; each once. */
static Keys
changed_keys(TriggerData *trigger, int key)
{
	Keys		keys = {NULL, 0, 0};
	TupleTableSlot *slot;

	if (TRIGGER_FIRED_FOR_ROW(trigger->tg_event))
	{
		append_key(&keys, TRIGGER_FIRED_BY_UPDATE(trigger->tg_event) ?
				   trigger->tg_newslot : trigger->tg_trigslot, key);
		return keys;
	}

	slot = MakeSingleTupleTableSlot(RelationGetDescr(trigger->tg_relation),
									&TTSOpsMinimalTuple);
	tuplestore_rescan(trigger->tg_newtable);
	while (tuplestore_gettupleslot(trigger->tg_newtable, true, false, slot))
		append_key(&keys, slot, key);
	ExecDropSingleTupleTableSlot(slot);

	if (keys.count > 1)
	{
		qsort(keys.values, keys.count, sizeof(Datum), compare_keys);
		keys.count = qunique(keys.values, keys.count, sizeof(Datum), compare_keys);
	}
	return keys;
}

static int
key_column(TriggerData *trigger)
{
	const char *name = trigger->tg_trigger->tgargs[1];
	int			number = SPI_fnumber(RelationGetDescr(trigger->tg_relation), name);

	if (number <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("residency.judge finds no column \"%s\" in table \"%s\"",
						name, RelationGetRelationName(trigger->tg_relation))));
	return number;
}

static SPIPlanPtr
saved_plan(const char *statement)
{
	Oid			argtype = INT8ARRAYOID;
	SPIPlanPtr	plan = SPI_prepare_cursor(statement, 1, &argtype, CURSOR_OPT_GENERIC_PLAN);

	if (plan == NULL || SPI_keepplan(plan) != 0)
		elog(ERROR, "could not prepare \"%s\": %s", statement, SPI_result_code_string(SPI_result));
	return plan;
}

static void
forget_plan(SPIPlanPtr *plan)
{
	SPIPlanPtr	old = *plan;

	*plan = NULL;
	if (old != NULL)
		SPI_freeplan(old);
}

/* A plan is assigned as the last thing: an error on the way leaves NULL behind. */
static RuleSet *
rule_set(const char *topic, Relation table)
{
	BlockNumber blocks = RelationGetNumberOfBlocks(table);
	RuleSet    *entry;
	bool		found;

	if (rule_sets == NULL)
	{
		HASHCTL		ctl = {.keysize = NAMEDATALEN,.entrysize = sizeof(RuleSet)};

		rule_sets = hash_create("residency rule sets", 8, &ctl, HASH_ELEM | HASH_STRINGS);
	}
	entry = hash_search(rule_sets, topic, HASH_ENTER, &found);
	if (!found)
		entry->lock = entry->violation = NULL;
	else if (blocks / 2 > entry->blocks)
	{
		forget_plan(&entry->lock);
		forget_plan(&entry->violation);
	}
	if (entry->lock == NULL)
		entry->lock = saved_plan(psprintf("SELECT residency.%s_lock($1)", topic));
	if (entry->violation == NULL)
	{
		entry->violation = saved_plan(psprintf("SELECT residency.refuse(v.code, v.facts, v.at_table, v.at_column) "
											   "FROM residency.%s_violation($1) v", topic));
		entry->blocks = blocks;
	}
	return entry;
}

/* Runs the plan; with a snapshot, reads what is visible in it. */
static void
execute(SPIPlanPtr plan, Datum keys, Snapshot snapshot)
{
	int			result = SPI_execute_snapshot(plan, &keys, NULL, snapshot, InvalidSnapshot,
											  snapshot != InvalidSnapshot, false, 0);

	if (result < 0)
		elog(ERROR, "could not judge: %s", SPI_result_code_string(result));
}

/*
 * residency.judge(topic, key column) -> trigger
 *	  AFTER INSERT or UPDATE, for each statement with REFERENCING NEW TABLE or
 *	  for each row.  Calls residency.<topic>_lock(keys), then refuses what
 *	  residency.<topic>_violation(keys) returns, as SQLSTATE says there.  Each
 *	  key comes once.
 */
Datum
residency_judge(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	RuleSet    *rules;
	Keys		changed;
	Datum		keys;

	if (!CALLED_AS_TRIGGER(fcinfo) ||
		!TRIGGER_FIRED_AFTER(trigger->tg_event) ||
		TRIGGER_FIRED_BY_DELETE(trigger->tg_event) ||
		trigger->tg_trigger->tgnargs != 2 ||
		(TRIGGER_FIRED_FOR_STATEMENT(trigger->tg_event) && trigger->tg_newtable == NULL))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("residency.judge is called wrongly"),
				 errhint("Make it an AFTER INSERT or UPDATE trigger, for each row or REFERENCING NEW TABLE, with topic and key column.")));

	changed = changed_keys(trigger, key_column(trigger));
	if (changed.count == 0)
		return PointerGetDatum(NULL);
	keys = PointerGetDatum(construct_array(changed.values, changed.count, INT8OID,
										   sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "could not connect to SPI");
	rules = rule_set(trigger->tg_trigger->tgargs[0], trigger->tg_relation);
	execute(rules->lock, keys, InvalidSnapshot);
	execute(rules->violation, keys, GetLatestSnapshot());
	SPI_finish();
	return PointerGetDatum(NULL);
}
