/*
 * address_text.c
 *	  Folding the characters of an address.
 */
#include "core/address_text.h"

#include "core/variant_table.h"

#define BEYOND_TABLE 0x10000
#define FIRST_IDEOGRAPH_BEYOND 0x20000
#define LAST_IDEOGRAPH_BEYOND 0x3FFFF
#define BROKEN 0
#define FIRST_WIDE_SYMBOL 0x2E80

/* Whether n continuation bytes follow. */
static bool
continues(const unsigned char *in, int n)
{
	for (int i = 1; i <= n; i++)
	{
		if ((in[i] & 0xC0) != 0x80)
			return false;
	}
	return true;
}

/* Reads a character of `left` bytes at most; sets its length, 1 for a byte that is no UTF-8. */
static inline __attribute__((always_inline)) uint32_t
next_character(const unsigned char *in, size_t left, int *length)
{
	uint32_t	c;

	if (in[0] < 0x80)
	{
		*length = 1;
		return in[0];
	}
	if (left >= 3 && (in[0] & 0xF0) == 0xE0 && continues(in, 2))
	{
		c = ((uint32_t) (in[0] & 0x0F) << 12) | ((uint32_t) (in[1] & 0x3F) << 6) | (in[2] & 0x3F);
		*length = 3;
		if (c >= 0x800 && (c < 0xD800 || c > 0xDFFF))
			return c;
	}
	else if (left >= 2 && in[0] >= 0xC2 && in[0] <= 0xDF && continues(in, 1))
	{
		*length = 2;
		return ((uint32_t) (in[0] & 0x1F) << 6) | (in[1] & 0x3F);
	}
	else if (left >= 4 && (in[0] & 0xF8) == 0xF0 && continues(in, 3))
	{
		c = ((uint32_t) (in[0] & 0x07) << 18) | ((uint32_t) (in[1] & 0x3F) << 12) |
			((uint32_t) (in[2] & 0x3F) << 6) | (in[3] & 0x3F);
		*length = 4;
		if (c >= 0x10000 && c <= 0x10FFFF)
			return c;
	}
	*length = 1;
	return BROKEN;
}

/* What becomes of a character of the table: the character, or VARIANT_NOISE, or VARIANT_BLANK. */
static inline uint32_t
variant(uint32_t character)
{
	uint32_t	other = variant_block[variant_page[character / VARIANT_BLOCK]][character % VARIANT_BLOCK];

	return other == VARIANT_ITSELF ? character : other;
}

/* The same of any character. */
static inline uint32_t
folded(uint32_t character)
{
	if (character >= BEYOND_TABLE)
		return character >= FIRST_IDEOGRAPH_BEYOND && character <= LAST_IDEOGRAPH_BEYOND ? character : VARIANT_NOISE;
	return variant(character);
}

uint32_t
residency_address_symbol(uint32_t character)
{
	uint32_t	symbol = folded(character);

	return symbol == VARIANT_NOISE || symbol == VARIANT_BLANK ? 0 : symbol;
}

static inline bool
is_digit_or_letter(uint32_t symbol)
{
	return (symbol >= '0' && symbol <= '9') || (symbol >= 'A' && symbol <= 'Z');
}

/*
 * The ideographs of addresses, nearly all of their characters: three bytes that
 * begin with 0xE4 to 0xE9.  0 if no such character stands here.
 */
static inline uint32_t
next_ideograph(const unsigned char *in, size_t left)
{
	uint32_t	second;
	uint32_t	third;

	if (left < 3 || (unsigned char) (in[0] - 0xE4) > 0xE9 - 0xE4)
		return 0;
	second = in[1] ^ 0x80u;
	third = in[2] ^ 0x80u;
	return (second | third) > 0x3F ? 0 : ((in[0] & 0x0Fu) << 12) | (second << 6) | third;
}

/* Puts a symbol in as number n; gives n + 1. */
static inline int
put(AddressText *out, int n, uint32_t symbol, int position, size_t offset)
{
	out->symbol[n] = symbol;
	out->position[n] = (uint16_t) position;
	out->offset[n] = (uint32_t) offset;
	return n + 1;
}

/* What was left out before a symbol: the first blank, if there was one. */
typedef struct Blank
{
	bool		any;
	int			position;
	size_t		offset;
} Blank;

/* Takes in a sign, digit or letter: blanks part two numbers, separators are one. */
static int
put_latin(AddressText *out, int n, uint32_t symbol, int position, size_t offset, const Blank *blank)
{
	uint32_t	before = n > 0 ? out->symbol[n - 1] : 0;

	if (symbol == ',' && before == ',')
		return n;
	out->has_bracket |= symbol == '(';
	out->has_comma |= symbol == ',';
	if (blank->any && is_digit_or_letter(before) && is_digit_or_letter(symbol) && n < RESIDENCY_ADDRESS_CHARACTERS - 1)
	{
		n = put(out, n, ',', blank->position, blank->offset);
		out->has_comma = true;
	}
	return put(out, n, symbol, position, offset);
}

/* Counts the characters of what is not read. */
static int
count_characters(const unsigned char *in, size_t len)
{
	int			count = 0;
	int			length;

	for (size_t at = 0; at < len; at += length, count++)
		next_character(in + at, len - at, &length);
	return count;
}

void
residency_address_fold(const char *in, size_t len, AddressText *out)
{
	const unsigned char *bytes = (const unsigned char *) in;
	size_t		at = 0;
	int			position = 0;
	int			n = 0;
	Blank		blank = {false, 0, 0};

	out->has_bracket = out->has_comma = false;
	while (at < len && n < RESIDENCY_ADDRESS_CHARACTERS && position < UINT16_MAX)
	{
		int			length = 3;
		uint32_t	symbol = next_ideograph(bytes + at, len - at);

		if (symbol != 0)
			symbol = variant(symbol);
		else if (bytes[at] < 0x80)
		{
			symbol = variant(bytes[at]);
			length = 1;
		}
		else
			symbol = folded(next_character(bytes + at, len - at, &length));
		/* to what is no sign, digit or letter nothing matters that stands before */
		if (symbol >= FIRST_WIDE_SYMBOL)
		{
			n = put(out, n, symbol, position, at);
			blank.any = false;
		}
		else if (symbol > VARIANT_BLANK)
		{
			n = put_latin(out, n, symbol, position, at, &blank);
			blank.any = false;
		}
		else if (symbol == VARIANT_BLANK && !blank.any)
		{
			blank.any = true;
			blank.position = position;
			blank.offset = at;
		}
		at += (size_t) length;
		position++;
	}
	out->length = n;
	out->symbol[n] = 0;
	out->position[n] = (uint16_t) position;
	out->offset[n] = (uint32_t) at;
	out->total = position + count_characters(bytes + at, len - at);
}
