#!/usr/bin/env bash
# Recommend time as the catalog grows. For each size a stack of its own on a data folder of its own: filled directly
# (FillStores), trained, measured at the limit and at an open arrival.
#   src/bench/http/growth.sh fill FOLDER      makes the data; takes minutes for a million items
#   src/bench/http/growth.sh measure FOLDER   measures what is there
# Settings: SIZES ("10000 100000 1000000"), USERS (25000), INTERACTIONS (500000), WARM (20000 requests), CONNECTIONS (16),
# QUIET (200 seconds between start and load, in which neighbours are read ahead), SECONDS_EACH (15), RATE (250),
# OPEN_SECONDS (20), HEAP (of the service, 512m), PORT (18180 and the four after it).
# Vectors are left out, as a million texts take half an hour to embed: every answer names text as missing. Needs wrk, and
# `mvn package` to have run.
set -eu
root=$(cd "$(dirname "$0")/../../.." && pwd)
here=$root/src/bench/http
step=${1:?fill or measure} folder=${2:?the folder for the data}
users=${USERS:-25000} port=${PORT:-18180}
base=http://127.0.0.1:$port
cd "$root"
mkdir -p "$folder"
libraries=$folder/classpath.txt
[ -s "$libraries" ] || mvn -B -q dependency:build-classpath -Dmdep.outputFile="$libraries" -Dmdep.includeScope=test
call() { curl -sf -H "Authorization: Bearer $key" -H 'Content-Type: application/json' "$@"; }
job() { sed -n 's/.*"job":"\([^"]*\)".*/\1/p'; }
# The job as it ended; what did not succeed, or ended with its service, ends the run.
ended() {
  until job=$(call "$base/api/v1/jobs/$1") && grep -qE '"status":"(succeeded|failed|dead|cancelled)"' <<< "$job"; do
    kill -0 "$stack" || { echo "the service has ended; its log is in $data/log" >&2; return 1; }
    sleep 1
  done
  grep -q '"status":"succeeded"' <<< "$job" || { echo "$job" >&2; return 1; }
  echo "$job"
}
lacking() { call -H 'Accept: text/plain' "$base/metrics" | sed -n 's/^kailash_recommendations_degraded_total{.*part="graph".*} \([0-9.]*\).*/\1/p'; }
start() {
  setsid java -cp "target/classes:$(cat "$libraries")" \
    -Dkailash.data="$data" -Dkailash.starter=false -Dkailash.http.port="$port" -Dkailash.postgres.port=$((port + 1)) \
    -Dkailash.redis.port=$((port + 2)) -Dkailash.neo4j.port=$((port + 3)) -Dkailash.neo4j.heap=1g \
    -Dkailash.service.heap="${HEAP:-512m}" -Dkailash.vectors=chroma -Dkailash.chroma.url=http://127.0.0.1:9 \
    io.kailash.stack.Run > "$data.log" 2>&1 &
  stack=$!
  trap 'kill -TERM -- "-$stack" 2> /dev/null || true; wait "$stack" || true' EXIT
  for _ in $(seq 300); do curl -sf "$base/health/ready" > /dev/null && break; sleep 1; done
  key=$(cat "$data/admin.key")
}
# TERM, since INT is ignored by everything that a shell without a terminal starts in the background.
stop() {
  kill -TERM -- "-$stack"
  wait "$stack" || true
  trap - EXIT
}
hammer() { wrk -t 2 -c "${CONNECTIONS:-16}" -d "$1"s -s "$here/recommend.lua" "$base" -- "$key" "$users" | tail -1; }

echo "machine: $(nproc) cores, $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), $(uname -sr), load before $(cut -d' ' -f1 /proc/loadavg)"
for items in ${SIZES:-10000 100000 1000000}; do
  data=$folder/$items
  if [ "$step" = fill ]; then
    rm -rf "$data"
    start
    java -cp "$(cat "$libraries")" "$here/FillStores.java" "jdbc:postgresql://127.0.0.1:$((port + 1))/kailash" kailash \
      "$(cat "$data/secrets/postgres-kailash")" "bolt://127.0.0.1:$((port + 3))" neo4j "$(cat "$data/secrets/neo4j")" \
      "$items" "$users" "${INTERACTIONS:-500000}"
    ended "$(call -X POST "$base/api/v1/operations/projections/redis/rebuild" -d '' | job)" > /dev/null
    training=$(call -X POST "$base/api/v1/recommender-models" -d '{}' | job)
    trained=$(ended "$training")
    echo "$items items: training $trained"
  else
    start
    sleep "${QUIET:-200}"
    sent=0
    while [ "$sent" -lt "${WARM:-20000}" ]; do
      figures=$(hammer 10)
      sent=$((sent + ${figures%% *}))
      echo "$items items, warming: $figures"
    done
    before=$(lacking)
    echo "$items items, at the limit: $(hammer "${SECONDS_EACH:-15}")"
    echo "$items items, answers that lacked the graph meanwhile: $(echo "$(lacking) - $before" | bc)"
    java "$here/OpenArrival.java" "$base" "$key" recommend "${RATE:-250}" "${OPEN_SECONDS:-20}" "$users" | sed "s/^/$items items: /"
  fi
  stop
done
