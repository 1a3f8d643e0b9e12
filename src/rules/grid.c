/*
 * grid.c
 *	  The management grid of a point: as a function, for many points, and for the
 *	  trigger that gives a dwelling its grid.  And the cells that an outline meets.
 *
 * PostGIS is reached by its own functions, found beside the type.
 */
#include "postgres.h"

#include "access/htup_details.h"
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
#include "utils/geo_decls.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"
#include "utils/tuplestore.h"

#include "compat.h"
#include "core/grid_cover.h"
#include "core/outline.h"
#include "rules/grid_search.h"
#include "rules/row.h"
#include "types/geometry.h"

/* What a calling expression or trigger keeps from row to row. */
typedef struct Finder
{
	FmgrInfo	point;			/* PostGIS's cast of a geometry to point */
	FmgrInfo	srid;			/* and its ST_SRID */
	CoverMap	map;
} Finder;

PG_FUNCTION_INFO_V1(residency_grid_at);
PG_FUNCTION_INFO_V1(residency_grids_at);
PG_FUNCTION_INFO_V1(residency_grid_cells);
PG_FUNCTION_INFO_V1(residency_dwelling_place);

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

static int64
find_grid(Finder *finder, Spot spot, Snapshot snapshot)
{
	SoughtSpot	sought = {.spot = spot,.grid = NO_GRID};

	if (residency_cover_applies(spot))
		residency_find_grids(&finder->map, &sought, 1, snapshot);
	return sought.grid;
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
	SoughtSpot *sought;

	deconstruct_array(array, ARR_ELEMTYPE(array), -1, false, TYPALIGN_DOUBLE, &places, &nulls, &count);
	sought = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(SoughtSpot) * Max(count, 1));
	for (int i = 0; i < count; i++)
	{
		SoughtSpot *one = &sought[known];

		*one = (SoughtSpot) {.grid = NO_GRID,.number = i};
		if (!nulls[i] && read_spot_of_datum(finder, places[i], &one->spot) && residency_cover_applies(one->spot))
			known++;
		nulls[i] = true;
	}
	residency_find_grids(&finder->map, sought, known, GetActiveSnapshot());
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
grid_of_whole(Relation dwellings, int64 whole, Snapshot snapshot)
{
	RowScan		rows = residency_begin_rows_in(dwellings, "dwelling_id", whole, snapshot);
	HeapTuple	row = residency_next_row(&rows);
	int64		grid = row == NULL ? NO_GRID : residency_int8_column(dwellings, row, "grid_id");

	residency_end_rows(&rows);
	return grid;
}

/*
 * The snapshot of a new command, as PL/pgSQL would take it: the statement's own is
 * from before it waited in residency.grid_share() for who draws.  In REPEATABLE
 * READ it is the transaction's, in which the foreign key to the grid looks too.
 */
static Snapshot
new_snapshot(void)
{
	return RegisterSnapshot(GetTransactionSnapshot());
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
	int64		whole;
	int64		grid = NO_GRID;
	Snapshot	snapshot;
	int			number;
	Datum		value;
	bool		isnull;

	if (!CALLED_AS_TRIGGER(fcinfo) ||
		!TRIGGER_FIRED_BEFORE(trigger->tg_event) || !TRIGGER_FIRED_FOR_ROW(trigger->tg_event) ||
		TRIGGER_FIRED_BY_DELETE(trigger->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("residency.dwelling_place is called wrongly"),
				 errhint("Make it a BEFORE INSERT or UPDATE trigger for each row of registry.dwelling.")));

	dwellings = trigger->tg_relation;
	row = TRIGGER_FIRED_BY_UPDATE(trigger->tg_event) ? trigger->tg_newtuple : trigger->tg_trigtuple;
	location = residency_column(dwellings, row, "location", &unlocated);
	if (!unlocated)
	{
		Finder	   *finder = finder_of(fcinfo->flinfo,
									   SPI_gettypeid(RelationGetDescr(dwellings), residency_column_number(dwellings, "location")));
		Spot		spot;

		if (read_spot(finder, location, &spot))
		{
			snapshot = new_snapshot();
			grid = find_grid(finder, spot, snapshot);
			UnregisterSnapshot(snapshot);
		}
	}
	else if ((whole = residency_int8_column(dwellings, row, "parent_id")) != 0)
	{
		/* it may have come with the same statement */
		CommandCounterIncrement();
		snapshot = new_snapshot();
		grid = grid_of_whole(dwellings, whole, snapshot);
		UnregisterSnapshot(snapshot);
	}

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
	bytea	   *wkb;
	Spot	   *spots;
	size_t		count;
	bytea	   *part;
	size_t		size;
	int64		cell;
	CoverWalk	walk;

	InitMaterializedSRF(fcinfo, 0);
	wkb = residency_geometry_send(fcinfo, 0);
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
