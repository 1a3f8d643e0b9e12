/*
 * division_code.c
 *	  Planner support: what lies in a division, or contains one, and who has a
 *	  number from it, by an index.
 */
#include "postgres.h"

#include "fmgr.h"

#include "core/division_code.h"
#include "core/resident_id.h"
#include "plan/containment.h"

static const Hierarchy divisions = {residency_division_code_last, residency_division_code_lineage};

StaticAssertDecl(RESIDENCY_DIVISION_LEVELS <= RESIDENCY_LONGEST_LINEAGE, "lineage of a division");

PG_FUNCTION_INFO_V1(residency_division_within_support);
PG_FUNCTION_INFO_V1(residency_division_contains_support);
PG_FUNCTION_INFO_V1(residency_resident_within_support);
PG_FUNCTION_INFO_V1(residency_contains_resident_support);

/*
 * division_code <@ division_code
 */
Datum
residency_division_within_support(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(residency_plan_within((Node *) PG_GETARG_POINTER(0), &divisions));
}

/*
 * division_code @> division_code
 */
Datum
residency_division_contains_support(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(residency_plan_contains((Node *) PG_GETARG_POINTER(0), &divisions));
}

/* column <@ division, the column holding resident IDs */
static List *
residents_within(const Containment *c)
{
	int64_t		division;
	int64_t		lowest;
	int64_t		highest;

	if (residency_constant_area(c, &division))
	{
		c->request->lossy = !residency_resident_id_range(division, &lowest, &highest);
		return residency_range_conditions(c, residency_int8_const(c->column_type, lowest),
										  residency_int8_const(c->column_type, highest));
	}
	c->request->lossy = true;
	return residency_range_conditions(c, residency_call_with_area(c, "first_resident_id", c->column_type),
									  residency_call_with_area(c, "last_resident_id", c->column_type));
}

/*
 * resident_id <@ division_code: a range of the resident IDs
 */
Datum
residency_resident_within_support(PG_FUNCTION_ARGS)
{
	Containment c;

	if (residency_containment((Node *) PG_GETARG_POINTER(0), 0, &c))
		PG_RETURN_POINTER(residents_within(&c));
	PG_RETURN_POINTER(NULL);
}

/*
 * division_code @> resident_id: the same the other way round
 */
Datum
residency_contains_resident_support(PG_FUNCTION_ARGS)
{
	Containment c;

	if (residency_containment((Node *) PG_GETARG_POINTER(0), 1, &c))
		PG_RETURN_POINTER(residents_within(&c));
	PG_RETURN_POINTER(NULL);
}
