-- What applications look at: permits, what happened to them, what was decided, and who could have one.

CREATE OR REPLACE VIEW api.permit AS
SELECT p.permit_id,
       p.permit_number,
       p.person_id,
       shown_resident_id(n.resident_id, n.person_id, 'api.permit') AS resident_id,
       shown('name', n.name, n.person_id, 'api.permit') AS name,
       p.division::text AS division,
       division_name(p.division) AS division_name,
       p.state::text AS state,
       permit_state_name(p.state) AS state_name,
       permit_phase(p.state) AS phase,
       p.ground,
       (SELECT v.name FROM code.value v WHERE v.list = 'permit_ground' AND v.code = p.ground) AS ground_name,
       p.residence_id,
       shown('address', d.address, n.person_id, 'api.permit') AS address,
       p.applied_on,
       p.issued_on,
       p.count_from,
       p.endorsed_until,
       p.residence_years,
       p.suspended_on,
       p.replaces_id,
       c.due_on,
       c.state AS clock_state,
       EXISTS (SELECT FROM registry.investigation i WHERE i.closed_at IS NULL AND (i.record = 'permit' AND i.record_id = p.permit_id OR i.record = 'person' AND i.record_id = p.person_id)) AS under_investigation
FROM registry.permit p
JOIN registry.person n ON n.person_id = p.person_id
JOIN registry.residence r ON r.residence_id = p.residence_id
JOIN registry.dwelling d ON d.dwelling_id = r.dwelling_id
LEFT JOIN registry.clock c ON c.clock_id = p.clock_id
WHERE p.person_id <> ALL ((SELECT registry.withheld_persons())::bigint[]);
COMMENT ON VIEW api.permit IS 'Residence permits and applications with their holder (居住证)';
COMMENT ON COLUMN api.permit.permit_id IS 'Key (编号)';
COMMENT ON COLUMN api.permit.permit_number IS 'Number of the card (居住证编号), NULL before the approval';
COMMENT ON COLUMN api.permit.person_id IS 'Key of the person (人员编号)';
COMMENT ON COLUMN api.permit.resident_id IS 'Resident ID with its middle hidden (公民身份号码,脱敏)';
COMMENT ON COLUMN api.permit.name IS 'Name (姓名)';
COMMENT ON COLUMN api.permit.division IS 'County that issues it (签发区划代码)';
COMMENT ON COLUMN api.permit.division_name IS 'Its full name (签发区划)';
COMMENT ON COLUMN api.permit.state IS 'State (状态代码)';
COMMENT ON COLUMN api.permit.state_name IS 'State in Chinese (状态)';
COMMENT ON COLUMN api.permit.phase IS 'application, card or end (阶段)';
COMMENT ON COLUMN api.permit.ground IS 'What entitles, list permit_ground (申领条件代码)';
COMMENT ON COLUMN api.permit.ground_name IS 'What entitles (申领条件)';
COMMENT ON COLUMN api.permit.residence_id IS 'Residence that it rests on (居住登记编号)';
COMMENT ON COLUMN api.permit.address IS 'Address of that residence below the division (居住地址)';
COMMENT ON COLUMN api.permit.applied_on IS 'Day of the application (申领日期)';
COMMENT ON COLUMN api.permit.issued_on IS 'Day of signature (签发日期)';
COMMENT ON COLUMN api.permit.count_from IS 'Day from which the anniversaries count (居住年限起算日)';
COMMENT ON COLUMN api.permit.endorsed_until IS 'Next anniversary (签注有效期)';
COMMENT ON COLUMN api.permit.residence_years IS 'Full years of residence so far (居住年限)';
COMMENT ON COLUMN api.permit.suspended_on IS 'Begin of the present suspension (中止日期)';
COMMENT ON COLUMN api.permit.replaces_id IS 'The permit that it replaces (原居住证)';
COMMENT ON COLUMN api.permit.due_on IS 'Last day of the time limit (办理期限)';
COMMENT ON COLUMN api.permit.clock_state IS 'State of the time limit: running, suspended, stopped (时限状态)';
COMMENT ON COLUMN api.permit.under_investigation IS 'Whether the permit or its holder is under investigation (是否存疑)';

