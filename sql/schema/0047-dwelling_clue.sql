--! done-when: SELECT EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass('registry.dwelling_clue_idx') AND indisvalid)
--! inside-when: SELECT NOT EXISTS (SELECT FROM registry.dwelling)
CREATE INDEX CONCURRENTLY dwelling_clue_idx ON registry.dwelling USING gin (standard_address) WITH (gin_pending_list_limit = 256);
