-- right: what the register itself may rewrite, and the rules of what persons ask for.

CREATE OR REPLACE FUNCTION residency.rewrites()
    RETURNS boolean
    LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        -- no such table before migrate(); and who may not even look does not rewrite
        IF to_regclass('ledger.rewrite') IS NULL OR NOT has_schema_privilege('ledger', 'USAGE') OR NOT has_table_privilege('ledger.rewrite', 'SELECT') THEN
            RETURN false;
        END IF;
        RETURN EXISTS (SELECT FROM ledger.rewrite r WHERE r.transaction = pg_current_xact_id_if_assigned());
    END $$;
COMMENT ON FUNCTION residency.rewrites() IS
    'Whether this transaction is just merging, purging or undoing, and so may rewrite what otherwise stays (是否允许改写): ledger.rewrite says so, which only the owner of the tables writes. No setting does';

CREATE OR REPLACE FUNCTION residency.correction_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        at CONSTANT text := 'registry.correction';
    BEGIN
        IF residency.rewrites() THEN
            RETURN NEW;
        END IF;
        IF TG_OP = 'UPDATE' AND OLD.state <> 'asked' THEN
            PERFORM residency.refuse('RG352', ARRAY[OLD.correction_id::text, OLD.state], at, 'state');
        ELSIF TG_OP = 'UPDATE' AND (NEW.person_id, NEW.corrected, NEW.asked_on, NEW.clock_id) IS DISTINCT FROM (OLD.person_id, OLD.corrected, OLD.asked_on, OLD.clock_id) THEN
            PERFORM residency.refuse('RG350', ARRAY[at], at);
        END IF;
        NEW.state := residency.checked_code('correction_state', COALESCE(NEW.state, ''), at, 'state');
        NEW.requester := residency.checked_code('requester', COALESCE(NEW.requester, ''), at, 'requester');
        NEW.evidence := residency.checked_text(NEW.evidence, 500, at, 'evidence');
        NEW.reason := residency.checked_text(NEW.reason, 200, at, 'reason');
        PERFORM residency.check_past(NEW.asked_on, at, 'asked_on');
        PERFORM residency.check_past(NEW.decided_on, at, 'decided_on');
        IF NEW.decided_on < NEW.asked_on THEN
            PERFORM residency.refuse('RG127', ARRAY[NEW.asked_on, NEW.decided_on, NEW.correction_id]::text[], at, 'decided_on');
        ELSIF NEW.state = 'refused' AND NEW.reason IS NULL THEN
            PERFORM residency.refuse('RG353', ARRAY[NEW.correction_id::text], at, 'reason');
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.correction_guard() IS
    'Trigger of registry.correction (更正申请校验): codes, words and days (RG006, RG125-RG127), a reason for a refusal (RG353), what was asked stays (RG350) and what is decided, too (RG352)';

CREATE OR REPLACE FUNCTION residency.check_span(former daterange, period daterange, key bigint, at_table text)
    RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        IF isempty(period) OR lower_inf(period) OR NOT isfinite(lower(period)) OR former IS NOT NULL THEN
            PERFORM residency.refuse('RG356', ARRAY[at_table, key::text, COALESCE(former, period)::text], at_table, 'period');
        END IF;
    END $$;
COMMENT ON FUNCTION residency.check_span(daterange, daterange, bigint, text) IS
    'Refuses with RG356 a period that is none, and any change of one that has been ended by somebody, former (期间校验)';

