/*
 * resident_id.h
 *	  The 18-character numbers of people: citizens (GB 11643), holders of the
 *	  residence permit for Hong Kong, Macao and Taiwan residents (the same
 *	  structure under 810000, 820000 and 830000), and foreigners with a
 *	  permanent residence card in its form of 2023 (9, province, country).
 *
 * A number is packed into 17 decimal digits, its check character left out:
 *
 *	  citizens, permits	 RRRRRR YYYY MMDD SSS	as it is written
 *	  foreigners		 PP0NNN YYYY+5000 MMDD SSS
 *
 * so that sorting goes by province, then by the rest.  The year tells the two
 * apart: those of people lie between 1800 and 2199.
 */
#ifndef RESIDENCY_CORE_RESIDENT_ID_H
#define RESIDENCY_CORE_RESIDENT_ID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/calendar.h"

/* The room that residency_resident_id_format() needs, its zero byte included. */
#define RESIDENCY_RESIDENT_ID_SIZE 19

/* What is wrong with a number, in the order of the checks. */
typedef enum ResidentIdProblem
{
	RESIDENT_ID_FINE,
	RESIDENT_ID_LENGTH,			/* neither 18 nor 15 characters */
	RESIDENT_ID_CHARACTER,		/* not digits, with X allowed as the 18th */
	RESIDENT_ID_PROVINCE,		/* of a region that gives no such numbers */
	RESIDENT_ID_COUNTRY,		/* of a country unknown to ISO 3166-1 */
	RESIDENT_ID_DATE,			/* of a day that the calendar lacks, or too far away */
	RESIDENT_ID_CHECK			/* with a check character that is not its own */
} ResidentIdProblem;

/* Whose number it is. */
typedef enum ResidentIdKind
{
	RESIDENT_ID_CITIZEN,
	RESIDENT_ID_HONG_KONG,
	RESIDENT_ID_MACAO,
	RESIDENT_ID_TAIWAN,
	RESIDENT_ID_FOREIGNER
} ResidentIdKind;

/*
 * Reads a number: 18 characters, or the 15 digits of GB 11643-1989, as
 * residency_fold() leaves them.  Takes len bytes of UTF-8; gives a
 * ResidentIdProblem and sets *id if nothing is wrong.  Of the 15 digits those
 * that end with 996 to 999 belong to people born in the 19th century, the
 * others to people born in the 20th.
 */
extern int	residency_resident_id_parse(const char *in, size_t len, int64_t *id);

/* Gives the ResidentIdProblem of any number as a packed one. */
extern int	residency_resident_id_check(int64_t id);

/*
 * Writes the 18 characters and a zero byte, and gives 18.  The id may also be
 * a number that residency_resident_id_check() refuses: between 0 and 10^17-1
 * its digits are written, outside nothing is.
 */
extern size_t residency_resident_id_format(int64_t id, char *out);

/* Whose number it is. */
extern ResidentIdKind residency_resident_id_kind(int64_t id);

/* The day of birth that the number names. */
extern CalendarDay residency_resident_id_birth(int64_t id);

/* The sex that the number names, by GB/T 2261.1: '1' male, '2' female. */
extern char residency_resident_id_sex(int64_t id);

/*
 * The division that gave the number, as a 12-digit code: a county of GB/T 2260
 * (as it is written, be it known or not), 810000, 820000 or 830000, for
 * foreigners the province.
 */
extern int64_t residency_resident_id_division(int64_t id);

/* The ISO 3166-1 number of a foreigner's country, 0 for all others. */
extern int	residency_resident_id_country(int64_t id);

/*
 * The lowest and the highest number of which residency_resident_id_division()
 * may lie within a division; both are numbers by themselves, in use or not.  If
 * there can be none, the lowest is above the highest.  Gives whether every
 * number between the two does lie within it.
 */
extern bool residency_resident_id_range(int64_t division, int64_t *lowest, int64_t *highest);

#endif							/* RESIDENCY_CORE_RESIDENT_ID_H */
