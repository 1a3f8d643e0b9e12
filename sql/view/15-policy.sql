-- Test cases, publishing a draft, and what it would change.

CREATE OR REPLACE VIEW policy.failed_test_case AS
SELECT c.test_case_id,
       c.key,
       c.division::text AS division,
       c."on",
       c.expected,
       CASE WHEN c.setting_id IS NOT NULL THEN policy_text(c.key, c.division, c."on") END AS got,
       c.setting_id,
       c.why
FROM (SELECT DISTINCT ON (t.key, t.division, t."on") t.*, policy_setting(t.key, t.division, t."on") AS setting_id
      FROM policy.test_case t
      LEFT JOIN policy.draft d ON d.draft_id = t.draft_id
      WHERE t.draft_id IS NULL OR d.state = 'published'
      ORDER BY t.key, t.division, t."on", d.published_at DESC NULLS LAST, t.test_case_id DESC) AS c
WHERE c.setting_id IS NULL
   OR policy_text(c.key, c.division, c."on") IS DISTINCT FROM c.expected;
COMMENT ON VIEW policy.failed_test_case IS
    'Test cases that policy does not answer as they want (未通过的政策测试用例); no row: all pass. Cases of drafts count from their publication on, and then instead of older ones of the same key, division and day';
COMMENT ON COLUMN policy.failed_test_case.test_case_id IS 'Key of the case (用例编号)';
COMMENT ON COLUMN policy.failed_test_case.key IS 'Name of the parameter (参数)';
COMMENT ON COLUMN policy.failed_test_case.division IS 'Where it is asked (区划代码); NULL is the whole country';
COMMENT ON COLUMN policy.failed_test_case."on" IS 'For which day it is asked (日期)';
COMMENT ON COLUMN policy.failed_test_case.expected IS 'What policy must answer (应得值); NULL: that there is no limit';
COMMENT ON COLUMN policy.failed_test_case.got IS 'What it answers (实得值)';
COMMENT ON COLUMN policy.failed_test_case.setting_id IS 'The setting it answers by (适用的设定); NULL: nothing is set';
COMMENT ON COLUMN policy.failed_test_case.why IS 'Why the case is there (理由)';

CREATE OR REPLACE FUNCTION policy.require_draft(draft bigint)
    RETURNS void
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        isolation CONSTANT text := current_setting('transaction_isolation');
        found_state text;
    BEGIN
        -- look-ups answer by what is committed now: what is read beside them must be as new
        IF isolation <> 'read committed' THEN
            PERFORM refuse('RG098', ARRAY[isolation]);
        END IF;
        -- who publishes second, sets something or adds a test case waits, and nothing comes in between
        LOCK TABLE policy.setting, policy.test_case IN SHARE ROW EXCLUSIVE MODE;
        SELECT d.state INTO found_state FROM policy.draft d WHERE d.draft_id = draft FOR NO KEY UPDATE;
        IF NOT FOUND THEN
            PERFORM refuse('RG094', ARRAY[COALESCE(draft::text, 'NULL')], 'policy.draft', 'draft_id');
        ELSIF found_state <> 'draft' THEN
            PERFORM refuse('RG093', ARRAY[draft::text, found_state], 'policy.draft', 'state');
        ELSIF NOT EXISTS (SELECT FROM policy.draft_setting s WHERE s.draft_id = draft) THEN
            PERFORM refuse('RG095', ARRAY[draft::text], 'policy.draft_setting');
        END IF;
    END $$;
COMMENT ON FUNCTION policy.require_draft(bigint) IS
    'Locks a draft that can be published or simulated, and the settings and test cases, until the transaction ends; or refuses it (草案校验): RG093 closed, RG094 unknown, RG095 empty; RG098 the transaction is not READ COMMITTED';

