/*
 * calendar.c
 *	  Keeps the days of code.calendar_day as bits, a calendar for each region that
 *	  has days of its own.
 *
 * The country's years count where they are complete.  A region has the country's
 * days, then those of the regions around it, then its own.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/datetime.h"

#include "cache/cache.h"
#include "cache/calendar.h"
#include "core/division_code.h"
#include "rules/day.h"
#include "rules/refuse.h"

typedef struct DayRow
{
	int64		region;			/* RESIDENCY_COUNTRY or a division code */
	DateADT		day;
	bool		works;
} DayRow;

/* What holds in a region: calendars of unbroken years, with gaps between them. */
typedef struct Region
{
	int64		region;
	int			ncalendars;
	WorkCalendar *calendars;
} Region;

static void read_day(void *row, const Datum *values, const bool *nulls);
static int	compare_days(const void *row, const void *other);
static void derive_regions(const void *rows, int count);
static void derive_country(Region *country, const DayRow *row, int count);
static void derive_region(Region *region, const DayRow *row, int count);
static Region *find_region(int64 region);
static Region *region_of(int64 division);

static const ResidencyCacheColumn columns[] = {
	{"region", INT8OID},
	{"day", DATEOID},
	{"kind", TEXTOID}
};

static ResidencyCache listed = {
	.schema = "code",
	.table = "calendar_day",
	.columns = columns,
	.ncolumns = lengthof(columns),
	.row_size = sizeof(DayRow),
	.read = read_day,
	.compare = compare_days,
	.derive = derive_regions
};

/* Derived: the country, then regions by their codes, so that what contains a region comes before it. */
static Region *regions;
static int	nregions;

/* The division asked for last and its region: most questions are about one place. */
static int64 last_division;
static Region *last_region;

static void
read_day(void *row, const Datum *values, const bool *nulls)
{
	DayRow	   *day = row;
	char	   *kind = nulls[2] ? "" : TextDatumGetCString(values[2]);

	day->region = nulls[0] ? RESIDENCY_COUNTRY : DatumGetInt64(values[0]);
	/* a day that is none counts for none */
	day->day = nulls[1] || DATE_NOT_FINITE(DatumGetDateADT(values[1])) ? DATEVAL_NOBEGIN : DatumGetDateADT(values[1]);
	day->works = strcmp(kind, "work") == 0 || strcmp(kind, "swap_work") == 0;
}

static int
compare_days(const void *row, const void *other)
{
	const DayRow *a = row;
	const DayRow *b = other;
	int			order = (a->region > b->region) - (a->region < b->region);

	return order != 0 ? order : (a->day > b->day) - (a->day < b->day);
}

static void
derive_regions(const void *rows, int count)
{
	const DayRow *row = rows;
	int			most = 1;
	int			from;
	int			to;

	for (int i = 0; i < count; i++)
		most += i == 0 || row[i].region != row[i - 1].region;
	regions = palloc0(most * sizeof(Region));
	nregions = 1;
	last_division = RESIDENCY_COUNTRY;
	last_region = &regions[0];

	for (from = 0; from < count && row[from].region == RESIDENCY_COUNTRY;)
		from++;
	derive_country(&regions[0], row, from);
	for (; from < count; from = to)
	{
		for (to = from; to < count && row[to].region == row[from].region;)
			to++;
		regions[nregions].region = row[from].region;
		derive_region(&regions[nregions], row + from, to - from);
		nregions++;
	}
}

/* The first day of a year. */
static int
new_year(int year)
{
	return date2j(year, 1, 1) - POSTGRES_EPOCH_JDATE;
}

/* The calendar of a region that has a day, or NULL. */
static WorkCalendar *
find_calendar(Region *region, DateADT day)
{
	for (int i = 0; i < region->ncalendars; i++)
	{
		if (residency_work_has(&region->calendars[i], day))
			return &region->calendars[i];
	}
	return NULL;
}

/* Room for the days of a calendar, none of them a working day. */
static void
make_room(WorkCalendar *calendar)
{
	int			words = RESIDENCY_WORK_WORDS(calendar->days);

	calendar->works = palloc0(words * sizeof(uint64_t));
	calendar->before = palloc0((words + 1) * sizeof(int32_t));
}

