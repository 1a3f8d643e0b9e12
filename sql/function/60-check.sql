-- check: is the register in order? Each finding says what to do.

CREATE OR REPLACE FUNCTION residency.check(OUT topic text, OUT finding text, OUT remedy text)
    RETURNS SETOF record
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        RETURN QUERY
            SELECT 'migration', format('step %s is %s', p.step, p.reason), 'CALL residency.migrate();'
            FROM residency.pending() p;
        IF to_regclass('registry.residence') IS NULL THEN
            RETURN;
        END IF;
        RETURN QUERY
            SELECT 'trigger', format('trigger %I of %s is disabled: its rules do not hold', t.tgname, t.tgrelid::regclass),
                   format('ALTER TABLE %s ENABLE TRIGGER %I; then look at what was written meanwhile', t.tgrelid::regclass, t.tgname)
            FROM pg_trigger t
            JOIN pg_proc f ON f.oid = t.tgfoid
            WHERE t.tgenabled = 'D' AND f.pronamespace = 'residency'::regnamespace;
        IF to_regclass('policy.intended_privilege') IS NOT NULL THEN
            RETURN QUERY SELECT * FROM residency.role_finding();
        END IF;
        RETURN QUERY
            SELECT 'index', format('index %s is not valid', i.indexrelid::regclass),
                   format('REINDEX INDEX CONCURRENTLY %s;', i.indexrelid::regclass)
            FROM pg_index i
            JOIN pg_class c ON c.oid = i.indexrelid
            WHERE NOT i.indisvalid AND c.relnamespace IN (SELECT n.oid FROM pg_namespace n WHERE n.nspname IN ('code', 'policy', 'registry', 'ledger'));
        RETURN QUERY
            SELECT 'residence', format('person %s has residences %s and %s at one time', a.person_id, a.residence_id, b.residence_id),
                   'Void the one that is wrong: api.void_residence().'
            FROM registry.residence a
            JOIN registry.residence b
              ON b.person_id = a.person_id AND b.residence_id > a.residence_id AND b.period && a.period
            WHERE a.state NOT IN ('rejected', 'voided') AND b.state NOT IN ('rejected', 'voided');
        RETURN QUERY
            SELECT 'residence', format('%s people live in dwelling %s, which is %s', count(*), d.dwelling_id, d.let_state),
                   'Register their departure, or lift the state.'
            FROM registry.residence r
            JOIN registry.dwelling d USING (dwelling_id)
            WHERE residency.residence_is_current(r.state) AND d.let_state IN ('prohibited', 'demolished')
            GROUP BY d.dwelling_id, d.let_state;
        -- code may be newer than the tables
        IF to_regclass('registry.grid_cover') IS NOT NULL THEN
            RETURN QUERY
                SELECT 'grid', format('%s dwellings do not have the grid that they belong to today', count(*)),
                       'SELECT api.assign_grids();'
                FROM registry.dwelling d
                JOIN registry.dwelling_standing standing USING (dwelling_id)
                WHERE d.grid_id IS DISTINCT FROM residency.grid_at((
                    SELECT whole.location
                    FROM unnest(standing.whole_ids) WITH ORDINALITY AS above (dwelling_id, distance)
                    JOIN registry.dwelling whole USING (dwelling_id)
                    WHERE whole.location IS NOT NULL
                    ORDER BY above.distance
                    LIMIT 1))
                HAVING count(*) > 0;
            RETURN QUERY
                WITH due AS (
                    SELECT own.cell, g.grid_id, COALESCE(lower(g.period), '-infinity') AS valid_from, COALESCE(upper(g.period), 'infinity') AS valid_to, own.part
                    FROM registry.grid g CROSS JOIN LATERAL residency.grid_cells(g.outline) AS own
                    WHERE g.kind = 'management' AND NOT isempty(g.period)
                ), kept AS (
                    SELECT c.cell, c.grid_id, c.valid_from, c.valid_to, c.part FROM registry.grid_cover c
                )
                SELECT DISTINCT 'grid', format('the cover of grid %s is not that of its outline, kind and period', differs.grid_id),
                       format('SELECT residency.cover_grids(''{%1$s}''); SELECT residency.place_dwellings(''{%1$s}'');', differs.grid_id)
                FROM ((TABLE due EXCEPT TABLE kept) UNION ALL (TABLE kept EXCEPT TABLE due)) AS differs;
        END IF;
        IF to_regclass('code.calendar_day') IS NOT NULL THEN
            -- the State Council announces a year in November of the year before
            RETURN QUERY
                SELECT 'calendar', format('the year %s has no calendar: its working days can''t be counted', y.year),
                       'Enter the notice of the State Council, see docs/calendar.md.'
                FROM (SELECT DISTINCT extract(year FROM d)::integer FROM unnest(ARRAY[residency.today(), residency.today() + 40]) AS d) AS y (year)
                WHERE (SELECT count(*) FROM code.calendar_day c
                       WHERE c.region IS NULL AND c.day BETWEEN make_date(y.year, 1, 1) AND make_date(y.year, 12, 31))
                      < make_date(y.year + 1, 1, 1) - make_date(y.year, 1, 1);
        END IF;
        IF EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = 'registry.dwelling'::regclass AND a.attname = 'door_plate_id' AND NOT a.attisdropped) THEN
            RETURN QUERY
                SELECT 'address', format('dwellings %s have one standard address', string_agg(d.dwelling_id::text, ', ' ORDER BY d.dwelling_id)),
                       'Make the addresses more precise; or let one stay, move the residents of the others there and set those to demolished.'
                FROM registry.dwelling d
                WHERE residency.is_locatable(d.standard_address) AND d.let_state <> 'demolished'
                GROUP BY d.standard_address
                HAVING count(*) > 1;
            RETURN QUERY
                SELECT 'address', format('%s dwellings cannot be found by their address: it names no road, estate or village group, such as dwelling %s',
                                         count(*), min(d.dwelling_id)),
                       'Correct registry.dwelling.address: road and number, building, unit, room.'
                FROM registry.dwelling d
                WHERE NOT residency.is_locatable(d.standard_address)
                HAVING count(*) > 0;
            RETURN QUERY
                SELECT 'address', format('the address of dwelling %s says division %s, but it is registered in %s', d.dwelling_id, said.division, d.division),
                       'Correct whichever is wrong: registry.dwelling.division counts.'
                FROM registry.dwelling d
                CROSS JOIN LATERAL (SELECT residency.division(residency.normalize_address(d.address, d.division)) OFFSET 0) AS said (division)
                WHERE NOT said.division OPERATOR(residency.@>) d.division;
            RETURN QUERY
                SELECT 'address', format('%s dwellings have no standard address yet', count(*)), 'CALL residency.restandardize();'
                FROM registry.dwelling d WHERE d.standard_address IS NULL
                HAVING count(*) > 0;
        END IF;
        IF to_regclass('policy.failed_test_case') IS NOT NULL THEN
            RETURN QUERY
                SELECT 'policy', format('policy test case %s fails: %s', f.test_case_id, f.key),
                       format('SELECT * FROM residency.explain_policy(%L, %L, %L);', f.key, f.division, to_char(f."on", 'YYYY-MM-DD'))
                FROM policy.failed_test_case f;
        END IF;
        IF to_regprocedure('ledger.history_fault()') IS NOT NULL THEN
            RETURN QUERY SELECT 'history', f.finding, f.remedy FROM ledger.history_fault() f;
        END IF;
        IF to_regclass('ledger.block') IS NOT NULL THEN
            RETURN QUERY
                SELECT 'ledger', format('block %s, change %s: %s', COALESCE(v.block_id::text, '-'), COALESCE(v.change_id::text, '-'), v.finding), v.detail
                FROM residency.verify_ledger() v;
        END IF;
    END $$;
COMMENT ON FUNCTION residency.check() IS
    'What is not in order in this database, and what to do about it (自检): pending steps, disabled triggers of the rules, invalid indexes, residences at one time, residents where none may be, dwellings in a wrong grid, grids whose cover is not theirs, years without a calendar, doubles of one address, addresses that lead nowhere or into another division, policy test cases that fail, tables that differ from their history or have none that they should have, sealed changes that are not what they were; no row: all is well. Reads whole tables: for the night or after an import';
