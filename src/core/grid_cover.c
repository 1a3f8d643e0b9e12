/*
 * grid_cover.c
 *	  The cells of an outline, and whether a border cell's part of it covers a
 *	  spot.
 *
 * A part is a spot of the cell (its witness), one that says whether that is
 * inside, and the chains of edges that meet the cell.  A spot is inside as the
 * witness is, but for the edges between the two; and these all meet the cell.
 */
#include "core/grid_cover.h"

#include <math.h>
#include <string.h>

/* The finest cells: 2^26 around the earth. */
#define FINEST 26
#define CELLS (1 << FINEST)
#define CELLS_A_DEGREE (CELLS / 360.0)

/* Level to level, how many finest cells fill one's side, as a power of two. */
#define LEVEL_STEP 3
#define SIDE(level) (FINEST - LEVEL_STEP * (level))

/*
 * An outline is at least so many cells wide or high, and more where it has many
 * spots, as these many share a cell's width.  So a border cell holds a handful of
 * edges; more cells would answer no faster and fill the index.
 */
#define FEWEST_ACROSS 1
#define MOST_ACROSS 24
#define SPOTS_ACROSS 64

/*
 * Edges count for a cell if they come as close as this (degrees): far more than
 * rounding moves the cell's sides.
 */
#define MARGIN 1e-9

/* A cell's sides, with the margin. */
typedef struct Box
{
	Spot		low;
	Spot		high;
} Box;

static const Spot END_OF_CHAIN = {NAN, NAN};

static bool
is_end(Spot spot)
{
	return isnan(spot.x);
}

static int64_t
finest(double degrees, double from)
{
	int64_t		number = (int64_t) ((degrees - from) * CELLS_A_DEGREE);

	/* the date line lies in the cells before it */
	return number < CELLS ? number : CELLS - 1;
}

static int64_t
column_of(int level, double longitude)
{
	return finest(longitude, -180) >> SIDE(level);
}

static int64_t
row_of(int level, double latitude)
{
	return finest(latitude, -90) >> SIDE(level);
}

/* Sets the bits of a number apart. */
static int64_t
spread(int64_t number)
{
	uint64_t	bits = (uint64_t) number;

	bits = (bits | bits << 16) & UINT64_C(0x0000ffff0000ffff);
	bits = (bits | bits << 8) & UINT64_C(0x00ff00ff00ff00ff);
	bits = (bits | bits << 4) & UINT64_C(0x0f0f0f0f0f0f0f0f);
	bits = (bits | bits << 2) & UINT64_C(0x3333333333333333);
	bits = (bits | bits << 1) & UINT64_C(0x5555555555555555);
	return (int64_t) bits;
}

static int64_t
key_of(int level, int64_t column, int64_t row)
{
	return (int64_t) level << COVER_LEVEL_SHIFT | spread(row) << 1 | spread(column);
}

bool
residency_cover_applies(Spot spot)
{
	return spot.x >= -180 && spot.x <= 180 && spot.y >= -90 && spot.y <= 90;
}

int64_t
residency_cover_cell(int level, Spot spot)
{
	return key_of(level, column_of(level, spot.x), row_of(level, spot.y));
}

int64_t
residency_cover_parent(int64_t cell, int level)
{
	int64_t		place = cell & ((INT64_C(1) << COVER_LEVEL_SHIFT) - 1);
	int			own = (int) (cell >> COVER_LEVEL_SHIFT);

	return (int64_t) level << COVER_LEVEL_SHIFT | place >> 2 * (SIDE(level) - SIDE(own));
}

static Box
box_of(int level, int64_t west, int64_t east, int64_t row)
{
	double		side = (double) (INT64_C(1) << SIDE(level)) / CELLS_A_DEGREE;

	return (Box) {
		{-180 + (double) west * side - MARGIN, -90 + (double) row * side - MARGIN},
		{-180 + (double) (east + 1) * side + MARGIN, -90 + (double) (row + 1) * side + MARGIN}
	};
}

/* Whether an edge comes into a box. */
static bool
meets(Spot a, Spot b, const Box *box)
{
	int			corner;

	if (fmax(a.x, b.x) < box->low.x || fmin(a.x, b.x) > box->high.x ||
		fmax(a.y, b.y) < box->low.y || fmin(a.y, b.y) > box->high.y)
		return false;
	/* not if all corners lie on one side of it */
	corner = residency_orient(a, b, box->low);
	return corner == 0 ||
		corner != residency_orient(a, b, box->high) ||
		corner != residency_orient(a, b, (Spot) {box->low.x, box->high.y}) ||
		corner != residency_orient(a, b, (Spot) {box->high.x, box->low.y});
}

