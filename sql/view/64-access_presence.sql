-- Presence candidates: who has probably arrived and is not registered, who is registered and has probably left. Nothing follows
-- from them unless a person confirms it.

CREATE OR REPLACE FUNCTION registry.dwelling_chain(dwelling_id bigint)
    RETURNS bigint[]
    LANGUAGE sql STABLE PARALLEL SAFE
    SECURITY DEFINER
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    AS $$
        SELECT array_agg(t.near)
        FROM (SELECT unnest(s.whole_ids) FROM registry.dwelling_standing s WHERE s.dwelling_id = $1
              UNION
              SELECT part.dwelling_id FROM registry.dwelling_part part WHERE part.whole_id = $1) AS t (near)
        WHERE t.near IS NOT NULL
    $$;
COMMENT ON FUNCTION registry.dwelling_chain(bigint) IS 'A dwelling with what it is part of and everything that is part of it (房屋及其上下级)';

CREATE OR REPLACE VIEW registry.presence_arrived AS
SELECT d.dwelling_id, d.division, who.person_id, who.token, who.home_id, who.events, who.seen_days, open.days AS open_days, who.first_at, who.last_at,
       residency.presence_probability(residency.policy_numeric('presence_prior_arrived', d.division, residency.today())::float8,
                            residency.policy_numeric('presence_resident', d.division, residency.today())::float8,
                            residency.policy_numeric('presence_visitor', d.division, residency.today())::float8,
                            residency.policy_numeric('presence_away', d.division, residency.today())::float8, who.seen_days, open.days) AS probability
FROM (SELECT DISTINCT b.dwelling_id FROM registry.access_binding b) AS door
JOIN registry.dwelling d ON d.dwelling_id = door.dwelling_id
CROSS JOIN LATERAL (SELECT registry.dwelling_chain(d.dwelling_id) OFFSET 0) AS near (ids)
CROSS JOIN LATERAL (
    SELECT p.person_id, CASE WHEN p.person_id IS NULL THEN p.token END AS token, max(p.home_id) AS home_id,
           sum(p.events)::integer AS events, count(DISTINCT p.day)::integer AS seen_days, min(p.day) AS first_day,
           min(p.first_at) AS first_at, max(p.last_at) AS last_at
    FROM registry.presence p
    WHERE p.dwelling_id = d.dwelling_id AND p.token <> '00000000-0000-0000-0000-000000000000'
      AND p.day >= residency.today() - residency.policy_int('presence_window', d.division, residency.today()) AND p.day < residency.today()
    GROUP BY p.person_id, CASE WHEN p.person_id IS NULL THEN p.token END
    HAVING count(DISTINCT p.day) >= residency.policy_int('presence_arrival_days', d.division, residency.today())
) AS who
CROSS JOIN LATERAL (
    SELECT count(DISTINCT o.day)::integer FROM registry.presence_day o
    WHERE o.dwelling_id = d.dwelling_id AND o.day >= who.first_day AND o.day < residency.today()
) AS open (days)
WHERE NOT EXISTS (SELECT FROM registry.residence r
                  WHERE r.person_id = who.person_id AND residency.residence_is_current(r.state) AND r.dwelling_id = ANY (near.ids));
COMMENT ON VIEW registry.presence_arrived IS
    'Who passed a door on enough days before today, by policies presence_window and presence_arrival_days, and is registered neither there nor in a part or whole of it (疑似入住)';
COMMENT ON COLUMN registry.presence_arrived.dwelling_id IS 'Dwelling behind the door (房屋)';
COMMENT ON COLUMN registry.presence_arrived.division IS 'Its division (区划)';
COMMENT ON COLUMN registry.presence_arrived.person_id IS 'Bearer of the credential (持有人), where known, or else';
COMMENT ON COLUMN registry.presence_arrived.token IS 'the credential (凭证标识)';
COMMENT ON COLUMN registry.presence_arrived.home_id IS 'Dwelling for which the credential was issued (凭证所属房屋)';
COMMENT ON COLUMN registry.presence_arrived.events IS 'Passages in the window (通行次数)';
COMMENT ON COLUMN registry.presence_arrived.seen_days IS 'Days with passages (通行天数)';
COMMENT ON COLUMN registry.presence_arrived.open_days IS 'Days since the first of them on which anybody passed (门禁有效天数)';
COMMENT ON COLUMN registry.presence_arrived.first_at IS 'First passage in the window (首次通行)';
COMMENT ON COLUMN registry.presence_arrived.last_at IS 'Last passage (末次通行)';
COMMENT ON COLUMN registry.presence_arrived.probability IS 'That they live there (居住概率)';