CREATE OR REPLACE VIEW api.permit_event AS
SELECT e.permit_id,
       e.sequence,
       e.happened_on,
       e.event,
       (SELECT t.event_zh FROM permit_transitions() t WHERE t.event = e.event LIMIT 1) AS event_name,
       e.from_state::text AS from_state,
       e.to_state::text AS to_state,
       permit_state_name(e.to_state) AS to_state_name,
       e.channel,
       e.reason,
       e.evidence,
       e.endorsed_until,
       e.residence_years,
       e.decision_id,
       e.actor,
       e.recorded_at
FROM registry.permit_event e;
COMMENT ON VIEW api.permit_event IS 'What has happened to permits (居住证办理记录)';
COMMENT ON COLUMN api.permit_event.permit_id IS 'Permit (居住证)';
COMMENT ON COLUMN api.permit_event.sequence IS 'Number of the event, from 1 (序号)';
COMMENT ON COLUMN api.permit_event.happened_on IS 'Day on which it happened (发生日期)';
COMMENT ON COLUMN api.permit_event.event IS 'What happened (事项代码)';
COMMENT ON COLUMN api.permit_event.event_name IS 'What happened, in Chinese (事项)';
COMMENT ON COLUMN api.permit_event.from_state IS 'State before (原状态)';
COMMENT ON COLUMN api.permit_event.to_state IS 'State after (新状态)';
COMMENT ON COLUMN api.permit_event.to_state_name IS 'State after, in Chinese (新状态名称)';
COMMENT ON COLUMN api.permit_event.channel IS 'Where it came in, list channel (渠道)';
COMMENT ON COLUMN api.permit_event.reason IS 'Why (原因)';
COMMENT ON COLUMN api.permit_event.evidence IS 'What it rests on (依据)';
COMMENT ON COLUMN api.permit_event.endorsed_until IS 'Next anniversary after it (签注有效期)';
COMMENT ON COLUMN api.permit_event.residence_years IS 'Full years of residence after it (居住年限)';
COMMENT ON COLUMN api.permit_event.decision_id IS 'Decision that it carries out (审批决定)';
COMMENT ON COLUMN api.permit_event.actor IS 'Role that acted (经办人)';
COMMENT ON COLUMN api.permit_event.recorded_at IS 'When it was entered (登记时间)';

CREATE OR REPLACE VIEW api.permit_decision AS
SELECT d.decision_id,
       d.permit_id,
       d.matter,
       d.granted,
       d.decided_on,
       c.sort,
       c.criterion,
       c.criterion_zh,
       c.required,
       c.holds,
       c.since,
       c.holds_from,
       c.evidence,
       c.clause,
       c.setting,
       d.reason,
       d.remedy,
       d.actor
FROM registry.decision d
CROSS JOIN LATERAL jsonb_to_recordset(d.criteria) AS c (
    sort integer, criterion text, criterion_zh text, required boolean, holds boolean,
    since date, holds_from date, evidence text, clause text, setting text);
COMMENT ON VIEW api.permit_decision IS
    'Decisions on permits, one row a criterion as it was found on the day (审批决定说明): what a decision rested on, years later';
