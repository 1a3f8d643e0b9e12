-- patrol: staff of grids, tasks, visits.

CREATE OR REPLACE FUNCTION residency.refuse_change()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        IF NOT residency.rewrites() THEN
            PERFORM residency.refuse(TG_ARGV[0], ARRAY[TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME], TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME);
        END IF;
        -- both are NULL for a statement
        IF TG_OP = 'DELETE' THEN
            RETURN OLD;
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.refuse_change() IS
    'Trigger of tables that a client does not change, with the code of the refusal as argument (拒绝更改): RG272 what was seen stays, RG279 what follows from observations; but for the register''s own merging and purging';

CREATE OR REPLACE FUNCTION residency.grid_staff_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off
    SET jit = off
    AS $$
    DECLARE
        at    CONSTANT text := 'registry.grid_staff';
        other bigint;
    BEGIN
        NEW.role := residency.checked_code('grid_staff_role', COALESCE(NEW.role, ''), at, 'role');
        NEW.account := residency.checked_text(NEW.account, 100, at, 'account');
        IF NOT EXISTS (SELECT FROM registry.person p WHERE p.person_id = NEW.person_id) THEN
            PERFORM residency.refuse('RG010', ARRAY[COALESCE(NEW.person_id::text, '-')], at, 'person_id');
        ELSIF NOT EXISTS (SELECT FROM registry.grid g WHERE g.grid_id = NEW.grid_id) THEN
            PERFORM residency.refuse('RG268', ARRAY[COALESCE(NEW.grid_id::text, '-')], at, 'grid_id');
        ELSIF isempty(NEW.period) OR lower_inf(NEW.period) OR NOT isfinite(lower(NEW.period)) THEN
            PERFORM residency.refuse('RG266', ARRAY[at, NEW.period::text], at, 'period');
        END IF;
        SELECT s.grid_staff_id INTO other FROM registry.grid_staff s
        WHERE s.person_id = NEW.person_id AND s.grid_id = NEW.grid_id AND s.role = NEW.role AND s.period && NEW.period
          AND s.grid_staff_id <> NEW.grid_staff_id;
        IF FOUND THEN
            PERFORM residency.refuse('RG265', ARRAY[NEW.person_id::text, NEW.role, NEW.grid_id::text, other::text], at, 'period');
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.grid_staff_guard() IS
    'Trigger of registry.grid_staff (网格人员校验): role and account (RG006, RG125), person and grid (RG010, RG268), period (RG265, RG266)';

CREATE OR REPLACE FUNCTION residency.check_staff(person bigint, "on" date, at_table text)
    RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        IF NOT EXISTS (SELECT FROM registry.grid_staff s WHERE s.person_id = person AND s.period @> "on") THEN
            PERFORM residency.refuse('RG267', ARRAY[COALESCE(person::text, '-'), "on"::text], at_table, 'staff_person_id');
        END IF;
    END $$;
COMMENT ON FUNCTION residency.check_staff(bigint, date, text) IS
    'Refuses with RG267 who is grid staff nowhere on a day (网格人员资格校验); neighbours help each other out, so any grid will do';

CREATE OR REPLACE FUNCTION residency.check_times(starts timestamptz, ends timestamptz, division residency.division_code, at_table text, at_column text)
    RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        IF NOT isfinite(starts) OR NOT isfinite(ends) OR ends < starts
           OR greatest(starts, ends) > now() + residency.policy_interval('patrol_clock_ahead', division, residency.today()) THEN
            PERFORM residency.refuse('RG269', ARRAY[starts, COALESCE(ends, starts), now()]::text[], at_table, at_column);
        END IF;
    END $$;
COMMENT ON FUNCTION residency.check_times(timestamptz, timestamptz, residency.division_code, text, text) IS
    'Refuses with RG269 times that lie in the future or end before they begin (时间校验): clocks of phones may be ahead by policy patrol_clock_ahead. NULLs pass';

