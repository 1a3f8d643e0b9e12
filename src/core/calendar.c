/*
 * calendar.c
 *	  Months of the Civil Code, terms of law, and the count of working days.
 */
#include "core/calendar.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "core/text.h"

/* "-2147483648 WORKING DAYS" and then some, so that what is too long is seen to be */
#define LONGEST_TERM 32

static const struct
{
	const char *folded;			/* as residency_fold() leaves it */
	const char *name;
	TermUnit	unit;
}			units[] = {
	/* the plural follows the singular */
	{"DAY", "day", TERM_DAY},
	{"DAYS", "days", TERM_DAY},
	{"WORKING DAY", "working day", TERM_WORKING_DAY},
	{"WORKING DAYS", "working days", TERM_WORKING_DAY},
	{"MONTH", "month", TERM_MONTH},
	{"MONTHS", "months", TERM_MONTH},
	{"YEAR", "year", TERM_YEAR},
	{"YEARS", "years", TERM_YEAR},
	{"HOUR", "hour", TERM_HOUR},
	{"HOURS", "hours", TERM_HOUR}
};

#define UNIT_NAMES (sizeof(units) / sizeof(units[0]))

bool
residency_add_months(CalendarDay start, int64_t months, CalendarDay *end)
{
	const int64_t most = INT64_C(12) * INT_MAX;
	int64_t		year;
	int			month;
	int			days;

	if (months > most || months < -most)
		return false;
	months += INT64_C(12) * start.year + start.month - 1;
	month = (int) (months % 12);
	year = months / 12;
	if (month < 0)
	{
		month += 12;
		year--;
	}
	if (year > INT_MAX || year < INT_MIN)
		return false;

	days = residency_month_days((int) year, month + 1);
	*end = (CalendarDay) {(int) year, month + 1, start.day < days ? start.day : days};
	return true;
}

static bool
find_unit(const char *in, size_t len, TermUnit *unit)
{
	for (size_t i = 0; i < UNIT_NAMES; i++)
	{
		if (strlen(units[i].folded) == len && memcmp(units[i].folded, in, len) == 0)
		{
			*unit = units[i].unit;
			return true;
		}
	}
	return false;
}

bool
residency_term_unit_parse(const char *in, size_t len, TermUnit *unit)
{
	char		folded[LONGEST_TERM];
	size_t		count = residency_fold(in, len, folded, sizeof(folded));

	return count <= sizeof(folded) && find_unit(folded, count, unit);
}

bool
residency_term_parse(const char *in, size_t len, Term *term)
{
	char		folded[LONGEST_TERM];
	size_t		size = residency_fold(in, len, folded, sizeof(folded));
	bool		before = size > 0 && folded[0] == '-';
	size_t		at = before ? 1 : 0;
	int64_t		count = 0;
	TermUnit	unit;

	if (size > sizeof(folded) || at == size || folded[at] < '0' || folded[at] > '9')
		return false;
	for (; at < size && folded[at] >= '0' && folded[at] <= '9'; at++)
	{
		count = count * 10 + (folded[at] - '0');
		if (count > INT32_MAX)
			return false;
	}
	if (at == size || folded[at] != ' ' || !find_unit(folded + at + 1, size - at - 1, &unit))
		return false;

	*term = (Term) {(int32_t) (before ? -count : count), unit};
	return true;
}

size_t
residency_term_format(Term term, char *out)
{
	bool		one = term.count == 1 || term.count == -1;

	for (size_t i = 0; i < UNIT_NAMES; i++)
	{
		if (units[i].unit == term.unit)
			return (size_t) snprintf(out, RESIDENCY_TERM_SIZE, "%d %s", term.count, units[i + (one ? 0 : 1)].name);
	}
	out[0] = '\0';
	return 0;
}

void
residency_work_sum(WorkCalendar *calendar)
{
	int32_t		words = RESIDENCY_WORK_WORDS(calendar->days);

	calendar->before[0] = 0;
	for (int32_t i = 0; i < words; i++)
		calendar->before[i + 1] = calendar->before[i] + __builtin_popcountll(calendar->works[i]);
}

int32_t
residency_work_rank(const WorkCalendar *calendar, int32_t day)
{
	int32_t		place = day - calendar->first;
	uint64_t	up_to = calendar->works[place / 64] << (63 - place % 64);

	return calendar->before[place / 64] + __builtin_popcountll(up_to);
}

bool
residency_work_select(const WorkCalendar *calendar, int64_t rank, int32_t *day)
{
	int32_t		words = RESIDENCY_WORK_WORDS(calendar->days);
	int32_t		at;
	uint64_t	word;

	if (rank < 1 || rank > calendar->before[words])
		return false;

	/* working days lie evenly enough for a guess that is one word off at most */
	at = (int32_t) ((rank - 1) * words / calendar->before[words]);
	while (calendar->before[at] >= rank)
		at--;
	while (calendar->before[at + 1] < rank)
		at++;
	word = calendar->works[at];
	for (int64_t more = rank - calendar->before[at]; more > 1; more--)
		word &= word - 1;
	*day = calendar->first + at * 64 + __builtin_ctzll(word);
	return true;
}
