-- permit: the procedure, as a table that the core holds.

CREATE OR REPLACE FUNCTION residency.is_permit_state(text) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_is_permit_state';
COMMENT ON FUNCTION residency.is_permit_state(text) IS 'whether a text names a state of a residence permit (居住证状态)';

CREATE OR REPLACE FUNCTION residency.permit_state_name(residency.permit_state) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_permit_state_name';
COMMENT ON FUNCTION residency.permit_state_name(residency.permit_state) IS 'the state in Chinese (居住证状态名称)';

CREATE OR REPLACE FUNCTION residency.permit_phase(residency.permit_state) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_permit_state_phase';
COMMENT ON FUNCTION residency.permit_phase(residency.permit_state) IS
    'application before there is a card, card, or end where nothing follows (居住证阶段)';

CREATE OR REPLACE FUNCTION residency.permit_next(state residency.permit_state, event text)
    RETURNS residency.permit_state
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_permit_next_state';
COMMENT ON FUNCTION residency.permit_next(residency.permit_state, text) IS
    'where an event leads from a state of a residence permit; NULL where it cannot happen; from NULL, a permit before its first event (居住证状态变更)';

CREATE OR REPLACE FUNCTION residency.permit_states(
        OUT state residency.permit_state, OUT name text, OUT name_zh text, OUT phase text)
    RETURNS SETOF record
    LANGUAGE c IMMUTABLE PARALLEL SAFE ROWS 16 AS 'MODULE_PATHNAME', 'residency_permit_state_rows';
COMMENT ON FUNCTION residency.permit_states() IS
    'the states of a residence permit in the order of the procedure, with their phase: application, card or end (居住证状态)';

CREATE OR REPLACE FUNCTION residency.permit_transitions(
        OUT from_state residency.permit_state, OUT event text, OUT to_state residency.permit_state, OUT event_zh text,
        OUT actor text, OUT limit_key text, OUT guard text, OUT legal_basis text)
    RETURNS SETOF record
    LANGUAGE c IMMUTABLE PARALLEL SAFE ROWS 44 AS 'MODULE_PATHNAME', 'residency_permit_transition_rows';
COMMENT ON FUNCTION residency.permit_transitions() IS
    'the procedure of the residence permit as a table (居住证办理流程): from a state (NULL: before the first event) by an event to a state; who acts: person, window, police, maker or system; the policy key of the time limit; what must be true; the clause it rests on';

CREATE OR REPLACE FUNCTION residency.permit_picture()
    RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
        SELECT pg_catalog.concat_ws(E'\n', 'stateDiagram-v2',
            (SELECT pg_catalog.string_agg(pg_catalog.format('    %s : %s %s', s.name, s.name, s.name_zh), E'\n' ORDER BY s.state)
             FROM residency.permit_states() s),
            (SELECT pg_catalog.string_agg(pg_catalog.format('    %s --> %s : %s', COALESCE(t.from_state::text, '[*]'), t.to_state, t.event),
                                          E'\n' ORDER BY t.from_state NULLS FIRST, t.to_state, t.event)
             FROM residency.permit_transitions() t),
            (SELECT pg_catalog.string_agg(pg_catalog.format('    %s --> [*]', s.name), E'\n' ORDER BY s.state)
             FROM residency.permit_states() s WHERE s.phase OPERATOR(pg_catalog.=) 'end'))
    $$;
COMMENT ON FUNCTION residency.permit_picture() IS
    'the procedure as a Mermaid state diagram, drawn from residency.permit_transitions() (居住证状态图)';
