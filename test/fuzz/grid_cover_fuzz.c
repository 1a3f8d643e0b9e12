/*
 * grid_cover_fuzz.c
 *	  Whatever ring is drawn, its cells answer as the whole of it; parts and
 *	  EWKB, however damaged, are read within their bounds.
 */
#include "fuzz.h"

#include <math.h>

#include "core/grid_cover.h"
#include "core/outline.h"

#define MOST 26

/* By the edges east of the spot, counted. */
static bool
by_ray(const Spot *spots, size_t count, Spot p)
{
	bool		inside = false;

	for (size_t i = 0; i + 1 < count; i++)
	{
		Spot		a = spots[i];
		Spot		b = spots[i + 1];
		int			side = residency_orient(a, b, p);

		if (side == 0 && fmin(a.x, b.x) <= p.x && p.x <= fmax(a.x, b.x) && fmin(a.y, b.y) <= p.y && p.y <= fmax(a.y, b.y))
			return true;
		if ((a.y <= p.y) != (b.y <= p.y) && (side > 0) == (b.y > a.y))
			inside = !inside;
	}
	return inside;
}

static bool
by_cells(const Spot *spots, size_t count, Spot p)
{
	uint32_t	scratch[MOST];
	uint8_t		part[COVER_PART_SIZE(MOST)];
	size_t		size;
	int64_t		cell;
	CoverWalk	walk;

	HOLDS(residency_cover_begin(&walk, spots, count, scratch));
	while (residency_cover_next(&walk, &cell, part, &size))
	{
		HOLDS(size <= COVER_PART_SIZE(count));
		if (cell == residency_cover_cell(walk.level, p))
			return size == 0 || residency_cover_holds(part, size, p);
	}
	return false;
}

/* A spot of a lattice, so that spots, edges and sides of cells meet. */
static Spot
spot_of(const uint8_t *data, double step)
{
	return (Spot) {113.203125 + step * (int8_t) data[0], 22.5 + step * (int8_t) data[1]};
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Spot		ring[MOST];
	size_t		count = 0;

	if (size > 0)
	{
		/* of their exact size, so that a step beyond is seen */
		uint8_t    *bytes = malloc(size);
		Spot	   *spots = malloc(sizeof(Spot) * OUTLINE_SPOTS(size) + 1);

		memcpy(bytes, data, size);
		(void) residency_cover_holds(bytes, size, (Spot) {113, 22});
		HOLDS(residency_outline_read(bytes, size, spots) <= OUTLINE_SPOTS(size));
		free(spots);
		free(bytes);
	}
	if (size >= 9)
	{
		/* from a hundred cells to a last digit wide */
		double		step = ldexp(360.0 / (1 << 24), 4 - data[0] % 40);

		for (size_t at = 3; at + 2 <= size && count < MOST - 1; at += 2)
			ring[count++] = spot_of(data + at, step);
		ring[count] = ring[0];
		HOLDS(by_cells(ring, count + 1, spot_of(data + 1, step)) == by_ray(ring, count + 1, spot_of(data + 1, step)));
	}
	return 0;
}
