/*
 * containment.h
 *	  Planner support: what "lies in" comes to in terms of an index, the same for
 *	  every type whose values lie in one another.
 *
 * The container or the contained may be a constant or anything else that does
 * not change during a scan: a parameter, a stable function, a column of a table
 * joined before.
 */
#ifndef RESIDENCY_PLAN_CONTAINMENT_H
#define RESIDENCY_PLAN_CONTAINMENT_H

#include "nodes/pathnodes.h"
#include "nodes/supportnodes.h"

/* An index condition in the making: what the planner asks for, taken apart. */
typedef struct Containment
{
	SupportRequestIndexCondition *request;
	Expr	   *column;			/* of the index */
	Expr	   *other;			/* the other argument */
	Oid			column_type;
	Oid			other_type;
} Containment;

/*
 * Takes apart a containment whose argument `column_arg` is the index's column.
 * False if the request is another one, if the index is none that knows ranges,
 * or if the other argument changes during the scan.
 */
extern bool residency_containment(Node *node, int column_arg, Containment *result);

/*
 * A call of one of our functions with the other argument, done at once if that
 * is a constant; NULL if there is no such function.
 */
extern Expr *residency_call_with_other(const Containment *c, const char *function, Oid result_type);

/* column >= first AND column <= last */
extern List *residency_range_conditions(const Containment *c, Expr *first, Expr *last);

#endif							/* RESIDENCY_PLAN_CONTAINMENT_H */
