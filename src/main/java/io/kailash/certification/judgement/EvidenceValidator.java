package io.kailash.certification.judgement;

import io.kailash.certification.judgement.Measured.Estimate;
import io.kailash.certification.judgement.Verdict.Fail;
import io.kailash.certification.judgement.Verdict.NotRun;
import io.kailash.certification.judgement.Verdict.Pass;
import io.kailash.certification.judgement.Verdict.Void;
import io.kailash.certification.results.Evidence;
import io.kailash.certification.results.Evidence.Measurement;
import io.kailash.certification.targets.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Judges a figure by the evidence of a drill: the newest that names the build, is not too old and
 * whose attachments are what it says they are. Of several measurements the worst is judged.
 */
public final class EvidenceValidator {
  private final List<Evidence> newestFirst;
  private final Instant now;
  private final Duration oldest;

  /**
   * A judge.
   *
   * @param now the time of judging
   * @param oldest how old evidence may be
   */
  public EvidenceValidator(List<Evidence> evidence, Instant now, Duration oldest) {
    this.newestFirst = new ArrayList<>(evidence);
    this.newestFirst.sort(Comparator.comparing(Evidence::endedAt).reversed());
    this.now = now;
    this.oldest = oldest;
  }

  /**
   * Judges.
   *
   * @param target one that is judged by a drill or a check of the configuration
   * @param warSha256 digest of the build that is judged
   */
  public Verdict judge(Target target, String warSha256) {
    String drill = target.drill().orElseThrow();
    Optional<String> refused = Optional.empty();
    for (Evidence evidence : newestFirst) {
      if (!evidence.drill().equals(drill)) {
        continue;
      }
      Optional<Measurement> measurement =
          evidence.measurements().stream().filter(m -> m.target().equals(target.id())).findFirst();
      if (measurement.isEmpty()) {
        continue;
      }
      Optional<String> wrong = wrong(evidence, measurement.get(), target, warSha256);
      if (wrong.isEmpty()) {
        return verdict(target, evidence, measurement.get());
      }
      refused = refused.or(() -> wrong.map(why -> evidence.file().getFileName() + " " + why));
    }
    return refused
        .<Verdict>map(why -> new Void(Optional.empty(), why))
        .orElseGet(() -> new NotRun("no evidence of drill " + drill));
  }

  private Optional<String> wrong(
      Evidence evidence, Measurement measurement, Target target, String warSha256) {
    if (!evidence.warSha256().equals(warSha256)) {
      return Optional.of("belongs to another build, " + evidence.warSha256());
    }
    if (evidence.endedAt().isAfter(now)) {
      return Optional.of("ends in the future, at " + evidence.endedAt());
    }
    if (evidence.endedAt().isBefore(evidence.startedAt())) {
      return Optional.of("ends before it starts");
    }
    if (evidence.endedAt().isBefore(now.minus(oldest))) {
      return Optional.of("is older than " + oldest.toDays() + " days, of " + evidence.endedAt());
    }
    if (!evidence.wrongAttachments().isEmpty()) {
      return Optional.of("names what is not so: " + String.join(", ", evidence.wrongAttachments()));
    }
    if (!measurement.unit().equals(target.unit())) {
      return Optional.of("is in " + measurement.unit() + " and not in " + target.unit());
    }
    return Optional.empty();
  }

  private static Verdict verdict(Target target, Evidence evidence, Measurement measurement) {
    boolean down = target.direction().downwards();
    double worst = measurement.values().get(0);
    for (double value : measurement.values()) {
      worst = down ? Math.max(worst, value) : Math.min(worst, value);
    }
    int n = measurement.values().size();
    Measured measured =
        Measured.of(
            target,
            target.value(),
            worst,
            (n == 1 ? "one measurement, " : "worst of " + n + " measurements, ")
                + evidence.file().getFileName()
                + (measurement.note().isEmpty() ? "" : ": " + measurement.note()),
            List.of(Estimate.known(evidence.drill(), worst, n, true)));
    return target.keptBy(worst)
        ? new Pass(measured)
        : new Fail(
            measured, "the worst of " + n + " is not kept, " + evidence.file().getFileName());
  }
}
