/*
 * change.c
 *	  The true order of changes for the history (ledger.change): statements may
 *	  change a row while another one that did so is not over.
 */
#include "postgres.h"

#include "access/xact.h"
#include "access/xlog.h"
#include "commands/trigger.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/rel.h"

#include "rules/change.h"

PG_FUNCTION_INFO_V1(residency_change_begin);
PG_FUNCTION_INFO_V1(residency_cluster_id);

/*
 * A statement that has begun to change a table and is not noted yet.
 *
 * Triggers after a row, and statement triggers that come first by their name,
 * may change the same row again, and that nested statement is noted before
 * the one around it. So each statement is entered here when it begins, and
 * whoever is noted tells those around it that they have been overtaken.
 */
typedef struct Pending
{
	SubTransactionId subtransaction;
	Oid			table;
	TriggerEvent event;
	int			depth;
	CommandId	begun;
	bool		overtaken;
} Pending;

static Pending *pending;
static int	pendings;
static int	pendings_room;

static void
forget_pending(XactEvent event, void *arg)
{
	(void) arg;
	if (event == XACT_EVENT_COMMIT || event == XACT_EVENT_ABORT || event == XACT_EVENT_PREPARE)
		pendings = 0;
}

/* What was begun in a subtransaction that was taken back never ends. */
static void
drop_aborted(void)
{
	while (pendings > 0 && !SubTransactionIsActive(pending[pendings - 1].subtransaction))
		pendings--;
}

static int
trigger_depth(void)
{
	return DatumGetInt32(DirectFunctionCall1(pg_trigger_depth, (Datum) 0));
}

/*
 * change_begin() -> trigger
 *	  Before each statement that changes a table with a history.
 */
Datum
residency_change_begin(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	Pending    *entry;

	if (!CALLED_AS_TRIGGER(fcinfo))
		elog(ERROR, "change_begin() is a trigger function");
	if (pending == NULL)
	{
		pendings_room = 16;
		pending = MemoryContextAlloc(TopMemoryContext, pendings_room * sizeof(Pending));
		RegisterXactCallback(forget_pending, NULL);
	}
	drop_aborted();
	if (pendings == pendings_room)
	{
		pending = repalloc(pending, 2 * pendings_room * sizeof(Pending));
		pendings_room *= 2;
	}
	entry = &pending[pendings++];
	entry->subtransaction = GetCurrentSubTransactionId();
	entry->table = RelationGetRelid(trigger->tg_relation);
	entry->event = trigger->tg_event & TRIGGER_EVENT_OPMASK;
	entry->depth = trigger_depth();
	entry->begun = GetCurrentCommandId(false);
	entry->overtaken = false;
	PG_RETURN_POINTER(NULL);
}

bool
residency_change_end(Oid table, TriggerEvent event, CommandId *begun)
{
	int			depth = trigger_depth();
	Pending		own = {0};

	drop_aborted();
	for (int at = pendings - 1; at >= 0; at--)
	{
		if (pending[at].table == table && pending[at].event == event)
		{
			own = pending[at];
			memmove(&pending[at], &pending[at + 1], (pendings - at - 1) * sizeof(Pending));
			pendings--;
			break;
		}
	}
	for (int at = 0; at < pendings; at++)
	{
		if (pending[at].table == table && pending[at].depth < depth)
			pending[at].overtaken = true;
	}
	*begun = own.begun;
	return own.overtaken;
}

/*
 * cluster_id() -> bigint
 *	  pg_control_system() reads a file each time.
 */
Datum
residency_cluster_id(PG_FUNCTION_ARGS)
{
	(void) fcinfo;
	PG_RETURN_INT64((int64) GetSystemIdentifier());
}
