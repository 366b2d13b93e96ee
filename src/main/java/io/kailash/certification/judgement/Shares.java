package io.kailash.certification.judgement;

import io.kailash.certification.judgement.Measured.Estimate;
import io.kailash.certification.results.Run;
import io.kailash.certification.results.Samples;
import io.kailash.certification.targets.Target;
import java.util.List;

/** Judges how many of all answers were right, or of one kind. */
final class Shares {
  private Shares() {}

  static Verdict errors(Target target, Run run) {
    Samples samples = target.label().map(run.labels()::get).orElse(run.all());
    if (samples == null) {
      return Limits.noSample(target);
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
    return Limits.judged(
        target,
        target.value(),
        "95 % upper bound of the share, by Clopper and Pearson",
        List.of(estimate));
  }

  static Verdict successes(Target target, Run run) {
    Samples samples = target.label().map(run.labels()::get).orElse(run.all());
    if (samples == null) {
      return Limits.noSample(target);
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
    return Limits.judged(
        target,
        target.value(),
        "95 % lower bound of the share, by Clopper and Pearson",
        List.of(estimate));
  }

  static Verdict share(Target target, Run run) {
    Samples samples = run.labels().get(target.label().orElseThrow());
    if (samples == null) {
      return Limits.noSample(target);
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
    return Limits.judged(
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
}
