/*
 * address_value_fuzz.c
 *	  Values of addresses: what holds for all of them, damaged ones too, and for
 *	  canonical text.
 */
#include "fuzz.h"

#include "address_law.h"

static void
lawful(const char *broken)
{
	if (broken != NULL)
	{
		fprintf(stderr, "broken: %s\n", broken);
		abort();
	}
}

/* Text that can be read is an address; so is a flat value that is plain. */
static void
check_text(const char *in, size_t len)
{
	AddressParts parts;

	if (residency_address_scan(in, len, &parts) == ADDRESS_FINE)
	{
		HOLDS(residency_address_is_canonical(in, len));
		lawful(broken_form(&parts));
		lawful(broken_line(&parts));
	}
	if (residency_address_read(in, len, &parts) && residency_address_check(&parts) == ADDRESS_FINE)
		lawful(broken_law(&parts, &parts, &parts));
}

/* A third of the bytes as they are, as a flat value. */
static Flat
raw(const uint8_t *data, size_t size, int third)
{
	Flat		flat;

	flat.len = size / 3;
	memcpy(flat.bytes, data + (size_t) third * flat.len, flat.len);
	return flat;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Source		source = {data, data + size};
	AddressParts a;
	AddressParts b;
	AddressParts c;

	check_text((const char *) data, size);
	if (size / 3 <= RESIDENCY_ADDRESS_SIZE)
	{
		Flat		x = raw(data, size, 0);
		Flat		y = raw(data, size, 1);
		Flat		z = raw(data, size, 2);
		uint64_t	keys[RESIDENCY_ADDRESS_KEYS];

		lawful(broken_order(&x, &y, &z));
		HOLDS(residency_address_whole_keys(x.bytes, x.len, keys) <= RESIDENCY_ADDRESS_KEYS);
		HOLDS(residency_address_part_keys(x.bytes, x.len, keys) <= RESIDENCY_ADDRESS_KEYS);
		(void) is_around(&x, &y);
		(void) has_all_of(&x, &y);
	}
	if (make_address(&source, &a) && make_address(&source, &b) && make_address(&source, &c))
		lawful(broken_law(&a, &b, &c));
	return 0;
}
