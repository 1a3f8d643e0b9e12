/*
 * beidou_cell.c
 *	  Cells of the Beidou grid: numbers, codes, places on the earth.
 */
#include "core/beidou_cell.h"

#include "core/text.h"

#define LEVELS RESIDENCY_BEIDOU_LEVELS
#define FINEST LEVELS

/* All lengths are counted in units of 1/2048 second, the cells of level 10. */
#define UNITS_PER_DEGREE 7372800
#define MOST_LONGITUDE 180
#define MOST_LATITUDE 88

#define COLUMNS 60				/* of level 1 around the earth */
#define ROWS 22					/* of level 1 from the equator to 88 degrees */

/* How many numbers a cell of each level takes, itself included. */
#define SPAN_9 (1 + 64 * INT64_C(1))
#define SPAN_8 (1 + 64 * SPAN_9)
#define SPAN_7 (1 + 64 * SPAN_8)
#define SPAN_6 (1 + 64 * SPAN_7)
#define SPAN_5 (1 + 4 * SPAN_6)
#define SPAN_4 (1 + 225 * SPAN_5)
#define SPAN_3 (1 + 150 * SPAN_4)
#define SPAN_2 (1 + 6 * SPAN_3)
#define SPAN_1 (1 + 96 * SPAN_2)
#define COUNT (2 * COLUMNS * ROWS * SPAN_1)

typedef struct Level
{
	int64_t		span;
	int32_t		width;			/* of a cell, in units */
	int32_t		height;
	int			across;			/* cells of this level in one of the level above */
	int			up;
	int			length;			/* of the code */
} Level;

static const Level levels[LEVELS + 1] = {
	{COUNT, 0, 0, 0, 0, 0},
	{SPAN_1, 44236800, 29491200, 0, 0, 4},
	{SPAN_2, 3686400, 3686400, 12, 8, 6},
	{SPAN_3, 1843200, 1228800, 2, 3, 7},
	{SPAN_4, 122880, 122880, 15, 10, 9},
	{SPAN_5, 8192, 8192, 15, 15, 11},
	{SPAN_6, 4096, 4096, 2, 2, 12},
	{SPAN_7, 512, 512, 8, 8, 14},
	{SPAN_8, 64, 64, 8, 8, 16},
	{SPAN_9, 8, 8, 8, 8, 18},
	{1, 1, 1, 8, 8, 20}
};

/*
 * A cell taken apart: its part of the code on each level as a number, which
 * grows as the characters do.
 */
typedef struct Parts
{
	int			level;
	int32_t		part[LEVELS + 1];
} Parts;

static Parts
take_apart(int64_t cell)
{
	Parts		parts = {1, {0}};
	int64_t		rest = cell % SPAN_1;

	parts.part[1] = (int32_t) (cell / SPAN_1);
	while (rest > 0)
	{
		int64_t		span = levels[++parts.level].span;

		parts.part[parts.level] = (int32_t) ((rest - 1) / span);
		rest = (rest - 1) % span;
	}
	return parts;
}

static int64_t
put_together(const Parts *parts)
{
	int64_t		cell = parts->part[1] * SPAN_1;

	for (int level = 2; level <= parts->level; level++)
		cell += 1 + parts->part[level] * levels[level].span;
	return cell;
}

/* Whether a level's part is one digit that counts by rows, 2 cells to a row. */
static bool
is_single(int level)
{
	return levels[level].length - levels[level - 1].length == 1;
}

/* The part of a level for the column and row within the cell above. */
static int32_t
part_of(int level, int32_t column, int32_t row)
{
	return is_single(level) ? row * 2 + column : column * levels[level].up + row;
}

static void
column_and_row(int level, int32_t part, int32_t *column, int32_t *row)
{
	*column = is_single(level) ? part % 2 : part / levels[level].up;
	*row = is_single(level) ? part / 2 : part % levels[level].up;
}

/* The value of a digit 0-9, A-F; 16 if it is none. */
static int
digit_value(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : 16;
}

static char
digit_of(int value)
{
	return "0123456789ABCDEF"[value];
}

/* Reads the code of a cell that is folded already. */
static int
read_code(const char *in, size_t count, int64_t *cell)
{
	Parts		parts = {1, {0}};
	int			column;

	while (parts.level < LEVELS && (size_t) levels[parts.level].length < count)
		parts.level++;
	if ((size_t) levels[parts.level].length != count)
		return BEIDOU_CELL_LENGTH;
	if (in[0] != 'N' && in[0] != 'S')
		return BEIDOU_CELL_HEMISPHERE;
	if (digit_value(in[1]) > 9 || digit_value(in[2]) > 9)
		return BEIDOU_CELL_COLUMN;
	column = digit_value(in[1]) * 10 + digit_value(in[2]);
	if (column < 1 || column > COLUMNS)
		return BEIDOU_CELL_COLUMN;
	if (in[3] < 'A' || in[3] >= 'A' + ROWS)
		return BEIDOU_CELL_ROW;

	parts.part[1] = ((in[0] == 'S' ? COLUMNS : 0) + column - 1) * ROWS + in[3] - 'A';
	for (int level = 2; level <= parts.level; level++)
	{
		const Level *this = &levels[level];
		const char *digits = in + levels[level - 1].length;

		if (is_single(level))
		{
			if (digit_value(digits[0]) >= this->across * this->up)
				return BEIDOU_CELL_DIGIT;
			parts.part[level] = digit_value(digits[0]);
		}
		else
		{
			if (digit_value(digits[0]) >= this->across || digit_value(digits[1]) >= this->up)
				return BEIDOU_CELL_DIGIT;
			parts.part[level] = part_of(level, digit_value(digits[0]), digit_value(digits[1]));
		}
	}
	*cell = put_together(&parts);
	return BEIDOU_CELL_FINE;
}

