/*
 * deadline.c
 *	  Working days, terms and time limits as the law counts them.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/datetime.h"

#include "cache/calendar.h"
#include "cache/policy.h"
#include "rules/day.h"
#include "rules/deadline.h"
#include "rules/refuse.h"

#define GETARG_DIVISION(n) (PG_ARGISNULL(n) ? RESIDENCY_COUNTRY : PG_GETARG_INT64(n))

static DateADT getarg_day(FunctionCallInfo fcinfo, int n);
static TermUnit unit_of(text *entered);
static Term term_of(text *entered);
pg_noreturn static void refuse_term(const char *code, Term term);
pg_noreturn static void refuse_range(DateADT start, Term term);
static DateADT add_days(DateADT start, Term term);
static DateADT add_months(DateADT start, Term term);
static DateADT add_working_days(int64 division, DateADT start, int32 count);
static DateADT roll_over(int64 division, DateADT day);

PG_FUNCTION_INFO_V1(residency_is_working_day);
PG_FUNCTION_INFO_V1(residency_add_working_days);
PG_FUNCTION_INFO_V1(residency_working_days_between);
PG_FUNCTION_INFO_V1(residency_add_months_legal);
PG_FUNCTION_INFO_V1(residency_add_term_sql);
PG_FUNCTION_INFO_V1(residency_legal_deadline);
PG_FUNCTION_INFO_V1(residency_legal_deadline_term);
PG_FUNCTION_INFO_V1(residency_term_count);
PG_FUNCTION_INFO_V1(residency_term_unit);
PG_FUNCTION_INFO_V1(residency_policy_deadline);

/* A day that is one: not infinity. */
static DateADT
getarg_day(FunctionCallInfo fcinfo, int n)
{
	DateADT		day = PG_GETARG_DATEADT(n);

	if (DATE_NOT_FINITE(day))
	{
		const char *facts[] = {residency_day_text(day)};

		residency_refuse("RG101", lengthof(facts), facts, NULL, NULL);
	}
	return day;
}

static TermUnit
unit_of(text *entered)
{
	TermUnit	unit;

	if (!residency_term_unit_parse(VARDATA_ANY(entered), VARSIZE_ANY_EXHDR(entered), &unit))
	{
		const char *facts[] = {residency_clipped(PointerGetDatum(entered))};

		residency_refuse("RG104", lengthof(facts), facts, NULL, NULL);
	}
	return unit;
}

static Term
term_of(text *entered)
{
	Term		term;

	if (!residency_term_parse(VARDATA_ANY(entered), VARSIZE_ANY_EXHDR(entered), &term))
	{
		const char *facts[] = {residency_clipped(PointerGetDatum(entered))};

		residency_refuse("RG103", lengthof(facts), facts, NULL, NULL);
	}
	return term;
}

/* As the type of a policy's value reads its text. */
Datum
residency_read_term(PG_FUNCTION_ARGS)
{
	Term	   *term = palloc(sizeof(Term));

	*term = term_of(cstring_to_text(PG_GETARG_CSTRING(0)));
	PG_RETURN_POINTER(term);
}

static void
refuse_term(const char *code, Term term)
{
	char		written[RESIDENCY_TERM_SIZE];
	const char *facts[] = {written};

	residency_term_format(term, written);
	residency_refuse(code, lengthof(facts), facts, NULL, NULL);
}

static void
refuse_range(DateADT start, Term term)
{
	char		written[RESIDENCY_TERM_SIZE];
	const char *facts[] = {residency_day_text(start), written};

	residency_term_format(term, written);
	residency_refuse("RG102", lengthof(facts), facts, NULL, NULL);
}

static DateADT
add_days(DateADT start, Term term)
{
	int64		end = (int64) start + term.count;

	if (!IS_VALID_DATE(end))
		refuse_range(start, term);
	return (DateADT) end;
}

static DateADT
add_months(DateADT start, Term term)
{
	int64		months = term.unit == TERM_YEAR ? INT64CONST(12) * term.count : term.count;
	CalendarDay end;
	DateADT		day;

	if (!residency_add_months(residency_calendar_day(start), months, &end) ||
		!IS_VALID_JULIAN(end.year, end.month, end.day))
		refuse_range(start, term);
	day = date2j(end.year, end.month, end.day) - POSTGRES_EPOCH_JDATE;
	if (!IS_VALID_DATE(day))
		refuse_range(start, term);
	return day;
}

/*
 * Of zero days nothing is counted: the start, be it a working day or not.
 */
static DateADT
add_working_days(int64 division, DateADT start, int32 count)
{
	const WorkCalendar *calendar;
	int64		rank;
	DateADT		end;

	if (count == 0)
		return start;
	calendar = residency_calendar(division, start);
	rank = (int64) residency_work_rank(calendar, start) + count;
	/* backwards from the last working day before the start */
	if (count < 0 && !residency_works(calendar, start))
		rank++;
	if (!residency_work_select(calendar, rank, &end))
		residency_refuse_year(count > 0 ? (int64) calendar->first + calendar->days : (int64) calendar->first - 1);
	return end;
}

