package io.kailash.certification.judgement;

import io.kailash.certification.results.Phase;
import io.kailash.certification.results.Run;
import io.kailash.certification.targets.Scenarios;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Whether the generator of the load kept up.
 *
 * @param exhausted it lacked processor or stood still: its figures say nothing
 * @param behind it did not start what was planned, when it was planned; if it was not exhausted, it
 *     was the service that kept it waiting
 */
record GeneratorHealth(List<String> exhausted, List<String> behind) {

  static GeneratorHealth of(Run run, Scenarios.GeneratorLimits limits) {
    List<String> exhausted = new ArrayList<>();
    List<String> behind = new ArrayList<>();
    Phase phase = run.phase();
    Phase.Generator generator = phase.generator();
    if (generator == null || generator.cpuShare() == null || generator.maxPauseMs() == null) {
      exhausted.add("the health of the generator was not recorded");
    } else {
      if (generator.cpuShare() > limits.cpuAtMost()) {
        exhausted.add(
            said(
                "it used %.0f %% of its cores, over %.0f %%",
                100 * generator.cpuShare(), 100 * limits.cpuAtMost()));
      }
      if (generator.maxPauseMs() > limits.pauseMillisAtMost()) {
        exhausted.add(
            said(
                "it stood still for %.0f ms, over %.0f ms",
                generator.maxPauseMs(), limits.pauseMillisAtMost()));
      }
    }
    if (phase.open()) {
      double achieved = (double) phase.startedArrivals() / phase.plannedArrivals();
      if (!(achieved >= limits.achievedAtLeast())) {
        behind.add(
            said(
                "%d of %d planned arrivals were started",
                phase.startedArrivals(), phase.plannedArrivals()));
      }
      long n = run.late().count();
      if (n == 0) {
        exhausted.add("an open run without planned starts");
      } else {
        boolean known = generator != null && generator.lateP99Ms() != null;
        double late =
            known ? generator.lateP99Ms() : run.late().orderStatistic((long) Math.ceil(0.99 * n));
        if (late > limits.lateMillisAtMost()) {
          behind.add(said("one arrival of a hundred was sent more than %.0f ms late", late));
        }
      }
    }
    return new GeneratorHealth(exhausted, behind);
  }

  private static String said(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
