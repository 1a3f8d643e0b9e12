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
#include "utils/hsearch.h"
#include "utils/json.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/numeric.h"
#include "utils/typcache.h"

#include "rules/row_image.h"

PG_FUNCTION_INFO_V1(residency_row_image);
PG_FUNCTION_INFO_V1(residency_row_key);

typedef struct ImageColumn
{
	Oid			type;
	FmgrInfo	output;
} ImageColumn;

struct ImageForm
{
	int			columns;
	ImageColumn column[FLEXIBLE_ARRAY_MEMBER];
};

/* The form of a table, and where it lives. */
typedef struct TableForm
{
	Oid			table;
	MemoryContext context;
	ImageForm  *form;
} TableForm;

static bool
fits(const ImageForm *form, TupleDesc desc)
{
	if (form == NULL || form->columns != desc->natts)
		return false;
	for (int i = 0; i < desc->natts; i++)
	{
		if (form->column[i].type != TupleDescAttr(desc, i)->atttypid)
			return false;
	}
	return true;
}

static ImageForm *
make_form(TupleDesc desc, MemoryContext context)
{
	ImageForm  *form = MemoryContextAllocZero(context, offsetof(ImageForm, column) + desc->natts * sizeof(ImageColumn));

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
		fmgr_info_cxt(function, &form->column[i].output, context);
	}
	return form;
}

static TableForm *
find_table_form(Oid table)
{
	static HTAB *forms = NULL;
	TableForm  *entry;
	bool		found;

	if (forms == NULL)
	{
		HASHCTL		control = {.keysize = sizeof(Oid), .entrysize = sizeof(TableForm)};

		forms = hash_create("residency forms of rows", 64, &control, HASH_ELEM | HASH_BLOBS);
	}
	entry = hash_search(forms, &table, HASH_ENTER, &found);
	if (!found)
	{
		entry->context = NULL;
		entry->form = NULL;
	}
	return entry;
}

ImageForm *
residency_image_form(Relation table)
{
	TableForm  *entry = find_table_form(RelationGetRelid(table));
	TupleDesc	desc = RelationGetDescr(table);

	if (!fits(entry->form, desc))
	{
		entry->form = NULL;
		if (entry->context == NULL)
			entry->context = AllocSetContextCreate(TopMemoryContext, "residency form of rows", ALLOCSET_SMALL_SIZES);
		MemoryContextReset(entry->context);
		entry->form = make_form(desc, entry->context);
	}
	return entry->form;
}

/* The row of an argument, and its form, kept from call to call. */
static ImageRow
open_row(FunctionCallInfo fcinfo)
{
	/* not PG_GETARG_HEAPTUPLEHEADER: in 15.20 that became a function which 15.19 lacks */
	HeapTupleHeader header = (HeapTupleHeader) PG_DETOAST_DATUM(PG_GETARG_DATUM(0));
	HeapTupleData tuple;
	ImageRow	row;

	row.desc = lookup_rowtype_tupdesc(HeapTupleHeaderGetTypeId(header), HeapTupleHeaderGetTypMod(header));
	if (!fits(fcinfo->flinfo->fn_extra, row.desc))
		fcinfo->flinfo->fn_extra = make_form(row.desc, fcinfo->flinfo->fn_mcxt);
	row.form = fcinfo->flinfo->fn_extra;
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
push_column(JsonbParseState **state, const ImageRow *row, int i)
{
	JsonbValue	name;

	if (row->nulls[i] || TupleDescAttr(row->desc, i)->attisdropped)
		return;
	name = string_value(NameStr(TupleDescAttr(row->desc, i)->attname));
	pushJsonbValue(state, WJB_KEY, &name);
	push_value(state, &row->form->column[i], row->values[i]);
}

/* Settings that change how values are written, as pg_dump has them. 0: they are so, otherwise what takes them back. */
static int
exact_settings(void)
{
	int			level;

	if (DateStyle == USE_ISO_DATES && IntervalStyle == INTSTYLE_POSTGRES && extra_float_digits >= 1)
		return 0;
	level = NewGUCNestLevel();
	(void) set_config_option("datestyle", "ISO", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	(void) set_config_option("intervalstyle", "postgres", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	if (extra_float_digits < 1)
		(void) set_config_option("extra_float_digits", "1", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	return level;
}

static Jsonb *
write_columns(const ImageRow *row, const AttrNumber *columns, int count)
{
	int			level = exact_settings();
	JsonbParseState *state = NULL;
	JsonbValue *object;

	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	for (int i = 0; i < count; i++)
		push_column(&state, row, columns == NULL ? i : columns[i] - 1);
	object = pushJsonbValue(&state, WJB_END_OBJECT, NULL);
	if (level != 0)
		AtEOXact_GUC(true, level);
	return JsonbValueToJsonb(object);
}

Jsonb *
residency_image_of(const ImageRow *row)
{
	return write_columns(row, NULL, row->desc->natts);
}

Jsonb *
residency_key_of(const ImageRow *row, const AttrNumber *columns, int count)
{
	return write_columns(row, columns, count);
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
	Jsonb	   *image = residency_image_of(&row);

	ReleaseTupleDesc(row.desc);
	PG_RETURN_JSONB_P(image);
}

static bool
is_named(const char *name, const Datum *names, int count)
{
	for (int i = 0; i < count; i++)
	{
		if (strcmp(name, TextDatumGetCString(names[i])) == 0)
			return true;
	}
	return false;
}

/*
 * row_key(record, text[]) -> jsonb
 *	  The columns of these names alone.
 */
Datum
residency_row_key(PG_FUNCTION_ARGS)
{
	ImageRow	row = open_row(fcinfo);
	AttrNumber *columns = palloc(row.desc->natts * sizeof(AttrNumber));
	int			count = 0;
	Jsonb	   *key;
	Datum	   *names;
	int			wanted;

	deconstruct_array(PG_GETARG_ARRAYTYPE_P(1), TEXTOID, -1, false, TYPALIGN_INT, &names, NULL, &wanted);
	for (int i = 0; i < row.desc->natts; i++)
	{
		if (is_named(NameStr(TupleDescAttr(row.desc, i)->attname), names, wanted))
			columns[count++] = i + 1;
	}
	key = residency_key_of(&row, columns, count);
	ReleaseTupleDesc(row.desc);
	PG_RETURN_JSONB_P(key);
}
