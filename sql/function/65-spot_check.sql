-- spot_check: samples that can be drawn again, and what they prove: quantile, intervals, capture and recapture.

CREATE OR REPLACE FUNCTION residency.checked_probability(p double precision)
    RETURNS double precision
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        IF p <= 0 OR p >= 1 THEN
            RAISE EXCEPTION 'a probability lies between 0 and 1'
                USING ERRCODE = 'invalid_parameter_value', DETAIL = format('%s does not.', p), HINT = 'Write 0.95 for 95 %.';
        END IF;
        RETURN p;
    END $$;
COMMENT ON FUNCTION residency.checked_probability(double precision) IS
    'The probability itself where it lies between 0 and 1, neither included (概率校验); otherwise 22023. NULL passes';

CREATE OR REPLACE FUNCTION residency.checked_part(part double precision, whole double precision)
    RETURNS double precision
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        IF part < 0 OR part > whole OR whole = 'Infinity' OR whole = 'NaN' THEN
            RAISE EXCEPTION 'a part is none of what it is part of'
                USING ERRCODE = 'invalid_parameter_value', DETAIL = format('%s of %s cannot be.', part, whole),
                      HINT = 'Neither is below zero, and the part is not the larger one.';
        END IF;
        RETURN part;
    END $$;
COMMENT ON FUNCTION residency.checked_part(double precision, double precision) IS
    'The part itself where it lies between 0 and a finite whole (部分数校验); otherwise 22023. NULLs pass';

