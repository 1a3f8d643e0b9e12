/*
 * resident_id.c
 *	  Reads, checks, writes and takes apart the numbers of people.
 */
#include "core/resident_id.h"

#include <string.h>

#include "core/country.h"
#include "core/division_code.h"
#include "core/text.h"

#define LENGTH 18
#define LEGACY_LENGTH 15

/* What one unit of the region, the year and the day is worth in a packed number. */
#define REGION INT64_C(100000000000)
#define YEAR INT64_C(10000000)
#define DAY INT64_C(1000)
#define PACKED_END INT64_C(100000000000000000)

#define FOREIGN_YEARS 5000
#define FIRST_YEAR 1800
#define LAST_YEAR 2199

/* A number of 18 characters, read but not yet judged. */
typedef struct Parts
{
	int			region;			/* the first six digits */
	CalendarDay birth;
	int			sequence;
	int			weighed;		/* sum of all characters by their weights */
} Parts;

/* Eight characters as one number, the first of them in its lowest byte. */
static inline uint64_t
load8(const char *s)
{
	uint64_t	x;

	memcpy(&x, s, sizeof(x));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	x = __builtin_bswap64(x);
#endif
	return x;
}

static inline void
store8(char *s, uint64_t x)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	x = __builtin_bswap64(x);
#endif
	memcpy(s, &x, sizeof(x));
}

/* Whether a byte of x is above 9; where one is, its neighbours do not matter. */
static inline bool
above_nine(uint64_t x)
{
	return (((x + UINT64_C(0x7676767676767676)) | x) & UINT64_C(0x8080808080808080)) != 0;
}

/* Eight digits, a byte each, as four numbers of two digits, 16 bits each. */
static inline uint64_t
pairs(uint64_t digits)
{
	return (digits * 10 + (digits >> 8)) & UINT64_C(0x00FF00FF00FF00FF);
}

static inline int
pair(uint64_t pairs, int which)
{
	return (int) (pairs >> (16 * which)) & 0xFF;
}

/*
 * The sum of the first 17 digits by their weights 2^(18-i) mod 11 (ISO 7064
 * MOD 11-2), in two times eight and the last.  A multiplication adds up four
 * products of 16 bits in its highest 16; they never carry: 9 * 10 * 16 < 2^16.
 */
static inline int
weigh(uint64_t first, uint64_t second, int last)
{
	const uint64_t even = UINT64_C(0x00FF00FF00FF00FF);
	uint64_t	sum;

#define WEIGHTS(a, b, c, d) \
	(UINT64_C(a) << 48 | UINT64_C(b) << 32 | UINT64_C(c) << 16 | UINT64_C(d))
	sum = (first & even) * WEIGHTS(7, 10, 8, 2) +
		((first >> 8) & even) * WEIGHTS(9, 5, 4, 1) +
		(second & even) * WEIGHTS(6, 7, 10, 8) +
		((second >> 8) & even) * WEIGHTS(3, 9, 5, 4);
	return (int) (sum >> 48) + last * 2;
}

/* Reads 18 characters of ASCII; false if they are not 17 digits and a digit or X. */
static inline bool
read_parts(const char *s, Parts *parts)
{
	uint64_t	first = load8(s) ^ UINT64_C(0x3030303030303030);
	uint64_t	second = load8(s + 8) ^ UINT64_C(0x3030303030303030);
	unsigned	last = (unsigned char) s[16] ^ '0';
	unsigned	check = (unsigned char) s[17] ^ '0';
	uint64_t	high = pairs(first);
	uint64_t	low = pairs(second);

	if (check > 9)
	{
		if ((s[17] | 0x20) != 'x')
			return false;
		check = 10;
	}
	if (above_nine(first) || above_nine(second) || last > 9)
		return false;

	parts->region = pair(high, 0) * 10000 + pair(high, 1) * 100 + pair(high, 2);
	parts->birth.year = pair(high, 3) * 100 + pair(low, 0);
	parts->birth.month = pair(low, 1);
	parts->birth.day = pair(low, 2);
	parts->sequence = pair(low, 3) * 10 + (int) last;
	parts->weighed = weigh(first, second, (int) last) + (int) check;
	return true;
}

