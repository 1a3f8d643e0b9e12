/*
 * calendar.h
 *	  The working days of a division, for C.
 */
#ifndef RESIDENCY_CACHE_CALENDAR_H
#define RESIDENCY_CACHE_CALENDAR_H

#include "utils/date.h"

#include "compat.h"
#include "core/calendar.h"

/* Stands for the whole country where a division is asked for. */
#define RESIDENCY_COUNTRY INT64CONST(0)

/*
 * The unbroken years around a day as they work in a division; refuses with RG100
 * where the day's year has no calendar.  They stay where they are until a cache
 * is asked again, or a table or catalogue is opened.
 */
extern const WorkCalendar *residency_calendar(int64 division, DateADT day);

/* Refuses with RG100 the year of a day, which may be beyond all dates. */
pg_noreturn extern void residency_refuse_year(int64 day);

#endif							/* RESIDENCY_CACHE_CALENDAR_H */
