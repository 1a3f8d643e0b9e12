-- The written intent: which group role may do what with which object. Whatever is not here is denied, to PUBLIC and to the group roles.
-- Schemas: USAGE; tables and views: SELECT; functions: EXECUTE, all of that name. Nobody writes to a table: acts do.
-- docs/role.md says it in words; test/sql/role.sql compares both with what the catalogue says.

CREATE OR REPLACE VIEW policy.intended_privilege AS
SELECT 'residency_' || role AS role, object, i.privilege
FROM (VALUES
    -- dictionaries are nobody's secret
    ('collector clerk police manager agency analyst citizen kiosk', 'USAGE', 'code api'),
    ('collector clerk police manager agency analyst citizen kiosk', 'SELECT',
     'code.division code.former_division code.value code.list code.error code.division_path code.value_list code.calendar'),
    -- who lives where, in the own divisions
    ('collector clerk police manager', 'SELECT',
     'api.current_resident api.dwelling_occupancy api.dwelling_fact api.door_plate api.conflict'),
    -- who may look at the present may look at the past there
    ('collector clerk police manager', 'EXECUTE', 'api.person_as_of api.residence_as_of api.dwelling_as_of api.resident_on'),
    ('clerk police manager', 'EXECUTE', 'api.permit_as_of'),
    ('collector clerk police manager', 'EXECUTE',
     'api.person_overview api.dwelling_overview api.employer_overview api.find_dwelling api.search_person api.search_dwelling api.search_employer'),
    ('agency', 'EXECUTE', 'api.find_dwelling api.search_person api.search_dwelling api.search_employer api.permit_eligibility'),
    ('clerk police manager', 'SELECT', 'api.permit api.permit_event api.permit_decision'),
    ('clerk police', 'EXECUTE', 'api.permit_eligibility api.overdue_report'),
    ('manager', 'EXECUTE', 'api.overdue_report'),
    ('collector manager', 'SELECT', 'api.presence_candidate'),
    ('manager', 'SELECT', 'api.access_fault api.spot_check_dwelling api.spot_check_person api.operator_scope api.grid_act api.grid_lineage api.division_act'),
    -- maps
    ('collector clerk police manager', 'USAGE', 'map'),
    ('collector clerk police manager', 'SELECT',
     'map.grid map.dwelling map.dwelling_without_grid map.dwelling_without_location map.patrol_task map.visit'),
    ('collector clerk police manager', 'EXECUTE', 'map.grid_tile map.dwelling_tile map.community_svg map.grid_svg'),
    -- counts, without persons
    ('manager analyst', 'USAGE', 'stat policy'),
    ('manager analyst', 'SELECT',
     'stat.resident_by_division stat.resident_by_grid stat.patrol_by_grid stat.spot_check stat.capture_recapture policy.setting policy.rule'),
    ('manager analyst', 'EXECUTE', 'stat.resident_by_grid_on stat.capture_recapture_on'),
    -- called inside the views above, which ask as who looks; the schema stays closed, so nobody can call them by name
    ('collector manager', 'EXECUTE', 'registry.presence_sample registry.dwelling_chain'),
    ('collector clerk police manager', 'EXECUTE', 'registry.withheld_persons'),
    ('manager analyst', 'EXECUTE', 'registry.spot_check_estimate'),
    -- registering
    ('collector clerk police', 'EXECUTE',
     'api.register_person api.register_arrival api.register_departure api.change_residence api.submit'),
    ('clerk police', 'EXECUTE',
     'api.verify_residence api.void_residence api.register_persons api.register_arrivals api.register_departures api.change_residences '
     'api.verify_residences api.void_residences api.register_employer api.change_employer api.register_employment api.end_employment '
     'api.register_tenancy api.end_tenancy api.register_ownership api.end_ownership api.register_schooling api.end_schooling'),
    -- permits: who takes an application does not decide on it
    ('clerk', 'EXECUTE',
     'api.apply_permit api.accept_permit api.request_supplement api.supplement_permit api.deliver_permit api.endorse_permit '
     'api.change_permit_address api.report_permit_lost api.replace_permit api.cancel_permit api.withdraw_permit api.apply_door_plate'),
    ('police', 'EXECUTE', 'api.decide_permit api.produce_permit api.revoke_permit'),
    -- patrols
    ('collector', 'EXECUTE', 'api.my_tasks api.record_visit api.sync_item api.sync_patrol api.confirm_presence api.record_spot_check'),
    -- managers: plans, borders, disputes, operators; they register nobody
    ('manager', 'EXECUTE',
     'api.start_sweep api.draw_spot_check api.close_spot_check api.import_list api.settle_conflict api.void_record api.decide_door_plate '
     'api.replace_door_plate api.cancel_door_plate api.split_grid api.merge_grids api.rename_grid api.retire_grid '
     'api.register_operator api.grant_scope api.end_scope api.submit'),
    -- what is in doubt
    ('clerk police', 'EXECUTE', 'api.open_investigation api.close_investigation'),
    -- rights of the person: the window takes and hands out, others decide, lift and release
    ('clerk police', 'EXECUTE', 'api.correct_person api.restrict_person api.export_person'),
    ('police manager', 'EXECUTE', 'api.decide_correction api.lift_restriction api.hold_person api.release_hold'),
    ('clerk police manager', 'SELECT', 'api.correction'),
    ('clerk police manager', 'EXECUTE', 'registry.person_contradiction registry.clock_due'),
    ('clerk', 'EXECUTE', 'api.access_log'),
    -- what is hard to take back, and reaches over the towns of a person
    ('manager', 'EXECUTE', 'api.delete_minor api.merge_persons api.undo_merge'),
    ('manager', 'SELECT', 'api.duplicate_person'),
    -- emergencies: who declares one takes no data
    ('manager', 'EXECUTE', 'api.begin_emergency api.prolong_emergency api.end_emergency'),
    ('clerk police', 'EXECUTE', 'api.take_emergency_copy'),
    ('police', 'EXECUTE', 'api.keep_emergency_copy'),
    ('clerk police manager', 'SELECT', 'api.emergency'),
    -- exports: who asks does not decide
    ('clerk police manager', 'EXECUTE', 'api.request_export api.withdraw_export api.export_rows'),
    ('manager', 'EXECUTE', 'api.decide_export'),
    ('clerk police manager auditor', 'SELECT', 'api.export'),
    ('clerk police manager auditor', 'EXECUTE', 'registry.sees_export registry.shown_filter'),
    -- a person for themselves, and the machine in the hall
    ('citizen', 'EXECUTE',
     'api.my_residence api.my_permit api.my_access_log api.my_data api.permit_precheck api.register_arrival api.register_departure api.apply_permit api.withdraw_permit'),
    ('kiosk clerk', 'EXECUTE', 'api.permit_precheck'),
    -- logs and no data; steps and no data
    ('auditor dba', 'USAGE', 'ledger policy'),
    ('auditor dba', 'SELECT', 'ledger.applied_step ledger.due_run ledger.last_due_run ledger.due_progress policy.intended_privilege'),
    ('auditor', 'SELECT', 'ledger.operator_grant ledger.request_log ledger.access_purge'),
    ('auditor', 'USAGE', 'api'),
    ('auditor', 'EXECUTE', 'api.ledger_anchor api.ledger_headers api.access_log api.trace_export'),
    ('dba', 'EXECUTE', 'ledger.migrate_step')
) AS i (roles, privilege, objects)
CROSS JOIN unnest(string_to_array(i.roles, ' ')) AS role
CROSS JOIN unnest(string_to_array(i.objects, ' ')) AS object;
COMMENT ON VIEW policy.intended_privilege IS
    'What each group role may do (权限清单), as written by hand: residency.grant_roles() gives just this, residency.check() shows where it is not so. A site gives roles of its own what it likes';
COMMENT ON COLUMN policy.intended_privilege.role IS 'Group role of the database (岗位角色)';
COMMENT ON COLUMN policy.intended_privilege.object IS 'Schema; table or view, function with its schema (对象)';
COMMENT ON COLUMN policy.intended_privilege.privilege IS 'USAGE, SELECT or EXECUTE (权限)';
