# shellcheck shell=bash
# pg.sh: which PostgreSQL to use; the scripts beside it source it.
# PG_CONFIG names one outright; PG_MAJOR (15 unless said otherwise) names Debian's of that major version.
if [ -z "${PG_CONFIG:-}" ]; then
    PG_CONFIG=/usr/lib/postgresql/${PG_MAJOR:-15}/bin/pg_config
    [ -x "$PG_CONFIG" ] || [ -n "${PG_MAJOR:-}" ] || PG_CONFIG=$(command -v pg_config || echo "$PG_CONFIG")
fi
if [ -z "${PG_MAJOR:-}" ]; then
    PG_MAJOR=$({ "$PG_CONFIG" --version 2>/dev/null || true; } | sed 's/[^0-9]*\([0-9]*\).*/\1/')
    PG_MAJOR=${PG_MAJOR:-15}
fi
export PG_CONFIG PG_MAJOR
