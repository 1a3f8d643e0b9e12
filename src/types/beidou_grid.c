/*
 * beidou_grid.c
 *	  Beidou cells on the earth: from points, to geometries, and sets of cells.
 */
#include "postgres.h"

#include "fmgr.h"
#include "funcapi.h"

#include "core/beidou_cell.h"
#include "core/ewkb.h"
#include "types/geometry.h"

PG_FUNCTION_INFO_V1(residency_beidou_cell_of_point);
PG_FUNCTION_INFO_V1(residency_beidou_center);
PG_FUNCTION_INFO_V1(residency_beidou_outline);
PG_FUNCTION_INFO_V1(residency_beidou_neighbours);
PG_FUNCTION_INFO_V1(residency_beidou_children);
PG_FUNCTION_INFO_V1(residency_beidou_cells_meeting);

static int
checked_level(int level)
{
	if (level < 1 || level > RESIDENCY_BEIDOU_LEVELS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("there is no level %d of Beidou cells", level),
				 errdetail("Levels go from 1, cells of 6 by 4 degrees, to 10, cells of 1/2048 second."),
				 errhint("A house is about as large as a cell of level 7, which is 8 metres across at the equator.")));
	return level;
}

static void
refuse_place(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("there are no Beidou cells at this place"),
			 errdetail("Longitudes go from -180 to 180 degrees, latitudes from -88 to 88 without the ends; an empty point has neither."),
			 errhint("Check the order, longitude first, and the coordinate system.")));
}

/*
 * beidou_cell(geometry, level) → beidou_cell that holds a point.  22023 for
 * what is no point in degrees or lies where there are no cells: a NULL would
 * pass every CHECK.
 */
Datum
residency_beidou_cell_of_point(PG_FUNCTION_ARGS)
{
	int			level = checked_level(PG_GETARG_INT32(1));
	bytea	   *ewkb = residency_geometry_send(fcinfo, 0);
	EwkbPoint	point;
	int64_t		cell;

	if (!residency_ewkb_point((const uint8 *) VARDATA(ewkb), VARSIZE(ewkb) - VARHDRSZ, &point))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("only a point lies in one Beidou cell"),
				 errdetail("The geometry is no point."),
				 errhint("Take ST_Centroid() of it, or cover(geometry, level) for all cells that it needs.")));
	if (point.srid != SRID_CGCS2000 && point.srid != SRID_WGS84 && point.srid != SRID_NONE)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a point of SRID %d has no Beidou cell", point.srid),
				 errdetail("The Beidou grid is one of degrees in CGCS2000: SRID 4490, 4326 or none."),
				 errhint("Bring the point to degrees first, with ST_Transform(point, 4490).")));
	if (!residency_beidou_cell_at(point.x, point.y, level, &cell))
		refuse_place();
	pfree(ewkb);
	PG_RETURN_INT64(cell);
}

/*
 * center(beidou_cell) → geometry(Point, 4490)
 */
Datum
residency_beidou_center(PG_FUNCTION_ARGS)
{
	uint8		ewkb[RESIDENCY_EWKB_POINT_SIZE];
	EwkbPoint	point = {SRID_CGCS2000, 0, 0};

	residency_beidou_cell_center(PG_GETARG_INT64(0), &point.x, &point.y);
	return residency_geometry_receive(fcinfo, ewkb, residency_ewkb_write_point(point, ewkb));
}

/*
 * outline(beidou_cell) → geometry(Polygon, 4490)
 */
Datum
residency_beidou_outline(PG_FUNCTION_ARGS)
{
	uint8		ewkb[RESIDENCY_EWKB_BOX_SIZE];
	BeidouBox	box = residency_beidou_cell_box(PG_GETARG_INT64(0));

	return residency_geometry_receive(fcinfo, ewkb,
									  residency_ewkb_write_box(SRID_CGCS2000, box.west, box.south,
															   box.east, box.north, ewkb));
}

/*
 * neighbours(beidou_cell) → setof beidou_cell: 8, or 5 next to 88 degrees
 */
