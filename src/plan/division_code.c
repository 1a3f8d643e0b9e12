/*
 * division_code.c
 *	  Planner support: containment in a division becomes a range of an index.
 *
 *	  column <@ division		column >= first AND column <= last
 *	  column @> division		column = ANY (the division and those above it)
 *
 * The division may be a constant or anything else that does not change during
 * a scan: a parameter, a stable function, a column of a table joined before.
 */
#include "postgres.h"

#include "access/stratnum.h"
#include "catalog/pg_am.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "nodes/pathnodes.h"
#include "nodes/supportnodes.h"
#include "optimizer/optimizer.h"
#include "parser/parse_func.h"
#include "utils/array.h"
#include "utils/lsyscache.h"

#include "compat.h"
#include "core/division_code.h"
#include "core/resident_id.h"

/* An index condition in the making: what the planner asks for, taken apart. */
typedef struct Containment
{
	SupportRequestIndexCondition *request;
	Expr	   *column;
	Expr	   *division;
	Oid			column_type;
	Oid			division_type;
} Containment;

PG_FUNCTION_INFO_V1(residency_division_within_support);
PG_FUNCTION_INFO_V1(residency_division_contains_support);
PG_FUNCTION_INFO_V1(residency_resident_within_support);
PG_FUNCTION_INFO_V1(residency_contains_resident_support);

/*
 * Takes apart a containment whose argument `column_arg` is the index's column.
 * False if the request is another one, if the index is none that knows ranges,
 * or if the other argument changes during the scan.
 */
static bool
take_apart(Node *node, int column_arg, Containment *result)
{
	SupportRequestIndexCondition *request;
	OpExpr	   *clause;

	if (!IsA(node, SupportRequestIndexCondition))
		return false;
	request = (SupportRequestIndexCondition *) node;
	if (!IsA(request->node, OpExpr) || request->indexarg != column_arg)
		return false;
	if (request->index->relam != BTREE_AM_OID && request->index->relam != BRIN_AM_OID)
		return false;

	clause = (OpExpr *) request->node;
	if (list_length(clause->args) != 2)
		return false;
	result->request = request;
	result->column = list_nth(clause->args, column_arg);
	result->division = list_nth(clause->args, 1 - column_arg);
	result->column_type = exprType((Node *) result->column);
	result->division_type = exprType((Node *) result->division);
	return is_pseudo_constant_for_index(request->root, (Node *) result->division,
										request->index);
}

/* The index's own operator of a strategy on the column's type. */
static Oid
index_operator(const Containment *c, StrategyNumber strategy)
{
	return get_opfamily_member(c->request->opfamily, c->column_type, c->column_type, strategy);
}

/*
 * A call of one of our functions with the division; NULL if there is none.  It
 * is looked for in the schema of the operator's function, which is ours.
 */
static Expr *
call_with_division(const Containment *c, const char *function, Oid result_type)
{
	char	   *schema = get_namespace_name(get_func_namespace(c->request->funcid));
	List	   *name = list_make2(makeString(schema), makeString(pstrdup(function)));
	Oid			oid = LookupFuncName(name, 1, &c->division_type, true);

	if (!OidIsValid(oid) || get_func_rettype(oid) != result_type)
		return NULL;
	return (Expr *) makeFuncExpr(oid, result_type, list_make1(copyObject(c->division)),
								 InvalidOid, InvalidOid, COERCE_EXPLICIT_CALL);
}

static Expr *
int8_const(Oid type, int64_t value)
{
	return (Expr *) makeConst(type, -1, InvalidOid, sizeof(int64), Int64GetDatum(value),
							  false, FLOAT8PASSBYVAL);
}

/* column >= first AND column <= last */
static List *
range_conditions(const Containment *c, Expr *first, Expr *last)
{
	Oid			not_below = index_operator(c, BTGreaterEqualStrategyNumber);
	Oid			not_above = index_operator(c, BTLessEqualStrategyNumber);

	if (!OidIsValid(not_below) || !OidIsValid(not_above) || !first || !last)
		return NIL;
	return list_make2(make_opclause(not_below, BOOLOID, false, copyObject(c->column), first,
									InvalidOid, InvalidOid),
					  make_opclause(not_above, BOOLOID, false, copyObject(c->column), last,
									InvalidOid, InvalidOid));
}

