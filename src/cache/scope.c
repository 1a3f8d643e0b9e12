/*
 * scope.c
 *	  Backend-local copies of registry.operator and registry.operator_scope, and
 *	  what follows from them for the role at hand.
 *
 * A row of a table is judged in some nanoseconds: the subtrees of a role are
 * put in order once.  They are asked for anew when one of the two tables or a
 * role has changed, and when a day has begun in China.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/inval.h"
#include "utils/memutils.h"
#include "utils/syscache.h"

#include "cache/cache.h"
#include "cache/scope.h"
#include "core/division_code.h"
#include "rules/day.h"

typedef struct OperatorRow
{
	text	   *account;
	int64		operator_id;
	int64		person_id;
} OperatorRow;

typedef struct ScopeRow
{
	int64		operator_id;
	int64		division;
	DateADT		first;
	DateADT		last;
} ScopeRow;

static void read_operator(void *row, const Datum *values, const bool *nulls);
static int	compare_operators(const void *row, const void *other);
static void read_scope(void *row, const Datum *values, const bool *nulls);
static int	compare_scopes(const void *row, const void *other);

static const ResidencyCacheColumn operator_columns[] = {
	{"account", TEXTOID},
	{"operator_id", INT8OID},
	{"person_id", INT8OID}
};

static ResidencyCache operators = {
	.schema = "registry",
	.table = "operator",
	.columns = operator_columns,
	.ncolumns = lengthof(operator_columns),
	.row_size = sizeof(OperatorRow),
	.read = read_operator,
	.compare = compare_operators
};

static const ResidencyCacheColumn scope_columns[] = {
	{"operator_id", INT8OID},
	{"division", INT8OID},
	{"period", DATERANGEOID}
};

static ResidencyCache scopes = {
	.schema = "registry",
	.table = "operator_scope",
	.columns = scope_columns,
	.ncolumns = lengthof(scope_columns),
	.row_size = sizeof(ScopeRow),
	.read = read_scope,
	.compare = compare_scopes
};

/* Of the role that acts and of the owner, as whom functions run: they take turns. */
static Scope remembered[2];

static void
read_operator(void *row, const Datum *values, const bool *nulls)
{
	OperatorRow *entry = row;

	entry->account = nulls[0] ? cstring_to_text("") : DatumGetTextPCopy(values[0]);
	entry->operator_id = nulls[1] ? 0 : DatumGetInt64(values[1]);
	entry->person_id = nulls[2] ? 0 : DatumGetInt64(values[2]);
}

static int
compare_operators(const void *row, const void *other)
{
	return residency_text_compare(((const OperatorRow *) row)->account, ((const OperatorRow *) other)->account);
}

static void
read_scope(void *row, const Datum *values, const bool *nulls)
{
	ScopeRow   *entry = row;

	entry->operator_id = nulls[0] ? 0 : DatumGetInt64(values[0]);
	entry->division = nulls[1] ? 0 : DatumGetInt64(values[1]);
	/* no period permits nothing */
	entry->first = DATEVAL_NOEND;
	entry->last = DATEVAL_NOBEGIN;
	if (!nulls[2])
		residency_days(values[2], &entry->first, &entry->last);
}

static int
compare_scopes(const void *row, const void *other)
{
	const ScopeRow *a = row;
	const ScopeRow *b = other;

	if (a->operator_id != b->operator_id)
		return a->operator_id < b->operator_id ? -1 : 1;
	return a->division < b->division ? -1 : a->division > b->division;
}

/* A role was made, renamed, dropped, or is a member of another one now. */
static void
forget_roles(Datum arg, int cacheid, uint32 hashvalue)
{
	(void) arg;
	(void) cacheid;
	(void) hashvalue;
	for (int i = 0; i < (int) lengthof(remembered); i++)
		remembered[i].role = InvalidOid;
}

static void
listen_for_roles(void)
{
	static bool listening = false;

	if (listening)
		return;
	CacheRegisterSyscacheCallback(AUTHOID, forget_roles, (Datum) 0);
	CacheRegisterSyscacheCallback(AUTHMEMROLEMEM, forget_roles, (Datum) 0);
	listening = true;
}

