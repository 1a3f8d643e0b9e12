/*
 * calendar.c
 *	  Months of the Civil Code, terms of law, and the count of working days.
 */
#include "core/calendar.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "core/text.h"

/* "-2147483648 working days" and then some, so that what is too long is seen to be */
#define LONGEST_TERM 32

#define UNIT(name, unit) {name, sizeof(name) - 1, unit}

static const struct
{
	const char *name;
	size_t		len;
	TermUnit	unit;
}			units[] = {
	/* the plural follows the singular */
	UNIT("day", TERM_DAY),
	UNIT("days", TERM_DAY),
	UNIT("working day", TERM_WORKING_DAY),
	UNIT("working days", TERM_WORKING_DAY),
	UNIT("month", TERM_MONTH),
	UNIT("months", TERM_MONTH),
	UNIT("year", TERM_YEAR),
	UNIT("years", TERM_YEAR),
	UNIT("hour", TERM_HOUR),
	UNIT("hours", TERM_HOUR)
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
read_unit(const char *in, size_t len, TermUnit *unit)
{
	for (size_t i = 0; i < UNIT_NAMES; i++)
	{
		if (units[i].len == len && memcmp(units[i].name, in, len) == 0)
		{
			*unit = units[i].unit;
			return true;
		}
	}
	return false;
}

static bool
read_term(const char *in, size_t len, Term *term)
{
	bool		before = len > 0 && in[0] == '-';
	size_t		first = before ? 1 : 0;
	size_t		at = first;
	int64_t		count = 0;
	TermUnit	unit;

	if (len > LONGEST_TERM)
		return false;
	for (; at < len && in[at] >= '0' && in[at] <= '9'; at++)
	{
		count = count * 10 + (in[at] - '0');
		if (count > INT32_MAX)
			return false;
	}
	if (at == first || at == len || in[at] != ' ' || !read_unit(in + at + 1, len - at - 1, &unit))
		return false;

	*term = (Term) {(int32_t) (before ? -count : count), unit};
	return true;
}

/* Folds a text to small letters; false if there are too many. */
static bool
fold_small(const char *in, size_t len, char *folded, size_t *size)
{
	*size = residency_fold(in, len, folded, LONGEST_TERM);
	if (*size > LONGEST_TERM)
		return false;
	for (size_t i = 0; i < *size; i++)
	{
		if (folded[i] >= 'A' && folded[i] <= 'Z')
			folded[i] = (char) (folded[i] - 'A' + 'a');
	}
	return true;
}

/* What is written as it should be, and mostly is, needs no folding. */
bool
residency_term_unit_parse(const char *in, size_t len, TermUnit *unit)
{
	char		folded[LONGEST_TERM];
	size_t		size;

	return read_unit(in, len, unit) ||
		(fold_small(in, len, folded, &size) && read_unit(folded, size, unit));
}

bool
residency_term_parse(const char *in, size_t len, Term *term)
{
	char		folded[LONGEST_TERM];
	size_t		size;

	return read_term(in, len, term) ||
		(fold_small(in, len, folded, &size) && read_term(folded, size, term));
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