CREATE OR REPLACE VIEW registry.presence_left AS
SELECT r.dwelling_id, d.division, r.person_id, r.residence_id, seen.events, seen.days AS seen_days, open.days AS open_days, seen.first_at, seen.last_at,
       1 - residency.presence_probability(1 - residency.policy_numeric('presence_prior_left', d.division, residency.today())::float8,
                                residency.policy_numeric('presence_resident', d.division, residency.today())::float8, 0,
                                residency.policy_numeric('presence_away', d.division, residency.today())::float8, 0, open.days) AS probability
FROM registry.residence r
JOIN registry.dwelling d ON d.dwelling_id = r.dwelling_id
-- once for a resident, not for each of their days
CROSS JOIN LATERAL (SELECT registry.dwelling_chain(r.dwelling_id) OFFSET 0) AS near (ids)
CROSS JOIN LATERAL (
    SELECT sum(p.events)::integer AS events, count(DISTINCT p.day)::integer AS days, max(p.day) AS last_day,
           min(p.first_at) AS first_at, max(p.last_at) AS last_at, array_agg(DISTINCT p.dwelling_id) AS doors
    FROM registry.access_credential c
    JOIN registry.presence_day p ON p.token = c.token AND (c.period @> p.day) IS TRUE
    WHERE c.person_id = r.person_id AND p.day >= r.arrived_on AND p.dwelling_id = ANY (near.ids)
    HAVING max(p.day) < residency.today() - residency.policy_int('presence_absence_days', d.division, residency.today())
) AS seen
CROSS JOIN LATERAL (
    SELECT count(DISTINCT o.day)::integer FROM registry.presence_day o
    WHERE o.dwelling_id = ANY (seen.doors) AND o.day > seen.last_day AND o.day < residency.today()
) AS open (days)
WHERE residency.residence_is_current(r.state) AND open.days >= residency.policy_int('presence_absence_days', d.division, residency.today());
COMMENT ON VIEW registry.presence_left IS
    'Residents who passed the doors of their dwelling, or of a part or whole of it, and have not passed them since, while others did on as many days as policy presence_absence_days asks for (疑似离开)';
COMMENT ON COLUMN registry.presence_left.dwelling_id IS 'Dwelling where they are registered (房屋)';
COMMENT ON COLUMN registry.presence_left.division IS 'Its division (区划)';
COMMENT ON COLUMN registry.presence_left.person_id IS 'Resident (人员)';
COMMENT ON COLUMN registry.presence_left.residence_id IS 'Residence (居住登记)';
COMMENT ON COLUMN registry.presence_left.events IS 'Passages since the arrival, as far as they are kept (通行次数)';
COMMENT ON COLUMN registry.presence_left.seen_days IS 'Days with passages (通行天数)';
COMMENT ON COLUMN registry.presence_left.open_days IS 'Days since the last of them on which others passed (门禁有效天数)';
COMMENT ON COLUMN registry.presence_left.first_at IS 'First passage (首次通行)';
COMMENT ON COLUMN registry.presence_left.last_at IS 'Last passage (末次通行)';
COMMENT ON COLUMN registry.presence_left.probability IS 'That they have left (离开概率)';

