-- Addresses: texts normalised, COPY into a column of them, and how long a session takes to learn the gazetteer.

CREATE TABLE bench.address AS
SELECT n, CASE n % 10
              WHEN 0 THEN concat(region, road, no, unit, room)
              WHEN 1 THEN concat('地址：', region, road, no, '，联系人：张先生 13800138000')
              WHEN 2 THEN concat(road, no, estate, building, room)
              WHEN 3 THEN concat(township, road, no, building, '(近公园)')
              WHEN 4 THEN concat(county, township, estate, building, unit, room)
              ELSE concat(region, road, no, estate, building, unit, room)
          END AS text
FROM (
    SELECT n, residency.division_name(t.division) AS region, t.name AS township, c.name AS county,
           (ARRAY['人民路', '解放大道', '三坊大街', '兴发南路', '长安街', '五指山路', '沿江北路', '八一路'])[n % 8 + 1] AS road,
           n % 300 + 1 || CASE WHEN n % 5 = 0 THEN '号之' || n % 9 + 1 ELSE '号' END AS no,
           (ARRAY['阳光花园', '八一大厦', '锦绣小区', '幸福家园'])[n % 4 + 1] AS estate,
           n % 30 + 1 || (ARRAY['栋', '幢', '号楼', '座'])[n % 4 + 1] AS building,
           n % 4 + 1 || '单元' AS unit, (n % 18 + 1) * 100 + n % 6 + 1 || '室' AS room
    FROM (SELECT division, parent, name, row_number() OVER (ORDER BY division) AS row
          FROM code.division WHERE level = 4 AND NOT heading) t
    JOIN code.division c ON c.division::bigint = t.parent::bigint
    JOIN generate_series(1, 100000) AS n ON n % 40000 + 1 = t.row
) part;
CREATE TABLE bench.copy_address (address residency.address);
CREATE TABLE bench.copy_address_text (address text);
VACUUM ANALYZE bench.address;
SET max_parallel_workers_per_gather = 0;
SET jit = off;
SELECT count(residency.normalize_address(text)) FROM bench.address \g /dev/null

-- the gazetteer alone: a new alias makes it stale
SELECT unnest(ARRAY[
           format('INSERT INTO code.division_alias (alias, division, kind) VALUES (%L, ''110000'', ''alias'')', '甲乙丙' || round),
           format('CALL bench.measure(%L, %L, 1, %L);', 'gazetteer learnt', 'normalize_address', 'SELECT residency.normalize_address(''解放路'')')])
FROM generate_series(1, :rounds) AS round
\gexec
DELETE FROM code.division_alias WHERE alias LIKE '甲乙丙%';
SELECT residency.normalize_address('解放路') \g /dev/null

SELECT format('CALL bench.measure(%L, %L, 100000, %L);', 'addresses', side, statement)
FROM generate_series(1, :rounds) AS round,
     (VALUES (1, 'normalize_address', 'SELECT count(residency.normalize_address(text)) FROM bench.address'),
             (2, 'length of the text', 'SELECT count(length(text)) FROM bench.address')) AS side (sort, side, statement)
ORDER BY round, CASE round % 2 WHEN 0 THEN sort ELSE -sort END
\gexec

SELECT format('COPY (SELECT residency.normalize_address(text) FROM bench.address) TO %L', :'dir' || '/address.tsv') \gexec
SELECT format('COPY (SELECT text FROM bench.address) TO %L', :'dir' || '/address_text.tsv') \gexec
SELECT unnest(ARRAY[
           'TRUNCATE ' || target,
           format('CALL bench.measure(%L, %L, 100000, %L);', 'COPY of addresses', side, format('COPY %s FROM %L', target, :'dir' || file))])
FROM generate_series(1, 2 * :rounds + 1) AS round,
     (VALUES (1, 'canonical', 'bench.copy_address', '/address.tsv'),
             (2, 'as people write', 'bench.copy_address', '/address_text.tsv'),
             (3, 'text', 'bench.copy_address_text', '/address_text.tsv')) AS side (sort, side, target, file)
ORDER BY round, CASE round % 2 WHEN 0 THEN sort ELSE -sort END
\gexec
