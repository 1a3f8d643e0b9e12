-- permit: the procedure, as a table that the core holds.

CREATE OR REPLACE FUNCTION residency.is_permit_state(text) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_is_permit_state';
COMMENT ON FUNCTION residency.is_permit_state(text) IS 'whether a text names a state of a residence permit (居住证状态)';

CREATE OR REPLACE FUNCTION residency.permit_state_name(residency.permit_state) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_permit_state_name';
COMMENT ON FUNCTION residency.permit_state_name(residency.permit_state) IS 'the state in Chinese (居住证状态名称)';

CREATE OR REPLACE FUNCTION residency.permit_phase(residency.permit_state) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_permit_state_phase';
COMMENT ON FUNCTION residency.permit_phase(residency.permit_state) IS
    'application before there is a card, card, or end where nothing follows (居住证阶段)';

CREATE OR REPLACE FUNCTION residency.permit_next(state residency.permit_state, event text)
    RETURNS residency.permit_state
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_permit_next_state';
COMMENT ON FUNCTION residency.permit_next(residency.permit_state, text) IS
    'where an event leads from a state of a residence permit; NULL where it cannot happen; from NULL, a permit before its first event (居住证状态变更)';

CREATE OR REPLACE FUNCTION residency.permit_states(
        OUT state residency.permit_state, OUT name text, OUT name_zh text, OUT phase text)
    RETURNS SETOF record
    LANGUAGE c IMMUTABLE PARALLEL SAFE ROWS 16 AS 'MODULE_PATHNAME', 'residency_permit_state_rows';
COMMENT ON FUNCTION residency.permit_states() IS
    'the states of a residence permit in the order of the procedure, with their phase: application, card or end (居住证状态)';

CREATE OR REPLACE FUNCTION residency.permit_transitions(
        OUT from_state residency.permit_state, OUT event text, OUT to_state residency.permit_state, OUT event_zh text,
        OUT actor text, OUT limit_key text, OUT guard text, OUT legal_basis text)
    RETURNS SETOF record
    LANGUAGE c IMMUTABLE PARALLEL SAFE ROWS 44 AS 'MODULE_PATHNAME', 'residency_permit_transition_rows';
COMMENT ON FUNCTION residency.permit_transitions() IS
    'the procedure of the residence permit as a table (居住证办理流程): from a state (NULL: before the first event) by an event to a state; who acts: person, window, police, maker or system; the policy key of the time limit; what must be true; the clause it rests on';

CREATE OR REPLACE FUNCTION residency.permit_picture()
    RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
        SELECT pg_catalog.concat_ws(E'\n', 'stateDiagram-v2',
            (SELECT pg_catalog.string_agg(pg_catalog.format('    %s : %s %s', s.name, s.name, s.name_zh), E'\n' ORDER BY s.state)
             FROM residency.permit_states() s),
            (SELECT pg_catalog.string_agg(pg_catalog.format('    %s --> %s : %s', COALESCE(t.from_state::text, '[*]'), t.to_state, t.event),
                                          E'\n' ORDER BY t.from_state NULLS FIRST, t.to_state, t.event)
             FROM residency.permit_transitions() t),
            (SELECT pg_catalog.string_agg(pg_catalog.format('    %s --> [*]', s.name), E'\n' ORDER BY s.state)
             FROM residency.permit_states() s WHERE s.phase OPERATOR(pg_catalog.=) 'end'))
    $$;
COMMENT ON FUNCTION residency.permit_picture() IS
    'the procedure as a Mermaid state diagram, drawn from residency.permit_transitions() (居住证状态图)';

CREATE OR REPLACE FUNCTION residency.county(residency.division_code)
    RETURNS residency.division_code
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
        SELECT line.division
        FROM pg_catalog.unnest(residency.lineage($1)) AS line (division)
        WHERE residency.level(line.division) OPERATOR(pg_catalog.<=) 3
        ORDER BY line.division DESC
        LIMIT 1
    $$;
COMMENT ON FUNCTION residency.county(residency.division_code) IS
    'the county of a division; the city where it has no counties, or the division itself above them (所属县级区划)';

CREATE OR REPLACE FUNCTION residency.anniversary_after(start date, day date)
    RETURNS date
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
        -- from the first day itself, so that the 29th of February comes back in leap years
        SELECT pg_catalog.min(candidate.day)
        FROM (SELECT residency.add_months_legal(start, 12 OPERATOR(pg_catalog.*) n) AS day
              FROM pg_catalog.generate_series(greatest(residency.age(start, anniversary_after.day), 1),
                                              greatest(residency.age(start, anniversary_after.day), 0) + 2) AS n) AS candidate
        WHERE candidate.day > anniversary_after.day
    $$;
COMMENT ON FUNCTION residency.anniversary_after(date, date) IS
    'the first full year''s day of a start after a day (周年日); of the 29th of February the 28th in common years (民法典 Art. 202)';

