package io.kailash.certification.regression;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import org.apache.commons.statistics.distribution.BinomialDistribution;

/**
 * Compares pairs of segments with the budgets of a release.
 *
 * <p>Of each pair the logarithm of candidate over baseline is taken, so that what the machine did
 * to both of a pair cancels out. The bounds of the mean come from the bootstrap-t of the pairs
 * (Efron and Tibshirani, An Introduction to the Bootstrap, 12.5), 95 % on each side, as the plain
 * percentile bootstrap is too narrow for few pairs. Worse than the budget even on the favourable
 * bound: FAIL. Within it even on the unfavourable one: PASS. Else INCONCLUSIVE.
 */
public final class Regression {
  /** Fewer pairs than this tell nothing. */
  public static final int FEWEST_PAIRS = 6;

  private static final int RESAMPLES = 10_000;
  private static final double CONFIDENCE = 0.95;
  private static final int MOST_MORE = 1000;

  private final Budgets budgets;
  private final long seed;

  /**
   * A comparison.
   *
   * @param seed of the resampling; the same segments and seed give the same result
   */
  public Regression(Budgets budgets, long seed) {
    this.budgets = budgets;
    this.seed = seed;
  }

  /** What is said of a comparison. */
  public enum Outcome {
    FAIL,
    INCONCLUSIVE,
    PASS
  }

  /**
   * One figure compared.
   *
   * @param change mean change as a share: 0.05 is 5 % more than the baseline
   * @param low lower 95 % bound of it
   * @param high upper 95 % bound of it
   * @param budget change that is allowed, with its sign: negative for throughput
   * @param more for what is inconclusive, about how many more pairs would decide; 0 else
   */
  public record Comparison(
      String figure,
      double baseline,
      double candidate,
      double change,
      double low,
      double high,
      double budget,
      Outcome outcome,
      int more) {

    /** In words. */
    public String says() {
      return String.format(
          Locale.ROOT,
          "%s %s: %+.1f %% (from %+.1f to %+.1f %%), allowed %+.1f %%%s",
          outcome,
          figure,
          100 * change,
          100 * low,
          100 * high,
          100 * budget,
          outcome == Outcome.INCONCLUSIVE ? "; about " + more + " more pairs would decide" : "");
    }
  }

  /** All figures compared. */
  public record Result(int pairs, List<Comparison> comparisons) {
    /** The worst of them; never a pass without any. */
    public Outcome outcome() {
      return comparisons.stream()
          .map(Comparison::outcome)
          .min(Enum::compareTo)
          .orElse(Outcome.INCONCLUSIVE);
    }

    /** How many more pairs would decide all of them; 0 if all are decided. */
    public int more() {
      return comparisons.stream().mapToInt(Comparison::more).max().orElse(FEWEST_PAIRS);
    }
  }

  /**
   * Compares.
   *
   * @param baseline segments in the order in which they were measured
   * @param candidate as many segments; each is paired with the one of the same place
   * @throws IllegalArgumentException if they are no pairs, or do not hold the same figures
   */
  public Result compare(List<Segment> baseline, List<Segment> candidate) {
    if (baseline.size() != candidate.size()) {
      throw new IllegalArgumentException(
          baseline.size()
              + " segments of the baseline and "
              + candidate.size()
              + " of the candidate");
    }
    if (baseline.isEmpty()) {
      return new Result(0, List.of());
    }
    List<Comparison> comparisons = new ArrayList<>();
    for (String name : new TreeSet<>(baseline.get(0).timesMillis().keySet())) {
      comparisons.add(
          compare(
              "time of " + name,
              baseline,
              candidate,
              s -> value(s.timesMillis().get(name), name),
              budgets.time()));
    }
    comparisons.add(
        compare("throughput", baseline, candidate, Segment::throughput, -budgets.throughput()));
    for (String name : new TreeSet<>(baseline.get(0).resources().keySet())) {
      comparisons.add(
          compare(
              name,
              baseline,
              candidate,
              s -> value(s.resources().get(name), name),
              budgets.resources()));
    }
    comparisons.add(errors(baseline, candidate));
    return new Result(baseline.size(), comparisons);
  }

  private static double value(Double value, String name) {
    if (value == null) {
      throw new IllegalArgumentException("a segment does not hold " + name);
    }
    return value;
  }

