/*
 * reading.c
 *	  Shows personal data to whoever acts, plain or masked, and notes who was
 *	  shown whose.
 *
 * It is noted where the value is shown, as no row of a view can show it in
 * another way: a query that counts notes nothing, one that aggregates names
 * notes each.
 */
#include "postgres.h"

#include "access/xact.h"
#include "access/xlog.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "storage/lock.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/jsonb.h"
#include "utils/snapmgr.h"

#include "cache/plain.h"
#include "cache/scope.h"
#include "core/resident_id.h"
#include "rules/reading.h"
#include "rules/refuse.h"
#include "types/mask.h"

/* The first half of the key of an advisory lock: "read". */
#define ACCOUNT_LOCK	0x72656164
#define LIMITS "SELECT l.bulk, l.daily, l.used FROM ledger.reading_limits($1) AS l"

/* What is known of who acts, for one statement. */
static struct
{
	TimestampTz at;
	Oid			role;
	bool		is_owner;		/* sees everything, is noted nowhere */
	int			plain;			/* kinds, a bit each */
	bool		counted;		/* are the limits known? */
	int64		most;			/* plain rows in a statement, -1: any number */
	int64		most_today;
	int64		rows;			/* plain rows of this statement */
	int64		rows_today;		/* of the day, of this one and those not yet written, too */
} reader;

static Reading *current;

/* The export whose rows are being read, and the statement, transaction and subtransaction in which that was allowed. */
static int64 allowed_export = 0;
static TimestampTz allowed_at = 0;
static TimestampTz allowed_since = 0;
static SubTransactionId allowed_in = InvalidSubTransactionId;

PG_FUNCTION_INFO_V1(residency_shown);
PG_FUNCTION_INFO_V1(residency_shown_resident_id);
PG_FUNCTION_INFO_V1(residency_shown_birth_date);
PG_FUNCTION_INFO_V1(residency_note_asked);
PG_FUNCTION_INFO_V1(residency_allow_reading);

static int64
export_at_hand(void)
{
	return allowed_at == GetCurrentStatementStartTimestamp() && allowed_since == GetCurrentTransactionStartTimestamp() &&
		allowed_in == GetCurrentSubTransactionId() ? allowed_export : 0;
}

/* Who acts may change within a transaction, and what they see with every statement. */
static bool
reader_is_owner(void)
{
	TimestampTz now = GetCurrentStatementStartTimestamp();
	Oid			role = residency_actor();

	if (reader.at != now || reader.role != role)
	{
		reader.at = 0;
		reader.is_owner = residency_is_owner(role);
		reader.plain = reader.is_owner ? DATA_ALL : residency_plain_kinds(role);
		reader.counted = false;
		reader.rows = 0;
		reader.role = role;
		reader.at = now;
		current = NULL;
	}
	return reader.is_owner;
}

static Reading *
begin_reading(const char *object, size_t len)
{
	MemoryContext caller;
	Reading    *reading;

	if (RecoveryInProgress() || (XactReadOnly && XactIsoLevel == XACT_SERIALIZABLE))
		residency_refuse("RG343", 0, NULL, "ledger.read", NULL);
	residency_reading_watch();

	caller = MemoryContextSwitchTo(residency_reading_context());
	reading = palloc0(sizeof(Reading));
	reading->at = reader.at;
	reading->role = reader.role;
	reading->actor = GetUserNameFromId(reader.role, false);
	reading->login = GetUserNameFromId(GetSessionUserId(), false);
	reading->object = pnstrdup(object, len);
	reading->purpose = residency_said("residency.purpose");
	reading->request_id = residency_said("residency.request_id");
	reading->export_id = export_at_hand();
	MemoryContextSwitchTo(caller);
	reading->next = residency_unwritten;
	residency_unwritten = reading;
	return current = reading;
}

static bool
continues(const Reading *reading, const char *object, size_t len)
{
	return reading->at == reader.at && reading->role == reader.role && !reading->rolled_back &&
		reading->export_id == export_at_hand() &&
		strlen(reading->object) == len && memcmp(reading->object, object, len) == 0;
}

/* The reading of this statement by that view or function. */
static Reading *
reading_by(const text *object)
{
	const char *name = VARDATA_ANY(object);
	size_t		len = VARSIZE_ANY_EXHDR(object);

	/* what has been written is gone */
	if (residency_unwritten != NULL && current != NULL && continues(current, name, len))
		return current;
	for (Reading *reading = residency_unwritten; reading != NULL && reading->at == reader.at; reading = reading->next)
	{
		if (continues(reading, name, len))
			return current = reading;
	}
	return begin_reading(name, len);
}

