package io.kailash.certification.judgement;

import io.kailash.certification.judgement.Measured.Estimate;
import io.kailash.certification.results.Counts;
import io.kailash.certification.results.Phase;
import io.kailash.certification.results.ResourceLog;
import io.kailash.certification.results.Run;
import io.kailash.certification.targets.Target;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** Judges what processes used, second by second. */
final class Resources {
  /** Two for each tenth: resources are seen once a second, or a little less often. */
  static final int FEWEST_SECONDS = 20;

  private Resources() {}

  static double[] process(Target target, Run run, ToDoubleFunction<ResourceLog.Point> figure) {
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
  static double[] perSecond(Run run, ToDoubleFunction<ResourceLog.Point> figure) {
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

  static Verdict mean(Target target, double[] values, String way) {
    if (values.length == 0) {
      return Limits.notRecorded(target);
    }
    Counts micro = new Counts();
    for (double value : values) {
      micro.add(Math.round(value * 1e6));
    }
    double mean = micro.mean() / 1e6;
    double half = Bounds.halfWidth(micro.deviation(), values.length) / 1e6;
    return Limits.judged(
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

  static Verdict largest(Target target, double[] values, String way) {
    if (values.length == 0) {
      return Limits.notRecorded(target);
    }
    double most = Double.NEGATIVE_INFINITY;
    for (double value : values) {
      most = Math.max(most, value);
    }
    return Limits.judged(
        target,
        target.value(),
        "largest value of all seconds",
        List.of(Estimate.known(way, most, values.length, values.length >= FEWEST_SECONDS)));
  }

  static Verdict memory(Target target, Run run, long memoryHere) {
    Phase.Machine machine = run.phase().machine();
    double whole =
        machine == null || machine.memoryBytes() == null ? memoryHere : machine.memoryBytes();
    double[] used = perSecond(run, ResourceLog.Point::rssBytes);
    for (int i = 0; i < used.length; i++) {
      used[i] /= whole;
    }
    return largest(target, used, "most of all processes");
  }

  static Verdict disk(Target target, Run run) {
    double[] used =
        run.resources().processes().values().stream()
            .flatMap(Collection::stream)
            .mapToDouble(point -> 1 - point.diskFree())
            .filter(value -> !Double.isNaN(value))
            .toArray();
    return largest(target, used, "most of the disk");
  }
}
