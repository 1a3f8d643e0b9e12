/*
 * beidou_cell.c
 *	  Planner support: what lies in a Beidou cell, or contains one, by an index.
 */
#include "postgres.h"

#include "fmgr.h"

#include "core/beidou_cell.h"
#include "plan/containment.h"

static const Hierarchy cells = {residency_beidou_cell_last, residency_beidou_cell_lineage};

StaticAssertDecl(RESIDENCY_BEIDOU_LEVELS <= RESIDENCY_LONGEST_LINEAGE, "lineage of a cell");

PG_FUNCTION_INFO_V1(residency_beidou_cell_within_support);
PG_FUNCTION_INFO_V1(residency_beidou_cell_contains_support);

/*
 * beidou_cell <@ beidou_cell
 */
Datum
residency_beidou_cell_within_support(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(residency_plan_within((Node *) PG_GETARG_POINTER(0), &cells));
}

/*
 * beidou_cell @> beidou_cell
 */
Datum
residency_beidou_cell_contains_support(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(residency_plan_contains((Node *) PG_GETARG_POINTER(0), &cells));
}
