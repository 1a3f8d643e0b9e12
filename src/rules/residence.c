/*
 * residence.c
 *	  The trigger before a new residence: what one arrival must be, and what the
 *	  register itself fills in.
 *
 * It is C because every arrival passes here; with its two saved queries it
 * takes a quarter of the time of the same in PL/pgSQL (make bench).  What is
 * judged beyond the row, the place and the guardian, waits until the statement
 * is done: sql/function/53-residence.sql.
 *
 * The person's row is locked before the other residences are read, with the
 * latest snapshot, so that no two transactions miss each other:
 *
 *	an open residence		FOR KEY SHARE, which its foreign key takes anyway;
 *							two of them meet in the index residence_one_current
 *	a past residence		FOR UPDATE, which waits for the open ones and the
 *							past ones alike
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/rangetypes.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "rules/refuse.h"

#define TABLE "registry.residence"

/* Columns that the trigger reads or writes, in the order of column_names. */
typedef enum Column
{
	PERSON_ID, DWELLING_ID, ARRIVED_ON, DEPARTED_ON, STATE, REASON, INTENDED_STAY, PLACE_KIND,
	CHANNEL, GUARDIAN_PERSON_ID, REPORTED_AT,
	COLUMNS_READ,
	HALF_YEAR_FROM = COLUMNS_READ, DIVISION, GRID_ID, FOLLOWS_ID, VERIFIED_AT,
	COLUMNS
} Column;

static const char *const column_names[COLUMNS] = {
	"person_id", "dwelling_id", "arrived_on", "departed_on", "state", "reason", "intended_stay",
	"place_kind", "channel", "guardian_person_id", "reported_at",
	"half_year_from", "division", "grid_id", "follows_id", "verified_at"
};

static const Oid column_types[COLUMNS_READ] = {
	INT8OID, INT8OID, DATEOID, DATEOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, INT8OID,
	TIMESTAMPTZOID
};

/* The new row: the columns as parameters of the queries, $1 … $11. */
typedef struct Arrival
{
	int			attnums[COLUMNS];
	Datum		values[COLUMNS];
	bool		isnull[COLUMNS];
} Arrival;

/*
 * What the row depends on.  Where a person, a dwelling or a code is not known,
 * the answer says so and the refusal follows here.
 */
#define SCENE(lock) \
	"SELECT d.division, d.grid_id, d.dwelling_id IS NOT NULL, p.birth_date, " \
	" residency.local_day($11), residency.today(), " \
	" residency.age(p.birth_date, $3), residency.policy_int('guarded_below_age', d.division, $3), " \
	" $3 - residency.policy_int('continuity_gap', d.division, $3), " \
	" EXISTS (SELECT FROM code.residence_transition t WHERE t.from_state IS NULL AND t.to_state = $5), " \
	" residency.is_code('residence_reason', $6), residency.is_code('intended_stay', $7), " \
	" residency.is_code('place_kind', $8), residency.is_code('channel', $9) " \
	"FROM registry.person p LEFT JOIN registry.dwelling d ON d.dwelling_id = $2 " \
	"WHERE p.person_id = $1 FOR " lock " OF p"

typedef enum Scene
{
	SCENE_DIVISION = 1, SCENE_GRID, SCENE_HAS_DWELLING, SCENE_BIRTH, SCENE_REPORTED, SCENE_TODAY,
	SCENE_AGE, SCENE_GUARDED_BELOW, SCENE_UNBROKEN_FROM, SCENE_STEP,
	SCENE_REASON, SCENE_STAY, SCENE_PLACE, SCENE_CHANNEL
} Scene;

/* The residence of the person that is in the way, or else the one that this one follows. */
#define NEIGHBOUR \
	"SELECT r.residence_id::text, r.dwelling_id::text, r.arrived_on, r.period::text, " \
	" r.period && pg_catalog.daterange($3, $4) AS in_the_way, " \
	" r.departed_on IS NULL AND $4 IS NULL AS both_current, " \
	" r.residence_id, r.half_year_from " \
	"FROM registry.residence r " \
	"WHERE r.person_id = $1 AND r.state NOT IN ('rejected', 'voided') " \
	"AND COALESCE(r.departed_on, 'infinity') >= $12 AND r.arrived_on <= COALESCE($4, 'infinity') " \
	"AND (r.period && pg_catalog.daterange($3, $4) " \
	"     OR residency.city(r.division) OPERATOR(residency.=) " \
	"        residency.city((SELECT d.division FROM registry.dwelling d WHERE d.dwelling_id = $2))) " \
	"ORDER BY in_the_way DESC, both_current DESC, r.departed_on DESC LIMIT 1"

