#!/bin/sh
# Units, scenarios and a lived PLIE under the address and undefined-behaviour sanitizers. Ends with "N passed, N failed".
set -u
build=$1/san
flags="-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer"
make --no-print-directory -s -j"$(nproc)" BUILD="$build" OPT="$flags" "$build/unit" "$build/play" "$build/parcoursd" "$build/parcoursctl" "$build/parcours-sim" || { echo "0 passed, 1 failed"; exit 1; }
passed=0 failed=0
count() {
    line=$("$@" 2>&1 | tee "$build/said" | grep -E '^[0-9]+ passed, [0-9]+ failed' | tail -n 1)
    [ -n "$line" ] || { tail -n 40 "$build/said"; line="0 passed, 1 failed"; }
    passed=$((passed + ${line%% *})) failed=$((failed + $(echo "$line" | sed 's/.*, \([0-9]*\) failed.*/\1/')))
}
count "$build/unit"
count "$build/play" tests/scenarios/*.txt
count tests/ledger.sh "$build"
count python3 tests/import.py "$build"
if grep -qsE 'runtime error|AddressSanitizer|LeakSanitizer' "$build/said"; then cat "$build/said"; failed=$((failed + 1)); fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