/* As they come; sorted, each once, where there is no more room and when they are written. */
static void
note_person(Reading *reading, int64 person)
{
	int			most = reading->export_id != 0 ? RESIDENCY_EXPORT_PERSONS : RESIDENCY_READING_PERSONS;

	if (reading->full)
		return;
	if (reading->npersons == reading->room)
	{
		int			room = Min(Max(2 * reading->room, 4), most);

		residency_sort_persons(reading);
		if (reading->room == 0)
			reading->persons = MemoryContextAllocHuge(residency_reading_context(), room * sizeof(int64));
		else if (reading->room < room)
			reading->persons = repalloc_huge(reading->persons, room * sizeof(int64));
		/* few have come out: it would be sorted for nothing again and again */
		else if (reading->npersons > most - most / 4)
		{
			reading->full = true;
			return;
		}
		reading->room = room;
	}
	reading->persons[reading->npersons++] = person;
}

static int64
limit_of(int column)
{
	bool		isnull;
	Datum		value = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, column, &isnull);

	return isnull ? -1 : DatumGetInt64(value);
}

/*
 * How much this role may read, and has read today: as the owner, who alone may
 * look, and as it is now, be the snapshot of the transaction as old as it may.
 */
static void
read_limits(const Reading *reading)
{
	static SPIPlanPtr plan = NULL;
	Oid			types[] = {TEXTOID};
	Datum		values[] = {CStringGetTextDatum(reading->actor)};
	Oid			user;
	int			security;

	GetUserIdAndSecContext(&user, &security);
	SetUserIdAndSecContext(residency_reading_owner(), security | SECURITY_LOCAL_USERID_CHANGE);
	/* beside parallel workers no other one can be taken */
	PushActiveSnapshot(IsInParallelMode() ? GetActiveSnapshot() : GetLatestSnapshot());
	SPI_connect();
	residency_reading_query(&plan, LIMITS, 1, types, values, NULL, true);
	reader.most = limit_of(1);
	reader.most_today = limit_of(2);
	reader.rows_today = limit_of(3);
	SPI_finish();
	PopActiveSnapshot();
	SetUserIdAndSecContext(user, security);

	for (Reading *other = residency_unwritten; other != NULL; other = other->next)
	{
		if (other->role == reader.role && other->export_id == 0)
			reader.rows_today += other->plain_rows;
	}
}

/* To the end of the transaction. */
static void
lock_account(Oid role)
{
	LOCKTAG		tag;

	SET_LOCKTAG_ADVISORY(tag, MyDatabaseId, ACCOUNT_LOCK, role, 2);
	(void) LockAcquire(&tag, ExclusiveLock, false, false);
}

/*
 * In the second half of the day's rows the sessions of an account read one after
 * the other, so that they don't take the last ones together.
 */
static void
ask_limits(const Reading *reading)
{
	read_limits(reading);
	if (reader.most_today >= 0 && reader.rows_today >= reader.most_today / 2)
	{
		lock_account(reader.role);
		read_limits(reading);
	}
	reader.counted = true;
}

static void
count_plain_row(Reading *reading)
{
	if (reading->export_id == 0)
	{
		char	   *most;

		if (!reader.counted)
			ask_limits(reading);
		if (reader.most >= 0 && reader.rows >= reader.most)
		{
			most = psprintf(INT64_FORMAT, reader.most);
			residency_refuse("RG341", 1, (const char *[]) {most}, "ledger.read", "rows");
		}
		if (reader.most_today >= 0 && reader.rows_today >= reader.most_today)
		{
			most = psprintf(INT64_FORMAT, reader.most_today);
			residency_refuse("RG342", 1, (const char *[]) {most}, "ledger.read", "rows");
		}
		reader.rows++;
		reader.rows_today++;
	}
	reading->plain_rows++;
	reading->row_is_plain = true;
}

/* Notes that a value of a kind and a person is shown; whether plainly. */
static bool
note_shown(DataKind kind, bool plain, bool has_person, int64 person, const text *object)
{
	Reading    *reading = reading_by(object);

	/* an export has its own */
	if (plain && reading->purpose == NULL && reading->export_id == 0)
		residency_refuse("RG340", 1, (const char *[]) {reading->object}, "ledger.read", "purpose");
	if (reading->rows == 0 || !has_person || !reading->has_person || reading->person != person)
	{
		if (has_person)
			note_person(reading, person);
		reading->has_person = has_person;
		reading->person = person;
		reading->row_is_plain = false;
		reading->rows++;
	}
	reading->shown |= 1 << kind;
	if (plain)
	{
		if (!reading->row_is_plain)
			count_plain_row(reading);
		reading->plain |= 1 << kind;
	}
	return plain;
}

