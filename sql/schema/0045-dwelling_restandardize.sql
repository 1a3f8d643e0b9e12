--! done-when: SELECT NOT EXISTS (SELECT FROM registry.dwelling WHERE standard_address IS NULL)
CALL residency.restandardize();
