/*
 * row_image.c
 *	  A row as jsonb from which it can be restored exactly. to_jsonb() writes
 *	  geometry as GeoJSON with nine digits, and ranges as the session likes dates.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/float.h"
#include "utils/guc.h"
#include "utils/json.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/numeric.h"
#include "utils/typcache.h"

PG_FUNCTION_INFO_V1(residency_row_image);
PG_FUNCTION_INFO_V1(residency_row_key);

/* How the columns of a row type are written, kept from row to row. */
typedef struct ImageColumn
{
	Oid			type;
	FmgrInfo	output;
} ImageColumn;

typedef struct ImageForm
{
	Oid			type;
	int32		typmod;
	int			columns;
	ImageColumn column[FLEXIBLE_ARRAY_MEMBER];
} ImageForm;

typedef struct ImageRow
{
	TupleDesc	desc;
	ImageForm  *form;
	Datum	   *values;
	bool	   *nulls;
} ImageRow;

static ImageForm *
row_form(FunctionCallInfo fcinfo, Oid type, int32 typmod, TupleDesc desc)
{
	ImageForm  *form = fcinfo->flinfo->fn_extra;

	if (form != NULL && form->type == type && form->typmod == typmod && form->columns == desc->natts)
	{
		int			same = 0;

		while (same < desc->natts && form->column[same].type == TupleDescAttr(desc, same)->atttypid)
			same++;
		if (same == desc->natts)
			return form;
	}
	form = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt,
								  offsetof(ImageForm, column) + desc->natts * sizeof(ImageColumn));
	form->type = type;
	form->typmod = typmod;
	form->columns = desc->natts;
	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(desc, i);
		Oid			function;
		bool		varlena;

		form->column[i].type = attribute->atttypid;
		if (attribute->attisdropped)
			continue;
		getTypeOutputInfo(attribute->atttypid, &function, &varlena);
		fmgr_info_cxt(function, &form->column[i].output, fcinfo->flinfo->fn_mcxt);
	}
	fcinfo->flinfo->fn_extra = form;
	return form;
}

static ImageRow
open_row(FunctionCallInfo fcinfo)
{
	/* not PG_GETARG_HEAPTUPLEHEADER: in 15.20 that became a function which 15.19 lacks */
	HeapTupleHeader header = (HeapTupleHeader) PG_DETOAST_DATUM(PG_GETARG_DATUM(0));
	Oid			type = HeapTupleHeaderGetTypeId(header);
	int32		typmod = HeapTupleHeaderGetTypMod(header);
	HeapTupleData tuple;
	ImageRow	row;

	row.desc = lookup_rowtype_tupdesc(type, typmod);
	row.form = row_form(fcinfo, type, typmod, row.desc);
	row.values = palloc(row.desc->natts * sizeof(Datum));
	row.nulls = palloc(row.desc->natts * sizeof(bool));
	tuple.t_len = HeapTupleHeaderGetDatumLength(header);
	ItemPointerSetInvalid(&tuple.t_self);
	tuple.t_tableOid = InvalidOid;
	tuple.t_data = header;
	heap_deform_tuple(&tuple, row.desc, row.values, row.nulls);
	return row;
}

static JsonbValue
string_value(char *text)
{
	JsonbValue	value;

	value.type = jbvString;
	value.val.string.val = text;
	value.val.string.len = strlen(text);
	return value;
}

/* As text that reads back as the same value, whatever the session has set. */
static char *
exact_text(ImageColumn *column, Datum value)
{
	static const int utc = 0;

	if (column->type == TIMESTAMPTZOID)
		return JsonEncodeDateTime(NULL, value, TIMESTAMPTZOID, &utc);
	return OutputFunctionCall(&column->output, value);
}

