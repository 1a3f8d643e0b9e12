-- block: committed changes are closed into blocks, and anybody can check that none was touched since. See docs/seal.md.

CREATE OR REPLACE FUNCTION residency.image_digest(salt uuid, image jsonb)
    RETURNS bytea
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_image_digest';
COMMENT ON FUNCTION residency.image_digest(uuid, jsonb) IS
    'What stays of an image that is purged (内容摘要): SHA-256 of the sixteen bytes of its salt and its text in UTF-8';

CREATE OR REPLACE FUNCTION residency.change_fields(
        change_id bigint, changed_at timestamptz, transaction xid8, cluster_id bigint, actor text, login text, purpose text,
        request_id uuid, act text, table_name text, key jsonb, operation text, image jsonb, salt uuid, image_digest bytea)
    RETURNS text
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_change_fields';
COMMENT ON FUNCTION residency.change_fields(bigint, timestamptz, xid8, bigint, text, text, text, uuid, text, text, jsonb, text, jsonb, uuid, bytea) IS
    'Canonical form of a change (变更规范形式): a JSON array of texts and nulls without blanks – change_id, changed_at in UTC with microseconds, transaction, cluster_id, actor, login, purpose, request_id, act, table_name, key, operation, digest in hexadecimal: residency.image_digest() where there is an image, else what is written down. Never changed: all sealed hashes rest on it';

CREATE OR REPLACE FUNCTION residency.change_leaf(
        change_id bigint, changed_at timestamptz, transaction xid8, cluster_id bigint, actor text, login text, purpose text,
        request_id uuid, act text, table_name text, key jsonb, operation text, image jsonb, salt uuid, image_digest bytea)
    RETURNS bytea
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_change_leaf';
COMMENT ON FUNCTION residency.change_leaf(bigint, timestamptz, xid8, bigint, text, text, text, uuid, text, text, jsonb, text, jsonb, uuid, bytea) IS
    'Hash of a change (变更哈希): SHA-256(0x00 || residency.change_fields() in UTF-8)';

CREATE OR REPLACE FUNCTION residency.merkle_root(leaves bytea[])
    RETURNS bytea
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_merkle_root';
COMMENT ON FUNCTION residency.merkle_root(bytea[]) IS
    'Root of the Merkle tree over leaves of 32 bytes (默克尔根), in the shape of RFC 6962: a node is SHA-256(0x01 || left || right), who is left over goes up as it is. NULL without leaves, or where one is NULL or has another length';

CREATE OR REPLACE FUNCTION residency.merkle_path(leaves bytea[], place integer)
    RETURNS bytea[]
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_merkle_path';
COMMENT ON FUNCTION residency.merkle_path(bytea[], integer) IS
    'The hashes that lead from the leaf at a place, from 0, to the root (默克尔路径), from below; NULL where residency.merkle_root() is, or without such a place';

CREATE OR REPLACE PROCEDURE residency.seal_changes(at_most bigint DEFAULT 1000000)
    LANGUAGE plpgsql
    AS $$
    -- A procedure that commits can't have a SET clause: every name is qualified.
    DECLARE
        -- what is committed now, or nobody who writes all the time would let this end
        horizon CONSTANT xid8 := pg_catalog.pg_snapshot_xmin(pg_catalog.pg_current_snapshot());
    BEGIN
        IF residency.in_transaction_block() THEN
            RAISE EXCEPTION 'seal_changes() cannot run inside a transaction block'
                USING ERRCODE = 'active_sql_transaction',
                      DETAIL = 'What is sealed is a transaction of its own.',
                      HINT = 'CALL residency.seal_changes() outside BEGIN and COMMIT, as a statement of its own.';
        END IF;
        IF (at_most OPERATOR(pg_catalog.>) 0) IS NOT TRUE THEN
            RAISE EXCEPTION 'seal_changes() cannot seal % changes at a time', at_most
                USING ERRCODE = 'invalid_parameter_value',
                      HINT = 'at_most is about the number of changes a transaction: 1000000, if nothing is said.';
        END IF;
        WHILE ledger.seal(horizon, at_most) OPERATOR(pg_catalog.>) 0 LOOP
            COMMIT;
        END LOOP;
    END $$;
