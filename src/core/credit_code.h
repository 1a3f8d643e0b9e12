/*
 * credit_code.h
 *	  Unified social credit codes of organisations (GB 32100-2015).
 *
 * A code has 18 characters: the registering authority (1), its category of
 * organisations (1), the division of its registration (6 digits, GB/T 2260),
 * the organisation code (9, GB 11714, the last its own check) and a check
 * character.  It is kept as it is written: the 16 characters that neither
 * check determines come to 31^10 * 10^6, about 8 * 10^20, which is more than
 * the 2 * 10^19 that eight bytes can tell apart, and codes whose inner check
 * does not match have been given out and must be kept too.
 */
#ifndef RESIDENCY_CORE_CREDIT_CODE_H
#define RESIDENCY_CORE_CREDIT_CODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RESIDENCY_CREDIT_CODE_LENGTH 18

/* Where the parts of a code start, and how long they are. */
#define RESIDENCY_CREDIT_CODE_AUTHORITY 0
#define RESIDENCY_CREDIT_CODE_CATEGORY 1
#define RESIDENCY_CREDIT_CODE_ORGANIZATION 8
#define RESIDENCY_CREDIT_CODE_ORGANIZATION_LENGTH 9

/* What is wrong with a code, in the order of the checks. */
typedef enum CreditCodeProblem
{
	CREDIT_CODE_FINE,
	CREDIT_CODE_LENGTH,			/* not 18 characters */
	CREDIT_CODE_CHARACTER,		/* one outside 0-9 and A-Z without I, O, S, V, Z */
	CREDIT_CODE_DIVISION,		/* 3 to 8 are no division of GB/T 2260 */
	CREDIT_CODE_CHECK			/* with a check character that is not its own */
} CreditCodeProblem;

/*
 * Reads a code as residency_fold() leaves it.  Takes len bytes of UTF-8; gives
 * a CreditCodeProblem and writes the 18 characters to code, without a zero
 * byte, if nothing is wrong.
 */
extern int	residency_credit_code_parse(const char *in, size_t len, char *code);

/*
 * The division of registration as a 12-digit code; 0 for 100000, which stands
 * for the authorities of the whole state.
 */
extern int64_t residency_credit_code_division(const char *code);

/*
 * Whether the organisation code within ends with its own check character
 * (GB 11714).  It is a warning if not: such codes have been given out.
 */
extern bool residency_credit_code_organization_matches(const char *code);

#endif							/* RESIDENCY_CORE_CREDIT_CODE_H */
