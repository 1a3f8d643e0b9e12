/*
 * unit.h
 *	  What the unit tests of the cores share: one line of TAP per promise.
 */
#ifndef RESIDENCY_UNIT_H
#define RESIDENCY_UNIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* Writes "ok" or "not ok" with a number and what is promised. */
extern void ok(bool holds, const char *format,...) __attribute__((format(printf, 2, 3)));

/* One per core. */
extern void test_text(void);
extern void test_mask(void);
extern void test_calendar(void);
extern void test_division_code(void);
extern void test_resident_id(void);
extern void test_credit_code(void);
extern void test_datum(void);
extern void test_pinyin(void);
extern void test_search(void);
extern void test_address_normalize(void);
extern void test_address(void);
extern void test_address_text(void);
extern void test_gazetteer(void);
extern void test_address_parse(void);
extern void test_address_match(void);
extern void test_beidou_cell(void);
extern void test_grid_cover(void);
extern void test_merkle(void);

#endif							/* RESIDENCY_UNIT_H */
