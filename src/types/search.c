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
PG_FUNCTION_INFO_V1(residency_search_steps);
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
	memcpy((char *) array + ARR_OVERHEAD_NONULLS(1), keys, sizeof(int32) * count);
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

/*
 * search_steps(text) → rows of rung and keys
 */
Datum
residency_search_steps(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	SearchReading *reading = palloc(sizeof(SearchReading));
	SearchQuery query;
	int32_t		keys[RESIDENCY_SEARCH_STEP_KEYS];

	InitMaterializedSRF(fcinfo, 0);
	read_query(PG_GETARG_TEXT_PP(0), &query);
	for (int rung = 0; rung < SEARCH_RUNGS; rung++)
	{
		residency_search_read(&query, rung, reading);
		for (int i = 0; i < reading->count; i++)
		{
			/* names in order need no keys */
			int			count = rung == SEARCH_PREFIX ? 0 : residency_search_step_keys(&reading->way[i], keys);
			Datum		values[2];
			bool		nulls[2] = {false, count == 0};

			if (count == 0 && rung != SEARCH_PREFIX)
				continue;
			values[0] = CStringGetTextDatum(residency_search_rungs[rung]);
			values[1] = count == 0 ? (Datum) 0 : PointerGetDatum(array_of_keys(keys, count));
			tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
		}
	}
	return (Datum) 0;
}

/* A query read on a rung, kept from one name to the next. */
typedef struct ReadQuery
{
	text	   *query;
	text	   *rung;
	SearchReading reading;
} ReadQuery;

static bool
same_text(const text *a, const text *b)
{
	return VARSIZE_ANY_EXHDR(a) == VARSIZE_ANY_EXHDR(b) &&
		memcmp(VARDATA_ANY(a), VARDATA_ANY(b), VARSIZE_ANY_EXHDR(a)) == 0;
}

static text *
copy_text(const text *in, MemoryContext context)
{
	text	   *out = MemoryContextAlloc(context, VARSIZE_ANY(in));

	memcpy(out, in, VARSIZE_ANY(in));
	return out;
}

static void
read_on_rung(const text *query, const text *rung, SearchReading *reading)
{
	SearchQuery read;

	reading->count = 0;
	read_query(query, &read);
	for (int i = 0; i < SEARCH_RUNGS; i++)
	{
		const char *its = residency_search_rungs[i];

		if (VARSIZE_ANY_EXHDR(rung) == strlen(its) && memcmp(VARDATA_ANY(rung), its, strlen(its)) == 0)
			residency_search_read(&read, i, reading);
	}
}

/*
 * search_score(text, query text, rung text) → real, NULL if the name does not answer
 */
Datum
residency_search_score_of(PG_FUNCTION_ARGS)
{
	text	   *query = PG_GETARG_TEXT_PP(1);
	text	   *rung = PG_GETARG_TEXT_PP(2);
	ReadQuery  *kept = fcinfo->flinfo->fn_extra;
	SearchName	name;
	float		score;

	if (kept == NULL || !same_text(kept->query, query) || !same_text(kept->rung, rung))
	{
		MemoryContext context = fcinfo->flinfo->fn_mcxt;

		if (kept == NULL)
			kept = MemoryContextAlloc(context, sizeof(ReadQuery));
		else
		{
			pfree(kept->query);
			pfree(kept->rung);
		}
		read_on_rung(query, rung, &kept->reading);
		kept->query = copy_text(query, context);
		kept->rung = copy_text(rung, context);
		fcinfo->flinfo->fn_extra = kept;
	}
	read_name(PG_GETARG_TEXT_PP(0), &name);
	score = residency_search_score(&name, &kept->reading);
	if (score == 0.0F)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT4(score);
}