typedef enum Neighbour
{
	NEIGHBOUR_ID = 1, NEIGHBOUR_DWELLING, NEIGHBOUR_ARRIVED, NEIGHBOUR_PERIOD,
	NEIGHBOUR_IN_THE_WAY, NEIGHBOUR_BOTH_CURRENT, NEIGHBOUR_KEY, NEIGHBOUR_HALF_YEAR
} Neighbour;

static SPIPlanPtr scene_of_open = NULL;
static SPIPlanPtr scene_of_past = NULL;
static SPIPlanPtr neighbour = NULL;

PG_FUNCTION_INFO_V1(residency_residence_arrive);

static Arrival
read_arrival(TriggerData *trigger)
{
	TupleDesc	desc = RelationGetDescr(trigger->tg_relation);
	Arrival		arrival;

	for (int i = 0; i < COLUMNS; i++)
	{
		arrival.attnums[i] = SPI_fnumber(desc, column_names[i]);
		if (arrival.attnums[i] <= 0)
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_COLUMN),
					 errmsg("table \"%s\" has no column \"%s\"",
							RelationGetRelationName(trigger->tg_relation), column_names[i]),
					 errhint("CALL residency.migrate() brings tables and code in step.")));
		arrival.values[i] = heap_getattr(trigger->tg_trigtuple, arrival.attnums[i], desc,
										 &arrival.isnull[i]);
	}
	return arrival;
}

static SPIPlanPtr
saved_plan(SPIPlanPtr *saved, const char *query, int nargs, const Oid *types)
{
	if (*saved == NULL)
	{
		SPIPlanPtr	plan = SPI_prepare_cursor(query, nargs, unconstify(Oid *, types),
											  CURSOR_OPT_GENERIC_PLAN);

		if (plan == NULL || SPI_keepplan(plan) != 0)
			elog(ERROR, "could not prepare a query: %s", SPI_result_code_string(SPI_result));
		*saved = plan;
	}
	return *saved;
}

/* Runs a query whose first parameters are the columns read, and gives its row, or NULL. */
static HeapTuple
query_row(SPIPlanPtr plan, const Datum *values, const bool *isnull, int nargs, Snapshot snapshot)
{
	char		nulls[COLUMNS_READ + 1];

	for (int i = 0; i < nargs; i++)
		nulls[i] = isnull[i] ? 'n' : ' ';
	if (SPI_execute_snapshot(plan, unconstify(Datum *, values), nulls, snapshot, InvalidSnapshot,
							 snapshot != InvalidSnapshot, false, 1) != SPI_OK_SELECT)
		elog(ERROR, "could not read: %s", SPI_result_code_string(SPI_result));
	return SPI_processed > 0 ? SPI_tuptable->vals[0] : NULL;
}

static Datum
field(HeapTuple row, int number, bool *isnull)
{
	return SPI_getbinval(row, SPI_tuptable->tupdesc, number, isnull);
}

/* A truth value; what is not known counts as said. */
static bool
holds(HeapTuple row, int number, bool unknown)
{
	bool		isnull;
	Datum		value = field(row, number, &isnull);

	return isnull ? unknown : DatumGetBool(value);
}

/* As an ISO day, whatever the session's DateStyle. */
static const char *
day_text(DateADT day)
{
	int			year,
				month,
				mday;

	if (DATE_IS_NOBEGIN(day))
		return "-infinity";
	if (DATE_IS_NOEND(day))
		return "infinity";
	j2date(day + POSTGRES_EPOCH_JDATE, &year, &month, &mday);
	return year > 0 ? psprintf("%04d-%02d-%02d", year, month, mday)
		: psprintf("%04d-%02d-%02d BC", 1 - year, month, mday);
}

static const char *
text_of(const Arrival *arrival, Column column)
{
	if (arrival->isnull[column])
		return NULL;
	switch (column_types[column])
	{
		case INT8OID:
			return psprintf(INT64_FORMAT, DatumGetInt64(arrival->values[column]));
		case DATEOID:
			return day_text(DatumGetDateADT(arrival->values[column]));
		default:
			return pnstrdup(TextDatumGetCString(arrival->values[column]), 20);
	}
}

static void
refuse(const char *code, Column column, const char *a, const char *b, const char *c, const char *d)
{
	const char *facts[] = {a, b, c, d};

	residency_refuse(code, lengthof(facts), facts, TABLE, column_names[column]);
}

