package io.kailash.certification.regression;

import java.util.Map;

/**
 * One stretch of load on one build.
 *
 * @param timesMillis operation to its judged response time (mean or a percentile, the same for all)
 * @param throughput right answers a second
 * @param resources name to use: CPU-seconds for a thousand requests, bytes of memory
 * @param requests all answers
 * @param wrong those that were wrong
 */
public record Segment(
    Map<String, Double> timesMillis,
    double throughput,
    Map<String, Double> resources,
    long requests,
    long wrong) {

  /** Refuses what cannot be compared. */
  public Segment {
    timesMillis = Map.copyOf(timesMillis);
    resources = Map.copyOf(resources);
    if (requests < 0 || wrong < 0 || wrong > requests) {
      throw new IllegalArgumentException(wrong + " of " + requests + " requests were wrong");
    }
  }
}
