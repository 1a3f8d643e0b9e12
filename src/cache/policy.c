/*
 * policy.c
 *	  Looks up what policy.setting sets for a division on a day.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"

#include "cache/cache.h"
#include "cache/calendar.h"
#include "cache/policy.h"
#include "core/division_code.h"
#include "rules/deadline.h"
#include "rules/refuse.h"

#define READINGS (AS_TERM + 1)

typedef struct Setting
{
	int64		id;
	text	   *key;
	int64		division;		/* COUNTRY or a division code */
	DateADT		first;
	DateADT		last;
	bool		limited;		/* false: it says that there is no limit */
	bool		has[READINGS];
	Datum		value[READINGS];
} Setting;

/* Less than every division code: settings of the country come first. */
#define COUNTRY RESIDENCY_COUNTRY

static void read_setting(void *row, const Datum *values, const bool *nulls);
static int	compare_settings(const void *row, const void *other);
static Setting *find_setting(text *key, int64 division, DateADT day);
static Setting *asked_setting(FunctionCallInfo fcinfo);
static Datum policy(FunctionCallInfo fcinfo, PolicyReading reading);
pg_noreturn static void refuse_missing(const char *key, int64 division, const char *day);
static void read_value(Setting *setting, PolicyReading reading);
static void say_setting(void *arg);

static const ResidencyCacheColumn columns[] = {
	{"key", TEXTOID},
	{"division", INT8OID},
	{"period", DATERANGEOID},
	{"value", TEXTOID},
	{"setting_id", INT8OID}
};

static ResidencyCache settings = {
	.schema = "policy",
	.table = "setting",
	.columns = columns,
	.ncolumns = lengthof(columns),
	.row_size = sizeof(Setting),
	.read = read_setting,
	.compare = compare_settings
};

static const struct
{
	PGFunction	input;
	bool		byval;
	int			size;
}			readings[READINGS] = {
	[AS_TEXT] = {NULL, false, -1},
	[AS_NUMERIC] = {numeric_in, false, -1},
	[AS_INTEGER] = {int4in, true, sizeof(int32)},
	[AS_BOOLEAN] = {boolin, true, sizeof(bool)},
	[AS_INTERVAL] = {interval_in, false, sizeof(Interval)},
	[AS_TERM] = {residency_read_term, false, sizeof(Term)}
};

PG_FUNCTION_INFO_V1(residency_policy_text);
PG_FUNCTION_INFO_V1(residency_policy_numeric);
PG_FUNCTION_INFO_V1(residency_policy_int);
PG_FUNCTION_INFO_V1(residency_policy_bool);
PG_FUNCTION_INFO_V1(residency_policy_interval);
PG_FUNCTION_INFO_V1(residency_policy_term);
PG_FUNCTION_INFO_V1(residency_policy_setting);

static void
read_setting(void *row, const Datum *values, const bool *nulls)
{
	Setting    *setting = row;

	memset(setting, 0, sizeof(Setting));
	setting->key = nulls[0] ? cstring_to_text("") : DatumGetTextPCopy(values[0]);
	setting->division = nulls[1] ? COUNTRY : DatumGetInt64(values[1]);
	setting->first = DATEVAL_NOBEGIN;
	setting->last = DATEVAL_NOEND;
	if (!nulls[2])
		residency_days(values[2], &setting->first, &setting->last);
	setting->limited = setting->has[AS_TEXT] = !nulls[3];
	if (setting->limited)
		setting->value[AS_TEXT] = PointerGetDatum(DatumGetTextPCopy(values[3]));
	setting->id = nulls[4] ? 0 : DatumGetInt64(values[4]);
}

static int
compare_settings(const void *row, const void *other)
{
	const Setting *a = row;
	const Setting *b = other;
	int			order = residency_text_compare(a->key, b->key);

	if (order == 0)
		order = (a->division > b->division) - (a->division < b->division);
	if (order == 0)
		order = (a->first > b->first) - (a->first < b->first);
	return order;
}

/*
 * The setting of the most specific division that contains the given one.
 */
static Setting *
find_setting(text *key, int64 division, DateADT day)
{
	int64		line[RESIDENCY_DIVISION_LEVELS + 1] = {COUNTRY};
	int			last = division == COUNTRY ? 0 :
		residency_division_code_lineage(division, line + 1);
	Setting		sought = {.key = key,.first = day};
	Setting    *found = NULL;

	for (int i = last; i >= 0; i--)
	{
		/* settings of a division in between would have been found instead */
		if (found && found->division < line[i])
			continue;

		sought.division = line[i];
		found = residency_cache_find(&settings, &sought);
		if (found == NULL || residency_text_compare(found->key, key) != 0)
			return NULL;
		if (found->division == line[i] && found->last >= day)
			return found;
	}
	return NULL;
}

/* The value of a setting, NULL (and false) where it says that there is no limit. */
static bool
setting_value(Setting *setting, PolicyReading reading, Datum *value)
{
	if (!setting->limited)
		return false;
	if (!setting->has[reading])
		read_value(setting, reading);
	/* a copy: the cache may be loaded anew while the caller still holds it */
	*value = datumCopy(setting->value[reading], readings[reading].byval, readings[reading].size);
	return true;
}

