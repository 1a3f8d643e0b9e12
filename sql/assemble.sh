#!/bin/sh
# assemble.sh: writes the extension's scripts from the folders beside it.
#
#   sh sql/assemble.sh list                      the scripts there are, a name each
#   sh sql/assemble.sh residency--B              the install script of version B
#   sh sql/assemble.sh residency--A--B           the update script from release A to B, the version at hand
#   sh sql/assemble.sh freeze                    what sql/released keeps of the version at hand
#   sh sql/assemble.sh sums                      "sha256  name" of every step of the version at hand
#
# An install script is type/ + function/ + the steps of schema/ and view/ as rows of residency.migration_step.
# An update script is the upgrade/A--B.sql of every release on the way + function/ + the steps that A did not have.
# Only direct updates to the version at hand are written: there is one source of every function.
#
# A line "@include FILE" in a step or an upgrade stands for that file, found from its own folder:
# data kept beside its step, ../type/NN-topic.sql for a type that the release adds.
# A line "@integer_type NAME|BASE|ONE|MANY|TERM" stands for type/integer.template filled in,
# a line "@comparison NAME|TERM" for type/comparison.template.
# A line "@step FOLDER/NAME" in a released script stands for that frozen step, so that releases do not repeat it.
set -eu
LC_ALL=C; export LC_ALL
cd "$(dirname "$0")"

version=$(sed -n "s/^default_version = '\(.*\)'/\1/p" ../residency.control)

releases() { ls released 2>/dev/null | sed -n 's/^residency--\(.*\)\.sql$/\1/p' | sort -V; }

# type/integer.template for NAME|BASE|ONE|MANY|TERM
integer_type() (
    IFS='|'
    # shellcheck disable=SC2086 # split at the bars
    set -- $1
    sed "1,2d; s/@name@/$1/g; s/@base@/$2/g; s/@one@/$3/g; s/@many@/$4/g; s/@term@/$5/g" type/integer.template
)

# type/comparison.template for NAME|TERM
comparison() { sed "1,2d; s/@name@/${1%|*}/g; s/@term@/${1#*|}/g" type/comparison.template; }

# the text of standard input, what it includes from folder $1 in its place
expand() {
    while IFS= read -r line || [ -n "$line" ]; do
        case $line in
            "@include "*.sql) body "$1/${line#@include }" ;;
            "@include "*) cat "$1/${line#@include }" ;;
            "@integer_type "*) integer_type "${line#@integer_type }" | expand type ;;
            "@comparison "*) comparison "${line#@comparison }" ;;
            *) printf '%s\n' "$line" ;;
        esac
    done
}

body() { expand "$(dirname "$1")" < "$1"; }

sum() { body "$1" | sha256sum | cut -d' ' -f1; }

# what "--! key: value" says at the head of a step, as an SQL literal
header() {
    value=$(sed -n "s/^--! $2: //p" "$1" | sed "s/'/''/g")
    if [ -n "$value" ]; then printf "'%s'" "$value"; else printf 'NULL'; fi
}

step() {
    case $1 in
        view/*) kind=repeatable ;;
        *) if grep -q '^--! done-when: ' "$1"; then kind=outside; else kind=once; fi ;;
    esac
    printf "SELECT residency.ship_step('%s', '%s', '%s', %s, %s, \$step\$\n" \
        "${1%.sql}" "$kind" "$(sum "$1")" "$(header "$1" done-when)" "$(header "$1" inside-when)"
    body "$1"
    printf '$step$);\n\n'
}

steps() { ls schema/*.sql view/*.sql 2>/dev/null; }

banner() {
    printf '\\echo Use "%s" to load this file. \\quit\n\n' "$1"
}

install_script() {
    banner "CREATE EXTENSION residency CASCADE"
    # CREATE OR REPLACE would take over an object that somebody planted beforehand
    for s in type/*.sql function/*.sql; do body "$s"; done | sed 's/^CREATE OR REPLACE /CREATE /'
    for s in $(steps); do "$1" "$s"; done
}

# the install script with its frozen steps named, not repeated: views are not frozen
freeze_step() {
    case $1 in
        schema/*) printf '@step %s\n' "$1" ;;
        *) step "$1" ;;
    esac
}

released_script() {
    while IFS= read -r line || [ -n "$line" ]; do
        case $line in
            "@step "*) step "${line#@step }" ;;
            *) printf '%s\n' "$line" ;;
        esac
    done < "released/residency--$1.sql"
}

update_script() {
    banner "ALTER EXTENSION residency UPDATE"
    previous=$1
    for next in $(releases) "$version"; do
        newer=$(printf '%s\n%s\n' "$previous" "$next" | sort -V | tail -n 1)
        [ "$newer" = "$next" ] && [ "$next" != "$previous" ] || continue
        if [ -f "upgrade/$previous--$next.sql" ]; then body "upgrade/$previous--$next.sql"; fi
        previous=$next
    done
    cat function/*.sql
    for s in $(steps); do
        grep -q " $s\$" "released/$1.sums" && case $s in schema/*) continue ;; esac
        step "$s"
    done
    printf 'SELECT residency.keep_steps(ARRAY[\n'
    steps | sed "s/\(.*\)\.sql/    '\1'/; \$!s/\$/,/"
    printf ']);\n'
}

case ${1:-} in
    list)
        echo "residency--$version"
        for r in $(releases); do
            [ "$r" = "$version" ] || printf 'residency--%s\nresidency--%s--%s\n' "$r" "$r" "$version"
        done ;;
    sums) for s in $(steps); do echo "$(sum "$s")  $s"; done ;;
    freeze)
        mkdir -p released
        install_script freeze_step > "released/residency--$version.sql"
        for s in $(steps); do echo "$(sum "$s")  $s"; done > "released/$version.sums" ;;
    residency--*--*) rest=${1#residency--}; update_script "${rest%%--*}" ;;
    "residency--$version") install_script step ;;
    residency--*) released_script "${1#residency--}" ;;
    *) sed -n '2,8p' "$0"; exit 2 ;;
esac
