package io.kailash.certification.judgement;

import io.kailash.certification.judgement.Measured.Estimate;
import io.kailash.certification.judgement.Verdict.Fail;
import io.kailash.certification.results.Counts;
import io.kailash.certification.results.Run;
import io.kailash.certification.results.Samples;
import io.kailash.certification.targets.Target;
import io.kailash.certification.targets.Target.Statistic;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Judges how long answers took. */
final class Times {
  /** So many values make the largest of them a bound of the 95th percentile. */
  private static final int FEWEST_FOR_MAXIMUM = 59;

  static final int FEWEST_FOR_MEAN = 30;

  private Times() {}

  static Verdict latency(Target target, Run run, double mayBeWrong) {
    Samples samples = run.labels().get(target.label().orElseThrow());
    if (samples == null) {
      return Limits.noSample(target);
    }
    List<Estimate> ways = new ArrayList<>();
    ways.add(time(target, samples.fromSending(), "from sending"));
    if (samples.fromPlan().count() > 0) {
      ways.add(time(target, samples.fromPlan(), "from the planned start"));
    }
    boolean percentile = target.statistic() == Statistic.P95 || target.statistic() == Statistic.P99;
    String method =
        switch (target.statistic()) {
          case P95 -> "95 % upper bound of the 95th percentile, by order statistics";
          case P99 -> "95 % upper bound of the 99th percentile, by order statistics";
          case AVERAGE -> "95 % upper bound of the mean, by Student's t";
          case MAXIMUM -> "largest of all samples";
          default -> throw new IllegalArgumentException("no statistic of a time: " + target.id());
        };
    if (!percentile && samples.wrong() > mayBeWrong * samples.count()) {
      Measured measured =
          Measured.of(target, target.value(), Double.POSITIVE_INFINITY, method, ways);
      return new Fail(
          measured,
          samples.wrong() + " of " + samples.count() + " answers were wrong or never came");
    }
    return Limits.judged(target, target.value(), method, ways);
  }

  private static Estimate time(Target target, Counts times, String way) {
    long n = times.count();
    return switch (target.statistic()) {
      case P95 -> percentile(times, 0.95, way);
      case P99 -> percentile(times, 0.99, way);
      case AVERAGE -> {
        long came = n - times.forever();
        double mean = times.mean() / 1000;
        double half = Bounds.halfWidth(times.deviation(), came) / 1000;
        yield new Estimate(way, mean, mean - half, mean + half, came, came >= FEWEST_FOR_MEAN);
      }
      case MAXIMUM -> {
        long came = n - times.forever();
        double most = came == 0 ? Double.NaN : millis(times.orderStatistic(came));
        yield Estimate.known(way, most, came, came >= FEWEST_FOR_MAXIMUM);
      }
      default -> throw new IllegalArgumentException("no statistic of a time: " + target.id());
    };
  }

  private static Estimate percentile(Counts times, double p, String way) {
    long n = times.count();
    double observed = millis(times.orderStatistic(Math.max(1, (long) Math.ceil(p * n))));
    OptionalLong upper = Bounds.upperRank(n, p);
    OptionalLong lower = Bounds.lowerRank(n, p);
    return new Estimate(
        way,
        observed,
        lower.isPresent() ? millis(times.orderStatistic(lower.getAsLong())) : 0,
        upper.isPresent() ? millis(times.orderStatistic(upper.getAsLong())) : Double.NaN,
        n,
        upper.isPresent());
  }

  private static double millis(long micros) {
    return micros == Counts.FOREVER ? Double.POSITIVE_INFINITY : micros / 1000.0;
  }
}
