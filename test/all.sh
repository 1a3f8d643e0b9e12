#!/usr/bin/env bash
# all.sh: every test there is, as `make test` runs it: inside a throwaway cluster, the extension built and installed.
# Says how each went, shows what differed, and ends with one line: N passed, N failed.
#
# A test is: a pg_regress file, an isolation spec, an assertion of the unit and TAP tests, a fuzz target,
# the compilation of one C file under -Wall -Wextra -Werror.
# FUZZ_RUNS (200000) says how long each fuzz target runs; ONLY="regress tap" runs those parts alone.
set -euo pipefail
cd "$(dirname "$0")/.."
. test/pg.sh

passed=0 failed=0 skipped=0
out=tmp/test
rm -rf "$out"; mkdir -p "$out"

part() { [ -z "${ONLY:-}" ] || [[ " $ONLY " == *" $1 "* ]]; }

# count NAME PASSED FAILED SKIPPED SECONDS
count() {
    passed=$((passed + $2)) failed=$((failed + $3)) skipped=$((skipped + $4))
    printf '%-28s %5d passed' "$1" "$2"
    [ "$3" -eq 0 ] || printf ', %d failed' "$3"
    [ "$4" -eq 0 ] || printf ', %d skipped' "$4"
    printf '  (%d s)\n' "$5"
}

# Our sources alone: PostgreSQL's headers don't bear -Wextra.
compile() {
    local source good=0 bad=0 start=$SECONDS
    for source in src/*.c src/*/*.c; do
        # shellcheck disable=SC2046 # the server's own flags, as words
        if ${CC:-gcc} $("$PG_CONFIG" --cflags) -O2 -fPIC -Wall -Wextra -Werror -Isrc -DRESIDENCY_VERSION='"0"' \
            -isystem "$("$PG_CONFIG" --includedir-server)" -c -o /dev/null "$source" 2>"$out/compile.log"
        then good=$((good + 1)); else bad=$((bad + 1)); cat "$out/compile.log"; fi
    done
    count compile "$good" "$bad" 0 $((SECONDS - start))
}

# tap NAME COMMAND…: runs something that speaks TAP
tap() {
    local name=$1 log=$out/$1.tap status=0 good bad skip plan start=$SECONDS
    shift
    mkdir -p "$(dirname "$log")"
    timeout --foreground -k 10 "${TAP_TIMEOUT:-600}" "$@" >"$log" 2>&1 || status=$?
    skip=$(grep -ciE '^ok [0-9]+.*# skip' "$log" || true)
    good=$(($(grep -cE '^ok [0-9]+' "$log" || true) - skip))
    bad=$(grep -cE '^not ok [0-9]+' "$log" || true)
    plan=$(sed -n 's/^1\.\.\([0-9]*\).*/\1/p' "$log" | tail -n 1)
    if grep -qiE '^1\.\.0 # skip' "$log"; then skip=1; fi
    # died, was stopped, or stopped short of its plan
    if [ "$bad" -eq 0 ] && { [ "$status" -ne 0 ] || [ -z "$plan" ] \
        || { [ "$plan" -ne 0 ] && [ "$plan" -ne $((good + skip)) ]; }; }
    then bad=1; fi
    if [ "$bad" -gt 0 ]; then
        grep -vE '^ok [0-9]+' "$log" | tail -n 200 || true
        [ "$status" -ne 124 ] || echo "$name: stopped after ${TAP_TIMEOUT:-600} s"
    fi
    count "$name" "$good" "$bad" "$skip" $((SECONDS - start))
}

# regress NAME PROGRAM TEST…: pg_regress or its isolation twin
regress() {
    local name=$1 program=$2 log=$out/$1.log good bad start=$SECONDS
    shift 2
    [ $# -gt 0 ] || return 0
    timeout --foreground -k 10 "${REGRESS_TIMEOUT:-1200}" "$(dirname "$("$PG_CONFIG" --pgxs)")/../test/$program" \
        --bindir="$("$PG_CONFIG" --bindir)" --inputdir=test --outputdir=. \
        --dbname="${name}_test" "$@" >"$log" 2>&1 || true
    # "test X ... ok" up to 15, TAP from 16 on
    grep -E '^(test |ok|not ok)' "$log" | sed 's/^/    /' || true
    good=$(grep -cE '^(test .*\.\.\. +ok |ok )' "$log" || true)
    bad=$(($# - good))
    if [ "$bad" -gt 0 ]; then
        if [ -s regression.diffs ]; then head -n 400 regression.diffs; else cat "$log"; fi
    fi
    count "$name" "$good" "$bad" 0 $((SECONDS - start))
}

# Stops at the first finding, which is then the one that failed.
fuzz() {
    local bad=0 good start=$SECONDS
    if ! echo 'int LLVMFuzzerTestOneInput(const char *d, unsigned long n) { (void) d; (void) n; return 0; }' \
        | "${CLANG:-clang}" -xc -fsanitize=fuzzer,address,undefined -o "$out/libfuzzer" - 2>/dev/null
    then count 'fuzz: no clang with libFuzzer' 0 0 1 0; return; fi
    timeout --foreground -k 10 2400 bash test/fuzz/fuzz.sh "${FUZZ_RUNS:-200000}" >"$out/fuzz.log" 2>&1 || bad=1
    sed 's/^/    /' "$out/fuzz.log"
    good=$(grep -c 'no finding$' "$out/fuzz.log" || true)
    count fuzz "$good" "$bad" 0 $((SECONDS - start))
}

names() { [ ! -d "test/$1" ] || (cd "test/$1" && shopt -s nullglob && for f in *".$2"; do echo "${f%".$2"}"; done); }

# shellcheck disable=SC2046 # names without blanks
{
if part compile; then compile; fi
if part unit; then tap unit bash test/unit/unit.sh; fi
if part address; then tap address bash test/address/score.sh; fi
if part regress; then regress regress regress/pg_regress $(names sql sql); fi
if part isolation; then regress isolation isolation/pg_isolation_regress $(names specs spec); fi
if part tap; then for t in $(names t pl); do tap "t/$t" perl -Itest/t/lib "test/t/$t.pl"; done; fi
if part fuzz; then fuzz; fi
}

line="$passed passed, $failed failed"
[ "$skipped" -eq 0 ] || line="$line, $skipped skipped"
echo "$line"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
