-- Whose data is restricted, and from whom it is withheld. Views ask once: person_id <> ALL ((SELECT registry.withheld_persons())::bigint[])

CREATE OR REPLACE FUNCTION registry.sees_restricted()
    RETURNS boolean
    -- its plan stays in the session: every reading asks
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN acts_in(NULL)
            OR EXISTS (SELECT FROM code.value v JOIN pg_roles r ON r.rolname = v.code
                       WHERE v.list = 'restriction_reader' AND pg_has_role(residency.actor(), r.oid, 'USAGE'));
    END $$;
COMMENT ON FUNCTION registry.sees_restricted() IS
    'Whether the acting role is shown restricted data all the same (可查看限制处理数据): the owner of the register, and members of the roles of list restriction_reader';

CREATE OR REPLACE FUNCTION registry.withheld_persons()
    RETURNS bigint[]
    -- a function runs as who asks, also in a view of the owner's
    LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN CASE WHEN registry.sees_restricted() THEN '{}'::bigint[]
                    ELSE ARRAY(SELECT r.person_id FROM registry.restriction r WHERE r.period @> today()) END;
    END $$;
COMMENT ON FUNCTION registry.withheld_persons() IS 'Persons whose data is withheld from the acting role today (对当前用户限制的人员)';

CREATE OR REPLACE FUNCTION registry.check_person_open(act text, person bigint)
    RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        stop date;
    BEGIN
        IF NOT is_code('statutory_act', act) THEN
            SELECT lower(r.period) INTO stop FROM registry.restriction r WHERE r.person_id = person AND r.period @> today();
            IF FOUND THEN
                PERFORM refuse('RG354', ARRAY[person::text, stop::text, act], 'registry.restriction', 'person_id');
            END IF;
        END IF;
        SELECT p.pseudonymised_on INTO stop FROM registry.person p WHERE p.person_id = person AND p.pseudonymised_on IS NOT NULL;
        IF FOUND THEN
            PERFORM refuse('RG357', ARRAY[person::text, stop::text], 'registry.person', 'person_id');
        END IF;
    END $$;
COMMENT ON FUNCTION registry.check_person_open(text, bigint) IS
    'Refuses an act on somebody whose data is restricted, unless it is one of list statutory_act (RG354), or gone (RG357) (限制处理校验)';

CREATE OR REPLACE FUNCTION registry.acted_on(arguments jsonb)
    RETURNS bigint
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        SELECT COALESCE(
            (arguments ->> 'person_id')::bigint,
            (SELECT p.person_id FROM registry.person p WHERE p.resident_id = (arguments ->> 'resident_id')::resident_id),
            (SELECT r.person_id FROM registry.residence r WHERE r.residence_id = (arguments ->> 'residence_id')::bigint),
            (SELECT p.person_id FROM registry.permit p WHERE p.permit_id = (arguments ->> 'permit_id')::bigint),
            (SELECT p.person_id FROM registry.permit p WHERE p.permit_number = arguments ->> 'permit_number'),
            (SELECT e.person_id FROM registry.employment e WHERE e.employment_id = (arguments ->> 'employment_id')::bigint),
            (SELECT t.person_id FROM registry.tenancy t WHERE t.tenancy_id = (arguments ->> 'tenancy_id')::bigint),
            (SELECT s.person_id FROM registry.schooling s WHERE s.schooling_id = (arguments ->> 'schooling_id')::bigint),
            (SELECT o.person_id FROM registry.ownership o WHERE o.ownership_id = (arguments ->> 'ownership_id')::bigint))
    $$;
COMMENT ON FUNCTION registry.acted_on(jsonb) IS
    'The person whom the arguments of an act name, by whatever key (办理对象): NULL where they name none';
