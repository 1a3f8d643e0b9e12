/*
 * code.c
 *	  Looks codes up in the lists of code.value.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/builtins.h"

#include "cache/cache.h"
#include "cache/code.h"
#include "rules/refuse.h"

typedef struct CodeRow
{
	text	   *list;
	text	   *code;
	DateADT		first;
	DateADT		last;
} CodeRow;

static void read_code(void *row, const Datum *values, const bool *nulls);
static int	compare_codes(const void *row, const void *other);
static bool is_code(text *list, text *code, DateADT day, bool any_day);

static const ResidencyCacheColumn columns[] = {
	{"list", TEXTOID},
	{"code", TEXTOID},
	{"period", DATERANGEOID}
};

static ResidencyCache codes = {
	.schema = "code",
	.table = "value",
	.columns = columns,
	.ncolumns = lengthof(columns),
	.row_size = sizeof(CodeRow),
	.read = read_code,
	.compare = compare_codes
};

PG_FUNCTION_INFO_V1(residency_is_code);
PG_FUNCTION_INFO_V1(residency_is_code_on);
PG_FUNCTION_INFO_V1(residency_checked_code);

static void
read_code(void *row, const Datum *values, const bool *nulls)
{
	CodeRow    *code = row;

	/* not null as the table is made; a site that allows it means nothing by it */
	code->list = nulls[0] ? cstring_to_text("") : DatumGetTextPCopy(values[0]);
	code->code = nulls[1] ? cstring_to_text("") : DatumGetTextPCopy(values[1]);
	code->first = DATEVAL_NOBEGIN;
	code->last = DATEVAL_NOEND;
	if (!nulls[2])
		residency_days(values[2], &code->first, &code->last);
}

static int
compare_codes(const void *row, const void *other)
{
	const CodeRow *a = row;
	const CodeRow *b = other;
	int			order = residency_text_compare(a->list, b->list);

	if (order == 0)
		order = residency_text_compare(a->code, b->code);
	if (order == 0)
		order = (a->first > b->first) - (a->first < b->first);
	return order;
}

static bool
is_code(text *list, text *code, DateADT day, bool any_day)
{
	CodeRow		sought = {list, code, day, day};
	CodeRow    *found = residency_cache_find(&codes, &sought);

	return found != NULL &&
		residency_text_compare(found->list, list) == 0 &&
		residency_text_compare(found->code, code) == 0 &&
		(any_day || found->last >= day);
}

void
residency_check_code(const char *list, Datum code, const char *table, const char *column)
{
	const char *facts[] = {list, residency_clipped(code)};

	if (!is_code(cstring_to_text(list), DatumGetTextPP(code), DATEVAL_NOEND, true))
		residency_refuse("RG006", lengthof(facts), facts, table, column);
}

/*
 * is_code(list text, code text) -> boolean
 */
Datum
residency_is_code(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(is_code(PG_GETARG_TEXT_PP(0), PG_GETARG_TEXT_PP(1), DATEVAL_NOEND, true));
}

/*
 * is_code(list text, code text, "on" date) -> boolean
 */
Datum
residency_is_code_on(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(is_code(PG_GETARG_TEXT_PP(0), PG_GETARG_TEXT_PP(1), PG_GETARG_DATEADT(2), false));
}

/*
 * checked_code(list text, code text, at_table text, at_column text) -> text
 *	  The code, if the list has it; otherwise RG006.
 */
Datum
residency_checked_code(PG_FUNCTION_ARGS)
{
	char	   *list;

	if (PG_ARGISNULL(1))
		PG_RETURN_NULL();
	if (PG_ARGISNULL(0) || PG_ARGISNULL(2) || PG_ARGISNULL(3))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("list, table and column of a code must not be null")));

	list = text_to_cstring(PG_GETARG_TEXT_PP(0));
	residency_check_code(list, PG_GETARG_DATUM(1), text_to_cstring(PG_GETARG_TEXT_PP(2)),
						 text_to_cstring(PG_GETARG_TEXT_PP(3)));
	PG_RETURN_DATUM(PG_GETARG_DATUM(1));
}
