package io.kailash.certification.judgement;

import io.kailash.certification.judgement.Measured.Estimate;
import io.kailash.certification.judgement.Verdict.Fail;
import io.kailash.certification.judgement.Verdict.InsufficientData;
import io.kailash.certification.judgement.Verdict.NotRun;
import io.kailash.certification.judgement.Verdict.Pass;
import io.kailash.certification.judgement.Verdict.Void;
import io.kailash.certification.results.Counts;
import io.kailash.certification.results.Phase;
import io.kailash.certification.results.ResourceLog;
import io.kailash.certification.results.Run;
import io.kailash.certification.results.Samples;
import io.kailash.certification.results.Tally;
import io.kailash.certification.targets.Criterion;
import io.kailash.certification.targets.Scenario;
import io.kailash.certification.targets.Scenarios;
import io.kailash.certification.targets.Target;
import io.kailash.certification.targets.Target.Statistic;
import io.kailash.certification.targets.Targets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * Judges a criterion by the run of a scenario.
 *
 * <p>Of every figure the unfavourable end of its 95 % bound is judged, of the two ways to see a
 * time the worse one. An answer that was wrong counts in a percentile as one that never came, and
 * spoils an average or a maximum as soon as more are wrong than may be.
 */
public final class PerformanceValidator {
  /** So many values make the largest of them a bound of the 95th percentile. */
  private static final int FEWEST_FOR_MAXIMUM = 59;

  private static final int FEWEST_FOR_MEAN = 30;
  private static final int FEWEST_ARRIVALS = 10;

  /** A bound is narrow where it is off by less than this share of the limit. */
  private static final double NARROW_SHARE = 0.2;

  /** Two for each tenth: resources are seen once a second, or a little less often. */
  private static final int FEWEST_SECONDS = 20;

  private static final int PARTS = 10;
  private static final int STEADY_SECONDS = 5;
  private static final double DEFAULT_PATIENCE_MILLIS = 5000;
  private static final double MAY_BE_MISSED = 0.05;