CREATE OR REPLACE FUNCTION registry.presence_sample(dwelling_id bigint, person_id bigint, token uuid)
    RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
        SELECT COALESCE(jsonb_agg(jsonb_build_object('device_code', s.device_code, 'happened_at', s.last_at) ORDER BY s.last_at DESC), '[]')
        FROM (SELECT p.device_code, p.last_at
              FROM (SELECT registry.dwelling_chain($1) OFFSET 0) AS near (ids)
              CROSS JOIN registry.access_credential c
              JOIN registry.presence_day p ON p.token = c.token AND (c.period @> p.day) IS TRUE
              WHERE c.person_id = $2 AND p.dwelling_id = ANY (near.ids)
              UNION ALL
              SELECT p.device_code, p.last_at FROM registry.presence_day p WHERE $2 IS NULL AND p.token = $3 AND p.dwelling_id = $1
              ORDER BY last_at DESC
              LIMIT 5) AS s
    $$;
COMMENT ON FUNCTION registry.presence_sample(bigint, bigint, uuid) IS
    'The last passages of five days at most, by device and moment as in registry.access_event (通行记录样本), of a person at the doors of a dwelling, or of a credential at its own';

CREATE OR REPLACE VIEW api.presence_candidate AS
SELECT c.kind,
       (SELECT v.name FROM code.value v WHERE v.list = 'presence_kind' AND v.code = c.kind) AS kind_name,
       c.dwelling_id, CASE WHEN p.person_id IS NULL THEN d.address ELSE shown('address', d.address, p.person_id, 'api.presence_candidate') END AS address,
       c.division::text AS division, d.grid_id, c.person_id, shown('name', p.name, p.person_id, 'api.presence_candidate') AS name,
       shown_resident_id(p.resident_id, p.person_id, 'api.presence_candidate') AS resident_id, c.token, c.home_id AS home_dwelling_id,
       c.residence_id, c.events, c.seen_days, c.open_days, c.first_at, c.last_at,
       registry.presence_sample(c.dwelling_id, c.person_id, c.token) AS sample,
       round(c.probability::numeric, 3) AS probability
FROM (SELECT 'probably_arrived' COLLATE "C" AS kind, a.dwelling_id, a.division, a.person_id, a.token, a.home_id,
             (SELECT r.residence_id FROM registry.residence r WHERE r.person_id = a.person_id AND residence_is_current(r.state)) AS residence_id,
             a.events, a.seen_days, a.open_days, a.first_at, a.last_at, a.probability
      FROM registry.presence_arrived a
      UNION ALL
      SELECT 'probably_left' COLLATE "C" AS kind, l.dwelling_id, l.division, l.person_id, NULL::uuid AS token, NULL::bigint AS home_id, l.residence_id,
             l.events, l.seen_days, l.open_days, l.first_at, l.last_at, l.probability
      FROM registry.presence_left l) AS c
JOIN registry.dwelling d ON d.dwelling_id = c.dwelling_id
LEFT JOIN registry.person p ON p.person_id = c.person_id
WHERE COALESCE(c.person_id, 0) <> ALL ((SELECT registry.withheld_persons())::bigint[])
  AND NOT EXISTS (SELECT FROM registry.presence_decision x
                  WHERE x.dwelling_id = c.dwelling_id AND x.kind = c.kind
                    AND x.person_id IS NOT DISTINCT FROM c.person_id AND x.token IS NOT DISTINCT FROM c.token
                    AND (x.hidden_until > today()
                         OR EXISTS (SELECT FROM registry.patrol_task t WHERE t.patrol_task_id = x.patrol_task_id AND t.state = 'open')));
COMMENT ON VIEW api.presence_candidate IS
    'Who has probably arrived and is not registered, who is registered and has probably left, by access events (在住线索), as of the last residency.run_due(). Nobody is registered or closed by it: api.confirm_presence(). probability = prior × H / (prior × H + (1 − prior) × E) for an arrival, with n open days and k of them with passages, H = presence_resident^k × (1 − presence_resident)^(n−k) × (1 − presence_away), E = presence_visitor^k × (1 − presence_visitor)^(n−k), prior = presence_prior_arrived. For a departure, with n open days since the last passage: prior / (prior + (1 − prior) × (presence_away + (1 − presence_away) × (1 − presence_resident)^n)), prior = presence_prior_left. It assumes that days are independent and one credential is one person who passes no other door; that is not so for shared or lent cards, escorted children and whoever is away for long, so it ranks what to look at and proves nothing';
