-- Acts on divisions, for applications.

CREATE OR REPLACE FUNCTION api.rename_division(
        division text, name text, reason text, effective_on date DEFAULT NULL, request_id uuid DEFAULT NULL,
        dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('rename_division', jsonb_build_object(
            'division', division, 'name', name, 'reason', reason, 'effective_on', effective_on),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.rename_division(text, text, text, date, uuid, boolean) IS
    'Gives a division another name (区划更名); its code stays. effective_on: first day on which it holds, past or to come, NULL is today; reason: why, in a line. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, the act, see api.division_act. Errors: RG080, RG085, RG245, RG248, RG255, RG259; 22P02 a malformed code';

CREATE OR REPLACE FUNCTION api.recode_division(
        division text, new_division text, reason text, name text DEFAULT NULL, effective_on date DEFAULT NULL,
        request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('recode_division', jsonb_build_object(
            'division', division, 'new_division', new_division, 'reason', reason, 'name', name, 'effective_on', effective_on),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.recode_division(text, text, text, text, date, uuid, boolean) IS
    'Gives a division another code (区划代码变更), also beneath another division. new_division: a code of the same level that is not in use; one that has ended may be used again. name: NULL stays. All that is of today and all divisions beneath follow, with codes of the new one (registry.division_use()); who lived where on which day is kept. effective_on: first day on which it holds, past or to come, NULL is today; reason: why, in a line. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, the act, see api.division_act. Errors: RG080, RG085, RG245, RG248, RG255, RG259; 22P02 a malformed code, RG247, RG254, RG256, RG257';

CREATE OR REPLACE FUNCTION api.merge_divisions(
        divisions text[], into_division text, reason text, name text DEFAULT NULL, effective_on date DEFAULT NULL,
        request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('merge_divisions', jsonb_build_object(
            'divisions', divisions, 'into_division', into_division, 'reason', reason, 'name', name, 'effective_on', effective_on),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.merge_divisions(text[], text, text, text, date, uuid, boolean) IS
    'Merges divisions of one level into one of them or into a new one (区划合并). into_division; name of it, NULL stays, or of a new one is that of the lowest code. All that is of today and all divisions beneath follow, with codes of the new one (registry.division_use()); who lived where on which day is kept. effective_on: first day on which it holds, past or to come, NULL is today; reason: why, in a line. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, the act, see api.division_act. Errors: RG080, RG085, RG245, RG248, RG255, RG259; 22P02 a malformed code, RG247, RG249, RG254, RG256, RG257';

CREATE OR REPLACE FUNCTION api.split_division(
        division text, parts jsonb, reason text, effective_on date DEFAULT NULL, request_id uuid DEFAULT NULL,
        dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('split_division', jsonb_build_object(
            'division', division, 'parts', parts, 'reason', reason, 'effective_on', effective_on),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.split_division(text, jsonb, text, date, uuid, boolean) IS
    'Cuts new divisions out of one (区划拆分). parts: [{"division": code, "name": name, "members": [codes]}, ...]; members are grids of a village, or divisions directly beneath any other. What is not named stays; where all are named the old one ends, and the last part takes the dwellings that are in no grid. All that is of today and all divisions beneath follow, with codes of the new one (registry.division_use()); who lived where on which day is kept. effective_on: first day on which it holds, past or to come, NULL is today; reason: why, in a line. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, the act, see api.division_act. Errors: RG080, RG085, RG245, RG248, RG255, RG259; 22P02 a malformed code, RG247, RG254, RG256-RG258';

CREATE OR REPLACE FUNCTION api.call_off_division_act(
        division_act_id bigint, reason text, request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('call_off_division_act', jsonb_build_object(
            'division_act_id', division_act_id, 'reason', reason),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.call_off_division_act(bigint, text, uuid, boolean) IS
    'Calls off an act on divisions before its day (撤回区划变更): codes are as if it had never been entered, and it stays on record with both reasons. division_act_id: see api.division_act; reason: why, in a line. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, the act. Errors: RG080, RG085, RG245, RG259, RG305, RG306 its day has come, RG307 a later act rests on it, RG308';
