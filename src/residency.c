/*
 * residency.c
 *	  Module entry: the magic block, settings, caches and the version of the code.
 */
#include "postgres.h"

#include "access/xact.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/guc.h"

#include "cache/cache.h"
#include "compat.h"

RESIDENCY_MODULE_MAGIC;

typedef enum Language
{
	LANGUAGE_ENGLISH,
	LANGUAGE_CHINESE
} Language;

static const struct config_enum_entry languages[] = {
	{"en", LANGUAGE_ENGLISH, false},
	{"zh", LANGUAGE_CHINESE, false},
	{NULL, 0, false}
};

static int	language = LANGUAGE_ENGLISH;
static char *purpose;
static char *request_id;
static char *act;

void		_PG_init(void);

PG_FUNCTION_INFO_V1(residency_version);
PG_FUNCTION_INFO_V1(residency_in_transaction_block);

/* A setting of words that say something and decide nothing. */
static void
define_note(const char *name, const char *says, char **value, GucStringCheckHook check)
{
	DefineCustomStringVariable(name, says, NULL, value, "", PGC_USERSET, 0, check, NULL, NULL);
}

/* Nothing, or a UUID: what keeps it would fail with anything else. */
static bool
check_request_id(char **value, void **extra, GucSource source)
{
	size_t		digits = strspn(*value, "0123456789abcdefABCDEF-");

	(void) extra;
	(void) source;
	if (**value == '\0')
		return true;
	if (strlen(*value) != 36 || digits != 36)
		return false;
	for (int i = 0; i < 36; i++)
	{
		if (((*value)[i] == '-') != (i == 8 || i == 13 || i == 18 || i == 23))
			return false;
	}
	return true;
}

void
_PG_init(void)
{
	/* Read by residency.refuse(). */
	DefineCustomEnumVariable("residency.language",
							 "Language of the register's refusals: en or zh.",
							 NULL,
							 &language,
							 LANGUAGE_ENGLISH,
							 languages,
							 PGC_USERSET,
							 0,
							 NULL, NULL, NULL);
	/* Kept beside what is done and read; they permit nothing. */
	define_note("residency.purpose", "What the session acts for: a case number, or words.", &purpose, NULL);
	define_note("residency.request_id", "The client's number of the request at hand; set by the functions of the api.", &request_id, check_request_id);
	define_note("residency.act", "The act at hand; set by the functions of the api.", &act, NULL);
	MarkGUCPrefixReserved("residency");

	residency_cache_init();
}

/*
 * version() -> text
 *	  The version this library was built as. It differs from
 *	  pg_extension.extversion between a new package and ALTER EXTENSION UPDATE.
 */
Datum
residency_version(PG_FUNCTION_ARGS)
{
	(void) fcinfo;
	PG_RETURN_TEXT_P(cstring_to_text(RESIDENCY_VERSION));
}

/*
 * in_transaction_block() -> boolean
 *	  migrate() asks before its first step: the server would say no more than
 *	  "invalid transaction termination", and that after the work is done.
 */
Datum
residency_in_transaction_block(PG_FUNCTION_ARGS)
{
	(void) fcinfo;
	PG_RETURN_BOOL(IsTransactionBlock());
}
