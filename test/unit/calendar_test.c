/*
 * calendar_test.c
 *	  Days and ages against a count of days one by one.
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

void
test_calendar(void)
{
	int			days = 0;

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
}
