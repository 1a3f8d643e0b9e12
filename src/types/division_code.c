/*
 * division_code.c
 *	  The type residency.division_code: a 12-digit division code in 8 bytes.
 */
#include "postgres.h"

#include "types/input.h"

#include "libpq/pqformat.h"

#include "core/division_code.h"

static int
parse(const char *in, size_t len, Datum *value)
{
	int64_t		code = 0;
	int			rule = residency_division_code_parse(in, len, &code);

	*value = Int64GetDatum(code);
	return rule;
}

static size_t
format(Datum value, char *out)
{
	return residency_division_code_format(DatumGetInt64(value), out);
}

static const InputRule rules[] = {
	[DIVISION_CODE_LENGTH] = {"length",
		"A division code has 2, 4, 6, 9 or 12 digits.",
		"Write the code of the province, city, county, township or village in full."},
	[DIVISION_CODE_CHARACTER] = {"character",
		"A division code consists of digits only.",
		"Write the code, not the name, without signs or blanks between the digits."},
	[DIVISION_CODE_PROVINCE] = {"province",
		"The first two digits are not the code of a province (GB/T 2260).",
		"Begin with the code of the province, such as 46 for Hainan."},
	[DIVISION_CODE_STRUCTURE] = {"structure",
		"A village is named without its township, or a township without its county or city.",
		"Fill in the levels above, or write zeros for those below as well."}
};

static const InputType division_code = {"division_code", rules, parse, format};

/* division_code_in, _out, _from_text, _to_text, _problem, is_division_code */
RESIDENCY_TYPE_FUNCTIONS(division_code, &division_code);

PG_FUNCTION_INFO_V1(residency_division_code_recv);
PG_FUNCTION_INFO_V1(residency_division_level);
PG_FUNCTION_INFO_V1(residency_division_parent);
PG_FUNCTION_INFO_V1(residency_division_city);
PG_FUNCTION_INFO_V1(residency_division_last_within);
PG_FUNCTION_INFO_V1(residency_division_lineage);
PG_FUNCTION_INFO_V1(residency_division_contains);
PG_FUNCTION_INFO_V1(residency_division_within);

/*
 * division_code_recv(internal): a code as int8; 22P03 if it is none.
 */
Datum
residency_division_code_recv(PG_FUNCTION_ARGS)
{
	int64_t		code = pq_getmsgint64((StringInfo) PG_GETARG_POINTER(0));
	int			rule = residency_division_code_check(code);

	if (rule != 0)
		residency_refuse_binary(&division_code, rule);
	PG_RETURN_INT64(code);
}

/*
 * level(division_code) → integer, 1 (province) to 5 (village)
 */
Datum
residency_division_level(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(residency_division_code_level(PG_GETARG_INT64(0)));
}

/*
 * parent(division_code) → division_code, NULL for a province
 */
Datum
residency_division_parent(PG_FUNCTION_ARGS)
{
	int64_t		line[RESIDENCY_DIVISION_LEVELS];
	int			count = residency_division_code_lineage(PG_GETARG_INT64(0), line);

	if (count == 1)
		PG_RETURN_NULL();
	PG_RETURN_INT64(line[count - 2]);
}

/*
 * city(division_code) → division_code, the city that the permit law counts
 */
Datum
residency_division_city(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(residency_division_code_city(PG_GETARG_INT64(0)));
}

/*
 * last_within(division_code) → division_code, the highest code beneath
 */
Datum
residency_division_last_within(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(residency_division_code_last(PG_GETARG_INT64(0)));
}

/*
 * lineage(division_code) → division_code[], province first, itself last
 */
Datum
residency_division_lineage(PG_FUNCTION_ARGS)
{
	int64_t		line[RESIDENCY_DIVISION_LEVELS];

	return residency_type_array(fcinfo, line, residency_division_code_lineage(PG_GETARG_INT64(0), line));
}

/*
 * division_code @> division_code: whether the left one contains the right one
 */
Datum
residency_division_contains(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(residency_division_code_within(PG_GETARG_INT64(1), PG_GETARG_INT64(0)));
}

/*
 * division_code <@ division_code: whether the left one lies within the right one
 */
Datum
residency_division_within(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(residency_division_code_within(PG_GETARG_INT64(0), PG_GETARG_INT64(1)));
}
