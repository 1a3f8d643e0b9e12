/*
 * text.c
 *	  Trimming, folding and masking of text, shared by the readers of numbers.
 */
#include "core/text.h"

#include <stdbool.h>
#include <string.h>

#define MASK_MOST_STARS 32
#define MASK_HEAD 6
#define MASK_TAIL 4
#define MASK_FEWEST_HIDDEN 8
#define MASK_LONGEST_NUMBER 20

static bool
is_ascii_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool
is_ideographic_space(const char *s)
{
	return memcmp(s, "\xE3\x80\x80", 3) == 0;
}

void
residency_trim(const char **start, const char **end)
{
	for (;;)
	{
		if (*end - *start >= 1 && is_ascii_blank(**start))
			*start += 1;
		else if (*end - *start >= 3 && is_ideographic_space(*start))
			*start += 3;
		else
			break;
	}
	for (;;)
	{
		if (*end - *start >= 1 && is_ascii_blank((*end)[-1]))
			*end -= 1;
		else if (*end - *start >= 3 && is_ideographic_space(*end - 3))
			*end -= 3;
		else
			break;
	}
}

/* One character that is not ASCII: its ASCII twin or '?'; moves past it. */
static char
fold_wide(const char **s, const char *end)
{
	const unsigned char *c = (const unsigned char *) *s;
	char		twin = '?';

	/* U+FF01 to U+FF5E stand for ASCII 0x21 to 0x7E, in the same order */
	if (end - *s >= 3 && c[0] == 0xEF && (c[1] & 0xFE) == 0xBC && (c[2] & 0xC0) == 0x80)
	{
		int			ascii = ((c[1] & 0x01) << 6) + (c[2] & 0x3F) + 0x20;

		if ((ascii >= '0' && ascii <= '9') || (ascii >= 'A' && ascii <= 'Z'))
			twin = (char) ascii;
		else if (ascii >= 'a' && ascii <= 'z')
			twin = (char) (ascii - 'a' + 'A');
	}

	*s += 1;
	while (*s < end && (**s & 0xC0) == 0x80)
		*s += 1;
	return twin;
}

size_t
residency_fold(const char *in, size_t len, char *out, size_t capacity)
{
	const char *end = in + len;
	size_t		count = 0;

	residency_trim(&in, &end);
	while (in < end)
	{
		char		c;

		if ((unsigned char) *in >= 0x80)
			c = fold_wide(&in, end);
		else
		{
			c = *in++;
			if (c >= 'a' && c <= 'z')
				c = (char) (c - 'a' + 'A');
		}
		if (count < capacity)
			out[count] = c;
		count++;
	}
	return count;
}

static bool
all_between(const char *s, size_t from, size_t to, bool letters)
{
	for (size_t i = from; i < to; i++)
	{
		if (!(s[i] >= '0' && s[i] <= '9') && !(letters && s[i] >= 'A' && s[i] <= 'Z'))
			return false;
	}
	return true;
}

/*
 * Resident IDs have digits in places 1 to 6, credit codes in 3 to 8: what has
 * none in 3 to 6 is something else, and nobody knows what.
 */
static bool
looks_like_number(const char *s, size_t count)
{
	return count >= MASK_HEAD + MASK_FEWEST_HIDDEN + MASK_TAIL &&
		count <= MASK_LONGEST_NUMBER &&
		all_between(s, 0, 2, true) &&
		all_between(s, 2, MASK_HEAD, false) &&
		all_between(s, count - MASK_TAIL, count, true);
}

size_t
residency_mask(const char *in, size_t len, char *out)
{
	char		folded[MASK_LONGEST_NUMBER];
	size_t		count = residency_fold(in, len, folded, sizeof(folded));
	size_t		stars = count < MASK_MOST_STARS ? count : MASK_MOST_STARS;
	size_t		written = stars;

	memset(out, '*', stars);
	if (looks_like_number(folded, count))
	{
		memcpy(out, folded, MASK_HEAD);
		memcpy(out + count - MASK_TAIL, folded + count - MASK_TAIL, MASK_TAIL);
	}
	else if (count > stars)
	{
		memcpy(out + stars, "...", 3);
		written += 3;
	}
	out[written] = '\0';
	return written;
}
