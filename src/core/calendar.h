/*
 * calendar.h
 *	  Days of the Gregorian calendar.
 */
#ifndef RESIDENCY_CORE_CALENDAR_H
#define RESIDENCY_CORE_CALENDAR_H

#include <stdbool.h>

/* A day: year of the common era, month 1 to 12, day 1 to 31. */
typedef struct CalendarDay
{
	int			year;
	int			month;
	int			day;
} CalendarDay;

/* Whether a day exists; any numbers may be asked for, years before 1 have none. */
static inline bool
residency_day_exists(CalendarDay day)
{
	static const signed char length[13] = {0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool		leap;

	if (day.year < 1 || (unsigned) (day.month - 1) > 11 || day.day < 1)
		return false;
	if (day.day <= length[day.month])
		return true;
	leap = day.year % 4 == 0 && (day.year % 100 != 0 || day.year % 400 == 0);
	return leap && day.month == 2 && day.day == 29;
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

#endif							/* RESIDENCY_CORE_CALENDAR_H */
