-- Who may: what a function that runs as its owner asks before it shows or changes anything.

CREATE OR REPLACE FUNCTION registry.require_scope(table_name text, key bigint)
    RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        -- one that is not there is refused in the same words, so that nobody learns which numbers are in use
        IF NOT acts_on(table_name, key) THEN
            PERFORM refuse('RG330', ARRAY[format('%s %s', table_name, COALESCE(key::text, '-')), actor()], 'registry.' || table_name, table_name || '_id');
        END IF;
    END $$;
COMMENT ON FUNCTION registry.require_scope(text, bigint) IS
    'Refuses with RG330 what does not lie in the divisions of who acts (管辖校验), be it there or not; the owner of the register passes';

CREATE OR REPLACE FUNCTION registry.require_division(division division_code)
    RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        IF NOT acts_in(division) THEN
            PERFORM refuse('RG330', ARRAY[format('division %s', COALESCE(division::text, '-')), actor()]);
        END IF;
    END $$;
COMMENT ON FUNCTION registry.require_division(division_code) IS
    'Refuses with RG330 a division where the one who acts does not (区划管辖校验)';

CREATE OR REPLACE FUNCTION registry.require_investigation(key bigint)
    RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        -- by its own number: of which record it is, is nobody's elsewhere
        IF NOT EXISTS (SELECT FROM registry.investigation i WHERE i.investigation_id = key AND acts_on(i.record, i.record_id)) THEN
            PERFORM refuse('RG330', ARRAY[format('investigation %s', key), actor()], 'registry.investigation', 'investigation_id');
        END IF;
    END $$;
COMMENT ON FUNCTION registry.require_investigation(bigint) IS
    'Refuses with RG330 an investigation of a record that does not lie in the divisions of who acts (调查管辖校验), be it there or not';

CREATE OR REPLACE FUNCTION registry.audits()
    RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$ SELECT EXISTS (SELECT FROM pg_roles r WHERE r.rolname = 'residency_auditor' AND pg_has_role(actor(), r.oid, 'USAGE')) $$;
COMMENT ON FUNCTION registry.audits() IS 'Whether who acts is an auditor (是否审计), who sees the logs of all divisions';

CREATE OR REPLACE FUNCTION registry.may_act(act text)
    RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        SELECT acts_in(NULL) OR EXISTS (
            SELECT FROM pg_proc p
            WHERE p.pronamespace = 'api'::regnamespace AND p.proname = act AND p.prorettype = 'api.answer'::regtype
              AND has_function_privilege(actor(), p.oid, 'EXECUTE'))
    $$;
COMMENT ON FUNCTION registry.may_act(text) IS
    'Whether who acts may call the function of the api with this name (操作权限): for batches, which name it as text';

