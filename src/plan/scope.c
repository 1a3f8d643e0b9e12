/*
 * scope.c
 *	  Planner support: row security becomes a range of an index.
 *
 *	  in_scope(column)		column >= scope_low() AND column <= scope_high(), checked again
 *
 * The bounds are evaluated when the plan runs, so that a plan that is kept never
 * goes stale.  For the owner of the register a condition on a column is true, in
 * a plan for that role alone: the rules' own queries pay nothing.
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
#include "optimizer/paths.h"
#include "parser/parse_func.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

#include "cache/scope.h"

PG_FUNCTION_INFO_V1(residency_scope_support);

/* scope_low() or scope_high(), of the schema of in_scope(); NULL if it is not there. */
static Expr *
bound_call(const char *bound, Oid type, Oid funcid)
{
	char	   *schema = get_namespace_name(get_func_namespace(funcid));
	Oid			function = LookupFuncName(list_make2(makeString(schema), makeString(pstrdup(bound))), 0, NULL, true);

	if (!OidIsValid(function) || get_func_rettype(function) != type)
		return NULL;
	return (Expr *) makeFuncExpr(function, type, NIL, InvalidOid, InvalidOid, COERCE_EXPLICIT_CALL);
}

static Expr *
bound_today(int64 division, Oid type)
{
	return (Expr *) makeConst(type, -1, InvalidOid, sizeof(int64), Int64GetDatum(division), false, FLOAT8PASSBYVAL);
}

/* column <operator> bound; NULL if there is no bound, or the operator family lacks the operator. */
static Expr *
bounded(Node *column, Oid family, StrategyNumber strategy, Expr *bound)
{
	Oid			type = exprType(column);
	Oid			operator = get_opfamily_member(family, type, type, strategy);

	if (!OidIsValid(operator) || bound == NULL)
		return NULL;
	return make_opclause(operator, BOOLOID, false, (Expr *) copyObject(column), bound, InvalidOid, InvalidOid);
}

static List *
range_between(Node *column, Oid family, Expr *low, Expr *high)
{
	Expr	   *above = bounded(column, family, BTGreaterEqualStrategyNumber, low);
	Expr	   *below = bounded(column, family, BTLessEqualStrategyNumber, high);

	return above == NULL || below == NULL ? NIL : list_make2(above, below);
}

/* Of one argument, a division: row_in_scope() has two, and no range. */
static Node *
division_argument(List *args)
{
	return list_length(args) == 1 ? linitial(args) : NULL;
}

/* Where a unique key gives one row, weighing ranges would cost more than they save. */
static bool
is_one_row(PlannerInfo *root, RelOptInfo *rel)
{
	return relation_has_unique_index_for(root, rel, NIL, NIL, NIL);
}

static Node *
index_condition(SupportRequestIndexCondition *request)
{
	Node	   *column;
	Oid			type;

	if (!IsA(request->node, FuncExpr) || request->indexarg != 0 ||
		(request->index->relam != BTREE_AM_OID && request->index->relam != BRIN_AM_OID))
		return NULL;
	column = division_argument(((FuncExpr *) request->node)->args);
	/* who sees everything sees rows without a division, too: no index has these */
	if (column == NULL || residency_scope_of(GetUserId())->everything)
		return NULL;
	/* behind the columns of a key a range finds nothing sooner */
	if (is_one_row(request->root, request->index->rel) || (request->index->unique && request->indexcol > 0))
		return NULL;
	type = exprType(column);
	request->lossy = true;
	return (Node *) range_between(column, request->opfamily, bound_call("scope_low", type, request->funcid),
								  bound_call("scope_high", type, request->funcid));
}

/* The table that a column is of, NULL if it is of none or of several. */
static RelOptInfo *
table_of(PlannerInfo *root, Node *column)
{
	int			relid;

	if (root == NULL || root->simple_rel_array == NULL ||
		!bms_get_singleton_member(pull_varnos(root, column), &relid))
		return NULL;
	return root->simple_rel_array[relid];
}

/* A plan that is kept may have been weighed with the bounds of another day: only its cost is wrong then. */
static List *
range_today(const Scope *scope, Node *column)
{
	Oid			type = exprType(column);
	int64		low = scope->count == 0 ? PG_INT64_MAX : scope->subtrees[0].low;
	int64		high = scope->count == 0 ? 0 : scope->subtrees[scope->count - 1].high;

	return range_between(column, lookup_type_cache(type, TYPECACHE_BTREE_OPFAMILY)->btree_opf,
						 bound_today(low, type), bound_today(high, type));
}

static Node *
selectivity(SupportRequestSelectivity *request)
{
	const Scope *scope = residency_scope_of(GetUserId());
	Node	   *column = division_argument(request->args);
	RelOptInfo *table;
	List	   *range;

	if (request->is_join)
		return NULL;
	if (scope->everything)
		request->selectivity = 1.0;
	else if (column == NULL)
		request->selectivity = 0.5;
	else if ((table = table_of(request->root, column)) != NULL && is_one_row(request->root, table))
		request->selectivity = 1.0;
	else
	{
		range = range_today(scope, column);
		if (range == NIL)
			return NULL;
		request->selectivity = clauselist_selectivity(request->root, range, request->varRelid,
													  request->jointype, request->sjinfo);
	}
	return (Node *) request;
}

static Node *
simplified(SupportRequestSimplify *request)
{
	if (request->root == NULL || !contain_var_clause((Node *) request->fcall->args) ||
		GetUserId() != residency_register_owner())
		return NULL;
	request->root->glob->dependsOnRole = true;
	return makeBoolConst(true, false);
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
		answer = simplified((SupportRequestSimplify *) node);
	else if (IsA(node, SupportRequestIndexCondition))
		answer = index_condition((SupportRequestIndexCondition *) node);
	else if (IsA(node, SupportRequestSelectivity))
		answer = selectivity((SupportRequestSelectivity *) node);
	PG_RETURN_POINTER(answer);
}