COMMENT ON COLUMN api.permit_decision.decision_id IS 'Decision (决定编号)';
COMMENT ON COLUMN api.permit_decision.permit_id IS 'Permit (居住证)';
COMMENT ON COLUMN api.permit_decision.matter IS 'Event that was decided on (决定事项)';
COMMENT ON COLUMN api.permit_decision.granted IS 'Whether it was granted (是否准予)';
COMMENT ON COLUMN api.permit_decision.decided_on IS 'Day of the decision (决定日期)';
COMMENT ON COLUMN api.permit_decision.sort IS 'Place of the criterion (序号)';
COMMENT ON COLUMN api.permit_decision.criterion IS 'Criterion (条件代码)';
COMMENT ON COLUMN api.permit_decision.criterion_zh IS 'Criterion in Chinese (条件)';
COMMENT ON COLUMN api.permit_decision.required IS 'Whether it is needed by itself; of employment, dwelling and study one is enough (是否必备)';
COMMENT ON COLUMN api.permit_decision.holds IS 'Whether it held (是否符合)';
COMMENT ON COLUMN api.permit_decision.since IS 'Since when it held (起始日期)';
COMMENT ON COLUMN api.permit_decision.holds_from IS 'When time alone makes it hold (何时符合)';
COMMENT ON COLUMN api.permit_decision.evidence IS 'What was found (依据)';
COMMENT ON COLUMN api.permit_decision.clause IS 'Clause (法律条款)';
COMMENT ON COLUMN api.permit_decision.setting IS 'Setting that held, and its basis (适用政策)';
COMMENT ON COLUMN api.permit_decision.reason IS 'Why, in words (理由)';
COMMENT ON COLUMN api.permit_decision.remedy IS 'What the person can do (救济途径)';
COMMENT ON COLUMN api.permit_decision.actor IS 'Role that decided (决定人)';

CREATE OR REPLACE FUNCTION api.permit_eligibility(person_id bigint, division text, "on" date DEFAULT NULL)
    RETURNS TABLE (criterion text, criterion_zh text, required boolean, holds boolean, since date, holds_from date,
                   evidence text, clause text, setting text)
    LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 9
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        IF division IS NULL THEN
            PERFORM refuse('RG085', ARRAY['permit_eligibility', 'division']);
        END IF;
        PERFORM registry.require_scope('person', person_id);
        IF NOT EXISTS (SELECT FROM registry.person p WHERE p.person_id = permit_eligibility.person_id) THEN
            PERFORM refuse('RG010', ARRAY[COALESCE(person_id::text, '-')], 'registry.person', 'person_id');
        END IF;
        RETURN QUERY
            SELECT c.criterion, c.criterion_zh, c.required, c.holds, c.since, c.holds_from, c.evidence, c.clause, c.setting
            FROM registry.permit_criterion(person_id, division::division_code, COALESCE("on", today())) c
            ORDER BY c.sort;
    END $$;
COMMENT ON FUNCTION api.permit_eligibility(bigint, text, date) IS
    'Whether a person could have a residence permit in the city of a division on a day, NULL is today (居住证申领条件核查): one row a criterion – whether it holds, since when, when time alone will make it hold, on what evidence, by which clause and setting. Needed are all with required; of employment, dwelling and study one is enough. Errors: RG010, RG085, RG090; 22P02 a malformed division';

