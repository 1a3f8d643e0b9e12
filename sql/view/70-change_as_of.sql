-- Both axes of time: what was so on a day (valid), as the register knew it at a moment (known).
-- Codes are as they stood in the row; their names, and who may see what of it, are those of today.

CREATE OR REPLACE FUNCTION ledger.version(record text, record_ids bigint[], known_at timestamptz)
    RETURNS SETOF ledger.change
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    -- a row's place in the index is worth more than what is known of a month that has just begun
    SET enable_seqscan = off
    SET jit = off
    AS $$
    DECLARE
        title   CONSTANT text := 'registry.' || record;
        key     CONSTANT text := (key_columns(title::regclass))[1];
        -- emptying the table is a change of every row in it
        emptied CONSTANT bigint := (SELECT max(c.change_id) FROM ledger.change c
                                    WHERE change_place(c.table_name, c.key) = change_place(title, '{}') AND c.table_name = title AND c.operation = 'T'
                                      AND c.changed_at <= known_at);
    BEGIN
        PERFORM history_begin(title::regclass, known_at);
        RETURN QUERY
            SELECT latest.*
            FROM (SELECT DISTINCT jsonb_build_object(key, u.id) AS row_key FROM unnest(record_ids) AS u (id)) AS wanted
            CROSS JOIN LATERAL (
                SELECT c.* FROM ledger.change c
                WHERE change_place(c.table_name, c.key) = change_place(title, wanted.row_key) AND c.table_name = title AND c.key = wanted.row_key AND c.changed_at <= known_at
                ORDER BY c.change_id DESC
                LIMIT 1
            ) AS latest
            WHERE latest.image IS NOT NULL AND latest.change_id > COALESCE(emptied, 0);
    END $$;
COMMENT ON FUNCTION ledger.version(text, bigint[], timestamptz) IS
    'The changes by which records of the register – of person, residence, dwelling, permit … and their keys – became as they were known at a moment (记录版本); none of a record that was not there, or whose image was purged. Errors: RG311';

CREATE OR REPLACE FUNCTION registry.look_back(record text, record_id bigint, known_at timestamptz)
    RETURNS bigint
    LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        named  CONSTANT jsonb := jsonb_strip_nulls(jsonb_build_object(record || '_id', record_id));
        person CONSTANT bigint := registry.acted_on(named);
    BEGIN
        PERFORM registry.require_scope(record, record_id);
        PERFORM note_asked(format('api.%s_as_of', record), named || jsonb_build_object('known_at', known_at));
        IF person = ANY (registry.withheld_persons()) THEN
            PERFORM registry.check_person_open(record || '_as_of', person);
        END IF;
        RETURN record_id;
    END $$;
COMMENT ON FUNCTION registry.look_back(text, bigint, timestamptz) IS
    'The key of a record, if who acts may look at its past: who may look at it today (历史查询权限校验); notes the reading. Errors: RG330, RG354';

CREATE OR REPLACE FUNCTION api.person_as_of(person_id bigint, known_at timestamptz DEFAULT clock_timestamp())
    RETURNS TABLE (resident_id text, name text, sex text, birth_date date, ethnic_group text, household_division text, household_address text, phone text, died_on date,
                   known_since timestamptz, known_by text, known_through text)
    LANGUAGE sql STABLE PARALLEL RESTRICTED
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
        SELECT shown_resident_id(r.resident_id, own.key, 'api.person_as_of'), shown('name', r.name, own.key, 'api.person_as_of'), r.sex,
               shown_birth_date(r.birth_date, own.key, 'api.person_as_of'), r.ethnic_group, r.household_division::text,
               shown('address', r.household_address, own.key, 'api.person_as_of'), shown('phone', r.phone, own.key, 'api.person_as_of'), r.died_on,
               v.changed_at, v.actor, v.act
        FROM registry.look_back('person', person_as_of.person_id, person_as_of.known_at) AS own (key)
        CROSS JOIN LATERAL ledger.version('person', ARRAY[own.key], person_as_of.known_at) v
        CROSS JOIN LATERAL jsonb_populate_record(NULL::registry.person, v.image) r
    $$;
COMMENT ON FUNCTION api.person_as_of(bigint, timestamptz) IS
    'A person as the register knew them at a moment (人员历史时点查询): since when it knew it so, by whom and through which act. person_id: its key; no row where it was not registered. Errors: RG311 the history begins later, RG330, RG354';

