#!/usr/bin/env bash
# bench.sh: the table of figures in README.md. Both sides of every ratio run in turn in this one run; medians of five
# rounds, of eleven for COPY.
# Runs in a throwaway cluster (test/run.sh); SECONDS_EACH is how long a round of single arrivals
# takes, LOTS how many short lots of both sides history is measured in; ONLY="addresses grids" runs those parts alone, of types, addresses, policy, arrivals, bulk, history, outlines, grids, access, seal, permits,
# search, scope and cells; PERMITS says how many the nightly job looks after; OUTLINES may name a file with outlines, lines of "code <tab> GeoJSON".
set -euo pipefail
cd "$(dirname "$0")"
: "${SECONDS_EACH:=5}" "${ROUNDS:=5}" "${LOTS:=15}" "${PERMITS:=1000000}"
export PGDATABASE=postgres PGOPTIONS='-c client_min_messages=warning'
results=$(cd ../.. && pwd)/tmp/bench.md

sql() { psql -X -q -v ON_ERROR_STOP=1 "$@"; }

part() { [ -z "${ONLY:-}" ] || [[ " $ONLY " == *" $1 "* ]]; }

say() { printf '%s\n' "$*" >&2; }

# the rules are measured alone; what their history costs has a part of its own
history_of_residences() {
    sql -At -c "SELECT format('ALTER TABLE registry.residence $1 TRIGGER %I;', tgname) FROM pg_trigger WHERE tgrelid = 'registry.residence'::regclass AND tgname LIKE 'change\\_%'" | sql
}

# two clients that arrive now with the rules (or through the api), now without: what the machine does to one, it does to both
single_arrivals() {
    local side=$1 durability=$2 round said ours theirs
    for round in $(seq "$ROUNDS"); do
        said=$(PGOPTIONS="$PGOPTIONS -c synchronous_commit=$durability" \
            pgbench -n -M prepared -c 2 -j 2 -T "$SECONDS_EACH" -f arrival_bare.pgbench -f "arrival_$side.pgbench" 2>&1)
        read -r theirs ours < <(sed -n 's/^ - latency average = \([0-9.]*\) ms.*/\1/p' <<<"$said" | paste -sd' ') || true
        if [ -z "${ours:-}" ]; then
            say "pgbench gave no figures in round $round of single arrivals, $side, synchronous_commit = $durability:" "$said"
            return 1
        fi
        sql -c "INSERT INTO bench.round (topic, side, seconds, items)
                VALUES ('single arrivals, synchronous_commit = $durability, $side', '$side', $ours / 1000.0, 2),
                       ('single arrivals, synchronous_commit = $durability, $side', 'bare', $theirs / 1000.0, 2)"
    done
}

# a clerk's arrivals with history and row security and without: short lots of both by turns, as the machine's mood changes within minutes
history_lots() {
    local topic=$1 script=$2 items=$3 lot database said rate
    shift 3
    for lot in $(seq "$LOTS"); do
        for database in $([ $((lot % 2)) = 0 ] && echo bench_plain bench_history || echo bench_history bench_plain); do
            said=$(PGOPTIONS="$PGOPTIONS $HISTORY_OPTIONS" PGUSER=test_clerk_a PGDATABASE=$database pgbench -n -M prepared "$@" -f "$script.pgbench" 2>&1) || { say "$said"; return 1; }
            rate=$(sed -n 's/^tps = \([0-9.]*\) .*/\1/p' <<<"$said")
            sql -c "INSERT INTO bench.round (topic, side, seconds, items) VALUES ('$topic', '${database#bench_}', 1, $rate * $items)"
        done
    done
}

history() {
    local durability
    for durability in on off; do
        HISTORY_OPTIONS="-c synchronous_commit=$durability"
        history_lots "single arrivals, history and row security, synchronous_commit = $durability" arrival_rules 1 -c 2 -j 2 -t 4000
        history_lots "single arrivals, history and row security, synchronous_commit = $durability, api" arrival_api 1 -c 2 -j 2 -t 500
    done
    history_lots 'bulk arrivals, history and row security' arrival_bulk 20000 -t 1
    PGDATABASE=bench_history sql -f past.sql
    PGDATABASE=bench_history sql -c 'COPY bench.round (topic, side, seconds, items) TO STDOUT' | sql -c '\copy bench.round (topic, side, seconds, items) FROM pstdin'
}

# a statement of a clerk in the register with row security and in its copy without, in turns of a second, as the machine has moods; of each
# the median, as the first of a session looks everything up
clerk_statement() {
    local query=$1 protocol=$2 script=$3 round side took log
    log=$(mktemp -d)
    for round in $(seq $((2 * ROUNDS + 1))); do
        for side in bench_scope bench_scope_bare; do
            PGDATABASE=$side PGOPTIONS="$PGOPTIONS -c jit=off -c max_parallel_workers_per_gather=0 -c residency.purpose=bench" \
                pgbench -n -U test_clerk_a -M "$protocol" -T 1 -l --log-prefix "$log/t" -D village="$village" -D villages="$villages" -f - <<<"$script" >"$log/said" 2>&1
            took=$(cut -d ' ' -f 3 "$log"/t.* | sort -n | awk '{ us[NR] = $1 } END { print us[int((NR + 1) / 2)] / 1000 }')
            rm "$log"/t.*
            PGDATABASE=bench_scope sql -c "INSERT INTO public.round VALUES (\$\$$query\$\$, '$protocol', '$side', $took)"
        done
    done
    rm -r "$log"
}

