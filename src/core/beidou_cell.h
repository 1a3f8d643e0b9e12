/*
 * beidou_cell.h
 *	  Cells of the Beidou grid (GB/T 39409-2020, two dimensions), each as one
 *	  number that knows its level.
 *
 *	  The cells of all levels are numbered as a walk meets them that goes down
 *	  before it goes on: a cell, all that lie within it, the next cell.  So a
 *	  cell is the first of its range, every number below COUNT is a cell, and
 *	  the order is that of the codes as text.
 */
#ifndef RESIDENCY_CORE_BEIDOU_CELL_H
#define RESIDENCY_CORE_BEIDOU_CELL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The levels, and so the longest line of a cell and those that contain it. */
#define RESIDENCY_BEIDOU_LEVELS 10

/* The room that residency_beidou_cell_format() needs, its zero byte included. */
#define RESIDENCY_BEIDOU_CELL_SIZE 21

/* The same for residency_beidou_reference_format(). */
#define RESIDENCY_BEIDOU_REFERENCE_SIZE (RESIDENCY_BEIDOU_CELL_SIZE + 3)

/* The coarsest cell that a reference starts from, and how far it leads. */
#define RESIDENCY_BEIDOU_REFERENCE_LEVEL 5
#define RESIDENCY_BEIDOU_REFERENCE_REACH 7

/* The most cells that a cell may touch. */
#define RESIDENCY_BEIDOU_NEIGHBOURS 8

/* What is wrong with a code or a reference, in the order of the checks. */
typedef enum BeidouCellProblem
{
	BEIDOU_CELL_FINE,
	BEIDOU_CELL_LENGTH,			/* no level has so many characters */
	BEIDOU_CELL_HEMISPHERE,		/* neither N nor S first */
	BEIDOU_CELL_COLUMN,			/* not 01 to 60 */
	BEIDOU_CELL_ROW,			/* not A to V */
	BEIDOU_CELL_DIGIT,			/* a character that its level does not have */
	BEIDOU_CELL_NUMBER,			/* no cell has this number (binary form) */
	BEIDOU_CELL_REFERENCE,		/* not base, hyphen, two offsets */
	BEIDOU_CELL_BASE,			/* the base is coarser than level 5 */
	BEIDOU_CELL_POLE			/* the offset leads past 88 degrees */
} BeidouCellProblem;

/*
 * Where a cell lies: the column counted from the prime meridian, the row from
 * the equator, in cells of its level; those next to them on the west and south
 * are -1.
 */
typedef struct BeidouPlace
{
	int			level;
	int32_t		column;
	int32_t		row;
} BeidouPlace;

/* The edges of a cell, or any other box, in degrees. */
typedef struct BeidouBox
{
	double		west;
	double		south;
	double		east;
	double		north;
} BeidouBox;

/*
 * Reads a code of any level, as residency_fold() leaves it.  Takes len bytes
 * of UTF-8; gives a BeidouCellProblem and sets *cell if nothing is wrong.
 */
extern int	residency_beidou_cell_parse(const char *in, size_t len, int64_t *cell);

/* Gives the BeidouCellProblem of any number as a cell. */
extern int	residency_beidou_cell_check(int64_t cell);

/* Writes the code of a cell and a zero byte; gives its length, by the level 4 to 20. */
extern size_t residency_beidou_cell_format(int64_t cell, char *out);

/* The level of a cell, 1 (6 by 4 degrees) to 10 (1/2048 second). */
extern int	residency_beidou_cell_level(int64_t cell);

/* The last cell within a cell: the end of its range, as itself is the start. */
extern int64_t residency_beidou_cell_last(int64_t cell);

/* Whether a cell is `outer` itself or lies within it. */
extern bool residency_beidou_cell_within(int64_t cell, int64_t outer);

/*
 * Writes the cells that contain a cell, level 1 first and itself last, to
 * line[RESIDENCY_BEIDOU_LEVELS]; gives how many there are: its level.
 */
extern int	residency_beidou_cell_lineage(int64_t cell, int64_t *line);

/* The first cell of a level within a cell of this level or a coarser one. */
extern int64_t residency_beidou_cell_first(int64_t cell, int level);

/* The next cell of the same level in the order of the codes; past the last one no cell. */
extern int64_t residency_beidou_cell_next(int64_t cell);

/*
 * The cell of a level that holds a point, in degrees; false if none does: NaN,
 * a longitude beyond 180 degrees, a latitude of 88 degrees or more.
 *
 * An edge belongs to the cell that is farther from the equator and from the
 * prime meridian; 180 degrees is the west edge of column 01.  What lies on an
 * edge is told by the double that is nearest to the edge, so that 116.1, an
 * edge that no double holds, is one, and a cell's own corner too.
 */
extern bool residency_beidou_cell_at(double longitude, double latitude, int level, int64_t *cell);

/* The cell at a place, and the other way round.  The place must exist. */
extern int64_t residency_beidou_cell_of(BeidouPlace place);
extern BeidouPlace residency_beidou_cell_place(int64_t cell);

/*
 * The cell so many cells to the east and to the north, over 180 degrees as
 * well; false past 88 degrees.  The steps may be no more than the world has.
 */
extern bool residency_beidou_cell_shift(int64_t cell, int east, int north, int64_t *result);

/* Writes the cells around a cell to result[RESIDENCY_BEIDOU_NEIGHBOURS]; gives how many. */
extern int	residency_beidou_cell_neighbours(int64_t cell, int64_t *result);

/* The edges of a cell, each the double nearest to it. */
extern BeidouBox residency_beidou_cell_box(int64_t cell);

/* The point in the middle of a cell. */
extern void residency_beidou_cell_center(int64_t cell, double *longitude, double *latitude);

/*
 * The places of a level whose cells meet a box, if only at an edge: from the
 * one in the south-west to the one in the north-east.  False if the box is
 * none, or reaches to where no cells are.
 */
extern bool residency_beidou_cells_meeting_box(BeidouBox box, int level, BeidouPlace *first,
										   BeidouPlace *last);

/* How many cells of a level are side by side from the prime meridian to 180 degrees. */
extern int32_t residency_beidou_cell_columns(int level);

/*
 * Writes a cell as reference to a base of its level, BASE-MN, and a zero byte;
 * gives its length, 0 if the base is too coarse, of another level, or too far.
 */
extern size_t residency_beidou_reference_format(int64_t cell, int64_t base, char *out);

/* Reads a reference; gives a BeidouCellProblem and sets *cell if nothing is wrong. */
extern int	residency_beidou_reference_parse(const char *in, size_t len, int64_t *cell);

#endif							/* RESIDENCY_CORE_BEIDOU_CELL_H */
