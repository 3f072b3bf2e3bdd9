#!/bin/sh
# parcours-sim lives a year of a PLIE of 150 through a daemon and compares its own ledger with the answers; then again after
# the views were thrown away. Ends with "N passed, N failed".
set -eu
build=$1
home=$(mktemp -d)
daemon=
trap 'kill "$daemon" 2>/dev/null || true; rm -rf "$home"' EXIT
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
url=http://127.0.0.1:$port

serve() {
    "$build/parcoursd" --store "$home/plie" --listen "127.0.0.1:$port" 2>"$home/log" &
    daemon=$!
    for _ in $(seq 200); do curl -fs "$url/readyz" >/dev/null && return; sleep 0.05; done
    cat "$home/log"
    exit 1
}
ask() { curl -fs -H "Authorization: Bearer $token" "$url$1"; }
answers() {
    day=$(ask /v1/alerts | sed 's/^{"on":"\([^"]*\)".*/\1/')
    ask "/v1/participants?limit=1000"
    ask "/v1/alerts?on=$day"
    ask "/v1/indicators?to=$day&by=referent"
}

"$build/parcoursctl" init --store "$home/plie" --rulebook standard --demo --today 2025-10-01 >"$home/token" 2>/dev/null
token=$(cat "$home/token")
serve
"$build/parcours-sim" --url "$url" --token "$token" --participants 150 --years 1 --seed 3 >"$home/ledger" || { cat "$home/ledger"; echo "0 passed, 1 failed"; exit 1; }
tail -n 1 "$home/ledger"
answers >"$home/before"
kill "$daemon"
wait "$daemon"
rm -r "$home/plie/views"
serve
answers >"$home/after"
if [ -s "$home/before" ] && cmp -s "$home/before" "$home/after"; then echo "2 passed, 0 failed"; else echo "views filled again answer otherwise"; echo "1 passed, 1 failed"; exit 1; fi
