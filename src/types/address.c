/*
 * address.c
 *	  The type residency.address: in and out, and what can be asked of one.
 */
#include "postgres.h"

#include "types/address.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"
#include "utils/array.h"

#include "types/input.h"

static const InputRule rules[] = {
	[ADDRESS_EMPTY] = {"empty",
		"The text names neither a division nor any element of an address.",
		"Name at least a division, a road or an estate; keep names and telephone numbers in their own columns."},
	[ADDRESS_DIVISION] = {"division",
		"What stands for the code of the division is none (GB/T 2260, GB/T 10114).",
		"Write 6, 9 or 12 digits in brackets, \"(-)\" if the division is unknown, or leave both out to have the address looked up."},
	[ADDRESS_ORDER] = {"order",
		"An element has no level, or one that is not deeper than that of the element before it.",
		"Write the elements from province to room, and LEVEL:VALUE where the value does not end in the word of its level."},
	[ADDRESS_LENGTH] = {"length",
		"An element has no characters, or more than 255 bytes.",
		"Keep what is no part of the place out of the address."},
	[ADDRESS_CHARACTER] = {"character",
		"An element has a blank, a control character, a colon or a bracket in it.",
		"Write elements without them, with one blank between element and element."}
};

static const InputType address_type = {.name = "address", .rules = rules};

PG_FUNCTION_INFO_V1(residency_address_in);
PG_FUNCTION_INFO_V1(residency_address_out);
PG_FUNCTION_INFO_V1(residency_address_recv);
PG_FUNCTION_INFO_V1(residency_address_send);
PG_FUNCTION_INFO_V1(residency_address_of_text);
PG_FUNCTION_INFO_V1(residency_address_to_text);
PG_FUNCTION_INFO_V1(residency_address_full);
PG_FUNCTION_INFO_V1(residency_address_division);
PG_FUNCTION_INFO_V1(residency_address_depth);
PG_FUNCTION_INFO_V1(residency_address_above);
PG_FUNCTION_INFO_V1(residency_address_lineage);
PG_FUNCTION_INFO_V1(residency_address_last);
PG_FUNCTION_INFO_V1(residency_address_elements);

struct varlena *
residency_address_make(const AddressParts *parts)
{
	char		flat[RESIDENCY_ADDRESS_SIZE];
	size_t		len;
	struct varlena *address;

	/* what can't be written as text and read again would be lost in a dump */
	if (residency_address_check(parts) != ADDRESS_FINE)
		elog(ERROR, "an address with problem %d was made", residency_address_check(parts));
	len = residency_address_write(parts, flat);
	address = palloc(VARHDRSZ + len);
	SET_VARSIZE(address, VARHDRSZ + len);
	memcpy(VARDATA(address), flat, len);
	return address;
}

void
residency_address_take_apart(struct varlena *address, AddressParts *parts)
{
	if (!residency_address_read(ADDRESS_FLAT(address), parts))
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("damaged value of type address")));
}

/* The parts of an argument. */
static AddressParts
parts_of_argument(FunctionCallInfo fcinfo, int n)
{
	AddressParts parts;

	residency_address_take_apart(ADDRESS_ARGUMENT(n), &parts);
	return parts;
}

/* Reads a text: canonical as it stands, any other as people write. */
static Datum
read_text(FunctionCallInfo fcinfo, const char *in, size_t len)
{
	struct varlena *address;
	int			problem = ADDRESS_EMPTY;

	if (residency_address_is_canonical(in, len))
	{
		AddressParts parts;

		problem = residency_address_scan(in, len, &parts);
		if (problem == ADDRESS_FINE)
			PG_RETURN_POINTER(residency_address_make(&parts));
	}
	else
	{
		address = residency_address_from_text(in, len, 0);
		if (address != NULL)
			PG_RETURN_POINTER(address);
	}
	return residency_refuse_text(fcinfo, &address_type, problem, in, len);
}

/*
 * address_in(cstring)
 */
Datum
residency_address_in(PG_FUNCTION_ARGS)
{
	const char *in = PG_GETARG_CSTRING(0);

	return read_text(fcinfo, in, strlen(in));
}

/*
 * address(text): the cast
 */
Datum
residency_address_of_text(PG_FUNCTION_ARGS)
{
	text	   *in = PG_GETARG_TEXT_PP(0);

	return read_text(fcinfo, VARDATA_ANY(in), VARSIZE_ANY_EXHDR(in));
}

/*
 * address_out(address) → cstring: the canonical text
 */
