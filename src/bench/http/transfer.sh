#!/usr/bin/env bash
# Measures uploads and exports of items against a running service on this machine.
#   KEY=kk_… src/bench/http/transfer.sh [base address]
# Settings: ROWS (2000000 rows for the large file), WORDS (120 words of description, about 1 kB a row),
#   GROWTH ("10000 100000 1000000", rows whose time per item is compared), GROWTH_WORDS (20).
# Each file is of new items: the service must be one that may be filled. Bounded by one hour a file.
set -eu
base=${1:-http://127.0.0.1:8080}
: "${KEY:?set KEY to an API key of the service}"
here=$(cd "$(dirname "$0")" && pwd)
case $base in http://127.0.0.1:*|http://localhost:*) ;; *) echo "only a service on this machine is measured"; exit 2 ;; esac
run=$(date +%s)
echo "machine: $(nproc) cores, $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), $(uname -sr), load before $(cut -d' ' -f1 /proc/loadavg)"
echo "service, stores and this program share the machine; derived stores take the changes in meanwhile"
for rows in ${GROWTH-10000 100000 1000000}; do
  java "$here/Transfer.java" "$base" "$KEY" upload "g$run-$rows" "$rows" "${GROWTH_WORDS:-20}"
done
if [ "${ROWS:-2000000}" -gt 0 ]; then
  java "$here/Transfer.java" "$base" "$KEY" upload "b$run" "${ROWS:-2000000}" "${WORDS:-120}"
  java "$here/Transfer.java" "$base" "$KEY" upload "b$run" "${ROWS:-2000000}" "${WORDS:-120}"
fi
java "$here/Transfer.java" "$base" "$KEY" export csv
java "$here/Transfer.java" "$base" "$KEY" export ndjson
echo "load after $(cut -d' ' -f1 /proc/loadavg)"
