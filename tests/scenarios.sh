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

# A rule that the model has not read yet (ALLOWS, DUES of tests/model/rules_*.py) is not compared: it says which.
python3 tests/model/model.py --compare-all "$dump" >"$dump/compared" 2>&1
grep -vE '^[0-9]+ passed, [0-9]+ failed$' "$dump/compared"
agree=$(sed -n 's/^\([0-9]*\) passed, .*/\1/p' "$dump/compared")
differ=$(sed -n 's/^[0-9]* passed, \([0-9]*\) failed$/\1/p' "$dump/compared")
passed=$((${passed:-0} + ${agree:-0})) failed=$((${failed:-1} + ${differ:-1}))
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