int
residency_beidou_cell_parse(const char *in, size_t len, int64_t *cell)
{
	char		folded[RESIDENCY_BEIDOU_CELL_SIZE];

	return read_code(folded, residency_fold(in, len, folded, sizeof(folded)), cell);
}

int
residency_beidou_cell_check(int64_t cell)
{
	return cell >= 0 && cell < COUNT ? BEIDOU_CELL_FINE : BEIDOU_CELL_NUMBER;
}

size_t
residency_beidou_cell_format(int64_t cell, char *out)
{
	Parts		parts = take_apart(cell);
	int			column = parts.part[1] / ROWS % COLUMNS + 1;
	char	   *to = out;

	*to++ = parts.part[1] / ROWS < COLUMNS ? 'N' : 'S';
	*to++ = digit_of(column / 10);
	*to++ = digit_of(column % 10);
	*to++ = (char) ('A' + parts.part[1] % ROWS);
	for (int level = 2; level <= parts.level; level++)
	{
		if (is_single(level))
			*to++ = digit_of(parts.part[level]);
		else
		{
			*to++ = digit_of(parts.part[level] / levels[level].up);
			*to++ = digit_of(parts.part[level] % levels[level].up);
		}
	}
	*to = '\0';
	return (size_t) (to - out);
}

int
residency_beidou_cell_level(int64_t cell)
{
	return take_apart(cell).level;
}

int64_t
residency_beidou_cell_last(int64_t cell)
{
	return cell + levels[residency_beidou_cell_level(cell)].span - 1;
}

bool
residency_beidou_cell_within(int64_t cell, int64_t outer)
{
	return cell >= outer && cell <= residency_beidou_cell_last(outer);
}

int
residency_beidou_cell_lineage(int64_t cell, int64_t *line)
{
	Parts		parts = take_apart(cell);
	int			count = parts.level;

	for (parts.level = 1; parts.level <= count; parts.level++)
		line[parts.level - 1] = put_together(&parts);
	return count;
}

/* Every step down to the first cell within is one number. */
int64_t
residency_beidou_cell_first(int64_t cell, int level)
{
	return cell + level - residency_beidou_cell_level(cell);
}

/* After the last child of a cell the number is that of a coarser cell. */
int64_t
residency_beidou_cell_next(int64_t cell)
{
	int			level = residency_beidou_cell_level(cell);

	return residency_beidou_cell_first(cell + levels[level].span, level);
}

/* The double nearest to an edge: the quotient of two numbers that doubles hold. */
static double
degrees_of(int64_t units)
{
	return (double) units / UNITS_PER_DEGREE;
}

/*
 * Units up to an angle of at most 180 degrees.  The product is rounded, by far
 * less than a unit; the edges decide.
 */
static int32_t
units_of(double degrees)
{
	int32_t		units = (int32_t) (degrees * UNITS_PER_DEGREE);

	while (degrees_of(units) > degrees)
		units--;
	while (degrees_of((int64_t) units + 1) <= degrees)
		units++;
	return units;
}

/* The cell whose corner nearest to the equator and the prime meridian is so far from them. */
static int64_t
cell_at(bool west, bool south, int32_t x, int32_t y, int level)
{
	Parts		parts = {level, {0}};
	int			column = x / levels[1].width;

	column = west ? COLUMNS / 2 - 1 - column : COLUMNS / 2 + column;
	parts.part[1] = ((south ? COLUMNS : 0) + column) * ROWS + y / levels[1].height;
	for (int i = 2; i <= level; i++)
		parts.part[i] = part_of(i, x % levels[i - 1].width / levels[i].width,
								y % levels[i - 1].height / levels[i].height);
	return put_together(&parts);
}

/* Whether there are cells at a point. */
static bool
is_covered(double longitude, double latitude)
{
	return longitude >= -MOST_LONGITUDE && longitude <= MOST_LONGITUDE &&
		latitude > -MOST_LATITUDE && latitude < MOST_LATITUDE;
}

