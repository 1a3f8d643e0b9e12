/*
 * grid.c
 *	  The management grid of a point, from registry.grid_cover.
 *
 * One descent of the cover's index per level of cells that is in use, without
 * SPI; most levels are not, and which are is read once per statement.  Nothing
 * is kept in the session: the cells that are read often are in the server's shared
 * buffers for all, and who redraws a grid is seen as every change of a table is.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/stratnum.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "nodes/value.h"
#include "parser/parse_func.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/geo_decls.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"

#include "cache/cache.h"
#include "compat.h"
#include "core/grid_cover.h"
#include "core/outline.h"
#include "rules/day.h"
#include "rules/row.h"

#define SRID_CGCS2000 4490
#define NO_GRID 0

/* What a calling expression or trigger keeps from row to row of a statement. */
typedef struct Finder
{
	FmgrInfo	point;			/* PostGIS's cast of a geometry to point */
	FmgrInfo	srid;			/* and its ST_SRID */
	SnapshotData seen;			/* what tells one snapshot from another, of that whose levels are known */
	int			levels[COVER_LEVELS];
	int			level_count;
} Finder;

/* The cover, opened to be searched. */
typedef struct Search
{
	Relation	cover;
	Relation	index;
	IndexScanDesc scan;
	TupleTableSlot *slot;
	AttrNumber	columns[4];		/* in the order of enum CoverColumn */
} Search;

enum CoverColumn
{
	GRID_ID,
	VALID_FROM,
	VALID_TO,
	PART
};

PG_FUNCTION_INFO_V1(residency_grid_at);
PG_FUNCTION_INFO_V1(residency_grids_at);
PG_FUNCTION_INFO_V1(residency_grid_cells);
PG_FUNCTION_INFO_V1(residency_dwelling_place);

static void
begin_search(Search *search, Snapshot snapshot)
{
	static const char *const names[] = {"grid_id", "valid_from", "valid_to", "part"};

	search->cover = table_open(residency_table("registry", "grid_cover"), AccessShareLock);
	search->index = index_open(residency_index_on(search->cover, "cell"), AccessShareLock);
	for (int i = 0; i < (int) lengthof(names); i++)
		search->columns[i] = residency_column_number(search->cover, names[i]);
	search->scan = residency_index_beginscan(search->cover, search->index, snapshot, 1);
	search->slot = table_slot_create(search->cover, NULL);
}

static void
end_search(Search *search)
{
	ExecDropSingleTupleTableSlot(search->slot);
	index_endscan(search->scan);
	index_close(search->index, AccessShareLock);
	table_close(search->cover, AccessShareLock);
}

static void
seek(Search *search, StrategyNumber strategy, RegProcedure comparison, int64 cell)
{
	ScanKeyData key;

	ScanKeyInit(&key, 1, strategy, comparison, Int64GetDatum(cell));
	index_rescan(search->scan, &key, 1, NULL, 0);
}

static bool
next_row(Search *search)
{
	return index_getnext_slot(search->scan, ForwardScanDirection, search->slot);
}

static Datum
column(Search *search, enum CoverColumn which, bool *isnull)
{
	return slot_getattr(search->slot, search->columns[which], isnull);
}

/*
 * Whether two snapshots of a session show the same: between them no transaction
 * has begun to count, none has ended, and the own one has not gone on.
 */
static bool
show_the_same(Snapshot a, Snapshot b)
{
	return a->xmax == b->xmax && a->xmin == b->xmin && a->curcid == b->curcid &&
		a->xcnt == b->xcnt && a->subxcnt == b->subxcnt && a->suboverflowed == b->suboverflowed;
}

/* Which levels have cells, by going from the first cell of one level to the first of the next. */
static void
read_levels(Finder *finder, Search *search, Snapshot snapshot)
{
	AttrNumber	cell = residency_column_number(search->cover, "cell");
	int			level = 0;

	if (show_the_same(&finder->seen, snapshot))
		return;
	finder->level_count = 0;
	while (level < COVER_LEVELS)
	{
		bool		isnull;

		seek(search, BTGreaterEqualStrategyNumber, F_INT8GE, (int64) level << COVER_LEVEL_SHIFT);
		if (!next_row(search))
			break;
		level = DatumGetInt64(slot_getattr(search->slot, cell, &isnull)) >> COVER_LEVEL_SHIFT;
		if (level < 0 || level >= COVER_LEVELS)
			break;
		finder->levels[finder->level_count++] = level++;
	}
	finder->seen = *snapshot;
}

