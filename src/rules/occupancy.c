/*
 * occupancy.c
 *	  Who may move into a dwelling: how it stands, and how many it holds.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/numeric.h"

#include "cache/policy.h"
#include "rules/occupancy.h"
#include "rules/refuse.h"
#include "rules/row.h"

#define TABLE "registry.residence"
#define NO_LIMIT PG_INT32_MAX

static void check_standing(Relation dwellings, HeapTuple dwelling, const char *key);
static void check_capacity(Relation dwellings, HeapTuple dwelling, const char *key,
						   Relation residences, int64 residence, DateADT day);
static bool needs_letter(Relation dwellings, HeapTuple home, DateADT day);
static int	count_residents(Relation dwellings, Relation residences, int64 dwelling, int64 residence);
static int	kind_allows(const char *kind, int64 division, DateADT day);
static int	area_allows(Datum area, int64 division, DateADT day);

PG_FUNCTION_INFO_V1(residency_kind_allows);
PG_FUNCTION_INFO_V1(residency_area_allows);

bool
residency_is_current(Datum state)
{
	char	   *name = TextDatumGetCString(state);

	return strcmp(name, "active") == 0 || strcmp(name, "reported") == 0 || strcmp(name, "verifying") == 0;
}

void
residency_check_place(Relation dwellings, Relation residences,
					  HeapTuple home, int64 residence, DateADT day)
{
	bool		letter_missing = needs_letter(dwellings, home, day);
	HeapTuple	row = home;

	/* from the inside out, so that any two who meet in a building lock in one order */
	while (row != NULL)
	{
		char	   *key = psprintf(INT64_FORMAT, residency_int8_column(dwellings, row, "dwelling_id"));
		int64		whole = residency_int8_column(dwellings, row, "parent_id");
		bool		no_letter;

		check_standing(dwellings, row, key);
		check_capacity(dwellings, row, key, residences, residence, day);
		(void) residency_column(dwellings, row, "safety_letter_on", &no_letter);
		letter_missing &= no_letter;
		row = whole == 0 ? NULL :
			residency_lock_row(dwellings, "dwelling_id", whole, LockTupleNoKeyExclusive);
	}
	if (letter_missing)
	{
		const char *facts[] = {psprintf(INT64_FORMAT, residency_int8_column(dwellings, home, "dwelling_id"))};

		residency_refuse("RG028", lengthof(facts), facts, TABLE, "dwelling_id");
	}
}

static void
check_standing(Relation dwellings, HeapTuple dwelling, const char *key)
{
	char	   *let_state = residency_text_column(dwellings, dwelling, "let_state");
	const char *facts[] = {key};

	if (strcmp(let_state, "prohibited") == 0)
		residency_refuse("RG026", lengthof(facts), facts, TABLE, "dwelling_id");
	if (strcmp(let_state, "demolished") == 0)
		residency_refuse("RG027", lengthof(facts), facts, TABLE, "dwelling_id");
}

static bool
needs_letter(Relation dwellings, HeapTuple home, DateADT day)
{
	char	   *let_state = residency_text_column(dwellings, home, "let_state");
	Datum		needed;

	if (strcmp(let_state, "let") != 0 && strcmp(let_state, "lettable") != 0)
		return false;
	return residency_policy("safety_letter_needed", residency_int8_column(dwellings, home, "division"), day,
							AS_BOOLEAN, &needed) && DatumGetBool(needed);
}