-- Wichura, Algorithm AS 241 (Applied Statistics 37, 1988), PPND16: sixteen digits. PL/pgSQL, as SQL would be planned at each call
CREATE OR REPLACE FUNCTION residency.normal_quantile(p double precision)
    RETURNS double precision
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        q CONSTANT double precision := residency.checked_probability(p) - 0.5;
        r double precision;
    BEGIN
        IF abs(q) <= 0.425 THEN
            r := 0.180625 - q * q;
            RETURN q * (((((((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r
                  + 45921.953931549871457) * r + 13731.693765509461125) * r + 1971.5909503065514427) * r
                  + 133.14166789178437745) * r + 3.3871328727963666080)
                / (((((((5226.4952788528545610 * r + 28729.085735721942674) * r + 39307.895800092710610) * r
                  + 21213.794301586595867) * r + 5394.1960214247511077) * r + 687.18700749205790830) * r
                  + 42.313330701600911252) * r + 1);
        END IF;
        r := sqrt(-ln(least(p, 1 - p)));
        IF r <= 5 THEN
            r := r - 1.6;
            RETURN sign(q) * (((((((7.7454501427834140764e-4 * r + 2.27238449892691845833e-2) * r + 0.241780725177450611770) * r
                  + 1.27045825245236838258) * r + 3.64784832476320460504) * r + 5.76949722146069140550) * r
                  + 4.63033784615654529590) * r + 1.42343711074968357734)
                / (((((((1.05075007164441684324e-9 * r + 5.4759380849953449460e-4) * r + 1.51986665636164571966e-2) * r
                  + 0.148103976427480074590) * r + 0.689767334985100004550) * r + 1.67638483018380384940) * r
                  + 2.05319162663775882187) * r + 1);
        END IF;
        r := r - 5;
        RETURN sign(q) * (((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 1.24266094738807843860e-3) * r
              + 2.65321895265761230930e-2) * r + 0.296560571828504891230) * r + 1.78482653991729133580) * r
              + 5.46378491116411436990) * r + 6.65790464350110377720)
            / (((((((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r + 1.84631831751005468180e-5) * r
              + 7.8686913114561325910e-4) * r + 1.48753612908506148525e-2) * r + 0.136929880922735805310) * r
              + 0.599832206555887937690) * r + 1);
    END $$;
COMMENT ON FUNCTION residency.normal_quantile(double precision) IS
    'The value below which a standard normal variable lies with probability p (标准正态分位数): 1.959963984540054 for 0.975; Wichura''s algorithm AS 241, sixteen digits. 22023 where p does not lie between 0 and 1';

CREATE OR REPLACE FUNCTION residency.wilson_interval(successes double precision, trials double precision, confidence double precision DEFAULT 0.95)
    RETURNS numrange
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        s      CONSTANT double precision := residency.checked_part(successes, trials);
        z      CONSTANT double precision := residency.normal_quantile((1 + residency.checked_probability(confidence)) / 2);
        middle double precision;
        half   double precision;
    BEGIN
        IF trials = 0 THEN
            RETURN numrange(0, 1, '[]');
        END IF;
        middle := (s + z * z / 2) / (trials + z * z);
        half := z / (trials + z * z) * sqrt(s * (trials - s) / trials + z * z / 4);
        RETURN numrange(round(greatest(middle - half, 0)::numeric, 12), round(least(middle + half, 1)::numeric, 12), '[]');
    END $$;
COMMENT ON FUNCTION residency.wilson_interval(double precision, double precision, double precision) IS
    'Wilson''s score interval of a share (威尔逊置信区间): successes of trials, both also with decimals for an effective sample size; confidence 0.95 by default. Both ends belong to it, 12 decimals; [0,1] where nothing was tried. 22023 for successes that are no part of trials and a confidence that is none';

CREATE OR REPLACE FUNCTION residency.chapman_estimate(
        first bigint, second bigint, both_of_them bigint, confidence double precision DEFAULT 0.95,
        OUT estimate double precision, OUT variance double precision, OUT low double precision, OUT high double precision)
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        m      CONSTANT double precision := residency.checked_part(both_of_them, least(first, second));
        z      CONSTANT double precision := residency.normal_quantile((1 + residency.checked_probability(confidence)) / 2);
        seen   CONSTANT double precision := first + second - m;
        unseen CONSTANT double precision := (first - m) * (second - m) / (m + 1);
        spread double precision := 1;
    BEGIN
        estimate := seen + unseen;
        variance := (first + 1) * unseen * (second + 1) / ((m + 1) * (m + 2));
        IF unseen > 0 THEN
            spread := exp(z * sqrt(ln(1 + variance / (unseen * unseen))));
        END IF;
        low := seen + unseen / spread;
        high := seen + unseen * spread;
    END $$;
COMMENT ON FUNCTION residency.chapman_estimate(bigint, bigint, bigint, double precision) IS
    'Chapman''s estimate of how many there are from two lists (查普曼捕获再捕获估计): first and second, how many are on each, both_of_them, how many on both. estimate (n1+1)(n2+1)/(m+1) − 1; its variance; low and high: an interval that is log-normal in the number of those on neither list (Chao 1987), so never below those who were seen. 22023 where more are on both than on one';

CREATE OR REPLACE FUNCTION residency.allocate_sample(sizes bigint[], size bigint)
    RETURNS bigint[]
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        one    boolean[] := array_fill(false, ARRAY[cardinality(sizes)]);
        rest   bigint := size;
        base   bigint := (SELECT sum(s) FROM unnest(sizes) AS s);
        narrow boolean := size >= (SELECT count(*) FROM unnest(sizes) AS s WHERE s > 0);
    BEGIN
        IF size >= base OR sizes = '{}' THEN
            RETURN sizes;
        END IF;
        -- while there is enough for all: who would get less than one, gets one, and the others share the rest
        WHILE narrow LOOP
            SELECT array_agg(s.given OR s.n > 0 AND s.n * rest < base ORDER BY s.place),
                   COALESCE(bool_or(s.n > 0 AND s.n * rest < base) FILTER (WHERE NOT s.given), false)
            INTO one, narrow
            FROM unnest(sizes, one) WITH ORDINALITY AS s (n, given, place);
            SELECT size - count(*) FILTER (WHERE s.given), sum(s.n) FILTER (WHERE NOT s.given) INTO rest, base
            FROM unnest(sizes, one) AS s (n, given);
        END LOOP;
        RETURN (SELECT array_agg(CASE WHEN q.given THEN 1
                                      ELSE q.whole + CASE WHEN q.turn <= rest - q.wholes THEN 1 ELSE 0 END END ORDER BY q.place)
                FROM (SELECT s.place, s.given, s.n * rest / base AS whole,
                             sum(s.n * rest / base) FILTER (WHERE NOT s.given) OVER () AS wholes,
                             row_number() OVER (PARTITION BY s.given ORDER BY s.n * rest % base DESC, s.place) AS turn
                      FROM unnest(sizes, one) WITH ORDINALITY AS s (n, given, place)) AS q);
    END $$;
COMMENT ON FUNCTION residency.allocate_sample(bigint[], bigint) IS
    'How many of each stratum a sample of that size takes (分层样本分配): in proportion, by the largest remainder, at equal remainders the earlier stratum; at least one of each that is not empty while the size allows. All of them where the size does';

CREATE OR REPLACE FUNCTION residency.sample_digest(seed text, key text)
    RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$ SELECT encode(sha256(convert_to(seed || ':' || key, 'UTF8')), 'hex') $$;
COMMENT ON FUNCTION residency.sample_digest(text, text) IS
    'Place of a unit in the lottery of a seed (抽样次序): SHA-256 in hexadecimal of seed:key in UTF-8, as sha256sum prints it; the smallest are drawn';

CREATE OR REPLACE FUNCTION residency.spot_check_answers(outcome text)
    RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT outcome IN ('checked', 'not_found') $$;
COMMENT ON FUNCTION residency.spot_check_answers(text) IS
    'Whether a check with this outcome has an answer (抽查是否得到结果): somebody looked, or it is clear that there is no such dwelling';

CREATE OR REPLACE FUNCTION residency.open_spot_check(check_id bigint, at_table text)
    RETURNS timestamptz
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        drawn  timestamptz;
        closed timestamptz;
    BEGIN
        -- who closes it waits for who enters a result, and the other way round
        SELECT c.drawn_at, c.closed_at INTO drawn, closed FROM registry.spot_check c WHERE c.spot_check_id = check_id FOR SHARE;
        IF NOT FOUND THEN
            PERFORM residency.refuse('RG293', ARRAY[COALESCE(check_id::text, '-')], at_table, 'spot_check_id');
        ELSIF closed IS NOT NULL THEN
            PERFORM residency.refuse('RG294', ARRAY[check_id::text, residency.local_day(closed)::text], at_table, 'spot_check_id');
        END IF;
        RETURN drawn;
    END $$;
COMMENT ON FUNCTION residency.open_spot_check(bigint, text) IS
    'When a spot check was drawn, and keeps it open until the transaction ends (抽查状态校验): RG293 there is none, RG294 it is closed';

CREATE OR REPLACE FUNCTION residency.spot_check_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        at      CONSTANT text := 'registry.spot_check';
        closing CONSTANT text[] := '{closed_at,closed_by,close_reason}'::text[];
    BEGIN
        IF TG_OP = 'INSERT' THEN
            NEW.kind := residency.checked_code('spot_check_kind', COALESCE(NEW.kind, ''), at, 'kind');
            NEW.area := residency.checked_code('spot_check_area', COALESCE(NEW.area, ''), at, 'area');
            NEW.strata_by := residency.checked_code('spot_check_strata', COALESCE(NEW.strata_by, ''), at, 'strata_by');
            NEW.name := residency.checked_text(COALESCE(NEW.name, ''), 100, at, 'name');
            NEW.reason := residency.checked_text(COALESCE(NEW.reason, ''), 200, at, 'reason');
        ELSIF OLD.closed_at IS NOT NULL THEN
            PERFORM residency.refuse('RG294', ARRAY[OLD.spot_check_id::text, residency.local_day(OLD.closed_at)::text], at, 'closed_at');
        ELSIF to_jsonb(NEW) - closing <> to_jsonb(OLD) - closing THEN
            PERFORM residency.refuse('RG298', ARRAY[at], at);
        END IF;
        NEW.close_reason := residency.checked_text(NEW.close_reason, 200, at, 'close_reason');
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.spot_check_guard() IS
    'Trigger of registry.spot_check (抽查校验): codes and words (RG006, RG125); nothing changes but that it is closed, once (RG294, RG298)';

CREATE OR REPLACE FUNCTION residency.spot_check_sample_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        at CONSTANT text := TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME;
    BEGIN
        IF residency.open_spot_check(NEW.spot_check_id, at) <> now() THEN
            PERFORM residency.refuse('RG298', ARRAY[at], at);
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.spot_check_sample_guard() IS
    'Trigger of the strata and grids of a spot check (抽样校验): made in the transaction that draws it (RG298), RG293, RG294';

CREATE OR REPLACE FUNCTION residency.spot_check_dwelling_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        at CONSTANT text := 'registry.spot_check_dwelling';
    BEGIN
        NEW.address := residency.checked_text(NEW.address, 200, at, 'address');
        -- the list is made in the transaction that draws it; what a walk finds besides is added
        IF residency.open_spot_check(NEW.spot_check_id, at) <> now() AND NEW.dwelling_id IS NOT NULL THEN
            PERFORM residency.refuse('RG298', ARRAY[at], at, 'dwelling_id');
        ELSIF NEW.dwelling_id IS NULL
              AND NOT EXISTS (SELECT FROM registry.spot_check_grid g
                              WHERE g.spot_check_grid_id = NEW.spot_check_grid_id AND g.spot_check_id = NEW.spot_check_id) THEN
            PERFORM residency.refuse('RG296', ARRAY[COALESCE(NEW.spot_check_grid_id::text, '-'), NEW.spot_check_id::text], at, 'spot_check_grid_id');
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.spot_check_dwelling_guard() IS
    'Trigger of registry.spot_check_dwelling (抽查名单校验): drawn once (RG298); besides, only what is found in a grid that was drawn, in words (RG125, RG296), while the check is open (RG293, RG294)';

CREATE OR REPLACE FUNCTION residency.spot_check_result_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off
    AS $$
    DECLARE
        at    CONSTANT text := 'registry.spot_check_result';
        drawn timestamptz;
        home  residency.division_code;
        wrong text;
    BEGIN
        SELECT residency.open_spot_check(s.spot_check_id, at), c.division INTO drawn, home
        FROM registry.spot_check_dwelling s JOIN registry.spot_check c ON c.spot_check_id = s.spot_check_id
        WHERE s.spot_check_dwelling_id = NEW.spot_check_dwelling_id;
        IF NOT FOUND THEN
            PERFORM residency.refuse('RG296', ARRAY[COALESCE(NEW.spot_check_dwelling_id::text, '-'), '-'], at, 'spot_check_dwelling_id');
        END IF;
        NEW.outcome := residency.checked_code('spot_check_outcome', COALESCE(NEW.outcome, ''), at, 'outcome');
        NEW.note := residency.checked_text(NEW.note, 500, at, 'note');
        PERFORM residency.check_times(NEW.checked_at, NEW.checked_at, home, at, 'checked_at');
        IF NEW.checked_at < drawn THEN
            PERFORM residency.refuse('RG269', ARRAY[drawn, NEW.checked_at, now()]::text[], at, 'checked_at');
        ELSIF NOT EXISTS (SELECT FROM registry.person p WHERE p.person_id = NEW.staff_person_id) THEN
            PERFORM residency.refuse('RG010', ARRAY[COALESCE(NEW.staff_person_id::text, '-')], at, 'staff_person_id');
        END IF;
        wrong := CASE WHEN NEW.people_counted < 0 OR NEW.counted_registered < 0 OR NEW.counted_registered > NEW.people_counted THEN 'counted_registered'
                      WHEN (NEW.outcome = 'checked') <> (NEW.found_let IS NOT NULL) THEN 'found_let'
                      WHEN NEW.outcome <> 'checked' AND NEW.people_counted > 0 THEN 'people_counted' END;
        IF wrong IS NOT NULL THEN
            PERFORM residency.refuse('RG297', ARRAY[NEW.outcome, COALESCE(NEW.found_let::text, '-'), NEW.people_counted::text, NEW.counted_registered::text], at, wrong);
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.spot_check_result_guard() IS
    'Trigger of registry.spot_check_result (抽查结果校验): an open check and its dwelling (RG293, RG294, RG296), codes and words (RG006, RG125), times (RG269), who checked (RG010), counts that agree with the outcome (RG297)';

CREATE OR REPLACE FUNCTION residency.spot_check_person_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off
    AS $$
    DECLARE
        at     CONSTANT text := 'registry.spot_check_person';
        result record;
        known  record;
    BEGIN
        SELECT r.outcome, r.checked_at, s.dwelling_id, residency.open_spot_check(s.spot_check_id, at) AS drawn_at INTO result
        FROM registry.spot_check_result r JOIN registry.spot_check_dwelling s ON s.spot_check_dwelling_id = r.spot_check_dwelling_id
        WHERE r.spot_check_result_id = NEW.spot_check_result_id;
        IF result.outcome IS DISTINCT FROM 'checked' THEN
            PERFORM residency.refuse('RG297', ARRAY[COALESCE(result.outcome, '-'), '-', '1', '-'], at, 'spot_check_result_id');
        END IF;
        SELECT w.person_id, w.resident_id INTO NEW.person_id, NEW.resident_id FROM residency.named_by(NEW.person_id, NEW.resident_id) AS w;
        IF num_nonnulls(NEW.person_id, NEW.resident_id) = 0 THEN
            PERFORM residency.refuse('RG299', '{1}', at, 'person_id');
        END IF;
        -- as the register stood at that moment: what was reported, closed or backdated afterwards does not count
        SELECT r.residence_id, r.reported_at,
               EXISTS (SELECT FROM registry.dwelling_standing s
                       WHERE s.dwelling_id = r.dwelling_id AND result.dwelling_id = ANY (s.whole_ids)
                          OR s.dwelling_id = result.dwelling_id AND r.dwelling_id = ANY (s.whole_ids)) AS there
        INTO known
        FROM registry.residence r
        WHERE r.person_id = NEW.person_id AND r.reported_at <= result.checked_at AND r.arrived_on <= residency.local_day(result.checked_at)
          AND (residency.residence_is_current(r.state) OR r.closed_at > result.checked_at
               OR r.period @> residency.local_day(result.checked_at) AND r.state NOT IN ('rejected', 'voided'))
        ORDER BY there DESC, r.reported_at
        LIMIT 1;
        NEW.judgement := CASE WHEN known.there THEN 'registered' WHEN known.residence_id IS NOT NULL THEN 'elsewhere' ELSE 'unregistered' END;
        NEW.residence_id := known.residence_id;
        NEW.since_draw := COALESCE(known.there AND known.reported_at > result.drawn_at, false);
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.spot_check_person_guard() IS
    'Trigger of registry.spot_check_person (抽查人员核对): whether the person was registered in the dwelling, what it is part of or a part of it, as the register stood at the moment of the check. RG294 the check is closed, RG297 nobody can be found with that outcome, RG299 nobody is named, RG010';

CREATE OR REPLACE FUNCTION residency.named_by(INOUT person_id bigint, INOUT resident_id residency.resident_id)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    AS $$
    DECLARE
        bearer bigint;
    BEGIN
        SELECT p.person_id INTO bearer FROM registry.person p WHERE p.resident_id = named_by.resident_id;
        IF FOUND THEN
            IF person_id <> bearer THEN
                PERFORM residency.refuse('RG086', ARRAY[person_id::text, residency.mask(resident_id)], 'registry.person', 'resident_id');
            END IF;
            person_id := bearer;
            resident_id := NULL;
        ELSIF person_id IS NOT NULL AND NOT EXISTS (SELECT FROM registry.person p WHERE p.person_id = named_by.person_id) THEN
            PERFORM residency.refuse('RG010', ARRAY[person_id::text], 'registry.person', 'person_id');
        END IF;
    END $$;
COMMENT ON FUNCTION residency.named_by(bigint, residency.resident_id) IS
    'Who is named by a key or a resident ID (人员归一): the person''s key alone where the register knows the number, otherwise the number as it came. RG010 no such person, RG086 they name two';

CREATE OR REPLACE FUNCTION residency.department_list_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        at CONSTANT text := 'registry.department_list';
    BEGIN
        NEW.source := residency.checked_code('department', COALESCE(NEW.source, ''), at, 'source');
        NEW.name := residency.checked_text(COALESCE(NEW.name, ''), 100, at, 'name');
        PERFORM residency.check_past(NEW.listed_on, at, 'listed_on');
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.department_list_guard() IS
    'Trigger of registry.department_list (部门名单校验): department and name (RG006, RG125), a day that is not to come (RG126, RG128)';

CREATE OR REPLACE FUNCTION residency.department_list_entry_guard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        SELECT w.person_id, w.resident_id INTO NEW.person_id, NEW.resident_id FROM residency.named_by(NEW.person_id, NEW.resident_id) AS w;
        IF num_nonnulls(NEW.person_id, NEW.resident_id) = 0 AND NOT residency.rewrites() THEN
            PERFORM residency.refuse('RG299', ARRAY[NEW.line::text], 'registry.department_list_entry', 'resident_id');
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.department_list_entry_guard() IS
    'Trigger of registry.department_list_entry (部门名单条目校验): somebody is named (RG299), RG010, RG086';