/* The row's grid, if it is valid on the day of the transaction, or NO_GRID. */
static int64
valid_grid(Search *search)
{
	DateADT		today = residency_china_day(GetCurrentTransactionStartTimestamp());
	bool		isnull;

	if (DatumGetDateADT(column(search, VALID_FROM, &isnull)) > today ||
		DatumGetDateADT(column(search, VALID_TO, &isnull)) <= today)
		return NO_GRID;
	return DatumGetInt64(column(search, GRID_ID, &isnull));
}

static bool
part_holds(const bytea *part, Spot spot)
{
	return part == NULL ||
		residency_cover_holds((const uint8 *) VARDATA_ANY(part), VARSIZE_ANY_EXHDR(part), spot);
}

/* Which of two grids has the lower code, and so the points of their border. */
static int64
lower_code(int64 a, int64 b, Snapshot snapshot)
{
	Relation	grids = residency_open_table("grid");
	char	   *codes[2] = {NULL, NULL};
	int64		keys[2] = {a, b};

	for (int i = 0; i < 2; i++)
	{
		RowScan		rows = residency_begin_rows_in(grids, "grid_id", keys[i], snapshot);
		HeapTuple	row = residency_next_row(&rows);

		if (row != NULL)
			codes[i] = residency_text_column(grids, row, "grid_code");
		residency_end_rows(&rows);
	}
	residency_close_table(grids);
	if (codes[0] == NULL || codes[1] == NULL)
		return codes[0] == NULL ? b : a;
	return strcmp(codes[0], codes[1]) <= 0 ? a : b;
}

/* A spot that is sought, and the grid that has been found for it. */
typedef struct Sought
{
	Spot		spot;
	int64		cell;			/* of the level at hand */
	int64		grid;
	int			number;			/* its place among those that were asked for */
} Sought;

#define ST_SORT sort_by_cell
#define ST_ELEMENT_TYPE Sought
#define ST_COMPARE(a, b) ((a)->cell < (b)->cell ? -1 : (a)->cell > (b)->cell)
#define ST_SCOPE static
#define ST_DEFINE
#include "lib/sort_template.h"

/* Looks in one cell for all that is sought there. */
static void
search_cell(Search *search, Sought *sought, int count, Snapshot snapshot)
{
	seek(search, BTEqualStrategyNumber, F_INT8EQ, sought->cell);
	while (next_row(search))
	{
		int64		grid = valid_grid(search);
		bool		isnull;
		Datum		value;
		bytea	   *part;

		if (grid == NO_GRID)
			continue;
		value = column(search, PART, &isnull);
		part = isnull ? NULL : DatumGetByteaPP(value);
		for (int i = 0; i < count; i++)
		{
			if (part_holds(part, sought[i].spot))
				sought[i].grid = sought[i].grid == NO_GRID ? grid :
					lower_code(sought[i].grid, grid, snapshot);
		}
		if (part != NULL && PointerGetDatum(part) != value)
			pfree(part);
	}
}

/* Finds the management grids that cover the spots, all on the earth, on the day of the transaction. */
static void
find_grids(Finder *finder, Sought *sought, int count, Snapshot snapshot)
{
	Search		search;

	begin_search(&search, snapshot);
	read_levels(finder, &search, snapshot);
	for (int i = 0; i < finder->level_count; i++)
	{
		for (int j = 0; j < count; j++)
			sought[j].cell = residency_cover_cell(finder->levels[i], sought[j].spot);
		/* in the order of the index, so that it is read once from end to end */
		if (count > 1)
			sort_by_cell(sought, count);
		for (int first = 0, next; first < count; first = next)
		{
			for (next = first + 1; next < count && sought[next].cell == sought[first].cell;)
				next++;
			search_cell(&search, sought + first, next - first, snapshot);
		}
		CHECK_FOR_INTERRUPTS();
	}
	end_search(&search);
}

static int64
find_grid(Finder *finder, Spot spot, Snapshot snapshot)
{
	Sought		sought = {.spot = spot,.grid = NO_GRID};

	if (residency_cover_applies(spot))
		find_grids(finder, &sought, 1, snapshot);
	return sought.grid;
}