CREATE OR REPLACE FUNCTION api.residence_as_of(residence_id bigint, known_at timestamptz DEFAULT clock_timestamp())
    RETURNS TABLE (person_id bigint, dwelling_id bigint, division text, arrived_on date, departed_on date, state text, reason text, intended_stay text, guardian_person_id bigint, half_year_from date, channel text, reported_at timestamptz, verified_at timestamptz, closed_at timestamptz, close_reason text,
                   known_since timestamptz, known_by text, known_through text)
    LANGUAGE sql STABLE PARALLEL RESTRICTED
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
        SELECT r.person_id, r.dwelling_id, r.division::text, r.arrived_on, r.departed_on, r.state, r.reason, r.intended_stay, r.guardian_person_id, r.half_year_from, r.channel, r.reported_at, r.verified_at, r.closed_at, r.close_reason,
               v.changed_at, v.actor, v.act
        FROM registry.look_back('residence', residence_as_of.residence_id, residence_as_of.known_at) AS own (key)
        CROSS JOIN LATERAL ledger.version('residence', ARRAY[own.key], residence_as_of.known_at) v
        CROSS JOIN LATERAL jsonb_populate_record(NULL::registry.residence, v.image) r
    $$;
COMMENT ON FUNCTION api.residence_as_of(bigint, timestamptz) IS
    'A residence as the register knew it at a moment (居住登记历史时点查询): since when it knew it so, by whom and through which act. residence_id: its key; no row where it was not registered. Errors: RG311 the history begins later, RG330, RG354';

CREATE OR REPLACE FUNCTION api.dwelling_as_of(dwelling_id bigint, known_at timestamptz DEFAULT clock_timestamp())
    RETURNS TABLE (parent_id bigint, kind text, address text, division text, grid_id bigint, location geometry, usable_area numeric, rental_kind text, let_state text, safety_letter_on date, landlord_person_id bigint, landlord_credit_code text,
                   known_since timestamptz, known_by text, known_through text)
    LANGUAGE sql STABLE PARALLEL RESTRICTED
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
        SELECT r.parent_id, r.kind, r.address, r.division::text, r.grid_id, r.location, r.usable_area, r.rental_kind, r.let_state, r.safety_letter_on,
               CASE WHEN r.landlord_person_id <> ALL (registry.withheld_persons()) THEN r.landlord_person_id END, r.landlord_credit_code::text,
               v.changed_at, v.actor, v.act
        FROM registry.look_back('dwelling', dwelling_as_of.dwelling_id, dwelling_as_of.known_at) AS own (key)
        CROSS JOIN LATERAL ledger.version('dwelling', ARRAY[own.key], dwelling_as_of.known_at) v
        CROSS JOIN LATERAL jsonb_populate_record(NULL::registry.dwelling, v.image) r
    $$;
COMMENT ON FUNCTION api.dwelling_as_of(bigint, timestamptz) IS
    'A dwelling as the register knew it at a moment (房屋历史时点查询): since when it knew it so, by whom and through which act. dwelling_id: its key; no row where it was not registered. Errors: RG311 the history begins later, RG330';

CREATE OR REPLACE FUNCTION api.permit_as_of(permit_id bigint, known_at timestamptz DEFAULT clock_timestamp())
    RETURNS TABLE (permit_number text, person_id bigint, division text, state text, ground text, residence_id bigint, applied_on date, issued_on date, count_from date, endorsed_until date, residence_years integer, suspended_on date, replaces_id bigint,
                   known_since timestamptz, known_by text, known_through text)
    LANGUAGE sql STABLE PARALLEL RESTRICTED
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
        SELECT r.permit_number, r.person_id, r.division::text, r.state::text, r.ground, r.residence_id, r.applied_on, r.issued_on, r.count_from, r.endorsed_until, r.residence_years, r.suspended_on, r.replaces_id,
               v.changed_at, v.actor, v.act
        FROM registry.look_back('permit', permit_as_of.permit_id, permit_as_of.known_at) AS own (key)
        CROSS JOIN LATERAL ledger.version('permit', ARRAY[own.key], permit_as_of.known_at) v
        CROSS JOIN LATERAL jsonb_populate_record(NULL::registry.permit, v.image) r
    $$;
COMMENT ON FUNCTION api.permit_as_of(bigint, timestamptz) IS
    'A residence permit as the register knew it at a moment (居住证历史时点查询): since when it knew it so, by whom and through which act. permit_id: its key; no row where it was not registered. Errors: RG311 the history begins later, RG330, RG354';

CREATE OR REPLACE FUNCTION registry.ever_within(division division_code)
    RETURNS SETOF division_code
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        WITH RECURSIVE went AS (
            SELECT ever_within.division
            UNION
            SELECT l.to_division FROM went JOIN code.division_lineage l ON l.from_division <@ went.division
        )
        SELECT * FROM went
    $$;
COMMENT ON FUNCTION registry.ever_within(division_code) IS
    'A division, and those into which it or a part of it has gone since (区划及其后继): where what was registered there stands today';