static void
push_document(JsonbParseState **state, Jsonb *document)
{
	JsonbIterator *walk = JsonbIteratorInit(&document->root);
	JsonbIteratorToken token;
	JsonbValue	value;

	if (JB_ROOT_IS_SCALAR(document))
	{
		(void) JsonbIteratorNext(&walk, &value, true);
		(void) JsonbIteratorNext(&walk, &value, true);
		pushJsonbValue(state, WJB_VALUE, &value);
		return;
	}
	while ((token = JsonbIteratorNext(&walk, &value, false)) != WJB_DONE)
		pushJsonbValue(state, token,
					   token == WJB_KEY || token == WJB_VALUE || token == WJB_ELEM ? &value : NULL);
}

static void
push_value(JsonbParseState **state, ImageColumn *column, Datum datum)
{
	JsonbValue	value;

	switch (column->type)
	{
		case BOOLOID:
			value.type = jbvBool;
			value.val.boolean = DatumGetBool(datum);
			break;
		case INT2OID:
			value.type = jbvNumeric;
			value.val.numeric = int64_to_numeric(DatumGetInt16(datum));
			break;
		case INT4OID:
			value.type = jbvNumeric;
			value.val.numeric = int64_to_numeric(DatumGetInt32(datum));
			break;
		case INT8OID:
			value.type = jbvNumeric;
			value.val.numeric = int64_to_numeric(DatumGetInt64(datum));
			break;
		case JSONBOID:
			push_document(state, DatumGetJsonbP(datum));
			return;
		default:
			value = string_value(exact_text(column, datum));
	}
	pushJsonbValue(state, WJB_VALUE, &value);
}

static void
push_column(JsonbParseState **state, ImageRow *row, int i)
{
	JsonbValue	name;

	if (row->nulls[i] || TupleDescAttr(row->desc, i)->attisdropped)
		return;
	name = string_value(NameStr(TupleDescAttr(row->desc, i)->attname));
	pushJsonbValue(state, WJB_KEY, &name);
	push_value(state, &row->form->column[i], row->values[i]);
}

/* Settings that change how values are written, as pg_dump has them; the caller takes them back. */
static int
exact_settings(void)
{
	int			level = NewGUCNestLevel();

	if (DateStyle != USE_ISO_DATES)
		(void) set_config_option("datestyle", "ISO", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	if (IntervalStyle != INTSTYLE_POSTGRES)
		(void) set_config_option("intervalstyle", "postgres", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	if (extra_float_digits < 1)
		(void) set_config_option("extra_float_digits", "1", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	return level;
}

/*
 * row_image(record) -> jsonb
 *	  A row from which jsonb_populate_record() makes the same row again; without
 *	  its nulls, which are a third of most rows.
 */
Datum
residency_row_image(PG_FUNCTION_ARGS)
{
	ImageRow	row = open_row(fcinfo);
	int			level = exact_settings();
	JsonbParseState *state = NULL;
	JsonbValue *image;

	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	for (int i = 0; i < row.desc->natts; i++)
		push_column(&state, &row, i);
	image = pushJsonbValue(&state, WJB_END_OBJECT, NULL);
	AtEOXact_GUC(true, level);
	ReleaseTupleDesc(row.desc);
	PG_RETURN_POINTER(JsonbValueToJsonb(image));
}

/*
 * row_key(record, text[]) -> jsonb
 *	  The columns of these names alone.
 */
Datum
residency_row_key(PG_FUNCTION_ARGS)
{
	ImageRow	row = open_row(fcinfo);
	int			level = exact_settings();
	JsonbParseState *state = NULL;
	JsonbValue *key;
	Datum	   *names;
	int			wanted;

	deconstruct_array(PG_GETARG_ARRAYTYPE_P(1), TEXTOID, -1, false, TYPALIGN_INT, &names, NULL, &wanted);
	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	for (int n = 0; n < wanted; n++)
	{
		char	   *name = TextDatumGetCString(names[n]);

		for (int i = 0; i < row.desc->natts; i++)
			if (strcmp(NameStr(TupleDescAttr(row.desc, i)->attname), name) == 0)
				push_column(&state, &row, i);
	}
	key = pushJsonbValue(&state, WJB_END_OBJECT, NULL);
	AtEOXact_GUC(true, level);
	ReleaseTupleDesc(row.desc);
	PG_RETURN_POINTER(JsonbValueToJsonb(key));
}
