-- node: keys tell which node of several issued them, so that nodes can be brought together.

CREATE OR REPLACE PROCEDURE residency.set_node(city text)
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        first_key bigint;
        keyed     record;
        taken     boolean;
    BEGIN
        IF city !~ '^[1-8][0-9]{3}$' OR residency.is_division_code(city) IS NOT TRUE THEN
            RAISE EXCEPTION 'a node is named by the four digits of a city'
                USING ERRCODE = 'invalid_parameter_value',
                      DETAIL = format('"%s" are not the first four digits of a division code.', left(city, 20)),
                      HINT = 'Give 4601 for a node in Haikou.';
        END IF;
        first_key := city::bigint * 1000000000000 + 1;
        FOR keyed IN
            SELECT c.oid::regclass AS name, pg_get_serial_sequence(c.oid::regclass::text, a.attname) AS sequence
            FROM pg_class c
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attidentity <> ''
            WHERE c.relnamespace = 'registry'::regnamespace AND c.relkind IN ('r', 'p')
            ORDER BY c.oid
        LOOP
            EXECUTE format('LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE', keyed.name);
            EXECUTE format('SELECT EXISTS (SELECT FROM %s)', keyed.name) INTO taken;
            IF taken THEN
                RAISE EXCEPTION 'table % has keys already', keyed.name
                    USING ERRCODE = 'object_not_in_prerequisite_state',
                          HINT = 'Name the node before the first row is registered.';
            END IF;
            EXECUTE format('ALTER SEQUENCE %s MINVALUE %s MAXVALUE %s START %s RESTART',
                           keyed.sequence, first_key, first_key + 999999999998, first_key);
        END LOOP;
    END $$;
COMMENT ON PROCEDURE residency.set_node(text) IS
    'Names the node whose keys begin with these four digits of a city (节点编号): 4601 issues 4601000000000001 and on, below 2^53. For a register that shall be brought together with others; before the first row. Errors: 22023 no city, 55000 keys have been issued, 42501 not the owner of the tables';

CREATE OR REPLACE FUNCTION residency.join_node()
    RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        first_key CONSTANT bigint := (SELECT s.seqstart FROM pg_sequence s
                                      WHERE s.seqrelid = pg_get_serial_sequence('registry.person', 'person_id')::regclass);
        sequence  text;
    BEGIN
        IF first_key = 1 THEN
            RETURN;
        END IF;
        FOR sequence IN
            SELECT s.seqrelid::regclass::text
            FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid
            WHERE c.relnamespace = 'registry'::regnamespace AND s.seqstart = 1
        LOOP
            EXECUTE format('ALTER SEQUENCE %s MINVALUE %s MAXVALUE %s START %s RESTART',
                           sequence, first_key, first_key + 999999999998, first_key);
        END LOOP;
    END $$;
COMMENT ON FUNCTION residency.join_node() IS
    'Gives tables that a step has just made the keys of the node, where residency.set_node() has named it before (新表沿用节点编号)';
