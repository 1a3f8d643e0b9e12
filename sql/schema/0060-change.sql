-- Changes: one row for each row of the register that was changed. A stand-in with the columns that sealed blocks rest on,
-- until the history itself comes under this name.

CREATE TABLE ledger.change (
    change_id    bigint GENERATED ALWAYS AS IDENTITY,
    changed_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    transaction  xid8 NOT NULL DEFAULT pg_current_xact_id(),
    cluster_id   bigint NOT NULL DEFAULT residency.cluster_id(),
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
COMMENT ON TABLE ledger.change IS 'Changes of rows (变更记录), a partition a month';
COMMENT ON COLUMN ledger.change.change_id IS 'Number, rising (变更编号)';
COMMENT ON COLUMN ledger.change.changed_at IS 'When (变更时间)';
COMMENT ON COLUMN ledger.change.transaction IS 'Transaction (事务号)';
COMMENT ON COLUMN ledger.change.cluster_id IS 'Cluster that wrote it (数据库集群标识)';
COMMENT ON COLUMN ledger.change.actor IS 'Role that acted (操作人)';
COMMENT ON COLUMN ledger.change.login IS 'Role that had logged in (登录角色)';
COMMENT ON COLUMN ledger.change.purpose IS 'Purpose (目的)';
COMMENT ON COLUMN ledger.change.request_id IS 'Request (请求编号)';
COMMENT ON COLUMN ledger.change.act IS 'Act of the api (操作)';
COMMENT ON COLUMN ledger.change.table_name IS 'Table (表名)';
COMMENT ON COLUMN ledger.change.key IS 'Primary key of the row (主键)';
COMMENT ON COLUMN ledger.change.operation IS 'I, U, D, T, B or M (变更类型)';
COMMENT ON COLUMN ledger.change.image IS 'The row after (变更后内容)';
COMMENT ON COLUMN ledger.change.salt IS 'Random, gone together with the image (随机盐)';
COMMENT ON COLUMN ledger.change.image_digest IS 'What stays of a purged image: SHA-256 of salt and image (内容摘要)';
CREATE TABLE ledger.change_default (LIKE ledger.change INCLUDING DEFAULTS INCLUDING COMMENTS);
ALTER TABLE ledger.change ATTACH PARTITION ledger.change_default DEFAULT;
COMMENT ON TABLE ledger.change_default IS 'Changes of months that have no partition (其他月份变更记录)';

CREATE FUNCTION ledger.image_digest(salt uuid, image jsonb)
    RETURNS bytea
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN residency.image_digest(salt, image);
COMMENT ON FUNCTION ledger.image_digest(uuid, jsonb) IS 'SHA-256 of the sixteen bytes of the salt and the text of the image (内容摘要); NULL without an image';

CREATE TRIGGER change_frozen
    BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.change
    FOR EACH STATEMENT EXECUTE FUNCTION residency.refuse_change('RG320');
