package io.kailash.certification.judgement;

import io.kailash.certification.judgement.Measured.Estimate;
import io.kailash.certification.judgement.Verdict.Fail;
import io.kailash.certification.judgement.Verdict.InsufficientData;
import io.kailash.certification.judgement.Verdict.Pass;
import io.kailash.certification.judgement.Verdict.Void;
import io.kailash.certification.results.Phase;
import io.kailash.certification.results.ResourceLog;
import io.kailash.certification.results.Run;
import io.kailash.certification.results.Samples;
import io.kailash.certification.targets.Criterion;
import io.kailash.certification.targets.Scenario;
import io.kailash.certification.targets.Scenarios;
import io.kailash.certification.targets.Target;
import io.kailash.certification.targets.Target.Statistic;
import io.kailash.certification.targets.Targets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Judges a criterion by the run of a scenario.
 *
 * <p>Of every figure the unfavourable end of its 95 % bound is judged, of the two ways to see a
 * time the worse one. An answer that was wrong counts in a percentile as one that never came, and
 * spoils an average or a maximum as soon as more are wrong than may be.
 */
public final class PerformanceValidator {
  private final Scenarios scenarios;
  private final double mayBeWrong;
  private final Rates rates;
  private final long memoryHere;

  /**
   * A judge.
   *
   * @param memoryHere bytes of the machine, for runs that do not say where they were made
   */
  public PerformanceValidator(Targets targets, Scenarios scenarios, long memoryHere) {
    this.scenarios = scenarios;
    this.memoryHere = memoryHere;
    this.mayBeWrong = targets.targets().get("errors.rate").value();
    this.rates = new Rates(targets, scenarios, mayBeWrong);
  }

  /** For each operation the microseconds within which 95 of 100 answers have to be there. */
  public static Map<String, Long> inTime(Targets targets) {
    Map<String, Long> limits = new TreeMap<>();
    for (Target target : targets.targets().values()) {
      if (target.measure().equals(Optional.of(Target.Measure.LATENCY))
          && target.statistic() == Statistic.P95) {
        limits.merge(target.label().orElseThrow(), (long) (target.value() * 1000), Math::min);
      }
    }
    return limits;
  }

  /**
   * Judges.
   *
   * @param criterion one that is judged by load
   * @param run results of its scenario
   * @param warSha256 digest of the build that is judged
   */
  public Verdict judge(Criterion criterion, Run run, String warSha256) {
    Target target = criterion.target();
    Scenario scenario = scenarios.byId().get(criterion.use().scenario().orElseThrow());
    Phase phase = run.phase();
    if (!phase.scenario().equals(scenario.id())) {
      return new Void(Optional.empty(), "the results are those of scenario " + phase.scenario());
    }
    if (!phase.build().warSha256().equals(warSha256)) {
      return new Void(
          Optional.empty(), "the results are those of another build, " + phase.build().warSha256());
    }
    if (phase.open() != (scenario.kind() == Scenario.Kind.OPEN)) {
      return new Void(
          Optional.empty(),
          "the scenario is "
              + scenario.kind().name().toLowerCase(Locale.ROOT)
              + ", the run was "
              + phase.kind()
              + " (R1)");
    }
    Verdict verdict = measure(target, scenario, run);
    GeneratorHealth health = GeneratorHealth.of(run, scenarios.generator());
    if (!health.exhausted().isEmpty()) {
      return new Void(
          verdict.figures(), "the generator fell behind: " + String.join("; ", health.exhausted()));
    }
    if (!health.behind().isEmpty() && !(verdict instanceof Fail)) {
      return new Void(
          verdict.figures(), "the generator fell behind: " + String.join("; ", health.behind()));
    }
    double planned = phase.durationPlannedS();
    if (verdict instanceof Pass pass && run.spanSeconds() < planned - Math.max(1, 0.1 * planned)) {
      return new InsufficientData(
          pass.figures(),
          String.format(Locale.ROOT, "ended after %.0f s of %.0f s", run.spanSeconds(), planned));
    }
    return verdict;
  }

  private Verdict measure(Target target, Scenario scenario, Run run) {
    return switch (target.measure().orElseThrow()) {
      case LATENCY -> Times.latency(target, run, mayBeWrong);
      case THROUGHPUT -> rates.throughput(target, scenario, run);
      case ERROR_RATE -> Shares.errors(target, run);
      case SUCCESS_RATE -> Shares.successes(target, run);
      case SHARE -> Shares.share(target, run);
      case USERS -> users(target, run);
      case DURATION -> duration(target, run);
      case STREAM_RATE -> Rates.streamRate(target, run);
      case BYTES_SENT -> Rates.bytes(target, run, Samples::bytesSent);
      case BYTES_RECEIVED -> Rates.bytes(target, run, Samples::bytesReceived);
      case CPU ->
          Resources.mean(
              target,
              Resources.perSecond(run, ResourceLog.Point::cpuShare),
              "mean of all processes");
      case PROCESS_CPU ->
          Resources.mean(
              target,
              Resources.process(target, run, ResourceLog.Point::cpuShare),
              "mean of the process");
      case MEMORY -> Resources.memory(target, run, memoryHere);
      case RSS ->
          Resources.largest(
              target,
              Resources.process(target, run, ResourceLog.Point::rssBytes),
              "most of the process");
      case DISK -> Resources.disk(target, run);
      case DEGRADATION -> rates.degradation(target, run);
      case RECOVERY -> Steadiness.recovery(target, run);
      case VARIANCE_LATENCY -> Steadiness.varianceOfLatency(target, run);
      case VARIANCE_CPU ->
          Steadiness.variance(target, Resources.process(target, run, ResourceLog.Point::cpuShare));
      case VARIANCE_MEMORY ->
          Steadiness.variance(target, Resources.process(target, run, ResourceLog.Point::rssBytes));
      case STABILITY_THROUGHPUT -> Steadiness.stability(target, run);
      case GROWTH_MEMORY ->
          Steadiness.growth(target, Resources.process(target, run, ResourceLog.Point::heapBytes));
      case TREND_LATENCY -> Steadiness.trendOfLatency(target, run);
      case MACHINE -> throw new IllegalArgumentException("a machine is no result of a scenario");
    };
  }

  private static Verdict users(Target target, Run run) {
    if (target.label().isPresent()) {
      Samples samples = run.labels().get(target.label().get());
      if (samples == null) {
        return Limits.noSample(target);
      }
      return Limits.judged(
          target,
          target.value(),
          "connections that were open at the end",
          List.of(Estimate.known("open", samples.right(), samples.count(), true)));
    }
    long n = run.threads().count();
    boolean most = target.statistic() == Statistic.MAXIMUM;
    long users = run.threads().orderStatistic(most ? n : (n + 1) / 2);
    return Limits.judged(
        target,
        target.value(),
        most ? "most users at once" : "users at once, as the median sample saw them",
        List.of(Estimate.known("users", users, n, true)));
  }

  private static Verdict duration(Target target, Run run) {
    double asked = target.value() * run.phase().timeScale();
    double limit = Math.max(0, asked - Math.max(1, 0.01 * asked));
    return Limits.judged(
        target,
        limit,
        String.format(
            Locale.ROOT,
            "from the first sample to the last; asked for %.0f s, less 1 %% or a second",
            asked),
        List.of(Estimate.known("seconds", run.spanSeconds(), run.all().count(), true)));
  }
}
