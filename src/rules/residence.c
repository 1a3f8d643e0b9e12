/*
 * residence.c
 *	  The trigger before a residence begins, or begins again: what it must be,
 *	  and what the register itself fills in.
 *
 * It is C because every arrival passes here.  With SPI the same took 70
 * microseconds in bulk, most of it to set up queries; row by row a single arrival
 * costs 18 more than a bare INSERT, with the unique index.
 * Guardians wait until the statement is done (guardian.c), so that a
 * family may arrive in any order.
 *
 * The person's row is locked before the other residences are read, so that no
 * two transactions miss each other:
 *
 *	an open residence	FOR KEY SHARE, which its foreign key takes anyway; two of
 *						them meet in the index residence_one_current
 *	a past one, or one	FOR UPDATE, which waits for the open ones and the past
 *	that grows			ones alike
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "commands/trigger.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"

#include "cache/code.h"
#include "cache/policy.h"
#include "core/division_code.h"
#include "rules/day.h"
#include "rules/occupancy.h"
#include "rules/refuse.h"
#include "rules/row.h"

#define TABLE "registry.residence"
#define FOR_EVER DATEVAL_NOEND
/* whose birth date is not known has not been born before */
#define EARLIEST_BIRTH (date2j(1900, 1, 1) - POSTGRES_EPOCH_JDATE)

/* What the trigger works on: the tables, the new row, and its columns that matter. */
typedef struct Case
{
	Relation	persons;
	Relation	dwellings;
	Relation	residences;
	HeapTuple	row;
	HeapTuple	home;			/* the dwelling's row */
	bool		is_new;			/* a new row, or one whose time grows? */
	int64		residence;		/* 0 if new */
	int64		person;
	int64		dwelling;
	int64		guardian;		/* 0 if none */
	DateADT		arrived;
	DateADT		departed;		/* FOR_EVER while the person lives there */
	DateADT		reported;
	DateADT		today;
	int64		division;
	int64		grid;			/* 0 if none */
} Case;

/* Columns that the register fills in. */
typedef struct Derived
{
	DateADT		half_year_from;
	int64		follows;		/* 0 if none */
} Derived;

PG_FUNCTION_INFO_V1(residency_residence_arrive);

static const char *
key_text(int64 key)
{
	return psprintf(INT64_FORMAT, key);
}

/* Refuses with up to four facts. */
static void
refuse(const char *code, const char *column, const char *a, const char *b, const char *c, const char *d)
{
	const char *facts[] = {a, b, c, d};

	residency_refuse(code, lengthof(facts), facts, TABLE, column);
}

static bool
is_blank(Datum entry)
{
	char	   *string = TextDatumGetCString(entry);

	return string[strspn(string, " \t\r\n")] == '\0';
}

/* What the days and the state say for themselves. */
static void
check_days(Case *c)
{
	bool		isnull;
	bool		has_departed;
	Datum		state = residency_column(c->residences, c->row, "state", &isnull);
	bool		is_current = residency_is_current(state);
	char	   *state_name = residency_clipped(state);

	(void) residency_column(c->residences, c->row, "departed_on", &isnull);
	has_departed = !isnull;

	if (c->is_new && !residency_is_residence_step(NULL, DatumGetTextPP(state)))
		refuse("RG034", "state", "(new)", "new", state_name, NULL);
	if (c->arrived > c->today)
		refuse("RG022", "arrived_on", residency_day_text(c->arrived), residency_day_text(c->today), NULL, NULL);
	if (c->departed < c->arrived)
		refuse("RG023", "departed_on", residency_day_text(c->arrived), residency_day_text(c->departed), NULL, NULL);
	/* the day infinity is a departure, and not an open residence */
	if (has_departed && c->departed > c->today)
		refuse("RG024", "departed_on", residency_day_text(c->departed), residency_day_text(c->today), NULL, NULL);
	if (is_current == has_departed)
		refuse("RG038", "departed_on", state_name, is_current ? "does not have" : "needs", NULL, NULL);
	if (c->reported > c->today)
		refuse("RG043", "reported_at", residency_day_text(c->reported), residency_day_text(c->today), NULL, NULL);
}

