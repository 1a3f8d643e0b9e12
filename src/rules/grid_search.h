/*
 * grid_search.h
 *	  The management grids that cover points, from registry.grid_cover.
 */
#ifndef RESIDENCY_RULES_GRID_SEARCH_H
#define RESIDENCY_RULES_GRID_SEARCH_H

#include "access/attnum.h"
#include "utils/snapshot.h"

#include "core/grid_cover.h"

#define NO_GRID 0

/* Columns of the cover. */
enum CoverColumn
{
	COVER_CELL,
	COVER_GRID_ID,
	COVER_VALID_FROM,
	COVER_VALID_TO,
	COVER_PART,
	COVER_COLUMNS
};

/* Cells without rows: from one up to another, that not included. */
typedef struct CoverGap
{
	int64		from;
	int64		to;
} CoverGap;

#define COVER_GAPS 64

/*
 * What a caller keeps from row to row of a statement; begins as zeros.  It holds
 * for a snapshot, and is looked up anew for another.
 */
typedef struct CoverMap
{
	SnapshotData seen;			/* of that snapshot, what tells it from others */
	Oid			cover;
	Oid			index;
	AttrNumber	columns[COVER_COLUMNS];
	int			levels[COVER_LEVELS];	/* those that have cells */
	int			level_count;
	CoverGap	gaps[COVER_GAPS];	/* some that were met, each where its cells look for it */
} CoverMap;

/* A spot that is sought, and the grid that is found for it. */
typedef struct SoughtSpot
{
	Spot		spot;			/* on the earth (residency_cover_applies) */
	int64		cell;			/* of the level at hand */
	int64		grid;			/* NO_GRID */
	int			number;			/* for the caller, as they are put in another order */
} SoughtSpot;

/*
 * Finds the grids that cover the spots on the day of the transaction, as the
 * snapshot shows them; on a border the one with the lower code.
 */
extern void residency_find_grids(CoverMap *map, SoughtSpot *sought, int count, Snapshot snapshot);

#endif							/* RESIDENCY_RULES_GRID_SEARCH_H */
