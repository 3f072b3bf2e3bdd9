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

python3 tests/model/model.py --compare-all "$dump" >"$dump/compared" 2>&1
grep -vE '^[0-9]+ passed, [0-9]+ failed$' "$dump/compared"
agree=$(sed -n 's/^\([0-9]*\) passed, .*/\1/p' "$dump/compared")
differ=$(sed -n 's/^[0-9]* passed, \([0-9]*\) failed$/\1/p' "$dump/compared")
passed=$((${passed:-0} + ${agree:-0})) failed=$((${failed:-1} + ${differ:-1}))
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
