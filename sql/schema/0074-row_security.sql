-- Row security of what came after 0064-row_security.sql, and of the history, whose images hold persons.

DO $$
DECLARE
    entry record;
BEGIN
    FOR entry IN
        SELECT * FROM (VALUES
            ('registry.inexact_date', 'residency.row_in_scope(''residence'', residence_id)'),
            ('registry.investigation', 'residency.row_in_scope(record, record_id)'),
            ('registry.correction', 'residency.row_in_scope(''person'', person_id)'),
            ('registry.restriction', 'residency.row_in_scope(''person'', person_id)'),
            ('registry.legal_hold', 'residency.row_in_scope(''person'', person_id)'),
            ('registry.person_merge', 'residency.row_in_scope(''person'', keep_person_id)'),
            ('registry.emergency', 'residency.in_scope(division)'),
            ('registry.emergency_copy', 'residency.in_scope(division)'),
            -- nobody's but the owner's
            ('registry.person_merge_row', 'residency.in_scope(NULL)'),
            ('ledger.change', 'residency.in_scope(NULL)'),
            ('ledger.change_default', 'residency.in_scope(NULL)'),
            ('ledger.read', 'residency.in_scope(NULL)')
        ) AS e (table_name, condition)
    LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', entry.table_name);
        EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', entry.table_name);
        EXECUTE format('CREATE POLICY scope ON %s USING (%s)', entry.table_name, entry.condition);
        EXECUTE format('COMMENT ON POLICY scope ON %s IS %L', entry.table_name,
                       'Rows of the divisions where the role acts that looks (管辖范围); the owner of the register sees all');
    END LOOP;
END $$;
