/*
 * credit_code.c
 *	  The type residency.credit_code: 18 characters as they are, compared as bytes.
 */
#include "postgres.h"

#include "types/input.h"

#include "common/hashfn.h"
#include "libpq/pqformat.h"

#include "core/credit_code.h"

#define LENGTH RESIDENCY_CREDIT_CODE_LENGTH
#define PG_GETARG_CREDIT_CODE(n) ((const char *) PG_GETARG_POINTER(n))

static int
parse(const char *in, size_t len, Datum *value)
{
	char		code[LENGTH];
	int			rule = residency_credit_code_parse(in, len, code);

	*value = (Datum) 0;
	if (likely(rule == 0))
		*value = PointerGetDatum(memcpy(palloc(LENGTH), code, LENGTH));
	return rule;
}

static size_t
format(Datum value, char *out)
{
	memcpy(out, DatumGetPointer(value), LENGTH);
	out[LENGTH] = '\0';
	return LENGTH;
}

static const InputRule rules[] = {
	[CREDIT_CODE_LENGTH] = {"length",
		"A unified social credit code has 18 characters.",
		"Enter the whole code as the licence shows it; the registration number of 15 digits is another one."},
	[CREDIT_CODE_CHARACTER] = {"character",
		"A unified social credit code consists of digits and of capital letters other than I, O, S, V and Z.",
		"Look for letters that resemble digits: 1 and I, 0 and O, 5 and S, 2 and Z."},
	[CREDIT_CODE_DIVISION] = {"division",
		"Characters 3 to 8 are neither 100000 nor six digits that begin with a province (GB/T 2260).",
		"Compare characters 3 to 8 with the licence."},
	[CREDIT_CODE_CHECK] = {"check",
		"The check character does not match the other 17 (GB 32100).",
		"At least one character is wrong: compare the code with the licence, one by one."}
};

static const InputType credit_code = {"credit_code", rules, parse, format};

/* credit_code_in, _out, _from_text, _to_text, _problem, is_credit_code */
RESIDENCY_TYPE_FUNCTIONS(credit_code, &credit_code);

PG_FUNCTION_INFO_V1(residency_credit_code_recv);
PG_FUNCTION_INFO_V1(residency_credit_code_send);
PG_FUNCTION_INFO_V1(residency_authority);
PG_FUNCTION_INFO_V1(residency_category);
PG_FUNCTION_INFO_V1(residency_division_of_organization);
PG_FUNCTION_INFO_V1(residency_organization_code);
PG_FUNCTION_INFO_V1(residency_organization_code_matches);
PG_FUNCTION_INFO_V1(residency_credit_code_cmp);
PG_FUNCTION_INFO_V1(residency_credit_code_eq);
PG_FUNCTION_INFO_V1(residency_credit_code_ne);
PG_FUNCTION_INFO_V1(residency_credit_code_lt);
PG_FUNCTION_INFO_V1(residency_credit_code_le);
PG_FUNCTION_INFO_V1(residency_credit_code_gt);
PG_FUNCTION_INFO_V1(residency_credit_code_ge);
PG_FUNCTION_INFO_V1(residency_credit_code_larger);
PG_FUNCTION_INFO_V1(residency_credit_code_smaller);
PG_FUNCTION_INFO_V1(residency_credit_code_hash);
PG_FUNCTION_INFO_V1(residency_credit_code_hash_extended);

/*
 * credit_code_recv(internal): 18 bytes, in their one form; 22P03 if they are no code.
 */
Datum
residency_credit_code_recv(PG_FUNCTION_ARGS)
{
	const char *in = pq_getmsgbytes((StringInfo) PG_GETARG_POINTER(0), LENGTH);
	char	   *code = palloc(LENGTH);
	int			rule = residency_credit_code_parse(in, LENGTH, code);

	if (rule == 0 && memcmp(in, code, LENGTH) != 0)
		rule = CREDIT_CODE_CHARACTER;
	if (rule != 0)
		residency_refuse_binary(&credit_code, rule);
	PG_RETURN_POINTER(code);
}

