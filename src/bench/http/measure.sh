#!/usr/bin/env bash
# Measures POST /api/v1/classify against an empty, validated POST of the same bodies to the same running service,
# interleaved in one run, and its latency at an open arrival of 500 requests a second.
#   KEY=kk_… src/bench/http/measure.sh [base address]
# Many short rounds, as the speed of a shared machine drifts within a minute: the two of a round see the same machine, and
# the median over the rounds is quoted. Beside it the CPU time of the service for a request of either kind.
# Settings: CONNECTIONS (64), ROUNDS (25), SECONDS_EACH (3), WARM (300000 requests of each kind), RATE (500), OPEN_SECONDS (60).
# Needs wrk, ss and a JDK. The address must be on this machine.
set -eu
base=${1:-http://127.0.0.1:8080}
: "${KEY:?set KEY to an API key of the service}"
here=$(cd "$(dirname "$0")" && pwd)
connections=${CONNECTIONS:-64} rounds=${ROUNDS:-25} seconds=${SECONDS_EACH:-3} warm=${WARM:-300000}
case $base in http://127.0.0.1:*|http://localhost:*) ;; *) echo "only a service on this machine is measured"; exit 2 ;; esac
command -v wrk >/dev/null || { echo "wrk is not installed"; exit 2; }

port=${base##*:}
service=$(ss -ltnpH "sport = :$port" | sed -n 's/.*pid=\([0-9]*\),.*/\1/p' | head -1)
[ -n "$service" ] || { echo "nothing listens on port $port that may be looked at"; exit 2; }
cpu() { awk -v ticks="$(getconf CLK_TCK)" '{sub(/.*\) /, ""); print ($12 + $13) / ticks}' "/proc/$service/stat"; }

run=$(date +%s)
one() { # path seconds → rate requests failed p50_ms p99_ms
  run=$((run + 1))
  figures=$(wrk -t 2 -c "$connections" -d "$2s" -s "$here/classify.lua" "$base$1" \
    -- "$KEY" "$run" "$here/../../main/resources/starter/items.csv" | sed -n 's/^figures //p')
  set -- "$1" $figures
  if [ "$#" -ne 6 ] || [ "$4" -ne 0 ]; then
    echo "void: $1 failed in ${4:-all} of ${3:-its} requests" >&2
    kill $$
  fi
  echo "$figures"
}

echo "machine: $(nproc) cores, $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), $(uname -sr), load before $(cut -d' ' -f1 /proc/loadavg)"
echo "$connections connections, $rounds rounds of $seconds s each, warmed by $warm requests of each kind; service, stores and wrk share the machine"
for path in /api/v1/classify/check /api/v1/classify; do
  sent=0
  while [ "$sent" -lt "$warm" ]; do
    set -- $(one "$path" 5); sent=$((sent + $2))
    echo "warming $path: $sent requests, $1/s"
  done
done
ratios=() cpus=()
for round in $(seq "$rounds"); do
  before=$(cpu)
  set -- $(one /api/v1/classify/check "$seconds"); empty=$1 empty_n=$2
  between=$(cpu)
  set -- $(one /api/v1/classify "$seconds")
  after=$(cpu)
  ratio=$(awk -v a="$1" -v b="$empty" 'BEGIN {printf "%.3f", a / b}'); ratios+=("$ratio")
  each=$(awk -v a="$before" -v b="$between" -v c="$after" -v m="$empty_n" -v n="$2" \
    'BEGIN {printf "%.1f %.1f", (b - a) / m * 1e6, (c - b) / n * 1e6}'); cpus+=("$each")
  echo "round $round: empty $empty/s (n=$empty_n), classify $1/s (n=$2, p50 $4 ms, p99 $5 ms), ratio $ratio," \
    "CPU us a request $each"
done
median() { sort -n | awk '{v[NR] = $1} END {print "median " v[int((NR + 1) / 2)] ", from " v[1] " to " v[NR] ", n=" NR}'; }
echo "ratio: $(printf '%s\n' "${ratios[@]}" | median)"
echo "CPU us of the service for an empty request: $(printf '%s\n' "${cpus[@]}" | cut -d' ' -f1 | median)"
echo "CPU us of the service for a classification: $(printf '%s\n' "${cpus[@]}" | cut -d' ' -f2 | median)"
java "$here/OpenArrival.java" "$base" "$KEY" classify "${RATE:-500}" "${OPEN_SECONDS:-60}"
