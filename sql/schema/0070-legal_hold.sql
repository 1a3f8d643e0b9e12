-- Legal hold: what is not purged.

CREATE TABLE registry.legal_hold (
    legal_hold_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id     bigint NOT NULL REFERENCES registry.person,
    legal_basis   text NOT NULL,
    period        daterange NOT NULL,
    held_by       text NOT NULL DEFAULT residency.actor(),
    released_by   text,
    release_reason text,
    recorded_at   timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT legal_hold_no_overlap EXCLUDE USING gist (person_id WITH =, legal_basis WITH =, period WITH &&)
);
COMMENT ON TABLE registry.legal_hold IS 'Legal holds (法定留存): of these persons nothing is purged, whatever its age';
COMMENT ON COLUMN registry.legal_hold.legal_hold_id IS 'Key';
COMMENT ON COLUMN registry.legal_hold.person_id IS 'Person (人员)';
COMMENT ON COLUMN registry.legal_hold.legal_basis IS 'Order or case that asks for it, in words (依据)';
COMMENT ON COLUMN registry.legal_hold.period IS 'From, to (留存期), half-open; open at the end until it is released';
COMMENT ON COLUMN registry.legal_hold.held_by IS 'Role that entered it (登记角色)';
COMMENT ON COLUMN registry.legal_hold.released_by IS 'Role that released it (解除角色)';
COMMENT ON COLUMN registry.legal_hold.release_reason IS 'Why (解除理由)';
COMMENT ON COLUMN registry.legal_hold.recorded_at IS 'When it was entered (登记时间)';
COMMENT ON INDEX registry.legal_hold_no_overlap IS 'Holds of a person on one basis, one at a time (同一依据同一时段一次留存)';
CREATE TRIGGER legal_hold_guard BEFORE INSERT OR UPDATE ON registry.legal_hold
    FOR EACH ROW EXECUTE FUNCTION residency.legal_hold_guard();
CREATE TRIGGER legal_hold_keep BEFORE DELETE OR TRUNCATE ON registry.legal_hold
    FOR EACH STATEMENT EXECUTE FUNCTION residency.refuse_change('RG350');

INSERT INTO code.error (code, message, message_zh, detail, detail_zh, hint, hint_zh, legal_basis, constraint_name) VALUES
('RG358', 'a legal hold keeps this', '处于法定留存期,不得删除',
          'Person %s is held, legal_hold %s.', '人员 %s 有法定留存记录 %s。',
          'Release the hold first, where its ground has gone: api.release_hold().', '留存事由消失后,请先解除留存。', '个人信息保护法 Art. 47', NULL)
ON CONFLICT DO NOTHING;

SELECT residency.join_node();
