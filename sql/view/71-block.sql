-- Sealed blocks: what is hashed, how blocks are made, and what verification looks for. Bodies of hashes are bound when they are made,
-- so no search_path can put another function in.

CREATE OR REPLACE FUNCTION ledger.change_fields(c ledger.change)
    RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN residency.change_fields(c.change_id, c.changed_at, c.transaction, c.cluster_id, c.actor, c.login, c.purpose, c.request_id,
        c.act, c.table_name, c.key, c.operation, c.image, c.salt, c.image_digest);
COMMENT ON FUNCTION ledger.change_fields(ledger.change) IS 'Canonical form of a change (变更规范形式), residency.change_fields()';

CREATE OR REPLACE FUNCTION ledger.change_leaf(c ledger.change)
    RETURNS bytea
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN residency.change_leaf(c.change_id, c.changed_at, c.transaction, c.cluster_id, c.actor, c.login, c.purpose, c.request_id,
        c.act, c.table_name, c.key, c.operation, c.image, c.salt, c.image_digest);
COMMENT ON FUNCTION ledger.change_leaf(ledger.change) IS 'Hash of a change (变更哈希), residency.change_leaf()';

CREATE OR REPLACE FUNCTION ledger.block_fields(b ledger.block)
    RETURNS json
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN array_to_json(ARRAY[
        b.block_id::text, encode(b.previous, 'hex'), encode(b.root, 'hex'), b.changes::text, b.horizon::text, b.cluster_id::text,
        to_char(b.sealed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), b.sealed_by]);
COMMENT ON FUNCTION ledger.block_fields(ledger.block) IS
    'Header of a block (区块头): a JSON array of texts without blanks – block_id, previous, root, changes, horizon, cluster_id, sealed_at in UTC, sealed_by; hashes in hexadecimal';

CREATE OR REPLACE FUNCTION ledger.block_hash(b ledger.block)
    RETURNS bytea
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN sha256('\x02'::bytea || convert_to(ledger.block_fields(b)::text, 'UTF8'));
COMMENT ON FUNCTION ledger.block_hash(ledger.block) IS 'Hash of a block (区块哈希), which the next block names as previous: SHA-256(0x02 || header)';

CREATE OR REPLACE FUNCTION ledger.no_block()
    RETURNS bytea
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN decode(repeat('00', 32), 'hex');
COMMENT ON FUNCTION ledger.no_block() IS 'What the first block has for previous (首块前哈希): 32 zero bytes';

CREATE OR REPLACE FUNCTION ledger.block_headers(from_block bigint, to_block bigint)
    RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        SELECT COALESCE(jsonb_agg(ledger.block_fields(b)::jsonb ORDER BY b.block_id), '[]')
        FROM ledger.block b WHERE b.block_id BETWEEN from_block AND to_block
    $$;
COMMENT ON FUNCTION ledger.block_headers(bigint, bigint) IS 'Headers of the blocks from one to another (区块头序列), ledger.block_fields()';

-- Up to where each cluster has sealed: horizons are transactions, and every cluster counts its own.
CREATE OR REPLACE VIEW ledger.seal_horizon AS
SELECT b.cluster_id, max(b.horizon) AS horizon FROM ledger.block b GROUP BY b.cluster_id;
COMMENT ON VIEW ledger.seal_horizon IS 'Up to which transaction each cluster has sealed its changes (各集群封存界限)';
COMMENT ON COLUMN ledger.seal_horizon.cluster_id IS 'Cluster (数据库集群标识)';
COMMENT ON COLUMN ledger.seal_horizon.horizon IS 'Changes of all transactions before this one are sealed (事务界限)';

-- A change of another cluster came by a restore: it is taken when this cluster seals for the first time. Later, and where its
-- transaction lies before the horizon, it is no change that waits but a finding.
CREATE OR REPLACE FUNCTION ledger.unsealed_changes(horizon xid8 DEFAULT NULL)
    RETURNS SETOF ledger.change
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
        SELECT c.*
        FROM ledger.change c
        WHERE c.cluster_id = (SELECT residency.cluster_id())
          AND c.transaction >= COALESCE((SELECT h.horizon FROM ledger.seal_horizon h WHERE h.cluster_id = residency.cluster_id()), '0')
          AND c.transaction < COALESCE(unsealed_changes.horizon, '18446744073709551615')
        UNION ALL
        SELECT c.*
        FROM ledger.change c
        WHERE (SELECT residency.cluster_id() IS DISTINCT FROM (SELECT b.cluster_id FROM ledger.block b ORDER BY b.block_id DESC LIMIT 1))
          AND c.cluster_id <> (SELECT residency.cluster_id())
          AND c.transaction >= COALESCE((SELECT h.horizon FROM ledger.seal_horizon h WHERE h.cluster_id = c.cluster_id), '0');
    END;
