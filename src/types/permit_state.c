/*
 * permit_state.c
 *	  The type residency.permit_state: the state of a residence permit in 2
 *	  bytes; and the table of its procedure.
 */
#include "postgres.h"

#include "types/input.h"

#include "funcapi.h"
#include "libpq/pqformat.h"

#include "core/permit.h"

#define NOT_A_STATE 1

static int
parse(const char *in, size_t len, Datum *value)
{
	PermitState state = residency_permit_state_named(in, len);

	*value = Int16GetDatum(state);
	return state == PERMIT_NONE ? NOT_A_STATE : 0;
}

/* The state in an argument; a damaged value is none, and ends everything. */
static const PermitStateInfo *
state_of(Datum value)
{
	static const PermitStateInfo none = {"", "", PERMIT_END};
	const PermitStateInfo *state = residency_permit_state(DatumGetInt16(value));

	return state == NULL ? &none : state;
}

static size_t
format(Datum value, char *out)
{
	return strlcpy(out, state_of(value)->name, RESIDENCY_TEXT_SIZE);
}

static const InputRule rules[] = {
	[NOT_A_STATE] = {"state",
		"A residence permit has one of sixteen states, from draft to revoked.",
		"Look them up: SELECT * FROM residency.permit_states()."}
};

static const InputType permit_state = {"permit_state", rules, parse, format};

/* permit_state_in, _out, _from_text, _to_text, _problem, is_permit_state */
RESIDENCY_TYPE_FUNCTIONS(permit_state, &permit_state);

PG_FUNCTION_INFO_V1(residency_permit_state_recv);
PG_FUNCTION_INFO_V1(residency_permit_state_name);
PG_FUNCTION_INFO_V1(residency_permit_state_phase);
PG_FUNCTION_INFO_V1(residency_permit_next_state);
PG_FUNCTION_INFO_V1(residency_permit_state_rows);
PG_FUNCTION_INFO_V1(residency_permit_transition_rows);

static const char *const phase_names[] = {
	[PERMIT_APPLICATION] = "application",
	[PERMIT_CARD] = "card",
	[PERMIT_END] = "end"
};

/*
 * permit_state_recv(internal): a code as int2; 22P03 if it is none.
 */
Datum
residency_permit_state_recv(PG_FUNCTION_ARGS)
{
	int16		code = (int16) pq_getmsgint((StringInfo) PG_GETARG_POINTER(0), sizeof(int16));

	if (residency_permit_state(code) == NULL)
		residency_refuse_binary(&permit_state, NOT_A_STATE);
	PG_RETURN_INT16(code);
}

/*
 * permit_state_name(permit_state) → text: the state in Chinese
 */
Datum
residency_permit_state_name(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(state_of(PG_GETARG_DATUM(0))->name_zh));
}

/*
 * permit_phase(permit_state) → text: application, card or end
 */
Datum
residency_permit_state_phase(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(phase_names[state_of(PG_GETARG_DATUM(0))->phase]));
}

/*
 * permit_next(state permit_state, event text) → permit_state: NULL where the
 * event cannot happen; a NULL state is that of a permit before its first event
 */
Datum
residency_permit_next_state(PG_FUNCTION_ARGS)
{
	PermitState state = PG_ARGISNULL(0) ? PERMIT_NONE : (PermitState) PG_GETARG_INT16(0);
	PermitState next = PERMIT_NONE;

	if (!PG_ARGISNULL(1))
	{
		text	   *event = PG_GETARG_TEXT_PP(1);

		next = residency_permit_next(state, VARDATA_ANY(event), VARSIZE_ANY_EXHDR(event));
	}
	if (next == PERMIT_NONE)
		PG_RETURN_NULL();
	PG_RETURN_INT16(next);
}

/* Puts a text, or NULL, into a column of a row. */
static void
put_text(Datum *values, bool *nulls, int column, const char *string)
{
	nulls[column] = string == NULL;
	if (string != NULL)
		values[column] = CStringGetTextDatum(string);
}

/*
 * permit_states() → setof (state, name, name_zh, phase), in their order
 */
Datum
residency_permit_state_rows(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rows = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, 0);
	for (int code = PERMIT_NONE + 1; code <= RESIDENCY_PERMIT_STATES; code++)
	{
		const PermitStateInfo *state = residency_permit_state(code);
		Datum		values[4] = {Int16GetDatum(code)};
		bool		nulls[4] = {false};

		put_text(values, nulls, 1, state->name);
		put_text(values, nulls, 2, state->name_zh);
		put_text(values, nulls, 3, phase_names[state->phase]);
		tuplestore_putvalues(rows->setResult, rows->setDesc, values, nulls);
	}
	return (Datum) 0;
}

/*
 * permit_transitions() → setof (from_state, event, to_state, event_zh, actor,
 * limit_key, guard, legal_basis), in the order of the procedure
 */
Datum
residency_permit_transition_rows(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rows = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < residency_permit_transition_count; i++)
	{
		const PermitTransition *step = &residency_permit_transitions[i];
		const PermitEvent *event = &residency_permit_events[step->event];
		Datum		values[8] = {Int16GetDatum(step->from)};
		bool		nulls[8] = {step->from == PERMIT_NONE};

		put_text(values, nulls, 1, event->name);
		values[2] = Int16GetDatum(step->to);
		put_text(values, nulls, 3, event->name_zh);
		put_text(values, nulls, 4, event->actor);
		put_text(values, nulls, 5, event->limit);
		put_text(values, nulls, 6, event->guard);
		put_text(values, nulls, 7, event->basis);
		tuplestore_putvalues(rows->setResult, rows->setDesc, values, nulls);
	}
	return (Datum) 0;
}
