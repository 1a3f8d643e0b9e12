#!/usr/bin/env bash
# cluster.sh: a throwaway PostgreSQL cluster under the work tree, on a Unix socket only.
#
#   bash test/cluster.sh start DIR      makes and starts one in DIR, prints the settings that lead to it
#   bash test/cluster.sh stop DIR       stops it and removes DIR
#   bash test/cluster.sh with COMMAND…  runs a command with a cluster of its own, gone when it ends
#
# The server refuses to run as root: when root calls, it runs as an ordinary user who may read the work tree.
# EXTRA_CONF holds further lines for postgresql.conf, PG_INSTALL the installation to take the extension from.
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
    as_server "$bindir/pg_ctl" -D "$dir/data" -l "$dir/server.log" -w -s start >/dev/null || { cat "$dir/server.log" >&2; exit 1; }
    printf 'export PGHOST=%q PGPORT=5432 PGUSER=postgres PGDATABASE=postgres\n' "$socket"
}

stop() {
    local dir=$1
    [ -d "$dir" ] || return 0
    as_server "$bindir/pg_ctl" -D "$dir/data" -m immediate -s stop >/dev/null 2>&1 || true
    if [ -L "$dir/socket" ]; then rm -rf "$(readlink "$dir/socket")"; fi
    rm -rf "$dir"
}

with() {
    local stale settings
    # what a run that was killed outright has left
    for stale in "$PWD"/tmp/cluster.*; do
        if [ -d "$stale" ] && ! kill -0 "${stale##*.}" 2>/dev/null; then stop "$stale"; fi
    done
    own_cluster=$PWD/tmp/cluster.$$
    trap 'stop "$own_cluster"' EXIT
    trap 'exit 130' INT TERM HUP
    settings=$(start "$own_cluster")
    eval "$settings"
    PATH=$bindir:$PATH "$@"
}

"$@"
