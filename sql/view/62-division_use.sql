-- Every column that names a division or a grid, or bears an address, and what an act on divisions or grids does to it.
-- Who adds such a column adds a row here: test/sql/division_use.sql looks for them in the catalogue.

CREATE OR REPLACE FUNCTION registry.division_use()
    RETURNS TABLE (at_table text, at_column text, fate text, which text, why text)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$
        VALUES
        -- follows: of today, goes along with the whole division; which rows t
        ('registry.employer', 'division', 'follows', 't.closed_on IS NULL', 'whose rules its reports follow; one that has closed stays as it was'),
        ('registry.schooling', 'division', 'follows', 't.void_reason IS NULL AND COALESCE(t.ends_on > today(), true)', 'where the school lies; past studies stay'),
        ('registry.clock', 'division', 'follows', 't.state <> ''stopped''', 'whose calendar counts; its term stays, and a clock that was stopped'),
        ('registry.person', 'division', 'follows', 'true', 'the office that entered a person goes on under its new code'),
        ('registry.person', 'household_division', 'follows', 'true', 'who is local is told by it; nobody settles or leaves by it'),
        -- moves: taken along by a function of its own
        ('code.division', 'division', 'moves', NULL, 'begin_division, take_division_act'),
        ('code.division', 'parent', 'moves', NULL, 'begin_division: a code lies beneath that of its digits'),
        ('code.division', 'superseded_by', 'moves', NULL, 'take_division_act: where the whole has gone'),
        ('code.former_division', 'division', 'moves', NULL, 'keep_former_division: goes on, counties and above'),
        ('code.former_division', 'successor', 'moves', NULL, 'keep_former_division'),
        ('code.division_alias', 'division', 'moves', NULL, 'pass_on_places: other names go along, and the old name becomes one'),
        ('code.calendar_day', 'region', 'moves', NULL, 'pass_on_settings: as policy'),
        ('policy.setting', 'division', 'moves', NULL, 'pass_on_settings: a new code has those of what it was made from; the old code keeps its own for what kept it'),
        ('registry.road', 'division', 'moves', NULL, 'pass_on_places: addresses are read by them'),
        ('registry.estate', 'division', 'moves', NULL, 'pass_on_places: addresses are read by them'),
        ('registry.grid', 'division', 'moves', NULL, 'move_village: ends, and begins under a new code'),
        ('registry.dwelling', 'division', 'moves', NULL, 'move_village; dwelling_past_division keeps where it lay'),
        ('registry.dwelling', 'standard_address', 'moves', NULL, 'its trigger, restandardize_division'),
        ('registry.dwelling', 'grid_id', 'moves', NULL, 'place_dwellings'),
        ('registry.residence', 'division', 'moves', NULL, 'move_village: current ones; past ones stay'),
        ('registry.permit', 'division', 'moves', NULL, 'pass_on_permits, move_village: while it goes on; its number, events and decisions stay'),
        ('registry.permit', 'city', 'moves', NULL, 'with the division'),
        ('registry.door_plate', 'division', 'moves', NULL, 'move_village: past ones, too, houses are found by them'),
        ('registry.door_plate', 'address', 'moves', NULL, 'move_village, restandardize_division'),
        ('registry.operator_scope', 'division', 'moves', NULL, 'follow_division: goes on under the new code, and under the old one for what keeps it'),
        ('registry.grid_staff', 'grid_id', 'moves', NULL, 'pass_on_staff'),
        -- keeps: what it was
        ('code.former_division_doubt', 'division', 'keeps', NULL, 'what sources said of a code'),
        ('code.calendar_notice', 'region', 'keeps', NULL, 'a notice is what it was'),
        ('code.division_lineage', 'from_division', 'keeps', NULL, 'the history itself'),
        ('code.division_lineage', 'to_division', 'keeps', NULL, 'the history itself'),
        ('policy.draft_setting', 'division', 'keeps', NULL, 'who drafts it names the new code'),
        ('policy.replaced_setting', 'division', 'keeps', NULL, 'history of settings'),
        ('policy.test_case', 'division', 'keeps', NULL, 'of a day; the old code keeps its settings'),
        ('registry.permit_number', 'division', 'keeps', NULL, 'cards bear the county that issued them; the new code begins at 1'),
        ('registry.dwelling_former_address', 'address', 'keeps', NULL, 'what it was'),
        ('registry.dwelling_past_division', 'division', 'keeps', NULL, 'what it was'),
        ('registry.residence', 'grid_id', 'keeps', NULL, 'the grid at the arrival'),
        ('registry.patrol_task', 'grid_id', 'keeps', NULL, 'the grid when it was made; lists go by the dwelling'),
        ('registry.sweep', 'division', 'keeps', NULL, 'the list is frozen'),
        ('registry.spot_check', 'division', 'keeps', NULL, 'the sample is frozen'),
        ('registry.spot_check_stratum', 'division', 'keeps', NULL, 'the sample is frozen'),
        ('registry.spot_check_grid', 'grid_id', 'keeps', NULL, 'the sample is frozen'),
        ('registry.department_list', 'division', 'keeps', NULL, 'what a department said of a day'),
        ('registry.emergency', 'division', 'keeps', NULL, 'what was proclaimed; one that outlasts a change of its code is begun anew'),
        ('registry.emergency_copy', 'division', 'keeps', NULL, 'what was taken'),
        ('ledger.destruction', 'division', 'keeps', NULL, 'what was destroyed'),
        ('registry.grid_version', 'grid_id', 'keeps', NULL, 'the history itself'),
        ('registry.grid_lineage', 'from_grid_id', 'keeps', NULL, 'the history itself'),
        ('registry.grid_lineage', 'to_grid_id', 'keeps', NULL, 'the history itself')
    $$;
COMMENT ON FUNCTION registry.division_use() IS
    'Which columns name a division or grid, or bear an address, and what a change of divisions or grids does to them (区划字段承接规则): follows – with the whole of its division, the rows t of which it is true; moves – by the functions named; keeps – what it was';
