/*
 * grid_search.c
 *	  The management grids that cover points, from registry.grid_cover.
 *
 * One descent of the cover's index per level of cells that is in use, without
 * SPI; most levels are not, and which are is read once per statement.  Nor are
 * all levels in use everywhere: where no grid has cells of a level is remembered
 * for the statement.  Nothing is kept in the session: the cells that are read often are in the server's shared
 * buffers for all, and who redraws a grid is seen as every change of a table is.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/stratnum.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "executor/tuptable.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/fmgroids.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "cache/cache.h"
#include "compat.h"
#include "rules/day.h"
#include "rules/grid_search.h"
#include "rules/row.h"

/* Two grids that cover a point, and the one that it belongs to. */
typedef struct Dispute
{
	int64		a;
	int64		b;
	int64		winner;
} Dispute;

/* The cover, opened to be searched. */
typedef struct Search
{
	CoverMap   *map;
	Relation	cover;
	Relation	index;
	IndexScanDesc scan;
	TupleTableSlot *slot;
	Snapshot	snapshot;
	DateADT		today;
	Dispute		settled;		/* the newest, as neighbours ask the same */
} Search;

/* Spots in the order of the index. */
#define ST_SORT sort_by_cell
#define ST_ELEMENT_TYPE SoughtSpot
#define ST_COMPARE(a, b) ((a)->cell < (b)->cell ? -1 : (a)->cell > (b)->cell)
#define ST_SCOPE static
#define ST_DEFINE
#include "lib/sort_template.h"

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
	return slot_getattr(search->slot, search->map->columns[which], isnull);
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

/* Where the cover is, while it is open. */
static void
read_columns(CoverMap *map)
{
	static const char *const names[] = {"cell", "grid_id", "valid_from", "valid_to", "part"};
	Relation	cover;

	map->cover = residency_table("registry", "grid_cover");
	cover = table_open(map->cover, AccessShareLock);
	map->index = residency_index_on(cover, "cell");
	for (int i = 0; i < COVER_COLUMNS; i++)
		map->columns[i] = residency_column_number(cover, names[i]);
	table_close(cover, NoLock);
}

/* Which levels have cells, by going from the first cell of one level to the first of the next. */
static void
read_levels(Search *search)
{
	CoverMap   *map = search->map;
	int			level = 0;

	map->level_count = 0;
	while (level < COVER_LEVELS)
	{
		bool		isnull;

		seek(search, BTGreaterEqualStrategyNumber, F_INT8GE, (int64) level << COVER_LEVEL_SHIFT);
		if (!next_row(search))
			break;
		level = DatumGetInt64(column(search, COVER_CELL, &isnull)) >> COVER_LEVEL_SHIFT;
		if (level < 0 || level >= COVER_LEVELS)
			break;
		map->levels[map->level_count++] = level++;
	}
}

/* The locks stay to the end of the transaction, as what the map says holds longer than a search. */
static void
begin_search(Search *search, CoverMap *map, Snapshot snapshot)
{
	bool		is_known = show_the_same(&map->seen, snapshot);

	if (!is_known)
	{
		read_columns(map);
		memset(map->gaps, 0, sizeof(map->gaps));
	}
	search->map = map;
	search->snapshot = snapshot;
	search->settled = (Dispute) {NO_GRID, NO_GRID, NO_GRID};
	search->today = residency_china_day(GetCurrentTransactionStartTimestamp());
	search->cover = table_open(map->cover, AccessShareLock);
	search->index = index_open(map->index, AccessShareLock);
	search->scan = residency_index_beginscan(search->cover, search->index, snapshot, 1);
	search->slot = table_slot_create(search->cover, NULL);
	if (!is_known)
	{
		read_levels(search);
		map->seen = *snapshot;
	}
}

static void
end_search(Search *search)
{
	ExecDropSingleTupleTableSlot(search->slot);
	index_endscan(search->scan);
	index_close(search->index, NoLock);
	table_close(search->cover, NoLock);
}

/* The row's grid, if it is valid today, or NO_GRID. */
static int64
valid_grid(Search *search)
{
	bool		isnull;

	if (DatumGetDateADT(column(search, COVER_VALID_FROM, &isnull)) > search->today ||
		DatumGetDateADT(column(search, COVER_VALID_TO, &isnull)) <= search->today)
		return NO_GRID;
	return DatumGetInt64(column(search, COVER_GRID_ID, &isnull));
}

