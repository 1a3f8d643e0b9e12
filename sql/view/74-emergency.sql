-- Data taken for an emergency, and its destruction.

CREATE OR REPLACE FUNCTION registry.emergency_answer(act text, emergency registry.emergency)
    RETURNS api.answer
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        answer api.answer;
    BEGIN
        IF emergency.emergency_id IS NULL THEN
            PERFORM refuse('RG137', ARRAY['registry.emergency', '-'], 'registry.emergency', 'emergency_id');
        END IF;
        answer.accepted := true;
        answer.act := act;
        answer.record_id := emergency.emergency_id;
        answer.state := CASE WHEN emergency.ended_at IS NULL THEN 'running' ELSE 'ended' END;
        RETURN answer;
    END $$;
COMMENT ON FUNCTION registry.emergency_answer(text, registry.emergency) IS 'How an act answers with an emergency (办理结果): RG137 there is none';

CREATE OR REPLACE FUNCTION registry.begin_emergency(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        entry registry.emergency := jsonb_populate_record(NULL::registry.emergency, arguments);
    BEGIN
        PERFORM registry.require_argument(act, arguments, name) FROM unnest('{name,kind,division,purpose,ends_on}'::text[]) AS name;
        INSERT INTO registry.emergency (name, kind, level, division, purpose, ends_on)
        VALUES (entry.name, entry.kind, entry.level, entry.division, entry.purpose, entry.ends_on)
        RETURNING * INTO entry;
        RETURN registry.emergency_answer(act, entry);
    END $$;
COMMENT ON FUNCTION registry.begin_emergency(text, jsonb) IS 'The act behind api.begin_emergency() (启动应急)';

CREATE OR REPLACE FUNCTION registry.emergency_rows(kind text, division division_code)
    RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        -- what helpers need, and no number of a document
        SELECT COALESCE(CASE kind
            WHEN 'resident' THEN (
                SELECT jsonb_agg(jsonb_build_object('person_id', p.person_id, 'name', p.name, 'sex', p.sex, 'age', age(p.birth_date, today()), 'phone', p.phone,
                                                    'dwelling_id', d.dwelling_id, 'address', d.address, 'division', d.division::text) ORDER BY d.dwelling_id, p.person_id)
                FROM registry.dwelling d
                JOIN registry.residence r ON r.dwelling_id = d.dwelling_id AND residence_is_current(r.state)
                JOIN registry.person p ON p.person_id = r.person_id
                WHERE d.division <@ emergency_rows.division)
            WHEN 'dwelling' THEN (
                SELECT jsonb_agg(jsonb_build_object('dwelling_id', d.dwelling_id, 'kind', d.kind, 'address', d.address, 'division', d.division::text,
                                                    'residents', (SELECT count(*) FROM registry.residence r WHERE r.dwelling_id = d.dwelling_id AND residence_is_current(r.state)))
                                 ORDER BY d.dwelling_id)
                FROM registry.dwelling d
                WHERE d.division <@ emergency_rows.division AND d.let_state <> 'demolished') END, '[]')
    $$;
COMMENT ON FUNCTION registry.emergency_rows(text, division_code) IS 'What is copied for an emergency, list emergency_copy_kind, of a division (应急数据内容)';

CREATE OR REPLACE FUNCTION registry.take_emergency_copy(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        entry  registry.emergency_copy := jsonb_populate_record(NULL::registry.emergency_copy, arguments);
        answer api.answer;
    BEGIN
        PERFORM registry.require_argument(act, arguments, name) FROM unnest('{emergency_id,kind}'::text[]) AS name;
        entry.division := COALESCE(entry.division, (SELECT e.division FROM registry.emergency e WHERE e.emergency_id = entry.emergency_id));
        INSERT INTO registry.emergency_copy (emergency_id, kind, division, rows, row_count, digest)
        VALUES (entry.emergency_id, entry.kind, entry.division, registry.emergency_rows(entry.kind, entry.division), 0, '')
        RETURNING emergency_copy_id INTO answer.record_id;
        answer.accepted := true;
        answer.act := act;
        answer.state := 'taken';
        RETURN answer;
    END $$;
COMMENT ON FUNCTION registry.take_emergency_copy(text, jsonb) IS 'The act behind api.take_emergency_copy() (提取应急数据)';

CREATE OR REPLACE FUNCTION registry.keep_emergency_copy(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        answer api.answer;
    BEGIN
        PERFORM registry.require_argument(act, arguments, 'emergency_copy_id');
        UPDATE registry.emergency_copy c SET evidence_for = arguments ->> 'evidence_for'
        WHERE c.emergency_copy_id = (arguments ->> 'emergency_copy_id')::bigint
        RETURNING c.emergency_copy_id INTO answer.record_id;
        IF NOT FOUND THEN
            PERFORM refuse('RG137', ARRAY['registry.emergency_copy', arguments ->> 'emergency_copy_id'], 'registry.emergency_copy', 'emergency_copy_id');
        END IF;
        answer.accepted := true;
        answer.act := act;
        answer.state := CASE WHEN arguments ? 'evidence_for' THEN 'kept' ELSE 'released' END;
        RETURN answer;
    END $$;
COMMENT ON FUNCTION registry.keep_emergency_copy(text, jsonb) IS 'The act behind api.keep_emergency_copy() (留作证据)';

CREATE OR REPLACE FUNCTION registry.prolong_emergency(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        changed registry.emergency;
    BEGIN
        PERFORM registry.require_argument(act, arguments, name) FROM unnest('{emergency_id,ends_on}'::text[]) AS name;
        UPDATE registry.emergency e SET ends_on = (arguments ->> 'ends_on')::date WHERE e.emergency_id = (arguments ->> 'emergency_id')::bigint RETURNING * INTO changed;
        RETURN registry.emergency_answer(act, changed);
    END $$;
COMMENT ON FUNCTION registry.prolong_emergency(text, jsonb) IS 'The act behind api.prolong_emergency() (延长应急)';

CREATE OR REPLACE FUNCTION registry.end_emergency(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        ended registry.emergency;
    BEGIN
        PERFORM registry.require_argument(act, arguments, name) FROM unnest('{emergency_id,reason}'::text[]) AS name;
        UPDATE registry.emergency e
        SET ended_at = now(), ended_by = residency.actor(), end_reason = arguments ->> 'reason'
        WHERE e.emergency_id = (arguments ->> 'emergency_id')::bigint
        RETURNING * INTO ended;
        -- the nightly run destroys what has to be kept a little longer
        IF registry.kept_until(today(), 'emergency_copy', ended.division, today()) <= today() THEN
            PERFORM registry.begin_rewrite(act);
            PERFORM registry.purge_kind('emergency_copy', ARRAY(SELECT c.emergency_copy_id FROM registry.emergency_copy c
                                                                WHERE c.emergency_id = ended.emergency_id AND c.evidence_for IS NULL), today());
            PERFORM registry.end_rewrite();
        END IF;
        RETURN registry.emergency_answer(act, ended);
    END $$;
COMMENT ON FUNCTION registry.end_emergency(text, jsonb) IS 'The act behind api.end_emergency() (终止应急)';

CREATE OR REPLACE VIEW api.emergency AS
SELECT e.emergency_id, e.name, e.kind, (SELECT v.name FROM code.value v WHERE v.list = 'emergency_kind' AND v.code = e.kind) AS kind_name, e.level,
       e.division::text AS division, e.purpose, e.began_at, e.ends_on, e.ended_at, e.end_reason,
       (SELECT count(*) FROM registry.emergency_copy c WHERE c.emergency_id = e.emergency_id) AS copies,
       (SELECT count(*) FROM registry.emergency_copy c WHERE c.emergency_id = e.emergency_id AND c.evidence_for IS NOT NULL) AS kept_as_evidence,
       (SELECT count(*) FROM ledger.destruction x WHERE x.emergency_id = e.emergency_id) AS destroyed
FROM registry.emergency e;
COMMENT ON VIEW api.emergency IS 'Emergencies, how many copies of data there are for each, and how many have been destroyed (突发事件及数据副本)';
COMMENT ON COLUMN api.emergency.emergency_id IS 'Key (编号)';
COMMENT ON COLUMN api.emergency.name IS 'Name (名称)';
COMMENT ON COLUMN api.emergency.kind IS 'Kind, list emergency_kind (类型代码)';
COMMENT ON COLUMN api.emergency.kind_name IS 'Kind (类型)';
COMMENT ON COLUMN api.emergency.level IS 'Grade, list emergency_level (分级)';
COMMENT ON COLUMN api.emergency.division IS 'Where (区划)';
COMMENT ON COLUMN api.emergency.purpose IS 'What the data is taken for (用途)';
COMMENT ON COLUMN api.emergency.began_at IS 'When it began (开始时间)';
COMMENT ON COLUMN api.emergency.ends_on IS 'Day up to which it is expected to last (预计期限)';
COMMENT ON COLUMN api.emergency.ended_at IS 'When it ended (终止时间)';
COMMENT ON COLUMN api.emergency.end_reason IS 'Why (终止说明)';
COMMENT ON COLUMN api.emergency.copies IS 'Copies that there are (现有副本数)';
COMMENT ON COLUMN api.emergency.kept_as_evidence IS 'Of them kept as evidence (留作证据数)';
COMMENT ON COLUMN api.emergency.destroyed IS 'Copies that were destroyed: ledger.destruction (已销毁副本数)';
