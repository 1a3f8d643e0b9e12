/*
 * containment.c
 *	  Planner support that all types share whose values lie within one another.
 */
#include "postgres.h"

#include "plan/containment.h"

#include "access/stratnum.h"
#include "catalog/pg_am.h"
#include "catalog/pg_type.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "nodes/pathnodes.h"
#include "optimizer/optimizer.h"
#include "parser/parse_func.h"
#include "utils/array.h"
#include "utils/lsyscache.h"

bool
residency_containment(Node *node, int column_arg, Containment *result)
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
	result->area = list_nth(clause->args, 1 - column_arg);
	result->column_type = exprType((Node *) result->column);
	result->area_type = exprType((Node *) result->area);
	return is_pseudo_constant_for_index(request->root, (Node *) result->area, request->index);
}

bool
residency_constant_area(const Containment *c, int64_t *area)
{
	Const	   *constant = (Const *) c->area;

	if (!IsA(constant, Const) || constant->constisnull)
		return false;
	*area = DatumGetInt64(constant->constvalue);
	return true;
}

Expr *
residency_int8_const(Oid type, int64_t value)
{
	return (Expr *) makeConst(type, -1, InvalidOid, sizeof(int64), Int64GetDatum(value),
							  false, FLOAT8PASSBYVAL);
}

/* The function is looked for in the schema of the operator's function, which is ours. */
Expr *
residency_call_with_area(const Containment *c, const char *function, Oid result_type)
{
	char	   *schema = get_namespace_name(get_func_namespace(c->request->funcid));
	List	   *name = list_make2(makeString(schema), makeString(pstrdup(function)));
	Oid			oid = LookupFuncName(name, 1, &c->area_type, true);

	if (!OidIsValid(oid) || get_func_rettype(oid) != result_type)
		return NULL;
	return (Expr *) makeFuncExpr(oid, result_type, list_make1(copyObject(c->area)),
								 InvalidOid, InvalidOid, COERCE_EXPLICIT_CALL);
}

/* The index's own operator of a strategy on the column's type. */
static Oid
index_operator(const Containment *c, StrategyNumber strategy)
{
	return get_opfamily_member(c->request->opfamily, c->column_type, c->column_type, strategy);
}

List *
residency_range_conditions(const Containment *c, Expr *first, Expr *last)
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

/* column <@ area */
static List *
within(const Containment *c, const Hierarchy *hierarchy)
{
	int64_t		area;

	c->request->lossy = false;
	if (residency_constant_area(c, &area))
		return residency_range_conditions(c, residency_int8_const(c->column_type, area),
										  residency_int8_const(c->column_type, hierarchy->last(area)));
	return residency_range_conditions(c, copyObject(c->area),
									  residency_call_with_area(c, "last_within", c->column_type));
}

/*
 * column @> area.  Only for the first column of an index: the planner would
 * believe that the rows come out in order, and with several values for a later
 * column they do not.
 */
static List *
containing(const Containment *c, const Hierarchy *hierarchy)
{
	ScalarArrayOpExpr *any;
	Oid			array_type = get_array_type(c->column_type);
	Oid			equal = index_operator(c, BTEqualStrategyNumber);
	Expr	   *line = NULL;
	int64_t		area;

	if (!c->request->index->amsearcharray || c->request->indexcol != 0 || !OidIsValid(equal))
		return NIL;
	if (residency_constant_area(c, &area))
	{
		int64_t		values[RESIDENCY_LONGEST_LINEAGE];
		Datum		elements[RESIDENCY_LONGEST_LINEAGE];
		int			count = hierarchy->lineage(area, values);
		ArrayType  *array;

		for (int i = 0; i < count; i++)
			elements[i] = Int64GetDatum(values[i]);
		array = construct_array(elements, count, c->column_type, sizeof(int64),
								FLOAT8PASSBYVAL, TYPALIGN_DOUBLE);
		line = (Expr *) makeConst(array_type, -1, InvalidOid, -1, PointerGetDatum(array),
								  false, false);
	}
	else
		line = residency_call_with_area(c, "lineage", array_type);
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

/* By the left argument a range, by the right one a search for those that contain it. */
Node *
residency_plan_within(Node *request, const Hierarchy *hierarchy)
{
	Containment c;

	if (residency_containment(request, 0, &c))
		return (Node *) within(&c, hierarchy);
	if (residency_containment(request, 1, &c))
		return (Node *) containing(&c, hierarchy);
	return NULL;
}

/* The same the other way round. */
Node *
residency_plan_contains(Node *request, const Hierarchy *hierarchy)
{
	Containment c;

	if (residency_containment(request, 0, &c))
		return (Node *) containing(&c, hierarchy);
	if (residency_containment(request, 1, &c))
		return (Node *) within(&c, hierarchy);
	return NULL;
}
