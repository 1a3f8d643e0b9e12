/*
 * scope.c
 *	  Which rows an operator may see and touch.
 *
 *	  in_scope(division), row_in_scope(table, key)	the role that runs: row security
 *	  acts_in(division), acts_on(table, key)		the role that acts: functions that run as their owner
 *
 * None of them raises an error that depends on its argument: they are leakproof.
 */
#include "postgres.h"

#include "access/table.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "cache/cache.h"
#include "cache/scope.h"
#include "rules/row.h"

/* Where a row belongs: to its own division, or to the row of another table. */
typedef struct Belonging
{
	const char *table;
	const char *key;
	const char *column;			/* the division, or the key of the row above */
	const char *above;			/* NULL: the column is the division */
} Belonging;

static const Belonging belongings[] = {
	{"dwelling", "dwelling_id", "division", NULL},
	{"residence", "residence_id", "division", NULL},
	{"permit", "permit_id", "division", NULL},
	{"employer", "employer_id", "division", NULL},
	{"grid", "grid_id", "division", NULL},
	{"clock", "clock_id", "division", NULL},
	{"door_plate", "door_plate_id", "division", NULL},
	{"sweep", "sweep_id", "division", NULL},
	{"spot_check", "spot_check_id", "division", NULL},
	{"department_list", "department_list_id", "division", NULL},
	{"operator_scope", "operator_scope_id", "division", NULL},
	{"emergency", "emergency_id", "division", NULL},
	{"emergency_copy", "emergency_copy_id", "division", NULL},
	{"tenancy", "tenancy_id", "dwelling_id", "dwelling"},
	{"ownership", "ownership_id", "dwelling_id", "dwelling"},
	{"employment", "employment_id", "employer_id", "employer"},
	{"schooling", "schooling_id", "person_id", "person"},
	{"correction", "correction_id", "person_id", "person"},
	{"restriction", "restriction_id", "person_id", "person"},
	{"legal_hold", "legal_hold_id", "person_id", "person"},
	{"person_merge", "person_merge_id", "keep_person_id", "person"},
	{"patrol_task", "patrol_task_id", "dwelling_id", "dwelling"},
	{"fact", "fact_id", "dwelling_id", "dwelling"},
	{"conflict", "conflict_id", "fact_id", "fact"},
	{"spot_check_dwelling", "spot_check_dwelling_id", "spot_check_id", "spot_check"},
	{"spot_check_result", "spot_check_result_id", "spot_check_dwelling_id", "spot_check_dwelling"}
};

static bool row_in(const Scope *scope, const char *table, int64 key);

PG_FUNCTION_INFO_V1(residency_in_scope);
PG_FUNCTION_INFO_V1(residency_acts_in);
PG_FUNCTION_INFO_V1(residency_row_in_scope);
PG_FUNCTION_INFO_V1(residency_acts_on);
PG_FUNCTION_INFO_V1(residency_scope_low);
PG_FUNCTION_INFO_V1(residency_scope_high);
PG_FUNCTION_INFO_V1(residency_acting_division);
PG_FUNCTION_INFO_V1(residency_acting_person);

/*
 * A person belongs where they live, else where they lived last, else to the
 * office that entered them.  Who has moved away is no longer the old town's
 * to look at; the residence that has ended is.
 */
static bool
person_in(const Scope *scope, int64 person)
{
	Relation	residences = table_open(residency_table("registry", "residence"), AccessShareLock);
	RowScan		rows = residency_begin_rows_in(residences, "person_id", person, GetActiveSnapshot());
	DateADT		latest = DATEVAL_NOBEGIN;
	int64		division = 0;
	HeapTuple	row;

	while (HeapTupleIsValid(row = residency_next_row(&rows)))
	{
		char	   *state = residency_text_column(residences, row, "state");
		bool		counts = strcmp(state, "rejected") != 0 && strcmp(state, "voided") != 0;
		/* an open stay is later than any that has ended */
		DateADT		until = residency_date_column(residences, row, "departed_on", DATEVAL_NOEND);

		if (counts && until >= latest)
		{
			latest = until;
			division = residency_int8_column(residences, row, "division");
		}
		pfree(state);
	}
	residency_end_rows(&rows);
	table_close(residences, AccessShareLock);

	if (division == 0)
	{
		Relation	persons = table_open(residency_table("registry", "person"), AccessShareLock);

		rows = residency_begin_rows_in(persons, "person_id", person, GetActiveSnapshot());
		if (HeapTupleIsValid(row = residency_next_row(&rows)))
			division = residency_int8_column(persons, row, "division");
		residency_end_rows(&rows);
		table_close(persons, AccessShareLock);
	}
	return residency_scope_has(scope, division);
}

