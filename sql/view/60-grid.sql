-- Grids as they come: GeoJSON from an application, rows from ogr2ogr; and what is to be done as days pass.

CREATE OR REPLACE FUNCTION registry.in_language(english text, chinese text)
    RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT CASE WHEN pg_catalog.current_setting('residency.language', true) = 'zh' THEN chinese ELSE english END $$;
COMMENT ON FUNCTION registry.in_language(text, text) IS 'One of two texts, by the setting residency.language (按语言取文)';

CREATE OR REPLACE FUNCTION registry.read_grid(feature jsonb, kind text, valid_from date)
    RETURNS registry.grid
    LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        at         constant text := 'registry.grid';
        properties constant jsonb := CASE jsonb_typeof(feature -> 'properties') WHEN 'object' THEN feature -> 'properties' ELSE '{}' END;
        entry      registry.grid;
    BEGIN
        IF jsonb_typeof(feature) <> 'object' OR feature ->> 'type' IS DISTINCT FROM 'Feature' THEN
            PERFORM refuse('RG070', ARRAY[registry.in_language('This is not a Feature.', '不是 Feature 要素。')], at);
        ELSIF feature #>> '{geometry,type}' IS NULL OR feature #>> '{geometry,type}' NOT IN ('Polygon', 'MultiPolygon') THEN
            PERFORM refuse('RG070', ARRAY[format(
                registry.in_language('The geometry is %s, not a Polygon or MultiPolygon.', '几何类型为 %s,不是 Polygon 或 MultiPolygon。'),
                COALESCE(left(feature #>> '{geometry,type}', 30), 'null'))], at, 'outline');
        END IF;
        entry.grid_code := properties ->> 'grid_code';
        IF entry.grid_code ~ '^[0-9]{12}[0-9A-Z]{2,3}$' IS NOT TRUE THEN
            PERFORM refuse('RG060', ARRAY[COALESCE(left(entry.grid_code, 20), '')], at, 'grid_code');
        END IF;
        entry.name := properties ->> 'name';
        entry.kind := COALESCE(properties ->> 'kind', kind);
        entry.division := COALESCE(properties ->> 'division', left(entry.grid_code, 12))::division_code;
        IF COALESCE(properties ->> 'valid_from', properties ->> 'valid_to', valid_from::text) IS NOT NULL THEN
            IF (properties ->> 'valid_to')::date < COALESCE((properties ->> 'valid_from')::date, valid_from, today()) THEN
                PERFORM refuse('RG067', ARRAY[entry.grid_code], at, 'period');
            END IF;
            entry.period := daterange(COALESCE((properties ->> 'valid_from')::date, valid_from, today()), (properties ->> 'valid_to')::date);
        END IF;
        BEGIN
            entry.outline := ST_Multi(ST_Force2D(ST_SetSRID(ST_GeomFromGeoJSON(feature -> 'geometry'), 4490)));
        EXCEPTION WHEN internal_error OR data_exception THEN
            PERFORM refuse('RG070', ARRAY[format(
                registry.in_language('PostGIS cannot read the geometry of grid %s: %s', 'PostGIS 无法读取网格 %s 的几何:%s'),
                entry.grid_code, SQLERRM)], at, 'outline');
        END;
        RETURN entry;
    END $$;
COMMENT ON FUNCTION registry.read_grid(jsonb, text, date) IS
    'A grid as a GeoJSON feature tells it (读取网格要素): RG060, RG067, RG070; what else is wrong with it is for the triggers of registry.grid';

CREATE OR REPLACE FUNCTION registry.draw_grids(entries registry.grid[])
    RETURNS void
    LANGUAGE sql
    SET search_path FROM CURRENT
    AS $$
        MERGE INTO registry.grid AS g
        USING (SELECT e.grid_code, e.name, e.kind, e.division, e.outline, e.period FROM unnest(entries) AS e) AS e
        ON g.grid_code = e.grid_code
        WHEN MATCHED THEN
            UPDATE SET name = COALESCE(e.name, g.name), kind = COALESCE(e.kind, g.kind), division = e.division,
                       outline = e.outline, period = COALESCE(e.period, g.period)
        WHEN NOT MATCHED THEN
            INSERT (grid_code, name, kind, division, outline, period)
            VALUES (e.grid_code, e.name, COALESCE(e.kind, 'management'), e.division, e.outline,
                    COALESCE(e.period, daterange(today(), NULL)))
    $$;
COMMENT ON FUNCTION registry.draw_grids(registry.grid[]) IS
    'Draws new grids and redraws known ones, by code, judged together (绘制网格); what an entry leaves empty stays as it was';

CREATE OR REPLACE FUNCTION api.import_grids(
        geojson jsonb, kind text DEFAULT NULL, valid_from date DEFAULT NULL, dry_run boolean DEFAULT false)
    RETURNS TABLE (line integer, accepted boolean, grid_code text, grid_id bigint, done text,
                   code text, message text, detail text, hint text)
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    #variable_conflict use_column
    DECLARE
        crs      constant text := geojson #>> '{crs,properties,name}';
        most     constant integer := CASE WHEN jsonb_typeof(geojson -> 'features') = 'array'
                                          THEN jsonb_array_length(geojson -> 'features') ELSE 0 END;
        known    text[];        -- codes that were there before
        entries  registry.grid[] := array_fill(NULL::registry.grid, ARRAY[most]);
        codes    text[] := array_fill(NULL::text, ARRAY[most]);
        messages text[] := codes;
        details  text[] := codes;
        hints    text[] := codes;
        its_code    text;
        its_message text;
        its_detail  text;
        its_hint    text;
        pending  integer[];
        slices   int4range[];
        slice    integer[];
        middle   integer;
        progress boolean;
    BEGIN
        IF geojson ->> 'type' IS DISTINCT FROM 'FeatureCollection' OR jsonb_typeof(geojson -> 'features') IS DISTINCT FROM 'array' THEN
            PERFORM refuse('RG070', ARRAY[registry.in_language(
                'It is not a FeatureCollection with an array of features.', '不是含 features 数组的 FeatureCollection。')], 'registry.grid');
        ELSIF crs !~* '(CRS84|EPSG:.*4326|EPSG:.*4490|GCJ-?02|BD-?09)$' THEN
            PERFORM refuse('RG070', ARRAY[format(registry.in_language(
                'Its coordinates are in %s; degrees of CRS84, CGCS2000 (EPSG:4490), GCJ-02 or BD-09 are read.', '坐标系为 %s,须为 CRS84、CGCS2000(EPSG:4490)、GCJ-02 或 BD-09 经纬度。'),
                left(crs, 60))], 'registry.grid', 'outline');
        END IF;

        <<rehearsal>>
        BEGIN
            FOR n IN 1..most LOOP
                BEGIN
                    entries[n] := registry.read_grid(geojson -> 'features' -> (n - 1), kind, valid_from);
                    entries[n].outline := to_cgcs2000(entries[n].outline, lower(replace(substring(crs FROM '(?i)(GCJ-?02|BD-?09)$'), '-', '')));
                    IF EXISTS (SELECT FROM unnest(entries[:n - 1]) AS e WHERE e.grid_code = (entries[n]).grid_code) THEN
                        PERFORM refuse('RG070', ARRAY[format(registry.in_language('Grid %s comes twice.', '网格 %s 重复出现。'), (entries[n]).grid_code)], 'registry.grid', 'grid_code');
                    END IF;
                    pending := pending || n;
                EXCEPTION WHEN OTHERS THEN
                    IF NOT ledger.is_refusal(SQLSTATE) THEN
                        RAISE;
                    END IF;
                    GET STACKED DIAGNOSTICS its_code = RETURNED_SQLSTATE, its_message = MESSAGE_TEXT,
                                            its_detail = PG_EXCEPTION_DETAIL, its_hint = PG_EXCEPTION_HINT;
                    codes[n] := its_code; messages[n] := its_message; details[n] := its_detail; hints[n] := its_hint;
                END;
            END LOOP;
            known := ARRAY(SELECT g.grid_code FROM registry.grid g
                           WHERE g.grid_code IN (SELECT e.grid_code FROM unnest(entries) AS e));

            -- All at once if it can be; else by halves, down to the ones that are refused. A grid that met the old outline
            -- of a neighbour is tried again once the neighbour is redrawn.
            WHILE pending <> '{}' LOOP
                progress := false;
                slices := ARRAY[int4range(1, cardinality(pending) + 1)];
                WHILE slices <> '{}' LOOP
                    slice := pending[lower(slices[1]) : upper(slices[1]) - 1];
                    BEGIN
                        PERFORM registry.draw_grids(ARRAY(SELECT entries[n] FROM unnest(slice) AS n));
                        codes := ARRAY(SELECT CASE WHEN n = ANY (slice) THEN NULL ELSE codes[n] END
                                       FROM generate_series(1, most) AS n);
                        slices := slices[2:];
                        progress := true;
                    EXCEPTION WHEN OTHERS THEN
                        IF NOT ledger.is_refusal(SQLSTATE) THEN
                            RAISE;
                        ELSIF cardinality(slice) = 1 THEN
                            GET STACKED DIAGNOSTICS its_code = RETURNED_SQLSTATE, its_message = MESSAGE_TEXT,
                                                    its_detail = PG_EXCEPTION_DETAIL, its_hint = PG_EXCEPTION_HINT;
                            codes[slice[1]] := its_code; messages[slice[1]] := its_message;
                            details[slice[1]] := its_detail; hints[slice[1]] := its_hint;
                            slices := slices[2:];
                        ELSE
                            middle := lower(slices[1]) + cardinality(slice) / 2;
                            slices := ARRAY[int4range(lower(slices[1]), middle), int4range(middle, upper(slices[1]))] || slices[2:];
                        END IF;
                    END;
                END LOOP;
                pending := ARRAY(SELECT n FROM unnest(pending) AS n WHERE codes[n] = 'RG063' AND progress);
            END LOOP;
            IF dry_run THEN
                RAISE SQLSTATE 'RG999';
            END IF;
        EXCEPTION WHEN SQLSTATE 'RG999' THEN
            NULL;
        END rehearsal;

        RETURN QUERY
            SELECT n, codes[n] IS NULL, (entries[n]).grid_code, g.grid_id,
                   CASE WHEN codes[n] IS NULL THEN CASE WHEN (entries[n]).grid_code = ANY (known) THEN 'redrawn' ELSE 'drawn' END END,
                   codes[n], CASE WHEN codes[n] IS NOT NULL THEN messages[n] END,
                   CASE WHEN codes[n] IS NOT NULL THEN details[n] END, CASE WHEN codes[n] IS NOT NULL THEN hints[n] END
            FROM generate_series(1, most) AS n
            LEFT JOIN registry.grid g ON g.grid_code = (entries[n]).grid_code
            ORDER BY n;
    END $$;
COMMENT ON FUNCTION api.import_grids(jsonb, text, date, boolean) IS
    'Draws and redraws grids from a GeoJSON FeatureCollection (导入网格, RFC 7946): Polygon or MultiPolygon in degrees of CRS84, read as CGCS2000, or of what member crs names: GCJ-02 and BD-09 are converted; properties grid_code and name, and if need be kind, division, valid_from, valid_to (half open). A known grid_code is redrawn, what is left out stays as it was. kind, valid_from: for features without their own; dry_run: answer, change nothing. Answers a row for each feature: accepted (drawn or redrawn), or refused with code and text; the good ones are kept. Errors: RG070; in rows RG006, RG059-RG067, RG069, RG070, 22P02 and 22007 for a property that cannot be read';

CREATE OR REPLACE FUNCTION api.assign_grids(since date DEFAULT NULL)
    RETURNS bigint
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    AS $$
    BEGIN
        -- as who draws: nobody locates a dwelling meanwhile
        PERFORM grid_lock(NULL);
        RETURN place_dwellings(ARRAY(
            SELECT g.grid_id FROM registry.grid g
            WHERE g.kind = 'management'
              AND (since IS NULL
                   OR lower(g.period) BETWEEN since AND today()
                   OR upper(g.period) BETWEEN since AND today())))
            + CASE WHEN since IS NULL THEN place_parts() ELSE 0 END;
    END $$;
COMMENT ON FUNCTION api.assign_grids(date) IS
    'Gives every dwelling the management grid that it belongs to today (重新归属网格), and answers how many changed, not counting parts that went with them: for a nightly job, since grids begin and end as days pass. since: only for grids whose period began or ended on that day or after';

CREATE OR REPLACE VIEW map.grid_import AS
SELECT g.grid_id,
       g.grid_code,
       g.name,
       g.kind,
       lower(g.period) AS valid_from,
       upper(g.period) AS valid_to,
       g.outline::geometry(Geometry, 4490) AS outline
FROM registry.grid g
WHERE g.period @> today();
COMMENT ON VIEW map.grid_import IS
    'Staging view for grids (网格导入): what is inserted here is drawn, or redrawn where the code is known; what is left empty stays as it was. Polygon and MultiPolygon in degrees. ogr2ogr -append -nln map.grid_import -t_srs EPSG:4490 -dim XY PG:dbname=… grids.shp; the first refusal stops it, api.import_grids() keeps the good ones';
COMMENT ON COLUMN map.grid_import.grid_id IS 'Key, given by the register (网格编号)';
COMMENT ON COLUMN map.grid_import.grid_code IS 'Code of the grid (网格编码)';
COMMENT ON COLUMN map.grid_import.name IS 'Name (网格名称)';
COMMENT ON COLUMN map.grid_import.kind IS 'Kind, list grid_kind (网格类型代码); empty: management';
COMMENT ON COLUMN map.grid_import.valid_from IS 'First day of validity (启用日期); empty: today';
COMMENT ON COLUMN map.grid_import.valid_to IS 'First day after validity (停用日期); empty: no end';
COMMENT ON COLUMN map.grid_import.outline IS 'Outline (网格边界): Polygon or MultiPolygon, CGCS2000';

CREATE OR REPLACE FUNCTION map.grid_import()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        entry registry.grid;
    BEGIN
        IF NEW.grid_code ~ '^[0-9]{12}[0-9A-Z]{2,3}$' IS NOT TRUE THEN
            PERFORM refuse('RG060', ARRAY[COALESCE(left(NEW.grid_code, 20), '')], 'registry.grid', 'grid_code');
        ELSIF NEW.outline IS NULL THEN
            PERFORM refuse('RG062', ARRAY[NEW.grid_code], 'registry.grid', 'outline');
        ELSIF NEW.valid_to < COALESCE(NEW.valid_from, today()) THEN
            PERFORM refuse('RG067', ARRAY[NEW.grid_code], 'registry.grid', 'period');
        END IF;
        entry.grid_code := NEW.grid_code;
        entry.name := NEW.name;
        entry.kind := NEW.kind;
        entry.division := left(NEW.grid_code, 12)::division_code;
        entry.outline := ST_Multi(ST_Force2D(NEW.outline));
        IF num_nonnulls(NEW.valid_from, NEW.valid_to) > 0 THEN
            entry.period := daterange(COALESCE(NEW.valid_from, today()), NEW.valid_to);
        END IF;
        PERFORM registry.draw_grids(ARRAY[entry]);
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION map.grid_import() IS 'Trigger of map.grid_import (网格导入): draws or redraws what is inserted';
CREATE OR REPLACE TRIGGER grid_import INSTEAD OF INSERT ON map.grid_import
    FOR EACH ROW EXECUTE FUNCTION map.grid_import();
