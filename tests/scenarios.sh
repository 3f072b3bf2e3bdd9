#!/bin/sh
# Every scenario: played, checked, and compared with the independent model. Ends with "N passed, N failed".
# scenarios.sh BUILD [SCENARIO...]
set -u
cd "$(dirname "$0")/.."
build=$1
shift
[ $# -gt 0 ] || set -- tests/scenarios/*.txt
dump=$(mktemp -d)
trap 'rm -rf "$dump"' EXIT
"$build/play" --dump "$dump" "$@" >"$dump/played"
grep -vE '^[0-9]+ passed, [0-9]+ failed$' "$dump/played"
passed=$(sed -n 's/^\([0-9]*\) passed, .*/\1/p' "$dump/played")
failed=$(sed -n 's/^[0-9]* passed, \([0-9]*\) failed$/\1/p' "$dump/played")

# What the model has not read yet stands in the way of every comparison: said once, with the place where to write it.
if ! unread=$(PYTHONPATH=tests/model python3 -c 'import subjects' 2>&1); then
    echo "$unread"
    echo "until tests/model/rules_*.py have it in ALLOWS or DUES (and parcours.py what it remembers), no scenario is compared with the model"
    echo "${passed:-0} passed, $((${failed:-0} + 1)) failed"
    exit 1
fi

compare() {
    python3 tests/model/model.py --compare "$1.events.jsonl" "$1.answers.jsonl" >"$1.said" 2>&1 && touch "$1.agrees"
}
# As many at a time as there are processors.
at_a_time=$(nproc) running=0
for events in "$dump"/*.events.jsonl; do
    compare "${events%.events.jsonl}" &
    running=$((running + 1))
    [ $((running % at_a_time)) -eq 0 ] && wait
done
wait
for events in "$dump"/*.events.jsonl; do
    name=${events%.events.jsonl}
    if [ -e "$name.agrees" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "$(basename "$name"): the model says otherwise"
        head -n 20 "$name.said"
    fi
done
echo "${passed:-0} passed, ${failed:-1} failed"
[ "${failed:-1}" -eq 0 ]
