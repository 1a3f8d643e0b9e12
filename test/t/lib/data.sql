-- data.sql: a little of everything, for tests that carry a database from one place to another.
INSERT INTO registry.person (name, resident_id) VALUES ('测试甲', '440308199901101512');
INSERT INTO registry.person (name, sex, birth_date) SELECT '测试' || i, '1', date '1980-01-01' + i FROM generate_series(1, 40) i;
INSERT INTO registry.identity_document (person_id, document_type, document_number)
SELECT person_id, '414', 'E ' || 10000000 + person_id FROM registry.person WHERE resident_id IS NULL LIMIT 5;
INSERT INTO registry.grid (grid_code, name, division, outline, period)
SELECT division::text || '0' || i, '网格' || i, division,
       ST_Multi(ST_MakeEnvelope(110.30 + i * 0.01, 20.00, 110.31 + i * 0.01, 20.01, 4490)), '[2024-01-01,)'
FROM (SELECT division FROM code.division WHERE level = 5 AND division OPERATOR(residency.<@) '460105'::residency.division_code
      ORDER BY division LIMIT 1) d, generate_series(1, 2) i;
INSERT INTO registry.dwelling (address, division, location, usable_area, rental_kind, safety_letter_on)
SELECT '测试路' || i || '号', division, ST_SetSRID(ST_Point(110.3105 + i * 0.0005, 20.005), 4490), 60, NULL, '2024-01-02'
FROM (SELECT residency.min(division) AS division FROM registry.grid) d, generate_series(1, 20) i;
-- a house with parts that nobody has located, and one that nobody has located at all
WITH house AS (INSERT INTO registry.dwelling (kind, address, division, location) SELECT 'building', address || n, division, CASE n WHEN 1 THEN location END
               FROM registry.dwelling, generate_series(1, 2) n WHERE address = '测试路1号' RETURNING dwelling_id, division)
INSERT INTO registry.dwelling (parent_id, kind, address, division) SELECT dwelling_id, 'unit', '测试单元', division FROM house;
INSERT INTO registry.dwelling (parent_id, kind, address, division)
SELECT dwelling_id, 'room', '测试房间', division FROM registry.dwelling WHERE address = '测试单元';
INSERT INTO registry.residence (person_id, dwelling_id, arrived_on)
SELECT p.person_id, d.dwelling_id, '2024-03-01'
FROM (SELECT person_id, row_number() OVER (ORDER BY person_id) AS n FROM registry.person) p
JOIN (SELECT dwelling_id, row_number() OVER (ORDER BY dwelling_id) AS n FROM registry.dwelling) d ON d.n = (p.n + 1) / 2
WHERE p.n <= 30;
UPDATE registry.residence SET state = 'departed', departed_on = '2024-09-01', reason = NULL, close_reason = NULL
WHERE residence_id IN (SELECT residence_id FROM registry.residence ORDER BY residence_id LIMIT 5);