static bool
is_between(Spot a, Spot b, Spot spot)
{
	return spot.x >= fmin(a.x, b.x) && spot.x <= fmax(a.x, b.x) &&
		spot.y >= fmin(a.y, b.y) && spot.y <= fmax(a.y, b.y);
}

/* The side on which a spot lies of an edge, in the arithmetic of PostGIS: what is too close for it is on the edge. */
static double
plain_side(Spot a, Spot b, Spot spot)
{
	return (b.x - a.x) * (spot.y - a.y) - (spot.x - a.x) * (b.y - a.y);
}

/*
 * Whether the way from a spot to another crosses an edge, whose ends lie left of
 * the way or not, and the other spot on `to_side` of it.  A corner of the outline on
 * the way counts as left of it, so that passing there crosses one of its two
 * edges or both, as it should.
 */
static bool
crosses(Spot from, Spot a, bool a_left, Spot b, bool b_left, double to_side)
{
	return a_left != b_left && (residency_orient(a, b, from) > 0) != (to_side > 0);
}

static bool
is_left(Spot from, Spot to, Spot spot)
{
	return residency_orient(from, to, spot) >= 0;
}

static bool
is_on(const CoverWalk *walk, Spot spot)
{
	for (size_t i = 0; i < walk->row_count; i++)
	{
		Spot		a = walk->spots[walk->in_row[i]];
		Spot		b = walk->spots[walk->in_row[i] + 1];

		if (is_between(a, b, spot) &&
			(plain_side(a, b, spot) == 0 || residency_orient(a, b, spot) == 0))
			return true;
	}
	return false;
}

/* Goes on from the spot that is known to another of the same row, which is on no edge. */
static void
go_to(CoverWalk *walk, Spot spot)
{
	for (size_t i = 0; i < walk->row_count; i++)
	{
		Spot		a = walk->spots[walk->in_row[i]];
		Spot		b = walk->spots[walk->in_row[i] + 1];

		if (crosses(walk->known,
					a, is_left(walk->known, spot, a), b, is_left(walk->known, spot, b),
					residency_orient(a, b, spot)))
			walk->inside = !walk->inside;
	}
	walk->known = spot;
}

/* A spot of the cell on no edge: tried in ever new places (Halton's), and a row's edges are not everywhere. */
static Spot
witness(const CoverWalk *walk, const Box *box)
{
	for (unsigned turn = 1;; turn++)
	{
		double		at[2] = {0, 0};

		for (int i = 0; i < 2; i++)
		{
			double		part = 1;

			for (unsigned rest = turn; rest > 0; rest /= (unsigned) i + 2)
			{
				part /= i + 2;
				at[i] += part * (rest % ((unsigned) i + 2));
			}
		}
		{
			Spot		spot = {box->low.x + (box->high.x - box->low.x) * at[0],
			box->low.y + (box->high.y - box->low.y) * at[1]};

			if (!is_on(walk, spot))
				return spot;
		}
	}
}

/* Collects the edges of the next row; west of the outline nothing is inside. */
static void
begin_row(CoverWalk *walk)
{
	Box			box = box_of(walk->level, walk->west, walk->east, walk->row);

	walk->row_count = 0;
	for (size_t i = 0; i + 1 < walk->count; i++)
	{
		if (!is_end(walk->spots[i]) && !is_end(walk->spots[i + 1]) &&
			meets(walk->spots[i], walk->spots[i + 1], &box))
			walk->in_row[walk->row_count++] = (uint32_t) i;
	}
	walk->known = (Spot) {walk->outside, (box.low.y + box.high.y) / 2};
	walk->inside = false;
}

static int
level_for(int64_t across, size_t count)
{
	int64_t		wanted = (int64_t) (count / SPOTS_ACROSS);
	int			level = 0;

	if (wanted < FEWEST_ACROSS)
		wanted = FEWEST_ACROSS;
	if (wanted > MOST_ACROSS)
		wanted = MOST_ACROSS;
	while (level < COVER_LEVELS - 1 && across >> SIDE(level) < wanted)
		level++;
	return level;
}

