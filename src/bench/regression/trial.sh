#!/usr/bin/env bash
# Tries the comparison of builds on what is known: a build that answers slower than itself by a share, and a build that is
# the same.
#   src/bench/regression/trial.sh slow [share, 0.1]     must end as FAIL
#   src/bench/regression/trial.sh same [trials, 20]     at most one of the trials may end as FAIL
# Settings: PAIRS (12; of one trial), SECONDS_EACH (5). Needs a built WAR (mvn package) and a JDK.
set -eu
cd "$(dirname "$0")/../../.."
war=target/kailash.war pairs=${PAIRS:-12} seconds=${SECONDS_EACH:-5}
[ -f "$war" ] || { echo "$war is missing: build the project first (mvn package)"; exit 2; }
rm -rf target/trial && mkdir -p target/trial/WEB-INF/classes
cp "$war" target/trial/same.war
case ${1:-} in
  slow)
    api=$(find "${MAVEN_REPOSITORY:-$HOME/.m2/repository}" -name 'jakarta.jakartaee-api-10.0.0.jar' | head -1)
    javac --release 17 -cp "$api" -d target/trial/WEB-INF/classes src/bench/regression/SlowFilter.java
    cp "$war" target/trial/slow.war
    jar -uf target/trial/slow.war -C target/trial WEB-INF/classes/trial
    exec mvn -B verify -Pregression -Dbaseline=target/trial/same.war -Dkailash.instance.candidate.war=target/trial/slow.war \
      "-Dkailash.instance.candidate.service.jvm-options=-Dtrial.share=${2:-0.1}" \
      -Dregression.pairs="$pairs" -Dregression.seconds="$seconds" ;;
  same)
    trials=${2:-20}
    exec mvn -B verify -Pregression -Dbaseline=target/trial/same.war -Dregression.trials="$trials" \
      -Dregression.pairs=$((pairs * trials)) -Dregression.seconds="$seconds" ;;
  *) sed -n '2,6s/^# *//p' "$0"; exit 2 ;;
esac
