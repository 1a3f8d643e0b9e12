/*
 * gazetteer.c
 *	  Makes one gazetteer of code.division, code.division_alias, registry.road and
 *	  registry.estate, and makes it anew when one of them changes or a division
 *	  begins or ends.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/inval.h"
#include "utils/memutils.h"

#include "cache/cache.h"
#include "cache/gazetteer.h"
#include "rules/day.h"

static void read_division(void *row, const Datum *values, const bool *nulls);
static void read_alias(void *row, const Datum *values, const bool *nulls);
static void read_road(void *row, const Datum *values, const bool *nulls);
static void read_estate(void *row, const Datum *values, const bool *nulls);
static void add_name(Datum division, Datum name, NameKind kind);
static bool is_fresh(DateADT day);
static void load(DateADT day);
static void *allocate(size_t size);

static const ResidencyCacheColumn division_columns[] = {
	{"division", INT8OID},
	{"name", TEXTOID},
	{"heading", BOOLOID},
	{"period", DATERANGEOID},
	{"superseded_by", INT8OID}
};

static const ResidencyCacheColumn alias_columns[] = {
	{"division", INT8OID},
	{"alias", TEXTOID},
	{"kind", TEXTOID}
};

static const ResidencyCacheColumn place_columns[] = {
	{"division", INT8OID},
	{"name", TEXTOID}
};

static ResidencyCache tables[] = {
	{.schema = "code",.table = "division",.columns = division_columns,.ncolumns = lengthof(division_columns),.read = read_division},
	{.schema = "code",.table = "division_alias",.columns = alias_columns,.ncolumns = lengthof(alias_columns),.read = read_alias},
	{.schema = "registry",.table = "road",.columns = place_columns,.ncolumns = lengthof(place_columns),.read = read_road},
	{.schema = "registry",.table = "estate",.columns = place_columns,.ncolumns = lengthof(place_columns),.read = read_estate}
};

/* The copy, in a context of its own, and the days on which it holds. */
static Gazetteer *gazetteer = NULL;
static MemoryContext context = NULL;
static DateADT built_on;
static DateADT good_until;		/* the first day on which a division begins or ends */

/* What is read on the way to it: the names, and the block that their letters go to. */
#define LETTERS 65536

static MemoryContext reading;
static GazetteerName *names;
static size_t count;
static size_t room;
static char *letters;
static size_t letters_left;

const Gazetteer *
residency_gazetteer(void)
{
	DateADT		today = residency_china_day(GetCurrentTransactionStartTimestamp());

	/* as residency_cache_refresh() does */
	AcceptInvalidationMessages();
	if (!is_fresh(today))
		load(today);
	return gazetteer;
}

static bool
is_fresh(DateADT day)
{
	if (gazetteer == NULL || day < built_on || day >= good_until)
		return false;
	for (int i = 0; i < (int) lengthof(tables); i++)
	{
		if (!residency_cache_is_fresh(&tables[i]))
			return false;
	}
	return true;
}

static void
load(DateADT day)
{
	size_t		size;

	/* an error on the way leaves no copy rather than a wrong one */
	gazetteer = NULL;
	if (context)
		MemoryContextDelete(context);
	context = NULL;
	built_on = day;
	good_until = DATEVAL_NOEND;

	reading = AllocSetContextCreate(CurrentMemoryContext, "residency names", ALLOCSET_DEFAULT_SIZES);
	count = 0;
	room = 65536;
	names = MemoryContextAlloc(reading, room * sizeof(GazetteerName));
	letters_left = 0;
	for (int i = 0; i < (int) lengthof(tables); i++)
	{
		residency_cache_load(&tables[i]);
		/* without divisions nothing can be read, and nobody means to have none */
		if (count == 0)
			ereport(ERROR,
					(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
					 errmsg("there is no division in code.division"),
					 errhint("CALL residency.migrate() fills it; residency.load_division() takes over a list of your own.")));
	}

	context = AllocSetContextCreate(CacheMemoryContext, "residency gazetteer", ALLOCSET_SMALL_SIZES);
	gazetteer = residency_gazetteer_build(names, count, allocate, &size);
	MemoryContextDelete(reading);
	if (gazetteer == NULL)
		elog(ERROR, "out of memory for the names of divisions, roads and estates");
}

/* NULL rather than an error: the builder has memory of its own to give back. */
static void *
allocate(size_t size)
{
	return MemoryContextAllocExtended(context, size, MCXT_ALLOC_HUGE | MCXT_ALLOC_NO_OOM);
}

static void
add_name(Datum division, Datum name, NameKind kind)
{
	text	   *value = DatumGetTextPP(name);
	size_t		length = VARSIZE_ANY_EXHDR(value);

	/* no name of a place is as long as that */
	if (length == 0 || length > LETTERS / 64)
		return;
	if (count == room)
	{
		room *= 2;
		names = repalloc_huge(names, room * sizeof(GazetteerName));
	}
	if (length > letters_left)
	{
		letters = MemoryContextAlloc(reading, LETTERS);
		letters_left = LETTERS;
	}
	memcpy(letters, VARDATA_ANY(value), length);
	names[count++] = (GazetteerName) {
		.division = DatumGetInt64(division),.name = letters,.length = (uint16_t) length,.kind = (uint8_t) kind
	};
	letters += length;
	letters_left -= length;
}

/*
 * A division that has ended gives its name to the one that took over; until it
 * begins, one that is still to come is none.
 */
static void
read_division(void *row, const Datum *values, const bool *nulls)
{
	DateADT		first = DATEVAL_NOBEGIN;
	DateADT		last = DATEVAL_NOEND;
	DateADT		end;

	(void) row;
	if (nulls[0] || nulls[1])
		return;
	if (!nulls[3])
		residency_days(values[3], &first, &last);
	end = DATE_IS_NOEND(last) ? last : last + 1;
	if (first > built_on)
	{
		good_until = Min(good_until, first);
		return;
	}
	if (end > built_on)
	{
		good_until = Min(good_until, end);
		add_name(values[0], values[1], !nulls[2] && DatumGetBool(values[2]) ? NAME_HEADING : NAME_OFFICIAL);
	}
	else if (!nulls[4])
		add_name(values[4], values[1], NAME_FORMER);
}

static void
read_alias(void *row, const Datum *values, const bool *nulls)
{
	(void) row;
	if (!nulls[0] && !nulls[1])
		add_name(values[0], values[1],
				 !nulls[2] && strcmp(TextDatumGetCString(values[2]), "former") == 0 ? NAME_FORMER : NAME_ALIAS);
}

static void
read_road(void *row, const Datum *values, const bool *nulls)
{
	(void) row;
	if (!nulls[0] && !nulls[1])
		add_name(values[0], values[1], NAME_ROAD);
}

static void
read_estate(void *row, const Datum *values, const bool *nulls)
{
	(void) row;
	if (!nulls[0] && !nulls[1])
		add_name(values[0], values[1], NAME_ESTATE);
}
