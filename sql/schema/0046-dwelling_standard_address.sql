--! done-when: SELECT EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass('registry.dwelling_standard_address_idx') AND indisvalid)
--! inside-when: SELECT NOT EXISTS (SELECT FROM registry.dwelling)
CREATE INDEX CONCURRENTLY dwelling_standard_address_idx ON registry.dwelling (standard_address);
