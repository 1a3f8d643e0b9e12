/*
 * mask.c
 *	  Masks of personal data for SQL.
 */
#include "postgres.h"

#include "fmgr.h"

#include "compat.h"
#include "types/mask.h"

#define MASK_FUNCTION(name, kind) \
	PG_FUNCTION_INFO_V1(residency_mask_##name); \
	Datum \
	residency_mask_##name(PG_FUNCTION_ARGS) \
	{ \
		PG_RETURN_TEXT_P(residency_masked(kind, PG_GETARG_TEXT_PP(0))); \
	} \
	extern int	residency_mask_no_such

text *
residency_masked(MaskKind kind, const text *in)
{
	size_t		len = VARSIZE_ANY_EXHDR(in);
	text	   *out = palloc(VARHDRSZ + RESIDENCY_MASK_ROOM(len));

	SET_VARSIZE(out, VARHDRSZ + residency_mask_kind(kind, VARDATA_ANY(in), len, VARDATA(out)));
	return out;
}

MASK_FUNCTION(name, MASK_NAME);
MASK_FUNCTION(id_text, MASK_RESIDENT_ID);
MASK_FUNCTION(public_id, MASK_PUBLIC_ID);
MASK_FUNCTION(document, MASK_DOCUMENT);
MASK_FUNCTION(phone, MASK_PHONE);
MASK_FUNCTION(address, MASK_ADDRESS);
MASK_FUNCTION(email, MASK_EMAIL);
MASK_FUNCTION(bank_card, MASK_BANK_CARD);