CREATE OR REPLACE FUNCTION residency.permit_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        at    constant text := 'registry.permit';
        fixed text;
        last  registry.permit_event;
        -- what became of the county itself, or of where the holder lives
        went  boolean;
    BEGIN
        IF TG_OP = 'INSERT' THEN
            NEW := registry.permit_entry(NEW);
            RETURN NEW;
        END IF;

        went := NEW.division::bigint <> OLD.division::bigint
            AND (residency.division_went(OLD.division, NEW.division)
                 OR NEW.division::bigint = (SELECT residency.county(r.division)::bigint FROM registry.residence r WHERE r.residence_id = NEW.residence_id));
        IF went THEN
            NEW.city := residency.city(NEW.division);
        END IF;

        fixed := CASE
            WHEN NEW.permit_id <> OLD.permit_id THEN 'permit_id'
            WHEN NEW.person_id <> OLD.person_id THEN 'person_id'
            WHEN NEW.division::bigint <> OLD.division::bigint AND NOT went THEN 'division'
            WHEN NEW.city::bigint <> OLD.city::bigint AND NOT went THEN 'city'
            WHEN NEW.replaces_id IS DISTINCT FROM OLD.replaces_id THEN 'replaces_id'
            WHEN NEW.permit_number IS DISTINCT FROM OLD.permit_number THEN 'permit_number'
            WHEN NEW.proxy_person_id IS DISTINCT FROM OLD.proxy_person_id AND OLD.state::text <> 'draft' THEN 'proxy_person_id'
            WHEN NEW.applied_on <> OLD.applied_on AND NEW.last_sequence = OLD.last_sequence THEN 'applied_on'
            WHEN NEW.clock_id IS DISTINCT FROM OLD.clock_id AND NEW.last_sequence = OLD.last_sequence THEN 'clock_id'
        END;
        IF fixed IS NULL THEN
            SELECT * INTO last FROM registry.permit_event e
            WHERE e.permit_id = NEW.permit_id AND e.sequence = NEW.last_sequence;
            fixed := CASE
                WHEN NOT FOUND OR NEW.last_sequence < OLD.last_sequence THEN 'last_sequence'
                WHEN NEW.state::int2 IS DISTINCT FROM last.to_state::int2 THEN 'state'
                WHEN NEW.residence_id IS DISTINCT FROM last.residence_id THEN 'residence_id'
                WHEN NEW.ground IS DISTINCT FROM last.ground THEN 'ground'
                WHEN NEW.issued_on IS DISTINCT FROM last.issued_on THEN 'issued_on'
                WHEN NEW.count_from IS DISTINCT FROM last.count_from THEN 'count_from'
                WHEN NEW.endorsed_until IS DISTINCT FROM last.endorsed_until THEN 'endorsed_until'
                WHEN NEW.residence_years IS DISTINCT FROM last.residence_years THEN 'residence_years'
                WHEN NEW.suspended_on IS DISTINCT FROM last.suspended_on THEN 'suspended_on'
            END;
        END IF;
        IF fixed IS NOT NULL AND NOT residency.rewrites() THEN
            PERFORM residency.refuse('RG143', ARRAY[fixed, OLD.permit_id::text], at, fixed);
        END IF;
        IF NEW.permit_number IS NULL AND last.to_state::text = 'making' THEN
            NEW.permit_number := registry.next_permit_number(NEW.division, last.happened_on);
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.permit_guard() IS
    'Trigger of registry.permit (居住证校验): an application is filled in from the residence (RG006, RG010, RG012, RG141, RG144, RG169), a permit is as its last event left it (RG143); approval gives it its number';

CREATE OR REPLACE FUNCTION residency.permit_enter()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        INSERT INTO registry.permit_event (permit_id, event, happened_on)
        VALUES (NEW.permit_id, CASE WHEN NEW.replaces_id IS NULL THEN 'enter' ELSE 'reissue' END, NEW.applied_on);
        RETURN NULL;
    END $$;
COMMENT ON FUNCTION residency.permit_enter() IS 'Trigger of registry.permit after an entry (首个事项): its first event, enter or reissue';

