#!/usr/bin/env bash
# demo.sh: the register on the four districts of Haikou: real divisions, made-up people, dwellings and grids.
# `make demo` runs it inside a throwaway cluster; PGHOST, PGPORT and PGUSER lead to it.
#
# PEOPLE (10000) says how many; OUTLINES may name a file with outlines of the districts, lines of "code <tab> GeoJSON".
# The pictures are left in tmp/demo.
set -euo pipefail
cd "$(dirname "$0")/../.."

export PGDATABASE=residency_demo PGOPTIONS='-c client_min_messages=warning'
out=tmp/demo
rm -rf "$out"; mkdir -p "$out"
psql -Xq -d postgres -c "DROP DATABASE IF EXISTS $PGDATABASE" -c "CREATE DATABASE $PGDATABASE"

variables=(-v "people=${PEOPLE:-10000}")
if [ -n "${OUTLINES:-}" ]; then variables+=(-v "outlines=$OUTLINES"); fi
# read from stdin, so that messages stand there as at a clerk's window
psql -Xq "${variables[@]}" <test/demo/demo.sql 2>&1

picture() { psql -XqAt -v ON_ERROR_STOP=1 -c "SELECT map.grid_svg('$1')" -o "$out/$2.svg"; echo "    $out/$2.svg  $3"; }
echo '== 网格图 pictures: open them in a browser'
picture 4601 haikou '海口市 the four districts'
picture 460105 xiuying '秀英区'
picture 460106 longhua '龙华区'
picture 460107 qiongshan '琼山区'
picture 460108 meilan '美兰区'
picture 460106001 town '龙华区中山街道 one township'
picture "$(psql -XqAtc "SELECT division FROM stat.resident_by_grid WHERE division LIKE '460106%' ORDER BY residents DESC LIMIT 1")" \
    village '网格人数最多的村居 the village of the fullest grid'
echo "    $out/sheet_before.svg, $out/sheet_after.svg  拆分前后的村居图幅 the community's sheet, before and after the split; print it on A4"
