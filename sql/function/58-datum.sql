-- datum: what devices in China send (GCJ-02, BD-09), and what the register keeps (CGCS2000).

CREATE OR REPLACE FUNCTION residency.from_gcj02(shape geometry)
    RETURNS geometry
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_from_gcj02';
COMMENT ON FUNCTION residency.from_gcj02(geometry) IS
    'A geometry of GCJ-02 (Amap, Tencent) in CGCS2000, SRID 4490 (火星坐标转2000国家大地坐标). Degrees, SRID 0, 4326 or 4490, of any type; Z and M stay. Points outside 72.004-137.8347 E, 0.8293-55.8271 N stay as they are. Errors: 22023 another SRID';

CREATE OR REPLACE FUNCTION residency.to_gcj02(shape geometry)
    RETURNS geometry
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_to_gcj02';
COMMENT ON FUNCTION residency.to_gcj02(geometry) IS
    'A geometry of CGCS2000 or WGS-84 in GCJ-02 (2000国家大地坐标转火星坐标), SRID 0, as there is none for it: to be shown on a map of Amap or Tencent. The rest as for residency.from_gcj02(), which brings it back to a micrometre. Errors: 22023 another SRID';

CREATE OR REPLACE FUNCTION residency.from_bd09(shape geometry)
    RETURNS geometry
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_from_bd09';
COMMENT ON FUNCTION residency.from_bd09(geometry) IS
    'A geometry of BD-09 (Baidu, degrees) in CGCS2000, SRID 4490 (百度坐标转2000国家大地坐标). The rest as for residency.from_gcj02(). Errors: 22023 another SRID';

CREATE OR REPLACE FUNCTION residency.to_bd09(shape geometry)
    RETURNS geometry
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'residency_to_bd09';
COMMENT ON FUNCTION residency.to_bd09(geometry) IS
    'A geometry of CGCS2000 or WGS-84 in BD-09 (2000国家大地坐标转百度坐标), SRID 0, as there is none for it: to be shown on a map of Baidu. The rest as for residency.to_gcj02(). Errors: 22023 another SRID';

CREATE OR REPLACE FUNCTION residency.to_cgcs2000(shape geometry, datum text)
    RETURNS geometry
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$ SELECT CASE datum WHEN 'gcj02' THEN residency.from_gcj02(shape) WHEN 'bd09' THEN residency.from_bd09(shape) ELSE shape END $$;
COMMENT ON FUNCTION residency.to_cgcs2000(geometry, text) IS
    'A geometry given in a datum of list location_datum in CGCS2000 (按坐标系换算): converted for gcj02 and bd09, as it is for the others. Errors: 22023 an SRID that is not of degrees';

CREATE OR REPLACE FUNCTION residency.dwelling_datum()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
    DECLARE
        at    constant text := 'registry.dwelling';
        given constant geometry := NEW.location;
        moved boolean := true;
    BEGIN
        NEW.location_datum := residency.checked_code('location_datum', COALESCE(NEW.location_datum, 'cgcs2000'), at, 'location_datum');
        IF TG_OP = 'UPDATE' THEN
            moved := NEW.location IS DISTINCT FROM OLD.location;
            IF moved AND NEW.location_datum = OLD.location_datum THEN
                -- what is kept of the old location says nothing of the new one
                NEW.location_datum := 'cgcs2000';
            END IF;
        END IF;
        IF given IS NULL THEN
            NEW.location_datum := 'cgcs2000';
        ELSIF NEW.location_datum IN ('gcj02', 'bd09') THEN
            IF NOT moved THEN
                PERFORM residency.refuse('RG235', ARRAY[NEW.dwelling_id::text, OLD.location_datum, NEW.location_datum], at, 'location_datum');
            END IF;
            NEW.location := residency.to_cgcs2000(given, NEW.location_datum);
            -- what is not even on the earth is refused as every such point is
            IF NEW.location = given AND residency.is_on_earth(given) THEN
                PERFORM residency.refuse('RG236', ARRAY[NEW.location_datum, ST_X(given)::text, ST_Y(given)::text], at, 'location');
            END IF;
            NEW.location_datum := 'from_' || NEW.location_datum;
        ELSIF NEW.location_datum = 'wgs84' THEN
            NEW.location_datum := 'from_wgs84';
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION residency.dwelling_datum() IS
    'Trigger of registry.dwelling (房屋坐标系换算): a location that is given in another datum becomes CGCS2000, once: location_datum then says from which. First of the triggers before a row, so that the others see CGCS2000. Errors: RG006, RG235, RG236';
