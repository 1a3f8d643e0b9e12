/*
 * division_code.h
 *	  Codes of administrative divisions: GB/T 2260 (province, city, county),
 *	  GB/T 10114 (township) and the statistical village code, as one number of
 *	  12 digits, 2 + 2 + 2 + 3 + 3, zeros at the end for the levels not named.
 */
#ifndef RESIDENCY_CORE_DIVISION_CODE_H
#define RESIDENCY_CORE_DIVISION_CODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The room that residency_division_code_format() needs, its zero byte included. */
#define RESIDENCY_DIVISION_CODE_SIZE 13

/* The levels, and so the longest line of a division and those above it. */
#define RESIDENCY_DIVISION_LEVELS 5

/* What is wrong with a code, in the order of the checks. */
typedef enum DivisionCodeProblem
{
	DIVISION_CODE_FINE,
	DIVISION_CODE_LENGTH,		/* not 2, 4, 6, 9 or 12 characters */
	DIVISION_CODE_CHARACTER,	/* not digits only */
	DIVISION_CODE_PROVINCE,		/* the first two digits are no province */
	DIVISION_CODE_STRUCTURE		/* a level is named whose parent is not */
} DivisionCodeProblem;

/*
 * What the first two digits of a code stand for (GB/T 2260, and 83, which only
 * the residence permits of Taiwan residents use).
 */
typedef enum ProvinceKind
{
	PROVINCE_NONE,
	PROVINCE_MAINLAND,			/* 11 to 65 */
	PROVINCE_TAIWAN,			/* 71 */
	PROVINCE_PERMIT				/* 81 Hong Kong, 82 Macao, 83 Taiwan's permits */
} ProvinceKind;

/* The kind of every two digits, a ProvinceKind each. */
extern const uint8_t residency_province_kind[100];

/*
 * Reads a code: 2, 4, 6, 9 or 12 digits, as residency_fold() leaves them.
 * Takes len bytes of UTF-8; gives a DivisionCodeProblem and sets *code (12
 * digits) if nothing is wrong.
 */
extern int	residency_division_code_parse(const char *in, size_t len, int64_t *code);

/* Gives the DivisionCodeProblem of any number as a 12-digit code. */
extern int	residency_division_code_check(int64_t code);

/*
 * Writes a code with the fewest of 6, 9 or 12 digits that hold it, and a zero
 * byte; gives the number of digits.
 */
extern size_t residency_division_code_format(int64_t code, char *out);

/*
 * The level of a code: 1 province, 2 city, 3 county, 4 township, 5 village.
 *
 * Readers of addresses ask for levels and lines many times each: hence inline, and
 * divided by constants, which the compiler makes multiplications.
 */
static inline int
residency_division_code_level(int64_t code)
{
	uint64_t	digits = (uint64_t) code;

	return digits % 1000000 != 0 ? (digits % 1000 != 0 ? 5 : 4) :
		digits % 100000000 != 0 ? 3 : digits % UINT64_C(10000000000) != 0 ? 2 : 1;
}

/* The highest code within a division, be it in use or not. */
static inline int64_t
residency_division_code_last(int64_t code)
{
	uint64_t	digits = (uint64_t) code;

	return code + (digits % 1000000 != 0 ? (digits % 1000 != 0 ? 0 : INT64_C(999)) :
				   digits % 100000000 != 0 ? INT64_C(999999) :
				   digits % UINT64_C(10000000000) != 0 ? INT64_C(99999999) : INT64_C(9999999999));
}

/* Whether a division is `outer` itself or lies beneath it. */
static inline bool
residency_division_code_within(int64_t code, int64_t outer)
{
	return code >= outer && code <= residency_division_code_last(outer);
}

/*
 * Writes the divisions that contain a code, province first and itself last, to
 * line[RESIDENCY_DIVISION_LEVELS]; gives how many there are.  They follow from
 * the digits alone: levels that have none are left out.
 */
extern int	residency_division_code_lineage(int64_t code, int64_t *line);

/* Whether a division lies in a city that is governed like a province: Beijing, Tianjin, Shanghai, Chongqing. */
extern bool residency_division_code_in_municipality(int64_t code);

/*
 * The city of a division as the permit law counts cities: the prefecture; the
 * whole of a municipality; or a county directly under a province (…90xx, in
 * former codes also …00xx), which is a city of its own (公通字〔2015〕38号).
 */
extern int64_t residency_division_code_city(int64_t code);

#endif							/* RESIDENCY_CORE_DIVISION_CODE_H */