/* One that was closed without contact says why, also when it is entered afterwards. */
static void
check_reason(Case *c)
{
	bool		isnull;
	char	   *state = TextDatumGetCString(residency_column(c->residences, c->row, "state", &isnull));
	Datum		reason = residency_column(c->residences, c->row, "close_reason", &isnull);

	if (strcmp(state, "auto_closed") == 0 && (isnull || is_blank(reason)))
		refuse("RG036", "close_reason", state, NULL, NULL, NULL);
}

static void
check_codes(Case *c)
{
	static const struct
	{
		const char *column;
		const char *list;
	}			coded[] = {
		{"reason", "residence_reason"},
		{"intended_stay", "intended_stay"},
		{"place_kind", "place_kind"},
		{"channel", "channel"}
	};

	for (int i = 0; i < (int) lengthof(coded); i++)
	{
		bool		isnull;
		Datum		code = residency_column(c->residences, c->row, coded[i].column, &isnull);

		if (!isnull)
			residency_check_code(coded[i].list, code, TABLE, coded[i].column);
	}
}

/* Somebody whose data was purged is nobody any more. Before migrate() there is no such column. */
static void
refuse_unknown(Case *c, HeapTuple person)
{
	DateADT		gone;

	if (get_attnum(RelationGetRelid(c->persons), "pseudonymised_on") == InvalidAttrNumber)
		return;
	gone = residency_date_column(c->persons, person, "pseudonymised_on", FOR_EVER);
	if (gone != FOR_EVER)
		refuse("RG357", "person_id", key_text(c->person), residency_day_text(gone), NULL, NULL);
}

/* The person, locked; and what the age on arrival asks for. */
static void
check_person(Case *c)
{
	bool		is_open = c->departed == FOR_EVER;
	HeapTuple	person = residency_lock_row(c->persons, "person_id", c->person,
											c->is_new && is_open ? LockTupleKeyShare : LockTupleExclusive);
	Datum		guarded_below;
	DateADT		birth;

	if (person == NULL)
		refuse("RG010", "person_id", key_text(c->person), NULL, NULL, NULL);
	refuse_unknown(c, person);
	birth = residency_date_column(c->persons, person, "birth_date", EARLIEST_BIRTH);
	if (c->arrived < birth)
		refuse("RG025", "arrived_on", residency_day_text(c->arrived), NULL, NULL, NULL);
	if (c->guardian == c->person)
		refuse("RG041", "guardian_person_id", key_text(c->person), NULL, NULL, NULL);
	if (is_open && c->guardian == 0 &&
		residency_policy("guarded_below_age", c->division, c->arrived, AS_INTEGER, &guarded_below) &&
		residency_age_on(birth, c->arrived) < DatumGetInt32(guarded_below))
		refuse("RG031", "guardian_person_id", key_text(c->person),
			   psprintf("%d", residency_age_on(birth, c->arrived)),
			   psprintf("%d", DatumGetInt32(guarded_below)), NULL);
}

/* The dwelling; locked if somebody moves in, as others count who lives there too. */
static void
find_dwelling(Case *c)
{
	c->home = c->departed == FOR_EVER ?
		residency_lock_row(c->dwellings, "dwelling_id", c->dwelling, LockTupleNoKeyExclusive) :
		residency_find_row(c->dwellings, "dwelling_id", c->dwelling);
	if (c->home == NULL)
		refuse("RG011", "dwelling_id", key_text(c->dwelling), NULL, NULL, NULL);
	c->division = residency_int8_column(c->dwellings, c->home, "division");
	c->grid = residency_int8_column(c->dwellings, c->home, "grid_id");
}