Datum
residency_address_out(PG_FUNCTION_ARGS)
{
	AddressParts parts = parts_of_argument(fcinfo, 0);
	char		form[RESIDENCY_ADDRESS_FORM_SIZE];
	size_t		len = residency_address_format(&parts, form);

	PG_RETURN_CSTRING(pnstrdup(form, len));
}

/*
 * text(address): the canonical text
 */
Datum
residency_address_to_text(PG_FUNCTION_ARGS)
{
	AddressParts parts = parts_of_argument(fcinfo, 0);
	char		form[RESIDENCY_ADDRESS_FORM_SIZE];

	PG_RETURN_TEXT_P(cstring_to_text_with_len(form, residency_address_format(&parts, form)));
}

/*
 * full_address(address) → text: as it is printed on a letter
 */
Datum
residency_address_full(PG_FUNCTION_ARGS)
{
	AddressParts parts = parts_of_argument(fcinfo, 0);
	char		form[RESIDENCY_ADDRESS_FORM_SIZE];

	PG_RETURN_TEXT_P(cstring_to_text_with_len(form, residency_address_print(&parts, form)));
}

/*
 * address_recv(internal): the division as int8 (0: unknown), the number of
 * elements as int2, of each its level as int2, its length as int4 and its
 * text; 22P03 if that is no address.
 */
Datum
residency_address_recv(PG_FUNCTION_ARGS)
{
	StringInfo	in = (StringInfo) PG_GETARG_POINTER(0);
	AddressParts parts;
	int			count;
	int			problem;

	parts.division = pq_getmsgint64(in);
	parts.count = 0;
	count = (int16) pq_getmsgint(in, sizeof(int16));
	if (count < 0 || count > RESIDENCY_ADDRESS_ELEMENTS)
		residency_refuse_binary(&address_type, ADDRESS_ORDER);
	while (parts.count < count)
	{
		AddressElement *element = &parts.element[parts.count++];
		int			level = (int16) pq_getmsgint(in, sizeof(int16));
		int			len = (int32) pq_getmsgint(in, sizeof(int32));

		if (level < ADDRESS_PROVINCE || level > ADDRESS_LEVELS)
			residency_refuse_binary(&address_type, ADDRESS_ORDER);
		element->value = pq_getmsgtext(in, len, &len);
		if (len > RESIDENCY_ADDRESS_VALUE)
			residency_refuse_binary(&address_type, ADDRESS_LENGTH);
		element->level = (uint8_t) level;
		element->length = (uint8_t) len;
	}
	problem = residency_address_check(&parts);
	if (problem != ADDRESS_FINE)
		residency_refuse_binary(&address_type, problem);
	PG_RETURN_POINTER(residency_address_make(&parts));
}

/* A counted text in the client's encoding; pq_sendcountedtext() has other parameters from PostgreSQL 17 on. */
static void
send_text(StringInfo out, const char *text, int length)
{
	char	   *sent = pg_server_to_client(text, length);

	if (sent != text)
		length = (int) strlen(sent);
	pq_sendint32(out, (uint32) length);
	pq_sendbytes(out, sent, length);
}

/*
 * address_send(address) → bytea
 */
