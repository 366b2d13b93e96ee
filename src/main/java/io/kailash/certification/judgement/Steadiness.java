package io.kailash.certification.judgement;

import io.kailash.certification.judgement.Measured.Estimate;
import io.kailash.certification.judgement.Verdict.Void;
import io.kailash.certification.results.Run;
import io.kailash.certification.results.Samples;
import io.kailash.certification.results.Tally;
import io.kailash.certification.targets.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Judges how evenly a run went: its tenths among each other, and when it was good again. */
final class Steadiness {
  private static final int PARTS = 10;
  private static final int STEADY_SECONDS = 5;
  private static final double MAY_BE_MISSED = 0.05;

  /** A bound is narrow where it is off by less than this share of the limit. */
  private static final double NARROW_SHARE = 0.2;

  private Steadiness() {}

  /**
   * The first second from which on five in a row are good: 95 of 100 answers right and within the
   * time that their 95th percentile may take.
   */
  static Verdict recovery(Target target, Run run) {
    long start = run.phase().began().getEpochSecond();
    long end = run.lastMillis() / 1000;
    double recovered = Double.POSITIVE_INFINITY;
    int steady = 0;
    for (long second = start; second <= end && Double.isInfinite(recovered); second++) {
      Tally tally = run.seconds().get(second);
      boolean good = tally != null && tally.wrong() + tally.slow() <= MAY_BE_MISSED * tally.count();
      steady = good ? steady + 1 : 0;
      if (steady == STEADY_SECONDS) {
        recovered = second + 1 - STEADY_SECONDS - start;
      }
    }
    boolean enough = end - start >= STEADY_SECONDS || recovered < Double.POSITIVE_INFINITY;
    return Limits.judged(
        target,
        target.value(),
        "seconds until five good ones follow one another",
        List.of(Estimate.known("seconds", recovered, run.all().count(), enough)));
  }

  static Verdict varianceOfLatency(Target target, Run run) {
    List<Estimate> ways = new ArrayList<>();
    for (Map.Entry<String, Samples> label : run.labels().entrySet()) {
      Tally[] parts = parts(run, label.getValue());
      Tally whole = new Tally();
      for (Tally part : parts) {
        whole.add(part);
      }
      double worst = 0;
      double bound = 0;
      long fewest = Long.MAX_VALUE;
      for (Tally part : parts) {
        double off = Math.abs(part.meanMillis() / whole.meanMillis() - 1);
        double half = 1.645 * part.standardError() / whole.meanMillis();
        worst = Math.max(worst, off);
        bound = Math.max(bound, off + half);
        fewest = Math.min(fewest, part.right());
      }
      ways.add(
          new Estimate(
              label.getKey(),
              worst,
              0,
              bound,
              whole.right(),
              fewest >= Times.FEWEST_FOR_MEAN && bound - worst < target.value()));
    }
    return Limits.judged(
        target,
        target.value(),
        "largest deviation of a tenth's mean from the whole, with 95 % of its own uncertainty",
        ways);
  }

  static Verdict trendOfLatency(Target target, Run run) {
    List<Estimate> ways = new ArrayList<>();
    for (Map.Entry<String, Samples> label : run.labels().entrySet()) {
      Tally[] parts = parts(run, label.getValue());
      double[] means = new double[PARTS];
      double mean = 0;
      long fewest = Long.MAX_VALUE;
      for (int i = 0; i < PARTS; i++) {
        means[i] = parts[i].meanMillis();
        mean += means[i] / PARTS;
        fewest = Math.min(fewest, parts[i].right());
      }
      Bounds.Trend trend = Bounds.trend(means);
      ways.add(
          new Estimate(
              label.getKey(),
              trend.rise() / mean,
              (trend.rise() - trend.halfWidth()) / mean,
              (trend.rise() + trend.halfWidth()) / mean,
              label.getValue().right(),
              fewest >= Times.FEWEST_FOR_MEAN && trend.halfWidth() / mean < target.value()));
    }
    return Limits.judged(
        target,
        target.value(),
        "95 % upper bound of the rise of a straight line through ten tenths, over the mean",
        ways);
  }

