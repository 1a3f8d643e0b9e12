-- clock: what the events of a statutory limit come to.

CREATE OR REPLACE FUNCTION residency.clock_elapsed(
        total integer, elapsed integer, counts_from date, due_on date, unit text, division residency.division_code, "on" date)
    RETURNS integer
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
    DECLARE
        -- after the last day what is late is counted from it; before, rest days that the end gives way to don't count
        late CONSTANT boolean := "on" > due_on;
        from_day CONSTANT date := CASE WHEN late THEN due_on ELSE counts_from END;
        passed integer;
    BEGIN
        passed := CASE unit WHEN 'days' THEN "on" - from_day ELSE residency.working_days_between(from_day, "on", division) END;
        RETURN CASE WHEN late THEN total + passed ELSE least(total, elapsed + passed) END;
    END $$;
COMMENT ON FUNCTION residency.clock_elapsed(integer, integer, date, date, text, residency.division_code, date) IS
    'Units of a running clock that have passed on a day (已计天数): of total units, so many elapsed before the day it counts from; beyond the total where the limit has run out. RG100 a year without a calendar';

CREATE OR REPLACE FUNCTION residency.clock_due(day date, remaining integer, unit text, division residency.division_code)
    RETURNS date
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
    BEGIN
        -- who resumes late is as late as before
        RETURN CASE WHEN remaining >= 0 THEN residency.legal_deadline(day, remaining, unit, division)
                    ELSE residency.add_term(day, remaining::text || ' ' || unit, division) END;
    END $$;
COMMENT ON FUNCTION residency.clock_due(date, integer, text, residency.division_code) IS
    'Last day of a clock that counts from a day and has so many units left (计时届满日); below zero it had run out before it was suspended. RG100 a year without a calendar';

CREATE OR REPLACE FUNCTION residency.clock_unit(term text)
    RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT CASE residency.term_unit(term) WHEN 'working days' THEN 'working days' ELSE 'days' END $$;
COMMENT ON FUNCTION residency.clock_unit(text) IS 'In what a clock counts a term (计时单位): working days, or days. RG103 no term';

CREATE OR REPLACE FUNCTION residency.clock_budget(started_on date, term text)
    RETURNS integer
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
        SELECT CASE residency.clock_unit(term) WHEN 'days' THEN residency.add_term(started_on, term) - started_on
                                               ELSE residency.term_count(term) END
    $$;
COMMENT ON FUNCTION residency.clock_budget(date, text) IS
    'So many units a clock has that starts on a day (计时预算); of months and years the days up to their last one. RG103 no term, RG105 hours';

CREATE OR REPLACE FUNCTION residency.clock_start()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        NEW.started_on := COALESCE(NEW.started_on, residency.today());
        IF EXISTS (SELECT FROM policy.rule r WHERE r.key = NEW.matter AND r.value_type = 'term') THEN
            NEW.term := residency.policy_term(NEW.matter, NEW.division, NEW.started_on);
        ELSE
            NEW.term := NULL;
        END IF;
        IF NEW.term IS NULL THEN
            PERFORM residency.refuse('RG109', ARRAY[NEW.matter, NEW.division::text, NEW.started_on::text], 'registry.clock', 'matter');
        END IF;
        -- refuses what is no limit in days: hours, a term below zero
        NEW.due_on := residency.legal_deadline(NEW.started_on, NEW.term, NEW.division);
        NEW.unit := residency.clock_unit(NEW.term);
        NEW.budget := residency.clock_budget(NEW.started_on, NEW.term);
        NEW.state := 'running';
        NEW.counts_from := NEW.started_on;
        NEW.elapsed := 0;
        NEW.extended := 0;
        NEW.stopped_on := NULL;
        NEW.last_sequence := NULL;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.clock_start() IS
    'Trigger of registry.clock before a clock starts (计时起算): takes the limit that policy sets for its matter, division and first day, whatever else is entered. RG109 there is none, RG090 nothing is set, and what residency.legal_deadline() refuses';

CREATE OR REPLACE FUNCTION residency.clock_started()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        INSERT INTO registry.clock_event (clock_id, event, happened_on) VALUES (NEW.clock_id, 'start', NEW.started_on);
        RETURN NULL;
    END $$;
COMMENT ON FUNCTION residency.clock_started() IS 'Trigger of registry.clock after a clock has started: its first event (起算事件)';

