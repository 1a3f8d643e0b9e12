-- What a regress test begins with: the register and pgTAP, and their rows alone on the screen.
\set QUIET 1
\pset format unaligned
\pset tuples_only true
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS residency CASCADE;
CREATE EXTENSION IF NOT EXISTS pgtap;
CALL residency.migrate();
RESET client_min_messages;
