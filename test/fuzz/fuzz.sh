#!/usr/bin/env bash
# fuzz.sh RUNS: runs every fuzz target RUNS times under ASAN and UBSAN, and says in a line each how it went.
# The corpus and what a finding leaves are under tmp/fuzz. Fails on the first finding.
set -euo pipefail
cd "$(dirname "$0")/../.."
runs=${1:-1000000}
work=tmp/fuzz
mkdir -p "$work/core"
flags=(-std=gnu99 -g -O2 -Wall -Wextra -Werror -fno-sanitize-recover=all -Isrc)

# the cores once, for all targets
for source in src/core/*.c; do
    "${CLANG:-clang}" "${flags[@]}" -fsanitize=fuzzer-no-link,address,undefined -c -o "$work/core/$(basename "$source" .c).o" "$source"
done

for source in test/fuzz/*_fuzz.c; do
    name=$(basename "$source" _fuzz.c)
    corpus=$work/$name.corpus
    mkdir -p "$corpus"
    i=0
    while IFS= read -r seed; do i=$((i + 1)); printf '%s' "$seed" >"$corpus/seed-$i"; done <test/fuzz/seeds.txt
    "${CLANG:-clang}" "${flags[@]}" -fsanitize=fuzzer,address,undefined -o "$work/$name" "$source" "$work"/core/*.o -lm
    if ! "$work/$name" -runs="$runs" -dict=test/fuzz/fuzz.dict -max_len=128 -seed="${SEED:-1}" \
        -artifact_prefix="$work/$name-" -print_final_stats=1 "$corpus" >"$work/$name.log" 2>&1; then
        tail -n 40 "$work/$name.log" >&2
        echo "$name: a finding, see $work/$name.log" >&2
        exit 1
    fi
    awk -v name="$name" '
        /number_of_executed_units/ { executed = $2 }
        /average_exec_per_sec/ { rate = $2 }
        / cov: / { for (i = 1; i < NF; i++) if ($i == "cov:") edges = $(i + 1) }
        END { printf "%s: %d executions, %d a second, %d edges, no finding\n", name, executed, rate, edges }
    ' "$work/$name.log"
done