bool
residency_policy(const char *key, int64 division, DateADT day, PolicyReading reading, Datum *value)
{
	Setting    *setting = find_setting(cstring_to_text(key), division, day);

	if (setting == NULL)
		refuse_missing(key, division, DatumGetCString(DirectFunctionCall1(date_out, DateADTGetDatum(day))));
	return setting_value(setting, reading, value);
}

/* The setting that a function with the arguments key, division and day asks for. */
static Setting *
asked_setting(FunctionCallInfo fcinfo)
{
	if (PG_ARGISNULL(0) || PG_ARGISNULL(2))
		return NULL;
	return find_setting(PG_GETARG_TEXT_PP(0), PG_ARGISNULL(1) ? COUNTRY : PG_GETARG_INT64(1), PG_GETARG_DATEADT(2));
}

static Datum
policy(FunctionCallInfo fcinfo, PolicyReading reading)
{
	Setting    *setting = asked_setting(fcinfo);
	Datum		value;

	if (setting == NULL)
		refuse_missing(PG_ARGISNULL(0) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(0)),
					   PG_ARGISNULL(1) ? COUNTRY : PG_GETARG_INT64(1),
					   PG_ARGISNULL(2) ? NULL : DatumGetCString(DirectFunctionCall1(date_out, PG_GETARG_DATUM(2))));
	if (!setting_value(setting, reading, &value))
		PG_RETURN_NULL();
	return value;
}

static void
refuse_missing(const char *key, int64 division, const char *day)
{
	char		place[RESIDENCY_DIVISION_CODE_SIZE] = "(country)";
	const char *facts[3] = {key, place, day};

	if (division != COUNTRY)
		residency_division_code_format(division, place);
	residency_refuse("RG090", lengthof(facts), facts, "policy.setting", NULL);
}

/*
 * Reads the text as another type, once as long as the copy lives.
 */
static void
read_value(Setting *setting, PolicyReading reading)
{
	char	   *string = TextDatumGetCString(setting->value[AS_TEXT]);
	int			style = IntervalStyle;
	ErrorContextCallback context = {error_context_stack, say_setting, setting};
	volatile Datum value = (Datum) 0;
	MemoryContext caller;

	error_context_stack = &context;
	/* what a setting says is the same in every session */
	IntervalStyle = INTSTYLE_POSTGRES;
	PG_TRY();
	{
		value = DirectFunctionCall3(readings[reading].input, CStringGetDatum(string),
									ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
	}
	PG_FINALLY();
	{
		IntervalStyle = style;
	}
	PG_END_TRY();
	error_context_stack = context.previous;

	caller = MemoryContextSwitchTo(settings.context);
	setting->value[reading] = datumCopy(value, readings[reading].byval, readings[reading].size);
	setting->has[reading] = true;
	MemoryContextSwitchTo(caller);
}

static void
say_setting(void *arg)
{
	Setting    *setting = arg;
	char		division[RESIDENCY_DIVISION_CODE_SIZE] = "(country)";

	if (setting->division != COUNTRY)
		residency_division_code_format(setting->division, division);
	errcontext("setting of policy \"%s\" for division %s",
			   text_to_cstring(setting->key), division);
}

/*
 * policy_text(key text, division division_code, "on" date) -> text
 *	  and the same read as other types.
 */
Datum
residency_policy_text(PG_FUNCTION_ARGS)
{
	return policy(fcinfo, AS_TEXT);
}

Datum
residency_policy_numeric(PG_FUNCTION_ARGS)
{
	return policy(fcinfo, AS_NUMERIC);
}

Datum
residency_policy_int(PG_FUNCTION_ARGS)
{
	return policy(fcinfo, AS_INTEGER);
}

Datum
residency_policy_bool(PG_FUNCTION_ARGS)
{
	return policy(fcinfo, AS_BOOLEAN);
}

Datum
residency_policy_interval(PG_FUNCTION_ARGS)
{
	return policy(fcinfo, AS_INTERVAL);
}

/*
 * policy_term(key text, division division_code, "on" date) -> text
 *	  A term as it is written everywhere: 3 working days.
 */
Datum
residency_policy_term(PG_FUNCTION_ARGS)
{
	Datum		value = policy(fcinfo, AS_TERM);
	char		written[RESIDENCY_TERM_SIZE];

	if (fcinfo->isnull)
		return (Datum) 0;
	residency_term_format(*(Term *) DatumGetPointer(value), written);
	PG_RETURN_TEXT_P(cstring_to_text(written));
}

/*
 * policy_setting(key text, division division_code, "on" date) -> bigint
 *	  Which setting it is; NULL where nothing is set.
 */
Datum
residency_policy_setting(PG_FUNCTION_ARGS)
{
	Setting    *setting = asked_setting(fcinfo);

	if (setting == NULL)
		PG_RETURN_NULL();
	PG_RETURN_INT64(setting->id);
}
