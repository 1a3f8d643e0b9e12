--! done-when: SELECT EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass('registry.dwelling_landlord_credit_code_idx') AND indisvalid)
--! inside-when: SELECT NOT EXISTS (SELECT FROM registry.dwelling)
CREATE INDEX CONCURRENTLY dwelling_landlord_credit_code_idx ON registry.dwelling (landlord_credit_code) WHERE landlord_credit_code IS NOT NULL;
