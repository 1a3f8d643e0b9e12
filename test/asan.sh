#!/usr/bin/env bash
# asan.sh: the module built with AddressSanitizer, UBSAN and PostgreSQL's assertions, under the regress and isolation
# tests, on the stock server. `make test` does not come here.
#
# The server itself is not instrumented: seen are the module's stack, globals and malloc, and palloc's chunks only
# where they end their block. A finding ends its backend, so its test fails; the report is printed.
set -euo pipefail
cd "$(dirname "$0")/.."
. test/pg.sh

tree=$PWD/tmp/asan
rm -rf "$tree"; mkdir -p "$tree/report"
tar -c --exclude=./tmp --exclude=./build --exclude=./results --exclude=.git --exclude='*.o' --exclude='*.d' --exclude='*.so' . | tar -x -C "$tree"
cd "$tree"

# With the sanitizer loaded first, glibc's bindtextdomain() waits for itself for ever, before main() gets far:
# a server without translations has no need of it.
cat >untranslated.c <<'C'
char *bindtextdomain(const char *d, const char *n) { (void) d; return (char *) n; }
char *bind_textdomain_codeset(const char *d, const char *n) { (void) d; return (char *) n; }
char *textdomain(const char *d) { return (char *) d; }
char *gettext(const char *m) { return (char *) m; }
char *dgettext(const char *d, const char *m) { (void) d; return (char *) m; }
char *dcgettext(const char *d, const char *m, int c) { (void) d; (void) c; return (char *) m; }
char *ngettext(const char *m, const char *p, unsigned long n) { return (char *) (n == 1 ? m : p); }
char *dngettext(const char *d, const char *m, const char *p, unsigned long n) { (void) d; return (char *) (n == 1 ? m : p); }
C
gcc -shared -fPIC -o untranslated.so untranslated.c

make -s -j"$(nproc)" PG_CONFIG="$PG_CONFIG" with_llvm=no LDFLAGS_SL='-fsanitize=address,undefined' \
    COPT='-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer -O1 -g -DUSE_ASSERT_CHECKING' all
make -s PG_CONFIG="$PG_CONFIG" with_llvm=no install DESTDIR="$tree/tmp/install" >/dev/null

status=0
SERVER_ENV="LD_PRELOAD=$(gcc -print-file-name=libasan.so):$(gcc -print-file-name=libubsan.so):$tree/untranslated.so ASAN_OPTIONS=detect_leaks=0:log_path=$tree/report/asan UBSAN_OPTIONS=print_stacktrace=1:log_path=$tree/report/ubsan" \
    REGRESS_TIMEOUT=3600 ONLY="${ONLY:-regress isolation}" bash test/cluster.sh with bash test/all.sh </dev/null || status=$?
if [ -n "$(ls report)" ]; then cat report/*; status=1; fi
exit "$status"
