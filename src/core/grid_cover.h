/*
 * grid_cover.h
 *	  The cover of an outline: the cells of a square mesh that it meets, those
 *	  inside it told from those on its border, and for these the part of the
 *	  border that the cell needs to answer for its points alone.
 *
 * The mesh cuts the earth's 360 degrees into eight per level.  Which cell a point
 * lies in follows from its coordinates by steps that never fall when the
 * coordinate rises: so every point lies in one cell of a level, and an outline's
 * cells are all those between those of its points.  A cell's key is its level
 * and its place on the Z-order curve: neighbours are near each other in an index.
 *
 * Outlines are chains of spots: an edge from each spot to the next, and a spot
 * that is not a number where a chain ends.
 */
#ifndef RESIDENCY_CORE_GRID_COVER_H
#define RESIDENCY_CORE_GRID_COVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/orient.h"

#define COVER_LEVELS 9			/* 0: the earth; 8: two metres */
#define COVER_LEVEL_SHIFT 52	/* a key's level stands above its place */

/* Whether a spot lies in any cell: on the earth. */
extern bool residency_cover_applies(Spot spot);

/* The key of the cell of a level that a spot lies in. */
extern int64_t residency_cover_cell(int level, Spot spot);

/* The cell of a level, not a finer one, that a cell is part of.  Parents have the order of their cells. */
extern int64_t residency_cover_parent(int64_t cell, int level);

/* Walks over the cells of an outline; all fields but these two are its own. */
typedef struct CoverWalk
{
	const Spot *spots;			/* the outline, valid (ST_IsValid) */
	size_t		count;

	int			level;
	int64_t		west;			/* the outline's columns and rows */
	int64_t		east;
	int64_t		north;
	int64_t		column;			/* the next cell */
	int64_t		row;
	double		outside;		/* west of the outline */
	uint32_t   *in_row;			/* the edges that meet the row, by their first spot */
	size_t		row_count;
	Spot		known;			/* of which it is known whether it is inside */
	bool		inside;
} CoverWalk;

/* What an outline of so many spots asks for: bytes for a walk, and for a part. */
#define COVER_WALK_SIZE(count) ((count) * sizeof(uint32_t))
#define COVER_PART_SIZE(count) (((count) * 3 + 2) * sizeof(Spot))

/*
 * Begins a walk.  `scratch` is of COVER_WALK_SIZE(count).  False: the outline
 * has no edge, or is not on the earth.
 */
extern bool residency_cover_begin(CoverWalk *walk, const Spot *spots, size_t count, void *scratch);

/*
 * The next cell that the outline meets; false: no more.  Writes its part of the
 * border to `part` (COVER_PART_SIZE(count)), and how long that is to `size`: 0
 * where the whole cell lies inside.
 */
extern bool residency_cover_next(CoverWalk *walk, int64_t *cell, uint8_t *part, size_t *size);

/*
 * Whether the outline covers a spot of the cell, border included: as ST_Covers
 * says, whose arithmetic decides where a spot is as close to an edge as doubles go.
 */
extern bool residency_cover_holds(const uint8_t *part, size_t size, Spot spot);

#endif							/* RESIDENCY_CORE_GRID_COVER_H */
