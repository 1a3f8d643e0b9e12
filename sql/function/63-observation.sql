-- observation: what people saw who could not know of each other, and the value that follows from it.
--
-- Every observation names the items that its observer knew of (seen). So observations form a graph, and the value in force
-- is a function of the set of them, whatever the order in which they came:
--   an observation that another knew of is overtaken by it; those that nobody overtook are the heads;
--   heads of one value agree, and that value is in force;
--   heads of several values contradict each other: policy patrol_conflict says whether the latest of them is in force, or
--   what holds among the observations that all heads knew of (in the end the value before the first) until somebody settles it.
-- A settlement is an observation whose maker knew of both sides, a value that somebody writes to the register one whose
-- maker knew of what was in force.

CREATE OR REPLACE FUNCTION residency.fact_known(fact bigint, until date, knower uuid[])
    RETURNS SETOF uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
        WITH RECURSIVE known AS (
            SELECT unnest(knower) AS item_uuid, false AS seen
            UNION
            SELECT b.item_uuid, true
            FROM known
            JOIN registry.observation a ON a.item_uuid = known.item_uuid AND a.fact_id = fact
            CROSS JOIN unnest(a.seen) AS s (item_uuid)
            JOIN registry.observation b ON b.item_uuid = s.item_uuid AND b.fact_id = fact
            WHERE until IS NULL OR residency.local_day(b.observed_at) <= until
        )
        SELECT known.item_uuid FROM known WHERE known.seen
    $$;
COMMENT ON FUNCTION residency.fact_known(bigint, date, uuid[]) IS
    'The observations of a fact that the observers of these knew of, directly or through others (所知观察); of those up to a day, NULL: of all';

CREATE OR REPLACE FUNCTION residency.fact_home(fact bigint)
    RETURNS bigint
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
        SELECT COALESCE(f.dwelling_id, (SELECT r.dwelling_id FROM registry.residence r WHERE r.residence_id = f.residence_id))
        FROM registry.fact f WHERE f.fact_id = fact
    $$;
COMMENT ON FUNCTION residency.fact_home(bigint) IS 'The dwelling that a fact is about, or in which the residence is (事实所属房屋)';

CREATE OR REPLACE FUNCTION residency.fold_fact(
        fact bigint, until date DEFAULT NULL,
        OUT value text, OUT versions uuid[], OUT heads uuid[], OUT rule text)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off
    SET jit = off
    AS $$
    DECLARE
        division CONSTANT residency.division_code :=
            (SELECT d.division FROM registry.dwelling d WHERE d.dwelling_id = residency.fact_home(fact));
        among    uuid[];
        tips     uuid[];
        circle   uuid[];
        newest   registry.observation;
        decider  text;
    BEGIN
        among := ARRAY(SELECT o.item_uuid FROM registry.observation o
                       WHERE o.fact_id = fact AND (until IS NULL OR residency.local_day(o.observed_at) <= until));
        LOOP
            tips := ARRAY(
                SELECT unnest(among)
                EXCEPT
                SELECT s FROM registry.observation o CROSS JOIN unnest(o.seen) AS s
                WHERE o.fact_id = fact AND o.item_uuid = ANY (among));
            -- who saw each other, as only a broken phone could claim, overtakes nobody
            circle := ARRAY(
                SELECT unnest(among)
                EXCEPT
                (SELECT unnest(tips) UNION ALL SELECT residency.fact_known(fact, until, tips)));
            IF circle <> '{}' THEN
                tips := tips || ARRAY(
                    SELECT u FROM unnest(circle) AS u
                    WHERE NOT EXISTS (
                        SELECT FROM unnest(circle) AS x
                        WHERE u IN (SELECT residency.fact_known(fact, until, ARRAY[x]))
                          AND x NOT IN (SELECT residency.fact_known(fact, until, ARRAY[u]))));
            END IF;
            heads := COALESCE(heads, tips);
            SELECT o.* INTO newest FROM registry.observation o
            WHERE o.fact_id = fact AND o.item_uuid = ANY (tips)
            ORDER BY o.observed_at DESC, o.item_uuid DESC LIMIT 1;
            IF NOT FOUND THEN
                value := (SELECT f.root FROM registry.fact f WHERE f.fact_id = fact);
                versions := '{}';
                RETURN;
            END IF;
            value := newest.value;
            versions := ARRAY(SELECT o.item_uuid FROM registry.observation o
                              WHERE o.fact_id = fact AND o.item_uuid = ANY (tips) AND o.value IS NOT DISTINCT FROM newest.value
                              ORDER BY o.item_uuid);
            IF cardinality(versions) = cardinality(tips) THEN
                RETURN;
            END IF;
            decider := residency.policy_text('patrol_conflict', division, residency.local_day(newest.observed_at));
            rule := COALESCE(rule, decider);
            IF decider = 'later_observation' THEN
                RETURN;
            END IF;
            -- what all of them knew of
            among := ARRAY(
                SELECT u
                FROM unnest(tips) AS tip CROSS JOIN LATERAL residency.fact_known(fact, until, ARRAY[tip]) AS u
                WHERE u <> ALL (tips)
                GROUP BY u HAVING count(*) = cardinality(tips));
        END LOOP;
    END $$;