COMMENT ON COLUMN api.presence_candidate.kind IS 'probably_arrived or probably_left, list presence_kind (线索类型)';
COMMENT ON COLUMN api.presence_candidate.kind_name IS 'The same in words (线索名称)';
COMMENT ON COLUMN api.presence_candidate.dwelling_id IS 'Dwelling behind the door, or where they are registered (房屋)';
COMMENT ON COLUMN api.presence_candidate.address IS 'Its address (地址)';
COMMENT ON COLUMN api.presence_candidate.division IS 'Its division (区划)';
COMMENT ON COLUMN api.presence_candidate.grid_id IS 'Its grid (网格)';
COMMENT ON COLUMN api.presence_candidate.person_id IS 'Person (人员); NULL: the bearer of the credential is not known';
COMMENT ON COLUMN api.presence_candidate.name IS 'Name (姓名)';
COMMENT ON COLUMN api.presence_candidate.resident_id IS 'Resident ID with its middle hidden (公民身份号码,脱敏)';
COMMENT ON COLUMN api.presence_candidate.token IS 'Credential of an unknown bearer (凭证标识): maybe a resident whose credential is not registered';
COMMENT ON COLUMN api.presence_candidate.home_dwelling_id IS 'Dwelling for which the credential was issued (凭证所属房屋)';
COMMENT ON COLUMN api.presence_candidate.residence_id IS 'Residence that would be closed; of who has arrived, the current one elsewhere (居住登记)';
COMMENT ON COLUMN api.presence_candidate.events IS 'Passages that speak for it: of who has arrived in the window, of who has left before (通行次数)';
COMMENT ON COLUMN api.presence_candidate.seen_days IS 'Days with passages (通行天数)';
COMMENT ON COLUMN api.presence_candidate.open_days IS 'Days on which anybody passed the door, since the first passage of who has arrived, after the last of who has left (门禁有效天数)';
COMMENT ON COLUMN api.presence_candidate.first_at IS 'First passage (首次通行)';
COMMENT ON COLUMN api.presence_candidate.last_at IS 'Last passage (末次通行)';
COMMENT ON COLUMN api.presence_candidate.sample IS 'Last passages, by device and moment (通行记录样本)';
COMMENT ON COLUMN api.presence_candidate.probability IS 'Stated probability (概率), 0 to 1, by the policies presence_…';

CREATE OR REPLACE VIEW api.access_fault AS
SELECT f.device_code, d.name AS device_name, f.day, f.kind,
       (SELECT v.name FROM code.value v WHERE v.list = 'access_fault' AND v.code = f.kind) AS kind_name,
       f.kind IN ('unknown_device', 'unbound_device', 'future', 'too_late') AS left_out, f.events, f.first_at, f.last_at, f.received_at
FROM registry.access_fault f
LEFT JOIN registry.access_device d ON d.device_code = f.device_code;
COMMENT ON VIEW api.access_fault IS 'Access events that something is odd about (门禁数据异常), as of the last residency.run_due(): they are kept, and counted anew when the device is registered and bound';
COMMENT ON COLUMN api.access_fault.device_code IS 'Device (设备编码)';
COMMENT ON COLUMN api.access_fault.device_name IS 'Its name (设备名称)';
COMMENT ON COLUMN api.access_fault.day IS 'Day of the events, by the clock of the device (日期)';
COMMENT ON COLUMN api.access_fault.kind IS 'What is odd, list access_fault (异常类型)';
COMMENT ON COLUMN api.access_fault.kind_name IS 'The same in words (异常名称)';
COMMENT ON COLUMN api.access_fault.left_out IS 'Whether they do not count as presence (不计入在住)';
COMMENT ON COLUMN api.access_fault.events IS 'How many (次数)';
COMMENT ON COLUMN api.access_fault.first_at IS 'The first, by the clock of the device (首次时间)';
COMMENT ON COLUMN api.access_fault.last_at IS 'The last (末次时间)';
COMMENT ON COLUMN api.access_fault.received_at IS 'When the last was received (最近接收时间)';