/* Rejected or voided, a residence stands in nobody's way. */
static bool
is_dead(Relation residences, HeapTuple row)
{
	bool		isnull;
	char	   *state = TextDatumGetCString(residency_column(residences, row, "state", &isnull));

	return strcmp(state, "rejected") == 0 || strcmp(state, "voided") == 0;
}

static bool
overlap(DateADT arrived, DateADT departed, DateADT other_arrived, DateADT other_departed)
{
	return arrived < departed && other_arrived < other_departed &&
		arrived < other_departed && other_arrived < departed;
}

static void
refuse_overlap(Case *c, int64 residence, int64 dwelling, DateADT arrived, DateADT departed)
{
	if (c->departed == FOR_EVER && departed == FOR_EVER)
		refuse("RG020", "person_id", key_text(c->person), key_text(dwelling), residency_day_text(arrived), key_text(residence));
	refuse("RG021", "arrived_on", key_text(residence),
		   departed == FOR_EVER ? psprintf("[%s,)", residency_day_text(arrived)) :
		   psprintf("[%s,%s)", residency_day_text(arrived), residency_day_text(departed)), NULL, NULL);
}

/*
 * Goes through the other residences of the person: one in the way is refused;
 * the last one that ended in the same city, no more days before than policy
 * allows, is followed, and its half-year goes on.
 */
static Derived
meet_others(Case *c)
{
	/* a report may come before the arrival; the half-year does not */
	Derived		derived = {Max(c->reported, c->arrived), 0};
	DateADT		last_departed = DATEVAL_NOBEGIN;
	Datum		gap = Int32GetDatum(0);
	RowScan		rows = residency_begin_rows(c->residences, "person_id", c->person);
	HeapTuple	other;

	while ((other = residency_next_row(&rows)) != NULL)
	{
		int64		residence = residency_int8_column(c->residences, other, "residence_id");
		DateADT		arrived = residency_date_column(c->residences, other, "arrived_on", DATEVAL_NOBEGIN);
		DateADT		departed = residency_date_column(c->residences, other, "departed_on", FOR_EVER);

		if (residence == c->residence || is_dead(c->residences, other))
			continue;
		if (overlap(c->arrived, c->departed, arrived, departed))
			refuse_overlap(c, residence, residency_int8_column(c->residences, other, "dwelling_id"), arrived, departed);

		if (departed > c->arrived || departed < last_departed ||
			residency_division_code_city(residency_int8_column(c->residences, other, "division")) !=
			residency_division_code_city(c->division))
			continue;
		(void) residency_policy("continuity_gap", c->division, c->arrived, AS_INTEGER, &gap);
		if (departed >= (int64) c->arrived - DatumGetInt32(gap))
		{
			derived.half_year_from = residency_date_column(c->residences, other, "half_year_from", c->reported);
			derived.follows = residence;
			last_departed = departed;
		}
	}
	residency_end_rows(&rows);
	return derived;
}

/* The row with what the register decides. */
static HeapTuple
fill_in(Case *c, Derived derived)
{
	TupleDesc	desc = RelationGetDescr(c->residences);
	bool		isnull;
	Datum		state = residency_column(c->residences, c->row, "state", &isnull);
	Datum		verified = residency_column(c->residences, c->row, "verified_at", &isnull);
	TimestampTz now = GetCurrentTransactionStartTimestamp();
	bool		never_closed;
	TimestampTz closed = DatumGetTimestampTz(residency_column(c->residences, c->row, "closed_at", &never_closed));
	struct
	{
		const char *column;
		Datum		value;
		bool		isnull;
	}			fill[] = {
		{"division", Int64GetDatum(c->division), false},
		{"grid_id", Int64GetDatum(c->grid), c->grid == 0},
		{"half_year_from", DateADTGetDatum(derived.half_year_from), false},
		{"follows_id", Int64GetDatum(derived.follows), derived.follows == 0},
		{"verified_at", verified, isnull},
		/* one entered afterwards may say when it was closed, but not later than now */
		{"closed_at", TimestampTzGetDatum(never_closed ? now : Min(closed, now)), c->departed == FOR_EVER}
	};
	int			columns[lengthof(fill)];
	Datum		values[lengthof(fill)];
	bool		nulls[lengthof(fill)];

	if (isnull && strcmp(TextDatumGetCString(state), "active") == 0)
	{
		fill[4].value = TimestampTzGetDatum(now);
		fill[4].isnull = false;
	}
	for (int i = 0; i < (int) lengthof(fill); i++)
	{
		columns[i] = residency_column_number(c->residences, fill[i].column);
		values[i] = fill[i].value;
		nulls[i] = fill[i].isnull;
	}
	return heap_modify_tuple_by_cols(c->row, desc, lengthof(fill), columns, values, nulls);
}

