-- What a person sees who acts for themselves: their own records, found by registry.operator.person_id.

CREATE OR REPLACE FUNCTION registry.my_person()
    RETURNS bigint
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        person CONSTANT bigint := acting_person();
    BEGIN
        IF person IS NULL THEN
            PERFORM refuse('RG349', ARRAY[residency.actor()], 'registry.operator', 'account');
        END IF;
        RETURN person;
    END $$;
COMMENT ON FUNCTION registry.my_person() IS 'The person whose account acts (本人): by registry.operator. RG349 it is nobody''s';

CREATE OR REPLACE FUNCTION api.my_residence()
    RETURNS TABLE (residence_id bigint, dwelling_id bigint, address text, division text, division_name text, state text, state_name text,
                   arrived_on date, departed_on date, reported_at timestamptz, verified_at timestamptz, half_year_on date)
    LANGUAGE sql STABLE PARALLEL SAFE
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
        SELECT r.residence_id, r.dwelling_id, d.address, r.division::text, division_name(r.division), r.state,
               (SELECT v.name FROM code.value v WHERE v.list = 'residence_state' AND v.code = r.state),
               r.arrived_on, r.departed_on, r.reported_at, r.verified_at, half_year_on(r.half_year_from, r.division)
        FROM registry.residence r JOIN registry.dwelling d ON d.dwelling_id = r.dwelling_id
        WHERE r.person_id = acting_person()
        ORDER BY r.arrived_on DESC, r.residence_id DESC
    $$;
COMMENT ON FUNCTION api.my_residence() IS
    'The residences of the person who acts for themselves, the latest first (本人居住登记); none for an office';

CREATE OR REPLACE FUNCTION api.my_permit()
    RETURNS TABLE (permit_id bigint, permit_number text, division text, state text, applied_on date, issued_on date, endorsed_until date)
    LANGUAGE sql STABLE PARALLEL SAFE
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
        SELECT p.permit_id, p.permit_number, p.division::text, p.state::text, p.applied_on, p.issued_on, p.endorsed_until
        FROM registry.permit p
        WHERE p.person_id = acting_person()
        ORDER BY p.permit_id DESC
    $$;
COMMENT ON FUNCTION api.my_permit() IS
    'The residence permits of the person who acts for themselves, the latest first (本人居住证); none for an office';
