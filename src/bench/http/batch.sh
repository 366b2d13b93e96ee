#!/usr/bin/env bash
# Measures batch classification and background jobs of a running service with the starter taxonomy.
#   KEY=kk_… src/bench/http/batch.sh [base address [warm small stream jobs tasks]]
# Settings: SIZES (10000,100000,1000000; items of the jobs), TASKS (2000). Needs a JDK.
set -eu
base=${1:-http://127.0.0.1:8080}
: "${KEY:?set KEY to an API key (editor) of the service}"
here=$(cd "$(dirname "$0")" && pwd)
[ $# -gt 0 ] && shift
echo "machine: $(nproc) cores, $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), $(uname -sr), load before $(cut -d' ' -f1 /proc/loadavg)"
exec java -Dsizes="${SIZES:-10000,100000,1000000}" -Dtasks="${TASKS:-2000}" "$here/Batch.java" "$base" "$KEY" "$@"
