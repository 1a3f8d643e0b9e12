/*
 * address_text.c
 *	  Reads texts as addresses: cut into pieces, normalised, with the candidates
 *	  where the text alone does not decide.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "mb/pg_wchar.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "cache/gazetteer.h"
#include "core/division_code.h"
#include "rules/refuse.h"
#include "types/address.h"

static const Gazetteer *parse_text(const char *in, size_t len, int64 context, AddressParse *parse);
static struct varlena *make_address(const Gazetteer *gazetteer, const AddressParse *parse);
static Datum inferred_levels(const Gazetteer *gazetteer, const RegionReading *reading);
static void put_piece(ReturnSetInfo *rows, const char *element, const char *in, size_t len,
					  size_t from_byte, size_t to_byte, int from, int to);

PG_FUNCTION_INFO_V1(residency_parse_address);
PG_FUNCTION_INFO_V1(residency_normalize_address);
PG_FUNCTION_INFO_V1(residency_address_reading);

/* Gives the gazetteer that the text was read with: whether it is fresh is asked once. */
static const Gazetteer *
parse_text(const char *in, size_t len, int64 context, AddressParse *parse)
{
	const Gazetteer *gazetteer = residency_gazetteer();

	residency_address_parse(gazetteer, in, len, context, parse);
	if (parse->text.total > RESIDENCY_ADDRESS_CHARACTERS)
	{
		const char *facts[] = {psprintf("%d", parse->text.total), psprintf("%d", RESIDENCY_ADDRESS_CHARACTERS)};

		residency_refuse("RG200", lengthof(facts), facts, NULL, NULL);
	}
	return gazetteer;
}

/* The normalised address, NULL if nothing but detail is left. */
static struct varlena *
make_address(const Gazetteer *gazetteer, const AddressParse *parse)
{
	AddressParts parts;
	char		room[RESIDENCY_ADDRESS_SIZE];

	residency_address_normalize(gazetteer, parse, &parts, room);
	if (parts.count == 0 || parts.element[0].level == ADDRESS_DETAIL)
		return NULL;
	return residency_address_make(&parts);
}

struct varlena *
residency_address_from_text(const char *in, size_t len, int64 context)
{
	AddressParse parse;

	return make_address(parse_text(in, len, context, &parse), &parse);
}

/*
 * normalize_address(text, context division_code) -> address
 */
Datum
residency_normalize_address(PG_FUNCTION_ARGS)
{
	struct varlena *address;
	text	   *in;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	in = PG_GETARG_TEXT_PP(0);
	address = residency_address_from_text(VARDATA_ANY(in), VARSIZE_ANY_EXHDR(in),
										  PG_ARGISNULL(1) ? 0 : PG_GETARG_INT64(1));
	if (address == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(address);
}

/* A row of parse_address(): the bytes of the text and its characters, from 0 and half-open. */
static void
put_piece(ReturnSetInfo *rows, const char *element, const char *in, size_t len,
		  size_t from_byte, size_t to_byte, int from, int to)
{
	Datum		values[4];
	bool		nulls[4] = {false};

	to_byte = Min(to_byte, len);
	values[0] = CStringGetTextDatum(element);
	values[1] = PointerGetDatum(cstring_to_text_with_len(in + from_byte, to_byte - from_byte));
	values[2] = Int32GetDatum(from + 1);
	values[3] = Int32GetDatum(to);
	tuplestore_putvalues(rows->setResult, rows->setDesc, values, nulls);
}

/*
 * parse_address(text, scheme text) -> setof (element, value, from, to)
 *	  What was not read of a text that is too long for an address is one piece.
 */
Datum
residency_parse_address(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rows = (ReturnSetInfo *) fcinfo->resultinfo;
	text	   *in = PG_GETARG_TEXT_PP(0);
	const char *start = VARDATA_ANY(in);
	size_t		len = VARSIZE_ANY_EXHDR(in);
	char	   *scheme = text_to_cstring(PG_GETARG_TEXT_PP(1));
	const char *(*name) (int kind);
	AddressParse parse;
	const AddressText *text = &parse.text;

	if (strcmp(scheme, "residency") == 0)
		name = residency_address_element_name;
	else if (strcmp(scheme, "naacl2019") == 0)
		name = residency_address_naacl_label;
	else
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("there is no scheme \"%s\" of address elements", residency_clipped(PG_GETARG_DATUM(1))),
				 errhint("The schemes are \"residency\" and \"naacl2019\".")));

	InitMaterializedSRF(fcinfo, 0);
	residency_address_parse(residency_gazetteer(), start, len, 0, &parse);
	for (int i = 0; i < parse.npieces; i++)
	{
		const AddressPiece *piece = &parse.piece[i];
		size_t		end = text->offset[piece->to - 1];

		put_piece(rows, name(piece->kind), start, len, text->offset[piece->from],
				  end + pg_utf_mblen((const unsigned char *) start + end),
				  text->position[piece->from], text->position[piece->to - 1] + 1);
	}
	if (text->offset[text->length] < len)
		put_piece(rows, name(ADDRESS_OTHER), start, len, text->offset[text->length], len,
				  text->position[text->length], text->total);
	return (Datum) 0;
}

