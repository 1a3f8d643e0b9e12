/*
 * credit_code.c
 *	  Reads, checks and takes apart unified social credit codes.
 */
#include "core/credit_code.h"

#include <string.h>

#include "core/division_code.h"
#include "core/text.h"

#define LENGTH RESIDENCY_CREDIT_CODE_LENGTH
#define NATIONWIDE 100000

/* The value of a character in GB 32100 plus one; 0 for what is none. */
static const uint8_t value_plus_one[128] = {
	['0'] = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
	['A'] = 11, 12, 13, 14, 15, 16, 17, 18,
	['J'] = 19, 20, 21, 22, 23,
	['P'] = 24, 25, 26,
	['T'] = 27, 28,
	['W'] = 29, 30, 31
};

/* 3^(i-1) mod 31, the last for the check character itself. */
static const uint8_t weights[LENGTH] = {
	1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28, 1
};

static const uint8_t organization_weights[] = {3, 7, 9, 10, 5, 8, 4, 2};

/* The six digits in places 3 to 8, -1 if they are not digits. */
static int
region_of(const char *code)
{
	int			region = 0;

	for (int i = 2; i < 8; i++)
	{
		if (code[i] < '0' || code[i] > '9')
			return -1;
		region = region * 10 + (code[i] - '0');
	}
	return region;
}

/*
 * The sum of 18 folded characters by their weights, -1 if one is none of
 * GB 32100.  All are looked at before one is refused: no branch in the loop.
 */
static int
weigh(const char *s)
{
	int			sum = 0;
	bool		all_known = true;

	for (int i = 0; i < LENGTH; i++)
	{
		int			value = value_plus_one[s[i] & 0x7F];

		all_known &= value != 0;
		sum += (value - 1) * weights[i];
	}
	return all_known ? sum : -1;
}

int
residency_credit_code_parse(const char *in, size_t len, char *code)
{
	char		folded[LENGTH];
	int			region;
	int			sum;

	if (residency_fold(in, len, folded, sizeof(folded)) != LENGTH)
		return CREDIT_CODE_LENGTH;
	sum = weigh(folded);
	if (sum < 0)
		return CREDIT_CODE_CHARACTER;
	region = region_of(folded);
	if (region < 0 ||
		(region != NATIONWIDE && residency_province_kind[region / 10000] == PROVINCE_NONE))
		return CREDIT_CODE_DIVISION;
	if (sum % 31 != 0)
		return CREDIT_CODE_CHECK;

	memcpy(code, folded, LENGTH);
	return CREDIT_CODE_FINE;
}

int64_t
residency_credit_code_division(const char *code)
{
	int			region = region_of(code);

	return region == NATIONWIDE ? 0 : region * INT64_C(1000000);
}

bool
residency_credit_code_organization_matches(const char *code)
{
	const char *organization = code + RESIDENCY_CREDIT_CODE_ORGANIZATION;
	int			sum = 0;
	int			check;

	/* GB 11714 counts letters from A = 10 without leaving any out */
	for (int i = 0; i < RESIDENCY_CREDIT_CODE_ORGANIZATION_LENGTH - 1; i++)
	{
		char		c = organization[i];

		sum += (c <= '9' ? c - '0' : c - 'A' + 10) * organization_weights[i];
	}
	check = 11 - sum % 11;
	return organization[8] == (check == 10 ? 'X' : check == 11 ? '0' : '0' + check);
}
