/*
 * region_suffix.h
 *	  What the names of divisions end in, and what they are short for.
 */
#ifndef RESIDENCY_CORE_REGION_SUFFIX_H
#define RESIDENCY_CORE_REGION_SUFFIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define COUNT(array) ((int) (sizeof(array) / sizeof((array)[0])))

/* Wide characters are code points of 32 bits; U"" is not yet known to C99. */
#define REGION_WORD(text) (const uint32_t *) L##text, sizeof(L##text) / sizeof(uint32_t) - 1
typedef char wide_characters_have_32_bits[sizeof(wchar_t) == sizeof(uint32_t) ? 1 : -1];

typedef struct RegionWord
{
	const uint32_t *word;
	int			length;
} RegionWord;

/* Whether a word stands at symbol[at]. */
static inline bool
residency_region_is_word(const uint32_t *symbol, int at, int length, const uint32_t *word, int word_length)
{
	if (at + word_length > length || symbol[at] != word[0])
		return false;
	for (int i = 1; i < word_length; i++)
	{
		if (symbol[at + i] != word[i])
			return false;
	}
	return true;
}

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

/* Cuts the name of a division of a level; gives how many ways there are. */
extern int	residency_region_cut(const uint32_t *name, int length, int level, bool former, NameCut *cut);

/* The number of the longest suffix of a level that stands at symbol[at], 0 if there is none. */
extern int	residency_region_suffix_at(const uint32_t *symbol, int at, int length, int level);

#endif							/* RESIDENCY_CORE_REGION_SUFFIX_H */
