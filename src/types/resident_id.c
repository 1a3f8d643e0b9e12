/*
 * resident_id.c
 *	  The type residency.resident_id: the number of a person in 8 bytes.
 */
#include "postgres.h"

#include "types/input.h"

#include "libpq/pqformat.h"
#include "utils/date.h"
#include "utils/datetime.h"

#include "core/division_code.h"
#include "core/resident_id.h"
#include "core/text.h"

static int
parse(const char *in, size_t len, Datum *value)
{
	int64_t		id = 0;
	int			rule = residency_resident_id_parse(in, len, &id);

	*value = Int64GetDatum(id);
	return rule;
}

static size_t
format(Datum value, char *out)
{
	return residency_resident_id_format(DatumGetInt64(value), out);
}

static const InputRule rules[] = {
	[RESIDENT_ID_LENGTH] = {"length",
		"A resident ID has 18 characters, or 15 digits in its legacy form.",
		"Enter the whole number as the document shows it."},
	[RESIDENT_ID_CHARACTER] = {"character",
		"A resident ID consists of digits, and of an X where the last of 18 is one.",
		"Enter the number as the document shows it, without signs or blanks within. A card with three letters at its start is another document."},
	[RESIDENT_ID_PROVINCE] = {"province",
		"The number begins neither with a province (GB/T 2260) nor with 810000, 820000 or 830000, nor with 9 and a province.",
		"Compare the first six digits with the document."},
	[RESIDENT_ID_COUNTRY] = {"country",
		"Digits 4 to 6 of a number that begins with 9 are not the number of a country (ISO 3166-1).",
		"Compare the first six digits with the permanent residence card."},
	[RESIDENT_ID_DATE] = {"date",
		"The birth date in the number is not a day of the calendar between 1800 and 2199.",
		"Compare the digits of the birth date with the document."},
	[RESIDENT_ID_CHECK] = {"check",
		"The check character does not match the other characters (ISO 7064 MOD 11-2).",
		"At least one character is wrong: compare the number with the document, one by one."}
};

static const InputType resident_id = {"resident_id", rules, parse, format};

static const char *const kind_names[] = {
	[RESIDENT_ID_CITIZEN] = "citizen",
	[RESIDENT_ID_HONG_KONG] = "hong_kong",
	[RESIDENT_ID_MACAO] = "macao",
	[RESIDENT_ID_TAIWAN] = "taiwan",
	[RESIDENT_ID_FOREIGNER] = "foreigner"
};

/* resident_id_in, _out, _from_text, _to_text, _problem, is_resident_id */
RESIDENCY_TYPE_FUNCTIONS(resident_id, &resident_id);

PG_FUNCTION_INFO_V1(residency_resident_id_recv);
PG_FUNCTION_INFO_V1(residency_kind);
PG_FUNCTION_INFO_V1(residency_birth_date);
PG_FUNCTION_INFO_V1(residency_sex);
PG_FUNCTION_INFO_V1(residency_age);
PG_FUNCTION_INFO_V1(residency_division_of_resident);
PG_FUNCTION_INFO_V1(residency_nationality);
PG_FUNCTION_INFO_V1(residency_mask_resident_id);
PG_FUNCTION_INFO_V1(residency_resident_within);
PG_FUNCTION_INFO_V1(residency_contains_resident);
PG_FUNCTION_INFO_V1(residency_first_resident_id);
PG_FUNCTION_INFO_V1(residency_last_resident_id);

/*
 * resident_id_recv(internal): a packed number as int8; 22P03 if it is none.
 */
Datum
residency_resident_id_recv(PG_FUNCTION_ARGS)
{
	int64_t		id = pq_getmsgint64((StringInfo) PG_GETARG_POINTER(0));
	int			rule = residency_resident_id_check(id);

	if (rule != 0)
		residency_refuse_binary(&resident_id, rule);
	PG_RETURN_INT64(id);
}

/*
 * kind(resident_id) → text: citizen, hong_kong, macao, taiwan or foreigner
 */
Datum
residency_kind(PG_FUNCTION_ARGS)
{
	ResidentIdKind kind = residency_resident_id_kind(PG_GETARG_INT64(0));

	PG_RETURN_TEXT_P(cstring_to_text(kind_names[kind]));
}

