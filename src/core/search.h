/*
 * search.h
 *	  What an index of names and addresses holds, what a query asks of it, and
 *	  how well a name answers.
 */
#ifndef RESIDENCY_CORE_SEARCH_H
#define RESIDENCY_CORE_SEARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The characters of a name or address that can be found, and the most that a query has. */
#define RESIDENCY_SEARCH_NAME 256
#define RESIDENCY_SEARCH_QUERY 64

/* Room for the keys of a name, and of one step of a query. */
#define RESIDENCY_SEARCH_NAME_KEYS (RESIDENCY_SEARCH_NAME * 24)
#define RESIDENCY_SEARCH_STEP_KEYS (RESIDENCY_SEARCH_QUERY * 2)

/* Room for a name as it is compared, in bytes. */
#define RESIDENCY_SEARCH_ROOM (RESIDENCY_SEARCH_NAME * 4)

/* How a name answers a query, best first. */
typedef enum SearchRung
{
	SEARCH_PREFIX,				/* begins with it, or is it */
	SEARCH_FRAGMENT,			/* contains it */
	SEARCH_PINYIN,				/* reads as it is spelled */
	SEARCH_INITIALS,			/* has its letters as initials */
	SEARCH_HOMOPHONE,			/* reads as it reads */
	SEARCH_ONE_WRONG,			/* contains it but for one Chinese character */
	SEARCH_RUNGS
} SearchRung;

extern const char *const residency_search_rungs[SEARCH_RUNGS];

/* A name as it is compared: small, half-width, without blanks and signs but dashes behind a digit. */
typedef struct SearchName
{
	int			length;
	uint32_t	character[RESIDENCY_SEARCH_NAME];
} SearchName;

/* A query likewise; apart[i]: something stood before the character that parts syllables. */
typedef struct SearchQuery
{
	int			length;			/* one more than RESIDENCY_SEARCH_QUERY if it is longer */
	uint32_t	character[RESIDENCY_SEARCH_QUERY];
	bool		apart[RESIDENCY_SEARCH_QUERY];
} SearchQuery;

/* Reads len bytes of UTF-8; stops where there is no more room. */
extern void residency_search_read_name(const char *in, size_t len, SearchName *name);
extern void residency_search_read_query(const char *in, size_t len, SearchQuery *query);

/* Writes a name as it is compared to RESIDENCY_SEARCH_ROOM bytes, gives the length. */
extern size_t residency_search_text(const SearchName *name, char *out);

/*
 * The keys of a name, for an inverted index: its characters and pairs of them,
 * its syllables and pairs of them in all readings, pairs of initials.
 * Gives how many; the same key may come twice.
 */
extern int	residency_search_name_keys(const SearchName *name, int32_t keys[RESIDENCY_SEARCH_NAME_KEYS]);

/*
 * The steps in which a query is answered, from the best rung down: calls `step`
 * with keys that a name has, all of them, if it answers on that rung.  A rung may
 * have several steps; the keys of SEARCH_PREFIX are none.
 */
extern void residency_search_steps(const SearchQuery *query,
								   void (*step) (void *context, SearchRung rung, const int32_t *keys, int count),
								   void *context);

/*
 * How well a name answers a query on a rung: 0 if it does not; else at most 1,
 * which means that it is the query; a better rung has always the better score.
 */
extern float residency_search_score(const SearchName *name, const SearchQuery *query, SearchRung rung);

#endif							/* RESIDENCY_CORE_SEARCH_H */
