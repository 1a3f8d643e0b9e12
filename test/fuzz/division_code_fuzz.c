/*
 * division_code_fuzz.c
 *	  A division code read, written and read again is the same; its line leads
 *	  from the province to itself.
 */
#include "fuzz.h"

#include "core/division_code.h"

static void
check_code(int64_t code)
{
	char		written[RESIDENCY_DIVISION_CODE_SIZE];
	int64_t		again;
	int64_t		line[RESIDENCY_DIVISION_LEVELS];
	size_t		len = residency_division_code_format(code, written);
	int			level = residency_division_code_level(code);
	int			count = residency_division_code_lineage(code, line);
	int64_t		city = residency_division_code_city(code);

	HOLDS(residency_division_code_check(code) == DIVISION_CODE_FINE);
	HOLDS(len == 6 || len == 9 || len == 12);
	HOLDS(residency_division_code_parse(written, len, &again) == DIVISION_CODE_FINE);
	HOLDS(again == code);
	HOLDS(residency_division_code_check(city) == DIVISION_CODE_FINE);
	HOLDS(residency_division_code_city(city) == city);
	HOLDS(residency_division_code_within(code, city) && residency_division_code_within(city, line[0]));
	HOLDS(level >= 1 && level <= RESIDENCY_DIVISION_LEVELS);
	HOLDS(count >= 1 && count <= level && line[count - 1] == code);
	for (int i = 0; i < count; i++)
	{
		HOLDS(residency_division_code_check(line[i]) == DIVISION_CODE_FINE);
		HOLDS(residency_division_code_within(code, line[i]));
		HOLDS(residency_division_code_last(code) <= residency_division_code_last(line[i]));
		HOLDS(i == 0 || residency_division_code_level(line[i]) > residency_division_code_level(line[i - 1]));
		HOLDS(i == 0 || !residency_division_code_within(line[i - 1], line[i]));
	}
	HOLDS(residency_division_code_level(line[0]) == 1);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int64_t		code = -1;
	int64_t		number = number_of(data, size);

	if (residency_division_code_parse((const char *) data, size, &code) == DIVISION_CODE_FINE)
		check_code(code);
	else
		HOLDS(code == -1);
	if (residency_division_code_check(number) == DIVISION_CODE_FINE)
		check_code(number);
	if (residency_division_code_check(number % INT64_C(1000000000000)) == DIVISION_CODE_FINE)
		check_code(number % INT64_C(1000000000000));
	return 0;
}
