-- Sealed blocks: what is not as it was sealed, and what the outside keeps of them.

CREATE OR REPLACE FUNCTION ledger.is_month_gone(moment timestamptz)
    RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        SELECT NOT EXISTS (
            -- bounds are written, and read, in the words of this session
            SELECT FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhrelid
            CROSS JOIN LATERAL regexp_match(pg_get_expr(p.relpartbound, p.oid), $bound$FROM \('([^']*)'\) TO \('([^']*)'\)$bound$) AS bound
            WHERE i.inhparent = 'ledger.change'::regclass AND moment >= bound[1]::timestamptz AND moment < bound[2]::timestamptz)
        -- nor is anything of that month in the default partition
        AND NOT EXISTS (
            SELECT FROM ledger.change c
            WHERE c.changed_at >= registry.day_start(date_trunc('month', local_day(moment))::date)
              AND c.changed_at < registry.day_start((date_trunc('month', local_day(moment)) + interval '1 month')::date))
    $$;
COMMENT ON FUNCTION ledger.is_month_gone(timestamptz) IS 'Whether ledger.change has neither a partition for a moment nor any change of its month (月分区已不存在)';

CREATE OR REPLACE FUNCTION ledger.block_findings(block ledger.block, OUT change_id bigint, OUT finding text, OUT detail text)
    RETURNS SETOF record
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    SET datestyle = 'ISO'
    SET enable_seqscan = off
    SET jit = off
    AS $$
    DECLARE
        id       CONSTANT bigint := block.block_id;
        earliest timestamptz;
        latest   timestamptz;
        sealed   bytea;    -- the root over the hashes that were sealed
        present  bytea;    -- and over those of the changes as they are
        told     boolean := false;
    BEGIN
        -- bounds for the partitions; a few days mostly
        SELECT min(s.changed_at), max(s.changed_at) INTO earliest, latest FROM ledger.sealed s WHERE s.block_id = id;
        SELECT merkle_root(array_agg(s.leaf ORDER BY s.position)), merkle_root(array_agg(ledger.change_leaf(c) ORDER BY s.position))
        INTO sealed, present
        FROM ledger.sealed s
        LEFT JOIN ledger.change c ON c.change_id = s.change_id AND c.changed_at = s.changed_at AND c.changed_at BETWEEN earliest AND latest
        WHERE s.block_id = id;
        IF sealed = block.root AND present = block.root THEN
            RETURN;
        END IF;

        FOR change_id, finding, detail IN
            SELECT e.change_id, f.finding, f.detail
            FROM (
                SELECT s.position, s.change_id, s.changed_at, s.leaf, c.change_id IS NOT NULL AS is_there, ledger.change_leaf(c) AS now,
                       c.operation, c.image IS NULL AS is_purged, c.image_digest,
                       row_number() OVER (ORDER BY s.position) <> row_number() OVER (ORDER BY s.change_id, s.changed_at) AS is_elsewhere
                FROM ledger.sealed s
                LEFT JOIN ledger.change c ON c.change_id = s.change_id AND c.changed_at = s.changed_at AND c.changed_at BETWEEN earliest AND latest
                WHERE s.block_id = id
            ) AS e
            CROSS JOIN LATERAL (
                SELECT 'null hash', format('the hash at position %s is missing', e.position) WHERE octet_length(e.leaf) IS DISTINCT FROM 32
                UNION ALL
                SELECT 'added', format('position %s lies behind the end of the block, which was sealed with %s changes', e.position, block.changes)
                WHERE e.position >= block.changes
                UNION ALL
                SELECT 'reordered', format('its entry stands at position %s, which is not its place', e.position) WHERE e.is_elsewhere
                UNION ALL
                SELECT 'changed', format('its time was altered from %s to %s', e.changed_at, o.changed_at)
                FROM ledger.change o
                WHERE NOT e.is_there AND o.change_id = e.change_id
                  AND NOT EXISTS (SELECT FROM ledger.sealed t WHERE t.change_id = o.change_id AND t.changed_at = o.changed_at)
                UNION ALL
                SELECT 'removed', format('the change of %s is gone', e.changed_at) WHERE NOT e.is_there AND NOT ledger.is_month_gone(e.changed_at)
                UNION ALL
                SELECT 'hash altered', format('the hash at position %s was altered, the change was not', e.position)
                WHERE e.is_there AND e.leaf <> e.now AND present = block.root
                UNION ALL
                SELECT 'purged', CASE WHEN e.image_digest IS NULL THEN 'its image is gone and left no digest'
                                      ELSE 'the digest in place of its purged image is another, or so is another column' END
                WHERE e.is_there AND e.leaf <> e.now AND e.is_purged AND e.operation IN ('I', 'U', 'B')
                UNION ALL
                SELECT 'changed', 'it is not what was sealed' WHERE e.is_there AND e.leaf <> e.now
                LIMIT 1
            ) AS f (finding, detail)
            UNION ALL
            SELECT NULL, 'removed', format('the entry at position %s is gone', p)
            FROM generate_series(0, block.changes - 1) AS p
            WHERE NOT EXISTS (SELECT FROM ledger.sealed s WHERE s.block_id = id AND s.position = p)
            UNION ALL
            SELECT NULL, 'partition dropped', format('no partition has the changes of %s: %s of this block', gone.month, gone.changes)
            FROM (SELECT to_char(local_day(s.changed_at), 'YYYY-MM') AS month, count(*) AS changes
                  FROM ledger.sealed s
                  WHERE s.block_id = id
                    AND NOT EXISTS (SELECT FROM ledger.change c WHERE c.change_id = s.change_id AND c.changed_at = s.changed_at)
                  GROUP BY 1
                  HAVING ledger.is_month_gone(min(s.changed_at))) AS gone
        LOOP
            told := true;
            RETURN NEXT;
        END LOOP;
        IF NOT told THEN
            change_id := NULL;
            finding := 'root altered';
            detail := 'the root is not that of its hashes: it was altered, or a change and its hash alike';
            RETURN NEXT;
        END IF;
    END $$;
