-- actor: who acts. The one answer for every table that keeps it.

CREATE OR REPLACE FUNCTION residency.actor()
    RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT COALESCE(NULLIF(pg_catalog.current_setting('role'), 'none'), session_user) $$;
COMMENT ON FUNCTION residency.actor() IS
    'The role that acts (操作人): the one that was set by SET ROLE, else the one that logged in; also inside a function that runs as its owner. No setting that a client makes freely changes it: SET ROLE asks for membership';
