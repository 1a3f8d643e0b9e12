-- Row security: every table with a person in it, or that says where somebody lives, shows an operator what lies in the own divisions.
-- Operators have no privilege on tables. They look through the owner's views, and row security is FORCED, so that a policy
-- holds there too and asks who looks.

-- the office that entered a person says whose they are until they live somewhere
ALTER TABLE registry.person ADD COLUMN division residency.division_code;
ALTER TABLE registry.person ALTER COLUMN division SET DEFAULT residency.acting_division();
COMMENT ON COLUMN registry.person.division IS
    'Division of the office that entered the person (登记机关所在区划), by which offices see a person who has lived nowhere yet; NULL: entered by the owner of the register';

DO $$
DECLARE
    entry record;
BEGIN
    FOR entry IN
        SELECT * FROM (VALUES
            -- by their own division: an index on it becomes a range
            ('residence', 'residency.in_scope(division)'),
            ('dwelling', 'residency.in_scope(division)'),
            ('permit', 'residency.in_scope(division)'),
            ('employer', 'residency.in_scope(division)'),
            ('clock', 'residency.in_scope(division)'),
            ('door_plate', 'residency.in_scope(division)'),
            ('sweep', 'residency.in_scope(division)'),
            ('spot_check', 'residency.in_scope(division)'),
            ('spot_check_stratum', 'residency.in_scope(division)'),
            ('department_list', 'residency.in_scope(division)'),
            -- by the person
            ('person', 'residency.row_in_scope(''person'', person_id)'),
            ('identity_document', 'residency.row_in_scope(''person'', person_id)'),
            ('schooling', 'residency.row_in_scope(''person'', person_id)'),
            -- by the dwelling
            ('tenancy', 'residency.row_in_scope(''dwelling'', dwelling_id)'),
            ('ownership', 'residency.row_in_scope(''dwelling'', dwelling_id)'),
            ('dwelling_former_address', 'residency.row_in_scope(''dwelling'', dwelling_id)'),
            ('dwelling_past_division', 'residency.row_in_scope(''dwelling'', dwelling_id)'),
            ('dwelling_category', 'residency.row_in_scope(''dwelling'', dwelling_id)'),
            ('patrol_task', 'residency.row_in_scope(''dwelling'', dwelling_id)'),
            ('visit', 'residency.row_in_scope(''dwelling'', dwelling_id)'),
            ('access_binding', 'residency.row_in_scope(''dwelling'', dwelling_id)'),
            ('presence_day', 'residency.row_in_scope(''dwelling'', dwelling_id)'),
            ('presence_decision', 'residency.row_in_scope(''dwelling'', dwelling_id)'),
            -- a credential is of a person, of a dwelling, or of nobody yet
            ('access_credential', 'residency.row_in_scope(''person'', person_id) OR residency.row_in_scope(''dwelling'', dwelling_id)'),
            -- an observation is of a dwelling, or of a residence
            ('fact', 'residency.row_in_scope(''dwelling'', dwelling_id) OR residency.row_in_scope(''residence'', residence_id)'),
            ('observation', 'residency.row_in_scope(''dwelling'', dwelling_id) OR residency.row_in_scope(''residence'', residence_id)'),
            ('conflict', 'residency.row_in_scope(''fact'', fact_id)'),
            -- by what they are part of
            ('employment', 'residency.row_in_scope(''employer'', employer_id)'),
            ('contact', 'residency.row_in_scope(''residence'', residence_id)'),
            ('permit_event', 'residency.row_in_scope(''permit'', permit_id)'),
            ('decision', 'residency.row_in_scope(''permit'', permit_id)'),
            ('clock_event', 'residency.row_in_scope(''clock'', clock_id)'),
            ('clock_alert', 'residency.row_in_scope(''clock'', clock_id)'),
            ('grid_staff', 'residency.row_in_scope(''grid'', grid_id)'),
            ('spot_check_grid', 'residency.row_in_scope(''spot_check'', spot_check_id)'),
            ('spot_check_dwelling', 'residency.row_in_scope(''spot_check'', spot_check_id)'),
            ('spot_check_result', 'residency.row_in_scope(''spot_check_dwelling'', spot_check_dwelling_id)'),
            ('spot_check_person', 'residency.row_in_scope(''spot_check_result'', spot_check_result_id)'),
            ('department_list_entry', 'residency.row_in_scope(''department_list'', department_list_id)')
        ) AS e (table_name, condition)
    LOOP
        EXECUTE format('ALTER TABLE registry.%I ENABLE ROW LEVEL SECURITY', entry.table_name);
        EXECUTE format('ALTER TABLE registry.%I FORCE ROW LEVEL SECURITY', entry.table_name);
        EXECUTE format('CREATE POLICY scope ON registry.%I USING (%s)', entry.table_name, entry.condition);
        EXECUTE format('COMMENT ON POLICY scope ON registry.%I IS %L', entry.table_name,
                       'Rows of the divisions where the role acts that looks (管辖范围); the owner of the register sees all');
    END LOOP;
END $$;
-- Open to whoever may look at them at all: grids and borders, number ranges, roads and estates by name, devices and their faults, staff accounts.
-- registry.access_event is loaded by COPY, which row security forbids, and no view leads to it.
