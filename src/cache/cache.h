/*
 * cache.h
 *	  Backend-local copies of small tables: sorted rows, found by binary search.
 *
 * A copy shows what is committed now and what the transaction itself has
 * changed, not what the transaction's snapshot shows.
 */
#ifndef RESIDENCY_CACHE_CACHE_H
#define RESIDENCY_CACHE_CACHE_H

#include "utils/date.h"

#include "compat.h"

/*
 * A column that a cache reads; its type may also be a domain over `type`, or have
 * a cast to it without a function.
 */
typedef struct ResidencyCacheColumn
{
	const char *name;
	Oid			type;
} ResidencyCacheColumn;

#define RESIDENCY_CACHE_COLUMNS 8	/* the most that a cache reads */

typedef struct ResidencyCache
{
	/* what is copied; the file that owns the cache sets it */
	const char *schema;
	const char *table;
	const ResidencyCacheColumn *columns;
	int			ncolumns;
	Size		row_size;		/* 0: no rows are kept, read() takes what it wants elsewhere */
	/* makes a row of the columns, in the current memory context: that of the copy, or of the row where none are kept */
	void		(*read) (void *row, const Datum *values, const bool *nulls);
	/* the order of the rows; not asked for where none are kept */
	int			(*compare) (const void *row, const void *other);
	/* makes what the owner derives from the sorted rows, in the same memory context; NULL: nothing */
	void		(*derive) (const void *rows, int count);

	/* the copy; cache.c alone writes it */
	bool		known;			/* is it in the list that invalidations go through? */
	bool		loaded;			/* are the rows there? */
	bool		stale;			/* has the table changed since they were read? */
	Oid			relid;
	MemoryContext context;
	char	   *rows;
	int			count;
	struct ResidencyCache *next;
} ResidencyCache;

/* Called once, when the library is loaded. */
extern void residency_cache_init(void);

/*
 * Loads the copy if it is not there or stale, for an owner that asks what it has
 * derived instead of the rows.
 */
extern void residency_cache_refresh(ResidencyCache *cache);

/*
 * For an owner that makes one thing of several tables: whether the copy is there
 * and not stale, as far as messages have come in; and loading it, be it stale or not.
 */
extern bool residency_cache_is_fresh(const ResidencyCache *cache);
extern void residency_cache_load(ResidencyCache *cache);

/*
 * The last row that is not greater than `row` in the cache's order, or NULL.
 * It stays where it is until a cache is asked again, or a table or catalogue is
 * opened: copy what shall live longer.
 */
extern void *residency_cache_find(ResidencyCache *cache, const void *row);

/*
 * The table, if it is there; otherwise an error that says what to do.  Asks for
 * no privilege.
 */
extern Oid	residency_table(const char *schema, const char *table);

/* The first and last day of a daterange; of an empty one, first > last. */
extern void residency_days(Datum range, DateADT *first, DateADT *last);

/* Compares as the collation "C" does. */
extern int	residency_text_compare(const text *a, const text *b);

#endif							/* RESIDENCY_CACHE_CACHE_H */
