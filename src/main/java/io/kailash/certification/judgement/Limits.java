package io.kailash.certification.judgement;

import io.kailash.certification.judgement.Measured.Estimate;
import io.kailash.certification.judgement.Verdict.Fail;
import io.kailash.certification.judgement.Verdict.InsufficientData;
import io.kailash.certification.judgement.Verdict.NotRun;
import io.kailash.certification.judgement.Verdict.Pass;
import io.kailash.certification.targets.Target;
import java.util.List;
import java.util.Optional;

/**
 * Whether what was estimated keeps a target: of several ways to see a figure the worst is judged,
 * on the unfavourable end of its bound.
 */
final class Limits {
  private Limits() {}

  static Verdict noSample(Target target) {
    return new NotRun("no sample of " + target.label().orElse("anything"));
  }

  static Verdict notRecorded(Target target) {
    return new NotRun(
        "resources.csv holds too little" + target.label().map(l -> " of " + l).orElse(""));
  }

  static Verdict judged(Target target, double limit, String method, List<Estimate> ways) {
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

  static boolean kept(Target target, double limit, double actual) {
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
