-- Types: text to resident_id against text to bigint, contrib's ean13 and a check in PL/pgSQL; COPY.

CREATE FUNCTION bench.is_resident_id(number text) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE AS $$
    DECLARE
        sum integer := 0;
    BEGIN
        IF number !~ '^[1-9][0-9]{16}[0-9X]$' THEN
            RETURN false;
        END IF;
        PERFORM substr(number, 7, 8)::date;
        FOR i IN 1 .. 17 LOOP
            sum := sum + substr(number, i, 1)::integer * (2 ^ (18 - i))::integer % 11;
        END LOOP;
        RETURN substr('10X98765432', sum % 11 + 1, 1) = substr(number, 18, 1);
    EXCEPTION WHEN datetime_field_overflow THEN
        RETURN false;
    END $$;

CREATE TABLE bench.number AS
SELECT resident_id::text AS id, (resident_id::bigint * 10 + 1)::text AS digits, p.n
FROM (SELECT resident_id, row_number() OVER () AS n FROM registry.person) p;
ALTER TABLE bench.number ADD ean text;
UPDATE bench.number SET ean = substr(make.code, 1, 12) || (10 - (
    SELECT sum(substr(make.code, i, 1)::integer * CASE i % 2 WHEN 0 THEN 3 ELSE 1 END) FROM generate_series(1, 12) i) % 10) % 10
FROM (SELECT n, '690' || lpad(n::text, 9, '0') AS code FROM bench.number) make
WHERE make.n = number.n;
VACUUM ANALYZE bench.number;
SET max_parallel_workers_per_gather = 0;
SET jit = off;

SELECT format('CALL bench.measure(%L, %L, %s, %L);', topic, side, items, statement)
FROM generate_series(1, :rounds) AS round,
     (SELECT count(*) AS total FROM bench.number) AS n,
     LATERAL (VALUES
        (1, 'text to number', 'resident_id', total, 'SELECT count(id::residency.resident_id) FROM bench.number'),
        (2, 'text to number', 'bigint', total, 'SELECT count(digits::bigint) FROM bench.number'),
        (3, 'text to number', 'ean13', total, 'SELECT count(ean::ean13) FROM bench.number'),
        (4, 'text to number', 'PL/pgSQL check', 20000, 'SELECT count(*) FILTER (WHERE bench.is_resident_id(id)) FROM bench.number WHERE n <= 20000')
     ) AS side (sort, topic, side, items, statement)
ORDER BY round, CASE round % 2 WHEN 0 THEN sort ELSE -sort END
\gexec

CREATE TABLE bench.copy_id (id residency.resident_id);
CREATE TABLE bench.copy_bigint (id bigint);
CREATE TABLE bench.copy_text (id text);
SELECT format('COPY (SELECT id FROM bench.number) TO %L', :'dir' || '/id.tsv') \gexec
SELECT format('COPY (SELECT digits FROM bench.number) TO %L', :'dir' || '/digits.tsv') \gexec
SELECT unnest(ARRAY[
           'TRUNCATE ' || target,
           format('CALL bench.measure(%L, %L, %s, %L);', 'COPY', side, total, format('COPY %s FROM %L', target, :'dir' || file))])
FROM generate_series(1, 2 * :rounds + 1) AS round,
     (SELECT count(*) AS total FROM bench.number) AS n,
     (VALUES (1, 'resident_id', 'bench.copy_id', '/id.tsv'),
             (2, 'bigint', 'bench.copy_bigint', '/digits.tsv'),
             (3, 'text', 'bench.copy_text', '/id.tsv')) AS side (sort, side, target, file)
ORDER BY round, CASE round % 2 WHEN 0 THEN sort ELSE -sort END
\gexec