COMMENT ON PROCEDURE residency.seal_changes(bigint) IS
    'Closes all changes into blocks whose transactions had ended, together with all that began before them, when it was called (封存变更). at_most: about how many changes a transaction; those of one transaction are sealed together. Nobody who writes waits for it; two at once take turns; killed, it leaves nothing half. Errors: 25001 inside a transaction, 22023 no size';

CREATE OR REPLACE FUNCTION residency.verify_ledger(
        from_block bigint DEFAULT NULL, to_block bigint DEFAULT NULL,
        OUT block_id bigint, OUT change_id bigint, OUT finding text, OUT detail text)
    RETURNS SETOF record
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    SET datestyle = 'ISO'
    SET jit = off
    AS $$
    DECLARE
        newest CONSTANT bigint := COALESCE(greatest((SELECT max(b.block_id) FROM ledger.block b), (SELECT max(s.block_id) FROM ledger.sealed s)), 0);
        first  CONSTANT bigint := COALESCE(from_block, 1);
        last   CONSTANT bigint := COALESCE(to_block, newest);
        number bigint;
        block  ledger.block;
        before ledger.block;
    BEGIN
        IF (from_block IS NOT NULL OR to_block IS NOT NULL) AND NOT (first >= 1 AND last >= first AND last <= newest) THEN
            PERFORM residency.refuse('RG322', ARRAY[first, last, newest]::text[], 'ledger.block', 'block_id');
        END IF;
        SELECT b.* INTO before FROM ledger.block b WHERE b.block_id = first - 1;
        FOR number IN SELECT n FROM generate_series(first, last) AS n LOOP
            SELECT b.* INTO block FROM ledger.block b WHERE b.block_id = number;
            IF block.block_id IS NULL THEN
                RETURN QUERY SELECT number, NULL::bigint, 'block missing', 'there is no such block, but there are later ones, or entries of it';
            ELSE
                IF number = 1 AND block.previous <> ledger.no_block() THEN
                    RETURN QUERY SELECT number, NULL::bigint, 'chain broken', 'the first block follows no other, but names one';
                ELSIF before.block_id = number - 1 AND block.previous IS DISTINCT FROM ledger.block_hash(before) THEN
                    RETURN QUERY SELECT number - 1, NULL::bigint, 'chain broken', format('this is not the block that block %s follows: one of the two was changed', number);
                END IF;
                RETURN QUERY SELECT number, f.change_id, f.finding, f.detail FROM ledger.block_findings(block) f;
            END IF;
            before := block;
        END LOOP;
        RETURN QUERY SELECT f.block_id, f.change_id, f.finding, f.detail FROM ledger.outside_findings(first, last, last = newest) f;
    END $$;
COMMENT ON FUNCTION residency.verify_ledger(bigint, bigint) IS
    'Works out anew every hash of the blocks from one to another, NULL: of all, and names what is not as it was sealed (验证台账): block, change, finding – changed, removed, added, reordered, null hash, hash altered, purged, partition dropped, block missing, chain broken, root altered, unsealed – and what that means. No row: nothing was touched since, provided that the chain still has the anchor that was kept elsewhere, residency.verify_anchor(). Errors: RG322 no such blocks';

