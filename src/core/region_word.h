/*
 * region_word.h
 *	  The words around the names of divisions: what shows that a name goes on, or
 *	  is none.
 */
#ifndef RESIDENCY_CORE_REGION_WORD_H
#define RESIDENCY_CORE_REGION_WORD_H

#include <stdbool.h>
#include <stdint.h>

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
