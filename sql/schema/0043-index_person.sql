--! done-when: SELECT count(*) = 3 FROM pg_index WHERE indexrelid IN (to_regclass('registry.person_search_text_idx'), to_regclass('registry.person_search_keys_idx'), to_regclass('registry.person_phone_idx')) AND indisvalid
--! inside-when: SELECT NOT EXISTS (SELECT FROM registry.person)
CREATE INDEX CONCURRENTLY IF NOT EXISTS person_search_text_idx ON registry.person (residency.search_text(name) COLLATE "C");
CREATE INDEX CONCURRENTLY IF NOT EXISTS person_search_keys_idx ON registry.person USING gin (residency.search_keys(name));
CREATE INDEX CONCURRENTLY IF NOT EXISTS person_phone_idx ON registry.person (residency.normalize_document_number(phone) COLLATE "C") WHERE phone IS NOT NULL;