static DateADT
roll_over(int64 division, DateADT day)
{
	return residency_works(residency_calendar(division, day), day) ? day : add_working_days(division, day, 1);
}

DateADT
residency_add_term(int64 division, DateADT start, Term term)
{
	switch (term.unit)
	{
		case TERM_DAY:
			return add_days(start, term);
		case TERM_WORKING_DAY:
			return add_working_days(division, start, term.count);
		case TERM_MONTH:
		case TERM_YEAR:
			return add_months(start, term);
		case TERM_HOUR:
			break;
	}
	/* an hour has no day to end on: it starts at a moment (Civil Code 201) */
	refuse_term("RG105", term);
}

DateADT
residency_deadline(int64 division, DateADT start, Term term)
{
	DateADT		end;

	if (term.count < 0)
		refuse_term("RG106", term);
	end = residency_add_term(division, start, term);
	/* a working day that was counted gives way to none */
	return term.unit == TERM_WORKING_DAY && term.count > 0 ? end : roll_over(division, end);
}

/*
 * is_working_day(day date, division division_code) -> boolean
 */
Datum
residency_is_working_day(PG_FUNCTION_ARGS)
{
	DateADT		day;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	day = getarg_day(fcinfo, 0);
	PG_RETURN_BOOL(residency_works(residency_calendar(GETARG_DIVISION(1), day), day));
}

/*
 * add_working_days(start date, n integer, division division_code) -> date
 */
Datum
residency_add_working_days(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	PG_RETURN_DATEADT(add_working_days(GETARG_DIVISION(2), getarg_day(fcinfo, 0), PG_GETARG_INT32(1)));
}

/*
 * working_days_between(start date, "end" date, division division_code) -> integer
 *	  What add_working_days() would have to add: below zero if the end lies before.
 */
Datum
residency_working_days_between(PG_FUNCTION_ARGS)
{
	const WorkCalendar *calendar;
	DateADT		start;
	DateADT		end;
	int32		between;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	start = getarg_day(fcinfo, 0);
	end = getarg_day(fcinfo, 1);
	calendar = residency_calendar(GETARG_DIVISION(2), start);
	if (!residency_work_has(calendar, end))
		residency_refuse_year(end > start ? (int64) calendar->first + calendar->days : (int64) calendar->first - 1);

	between = residency_work_rank(calendar, end) - residency_work_rank(calendar, start);
	/* backwards the earlier day is the end, which counts, and the later one does not */
	if (end < start)
		between += residency_works(calendar, start) - residency_works(calendar, end);
	PG_RETURN_INT32(between);
}

/*
 * add_months_legal(start date, n integer) -> date
 */
Datum
residency_add_months_legal(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATEADT(add_months(getarg_day(fcinfo, 0), (Term) {PG_GETARG_INT32(1), TERM_MONTH}));
}

/*
 * add_term(start date, term text, division division_code) -> date
 */
Datum
residency_add_term_sql(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	PG_RETURN_DATEADT(residency_add_term(GETARG_DIVISION(2), getarg_day(fcinfo, 0), term_of(PG_GETARG_TEXT_PP(1))));
}

/*
 * legal_deadline(start date, n integer, unit text, division division_code) -> date
 */
Datum
residency_legal_deadline(PG_FUNCTION_ARGS)
{
	Term		term;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(2))
		PG_RETURN_NULL();
	term = (Term) {PG_GETARG_INT32(1), unit_of(PG_GETARG_TEXT_PP(2))};
	PG_RETURN_DATEADT(residency_deadline(GETARG_DIVISION(3), getarg_day(fcinfo, 0), term));
}

/*
 * legal_deadline(start date, term text, division division_code) -> date
 */
Datum
residency_legal_deadline_term(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	PG_RETURN_DATEADT(residency_deadline(GETARG_DIVISION(2), getarg_day(fcinfo, 0), term_of(PG_GETARG_TEXT_PP(1))));
}

/*
 * term_count(term text) -> integer
 */
Datum
residency_term_count(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(term_of(PG_GETARG_TEXT_PP(0)).count);
}

/*
 * term_unit(term text) -> text
 *	  In the plural, the name of a unit.
 */
Datum
residency_term_unit(PG_FUNCTION_ARGS)
{
	Term		many = {0, term_of(PG_GETARG_TEXT_PP(0)).unit};
	char		written[RESIDENCY_TERM_SIZE];

	residency_term_format(many, written);
	PG_RETURN_TEXT_P(cstring_to_text(strchr(written, ' ') + 1));
}

/*
 * policy_deadline(key text, division division_code, start date) -> date
 *	  NULL where the setting says that there is no limit.
 */
Datum
residency_policy_deadline(PG_FUNCTION_ARGS)
{
	Datum		term;
	DateADT		start;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(2))
		PG_RETURN_NULL();
	start = getarg_day(fcinfo, 2);
	if (!residency_policy(text_to_cstring(PG_GETARG_TEXT_PP(0)), GETARG_DIVISION(1), start, AS_TERM, &term))
		PG_RETURN_NULL();
	PG_RETURN_DATEADT(residency_deadline(GETARG_DIVISION(1), start, *(Term *) DatumGetPointer(term)));
}