Oid
residency_register_owner(void)
{
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(residency_table("registry", "operator")));
	Oid			owner;

	if (!HeapTupleIsValid(tuple))
		return InvalidOid;
	owner = ((Form_pg_class) GETSTRUCT(tuple))->relowner;
	ReleaseSysCache(tuple);
	return owner;
}

Oid
residency_actor(void)
{
	Oid			set = GetCurrentRoleId();

	return OidIsValid(set) ? set : GetSessionUserId();
}

char *
residency_said(const char *setting)
{
	const char *value = GetConfigOption(setting, true, false);
	const char *end;

	if (value == NULL)
		return NULL;
	while (*value == ' ')
		value++;
	for (end = value + strlen(value); end > value && end[-1] == ' ';)
		end--;
	return end == value ? NULL : pnstrdup(value, end - value);
}

static void
add_subtree(Scope *scope, int64 division)
{
	/* they come in order: one within the last adds nothing */
	if (scope->count > 0 && division <= scope->subtrees[scope->count - 1].high)
		return;
	if (scope->count == scope->room)
	{
		int			room = Max(8, scope->room * 2);

		scope->subtrees = scope->subtrees == NULL ?
			MemoryContextAlloc(TopMemoryContext, room * sizeof(Subtree)) :
			repalloc(scope->subtrees, room * sizeof(Subtree));
		scope->room = room;
	}
	scope->subtrees[scope->count].low = division;
	scope->subtrees[scope->count].high = residency_division_code_last(division);
	scope->count++;
}

static void
look_up(Scope *scope, Oid role, DateADT today)
{
	OperatorRow sought;
	OperatorRow *known;
	ScopeRow	first = {0};
	ScopeRow   *row;
	char	   *account = GetUserNameFromId(role, true);
	Oid			owner;

	listen_for_roles();
	scope->role = InvalidOid;
	scope->count = 0;
	scope->person_id = 0;
	owner = residency_register_owner();
	scope->everything = OidIsValid(owner) && has_privs_of_role(role, owner);

	sought.account = cstring_to_text(account == NULL ? "" : account);
	known = residency_cache_find(&operators, &sought);
	if (known != NULL && compare_operators(known, &sought) == 0)
	{
		scope->person_id = known->person_id;
		first.operator_id = known->operator_id;
	}
	pfree(sought.account);

	first.division = PG_INT64_MIN;
	residency_cache_refresh(&scopes);
	row = residency_cache_find(&scopes, &first);
	row = row == NULL ? (ScopeRow *) scopes.rows : row + 1;
	for (; first.operator_id != 0 && row < (ScopeRow *) scopes.rows + scopes.count &&
		 row->operator_id == first.operator_id; row++)
	{
		if (row->first <= today && today <= row->last)
			add_subtree(scope, row->division);
	}
	scope->today = today;
	scope->role = role;
}

/* Where a role is remembered, or will be in place of the one that was asked for before the last. */
static Scope *
place_of(Oid role)
{
	static int	latest = 0;

	if (remembered[latest].role != role)
		latest = 1 - latest;
	return &remembered[latest];
}

const Scope *
residency_scope_of(Oid role)
{
	DateADT		today = residency_china_day(GetCurrentTransactionStartTimestamp());
	Scope	   *scope = place_of(role);

	/* messages of others come with the locks of the query that asks */
	if (scope->role != role || scope->today != today ||
		!residency_cache_is_fresh(&operators) || !residency_cache_is_fresh(&scopes))
		look_up(scope, role, today);
	return scope;
}

bool
residency_scope_has(const Scope *scope, int64 division)
{
	int			low = 0;
	int			high = scope->count;

	while (low < high)
	{
		int			middle = low + (high - low) / 2;

		if (scope->subtrees[middle].high < division)
			low = middle + 1;
		else
			high = middle;
	}
	return low < scope->count && scope->subtrees[low].low <= division;
}
