-- judge: rules that look beyond their own row are SQL functions, read with the latest snapshot.

CREATE OR REPLACE FUNCTION residency.judge()
    RETURNS trigger
    AS 'MODULE_PATHNAME', 'residency_judge'
    LANGUAGE c
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    -- rules find their rows by keys: also while a table is so small that reading it whole seems cheaper, and the plan is kept
    SET enable_seqscan = off
    SET enable_hashjoin = off
    SET enable_mergejoin = off;
COMMENT ON FUNCTION residency.judge() IS
    'AFTER trigger with arguments topic and key column (规则裁决): locks by residency.<topic>_lock(keys), then refuses what residency.<topic>_violation(keys) returns. Sees what other transactions have committed, in every isolation level';
