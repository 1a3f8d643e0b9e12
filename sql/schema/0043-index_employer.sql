--! done-when: SELECT count(*) = 2 FROM pg_index WHERE indexrelid IN (to_regclass('registry.employer_search_text_idx'), to_regclass('registry.employer_search_keys_idx')) AND indisvalid
--! inside-when: SELECT NOT EXISTS (SELECT FROM registry.employer)
CREATE INDEX CONCURRENTLY IF NOT EXISTS employer_search_text_idx ON registry.employer (residency.search_text(name) COLLATE "C");
CREATE INDEX CONCURRENTLY IF NOT EXISTS employer_search_keys_idx ON registry.employer USING gin (residency.search_keys(name));
