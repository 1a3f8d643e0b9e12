/*
 * mask_fuzz.c
 *	  Whatever comes in, masking stays within its room, hides, and is the same twice.
 */
#include "fuzz.h"

#include "core/mask.h"

static size_t
digits_of(const char *s, size_t len)
{
	size_t		count = 0;

	for (size_t i = 0; i < len; i++)
		count += s[i] >= '0' && s[i] <= '9';
	return count;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* the most digits that are left of a kind; of the others no number is known */
	static const int most_digits[MASK_KINDS] = {
		[MASK_NAME] = 0, [MASK_RESIDENT_ID] = 10, [MASK_PUBLIC_ID] = 2, [MASK_PHONE] = 10, [MASK_BANK_CARD] = 4,
		[MASK_DOCUMENT] = 3, [MASK_ADDRESS] = -1, [MASK_EMAIL] = -1
	};
	const char *in = (const char *) data;

	for (int kind = 0; kind < MASK_KINDS; kind++)
	{
		char	   *out = malloc(RESIDENCY_MASK_ROOM(size));
		char	   *again = malloc(RESIDENCY_MASK_ROOM(size));
		const char *start = in;
		const char *end = in + size;
		size_t		len = residency_mask_kind(kind, in, size, out);
		size_t		len2 = residency_mask_kind(kind, in, size, again);

		HOLDS(len <= RESIDENCY_MASK_ROOM(size));
		HOLDS(len == len2 && memcmp(out, again, len) == 0);
		residency_trim(&start, &end);
		HOLDS((start == end) == (len == 0));
		HOLDS(most_digits[kind] < 0 || kind == MASK_DOCUMENT || digits_of(out, len) <= (size_t) most_digits[kind]);
		/* something is hidden, of an address that ends with its road nothing has to be */
		if (len > 0 && kind != MASK_ADDRESS)
			HOLDS(memchr(out, '*', len) != NULL);
		if (kind == MASK_ADDRESS && len > 0 && out[0] != '*')
		{
			size_t		shown = (size_t) (end - start) == len && memcmp(start, out, len) == 0 ? len : len - 6;

			HOLDS(memcmp(start, out, shown) == 0);
		}
		free(out);
		free(again);
	}
	return 0;
}
