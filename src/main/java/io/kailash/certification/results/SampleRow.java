package io.kailash.certification.results;

/**
 * One line of a result file.
 *
 * @param startMillis when it was sent, in milliseconds of the epoch
 * @param micros how long it took
 * @param right whether the answer was right
 * @param planned when it should have been sent, in milliseconds of the epoch; -1 in a closed loop
 * @param threads users or connections at that moment
 */
record SampleRow(
    String label,
    long startMillis,
    long micros,
    boolean right,
    long received,
    long sent,
    long threads,
    long planned) {

  long endMillis() {
    return startMillis + micros / 1000;
  }

  long microsFromPlan() {
    return micros + Math.max(0, startMillis - planned) * 1000;
  }
}
