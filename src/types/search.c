/*
 * search.c
 *	  Pinyin and the search of names for SQL.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "compat.h"
#include "core/pinyin.h"
#include "core/search.h"

PG_FUNCTION_INFO_V1(residency_pinyin_of_text);
PG_FUNCTION_INFO_V1(residency_pinyin_of_name);
PG_FUNCTION_INFO_V1(residency_pinyin_initials);
PG_FUNCTION_INFO_V1(residency_search_text_of);
PG_FUNCTION_INFO_V1(residency_search_keys);
PG_FUNCTION_INFO_V1(residency_search_steps_of);
PG_FUNCTION_INFO_V1(residency_search_score_of);

static Datum
pinyin(const text *in, PinyinForm form, bool person)
{
	size_t		len = VARSIZE_ANY_EXHDR(in);
	text	   *out = palloc(VARHDRSZ + RESIDENCY_PINYIN_ROOM(len));

	SET_VARSIZE(out, VARHDRSZ + residency_pinyin(VARDATA_ANY(in), len, form, person, VARDATA(out)));
	PG_RETURN_TEXT_P(out);
}

/*
 * pinyin(text, toned boolean) → text
 */
Datum
residency_pinyin_of_text(PG_FUNCTION_ARGS)
{
	return pinyin(PG_GETARG_TEXT_PP(0), PG_GETARG_BOOL(1) ? PINYIN_TONED : PINYIN_PLAIN, false);
}

/*
 * pinyin_name(text, toned boolean) → text
 */
Datum
residency_pinyin_of_name(PG_FUNCTION_ARGS)
{
	return pinyin(PG_GETARG_TEXT_PP(0), PG_GETARG_BOOL(1) ? PINYIN_TONED : PINYIN_PLAIN, true);
}

/*
 * pinyin_initials(text) → text
 */
Datum
residency_pinyin_initials(PG_FUNCTION_ARGS)
{
	return pinyin(PG_GETARG_TEXT_PP(0), PINYIN_INITIALS, false);
}

static void
read_name(const text *in, SearchName *name)
{
	residency_search_read_name(VARDATA_ANY(in), VARSIZE_ANY_EXHDR(in), name);
}

static void
read_query(const text *in, SearchQuery *query)
{
	residency_search_read_query(VARDATA_ANY(in), VARSIZE_ANY_EXHDR(in), query);
}

/*
 * search_text(text) → text
 */
Datum
residency_search_text_of(PG_FUNCTION_ARGS)
{
	SearchName	name;
	text	   *out = palloc(VARHDRSZ + RESIDENCY_SEARCH_ROOM);

	read_name(PG_GETARG_TEXT_PP(0), &name);
	SET_VARSIZE(out, VARHDRSZ + residency_search_text(&name, VARDATA(out)));
	PG_RETURN_TEXT_P(out);
}

static ArrayType *
array_of_keys(const int32_t *keys, int count)
{
	Size		size = ARR_OVERHEAD_NONULLS(1) + sizeof(int32) * count;
	ArrayType  *array = palloc0(size);

	SET_VARSIZE(array, size);
	array->ndim = 1;
	array->dataoffset = 0;
	array->elemtype = INT4OID;
	ARR_DIMS(array)[0] = count;
	ARR_LBOUND(array)[0] = 1;
	memcpy(ARR_DATA_PTR(array), keys, sizeof(int32) * count);
	return array;
}

/*
 * search_keys(text) → integer[], in no order
 */
Datum
residency_search_keys(PG_FUNCTION_ARGS)
{
	SearchName	name;
	int32_t		keys[RESIDENCY_SEARCH_NAME_KEYS];
	int			count;

	read_name(PG_GETARG_TEXT_PP(0), &name);
	count = residency_search_name_keys(&name, keys);
	if (count == 0)
		PG_RETURN_ARRAYTYPE_P(construct_empty_array(INT4OID));
	PG_RETURN_ARRAYTYPE_P(array_of_keys(keys, count));
}

static void
put_step(void *context, SearchRung rung, const int32_t *keys, int count)
{
	ReturnSetInfo *result = context;
	Datum		values[2];
	bool		nulls[2] = {false, count == 0};

	values[0] = CStringGetTextDatum(residency_search_rungs[rung]);
	values[1] = count == 0 ? (Datum) 0 : PointerGetDatum(array_of_keys(keys, count));
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

/*
 * search_steps(text) → rows of rung and keys
 */
Datum
residency_search_steps_of(PG_FUNCTION_ARGS)
{
	SearchQuery query;

	InitMaterializedSRF(fcinfo, 0);
	read_query(PG_GETARG_TEXT_PP(0), &query);
	residency_search_steps(&query, put_step, fcinfo->resultinfo);
	return (Datum) 0;
}

static int
rung_of(const text *name)
{
	for (int rung = 0; rung < SEARCH_RUNGS; rung++)
	{
		const char *its = residency_search_rungs[rung];

		if (VARSIZE_ANY_EXHDR(name) == strlen(its) && memcmp(VARDATA_ANY(name), its, strlen(its)) == 0)
			return rung;
	}
	return -1;
}

/*
 * search_score(text, query text, rung text) → real, NULL if the name does not answer
 */
Datum
residency_search_score_of(PG_FUNCTION_ARGS)
{
	SearchName	name;
	SearchQuery query;
	int			rung = rung_of(PG_GETARG_TEXT_PP(2));
	float		score = 0.0F;

	if (rung >= 0)
	{
		read_name(PG_GETARG_TEXT_PP(0), &name);
		read_query(PG_GETARG_TEXT_PP(1), &query);
		score = residency_search_score(&name, &query, rung);
	}
	if (score == 0.0F)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT4(score);
}
