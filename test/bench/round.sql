-- Where what was measured is kept.

CREATE SCHEMA bench;
CREATE TABLE bench.round (topic text, side text, seconds float8, items float8, n serial);

-- One round: how long a statement takes.
CREATE PROCEDURE bench.measure(topic text, side text, items float8, statement text)
    LANGUAGE plpgsql AS $$
    DECLARE
        started timestamptz := clock_timestamp();
    BEGIN
        EXECUTE statement;
        INSERT INTO bench.round (topic, side, seconds, items) VALUES (topic, side, extract(epoch FROM clock_timestamp() - started), items);
        COMMIT;
    END $$;
