/*
 * beidou_cell_fuzz.c
 *	  A cell read, written and read again is the same; it holds its own corner
 *	  and centre, lies in its line, and leads to its neighbours by reference.
 */
#include "fuzz.h"

#include <math.h>

#include "core/beidou_cell.h"
#include "core/ewkb.h"

static void
check_cell(int64_t cell)
{
	char		written[RESIDENCY_BEIDOU_REFERENCE_SIZE];
	int64_t		again = -1;
	int64_t		line[RESIDENCY_BEIDOU_LEVELS];
	int64_t		around[RESIDENCY_BEIDOU_NEIGHBOURS];
	int			level = residency_beidou_cell_level(cell);
	BeidouBox	box = residency_beidou_cell_box(cell);
	BeidouPlace first;
	BeidouPlace last;
	double		x;
	double		y;
	int			count;

	HOLDS(residency_beidou_cell_check(cell) == BEIDOU_CELL_FINE);
	HOLDS(residency_beidou_cell_parse(written, residency_beidou_cell_format(cell, written), &again) == BEIDOU_CELL_FINE);
	HOLDS(again == cell);
	HOLDS(residency_beidou_cell_lineage(cell, line) == level && line[level - 1] == cell);
	for (int i = 0; i < level; i++)
	{
		HOLDS(residency_beidou_cell_level(line[i]) == i + 1);
		HOLDS(residency_beidou_cell_within(cell, line[i]));
		HOLDS(residency_beidou_cell_last(cell) <= residency_beidou_cell_last(line[i]));
	}
	HOLDS(residency_beidou_cell_next(cell) > residency_beidou_cell_last(cell));

	HOLDS(box.west < box.east && box.south < box.north);
	residency_beidou_cell_center(cell, &x, &y);
	HOLDS(residency_beidou_cell_at(x, y, level, &again) && again == cell);
	HOLDS(residency_beidou_cell_at(x < 0 ? box.east : box.west, y < 0 ? box.north : box.south, level, &again));
	/* but those on the prime meridian and the equator, which belong to the east and the north */
	HOLDS(again == cell || (x < 0 && box.east == 0) || (y < 0 && box.north == 0));
	if (fmax(fabs(box.south), fabs(box.north)) < 88)
	{
		BeidouPlace place = residency_beidou_cell_place(cell);

		HOLDS(residency_beidou_cells_meeting_box(box, level, &first, &last));
		HOLDS(first.column == (box.west == -180 ? place.column : place.column - 1));
		HOLDS(last.column == (box.east == 180 ? place.column : place.column + 1));
		HOLDS(first.row == place.row - 1 && last.row == place.row + 1);
	}

	count = residency_beidou_cell_neighbours(cell, around);
	HOLDS(count == 8 || (count == 5 && fmax(fabs(box.south), fabs(box.north)) == 88));
	for (int i = 0; i < count; i++)
	{
		size_t		length = residency_beidou_reference_format(around[i], cell, written);

		HOLDS(around[i] != cell && residency_beidou_cell_level(around[i]) == level);
		HOLDS((length > 0) == (level >= RESIDENCY_BEIDOU_REFERENCE_LEVEL));
		if (length > 0)
			HOLDS(residency_beidou_reference_parse(written, length, &again) == BEIDOU_CELL_FINE && again == around[i]);
	}
}

static void
check_point(double x, double y)
{
	int64_t		above = -1;

	for (int level = 1; level <= RESIDENCY_BEIDOU_LEVELS; level++)
	{
		int64_t		cell = -1;
		bool		covered = residency_beidou_cell_at(x, y, level, &cell);
		BeidouBox	box;

		HOLDS(covered == (x >= -180 && x <= 180 && y > -88 && y < 88));
		if (!covered)
			return;
		box = residency_beidou_cell_box(cell);
		HOLDS(x == 180 || (x >= box.west && x <= box.east));
		HOLDS(y >= box.south && y <= box.north);
		HOLDS(level == 1 || residency_beidou_cell_within(cell, above));
		above = cell;
	}
	check_cell(above);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int64_t		cell = -1;
	int64_t		number = number_of(data, size);
	double		numbers[2] = {0, 0};
	EwkbPoint	point;

	if (residency_beidou_cell_parse((const char *) data, size, &cell) == BEIDOU_CELL_FINE)
		check_cell(cell);
	else
		HOLDS(cell == -1);
	cell = -1;
	if (residency_beidou_reference_parse((const char *) data, size, &cell) == BEIDOU_CELL_FINE)
		check_cell(cell);
	else
		HOLDS(cell == -1);
	if (residency_beidou_cell_check(number) == BEIDOU_CELL_FINE)
		check_cell(number);
	memcpy(numbers, data, size < sizeof(numbers) ? size : sizeof(numbers));
	check_point(numbers[0], numbers[1]);
	/* most doubles are no degrees: whole numbers make some that are */
	check_point((double) (number % 1000000) / 3600, (double) (number / 1000000 % 300000) / 3600);
	if (residency_ewkb_point(data, size, &point))
		HOLDS(size >= 21);
	return 0;
}
