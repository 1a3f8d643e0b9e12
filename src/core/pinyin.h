/*
 * pinyin.h
 *	  How Chinese characters read: the syllables of a character, of a text, of a
 *	  person's name.
 */
#ifndef RESIDENCY_CORE_PINYIN_H
#define RESIDENCY_CORE_PINYIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The most readings of a character that are kept. */
#define RESIDENCY_READINGS_OF_CHARACTER 3

/* A reading is a syllable and a tone, 1 to 5 (5: none). Syllables are numbered from 1, by the alphabet. */
#define RESIDENCY_SYLLABLE(reading) ((reading) >> 3)
#define RESIDENCY_TONE(reading) ((reading) & 7)

/*
 * Reads one character of UTF-8 and moves past it: half-width, small, without a
 * Latin letter's marks (u umlaut becomes v, as it is typed).  A dash becomes '-';
 * what is neither letter nor digit nor Chinese, and a byte that is no UTF-8, ' '.
 */
extern uint32_t residency_letter(const char **in, const char *end);

/* Writes a character as UTF-8, at most four bytes; gives how many. */
extern size_t residency_put_letter(uint32_t letter, char *out);

/*
 * The readings of a character, the usual one first, no two of one syllable;
 * gives how many, 0 for what is not Chinese.
 */
extern int	residency_readings(uint32_t character, uint16_t reading[RESIDENCY_READINGS_OF_CHARACTER]);

/* The reading of a character between its neighbours (0: none); 0 for what is not Chinese. */
extern uint16_t residency_reading(uint32_t before, uint32_t character, uint32_t after);

/*
 * The readings of the surname with which a name begins, where they are other than
 * usual; gives of how many characters, 0 if the surname reads as usual.
 */
extern int	residency_surname(uint32_t first, uint32_t second, uint16_t reading[2]);

/* The letters of a syllable, without the tone. */
extern const char *residency_syllable(int syllable);

/*
 * The syllables that begin with these letters, as a range; false if none does.
 * *whole is the one that they spell, 0 if they do not.
 */
extern bool residency_syllables(const char *letters, size_t len, int *first, int *last, int *whole);

/* What is written of a text. */
typedef enum PinyinForm
{
	PINYIN_PLAIN,				/* lin hai lu */
	PINYIN_TONED,				/* with marks over the vowels */
	PINYIN_INITIALS				/* lhl */
} PinyinForm;

/* The room that residency_pinyin() needs for a text of len bytes. */
#define RESIDENCY_PINYIN_ROOM(len) ((len) * 4)

/*
 * Writes a text in pinyin, syllables apart, letters and digits as they are, small
 * and half-width, other signs dropped; a person's name begins with a surname.
 * Gives the length of what was written.  Never fails; takes time in proportion to len.
 */
extern size_t residency_pinyin(const char *in, size_t len, PinyinForm form, bool person, char *out);

#endif							/* RESIDENCY_CORE_PINYIN_H */
