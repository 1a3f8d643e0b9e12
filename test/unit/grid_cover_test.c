/*
 * grid_cover_test.c
 *	  Sides of lines where doubles are not enough, keys of cells, and outlines
 *	  whose parts answer as the whole outline does.
 */
#include "unit.h"

#include <math.h>
#include <stdlib.h>

#include "core/grid_cover.h"
#include "core/outline.h"

#define MOST 400

static uint64_t state = 39409;

/* A number from 0 to 1, always the same ones. */
static double
drawn(void)
{
	state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (double) (state >> 11) / (double) (UINT64_C(1) << 53);
}

static void
test_orient(void)
{
	Spot		a = {0.5, 0.5};
	Spot		b = {12, 12};
	Spot		c = {24, 24};
	bool		holds = true;

	/* Kettner et al., Classroom examples of robustness problems: doubles fail all over this square */
	for (int i = 0; i < 256; i++)
	{
		for (int j = 0; j < 256; j++)
		{
			Spot		p = {a.x + i * ldexp(1, -53), a.y + j * ldexp(1, -53)};

			holds = holds && residency_orient(p, b, c) == (j > i) - (j < i) && residency_orient(b, p, c) == (i > j) - (i < j);
		}
	}
	ok(holds, "orient: exact a last digit beside a line");
	ok(residency_orient((Spot) {113, 22}, (Spot) {114, 22}, (Spot) {113.5, 22.1}) == 1 &&
	   residency_orient((Spot) {113, 22}, (Spot) {114, 22}, (Spot) {113.5, 21.9}) == -1 &&
	   residency_orient((Spot) {113, 22}, (Spot) {113, 22}, (Spot) {1, 2}) == 0, "orient: left, right, no line");
}

static void
test_keys(void)
{
	bool		holds = true;

	ok(residency_cover_applies((Spot) {-180, 90}) && residency_cover_applies((Spot) {180, -90}) &&
	   !residency_cover_applies((Spot) {180.1, 0}) && !residency_cover_applies((Spot) {NAN, 0}) &&
	   !residency_cover_applies((Spot) {0, -INFINITY}), "cover: what lies on the earth");
	for (int i = 0; i < 10000; i++)
	{
		Spot		spot = {-180 + 360 * drawn(), -90 + 180 * drawn()};

		for (int level = 1; level < COVER_LEVELS; level++)
		{
			int64_t		cell = residency_cover_cell(level, spot);
			int64_t		place = cell - ((int64_t) level << COVER_LEVEL_SHIFT);
			int64_t		above = residency_cover_cell(level - 1, spot);

			holds = holds && place >= 0 && place < INT64_C(1) << COVER_LEVEL_SHIFT &&
				place >> 6 == above - ((int64_t) (level - 1) << COVER_LEVEL_SHIFT) &&
				residency_cover_parent(cell, level - 1) == above && residency_cover_parent(cell, 0) == 0;
		}
	}
	ok(holds, "cover: a cell is one of the 64 of the cell above");
	ok(residency_cover_cell(COVER_LEVELS - 1, (Spot) {180, 90}) >> COVER_LEVEL_SHIFT == COVER_LEVELS - 1, "cover: the date line and the pole are in a cell");
}

/* By the whole outline: the edges east of the spot, counted. */
static bool
by_ray(const Spot *spots, size_t count, Spot p)
{
	bool		inside = false;

	for (size_t i = 0; i + 1 < count; i++)
	{
		Spot		a = spots[i];
		Spot		b = spots[i + 1];
		int			side;

		if (isnan(a.x) || isnan(b.x))
			continue;
		side = residency_orient(a, b, p);
		if (side == 0 && fmin(a.x, b.x) <= p.x && p.x <= fmax(a.x, b.x) && fmin(a.y, b.y) <= p.y && p.y <= fmax(a.y, b.y))
			return true;
		if ((a.y <= p.y) != (b.y <= p.y) && (side > 0) == (b.y > a.y))
			inside = !inside;
	}
	return inside;
}

/* Cells of an outline with their parts, in the order of the walk. */
typedef struct Cells
{
	int			count;
	int64_t		keys[20000];
	uint8_t    *parts[20000];
	size_t		sizes[20000];
} Cells;

