-- Acts on grids, for applications.

CREATE OR REPLACE FUNCTION api.split_grid(
        grid_code text, parts jsonb, reason text, effective_on date DEFAULT NULL, request_id uuid DEFAULT NULL,
        dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('split_grid', jsonb_build_object(
            'grid_code', grid_code, 'parts', parts, 'reason', reason, 'effective_on', effective_on),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.split_grid(text, jsonb, text, date, uuid, boolean) IS
    'Splits a grid into parts (网格拆分). grid_code; parts: a GeoJSON FeatureCollection of Polygon or MultiPolygon in degrees of CGCS2000 that cover it, each with properties name and grid_code if need be – without, it is numbered anew from west to east and north to south. effective_on: first day on which it holds, past or to come, NULL is today; reason: why, in a line. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, the act, see api.grid_lineage; and as warning gap. Errors: RG061-RG066, RG069, RG080, RG085, RG245-RG248, RG250-RG252, RG259, RG249, RG254, RG070';

CREATE OR REPLACE FUNCTION api.merge_grids(
        grid_codes text[], reason text, name text DEFAULT NULL, new_grid_code text DEFAULT NULL,
        effective_on date DEFAULT NULL, request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('merge_grids', jsonb_build_object(
            'grid_codes', grid_codes, 'reason', reason, 'name', name, 'new_grid_code', new_grid_code, 'effective_on', effective_on),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.merge_grids(text[], text, text, text, date, uuid, boolean) IS
    'Merges neighbouring grids of a village into a new one (网格合并). grid_codes; name, NULL is that of the first; new_grid_code, NULL is the next number. effective_on: first day on which it holds, past or to come, NULL is today; reason: why, in a line. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, the act, see api.grid_lineage. Errors: RG061-RG066, RG069, RG080, RG085, RG245-RG248, RG250-RG252, RG259, RG060, RG249, RG253, RG254';

CREATE OR REPLACE FUNCTION api.move_border(
        grids jsonb, reason text, effective_on date DEFAULT NULL, request_id uuid DEFAULT NULL,
        dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('move_border', jsonb_build_object(
            'grids', grids, 'reason', reason, 'effective_on', effective_on),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.move_border(jsonb, text, date, uuid, boolean) IS
    'Redraws grids among themselves (网格边界调整). grids: a GeoJSON FeatureCollection with the new outlines, in degrees of CGCS2000, of all whose border moves, each with its grid_code; together they stay within what they covered. effective_on: first day on which it holds, past or to come, NULL is today; reason: why, in a line. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, the act, see api.grid_lineage; and as warning gap. Errors: RG061-RG066, RG069, RG080, RG085, RG245-RG248, RG250-RG252, RG259, RG060, RG070, RG249';

CREATE OR REPLACE FUNCTION api.rename_grid(
        grid_code text, name text, reason text, effective_on date DEFAULT NULL, request_id uuid DEFAULT NULL,
        dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('rename_grid', jsonb_build_object(
            'grid_code', grid_code, 'name', name, 'reason', reason, 'effective_on', effective_on),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.rename_grid(text, text, text, date, uuid, boolean) IS
    'Gives a grid another name (网格更名); its number stays. effective_on: first day on which it holds, past or to come, NULL is today; reason: why, in a line. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, the act, see api.grid_lineage. Errors: RG059, RG080, RG085, RG245-RG248, RG259';

CREATE OR REPLACE FUNCTION api.retire_grid(
        grid_code text, reason text, effective_on date DEFAULT NULL, request_id uuid DEFAULT NULL,
        dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('retire_grid', jsonb_build_object(
            'grid_code', grid_code, 'reason', reason, 'effective_on', effective_on),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.retire_grid(text, text, date, uuid, boolean) IS
    'Ends a grid that nothing takes the place of (网格作废): its number is kept with reason and time and never used again; who lives there has no grid. Policy grid_coverage may refuse it: merge it then. effective_on: first day on which it holds, past or to come, NULL is today; reason: why, in a line. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, the act, and as warning gap. Errors: RG080, RG085, RG245-RG248, RG251, RG259';

CREATE OR REPLACE FUNCTION api.call_off_grid_act(
        grid_act_id bigint, reason text, request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('call_off_grid_act', jsonb_build_object(
            'grid_act_id', grid_act_id, 'reason', reason),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.call_off_grid_act(bigint, text, uuid, boolean) IS
    'Calls off an act on grids before its day (撤回网格调整): the grids are as if it had never been entered, numbers that it gave are never given again, and it stays on record with both reasons. grid_act_id: see api.grid_act; reason: why, in a line. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, the act. Errors: RG080, RG085, RG245, RG259, RG305, RG306 its day has come, RG307 a later act rests on it, RG308';