CREATE OR REPLACE FUNCTION policy.apply(draft bigint)
    RETURNS integer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        new   policy.draft_setting;
        old   policy.setting;
        rest  daterange[];
        count integer := 0;
    BEGIN
        FOR new IN SELECT s.* FROM policy.draft_setting s WHERE s.draft_id = draft ORDER BY s.draft_setting_id LOOP
            FOR old IN
                SELECT s.* FROM policy.setting s
                WHERE s.key = new.key AND s.division IS NOT DISTINCT FROM new.division AND s.period && new.period
            LOOP
                INSERT INTO policy.replaced_setting (draft_id, setting_id, key, division, period, value, legal_basis)
                VALUES (draft, old.setting_id, old.key, old.division, old.period, old.value, old.legal_basis);
                rest := ARRAY(SELECT unnest(datemultirange(old.period) - datemultirange(new.period)));
                DELETE FROM policy.setting s WHERE s.setting_id = old.setting_id AND cardinality(rest) = 0;
                UPDATE policy.setting s SET period = rest[1] WHERE s.setting_id = old.setting_id;
                INSERT INTO policy.setting (key, division, period, value, legal_basis)
                SELECT old.key, old.division, piece, old.value, old.legal_basis FROM unnest(rest[2:]) AS piece;
            END LOOP;
            INSERT INTO policy.setting (key, division, period, value, legal_basis)
            VALUES (new.key, new.division, new.period, new.value, new.legal_basis);
            count := count + 1;
        END LOOP;
        RETURN count;
    END $$;
COMMENT ON FUNCTION policy.apply(bigint) IS
    'Makes the settings of a draft hold, each for its period (套用草案): what is in its way is cut around it and kept in policy.replaced_setting. Answers how many. For policy.publish() and policy.simulate(), which lock what is touched';

CREATE OR REPLACE FUNCTION policy.publish(draft bigint)
    RETURNS integer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        count integer;
    BEGIN
        PERFORM policy.require_draft(draft);
        count := policy.apply(draft);
        UPDATE policy.draft d SET state = 'published' WHERE d.draft_id = draft;
        RETURN count;
    END $$;
COMMENT ON FUNCTION policy.publish(bigint) IS
    'Publishes a draft (发布政策): its settings hold from then on, each for its period. Answers how many settings. Refused, and nothing changes: RG092 a test case fails, stored or of the draft; RG093 the draft is closed, RG094 unknown, RG095 empty; RG098 the transaction is not READ COMMITTED';

CREATE OR REPLACE FUNCTION policy.draft_range(draft bigint)
    RETURNS TABLE (first division_code, last division_code)
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        -- counties and what has none above it are a range each; provinces and cities have one for themselves
        WITH part AS (
            SELECT d.division AS first, CASE WHEN d.level < 3 THEN d.division ELSE last_within(d.division) END AS last
            FROM code.division d
            WHERE d.level < 3 OR d.level < 5 AND level(d.parent) < 3
        )
        SELECT min(greatest(p.first, s.division)), max(least(p.last, last_within(s.division)))
        FROM part p
        JOIN policy.draft_setting s ON s.division IS NULL OR p.first <= last_within(s.division) AND p.last >= s.division
        WHERE s.draft_id = draft
        GROUP BY p.first
    $$;
COMMENT ON FUNCTION policy.draft_range(bigint) IS
    'Where a draft can change something, in ranges of division codes none of which is larger than a county (草案涉及的区划范围)';

CREATE OR REPLACE FUNCTION policy.changed_decision(
        draft bigint, "on" date,
        OUT subject text, OUT subject_id bigint, OUT division division_code, OUT decision text,
        OUT old text, OUT new text, OUT keys text[], OUT counted_on date)
    RETURNS SETOF record
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET jit = off
    AS $$
    DECLARE
        touched CONSTANT text[] := ARRAY(SELECT DISTINCT s.key FROM policy.draft_setting s WHERE s.draft_id = draft);
        part    record;
        before  policy.decision[];
    BEGIN
        FOR part IN SELECT r.first, r.last FROM policy.draft_range(draft) r LOOP
            before := ARRAY(SELECT ROW(d.subject, d.subject_id, NULL, d.decision, d.value, NULL, NULL)::policy.decision
                            FROM policy.decide(touched, part.first, part.last, "on") d);
            CONTINUE WHEN cardinality(before) = 0;
            BEGIN
                PERFORM policy.apply(draft);
                RETURN QUERY
                    SELECT d.subject, d.subject_id, d.division, d.decision, was.value, d.value, d.keys, d.counted_on
                    FROM policy.decide(touched, part.first, part.last, "on") d
                    JOIN unnest(before) was
                      ON was.subject_id = d.subject_id AND was.decision = d.decision AND was.subject = d.subject
                    WHERE was.value IS DISTINCT FROM d.value;
                RAISE SQLSTATE 'RG999';
            EXCEPTION WHEN SQLSTATE 'RG999' THEN
                NULL;   -- all is taken back; the rows that were found stay
            END;
        END LOOP;
    END $$;
