-- What applications call for the rights of the person and in emergencies. Parameters bear the names of the columns that they fill;
-- what is common to all acts stands in 50-request.sql.

CREATE OR REPLACE FUNCTION api.correct_person(
        person_id bigint, corrected jsonb, evidence text DEFAULT NULL, requester text DEFAULT NULL, asked_on date DEFAULT NULL,
        request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('correct_person', jsonb_build_object(
            'person_id', person_id, 'corrected', corrected, 'evidence', evidence, 'requester', requester, 'asked_on', asked_on),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.correct_person(bigint, jsonb, text, text, date, uuid, boolean) IS
    'Asks for a correction of what the register says of a person (更正申请; 个人信息保护法 Art. 46). corrected: items of list correction_item with what is right, {"name": "…"}, an empty text empties one; evidence: what shows it; requester: list requester, NULL is self; asked_on, NULL is today: the time limit, policy correction_decision, starts. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, the correction, and state asked. Errors: RG006, RG010, RG085, RG125, RG126, RG351, RG100, RG330, RG080';

CREATE OR REPLACE FUNCTION api.decide_correction(
        correction_id bigint, granted boolean DEFAULT NULL, reason text DEFAULT NULL, decided_on date DEFAULT NULL,
        request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('decide_correction', jsonb_build_object(
            'correction_id', correction_id, 'granted', granted, 'reason', reason, 'decided_on', decided_on),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.decide_correction(bigint, boolean, text, date, uuid, boolean) IS
    'Decides on a correction (更正决定; 个人信息保护法 Art. 46, 50): granted, NULL is yes: the person is as asked, by the rules of registry.person, both versions are kept; a new resident ID brings its birth date and sex along. Refused: with its reason. What contradicts the corrected person is not undone but told: warning, and in api.correction until it is put right; dry_run shows it beforehand. decided_on, NULL is today. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Errors: RG002-RG006, RG085, RG125-RG127, RG137, RG351-RG353, RG330, RG367, RG080';

CREATE OR REPLACE FUNCTION api.restrict_person(
        person_id bigint, ground text, from_day date DEFAULT NULL, to_day date DEFAULT NULL,
        request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('restrict_person', jsonb_build_object(
            'person_id', person_id, 'ground', ground, 'from_day', from_day, 'to_day', to_day),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.restrict_person(bigint, text, date, date, uuid, boolean) IS
    'Restricts the processing of a person''s data (限制处理; 个人信息保护法 Art. 44, 47): it is kept, shown to nobody but the roles of list restriction_reader, and no act but those of list statutory_act is done. ground: list restriction_ground; from_day, NULL is today; to_day: the day from which it no longer holds, NULL: until it is lifted. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id. Errors: RG006, RG010, RG085, RG355, RG356, RG330, RG080';

CREATE OR REPLACE FUNCTION api.lift_restriction(
        restriction_id bigint, reason text, to_day date DEFAULT NULL,
        request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('lift_restriction', jsonb_build_object(
            'restriction_id', restriction_id, 'reason', reason, 'to_day', to_day),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.lift_restriction(bigint, text, date, uuid, boolean) IS
    'Lifts a restriction (解除限制处理), from today on unless to_day says otherwise. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Errors: RG085, RG125, RG137, RG356, RG330, RG367, RG080';

CREATE OR REPLACE FUNCTION api.hold_person(
        person_id bigint, legal_basis text, from_day date DEFAULT NULL, to_day date DEFAULT NULL,
        request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('hold_person', jsonb_build_object(
            'person_id', person_id, 'legal_basis', legal_basis, 'from_day', from_day, 'to_day', to_day),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.hold_person(bigint, text, date, date, uuid, boolean) IS
    'Begins a legal hold (法定留存): nothing of the person is purged. legal_basis: the order or case; from_day, NULL is today; to_day: the day from which it no longer holds, NULL: until it is released. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id. Errors: RG010, RG085, RG125, RG355-RG357, RG330, RG080';

CREATE OR REPLACE FUNCTION api.release_hold(
        legal_hold_id bigint, reason text, to_day date DEFAULT NULL,
        request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('release_hold', jsonb_build_object(
            'legal_hold_id', legal_hold_id, 'reason', reason, 'to_day', to_day),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.release_hold(bigint, text, date, uuid, boolean) IS
    'Releases a legal hold (解除留存), from today on unless to_day says otherwise. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Errors: RG085, RG125, RG137, RG356, RG330, RG367, RG080';

CREATE OR REPLACE FUNCTION api.delete_minor(
        person_id bigint, reason text,
        request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('delete_minor', jsonb_build_object(
            'person_id', person_id, 'reason', reason),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.delete_minor(bigint, text, uuid, boolean) IS
    'Deletes the data of a child because the guardian asks for it (未成年人信息删除; 个人信息保护法 Art. 31, 47; 未成年人保护法 Art. 72): of who is younger than policy deletion_minor_age, and has nothing going on in the register. What stays says nobody''s name. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, the entry of ledger.purge. Errors: RG010, RG085, RG354, RG357-RG359, RG330, RG080';

CREATE OR REPLACE FUNCTION api.merge_persons(
        keep bigint, remove bigint, reason text,
        request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('merge_persons', jsonb_build_object(
            'keep', keep, 'remove', remove, 'reason', reason),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.merge_persons(bigint, bigint, text, uuid, boolean) IS
    'Makes two persons one (人员合并; 个人信息保护法 Art. 8): every record that names remove names keep, who takes over what is not known of them; remove is gone. Refused while records contradict each other. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id, by which api.undo_merge() undoes it. Errors: RG010, RG031-RG033, RG085, RG125, RG357, RG360, RG361, RG330, RG080';

CREATE OR REPLACE FUNCTION api.undo_merge(
        merge_id bigint,
        request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('undo_merge', jsonb_build_object(
            'merge_id', merge_id),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.undo_merge(bigint, uuid, boolean) IS
    'Undoes a merge exactly (撤销合并): both persons and all records name whom they named before. Refused where one of them has changed since, or there are new ones: it says which. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Errors: RG085, RG137, RG362, RG363, RG330, RG080';

CREATE OR REPLACE FUNCTION api.begin_emergency(
        name text, kind text, division text, purpose text, ends_on date, level text DEFAULT NULL,
        request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('begin_emergency', jsonb_build_object(
            'name', name, 'kind', kind, 'division', division, 'purpose', purpose, 'ends_on', ends_on, 'level', level),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.begin_emergency(text, text, text, text, date, text, uuid, boolean) IS
    'Begins an emergency for which data may be taken out of the register (启动应急; 突发事件应对法 (2024) Art. 71, 85). kind, level: lists emergency_kind, emergency_level, social security has no level; ends_on: the day up to which it is expected to last. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id. Errors: RG006, RG085, RG125, RG127, RG366, RG330, RG080';

CREATE OR REPLACE FUNCTION api.prolong_emergency(
        emergency_id bigint, ends_on date,
        request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('prolong_emergency', jsonb_build_object(
            'emergency_id', emergency_id, 'ends_on', ends_on),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.prolong_emergency(bigint, date, uuid, boolean) IS
    'Sets another day up to which an emergency is expected to last (延长应急). request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Errors: RG085, RG127, RG137, RG364, RG330, RG080';

CREATE OR REPLACE FUNCTION api.take_emergency_copy(
        emergency_id bigint, kind text, division text DEFAULT NULL,
        request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('take_emergency_copy', jsonb_build_object(
            'emergency_id', emergency_id, 'kind', kind, 'division', division),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.take_emergency_copy(bigint, text, text, uuid, boolean) IS
    'Takes a copy of data for an emergency (提取应急数据): kind: list emergency_copy_kind; division: inside that of the emergency, NULL: all of it. The copy is in registry.emergency_copy until the emergency ends. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers record_id. Errors: RG006, RG085, RG137, RG364, RG365, RG330, RG080';

CREATE OR REPLACE FUNCTION api.keep_emergency_copy(
        emergency_copy_id bigint, evidence_for text DEFAULT NULL,
        request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('keep_emergency_copy', jsonb_build_object(
            'emergency_copy_id', emergency_copy_id, 'evidence_for', evidence_for),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.keep_emergency_copy(bigint, text, uuid, boolean) IS
    'Keeps a copy as evidence beyond the end of the emergency (留作证据), for the case that evidence_for names; NULL releases it. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Errors: RG085, RG125, RG137, RG330, RG080';

CREATE OR REPLACE FUNCTION api.end_emergency(
        emergency_id bigint, reason text,
        request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('end_emergency', jsonb_build_object(
            'emergency_id', emergency_id, 'reason', reason),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.end_emergency(bigint, text, uuid, boolean) IS
    'Ends an emergency (终止应急; 突发事件应对法 (2024) Art. 85): the copies are destroyed and ledger.destruction certifies it, but for evidence. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Errors: RG085, RG125, RG137, RG364, RG330, RG080';
