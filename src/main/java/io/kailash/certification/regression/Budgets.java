package io.kailash.certification.regression;

import io.kailash.certification.targets.Targets;

/**
 * How much worse a release may be, as shares.
 *
 * @param time increase of response times
 * @param throughput decrease of throughput
 * @param resources increase of what is used
 */
public record Budgets(double time, double throughput, double resources) {

  /** Those of the targets. */
  public static Budgets of(Targets targets) {
    return new Budgets(
        targets.targets().get("budget.response_time").value(),
        targets.targets().get("budget.throughput").value(),
        targets.targets().get("budget.resources").value());
  }
}
