/*
 * address_law.h
 *	  What holds for all addresses: tried by the fuzzer with what it finds, by
 *	  the unit test with what chance makes.
 */
#ifndef RESIDENCY_ADDRESS_LAW_H
#define RESIDENCY_ADDRESS_LAW_H

#include <stdint.h>
#include <string.h>

#include "core/address.h"
#include "core/division_code.h"

/* A flat value. */
typedef struct Flat
{
	char		bytes[RESIDENCY_ADDRESS_SIZE];
	size_t		len;
} Flat;

/* Where the bytes come from that an address is made of; ends in zeros. */
typedef struct Source
{
	const uint8_t *at;
	const uint8_t *end;
} Source;

static inline uint8_t
take(Source *source)
{
	return source->at < source->end ? *source->at++ : 0;
}

/*
 * Makes an address of some bytes: few divisions and values, so that addresses
 * meet; now and then a value of any bytes.  False if it is none.
 */
static inline bool
make_address(Source *source, AddressParts *parts)
{
	static const int64_t divisions[] = {
		0, 440000000000, 440100000000, 440113000000, 440113102000, 440113102207, 441900003000, 469002000000
	};
	static const char *const values[] = {
		"9号", "12号", "012号", "12号之1", "12", "3", "302室", "1503室", "三坊大街", "里仁洞村", "A座", "B2",
		"广东省", "北京市", "番禺区", "大石街道", "2单元", "5层", "旁", "\xF4\x8F\xBF\xBF", "99999号", "é", "开发区"
	};

	parts->division = divisions[take(source) % 8];
	parts->count = 0;
	for (int level = ADDRESS_PROVINCE; level <= ADDRESS_LEVELS; level++)
	{
		AddressElement *element = &parts->element[parts->count];
		uint8_t		choice = take(source);
		size_t		len;

		if (choice < 128)
			continue;
		element->level = (uint8_t) level;
		if (choice < 250)
		{
			element->value = values[choice % (sizeof(values) / sizeof(values[0]))];
			len = strlen(element->value);
		}
		else
		{
			len = take(source) % 9;
			if (len > (size_t) (source->end - source->at))
				len = (size_t) (source->end - source->at);
			element->value = (const char *) source->at;
			source->at += len;
		}
		element->length = (uint8_t) len;
		parts->count++;
	}
	return residency_address_check(parts) == ADDRESS_FINE;
}

static inline Flat
flat_of(const AddressParts *parts)
{
	Flat		flat;

	flat.len = residency_address_write(parts, flat.bytes);
	return flat;
}

static inline int
order_of(const Flat *a, const Flat *b)
{
	return residency_address_compare(a->bytes, a->len, b->bytes, b->len);
}

static inline bool
is_around(const Flat *a, const Flat *b)
{
	return residency_address_contains(a->bytes, a->len, b->bytes, b->len);
}

static inline bool
has_all_of(const Flat *whole, const Flat *part)
{
	return residency_address_fits(whole->bytes, whole->len, part->bytes, part->len);
}

/* Holds for any bytes: the order is one, and hash and abbreviation follow it. */
static inline const char *
broken_order(const Flat *a, const Flat *b, const Flat *c)
{
	int			order = order_of(a, b);
	uint64_t	short_a = residency_address_abbreviate(a->bytes, a->len);
	uint64_t	short_b = residency_address_abbreviate(b->bytes, b->len);

	if (order_of(a, a) != 0)
		return "equal to itself";
	if ((order < 0) != (order_of(b, a) > 0) || (order == 0) != (order_of(b, a) == 0))
		return "the order is the same from both sides";
	if (order <= 0 && order_of(b, c) <= 0 && order_of(a, c) > 0)
		return "the order is transitive";
	if (order == 0 && (order_of(a, c) < 0) != (order_of(b, c) < 0))
		return "equals stand at one place";
	if ((short_a < short_b && order >= 0) || (order == 0 && short_a != short_b))
		return "the abbreviation follows the order";
	if (order == 0 &&
		(residency_address_hash(a->bytes, a->len, 0) != residency_address_hash(b->bytes, b->len, 0) ||
		 residency_address_hash(a->bytes, a->len, 7) != residency_address_hash(b->bytes, b->len, 7)))
		return "equals have equal hashes";
	return NULL;
}

