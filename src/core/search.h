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

/* A name as it is compared: small, half-width, simplified, without blanks and signs but dashes behind a digit. */
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

typedef enum SearchUnitKind
{
	UNIT_CHARACTER,				/* the character itself */
	UNIT_SYLLABLE,				/* a reading from first to last */
	UNIT_SOUND,					/* a reading that the character has; first is one of them */
	UNIT_INITIAL,				/* a reading that begins with the letter */
	UNIT_ANY					/* any character but ASCII */
} SearchUnitKind;

/* What a query asks of one character of a name. */
typedef struct SearchUnit
{
	SearchUnitKind kind;
	uint32_t	character;
	int			first;
	int			last;
} SearchUnit;

/* A way to read a query, one unit to be met by each character of a stretch of the name. */
typedef struct SearchUnits
{
	int			length;
	SearchUnit	unit[RESIDENCY_SEARCH_QUERY];
} SearchUnits;

/* The most ways to read a query on one rung. */
#define RESIDENCY_SEARCH_WAYS 16

/* All ways to read a query on a rung. */
typedef struct SearchReading
{
	SearchRung	rung;
	int			count;
	SearchUnits way[RESIDENCY_SEARCH_WAYS];
} SearchReading;

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

/* The ways to read a query on a rung, the likelier first; none where it does not apply. */
extern void residency_search_read(const SearchQuery *query, SearchRung rung, SearchReading *reading);

/*
 * The keys that a name has, all of them, if it answers a query read this way;
 * gives how many.  0: no index can tell, so names that answer are not found so.
 */
extern int	residency_search_step_keys(const SearchUnits *way, int32_t keys[RESIDENCY_SEARCH_STEP_KEYS]);

/*
 * How well a name answers: 0 if it does not; else at most 1, which means that it
 * is the query; a better rung has always the better score.
 */
extern float residency_search_score(const SearchName *name, const SearchReading *reading);

#endif							/* RESIDENCY_CORE_SEARCH_H */
