-- Requests: what clients asked for under a number of their own, and what they were answered.

CREATE TABLE ledger.request (
    request_id   uuid PRIMARY KEY,
    act          text COLLATE "C" NOT NULL,
    digest       bytea NOT NULL,
    answer       jsonb,
    requested_at timestamptz NOT NULL DEFAULT now(),
    -- the role that was set counts, also inside a function that runs as its owner
    requested_by text NOT NULL DEFAULT COALESCE(NULLIF(current_setting('role'), 'none'), session_user)
);
COMMENT ON TABLE ledger.request IS
    'Requests that were carried out under a number of the client''s (请求台账): the same number again is answered from here. A refused request leaves no row';
COMMENT ON COLUMN ledger.request.request_id IS 'Number that the client gave the request (请求编号)';
COMMENT ON COLUMN ledger.request.act IS 'Act of the api: register_person …; batch forms have the same act (操作)';
COMMENT ON COLUMN ledger.request.digest IS 'SHA-256 of request number and contents (内容摘要); the contents themselves are not kept';
COMMENT ON COLUMN ledger.request.answer IS 'What was answered (答复): an api.answer, or an array of them for a batch; NULL only inside the transaction that carries the request out';
COMMENT ON COLUMN ledger.request.requested_at IS 'When the transaction began that carried it out (请求时间)';
COMMENT ON COLUMN ledger.request.requested_by IS 'Role that asked (请求角色)';

CREATE TYPE api.answer AS (
    accepted       boolean,
    act            text,
    person_id      bigint,
    residence_id   bigint,
    dwelling_id    bigint,
    state          text,
    half_year_from date,
    warning        text,
    code           text,
    message        text,
    detail         text,
    hint           text
);
COMMENT ON TYPE api.answer IS 'Answer to an act of the api (办理结果)';
COMMENT ON COLUMN api.answer.accepted IS 'Whether the act was carried out, or would be (是否受理)';
COMMENT ON COLUMN api.answer.act IS 'Name of the act (操作)';
COMMENT ON COLUMN api.answer.person_id IS 'Person concerned (人员)';
COMMENT ON COLUMN api.answer.residence_id IS 'Residence concerned; after a change of address the new one (居住登记)';
COMMENT ON COLUMN api.answer.dwelling_id IS 'Dwelling of that residence (房屋)';
COMMENT ON COLUMN api.answer.state IS 'State of that residence, list residence_state (登记状态)';
COMMENT ON COLUMN api.answer.half_year_from IS 'Day from which its half-year counts (半年起算日)';
COMMENT ON COLUMN api.answer.warning IS 'What is odd but allowed (提示)';
COMMENT ON COLUMN api.answer.code IS 'SQLSTATE of the refusal, see code.error (错误代码)';
COMMENT ON COLUMN api.answer.message IS 'MESSAGE of the refusal (错误信息)';
COMMENT ON COLUMN api.answer.detail IS 'DETAIL of the refusal: the facts (错误详情)';
COMMENT ON COLUMN api.answer.hint IS 'HINT of the refusal: the next step (处理建议)';

CREATE TYPE api.batch_answer AS (
    line           integer,
    accepted       boolean,
    act            text,
    person_id      bigint,
    residence_id   bigint,
    dwelling_id    bigint,
    state          text,
    half_year_from date,
    warning        text,
    code           text,
    message        text,
    detail         text,
    hint           text
);
COMMENT ON TYPE api.batch_answer IS 'Answer to one row of a batch (批量办理结果): api.answer with the place of the row';
COMMENT ON COLUMN api.batch_answer.line IS 'Place of the row in the batch, from 1 (行号)';
COMMENT ON COLUMN api.batch_answer.accepted IS 'Whether the act was carried out, or would be (是否受理)';
COMMENT ON COLUMN api.batch_answer.act IS 'Name of the act (操作)';
COMMENT ON COLUMN api.batch_answer.person_id IS 'Person concerned (人员)';
COMMENT ON COLUMN api.batch_answer.residence_id IS 'Residence concerned; after a change of address the new one (居住登记)';
COMMENT ON COLUMN api.batch_answer.dwelling_id IS 'Dwelling of that residence (房屋)';
COMMENT ON COLUMN api.batch_answer.state IS 'State of that residence, list residence_state (登记状态)';
COMMENT ON COLUMN api.batch_answer.half_year_from IS 'Day from which its half-year counts (半年起算日)';
COMMENT ON COLUMN api.batch_answer.warning IS 'What is odd but allowed (提示)';
COMMENT ON COLUMN api.batch_answer.code IS 'SQLSTATE of the refusal, see code.error (错误代码)';
COMMENT ON COLUMN api.batch_answer.message IS 'MESSAGE of the refusal (错误信息)';
COMMENT ON COLUMN api.batch_answer.detail IS 'DETAIL of the refusal: the facts (错误详情)';
COMMENT ON COLUMN api.batch_answer.hint IS 'HINT of the refusal: the next step (处理建议)';
