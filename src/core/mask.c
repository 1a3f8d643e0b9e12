/*
 * mask.c
 *	  Personal data with its middle hidden: names, numbers, addresses for the
 *	  letter, the forms that offices use.
 */
#include "core/mask.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "core/address_parse.h"
#include "core/text.h"

/* The longest number that is looked into; none has more. */
#define LONGEST_NUMBER 40

static const uint32_t combining[][2] = {
	{0x0300, 0x036F}, {0x0483, 0x0489}, {0x064B, 0x065F}, {0x0F18, 0x0F19}, {0x0F35, 0x0F39},
	{0x0F71, 0x0F84}, {0x0F8D, 0x0FBC}, {0x180B, 0x180D}, {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF},
	{0x200D, 0x200D}, {0x20D0, 0x20FF}, {0x302A, 0x302F}, {0x3099, 0x309A}, {0xFE00, 0xFE0F},
	{0xFE20, 0xFE2F}, {0xE0100, 0xE01EF}
};

/* Blanks and dots between the words of a name: 阿依古丽·买买提. */
static const uint32_t separators[] = {' ', 0x00A0, 0x00B7, 0x2022, 0x2027, 0x3000, 0x30FB, 0xFF65};

/* The code point at *s, which is moved past it; 0xFFFFFFFF for a byte that is no UTF-8. */
static uint32_t
next_code(const char **s, const char *end)
{
	static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
	const unsigned char *c = (const unsigned char *) *s;
	int			more = c[0] < 0x80 ? 0 : (c[0] & 0xE0) == 0xC0 ? 1 : (c[0] & 0xF0) == 0xE0 ? 2 : (c[0] & 0xF8) == 0xF0 ? 3 : -1;
	uint32_t	code = more == 0 ? c[0] : c[0] & (0x3F >> (more > 0 ? more : 0));
	bool		sound = more >= 0 && end - *s > more;

	for (int i = 1; sound && i <= more; i++)
	{
		sound = (c[i] & 0xC0) == 0x80;
		code = code << 6 | (c[i] & 0x3F);
	}
	sound = sound && code >= least[more] && code <= 0x10FFFF && !(code >= 0xD800 && code <= 0xDFFF);
	*s += sound ? more + 1 : 1;
	return sound ? code : UINT32_MAX;
}

static bool
is_combining(uint32_t code)
{
	for (size_t i = 0; i < sizeof(combining) / sizeof(combining[0]); i++)
	{
		if (code >= combining[i][0] && code <= combining[i][1])
			return true;
	}
	return false;
}

static bool
is_separator(uint32_t code)
{
	for (size_t i = 0; i < sizeof(separators) / sizeof(separators[0]); i++)
	{
		if (code == separators[i])
			return true;
	}
	return false;
}

static bool
is_ideograph(uint32_t code)
{
	return code == 0x3007 || (code >= 0x3400 && code <= 0x9FFF) || (code >= 0xF900 && code <= 0xFAFF) ||
		(code >= 0x20000 && code <= 0x3FFFF);
}

static bool
is_digit(uint32_t code)
{
	return (code >= '0' && code <= '9') || (code >= 0xFF10 && code <= 0xFF19);
}

/* A character as a reader counts: a code point with the combining marks after it. */
static uint32_t
next_character(const char **s, const char *end)
{
	uint32_t	code = next_code(s, end);

	for (const char *after = *s; after < end && is_combining(next_code(&after, end));)
		*s = after;
	return code;
}

static size_t
count_characters(const char *in, const char *end)
{
	size_t		count = 0;

	for (; in < end; count++)
		next_character(&in, end);
	return count;
}

/* The first and last characters stay, the others become stars; where nothing would be hidden, all do. */
static size_t
keep(const char *in, const char *end, size_t head, size_t tail, char *out)
{
	size_t		count = count_characters(in, end);
	size_t		written = 0;

	if (head + tail >= count)
		head = tail = 0;
	for (size_t i = 0; in < end; i++)
	{
		const char *start = in;

		next_character(&in, end);
		if (i < head || i >= count - tail)
		{
			memcpy(out + written, start, (size_t) (in - start));
			written += (size_t) (in - start);
		}
		else
			out[written++] = '*';
	}
	return written;
}

