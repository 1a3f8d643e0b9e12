/*
 * plain.h
 *	  Which kinds of personal data a role sees plain, for C.
 */
#ifndef RESIDENCY_CACHE_PLAIN_H
#define RESIDENCY_CACHE_PLAIN_H

/* The kinds of personal data that are shown or masked, list data_kind. */
typedef enum DataKind
{
	DATA_NAME,
	DATA_RESIDENT_ID,
	DATA_DOCUMENT,
	DATA_PHONE,
	DATA_ADDRESS,
	DATA_BIRTH_DATE,
	DATA_EMAIL,
	DATA_BANK_CARD,
	DATA_KINDS
} DataKind;

#define DATA_ALL ((1 << DATA_KINDS) - 1)

/* Whether a role has the privileges of the owner of the register, who runs its rules and is logged nowhere. */
extern bool residency_is_owner(Oid role);

/* The kind of this name, DATA_KINDS if there is none; and the name of a kind. */
extern DataKind residency_data_kind(const char *name, size_t len);
extern const char *residency_data_kind_name(DataKind kind);

/*
 * The kinds that a role sees plain by policy.plain_data, a bit each: those of
 * the group roles whose privileges it has.
 */
extern int	residency_plain_kinds(Oid role);

#endif							/* RESIDENCY_CACHE_PLAIN_H */