/* What the columns say for themselves. */
static void
check_days(const Arrival *arrival, DateADT today)
{
	DateADT		arrived = DatumGetDateADT(arrival->values[ARRIVED_ON]);
	DateADT		departed;
	const char *state = text_of(arrival, STATE);
	bool		is_open = strcmp(state, "reported") == 0 || strcmp(state, "verifying") == 0 ||
		strcmp(state, "active") == 0;

	if (arrived > today)
		refuse("RG022", ARRIVED_ON, day_text(arrived), day_text(today), NULL, NULL);
	if (!arrival->isnull[DEPARTED_ON])
	{
		departed = DatumGetDateADT(arrival->values[DEPARTED_ON]);
		if (departed < arrived)
			refuse("RG023", DEPARTED_ON, day_text(arrived), day_text(departed), NULL, NULL);
		if (departed > today)
			refuse("RG024", DEPARTED_ON, day_text(departed), day_text(today), NULL, NULL);
	}
	if (is_open != arrival->isnull[DEPARTED_ON])
		refuse("RG038", DEPARTED_ON, state, is_open ? "does not have" : "needs", NULL, NULL);
}

static void
check_codes(const Arrival *arrival, HeapTuple scene)
{
	static const struct
	{
		Scene		answer;
		Column		column;
		const char *list;
	}			coded[] = {
		{SCENE_REASON, REASON, "residence_reason"},
		{SCENE_STAY, INTENDED_STAY, "intended_stay"},
		{SCENE_PLACE, PLACE_KIND, "place_kind"},
		{SCENE_CHANNEL, CHANNEL, "channel"}
	};

	for (int i = 0; i < (int) lengthof(coded); i++)
		if (!holds(scene, coded[i].answer, true))
			refuse("RG006", coded[i].column, coded[i].list, text_of(arrival, coded[i].column), NULL, NULL);
	if (!holds(scene, SCENE_STEP, false))
		refuse("RG034", STATE, "(new)", "new", text_of(arrival, STATE), NULL);
}

static void
check_person(const Arrival *arrival, HeapTuple scene)
{
	DateADT		arrived = DatumGetDateADT(arrival->values[ARRIVED_ON]);
	bool		unknown;
	DateADT		birth = DatumGetDateADT(field(scene, SCENE_BIRTH, &unknown));
	const char *person = text_of(arrival, PERSON_ID);
	int			age,
				guarded_below;

	if (unknown)
		birth = date2j(1900, 1, 1) - POSTGRES_EPOCH_JDATE;
	if (arrived < birth)
		refuse("RG025", ARRIVED_ON, day_text(arrived), NULL, NULL, NULL);
	if (!arrival->isnull[GUARDIAN_PERSON_ID] &&
		DatumGetInt64(arrival->values[GUARDIAN_PERSON_ID]) == DatumGetInt64(arrival->values[PERSON_ID]))
		refuse("RG041", GUARDIAN_PERSON_ID, person, NULL, NULL, NULL);

	age = DatumGetInt32(field(scene, SCENE_AGE, &unknown));
	guarded_below = unknown ? 0 : DatumGetInt32(field(scene, SCENE_GUARDED_BELOW, &unknown));
	if (!unknown && age < guarded_below &&
		arrival->isnull[GUARDIAN_PERSON_ID] && arrival->isnull[DEPARTED_ON])
		refuse("RG031", GUARDIAN_PERSON_ID, person, psprintf("%d", age), psprintf("%d", guarded_below), NULL);
}

/* Fills in what the register decides, from the scene alone. */
static void
derive(Arrival *arrival, HeapTuple scene)
{
	arrival->values[DIVISION] = field(scene, SCENE_DIVISION, &arrival->isnull[DIVISION]);
	arrival->values[GRID_ID] = field(scene, SCENE_GRID, &arrival->isnull[GRID_ID]);
	arrival->values[HALF_YEAR_FROM] = field(scene, SCENE_REPORTED, &arrival->isnull[HALF_YEAR_FROM]);
	arrival->isnull[FOLLOWS_ID] = true;
	if (arrival->isnull[VERIFIED_AT] && strcmp(text_of(arrival, STATE), "active") == 0)
	{
		arrival->values[VERIFIED_AT] = TimestampTzGetDatum(GetCurrentTransactionStartTimestamp());
		arrival->isnull[VERIFIED_AT] = false;
	}
}

/*
 * Refuses a residence that is in the way of another of the person, or takes
 * over the half-year of the one that it follows.
 */
