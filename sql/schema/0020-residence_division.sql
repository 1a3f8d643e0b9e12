--! done-when: SELECT EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass('registry.residence_division_idx') AND indisvalid)
--! inside-when: SELECT NOT EXISTS (SELECT FROM registry.residence)
CREATE INDEX CONCURRENTLY residence_division_idx ON registry.residence (division);
