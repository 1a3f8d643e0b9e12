-- What row security costs a clerk, and the plan by which a town's police sees its own town.
\pset tuples_only off
\echo 'Row security: milliseconds a statement of a clerk, commit included'
SELECT r.query, r.protocol, round(r.bare::numeric, 3) AS without, round(r.secured::numeric, 3) AS with, round((r.secured / r.bare)::numeric, 3) AS ratio
FROM (SELECT query, protocol, percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) FILTER (WHERE side = 'bench_scope_bare') AS bare,
             percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) FILTER (WHERE side = 'bench_scope') AS secured
      FROM public.round GROUP BY query, protocol) AS r
ORDER BY r.query, r.protocol;
SET ROLE test_police_a;
EXPLAIN (COSTS OFF) SELECT name FROM api.current_resident;
