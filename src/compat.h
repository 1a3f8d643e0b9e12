/*
 * compat.h
 *	  The one file that asks for the server's version (15 to 18).
 */
#ifndef RESIDENCY_COMPAT_H
#define RESIDENCY_COMPAT_H

#if PG_VERSION_NUM < 150000
#error "residency needs PostgreSQL 15 or newer"
#endif

#if PG_VERSION_NUM >= 160000
#include "nodes/miscnodes.h"
#include "varatt.h"
#else
/* Before 16 there are no soft errors: what would be returned is raised. */
#define ereturn(escontext, dummy_value, ...) \
	do { \
		(void) (escontext); \
		ereport(ERROR, __VA_ARGS__); \
		return dummy_value; \
	} while (0)
#endif

/* 18 says it before a declaration, 15 to 17 after it or, with gcc and clang, before. */
#if PG_VERSION_NUM < 180000
#define pg_noreturn pg_attribute_noreturn()
#endif

/* 18 wants to know where to count for EXPLAIN. */
#if PG_VERSION_NUM >= 180000
#define residency_index_beginscan(table, index, snapshot, nkeys) \
	index_beginscan(table, index, snapshot, NULL, nkeys, 0)
#else
#define residency_index_beginscan(table, index, snapshot, nkeys) \
	index_beginscan(table, index, snapshot, nkeys, 0)
#endif

#ifdef PG_MODULE_MAGIC_EXT
#define RESIDENCY_MODULE_MAGIC \
	PG_MODULE_MAGIC_EXT(.name = "residency", .version = RESIDENCY_VERSION)
#else
#define RESIDENCY_MODULE_MAGIC PG_MODULE_MAGIC
#endif

#endif							/* RESIDENCY_COMPAT_H */
