/*
 * text_fuzz.c
 *	  Whatever comes in, folding stays within its room and masking hides.
 */
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *in = (const char *) data;
	char		folded[64];
	char		again[64];
	char		masked[RESIDENCY_MASK_SIZE];
	size_t		count = residency_fold(in, size, folded, sizeof(folded));
	size_t		len = residency_mask(in, size, masked);
	size_t		shown = 0;

	HOLDS(count <= size);
	for (size_t i = 0; i < count && i < sizeof(folded); i++)
		HOLDS((signed char) folded[i] >= 0 && !(folded[i] >= 'a' && folded[i] <= 'z'));

	/* what is folded stays as it is */
	if (count <= sizeof(folded))
	{
		HOLDS(residency_fold(folded, count, again, sizeof(again)) == count);
		HOLDS(memcmp(folded, again, count) == 0);
	}

	HOLDS(len < sizeof(masked) && masked[len] == '\0' && strlen(masked) == len);
	for (size_t i = 0; i < len; i++)
		shown += masked[i] != '*' && masked[i] != '.';
	HOLDS(shown == 0 || (shown == 10 && len == count && len >= 18));
	HOLDS(count > 32 || len == count);
	return 0;
}