static HeapTuple
judge(Case *c)
{
	bool		isnull;
	TimestampTz reported = DatumGetTimestampTz(residency_column(c->residences, c->row, "reported_at", &isnull));
	Derived		derived;

	c->person = residency_int8_column(c->residences, c->row, "person_id");
	c->dwelling = residency_int8_column(c->residences, c->row, "dwelling_id");
	c->guardian = residency_int8_column(c->residences, c->row, "guardian_person_id");
	c->arrived = residency_date_column(c->residences, c->row, "arrived_on", DATEVAL_NOBEGIN);
	c->departed = residency_date_column(c->residences, c->row, "departed_on", FOR_EVER);
	c->today = residency_china_day(GetCurrentTransactionStartTimestamp());
	c->reported = isnull ? c->today : residency_china_day(reported);

	check_days(c);
	if (c->is_new)
		check_reason(c);
	check_codes(c);
	find_dwelling(c);
	check_person(c);
	derived = meet_others(c);
	if (c->departed == FOR_EVER)
		residency_check_place(c->dwellings, c->residences, c->home, c->residence, c->arrived);
	return c->is_new ? fill_in(c, derived) : c->row;
}

/* A missing value is for the column's NOT NULL to refuse. */
static bool
is_complete(Relation residences, HeapTuple row)
{
	static const char *const needed[] = {"person_id", "dwelling_id", "arrived_on", "state"};
	bool		isnull = false;

	for (int i = 0; i < (int) lengthof(needed) && !isnull; i++)
		(void) residency_column(residences, row, needed[i], &isnull);
	return !isnull;
}

/*
 * residency.residence_arrive() -> trigger
 *	  BEFORE INSERT, or UPDATE that makes the time of a residence grow, for each
 *	  row of registry.residence.  Refuses with RG006, RG010, RG011, RG020-RG031,
 *	  RG034, RG036, RG038, RG041, RG043; in a new row sets division, grid_id,
 *	  half_year_from, follows_id, verified_at and closed_at.
 */
Datum
residency_residence_arrive(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	Case		c = {0};

	if (!CALLED_AS_TRIGGER(fcinfo) ||
		!TRIGGER_FIRED_BEFORE(trigger->tg_event) ||
		!TRIGGER_FIRED_FOR_ROW(trigger->tg_event) ||
		TRIGGER_FIRED_BY_DELETE(trigger->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("residency.residence_arrive is called wrongly"),
				 errhint("Make it a BEFORE INSERT or UPDATE trigger for each row of registry.residence.")));

	c.residences = trigger->tg_relation;
	c.is_new = TRIGGER_FIRED_BY_INSERT(trigger->tg_event);
	c.row = c.is_new ? trigger->tg_trigtuple : trigger->tg_newtuple;
	if (!is_complete(c.residences, c.row) || (!c.is_new && is_dead(c.residences, c.row)))
		return PointerGetDatum(c.row);
	if (!c.is_new)
		c.residence = residency_int8_column(c.residences, c.row, "residence_id");

	c.persons = residency_open_table("person");
	c.dwellings = residency_open_table("dwelling");
	c.row = judge(&c);
	residency_close_table(c.dwellings);
	residency_close_table(c.persons);
	return PointerGetDatum(c.row);
}
