/*
 * beidou_cell_test.c
 *	  Cells of the Beidou grid: the worked examples, the edges, and random
 *	  points at every level (BEIDOU_POINTS of them, 100 000).
 */
#include "unit.h"

#include <math.h>
#include <stdlib.h>

#include "core/beidou_cell.h"

#define UNITS_PER_DEGREE 7372800

static void
parses(const char *in, int problem)
{
	int64_t		cell = -1;

	ok(residency_beidou_cell_parse(in, strlen(in), &cell) == problem &&
	   (problem == BEIDOU_CELL_FINE) == (cell != -1), "beidou cell: '%s'", in);
}

/* The codes of all levels are the beginnings of that of level 10. */
static void
encodes(double longitude, double latitude, const char *code)
{
	static const int length[] = {0, 4, 6, 7, 9, 11, 12, 14, 16, 18, 20};
	bool		right = true;

	for (int level = 1; level <= RESIDENCY_BEIDOU_LEVELS; level++)
	{
		char		out[RESIDENCY_BEIDOU_CELL_SIZE] = "";
		int64_t		cell = -1;

		right &= residency_beidou_cell_at(longitude, latitude, level, &cell) &&
			residency_beidou_cell_format(cell, out) == (size_t) length[level] &&
			strncmp(out, code, length[level]) == 0;
	}
	ok(right, "beidou cell: %.6f %.6f is in %s", longitude, latitude, code);
}

static double
seconds(double degrees, double minutes, double rest)
{
	return degrees + minutes / 60 + rest / 3600;
}

/* The same numbers on every machine (splitmix64). */
static uint64_t
random_bits(void)
{
	static uint64_t state = 39409;
	uint64_t	z = (state += UINT64_C(0x9E3779B97F4A7C15));

	z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
	return z ^ (z >> 31);
}

static double
random_angle(double most)
{
	return ((double) (random_bits() >> 11) / (UINT64_C(1) << 53) * 2 - 1) * most;
}

/* Units up to an angle, from the bits of the double; exact. */
static int64_t
exact_units(double degrees)
{
	int			exponent;
	int64_t		mantissa = (int64_t) ldexp(frexp(degrees, &exponent), 53);

	/* 7372800 is 225 times 2^15, and 53 bits times 225 are less than 63 */
	exponent = 53 - 15 - exponent;
	return exponent > 62 ? 0 : (mantissa * 225) >> exponent;
}

/* Whether everything that is known of the cell of a point at every level holds together. */
static bool
is_sound(double longitude, double latitude)
{
	int64_t		above = -1;
	int64_t		line[RESIDENCY_BEIDOU_LEVELS];

	for (int level = 1; level <= RESIDENCY_BEIDOU_LEVELS; level++)
	{
		char		out[RESIDENCY_BEIDOU_CELL_SIZE];
		int64_t		cell = -1;
		int64_t		again = -1;
		double		x;
		double		y;
		BeidouBox	box;

		if (!residency_beidou_cell_at(longitude, latitude, level, &cell) ||
			residency_beidou_cell_check(cell) != BEIDOU_CELL_FINE ||
			residency_beidou_cell_level(cell) != level)
			return false;
		if (residency_beidou_cell_parse(out, residency_beidou_cell_format(cell, out), &again) != BEIDOU_CELL_FINE ||
			again != cell)
			return false;
		box = residency_beidou_cell_box(cell);
		if (longitude < box.west || longitude > box.east || latitude < box.south || latitude > box.north)
			return false;
		residency_beidou_cell_center(cell, &x, &y);
		if (!residency_beidou_cell_at(x, y, level, &again) || again != cell ||
			residency_beidou_cell_of(residency_beidou_cell_place(cell)) != cell)
			return false;
		if (residency_beidou_cell_lineage(cell, line) != level || line[level - 1] != cell)
			return false;
		if (level > 1 && (!residency_beidou_cell_within(cell, above) ||
						  residency_beidou_cell_within(above, cell) || line[level - 2] != above ||
						  residency_beidou_cell_last(cell) > residency_beidou_cell_last(above)))
			return false;
		above = cell;
	}
	return true;
}

/* The finest cell goes by the exact units, but that the double nearest to an edge is the edge. */
static bool
is_exact(double longitude, double latitude)
{
	int64_t		cell;
	BeidouPlace place;
	int64_t		x = exact_units(fabs(longitude));
	int64_t		y = exact_units(fabs(latitude));

	residency_beidou_cell_at(longitude, latitude, RESIDENCY_BEIDOU_LEVELS, &cell);
	place = residency_beidou_cell_place(cell);
	x += (double) (x + 1) / UNITS_PER_DEGREE == fabs(longitude);
	y += (double) (y + 1) / UNITS_PER_DEGREE == fabs(latitude);
	return place.column == (longitude < 0 ? -1 - x : x) && place.row == (latitude < 0 ? -1 - y : y);
}

