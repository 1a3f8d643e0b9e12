/*
 * input.c
 *	  How a refused input is reported, and arrays made, the same for every type.
 */
#include "postgres.h"

#include "types/input.h"

#include "catalog/pg_type.h"
#include "utils/array.h"

#include "core/text.h"

Datum
residency_refuse_text(FunctionCallInfo fcinfo, const InputType *type, int rule,
					  const char *in, size_t len)
{
	char		masked[RESIDENCY_MASK_SIZE];

	residency_mask(in, len, masked);
	ereturn(fcinfo->context, (Datum) 0,
			(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			 errmsg("invalid input syntax for type %s: \"%s\"", type->name, masked),
			 errdetail("%s", type->rules[rule].detail),
			 errhint("%s", type->rules[rule].hint)));
}

void
residency_refuse_binary(const InputType *type, int rule)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
			 errmsg("invalid binary value for type %s", type->name),
			 errdetail("%s", type->rules[rule].detail),
			 errhint("%s", type->rules[rule].hint)));
}

Datum
residency_type_array(FunctionCallInfo fcinfo, const int64_t *values, int count)
{
	Oid			type = get_fn_expr_argtype(fcinfo->flinfo, 0);
	Datum	   *elements = palloc(count * sizeof(Datum));

	if (!OidIsValid(type))
		elog(ERROR, "could not determine the type of the argument");
	for (int i = 0; i < count; i++)
		elements[i] = Int64GetDatum(values[i]);
	PG_RETURN_ARRAYTYPE_P(construct_array(elements, count, type, sizeof(int64),
										  FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}
