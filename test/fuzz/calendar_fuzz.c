/*
 * calendar_fuzz.c
 *	  A term read, written and read again is the same.  Months there and back lead
 *	  to the same month.  Working days counted by words are those counted one by one.
 */
#include "fuzz.h"

#include "core/calendar.h"

#define MOST_DAYS 1024

static void
check_term(const char *in, size_t size)
{
	Term		term = {0, TERM_DAY};
	Term		again;
	TermUnit	unit;
	char		written[RESIDENCY_TERM_SIZE];
	size_t		len;

	residency_term_unit_parse(in, size, &unit);
	if (!residency_term_parse(in, size, &term))
		return;
	len = residency_term_format(term, written);
	HOLDS(len == strlen(written) && len < RESIDENCY_TERM_SIZE);
	HOLDS(residency_term_parse(written, len, &again));
	HOLDS(again.count == term.count && again.unit == term.unit);
	HOLDS(residency_term_unit_parse(strchr(written, ' ') + 1, strlen(strchr(written, ' ') + 1), &unit) && unit == term.unit);
}

static void
check_months(int64_t number)
{
	CalendarDay start = {1 + (int) ((uint64_t) number % 3000), 1 + (int) ((uint64_t) number % 12), 1 + (int) ((uint64_t) number % 28)};
	CalendarDay end;
	CalendarDay back;

	if (!residency_add_months(start, number, &end))
		return;
	HOLDS(end.day == start.day && end.month >= 1 && end.month <= 12);
	HOLDS(residency_add_months(end, -number, &back));
	HOLDS(back.year == start.year && back.month == start.month && back.day == start.day);
	start.day = residency_month_days(start.year, start.month);
	HOLDS(residency_add_months(start, number, &end));
	HOLDS(end.day <= start.day && (end.day == start.day || end.day == residency_month_days(end.year, end.month)));
}

static void
check_working_days(const uint8_t *data, size_t size)
{
	uint64_t	works[MOST_DAYS / 64] = {0};
	int32_t		before[MOST_DAYS / 64 + 1];
	WorkCalendar calendar = {(int8_t) data[0] * 1000, (int32_t) size * 8, works, before};
	int32_t		rank = 0;
	int32_t		found;

	if (size * 8 > MOST_DAYS)
		return;
	for (int32_t i = 0; i < calendar.days; i++)
		residency_work_set(&calendar, calendar.first + i, (data[i / 8] >> (i % 8)) & 1);
	residency_work_sum(&calendar);
	for (int32_t i = 0; i < calendar.days; i++)
	{
		bool		works_then = (data[i / 8] >> (i % 8)) & 1;

		rank += works_then;
		HOLDS(residency_works(&calendar, calendar.first + i) == works_then);
		HOLDS(residency_work_rank(&calendar, calendar.first + i) == rank);
		HOLDS(!works_then || (residency_work_select(&calendar, rank, &found) && found == calendar.first + i));
	}
	HOLDS(!residency_work_select(&calendar, 0, &found) && !residency_work_select(&calendar, rank + 1, &found));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int64_t		number = number_of(data, size);

	check_term((const char *) data, size);
	check_months(number);
	check_months(number % 100000);
	if (size > 0)
		check_working_days(data, size);
	return 0;
}