static void
collect(Cells *cells, const Spot *spots, size_t count)
{
	static uint32_t scratch[MOST];
	static uint8_t part[COVER_PART_SIZE(MOST)];
	CoverWalk	walk;

	cells->count = 0;
	if (!residency_cover_begin(&walk, spots, count, scratch))
		return;
	while (residency_cover_next(&walk, &cells->keys[cells->count], part, &cells->sizes[cells->count]))
	{
		size_t		size = cells->sizes[cells->count];

		cells->parts[cells->count] = malloc(size + 1);
		memcpy(cells->parts[cells->count++], part, size);
	}
}

static bool
by_cells(const Cells *cells, Spot p)
{
	for (int i = 0; i < cells->count; i++)
	{
		if (cells->keys[i] == residency_cover_cell((int) (cells->keys[i] >> COVER_LEVEL_SHIFT), p))
			return cells->sizes[i] == 0 || residency_cover_holds(cells->parts[i], cells->sizes[i], p);
	}
	return false;
}

/* Stars on a lattice: spots, borders and corners of cells fall on each other. */
static void
test_outlines(void)
{
	const double cell = 360.0 / (1 << 18);
	static Cells cells;
	Spot		spots[MOST];
	int			wrong = 0;
	int			inside = 0;
	int			all_border = 0;

	for (int turn = 0; turn < 200; turn++)
	{
		size_t		count = 3 + (size_t) (drawn() * 60);
		double		radius = cell * pow(2, 8 * drawn() - 3);
		size_t		total;

		for (size_t i = 0; i < count; i++)
		{
			double		angle = 6.283185307179586 * (double) i / (double) count;
			double		far = radius * (0.2 + 0.8 * drawn());

			/* every second outline with its spots on the corners of quarter cells */
			spots[i] = (Spot) {113.203125 + far * cos(angle), 22.5 + far * sin(angle)};
			if (turn % 2 == 0)
				spots[i] = (Spot) {round(spots[i].x / cell * 4) / 4 * cell, round(spots[i].y / cell * 4) / 4 * cell};
		}
		spots[count] = spots[0];
		spots[count + 1] = (Spot) {NAN, NAN};
		total = count + 2;
		collect(&cells, spots, total);
		for (int i = 0; i < 500; i++)
		{
			Spot		p = {113.203125 + radius * (2.2 * drawn() - 1.1), 22.5 + radius * (2.2 * drawn() - 1.1)};

			if (i % 2 == 0)
				p = (Spot) {round(p.x / cell * 8) / 8 * cell, round(p.y / cell * 8) / 8 * cell};
			else if (i % 5 == 0)
				p = spots[i % count];
			wrong += by_cells(&cells, p) != by_ray(spots, total, p);
		}
		for (int i = 0; i < cells.count; i++)
		{
			inside += cells.sizes[i] == 0;
			all_border += cells.sizes[i] != 0;
			free(cells.parts[i]);
		}
	}
	ok(wrong == 0, "cover: 100000 spots in 200 outlines, as the whole outline says: %d wrong", wrong);
	ok(inside > 50 && all_border > 1000, "cover: %d cells inside, %d on the border", inside, all_border);
}

static void
test_reading(void)
{
	static const uint8_t triangle[] = {
		1, 3, 0, 0, 0x20, 0x8a, 0x11, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0,
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
	};
	Spot		spots[OUTLINE_SPOTS(sizeof(triangle))];
	size_t		shorter = 0;

	ok(residency_outline_read(triangle, sizeof(triangle), spots) == 5 && spots[1].x == 1 && spots[2].y == 1 && isnan(spots[4].x),
	   "outline: a polygon with its SRID");
	for (size_t len = 0; len < sizeof(triangle); len++)
		shorter += residency_outline_read(triangle, len, spots);
	ok(shorter == 0, "outline: cut off anywhere it is none");
	ok(!residency_cover_holds(triangle, 3, (Spot) {0, 0}), "cover: a part that is cut off covers nothing");
}

void
test_grid_cover(void)
{
	test_orient();
	test_keys();
	test_outlines();
	test_reading();
}
