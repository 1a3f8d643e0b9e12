--! done-when: SELECT count(*) = 2 FROM pg_index WHERE indexrelid IN (to_regclass('registry.dwelling_search_text_idx'), to_regclass('registry.dwelling_search_keys_idx')) AND indisvalid
--! inside-when: SELECT NOT EXISTS (SELECT FROM registry.dwelling)
CREATE INDEX CONCURRENTLY IF NOT EXISTS dwelling_search_text_idx ON registry.dwelling (residency.search_text(address) COLLATE "C");
CREATE INDEX CONCURRENTLY IF NOT EXISTS dwelling_search_keys_idx ON registry.dwelling USING gin (residency.search_keys(address));
