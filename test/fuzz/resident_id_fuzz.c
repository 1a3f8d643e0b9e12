/*
 * resident_id_fuzz.c
 *	  A resident ID read, written and read again is the same; its parts are
 *	  within their bounds, it lies in the range of its division, and no other
 *	  check character will do.
 */
#include "fuzz.h"

#include "core/division_code.h"
#include "core/resident_id.h"

static void
check_id(int64_t id)
{
	char		written[RESIDENCY_RESIDENT_ID_SIZE];
	char		masked[RESIDENCY_MASK_SIZE];
	int64_t		again;
	int64_t		lowest;
	int64_t		highest;
	int64_t		line[RESIDENCY_DIVISION_LEVELS];
	int64_t		division = residency_resident_id_division(id);
	int			count = residency_division_code_lineage(division, line);
	CalendarDay birth = residency_resident_id_birth(id);
	ResidentIdKind kind = residency_resident_id_kind(id);
	char		date[9];
	char		check;

	HOLDS(residency_resident_id_check(id) == RESIDENT_ID_FINE);
	HOLDS(residency_resident_id_format(id, written) == 18 && strlen(written) == 18);
	HOLDS(residency_resident_id_parse(written, 18, &again) == RESIDENT_ID_FINE && again == id);

	HOLDS(birth.year >= 1800 && birth.year <= 2199 && residency_day_exists(birth));
	snprintf(date, sizeof(date), "%04d%02d%02d", birth.year % 10000, birth.month % 100, birth.day % 100);
	HOLDS(memcmp(date, written + 6, 8) == 0);
	HOLDS(residency_resident_id_sex(id) == ((written[16] - '0') % 2 ? '1' : '2'));
	HOLDS(residency_division_code_check(division) == DIVISION_CODE_FINE);
	HOLDS((kind == RESIDENT_ID_FOREIGNER) == (written[0] == '9'));
	HOLDS((kind == RESIDENT_ID_FOREIGNER) == (residency_resident_id_country(id) != 0));
	for (int i = 0; i < count; i++)
	{
		residency_resident_id_range(line[i], &lowest, &highest);
		HOLDS(lowest <= id && id <= highest);
		HOLDS(residency_resident_id_check(lowest) == RESIDENT_ID_FINE);
		HOLDS(residency_resident_id_check(highest) == RESIDENT_ID_FINE);
	}

	residency_mask(written, 18, masked);
	HOLDS(strlen(masked) == 18 && memcmp(masked + 6, "********", 8) == 0);
	HOLDS(memcmp(masked, written, 6) == 0 && memcmp(masked + 14, written + 14, 4) == 0);

	check = written[17];
	for (const char *c = "0123456789X"; *c; c++)
	{
		written[17] = *c;
		HOLDS((residency_resident_id_parse(written, 18, &again) == RESIDENT_ID_FINE) == (*c == check));
	}
}

/* The same text with a blank before it must be read the slow way, to the same end. */
static void
check_ways(const char *in, size_t size, int problem, int64_t id)
{
	char		padded[64];
	int64_t		slow = -1;

	if (size >= sizeof(padded))
		return;
	padded[0] = ' ';
	memcpy(padded + 1, in, size);
	HOLDS(residency_resident_id_parse(padded, size + 1, &slow) == problem && slow == id);
}

/* An id lies in a division exactly if it lies in the range, or at least then. */
static void
check_range(int64_t id, int64_t division)
{
	int64_t		lowest;
	int64_t		highest;
	bool		exact = residency_resident_id_range(division, &lowest, &highest);
	bool		in_range = lowest <= id && id <= highest;
	bool		within = residency_division_code_within(residency_resident_id_division(id), division);

	HOLDS(in_range || !within);
	HOLDS(!exact || in_range == within);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *in = (const char *) data;
	int64_t		id = -1;
	int64_t		number = number_of(data, size);
	int			problem = residency_resident_id_parse(in, size, &id);
	char		text[32];

	HOLDS((problem == RESIDENT_ID_FINE) == (id != -1));
	check_ways(in, size, problem, id);
	if (problem == RESIDENT_ID_FINE)
		check_id(id);

	/* what is well formed but for its check character is worth more than a refusal */
	if (problem == RESIDENT_ID_CHECK)
	{
		int			right = 0;

		residency_fold(in, size, text, sizeof(text));
		for (const char *c = "0123456789X"; *c; c++)
		{
			text[17] = *c;
			if (residency_resident_id_parse(text, 18, &id) == RESIDENT_ID_FINE)
			{
				check_id(id);
				right++;
			}
		}
		HOLDS(right == 1);
	}

	if (residency_resident_id_check(number) == RESIDENT_ID_FINE)
		check_id(number);
	residency_resident_id_format(number, text);
	if (id != -1 && size > 18)
	{
		int64_t		division = number_of(data + 18, size - 18) % INT64_C(1000000000000);

		if (residency_division_code_check(division) == DIVISION_CODE_FINE)
			check_range(id, division);
	}
	if (id != -1)
	{
		int64_t		region = id / INT64_C(100000000000) * 1000000;

		check_range(id, region);
		check_range(id, region - region % INT64_C(100000000));
		check_range(id, region - region % INT64_C(10000000000));
	}
	return 0;
}
