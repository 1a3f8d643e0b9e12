/*
 * guardian.c
 *	  The trigger after a residence with a guardian: a minor lives with somebody
 *	  of full age.
 *
 * It runs when the statement is done, so that a family may arrive in any order.
 */
#include "postgres.h"

#include "commands/trigger.h"
#include "fmgr.h"
#include "utils/builtins.h"

#include "cache/policy.h"
#include "rules/day.h"
#include "rules/occupancy.h"
#include "rules/refuse.h"
#include "rules/row.h"

#define UNKNOWN DATEVAL_NOBEGIN

typedef struct Minor
{
	int64		person;
	int64		guardian;
	int64		dwelling;
	int64		division;
	DateADT		arrived;
} Minor;

PG_FUNCTION_INFO_V1(residency_residence_guardian);

static void
refuse(const char *code, const char *a, const char *b, const char *c)
{
	const char *facts[] = {a, b, c};

	residency_refuse(code, lengthof(facts), facts, "registry.residence", "guardian_person_id");
}

static int
policy_age(const char *key, const Minor *minor)
{
	Datum		age;

	return residency_policy(key, minor->division, minor->arrived, AS_INTEGER, &age) ? DatumGetInt32(age) : 0;
}

static DateADT
birth_of(Relation persons, int64 person)
{
	HeapTuple	row = residency_find_row(persons, "person_id", person);

	return row == NULL ? UNKNOWN : residency_date_column(persons, row, "birth_date", UNKNOWN);
}

/* The smallest home that a dwelling belongs to is itself; units and rooms around it are one home too. */
static bool
lies_in(Relation dwellings, int64 dwelling, int64 home)
{
	while (dwelling != 0 && dwelling != home)
	{
		HeapTuple	row = residency_find_row(dwellings, "dwelling_id", dwelling);

		dwelling = row == NULL ? 0 : residency_int8_column(dwellings, row, "parent_id");
	}
	return dwelling == home;
}

/* Whether two dwellings are the same, or parts of one unit or room. */
static bool
is_one_home(Relation dwellings, int64 a, int64 b)
{
	for (int64 home = a; home != 0;)
	{
		HeapTuple	row = residency_find_row(dwellings, "dwelling_id", home);

		if (home == a && home == b)
			return true;
		if (row == NULL || strcmp(residency_text_column(dwellings, row, "kind"), "building") == 0)
			return false;
		if (lies_in(dwellings, b, home))
			return true;
		home = residency_int8_column(dwellings, row, "parent_id");
	}
	return false;
}

/* Whether the guardian lives there; the residence is locked, so that it does not end before we do. */
static bool
lives_with(Relation residences, Relation dwellings, const Minor *minor)
{
	RowScan		rows = residency_begin_rows(residences, "person_id", minor->guardian);
	HeapTuple	row;
	int64		home = 0;
	bool		isnull;

	while (home == 0 && (row = residency_next_row(&rows)) != NULL)
		if (residency_is_current(residency_column(residences, row, "state", &isnull)))
			home = residency_int8_column(residences, row, "residence_id");
	residency_end_rows(&rows);
	if (home == 0)
		return false;

	row = residency_lock_row(residences, "residence_id", home, LockTupleShare);
	return row != NULL &&
		residency_is_current(residency_column(residences, row, "state", &isnull)) &&
		is_one_home(dwellings, residency_int8_column(residences, row, "dwelling_id"), minor->dwelling);
}

static void
judge(Relation residences, Relation persons, Relation dwellings, const Minor *minor)
{
	DateADT		birth = birth_of(persons, minor->person);
	DateADT		guardian_birth = birth_of(persons, minor->guardian);
	char	   *guardian = psprintf(INT64_FORMAT, minor->guardian);
	int			of_age = policy_age("guardian_age", minor);

	if (birth == UNKNOWN ||
		residency_age_on(birth, minor->arrived) >= policy_age("guarded_below_age", minor))
		return;
	if (guardian_birth != UNKNOWN && residency_age_on(guardian_birth, minor->arrived) < of_age)
		refuse("RG033", guardian, psprintf("%d", residency_age_on(guardian_birth, minor->arrived)),
			   psprintf("%d", of_age));
	if (!lives_with(residences, dwellings, minor))
		refuse("RG032", guardian, psprintf(INT64_FORMAT, minor->person), psprintf(INT64_FORMAT, minor->dwelling));
}

/*
 * residency.residence_guardian() -> trigger
 *	  AFTER INSERT or UPDATE, for each row of registry.residence that is current
 *	  and names a guardian.  Refuses with RG032, RG033.
 */
Datum
residency_residence_guardian(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	Relation	residences;
	Relation	persons;
	Relation	dwellings;
	HeapTuple	row;
	Minor		minor;
	bool		isnull;

	if (!CALLED_AS_TRIGGER(fcinfo) ||
		!TRIGGER_FIRED_AFTER(trigger->tg_event) ||
		!TRIGGER_FIRED_FOR_ROW(trigger->tg_event) ||
		TRIGGER_FIRED_BY_DELETE(trigger->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("residency.residence_guardian is called wrongly"),
				 errhint("Make it an AFTER INSERT or UPDATE trigger for each row of registry.residence.")));

	residences = trigger->tg_relation;
	row = TRIGGER_FIRED_BY_INSERT(trigger->tg_event) ? trigger->tg_trigtuple : trigger->tg_newtuple;
	minor.guardian = residency_int8_column(residences, row, "guardian_person_id");
	if (minor.guardian == 0 || !residency_is_current(residency_column(residences, row, "state", &isnull)))
		return PointerGetDatum(NULL);
	minor.person = residency_int8_column(residences, row, "person_id");
	minor.dwelling = residency_int8_column(residences, row, "dwelling_id");
	minor.division = residency_int8_column(residences, row, "division");
	minor.arrived = residency_date_column(residences, row, "arrived_on", UNKNOWN);

	persons = residency_open_table("person");
	dwellings = residency_open_table("dwelling");
	judge(residences, persons, dwellings, &minor);
	residency_close_table(dwellings);
	residency_close_table(persons);
	return PointerGetDatum(NULL);
}
