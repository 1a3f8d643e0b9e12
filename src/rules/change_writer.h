/*
 * change_writer.h
 *	  Writes rows of ledger.change for one statement, as its owner, with one start of the executor.
 */
#ifndef RESIDENCY_RULES_CHANGE_WRITER_H
#define RESIDENCY_RULES_CHANGE_WRITER_H

#include "utils/jsonb.h"
#include "utils/rel.h"

typedef struct ChangeWriter ChangeWriter;

/* For changes of this table, named `title` in them; 42501 if it is a stranger's.  From here to the end the owner acts. */
extern ChangeWriter *residency_begin_changes(Relation changed, const char *title);

/* The next number of a change. */
extern int64 residency_next_change(ChangeWriter *writer);

/* Without an image the row is gone. */
extern void residency_write_change(ChangeWriter *writer, int64 id, char operation, Jsonb *key, Jsonb *image);

extern void residency_end_changes(ChangeWriter *writer);

#endif							/* RESIDENCY_RULES_CHANGE_WRITER_H */
