/*
 * containment.h
 *	  Planner support that all types share whose values lie within one another:
 *	  containment becomes conditions that an index can answer.
 *
 *	  column <@ area		column >= first AND column <= last
 *	  column @> area		column = ANY (the area and those that contain it)
 *
 *	  The area may be a constant or anything else that does not change during
 *	  a scan: a parameter, a stable function, a column of a table joined before.
 */
#ifndef RESIDENCY_PLAN_CONTAINMENT_H
#define RESIDENCY_PLAN_CONTAINMENT_H

#include "nodes/primnodes.h"
#include "nodes/supportnodes.h"

/* The most values that contain one, itself included, of any type. */
#define RESIDENCY_LONGEST_LINEAGE 10

/* An index condition in the making: what the planner asks for, taken apart. */
typedef struct Containment
{
	SupportRequestIndexCondition *request;
	Expr	   *column;
	Expr	   *area;
	Oid			column_type;
	Oid			area_type;
} Containment;

/*
 * A type of 8 bytes whose values are each the first of the range of those
 * within.  In SQL it has last_within(value) and lineage(value).
 */
typedef struct Hierarchy
{
	int64_t		(*last) (int64_t value);
	int			(*lineage) (int64_t value, int64_t *line);
} Hierarchy;

/* Answers a request for value <@ value and for value @> value. */
extern Node *residency_plan_within(Node *request, const Hierarchy *hierarchy);
extern Node *residency_plan_contains(Node *request, const Hierarchy *hierarchy);

/*
 * Takes apart a containment whose argument `column_arg` is the index's column.
 * False if the request is another one, if the index is none that knows ranges,
 * or if the other argument changes during the scan.
 */
extern bool residency_containment(Node *request, int column_arg, Containment *result);

/* The constant that the area is; false if it is none, or NULL. */
extern bool residency_constant_area(const Containment *c, int64_t *area);

/* A value of an 8-byte type as constant. */
extern Expr *residency_int8_const(Oid type, int64_t value);

/* A call of one of our functions with the area; NULL if there is none. */
extern Expr *residency_call_with_area(const Containment *c, const char *function, Oid result_type);

/* column >= first AND column <= last */
extern List *residency_range_conditions(const Containment *c, Expr *first, Expr *last);

#endif							/* RESIDENCY_PLAN_CONTAINMENT_H */
