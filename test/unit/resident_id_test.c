/*
 * resident_id_test.c
 *	  Resident IDs: a thorough look at the arithmetic on eight digits at once.
 */
#include "unit.h"

#include "core/division_code.h"
#include "core/resident_id.h"

static void
parses(const char *in, int problem)
{
	int64_t		id = -1;
	int			found = residency_resident_id_parse(in, strlen(in), &id);

	ok(found == problem && (id != -1) == (problem == RESIDENT_ID_FINE), "resident ID: '%s'", in);
}

/* The check character by the book: weights in a table, digits one by one. */
static char
check_character(const char *digits)
{
	static const int weights[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
	int			sum = 0;

	for (int i = 0; i < 17; i++)
		sum += (digits[i] - '0') * weights[i];
	return "10X98765432"[sum % 11];
}

static bool
writes_digits(int64_t id)
{
	char		expected[32];
	char		out[RESIDENCY_RESIDENT_ID_SIZE];

	snprintf(expected, sizeof(expected), "%017lld", (long long) id);
	expected[17] = check_character(expected);
	expected[18] = '\0';
	return residency_resident_id_format(id, out) == 18 && strcmp(out, expected) == 0;
}

/* Every value of each four digits; years from 5000 would mark a foreigner. */
static void
writes_all_digits(void)
{
	bool		right = true;

	for (int64_t n = 0; n < 10000; n++)
	{
		right &= writes_digits(n * INT64_C(10000000000000) + n % 100 * 10);
		right &= writes_digits(n * INT64_C(100000) + n % 10);
		right &= writes_digits(n * 10 + (9999 - n) * INT64_C(10000000000000));
		if (n % 100 < 50)
			right &= writes_digits(n * INT64_C(1000000000) + n);
	}
	ok(right, "resident ID: all digits are written as they are, with the check character of the standard");
}

/* Every character in every place: only digits, and X at the end, are read. */
static void
reads_no_other_characters(void)
{
	const char *number = "440308199901101512";
	bool		right = true;

	for (int place = 0; place < 18; place++)
	{
		for (int c = 0; c < 256; c++)
		{
			char		text[19];
			int64_t		id;
			int			problem;
			bool		readable = (c >= '0' && c <= '9') || (place == 17 && (c == 'x' || c == 'X'));

			strcpy(text, number);
			text[place] = (char) c;
			problem = residency_resident_id_parse(text, 18, &id);
			if (readable)
				right &= problem != RESIDENT_ID_LENGTH && problem != RESIDENT_ID_CHARACTER;
			else
				right &= problem == RESIDENT_ID_LENGTH || problem == RESIDENT_ID_CHARACTER;
			right &= (problem == RESIDENT_ID_FINE) == (c == number[place]);
		}
	}
	ok(right, "resident ID: of all bytes in all places only the right ones are read");
}

static void
finds_swapped_neighbours(void)
{
	char		text[] = "440308199901101512";
	bool		right = true;

	for (int i = 0; i < 17; i++)
	{
		char		held = text[i];
		int64_t		id;

		text[i] = text[i + 1];
		text[i + 1] = held;
		right &= (residency_resident_id_parse(text, 18, &id) == RESIDENT_ID_FINE) == (text[i] == held);
		text[i + 1] = text[i];
		text[i] = held;
	}
	ok(right, "resident ID: two neighbours swapped are found");
}

static void
counts_countries(void)
{
	int			known = 0;

	for (int country = 0; country < 1000; country++)
	{
		char		text[19];
		int64_t		id;

		snprintf(text, sizeof(text), "911%03d19950815002", country);
		text[17] = check_character(text);
		known += residency_resident_id_parse(text, 18, &id) == RESIDENT_ID_FINE &&
			residency_resident_id_country(id) == country;
	}
	ok(known == 249, "resident ID: ISO 3166-1 knows 249 countries");
}

/* Packed numbers that parse never gives must be refused as such. */
static void
refuses_other_packings(void)
{
	int64_t		id = 0;

	ok(residency_resident_id_parse("911398199012310021", 18, &id) == RESIDENT_ID_FINE &&
	   id == INT64_C(11039869901231002), "resident ID: a foreigner is packed by province");
	ok(residency_resident_id_check(id) == RESIDENT_ID_FINE &&
	   residency_resident_id_check(id + INT64_C(100000000000000)) != RESIDENT_ID_FINE &&
	   residency_resident_id_check(INT64_C(91139819901231002)) != RESIDENT_ID_FINE,
	   "resident ID: and in no other way");
	ok(residency_resident_id_check(-1) == RESIDENT_ID_LENGTH &&
	   residency_resident_id_check(INT64_MIN) == RESIDENT_ID_LENGTH &&
	   residency_resident_id_check(INT64_MAX) == RESIDENT_ID_LENGTH &&
	   residency_resident_id_check(INT64_C(100000000000000000)) == RESIDENT_ID_LENGTH,
	   "resident ID: numbers of other lengths");
}

void
test_resident_id(void)
{
	int64_t		lowest;
	int64_t		highest;

	parses("440308199901101512", RESIDENT_ID_FINE);
	parses("11010519491231002x", RESIDENT_ID_FINE);
	parses("110105990101998", RESIDENT_ID_FINE);
	parses("810000199408230021", RESIDENT_ID_FINE);
	parses("911398199012310021", RESIDENT_ID_FINE);
	parses("44030819990110151", RESIDENT_ID_LENGTH);
	parses("44030819990110151:", RESIDENT_ID_CHARACTER);
	parses("810001199408230021", RESIDENT_ID_PROVINCE);
	parses("911999199508150020", RESIDENT_ID_COUNTRY);
	parses("440113199002290014", RESIDENT_ID_DATE);
	parses("440308199901101513", RESIDENT_ID_CHECK);

	writes_all_digits();
	reads_no_other_characters();
	finds_swapped_neighbours();
	counts_countries();
	refuses_other_packings();

	ok(residency_resident_id_range(INT64_C(460000000000), &lowest, &highest) &&
	   residency_resident_id_range(INT64_C(460105000000), &lowest, &highest) &&
	   residency_resident_id_range(INT64_C(469000000000), &lowest, &highest) &&
	   !residency_resident_id_range(INT64_C(460100000000), &lowest, &highest),
	   "resident ID: only the range of a city below 10 may hold foreigners");
	ok(residency_resident_id_range(INT64_C(460105001000), &lowest, &highest) && lowest > highest,
	   "resident ID: the range of a township is empty");
	ok(residency_resident_id_range(INT64_C(810100000000), &lowest, &highest) && lowest > highest,
	   "resident ID: so is that of a district of Hong Kong");
}