COMMENT ON FUNCTION policy.changed_decision(bigint, date) IS
    'The decisions that a draft would change, with the parameters they depend on (草案将改变的决定): county by county, each decided, the draft applied, decided again and the draft taken back. Used by policy.simulate()';

CREATE OR REPLACE FUNCTION policy.simulate(
        draft bigint, "on" date DEFAULT today(),
        OUT subject text, OUT subject_id bigint, OUT division text, OUT decision text,
        OUT old text, OUT new text, OUT reason text)
    RETURNS SETOF record
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET jit = off
    AS $$
    BEGIN
        PERFORM policy.require_draft(draft);
        RETURN QUERY
            WITH changed AS MATERIALIZED (
                SELECT * FROM policy.changed_decision(draft, simulate."on")
            ), cause AS (
                SELECT c.keys, c.division, c.counted_on, string_agg(
                           format('%s: %s [%s] → %s [%s]', k.key,
                                  CASE WHEN was.setting_id IS NULL THEN '(no setting)' ELSE COALESCE(was.value, '(no limit)') END,
                                  COALESCE(was.legal_basis, '-'), COALESCE(becomes.value, '(no limit)'), becomes.legal_basis),
                           '; ' ORDER BY k.key) AS reason
                FROM (SELECT DISTINCT c.keys, c.division, c.counted_on FROM changed c) AS c
                CROSS JOIN LATERAL unnest(c.keys) AS k (key)
                LEFT JOIN policy.setting was ON was.setting_id = policy_setting(k.key, c.division, c.counted_on)
                CROSS JOIN LATERAL (
                    SELECT s.division, s.value, s.legal_basis
                    FROM policy.draft_setting s
                    WHERE s.draft_id = draft AND s.key = k.key AND s.period @> c.counted_on
                      AND (s.division IS NULL OR s.division @> c.division)
                    ORDER BY level(s.division) DESC NULLS LAST
                    LIMIT 1
                ) AS becomes
                -- a setting of a more specific division goes on winning
                WHERE was.division IS NULL OR becomes.division <@ was.division
                GROUP BY c.keys, c.division, c.counted_on
            )
            SELECT c.subject, c.subject_id, c.division::text, c.decision, c.old, c.new,
                   -- a decision may rest on settings of other days, too, as eligibility does on that of the first day of the half-year
                   COALESCE(cause.reason,
                            (SELECT string_agg(format('%s: %s [%s]', s.key, COALESCE(s.value, '(no limit)'), s.legal_basis), '; ' ORDER BY s.key, s.period)
                             FROM policy.draft_setting s
                             WHERE s.draft_id = draft AND s.key = ANY (c.keys) AND (s.division IS NULL OR s.division @> c.division)))
            FROM changed c
            LEFT JOIN cause ON cause.division = c.division AND cause.counted_on = c.counted_on AND cause.keys = c.keys;
    END $$;
COMMENT ON FUNCTION policy.simulate(bigint, date) IS
    'What a draft would change (政策模拟): every decision on residences, dwellings … that would be another, with the old and the new one and the reason: parameter, value and clause before and after. Decisions that are made by the rules of the day, such as how many may live in a dwelling, are those of the day "on", today unless said otherwise. Changes nothing, but writes and takes back, so it can''t run on a standby, and nobody else can change settings until its transaction ends. Errors: RG093 the draft is closed, RG094 unknown, RG095 empty; RG098 the transaction is not READ COMMITTED';
