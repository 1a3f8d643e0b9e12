-- Sessions keep a copy of these tables: a change makes them read it anew.
-- The apply worker of a subscription fires row triggers only, so it has one of its own.

CREATE TRIGGER forget_before BEFORE INSERT OR UPDATE OR DELETE ON policy.setting
    FOR EACH STATEMENT EXECUTE FUNCTION residency.forget();
CREATE TRIGGER forget_after AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON policy.setting
    FOR EACH STATEMENT EXECUTE FUNCTION residency.forget();
CREATE TRIGGER forget_replicated AFTER INSERT OR UPDATE OR DELETE ON policy.setting
    FOR EACH ROW EXECUTE FUNCTION residency.forget();
ALTER TABLE policy.setting ENABLE ALWAYS TRIGGER forget_before;
ALTER TABLE policy.setting ENABLE ALWAYS TRIGGER forget_after;
ALTER TABLE policy.setting ENABLE REPLICA TRIGGER forget_replicated;

CREATE TRIGGER forget_before BEFORE INSERT OR UPDATE OR DELETE ON code.value
    FOR EACH STATEMENT EXECUTE FUNCTION residency.forget();
CREATE TRIGGER forget_after AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON code.value
    FOR EACH STATEMENT EXECUTE FUNCTION residency.forget();
CREATE TRIGGER forget_replicated AFTER INSERT OR UPDATE OR DELETE ON code.value
    FOR EACH ROW EXECUTE FUNCTION residency.forget();
ALTER TABLE code.value ENABLE ALWAYS TRIGGER forget_before;
ALTER TABLE code.value ENABLE ALWAYS TRIGGER forget_after;
ALTER TABLE code.value ENABLE REPLICA TRIGGER forget_replicated;
