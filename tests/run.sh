#!/bin/sh
# Every suite, one after the other; the last line sums them up: "N passed, N failed".
set -u
build=$1
passed=0 failed=0
out=$(mktemp)
trap 'rm -f "$out"' EXIT

# suite NAME COMMAND...: its last line of the form "N passed, N failed" counts; a suite without one counts as one.
suite() {
    name=$1
    shift
    printf '== %s\n' "$name"
    if "$@" >"$out" 2>&1; then status=0; else status=$?; fi
    line=$(grep -E '^[0-9]+ passed, [0-9]+ failed' "$out" | tail -n 1)
    if [ -n "$line" ]; then
        p=${line%% *} f=$(echo "$line" | sed 's/.*, \([0-9]*\) failed.*/\1/')
        [ "$status" -eq 0 ] || [ "$f" -gt 0 ] || f=1
    elif [ "$status" -eq 0 ]; then
        p=1 f=0
    else
        p=0 f=1
    fi
    if [ "$f" -gt 0 ]; then tail -n 60 "$out"; else tail -n 1 "$out"; fi
    grep '^skipped' "$out"
    passed=$((passed + p)) failed=$((failed + f))
}

# Stores that a scenario makes and throws away need no disk: with one, these suites only wait for it.
scratch=${TMPDIR:-/tmp}
[ -d /dev/shm ] && [ -w /dev/shm ] && scratch=/dev/shm

suite "house" tests/tidy.sh
suite "units" "$build/unit"
suite "catalogue lock" python3 tests/catalogue_lock.py
suite "model's own examples" python3 tests/model/test_model.py
suite "HTTP conformance" python3 tests/http/http_cases.py "$build/http_echo"
suite "what is sent, to real servers" python3 tests/transfers.py "$build"
suite "scenarios and model" env TMPDIR="$scratch" tests/scenarios.sh "$build"
suite "six rulebooks, one table" env TMPDIR="$scratch" python3 tests/rulebooks.py "$build"
suite "each value of that table" env TMPDIR="$scratch" python3 tests/rulebooks.py "$build" --mutate
suite "both languages" python3 tests/sentences.py
suite "the documents' own words" python3 tests/rulebook_words.py
suite "rules proved" env TMPDIR="$scratch" "$build/play" --rules tests/rules.txt tests/scenarios/*.txt
suite "random lives against the model" env TMPDIR="$scratch" python3 tests/lives.py "$build" 1 2000
suite "random lives, sessions corrected" env TMPDIR="$scratch" python3 tests/lives.py "$build" --elsewhere 1 60
suite "a lived PLIE against the model" python3 tests/model_over_sim.py "$build"
suite "a lived PLIE against its ledger" tests/ledger.sh "$build"
suite "the letter of a PLIE like Dijon's" env TMPDIR="$scratch" python3 tests/letter.py "$build"
suite "end to end" python3 tests/end_to_end.py "$build"
suite "rulebooks simulated" python3 tests/simulate.py "$build"
suite "figures kept summed" python3 tests/filed.py "$build"
suite "reports in every form" python3 tests/reports.py "$build"
suite "the Fund's participants, exported" python3 tests/export.py "$build"
suite "imports" python3 tests/import.py "$build"
suite "alerts of a lived PLIE" python3 tests/alerts.py "$build"
suite "events behind figures and alerts" env TMPDIR="$scratch" python3 tests/explain.py "$build"
suite "bad input" python3 tests/bad_input.py "$build"
suite "calendars, read by another parser" env TMPDIR="$scratch" python3 tests/deliveries_calendar.py "$build"
suite "digests, to a real mail server" env TMPDIR="$scratch" python3 tests/deliveries_mail.py "$build"
suite "disks that fill" python3 tests/faults_room.py "$build"
suite "faults while it serves" python3 tests/faults.py "$build"
suite "web-hooks, to a receiver that fails" env TMPDIR="$scratch" python3 tests/deliveries_hooks.py "$build"
suite "kill -9 under load" python3 tests/kill.py "$build" 20
suite "sanitizers" tests/sanitizers.sh "$build"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