/* A function of PostGIS that takes a geometry, found beside the type, whatever its schema. */
static void
find_function(FmgrInfo *function, const char *name, Oid geometry, MemoryContext context)
{
	HeapTuple	type = SearchSysCache1(TYPEOID, ObjectIdGetDatum(geometry));
	char	   *schema;

	if (!HeapTupleIsValid(type))
		elog(ERROR, "type %u is not there", geometry);
	schema = get_namespace_name(((Form_pg_type) GETSTRUCT(type))->typnamespace);
	ReleaseSysCache(type);
	fmgr_info_cxt(LookupFuncName(list_make2(makeString(schema), makeString(pstrdup(name))), 1, &geometry, false),
				  function, context);
}

static Finder *
finder_of(FmgrInfo *function, Oid geometry)
{
	Finder	   *finder = function->fn_extra;

	if (finder == NULL)
	{
		finder = MemoryContextAllocZero(function->fn_mcxt, sizeof(Finder));
		find_function(&finder->point, "point", geometry, function->fn_mcxt);
		find_function(&finder->srid, "st_srid", geometry, function->fn_mcxt);
		function->fn_extra = finder;
	}
	return finder;
}

/* Where a geometry lies that is a point; false: it is empty. */
static bool
read_spot(Finder *finder, Datum place, Spot *spot)
{
	LOCAL_FCINFO(call, 1);
	Point	   *point;

	InitFunctionCallInfoData(*call, &finder->point, 1, InvalidOid, NULL, NULL);
	call->args[0].value = place;
	call->args[0].isnull = false;
	point = DatumGetPointP(FunctionCallInvoke(call));
	if (call->isnull)
		return false;
	*spot = (Spot) {point->x, point->y};
	return true;
}

/* The same, refused where it is not of the datum of the grids. */
static bool
read_spot_of_datum(Finder *finder, Datum place, Spot *spot)
{
	int32		srid = DatumGetInt32(FunctionCall1(&finder->srid, place));

	if (srid != SRID_CGCS2000)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a point of SRID %d lies in no grid", srid),
				 errdetail("Grids are drawn in CGCS2000, SRID 4490."),
				 errhint("Bring it there with ST_Transform(place, 4490), or ST_SetSRID(place, 4490) if it is.")));
	return read_spot(finder, place, spot);
}

/*
 * grid_at(geometry) -> bigint
 *	  As the snapshot of the query shows the grids.
 */
Datum
residency_grid_at(PG_FUNCTION_ARGS)
{
	Finder	   *finder = finder_of(fcinfo->flinfo, get_fn_expr_argtype(fcinfo->flinfo, 0));
	Spot		spot;
	int64		grid;

	if (!read_spot_of_datum(finder, PG_GETARG_DATUM(0), &spot))
		PG_RETURN_NULL();
	grid = find_grid(finder, spot, GetActiveSnapshot());
	if (grid == NO_GRID)
		PG_RETURN_NULL();
	PG_RETURN_INT64(grid);
}

/*
 * grids_at(geometry[]) -> bigint[]
 *	  The same for many points at once, in their order.
 */