COMMENT ON FUNCTION ledger.unsealed_changes(xid8) IS
    'The changes that the next blocks have to take (待封存变更): of this cluster those by transactions before a horizon, NULL: all, and what a restore has brought from another cluster';

CREATE OR REPLACE FUNCTION ledger.seal_up_to(horizon xid8, at_most bigint)
    RETURNS xid8
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        -- a transaction is sealed whole, so that a horizon says it all
        last CONSTANT xid8 := (SELECT c.transaction FROM ledger.unsealed_changes(horizon) c WHERE c.cluster_id = cluster_id() ORDER BY c.transaction OFFSET at_most - 1 LIMIT 1);
    BEGIN
        RETURN COALESCE((last::text::numeric + 1)::text::xid8, horizon);
    END $$;
COMMENT ON FUNCTION ledger.seal_up_to(xid8, bigint) IS
    'The horizon before which there are about so many changes to seal, those of the last transaction whole (分批封存界限)';

CREATE OR REPLACE FUNCTION ledger.seal(horizon xid8, at_most bigint)
    RETURNS bigint
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET jit = off
    AS $$
    DECLARE
        size    CONSTANT integer := greatest(policy_int('seal_block_size', NULL, today()), 1);
        cluster CONSTANT bigint := cluster_id();
        before  ledger.block;
        start   bigint;
        until   xid8;
        since   xid8;
        sealed  bigint;
        blocks  bigint;
    BEGIN
        -- one seals at a time; who waited here goes on from what the other has sealed
        PERFORM pg_advisory_xact_lock(hashtextextended('residency.seal', 0));
        until := ledger.seal_up_to(horizon, at_most);
        since := COALESCE((SELECT h.horizon FROM ledger.seal_horizon h WHERE h.cluster_id = cluster), '0');
        SELECT b.* INTO before FROM ledger.block b ORDER BY b.block_id DESC LIMIT 1;
        -- a block that somebody has removed is not made up for: its entries, if they are left, show that it was there
        start := 1 + greatest(COALESCE(before.block_id, 0), (SELECT COALESCE(max(s.block_id), 0) FROM ledger.sealed s));

        INSERT INTO ledger.sealed (block_id, position, change_id, changed_at, leaf)
        SELECT start + t.n / size, t.n % size, t.change_id, t.changed_at, t.leaf
        FROM (SELECT row_number() OVER (ORDER BY l.change_id, l.changed_at) - 1 AS n, l.change_id, l.changed_at, l.leaf
              -- hashed first, so that no images are sorted
              FROM (SELECT c.change_id, c.changed_at, ledger.change_leaf(c) AS leaf FROM ledger.unsealed_changes(until) c OFFSET 0) AS l) AS t;
        GET DIAGNOSTICS sealed = ROW_COUNT;

        blocks := (sealed + size - 1) / size;
        FOR number IN start .. start + blocks - 1 LOOP
            INSERT INTO ledger.block (block_id, previous, root, changes, horizon, cluster_id)
            SELECT number, CASE WHEN before.block_id IS NULL THEN ledger.no_block() ELSE ledger.block_hash(before) END, merkle_root(array_agg(s.leaf ORDER BY s.position)), count(*),
                   -- those before the last are not yet all of it
                   CASE WHEN number < start + blocks - 1 THEN since ELSE until END, cluster
            FROM ledger.sealed s WHERE s.block_id = number
            RETURNING * INTO before;
        END LOOP;
        RETURN sealed;
    END $$;
COMMENT ON FUNCTION ledger.seal(xid8, bigint) IS
    'Seals about so many changes by transactions before a horizon, below which nobody may be at work any more, into blocks of policy seal_block_size (封存区块); how many. Call residency.seal_changes()';

CREATE OR REPLACE FUNCTION registry.due_blocks("on" date, batch integer)
    RETURNS integer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        horizon CONSTANT xid8 := pg_snapshot_xmin(pg_current_snapshot());
        size    CONSTANT integer := policy_int('seal_block_size', NULL, "on");
    BEGIN
        -- those who write meanwhile would let it go on for ever, a small block for each of them
        IF (SELECT max(b.sealed_at) FROM ledger.block b) > clock_timestamp() - policy_interval('seal_interval', NULL, "on")
           AND (SELECT count(*) FROM (SELECT FROM ledger.unsealed_changes(horizon) LIMIT size) AS c) < size THEN
            RETURN 0;
        END IF;
        RETURN ledger.seal(horizon, greatest(batch, 1000000));
    END $$;
COMMENT ON FUNCTION registry.due_blocks(date, integer) IS
    'Seals what has been committed (封存变更), about a million changes at a time; less than a block only if none was made within policy seal_interval. How many. CALL residency.seal_changes() does it more often';