CREATE OR REPLACE FUNCTION residency.sweep_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        at CONSTANT text := 'registry.sweep';
    BEGIN
        NEW.name := residency.checked_text(COALESCE(NEW.name, ''), 100, at, 'name');
        IF isempty(NEW.period) OR lower_inf(NEW.period) OR upper_inf(NEW.period) THEN
            PERFORM residency.refuse('RG266', ARRAY[at, NEW.period::text], at, 'period');
        ELSIF TG_OP = 'UPDATE' AND (NEW.sweep_id <> OLD.sweep_id OR NEW.started_at <> OLD.started_at) THEN
            PERFORM residency.refuse('RG277', ARRAY[OLD.sweep_id, OLD.started_at]::text[], at, 'started_at');
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.sweep_guard() IS 'Trigger of registry.sweep (清查校验): name (RG125), a period with both ends (RG266), the moment of its list stays (RG277)';

CREATE OR REPLACE FUNCTION residency.patrol_task_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off
    SET jit = off
    AS $$
    DECLARE
        at     CONSTANT text := 'registry.patrol_task';
        frozen timestamptz;
    BEGIN
        NEW.kind := residency.checked_code('patrol_kind', COALESCE(NEW.kind, ''), at, 'kind');
        NEW.state := residency.checked_code('patrol_state', COALESCE(NEW.state, ''), at, 'state');
        NEW.void_reason := residency.checked_text(NEW.void_reason, 200, at, 'void_reason');
        IF TG_OP = 'INSERT' THEN
            SELECT d.grid_id INTO NEW.grid_id FROM registry.dwelling d WHERE d.dwelling_id = NEW.dwelling_id;
            IF NOT FOUND THEN
                PERFORM residency.refuse('RG011', ARRAY[COALESCE(NEW.dwelling_id::text, '-')], at, 'dwelling_id');
            END IF;
        END IF;
        -- the list of a sweep is made in the transaction that starts it
        IF TG_OP = 'INSERT' OR (NEW.sweep_id, NEW.dwelling_id) IS DISTINCT FROM (OLD.sweep_id, OLD.dwelling_id) THEN
            SELECT s.started_at INTO frozen FROM registry.sweep s WHERE s.sweep_id = NEW.sweep_id;
            IF frozen <> now() THEN
                PERFORM residency.refuse('RG277', ARRAY[NEW.sweep_id, frozen]::text[], at, 'sweep_id');
            END IF;
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.patrol_task_guard() IS
    'Trigger of registry.patrol_task (巡查任务校验): codes and words (RG006, RG125), dwelling (RG011), the frozen list of a sweep (RG277); the grid is that of the dwelling';

CREATE OR REPLACE FUNCTION residency.visit_settles(outcome text)
    RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT outcome IN ('met', 'vacant', 'wrong_address') $$;
COMMENT ON FUNCTION residency.visit_settles(text) IS
    'Whether a visit with this outcome has done its task (走访是否完成任务): somebody was met, or it is clear that nobody can be';

CREATE OR REPLACE FUNCTION residency.judge_distance(distance numeric, accuracy numeric, division residency.division_code, "on" date)
    RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
        SELECT CASE WHEN distance + COALESCE(accuracy, 0) <= residency.policy_numeric('patrol_distance', division, "on") THEN 'near'
                    WHEN distance - COALESCE(accuracy, 0) > residency.policy_numeric('patrol_distance', division, "on") THEN 'far'
                    ELSE 'unknown' END
    $$;
COMMENT ON FUNCTION residency.judge_distance(numeric, numeric, residency.division_code, date) IS
    'near or far where that is sure whatever the accuracy, otherwise unknown (走访位置判定): metres between phone and dwelling, accuracy in metres, policy patrol_distance of the day';