/* A point on a corner of the finest cells, and the doubles around it. */
static bool
is_sound_at_corner(void)
{
	int64_t		column = (int64_t) (random_bits() % (180 * UNITS_PER_DEGREE));
	int64_t		row = (int64_t) (random_bits() % (88 * UNITS_PER_DEGREE));
	double		x = (double) column / UNITS_PER_DEGREE;
	double		y = (double) row / UNITS_PER_DEGREE;
	int64_t		cell;
	BeidouPlace place;

	if (!is_sound(x, y) || !is_sound(-x, -y) || !is_exact(x, y) || !is_exact(-x, -y) ||
		!is_exact(nextafter(x, 200), nextafter(y, 0)) || !is_exact(-nextafter(x, 0), nextafter(y, 90)))
		return false;
	residency_beidou_cell_at(x, y, RESIDENCY_BEIDOU_LEVELS, &cell);
	place = residency_beidou_cell_place(cell);
	if (place.column != column || place.row != row)
		return false;
	if (column == 0 || row == 0)
		return true;
	residency_beidou_cell_at(nextafter(x, 0), -nextafter(y, 0), RESIDENCY_BEIDOU_LEVELS, &cell);
	place = residency_beidou_cell_place(cell);
	return place.column == column - 1 && place.row == -1 - (row - 1);
}

/* Each neighbour has the cell among its own, and meets it. */
static bool
has_sound_neighbours(int64_t cell, int expected)
{
	int64_t		around[RESIDENCY_BEIDOU_NEIGHBOURS];
	int			count = residency_beidou_cell_neighbours(cell, around);

	for (int i = 0; i < count; i++)
	{
		int64_t		back[RESIDENCY_BEIDOU_NEIGHBOURS];
		int			n = residency_beidou_cell_neighbours(around[i], back);
		bool		found = false;

		for (int j = 0; j < n; j++)
			found |= back[j] == cell;
		if (!found || around[i] == cell ||
			residency_beidou_cell_level(around[i]) != residency_beidou_cell_level(cell))
			return false;
		for (int j = 0; j < i; j++)
			if (around[j] == around[i])
				return false;
	}
	return count == expected;
}

static int64_t
cell_of(const char *code)
{
	int64_t		cell = -1;

	residency_beidou_cell_parse(code, strlen(code), &cell);
	return cell;
}

static void
refers(const char *code, const char *base, const char *reference)
{
	char		out[RESIDENCY_BEIDOU_REFERENCE_SIZE] = "";
	int64_t		cell = -1;

	residency_beidou_reference_format(cell_of(code), cell_of(base), out);
	ok(strcmp(out, reference) == 0 &&
	   residency_beidou_reference_parse(reference, strlen(reference), &cell) == BEIDOU_CELL_FINE &&
	   cell == cell_of(code), "beidou cell: %s is %s", code, reference);
}

static void
misrefers(const char *reference, int problem)
{
	int64_t		cell = -1;

	ok(residency_beidou_reference_parse(reference, strlen(reference), &cell) == problem && cell == -1,
	   "beidou cell: '%s' is no reference", reference);
}

