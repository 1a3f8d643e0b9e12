-- Records under investigation, and days that are not known exactly: the acts, and what views say of them.

CREATE OR REPLACE FUNCTION registry.open_investigation(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        entry  CONSTANT registry.investigation := jsonb_populate_record(NULL::registry.investigation, arguments);
        other  bigint;
        answer api.answer;
    BEGIN
        PERFORM registry.require_argument(act, arguments, 'record');
        PERFORM registry.require_argument(act, arguments, 'record_id');
        SELECT i.investigation_id INTO other FROM registry.investigation i
        WHERE i.record = entry.record AND i.record_id = entry.record_id AND i.closed_at IS NULL;
        IF FOUND THEN
            PERFORM refuse('RG315', ARRAY[entry.record, entry.record_id, other]::text[], 'registry.investigation', 'record_id');
        END IF;
        INSERT INTO registry.investigation (record, record_id, reason) VALUES (entry.record, entry.record_id, COALESCE(entry.reason, ''))
        RETURNING investigation_id INTO answer.record_id;
        answer.accepted := true;
        answer.act := act;
        answer.state := 'open';
        RETURN answer;
    END $$;
COMMENT ON FUNCTION registry.open_investigation(text, jsonb) IS 'The act behind api.open_investigation() (开立调查)';

CREATE OR REPLACE FUNCTION registry.close_investigation(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        answer api.answer;
    BEGIN
        PERFORM registry.require_argument(act, arguments, 'investigation_id');
        UPDATE registry.investigation i
        SET closed_at = now(), closed_by = actor(), conclusion = COALESCE(arguments ->> 'conclusion', '')
        WHERE i.investigation_id = (arguments ->> 'investigation_id')::bigint AND i.closed_at IS NULL
        RETURNING i.investigation_id INTO answer.record_id;
        IF NOT FOUND THEN
            PERFORM refuse('RG316', ARRAY[arguments ->> 'investigation_id'], 'registry.investigation', 'investigation_id');
        END IF;
        answer.accepted := true;
        answer.act := act;
        answer.state := 'closed';
        RETURN answer;
    END $$;
COMMENT ON FUNCTION registry.close_investigation(text, jsonb) IS 'The act behind api.close_investigation() (结束调查)';

CREATE OR REPLACE FUNCTION api.open_investigation(
        record text, record_id bigint, reason text, request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('open_investigation', jsonb_build_object('record', record, 'record_id', record_id, 'reason', reason),
                               request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.open_investigation(text, bigint, text, uuid, boolean) IS
    'Marks a record as under investigation, as long as it is every view of it says so (开立存疑调查; 个人信息保护法 Art. 46). record: person, residence, dwelling or permit; record_id: its key; reason: what is in doubt, a line of up to 200 characters. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers the investigation as record_id. Errors: RG080, RG085, RG314, RG315, RG317, RG330';

CREATE OR REPLACE FUNCTION api.close_investigation(
        investigation_id bigint, conclusion text, request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('close_investigation', jsonb_build_object('investigation_id', investigation_id, 'conclusion', conclusion),
                               request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.close_investigation(bigint, text, uuid, boolean) IS
    'Closes an investigation (结束存疑调查). investigation_id; conclusion: what was found, a line of up to 200 characters; what was wrong is corrected by the acts for it. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Errors: RG080, RG085, RG316, RG317, RG330';
