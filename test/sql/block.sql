-- Sealed blocks: what is sealed, in which order, what is hashed, and what is refused.
\set ECHO none
\getenv test PG_ABS_SRCDIR
\i :test/lib/register.sql
\set SHOW_CONTEXT never

-- refusals
CALL residency.seal_changes(0);
BEGIN;
CALL residency.seal_changes();
ROLLBACK;
BEGIN;
SAVEPOINT begun;
UPDATE ledger.block SET root = root;
ROLLBACK TO begun;
DELETE FROM ledger.sealed;
ROLLBACK TO begun;
TRUNCATE ledger.block;
ROLLBACK TO begun;
\i :test/lib/block.sql
SAVEPOINT begun;
SELECT residency.inclusion_proof(4711);
ROLLBACK TO begun;
SELECT residency.inclusion_proof(1005, 1);
ROLLBACK TO begun;
SELECT * FROM residency.verify_ledger(2, 9);
ROLLBACK TO begun;
SELECT * FROM api.ledger_headers(3, 2);
ROLLBACK;

BEGIN;
SELECT no_plan();
\i :test/lib/block.sql
-- whoever adds a column to changes decides how it is sealed
SELECT is(string_agg(attname, ' ' ORDER BY attname), 'act actor change_id changed_at cluster_id image image_digest key login operation purpose request_id salt table_name transaction',
    'the columns of changes are those that are hashed')
FROM pg_attribute WHERE attrelid = 'ledger.change'::regclass AND attnum > 0 AND NOT attisdropped;

-- the tree: by hand
SELECT is(residency.merkle_root('{}'), NULL, 'no leaves, no root');
SELECT is(residency.merkle_root(ARRAY[sha256('a'), NULL]), NULL, 'a missing leaf, no root');
SELECT is(residency.merkle_root(ARRAY[sha256('a'), '\x00']), NULL, 'no hash, no root');
SELECT is(residency.merkle_root(ARRAY[sha256('a')]), sha256('a'), 'one leaf is the root');
CREATE FUNCTION pg_temp.node(l bytea, r bytea) RETURNS bytea LANGUAGE sql AS $$ SELECT sha256('\x01' || l || r) $$;
SELECT is(residency.merkle_root(ARRAY[sha256('a'), sha256('b'), sha256('c'), sha256('d'), sha256('e')]),
    pg_temp.node(pg_temp.node(pg_temp.node(sha256('a'), sha256('b')), pg_temp.node(sha256('c'), sha256('d'))), sha256('e')), 'five leaves: who is left over goes up');
SELECT is(residency.merkle_path(ARRAY[sha256('a'), sha256('b'), sha256('c'), sha256('d'), sha256('e')], 2),
    ARRAY[sha256('d'), pg_temp.node(sha256('a'), sha256('b')), sha256('e')], 'the path of the third');
SELECT is(residency.merkle_path(ARRAY[sha256('a'), sha256('b'), sha256('c'), sha256('d'), sha256('e')], 4),
    ARRAY[pg_temp.node(pg_temp.node(sha256('a'), sha256('b')), pg_temp.node(sha256('c'), sha256('d')))], 'the path of the fifth');
SELECT is(residency.merkle_path(ARRAY[sha256('a')], 1), NULL, 'no such place, no path');

-- what is hashed
SET LOCAL timezone = 'America/New_York';
SET LOCAL datestyle = 'German';
SELECT is(replace(ledger.change_fields(c), residency.cluster_id()::text, '7'),
    '["1002","2001-04-27T04:00:00.000000Z","102","7","clerk \"甲\"","pool","巡查\\\n","c81e728d-9d4c-2f63-6f06-7f89cc14862c","register_person","registry.person","{\"person_id\": 2}","I","'
    || encode(sha256(uuid_send(c.salt) || convert_to(c.image::text, 'UTF8')), 'hex') || '"]', 'the canonical form, whatever the settings are')
FROM ledger.change c WHERE c.change_id = 1002;
SELECT is(ledger.change_fields(c)::jsonb ->> 12, NULL, 'a change without image has no digest') FROM ledger.change c WHERE c.change_id = 1009;
SELECT is(residency.image_digest(c.salt, c.image), sha256(uuid_send(c.salt) || convert_to(c.image::text, 'UTF8')), 'what is left of a purged image is what was hashed')
FROM ledger.change c WHERE c.change_id = 1002;
SELECT is(ledger.change_leaf(c), sha256('\x00' || convert_to(ledger.change_fields(c), 'UTF8')), 'a leaf') FROM ledger.change c WHERE c.change_id = 1002;

-- blocks
SELECT results_eq($$SELECT block_id, changes, horizon::text FROM ledger.block ORDER BY 1$$, $$VALUES (1::bigint, 4, '0'), (2, 4, '0'), (3, 2, '200')$$,
    'blocks of the size that policy sets; the last of a sealing has the horizon');
SELECT results_eq($$SELECT block_id, position, change_id FROM ledger.sealed ORDER BY 1, 2$$, $$SELECT (1 + n / 4)::bigint, n % 4, 1001::bigint + n FROM generate_series(0, 9) n$$, 'in order of the changes');
SELECT is_empty($$SELECT * FROM residency.verify_ledger()$$, 'all is well');
SELECT is(ledger.seal('300', 1000), 0::bigint, 'nothing new, no block');

