/*
 * input.h
 *	  What the types share where they meet the server: the functions between
 *	  text and type, and how a refused input is reported.
 */
#ifndef RESIDENCY_TYPES_INPUT_H
#define RESIDENCY_TYPES_INPUT_H

#include "fmgr.h"
#include "utils/builtins.h"

#include "compat.h"

/* Room for the text of a value of any type, its zero byte included. */
#define RESIDENCY_TEXT_SIZE 24

/* One rule that an input may break. */
typedef struct InputRule
{
	const char *problem;		/* the word that NAME_problem(text) answers */
	const char *detail;			/* the rule, a whole sentence */
	const char *hint;			/* what to do */
} InputRule;

/* A type that reads and writes text. */
typedef struct InputType
{
	const char *name;
	const InputRule *rules;		/* by the numbers that parse gives; 0 is none */

	/* reads len bytes: 0 and a value, or the number of the rule they break */
	int			(*parse) (const char *in, size_t len, Datum *value);

	/* writes a value and a zero byte, gives the length */
	size_t		(*format) (Datum value, char *out);
} InputType;

/*
 * Refuses a text because it breaks a rule: 22P02, softly if the caller asks
 * for it.  The message shows no more of it than residency_mask() leaves.
 * Gives 0 if it returns.
 */
extern Datum residency_refuse_text(FunctionCallInfo fcinfo, const InputType *type, int rule,
								   const char *in, size_t len);

/* Refuses a binary value because it breaks a rule: 22P03. */
extern void residency_refuse_binary(const InputType *type, int rule) pg_attribute_noreturn();

/*
 * An array of 8-byte values of the type of the function's first argument,
 * whatever its OID is here.
 */
extern Datum residency_type_array(FunctionCallInfo fcinfo, const int64_t *values, int count);

/*
 * The bodies of the SQL functions of a type.  They are inline so that the
 * compiler sees through the pointers of a constant InputType.
 */

/* NAME_in(cstring) */
static inline Datum
residency_type_in(FunctionCallInfo fcinfo, const InputType *type)
{
	const char *in = PG_GETARG_CSTRING(0);
	size_t		len = strlen(in);
	Datum		value;
	int			rule = type->parse(in, len, &value);

	if (unlikely(rule != 0))
		return residency_refuse_text(fcinfo, type, rule, in, len);
	return value;
}

/* NAME_out(NAME) → cstring */
static inline Datum
residency_type_out(FunctionCallInfo fcinfo, const InputType *type)
{
	char	   *out = palloc(RESIDENCY_TEXT_SIZE);

	type->format(PG_GETARG_DATUM(0), out);
	PG_RETURN_CSTRING(out);
}

/* NAME(text): the cast, without a copy of the text */
static inline Datum
residency_type_from_text(FunctionCallInfo fcinfo, const InputType *type)
{
	text	   *in = PG_GETARG_TEXT_PP(0);
	size_t		len = VARSIZE_ANY_EXHDR(in);
	Datum		value;
	int			rule = type->parse(VARDATA_ANY(in), len, &value);

	if (unlikely(rule != 0))
		return residency_refuse_text(fcinfo, type, rule, VARDATA_ANY(in), len);
	return value;
}

/* text(NAME): the cast back */
static inline Datum
residency_type_to_text(FunctionCallInfo fcinfo, const InputType *type)
{
	text	   *out = palloc(VARHDRSZ + RESIDENCY_TEXT_SIZE);

	SET_VARSIZE(out, VARHDRSZ + type->format(PG_GETARG_DATUM(0), VARDATA(out)));
	PG_RETURN_TEXT_P(out);
}

/* is_NAME(text) → boolean */
static inline Datum
residency_type_is(FunctionCallInfo fcinfo, const InputType *type)
{
	text	   *in = PG_GETARG_TEXT_PP(0);
	Datum		value;

	PG_RETURN_BOOL(type->parse(VARDATA_ANY(in), VARSIZE_ANY_EXHDR(in), &value) == 0);
}

/* NAME_problem(text) → the word for the first broken rule, or NULL */
static inline Datum
residency_type_problem(FunctionCallInfo fcinfo, const InputType *type)
{
	text	   *in = PG_GETARG_TEXT_PP(0);
	Datum		value;
	int			rule = type->parse(VARDATA_ANY(in), VARSIZE_ANY_EXHDR(in), &value);

	if (rule == 0)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(type->rules[rule].problem));
}

#define RESIDENCY_TYPE_FUNCTION(name, function, type) \
	PG_FUNCTION_INFO_V1(name); \
	Datum \
	name(PG_FUNCTION_ARGS) \
	{ \
		return function(fcinfo, type); \
	} \
	extern Datum name(PG_FUNCTION_ARGS)

/* Defines all of these under residency_NAME_… for one InputType. */
#define RESIDENCY_TYPE_FUNCTIONS(name, type) \
	RESIDENCY_TYPE_FUNCTION(residency_##name##_in, residency_type_in, type); \
	RESIDENCY_TYPE_FUNCTION(residency_##name##_out, residency_type_out, type); \
	RESIDENCY_TYPE_FUNCTION(residency_##name##_from_text, residency_type_from_text, type); \
	RESIDENCY_TYPE_FUNCTION(residency_##name##_to_text, residency_type_to_text, type); \
	RESIDENCY_TYPE_FUNCTION(residency_is_##name, residency_type_is, type); \
	RESIDENCY_TYPE_FUNCTION(residency_##name##_problem, residency_type_problem, type)

#endif							/* RESIDENCY_TYPES_INPUT_H */
