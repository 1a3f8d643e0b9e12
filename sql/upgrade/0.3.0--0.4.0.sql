-- What 0.4.0 changes in members that CREATE OR REPLACE cannot express.

@include ../type/50-address.sql
@include ../type/60-beidou_cell.sql
