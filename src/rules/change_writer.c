/*
 * change_writer.c
 *	  Writes rows of ledger.change for one statement.
 *
 * An INSERT from a PL/pgSQL trigger took more time than the arrival that it
 * noted.  This does what the executor does for it, and what the apply worker of
 * logical replication does: partitions, triggers, constraints, indexes and
 * columns that a site has added are those of any INSERT.  Row security is not
 * asked: its condition is that the owner acts.
 */
#include "postgres.h"

#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "access/xlog.h"
#include "catalog/pg_class.h"
#include "commands/sequence.h"
#include "commands/trigger.h"
#include "executor/execPartition.h"
#include "executor/executor.h"
#include "executor/nodeModifyTable.h"
#include "miscadmin.h"
#include "parser/parse_relation.h"
#include "rewrite/rewriteHandler.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"
#include "utils/uuid.h"
#include "utils/xid8.h"

#include "cache/cache.h"
#include "cache/scope.h"
#include "compat.h"
#include "rules/change_writer.h"
#include "rules/row.h"

/* The columns that are given here; others that a site has added have their defaults. */
typedef enum ChangeColumn
{
	CHANGE_ID, CHANGED_AT, TRANSACTION, CLUSTER_ID, ACTOR, LOGIN, PURPOSE, REQUEST_ID, ACT, TABLE_NAME, KEY, OPERATION,
	IMAGE, SALT, IMAGE_DIGEST, CHANGE_COLUMNS
} ChangeColumn;

static const char *const column_name[CHANGE_COLUMNS] = {
	"change_id", "changed_at", "transaction", "cluster_id", "actor", "login", "purpose", "request_id", "act", "table_name",
	"key", "operation", "image", "salt", "image_digest"
};

struct ChangeWriter
{
	Relation	changes;
	Oid			numbers;		/* sequence of change_id */
	Oid			user;			/* who acts again in the end */
	int			security;
	EState	   *estate;
	ModifyTableState *state;
	ResultRelInfo *whole;
	PartitionTupleRouting *routing;
	TupleTableSlot *slot;
	int			place[CHANGE_COLUMNS];	/* of columns in the slot, from 0 */
	Datum	   *values;			/* what all rows of the statement share */
	bool	   *nulls;
	ExprState **defaults;		/* NULL: the column has none, or is given */
};

static void
act_as_owner(ChangeWriter *writer, Relation changed)
{
	Oid			owner = writer->changes->rd_rel->relowner;

	/* or who has made a table of their own would fill the history with it */
	if (!has_privs_of_role(changed->rd_rel->relowner, owner))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("table \"%s\" has no history", RelationGetRelationName(changed)),
				 errdetail("It does not belong to the owner of the register."),
				 errtable(changed)));
	GetUserIdAndSecContext(&writer->user, &writer->security);
	SetUserIdAndSecContext(owner, writer->security | SECURITY_LOCAL_USERID_CHANGE);
}

/* What the executor and the triggers of ledger.change ask for. */
static void
begin_insert(ChangeWriter *writer)
{
	EState	   *estate = writer->estate;
	RangeTblEntry *entry = makeNode(RangeTblEntry);

	entry->rtekind = RTE_RELATION;
	entry->relid = RelationGetRelid(writer->changes);
	entry->relkind = writer->changes->rd_rel->relkind;
	entry->rellockmode = RowExclusiveLock;
	residency_write_to(estate, entry);
	estate->es_output_cid = GetCurrentCommandId(true);

	writer->whole = makeNode(ResultRelInfo);
	InitResultRelInfo(writer->whole, writer->changes, 1, NULL, 0);
	estate->es_opened_result_relations = lappend(estate->es_opened_result_relations, writer->whole);

	writer->state = makeNode(ModifyTableState);
	writer->state->ps.state = estate;
	writer->state->operation = CMD_INSERT;
	writer->state->resultRelInfo = writer->whole;
	writer->routing = ExecSetupPartitionTupleRouting(estate, writer->changes);
	writer->slot = table_slot_create(writer->changes, &estate->es_tupleTable);

	AfterTriggerBeginQuery();
	writer->state->mt_transition_capture =
		MakeTransitionCaptureState(writer->changes->trigdesc, RelationGetRelid(writer->changes), CMD_INSERT);
	ExecBSInsertTriggers(estate, writer->whole);
}

