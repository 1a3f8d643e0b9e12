#!/usr/bin/env bash
# cluster.sh: a throwaway PostgreSQL cluster under the work tree, on a Unix socket only.
#
#   bash test/cluster.sh start DIR      makes and starts one in DIR, prints the settings that lead to it
#   bash test/cluster.sh stop DIR       stops it and removes DIR
#   bash test/cluster.sh with COMMAND…  runs a command with a cluster of its own, gone when it ends
#   bash test/cluster.sh crash DIR      kills it with all its processes, as a power cut would
#   bash test/cluster.sh restart DIR    starts it again after that
#   bash test/cluster.sh halt DIR       stops it in good order and leaves it there
#   bash test/cluster.sh upgrade DIR NEW  pg_upgrade of the one into the other, both halted
#
# The server refuses to run as root: when root calls, it runs as an ordinary user who may read the work tree.
# EXTRA_CONF holds further lines for postgresql.conf, PG_INSTALL the installation to take the extension from,
# SERVER_ENV variables for the server's environment (NAME=value, without blanks in them).
set -euo pipefail
cd "$(dirname "$0")/.."

. test/pg.sh

bindir=$("$PG_CONFIG" --bindir)

# Who runs the server: the caller, or for root the user that the server packages made.
server_user() { if id postgres >/dev/null 2>&1; then echo postgres; else echo nobody; fi; }

as_server() {
    if [ "$(id -u)" -ne 0 ]; then "$@"; return; fi
    local user; user=$(server_user)
    # the one capability lets it reach a work tree inside a closed home (/root)
    setpriv --reuid "$user" --regid "$(id -g "$user")" --clear-groups --reset-env \
        --inh-caps=-all,+dac_override --ambient-caps=-all,+dac_override "$@"
}

launch() {
    # shellcheck disable=SC2086 # words
    as_server env ${SERVER_ENV:-} "$bindir/pg_ctl" -D "$1/data" -l "$1/server.log" -w -t 120 -s start >/dev/null 2>&1 \
        || { cat "$1/server.log" >&2; exit 1; }
}

start() {
    local dir=$1 socket
    mkdir -p "$dir"; dir=$(cd "$dir" && pwd)
    socket=$dir
    # a socket's path may have 107 bytes
    if [ ${#dir} -gt 85 ]; then socket=$(mktemp -d /tmp/residency.XXXXXX); ln -s "$socket" "$dir/socket"; fi
    if [ "$(id -u)" -eq 0 ]; then chown "$(server_user)" "$dir" "$socket"; fi
    as_server "$bindir/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$dir/initdb.log" 2>&1 \
        || { cat "$dir/initdb.log" >&2; exit 1; }
    cat <<CONF | as_server tee -a "$dir/data/postgresql.conf" >/dev/null
listen_addresses = ''
unix_socket_directories = '$socket'
extension_destdir = '${PG_INSTALL:-$PWD/tmp/install}'
max_connections = 50
shared_buffers = 256MB
max_wal_size = 4GB
timezone = 'UTC'
lc_messages = 'C'
log_min_messages = warning
max_prepared_transactions = 10
wal_level = logical
${EXTRA_CONF:-fsync = off}
CONF
    launch "$dir"
    printf 'export PGHOST=%q PGPORT=5432 PGUSER=postgres PGDATABASE=postgres\n' "$socket"
}

stop() {
    local dir=$1
    [ -d "$dir" ] || return 0
    as_server "$bindir/pg_ctl" -D "$dir/data" -m immediate -s stop >/dev/null 2>&1 || true
    if [ -L "$dir/socket" ]; then rm -rf "$(readlink "$dir/socket")"; fi
    rm -rf "$dir"
}

# As a power cut would: no process of the server gets a word in.
crash() {
    local postmaster
    postmaster=$(head -n 1 "$1/data/postmaster.pid")
    kill -STOP "$postmaster"
    # shellcheck disable=SC2046 # numbers, as words
    kill -KILL $(cat "/proc/$postmaster/task/$postmaster/children") "$postmaster"
    while kill -0 "$postmaster" 2>/dev/null; do sleep 0.05; done
}

restart() { launch "$1"; }

# Stops it in good order, and leaves it where it is.
halt() { as_server "$bindir/pg_ctl" -D "$1/data" -m fast -w -s stop >/dev/null; }

# Takes the data of one that was halted over into another, new one.
upgrade() {
    local old new
    old=$(cd "$1" && pwd) new=$(cd "$2" && pwd)
    (cd "$new" && as_server "$bindir/pg_upgrade" -U postgres -b "$bindir" -B "$bindir" -d "$old/data" -D "$new/data" -s "$new" >"$new/upgrade.log" 2>&1) \
        || { cat "$new/upgrade.log" >&2; return 1; }
}

with() {
    local stale settings status=0
    # what a run that was killed outright has left
    for stale in "$PWD"/tmp/cluster.*; do
        if [ -d "$stale" ] && [ ! -d "/proc/${stale##*.}" ]; then stop "$stale"; fi
    done
    own_cluster=$PWD/tmp/cluster.$$ job=
    trap 'end_job; stop "$own_cluster"' EXIT
    trap 'exit 130' INT TERM HUP
    settings=$(start "$own_cluster")
    eval "$settings"
    export PATH=$bindir:$PATH
    # at a terminal the command may ask for input
    if [ -t 0 ]; then "$@"; return; fi
    # a process group of its own: what ends this script ends all of it, at once
    set -m; "$@" <&0 & job=$!; set +m
    wait "$job" || status=$?
    job=
    return "$status"
}

end_job() {
    [ -n "$job" ] || return 0
    kill -TERM -- "-$job" 2>/dev/null || true
    wait "$job" 2>/dev/null || true
}

"$@"
