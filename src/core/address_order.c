/*
 * address_order.c
 *	  Which address comes first, which lies in which, what a search by parts
 *	  looks for.
 */
#include "core/address.h"

#include <string.h>

#include "core/address_walk.h"

static bool
is_digit(unsigned char c)
{
	return c >= '0' && c <= '9';
}

/* A run of digits, its zeros in front left out. */
typedef struct Number
{
	const char *digits;
	size_t		count;
} Number;

/* Takes the number that begins at *at; moves past it. */
static Number
take_number(const char **at, const char *end)
{
	Number		number;

	while (*at < end && **at == '0')
		(*at)++;
	number.digits = *at;
	while (*at < end && is_digit((unsigned char) **at))
		(*at)++;
	number.count = (size_t) (*at - number.digits);
	return number;
}

/* 9号 before 12号; 9号 and 09号 are neighbours, not equals. */
static int
compare_values(const AddressElement *a, const AddressElement *b)
{
	const char *p = a->value;
	const char *p_end = p + a->length;
	const char *q = b->value;
	const char *q_end = q + b->length;
	int			order;

	while (p < p_end && q < q_end)
	{
		unsigned char c = (unsigned char) *p;
		unsigned char d = (unsigned char) *q;

		if (is_digit(c) && is_digit(d))
		{
			Number		x = take_number(&p, p_end);
			Number		y = take_number(&q, q_end);

			if (x.count != y.count)
				return x.count < y.count ? -1 : 1;
			order = memcmp(x.digits, y.digits, x.count);
			if (order != 0)
				return order;
			continue;
		}
		if (c != d)
			return c < d ? -1 : 1;
		p++;
		q++;
	}
	if (p < p_end || q < q_end)
		return p < p_end ? 1 : -1;

	order = memcmp(a->value, b->value, a->length < b->length ? a->length : b->length);
	return order != 0 ? order : (int) a->length - (int) b->length;
}

static bool
same_element(const AddressElement *a, const AddressElement *b)
{
	return a->level == b->level && a->length == b->length && memcmp(a->value, b->value, a->length) == 0;
}

int
residency_address_compare(const char *a, size_t alen, const char *b, size_t blen)
{
	int64_t		division = address_division_of(a, alen);
	int64_t		other = address_division_of(b, blen);
	AddressWalk p;
	AddressWalk q;

	if (division != other)
		return division < other ? -1 : 1;
	p = address_walk_telling(a, alen);
	q = address_walk_telling(b, blen);
	for (;;)
	{
		AddressElement x = {0};
		AddressElement y = {0};
		bool		more = address_next(&p, &x);
		bool		other_more = address_next(&q, &y);
		int			order;

		if (!more || !other_more)
			return (int) more - (int) other_more;
		if (x.level != y.level)
			return x.level < y.level ? -1 : 1;
		order = compare_values(&x, &y);
		if (order != 0)
			return order;
	}
}

bool
residency_address_contains(const char *outer, size_t outer_len, const char *inner, size_t inner_len)
{
	int64_t		around = address_division_of(outer, outer_len);
	int64_t		division = address_division_of(inner, inner_len);
	AddressWalk p = address_walk_telling(outer, outer_len);
	AddressWalk q = address_walk_telling(inner, inner_len);
	AddressElement x;
	AddressElement y;

	if (!address_next(&p, &x))
		return around != 0 && residency_division_code_within(division, around);
	if (division != around)
		return false;
	do
	{
		if (!address_next(&q, &y) || !same_element(&x, &y))
			return false;
	} while (address_next(&p, &x));
	return true;
}

bool
residency_address_fits(const char *whole, size_t whole_len, const char *part, size_t part_len)
{
	int64_t		around = address_division_of(part, part_len);
	AddressWalk p = address_walk_telling(part, part_len);
	AddressWalk q = address_walk_all(whole, whole_len);
	AddressElement x;
	AddressElement y;

	if (around != 0 && !residency_division_code_within(address_division_of(whole, whole_len), around))
		return false;

	/* both go from the outside in, so one walk along the whole is enough */
	while (address_next(&p, &x))
	{
		do
		{
			if (!address_next(&q, &y))
				return false;
		} while (y.level < x.level);
		if (!same_element(&x, &y))
			return false;
	}
	return true;
}

/* FNV-1a, its bits stirred at the end by stir(). */
#define HASH_START UINT64_C(14695981039346656037)

