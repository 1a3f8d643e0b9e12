-- The rooms of the house, and the log of how it was built.

CREATE SCHEMA code;
COMMENT ON SCHEMA code IS 'Dictionaries: divisions, GB/T code lists, the catalogue of refusals (代码字典)';
CREATE SCHEMA policy;
COMMENT ON SCHEMA policy IS 'Rules as data: value by place and day, with its legal basis (政策参数)';
CREATE SCHEMA registry;
COMMENT ON SCHEMA registry IS 'The register: persons, dwellings, residences, grids (实有人口、实有房屋、居住登记、网格)';
CREATE SCHEMA ledger;
COMMENT ON SCHEMA ledger IS 'What was done: applied steps, requests (台账)';
CREATE SCHEMA api;
COMMENT ON SCHEMA api IS 'Functions and views for applications (应用接口)';
CREATE SCHEMA stat;
COMMENT ON SCHEMA stat IS 'Counts for BI tools, always equal to the register (统计)';
CREATE SCHEMA map;
COMMENT ON SCHEMA map IS 'Layers for GIS and pictures of them (地图图层)';

CREATE TABLE ledger.applied_step (
    step              text COLLATE "C" PRIMARY KEY,
    kind              text NOT NULL,
    checksum          text NOT NULL,
    extension_version text NOT NULL,
    applied_at        timestamptz NOT NULL DEFAULT clock_timestamp(),
    applied_by        text NOT NULL DEFAULT session_user,
    took              interval NOT NULL
);
COMMENT ON TABLE ledger.applied_step IS
    'Steps that CALL residency.migrate() has taken in this database (已执行的迁移步骤); compare residency.pending()';
COMMENT ON COLUMN ledger.applied_step.step IS 'Name of the step in residency.migration_step';
COMMENT ON COLUMN ledger.applied_step.kind IS 'once, repeatable or outside';
COMMENT ON COLUMN ledger.applied_step.checksum IS 'SHA-256 of the text that ran, in hexadecimal';
COMMENT ON COLUMN ledger.applied_step.extension_version IS 'Version of the extension that brought the text';
COMMENT ON COLUMN ledger.applied_step.applied_at IS 'When it was committed, to the moment before';
COMMENT ON COLUMN ledger.applied_step.applied_by IS 'The role that called migrate()';
COMMENT ON COLUMN ledger.applied_step.took IS 'How long it ran';
