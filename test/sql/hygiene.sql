\unset ECHO
\set QUIET 1
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS residency CASCADE;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS plpgsql_check;
CALL residency.migrate();
RESET client_min_messages;
\pset format unaligned
\pset tuples_only true
\set control `cat residency.control`
\set meta `cat META.json`
\set changelog `cat CHANGELOG.md`
BEGIN;
SELECT set_config('search_path', residency.working_path() || ', public', true) \g /dev/null
SELECT plan(27);

-- what is ours: members of the extension, and what migrate() has made
CREATE TEMP VIEW room AS
SELECT oid AS room, nspname AS name FROM pg_namespace
WHERE nspname IN ('residency', 'code', 'policy', 'registry', 'casework', 'exchange', 'ledger', 'api', 'stat', 'map');
CREATE TEMP VIEW member AS
SELECT classid, objid FROM pg_depend
WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
  AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'residency');
CREATE TEMP VIEW own_function AS
SELECT p.*, p.oid::regprocedure::text AS signature, l.lanname,
       EXISTS (SELECT FROM member m WHERE m.classid = 'pg_proc'::regclass AND m.objid = p.oid) AS is_member
FROM pg_proc p JOIN room ON room = p.pronamespace JOIN pg_language l ON l.oid = p.prolang;
CREATE TEMP VIEW own_relation AS
SELECT c.*, c.oid::regclass::text AS title FROM pg_class c JOIN room ON room = c.relnamespace;

-- comments: English, and the Chinese term in brackets where there is one
SELECT is_empty($$SELECT name FROM room WHERE obj_description(room, 'pg_namespace') IS NULL$$, 'every schema has a comment');
SELECT is_empty($$SELECT title FROM own_relation WHERE relkind IN ('r', 'p', 'v', 'm', 'f') AND obj_description(oid, 'pg_class') IS NULL$$,
    'every table and view has a comment');
SELECT is_empty($$SELECT title, attname FROM own_relation JOIN pg_attribute ON attrelid = oid
    WHERE relkind IN ('r', 'p', 'v', 'm', 'f') AND attnum > 0 AND NOT attisdropped AND col_description(oid, attnum) IS NULL$$,
    'every column has a comment');
SELECT is_empty($$SELECT signature FROM own_function WHERE obj_description(oid, 'pg_proc') IS NULL$$, 'every function has a comment');
SELECT is_empty($$SELECT i.identity FROM member m CROSS JOIN LATERAL pg_identify_object(m.classid, m.objid, 0) i
    WHERE m.classid IN ('pg_type'::regclass, 'pg_operator'::regclass, 'pg_cast'::regclass, 'pg_opclass'::regclass)
    AND obj_description(m.objid, m.classid::regclass::text) IS NULL
    -- from 17 on the types of arrays and rows are members, too
    AND NOT EXISTS (SELECT FROM pg_type t WHERE m.classid = 'pg_type'::regclass AND t.oid = m.objid AND (t.typcategory = 'A' OR t.typrelid <> 0))$$,
    'every type, operator, cast and operator class has a comment');
SELECT is_empty($$SELECT format_type(t.oid, NULL) FROM pg_type t JOIN room ON room = t.typnamespace
    WHERE t.typtype IN ('d', 'e', 'r') AND obj_description(t.oid, 'pg_type') IS NULL$$, 'so has every domain, enum and range type');
SELECT is_empty($$SELECT tgrelid::regclass, tgname FROM pg_trigger t JOIN own_relation r ON r.oid = t.tgrelid
    WHERE NOT tgisinternal AND obj_description(t.oid, 'pg_trigger') IS NULL AND obj_description(t.tgfoid, 'pg_proc') IS NULL$$,
    'every trigger has a comment, or its function has');
SELECT is_empty($$SELECT polrelid::regclass, polname FROM pg_policy p JOIN own_relation r ON r.oid = p.polrelid
    WHERE obj_description(p.oid, 'pg_policy') IS NULL$$, 'every policy has a comment');
SELECT is_empty($$SELECT name FROM room WHERE obj_description(room, 'pg_namespace') !~ '[一-龥]'$$, 'comments of schemas have the Chinese term');
SELECT is_empty($$SELECT title FROM own_relation WHERE relkind IN ('r', 'p', 'v', 'm', 'f') AND obj_description(oid, 'pg_class') !~ '[一-龥]'$$,
    'so have those of tables and views');
SELECT is_empty($$SELECT signature FROM own_function WHERE obj_description(oid, 'pg_proc') !~ '[一-龥]'$$, 'and those of functions');

-- plpgsql_check is the linker of this design: bodies are bound late
CREATE TEMP VIEW finding AS
SELECT signature, NULL AS at_table, k.lineno, k.level, k.message, k.detail
FROM own_function f
CROSS JOIN LATERAL plpgsql_check_function_tb(f.oid, fatal_errors => false, performance_warnings => false) k
WHERE f.lanname = 'plpgsql' AND f.prorettype <> 'trigger'::regtype
UNION ALL
SELECT f.signature, t.tgrelid::regclass::text, k.lineno, k.level, k.message, k.detail
FROM own_function f
JOIN pg_trigger t ON t.tgfoid = f.oid
CROSS JOIN LATERAL plpgsql_check_function_tb(f.oid, t.tgrelid, fatal_errors => false, performance_warnings => false,
                                             oldtable => t.tgoldtable, newtable => t.tgnewtable) k
