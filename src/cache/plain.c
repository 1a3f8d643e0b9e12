/*
 * plain.c
 *	  Looks up which kinds of personal data a role sees plain.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"

#include "cache/cache.h"
#include "cache/plain.h"
#include "cache/scope.h"

/* A group role and the kinds that it sees. */
typedef struct Group
{
	char	   *role;
	DataKind	kind;
} Group;

static void read_group(void *row, const Datum *values, const bool *nulls);
static int	compare_groups(const void *row, const void *other);
static void keep_groups(const void *rows, int count);

static const ResidencyCacheColumn columns[] = {
	{"role", TEXTOID},
	{"data_kind", TEXTOID}
};

static ResidencyCache plain_data = {
	.schema = "policy",
	.table = "plain_data",
	.columns = columns,
	.ncolumns = lengthof(columns),
	.row_size = sizeof(Group),
	.read = read_group,
	.compare = compare_groups,
	.derive = keep_groups
};

static const char *const kind_names[DATA_KINDS] = {
	[DATA_NAME] = "name", [DATA_RESIDENT_ID] = "resident_id", [DATA_DOCUMENT] = "document", [DATA_PHONE] = "phone",
	[DATA_ADDRESS] = "address", [DATA_BIRTH_DATE] = "birth_date", [DATA_EMAIL] = "email", [DATA_BANK_CARD] = "bank_card"
};

static const Group *groups;
static int	ngroups;

PG_FUNCTION_INFO_V1(residency_sees_plain);

bool
residency_is_owner(Oid role)
{
	return has_privs_of_role(role, residency_register_owner());
}

DataKind
residency_data_kind(const char *name, size_t len)
{
	DataKind	kind = 0;

	while (kind < DATA_KINDS && (strlen(kind_names[kind]) != len || memcmp(kind_names[kind], name, len) != 0))
		kind++;
	return kind;
}

const char *
residency_data_kind_name(DataKind kind)
{
	return kind_names[kind];
}

static void
read_group(void *row, const Datum *values, const bool *nulls)
{
	Group	   *group = row;
	text	   *kind = nulls[1] ? NULL : DatumGetTextPP(values[1]);

	group->role = nulls[0] ? pstrdup("") : TextDatumGetCString(values[0]);
	group->kind = kind ? residency_data_kind(VARDATA_ANY(kind), VARSIZE_ANY_EXHDR(kind)) : DATA_KINDS;
}

static int
compare_groups(const void *row, const void *other)
{
	return strcmp(((const Group *) row)->role, ((const Group *) other)->role);
}

static void
keep_groups(const void *rows, int count)
{
	groups = rows;
	ngroups = count;
}

int
residency_plain_kinds(Oid role)
{
	int			kinds = 0;
	const char *asked = NULL;
	bool		member = false;

	residency_cache_refresh(&plain_data);
	for (int i = 0; i < ngroups; i++)
	{
		if (asked == NULL || strcmp(asked, groups[i].role) != 0)
		{
			Oid			group = get_role_oid(groups[i].role, true);

			member = OidIsValid(group) && has_privs_of_role(role, group);
			asked = groups[i].role;
		}
		if (member && groups[i].kind < DATA_KINDS)
			kinds |= 1 << groups[i].kind;
	}
	return kinds;
}

/*
 * sees_plain(data_kind text) -> boolean
 */
Datum
residency_sees_plain(PG_FUNCTION_ARGS)
{
	text	   *name = PG_GETARG_TEXT_PP(0);
	DataKind	kind = residency_data_kind(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name));
	Oid			actor = residency_actor();

	if (residency_is_owner(actor))
		PG_RETURN_BOOL(true);
	PG_RETURN_BOOL(kind < DATA_KINDS && (residency_plain_kinds(actor) & 1 << kind) != 0);
}
