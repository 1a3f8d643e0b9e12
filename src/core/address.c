/*
 * address.c
 *	  The flat value of an address: written, read, compared, hashed.
 */
#include "core/address.h"

#include <string.h>

#include "core/address_walk.h"

/* Above everything that an address can name: the last character there is. */
static const char last_character[] = "\xF4\x8F\xBF\xBF";
#define LAST_CHARACTER_BYTES 4

size_t
residency_address_write(const AddressParts *parts, char *out)
{
	char	   *at = out + ADDRESS_DIVISION_BYTES;

	for (int i = 0; i < ADDRESS_DIVISION_BYTES; i++)
		out[i] = (char) (uint8_t) ((uint64_t) parts->division >> (8 * (ADDRESS_DIVISION_BYTES - 1 - i)));
	for (int i = 0; i < parts->count; i++)
	{
		const AddressElement *element = &parts->element[i];

		*at++ = (char) element->level;
		*at++ = (char) element->length;
		memcpy(at, element->value, element->length);
		at += element->length;
	}
	return (size_t) (at - out);
}

/* What is wrong with the frame of an address: all but the characters of its values. */
static int
frame_problem(const AddressParts *parts)
{
	if (parts->division == 0 && parts->count == 0)
		return ADDRESS_EMPTY;
	if (parts->division != 0 && residency_division_code_check(parts->division) != DIVISION_CODE_FINE)
		return ADDRESS_DIVISION;
	for (int i = 0; i < parts->count; i++)
	{
		const AddressElement *element = &parts->element[i];

		if (element->level > ADDRESS_LEVELS ||
			element->level <= (i == 0 ? ADDRESS_NONE : parts->element[i - 1].level))
			return ADDRESS_ORDER;
		if (element->length == 0)
			return ADDRESS_LENGTH;
	}
	return ADDRESS_FINE;
}

bool
residency_address_read(const char *in, size_t len, AddressParts *parts)
{
	AddressWalk walk = address_walk_all(in, len);
	AddressElement element;

	parts->division = address_division_of(in, len);
	parts->count = 0;
	while (address_next(&walk, &element))
	{
		if (parts->count == RESIDENCY_ADDRESS_ELEMENTS)
			return false;
		parts->element[parts->count++] = element;
	}
	return walk.at == walk.end && len >= ADDRESS_DIVISION_BYTES && frame_problem(parts) == ADDRESS_FINE;
}

/*
 * Bytes that no value holds: blanks, control characters, colons and brackets, and
 * what begins the last character or sorts behind it, which may follow only if the
 * rest of it shows that it is a lower one.
 */
#define BYTE_SIGN 1
#define BYTE_HIGH 2
static const uint8_t byte_class[256] = {
	[0 ... ' '] = BYTE_SIGN, [0x7F] = BYTE_SIGN, [':'] = BYTE_SIGN, ['('] = BYTE_SIGN, [')'] = BYTE_SIGN,
	[0xF4 ... 0xFF] = BYTE_HIGH
};

#define EACH_BYTE UINT64_C(0x0101010101010101)
#define HIGH_BITS (EACH_BYTE * 0x80)

/* Whether bytes sort behind all characters but the last one, or are that one. */
static bool
is_beyond(const char *in, size_t len)
{
	return memcmp(in, last_character, len < LAST_CHARACTER_BYTES ? len : LAST_CHARACTER_BYTES) >= 0;
}

/* Whether a value can stand in canonical text, and below the last within another. */
static bool
is_plain(const AddressElement *element)
{
	const unsigned char *value = (const unsigned char *) element->value;
	int			classes = 0;
	int			at = 0;

	/* eight bytes at once where all are those of ideographs, 0x80 to 0xF3 */
	for (uint64_t bytes; at + 8 <= element->length; at += 8)
	{
		memcpy(&bytes, value + at, 8);
		if ((bytes & HIGH_BITS) != HIGH_BITS || (((bytes & ~HIGH_BITS) + EACH_BYTE * (0x100 - 0xF4)) & HIGH_BITS) != 0)
			break;
	}
	for (; at < element->length; at++)
		classes |= byte_class[value[at]];
	if (classes == 0)
		return true;
	if (element->length == LAST_CHARACTER_BYTES && memcmp(element->value, last_character, LAST_CHARACTER_BYTES) == 0)
		return true;
	for (int i = 0; i < element->length; i++)
	{
		if (byte_class[value[i]] == BYTE_HIGH && is_beyond(element->value + i, (size_t) (element->length - i)))
			return false;
	}
	return (classes & BYTE_SIGN) == 0;
}

int
residency_address_check(const AddressParts *parts)
{
	int			problem = frame_problem(parts);

	for (int i = 0; problem == ADDRESS_FINE && i < parts->count; i++)
	{
		if (!is_plain(&parts->element[i]))
			problem = ADDRESS_CHARACTER;
	}
	return problem;
}

int
residency_address_level(const AddressParts *parts)
{
	int			level = residency_address_division_level(parts->division);

	for (int i = 0; i < parts->count; i++)
	{
		if (parts->element[i].level > level && parts->element[i].level < ADDRESS_DETAIL)
			level = parts->element[i].level;
	}
	return level;
}

const AddressElement *
residency_address_element(const AddressParts *parts, int level)
{
	for (int i = 0; i < parts->count; i++)
	{
		if (parts->element[i].level == level)
			return &parts->element[i];
	}
	return NULL;
}

bool
residency_address_parent(AddressParts *parts)
{
	int			own = residency_address_division_level(parts->division);
	int			last = parts->count - 1;
	int64_t		line[RESIDENCY_DIVISION_LEVELS];
	int			count;

	while (last >= 0 && !address_tells(parts->element[last].level, own))
		last--;
	if (last >= 0)
	{
		if (parts->division == 0 && parts->count == 1)
			return false;
		memmove(&parts->element[last], &parts->element[last + 1],
				sizeof(AddressElement) * (size_t) (parts->count - last - 1));
		parts->count--;
		return true;
	}

	count = parts->division == 0 ? 0 : residency_division_code_lineage(parts->division, line);
	if (count < 2)
		return false;
	parts->division = line[count - 2];
	own = residency_address_division_level(parts->division);
	while (parts->count > 0 && address_tells(parts->element[parts->count - 1].level, own))
		parts->count--;
	return true;
}

void
residency_address_last_within(AddressParts *parts)
{
	int			own = residency_address_division_level(parts->division);
	bool		whole_division = parts->division != 0;

	if (residency_address_element(parts, ADDRESS_DETAIL) != NULL)
		return;
	for (int i = 0; i < parts->count; i++)
		whole_division &= !address_tells(parts->element[i].level, own);
	if (whole_division)
		parts->division = residency_division_code_last(parts->division);
	parts->element[parts->count].level = ADDRESS_DETAIL;
	parts->element[parts->count].length = LAST_CHARACTER_BYTES;
	parts->element[parts->count].value = last_character;
	parts->count++;
}