/*
 * credit_code_send(credit_code) → bytea, the 18 characters
 */
Datum
residency_credit_code_send(PG_FUNCTION_ARGS)
{
	StringInfoData out;

	pq_begintypsend(&out);
	pq_sendbytes(&out, PG_GETARG_CREDIT_CODE(0), LENGTH);
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

/*
 * authority(credit_code) → text, the first character
 */
Datum
residency_authority(PG_FUNCTION_ARGS)
{
	const char *code = PG_GETARG_CREDIT_CODE(0);

	PG_RETURN_TEXT_P(cstring_to_text_with_len(code + RESIDENCY_CREDIT_CODE_AUTHORITY, 1));
}

/*
 * category(credit_code) → text, the second character
 */
Datum
residency_category(PG_FUNCTION_ARGS)
{
	const char *code = PG_GETARG_CREDIT_CODE(0);

	PG_RETURN_TEXT_P(cstring_to_text_with_len(code + RESIDENCY_CREDIT_CODE_CATEGORY, 1));
}

/*
 * division(credit_code) → division_code of the registration, NULL for 100000
 */
Datum
residency_division_of_organization(PG_FUNCTION_ARGS)
{
	int64_t		division = residency_credit_code_division(PG_GETARG_CREDIT_CODE(0));

	if (division == 0)
		PG_RETURN_NULL();
	PG_RETURN_INT64(division);
}

/*
 * organization_code(credit_code) → text, the 9 characters of GB 11714
 */
Datum
residency_organization_code(PG_FUNCTION_ARGS)
{
	const char *code = PG_GETARG_CREDIT_CODE(0);

	PG_RETURN_TEXT_P(cstring_to_text_with_len(code + RESIDENCY_CREDIT_CODE_ORGANIZATION,
											  RESIDENCY_CREDIT_CODE_ORGANIZATION_LENGTH));
}

/*
 * organization_code_matches(credit_code) → boolean: GB 11714's own check
 */
Datum
residency_organization_code_matches(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(residency_credit_code_organization_matches(PG_GETARG_CREDIT_CODE(0)));
}

static int
compare(FunctionCallInfo fcinfo)
{
	return memcmp(PG_GETARG_CREDIT_CODE(0), PG_GETARG_CREDIT_CODE(1), LENGTH);
}

/*
 * The order of credit codes is that of their bytes.  There are no abbreviated
 * keys: the codes of one place begin with the same eight characters.
 */
Datum
residency_credit_code_cmp(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(compare(fcinfo));
}

/* credit_code = credit_code */
Datum
residency_credit_code_eq(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare(fcinfo) == 0);
}

/* credit_code <> credit_code */
Datum
residency_credit_code_ne(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare(fcinfo) != 0);
}

/* credit_code < credit_code */
Datum
residency_credit_code_lt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare(fcinfo) < 0);
}

/* credit_code <= credit_code */
Datum
residency_credit_code_le(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare(fcinfo) <= 0);
}

/* credit_code > credit_code */
Datum
residency_credit_code_gt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare(fcinfo) > 0);
}

/* credit_code >= credit_code */
Datum
residency_credit_code_ge(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare(fcinfo) >= 0);
}

/* The greater of two, for max() */
Datum
residency_credit_code_larger(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(PG_GETARG_DATUM(compare(fcinfo) >= 0 ? 0 : 1));
}

/* The lesser of two, for min() */
Datum
residency_credit_code_smaller(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(PG_GETARG_DATUM(compare(fcinfo) <= 0 ? 0 : 1));
}

/*
 * The hash of a credit code.  Partitions and shards are placed by it: it stays
 * as it is for ever.
 */
Datum
residency_credit_code_hash(PG_FUNCTION_ARGS)
{
	return hash_any((const unsigned char *) PG_GETARG_CREDIT_CODE(0), LENGTH);
}

/* The same with a seed (int8). */
Datum
residency_credit_code_hash_extended(PG_FUNCTION_ARGS)
{
	return hash_any_extended((const unsigned char *) PG_GETARG_CREDIT_CODE(0), LENGTH,
							 PG_GETARG_INT64(1));
}
