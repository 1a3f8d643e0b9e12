\unset ECHO
\set QUIET 1
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS residency CASCADE;
CREATE EXTENSION IF NOT EXISTS pgtap;
RESET client_min_messages;
\pset format unaligned
\pset tuples_only true
BEGIN;
SET search_path = residency, public;
SELECT plan(17);

CREATE TEMP TABLE vector (type text, fine text, wrong text);
INSERT INTO vector VALUES ('division_code', '4601', '46010'), ('resident_id', '440308199901101512', '440308199901101513'),
    ('credit_code', '91350100M000100Y43', '91350100M000100Y44'),
    ('beidou_cell', 'N50J47', 'N50J48');
CREATE TEMP VIEW own_type AS SELECT type, format('residency.%I', type)::regtype::oid AS oid FROM vector;

CREATE FUNCTION pg_temp.is_taken(type text, t text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    taken boolean;
BEGIN
    IF current_setting('server_version_num')::int >= 160000 THEN
        EXECUTE 'SELECT pg_input_is_valid($1, $2)' INTO taken USING t, 'residency.' || type;
        RETURN taken;
    END IF;
    EXECUTE format('SELECT %L::residency.%I', t, type);
    RETURN true;
EXCEPTION WHEN invalid_text_representation THEN
    RETURN false;
END $$;
SELECT ok(pg_temp.is_taken(type, fine) AND NOT pg_temp.is_taken(type, wrong), type || ': a refusal is soft where the server knows soft ones')
FROM vector;
SELECT ok(NOT pg_temp.is_taken(type, convert_from(decode(repeat('e38080', 100000), 'hex'), 'UTF8')), type || ': blanks only are refused')
FROM vector;

SELECT is((SELECT array_agg(am.amname ORDER BY am.amname)::text FROM pg_opclass c JOIN pg_am am ON am.oid = c.opcmethod
    WHERE c.opcintype = t.oid AND c.opcdefault), '{brin,btree,hash}', type || ' has its default operator classes') FROM own_type t;
SELECT is_empty('SELECT opcname FROM pg_opclass WHERE CASE WHEN opcintype IN (SELECT oid FROM own_type) THEN NOT amvalidate(oid) END',
    'all of them are valid');
SELECT set_eq('SELECT amproclefttype FROM pg_amproc p JOIN pg_opfamily f ON f.oid = p.amprocfamily JOIN pg_am am ON am.oid = f.opfmethod
    WHERE am.amname = ''hash'' AND amprocnum = 2 AND amproclefttype IN (SELECT oid FROM own_type)', 'SELECT oid FROM own_type', 'hashes have their seeded form');
SELECT is_empty($$SELECT o.oid::regoperator FROM pg_operator o JOIN pg_proc p ON p.oid = o.oprcode
    WHERE (o.oprleft IN (SELECT oid FROM own_type) OR o.oprright IN (SELECT oid FROM own_type))
    AND NOT (p.proleakproof AND p.proisstrict AND p.provolatile = 'i' AND p.proparallel = 's' AND o.oprcom <> 0 AND o.oprrest <> 0 AND o.oprjoin <> 0)$$,
    'all operators are leakproof, strict, immutable, parallel safe, and have commutators and estimates');
SELECT is_empty($$SELECT castsource::regtype FROM pg_cast WHERE casttarget IN (SELECT oid FROM own_type)
    AND (castsource <> 'text'::regtype OR castcontext <> 'e' OR castmethod <> 'f')$$, 'text alone becomes one of ours, when asked to, checked');
SELECT is_empty($$SELECT casttarget::regtype FROM pg_cast WHERE castsource IN (SELECT oid FROM own_type) AND castcontext = 'i'$$,
    'none becomes another type unasked');
SELECT * FROM finish();
ROLLBACK;
