/*
 * transition.c
 *	  Looks up which steps there are between the states of a residence.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/builtins.h"

#include "cache/cache.h"
#include "cache/code.h"

typedef struct Step
{
	text	   *from;			/* empty for a new registration */
	text	   *to;
} Step;

static void read_step(void *row, const Datum *values, const bool *nulls);
static int	compare_steps(const void *row, const void *other);

static const ResidencyCacheColumn columns[] = {
	{"from_state", TEXTOID},
	{"to_state", TEXTOID}
};

static ResidencyCache steps = {
	.schema = "code",
	.table = "residence_transition",
	.columns = columns,
	.ncolumns = lengthof(columns),
	.row_size = sizeof(Step),
	.read = read_step,
	.compare = compare_steps
};

PG_FUNCTION_INFO_V1(residency_is_residence_step_sql);

static void
read_step(void *row, const Datum *values, const bool *nulls)
{
	Step	   *step = row;

	step->from = nulls[0] ? cstring_to_text("") : DatumGetTextPCopy(values[0]);
	step->to = nulls[1] ? cstring_to_text("") : DatumGetTextPCopy(values[1]);
}

static int
compare_steps(const void *row, const void *other)
{
	const Step *a = row;
	const Step *b = other;
	int			order = residency_text_compare(a->from, b->from);

	return order != 0 ? order : residency_text_compare(a->to, b->to);
}

bool
residency_is_residence_step(text *from, text *to)
{
	Step		sought = {from ? from : cstring_to_text(""), to};
	Step	   *found = residency_cache_find(&steps, &sought);

	return found != NULL && compare_steps(found, &sought) == 0;
}

/*
 * is_residence_step(from_state text, to_state text) -> boolean
 */
Datum
residency_is_residence_step_sql(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(1))
		PG_RETURN_NULL();
	PG_RETURN_BOOL(residency_is_residence_step(PG_ARGISNULL(0) ? NULL : PG_GETARG_TEXT_PP(0),
											   PG_GETARG_TEXT_PP(1)));
}
