/*
 * scope.h
 *	  Where a database role may act: the divisions of an operator, as of today in China.
 */
#ifndef RESIDENCY_CACHE_SCOPE_H
#define RESIDENCY_CACHE_SCOPE_H

#include "utils/date.h"

/* A division with all beneath it. */
typedef struct Subtree
{
	int64		low;
	int64		high;
} Subtree;

typedef struct Scope
{
	Oid			role;			/* whose; InvalidOid: nothing is remembered */
	DateADT		today;			/* as of which day */
	bool		everything;		/* the owner of the register, its members, superusers */
	int64		person_id;		/* the person who acts for themselves; 0: an office */
	int			count;
	int			room;
	Subtree    *subtrees;		/* in order, none within another */
} Scope;

/*
 * What a role may see and do today.  Remembered in the session, and asked anew
 * when operators, roles or the day have changed.  Stays until it is asked again.
 */
extern const Scope *residency_scope_of(Oid role);

/* Whether a division lies in one of the subtrees. */
extern bool residency_scope_has(const Scope *scope, int64 division);

/* The role that acts: as residency.actor() says, whatever function runs. */
extern Oid	residency_actor(void);

/* What the session has said by a setting, without blanks around it; NULL: nothing. */
extern char *residency_said(const char *setting);

/* Who owns the register: the owner of registry.operator. */
extern Oid	residency_register_owner(void);

#endif							/* RESIDENCY_CACHE_SCOPE_H */
