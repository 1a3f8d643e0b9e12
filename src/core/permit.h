/*
 * permit.h
 *	  The states of a residence permit, the events that move it, and which
 *	  event leads from which state to which (居住证暂行条例, 国务院令第663号).
 *
 * This is the one place where the procedure is written down.  What must be
 * true before an event may happen, and what follows from it, is for
 * registry.permit_effect(); no event moves a permit otherwise than here.
 */
#ifndef RESIDENCY_CORE_PERMIT_H
#define RESIDENCY_CORE_PERMIT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Codes as stored, in the order of the procedure; they never change.  0 is no
 * state: that of a permit which has had no event.
 */
typedef enum PermitState
{
	PERMIT_NONE,
	PERMIT_DRAFT,
	PERMIT_SUBMITTED,
	PERMIT_CORRECTION,
	PERMIT_NOT_ACCEPTED,
	PERMIT_ACCEPTED,
	PERMIT_REVIEW,
	PERMIT_REFUSED,
	PERMIT_MAKING,
	PERMIT_MAKE_FAILED,
	PERMIT_READY,
	PERMIT_VALID,
	PERMIT_SUSPENDED,
	PERMIT_LOST,
	PERMIT_REPLACED,
	PERMIT_CANCELLED,
	PERMIT_REVOKED
} PermitState;

#define RESIDENCY_PERMIT_STATES PERMIT_REVOKED

/* What kind of thing is in that state. */
typedef enum PermitPhase
{
	PERMIT_APPLICATION,			/* before there is a card */
	PERMIT_CARD,
	PERMIT_END					/* nothing follows */
} PermitPhase;

typedef struct PermitStateInfo
{
	const char *name;
	const char *name_zh;
	PermitPhase phase;
} PermitStateInfo;

typedef struct PermitEvent
{
	const char *name;
	const char *name_zh;
	const char *actor;			/* person, window, police, maker or system */
	const char *limit;			/* policy key of the time limit, or NULL */
	const char *guard;			/* what must be true, in a few words */
	const char *basis;			/* the clause it rests on, or NULL */
} PermitEvent;

/* One step; `event` counts in the list of events. */
typedef struct PermitTransition
{
	PermitState from;
	int			event;
	PermitState to;
} PermitTransition;

/* A state by its code, NULL if there is none such. */
extern const PermitStateInfo *residency_permit_state(int state);

/* The code of a state by its name, PERMIT_NONE if there is none such. */
extern PermitState residency_permit_state_named(const char *name, size_t len);

/* The list of events, and how many there are. */
extern const PermitEvent residency_permit_events[];
extern const int residency_permit_event_count;

/* The steps, and how many there are. */
extern const PermitTransition residency_permit_transitions[];
extern const int residency_permit_transition_count;

/* Where an event leads from a state; PERMIT_NONE where it cannot happen. */
extern PermitState residency_permit_next(PermitState state, const char *event, size_t len);

#endif							/* RESIDENCY_CORE_PERMIT_H */
