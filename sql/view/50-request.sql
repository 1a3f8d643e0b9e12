-- What happens around an act, once for all: numbered requests, rehearsals, batches, collisions.

CREATE OR REPLACE FUNCTION ledger.carry_out(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        answers api.answer[];
        person  bigint;
    BEGIN
        -- mostly nobody is restricted, and who is gone is refused where it is written
        IF arguments ?| '{person_id,resident_id,residence_id,permit_id,permit_number,employment_id,tenancy_id,schooling_id,ownership_id}'
           AND EXISTS (SELECT FROM registry.restriction r WHERE r.period @> today()) THEN
            person := registry.acted_on(arguments);
            PERFORM registry.check_person_open(act, person);
        END IF;
        -- Those of which a batch brings hundreds or an import a hundred thousand keep their plans: finding an act by its name takes 35 µs.
        CASE act
            WHEN 'register_person' THEN RETURN registry.register_person(act, arguments);
            WHEN 'register_arrival' THEN RETURN registry.register_arrival(act, arguments);
            WHEN 'register_departure' THEN RETURN registry.register_departure(act, arguments);
            WHEN 'change_residence' THEN RETURN registry.change_residence(act, arguments);
            WHEN 'sync_item' THEN RETURN registry.sync_item(act, arguments);
            ELSE EXECUTE format('SELECT ARRAY[registry.%I($1, $2)]', act) INTO answers USING act, arguments;
        END CASE;
        RETURN answers[1];
    END $$;
COMMENT ON FUNCTION ledger.carry_out(text, jsonb) IS
    'Carries out the act of this name with arguments without nulls (执行操作): the function registry.<act>(act, arguments) behind api.<act>()';

CREATE OR REPLACE FUNCTION ledger.act(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN CASE WHEN acts_in(NULL) THEN ledger.carry_out(act, arguments) ELSE ledger.guarded_act(act, arguments) END;
    END $$;
COMMENT ON FUNCTION ledger.act(text, jsonb) IS
    'ledger.carry_out(), for an operator within the own divisions (权限内执行操作): RG330, RG338';

CREATE OR REPLACE FUNCTION ledger.is_refusal(code text)
    RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$ SELECT code ~ '^(22|23|44|54|42501$|P0001$|[I-OQ-WYZ])' $$;
COMMENT ON FUNCTION ledger.is_refusal(text) IS
    'Whether an error with this SQLSTATE says something about what was entered (是否业务拒绝): data, constraints, privileges, rules of the register or of a site; and not that the request was cancelled, met a deadlock, ran out of memory …';

CREATE OR REPLACE FUNCTION ledger.act_or_refuse(act text, arguments jsonb)
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        code_of       text;
        text_of       text;
        detail        text;
        at_schema     text;
        at_table      text;
        at_constraint text;
        entry         text;
    BEGIN
        FOR attempt IN 1..2 LOOP
            BEGIN
                RETURN ledger.act(act, arguments);
            EXCEPTION WHEN integrity_constraint_violation THEN
                GET STACKED DIAGNOSTICS code_of = RETURNED_SQLSTATE, text_of = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL,
                                        at_schema = SCHEMA_NAME, at_table = TABLE_NAME, at_constraint = CONSTRAINT_NAME;
                -- Another transaction was first. It has ended, so the rule itself can say now what is in the way.
                EXIT WHEN code_of NOT IN ('23505', '23P01');
            END;
        END LOOP;
        -- The constraint has the last word. Its DETAIL quotes the row, but of a foreign key only the key that is missing.
        SELECT min(e.code) INTO entry FROM code.error e
        WHERE e.constraint_name = at_constraint AND code_of IN ('23505', '23P01');
        IF entry IS NOT NULL THEN
            PERFORM refuse(entry, array_fill('…'::text, '{4}'), at_schema || '.' || at_table);
        END IF;
        RAISE EXCEPTION USING ERRCODE = code_of, MESSAGE = text_of, DETAIL = CASE code_of WHEN '23503' THEN detail ELSE '' END,
                              SCHEMA = at_schema, TABLE = at_table, CONSTRAINT = at_constraint;
    END $$;
COMMENT ON FUNCTION ledger.act_or_refuse(text, jsonb) IS
    'ledger.act() as a clerk meets it (执行或拒绝): who collides with another transaction is refused in the words of the rule, not of the constraint, and no message quotes a row';

CREATE OR REPLACE FUNCTION ledger.refused(act text, code text, message text, detail text, hint text)
    RETURNS api.answer
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        answer api.answer;
    BEGIN
        answer.accepted := false;
        answer.act := act;
        answer.code := code;
        answer.message := message;
        answer.detail := NULLIF(detail, '');
        answer.hint := NULLIF(hint, '');
        RETURN answer;
    END $$;
COMMENT ON FUNCTION ledger.refused(text, text, text, text, text) IS 'A refusal as an answer (拒绝结果)';

CREATE OR REPLACE FUNCTION ledger.parameter(act text, OUT name text, OUT type text)
    RETURNS SETOF record
    -- for each row of a batch: an SQL function would be planned anew each time
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        RETURN QUERY
            SELECT a.name, format_type(a.type, NULL)
            FROM pg_proc p
            CROSS JOIN unnest(p.proargnames, p.proargtypes::oid[]) AS a (name, type)
            WHERE p.pronamespace = 'api'::regnamespace AND p.proname = act AND p.prorettype = 'api.answer'::regtype
              AND a.name NOT IN ('request_id', 'dry_run');
    END $$;
COMMENT ON FUNCTION ledger.parameter(text) IS
    'Parameters of an act, read from the function of the api (操作参数): what a row of a batch may have; none for what is no act';

CREATE OR REPLACE FUNCTION ledger.row_arguments(act text, entry jsonb, fields text[])
    RETURNS jsonb
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        field text;
    BEGIN
        IF jsonb_typeof(entry) <> 'object' THEN
            PERFORM refuse('RG081', ARRAY[jsonb_typeof(entry)]);
        ELSIF entry - fields <> '{}' THEN
            SELECT min(k) INTO field FROM jsonb_object_keys(entry - fields) AS k;
            PERFORM refuse('RG082', ARRAY[act, left(field, 60)]);
        ELSIF jsonb_path_exists(entry, 'strict $.* ? (@.type() == "object" || @.type() == "array")') THEN
            PERFORM refuse('RG083', ARRAY[p.name, p.type])
            FROM ledger.parameter(act) p
            WHERE jsonb_typeof(entry -> p.name) IN ('object', 'array') AND p.type <> 'jsonb' AND p.type NOT LIKE '%[]'
            ORDER BY p.name COLLATE "C"
            LIMIT 1;
        END IF;
        RETURN jsonb_strip_nulls(entry);
    END $$;
COMMENT ON FUNCTION ledger.row_arguments(text, jsonb, text[]) IS
    'Arguments from one row of a batch (批量行参数): RG081 it is no object, RG082 it has a field that is no parameter, RG083 a field holds an object or array';

CREATE OR REPLACE FUNCTION ledger.misread_argument(act text, arguments jsonb)
    RETURNS text[]
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        field record;
    BEGIN
        FOR field IN SELECT p.name, p.type FROM ledger.parameter(act) p WHERE arguments ? p.name AND p.type NOT LIKE '%[]' LOOP
            BEGIN
                EXECUTE format('SELECT %L::%s', arguments ->> field.name, field.type);
            EXCEPTION WHEN data_exception THEN
                RETURN ARRAY[field.name, field.type];
            END;
        END LOOP;
        RETURN NULL;
    END $$;
COMMENT ON FUNCTION ledger.misread_argument(text, jsonb) IS
    'The first argument that does not read as the type of its parameter, and that type (格式不符的字段); NULL: all do';

CREATE OR REPLACE FUNCTION ledger.answer_row(act text, entry jsonb, fields text[])
    RETURNS api.answer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        misread text[];
        code    text;
        text_of text;
        detail  text;
        hint    text;
    BEGIN
        BEGIN
            RETURN ledger.act(act, ledger.row_arguments(act, entry, fields));
        EXCEPTION WHEN OTHERS THEN
            IF NOT ledger.is_refusal(SQLSTATE) THEN
                RAISE;
            END IF;
            GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, text_of = MESSAGE_TEXT,
                                    detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
        END;
        -- the server's own words for bad data and constraints: ask again for the field that does not read, or for the rule
        IF code ~ '^2[23]' THEN
            BEGIN
                misread := ledger.misread_argument(act, entry);
                IF misread IS NOT NULL THEN
                    PERFORM refuse('RG083', misread);
                END IF;
                RETURN ledger.act_or_refuse(act, ledger.row_arguments(act, entry, fields));
            EXCEPTION WHEN OTHERS THEN
                IF NOT ledger.is_refusal(SQLSTATE) THEN
                    RAISE;
                END IF;
                GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, text_of = MESSAGE_TEXT,
                                        detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
            END;
        END IF;
        RETURN ledger.refused(act, code, text_of, detail, hint);
    END $$;
COMMENT ON FUNCTION ledger.answer_row(text, jsonb, text[]) IS
    'Carries out the act for one row of a batch and answers, also when it is refused (单行办理)';

CREATE OR REPLACE FUNCTION ledger.answer_batch(act text, batch jsonb)
    RETURNS api.answer[]
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        fields  CONSTANT text[] := ARRAY(SELECT p.name FROM ledger.parameter(act) p);
        answers api.answer[];
        again   integer[];
        late    integer;
    BEGIN
        FOR line IN 1..jsonb_array_length(batch) LOOP
            answers[line] := ledger.answer_row(act, batch -> (line - 1), fields);
        END LOOP;

        -- A row may have needed one that came after it: a child its guardian, a newcomer the place of one who leaves.
        SELECT array_agg(a.ordinality) FILTER (WHERE NOT a.accepted AND a.code !~ '^(22|RG08)') INTO again
        FROM unnest(answers) WITH ORDINALITY AS a
        HAVING bool_or(a.accepted);
        FOREACH late IN ARRAY COALESCE(again, '{}') LOOP
            answers[late] := ledger.answer_row(act, batch -> (late - 1), fields);
        END LOOP;
        RETURN answers;
    END $$;
COMMENT ON FUNCTION ledger.answer_batch(text, jsonb) IS
    'Carries out the act for every row of a batch, keeps the good ones, and answers for each (批量办理); rows that were refused are tried once more after the others';

CREATE OR REPLACE FUNCTION ledger.fulfil(act text, contents jsonb, request_id uuid)
    RETURNS api.answer[]
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        many    CONSTANT boolean := jsonb_typeof(contents) = 'array';
        digest  CONSTANT bytea := sha256(convert_to(concat(request_id, act, contents), 'UTF8'));
        outer_act     CONSTANT text := current_setting('residency.act', true);
        outer_request CONSTANT text := current_setting('residency.request_id', true);
        known   ledger.request;
        answers api.answer[];
    BEGIN
        IF request_id IS NOT NULL THEN
            -- The same request at the same moment: the second waits here for the first.
            INSERT INTO ledger.request (request_id, act, digest) VALUES (request_id, act, digest)
            ON CONFLICT DO NOTHING;
            IF NOT FOUND THEN
                SELECT * INTO known FROM ledger.request r WHERE r.request_id = fulfil.request_id;
                -- an answer is for who asked
                IF known.digest <> digest OR known.requested_by <> actor() THEN
                    PERFORM refuse('RG080', ARRAY[request_id::text, known.act], 'ledger.request', 'request_id');
                ELSIF known.answer IS NULL THEN
                    PERFORM refuse('RG370', ARRAY[request_id::text, local_day(known.requested_at)::text], 'ledger.request', 'answer');
                END IF;
                RETURN ARRAY(SELECT jsonb_populate_record(NULL::api.answer, a.answer)
                             FROM jsonb_array_elements(known.answer) WITH ORDINALITY AS a (answer, line) ORDER BY a.line);
            END IF;
        END IF;

        -- the history says by which act and request a row was changed
        PERFORM set_config('residency.act', act, true), set_config('residency.request_id', COALESCE(request_id::text, ''), true);
        IF many THEN
            answers := ledger.answer_batch(act, contents);
        ELSE
            answers[1] := ledger.act_or_refuse(act, contents);
        END IF;

        IF request_id IS NOT NULL THEN
            UPDATE ledger.request r SET answer = jsonb_strip_nulls(to_jsonb(answers)) WHERE r.request_id = fulfil.request_id;
        END IF;
        PERFORM set_config('residency.act', outer_act, true), set_config('residency.request_id', outer_request, true);
        RETURN answers;
    END $$;
COMMENT ON FUNCTION ledger.fulfil(text, jsonb, uuid) IS
    'Carries out an act for an object of arguments, or for each row of an array, once for every request number (办理请求): RG080 the number was used for other contents, or by another account, RG370 its answer is purged';

CREATE OR REPLACE FUNCTION ledger.made_record(act text, record_id bigint)
    RETURNS bigint
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        made   CONSTANT text := CASE WHEN act ~ '_(grids?|border)$' THEN 'grid_act'
                                     WHEN act ~ '_divisions?$' THEN 'division_act'
                                     WHEN act = 'import_list' THEN 'department_list'
                                     WHEN act = 'grant_scope' THEN 'operator_scope'
                                     WHEN act = 'record_spot_check' THEN 'spot_check_result'
                                     WHEN act = 'request_export' THEN 'export'
                                     WHEN act = 'correct_person' THEN 'correction'
                                     WHEN act = 'restrict_person' THEN 'restriction'
                                     WHEN act = 'hold_person' THEN 'legal_hold'
                                     WHEN act = 'merge_persons' THEN 'person_merge'
                                     WHEN act ~ '_emergency(_copy)?$' THEN substring(act FROM 'emergency(?:_copy)?$')
                                     ELSE substring(act FROM '^(?:register|apply|replace|draw|open)_(.*)') END;
        stands boolean;
    BEGIN
        IF made IS NULL OR record_id IS NULL THEN
            RETURN record_id;
        END IF;
        EXECUTE format('SELECT EXISTS (SELECT FROM %I.%I WHERE %I = $1)',
                       CASE made WHEN 'division_act' THEN 'code' WHEN 'export' THEN 'ledger' ELSE 'registry' END, made, made || '_id') INTO stands USING record_id;
        RETURN CASE WHEN stands THEN record_id END;
    END $$;
COMMENT ON FUNCTION ledger.made_record(text, bigint) IS
    'The key of what an act register_<record>, apply_<record>, replace_<record>, draw_<record>, open_<record>, one on grids, divisions, spot checks or exports answered, NULL if it has been taken back; the key itself for other acts (登记记录编号)';

CREATE OR REPLACE FUNCTION ledger.perform(act text, contents jsonb, request_id uuid, dry_run boolean)
    RETURNS api.answer[]
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        asked   CONSTANT jsonb := CASE WHEN jsonb_typeof(contents) = 'object' THEN jsonb_strip_nulls(contents) ELSE contents END;
        answers api.answer[];
        code    text;
        text_of text;
        detail  text;
        hint    text;
    BEGIN
        IF dry_run IS NOT TRUE THEN
            RETURN ledger.fulfil(act, asked, request_id);
        END IF;

        BEGIN
            answers := ledger.fulfil(act, asked, request_id);
            RAISE SQLSTATE 'RG999';
        EXCEPTION WHEN SQLSTATE 'RG999' THEN
            -- all is taken back, the answer stays; numbers that were drawn will never name anything
            FOR line IN 1..cardinality(answers) LOOP
                IF NOT EXISTS (SELECT FROM registry.person p WHERE p.person_id = answers[line].person_id) THEN
                    answers[line].person_id := NULL;
                END IF;
                IF NOT EXISTS (SELECT FROM registry.residence r WHERE r.residence_id = answers[line].residence_id) THEN
                    answers[line].residence_id := NULL;
                END IF;
                IF NOT EXISTS (SELECT FROM registry.permit p WHERE p.permit_id = answers[line].permit_id) THEN
                    answers[line].permit_id := NULL;
                    answers[line].permit_number := NULL;
                END IF;
                answers[line].record_id := ledger.made_record(act, answers[line].record_id);
            END LOOP;
        WHEN OTHERS THEN
            IF NOT ledger.is_refusal(SQLSTATE) THEN
                RAISE;
            END IF;
            GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, text_of = MESSAGE_TEXT,
                                    detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
            answers := ARRAY[ledger.refused(act, code, text_of, detail, hint)];
        END;
        RETURN answers;
    END $$;
COMMENT ON FUNCTION ledger.perform(text, jsonb, uuid, boolean) IS
    'What every function of the api calls (办理): fulfils a request, or rehearses it and takes everything back';