  static Verdict stability(Target target, Run run) {
    if (!run.phase().open()) {
      return new Void(Optional.empty(), "a rate is judged only on an open run (R1)");
    }
    Tally[] parts = parts(run, run.all());
    double asked = run.phase().plannedRate() * run.plannedSeconds() / PARTS;
    double least = Double.POSITIVE_INFINITY;
    for (Tally part : parts) {
      least = Math.min(least, part.right() / asked);
    }
    return Limits.judged(
        target,
        target.value(),
        "right answers of the least tenth, as a share of what was planned for a tenth",
        List.of(
            Estimate.known("least tenth", least, run.all().count(), run.spanSeconds() >= PARTS)));
  }

  /** Ten stretches of the same length, each with what ended in it. */
  private static Tally[] parts(Run run, Samples samples) {
    Tally[] parts = new Tally[PARTS];
    for (int i = 0; i < PARTS; i++) {
      parts[i] = new Tally();
    }
    double length = Math.max(1, run.lastMillis() - run.firstMillis());
    for (Map.Entry<Long, Tally> cell : samples.cells().entrySet()) {
      double middle = (cell.getKey() + 0.5) * run.cellMillis() - run.firstMillis();
      int part = (int) Math.max(0, Math.min(PARTS - 1, middle * PARTS / length));
      parts[part].add(cell.getValue());
    }
    return parts;
  }

  /**
   * How far a tenth of the run is off. Seconds differ within a tenth, too, so a tenth of few of
   * them is off by chance: its bound is that of a mean, with the deviation that all tenths have
   * within (pooled). A wide bound that the limit lies in shows neither.
   */
  static Verdict variance(Target target, double[] values) {
    if (values.length < PARTS) {
      return Limits.notRecorded(target);
    }
    double mean = 0;
    for (double value : values) {
      mean += value / values.length;
    }
    double[] means = means(values);
    double squares = 0;
    for (int i = 0; i < values.length; i++) {
      // The tenth whose [i * n / 10, (i + 1) * n / 10) this one lies in.
      double off = values[i] - means[(int) (((i + 1L) * PARTS - 1) / values.length)];
      squares += off * off;
    }
    double worst = 0;
    for (double part : means) {
      worst = Math.max(worst, Math.abs(part / mean - 1));
    }
    String method =
        "largest deviation of a tenth's mean from the whole, with 95 % of its own uncertainty";
    if (values.length < Resources.FEWEST_SECONDS) {
      return Limits.judged(
          target,
          target.value(),
          method,
          List.of(Estimate.known("tenths", worst, values.length, false)));
    }
    int within = values.length - PARTS;
    double width =
        Bounds.halfWidth(Math.sqrt(squares / within), within + 1L)
            * Math.sqrt((within + 1.0) / (values.length / PARTS))
            / mean;
    boolean shown =
        Limits.kept(target, target.value(), worst + width) || width < target.value() * NARROW_SHARE;
    return Limits.judged(
        target,
        target.value(),
        method,
        List.of(
            new Estimate(
                "tenths", worst, Math.max(0, worst - width), worst + width, values.length, shown)));
  }

  private static double[] means(double[] values) {
    double[] means = new double[PARTS];
    for (int i = 0; i < PARTS; i++) {
      int from = i * values.length / PARTS;
      int to = (i + 1) * values.length / PARTS;
      for (int k = from; k < to; k++) {
        means[i] += values[k] / (to - from);
      }
    }
    return means;
  }

  /**
   * What memory adds over the run that is still there after collections: the least of each tenth.
   */
  static Verdict growth(Target target, double[] heap) {
    if (heap.length < PARTS) {
      return Limits.notRecorded(target);
    }
    double[] floor = new double[PARTS];
    for (int i = 0; i < PARTS; i++) {
      floor[i] = Double.POSITIVE_INFINITY;
      for (int k = i * heap.length / PARTS; k < (i + 1) * heap.length / PARTS; k++) {
        floor[i] = Math.min(floor[i], heap[k]);
      }
    }
    Bounds.Trend trend = Bounds.trend(floor);
    return Limits.judged(
        target,
        target.value(),
        "95 % upper bound of the rise of a straight line through the least heap of each tenth, over"
            + " the first",
        List.of(
            new Estimate(
                "tenths",
                trend.rise() / floor[0],
                (trend.rise() - trend.halfWidth()) / floor[0],
                (trend.rise() + trend.halfWidth()) / floor[0],
                heap.length,
                heap.length >= Resources.FEWEST_SECONDS
                    && trend.halfWidth() / floor[0] < target.value())));
  }
}