Datum
residency_grids_at(PG_FUNCTION_ARGS)
{
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(0);
	Finder	   *finder = finder_of(fcinfo->flinfo, ARR_ELEMTYPE(array));
	Datum	   *places;
	bool	   *nulls;
	int			count;
	int			known = 0;
	Sought	   *sought;

	deconstruct_array(array, ARR_ELEMTYPE(array), -1, false, TYPALIGN_DOUBLE, &places, &nulls, &count);
	sought = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(Sought) * Max(count, 1));
	for (int i = 0; i < count; i++)
	{
		Sought	   *one = &sought[known];

		*one = (Sought) {.grid = NO_GRID,.number = i};
		if (!nulls[i] && read_spot_of_datum(finder, places[i], &one->spot) && residency_cover_applies(one->spot))
			known++;
		nulls[i] = true;
	}
	find_grids(finder, sought, known, GetActiveSnapshot());
	for (int i = 0; i < known; i++)
	{
		places[sought[i].number] = Int64GetDatum(sought[i].grid);
		nulls[sought[i].number] = sought[i].grid == NO_GRID;
	}
	PG_RETURN_ARRAYTYPE_P(construct_md_array(places, nulls, 1, &count, &(int) {1},
											 INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}

/* The grid of the dwelling that another is part of. */
static int64
grid_of_whole(Relation dwellings, int64 whole)
{
	RowScan		rows = residency_begin_rows(dwellings, "dwelling_id", whole);
	HeapTuple	row = residency_next_row(&rows);
	int64		grid = row == NULL ? NO_GRID : residency_int8_column(dwellings, row, "grid_id");

	residency_end_rows(&rows);
	return grid;
}

/* The grid of a location as the grids are now: residency.grid_share() lets nobody draw meanwhile. */
static int64
grid_of_location(FmgrInfo *function, Oid geometry, Datum location)
{
	Finder	   *finder = finder_of(function, geometry);
	Snapshot	now;
	Spot		spot;
	int64		grid;

	if (!read_spot(finder, location, &spot))
		return NO_GRID;
	now = RegisterSnapshot(GetLatestSnapshot());
	grid = find_grid(finder, spot, now);
	UnregisterSnapshot(now);
	return grid;
}

/*
 * dwelling_place() -> trigger
 */
Datum
residency_dwelling_place(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	Relation	dwellings;
	HeapTuple	row;
	bool		unlocated;
	Datum		location;
	int64		grid;
	int			number;
	Datum		value;
	bool		isnull;

	if (!CALLED_AS_TRIGGER(fcinfo) ||
		!TRIGGER_FIRED_BEFORE(trigger->tg_event) || !TRIGGER_FIRED_FOR_ROW(trigger->tg_event) ||
		TRIGGER_FIRED_BY_DELETE(trigger->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("residency.dwelling_place() is a trigger before INSERT or UPDATE, for each row")));

	dwellings = trigger->tg_relation;
	row = TRIGGER_FIRED_BY_UPDATE(trigger->tg_event) ? trigger->tg_newtuple : trigger->tg_trigtuple;
	location = residency_column(dwellings, row, "location", &unlocated);
	if (unlocated)
	{
		int64		whole = residency_int8_column(dwellings, row, "parent_id");

		grid = whole == 0 ? NO_GRID : grid_of_whole(dwellings, whole);
	}
	else
		grid = grid_of_location(fcinfo->flinfo,
								SPI_gettypeid(RelationGetDescr(dwellings), residency_column_number(dwellings, "location")),
								location);

	number = residency_column_number(dwellings, "grid_id");
	value = Int64GetDatum(grid);
	isnull = grid == NO_GRID;
	return PointerGetDatum(heap_modify_tuple_by_cols(row, RelationGetDescr(dwellings), 1, &number, &value, &isnull));
}

/*
 * grid_cells(outline geometry) -> setof (cell bigint, part bytea)
 */
Datum
residency_grid_cells(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	Oid			send;
	bool		is_varlena;
	bytea	   *wkb;
	Spot	   *spots;
	size_t		count;
	bytea	   *part;
	size_t		size;
	int64		cell;
	CoverWalk	walk;

	InitMaterializedSRF(fcinfo, 0);
	getTypeBinaryOutputInfo(get_fn_expr_argtype(fcinfo->flinfo, 0), &send, &is_varlena);
	wkb = OidSendFunctionCall(send, PG_GETARG_DATUM(0));
	size = VARSIZE(wkb) - VARHDRSZ;
	spots = MemoryContextAllocHuge(CurrentMemoryContext, OUTLINE_SPOTS(size) * sizeof(Spot));
	count = residency_outline_read((uint8 *) VARDATA(wkb), size, spots);
	if (count == 0)
		PG_RETURN_VOID();
	part = MemoryContextAllocHuge(CurrentMemoryContext, VARHDRSZ + COVER_PART_SIZE(count));
	if (!residency_cover_begin(&walk, spots, count, palloc(COVER_WALK_SIZE(count))))
		PG_RETURN_VOID();
	while (residency_cover_next(&walk, &cell, (uint8 *) VARDATA(part), &size))
	{
		Datum		values[2] = {Int64GetDatum(cell), PointerGetDatum(part)};
		bool		nulls[2] = {false, size == 0};

		CHECK_FOR_INTERRUPTS();
		SET_VARSIZE(part, VARHDRSZ + size);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	PG_RETURN_VOID();
}