/* The constant that the division is; false if it is none, or NULL. */
static bool
constant_division(const Containment *c, int64_t *division)
{
	Const	   *constant = (Const *) c->division;

	if (!IsA(constant, Const) || constant->constisnull)
		return false;
	*division = DatumGetInt64(constant->constvalue);
	return true;
}

/* column <@ division, the column holding divisions */
static List *
divisions_within(const Containment *c)
{
	int64_t		division;

	c->request->lossy = false;
	if (constant_division(c, &division))
		return range_conditions(c, int8_const(c->column_type, division),
								int8_const(c->column_type,
										   residency_division_code_last(division)));
	return range_conditions(c, copyObject(c->division),
							call_with_division(c, "last_within", c->column_type));
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
		return range_conditions(c, int8_const(c->column_type, lowest),
								int8_const(c->column_type, highest));
	}
	c->request->lossy = true;
	return range_conditions(c, call_with_division(c, "first_resident_id", c->column_type),
							call_with_division(c, "last_resident_id", c->column_type));
}

/*
 * column @> division, the column holding divisions.  Only for the first column
 * of an index: the planner would believe that the rows come out in order, and
 * with several values for a later column they do not.
 */
static List *
divisions_containing(const Containment *c)
{
	ScalarArrayOpExpr *any;
	Oid			array_type = get_array_type(c->column_type);
	Oid			equal = index_operator(c, BTEqualStrategyNumber);
	Expr	   *line = NULL;
	int64_t		division;

	if (!c->request->index->amsearcharray || c->request->indexcol != 0 || !OidIsValid(equal))
		return NIL;
	if (constant_division(c, &division))
	{
		int64_t		codes[RESIDENCY_DIVISION_LEVELS];
		Datum		elements[RESIDENCY_DIVISION_LEVELS];
		int			count = residency_division_code_lineage(division, codes);
		ArrayType  *array;

		for (int i = 0; i < count; i++)
			elements[i] = Int64GetDatum(codes[i]);
		array = construct_array(elements, count, c->column_type, sizeof(int64),
								FLOAT8PASSBYVAL, TYPALIGN_DOUBLE);
		line = (Expr *) makeConst(array_type, -1, InvalidOid, -1, PointerGetDatum(array),
								  false, false);
	}
	else
		line = call_with_division(c, "lineage", array_type);
	if (!line)
		return NIL;

	any = makeNode(ScalarArrayOpExpr);
	any->opno = equal;
	any->opfuncid = get_opcode(equal);
	any->useOr = true;
	any->args = list_make2(copyObject(c->column), line);
	any->location = -1;
	c->request->lossy = false;
	return list_make1(any);
}

/*
 * division_code <@ division_code: by its left argument a range, by its right
 * one a search for the divisions above.
 */
Datum
residency_division_within_support(PG_FUNCTION_ARGS)
{
	Node	   *request = (Node *) PG_GETARG_POINTER(0);
	Containment c;

	if (take_apart(request, 0, &c))
		PG_RETURN_POINTER(divisions_within(&c));
	if (take_apart(request, 1, &c))
		PG_RETURN_POINTER(divisions_containing(&c));
	PG_RETURN_POINTER(NULL);
}

/*
 * division_code @> division_code: the same the other way round
 */
Datum
residency_division_contains_support(PG_FUNCTION_ARGS)
{
	Node	   *request = (Node *) PG_GETARG_POINTER(0);
	Containment c;

	if (take_apart(request, 0, &c))
		PG_RETURN_POINTER(divisions_containing(&c));
	if (take_apart(request, 1, &c))
		PG_RETURN_POINTER(divisions_within(&c));
	PG_RETURN_POINTER(NULL);
}

/*
 * resident_id <@ division_code: a range of the resident IDs
 */
Datum
residency_resident_within_support(PG_FUNCTION_ARGS)
{
	Containment c;

	if (take_apart((Node *) PG_GETARG_POINTER(0), 0, &c))
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

	if (take_apart((Node *) PG_GETARG_POINTER(0), 1, &c))
		PG_RETURN_POINTER(residents_within(&c));
	PG_RETURN_POINTER(NULL);
}