CREATE OR REPLACE FUNCTION residency.restriction_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        at    CONSTANT text := 'registry.restriction';
        other bigint;
    BEGIN
        IF residency.rewrites() THEN
            RETURN NEW;
        END IF;
        NEW.ground := residency.checked_code('restriction_ground', COALESCE(NEW.ground, ''), at, 'ground');
        NEW.note := residency.checked_text(NEW.note, 200, at, 'note');
        NEW.lift_reason := residency.checked_text(NEW.lift_reason, 200, at, 'lift_reason');
        PERFORM residency.check_span(CASE WHEN OLD.lifted_by IS NOT NULL THEN OLD.period END, NEW.period, NEW.restriction_id, at);
        -- who restricts, merges or purges the same person waits
        PERFORM FROM registry.person p WHERE p.person_id = NEW.person_id FOR NO KEY UPDATE;
        IF NOT FOUND THEN
            PERFORM residency.refuse('RG010', ARRAY[COALESCE(NEW.person_id::text, '-')], at, 'person_id');
        END IF;
        SELECT r.restriction_id INTO other FROM registry.restriction r
        WHERE r.person_id = NEW.person_id AND r.period && NEW.period AND r.restriction_id <> NEW.restriction_id;
        IF FOUND THEN
            PERFORM residency.refuse('RG355', ARRAY[at, other::text], at, 'period');
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.restriction_guard() IS
    'Trigger of registry.restriction (限制处理校验): ground and words (RG006, RG125), person (RG010), one at a time (RG355), what has ended stays (RG356)';

CREATE OR REPLACE FUNCTION residency.legal_hold_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        at    CONSTANT text := 'registry.legal_hold';
        other bigint;
        gone  date;
    BEGIN
        IF residency.rewrites() THEN
            RETURN NEW;
        END IF;
        NEW.legal_basis := residency.checked_text(COALESCE(NEW.legal_basis, ''), 200, at, 'legal_basis');
        NEW.release_reason := residency.checked_text(NEW.release_reason, 200, at, 'release_reason');
        PERFORM residency.check_span(CASE WHEN OLD.released_by IS NOT NULL THEN OLD.period END, NEW.period, NEW.legal_hold_id, at);
        SELECT p.pseudonymised_on INTO gone FROM registry.person p WHERE p.person_id = NEW.person_id FOR NO KEY UPDATE;
        IF NOT FOUND THEN
            PERFORM residency.refuse('RG010', ARRAY[COALESCE(NEW.person_id::text, '-')], at, 'person_id');
        ELSIF gone IS NOT NULL AND TG_OP = 'INSERT' THEN
            PERFORM residency.refuse('RG357', ARRAY[NEW.person_id::text, gone::text], at, 'person_id');
        END IF;
        SELECT h.legal_hold_id INTO other FROM registry.legal_hold h
        WHERE h.person_id = NEW.person_id AND h.legal_basis = NEW.legal_basis AND h.period && NEW.period AND h.legal_hold_id <> NEW.legal_hold_id;
        IF FOUND THEN
            PERFORM residency.refuse('RG355', ARRAY[at, other::text], at, 'period');
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.legal_hold_guard() IS
    'Trigger of registry.legal_hold (法定留存校验): words (RG125), person (RG010, RG357), one on a basis at a time (RG355), what has ended stays (RG356)';

CREATE OR REPLACE FUNCTION residency.emergency_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        at CONSTANT text := 'registry.emergency';
    BEGIN
        IF OLD.ended_at IS NOT NULL THEN
            PERFORM residency.refuse('RG364', ARRAY[OLD.emergency_id::text, residency.local_day(OLD.ended_at)::text], at, 'ended_at');
        END IF;
        NEW.name := residency.checked_text(COALESCE(NEW.name, ''), 100, at, 'name');
        NEW.purpose := residency.checked_text(COALESCE(NEW.purpose, ''), 200, at, 'purpose');
        NEW.end_reason := residency.checked_text(NEW.end_reason, 200, at, 'end_reason');
        NEW.kind := residency.checked_code('emergency_kind', COALESCE(NEW.kind, ''), at, 'kind');
        NEW.level := residency.checked_code('emergency_level', NEW.level, at, 'level');
        IF NEW.kind = 'social_security' AND NEW.level IS NOT NULL THEN
            PERFORM residency.refuse('RG366', ARRAY[NEW.kind, NEW.level], at, 'level');
        ELSIF NEW.division IS NULL THEN
            PERFORM residency.refuse('RG125', '{division,12}', at, 'division');
        ELSIF NEW.ends_on < residency.local_day(NEW.began_at) OR NOT isfinite(NEW.ends_on) THEN
            PERFORM residency.refuse('RG127', ARRAY[residency.local_day(NEW.began_at), NEW.ends_on, NEW.emergency_id]::text[], at, 'ends_on');
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.emergency_guard() IS
    'Trigger of registry.emergency (突发事件校验): words and codes (RG006, RG125), days (RG127), no grade for social security (RG366); what has ended stays (RG364)';

