#!/usr/bin/env bash
# unit.sh: builds the unit tests of the cores, without a server, and runs them; speaks TAP.
set -euo pipefail
cd "$(dirname "$0")/../.."
mkdir -p tmp
"${CC:-cc}" -std=gnu99 -g -O2 -Wall -Wextra -Werror -Wdeclaration-after-statement \
    -Isrc -Itest/unit -o tmp/unit test/unit/*.c src/core/*.c -lm
exec tmp/unit
