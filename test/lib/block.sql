-- Ten changes of two months in three sealed blocks of four, four and two; to be rolled back. Their transactions have ended long ago.
UPDATE policy.setting SET value = '4' WHERE key = 'seal_block_size';
SET LOCAL session_replication_role = replica;
TRUNCATE ledger.change, ledger.sealed, ledger.block;
RESET session_replication_role;
CREATE TABLE ledger.change_200104 PARTITION OF ledger.change FOR VALUES FROM ('2001-04-01 00:00+08') TO ('2001-05-01 00:00+08');
CREATE TABLE ledger.change_200105 PARTITION OF ledger.change FOR VALUES FROM ('2001-05-01 00:00+08') TO ('2001-06-01 00:00+08');
-- what a superuser does
SET LOCAL session_replication_role = replica;
INSERT INTO ledger.change (change_id, changed_at, transaction, cluster_id, actor, login, purpose, request_id, act, table_name, key, operation, image, salt)
OVERRIDING SYSTEM VALUE
SELECT 1000 + n, timestamptz '2001-04-25 12:00+08' + n * interval '1 day', (100 + n)::text::xid8, residency.cluster_id(), 'clerk "甲"', 'pool',
       CASE WHEN n % 2 = 0 THEN E'巡查\\\n' END, md5(n::text)::uuid, 'register_person', 'registry.person', jsonb_build_object('person_id', n),
       CASE WHEN n = 9 THEN 'D' ELSE 'I' END, CASE WHEN n <> 9 THEN jsonb_build_object('person_id', n, 'name', '张三') END, CASE WHEN n <> 9 THEN md5('salt' || n)::uuid END
FROM generate_series(1, 10) n;
SELECT ledger.seal('200', 1000) \g /dev/null