Datum
residency_address_send(PG_FUNCTION_ARGS)
{
	AddressParts parts = parts_of_argument(fcinfo, 0);
	StringInfoData out;

	pq_begintypsend(&out);
	pq_sendint64(&out, (uint64) parts.division);
	pq_sendint16(&out, (uint16) parts.count);
	for (int i = 0; i < parts.count; i++)
	{
		const AddressElement *element = &parts.element[i];

		pq_sendint16(&out, element->level);
		send_text(&out, element->value, element->length);
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

/*
 * division(address) → division_code, NULL if it is unknown
 */
Datum
residency_address_division(PG_FUNCTION_ARGS)
{
	AddressParts parts = parts_of_argument(fcinfo, 0);

	if (parts.division == 0)
		PG_RETURN_NULL();
	PG_RETURN_INT64(parts.division);
}

/* An element as text, or NULL. */
static Datum
element_text(FunctionCallInfo fcinfo, int level)
{
	AddressParts parts = parts_of_argument(fcinfo, 0);
	const AddressElement *element = residency_address_element(&parts, level);

	if (element == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text_with_len(element->value, element->length));
}

/* NAME(address) → text */
#define ADDRESS_ELEMENT(name, level) \
	PG_FUNCTION_INFO_V1(residency_address_##name); \
	Datum \
	residency_address_##name(PG_FUNCTION_ARGS) \
	{ \
		return element_text(fcinfo, level); \
	} \
	extern Datum residency_address_##name(PG_FUNCTION_ARGS)

ADDRESS_ELEMENT(province, ADDRESS_PROVINCE);
ADDRESS_ELEMENT(county, ADDRESS_COUNTY);
ADDRESS_ELEMENT(devzone, ADDRESS_DEVZONE);
ADDRESS_ELEMENT(township, ADDRESS_TOWNSHIP);
ADDRESS_ELEMENT(community, ADDRESS_COMMUNITY);
ADDRESS_ELEMENT(village_group, ADDRESS_VILLAGE_GROUP);
ADDRESS_ELEMENT(road, ADDRESS_ROAD);
ADDRESS_ELEMENT(road_no, ADDRESS_ROAD_NO);
ADDRESS_ELEMENT(estate, ADDRESS_ESTATE);
ADDRESS_ELEMENT(building, ADDRESS_BUILDING);
ADDRESS_ELEMENT(unit, ADDRESS_UNIT);
ADDRESS_ELEMENT(floor, ADDRESS_FLOOR);
ADDRESS_ELEMENT(room, ADDRESS_ROOM);
ADDRESS_ELEMENT(detail, ADDRESS_DETAIL);

PG_FUNCTION_INFO_V1(residency_address_city);

/*
 * city(address) → text; a municipality is province and city in one
 */
Datum
residency_address_city(PG_FUNCTION_ARGS)
{
	AddressParts parts = parts_of_argument(fcinfo, 0);
	const AddressElement *province = residency_address_element(&parts, ADDRESS_PROVINCE);
	bool		municipality = province != NULL &&
		residency_address_guess(province->value, province->length, ADDRESS_PROVINCE) == ADDRESS_CITY;

	return element_text(fcinfo, municipality && residency_address_element(&parts, ADDRESS_CITY) == NULL ?
						ADDRESS_PROVINCE : ADDRESS_CITY);
}

/*
 * level(address) → integer, 1 (province) to 14 (room); NULL if there is nothing but a detail
 */
Datum
residency_address_depth(PG_FUNCTION_ARGS)
{
	AddressParts parts = parts_of_argument(fcinfo, 0);
	int			level = residency_address_level(&parts);

	if (level == ADDRESS_NONE)
		PG_RETURN_NULL();
	PG_RETURN_INT32(level);
}

/*
 * parent(address) → address: the smallest one around it, or NULL
 */
Datum
residency_address_above(PG_FUNCTION_ARGS)
{
	AddressParts parts = parts_of_argument(fcinfo, 0);

	if (!residency_address_parent(&parts))
		PG_RETURN_NULL();
	PG_RETURN_POINTER(residency_address_make(&parts));
}

/*
 * lineage(address) → address[]: those around it, outermost first, itself last
 */
Datum
residency_address_lineage(PG_FUNCTION_ARGS)
{
	AddressParts parts = parts_of_argument(fcinfo, 0);
	Oid			type = get_fn_expr_argtype(fcinfo->flinfo, 0);
	Datum		line[RESIDENCY_ADDRESS_LINEAGE];
	int			first = RESIDENCY_ADDRESS_LINEAGE;

	if (!OidIsValid(type))
		elog(ERROR, "could not determine the type of the address");
	do
		line[--first] = PointerGetDatum(residency_address_make(&parts));
	while (first > 0 && residency_address_parent(&parts));
	PG_RETURN_ARRAYTYPE_P(construct_array(line + first, RESIDENCY_ADDRESS_LINEAGE - first, type,
										  -1, false, TYPALIGN_INT));
}

/*
 * last_within(address) → address: the highest one inside it
 */
Datum
residency_address_last(PG_FUNCTION_ARGS)
{
	AddressParts parts = parts_of_argument(fcinfo, 0);

	residency_address_last_within(&parts);
	PG_RETURN_POINTER(residency_address_make(&parts));
}

/*
 * elements(address) → setof (level integer, element text, value text)
 */
Datum
residency_address_elements(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rows = (ReturnSetInfo *) fcinfo->resultinfo;
	AddressParts parts = parts_of_argument(fcinfo, 0);

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < parts.count; i++)
	{
		const AddressElement *element = &parts.element[i];
		Datum		values[3];
		bool		nulls[3] = {false};

		values[0] = Int32GetDatum(element->level);
		values[1] = CStringGetTextDatum(residency_address_element_name(element->level));
		values[2] = PointerGetDatum(cstring_to_text_with_len(element->value, element->length));
		tuplestore_putvalues(rows->setResult, rows->setDesc, values, nulls);
	}
	return (Datum) 0;
}
