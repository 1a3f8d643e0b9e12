/*
 * division_code.c
 *	  Reads, checks, writes and compares codes of administrative divisions.
 */
#include "core/division_code.h"

#include "core/text.h"

#define DIGITS 12

/* How many codes a division of each level spans, itself included. */
static const int64_t span_of_level[RESIDENCY_DIVISION_LEVELS + 1] = {
	INT64_C(1000000000000), INT64_C(10000000000), INT64_C(100000000),
	INT64_C(1000000), INT64_C(1000), INT64_C(1)
};

#define LAND PROVINCE_MAINLAND
const uint8_t residency_province_kind[100] = {
	[11] = LAND, LAND, LAND, LAND, LAND,
	[21] = LAND, LAND, LAND,
	[31] = LAND, LAND, LAND, LAND, LAND, LAND, LAND,
	[41] = LAND, LAND, LAND, LAND, LAND, LAND,
	[50] = LAND, LAND, LAND, LAND, LAND,
	[61] = LAND, LAND, LAND, LAND, LAND,
	[71] = PROVINCE_TAIWAN,
	[81] = PROVINCE_PERMIT, PROVINCE_PERMIT, PROVINCE_PERMIT
};

int
residency_division_code_parse(const char *in, size_t len, int64_t *code)
{
	char		folded[DIGITS];
	size_t		count = residency_fold(in, len, folded, sizeof(folded));
	int64_t		value = 0;
	int			problem;

	if (count != 2 && count != 4 && count != 6 && count != 9 && count != 12)
		return DIVISION_CODE_LENGTH;
	for (size_t i = 0; i < DIGITS; i++)
	{
		char		c = i < count ? folded[i] : '0';

		if (c < '0' || c > '9')
			return DIVISION_CODE_CHARACTER;
		value = value * 10 + (c - '0');
	}

	problem = residency_division_code_check(value);
	if (problem == DIVISION_CODE_FINE)
		*code = value;
	return problem;
}

int
residency_division_code_check(int64_t code)
{
	bool		county_named;
	bool		township_named;
	bool		village_named;

	if (code < 0 || code >= span_of_level[0])
		return DIVISION_CODE_LENGTH;
	if (residency_province_kind[code / span_of_level[1]] == PROVINCE_NONE)
		return DIVISION_CODE_PROVINCE;

	/*
	 * A county may lie directly under a province (460003) and a township
	 * directly under a city (441900003), but no township under a province.
	 */
	county_named = code % span_of_level[1] >= span_of_level[3];
	township_named = code % span_of_level[3] >= span_of_level[4];
	village_named = code % span_of_level[4] != 0;
	if ((village_named && !township_named) || (township_named && !county_named))
		return DIVISION_CODE_STRUCTURE;
	return DIVISION_CODE_FINE;
}

size_t
residency_division_code_format(int64_t code, char *out)
{
	int			level = residency_division_code_level(code);
	size_t		count = level <= 3 ? 6 : level == 4 ? 9 : 12;
	uint64_t	rest = (uint64_t) (code / (level <= 3 ? span_of_level[3] : span_of_level[level]));

	for (size_t i = count; i-- > 0; rest /= 10)
		out[i] = (char) ('0' + rest % 10);
	out[count] = '\0';
	return count;
}

int
residency_division_code_lineage(int64_t code, int64_t *line)
{
	/* without a sign: of a damaged value nothing is asked but that it does no harm */
	uint64_t	digits = (uint64_t) code;
	int64_t		above[RESIDENCY_DIVISION_LEVELS] = {
		(int64_t) (digits - digits % UINT64_C(10000000000)), (int64_t) (digits - digits % 100000000),
		(int64_t) (digits - digits % 1000000), (int64_t) (digits - digits % 1000), code
	};
	int			count = 0;

	for (int i = 0; i < RESIDENCY_DIVISION_LEVELS; i++)
	{
		if (count == 0 || line[count - 1] != above[i])
			line[count++] = above[i];
	}
	return count;
}

bool
residency_division_code_in_municipality(int64_t code)
{
	int			province = (int) (code / span_of_level[1]);

	return province == 11 || province == 12 || province == 31 || province == 50;
}

int64_t
residency_division_code_city(int64_t code)
{
	int			city = (int) (code / span_of_level[2] % 100);
	int			level = residency_division_code_in_municipality(code) ? 1 : city == 90 || city == 0 ? 3 : 2;

	return code - code % span_of_level[level];
}