CREATE OR REPLACE FUNCTION registry.confirm_arrival(candidate api.presence_candidate, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    AS $$
    DECLARE
        act  CONSTANT text := 'confirm_presence';
        home CONSTANT bigint := COALESCE((arguments ->> 'lives_in')::bigint, candidate.home_dwelling_id, candidate.dwelling_id);
        came CONSTANT date := COALESCE((arguments ->> 'happened_on')::date, local_day(candidate.first_at));
        who  CONSTANT jsonb := jsonb_build_object('person_id', COALESCE(candidate.person_id, (arguments ->> 'person_id')::bigint), 'dwelling_id', home,
                                                  'channel', COALESCE(arguments -> 'channel', '"window"'));
    BEGIN
        PERFORM registry.require_argument(act, arguments, 'person_id');
        IF NOT EXISTS (SELECT FROM registry.dwelling_standing s WHERE s.dwelling_id = home AND candidate.dwelling_id = ANY (s.whole_ids)) THEN
            PERFORM refuse('RG292', ARRAY[home, candidate.dwelling_id]::text[], 'registry.residence', 'dwelling_id');
        END IF;
        IF candidate.token IS NOT NULL THEN
            -- whose credential it is, is known now
            UPDATE registry.access_credential c SET person_id = (who ->> 'person_id')::bigint
            WHERE c.token = candidate.token AND c.person_id IS NULL AND c.period @> local_day(candidate.last_at);
            IF NOT FOUND THEN
                INSERT INTO registry.access_credential (token, person_id, dwelling_id, period)
                VALUES (candidate.token, (who ->> 'person_id')::bigint, home, daterange(local_day(candidate.first_at), NULL));
            END IF;
        END IF;
        IF EXISTS (SELECT FROM registry.residence r WHERE r.person_id = (who ->> 'person_id')::bigint AND residence_is_current(r.state)) THEN
            RETURN registry.change_residence(act, who || jsonb_build_object('moved_on', came));
        END IF;
        RETURN registry.register_arrival(act, who || jsonb_build_object('arrived_on', came));
    END $$;
COMMENT ON FUNCTION registry.confirm_arrival(api.presence_candidate, jsonb) IS
    'Registers who has arrived, as api.register_arrival() or, from elsewhere, api.change_residence() (线索属实,登记入住); an unknown bearer becomes known';

CREATE OR REPLACE FUNCTION registry.order_presence_check(dwelling bigint)
    RETURNS bigint
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    AS $$
    DECLARE
        task bigint;
    BEGIN
        INSERT INTO registry.patrol_task (dwelling_id, kind, due_on)
        SELECT d.dwelling_id, 'presence_check', today() + policy_int('patrol_ahead', d.division, today())
        FROM registry.dwelling d WHERE d.dwelling_id = dwelling
        ON CONFLICT DO NOTHING
        RETURNING patrol_task_id INTO task;
        -- one visit looks after all of a dwelling
        RETURN COALESCE(task, (SELECT t.patrol_task_id FROM registry.patrol_task t
                               WHERE t.dwelling_id = dwelling AND t.kind = 'presence_check' AND t.state = 'open'));
    END $$;
COMMENT ON FUNCTION registry.order_presence_check(bigint) IS
    'The open task to look who lives in a dwelling, made where there is none (生成在住核实任务): kind presence_check, which residency.run_due() does not void, due after policy patrol_ahead';

CREATE OR REPLACE FUNCTION registry.confirm_presence(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    SET jit = off
    AS $$
    DECLARE
        at        CONSTANT text := 'registry.presence_decision';
        dwelling  CONSTANT bigint := (arguments ->> 'dwelling_id')::bigint;
        sought    CONSTANT uuid := (arguments ->> 'token')::uuid;
        person    CONSTANT bigint := CASE WHEN sought IS NULL THEN (arguments ->> 'person_id')::bigint END;
        of_kind   CONSTANT text := checked_code('presence_kind', arguments ->> 'kind', at, 'kind');
        decision  CONSTANT text := checked_code('presence_decision', arguments ->> 'decision', at, 'decision');
        reason    CONSTANT text := checked_text(arguments ->> 'reason', 200, at, 'reason');
        candidate api.presence_candidate;
        task      bigint;
        answer    api.answer;
    BEGIN
        PERFORM registry.require_argument(act, arguments, name) FROM unnest('{kind,dwelling_id,decision}'::text[]) AS name;
        PERFORM registry.require_argument(act, arguments, 'person_id', 'token');
        -- whoever decides on the same waits, and finds it decided; locked as arrivals lock
        PERFORM dwelling_lock(ARRAY[COALESCE((arguments ->> 'lives_in')::bigint, dwelling), dwelling]);
        SELECT * INTO candidate FROM api.presence_candidate c
        WHERE c.kind = of_kind AND c.dwelling_id = dwelling
          AND c.person_id IS NOT DISTINCT FROM person AND c.token IS NOT DISTINCT FROM sought;
        IF NOT FOUND THEN
            PERFORM refuse('RG286', ARRAY[of_kind, dwelling::text, COALESCE('person_id ' || person, 'token')], at, 'kind');
        END IF;

        CASE decision
            WHEN 'dismissed' THEN
                PERFORM registry.require_argument(act, arguments, 'reason');
            WHEN 'visit' THEN
                task := registry.order_presence_check(dwelling);
            ELSE
                IF of_kind = 'probably_arrived' THEN
                    answer := registry.confirm_arrival(candidate, arguments);
                ELSE
                    answer := registry.register_departure(act, jsonb_strip_nulls(jsonb_build_object('residence_id', candidate.residence_id,
                        'departed_on', COALESCE((arguments ->> 'happened_on')::date, local_day(candidate.last_at)), 'reason', reason)));
                END IF;
        END CASE;

        INSERT INTO registry.presence_decision (kind, dwelling_id, person_id, token, decision, reason, hidden_until, probability, residence_id, patrol_task_id)
        VALUES (of_kind, dwelling, person, sought, decision, reason,
                CASE WHEN decision = 'dismissed' THEN COALESCE(today() + policy_int('presence_dismissal', candidate.division::division_code, today()), 'infinity') END,
                candidate.probability, answer.residence_id, task)
        RETURNING presence_decision_id INTO answer.record_id;
        answer.accepted := true;
        answer.act := act;
        answer.dwelling_id := COALESCE(answer.dwelling_id, dwelling);
        answer.person_id := COALESCE(answer.person_id, person);
        answer.state := COALESCE(answer.state, decision);
        RETURN answer;
    END $$;
COMMENT ON FUNCTION registry.confirm_presence(text, jsonb) IS 'The act behind api.confirm_presence() (在住线索处理)';

CREATE OR REPLACE FUNCTION api.confirm_presence(
        kind text, dwelling_id bigint, decision text, person_id bigint DEFAULT NULL, token uuid DEFAULT NULL, reason text DEFAULT NULL,
        lives_in bigint DEFAULT NULL, happened_on date DEFAULT NULL, channel text DEFAULT NULL,
        request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('confirm_presence', jsonb_build_object('kind', kind, 'dwelling_id', dwelling_id, 'decision', decision,
            'person_id', person_id, 'token', token, 'reason', reason, 'lives_in', lives_in, 'happened_on', happened_on, 'channel', channel),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.confirm_presence(text, bigint, text, bigint, uuid, text, bigint, date, text, uuid, boolean) IS
    'Decides on a row of api.presence_candidate (在住线索处理). kind, dwelling_id, person_id or token: which; decision: confirmed, visit (makes a patrol task of kind presence_check) or dismissed (with a reason; it does not come back for policy presence_dismissal days). Confirmed, an arrival is registered by the rules of api.register_arrival(), or api.change_residence() for who lives elsewhere: in lives_in, a part of dwelling_id, NULL is the dwelling of the credential, else dwelling_id itself; on the day happened_on, NULL is that of the first passage; by channel. With a token, person_id says who the bearer is, and the credential is theirs from then on. A departure is registered as by api.register_departure(), on happened_on, NULL is the day of the last passage. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers the residence, and record_id, the decision''s key. Errors: RG006, RG080, RG085, RG125, RG286, RG292, those of the acts named';
