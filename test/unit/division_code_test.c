/*
 * division_code_test.c
 *	  Division codes: what is taken, how they nest.
 */
#include "unit.h"

#include "core/division_code.h"

static void
parses(const char *in, int problem, int64_t expected)
{
	int64_t		code = -1;

	ok(residency_division_code_parse(in, strlen(in), &code) == problem && code == expected,
	   "division code: '%s'", in);
}

static void
leads(int64_t code, int level, const char *written, int64_t last, int count)
{
	char		out[RESIDENCY_DIVISION_CODE_SIZE];
	int64_t		line[RESIDENCY_DIVISION_LEVELS];

	residency_division_code_format(code, out);
	ok(residency_division_code_level(code) == level && strcmp(out, written) == 0 &&
	   residency_division_code_last(code) == last &&
	   residency_division_code_lineage(code, line) == count && line[count - 1] == code,
	   "division code: level, form, range and line of %s", written);
}

void
test_division_code(void)
{
	int			provinces = 0;
	bool		sound = true;

	for (int i = 0; i < 100; i++)
		provinces += residency_province_kind[i] != PROVINCE_NONE;
	ok(provinces == 35, "division code: 34 provinces and 83");

	parses("46", DIVISION_CODE_FINE, INT64_C(460000000000));
	parses("460003", DIVISION_CODE_FINE, INT64_C(460003000000));
	parses("441900003", DIVISION_CODE_FINE, INT64_C(441900003000));
	parses("460105001002", DIVISION_CODE_FINE, INT64_C(460105001002));
	parses("46010", DIVISION_CODE_LENGTH, -1);
	parses("4601a5", DIVISION_CODE_CHARACTER, -1);
	parses("470000", DIVISION_CODE_PROVINCE, -1);
	parses("460000001", DIVISION_CODE_STRUCTURE, -1);
	parses("460105000001", DIVISION_CODE_STRUCTURE, -1);
	ok(residency_division_code_check(-1) == DIVISION_CODE_LENGTH &&
	   residency_division_code_check(INT64_MIN) == DIVISION_CODE_LENGTH &&
	   residency_division_code_check(INT64_MAX) == DIVISION_CODE_LENGTH,
	   "division code: numbers of other lengths");

	leads(INT64_C(460000000000), 1, "460000", INT64_C(469999999999), 1);
	leads(INT64_C(460100000000), 2, "460100", INT64_C(460199999999), 2);
	leads(INT64_C(460003000000), 3, "460003", INT64_C(460003999999), 2);
	leads(INT64_C(460105000000), 3, "460105", INT64_C(460105999999), 3);
	leads(INT64_C(441900003000), 4, "441900003", INT64_C(441900003999), 3);
	leads(INT64_C(460105001002), 5, "460105001002", INT64_C(460105001002), 5);

	ok(residency_division_code_city(INT64_C(460105001002)) == INT64_C(460100000000) &&
	   residency_division_code_city(INT64_C(469002100000)) == INT64_C(469002000000) &&
	   residency_division_code_city(INT64_C(310101002000)) == INT64_C(310000000000) &&
	   residency_division_code_city(INT64_C(441900003000)) == INT64_C(441900000000) &&
	   residency_division_code_city(INT64_C(460003000000)) == INT64_C(460003000000) &&
	   residency_division_code_city(INT64_C(460000000000)) == INT64_C(460000000000),
	   "division code: prefecture, county under a province, municipality, city without counties");

	/* every six digits: what is taken comes back, and lies within its line */
	for (int64_t region = 0; region < 1000000; region++)
	{
		int64_t		code = region * 1000000;
		int64_t		again = -1;
		char		out[RESIDENCY_DIVISION_CODE_SIZE];

		if (residency_division_code_check(code) != DIVISION_CODE_FINE)
			continue;
		sound &= residency_division_code_format(code, out) == 6 &&
			residency_division_code_parse(out, 6, &again) == DIVISION_CODE_FINE && again == code;
	}
	ok(sound, "division code: all of six digits read, written and read again");
}
