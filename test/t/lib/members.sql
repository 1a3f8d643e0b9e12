-- members.sql: every member of the extension in words, a line each, to compare two databases.
-- attoptions stay out: the server keeps a version of its own there.
SELECT format('%s %s %s %s', i.type, i.identity, obj_description(d.objid, c.relname), x.what)
FROM pg_depend d
JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'residency'
JOIN pg_class c ON c.oid = d.classid
CROSS JOIN LATERAL pg_identify_object(d.classid, d.objid, 0) i
CROSS JOIN LATERAL (
    SELECT concat_ws(' ', pg_get_functiondef(p.oid), p.proacl) AS what FROM pg_proc p WHERE d.classid = 'pg_proc'::regclass AND p.oid = d.objid AND p.prokind <> 'a'
    UNION ALL
    SELECT concat_ws(' ', a.aggkind, a.aggtransfn, a.aggfinalfn, a.aggcombinefn, a.aggsortop::regoperator, a.aggtranstype::regtype, a.agginitval,
                     p.proparallel, p.provolatile)
    FROM pg_aggregate a JOIN pg_proc p ON p.oid = a.aggfnoid WHERE d.classid = 'pg_proc'::regclass AND a.aggfnoid = d.objid
    UNION ALL
    SELECT concat_ws(' ', t.typlen, t.typbyval, t.typtype, t.typcategory, t.typalign, t.typstorage, t.typinput, t.typoutput,
                     t.typreceive, t.typsend, t.typmodin, t.typanalyze, t.typsubscript, t.typcollation, t.typacl)
    FROM pg_type t WHERE d.classid = 'pg_type'::regclass AND t.oid = d.objid
    UNION ALL
    SELECT concat_ws(' ', o.oprcode, o.oprcom::regoperator, o.oprnegate::regoperator, o.oprcanmerge, o.oprcanhash, o.oprrest, o.oprjoin)
    FROM pg_operator o WHERE d.classid = 'pg_operator'::regclass AND o.oid = d.objid
    UNION ALL
    SELECT concat_ws(' ', k.castfunc::regprocedure, k.castcontext, k.castmethod)
    FROM pg_cast k WHERE d.classid = 'pg_cast'::regclass AND k.oid = d.objid
    UNION ALL
    SELECT concat_ws(' ', k.opcdefault, k.opcintype::regtype, k.opckeytype::regtype, f.opfname)
    FROM pg_opclass k JOIN pg_opfamily f ON f.oid = k.opcfamily WHERE d.classid = 'pg_opclass'::regclass AND k.oid = d.objid
    UNION ALL
    SELECT concat_ws(' | ',
        (SELECT string_agg(concat_ws(' ', m.amopstrategy, m.amopopr::regoperator), ', ' ORDER BY m.amopstrategy, m.amopopr::regoperator::text COLLATE "C")
         FROM pg_amop m WHERE m.amopfamily = f.oid),
        (SELECT string_agg(concat_ws(' ', m.amprocnum, m.amproclefttype::regtype, m.amproc), ', ' ORDER BY m.amprocnum, m.amproclefttype::regtype::text COLLATE "C")
         FROM pg_amproc m WHERE m.amprocfamily = f.oid))
    FROM pg_opfamily f WHERE d.classid = 'pg_opfamily'::regclass AND f.oid = d.objid
    UNION ALL
    SELECT concat_ws(' ', r.relkind, r.relacl,
        (SELECT string_agg(concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attcollation::regcollation,
                                     pg_get_expr(v.adbin, v.adrelid), col_description(r.oid, a.attnum)), ', ' ORDER BY a.attnum)
         FROM pg_attribute a LEFT JOIN pg_attrdef v ON v.adrelid = a.attrelid AND v.adnum = a.attnum
         WHERE a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped),
        (SELECT string_agg(concat_ws(' ', n.conname, pg_get_constraintdef(n.oid)), ', ' ORDER BY n.conname COLLATE "C") FROM pg_constraint n WHERE n.conrelid = r.oid),
        (SELECT string_agg(concat_ws(' ', s.name, s.kind, s.checksum, md5(s.body)), E'\n' ORDER BY s.name)
         FROM residency.migration_step s WHERE r.oid = 'residency.migration_step'::regclass))
    FROM pg_class r WHERE d.classid = 'pg_class'::regclass AND r.oid = d.objid
    UNION ALL
    SELECT concat_ws(' ', n.nspacl) FROM pg_namespace n WHERE d.classid = 'pg_namespace'::regclass AND n.oid = d.objid
    UNION ALL
    SELECT '' WHERE d.classid NOT IN ('pg_proc'::regclass, 'pg_type'::regclass, 'pg_operator'::regclass, 'pg_cast'::regclass,
                                      'pg_opclass'::regclass, 'pg_opfamily'::regclass, 'pg_class'::regclass, 'pg_namespace'::regclass)
) x
WHERE d.deptype = 'e' AND d.refclassid = 'pg_extension'::regclass
ORDER BY i.type, i.identity COLLATE "C";
