/*
 * gazetteer.h
 *	  The session's copy of the names of divisions, roads and estates.
 */
#ifndef RESIDENCY_CACHE_GAZETTEER_H
#define RESIDENCY_CACHE_GAZETTEER_H

#include "core/gazetteer.h"

/*
 * The gazetteer as the tables are now.  It stays where it is until it is asked
 * for again, or a table or catalogue is opened.
 */
extern const Gazetteer *residency_gazetteer(void);

#endif							/* RESIDENCY_CACHE_GAZETTEER_H */
