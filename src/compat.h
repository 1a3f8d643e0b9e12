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

/*
 * What a statement made in C writes to: 16 keeps privileges apart from the range
 * table, 18 wants to know what pruning has left of it.
 */
#if PG_VERSION_NUM >= 160000
#if PG_VERSION_NUM >= 180000
#define residency_range_table(estate, entry, privileges) \
	ExecInitRangeTable(estate, list_make1(entry), privileges, bms_make_singleton(1))
#else
#define residency_range_table(estate, entry, privileges) \
	ExecInitRangeTable(estate, list_make1(entry), privileges)
#endif
#define residency_write_to(estate, entry) \
	do { \
		List	   *privileges = NIL; \
		(void) addRTEPermissionInfo(&privileges, entry); \
		residency_range_table(estate, entry, privileges); \
	} while (0)
#define residency_partition_map(partition, estate)	ExecGetRootToChildMap(partition, estate)
#define residency_insert_into_indexes(table, slot, estate) \
	ExecInsertIndexTuples(table, slot, estate, false, false, NULL, NIL, false)
#else
#define residency_write_to(estate, entry)	ExecInitRangeTable(estate, list_make1(entry))
#define residency_partition_map(partition, estate)	((partition)->ri_RootToPartitionMap)
#define residency_insert_into_indexes(table, slot, estate) \
	ExecInsertIndexTuples(table, slot, estate, false, false, NULL, NIL)
#endif

#ifdef PG_MODULE_MAGIC_EXT
#define RESIDENCY_MODULE_MAGIC \
	PG_MODULE_MAGIC_EXT(.name = "residency", .version = RESIDENCY_VERSION)
#else
#define RESIDENCY_MODULE_MAGIC PG_MODULE_MAGIC
#endif

#endif							/* RESIDENCY_COMPAT_H */
