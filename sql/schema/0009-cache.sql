-- Sessions keep a copy of these tables: a change makes them read it anew.
-- The apply worker of a subscription fires row triggers only, so it has one of its own.

DO $$
DECLARE
    cached regclass;
BEGIN
    FOREACH cached IN ARRAY '{policy.setting, code.value, code.residence_transition}'::regclass[] LOOP
        EXECUTE format(
            'CREATE TRIGGER forget_before BEFORE INSERT OR UPDATE OR DELETE ON %1$s
                 FOR EACH STATEMENT EXECUTE FUNCTION residency.forget();
             CREATE TRIGGER forget_after AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON %1$s
                 FOR EACH STATEMENT EXECUTE FUNCTION residency.forget();
             CREATE TRIGGER forget_replicated AFTER INSERT OR UPDATE OR DELETE ON %1$s
                 FOR EACH ROW EXECUTE FUNCTION residency.forget();
             ALTER TABLE %1$s ENABLE ALWAYS TRIGGER forget_before;
             ALTER TABLE %1$s ENABLE ALWAYS TRIGGER forget_after;
             ALTER TABLE %1$s ENABLE REPLICA TRIGGER forget_replicated;', cached);
    END LOOP;
END $$;