CREATE OR REPLACE FUNCTION registry.guard_arguments(act text, arguments jsonb)
    RETURNS boolean
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    AS $$
    DECLARE
        person CONSTANT bigint := registry.acted_on(arguments);
        own    CONSTANT bigint := acting_person();
        placed boolean := arguments ? 'dwelling_address';
        field  record;
    BEGIN
        IF own IS NOT NULL THEN
            -- a person for themselves: what they say counts as reported
            IF person IS DISTINCT FROM own OR (arguments ->> 'verified')::boolean OR arguments ? 'reporter_person_id' THEN
                PERFORM refuse('RG338');
            END IF;
            RETURN false;
        END IF;
        FOR field IN
            -- a move away from elsewhere is registered where the person comes to: the person is named, the new dwelling is the own one
            SELECT e.key, e.value FROM jsonb_each_text(arguments - CASE WHEN act = 'change_residence' THEN '{residence_id}'::text[] ELSE '{}' END) AS e
            WHERE e.key ~ '^((dwelling|residence|permit|employer|employment|tenancy|ownership|schooling|patrol_task|conflict|door_plate|grid|spot_check|operator_scope|correction|restriction|legal_hold|merge|investigation|emergency|emergency_copy)_id|division|permit_number|grid_code|keep|remove)$'
        LOOP
            placed := true;
            CASE field.key
                WHEN 'division' THEN PERFORM registry.require_division(field.value::division_code);
                WHEN 'permit_number' THEN
                    -- not by its key: that would say that the number is in use
                    IF NOT acts_on('permit', (SELECT p.permit_id FROM registry.permit p WHERE p.permit_number = field.value)) THEN
                        PERFORM refuse('RG330', ARRAY['permit ' || field.value, actor()], 'registry.permit', 'permit_number');
                    END IF;
                WHEN 'grid_code' THEN
                    PERFORM registry.require_scope('grid', (SELECT g.grid_id FROM registry.grid g WHERE g.grid_code = field.value));
                WHEN 'keep', 'remove' THEN PERFORM registry.require_scope('person', field.value::bigint);
                WHEN 'merge_id' THEN PERFORM registry.require_scope('person_merge', field.value::bigint);
                WHEN 'investigation_id' THEN PERFORM registry.require_investigation(field.value::bigint);
                ELSE PERFORM registry.require_scope(left(field.key, -3), field.value::bigint);
            END CASE;
        END LOOP;
        IF arguments ? 'grid_codes' THEN
            PERFORM registry.require_scope('grid', (SELECT g.grid_id FROM registry.grid g WHERE g.grid_code = code))
            FROM jsonb_array_elements_text(arguments -> 'grid_codes') AS code;
            placed := true;
        END IF;
        IF arguments ? 'record_id' THEN
            PERFORM registry.require_scope(arguments ->> 'record', (arguments ->> 'record_id')::bigint);
            placed := true;
        END IF;
        IF jsonb_typeof(arguments -> 'values') = 'object' THEN
            PERFORM registry.guard_arguments(act, arguments -> 'values');
        END IF;
        IF person IS NULL OR acts_on('person', person) THEN
            RETURN false;
        ELSIF NOT placed THEN
            PERFORM registry.require_scope('person', person);
        END IF;
        RETURN true;
    END $$;
COMMENT ON FUNCTION registry.guard_arguments(text, jsonb) IS
    'Whether what an act names lies where the one who acts may act (参数管辖校验): dwellings, records, permits, divisions, grids; where it names none of them, the person. Answers whether it names a person of elsewhere. RG330 it does not, RG338 a person acts for somebody else';

CREATE OR REPLACE FUNCTION ledger.guarded_act(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        stranger CONSTANT boolean := registry.guard_arguments(act, arguments);
        own      CONSTANT bigint := acting_person();
        answer   api.answer;
    BEGIN
        BEGIN
            answer := ledger.carry_out(act, arguments);
        EXCEPTION WHEN OTHERS THEN
            -- the facts of a refusal would say where a person of elsewhere lives
            IF SQLSTATE ~ '^RG' AND (stranger OR own IS NOT NULL) THEN
                PERFORM refuse(SQLSTATE, array_fill('…'::text, '{8}'));
            END IF;
            RAISE;
        END;
        IF own IS NULL THEN
            PERFORM registry.require_scope(named.table_name, named.key)
            FROM (VALUES ('dwelling', answer.dwelling_id), ('residence', answer.residence_id), ('permit', answer.permit_id)) AS named (table_name, key)
            WHERE named.key IS NOT NULL;
            -- the one who is back may be of elsewhere
            IF act = 'undo_merge' THEN
                PERFORM registry.require_scope('person', answer.person_id);
            END IF;
        END IF;
        RETURN answer;
    END $$;
COMMENT ON FUNCTION ledger.guarded_act(text, jsonb) IS
    'Carries out the act of an operator (管辖内办理): what the arguments name and what the answer names must lie in the own divisions, and no refusal tells facts about somebody of elsewhere. RG330, RG338';