bool
residency_cover_begin(CoverWalk *walk, const Spot *spots, size_t count, void *scratch)
{
	Box			box = {{INFINITY, INFINITY}, {-INFINITY, -INFINITY}};
	int64_t		wide;
	int64_t		high;

	for (size_t i = 0; i < count; i++)
	{
		if (is_end(spots[i]))
			continue;
		if (!residency_cover_applies(spots[i]))
			return false;
		box.low = (Spot) {fmin(box.low.x, spots[i].x), fmin(box.low.y, spots[i].y)};
		box.high = (Spot) {fmax(box.high.x, spots[i].x), fmax(box.high.y, spots[i].y)};
	}
	if (box.low.x > box.high.x || count > UINT32_MAX)
		return false;

	wide = finest(box.high.x, -180) - finest(box.low.x, -180);
	high = finest(box.high.y, -90) - finest(box.low.y, -90);
	walk->spots = spots;
	walk->count = count;
	walk->level = level_for(wide > high ? wide : high, count);
	walk->west = column_of(walk->level, box.low.x);
	walk->east = column_of(walk->level, box.high.x);
	walk->north = row_of(walk->level, box.high.y);
	walk->column = walk->west;
	walk->row = row_of(walk->level, box.low.y);
	walk->outside = box.low.x - 1;
	walk->in_row = scratch;
	begin_row(walk);
	return true;
}

/* Writes the chains of the edges that meet the box; how many bytes. */
static size_t
write_chains(const CoverWalk *walk, const Box *box, uint8_t *to)
{
	uint8_t    *end = to;
	size_t		last = SIZE_MAX;	/* the spot written last */

	for (size_t i = 0; i < walk->row_count; i++)
	{
		size_t		first = walk->in_row[i];

		if (!meets(walk->spots[first], walk->spots[first + 1], box))
			continue;
		if (first != last)
		{
			if (last != SIZE_MAX)
			{
				memcpy(end, &END_OF_CHAIN, sizeof(Spot));
				end += sizeof(Spot);
			}
			memcpy(end, &walk->spots[first], sizeof(Spot));
			end += sizeof(Spot);
		}
		last = first + 1;
		memcpy(end, &walk->spots[last], sizeof(Spot));
		end += sizeof(Spot);
	}
	return (size_t) (end - to);
}

bool
residency_cover_next(CoverWalk *walk, int64_t *cell, uint8_t *part, size_t *size)
{
	while (walk->row <= walk->north)
	{
		Box			box = box_of(walk->level, walk->column, walk->column, walk->row);
		Spot		head[2];
		size_t		chains = write_chains(walk, &box, part + sizeof(head));

		*cell = key_of(walk->level, walk->column, walk->row);
		go_to(walk, witness(walk, &box));
		head[0] = walk->known;
		head[1] = (Spot) {walk->inside, 0};
		memcpy(part, head, sizeof(head));
		*size = chains == 0 ? 0 : sizeof(head) + chains;

		if (++walk->column > walk->east)
		{
			walk->column = walk->west;
			if (++walk->row <= walk->north)
				begin_row(walk);
		}
		/* head tells of this cell; the walk may be in the next row by now */
		if (chains > 0 || head[1].x != 0)
			return true;
	}
	return false;
}

bool
residency_cover_holds(const uint8_t *part, size_t size, Spot spot)
{
	Spot		head[2];		/* the witness, and whether it is inside */
	Spot		a = END_OF_CHAIN;
	bool		a_left = false;
	bool		inside;

	if (size < sizeof(head))
		return false;
	memcpy(head, part, sizeof(head));
	inside = head[1].x != 0;
	for (size_t at = sizeof(head); at + sizeof(Spot) <= size; at += sizeof(Spot))
	{
		Spot		b;
		bool		b_left;

		memcpy(&b, part + at, sizeof(Spot));
		b_left = !is_end(b) && is_left(head[0], spot, b);
		if (!is_end(a) && !is_end(b))
		{
			double		side = plain_side(a, b, spot);

			if (side == 0 && is_between(a, b, spot))
				return true;
			if (crosses(head[0], a, a_left, b, b_left, side))
				inside = !inside;
		}
		a = b;
		a_left = b_left;
	}
	return inside;
}
