/*
 * pinyin.c
 *	  How Chinese characters read.
 */
#include "core/pinyin.h"

#include <string.h>

#include "core/pinyin_table.h"

#define COUNT(table) ((int) (sizeof(table) / sizeof((table)[0])))

/*
 * Finds the entry of an ordered table whose key, a number that the expression
 * makes of table[i], is the one wanted; -1 if there is none.
 */
#define FIND(found, table, key, wanted) \
	do { \
		int			low = 0; \
		int			high = COUNT(table); \
		while (low < high) \
		{ \
			int			i = (low + high) / 2; \
			if ((key) < (wanted)) \
				low = i + 1; \
			else \
				high = i; \
		} \
		(found) = -1; \
		if (low < COUNT(table)) \
		{ \
			int			i = low; \
			if ((key) == (wanted)) \
				(found) = i; \
		} \
	} while (0)

/* Latin letters with the marks that pinyin has, U+00E0 to U+00FC and U+0101 to U+01DC, small ones and capitals. */
static uint32_t
without_mark(uint32_t c)
{
	/* from U+00C0, capitals, and again from U+00E0 */
	static const char latin1[] = "aaaaaaaceeeeiiiidnooooo ouuuvyts";
	static const uint16_t marked[] = {0x101, 'a', 0x113, 'e', 0x11B, 'e', 0x12B, 'i', 0x14D, 'o', 0x16B, 'u', 0x144, 'n', 0x148, 'n'};

	if (c >= 0xC0 && c <= 0xFE)
		return (unsigned char) latin1[(c - 0xC0) & 0x1F];
	if (c >= 0x1CD && c <= 0x1DC)
		return (unsigned char) "aaiioouuvvvvvvvv"[c - 0x1CD];
	for (int i = 0; i < COUNT(marked); i += 2)
	{
		/* the capital stands before the small letter; of 0x148 and 0x144 alike */
		if (c == marked[i] || c + 1 == marked[i])
			return marked[i + 1];
	}
	return c;
}

/* One code point of UTF-8, or 0 for a byte that is none; moves past it. */
static uint32_t
decode(const char **in, const char *end)
{
	const unsigned char *s = (const unsigned char *) *in;
	int			more = s[0] < 0x80 ? 0 : s[0] < 0xC2 ? -1 : s[0] < 0xE0 ? 1 : s[0] < 0xF0 ? 2 : s[0] < 0xF5 ? 3 : -1;
	uint32_t	c;

	*in += 1;
	if (more == 0)
		return s[0];
	if (more < 0 || end - *in < more)
		return 0;
	c = s[0] & (0x3F >> more);
	for (int i = 1; i <= more; i++)
	{
		if ((s[i] & 0xC0) != 0x80)
			return 0;
		c = (c << 6) | (s[i] & 0x3F);
	}
	*in += more;
	return c;
}

static bool
is_sign(uint32_t c)
{
	return (c >= 0x80 && c < 0xC0) || c == 0xD7 || c == 0xF7 ||
		(c >= 0x2000 && c <= 0x206F) || (c >= 0x20A0 && c <= 0x2BFF) || (c >= 0x2E00 && c <= 0x2E7F) ||
		(c >= 0x3000 && c <= 0x303F && c != 0x3005 && c != 0x3007) || c == 0x30FB ||
		(c >= 0xD800 && c <= 0xF8FF) || (c >= 0xFE00 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFFFF) ||
		c >= 0xE0000;
}