/* Whether the row a key names belongs to the scope; one that is not there does not. */
static bool
row_in(const Scope *scope, const char *table, int64 key)
{
	const Belonging *entry = NULL;
	Relation	relation;
	RowScan		rows;
	HeapTuple	row;
	int64		value = 0;

	if (strcmp(table, "person") == 0)
		return person_in(scope, key);
	for (int i = 0; i < (int) lengthof(belongings) && entry == NULL; i++)
	{
		if (strcmp(table, belongings[i].table) == 0)
			entry = &belongings[i];
	}
	if (entry == NULL)
		return false;

	relation = table_open(residency_table("registry", entry->table), AccessShareLock);
	rows = residency_begin_rows_in(relation, entry->key, key, GetActiveSnapshot());
	if (HeapTupleIsValid(row = residency_next_row(&rows)))
		value = residency_int8_column(relation, row, entry->column);
	residency_end_rows(&rows);
	table_close(relation, AccessShareLock);

	if (value == 0)
		return false;
	return entry->above == NULL ? residency_scope_has(scope, value) : row_in(scope, entry->above, value);
}

static Datum
division_answer(FunctionCallInfo fcinfo, Oid role)
{
	const Scope *scope = residency_scope_of(role);

	PG_RETURN_BOOL(scope->everything || (!PG_ARGISNULL(0) && residency_scope_has(scope, PG_GETARG_INT64(0))));
}

static Datum
row_answer(FunctionCallInfo fcinfo, Oid role)
{
	const Scope *scope = residency_scope_of(role);

	if (scope->everything)
		PG_RETURN_BOOL(true);
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || scope->count == 0)
		PG_RETURN_BOOL(false);
	PG_RETURN_BOOL(row_in(scope, text_to_cstring(PG_GETARG_TEXT_PP(0)), PG_GETARG_INT64(1)));
}

/*
 * in_scope(division division_code) -> boolean
 */
Datum
residency_in_scope(PG_FUNCTION_ARGS)
{
	return division_answer(fcinfo, GetUserId());
}

/*
 * acts_in(division division_code) -> boolean
 */
Datum
residency_acts_in(PG_FUNCTION_ARGS)
{
	return division_answer(fcinfo, residency_actor());
}

/*
 * row_in_scope(table_name text, key bigint) -> boolean
 */
Datum
residency_row_in_scope(PG_FUNCTION_ARGS)
{
	return row_answer(fcinfo, GetUserId());
}

/*
 * acts_on(table_name text, key bigint) -> boolean
 */
Datum
residency_acts_on(PG_FUNCTION_ARGS)
{
	return row_answer(fcinfo, residency_actor());
}

/*
 * scope_low(), scope_high() -> division_code
 *	  The range that holds all divisions of the role that runs; of one that has
 *	  none, a range without any.
 */
Datum
residency_scope_low(PG_FUNCTION_ARGS)
{
	const Scope *scope = residency_scope_of(GetUserId());

	(void) fcinfo;
	PG_RETURN_INT64(scope->everything ? 0 : scope->count == 0 ? PG_INT64_MAX : scope->subtrees[0].low);
}

Datum
residency_scope_high(PG_FUNCTION_ARGS)
{
	const Scope *scope = residency_scope_of(GetUserId());

	(void) fcinfo;
	PG_RETURN_INT64(scope->everything ? PG_INT64_MAX : scope->count == 0 ? 0 : scope->subtrees[scope->count - 1].high);
}

/*
 * acting_division() -> division_code, NULL for who has none
 */
Datum
residency_acting_division(PG_FUNCTION_ARGS)
{
	const Scope *scope = residency_scope_of(residency_actor());

	if (scope->count == 0)
		PG_RETURN_NULL();
	PG_RETURN_INT64(scope->subtrees[0].low);
}

/*
 * acting_person() -> bigint, NULL for an office
 */
Datum
residency_acting_person(PG_FUNCTION_ARGS)
{
	const Scope *scope = residency_scope_of(residency_actor());

	if (scope->person_id == 0)
		PG_RETURN_NULL();
	PG_RETURN_INT64(scope->person_id);
}
