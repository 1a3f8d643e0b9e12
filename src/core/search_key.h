/*
 * search_key.h
 *	  The keys of names, 32 bits each: what kind, and what.  Pairs of characters
 *	  are hashed, so a name with the key of a pair need not have the pair.
 */
#ifndef RESIDENCY_CORE_SEARCH_KEY_H
#define RESIDENCY_CORE_SEARCH_KEY_H

#include <stdbool.h>
#include <stdint.h>

#define SEARCH_KEY_CHARACTER 0
#define SEARCH_KEY_CHARACTER_PAIR 1
#define SEARCH_KEY_SOUND 2
#define SEARCH_KEY_SOUND_PAIR 3
#define SEARCH_KEY_INITIAL_PAIR 4
#define SEARCH_KEY_THREE_DIGITS 5

#define SEARCH_KEY(kind, what) ((int32_t) ((uint32_t) (kind) << 28 | (what)))

static inline bool
residency_is_digit(uint32_t c)
{
	return c >= '0' && c <= '9';
}

static inline bool
residency_is_latin(uint32_t c)
{
	return c >= 'a' && c <= 'z';
}

static inline int32_t
residency_character_key(uint32_t c)
{
	return SEARCH_KEY(SEARCH_KEY_CHARACTER, c);
}

static inline int32_t
residency_character_pair_key(uint32_t a, uint32_t b)
{
	uint64_t	pair = ((uint64_t) a << 21 | b) * UINT64_C(0x9E3779B97F4A7C15);

	return SEARCH_KEY(SEARCH_KEY_CHARACTER_PAIR, (uint32_t) (pair >> 36));
}

static inline int32_t
residency_three_digits_key(uint32_t a, uint32_t b, uint32_t c)
{
	return SEARCH_KEY(SEARCH_KEY_THREE_DIGITS, (a - '0') * 100 + (b - '0') * 10 + (c - '0'));
}

static inline int32_t
residency_sound_key(int a)
{
	return SEARCH_KEY(SEARCH_KEY_SOUND, (uint32_t) a);
}

static inline int32_t
residency_sound_pair_key(int a, int b)
{
	return SEARCH_KEY(SEARCH_KEY_SOUND_PAIR, (uint32_t) a << 10 | (uint32_t) b);
}

static inline int32_t
residency_initial_pair_key(uint32_t a, uint32_t b)
{
	return SEARCH_KEY(SEARCH_KEY_INITIAL_PAIR, a << 7 | b);
}

#endif							/* RESIDENCY_CORE_SEARCH_KEY_H */
