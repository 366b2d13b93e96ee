package io.kailash.certification.judgement;

import java.util.OptionalLong;
import org.apache.commons.statistics.distribution.BetaDistribution;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * One-sided 95 % bounds.
 *
 * <p>A percentile: the number of n independent samples below the p-quantile is binomial (n, p), so
 * the order statistic above which that number rarely comes bounds the quantile whatever the
 * distribution (Conover, Practical Nonparametric Statistics, 3.2; Hahn and Meeker, Statistical
 * Intervals, 5.2). A proportion: Clopper and Pearson, Biometrika 26 (1934). A mean: Student's t.
 */
public final class Bounds {
  /** How sure a bound is. */
  public static final double CONFIDENCE = 0.95;

  private Bounds() {}

  /**
   * Rank of the order statistic that lies at or above the p-quantile with 95 % confidence: the
   * smallest k with P(B ≤ k - 1) ≥ 0.95. Empty if even the largest of n values does not.
   */
  static OptionalLong upperRank(long n, double p) {
    if (n < 1) {
      return OptionalLong.empty();
    }
    BinomialDistribution below = BinomialDistribution.of(Math.toIntExact(n), p);
    long k = below.inverseCumulativeProbability(CONFIDENCE) + 1L;
    return k > n ? OptionalLong.empty() : OptionalLong.of(k);
  }

  /**
   * Rank of the order statistic that lies at or below the p-quantile with 95 % confidence: the
   * largest k with P(B ≥ k) ≥ 0.95. Empty if even the smallest of n values does not.
   */
  static OptionalLong lowerRank(long n, double p) {
    if (n < 1) {
      return OptionalLong.empty();
    }
    BinomialDistribution below = BinomialDistribution.of(Math.toIntExact(n), p);
    int m = below.inverseCumulativeProbability(1 - CONFIDENCE);
    long k = below.cumulativeProbability(m) <= 1 - CONFIDENCE ? m + 1L : m;
    return k < 1 ? OptionalLong.empty() : OptionalLong.of(k);
  }

  /** Upper bound of a proportion of which {@code hits} of {@code n} were seen. */
  static double upperProportion(long hits, long n) {
    return hits == n
        ? 1
        : BetaDistribution.of(hits + 1.0, n - hits).inverseCumulativeProbability(CONFIDENCE);
  }

  /** Lower bound of a proportion of which {@code hits} of {@code n} were seen. */
  static double lowerProportion(long hits, long n) {
    return hits == 0
        ? 0
        : BetaDistribution.of(hits, n - hits + 1.0).inverseCumulativeProbability(1 - CONFIDENCE);
  }

  /** Half the width of the bound of a mean; not a number for fewer than two values. */
  static double halfWidth(double deviation, long n) {
    return n < 2
        ? Double.NaN
        : TDistribution.of(n - 1.0).inverseCumulativeProbability(CONFIDENCE)
            * deviation
            / Math.sqrt(n);
  }

  /** A straight line through points: its rise over the whole, and half the width of that bound. */
  record Trend(double rise, double halfWidth) {}

  /** Least squares through equally spaced values. */
  static Trend trend(double[] values) {
    int n = values.length;
    double centre = (n - 1) / 2.0;
    double mean = 0;
    for (double value : values) {
      mean += value / n;
    }
    double sxy = 0;
    double sxx = 0;
    for (int i = 0; i < n; i++) {
      sxy += (i - centre) * (values[i] - mean);
      sxx += (i - centre) * (i - centre);
    }
    double slope = sxy / sxx;
    double residual = 0;
    for (int i = 0; i < n; i++) {
      double off = values[i] - mean - slope * (i - centre);
      residual += off * off;
    }
    double error = Math.sqrt(residual / (n - 2) / sxx);
    double half = TDistribution.of(n - 2.0).inverseCumulativeProbability(CONFIDENCE) * error;
    return new Trend(slope * (n - 1), half * (n - 1));
  }
}