uint32_t
residency_letter(const char **in, const char *end)
{
	uint32_t	c = decode(in, end);

	if (c >= 0x4E00 && c <= 0x9FFF)
		return c;
	if (c >= 0xFF01 && c <= 0xFF5E)
		c -= 0xFEE0;
	if (c >= 'A' && c <= 'Z')
		return c - 'A' + 'a';
	if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')
		return c;
	if ((c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0x30FC)
		return '-';
	if (c < 0x80 || is_sign(c))
		return ' ';
	return without_mark(c);
}

size_t
residency_put_letter(uint32_t letter, char *out)
{
	if (letter < 0x80)
	{
		out[0] = (char) letter;
		return 1;
	}
	if (letter < 0x800)
	{
		out[0] = (char) (0xC0 | letter >> 6);
		out[1] = (char) (0x80 | (letter & 0x3F));
		return 2;
	}
	if (letter < 0x10000)
	{
		out[0] = (char) (0xE0 | letter >> 12);
		out[1] = (char) (0x80 | (letter >> 6 & 0x3F));
		out[2] = (char) (0x80 | (letter & 0x3F));
		return 3;
	}
	out[0] = (char) (0xF0 | letter >> 18);
	out[1] = (char) (0x80 | (letter >> 12 & 0x3F));
	out[2] = (char) (0x80 | (letter >> 6 & 0x3F));
	out[3] = (char) (0x80 | (letter & 0x3F));
	return 4;
}

/* The usual reading. */
static uint16_t
usual_reading(uint32_t character)
{
	int			found;

	if (character >= FIRST_CHARACTER && character <= LAST_CHARACTER)
		return readings[character - FIRST_CHARACTER];
	if (character < far_readings[0].character)
		return 0;
	FIND(found, far_readings, far_readings[i].character, character);
	return found < 0 ? 0 : far_readings[found].reading;
}

int
residency_readings(uint32_t character, uint16_t reading[RESIDENCY_READINGS_OF_CHARACTER])
{
	int			found;

	reading[0] = usual_reading(character);
	if (reading[0] == 0)
		return 0;
	FIND(found, other_readings, other_readings[i].character, character);
	if (found < 0)
		return 1;
	reading[1] = other_readings[found].reading[0];
	reading[2] = other_readings[found].reading[1];
	return reading[2] != 0 ? 3 : 2;
}

uint16_t
residency_reading(uint32_t before, uint32_t character, uint32_t after)
{
	uint16_t	usual = usual_reading(character);
	int			first = 0;
	int			last = COUNT(beside);

	if (usual == 0)
		return 0;
	while (first < last)
	{
		int			middle = (first + last) / 2;

		if (beside[middle].character < character)
			first = middle + 1;
		else
			last = middle;
	}
	for (; first < COUNT(beside) && beside[first].character == character; first++)
	{
		if (beside[first].other == (beside[first].before ? after : before))
			return beside[first].reading;
	}
	return usual;
}

int
residency_surname(uint32_t first, uint32_t second, uint16_t reading[2])
{
	int			found;

	for (int i = 0; i < COUNT(double_surnames); i++)
	{
		if (double_surnames[i].character[0] == first && double_surnames[i].character[1] == second)
		{
			memcpy(reading, double_surnames[i].reading, sizeof(double_surnames[i].reading));
			return 2;
		}
	}
	FIND(found, surnames, surnames[i].character, first);
	if (found < 0)
		return 0;
	reading[0] = surnames[found].reading;
	return 1;
}

const char *
residency_syllable(int syllable)
{
	return syllables[syllable];
}

bool
residency_syllables(const char *letters, size_t len, int *first, int *last, int *whole)
{
	/* as passports and printed books spell them */
	static const char *const also[][2] = {{"lyu", "lv"}, {"nyu", "nv"}, {"lue", "lve"}, {"nue", "nve"}};
	int			low = 1;
	int			high = COUNT(syllables);

	for (int i = 0; i < COUNT(also); i++)
	{
		if (len == 3 && memcmp(letters, also[i][0], 3) == 0)
		{
			letters = also[i][1];
			len = strlen(letters);
			break;
		}
	}
	*whole = 0;
	while (low < high)
	{
		int			middle = (low + high) / 2;

		if (strncmp(syllables[middle], letters, len) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == COUNT(syllables) || strncmp(syllables[low], letters, len) != 0)
		return false;
	if (syllables[low][len] == '\0')
		*whole = low;
	*first = low;
	while (low + 1 < COUNT(syllables) && strncmp(syllables[low + 1], letters, len) == 0)
		low++;
	*last = low;
	return true;
}

/* The vowel that carries the mark: a or e, the o of ou, else the last. */
static size_t
marked_vowel(const char *syllable)
{
	const char *vowel = strpbrk(syllable, "ae");
	size_t		last = 0;

	if (vowel == NULL)
		vowel = strstr(syllable, "ou");
	if (vowel != NULL)
		return (size_t) (vowel - syllable);
	for (size_t i = 0; syllable[i] != '\0'; i++)
	{
		if (strchr("iouv", syllable[i]) != NULL)
			last = i;
	}
	return last;
}

static size_t
put_toned(uint16_t reading, char *out)
{
	static const char vowels[] = "aeiouv";
	static const uint16_t marks[][5] = {
		{0x101, 0xE1, 0x1CE, 0xE0, 'a'}, {0x113, 0xE9, 0x11B, 0xE8, 'e'}, {0x12B, 0xED, 0x1D0, 0xEC, 'i'},
		{0x14D, 0xF3, 0x1D2, 0xF2, 'o'}, {0x16B, 0xFA, 0x1D4, 0xF9, 'u'}, {0x1D6, 0x1D8, 0x1DA, 0x1DC, 0xFC}
	};
	const char *syllable = syllables[RESIDENCY_SYLLABLE(reading)];
	size_t		marked = marked_vowel(syllable);
	size_t		written = 0;

	for (size_t i = 0; syllable[i] != '\0'; i++)
	{
		const char *vowel = strchr(vowels, syllable[i]);
		uint32_t	letter = (unsigned char) syllable[i];

		if (i == marked && vowel != NULL)
			letter = marks[vowel - vowels][RESIDENCY_TONE(reading) - 1];
		else if (letter == 'v')
			letter = 0xFC;
		written += residency_put_letter(letter, out + written);
	}
	return written;
}

static size_t
put_reading(uint16_t reading, PinyinForm form, char *out)
{
	const char *syllable = syllables[RESIDENCY_SYLLABLE(reading)];
	size_t		length = form == PINYIN_INITIALS ? 1 : strlen(syllable);

	if (form == PINYIN_TONED)
		return put_toned(reading, out);
	memcpy(out, syllable, length);
	return length;
}

size_t
residency_pinyin(const char *in, size_t len, PinyinForm form, bool person, char *out)
{
	const char *end = in + len;
	size_t		written = 0;
	uint32_t	before = 0;
	uint32_t	letter = in < end ? residency_letter(&in, end) : 0;
	bool		apart = false;	/* from what was written before */
	uint16_t	surname[2];
	int			position = 0;
	int			of_surname = 0;

	while (letter != 0)
	{
		uint32_t	after = in < end ? residency_letter(&in, end) : 0;
		uint16_t	reading = residency_reading(before, letter, after);

		if (person && position == 0 && reading != 0)
			of_surname = residency_surname(letter, after, surname);
		if (position < of_surname)
			reading = surname[position];
		if (letter == ' ')
			apart = true;
		else
		{
			if ((apart || reading != 0) && written > 0 && form != PINYIN_INITIALS)
				out[written++] = ' ';
			if (reading != 0)
				written += put_reading(reading, form, out + written);
			else
				written += residency_put_letter(letter, out + written);
			apart = reading != 0;
			position++;
		}
		before = letter;
		letter = after;
	}
	return written;
}