row_security() {
    local village villages protocol town="residency.division_code OPERATOR(residency.<@) '460105001'"
    # the first residence of a village, and how many villages take turns
    read -r village villages < <(PGDATABASE=bench_scope sql -At -F ' ' -c "SELECT min(residence_id), min(residence_id) FILTER (WHERE n = 2) - min(residence_id)
        FROM (SELECT residence_id, row_number() OVER (ORDER BY residence_id) AS n FROM registry.residence WHERE residence_id > 4 AND division::text = '460105001001') AS r")
    for protocol in simple prepared; do
        clerk_statement 'one row by its key' $protocol '
            \set id :village + :villages * random(0, 100)
            SELECT name FROM api.current_resident WHERE residence_id = :id'
        clerk_statement 'a search for a name' $protocol "
            \set id :village + :villages * random(0, 100) - 4
            SELECT * FROM api.search_person('人' || :id)"
    done
    clerk_statement "a town's list" simple "SELECT count(name) FROM api.current_resident WHERE division::$town"
    clerk_statement "a town's list, all columns" simple "SELECT count(x::text) FROM api.current_resident x WHERE division::$town"
    clerk_statement "a town's dwellings" simple "SELECT count(address) FROM api.dwelling_occupancy WHERE division::$town"
    clerk_statement "residents by village" simple "SELECT division, count(*) FROM api.current_resident WHERE division::$town GROUP BY division"
    # last, as it fills the village
    for protocol in simple prepared; do
        clerk_statement 'an arrival' $protocol "
            \set id :village + :villages * random(0, 100) - 1
            SELECT * FROM api.register_arrival(person_id => nextval('next_person'), dwelling_id => :id, verified => true)"
    done
}

# what time brings about: a day's suspensions, and those of a year after the register stood still
due() {
    local side=$1 day=$2 started=$EPOCHREALTIME
    sql -c "CALL residency.run_due('$day')"
    sql -c "INSERT INTO bench.round (topic, side, seconds, items)
            SELECT 'suspensions by run_due()', '$side', $EPOCHREALTIME - $started, done FROM ledger.last_due_run WHERE task = 'due_suspensions'"
}

say "Making up a million persons and 200 000 dwellings ..."
sql -f setup.sql
if part types; then
    say "Types ..."
    sql -v rounds="$ROUNDS" -v dir="$PGHOST" -f type.sql
fi
if part addresses; then
    say "Addresses ..."
    sql -v rounds="$ROUNDS" -v dir="$PGHOST" -f address.sql
fi
if part policy; then
    say "Policy and time limits ..."
    sql -v rounds="$ROUNDS" -f policy.sql
fi
if part arrivals; then
    say "Single arrivals ..."
    history_of_residences DISABLE
    single_arrivals rules on
    single_arrivals rules off
    history_of_residences ENABLE
    single_arrivals api on
    single_arrivals api off
fi
if part bulk; then
    say "Bulk arrivals ..."
    history_of_residences DISABLE
    sql -v rounds="$ROUNDS" -f bulk.sql
    history_of_residences ENABLE
fi
if part history; then
    say "Arrivals with history and row security and without ..."
    sql -f history.sql
    history
fi
if part outlines && [ -n "${OUTLINES:-}" ]; then
    say "Outlines of $OUTLINES ..."
    sql -v rounds="$ROUNDS" -v outlines="$OUTLINES" -f outline.sql
fi
if part grids; then
    say "Grids ..."
    sql -v rounds="$ROUNDS" -f grid.sql
    # each in a session of its own
    for _ in $(seq "$ROUNDS"); do
        sql -c "CALL bench.measure('the first point of a session', 'first', 1, 'SELECT residency.grid_at(''SRID=4490;POINT(110.33 20.44)'')')" \
            -c "CALL bench.measure('the first point of a session', 'second', 1, 'SELECT residency.grid_at(''SRID=4490;POINT(110.44 20.33)'')')"
    done
fi
if part access; then
    say "Access events ..."
    sql -v rounds="$ROUNDS" -v dir="$PGHOST" -f access.sql
fi
if part seal; then
    say "A million changes sealed ..."
    sql -f seal.sql
fi
if part permits; then
    say "A million permits ..."
    sql -v permits="$PERMITS" -f ../t/lib/permit.sql
    sql -c "CALL residency.run_due('2025-12-02')"
    due 'one day' 2025-12-03
    say "A year of them ..."
    due 'a year in one go' 2026-11-05
fi
: >"${results%.md}_search.txt"
if part search; then
    say "Search among a million people and a million dwellings ..."
    sql -c 'CREATE DATABASE bench_search'
    PGDATABASE=bench_search sql -f search.sql >"${results%.md}_search.txt"
fi
if part scope; then
    say "Row security ..."
    sql -f scope.sql
    row_security
    PGDATABASE=bench_scope sql -f scope_report.sql >>"${results%.md}_search.txt"
fi
{
    printf 'Machine: %s, %s cores; %s; medians of %s rounds, of eleven for COPY.\n\n' \
        "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" "$(nproc)" \
        "$(sql -At -c "SELECT 'PostgreSQL ' || current_setting('server_version') || ', PostGIS ' || extversion FROM pg_extension WHERE extname = 'postgis'")" "$ROUNDS"
    sql -At -f report.sql
} | tee "$results"
cat "${results%.md}_search.txt"
say "Written to ${results#"$PWD"/../../}"
part cells || exit 0
say "Ten million points in Beidou cells of every level ..."
(cd ../.. && BEIDOU_POINTS=10000000 bash test/unit/unit.sh >tmp/beidou.tap)