CREATE OR REPLACE FUNCTION residency.visit_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    SET jit = off
    AS $$
    DECLARE
        at       CONSTANT text := 'registry.visit';
        home     residency.division_code;
        place    geometry;
        odd      bigint;
    BEGIN
        -- who visits the same dwelling waits: tasks are done by one after the other
        SELECT d.division INTO home FROM registry.dwelling d WHERE d.dwelling_id = NEW.dwelling_id FOR NO KEY UPDATE;
        IF NOT FOUND THEN
            PERFORM residency.refuse('RG011', ARRAY[COALESCE(NEW.dwelling_id::text, '-')], at, 'dwelling_id');
        END IF;
        PERFORM residency.check_times(NEW.started_at, NEW.ended_at, home, at, 'started_at');
        PERFORM residency.check_staff(NEW.staff_person_id, residency.local_day(NEW.started_at), at);
        IF NEW.patrol_task_id IS NOT NULL
           AND NOT EXISTS (SELECT FROM registry.patrol_task t
                           WHERE t.patrol_task_id = NEW.patrol_task_id AND t.dwelling_id = NEW.dwelling_id) THEN
            PERFORM residency.refuse('RG280', ARRAY[NEW.patrol_task_id, NEW.dwelling_id]::text[], at, 'patrol_task_id');
        END IF;
        NEW.outcome := residency.checked_code('visit_outcome', COALESCE(NEW.outcome, ''), at, 'outcome');
        NEW.findings := ARRAY(SELECT DISTINCT residency.checked_code('visit_finding', COALESCE(f, ''), at, 'findings') AS code
                              FROM unnest(NEW.findings) AS f ORDER BY code);
        NEW.note := residency.checked_text(NEW.note, 500, at, 'note');

        IF jsonb_typeof(NEW.photos) <> 'array' THEN
            PERFORM residency.refuse('RG271', '{-}', at, 'photos');
        END IF;
        SELECT p.ordinality INTO odd
        FROM jsonb_array_elements(NEW.photos) WITH ORDINALITY AS p (photo, ordinality)
        WHERE (jsonb_typeof(p.photo) = 'object' AND p.photo - '{uri,sha256}'::text[] = '{}'
               AND residency.is_plain_text(p.photo ->> 'uri', 500) AND p.photo ->> 'sha256' ~ '^[0-9a-f]{64}$') IS NOT TRUE
        LIMIT 1;
        IF FOUND THEN
            PERFORM residency.refuse('RG271', ARRAY[odd::text], at, 'photos');
        END IF;

        IF ST_IsEmpty(NEW.location) OR NOT residency.is_on_earth(NEW.location) OR NEW.accuracy < 0 OR NEW.accuracy = 'NaN' THEN
            PERFORM residency.refuse('RG270', '{location}', at, 'location');
        ELSIF ST_NPoints(NEW.track) < 2 OR NOT residency.is_on_earth(NEW.track) THEN
            PERFORM residency.refuse('RG270', '{track}', at, 'track');
        END IF;
        SELECT s.place INTO place FROM registry.dwelling_standing s WHERE s.dwelling_id = NEW.dwelling_id;
        NEW.distance := ST_Distance(NEW.location::geography, place::geography);
        NEW.distance_kind := residency.judge_distance(NEW.distance, NEW.accuracy, home, residency.local_day(NEW.started_at));
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.visit_guard() IS
    'Trigger of registry.visit (走访校验): dwelling, staff and task (RG011, RG267, RG280), times (RG269), codes and words (RG006, RG125), place and track (RG270), photos (RG271); computes and judges the distance';

CREATE OR REPLACE FUNCTION residency.do_tasks(dwelling bigint)
    RETURNS integer
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off
    SET jit = off
    AS $$
    DECLARE
        done integer;
    BEGIN
        UPDATE registry.patrol_task t
        SET state = 'done', visit_id = first.visit_id
        FROM (
            SELECT DISTINCT ON (a.patrol_task_id) a.patrol_task_id, v.visit_id
            FROM registry.patrol_task a
            JOIN registry.visit v ON v.dwelling_id = a.dwelling_id
            WHERE a.dwelling_id = dwelling AND a.state IN ('open', 'done')
              AND residency.visit_settles(v.outcome) AND residency.local_day(v.started_at) >= a.opened_on
            ORDER BY a.patrol_task_id, v.started_at, v.visit_uuid
        ) AS first
        WHERE t.patrol_task_id = first.patrol_task_id AND t.visit_id IS DISTINCT FROM first.visit_id;
        GET DIAGNOSTICS done = ROW_COUNT;
        RETURN done;
    END $$;
COMMENT ON FUNCTION residency.do_tasks(bigint) IS
    'Marks tasks of a dwelling as done by the first visit that settles them (任务办结), whichever visit comes in first; how many changed';

CREATE OR REPLACE FUNCTION residency.visit_fold()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        IF residency.visit_settles(NEW.outcome) THEN
            PERFORM residency.do_tasks(NEW.dwelling_id);
        END IF;
        RETURN NULL;
    END $$;
COMMENT ON FUNCTION residency.visit_fold() IS 'Trigger of registry.visit (走访办结任务): the tasks that a visit does';
