/*
 * credit_code_fuzz.c
 *	  A credit code read is read again as it is, and no other check character
 *	  will do.
 */
#include "fuzz.h"

#include "core/credit_code.h"
#include "core/division_code.h"

#define LENGTH RESIDENCY_CREDIT_CODE_LENGTH

static int
count_right_checks(const char *code)
{
	char		changed[LENGTH];
	char		again[LENGTH];
	int			right = 0;

	memcpy(changed, code, LENGTH);
	for (const char *c = "0123456789ABCDEFGHJKLMNPQRTUWXY"; *c; c++)
	{
		changed[LENGTH - 1] = *c;
		if (residency_credit_code_parse(changed, LENGTH, again) == CREDIT_CODE_FINE)
		{
			int64_t		division = residency_credit_code_division(again);

			HOLDS(memcmp(changed, again, LENGTH) == 0);
			HOLDS(division == 0 || residency_division_code_check(division) == DIVISION_CODE_FINE);
			residency_credit_code_organization_matches(again);
			right++;
		}
	}
	return right;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char		code[LENGTH] = "";
	int			problem = residency_credit_code_parse((const char *) data, size, code);

	HOLDS((problem == CREDIT_CODE_FINE) == (code[0] != '\0'));
	if (problem == CREDIT_CODE_CHECK)
		residency_fold((const char *) data, size, code, LENGTH);
	if (problem == CREDIT_CODE_FINE || problem == CREDIT_CODE_CHECK)
		HOLDS(count_right_checks(code) == 1);
	return 0;
}
