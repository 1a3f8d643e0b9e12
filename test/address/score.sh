#!/usr/bin/env bash
# score.sh: builds the judge of the address parser and lets it judge; speaks TAP.
# Takes -v (every address that went wrong) and files, of which there are three without any.
# The floors are what the parser has to reach on addresses that it was not made with.
set -euo pipefail
here=$(pwd)
cd "$(dirname "$0")/../.."
mkdir -p tmp
"${CC:-cc}" -std=gnu99 -g -O2 -Wall -Wextra -Werror -Wdeclaration-after-statement \
    -Isrc -Itest/address -o tmp/score test/address/*.c src/core/*.c -lm
verbose=()
if [ "${1:-}" = -v ]; then verbose=(-v); shift; fi
aliases=sql/schema/0040-division_alias.tsv
[ -e "$aliases" ] || aliases=/dev/null
files=(test/address/develop.tsv test/address/held_out.tsv test/address/region.tsv)
if [ $# -gt 0 ]; then files=(); for file; do files+=("$(cd "$here" && realpath "$file")"); done; fi
exec tmp/score "${verbose[@]}" --floor f1=85 --floor divisions=97 --floor town=85 --floor community=55 --floor none=90 \
    sql/schema/0003-division.tsv "$aliases" "${files[@]}"