bool
residency_beidou_cell_at(double longitude, double latitude, int level, int64_t *cell)
{
	bool		at_end = longitude == MOST_LONGITUDE || longitude == -MOST_LONGITUDE;
	bool		west = longitude < 0 || at_end;
	bool		south = latitude < 0;

	if (!is_covered(longitude, latitude))
		return false;
	*cell = cell_at(west, south,
					at_end ? MOST_LONGITUDE * UNITS_PER_DEGREE - 1 : units_of(west ? -longitude : longitude),
					units_of(south ? -latitude : latitude), level);
	return true;
}

int32_t
residency_beidou_cell_columns(int level)
{
	return MOST_LONGITUDE * UNITS_PER_DEGREE / levels[level].width;
}

/* Cells of a level from the equator to 88 degrees. */
static int32_t
most_rows(int level)
{
	return MOST_LATITUDE * UNITS_PER_DEGREE / levels[level].height;
}

int64_t
residency_beidou_cell_of(BeidouPlace place)
{
	bool		west = place.column < 0;
	bool		south = place.row < 0;

	return cell_at(west, south,
				   (west ? -1 - place.column : place.column) * levels[place.level].width,
				   (south ? -1 - place.row : place.row) * levels[place.level].height, place.level);
}

BeidouPlace
residency_beidou_cell_place(int64_t cell)
{
	Parts		parts = take_apart(cell);
	int			column = parts.part[1] / ROWS % COLUMNS;
	bool		west = column < COLUMNS / 2;
	bool		south = parts.part[1] / ROWS >= COLUMNS;
	BeidouPlace place = {parts.level, west ? COLUMNS / 2 - 1 - column : column - COLUMNS / 2,
	parts.part[1] % ROWS};

	for (int level = 2; level <= parts.level; level++)
	{
		int32_t		x;
		int32_t		y;

		column_and_row(level, parts.part[level], &x, &y);
		place.column = place.column * levels[level].across + x;
		place.row = place.row * levels[level].up + y;
	}
	if (west)
		place.column = -1 - place.column;
	if (south)
		place.row = -1 - place.row;
	return place;
}

bool
residency_beidou_cell_shift(int64_t cell, int east, int north, int64_t *result)
{
	BeidouPlace place = residency_beidou_cell_place(cell);
	int32_t		columns = residency_beidou_cell_columns(place.level);
	int32_t		rows = most_rows(place.level);
	int64_t		column = (int64_t) place.column + east;
	int64_t		row = (int64_t) place.row + north;

	if (row < -rows || row >= rows)
		return false;
	place.column = (int32_t) (column < -columns ? column + 2 * (int64_t) columns :
							  column >= columns ? column - 2 * (int64_t) columns : column);
	place.row = (int32_t) row;
	*result = residency_beidou_cell_of(place);
	return true;
}

int
residency_beidou_cell_neighbours(int64_t cell, int64_t *result)
{
	int			count = 0;

	for (int north = -1; north <= 1; north++)
		for (int east = -1; east <= 1; east++)
			if ((north != 0 || east != 0) &&
				residency_beidou_cell_shift(cell, east, north, &result[count]))
				count++;
	return count;
}

BeidouBox
residency_beidou_cell_box(int64_t cell)
{
	BeidouPlace place = residency_beidou_cell_place(cell);
	int64_t		width = levels[place.level].width;
	int64_t		height = levels[place.level].height;

	return (BeidouBox) {
		degrees_of(place.column * width), degrees_of(place.row * height),
		degrees_of((place.column + 1) * width), degrees_of((place.row + 1) * height)
	};
}

void
residency_beidou_cell_center(int64_t cell, double *longitude, double *latitude)
{
	BeidouPlace place = residency_beidou_cell_place(cell);

	*longitude = degrees_of((2 * (int64_t) place.column + 1) * levels[place.level].width) / 2;
	*latitude = degrees_of((2 * (int64_t) place.row + 1) * levels[place.level].height) / 2;
}

/* The lowest number of a cell along an axis whose upper edge is not below an angle. */
static int32_t
first_meeting(double degrees, int32_t size, int32_t most)
{
	int32_t		i = degrees < 0 ? -1 - units_of(-degrees) / size : units_of(degrees) / size;

	/* an edge west of the prime meridian belongs to the cell on its west already */
	if (degrees >= 0 && degrees_of((int64_t) i * size) == degrees)
		i--;
	return i < -most ? -most : i;
}

bool
residency_beidou_cells_meeting_box(BeidouBox box, int level, BeidouPlace *first, BeidouPlace *last)
{
	const Level *this = &levels[level];

	if (!is_covered(box.west, box.south) || !is_covered(box.east, box.north) ||
		box.west > box.east || box.south > box.north)
		return false;
	first->level = last->level = level;
	first->column = first_meeting(box.west, this->width, residency_beidou_cell_columns(level));
	first->row = first_meeting(box.south, this->height, most_rows(level));
	/* the last is the first of the mirrored world */
	last->column = -1 - first_meeting(-box.east, this->width, residency_beidou_cell_columns(level));
	last->row = -1 - first_meeting(-box.north, this->height, most_rows(level));
	return true;
}