-- numbers and transactions need not rise together; a transaction is sealed whole
INSERT INTO ledger.change (change_id, changed_at, transaction, table_name, key, operation) OVERRIDING SYSTEM VALUE
SELECT 1100 + n, '2001-05-20 12:00+08', (CASE WHEN n IN (1, 4) THEN 310 WHEN n = 2 THEN 300 ELSE 320 END)::text::xid8, 'registry.person', '{"person_id": 1}', 'D' FROM generate_series(1, 5) n;
SELECT is(ledger.seal('400', 2), 3::bigint, 'about so many: the transaction of the second is sealed whole');
SELECT results_eq($$SELECT change_id FROM ledger.sealed WHERE block_id = 4 ORDER BY position$$, ARRAY[1101, 1102, 1104]::bigint[], '... in order of the changes');
SELECT is(horizon::text, '311', '... up to a horizon') FROM ledger.block WHERE block_id = 4;
SELECT is(ledger.seal('320', 2), 0::bigint, 'what may still be at work is left');
SELECT results_eq($$SELECT waiting, blocks, changes, newest_block FROM residency.seal_summary()$$, $$VALUES (2::bigint, 4::bigint, 13::bigint, 4::bigint)$$, 'the summary');
SELECT is(ledger.seal('400', 2), 2::bigint, 'and taken later');
SELECT is_empty($$SELECT * FROM residency.verify_ledger()$$, 'all is well');
SELECT is_empty(format('SELECT * FROM residency.verify_ledger(%s, %s)', f, t), format('all is well from block %s to %s', f, t)) FROM generate_series(1, 5) f, generate_series(f, 5) t;

-- another cluster: a dump was restored here
SAVEPOINT restored;
UPDATE ledger.change SET cluster_id = 42;
DELETE FROM ledger.sealed;
DELETE FROM ledger.block;
INSERT INTO ledger.change (change_id, changed_at, transaction, table_name, key, operation) OVERRIDING SYSTEM VALUE
VALUES (1200, '2001-05-21 12:00+08', '150', 'registry.person', '{"person_id": 1}', 'D');
SELECT is_empty($$SELECT * FROM residency.verify_ledger()$$, 'nothing is sealed');
SELECT is(ledger.seal('400', 2), 16::bigint, 'what another cluster left unsealed is sealed at once');
SELECT is_empty($$SELECT * FROM residency.verify_ledger()$$, 'all is well');
ROLLBACK TO restored;
-- it had sealed some of them
UPDATE ledger.change SET cluster_id = 42;
UPDATE ledger.block SET cluster_id = 42;
UPDATE ledger.sealed s SET leaf = ledger.change_leaf(c) FROM ledger.change c WHERE c.change_id = s.change_id;
UPDATE ledger.block b SET root = (SELECT residency.merkle_root(array_agg(s.leaf ORDER BY s.position)) FROM ledger.sealed s WHERE s.block_id = b.block_id);
DO $$ BEGIN FOR n IN 2 .. 5 LOOP UPDATE ledger.block b SET previous = ledger.block_hash(o) FROM ledger.block o WHERE o.block_id = n - 1 AND b.block_id = n; END LOOP; END $$;
SELECT is_empty($$SELECT * FROM residency.verify_ledger()$$, 'the chain of another cluster');
INSERT INTO ledger.change (change_id, changed_at, transaction, cluster_id, table_name, key, operation) OVERRIDING SYSTEM VALUE VALUES
    (1201, '2001-05-21 12:00+08', '500', 42, 'registry.person', '{"person_id": 1}', 'D'),
    (1202, '2001-05-21 12:00+08', '150', residency.cluster_id(), 'registry.person', '{"person_id": 1}', 'D'),
    (1203, '2001-05-21 12:00+08', '150', 42, 'registry.person', '{"person_id": 1}', 'D');
SELECT results_eq($$SELECT change_id, finding FROM residency.verify_ledger()$$, $$VALUES (1203::bigint, 'unsealed')$$, 'what it had not sealed waits; what it should have sealed is a finding');
SELECT is(ledger.seal('400', 1000), 2::bigint, 'transactions of two clusters are not compared');
SELECT results_eq($$SELECT change_id, finding FROM residency.verify_ledger()$$, $$VALUES (1203::bigint, 'unsealed')$$, 'the finding stays');
INSERT INTO ledger.change (change_id, changed_at, transaction, cluster_id, table_name, key, operation) OVERRIDING SYSTEM VALUE VALUES
    (1204, '2001-05-21 12:00+08', '600', 42, 'registry.person', '{"person_id": 1}', 'D');
SELECT is(ledger.seal('450', 1000), 0::bigint, 'what comes from there later is not sealed');
SELECT results_eq($$SELECT change_id, finding FROM residency.verify_ledger() ORDER BY 1$$, $$VALUES (1203::bigint, 'unsealed'), (1204, 'unsealed')$$, '... and is a finding');
ROLLBACK TO restored;

-- the nightly run
UPDATE ledger.block SET sealed_at = now() - interval '1 hour';
INSERT INTO ledger.change (change_id, changed_at, transaction, table_name, key, operation) OVERRIDING SYSTEM VALUE
SELECT n, '2001-05-22 12:00+08', '401', 'registry.person', '{"person_id": 1}', 'D' FROM generate_series(1300, 1305) n;
SELECT is(registry.due_blocks(residency.today(), 1), 6, 'the nightly run seals');
INSERT INTO ledger.change (change_id, changed_at, transaction, table_name, key, operation) OVERRIDING SYSTEM VALUE
SELECT n, '2001-05-22 12:00+08', pg_snapshot_xmin(pg_current_snapshot()), 'registry.person', '{"person_id": 1}', 'D' FROM generate_series(1310, 1315) n;
SELECT is(registry.due_blocks(residency.today(), 1), 0, '... not what is at work');
SELECT * FROM finish();
ROLLBACK;