static void
check_capacity(Relation dwellings, HeapTuple dwelling, const char *key,
			   Relation residences, int64 residence, DateADT day)
{
	int64		division = residency_int8_column(dwellings, dwelling, "division");
	char	   *kind = residency_text_column(dwellings, dwelling, "kind");
	bool		no_area;
	Datum		area = residency_column(dwellings, dwelling, "usable_area", &no_area);
	int			by_kind = kind_allows(kind, division, day);
	int			by_area = no_area ? NO_LIMIT : area_allows(area, division, day);
	int			residents;

	if (by_kind == NO_LIMIT && by_area == NO_LIMIT)
		return;
	residents = count_residents(dwellings, residences, residency_int8_column(dwellings, dwelling, "dwelling_id"), residence) + 1;
	if (residents > by_kind)
	{
		const char *facts[] = {key, psprintf("%d", residents), kind, psprintf("%d", by_kind)};

		residency_refuse("RG030", lengthof(facts), facts, TABLE, "dwelling_id");
	}
	if (residents > by_area)
	{
		const char *facts[] = {
			key, DatumGetCString(DirectFunctionCall1(numeric_out, area)),
			psprintf("%d", residents), psprintf("%d", by_area)
		};

		residency_refuse("RG029", lengthof(facts), facts, TABLE, "dwelling_id");
	}
}

/* Who lives in a dwelling and its parts now.  A part is of a lower kind than its whole: this ends. */
static int
count_residents(Relation dwellings, Relation residences, int64 dwelling, int64 residence)
{
	RowScan		rows = residency_begin_rows(residences, "dwelling_id", dwelling);
	HeapTuple	row;
	int			count = 0;
	bool		isnull;

	while ((row = residency_next_row(&rows)) != NULL)
		if (residency_is_current(residency_column(residences, row, "state", &isnull)) &&
			residency_int8_column(residences, row, "residence_id") != residence)
			count++;
	residency_end_rows(&rows);

	rows = residency_begin_rows(dwellings, "parent_id", dwelling);
	while ((row = residency_next_row(&rows)) != NULL)
		count += count_residents(dwellings, residences, residency_int8_column(dwellings, row, "dwelling_id"), residence);
	residency_end_rows(&rows);
	return count;
}

static int
kind_allows(const char *kind, int64 division, DateADT day)
{
	const char *key = strcmp(kind, "room") == 0 ? "room_limit" :
		strcmp(kind, "bed") == 0 ? "bed_limit" : NULL;
	Datum		limit;

	return key != NULL && residency_policy(key, division, day, AS_INTEGER, &limit) ?
		DatumGetInt32(limit) : NO_LIMIT;
}

static int
area_allows(Datum area, int64 division, DateADT day)
{
	Datum		single;
	Datum		shared;
	bool		has_single = residency_policy("area_per_person_single", division, day, AS_NUMERIC, &single);
	bool		has_shared = residency_policy("area_per_person_shared", division, day, AS_NUMERIC, &shared);
	int			persons = 0;

	if (has_shared)
		persons = DatumGetInt32(DirectFunctionCall1(numeric_int4,
													DirectFunctionCall2(numeric_div_trunc, area, shared)));
	if (persons >= 2)
		return persons;
	if (has_single && DatumGetBool(DirectFunctionCall2(numeric_lt, area, single)))
		return 0;
	return has_shared ? 1 : NO_LIMIT;
}

/*
 * kind_allows(kind text, division division_code, "on" date) -> integer
 *	  NULL where there is no limit.
 */
Datum
residency_kind_allows(PG_FUNCTION_ARGS)
{
	int			limit = kind_allows(text_to_cstring(PG_GETARG_TEXT_PP(0)), PG_GETARG_INT64(1), PG_GETARG_DATEADT(2));

	if (limit == NO_LIMIT)
		PG_RETURN_NULL();
	PG_RETURN_INT32(limit);
}

/*
 * area_allows(usable_area numeric, division division_code, "on" date) -> integer
 *	  NULL where there is no limit.
 */
Datum
residency_area_allows(PG_FUNCTION_ARGS)
{
	int			limit = area_allows(PG_GETARG_DATUM(0), PG_GETARG_INT64(1), PG_GETARG_DATEADT(2));

	if (limit == NO_LIMIT)
		PG_RETURN_NULL();
	PG_RETURN_INT32(limit);
}
