-- actor: who acts, and for what. The one answer for every table that keeps it.

CREATE OR REPLACE FUNCTION residency.actor()
    RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT COALESCE(NULLIF(pg_catalog.current_setting('role'), 'none'), session_user) $$;
COMMENT ON FUNCTION residency.actor() IS
    'The role that acts (操作人): the one that was set by SET ROLE, else the one that logged in; also inside a function that runs as its owner. No setting that a client makes freely changes it: SET ROLE asks for membership';

CREATE OR REPLACE FUNCTION residency.purpose()
    RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT NULLIF(pg_catalog.btrim(pg_catalog.current_setting('residency.purpose', true)), '') $$;
COMMENT ON FUNCTION residency.purpose() IS
    'What the session says that it acts for (用途), of the setting residency.purpose: a case number or words; NULL: it says nothing. It is kept beside what is done and read, and permits nothing';