/* Judges the region of a number that does not start with 9. */
static inline bool
is_native_region(int region)
{
	switch (residency_province_kind[region / 10000])
	{
		case PROVINCE_MAINLAND:
		case PROVINCE_TAIWAN:
			return true;
		case PROVINCE_PERMIT:
			return region % 10000 == 0;
		default:
			return false;
	}
}

/* Judges what was read, in the order of the checks, and packs it. */
static inline int
judge(const Parts *parts, int64_t *id)
{
	int			region = parts->region;
	int			year = parts->birth.year;

	if (region >= 900000)
	{
		int			province = region / 1000 % 100;
		int			country = region % 1000;

		if (residency_province_kind[province] != PROVINCE_MAINLAND)
			return RESIDENT_ID_PROVINCE;
		if (!residency_is_country(country))
			return RESIDENT_ID_COUNTRY;
		region = province * 10000 + country;
		year += FOREIGN_YEARS;
	}
	else if (!is_native_region(region))
		return RESIDENT_ID_PROVINCE;

	if (parts->birth.year < FIRST_YEAR || parts->birth.year > LAST_YEAR ||
		!residency_day_exists(parts->birth))
		return RESIDENT_ID_DATE;
	if (parts->weighed % 11 != 1)
		return RESIDENT_ID_CHECK;

	*id = region * REGION + year * YEAR +
		(parts->birth.month * 100 + parts->birth.day) * DAY + parts->sequence;
	return RESIDENT_ID_FINE;
}

/*
 * Makes 18 characters of the 15 of GB 11643-1989; false if they are not digits.
 * No foreigner and no permit ever had such a number: a leading 8 or 9 becomes
 * a region that nobody has.
 */
static bool
modernise(char *s)
{
	uint64_t	first;
	uint64_t	second;
	int			check;

	for (int i = 0; i < LEGACY_LENGTH; i++)
	{
		if (s[i] < '0' || s[i] > '9')
			return false;
	}
	memmove(s + 8, s + 6, LEGACY_LENGTH - 6);
	memcpy(s + 6, memcmp(s + 14, "996", 3) >= 0 ? "18" : "19", 2);
	if (s[0] >= '8')
		memset(s, '0', 6);

	first = load8(s) ^ UINT64_C(0x3030303030303030);
	second = load8(s + 8) ^ UINT64_C(0x3030303030303030);
	check = (12 - weigh(first, second, s[16] - '0') % 11) % 11;
	s[17] = (char) (check == 10 ? 'X' : '0' + check);
	return true;
}

int
residency_resident_id_parse(const char *in, size_t len, int64_t *id)
{
	Parts		parts;
	char		folded[LENGTH];
	size_t		count;

	/* nearly always there is nothing to fold */
	if (len == LENGTH && read_parts(in, &parts))
		return judge(&parts, id);

	count = residency_fold(in, len, folded, sizeof(folded));
	if (count != LENGTH && count != LEGACY_LENGTH)
		return RESIDENT_ID_LENGTH;
	if (count == LEGACY_LENGTH && !modernise(folded))
		return RESIDENT_ID_CHARACTER;
	if (!read_parts(folded, &parts))
		return RESIDENT_ID_CHARACTER;
	return judge(&parts, id);
}

int
residency_resident_id_check(int64_t id)
{
	char		written[RESIDENCY_RESIDENT_ID_SIZE];
	int64_t		again;
	int			problem;

	if (id < 0 || id >= PACKED_END)
		return RESIDENT_ID_LENGTH;
	residency_resident_id_format(id, written);
	problem = residency_resident_id_parse(written, LENGTH, &again);
	if (problem == RESIDENT_ID_FINE && again != id)
		problem = RESIDENT_ID_PROVINCE;
	return problem;
}