CREATE OR REPLACE FUNCTION residency.permit_event_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        at     constant text := 'registry.permit_event';
        permit registry.permit;
        last   registry.permit_event;
    BEGIN
        SELECT * INTO permit FROM registry.permit p WHERE p.permit_id = NEW.permit_id FOR NO KEY UPDATE;
        IF NOT FOUND THEN
            PERFORM residency.refuse('RG165', ARRAY[NEW.permit_id::text], at, 'permit_id');
        END IF;
        -- several events may come in one statement, and the permit follows when it is done: the chain itself knows better
        SELECT * INTO last FROM registry.permit_event e WHERE e.permit_id = NEW.permit_id ORDER BY e.sequence DESC LIMIT 1;
        IF last.sequence > permit.last_sequence THEN
            permit := registry.permit_after(permit, last);
        END IF;
        NEW.sequence := permit.last_sequence + 1;
        NEW.from_state := permit.state;
        NEW.to_state := residency.permit_next(permit.state, NEW.event);
        IF NEW.to_state IS NULL THEN
            PERFORM residency.refuse('RG140', registry.permit_misstep(permit.permit_id, permit.state, left(NEW.event, 40)), at, 'event');
        END IF;
        NEW.happened_on := COALESCE(NEW.happened_on, residency.today());
        IF NEW.happened_on > residency.today() THEN
            PERFORM residency.refuse('RG141', ARRAY[NEW.happened_on, residency.today()]::text[], at, 'happened_on');
        END IF;
        IF NEW.happened_on < last.happened_on AND NEW.channel = 'system' THEN
            -- what time alone brings about has its day by law, and follows what was entered before it
            NEW.happened_on := last.happened_on;
        ELSIF NEW.happened_on < last.happened_on THEN
            PERFORM residency.refuse('RG142', ARRAY[NEW.happened_on, last.happened_on]::text[], at, 'happened_on');
        END IF;
        NEW.channel := residency.checked_code('channel', COALESCE(NEW.channel, 'window'), at, 'channel');
        NEW.evidence := COALESCE(NEW.evidence, '{}');
        NEW.actor := residency.actor();
        NEW.recorded_at := now();
        NEW.decision_id := NULL;
        NEW.residence_id := permit.residence_id;
        NEW.ground := permit.ground;
        NEW.issued_on := permit.issued_on;
        NEW.count_from := permit.count_from;
        NEW.endorsed_until := permit.endorsed_until;
        NEW.residence_years := permit.residence_years;
        NEW.suspended_on := permit.suspended_on;
        NEW := registry.permit_effect(permit, NEW);
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.permit_event_guard() IS
    'Trigger of registry.permit_event (办理事项校验): the permit is locked, the step must exist (RG140, RG165) and come in its time (RG141, RG142; what the register enters itself, channel system, takes the day of the event before, where that was later); what else must be true, and what follows, is for registry.permit_effect()';

CREATE OR REPLACE FUNCTION residency.permit_event_follow()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        PERFORM registry.permit_follow(NEW);
        RETURN NULL;
    END $$;
COMMENT ON FUNCTION residency.permit_event_follow() IS
    'Trigger of registry.permit_event (办理事项生效): the permit, its clock, and what else an event brings about';

CREATE OR REPLACE FUNCTION residency.permit_keep()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        IF NOT residency.rewrites() THEN
            PERFORM residency.refuse('RG166', ARRAY[TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME], TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME);
        END IF;
        RETURN NULL;
    END $$;
COMMENT ON FUNCTION residency.permit_keep() IS 'Trigger of the tables of permits (居住证记录不得更改): RG166';

CREATE OR REPLACE FUNCTION residency.person_death()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        IF NEW.died_on > residency.today() OR NEW.died_on < NEW.birth_date THEN
            PERFORM residency.refuse('RG171', ARRAY[NEW.died_on, residency.today()]::text[], 'registry.person', 'died_on');
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.person_death() IS 'Trigger of registry.person (死亡日期校验): RG171';

CREATE OR REPLACE FUNCTION residency.person_settle()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        -- nobody has moved where the code of their home has changed, or two turned out to be one
        IF NEW.died_on IS NOT DISTINCT FROM OLD.died_on
           AND (residency.division_went(OLD.household_division, NEW.household_division) OR residency.rewrites()) THEN
            RETURN NULL;
        END IF;
        INSERT INTO registry.permit_event (permit_id, event, reason, channel)
        SELECT p.permit_id, 'cancel', ended.reason, 'exchange'
        FROM registry.permit p
        CROSS JOIN LATERAL registry.permit_ended_by(p.person_id, p.city) AS ended (reason)
        WHERE p.person_id = NEW.person_id AND residency.permit_phase(p.state) = 'card' AND ended.reason IS NOT NULL
        ORDER BY p.permit_id;
        UPDATE registry.residence r
        SET state = 'departed', departed_on = greatest(r.arrived_on, COALESCE(NEW.died_on, residency.today())),
            close_reason = CASE WHEN NEW.died_on IS NOT NULL THEN '死亡' ELSE '户籍迁入' END
        WHERE r.person_id = NEW.person_id AND residency.residence_is_current(r.state)
          AND (NEW.died_on IS NOT NULL
               -- moved here: who was local before may well live in another home than that of the household
               OR residency.city(NEW.household_division)::bigint = residency.city(r.division)::bigint
                  AND residency.city(OLD.household_division)::bigint IS DISTINCT FROM residency.city(NEW.household_division)::bigint);
        RETURN NULL;
    END $$;
COMMENT ON FUNCTION residency.person_settle() IS
    'Trigger of registry.person (户籍迁入或死亡): permits and the current residence end when the household moves to their city, or the person dies (居住证暂行条例 Art. 2; 杭州市流动人口服务管理规定 Art. 21)';
