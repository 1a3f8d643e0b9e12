/*
 * beidou_cell.c
 *	  The type residency.beidou_cell: a cell of the Beidou grid in 8 bytes.
 */
#include "postgres.h"

#include "types/input.h"

#include "libpq/pqformat.h"

#include "core/beidou_cell.h"

static int
parse(const char *in, size_t len, Datum *value)
{
	int64_t		cell = 0;
	int			rule = residency_beidou_cell_parse(in, len, &cell);

	*value = Int64GetDatum(cell);
	return rule;
}

static size_t
format(Datum value, char *out)
{
	return residency_beidou_cell_format(DatumGetInt64(value), out);
}

static const InputRule rules[] = {
	[BEIDOU_CELL_LENGTH] = {"length",
		"A Beidou cell has 4, 6, 7, 9, 11, 12, 14, 16, 18 or 20 characters, by its level (GB/T 39409).",
		"Write the code of a whole level, without signs or blanks within."},
	[BEIDOU_CELL_HEMISPHERE] = {"hemisphere",
		"A Beidou cell begins with N or S.",
		"Write the hemisphere first: N for all of China."},
	[BEIDOU_CELL_COLUMN] = {"column",
		"The second and third characters are not a column from 01 to 60.",
		"Columns are counted from 180 degrees to the east, six degrees each; the cells at the poles are not taken."},
	[BEIDOU_CELL_ROW] = {"row",
		"The fourth character is not a row from A to V.",
		"Rows are counted from the equator, four degrees each."},
	[BEIDOU_CELL_DIGIT] = {"digit",
		"A character after the fourth is not one that its level has.",
		"Compare the code with the table of levels (GB/T 39409): a level split in eight has 0 to 7."},
	[BEIDOU_CELL_NUMBER] = {"number",
		"No cell has this number.",
		"Send what beidou_cell_send() has written."},
	[BEIDOU_CELL_REFERENCE] = {"reference",
		"A reference is a cell, a hyphen and two offsets, each 0 to 7 or A to G.",
		"Write 0 to 7 for cells to the east and then to the north, A to G for one to seven to the west or south."},
	[BEIDOU_CELL_BASE] = {"base",
		"The cell that a reference starts from is coarser than level 5.",
		"Start from a cell with 11 characters or more."},
	[BEIDOU_CELL_POLE] = {"pole",
		"The offset leads to 88 degrees of latitude or past it, where there are no cells.",
		"Check the second offset and the cell that it starts from."}
};

static const InputType beidou_cell = {"beidou_cell", rules, parse, format};

/* beidou_cell_in, _out, _from_text, _to_text, _problem, is_beidou_cell */
RESIDENCY_TYPE_FUNCTIONS(beidou_cell, &beidou_cell);

PG_FUNCTION_INFO_V1(residency_beidou_cell_recv);
PG_FUNCTION_INFO_V1(residency_beidou_level);
PG_FUNCTION_INFO_V1(residency_beidou_parent);
PG_FUNCTION_INFO_V1(residency_beidou_last_within);
PG_FUNCTION_INFO_V1(residency_beidou_lineage);
PG_FUNCTION_INFO_V1(residency_beidou_contains);
PG_FUNCTION_INFO_V1(residency_beidou_within);
PG_FUNCTION_INFO_V1(residency_beidou_reference);
PG_FUNCTION_INFO_V1(residency_beidou_from_reference);

/*
 * beidou_cell_recv(internal): a cell as int8; 22P03 if it is none.
 */
Datum
residency_beidou_cell_recv(PG_FUNCTION_ARGS)
{
	int64_t		cell = pq_getmsgint64((StringInfo) PG_GETARG_POINTER(0));
	int			rule = residency_beidou_cell_check(cell);

	if (rule != 0)
		residency_refuse_binary(&beidou_cell, rule);
	PG_RETURN_INT64(cell);
}

/*
 * level(beidou_cell) → integer, 1 (6 by 4 degrees) to 10 (1/2048 second)
 */
Datum
residency_beidou_level(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(residency_beidou_cell_level(PG_GETARG_INT64(0)));
}

/*
 * parent(beidou_cell, level) → beidou_cell of the level that contains it.
 * 22023 for a finer level: it would be any of many.
 */
Datum
residency_beidou_parent(PG_FUNCTION_ARGS)
{
	int64_t		line[RESIDENCY_BEIDOU_LEVELS];
	int			count = residency_beidou_cell_lineage(PG_GETARG_INT64(0), line);
	int			level = PG_GETARG_INT32(1);

	if (level < 1 || level > count)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a cell of level %d lies in none of level %d", count, level),
				 errdetail("Levels go from 1, the coarsest, to 10; a cell lies in one of its own level and of each coarser one."),
				 errhint("Ask for a level from 1 to level(cell), or for children(cell, level).")));
	PG_RETURN_INT64(line[level - 1]);
}

/*
 * last_within(beidou_cell) → beidou_cell, the end of the range of those within
 */
Datum
residency_beidou_last_within(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(residency_beidou_cell_last(PG_GETARG_INT64(0)));
}

/*
 * lineage(beidou_cell) → beidou_cell[], level 1 first, itself last
 */
Datum
residency_beidou_lineage(PG_FUNCTION_ARGS)
{
	int64_t		line[RESIDENCY_BEIDOU_LEVELS];

	return residency_type_array(fcinfo, line, residency_beidou_cell_lineage(PG_GETARG_INT64(0), line));
}

/*
 * beidou_cell @> beidou_cell: whether the left one contains the right one
 */
Datum
residency_beidou_contains(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(residency_beidou_cell_within(PG_GETARG_INT64(1), PG_GETARG_INT64(0)));
}

/*
 * beidou_cell <@ beidou_cell: whether the left one lies within the right one
 */
Datum
residency_beidou_within(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(residency_beidou_cell_within(PG_GETARG_INT64(0), PG_GETARG_INT64(1)));
}

/*
 * beidou_reference(cell, base) → text, BASE-MN.  22023 if no offset leads there.
 */
Datum
residency_beidou_reference(PG_FUNCTION_ARGS)
{
	char		out[RESIDENCY_BEIDOU_REFERENCE_SIZE];
	size_t		len = residency_beidou_reference_format(PG_GETARG_INT64(0), PG_GETARG_INT64(1), out);

	if (len == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the cell has no reference from this base"),
				 errdetail("A reference leads from a base of level 5 to 10 to a cell of the same level, at most seven cells away along each axis."),
				 errhint("Take parent(cell, level) to bring both to one level, or a nearer base.")));
	PG_RETURN_TEXT_P(cstring_to_text_with_len(out, len));
}

/*
 * beidou_from_reference(text) → beidou_cell.  22P02 if it is none.
 */
Datum
residency_beidou_from_reference(PG_FUNCTION_ARGS)
{
	text	   *in = PG_GETARG_TEXT_PP(0);
	size_t		len = VARSIZE_ANY_EXHDR(in);
	int64_t		cell = 0;
	int			rule = residency_beidou_reference_parse(VARDATA_ANY(in), len, &cell);

	if (rule != 0)
		return residency_refuse_text(fcinfo, &beidou_cell, rule, VARDATA_ANY(in), len);
	PG_RETURN_INT64(cell);
}