COMMENT ON FUNCTION residency.fold_fact(bigint, date) IS
    'What the observations of a fact come to, in whatever order they were entered (观察汇总): the value in force, the observations it rests on, the heads that nobody overtook, and where these contradict each other the rule that decides (policy patrol_conflict on the day of the latest). until: of the observations up to a day';

CREATE OR REPLACE FUNCTION residency.fact_value(attribute text, value text, at_table text)
    RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        IF value IS NULL THEN
            RETURN NULL;
        ELSIF attribute = 'usable_area' THEN
            IF value !~ '^[0-9]{1,6}(\.[0-9]{1,4})?$' OR value::numeric NOT BETWEEN 1 AND 100000 THEN
                PERFORM residency.refuse('RG278', ARRAY[attribute, left(value, 20)], at_table, 'value');
            END IF;
            RETURN round(value::numeric, 2)::text;
        ELSIF NOT residency.is_code(attribute, value) THEN
            PERFORM residency.refuse('RG278', ARRAY[attribute, left(value, 20)], at_table, 'value');
        END IF;
        RETURN value;
    END $$;
COMMENT ON FUNCTION residency.fact_value(text, text, text) IS
    'The value of an observation in the one form in which values are compared (观察值规范化): square metres with two decimals, a code of the list that bears the attribute''s name; otherwise RG278. NULL passes';

CREATE OR REPLACE FUNCTION residency.register_value(attribute text, rental_kind text, let_state text, usable_area numeric)
    RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
        SELECT CASE attribute WHEN 'rental_kind' THEN rental_kind WHEN 'let_state' THEN let_state WHEN 'usable_area' THEN usable_area::text END
    $$;
COMMENT ON FUNCTION residency.register_value(text, text, text, numeric) IS
    'What a row of registry.dwelling says of an attribute (登记值), usable_area in m²; NULL for those that it has no column for';

CREATE OR REPLACE FUNCTION residency.fact_of(dwelling bigint, residence bigint, about text, first_value text)
    RETURNS bigint
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off
    SET jit = off
    AS $$
    DECLARE
        found_id bigint;
    BEGIN
        -- two look-ups by index; OR would read the whole of one
        SELECT f.fact_id INTO found_id FROM registry.fact f WHERE f.dwelling_id = dwelling AND f.attribute = about
        UNION ALL
        SELECT f.fact_id FROM registry.fact f WHERE f.residence_id = residence AND f.attribute = about;
        IF NOT FOUND THEN
            INSERT INTO registry.fact (dwelling_id, residence_id, attribute, root, value)
            VALUES (dwelling, residence, about, first_value, first_value)
            RETURNING fact_id INTO found_id;
        END IF;
        RETURN found_id;
    END $$;
COMMENT ON FUNCTION residency.fact_of(bigint, bigint, text, text) IS
    'The fact of a dwelling or residence for an attribute, made with the value before the first observation where it is not there (事实定位); the dwelling is locked by the caller';

