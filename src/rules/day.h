/*
 * day.h
 *	  Days as the rules count and show them.
 */
#ifndef RESIDENCY_RULES_DAY_H
#define RESIDENCY_RULES_DAY_H

#include "datatype/timestamp.h"
#include "utils/date.h"

#include "core/calendar.h"

/* A finite day as year, month and day; the year 0 is 1 BC. */
extern CalendarDay residency_calendar_day(DateADT day);

/* As an ISO day, whatever the session's DateStyle. */
extern const char *residency_day_text(DateADT day);

/* The date in China at a moment, whatever the session's TimeZone. */
extern DateADT residency_china_day(TimestampTz moment);

/* Completed years between two finite days. */
extern int	residency_age_on(DateADT birth, DateADT day);

#endif							/* RESIDENCY_RULES_DAY_H */