CREATE OR REPLACE FUNCTION residency.emergency_copy_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        at    CONSTANT text := 'registry.emergency_copy';
        crisis registry.emergency;
    BEGIN
        NEW.evidence_for := residency.checked_text(NEW.evidence_for, 200, at, 'evidence_for');
        IF TG_OP = 'UPDATE' THEN
            IF to_jsonb(NEW) - 'evidence_for' <> to_jsonb(OLD) - 'evidence_for' THEN
                PERFORM residency.refuse('RG350', ARRAY[at], at);
            END IF;
            RETURN NEW;
        END IF;
        NEW.kind := residency.checked_code('emergency_copy_kind', COALESCE(NEW.kind, ''), at, 'kind');
        -- who ends it waits until the copy is in, and finds it
        SELECT * INTO crisis FROM registry.emergency e WHERE e.emergency_id = NEW.emergency_id FOR SHARE;
        IF NOT FOUND THEN
            PERFORM residency.refuse('RG137', ARRAY['registry.emergency', COALESCE(NEW.emergency_id::text, '-')], at, 'emergency_id');
        ELSIF crisis.ended_at IS NOT NULL OR crisis.ends_on < residency.today() THEN
            PERFORM residency.refuse('RG364', ARRAY[NEW.emergency_id, COALESCE(residency.local_day(crisis.ended_at), crisis.ends_on)]::text[], at, 'emergency_id');
        ELSIF NOT NEW.division OPERATOR(residency.<@) crisis.division THEN
            PERFORM residency.refuse('RG365', ARRAY[NEW.emergency_id, crisis.division, NEW.division]::text[], at, 'division');
        END IF;
        NEW.row_count := jsonb_array_length(NEW.rows);
        NEW.digest := sha256(convert_to(NEW.rows::text, 'UTF8'));
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.emergency_copy_guard() IS
    'Trigger of registry.emergency_copy (应急数据副本校验): kind and words (RG006, RG125), an emergency that goes on (RG137, RG364), a place inside it (RG365); counts and digests. Afterwards only evidence_for changes (RG350)';

CREATE OR REPLACE PROCEDURE residency.purge_due("on" date DEFAULT NULL, batch integer DEFAULT 1000)
    LANGUAGE plpgsql
    AS $$
    -- A procedure that commits can't have a SET clause: every name is qualified.
    DECLARE
        day CONSTANT date := COALESCE("on", residency.today());
    BEGIN
        IF residency.in_transaction_block() THEN
            RAISE EXCEPTION 'purge_due() cannot run inside a transaction block'
                USING ERRCODE = 'active_sql_transaction',
                      DETAIL = 'Each batch is a transaction of its own.',
                      HINT = 'CALL residency.purge_due() outside BEGIN and COMMIT, as a statement of its own.';
        ELSIF day OPERATOR(pg_catalog.>) residency.today() OR (batch OPERATOR(pg_catalog.>) 0) IS NOT TRUE THEN
            RAISE EXCEPTION 'purge_due() cannot run for % in batches of %', day, batch
                USING ERRCODE = 'invalid_parameter_value',
                      HINT = 'The day is today or before, the batch a number of rows a transaction: 1000, if nothing is said.';
        END IF;
        -- what was finished for this day is looked at again: a hold may have been released
        PERFORM registry.reopen_purges(day);
        COMMIT;
        WHILE registry.due_purges(day, batch) OPERATOR(pg_catalog.>) 0 LOOP
            COMMIT;
        END LOOP;
        COMMIT;
    END $$;
COMMENT ON PROCEDURE residency.purge_due(date, integer) IS
    'Purges what has been kept long enough on a day, NULL is today (到期清除): kind by kind, by the policies retention_*, in batches of so many rows, a transaction each; one that was broken off goes on where it was. Legal holds and restrictions are respected, clerks are not waited for. Protocol: ledger.purge. Errors: 22023, 25001';
