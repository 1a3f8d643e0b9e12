-- Search as a clerk does it: one box for a name, an address, a number, pinyin, initials; the best answers first.

CREATE OR REPLACE FUNCTION registry.search_number(kind text, query text)
    RETURNS bigint[]
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        number constant text COLLATE "C" := normalize_document_number(query);
    BEGIN
        IF number !~ '[0-9]{3}' OR length(number) > 50 THEN
            RETURN ARRAY[]::bigint[];
        ELSIF kind = 'employer' THEN
            RETURN ARRAY(SELECT e.employer_id FROM registry.employer e
                         WHERE e.credit_code = CASE WHEN is_credit_code(number) THEN number END::credit_code
                         UNION
                         SELECT e.employer_id FROM registry.employer e WHERE e.registration_number = number);
        ELSIF kind = 'person' THEN
            RETURN ARRAY(SELECT p.person_id FROM registry.person p
                         WHERE p.resident_id = CASE WHEN is_resident_id(number) THEN number END::resident_id
                         UNION
                         SELECT p.person_id FROM registry.person p
                         WHERE normalize_document_number(p.phone) COLLATE "C" = number AND p.phone IS NOT NULL
                         UNION
                         SELECT d.person_id FROM registry.identity_document d
                         WHERE d.document_type = ANY (ARRAY(SELECT v.code FROM code.value v WHERE v.list = 'document_type'))
                           AND d.number_key = number);
        END IF;
        RETURN ARRAY[]::bigint[];
    END $$;
COMMENT ON FUNCTION registry.search_number(text, text) IS
    'Keys of the persons whose resident ID, telephone or document, or of the employers whose credit code or registration number a query is, whole (按号码检索)';

CREATE OR REPLACE FUNCTION registry.search_statement(kind text, rung text, within division_code)
    RETURNS text
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        entry     constant text := CASE kind WHEN 'dwelling' THEN 'address' ELSE 'name' END;
        condition constant text := CASE rung
            WHEN 'number' THEN 't.%1$s_id = ANY ($5)'
            WHEN 'prefix' THEN 'search_text(t.%2$s) COLLATE "C" >= search_text($1) AND search_text(t.%2$s) COLLATE "C" < search_text($1) || U&''\+10FFFF'''
            ELSE 'search_keys(t.%2$s) @> $3' END;
        theirs    constant text := CASE kind WHEN 'person' THEN ' AND acts_on(''person'', t.person_id)' ELSE ' AND acts_in(t.division)' END;
        place     constant text := CASE WHEN within IS NULL THEN '' WHEN kind = 'person'
            THEN ' AND EXISTS (SELECT FROM registry.residence r WHERE r.person_id = t.person_id AND residence_is_current(r.state) AND r.division <@ $6)'
            ELSE ' AND t.division <@ $6' END;
    BEGIN
        -- Two hundred answers are ranked, not all: of what half the register has any will do, and the whole name comes first
        -- where names come in order. OFFSET 0: the score is computed once.
        RETURN format('SELECT array_agg(r.key), array_agg(r.score) FROM (SELECT c.key, c.score FROM (SELECT f.key, f.score FROM ('
                      || 'SELECT t.%1$s_id AS key, ' || CASE rung WHEN 'number' THEN '1::real' ELSE 'search_score(t.%2$s, $1, $2)' END || ' AS score '
                      || 'FROM registry.%1$s t WHERE ' || condition || place || theirs || ' AND t.%1$s_id <> ALL ($4)'
                      || CASE rung WHEN 'prefix' THEN ' ORDER BY search_text(t.%2$s) COLLATE "C"' ELSE '' END
                      || ' OFFSET 0) AS f WHERE f.score IS NOT NULL LIMIT greatest(200, $7)) AS c ORDER BY c.score DESC, c.key LIMIT $7) AS r',
                      kind, entry);
    END $$;
COMMENT ON FUNCTION registry.search_statement(text, text, division_code) IS
    'The query that finds answers on a rung (检索语句), as an array of keys and one of scores, the best first: kind is person, dwelling or employer; $1 the query, $2 the rung, $3 the keys of the step, $4 keys that are found already, $5 those found by a number, $6 the division, $7 how many';