static void
share(ChangeWriter *writer, ChangeColumn column, Datum value)
{
	writer->values[writer->place[column]] = value;
	writer->nulls[writer->place[column]] = false;
}

static void
share_text(ChangeWriter *writer, ChangeColumn column, const char *value)
{
	if (value != NULL)
		share(writer, column, CStringGetTextDatum(value));
}

/* As the defaults of the columns say it, which hold for what SQL writes. */
static void
share_statement(ChangeWriter *writer, const char *title)
{
	char	   *request = residency_said("residency.request_id");

	share(writer, CHANGED_AT, TimestampTzGetDatum(GetCurrentTimestamp()));
	share(writer, TRANSACTION, FullTransactionIdGetDatum(GetTopFullTransactionId()));
	share(writer, CLUSTER_ID, Int64GetDatum((int64) GetSystemIdentifier()));
	share_text(writer, ACTOR, GetUserNameFromId(residency_actor(), false));
	share_text(writer, LOGIN, GetUserNameFromId(GetSessionUserId(), false));
	share_text(writer, PURPOSE, residency_said("residency.purpose"));
	share_text(writer, ACT, residency_said("residency.act"));
	share_text(writer, TABLE_NAME, title);
	if (request != NULL)
		share(writer, REQUEST_ID, DirectFunctionCall1(uuid_in, CStringGetDatum(request)));
}

static bool
is_given(const ChangeWriter *writer, int place)
{
	for (int column = 0; column < CHANGE_COLUMNS; column++)
	{
		if (writer->place[column] == place)
			return true;
	}
	return false;
}

static void
find_columns(ChangeWriter *writer)
{
	TupleDesc	desc = RelationGetDescr(writer->changes);

	writer->values = palloc0(desc->natts * sizeof(Datum));
	writer->nulls = palloc(desc->natts * sizeof(bool));
	memset(writer->nulls, true, desc->natts * sizeof(bool));
	writer->defaults = palloc0(desc->natts * sizeof(ExprState *));
	for (int column = 0; column < CHANGE_COLUMNS; column++)
		writer->place[column] = residency_column_number(writer->changes, column_name[column]) - 1;
	for (int place = 0; place < desc->natts; place++)
	{
		Form_pg_attribute attribute = TupleDescAttr(desc, place);
		Node	   *expression;

		if (attribute->attisdropped || attribute->attgenerated != '\0' || is_given(writer, place))
			continue;
		expression = build_column_default(writer->changes, place + 1);
		if (expression != NULL)
			writer->defaults[place] = ExecPrepareExpr((Expr *) expression, writer->estate);
	}
}

ChangeWriter *
residency_begin_changes(Relation changed, const char *title)
{
	EState	   *estate = CreateExecutorState();
	MemoryContext caller = MemoryContextSwitchTo(estate->es_query_cxt);
	ChangeWriter *writer = palloc0(sizeof(ChangeWriter));

	writer->estate = estate;
	writer->changes = table_open(residency_table("ledger", "change"), RowExclusiveLock);
	writer->numbers = residency_table("ledger", "change_change_id_seq");
	act_as_owner(writer, changed);
	begin_insert(writer);
	find_columns(writer);
	share_statement(writer, title);
	MemoryContextSwitchTo(caller);
	return writer;
}

int64
residency_next_change(ChangeWriter *writer)
{
	return nextval_internal(writer->numbers, false);
}

/* As gen_random_uuid(), many at once: the generator takes as long for one as for all of them. */
static void
draw_salt(pg_uuid_t *salt)
{
	static pg_uuid_t drawn[64];
	static int	left = 0;

	if (left == 0)
	{
		if (!pg_strong_random(drawn, sizeof(drawn)))
			elog(ERROR, "could not generate random values");
		left = lengthof(drawn);
	}
	*salt = drawn[--left];
	salt->data[6] = (salt->data[6] & 0x0f) | 0x40;
	salt->data[8] = (salt->data[8] & 0x3f) | 0x80;
}

