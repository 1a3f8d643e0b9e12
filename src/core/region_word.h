/*
 * region_word.h
 *	  The words around the names of divisions: what they end in, what they are
 *	  short for, and what shows that a name goes on.
 */
#ifndef RESIDENCY_CORE_REGION_WORD_H
#define RESIDENCY_CORE_REGION_WORD_H

#include <stdbool.h>
#include <stdint.h>

/* The longest name that is kept, in symbols. */
#define REGION_NAME_SYMBOLS 60

/* A name has one way to be cut, and a second one if it is of an autonomous place. */
#define REGION_CUTS 2

/*
 * A name cut into what always stands and what may be missing or another word: 番禺
 * and 区.  A suffix below REGION_SUFFIXES_BARE is none at all; it tells the level.
 */
typedef struct NameCut
{
	int			stem;			/* symbols */
	int			suffix;			/* a number of region_suffix */
} NameCut;

/* A word that names of a level end in. */
typedef struct RegionSuffix
{
	const uint32_t *word;
	uint8_t		length;
	uint8_t		level;			/* of the divisions that bear it */
	uint8_t		group;			/* words of one group and level mean the same */
} RegionSuffix;

#define REGION_SUFFIXES_BARE 6

extern const RegionSuffix residency_region_suffix[];

/* Must have been called before any of these; costs nothing but the first time. */
extern void residency_region_prepare(void);

/* Cuts the name of a division of a level; gives how many ways there are. */
extern int	residency_region_cut(const uint32_t *name, int length, int level, bool former, NameCut *cut);

/* The number of the longest suffix of a level that stands at symbol[at], 0 if there is none. */
extern int	residency_region_suffix_at(const uint32_t *symbol, int at, int length, int level);

/* How long a pseudo level is that stands at symbol[at] (市辖区, 省直辖县级行政区划, 其它区 …), 0 if there is none. */
extern int	residency_region_heading_at(const uint32_t *symbol, int at, int length);

/* How a text goes on after a name of a division. */
typedef enum NameContinuation
{
	CONTINUES_NOT,				/* it ends, or something else begins */
	CONTINUES_ROAD,				/* a road with a name of its own */
	CONTINUES_AREA,				/* a district, town or zone of its own */
	CONTINUES_PLACE,			/* a named place, some symbols on */
	CONTINUES_NAME				/* the name of a road or a place takes the division's name in: 南京|东路 */
} NameContinuation;

extern NameContinuation residency_region_continues(const uint32_t *symbol, int at, int length);

/* Whether a word for a road stands at symbol[at] and ends there, so that even a full name is only part of one: 城西村|路. */
extern bool residency_region_is_road(const uint32_t *symbol, int at, int length);

/* Whether a zone stands at symbol[at], which is called after a town or something else: 天府|新区. */
extern bool residency_region_is_zone(const uint32_t *symbol, int at, int length);

/* Whether a name ends as places and roads do, 文化新村 or 湖南路: short forms of towns that are none. */
extern bool residency_region_is_general(const uint32_t *symbol, int from, int to, int length);

/* Whether a place with a name of its own stands at symbol[at]: 北京|西单大悦城. */
extern bool residency_region_is_own_place(const uint32_t *symbol, int at, int length);

/* Whether the word for what a town has stands at symbol[at], so that the town's name belongs to it: 高桥|大市场. */
extern bool residency_region_is_institution(const uint32_t *symbol, int at, int length);

#endif							/* RESIDENCY_CORE_REGION_WORD_H */
