-- What 0.3.0 changes in members that CREATE OR REPLACE cannot express.

@include ../type/40-permit_state.sql
