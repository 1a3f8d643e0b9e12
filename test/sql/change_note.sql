-- Noting: whatever the tables look like on both sides, and whoever writes.
\set ECHO none
\getenv test PG_ABS_SRCDIR
\i :test/lib/register.sql
SET search_path = residency, public;

BEGIN;
SELECT plan(26);
CREATE TABLE public.thing (id integer PRIMARY KEY DEFERRABLE, word text, size bigint);
SELECT ledger.track_table('public.thing', 'full') \g /dev/null
CREATE FUNCTION pg_temp.story(entry integer) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(c.operation || COALESCE(':' || left(c.image ->> 'word', 5), ''), ' ' ORDER BY c.change_id) FROM ledger.change c WHERE c.table_name = 'public.thing' AND c.key ->> 'id' = entry::text $$;
CREATE FUNCTION pg_temp.agrees() RETURNS boolean LANGUAGE sql AS $$ SELECT NOT EXISTS (SELECT FROM ledger.unnoted('public.thing')) $$;
CREATE FUNCTION pg_temp.newest(field text) RETURNS text LANGUAGE sql AS $$
    SELECT to_jsonb(c) ->> field FROM ledger.change c WHERE c.table_name = 'public.thing' ORDER BY c.change_id DESC LIMIT 1 $$;
CREATE FUNCTION pg_temp.month() RETURNS text LANGUAGE sql AS $$
    SELECT c.tableoid::regclass::text FROM ledger.change c WHERE c.table_name = 'public.thing' ORDER BY c.change_id DESC LIMIT 1 $$;

-- keys that move onto one another
SET CONSTRAINTS ALL DEFERRED;
INSERT INTO public.thing (id, word) SELECT n, 'w' || n FROM generate_series(1, 200) n;
UPDATE public.thing SET id = id + 1 WHERE id <= 3 OR id = 200;
SELECT is(array(SELECT pg_temp.story(n) FROM unnest('{1,2,3,200,201}'::integer[]) n), '{I:w1 D,I:w2 U:w1,I:w3 U:w2,I:w200 D,I:w200}', 'keys that move by one: the first is gone, the last has come');
DELETE FROM public.thing WHERE id = 4;
UPDATE public.thing SET id = -id;
SELECT is(array(SELECT pg_temp.story(n) FROM unnest('{2,-2,201,-201}'::integer[]) n), '{I:w2 U:w1 D,I:w1,I:w200 D,I:w200}', 'all keys are others');
SELECT ok(pg_temp.agrees(), '... and both agree');

SET CONSTRAINTS ALL IMMEDIATE;
-- many rows, and none
SELECT count(*) AS noted FROM ledger.change \gset
UPDATE public.thing SET word = 'none' WHERE id = 0;
DELETE FROM public.thing WHERE id = 0;
INSERT INTO public.thing SELECT 0 WHERE false;
SELECT is((SELECT count(*) FROM ledger.change), :noted::bigint, 'what changes nothing is not noted');
TRUNCATE public.thing;
INSERT INTO public.thing (id, word) SELECT n, n FROM generate_series(1, 2000) n;
UPDATE public.thing SET size = id WHERE id > 1000;
DELETE FROM public.thing WHERE id > 1500;
SELECT ok(pg_temp.agrees(), 'many rows');
SELECT is((SELECT count(DISTINCT salt) FROM ledger.change WHERE table_name = 'public.thing' AND image IS NOT NULL),
          (SELECT count(*) FROM ledger.change WHERE table_name = 'public.thing' AND image IS NOT NULL), 'each image has its own salt');
SELECT is((SELECT count(*) FROM ledger.change WHERE table_name = 'public.thing' AND operation IN ('D', 'T') AND salt IS NOT NULL), 0::bigint, 'and who is gone needs none');

-- out of line
INSERT INTO public.thing (id, word) SELECT 6001, string_agg(md5(n::text), '') FROM generate_series(1, 5000) n;
UPDATE public.thing SET size = 1 WHERE id = 6001;
SELECT is(length(row_as_of('public.thing', '{"id": 6001}') ->> 'word'), 160000, 'a value that is stored out of line, and was not changed');

-- columns that come, go and change their type
ALTER TABLE public.thing DROP COLUMN size;
UPDATE public.thing SET word = 'fewer' WHERE id = 1;
SELECT is(row_as_of('public.thing', '{"id": 1}'), '{"id": 1, "word": "fewer"}', 'a column less');
ALTER TABLE public.thing ADD COLUMN seen date DEFAULT '2024-02-03';
UPDATE public.thing SET word = 'more' WHERE id = 1;
SELECT is(row_as_of('public.thing', '{"id": 1}'), '{"id": 1, "seen": "2024-02-03", "word": "more"}', 'a column more, with a default that no row has');
ALTER TABLE public.thing ALTER COLUMN seen DROP DEFAULT, ALTER COLUMN seen TYPE integer USING 7;
UPDATE public.thing SET word = 'other' WHERE id = 1;
SELECT is(row_as_of('public.thing', '{"id": 1}'), '{"id": 1, "seen": 7, "word": "other"}', 'another type');
ALTER TABLE public.thing DROP COLUMN seen;

