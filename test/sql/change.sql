-- History: every change of every tracked table is noted, in the true order, and any moment can be read again.
\set ECHO none
\getenv test PG_ABS_SRCDIR
\i :test/lib/register.sql
SET search_path = residency, public;

BEGIN;
SELECT plan(4);
-- every table was decided on
SELECT is_empty($$SELECT table_title(c.oid) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                  WHERE n.nspname IN ('code', 'policy', 'registry', 'ledger') AND c.relkind IN ('r', 'p') AND NOT c.relispartition
                  EXCEPT SELECT table_name FROM ledger.tracked()$$, 'each table has its line in ledger.tracked()');
SELECT is_empty($$SELECT table_name FROM ledger.tracked() WHERE to_regclass(table_name) IS NULL$$, 'and no line is left over');
SELECT is_empty($$SELECT table_name FROM ledger.tracked() WHERE history NOT IN ('full', 'seeded') OR why IS NULL$$, 'each says why');
SELECT is_empty($$SELECT * FROM ledger.untracked_table()$$, 'all that want a history have one');
SELECT * FROM finish();
ROLLBACK;

-- a table of every kind of trouble
BEGIN;
SELECT plan(28);
CREATE TABLE public.thing (id integer PRIMARY KEY, word text, place geometry(Point, 4490), span daterange, amount numeric, doc jsonb, list text[], took interval, seen timestamptz, share float8);
CREATE TABLE public.part (id integer PRIMARY KEY, thing integer REFERENCES public.thing ON DELETE CASCADE ON UPDATE CASCADE);
CREATE TABLE public.month (id integer, day date, word text, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
CREATE TABLE public.month_1 PARTITION OF public.month FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
CREATE TABLE public.month_2 PARTITION OF public.month FOR VALUES FROM ('2024-02-01') TO ('2024-03-01');
INSERT INTO public.thing (id, word) VALUES (1, 'before');
SELECT count(ledger.track_table('public.' || t, 'full')) FROM unnest('{thing,part,month}'::text[]) t \g /dev/null
CREATE FUNCTION pg_temp.story(title text, entry integer) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(c.operation || COALESCE(':' || (c.image ->> 'word'), ''), ' ' ORDER BY c.change_id)
    FROM ledger.change c WHERE c.table_name = 'public.' || title AND (c.key ->> 'id' = entry::text OR c.operation = 'T') $$;
CREATE FUNCTION pg_temp.agrees(title text) RETURNS boolean LANGUAGE sql AS $$ SELECT NOT EXISTS (SELECT FROM ledger.unnoted('public.' || title)) $$;

-- images restore the row, whatever the session has set
SET LOCAL datestyle = 'SQL, DMY';
SET LOCAL intervalstyle = 'sql_standard';
SET LOCAL extra_float_digits = -15;
SET LOCAL timezone = 'America/New_York';
INSERT INTO public.thing VALUES (2, 'x', ST_SetSRID(ST_Point(110.123456789012345, 20.000000000000004), 4490), '[2024-02-01,2024-12-03)', 1.500, '{"b": [1, null, {"a": "x"}], "c": "s"}',
    '{a,"b c",NULL}', '-1 year -2 days +03:00', '2024-07-01 12:34:56.789012+08', 0.1 + 0.2), (3, NULL, NULL, 'empty', 'NaN', '"text"', '{}', '1 mon', 'infinity', 'NaN');
RESET datestyle; RESET intervalstyle; RESET extra_float_digits; RESET timezone;
SELECT results_eq($$SELECT r.* FROM as_of('public.thing') a, jsonb_populate_record(NULL::public.thing, a) r ORDER BY id$$, 'SELECT * FROM public.thing ORDER BY id', 'images restore rows');
SELECT is(jsonb_populate_record(NULL::public.thing, row_as_of('public.thing', '{"id": 2}'))::text, (SELECT t::text FROM public.thing t WHERE id = 2), 'to the last digit');
SELECT is(row_as_of('public.thing', '{"id": 1}') ->> 'word', 'before', 'what was there when the history began is in it');

-- ways to write
\copy public.thing (id, word) FROM PSTDIN
10	copied
11	copied
\.
INSERT INTO public.thing (id, word) VALUES (10, 'again'), (12, 'new') ON CONFLICT (id) DO UPDATE SET word = excluded.word;
MERGE INTO public.thing t USING (VALUES (10, 'merged'), (11, NULL), (13, 'merged')) AS s (id, word) ON s.id = t.id
    WHEN MATCHED AND s.word IS NULL THEN DELETE WHEN MATCHED THEN UPDATE SET word = s.word WHEN NOT MATCHED THEN INSERT (id, word) VALUES (s.id, s.word);
SELECT is(ARRAY[pg_temp.story('thing', 10), pg_temp.story('thing', 11), pg_temp.story('thing', 12), pg_temp.story('thing', 13)],
    '{I:copied U:again U:merged,I:copied D,I:new,I:merged}', 'COPY, ON CONFLICT, MERGE');
WITH gone AS (DELETE FROM public.thing WHERE id = 12 RETURNING id) INSERT INTO public.thing (id, word) SELECT id, 'reborn' FROM gone;
SELECT is(pg_temp.story('thing', 12), 'I:new D I:reborn', 'deleted and inserted in one statement');
INSERT INTO public.part VALUES (1, 10), (2, 13);
UPDATE public.thing SET id = 20 WHERE id = 10;
SELECT is(ARRAY[pg_temp.story('thing', 10), pg_temp.story('thing', 20)], '{I:copied U:again U:merged D,I:merged}', 'a key that changes: gone, and come');
SELECT is(pg_temp.story('part', 1), 'I U', 'which a foreign key passes on');
UPDATE public.thing SET id = CASE id WHEN 20 THEN 21 ELSE 22 END WHERE id IN (20, 12);
DELETE FROM public.thing WHERE id = 13;
SELECT is(pg_temp.story('part', 2), 'I D', 'and a deletion');
SELECT ok(pg_temp.agrees('thing') AND pg_temp.agrees('part'), 'tables and histories agree');
INSERT INTO public.month VALUES (1, '2024-01-05', 'a'), (2, '2024-02-05', 'b');
UPDATE public.month SET day = '2024-02-07' WHERE id = 1;
UPDATE public.month_2 SET word = 'c' WHERE id = 2;
SELECT is(ARRAY[pg_temp.story('month', 1), pg_temp.story('month', 2)], '{I:a D I:a,I:b U:c}', 'partitions, from one to another, and by themselves');
SELECT ok(pg_temp.agrees('month'), '... agree');
SAVEPOINT before_truncate;
TRUNCATE public.month_1;
INSERT INTO public.month VALUES (4, '2024-01-06', 'e');
TRUNCATE public.month_1;
SELECT is(ARRAY[pg_temp.story('month', 4), pg_temp.story('month', 2)], '{I:e D,I:b U:c}', 'one partition emptied');
SELECT ok(pg_temp.agrees('month'), '... is not the whole');
ROLLBACK TO before_truncate;
SELECT clock_timestamp() AS moment \gset
TRUNCATE public.month;
INSERT INTO public.month VALUES (3, '2024-01-05', 'd');
SELECT is(array(SELECT a ->> 'word' FROM as_of('public.month') a), '{d}', 'emptied');
SELECT is((SELECT count(*) FROM as_of('public.month', :'moment')), 2::bigint, 'and as it was before');
SELECT is(row_as_of('public.month', '{"id": 2, "day": "2024-02-05"}'), NULL, 'a row that went with the others');

-- triggers that change what has just been changed
CREATE FUNCTION pg_temp.again() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF length(NEW.word) < 4 THEN
        UPDATE public.thing SET word = word || 'n' WHERE id IN (NEW.id, NEW.id + 1);
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION pg_temp.after_all() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE public.thing SET word = word || '!' WHERE id IN (SELECT c.id FROM changed c WHERE c.word NOT LIKE '%!') AND word NOT LIKE '%!';
    RETURN NULL;
END $$;
CREATE TRIGGER again AFTER INSERT OR UPDATE ON public.thing FOR EACH ROW WHEN (new.word < 'm') EXECUTE FUNCTION pg_temp.again();
INSERT INTO public.thing (id, word) VALUES (100, 'a'), (101, 'b');
SELECT is(ARRAY[pg_temp.story('thing', 100), pg_temp.story('thing', 101)], '{I:a U:an U:ann U:annn,I:b U:bn U:bnn U:bnnn U:bnnnn U:bnnnnn U:bnnnnnn}', 'nested statements stand after the one around them');
SELECT ok(pg_temp.agrees('thing'), '... and the last of them is what is there');
CREATE TRIGGER a_first AFTER INSERT ON public.thing REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION pg_temp.after_all();
INSERT INTO public.thing (id, word) VALUES (110, 'xyz');
SELECT is(pg_temp.story('thing', 110), 'I:xyz U:xyz!', 'so do those of statement triggers that come first');
UPDATE public.thing SET word = 'q' WHERE id = 110;
DO $$ BEGIN
    BEGIN
        INSERT INTO public.thing (id, word) VALUES (120, 'lost');
        INSERT INTO public.thing (id, word) VALUES (110, 'double');
    EXCEPTION WHEN unique_violation THEN
        INSERT INTO public.thing (id, word) VALUES (121, 'kept');
    END;
END $$;
SELECT is(ARRAY[pg_temp.story('thing', 110), pg_temp.story('thing', 120), pg_temp.story('thing', 121)], '{I:xyz U:xyz! U:q,NULL,I:kept U:kept!}', 'what was taken back leaves nothing');

-- columns that come and go
SELECT clock_timestamp() AS moment \gset
ALTER TABLE public.thing ADD COLUMN colour text DEFAULT 'grey', DROP COLUMN share;
SELECT is((SELECT r.colour FROM jsonb_populate_record(NULL::public.thing, row_as_of('public.thing', '{"id": 110}', :'moment')) r), NULL, 'a column that was added is unknown in images of before');
SELECT ok(pg_temp.agrees('thing'), '... which is no disagreement');
UPDATE public.thing SET colour = 'red' WHERE id = 110;
SELECT is(row_as_of('public.thing', '{"id": 110}') ->> 'colour', 'red', '... and known since');

-- written while triggers were off
SET LOCAL session_replication_role = replica;
UPDATE public.thing SET word = 'unseen' WHERE id = 110;
DELETE FROM public.thing WHERE id = 121;
INSERT INTO public.thing (id, word) VALUES (130, 'unseen');
SET LOCAL session_replication_role = origin;
SELECT is(array(SELECT operation || ' ' || row_key FROM ledger.unnoted('public.thing') ORDER BY row_key), '{"U {\"id\": 110}","D {\"id\": 121}","I {\"id\": 130}"}', 'is found');
SELECT is(array(SELECT finding FROM residency.check() WHERE topic = 'history'), '{3 rows of table public.thing are not as its history has them}', 'by the self-check');
SELECT is(ledger.catch_up('public.thing'), 3, 'and can be noted afterwards');
SELECT ok(pg_temp.agrees('thing'), '... then they agree');
ALTER TABLE registry.person DISABLE TRIGGER change_update;
SELECT is(array(SELECT finding FROM residency.check() WHERE topic = 'history'), '{"table registry.person has no trigger change_update, or it is disabled: its changes are not noted"}', 'a trigger that is off');
SELECT * FROM finish();
ROLLBACK;

-- dictionaries: a row is noted as it was with its first change
BEGIN;
SELECT plan(5);
SELECT clock_timestamp() AS moment \gset
UPDATE code.value SET name_en = 'Man' WHERE list = 'sex' AND code = '1';
SELECT is(array(SELECT c.operation FROM ledger.change c WHERE c.table_name = 'code.value' AND c.key = '{"list": "sex", "code": "1"}' ORDER BY change_id), '{B,U}', 'as it was, and as it is');
SELECT is(row_as_of('code.value', '{"list": "sex", "code": "1"}', :'moment') ->> 'name_en', 'male', 'as it was before');
SELECT is((SELECT count(*) FROM as_of('code.value', :'moment')), (SELECT count(*) FROM code.value), 'the others had no need of it');
SELECT is(row_as_of('code.value', '{"list": "sex", "code": "2"}') ->> 'name_en', 'female', 'and are known all the same');
DELETE FROM code.value WHERE list = 'sex' AND code = '1';
SELECT is((SELECT count(*) FROM as_of('code.value', :'moment')), (SELECT count(*) + 1 FROM code.value), 'deleted since');
SELECT * FROM finish();
ROLLBACK;

-- who, for what, by which act
BEGIN;
SELECT plan(6);
SET LOCAL residency.purpose = 'case 7';
INSERT INTO registry.person (person_id, name) OVERRIDING SYSTEM VALUE VALUES (9900, '甲');
SELECT api.register_person('乙', request_id => '00000000-0000-0000-0000-000000009900') \g /dev/null
UPDATE registry.person SET phone = '13800000000' WHERE person_id = 9900;
SELECT is(array(SELECT concat_ws(' ', operation, purpose, act, request_id) FROM ledger.change WHERE table_name = 'registry.person' AND transaction = pg_current_xact_id() AND actor = current_user ORDER BY change_id),
    '{I case 7,I case 7 register_person 00000000-0000-0000-0000-000000009900,U case 7}',
    'operator, purpose, act and request');
-- whoever may write the table need not be able to write its history
CREATE ROLE change_writer;
GRANT USAGE ON SCHEMA registry, code, policy TO change_writer;
GRANT SELECT ON ALL TABLES IN SCHEMA registry, code, policy TO change_writer;
GRANT INSERT ON registry.grid_act TO change_writer;
SET LOCAL ROLE change_writer;
INSERT INTO registry.grid_act (kind, effective_on, reason) VALUES ('rename', '2024-01-01', 'for its history');
SELECT throws_ok($$INSERT INTO ledger.change (table_name, key, operation) VALUES ('registry.person', '{}', 'D')$$, '42501', NULL, 'nobody else writes the history');
CREATE TEMP TABLE mine (id integer);
CREATE TRIGGER forge AFTER INSERT ON mine REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION residency.change_note('full', 'id');
SELECT throws_ok('INSERT INTO mine VALUES (1)', '42501', NULL, 'nor with a table of their own');
RESET ROLE;
SELECT is((SELECT actor FROM ledger.change ORDER BY change_id DESC LIMIT 1), 'change_writer', 'it says who they are');

-- nothing is changed but images taken away
INSERT INTO ledger.rewrite (act) VALUES ('purge');
SELECT lives_ok($$UPDATE ledger.change SET image = NULL, salt = NULL, image_digest = residency.image_digest(salt, image) WHERE table_name = 'registry.person' AND key = '{"person_id": 9900}'$$, 'an image is purged');
SELECT is(row_as_of('registry.person', '{"person_id": 9900}'), '{"person_id": 9900}', 'of which the key is left');
SELECT * FROM finish();
ROLLBACK;

-- a little of everything: each table is what its history says
BEGIN;
SELECT plan(2);
\i :test/t/lib/data.sql
CREATE FUNCTION pg_temp.disagreements() RETURNS TABLE (title text, n bigint) LANGUAGE plpgsql AS $$ BEGIN
    RETURN QUERY SELECT h.table_name, count(*) FROM ledger.history h CROSS JOIN LATERAL ledger.unnoted(h.table_name) GROUP BY h.table_name; END $$;
SELECT cmp_ok((SELECT count(DISTINCT table_name) FROM ledger.change WHERE transaction = pg_current_xact_id()), '>', 5::bigint, 'many tables were written');
SELECT is_empty('SELECT * FROM pg_temp.disagreements()', 'all agree with their history');
SELECT * FROM finish();
ROLLBACK;
