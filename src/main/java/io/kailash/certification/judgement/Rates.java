package io.kailash.certification.judgement;

import io.kailash.certification.judgement.Measured.Estimate;
import io.kailash.certification.results.Counts;
import io.kailash.certification.results.Run;
import io.kailash.certification.results.Samples;
import io.kailash.certification.results.Tally;
import io.kailash.certification.targets.Scenario;
import io.kailash.certification.targets.Scenarios;
import io.kailash.certification.targets.Target;
import io.kailash.certification.targets.Targets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.ToDoubleFunction;

/** Judges how many right answers came, and how many bytes, in a time. */
final class Rates {
  private static final int FEWEST_ARRIVALS = 10;
  private static final double DEFAULT_PATIENCE_MILLIS = 5000;

  private final Scenarios scenarios;
  private final double mayBeWrong;
  private final Map<String, Double> patienceMillis = new HashMap<>();

  /**
   * Rates under a specification.
   *
   * @param mayBeWrong share of answers that may be wrong
   */
  Rates(Targets targets, Scenarios scenarios, double mayBeWrong) {
    this.scenarios = scenarios;
    this.mayBeWrong = mayBeWrong;
    for (Target target : targets.targets().values()) {
      if (target.measure().equals(Optional.of(Target.Measure.LATENCY))) {
        patienceMillis.merge(target.label().orElseThrow(), target.value(), Math::max);
      }
    }
  }

  Verdict throughput(Target target, Scenario scenario, Run run) {
    if (target.label().isPresent() && !run.labels().containsKey(target.label().get())) {
      return Limits.noSample(target);
    }
    long n = target.label().map(l -> run.labels().get(l).count()).orElse(run.all().count());
    double rate = goodput(run, target.label(), scenario) * perUnit(target.unit());
    // What the error rate allows to be wrong is missing from the right answers.
    double limit = target.value() * (1 - mayBeWrong);
    return Limits.judged(
        target,
        limit,
        "right answers over the time in which arrivals were planned; of the figure only the share"
            + " that may be wrong may be missing",
        List.of(Estimate.known("right answers", rate, n, n >= FEWEST_ARRIVALS)));
  }

  Verdict degradation(Target target, Run run) {
    double capacity = run.phase().plannedRate() / 2;
    Scenario scenario = scenarios.byId().get(run.phase().scenario());
    double share = goodput(run, target.label(), scenario) / capacity;
    long n = run.all().count();
    return Limits.judged(
        target,
        target.value(),
        String.format(
            Locale.ROOT, "right answers a second over a capacity of %.0f a second", capacity),
        List.of(Estimate.known("right answers", share, n, n >= FEWEST_ARRIVALS)));
  }

  /** The rate at which right answers came, of what arrived while arrivals were planned. */
  private double goodput(Run run, Optional<String> label, Scenario scenario) {
    double units = 0;
    for (Map.Entry<String, Samples> entry : run.labels().entrySet()) {
      if (label.isEmpty() || label.get().equals(entry.getKey())) {
        double per = scenario.perSample().getOrDefault(entry.getKey(), 1.0);
        units += per * inPatience(run, entry.getKey(), entry.getValue());
      }
    }
    return units / run.plannedSeconds();
  }

  /** Right answers that came before everybody's patience was over. */
  private double inPatience(Run run, String label, Samples samples) {
    double patience = patienceMillis.getOrDefault(label, DEFAULT_PATIENCE_MILLIS);
    double end = run.firstMillis() + run.plannedSeconds() * 1000 + patience;
    return samples.cells().headMap((long) Math.ceil(end / run.cellMillis()), true).values().stream()
        .mapToLong(Tally::right)
        .sum();
  }

  private static double perUnit(String unit) {
    return unit.endsWith("/minute") ? 60 : unit.endsWith("/hour") ? 3600 : 1;
  }

  static Verdict streamRate(Target target, Run run) {
    Samples samples = run.labels().get(target.label().orElseThrow());
    if (samples == null || samples.rates().count() == 0) {
      return Limits.noSample(target);
    }
    Counts rates = samples.rates();
    long n = rates.count();
    OptionalLong lower = Bounds.lowerRank(n, 0.05);
    OptionalLong upper = Bounds.upperRank(n, 0.05);
    Estimate estimate =
        new Estimate(
            "answer by answer",
            rates.orderStatistic(Math.max(1, (long) Math.ceil(0.05 * n))),
            upper.isPresent() ? rates.orderStatistic(upper.getAsLong()) : Double.POSITIVE_INFINITY,
            lower.isPresent() ? rates.orderStatistic(lower.getAsLong()) : Double.NaN,
            n,
            lower.isPresent());
    return Limits.judged(
        target,
        target.value(),
        "95 % lower bound of the 5th percentile, by order statistics",
        List.of(estimate));
  }

  static Verdict bytes(Target target, Run run, ToDoubleFunction<Samples> bytes) {
    Samples samples = run.labels().get(target.label().orElseThrow());
    if (samples == null) {
      return Limits.noSample(target);
    }
    return Limits.judged(
        target,
        target.value(),
        "bytes of right answers over the whole time",
        List.of(
            Estimate.known(
                "right answers",
                bytes.applyAsDouble(samples) / run.spanSeconds(),
                samples.count(),
                run.spanSeconds() > 0)));
  }
}