-- months that are made and dropped while a session writes
SELECT pg_temp.month() AS month \gset
SELECT pg_get_expr(relpartbound, oid) AS bound FROM pg_class WHERE oid = :'month'::regclass \gset
ALTER TABLE ledger.change DETACH PARTITION :month;
UPDATE public.thing SET word = 'unmade' WHERE id = 1;
SELECT is(pg_temp.month(), 'ledger.change_default', 'a month that has no partition');
ALTER TABLE ledger.change_default DISABLE TRIGGER USER;
DELETE FROM ledger.change_default;
ALTER TABLE ledger.change_default ENABLE TRIGGER USER;
CREATE TABLE ledger.other_order (gone text, image_digest bytea, salt uuid, image jsonb, operation text COLLATE "C" NOT NULL, key jsonb NOT NULL, table_name text COLLATE "C" NOT NULL, act text,
    request_id uuid, purpose text, login text NOT NULL, actor text NOT NULL, cluster_id bigint NOT NULL, transaction xid8 NOT NULL, changed_at timestamptz NOT NULL, change_id bigint NOT NULL);
ALTER TABLE ledger.other_order DROP COLUMN gone;
ALTER TABLE ledger.change ATTACH PARTITION ledger.other_order :bound;
UPDATE public.thing SET word = 'moved' WHERE id = 1;
SELECT is(pg_temp.month(), 'ledger.other_order', 'one with its columns in another order');
SELECT is(row_as_of('public.thing', '{"id": 1}'), '{"id": 1, "word": "moved"}', '... is written and read');
SELECT throws_ok($$UPDATE ledger.other_order SET actor = 'nobody'$$, 'RG310', NULL, '... and kept as all are');
ALTER TABLE ledger.change DETACH PARTITION ledger.other_order;
DROP TABLE ledger.other_order;
UPDATE public.thing SET word = 'again' WHERE id = 1;
SELECT is(pg_temp.month(), 'ledger.change_default', 'one that was dropped');

-- what a site adds to the history
ALTER TABLE ledger.change ADD COLUMN office text DEFAULT 'office ' || lower('SEVEN'), ADD COLUMN title_length integer GENERATED ALWAYS AS (length(table_name)) STORED;
UPDATE public.thing SET word = 'site' WHERE id = 1;
SELECT is(ARRAY[pg_temp.newest('office'), pg_temp.newest('title_length')], '{office seven,12}', 'columns with their defaults');
CREATE FUNCTION pg_temp.stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NEW.image ->> 'word' = 'skip' THEN RETURN NULL; END IF;
    NEW.office := NEW.office || ', ' || current_user; RETURN NEW;
END $$;
CREATE TRIGGER stamp BEFORE INSERT ON ledger.change FOR EACH ROW EXECUTE FUNCTION pg_temp.stamp();
CREATE TABLE public.heard (n bigint, words text);
CREATE FUNCTION pg_temp.hear() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.heard SELECT count(*), string_agg(image ->> 'word', ',') FROM fresh; RETURN NULL; END $$;
CREATE TRIGGER hear AFTER INSERT ON ledger.change REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION pg_temp.hear();
UPDATE public.thing SET word = 'heard' WHERE id IN (1, 2);
UPDATE public.thing SET word = 'skip' WHERE id = 3;
SELECT is(pg_temp.newest('office'), 'office seven, ' || current_user, 'triggers of rows');
SELECT is(array(SELECT h::text FROM public.heard h), '{"(2,\"heard,heard\")","(0,)"}', 'triggers of statements');
SELECT is(pg_temp.story(3), NULL, 'a row that a trigger holds back');

-- an error in the middle of it, and who acts afterwards
ALTER TABLE ledger.change ADD CONSTRAINT no_secret CHECK (image ->> 'word' <> 'secret');
CREATE ROLE change_writer;
GRANT SELECT, INSERT, UPDATE ON public.thing TO change_writer;
SET LOCAL ROLE change_writer;
SELECT throws_ok($$UPDATE public.thing SET word = 'secret' WHERE id = 2$$, '23514', 'new row for relation "change_default" violates check constraint "no_secret"', 'a constraint');
SELECT is(current_user::text, 'change_writer', '... after which the writer acts again');
SELECT throws_ok($$SELECT count(*) FROM ledger.change$$, '42501', NULL, '... and not the owner');
INSERT INTO public.thing (id, word) VALUES (7000, 'theirs');
SELECT is(current_user::text, 'change_writer', 'nor after one that went well');
RESET ROLE;
SELECT is(pg_temp.newest('actor') || ' ' || pg_temp.newest('office'), 'change_writer office seven, ' || current_user, 'the owner wrote it, for them');

-- who may put triggers on a table can't choose of what they tell
CREATE TABLE public.plain (id integer, person_id bigint);
GRANT TRIGGER, INSERT ON public.plain TO change_writer;
GRANT USAGE ON SCHEMA residency TO change_writer;
SET LOCAL ROLE change_writer;
CREATE TRIGGER forge AFTER INSERT ON public.plain REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION residency.change_note('registry.person', 'person_id');
INSERT INTO public.plain VALUES (1, 1);
RESET ROLE;
SELECT is((SELECT table_name FROM ledger.change ORDER BY change_id DESC LIMIT 1), 'public.plain', 'the history names the table that was changed');
SELECT * FROM finish();
ROLLBACK;