  private Comparison compare(
      String figure,
      List<Segment> baseline,
      List<Segment> candidate,
      ToDoubleFunction<Segment> of,
      double budget) {
    int n = baseline.size();
    double[] logs = new double[n];
    double before = 0;
    double after = 0;
    for (int i = 0; i < n; i++) {
      double b = of.applyAsDouble(baseline.get(i));
      double c = of.applyAsDouble(candidate.get(i));
      if (!(b > 0) || !(c > 0) || Double.isInfinite(b) || Double.isInfinite(c)) {
        throw new IllegalArgumentException(
            figure
                + " of pair "
                + (i + 1)
                + " is "
                + b
                + " and "
                + c
                + "; both must be above nought");
      }
      logs[i] = Math.log(c / b);
      before += b / n;
      after += c / n;
    }
    double mean = mean(logs);
    if (n < FEWEST_PAIRS) {
      return new Comparison(
          figure,
          before,
          after,
          Math.expm1(mean),
          Double.NaN,
          Double.NaN,
          budget,
          Outcome.INCONCLUSIVE,
          FEWEST_PAIRS - n);
    }
    double[] bounds = bootstrap(logs);
    double limit = Math.log1p(budget);
    boolean upwardsIsBad = budget >= 0;
    double favourable = upwardsIsBad ? bounds[0] : bounds[1];
    double unfavourable = upwardsIsBad ? bounds[1] : bounds[0];
    Outcome outcome =
        upwardsIsBad
            ? favourable > limit
                ? Outcome.FAIL
                : unfavourable <= limit ? Outcome.PASS : Outcome.INCONCLUSIVE
            : favourable < limit
                ? Outcome.FAIL
                : unfavourable >= limit ? Outcome.PASS : Outcome.INCONCLUSIVE;
    int more = 0;
    if (outcome == Outcome.INCONCLUSIVE) {
      // The bound comes nearer to the mean with the square root of the number of pairs.
      boolean beyond = upwardsIsBad ? mean > limit : mean < limit;
      double half = Math.abs((beyond ? favourable : unfavourable) - mean);
      double needed = n * Math.pow(half / Math.abs(limit - mean), 2);
      more = (int) Math.max(1, Math.min(MOST_MORE, Math.ceil(needed) - n));
    }
    return new Comparison(
        figure,
        before,
        after,
        Math.expm1(mean),
        Math.expm1(bounds[0]),
        Math.expm1(bounds[1]),
        budget,
        outcome,
        more);
  }

  /** Bounds of the mean: 95 % on each side. */
  private double[] bootstrap(double[] values) {
    int n = values.length;
    double mean = mean(values);
    double error = error(values, mean);
    if (error == 0) {
      return new double[] {mean, mean};
    }
    SplittableRandom random = new SplittableRandom(seed);
    double[] t = new double[RESAMPLES];
    double[] drawn = new double[n];
    for (int r = 0; r < RESAMPLES; r++) {
      double drawnError;
      do {
        for (int i = 0; i < n; i++) {
          drawn[i] = values[random.nextInt(n)];
        }
        drawnError = error(drawn, mean(drawn));
      } while (drawnError == 0);
      t[r] = (mean(drawn) - mean) / drawnError;
    }
    Arrays.sort(t);
    double high = t[(int) Math.ceil(CONFIDENCE * RESAMPLES) - 1];
    double low = t[(int) Math.floor((1 - CONFIDENCE) * RESAMPLES)];
    return new double[] {mean - high * error, mean - low * error};
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).sum() / values.length;
  }

  private static double error(double[] values, double mean) {
    double sum = 0;
    for (double value : values) {
      sum += (value - mean) * (value - mean);
    }
    return Math.sqrt(sum / (values.length - 1) / values.length);
  }

  /**
   * No more errors. Given how many there are in all, the candidate's share of them is binomial if
   * both make as many (Przyborowski and Wilenski, Biometrika 31, 1940).
   */
  private static Comparison errors(List<Segment> baseline, List<Segment> candidate) {
    long before = baseline.stream().mapToLong(Segment::requests).sum();
    long after = candidate.stream().mapToLong(Segment::requests).sum();
    long wrongBefore = baseline.stream().mapToLong(Segment::wrong).sum();
    long wrongAfter = candidate.stream().mapToLong(Segment::wrong).sum();
    double rateBefore = before == 0 ? Double.NaN : (double) wrongBefore / before;
    double rateAfter = after == 0 ? Double.NaN : (double) wrongAfter / after;
    Outcome outcome;
    int more = 0;
    if (before == 0 || after == 0) {
      outcome = Outcome.INCONCLUSIVE;
      more = FEWEST_PAIRS;
    } else if (rateAfter <= rateBefore) {
      outcome = Outcome.PASS;
    } else if (chance(wrongBefore, wrongAfter, before, after) <= 1 - CONFIDENCE) {
      outcome = Outcome.FAIL;
    } else {
      outcome = Outcome.INCONCLUSIVE;
      int times = 2;
      while (times < MOST_MORE
          && chance(times * wrongBefore, times * wrongAfter, before, after) > 1 - CONFIDENCE) {
        times++;
      }
      more = Math.min(MOST_MORE, (times - 1) * baseline.size());
    }
    double change = rateAfter - rateBefore;
    return new Comparison(
        "share of wrong answers", rateBefore, rateAfter, change, change, change, 0, outcome, more);
  }

  private static double chance(long wrongBefore, long wrongAfter, long before, long after) {
    int all = Math.toIntExact(wrongBefore + wrongAfter);
    double share = (double) after / (before + after);
    return BinomialDistribution.of(all, share).survivalProbability(Math.toIntExact(wrongAfter) - 1);
  }
}
