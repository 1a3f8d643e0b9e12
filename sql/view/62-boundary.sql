-- How every act on grids or divisions begins, and whether one that waits for its day may be called off.

CREATE OR REPLACE FUNCTION registry.open_boundaries(act text, arguments jsonb, VARIADIC names text[])
    RETURNS date
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        PERFORM registry.require_argument(act, arguments, n) FROM unnest(names) AS n;
        -- a version that waits for its day changes no row of registry.grid: an older snapshot would not notice it
        IF current_setting('transaction_isolation') <> 'read committed' THEN
            PERFORM refuse('RG245', ARRAY[current_setting('transaction_isolation')], 'registry.grid');
        ELSIF is_plain_text(arguments ->> 'reason', 200) IS NOT TRUE THEN
            PERFORM refuse('RG259', '{}', 'registry.grid_act', 'reason');
        END IF;
        PERFORM grid_lock(NULL);
        RETURN COALESCE((arguments ->> 'effective_on')::date, today());
    END $$;
COMMENT ON FUNCTION registry.open_boundaries(text, jsonb, text[]) IS
    'Begins an act on grids or divisions that needs these arguments (开始边界调整): one at a time, and nobody locates a dwelling meanwhile. Answers the day from which it holds. RG085, RG245, RG259';

CREATE OR REPLACE FUNCTION registry.check_recall(
        act bigint, effective_on date, taken_at timestamptz, called_off_at timestamptz, follower bigint, follower_on date, at_table text)
    RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        IF called_off_at IS NOT NULL THEN
            PERFORM refuse('RG308', ARRAY[act::text, local_day(called_off_at)::text], at_table, 'called_off_at');
        ELSIF effective_on <= today() OR taken_at IS NOT NULL THEN
            -- also where the nightly job has yet to come: periods tell by the day
            PERFORM refuse('RG306', ARRAY[act::text, effective_on::text, today()::text], at_table, 'effective_on');
        ELSIF follower IS NOT NULL THEN
            PERFORM refuse('RG307', ARRAY[follower::text, follower_on::text, act::text], at_table);
        END IF;
    END $$;
COMMENT ON FUNCTION registry.check_recall(bigint, date, timestamptz, timestamptz, bigint, date, text) IS
    'Whether an act may be called off (撤回校验): RG308 it has been, RG306 its day has come, RG307 a later act rests on it';