CREATE OR REPLACE FUNCTION residency.observation_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off
    SET jit = off
    AS $$
    DECLARE
        at       CONSTANT text := 'registry.observation';
        home     bigint := NEW.dwelling_id;
        dwelling registry.dwelling;
    BEGIN
        NEW.attribute := residency.checked_code('fact_attribute', COALESCE(NEW.attribute, ''), at, 'attribute');
        NEW.source := residency.checked_code('observation_source', COALESCE(NEW.source, ''), at, 'source');
        NEW.reason := residency.checked_text(NEW.reason, 200, at, 'reason');
        IF num_nonnulls(NEW.dwelling_id, NEW.residence_id) <> 1 OR (NEW.attribute = 'presence') <> (NEW.residence_id IS NOT NULL) THEN
            PERFORM residency.refuse('RG085', ARRAY['observation', CASE NEW.attribute WHEN 'presence' THEN 'residence_id' ELSE 'dwelling_id' END],
                                     at, 'dwelling_id');
        ELSIF NEW.residence_id IS NOT NULL THEN
            SELECT r.dwelling_id INTO home FROM registry.residence r WHERE r.residence_id = NEW.residence_id;
            IF NOT FOUND THEN
                PERFORM residency.refuse('RG012', ARRAY[NEW.residence_id::text], at, 'residence_id');
            END IF;
        END IF;
        -- who observes the same dwelling waits, and then reads what the other has made of it
        SELECT d.* INTO dwelling FROM registry.dwelling d WHERE d.dwelling_id = home FOR NO KEY UPDATE;
        IF NOT FOUND THEN
            PERFORM residency.refuse('RG011', ARRAY[home::text], at, 'dwelling_id');
        END IF;
        NEW.observed_at := COALESCE(NEW.observed_at, now());
        PERFORM residency.check_times(NEW.observed_at, NULL, dwelling.division, at, 'observed_at');
        IF NEW.source = 'phone' THEN
            PERFORM residency.check_staff(NEW.staff_person_id, residency.local_day(NEW.observed_at), at);
        END IF;
        NEW.value := residency.fact_value(NEW.attribute, NEW.value, at);
        NEW.seen := ARRAY(SELECT DISTINCT u FROM unnest(NEW.seen) AS u WHERE u <> NEW.item_uuid ORDER BY u);
        NEW.fact_id := residency.fact_of(NEW.dwelling_id, NEW.residence_id, NEW.attribute,
            residency.register_value(NEW.attribute, dwelling.rental_kind, dwelling.let_state, dwelling.usable_area));
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.observation_guard() IS
    'Trigger of registry.observation (观察校验): locks the dwelling; codes, words and value (RG006, RG125, RG278), what it is about (RG011, RG012, RG085), time (RG269), staff (RG267)';

CREATE OR REPLACE FUNCTION residency.keep_category(fact bigint, since date)
    RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off
    SET jit = off
    AS $$
    DECLARE
        known  registry.fact;
        before registry.dwelling_category;
    BEGIN
        SELECT * INTO known FROM registry.fact f WHERE f.fact_id = fact;
        -- what held on the day before goes on until something else does
        SELECT * INTO before FROM registry.dwelling_category c WHERE c.dwelling_id = known.dwelling_id AND c.period @> since - 1;
        DELETE FROM registry.dwelling_category c WHERE c.dwelling_id = known.dwelling_id AND c.period && daterange(since - 1, NULL);
        INSERT INTO registry.dwelling_category (dwelling_id, category, period)
        SELECT known.dwelling_id, span.value, span.period
        FROM (
            SELECT turn.value, daterange(turn.day, lead(turn.day) OVER (ORDER BY turn.day)) AS period
            FROM (
                SELECT day.day, day.value, lag(day.value) OVER (ORDER BY day.day) AS previous
                FROM (
                    SELECT lower(before.period), before.category WHERE before.category IS NOT NULL
                    UNION ALL
                    -- on the last day all observations are there, and what they come to is known
                    SELECT seen.day, CASE WHEN seen.day = seen.last_day THEN known.value ELSE (residency.fold_fact(fact, seen.day)).value END
                    FROM (SELECT local.day, max(local.day) OVER () AS last_day
                          FROM (SELECT DISTINCT residency.local_day(o.observed_at) FROM registry.observation o WHERE o.fact_id = fact) AS local (day)) AS seen
                    WHERE seen.day >= since
                ) AS day (day, value)
            ) AS turn
            WHERE turn.value IS DISTINCT FROM turn.previous
        ) AS span
        WHERE span.value IS NOT NULL;
    END $$;
