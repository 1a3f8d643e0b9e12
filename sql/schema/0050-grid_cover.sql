-- The cover of management grids: which cells of a mesh each grid meets, so that a point finds its grid by an index.

-- Nobody draws until all grids have theirs.
LOCK TABLE registry.grid IN SHARE ROW EXCLUSIVE MODE;

-- No foreign key: grids are never deleted, and only their triggers write here; residency.check() compares.
CREATE TABLE registry.grid_cover (
    cell       bigint NOT NULL,
    grid_id    bigint NOT NULL,
    valid_from date NOT NULL,
    valid_to   date NOT NULL,
    part       bytea,
    CONSTRAINT grid_cover_pkey PRIMARY KEY (cell, grid_id)
);
COMMENT ON TABLE registry.grid_cover IS
    'Cells that management grids meet (网格索引单元): kept by the triggers of registry.grid, read by residency.grid_at()';
COMMENT ON COLUMN registry.grid_cover.cell IS 'Level and Z-order of a cell of 360 degrees divided by 4^level (索引单元编码)';
COMMENT ON COLUMN registry.grid_cover.grid_id IS 'The grid that meets it (所属网格)';
COMMENT ON COLUMN registry.grid_cover.valid_from IS 'First day of the grid (启用日期), or -infinity';
COMMENT ON COLUMN registry.grid_cover.valid_to IS 'First day after it (停用日期), or infinity';
COMMENT ON COLUMN registry.grid_cover.part IS
    'The edges of the outline that meet the cell, with a spot of which it is known whether it is inside (单元内网格边界); empty: the whole cell is inside';
COMMENT ON INDEX registry.grid_cover_pkey IS 'The grids of a cell';
CREATE INDEX grid_cover_grid_id_idx ON registry.grid_cover (grid_id);
COMMENT ON INDEX registry.grid_cover_grid_id_idx IS 'The cells of a grid';

-- named so that they run after the judge, who lets one draw at a time, and before dwellings are placed
CREATE TRIGGER grid_keep_cover_insert
    AFTER INSERT ON registry.grid REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION residency.grid_cover();
CREATE TRIGGER grid_keep_cover_update
    AFTER UPDATE ON registry.grid REFERENCING OLD TABLE AS former NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION residency.grid_cover_again();

SELECT residency.cover_grids(ARRAY(SELECT g.grid_id FROM registry.grid g));
