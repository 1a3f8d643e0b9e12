/*
 * country.h
 *	  Countries by their numbers of ISO 3166-1 (GB/T 2659).
 */
#ifndef RESIDENCY_CORE_COUNTRY_H
#define RESIDENCY_CORE_COUNTRY_H

#include <stdbool.h>

/* Whether ISO 3166-1 assigns a number to a country; any number may be asked for. */
extern bool residency_is_country(int number);

#endif							/* RESIDENCY_CORE_COUNTRY_H */
