#!/usr/bin/env bash
# Fills a running service with a made-up shop and measures GET /api/v1/recommend: at the limit (wrk, closed loop), at an
# open arrival, and how soon a purchase shows.
#   KEY=kk_… src/bench/http/recommend.sh [base address]
# Settings: ITEMS (50000), USERS (100000), INTERACTIONS (2000000), FILL (yes; no measures what is there), CONNECTIONS (32),
# WARM (50000 requests), SECONDS_EACH (20), RATE (250), OPEN_SECONDS (60).
# Needs wrk and a JDK. The address must be on this machine.
set -eu
base=${1:-http://127.0.0.1:8080}
: "${KEY:?set KEY to an API key (administrator) of the service}"
here=$(cd "$(dirname "$0")" && pwd)
items=${ITEMS:-50000} users=${USERS:-100000}
case $base in http://127.0.0.1:*|http://localhost:*) ;; *) echo "only a service on this machine is measured"; exit 2 ;; esac
command -v wrk >/dev/null || { echo "wrk is not installed"; exit 2; }
call() { curl -sf -H "Authorization: Bearer $KEY" -H 'Content-Type: application/json' "$@"; }

echo "machine: $(nproc) cores, $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), $(uname -sr), load before $(cut -d' ' -f1 /proc/loadavg)"
if [ "${FILL:-yes}" = yes ]; then
  java "$here/MadeUpShop.java" "$base" "$KEY" "$items" "$users" "${INTERACTIONS:-2000000}"
  job=$(call -X POST "$base/api/v1/recommender-models" -d '{}' | sed -n 's/.*"job":"\([^"]*\)".*/\1/p')
  until call "$base/api/v1/jobs/$job" | grep -qE '"status":"(succeeded|failed|cancelled)"'; do sleep 2; done
  echo "training: $(call "$base/api/v1/jobs/$job")"
fi
sent=0
while [ "$sent" -lt "${WARM:-50000}" ]; do
  figures=$(wrk -t 2 -c "${CONNECTIONS:-32}" -d 10s -s "$here/recommend.lua" "$base" -- "$KEY" "$users" | tail -1)
  sent=$((sent + ${figures%% *}))
  echo "warming: $figures"
done
echo "at the limit, ${CONNECTIONS:-32} connections: $(wrk -t 2 -c "${CONNECTIONS:-32}" -d "${SECONDS_EACH:-20}s" -s "$here/recommend.lua" "$base" -- "$KEY" "$users" | tail -1)"
java "$here/OpenArrival.java" "$base" "$KEY" recommend "${RATE:-250}" "${OPEN_SECONDS:-60}" "$users"
java "$here/Freshness.java" "$base" "$KEY" "$users" 200
