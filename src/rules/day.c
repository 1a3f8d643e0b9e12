/*
 * day.c
 *	  Days as the rules count and show them.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/timestamp.h"

#include "rules/day.h"

CalendarDay
residency_calendar_day(DateADT day)
{
	CalendarDay calendar;

	j2date(day + POSTGRES_EPOCH_JDATE, &calendar.year, &calendar.month, &calendar.day);
	return calendar;
}

const char *
residency_day_text(DateADT day)
{
	CalendarDay calendar;

	if (DATE_NOT_FINITE(day))
		return DATE_IS_NOEND(day) ? "infinity" : "-infinity";
	calendar = residency_calendar_day(day);
	return psprintf("%04d-%02d-%02d%s", calendar.year > 0 ? calendar.year : 1 - calendar.year,
					calendar.month, calendar.day, calendar.year > 0 ? "" : " BC");
}

/* Most moments asked for are the transaction's own, several times over. */
DateADT
residency_china_day(TimestampTz moment)
{
	static TimestampTz last_moment = DT_NOBEGIN;
	static DateADT last_day = DATEVAL_NOBEGIN;

	if (moment != last_moment)
	{
		Datum		local = DirectFunctionCall2(timestamptz_zone,
												CStringGetTextDatum("Asia/Shanghai"),
												TimestampTzGetDatum(moment));

		last_day = DatumGetDateADT(DirectFunctionCall1(timestamp_date, local));
		last_moment = moment;
	}
	return last_day;
}

int
residency_age_on(DateADT birth, DateADT day)
{
	return residency_completed_years(residency_calendar_day(birth), residency_calendar_day(day));
}
