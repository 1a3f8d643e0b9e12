-- What applications call on permits. Parameters bear the names of the columns and of the evidence that they fill;
-- what is common to all acts stands in 50-request.sql.

CREATE OR REPLACE FUNCTION api.apply_permit(
        person_id bigint DEFAULT NULL, resident_id text DEFAULT NULL, ground text DEFAULT NULL,
        proxy_person_id bigint DEFAULT NULL, permit_id bigint DEFAULT NULL, happened_on date DEFAULT NULL,
        channel text DEFAULT 'window', request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('apply_permit', jsonb_build_object(
            'person_id', person_id, 'resident_id', resident_id, 'ground', ground, 'proxy_person_id', proxy_person_id,
            'permit_id', permit_id, 'happened_on', happened_on, 'channel', channel),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.apply_permit(bigint, text, text, bigint, bigint, date, text, uuid, boolean) IS
    'Applies for a residence permit where the person lives (居住证申领; 居住证暂行条例 Art. 2, 9). person_id or resident_id; ground: employment, dwelling or study, list permit_ground, NULL is employment or that of the draft; proxy_person_id: who applies for them; permit_id: a draft to go on with, at the present address in its county. happened_on, NULL is today; channel: list channel. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers permit_id and state submitted. Errors: RG006, RG010, RG085, RG086, RG140-RG142, RG144-RG148, RG157, RG080';

CREATE OR REPLACE FUNCTION api.accept_permit(
        permit_id bigint DEFAULT NULL, permit_number text DEFAULT NULL, person_id bigint DEFAULT NULL,
        resident_id text DEFAULT NULL, materials text[] DEFAULT NULL, happened_on date DEFAULT NULL,
        channel text DEFAULT 'window', request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('accept_permit', jsonb_build_object(
            'permit_id', permit_id, 'permit_number', permit_number, 'person_id', person_id,
            'resident_id', resident_id, 'materials', materials, 'happened_on', happened_on, 'channel', channel),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.accept_permit(bigint, text, bigint, text, text[], date, text, uuid, boolean) IS
    'Accepts an application whose materials are complete (受理; 居住证暂行条例 Art. 9): the time limit starts. materials: codes of permit_material that were handed in. permit_id, permit_number, person_id or resident_id name the permit; happened_on, NULL is today; channel: list channel. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers the permit, accepted. Errors: RG140-RG142, RG149, RG165, RG080';

CREATE OR REPLACE FUNCTION api.request_supplement(
        permit_id bigint DEFAULT NULL, permit_number text DEFAULT NULL, person_id bigint DEFAULT NULL,
        resident_id text DEFAULT NULL, missing text[] DEFAULT NULL, happened_on date DEFAULT NULL,
        channel text DEFAULT 'window', request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('request_supplement', jsonb_build_object(
            'permit_id', permit_id, 'permit_number', permit_number, 'person_id', person_id,
            'resident_id', resident_id, 'missing', missing, 'happened_on', happened_on, 'channel', channel),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.request_supplement(bigint, text, bigint, text, text[], date, text, uuid, boolean) IS
    'Tells the applicant everything that is missing, once (补正告知; 行政许可法 Art. 32). missing: codes of permit_material. permit_id, permit_number, person_id or resident_id name the permit; happened_on, NULL is today; channel: list channel. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers the permit, in correction. Errors: RG140-RG142, RG150-RG152, RG165, RG080';

CREATE OR REPLACE FUNCTION api.supplement_permit(
        permit_id bigint DEFAULT NULL, permit_number text DEFAULT NULL, person_id bigint DEFAULT NULL,
        resident_id text DEFAULT NULL, delivered text[] DEFAULT NULL, happened_on date DEFAULT NULL,
        channel text DEFAULT 'window', request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('supplement_permit', jsonb_build_object(
            'permit_id', permit_id, 'permit_number', permit_number, 'person_id', person_id,
            'resident_id', resident_id, 'delivered', delivered, 'happened_on', happened_on, 'channel', channel),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.supplement_permit(bigint, text, bigint, text, text[], date, text, uuid, boolean) IS
    'Takes what was missing and accepts the application (补齐受理; 行政许可法 Art. 32). delivered: codes of permit_material. permit_id, permit_number, person_id or resident_id name the permit; happened_on, NULL is today; channel: list channel. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers the permit, accepted. Errors: RG140-RG142, RG149, RG165, RG080';

CREATE OR REPLACE FUNCTION api.decide_permit(
        permit_id bigint DEFAULT NULL, permit_number text DEFAULT NULL, person_id bigint DEFAULT NULL,
        resident_id text DEFAULT NULL, granted boolean DEFAULT true, reason text DEFAULT NULL,
        remedy text DEFAULT NULL, happened_on date DEFAULT NULL, channel text DEFAULT 'window',
        request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('decide_permit', jsonb_build_object(
            'permit_id', permit_id, 'permit_number', permit_number, 'person_id', person_id,
            'resident_id', resident_id, 'granted', granted, 'reason', reason, 'remedy', remedy,
            'happened_on', happened_on, 'channel', channel),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.decide_permit(bigint, text, bigint, text, boolean, text, text, date, text, uuid, boolean) IS
    'Decides on an application (审批; 居住证暂行条例 Art. 10): granted checks every criterion and gives the number; otherwise it is refused with a reason, on the spot as not accepted. remedy: what the person can do, a standard notice where nothing is entered. permit_id, permit_number, person_id or resident_id name the permit; happened_on, NULL is today; channel: list channel. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers the permit: making, refused or not_accepted. Errors: RG140-RG142, RG144, RG153, RG155, RG157, RG165, RG080';

CREATE OR REPLACE FUNCTION api.produce_permit(
        permit_id bigint DEFAULT NULL, permit_number text DEFAULT NULL, person_id bigint DEFAULT NULL,
        resident_id text DEFAULT NULL, granted boolean DEFAULT true, reason text DEFAULT NULL,
        happened_on date DEFAULT NULL, channel text DEFAULT 'window', request_id uuid DEFAULT NULL,
        dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('produce_permit', jsonb_build_object(
            'permit_id', permit_id, 'permit_number', permit_number, 'person_id', person_id,
            'resident_id', resident_id, 'granted', granted, 'reason', reason, 'happened_on', happened_on,
            'channel', channel),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.produce_permit(bigint, text, bigint, text, boolean, text, date, text, uuid, boolean) IS
    'Enters that the card was made (制证); granted false: that it failed, with a reason. permit_id, permit_number, person_id or resident_id name the permit; happened_on, NULL is today; channel: list channel. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers the permit: ready or make_failed. Errors: RG140-RG142, RG153, RG165, RG080';

CREATE OR REPLACE FUNCTION api.deliver_permit(
        permit_id bigint DEFAULT NULL, permit_number text DEFAULT NULL, person_id bigint DEFAULT NULL,
        resident_id text DEFAULT NULL, collector text DEFAULT NULL, tracking_number text DEFAULT NULL,
        happened_on date DEFAULT NULL, channel text DEFAULT 'window', request_id uuid DEFAULT NULL,
        dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('deliver_permit', jsonb_build_object(
            'permit_id', permit_id, 'permit_number', permit_number, 'person_id', person_id,
            'resident_id', resident_id, 'collector', collector, 'tracking_number', tracking_number,
            'happened_on', happened_on, 'channel', channel),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.deliver_permit(bigint, text, bigint, text, text, text, date, text, uuid, boolean) IS
    'Hands the card over (发证; 居住证暂行条例 Art. 9): collector or tracking_number; the time limit ends, the first anniversary is set by policy anniv_basis. permit_id, permit_number, person_id or resident_id name the permit; happened_on, NULL is today; channel: list channel. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers the permit, valid. Errors: RG140-RG142, RG154, RG165, RG080';

CREATE OR REPLACE FUNCTION api.endorse_permit(
        permit_id bigint DEFAULT NULL, permit_number text DEFAULT NULL, person_id bigint DEFAULT NULL,
        resident_id text DEFAULT NULL, granted boolean DEFAULT true, reason text DEFAULT NULL,
        happened_on date DEFAULT NULL, channel text DEFAULT 'window', request_id uuid DEFAULT NULL,
        dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('endorse_permit', jsonb_build_object(
            'permit_id', permit_id, 'permit_number', permit_number, 'person_id', person_id,
            'resident_id', resident_id, 'granted', granted, 'reason', reason, 'happened_on', happened_on,
            'channel', channel),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.endorse_permit(bigint, text, bigint, text, boolean, text, date, text, uuid, boolean) IS
    'Endorses a permit for another year (签注; 居住证暂行条例 Art. 10): in time inside the window, late by policy gap_policy; granted false: refuses with a reason. permit_id, permit_number, person_id or resident_id name the permit; happened_on, NULL is today; channel: list channel. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers the permit. Errors: RG140-RG142, RG144, RG153, RG156-RG158, RG165, RG168, RG170, RG172, RG080';

CREATE OR REPLACE FUNCTION api.change_permit_address(
        permit_id bigint DEFAULT NULL, permit_number text DEFAULT NULL, person_id bigint DEFAULT NULL,
        resident_id text DEFAULT NULL, happened_on date DEFAULT NULL, channel text DEFAULT 'window',
        request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('change_permit_address', jsonb_build_object(
            'permit_id', permit_id, 'permit_number', permit_number, 'person_id', person_id,
            'resident_id', resident_id, 'happened_on', happened_on, 'channel', channel),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.change_permit_address(bigint, text, bigint, text, date, text, uuid, boolean) IS
    'Brings a permit to the residence where the person lives now, in the same city (居住变更; 广东省流动人口服务管理条例 Art. 15). permit_id, permit_number, person_id or resident_id name the permit; happened_on, NULL is today; channel: list channel. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers the permit with its new residence. Errors: RG140-RG142, RG144, RG161, RG165, RG080';

CREATE OR REPLACE FUNCTION api.report_permit_lost(
        permit_id bigint DEFAULT NULL, permit_number text DEFAULT NULL, person_id bigint DEFAULT NULL,
        resident_id text DEFAULT NULL, turned_up boolean DEFAULT false, happened_on date DEFAULT NULL,
        channel text DEFAULT 'window', request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('report_permit_lost', jsonb_build_object(
            'permit_id', permit_id, 'permit_number', permit_number, 'person_id', person_id,
            'resident_id', resident_id, 'turned_up', turned_up, 'happened_on', happened_on, 'channel', channel),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.report_permit_lost(bigint, text, bigint, text, boolean, date, text, uuid, boolean) IS
    'Enters that a card is lost (挂失; 居住证暂行条例 Art. 11), or with turned_up that it was found (找回). permit_id, permit_number, person_id or resident_id name the permit; happened_on, NULL is today; channel: list channel. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers the permit: lost or valid. Errors: RG140-RG142, RG165, RG080';

CREATE OR REPLACE FUNCTION api.replace_permit(
        permit_id bigint DEFAULT NULL, permit_number text DEFAULT NULL, person_id bigint DEFAULT NULL,
        resident_id text DEFAULT NULL, returned_card boolean DEFAULT false, fee_paid boolean DEFAULT false,
        happened_on date DEFAULT NULL, channel text DEFAULT 'window', request_id uuid DEFAULT NULL,
        dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('replace_permit', jsonb_build_object(
            'permit_id', permit_id, 'permit_number', permit_number, 'person_id', person_id,
            'resident_id', resident_id, 'returned_card', returned_card, 'fee_paid', fee_paid,
            'happened_on', happened_on, 'channel', channel),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.replace_permit(bigint, text, bigint, text, boolean, boolean, date, text, uuid, boolean) IS
    'Replaces a lost or damaged card (补领换领; 居住证暂行条例 Art. 11, 21): a damaged one is handed in (returned_card), the fee of policy permit_replacement_fee paid; the new permit keeps the years. permit_id, permit_number, person_id or resident_id name the permit; happened_on, NULL is today; channel: list channel. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers the new permit, making. Errors: RG140-RG142, RG162, RG165, RG167, RG080';

CREATE OR REPLACE FUNCTION api.cancel_permit(
        permit_id bigint DEFAULT NULL, permit_number text DEFAULT NULL, person_id bigint DEFAULT NULL,
        resident_id text DEFAULT NULL, reason text DEFAULT NULL, happened_on date DEFAULT NULL,
        channel text DEFAULT 'window', request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('cancel_permit', jsonb_build_object(
            'permit_id', permit_id, 'permit_number', permit_number, 'person_id', person_id,
            'resident_id', resident_id, 'reason', reason, 'happened_on', happened_on, 'channel', channel),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.cancel_permit(bigint, text, bigint, text, text, date, text, uuid, boolean) IS
    'Cancels a permit (注销). reason: code of permit_cancel_reason: local_household, death, departure, other. permit_id, permit_number, person_id or resident_id name the permit; happened_on, NULL is today; channel: list channel. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers the permit, cancelled. Errors: RG140-RG142, RG164, RG165, RG080';

CREATE OR REPLACE FUNCTION api.revoke_permit(
        permit_id bigint DEFAULT NULL, permit_number text DEFAULT NULL, person_id bigint DEFAULT NULL,
        resident_id text DEFAULT NULL, penalty_decision text DEFAULT NULL, reason text DEFAULT NULL,
        happened_on date DEFAULT NULL, channel text DEFAULT 'window', request_id uuid DEFAULT NULL,
        dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('revoke_permit', jsonb_build_object(
            'permit_id', permit_id, 'permit_number', permit_number, 'person_id', person_id,
            'resident_id', resident_id, 'penalty_decision', penalty_decision, 'reason', reason,
            'happened_on', happened_on, 'channel', channel),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.revoke_permit(bigint, text, bigint, text, text, text, date, text, uuid, boolean) IS
    'Revokes a permit that was got by fraud (撤销收缴; 居住证暂行条例 Art. 18, 19). penalty_decision: its number. permit_id, permit_number, person_id or resident_id name the permit; happened_on, NULL is today; channel: list channel. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers the permit, revoked. Errors: RG140-RG142, RG163, RG165, RG080';

CREATE OR REPLACE FUNCTION api.withdraw_permit(
        permit_id bigint DEFAULT NULL, permit_number text DEFAULT NULL, person_id bigint DEFAULT NULL,
        resident_id text DEFAULT NULL, reason text DEFAULT NULL, happened_on date DEFAULT NULL,
        channel text DEFAULT 'window', request_id uuid DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS api.answer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN (ledger.perform('withdraw_permit', jsonb_build_object(
            'permit_id', permit_id, 'permit_number', permit_number, 'person_id', person_id,
            'resident_id', resident_id, 'reason', reason, 'happened_on', happened_on, 'channel', channel),
            request_id, dry_run))[1];
    END $$;
COMMENT ON FUNCTION api.withdraw_permit(bigint, text, bigint, text, text, date, text, uuid, boolean) IS
    'Withdraws an application before the decision (撤回申请); it is a draft again. permit_id, permit_number, person_id or resident_id name the permit; happened_on, NULL is today; channel: list channel. request_id: number of the client''s for safe retries; dry_run: answer, change nothing. Answers the permit, draft. Errors: RG140-RG142, RG165, RG080';