/* Of a name in words the first one stays, and what stands between the others; 0: there are no others. */
static size_t
keep_word(const char *in, const char *end, char *out)
{
	size_t		written = 0;
	bool		first = true;
	bool		hidden = false;

	while (in < end)
	{
		const char *start = in;
		bool		between = is_separator(next_character(&in, end));

		first = first && !between;
		if (first || between)
		{
			memcpy(out + written, start, (size_t) (in - start));
			written += (size_t) (in - start);
		}
		else
		{
			out[written++] = '*';
			hidden = true;
		}
	}
	return hidden ? written : 0;
}

static size_t
mask_name(const char *in, const char *end, char *out)
{
	bool		chinese = false;
	bool		words = false;
	bool		odd = false;

	for (const char *s = in; s < end;)
	{
		uint32_t	code = next_character(&s, end);

		chinese = chinese || is_ideograph(code);
		words = words || is_separator(code);
		/* a number that was entered as a name, or what no name has */
		odd = odd || is_digit(code) || code < ' ' || code == UINT32_MAX;
	}
	if (odd)
		return 0;
	if (words)
		return keep_word(in, end, out);
	return keep(in, end, 1, chinese && count_characters(in, end) > 2 ? 1 : 0, out);
}

/* What is left of a number of `count` characters, folded to ASCII. */
static size_t
keep_number(const char *number, size_t count, size_t head, size_t tail, char *out)
{
	memset(out, '*', count);
	memcpy(out, number, head);
	memcpy(out + count - tail, number + count - tail, tail);
	return count;
}

static bool
all_digits(const char *s, size_t count)
{
	for (size_t i = 0; i < count; i++)
	{
		if (!is_digit((unsigned char) s[i]))
			return false;
	}
	return true;
}

static bool
is_resident_number(const char *s, size_t count)
{
	if (count == 18)
		return all_digits(s, 17) && (is_digit((unsigned char) s[17]) || s[17] == 'X');
	/* before 1999; and of a foreigner's permanent residence card of old, which begins with letters */
	return count == 15 && all_digits(s + 3, 12) &&
		(all_digits(s, 3) || (s[0] >= 'A' && s[0] <= 'Z' && s[1] >= 'A' && s[1] <= 'Z' && s[2] >= 'A' && s[2] <= 'Z'));
}

static size_t
mask_bank_card(const char *number, size_t count, char *out)
{
	char		digits[LONGEST_NUMBER];
	size_t		n = 0;

	for (size_t i = 0; i < count; i++)
	{
		if (number[i] != ' ' && number[i] != '-')
			digits[n++] = number[i];
	}
	if (n < 12 || n > 19 || !all_digits(digits, n))
		return 0;
	return keep_number(digits, n, 0, 4, out);
}

/*
 * The national number of a telephone: 11 digits of a mobile, or area code,
 * 7 or 8 digits and perhaps an extension behind a hyphen.
 */
static size_t
mask_national(const char *digit, const bool *hyphen, size_t n, char *out)
{
	size_t		area;
	size_t		number;

	if (n == 11 && digit[0] == '1' && digit[1] >= '3')
		return keep_number(digit, n, 3, 4, out);
	if (n < 4 || digit[0] != '0')
		return 0;
	area = digit[1] == '1' || digit[1] == '2' ? 3 : 4;
	number = n;
	for (size_t i = area + 7; i <= area + 8 && i < n; i++)
	{
		if (hyphen[i])
			number = i;
	}
	if (number < area + 7 || number > area + 8)
		return 0;
	memcpy(out, digit, area);
	out[area] = '-';
	keep_number(digit + area, number - area, 0, 4, out + area + 1);
	if (number == n)
		return n + 1;
	out[number + 1] = '-';
	memset(out + number + 2, '*', n - number);
	return n + 2;
}

static size_t
mask_phone(const char *number, size_t count, char *out)
{
	/* a place more, for the 0 of an area code that +86 leaves out */
	char		digit[LONGEST_NUMBER + 1];
	bool		hyphen[LONGEST_NUMBER + 1];
	bool		after_hyphen = false;
	bool		abroad = count > 0 && number[0] == '+';
	size_t		skip;
	size_t		written;
	size_t		n = 1;

	for (size_t i = abroad ? 1 : 0; i < count; i++)
	{
		if (number[i] == '-')
			after_hyphen = true;
		else if (is_digit((unsigned char) number[i]))
		{
			digit[n] = number[i];
			hyphen[n++] = after_hyphen;
			after_hyphen = false;
		}
		else if (number[i] != ' ' && number[i] != '(' && number[i] != ')')
			return 0;
	}
	n--;
	if (!abroad && n > 4 && memcmp(digit + 1, "0086", 4) == 0)
		skip = 4;
	else if ((abroad && n > 2 && memcmp(digit + 1, "86", 2) == 0) || (n == 13 && memcmp(digit + 1, "861", 3) == 0))
		skip = 2;
	else
		return abroad ? 0 : mask_national(digit + 1, hyphen + 1, n, out);

	memcpy(out, "+86 ", 4);
	written = mask_national(digit + 1 + skip, hyphen + 1 + skip, n - skip, out + 4);
	if (written == 0)
	{
		digit[skip] = '0';
		hyphen[skip] = false;
		written = mask_national(digit + skip, hyphen + skip, n - skip + 1, out + 4);
	}
	return written == 0 ? 0 : written + 4;
}