CREATE OR REPLACE FUNCTION residency.verify_anchor(
        anchor_block bigint, anchor_hash text,
        OUT block_id bigint, OUT change_id bigint, OUT finding text, OUT detail text)
    RETURNS SETOF record
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        hash CONSTANT text := (SELECT encode(ledger.block_hash(b), 'hex') FROM ledger.block b WHERE b.block_id = anchor_block);
    BEGIN
        IF hash IS NULL THEN
            RETURN QUERY SELECT anchor_block, NULL::bigint, 'block missing', 'an anchor of this block was kept, but the block is not there';
        ELSIF hash IS DISTINCT FROM lower(btrim(anchor_hash)) THEN
            RETURN QUERY SELECT anchor_block, NULL::bigint, 'anchor differs', 'this is not the block whose anchor was kept: it, or one before it, was sealed anew or changed';
        END IF;
    END $$;
COMMENT ON FUNCTION residency.verify_anchor(bigint, text) IS
    'Compares the chain with an anchor that was printed or published, api.ledger_anchor() (核对锚点): number of the block and its hash in hexadecimal. No row: the chain leads up to that anchor; residency.verify_ledger() tells the rest';

CREATE OR REPLACE FUNCTION residency.inclusion_proof(change_id bigint, to_block bigint DEFAULT NULL)
    RETURNS jsonb
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        newest CONSTANT bigint := COALESCE((SELECT max(b.block_id) FROM ledger.block b), 0);
        last   CONSTANT bigint := COALESCE(to_block, newest);
        entry  ledger.sealed;
        proof  jsonb;
    BEGIN
        SELECT s.* INTO entry FROM ledger.sealed s WHERE s.change_id = inclusion_proof.change_id ORDER BY s.block_id, s.position LIMIT 1;
        IF NOT FOUND THEN
            PERFORM residency.refuse('RG321', ARRAY[COALESCE(inclusion_proof.change_id::text, '-')], 'ledger.sealed', 'change_id');
        ELSIF last < entry.block_id OR last > newest THEN
            PERFORM residency.refuse('RG322', ARRAY[entry.block_id, last, newest]::text[], 'ledger.block', 'block_id');
        END IF;
        SELECT jsonb_build_object(
            'change', (SELECT ledger.change_fields(c)::jsonb FROM ledger.change c WHERE c.changed_at = entry.changed_at AND c.change_id = entry.change_id),
            'position', entry.position,
            'path', to_jsonb(ARRAY(SELECT encode(step.hash, 'hex') FROM unnest(residency.merkle_path(array_agg(s.leaf ORDER BY s.position), entry.position)) WITH ORDINALITY AS step (hash, height) ORDER BY step.height)),
            'blocks', ledger.block_headers(entry.block_id, last))
        INTO proof
        FROM ledger.sealed s WHERE s.block_id = entry.block_id;
        RETURN proof;
    END $$;
COMMENT ON FUNCTION residency.inclusion_proof(bigint, bigint) IS
    'What proves that a change stands in the chain as it is (存在性证明), for docs/verify_proof.py and without this database: its fields, its position in the block, the path to the root, the headers of the blocks up to to_block, NULL the newest – give the block of the anchor that was kept. Holds no image, only its digest. Errors: RG321 the change is in no block, RG322 no such block';

CREATE OR REPLACE FUNCTION residency.seal_summary(
        OUT blocks bigint, OUT changes bigint, OUT newest_block bigint, OUT sealed_at timestamptz, OUT waiting bigint, OUT waiting_since timestamptz, OUT bytes bigint)
    RETURNS record
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        SELECT count(*), COALESCE(sum(b.changes), 0), max(b.block_id), max(b.sealed_at) INTO blocks, changes, newest_block, sealed_at FROM ledger.block b;
        SELECT count(*), min(c.changed_at) INTO waiting, waiting_since FROM ledger.unsealed_changes() c;
        bytes := pg_total_relation_size('ledger.sealed') + pg_total_relation_size('ledger.block');
    END $$;
COMMENT ON FUNCTION residency.seal_summary() IS
    'How far the changes are sealed (封存概况): blocks, changes in them, the newest block and when it was sealed; changes that wait for the next one, and since when; bytes that blocks and entries take, with their indexes';