static void
give(ChangeWriter *writer, ChangeColumn column, Datum value)
{
	writer->slot->tts_values[writer->place[column]] = value;
	writer->slot->tts_isnull[writer->place[column]] = false;
}

static void
give_defaults(ChangeWriter *writer)
{
	TupleTableSlot *slot = writer->slot;

	for (int place = 0; place < slot->tts_tupleDescriptor->natts; place++)
	{
		if (writer->defaults[place] != NULL)
			slot->tts_values[place] = ExecEvalExpr(writer->defaults[place], GetPerTupleExprContext(writer->estate),
												   &slot->tts_isnull[place]);
	}
}

/* False where a trigger of the site wants no such row. */
static bool
pass_checks(EState *estate, ResultRelInfo *month, TupleTableSlot *slot)
{
	TupleConstr *constraints = RelationGetDescr(month->ri_RelationDesc)->constr;

	if (month->ri_TrigDesc != NULL && month->ri_TrigDesc->trig_insert_before_row)
	{
		if (!ExecBRInsertTriggers(estate, month, slot))
			return false;
		ExecPartitionCheck(month, slot, estate, true);
	}
	if (constraints != NULL)
	{
		if (constraints->has_generated_stored)
			ExecComputeStoredGenerated(month, estate, slot, CMD_INSERT);
		ExecConstraints(month, slot, estate);
	}
	return true;
}

static void
insert(ChangeWriter *writer)
{
	EState	   *estate = writer->estate;
	TupleTableSlot *slot = writer->slot;
	ResultRelInfo *month = ExecFindPartition(writer->state, writer->whole, writer->routing, slot, estate);
	TupleConversionMap *map = residency_partition_map(month, estate);
	List	   *recheck;

	if (month->ri_FdwRoutine != NULL)
		elog(ERROR, "changes are not noted in foreign tables");
	if (map != NULL)
		slot = execute_attr_map_slot(map->attrMap, slot, month->ri_PartitionTupleSlot);
	slot->tts_tableOid = RelationGetRelid(month->ri_RelationDesc);
	if (!pass_checks(estate, month, slot))
		return;
	table_tuple_insert(month->ri_RelationDesc, slot, estate->es_output_cid, 0, NULL);
	recheck = residency_insert_into_indexes(month, slot, estate);
	ExecARInsertTriggers(estate, month, slot, recheck, writer->state->mt_transition_capture);
}

void
residency_write_change(ChangeWriter *writer, int64 id, char operation, Jsonb *key, Jsonb *image)
{
	TupleTableSlot *slot = writer->slot;
	int			columns = slot->tts_tupleDescriptor->natts;
	MemoryContext caller;
	pg_uuid_t	salt;

	ResetPerTupleExprContext(writer->estate);
	caller = MemoryContextSwitchTo(GetPerTupleMemoryContext(writer->estate));
	ExecClearTuple(slot);
	memcpy(slot->tts_values, writer->values, columns * sizeof(Datum));
	memcpy(slot->tts_isnull, writer->nulls, columns * sizeof(bool));
	give(writer, CHANGE_ID, Int64GetDatum(id));
	give(writer, KEY, JsonbPGetDatum(key));
	give(writer, OPERATION, PointerGetDatum(cstring_to_text_with_len(&operation, 1)));
	if (image != NULL)
	{
		draw_salt(&salt);
		give(writer, IMAGE, JsonbPGetDatum(image));
		give(writer, SALT, UUIDPGetDatum(&salt));
	}
	give_defaults(writer);
	ExecStoreVirtualTuple(slot);
	insert(writer);
	MemoryContextSwitchTo(caller);
}

void
residency_end_changes(ChangeWriter *writer)
{
	EState	   *estate = writer->estate;
	Relation	changes = writer->changes;

	ExecASInsertTriggers(estate, writer->whole, writer->state->mt_transition_capture);
	AfterTriggerEndQuery(estate);
	SetUserIdAndSecContext(writer->user, writer->security);
	ExecCleanupTupleRouting(writer->state, writer->routing);
	ExecCloseResultRelations(estate);
	ExecResetTupleTable(estate->es_tupleTable, false);
	FreeExecutorState(estate);
	table_close(changes, NoLock);
}