COMMENT ON FUNCTION residency.keep_category(bigint, date) IS
    'Writes the letting categories of a dwelling as they were in force day by day, from the day of an observation on: it changes nothing of the days before (出租屋分类沿革)';

CREATE OR REPLACE FUNCTION residency.apply_fact(fact bigint, since date)
    RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off
    SET jit = off
    AS $$
    DECLARE
        known registry.fact;
    BEGIN
        SELECT * INTO known FROM registry.fact f WHERE f.fact_id = fact;
        CASE known.attribute
            WHEN 'rental_kind' THEN
                UPDATE registry.dwelling d SET rental_kind = known.value
                WHERE d.dwelling_id = known.dwelling_id AND d.rental_kind IS DISTINCT FROM known.value;
            WHEN 'let_state' THEN
                UPDATE registry.dwelling d SET let_state = known.value
                WHERE d.dwelling_id = known.dwelling_id AND d.let_state IS DISTINCT FROM known.value;
            WHEN 'usable_area' THEN
                UPDATE registry.dwelling d SET usable_area = known.value::numeric
                WHERE d.dwelling_id = known.dwelling_id AND d.usable_area IS DISTINCT FROM known.value::numeric;
            WHEN 'letting_category' THEN
                PERFORM residency.keep_category(fact, since);
            ELSE
                -- presence is an observation alone: nobody is registered or closed by it
                NULL;
        END CASE;
    END $$;
COMMENT ON FUNCTION residency.apply_fact(bigint, date) IS
    'Writes the value in force to where the register has it (观察结果写入登记), categories from the day of the observation on; the register''s rules may refuse';

CREATE OR REPLACE FUNCTION residency.keep_conflicts(fact bigint, heads uuid[], rule text, refusal text)
    RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off
    SET jit = off
    AS $$
    DECLARE
        latest  bigint;
        earlier bigint[];
    BEGIN
        -- of each value the latest observation stands for it; all of them against the latest of all
        SELECT (array_agg(side.observation_id ORDER BY side.observed_at DESC, side.item_uuid DESC))[1],
               (array_agg(side.observation_id ORDER BY side.observed_at DESC, side.item_uuid DESC))[2:]
        INTO latest, earlier
        FROM (SELECT DISTINCT ON (o.value) o.observation_id, o.observed_at, o.item_uuid
              FROM registry.observation o
              WHERE o.fact_id = fact AND o.item_uuid = ANY (heads)
              ORDER BY o.value, o.observed_at DESC, o.item_uuid DESC) AS side;
        IF refusal IS NOT NULL THEN
            earlier := array_append(earlier, NULL);
        END IF;
        DELETE FROM registry.conflict c
        WHERE c.fact_id = fact AND c.state <> 'settled'
          AND (c.later_id <> latest OR array_position(earlier, c.earlier_id) IS NULL);
        INSERT INTO registry.conflict AS c (fact_id, earlier_id, later_id, rule, refusal, state)
        SELECT fact, e, latest, kind.rule, CASE WHEN e IS NULL THEN refusal END,
               CASE kind.rule WHEN 'later_observation' THEN 'decided' ELSE 'open' END
        FROM unnest(earlier) AS e
        CROSS JOIN LATERAL (SELECT CASE WHEN e IS NULL THEN 'register' ELSE keep_conflicts.rule END) AS kind (rule)
        ON CONFLICT ON CONSTRAINT conflict_key
            DO UPDATE SET rule = excluded.rule, refusal = excluded.refusal, state = excluded.state
            WHERE c.state <> 'settled';
    END $$;
COMMENT ON FUNCTION residency.keep_conflicts(bigint, uuid[], text, text) IS
    'Writes down which heads of a fact contradict each other, and takes back what has been overtaken (冲突登记); settled ones stay. refusal: code with which the register refused the value in force';

