-- A dwelling without a location belongs to the grid of what it is part of.

-- Nobody arrives or moves until it is done: arrivals lock from the inside out, and below whole trees change.
LOCK TABLE registry.dwelling IN EXCLUSIVE MODE;

-- Also who puts a dwelling into another. And who changes its division: that sets the parent of its parts once more
-- (dwelling_parent_fkey), and he who waits for who draws must do so before he has locked a row.
CREATE OR REPLACE TRIGGER dwelling_grid_share
    BEFORE INSERT OR UPDATE OF location, parent_id, division, dwelling_id ON registry.dwelling
    FOR EACH STATEMENT EXECUTE FUNCTION residency.grid_share();
CREATE OR REPLACE TRIGGER dwelling_place
    BEFORE INSERT OR UPDATE OF location, parent_id ON registry.dwelling
    FOR EACH ROW EXECUTE FUNCTION residency.dwelling_place();
-- Transition tables bear no list of columns: it fires at every update.
CREATE TRIGGER dwelling_place_parts
    AFTER UPDATE ON registry.dwelling REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION residency.dwelling_place_parts();

COMMENT ON COLUMN registry.dwelling.grid_id IS 'The management grid that covers the location; without a location that of the nearest whole which has one (所属网格); kept by the register';

DO $$
BEGIN
    -- what no longer says anything becomes what to locate
    IF to_regclass('map.dwelling_without_location') IS NOT NULL THEN
        ALTER VIEW map.dwelling_without_location RENAME COLUMN located_whole_id TO outermost_id;
    END IF;
    -- once for the parts that are there
    PERFORM residency.place_parts();
END $$;
