-- What applications call for spot checks and lists of departments.

CREATE OR REPLACE FUNCTION api.draw_spot_check(
        division text, size integer, seed text, name text, reason text, kind text DEFAULT NULL, area text DEFAULT NULL,
        strata_by text DEFAULT NULL, let_states text[] DEFAULT NULL, request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('draw_spot_check', jsonb_build_object('division', division, 'size', size, 'seed', seed, 'name', name,
            'reason', reason, 'kind', kind, 'area', area, 'strata_by', strata_by, 'let_states', let_states),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.draw_spot_check(text, integer, text, text, text, text, text, text, text[], uuid, boolean) IS
    'Draws a stratified sample of a division and all beneath (抽取抽查样本). size: units; seed: any text of up to 100 characters – unit key k has the place SHA-256(seed:k) in its stratum, so the same seed draws the same from the same register; name, reason in words; kind: dwelling (keys are dwelling_id, dwellings without parts) or grid (grid_code, management grids that are walked wholly); area: township or village, strata_by: none, category, kind or let_state, NULL as policies spot_check_area and spot_check_strata say; let_states: of dwellings, NULL all but demolished. Strata get their share by the largest remainder, at least one unit each while the size allows. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, the check''s key, warning strata_left_out (size is smaller than the number of strata) or whole_frame. Errors: RG006, RG080, RG083, RG085, RG125, RG295; 22P02 no division, 23503 an unknown one';

CREATE OR REPLACE FUNCTION api.record_spot_check(
        spot_check_id bigint, outcome text, staff_person_id bigint, dwelling_id bigint DEFAULT NULL, grid_id bigint DEFAULT NULL,
        address text DEFAULT NULL, found_let boolean DEFAULT NULL, people jsonb DEFAULT NULL, people_counted integer DEFAULT NULL,
        counted_registered integer DEFAULT NULL, checked_at timestamptz DEFAULT NULL, note text DEFAULT NULL,
        request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('record_spot_check', jsonb_build_object('spot_check_id', spot_check_id, 'outcome', outcome,
            'staff_person_id', staff_person_id, 'dwelling_id', dwelling_id, 'grid_id', grid_id, 'address', address, 'found_let', found_let,
            'people', people, 'people_counted', people_counted, 'counted_registered', counted_registered, 'checked_at', checked_at, 'note', note),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.record_spot_check(bigint, text, bigint, bigint, bigint, text, boolean, jsonb, integer, integer, timestamptz, text, uuid, boolean) IS
    'Enters what a check of a dwelling found (录入抽查结果). outcome: list spot_check_outcome; staff_person_id: who checked; dwelling_id of the sample, or grid_id of a grid that was drawn and the address where something unregistered was found; for outcome checked found_let: whether it is let; people: who was found and should be registered, [{"person_id"} or {"resident_id"}, …], judged against the register as it stood at that moment; people_counted, counted_registered: those besides who were only counted; checked_at, NULL is now. Entered again it corrects: the last answer counts, all are kept. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, the result''s key, state the outcome that counts, warning unregistered_people or unregistered_letting. Errors: RG006, RG010, RG080, RG082, RG083, RG085, RG086, RG125, RG269, RG293, RG294, RG296, RG297, RG299';

CREATE OR REPLACE FUNCTION api.close_spot_check(spot_check_id bigint, reason text, request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('close_spot_check', jsonb_build_object('spot_check_id', spot_check_id, 'reason', reason), request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.close_spot_check(bigint, text, uuid, boolean) IS
    'Closes a spot check: from then on its results stay (结束抽查). request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers warning not_all_checked. Errors: RG080, RG085, RG125, RG293, RG294';

CREATE OR REPLACE FUNCTION api.import_list(
        source text, division text, listed_on date, people jsonb, name text, request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('import_list', jsonb_build_object('source', source, 'division', division, 'listed_on', listed_on,
            'people', people, 'name', name), request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.import_list(text, text, date, jsonb, text, uuid, boolean) IS
    'Takes a list of people whom another department knows to live in a division on a day (导入部门名单). source: list department; people: [{"resident_id"} or {"person_id"}, …]; name in words. Wholly or not at all: half a list would be counted as people who are not there. Nobody is registered by it; stat.capture_recapture reads it. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, the list''s key. Errors: RG006, RG010, RG080, RG082, RG083, RG085, RG086, RG125, RG126, RG128, RG299';