CREATE OR REPLACE FUNCTION residency.observation_fold()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off
    -- what was entered is joined as a whole, facts are looked up by their keys, however few there were when it was planned
    SET enable_nestloop = off
    SET jit = off
    AS $$
    DECLARE
        entry   record;
        fold    record;
        heads   uuid[];
        rule    text;
        refusal text;
    BEGIN
        -- Mostly there is one newcomer, who knew of all that is in force, whom nobody knew of, and nobody contests it: then they are the
        -- one head, and fold_fact() would come to the same in many times the time. What is left are the others, and what the register
        -- does not say yet. (No plan can join = ANY (ARRAY[…]) the other way round, nor join a scalar query at all.)
        FOR entry IN
            WITH calm AS (
                UPDATE registry.fact f
                SET value = e.value, versions = ARRAY[e.item_uuid], observations = f.observations + 1
                FROM entered e
                WHERE f.fact_id = ANY (ARRAY[e.fact_id]) AND f.versions <@ e.seen AND NOT f.contested
                  AND (SELECT count(*) = f.observations + 1 AND count(*) FILTER (WHERE e.item_uuid = ANY (o.seen)) = 0
                       FROM registry.observation o WHERE o.fact_id = f.fact_id)
                  AND (SELECT count(*) FROM registry.conflict c WHERE c.fact_id = f.fact_id AND c.state <> 'settled') = 0
                RETURNING e.observation_id, f.attribute <> 'letting_category'
                    AND f.value IS NOT DISTINCT FROM (SELECT residency.register_value(f.attribute, d.rental_kind, d.let_state, d.usable_area)
                                                      FROM registry.dwelling d WHERE d.dwelling_id = f.dwelling_id) AS stands
            )
            SELECT e.fact_id, e.item_uuid, e.observed_at, e.source, e.settles, calm.stands IS NOT NULL AS calm
            FROM entered e
            LEFT JOIN calm ON calm.observation_id = e.observation_id
            WHERE calm.stands IS NOT TRUE
            ORDER BY e.observation_id
        LOOP
            heads := ARRAY[entry.item_uuid];
            rule := NULL;
            IF NOT entry.calm THEN
                SELECT * INTO fold FROM residency.fold_fact(entry.fact_id);
                heads := fold.heads;
                rule := fold.rule;
                -- whatever follows: in REPEATABLE READ, two who did not see each other's observations fail here
                UPDATE registry.fact f
                SET value = fold.value, versions = fold.versions, contested = rule IS NOT DISTINCT FROM 'ask', observations = f.observations + 1
                WHERE f.fact_id = entry.fact_id;
            END IF;
            refusal := NULL;
            BEGIN
                PERFORM residency.apply_fact(entry.fact_id, residency.local_day(entry.observed_at));
            EXCEPTION WHEN OTHERS THEN
                -- the phone is not told to forget what was seen: it is kept, and somebody is asked
                IF entry.source <> 'phone' OR NOT ledger.is_refusal(SQLSTATE) THEN
                    RAISE;
                END IF;
                refusal := SQLSTATE;
            END;
            IF NOT entry.calm OR refusal IS NOT NULL THEN
                UPDATE registry.conflict c SET state = 'settled' WHERE c.conflict_id = entry.settles;
                PERFORM residency.keep_conflicts(entry.fact_id, heads, rule, refusal);
            END IF;
        END LOOP;
        RETURN NULL;
    END $$;
COMMENT ON FUNCTION residency.observation_fold() IS
    'Statement trigger of registry.observation (观察汇总写入): the value in force follows from all observations; where they contradict each other, or the register refuses what a phone saw, a conflict is opened';

