package io.kailash.certification.judgement;

import io.kailash.certification.targets.Target;
import java.util.List;

/**
 * What was measured for a criterion, in the unit of its figure.
 *
 * @param limit what was asked of this run: the figure, or for a duration what is left of it
 * @param actual the judged value: the unfavourable end of the bound, the worse of the two ways
 * @param margin how far it is on the good side, in percent of the limit; negative on the bad side
 * @param method what {@code actual} is
 * @param ways the estimates it comes from
 */
public record Measured(
    double limit, double actual, double margin, String method, List<Estimate> ways) {

  /**
   * One way to see it.
   *
   * @param way for example 'from sending'
   * @param observed the value of this sample
   * @param favourable the good end of the bound
   * @param unfavourable the bad end of the bound; not a number where there are too few samples
   * @param count how many samples
   * @param enough whether a perfect run of this size could have passed
   */
  public record Estimate(
      String way,
      double observed,
      double favourable,
      double unfavourable,
      long count,
      boolean enough) {

    /** A value that is known and not estimated. */
    static Estimate known(String way, double value, long count, boolean enough) {
      return new Estimate(way, value, value, value, count, enough);
    }
  }

  static Measured of(
      Target target, double limit, double actual, String method, List<Estimate> ways) {
    return new Measured(limit, actual, margin(target, limit, actual), method, ways);
  }

  private static double margin(Target target, double limit, double actual) {
    if (limit == target.value() || limit == 0) {
      return target.margin(actual);
    }
    return 100 * (target.direction().downwards() ? limit - actual : actual - limit) / limit;
  }
}
