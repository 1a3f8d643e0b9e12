-- ledger.change as the branch history makes it: here only so that the rights of the person have something to purge and to export.
-- Whoever merges keeps history's step and drops this one.

CREATE TABLE ledger.change (
    change_id    bigint GENERATED ALWAYS AS IDENTITY,
    changed_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    transaction  xid8 NOT NULL DEFAULT pg_current_xact_id(),
    cluster_id   bigint NOT NULL DEFAULT 0,
    actor        text NOT NULL DEFAULT residency.actor(),
    login        text NOT NULL DEFAULT session_user,
    purpose      text,
    request_id   uuid,
    act          text,
    table_name   text COLLATE "C" NOT NULL,
    key          jsonb NOT NULL,
    operation    text NOT NULL,
    image        jsonb,
    salt         uuid,
    image_digest bytea,
    PRIMARY KEY (changed_at, change_id)
) PARTITION BY RANGE (changed_at);
CREATE TABLE ledger.change_default PARTITION OF ledger.change DEFAULT;
CREATE INDEX change_key_idx ON ledger.change (table_name, key);
COMMENT ON INDEX ledger.change_key_idx IS 'Changes of a row';
DO $$
DECLARE
    part   text;
    "column" text;
BEGIN
    FOREACH part IN ARRAY '{change,change_default}'::text[] LOOP
        EXECUTE format('COMMENT ON TABLE ledger.%I IS %L', part, 'Changed rows (变更历史)');
        FOR "column" IN SELECT a.attname FROM pg_attribute a WHERE a.attrelid = ('ledger.' || part)::regclass AND a.attnum > 0 LOOP
            EXECUTE format('COMMENT ON COLUMN ledger.%I.%I IS %L', part, "column", 'As the branch history says (变更历史字段)');
        END LOOP;
    END LOOP;
END $$;

CREATE FUNCTION ledger.image_digest(salt uuid, image jsonb)
    RETURNS bytea
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT sha256(uuid_send(salt) || convert_to(image::text, 'UTF8')) $$;
COMMENT ON FUNCTION ledger.image_digest(uuid, jsonb) IS 'What is kept of an image that was purged (快照摘要)';

CREATE FUNCTION ledger.change_keep()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        IF (TG_OP = 'UPDATE' AND residency.rewrites() AND OLD.image IS NOT NULL AND NEW.image IS NULL AND NEW.salt IS NULL
           AND NEW.image_digest = ledger.image_digest(OLD.salt, OLD.image)
           AND to_jsonb(NEW) - '{image,salt,image_digest}'::text[] = to_jsonb(OLD) - '{image,salt,image_digest}'::text[]) IS NOT TRUE THEN
            PERFORM residency.refuse('RG350', ARRAY['ledger.change'], 'ledger.change');
        END IF;
        RETURN NEW;
    END $$;
COMMENT ON FUNCTION ledger.change_keep() IS 'Trigger of ledger.change (变更历史不得更改): but for the purge of an image';
CREATE TRIGGER change_keep BEFORE UPDATE OR DELETE ON ledger.change FOR EACH ROW EXECUTE FUNCTION ledger.change_keep();
