/*
 * region_step.h
 *	  What reading the divisions of an address has come to: for the reader, and
 *	  for the judge of its evidence.
 *
 * What has been read so far is a step; a step is followed by every name that
 * begins where it ends and fits: a division inside the one read, or one read
 * already.  So the steps form a tree.  Some may end a reading, those whose name is
 * evidence enough; the best of them are the readings.
 */
#ifndef RESIDENCY_CORE_REGION_STEP_H
#define RESIDENCY_CORE_REGION_STEP_H

#include "core/gazetteer.h"

/* The most steps that are taken; few addresses need twenty. */
#define STEPS 96

/* Levels that are treated apart. */
#define LEVEL_COUNTY 3
#define LEVEL_TOWN 4

/* How a name was met. */
typedef enum Quality
{
	QUALITY_EXACT,				/* as it is written in full */
	QUALITY_VARIANT,			/* with a suffix of its level that is not its own: a town for a street office */
	QUALITY_SHORT				/* without suffix */
} Quality;

typedef struct Met
{
	int64_t		division;		/* 0: none, a word between names */
	int16_t		from;			/* symbols, half-open */
	int16_t		to;
	uint8_t		level;			/* of the division */
	uint8_t		quality;		/* a Quality */
	uint8_t		kind;			/* a NameKind */
	bool		alone;			/* no other division above the towns is called so */
	bool		city;			/* it is called a city, or lies above them */
	bool		cut_short;		/* its suffix is there, but left to what follows: 青岛|市北区 */
} Met;

typedef struct Step
{
	Met			met;			/* the name that was read last */
	int64_t		division;		/* the deepest read so far, 0: none */
	int			evidence;		/* for the way up to here */
	int			weight;			/* of this step's name */
	int16_t		parent;			/* -1: none */
	uint8_t		depth;			/* names read */
	bool		redundant;		/* the name says nothing new */
	bool		surpassed;		/* a step that follows ends a reading */
	bool		ends;			/* this one does */
} Step;

typedef struct Reader
{
	const Gazetteer *gazetteer;
	const uint32_t *symbol;
	int			length;
	int			current;		/* the step that is being followed */
	int			steps;
	Step		step[STEPS];
} Reader;

static inline bool
is_separator(uint32_t symbol)
{
	return symbol == ',' || symbol == '-' || symbol == '(' || symbol == ')';
}

static inline bool
is_text(uint32_t symbol)
{
	return symbol > 0x2E7F;
}

/* A step taken from nothing, or from a context, is no reading yet. */
static inline bool
has_read(const Step *step)
{
	return step->depth > 0;
}

/* What a name says for its division. */
extern int	residency_region_weight(const Met *met);

/* Writes the best readings, best first; equal ones by division.  Gives how many there are. */
extern int	residency_region_judge(Reader *reader, RegionReading *reading);

#endif							/* RESIDENCY_CORE_REGION_STEP_H */