  private final Scenarios scenarios;
  private final double mayBeWrong;
  private final Map<String, Double> patienceMillis = new HashMap<>();
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
    for (Target target : targets.targets().values()) {
      if (target.measure().equals(Optional.of(Target.Measure.LATENCY))) {
        patienceMillis.merge(target.label().orElseThrow(), target.value(), Math::max);
      }
    }
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
      case LATENCY -> latency(target, run);
      case THROUGHPUT -> throughput(target, scenario, run);
      case ERROR_RATE -> errors(target, run);
      case SUCCESS_RATE -> successes(target, run);
      case SHARE -> share(target, run);
      case USERS -> users(target, run);
      case DURATION -> duration(target, run);
      case STREAM_RATE -> streamRate(target, run);
      case BYTES_SENT -> bytes(target, run, Samples::bytesSent);
      case BYTES_RECEIVED -> bytes(target, run, Samples::bytesReceived);
      case CPU ->
          resources(target, perSecond(run, ResourceLog.Point::cpuShare), "mean of all processes");
      case PROCESS_CPU ->
          resources(
              target, process(target, run, ResourceLog.Point::cpuShare), "mean of the process");
      case MEMORY -> memory(target, run);
      case RSS ->
          largest(target, process(target, run, ResourceLog.Point::rssBytes), "most of the process");
      case DISK -> disk(target, run);
      case DEGRADATION -> degradation(target, run);
      case RECOVERY -> recovery(target, run);
      case VARIANCE_LATENCY -> varianceOfLatency(target, run);
      case VARIANCE_CPU -> variance(target, process(target, run, ResourceLog.Point::cpuShare));
      case VARIANCE_MEMORY -> variance(target, process(target, run, ResourceLog.Point::rssBytes));
      case STABILITY_THROUGHPUT -> stability(target, run);
      case GROWTH_MEMORY -> growth(target, run);
      case TREND_LATENCY -> trendOfLatency(target, run);
      case MACHINE -> throw new IllegalArgumentException("a machine is no result of a scenario");
    };
  }

  private Verdict latency(Target target, Run run) {
    Samples samples = run.labels().get(target.label().orElseThrow());
    if (samples == null) {
      return noSample(target);
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
    return judged(target, target.value(), method, ways);
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

  private Verdict throughput(Target target, Scenario scenario, Run run) {
    if (target.label().isPresent() && !run.labels().containsKey(target.label().get())) {
      return noSample(target);
    }
    long n = target.label().map(l -> run.labels().get(l).count()).orElse(run.all().count());
    double rate = goodput(run, target.label(), scenario) * perUnit(target.unit());
    // What the error rate allows to be wrong is missing from the right answers.
    double limit = target.value() * (1 - mayBeWrong);
    return judged(
        target,
        limit,
        "right answers over the time in which arrivals were planned; of the figure only the share"
            + " that may be wrong may be missing",
        List.of(Estimate.known("right answers", rate, n, n >= FEWEST_ARRIVALS)));
  }

  private static double perUnit(String unit) {
    return unit.endsWith("/minute") ? 60 : unit.endsWith("/hour") ? 3600 : 1;
  }

  private static Verdict errors(Target target, Run run) {
    Samples samples = target.label().map(run.labels()::get).orElse(run.all());
    if (samples == null) {
      return noSample(target);
    }
    long n = samples.count();
    long wrong = samples.wrong();
    Estimate estimate =
        new Estimate(
            "wrong answers",
            (double) wrong / n,
            Bounds.lowerProportion(wrong, n),
            Bounds.upperProportion(wrong, n),
            n,
            target.keptBy(Bounds.upperProportion(0, n)));
    return judged(
        target,
        target.value(),
        "95 % upper bound of the share, by Clopper and Pearson",
        List.of(estimate));
  }

  private static Verdict successes(Target target, Run run) {
    Samples samples = target.label().map(run.labels()::get).orElse(run.all());
    if (samples == null) {
      return noSample(target);
    }
    long n = samples.count();
    long right = samples.right();
    Estimate estimate =
        new Estimate(
            "right answers",
            (double) right / n,
            Bounds.upperProportion(right, n),
            Bounds.lowerProportion(right, n),
            n,
            target.keptBy(Bounds.lowerProportion(n, n)));
    return judged(
        target,
        target.value(),
        "95 % lower bound of the share, by Clopper and Pearson",
        List.of(estimate));
  }

  private static Verdict share(Target target, Run run) {
    Samples samples = run.labels().get(target.label().orElseThrow());
    if (samples == null) {
      return noSample(target);
    }
    long n = run.all().count();
    double low = Bounds.lowerProportion(samples.count(), n);
    double high = Bounds.upperProportion(samples.count(), n);
    boolean above = high - target.value() > target.value() - low;
    Estimate estimate =
        new Estimate(
            "share of all requests",
            (double) samples.count() / n,
            above ? low : high,
            above ? high : low,
            n,
            (high - low) / 2 < target.tolerance());
    boolean outside =
        low > target.value() + target.tolerance() || high < target.value() - target.tolerance();
    return judged(
        target,
        target.value(),
        "the end of the 95 % bound (Clopper and Pearson) that is farther off",
        List.of(
            outside
                ? estimate
                : new Estimate(
                    estimate.way(),
                    estimate.observed(),
                    target.value(),
                    estimate.unfavourable(),
                    n,
                    estimate.enough())));
  }

  private static Verdict users(Target target, Run run) {
    if (target.label().isPresent()) {
      Samples samples = run.labels().get(target.label().get());
      if (samples == null) {
        return noSample(target);
      }
      return judged(
          target,
          target.value(),
          "connections that were made",
          List.of(Estimate.known("made", samples.right(), samples.count(), true)));
    }
    long n = run.threads().count();
    boolean most = target.statistic() == Statistic.MAXIMUM;
    long users = run.threads().orderStatistic(most ? n : (n + 1) / 2);
    return judged(
        target,
        target.value(),
        most ? "most users at once" : "users at once, as the median sample saw them",
        List.of(Estimate.known("users", users, n, true)));
  }

  private static Verdict duration(Target target, Run run) {
    double asked = target.value() * run.phase().timeScale();
    double limit = Math.max(0, asked - Math.max(1, 0.01 * asked));
    return judged(
        target,
        limit,
        String.format(
            Locale.ROOT,
            "from the first sample to the last; asked for %.0f s, less 1 %% or a second",
            asked),
        List.of(Estimate.known("seconds", run.spanSeconds(), run.all().count(), true)));
  }

  private static Verdict streamRate(Target target, Run run) {
    Samples samples = run.labels().get(target.label().orElseThrow());
    if (samples == null || samples.rates().count() == 0) {
      return noSample(target);
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
    return judged(
        target,
        target.value(),
        "95 % lower bound of the 5th percentile, by order statistics",
        List.of(estimate));
  }

  private static Verdict bytes(Target target, Run run, ToDoubleFunction<Samples> bytes) {
    Samples samples = run.labels().get(target.label().orElseThrow());
    if (samples == null) {
      return noSample(target);
    }
    return judged(
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

  private Verdict degradation(Target target, Run run) {
    double capacity = run.phase().plannedRate() / 2;
    Scenario scenario = scenarios.byId().get(run.phase().scenario());
    double share = goodput(run, target.label(), scenario) / capacity;
    long n = run.all().count();
    return judged(
        target,
        target.value(),
        String.format(
            Locale.ROOT, "right answers a second over a capacity of %.0f a second", capacity),
        List.of(Estimate.known("right answers", share, n, n >= FEWEST_ARRIVALS)));
  }

  /**
   * The first second from which on five in a row are good: 95 of 100 answers right and within the
   * time that their 95th percentile may take.
   */
  private static Verdict recovery(Target target, Run run) {
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
    return judged(
        target,
        target.value(),
        "seconds until five good ones follow one another",
        List.of(Estimate.known("seconds", recovered, run.all().count(), enough)));
  }

  private static Verdict varianceOfLatency(Target target, Run run) {
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
              fewest >= FEWEST_FOR_MEAN && bound - worst < target.value()));
    }
    return judged(
        target,
        target.value(),
        "largest deviation of a tenth's mean from the whole, with 95 % of its own uncertainty",
        ways);
  }

  private static Verdict trendOfLatency(Target target, Run run) {
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
              fewest >= FEWEST_FOR_MEAN && trend.halfWidth() / mean < target.value()));
    }
    return judged(
        target,
        target.value(),
        "95 % upper bound of the rise of a straight line through ten tenths, over the mean",
        ways);
  }

  private static Verdict stability(Target target, Run run) {
    if (!run.phase().open()) {
      return new Void(Optional.empty(), "a rate is judged only on an open run (R1)");
    }
    Tally[] parts = parts(run, run.all());
    double asked = run.phase().plannedRate() * run.plannedSeconds() / PARTS;
    double least = Double.POSITIVE_INFINITY;
    for (Tally part : parts) {
      least = Math.min(least, part.right() / asked);
    }
    return judged(
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

  private static double[] process(
      Target target, Run run, ToDoubleFunction<ResourceLog.Point> figure) {
    return run
        .resources()
        .processes()
        .getOrDefault(target.label().orElseThrow(), List.of())
        .stream()
        .mapToDouble(figure)
        .filter(value -> !Double.isNaN(value))
        .toArray();
  }

  /** The sum over all processes but the generator, second by second. */
  private static double[] perSecond(Run run, ToDoubleFunction<ResourceLog.Point> figure) {
    Map<Long, Double> sums = new TreeMap<>();
    run.resources()
        .processes()
        .forEach(
            (name, points) -> {
              if (!name.equals(ResourceLog.GENERATOR)) {
                points.forEach(
                    point ->
                        sums.merge(
                            point.epochMillis() / 1000, figure.applyAsDouble(point), Double::sum));
              }
            });
    return sums.values().stream()
        .mapToDouble(Double::doubleValue)
        .filter(value -> !Double.isNaN(value))
        .toArray();
  }

  private static Verdict resources(Target target, double[] values, String way) {
    if (values.length == 0) {
      return notRecorded(target);
    }
    Counts micro = new Counts();
    for (double value : values) {
      micro.add(Math.round(value * 1e6));
    }
    double mean = micro.mean() / 1e6;
    double half = Bounds.halfWidth(micro.deviation(), values.length) / 1e6;
    return judged(
        target,
        target.value(),
        "95 % upper bound of the mean, by Student's t",
        List.of(
            new Estimate(
                way,
                mean,
                mean - half,
                mean + half,
                values.length,
                values.length >= FEWEST_SECONDS)));
  }

  private static Verdict largest(Target target, double[] values, String way) {
    if (values.length == 0) {
      return notRecorded(target);
    }
    double most = Double.NEGATIVE_INFINITY;
    for (double value : values) {
      most = Math.max(most, value);
    }
    return judged(
        target,
        target.value(),
        "largest value of all seconds",
        List.of(Estimate.known(way, most, values.length, values.length >= FEWEST_SECONDS)));
  }

  private Verdict memory(Target target, Run run) {
    Phase.Machine machine = run.phase().machine();
    double whole =
        machine == null || machine.memoryBytes() == null ? memoryHere : machine.memoryBytes();
    double[] used = perSecond(run, ResourceLog.Point::rssBytes);
    for (int i = 0; i < used.length; i++) {
      used[i] /= whole;
    }
    return largest(target, used, "most of all processes");
  }

  private static Verdict disk(Target target, Run run) {
    double[] used =
        run.resources().processes().values().stream()
            .flatMap(Collection::stream)
            .mapToDouble(point -> 1 - point.diskFree())
            .filter(value -> !Double.isNaN(value))
            .toArray();
    return largest(target, used, "most of the disk");
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
   * How far a tenth of the run is off. Seconds differ within a tenth, too, so a tenth of few of
   * them is off by chance: its bound is that of a mean, with the deviation that all tenths have
   * within (pooled). A wide bound that the limit lies in shows neither.
   */
  private static Verdict variance(Target target, double[] values) {
    if (values.length < PARTS) {
      return notRecorded(target);
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
    if (values.length < FEWEST_SECONDS) {
      return judged(
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
        kept(target, target.value(), worst + width) || width < target.value() * NARROW_SHARE;
    return judged(
        target,
        target.value(),
        method,
        List.of(
            new Estimate(
                "tenths", worst, Math.max(0, worst - width), worst + width, values.length, shown)));
  }

  /**
   * What memory adds over the run that is still there after collections: the least of each tenth.
   */
  private static Verdict growth(Target target, Run run) {
    double[] heap = process(target, run, ResourceLog.Point::heapBytes);
    if (heap.length < PARTS) {
      return notRecorded(target);
    }
    double[] floor = new double[PARTS];
    for (int i = 0; i < PARTS; i++) {
      floor[i] = Double.POSITIVE_INFINITY;
      for (int k = i * heap.length / PARTS; k < (i + 1) * heap.length / PARTS; k++) {
        floor[i] = Math.min(floor[i], heap[k]);
      }
    }
    Bounds.Trend trend = Bounds.trend(floor);
    return judged(
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
                heap.length >= FEWEST_SECONDS && trend.halfWidth() / floor[0] < target.value())));
  }

  private static Verdict noSample(Target target) {
    return new NotRun("no sample of " + target.label().orElse("anything"));
  }

  private static Verdict notRecorded(Target target) {
    return new NotRun(
        "resources.csv holds too little" + target.label().map(l -> " of " + l).orElse(""));
  }

  private static Verdict judged(Target target, double limit, String method, List<Estimate> ways) {
    boolean down = target.direction().downwards();
    Estimate worst = ways.get(0);
    for (Estimate way : ways) {
      boolean worse =
          target.direction() == Target.Direction.WITHIN
              ? Math.abs(way.unfavourable() - limit) > Math.abs(worst.unfavourable() - limit)
              : down
                  ? way.unfavourable() > worst.unfavourable()
                  : way.unfavourable() < worst.unfavourable();
      worst = worse ? way : worst;
    }
    for (Estimate way : ways) {
      if (!kept(target, limit, way.favourable())) {
        return new Fail(
            Measured.of(target, limit, worse(way), method, ways),
            way.way() + ": not kept even on the favourable end of the bound");
      }
    }
    Optional<Estimate> few = ways.stream().filter(way -> !way.enough()).findFirst();
    if (few.isPresent()) {
      return new InsufficientData(
          Optional.of(Measured.of(target, limit, few.get().observed(), "observed; no bound", ways)),
          few.get().way() + ": " + few.get().count() + " samples cannot show it");
    }
    Measured measured = Measured.of(target, limit, worst.unfavourable(), method, ways);
    return kept(target, limit, worst.unfavourable())
        ? new Pass(measured)
        : new Fail(measured, worst.way() + ": not kept on the unfavourable end of the bound");
  }

  private static double worse(Estimate way) {
    return Double.isNaN(way.unfavourable()) ? way.observed() : way.unfavourable();
  }

  private static boolean kept(Target target, double limit, double actual) {
    if (Double.isNaN(actual)) {
      return false;
    }
    return switch (target.direction()) {
      case AT_MOST -> actual <= limit;
      case BELOW -> actual < limit;
      case AT_LEAST -> actual >= limit;
      case ABOVE -> actual > limit;
      default -> target.keptBy(actual);
    };
  }
}
