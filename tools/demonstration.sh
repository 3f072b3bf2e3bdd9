#!/bin/sh
# A demonstration PLIE: founds a store whose clock commands may set, lets parcours-sim live three years in it over HTTP, then
# serves it and prints what to paste. Kept in BUILD/demonstration-PORT; `make clean` removes it.
#   usage: demonstration.sh BUILD        PORT, PARTICIPANTS, YEARS, SEED may be set
# At its end a digest, a calendar and a web-hook are opened. Nothing leaves, unless DELIVER=1: then a mail server and a receiver of this
# machine (tests/receive.py) take what is sent, and keep it in BUILD/demonstration-PORT/received.
set -eu
build=$1
port=${PORT:-8421} participants=${PARTICIPANTS:-900} years=${YEARS:-3} seed=${SEED:-2016}
home=$build/demonstration-$port store=$build/demonstration-$port/plie url=http://127.0.0.1:$port
ctl=$build/parcoursctl
say=$ctl
[ "$port" = 8421 ] || say="$ctl --url $url"

if curl -s "$url/healthz" >/dev/null 2>&1; then
    echo "Something answers on $url already; stop it, or choose another port: PORT=8500 make run" >&2
    exit 1
fi
rm -rf "$home"
mkdir -p "$home"
today=$(date -d "$years years ago" +%F)
"$ctl" init --store "$store" --rulebook standard --name "PLIE de démonstration" --demo --today "$today" >"$home/token" 2>/dev/null
"$ctl" token --store "$store" --role officer >"$home/officer"
daemon= receiver=
trap 'kill $daemon $receiver 2>/dev/null; wait $daemon $receiver 2>/dev/null || true' EXIT
trap 'exit 0' INT TERM
if [ "${DELIVER:-}" ]; then
    python3 "$(dirname "$0")/../tests/receive.py" "$home/received" 2>"$home/receive.log" &
    receiver=$!
    until [ -s "$home/received/addresses" ]; do
        kill -0 "$receiver" 2>/dev/null || { cat "$home/receive.log" >&2; exit 1; }
        sleep 0.1
    done
    mail=$(sed -n 1p "$home/received/addresses") hook=$(sed -n 2p "$home/received/addresses")
    sending="--mail $mail --mail-from plie@example.org"
else
    hook=https://suivi.example.org/alertes sending="--deliveries 0"
fi
# shellcheck disable=SC2086
"$build/parcoursd" --store "$store" --listen "127.0.0.1:$port" --public-url "$url" $sending 2>"$home/parcoursd.log" &
daemon=$!

token=$(cat "$home/token")
tries=0
until curl -fs "$url/readyz" >/dev/null 2>&1; do
    kill -0 "$daemon" 2>/dev/null || { cat "$home/parcoursd.log" >&2; exit 1; }
    tries=$((tries + 1))
    [ "$tries" -lt 100 ] || { echo "parcoursd does not answer on $url" >&2; exit 1; }
    sleep 0.1
done

echo "Living $years years of a PLIE of $participants participants..."
"$build/parcours-sim" --url "$url" --token "$token" --participants "$participants" --years "$years" --seed "$seed" >"$home/ledger" || { cat "$home/ledger" >&2; exit 1; }
tail -n 1 "$home/ledger"

export PARCOURS_TOKEN="$token"
ask() { curl -fs -H "Authorization: Bearer $token" "$url$1"; }
# The participant whose parcours is past its limit, their référent: all three commands are about them.
alert=$(ask "/v1/alerts?rule=parcours-length" | tr '{' '\n' | grep '"participant":"p_' | head -n 1)
participant=$(echo "$alert" | sed 's/.*"participant":"\([^"]*\)".*/\1/')
referent=$(echo "$alert" | sed 's/.*"referent":"\([^"]*\)".*/\1/')
[ -n "$participant" ] || { echo "Nobody is past the limit of their parcours in so small a PLIE: PARTICIPANTS=100 make run shows it." >&2; exit 1; }

# What that référent is told, and what a tool is.
opened() { "$ctl" --url "$url" delivery "$@" | sed -n 's/^delivery  *//p'; }
digest=$(opened open-digest address=camille@example.org time=07:30 "referent=$referent")
calendar=$(opened open-calendar "referent=$referent")
webhook=$(opened open-webhook "url=$hook")
printf '\nWhat the digest %s would say, its first lines:\n\n' "$digest"
"$ctl" --url "$url" delivery preview "$digest" >"$home/digest"
sed -n 1,12p "$home/digest"
if [ "${DELIVER:-}" ]; then "$ctl" --url "$url" delivery test "$digest"; fi
day=$(ask "/v1/alerts?rule=parcours-length" | sed 's/^{"on":"\([^"]*\)".*/\1/')

cat <<TEXT

The PLIE lives at   $url      (its day is $day)
coordinator's token $token
officer's token     $(cat "$home/officer")

Paste in another terminal:

  export PARCOURS_TOKEN=$token
  $say portfolio $referent
  $say explain $participant alert:parcours-length
  $say do prescribe_step --participant $participant --on $day kind=training objective_shared=yes

The last one is refused, and says why. What is subscribed to:

  $say delivery list
  $say delivery preview $digest
  $say delivery show $calendar       # the calendar's address; $webhook is the web-hook

Ctrl-C stops.
TEXT
if [ "${DELIVER:-}" ]; then echo "What is sent is kept in $home/received"; fi
[ "${ONCE:-}" ] || wait "$daemon"