/* Holds for an address: it is written and read again as it was. */
static inline const char *
broken_form(const AddressParts *parts)
{
	Flat		flat = flat_of(parts);
	Flat		again;
	AddressParts read;
	char		form[RESIDENCY_ADDRESS_FORM_SIZE];
	size_t		len = residency_address_format(parts, form);

	if (!residency_address_read(flat.bytes, flat.len, &read))
		return "what is written can be read";
	again = flat_of(&read);
	if (again.len != flat.len || memcmp(again.bytes, flat.bytes, flat.len) != 0)
		return "what is read was written";
	if (len >= sizeof(form) || form[len] != '\0' || !residency_address_is_canonical(form, len))
		return "the form is canonical";
	if (residency_address_scan(form, len, &read) != ADDRESS_FINE)
		return "the form can be read";
	again = flat_of(&read);
	if (again.len != flat.len || memcmp(again.bytes, flat.bytes, flat.len) != 0)
		return "the form read is the address";
	if (residency_address_print(parts, form) >= sizeof(form))
		return "a letter has room for it";
	return NULL;
}

/* Holds for an address: the line above it. */
static inline const char *
broken_line(const AddressParts *parts)
{
	AddressParts above = *parts;
	Flat		inner = flat_of(parts);
	int			count = 1;

	while (residency_address_parent(&above))
	{
		Flat		outer = flat_of(&above);

		if (residency_address_check(&above) != ADDRESS_FINE)
			return "a parent is an address";
		if (!is_around(&outer, &inner) || order_of(&outer, &inner) >= 0)
			return "a parent is around its child, and comes before it";
		if (residency_address_level(&above) > residency_address_level(parts))
			return "a parent's level is no deeper";
		if (++count > RESIDENCY_ADDRESS_LINEAGE)
			return "the line ends";
		inner = outer;
	}
	return NULL;
}

/* Holds for two addresses: what lies in what. */
static inline const char *
broken_containment(const AddressParts *outer, const AddressParts *inner)
{
	Flat		a = flat_of(outer);
	Flat		b = flat_of(inner);
	AddressParts last = *outer;
	AddressParts above = *inner;
	Flat		z;
	bool		around = is_around(&a, &b);
	bool		met = false;
	uint64_t	whole[RESIDENCY_ADDRESS_KEYS];
	uint64_t	part[RESIDENCY_ADDRESS_KEYS];
	int			nwhole = residency_address_whole_keys(b.bytes, b.len, whole);
	int			npart = residency_address_part_keys(a.bytes, a.len, part);

	residency_address_last_within(&last);
	z = flat_of(&last);
	if (residency_address_check(&last) != ADDRESS_FINE)
		return "the last within is an address";
	if (around != (order_of(&a, &b) <= 0 && order_of(&b, &z) <= 0))
		return "containment is a range";
	if (around && !has_all_of(&b, &a))
		return "what lies in an address has its elements";
	do
	{
		Flat		line = flat_of(&above);

		met |= order_of(&line, &a) == 0;
	} while (residency_address_parent(&above));
	if (met != around)
		return "the line has all that contain it";
	if (npart < 1)
		return "there is something to search for";
	for (int i = 0; i < npart && has_all_of(&b, &a); i++)
	{
		int			at = 0;

		while (at < nwhole && whole[at] != part[i])
			at++;
		if (at == nwhole)
			return "what fits has the keys";
	}
	return NULL;
}

/* All of it for three addresses; NULL if nothing is broken. */
static inline const char *
broken_law(const AddressParts *a, const AddressParts *b, const AddressParts *c)
{
	Flat		x = flat_of(a);
	Flat		y = flat_of(b);
	Flat		z = flat_of(c);
	const char *broken = broken_order(&x, &y, &z);

	if (broken == NULL)
		broken = broken_form(a);
	if (broken == NULL)
		broken = broken_line(a);
	if (broken == NULL)
		broken = broken_containment(a, b);
	return broken;
}

#endif							/* RESIDENCY_ADDRESS_LAW_H */
