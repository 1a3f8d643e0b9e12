#!/usr/bin/env bash
# bench.sh: the table of figures in README.md. Both sides of every ratio run in turn in this one run; medians of five
# rounds, of eleven for single arrivals.
# Runs in a throwaway cluster (test/run.sh); SECONDS_EACH is how long a round of single arrivals takes.
set -euo pipefail
cd "$(dirname "$0")"
: "${SECONDS_EACH:=2}" "${ROUNDS:=5}"
export PGDATABASE=postgres PGOPTIONS='-c client_min_messages=warning'
results=$(cd ../.. && pwd)/tmp/bench.md

sql() { psql -X -q -v ON_ERROR_STOP=1 "$@"; }

say() { printf '%s\n' "$*" >&2; }

# rounds of pgbench, our side and theirs in turn
single_arrivals() {
    local durability=$1 round side tps
    for round in $(seq $((2 * ROUNDS + 1))); do
        for side in bare rules api; do
            # the api is no bar, and takes its people from the same pool
            if [ "$side" = api ] && [ "$round" -gt "$ROUNDS" ]; then continue; fi
            tps=$(PGOPTIONS="$PGOPTIONS -c synchronous_commit=$durability" \
                pgbench -n -M prepared -c 2 -j 2 -T "$SECONDS_EACH" -f "arrival_$side.pgbench" 2>/dev/null \
                | sed -n 's/^tps = \([0-9.]*\).*/\1/p')
            sql -c "INSERT INTO bench.round (topic, side, seconds, items) VALUES ('single arrivals, synchronous_commit = $durability', '$side', 1.0 / $tps, 1)"
        done
    done
}

say "Making up 600 000 persons and 200 000 dwellings ..."
sql -f setup.sql
say "Types ..."
sql -v rounds="$ROUNDS" -v dir="$PGHOST" -f type.sql
say "Single arrivals ..."
single_arrivals on
single_arrivals off
say "Bulk arrivals ..."
sql -v rounds="$ROUNDS" -f bulk.sql
say "Grids ..."
sql -v rounds="$ROUNDS" -f grid.sql
{
    printf 'Machine: %s, %s cores; %s; medians of %s rounds, of eleven for single arrivals by INSERT.\n\n' \
        "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" "$(nproc)" \
        "$(sql -At -c "SELECT 'PostgreSQL ' || current_setting('server_version') || ', PostGIS ' || extversion FROM pg_extension WHERE extname = 'postgis'")" "$ROUNDS"
    sql -At -f report.sql
} | tee "$results"
say "Written to ${results#"$PWD"/../../}"