Datum
residency_beidou_neighbours(PG_FUNCTION_ARGS)
{
	FuncCallContext *context;
	int64_t    *cells;
	Datum		cell;

	if (SRF_IS_FIRSTCALL())
	{
		context = SRF_FIRSTCALL_INIT();
		cells = MemoryContextAlloc(context->multi_call_memory_ctx,
								   RESIDENCY_BEIDOU_NEIGHBOURS * sizeof(int64_t));
		context->max_calls = residency_beidou_cell_neighbours(PG_GETARG_INT64(0), cells);
		context->user_fctx = cells;
	}
	context = SRF_PERCALL_SETUP();
	cells = context->user_fctx;
	if (context->call_cntr == context->max_calls)
		SRF_RETURN_DONE(context);
	/* the macro counts before it looks at the value */
	cell = Int64GetDatum(cells[context->call_cntr]);
	SRF_RETURN_NEXT(context, cell);
}

/* The cells that are to come: from the next one to the last number. */
typedef struct Walk
{
	int64_t		next;
	int64_t		last;
} Walk;

/*
 * children(beidou_cell [, level]) → setof beidou_cell: all cells of a level
 * within one, of the next level unless it is given.  22023 for a coarser level.
 */
Datum
residency_beidou_children(PG_FUNCTION_ARGS)
{
	FuncCallContext *context;
	Walk	   *walk;
	Datum		cell;

	if (SRF_IS_FIRSTCALL())
	{
		int64_t		outer = PG_GETARG_INT64(0);
		int			own = residency_beidou_cell_level(outer);
		int			level = PG_NARGS() > 1 ? checked_level(PG_GETARG_INT32(1)) : own + 1;

		if (level < own)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("a cell of level %d has none of level %d within", own, level),
					 errdetail("Levels go from 1, the coarsest, to 10."),
					 errhint("Ask for a level from level(cell) on, or for parent(cell, level).")));
		context = SRF_FIRSTCALL_INIT();
		walk = MemoryContextAlloc(context->multi_call_memory_ctx, sizeof(Walk));
		walk->last = residency_beidou_cell_last(outer);
		/* the finest cell is its own last: nothing is within */
		walk->next = residency_beidou_cell_first(outer, level);
		context->user_fctx = walk;
	}
	context = SRF_PERCALL_SETUP();
	walk = context->user_fctx;
	if (walk->next > walk->last)
		SRF_RETURN_DONE(context);
	cell = Int64GetDatum(walk->next);
	walk->next = residency_beidou_cell_next(walk->next);
	SRF_RETURN_NEXT(context, cell);
}

/* The places that are to come: row by row from the south-west. */
typedef struct Window
{
	BeidouPlace next;
	int32_t		west;
	BeidouPlace last;
} Window;

/*
 * cells_meeting(west, south, east, north, level) → setof beidou_cell: all that
 * meet a box, if only at an edge.  22023 for what is no box.
 */
Datum
residency_beidou_cells_meeting(PG_FUNCTION_ARGS)
{
	FuncCallContext *context;
	Window	   *window;
	Datum		cell;

	if (SRF_IS_FIRSTCALL())
	{
		BeidouBox	box = {PG_GETARG_FLOAT8(0), PG_GETARG_FLOAT8(1), PG_GETARG_FLOAT8(2), PG_GETARG_FLOAT8(3)};
		int			level = checked_level(PG_GETARG_INT32(4));

		if (box.west > box.east || box.south > box.north)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("the edges of the box are in the wrong order"),
					 errdetail("A box goes from west to east and from south to north, and not over 180 degrees."),
					 errhint("Give west, south, east, north; ask for each side of 180 degrees on its own.")));
		context = SRF_FIRSTCALL_INIT();
		window = MemoryContextAlloc(context->multi_call_memory_ctx, sizeof(Window));
		if (!residency_beidou_cells_meeting_box(box, level, &window->next, &window->last))
			refuse_place();
		window->west = window->next.column;
		context->user_fctx = window;
	}
	context = SRF_PERCALL_SETUP();
	window = context->user_fctx;
	if (window->next.row > window->last.row)
		SRF_RETURN_DONE(context);
	cell = Int64GetDatum(residency_beidou_cell_of(window->next));
	if (++window->next.column > window->last.column)
	{
		window->next.column = window->west;
		window->next.row++;
	}
	SRF_RETURN_NEXT(context, cell);
}