CREATE OR REPLACE FUNCTION registry.search(kind text, query text, within division_code, most integer)
    RETURNS TABLE (key bigint, rung text, score real)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    SET jit = off
    AS $$
    DECLARE
        at      constant text := 'registry.' || kind;
        longest constant integer := 64;
        entry   constant text := COALESCE(search_text(query), '');
        numbers bigint[];
        known   bigint[] := ARRAY[]::bigint[];
        keys    bigint[];
        scores  real[];
        step    record;
    BEGIN
        IF entry = '' THEN
            PERFORM refuse('RG225', '{}', at);
        ELSIF entry ~ '^[0-9a-z]$' THEN
            PERFORM refuse('RG226', '{}', at);
        ELSIF length(entry) > longest THEN
            PERFORM refuse('RG227', ARRAY[longest::text], at);
        ELSIF most BETWEEN 1 AND 1000 IS NOT TRUE THEN
            PERFORM refuse('RG228', ARRAY['1000', COALESCE(most::text, 'NULL')], at);
        END IF;
        numbers := registry.search_number(kind, query);
        FOR step IN
            SELECT 'number' AS rung, NULL::integer[] AS keys WHERE numbers <> '{}'
            UNION ALL
            SELECT s.rung, s.keys FROM search_steps(query) AS s WHERE numbers = '{}'
        LOOP
            EXECUTE registry.search_statement(kind, step.rung, within) INTO keys, scores
                USING query, step.rung, step.keys, known, numbers, within, most - cardinality(known);
            RETURN QUERY
                SELECT found.key, CASE WHEN step.rung = 'prefix' AND found.score = 1 THEN 'exact' ELSE step.rung END, found.score
                FROM unnest(keys, scores) AS found (key, score);
            known := known || keys;
            EXIT WHEN cardinality(known) = most;
        END LOOP;
    END $$;
COMMENT ON FUNCTION registry.search(text, text, division_code, integer) IS
    'Keys of the persons, dwellings or employers that a query may mean (检索): rung number, exact, prefix, fragment, pinyin, initials, homophone or one_wrong, and a score up to 1. A later rung is tried where the earlier ones gave fewer than the most. Errors: RG225-RG228';

CREATE OR REPLACE FUNCTION api.search_person(query text, within text DEFAULT NULL, "limit" integer DEFAULT 20)
    RETURNS TABLE (person_id bigint, name text, resident_id text, sex text, birth_date date,
                   dwelling_id bigint, address text, division text, rung text, score real)
    LANGUAGE sql STABLE PARALLEL RESTRICTED
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
        SELECT p.person_id, shown('name', p.name, p.person_id, 'api.search_person'), shown_resident_id(p.resident_id, p.person_id, 'api.search_person'),
               p.sex, shown_birth_date(p.birth_date, p.person_id, 'api.search_person'), d.dwelling_id,
               shown('address', d.address, p.person_id, 'api.search_person'), d.division::text, s.rung, s.score
        FROM registry.search('person', query, within::division_code, "limit") s
        JOIN registry.person p ON p.person_id = s.key
        LEFT JOIN registry.residence r ON r.person_id = p.person_id AND residence_is_current(r.state)
        LEFT JOIN registry.dwelling d ON d.dwelling_id = r.dwelling_id
        WHERE note_asked('api.search_person', jsonb_strip_nulls(jsonb_build_object('query', mask_query(query), 'within', within, 'limit', "limit")))
          AND p.person_id <> ALL ((SELECT registry.withheld_persons())::bigint[])
        ORDER BY s.score DESC, p.person_id
    $$;
COMMENT ON FUNCTION api.search_person(text, text, integer) IS
    'Persons that a query may mean, the best first (人员检索): a name or any part of it, its pinyin or initials, a homophone, one wrong character; or a whole resident ID, telephone or document number. within: those who live now in that division. Answers the masked resident ID, the dwelling of the current residence, on which rung it was found (number, exact, prefix, fragment, pinyin, initials, homophone, one_wrong) and a score up to 1. Errors: RG225-RG228, 22P02 for a division that is none';

CREATE OR REPLACE FUNCTION api.search_dwelling(query text, within text DEFAULT NULL, "limit" integer DEFAULT 20)
    RETURNS TABLE (dwelling_id bigint, address text, division text, division_name text, kind text, let_state text, rung text, score real)
    LANGUAGE sql STABLE PARALLEL SAFE
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
        SELECT d.dwelling_id, d.address, d.division::text, division_name(d.division), d.kind, d.let_state, s.rung, s.score
        FROM registry.search('dwelling', query, within::division_code, "limit") s
        JOIN registry.dwelling d ON d.dwelling_id = s.key
        ORDER BY s.score DESC, d.dwelling_id
    $$;
COMMENT ON FUNCTION api.search_dwelling(text, text, integer) IS
    'Dwellings that a query may mean, the best first (房屋检索): any part of the address below the division, its pinyin or initials, homophones, one wrong Chinese character. within: those in that division. rung, score and errors as of api.search_person()';

CREATE OR REPLACE FUNCTION api.search_employer(query text, within text DEFAULT NULL, "limit" integer DEFAULT 20)
    RETURNS TABLE (employer_id bigint, name text, credit_code text, division text, division_name text, state text, rung text, score real)
    LANGUAGE sql STABLE PARALLEL SAFE
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
        SELECT e.employer_id, e.name, e.credit_code::text, e.division::text, division_name(e.division), e.state, s.rung, s.score
        FROM registry.search('employer', query, within::division_code, "limit") s
        JOIN registry.employer e ON e.employer_id = s.key
        ORDER BY s.score DESC, e.employer_id
    $$;
COMMENT ON FUNCTION api.search_employer(text, text, integer) IS
    'Employers that a query may mean, the best first (用人单位检索): any part of the name, its pinyin or initials, homophones, one wrong character; or the whole credit code or registration number. within: those that work in that division. rung, score and errors as of api.search_person()';