/* The arguments of a function that shows something: the value, the person it is of, the view or function. */
static bool
shows_plainly(FunctionCallInfo fcinfo, int first, DataKind kind, bool plain)
{
	if (PG_ARGISNULL(first + 2))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("the view or function that shows personal data must be named")));
	return note_shown(kind, plain, !PG_ARGISNULL(first + 1), PG_ARGISNULL(first + 1) ? 0 : PG_GETARG_INT64(first + 1),
					  PG_GETARG_TEXT_PP(first + 2));
}

/*
 * shown(kind text, value text, person_id bigint, object text) -> text
 */
Datum
residency_shown(PG_FUNCTION_ARGS)
{
	static const MaskKind mask[DATA_KINDS] = {
		[DATA_NAME] = MASK_NAME, [DATA_RESIDENT_ID] = MASK_RESIDENT_ID, [DATA_DOCUMENT] = MASK_DOCUMENT,
		[DATA_PHONE] = MASK_PHONE, [DATA_ADDRESS] = MASK_ADDRESS, [DATA_BIRTH_DATE] = MASK_KINDS,
		[DATA_EMAIL] = MASK_EMAIL, [DATA_BANK_CARD] = MASK_BANK_CARD
	};
	text	   *name;
	DataKind	kind;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	if (reader_is_owner())
		PG_RETURN_DATUM(PG_GETARG_DATUM(1));
	name = PG_GETARG_TEXT_PP(0);
	kind = residency_data_kind(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name));
	if (kind == DATA_KINDS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("there is no kind of personal data \"%s\"", text_to_cstring(name)),
				 errhint("The kinds are in code.value, list data_kind.")));
	if (shows_plainly(fcinfo, 1, kind, (reader.plain & 1 << kind) != 0))
		PG_RETURN_DATUM(PG_GETARG_DATUM(1));
	/* of a kind without a mask, stars */
	PG_RETURN_TEXT_P(residency_masked(mask[kind], PG_GETARG_TEXT_PP(1)));
}

/*
 * shown_resident_id(resident_id, person_id bigint, object text) -> text
 *	  Plain only in an export that somebody else has approved.
 */
Datum
residency_shown_resident_id(PG_FUNCTION_ARGS)
{
	char		written[RESIDENCY_RESIDENT_ID_SIZE];
	text	   *number;
	bool		plain;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	plain = export_at_hand() != 0;
	if (!reader_is_owner())
		plain = shows_plainly(fcinfo, 0, DATA_RESIDENT_ID, plain && (reader.plain & 1 << DATA_RESIDENT_ID) != 0);
	number = cstring_to_text_with_len(written, residency_resident_id_format(PG_GETARG_INT64(0), written));
	PG_RETURN_TEXT_P(plain ? number : residency_masked(MASK_RESIDENT_ID, number));
}

/*
 * shown_birth_date(date, person_id bigint, object text) -> date
 *	  A day that is hidden is NULL: any other day would pass for theirs.
 */
Datum
residency_shown_birth_date(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	if (reader_is_owner() || shows_plainly(fcinfo, 0, DATA_BIRTH_DATE, (reader.plain & 1 << DATA_BIRTH_DATE) != 0))
		PG_RETURN_DATEADT(PG_GETARG_DATEADT(0));
	PG_RETURN_NULL();
}

/*
 * note_asked(object text, asked jsonb) -> boolean
 *	  True. Every call is a reading of its own, also one that finds nobody.
 */
Datum
residency_note_asked(PG_FUNCTION_ARGS)
{
	if (!reader_is_owner())
	{
		text	   *object = PG_GETARG_TEXT_PP(0);
		Jsonb	   *asked = PG_GETARG_JSONB_P(1);
		Reading    *reading = begin_reading(VARDATA_ANY(object), VARSIZE_ANY_EXHDR(object));
		char	   *written = JsonbToCString(NULL, &asked->root, VARSIZE(asked));

		reading->asked = MemoryContextStrdup(residency_reading_context(), written);
	}
	PG_RETURN_BOOL(true);
}

/*
 * allow_reading(export_id bigint) -> void
 *	  Until it is called with NULL or the subtransaction ends, readings belong
 *	  to that export.  For what runs as the owner.
 */
Datum
residency_allow_reading(PG_FUNCTION_ARGS)
{
	if (!residency_is_owner(GetUserId()))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("only the owner of the register allows a reading")));
	allowed_export = PG_ARGISNULL(0) ? 0 : PG_GETARG_INT64(0);
	allowed_at = GetCurrentStatementStartTimestamp();
	allowed_since = GetCurrentTransactionStartTimestamp();
	allowed_in = GetCurrentSubTransactionId();
	PG_RETURN_VOID();
}
