-- Sealed blocks: committed changes, hashed, a Merkle root for each block, each block chained to the one before.

INSERT INTO code.error (code, message, message_zh, detail, detail_zh, hint, hint_zh, legal_basis, constraint_name) VALUES
('RG320', 'what was done stays as it was written', '台账不得更改',
          'A row of %s was to be changed or removed.', '%s 中的记录不得更改或删除。',
          'The ledger only grows. Correct the register itself: the correction is one more change.', '台账只增不改。请在登记表中更正,更正本身会另行记录。', NULL, NULL),
('RG321', 'this change is in no block', '该变更未入区块',
          'Change %s is in no block.', '变更 %s 不在任何区块中。',
          'CALL residency.seal_changes(), when all transactions that began before it have ended; or look for its number in ledger.change.', '待更早的事务全部结束后执行 CALL residency.seal_changes();或在 ledger.change 中核对变更编号。', NULL, NULL),
('RG322', 'there is no such block', '没有此区块',
          'The blocks %s to %s were asked for, the newest is %s.', '所查区块为 %s 至 %s,最新区块为 %s。',
          'Give the number of a block that is there, not before the first one asked for: SELECT * FROM api.ledger_anchor().', '请填写已有的区块编号,且不早于起始区块:SELECT * FROM api.ledger_anchor()。', NULL, NULL)
ON CONFLICT DO NOTHING;

INSERT INTO policy.rule (key, value_type, unit, governs, governs_zh, counts_on, choices) VALUES
('seal_block_size', 'integer', 'changes', 'How many changes a sealed block has at most; for the country alone', '每个区块最多变更数', 'day of sealing', NULL),
('seal_interval', 'interval', NULL, 'How old the newest sealed block is before the nightly run closes one that is not full; for the country alone', '夜间任务封存未满区块的最短间隔', 'day of sealing', NULL)
ON CONFLICT DO NOTHING;
INSERT INTO policy.setting (key, division, period, value, legal_basis) VALUES
('seal_block_size', NULL, '[1949-10-01,)', '16384', 'The register''s own: a proof has 14 hashes'),
('seal_interval', NULL, '[1949-10-01,)', '1 minute', 'The register''s own');
INSERT INTO policy.test_case (key, division, "on", expected, why) VALUES
('seal_block_size', NULL, '2024-05-01', '16384', 'the register''s own'),
('seal_interval', NULL, '2024-05-01', '1 minute', 'the register''s own');

CREATE TABLE ledger.block (
    block_id   bigint PRIMARY KEY,
    previous   bytea NOT NULL,
    root       bytea NOT NULL,
    changes    integer NOT NULL,
    horizon    xid8 NOT NULL,
    cluster_id bigint NOT NULL,
    sealed_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    sealed_by  text NOT NULL DEFAULT residency.actor()
);
COMMENT ON TABLE ledger.block IS 'Blocks of sealed changes, each chained to the one before (封存区块); residency.seal_changes() makes them, see docs/seal.md';
COMMENT ON COLUMN ledger.block.block_id IS 'Number: 1, 2, 3 … (区块编号)';
COMMENT ON COLUMN ledger.block.previous IS 'SHA-256 of the header of the block before, ledger.block_hash(); zeros for the first (前块哈希)';
COMMENT ON COLUMN ledger.block.root IS 'Merkle root of its leaves, in the shape of RFC 6962 (默克尔根)';
COMMENT ON COLUMN ledger.block.changes IS 'How many changes it has (变更数)';
COMMENT ON COLUMN ledger.block.horizon IS 'Every change of its cluster by a transaction before this one is in this block or an earlier one (事务界限)';
COMMENT ON COLUMN ledger.block.cluster_id IS 'Cluster that sealed it and that counts these transactions (数据库集群标识)';
COMMENT ON COLUMN ledger.block.sealed_at IS 'When (封存时间)';
COMMENT ON COLUMN ledger.block.sealed_by IS 'Role that sealed it (封存角色)';

-- No foreign key: a check for each of millions of rows, for what verification finds anyway.
CREATE TABLE ledger.sealed (
    block_id   bigint,
    position   integer,
    change_id  bigint NOT NULL,
    changed_at timestamptz NOT NULL,
    leaf       bytea NOT NULL,
    PRIMARY KEY (block_id, position)
);
ALTER TABLE ledger.sealed ALTER COLUMN leaf SET STORAGE PLAIN;
COMMENT ON TABLE ledger.sealed IS 'Which change stands where in which block (已封存变更)';
COMMENT ON COLUMN ledger.sealed.block_id IS 'Block (区块)';
COMMENT ON COLUMN ledger.sealed.position IS 'Place in it, from 0, in order of change_id (序号)';
COMMENT ON COLUMN ledger.sealed.change_id IS 'Change (变更)';
COMMENT ON COLUMN ledger.sealed.changed_at IS 'When that was: with change_id the key of ledger.change (变更时间)';
COMMENT ON COLUMN ledger.sealed.leaf IS 'Its hash, ledger.change_leaf() (变更哈希)';
CREATE INDEX sealed_change_id_idx ON ledger.sealed (change_id);
COMMENT ON INDEX ledger.sealed_change_id_idx IS 'The block of a change';

-- Many changes have one transaction, so it is small; and it grows at its end.
CREATE INDEX change_transaction_idx ON ledger.change (cluster_id, transaction);
COMMENT ON INDEX ledger.change_transaction_idx IS 'Changes that are to be sealed; those of a transaction';

CREATE TRIGGER block_frozen
    BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.block
    FOR EACH STATEMENT EXECUTE FUNCTION residency.refuse_change('RG320');
CREATE TRIGGER sealed_frozen
    BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.sealed
    FOR EACH STATEMENT EXECUTE FUNCTION residency.refuse_change('RG320');
