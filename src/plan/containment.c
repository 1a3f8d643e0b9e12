/*
 * containment.c
 *	  Planner support: containment becomes a range of an index.
 *
 *	  column <@ other		column >= other AND column <= last_within(other)
 *	  column @> other		column = ANY (lineage(other))
 */
#include "postgres.h"

#include "plan/containment.h"

#include "access/stratnum.h"
#include "catalog/pg_am.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/optimizer.h"
#include "parser/parse_func.h"
#include "utils/lsyscache.h"

#include "compat.h"

PG_FUNCTION_INFO_V1(residency_division_within_support);
PG_FUNCTION_INFO_V1(residency_division_contains_support);

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
	result->other = list_nth(clause->args, 1 - column_arg);
	result->column_type = exprType((Node *) result->column);
	result->other_type = exprType((Node *) result->other);
	return is_pseudo_constant_for_index(request->root, (Node *) result->other, request->index);
}

/* The index's own operator of a strategy on the column's type. */
static Oid
index_operator(const Containment *c, StrategyNumber strategy)
{
	return get_opfamily_member(c->request->opfamily, c->column_type, c->column_type, strategy);
}

/* The function is looked for in the schema of the operator's function, which is ours. */
Expr *
residency_call_with_other(const Containment *c, const char *function, Oid result_type)
{
	char	   *schema = get_namespace_name(get_func_namespace(c->request->funcid));
	List	   *name = list_make2(makeString(schema), makeString(pstrdup(function)));
	Oid			type = c->other_type;
	Oid			oid = LookupFuncName(name, 1, &type, true);
	FuncExpr   *call;

	if (!OidIsValid(oid) || get_func_rettype(oid) != result_type)
		return NULL;
	call = makeFuncExpr(oid, result_type, list_make1(copyObject(c->other)),
						InvalidOid, InvalidOid, COERCE_EXPLICIT_CALL);
	return (Expr *) eval_const_expressions(c->request->root, (Node *) call);
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

/* column <@ other, both of one type */
static List *
column_within(const Containment *c)
{
	c->request->lossy = false;
	return residency_range_conditions(c, copyObject(c->other),
									  residency_call_with_other(c, "last_within", c->column_type));
}

/*
 * column @> other, both of one type.  Only for the first column of an index:
 * the planner would believe that the rows come out in order, and with several
 * values for a later column they do not.
 */
static List *
column_contains(const Containment *c)
{
	ScalarArrayOpExpr *any;
	Oid			equal = index_operator(c, BTEqualStrategyNumber);
	Expr	   *line;

	if (!c->request->index->amsearcharray || c->request->indexcol != 0 || !OidIsValid(equal))
		return NIL;
	line = residency_call_with_other(c, "lineage", get_array_type(c->column_type));
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
 * a <@ b, divisions or addresses: by its left argument a range, by its right one
 * a search for those above.
 */
Datum
residency_division_within_support(PG_FUNCTION_ARGS)
{
	Node	   *request = (Node *) PG_GETARG_POINTER(0);
	Containment c;

	if (residency_containment(request, 0, &c))
		PG_RETURN_POINTER(column_within(&c));
	if (residency_containment(request, 1, &c))
		PG_RETURN_POINTER(column_contains(&c));
	PG_RETURN_POINTER(NULL);
}

/*
 * a @> b: the same the other way round
 */
Datum
residency_division_contains_support(PG_FUNCTION_ARGS)
{
	Node	   *request = (Node *) PG_GETARG_POINTER(0);
	Containment c;

	if (residency_containment(request, 0, &c))
		PG_RETURN_POINTER(column_contains(&c));
	if (residency_containment(request, 1, &c))
		PG_RETURN_POINTER(column_within(&c));
	PG_RETURN_POINTER(NULL);
}
