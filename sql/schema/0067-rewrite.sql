-- The register's own hands. A row stands here while an act of the register rewrites what otherwise stays, and is gone when the act is done.
CREATE TABLE ledger.rewrite (
    transaction xid8 PRIMARY KEY DEFAULT pg_current_xact_id(),
    act         text COLLATE "C" NOT NULL
);
COMMENT ON TABLE ledger.rewrite IS
    'Transactions that are merging, purging or undoing at this moment (改写许可): residency.rewrites() asks it. Always empty to others; who may write it may rewrite, so nobody but the owner of the tables may';
COMMENT ON COLUMN ledger.rewrite.transaction IS 'The transaction (事务)';
COMMENT ON COLUMN ledger.rewrite.act IS 'What it is doing (操作)';

ALTER TABLE registry.person ADD COLUMN pseudonymised_on date;
COMMENT ON COLUMN registry.person.pseudonymised_on IS 'Day on which it was made unknown who this is (去标识化日期): name, numbers, address and telephone are gone for good; NULL: known';

INSERT INTO code.error (code, message, message_zh, detail, detail_zh, hint, hint_zh, legal_basis, constraint_name) VALUES
('RG350', 'the record of a right stays as it is', '权利行使记录不得更改或删除',
          'Table %s.', '表 %s。',
          'What was asked for, decided, merged, purged or destroyed stays on record; use the acts of the api.', '申请、决定、合并、清除、销毁均须留痕,请使用相应接口办理。', '个人信息保护法 Art. 54', NULL),
('RG357', 'nobody knows any more who this person is', '该人员信息已去标识化',
          'Person %s was made unknown on %s.', '人员 %s 已于 %s 去标识化。',
          'The data was purged when its time had come. Register the person anew: api.register_person().', '保存期满已清除,请重新登记人员。', '个人信息保护法 Art. 47', NULL)
ON CONFLICT DO NOTHING;
