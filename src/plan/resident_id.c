/*
 * resident_id.c
 *	  Planner support: the resident IDs that a division issues are a range.
 *
 *	  column <@ division		column >= first_resident_id AND column <= last_resident_id
 */
#include "postgres.h"

#include "plan/containment.h"

#include "fmgr.h"
#include "nodes/makefuncs.h"

#include "compat.h"
#include "core/resident_id.h"

PG_FUNCTION_INFO_V1(residency_resident_within_support);
PG_FUNCTION_INFO_V1(residency_contains_resident_support);

static Expr *
int8_const(Oid type, int64_t value)
{
	return (Expr *) makeConst(type, -1, InvalidOid, sizeof(int64), Int64GetDatum(value),
							  false, FLOAT8PASSBYVAL);
}

/* The constant that the division is; false if it is none, or NULL. */
static bool
constant_division(const Containment *c, int64_t *division)
{
	Const	   *constant = (Const *) c->other;

	if (!IsA(constant, Const) || constant->constisnull)
		return false;
	*division = DatumGetInt64(constant->constvalue);
	return true;
}

/* column <@ division, the column holding resident IDs */
static List *
residents_within(const Containment *c)
{
	int64_t		division;
	int64_t		lowest;
	int64_t		highest;

	if (constant_division(c, &division))
	{
		c->request->lossy = !residency_resident_id_range(division, &lowest, &highest);
		return residency_range_conditions(c, int8_const(c->column_type, lowest),
										  int8_const(c->column_type, highest));
	}
	c->request->lossy = true;
	return residency_range_conditions(c,
									  residency_call_with_other(c, "first_resident_id", c->column_type),
									  residency_call_with_other(c, "last_resident_id", c->column_type));
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