CREATE OR REPLACE FUNCTION registry.precheck_code(person bigint, action text, division division_code, "on" date,
                                                  OUT code text, OUT allow_on date, OUT permit_id bigint)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        home   registry.residence;
        permit registry.permit;
    BEGIN
        SELECT * INTO home FROM registry.residence r WHERE r.person_id = person AND residence_is_current(r.state);
        SELECT * INTO permit FROM registry.permit p
        WHERE p.person_id = person AND p.city = city(precheck_code.division) AND p.state <> 'draft'
        ORDER BY permit_phase(p.state) = 'end', p.permit_id DESC
        LIMIT 1;
        permit_id := permit.permit_id;
        code := CASE
            WHEN home.residence_id IS NULL THEN 'F6'
            WHEN permit_phase(permit.state) = 'application' THEN 'F1'
            WHEN city(home.division) <> city(precheck_code.division) THEN 'F10'
            WHEN home.state <> 'active' THEN 'I1'
        END;
        IF code IS NOT NULL THEN
            RETURN;
        END IF;

        IF action = 'apply' THEN
            IF permit_phase(permit.state) = 'card' THEN
                code := 'F1';
                RETURN;
            END IF;
            SELECT CASE c.criterion WHEN 'half_year' THEN 'N1' WHEN 'ground' THEN 'N2' ELSE 'F10' END, c.holds_from
            INTO code, allow_on
            FROM registry.permit_criterion(person, precheck_code.division, "on") c
            WHERE c.required AND c.holds IS NOT TRUE
            ORDER BY c.criterion = 'half_year', c.sort
            LIMIT 1;
            RETURN;
        END IF;

        code := CASE
            WHEN permit.permit_id IS NULL THEN
                CASE WHEN EXISTS (SELECT FROM registry.permit p WHERE p.person_id = person AND permit_phase(p.state) = 'card') THEN 'F9' ELSE 'F4' END
            WHEN permit.state = 'cancelled' THEN 'F7'
            WHEN permit_phase(permit.state) = 'end' THEN 'F8'
            WHEN action <> 'endorse' AND permit_next(permit.state, action) IS NULL THEN 'F5'
            WHEN action = 'change_address' THEN CASE WHEN permit.residence_id = home.residence_id THEN 'N3' END
            WHEN action = 'endorse' AND permit.residence_id <> home.residence_id THEN 'F3'
        END;
        IF code IS NULL AND action = 'endorse' THEN
            IF registry.permit_lapsed(permit, "on") THEN
                code := 'F7';
            ELSIF permit.state = 'valid' AND "on" < registry.endorse_from(permit.endorsed_until, permit.division) THEN
                code := 'F2';
                allow_on := registry.endorse_from(permit.endorsed_until, permit.division);
            ELSIF permit.state = 'lost' THEN
                code := 'F5';
            ELSIF NOT EXISTS (SELECT FROM registry.permit_criterion(person, precheck_code.division, "on") c WHERE c.criterion = 'ground' AND c.holds) THEN
                code := 'N2';
            ELSIF registry.registered_months(person, permit.city, "on") < policy_int('endorse_registered_months', permit.division, "on") THEN
                code := 'F10';
            END IF;
        END IF;
    END $$;
COMMENT ON FUNCTION registry.precheck_code(bigint, text, division_code, date) IS
    'The first thing in the way of an action on a permit (自助预审): a code of list permit_precheck, NULL where there is none, and the day when time removes it';

CREATE OR REPLACE FUNCTION api.permit_precheck(resident_id text, action text, division text)
    RETURNS TABLE (code text, message text, message_zh text, allow_on date, permit_id bigint)
    LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 1
    SECURITY DEFINER
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    AS $$
    DECLARE
        number CONSTANT resident_id := permit_precheck.resident_id::resident_id;
        person bigint;
    BEGIN
        IF division IS NULL THEN
            PERFORM refuse('RG085', ARRAY['permit_precheck', 'division']);
        ELSIF action IS NULL OR action NOT IN ('apply', 'endorse', 'change_address', 'replace') THEN
            PERFORM refuse('RG083', ARRAY['action', 'apply, endorse, change_address or replace']);
        END IF;
        SELECT p.person_id INTO person FROM registry.person p WHERE p.resident_id = number;
        IF acting_person() IS NULL THEN
            PERFORM registry.require_division(division::division_code);
        ELSIF person IS DISTINCT FROM acting_person() THEN
            PERFORM refuse('RG338');
        END IF;
        RETURN QUERY
            SELECT v.code, format(v.name_en, c.allow_on), format(v.name, c.allow_on), c.allow_on, c.permit_id
            FROM registry.precheck_code(person, action, division::division_code, today()) c
            JOIN code.value v ON v.list = 'permit_precheck' AND v.code = COALESCE(c.code, 'OK');
    END $$;
COMMENT ON FUNCTION api.permit_precheck(text, text, text) IS
    'What an unattended kiosk asks before it begins (自助终端预审): resident_id; action: apply, endorse, change_address or replace; the division of the kiosk. One row: OK, or the code of what is in the way (F1 to F10, I1, N1 to N3: list permit_precheck) with a text for the screen and the day to come back. Changes nothing. Errors: RG083, RG085; 22P02 a malformed number';
