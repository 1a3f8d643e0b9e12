/*
 * change_leaf.c
 *	  Changes as they are hashed: a JSON array of texts and nulls without
 *	  blanks, which any other program can write as well. See docs/seal.md.
 *
 * In SQL a million of them took four times as long.
 */
#include "postgres.h"

#include "fmgr.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/json.h"
#include "utils/jsonb.h"
#include "utils/timestamp.h"
#include "utils/uuid.h"
#include "utils/xid8.h"

#include "compat.h"
#include "rules/hash.h"

PG_FUNCTION_INFO_V1(residency_image_digest);
PG_FUNCTION_INFO_V1(residency_change_fields);
PG_FUNCTION_INFO_V1(residency_change_leaf);

/* The order of the arguments of change_fields() and change_leaf(). */
enum ChangeArgument
{
	CHANGE_ID, CHANGED_AT, TRANSACTION, CLUSTER_ID, ACTOR, LOGIN, PURPOSE, REQUEST_ID, ACT, TABLE_NAME, KEY, OPERATION,
	IMAGE, SALT, IMAGE_DIGEST
};

/* The salt keeps who guesses at an image from trying. */
static void
digest(pg_cryptohash_ctx *hash, Datum salt, Datum image, uint8_t *out)
{
	Jsonb	   *jsonb = DatumGetJsonbP(image);
	StringInfoData text;
	HashPiece	pieces[2];

	initStringInfo(&text);
	JsonbToCString(&text, &jsonb->root, VARSIZE(jsonb));
	pieces[0] = (HashPiece) {DatumGetUUIDP(salt)->data, UUID_LEN};
	pieces[1] = (HashPiece) {text.data, text.len};
	residency_hash(hash, pieces, lengthof(pieces), out);
	pfree(text.data);
}

/* In UTC, with microseconds, whatever the session's settings are. */
static void
append_moment(StringInfo out, TimestampTz moment)
{
	struct pg_tm tm;
	fsec_t		fsec;

	if (TIMESTAMP_NOT_FINITE(moment) || timestamp2tm(moment, NULL, &tm, &fsec, NULL, NULL) != 0)
		appendStringInfoString(out, TIMESTAMP_IS_NOBEGIN(moment) ? "\"-infinity\"" : "\"infinity\"");
	else
		appendStringInfo(out, "\"%04d-%02d-%02dT%02d:%02d:%02d.%06dZ\"",
						 tm.tm_year, tm.tm_mon, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, (int) fsec);
}

static void
append_hash(StringInfo out, const uint8_t *bytes, size_t size)
{
	appendStringInfoChar(out, '"');
	enlargeStringInfo(out, 2 * size);
	out->len += hex_encode((const char *) bytes, size, out->data + out->len);
	appendStringInfoString(out, "\"");
}

static void
append_field(StringInfo out, FunctionCallInfo fcinfo, int field)
{
	Datum		value = PG_GETARG_DATUM(field);
	char	   *plain;

	switch (field)
	{
		case CHANGE_ID:
		case CLUSTER_ID:
			appendStringInfo(out, "\"" INT64_FORMAT "\"", DatumGetInt64(value));
			return;
		case CHANGED_AT:
			append_moment(out, DatumGetTimestampTz(value));
			return;
		case TRANSACTION:
			appendStringInfo(out, "\"" UINT64_FORMAT "\"", U64FromFullTransactionId(DatumGetFullTransactionId(value)));
			return;
		case REQUEST_ID:
			plain = DatumGetCString(DirectFunctionCall1(uuid_out, value));
			break;
		case KEY:
			{
				Jsonb	   *key = DatumGetJsonbP(value);

				plain = JsonbToCString(NULL, &key->root, VARSIZE(key));
				break;
			}
		default:
			plain = TextDatumGetCString(value);
	}
	escape_json(out, plain);
	pfree(plain);
}

/* The digest that is written down counts where the image is gone, and there alone. */
static void
append_digest(StringInfo out, pg_cryptohash_ctx *hash, FunctionCallInfo fcinfo)
{
	if (!PG_ARGISNULL(IMAGE) && !PG_ARGISNULL(SALT))
	{
		uint8_t		bytes[RESIDENCY_HASH];

		digest(hash, PG_GETARG_DATUM(SALT), PG_GETARG_DATUM(IMAGE), bytes);
		append_hash(out, bytes, RESIDENCY_HASH);
	}
	else if (PG_ARGISNULL(IMAGE) && !PG_ARGISNULL(IMAGE_DIGEST))
	{
		bytea	   *bytes = PG_GETARG_BYTEA_PP(IMAGE_DIGEST);

		append_hash(out, (uint8_t *) VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes));
	}
	else
		appendStringInfoString(out, "null");
}

static void
write_fields(StringInfo out, pg_cryptohash_ctx *hash, FunctionCallInfo fcinfo)
{
	initStringInfo(out);
	appendStringInfoChar(out, '[');
	for (int field = CHANGE_ID; field <= OPERATION; field++)
	{
		if (PG_ARGISNULL(field))
			appendStringInfoString(out, "null");
		else
			append_field(out, fcinfo, field);
		appendStringInfoChar(out, ',');
	}
	append_digest(out, hash, fcinfo);
	appendStringInfoChar(out, ']');
}

Datum
residency_image_digest(PG_FUNCTION_ARGS)
{
	pg_cryptohash_ctx *hash = residency_hash_begin();
	uint8_t		bytes[RESIDENCY_HASH];

	digest(hash, PG_GETARG_DATUM(0), PG_GETARG_DATUM(1), bytes);
	pg_cryptohash_free(hash);
	return residency_hash_datum(bytes);
}

Datum
residency_change_fields(PG_FUNCTION_ARGS)
{
	pg_cryptohash_ctx *hash = residency_hash_begin();
	StringInfoData fields;

	write_fields(&fields, hash, fcinfo);
	pg_cryptohash_free(hash);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(fields.data, fields.len));
}

Datum
residency_change_leaf(PG_FUNCTION_ARGS)
{
	static const uint8_t prefix = 0;
	pg_cryptohash_ctx *hash = residency_hash_begin();
	StringInfoData fields;
	HashPiece	pieces[2] = {{&prefix, 1}};
	uint8_t		leaf[RESIDENCY_HASH];

	write_fields(&fields, hash, fcinfo);
	pieces[1] = (HashPiece) {fields.data, fields.len};
	residency_hash(hash, pieces, lengthof(pieces), leaf);
	pg_cryptohash_free(hash);
	pfree(fields.data);
	return residency_hash_datum(leaf);
}
