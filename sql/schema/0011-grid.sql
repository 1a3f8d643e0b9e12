-- Management grids: who looks after which part of a village or community.

CREATE TABLE registry.grid (
    grid_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    grid_code text COLLATE "C" NOT NULL CONSTRAINT grid_grid_code_key UNIQUE,
    name      text NOT NULL,
    kind      text COLLATE "C" NOT NULL DEFAULT 'management',
    division  residency.division_code NOT NULL REFERENCES code.division,
    outline   geometry(MultiPolygon, 4490) NOT NULL,
    period    daterange NOT NULL DEFAULT daterange(residency.today(), NULL)
);
COMMENT ON TABLE registry.grid IS 'Management grids (网格, GB/T 34300); grids of one kind never overlap while both are valid, and codes are never used again';
COMMENT ON COLUMN registry.grid.grid_id IS 'Key';
COMMENT ON COLUMN registry.grid.grid_code IS 'Twelve digits of the division and a sequence of two or three characters (网格编码, CJ/T 213, GB/T 47678.3)';
COMMENT ON COLUMN registry.grid.name IS 'Name of the grid (网格名称)';
COMMENT ON COLUMN registry.grid.kind IS 'Kind, list grid_kind (网格类型); dwellings belong to grids of kind management';
COMMENT ON COLUMN registry.grid.division IS 'The village-level division that the grid lies under (所属村居)';
COMMENT ON COLUMN registry.grid.outline IS 'Outline (网格边界), CGCS2000';
COMMENT ON COLUMN registry.grid.period IS 'Days on which the grid is valid (有效期), half-open';

CREATE INDEX grid_outline_idx ON registry.grid USING gist (outline);
COMMENT ON INDEX registry.grid_outline_idx IS 'Grids by place';
CREATE INDEX grid_division_idx ON registry.grid (division);
COMMENT ON INDEX registry.grid_division_idx IS 'Grids of a division and all beneath';
