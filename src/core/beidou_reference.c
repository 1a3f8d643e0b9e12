/*
 * beidou_reference.c
 *	  Cells by their way from a base: the reference form of GB/T 39409.
 */
#include "core/beidou_cell.h"

#include "core/text.h"

/* The character of an offset: 0-7 to the east or north, A-G to the west or south. */
static char
offset_character(int32_t offset)
{
	return (char) (offset < 0 ? 'A' - 1 - offset : '0' + offset);
}

/* What a character stands for; more than the reach if it is none. */
static int
offset_value(char c)
{
	if (c >= '0' && c <= '0' + RESIDENCY_BEIDOU_REFERENCE_REACH)
		return c - '0';
	if (c >= 'A' && c < 'A' + RESIDENCY_BEIDOU_REFERENCE_REACH)
		return 'A' - 1 - c;
	return RESIDENCY_BEIDOU_REFERENCE_REACH + 1;
}

static bool
is_within_reach(int32_t offset)
{
	return offset >= -RESIDENCY_BEIDOU_REFERENCE_REACH && offset <= RESIDENCY_BEIDOU_REFERENCE_REACH;
}

size_t
residency_beidou_reference_format(int64_t cell, int64_t base, char *out)
{
	BeidouPlace to = residency_beidou_cell_place(cell);
	BeidouPlace from = residency_beidou_cell_place(base);
	int64_t		around = 2 * (int64_t) residency_beidou_cell_columns(from.level);
	int64_t		east = (int64_t) to.column - from.column;
	int64_t		north = (int64_t) to.row - from.row;
	size_t		length;

	if (from.level < RESIDENCY_BEIDOU_REFERENCE_LEVEL || to.level != from.level)
		return 0;
	/* the short way around the earth */
	if (east < -around / 2)
		east += around;
	else if (east >= around / 2)
		east -= around;
	if (!is_within_reach(east) || !is_within_reach(north))
		return 0;
	length = residency_beidou_cell_format(base, out);
	out[length++] = '-';
	out[length++] = offset_character(east);
	out[length++] = offset_character(north);
	out[length] = '\0';
	return length;
}

int
residency_beidou_reference_parse(const char *in, size_t len, int64_t *cell)
{
	char		folded[RESIDENCY_BEIDOU_REFERENCE_SIZE];
	size_t		count = residency_fold(in, len, folded, sizeof(folded));
	int64_t		base;
	int			east;
	int			north;
	int			problem;

	if (count < 3 || count > sizeof(folded) || folded[count - 3] != '-')
		return BEIDOU_CELL_REFERENCE;
	problem = residency_beidou_cell_parse(folded, count - 3, &base);
	if (problem != BEIDOU_CELL_FINE)
		return problem;
	east = offset_value(folded[count - 2]);
	north = offset_value(folded[count - 1]);
	if (!is_within_reach(east) || !is_within_reach(north))
		return BEIDOU_CELL_REFERENCE;
	if (residency_beidou_cell_level(base) < RESIDENCY_BEIDOU_REFERENCE_LEVEL)
		return BEIDOU_CELL_BASE;
	return residency_beidou_cell_shift(base, east, north, cell) ? BEIDOU_CELL_FINE : BEIDOU_CELL_POLE;
}
