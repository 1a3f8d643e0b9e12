/*
 * occupancy.h
 *	  Who may move into a dwelling: how it stands, and how many it holds.
 */
#ifndef RESIDENCY_RULES_OCCUPANCY_H
#define RESIDENCY_RULES_OCCUPANCY_H

#include "access/htup.h"
#include "utils/date.h"
#include "utils/rel.h"

/* Whether a residence in this state (text) says that the person lives there now. */
extern bool residency_is_current(Datum state);

/*
 * Refuses one more resident in a dwelling where the law or policy does: RG026
 * prohibited, RG027 demolished, RG028 without a safety letter, RG029 by area,
 * RG030 by the limit of a room or bed.  `home` is the dwelling's row, locked;
 * what it is part of is locked here.  `residence` is the residence to be judged,
 * which is not counted (0: none yet).
 */
extern void residency_check_place(Relation dwellings, Relation residences,
								  HeapTuple home, int64 residence, DateADT day);

#endif							/* RESIDENCY_RULES_OCCUPANCY_H */
