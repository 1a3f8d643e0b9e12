-- Dwellings: buildings, units, rooms and beds, each where it stands.

CREATE TABLE registry.dwelling (
    dwelling_id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    parent_id            bigint,
    kind                 text COLLATE "C" NOT NULL DEFAULT 'unit',
    address              text NOT NULL,
    division             residency.division_code NOT NULL CONSTRAINT dwelling_division_fkey REFERENCES code.division,
    location             geometry(Point, 4490),
    grid_id              bigint REFERENCES registry.grid,
    usable_area          numeric(8, 2),
    rental_kind          text COLLATE "C",
    let_state            text COLLATE "C" NOT NULL DEFAULT 'lettable',
    safety_letter_on     date,
    landlord_person_id   bigint REFERENCES registry.person,
    landlord_credit_code residency.credit_code,
    created_at           timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT dwelling_one_landlord CHECK (num_nonnulls(landlord_person_id, landlord_credit_code) <= 1),
    CONSTRAINT dwelling_place_key UNIQUE (dwelling_id, division),
    -- a part lies where the whole lies, and moves with it
    CONSTRAINT dwelling_parent_fkey FOREIGN KEY (parent_id, division)
        REFERENCES registry.dwelling (dwelling_id, division) ON UPDATE CASCADE
);
COMMENT ON TABLE registry.dwelling IS 'Dwellings, from building to bed (房屋)';
COMMENT ON COLUMN registry.dwelling.dwelling_id IS 'Key';
COMMENT ON COLUMN registry.dwelling.parent_id IS 'The dwelling that this one is part of: a room of a unit, a unit of a building (所属房屋)';
COMMENT ON COLUMN registry.dwelling.kind IS 'building, unit, room or bed (栋、套、间、床位), list dwelling_kind';
COMMENT ON COLUMN registry.dwelling.address IS 'Standard address below the division: road, number, building, unit, room (门牌地址)';
COMMENT ON COLUMN registry.dwelling.division IS 'Village-level division (所属村居)';
COMMENT ON COLUMN registry.dwelling.location IS 'Where it stands (位置), CGCS2000; NULL as long as nobody knows';
COMMENT ON COLUMN registry.dwelling.grid_id IS 'The management grid that covers the location (所属网格); kept by the register';
COMMENT ON COLUMN registry.dwelling.usable_area IS 'Usable area in m² without kitchen, toilet, balcony and storage (使用面积)';
COMMENT ON COLUMN registry.dwelling.rental_kind IS 'How it is let, list rental_kind (出租方式)';
COMMENT ON COLUMN registry.dwelling.let_state IS 'let, lettable, owner_occupied, prohibited or demolished (出租状态), list let_state';
COMMENT ON COLUMN registry.dwelling.safety_letter_on IS 'Day on which the landlord signed the safety responsibility letter (治安责任书签订日期)';
COMMENT ON COLUMN registry.dwelling.landlord_person_id IS 'Landlord, where it is a person (出租人)';
COMMENT ON COLUMN registry.dwelling.landlord_credit_code IS 'Landlord, where it is an organisation (出租单位, GB 32100)';
COMMENT ON COLUMN registry.dwelling.created_at IS 'When the dwelling was first registered';

CREATE INDEX dwelling_parent_id_idx ON registry.dwelling (parent_id);
COMMENT ON INDEX registry.dwelling_parent_id_idx IS 'Parts of a dwelling';
CREATE INDEX dwelling_division_idx ON registry.dwelling (division);
COMMENT ON INDEX registry.dwelling_division_idx IS 'Dwellings of a division and all beneath';
CREATE INDEX dwelling_grid_id_idx ON registry.dwelling (grid_id);
COMMENT ON INDEX registry.dwelling_grid_id_idx IS 'Dwellings of a grid';
CREATE INDEX dwelling_location_idx ON registry.dwelling USING gist (location);
COMMENT ON INDEX registry.dwelling_location_idx IS 'Dwellings by place';
CREATE INDEX dwelling_landlord_person_id_idx ON registry.dwelling (landlord_person_id) WHERE landlord_person_id IS NOT NULL;
COMMENT ON INDEX registry.dwelling_landlord_person_id_idx IS 'Dwellings of a landlord';

-- Not when the grid alone changes: that is the register's own doing, a hundred thousand times at once.
CREATE TRIGGER dwelling_guard
    BEFORE INSERT OR UPDATE OF dwelling_id, parent_id, kind, address, division, location, usable_area, rental_kind,
                               let_state, safety_letter_on
    ON registry.dwelling
    FOR EACH ROW EXECUTE FUNCTION residency.dwelling_guard();
CREATE TRIGGER dwelling_grid_share
    BEFORE INSERT OR UPDATE OF location ON registry.dwelling
    FOR EACH STATEMENT EXECUTE FUNCTION residency.grid_share();
CREATE TRIGGER dwelling_place
    BEFORE INSERT OR UPDATE OF location ON registry.dwelling
    FOR EACH ROW EXECUTE FUNCTION residency.dwelling_place();
-- The client's own word for the grid does not count; that of registry.grid's trigger does.
CREATE TRIGGER dwelling_place_again
    BEFORE UPDATE OF grid_id ON registry.dwelling
    FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION residency.dwelling_place();
CREATE TRIGGER dwelling_judge
    AFTER UPDATE OF kind, let_state, safety_letter_on, parent_id ON registry.dwelling
    FOR EACH ROW EXECUTE FUNCTION residency.judge('dwelling', 'dwelling_id');
CREATE TRIGGER dwelling_keep
    BEFORE DELETE ON registry.dwelling
    FOR EACH ROW EXECUTE FUNCTION residency.dwelling_keep();

CREATE TRIGGER grid_guard
    BEFORE INSERT OR UPDATE ON registry.grid
    FOR EACH ROW EXECUTE FUNCTION residency.grid_guard();
CREATE TRIGGER grid_judge_insert
    AFTER INSERT ON registry.grid REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION residency.judge('grid', 'grid_id');
CREATE TRIGGER grid_judge_update
    AFTER UPDATE ON registry.grid REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION residency.judge('grid', 'grid_id');
-- named so that they run after the judge
CREATE TRIGGER grid_place_insert
    AFTER INSERT ON registry.grid REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION residency.grid_place();
CREATE TRIGGER grid_place_update
    AFTER UPDATE ON registry.grid REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION residency.grid_place();
CREATE TRIGGER grid_keep
    BEFORE DELETE ON registry.grid
    FOR EACH ROW EXECUTE FUNCTION residency.grid_keep();