/* Makes the calendars of a region work as the rows say. */
static void
take_days(Region *region, const DayRow *row, int count)
{
	for (int i = 0; i < count; i++)
	{
		WorkCalendar *calendar = find_calendar(region, row[i].day);

		if (calendar)
			residency_work_set(calendar, row[i].day, row[i].works);
	}
	for (int i = 0; i < region->ncalendars; i++)
		residency_work_sum(&region->calendars[i]);
}

/*
 * A year is there if each of its days is; years that follow each other make one calendar.
 */
static void
derive_country(Region *country, const DayRow *row, int count)
{
	WorkCalendar *calendar = NULL;
	int			from;
	int			to;

	country->region = RESIDENCY_COUNTRY;
	country->calendars = palloc((count / 365 + 1) * sizeof(WorkCalendar));
	for (from = 0; from < count; from = to)
	{
		int			year = DATE_NOT_FINITE(row[from].day) ? 0 : residency_calendar_day(row[from].day).year;
		int			first = new_year(year);
		int			next = new_year(year + 1);

		for (to = from + 1; to < count && row[to].day < next;)
			to++;
		if (row[from].day != first || to - from != next - first)
			continue;
		if (calendar && calendar->first + calendar->days == first)
			calendar->days += next - first;
		else
		{
			calendar = &country->calendars[country->ncalendars++];
			*calendar = (WorkCalendar) {.first = first,.days = next - first};
		}
	}
	for (int i = 0; i < country->ncalendars; i++)
		make_room(&country->calendars[i]);
	take_days(country, row, count);
}

static void
derive_region(Region *region, const DayRow *row, int count)
{
	Region	   *around = region_of(region->region);

	region->ncalendars = around->ncalendars;
	region->calendars = palloc(around->ncalendars * sizeof(WorkCalendar));
	for (int i = 0; i < around->ncalendars; i++)
	{
		region->calendars[i] = around->calendars[i];
		make_room(&region->calendars[i]);
		memcpy(region->calendars[i].works, around->calendars[i].works,
			   RESIDENCY_WORK_WORDS(around->calendars[i].days) * sizeof(uint64_t));
	}
	take_days(region, row, count);
}

/* A region that has days of its own, or NULL. */
static Region *
find_region(int64 region)
{
	int			low = 0;
	int			high = nregions;

	while (low < high)
	{
		int			middle = low + (high - low) / 2;

		if (regions[middle].region == region)
			return &regions[middle];
		if (regions[middle].region < region)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* The most specific region, of those there are, that contains a division. */
static Region *
region_of(int64 division)
{
	int64		line[RESIDENCY_DIVISION_LEVELS];

	for (int i = residency_division_code_lineage(division, line); i-- > 0;)
	{
		Region	   *found = find_region(line[i]);

		if (found)
			return found;
	}
	return &regions[0];
}

const WorkCalendar *
residency_calendar(int64 division, DateADT day)
{
	const WorkCalendar *calendar;

	residency_cache_refresh(&listed);
	if (division != last_division)
	{
		last_region = division == RESIDENCY_COUNTRY ? &regions[0] : region_of(division);
		last_division = division;
	}
	calendar = find_calendar(last_region, day);
	if (calendar == NULL)
		residency_refuse_year(day);
	return calendar;
}

void
residency_refuse_year(int64 day)
{
	int64		last_of_all = DATE_END_JULIAN - POSTGRES_EPOCH_JDATE - 1;
	int			year = residency_calendar_day((DateADT) Min(day, last_of_all)).year;
	const DayRow *row = (const DayRow *) listed.rows;
	int			known = 0;
	const char *facts[2];

	for (int i = 0; i < listed.count && row[i].region == RESIDENCY_COUNTRY; i++)
		known += row[i].day >= new_year(year) && row[i].day < new_year(year + 1);
	facts[0] = year > 0 ? psprintf("%d", year) : psprintf("%d BC", 1 - year);
	facts[1] = psprintf("%d", known);
	residency_refuse("RG100", lengthof(facts), facts, "code.calendar_day", "day");
}
