/*
 * reading.h
 *	  Readings of personal data that a session has noted and not yet written.
 */
#ifndef RESIDENCY_RULES_READING_H
#define RESIDENCY_RULES_READING_H

#include "executor/spi.h"
#include "utils/timestamp.h"

/* The persons that a reading names; of one of more it says how many rows it had. */
#define RESIDENCY_READING_PERSONS 1000
#define RESIDENCY_EXPORT_PERSONS 1000000

/* What a statement of one role has shown by one view or function. */
typedef struct Reading
{
	TimestampTz at;				/* begin of the statement */
	Oid			role;
	char	   *actor;
	char	   *login;
	char	   *object;
	char	   *asked;			/* JSON; NULL: of a view nothing is known */
	char	   *purpose;		/* NULL: the session says none */
	char	   *request_id;
	int			shown;			/* kinds of data, a bit each */
	int			plain;			/* those of them that were not masked */
	int64		rows;
	int64		plain_rows;
	bool		row_is_plain;
	bool		has_person;		/* does the last row have one? */
	int64		person;
	int64	   *persons;
	int			npersons;
	int			room;
	bool		full;			/* are further ones left out? */
	int64		export_id;		/* 0: none */
	bool		rolled_back;
	struct Reading *next;
} Reading;

/* The readings that are to be written, the newest first. */
extern Reading *residency_unwritten;

/* Where they live: until the transaction has ended that has written them. */
extern MemoryContext residency_reading_context(void);

/* Called before the first is noted: from then on each end of a transaction writes them. */
extern void residency_reading_watch(void);

/* Sorts its persons and leaves each once. */
extern void residency_sort_persons(Reading *reading);

/* The owner of ledger.read, as whom it is read and written. */
extern Oid	residency_reading_owner(void);

/* Runs a query of one row that is planned once in a session; *plan keeps it, NULL at first. */
extern void residency_reading_query(SPIPlanPtr *plan, const char *query, int nargs, Oid *types,
									Datum *values, const char *nulls, bool read_only);

#endif							/* RESIDENCY_RULES_READING_H */
