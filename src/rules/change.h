/*
 * change.h
 *	  The true order of changes for the history.
 */
#ifndef RESIDENCY_RULES_CHANGE_H
#define RESIDENCY_RULES_CHANGE_H

#include "commands/trigger.h"

/*
 * A statement on a table is about to be noted; called once for it.  True where
 * statements within it changed the table too and were noted already, by commands
 * after the one by which it began: its own changes came before theirs.
 */
extern bool residency_change_end(Oid table, TriggerEvent event, CommandId *begun);

#endif							/* RESIDENCY_RULES_CHANGE_H */
