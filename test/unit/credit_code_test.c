/*
 * credit_code_test.c
 *	  Credit codes: what is taken, and what is known within them.
 */
#include "unit.h"

#include "core/credit_code.h"

static void
parses(const char *in, int problem)
{
	char		code[RESIDENCY_CREDIT_CODE_LENGTH];

	ok(residency_credit_code_parse(in, strlen(in), code) == problem, "credit code: '%s'", in);
}

void
test_credit_code(void)
{
	const char *code = "91350100M000100Y43";
	bool		right = true;

	parses(code, CREDIT_CODE_FINE);
	parses("9135052155323005XL", CREDIT_CODE_FINE);
	parses("52440113mj8d000144", CREDIT_CODE_FINE);
	parses("91350100M000100Y4", CREDIT_CODE_LENGTH);
	parses("91350100O000100Y43", CREDIT_CODE_CHARACTER);
	parses("91990100M000100Y43", CREDIT_CODE_DIVISION);
	parses("91440101618404585Q", CREDIT_CODE_CHECK);

	for (int place = 0; place < RESIDENCY_CREDIT_CODE_LENGTH; place++)
	{
		for (int c = 0; c < 256; c++)
		{
			char		changed[RESIDENCY_CREDIT_CODE_LENGTH];
			char		out[RESIDENCY_CREDIT_CODE_LENGTH];
			bool		same = c == code[place] || c == code[place] + ('a' - 'A') * (code[place] >= 'A');

			memcpy(changed, code, sizeof(changed));
			changed[place] = (char) c;
			right &= (residency_credit_code_parse(changed, sizeof(changed), out) == CREDIT_CODE_FINE) == same;
		}
	}
	ok(right, "credit code: one character changed in any place is found");
	ok(residency_credit_code_division(code) == INT64_C(350100000000) &&
	   residency_credit_code_division("12100000428200003X") == 0,
	   "credit code: its division, none for the whole state");
	ok(residency_credit_code_organization_matches("91310230MA1K314J7C") &&
	   residency_credit_code_organization_matches("9135052155323005XL") &&
	   !residency_credit_code_organization_matches("91310230MA1K314J8C"),
	   "credit code: the inner check of GB 11714");
}