void
test_beidou_cell(void)
{
	const char *points = getenv("BEIDOU_POINTS");
	int			count = points ? atoi(points) : 100000;
	double		x = seconds(116, 18, 45.37);
	double		y = seconds(39, 59, 35.38);
	char		out[RESIDENCY_BEIDOU_REFERENCE_SIZE];
	int64_t		cell = -1;
	int64_t		children = 0;
	BeidouPlace first;
	BeidouPlace last;
	bool		sound = true;

	/* GB/T 39409-2020, and what its figures lead to in the other hemispheres */
	encodes(x, y, "N50J47539B8255346152");
	encodes(-x, y, "N11J47539B8255346152");
	encodes(x, -y, "S50J47539B8255346152");
	encodes(-x, -y, "S11J47539B8255346152");
	encodes(110.198, 20.044, "N49F400B2D9231144663");
	encodes(113.384, 22.937, "N49FA558603114466331");
	encodes(112.355, 28.554, "N49H8116343301040603");
	encodes(112.3384, 16.8342, "N49E8155040304735635");
	encodes(0, 0, "N31A0000000000000000");
	encodes(-0.0, -0.0, "N31A0000000000000000");
	encodes(-74.0060, 40.7128, "N18K412025B260321443");
	encodes(151.2093, -33.8688, "S56I234C281256752670");
	encodes(-43.1729, -22.9068, "S23F254A456111670257");
	encodes(179.999999, 87.999999, "N60VB75E9EE377777700");
	parses("N36J93078B3101524314", BEIDOU_CELL_FINE);
	residency_beidou_cell_at(seconds(116, 19, 14.3184), seconds(39, 59, 56.1444), 5, &cell);
	ok(cell == cell_of("N50J475493E"), "beidou cell: N50J475493E");
	residency_beidou_cell_at(seconds(116, 19, 5.9808), seconds(39, 59, 59.7012), 5, &cell);
	ok(cell == cell_of("N50J475491E"), "beidou cell: N50J475491E");
	residency_beidou_cell_at(seconds(116, 19, 9.3540), seconds(39, 59, 56.5260), 5, &cell);
	ok(cell == cell_of("N50J475492E"), "beidou cell: N50J475492E");

	/* the ends of the world, and what lies beyond */
	encodes(180, 0, "N01AB01E0E0170707070");
	encodes(-180, 0, "N01AB01E0E0170707070");
	encodes(nextafter(180, 0), 0, "N60AB01E0E0170707070");
	ok(!residency_beidou_cell_at(nextafter(180, 200), 0, 5, &cell) &&
	   !residency_beidou_cell_at(0, 88, 5, &cell) && !residency_beidou_cell_at(0, -88, 5, &cell) &&
	   !residency_beidou_cell_at(NAN, 0, 5, &cell) && !residency_beidou_cell_at(0, NAN, 5, &cell) &&
	   !residency_beidou_cell_at(INFINITY, 0, 5, &cell) && !residency_beidou_cell_at(0, -INFINITY, 5, &cell),
	   "beidou cell: none beyond 180 degrees and from 88 degrees on");
	/* edges that no double holds */
	encodes(116.1, 40.1, "N50K4006600000000000");

	parses("", BEIDOU_CELL_LENGTH);
	parses("N50", BEIDOU_CELL_LENGTH);
	parses("N50J4", BEIDOU_CELL_LENGTH);
	parses("N50J47539B82553461520", BEIDOU_CELL_LENGTH);
	parses("M50J", BEIDOU_CELL_HEMISPHERE);
	parses("N00J", BEIDOU_CELL_COLUMN);
	parses("N61J", BEIDOU_CELL_COLUMN);
	parses("N5AJ", BEIDOU_CELL_COLUMN);
	parses("N50W", BEIDOU_CELL_ROW);
	parses("N500", BEIDOU_CELL_ROW);
	parses("n60vb7", BEIDOU_CELL_FINE);
	parses("N50JC7", BEIDOU_CELL_DIGIT);
	parses("N50JB8", BEIDOU_CELL_DIGIT);
	parses("N50J476", BEIDOU_CELL_DIGIT);
	parses("N50J475EA", BEIDOU_CELL_DIGIT);
	parses("N50J475F0", BEIDOU_CELL_DIGIT);
	parses("N50J47539BF", BEIDOU_CELL_DIGIT);
	parses("N50J47539B84", BEIDOU_CELL_DIGIT);
	parses("N50J47539B8280", BEIDOU_CELL_DIGIT);
	parses("N50J47539B82553461G2", BEIDOU_CELL_DIGIT);

	/* numbers: every one is a cell up to the last, and the order is that of the codes */
	cell = residency_beidou_cell_last(cell_of("S60V"));
	residency_beidou_cell_format(cell, out);
	ok(strcmp(out, "S60VB75E9EE377777777") == 0 && residency_beidou_cell_check(cell) == BEIDOU_CELL_FINE &&
	   residency_beidou_cell_check(cell + 1) == BEIDOU_CELL_NUMBER &&
	   residency_beidou_cell_check(-1) == BEIDOU_CELL_NUMBER &&
	   residency_beidou_cell_check(INT64_MAX) == BEIDOU_CELL_NUMBER && cell_of("N01A") == 0,
	   "beidou cell: the first and the last number");
	for (int i = 0; i < count; i++)
	{
		char		next[RESIDENCY_BEIDOU_CELL_SIZE];
		int64_t		number = (int64_t) (random_bits() % (uint64_t) cell);

		/* close to the start of a coarse cell too */
		if (i % 2)
			number -= number % residency_beidou_cell_last(0);
		residency_beidou_cell_format(number, out);
		residency_beidou_cell_format(number + 1, next);
		sound &= strcmp(out, next) < 0 && cell_of(out) == number && cell_of(next) == number + 1;
	}
	ok(sound, "beidou cell: the numbers in the order of the codes");
	for (cell = residency_beidou_cell_first(cell_of("N50J475"), 5), sound = true;
		 residency_beidou_cell_within(cell, cell_of("N50J475")); cell = residency_beidou_cell_next(cell))
	{
		sound &= residency_beidou_cell_level(cell) == 5;
		children++;
	}
	ok(sound && children == 150 * 225, "beidou cell: all cells of a level within another, one after the other");

	ok(has_sound_neighbours(cell_of("N50J47539B8"), 8) && has_sound_neighbours(cell_of("N31A0000000"), 8) &&
	   has_sound_neighbours(cell_of("S30A0000000"), 8) && has_sound_neighbours(cell_of("N01AB05E0EE3"), 8) &&
	   has_sound_neighbours(cell_of("N50V"), 5) && has_sound_neighbours(cell_of("N60V"), 5) &&
	   has_sound_neighbours(cell_of("S01VB7"), 5) && has_sound_neighbours(cell_of("S60A"), 8),
	   "beidou cell: neighbours, over the meridian, the equator and 180 degrees");

	refers("N50J47539B8", "N50J47539B8", "N50J47539B8-00");
	refers("N50J47539E1", "N50J47539B8", "N50J47539B8-3G");
	refers("N30A0000000", "N31A0000000", "N31A0000000-A0");
	refers("S30A0000011", "N31A0000000", "N31A0000000-BB");
	refers("N01AB05E0E0", "N60AB05E0E0", "N60AB05E0E0-10");
	misrefers("N50J47539B8", BEIDOU_CELL_REFERENCE);
	misrefers("N50J47539B8-0", BEIDOU_CELL_REFERENCE);
	misrefers("N50J47539B8-08", BEIDOU_CELL_REFERENCE);
	misrefers("N50J47539B8-H0", BEIDOU_CELL_REFERENCE);
	misrefers("-00", BEIDOU_CELL_LENGTH);
	misrefers("N50J4753X-00", BEIDOU_CELL_DIGIT);
	misrefers("N50J47539-00", BEIDOU_CELL_BASE);
	misrefers("N60VB75E9EE-01", BEIDOU_CELL_POLE);
	ok(residency_beidou_reference_format(cell_of("N50J47539B8"), cell_of("N50J47539B82"), out) == 0 &&
	   residency_beidou_reference_format(cell_of("N50J47539"), cell_of("N50J47539"), out) == 0 &&
	   residency_beidou_reference_format(cell_of("N50J47539B8"), cell_of("N50J4753938"), out) == 0,
	   "beidou cell: no reference to another level, from a coarse cell, or too far");

	/* boxes meet the cells whose edges they touch */
	ok(residency_beidou_cells_meeting_box((BeidouBox) {0, 0, 6, 4}, 1, &first, &last) &&
	   first.column == -1 && first.row == -1 && last.column == 1 && last.row == 1 &&
	   residency_beidou_cells_meeting_box((BeidouBox) {-6, -4, -6, -4}, 1, &first, &last) &&
	   first.column == -2 && first.row == -2 && last.column == -1 && last.row == -1 &&
	   residency_beidou_cells_meeting_box((BeidouBox) {-180, -87.9, 180, 87.9}, 1, &first, &last) &&
	   first.column == -30 && first.row == -22 && last.column == 29 && last.row == 21 &&
	   residency_beidou_cells_meeting_box((BeidouBox) {-3, 1, -2, 2}, 1, &first, &last) &&
	   first.column == -1 && first.row == 0 && last.column == -1 && last.row == 0,
	   "beidou cell: the cells that a box meets");
	ok(!residency_beidou_cells_meeting_box((BeidouBox) {1, 0, 0, 1}, 1, &first, &last) &&
	   !residency_beidou_cells_meeting_box((BeidouBox) {0, 0, 1, 88}, 1, &first, &last) &&
	   !residency_beidou_cells_meeting_box((BeidouBox) {0, NAN, 1, 1}, 1, &first, &last),
	   "beidou cell: what is no box meets none");

	sound = true;
	for (int i = 0; i < count && sound; i++)
	{
		x = random_angle(180);
		y = random_angle(88);
		sound = is_sound(x, y) && is_exact(x, y);
	}
	ok(sound, "beidou cell: %d random points at every level (%.17g %.17g)", count, x, y);
	for (int i = 0; i < count && sound; i++)
		sound = is_sound_at_corner();
	ok(sound, "beidou cell: %d corners of cells, and the doubles next to them", count);
}
