#!/usr/bin/env bash
# setup.sh: sees to it that what the build and the tests need is on this machine.
# With apt: installs what is missing (as root or with sudo). Without: says what is missing and stops.
set -euo pipefail
cd "$(dirname "$0")/.."
. test/pg.sh

packages=(
    gcc make perl
    "postgresql-$PG_MAJOR" "postgresql-server-dev-$PG_MAJOR"
    "postgresql-$PG_MAJOR-postgis-3" "postgresql-$PG_MAJOR-pgtap" "postgresql-$PG_MAJOR-plpgsql-check"
    "postgresql-$PG_MAJOR-cron"
    libipc-run-perl gdal-bin python3-minimal clang libclang-rt-dev util-linux
)

if ! command -v apt-get >/dev/null; then
    missing=()
    for command in gcc make perl python3 prove ogr2ogr setpriv "$PG_CONFIG"; do
        command -v "$command" >/dev/null || missing+=("$command")
    done
    perl -MIPC::Run -e 1 2>/dev/null || missing+=('IPC::Run (Perl module)')
    if [ -x "$(command -v "$PG_CONFIG")" ]; then
        [ -f "$("$PG_CONFIG" --pgxs)" ] || missing+=("the development files of PostgreSQL $PG_MAJOR")
        [ -x "$("$PG_CONFIG" --bindir)/initdb" ] || missing+=("the server of PostgreSQL $PG_MAJOR")
        for extension in postgis btree_gist pgtap plpgsql_check pg_cron; do
            [ -f "$("$PG_CONFIG" --sharedir)/extension/$extension.control" ] || missing+=("$extension (PostgreSQL extension)")
        done
    fi
    [ ${#missing[@]} -eq 0 ] && exit 0
    echo "This machine has no apt, and these are missing; please install them:" >&2
    printf '    %s\n' "${missing[@]}" >&2
    exit 1
fi

missing=()
for package in "${packages[@]}"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { echo "Please install as root: apt-get install ${missing[*]}" >&2; exit 1; }
    as_root=(sudo)
fi
apt() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "$@" </dev/null; }

echo "Installing ${missing[*]}"
mkdir -p tmp
log=tmp/setup.log
trap 'cat "$log" >&2' ERR
apt update >"$log" 2>&1
# Debian starts a cluster with the first server package; ours are our own, so don't let it.
apt install -y --no-install-recommends postgresql-common >>"$log" 2>&1
conf=/etc/postgresql-common/createcluster.conf
"${as_root[@]}" cp -p "$conf" "$conf.residency"
restore() { "${as_root[@]}" mv "$conf.residency" "$conf"; }
trap restore EXIT
echo 'create_main_cluster = false' | "${as_root[@]}" tee -a "$conf" >/dev/null
apt install -y --no-install-recommends "${missing[@]}" >>"$log" 2>&1