static uint64_t
hash_bytes(uint64_t hash, const char *in, size_t len)
{
	for (size_t i = 0; i < len; i++)
		hash = (hash ^ (unsigned char) in[i]) * UINT64_C(1099511628211);
	return hash;
}

static uint64_t
hash_element(uint64_t hash, const AddressElement *element)
{
	char		head[2] = {(char) element->level, (char) element->length};

	return hash_bytes(hash_bytes(hash, head, sizeof(head)), element->value, element->length);
}

static uint64_t
hash_division(uint64_t hash, int64_t division)
{
	for (int shift = 56; shift >= 0; shift -= 8)
		hash = (hash ^ ((uint64_t) division >> shift & 0xFF)) * UINT64_C(1099511628211);
	return hash;
}

/* Lets every bit of a hash depend on every other (MurmurHash3, public domain). */
static uint64_t
stir(uint64_t hash)
{
	hash = (hash ^ hash >> 33) * UINT64_C(0xff51afd7ed558ccd);
	hash = (hash ^ hash >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
	return hash ^ hash >> 33;
}

uint64_t
residency_address_hash(const char *in, size_t len, uint64_t seed)
{
	AddressWalk walk = address_walk_telling(in, len);
	AddressElement element;
	uint64_t	hash = hash_division(HASH_START ^ stir(seed), address_division_of(in, len));

	while (address_next(&walk, &element))
		hash = hash_element(hash, &element);
	return stir(hash);
}

/* A byte that goes on with a character, in 6 bits; those that don't come before or behind all that do. */
static uint64_t
six_bits(unsigned char c)
{
	return c < 0x80 ? 0 : c > 0xBF ? 0x3F : c & 0x3F;
}

/*
 * The first 20 bits of a value's order: a number up to 4095 that it begins with,
 * or its first character.
 */
static uint64_t
abbreviate_value(const AddressElement *element)
{
	unsigned char value[3] = {0};
	uint64_t	rest = 0;

	memcpy(value, element->value, element->length < sizeof(value) ? element->length : sizeof(value));
	if (is_digit(value[0]))
	{
		for (int i = 0; i < element->length && is_digit((unsigned char) element->value[i]) && rest < 4095; i++)
			rest = rest * 10 + (uint64_t) (element->value[i] - '0');
		return (uint64_t) '0' << 12 | (rest < 4095 ? rest : 4095);
	}
	if (value[0] >= 0xE0)
	{
		rest = six_bits(value[1]) << 6;
		rest |= value[1] < 0x80 ? 0 : value[1] > 0xBF ? 0x3F : six_bits(value[2]);
	}
	return (uint64_t) value[0] << 12 | rest;
}

uint64_t
residency_address_abbreviate(const char *in, size_t len)
{
	AddressWalk walk = address_walk_telling(in, len);
	AddressElement element;
	int64_t		division = address_division_of(in, len);
	uint64_t	order;

	/* no code has more than 40 bits */
	if (division < 0 || division >> 40 != 0)
		return division < 0 ? 0 : UINT64_MAX;
	order = (uint64_t) division << 24;
	/* of levels that there are not, nothing more is told */
	if (address_next(&walk, &element))
		order |= element.level > ADDRESS_LEVELS ? 0xFFFFFF : (uint64_t) element.level << 20 | abbreviate_value(&element);
	return order;
}

static int
element_keys(AddressWalk walk, uint64_t *keys)
{
	AddressElement element;
	int			count = 0;

	while (count < RESIDENCY_ADDRESS_ELEMENTS && address_next(&walk, &element))
		keys[count++] = stir(hash_element(HASH_START, &element));
	return count;
}

static uint64_t
division_key(int64_t division)
{
	return stir(hash_division(HASH_START, division));
}

int
residency_address_whole_keys(const char *in, size_t len, uint64_t *keys)
{
	int64_t		division = address_division_of(in, len);
	int64_t		line[RESIDENCY_DIVISION_LEVELS];
	int			count = element_keys(address_walk_all(in, len), keys);
	int			divisions = division == 0 ? 0 : residency_division_code_lineage(division, line);

	for (int i = 0; i < divisions; i++)
		keys[count++] = division_key(line[i]);
	return count;
}

int
residency_address_part_keys(const char *in, size_t len, uint64_t *keys)
{
	int64_t		division = address_division_of(in, len);
	int			count = element_keys(address_walk_telling(in, len), keys);

	if (division != 0)
		keys[count++] = division_key(division);
	return count;
}
