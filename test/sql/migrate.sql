-- What the DBA sees of migrate().
\set ECHO none
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS residency CASCADE;
CALL residency.migrate();
RESET client_min_messages;
\set SHOW_CONTEXT never
\set ECHO queries

-- in step: no row, and nothing to do
SELECT * FROM residency.pending();
CALL residency.migrate();

-- steps as an update would bring them
\set ECHO none
SELECT residency.ship_step('schema/9001-test', 'once', 'x', NULL, NULL, 'CREATE TABLE public.test_one (a int)'),
       residency.ship_step('schema/9002-test', 'once', 'x', NULL, NULL, 'CREATE TABLE public.test_two (); SELECT 1/0'),
       residency.ship_step('schema/9003-test', 'outside', 'x',
           'SELECT to_regclass(''public.test_one_a'') IS NOT NULL', 'SELECT NOT EXISTS (SELECT FROM public.test_one)',
           'CREATE INDEX CONCURRENTLY test_one_a ON public.test_one (a)'),
       residency.ship_step('view/90-test', 'repeatable', 'x', NULL, NULL, 'CREATE OR REPLACE VIEW public.test_view AS SELECT a FROM public.test_one')
\g /dev/null
\set ECHO queries
SELECT * FROM residency.pending();

-- each step is a transaction of its own
BEGIN;
CALL residency.migrate();
ROLLBACK;

-- a step fails: those before it are kept
CALL residency.migrate();
SELECT * FROM residency.pending();

-- its cause is removed; the next one can't run in a transaction, as the table is not empty
SELECT residency.ship_step('schema/9002-test', 'once', 'y', NULL, NULL, 'CREATE TABLE public.test_two ()') \g /dev/null
INSERT INTO public.test_one VALUES (1);
CALL residency.migrate();
CREATE INDEX CONCURRENTLY test_one_a ON public.test_one (a);
CALL residency.migrate();
SELECT * FROM residency.pending();
SELECT step, kind, checksum, extension_version = residency.version() AS same_version, applied_by
FROM ledger.applied_step WHERE step ~ '/90..?.?-test' ORDER BY step;

-- a view's text changes: it is made again
SELECT residency.ship_step('view/90-test', 'repeatable', 'y', NULL, NULL, 'CREATE OR REPLACE VIEW public.test_view AS SELECT a, 1 AS b FROM public.test_one') \g /dev/null
SELECT * FROM residency.pending();
CALL residency.migrate();
SELECT * FROM public.test_view;

-- a step may not end the transaction that it is logged in
SELECT residency.ship_step('schema/9004-test', 'once', 'x', NULL, NULL, 'COMMIT') \g /dev/null
CALL residency.migrate();

\set ECHO none
SET client_min_messages = warning;
DROP TABLE public.test_one, public.test_two CASCADE;
DELETE FROM residency.migration_step WHERE name ~ '-test$';
DELETE FROM ledger.applied_step WHERE step ~ '-test$';