static void
meet_neighbour(Arrival *arrival, HeapTuple other)
{
	TupleDesc	desc = SPI_tuptable->tupdesc;
	bool		isnull;

	if (!holds(other, NEIGHBOUR_IN_THE_WAY, false))
	{
		arrival->values[HALF_YEAR_FROM] = field(other, NEIGHBOUR_HALF_YEAR, &isnull);
		arrival->values[FOLLOWS_ID] = field(other, NEIGHBOUR_KEY, &arrival->isnull[FOLLOWS_ID]);
	}
	else if (holds(other, NEIGHBOUR_BOTH_CURRENT, false))
		refuse("RG020", PERSON_ID, text_of(arrival, PERSON_ID),
			   SPI_getvalue(other, desc, NEIGHBOUR_DWELLING),
			   day_text(DatumGetDateADT(field(other, NEIGHBOUR_ARRIVED, &isnull))),
			   SPI_getvalue(other, desc, NEIGHBOUR_ID));
	else
		refuse("RG021", ARRIVED_ON, SPI_getvalue(other, desc, NEIGHBOUR_ID),
			   SPI_getvalue(other, desc, NEIGHBOUR_PERIOD), NULL, NULL);
}

static void
judge_arrival(Arrival *arrival)
{
	bool		is_open = arrival->isnull[DEPARTED_ON];
	Oid			types[COLUMNS_READ + 1];
	Datum		values[COLUMNS_READ + 1];
	bool		isnull[COLUMNS_READ + 1];
	HeapTuple	scene,
				other;

	memcpy(types, column_types, sizeof(column_types));
	types[COLUMNS_READ] = DATEOID;
	scene = query_row(is_open ?
					  saved_plan(&scene_of_open, SCENE("KEY SHARE"), COLUMNS_READ, types) :
					  saved_plan(&scene_of_past, SCENE("UPDATE"), COLUMNS_READ, types),
					  arrival->values, arrival->isnull, COLUMNS_READ, InvalidSnapshot);
	if (scene == NULL)
		refuse("RG010", PERSON_ID, text_of(arrival, PERSON_ID), NULL, NULL, NULL);
	if (!holds(scene, SCENE_HAS_DWELLING, false))
		refuse("RG011", DWELLING_ID, text_of(arrival, DWELLING_ID), NULL, NULL, NULL);
	check_days(arrival, DatumGetDateADT(field(scene, SCENE_TODAY, &isnull[0])));
	check_codes(arrival, scene);
	check_person(arrival, scene);
	derive(arrival, scene);

	memcpy(values, arrival->values, sizeof(Datum) * COLUMNS_READ);
	memcpy(isnull, arrival->isnull, sizeof(bool) * COLUMNS_READ);
	values[COLUMNS_READ] = field(scene, SCENE_UNBROKEN_FROM, &isnull[COLUMNS_READ]);
	other = query_row(saved_plan(&neighbour, NEIGHBOUR, COLUMNS_READ + 1, types),
					  values, isnull, COLUMNS_READ + 1, GetLatestSnapshot());
	if (other != NULL)
		meet_neighbour(arrival, other);
}

/*
 * residency.residence_arrive() -> trigger
 *	  BEFORE INSERT, for each row of registry.residence.  Refuses with RG006,
 *	  RG010, RG011, RG020-RG025, RG031, RG034, RG038, RG041; sets division,
 *	  grid_id, half_year_from, follows_id and verified_at.
 */
Datum
residency_residence_arrive(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	HeapTuple	row;
	Arrival		arrival;

	if (!CALLED_AS_TRIGGER(fcinfo) ||
		!TRIGGER_FIRED_BEFORE(trigger->tg_event) ||
		!TRIGGER_FIRED_FOR_ROW(trigger->tg_event) ||
		!TRIGGER_FIRED_BY_INSERT(trigger->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("residency.residence_arrive is called wrongly"),
				 errhint("Make it a BEFORE INSERT trigger for each row of registry.residence.")));

	row = trigger->tg_trigtuple;
	arrival = read_arrival(trigger);
	/* a missing value is for the column's NOT NULL to refuse */
	for (Column c = PERSON_ID; c <= STATE; c++)
		if (arrival.isnull[c] && c != DEPARTED_ON)
			return PointerGetDatum(row);

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "could not connect to SPI");
	judge_arrival(&arrival);
	row = heap_modify_tuple_by_cols(row, RelationGetDescr(trigger->tg_relation),
									COLUMNS - COLUMNS_READ,
									arrival.attnums + COLUMNS_READ,
									arrival.values + COLUMNS_READ,
									arrival.isnull + COLUMNS_READ);
	/* SPI_finish frees what was made since SPI_connect */
	row = SPI_copytuple(row);
	SPI_finish();
	return PointerGetDatum(row);
}
