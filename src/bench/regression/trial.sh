#!/usr/bin/env bash
# Tries judgements on what is known.
#   src/bench/regression/trial.sh slow [share, 0.1]     a build that takes longer by a share: the comparison must end as FAIL
#   src/bench/regression/trial.sh same [trials, 20]     the same build twice: at most one of the trials may end as FAIL
#   src/bench/regression/trial.sh gate FAULT            gate 1 in short form on a broken service must end as FAIL; FAULT is
#                                                       empty (a hundredth of the answers holds nothing) or late (600 ms)
# Settings: PAIRS (12; of one trial), SECONDS_EACH (5). Needs a built WAR (mvn package) and a JDK.
set -eu
cd "$(dirname "$0")/../../.."
war=target/kailash.war pairs=${PAIRS:-12} seconds=${SECONDS_EACH:-5}
[ -f "$war" ] || { echo "$war is missing: build the project first (mvn package)"; exit 2; }
rm -rf target/trial && mkdir -p target/trial/WEB-INF/classes
cp "$war" target/trial/same.war

plant() {
  api=$(find "${MAVEN_REPOSITORY:-$HOME/.m2/repository}" -name 'jakarta.jakartaee-api-10.0.0.jar' | head -1)
  javac --release 17 -cp "$api" -d target/trial/WEB-INF/classes src/bench/regression/FaultFilter.java
  cp "$war" target/trial/fault.war
  jar -uf target/trial/fault.war -C target/trial WEB-INF/classes/trial
}

case ${1:-} in
  slow)
    plant
    exec mvn -B verify -Pregression -Dbaseline=target/trial/same.war -Dkailash.instance.candidate.war=target/trial/fault.war \
      "-Dkailash.instance.candidate.service.jvm-options=-Dtrial.share=${2:-0.1}" \
      -Dregression.pairs="$pairs" -Dregression.seconds="$seconds" ;;
  same)
    trials=${2:-20}
    exec mvn -B verify -Pregression -Dbaseline=target/trial/same.war -Dregression.trials="$trials" \
      -Dregression.pairs=$((pairs * trials)) -Dregression.seconds="$seconds" ;;
  gate)
    case ${2:-} in
      empty) fault=-Dtrial.empty=0.01 ;;
      late) fault=-Dtrial.micros=600000 ;;
      *) echo "FAULT is empty or late"; exit 2 ;;
    esac
    plant
    exec mvn -B verify -Pgate-1 -Dgate.time-scale=0.01 -Dgate.items=1000 -Dgate.only=baseline.single_user,batch.hundred \
      -Dgate.accept=measured -Dgate.warm-up=100 -Dkailash.instance.gate.war=target/trial/fault.war \
      "-Dkailash.instance.gate.service.jvm-options=$fault" ;;
  *) sed -n '2,8s/^# *//p' "$0"; exit 2 ;;
esac