COMMENT ON FUNCTION ledger.block_findings(ledger.block) IS
    'What is not as it was sealed within one block (区块核查): all hashes are worked out anew; only where the root differs is every entry looked at. Ask residency.verify_ledger()';

CREATE OR REPLACE FUNCTION ledger.outside_findings(
        from_block bigint, to_block bigint, to_newest boolean, OUT block_id bigint, OUT change_id bigint, OUT finding text, OUT detail text)
    RETURNS SETOF record
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    SET jit = off
    AS $$
        WITH span AS (
            SELECT b.cluster_id, COALESCE(max(b.horizon) FILTER (WHERE b.block_id < from_block), '0') AS since,
                   max(b.horizon) FILTER (WHERE b.block_id <= to_block) AS until
            FROM ledger.block b
            GROUP BY b.cluster_id
        ), outside AS (
            SELECT c.change_id, c.changed_at, c.cluster_id, c.transaction
            FROM span s
            JOIN ledger.change c ON c.cluster_id = s.cluster_id AND c.transaction >= s.since AND c.transaction < s.until
            WHERE NOT EXISTS (SELECT FROM ledger.sealed e WHERE e.change_id = c.change_id AND e.changed_at = c.changed_at)
            UNION
            -- this cluster has sealed before, so it has taken what came with a restore
            SELECT c.change_id, c.changed_at, c.cluster_id, c.transaction
            FROM ledger.change c
            WHERE to_newest AND c.cluster_id <> (SELECT cluster_id())
              AND (SELECT cluster_id() = (SELECT b.cluster_id FROM ledger.block b ORDER BY b.block_id DESC LIMIT 1))
              AND NOT EXISTS (SELECT FROM ledger.sealed e WHERE e.change_id = c.change_id AND e.changed_at = c.changed_at)
        )
        SELECT COALESCE((SELECT min(b.block_id) FROM ledger.block b WHERE b.cluster_id = o.cluster_id AND b.horizon > o.transaction), to_block),
               o.change_id, 'unsealed',
               format('of %s, in no block, though its transaction %s had ended: it was put in afterwards, or taken out of its block', o.changed_at, o.transaction)
        FROM outside o
        WHERE NOT EXISTS (SELECT FROM ledger.sealed e WHERE e.change_id = o.change_id)
        UNION ALL
        SELECT e.block_id, o.change_id, 'added', format('of %s, bears the number of another that stands in block %s', o.changed_at, e.block_id)
        FROM outside o
        JOIN ledger.sealed e ON e.change_id = o.change_id
        -- where that one is gone, its time was altered
        WHERE EXISTS (SELECT FROM ledger.change c WHERE c.change_id = e.change_id AND c.changed_at = e.changed_at)
        UNION ALL
        SELECT e.block_id, e.change_id, 'added', format('bears the number of another that stands in block %s', f.block_id)
        FROM (SELECT d.change_id FROM ledger.sealed d GROUP BY d.change_id HAVING count(*) > 1) AS twice
        JOIN ledger.sealed e ON e.change_id = twice.change_id AND e.block_id BETWEEN from_block AND to_block
        JOIN ledger.sealed f ON f.change_id = twice.change_id AND (f.block_id, f.position) < (e.block_id, e.position)
        JOIN ledger.change c ON c.change_id = e.change_id AND c.changed_at = e.changed_at
        -- clusters number their changes apart
        JOIN ledger.change d ON d.change_id = f.change_id AND d.changed_at = f.changed_at AND d.cluster_id = c.cluster_id
    $$;
COMMENT ON FUNCTION ledger.outside_findings(bigint, bigint, boolean) IS
    'Changes that should stand in these blocks and do not, or whose number another has (区块外变更核查). Ask residency.verify_ledger()';

CREATE OR REPLACE FUNCTION api.ledger_anchor(OUT block_id bigint, OUT root text, OUT block_hash text, OUT sealed_at timestamptz)
    RETURNS record
    LANGUAGE sql STABLE PARALLEL SAFE
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
        SELECT b.block_id, encode(b.root, 'hex'), encode(ledger.block_hash(b), 'hex'), b.sealed_at
        FROM ledger.block b ORDER BY b.block_id DESC LIMIT 1
    $$;
COMMENT ON FUNCTION api.ledger_anchor() IS
    'The anchor (锚点), to be printed, published or given to another authority: number of the newest block, its root, its hash, which binds all blocks before it, and when it was sealed. Holds no personal data. NULLs where nothing is sealed';

CREATE OR REPLACE FUNCTION api.ledger_headers(from_block bigint, to_block bigint DEFAULT NULL)
    RETURNS jsonb
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        newest CONSTANT bigint := COALESCE((SELECT max(b.block_id) FROM ledger.block b), 0);
        last   CONSTANT bigint := COALESCE(to_block, newest);
    BEGIN
        IF (from_block >= 1 AND last >= from_block AND last <= newest) IS NOT TRUE THEN
            PERFORM residency.refuse('RG322', ARRAY[COALESCE(from_block::text, '-'), last::text, newest::text], 'ledger.block', 'block_id');
        END IF;
        RETURN ledger.block_headers(from_block, last);
    END $$;
COMMENT ON FUNCTION api.ledger_headers(bigint, bigint) IS
    'Headers of the blocks from the one of an anchor to that of a later one, NULL the newest (一致性证明): with docs/verify_proof.py anybody can check that the later chain extends the earlier one. Errors: RG322 no such blocks';
