package io.kailash.certification.judgement;

import io.kailash.certification.judgement.Verdict.Word;
import io.kailash.certification.results.Evidence;
import io.kailash.certification.results.Run;
import io.kailash.certification.targets.Target;
import io.kailash.certification.targets.Targets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * What one or more gates said.
 *
 * @param at when it was judged
 * @param gates in order
 * @param wholeGates whether nothing of them was left out by wish
 * @param runs results that were read, by scenario
 * @param evidence that was read
 * @param unreadableEvidence that could not be
 * @param others verdicts of figures that no gate requires and that a drill or a check may show
 * @param build what was judged
 * @param where machine and programs
 */
public record Assessment(
    Instant at,
    Targets targets,
    List<GateResult> gates,
    boolean wholeGates,
    Map<String, Run> runs,
    List<Evidence> evidence,
    List<String> unreadableEvidence,
    List<Finding> others,
    Build build,
    Where where) {

  /**
   * What was judged.
   *
   * @param warSha256 empty if no result names one
   */
  public record Build(String version, String warSha256, String commit, String target) {}

  /**
   * Where it was measured.
   *
   * @param memoryBytes of the machine
   * @param belowSpec what is less than the least that is specified
   */
  public record Where(
      int cores, long memoryBytes, String os, String cpu, String java, List<String> belowSpec) {}

  /** A gate with its criteria. */
  public record GateResult(int gate, String name, List<CriterionResult> criteria) {
    /** All findings. */
    public List<Finding> findings() {
      return criteria.stream().flatMap(criterion -> criterion.findings().stream()).toList();
    }

    /** The worst of its criteria; never a pass without any. */
    public Word word() {
      return worst(criteria.stream().map(CriterionResult::word).toList());
    }
  }

  /** A criterion of a gate with what it consists of. */
  public record CriterionResult(Targets.GateCriterion criterion, List<Finding> findings) {
    /** The worst of its findings; never a pass without any. */
    public Word word() {
      return worst(findings.stream().map(finding -> finding.verdict().word()).toList());
    }
  }

  /** The worst of all gates; never a pass without any. */
  public Word word() {
    return worst(gates.stream().map(GateResult::word).toList());
  }

  /** Every mark of any finding. */
  public Set<Mark> marks() {
    Set<Mark> marks = new TreeSet<>();
    gates.forEach(gate -> gate.findings().forEach(finding -> marks.addAll(finding.marks())));
    return marks;
  }

  /** 0: everything passed. 1: something failed. 2: nothing failed, but not everything was shown. */
  public int exitCode() {
    return switch (word()) {
      case PASS -> 0;
      case FAIL -> 1;
      default -> 2;
    };
  }

  /**
   * Whether every criterion was measured and none of those that {@code counts} chooses failed.
   * Weaker than a pass: a machine that is too busy to show a figure does not show a broken service
   * either.
   */
  public boolean measuredWithoutFailure(Predicate<Finding> counts) {
    return !gates.isEmpty()
        && gates.stream()
            .allMatch(
                gate ->
                    !gate.criteria().isEmpty()
                        && gate.criteria().stream().noneMatch(c -> c.findings().isEmpty())
                        && gate.findings().stream()
                            .allMatch(
                                finding ->
                                    finding.verdict().figures().isPresent()
                                        && !(finding.verdict().word() == Word.FAIL
                                            && counts.test(finding))));
  }

  /** What keeps this from being a certificate; empty if nothing does. */
  public List<String> missing() {
    List<String> missing = new ArrayList<>();
    Set<Integer> wanted = new TreeSet<>(targets.gates().keySet());
    gates.forEach(gate -> wanted.remove(gate.gate()));
    wanted.forEach(gate -> missing.add("gate " + gate + " was not judged"));
    if (!wholeGates) {
      missing.add("only a part of what the gates require was judged");
    }
    for (GateResult gate : gates) {
      for (CriterionResult criterion : gate.criteria()) {
        if (criterion.findings().isEmpty()) {
          missing.add(gate.gate() + " " + criterion.criterion().id() + ": nothing was judged");
        }
        for (Finding finding : criterion.findings()) {
          if (finding.verdict().word() != Word.PASS) {
            missing.add(
                finding.criterion().id()
                    + ": "
                    + finding.verdict().word()
                    + ", "
                    + finding.verdict().reason());
          }
        }
      }
    }
    List<String> compressed =
        runs.values().stream()
            .filter(run -> run.phase().compressed())
            .map(run -> run.phase().scenario())
            .sorted()
            .distinct()
            .toList();
    if (!compressed.isEmpty()) {
      missing.add("shorter than specified (R8): " + String.join(", ", compressed));
    }
    unreadableEvidence.forEach(file -> missing.add("evidence that cannot be read: " + file));
    return missing;
  }

  /** Figures that no gate of this assessment judged, with the reason. */
  public List<Target> notJudged() {
    return targets.targets().values().stream()
        .filter(
            target ->
                gates.stream()
                    .flatMap(gate -> gate.findings().stream())
                    .noneMatch(finding -> finding.criterion().target().equals(target)))
        .filter(
            target ->
                others.stream().noneMatch(finding -> finding.criterion().target().equals(target)))
        .toList();
  }

  /** Whether this build has results at all. */
  public Optional<String> warSha256() {
    return build.warSha256().isEmpty() ? Optional.empty() : Optional.of(build.warSha256());
  }

  private static Word worst(List<Word> words) {
    return words.stream().min(Enum::compareTo).orElse(Word.NOT_RUN);
  }
}
