-- A million changes: sealed, verified, and what they take on disk. Beside them the same rows hashed and nothing else.

CALL residency.seal_changes();
INSERT INTO ledger.change (changed_at, transaction, cluster_id, actor, login, table_name, key, operation, image, salt)
SELECT clock_timestamp(), pg_current_xact_id(), residency.cluster_id(), 'clerk', 'clerk', 'registry.person', jsonb_build_object('person_id', p.person_id), 'I', to_jsonb(p), gen_random_uuid()
FROM registry.person p ORDER BY p.person_id LIMIT 1000000;
ANALYZE ledger.change;
CALL bench.measure('changes sealed', 'hashed', 1000000, 'SELECT count(ledger.change_leaf(c)) FROM ledger.change c');
SELECT clock_timestamp() AS started \gset
CALL residency.seal_changes();
INSERT INTO bench.round (topic, side, seconds, items)
SELECT 'changes sealed', 'sealed', extract(epoch FROM clock_timestamp() - :'started'::timestamptz), 1000000;
CALL bench.measure('changes sealed', 'verified', 1000000, 'SELECT count(*) FROM residency.verify_ledger()');
SELECT format('%s bytes on disk for each sealed change', s.bytes / s.changes) FROM residency.seal_summary() s;