static bool
part_holds(const bytea *part, Spot spot)
{
	return part == NULL ||
		residency_cover_holds((const uint8 *) VARDATA_ANY(part), VARSIZE_ANY_EXHDR(part), spot);
}

/* The code of a grid; NULL if there is none. */
static char *
code_of(Relation grids, int64 grid, Snapshot snapshot)
{
	RowScan		rows = residency_begin_rows_in(grids, "grid_id", grid, snapshot);
	HeapTuple	row = residency_next_row(&rows);
	char	   *code = row == NULL ? NULL : residency_text_column(grids, row, "grid_code");

	residency_end_rows(&rows);
	return code;
}

/* Which of two grids has the lower code, and so the points of their border. */
static int64
lower_code(int64 a, int64 b, Snapshot snapshot)
{
	Relation	grids = residency_open_table("grid");
	char	   *code_a = code_of(grids, a, snapshot);
	char	   *code_b = code_of(grids, b, snapshot);

	residency_close_table(grids);
	if (code_a == NULL || code_b == NULL)
		return code_a == NULL ? b : a;
	return strcmp(code_a, code_b) <= 0 ? a : b;
}

/* The grid of a point that both cover. */
static int64
settle(Search *search, int64 a, int64 b)
{
	Dispute    *settled = &search->settled;

	if (settled->a != a || settled->b != b)
		*settled = (Dispute) {a, b, lower_code(a, b, search->snapshot)};
	return settled->winner;
}

/* Where a gap around a cell is kept: its 64 neighbours share a place. */
static CoverGap *
gap_at(CoverMap *map, int64 cell)
{
	return &map->gaps[(cell >> 6 ^ cell >> COVER_LEVEL_SHIFT) % COVER_GAPS];
}

/* Keeps that there are no rows from a cell to the next that has some. */
static void
note_gap(Search *search, int64 cell)
{
	CoverGap   *gap = gap_at(search->map, cell);
	bool		isnull;

	seek(search, BTGreaterEqualStrategyNumber, F_INT8GE, cell);
	gap->from = cell;
	gap->to = next_row(search) ? DatumGetInt64(column(search, COVER_CELL, &isnull)) : PG_INT64_MAX;
}

/* Looks in one cell for all that is sought there. */
static void
search_cell(Search *search, SoughtSpot *sought, int count)
{
	const CoverGap *gap = gap_at(search->map, sought->cell);
	bool		is_empty = true;

	if (gap->from <= sought->cell && sought->cell < gap->to)
		return;
	seek(search, BTEqualStrategyNumber, F_INT8EQ, sought->cell);
	while (next_row(search))
	{
		int64		grid = valid_grid(search);
		bool		isnull;
		Datum		value;
		bytea	   *part;

		is_empty = false;
		if (grid == NO_GRID)
			continue;
		value = column(search, COVER_PART, &isnull);
		part = isnull ? NULL : DatumGetByteaPP(value);
		for (int i = 0; i < count; i++)
		{
			if (part_holds(part, sought[i].spot))
				sought[i].grid = sought[i].grid == NO_GRID ? grid :
					settle(search, sought[i].grid, grid);
		}
		if (part != NULL && PointerGetDatum(part) != value)
			pfree(part);
	}
	if (is_empty)
		note_gap(search, sought->cell);
}

void
residency_find_grids(CoverMap *map, SoughtSpot *sought, int count, Snapshot snapshot)
{
	Search		search;

	begin_search(&search, map, snapshot);
	for (int i = 0; i < count; i++)
		sought[i].cell = residency_cover_cell(COVER_LEVELS - 1, sought[i].spot);
	/* once for all levels: what cells are part of has their order */
	if (count > 1)
		sort_by_cell(sought, count);
	for (int i = map->level_count - 1; i >= 0; i--)
	{
		for (int j = 0; j < count; j++)
			sought[j].cell = residency_cover_parent(sought[j].cell, map->levels[i]);
		for (int first = 0, next; first < count; first = next)
		{
			for (next = first + 1; next < count && sought[next].cell == sought[first].cell;)
				next++;
			search_cell(&search, sought + first, next - first);
			CHECK_FOR_INTERRUPTS();
		}
	}
	end_search(&search);
}