/* The levels that a reading implies without naming them, outermost first: text[] */
static Datum
inferred_levels(const Gazetteer *gazetteer, const RegionReading *reading)
{
	int64		line[RESIDENCY_DIVISION_LEVELS];
	int			count = residency_division_code_lineage(reading->division, line);
	Datum		levels[RESIDENCY_DIVISION_LEVELS];
	int			found = 0;

	for (int i = 0; i < count; i++)
	{
		bool		named = residency_gazetteer_is_heading(gazetteer, line[i]);

		for (int j = 0; j < reading->npieces; j++)
			named = named || reading->piece[j].division == line[i];
		if (!named)
			levels[found++] = CStringGetTextDatum(residency_address_element_name(residency_address_division_level(line[i])));
	}
	return PointerGetDatum(construct_array(levels, found, TEXTOID, -1, false, TYPALIGN_INT));
}

/*
 * address_reading(text, context division_code) ->
 *		setof (rank, division, address, score, inferred, shortened, renamed)
 *	  The readings of a text, best first; one without a division if it names none.
 */
Datum
residency_address_reading(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rows = (ReturnSetInfo *) fcinfo->resultinfo;
	AddressParse parse;
	text	   *in;
	int64		context = PG_ARGISNULL(1) ? 0 : PG_GETARG_INT64(1);
	const Gazetteer *gazetteer;

	InitMaterializedSRF(fcinfo, 0);
	if (PG_ARGISNULL(0))
		return (Datum) 0;
	in = PG_GETARG_TEXT_PP(0);
	gazetteer = parse_text(VARDATA_ANY(in), VARSIZE_ANY_EXHDR(in), context, &parse);
	for (int i = 0; i < Max(parse.nreadings, 1); i++)
	{
		const RegionReading *reading = parse.nreadings > 0 ? &parse.reading[i] : NULL;
		struct varlena *address;
		Datum		values[7];
		bool		nulls[7] = {false};
		bool		shortened = false;
		bool		renamed = false;

		if (reading == NULL)
			address = make_address(gazetteer, &parse);
		else
		{
			AddressParse chosen;

			/* the rest may be cut otherwise where this is the division */
			gazetteer = parse_text(VARDATA_ANY(in), VARSIZE_ANY_EXHDR(in), reading->division, &chosen);
			chosen.division = reading->division;
			address = make_address(gazetteer, &chosen);
			for (int j = 0; j < reading->npieces; j++)
			{
				shortened = shortened || reading->piece[j].shortened;
				renamed = renamed || reading->piece[j].kind == NAME_ALIAS || reading->piece[j].kind == NAME_FORMER;
			}
		}
		if (address == NULL)
			continue;
		values[0] = Int32GetDatum(i + 1);
		values[1] = Int64GetDatum(reading ? reading->division : 0);
		nulls[1] = reading == NULL;
		values[2] = PointerGetDatum(address);
		values[3] = Float4GetDatum(reading ? reading->score / 1000.0f : 0);
		nulls[3] = reading == NULL;
		values[4] = reading ? inferred_levels(gazetteer, reading) : PointerGetDatum(construct_empty_array(TEXTOID));
		values[5] = BoolGetDatum(shortened);
		values[6] = BoolGetDatum(renamed);
		tuplestore_putvalues(rows->setResult, rows->setDesc, values, nulls);
	}
	return (Datum) 0;
}
