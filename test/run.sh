#!/usr/bin/env bash
# run.sh: what `make test`, `make demo`, `make bench` and `make fuzz` run once the machine is set up.
# Builds, installs under tmp/install and works there: nothing outside the work tree is touched.
set -euo pipefail
cd "$(dirname "$0")/.."
. test/pg.sh
mkdir -p tmp

# `make` as it would be called by hand: none of our own flags or goals may reach it
plain_make() { env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS make -s -j"$(nproc)" PG_CONFIG="$PG_CONFIG" with_llvm=no "$@"; }

build() {
    # objects made for another server are of no use
    local server; server=$("$PG_CONFIG" --version)
    if [ "$(cat tmp/server 2>/dev/null)" != "$server" ]; then
        find src \( -name '*.o' -o -name '*.d' \) -delete
        rm -f residency.so
        echo "$server" >tmp/server
    fi
    rm -rf tmp/install
    plain_make all && plain_make install DESTDIR="$PWD/tmp/install"
}

build >tmp/build.log 2>&1 || { cat tmp/build.log >&2; exit 1; }
with_cluster() { exec bash test/cluster.sh with "$@" </dev/null; }

case ${1:-test} in
    test)  with_cluster bash test/all.sh ;;
    demo)  with_cluster bash test/demo/demo.sh ;;
    bench) export EXTRA_CONF='synchronous_commit = on'; with_cluster bash test/bench/bench.sh ;;
    fuzz)  exec bash test/fuzz/fuzz.sh "${RUNS:-10000000}" ;;
esac
