/*
 * scope.c
 *	  Planner support: row security becomes a range of an index.
 *
 *	  in_scope(column)		column >= scope_low() AND column <= scope_high(), checked again
 *
 * The bounds are evaluated when the plan runs, so that a plan that is kept never
 * goes stale.  For the owner of the register a condition on a column is true:
 * the server makes a plan with row security anew when the role changes, and the
 * rules' own queries pay nothing.
 */
#include "postgres.h"

#include "access/stratnum.h"
#include "catalog/pg_am.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "nodes/pathnodes.h"
#include "nodes/supportnodes.h"
#include "optimizer/optimizer.h"
#include "parser/parse_func.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

#include "cache/scope.h"

PG_FUNCTION_INFO_V1(residency_scope_support);

/* column <operator> bound(); NULL if the operator family or the schema lacks one of them. */
static Expr *
bounded(Node *column, Oid family, Oid funcid, StrategyNumber strategy, const char *bound)
{
	Oid			type = exprType(column);
	Oid			operator = get_opfamily_member(family, type, type, strategy);
	char	   *schema = get_namespace_name(get_func_namespace(funcid));
	Oid			function = LookupFuncName(list_make2(makeString(schema), makeString(pstrdup(bound))), 0, NULL, true);

	if (!OidIsValid(operator) || !OidIsValid(function) || get_func_rettype(function) != type)
		return NULL;
	return make_opclause(operator, BOOLOID, false, (Expr *) copyObject(column),
						 (Expr *) makeFuncExpr(function, type, NIL, InvalidOid, InvalidOid, COERCE_EXPLICIT_CALL),
						 InvalidOid, InvalidOid);
}

static List *
enclosing_range(Node *column, Oid family, Oid funcid)
{
	Expr	   *low = bounded(column, family, funcid, BTGreaterEqualStrategyNumber, "scope_low");
	Expr	   *high = bounded(column, family, funcid, BTLessEqualStrategyNumber, "scope_high");

	return low == NULL || high == NULL ? NIL : list_make2(low, high);
}

/* Of one argument, a division: row_in_scope() has two, and no range. */
static Node *
division_argument(List *args)
{
	return list_length(args) == 1 ? linitial(args) : NULL;
}

static Node *
index_condition(SupportRequestIndexCondition *request)
{
	Node	   *column;

	if (!IsA(request->node, FuncExpr) || request->indexarg != 0 ||
		(request->index->relam != BTREE_AM_OID && request->index->relam != BRIN_AM_OID))
		return NULL;
	column = division_argument(((FuncExpr *) request->node)->args);
	/* who sees everything sees rows without a division, too: no index has these */
	if (column == NULL || residency_scope_of(GetUserId())->everything)
		return NULL;
	request->lossy = true;
	return (Node *) enclosing_range(column, request->opfamily, request->funcid);
}

static Node *
selectivity(SupportRequestSelectivity *request)
{
	Node	   *column = division_argument(request->args);
	List	   *range;

	if (request->is_join)
		return NULL;
	if (residency_scope_of(GetUserId())->everything)
		request->selectivity = 1.0;
	else if (column == NULL)
		request->selectivity = 0.5;
	else
	{
		TypeCacheEntry *type = lookup_type_cache(exprType(column), TYPECACHE_BTREE_OPFAMILY);

		range = enclosing_range(column, type->btree_opf, request->funcid);
		if (range == NIL)
			return NULL;
		request->selectivity = clauselist_selectivity(request->root, range, request->varRelid,
													  request->jointype, request->sjinfo);
	}
	return (Node *) request;
}

/*
 * in_scope(division), row_in_scope(table, key)
 */
Datum
residency_scope_support(PG_FUNCTION_ARGS)
{
	Node	   *node = (Node *) PG_GETARG_POINTER(0);
	Node	   *answer = NULL;

	if (IsA(node, SupportRequestSimplify))
	{
		SupportRequestSimplify *request = (SupportRequestSimplify *) node;

		if (contain_var_clause((Node *) request->fcall->args) && GetUserId() == residency_register_owner())
			answer = makeBoolConst(true, false);
	}
	else if (IsA(node, SupportRequestIndexCondition))
		answer = index_condition((SupportRequestIndexCondition *) node);
	else if (IsA(node, SupportRequestSelectivity))
		answer = selectivity((SupportRequestSelectivity *) node);
	PG_RETURN_POINTER(answer);
}
