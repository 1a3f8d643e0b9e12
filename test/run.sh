#!/usr/bin/env bash
# run.sh: what `make test`, `make demo`, `make bench` and `make fuzz` run once the machine is set up.
# Builds, installs under tmp/install and works there: nothing outside the work tree is touched.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p tmp

build() {
    # `make` as it would be called by hand: none of our own flags or goals may reach it
    env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS make -s with_llvm=no all >tmp/build.log 2>&1 \
        && env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS make -s with_llvm=no install DESTDIR="$PWD/tmp/install" >>tmp/build.log 2>&1 \
        || { cat tmp/build.log >&2; exit 1; }
}

build
case ${1:-test} in
    test)  bash test/all.sh ;;
    demo)  bash test/cluster.sh with bash test/demo/demo.sh ;;
    bench) EXTRA_CONF='synchronous_commit = on' bash test/cluster.sh with bash test/bench/bench.sh ;;
    fuzz)  bash test/fuzz/fuzz.sh "${RUNS:-10000000}" ;;
esac