/* By its kind, if the text reads as it; 0: it doesn't. */
static size_t
mask_number(MaskKind kind, const char *in, size_t len, char *out)
{
	char		number[LONGEST_NUMBER];
	size_t		count = residency_fold(in, len, number, sizeof(number));

	if (count > sizeof(number))
		return 0;
	if (kind == MASK_PHONE)
		return mask_phone(number, count, out);
	if (kind == MASK_BANK_CARD)
		return mask_bank_card(number, count, out);
	if (!is_resident_number(number, count))
		return 0;
	return kind == MASK_PUBLIC_ID ? keep_number(number, count, 1, 1, out) : keep_number(number, count, 6, 4, out);
}

static size_t
mask_email(const char *in, size_t len, char *out)
{
	const char *at = memchr(in, '@', len);
	const char *end = in + len;
	const char *dot = at ? memchr(at, '.', (size_t) (end - at)) : NULL;
	const char *second = in;
	size_t		shown;

	if (at == NULL || at == in || dot == NULL || dot == at + 1 || dot == end - 1 || memchr(at + 1, '@', (size_t) (end - at - 1)))
		return 0;
	for (const char *s = in; s < end; s++)
	{
		if (*s >= 0 && *s <= ' ')
			return 0;
	}
	next_character(&second, end);
	/* of one character nothing would be hidden */
	shown = second < at ? (size_t) (second - in) : 0;
	memcpy(out, in, shown);
	memcpy(out + shown, "***", 3);
	memcpy(out + shown + 3, at, (size_t) (end - at));
	return shown + 3 + (size_t) (end - at);
}

/*
 * What is read as a division or a road from the beginning on stays.  Read without
 * the gazetteer, by its words alone, so that the answer stays the same for ever.
 */
static size_t
mask_address(const char *in, size_t len, char *out)
{
	AddressParse parse;
	const AddressText *text = &parse.text;
	size_t		shown = 0;
	int			next = 0;

	residency_address_parse(NULL, in, len, 0, &parse);
	for (int i = 0; i < parse.npieces && parse.piece[i].from == next; i++)
	{
		const AddressPiece *piece = &parse.piece[i];

		if (piece->remark || piece->kind < ADDRESS_PROVINCE || piece->kind > ADDRESS_ROAD || piece->kind == ADDRESS_VILLAGE_GROUP)
			break;
		next = piece->to;
		shown = next < text->length ? text->offset[next] : len;
	}
	if (shown == 0 || (shown == len && parse.text.total > RESIDENCY_ADDRESS_CHARACTERS))
		return 0;
	memcpy(out, in, shown);
	if (shown == len)
		return len;
	memset(out + shown, '*', 6);
	return shown + 6;
}

size_t
residency_mask_kind(MaskKind kind, const char *in, size_t len, char *out)
{
	const char *end = in + len;
	size_t		written = 0;

	residency_trim(&in, &end);
	len = (size_t) (end - in);
	switch (kind)
	{
		case MASK_NAME:
			written = mask_name(in, end, out);
			break;
		case MASK_DOCUMENT:
			return count_characters(in, end) < 6 ? keep(in, end, 0, 0, out) : keep(in, end, 1, 2, out);
		case MASK_EMAIL:
			written = mask_email(in, len, out);
			break;
		case MASK_ADDRESS:
			written = mask_address(in, len, out);
			break;
		case MASK_RESIDENT_ID:
		case MASK_PUBLIC_ID:
		case MASK_PHONE:
		case MASK_BANK_CARD:
			written = mask_number(kind, in, len, out);
			break;
		case MASK_KINDS:
			break;
	}
	return written > 0 ? written : keep(in, end, 0, 0, out);
}
