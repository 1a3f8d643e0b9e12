-- dwelling_address: the standard address of a dwelling, kept from what was entered.

CREATE OR REPLACE FUNCTION residency.division_address(division residency.division_code)
    RETURNS residency.address
    LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_division_address';
COMMENT ON FUNCTION residency.division_address(residency.division_code) IS
    'A division as an address: its names and its code, nothing beneath (区划地址). Shows the gazetteer as committed now; 55000 no gazetteer';

CREATE OR REPLACE FUNCTION residency.standard_address(address text, division residency.division_code, whole_id bigint)
    RETURNS residency.address
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        own   CONSTANT residency.address := residency.normalize_address(address, division);
        whole residency.address;
    BEGIN
        IF whole_id IS NOT NULL THEN
            SELECT w.standard_address INTO whole FROM registry.dwelling w WHERE w.dwelling_id = whole_id;
        END IF;
        whole := COALESCE(whole, residency.division_address(division));
        RETURN COALESCE(residency.part_address(whole, own), whole);
    END $$;
COMMENT ON FUNCTION residency.standard_address(text, residency.division_code, bigint) IS
    'Standard address of a dwelling by what was entered (标准地址): the division says the region, whatever the text says; what the text of a part leaves out, such as the road, is that of the whole';

CREATE OR REPLACE FUNCTION residency.dwelling_standard()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        NEW.standard_address := residency.standard_address(NEW.address, NEW.division, NEW.parent_id);
        IF TG_OP = 'INSERT' OR NEW.door_plate_id IS NULL
           OR (NEW.address, NEW.parent_id) IS DISTINCT FROM (OLD.address, OLD.parent_id)
           -- its plate may have gone over to the new division before it
           OR NEW.division <> OLD.division
              AND NOT EXISTS (SELECT FROM registry.door_plate p WHERE p.door_plate_id = NEW.door_plate_id AND p.division = NEW.division) THEN
            LOOP
                NEW.door_plate_id := residency.door_plate_at(residency.plate_address(NEW.standard_address));
                EXIT WHEN NEW.door_plate_id IS NULL;
                -- who replaces it waits for this dwelling, or is waited for and then followed
                PERFORM FROM registry.door_plate p WHERE p.door_plate_id = NEW.door_plate_id AND p.state <> 'replaced' FOR SHARE;
                EXIT WHEN FOUND;
            END LOOP;
        END IF;
        IF NEW.door_plate_id IS NOT NULL THEN
            NEW.standard_address := COALESCE(
                (SELECT residency.renumber_address(NEW.standard_address, p.address) FROM registry.door_plate p WHERE p.door_plate_id = NEW.door_plate_id),
                NEW.standard_address);
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.dwelling_standard() IS
    'Trigger of registry.dwelling (房屋标准地址): standard address and door plate follow from address, division and whole; a plate that was replaced is followed';

CREATE OR REPLACE FUNCTION residency.dwelling_standard_parts()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        IF NEW.standard_address IS DISTINCT FROM OLD.standard_address THEN
            -- its own update fires it for the next level
            UPDATE registry.dwelling part SET address = part.address WHERE part.parent_id = NEW.dwelling_id;
        END IF;
        RETURN NULL;
    END $$;
COMMENT ON FUNCTION residency.dwelling_standard_parts() IS
    'Trigger of registry.dwelling (下属房屋标准地址随整体): parts whose address leaves something out have it from their whole';

CREATE OR REPLACE PROCEDURE residency.restandardize(batch integer DEFAULT 1000)
    LANGUAGE plpgsql
    AS $$
    -- A procedure that commits can't have a SET clause: every name is qualified.
    DECLARE
        one  text;
        last bigint;
        keys bigint[];
    BEGIN
        IF residency.in_transaction_block() THEN
            RAISE EXCEPTION 'restandardize() cannot run inside a transaction block'
                USING ERRCODE = 'active_sql_transaction',
                      DETAIL = 'Each batch is a transaction of its own.',
                      HINT = 'CALL residency.restandardize() outside BEGIN and COMMIT, as a statement of its own.';
        END IF;
        -- from the outside in, a kind a batch: a part needs its whole, and who arrives locks from the inside out
        FOREACH one IN ARRAY '{building,unit,room,bed}'::pg_catalog.text[] LOOP
            last := NULL;
            LOOP
                keys := ARRAY(SELECT d.dwelling_id FROM registry.dwelling d
                              WHERE d.kind OPERATOR(pg_catalog.=) one AND (d.dwelling_id OPERATOR(pg_catalog.>) last OR last IS NULL)
                              ORDER BY d.dwelling_id LIMIT batch);
                EXIT WHEN pg_catalog.cardinality(keys) OPERATOR(pg_catalog.=) 0;
                PERFORM residency.restandardize_batch(keys);
                last := keys[pg_catalog.cardinality(keys)];
                COMMIT;
            END LOOP;
        END LOOP;
    END $$;
COMMENT ON PROCEDURE residency.restandardize(integer) IS
    'Works the standard addresses of all dwellings out anew (标准地址重算), after roads, estates, names of divisions or the reader of addresses have become better; in batches of so many rows, a transaction each, that stop nobody for long; again does nothing more. Errors: 25001 inside a transaction';

CREATE OR REPLACE FUNCTION residency.restandardize_batch(keys bigint[])
    RETURNS bigint
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET enable_seqscan = off
    AS $$
    DECLARE
        changed bigint;
    BEGIN
        WITH due AS (
            SELECT d.dwelling_id
            FROM registry.dwelling d
            LEFT JOIN registry.door_plate p ON p.door_plate_id = d.door_plate_id
            CROSS JOIN LATERAL (SELECT residency.standard_address(d.address, d.division, d.parent_id) OFFSET 0) AS s (address)
            WHERE d.dwelling_id = ANY (keys)
              -- to the letter: equal addresses may differ in the names of their divisions
              AND (d.standard_address::text IS DISTINCT FROM COALESCE(residency.renumber_address(s.address, p.address), s.address)::text
                   OR d.door_plate_id IS NULL AND residency.door_plate_at(residency.plate_address(s.address)) IS NOT NULL)
            ORDER BY d.dwelling_id
            FOR NO KEY UPDATE OF d
        )
        UPDATE registry.dwelling d SET standard_address = NULL FROM due WHERE d.dwelling_id = due.dwelling_id;
        GET DIAGNOSTICS changed = ROW_COUNT;
        RETURN changed;
    END $$;
COMMENT ON FUNCTION residency.restandardize_batch(bigint[]) IS
    'Works the standard addresses of these dwellings out anew (标准地址重算批次): how many have changed';

CREATE OR REPLACE FUNCTION residency.is_locatable(address residency.address)
    RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT address IS NOT NULL AND COALESCE(residency.road(address), residency.estate(address), residency.village_group(address)) IS NOT NULL $$;
COMMENT ON FUNCTION residency.is_locatable(residency.address) IS
    'Whether an address leads to a house: it names a road, an estate or a village group (地址是否可定位)';
