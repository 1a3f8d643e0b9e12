/*
 * calendar.h
 *	  Days of the Gregorian calendar, terms of law, and the count of working days.
 */
#ifndef RESIDENCY_CORE_CALENDAR_H
#define RESIDENCY_CORE_CALENDAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A day: year of the common era, month 1 to 12, day 1 to 31. */
typedef struct CalendarDay
{
	int			year;
	int			month;
	int			day;
} CalendarDay;

/* Days of a month, 1 to 12, of a year; the year 0 lies before the year 1. */
static inline int
residency_month_days(int year, int month)
{
	static const signed char length[13] = {0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool		leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return length[month] + (leap && month == 2 ? 1 : 0);
}

/* Whether a day exists; any numbers may be asked for, years before 1 have none. */
static inline bool
residency_day_exists(CalendarDay day)
{
	return day.year >= 1 && (unsigned) (day.month - 1) <= 11 && day.day >= 1 &&
		day.day <= residency_month_days(day.year, day.month);
}

/*
 * The years completed between two days, below zero if `on` lies before
 * `birth`.  Who was born on 29 February completes a year on 1 March if the
 * year is not a leap year.
 */
static inline int
residency_completed_years(CalendarDay birth, CalendarDay on)
{
	bool		birthday_to_come = on.month < birth.month ||
		(on.month == birth.month && on.day < birth.day);

	return on.year - birth.year - (birthday_to_come ? 1 : 0);
}

/*
 * The day some months after another, or before it: the day of the same number,
 * or the last of a month that has none (Civil Code 202).  False if the year
 * would be beyond what an int holds.
 */
extern bool residency_add_months(CalendarDay start, int64_t months, CalendarDay *end);

/* What a term is counted in. */
typedef enum TermUnit
{
	TERM_DAY,
	TERM_WORKING_DAY,
	TERM_MONTH,
	TERM_YEAR,
	TERM_HOUR
} TermUnit;

/* A length of time as law states it: 3 working days, 6 months; below zero: before. */
typedef struct Term
{
	int32_t		count;
	TermUnit	unit;
} Term;

/* The room that residency_term_format() needs, its zero byte included. */
#define RESIDENCY_TERM_SIZE 25

/*
 * Reads "N unit", singular or plural, as residency_fold() leaves it.  Takes len
 * bytes of UTF-8; false, and *term as it was, if it reads otherwise.
 */
extern bool residency_term_parse(const char *in, size_t len, Term *term);

/* Reads a unit alone. */
extern bool residency_term_unit_parse(const char *in, size_t len, TermUnit *unit);

/* Writes a term and a zero byte; gives the length. */
extern size_t residency_term_format(Term term, char *out);

/*
 * Which days of an unbroken time are working days.  Days are whole numbers, by
 * whatever count the caller has.
 */
typedef struct WorkCalendar
{
	int32_t		first;			/* its first day */
	int32_t		days;			/* how many it has */
	uint64_t   *works;			/* a bit per day: does it work? */
	int32_t    *before;			/* working days before each word of `works`, at last all of them */
} WorkCalendar;

/* Words of 64 days that so many days need; `before` has one more. */
#define RESIDENCY_WORK_WORDS(days) (((days) + 63) / 64)

/* Fills in `before`, once the bits are set; those beyond the last day are zero. */
extern void residency_work_sum(WorkCalendar *calendar);

static inline bool
residency_work_has(const WorkCalendar *calendar, int32_t day)
{
	return day >= calendar->first && day - calendar->first < calendar->days;
}

/* Whether a day of the calendar is a working day. */
static inline bool
residency_works(const WorkCalendar *calendar, int32_t day)
{
	int32_t		place = day - calendar->first;

	return (calendar->works[place / 64] >> (place % 64)) & 1;
}

static inline void
residency_work_set(WorkCalendar *calendar, int32_t day, bool works)
{
	int32_t		place = day - calendar->first;
	uint64_t	bit = UINT64_C(1) << (place % 64);

	if (works)
		calendar->works[place / 64] |= bit;
	else
		calendar->works[place / 64] &= ~bit;
}

/* Working days from the first day of the calendar up to and including one of its days. */
extern int32_t residency_work_rank(const WorkCalendar *calendar, int32_t day);

/* The working day that has this rank, from 1 on; false if there are not so many. */
extern bool residency_work_select(const WorkCalendar *calendar, int64_t rank, int32_t *day);

#endif							/* RESIDENCY_CORE_CALENDAR_H */