CREATE OR REPLACE FUNCTION residency.dwelling_observe()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off
    -- the rows before and after are joined as a whole, facts are looked up one by one (OFFSET 0), however few there were when it was planned
    SET enable_nestloop = off
    SET plan_cache_mode = force_generic_plan
    SET jit = off
    AS $$
    DECLARE
        homes      bigint[];
        attributes text[];
        was        text[];
        becomes    text[];
        disputed   bigint;
        is_new     boolean;
    BEGIN
        -- what other triggers update is mostly nothing
        IF NOT EXISTS (SELECT FROM changed) THEN
            RETURN NULL;
        END IF;
        SELECT array_agg(c.dwelling_id), array_agg(c.attribute), array_agg(c.was), array_agg(c.becomes),
               min(known.fact_id) FILTER (WHERE known.contested), bool_or(known.fact_id IS NULL)
        INTO homes, attributes, was, becomes, disputed, is_new
        FROM (
            SELECT changed.dwelling_id, v.attribute, v.was, v.becomes
            FROM former
            JOIN changed ON changed.dwelling_id = former.dwelling_id
            CROSS JOIN LATERAL (VALUES ('rental_kind', former.rental_kind, changed.rental_kind), ('let_state', former.let_state, changed.let_state),
                                       ('usable_area', former.usable_area::text, changed.usable_area::text)) AS v (attribute, was, becomes)
            WHERE (former.rental_kind, former.let_state, former.usable_area) IS DISTINCT FROM (changed.rental_kind, changed.let_state, changed.usable_area)
              AND v.was IS DISTINCT FROM v.becomes
        ) AS c
        LEFT JOIN LATERAL (SELECT f.* FROM registry.fact f WHERE f.dwelling_id = c.dwelling_id AND f.attribute = c.attribute OFFSET 0) AS known ON true
        -- what follows from the observations is no new one
        WHERE NOT (pg_trigger_depth() > 1 AND known.fact_id IS NOT NULL AND known.value IS NOT DISTINCT FROM c.becomes);

        IF disputed IS NOT NULL THEN
            PERFORM residency.refuse('RG275', ARRAY[f.attribute, f.dwelling_id::text,
                        (SELECT min(c.conflict_id)::text FROM registry.conflict c WHERE c.fact_id = f.fact_id AND c.state = 'open')],
                    'registry.dwelling', f.attribute)
            FROM registry.fact f WHERE f.fact_id = disputed;
        ELSIF homes IS NOT NULL THEN
            IF is_new THEN
                INSERT INTO registry.fact (dwelling_id, attribute, root, value)
                SELECT c.dwelling_id, c.attribute, c.was, c.was
                FROM unnest(homes, attributes, was) AS c (dwelling_id, attribute, was)
                WHERE (SELECT f.fact_id FROM registry.fact f WHERE f.dwelling_id = c.dwelling_id AND f.attribute = c.attribute) IS NULL;
            END IF;
            INSERT INTO registry.observation (fact_id, dwelling_id, attribute, value, seen)
            SELECT known.fact_id, c.dwelling_id, c.attribute, c.becomes, known.versions
            FROM unnest(homes, attributes, becomes) AS c (dwelling_id, attribute, becomes)
            CROSS JOIN LATERAL (SELECT f.fact_id, f.versions FROM registry.fact f
                                WHERE f.dwelling_id = c.dwelling_id AND f.attribute = c.attribute OFFSET 0) AS known;
        END IF;
        RETURN NULL;
    END $$;
COMMENT ON FUNCTION residency.dwelling_observe() IS
    'Statement trigger of registry.dwelling (登记变更计入观察): what anybody writes to the register is an observation of somebody who knew of what was in force; RG275 while that is contested';

CREATE OR REPLACE FUNCTION residency.dwelling_keep_seen()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off
    SET jit = off
    AS $$
    BEGIN
        IF EXISTS (SELECT FROM registry.visit v WHERE v.dwelling_id = OLD.dwelling_id)
           OR EXISTS (SELECT FROM registry.patrol_task t WHERE t.dwelling_id = OLD.dwelling_id)
           OR EXISTS (SELECT FROM registry.fact f JOIN registry.observation o ON o.fact_id = f.fact_id
                      WHERE f.dwelling_id = OLD.dwelling_id AND o.source <> 'register') THEN
            PERFORM residency.refuse('RG051', ARRAY[OLD.dwelling_id::text], 'registry.dwelling');
        END IF;
        RETURN OLD;
    END $$;
COMMENT ON FUNCTION residency.dwelling_keep_seen() IS
    'Trigger of registry.dwelling (有巡查记录的房屋不得删除): RG051 where somebody has visited or observed it, or is to';
