#!/bin/sh
# The house's own rules: arrows one way, one foreign library in one place, functions and files of a readable size.
# Ends with "N passed, N failed"; each failure is a line that says where.
set -u
cd "$(dirname "$0")/.."
failed=0 passed=0
say() { echo "tidy: $1"; failed=$((failed + 1)); }
good() { passed=$((passed + 1)); }

# arrow FOLDER ALLOWED...: what the files of a folder may include from elsewhere.
arrow() {
    folder=$1
    shift
    allowed=$(echo "$*" | tr ' ' '|')
    bad=$(grep -rnE '^#include "(\.\./)+[a-z]+/' "$folder" --include='*.c' --include='*.h' | grep -vE "\"(\.\./)+($allowed)/" || true)
    [ -z "$bad" ] && good || say "$folder/ may look at $* only:
$bad"
}
for f in events/*.c events/*.h; do
    bad=$(grep -nE '^#include "\.\./' "$f" || true)
    [ -z "$bad" ] || say "$f: events/ looks at nothing else: $bad"
done
good
arrow projections events
arrow daemon events projections
arrow tools events projections daemon/out

# library HEADER FILES...: the only files that may include it.
library() {
    header=$1
    shift
    bad=$(grep -rlE "^#include <$header" events projections daemon tools --include='*.c' --include='*.h' | grep -vE "^($(echo "$*" | tr ' ' '|'))$" || true)
    [ -z "$bad" ] && good || say "<$header> belongs to $*; also in: $bad"
}
library 'lmdb.h' 'events/store[a-z_]*\.[ch]'
library 'msgpack' 'events/pack\.c'
library 'cjson' 'events/json[a-z_]*\.c'
library 'nettle' 'events/chain\.c'
library 'sodium' 'events/chain\.c' 'events/vault[a-z_]*\.[ch]'
library 'event2' 'daemon/[a-z_]*\.[ch]'
library 'curl' 'tools/client\.c' 'daemon/out/transfer\.c'
library 'xlsxwriter' 'daemon/out/xlsx\.c'

# No clock, environment or socket below the daemon.
bad=$(grep -nE '\b(time|clock_gettime|gettimeofday|getenv|socket)\(' events/*.c projections/*.c || true)
[ -z "$bad" ] && good || say "time, environment and sockets come in as data:
$bad"

# Bodies up to 70 lines, files up to 400 or so.
bad=$(find events projections daemon tools tests -name '*.c' -o -name '*.h' | xargs awk '
    FNR == 1 { if (prev && n > 420) printf "%s: %d lines\n", prev, n; prev = FILENAME; n = 0; start = 0 }
    { n++ }
    /^\{/ { start = FNR }
    /^\}/ { if (start && FNR - start > 70) printf "%s:%d: a body of %d lines\n", FILENAME, start, FNR - start; start = 0 }
    END { if (n > 420) printf "%s: %d lines\n", prev, n }')
[ -z "$bad" ] && good || say "too long:
$bad"

# Nothing at the top but what the house has.
bad=$(git ls-files 2>/dev/null | grep / | cut -d/ -f1 | sort -u | grep -vE '^(daemon|events|projections|tools|tests|\.ci)$' || true)
[ -z "$bad" ] && good || say "an unknown room: $bad"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
