/*
 * calendar_test.c
 *	  Days and ages against a count of days one by one; months, terms, and working
 *	  days against a count of them one by one.
 */
#include "unit.h"

#include "core/calendar.h"

static bool
exists(int year, int month, int day)
{
	return residency_day_exists((CalendarDay) {year, month, day});
}

static int
years(int birth_year, int birth_month, int birth_day, int year, int month, int day)
{
	return residency_completed_years((CalendarDay) {birth_year, birth_month, birth_day},
									 (CalendarDay) {year, month, day});
}

static void
lands(int year, int month, int day, int64_t months, int end_year, int end_month, int end_day)
{
	CalendarDay end = {0, 0, 0};

	ok(residency_add_months((CalendarDay) {year, month, day}, months, &end) &&
	   end.year == end_year && end.month == end_month && end.day == end_day,
	   "months: %04d-%02d-%02d and %lld", year, month, day, (long long) months);
}

static void
reads(const char *in, int32_t count, TermUnit unit, const char *written)
{
	Term		term = {-7, TERM_HOUR};
	char		out[RESIDENCY_TERM_SIZE] = "";
	bool		read = residency_term_parse(in, strlen(in), &term);

	ok(read && term.count == count && term.unit == unit &&
	   residency_term_format(term, out) == strlen(written) && strcmp(out, written) == 0, "term: '%s'", in);
}

static void
reads_not(const char *in)
{
	Term		term = {-7, TERM_HOUR};

	ok(!residency_term_parse(in, strlen(in), &term) && term.count == -7 && term.unit == TERM_HOUR,
	   "term: not '%s'", in);
}

/* Every third day rests, over one word, words that are full, and words that are not. */
static void
counts(int32_t first, int32_t days)
{
	uint64_t	works[8];
	int32_t		before[9];
	WorkCalendar calendar = {first, days, works, before};
	int32_t		rank = 0;
	int32_t		found = 0;
	bool		sound = true;

	memset(works, 0, sizeof(works));
	for (int32_t day = first; day < first + days; day++)
		residency_work_set(&calendar, day, day % 3 != 0);
	residency_work_sum(&calendar);
	for (int32_t day = first; day < first + days; day++)
	{
		rank += day % 3 != 0;
		sound = sound && residency_works(&calendar, day) == (day % 3 != 0) &&
			residency_work_has(&calendar, day) && residency_work_rank(&calendar, day) == rank;
		if (day % 3 != 0)
			sound = sound && residency_work_select(&calendar, rank, &found) && found == day;
	}
	ok(sound && !residency_work_select(&calendar, 0, &found) && !residency_work_select(&calendar, -1, &found) &&
	   !residency_work_select(&calendar, rank + 1, &found) && !residency_work_has(&calendar, first - 1) &&
	   !residency_work_has(&calendar, first + days), "working days: %d days from %d", days, first);
}

void
test_calendar(void)
{
	int			days = 0;
	CalendarDay end;
	TermUnit	unit;

	for (int year = 1800; year <= 2199; year++)
	{
		for (int month = -1; month <= 100; month++)
		{
			for (int day = -1; day <= 100; day++)
				days += exists(year, month, day);
		}
	}
	ok(days == 400 * 365 + 97, "calendar: 400 years have 146097 days");
	ok(exists(2000, 2, 29) && exists(2004, 2, 29) && !exists(1900, 2, 29) && !exists(2100, 2, 29) &&
	   !exists(2001, 2, 29), "calendar: leap years");
	ok(!exists(0, 1, 1) && !exists(-1, 1, 1) && exists(1, 1, 1), "calendar: no year before 1");

	ok(years(2000, 6, 15, 2016, 6, 14) == 15 && years(2000, 6, 15, 2016, 6, 15) == 16,
	   "age: a birthday completes the year");
	ok(years(2004, 2, 29, 2005, 2, 28) == 0 && years(2004, 2, 29, 2005, 3, 1) == 1 &&
	   years(2004, 2, 29, 2008, 2, 29) == 4, "age: 29 February");
	ok(years(2000, 6, 15, 2000, 6, 15) == 0 && years(2000, 6, 15, 2000, 6, 14) == -1,
	   "age: below zero before the birth");

	lands(2023, 8, 31, 6, 2024, 2, 29);
	lands(2024, 8, 31, 6, 2025, 2, 28);
	lands(2024, 2, 29, 12, 2025, 2, 28);
	lands(2024, 2, 29, 24, 2026, 2, 28);
	lands(2024, 2, 29, 48, 2028, 2, 29);
	lands(2025, 3, 31, -1, 2025, 2, 28);
	lands(2026, 5, 31, -1, 2026, 4, 30);
	lands(2025, 12, 31, 2, 2026, 2, 28);
	lands(2025, 12, 31, 0, 2025, 12, 31);
	lands(2025, 1, 15, -12, 2024, 1, 15);
	lands(2025, 1, 15, -13, 2023, 12, 15);
	lands(1, 1, 31, -1, 0, 12, 31);
	lands(0, 3, 31, -13, -1, 2, 28);
	ok(!residency_add_months((CalendarDay) {2025, 1, 1}, INT64_MAX, &end) &&
	   !residency_add_months((CalendarDay) {2025, 1, 1}, INT64_MIN, &end) &&
	   !residency_add_months((CalendarDay) {2025, 1, 1}, INT64_C(12) * INT32_MAX, &end), "months: beyond all years");

	reads("3 working days", 3, TERM_WORKING_DAY, "3 working days");
	reads("15 days", 15, TERM_DAY, "15 days");
	reads("1 year", 1, TERM_YEAR, "1 year");
	reads("-1 month", -1, TERM_MONTH, "-1 month");
	reads(" 1 Months ", 1, TERM_MONTH, "1 month");
	reads("24 hours", 24, TERM_HOUR, "24 hours");
	reads("0 day", 0, TERM_DAY, "0 days");
	reads("0020 WORKING DAY", 20, TERM_WORKING_DAY, "20 working days");
	reads("2147483647 days", INT32_MAX, TERM_DAY, "2147483647 days");
	reads("-2147483647 working days", -INT32_MAX, TERM_WORKING_DAY, "-2147483647 working days");
	reads("\xEF\xBC\x93 days", 3, TERM_DAY, "3 days");
	reads_not("");
	reads_not("days");
	reads_not("3");
	reads_not("3 ");
	reads_not("- 3 days");
	reads_not("--3 days");
	reads_not("+3 days");
	reads_not("3days");
	reads_not("3  days");
	reads_not("3 day s");
	reads_not("3 weeks");
	reads_not("3 workdays");
	reads_not("3.5 days");
	reads_not("3 days 2 hours");
	reads_not("2147483648 days");
	reads_not("99999999999999999999 days");
	reads_not("00000000000000000000000000000000001 day");
	reads_not("3\xE5\xA4\xA9");
	ok(residency_term_unit_parse("Working Days", 12, &unit) && unit == TERM_WORKING_DAY &&
	   !residency_term_unit_parse("week", 4, &unit) && !residency_term_unit_parse("", 0, &unit), "term: a unit alone");

	for (int32_t days = 1; days <= 512; days += days < 130 ? 1 : 61)
		counts(days - 200, days);
}
