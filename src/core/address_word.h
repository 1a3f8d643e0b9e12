/*
 * address_word.h
 *	  The words by which the pieces of an address are known: 路, 号楼, 小区, 旁.
 */
#ifndef RESIDENCY_CORE_ADDRESS_WORD_H
#define RESIDENCY_CORE_ADDRESS_WORD_H

#include <stdbool.h>
#include <stdint.h>

/* What a word says about the piece that it ends (or is); the words are in src/source/address_word.txt. */
typedef enum WordClass
{
	WORD_NONE,
	WORD_PROVINCE,
	WORD_CITY,
	WORD_COUNTY,
	WORD_DISTRICT,				/* 区: of a city, or of an estate */
	WORD_TOWN,
	WORD_FARM,
	WORD_DEVZONE,
	WORD_ZONE,					/* 工业园: a zone or a named place */
	WORD_COMMUNITY,
	WORD_VILLAGE,
	WORD_HAMLET,
	WORD_SUBURB,				/* 新村, 度假村: a named place that looks like a village */
	WORD_ROAD,
	WORD_LANE,					/* 巷, 弄: with a name or a number */
	WORD_QUARTER,				/* 里, 坊 */
	WORD_ROADPART,				/* 中段 */
	WORD_NO,					/* 号 */
	WORD_YARD,					/* 号院 */
	WORD_BUILDING,
	WORD_HASH,					/* # */
	WORD_UNIT,
	WORD_GATE,
	WORD_STOREY,				/* 层 */
	WORD_STOREYS,				/* 楼: a floor or a building */
	WORD_ROOM,
	WORD_GROUP,					/* 组, 队 */
	WORD_PHASE,					/* 期 */
	WORD_BUILDING_NAME,			/* 主楼 */
	WORD_PART_NAME,				/* 东门 */
	WORD_ENCLOSURE,				/* 小区, 广场: a named place with places in it */
	WORD_ESTATE,				/* 中心, 府: another named place */
	WORD_FIRM,
	WORD_TRADE,					/* 服装, 馆: what a firm's name may end with, and much else */
	WORD_LINK,					/* 与 */
	WORD_ASSIST,
	WORD_DISTANCE,
	WORD_LABEL,
	WORD_COUNTRY,
	WORD_NOTHING,				/* 不详 */
	WORD_WISH,					/* 送货上门 */
	WORD_COURTESY,				/* 先生, 收 */
	WORD_CLASSES
} WordClass;

/* How many words that end at one place are looked at, the longest first. */
#define WORD_ENDINGS 3

/* A word that ends somewhere. */
typedef struct WordEnding
{
	uint8_t		class;			/* a WordClass */
	uint8_t		length;			/* symbols */
} WordEnding;

/*
 * Finds the words that end before symbol[end] and begin at symbol[start] or later:
 * the longest ones, longest first; gives how many.
 */
extern int	residency_address_words(const uint32_t *symbol, int start, int end, WordEnding ending[WORD_ENDINGS]);

/* Whether a family name may begin with a symbol. */
extern bool residency_is_surname(uint32_t symbol);

#endif							/* RESIDENCY_CORE_ADDRESS_WORD_H */
