-- error: the one way in which a business rule says no.

CREATE OR REPLACE FUNCTION residency.refuse(
        error_code text, facts text[] DEFAULT '{}',
        at_table text DEFAULT '', at_column text DEFAULT '')
    RETURNS boolean
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        chinese boolean := current_setting('residency.language', true) = 'zh';
        entry   code.error;
    BEGIN
        SELECT * INTO entry FROM code.error e WHERE e.code = error_code;
        IF NOT FOUND THEN
            entry.message := 'the register refuses';
            entry.hint := 'The catalogue code.error has no entry ' || error_code || '.';
            chinese := false;
        END IF;
        RAISE EXCEPTION USING
            ERRCODE = error_code,
            MESSAGE = CASE WHEN chinese THEN entry.message_zh ELSE entry.message END,
            DETAIL = COALESCE(format(CASE WHEN chinese THEN entry.detail_zh ELSE entry.detail END, VARIADIC facts), ''),
            HINT = COALESCE(format(CASE WHEN chinese THEN entry.hint_zh ELSE entry.hint END, VARIADIC facts), ''),
            SCHEMA = split_part(at_table, '.', 1),
            TABLE = split_part(at_table, '.', 2),
            COLUMN = at_column,
            CONSTRAINT = COALESCE(entry.constraint_name, '');
    END $$;
COMMENT ON FUNCTION residency.refuse(text, text[], text, text) IS
    'Raises the refusal of the catalogue code.error (拒绝): its SQLSTATE, MESSAGE, DETAIL with the facts of the case, HINT. Facts are keys, days, codes and masked numbers, never personal data. Returns nothing; boolean so that it can stand in a query';