/* Eight digits of a number below 10^8, a byte each, the first in the lowest. */
static inline uint64_t
spread(uint32_t number)
{
	uint64_t	x = number / 10000 | (uint64_t) (number % 10000) << 32;
	uint64_t	quotient;

	/* 10486 / 2^20 and 103 / 2^10 are 1/100 and 1/10 as long as it matters */
	quotient = ((x * 10486) >> 20) & UINT64_C(0x0000007F0000007F);
	x = quotient | (x - quotient * 100) << 16;
	quotient = ((x * 103) >> 10) & UINT64_C(0x000F000F000F000F);
	return quotient | (x - quotient * 10) << 8;
}

static inline bool
is_foreign(int64_t id)
{
	return id / YEAR % 10000 >= FOREIGN_YEARS;
}

size_t
residency_resident_id_format(int64_t id, char *out)
{
	uint64_t	first;
	uint64_t	second;
	int			last;
	int			check;

	if (id < 0 || id >= PACKED_END)
	{
		out[0] = '\0';
		return 0;
	}
	if (is_foreign(id))
	{
		int64_t		region = id / REGION;

		id = id % REGION - FOREIGN_YEARS * YEAR +
			(900000 + region / 10000 * 1000 + region % 1000) * REGION;
	}

	last = (int) (id % 10);
	first = spread((uint32_t) (id / 1000000000));
	second = spread((uint32_t) (id / 10 % 100000000));
	check = (12 - weigh(first, second, last) % 11) % 11;

	store8(out, first | UINT64_C(0x3030303030303030));
	store8(out + 8, second | UINT64_C(0x3030303030303030));
	out[16] = (char) ('0' + last);
	out[17] = (char) (check == 10 ? 'X' : '0' + check);
	out[18] = '\0';
	return LENGTH;
}

ResidentIdKind
residency_resident_id_kind(int64_t id)
{
	if (is_foreign(id))
		return RESIDENT_ID_FOREIGNER;
	switch (id / REGION)
	{
		case 810000:
			return RESIDENT_ID_HONG_KONG;
		case 820000:
			return RESIDENT_ID_MACAO;
		case 830000:
			return RESIDENT_ID_TAIWAN;
		default:
			return RESIDENT_ID_CITIZEN;
	}
}

CalendarDay
residency_resident_id_birth(int64_t id)
{
	CalendarDay birth;

	birth.year = (int) (id / YEAR % 10000 % FOREIGN_YEARS);
	birth.month = (int) (id / (DAY * 100) % 100);
	birth.day = (int) (id / DAY % 100);
	return birth;
}

char
residency_resident_id_sex(int64_t id)
{
	return id % 2 == 1 ? '1' : '2';
}

int64_t
residency_resident_id_division(int64_t id)
{
	int64_t		region = id / REGION;

	if (is_foreign(id))
		region -= region % 10000;
	return region * 1000000;
}

int
residency_resident_id_country(int64_t id)
{
	return is_foreign(id) ? (int) (id / REGION % 1000) : 0;
}

bool
residency_resident_id_range(int64_t division, int64_t *lowest, int64_t *highest)
{
	int			level = residency_division_code_level(division);
	int64_t		first = division / 1000000;
	int64_t		last = residency_division_code_last(division) / 1000000;

	if (residency_province_kind[first / 10000] == PROVINCE_PERMIT)
	{
		/* these have numbers under the province's own code only */
		if (level > 1)
			level = RESIDENCY_DIVISION_LEVELS;
		last = first;
	}
	if (level > 3)
	{
		first = 830000;
		last = 110000;
	}

	*lowest = first * REGION + FIRST_YEAR * YEAR + 101 * DAY;
	*highest = last * REGION + LAST_YEAR * YEAR + 1231 * DAY + 999;

	/*
	 * Foreigners lie at PP0NNN.  A province wants them; the span of a county
	 * ends before their years; only a city PP0C may find some in its span.
	 */
	return level != 2 || first / 1000 % 10 != 0;
}