CREATE OR REPLACE FUNCTION residency.clock_event_judge()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        at     constant text := 'registry.clock_event';
        today  constant date := residency.today();
        clock  record;
        before date;
    BEGIN
        NEW.event := residency.checked_code('clock_event', COALESCE(NEW.event, ''), at, 'event');
        NEW.reason := residency.checked_code('clock_reason', NEW.reason, at, 'reason');
        -- who steps the same clock waits here, and then meets what the other has made of it
        SELECT * INTO clock FROM registry.clock c WHERE c.clock_id = NEW.clock_id FOR NO KEY UPDATE;
        IF NOT FOUND THEN
            PERFORM residency.refuse('RG108', ARRAY[NEW.clock_id::text], at, 'clock_id');
        END IF;
        SELECT e.happened_on INTO before FROM registry.clock_event e
        WHERE e.clock_id = clock.clock_id AND e.sequence = clock.last_sequence;

        NEW.state := CASE
            WHEN (NEW.event = 'start') <> (clock.last_sequence IS NULL) THEN NULL
            WHEN NEW.event = 'start' THEN 'running'
            WHEN NEW.event = 'suspend' AND clock.state = 'running' THEN 'suspended'
            WHEN NEW.event = 'resume' AND clock.state = 'suspended' THEN 'running'
            WHEN NEW.event = 'extend' AND clock.state <> 'stopped' THEN clock.state
            WHEN NEW.event = 'recount' AND clock.state = 'running' THEN 'running'
            WHEN NEW.event = 'stop' AND clock.state <> 'stopped' THEN 'stopped'
        END;
        IF NEW.state IS NULL THEN
            PERFORM residency.refuse('RG111', ARRAY[NEW.clock_id::text, clock.state, NEW.event], at, 'event');
        END IF;
        NEW.happened_on := COALESCE(NEW.happened_on, today);
        IF NEW.happened_on < before OR NEW.happened_on > today THEN
            PERFORM residency.refuse('RG110', ARRAY[NEW.clock_id::text, NEW.happened_on::text, COALESCE(before::text, '-'), today::text],
                                     at, 'happened_on');
        END IF;
        IF NEW.event IN ('suspend', 'extend')
           AND (NEW.reason IS NULL OR residency.is_plain_text(NEW.legal_basis, 200) IS NOT TRUE) THEN
            PERFORM residency.refuse('RG112', ARRAY[NEW.event], at, CASE WHEN NEW.reason IS NULL THEN 'reason' ELSE 'legal_basis' END);
        END IF;
        IF (NEW.event = 'extend') <> (NEW.amount IS NOT NULL) OR NEW.amount NOT BETWEEN 1 AND 3650 THEN
            PERFORM residency.refuse('RG113', ARRAY[NEW.event, COALESCE(NEW.amount::text, '-')], at, 'amount');
        END IF;

        NEW.sequence := COALESCE(clock.last_sequence, 0) + 1;
        NEW.actor := residency.actor();
        NEW.recorded_at := now();
        NEW.extended := clock.extended + COALESCE(NEW.amount, 0);
        NEW.elapsed := CASE
            WHEN clock.state = 'running' AND NEW.state <> 'running'
            THEN residency.clock_elapsed(clock.budget + clock.extended, clock.elapsed, clock.counts_from, clock.due_on,
                                         clock.unit, clock.division, NEW.happened_on)
            ELSE clock.elapsed END;
        NEW.counts_from := CASE WHEN NEW.state <> 'running' THEN NULL
                                WHEN NEW.event = 'resume' THEN NEW.happened_on ELSE clock.counts_from END;
        NEW.due_on := CASE NEW.state
            WHEN 'running' THEN residency.clock_due(NEW.counts_from, clock.budget + NEW.extended - NEW.elapsed, clock.unit, clock.division)
            WHEN 'stopped' THEN clock.due_on END;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.clock_event_judge() IS
    'Trigger of registry.clock_event before an event (计时事件裁决): locks the clock, refuses what cannot happen to it now (RG006, RG108, RG110-RG113) and says what it is afterwards, whatever else is entered';

CREATE OR REPLACE FUNCTION residency.clock_event_apply()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        UPDATE registry.clock c
        SET (state, counts_from, elapsed, extended, due_on, stopped_on, last_sequence)
            = (NEW.state, NEW.counts_from, NEW.elapsed, NEW.extended, NEW.due_on,
               CASE NEW.state WHEN 'stopped' THEN NEW.happened_on END, NEW.sequence)
        WHERE c.clock_id = NEW.clock_id;
        RETURN NULL;
    END $$;
COMMENT ON FUNCTION residency.clock_event_apply() IS 'Trigger of registry.clock_event after an event: the clock becomes what it says (计时随事件变更)';

CREATE OR REPLACE FUNCTION residency.clock_follow()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        last record;
    BEGIN
        SELECT * INTO last FROM registry.clock_event e WHERE e.clock_id = OLD.clock_id ORDER BY e.sequence DESC LIMIT 1;
        IF (NEW.clock_id, NEW.matter, NEW.started_on, NEW.term, NEW.budget, NEW.unit)
               IS DISTINCT FROM (OLD.clock_id, OLD.matter, OLD.started_on, OLD.term, OLD.budget, OLD.unit)
           OR NEW.division::bigint <> OLD.division::bigint AND NOT residency.division_went(OLD.division, NEW.division)
           OR (NEW.state, NEW.counts_from, NEW.elapsed, NEW.extended, NEW.due_on, NEW.stopped_on, NEW.last_sequence)
               IS DISTINCT FROM (last.state, last.counts_from, last.elapsed, last.extended, last.due_on,
                                 CASE last.state WHEN 'stopped' THEN last.happened_on END, last.sequence) THEN
            PERFORM residency.refuse('RG114', ARRAY['registry.clock'], 'registry.clock');
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.clock_follow() IS
    'Trigger of registry.clock for changed rows (计时变更校验): a clock is what its last event says, RG114 anything else';

CREATE OR REPLACE FUNCTION residency.clock_keep()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        written constant text := TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME;
    BEGIN
        PERFORM residency.refuse('RG114', ARRAY[written], written);
    END $$;
COMMENT ON FUNCTION residency.clock_keep() IS 'Trigger of registry.clock and registry.clock_event (计时不得删除): RG114';
