#!/usr/bin/env bash
# pg17.sh: compiles and tests the work tree against PostgreSQL 17, in a Debian 13 made by debootstrap under tmp/trixie.
# Needs root. The system is kept for the next run (rm -rf tmp/trixie when done with it); `make test` does not come here.
#   bash test/pg17.sh            compile check, unit tests, regress and isolation, as an ordinary user
#   ONLY="regress" bash test/pg17.sh
set -euo pipefail
cd "$(dirname "$0")/.."

[ "$(id -u)" -eq 0 ] || { echo "This needs root, for a chroot." >&2; exit 1; }
command -v debootstrap >/dev/null || { echo "Please install debootstrap." >&2; exit 1; }

# a mount namespace of its own: what is mounted here is gone with it
[ "${1:-}" = inside ] || exec unshare --mount --propagation private bash test/pg17.sh inside

root=$PWD/tmp/trixie
if [ ! -e "$root/ready" ]; then
    echo "Making a Debian 13 in tmp/trixie"
    mkdir -p tmp
    rm -rf --one-file-system "$root"
    debootstrap --variant=minbase --include=make,perl,sudo trixie "$root" ${MIRROR:+"$MIRROR"} >tmp/trixie.log 2>&1 \
        || { tail -n 20 tmp/trixie.log >&2; exit 1; }
    chroot "$root" useradd --create-home tester
    touch "$root/ready"
fi
cp /etc/resolv.conf "$root/etc/resolv.conf"
mount --rbind /dev "$root/dev"
mount -t proc proc "$root/proc"
mount -t tmpfs tmpfs "$root/dev/shm"

rm -rf "$root/home/tester/residency"
mkdir "$root/home/tester/residency"
tar -c --exclude=./tmp --exclude=./build --exclude=./results --exclude=.git --exclude='*.o' --exclude='*.d' --exclude='*.so' . \
    | tar -x -C "$root/home/tester/residency"
chroot "$root" chown -R tester: /home/tester

in_chroot() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin PG_MAJOR=17 ONLY="${ONLY:-compile unit regress isolation}" "$@"; }
in_chroot bash /home/tester/residency/test/setup.sh
chroot "$root" chown -R tester: /home/tester
in_chroot setpriv --reuid tester --regid tester --init-groups env HOME=/home/tester \
    bash -c 'cd ~/residency && make --no-print-directory test' </dev/null
