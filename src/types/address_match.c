/*
 * address_match.c
 *	  Addresses compared and put together: what the register needs to know one
 *	  dwelling for one.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "cache/gazetteer.h"
#include "core/address_match.h"
#include "types/address.h"

PG_FUNCTION_INFO_V1(residency_address_match_sql);
PG_FUNCTION_INFO_V1(residency_address_part_sql);
PG_FUNCTION_INFO_V1(residency_address_renumber_sql);
PG_FUNCTION_INFO_V1(residency_address_plate_sql);
PG_FUNCTION_INFO_V1(residency_address_clues_sql);
PG_FUNCTION_INFO_V1(residency_division_address);

static void
get_address(FunctionCallInfo fcinfo, int n, AddressParts *parts)
{
	residency_address_take_apart(ADDRESS_ARGUMENT(n), parts);
}

static Datum
make_address(const AddressParts *parts)
{
	return PointerGetDatum(residency_address_make(parts));
}

/*
 * address_match(a address, b address, OUT grade text, OUT score real)
 */
Datum
residency_address_match_sql(PG_FUNCTION_ARGS)
{
	AddressParts a;
	AddressParts b;
	float		score;
	TupleDesc	desc = fcinfo->flinfo->fn_extra;
	Datum		values[2];
	bool		nulls[2] = {false, false};

	/* looked up once a query: it costs more than the match itself */
	if (desc == NULL)
	{
		MemoryContext caller = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);

		if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
			elog(ERROR, "address_match() returns a row");
		desc = BlessTupleDesc(CreateTupleDescCopy(desc));
		fcinfo->flinfo->fn_extra = desc;
		MemoryContextSwitchTo(caller);
	}
	get_address(fcinfo, 0, &a);
	get_address(fcinfo, 1, &b);
	values[0] = CStringGetTextDatum(residency_address_grade_name(residency_address_match(&a, &b, &score)));
	values[1] = Float4GetDatum(score);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(desc, values, nulls)));
}

/*
 * part_address(whole address, part address) → address
 */
Datum
residency_address_part_sql(PG_FUNCTION_ARGS)
{
	AddressParts whole;
	AddressParts part;
	AddressParts out;
	char		room[2 * RESIDENCY_ADDRESS_VALUE];

	get_address(fcinfo, 0, &whole);
	get_address(fcinfo, 1, &part);
	residency_address_part(&whole, &part, &out, room);
	return make_address(&out);
}

/*
 * renumber_address(address, plate address) → address
 */
Datum
residency_address_renumber_sql(PG_FUNCTION_ARGS)
{
	AddressParts address;
	AddressParts plate;
	AddressParts out;

	get_address(fcinfo, 0, &address);
	get_address(fcinfo, 1, &plate);
	residency_address_renumber(&address, &plate, &out);
	return make_address(&out);
}

/*
 * plate_address(address) → address, NULL without a house number
 */
Datum
residency_address_plate_sql(PG_FUNCTION_ARGS)
{
	AddressParts address;
	AddressParts out;

	get_address(fcinfo, 0, &address);
	if (!residency_address_plate(&address, &out))
		PG_RETURN_NULL();
	return make_address(&out);
}

/*
 * address_clues(address) → address[]
 */
Datum
residency_address_clues_sql(PG_FUNCTION_ARGS)
{
	AddressParts address;
	AddressParts clue[RESIDENCY_ADDRESS_CLUES];
	Datum		found[RESIDENCY_ADDRESS_CLUES];
	Oid			type = get_element_type(get_fn_expr_rettype(fcinfo->flinfo));
	int16		len;
	bool		byval;
	char		align;
	int			count;

	get_address(fcinfo, 0, &address);
	count = residency_address_clues(&address, clue);
	for (int i = 0; i < count; i++)
		found[i] = make_address(&clue[i]);
	get_typlenbyvalalign(type, &len, &byval, &align);
	PG_RETURN_ARRAYTYPE_P(construct_array(found, count, type, len, byval, align));
}

/*
 * division_address(division_code) → address: what an address says that names
 * the division and nothing else
 */
Datum
residency_division_address(PG_FUNCTION_ARGS)
{
	AddressParse *parse = palloc0(sizeof(AddressParse));
	AddressParts parts;
	char		room[RESIDENCY_ADDRESS_SIZE];

	parse->division = PG_GETARG_INT64(0);
	residency_address_normalize(residency_gazetteer(), parse, &parts, room);
	pfree(parse);
	return make_address(&parts);
}