WHERE f.lanname = 'plpgsql' AND f.prorettype = 'trigger'::regtype;
SELECT is_empty($$SELECT DISTINCT signature, at_table, lineno, message, detail FROM finding WHERE level = 'error'
    -- refuse() never comes back, which plpgsql_check can't know
    AND NOT (message = 'control reached end of function without RETURN'
             AND EXISTS (SELECT FROM own_function f WHERE f.signature = finding.signature AND f.prosrc ~ 'PERFORM residency\.refuse\([^;]*;\s*END'))$$,
    'plpgsql_check: no errors');
SELECT is_empty($$SELECT DISTINCT signature, at_table, lineno, level, message, detail FROM finding WHERE level <> 'error'
    -- a day to judge by is called "on" throughout: age(resident_id, on date)
    AND message <> 'name of parameter "on" is reserved keyword'$$, 'plpgsql_check: no warnings');
CREATE FUNCTION pg_temp.check_body(f oid) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM fmgr_sql_validator(f);
    RETURN NULL;
EXCEPTION WHEN OTHERS THEN
    RETURN SQLERRM;
END $$;
SELECT is_empty($$SELECT signature, pg_temp.check_body(oid) FROM own_function WHERE lanname = 'sql' AND pg_temp.check_body(oid) IS NOT NULL$$,
    'bodies in SQL are sound, too');

-- labels
SELECT is_empty($$SELECT signature FROM own_function WHERE provolatile IN ('i', 's') AND proparallel = 'u' AND prokind = 'f'$$,
    'what changes nothing is labelled for parallel plans');
SELECT is_empty($$SELECT signature FROM own_function WHERE provolatile = 'i' AND proparallel <> 's'$$, 'what is immutable is parallel safe');
SELECT is_empty($$SELECT signature FROM own_function WHERE is_member AND prosecdef$$, 'no member is SECURITY DEFINER');
SELECT is_empty($$SELECT signature FROM own_function WHERE prosecdef AND NOT EXISTS (SELECT FROM unnest(proconfig) c WHERE c LIKE 'search_path=%pg_temp')$$,
    'what is SECURITY DEFINER keeps its search_path, pg_temp last');
SELECT is_empty($$SELECT signature FROM own_function WHERE lanname = 'plpgsql' AND prorettype = 'trigger'::regtype
    AND NOT EXISTS (SELECT FROM unnest(proconfig) c WHERE c LIKE 'search_path=%pg_temp')$$, 'trigger functions in PL/pgSQL keep their search_path');
SELECT is_empty($$SELECT signature FROM own_function f WHERE prorettype = 'trigger'::regtype AND NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgfoid = f.oid)$$,
    'every trigger function has its trigger');
SELECT is_empty($$SELECT signature, t.typname FROM own_function f CROSS JOIN LATERAL unnest(f.prorettype || f.proargtypes::oid[] || f.proallargtypes) a (type)
    JOIN pg_type t ON t.oid = a.type JOIN pg_class c ON c.oid = t.typrelid
    WHERE is_member AND c.relkind <> 'c' AND c.relnamespace <> 'residency'::regnamespace$$, 'no member has a row type of a table in its signature');

-- the extension's schema holds members alone
SELECT is_empty($$SELECT i.type, i.identity FROM (
        SELECT 'pg_proc'::regclass AS classid, oid FROM pg_proc WHERE pronamespace = 'residency'::regnamespace
        UNION ALL SELECT 'pg_class'::regclass, oid FROM pg_class WHERE relnamespace = 'residency'::regnamespace AND relkind IN ('r', 'v', 'm', 'S', 'f', 'p', 'c')
        UNION ALL SELECT 'pg_operator'::regclass, oid FROM pg_operator WHERE oprnamespace = 'residency'::regnamespace
        UNION ALL SELECT 'pg_type'::regclass, oid FROM pg_type WHERE typnamespace = 'residency'::regnamespace AND typelem = 0 AND typrelid = 0
    ) o CROSS JOIN LATERAL pg_identify_object(o.classid, o.oid, 0) i
    WHERE (o.classid, o.oid) NOT IN (SELECT classid, objid FROM member)$$, 'schema residency holds members alone');
SELECT is_empty($$SELECT identity FROM member m CROSS JOIN LATERAL pg_identify_object(m.classid, m.objid, 0) i
    WHERE i.schema <> 'residency' AND m.classid <> 'pg_cast'::regclass$$, 'members are in schema residency');

-- names
SELECT is_empty($$SELECT name FROM (
        SELECT name FROM room UNION SELECT relname FROM own_relation UNION SELECT proname FROM own_function
        UNION SELECT attname FROM own_relation JOIN pg_attribute ON attrelid = oid AND attnum > 0 AND NOT attisdropped
        UNION SELECT a FROM own_function, unnest(proargnames) a WHERE a <> ''
        UNION SELECT conname FROM pg_constraint JOIN room ON room = connamespace
        UNION SELECT tgname FROM pg_trigger JOIN own_relation r ON r.oid = tgrelid WHERE NOT tgisinternal
        UNION SELECT typname FROM pg_type JOIN room ON room = typnamespace WHERE typelem = 0
        UNION SELECT polname FROM pg_policy JOIN own_relation r ON r.oid = polrelid) n
    WHERE name !~ '^[a-z][a-z0-9_]*$' OR octet_length(name) > 63$$, 'names are plain: ASCII, lower case, underscores, 63 bytes');

-- one version, in five places
SELECT is(residency.version(), substring(:'control' FROM $$default_version = '([^']*)'$$), 'the library has the version of the control file');
SELECT is(ARRAY[:'meta'::json ->> 'version', :'meta'::json #>> '{provides,residency,version}'], ARRAY[residency.version(), residency.version()], 'so has META.json, twice');
SELECT is(substring(:'changelog' FROM '\n## ([0-9.]+)'), residency.version(), 'and CHANGELOG.md begins with it');
SELECT * FROM finish();
ROLLBACK;
