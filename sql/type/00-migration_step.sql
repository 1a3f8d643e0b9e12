-- What the extension ships for the database to build: the one table that is a member.

COMMENT ON SCHEMA residency IS
    'The extension''s own types and functions, and nothing else (扩展自有类型与函数)';

CREATE TABLE residency.migration_step (
    name        text COLLATE "C" PRIMARY KEY,
    kind        text NOT NULL CHECK (kind IN ('once', 'repeatable', 'outside')),
    checksum    text NOT NULL,
    done_when   text,
    inside_when text,
    body        text NOT NULL,
    CHECK ((kind = 'outside') = (done_when IS NOT NULL))
);
COMMENT ON TABLE residency.migration_step IS
    'The steps that CALL residency.migrate() takes, as shipped with the installed version of the extension (迁移步骤). Not dumped: it comes with CREATE EXTENSION';
COMMENT ON COLUMN residency.migration_step.name IS
    'Folder, number and topic; steps are taken in this order, those of schema/ before those of view/';
COMMENT ON COLUMN residency.migration_step.kind IS
    'once: tables and data, built once and frozen when released; repeatable: views and wrappers, made again when the text changes; outside: cannot run in a transaction';
COMMENT ON COLUMN residency.migration_step.checksum IS 'SHA-256 of the body, in hexadecimal';
COMMENT ON COLUMN residency.migration_step.done_when IS
    'Of an outside step: a query that answers true once the step is done';
COMMENT ON COLUMN residency.migration_step.inside_when IS
    'Of an outside step: a query that answers true where it may run inside a transaction after all, without CONCURRENTLY (an empty table)';
COMMENT ON COLUMN residency.migration_step.body IS 'The SQL that migrate() executes';

GRANT USAGE ON SCHEMA residency TO PUBLIC;
GRANT SELECT ON residency.migration_step TO PUBLIC;