/*
 * birth_date(resident_id) → date
 */
Datum
residency_birth_date(PG_FUNCTION_ARGS)
{
	CalendarDay birth = residency_resident_id_birth(PG_GETARG_INT64(0));

	PG_RETURN_DATEADT(date2j(birth.year, birth.month, birth.day) - POSTGRES_EPOCH_JDATE);
}

/*
 * sex(resident_id) → text, GB/T 2261.1: 1 male, 2 female
 */
Datum
residency_sex(PG_FUNCTION_ARGS)
{
	char		sex = residency_resident_id_sex(PG_GETARG_INT64(0));

	PG_RETURN_TEXT_P(cstring_to_text_with_len(&sex, 1));
}

/*
 * age(resident_id, "on" date) → integer, years completed on that day.
 * 22023 for a day before the birth and for one that is not finite: no number
 * would be true, and a NULL would pass every CHECK.
 */
Datum
residency_age(PG_FUNCTION_ARGS)
{
	CalendarDay birth = residency_resident_id_birth(PG_GETARG_INT64(0));
	DateADT		date = PG_GETARG_DATEADT(1);
	CalendarDay on;
	int			age;

	if (DATE_NOT_FINITE(date))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("an age needs a finite date"),
				 errdetail("The day on which the age is asked for is infinite."),
				 errhint("Give the day that the rule names, or the current date.")));

	j2date(date + POSTGRES_EPOCH_JDATE, &on.year, &on.month, &on.day);
	age = residency_completed_years(birth, on);
	if (age < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("there is no age before the birth"),
				 errdetail("The day on which the age is asked for lies before the birth date in the number."),
				 errhint("Check the day; compare it with birth_date() first where it may be earlier.")));
	PG_RETURN_INT32(age);
}

/*
 * division(resident_id) → division_code of the place that gave the number
 */
Datum
residency_division_of_resident(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(residency_resident_id_division(PG_GETARG_INT64(0)));
}

/*
 * nationality(resident_id) → text of three digits (ISO 3166-1), NULL unless a foreigner's
 */
Datum
residency_nationality(PG_FUNCTION_ARGS)
{
	int			country = residency_resident_id_country(PG_GETARG_INT64(0));
	char		digits[4];

	if (country == 0)
		PG_RETURN_NULL();
	snprintf(digits, sizeof(digits), "%03d", country);
	PG_RETURN_TEXT_P(cstring_to_text(digits));
}

/*
 * mask(resident_id) → text with the birth date hidden: first 6, 8 stars, last 4
 */
Datum
residency_mask_resident_id(PG_FUNCTION_ARGS)
{
	char		written[RESIDENCY_RESIDENT_ID_SIZE];
	char		masked[RESIDENCY_MASK_SIZE];
	size_t		len = residency_resident_id_format(PG_GETARG_INT64(0), written);

	len = residency_mask(written, len, masked);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(masked, len));
}

static bool
is_within(int64_t id, int64_t division)
{
	return residency_division_code_within(residency_resident_id_division(id), division);
}

/*
 * resident_id <@ division_code: whether the division of the number lies within
 */
Datum
residency_resident_within(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(is_within(PG_GETARG_INT64(0), PG_GETARG_INT64(1)));
}

/*
 * division_code @> resident_id: the same the other way round
 */
Datum
residency_contains_resident(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(is_within(PG_GETARG_INT64(1), PG_GETARG_INT64(0)));
}

/*
 * first_resident_id(division_code) → resident_id, the lowest that may lie within
 */
Datum
residency_first_resident_id(PG_FUNCTION_ARGS)
{
	int64_t		lowest;
	int64_t		highest;

	residency_resident_id_range(PG_GETARG_INT64(0), &lowest, &highest);
	PG_RETURN_INT64(lowest);
}

/*
 * last_resident_id(division_code) → resident_id, the highest that may lie within
 */
Datum
residency_last_resident_id(PG_FUNCTION_ARGS)
{
	int64_t		lowest;
	int64_t		highest;

	residency_resident_id_range(PG_GETARG_INT64(0), &lowest, &highest);
	PG_RETURN_INT64(highest);
}