CREATE OR REPLACE FUNCTION api.resident_on(division text, valid_on date DEFAULT residency.today(), known_at timestamptz DEFAULT clock_timestamp())
    RETURNS TABLE (residence_id bigint, person_id bigint, resident_id text, name text, dwelling_id bigint, address text, division_code text,
                   arrived_on date, departed_on date, state text, answer text, arrived_between daterange, departed_between daterange,
                   under_investigation boolean, known_since timestamptz)
    LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
    SECURITY DEFINER
    SET search_path FROM CURRENT
    SET jit = off
    AS $$
    DECLARE
        within  CONSTANT division_code := division::division_code;
        moment  CONSTANT timestamptz := COALESCE(known_at, clock_timestamp());
        day     CONSTANT date := COALESCE(valid_on, local_day(moment));
        withheld CONSTANT bigint[] := registry.withheld_persons();
    BEGIN
        PERFORM note_asked('api.resident_on', jsonb_strip_nulls(jsonb_build_object('division', within::text, 'valid_on', day, 'known_at', moment)));
        RETURN QUERY
            -- Residences are never deleted, so all that were ever known stand in the table, under the division of today.
            WITH stay AS (
                SELECT v.changed_at, r.*
                FROM ledger.version('residence', ARRAY(SELECT candidate.residence_id FROM registry.ever_within(within) AS place (division)
                                                       JOIN registry.residence candidate ON candidate.division BETWEEN place.division AND last_within(place.division)
                                                       WHERE acts_in(candidate.division)), moment) v
                CROSS JOIN LATERAL jsonb_populate_record(NULL::registry.residence, v.image) r
                WHERE r.division <@ within AND r.state NOT IN ('rejected', 'voided') AND r.person_id <> ALL (withheld)
            ), doubt AS (
                SELECT i.*
                FROM ledger.version('inexact_date', ARRAY(SELECT stay.residence_id FROM stay), moment) v
                CROSS JOIN LATERAL jsonb_populate_record(NULL::registry.inexact_date, v.image) i
            ), lived AS (
                SELECT stay.*, i.arrived_between, i.departed_between
                FROM stay LEFT JOIN doubt i ON i.residence_id = stay.residence_id
                WHERE day >= COALESCE(lower(i.arrived_between), stay.arrived_on)
                  AND (day < COALESCE(upper(i.departed_between) - 1, stay.departed_on)) IS NOT FALSE
            ), person AS (
                SELECT p.*
                -- of who has moved away since an office keeps the residence alone
                FROM ledger.version('person', ARRAY(SELECT lived.person_id FROM lived WHERE acts_on('person', lived.person_id)), moment) v
                CROSS JOIN LATERAL jsonb_populate_record(NULL::registry.person, v.image) p
            ), dwelling AS (
                SELECT d.*
                FROM ledger.version('dwelling', ARRAY(SELECT lived.dwelling_id FROM lived), moment) v
                CROSS JOIN LATERAL jsonb_populate_record(NULL::registry.dwelling, v.image) d
            ), investigated AS (
                SELECT q.record, q.record_id FROM registry.investigation q
                WHERE q.opened_at <= moment AND (q.closed_at > moment) IS NOT FALSE
            )
            SELECT r.residence_id, r.person_id, shown_resident_id(p.resident_id, r.person_id, 'api.resident_on'), shown('name', p.name, r.person_id, 'api.resident_on'),
                   r.dwelling_id, shown('address', d.address, r.person_id, 'api.resident_on'), r.division::text, r.arrived_on, r.departed_on, r.state,
                   CASE WHEN day >= COALESCE(upper(r.arrived_between) - 1, r.arrived_on)
                         AND (day < COALESCE(lower(r.departed_between), r.departed_on)) IS NOT FALSE THEN 'certain' ELSE 'possible' END,
                   r.arrived_between, r.departed_between,
                   ('residence', r.residence_id) IN (SELECT q.record, q.record_id FROM investigated q)
                   OR ('person', r.person_id) IN (SELECT q.record, q.record_id FROM investigated q),
                   r.changed_at
            FROM lived r
            LEFT JOIN person p ON p.person_id = r.person_id
            LEFT JOIN dwelling d ON d.dwelling_id = r.dwelling_id
            ORDER BY r.residence_id;
    END $$;
COMMENT ON FUNCTION api.resident_on(text, date, timestamptz) IS
    'Who lived in a division on a day, as was known at a moment (双时态在住人员查询): what was registered, corrected or voided later does not count, names and addresses are those of then. division: with all beneath, as it was then; valid_on: NULL is the day of known_at; known_at: NULL is now. An office is answered for its own divisions, and with the name of whom it may look at today. answer: certain, or possible where the day of arrival or departure is known only to lie between two (arrived_between, departed_between, half-open). Errors: RG311 the history begins later';
